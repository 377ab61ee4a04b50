"""The command line: parse, call, show, exit code. Every import beyond typer is made by the command that needs it."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from kaohe_cli import __version__, stream, usage

if TYPE_CHECKING:
    from kaohe_cli.commands import Outcome

FAULT = 3
WRONG_USE = 2
INTERRUPTED = 130

PREPARE, COLLECT, PUBLISH, MORE = "一、准备和下发", "二、收表和评分", "三、排名和答复", "其他"

SETTINGS, LEDGER, RESULT = Path("考核设置.xlsx"), Path("评分底稿.xlsx"), Path("考核结果.xlsx")
ISSUED, RETURNED = Path("下发"), Path("回收")


class Help(TyperCommand):
    """A command whose help is plain Chinese text."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of this command."""
        formatter.write(usage.command(_usage(self, ctx), self.help or "", _parameters(self, ctx)) + "\n")


class Overview(TyperGroup):
    """The program, its commands grouped by the steps of the year."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the overview."""
        groups: dict[str, list[usage.HelpRow]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is None or command.hidden:
                continue
            summary = (command.help or "").strip().split("\n")[0]
            title = getattr(command, "rich_help_panel", None)
            groups.setdefault(title if isinstance(title, str) else MORE, []).append((name, summary))
        closing = (
            "各命令的用法和例子：kaohe 命令 --help",
            f"某个问题是什么意思：kaohe explain KH103　　版本：{__version__}",
        )
        path = str(ctx.command_path)
        formatter.write(usage.overview(f"{path} 命令 [选项] …", self.help or "", groups, closing) + "\n")

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or say which one may be meant."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            _stop(f"没有“{name}”这个命令", name, self.list_commands(ctx))
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Overview,
    name="kaohe",
    help="年度工作目标责任制考核：下发考核表，收表核对，评分，排名，逐分说明理由。",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)
scheme_app = typer.Typer(cls=Overview, help="考核方案：核对、另编。", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(scheme_app, name="scheme", rich_help_panel=MORE)

# whether a file can be read, the commands say: it is no wrong use where it cannot
ANY_PATH: dict[str, Any] = {"readable": False}

AsJson = Annotated[bool, typer.Option("--json", help="在标准输出上给出机器可读的内容")]
Force = Annotated[bool, typer.Option("--force", help="已有同名文件的，覆盖")]
SchemeName = Annotated[str, typer.Option("--scheme", metavar="方案", help="考核方案的名称或文件")]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="文件", help="考核设置；当前文件夹中有“考核设置.xlsx”的，默认用它", **ANY_PATH),
]
Readings = Annotated[list[str] | None, typer.Option("--reading", metavar="口径=选项", help="试用另一口径，可多次给出")]

DEFAULT_SCHEME = "hangzhou_2007"


def _version(wanted: bool) -> None:
    if wanted:
        print(f"kaohe {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="显示版本", callback=_version, is_eager=True)] = False,
) -> None:
    """年度工作目标责任制考核：下发考核表，收表核对，评分，排名，逐分说明理由。"""


@app.command(cls=Help, rich_help_panel=PREPARE)
def init(
    output: Annotated[Path, typer.Option("--output", metavar="文件", help="写到哪个文件", **ANY_PATH)] = SETTINGS,
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """生成考核设置：单位、下达目标、口径、责任处室，由考核办填写。

    例：
      kaohe init
    """
    from kaohe_cli import commands

    outcome = commands.run(commands.init, scheme, output, force)
    _finish(outcome, "init" if json else "")


@app.command(cls=Help, rich_help_panel=PREPARE)
def blank(
    units: Annotated[list[str] | None, typer.Argument(metavar="单位", help="单位名称或代码；不写为全部单位")] = None,
    settings: SettingsFile = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="文件", help="改过样式的考核表模板", **ANY_PATH)
    ] = None,
    output: Annotated[Path, typer.Option("--output", metavar="文件夹", help="放到哪个文件夹", **ANY_PATH)] = ISSUED,
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """给每个单位生成一份空白考核表，放入“下发”文件夹。

    例：
      kaohe blank
      kaohe blank 上城区 330109 --settings 考核设置.xlsx
    """
    from kaohe_cli import commands, console

    with console.Working() as watch:
        outcome = commands.run(
            commands.blank, scheme, _present(settings), units or [], template, output, force, watch=watch
        )
    _finish(outcome, "blank" if json else "")


@app.command(cls=Help, rich_help_panel=COLLECT)
def check(
    files: Annotated[list[Path], typer.Argument(metavar="文件", help="填好的考核表，或放考核表的文件夹", **ANY_PATH)],
    settings: SettingsFile = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    json: AsJson = False,
) -> None:
    """只核对填报表，指出哪里有错、怎样改，不评分不写文件。

    例：
      kaohe check 上城区.xlsx
    """
    from kaohe_cli import commands, console

    with console.Working() as watch:
        outcome = commands.run(commands.check, scheme, _present(settings), files, watch=watch)
    _finish(outcome, "check" if json else "")


