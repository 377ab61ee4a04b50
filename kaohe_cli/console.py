"""What the terminal shows: tables, problems, progress. Results go to standard output, messages to standard error.

Nothing here needs more than 80 columns, colour, or letters that the terminal's encoding lacks.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, chain
from pathlib import Path
from shutil import get_terminal_size
from threading import Timer
from typing import IO, TYPE_CHECKING, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.catalogue import CATALOGUE, SEVERITY_WORDS, ProblemKind, Severity
from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import cut, width
from kaohe_cli.model import STATUS_WORDS, Change, GradeStanding, Query, Ranked, Ranking, Unit, UnitScore
from kaohe_cli.naming import readable
from kaohe_cli.points import HUNDRED, ZERO, fixed, minus
from kaohe_cli.stream import takes

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.text import Text

_T = TypeVar("_T")

SEVERITY_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}
GRADE_STYLES: Mapping[GradeStanding, str] = {
    "best": "bold green", "between": "green", "last": "yellow", "vetoed": "red", "open": "dim",
}  # fmt: skip
MOST_SECTIONS = 4  # that have columns in the ranking
LEFT = ("单位", "报送", "等次", "组别", "")  # columns of words; of figures are the others
WIDTH, LINES = 80, 25
UNBOUNDED = 100_000  # columns of what is not read on a screen, so that no line of it is broken
MOST_CHANGED = 8  # units whose change is shown
NAME, NAMED, LEAST_NAME = 24, 40, 8  # columns of a unit's name, of words beside numbers, of either at least
LEAST_BAR = 4
HEADINGS = 10  # columns of headings beside what is said
MOST_ASKED = 8  # queries that are shown
FINAL_ONCE = "牵涉得分的，经考核办核实后方可定稿"
LEAST_UNITS = 8  # that a ranking shows on any screen
REST = "其余见考核结果的“口径与敏感性”。"
MOST_EACH = 30  # problems of one kind that are told each, where every one has to be looked at
WORD = re.compile("[0-9A-Za-z.,%+_/-]{2}")  # two letters that stay together
OPENING = "（“《〔【([{"
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


def summary(
    ranking: Ranking, title: str, decide: Sequence[str] = (), weighing: Sequence[str] = (), advice: Sequence[str] = ()
) -> None:
    """The ranking: each unit's points and a bar; what people have to ``decide``; what is ``weighing``; then ``advice``.

    Of many units, and of the advice, a screen shows what it has room for. What is not read on a screen is whole.
    """
    console = _console(sys.stdout)
    notes = [(line, "yellow") for text in (*_missing(ranking), *decide) for line in _folded(console, text)]
    notes += [(line, "") for text in weighing for line in _folded(console, text)]
    notes += [(REST, "dim")] if weighing else []
    more = [[(line, "") for line in _folded(console, text)] for text in advice]
    shown = ranking.units
    if console.is_terminal:
        room = console.height - 6  # title, header, its line, a blank one, what comes next, the prompt
        units = max(room - len(notes), LEAST_UNITS)
        shown = shown if len(shown) <= units else shown[: units - 1]
        left = max(room - min(units, len(ranking.units)) - len(notes), 0)
        if sum(map(len, more)) > left:
            rest = [] if weighing else [[(REST, "dim")]]
            taken = accumulate(map(len, more), initial=len(rest))
            more = [*(text for text, before in zip(more, taken, strict=False) if before + len(text) <= left), *rest]
    console.print(title + ("" if ranking.final else "（暂定）"), style="bold")
    _put(console, _ranking_columns(console, ranking, shown), _bars(console, ranking, shown))
    if len(shown) < len(ranking.units):
        console.print(f"……另有 {len(ranking.units) - len(shown)} 个单位，见考核结果的“排名”。", style="dim")
    if notes or more:
        console.print()
    for line, style in (*notes, *chain.from_iterable(more)):
        console.print(line, style=style)


def scores(found: Sequence[UnitScore]) -> None:
    """After the returns were read: how each unit's return stands, what the rules give so far, what is not known."""
    console = _console(sys.stdout)
    waiting = [sum(criterion.points is None for item in each.items for criterion in item.criteria) for each in found]
    _put(console, [
        _Column("单位", [_unit(console, each.unit) for each in found], NAME),
        _Column("报送", [_legible(console, STATUS_WORDS[each.status]) for each in found], least=6),
        _Column("自评总分", [_points(console, each.self_total) for each in found]),
        _Column("已定得分", [_points(console, each.decided) for each in found]),
        _Column("待定细则", [
            f"{count} {_legible(console, '条')}" if count else _legible(console, "无") for count in waiting
        ]),
    ])  # fmt: skip


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
        what = f"{_name(_unit(console, each.unit), NAME)} {each.label} {each.value}，{each.influence.said}"
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
        _put(console, [
            _Column("单位", [_unit(console, Unit(each.code, each.unit, "")) for each in shown], NAME),
            _Column("总分", [_from_to(console, each.total, _points) for each in shown]),
            _Column("名次", [_from_to(console, each.place, _place) for each in shown]),
            _Column("等次", [_from_to(console, each.grade, _legible) for each in shown]),
        ])  # fmt: skip
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


