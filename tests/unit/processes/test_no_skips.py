"""Where nothing may be skipped, a skipped test fails the run and is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from doorstep.settings import ROOT

SUITE = """
import pytest
def test_runs(): pass
@pytest.mark.xfail
def test_known_fault(): assert False
def test_lacks_a_browser(): pytest.skip("no browser")
"""


def run(folder: Path, no_skips: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_one.py").write_text(SUITE)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.plugins.no_skips", "-c", os.devnull, "--rootdir", folder, folder],
        env={**os.environ, "DOORSTEP_NO_SKIPS": no_skips, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_skip_fails_the_run_and_is_named_when_forbidden(tmp_path: Path) -> None:
    done = run(tmp_path, no_skips="1")

    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "NOT ALLOWED TO BE SKIPPED test_one.py::test_lacks_a_browser" in done.stdout


def test_skip_is_fine_otherwise(tmp_path: Path) -> None:
    assert run(tmp_path, no_skips="").returncode == pytest.ExitCode.OK
