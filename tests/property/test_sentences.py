"""No sentence contradicts its points: the numbers are read out of it and the rule is worked on them, in fractions.

Every statement of a sentence is held against the others: amounts, distances, directions, counts, what is asked, what
is taken off, shared and rounded. Nothing of a sentence may be left unread.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from math import ceil, floor

import pytest
from amounts import amount
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from kaohe_cli.assess.evidence import evidence_of
from kaohe_cli.assess.explain import explain
from kaohe_cli.assess.score import called, criterion_score, full_points, rule_points
from kaohe_cli.model import Case, Entry, ItemScore, Mark, UnitScore
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Judged
from kaohe_cli.scheme.scheme import Scheme

pytestmark = pytest.mark.slow

Figures = Mapping[str, Decimal | Mark]

MILLIONTH = Decimal("0.000001")
PERIODS = {"全年预计": "全年预计", "1—10月累计": "1—10月", "全年实绩": "全年"}

# ── reading a sentence ──────────────────────────────────────────────────────────────────────────────────

NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
UNIT = r"(?:%| (?:亿元|万平方米|综合指数|家|条|项|座))"
DISTANCE = rf"(?P<by>{NUMBER})(?P<kind>%| 个百分点| (?:亿元|万平方米|综合指数|家|条|项|座))"
OTHER = rf"(?P<other>\D+?) ?(?P<base>{NUMBER}){UNIT}"

SUBJECT = re.compile(rf"(?P<name>.+?) ?(?P<value>{NUMBER}){UNIT}")
RELATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"与{OTHER}(?P<way>持平)",
        rf"与{OTHER} (?P<way>相差) {DISTANCE}",
        rf"(?P<way>超过|低于){OTHER} {DISTANCE}",
        rf"比{OTHER}(?P<way>增长|减少|提高|降低) {DISTANCE}",
        rf"(?P<way>为){OTHER}的 (?P<by>{NUMBER})(?P<kind>%)",
    )
)
UP, DOWN = ("超过", "增长", "提高"), ("低于", "减少", "降低")
VERDICT = re.compile(
    rf"(?P<not>未)?达到(?:(?P<percent>{NUMBER})%|(?P<many>\d+)/(?P<few>\d+))(?P<above>以上)?(?P<strict>（不含本数）)?"
)
COUNTED = re.compile(rf"(?P<not>未)?达到不低于 (?P<least>{NUMBER}) 条的要求")
PART = re.compile(rf"(?P<said>.+)（(?P<points>{NUMBER}) 分）")
ALL = re.compile(r"(?P<count>\d) 项(?:都达到|中有 (?P<failing>\d) 项未达到)")

TAIL = re.compile(rf"，(?P<rounded>四舍五入后)?(?:(?P<nothing>不得分|不加分)|(?P<verb>得|加) (?P<points>{NUMBER}) 分)")
SHARED = re.compile(
    rf"(?P<said>.+)，得 (?P<raw>{NUMBER}) 分；分担无任务细则的分值，"
    rf"满分由 (?P<own>{NUMBER}) 分调为 (?P<full>{NUMBER}) 分"
)
GATE = re.compile("(?P<said>.+)，未达到“完成销售产值目标”")
WAIVED = re.compile(
    r"(?P<title>.+)注明无任务，(?:(?P<how>按满分计|分值由同项其余细则分担))?，?"
    rf"(?:不得分|不加分|得 (?P<points>{NUMBER}) 分)?"
)

STEP = "50 亿元|1 个百分点"
COUNTS = {
    "whole": re.compile(rf"满 (?P<count>[\d,]+) 个(?: 50 亿元|百分点)|不满 (?:{STEP})"),
    "part": re.compile(rf"按比例(?:计|合 (?P<count>{NUMBER}) 个 50 亿元)"),
    "started": re.compile(r"不足 1 个百分点的按 1 个百分点计"),
}
TAKEN = re.compile(rf"扣 (?P<points>{NUMBER}) 分")


def exact(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


class Told(Struct):
    """What a sentence tells of two figures; the second may be a number that is asked."""

    name: str
    value: Fraction
    base: Fraction
    reached: bool
    forms: tuple[str, ...]  # which forms of words were met
    asked: str = ""  # 12%以上

    @property
    def gap(self) -> Fraction:
        return self.value - self.base


def comparison(text: str) -> Told:
    """A comparison with its verdict, if it has one; whatever it says is held against its own amounts."""
    clauses = text.split("，")
    subject = SUBJECT.fullmatch(clauses[0])
    assert subject, text
    assert "-" not in subject["value"] or not subject["name"].endswith(("下降", "上升")), f"{text}: the wrong way round"
    value = exact(subject["value"]) * (-1 if subject["name"].endswith("上升") else 1)
    forms: tuple[str, ...] = ("上升",) if subject["name"].endswith("上升") else ()
    if counted := COUNTED.fullmatch(clauses[1]):
        least = exact(counted["least"])
        assert (value < least) == bool(counted["not"]), text
        assert len(clauses) == 2
        asked = counted[0].removeprefix("未").removeprefix("达到")
        return Told(subject["name"], value, least, value >= least, ("不低于",), asked)
    relation = next((found for each in RELATIONS if (found := each.fullmatch(clauses[1]))), None)
    assert relation, text
    base, way = exact(relation["base"]), relation["way"]
    shown = distance(relation, value, base, text)
    reached, asked = value >= base, ""
    if clauses[2:] in (["未超过"], ["未低于"]):
        assert value == base, text
        return Told(subject["name"], value, base, False, (*forms, way, clauses[2]))
    if clauses[2:]:
        verdict = VERDICT.fullmatch(clauses[2])
        assert verdict, text
        assert len(clauses) == 3
        reached = demanded(verdict, way, shown, value, base, text)
        asked = verdict[0].removeprefix("未").removeprefix("达到")
    assert (way == "相差") == subject["name"].endswith("上升"), text
    return Told(subject["name"], value, base, reached, (*forms, way), asked)


def distance(relation: re.Match[str], value: Fraction, base: Fraction, text: str) -> Fraction:
    """How far the figures are apart as it is said; it must be so, and on the side that is said."""
    way = relation["way"]
    if way == "持平":
        assert value == base, text
        return Fraction(0)
    assert way not in UP or value > base, text
    assert way not in DOWN or value < base, text
    said = exact(relation["by"])
    if relation["kind"] != "%":
        assert said == abs(value - base), text
        return said
    assert base > 0, text
    meant = 100 * value / base if way == "为" else 100 * abs(value - base) / base
    places = len(relation["by"].partition(".")[2])
    assert abs(said - meant) <= Fraction(1, 2 * 10 ** max(places, 2)), text
    assert said == meant or said.denominator != 1, f"{text}: a whole number that it is not"
    return said


def demanded(verdict: re.Match[str], way: str, shown: Fraction, value: Fraction, base: Fraction, text: str) -> bool:
    """Whether what is asked is reached: by the verdict, by the percentage that is shown, by the amounts themselves."""
    asked = exact(verdict["percent"] or "0")
    if verdict["many"]:
        asked = Fraction(100 * int(verdict["many"]), int(verdict["few"]))
    bound = base * (asked if way == "为" else 100 + asked) / 100
    told = -shown if way in DOWN else shown
    reached = not verdict["not"]
    assert reached == (value > bound if verdict["strict"] else value >= bound), text
    assert reached == (told > asked if verdict["strict"] else told >= asked), text
    assert way != "相差"
    assert verdict["above"] or asked == 100
    return reached


# ── working the rules on what was read ──────────────────────────────────────────────────────────────────

FULL = {
    "1.1.1": 4, "1.1.2": 1, "1.1.4": 4, "1.1.5": 4, "1.1.6": 2, "1.2.1": 2, "1.2.2": 2, "1.2.3": 2, "1.2.4": 2,
    "1.2.5": 2, "1.3.1": 2, "1.3.2": 1, "1.3.3": 2, "1.3.4": 2, "1.3.5": 1, "1.3.6": 1, "1.3.7": 1,
}  # fmt: skip
BONUSES = ("1.1.2", "1.1.3", "1.1.6")


class Read(Struct):
    """What a sentence of a criterion came to."""

    points: Fraction
    comparisons: tuple[Told, ...] = ()
    forms: tuple[str, ...] = ()


def sentence(id: str, chosen: Mapping[str, str], text: str, full: Decimal | None = None) -> Read:
    """The points that the statements of a sentence lead to; they must be those that it ends with."""
    tail = re.search(TAIL.pattern + "$", text)
    assert tail, text
    said = exact(tail["points"]) if tail["points"] else Fraction(0)
    assert bool(tail["nothing"]) == (said == 0), text
    assert ("加" in tail[0]) == (id in BONUSES), text
    body, forms = text[: tail.start()], [tail["nothing"] or tail["verb"]]
    if gate := GATE.fullmatch(body):
        told = comparison(gate["said"])
        assert id in ("1.1.2", "1.1.3")
        assert chosen.get("sales.gate", "required") == "required"
        assert not told.reached
        assert said == 0
        assert not tail["rounded"]
        return Read(said, (told,), (*told.forms, "前提"))
    shared = SHARED.fullmatch(body)
    counted = id in ("1.1.3", "1.1.6") or (id == "1.1.5" and chosen.get("energy.short") != "all_or_nothing")
    found = (steps if counted else award)(id, chosen, shared["said"] if shared else body)
    due = found.points
    if shared:
        assert exact(shared["raw"]) == due, text
        assert exact(shared["own"]) == FULL[id], text
        assert full is not None
        assert exact(shared["full"]) == Fraction(full), text
        due = due * exact(shared["full"]) / exact(shared["own"])
        forms.append("分担")
    assert said == Fraction(floor(due * 100 + Fraction(1, 2)), 100), text
    assert bool(tail["rounded"]) == (said != due), f"{text}: rounded or not"
    forms += ["四舍五入后"] if tail["rounded"] else []
    return Read(said, found.comparisons, (*found.forms, *forms))


def award(id: str, chosen: Mapping[str, str], body: str) -> Read:
    """Points for what was reached, or done."""
    clauses = body.split("；")
    if id == "1.1.4" and chosen.get("remainder") == "both":
        *clauses, last = clauses
        count = ALL.fullmatch(last)
        assert count, body
        told = tuple(comparison(each) for each in clauses)
        failing = sum(not each.reached for each in told)
        assert int(count["count"]) == len(told) == 2, body
        assert int(count["failing"] or 0) == failing, body
        return Read(Fraction(0 if failing else 4), told, (*forms_of(told), "都达到" if not failing else "项未达到"))
    if id == "1.1.4" and chosen.get("remainder") == "split":
        parts = [PART.fullmatch(each) for each in clauses]
        told = tuple(comparison(part["said"]) for part in parts if part)
        assert len(told) == len(parts) == 2, body
        for part, each in zip(parts, told, strict=True):
            assert part
            assert exact(part["points"]) == (2 if each.reached else 0), body
        return Read(Fraction(sum(2 for each in told if each.reached)), told, (*forms_of(told), "各得"))
    assert len(clauses) == 1, body
    if id in DONE:
        done = not any(word in body for word in ("未完成", "未实施", "未分解", "未及时", "未淘汰", "未关闭"))
        assert done == any(word in body for word in ("已完成", "已实施", "已分解落实", "已淘汰", "已关闭")), body
        return Read(Fraction(FULL[id] if done else 0), (), ("已" if done else "未",))
    told = (comparison(body),)
    return Read(Fraction(FULL[id] if told[0].reached else 0), told, told[0].forms)


def steps(id: str, chosen: Mapping[str, str], body: str) -> Read:
    """Points for each step that counts, or taken off for it."""
    clauses = body.split("，")
    told, more = comparison("，".join(clauses[:2])), clauses[2:]
    gap = -told.gap if id == "1.1.5" else told.gap
    reading = {"1.1.3": "growth50.steps", "1.1.5": "energy.short.steps", "1.1.6": "energy.bonus.steps"}[id]
    how = chosen.get(reading, "started" if id == "1.1.5" else "whole")
    step = Fraction(50 if id == "1.1.3" else 1)
    exactly = {"whole": Fraction(floor(gap / step)), "started": Fraction(ceil(gap / step)), "prorata": gap / step}
    count, forms = exactly[how] if gap > 0 else Fraction(0), list(told.forms)
    if gap > 0:
        kind = "part" if how == "prorata" else how
        found = COUNTS[kind].fullmatch(more[0]) if more else None
        if found:
            more = more[1:]
            forms.append(re.sub(NUMBER, "", found[0]))
            if how == "started":
                assert gap.denominator != 1, f"{body}: no part of a step"
            elif "count" in found.groupdict() and found["count"]:
                assert exact(found["count"]) == count > 0, body
            elif how == "whole":
                assert count == 0, body
        else:
            # a number of whole steps of one goes without saying
            assert how != "prorata", body
            assert gap.denominator == 1, body
            assert step == 1, body
    if id == "1.1.5" and count:
        taken = TAKEN.fullmatch(more[0])
        assert taken, body
        assert exact(taken["points"]) == count, body
        more = more[1:]
        forms.append("扣")
    over = count > 4
    if over and id == "1.1.5":
        assert more == ["扣完为止"], body
    elif over and id == "1.1.6":
        assert more == ["限加 2 分"], body
    else:
        assert more == [], body
    forms += more
    points = {"1.1.3": count, "1.1.5": max(4 - count, Fraction(0)), "1.1.6": min(count / 2, Fraction(2))}[id]
    return Read(points, (told,), tuple(forms))


def forms_of(told: tuple[Told, ...]) -> tuple[str, ...]:
    return tuple(form for each in told for form in each.forms)


# ── figures near what decides ───────────────────────────────────────────────────────────────────────────

TARGETS = {"1.1.1": "sales", "1.2.1": "invest", "1.2.2": "tech", "1.2.4": "land", "1.3.4": "clean"}
DONE = {
    "1.2.3": "projects", "1.2.5": "double", "1.3.1": "saving", "1.3.2": "audit", "1.3.3": "online",
    "1.3.5": "obsolete", "1.3.6": "closed", "1.3.7": "plants",
}  # fmt: skip
CHANGING: Mapping[str, tuple[str, ...]] = {
    "1.1.2": ("over5", "sales.gate"),
    "1.1.3": ("growth50.base", "growth50.steps", "sales.gate"),
    "1.1.4": ("remainder", "over12"),
    "1.1.5": ("energy.short", "energy.short.steps"),
    "1.1.6": ("energy.bonus.steps",),
}
OPTIONS = {reading.id: [option.id for option in reading.option] for reading in load().content.reading}
WAIVABLE = {
    **{id: f"{measure}.target" for id, measure in TARGETS.items()},
    **{id: f"{measure}.done" for id, measure in DONE.items()},
}
RULED = (*TARGETS, *DONE, *CHANGING)
DRAWN = (*RULED, *3 * (*CHANGING, "1.1.3"))  # what readings change is drawn oftener

LARGE, BENEFIT = ("invest_large", "prior"), ("benefit", "prior")


class Line(Struct, frozen=True):
    """A criterion by one set of readings, and what is waived."""

    id: str
    readings: tuple[tuple[str, str], ...]
    waived: frozenset[str] = frozenset()  # criteria

    @property
    def chosen(self) -> Mapping[str, str]:
        return dict(self.readings)

    @property
    def scheme(self) -> Scheme:
        return in_force(self.readings)

    @property
    def criterion(self) -> Criterion:
        return self.scheme.criteria[self.id]

    @property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """The figures of each comparison in its sentence, what was achieved first."""
        measures = {"investment": (LARGE,), "both": (LARGE, BENEFIT), "benefit": (BENEFIT,), "split": (BENEFIT, LARGE)}
        read: tuple[tuple[str, str], ...] = ((TARGETS.get(self.id, "sales"), "target"),)
        if self.id == "1.1.3":
            read = (("sales", self.chosen["growth50.base"]),)
        elif self.id == "1.1.4":
            read = measures[self.chosen["remainder"]]
        elif self.id in ("1.1.5", "1.1.6"):
            read = (("energy", "target"),)
        return tuple((f"{measure}.actual", f"{measure}.{base}") for measure, base in read)


@cache
def in_force(readings: tuple[tuple[str, str], ...]) -> Scheme:
    return load(readings=dict(readings))


def chosen_for(id: str) -> list[tuple[tuple[str, str], ...]]:
    """Every combination of the readings that change a criterion."""
    names = (*CHANGING.get(id, ()), "no_task")
    made = [tuple(zip(names, options, strict=True)) for options in product(*(OPTIONS[name] for name in names))]
    at_once = ("energy.short", "all_or_nothing")
    return [each for each in made if at_once not in each or ("energy.short.steps", "started") in each]


@st.composite
def lines(draw: st.DrawFn) -> Line:
    id = draw(st.sampled_from(DRAWN))
    return Line(id, draw(st.sampled_from(chosen_for(id))), draw(st.frozensets(st.sampled_from(sorted(WAIVABLE)))))


millionths = st.integers(-2, 2).map(lambda count: count * MILLIONTH)
hairs = millionths | st.sampled_from([Decimal(text) for text in ("0.01", "-0.01", "0.5", "-0.5", "0.004", "-3.999999")])
bases = st.one_of(
    st.sampled_from(
        [Decimal(text) for text in ("0", "0.000001", "1", "100", "100.000008", "89285.714285", "99999.999999")]
    ),
    st.builds(lambda count, places: Decimal(count).scaleb(-places), st.integers(0, 10**5), st.integers(0, 6)),
    st.integers(0, 10**11).map(lambda count: Decimal(count).scaleb(-6)),
)
RATIOS = [Decimal(text) for text in ("1", "1.05", "1.1", "1.12", "1.14", "1.2", "0.85", "0.9", "0.8", "0.05", "2")]


def six(value: Decimal, least: int = 0, most: int = 100_000) -> Decimal:
    """``value`` as a figure can be."""
    return min(max(value.quantize(MILLIONTH, ROUND_HALF_UP), Decimal(least)), Decimal(most)).normalize() + 0


def beside(base: Decimal) -> st.SearchStrategy[Decimal]:
    """Figures at a multiple of ``base``, a number of 50 or of half cents from it, a hair beside that, or anywhere."""
    multiples = st.builds(lambda ratio, hair: base * ratio + hair, st.sampled_from(RATIOS), hairs)
    counts = st.integers(-2, 20) | st.integers(0, 2000)
    grown = st.builds(lambda count, hair: base + 50 * count + hair, counts, hairs)
    cents = st.builds(lambda count, hair: base + Decimal(count) / 4 + hair, st.integers(-9, 400), millionths)
    return st.one_of(multiples, grown, cents, bases).map(six)


energies = st.builds(
    lambda count, part, hair: six(count + part + hair, -100, 100),
    st.integers(-7, 12) | st.integers(-100, 100),
    st.sampled_from([Decimal(text) for text in ("0", "0", "0.005", "0.01", "0.5", "0.995")]),
    millionths,
)


@st.composite
def figures(draw: st.DrawFn, line: Line) -> Figures:
    """The figures of a line, and of what must be met first."""
    if line.id in DONE:
        return {f"{DONE[line.id]}.done": draw(st.sampled_from([Mark.DONE, Mark.NOT_DONE]))}
    if line.id in ("1.1.5", "1.1.6"):
        return {"energy.target": draw(st.sampled_from([Decimal(4), Decimal(5)])), "energy.actual": draw(energies)}
    made: dict[str, Decimal] = {}
    for actual, base in line.compared:
        made[base] = six(draw(bases))
        made[actual] = draw(beside(made[base]))
    if line.id == "1.1.3":
        other = "sales.prior" if line.chosen["growth50.base"] == "target" else "sales.target"
        made[other] = six(made["sales.actual"] + draw(hairs)) if draw(st.booleans()) else draw(bases)
    if line.id == "1.3.4":
        made = {name: value.to_integral_value() for name, value in made.items()}
    return made


@st.composite
def cases(draw: st.DrawFn) -> tuple[Line, Figures, str]:
    line = draw(lines())
    return line, draw(figures(line)), draw(st.sampled_from(["", *PERIODS]))


# ── the laws ────────────────────────────────────────────────────────────────────────────────────────────

MANY = settings(max_examples=amount(300, 1000), suppress_health_check=list(HealthCheck))


def entered(line: Line, values: Figures, period: str = "") -> dict[str, Entry]:
    made = {name: Entry(value) for name, value in values.items()}
    made |= {WAIVABLE[id]: Entry(Mark.NO_TASK) for id in line.waived}
    return made | ({"period": Entry(period)} if period else {})


def by_name(scheme: Scheme, entries: Mapping[str, Entry]) -> Mapping[str, str]:
    """The figure that each name in a sentence means."""
    return {named.called: name for name, named in called(scheme, entries).items()}


def held(line: Line, values: Figures, period: str = "") -> tuple[str, ...]:
    """The forms of words in the sentence of a criterion, once every statement in it was held against the others."""
    scheme, criterion, entries = line.scheme, line.criterion, entered(line, values, period)
    points, state, (text,) = rule_points(scheme, criterion, entries)
    if state == "no_task":
        assert points is not None
        found = WAIVED.fullmatch(text)
        assert found, text
        said = exact(found["points"]) if found["points"] else Fraction(0)
        assert said == Fraction(points), text
        how = {"full": "按满分计", "zero": None, "rescale": "分值由同项其余细则分担"}[line.chosen["no_task"]]
        assert found["how"] == (None if line.id in BONUSES else how), text
        assert said == (FULL[line.id] if found["how"] == "按满分计" else 0), text
        return ("注明无任务", found["how"] or "")
    if state == "undecided":
        assert points is None
        assert text.endswith("，待考核办定分")
        if "都注明无任务" in text:
            return ("都注明无任务",)
        nothing = re.match(r"(.+?) 0 亿元，以零为基数的比例无从计算", text)
        assert nothing, text
        assert entries[by_name(scheme, entries)[nothing[1]]].value == 0, text
        return ("以零为基数",)
    assert state == "scored"
    assert points is not None
    read = sentence(line.id, line.chosen, text, full_points(scheme, criterion, entries))
    assert read.points == Fraction(points), text
    compared = (("sales.actual", "sales.target"),) if "前提" in read.forms else line.compared
    names = called(scheme, entries)
    for told, (actual, base) in zip(read.comparisons, compared if read.comparisons else (), strict=True):
        value, bound = values[actual], values[base]
        assert isinstance(value, Decimal)
        assert isinstance(bound, Decimal)
        assert (told.value, told.base) == (Fraction(value), Fraction(bound)), text
        if not actual.startswith("energy"):
            assert told.name.startswith(PERIODS.get(period, "全年")), text
        assert told.name.replace("上升", "下降") == names[actual].called, text
        if "前提" not in read.forms:
            assert told.asked == asked(line, actual), text
    return read.forms


def asked(line: Line, figure: str) -> str:
    """What the notice asks of ``figure`` in percent, by the reading in force."""
    percent, reading = {"invest_large.actual": ("12%以上", "over12")}.get(figure, ("", ""))
    if line.id == "1.1.2":
        percent, reading = "5%以上", "over5"
    return f"{percent}（不含本数）" if line.chosen.get(reading) == "strict" else percent


@MANY
@given(cases())
def test_no_sentence_of_a_criterion_contradicts_its_points(case: tuple[Line, Figures, str]) -> None:
    held(*case)


ASKED = {
    "invest": "12%以上", "tech": "14%以上", "upscale": "10%以上", "monthly": "不低于 1 条的要求", "centers": "85%以上",
    "keyprojects": "2/3以上", "barriers": "80%以上", "injury": "90%以上", "chemicals": "100%", "loans": "20%以上",
    "credit": "5%以上",
}  # fmt: skip
ABOVE = ("benefit", "hitech_sales", "hitech_profit", "hitech_tax", "newproduct")  # as much is not enough
TESTED = sorted({measure for chosen in ({}, {"remainder": "benefit"}) for measure in load(readings=chosen).evidence})


def measured_by(measure: str) -> str:
    """The figure that an evidence compares this year's with; empty: a number."""
    scheme = in_force((("remainder", "benefit" if measure == "invest_large" else "investment"),))
    return scheme.evidence[measure][1].test.right or ""


