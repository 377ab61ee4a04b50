"""The nine notices, townships and the 2007 notice typed cell by cell into the empty 方案.xlsx, as their author would.

What is read is the scheme that their TOML holds, trials included; it goes to TOML and back without a letter changed,
and through the whole line to the totals, places and grades that were worked out by hand.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from assess.test_trial import trials_of, with_trials
from command import kaohe
from msgspec.structs import replace
from notices import FOLDER, NAMES
from scheme_author import Author, blank
from year_line import Line, hangzhou, notice

from kaohe_cli.scheme.book.made import alike, made_from
from kaohe_cli.scheme.load import DEFAULT, examine, parse
from kaohe_cli.scheme.load import FOLDER as SHIPPED
from kaohe_cli.scheme.records import SchemeContent
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.toml import text_of

ALL = (DEFAULT, *NAMES, "townships_2015")
FAST = (DEFAULT, "ruian_2012", "investment_quarter")  # the longest, one with readings, one with kinds
CELLS = {  # typed
    DEFAULT: 1392, "energy_2007": 923, "henan_2011": 219, "investment_quarter": 460, "jinhua_2011": 521,
    "lvliang_2010": 516, "ruian_2012": 411, "shicheng_2018": 1263, "towers_2008": 236, "towns_2009": 539,
    "townships_2015": 307,
}  # fmt: skip


def written(name: str) -> str:
    """The TOML of a notice; the nine with the units of their year as trials."""
    if name in NAMES:
        return with_trials(name, trials_of(name))
    return ((SHIPPED if name == DEFAULT else FOLDER) / f"{name}.toml").read_text("utf-8")


@cache
def original(name: str) -> Scheme:
    return parse(written(name).encode(), f"{name}.toml")


@cache
def typed(name: str) -> tuple[bytes, int]:
    """The workbook that an author typed, and how many cells that took."""
    author = Author(original(name).raw)
    return author.write(), author.typed


def said(content: SchemeContent) -> SchemeContent:
    """``content`` with one spelling of the numbers in ``change``, which is kept as it is written: 5, "5", 5.0."""
    readings = tuple(
        replace(each, option=tuple(replace(option, change=_spelled(option.change)) for option in each.option))
        for each in content.reading
    )
    kinds = tuple(replace(each, change=_spelled(each.change)) for each in content.kind)
    trials = tuple(replace(each, figure=_spelled(each.figure)) for each in content.trial)
    return replace(content, reading=readings, kind=kinds, trial=trials)


def _spelled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _spelled(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return value
    try:
        return Decimal(value)
    except ArithmeticError:
        return value


def test_the_workbook_that_is_typed_into_is_the_one_that_the_program_gives(tmp_path: Path) -> None:
    assert kaohe("scheme", "new", tmp_path / "方案.xlsx").code == 0
    assert (tmp_path / "方案.xlsx").read_bytes() == blank()


@pytest.mark.parametrize("name", FAST)
def test_what_was_typed_is_the_scheme(name: str) -> None:
    found = examine(typed(name)[0], "方案.xlsx")
    assert found.problems == ()
    assert found.scheme is not None
    assert said(found.scheme.content) == said(original(name).content)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_a_typed_workbook_passes_the_check_and_becomes_the_same_text(name: str, tmp_path: Path) -> None:
    path, text = tmp_path / "方案.xlsx", tmp_path / "方案.toml"
    data, cells = typed(name)
    path.write_bytes(data)
    checked = kaohe("scheme", "check", path)
    assert checked.code == 0, checked.err
    assert name not in NAMES or "全部相符" in checked.out + checked.err
    assert cells == CELLS[name]
    copy = examine((tmp_path / "方案（核对）.xlsx").read_bytes(), "方案.xlsx").scheme  # a copy is worked on
    assert copy is not None
    assert said(copy.content) == said(original(name).content)
    assert kaohe("scheme", "convert", path, text).code == 0
    found = parse(text.read_bytes(), "方案.toml")
    assert said(found.content) == said(original(name).content)
    assert alike(found, original(name))
    again, back = tmp_path / "又.xlsx", tmp_path / "又.toml"
    assert kaohe("scheme", "convert", text, again).code == 0
    assert kaohe("scheme", "convert", again, back).code == 0
    assert back.read_bytes() == text.read_bytes()
    anew = examine(made_from(found.raw), "方案.xlsx").scheme  # without the text that it comes from
    assert anew is not None
    assert text_of(anew.raw) == text.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", [DEFAULT, *NAMES])
def test_the_whole_line_by_a_typed_workbook(name: str, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    path.write_bytes(typed(name)[0])
    year = hangzhou() if name == DEFAULT else notice(name)
    assert Line(path, tmp_path, year).walk() == year.expected