@app.command(cls=Help, rich_help_panel=COLLECT)
def score(
    returns: Annotated[
        list[Path] | None,
        typer.Argument(metavar="文件", help="收回的考核表或所在文件夹；不写为“回收”文件夹", **ANY_PATH),
    ] = None,
    settings: SettingsFile = None,
    output: Annotated[
        Path,
        typer.Option("--output", metavar="文件", help="评分底稿写到哪个文件；已有的保留其中填写的内容", **ANY_PATH),
    ] = LEDGER,
    return_dir: Annotated[
        Path | None,
        typer.Option(
            "--return-dir", metavar="文件夹", help="有错的单位各生成一份待更正的考核表，放到这个文件夹", **ANY_PATH
        ),
    ] = None,
    prefer: Annotated[
        list[Path] | None,
        typer.Option("--prefer", metavar="文件", help="同一单位有几份不同的表时，以这一份为准", **ANY_PATH),
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="文件", help="待更正考核表所用的模板", **ANY_PATH)
    ] = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """读收回的考核表，逐项核对，按细则评分，写评分底稿。

    可以反复运行：底稿中已填的考核分、核定值一律保留，依据有变的标明“需复核”。

    例：
      kaohe score
      kaohe score 回收 --return-dir 退回
    """
    from kaohe_cli import commands, console

    given = _present(settings), returns or [RETURNED], output, return_dir, prefer or [], template, force
    with console.Working() as watch:
        outcome = commands.run(commands.score, scheme, *given, watch=watch)
    if not json and outcome.scores:
        console.scores(outcome.scores)
    _finish(outcome, "score" if json else "")


@app.command(cls=Help, rich_help_panel=COLLECT)
def merge(
    ledger: Annotated[Path, typer.Argument(metavar="底稿", help="考核办的评分底稿", **ANY_PATH)],
    copies: Annotated[
        list[Path], typer.Argument(metavar="返回的底稿", help="各处室填好返回的底稿或所在文件夹", **ANY_PATH)
    ],
    scheme: SchemeName = DEFAULT_SCHEME,
) -> None:
    """把各处室返回的底稿并入考核办的评分底稿，不一致的逐格列出，由考核办定。

    例：
      kaohe merge 评分底稿.xlsx 处室返回
    """
    from kaohe_cli import commands, console

    with console.Working() as watch:
        outcome = commands.run(commands.merge, scheme, ledger, copies, watch=watch)
    _finish(outcome)


@app.command(cls=Help, rich_help_panel=PUBLISH)
def rank(
    ledger: Annotated[Path, typer.Argument(metavar="底稿", help="评分底稿", **ANY_PATH)] = LEDGER,
    output: Annotated[Path, typer.Option("--output", metavar="文件", help="考核结果写到哪个文件", **ANY_PATH)] = RESULT,
    feedback_dir: Annotated[
        Path | None,
        typer.Option("--feedback-dir", metavar="文件夹", help="给每个单位生成一份反馈表，放到这个文件夹", **ANY_PATH),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="文件夹", help="另存文本表格，供其他软件使用", **ANY_PATH)
    ] = None,
    notice: Annotated[
        Path | None, typer.Option("--notice", metavar="文件", help="起草考核结果通报（.docx）", **ANY_PATH)
    ] = None,
    notice_number: Annotated[
        str, typer.Option("--notice-number", metavar="文号", help="通报的文号；不写的，在草稿中标出")
    ] = "",
    notice_date: Annotated[
        datetime | None,
        typer.Option("--notice-date", metavar="日期", formats=["%Y-%m-%d"], help="通报的落款日期，如 2007-12-20"),
    ] = None,
    notice_style: Annotated[
        str, typer.Option("--notice-style", metavar="年份", help="日期按国标 1999 年版（汉字）或 2012 年版（数字）书写")
    ] = "2012",
    reading: Readings = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """按评分底稿排名定等，写考核结果；尚有未定的，排名注明“暂定”。

    例：
      kaohe rank
      kaohe rank --feedback-dir 反馈 --notice 通报.docx
      kaohe rank --reading over5=strict --output 试算.xlsx
    """
    from kaohe_cli import commands, console

    if notice_style not in ("1999", "2012"):
        _stop("“--notice-style”只能是 1999 或 2012")
    day = notice_date.date() if notice_date else None
    draft = commands.Draft(notice, notice_number, day, "1999" if notice_style == "1999" else "2012") if notice else None
    given = ledger, output, feedback_dir, csv, draft, _readings(reading), force
    with console.Working() as watch:
        outcome = commands.run(commands.rank, scheme, *given, watch=watch)
    if not json and outcome.ranking:
        console.summary(outcome.ranking, outcome.title, outcome.advice)
    _finish(outcome, "rank" if json else "")