@st.composite
def evidence(draw: st.DrawFn) -> tuple[str, str, Figures]:
    """A requirement, the reading of 12%以上, and figures within their limits."""
    measure = draw(st.sampled_from(TESTED))
    figures = dict(load().measures[measure].figures())
    most = figures["actual"].max or Decimal(0)
    base, drawn = measured_by(measure), draw(bases)
    values = {**({base: drawn} if base else {}), f"{measure}.actual": draw(beside(drawn))}
    if measure.startswith("hitech") and draw(st.booleans()):
        values = {name: -each for name, each in values.items()}
    for name, each in values.items():
        least = figures[name.partition(".")[2]].min or Decimal(0)
        values[name] = max(min(each, most), least)
        if figures["actual"].whole:
            values[name] = values[name].to_integral_value()
    if figures["actual"].at_most:
        values[f"{measure}.actual"] = min(values.values())
    return measure, draw(st.sampled_from(OPTIONS["over12"])), values


@MANY
@given(evidence())
def test_no_sentence_of_an_evidence_contradicts_its_result(case: tuple[str, str, Figures]) -> None:
    shown(*case)


def shown(measure: str, over12: str, values: Figures) -> tuple[str, ...]:
    """The forms of words in the sentence of an evidence, once it was held against its result."""
    remainder = "benefit" if measure == "invest_large" else "investment"
    scheme = in_force((("remainder", remainder), ("over12", over12)))
    entries = {name: Entry(value) for name, value in values.items()}
    item = scheme.evidence[measure][0]
    found = next(each for each in evidence_of(scheme, item, entries) if each.measure == measure)
    base = next((name for name in values if not name.endswith(".actual")), "")
    if found.result == "不适用":
        assert values[base] == 0
        assert measure in (*ASKED, "invest_large")
        nothing = re.fullmatch(rf"(.+?) ?0{UNIT}，比例无从计算", found.said)
        assert nothing, found.said
        assert entries[by_name(scheme, entries)[nothing[1]]].value == 0
        return ("比例无从计算",)
    told = comparison(found.said)
    reached = told.value > told.base if measure in ABOVE else told.reached
    assert told.reached == reached, found.said
    assert found.result == ("达到" if reached else "未达到"), found.said
    assert told.value == Fraction(number(values, f"{measure}.actual")), found.said
    assert told.base == Fraction(number(values, base) if base else 1), found.said
    strict = "（不含本数）" if over12 == "strict" else ""
    assert told.asked == (f"12%以上{strict}" if measure == "invest_large" else ASKED.get(measure, "")), found.said
    return told.forms


