"""The command line: parse, call, show, exit code. Every import beyond typer is made by the command that needs it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from kaohe_cli import __version__, naming, stream
from kaohe_cli.help import OTHERS, Help, Overview
from kaohe_cli.misuse import WrongUse

if TYPE_CHECKING:
    from kaohe_cli.commands.outcome import Outcome, Watch

PREPARE, COLLECT, PUBLISH, ANYTIME = "一、准备和下发", "二、收表和评分", "三、排名和答复", "随时"

SETTINGS, LEDGER, RESULT = Path(naming.SETTINGS_FILE), Path(naming.LEDGER_FILE), Path(naming.RESULT_FILE)
ISSUED, RETURNED = Path(naming.ISSUED_FOLDER), Path(naming.RETURNED_FOLDER)

app = typer.Typer(
    cls=Overview,
    name="kaohe",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)
scheme_app = typer.Typer(
    cls=Overview, help="考核方案：另编、核对、试算、比较、打印。", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(scheme_app, name="scheme", rich_help_panel=OTHERS)


def _option(name: str, metavar: str, help: str) -> Any:
    # whether a file can be read, the commands say: it is no wrong use where it cannot
    return typer.Option(name, metavar=metavar, help=help, readable=False)


def _argument(metavar: str, help: str) -> Any:
    return typer.Argument(metavar=metavar, help=help, readable=False)


AsJson = Annotated[bool, typer.Option("--json", help="在标准输出上给出机器可读的内容")]
Force = Annotated[bool, typer.Option("--force", help="已有同名文件的，覆盖")]
DRY_RUN = "--dry-run"
DryRun = Annotated[bool, typer.Option(DRY_RUN, help="只说明会写什么，不写文件")]
SchemeName = Annotated[str, _option("--scheme", "方案", "考核方案的名称或文件")]
SettingsFile = Annotated[
    Path | None, _option("--settings", "文件", "考核设置；当前文件夹中有“考核设置.xlsx”的，默认用它")
]
Readings = Annotated[list[str] | None, _option("--reading", "口径=选项", "试用另一口径，可多次给出")]

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
    output: Annotated[Path, _option("--output", "文件", "写到哪个文件")] = SETTINGS,
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """生成考核设置：单位、下达目标、口径、责任处室、公示，由考核办填写。

    例：
      kaohe init
    """
    from kaohe_cli.commands.init import init

    _run(lambda: init(scheme, output=output, force=force), "init" if json else "", "生成考核设置")


@app.command(cls=Help, rich_help_panel=PREPARE)
def blank(
    units: Annotated[list[str] | None, _argument("单位", "单位名称或代码；不写为全部单位")] = None,
    settings: SettingsFile = None,
    template: Annotated[Path | None, _option("--template", "文件", "改过样式的考核表模板")] = None,
    output: Annotated[Path, _option("--output", "文件夹", "放到哪个文件夹")] = ISSUED,
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """给每个单位生成一份空白考核表，放入“下发”文件夹。

    例：
      kaohe blank
      kaohe blank 上城区 330109 --settings 考核设置.xlsx
    """
    from kaohe_cli.commands.blank import blank

    _run_watched(lambda watch: blank(
        scheme, settings_path=_present(settings), units=units or [], template_path=template, output=output,
        force=force, watch=watch,
    ), "blank" if json else "")  # fmt: skip


@app.command(cls=Help, rich_help_panel=COLLECT)
def check(
    files: Annotated[list[Path], _argument("文件", "填好的考核表，或放考核表的文件夹")],
    settings: SettingsFile = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    json: AsJson = False,
) -> None:
    """只核对填报表，指出哪里有错、怎样改，不评分不写文件。

    例：
      kaohe check 上城区.xlsx
    """
    from kaohe_cli.commands.check import check

    _run_watched(
        lambda watch: check(scheme, settings_path=_present(settings), paths=files, watch=watch), "check" if json else ""
    )


@app.command(cls=Help, rich_help_panel=COLLECT)
def score(
    returns: Annotated[list[Path] | None, _argument("文件", "收回的考核表或所在文件夹；不写为“回收”文件夹")] = None,
    settings: SettingsFile = None,
    output: Annotated[Path, _option("--output", "文件", "评分底稿写到哪个文件；已有的保留其中填写的内容")] = LEDGER,
    return_dir: Annotated[
        Path | None, _option("--return-dir", "文件夹", "有错或待说明的单位各生成一份待更正的考核表，放到这个文件夹")
    ] = None,
    prefer: Annotated[list[Path] | None, _option("--prefer", "文件", "同一单位有几份不同的表时，以这一份为准")] = None,
    received: Annotated[
        str, _option("--received", "日期", "这次新收到的文件是哪一天收到的，如 2007-11-15；不写的留待登记")
    ] = "",
    last_year: Annotated[
        Path | None, _option("--last-year", "文件", "上年的评分底稿，用来核对各单位所填的上年实绩")
    ] = None,
    template: Annotated[Path | None, _option("--template", "文件", "待更正考核表所用的模板")] = None,
    judge_dir: Annotated[
        Path | None, _option("--judge-dir", "文件夹", "给每个责任处室生成一份评分表，放到这个文件夹，如“评审”")
    ] = None,
    issued: Annotated[str, _option("--issued", "日期", "评分表是哪一天发出的，如 2007-11-20；不写的按今天登记")] = "",
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """读收回的考核表，逐项核对，按细则评分，写评分底稿。

    可以反复运行：底稿中已填的考核分、核定值一律保留，依据有变的标明“需复核”。

    例：
      kaohe score
      kaohe score 回收 --return-dir 退回
      kaohe score --judge-dir 评审
      kaohe score --received 2007-11-15
    """
    from kaohe_cli.commands.score import score

    day = _day("--received", "收到", received)
    sent = (_day("--issued", "发出", issued) or date.today()) if judge_dir else None
    _run_watched(lambda watch: score(
        scheme, settings_path=_present(settings), paths=returns or [RETURNED], output=output,
        return_dir=return_dir, prefer=prefer or [], template_path=template, received=day, last_year=last_year,
        judge_dir=judge_dir, issued=sent, force=force, dry=dry_run, watch=watch,
    ), "score" if json else "")  # fmt: skip


@app.command(cls=Help, rich_help_panel=COLLECT)
def merge(
    ledger: Annotated[Path, _argument("底稿", "考核办的评分底稿")],
    copies: Annotated[list[Path], _argument("返回的评分表", "各处室填好返回的评分表、底稿或所在文件夹")],
    accept: Annotated[
        list[str] | None,
        _option("--accept", "文件名", "这份底稿中非本处室的事项、一票否决也采用，可多次给出；“全部”指每一份"),
    ] = None,
    received: Annotated[
        str, _option("--received", "日期", "这些评分表是哪一天交回的，如 2007-11-28；不写的按今天登记")
    ] = "",
    scheme: SchemeName = DEFAULT_SCHEME,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """把各处室返回的评分表、底稿并入考核办的评分底稿，不一致的逐格列出，由考核办定。

    例：
      kaohe merge 评分底稿.xlsx 评审
      kaohe merge 评分底稿.xlsx 评审 --accept 投资处.xlsx
    """
    from kaohe_cli.commands.merge import merge

    _run_watched(lambda watch: merge(
        scheme, ledger_path=ledger, copies=copies, accept=accept or [],
        received=_day("--received", "交回", received) or date.today(), dry=dry_run, watch=watch,
    ), "merge" if json else "")  # fmt: skip


@app.command(cls=Help, rich_help_panel=PUBLISH)
def rank(
    ledger: Annotated[Path, _argument("底稿", "评分底稿")] = LEDGER,
    output: Annotated[Path, _option("--output", "文件", "考核结果写到哪个文件")] = RESULT,
    feedback_dir: Annotated[
        Path | None, _option("--feedback-dir", "文件夹", "给每个单位生成一份反馈表，放到这个文件夹")
    ] = None,
    csv: Annotated[Path | None, _option("--csv", "文件夹", "另存文本表格，供其他软件使用")] = None,
    notice: Annotated[Path | None, _option("--notice", "文件", "起草考核结果通报（.docx）")] = None,
    notice_number: Annotated[str, _option("--notice-number", "文号", "通报的文号；不写的，在草稿中标出")] = "",
    notice_date: Annotated[
        datetime | None,
        typer.Option(
            "--notice-date", metavar="日期", formats=["%Y-%m-%d"], help="通报、答复、整改通知的落款日期，如 2007-12-20"
        ),
    ] = None,
    notice_style: Annotated[
        str, _option("--notice-style", "年份", "日期按国标 1999 年版（汉字）或 2012 年版（数字）书写")
    ] = "2012",
    reply_dir: Annotated[
        Path | None, _option("--reply-dir", "文件夹", "给复核已有结论的每个单位起草一份答复（.docx），放到这个文件夹")
    ] = None,
    rectify_dir: Annotated[
        Path | None, _option("--rectify-dir", "文件夹", "给每个失分的单位起草一份整改通知（.docx），放到这个文件夹")
    ] = None,
    previous: Annotated[
        Path | None, _option("--previous", "文件", "上年考核结果；给出的，考核结果中有“与上年比较”")
    ] = None,
    reading: Readings = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """按评分底稿排名定等，写考核结果；尚有未定的，排名注明“暂定”。

    例：
      kaohe rank
      kaohe rank --previous 上年/考核结果.xlsx
      kaohe rank --feedback-dir 反馈 --notice 通报.docx
      kaohe rank --reply-dir 答复 --notice-date 2007-12-30
      kaohe rank --reading over5=strict --output 试算.xlsx
    """
    from kaohe_cli.commands.papers import Wanted
    from kaohe_cli.commands.rank import rank

    if notice_style not in ("1999", "2012"):
        raise WrongUse("“--notice-style”只能是 1999 或 2012")
    style: Literal["1999", "2012"] = "1999" if notice_style == "1999" else "2012"
    day = notice_date.date() if notice_date else None
    wanted = Wanted(feedback_dir, csv, notice, reply_dir, rectify_dir, notice_number, day, style)
    _run_watched(lambda watch: rank(
        scheme, ledger_path=ledger, output=output, readings=_readings(reading), wanted=wanted, previous=previous,
        force=force, dry=dry_run, watch=watch,
    ), "rank" if json else "")  # fmt: skip


@app.command(cls=Help, rich_help_panel=PUBLISH)
def explain(
    what: Annotated[str, _argument("单位或编号", "单位名称或代码；或问题编号，如 KH103")],
    item: Annotated[str, _argument("项目", "项目或细则编号，如 1.1 或 1.1.3；不写为全部")] = "",
    ledger: Annotated[Path, _option("--ledger", "文件", "评分底稿")] = LEDGER,
    reading: Readings = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    json: AsJson = False,
) -> None:
    """逐条说明一个单位的分是怎样来的、差在哪里；或说明一个问题编号的意思。

    例：
      kaohe explain 萧山区
      kaohe explain 萧山区 1.1
      kaohe explain KH103
    """
    from kaohe_cli.commands.explain import explain, explain_code

    if what.upper().startswith("KH"):
        _run(lambda: explain_code(what), "explain KH" if json else "")
    _run_watched(lambda watch: explain(
        scheme, ledger_path=ledger, unit_name=what, id=item, readings=_readings(reading), watch=watch,
    ), "explain" if json else "")  # fmt: skip


@app.command(cls=Help, rich_help_panel=PUBLISH)
def verify(
    result: Annotated[Path, _argument("考核结果", "考核结果工作簿")] = RESULT,
    ledger: Annotated[Path | None, _option("--ledger", "文件", "评分底稿；默认在考核结果旁边找")] = None,
    settings: Annotated[Path | None, _option("--settings", "文件", "考核设置；默认在考核结果旁边找")] = None,
    returns: Annotated[
        list[Path] | None, _option("--returns", "文件", "收回的考核表或所在文件夹，可多次给出；默认在考核结果旁边找")
    ] = None,
    feedback_dir: Annotated[
        Path | None, _option("--feedback-dir", "文件夹", "反馈表所在文件夹；默认为考核结果旁边的“反馈”")
    ] = None,
    notice: Annotated[Path | None, _option("--notice", "文件", "通报；默认为考核结果旁边的“通报.docx”")] = None,
    reply_dir: Annotated[
        Path | None, _option("--reply-dir", "文件夹", "复核答复所在文件夹；默认为考核结果旁边的“答复”")
    ] = None,
    previous: Annotated[Path | None, _option("--previous", "文件", "上年考核结果；默认在考核结果旁边找")] = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    json: AsJson = False,
) -> None:
    """重读填报表、考核设置和评分底稿，全部重算，逐格核对考核结果、反馈表和通报。

    材料都在手边、处处一致，才算无误；有不一致的，指出在哪一格、现在是什么、应当是什么。

    例：
      kaohe verify 考核结果.xlsx
      kaohe verify 归档/考核结果.xlsx --returns 回收 --settings 考核设置.xlsx
    """
    from kaohe_cli.commands.verify import AtHand, verify

    at_hand = AtHand(ledger, settings, returns or (), feedback_dir, notice, previous, reply_dir)
    _run_watched(
        lambda watch: verify(scheme, result_path=result, at_hand=at_hand, watch=watch), "verify" if json else ""
    )


@app.command(cls=Help, rich_help_panel=ANYTIME)
def status(
    settings: Annotated[Path, _option("--settings", "文件", "考核设置")] = SETTINGS,
    returns: Annotated[
        list[Path] | None, _option("--returns", "文件", "收回的考核表或所在文件夹，可多次给出；不写为“回收”文件夹")
    ] = None,
    ledger: Annotated[Path, _option("--ledger", "文件", "评分底稿")] = LEDGER,
    result: Annotated[Path, _option("--result", "文件", "考核结果")] = RESULT,
    today: Annotated[str, _option("--today", "日期", "按哪一天计算期限，如 2007-11-15；不写的为今天")] = "",
    scheme: SchemeName = DEFAULT_SCHEME,
    json: AsJson = False,
) -> None:
    """全年的考核做到了哪一步，还差什么，下一步运行哪个命令；不写文件。

    考核结果已定稿、与底稿和填报表相符、没有待办的，退出码为 0，否则为 1。

    例：
      kaohe status
      kaohe status --today 2007-11-15
    """
    from kaohe_cli.commands.desk import Places
    from kaohe_cli.commands.status import status

    places = Places(scheme, settings, returned=tuple(returns or [RETURNED]), ledger=ledger, result=result)
    day = _day("--today", "查看", today) or date.today()
    _run_watched(lambda watch: status(places, today=day, watch=watch), "status" if json else "")


@app.command(cls=Help, rich_help_panel=ANYTIME)
def diff(
    before: Annotated[Path, _argument("原文件", "原来的一份")],
    now: Annotated[Path, _argument("现文件", "现在的一份，与原来的同一种")],
    settings: SettingsFile = None,
    scheme: SchemeName = DEFAULT_SCHEME,
    json: AsJson = False,
) -> None:
    """两份填报表、考核设置、评分底稿、考核结果或方案有哪些不同，哪一处改动影响了哪些得分、名次；不写文件。

    例：
      kaohe diff 评分底稿.20071201-101010.xlsx 评分底稿.xlsx
      kaohe diff 回收/萧山区.xlsx 重报/萧山区.xlsx
    """
    from kaohe_cli.commands.diff import diff

    _run_watched(
        lambda watch: diff(scheme, before, now, settings_path=_present(settings), watch=watch), "diff" if json else ""
    )


@app.command(cls=Help, rich_help_panel=OTHERS)
def demo(
    folder: Annotated[Path, _argument("文件夹", "放在哪个文件夹；须是空的或还没有的")],
    force: Force = False,
    json: AsJson = False,
) -> None:
    """用虚构的数据把全年的事做一遍，留下一套完整的文件供参考。

    例：
      kaohe demo 演示
    """
    from kaohe_cli.commands.demo import demo

    _run_watched(lambda watch: demo(folder, force=force, watch=watch), "demo" if json else "")


@app.command(cls=Help, rich_help_panel=OTHERS)
def template(
    output: Annotated[Path, _argument("文件", "写到哪个文件")],
    scheme: SchemeName = DEFAULT_SCHEME,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """按考核方案生成考核表模板，可以改样式后用于下发。

    例：
      kaohe template 模板.xlsx
    """
    from kaohe_cli.commands.template import template

    _run(lambda: template(scheme, output=output, force=force), "template" if json else "", doing="生成模板")


@scheme_app.command("check", cls=Help, rich_help_panel="考核方案")
def scheme_check(
    file: Annotated[Path, _argument("文件", "考核方案文件（.xlsx 或 .toml）")],
    output: Annotated[
        Path | None, _option("--output", "文件", "核对过的方案工作簿写到哪个文件；不写的在旁边，名称后加“（核对）”")
    ] = None,
    json: AsJson = False,
) -> None:
    """核对一份考核方案：分值是否加得上，原文是否一字不差，规则所用的数据是否都有，试算是否相符。

    各处差错一次列出，指明在哪一格（.toml 指明哪个键、第几行）。方案工作簿另有一份核对过的，每行写明对不对、程序怎样读。
    像是由往年的方案抄来而漏改的，另作提醒，不影响使用。

    例：
      kaohe scheme check 方案.xlsx
      kaohe scheme check 2008.toml --json
    """
    from kaohe_cli.commands.scheme import scheme_check

    _run(lambda: scheme_check(file, output=output), "scheme check" if json else "", "核对方案")


@scheme_app.command("print", cls=Help, rich_help_panel="考核方案")
def scheme_print(
    scheme: Annotated[str, _argument("方案", "方案名，或考核方案文件（.xlsx 或 .toml）")],
    output: Annotated[Path, _argument("文件", "写到哪个文件（.docx）")],
    force: Force = False,
    json: AsJson = False,
) -> None:
    """把一份方案的评分规则写成 Word 文档：通知原文和程序的读法逐条对照，供各处室签认。

    例：
      kaohe scheme print hangzhou_2007 规则.docx
      kaohe scheme print 方案.xlsx 规则.docx
    """
    from kaohe_cli.commands.scheme import scheme_print

    _run(lambda: scheme_print(scheme, output=output, force=force), "scheme print" if json else "", doing="写规则")


@scheme_app.command("rehearse", cls=Help, rich_help_panel="考核方案")
def scheme_rehearse(
    scheme: Annotated[str, _argument("方案", "方案名，或考核方案文件（.xlsx 或 .toml）")] = DEFAULT_SCHEME,
    settings: SettingsFile = None,
    years: Annotated[int, typer.Option("--years", metavar="年数", help="试算多少个年度", min=1, max=10_000)] = 200,
    seed: Annotated[int, _option("--seed", "数字", "同一个数字得出同样的年度")] = 2007,
    json: AsJson = False,
) -> None:
    """用随机的年度试算一份方案：各项能得多少分，名次怎样并列，哪些规则、哪些口径起作用。

    各单位的数据在合理范围以内随机取得，有的恰在范围的边上，有的恰好完成目标。

    例：
      kaohe scheme rehearse
      kaohe scheme rehearse 方案.xlsx --settings 考核设置.xlsx --years 500
    """
    from kaohe_cli.commands.rehearse import scheme_rehearse

    _run_watched(lambda watch: scheme_rehearse(
        scheme, settings_path=settings, years=years, seed=seed, watch=watch,
    ), "scheme rehearse" if json else "")  # fmt: skip


@scheme_app.command("diff", cls=Help, rich_help_panel="考核方案")
def scheme_diff(
    before: Annotated[str, _argument("原方案", "方案名，或考核方案文件")],
    now: Annotated[str, _argument("现方案", "方案名，或考核方案文件")],
    ledger: Annotated[
        Path | None, _option("--ledger", "文件", "按原方案评分的底稿；给出的，按两份方案分别计分、排名")
    ] = None,
    json: AsJson = False,
) -> None:
    """逐条说明一份方案与往年的有哪些不同：原来怎样，现在怎样；不写文件。

    给出往年的底稿，另外说明照现在的方案，各单位的得分、名次、等次会怎样；底稿中没有的数据列为待定，不当作 0。

    例：
      kaohe scheme diff hangzhou_2007 2008.toml
      kaohe scheme diff hangzhou_2007 2008.toml --ledger 评分底稿.xlsx
    """
    from kaohe_cli.commands.scheme_diff import scheme_diff

    _run(lambda: scheme_diff(before, now, ledger_path=ledger), "scheme diff" if json else "", "比较方案")


@scheme_app.command("new", cls=Help, rich_help_panel="考核方案")
def scheme_new(
    file: Annotated[Path, _argument("文件", "新方案写到哪个文件（.xlsx 或 .toml）")],
    source: Annotated[
        str | None, _option("--from", "方案", "从哪个方案抄起；不写的，.xlsx 是空白的，.toml 抄自带的方案")
    ] = None,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """生成一份方案工作簿，在 Excel、WPS 中照通知填写；或从已有的方案抄一份改编。

    例：
      kaohe scheme new 方案.xlsx
      kaohe scheme new 方案.xlsx --from hangzhou_2007
      kaohe scheme new 2008.toml --from hangzhou_2007
    """
    from kaohe_cli.commands.scheme import scheme_new

    _run(lambda: scheme_new(source, output=file, force=force), "scheme new" if json else "", doing="生成方案")


@scheme_app.command("convert", cls=Help, rich_help_panel="考核方案")
def scheme_convert(
    source: Annotated[Path, _argument("方案文件", "考核方案文件（.xlsx 或 .toml）")],
    file: Annotated[Path, _argument("文件", "写到哪个文件（.toml 或 .xlsx）")],
    force: Force = False,
    json: AsJson = False,
) -> None:
    """把方案工作簿写成 .toml，或把 .toml 写成方案工作簿，内容一字不差。

    由 .toml 写成的工作簿带着原来的注释和次序，写回去时照旧。

    例：
      kaohe scheme convert 方案.xlsx 方案.toml
      kaohe scheme convert 方案.toml 方案.xlsx
    """
    from kaohe_cli.commands.convert import scheme_convert

    _run(lambda: scheme_convert(source, output=file, force=force), "scheme convert" if json else "", doing="转换方案")


def _run(command: "Callable[[], Outcome]", answers: str = "", doing: str = "") -> NoReturn:
    """As :func:`_run_watched`, for a command that does one thing, which is ``doing``."""

    def watched(watch: "Watch") -> "Outcome":
        watch.now(doing)
        return command()

    _run_watched(watched, answers)


def _run_watched(command: "Callable[[Watch], Outcome]", answers: str = "") -> NoReturn:
    """Show what ``command`` does, what it made and what was wrong, and end with the exit code.

    ``answers``: the command as which it answers a program, in place of tables; empty: no program asks.
    """
    from kaohe_cli import console
    from kaohe_cli.commands.next import again, in_earnest
    from kaohe_cli.commands.outcome import run

    with console.Working() as watch:
        outcome = run(lambda: command(watch))
    if answers:
        from kaohe_cli.commands import contract

        made = outcome.made() if outcome.made else None
        stream.data(contract.encode(contract.answer(answers, made, outcome.problems, outcome.press, outcome.entries)))
    else:
        _show(outcome)
    console.problems(outcome.problems)
    for text in outcome.notes:
        console.done(text, outcome.files)
    words = sys.argv[1:]
    went_through = outcome.next is not None and outcome.press is not None
    step = in_earnest(words) if DRY_RUN in words and went_through else outcome.next
    if step := step or (again(words) if outcome.exit_code else None):
        console.next_step(step.said, step.command, asked=bool(outcome.facts) and not answers)
    raise typer.Exit(outcome.exit_code)


def _show(outcome: "Outcome") -> None:
    """The tables of what a command made."""
    from kaohe_cli import console

    console.queries(outcome.queries, outcome.listed)
    if outcome.scores:
        console.scores(outcome.scores)
    if outcome.ranking:
        console.summary(outcome.ranking, outcome.title, outcome.decide, outcome.weighing, outcome.advice)
    if outcome.facts:
        console.facts(outcome.title, outcome.facts, outcome.files)
    if outcome.kind:
        console.catalogue_entry(outcome.kind)
    console.explanation(outcome.lines, outcome.files)
    console.numbers(outcome.table)
    if outcome.changes:
        console.changes(outcome.changes.said, outcome.changes.moved, outcome.changes.causes)


def _present(settings: Path | None) -> Path | None:
    """The settings to use: those named, else those of the current folder, else none."""
    return settings if settings is not None else SETTINGS if SETTINGS.exists() else None


def _day(option: str, event: str, text: str) -> date | None:
    """The day that is meant; None where nothing is given, wrong use where it is no day."""
    from kaohe_cli.scheme.days import day_in
    from kaohe_cli.scheme.normalise import tidy

    day = day_in(tidy(text)) if text else None
    if text and day is None:
        raise WrongUse(f"“{option}”后面应写{event}的日期，如 2007-11-15")
    return day


def _readings(given: Sequence[str] | None) -> Mapping[str, str]:
    """``NAME=OPTION`` as a mapping; wrong use where one is not of that form."""
    readings = {}
    for text in given or ():
        name, equals, option = text.replace("＝", "=").partition("=")
        if not equals or not name or not option:
            raise WrongUse(f"“--reading {text}”应写成 口径=选项，如 over5=strict")
        readings[name.strip()] = option.strip()
    return readings
