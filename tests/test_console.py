"""The terminal: 80 columns, any encoding, with and without colour."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import ranking_samples as samples
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console

from kaohe_cli import console
from kaohe_cli.assess.score import score
from kaohe_cli.catalogue import CATALOGUE
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Case, Change, Entry, Influence, Mark, Query, QueryState, Ranked, Ranking, Unit
from kaohe_cli.scheme.load import load

TITLE = "二○○七年度工作目标责任制考核"
ADVICE = ("下一步：请责任处室在评分底稿的“评分明细”中填写考核分，再运行 kaohe rank。" * 2,)
SAMPLES = {"usual": samples.usual, "pending": samples.pending, "many": samples.many}


def ranking(name: str) -> Ranking:
    scheme = load()
    cases: list[Case] = SAMPLES[name](scheme)
    return samples.ranked(scheme, cases)


class Screen:
    """A terminal of 80 × 24 whose text can be read."""

    def __init__(self, colour: bool) -> None:
        self.stream = io.StringIO()
        self.console = Console(
            file=self.stream, force_terminal=True, width=80, height=24, no_color=not colour,
            color_system="standard" if colour else None, highlight=False, markup=False, emoji=False,
        )  # fmt: skip

    def refresh(self, watch: console.Working) -> None:
        assert watch._bar is not None
        watch._bar.refresh()

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    shown = Screen(colour=False)
    monkeypatch.setattr(console, "_console", lambda stream: shown.console)
    return shown


def odd(count: int) -> list[Problem]:
    return [
        problem("KH902", unit=f"单位{index}", file=f"{index}.xlsx", sheet="指标填报", cell=f"F{index}", found="x" * 90,
                expected="甲、乙" * 20)
        for index in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_summary_is_one_screen_of_80_columns(screen: Screen, name: str) -> None:
    console.summary(ranking(name), TITLE, ADVICE)
    assert len(screen.lines) <= 24
    assert max(map(cell_len, screen.lines)) <= 80
    assert any("下一步" in line for line in screen.lines)
    assert ("暂定" in screen.lines[0]) == (name != "usual")


def test_the_summary_shows_places_points_and_bars(screen: Screen) -> None:
    console.summary(ranking("usual"), TITLE)
    first = next(line for line in screen.lines if "萧山区" in line)
    assert first.split()[:8] == ["1", "萧山区", "66.52", "43.12", "11.00", "109.64", "优秀", "+2.04"]
    assert "3并 滨江区（高新区）" in "\n".join(screen.lines)
    bars = [line.count("█") for line in screen.lines if "█" in line]
    assert len(bars) == 14
    assert bars[:13] == sorted(bars[:13], reverse=True)
    assert bars[0] > bars[12] > 0


@pytest.mark.parametrize("cap", ["item", "total"])
def test_what_a_cap_took_away_stands_beside_the_bonus(screen: Screen, cap: str) -> None:
    scheme = load(readings={"cap": cap})
    console.summary(samples.ranked(scheme, samples.usual(scheme)), TITLE)
    assert screen.lines[1].split()[:6] == ["名次", "单位", "一类", "二类", "加分", "封顶"]
    first = next(line for line in screen.lines if "萧山区" in line).split()
    one, two, bonus, capped, total = map(Decimal, first[2:7])
    assert bonus == 11
    assert capped == {"item": 11, "total": Decimal("9.64")}[cap]
    assert total == (one + two if cap == "item" else 100)
    assert max(map(cell_len, screen.lines)) <= 80
    assert len(screen.lines) <= 24


def test_no_room_is_taken_by_a_cap_that_took_nothing(screen: Screen) -> None:
    console.summary(ranking("usual"), TITLE)
    assert "封顶" not in screen.lines[1]


def test_much_advice_leaves_the_ranking_whole(screen: Screen) -> None:
    console.summary(ranking("usual"), TITLE, advice=["改用其他口径，名次会变。" * 40])
    assert len(screen.lines) <= 24
    assert sum("█" in line for line in screen.lines) == 14
    assert screen.lines[-1] == console.REST


def test_advice_is_told_in_whole_sentences_or_not_at_all(screen: Screen) -> None:
    long = "江干区总分恰为达标线（80 分）：任一评议项目少 0.01 分即低于达标线；再少 0.02 分也是。"
    for weighing in ([], ["12%以上：江干区由达标变为未达标"]):
        for count in range(2, 9):
            console.summary(ranking("usual"), TITLE, weighing=weighing, advice=["短句。"] * count + [long, "末句。"])
            said = "".join(screen.lines)
            screen.stream.seek(screen.stream.truncate(0))
            assert long in said or "江干区总分恰为" not in said
            assert "末句。" not in said or long in said, "what comes first is told first"


def test_what_is_weighing_is_always_told_and_the_advice_as_far_as_there_is_room(screen: Screen) -> None:
    weighing = [f"口径{number}：甲由优秀变为达标" for number in range(12)]
    console.summary(ranking("usual"), TITLE, ["综合处：未定 1 处。"], weighing, ["相差 0.01 分。"] * 9)
    at = screen.lines.index("综合处：未定 1 处。")
    assert screen.lines[at + 1 :] == [*weighing, console.REST]
    screen.stream.truncate(0)
    screen.console.height = 40
    console.summary(ranking("usual"), TITLE, [], weighing[:3], ["相差 0.01 分。"] * 9)
    assert screen.lines[-10:] == [console.REST, *["相差 0.01 分。"] * 9]


def test_points_that_a_slip_earns_are_shown_whole(screen: Screen) -> None:
    scheme = load()
    cases = samples.usual(scheme)
    slip = {"sales.actual": Entry(Decimal(26775))}
    cases = [
        replace(each, reported={**each.reported, **slip}) if each.unit.name == "萧山区" else each for each in cases
    ]
    console.summary(samples.ranked(scheme, cases), TITLE)
    first = screen.lines[3].split()
    one, two, bonus, total = map(Decimal, first[2:6])
    assert first[:2] == ["1", "萧山区"]
    assert total == one + two > bonus > 400
    assert "…" not in "".join(screen.lines)
    assert max(map(cell_len, screen.lines)) <= 80


def test_a_ranking_that_is_open_for_other_reasons_says_so(screen: Screen) -> None:
    console.summary(replace(ranking("usual"), final=False), TITLE)
    assert "（暂定）" in screen.lines[0]


def test_what_is_missing_is_said(screen: Screen) -> None:
    console.summary(ranking("pending"), TITLE)
    said = "".join(screen.lines)
    assert "未报送或待重报的单位 1 个：杭州经济技术开发区。" in said
    assert "尚未定分 214 处：14 个单位" in said
    assert "█" not in said


def test_what_is_not_known_is_a_dash_and_never_0(screen: Screen) -> None:
    """Not even of a unit that was told that it has no such task."""
    scheme = load()
    *_, absent = samples.pending(scheme)
    waived = {"land.target": Entry(Mark.NO_TASK), "plants.done": Entry(Mark.NO_TASK)}
    scored = score(scheme, replace(absent, reported=waived))
    assert any(each.points for item in scored.items for each in item.criteria)
    console.scores([scored])
    console.summary(ranking("pending"), TITLE)
    (first, *_, last) = (line.split() for line in screen.lines if "杭州经济技术开发区 " in line)
    assert first[1:4] == ["未报", "—", "—"]
    assert last[0] == "—"
    assert set(last[2:6]) == {"—"}
    assert "0.00" not in "".join(first + last)


WHY = "是上年的 12 倍；增长 1,090%，14 个单位的中位数是增长 18.8%；是目标的 11 倍；相当于目标的 1,062.5%"


def asked(count: int, state: QueryState = "open", points: int = 495, answer: str = "") -> list[Query]:
    unit = Unit("330109", "萧山区", "区")
    return [
        Query(unit, "sales.actual", "工业销售产值·本年实绩（亿元）", f"{26775 + index:,}", ("KH260",), WHY,
              Influence(Decimal(points), 12), state, answer, "")
        for index in range(count)
    ]  # fmt: skip


def test_what_has_to_be_confirmed_is_told_with_what_rides_on_it(screen: Screen) -> None:
    console.queries(asked(1), "见核实清单")
    assert screen.lines == [
        "待核实 1 处（牵涉得分的，经考核办核实后方可定稿）：",
        "1. 萧山区 工业销售产值·本年实绩（亿元） 26,775，牵涉 495 分、12 个名次",
        "   是上年的 12 倍；增长 1,090%，14 个单位的中位数是增长 18.8%；是目标的 11 倍；",
        "   相当于目标的 1,062.5%",
        "",
    ]


def test_what_the_unit_explained_is_counted_and_said(screen: Screen) -> None:
    answer = "并入两家集团公司" * 12
    console.queries([*asked(9), *asked(1, "answered", answer=answer), *asked(5, "confirmed")], "见核实清单")
    assert screen.lines[0] == "待核实 10 处，其中 1 处单位已说明（牵涉得分的，经考核办核实后方可定稿）："
    assert max(map(cell_len, screen.lines)) <= 80
    assert sum("萧山区" in line for line in screen.lines) == console.MOST_ASKED
    assert screen.lines[-2] == "另有 2 处，见核实清单。"
    console.queries(asked(1, "answered", answer=answer), "")
    assert f"单位已说明：{answer}" in "".join(line.strip() for line in screen.lines)


def test_nothing_is_said_where_all_is_confirmed_nor_of_points_where_none_moves(screen: Screen) -> None:
    console.queries(asked(3, "confirmed"), "")
    assert screen.lines == []
    console.queries(asked(1, points=0), "")
    assert screen.lines[:2] == [
        "待核实 1 处（都不牵涉得分）：", "1. 萧山区 工业销售产值·本年实绩（亿元） 26,775，不牵涉得分",
    ]  # fmt: skip


def moved(count: int) -> list[Change]:
    totals = Decimal("79.50"), Decimal("80.10")
    first = Change("330102", "上城区", (12, 9), ("未达标", "达标"), totals)
    second = Change("330103", "下城区", (None, 13), ("未定", "一票否决"), (None, Decimal("0.00")))
    others = [Change(f"3301{index}", f"{index}{'长' * 30}", (index, index + 1), ("达标", "达标"), totals[1:] * 2)
              for index in range(10, 10 + count)]  # fmt: skip
    return [first, second, *others]


def test_what_a_run_changed_is_a_short_table(screen: Screen) -> None:
    console.changes("与上一次（评分底稿.xlsx）相比：", moved(0), 3)
    assert screen.lines[0] == "与上一次（评分底稿.xlsx）相比："
    assert screen.lines[3].split() == ["上城区", "79.50", "→", "80.10", "12", "→", "9", "未达标", "→", "达标"]
    assert screen.lines[4].split() == ["下城区", "—", "→", "0.00", "—", "→", "13", "未定", "→", "一票否决"]
    assert screen.lines[5:] == ["其余 3 处见“本次变动”。"]


def test_units_that_moved_behind_others_come_last(screen: Screen) -> None:
    first, second, *others = moved(20)
    console.changes("与上一次（评分底稿.xlsx）相比：", [*others, first, second], 0)
    assert [line.split()[0] for line in screen.lines[3:5]] == ["上城区", "下城区"]
    assert screen.lines[5].startswith("10长")


def test_many_changes_are_counted_and_stay_within_12_lines(screen: Screen) -> None:
    console.changes("与上一次（评分底稿.xlsx）相比：", moved(298), 50)
    assert len(screen.lines) == 12
    assert max(map(cell_len, screen.lines)) <= 80
    assert screen.lines[-1] == "其余 342 处见“本次变动”。"
    assert screen.lines[5].split()[-5:] == ["80.10", "10", "→", "11", "达标"], "what is the same is said once"


def test_changes_without_another_place_and_none_at_all(screen: Screen) -> None:
    console.changes("与上一次（评分底稿.xlsx）相比：", [], 3)
    console.changes("首次评分，没有可比的上一次。", [], 0)
    assert screen.lines == [
        "与上一次（评分底稿.xlsx）相比：",
        "有变动 3 处，见“本次变动”。",
        "首次评分，没有可比的上一次。",
    ]


def test_long_rankings_say_how_many_are_not_shown(screen: Screen) -> None:
    console.summary(ranking("many"), TITLE)
    rest = next(index for index, line in enumerate(screen.lines) if "另有" in line)
    assert f"另有 {100 - (rest - 3)} 个单位" in screen.lines[rest]
    assert screen.lines[3].split()[0] == "1"


def test_problems_are_grouped_and_the_worst_come_first(screen: Screen) -> None:
    found = [problem("KH405", grade="优秀单位", found="甲", expected="3", count="1"), *odd(3)]
    console.problems(found)
    text = screen.lines
    assert text[0] == "KH902 错误  没有这个口径或选项（3 处）"
    assert text[1].startswith("  ├ 0.xlsx 指标填报!F0")
    assert any(line.startswith("  └ 同类还有 2 处：1.xlsx 指标填报!F1、2.xlsx 指标填报!F2") for line in text)
    assert any(line.startswith("KH405 说明") for line in text)
    assert text[-1] == "共 错误 3 处、说明 1 处。"
    assert max(map(cell_len, text)) <= 80


def test_cells_of_one_file_are_named_without_it_and_never_cut(screen: Screen) -> None:
    found = [
        problem(
            "KH902", file="评分底稿-综合处返回的定稿.xlsx", sheet="评分明细", cell=f"K{row}", found="x", expected="y"
        )
        for row in range(254, 260)
    ]
    console.problems(found)
    assert "  └ 同类还有 5 处：评分明细!K255、评分明细!K256、评分明细!K257等 5 个" in screen.lines


def test_problems_without_a_cell_are_told_apart_by_their_units(screen: Screen) -> None:
    console.problems(
        [
            problem("KH902", file="考核结果.xlsx", sheet="排名", unit=unit, found="x", expected="y")
            for unit in ("甲", "乙", "丙")
        ]
    )
    assert "  └ 同类还有 2 处：乙、丙" in screen.lines


def test_codes_that_are_not_listed_are_named(screen: Screen) -> None:
    console.problems([problem("KH405", grade="优秀单位", found="甲", expected="3", count="1"), *odd(3)], limit=1)
    assert "另有 1 类没有逐条列出：KH405 等次不足名额（1 处）。" in screen.lines
    assert not any("问题清单" in line for line in screen.lines)


def test_markup_in_user_text_stays_text(screen: Screen) -> None:
    console.problems([problem("KH902", unit="[red]甲[/red]", file="[bold].xlsx", found="[/]", expected=":smile:")])
    console.done("[link=x]甲")
    said = "".join(screen.lines)
    for text in ("[red]甲[/red]", "[bold].xlsx", "[/]", ":smile:", "[link=x]甲"):
        assert text in said


def test_every_entry_of_the_catalogue_fits(screen: Screen) -> None:
    for kind in CATALOGUE.values():
        console.catalogue_entry(kind)
    assert len([line for line in screen.lines if line.startswith("KH")]) == len(CATALOGUE) > 50
    assert max(map(cell_len, screen.lines)) <= 80


def test_lines_break_beneath_themselves(screen: Screen) -> None:
    console.explanation(["1.1 工业经济", "    " + "甲" * 100])
    assert screen.lines[0] == "1.1 工业经济"
    assert all(line.startswith("    甲") for line in screen.lines[1:])
    assert len(screen.lines) == 4


@pytest.mark.parametrize("letters", range(60, 90))
def test_no_line_begins_with_a_mark_that_closes(screen: Screen, letters: int) -> None:
    text = "x" * letters + "（亿元）”，" + "增长 1,090%；" * 20 + "\u200b" + "！" * 100
    console.done(text)
    assert "".join(screen.lines) == text
    assert max(map(cell_len, screen.lines)) <= 80
    said = text.index("！")
    starts = [sum(map(len, screen.lines[:count])) for count in range(len(screen.lines))]
    assert all(text[start] not in "；，）”% " for start in starts if start < said)
    assert all(line[-1:] not in "（“" for line in screen.lines)


@pytest.mark.parametrize("text", ["\u0301", "\u200b" * 100, "a\u0301" * 200, "甲" * 39 + "\u0301" * 200, "，" * 200])
def test_any_text_is_shown_whole(screen: Screen, text: str) -> None:
    console.done(text)
    assert "".join(screen.lines) == text
    assert max(map(cell_len, screen.lines)) < 80


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """``code`` in a process of its own, its output piped."""
    here = Path(__file__).parent
    start = f"import sys; sys.path[:0] = [{str(here.parent)!r}, {str(here)!r}]\n"
    start += (
        "import ranking_samples as samples\nfrom kaohe_cli import console\nfrom kaohe_cli.scheme.load import load\n"
    )
    start += "from kaohe_cli.diagnostic import problem\nscheme = load()\n"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", start + code],
        capture_output=True,
        env={"PATH": "", **environment},
        timeout=60,
    )


SHOW = """
from kaohe_cli import stream
stream.prepare()
console.summary(samples.ranked(scheme, samples.usual(scheme)), "考核", ["下一步：√ ✓ 完成"])
console.problems([problem("KH902", file="甲\\u2603.xlsx", found="x", expected="y")])
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii", "cp437"])
def test_any_encoding_takes_the_output(encoding: str) -> None:
    done = run(SHOW, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr.decode(encoding, "replace")
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert b"\x1b" not in done.stdout + done.stderr
    assert out.count("109.64") == 1
    names = "萧山区" if encoding in ("utf-8", "gbk") else "330109"
    row = next(line for line in out.splitlines() if "109.64" in line)
    assert names in row
    assert ("█" in row) == (encoding == "utf-8")
    assert ("#" in row) == (encoding != "utf-8")
    rows = [line.rstrip() for line in out.splitlines() if "." in line and "kaohe" not in line][:14]
    assert len(rows) == 14
    assert max(map(cell_len, rows)) <= 80
    assert "KH902" in err
    assert ("├" in err) == (encoding != "ascii")
    assert err.count("改法") == (1 if encoding in ("utf-8", "gbk") else 0)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii", "cp437"])
def test_any_encoding_takes_what_has_to_be_confirmed(encoding: str) -> None:
    code = """
from decimal import Decimal
from kaohe_cli import stream
from kaohe_cli.model import Influence, Query, Unit
stream.prepare()
unit, ride = Unit("330109", "萧山区", "区"), Influence(Decimal(495), 4)
console.queries([Query(unit, "", "总分", "582.5", (), "高了 ✓", ride, "answered", "[red]无误[/red]", "")], "")
"""
    done = run(code, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr.decode(encoding, "replace")
    out = done.stdout.decode(encoding)
    legible = encoding in ("utf-8", "gbk")
    assert ("萧山区 总分 582.5，牵涉 495 分、4 个名次" if legible else "330109") in out
    assert "582.5" in out
    assert "[red]" in out


@pytest.mark.parametrize(("encoding", "dash"), [("utf-8", "—"), ("gbk", "-"), ("ascii", "-")])
def test_what_is_not_known_is_shown_in_any_encoding(encoding: str, dash: str) -> None:
    code = "stream.prepare()\nconsole.scores([each.score for each in samples.ranked(scheme, samples.pending()).units])"
    out = run(f"from kaohe_cli import stream\n{code}", PYTHONIOENCODING=encoding).stdout.decode(encoding)
    (row,) = (line.split() for line in out.splitlines() if "未报" in line or "none" in line)
    assert row[2:4] == [dash, dash]


def test_what_is_piped_is_not_broken_into_lines() -> None:
    done = run("console.done('甲' * 300)\nconsole.explanation(['乙' * 300])", PYTHONIOENCODING="utf-8")
    assert done.stderr.decode().splitlines() == ["甲" * 300]
    assert done.stdout.decode().splitlines() == ["乙" * 300]


def test_results_go_to_output_and_messages_to_error() -> None:
    done = run(SHOW, PYTHONIOENCODING="utf-8")
    assert "萧山区" in done.stdout.decode()
    assert "KH902" not in done.stdout.decode()
    assert "萧山区" not in done.stderr.decode()


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    console.done("好")
    assert "\x1b[32m" not in capsys.readouterr().err
    monkeypatch.delenv("NO_COLOR")
    console.done("好")
    assert "\x1b[32m" in capsys.readouterr().err


def test_what_is_done_is_not_told_when_it_is_quick(screen: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    with console.Working() as watch:
        watch.now("写底稿")
        assert list(watch.each(range(5), "读取", 5)) == [0, 1, 2, 3, 4]
    assert screen.stream.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_what_is_done_is_not_told_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    with console.Working() as watch:
        watch.now("写底稿")
        assert list(watch.each(range(5), "读取", 5)) == [0, 1, 2, 3, 4]
    assert capsys.readouterr() == ("", "")


def test_what_is_done_is_told_after_a_while_and_wiped_away(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    with console.Working() as watch:
        assert watch._timer is not None
        watch._timer.join()
        for number in watch.each(range(3), "读取[甲]", 3):
            assert number < 3
            screen.refresh(watch)
        watch.now("写底稿")
        screen.refresh(watch)
    told = screen.stream.getvalue()
    assert "读取[甲]" in told
    assert "2/3" in told
    assert "写底稿" in told
    assert told.rstrip("\n").endswith("\x1b[2K"), "the line of the bar is wiped in the end"


def test_an_error_within_the_work_is_not_swallowed(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.0)

    def work() -> Iterator[int]:
        yield 1
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"), console.Working() as watch:
        list(watch.each(work(), "读取", 2))


def test_importing_the_console_loads_no_heavy_library() -> None:
    done = run("print(sorted({'openpyxl', 'pandas', 'xlsxwriter', 'docx', 'rich.table'} & set(sys.modules)))")
    assert done.stdout.decode().strip() == "[]", done.stderr.decode()


# ── numbers are never cut ───────────────────────────────────────────────────────────────────────────────

HUGE = Decimal("1234567.89")


def huge() -> Ranking:
    """A ranking in groups, with caps, of totals as a slip of the pen earns them."""
    found = ranking("usual")

    def grown(number: int, each: Ranked) -> Ranked:
        sections = tuple(replace(section, points=HUGE + number) for section in each.score.sections)
        group = f"第{number}组·经济发达地区"
        total, capped = HUGE * 10 + number, HUGE - number
        scored = replace(each.score, sections=sections, total=total, capped=capped, group=group, self_total=-HUGE)
        return replace(each, score=scored)

    return replace(found, units=tuple(grown(number, each) for number, each in enumerate(found.units)))


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 120])
def test_figures_are_whole_at_any_width(screen: Screen, columns: int) -> None:
    screen.console.width = columns
    found = huge()
    console.summary(found, TITLE)
    console.scores([each.score for each in found.units])
    totals = [f"{HUGE * 10 + number}" for number in range(len(found.units))]
    said = "\n".join(screen.lines)
    assert all(total in said for total in totals)
    assert said.count(f"{-HUGE}") >= len(totals)
    assert "…" not in said
    assert not re.search(r"\d\.\.", said)
    if columns >= 60:
        assert max(map(cell_len, screen.lines)) <= columns
        assert "萧山区" in said


def test_bars_go_first_then_columns_in_turn_then_the_ends_of_names(screen: Screen) -> None:
    def heads(columns: int) -> list[str]:
        screen.stream.truncate(0)
        screen.stream.seek(0)
        screen.console.width = columns
        console.summary(ranking("usual"), TITLE)
        return screen.lines[1].split()

    usual = ["名次", "单位", "一类", "二类", "加分", "总分", "等次", "比自评"]
    assert heads(80) == usual
    assert any("█" in line for line in screen.lines)
    assert heads(68) == usual
    assert not any("█" in line for line in screen.lines)
    assert heads(60) == usual[:-1]
    assert heads(53) == [*usual[:4], "总分", "等次"]
    assert heads(45) == ["名次", "单位", "总分", "等次"]
    assert heads(30) == ["名次", "单位", "总分", "等次"]
    assert "滨江区.." in "".join(screen.lines)
    assert max(map(cell_len, screen.lines[1:])) <= 30


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_table_of_numbers_is_as_wide_as_they_are(screen: Screen, columns: int) -> None:
    screen.console.width = columns
    rows = [("单位", "原总分", "现总分"), ("长" * 60, "12345678901.25", "—"), ("", "1.00", "-1234567.89")]
    console.numbers(rows)
    said = "\n".join(screen.lines)
    assert all(cell in said for row in rows for cell in row[1:])
    assert "长.." in said
    assert max(map(cell_len, screen.lines)) <= columns
    console.numbers([("得分", "满分")])
    assert screen.lines[-2].split() == ["得分", "满分"]


def test_changes_of_any_size_are_whole(screen: Screen) -> None:
    screen.console.width = 60
    console.changes("与上一次相比：", [Change("1", "长" * 30, (1000, 1), ("", "优秀"), (HUGE, HUGE * 2))], 0)
    assert f"{HUGE} → {HUGE * 2} 1000 → 1" in screen.lines[3]
    assert max(map(cell_len, screen.lines)) <= 60


@pytest.mark.parametrize("columns", range(50, 70))
def test_no_line_breaks_within_a_number_or_a_word(screen: Screen, columns: int) -> None:
    screen.console.width = columns
    text = "由 1,234.56 万平方米改为 20.99%，运行 kaohe scheme check hangzhou_2007.toml；" * 6
    console.done(text)
    assert "".join(screen.lines) == text
    words = re.findall(r"[0-9A-Za-z.,%_]+", text)
    assert [word for line in screen.lines for word in re.findall(r"[0-9A-Za-z.,%_]+", line)] == words


def test_the_command_that_is_next_is_never_broken(screen: Screen) -> None:
    command = "kaohe score --return-dir " + "退" * 60
    console.next_step(f"下一步：收到后，运行 {command}", command)
    assert screen.lines[0] == "下一步：收到后，运行"
    assert screen.lines[1] == f"  {command}"
    console.next_step("下一步：收到后，运行 kaohe rank", "kaohe rank", asked=True)
    assert screen.lines[2] == "下一步：收到后，运行 kaohe rank"
