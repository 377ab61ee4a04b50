"""One batch of damaged files, each read under a watch; test_damage.py runs them all.

``PYTHONPATH=.:tests python tests/damage/cases.py KIND FORMAT SEED COUNT`` prints one line of JSON; what is wrong
is in it, so that nothing but a hang or a crash ends the batch early. ``… COUNT NUMBER`` runs that case alone and leaves
its file in the folder; ``… COUNT FAULT`` puts a fault into the reading, to see that it is seen.
"""

import faulthandler
import json
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import containers
import markup
import oracle
import records
from hostile import HEAD, MAIN, biff, number_record, opendocument, record, row, workbook
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem
from kaohe_cli.form.intake import intake
from kaohe_cli.ledger import book as ledger
from kaohe_cli.ledger.reader import EveryNameBut
from kaohe_cli.ledger.record import DETAIL, FIGURES, PROGRESS
from kaohe_cli.model import Settings
from kaohe_cli.scheme.load import load
from kaohe_cli.settings import workbook as settings
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book

HERE = Path(__file__).parent
SCHEME = load()
BASES = HERE / "bases"
SAMPLES = HERE.parents[1] / "samples"
ISSUED = HERE.parent / "corpus" / "issued"

KINDS = ("return", "settings", "ledger", "mixed")
FORMATS = ("xlsx", "ods", "xls")
LIMIT = 5.0  # seconds that a case may take
PATIENCE = 20.0  # seconds for the oracle, which is not on trial

Level = str  # harmless: nothing may differ; container: refused or the same; content: what the oracle says
Outcome = tuple[Any, tuple[Problem, ...], Book | None, tuple[Problem, ...]]


# ── what is damaged ─────────────────────────────────────────────────────────────────────────────────────────────────


def base(kind: str, form: str) -> bytes:
    """The workbook that is damaged."""
    if kind == "mixed":
        return {"xlsx": _mixed_xlsx, "ods": _mixed_ods, "xls": _mixed_xls}[form]()
    if kind != "return":
        return (BASES / f"{kind}.{form}").read_bytes()
    path = SAMPLES / "回收" / "上城区.xlsx" if form == "xlsx" else ISSUED / f"saved-by-libreoffice.{form}"
    return path.read_bytes()


def _mixed_xlsx() -> bytes:
    """Every kind of cell that a sheet may hold."""
    cells = (
        '<c r="A1"><v>1</v></c><c r="B1" s="1"><v>0.955</v></c><c r="C1" s="2"><v>39401</v></c>'
        '<c r="D1" s="3"><v>39401.5</v></c><c t="s"><v>0</v></c><c r="F1" t="s"><v>2</v></c>'
        '<c r="G1" t="b"><v>1</v></c>'
        '<c r="H1" t="e"><v>#DIV/0!</v></c><c r="I1"><f>A1</f></c><c r="J1"><f>A1+1</f><v>2.5</v></c>'
        '<c r="K1" t="str"><f>F1</f><v>乙乙</v></c><c r="L1" t="inlineStr"><is><t>丙</t></is></c>'
        '<c r="M1" t="inlineStr"><is><r><t>丁</t></r><r><t xml:space="preserve"> 戊</t></r></is></c>'
        '<c r="N1" t="d"><v>2007-11-15</v></c><c r="O1" s="4"><v>0.354166666666667</v></c><c r="P1" s="1"/>'
        '<c r="Q1"><v>-1.5E-3</v></c><c r="R1"><v/></c><c r="S1" t="str"><f>A1</f><v></v></c>'
    )
    more = "".join(row(f'<c r="A{n}"><v>{n * 7}</v></c><c r="C{n}" t="s"><v>{n % 3}</v></c>', n) for n in range(2, 30))
    strings = (
        f'{HEAD}<sst xmlns="{MAIN}"><si><t>甲</t></si><si><t xml:space="preserve"> 乙 </t></si><si><r><rPr><b/></rPr>'
        "<t>丙</t></r><r><t>&amp;丁</t></r><rPh sb=\"0\" eb=\"1\"><t>bing</t></rPh></si></sst>"
    )  # fmt: skip
    styles = (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m'
        '&quot;月&quot;"/></numFmts><fonts count="1"><font/></fonts><cellStyleXfs count="1"><xf numFmtId="0"/>'
        '</cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="164"/>'
        '<xf numFmtId="20"/></cellXfs></styleSheet>'
    )
    return workbook(row(cells) + more, strings=strings, styles=styles)


