"""The catalogue: every problem there is (诊断), with its code, its words and how to mend it.

KH0xx files · KH1xx one field · KH2xx fields together and forms · KH3xx scoring and the ledger · KH4xx ranking ·
KH9xx settings, scheme and use. A problem is a value: it is returned beside what could be done all the same.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "note"]

SEVERITY_WORDS: dict[Severity, str] = {"error": "错误", "warning": "提醒", "note": "说明"}


class Kind(Struct, frozen=True):
    """A kind of problem."""

    code: str
    severity: Severity
    headline: str  # 数值超出范围
    message: str  # one sentence; {found}, {expected}, {label} and others are filled in
    fix: str  # what to do, for whoever can do it
    why: str  # what it means and what the program does about it; for kaohe explain and docs/PROBLEMS.md
    example: str  # one line that shows a case


class Problem(Struct, frozen=True):
    """Something that is wrong, and where."""

    code: str
    severity: Severity
    message: str
    fix: str
    unit: str = ""  # name of the unit; empty: of none, or not known
    file: str = ""  # name of the file, without its folder
    sheet: str = ""
    cell: str = ""
    field: str = ""  # contract name of the field
    found: str = ""
    expected: str = ""

    @property
    def headline(self) -> str:
        """What it is called."""
        return CATALOGUE[self.code].headline

    @property
    def where(self) -> str:
        """File, sheet and cell in one line, as far as they are known."""
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return " ".join(part for part in (self.file, place) if part)


def problem(
    code: str,
    *,
    unit: str = "",
    file: str = "",
    sheet: str = "",
    cell: str = "",
    field: str = "",
    found: str = "",
    expected: str = "",
    **words: str,
) -> Problem:
    """A problem of the catalogue with its words filled in; KeyError for a code that is not in it."""
    kind = CATALOGUE[code]
    said = (
        {"unit": unit, "file": file, "sheet": sheet, "cell": cell, "field": field}
        | {"found": found, "expected": expected}
        | words
    )
    return Problem(
        code, kind.severity, kind.message.format(**said), kind.fix.format(**said),
        unit, file, sheet, cell, field, found, expected,
    )  # fmt: skip


def any_error(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error."""
    return any(found.severity == "error" for found in problems)


CATALOGUE: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        # ── KH9xx: settings, scheme and use ─────────────────────────────────────────────────────────────
        Kind(
            "KH901", "error", "考核方案有误",
            "考核方案 {file} 的“{key}”有误：{reason}",
            "按 docs/SCHEME.md 改正考核方案后重新运行。",
            "考核方案在使用前逐项核对；有误的方案一律不用，以免评错分。",
            "scheme.toml 的 item.1.1：各细则分值合计 11 分，项目为 12 分",
        ),
        Kind(
            "KH902", "error", "没有这个口径或选项",
            "没有“{found}”，可选：{expected}",
            "从列出的名称中选用。",
            "口径和选项的名称以考核方案为准。",
            "over5=loose，可选：inclusive、strict",
        ),
    )
}  # fmt: skip
