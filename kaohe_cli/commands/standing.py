"""Where the year stands, in words: a heading and what there is to say beneath it, line by line. Pure."""

from collections.abc import Iterator, Sequence

from kaohe_cli.assess.appeal import WHOLE
from kaohe_cli.commands.desk import Desk, LedgerState, Prepared, ResultState
from kaohe_cli.ledger.record import DETAIL, OPEN_WORDS
from kaohe_cli.naming import readable

FactLine = tuple[str, str]  # heading, what is said; an empty heading goes on with the one above

FEW = 3  # names, queries
MOST_DEPARTMENTS = 4  # lines of departments


def rows(desk: Desk) -> Iterator[FactLine]:
    """All that is to be said, in the order of the year."""
    yield "今天", _day(desk)
    yield "考核设置", _settings(desk.settings) if desk.settings else "还没有"
    yield "下发", f"{readable(desk.places.issued)} 中有 {desk.issued} 个单位的考核表" if desk.issued else "还没有"
    yield from _returns(desk)
    if desk.ledger is None:
        yield "评分底稿", "还没有" if not desk.unreadable else "还没有，或者读不出"
    else:
        yield from _ledger(desk, desk.ledger)
    yield "考核结果", _result(desk.result) if desk.result else "还没有"
    if desk.result and desk.settings and (time := desk.settings.publicity.time):
        yield "公示", f"{time}{_until(desk.publicity_left)}"


def _day(desk: Desk) -> str:
    said = f"{desk.today}"
    if desk.left is None:
        return f"{said}，通知没有规定上报期限"
    left = f"，已过 {-desk.left} 天" if desk.left < 0 else _until(desk.left)
    return f"{said}，上报期限 {desk.deadline}{left}"


def _until(left: int | None) -> str:
    if left is None:
        return ""
    return f"，还有 {left} 天" if left > 0 else "，今天截止" if left == 0 else "，已经结束"


def _settings(settings: Prepared) -> str:
    if settings.errors:
        return f"{settings.file}：有错误 {len(settings.errors)} 处"
    lacking = [
        f"下达目标（{len(settings.targets)} 个单位）" if settings.targets else "",
        f"责任处室（{len(settings.departments)} 个项目）" if settings.departments else "",
        f"口径的核定人（{len(settings.approvals)} 个口径）" if settings.approvals else "",
        f"行政正职（{len(settings.heads)} 个单位）" if settings.heads else "",
        "" if settings.publicity.time else "公示时间",
    ]
    empty = "、".join(filter(None, lacking))
    return f"{settings.file}：{settings.units} 个单位，{f'没有填：{empty}' if empty else '都已填写'}"


def _returns(desk: Desk) -> Iterator[FactLine]:
    back = desk.back
    said = [_units("已收", back.received, named=False), _units("迟报", back.late), _units("未报", back.missing)]
    said += [_units("待更正", back.mend)]
    known = "，".join(filter(None, said))
    yield "回收", known or ("还没有收到" if not back.unread else "收到的还没有读")
    for what, names in (
        ("没有读入底稿的" if desk.ledger else "等待评分的", back.unread), ("读入以后有改动的", back.changed),
        ("读入以后不见的", back.gone), ("没有登记的材料", back.unregistered),
    ):  # fmt: skip
        if names:
            yield "", f"{what} {len(names)} 份：{_some(names)}"
    yield from (("材料", each) for each in back.materials)


def _units(what: str, names: Sequence[str], *, named: bool = True) -> str:
    if not names:
        return ""
    return f"{what} {len(names)} 个{f'（{_some(names)}）' if named else ''}"


def _ledger(desk: Desk, ledger: LedgerState) -> Iterator[FactLine]:
    said = [f"写成以后{'、'.join(ledger.outdated)}有改动"] if ledger.outdated else []
    if ledger.lost:
        said.append(f"依据的{ledger.lost}不见了")
    if ledger.altered:
        said.append(f"程序写的内容被改动 {ledger.altered} 处")
    agrees = f"与{'考核设置、' if desk.settings else ''}考核方案相符"
    yield "评分底稿", f"{ledger.file}：{'；'.join(said) or agrees}"
    yield from _queries(ledger)
    yield from _departments(ledger)
    if desk.unmerged:
        yield "评审", f"没有并入的评分表 {len(desk.unmerged)} 份：{_some(desk.unmerged)}"
    if ledger.reviews or ledger.appeals:
        yield (
            "复核",
            f"登记 {ledger.reviews} 件，{f'没有了结 {len(ledger.appeals)} 件' if ledger.appeals else '都已了结'}",
        )
    for each in ledger.appeals[:FEW]:
        _, code, about = each.key  # without a code it is a row that cannot be taken
        yield "", " ".join(filter(None, (each.unit, about or WHOLE * bool(code), each.said)))
    if others := _others(ledger):
        yield "其余未定", others


def _queries(ledger: LedgerState) -> Iterator[FactLine]:
    asked = ledger.queries
    if not asked:
        return
    answered = sum(each.state == "answered" for each in asked)
    yield "待核实", f"{len(asked)} 处{f'，其中 {answered} 处单位已说明' if answered else ''}"
    for each in asked[:FEW]:
        yield "", f"{each.unit.name} {each.label} {each.value}，{each.influence.said}"


def _departments(ledger: LedgerState) -> Iterator[FactLine]:
    judging, done = ledger.judging, [each for each in ledger.departments if each.due and not each.waiting]
    if not ledger.departments:
        return
    finished = f"，{len(done)} 个处室已评完" if done else ""
    said = f"{len(judging)} 个处室待评 {len(ledger.awaited)} 个分{finished}"
    yield "处室评分", said if judging else "各处室都已评完"
    for each in judging[:MOST_DEPARTMENTS]:
        since = f"（{each.since}）" if each.since else ""
        yield "", f"{each.department}：{each.state}{since}，待评 {each.waiting} 个分"
    if others := judging[MOST_DEPARTMENTS:]:
        yield "", f"另有 {_some([each.department for each in others])}"


def _others(ledger: LedgerState) -> str:
    """What else keeps a result from being final, beside marks to come, queries and what was altered."""
    told = {(DETAIL, case.unit.code, id) for case, id in ledger.awaited}
    left = [each for each in ledger.open if each.standing != "pending" or each.key not in told]
    counts = {
        word: sum(each.standing == reason for each in left)
        for reason, word in OPEN_WORDS.items()
        if reason not in ("query", "altered", "appeal")
    }
    return "、".join(f"{word} {count} 处" for word, count in counts.items() if count)


def _result(result: ResultState) -> str:
    since = f"，写成以后{'、'.join(result.outdated)}有改动" if result.outdated else ""
    version = f"第{result.version}版，" if result.version else ""
    return f"{result.file}：{version}{'已定稿' if result.final else '暂定'}{since}"


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:FEW]) + ("等" if len(names) > FEW else "")
