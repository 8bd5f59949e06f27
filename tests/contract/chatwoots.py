"""What the tests of Chatwoot share: a client of the fake, and a conversation that was handed over to it."""

from __future__ import annotations

from typing import Any

from doorstep.adapters.desks.chatwoot_api import Chatwoot
from tests.contract.fake_chatwoot import ACCOUNT, INBOX, FakeChatwoot

BUYER, OURS = "doorstep-buyer-1", "c-77"


def a_client(fake: FakeChatwoot, seconds: float = 30.0, **changed: Any) -> Chatwoot:
    """A client that waits long, so that a busy machine changes nothing."""
    settings = {"url": fake.url, "account_id": ACCOUNT, "inbox_id": INBOX, "token": fake.token, **changed}
    return Chatwoot(**settings, connect_seconds=seconds, seconds=seconds)


def a_conversation(client: Chatwoot, our_id: str = OURS) -> str:
    """The number of a conversation there that is ours."""
    contact_id, source_id = client.open_contact(BUYER, "Ana", "ana@example.com", {"language": "es"})
    return client.open_conversation(source_id, contact_id, {"case": "DS-1"}, our_id)
