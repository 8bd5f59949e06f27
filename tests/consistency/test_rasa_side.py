"""domain.yml, the rules, the story tests and the actions fit together, where `rasa data validate` does not look."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections import Counter
from typing import Any

import pytest
from rasa_sdk import Action

from actions.order_form import ANSWERS, INTERRUPTIONS
from doorstep.answers import TRACKING_WISHES
from doorstep.desk.work import RATE_INTENT, WHY_INTENT
from doorstep.front.outcomes import RESUME_INTENT
from doorstep.settings import ROOT
from tests.consistency.reading import PRODUCT, nodes, our_files, place, python_files, yaml
from tests.consistency.test_replies import ENGLISH

DOMAIN = yaml(ROOT / "domain.yml")
INTENTS = set(DOMAIN["intents"])
ORDER_FORM = yaml(ROOT / "data/rules/order_form.yml")["rules"]
ASKED_BEFORE = {"utter_ask_details_form_details"}  # by the answer that begins the form: what is asked differs
BUILT_IN = {"action_listen", *DOMAIN["responses"], *DOMAIN["forms"]}


def blocks(*folders: str) -> list[tuple[str, dict[str, Any]]]:
    """Every rule and story of these folders, with the file it stands in."""
    files = [path for path in our_files(".yml") if place(path).startswith(folders)]
    read = [(place(path), yaml(path)) for path in files]
    return [(name, block) for name, data in read for kind in ("rules", "stories") for block in data.get(kind, [])]


def steps(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a rule or story, those under `or:` too."""
    return [each for step in block["steps"] for each in step.get("or", [step])]


def named(what: str, *folders: str) -> set[str]:
    """The names that rules and stories of these folders give under a key such as `intent`."""
    return {step[what] for _, block in blocks(*folders) for step in steps(block) if what in step}


def action_names() -> dict[str, str]:
    """Rasa's name of every action class, and the class."""
    modules = [importlib.import_module(f"actions.{path.stem}") for path in python_files("actions")]
    classes: set[type[Any]] = {value for module in modules for _, value in inspect.getmembers(module, inspect.isclass)}
    return {kind().name(): kind.__name__ for kind in classes if issubclass(kind, Action) and kind is not Action}


def test_every_action_of_the_domain_has_a_class_and_every_class_stands_in_the_domain() -> None:
    assert set(action_names()) == set(DOMAIN["actions"])


def test_an_action_class_is_called_as_its_action() -> None:
    assert {name: kind for name, kind in action_names().items() if name.title().replace("_", "") != kind} == {}


def test_every_reply_of_the_domain_is_worded_in_replies_and_not_there() -> None:
    assert set(DOMAIN["responses"]) - ENGLISH == set()
    assert [name for name, words in DOMAIN["responses"].items() if words] == [], "word it in replies/en"


def test_every_slot_of_a_form_has_its_question() -> None:
    questions = {
        f"utter_ask_{form}_{slot}" for form, asks in DOMAIN["forms"].items() for slot in asks["required_slots"]
    }
    assert questions - set(DOMAIN["responses"]) - ASKED_BEFORE == set()


def test_every_intent_has_a_rule() -> None:
    assert INTENTS - named("intent", "data/") == set()


def test_every_intent_has_a_story_test() -> None:
    assert INTENTS - {"inform"} - named("intent", "tests/stories/") == set()


def test_every_action_of_rules_has_a_story_test() -> None:
    told = {*named("action", "tests/stories/"), "action_listen"}  # which a story test does not write down
    assert named("action", "data/") - told == set()


def test_rules_and_stories_name_only_actions_that_are_there() -> None:
    assert named("action", "data/", "tests/stories/") - set(DOMAIN["actions"]) - BUILT_IN == set()


def test_no_two_rules_or_stories_share_a_title() -> None:
    titles = Counter(block.get("rule") or block["story"] for _, block in blocks("data/", "tests/stories/"))
    assert [title for title, count in titles.items() if count > 1] == []


def test_every_wish_fills_the_slot_and_starts_the_form() -> None:
    wish = DOMAIN["slots"]["wish"]
    assert {(each["intent"], each["value"]) for each in wish["mappings"]} == {(name, name) for name in wish["values"]}
    starts = {step["intent"] for step in steps(ORDER_FORM[0]) if "intent" in step}
    assert starts == {*wish["values"], "inform"}
    assert set(TRACKING_WISHES) <= set(wish["values"])


def test_an_intent_inside_the_form_is_a_wish_an_answer_or_an_interruption_with_a_rule() -> None:
    wishes = set(DOMAIN["slots"]["wish"]["values"])
    assert {*wishes, *ANSWERS, *INTERRUPTIONS} == {*INTENTS, "nlu_fallback"}
    assert set(INTERRUPTIONS) & {*wishes, *ANSWERS} == set()


def test_every_choice_tells_rasa_an_intent_it_knows() -> None:
    known = {*INTENTS, RESUME_INTENT, RATE_INTENT, WHY_INTENT}
    unknown = [
        f"{place(path)}:{call.lineno}: {intent.value!r}"
        for path in python_files(*PRODUCT)
        for call in nodes(path, ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "Choice"
        for intent in call.args[1:2]
        if isinstance(intent, ast.Constant) and intent.value not in known
    ]
    assert unknown == []


@pytest.mark.parametrize("file", ["endpoints.yml", "credentials.yml", "config.yml"])
def test_every_part_of_ours_named_in_a_rasa_file_is_there(file: str) -> None:
    named_parts = re.findall(r"^[^#\n]*\b(doorstep(?:\.\w+)+)", (ROOT / file).read_text(), re.MULTILINE)
    assert named_parts
    for part in named_parts:
        module, _, name = part.rpartition(".")
        assert hasattr(importlib.import_module(module), name), part


def test_no_environment_variable_is_quoted_in_yaml() -> None:
    # Rasa fills in ${NAME} only where it stands bare.
    quoted = re.compile(r"""(["'])[^"'\n]*\$\{[^"'\n]*\1""")
    assert [place(path) for path in our_files(".yml") if quoted.search(path.read_text(encoding="utf-8"))] == []
