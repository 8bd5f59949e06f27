"""How much disk an installation takes."""

from __future__ import annotations

import re
import subprocess
from importlib import metadata
from pathlib import Path

from doorstep.settings import ROOT


def installed_megabytes() -> dict[str, float]:
    """Megabytes on disk, compiled files included, of what is installed to run Doorstep and of everything."""
    wanted = _locked_for_running()
    sizes = {_plain(dist.metadata["Name"]): _size(dist) for dist in metadata.distributions()}
    return {
        "to run": round(sum(size for name, size in sizes.items() if name in wanted) / 1e6),
        "with development tools": round(sum(sizes.values()) / 1e6),
    }


def environment_megabytes(environment: Path) -> float:
    """Megabytes of all that is installed in an environment, counted in the same way."""
    folders = [str(folder) for folder in environment.glob("lib/python*/site-packages")]
    return round(sum(_size(dist) for dist in metadata.distributions(path=folders)) / 1e6)


def _locked_for_running() -> set[str]:
    """The names that uv.lock wants on this machine without the development tools."""
    command = [str(ROOT / ".boot/bin/uv"), "export", "--frozen", "--no-dev", "--no-hashes", "--quiet"]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    named = {_plain(match.group()) for line in lines if (match := re.match(r"[A-Za-z0-9][\w.-]*", line))}
    return named | {"doorstep", "tensorflow"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _size(dist: metadata.Distribution) -> int:
    total = 0
    for file in dist.files or ():
        path = Path(str(dist.locate_file(file)))
        if path.is_file():
            total += path.stat().st_size
            if path.suffix == ".py":  # compiled at installation, and not listed
                total += sum(cached.stat().st_size for cached in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"))
    return total
