"""The pages that are made from the program."""

import re

from reference import PROBLEM_BLOCKS, problems_page

from kaohe_cli.catalogue import CATALOGUE


def test_every_problem_is_on_its_page_once() -> None:
    codes = re.findall(r"^### (KH\d{3}) ", problems_page(), re.MULTILINE)
    assert codes == sorted(CATALOGUE)
    assert len(codes) > 50


def test_every_code_belongs_to_a_block() -> None:
    assert {code[:3] for code in CATALOGUE} <= set(PROBLEM_BLOCKS)