# ── what it would take ──────────────────────────────────────────────────────────────────────────────────

WANTED = re.compile(
    r"(?P<figures>.+?)(?P<gate>，并须达到“完成销售产值目标”)?，方可"
    rf"(?:再?[得加] (?P<points>{NUMBER}) 分|(?P<kept>不扣分)|(?P<part>再按比例[得加]分))"
)
FIGURE = re.compile(rf"(?P<name>.+?)须(?P<how>不低于|高于) (?P<amount>{NUMBER}){UNIT}")
DEED = re.compile(r"(?P<name>.+)须(?P<word>\D+)")


def wanted(line: Line, values: Figures) -> str:
    """What would have earned more, as the explanation tells it; empty where it tells nothing."""
    entries, unit = entered(line, values), line.scheme.units[0]
    case = Case(unit, "received", entries)
    made = criterion_score(line.scheme, line.criterion, case, entries)
    item = ItemScore(line.scheme.item_of[line.id].id, None, None, (made,))
    result = UnitScore(unit, "received", (item,), None, (), None)
    found = [each.text for each in explain(line.scheme, case, result, line.id) if each.kind == "wanted"]
    assert len(found) <= 1
    return found[0] if found else ""


def earns(line: Line, values: Figures) -> tuple[Fraction, Fraction]:
    """Points of a criterion, rounded and as the rule gives them."""
    entries = entered(line, values)
    points, _, _ = rule_points(line.scheme, line.criterion, entries)
    assert points is not None
    rule = line.criterion.rule
    assert not isinstance(rule, Judged)
    gated = bool(line.criterion.needs) and "1.1.1" not in line.waived
    missed = gated and number(values, "sales.actual") < number(values, "sales.target")
    return Fraction(points), Fraction(0) if missed else Fraction(rule.value(values))


