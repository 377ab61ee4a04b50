"""The draft circular: form of GB/T 9704, what it says, and what it leaves to the office."""

import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import ranking_samples as samples
import result_dump
from docx import Document
from docx.shared import Mm, Pt

from kaohe_cli.model import Case, Publicity
from kaohe_cli.result import circular
from kaohe_cli.result.circular import Circular, Dating
from kaohe_cli.scheme.load import load


def build(cases: list[Case], options: Circular | None = None) -> bytes:
    scheme = load()
    return circular.circular_document(scheme, samples.ranked(scheme, cases), options or Circular())


def text(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(data)).paragraphs)


def marked(data: bytes) -> list[str]:
    """What the office has to complete."""
    runs = [run for paragraph in Document(BytesIO(data)).paragraphs for run in paragraph.runs]
    return [run.text for run in runs if run.font.highlight_color]


def test_golden_dump_of_a_common_year() -> None:
    options = Circular(Dating(date(2007, 11, 20), "1999"), "杭经运行〔2008〕12号")
    result_dump.agrees("circular.txt", result_dump.document(build(samples.usual(), options)))


def test_what_a_cap_took_away_and_what_points_rest_on_are_noted() -> None:
    scheme = load(readings={"cap": "total"})
    facts = Circular(resting=("2 个单位的得分依据全年预计数，尚未核定：上城区、下城区",))
    said = text(circular.circular_document(scheme, samples.ranked(scheme, samples.usual(scheme)), facts))
    (note,) = [line for line in said.splitlines() if line.startswith("注：")]
    assert "；按加分的上限扣减的：萧山区9.64分、" in note
    assert note.endswith("；2 个单位的得分依据全年预计数，尚未核定：上城区、下城区。")
    plain = text(build(samples.usual()))
    assert "注：“—”表示未定或不列名次；加分计入所在类别和总分。" in plain


def test_the_days_of_publicity_are_told_where_they_are_decided() -> None:
    days = date(2007, 12, 10), date(2007, 12, 16)
    found = text(build(samples.usual(), Circular(publicity=Publicity(*days))))
    said = "公示时间：2007年12月10日至12月16日；有异议的，请在公示期内向{}书面提出。"
    assert said.format("市经委") in found.splitlines()
    found = text(build(samples.usual(), Circular(publicity=Publicity(*days, "综合处（85255555）"))))
    assert said.format("综合处（85255555）") in found.splitlines()
    for undecided in (Publicity(), Publicity(days[0]), Publicity(contact="综合处")):
        assert "公示" not in text(build(samples.usual(), Circular(publicity=undecided)))


@pytest.mark.parametrize(
    ("reading", "said"), [("inclusive", "截至11月15日报送期限"), ("strict", "截至11月14日报送期限")]
)
def test_the_last_day_is_that_of_the_reading_in_force(reading: str, said: str) -> None:
    scheme = load(readings={"deadline": reading})
    assert said in text(circular.circular_document(scheme, samples.ranked(scheme, samples.usual(scheme))))


def test_same_ranking_same_bytes() -> None:
    assert build(samples.usual()) == build(samples.usual())
    with zipfile.ZipFile(BytesIO(build(samples.usual()))) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        (date(2007, 11, 20), "二○○七年十一月二十日", "2007年11月20日"),
        (date(2008, 1, 1), "二○○八年一月一日", "2008年1月1日"),
        (date(2010, 10, 10), "二○一○年十月十日", "2010年10月10日"),
        (date(2012, 12, 31), "二○一二年十二月三十一日", "2012年12月31日"),
        (date(2007, 2, 21), "二○○七年二月二十一日", "2007年2月21日"),
        (date(2007, 3, 19), "二○○七年三月十九日", "2007年3月19日"),
        (date(2007, 5, 30), "二○○七年五月三十日", "2007年5月30日"),
    ],
)
def test_dates_of_both_standards(day: date, old: str, new: str) -> None:
    assert circular.written(day, "1999") == old
    assert circular.written(day, "2012") == new
    assert old in text(build(samples.usual(), Circular(Dating(day, "1999"))))
    assert new in text(build(samples.usual(), Circular(Dating(day))))