def explanation(lines: Iterable[str], files: Iterable[Path] = ()) -> None:
    """How points came about, a line each, on standard output; ``files`` that are named are led to."""
    console = _console(sys.stdout)
    links = _links(console, files)
    for line in lines:
        text = line.lstrip(" ")
        _hanging(console, " " * (len(line) - len(text)), text, links=links)


def numbers(rows: Sequence[Sequence[str]]) -> None:
    """A table of words and, beside them, numbers; the headings are the first of ``rows``. Nothing without any."""
    if not rows:
        return
    head, *others = rows
    first, *rest = zip(*others, strict=True) if others else [()] * len(head)
    columns = [_Column(title, cells, right=True) for title, cells in zip(head[1:], rest, strict=True)]
    _put(_console(sys.stdout), [_Column(head[0], first, NAMED, right=False), *columns])


def facts(title: str, rows: Iterable[tuple[str, str]], files: Iterable[Path] = ()) -> None:
    """Under a title what there is to say, each beside its heading; an empty heading goes on with the one above.

    ``files`` that are named are led to.
    """
    console = _console(sys.stdout)
    links = _links(console, files)
    _hanging(console, "", title, "bold")
    for heading, text in rows:
        _hanging(console, heading + " " * (HEADINGS - width(heading)), text, links=links)


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
    for label, text in (("含义", kind.why), ("改法", kind.general_fix), ("例子", kind.example)):
        if text:
            _hanging(console, f"{label}：", text)


def done(text: str, files: Iterable[Path] = ()) -> None:
    """Something that was made, on standard error; ``files`` that are named are led to."""
    console = _console(sys.stderr)
    _hanging(console, "", text, "green", _links(console, files))


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
    elif console.is_dumb_terminal:  # which rich takes for one of 80 columns
        console.size = get_terminal_size((WIDTH, LINES))
    return console


def _glyphs(console: "Console") -> Glyphs:
    if console.encoding.lower().startswith("utf"):
        return RICH
    return GBK if takes(GBK.branch + GBK.end, console.encoding) else ASCII


def _legible(console: "Console", text: str) -> str:
    """``text``, or what stands for it on a terminal without Chinese letters."""
    return text if takes(text, console.encoding) else WITHOUT_CHINESE.get(text, "?")


class _Column(Struct):
    """A column of a table: what has figures is always whole, what has names is cut where there is no room."""

    heading: str
    cells: Sequence[str]
    most: int = 0  # columns of a screen that its names take at most; 0: they are never cut
    least: int = 0
    dropped: int = 0  # the turn in which it is left out where there is no room; 0: never
    styles: Sequence[str] = ()  # of its cells; empty: none
    right: bool | None = None  # None: by its heading

    def width(self, console: "Console") -> int:
        """What it takes."""
        widest = max(map(_extent, (_legible(console, self.heading), *self.cells)))
        return max(min(widest, self.most) if self.most else widest, self.least)