@app.command(cls=Help, rich_help_panel=PUBLISH)
def explain(
    what: Annotated[str, typer.Argument(metavar="单位或编号", help="单位名称或代码；或问题编号，如 KH103")],
    item: Annotated[str, typer.Argument(metavar="项目", help="项目或细则编号，如 1.1 或 1.1.3；不写为全部")] = "",
    ledger: Annotated[Path, typer.Option("--ledger", metavar="文件", help="评分底稿", **ANY_PATH)] = LEDGER,
    reading: Readings = None,
    scheme: SchemeName = DEFAULT_SCHEME,
) -> None:
    """逐条说明一个单位的分是怎样来的、差在哪里；或说明一个问题编号的意思。

    例：
      kaohe explain 萧山区
      kaohe explain 萧山区 1.1
      kaohe explain KH103
    """
    from kaohe_cli import commands, console

    if what.upper().startswith("KH"):
        kind, outcome = commands.explain_code(what)
        if kind:
            console.catalogue_entry(kind)
    else:
        outcome = commands.run(commands.explain, scheme, ledger, what, item, _readings(reading))
        console.explanation(outcome.lines)
    _finish(outcome)


@app.command(cls=Help, rich_help_panel=PUBLISH)
def verify(
    result: Annotated[Path, typer.Argument(metavar="考核结果", help="考核结果工作簿", **ANY_PATH)] = RESULT,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="文件", help="评分底稿；默认在考核结果旁边找", **ANY_PATH)
    ] = None,
    scheme: SchemeName = DEFAULT_SCHEME,
) -> None:
    """用同样的材料重算一遍，核对名次、等次、总分是否与考核结果一致。

    例：
      kaohe verify 考核结果.xlsx
    """
    from kaohe_cli import commands, console

    outcome = commands.run(commands.verify, scheme, result, ledger)
    console.explanation(outcome.lines)
    _finish(outcome)


@app.command(cls=Help, rich_help_panel=MORE)
def demo(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="放在哪个文件夹；须是空的或还没有的", **ANY_PATH)],
    force: Force = False,
) -> None:
    """用虚构的数据把全年的事做一遍，留下一套完整的文件供参考。

    例：
      kaohe demo 演示
    """
    from kaohe_cli import commands, console

    with console.Working() as watch:
        outcome = commands.run(commands.demo, folder, force, watch=watch)
    if outcome.ranking:
        console.summary(outcome.ranking, outcome.title, outcome.advice)
    _finish(outcome)


@app.command(cls=Help, rich_help_panel=MORE)
def template(
    output: Annotated[Path, typer.Argument(metavar="文件", help="写到哪个文件", **ANY_PATH)],
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
) -> None:
    """按考核方案生成考核表模板，可以改样式后用于下发。

    例：
      kaohe template 模板.xlsx
    """
    from kaohe_cli import commands

    _finish(commands.run(commands.template, scheme, output, force))


@scheme_app.command("check", cls=Help, rich_help_panel="考核方案")
def scheme_check(
    file: Annotated[Path, typer.Argument(metavar="文件", help="考核方案文件（.toml）", **ANY_PATH)],
) -> None:
    """核对一份考核方案：分值是否加得上，原文是否一字不差，规则所用的数据是否都有。

    例：
      kaohe scheme check 2008.toml
    """
    from kaohe_cli import commands

    _finish(commands.run(commands.scheme_check, file))


@scheme_app.command("new", cls=Help, rich_help_panel="考核方案")
def scheme_new(
    file: Annotated[Path, typer.Argument(metavar="文件", help="新方案写到哪个文件（.toml）", **ANY_PATH)],
    source: Annotated[str, typer.Option("--from", metavar="方案", help="从哪个方案抄起")] = DEFAULT_SCHEME,
    force: Force = False,
) -> None:
    """从已有的方案抄一份，供改编下一年度的考核方案。

    例：
      kaohe scheme new --from hangzhou_2007 2008.toml
    """
    from kaohe_cli import commands

    _finish(commands.run(commands.scheme_new, source, file, force))


def main() -> NoReturn:
    """Run the program; exits with 0, 1, 2 or 3 as docs/COMMANDS.md says."""
    stream.prepare()
    try:
        code = _run()
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        stream.unread()
        code = 0
    except OSError as error:  # the output itself cannot be written
        from kaohe_cli.paper import files

        with suppress(OSError):
            print(f"KH913 错误  {files.refusal(error, unnamed='屏幕输出').message}。", file=sys.stderr)
        stream.unread()
        code = 1
    sys.exit(code)