def number(values: Figures, name: str) -> Decimal:
    value = values[name]
    assert isinstance(value, Decimal)
    return value


def enough(line: Line, values: Figures, text: str) -> tuple[Figures, list[Figures]]:
    """The least figures that do all that is wanted, and those that lack one unit of one of them."""
    names = by_name(line.scheme, entered(line, values))
    found = WANTED.fullmatch(text)
    assert found, text
    least: dict[str, Decimal | Mark] = {}
    units: dict[str, Decimal | Mark] = {}
    for each in re.split("；|，并且", found["figures"]):
        if figure := FIGURE.fullmatch(each):
            name = names[figure["name"]]
            unit = Decimal(1) if load().figures[name].whole else MILLIONTH
            amount = Decimal(figure["amount"].replace(",", ""))
            least[name] = amount if figure["how"] == "不低于" else amount + unit
            units[name] = number(least, name) - unit
        else:
            deed = DEED.fullmatch(each)
            assert deed, text
            assert line.scheme.names[names[deed["name"]]].done[0].removeprefix("已") == deed["word"], text
            least[names[deed["name"]]], units[names[deed["name"]]] = Mark.DONE, Mark.NOT_DONE
    if found["gate"]:
        least["sales.actual"] = max(number(least, "sales.actual"), number(values, "sales.target"))
    return {**values, **least}, [{**values, **least, name: short} for name, short in units.items()]


