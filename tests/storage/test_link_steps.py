"""What a desk that is not ours is told, in which order, and what is heard of it when."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from doorstep.desk import linking
from doorstep.desk.port import Place, Post, Raise, Said, Stand
from doorstep.desk.work import LONGEST, SOLVED
from doorstep.storage import ownership
from doorstep.storage.engine import writing
from tests.storage.at_the_desk import ANNA
from tests.storage.linked import ME, Linked, handed_over


@pytest.fixture
def at(engine: Engine) -> Linked:
    """A desk; each test runs on both kinds of database."""
    return Linked(engine)


# -- what is told ----------------------------------------------------------------------------


def test_a_hand_over_is_told_as_brief_and_transcript_and_then_the_buyers_last_message(at: Linked) -> None:
    waits = at.starts("pt")
    at.writes(waits, "Where is it?")
    at.assistant_says(waits, "It is on its way.")
    at.writes(waits, "A person, please")
    at.is_handed_over(waits)
    at.assistant_says(waits, "I've passed you on.")
    at.link(waits)
    brief, before, raised, own, after = at.tell(waits)

    assert isinstance(brief, Post)
    assert "asked" in brief.text
    assert isinstance(before, Post)
    assert "Buyer: Where is it?" in before.text
    assert "Assistant: It is on its way." in before.text
    assert "A person" not in before.text
    assert isinstance(raised, Raise)
    assert raised.labels == ("asked", "care", "pt")
    assert own == Post("message-3", "A person, please", by_buyer=True)
    assert isinstance(after, Post)
    assert (after.by_buyer, after.text) == (False, "Assistant: I've passed you on.")
    assert at.tell(waits) == []


def test_while_the_assistant_has_it_nothing_is_told_and_the_next_hand_over_tells_it(at: Linked) -> None:
    waits = handed_over(at)
    at.goes_back(waits)
    at.writes(waits, "And my other parcel?")
    assert at.tell(waits) == [Stand("assistant")]
    at.writes(waits, "A person again")
    at.is_handed_over(waits)
    told = at.tell(waits)
    texts = [each.text for each in told if isinstance(each, Post)]
    assert "And my other parcel?" in texts[1]
    assert "Where is it?" not in texts[1]
    assert texts[2] == "A person again"


def test_of_two_hand_overs_that_nobody_knows_of_the_last_one_tells_everything(at: Linked) -> None:
    waits = at.waits()
    at.writes(waits, "First")
    at.goes_back(waits)
    at.writes(waits, "Second")
    at.is_handed_over(waits)
    at.link(waits)
    told = at.tell(waits)
    assert [type(each) for each in told] == [Post, Post, Raise, Post]
    assert "Buyer: First" in told[1].text  # type: ignore[union-attr]


@pytest.mark.parametrize(("ends", "told"), [("close", "closed"), ("hand_back", "assistant")])
def test_what_a_colleague_does_at_our_own_desk_is_told(at: Linked, ends: str, told: str) -> None:
    waits = handed_over(at)
    at.do(at.desk.claim, waits, ANNA)
    at.says(waits, ANNA, "Here I am.")
    opened, joined, said = at.tell(waits)
    assert opened == Stand("open")
    assert "Here I am." in said.text  # type: ignore[union-attr]
    assert "Anna" in joined.text  # type: ignore[union-attr]
    at.do(getattr(at.desk, ends), waits, ANNA, *((SOLVED,) if ends == "close" else ()))
    assert at.tell(waits) == [Stand(told)]  # type: ignore[arg-type]


def test_an_idle_persons_conversation_is_nobodys_again_over_there(at: Linked) -> None:
    waits = handed_over(at)
    at.hear(waits, who="Mei")
    at.tell(waits)
    at.do(at.desk.release, waits, ownership.By("Mei", is_lead=True))
    assert Raise(("care",)) in at.tell(waits)


# -- what is heard ---------------------------------------------------------------------------


def test_who_writes_has_the_conversation_and_the_buyer_reads_it_once(at: Linked) -> None:
    waits = handed_over(at)
    for _ in range(2):
        at.hear(waits, Said(7, "Mei", "Hello\u202e\x00, I'm Mei."))
    assert at.found(waits).agent_name == "Mei"
    told = at.told(waits)
    assert [(m.sender, m.id) for m in told][-1] == ("agent", "chatwoot:7")
    assert [m.text for m in told if m.sender == "agent"] == ["Hello, I'm Mei."]
    assert sum("Mei" in m.text for m in told if m.sender == "notice") == 1


def test_what_came_from_there_is_not_told_back(at: Linked) -> None:
    waits = handed_over(at)
    at.hear(waits, Said(7, "Mei", "Hello"), who="Mei")
    told = at.tell(waits)
    assert [each.our_id for each in told if isinstance(each, Post)] == ["message-2"]  # that Mei is there
    assert len(told) == 1
    at.hear(waits, state="closed", who="Mei")
    assert at.tell(waits) == []


def test_notes_and_what_no_person_wrote_are_not_for_the_buyer(at: Linked) -> None:
    waits = handed_over(at)
    assert not at.hear(waits, Said(7, "Mei", "He lies", is_note=True), Said(8), Said(9, "Mei", " \n "))
    assert at.told(waits) == []
    assert at.found(waits).owner == "queue"


def test_a_long_message_comes_in_pieces_with_its_links_below(at: Linked) -> None:
    waits = handed_over(at)
    text = "word " * 1_000
    at.hear(waits, Said(7, "Mei", text, ("https://chat.example/a.pdf",)))
    said = [m.text for m in at.told(waits) if m.sender == "agent"]
    assert max(map(len, said)) <= LONGEST
    assert " ".join(said).split() == [*text.split(), "https://chat.example/a.pdf"]
    at.hear(waits, Said(7, "Mei", text))
    assert [m.text for m in at.told(waits) if m.sender == "agent"] == said


def test_to_be_assigned_is_to_have_it_and_to_be_assigned_to_another_is_to_go_over(at: Linked) -> None:
    waits = handed_over(at)
    at.hear(waits, who="Mei")
    at.hear(waits, who="Mei")
    at.hear(waits, who="Li")
    at.hear(waits)
    assert at.changes(waits)[1:] == [("agent", "Mei"), ("agent", "Li")]


@pytest.mark.parametrize(("state", "owner"), [("closed", "closed"), ("assistant", "assistant")])
def test_it_ends_as_it_ended_over_there_once(at: Linked, state: str, owner: str) -> None:
    waits = handed_over(at)
    at.hear(waits, Said(7, "Mei", "Bye!"), who="Mei")
    for _ in range(2):
        at.hear(waits, state=state, who="Mei")
    assert [after for after, _ in at.changes(waits)] == ["queue", "agent", owner]


def test_a_conversation_that_was_closed_before_a_new_hand_over_stays_open(at: Linked) -> None:
    waits = handed_over(at)
    at.hear(waits, who="Mei")
    at.hear(waits, state="closed")
    at.goes_back(waits)
    at.is_handed_over(waits)
    at.hear(waits, state="closed", who="Mei")
    assert at.found(waits).owner == "queue"


def test_nothing_is_closed_over_a_message_that_they_have_not_got(at: Linked) -> None:
    waits = handed_over(at)
    at.hear(waits, who="Mei")
    at.writes(waits, "One more thing")
    at.hear(waits, state="closed")
    assert at.found(waits).owner == "agent"
    at.tell(waits)
    at.hear(waits, state="closed")
    assert at.found(waits).owner == "closed"


def test_who_writes_after_the_end_has_it_again_and_it_is_opened_over_there(at: Linked) -> None:
    waits = handed_over(at)
    at.hear(waits, who="Mei")
    at.hear(waits, state="closed")
    at.tell(waits)
    at.hear(waits, Said(9, "Mei", "I forgot something."), state="closed", who="Mei")
    assert at.found(waits).owner == "agent"
    assert Stand("open") in at.tell(waits)
    at.hear(waits, who="Mei")
    assert at.found(waits).owner == "agent"


def test_who_writes_while_the_assistant_has_it_takes_it_over(at: Linked) -> None:
    waits = handed_over(at)
    at.goes_back(waits)
    at.writes(waits, "Hm")
    at.tell(waits)
    at.hear(waits, Said(9, "Mei", "Wait, I'll do it."), state="assistant")
    assert [after for after, _ in at.changes(waits)][-2:] == ["queue", "agent"]
    told = at.tell(waits)
    assert Stand("open") in told
    assert "Hm" in [each.text for each in told if isinstance(each, Post)]
    assert not any(isinstance(each, Raise) for each in told)  # Mei keeps it


def test_a_conversation_that_was_deleted_over_there_is_told_anew(at: Linked) -> None:
    waits = handed_over(at)
    with writing(at.engine) as connection:
        linking.forget_place(connection, waits, ME)
    assert at.planned(waits).place == Place()
    assert len(at.tell(waits)) == 3
