"""Giving a conversation away: what the buyer will read is seen before, and told to them in their language."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.replies.values import Reply
from tests.contract.desk_talk import helped, owner, path, reads, rows, said
from tests.telling import WORDS


@pytest.mark.parametrize(
    ("action", "fields", "after", "notice"),
    [
        ("hand-back", {}, "assistant", "notice_handed_back"),
        ("release", {}, "queue", "notice_put_back"),
        ("transfer", {"team": "logistics"}, "queue", "notice_transferred"),
        ("close", {"reason": "solved"}, "closed", "notice_closed"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "fr"])
def test_giving_it_away_changes_the_owner_and_tells_the_buyer_in_their_language(
    small_http: httpx.Client,
    sqlite_engine: Engine,
    *,
    action: str,
    fields: dict[str, str],
    after: str,
    notice: str,
    language: str,
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, language=language)
    response = anna.post(path(buyer, action), **fields)
    assert (response.status_code, response.headers["location"]) == (303, "/desk/queue")
    assert owner(sqlite_engine, buyer) == (after, "")
    team = WORDS.word(Reply("term_team_logistics"), language).text
    assert reads(buyer, notice, language, agent="Anna", team=team)


@pytest.mark.parametrize("action", ["hand-back", "release", "transfer", "close"])
@pytest.mark.parametrize("language", ["en", "pt"])
def test_before_it_is_given_away_the_page_shows_the_very_text_that_the_buyer_will_read(
    small_http: httpx.Client, sqlite_engine: Engine, action: str, language: str
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, language=language)
    page = unescape(anna.get(path(buyer)).text)
    form = re.search(rf'<form[^>]*action="{path(buyer, action)}".*?</form>', page, re.DOTALL)
    assert form
    shown = re.search(rf'<blockquote lang="{language}" dir="auto">(.*?)</blockquote>', form[0], re.DOTALL)
    assert shown
    anna.post(path(buyer, action), team="logistics", reason="solved")
    assert said(buyer, "notice")[-1].startswith(shown[1])
    assert len(shown[1]) > 40


def test_a_spam_closing_is_said_to_send_nothing_and_sends_nothing(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    assert "Closed as spam, nothing is sent." in anna.get(path(buyer)).text
    before = said(buyer, "notice")
    anna.post(path(buyer, "close"), reason="spam")
    assert said(buyer, "notice") == before


def test_a_note_goes_along_with_a_transfer_and_is_not_kept_without_it(http: httpx.Client, engine: Engine) -> None:
    buyer, anna = helped(http, engine)
    refused = anna.post(path(buyer, "transfer"), team="nobody", text="Call the carrier.")
    assert refused.status_code == 409
    assert rows(engine, "desk_notes") == []
    kept = refused.text[refused.text.index('id="transfer-note"') :].split("</textarea>")[0]
    assert kept.endswith(">Call the carrier.")
    assert 'lang="en" dir="auto" aria-describedby="reply-hint"></textarea>' in refused.text  # not into the reply
    assert anna.post(path(buyer, "transfer"), team="logistics", text="Call the carrier.").status_code == 303
    assert [(note.agent_name, note.text) for note in rows(engine, "desk_notes")] == [("Anna", "Call the carrier.")]
    assert owner(engine, buyer) == ("queue", "")
    assert "Call the carrier." not in str(buyer.read())


def test_a_transfer_without_a_note_keeps_none(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    assert anna.post(path(buyer, "transfer"), team="logistics", text=" \n").status_code == 303
    assert rows(sqlite_engine, "desk_notes") == []


def test_a_transferred_conversation_waits_in_the_queue_of_the_other_team(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    anna.post(path(buyer, "transfer"), team="logistics")
    (row,) = rows(sqlite_engine, "conversations")
    assert (row.owner, row.team) == ("queue", "logistics")


@pytest.mark.parametrize(
    ("action", "fields", "code"),
    [
        ("transfer", {"team": "nobody"}, "refused_no_such_team"),
        ("close", {"reason": "because"}, "refused_no_such_reason"),
    ],
)
def test_a_team_or_reason_that_there_is_not_is_refused(
    small_http: httpx.Client, sqlite_engine: Engine, action: str, fields: dict[str, str], code: str
) -> None:
    buyer, anna = helped(small_http, sqlite_engine)
    told = anna.send(path(buyer, action), **fields)
    assert (told.status_code, told.json()["error"]["code"]) == (409, code)
    assert owner(sqlite_engine, buyer) == ("agent", "Anna")
