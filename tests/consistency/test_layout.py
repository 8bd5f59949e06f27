"""The shape of the repository: who may import whom, how long things may be, and what must not be written down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from doorstep.settings import ROOT
from tests.consistency.reading import PRODUCT, nodes, our_files, place, python_files

RASA = ("rasa", "rasa_sdk", "sanic")
WEB = ("starlette", "sse_starlette", "uvicorn")
# Straight under doorstep/, and not rules: they may see storage.
WIRING = {"assistant", "bootstrap", "cli", "demo", "preview", "reviews"}
# Packages of rules, and what of them does the work of a transaction.
RULES = {"changes", "customs", "delivery", "figures", "goods", "people", "policy", "returns", "unasked"}
WORK = {"doorstep/unasked/keeper.py"}
# Where a file stands, and what it must not import.
FORBIDDEN = {
    "doorstep/": ("actions",),
    "doorstep/<rules>": ("doorstep.storage", "doorstep.front", "doorstep.nlu", "sqlalchemy", "httpx", *RASA, *WEB),
    "doorstep/replies/": ("doorstep.storage", "doorstep.front", "doorstep.nlu", "sqlalchemy", "httpx", *RASA, *WEB),
    "doorstep/imports/": ("doorstep.front", "doorstep.nlu", *RASA, *WEB),
    "doorstep/storage/": ("doorstep.front", "doorstep.nlu", "httpx", *RASA, *WEB),
    "doorstep/desk/": ("doorstep.front", "doorstep.nlu", "doorstep.adapters", "requests", "httpx", *RASA, *WEB),
    "doorstep/adapters/": ("doorstep.storage", "doorstep.front", "doorstep.nlu", "sqlalchemy", *RASA, *WEB),
    "doorstep/front/": ("doorstep.nlu", "doorstep.assistant", *RASA),
    "doorstep/nlu/": ("doorstep.front", "doorstep.assistant", "sqlalchemy", *WEB),
    "doorstep/nlu/<components>": ("doorstep.storage",),
    "actions/": ("doorstep.front", "doorstep.nlu", "doorstep.storage", "sqlalchemy", "httpx", "requests", *WEB),
}
READS_ENVIRONMENT = {
    "doorstep/settings.py",
    "doorstep/logs.py",  # LOG_LEVEL, before anything else
    "doorstep/processes/surroundings.py",  # hands it on to our processes
    "doorstep/nlu/rasa_server.py",  # a setting of Rasa's own
}
TEXTS = (".py", ".yml", ".yaml", ".md", ".toml", ".js", ".css", ".html", ".json", ".csv", ".sh", "Makefile", "run")
LONGEST = {".py": 300, ".yml": 300}
PHRASES = r"(data/nlu|tests/nlu)/.*\.yml"  # one a line, as many as there are
LONGER = {"domain.yml": 400, "tests/nlu/numbers_en.yml": 400}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """What a file imports at run time: line and dotted name, one for each name taken."""
    only_types = {id(node) for block in nodes(path, ast.If) if _is_for_types(block) for node in ast.walk(block)}
    for node in nodes(path, ast.Import, ast.ImportFrom):
        if id(node) in only_types:
            continue
        source = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        yield from ((node.lineno, source + alias.name) for alias in node.names)


def _is_for_types(block: ast.If) -> bool:
    return isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"


def stands_in(path: Path, where: str) -> bool:
    if where == "doorstep/<rules>":
        if path.parent.parent == ROOT / "doorstep":
            return path.parent.name in RULES and place(path) not in WORK
        return path.parent == ROOT / "doorstep" and path.stem not in WIRING
    if where == "doorstep/nlu/<components>":
        return place(path).startswith("doorstep/nlu/") and path.stem != "tracker_store"
    return place(path).startswith(where)


def too_long(budget: int, functions: Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]) -> list[str]:
    sizes = [(path, node, (node.end_lineno or 0) - node.lineno + 1) for path, node in functions]
    return [f"{place(path)}:{node.lineno}: {node.name}: {size}" for path, node, size in sizes if size > budget]


@pytest.mark.parametrize("where", FORBIDDEN)
def test_imports_go_down_the_layers_only(where: str) -> None:
    wrong = [
        f"{place(path)}:{line} imports {name}"
        for path in python_files(*PRODUCT)
        if stands_in(path, where)
        for line, name in imports(path)
        if any(name == banned or name.startswith(banned + ".") for banned in FORBIDDEN[where])
    ]
    assert wrong == [], "move what is needed down, or pass it in from above"


def test_only_the_rasa_side_imports_rasa() -> None:
    elsewhere = [path for path in python_files("doorstep") if not place(path).startswith("doorstep/nlu/")]
    wrong = [
        f"{place(path)}:{line} imports {name}"
        for path in elsewhere
        for line, name in imports(path)
        if name.split(".")[0] in RASA
    ]
    assert wrong == []


def test_a_file_is_not_longer_than_can_be_kept_in_mind() -> None:
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in our_files(*LONGEST)
        if not place(path).startswith("standins/") and not re.fullmatch(PHRASES, place(path))
    }
    long = {place(path): size for path, size in sizes.items()}
    long = {name: size for name, size in long.items() if size > LONGER.get(name, LONGEST[Path(name).suffix])}
    assert long == {}, "a name is missing: split it by what its parts are about"


def test_a_function_has_at_most_forty_lines() -> None:
    files = python_files(*PRODUCT, "tests", "bench")
    assert too_long(40, ((p, node) for p in files for node in nodes(p, ast.FunctionDef, ast.AsyncFunctionDef))) == []


def test_an_action_only_reads_slots_asks_once_and_answers() -> None:
    files = python_files("actions")
    functions = ((p, node) for p in files for node in nodes(p, ast.FunctionDef, ast.AsyncFunctionDef))
    assert too_long(20, ((p, node) for p, node in functions if node.name == "run")) == []
    assert [place(path) for path in files if len(path.read_text().splitlines()) > 120] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [place(path) for path in python_files(*PRODUCT, "tests", "bench") if not _docstring(path)]
    assert silent == []


def _docstring(path: Path) -> bool:
    return path.stat().st_size == 0 or ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is not None


def test_the_settings_and_the_example_name_the_same_variables() -> None:
    read = set(re.findall(r'"(DOORSTEP_[A-Z_]+)"', (ROOT / "doorstep/settings.py").read_text()))
    shown = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert shown == {*read, "LOG_LEVEL"}


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        place(path)
        for path in python_files(*PRODUCT)
        for node in nodes(path, ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == "os" and node.attr in ("environ", "getenv")
    }
    assert readers <= READS_ENVIRONMENT


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("the path of somebody's machine", r"(?<![\w.*/-])/(?:work|root|Users/\w+|home/(?!doorstep\b)\w+)/"),
        ("something left to do", r"\b(?:TO[D]O|FIX[M]E|XX[X])\b"),
    ],
    ids=["machine paths", "left to do"],
)
def test_nothing_is_written_down_that_only_its_author_understands(what: str, pattern: str) -> None:
    found = [
        f"{place(path)}:{number}: {line.strip()[:100]}"
        for path in our_files(*TEXTS)
        if not re.fullmatch(PHRASES, place(path))  # a word of Spanish buyers, too
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == [], f"{what} stands in a file that others read"
