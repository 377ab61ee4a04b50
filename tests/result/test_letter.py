"""A circular is compared by its figures; its words are the office's."""

from io import BytesIO
from typing import Any

import pytest
import ranking_samples as samples
from docx import Document

from kaohe_cli.model import Ranking
from kaohe_cli.result.circular import Circular, circular_document
from kaohe_cli.result.letter import compare_letters, letter, read_letter
from kaohe_cli.scheme.load import load

SCHEME = load()


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return samples.ranked(SCHEME, samples.usual(SCHEME))


@pytest.fixture(scope="module")
def draft(ranking: Ranking) -> bytes:
    return circular_document(SCHEME, ranking, Circular())


def compared(draft: bytes, ranking: Ranking, document: Any = None) -> list[str]:
    """What is told of ``document``, an edited draft."""
    data = BytesIO()
    (document or Document(BytesIO(draft))).save(data)
    found, problems = letter(data.getvalue(), "通报.docx")
    expected, _ = letter(draft, "通报.docx")
    assert found is not None, problems
    assert expected is not None
    units = [each.score.unit.name for each in ranking.units]
    return [each.message for each in compare_letters(found, expected, units, SCHEME.grades).problems]


def paragraph(document: Any, start: str) -> Any:
    return next(each for each in document.paragraphs if each.text.startswith(start))


def reword(paragraph: Any, old: str, new: str) -> None:
    assert old in paragraph.text
    (run,) = paragraph.runs
    run.text = run.text.replace(old, new)


def test_the_draft_itself(draft: bytes, ranking: Ranking) -> None:
    assert compared(draft, ranking) == []


def test_the_words_are_free(draft: bytes, ranking: Ranking) -> None:
    document = Document(BytesIO(draft))
    reword(paragraph(document, "希望受到表彰"), "希望", "请")
    reword(paragraph(document, "根据《"), "现将考核结果通报如下", "结果如下")
    reword(paragraph(document, "市经委〔"), "市经委〔文号待填〕", "杭经运行〔2008〕12号")
    document.add_paragraph("抄送：市政府办公厅，共印 200 份。")
    paragraph(document, "一、考核依据").insert_paragraph_before("萧山区 2007 年另有 3 项加分。")
    second, third = (
        next(each for each in document.paragraphs if word in each.text) for word in ("优秀单位", "达标单位")
    )
    second.add_run(third.text)  # joined to one
    third._p.getparent().remove(third._p)
    assert compared(draft, ranking, document) == []


@pytest.mark.parametrize(
    ("start", "old", "new"),
    [
        ("参加排名的", "最高", "最高1"),
        ("根据《", "14个单位", "13个单位"),
        ("截至", "11月", "12月"),
    ],
)
def test_a_number_in_a_sentence(draft: bytes, ranking: Ranking, start: str, old: str, new: str) -> None:
    document = Document(BytesIO(draft))
    reword(paragraph(document, start), old, new)
    (told,) = compared(draft, ranking, document)
    assert told.startswith("正文是“")


def test_a_grade_a_unit_and_a_sentence_that_is_gone(draft: bytes, ranking: Ranking) -> None:
    for old, new in (("被评为优秀", "被评为达标"), (ranking.units[0].score.unit.name, "上城区")):
        document = Document(BytesIO(draft))
        reword(next(each for each in document.paragraphs if "优秀单位" in each.text), old, new)
        assert len(compared(draft, ranking, document)) == 1
    document = Document(BytesIO(draft))
    gone = paragraph(document, "参加排名的")
    gone._p.getparent().remove(gone._p)
    (told,) = compared(draft, ranking, document)
    assert told.startswith("正文是“没有”，按考核结果应为“")


@pytest.mark.slow
def test_every_cell_of_the_annex(draft: bytes, ranking: Ranking) -> None:
    rows, columns = len(ranking.units) + 1, 7
    free = 0
    for row in range(1, rows):
        for column in range(columns):
            document = Document(BytesIO(draft))
            cell = document.tables[0].cell(row, column)
            before = cell.text
            cell.text = f"{before}1"
            told = compared(draft, ranking, document)
            if told:
                assert told == [f"附件表第 {row + 1} 行第 {column + 1} 列是“{before}1”，按考核结果应为“{before}”"]
            else:
                assert (column, before) == (6, "—")  # how a veto is told is for the office to say
                free += 1
    assert free == sum(each.grade == "一票否决" for each in ranking.units)


def test_rows_and_tables_that_are_gone(draft: bytes, ranking: Ranking) -> None:
    document = Document(BytesIO(draft))
    row = document.tables[0].rows[3]._tr
    row.getparent().remove(row)
    assert compared(draft, ranking, document)
    document = Document(BytesIO(draft))
    table = document.tables[0]._tbl
    table.getparent().remove(table)
    told = compared(draft, ranking, document)
    assert told[0] == "附件表第 1 行第 1 列是“空白”，按考核结果应为“名次”"
    assert told[-1].startswith("同类问题（KH946）还有")


def test_what_is_no_document(tmp_path: Any) -> None:
    path = tmp_path / "通报.docx"
    for data, code in ((b"PK\x03\x04", "KH013"), (b"", "KH013")):
        path.write_bytes(data)
        found, problems = read_letter(path)
        assert found is None
        assert [each.code for each in problems] == [code]
    found, problems = read_letter(tmp_path)
    assert (found, [each.code for each in problems]) == (None, ["KH017"])
