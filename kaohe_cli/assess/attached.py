"""The files beside a return, held against what the notice asks for and what the unit names as evidence. Pure.

Only what is certain is matched: all else is listed on both sides, for people to see.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Literal

from msgspec import Struct

from kaohe_cli.model import Attachment, Case, Unit
from kaohe_cli.naming import alike, bare_name, listed, plain_name
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.folder import ARCHIVES, PAPERS, WORKBOOKS

FEW = 3  # units that a sentence names one by one
LEAST = 3  # letters of a name by which a file is known in running text
# names that say nothing of what is in a file
GENERIC = frozenset((
    "附件", "佐证", "佐证材料", "证明", "证明材料", "有关材料", "相关材料", "扫描件", "复印件", "盖章件", "照片",
    "图片", "文件", "资料", "清单", "附表", "说明", "报告", "汇总表", "统计表", "img", "scan",
))  # fmt: skip
_ENDINGS = "|".join(sorted((re.escape(each[1:]) for each in (*PAPERS, *WORKBOOKS, *ARCHIVES)), key=len, reverse=True))
_BREAKS = "、，,；;：:。（）()《》“”\"'"
_NAMED = re.compile(rf"[^{_BREAKS}]{{1,120}}?\.(?:{_ENDINGS})(?![a-z0-9])")
_APART = re.compile(rf"(\.(?:{_ENDINGS}))\s+")  # a blank between two files
_SEE = re.compile(r"^(?:详?见(?![证习义]))+")
_POINTED = re.compile(r"^(?:详见|见|附件|附表|附|[\W\d_])+")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_NUMBERS = re.compile(r"\d+")
# what may stand around the name of a material: 关于上城区2007年度工作总结的报告（定稿）
_BEFORE = r"(?:[\W\d_〇○零一二三四五六七八九十]|年度|年终|全年|年|工作|关于|附件|报送|上报|的|我区|我县|我市)*"
_BUREAU = r"(?:[一-鿿]{2,14}(?:委员会|办公室|局|委|办))?"
_AFTER = r"(?:[\W\d_]|的|报告|材料|正文|正式|初|定|最|终|修改|盖章|扫描|件|版|稿)*"
_GOES_ON = r"(?:和|及|与|暨).*"  # 工作总结及2008年工作思路


MaterialKind = Literal["asked", "evidence", "other"]  # by the notice; by the unit, as 佐证材料; by nobody


class AttachedFile(Struct, frozen=True):
    """A file beside a return, and what it is."""

    attachment: Attachment
    title: str  # the material that it is, of those that the notice asks for; empty: none of them
    measures: tuple[str, ...]  # whose 佐证材料 mean it

    @property
    def kind(self) -> MaterialKind:
        """Who speaks of it."""
        return "asked" if self.title else "evidence" if self.measures else "other"


class Mention(Struct, frozen=True):
    """What a unit names as evidence of one measure (佐证材料)."""

    measure: str
    said: str  # as it is written
    missing: tuple[str, ...]  # files that are named with their ending, and are not there
    found: bool  # whether some file is certainly meant


class Registration(Struct, frozen=True):
    """All that came beside the return of one unit, and what did not."""

    unit: Unit
    files: tuple[AttachedFile, ...]
    lacking: tuple[str, ...]  # materials that the notice asks for, and that have not come
    mentions: tuple[Mention, ...]


def registrations(
    scheme: Scheme, cases: Iterable[Case], attachments: Iterable[Attachment]
) -> Mapping[str, Registration]:
    """The registration of each unit, by its code."""
    own: dict[str, list[Attachment]] = {}
    for each in attachments:
        own.setdefault(each.code, []).append(each)
    return {case.unit.code: registration(scheme, case, own.get(case.unit.code, ())) for case in cases}


def registration(scheme: Scheme, case: Case, attachments: Sequence[Attachment]) -> Registration:
    """What came beside the return of one unit, ``attachments`` being its files."""
    named = [_Name(case.unit, PurePath(each.file.rpartition("/")[2])) for each in attachments]
    asked = {title: _kernel(title) for title in scheme.asked_materials}
    titles = [
        next((title for title, kernel in asked.items() if held.size and each.is_material(kernel)), "")
        for held, each in zip(attachments, named, strict=True)
    ]  # an empty file is nothing that came
    measures: list[list[str]] = [[] for _ in attachments]
    mentions = []
    for measure in scheme.measures:
        entry = case.reported.get(f"{measure}.evidence")
        if entry is None or not isinstance(entry.value, str) or not entry.value.strip():
            continue
        found, missing = _meant(case.unit, entry.value, named)
        for at in found:
            measures[at].append(measure)
        mentions.append(Mention(measure, entry.value.strip(), tuple(missing), bool(found)))
    files = tuple(
        AttachedFile(each, title, tuple(own)) for each, title, own in zip(attachments, titles, measures, strict=True)
    )
    return Registration(case.unit, files, tuple(each for each in asked if each not in titles), tuple(mentions))


def counted(scheme: Scheme, cases: Iterable[Case], attachments: Sequence[Attachment]) -> tuple[str, ...]:
    """How much came, and of what the notice asks for which units' is still to come, in a sentence; none of nothing."""
    held = tuple(registrations(scheme, cases, attachments).values())
    told = []
    for title in scheme.asked_materials:
        lacking = [each.unit.name for each in held if title in each.lacking]
        short = f"，缺 {len(lacking)} 份：{listed(lacking, FEW)}" if lacking else ""
        told.append(f"{title} {len(held) - len(lacking)} 份{short}")
    said = f"（{'；'.join(told)}）" if told else ""
    return (f"登记材料 {len(attachments)} 份{said}",) if attachments else ()