@MANY
@given(cases())
def test_what_is_wanted_is_enough_and_one_unit_less_is_not(case: tuple[Line, Figures, str]) -> None:
    line, values, _ = case
    tried(line, values)


def tried(line: Line, values: Figures) -> tuple[str, ...]:
    """The form of words in what is wanted, once it was tried; empty where nothing is."""
    state = rule_points(line.scheme, line.criterion, entered(line, values))[1]
    text = wanted(line, values)
    if state != "scored":
        assert text == ""
        return ()
    points, exactly = earns(line, values)
    full = full_points(line.scheme, line.criterion, entered(line, values))
    if not text:
        # all that can be had, before it is rounded
        assert line.id != "1.1.3"
        assert exactly == FULL[line.id]
        assert points == full
        return ()
    found = WANTED.fullmatch(text)
    assert found, text
    better, short = enough(line, values, text)
    had, then = earns(line, better)
    if found["kept"]:
        assert then == 4 > exactly, text
        assert had == full, text
    elif found["part"]:
        assert then > exactly, text
    else:
        assert had - points == exact(found["points"]) > 0, text
    for each in short:
        less = earns(line, each)[1]
        assert less < then, f"{text}: less is enough"
        assert not found["part"] or less <= exactly, f"{text}: less is enough"
    gate = ("并须达到",) if found["gate"] else ()
    return (re.sub(rf" {NUMBER} 分", "", text.rpartition("，方可")[2]), *gate)


