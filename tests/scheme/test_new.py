"""A new scheme from an old one."""

from pathlib import Path

import pytest

from kaohe_cli.scheme.load import FOLDER, SchemeError, load
from kaohe_cli.scheme.new import new


def test_a_new_scheme_goes_by_the_name_of_its_file_and_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "hangzhou-2008.toml"
    text = new("hangzhou_2007", path)
    path.write_text(text, "utf-8")
    scheme, old = load(str(path)), load()
    assert (scheme.id, scheme.content.template) == ("hangzhou_2008", "hangzhou_2008.xlsx")
    assert scheme.items == old.items
    assert scheme.readings == old.readings


def test_it_begins_with_what_is_to_be_changed(tmp_path: Path) -> None:
    text = new("hangzhou_2007", tmp_path / "2008.toml")
    assert text.startswith("# 2008：由 hangzhou_2007 抄来，请照新的通知逐处改正：\n")
    assert "kaohe scheme check 2008.toml" in text
    assert text.count("\nformat = 2\n") == 1
    assert "出处：杭经运行" not in text, "the remarks of the old file do not speak for the new one"


def test_it_can_start_from_any_file(tmp_path: Path) -> None:
    source = tmp_path / "旧方案.toml"
    source.write_bytes((FOLDER / "hangzhou_2007.toml").read_bytes())
    assert 'id = "scheme"' in new(str(source), tmp_path / "新方案.toml")


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="没有这个文件"):
        new("hangzhou_1907", tmp_path / "x.toml")
