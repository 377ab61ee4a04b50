"""A finished year, and one kind of meddling with its ledger after the other: each is told with its cell, none of it is
used, no result is final while it stands, and the next run has the year again as it was, or refuses to write.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from edits import Edit
from ranking_samples import usual
from test_ledger import SCHEME, Office, bare

from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.authentic import restorations
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.settle import COLUMNS
from kaohe_cli.result.report import ranked

pytestmark = pytest.mark.slow

D, F, S = "评分明细", "数据核定", "单位情况"
JUDGED, OVERRIDE, RULED = ("330102", "1.4.1"), ("330103", "1.2.1"), ("330104", "1.1.1")
SALES = ("330102", "工业销售产值", "本年实绩")
ODD = ("330102", "限额以上工业投资", "本年实绩")  # which has been confirmed
KEYS: Mapping[str, tuple[str, ...]] = {D: ("单位代码", "细则"), F: ("单位代码", "指标", "数据项"), S: ("单位代码",)}


class Meddling(NamedTuple):
    """What someone does to the ledger, and what is told of it."""

    do: Callable[[Edit], None]
    told: tuple[tuple[str, str], ...]  # code, sheet!cell


@cache
def finished() -> bytes:
    """The ledger of three units, all of whose points are there."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder) / "评分底稿.xlsx", bare(usual(SCHEME))[:3])
        office.score()
        with Edit(office.path) as edit:
            for case in office.cases:
                for criterion in SCHEME.criteria.values():
                    if criterion.judged:
                        edit.judge(case.unit.code, criterion.id, 考核分=1.5, 评分人="李")
            edit.judge(*OVERRIDE, 考核分=0.5, 评分理由="项目未开工", 评分人="王")
            edit.verify(*SALES, 核定值=250, 核定依据="统计年报")
            edit.situation("330104", 备注="材料齐")
        office.confirm()
        return office.path.read_bytes()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "评分底稿.xlsx", bare(usual(SCHEME))[:3])
    made.path.write_bytes(finished())
    return made


def entries(ledger: Ledger) -> dict[Any, dict[str, Any]]:
    """What was typed into the program's own columns."""
    own = {column.title for columns in COLUMNS.values() for column in columns.inputs}
    found = {key: {t: cell.value for t, cell in row.cells.items() if t in own} for key, row in ledger.typed.items()}
    return {key: cells for key, cells in found.items() if cells}


def at(sheet: str, key: tuple[str, ...], title: str = "单位代码") -> str:
    """Where the finished ledger has the cell of a row."""
    return f"{sheet}!{_place(sheet, key, title)}"


@cache
def _place(sheet: str, key: tuple[str, ...], title: str) -> str:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "底稿.xlsx"
        path.write_bytes(finished())
        edit = Edit(path)
        row, column = edit.row(sheet, key, KEYS[sheet]), edit.column(sheet, title)
        return str(edit.book[sheet].cell(row, column).coordinate)


def gone(sheet: str, *keys: tuple[str, ...]) -> Meddling:
    def do(edit: Edit) -> None:
        for key in keys:
            edit.book[sheet].delete_rows(edit.row(sheet, key, KEYS[sheet]))

    return Meddling(do, tuple(("KH318", at(sheet, key)) for key in keys))


def over(sheet: str, key: tuple[str, ...], title: str, value: Any, code: str = "KH317") -> Meddling:
    def do(edit: Edit) -> None:
        edit.book[sheet].cell(edit.row(sheet, key, KEYS[sheet]), edit.column(sheet, title)).value = value

    return Meddling(do, ((code, at(sheet, key, title)),))


def both(*parts: Meddling) -> Meddling:
    def do(edit: Edit) -> None:
        for part in parts:
            part.do(edit)

    return Meddling(do, tuple(told for part in parts for told in part.told))


def cell(sheet: str, where: str, value: Any, *told: tuple[str, str]) -> Meddling:
    def do(edit: Edit) -> None:
        edit.book[sheet][where] = value

    return Meddling(do, told or (("KH317", f"{sheet}!{where}"),))