def _mixed_ods() -> bytes:
    cells = (
        '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.955"><text:p>95.5%</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="currency" office:value="7.25"/>'
        '<table:table-cell office:value-type="date" office:date-value="2007-11-15"/>'
        '<table:table-cell office:value-type="date" office:date-value="2007-11-15T12:00:00"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/>'
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string"><text:p>甲<text:s text:c="2"/>乙<text:tab/>丙</text:p>'
        "<text:p>丁<text:span>戊</text:span></text:p><office:annotation><text:p>批注</text:p></office:annotation>"
        "</table:table-cell>"
        '<table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="1"/>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p>'
        '</table:table-cell><table:table-cell table:formula="of:=[.A1]"/>'
        '<table:table-cell table:formula="of:=X" office:value-type="string" office:string-value="己">'
        '<text:p>己</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="3" '
        'office:value-type="float" office:value="3"/>'
    )
    more = "".join(
        f'<table:table-row table:number-rows-repeated="{1 + n % 3}"><table:table-cell office:value-type="float" '
        f'office:value="{n * 7}"><text:p>{n * 7}</text:p></table:table-cell><table:table-cell/><table:table-cell '
        f'office:value-type="string"><text:p>行{n}</text:p></table:table-cell></table:table-row>'
        for n in range(2, 30)
    )
    more = f"<table:table-row-group>{more}</table:table-row-group>"
    return opendocument(f"<table:table-row>{cells}</table:table-row>{more}")


def _mixed_xls() -> bytes:
    """Cells of every kind of record, in a stream so short that it stands among the short ones."""
    wide = "甲乙".encode("utf-16-le")
    formats = b"".join(
        record(0xE0, bytes(2) + bytes([key]) + bytes(17)) for key in (0, 10, 14, 20)
    )  # fmt: skip
    texts = [(b"\1", "甲".encode("utf-16-le")), (b"\0", b"abc"), (b"\1", "丙丁".encode("utf-16-le"))]
    table = b"".join(
        bytes([len(raw) >> flags[0], 0]) + flags + raw for flags, raw in texts
    )  # fmt: skip
    strings = record(0xFC, bytes([3, 0, 0, 0, 3, 0, 0, 0]) + table)

    def at(line: int, column: int, form: int = 0) -> bytes:
        return b"".join(value.to_bytes(2, "little") for value in (line, column, form))

    formula = b"\0\0" + bytes(4) + b"\3\0\x1e\1\0"
    cells = (
        number_record(0, 0, 1.5)
        + record(0x27E, at(0, 1, 1) + (int(Decimal("0.955") * 10_000) << 2 | 2).to_bytes(4, "little"))
        + record(0xBD, at(0, 2) + (8 << 2 | 2).to_bytes(4, "little") + b"\2\0" + (39401 << 2 | 2).to_bytes(4, "little")
                 + b"\3\0")
        + record(0xFD, at(0, 4) + bytes(4)) + record(0xFD, at(0, 5) + b"\2\0\0\0")
        + record(0x204, at(0, 6) + b"\2\0\1" + wide) + record(0x205, at(0, 7) + b"\1\0")
        + record(0x205, at(0, 8) + b"\7\1")
        + record(0x006, at(0, 9) + bytes(6) + b"\x04\x40" + formula)
        + record(0x006, at(0, 10) + b"\0\0\0\0\0\0\xff\xff" + formula) + record(0x207, b"\2\0\1" + wide)
        + record(0x006, at(0, 11) + b"\1\0\1\0\0\0\xff\xff" + formula)
        + record(0x006, at(0, 12) + b"\2\0\x07\0\0\0\xff\xff" + formula)
        + record(0x201, at(0, 13)) + record(0xBE, at(0, 14) + bytes(2) + b"\x0f\0")
        + b"".join(number_record(n, 0, n * 7.25) for n in range(1, 20))
    )  # fmt: skip
    return records.small_compound(biff(cells, before=formats, strings=strings))


