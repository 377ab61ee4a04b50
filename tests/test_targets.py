"""Where the program writes: inside the folders given, under the names of units, never over what is not its own.

1 names of units  2 formats  3 what is there already  4 originals  5 links  6 what is no file
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from amounts import part
from command import ROOT, Ran, kaohe
from msgspec.structs import replace
from openpyxl import load_workbook

from kaohe_cli.commands import sample as synthetic
from kaohe_cli.commands.score import score
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.template import template_workbook
from kaohe_cli.ledger import book as ledger_book
from kaohe_cli.naming import unfit
from kaohe_cli.scheme.load import load
from kaohe_cli.settings import workbook
from kaohe_cli.sheet.worksheet import unescaped

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"
SCHEME = load()

HOSTILE = [
    "../x", "../../x", "../../../../../../x", "..\\x", "..\\..\\x", "../外", "../回收/上城区", "../考核设置", "./x",
    "x/../y", "a/b", "a\\b", "/x", "/tmp/x", "//server/x", "\\\\server\\share\\x", "C:\\x", "C:x", "x:y", "x:y*?", "x*",
    "x?", '"x"', "<x>", "x|y", "[x]", "..", ".", "...", ".x", ".bashrc", ".~lock.x", "~$x", "~x", "-x", "-rf", "x.",
    "x..", "CON", "con", "PRN", "nul", "NUL.txt", "COM1", "com9.x", "LPT1", "CONIN$", "ＣＯＮ", "com¹", "x_x000A_y",
    "AUX", "x_x000D_y", "x_x0009_y", "x_x202E_xslx", "x_x200B_", "区" * 61, "x" * 300, "%2e%2e/x", "~root/x",
    "$(touch x)/", "`id`/", "x\t/y", "{root}/外", "file:///x", "．．／x/", "x‥/..",
]  # fmt: skip
HARMLESS = [
    "A.B", "甲 乙", "①", "=1+1", "+x", "@x", "x'y", "$(touch x)", "`id`", "x;y", "x&y", "%2e%2e", "{0}", "．．／x",
]  # fmt: skip
# letters that cannot be in a cell are taken out when it is read
CLEANED = {"x_x0000_y": "xy", "x_x0007_": "x", "x_xFFFF_": "x", "x_xD83D_": "x", " x ": "x"}


class Place:
    """A folder deep below a root in which nothing else may change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "甲" / "乙" / "丙"
        self.work.mkdir(parents=True)
        for bait in (
            "x.xlsx",
            "外.xlsx",
            "甲/x.xlsx",
            "甲/外.xlsx",
            "甲/乙/x.xlsx",
            "甲/乙/外.xlsx",
            "甲/乙/考核设置.xlsx",
        ):
            (root / bait).write_bytes(b"not yours")

    def seen(self) -> dict[str, str]:
        """Every file and folder, outside the folders that are written to."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if not name.startswith(("甲/乙/丙/下发/", "甲/乙/丙/退回/", "甲/乙/丙/反馈/")):
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        return found

    def written(self, folder: str) -> list[str]:
        """The names of what was written to one of them; none is deeper."""
        return sorted(str(path.relative_to(self.work / folder)) for path in (self.work / folder).rglob("*"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings, returns with an error, and a judged ledger of two units."""
    folder = tmp_path_factory.mktemp("small")
    sample = synthetic.load(SCHEME)
    settings = replace(sample.settings, units=sample.settings.units[:2])
    (folder / "考核设置.xlsx").write_bytes(workbook.settings_workbook(SCHEME, settings)[0])
    forms = open_template(SCHEME, template_workbook(SCHEME))
    (folder / "回收").mkdir()
    for unit, filled in zip(settings.units, sample.units, strict=False):
        entries = {name: entry for name, entry in filled.entries.items() if name != "sales.actual"}
        (folder / "回收" / f"{unit.name}.xlsx").write_bytes(forms.issue(unit, settings, entries)[0])
    made = score(
        SCHEME.id, settings_path=folder / "考核设置.xlsx", paths=[folder / "回收"], output=folder / "评分底稿.xlsx",
        return_dir=None, prefer=(), template_path=None,
    )  # fmt: skip
    assert "KH101" in {each.code for each in made.problems}
    return folder


