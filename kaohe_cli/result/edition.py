"""The version of a result (版次): 第1版, and one more each time when another one takes the place of what was issued."""

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.model import Source
from kaohe_cli.paper.provenance import EDITION, FOLLOWED, PREVIOUS, file_source
from kaohe_cli.result.page import RANKING, REVIEWED, SOURCES, Report
from kaohe_cli.result.recorded import Recorded, differing, recorded, standings
from kaohe_cli.result.reviewed import told
from kaohe_cli.sheet.reader import LARGE_LIMITS, read_workbook


class Edition(Struct, frozen=True):
    """Which version a result is, and which one it follows."""

    number: int = 1  # 0: it was made before results had versions
    followed: Source | None = None  # the file of the one before; None: there is none
    keeps: bool = False  # whether the file that stands where it is written has to stay as a dated copy
    alone: str = ""  # last year's result, beside which the file that stands there stood and this one does not

    @property
    def said(self) -> str:
        """In words: 第2版."""
        return f"第{self.number}版"


def edition_of(path: Path, report: Report) -> Edition:
    """The version of ``report`` that is about to be written to ``path``, by the result that stands there.

    It rises where units stand otherwise than in one that was final, or where a review is decided that was not. One that
    reopens what was final has the number of that, and follows it, as long as units stand as they did there.
    """
    book = read_workbook(path, LARGE_LIMITS, (RANKING, SOURCES, REVIEWED))[0] if path.exists() else None
    was = recorded(book)[0] if book else None
    if was is None:
        return Edition()
    beside = next((each.name for each in was.of(PREVIOUS)), "")
    version = _after(path, report, was)
    return version if report.beside else replace(version, alone=beside)


def _after(path: Path, report: Report, was: Recorded) -> Edition:
    """The version that comes after the one at ``path``, which says of itself what ``was``."""
    held = recorded_edition(was, least=1)
    here = replace(file_source(FOLLOWED, path), value=held.said)
    same = not any(differing(was, standings(report.ranking)))
    decided = {told(report, each) for each in report.reviews if each.decision != "open"}
    reopened = not was.final and held.followed is not None and held.followed.value == held.said
    if same or not (was.final or reopened or decided - was.reviews):
        reopens = was.final and not report.ranking.final
        return Edition(held.number, here if reopens else held.followed, reopens)
    return Edition(held.number + 1, held.followed if reopened else here, keeps=True)


def recorded_edition(was: Recorded, least: int = 0) -> Edition:
    """The version that a result says it is; ``least`` where it says none."""
    number = next((each.value for each in was.of(EDITION)), "").removeprefix("第").removesuffix("版")
    followed = next(iter(was.of(FOLLOWED)), None)
    return Edition(max(int(number) if number.isdecimal() and len(number) < 5 else 0, least), followed)


def in_edition(report: Report, edition: Edition) -> Report:
    """``report`` as that version."""
    if not edition.number:
        return report
    own = Source(EDITION, "考核结果", value=edition.said)
    followed = (edition.followed,) if edition.followed else ()
    return replace(report, version=edition.number, sources=(own, *followed, *report.sources))