class _Name:
    """The name of a file, as it is compared: without its unit, and without what stands around its kernel."""

    def __init__(self, unit: Unit, path: PurePath) -> None:
        self.ending = alike(path.suffix)
        self.stem = _without(unit, _plain(path.stem))
        self.whole = _POINTED.sub("", self.stem) or self.stem  # 技改清单2
        self.kernel = _EDGES.sub("", self.whole)  # 技改清单
        self.telling = self.kernel not in GENERIC

    def is_material(self, kernel: str) -> bool:
        """Whether the name says that it is the material of that ``kernel``, and nothing else."""
        pattern = f"{_BEFORE}{_BUREAU}{_BEFORE}{re.escape(kernel)}(?:{_GOES_ON}|{_AFTER})"
        return re.fullmatch(pattern, self.stem) is not None

    def agrees(self, other: "_Name") -> bool:
        """Whether both are called the same but for numbers that only one of them has."""
        numbers = [_NUMBERS.findall(each.whole) for each in (self, other)]
        return (
            self.telling and len(self.kernel) > 1 and self.kernel == other.kernel
            and (not all(numbers) or numbers[0] == numbers[1])
        )  # fmt: skip

    def stands_in(self, text: str) -> bool:
        """Whether running ``text`` calls it by its name, with no other number beside that than it has itself."""
        if len(self.stem) >= LEAST and re.search(rf"(?<!\d){re.escape(self.stem)}(?!\d)", text):
            return True
        if len(self.kernel) < LEAST or not self.telling:
            return False
        begin, _, end = self.whole.partition(self.kernel)
        own = _NUMBERS.findall(begin)[-1:], _NUMBERS.findall(end)[:1]
        return any(
            all(not said or not has or said == has[0] for said, has in zip((each[1], each[2]), own, strict=True))
            for each in re.finditer(rf"(\d*){re.escape(self.kernel)}(\d*)", text)
        )


def _plain(text: str) -> str:
    return "".join(alike(plain_name(text)).split())


def _without(unit: Unit, text: str) -> str:
    """``text`` without the names of its unit, of its bureau first, in which that of the unit may stand."""
    for name in (unit.bureau, unit.name, bare_name(unit.name)):
        text = text.replace(_plain(name), "") if name else text
    return text


def _kernel(title: str) -> str:
    """What a material is called in its shortest: 总结 of 年度工作总结."""
    plain = _plain(title)
    return re.sub(f"^{_BEFORE}", "", plain) or plain


def _meant(unit: Unit, said: str, files: Sequence[_Name]) -> tuple[list[int], list[str]]:
    """Which of ``files`` an entry certainly means, and which it names by their ending that are not there."""
    found: dict[int, None] = {}
    missing = []
    text = _plain(_APART.sub(r"\1；", alike("；".join(said.splitlines()))))
    for each in _NAMED.findall(text):
        each = _SEE.sub("", each)
        one = _Name(unit, PurePath(each))
        if not one.stem:  # the form itself
            continue
        meant, sure = _same(one, files)
        found |= dict.fromkeys(meant if sure else ())
        if not meant:
            missing.append(each)
    for part in re.split(r"[、，,；;。]", _NAMED.sub("；", text)):
        found |= dict.fromkeys(_told(_without(unit, part), files))
    return sorted(found), missing


def _same(one: _Name, files: Sequence[_Name]) -> tuple[list[int], bool]:
    """The files that may be called by the name ``one``, and whether it is certain."""
    for alike_ in (
        lambda file: (file.whole, file.ending) == (one.whole, one.ending),
        lambda file: file.whole == one.whole,
        lambda file: file.agrees(one),
    ):
        if meant := [at for at, file in enumerate(files) if alike_(file)]:
            return meant, len(meant) == 1
    return [], False


def _told(part: str, files: Sequence[_Name]) -> list[int]:
    """The files that one part of an entry in running text means."""
    named = [at for at, file in enumerate(files) if file.stands_in(part)]
    kernels = {files[at].kernel for at in named}
    if named:  # of two names of which one is within the other the longer one is meant
        return [at for at in named if not any(files[at].kernel in other != files[at].kernel for other in kernels)]
    kernel = _EDGES.sub("", _POINTED.sub("", part))
    if len(kernel) < LEAST or kernel in GENERIC:
        return []
    within = [at for at, file in enumerate(files) if kernel in file.kernel]
    return within if len(within) == 1 else []
