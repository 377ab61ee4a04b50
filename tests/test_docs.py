"""The generated pages are what the program says, whole, and up to date."""

from pathlib import Path

import msgspec
import pytest
import reference
from reference import DOCS, MEANINGS, main, pages, records, scheme_page
from rules import examples, rules_page

from kaohe_cli.assess.score import rule_points
from kaohe_cli.commands.shapes import ANSWERS
from kaohe_cli.scheme.load import load

PAGES = ["COMMANDS.md", "PROBLEMS.md", "RULES-2007.md", "SCHEME.md"]
SCHEMAS = [f"schema/{command.replace(' ', '-')}.json" for command in ANSWERS]


@pytest.mark.parametrize("name", [*PAGES, *SCHEMAS])
def test_a_committed_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages()[name], "run: python tools/reference.py --write"


def test_no_page_is_left_out() -> None:
    assert sorted(pages()) == sorted([*PAGES, *SCHEMAS])
    assert sorted(path.name for path in (DOCS / "schema").iterdir()) == sorted(Path(name).name for name in SCHEMAS)


def test_check_and_write(tmp_path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(reference, "DOCS", tmp_path / "docs")
    assert main(["--check"]) == 1
    assert capsys.readouterr().err.count("与程序不符") == len(PAGES + SCHEMAS)
    assert main(["--write"]) == 0
    assert main(["--check"]) == 0
    (tmp_path / "docs" / "SCHEME.md").write_text("旧", "utf-8")
    assert main(["--check"]) == 1
    assert main([]) == main(["--check", "--write"]) == 2


def test_every_key_of_the_format_is_explained_and_no_other() -> None:
    found = {record.__name__: {each.encode_name for each in msgspec.structs.fields(record)} for record, _ in records()}
    assert {name: set(meanings) for name, (_, meanings) in MEANINGS.items()} == found
    assert len(found) == 42
    assert sum(map(len, found.values())) > 100
    page = scheme_page()
    for name, keys in found.items():
        assert f"## {name}：" in page
        assert all(f"| `{key}` |" in page for key in keys)


def test_examples_lie_on_both_sides_of_each_threshold() -> None:
    scheme = load()
    ruled = [each for each in scheme.criteria.values() if not each.judged]
    assert len(ruled) == 18
    for criterion in ruled:
        outcomes = [rule_points(scheme, criterion, given) for given in examples(scheme, criterion)]
        assert all(state == "scored" for _, state, _ in outcomes)
        points = [value for value, _, _ in outcomes if value is not None]
        assert 0 in points or criterion.id == "1.1.5"
        assert max(points) > min(points), criterion.id
        assert len(points) in (2, 3, 7, 10), criterion.id
    assert {len(list(examples(scheme, each))) for each in ruled} == {2, 3, 7, 10}


def test_the_rules_page_holds_every_clause_rule_reading_and_formula() -> None:
    scheme = load()
    page = rules_page(scheme)
    for criterion in scheme.criteria.values():
        assert f"#### {criterion.id} {criterion.title}（" in page
        assert f"> {criterion.clause}\n" in page
    assert page.count("\n- 公式：`") == 18
    for reading in scheme.content.reading:
        assert f". `{reading.id}` {reading.question}\n" in page
        assert all(f"| `{option.id}`" in page for option in reading.option)
    # readings that bear on rules show where their options part; the others are about totals and places
    assert page.count("在各选项下的得分：") == 9


def test_a_scheme_of_another_shape_has_its_page_too() -> None:
    page = rules_page(load("tests/schemes/townships_2015.toml"))
    assert "生产安全事故死亡人数不高于控制指标的，得 10 分；每超 1 人扣 2.5 分" in page
    assert "单位产值电耗比上年实绩下降3%以上的，得 5 分" in page
    assert page.count("\n- 公式：`") == 9


def test_the_commands_page_holds_every_command() -> None:
    page = pages()["COMMANDS.md"]
    for name in ["init", "blank", "check", "score", "merge", "rank", "explain", "verify", "demo", "template"]:
        assert f"\n## kaohe {name}\n" in page
    assert "\n## kaohe scheme new\n" in page
