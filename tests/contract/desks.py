"""People at our own desk, by its pages, and at Chatwoot, by what its agents do there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

from sqlalchemy.engine import Engine

from doorstep.front.desk_link import Pace
from doorstep.settings import ChatwootPlace, Settings
from tests.contract import desk_client, desk_talk, fake_chatwoot, fronts
from tests.contract.chat_client import Buyer
from tests.contract.desk_client import Browser
from tests.contract.desk_port import CHATWOOT, LI, MEI, QUICK, PersonAtDesk, Shop, Time, until
from tests.contract.fake_chatwoot import ACCOUNT, INBOX, SECRET, TOKEN, FakeChatwoot
from tests.contract.fake_rasa import FakeRasa


class AtOurOwn(PersonAtDesk):
    """At /desk, in a browser without scripts."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        names = (MEI, LI)
        self._browsers: dict[str, Browser] = {name: desk_talk.agent(shop.http, shop.engine, name) for name in names}

    def is_waiting(self, buyer: Buyer) -> bool:
        claim = f'action="{desk_talk.path(buyer, "claim")}"'
        return claim in self._browsers[MEI].get("/desk/queue").text

    def page(self, buyer: Buyer) -> str:
        return _text(self._browsers[MEI].get(desk_talk.path(buyer)).text)

    def reads(self, buyer: Buyer) -> list[str]:
        page = self._browsers[MEI].get(desk_talk.path(buyer)).text
        lines = re.findall(r'<li class="line said from-buyer".*?</li>', page, re.DOTALL)
        return [
            _text(found[1]) for line in lines if (found := re.search(r'<p class="text"[^>]*>(.*?)</p>', line, re.S))
        ]

    def claims(self, buyer: Buyer, name: str = MEI) -> None:
        self._post(buyer, "claim", name)

    def says(self, buyer: Buyer, text: str, name: str = MEI) -> None:
        page = self._browsers[name].get(desk_talk.path(buyer)).text
        assert self._post(buyer, "say", name, text=text, key=desk_client.hidden(page, "key")) == 303

    def notes(self, buyer: Buyer, text: str, name: str = MEI) -> None:
        assert self._post(buyer, "note", name, text=text) == 303

    def hands_back(self, buyer: Buyer, name: str = MEI) -> None:
        assert self._post(buyer, "hand-back", name) == 303

    def closes(self, buyer: Buyer, name: str = MEI) -> None:
        assert self._post(buyer, "close", name, reason="solved") == 303

    def meddles(self, buyer: Buyer) -> None:
        stranger = desk_talk.agent(self.shop.http, self.shop.engine, "Zoe", shop="another")
        unknown = Buyer(buyer.http, "", "no-such-conversation")
        for browser, whose in ((self._browsers[MEI], unknown), (stranger, buyer)):
            for act, fields in (
                ("claim", {}),
                ("say", {"text": "Hi", "key": "k" * 12}),
                ("close", {"reason": "solved"}),
            ):
                assert browser.post(desk_talk.path(whose, act), **fields).status_code == 404
        stranger.http.close()

    def leave(self) -> None:
        for browser in self._browsers.values():
            browser.http.close()

    def _post(self, buyer: Buyer, act: str, name: str, **fields: str) -> int:
        return self._browsers[name].post(desk_talk.path(buyer, act), **fields).status_code


