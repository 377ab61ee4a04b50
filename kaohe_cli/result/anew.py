"""A result, its feedback and its circular made anew from a report, and held against those at hand."""

from collections.abc import Iterable
from pathlib import Path

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Ranked
from kaohe_cli.naming import file_name, readable
from kaohe_cli.result.compare import compare
from kaohe_cli.result.feedback import feedback_workbook
from kaohe_cli.result.page import Report
from kaohe_cli.result.recorded import Recorded, differing, standings
from kaohe_cli.result.verdict import Verdict
from kaohe_cli.result.workbook import result_workbook
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import LARGE_LIMITS, read_bytes, read_workbook


def standings_again(was: Recorded, report: Report) -> Verdict:
    """Whether every unit stands where it stood."""
    told = tuple(differing(was, standings(report.ranking)))
    found = f"中，{len(told)} 个与考核结果不一致" if told else "的名次、等次、总分与考核结果全部一致"
    said, more = f"重算：{len(was.units)} 个单位{found}。", tuple(each.message for each in told)
    return Verdict("standings", said, told, len(was.units), differing=len(told), more=more)


def result_again(book: Book, report: Report) -> Verdict:
    """Whether every cell of every sheet of a result is as it was written."""
    compared = compare(book, as_read(result_workbook(report), book.file))
    found = _said(compared.differing, compared.problems)
    said = f"考核结果：{compared.sheets} 张工作表 {compared.cells:,} 格{found}。"
    return Verdict("result", said, compared.problems, compared.sheets, compared.cells, compared.differing)


def feedback_again(folder: Path | None, report: Report, units: Iterable[Ranked]) -> Verdict:
    """Whether the feedback in ``folder`` (None: none is at hand) of each of ``units`` is as it was written."""
    if folder is None:
        return Verdict("feedback", "反馈表：没有给出，没有核对。")
    cells = different = there = 0
    problems: list[Problem] = []
    for each in units:
        unit = each.score.unit
        path = folder / file_name(unit.name)
        if not path.exists():
            where = f"“{readable(folder.name)}”文件夹中"
            problems.append(problem("KH940", unit=unit.name, file=path.name, found="反馈表", reason=where))
            continue
        book, unread = read_workbook(path, LARGE_LIMITS)
        problems += unread
        if book is not None:
            data = feedback_workbook(report.scheme, each, report.cases[unit.code], report.ranking, report.publicity)
            compared = compare(book, as_read(data, book.file), unit.name)
            problems += compared.problems
            cells, different, there = cells + compared.cells, different + compared.differing, there + 1
    said = f"反馈表：{there} 份 {cells:,} 格{_said(different, problems)}。"
    return Verdict("feedback", said, tuple(problems), there, cells, different)


def circular_again(path: Path | None, report: Report) -> Verdict:
    """Whether the figures of the circular at ``path`` (None: none is at hand) are those of the result."""
    from kaohe_cli.result.circular import Circular, circular_document
    from kaohe_cli.result.letter import compare_letters, letter, read_letter

    if path is None:
        return Verdict("circular", "通报：没有给出，没有核对。")
    found, unread = read_letter(path)
    facts = Circular(resting=report.resting, publicity=report.publicity)
    draft, _ = letter(circular_document(report.scheme, report.ranking, facts), path.name)
    if found is None or draft is None:
        return Verdict("circular", "通报：读不了，没有核对。", unread)
    compared = compare_letters(found, draft, [each.score.unit.name for each in report.units], report.scheme.grades)
    different = len(compared.problems)
    same = _said(different, compared.problems)
    said = f"通报：附件表 {compared.cells} 格，正文中的单位、数字、等次 {compared.facts} 个{same}。"
    return Verdict("circular", said, compared.problems, 1, compared.cells + compared.facts, different)


def replies_again(folder: Path | None, report: Report) -> Verdict:
    """Whether the figures of the replies in ``folder`` (None: none are at hand) are those of the result."""
    from kaohe_cli.result.letter import compare_replies, letter, read_letter
    from kaohe_cli.result.reply import answered, reply_document

    due = answered(report.scheme, report.reviews)
    if folder is None or not due:
        return Verdict("replies", f"复核答复：没有{'给出，没有核对' if due else '已经作出结论的复核'}。")
    facts = there = 0
    problems: list[Problem] = []
    names = [each.score.unit.name for each in report.units]
    for each in (ranked for ranked in report.units if ranked.score.unit.code in due):
        path = folder / file_name(each.score.unit.name, ".docx")
        if not path.exists():
            where = f"“{readable(folder.name)}”文件夹中"
            name = each.score.unit.name
            problems.append(problem("KH940", unit=name, file=path.name, found="复核答复", reason=where))
            continue
        found, unread = read_letter(path)
        draft, _ = letter(reply_document(report, each), path.name)
        problems += unread
        if found is not None and draft is not None:
            compared = compare_replies(found, draft, names, report.scheme.grades)
            problems += compared.problems
            facts, there = facts + compared.facts, there + 1
    different = sum(each.code == "KH412" for each in problems)
    said = f"复核答复：{there} 份，其中的单位、数字、等次 {facts} 个{_said(different, problems)}。"
    return Verdict("replies", said, tuple(problems), there, facts, different)


def as_read(data: bytes, file: str) -> Book:
    """A workbook that was just written, as it is read."""
    book, problems = read_bytes(data, file, LARGE_LIMITS)
    if book is None:
        raise AssertionError(problems)
    return book


def _said(different: int, problems: Iterable[Problem]) -> str:
    return f"，{different} 处不一致" if different else "，没有全部核对" if any(problems) else "全部一致"