def _run() -> int:
    """Run the program; the exit code."""
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # what typer makes of Ctrl-C
            raise KeyboardInterrupt
        return int(code) if isinstance(code, int) else 0
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # what typer and rich make of a pipe that nobody reads
            raise ended.__context__ from None
        return ended.code if isinstance(ended.code, int) else 1
    except (KeyboardInterrupt, typer.Abort):
        print("已停止，没有写到一半的文件。", file=sys.stderr)
        return INTERRUPTED
    except OSError:
        raise
    except Exception as error:
        # typer's own errors of use carry a message for people
        if hasattr(error, "format_message"):
            if type(error).__name__ == "NoArgsIsHelpError":
                print(error.format_message())
                return 0
            return _wrong_use(*_said(error))
        return _fault(error)


def _finish(outcome: "Outcome", command: str = "") -> NoReturn:
    """Show what was made and what was wrong, and end with the exit code; the contract of ``command`` comes first."""
    from kaohe_cli import console

    if command:
        from kaohe_cli import contract

        made = outcome.made() if outcome.made else None
        stream.data(contract.encode(contract.answer(command, made, outcome.problems)))
    if outcome.problems:
        console.problems(outcome.problems)
    for text in outcome.notes:
        console.done(text)
    raise typer.Exit(outcome.exit_code)


def _present(settings: Path | None) -> Path | None:
    """The settings to use: those named, else those of the current folder, else none."""
    return settings if settings is not None else SETTINGS if SETTINGS.exists() else None


def _readings(given: Sequence[str] | None) -> Mapping[str, str]:
    """``NAME=OPTION`` as a mapping; wrong use where one is not of that form."""
    readings = {}
    for text in given or ():
        name, equals, option = text.replace("＝", "=").partition("=")
        if not equals or not name or not option:
            _stop(f"“--reading {text}”应写成 口径=选项，如 over5=strict")
        readings[name.strip()] = option.strip()
    return readings


def _stop(message: str, word: str = "", known: Sequence[str] = ()) -> NoReturn:
    """As :func:`_wrong_use`, from within a command."""
    sys.exit(_wrong_use(message, word, known))


def _wrong_use(message: str, word: str = "", known: Sequence[str] = ()) -> int:
    """Say what was wrong with the call and what may have been meant; the exit code."""
    from difflib import get_close_matches

    if "--json" in sys.argv:
        from kaohe_cli import contract
        from kaohe_cli.diagnostic import problem

        command = next((word for word in sys.argv[1:] if word in contract.NOTHING), "")
        stream.data(contract.encode(contract.answer(command, None, [problem("KH959", found=message)])))
    print(f"用法有误：{message}。", file=sys.stderr)
    meant = get_close_matches(word, known, 3, 0.5) if word else []
    if meant:
        print(f"是不是想用：{'、'.join(meant)}", file=sys.stderr)
    print("查看用法：kaohe --help，或 kaohe 命令 --help", file=sys.stderr)
    return WRONG_USE


def _said(error: Any) -> tuple[str, str, Sequence[str]]:
    """What an error of use of typer's says, in Chinese: message, the word that was wrong, what is known."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return f"没有“{error.option_name}”这个选项", str(error.option_name), list(error.possibilities or ())
    param = getattr(error, "param", None)
    name = (
        ""
        if param is None
        else (param.metavar or param.name)
        if not param.opts or not param.opts[0].startswith("-")
        else param.opts[0]
    )
    if kind == "MissingParameter":
        return f"缺少“{name}”", "", ()
    if kind == "BadParameter":
        return f"“{name}”的内容不对", "", ()
    if kind == "BadOptionUsage":
        return f"“{error.option_name}”后面缺少内容", "", ()
    return f"不认识的写法（{error.format_message()}）", "", ()


def _fault(error: Exception) -> int:
    """A fault of the program: a short message and a log file, no traceback on the screen; the exit code."""
    import tempfile
    import traceback

    report = "".join(traceback.format_exception(error))
    try:
        log = Path(tempfile.gettempdir()) / "kaohe-fault.log"
        called = " ".join(sys.argv[1:]).encode("utf-8", "backslashreplace").decode()
        log.write_text(f"kaohe {__version__} · Python {sys.version}\n{called}\n\n{report}", "utf-8", "backslashreplace")
        where = f"详情记在 {log}，请连同有关文件转给维护人员"
    except OSError:
        where = f"原因：{type(error).__name__}"
    said = f"程序出错，与填报的数据无关，没有写到一半的文件。{where}。"
    if "--json" in sys.argv:
        from kaohe_cli import contract

        stream.data(contract.encode({"fault": said}))
    print(said, file=sys.stderr)
    return FAULT


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
