"""程序读作: what a row of 方案.xlsx says, in words to be held against the notice."""

from collections.abc import Mapping

from kaohe_cli.scheme import stated
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.line import RowMeaning
from kaohe_cli.scheme.changed import changed_by
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.load import SchemeError, under
from kaohe_cli.scheme.rule import When
from kaohe_cli.scheme.scheme import Scheme


def read_as(scheme: Scheme, meaning: RowMeaning, *, sound: bool = True) -> str:
    """How the program reads a row; empty where it says nothing that could be read another way.

    Of a scheme that is not ``sound`` a row may rest on what is not there: such a row is not read.
    """
    try:
        return _read_as(scheme, meaning)
    except (LookupError, AttributeError, TypeError, ValueError, ArithmeticError, AssertionError):
        if sound:
            raise
        return ""


def _read_as(scheme: Scheme, meaning: RowMeaning) -> str:
    own = _applying(scheme, meaning.applies)
    if own is None:
        return ""
    said = {
        "criterion": _criterion, "evidence": _evidence, "mark": _mark, "condition": _condition, "measure": _measure,
        sheets.SECTION: _node, sheets.ITEM: _node, sheets.GRADE: _grade, sheets.CEILING: _ceiling,
        sheets.VETO: _veto, "option": _option, "fact": _fact, "basis": _basis,
    }.get(meaning.room)  # fmt: skip
    return said(own, meaning) if said else ""


def _applying(scheme: Scheme, applies: str) -> Scheme | None:
    """The scheme for which a row applies: under an option, or for units of a kind; None where it is not known."""
    reading, _, option = applies.partition("=")
    if not applies:
        return scheme
    if reading == "类别" and option in scheme.kinds:
        return scheme.of(option)
    known = {each.id: each for each in scheme.content.reading}
    if reading not in known or option not in {each.id for each in known[reading].option}:
        return None
    try:
        return under(scheme, {**known[reading].within, reading: option})
    except SchemeError:
        return None


def _criterion(scheme: Scheme, meaning: RowMeaning) -> str:
    criterion = scheme.criteria.get(meaning.id)
    if criterion is None:
        return ""
    return f"{meaning.id}（{stated.worth(criterion)}）：{stated.terms(scheme, criterion)}。"


def _evidence(scheme: Scheme, meaning: RowMeaning) -> str:
    for item in scheme.items:
        for each in item.evidence:
            if each.measure == meaning.id:
                return f"只作要求，不计分：{each.test.terms(scheme.names)}。"
    return ""


def _mark(scheme: Scheme, meaning: RowMeaning) -> str:
    """One mark of a criterion: 达到 90% 的得 36 分."""
    criterion = scheme.criteria.get(meaning.id)
    said = criterion.rule.listed(scheme.names, "加" if criterion.bonus else "得") if criterion else ()
    return said[meaning.place] if meaning.place < len(said) else "其余" if said else ""


def _condition(scheme: Scheme, meaning: RowMeaning) -> str:
    criterion = scheme.criteria.get(meaning.id)
    conditions: tuple[Condition, ...] = ()
    if criterion is not None and isinstance(criterion.rule, When):
        conditions = criterion.rule.conditions
    elif meaning.id in scheme.bars:
        conditions = scheme.bars[meaning.id].conditions
    return conditions[meaning.place].terms(scheme.names) if meaning.place < len(conditions) else ""


def _measure(scheme: Scheme, meaning: RowMeaning) -> str:
    """One figure of a measure, and with the first one what may be expected of it."""
    measure = scheme.measures.get(meaning.id)
    if measure is None:
        return ""
    said = stated.measure_stated(scheme, measure)
    names = [name for name, _ in measure.figures()]
    if meaning.detail not in names:
        return ""
    at = names.index(meaning.detail)
    lines = [said.figures.split("\n")[at]]
    if at == 0 and said.bands:
        lines.append(f"合理范围：{said.bands.replace(chr(10), '；')}")
    return "\n".join(lines)


def _node(scheme: Scheme, meaning: RowMeaning) -> str:
    nodes = {each.node.id: each.node for each in scheme.outline}
    node = nodes.get(meaning.id)
    if node is None:
        return ""
    joined = stated.sums(scheme).get(meaning.id, "")
    worth = stated.worth(node)
    what = {sheets.SECTION: "类别", sheets.ITEM: "项目"}[meaning.room]
    return "；".join(each for each in (f"{what} {meaning.id}", f"满分 {worth}" if worth else "", joined) if each)


def _grade(scheme: Scheme, meaning: RowMeaning) -> str:
    level = next((each for each in scheme.content.grade if each.title == meaning.id), None)
    return f"{level.named}：{stated.grade_terms(level)}。" if level else ""


def _ceiling(scheme: Scheme, meaning: RowMeaning) -> str:
    held = next((each for each in scheme.content.ceiling if each.id == meaning.id), None)
    return f"{held.test.terms(scheme.names)}的，等次不高于{held.grade}。" if held else ""


def _veto(scheme: Scheme, meaning: RowMeaning) -> str:
    held = next((each for each in scheme.content.veto if each.id == meaning.id), None)
    return stated.veto_terms(scheme, held) if held else ""


def _option(scheme: Scheme, meaning: RowMeaning) -> str:
    reading = next((each for each in scheme.content.reading if each.id == meaning.id), None)
    option = next((each for each in reading.option if each.id == meaning.detail), None) if reading else None
    if reading is None or option is None:
        return ""
    if option.id == reading.default:
        return "默认：照各表没有写“适用”的行"
    try:
        changes = changed_by(scheme, reading, option)
    except SchemeError:
        return ""
    return "\n".join(f"{each.place}：{each.now or '无'}" for each in changes) or "与默认的算法相同"


def _basis(scheme: Scheme, meaning: RowMeaning) -> str:
    basis = next((each for each in scheme.content.basis if each.id == meaning.id), None)
    for choice, amount, kinds in stated.choices(scheme, basis) if basis else ():
        if choice.id == meaning.detail:
            return f"{scheme.names[basis.figure].called}为 {amount}" + (f"，默认用于{kinds}" if kinds else "")  # type: ignore[union-attr]
    return ""


def _fact(scheme: Scheme, meaning: RowMeaning) -> str:
    """The general terms."""
    general: Mapping[str, str] = stated.general(scheme)
    room, _, key = meaning.id.partition(".")
    if room == "policy":
        return general.get(key, "")
    if room == "whole":
        return stated.sums(scheme).get("", "") if key == "points" else ""
    if meaning.id == "deadline.date":
        return general.get("deadline", "")
    if meaning.id == "materials.titles":
        return general.get("materials", "")
    return ""
