"""What an agent does with a conversation: done once, told to the buyer in their language, refused in words."""

from __future__ import annotations

import threading
from html import unescape

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.people.agents import LEAD
from tests.contract import desk_talk
from tests.contract.desk_client import hidden
from tests.contract.desk_talk import helped, owner, path, reads, rows, said, waiting

# -- claiming ------------------------------------------------------------------------------


def test_claiming_takes_it_from_the_queue_and_tells_the_buyer_in_their_language(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, _ = helped(small_http, sqlite_engine, "Hallo", language="de")
    assert owner(sqlite_engine, buyer) == ("agent", "Anna")
    assert reads(buyer, "notice_agent_joined", "de", agent="Anna")


def test_of_two_agents_who_claim_at_once_one_wins_and_the_other_hears_who_it_was(
    http: httpx.Client, engine: Engine
) -> None:
    buyer = waiting(http, engine)
    browsers = {name: desk_talk.agent(http, engine, name) for name in ("Anna", "Mei")}
    secrets = {name: browser.csrf for name, browser in browsers.items()}
    start, answers = threading.Barrier(2), dict[str, httpx.Response]()

    def claim(name: str) -> None:
        start.wait(20)
        answers[name] = browsers[name].post(path(buyer, "claim"), csrf=secrets[name])

    threads = [threading.Thread(target=claim, args=(name,)) for name in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    won = [name for name, answer in answers.items() if answer.status_code == 303]
    lost = [name for name, answer in answers.items() if answer.status_code == 409]
    assert len(won) == len(lost) == 1
    assert f"{won[0]} has taken this conversation a moment ago." in unescape(answers[lost[0]].text)
    assert owner(engine, buyer) == ("agent", won[0])
    assert len([change for change in rows(engine, "owner_changes") if change.after == "agent"]) == 1


def test_a_lead_takes_over_and_whoever_had_it_cannot_write_any_more_but_keeps_their_text(
    http: httpx.Client, engine: Engine
) -> None:
    buyer, anna = helped(http, engine)
    lead = desk_talk.agent(http, engine, "Mei", role=LEAD)
    assert lead.post(path(buyer, "take-over")).status_code == 303
    refused = anna.post(path(buyer, "say"), text="My long answer", key="key-of-anna")
    assert refused.status_code == 409
    page = unescape(refused.text)
    assert "Mei has taken this conversation a moment ago." in page
    assert "My long answer" in page
    assert said(buyer) == []
    asked = anna.post(path(buyer, "take-over"))
    assert asked.status_code == 409
    assert owner(engine, buyer) == ("agent", "Mei")


# -- words ---------------------------------------------------------------------------------


def test_a_reply_reaches_the_buyer_as_it_was_written(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine)
    text = "Héllo <b>Ana</b> & {name} 👩‍🚀\n\n  – yours"
    sent = text.replace("\n", "\r\n") + "\x00"  # a browser's line ends, and what PostgreSQL does not keep
    response = anna.post(path(buyer, "say"), text=sent, key="key-of-anna")
    assert (response.status_code, response.headers["location"]) == (303, path(buyer) + "#reply")
    assert said(buyer) == [text]


@pytest.mark.parametrize("way", ["page", "script"])
def test_a_reply_that_is_sent_twice_is_said_once(http: httpx.Client, engine: Engine, way: str) -> None:
    buyer, anna = helped(http, engine)
    key = hidden(anna.get(path(buyer)).text, "key")
    send = anna.post if way == "page" else anna.send
    answers = [send(path(buyer, "say"), text="Once.", key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == ([303, 303] if way == "page" else [200, 200])
    assert said(buyer) == ["Once."]
    assert hidden(anna.get(path(buyer)).text, "key") != key


def test_a_note_that_is_sent_twice_is_kept_once(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine)
    for text in ("Seen it.", "Seen it.", "And again."):
        anna.post(path(buyer, "note"), text=text)
    assert [(note.agent_name, note.text) for note in rows(engine, "desk_notes")] == [
        ("Anna", "Seen it."),
        ("Anna", "And again."),
    ]


def test_a_colleague_who_does_not_have_it_can_leave_a_note_but_not_a_reply(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, _ = helped(small_http, sqlite_engine)
    mei = desk_talk.agent(small_http, sqlite_engine, "Mei")
    assert mei.post(path(buyer, "note"), text="Look at the photo.").status_code == 303
    told = mei.send(path(buyer, "say"), text="Me, too", key="key-of-mei")
    assert told.status_code == 409
    assert told.json()["error"] == {
        "code": "refused_taken", "message": "Anna has taken this conversation a moment ago.",
    }  # fmt: skip
    assert said(buyer) == []


@pytest.mark.parametrize(("text", "code"), [("  \n ", "refused_empty"), ("x" * 4_001, "refused_too_long")])
def test_a_reply_that_cannot_be_said_is_refused_with_the_reason(
    small_http: httpx.Client, sqlite_engine: Engine, text: str, code: str
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    told = anna.send(path(buyer, "say"), text=text, key="key-of-anna")
    assert (told.status_code, told.json()["error"]["code"]) == (409, code)
    page = anna.post(path(buyer, "say"), text=text, key="key-of-anna")
    assert page.status_code == 409
    assert text in page.text
    assert said(buyer) == []


def test_a_reply_to_a_conversation_that_was_closed_meanwhile_is_refused_and_the_text_is_kept(
    http: httpx.Client, engine: Engine
) -> None:
    buyer, anna = helped(http, engine)
    anna.post(path(buyer, "close"), reason="solved")
    page = anna.post(path(buyer, "say"), text="One more thing", key="key-of-anna")
    assert page.status_code == 409
    assert "This conversation has been closed." in page.text
    assert "One more thing" in page.text
    assert f'action="{path(buyer, "claim")}"' in page.text
    told = anna.send(path(buyer, "say"), text="One more thing", key="key-of-anna")
    assert (told.status_code, told.json()["error"]["code"]) == (409, "refused_closed")
    assert said(buyer) == []


def test_a_forged_form_does_nothing_and_the_text_is_kept(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    for action in ("say", "note", "close", "hand-back", "release", "transfer", "grant", "grant/preview", "typing"):
        response = anna.post(path(buyer, action), csrf="forged", text="What I wrote", reason="solved", team="care")
        assert response.status_code == 403, action
    page = anna.post(path(buyer, "say"), csrf="forged", text="What I wrote", key="key-of-anna")
    assert "What I wrote" in page.text
    assert "Load the page again" in page.text
    assert said(buyer) == []
    assert rows(sqlite_engine, "desk_notes") == []
    assert owner(sqlite_engine, buyer) == ("agent", "Anna")


def test_a_form_of_another_site_does_nothing(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    fields = {"csrf": anna.csrf, "text": "Hi", "key": "key-of-anna"}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert anna.http.post(path(buyer, "say"), data=fields, headers=headers).status_code == 403
    assert said(buyer) == []


# -- afterwards ----------------------------------------------------------------------------


def test_a_closed_conversation_says_who_closed_it_and_can_be_taken_up_again(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    assert anna.post(path(buyer, "close"), reason="solved").status_code == 303
    page = anna.get(path(buyer)).text
    assert "Closed by Anna: solved." in page
    assert "Take it up again" in page
    mei = desk_talk.agent(small_http, sqlite_engine, "Mei")
    assert mei.post(path(buyer, "claim")).status_code == 303
    assert owner(sqlite_engine, buyer) == ("agent", "Mei")


def test_a_conversation_that_the_assistant_has_cannot_be_claimed(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    anna.post(path(buyer, "hand-back"))
    assert anna.post(path(buyer, "claim")).status_code == 409
    assert owner(sqlite_engine, buyer) == ("assistant", "")


def test_after_a_refusal_the_page_can_be_loaded_again_and_switched_to_another_language(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    page = anna.post(path(buyer, "say"), text=" ", key="key-of-anna").text
    assert hidden(page, "next") == path(buyer)
