"""What came of a copy that was merged, in figures."""

from collections import Counter
from collections.abc import Collection, Mapping

from msgspec import Struct

from kaohe_cli.ledger import detail, figures, situation
from kaohe_cli.ledger.record import DETAIL, FIGURES, REGISTER, SITUATION, Ledger, RowKey, TypedRow
from kaohe_cli.paper.workbook import Column
from kaohe_cli.scheme.rule.judged import JUDGES
from kaohe_cli.sheet.table import as_seen

MAIN: Mapping[str, Column] = {DETAIL: detail.POINTS, FIGURES: figures.VERIFIED, SITUATION: situation.VETO}
MARKS = "评委评分"
NOBODY = f"未写{detail.JUDGE.title}"
FEW = 8  # names that a line tells


class Account(Struct, frozen=True):
    """How many entries of a copy were taken, and what became of the others."""

    file: str
    judges: Mapping[str, int]  # 评分人 → 考核分 that were taken
    marks: int  # of judges that were taken
    verified: int  # 核定值 that were taken
    vetoes: int
    others: int  # rows of which something else was taken
    same: int  # 考核分, 核定值, 一票否决 that the office has as well
    differing: int  # cells of which the office, or another copy, says otherwise
    left: int  # rows that were not taken
    noted: int  # entries of the register that were added or withdrawn
    erased: int  # cells that the office has no more

    @property
    def said(self) -> str:
        """All of it in one line."""
        names = sorted(self.judges.items(), key=lambda each: (-each[1], each[0]))
        by = "、".join(f"{name} {count}" for name, count in names[:FEW]) + (
            f"等 {len(names)} 人" if names[FEW:] else ""
        )
        points = sum(self.judges.values())
        counts = {
            MARKS: self.marks, MAIN[FIGURES].title: self.verified, MAIN[SITUATION].title: self.vetoes,
            REGISTER: self.noted, "其他": self.others, "删去": self.erased,
        }  # fmt: skip
        taken = [f"{MAIN[DETAIL].title} {points} 处（{by}）"] if points else []
        taken += [f"{title} {count} 处" for title, count in counts.items() if count]
        rest = {"与底稿相同": self.same, "不一致": self.differing, "未采用": self.left}
        said = [
            "，".join(taken) or "没有新填的内容",
            *(f"{title} {count} 处" for title, count in rest.items() if count),
        ]
        return f"{self.file}：{'；'.join(said)}。"


def account(
    office: Ledger, merged: Mapping[RowKey, TypedRow], copy: Ledger, refused: Collection[tuple[RowKey, str]],
    noted: int,
) -> Account:  # fmt: skip
    """That of ``copy``: ``refused`` are the cells not taken, ``noted`` counts entries of the register."""
    by: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for key, row in copy.typed.items():
        taken = []
        for title, cell in row.cells.items():
            held, now = _text(office.typed.get(key), title), _text(merged.get(key), title)
            if held == as_seen(cell):
                counts["same"] += title == MAIN[key[0]].title
            elif (key, title) not in refused:
                # several judges name themselves in one cell
                is_taken = now == as_seen(cell) or (title == detail.JUDGE.title and as_seen(cell) in (now or ""))
                (taken.append(title) if is_taken else counts.update(["differing"]))
        marks = [title for title in taken if title in JUDGES]
        counts[MARKS] += len(marks)
        if MAIN[key[0]].title not in taken:
            counts["others"] += bool(taken) and not marks
        elif key[0] == DETAIL:
            by[_text(merged.get(key), detail.JUDGE.title) or NOBODY] += 1
        else:
            counts[key[0]] += 1
    erased = sum(
        title in office.cells(key) and _text(merged.get(key), title) is None for key, title in copy.erased
    )  # fmt: skip
    return Account(
        copy.file, by, counts[MARKS], counts[FIGURES], counts[SITUATION], counts["others"], counts["same"],
        counts["differing"] + len(copy.contradicting), len({key for key, _ in refused}), noted, erased,
    )  # fmt: skip


def _text(row: TypedRow | None, title: str) -> str | None:
    cell = row.cells.get(title) if row else None
    return None if cell is None else as_seen(cell)
