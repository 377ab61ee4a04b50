"""What the terminal shows: tables, problems, progress. Results go to standard output, messages to standard error.

Nothing here needs more than 80 columns, colour, or letters that the terminal's encoding lacks.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from threading import Timer
from typing import IO, TYPE_CHECKING, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.catalogue import CATALOGUE, SEVERITY_WORDS, ProblemKind, Severity
from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import width
from kaohe_cli.model import STATUS_WORDS, Change, GradeStanding, Query, Ranked, Ranking, Unit, UnitScore
from kaohe_cli.points import HUNDRED, ZERO, fixed, minus
from kaohe_cli.stream import takes

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.progress import Progress
    from rich.table import Table
    from rich.text import Text

_T = TypeVar("_T")

SEVERITY_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}
GRADE_STYLES: Mapping[GradeStanding, str] = {
    "best": "bold green", "between": "green", "last": "yellow", "vetoed": "red", "open": "dim",
}  # fmt: skip
MOST_SECTIONS = 4  # that have columns in the ranking
LEFT = ("单位", "报送", "等次", "")  # columns of words; of figures are the others
WIDTH = 80
UNBOUNDED = 100_000  # columns of what is not read on a screen, so that no line of it is broken
MOST_CHANGED = 8  # units whose change is shown
NAMED = 40  # columns of words beside numbers
HEADINGS = 10  # columns of headings beside what is said
MOST_ASKED = 8  # queries that are shown
FINAL_ONCE = "牵涉得分的，经考核办核实后方可定稿"
LEAST_NOTES = 5  # lines beneath the ranking that are always left on a screen
MOST_EACH = 30  # problems of one kind that are told each, where every one has to be looked at
CLOSING = tuple("，。；：、？！）》”’】%,.;:?!)")
PATIENCE = 2.0  # seconds of work before it is worth saying what is done


class Glyphs(Struct, frozen=True):
    """The drawing letters that a stream can take."""

    branch: str
    end: str
    bar: str
    line: str
    dash: str  # what is not known
    arrow: str


# for a terminal that has no Chinese letters
WITHOUT_CHINESE = {
    "名次": "no.", "单位": "unit", "加分": "bonus", "封顶": "cap", "总分": "total",
    "等次": "grade", "比自评": "diff", "并": "=", "否决": "veto", "未定": "open", "组别": "group",
    "报送": "return", "自评总分": "self", "已定得分": "points", "待定细则": "open", "已收": "in", "迟报": "late",
    "未报": "none", "退回": "mend", "条": "", "无": "0",
}  # fmt: skip

# a GBK console draws bars and lines twice as wide as they count, so there they stay plain
RICH = Glyphs("├", "└", "█", "─", "—", "→")
GBK = Glyphs("├", "└", "#", "-", "-", "->")
ASCII = Glyphs("|", "`", "#", "-", "-", "->")


def summary(ranking: Ranking, title: str, advice: Sequence[str] = ()) -> None:
    """The ranking in one screen: each unit's points and a bar, what is missing and to be done, then ``advice``.

    What is not read on a screen is whole.
    """
    console = _console(sys.stdout)
    notes = [(line, "yellow") for text in _missing(ranking) for line in _folded(console, text)]
    notes += [(line, "") for text in advice for line in _folded(console, text)]
    shown = ranking.units
    if console.is_terminal:
        room = console.height - 5  # title, header, its line, a blank one, the prompt
        units = max(room - len(notes), min(len(shown), room - LEAST_NOTES))
        shown = shown if len(shown) <= units else shown[: units - 1]
        left = room - min(units, len(ranking.units))
        if len(notes) > left:
            notes = [*notes[: left - 1], ("……其余见考核结果的“口径与敏感性”。", "dim")]
    console.print(title + ("" if ranking.final else "（暂定）"), style="bold")
    console.print(_ranking_table(console, ranking, shown))
    if len(shown) < len(ranking.units):
        console.print(f"……另有 {len(ranking.units) - len(shown)} 个单位，见考核结果的“排名”。", style="dim")
    if notes:
        console.print()
    for line, style in notes:
        console.print(line, style=style)


def scores(found: Sequence[UnitScore]) -> None:
    """After the returns were read: how each unit's return stands, what the rules give so far, what is not known."""
    console = _console(sys.stdout)
    table = _table(console, {"单位": 24, "报送": 6, "自评总分": 8, "已定得分": 8, "待定细则": 8})
    for each in found:
        waiting = sum(criterion.points is None for item in each.items for criterion in item.criteria)
        table.add_row(
            _unit(console, each.unit, 24),
            _legible(console, STATUS_WORDS[each.status]),
            _points(console, each.self_total),
            _points(console, each.decided),
            f"{waiting} {_legible(console, '条')}" if waiting else _legible(console, "无"),
        )
    console.print(table)


