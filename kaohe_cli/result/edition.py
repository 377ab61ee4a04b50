"""The version of a result (版次): 第1版, and one more each time when another one takes the place of what was issued."""

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.model import Source
from kaohe_cli.paper.provenance import EDITION, FOLLOWED, file_source
from kaohe_cli.result.page import Report
from kaohe_cli.result.recorded import Recorded, differing, recorded, standings
from kaohe_cli.result.reviewed import told
from kaohe_cli.sheet.reader import LARGE_LIMITS, read_workbook


class Edition(Struct, frozen=True):
    """Which version a result is, and which one it follows."""

    number: int = 1  # 0: it was made before results had versions
    followed: Source | None = None  # the file of the version before; None: there is none
    rises: bool = False  # whether it follows the file that stands where it is written


def edition_of(path: Path, report: Report) -> Edition:
    """The version of ``report`` that is about to be written to ``path``, by the result that stands there.

    It rises where units stand otherwise than in one that was final, or where a review is decided that was not.
    """
    book = read_workbook(path, LARGE_LIMITS)[0] if path.exists() else None
    was = recorded(book)[0] if book else None
    if was is None:
        return Edition()
    held = recorded_edition(was)
    same = not any(differing(was, standings(report.ranking)))
    decided = {told(report, each) for each in report.reviews if each.decision != "open"}
    if same or not (was.final or decided - was.reviews):
        return replace(held, number=max(held.number, 1))
    return Edition(max(held.number, 1) + 1, file_source(FOLLOWED, path), rises=True)


def recorded_edition(was: Recorded) -> Edition:
    """The version that a result says it is."""
    number = next((each.value for each in was.of(EDITION)), "").removeprefix("第").removesuffix("版")
    followed = next(iter(was.of(FOLLOWED)), None)
    return Edition(int(number) if number.isdecimal() and len(number) < 5 else 0, followed)


def in_edition(report: Report, edition: Edition) -> Report:
    """``report`` as that version."""
    if not edition.number:
        return report
    own = Source(EDITION, "考核结果", value=f"第{edition.number}版")
    followed = (edition.followed,) if edition.followed else ()
    return replace(report, version=edition.number, sources=(own, *followed, *report.sources))
