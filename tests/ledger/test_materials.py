"""材料登记 and what stands of it in 单位情况: written, read back, guarded, carried on, and told of where it changes."""

import re
from collections.abc import Iterable
from pathlib import Path

import openpyxl
from msgspec.structs import replace
from test_ledger import SCHEME, codes, half

import kaohe_cli.scheme
from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.compare import compare
from kaohe_cli.ledger.merge import merge
from kaohe_cli.ledger.record import MATERIALS, SITUATION
from kaohe_cli.ledger.settle import last_written
from kaohe_cli.model import Attachment, Case, Entry, Settings
from kaohe_cli.paper.provenance import sources
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.scheme import Scheme

ASKED = "年度工作总结"
SUMMARY = Attachment("330102", "上城区年度工作总结.docx", 30_000, "ab" * 32)
LIST = Attachment("330102", "技改清单.pdf", 5_000_000_000, "cd" * 32)
BROKEN = Attachment("330103", "下城区/扫描件.pdf", 7, "")


def named(cases: Iterable[Case], **evidence: str) -> tuple[Case, ...]:
    """``cases``, of which the first names evidence."""
    first, *rest = cases
    said = {f"{measure}.evidence": Entry(text) for measure, text in evidence.items()}
    return (replace(first, reported={**first.reported, **said}), *rest)


def score(
    path: Path, *materials: Attachment, cases: tuple[Case, ...] = (), scheme: Scheme = SCHEME
) -> tuple[Ledger, list[str]]:
    """The ledger written at ``path`` again, and the codes of what was told of the one that was there."""
    previous, told = workbook.read_previous(scheme, path) if path.exists() else (None, ())
    cases = cases or half()
    settings = Settings(tuple(case.unit for case in cases), {}, {}, {})
    made = sources(scheme.sources, [])
    ledger, wrong = workbook.assemble(scheme, settings, cases, (), made, previous, materials)
    before = last_written(under(scheme, previous.readings), previous) if previous else None
    path.write_bytes(workbook.ledger_workbook(scheme, ledger, (*told, *wrong), compare(scheme, before, ledger)))
    return ledger, codes(told)