# ── nothing is left out ─────────────────────────────────────────────────────────────────────────────────

FORMS = {
    "持平", "超过", "低于", "增长", "减少", "相差", "上升", "未超过",  # how two figures stand
    "得", "加", "不得分", "不加分", "前提", "分担", "四舍五入后",  # what follows
    "已", "未", "项未达到", "都达到", "各得",
    "满  个  亿元", "满  个百分点", "不满  亿元", "不满  个百分点", "按比例计", "按比例合  个  亿元",
    "不足  个百分点的按  个百分点计",
    "扣", "扣完为止", "限加 2 分",
    "注明无任务", "按满分计", "分值由同项其余细则分担", "", "都注明无任务", "以零为基数",
}  # fmt: skip
EVIDENCE_FORMS = {
    "持平", "超过", "低于", "增长", "减少", "提高", "降低", "为", "未超过", "不低于", "比例无从计算",
}  # fmt: skip
WISHES = {"得", "再得", "加", "再加", "不扣分", "再按比例加分", "并须达到"}


def grid(line: Line) -> Iterator[Figures]:
    """Some figures on every side of what decides."""
    if line.id in DONE:
        yield from ({f"{DONE[line.id]}.done": mark} for mark in (Mark.DONE, Mark.NOT_DONE))
    elif line.id in ("1.1.5", "1.1.6"):
        for gap in ("-8", "-5.000001", "-4", "-0.999999", "-0.005", "0", "0.000001", "1", "1.5", "4", "4.25"):
            yield {"energy.target": Decimal(5), "energy.actual": 5 + Decimal(gap)}
    elif line.id == "1.1.3":
        names = ("sales.prior", "sales.target", "sales.actual")
        actuals = ("59.999999", "60.249999", "60.25", "100", "109.999999", "160")
        for numbers in product(("0", "60"), ("60", "100", "160"), actuals):
            yield dict(zip(names, map(Decimal, numbers), strict=True))
    else:
        times = [Decimal(text) for text in ("1", "1.05", "1.12")]
        pairs = [(Decimal(100), 100 * by + hair) for by in times for hair in (-MILLIONTH, Decimal(0), MILLIONTH)]
        pairs += [(Decimal(0), Decimal(7)), (MILLIONTH, Decimal(0))]
        for place, pair in enumerate(pairs):
            # where two measures are compared, they take turns
            drawn = (pair, pairs[(3 * place + 1) % len(pairs)])
            made: dict[str, Decimal] = {}
            for (actual, base), (before, now) in zip(line.compared, drawn, strict=False):
                made |= {base: before, actual: now}
            yield made


