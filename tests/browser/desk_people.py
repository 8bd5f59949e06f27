"""People in browsers on the real system: agents at the desk, and buyers in the chat of the demo page."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, expect
from sqlalchemy import select

from doorstep import demo
from doorstep.storage.engine import reading
from doorstep.storage.tables import conversations, owner_changes, ratings, typing
from tests.e2e.orders import HOSTILE_TITLE, email_of
from tests.e2e.shop import Shop

PASSWORD = "six words nobody says twice"
PATIENCE = 60_000  # milliseconds; the machine may be busy
ASKS = "I want to talk to a human"
SUPPORT = "Anna · Support team"

HOSTILE_NUMBER, HOSTILE_KEY = "<b 7500>", "B7500"  # as the shop has it, and as a buyer may write it
HOSTILE_EMAIL = email_of("7500")
HOSTILE_BUYER = "Eve <i>Mallory</i>"
HOSTILE_SCAN = '<script>window.pwned=1</script><img src=x onerror="alert(1)">At the hub'
HOSTILE_MESSAGE = '</textarea><img src=x onerror="window.pwned=1"><b>where</b> is it {{ 7 * 7 }}'


def hostile_orders(today: datetime) -> dict[str, Any]:
    """An import document with an order on its way to the United States, with scripts in all that a page may show."""
    order = copy.deepcopy(next(each for each in demo.orders(today)["orders"] if each["number"] == "1004"))
    order["number"] = HOSTILE_NUMBER
    order["buyer"].update(id=f"T-{HOSTILE_KEY}", name=HOSTILE_BUYER, email=HOSTILE_EMAIL)
    order["lines"][0].update(sku="T-HOSTILE-2", title=HOSTILE_TITLE)
    order["parcels"][0]["tracking_number"] = "TT00750000CN"
    order["parcels"][0]["events"][-1]["description"] = HOSTILE_SCAN
    return {"shop": "default", "orders": [order]}


@dataclass
class People:
    """Who has a browser open on a shop. `wrong` is what no page may ever do, with the page's address."""

    shop: Shop
    browser: Browser
    wrong: list[str] = field(default_factory=list)
    tokens: dict[Page, str] = field(default_factory=dict)  # of buyers' sessions

    def page(self, **options: Any) -> Page:
        """A page of somebody new: a browser's context of its own."""
        context = self.browser.new_context(
            **{"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(PATIENCE)
        return self.watched(context.new_page())

    def watched(self, page: Page) -> Page:
        """The page, of which errors, dialogs and breaches of the content policy are noted from now on."""
        page.on("pageerror", lambda error: self._note(page, error))
        page.on("dialog", lambda dialog: self._dismiss(page, dialog))
        page.on("console", lambda message: self._read(page, message))
        return page

    def agent(self, name: str, role: str = "agent", login: str = "", **options: Any) -> Page:
        """Somebody at the desk who looks at the queue: somebody new unless there is a login."""
        login = login or self.login(name, role)  # before the desk is asked: it has no form while nobody can sign in
        page = self.page(**options)
        page.goto(f"{self.shop.process.url}/desk")
        fill_in_sign_in(page, login)
        expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
        return page

    def login(self, name: str, role: str = "agent") -> str:
        """Add somebody who may sign in with PASSWORD, as the shop does; gives the login."""
        login = f"{uuid4().hex[:8]}@shop.example"
        self.shop.command(
            "agents", "add", login, "--name", name, "--role", role, "--password-stdin", typed=f"{PASSWORD}\n"
        )
        return login

    def buyer(self, first: str = ASKS, **options: Any) -> tuple[Page, str]:
        """A buyer who writes a first message in the chat, and the conversation's id."""
        page = self.page(**options)
        page.goto(f"{self.shop.process.url}/demo")
        with page.expect_response(lambda response: response.url.endswith("/api/chat/sessions")) as made:
            write(page, first)
        session = made.value.json()
        self.tokens[page] = session["session_token"]
        return page, session["conversation_id"]

    def waiting_buyer(self, **options: Any) -> tuple[Page, str]:
        """A buyer who asked for a person and is in the queue, and the conversation's id."""
        page, conversation_id = self.buyer(**options)
        expect(who_is_there(page)).to_have_text("Waiting for a colleague")
        return page, conversation_id

    def hostile_buyer(self) -> tuple[Page, str]:
        """A buyer who has proven an order full of scripts, asked for a person and written one more; and the id."""
        today = datetime.now().astimezone()
        with TemporaryDirectory() as folder:
            imported = self.shop.import_orders(hostile_orders(today), Path(folder))
        assert imported.returncode == 0, imported.stderr
        page, conversation_id = self.buyer(f"Where is my order {HOSTILE_KEY}?")
        expect(bubbles(page, "assistant")).to_have_count(1)
        write(page, HOSTILE_EMAIL)
        expect(bubbles(page, "assistant")).to_have_count(2)
        write(page, ASKS)
        expect(who_is_there(page)).to_have_text("Waiting for a colleague")
        write(page, HOSTILE_MESSAGE)
        return page, conversation_id

    def helped_buyer(self, anna: Page) -> tuple[Page, str]:
        """A buyer whom Anna has begun to help: she has the screen of the conversation."""
        page, conversation_id = self.waiting_buyer()
        claim(anna, conversation_id)
        expect(who_is_there(page)).to_have_text(SUPPORT)
        return page, conversation_id

    def owner(self, conversation_id: str) -> tuple[str, str]:
        """Who has a conversation by the database, and the agent's name."""
        c = conversations.c
        with reading(self.shop.engine) as connection:
            row = connection.execute(select(c.owner, c.agent_name).where(c.id == conversation_id)).one()
        return row.owner, row.agent_name

    def takers(self, conversation_id: str) -> list[str]:
        """Who took it from the queue by the database, every time that somebody did."""
        c = owner_changes.c
        mine = (c.conversation_id == conversation_id) & (c.after == "agent")
        with reading(self.shop.engine) as connection:
            return list(connection.execute(select(c.agent_name).where(mine)).scalars())

    def typists(self, conversation_id: str) -> list[str]:
        """Which sides typed last without sending it, by the database."""
        with reading(self.shop.engine) as connection:
            mine = typing.c.conversation_id == conversation_id
            return list(connection.execute(select(typing.c.side).where(mine)).scalars())

    def rating(self, conversation_id: str) -> tuple[str, str]:
        """What the buyer thought of the help by the database, and why."""
        mine = ratings.c.conversation_id == conversation_id
        with reading(self.shop.engine) as connection:
            row = connection.execute(select(ratings.c.score, ratings.c.why).where(mine)).one()
        return row.score, row.why

    def told_to(self, buyer: Page) -> str:
        """All that the chat API ever gives to a buyer's page, as it is sent."""
        headers = {"Authorization": f"Bearer {self.tokens[buyer]}"}
        response = self.shop.http.get("/api/chat/messages", params={"after": 0}, headers=headers)
        assert response.status_code == 200, response.text
        return response.text

    def leave(self) -> None:
        """Close every page; fails when one of them ever did what it must not."""
        for context in list(self.browser.contexts):
            context.close()
        assert self.wrong == []

    def _note(self, page: Page, what: object) -> None:
        self.wrong.append(f"{page.url}: {what}")

    def _dismiss(self, page: Page, dialog: Dialog) -> None:
        self._note(page, f"dialog {dialog.message}")
        dialog.dismiss()

    def _read(self, page: Page, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self._note(page, message.text)


# -- at the desk ---------------------------------------------------------------------------


def fill_in_sign_in(page: Page, login: str) -> None:
    """Type the login and PASSWORD into the form that is there."""
    page.get_by_label("E-mail address or name").fill(login)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def row(queue: Page, conversation_id: str) -> Locator:
    """A conversation in one of the lists of the queue's page."""
    return queue.locator(f".row[data-id='{conversation_id}']")


def claim(queue: Page, conversation_id: str) -> None:
    """Take a conversation from the queue's page and be on its screen."""
    queue.locator(f"#claim-{conversation_id}").click()
    expect(reply_box(queue)).to_be_visible()
    expect(queue.get_by_role("button", name="Keyboard")).to_be_visible()  # the page's script is at work


def open_from_queue(queue: Page, conversation_id: str) -> None:
    """Read a conversation that somebody else has."""
    queue.locator(f"#open-{conversation_id}").click()
    expect(queue.locator("#lines")).to_be_visible()
    expect(queue.get_by_role("button", name="Keyboard")).to_be_visible()


def reply_box(screen: Page) -> Locator:
    """Where an agent writes to the buyer."""
    return screen.get_by_label(re.compile("^Reply"))


def reply(screen: Page, text: str) -> None:
    """Write to the buyer and send it."""
    reply_box(screen).fill(text)
    screen.get_by_role("button", name="Send").click()
    expect(lines(screen, "agent").last).to_contain_text(text)


def lines(screen: Page, sender: str) -> Locator:
    """What one side said, on the screen of a conversation."""
    return screen.locator(f"#lines .from-{sender}")


def open_tool(screen: Page, name: str) -> Locator:
    """Open one of the tools below the reply box; gives it."""
    tool = screen.locator(".tools > details").filter(has=screen.locator("summary", has_text=re.compile(f"^{name}$")))
    tool.locator("> summary").click()
    return tool


# -- in the chat ---------------------------------------------------------------------------


def write(page: Page, text: str) -> None:
    """Write a message as a buyer does."""
    box = page.get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


def bubbles(page: Page, sender: str) -> Locator:
    """What one side said, in the chat."""
    return page.locator(f".message.from-{sender} :is(.bubble, .notice)")


def who_is_there(page: Page) -> Locator:
    """The line of the chat that says whom the buyer talks to."""
    return page.locator(".header-who")
