"""A whole year of the office as its script: each command in turn, and after each step where the year stands.

Forms go out, come back in three waves, one to mend, one with a slip of the pen to explain; departments judge in copies;
a provisional result, the final one, two objections of which one moves a place, the second version, its proof, the
replies.
"""

import datetime
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, Ran, kaohe
from docx import Document
from edits import Edit
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kaohe_cli.naming import plain_name
from kaohe_cli.scheme.load import load

pytestmark = pytest.mark.slow

SCHEME = load()
DATA: dict[str, Any] = tomllib.loads((ROOT / "samples" / "data.toml").read_text("utf-8"), parse_float=Decimal)
UNITS: Mapping[str, dict[str, Any]] = {unit["name"]: unit for unit in DATA["unit"]}
JUDGED = [f"1.{n}" for n in (4, 5, 6)] + [f"2.{n}" for n in range(1, 12)]
MENDING, SLIPPED, LATE = "拱墅区", "萧山区", "淳安县"
RAISED, KEPT = "建德市", "上城区"  # those that object, and what comes of it
GIVEN_UP = "企业服务处"  # the department that is late with its marks


class Office:
    """One folder in which one person works through the year; every file has the name that the program gives it."""

    def __init__(self) -> None:
        self.forms: dict[str, dict[str, Any]] = {}  # unit → its input cells

    def run(self, *arguments: str | Path) -> Ran:
        return kaohe(*arguments)

    def status(self, today: str, *, open: bool = True) -> Any:
        """Where the year stands on a day; its exit code says whether something is open."""
        ran = self.run("status", "--today", today, "--json")
        assert ran.code == (1 if open else 0), ran.out
        assert ran.json["open"] is open
        shown = self.run("status", "--today", today)
        assert shown.code == ran.code
        assert ran.json["next"]["command"] in " ".join(shown.out.split() + shown.err.split())
        return ran.json

    def fill(self, path: Path, fields: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        book = load_workbook(path)
        for name, value in values.items():
            place = fields[name]
            book[place["sheet"]][place["cell"]] = float(value) if isinstance(value, Decimal) else value
        book.save(path)

    def return_form(self, unit: str, **other: Any) -> None:
        """Fill in the form that was issued to a unit, and put it among the returns."""
        data, path = UNITS[unit], Path("回收") / f"{unit}.xlsx"
        path.write_bytes(next(Path("下发").glob(f"{unit[:2]}*.xlsx")).read_bytes())
        own = {f"{item}.self": points for item, points in zip(JUDGED, data["self"], strict=True)}
        said = {name: data[name] for name in ("filer", "phone", "date")}
        self.fill(path, self.forms[unit], {**data["form"], **own, **said, **other})


def table(page: Worksheet, title: str) -> tuple[int, dict[str, int]]:
    """The row of the header that has ``title``, and its columns."""
    head = next(row for row in page.iter_rows() if any(cell.value == title for cell in row))
    return head[0].row, {str(cell.value): cell.column for cell in head if cell.value}


def the_terms_are_settled(office: Office) -> None:
    begun = office.status("2007-10-20")
    assert (begun["next"]["command"], begun["settings"], begun["ledger"]) == ("kaohe init", None, None)
    made = office.run("init", "--json")
    assert made.code == 0
    empty = office.status("2007-10-20")
    assert len(empty["settings"]["without_targets"]) == 14
    assert len(empty["settings"]["without_department"]) == 17
    fields = made.json["fields"]
    values = {f"{unit['code']}.{name}": value for unit in UNITS.values() for name, value in unit["given"].items()}
    values |= {f"{item}.department": department for item, department in DATA["departments"].items()}
    values |= {name: "主任会议" for name in fields if name.endswith(".approver")}
    values |= {
        name: datetime.date(2007, 10, 19) for name in fields if name.startswith("reading.") and name.endswith(".date")
    }
    values |= {f"{unit['code']}.head": f"局长{at}" for at, unit in enumerate(UNITS.values(), 1)}
    office.fill(Path("考核设置.xlsx"), fields, values)
    settled = office.status("2007-10-20")
    assert settled["settings"]["without_targets"] == []
    assert settled["settings"]["without_department"] == []
    assert settled["settings"]["without_approver"] == []
    assert settled["next"]["command"] == "kaohe blank"


def the_forms_go_out(office: Office) -> None:
    issued = office.run("blank", "--json")
    assert issued.code == 0, issued.err
    office.forms = {each["unit"]: each["fields"] for each in issued.json["forms"]}
    office.forms = {name: office.forms[name.replace("（", "(").replace("）", ")")] for name in UNITS}
    Path("回收").mkdir()
    out = office.status("2007-10-22")
    assert out["returns"]["issued"] == 14
    assert out["deadline"] == {"date": "2007-11-15", "days_left": 24}


def the_first_wave_has_one_to_mend(office: Office) -> None:
    first = ("上城区", "下城区", "江干区", MENDING, "西湖区", "滨江区（高新区）", "桐庐县", "临安市", RAISED)
    for unit in first:
        office.return_form(unit)
    office.fill(Path("回收") / f"{MENDING}.xlsx", office.forms[MENDING], {"sales.actual": "约一百五十亿"})
    (Path("回收") / "上城区2007年度工作总结.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    waiting = office.status("2007-11-05")
    assert len(waiting["returns"]["unread"]) == 9
    ran = office.run("score", "--received", "2007-11-05", "--return-dir", "退回")
    assert ran.code == 1, "one return has an error"
    assert {path.stem for path in Path("退回").iterdir()} == {MENDING}
    read = office.status("2007-11-06")
    assert read["returns"]["mend"] == [MENDING]
    assert len(read["returns"]["missing"]) == 5
    assert read["returns"]["unread"] == []
    assert read["deadline"]["days_left"] == 9


def the_second_wave_has_a_slip_of_the_pen(office: Office) -> None:
    mended = Path("回收") / f"{MENDING}.xlsx"
    mended.write_bytes((Path("退回") / f"{MENDING}.xlsx").read_bytes())
    office.fill(mended, office.forms[MENDING], {"sales.actual": UNITS[MENDING]["form"]["sales.actual"]})
    office.return_form(SLIPPED, **{"sales.actual": 26775})
    for unit in ("余杭区", "富阳市", "杭州经济技术开发区"):
        office.return_form(unit)
    changed = office.status("2007-11-14")
    assert changed["returns"]["changed"] == [f"{MENDING}.xlsx"]
    assert len(changed["returns"]["unread"]) == 4
    (Path("回收") / "下城区年度总结（盖章）.pdf").write_bytes(b"%PDF")
    assert office.status("2007-11-14")["returns"]["unregistered"] == ["下城区年度总结（盖章）.pdf"]
    ran = office.run("score", "--received", "2007-11-14", "--return-dir", "退回")
    assert "登记材料 2 份（年度工作总结 2 份，缺 12 份：" in ran.err.replace("\n", "")
    assert ran.code == 0, ran.err
    read = office.status("2007-11-14")
    assert (read["returns"]["missing"], read["returns"]["mend"]) == ([LATE], [SLIPPED])
    first = read["queries"][0]
    assert (first["unit"], first["field"], first["state"]) == (SLIPPED, "sales.actual", "open")
    assert first["influence"]["points"] > 100


def the_third_wave_is_late_and_what_is_odd_is_confirmed(office: Office) -> None:
    office.return_form(SLIPPED)
    assert office.run("score", "--received", "2007-11-15").code == 0
    assert office.status("2007-11-15")["returns"]["mend"] == []
    office.return_form(LATE)
    ran = office.run("score", "--received", "2007-11-19")
    assert ran.code == 0, ran.err
    read = office.status("2007-11-19")
    assert (read["returns"]["late"], read["returns"]["missing"], read["returns"]["mend"]) == ([LATE], [], [])
    assert read["deadline"]["days_left"] == -4
    asked = [each for each in read["queries"] if each["state"] != "confirmed"]
    assert {each["state"] for each in asked} == {"answered"}
    with Edit(Path("评分底稿.xlsx")) as edit:
        for unit in UNITS.values():
            for figure, said in unit.get("check", {}).items():
                named = SCHEME.names[figure]
                edit.verify(unit["code"], named.title, named.label, 核实=said)
    assert [each for each in office.status("2007-11-20")["queries"] if each["state"] != "confirmed"] == []


def the_departments_judge_in_their_copies(office: Office) -> None:
    ran = office.run("score", "--judge-dir", "评审", "--issued", "2007-11-20")
    assert ran.code == 0, ran.err
    out = office.status("2007-11-20")
    assert sum(each["waiting"] for each in out["departments"]) == 14 * 14
    assert out["ledger"]["unmerged"] == []
    for path in sorted(Path("评审").glob("*.xlsx")):
        if path.stem != GIVEN_UP:
            judge(path)
    back = office.status("2007-11-28")
    assert len(back["ledger"]["unmerged"]) == 8
    assert back["next"]["command"].startswith("kaohe merge")
    ran = office.run("merge", "评分底稿.xlsx", "评审", "--received", "2007-11-28")
    assert ran.code == 0, ran.err
    left = office.status("2007-11-28")
    assert {each["department"]: each["waiting"] for each in left["departments"] if each["waiting"]} == {GIVEN_UP: 28}
    assert left["ledger"]["unmerged"] == []


def the_result_is_provisional_while_a_department_is_late(office: Office) -> None:
    ran = office.run("rank", "--json")
    assert (ran.code, ran.json["final"]) == (0, False)
    stands = office.status("2007-11-29")
    assert (stands["result"]["final"], stands["result"]["outdated"]) == (False, [])
    judge(Path("评审") / f"{GIVEN_UP}.xlsx")
    assert office.run("merge", "评分底稿.xlsx", "评审", "--received", "2007-12-03").code == 0
    with Edit(Path("评分底稿.xlsx")) as edit:
        veto = DATA["veto"]
        edit.situation(
            veto["unit"], 一票否决="是", 认定机关=veto["authority"], 文号=veto["document"], 认定日期=veto["decided"]
        )
    merged = office.status("2007-12-03")
    assert [each for each in merged["departments"] if each["waiting"]] == []
    assert merged["ledger"]["open"] == []
    assert merged["result"]["outdated"] == ["评分底稿"]
    assert merged["next"]["command"].startswith("kaohe rank")


def the_first_version_is_final_and_proven(office: Office) -> None:
    ran = office.run("rank", "--feedback-dir", "反馈", "--notice", "通报.docx", "--json")
    assert (ran.code, ran.json["final"], ran.json["version"]) == (0, True, 1), ran.err
    assert places(ran)[RAISED] == (11, "未达标", Decimal("79.75"))
    assert office.run("verify").code == 0
    done = office.status("2007-12-05", open=False)
    assert done["result"]["version"] == 1


def two_units_object(office: Office) -> None:
    note(
        {"单位": RAISED, "项目": "2.2.1", "申请事项": "2.2.1 加 0.3 分", "申请理由": "走访记录已补齐",
         "收到日期": datetime.date(2007, 12, 10)},
        {"单位": KEPT, "项目": "1.4.1", "申请事项": "1.4.1 评满分", "申请理由": "规划已经报备",
         "收到日期": datetime.date(2007, 12, 11)},
    )  # fmt: skip
    asked = office.status("2007-12-12")
    assert [(each["unit"], each["id"]) for each in asked["reviews"]] == [(RAISED, "2.2.1"), (KEPT, "1.4.1")]
    ran = office.run("rank", "--json")
    assert (ran.json["final"], ran.json["version"]) == (False, 1)
    assert {each["standing"] for each in ran.json["open"]} == {"appeal"}


def what_was_decided_without_an_effect_stays_open(office: Office) -> None:
    decided = {"复核人": "复核小组", "复核日期": datetime.date(2007, 12, 17)}
    note(
        {"复核结论": "调整", "结论说明": "补交的走访记录属实，酌加 0.3 分", **decided},
        {"复核结论": "维持", "结论说明": "报备文件晚于考核年度", **decided},
    )
    asked = office.status("2007-12-17")
    assert [each["unit"] for each in asked["reviews"]] == [RAISED]
    assert asked["next"]["command"]


def the_second_version_tells_what_a_review_changed(office: Office) -> None:
    with Edit(Path("评分底稿.xlsx")) as edit:
        mark = Decimal(str(edit.said("评分明细", (UNITS[RAISED]["code"], "2.2.1"), "考核分")))
        edit.judge(
            UNITS[RAISED]["code"], "2.2.1", 考核分=float(mark + Decimal("0.3")), 评分理由="复核：补交的走访记录属实"
        )
    ran = office.run(
        "rank",
        "--feedback-dir",
        "反馈",
        "--notice",
        "通报.docx",
        "--reply-dir",
        "答复",
        "--rectify-dir",
        "整改",
        "--json",
    )
    assert (ran.code, ran.json["final"], ran.json["version"]) == (0, True, 2), ran.err
    assert places(ran)[RAISED] == (10, "达标", Decimal("80.05"))
    assert places(ran)["江干区"] == (11, "达标", Decimal("80.00"))
    raised, kept = ran.json["reviews"]
    assert (raised["before"], raised["after"]) == (float(mark), float(mark + Decimal("0.3")))
    moved = {each["code"]: each["place"] for each in raised["changes"]}
    assert moved == {UNITS[RAISED]["code"]: [11, 10], UNITS["江干区"]["code"]: [10, 11]}
    assert kept["changes"] == []
    replies = {
        path.stem: "\n".join(each.text for each in Document(str(path)).paragraphs)
        for path in Path("答复").glob("*.docx")
    }
    assert replies.keys() == {RAISED, KEPT}
    assert "80.05" in replies[RAISED]
    assert "维持" in replies[KEPT]
    # 100 分, less what it lost: it had no bonus
    tables = Document(str(Path("整改") / f"{RAISED}.docx")).tables
    assert [cell.text for cell in tables[0].rows[-1].cells][-1] == "19.95"
    listed = load_workbook("考核结果.xlsx")["表彰名单"]
    head, columns = table(listed, "行政正职")
    rows = [row for row in listed.iter_rows(min_row=head + 1, values_only=True) if row[columns["单位"] - 1] in UNITS]
    heads = {plain_name(unit): f"局长{at}" for at, unit in enumerate(UNITS, 1)}
    assert {plain_name(row[columns["单位"] - 1]): row[columns["行政正职"] - 1] for row in rows} == {
        unit: heads[unit] for unit, (place, grade, _) in places(ran).items() if place and grade != "未达标"
    }


def the_second_version_is_proven_and_the_year_closed(office: Office) -> None:
    ran = office.run("verify", "--json")
    assert (ran.code, ran.json["ok"]) == (0, True), ran.err
    closed = office.status("2007-12-20", open=False)
    assert (closed["result"]["final"], closed["result"]["version"]) == (True, 2)
    assert closed["reviews"] == []


def the_versions_can_be_told_apart(office: Office) -> None:
    first, reopened = sorted(Path().glob("考核结果.2*.xlsx"))
    assert [each["version"] for each in map(result_state, (first, reopened))] == [1, 1]
    assert [each["final"] for each in map(result_state, (first, reopened))] == [True, False]
    ran = office.run("diff", first, "考核结果.xlsx", "--json")
    assert ran.code == 0
    moved = {each["unit"]: each["place"] for each in ran.json["moved"]}
    assert moved == {RAISED: [11, 10], "江干区": [10, 11]}


def result_state(path: Path) -> Any:
    """What a result says of itself."""
    return kaohe("status", "--result", path, "--json").json["result"]


def places(ran: Ran) -> dict[str, tuple[int | None, str, Decimal]]:
    """Place, grade and total of each unit that a ranking gives."""
    return {each["unit"]: (each["place"], each["grade"], Decimal(str(each["total"]))) for each in ran.json["units"]}


def judge(path: Path) -> None:
    """Fill in a judging copy as its department would, each mark below the full with its reason."""
    book, order = load_workbook(path), [unit["code"] for unit in DATA["unit"]]
    units = {unit["code"]: unit for unit in DATA["unit"]}
    for page in book.worksheets:
        if not page.title[0].isdigit():
            continue
        head, columns = table(page, "考核分")
        for row in range(head + 1, page.max_row + 1):
            code = str(page.cell(row, columns["单位代码"]).value or "")
            if code in units:
                item = str(page.cell(row, columns["细则"]).value).rpartition(".")[0]
                mark, full = units[code]["award"][JUDGED.index(item)], page.cell(row, columns["满分"]).value
                page.cell(row, columns["考核分"]).value = float(mark)
                if float(mark) < float(full):
                    reasons = DATA["reason"][item]
                    page.cell(row, columns["评分理由"]).value = reasons[order.index(code) % len(reasons)]
    book.save(path)


def note(*rows: Mapping[str, Any]) -> None:
    """Type into 复核登记, row by row."""
    book = load_workbook("评分底稿.xlsx")
    page = book["复核登记"]
    head, columns = table(page, "申请事项")
    for at, row in enumerate(rows, head + 1):
        for title, value in row.items():
            page.cell(at, columns[title]).value = value
    book.save("评分底稿.xlsx")


def test_a_whole_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of the year follow one upon another in one folder."""
    monkeypatch.chdir(tmp_path)
    office = Office()
    for step in (
        the_terms_are_settled,
        the_forms_go_out,
        the_first_wave_has_one_to_mend,
        the_second_wave_has_a_slip_of_the_pen,
        the_third_wave_is_late_and_what_is_odd_is_confirmed,
        the_departments_judge_in_their_copies,
        the_result_is_provisional_while_a_department_is_late,
        the_first_version_is_final_and_proven,
        two_units_object,
        what_was_decided_without_an_effect_stays_open,
        the_second_version_tells_what_a_review_changed,
        the_second_version_is_proven_and_the_year_closed,
        the_versions_can_be_told_apart,
    ):
        step(office)