def test_every_form_of_words_is_met_and_read() -> None:
    forms: set[str] = set()
    wishes: set[str] = set()
    for id in RULED:
        for chosen in chosen_for(id):
            item = load().item_of[id]
            whole = frozenset(each.id for each in item.criterion if each.id in WAIVABLE)
            own, last = frozenset([id]) & whole, frozenset(sorted(whole)[-1:])
            sets = {frozenset[str](), own, last, whole, whole - own}
            for waived in sets:
                if waived - {id} and ("no_task", "rescale") not in chosen:
                    continue  # what others have no task for is nothing to it
                line = Line(id, chosen, waived)
                for values in grid(line):
                    forms |= {*held(line, values)}
                    wishes |= {*tried(line, values)}
    assert forms == FORMS
    assert wishes == WISHES


def test_every_form_of_words_of_evidence_is_met_and_read() -> None:
    forms: set[str] = set()
    for measure in TESTED:
        right = measured_by(measure)
        for base, actual in ((0, 0), (20, 0), (20, 17), (20, 19), (20, 20), (20, 24), (30, 20)):
            if right or base:
                values = {**({right: Decimal(base)} if right else {}), f"{measure}.actual": Decimal(actual)}
                forms |= {*shown(measure, "strict" if base == 30 else "inclusive", values)}
    assert forms == EVIDENCE_FORMS


# ── the reading itself ──────────────────────────────────────────────────────────────────────────────────

