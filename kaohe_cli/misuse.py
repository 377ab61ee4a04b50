"""Wrong use of the command line, told in Chinese with what may have been meant."""

from collections.abc import Iterator, Sequence
from typing import Any

# error of typer's → what is wrong with the argument or the option
SAID = {
    "NoSuchOption": "没有“{}”这个选项", "MissingParameter": "缺少“{}”", "BadParameter": "“{}”的内容不对",
    "BadOptionUsage": "“{}”后面缺少内容",
}  # fmt: skip


class WrongUse(Exception):
    """A call that cannot be carried out: ``word`` is what was wrong in it, which may have been one of ``known``."""

    def __init__(self, message: str, *, word: str = "", known: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.word = word
        self.known = known

    @property
    def lines(self) -> Iterator[str]:
        """What is said of it, a line each."""
        from difflib import get_close_matches

        yield f"用法有误：{self.message}。"
        meant = get_close_matches(self.word, self.known, 3, 0.5) if self.word else []
        if meant:
            yield f"是不是想用：{'、'.join(meant)}"
        yield "查看用法：kaohe --help，或 kaohe 命令 --help"


def wrong_use(error: Any) -> WrongUse | None:
    """What an error of typer's says of the call, in Chinese; None where it is no error of use."""
    if isinstance(error, WrongUse):
        return error
    if not hasattr(error, "format_message"):  # which typer's own errors of use carry
        return None
    called, kind = _called(error), type(error).__name__
    message = SAID[kind].format(called) if kind in SAID else f"不认识的写法（{error.format_message()}）"
    return WrongUse(message, word=called, known=list(getattr(error, "possibilities", None) or ()))


def _called(error: Any) -> str:
    """What the argument or the option is called that an error is about."""
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "option_name", ""))
    named = param.opts and param.opts[0].startswith("-")
    return str(param.opts[0] if named else param.metavar or param.name)
