"""The template: up to date, the same bytes each time, valid, and the text of the notice whole."""

import io
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from golden_dump import dump
from openpyxl import load_workbook

from kaohe_cli.form import package
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.layout import INSTRUCTIONS, MEASURES, SCORECARD, SCORES
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Entry, Settings
from kaohe_cli.scheme.scheme import Scheme

ROOT = Path(__file__).parent.parent.parent
COMMITTED = ROOT / "templates" / "scorecard_2007.xlsx"
GOLDEN = ROOT / "tests" / "golden" / "scorecard_2007.txt"

# the order of children in the schemas of Office Open XML (ECMA-376), for the elements that a form writes
ORDER = {
    "worksheet": (
        "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
        "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
        "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks "
        "customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects "
        "controls webPublishItems tableParts extLst"
    ),
    "workbook": (
        "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
        "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
        "fileRecoveryPr webPublishObjects extLst"
    ),
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    "font": "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme",
    "border": "start end left right top bottom diagonal vertical horizontal",
    "xf": "alignment protection extLst",
    "dxf": "font numFmt fill alignment border protection extLst",
    "patternFill": "fgColor bgColor",
    "dataValidation": "formula1 formula2",
    "cfRule": "formula colorScale dataBar iconSet extLst",
    "sheetView": "pane selection pivotSelection extLst",
    "headerFooter": "oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter",
    "c": "f v is extLst",
    "comment": "text",
}


@pytest.fixture(scope="module")
def made(scheme: Scheme) -> bytes:
    return template_workbook(scheme)


def test_the_committed_template_is_up_to_date(made: bytes) -> None:
    # part by part: how bytes are packed may differ between machines, what they say may not
    assert package.parts(COMMITTED.read_bytes()) == package.parts(made), "run: kaohe template --force"


def test_the_same_scheme_gives_the_same_bytes(scheme: Scheme, made: bytes) -> None:
    assert template_workbook(scheme) == made


@pytest.mark.parametrize("lxml", ["True", "False"])
def test_the_xml_library_at_hand_makes_no_difference(made: bytes, lxml: str, tmp_path: Path) -> None:
    program = (
        "import sys, openpyxl\n"
        "from kaohe_cli.form.template import template_workbook\n"
        "from kaohe_cli.scheme.load import load\n"
        "open(sys.argv[1], 'wb').write(template_workbook(load()))\n"
    )
    out = tmp_path / "template.xlsx"
    environment = os.environ | {"OPENPYXL_LXML": lxml, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program, str(out)], check=True, env=environment)
    assert package.parts(out.read_bytes()) == package.parts(made)


def test_the_look_of_every_cell_is_as_it_was(made: bytes) -> None:
    assert dump(made) == GOLDEN.read_text(encoding="utf-8"), "look at the change; then tests/golden/renew.py"


def test_the_text_of_the_notice_stands_there_whole(scheme: Scheme, made: bytes) -> None:
    sheet = load_workbook(io.BytesIO(made))[SCORECARD]
    texts = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert scheme.content.title in texts
    assert {item.content for item in scheme.items} | {item.standard for item in scheme.items} <= texts
    assert {
        "一类目标（56分）",
        "二类目标（44分）",
        "合计（100分）",
        "填报单位（盖章）：",
        "单位负责人（签字）：",
    } <= texts
    assert {"填表人：", "联系电话：", "填报日期：", "自评分", "考核分"} <= texts
    assert len(scheme.items) == 17


def test_every_sheet_prints_on_a4_with_its_heading_and_page_numbers(made: bytes) -> None:
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == [SCORECARD, MEASURES, SCORES, INSTRUCTIONS]
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
        assert sheet.protection.sheet
        assert not sheet.protection.password


def test_children_stand_in_the_order_of_the_schema(scheme: Scheme, settings: Settings, made: bytes) -> None:
    forms = open_template(scheme, made)
    plain, _ = forms.issue(scheme.units[0], settings, {"filer": Entry("=1+1")})
    seen: dict[str, int] = {}
    for data in (made, plain):
        for name, part in package.parts(data).items():
            if not name.endswith(".xml"):
                continue
            for element in ElementTree.fromstring(part).iter():
                kind = element.tag.rpartition("}")[2]
                if kind not in ORDER or "relationships" in element.tag:
                    continue
                order = ORDER[kind].split()
                children = [child.tag.rpartition("}")[2] for child in element]
                assert [order.index(child) for child in children] == sorted(order.index(child) for child in children), (
                    name,
                    kind,
                    children,
                )
                seen[kind] = seen.get(kind, 0) + 1
    assert seen["worksheet"] == 4 + 5
    assert seen["font"] > 8
    assert seen["cfRule"] > 100
    assert seen["dataValidation"] > 90
    assert seen["c"] > 2000