class AtChatwoot(PersonAtDesk):
    """At a Chatwoot that is connected."""

    def __init__(self, shop: Shop, fake: FakeChatwoot) -> None:
        super().__init__(shop)
        self.fake = fake

    def row(self, buyer: Buyer) -> Any:
        """The conversation as Chatwoot has it; None while it is not there."""
        rows = [
            each
            for each in list(self.fake.rows.conversations.values())
            if each["custom_attributes"].get("doorstep_conversation") == buyer.conversation_id
        ]
        assert len(rows) <= 1, "Chatwoot has the conversation twice"
        return rows[0] if rows else None

    def remote(self, buyer: Buyer) -> str:
        """The conversation's number there."""
        return str(until(lambda: self.row(buyer), "Chatwoot has no such conversation")["id"])

    def comes_to_rest(self, buyer: Buyer) -> None:
        """Wait until everything is told and heard, and nobody works the link."""
        until(lambda: self._rests(buyer), "there is always more to tell")

    def _rests(self, buyer: Buyer) -> bool:
        link = next(each for each in desk_talk.rows(self.shop.engine, "desk_links") if each.remote_id)
        return link.busy_by is None and link.told_seq == buyer.read()["last"]

    def is_waiting(self, buyer: Buyer) -> bool:
        row = self.row(buyer)
        return bool(row) and row["status"] == "open" and row["assignee"] is None

    def messages(self, buyer: Buyer, kind: str) -> list[str]:
        """The texts of its messages of a kind (incoming, outgoing, note), in order."""
        rows = (self.row(buyer) or {"messages": []})["messages"]
        return [str(each["content"]) for each in list(rows) if _kind(each) == kind]

    def page(self, buyer: Buyer) -> str:
        row = self.row(buyer)
        texts = [str(each["content"]) for each in row["messages"]] if row else []
        return "\n".join((*texts, repr(row and row["custom_attributes"])))

    def reads(self, buyer: Buyer) -> list[str]:
        return self.messages(buyer, "incoming")

    def claims(self, buyer: Buyer, name: str = MEI) -> None:
        if self.row(buyer)["assignee"] is None:  # else Chatwoot shows who has it
            self.fake.assign(self.remote(buyer), name)
        until(lambda: self.shop.owner(buyer)[0] == "agent", "nobody has it")

    def says(self, buyer: Buyer, text: str, name: str = MEI) -> None:
        self.fake.agent_replies(self.remote(buyer), text, name)
        until(lambda: text in desk_talk.said(buyer), "the buyer does not read it")

    def notes(self, buyer: Buyer, text: str, name: str = MEI) -> None:
        self.fake.agent_notes(self.remote(buyer), text, name)

    def hands_back(self, buyer: Buyer, name: str = MEI) -> None:
        self.fake.make_pending(self.remote(buyer))
        until(lambda: self.shop.owner(buyer)[0] == "assistant", "the assistant does not have it")

    def closes(self, buyer: Buyer, name: str = MEI) -> None:
        self.fake.resolve(self.remote(buyer))
        until(lambda: self.shop.owner(buyer)[0] == "closed", "it is not closed")

    def leave(self) -> None:
        self.fake.let_go.set()

    def meddles(self, buyer: Buyer) -> None:
        contact = self.fake.rows.add_contact({"name": "A buyer of another channel"})
        other = self.fake.rows.add_conversation(contact, {}, "open")
        self.fake.agent_replies(str(other["id"]), "Hi")
        self.fake.resolve(str(other["id"]))


def _kind(message: Any) -> str:
    return "note" if message["private"] else str(message["message_type"])


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def at_chatwoot(settings: Settings, fake: FakeChatwoot) -> Settings:
    """The settings, with people at this Chatwoot, which calls the front that has them."""
    fake.hooks.url = f"http://127.0.0.1:{settings.port}/api/desk/chatwoot"
    return replace(settings, chatwoot=ChatwootPlace(fake.url, ACCOUNT, INBOX, TOKEN, SECRET))


@contextmanager
def open_shop(
    kind: str, settings: Settings, engine: Engine, rasa: FakeRasa, pace: Pace = QUICK
) -> Iterator[PersonAtDesk]:
    """A shop whose people are at a desk of this kind."""
    clock = Time()
    with ExitStack() as stack:
        fake = stack.enter_context(fake_chatwoot.running()) if kind == CHATWOOT else None
        if fake is not None:
            settings = at_chatwoot(settings, fake)
        front = fronts.a_front(settings, now=clock.now, pace=pace)
        shop = Shop(stack.enter_context(fronts.running(front)), engine, rasa, clock)
        people = AtOurOwn(shop) if fake is None else AtChatwoot(shop, fake)
        stack.callback(people.leave)
        yield people
