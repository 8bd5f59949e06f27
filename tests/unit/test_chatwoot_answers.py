"""Messages and conversations as Chatwoot lists them: what is odd in one is left out, never shown to a buyer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.adapters.desks.chatwoot_answers import RemoteMessage, conversation, message
from doorstep.adapters.desks.chatwoot_shapes import RemoteFile

ANSWER = {
    "id": 501,
    "content": "I look into it",
    "message_type": 1,
    "private": False,
    "content_attributes": {},
    "sender": {"id": 3, "name": "Mei Lin Chen", "available_name": "Mei", "type": "user"},
}


def read(**changed: Any) -> RemoteMessage:
    return message({**ANSWER, **changed})


def test_an_agents_answer_is_read_with_the_name_that_buyers_read() -> None:
    assert read() == RemoteMessage(501, "outgoing", "I look into it", False, "Mei", "", ())


def test_a_message_without_words_is_read_for_its_files() -> None:
    files = [{"id": 1, "file_type": "image", "data_url": "https://chat.example/photo", "file_size": 900}, {"id": 2}, 5]
    found = read(content=None, attachments=files)
    assert (found.content, found.attachments) == ("", (RemoteFile("https://chat.example/photo", "image", 900),))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *[(0, "incoming"), (1, "outgoing"), (2, "activity"), (3, "template"), ("incoming", "incoming")],
        *[(4, "unknown"), (-1, "unknown"), (True, "unknown"), (None, "unknown"), ("memo", "unknown"), ([1], "unknown")],
    ],
)
def test_the_type_of_a_message_is_read_from_numbers_and_words(written: Any, kind: str) -> None:
    assert read(message_type=written).message_type == kind


@pytest.mark.parametrize("private", [True, "true", "false", 1, 0, None, [], "no"])
def test_what_is_not_plainly_public_is_private(private: Any) -> None:
    assert read(private=private).private


@pytest.mark.parametrize(
    "places",
    [
        {"content_attributes": {"our_id": "m-4"}},
        {"source_id": "doorstep:m-4"},
        {"content_attributes": None, "source_id": "doorstep:m-4"},
    ],
)
def test_a_message_of_ours_is_known_again_by_either_of_its_two_marks(places: dict[str, Any]) -> None:
    assert read(**places).our_id == "m-4"


@pytest.mark.parametrize("source", ["m-4", "wamid.HBgLMTIzNDU2Nzg5", 4, None])
def test_the_source_id_of_others_is_not_taken_for_ours(source: Any) -> None:
    assert read(source_id=source).our_id == ""


@pytest.mark.parametrize(
    "change",
    [{"sender": {"id": 1, "name": "Robot", "type": "agent_bot"}}, {"sender": None}, {"message_type": 0}],
    ids=["a bot", "a rule", "the buyer"],
)
def test_only_people_have_an_agents_name(change: dict[str, Any]) -> None:
    assert read(**change).agent_name == ""


@pytest.mark.parametrize("status", ["archived", 5, None])
def test_a_status_that_we_do_not_know_is_read_as_unknown(status: Any) -> None:
    assert conversation({"id": 12, "status": status}).status == "unknown"


@pytest.mark.parametrize(
    "meta",
    [
        {},
        None,
        {"assignee": None},
        {"assignee": {"id": 4, "name": "Robot", "type": "agent_bot"}},
        {"assignee": {"id": 4, "name": "Robot"}, "assignee_type": "AgentBot"},
    ],
)
def test_nobody_and_a_bot_are_no_owner(meta: Any) -> None:
    read = conversation({"id": 12, "status": "open", "meta": meta})
    assert (read.assignee_id, read.assignee_name) == (None, "")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = ["content", "message_type", "private", "sender", "content_attributes", "source_id", "attachments"]


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, ANYTHING)))
def test_no_shape_of_a_part_breaks_the_reading(parts: dict[str, Any]) -> None:
    assert read(**parts).id == 501
