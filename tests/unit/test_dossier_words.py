"""Whatever a dossier can tell of has a word: options of offers, kinds of promises, kinds of the shop's tasks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from doorstep import offers, promises
from doorstep.customs import replies as customs_replies
from doorstep.dossier.words import THINGS, Words
from doorstep.goods import claims
from tests.consistency.reading import nodes, python_files
from tests.telling import WORDS

# Constants of `offers` that name a kind of offer; every other one is an option.
KINDS_OF_OFFERS = {
    *("AFTER_WAIT", "NOW", "SIGNER", "UNSHIPPED", "PASS_ON", "DUTY", "GOODS", "RETURN", "CANCELLING"),
    *("PROBLEM", "PHOTO", "GUIDE", "CONDITION", "RETURN_WHICH", "EXCHANGE", "RETURN_SENT", "ADDRESS", "DUTY_ASKED"),
}


def constants(module: object, *left_out: str) -> set[str]:
    """The texts that a module's constants stand for, a prefix without its colon."""
    named = {name: value for name, value in vars(module).items() if name.isupper() and name not in left_out}
    return {value.removesuffix(":") for value in named.values() if isinstance(value, str)}


def kinds_of_tasks() -> Iterator[str]:
    """What the code names as the kind of a ShopTask; a kind that is an option or a promise's is not spelt out."""
    for path in python_files("doorstep"):
        for call in nodes(path, ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id == "ShopTask":
                kind = call.args[0]
                parts = (kind.body, kind.orelse) if isinstance(kind, ast.IfExp) else (kind,)
                yield from (str(part.value) for part in parts if isinstance(part, ast.Constant))


OPTIONS = {
    *constants(offers, *KINDS_OF_OFFERS),
    *(claims.ITEM_PREFIX.removesuffix(":"), claims.ANOTHER),
    *claims.PROBLEMS,
    *customs_replies.ABOUT,
}


def test_every_option_has_a_word() -> None:
    assert OPTIONS - set(THINGS) == set()


def test_every_kind_of_promise_has_a_word() -> None:
    assert constants(promises, "REST") - set(THINGS) == set()


def test_every_kind_of_task_has_a_word() -> None:
    found = set(kinds_of_tasks())
    assert {"expect_return", "send_exchange", "refund_return", "pay_duty"} <= found
    assert found - set(THINGS) == set()


@pytest.mark.parametrize("language", WORDS.languages())
def test_no_word_is_a_name_of_the_code(language: str) -> None:
    words = Words(WORDS, language)
    assert [key for key in THINGS if "_" in words.thing(key)] == []


def test_an_item_is_named_with_its_product() -> None:
    assert Words(WORDS, "en").thing("item:HP-300") == "item (HP-300)"
