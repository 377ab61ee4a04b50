"""The rooms of docs/ARCHITECTURE.md held against the imports, and the habits that a machine can hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "kaohe_cli"

# room → its floor; an import goes to a lower floor, or stays in its own room
FLOORS = {
    "__main__": 12,
    "cli": 11, "fault": 11,
    "help": 10,
    "commands": 9,
    "result": 8,
    "ledger": 7,
    "settings": 6, "form": 6, "assess": 6,
    "scheme": 5,
    "paper": 4,
    "sheet": 3, "console": 3,
    "model": 2, "diagnostic": 2,
    "catalogue": 1, "usage": 1,
    "extent": 0, "points": 0, "naming": 0, "stream": 0, "misuse": 0, "": 0,
}  # fmt: skip

# distribution → the only modules that may import it
ONLY_IN = {
    "typer": {"__main__", "cli", "help"},
    "rich": {"console"},
    "pandas": {"result.scores", "result.judging"},
    "xlsxwriter": {"paper.workbook"},
    "docx": {"paper.document"},
    "filelock": {"paper.lock"},
    "platformdirs": {"fault"},
    "tomlkit": {"scheme.blocks", "scheme.toml"},
    "openpyxl": {"form.blank", "form.mend", "form.package", "form.style", "form.template"},
}


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "kaohe_cli" or (PACKAGE.parent / node.module.replace(".", "/")).is_dir():
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    return module.split(".")[0]


def test_every_module_has_a_room() -> None:
    found = modules()
    assert len(found) > 40
    assert {room(module) for module in found} == set(FLOORS)


def test_imports_run_downwards_only() -> None:
    seen = 0
    known = modules()
    for module, path in known.items():
        for name in imports(path):
            target = name.removeprefix("kaohe_cli").lstrip(".")
            if not name.startswith("kaohe_cli") or target not in known or not target:
                continue
            seen += 1
            allowed = room(target) == room(module) or FLOORS[room(target)] < FLOORS[room(module)]
            assert allowed, f"{module} imports {target}"
    assert seen > 150


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = modules()
    needs = {
        module: {name.removeprefix("kaohe_cli.") for name in imports(path)} & (known.keys() - {"", module})
        for module, path in known.items()
    }
    while free := [module for module, others in needs.items() if not others]:
        needs = {module: others - {*free} for module, others in needs.items() if module not in free}
    assert not needs, f"in a circle, or above one: {sorted(needs)}"


def test_a_public_type_name_means_one_thing() -> None:
    found: dict[str, set[str]] = {}
    for module, path in modules().items():
        for node in ast.parse(path.read_text("utf-8")).body:
            names = [node.name] if isinstance(node, ast.ClassDef) else []
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = [
                    each.id for each in targets if isinstance(each, ast.Name) and re.match("[A-Z].*[a-z]", each.id)
                ]
            for name in names:
                if not name.startswith("_"):
                    found.setdefault(name, set()).add(module)
    assert len(found) > 120
    assert {name: sorted(where) for name, where in found.items() if len(where) > 1} == {}


def test_heavy_libraries_stay_in_their_rooms() -> None:
    seen = dict.fromkeys(ONLY_IN, 0)
    for module, path in modules().items():
        for name in imports(path):
            library = name.split(".")[0]
            if library in ONLY_IN:
                seen[library] += 1
                assert module in ONLY_IN[library], f"{module} imports {library}"
    assert all(seen.values()), seen


def test_only_the_console_and_the_command_line_print() -> None:
    printing = {
        module
        for module, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert "cli" in printing
    assert printing <= {"__main__", "cli", "console", "stream"}


def test_nothing_is_evaluated() -> None:
    called = [
        (module, node.func.id)
        for module, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert len(called) > 1000
    assert not [(module, name) for module, name in called if name in ("eval", "exec", "compile", "__import__")]


def test_the_architecture_page_names_every_room() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    table = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    named = set(re.findall(r"`([a-z_]+)(?:\.py|/)`", table))
    assert named == set(FLOORS) - {"", "__main__"}


def test_the_architecture_page_names_every_module() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    reasons = page.split("Each module has one reason to change:")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+)`", reasons))
    assert named == {path.stem for path in modules().values()} - {"__init__"}
