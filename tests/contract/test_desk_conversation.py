"""The screen of a conversation: all that is known, as text whatever it holds, and to nobody of another shop."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import httpx
import pytest
from sqlalchemy.engine import Engine

from doorstep.people.agents import LEAD
from doorstep.storage import conversations, ownership
from doorstep.storage.engine import writing
from doorstep.storage.messages import Choice, Outgoing, accept, post
from tests.builders import a_buyer, a_line, a_parcel, a_scan
from tests.contract import chat_client, desk_talk
from tests.contract.chat_client import Buyer
from tests.contract.desk_client import Browser
from tests.contract.desk_talk import helped, path, recent_order, waiting
from tests.conversations import locked

SCRIPT = "<script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(2_000)


def text_of(browser: Browser, buyer: Buyer) -> str:
    response = browser.get(path(buyer))
    assert response.status_code == 200, response.text
    return unescape(response.text)


def uploaded(buyer: Buyer, name: str, data: bytes) -> dict[str, str]:
    response = buyer.http.post("/api/chat/uploads", files={"file": (name, data)}, headers=buyer.headers)
    assert response.status_code == 201, response.text
    upload: dict[str, str] = response.json()
    return upload


def test_it_shows_who_writes_why_a_person_is_needed_and_what_is_known_of_the_order(
    http: httpx.Client, engine: Engine
) -> None:
    buyer = waiting(http, engine, "Where is it?", order=recent_order(), language="pt")
    page = text_of(desk_talk.agent(http, engine), buyer)
    for known in (
        "Ana Souza", "Portuguese", "Brazil", "The buyer asked for a person.", "Read the last messages", "Where is it?",
        "Order 1001", "1 × Headphones", "$24.50", "RB123456785CN", "Departed from office of exchange", "Guangzhou",
    ):  # fmt: skip
        assert known in page, known


def test_nothing_of_any_order_is_shown_while_none_is_proven(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = waiting(small_http, sqlite_engine, "Hello")
    page = text_of(desk_talk.agent(small_http, sqlite_engine), buyer)
    assert "Buyer without a proven order" in page
    assert "No order is proven in this conversation yet." in page


@pytest.mark.parametrize("where", ["text", "title", "scan", "buyer", "note"])
def test_a_script_in_what_comes_from_outside_is_shown_as_text(
    small_http: httpx.Client, sqlite_engine: Engine, where: str
) -> None:
    order = recent_order()
    if where == "title":
        order = replace(order, lines=(a_line(title=SCRIPT),))
    if where == "scan":
        order = replace(order, parcels=(a_parcel(scans=(a_scan(description=SCRIPT, location=SCRIPT),)),))
    if where == "buyer":
        order = replace(order, buyer=a_buyer(name=SCRIPT))
    text = SCRIPT if where == "text" else "Hello"
    buyer, anna = helped(small_http, sqlite_engine, text, order=order)
    if where == "note":
        anna.post(path(buyer, "note"), text=SCRIPT)
    for part in ("", "side", "head", "work"):
        assert SCRIPT not in anna.get(path(buyer, part)).text
    assert SCRIPT in text_of(anna, buyer)


def test_the_transcript_holds_choices_cards_notes_and_changes_of_owner_in_order(
    http: httpx.Client, engine: Engine
) -> None:
    buyer = waiting(http, engine)
    card = {
        "type": "tracking",
        "parcels": [{"carrier": "China Post", "tracking_number": "RB1", "status_text": "Em trânsito", "scans": []}],
    }
    with writing(engine) as connection:
        offered = (Choice("Send again", "/a"), Choice("Refund", "/b"))
        (shown,) = post(
            connection,
            locked(connection, buyer.conversation_id),
            [Outgoing("assistant", "What now?", offered, card)],
            desk_talk.now(),
        )
        taken = shown.choices[1]
        accept(
            connection, locked(connection, buyer.conversation_id), "t", text=taken.label, choice=taken.token,
            now=desk_talk.now(),
        )  # fmt: skip
    anna = desk_talk.agent(http, engine)
    anna.post(path(buyer, "claim"))
    anna.post(path(buyer, "say"), text="I am here.", key="key-of-anna")
    anna.post(path(buyer, "note"), text="Seems nice.")
    anna.post(path(buyer, "close"), reason="solved")
    page = text_of(anna, buyer).partition('<ol id="lines">')[2]
    steps = [
        "The assistant handed over: The buyer asked for a person.", "What now?", "China Post", "Em trânsito",
        "Send again", 'class="taken">Refund', "Anna took the conversation.", "I am here.", "Private note from Anna",
        "Seems nice.", "Anna closed the conversation: solved.", "How was the help you got?",
    ]  # fmt: skip
    found = [page.find(step) for step in steps]
    assert min(found) >= 0, dict(zip(steps, found, strict=True))
    assert found == sorted(found)


def test_a_private_note_is_never_read_by_the_buyer(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine, "Hello")
    anna.post(path(buyer, "note"), text="He lies, I think.")
    assert "He lies, I think." in text_of(anna, buyer)
    assert "He lies" not in str(buyer.read())


def test_a_long_transcript_begins_with_its_newest_messages_and_the_rest_is_a_click_away(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer = waiting(small_http, sqlite_engine)
    with writing(sqlite_engine) as connection:
        many = [Outgoing("assistant", f"number {count} of many") for count in range(450)]
        post(connection, locked(connection, buyer.conversation_id), many, desk_talk.now())
    anna = desk_talk.agent(small_http, sqlite_engine)
    page = text_of(anna, buyer)
    assert "number 449 of many" in page
    assert "number 9 of many" not in page
    assert f'href="{path(buyer)}?all"' in page
    whole = unescape(anna.get(path(buyer) + "?all").text)
    assert all(f"number {count} of many" in whole for count in range(450))


# -- whose it is ---------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "head", "side", "work", "events"])
def test_a_conversation_of_another_shop_is_as_if_it_did_not_exist(
    small_http: httpx.Client, sqlite_engine: Engine, part: str
) -> None:
    buyer = waiting(small_http, sqlite_engine, "Hello", shop="north")
    stranger = desk_talk.agent(small_http, sqlite_engine, "Sven", shop="south")
    theirs = desk_talk.agent(small_http, sqlite_engine, "Nora", shop="north")
    missing = path(Buyer(small_http, "", "nobody"), part)
    for headers in ({}, {"Accept": "application/json"}):
        told, of_none = (stranger.get(address, **headers) for address in (path(buyer, part), missing))
        assert (told.status_code, of_none.status_code) == (404, 404)
        assert told.text.replace(buyer.conversation_id, "nobody") == of_none.text
    if part != "events":
        assert theirs.get(path(buyer, part)).status_code == 200


@pytest.mark.parametrize(
    "action", ["claim", "say", "note", "typing", "release", "hand-back", "transfer", "close", "take-over"]
)
def test_nothing_can_be_done_with_a_conversation_of_another_shop(
    small_http: httpx.Client, sqlite_engine: Engine, action: str
) -> None:
    buyer = waiting(small_http, sqlite_engine, "Hello", shop="north")
    stranger = desk_talk.agent(small_http, sqlite_engine, "Sven", shop="south", role=LEAD)
    response = stranger.post(path(buyer, action), text="Hi", team="care", reason="solved")
    assert response.status_code == 404
    assert desk_talk.owner(sqlite_engine, buyer) == ("queue", "")
    assert desk_talk.rows(sqlite_engine, "desk_notes") == []
    assert desk_talk.rows(sqlite_engine, "typing") == []


def test_a_photo_is_shown_to_the_shops_people_alone_and_only_a_picture_is_shown_in_place(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer = chat_client.start(small_http, {"shop": "north"})
    photo, video = uploaded(buyer, 'a "cup".png', PNG), uploaded(buyer, "film.mp4", MP4)
    buyer.post({"id": "a", "attachments": [photo["id"], video["id"]]})
    nora = desk_talk.agent(small_http, sqlite_engine, "Nora", shop="north")
    shown = nora.get(f"/desk/uploads/{photo['id']}")
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, PNG, "image/png")
    assert shown.headers["content-disposition"].startswith("inline")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    saved = nora.get(f"/desk/uploads/{video['id']}")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.headers["content-type"] == "application/octet-stream"
    page = nora.get(path(buyer)).text
    assert f'<img src="/desk/uploads/{photo["id"]}"' in page
    assert f'<img src="/desk/uploads/{video["id"]}"' not in page
    stranger = desk_talk.agent(small_http, sqlite_engine, "Sven", shop="south")
    assert stranger.get(f"/desk/uploads/{photo['id']}").status_code == 404
    assert nora.get("/desk/uploads/..%2F..%2Fdoorstep.db").status_code == 404


def test_who_is_signed_out_is_sent_to_sign_in_and_back_and_a_script_is_told(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer = waiting(small_http, sqlite_engine)
    page = small_http.get(path(buyer), headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, f"/desk/sign-in?next={path(buyer)}")
    for part in ("side", "events"):
        answer = small_http.get(path(buyer, part), headers={"Accept": "application/json"})
        assert answer.status_code == 401


def test_the_screen_is_kept_by_no_cache_and_framed_by_no_site(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = waiting(small_http, sqlite_engine)
    headers = desk_talk.agent(small_http, sqlite_engine).get(path(buyer)).headers
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


# -- what can be done ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "role", "offered"),
    [
        ("queue", "agent", {"claim"}),
        ("closed", "agent", {"claim"}),
        ("assistant", LEAD, set()),
        ("agent", "agent", set()),
        ("agent", LEAD, {"take-over", "transfer", "release", "hand-back", "close"}),
    ],
)
def test_only_what_is_possible_is_offered(
    small_http: httpx.Client, sqlite_engine: Engine, owner: str, role: str, offered: set[str]
) -> None:
    buyer = waiting(small_http, sqlite_engine)
    with writing(sqlite_engine) as connection:
        by = ownership.By("Mei", 999)
        wanted = ownership.Move(owner, "solved", by=by)
        ownership.move(connection, buyer.conversation_id, wanted, desk_talk.now())
        conversations.change(connection, buyer.conversation_id, answer_due_at=desk_talk.now())
    page = text_of(desk_talk.agent(small_http, sqlite_engine, role=role), buyer)
    everything = {"claim", "take-over", "say", "transfer", "release", "hand-back", "close", "grant/preview"}
    assert {act for act in everything if f'action="{path(buyer, act)}"' in page} == offered


def test_who_has_it_can_answer_grant_and_give_it_away(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    page = text_of(anna, buyer)
    for action in ("say", "note", "grant/preview", "transfer", "release", "hand-back", "close"):
        assert f'action="{path(buyer, action)}"' in page, action


def test_a_canned_reply_is_filled_in_the_buyers_language_and_put_into_the_box(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order(), language="de")
    page = text_of(anna, buyer)
    assert f'href="{path(buyer)}?canned=where#reply"' in page
    filled = unescape(anna.get(path(buyer) + "?canned=where").text)
    box = filled[filled.index('<textarea id="reply"') :].split("</textarea>")[0]
    assert "RB123456785CN" in box
    assert "Sendung" in box or "Paket" in box


def test_a_canned_reply_with_something_missing_says_what_and_cannot_be_taken(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer, anna = helped(small_http, sqlite_engine, order=recent_order())
    page = text_of(anna, buyer)
    assert "a return that is agreed" in page
    assert "?canned=return_address" not in page
    filled = unescape(anna.get(path(buyer) + "?canned=return_address").text)
    assert filled[filled.index('<textarea id="reply"') :].split(">", 1)[1].startswith("</textarea>")
