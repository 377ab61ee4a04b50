"""What a scheme copied from another may have kept of it by oversight, and quotes that prove little: all only likely."""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.points import number
from kaohe_cli.scheme.lines import Wording
from kaohe_cli.scheme.records import Item, SchemeContent

_DIGITS = str.maketrans("○〇零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(?<!\d)([12]\d{3}|[一二][○〇零一二三四五六七八九]{3})(?=年)")
_NUMBERED = re.compile(r"[〔\[（(【]([12]\d{3})[〕\])）】]")  # the year of a 发文字号
_OF_A_YEAR = re.compile(r"《[^》]*年度[^》]*考核[^》]*》")  # what an assessment is called in running text
_POINTS_ONLY = re.compile(r"(?:本|该|此)?项?(?:目标)?(?:满分|总分|分值|基本分|共|合计|总计|计|为|得|：|\s)*[\d.]+分")
_IN_A_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")  # hangzhou_2007
# what is lost where something is not done, which says nothing but that it is not earned
_NOT_EARNED = re.compile(r"(?:未|没有|不能|完不成|达不到)[^，,]*扣([\d.]+)分")
_LEAST = 4  # letters of a quote that is found again
_SHOWN = 40  # letters of a text that is told


def leftovers(
    content: SchemeContent, wording: Wording, file: str, others: Iterable[SchemeContent]
) -> Iterator[Problem]:
    """What is odd in the scheme written so (KH930–KH933); ``others`` are those that come along."""

    def likely(code: str, key: str, **words: str) -> Problem:
        at = wording.at(key)
        made = problem(code, file=file, sheet=at.sheet, cell=at.cell, field=key, place=at.said, **words)
        return replace(made, line=at.line)

    for key, year in _other_years(content):
        yield likely("KH930", key, found=str(year), expected=str(content.year))
    for other in others:
        for key, same in _kept(content, other) if (other.id, other.year) != (content.id, content.year) else ():
            yield likely("KH931", key, found=_short(same), expected=other.id)
    clauses = list(_clauses(content))
    for item in content.item:
        for sentence in _unquoted(item, [clause for _, clause in clauses]):
            yield likely("KH932", f"item.{item.id}.standard", found=_short(sentence))
    for key, clause in clauses:
        if clause and _says_little(clause):
            yield likely("KH933", key, found=clause)


def _other_years(content: SchemeContent) -> Iterator[tuple[str, int]]:
    """Each place that names a year which is not that of the assessment, and cannot well be another, with the year."""
    year, notice = content.year, content.notice
    near = (year - 1, year, year + 1)
    for key, name in (("id", content.id), ("template", content.template)):
        if (named := [int(each) for each in _IN_A_NAME.findall(name)]) and year not in named:
            yield key, named[0]
    for key, title in (("title", content.title), ("notice.heading", notice.heading)):
        named = _years(title)
        if year not in named:
            yield from ((key, each) for each in named[:1])
    for key, each, usual in (
        *(("notice.number", each, near) for each in map(int, _NUMBERED.findall(notice.number))),
        *([("notice.date", notice.date.year, near)] if notice.date else []),
        *(("notice.signed", each, (notice.date.year,) if notice.date else near) for each in _years(notice.signed)),
        *([("deadline.date", content.deadline.date.year, (year, year + 1))] if content.deadline else []),
    ):
        if each not in usual:
            yield key, each
    for count, paragraph in enumerate(notice.paragraphs, 1):
        named = [each for called in _OF_A_YEAR.findall(paragraph) for each in _years(called)]
        if year not in named:
            yield from ((f"notice.paragraphs 第 {count} 个", each) for each in named[:1])
    for key, words in _own_words(content):
        named = [each for each in _years(words) if f"{each}年度" in words]
        if year not in _years(words):
            yield from ((key, each) for each in named[:1])


