"""What comes next, by where the year stands: the first thing that is due, and its command as it is typed."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.commands.desk import USUAL, CameBack, Desk, LedgerState, Places, Prepared, ResultState, to_mend, typed
from kaohe_cli.commands.next import again, checked, entered, next_step, scheme_read, verified
from kaohe_cli.diagnostic import problem
from kaohe_cli.ledger.record import DETAIL, REVIEWS, Open
from kaohe_cli.ledger.reminders import ISSUED, Standing
from kaohe_cli.model import Influence, Origin, Publicity, Query, Unit
from kaohe_cli.points import Decimal
from kaohe_cli.scheme.load import load
from kaohe_cli.sheet.book import Cell, CellKind

UNIT = Unit("330102", "上城区", "区")
CASE = sample_cases(load())[0]
QUERY = Query(UNIT, "sales.actual", "产值", "1", (), "x", Influence(Decimal(4), 1), "open", "", "")
LIGHT = replace(QUERY, influence=Influence(Decimal(0), 0))
WAITS = Standing("投资处", ("1.4",), 14, ((CASE, "1.4.1"),), (), 14, {})
SENT = replace(WAITS, noted={ISSUED.title: Cell(CellKind.DATE, date(2007, 11, 20))})
DONE = replace(WAITS, awaited=())
PENDING = Open((DETAIL, "330102", "1.1.1"), "pending", "上城区", "1.1", "", "待评")
APPEAL = Open((REVIEWS, "330102", "1.4.1"), "appeal", "上城区", "1.4", "", "未作结论")
LEDGER = LedgerState("评分底稿.xlsx")
FILLED = Prepared("考核设置.xlsx", 14)
BEFORE, AFTER = date(2007, 11, 10), date(2007, 11, 20)
SHOWN = replace(FILLED, publicity=Publicity(AFTER, date(2007, 11, 23)))
SCORE = "kaohe score --return-dir 退回"


def desk(ledger: LedgerState | None = LEDGER, today: date = AFTER, **known: object) -> Desk:
    return replace(Desk(today=today, deadline=date(2007, 11, 15), ledger=ledger), **known)


# where the year stands → the command, and what is said of it
STANDS: dict[str, tuple[Desk, str, str]] = {
    "nothing": (desk(None), "kaohe init", "考核设置"),
    "settings to fill in": (desk(None, settings=replace(FILLED, targets=("上城区",))), "kaohe blank", "填写完整"),
    "settings": (desk(None, settings=FILLED), "kaohe blank", "已经填好"),
    "wrong settings": (
        desk(None, settings=replace(FILLED, errors=(problem("KH915", file="x", expected="y"),))),
        "kaohe status", "照所列更正考核设置.xlsx",
    ),
    "forms": (desk(None, settings=FILLED, issued=14), SCORE, "发出“下发”的考核表"),
    "returns": (desk(None, issued=14, back=CameBack(unread=("a.xlsx",))), SCORE, "1 个文件待评分"),
    "damaged": (desk(unreadable=(problem("KH309", file="底稿.xlsx", reason="x"),)), "kaohe status", "更正底稿.xlsx"),
    "gone": (desk(back=CameBack(gone=("a.xlsx",), changed=("b.xlsx",))), "kaohe status", "找回不见的文件a.xlsx"),
    "gone, or of another name": (
        desk(back=CameBack(gone=("a.xlsx",), unread=("b.xlsx",))), SCORE, "不见的文件a.xlsx已由新交的代替的不必找回",
    ),
    "lost settings": (desk(replace(LEDGER, lost="考核设置.xlsx")), "kaohe status", "找回底稿依据的考核设置.xlsx"),
    "more returns": (desk(back=CameBack(unread=("a",), changed=("b",))), SCORE, "2 个没有读入底稿"),
    "materials": (desk(back=CameBack(unregistered=("总结.doc",))), "kaohe score", "1 份没有登记"),
    "other settings": (desk(replace(LEDGER, outdated=("考核设置",))), "kaohe score", "考核设置有改动"),
    "altered": (desk(replace(LEDGER, altered=3)), "kaohe score", "被改动 3 处"),
    "copies": (desk(unmerged=("投资处.xlsx",)), "kaohe merge 评分底稿.xlsx 评审", "1 份没有并入"),
    "to mend": (desk(back=CameBack(mend=("上城区", "下城区"), sent=("上城区",))), SCORE, "给下城区生成待更正"),
    "still time": (
        desk(replace(LEDGER, departments=(WAITS,)), BEFORE, back=CameBack(missing=("上城区",))),
        SCORE, "还有 5 天截止，催上城区交表",
    ),
    "to judge": (
        desk(replace(LEDGER, departments=(WAITS,), queries=(QUERY,)), back=CameBack(missing=("上城区",))),
        "kaohe score --judge-dir 评审", "给投资处发评分表",
    ),
    "query meanwhile": (desk(replace(LEDGER, departments=(SENT,), queries=(QUERY,))), "kaohe status", "核实 1 处"),
    "query": (desk(replace(LEDGER, departments=(DONE,), queries=(LIGHT, QUERY))), "kaohe rank", "核实 1 处"),
    "judging": (
        desk(replace(LEDGER, departments=(SENT,))), "kaohe merge 评分底稿.xlsx 评审", "催投资处交回评分表",
    ),
    "sent back": (
        desk(replace(LEDGER, departments=(WAITS,)), back=CameBack(mend=("上城区",), sent=("上城区",))), SCORE,
        "把“退回”中上城区的考核表发还更正，收到后",
    ),
    "late": (desk(replace(LEDGER, open=(PENDING,)), back=CameBack(missing=("上城区",))), SCORE, "催上城区交表，收到后"),
    "settled without them": (
        desk(back=CameBack(missing=("下城区",), mend=("上城区",), sent=("上城区",))),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx", "底稿已经齐全",
    ),
    "much that cannot be read": (
        desk(unreadable=(
            problem("KH021", file="总结.doc"), *(problem("KH309", file=f"{at}.xlsx", reason="x") for at in range(9)),
        )),
        "kaohe status", "照所列更正0.xlsx等 9 个文件",
    ),
    "ledger without record": (
        desk(None, unreadable=(problem("KH323", file="评分底稿.xlsx"),)), "kaohe score", "底稿没有程序记录",
    ),
    "damaged result": (
        desk(unreadable=(problem("KH001", file="考核结果.xlsx"),)),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx", "把考核结果.xlsx移到别处",
    ),
    "reviews settled": (
        desk(replace(LEDGER, reviews=2), result=ResultState("考核结果.xlsx", True)),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx --reply-dir 答复", "写反馈表、通报和复核答复",
    ),
    "reviews": (
        desk(replace(LEDGER, open=(APPEAL, PENDING), reviews=2)),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx", "写明 1 件复核的结论",
    ),
    "else": (desk(replace(LEDGER, open=(PENDING, PENDING))), "kaohe rank", "定下未定 2 处"),
    "settled": (desk(), "kaohe rank --feedback-dir 反馈 --notice 通报.docx", "底稿已经齐全"),
    "light query": (desk(replace(LEDGER, queries=(LIGHT,))), "kaohe rank --feedback-dir 反馈 --notice 通报.docx", ""),
    "old result": (
        desk(result=ResultState("考核结果.xlsx", True, ("评分底稿",))),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx", "评分底稿有改动",
    ),
    "provisional": (
        desk(result=ResultState("考核结果.xlsx", False)),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx", "还是暂定",
    ),
    "provisional by last year": (
        desk(result=ResultState("考核结果.xlsx", False), places=Places(previous=Path("上年/考核结果.xlsx"))),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx --previous 上年/考核结果.xlsx", "与上年核定不符的数据",
    ),
    "final": (
        desk(result=ResultState("考核结果.xlsx", True)),
        "kaohe rank --feedback-dir 反馈 --notice 通报.docx", "写反馈表和通报",
    ),
    "published": (
        desk(result=ResultState("考核结果.xlsx", True), published=True), "kaohe verify 考核结果.xlsx", "逐格核对",
    ),
    "shown to the public": (
        desk(result=ResultState("考核结果.xlsx", True), published=True, settings=SHOWN), "kaohe verify 考核结果.xlsx",
        "公示还有 3 天",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STANDS)
def test_the_first_thing_that_is_due_is_told(name: str) -> None:
    stands, command, why = STANDS[name]
    step = next_step(stands)
    assert step.command == command
    assert why in step.why
    assert step.said == f"下一步：{step.why}，运行 {command}"


def test_a_year_is_closed_by_a_final_result_of_what_is_there_and_by_nothing_else() -> None:
    closed = STANDS["published"][0]
    assert not closed.open
    assert not STANDS["final"][0].open
    done = ("published", "final", "reviews settled")
    others = [stands for name, (stands, _, _) in STANDS.items() if name not in done]
    assert all(each.open for each in others)
    assert not replace(closed, ledger=replace(LEDGER, queries=(LIGHT,))).open
    assert not replace(closed, settings=SHOWN, today=date(2007, 11, 24)).open
    for left in (
        {"ledger": replace(LEDGER, open=(PENDING,))}, {"ledger": replace(LEDGER, altered=1)}, {"unmerged": ("a",)},
        {"ledger": replace(LEDGER, outdated=("考核设置",))}, {"back": CameBack(changed=("a",))},
        {"back": CameBack(gone=("a",))}, {"unreadable": (problem("KH309", file="x", reason="y"),)},
    ):  # fmt: skip
        assert replace(closed, **left).open


def test_the_command_has_the_files_that_are_not_called_as_usual() -> None:
    at = Places(
        "方案 二.xlsx", Path("设置.xlsx"), Path("发"), (Path("收 1"), Path("收2.zip")), Path("退"), Path("评"),
        Path("底稿.xlsx"), Path("果.xlsx"), Path("馈"), Path("告.docx"),
    )  # fmt: skip
    scheme = "--scheme '方案 二.xlsx'"
    assert at.init() == f"kaohe init --output 设置.xlsx {scheme}"
    assert at.blank() == f"kaohe blank --output 发 --settings 设置.xlsx {scheme}"
    assert at.score(mend=True, judge=True) == (
        f"kaohe score '收 1' 收2.zip --output 底稿.xlsx --return-dir 退 --judge-dir 评 --settings 设置.xlsx {scheme}"
    )
    chosen = Places(prefer=(Path("回收/甲 新.xlsx"),), template=Path("模.xlsx"))
    assert chosen.score() == "kaohe score --prefer '回收/甲 新.xlsx'"
    assert chosen.score(mend=True) == "kaohe score --return-dir 退回 --prefer '回收/甲 新.xlsx' --template 模.xlsx"
    assert at.merge() == f"kaohe merge 底稿.xlsx 评 {scheme}"
    assert at.rank() == f"kaohe rank 底稿.xlsx --output 果.xlsx {scheme}"
    assert at.rank(publish=True).endswith(f"--feedback-dir 馈 --notice 告.docx {scheme}")
    assert at.verify() == f"kaohe verify 果.xlsx {scheme}"
    assert at.status() == (
        f"kaohe status --returns '收 1' --returns 收2.zip --ledger 底稿.xlsx --result 果.xlsx --settings 设置.xlsx"
        f" {scheme}"
    )
    assert len(at.named) == 8
    assert USUAL.named == ()


def test_a_result_is_verified_with_what_is_not_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("考核设置.xlsx", "评分底稿.xlsx", "归档/反馈/上城区.xlsx", "回收/上城区.xlsx", "馈/上城区.xlsx"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    named = "--ledger 评分底稿.xlsx --settings 考核设置.xlsx --returns 回收"
    away = Places(result=Path("归档/果.xlsx"), feedback=Path("归档/反馈"))
    assert away.verify() == f"kaohe verify 归档/果.xlsx {named}"
    assert replace(away, feedback=Path("馈")).verify() == f"kaohe verify 归档/果.xlsx {named} --feedback-dir 馈"
    assert USUAL.verify() == "kaohe verify 考核结果.xlsx"
    assert replace(USUAL, feedback=Path("馈")).verify() == "kaohe verify 考核结果.xlsx --feedback-dir 馈"


def test_the_files_of_a_year_lie_beside_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = Path("去年/评分底稿.xlsx")
    assert Places(ledger=ledger).beside(ledger) == Places(ledger=ledger)
    for folder in ("回收", "去年/回收", "去年/评审"):
        Path(folder).mkdir(parents=True)
    for name in ("考核设置.xlsx", "去年/考核设置.xlsx"):
        Path(name).touch()
    assert Places(ledger=ledger).beside(ledger) == Places(
        settings=Path("去年/考核设置.xlsx"), returned=(Path("去年/回收"),), judged=Path("去年/评审"), ledger=ledger
    )
    assert Places(settings=Path("设.xlsx"), returned=(Path("收"),), ledger=ledger).beside(ledger) == Places(
        settings=Path("设.xlsx"), returned=(Path("收"),), judged=Path("去年/评审"), ledger=ledger
    )


@pytest.mark.skipif("sys.platform == 'win32'", reason="quotes are others there")
def test_a_line_is_taken_apart_into_its_words_again() -> None:
    import shlex

    words = ["kaohe", "a b", "滨江区（高新区）.xlsx", "it's", "$HOME", "a\\b", "50%", "", "x;y", "*", "a\nb"]
    assert shlex.split(typed(words)) == words
    assert typed(["kaohe", "--output", Path("-果.xlsx"), Path("a") / "-b"]) == "kaohe --output ./-果.xlsx a/-b"
    assert typed(["下发/滨江区（高新区）.xlsx"]) == "下发/滨江区（高新区）.xlsx"


def test_what_a_command_knows_of_its_own_part() -> None:
    assert checked(USUAL, [Path("上城区.xlsx")], sound=False).command == "kaohe check 上城区.xlsx"
    assert checked(USUAL, [Path("上城区.xlsx")], sound=True).command == SCORE
    assert verified(USUAL, sound=False, final=True, published=True).command == "kaohe rank " + (
        "--feedback-dir 反馈 --notice 通报.docx"
    )
    assert verified(USUAL, sound=True, final=False, published=True).command == "kaohe status"
    assert verified(USUAL, sound=True, final=True, published=False).why == "核对无误，写反馈表和通报"
    assert verified(USUAL, sound=True, final=True, published=True).command == "kaohe status"
    assert scheme_read(Path("方案.xlsx"), sound=False).command == "kaohe scheme check 方案.xlsx"
    assert scheme_read(Path("方案.xlsx"), sound=True).command == "kaohe scheme print 方案.xlsx 规则.docx"
    assert entered(Path("演 示")).why.startswith("用 cd ")
    assert again(["rank", "x y.xlsx"]).command in ("kaohe rank 'x y.xlsx'", 'kaohe rank "x y.xlsx"')


def test_who_has_something_to_mend() -> None:
    one, two, three, *_ = sample_cases(load())
    absent = replace(three, status="missing")
    rejected = replace(three, status="rejected")
    wrong = problem("KH103", unit=two.unit.name, file=two.file, field="x", label="x", found="x", expected="x")
    ours = problem("KH303", unit=one.unit.name, file="底稿.xlsx", what="x", found="x")
    asked = replace(QUERY, unit=one.unit, origin=Origin(one.file, "指标填报", "F1"))
    assert to_mend([one, two, absent], [wrong, ours], []) == (two,)
    assert to_mend([one, two, rejected], [], [asked]) == (one, rejected)
    assert to_mend([one], [], [replace(asked, state="answered")]) == ()
    figure = problem("KH103", unit=two.unit.name, file="x", field="sales.actual", label="x", found="x", expected="x")
    assert to_mend([two], [figure], []) == (two,)
    verified = replace(two, verified={"sales.actual": two.reported["sales.actual"]})
    assert to_mend([verified], [figure], []) == (), "the office has said what it is"
    assert to_mend([verified], [figure, wrong], []) == (verified,)
    assert to_mend([one], [], [replace(asked, influence=LIGHT.influence)]) == ()
    assert to_mend([one], [], [replace(asked, origin=Origin("考核设置.xlsx", "下达目标", "C1"))]) == ()
