"""What a form calculates while it is being filled in: the rules' own formulas behind guards. Pure.

A blank, a text or an error in a cell that a formula needs gives an empty text, never 0. What the settings decide
(无任务, 未下达) is settled when the form is issued. Only functions that Excel 2007, WPS and LibreOffice share.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from kaohe_cli.form.layout import ALONE, COUNTS, MEASURES, SCORECARD, SCORES
from kaohe_cli.model import Entry, Field, Mark
from kaohe_cli.points import CENTS, digits
from kaohe_cli.scheme.condition import Addresses, Condition, literal
from kaohe_cli.scheme.fields import CONFIRM_LABEL, confirmation
from kaohe_cli.scheme.frame import ONE, Frame, Section
from kaohe_cli.scheme.limit import limits
from kaohe_cli.scheme.records import Criterion, Item, Measure
from kaohe_cli.scheme.rule import Judged, When
from kaohe_cli.scheme.scheme import Scheme

Given: TypeAlias = Mapping[str, Entry]
Asked: TypeAlias = Mapping[str, Field]  # by name: what the unit fills in
Formulas: TypeAlias = Mapping[str, str]  # name of a cell → formula with its =, or a text that stands for it

NOT_ISSUED = "未下达"
LATER = "待全部单位核定后计算"
MOST_SECTIONS = 6  # that the panel sums up
OPEN_YET = "待定"  # points that are not for the unit to work out


# ── points ──────────────────────────────────────────────────────────────────────────────────────────────


def points(scheme: Scheme, criterion: Criterion, given: Given, asked: Asked, cells: Addresses) -> str:
    """The points of a criterion that a rule scores, as an expression; "" where a figure that it needs is not known."""
    if waived(criterion, given):
        if scheme.policy.no_task == "full":
            return literal(scheme.full(criterion))
        sharing = scheme.sharing(criterion)
        return _text("") if sharing and all(waived(each, given) for each in sharing) else "0"
    if scheme.later([criterion]):
        return _text("")
    value = _when_known(scheme, criterion, asked, cells, _scored(scheme, criterion, given, cells))
    needed = scheme.criteria.get(criterion.needs)
    if needed is None or waived(needed, given):
        return value
    assert isinstance(needed.rule, When)
    met = _all([part.formula(cells, scheme.names) for part in needed.rule.parts])
    return _when_known(scheme, needed, asked, cells, f"IF({met},{value},0)")


def _scored(scheme: Scheme, criterion: Criterion, given: Given, cells: Addresses) -> str:
    """What the rule gives, rounded to the cent; shared out anew where others of the item are waived."""
    worked = criterion.worked
    assert worked is not None
    rule, places = worked.formula(cells, scheme.names), worked.places
    own, full = criterion.points, scheme.full_points(criterion, lambda each: waived(each, given))
    if own and full is not None and full != own:
        # a share of points divides by the criterion's own, so that half a cent is told further down
        rule, places = f"({rule})*{literal(full)}/{literal(own)}", places + CENTS + digits(own) + 1
    return f"ROUND(ROUND({rule},{places}),{CENTS})"


def waived(criterion: Criterion, given: Given) -> bool:
    """Whether the settings say 无任务 for a figure of ``criterion``."""
    return any(_no_task(given, figure) for figure in criterion.rule.figures)


def verdict(scheme: Scheme, condition: Condition, given: Given, asked: Asked, cells: Addresses) -> str:
    """达到 or 未达到 as an expression; 不适用 where the unit has no such thing, "" where a figure is not known."""
    if any(_no_task(given, figure) for figure in condition.figures):
        return _text("不适用")
    test = f'IF({condition.formula(cells, scheme.names)},"达到","未达到")'
    for base in condition.bases:
        test = f'IF({cells(base)}=0,"不适用",{test})'
    tested = _known(scheme, condition.figures, asked, cells, test)
    # where points rest on a figure too, 无 cannot stand and says nothing
    legal = [figure for figure in condition.figures if figure in asked and Mark.NOT_APPLICABLE in asked[figure].marks]
    none = "+".join(f"COUNTIF({cells(figure)},{_text(Mark.NOT_APPLICABLE.value)})" for figure in legal)
    return f'IF({none}>0,"不适用",{tested})' if legal else tested


def _when_known(scheme: Scheme, criterion: Criterion, asked: Asked, cells: Addresses, value: str) -> str:
    """``value`` where every figure of the rule is there, within its limits and no base of a rate is nought."""
    nought = [f"{cells(base)}=0" for base in criterion.rule.bases]
    told = f'IF({_any(nought)},"",{value})' if nought else value
    return _known(scheme, criterion.rule.figures, asked, cells, told)


def _known(scheme: Scheme, figures: Iterable[str], asked: Asked, cells: Addresses, value: str) -> str:
    """``value`` where every figure is there and within its limits, else an empty text."""
    figures = list(figures)
    numbers = [cells(figure) for figure in figures if not figure.endswith(".done")]
    words = [_is_either(scheme.names[figure].done, cells(figure)) for figure in figures if figure.endswith(".done")]
    known = [f"COUNT({','.join(numbers)})={len(numbers)}"] if numbers else []
    known += [f"{said}=1" for said in words]
    outside = [test for figure in figures if figure in asked for test in _outside(scheme, asked[figure], cells)]
    within = f'IF({_any(outside)},"",{value})' if outside else value
    return f'IF({_all(known)},{within},"")'


def _is_either(words: Iterable[str], cell: str) -> str:
    """How often a cell says one of ``words``: once or never."""
    return "+".join(f"COUNTIF({cell},{_text(word)})" for word in words)


# ── sums ────────────────────────────────────────────────────────────────────────────────────────────────


def item_self(scheme: Scheme, item: Item, cells: Addresses) -> str:
    """The 自评分 of an item whose criteria have rules, or lines of their own."""
    if scheme.later(item.criterion):
        return _text(OPEN_YET)
    claimed = [each for each in item.criterion if not each.unclaimed]
    if not claimed:
        return "0"
    parts = [(cells(f"{each.id}.{'self' if each.judged else 'points'}"), ONE) for each in claimed]
    return _within_limits([f"{each.id}.wrong" for each in item.entered], cells, _summed(item, parts, scheme.cap(item)))


def section_self(scheme: Scheme, id: str, cells: Addresses) -> str:
    """The 自评分 of section ``id``; of all items where it is empty."""
    node, items = scheme.sections[id] if id else scheme.content.whole, list(scheme.within(id))
    if scheme.later(criterion for item in items for criterion in item.criterion):
        return _text(OPEN_YET)
    parts = [
        (cells(f"{'class.' if isinstance(each, Section) else ''}{each.id}.self"), each.weight)
        for each in scheme.flat(id)
    ]
    held = [(_held(scheme, each, cell), weight) for each, (cell, weight) in zip(scheme.flat(id), parts, strict=True)]
    typed = [f"{item.id if item.judged else each.id}.wrong" for item in items for each in item.entered]
    counted = [cell for cell, _ in parts]
    return _within_limits(typed, cells, _counted(counted, node.formula(held, scheme.cap(node))))


def _held(scheme: Scheme, node: Section | Item, cell: str) -> str:
    """The points in ``cell``, within the limits of an item whose 自评分 the unit types beyond them."""
    if isinstance(node, Section) or not node.judged:
        return cell
    (criterion,), cap = node.entered, scheme.cap(node)
    assert isinstance(criterion.rule, Judged)
    ends = (criterion.rule.least, criterion.points)
    if all(end is not None and node.limited(end, cap) == end for end in ends):
        return cell
    return node.formula([(cell, ONE)], cap)


def _within_limits(typed: Iterable[str], cells: Addresses, total: str) -> str:
    """``total`` where none of the scores that a unit typed is beyond its limits."""
    wrong = "+".join(cells(name) for name in typed)
    return f'IF({wrong}>0,"",{total})' if wrong else total


def _summed(node: Frame, parts: list[tuple[str, Decimal]], cap: Decimal | None) -> str:
    return _counted([cell for cell, _ in parts], node.formula(parts, cap))


def _counted(cells: list[str], total: str) -> str:
    """``total`` where there is a number in each of ``cells``."""
    return f'IF(COUNT({",".join(cells)})={len(cells)},{total},"")'


# ── how a row stands ────────────────────────────────────────────────────────────────────────────────────


def is_blank(cell: str) -> str:
    """Whether nothing stands in a cell."""
    return f"COUNTA({cell})=0"


def flawed(scheme: Scheme, field: Field, cells: Addresses) -> str:
    """1 where what stands in the cell of ``field`` cannot be taken, else 0; the limits of the validator."""
    cell = cells(field.name)
    words = field.words if field.type == "done" else field.choices
    if words:
        return f"IF({is_blank(cell)},0,1-({_is_either(words, cell)}))"
    if field.type == "text":
        return "0"
    marks = "+".join(f"COUNTIF({cell},{_text(mark.value)})" for mark in field.marks)
    measure = field.name.partition(".")[0]
    beside = [cells(name) for name in scheme.figures if name.startswith(f"{measure}.") and name != field.name]
    others = "+".join(f'COUNTIF({other},">0")+COUNTIF({other},"<0")' for other in beside)
    outside = f"IF({_any(_outside(scheme, field, cells))},1,0)"
    # 无 beside a figure of the same measure contradicts it
    legal = f"IF({others}>0,1,0)" if others else "0"
    word = f"IF({marks}>0,{legal},1)" if marks else "1"
    return f"IF({is_blank(cell)},0,IF(COUNT({cell})=1,{outside},{word}))"


def _outside(scheme: Scheme, field: Field, cells: Addresses) -> list[str]:
    total = cells(field.at_most) if field.at_most is not None else ""
    return [limit.outside(cells(field.name), total) for limit in limits(field, scheme)]


def tally(scheme: Scheme, fields: Iterable[Field], cells: Addresses) -> Mapping[str, str]:
    """How many of ``fields`` are missing, wrong, or left open without harm: expressions by helper column."""
    fields = list(fields)
    required = [cells(field.name) for field in fields if field.required == "error"]
    optional = [cells(field.name) for field in fields if field.required == "warning"]
    flaws = [flawed(scheme, field, cells) for field in fields if field.type != "text"]
    return {
        "missing": f"{len(required)}-COUNTA({','.join(required)})" if required else "0",
        "open": f"{len(optional)}-COUNTA({','.join(optional)})" if optional else "0",
        "wrong": "+".join(flaws) if flaws else "0",
    }


def state(scheme: Scheme, measure: Measure, fields: Iterable[Field], given: Given, cells: Addresses) -> str:
    """How the row of a measure stands, in words."""
    labels = {full: scheme.names[full].label for name, _ in measure.figures() if (full := f"{measure.id}.{name}")}
    asked = [field for field in fields if field.name in labels]
    if any(_no_task(given, full) for full in labels):
        settled = "无任务"
    elif unissued := _unissued(scheme, labels, given):
        settled = unissued
    else:
        settled = "已填"
    if not asked:
        return _text(settled)
    wrong = _listed((f"{flawed(scheme, field, cells)}=1", labels[field.name]) for field in asked)
    why, queried = cells(f"{measure.id}.why"), scheme.expectations[measure.id]
    said = f'IF({why}="",{_text(settled)},"已说明："&{why})' if queried else _text(settled)
    for column, required, word in (("open", "warning", "未填（不计分）"), ("missing", "error", "待填")):
        lacking = [field for field in asked if field.required == required]
        if lacking:
            listed = _listed((is_blank(cells(field.name)), labels[field.name]) for field in lacking)
            said = f'IF({cells(f"{measure.id}.{column}")}>0,"{word} "&{listed},{said})'
    if queried:  # goes before what may stay blank, which keeps no form from being sent
        said = f'IF({cells(f"{measure.id}.query")}=1,{why}&"，请核对；无误请说明",{said})'
    return f'IF({cells(f"{measure.id}.wrong")}>0,"需改 "&{wrong},{said})'


def _listed(labelled: Iterable[tuple[str, str]]) -> str:
    """The labels whose tests hold, one after the other."""
    return "&".join(f'IF({test},"{label} ","")' for test, label in labelled)


def odd_words(scheme: Scheme, measure: Measure, asked: Asked, cells: Addresses) -> str:
    """What is odd about the figures of a measure, by the first expectation that they are beyond; else an empty text."""
    said = _text("")
    for each in reversed(scheme.expectations[measure.id]):
        addresses = [cells(name) for name in each.figures]
        outside = [test for name in each.figures if name in asked for test in _outside(scheme, asked[name], cells)]
        beyond = f"IF({_any(outside)},FALSE,{each.beyond(cells)})" if outside else each.beyond(cells)
        test = f"IF(COUNT({','.join(addresses)})={len(addresses)},{beyond},FALSE)"
        figure = each.figures[0]
        # in a row of several figures, which one is meant, where it is not this year's
        whose = "" if figure.endswith(".actual") else f"{_text(scheme.names[figure].label)}&"
        said = f"IF({test},{whose}{each.said(cells, scheme.names)},{said})"
    return said


def query(scheme: Scheme, measure: Measure, fields: Iterable[Field], cells: Addresses) -> str:
    """1 where the row of a measure is filled in, and something there is odd and not explained, else 0."""
    asks = any(field.name in scheme.figures for field in fields)  # where all is given, the unit is asked for nothing
    if not asks or not scheme.expectations[measure.id]:
        return "0"
    lacking, wrong, why = (cells(f"{measure.id}.{column}") for column in ("missing", "wrong", "why"))
    return f'IF(AND({lacking}=0,{wrong}=0,{why}<>"",{is_blank(cells(confirmation(measure.id)))}),1,0)'


# ── the whole form ──────────────────────────────────────────────────────────────────────────────────────


def formulas(scheme: Scheme, given: Given, fields: Iterable[Field], seen_from: Callable[[str], Addresses]) -> Formulas:
    """Every cell that a form calculates, by name; ``seen_from(sheet)`` gives addresses as that sheet writes them."""
    here, there, scored = seen_from(MEASURES), seen_from(SCORECARD), seen_from(SCORES)
    asked = {field.name: field for field in fields}
    rows: dict[str, list[Field]] = {}
    for field in asked.values():
        rows.setdefault(field.name.rpartition(".")[0] or field.name, []).append(field)
    made: dict[str, str] = {}
    for criterion in scheme.criteria.values():
        if not criterion.judged:
            made[f"{criterion.id}.points"] = points(scheme, criterion, given, asked, scored)
            made[f"{criterion.id}.state"] = _criterion_state(scheme, criterion, given, scored)
    for measure in scheme.measures.values():
        made[f"{measure.id}.state"] = state(scheme, measure, rows.get(measure.id, ()), given, here)
        made[f"{measure.id}.points"] = _earned(scheme, measure, given, asked, here)
        made[f"{measure.id}.why"] = odd_words(scheme, measure, asked, here)
        made[f"{measure.id}.query"] = query(scheme, measure, rows.get(measure.id, ()), here)
    for item in scheme.items:
        if not item.judged:
            made[f"{item.id}.self"] = item_self(scheme, item, there)
    seen = dict.fromkeys(scheme.measures, here) | dict.fromkeys(typed_rows(scheme), there)
    for row, cells in seen.items():
        made |= {f"{row}.{column}": value for column, value in tally(scheme, rows.get(row, ()), cells).items()}
    made |= {f"class.{id}.self": section_self(scheme, id, there) for id in scheme.sections}
    made["total.self"] = section_self(scheme, "", there)
    made["progress.title"] = _progress(scheme, here)
    made["scores.title"] = _scores(scheme, here)
    return {name: f"={value}" for name, value in made.items()}


def typed_rows(scheme: Scheme) -> tuple[str, ...]:
    """The rows of 考核表 in which a unit may type: items, judged criteria of their own, who filled it in."""
    return (*(item.id for item in scheme.items), *(each.id for each in scheme.claimed), *ALONE)


def calculated(scheme: Scheme) -> Mapping[str, str]:
    """What people call each cell that a form calculates and shows, by name; hidden counts are not among them."""
    named = {"progress.title": "填报进度", "scores.title": "自评得分", "total.self": "合计·自评分"}
    named |= {f"class.{each.id}.self": f"{each.title}·自评分" for each in scheme.sections.values()}
    named |= {f"{item.id}.self": f"{item.title}·自评分" for item in scheme.items if not item.judged}
    for criterion in scheme.criteria.values():
        if not criterion.judged:
            called = f"{criterion.id} {criterion.title}"
            named |= {f"{criterion.id}.points": f"{called}·得分", f"{criterion.id}.state": f"{called}·状态"}
    for measure in scheme.measures.values():
        named |= {f"{measure.id}.points": f"{measure.title}·得分", f"{measure.id}.state": f"{measure.title}·状态"}
    return named


def _earned(scheme: Scheme, measure: Measure, given: Given, asked: Asked, cells: Addresses) -> str:
    """What the row of a measure shows as earned: points of the rules that start from it, or 达到/未达到."""
    read = {each.id: [figure.partition(".")[0] for figure in each.rule.figures] for each in scheme.criteria.values()}
    tested = ""
    if measure.id in scheme.evidence:
        tested = verdict(scheme, scheme.evidence[measure.id][1].test, given, asked, cells)
    if earned := [cells(f"{id}.points") for id, measures in read.items() if measures[:1] == [measure.id]]:
        if not tested:
            return _summed(Frame(), [(cell, ONE) for cell in earned], None)
        listed = ",".join(earned)
        return f'IF(COUNT({listed})={len(earned)},ROUND(SUM({listed}),{CENTS})&" 分 ","")&{tested}'
    if reading := [id for id, measures in read.items() if measure.id in measures]:
        return _text(f"见 {'、'.join(reading)}")
    return tested or _text("")


def _unissued(scheme: Scheme, figures: Iterable[str], given: Given) -> str:
    """What of ``figures`` the office alone can give and has not; empty: nothing."""
    lacking = [full for full in figures if scheme.issued(full) and not _has(given, full)]
    target = any(full.endswith(".target") for full in lacking)
    return "目标未下达" if target else "考核办未提供" if lacking else ""


def _criterion_state(scheme: Scheme, criterion: Criterion, given: Given, cells: Addresses) -> str:
    scored = f"COUNT({cells(f'{criterion.id}.points')})=1"
    if waived(criterion, given):
        return f'IF({scored},"无任务","待定分")'
    if scheme.later([criterion]):
        return _text(LATER)
    if unissued := _unissued(scheme, criterion.rule.figures, given):
        return _text(unissued)
    needed = scheme.criteria[criterion.needs].rule.bases if criterion.needs else ()
    nought = "+".join(f"COUNTIF({cells(base)},0)" for base in dict.fromkeys((*criterion.rule.bases, *needed)))
    waiting = f'IF({nought}>0,"待定分","待填报")' if nought else _text("待填报")
    return f'IF({scored},"已计分",{waiting})'


def _progress(scheme: Scheme, cells: Addresses) -> str:
    measures = list(scheme.measures)

    def total(column: str) -> str:
        rows = [f"{cells(f'{measures[0]}.{column}')}:{cells(f'{measures[-1]}.{column}')}"] if measures else []
        return f"SUM({','.join((*rows, *(cells(f'{name}.{column}') for name in typed_rows(scheme))))})"

    missing, wrong, left = map(total, COUNTS)
    left_open = f'IF({left}>0,"（另有 "&{left}&" 项未填，不影响计分）","")'
    todo = f'IF({missing}>0,"还缺 "&{missing}&" 项","")&IF({wrong}>0,"  有 "&{wrong}&" 处需改","")'
    if not measures:
        return f'IF({missing}+{wrong}=0,"可以上报"&{left_open},{todo})'
    first, last = (cells(f"{measure}.query") for measure in (measures[0], measures[-1]))
    asked = f'"有 "&SUM({first}:{last})&" 处请核对，无误的请在“{CONFIRM_LABEL}”栏说明"'
    after = f'IF(SUM({first}:{last})>0,IF({missing}+{wrong}=0,"；","  ")&{asked},"")'
    return f'IF({missing}+{wrong}=0,"可以上报"&{left_open},{todo})&{after}'


def _scores(scheme: Scheme, cells: Addresses) -> str:
    tops = scheme.tops if len(scheme.tops) <= MOST_SECTIONS else ()
    parts = [(group.title, group.id, cells(f"class.{group.id}.self")) for group in tops]
    parts.append(("合计", "", cells("total.self")))
    open_yet = {
        id: scheme.later(criterion for item in scheme.within(id) for criterion in item.criterion) for _, id, _ in parts
    }
    said = ((title, cell, OPEN_YET if open_yet[id] else "未齐") for title, id, cell in parts)
    return '&"　　"&'.join(f'"{title} "&IF(COUNT({cell})=1,{cell}&" 分","{word}")' for title, cell, word in said)


# ── small change ────────────────────────────────────────────────────────────────────────────────────────


def _no_task(given: Given, figure: str) -> bool:
    return figure in given and given[figure].value is Mark.NO_TASK


def _has(given: Given, figure: str) -> bool:
    return figure in given and given[figure].value is not None


def _all(tests: list[str]) -> str:
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def _any(tests: list[str]) -> str:
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def _text(words: str) -> str:
    return f'"{words}"'