def _own_words(content: SchemeContent) -> Iterator[tuple[str, str]]:
    """What the author of the scheme put in words of his own, with its key."""
    for item in content.item:
        yield from ((f"criterion.{each.id}.title", each.title) for each in item.criterion)
    for measure in content.measure:
        yield from ((f"measure.{measure.id}.{key}", getattr(measure, key)) for key in ("title", "note"))
    for reading in content.reading:
        yield from ((f"reading.{reading.id}.{key}", getattr(reading, key)) for key in ("question", "reason"))
        yield from ((f"reading.{reading.id}.{option.id}.label", option.label) for option in reading.option)


def _kept(content: SchemeContent, other: SchemeContent) -> Iterator[tuple[str, str]]:
    """What ``content`` has word for word of ``other``, though it stands for that one's notice alone."""
    notice, old = content.notice, other.notice
    alone = [("number", notice.number, old.number), ("signed", notice.signed, old.signed)]
    alone += [("date", str(notice.date or ""), str(old.date or ""))]
    if content.year != other.year:
        alone += [("heading", notice.heading, old.heading)] if other.year in _years(old.heading) else []
    yield from ((f"notice.{key}", now) for key, now, before in alone if now and now == before)
    if content.year == other.year:
        return
    before = {text for text in (*old.paragraphs, *(each.content for each in other.item)) if other.year in _years(text)}
    before |= {each.standard for each in other.item if other.year in _years(each.standard)}
    texts = [(f"notice.paragraphs 第 {count} 个", each) for count, each in enumerate(notice.paragraphs, 1)]
    for item in content.item:
        texts += [(f"item.{item.id}.content", item.content), (f"item.{item.id}.standard", item.standard)]
    yield from ((key, text) for key, text in texts if text in before)


def _clauses(content: SchemeContent) -> Iterator[tuple[str, str]]:
    """Every quote, with its key."""
    for item in content.item:
        yield from ((f"criterion.{each.id}.clause", each.clause) for each in item.criterion)
        yield from ((f"evidence.{each.measure}.clause", each.clause) for each in item.evidence)
    for reading in content.reading:
        yield f"{reading.id}.clause", reading.clause
        for option in reading.option:
            for room, patches in option.change.items():
                for id, patch in patches.items():
                    clause = patch.get("clause") if isinstance(patch, Mapping) else None
                    if isinstance(clause, str):
                        yield f"reading.{reading.id}.{option.id}.change.{room}.{id}.clause", clause
    yield from ((f"{each.id}.clause", each.clause) for each in content.basis)
    yield from ((f"total.{each.measure}.clause", each.clause) for each in content.total)
    yield from ((f"grade.{each.title}.clause", each.clause) for each in content.grade if each.clause)
    yield from ((f"ceiling.{each.id}.clause", each.clause) for each in content.ceiling if each.clause)
    yield from ((f"veto.{each.id}.clause", each.clause) for each in content.veto if each.clause)


def _unquoted(item: Item, clauses: list[str]) -> Iterator[str]:
    """The sentences of the standard of ``item`` that none of ``clauses`` has a letter of.

    Without those that only state points, or take off what a criterion gives where it is not met.
    """
    given = {criterion.points for criterion in item.criterion if not criterion.bonus}
    spans = [(found, found + len(clause)) for clause in clauses for found in _found(item.standard, clause)]
    for sentence in re.finditer(r"[^。；;\n]+", item.standard):
        words = sentence[0].strip()
        touched = any(start < sentence.end() and end > sentence.start() for start, end in spans)
        lost = _NOT_EARNED.fullmatch(words)
        told = _POINTS_ONLY.fullmatch(words) or (lost and number(lost[1]) in given)
        if not touched and not told and re.search(r"\w", words):
            yield words


def _found(text: str, clause: str) -> Iterator[int]:
    """Wherever ``clause`` begins in ``text``."""
    at = text.find(clause) if clause else -1
    while at >= 0:
        yield at
        at = text.find(clause, at + 1)


def _says_little(clause: str) -> bool:
    letters = re.findall(r"\w", clause)
    return len(letters) < _LEAST or all(letter.isdecimal() for letter in letters)


def _years(text: str) -> list[int]:
    """The years that ``text`` names, in figures or in Chinese, in their order."""
    return [int(found.translate(_DIGITS)) for found in _YEAR.findall(text)]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
