"""``kaohe scheme check``: all that is wrong with a scheme in one go, by key and line, for people and programs."""

from pathlib import Path

import pytest
from command import Ran, kaohe

from kaohe_cli.commands import contract
from kaohe_cli.scheme.load import FOLDER

TEXT = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")
KEYS = ["code", "severity", "key", "line", "sheet", "cell", "message", "found", "expected", "fix"]


def checked(folder: Path, text: str, *more: str) -> Ran:
    path = folder / "某年.toml"
    path.write_text(text, "utf-8")
    return kaohe("scheme", "check", path, *more)


def lines_of(text: str, *starts: str) -> list[int]:
    """The first line that begins with each of ``starts``."""
    return [next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith(start)) for start in starts]


def test_a_sound_scheme_is_told_with_what_it_holds(tmp_path: Path) -> None:
    ran = checked(tmp_path, TEXT, "--json")
    assert ran.code == 0
    assert ran.json == {
        "scheme": "hangzhou_2007",
        "file": "某年.toml",
        "ok": True,
        "counts": {
            "errors": 0, "warnings": 0, "items": 17, "criteria": 32, "measures": 34, "units": 14, "readings": 15,
        },
        "trials": [],
        "problems": [],
    }  # fmt: skip
    assert "某年.toml 可以使用：17 个项目、32 条细则、14 个单位、15 个口径。" in ran.err


# shape, consistency and what an option would bring about, each where it does not hide the others
FAULTY = (
    ("date = 2007-11-15", 'date = "11月15日"', "deadline.date"),
    ('name = "上城区"', "name = 5", "unit.330102.name"),
    ("step = 50", 'step = "五十"', "criterion.1.1.3.rule.step"),
    ('left = "double.done"', 'left = "twice.done"', "criterion.1.2.5.rule"),
    ('clause = "完成土地盘活目标2分"', 'clause = "完成土地盘活"\nclausse = "x"', "criterion.1.2.4.clausse"),
    ("number = 476", "number = 0", "total.invest.number"),
    ('change = { policy = { cap = "item" } }', "change = { policy = { cap = 5 } }", "reading.cap.item: policy.cap"),
)


def faulty() -> str:
    text = TEXT
    for was, becomes, _ in FAULTY:
        assert was in text, was
        text = text.replace(was, becomes, 1)
    return text


def test_all_faults_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = faulty()
    ran = checked(tmp_path, text, "--json")
    assert ran.code == 1
    assert (ran.json["scheme"], ran.json["ok"], ran.json["counts"]) == (None, False, {"errors": 7, "warnings": 0})
    assert [list(each) for each in ran.json["problems"]] == [KEYS] * 7
    told = {each["key"]: each["line"] for each in ran.json["problems"]}
    assert set(told) == {key for *_, key in FAULTY}, "and none that only comes of another"
    for _, becomes, key in FAULTY:
        lines = text.split("\n")
        assert becomes.split("\n")[-1] in lines[told[key] - 1]
    for each in ran.json["problems"]:
        assert each["code"] == "KH901"
        assert f"考核方案 某年.toml 第 {each['line']} 行的“{each['key']}”有误：{each['found']}" == each["message"]


def test_people_are_told_every_fault_too(tmp_path: Path) -> None:
    ran = checked(tmp_path, faulty())
    shown = ran.err.replace("\n", "")
    for *_, key in FAULTY:
        assert f"行的“{key}”有误" in shown
    assert "KH901 错误  考核方案有误（7 处）" in ran.err
    assert "可以使用" not in ran.err


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (TEXT.replace("year = 2007", "year = ", 1), lines_of(TEXT, "year = ")[0], "第 "),
        ("[[item]]\nid = 1\n", 1, "item 第 1 个.title"),
        ("", None, "year"),
        (TEXT.replace("number = 476", "number = 1e30", 1), lines_of(TEXT, "number = 476")[0], "total.invest.number"),
    ],
)
def test_whatever_a_file_says_it_is_told(text: str, line: int | None, key: str, tmp_path: Path) -> None:
    ran = checked(tmp_path, text, "--json")
    assert ran.code == 1
    told = [each["line"] for each in ran.json["problems"] if each["key"].startswith(key)]
    assert told
    assert told[0] == line


def test_what_was_copied_and_forgotten_is_told_and_the_scheme_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "2008.toml"
    assert kaohe("scheme", "new", path).code == 0
    text = path.read_text("utf-8").replace("year = 2007", "year = 2008", 1)
    ran = checked(tmp_path, text, "--json")
    assert ran.code == 0
    assert ran.json["ok"]
    told = [(each["code"], each["key"]) for each in ran.json["problems"]]
    assert {("KH930", "title"), ("KH930", "deadline.date"), ("KH931", "notice.number")} <= set(told)
    assert ran.json["counts"]["warnings"] == len(told)
    assert "某年.toml 可以使用" in ran.err
    other = kaohe("template", tmp_path / "模板.xlsx", "--scheme", path)
    assert (other.code, "KH93" in other.err) == (0, False), "no other command speaks of it"


def test_what_is_wrong_by_its_shape_is_not_called_copied(tmp_path: Path) -> None:
    """What stands in for a date that is none is not taken for the file's."""
    for was in ("date = 2007-07-06", "year = 2007"):
        ran = checked(tmp_path, TEXT.replace(was, f'{was[:7]}= "x"'.replace("e= ", "e = "), 1), "--json")
        assert {each["code"] for each in ran.json["problems"]} == {"KH901"}


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    ran = kaohe("scheme", "check", tmp_path / "没有.toml", "--json")
    assert ran.code == 2
    assert {name: value for name, value in ran.json.items() if name != "problems"} == contract.NOTHING["scheme check"]
    assert [(each["code"], each["key"], each["line"]) for each in ran.json["problems"]] == [("KH901", "文件", None)]


def test_a_fault_of_the_program_has_the_form_of_its_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("kaohe_cli.commands.scheme.scheme_check", broken)
    ran = kaohe("scheme", "check", "x.toml", "--json", stop_at=3)
    assert ran.json == {**contract.NOTHING["scheme check"], "problems": [], "fault": ran.err.strip()}