def queries(found: Sequence[Query], rest: str) -> None:
    """What has to be confirmed, what most rides on first: its value, why it is odd, what the unit says.

    At most ``MOST_ASKED``; ``rest`` says where the others are.
    """
    asked = [each for each in found if each.state != "confirmed"]
    if not asked:
        return
    console = _console(sys.stdout)
    answered = sum(each.state == "answered" for each in asked)
    count = f"待核实 {len(asked)} 处{f'，其中 {answered} 处单位已说明' if answered else ''}"
    weighs = any(each.influence.points for each in asked)
    _hanging(console, "", f"{count}（{FINAL_ONCE if weighs else '都不牵涉得分'}）：", "bold yellow")
    for number, each in enumerate(asked[:MOST_ASKED], 1):
        head, lead = f"{number}. ", " " * (len(str(number)) + 2)
        what = f"{_unit(console, each.unit, 24)} {each.label} {each.value}，{each.influence.said}"
        _hanging(console, head, what, "bold" if each.influence.points else "")
        _hanging(console, lead, each.why)
        if each.answer:
            _hanging(console, lead, f"单位已说明：{each.answer}")
    if (others := len(asked) - MOST_ASKED) > 0:
        _hanging(console, "", f"另有 {others} 处，{rest}。", "dim")
    console.print()


def changes(said: str, moved: Sequence[Change], others: int) -> None:
    """What a run changed: the units whose total, place or grade is another, then how many changes there are besides.

    Units that only moved up or down behind others come last.

    ``said`` tells with what is compared; ``others`` are those in the sheet 本次变动 that no unit here stands for.
    """
    console = _console(sys.stdout)
    console.print(said, style="bold")
    shown = sorted(moved, key=lambda each: len({*each.total}) == len({*each.grade}) == 1)[:MOST_CHANGED]
    if shown:
        table = _table(console, {"单位": 24, "总分": 16, "名次": 10, "等次": 20}, no_wrap=True)
        for each in shown:
            table.add_row(
                _unit(console, Unit(each.code, each.unit, ""), 24),
                _from_to(console, (_points(console, each.total[0]), _points(console, each.total[1]))),
                _from_to(console, (_place(console, each.place[0]), _place(console, each.place[1]))),
                _from_to(console, (_legible(console, each.grade[0]), _legible(console, each.grade[1]))),
            )
        console.print(table)
    rest = others + len(moved) - len(shown)
    if rest:
        console.print(f"{'其余' if shown else '有变动'} {rest} 处{'' if shown else '，'}见“本次变动”。", style="dim")


def problems(found: Sequence[Problem], limit: int = 20) -> None:
    """What was wrong, alike together: the first of each code in full, how many more there are; at most ``limit`` codes.

    The worst come first; of the other codes it says what they are called.
    """
    console = _console(sys.stderr)
    glyphs = _glyphs(console)
    groups: dict[str, list[Problem]] = {}
    for each in sorted(found, key=lambda each: (list(SEVERITY_WORDS).index(each.severity), each.code)):
        groups.setdefault(each.code, []).append(each)
    for code, group in list(groups.items())[:limit]:
        first, *_ = shown = group[: MOST_EACH if CATALOGUE[code].each else 1]
        console.print(_headline(code, first.severity, first.headline, len(group)))
        lines = [line for each in shown for line in (_where(each), each.message)]
        lines.append(f"改法：{first.fix}")
        if rest := group[len(shown) :]:
            lines.append(f"同类还有 {len(rest)} 处：{_places(rest, first.file)}")
        *before, last = filter(None, lines)
        for line in before:
            _hanging(console, f"  {glyphs.branch} ", line)
        _hanging(console, f"  {glyphs.end} ", last)
    others = [f"{code} {group[0].headline}（{len(group)} 处）" for code, group in groups.items()][limit:]
    if others:
        _hanging(console, "", f"另有 {len(others)} 类没有逐条列出：{'、'.join(others)}。")
    if found:
        counts = [(word, sum(each.severity == key for each in found)) for key, word in SEVERITY_WORDS.items()]
        console.print("共 " + "、".join(f"{word} {count} 处" for word, count in counts if count) + "。")