def swapped(sheet: str, one: tuple[str, ...], other: tuple[str, ...], title: str) -> Meddling:
    def do(edit: Edit) -> None:
        rows = [edit.row(sheet, key, KEYS[sheet]) for key in (one, other)]
        first, second = (edit.book[sheet].cell(row, edit.column(sheet, title)) for row in rows)
        first.value, second.value = second.value, first.value

    return Meddling(do, (("KH317", at(sheet, one, title)), ("KH317", at(sheet, other, title))))


def unsure(title: str) -> Meddling:
    """Two rows that show the same but for their units: nobody can tell whether codes or names were swapped."""
    one, other = JUDGED, ("330103", "1.4.1")
    told = [(code, at(D, key)) for key in (one, other) for code in ("KH318", "KH320")]
    return Meddling(swapped(D, one, other, title).do, tuple(told))


def column_gone(sheet: str, title: str) -> Meddling:
    return Meddling(lambda edit: edit.book[sheet].delete_cols(edit.column(sheet, title)), (("KH321", f"{sheet}!A1"),))


def renamed(sheet: str, title: str, to: str) -> Meddling:
    def do(edit: Edit) -> None:
        edit.book[sheet].cell(1, edit.column(sheet, title)).value = to

    return Meddling(do, (("KH321", f"{sheet}!A1"),))


def doubled(edit: Edit) -> None:
    page = edit.book[D]
    page.append([cell.value for cell in page[edit.row(D, JUDGED, KEYS[D])]])


LAST = 2 + 3 * len(SCHEME.criteria)  # the first row below the table
UNIT = [("330102", criterion) for criterion in SCHEME.criteria]