def shown(path: Path, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet by their titles."""
    rows = [*openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]
    at = next(at for at, row in enumerate(rows) if "单位" in row)
    return [dict(zip(map(str, rows[at]), row, strict=True)) for row in rows[at + 1 :] if any(row)]


def type_over(path: Path, sheet: str, found: object, value: object) -> None:
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book[sheet].iter_rows() for cell in row if cell.value == found)
    cell.value = value
    book.save(path)


def test_what_came_is_listed_with_what_it_is_for(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    cases = named(half(), sales="见技改清单", invest_large="备案表.pdf", energy="统计部门认定")
    score(path, SUMMARY, LIST, BROKEN, cases=cases)
    first, second, *others = (each.name for each in (case.unit for case in cases))
    titles = "单位", "类别", "文件", "状态", "“佐证材料”栏所填"
    rows = [tuple(row[title] for title in titles) for row in shown(path, MATERIALS)]
    assert rows == [
        (first, ASKED, SUMMARY.file, "已收到", None),
        (first, "佐证材料", LIST.file, "已对应", "工业销售产值：见技改清单"),
        (first, "佐证材料", "备案表.pdf", "缺", "限额以上工业投资：备案表.pdf"),
        (first, "佐证材料", None, "未对应", f"{SCHEME.measures['energy'].title}：统计部门认定"),
        (second, ASKED, None, "缺", None),
        (second, "其他", BROKEN.file, "未能读取", None),
        *((other, ASKED, None, "缺", None) for other in others),
    ]
    assert [row[ASKED] for row in shown(path, SITUATION)] == ["已收到", *["未收到"] * (len(others) + 1)]


def test_it_is_read_back_and_carried_on(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    score(path, SUMMARY, LIST, BROKEN)
    ledger, problems = workbook.read(SCHEME, path)
    assert ledger is not None
    assert problems == ()
    assert ledger.materials == (SUMMARY, LIST, BROKEN)
    assert merge(SCHEME, ledger, [ledger], frozenset()).ledger.materials == ledger.materials


def test_what_is_typed_over_is_told_and_never_used(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    score(path, SUMMARY, LIST)
    type_over(path, MATERIALS, SUMMARY.sha256, "00" * 32)
    type_over(path, SITUATION, "已收到", "未收到")
    ledger, problems = workbook.read(SCHEME, path)
    assert ledger is not None
    assert codes(problems) == ["KH317", "KH317"]
    assert {each.sheet for each in problems} == {MATERIALS, SITUATION}
    assert ledger.materials == (SUMMARY, LIST)
    _, told = score(path, SUMMARY, LIST)
    assert told == ["KH325", "KH325"]
    assert workbook.read(SCHEME, path)[1] == ()


def test_a_row_or_the_sheet_that_is_gone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    score(path, SUMMARY, LIST)
    book = openpyxl.load_workbook(path)
    book[MATERIALS].delete_rows(3)
    book.save(path)
    ledger, problems = workbook.read(SCHEME, path)
    assert ledger is not None
    assert codes(problems) == ["KH318"]
    assert ledger.materials == (SUMMARY, LIST)
    del book[MATERIALS]
    book.save(path)
    ledger, problems = workbook.read(SCHEME, path)
    assert ledger is not None
    assert {*codes(problems)} == {"KH318", "KH321"}
    assert ledger.materials == (SUMMARY, LIST)


def test_what_people_put_there_is_told_since_it_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    score(path, SUMMARY)
    book = openpyxl.load_workbook(path)
    book[MATERIALS]["K4"] = "已电话催要"
    book.save(path)
    assert score(path, SUMMARY)[1] == ["KH340"]


def test_changes_are_told(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    score(path, SUMMARY, LIST)
    again = replace(SUMMARY, size=31_000, sha256="ef" * 32)
    score(path, again, BROKEN)
    rows = [(row["事项"], row["原为"], row["现为"], row["原因"]) for row in shown(path, "本次变动")]
    was, now = ("30,000 字节，SHA-256 abababababab", "31,000 字节，SHA-256 efefefefefef")
    assert rows == [
        (f"材料·{SUMMARY.file}", was, now, "材料：换了内容"),
        (f"材料·{LIST.file}", "5,000,000,000 字节，SHA-256 cdcdcdcdcdcd", "—", "材料：这次没有读到"),
        (f"材料·{BROKEN.file}", "—", "7 字节，SHA-256 不明", "材料：新收到"),
    ]


def without(folder: Path) -> Scheme:
    """The scheme as of a notice that asks for nothing beside the form."""
    source = Path(kaohe_cli.scheme.__file__).parent / "hangzhou_2007.toml"
    text, count = re.subn(r"\[materials\]\n(\w.*\n)+", "", source.read_text("utf-8"))
    assert count == 1
    (folder / source.name).write_text(text, "utf-8")
    return load(str(folder / source.name))


def test_a_scheme_that_asks_for_nothing_shows_nothing(tmp_path: Path) -> None:
    path, scheme = tmp_path / "底稿.xlsx", without(tmp_path)
    score(path, scheme=scheme)
    assert MATERIALS not in openpyxl.load_workbook(path).sheetnames
    assert ASKED not in shown(path, SITUATION)[0]
    score(path, SUMMARY, scheme=scheme)
    assert [(row["类别"], row["状态"]) for row in shown(path, MATERIALS)] == [("其他", "未对应")]
    assert workbook.read(scheme, path)[1] == ()


def test_a_sheet_that_people_called_so_before_is_theirs(tmp_path: Path) -> None:
    """An earlier version had no such sheet: what is in one is named before a new one takes its place."""
    path = tmp_path / "底稿.xlsx"
    score(path, scheme=without(tmp_path))
    book = openpyxl.load_workbook(path)
    book.create_sheet(MATERIALS).append(["上城区", "总结已交"])
    book.save(path)
    ledger, problems = workbook.read(SCHEME, path)
    assert ledger is not None
    assert codes(problems) == ["KH311"]  # another scheme
    assert ledger.materials == ()
    ledger, told = score(path, SUMMARY)
    assert told == ["KH311", "KH340", "KH340"]
    assert ledger.materials == (SUMMARY,)


def test_a_column_that_is_asked_for_no_more_is_not_taken_for_people_s_own(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    score(path, SUMMARY)
    ledger, told = score(path, SUMMARY, scheme=without(tmp_path))
    assert told == ["KH311"]
    assert ledger.columns[SITUATION] == ()
    assert ASKED not in shown(path, SITUATION)[0]