def explanation(lines: Iterable[str]) -> None:
    """How points came about, a line each, on standard output."""
    console = _console(sys.stdout)
    for line in lines:
        text = line.lstrip(" ")
        _hanging(console, " " * (len(line) - len(text)), text)


def numbers(rows: Sequence[Sequence[str]]) -> None:
    """A table of words and, beside them, numbers; the headings are the first of ``rows``. Nothing without any."""
    if not rows:
        return
    console = _console(sys.stdout)
    head, *others = rows
    words = min(NAMED, WIDTH - 9 * len(head[1:]) - 1)
    table = _table(console, {head[0]: words, **dict.fromkeys(head[1:], 8)}, no_wrap=True)
    table.columns[0].justify = "left"
    for first, *rest in others:
        table.add_row(_name(first, words), *(_name(each, 8) for each in rest))
    console.print(table)


def facts(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Under a title what there is to say, each beside its heading; an empty heading goes on with the one above."""
    console = _console(sys.stdout)
    console.print(title, style="bold")
    for heading, text in rows:
        _hanging(console, heading + " " * (HEADINGS - width(heading)), text)


def next_step(said: str, command: str, *, asked: bool = False) -> None:
    """What is to be done next, in a sentence that ends in the command; the command on a line of its own if need be.

    On standard error, or where it was ``asked`` for on standard output. A command is never broken.
    """
    console = _console(sys.stdout if asked else sys.stderr)
    if width(said) < console.width:
        console.print(said, style="bold", soft_wrap=True)
    else:
        _hanging(console, "", said.removesuffix(command).rstrip(), "bold")
        console.print("  " + command, style="bold", soft_wrap=True)


def catalogue_entry(kind: ProblemKind) -> None:
    """What a problem means and how to mend it."""
    console = _console(sys.stdout)
    console.print(_headline(kind.code, kind.severity, kind.headline, 1))
    for label, text in (("含义", kind.why), ("改法", kind.fix), ("例子", kind.example)):
        if text:
            _hanging(console, f"{label}：", text)


def done(text: str) -> None:
    """Something that was made, on standard error."""
    _hanging(_console(sys.stderr), "", text, "green")


class Working:
    """What is being done, on a terminal and once the work has taken over two seconds. Used in a with block."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._timer: Timer | None = None

    def __enter__(self) -> Self:
        console = _console(sys.stderr)
        if console.is_terminal:
            from rich.progress import BarColumn, Progress, TextColumn

            columns = TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[count]}")
            self._bar = Progress(*columns, console=console, transient=True)
            self._task = self._bar.add_task("", total=None, count="")
            self._timer = Timer(PATIENCE, self._bar.start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None and self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self._bar.stop()

    def now(self, label: str) -> None:
        """Say what is done now, for so long as it may take."""
        if self._bar is not None:
            self._bar.reset(self._task, total=None, description=label, count="")

    def each(self, work: Iterable[_T], label: str, total: int) -> Iterator[_T]:
        """``work`` itself, counted as it is done."""
        if self._bar is None:
            yield from work
            return
        self._bar.reset(self._task, total=total, description=label, count=f"0/{total}")
        for count, element in enumerate(work, 1):
            yield element
            self._bar.update(self._task, completed=count, count=f"{count}/{total}")


# ── parts ───────────────────────────────────────────────────────────────────────────────────────────────


def _console(stream: IO[str]) -> "Console":
    from rich.console import Console

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = UNBOUNDED
    return console


def _glyphs(console: "Console") -> Glyphs:
    if console.encoding.lower().startswith("utf"):
        return RICH
    return GBK if takes(GBK.branch + GBK.end, console.encoding) else ASCII


def _legible(console: "Console", text: str) -> str:
    """``text``, or what stands for it on a terminal without Chinese letters."""
    return text if takes(text, console.encoding) else WITHOUT_CHINESE.get(text, "?")


def _table(console: "Console", widths: Mapping[str, int], *, no_wrap: bool = False) -> "Table":
    """A table of columns with these headings and ``widths``."""
    from rich.box import Box
    from rich.table import Table

    line = _glyphs(console).line
    box = Box(f"    \n    \n {line * 2} \n    \n    \n    \n    \n    \n", ascii=line == "-")
    table = Table(box=box, show_edge=False, pad_edge=False, padding=0, header_style="bold")
    for heading, room in widths.items():
        justify: JustifyMethod = "left" if heading in LEFT else "right"
        table.add_column(_legible(console, heading), width=room, justify=justify, no_wrap=no_wrap)
    return table


def _headings(console: "Console", ranking: Ranking) -> Mapping[str, str]:
    """A heading of two letters for each section at the top, with its id; none where there are many."""
    titles = {title[:2]: id for id, title in ranking.sections}
    if len(titles) < len(ranking.sections) or not {*titles}.isdisjoint(("加分", "封顶", "总分", "等次", "组别")):
        titles = {id[:5]: id for id, _ in ranking.sections}
    if len(ranking.sections) > MOST_SECTIONS or len(titles) < len(ranking.sections):
        return {}
    return {title if takes(title, console.encoding) else id[:5]: id for title, id in titles.items()}


def _grade(console: "Console", ranking: Ranking, ranked: Ranked) -> str:
    """The grade, by its number on a terminal without Chinese letters."""
    if takes(ranked.grade, console.encoding):
        return _name(ranked.grade, 8)
    if ranked.score.veto or ranked.grade not in ranking.grades:
        return _legible(console, "否决" if ranked.score.veto else ranked.grade)
    return str(ranking.grades.index(ranked.grade) + 1)


def _ranking_table(console: "Console", ranking: Ranking, shown: Sequence[Ranked]) -> "Table":
    from rich.text import Text

    capped = {"封顶": 5} if any(each.score.capped for each in ranking.units) else {}
    sections = _headings(console, ranking)
    grouped = {"组别": 8} if any(each.score.group for each in ranking.units) else {}
    graded = {"等次": 8} if any(each.grade for each in ranking.units) else {}
    widths = {"名次": 4, "单位": 18, **grouped, **dict.fromkeys(sections, 5), "加分": 5, **capped, "总分": 6, **graded,
              "比自评": 6}  # fmt: skip
    scores = [each.score for each in shown]
    held = {heading: [each.section(id).points for each in scores] for heading, id in sections.items()}
    held |= {"加分": [each.bonus for each in scores], "总分": [each.total for each in scores]}
    for heading, points in held.items():  # a slip of the pen earns hundreds
        widths[heading] = max([widths[heading], *(len(fixed(each)) for each in points)])
    bar = min(console.width, WIDTH) - sum(widths.values()) - len(widths) - 1
    table = _table(console, {**widths, **({"": bar} if bar > 3 else {})}, no_wrap=True)
    longest = max([HUNDRED, *(each.score.total for each in ranking.units if each.score.total is not None)])
    for each in shown:
        score, style = each.score, GRADE_STYLES[ranking.graded(each)]
        parts = [score.section(id).points for id in sections.values()]
        parts += [score.bonus, *([score.capped] if capped else [])]
        gap = minus(score.total, score.self_total)
        cells: list[str | Text] = [
            f"{_place(console, each.place)}{_legible(console, '并') if each.tied else ''}",
            _unit(console, score.unit, 18),
            *([_name(_legible(console, score.group), 8)] if grouped else []),
            *(_points(console, part) for part in parts),
            Text(_points(console, score.total), style="bold"),
            *([Text(_grade(console, ranking, each), style=style)] if graded else []),
            _points(console, None) if gap is None else format(gap, "+.2f"),
        ]
        if bar > 3:
            cells.append(Text(_glyphs(console).bar * int((score.total or ZERO) / longest * (bar - 1)), style=style))
        table.add_row(*cells)
    return table


def _missing(ranking: Ranking) -> list[str]:
    lines = []
    units = [each.score for each in ranking.units]
    absent = [_name(score.unit.name, 24) for score in units if score.status in ("missing", "rejected")]
    if absent:
        lines.append(f"未报送或待重报的单位 {len(absent)} 个：{_some(absent, 4)}。")
    criteria = [(score.unit.name, each) for score in units for item in score.items for each in item.criteria]
    open_ = [(unit, each.id) for unit, each in criteria if each.points is None]
    if open_:
        count, ids = len({unit for unit, _ in open_}), [_name(id, 24) for id in dict.fromkeys(id for _, id in open_)]
        lines.append(f"尚未定分 {len(open_)} 处：{count} 个单位，涉及细则 {_some(ids, 8)}。")
    return lines


def _some(names: Sequence[str], most: int) -> str:
    return "、".join(names[:most]) + (f"等 {len(names)} 个" if len(names) > most else "")


def _points(console: "Console", value: Decimal | None) -> str:
    return _glyphs(console).dash if value is None else fixed(value)


def _place(console: "Console", place: int | None) -> str:
    return _glyphs(console).dash if place is None else str(place)


def _from_to(console: "Console", pair: tuple[str, str]) -> str:
    """Both of ``pair`` where they differ: 86.50 → 87.00."""
    before, now = pair
    return now if before == now else f"{before} {_glyphs(console).arrow} {now}"


def _unit(console: "Console", unit: Unit, width: int) -> str:
    return _name(unit.name, width) if takes(unit.name, console.encoding) else unit.code


def _name(name: str, width: int) -> str:
    """``name`` cut to ``width`` columns, its cut end marked."""
    from rich.cells import cell_len, set_cell_size

    name = " ".join(name.split())
    return name if cell_len(name) <= width else set_cell_size(name, width - 2).rstrip() + ".."


def _headline(code: str, severity: Severity, headline: str, count: int) -> "Text":
    from rich.text import Text

    said = Text.assemble((f"{code} {SEVERITY_WORDS[severity]}", SEVERITY_STYLES[severity]), ("  " + headline, "bold"))
    return said.append(f"（{count} 处）") if count > 1 else said


def _where(found: Problem) -> str:
    """Where a problem is, and with which unit, where its message does not say."""
    if found.line is not None:
        return ""
    unit = "" if found.unit in found.where + found.message else found.unit
    return " ".join(filter(None, (found.where, unit)))


def _places(group: Sequence[Problem], known: str) -> str:
    """Where the problems are, or with which units; the file is left out where it is the one already ``known``."""
    places = []
    for each in group:
        file = "" if each.file == known and (each.cell or each.unit) else _name(each.file, 24)
        places.append(replace(each, file=file).where if file or each.cell else each.unit)
    return _some(list(dict.fromkeys(filter(None, places))), 3)


def _hanging(console: "Console", lead: str, text: str, style: str = "") -> None:
    """``text`` after ``lead``; where it breaks, it goes on beneath itself."""
    from rich.cells import cell_len

    for part in _folded(console, text, cell_len(lead)):
        console.print(lead + part, style=style)
        lead = " " * cell_len(lead)


def _folded(console: "Console", text: str, indent: int = 0) -> list[str]:
    """``text`` in lines that fit beside an indent; none begins with a mark that closes something."""
    from rich.cells import chop_cells

    room, rest, lines = max(10, console.width - indent - 1), " ".join(text.split()), []
    while rest:
        at = len(next(iter(chop_cells(rest[:room], room)), rest))  # what has no width is in no line
        while at > 1 and rest[at : at + 1] in CLOSING:
            at -= 1
        lines.append(rest[:at])
        rest = rest[at:]
    return lines or [""]
