"""What is to be done next, and the command for it, as it is typed. Pure, but that files are looked for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kaohe_cli.commands.desk import USUAL, Desk, LedgerState, Places, typed
from kaohe_cli.commands.differing import FileKind
from kaohe_cli.commands.outcome import NextStep
from kaohe_cli.ledger.record import OPEN_WORDS
from kaohe_cli.naming import readable

FEW = 3  # names that a line has room for
RULES = Path("规则.docx")
NO_RECORD = "KH323"  # of a ledger, which scoring makes anew


def next_step(desk: Desk) -> NextStep:
    """The first of all that is to be done where the year stands so."""
    return next(_due(desk))


def _due(desk: Desk) -> Iterator[NextStep]:
    """All that is to be done, what comes first first; the last can always be done."""
    at = desk.places
    if desk.unreadable:
        yield _to_correct(desk)
    if desk.settings and desk.settings.errors:
        yield NextStep(f"照所列更正{desk.settings.file}", at.status())
    if desk.ledger is None:
        yield from _before_scoring(desk)
    else:
        yield from _files(desk, desk.ledger)
        yield from _to_settle(desk, desk.ledger)
        yield from _to_issue(desk, desk.ledger)


def _to_correct(desk: Desk) -> NextStep:
    """What cannot be read; what the program itself makes is made again."""
    at, wrong = desk.places, [each for each in desk.unreadable if each.severity == "error"] or desk.unreadable
    if all(each.code == NO_RECORD for each in wrong):
        return NextStep("底稿没有程序记录，重新生成", at.score())
    files = [each.file for each in wrong if each.file]
    if {*files} == {at.result.name}:
        return NextStep(f"把{at.result.name}移到别处，重新排名", at.rank(publish=True))
    return NextStep(f"照所列更正{_named(files, '个文件')}", at.status())


def _before_scoring(desk: Desk) -> Iterator[NextStep]:
    at, back = desk.places, desk.back
    folder = "、".join(readable(path) for path in at.returned)
    if back.unread:
        yield NextStep(f"“{folder}”有 {len(back.unread)} 个文件待评分", at.score(mend=True))
    if desk.issued:
        yield NextStep(f"发出“{readable(at.issued)}”的考核表，交回的放入“{folder}”", at.score(mend=True))
    if desk.settings:
        lacking = desk.settings.lacking
        yield NextStep("把考核设置填写完整" if lacking else "考核设置已经填好", at.blank())
    yield NextStep("先生成考核设置", at.init())


def _files(desk: Desk, ledger: LedgerState) -> Iterator[NextStep]:
    """What the ledger does not have yet, or has otherwise."""
    at, back = desk.places, desk.back
    if ledger.lost:
        yield NextStep(f"找回底稿依据的{ledger.lost}，放在别处的用 --settings 写明", at.status())
    gone = _named(back.gone, "份")
    if back.gone and not (back.unread or back.unregistered):
        yield NextStep(f"找回不见的文件{gone}", at.status())
    if back.gone:  # a return handed in again may have another name
        yield NextStep(f"不见的文件{gone}已由新交的代替的不必找回，没有代替的先找回", at.score(mend=True))
    if count := len(back.unread) + len(back.changed):
        yield NextStep(f"交回的文件有 {count} 个没有读入底稿", at.score(mend=True))
    if back.unregistered:
        yield NextStep(f"交回的材料有 {len(back.unregistered)} 份没有登记", at.score())
    if ledger.outdated:
        yield NextStep(f"底稿写成以后{'、'.join(ledger.outdated)}有改动", at.score())
    if ledger.altered:
        yield NextStep(f"底稿中程序写的内容被改动 {ledger.altered} 处，恢复原样", at.score())
    if desk.unmerged:
        yield NextStep(f"处室评分表有 {len(desk.unmerged)} 份没有并入", at.merge())
    if unsent := [each for each in back.mend if each not in back.sent]:
        yield NextStep(f"给{_named(unsent, '个单位')}生成待更正的考核表", at.score(mend=True))


def _to_settle(desk: Desk, ledger: LedgerState) -> Iterator[NextStep]:
    """What units, departments and the office have to decide."""
    at, back, left = desk.places, desk.back, desk.left
    # once the office has settled all without them, nothing waits for returns any more
    due = bool(ledger.open or ledger.judging)
    sent, awaited = (back.sent, (*back.missing, *back.mend)) if due else ((), ())
    if awaited and left is not None and left >= 0:
        yield NextStep(f"还有 {left} 天截止，催{_named(awaited, '个单位')}交表，收到后", at.score(mend=True))
    if sent:
        yield NextStep(
            f"把“{readable(at.mend)}”中{_named(sent, '个单位')}的考核表发还更正，收到后", at.score(mend=True)
        )
    if fresh := [each.department for each in ledger.judging if not each.issued]:
        yield NextStep(f"给{_named(fresh, '个处室')}发评分表", at.score(judge=True))
    if asked := len(ledger.weighing):
        after = at.status() if ledger.judging or awaited else at.rank()
        yield NextStep(f"在底稿的“核实清单”中核实 {asked} 处", after)
    if ledger.judging:
        names = _named([each.department for each in ledger.judging], "个处室")
        yield NextStep(f"催{names}交回评分表，放入“{readable(at.judged)}”", at.merge())
    if awaited:
        yield NextStep(f"催{_named(awaited, '个单位')}交表，收到后", at.score(mend=True))
    if ledger.appeals:
        yield NextStep(f"在底稿的“复核登记”中写明 {len(ledger.appeals)} 件复核的结论、改定得分", at.rank(publish=True))
    if ledger.open:
        counts = Counter(OPEN_WORDS[each.standing] for each in ledger.open)
        said = "、".join(f"{word} {count} 处" for word, count in counts.items())
        yield NextStep(f"在底稿中定下{said}", at.rank())


def _to_issue(desk: Desk, ledger: LedgerState) -> Iterator[NextStep]:
    """The result, once nothing is open."""
    at, result, reviewed = desk.places, desk.result, bool(ledger.reviews)
    publish = at.rank(publish=True, reply=reviewed)
    if result is None:
        yield NextStep("底稿已经齐全", publish)
    elif result.outdated:
        yield NextStep(f"考核结果写成以后{'、'.join(result.outdated)}有改动", publish)
    elif not result.final:
        # what the ledger alone does not tell: a figure contradicts last year's
        decide = "：与上年核定不符的数据，在底稿的“数据核定”中核实，或填核定值" if at.previous else ""
        yield NextStep(f"考核结果还是暂定{decide}", publish)
    elif desk.published and (left := desk.publicity_left) is not None and left >= 0:
        yield NextStep(f"公示还有 {left} 天，逐格核对考核结果", at.verify())
    elif not desk.published:
        yield NextStep(f"考核结果已经定稿，写反馈表{'、通报和复核答复' if reviewed else '和通报'}", publish)
    yield NextStep("考核结果已经定稿，印发以前逐格核对", at.verify())


def _named(names: Sequence[str], what: str) -> str:
    """Few names one by one, of more the first and how many there are: 上城区等 5 个单位."""
    names = tuple(dict.fromkeys(names))
    return "、".join(names) if len(names) <= FEW else f"{names[0]}等 {len(names)} {what}"


# ── where a command knows but its own part ──────────────────────────────────────────────────────────────


def checked(at: Places, paths: Sequence[Path], *, sound: bool) -> NextStep:
    """After returns were checked: those without fault are for the ledger."""
    if sound:
        return NextStep(f"放入“{readable(USUAL.returned[0])}”", at.score(mend=True))
    return NextStep("请单位照所列更正，交回以后再核对", at.call("check", *paths, settings=True))


def adopted(at: Places) -> NextStep:
    """After a ranking by other readings than those in force."""
    return NextStep("这是试算；要采用的，在考核设置的“口径”中改定", at.score())


def verified(at: Places, *, sound: bool, final: bool, published: bool, replied: bool = False) -> NextStep:
    """After a result was held against its originals, with all that was ``published`` and ``replied`` to reviews."""
    if not sound:
        return NextStep("照所列查明、更正，重新排名", at.rank(publish=published, reply=replied))
    if not final:
        return NextStep("考核结果与材料一致，还是暂定", at.status())
    if not published:
        return NextStep("核对无误，写反馈表和通报", at.rank(publish=True))
    return NextStep("核对无误，可以印发；还有没有待办的", at.status())


def answered(at: Places) -> NextStep:
    """After it was explained to a unit how its points came about, where there is a result, of whatever day."""
    return NextStep("答复以后，看还有没有待办的", at.status())


def looked_up() -> NextStep:
    """After it was asked what a problem means."""
    return NextStep("照改法处理以后", USUAL.status())


def styled(at: Places, template: Path) -> NextStep:
    """After a template was made."""
    return NextStep("改好样式", at.call("blank", "--template", template))


def entered(folder: Path) -> NextStep:
    """After a year was left in a folder."""
    return NextStep(f"用 {typed(['cd', folder])} 进入文件夹", USUAL.status())


def scheme_begun(scheme: Path, how: str = "换了格式的方案") -> NextStep:
    """After a scheme was written: ``how`` people go on with it."""
    return NextStep(f"{how}，核对", typed(["kaohe", "scheme", "check", scheme]))


def scheme_read(scheme: Path, *, sound: bool) -> NextStep:
    """After a scheme was looked through."""
    if not sound:
        return NextStep("照所列更正，再核对", typed(["kaohe", "scheme", "check", scheme]))
    return scheme_tried(str(scheme))


def scheme_tried(scheme: str) -> NextStep:
    """After random years of a scheme, or where it is without fault."""
    return NextStep("写出规则，供各处室签认", typed(["kaohe", "scheme", "print", scheme, RULES]))


def scheme_compared(scheme: str) -> NextStep:
    """After a scheme was held against an older one."""
    return NextStep("用随机的年度试算现方案", typed(["kaohe", "scheme", "rehearse", scheme]))


def file_compared(scheme: str, kind: FileKind, now: Path) -> NextStep:
    """After a file was held against an earlier one of its kind."""
    if kind == "return":
        return NextStep(f"以现在的一份为准的，放入“{readable(USUAL.returned[0])}”", Places(scheme).score(mend=True))
    if kind == "settings":
        return NextStep("改动都有依据的，按现在的设置评分", Places(scheme, settings=now).score())
    if kind == "ledger":
        return NextStep("改动都有依据的，排名", Places(scheme, ledger=now).beside(now).rank())
    if kind == "result":
        return NextStep("改动都有依据的，逐格核对", Places(scheme, result=now).beside(now).verify())
    return scheme_compared(str(now))


def nothing_differs(scheme: str) -> NextStep:
    """After a file was held against an earlier one that says the same."""
    return NextStep("不必因此改动，看做到了哪一步", Places(scheme).status())


def rules_printed(scheme: str) -> NextStep:
    """After the rules were written for signature."""
    return NextStep("各处室签认以后", Places(scheme).init())


def in_earnest(words: Sequence[str]) -> NextStep:
    """After a dry run."""
    return NextStep("照此写", typed(["kaohe", *(word for word in words if word != "--dry-run")]))


def again(words: Sequence[str]) -> NextStep:
    """After a command came to nothing: what was wrong says what to do."""
    return NextStep("照所列处理以后", typed(["kaohe", *words]))