# what the next run mends: the year is the same again
RESTORED: dict[str, Meddling] = {
    "a unit's row is gone": gone(S, ("330103",)),
    "a mark's row is gone": gone(D, JUDGED),
    "an override's row is gone": gone(D, OVERRIDE),
    "a rule's row is gone": gone(D, RULED),
    "a figure's row is gone": gone(F, ("330103", "工业投资", "本年实绩")),
    "a verified figure's row is gone": gone(F, SALES),
    "all rows of a unit's points are gone": gone(D, *UNIT),
    "a unit is gone from two sheets": both(gone(S, ("330102",)), gone(D, *UNIT)),
    "a row stands twice": Meddling(doubled, (("KH319", f"{D}!A{LAST}"),)),
    "two codes are swapped": swapped(D, OVERRIDE, ("330102", "1.2.1"), "单位代码"),
    "two names are swapped": swapped(D, OVERRIDE, ("330102", "1.2.1"), "单位"),
    "two codes are swapped, and either may be right": unsure("单位代码"),
    "two names are swapped, and either may be right": unsure("单位"),
    "two units are swapped in 单位情况": swapped(S, ("330102",), ("330103",), "单位代码"),
    "two names are swapped in 单位情况": swapped(S, ("330102",), ("330103",), "单位"),
    "a code is blank": over(D, OVERRIDE, "单位代码", None),
    "a code is blank in 数据核定": over(F, SALES, "单位代码", None),
    "a code is blank in 单位情况": over(S, ("330103",), "单位代码", None),
    "code and name are blank": both(gone(D, OVERRIDE), Meddling(lambda _: None, ())),
    "a code is another unit's": over(D, OVERRIDE, "单位代码", "330104"),
    "a code is no unit's": over(D, OVERRIDE, "单位代码", "999999"),
    "细则 is blank": over(D, OVERRIDE, "细则", None),
    "细则 is of no rule": over(D, OVERRIDE, "细则", "9.9.9"),
    "指标 is another word": over(F, SALES, "指标", "销售产值"),
    "数据项 is another word": over(F, SALES, "数据项", "全年"),
    **{
        f"评分明细 {title}": over(D, OVERRIDE, title, value)
        for title, value in {
            "单位": "下城", "项目": "1.3", "名称": "工业投资", "满分": 20, "类型": "评议", "自评分": 9,
            "规则得分": 1.75, "状态": "请王处看", "评分依据": "据实计分", "单位说明": "已核", "责任处室": "投资处",
            "依据数据": "规则得分 2", "原依据数据": "规则得分 1", "原填内容": "0.5",
        }.items()
    },
    **{
        f"数据核定 {title}": over(F, SALES, title, value)
        for title, value in {
            "单位": "上城", "计量单位": "万元", "填报值": 26775, "状态": "已看", "差额": 3, "对得分的影响": "无",
            "佐证材料": "年报", "出处": "上城区.xlsx|指标填报!G9",
        }.items()
    },
    **{
        f"{title} of what was confirmed": over(F, ODD, title, value)
        for title, value in {
            "核实事项": "没有问题", "核实所据": "限额以上工业投资 1", "单位核实说明": "属实", "上年核定数": 90,
        }.items()
    },
    "what a confirmation speaks of is blank": over(F, ODD, "核实所据", None),
    "the reasons are gone": column_gone(F, "核实事项"),
    "a reason in 核实清单 is another": cell("核实清单", "E3", "没有问题"),
    "a query is gone from 核实清单": Meddling(
        lambda edit: edit.book["核实清单"].delete_rows(3), (("KH318", "核实清单!A2"),)
    ),
    "a reported figure is blank": over(F, SALES, "填报值", None),
    "a reported figure is text": over(F, SALES, "填报值", "见附件"),
    "a reported figure is an error": over(F, SALES, "填报值", "#REF!"),
    "a reported figure is a formula": over(F, SALES, "填报值", "=G2"),
    **{
        f"单位情况 {title}": over(S, ("330103",), title, value)
        for title, value in {
            "单位": "下城", "回收状态": "未报", "回收文件": "别的.xlsx", "填报日期": date(2007, 11, 30),
            "类别": "县（市）", "主管局名称": "经贸局", "行政正职": "赵六", "填表人": "赵",
            "联系电话": "123", "数据口径": "全年实绩",
        }.items()
    },
    "a reading is another": cell("来源", "E4", "strict"),
    "a digest is another": cell("来源", "D2", "0" * 64),
    "an approver is another": cell("来源", "F4", "赵六"),
    "a source is gone": Meddling(lambda edit: edit.book["来源"].delete_rows(3), (("KH318", "来源!A1"),)),
    "a column is gone": column_gone(D, "满分"),
    "a column of origins is gone": column_gone(F, "出处"),
    "a title is another": renamed(D, "责任处室", "处室"),
    "a column is typed over": both(*(over(D, ("330102", id), "规则得分", 7.77) for id in SCHEME.criteria)),
    "a row and a figure at once": both(gone(D, OVERRIDE), over(F, SALES, "填报值", 1)),
}  # fmt: skip


@pytest.mark.parametrize("kind", RESTORED)
def test_what_the_program_wrote_is_told_never_used_and_restored(office: Office, kind: str) -> None:
    before, problems = office.read()
    assert (problems, before.open, ranked(SCHEME, before).final) == ((), (), True)
    with Edit(office.path) as edit:
        RESTORED[kind].do(edit)
    ledger, problems = office.read()
    told = {(each.code, f"{each.sheet}!{each.cell}") for each in problems if each.severity == "error"}
    assert told == set(RESTORED[kind].told)
    assert all((each.found and each.expected) or each.code in ("KH318", "KH319", "KH321") for each in problems)
    assert ledger.scores == before.scores, "what was altered is never used"
    assert not ranked(SCHEME, ledger).final
    again, problems = office.score()
    assert {each.severity for each in problems} == {"warning"}
    assert {f"{each.sheet}!{each.cell}" for each in problems} == {place for _, place in RESTORED[kind].told}
    assert (again.scores, entries(again)) == (before.scores, entries(before)), "nothing is lost"
    ledger, problems = office.read()
    assert (problems, ledger.open, ledger.scores, entries(ledger)) == ((), (), before.scores, entries(before))


def merged(sheet: str, title: str) -> Callable[[Edit], None]:
    def do(edit: Edit) -> None:
        letter = edit.book[sheet].cell(1, edit.column(sheet, title)).column_letter
        edit.book[sheet].merge_cells(f"{letter}3:{letter}5")

    return do


