"""What ``rank`` writes beside the result: each kind says before any work where it would write, then is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from kaohe_cli.commands.outcome import Outcome, Watch
from kaohe_cli.commands.targets import DOCUMENT, apart, clear, ready, said_kept, said_written
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.naming import readable
from kaohe_cli.paper.batch import Batch
from kaohe_cli.paper.press import Press, tally
from kaohe_cli.scheme.scheme import Scheme

if TYPE_CHECKING:
    from kaohe_cli.result.page import Report


class Wanted(Struct, frozen=True):
    """The papers that are asked for, by the file or folder that takes each; None: not asked for."""

    feedback: Path | None = None  # 反馈表 for each unit
    tables: Path | None = None  # 文本表格
    circular: Path | None = None  # 通报
    replies: Path | None = None  # 复核答复 for each unit whose reviews are settled
    rectify: Path | None = None  # 整改通知 for each unit that lost points
    number: str = ""  # 文号 of the circular; empty: marked in the draft
    day: date | None = None  # 落款日期 of the documents; None: marked in the drafts
    style: Literal["1999", "2012"] = "2012"  # of GB/T 9704

    @property
    def places(self) -> tuple[Path, ...]:
        """The files and folders that are told of."""
        return tuple(filter(None, (self.feedback, self.tables, self.circular, self.replies, self.rectify)))


class Sheaf(Struct, frozen=True):
    """One kind of paper that is asked for."""

    files: tuple[Path, ...]  # that it may write; none of them is read, or written by another kind
    write: Callable[["Report"], Outcome]


class Making(Struct, frozen=True):
    """By what the papers are asked for, and how they are written."""

    wanted: Wanted
    scheme: Scheme
    ledger: Ledger
    press: Press
    watch: Watch
    force: bool

    @property
    def units(self) -> list[str]:
        """The names of the units."""
        return [case.unit.name for case in self.ledger.cases]


def papers_of(making: Making, *taken: Path | None) -> tuple[Sheaf, ...]:
    """The papers that are asked for; raises Stop where one would be written over a file ``taken`` or over another's.

    Also where something else stands in the way of a file; one that is there already may be an earlier one of its kind.
    """
    found: list[Sheaf] = []
    for kind in (_feedback, _tables, _circular, _replies, _rectify):
        for paper in kind(making):
            apart(paper.files, *taken, *(path for other in found for path in other.files))
            found.append(paper)
    return tuple(found)


def _batch(making: Making, folder: Path, kind: str, suffix: str, units: Sequence[str], titles: Iterable[str]) -> Batch:
    """The files of ``units``, of which none stands in the way; raises Stop."""
    batch = Batch(folder, kind, suffix, making.press)
    clear(batch.ready(units, force=making.force, titles=[*titles]))
    return batch


def _feedback(making: Making) -> Iterator[Sheaf]:
    """One feedback per unit."""
    if making.wanted.feedback is None:
        return
    from kaohe_cli.result import feedback

    units, titles = making.units, (feedback.title(making.scheme, unit) for unit in making.units)
    batch = _batch(making, making.wanted.feedback, "反馈表", ".xlsx", units, titles)

    def write(report: "Report") -> Outcome:
        for each in making.watch.each(report.units, "生成反馈表", len(report.units)):
            unit = each.score.unit
            with batch.attempt():
                case = report.cases[unit.code]
                data = feedback.feedback_workbook(report.scheme, each, case, report.ranking, report.publicity)
                batch.write(unit.name, data)
        return Outcome(tuple(batch.problems), (batch.said,))

    yield Sheaf(tuple(map(batch.path, units)), write)


def _tables(making: Making) -> Iterator[Sheaf]:
    """The result as plain tables."""
    folder, press = making.wanted.tables, making.press
    if folder is None:
        return
    from kaohe_cli.result import tables

    clear(tables.ready(folder, force=making.force))

    def write(report: "Report") -> Outcome:
        made = tables.write(folder, report.scheme, report.ranking, press)
        refused = tuple(each for table in made for each in table.problems)
        written = [table for table in made if not table.problems]
        rest = f"，其余 {len(made) - len(written)} 个{'写不成' if press.dry else '未写'}" if refused else ""
        done, each = ("将", f"（{tally(written, '个')}）" if written else "") if press.dry else ("已", "")
        return Outcome(refused, (f"{done}在 {readable(folder)} 写出 {len(written)} 个文本表格{each}{rest}。",))

    yield Sheaf(tuple(folder / name for name in tables.NAMES), write)


def _circular(making: Making) -> Iterator[Sheaf]:
    """The draft of the circular; what the office filled into an earlier one stays beside it."""
    wanted, path = making.wanted, making.wanted.circular
    if path is None:
        return
    from kaohe_cli.result import circular

    ready(path, DOCUMENT, force=making.force, title=circular.title(making.scheme))

    def write(report: "Report") -> Outcome:
        dating = circular.Dating(wanted.day, wanted.style)
        facts = circular.Circular(dating, wanted.number, resting=report.resting, publicity=report.publicity)
        made = making.press.put(path, circular.circular_document(report.scheme, report.ranking, facts), keep=True)
        said = () if made.problems or made.dry else ("文号、落款日期等标出的地方请填写。", *said_kept(made.copy))
        return Outcome(made.problems, (said_written("通报草稿", made), *said))

    yield Sheaf((path,), write)


def _replies(making: Making) -> Iterator[Sheaf]:
    """A draft of a reply to each unit whose reviews are settled; what the office filled in stays beside it."""
    wanted, named = making.wanted, {case.unit.code: case.unit.name for case in making.ledger.cases}
    if wanted.replies is None:
        return
    from kaohe_cli.result import circular, reply

    units = [*dict.fromkeys(named[each.code] for each in making.ledger.reviews)]
    titles = (reply.title(making.scheme, unit) for unit in units)
    batch = _batch(making, wanted.replies, "复核答复", DOCUMENT, units, titles)
    dating = circular.Dating(wanted.day, wanted.style)

    def write(report: "Report") -> Outcome:
        due = reply.answered(report.scheme, report.reviews)
        for each in report.units:
            unit = each.score.unit
            if unit.code in due:
                with batch.attempt():
                    batch.write(unit.name, reply.reply_document(report, each, dating), keep=True)
        settled = sum(map(len, due.values()))
        open_of = dict.fromkeys(named[each.code] for each in report.reviews if each not in due.get(each.code, ()))
        said = f"{batch.said}文号、落款日期等标出的地方请填写。" if due else "没有可以答复的复核。"
        left = f"另有 {len(report.reviews) - settled} 件复核未结，没有答复：{'、'.join(open_of)}。" if open_of else ""
        return Outcome(tuple(batch.problems), tuple(filter(None, (said, left))))

    yield Sheaf(tuple(map(batch.path, units)), write)


def _rectify(making: Making) -> Iterator[Sheaf]:
    """What is to be put right, to each unit that lost points; what was filled into an earlier one stays beside it."""
    if making.wanted.rectify is None:
        return
    from kaohe_cli.result import circular, rectify

    units, titles = making.units, (rectify.title(making.scheme, unit) for unit in making.units)
    batch = _batch(making, making.wanted.rectify, "整改通知", DOCUMENT, units, titles)
    dating = circular.Dating(making.wanted.day, making.wanted.style)

    def write(report: "Report") -> Outcome:
        found = rectify.rectifications(report)
        for each in making.watch.each(found, "生成整改通知", len(found)):
            with batch.attempt():
                data = rectify.rectify_document(report.scheme, each, dating, final=report.ranking.final)
                batch.write(each.case.unit.name, data, keep=True)
        left = len(report.units) - len(found)
        none = [f"{left} 个单位没有失分，不发整改通知。"] if left else []
        return Outcome(tuple(batch.problems), (batch.said, *none))

    yield Sheaf(tuple(map(batch.path, units)), write)