def families(form: str) -> Sequence[tuple[str, Level, containers.Damage]]:
    """Every way to damage a workbook of this format: name, level, damage."""
    levels: Sequence[tuple[Level, Mapping[str, containers.Damage]]]
    if form == "xls":
        # nothing in such a file has a checksum: what it says after the damage is what it says
        levels = (("harmless", records.HARMLESS), ("content", records.COMPOUND), ("content", records.CONTENT))
    else:
        names = "stream ends early", "stream goes on", "stream touched", "stream cut", "bytes", "header number"
        large = markup.larger({name: containers.CONTAINER[name] for name in names})
        sound = "blocks", "stored blocks", "packed otherwise"
        well = markup.larger({name: containers.HARMLESS[name] for name in sound})
        levels = (
            ("harmless", {**containers.HARMLESS, **markup.HARMLESS, **well}),
            ("container", {**containers.CONTAINER, **large}),
            ("content", {**markup.CONTENT, **markup.LARGER}),
        )
    return [(name, level, damage) for level, damages in levels for name, damage in damages.items()]


# ── reading it ──────────────────────────────────────────────────────────────────────────────────────────────────────


# what a ledger shows and can be worked out again is not read from it
UNREAD = (PROGRESS,)


@cache
def office_settings() -> Settings:
    given, problems = settings.read(SCHEME, SAMPLES / "考核设置.xlsx")
    assert given is not None, problems
    return given


def take(kind: str, path: Path) -> Outcome:
    """What the program makes of a file: its value, what is wrong, and the workbook by itself."""
    large = kind == "ledger"
    limits = reader.LARGE_LIMITS if large else reader.USUAL_LIMITS
    book, told = reader.read_workbook(path, limits, EveryNameBut(*UNREAD) if large else None)
    if kind == "settings":
        given, problems = settings.read(SCHEME, path)
        return given and replace(given, sha256=""), problems, book, told
    if large:
        held, problems = ledger.read(SCHEME, path)
        return held, problems, book and _by_rows(path, book), told
    if kind == "mixed" or book is None:
        return book and replace(book, sha256="", size=0), told, book, told
    returned, problems = intake(SCHEME, office_settings(), book)
    return returned and replace(returned, sha256="", size=0), (*told, *problems), book, told


def _by_rows(path: Path, book: Book) -> Book:
    """``book`` with its large sheets as they are read row by row."""
    sheets = []
    for sheet in book.sheets:
        if sheet.name in (DETAIL, FIGURES):
            rows = reader.SheetRows(path, sheet.name)
            cells = {(number, column): cell for number, found in rows for column, cell in found.items()}
            assert not any(told.severity == "error" and told.code != "KH031" for told in rows.problems), rows.problems
            sheet = replace(sheet, cells=cells)
        sheets.append(sheet)
    return replace(book, sheets=tuple(sheets))


# ── judging it ──────────────────────────────────────────────────────────────────────────────────────────────────────


def serious(problems: Sequence[Problem]) -> Counter[str]:
    """Errors and warnings, each as what is said."""
    return Counter(
        f"{told.code} {told.sheet} {told.cell} {told.message}" for told in problems if told.severity != "note"
    )


class Verdict(NamedTuple):
    """How a case ended, and why that is wrong; empty: it is not."""

    outcome: str  # refused, told, identical, changed
    wrong: str = ""


def judge(level: Level, before: Outcome, after: Outcome, data: bytes) -> Verdict:
    """Whether ``after`` is an honest reading of ``data``, made from the workbook that was read as ``before``."""
    value, problems, book, told = after
    refused = value is None
    if (refused or book is None) and not any(found.severity == "error" for found in problems):
        return Verdict("refused", "nothing was read, and no error says so")
    fresh = serious(problems) - serious(before[1])
    outcome = "refused" if refused else "told" if fresh else "identical" if value == before[0] else "changed"
    same = book is not None and before[2] is not None and book.sheets == before[2].sheets
    if level == "harmless":
        harmed = outcome != "identical" or not same
        return Verdict(outcome, f"harmless, but {outcome}: {list(fresh)[:3]}" if harmed else "")
    if level == "container":
        return Verdict(outcome, "" if refused or (outcome == "identical" and same) else "damage passed as good")
    if outcome == "changed" and same:
        return Verdict(outcome, "another value from the same cells")
    if book is None or serious(told):
        return Verdict(outcome)  # the workbook itself is refused, or told to be doubtful
    try:
        sheets, epoch = oracle.read(data, UNREAD)
    except oracle.Unreadable as reason:
        # what cannot be read by others may be taken where all that matters is as it was, or someone is told
        return Verdict(outcome, "" if same or outcome == "told" else f"read where the oracle gives up: {reason}")
    found = sorted(oracle.differences(book, sheets, epoch, UNREAD))
    return Verdict(outcome, f"{len(found)} cells differ: {found[:2]}" if found else "")