def _put(console: "Console", columns: Sequence[_Column], bars: Callable[[int], _Column] | None = None) -> None:
    """A table in the room that there is; ``bars`` makes of what is left of it a column of drawings."""
    from rich.text import Text

    room = min(console.width, WIDTH) - 1
    shown, widths = _fitted(console, columns, room)
    left = room - sum(widths) - len(widths)
    if bars and left >= LEAST_BAR:
        shown, widths = [*shown, bars(left)], [*widths, left]
    right = [each.heading not in LEFT if each.right is None else each.right for each in shown]

    def line(cells: Iterable[str], styles: Iterable[str]) -> Text:
        said = Text()
        for number, (cell, style, held, flush) in enumerate(zip(cells, styles, widths, right, strict=True)):
            cell = _name(cell, held)
            blank = " " * (held - _extent(cell))
            said.append(" " * bool(number) + blank * flush).append(cell, style).append(blank * (not flush))
        said.rstrip()
        return said

    lines = [line([_legible(console, each.heading) for each in shown], ["bold"] * len(shown))]
    lines.append(Text(_glyphs(console).line * (sum(widths) + len(widths) - 1)))
    for cells, styles in zip(
        zip(*(each.cells for each in shown), strict=True),
        zip(*(each.styles or [""] * len(each.cells) for each in shown), strict=True),
        strict=True,
    ):
        lines.append(line(cells, styles))
    for each in lines:
        console.print(each, soft_wrap=True)


def _fitted(console: "Console", columns: Sequence[_Column], room: int) -> tuple[list[_Column], list[int]]:
    """The columns that ``room`` holds, and their widths: first some are left out, then names are cut; never figures."""
    shown = list(columns)
    while sum(each.width(console) + 1 for each in shown) - 1 > room and any(each.dropped for each in shown):
        shown.remove(min((each for each in shown if each.dropped), key=lambda each: each.dropped))
    widths = [each.width(console) for each in shown]
    for number, each in sorted(enumerate(shown), key=lambda found: -found[1].most):
        over = sum(widths) + len(widths) - 1 - room
        if each.most and over > 0:
            widths[number] = max(widths[number] - over, min(LEAST_NAME, widths[number]))
    return shown, widths


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
        return ranked.grade
    if ranked.score.veto or ranked.grade not in ranking.grades:
        return _legible(console, "否决" if ranked.score.veto else ranked.grade)
    return str(ranking.grades.index(ranked.grade) + 1)


def _ranking_columns(console: "Console", ranking: Ranking, shown: Sequence[Ranked]) -> list[_Column]:
    scores, all_ = [each.score for each in shown], [each.score for each in ranking.units]
    gaps = [minus(each.total, each.self_total) for each in scores]
    columns = [
        _Column("名次", [_place(console, each.place) + _legible(console, "并") * each.tied for each in shown], least=4),
        _Column("单位", [_unit(console, each.unit) for each in scores], 18),
        *(
            _Column(title, [_points(console, each.section(id).points) for each in scores], least=5, dropped=5)
            for title, id in _headings(console, ranking).items()
        ),
        _Column("加分", [_points(console, each.bonus) for each in scores], least=5, dropped=4),
        _Column("总分", [_points(console, each.total) for each in scores], least=6, styles=["bold"] * len(scores)),
        _Column("比自评", [_points(console, None) if gap is None else format(gap, "+.2f") for gap in gaps], dropped=1),
    ]  # fmt: skip
    if any(each.grade for each in ranking.units):
        styles = [GRADE_STYLES[ranking.graded(each)] for each in shown]
        columns.insert(-1, _Column("等次", [_grade(console, ranking, each) for each in shown], 8, 8, styles=styles))
    if any(each.capped for each in all_):
        total = next(at for at, each in enumerate(columns) if each.heading == "总分")
        capped = [_points(console, each.capped) for each in scores]
        columns.insert(total, _Column("封顶", capped, least=5, dropped=3))
    if any(each.group for each in all_):
        columns.insert(2, _Column("组别", [_legible(console, each.group) for each in scores], 8, dropped=2))
    return columns


