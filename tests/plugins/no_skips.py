"""Fails a run in which a test was skipped, where DOORSTEP_NO_SKIPS=1 says that everything must be able to run."""

from __future__ import annotations

import os

import pytest


class _NoSkips:
    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name in self.skipped:
            terminalreporter.write_line(f"NOT ALLOWED TO BE SKIPPED {name}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skips where they are not allowed."""
    if os.environ.get("DOORSTEP_NO_SKIPS") == "1":
        config.pluginmanager.register(_NoSkips(), "doorstep-no-skips")