# ── a batch ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def peak() -> int:
    """The most memory that this process had, in MiB."""
    status = Path("/proc/self/status")
    if not status.exists():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
    assert found is not None
    return int(found[1]) // 1024


def batch(kind: str, form: str, seed: int, count: int, only: int | None = None) -> dict[str, Any]:
    """What came of so many cases; families take turns."""
    damages, sound = families(form), base(kind, form)
    totals: Counter[str] = Counter()
    by_family: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    slowest = (0.0, "")
    large = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"上城区.{form}"
        path.write_bytes(sound)
        before = take(kind, path)
        assert before[0] is not None, before[1]
        sheets, epoch = oracle.read(sound, UNREAD)
        assert before[2] is not None
        apart = list(oracle.differences(before[2], sheets, epoch, UNREAD))
        assert not apart, apart
        for number in range(count) if only is None else [only]:
            name, level, damage = damages[number % len(damages)]
            data = damage(Random(f"{seed} {kind} {form} {number}"), sound)
            print(f"{kind} {form} {number} {name}", file=sys.stderr, flush=True)
            path.write_bytes(data)
            if only is not None:
                Path(f"case.{form}").write_bytes(data)
            fault = ""
            faulthandler.dump_traceback_later(LIMIT, exit=True)
            start = time.perf_counter()
            try:
                after = take(kind, path)
            except Exception:
                after, fault = None, traceback.format_exc(limit=-4)
            spent = time.perf_counter() - start
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            if after is None:
                verdict = Verdict("traceback", fault)
            elif data == sound:
                verdict = Verdict("identical")
            else:
                verdict = judge(level, before, after, data)
            faulthandler.cancel_dump_traceback_later()
            totals[verdict.outcome] += 1
            by_family.setdefault(f"{level}: {name}", Counter())[verdict.outcome] += 1
            slowest = max(slowest, (spent, f"{number} {name}"))
            large += name.startswith("large")
            if verdict.wrong:
                wrong.append(f"{kind} {form} {number} {name}: {verdict.wrong}")
    return {
        "kind": kind, "format": form, "cases": sum(totals.values()), **totals, "wrong": wrong, "large": large,
        "families": by_family, "peak": peak(), "slowest": round(slowest[0], 3), "slowest_case": slowest[1],
    }  # fmt: skip


def _sleeps(*_: object) -> Outcome:
    time.sleep(60)
    raise AssertionError


def _hangs_outside_of_python(*_: object) -> Outcome:
    re.match(r"(a+)+$", "a" * 60 + "b")
    raise AssertionError


def _raises(*_: object) -> Outcome:
    raise ZeroDivisionError("on purpose")


def _grows(kind: str, path: Path) -> Outcome:
    assert len(bytearray(b"\1") * (400 << 20))
    return _take(kind, path)


def _believes_all(kind: str, path: Path) -> Outcome:
    """Every number one more than it is."""
    value, problems, book, told = _take(kind, path)
    if book is None:
        return value, problems, book, told
    sheets = tuple(
        replace(sheet, cells={
            place: replace(cell, value=cell.value + 1) if isinstance(cell.value, Decimal) else cell
            for place, cell in sheet.cells.items()
        }) for sheet in book.sheets
    )  # fmt: skip
    return value, problems, replace(book, sheets=sheets), told


# faults put in on purpose, to see that they are seen
FAULTS: Mapping[str, Callable[[str, Path], Outcome]] = {
    "sleeps": _sleeps, "hangs": _hangs_outside_of_python, "raises": _raises, "grows": _grows, "lies": _believes_all,
}  # fmt: skip
_take = take


def with_fault(name: str, kind: str, form: str) -> Callable[[str, Path], Outcome]:
    """The reading, with a fault for every file but the undamaged one."""
    sound = base(kind, form)
    return lambda kind, path: (_take if path.read_bytes() == sound else FAULTS[name])(kind, path)


if __name__ == "__main__":
    given_kind, given_form, given_seed, given_count, *rest = sys.argv[1:]
    if rest and rest[0] in FAULTS:
        take = with_fault(fault := rest.pop(), given_kind, given_form)
        LIMIT = 1.0 if fault in ("sleeps", "hangs") else LIMIT  # those wait for it
    alone = int(rest[0]) if rest else None
    print(json.dumps(batch(given_kind, given_form, int(given_seed), int(given_count), alone)))