@pytest.fixture
def place(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    found = Place(tmp_path)
    for name in ("考核设置.xlsx", "评分底稿.xlsx"):
        shutil.copy(small / name, found.work / name)
    shutil.copytree(small / "回收", found.work / "回收")
    monkeypatch.chdir(found.work)
    return found


def rename(path: Path, sheet: str, name: str) -> str:
    """Type ``name`` over the name of the first unit; the cell."""
    book = load_workbook(path)
    page = book[sheet]
    head = next(row for row in page.iter_rows(max_row=30) for cell in row if cell.value == "单位代码")
    column = next(cell.column for cell in head if cell.value == "单位")
    cell = page.cell(head[0].row + 1, column)
    cell.value, cell.data_type = name, "s"
    book.save(path)
    return str(cell.coordinate)


def forge(path: Path, names: Mapping[str, str]) -> None:
    """Give units other names in a ledger, its record of them included."""
    ledger, _ = ledger_book.read(SCHEME, path)
    assert ledger is not None
    named = [replace(each.unit, name=names.get(each.unit.code, each.unit.name)) for each in ledger.cases]
    cases = tuple(replace(each, unit=unit) for each, unit in zip(ledger.cases, named, strict=True))
    path.write_bytes(ledger_book.ledger_workbook(SCHEME, replace(ledger, cases=cases)))


def refused(ran: Ran, code: str, where: str, place: Place, before: dict[str, str], folder: str) -> None:
    (told,) = [each for each in ran.json["problems"] if each["code"] == code]
    assert f"{told['sheet']}!{told['cell']}" == where
    assert told["expected"].startswith("不能"), "the rule"
    assert place.seen() == before
    assert place.written(folder) == []


# ── 1 names of units ────────────────────────────────────────────────────────────────────────────────────


def test_the_list_is_long() -> None:
    assert len(set(HOSTILE)) >= 60
    assert [name for name in HARMLESS if unfit(name)] == []


@pytest.mark.parametrize("name", part(HOSTILE, 0))
def test_a_hostile_name_in_the_settings(name: str, place: Place) -> None:
    cell = rename(place.work / "考核设置.xlsx", "单位", name.format(root=place.root))
    before = place.seen()
    for arguments, folder in ((("blank", "--force"), "下发"), (("score", "--return-dir", "退回", "--force"), "退回")):
        ran = kaohe(*arguments, "--json")
        assert ran.code == 2
        refused(ran, "KH925", f"单位!{cell}", place, before, folder)


@pytest.mark.parametrize("name", part(HOSTILE, 1))
def test_a_hostile_name_in_the_ledger(name: str, place: Place) -> None:
    cell = rename(place.work / "评分底稿.xlsx", "单位情况", name.format(root=place.root))
    before = place.seen()
    ran = kaohe("rank", "--feedback-dir", "反馈", "--force", "--json")
    assert ran.code == 1
    assert [(each["code"], each["cell"]) for each in ran.json["problems"] if each["severity"] == "error"] == [
        ("KH317", cell)
    ]
    assert place.written("反馈") == ["上城区.xlsx", "下城区.xlsx"], "what is typed over is never used"
    new = {path for path, mark in place.seen().items() if before.get(path) != mark}
    assert new == {"甲/乙/丙/考核结果.xlsx", "甲/乙/丙/反馈"}


@pytest.mark.parametrize("name", part(HOSTILE, 2))
def test_a_hostile_name_in_a_ledger_that_was_forged(name: str, place: Place) -> None:
    forge(place.work / "评分底稿.xlsx", {"330102": unescaped(name.format(root=place.root))})
    before = place.seen()
    ran = kaohe("rank", "--feedback-dir", "反馈", "--force", "--json")
    assert ran.code == 1
    refused(ran, "KH316", "单位情况!B2", place, before, "反馈")


@pytest.mark.parametrize(
    ("typed", "name"), part([*zip(HARMLESS, HARMLESS, strict=True), *CLEANED.items(), ("", "330102")], every=2)
)
def test_an_odd_name_that_a_file_can_have_stays_inside(typed: str, name: str, place: Place) -> None:
    before = place.seen()
    rename(place.work / "考核设置.xlsx", "单位", typed)
    assert kaohe("blank").code == 0
    assert place.written("下发") == sorted([f"{name}.xlsx", "下城区.xlsx"])
    assert kaohe("score", "--return-dir", "退回").code == 1
    assert f"{name}.xlsx" in place.written("退回")
    assert kaohe("rank", "--feedback-dir", "反馈").code in (0, 1)
    assert place.written("反馈") == sorted([f"{name}.xlsx", "下城区.xlsx"])
    changed = {path for path, was in before.items() if place.seen().get(path) != was}
    assert changed == {"甲/乙/丙/考核设置.xlsx", "甲/乙/丙/评分底稿.xlsx"}


@pytest.mark.parametrize("name", ["下城区", "下城区 ", "ＨＥＤＡ"])
def test_two_units_never_share_a_name(name: str, place: Place) -> None:
    settings, ledger = place.work / "考核设置.xlsx", place.work / "评分底稿.xlsx"
    if name == "ＨＥＤＡ":  # alike but for case and width
        book = load_workbook(settings)
        for row in book["单位"].iter_rows():
            for cell in row:
                cell.value = "heda" if cell.value == "下城区" else cell.value
        book.save(settings)
    rename(settings, "单位", name)
    forge(ledger, {"330102": name, **({"330103": "heda"} if name == "ＨＥＤＡ" else {})})
    ran = kaohe("blank", "--json")
    assert ran.code == 2
    # a name that is another unit's in the scheme is told as that
    assert ("KH918" if name == "ＨＥＤＡ" else "KH926") in {each["code"] for each in ran.json["problems"]}
    ran = kaohe("rank", "--feedback-dir", "反馈", "--json")
    assert ran.code == 1
    assert [each["code"] for each in ran.json["problems"]] == ["KH316"]
    assert place.written("下发") == place.written("反馈") == []


def test_a_hostile_name_in_a_scheme(place: Place) -> None:
    text = (ROOT / "kaohe_cli" / "scheme" / "hangzhou_2007.toml").read_text("utf-8")
    before = place.seen()
    for old, new in (('name = "上城区"', 'name = "../上城区"'), ('template = "scorecard', 'template = "../scorecard')):
        assert old in text
        (place.work / "方案.toml").write_text(text.replace(old, new), "utf-8")
        ran = kaohe("blank", "--scheme", "方案.toml", "--json")
        assert ran.code == 2
        assert {each["code"] for each in ran.json["problems"]} == {"KH901"}
    (place.work / "方案.toml").unlink()
    assert place.seen() == before


# ── 2 formats ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        (("init", "--output", "设置.xls"), ".xlsx"),
        (("init", "--output", "设置"), ".xlsx"),
        (("template", "模板.xltx"), ".xlsx"),
        (("score", "--output", "底稿.ods"), ".xlsx"),
        (("score", "--output", "底稿.xlsm"), ".xlsx"),
        (("rank", "--output", "结果.csv"), ".xlsx"),
        (("rank", "--output", "结果.xlsx.bak"), ".xlsx"),
        (("rank", "--notice", "通报.doc"), ".docx"),
        (("rank", "--notice", "通报.xlsx"), ".docx"),
        (("scheme", "new", "方案.tom"), ".xlsx 或 .toml"),
        (("scheme", "convert", "方案.xlsx", "方案.tom"), ".xlsx 或 .toml"),
    ],
)
def test_an_output_ends_as_what_is_written(arguments: tuple[str, ...], right: str, place: Place) -> None:
    before = place.seen()
    ran = kaohe(*arguments)
    assert ran.code == 2
    assert "KH907" in ran.err
    assert f"应以 {right} 结尾" in ran.err
    assert place.seen() == before


