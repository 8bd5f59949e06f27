"""Reads the repository for the tests of this folder: its files, its Python as syntax trees, its YAML."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from doorstep.settings import ROOT

NOT_OURS = {"models", "results", "var", "node_modules", "build", "__pycache__"}
PRODUCT = ("doorstep", "actions")


def our_files(*endings: str) -> list[Path]:
    """Every file of the repository with one of these endings: nothing made by a tool, nothing installed."""
    return sorted(path for path in _below(ROOT) if path.name.endswith(endings))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_file():
            yield path
        elif _is_ours(path.name):
            yield from _below(path)


def _is_ours(folder: str) -> bool:
    made = folder in NOT_OURS or folder.endswith(".egg-info") or folder.startswith(".")
    return not made or folder in {".ci", ".github"}


def python_files(*folders: str) -> list[Path]:
    """The Python files of these top folders."""
    return [path for path in our_files(".py") if place(path).split("/")[0] in folders]


def place(path: Path) -> str:
    """A path as a person would say it, from the top of the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(path: Path, *kinds: type[ast.AST]) -> Iterator[Any]:
    """The nodes of these kinds in a Python file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, kinds))


def yaml(path: Path) -> Any:
    """A YAML file's content."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