def test_page_and_letters_are_those_of_the_standard() -> None:
    document = Document(BytesIO(build(samples.usual())))
    page = document.sections[0]
    sizes = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.bottom_margin,
        page.left_margin,
        page.right_margin,
    )
    for size, wanted in zip(sizes, (210, 297, 37, 35, 28, 26), strict=True):
        assert abs(size - Mm(wanted)) < Mm(0.1)
    body = next(each for each in document.paragraphs if each.text.startswith("根据"))
    assert body.paragraph_format.line_spacing == Pt(28)
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert body.runs[0].font.size == Pt(16)
    assert 'w:eastAsia="仿宋_GB2312"' in body.runs[0]._r.xml
    title = next(each for each in document.paragraphs if each.text.endswith("的通报"))
    assert title.runs[0].font.size == Pt(22)
    assert 'w:eastAsia="方正小标宋简体"' in title.runs[0]._r.xml
    assert document.settings.odd_and_even_pages_header_footer
    assert " PAGE " in page.footer.paragraphs[0]._p.xml
    assert " PAGE " in page.even_page_footer.paragraphs[0]._p.xml


def test_issuer_and_date_are_never_alone_on_a_page() -> None:
    paragraphs = Document(BytesIO(build(samples.usual()))).paragraphs
    last = next(at for at, each in enumerate(paragraphs) if each.text.endswith("年　月　日"))
    kept = [bool(each.paragraph_format.keep_with_next) for each in paragraphs[last - 4 : last + 1]]
    assert kept == [True, True, True, True, False]
    assert paragraphs[last - 4].text


def test_it_carries_no_part_of_the_librarys_own_template() -> None:
    with zipfile.ZipFile(BytesIO(build(samples.usual()))) as package:
        names = set(package.namelist())
        kinds = package.read("[Content_Types].xml").decode()
        texts = "".join(package.read(name).decode("utf-8", "replace") for name in names)
    assert names == {
        "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml", "word/_rels/document.xml.rels",
        "word/styles.xml", "word/settings.xml", "word/webSettings.xml", "word/fontTable.xml", "word/theme/theme1.xml",
        "word/numbering.xml", "word/footer1.xml", "word/footer2.xml",
    }  # fmt: skip
    assert set(re.findall('PartName="/([^"]+)"', kinds)) <= names
    for stale in ("stylesWithEffects", "thumbnail", "Macintosh", "customXml"):
        assert stale not in texts


def test_what_only_the_office_knows_is_marked() -> None:
    found = marked(build(samples.usual()))
    assert [each for each in found if "文号待填" in each]
    assert [each for each in found if each.endswith("年　月　日")]
    whole = marked(build(samples.usual(), Circular(Dating(date(2008, 1, 5)), "杭经运行〔2008〕12号", "另行通报。")))
    assert [each[:2] for each in whole] == ["希望"]


@pytest.mark.slow
def test_a_veto_is_worded_by_the_office_alone() -> None:
    cases = samples.usual()
    silent = text(build(cases))
    for word in ("富阳市被", "市纪委", "杭纪", "党风廉政", "见市纪委通报"):
        assert word not in silent
    assert "〔一票否决事项是否写入、如何表述，由市经委核定后填写或删去本段〕" in silent
    assert "富阳市按规定不参加评优。" in text(build(cases, Circular(vetoes="富阳市按规定不参加评优。")))
    rows = result_dump.document(build(cases))
    assert rows[-1].split("\t") == ["—", "富阳市", "58.28", "42.68", "3.00", "100.96", "—"]
    without = [case for case in cases if case.veto is None]
    assert "一票否决" not in text(build(without))


def test_the_results_are_told_by_grade() -> None:
    said = text(build(samples.usual()))
    assert "萧山区、余杭区、滨江区（高新区）、杭州经济技术开发区等4个单位被评为优秀单位" in said
    assert "下城区、建德市、淳安县等3个单位考核得分不足80分" in said
    assert "拱墅区迟于期限报送" in said
    assert "暂定" not in said


def test_a_provisional_draft_says_so() -> None:
    data = build(samples.pending())
    assert "暂定稿" in marked(data)[0]
    assert "名次表（暂定）" in text(data)
    assert "杭州经济技术开发区未报送" in text(data)
    assert "平均得分" not in text(data)


@pytest.mark.slow
@pytest.mark.parametrize("cases", [samples.usual, samples.pending, samples.many])
def test_every_unit_is_in_the_annex(cases: Callable[[], list[Case]]) -> None:
    given = cases()
    table = Document(BytesIO(build(given))).tables[0]
    assert sorted(row.cells[1].text for row in table.rows[1:]) == sorted(case.unit.name for case in given)
    assert "w:tblHeader" in table.rows[0]._tr.xml


@pytest.mark.slow
def test_it_opens_in_libreoffice(office: Callable[[Path, str, Path], Path], tmp_path: Path) -> None:
    path = tmp_path / "通报.docx"
    path.write_bytes(build(samples.usual()))
    assert office(path, "pdf", tmp_path / "out").stat().st_size > 20_000