def test_an_extension_in_capitals_serves(place: Place) -> None:
    assert kaohe("rank", "--output", "结果.XLSX").code in (0, 1)
    assert (place.work / "结果.XLSX").exists()


@pytest.fixture(scope="module")
def kept_as(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The ledger as another program keeps it; no LibreOffice is needed for one that is only named otherwise."""

    def make(suffix: str) -> Path:
        path = tmp_path_factory.mktemp("kept") / f"评分底稿{suffix}"
        shutil.copy(small / "评分底稿.xlsx", path)  # what a file is, its content says
        return path

    return make


@pytest.mark.parametrize("suffix", [".ods", ".xls", ".et", ".xlsm"])
def test_a_ledger_kept_in_another_format_is_read_and_written_beside_it(
    suffix: str, kept_as: Callable[[str], Path], place: Place
) -> None:
    (place.work / "评分底稿.xlsx").unlink()
    other = place.work / f"评分底稿{suffix}"
    shutil.copy(kept_as(suffix), other)
    data = other.read_bytes()
    ran = kaohe("score", "--output", other.name)
    assert ran.code == 1, "the returns have an error"
    assert f"{other.name} 没有改动，以后请用 评分底稿.xlsx" in ran.err
    assert other.read_bytes() == data
    assert (place.work / "评分底稿.xlsx").read_bytes().startswith(b"PK")
    again = kaohe("score", "--output", other.name)
    assert again.code == 2
    assert "KH909" in again.err


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_what_was_typed_into_a_ledger_kept_in_another_format_is_there(
    suffix: str, office: Callable[[Path, str, Path], Path], place: Place
) -> None:
    ledger = place.work / "评分底稿.xlsx"
    book = load_workbook(ledger)
    page = book["评分明细"]
    titles = {cell.value: cell.column for cell in page[1]}
    row = next(row for row in range(2, 3_000) if page.cell(row, titles["细则"]).value == "1.4.1")
    page.cell(row, titles["考核分"]).value = 7.25
    page.cell(row, titles["评分人"]).value = "张三"
    book.save(ledger)
    other = office(ledger, suffix, place.work / "另存")
    shutil.move(other, place.work / other.name)
    ledger.unlink()
    ran = kaohe("merge", other.name, SAMPLES / "评分底稿.xlsx")
    assert f"{other.name} 没有改动" in ran.err
    page = load_workbook(ledger)["评分明细"]
    assert (page.cell(row, titles["考核分"]).value, page.cell(row, titles["评分人"]).value) == (7.25, "张三")


# ── 3 what is there already ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("rank",), "考核结果.xlsx"),
        (("rank", "--feedback-dir", "反馈"), "反馈/上城区.xlsx"),
        (("rank", "--notice", "通报.docx"), "通报.docx"),
        (("rank", "--csv", "文本"), "文本/排名.csv"),
        (("score", "--return-dir", "退回"), "退回/上城区.xlsx"),
    ],
)
@pytest.mark.parametrize("content", [b"not yours", SAMPLES / "考核设置.xlsx", SAMPLES / "回收" / "下城区.xlsx"])
def test_a_foreign_file_is_not_written_over_without_force(
    arguments: tuple[str, ...], target: str, content: bytes | Path, place: Place
) -> None:
    path = place.work / target
    path.parent.mkdir(exist_ok=True)
    data = content if isinstance(content, bytes) else content.read_bytes()
    path.write_bytes(data)
    before = place.seen()
    ran = kaohe(*arguments)
    assert ran.code == 2
    assert "KH912" in ran.err
    assert path.read_bytes() == data
    assert place.seen() == before
    assert kaohe(*arguments, "--force").code in (0, 1)
    assert path.read_bytes() != data
    own = path.read_bytes()
    assert kaohe(*arguments).code in (0, 1), "its own earlier work needs no force"
    assert path.read_bytes() == own


def test_a_filled_form_in_the_folder_of_feedback_is_foreign(place: Place) -> None:
    """The form of a unit and its feedback have one name."""
    data = (place.work / "回收" / "上城区.xlsx").read_bytes()
    ran = kaohe("rank", "--feedback-dir", "回收")
    assert ran.code == 2
    assert "KH912" in ran.err
    assert (place.work / "回收" / "上城区.xlsx").read_bytes() == data


def test_what_the_office_filled_into_a_circular_stays_beside_the_new_one(place: Place) -> None:
    from docx import Document

    assert kaohe("rank", "--notice", "通报.docx").code in (0, 1)
    document = Document(str(place.work / "通报.docx"))
    document.add_paragraph("经研究，补充如下。")
    document.save(str(place.work / "通报.docx"))
    ran = kaohe("rank", "--notice", "通报.docx")
    (kept,) = place.work.glob("通报.2*.docx")
    assert f"原来的留在 {kept.name}" in ran.err
    assert Document(str(kept)).paragraphs[-1].text == "经研究，补充如下。"


def test_settings_that_are_written_over_by_force_stay_as_a_dated_copy(place: Place) -> None:
    data = (place.work / "考核设置.xlsx").read_bytes()
    assert kaohe("init").code == 2
    ran = kaohe("init", "--force")
    (kept,) = place.work.glob("考核设置.2*.xlsx")
    assert kept.read_bytes() == data
    assert f"原来的留在 {kept.name}" in ran.err


# ── 4 originals ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "--return-dir", "回收", "--force"),
        ("score", "--output", "回收/上城区.xlsx"),
        ("score", "--output", "考核设置.xlsx"),
        ("rank", "--output", "评分底稿.xlsx", "--force"),
        ("rank", "--output", "../丙/评分底稿.xlsx", "--force"),
        ("blank", "上城区", "--template", "下发/上城区.xlsx", "--force"),
        ("scheme", "new", "--from", "方案.toml", "方案.toml", "--force"),
    ],
)
def test_what_is_read_is_never_written(arguments: tuple[str, ...], place: Place) -> None:
    (place.work / "下发").mkdir()
    shutil.copy(ROOT / "templates" / "scorecard_2007.xlsx", place.work / "下发" / "上城区.xlsx")
    shutil.copy(ROOT / "kaohe_cli" / "scheme" / "hangzhou_2007.toml", place.work / "方案.toml")
    before = place.seen()
    issued = (place.work / "下发" / "上城区.xlsx").read_bytes()
    ran = kaohe(*arguments)
    assert ran.code == 2
    assert "KH908" in ran.err
    assert place.seen() == before
    assert (place.work / "下发" / "上城区.xlsx").read_bytes() == issued


@pytest.mark.parametrize(
    "arguments",
    [
        ("rank", "--output", "反馈/上城区.xlsx", "--feedback-dir", "反馈"),
        ("score", "--output", "退回/上城区.xlsx", "--return-dir", "退回"),
    ],
)
def test_two_files_are_never_written_to_one_place(arguments: tuple[str, ...], place: Place) -> None:
    ran = kaohe(*arguments, "--force")
    assert ran.code == 2
    assert "KH908" in ran.err
    assert place.written("反馈") == place.written("退回") == []


def test_a_file_that_is_read_is_known_by_another_name_of_it(place: Place) -> None:
    os.link(place.work / "评分底稿.xlsx", place.work / "同一份.xlsx")
    ran = kaohe("rank", "--output", "同一份.xlsx", "--force")
    assert ran.code == 2
    assert "KH908" in ran.err


def test_a_folder_of_returns_is_none_of_forms_to_mend_even_where_none_has_to_be_mended(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "回收", tmp_path / "回收")
    given = ("--settings", SAMPLES / "考核设置.xlsx", "--output", tmp_path / "底稿.xlsx")
    ran = kaohe("score", tmp_path / "回收", *given, "--return-dir", tmp_path / "回收", "--force")
    assert ran.code == 2
    assert "KH908" in ran.err
    assert not (tmp_path / "底稿.xlsx").exists()


# ── 5 links ─────────────────────────────────────────────────────────────────────────────────────────────

links = pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")


@links
def test_a_link_to_the_ledger_is_followed_and_its_copy_is_a_copy(place: Place) -> None:
    real = place.root / "甲" / "盘" / "底稿2007.xlsx"
    real.parent.mkdir()
    shutil.move(place.work / "评分底稿.xlsx", real)
    (place.work / "评分底稿.xlsx").symlink_to(real)
    book = load_workbook(real)
    book["单位情况"]["Z1"] = "备查"
    book["单位情况"]["Z2"] = "x"
    book.save(real)
    data = real.read_bytes()
    ran = kaohe("score")
    assert ran.code == 1
    assert (place.work / "评分底稿.xlsx").is_symlink()
    assert real.read_bytes() != data
    assert load_workbook(real)["评分明细"].max_row > 50
    (kept,) = real.parent.glob("底稿2007.2*.xlsx")
    assert not kept.is_symlink()
    assert kept.read_bytes() == data
    assert kept.name in ran.err


@links
@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        (("blank", "--force"), "下发"),
        (("score", "--return-dir", "退回", "--force"), "退回"),
        (("rank", "--feedback-dir", "反馈", "--force"), "反馈"),
        (("rank", "--csv", "文本", "--force"), "文本"),
    ],
)
def test_a_link_out_of_the_folder_is_not_written_through(arguments: tuple[str, ...], folder: str, place: Place) -> None:
    (place.work / folder).mkdir()
    name = "排名.csv" if folder == "文本" else "上城区.xlsx"
    (place.work / folder / name).symlink_to(place.root / "外.xlsx")
    ran = kaohe(*arguments)
    assert ran.code == 2
    assert "KH913" in ran.err
    assert "链接" in ran.err
    assert (place.root / "外.xlsx").read_bytes() == b"not yours"
    assert (place.work / folder / name).is_symlink()


@links
def test_links_in_a_circle_are_told(place: Place) -> None:
    (place.work / "考核结果.xlsx").symlink_to(place.work / "另.xlsx")
    (place.work / "另.xlsx").symlink_to(place.work / "考核结果.xlsx")
    ran = kaohe("rank")
    assert ran.code == 2
    assert "链接绕成了圈" in ran.err


# ── 6 what is no file ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("init", "--force"), "考核设置.xlsx"),
        (("blank", "--force"), "下发/上城区.xlsx"),
        (("score",), "评分底稿.xlsx"),
        (("score", "--return-dir", "退回", "--force"), "退回/上城区.xlsx"),
        (("rank", "--force"), "考核结果.xlsx"),
        (("rank", "--csv", "文本"), "文本/排名.csv"),
        (("rank", "--notice", "通报.docx"), "通报.docx"),
        (("rank",), "评分底稿.xlsx"),
        (("explain", "上城区"), "评分底稿.xlsx"),
        (("verify",), "考核结果.xlsx"),
        (("score",), "回收/上城区.xlsx"),
        (("blank",), "考核设置.xlsx"),
        (("blank", "--template", "样.xlsx"), "样.xlsx"),
        (("verify", str(SAMPLES / "考核结果.xlsx"), "--ledger", "另.xlsx"), "另.xlsx"),
        (("merge", "评分底稿.xlsx", "另.xlsx"), "另.xlsx"),
        (("blank", "--scheme", "方案.toml"), "方案.toml"),
        (("scheme", "check", "方案.toml"), "方案.toml"),
    ],
)
def test_a_pipe_is_never_waited_for(arguments: tuple[str, ...], target: str, place: Place) -> None:
    path = place.work / target
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    ran = kaohe(*arguments)
    assert ran.code in (1, 2)
    assert "不是普通文件" in ran.err or "读不了" in ran.err
    assert stat.S_ISFIFO(path.stat().st_mode)
