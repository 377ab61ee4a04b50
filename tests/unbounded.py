"""The scheme of 2007 with figures that have no least value, no greatest one, or neither."""

import re
from functools import cache

from kaohe_cli.scheme.load import FOLDER, parse
from kaohe_cli.scheme.scheme import Scheme


@cache
def without(*keys: str) -> Scheme:
    """The scheme without any ``min`` or ``max`` that its figures have."""
    text = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")
    for key in keys:
        text, count = re.subn(rf"\b{key} = -?\d+(, )?", "", text)
        assert count > 50
    return parse(re.sub(r", *}", " }", text).encode(), "某年.toml")