def _bars(console: "Console", ranking: Ranking, shown: Sequence[Ranked]) -> Callable[[int], _Column]:
    longest = max([HUNDRED, *(each.score.total for each in ranking.units if each.score.total is not None)])
    styles = [GRADE_STYLES[ranking.graded(each)] for each in shown]

    def bars(room: int) -> _Column:
        lengths = (int((each.score.total or ZERO) / longest * room) for each in shown)
        return _Column("", [_glyphs(console).bar * length for length in lengths], styles=styles)

    return bars


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


def _from_to(console: "Console", pair: tuple[_T, _T], said: Callable[["Console", _T], str]) -> str:
    """Both of ``pair`` where they differ: 86.50 → 87.00."""
    before, now = (said(console, each) for each in pair)
    return now if before == now else f"{before} {_glyphs(console).arrow} {now}"


def _unit(console: "Console", unit: Unit) -> str:
    return unit.name if takes(unit.name, console.encoding) else unit.code


def _name(name: str, room: int) -> str:
    """``name`` in one line of ``room`` columns, its cut end marked."""
    name = " ".join(name.split())
    return name if _extent(name) <= room else cut(name, room)


def _extent(text: str) -> int:
    """The columns that ``text`` takes on a screen."""
    from rich.cells import cell_len

    return cell_len(text)


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


def _hanging(console: "Console", lead: str, text: str, style: str = "", links: Mapping[str, str] = {}) -> None:
    """``text`` after ``lead``; where it breaks, it goes on beneath itself. What ``links`` name leads there."""
    from rich.style import Style
    from rich.text import Text

    text, at = " ".join(text.split()), 0
    spans = [
        (found.span(), uri)
        for name, uri in links.items()
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    for part in _folded(console, text, _extent(lead)):
        line = Text(lead + part, style)
        for (start, end), uri in spans:
            line.stylize(Style(link=uri), max(start - at, 0) + len(lead), max(end - at, 0) + len(lead))
        console.print(line, soft_wrap=True)
        lead, at = " " * _extent(lead), at + len(part)


def _links(console: "Console", files: Iterable[Path]) -> Mapping[str, str]:
    """Where the names of ``files`` lead to, if they exist, and the terminal can; the longest last, which counts."""
    if not console.is_terminal or console.legacy_windows:
        return {}
    there = [path for path in files if path.exists()]
    names = {readable(name): path.absolute().as_uri() for path in there for name in (path.name, str(path))}
    return {name: names[name] for name in sorted(names, key=len) if name}


def _folded(console: "Console", text: str, indent: int = 0) -> list[str]:
    """``text`` in lines that fit beside an indent; none begins with a mark that closes something, or in a number."""
    from rich.cells import chop_cells

    room, rest, lines = max(10, console.width - indent - 1), " ".join(text.split()), []
    while rest:
        at = _break(rest, len(next(iter(chop_cells(rest[:room], room)), rest)))  # what has no width is in no line
        lines.append(rest[:at])
        rest = rest[at:]
    return lines or [""]


def _break(text: str, most: int) -> int:
    """Where ``text`` breaks, after ``most`` letters or before: not at such a mark, nor in a word that a line holds."""

    def earlier(words: bool) -> int:
        at = most
        while 1 < at < len(text) and (
            text[at] in CLOSING or text[at - 1] in OPENING or (words and WORD.fullmatch(text[at - 1 : at + 1]))
        ):
            at -= 1
        return at

    at = next((at for at in (earlier(True), earlier(False)) if at > 1), most)
    return at + (text[at : at + 1] == " ")
