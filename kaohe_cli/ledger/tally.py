"""What becomes of what people typed where a ledger is written anew, counted. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator

from msgspec import Struct

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.carried import UNCARRIED
from kaohe_cli.ledger.record import REGISTER, REVIEWS, CellKey, Ledger, is_known
from kaohe_cli.model import Review
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.table import as_seen


class Tally(Struct, frozen=True):
    """How much of what people typed stays, cell by cell."""

    kept: int = 0
    added: int = 0
    replaced: int = 0
    gone: int = 0
    apart: int = 0  # of those there will be: without a place (已无对应)
    undecided: int = 0  # beside them: what contradicts an entry (不一致)
    incidents: tuple[int, int, int] = (0, 0, 0)  # of the register: kept, added, gone
    reviews: tuple[int, int, int] = (0, 0, 0)  # of 复核登记: the same
    sheets: int = 0  # that people added and that stay
    uncarried: int = 0  # what else cannot be carried over, as was told place by place

    @property
    def said(self) -> str:
        """In one sentence; empty where there is nothing to say."""
        parts = (
            ("保留", self.kept, "格"), ("新增", self.added, "格"), ("改写", self.replaced, "格"),
            ("去掉", self.gone, "格"), ("列入“已无对应”", self.apart, "格"), ("列入“不一致”", self.undecided, "格"),
            *((f"{sheet}{what}", count, "条") for sheet, counts in (("台账", self.incidents), (REVIEWS, self.reviews))
              for what, count in zip(("保留", "新增", "去掉"), counts, strict=True)),
            ("另加的工作表保留", self.sheets, "张"), ("不能沿用（见以上各条）", self.uncarried, "处"),
        )  # fmt: skip
        said = "，".join(f"{what} {count} {counter}" for what, count, counter in parts if count)
        return f"填写的内容：{said}。" if said else ""


def tally(scheme: Scheme, before: Ledger | None, now: Ledger, problems: Iterable[Problem] = ()) -> Tally:
    """What becomes of the entries of ``before`` in ``now``, which takes its place; both are settled.

    ``before`` None: there was none. ``problems`` are those told when it was read.
    """
    held, stands = (dict(_cells(each)) if each else {} for each in (before, now))
    codes = {case.unit.code for case in now.cases}
    both = held.keys() & stands.keys()
    kept = sum(held[each] == stands[each] for each in both)
    old = before.incidents if before else ()
    claims = [[_claim(each) for each in held.reviews] if held else [] for held in (before, now)]
    return Tally(
        kept, len(stands.keys() - both), len(both) - kept, len(held.keys() - both),
        sum(not is_known(scheme, codes, key) for key, _ in stands),
        sum(len(each.cells) for each in now.contradicting),
        _of_both(old, now.incidents), _of_both(*claims),
        sum(each.name not in (REGISTER, REVIEWS) for each in now.sheets),
        sum(each.code in UNCARRIED for each in problems),
    )  # fmt: skip


def _of_both(before: Iterable[Hashable], now: Iterable[Hashable]) -> tuple[int, int, int]:
    """How many of them stay, come, and go."""
    was, held = Counter(before), Counter(now)
    return (was & held).total(), (held - was).total(), (was - held).total()


def _claim(review: Review) -> Hashable:
    """What tells a review from others, whatever became of it."""
    return review.code, review.about, review.claim, review.ground


def _cells(ledger: Ledger) -> Iterator[tuple[CellKey, str]]:
    """Every cell that people typed, with its words."""
    return (((key, title), as_seen(cell)) for key, row in ledger.typed.items() for title, cell in row.cells.items())
