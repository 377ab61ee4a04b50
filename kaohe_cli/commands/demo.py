"""``kaohe demo``."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.commands import contract, sample
from kaohe_cli.commands.blank import blank
from kaohe_cli.commands.inputs import read_forms, read_kept, read_ledger
from kaohe_cli.commands.next import entered
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Watch
from kaohe_cli.commands.papers import Wanted
from kaohe_cli.commands.rank import rank
from kaohe_cli.commands.returns import collect, ledger_sources
from kaohe_cli.commands.score import score
from kaohe_cli.commands.targets import write
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.settle import assemble
from kaohe_cli.naming import plain_name, readable
from kaohe_cli.paper.batch import Batch
from kaohe_cli.scheme.load import DEFAULT, load

UNWRITTEN = "KH913"

GUIDE = """\
这是用虚构数据做完的一套考核，供了解程序之用，不是任何单位的真实数据。

考核设置.xlsx        考核办填写的单位、下达目标、口径、责任处室、公示
下发\\               发给各单位的空白考核表
回收\\               各单位填好交回的考核表和年度工作总结
评分底稿（未评）.xlsx  读入考核表以后、处室评分以前的底稿
评审\\               各责任处室填好交回的评分表
评分底稿.xlsx        处室已评分、考核办已核定的底稿
考核结果.xlsx        排名、分项得分、得分依据、口径与敏感性
反馈\\               发给各单位的得分和失分理由
通报.docx            考核结果通报草稿
文本表格\\           供其他软件使用的文本表格

可以试一试：
  kaohe explain 萧山区 1.1        萧山区第1项的分是怎样来的
  kaohe rank --reading over5=strict --output 试算.xlsx    换一种口径重排
  改动评分底稿中的一个考核分，再运行 kaohe rank
  在评分底稿的“复核登记”中登记一件复核，作出结论，再运行 kaohe rank --reply-dir 答复
"""
SUMMARY = "{unit}二○○七年度工作总结（虚构，仅供演示）\r\n"


def demo(folder: Path, *, force: bool, watch: Watch = UNWATCHED) -> Outcome:
    """Do the whole year on synthetic data and leave every file in ``folder``."""
    if not force and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop((problem("KH956", found=str(folder)),))
    watch.now("生成虚构的数据")
    settings_path = folder / "考核设置.xlsx"
    steps: tuple[Callable[[], Outcome], ...] = (
        lambda: Outcome(sample_year(folder)),
        lambda: Outcome(write(folder / "说明.txt", GUIDE.encode("utf-8-sig"))),
        lambda: blank(
            DEFAULT, settings_path=settings_path, units=(), template_path=None, output=folder / "下发", force=True,
            watch=watch,
        ),
        lambda: score(
            DEFAULT, settings_path=settings_path, paths=[folder / "回收"], output=folder / "评分底稿（未评）.xlsx",
            return_dir=None, prefer=(), template_path=None, force=True, watch=watch,
        ),
        lambda: Outcome(judged_copies(folder)),
        lambda: Outcome(_merged(folder)),
        lambda: rank(
            DEFAULT, ledger_path=folder / "评分底稿.xlsx", output=folder / "考核结果.xlsx", readings={}, force=True,
            wanted=Wanted(folder / "反馈", folder / "文本表格", folder / "通报.docx"), watch=watch,
        ),
    )  # fmt: skip
    outcome = Outcome()
    for step in steps:
        outcome = step()
        # what is wrong with the synthetic returns is what the demonstration shows
        unwritten = tuple(each for each in outcome.problems if each.code == UNWRITTEN)
        if unwritten:
            return Outcome(unwritten, (f"没有做完，{readable(folder)} 里的文件不全。",))
    done = f"已在 {readable(folder)} 留下一套完整的文件，先看其中的“说明.txt”。"
    made = partial(contract.demonstration, readable(folder), map(readable, _files(folder)))
    return replace(outcome, problems=(), notes=(done,), made=made, files=(folder,), next=entered(folder))


def _files(folder: Path) -> list[Path]:
    """All files in it, with the folders below."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def sample_year(folder: Path) -> tuple[Problem, ...]:
    """Write the settings, the returns and the judged ledger of the synthetic year into ``folder``."""
    from kaohe_cli.ledger import book
    from kaohe_cli.settings import workbook

    scheme = load(DEFAULT)
    year = sample.load(scheme)
    settings_path = folder / "考核设置.xlsx"
    problems = write(settings_path, workbook.settings_workbook(scheme, year.settings)[0])
    forms = read_forms(scheme, None)
    batch = Batch(folder / "回收", "考核表")
    for unit, filled in zip(year.settings.units, year.units, strict=True):
        with batch.attempt():
            batch.write(unit.name, forms.issue(unit, year.settings, filled.entries)[0])
    problems += tuple(batch.problems)
    for unit, filled in zip(year.settings.units, year.units, strict=True):
        if scheme.last_day is None or filled.date <= scheme.last_day:  # who is late has not sent it either
            name = f"{plain_name(unit.name)}{scheme.asked_materials[0]}.txt"
            problems += write(folder / "回收" / name, SUMMARY.format(unit=unit.name).encode("utf-8-sig"))
    if problems:
        return problems
    got = collect(DEFAULT, settings_path=settings_path, paths=[folder / "回收"])
    made_from = ledger_sources(got, settings_path=settings_path, template_path=None)
    ledger, _ = assemble(scheme, got.settings, got.cases, got.problems, made_from)
    judged, odd = assemble(
        scheme, got.settings, got.cases, got.problems, made_from, sample.work(scheme, year, ledger), got.materials
    )
    return write(folder / "评分底稿.xlsx", book.ledger_workbook(scheme, judged, (*got.problems, *odd)))


def judged_copies(folder: Path) -> tuple[Problem, ...]:
    """Write into ``folder`` what the departments handed in, as the judged ledger of the year has it."""
    from kaohe_cli.ledger import judging

    ledger, scheme, _ = read_ledger(DEFAULT, folder / "评分底稿.xlsx")
    blank = replace(ledger, typed={}, incidents=())
    batch = Batch(folder / "评审", "处室评分表")
    for department, name in judging.file_names(scheme, ledger).items():
        with batch.attempt():
            batch.write(name, judging.judging_workbook(scheme, ledger, department, blank))
    return tuple(batch.problems)


def _merged(folder: Path) -> tuple[Problem, ...]:
    """Have the judged ledger know these copies as merged: what it says later, it says after them."""
    from kaohe_cli.ledger import book
    from kaohe_cli.ledger.copies import read_copy
    from kaohe_cli.ledger.merge import merge

    path = folder / "评分底稿.xlsx"
    ledger, scheme, odd = read_kept(DEFAULT, path)
    copies = [read_copy(scheme, each, ledger, each.name)[0] for each in sorted((folder / "评审").glob("*.xlsx"))]
    merged = merge(scheme, ledger, [copy for copy in copies if copy is not None], frozenset())
    return write(path, book.ledger_workbook(scheme, merged.ledger, (*odd, *merged.problems)))
