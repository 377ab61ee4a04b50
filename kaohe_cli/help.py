"""Help as typer asks for it: of one command, and the overview of all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup

from kaohe_cli import __version__, usage
from kaohe_cli.misuse import WrongUse

OTHERS = "其他"  # commands of no step of the year


class Help(TyperCommand):
    """A command whose help is plain Chinese text."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of this command."""
        formatter.write(usage.help_text(_usage(self, ctx), self.help or "", _parameters(self, ctx)) + "\n")


class Overview(TyperGroup):
    """The program, its commands grouped by the steps of the year."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the overview."""
        groups: dict[str, list[usage.HelpRow]] = {}
        command: Any  # of typer's own kinds, which have a panel
        for name, command in self.commands.items():
            groups.setdefault(command.rich_help_panel, []).append((name, command.help.strip().split("\n")[0]))
        closing = (
            "各命令的用法和例子：kaohe 命令 --help",
            f"某个问题是什么意思：kaohe explain KH103　　版本：{__version__}",
        )
        said = usage.help_text(f"{ctx.command_path} 命令 [选项] …", self.help or "", groups, closing)
        formatter.write(said + "\n")

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or say which one may be meant."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            raise WrongUse(f"没有“{name}”这个命令", word=name, known=self.list_commands(ctx))
        return super().resolve_command(ctx, args)


def _usage(command: Any, ctx: Any) -> str:
    """``kaohe score [文件]… [选项]``."""
    arguments = []
    for param in command.params:
        if param.param_type_name == "argument":
            name = f"{param.metavar or param.name}{'…' if param.nargs == -1 else ''}"
            arguments.append(name if param.required else f"[{name}]")
    return " ".join([ctx.command_path, *arguments, "[选项]"])


def _parameters(command: Any, ctx: Any) -> Mapping[str, Sequence[usage.HelpRow]]:
    """The arguments and options of a command with what they do."""
    arguments: list[usage.HelpRow] = []
    options: list[usage.HelpRow] = []
    for param in command.get_params(ctx):
        if param.param_type_name == "argument":
            arguments.append((param.metavar or param.name or "", _described(param)))
        elif param.name == "help":
            options.append(("--help", "显示本说明"))
        elif not getattr(param, "hidden", False):
            name = param.opts[0] if getattr(param, "is_flag", False) else f"{param.opts[0]} {param.metavar}"
            options.append((name, _described(param)))
    return {"参数": arguments, "选项": options}


def _described(param: Any) -> str:
    default = param.default
    shown = f"（默认：{default}）" if isinstance(default, str | Path) and str(default) else ""
    return f"{param.help or ''}{shown}"