# what the next run refuses to write over
REFUSED: dict[str, Meddling] = {
    "考核分 of some rows is merged": Meddling(merged(D, "考核分"), (("KH322", f"{D}!J3"),)),
    "核定值 of some rows is merged": Meddling(merged(F, "核定值"), (("KH322", f"{F}!G3"),)),
    "a sheet is gone": Meddling(lambda edit: edit.book.remove(edit.book[D]), (("KH036", f"{D}!"),)),
    "another sheet is gone": Meddling(lambda edit: edit.book.remove(edit.book[S]), (("KH309", "!"),)),
    "来源 is gone": Meddling(lambda edit: edit.book.remove(edit.book["来源"]), (("KH309", "!"),)),
    "a needed title is gone": Meddling(renamed(D, "考核分", "得分").do, (("KH301", f"{D}!J1"),)),
    "a needed title is blank": Meddling(renamed(F, "核定值", "").do, (("KH301", f"{F}!"),)),
    "a needed column is gone": Meddling(column_gone(S, "一票否决").do, (("KH301", f"{S}!"),)),
    "a title stands twice": Meddling(cell(D, "W1", "考核分").do, (("KH302", f"{D}!W1"),)),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_taken_whole_is_not_taken_and_not_written_over(office: Office, kind: str) -> None:
    with Edit(office.path) as edit:
        REFUSED[kind].do(edit)
    for door in (workbook.read, workbook.read_previous):
        ledger, problems = door(SCHEME, office.path)
        assert ledger is None
        assert {(each.code, f"{each.sheet}!{each.cell}") for each in problems} == set(REFUSED[kind].told)


# what people type that cannot stand: it is theirs to mend, and stays where it is
TYPED: dict[str, Meddling] = {
    "考核分 is no number": over(D, JUDGED, "考核分", "约7", "KH105"),
    "考核分 is beyond the full points": over(D, JUDGED, "考核分", 70, "KH103"),
    "考核分 is below zero": over(D, JUDGED, "考核分", -1, "KH103"),
    "考核分 has too many decimals": over(D, JUDGED, "考核分", 1.555, "KH112"),
    "考核分 is an error": over(D, JUDGED, "考核分", "#REF!", "KH108"),
    "考核分 is a date": over(D, JUDGED, "考核分", date(2007, 1, 5), "KH109"),
    "an override is no number": over(D, OVERRIDE, "考核分", "零分", "KH104"),
    "an override has no reason": over(D, RULED, "考核分", 0.25, "KH304"),
    "核定值 is no number": over(F, SALES, "核定值", "约250", "KH105"),
    "核定值 is of another unit": over(F, SALES, "核定值", "250家", "KH106"),
    "核定值 is below zero": over(F, SALES, "核定值", -5, "KH103"),
    "一票否决 is no word for it": over(S, ("330103",), "一票否决", "待定", "KH303"),
    "一票否决 has no proof": over(S, ("330103",), "一票否决", "是", "KH305"),
}
PENDING = {  # criteria that have no points while it stands
    **dict.fromkeys((kind for kind in TYPED if kind.startswith("考核分")), JUDGED),
    "an override is no number": OVERRIDE,
    **dict.fromkeys((kind for kind in TYPED if kind.startswith("核定值")), ("330102", "1.1.1")),
}


@pytest.mark.parametrize("kind", TYPED)
def test_what_cannot_stand_is_told_and_is_unknown_until_it_is_mended(office: Office, kind: str) -> None:
    with Edit(office.path) as edit:
        TYPED[kind].do(edit)
    for _ in range(2):
        ledger, problems = office.read()
        assert {(each.code, f"{each.sheet}!{each.cell}") for each in problems} == set(TYPED[kind].told)
        assert not ranked(SCHEME, ledger).final
        if kind in PENDING:
            code, id = PENDING[kind]
            score = next(each for each in ledger.scores if each.unit.code == code)
            assert (score.criterion(id).points, score.total) == (None, None)
        office.score()
    assert office.read()[0].typed.keys() == ledger.typed.keys()


def test_a_veto_of_an_unreadable_day_is_not_final(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.situation("330103", 一票否决="是", 认定机关="市纪委", 文号="杭纪〔2007〕1号", 认定日期="去年底")
    ledger, problems = office.read()
    assert [(each.code, each.cell) for each in problems] == [("KH116", _place(S, ("330103",), "认定日期"))]
    assert not ranked(SCHEME, ledger).final


# what changes nothing
HARMLESS: dict[str, Callable[[Edit], None]] = {
    "rows are sorted": lambda edit: [edit.shuffle(sheet, 1) for sheet in KEYS],  # type: ignore[func-returns-value]
    "a title says that it is to be filled in": renamed(D, "考核分", "考核分（填）").do,
    "a figure is its own text": over(F, SALES, "填报值", "230").do,
    "formulas have no results": lambda _: None,
    "a row is hidden": lambda edit: setattr(edit.book[D].row_dimensions[5], "hidden", True),
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_is_harmless_changes_nothing(office: Office, kind: str) -> None:
    before, _ = office.read()
    with Edit(office.path) as edit:
        if kind == "a figure is its own text":
            edit.verify(*SALES, 填报值=str(edit.said(F, SALES, "填报值")))
        else:
            HARMLESS[kind](edit)
    ledger, problems = office.read()
    assert (problems, ledger.open, ledger.scores) == ((), (), before.scores)


def test_without_its_record_a_ledger_gives_no_result_and_gets_one_again(office: Office) -> None:
    before, _ = office.read()
    with Edit(office.path) as edit:
        edit.forget()
    ledger, problems = workbook.read(SCHEME, office.path)
    assert (ledger, [(each.code, each.sheet) for each in problems]) == (None, [("KH323", "程序记录")])
    again, problems = office.score()
    assert [each.code for each in problems] == ["KH054", "KH324"]
    assert (again.scores, entries(again)) == (before.scores, entries(before))
    assert office.read()[1] == ()


@pytest.mark.parametrize("row", [1, 2, 3, 40, 200, 250])
def test_a_record_that_is_not_as_it_was_is_none(office: Office, row: int) -> None:
    with Edit(office.path) as edit:
        line = edit.book["程序记录"].cell(row, 1)
        line.value = f"{line.value} "
    ledger, problems = workbook.read(SCHEME, office.path)
    assert (ledger is None, [each.code for each in problems]) == ((row > 1), ["KH323"] * (row > 1))


def test_there_are_kinds_enough() -> None:
    assert len(RESTORED) + len(REFUSED) + len(TYPED) >= 90


def test_a_record_that_tells_of_other_columns_is_compared_by_those_that_are_known(office: Office) -> None:
    """As one of another version may."""
    with Edit(office.path) as edit:
        page = edit.book["程序记录"]
        lines = [str(page.cell(row, 1).value) for row in range(2, page.max_row)]
        changed = [line.replace('"满分"', '"最高分"') if '"表头"' in line else line for line in lines]
        assert changed != lines
        for row, line in enumerate(changed, 2):
            page.cell(row, 1).value = line
        digest = hashlib.sha256("".join(f"{line}\n" for line in changed).encode()).hexdigest()
        page.cell(page.max_row, 1).value = json.dumps(["", "", "校验", [digest], {}])
    ledger, problems = office.read()
    assert {(each.code, each.found, each.expected) for each in problems} == {("KH321", "空白", "最高分")}
    assert not ranked(SCHEME, ledger).final
    office.score()
    assert office.read()[1] == ()


def test_a_remark_in_a_cell_of_the_programs_is_kept_whole(office: Office) -> None:
    remark = "请王处看：本项得分与统计年报不一致，建议核实后再定。" * 5
    with Edit(office.path) as edit:
        over(D, RULED, "评分依据", remark).do(edit)
    before, problems = workbook.read_previous(SCHEME, office.path)
    assert before is not None
    assert [each.code for each in problems] == ["KH325"]
    assert len(problems[0].found) < len(remark), "a message is short"
    assert [each.before for each in restorations(SCHEME, before.altered)] == [remark]
