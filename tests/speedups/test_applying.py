"""The speed-ups are applied whole, to the Rasa they were written for, and can be left away."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import rasa
from rasa.core.channels.channel import UserMessage
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from doorstep.nlu import left_out, speedups
from doorstep.nlu.speedups.graph import SequentialGraphRunner, is_empty
from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT, SettingsError, load


def test_another_rasa_is_refused_and_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.7.0")
    before = [vars(owner).get(name) for owner, name, _ in speedups.replacements()]
    with pytest.raises(speedups.WrongRasaVersionError, match=r"written for Rasa 3\.6\.21 and this is 3\.7\.0.*=off"):
        speedups.apply()
    assert [vars(owner).get(name) for owner, name, _ in speedups.replacements()] == before


def test_all_of_them_stand_in_for_something_that_rasa_has() -> None:
    for owner, name, _ in speedups.replacements():
        assert hasattr(owner, name), name


def test_they_are_in_place_once_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name, _ in speedups.replacements():
        monkeypatch.setattr(owner, name, getattr(owner, name))  # puts Rasa's own back after the test
    speedups.apply()
    for owner, name, replacement in speedups.replacements():
        assert getattr(owner, name) is getattr(replacement, "__func__", replacement)


@pytest.mark.parametrize(("said", "meant"), [("on", True), ("OFF", False), ("", True)])
def test_a_variable_leaves_them_away(said: str, meant: bool) -> None:
    assert load({"DOORSTEP_SPEEDUPS": said, "DOORSTEP_SECRET": "s"}).speedups is meant


def test_a_word_that_is_neither_on_nor_off_is_named() -> None:
    with pytest.raises(SettingsError, match="DOORSTEP_SPEEDUPS is 'yes': expected on or off"):
        load({"DOORSTEP_SPEEDUPS": "yes", "DOORSTEP_SECRET": "s"})


def in_another_process(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"from doorstep.nlu.left_out import leave_out\nleave_out()\n{code}"],
        cwd=ROOT, env=child_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_rasa_can_be_imported_without_the_libraries_left_out() -> None:
    run = in_another_process(
        "import sys, rasa.__main__, rasa.core.run, doorstep.nlu.intents, doorstep.nlu.entities\n"
        "print([name for name in sys.modules if getattr(sys.modules[name], '__file__', None)"
        f" and name.split('.')[0] in {set(left_out.LIBRARIES)!r}])"
    )
    assert (run.stdout.strip(), run.returncode) == ("[]", 0), run.stderr


def test_a_library_left_out_says_so_when_it_is_used() -> None:
    run = in_another_process("from slack_sdk.web.async_client import AsyncWebClient\nAsyncWebClient('token')")
    assert run.stderr.strip().splitlines()[-1] == (
        "doorstep.nlu.left_out.LeftOutError: slack_sdk.web.async_client.AsyncWebClient is left out of Doorstep's Rasa "
        "process, which reaches buyers through the front alone. Set DOORSTEP_SPEEDUPS=off to start with every library "
        "of Rasa's."
    )


def test_an_error_of_a_store_left_out_can_be_waited_for() -> None:
    run = in_another_process(
        "import pymongo.errors\ntry:\n    1 / 0\n"
        "except (pymongo.errors.PyMongoError, ZeroDivisionError):\n    print('caught')"
    )
    assert run.stdout.strip() == "caught", run.stderr


@pytest.fixture(scope="module")
def sequential(model: Any) -> SequentialGraphRunner:
    runner = model[1]
    made = SequentialGraphRunner.__new__(SequentialGraphRunner)
    vars(made).update(vars(runner))
    return made


@pytest.mark.processes
@pytest.mark.parametrize("text", ["where is my order 1003?", "", "😡", "/greet", "é" * 500])
def test_the_components_give_what_they_give_under_dask(
    model: Any, sequential: SequentialGraphRunner, text: str
) -> None:
    metadata, stock = model
    inputs = {"__message__": [UserMessage(text)], "__tracker__": DialogueStateTracker("c-1", metadata.domain.slots)}
    targets = [metadata.nlu_target]
    (expected,) = stock.run(inputs, targets)[metadata.nlu_target]
    (found,) = sequential.run(inputs, targets)[metadata.nlu_target]
    assert found.as_dict() == expected.as_dict()


@pytest.mark.processes
def test_a_component_that_fails_fails_alike(
    model: Any, sequential: SequentialGraphRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata, stock = model

    def broken(error: Exception) -> Any:
        def fail(*_inputs: object) -> None:
            raise error

        return fail

    name = metadata.nlu_target
    for error, seen in [(RuntimeError("x"), GraphRunError), (GraphComponentException("y"), GraphComponentException)]:
        monkeypatch.setitem(stock._instantiated_nodes, name, broken(error))
        for runner in (stock, sequential):
            with pytest.raises(seen):
                runner.run({"__message__": [UserMessage("hi")]}, [name])


def test_whether_a_domain_says_nothing_is_found_out_as_rasa_does() -> None:
    full = Domain.from_dict({"intents": ["greet"]})
    for domain in (Domain.empty(), full):
        assert is_empty(domain) is is_empty(domain) is domain.is_empty()
    assert isinstance(full, Domain)