CONTRADICTIONS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("1.1.1", {}, "全年工业销售产值 99.999999 亿元，低于下达目标 100 亿元 0.000001%，得 4 分"),
    ("1.1.1", {}, "全年工业销售产值 99.99 亿元，低于下达目标 100 亿元 0%，不得分"),
    ("1.1.1", {}, "全年工业销售产值 99.99 亿元，与下达目标 100 亿元持平，得 4 分"),
    ("1.1.1", {}, "全年工业销售产值 100 亿元，超过下达目标 100.01 亿元 0.01%，得 4 分"),
    ("1.1.2", {}, "全年工业销售产值 104.996 亿元，超过下达目标 100 亿元 5%，未达到5%以上，不加分"),
    ("1.1.2", {}, "全年工业销售产值 105.000008 亿元，超过下达目标 100.000008 亿元 5%，达到5%以上，加 1 分"),
    ("1.1.2", {}, "全年工业销售产值 105 亿元，超过下达目标 100 亿元 5%，达到5%以上（不含本数），加 1 分"),
    ("1.1.2", {}, "全年工业销售产值 105 亿元，超过下达目标 100 亿元 5%，达到5%以上，不加分"),
    ("1.1.2", {}, "全年工业销售产值 105 亿元，超过下达目标 100 亿元 5%，达到5%以上，四舍五入后加 1 分"),
    ("1.1.3", {}, "全年工业销售产值 249.99998 亿元，比上年实绩 100 亿元增长 149.99998 亿元，满 3 个 50 亿元，加 3 分"),
    ("1.1.3", {}, "全年工业销售产值 250 亿元，比上年实绩 100 亿元增长 149.99998 亿元，满 2 个 50 亿元，加 2 分"),
    ("1.1.3", {}, "全年工业销售产值 250 亿元，比上年实绩 100 亿元增长 150 亿元，满 3 个 50 亿元，加 2 分"),
    ("1.1.3", {}, "全年工业销售产值 250 亿元，比上年实绩 100 亿元减少 150 亿元，不加分"),
    ("1.1.3", {}, "全年工业销售产值 250 亿元，比上年实绩 100 亿元增长 150 亿元，满 3 个 50 亿元，加 3 分，另议"),
    (
        "1.1.3", {"growth50.steps": "prorata"},
        "全年工业销售产值 90.25 亿元，比上年实绩 90 亿元增长 0.25 亿元，按比例合 0.005 个 50 亿元，加 0.01 分",
    ),
    (
        "1.1.3", {"growth50.steps": "prorata"},
        "全年工业销售产值 90.249999 亿元，比上年实绩 90 亿元增长 0.249999 亿元，按比例合 0.005 个 50 亿元，"
        "四舍五入后加 0.01 分",
    ),
    ("1.1.4", {}, "全年限额以上工业投资 112 亿元，比上年实绩 100 亿元增长 12%，未达到12%以上，不得分"),
    (
        "1.1.4", {"remainder": "both"},
        "全年限额以上工业投资 112 亿元，比上年实绩 100 亿元增长 12%，达到12%以上；"
        "全年工业综合经济效益 100 综合指数，与上年实绩 100 综合指数持平，未超过；2 项都达到，得 4 分",
    ),
    (
        "1.1.4", {"remainder": "split"},
        "全年工业综合经济效益 99 综合指数，比上年实绩 100 综合指数减少 1%（2 分）；"
        "全年限额以上工业投资 112 亿元，比上年实绩 100 亿元增长 12%，达到12%以上（2 分），得 4 分",
    ),
    ("1.1.5", {}, "万元GDP综合能耗实际下降 3.999999%，低于应下降 4% 0.000001 个百分点，得 4 分"),
    (
        "1.1.5", {},
        "万元GDP综合能耗实际下降 3%，低于应下降 4% 1 个百分点，不足 1 个百分点的按 1 个百分点计，扣 1 分，得 3 分",
    ),
    (
        "1.1.5", {},
        "万元GDP综合能耗实际下降 2.5%，低于应下降 4% 1.5 个百分点，不足 1 个百分点的按 1 个百分点计，"
        "扣 1 分，得 3 分",
    ),
    ("1.1.5", {}, "万元GDP综合能耗实际上升 3%，与应下降 4% 相差 1 个百分点，扣 1 分，得 3 分"),
    ("1.1.5", {}, "万元GDP综合能耗实际下降 0%，低于应下降 4% 4 个百分点，扣 4 分，扣完为止，不得分"),
    (
        "1.1.5", {"no_task": "rescale"},
        "万元GDP综合能耗实际下降 3%，低于应下降 4% 1 个百分点，扣 1 分，得 3 分；"
        "分担无任务细则的分值，满分由 4 分调为 6 分，得 4 分",
    ),
    ("1.1.6", {}, "万元GDP综合能耗实际下降 9.000001%，超过应下降 4% 5.000001 个百分点，满 5 个百分点，加 2.5 分"),
    ("1.1.6", {}, "万元GDP综合能耗实际下降 9%，超过应下降 4% 5 个百分点，加 2 分"),
    ("1.2.3", {}, "“工业项目推进年”活动未完成，得 2 分"),
    ("1.2.5", {}, "技术改造“双千工程”已实施，不得分"),
)  # fmt: skip


@pytest.mark.parametrize(("id", "chosen", "text"), CONTRADICTIONS)
def test_a_contradiction_is_found(id: str, chosen: Mapping[str, str], text: str) -> None:
    with pytest.raises(AssertionError):
        sentence(id, chosen, text, Decimal(6))
