"""The rules of a scheme as a Word document: all that it says, in words of the field, the same each time."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from any_scheme import criterion, item, measure, scheme
from command import kaohe
from docx import Document
from notices import NAMES, scheme_of

from kaohe_cli.scheme.changed import changed_by, differences, for_kind
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.printed import printed, title
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.stated import standings, terms

ALL = ("hangzhou_2007", *NAMES)


def known(name: str) -> Scheme:
    return load() if name == "hangzhou_2007" else scheme_of(name)


def text(data: bytes) -> str:
    """All that it says, in order; a cell is a line, whatever lines it has."""
    document = Document(BytesIO(data))
    lines = []
    for each in document.iter_inner_content():
        rows = [each.text] if hasattr(each, "text") else [cell.text for row in each.rows for cell in row.cells]
        lines += [line.replace("\n", "") for line in rows]
    return "\n".join(lines)


@pytest.mark.parametrize("name", ALL)
def test_every_clause_and_every_reading_of_it_is_there(name: str) -> None:
    held = known(name)
    said = text(printed(held))
    for each in held.criteria.values():
        assert f"\n{each.clause}\n" in said
        assert f"\n{terms(held, each)}。" in said
    for owner in held.items:
        assert f"\n{owner.content}\n{owner.standard}\n" in said
    for owner, evidence in held.evidence.values():
        assert f"\n{evidence.clause}\n{evidence.test.terms(held.names)}\n" in said, owner.id
    for standing in standings(held):
        assert f"\n{standing.source}\n" in said


@pytest.mark.parametrize("name", ALL)
def test_every_option_of_a_reading_is_there_with_what_it_changes(name: str) -> None:
    held = known(name)
    said = text(printed(held))
    for reading in held.content.reading:
        assert f"．{reading.question}\n" in said
        assert f"\n采用：{reading.option[0].label}。" in said
        for option in reading.option[1:]:
            assert f"\n{option.label}\n" in said
            changes = changed_by(held, reading, option)
            assert changes, f"{reading.id}={option.id}"
            for each in changes:
                assert f"\n{each.place}\n{each.before or '—'}\n{each.now or '—'}\n".replace("\n\n", "\n") in said


@pytest.mark.parametrize("name", ALL)
def test_it_is_in_chinese_but_for_what_the_notice_writes_in_letters(name: str) -> None:
    held = known(name)
    content = held.content
    own = [content.notice.number, *(f"{each.title}{each.unit}{each.note}" for each in content.measure)]
    own += [f"{each.title}{each.content}{each.standard}" for each in content.item]
    own += [f"{each.id}{each.title}" for each in held.criteria.values()]
    latin = set(re.findall(r"[A-Za-z_]{2,}", text(printed(held))))
    assert latin <= set(re.findall(r"[A-Za-z_]{2,}", "\n".join(own)))


@pytest.mark.parametrize("name", ["hangzhou_2007", "jinhua_2011"])
def test_same_scheme_same_bytes(name: str) -> None:
    held = known(name)
    assert printed(held) == printed(held)
    assert Document(BytesIO(printed(held))).core_properties.title == title(held)


@pytest.mark.parametrize("name", ALL)
def test_every_table_repeats_its_header_and_no_row_is_broken(name: str) -> None:
    document = Document(BytesIO(printed(known(name))))
    for table in document.tables:
        assert [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows][:2] == [True, False]
        assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in table.rows)
        assert all(run.font.size.pt >= 10 for cell in table._cells for part in cell.paragraphs for run in part.runs)


def test_what_the_notice_does_not_say_is_told_so_or_left_out() -> None:
    said = text(printed(scheme_of("energy_2007")))
    assert "加分不设总的上限（通知未规定）" in said
    assert "注明“无任务”的细则计满分（通知未规定，见口径 3）" in said
    assert "迟报" not in said
    assert "一票否决" not in said


def test_no_column_stays_empty_where_nothing_is_expected_of_figures() -> None:
    assert "合理范围" not in text(printed(scheme_of("ruian_2012")))
    assert "\n合理范围\n" in text(printed(scheme_of("energy_2007")))


def test_a_lone_part_is_no_sum() -> None:
    assert "1．总分由信息采用组成。" in text(printed(scheme_of("henan_2011")))


def test_what_is_another_for_a_kind_of_units_is_told() -> None:
    held = scheme_of("jinhua_2011")
    (kind,) = held.kinds
    (each,) = for_kind(held, kind)
    assert each.place == "2.5 计分"
    assert each.now == each.before.replace("加 0.5 分", "加 1 分")
    said = text(printed(held))
    assert "三、各类单位的不同规定\n县（市、区）（亿元企业不足10家）\n" in said
    assert "（有的单位另有规定，见三）" in said


def test_nothing_differs_from_itself() -> None:
    held = load()
    assert differences(held, under(held, dict(held.readings))) == ()


def test_a_change_of_the_frame_and_of_grades_is_told() -> None:
    held = load()
    (excellent,) = (each for each in held.content.reading if each.id == "excellent")
    (change,) = changed_by(held, excellent, excellent.option[1])
    was, now = "前 3 名；列入表彰名单", "前 3 名，总分 80 分以上（含）；列入表彰名单"
    assert (change.place, change.before, change.now) == ("等次“优秀”条件", was, now)


def test_a_reading_is_told_under_the_option_that_it_needs() -> None:
    held = load(readings={"energy.short": "all_or_nothing"})
    (steps,) = (each for each in held.content.reading if each.id == "energy.short.steps")
    (change,) = changed_by(held, steps, steps.option[1])
    assert "按比例折算" in change.now


def test_a_frame_is_told_in_words() -> None:
    held = scheme(
        item("1", criterion("1.1", "10"), criterion("1.2", "20"), more='combine = "mean"\ncap = 12'),
        item("2", criterion("2.1", None, 'kind = "count", counts = [{ figure = "a.actual", each = 2 }]')),
        '[whole]\ncombine = "weighted"\n',
        measure("a", "2", "actual"),
    )
    said = text(printed(held))
    assert "1．总分（满分 15 分）由项目1（15 分，权重 1）、项目2（权重 1）按权重相加。" in said
    assert "2．项目“1 项目1”由各细则取平均，最多 12 分。" in said
    assert "本年实绩：单位填报，0 至 1,000，可注明“无任务”" in said


def test_the_command_writes_it_and_does_not_write_over_another_file(tmp_path: Path) -> None:
    made = tmp_path / "规则.docx"
    ran = kaohe("scheme", "print", "hangzhou_2007", made)
    assert ran.code == 0, ran.err
    assert "32 条细则、15 个口径" in ran.err + ran.out
    first = made.read_bytes()
    assert first == printed(load())
    assert kaohe("scheme", "print", "hangzhou_2007", made).code == 0, "its own document is replaced"
    other = tmp_path / "别的.docx"
    other.write_bytes(b"PK")
    assert kaohe("scheme", "print", "hangzhou_2007", other).code == 2
    assert other.read_bytes() == b"PK"
    assert kaohe("scheme", "print", "hangzhou_2007", other, "--force").code == 0
    assert kaohe("scheme", "print", "hangzhou_2007", tmp_path / "规则.pdf").code == 2
    assert kaohe("scheme", "print", "hangzhou_1907", made).code == 2
