"""Chatwoot as a desk where people answer: what our side tells and hears, in the terms of Chatwoot's client."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from doorstep.adapters.desks import DeskRefused, chatwoot_webhook
from doorstep.adapters.desks.chatwoot_answers import RemoteMessage
from doorstep.adapters.desks.chatwoot_api import Chatwoot, Priority, Status
from doorstep.adapters.desks.chatwoot_shapes import RemoteFile
from doorstep.desk.port import BACK, OPEN, SHUT, File, NotProven, Place, Post, Raise, Said, Seen, Stand, State, Ticket
from doorstep.settings import ChatwootPlace

LARGEST_FILE = 40_000_000  # bytes; Chatwoot takes 40 MB unless it is told otherwise
MOST_FILES = 15  # of one message, app/models/message.rb
_STATUS: dict[str, Status] = {OPEN: "open", SHUT: "resolved", BACK: "pending"}
_STATE: dict[str, State] = {"open": "open", "resolved": "closed", "pending": "assistant"}
_PRIORITY: dict[int, Priority] = {1: "urgent", 2: "high", 3: "medium"}
_NOT_FOR_LABELS = re.compile(r"[^a-z0-9_-]+")


class ChatwootDesk:
    """One inbox of a Chatwoot server as a desk. Raises ValueError for a place that cannot be one."""

    def __init__(self, place: ChatwootPlace, *, connect_seconds: float = 3.0, seconds: float = 10.0) -> None:
        self._client = Chatwoot(
            place.url, place.account, place.inbox, place.token, connect_seconds=connect_seconds, seconds=seconds
        )
        self._secret = place.webhook_secret
        self._url = place.url
        # Another inbox has other conversations under the same numbers: its links must not be taken for these.
        where = f"{place.url} {place.account} {place.inbox}"
        self.name = f"chatwoot:{hashlib.sha256(where.encode()).hexdigest()[:10]}"

    def check(self) -> str:
        """What is wrong with the address, the token, the account or the inbox, for the shop to mend; "" if nothing."""
        return self._client.check()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def open_contact(self, ticket: Ticket) -> Place:
        """The buyer as a contact."""
        contact_id, source_id = self._client.open_contact(ticket.our_id, ticket.name, ticket.email, ticket.facts)
        return Place(contact_id, source_id)

    def open_conversation(self, ticket: Ticket, place: Place) -> Place:
        """The conversation, pending, with the ticket's facts as custom attributes."""
        remote_id = self._client.open_conversation(place.source_id, place.contact_id, ticket.facts, ticket.our_id)
        return Place(place.contact_id, place.source_id, remote_id)

    def posted(self, place: Place, our_ids: Collection[str], after: int) -> set[str]:
        """Which of our messages are there, among those with an id above `after`."""
        return set(self._client.find_posted(place.remote_id, our_ids, after))

    def post(self, place: Place, message: Post, files: Sequence[File]) -> None:
        """Write a message: the buyer's as incoming, everything else as a private note.

        Files that are too large, or that Chatwoot would not take, are named in the text instead.
        """
        sent = [each for each in files if len(each[2]) <= LARGEST_FILE][:MOST_FILES]
        left = [each for each in files if each not in sent]
        try:
            self._post(place, message, sent, left)
        except DeskRefused as refused:
            if not sent or refused.status not in (413, 422):
                raise
            self._post(place, message, [], files)

    def _post(self, place: Place, message: Post, files: Sequence[File], left: Sequence[File]) -> None:
        named = [f"[not passed on: {name}, {len(content) // 1000} kB]" for name, _, content in left]
        text = "\n".join(filter(None, (message.text, *named)))
        kind = "incoming" if message.by_buyer else "outgoing"
        self._client.post(
            place.remote_id,
            text,
            kind=kind,  # type: ignore[arg-type]
            private=not message.by_buyer,
            our_id=message.our_id,
            attachments=files,
        )

    def set(self, place: Place, wanted: Raise | Stand) -> None:
        """Change labels, priority, attributes, assignee and status."""
        remote_id = place.remote_id
        if isinstance(wanted, Stand):
            self._client.set_status(remote_id, _STATUS[wanted.state])
            return
        if wanted.facts:
            self._client.set_attributes(remote_id, wanted.facts)
        self._client.label(remote_id, [each for each in map(_label, wanted.labels) if each])
        if wanted.urgency:
            self._client.set_priority(remote_id, _PRIORITY.get(wanted.urgency, "low"))
        self._client.unassign(remote_id)
        self._client.set_status(remote_id, "open")

    def see(self, place: Place, after: int) -> Seen:
        """The status first: what was written before a conversation was resolved is then among the messages."""
        stands = self._client.status(place.remote_id)
        said = tuple(self._said(each) for each in self._client.messages(place.remote_id, after))
        return Seen(_STATE.get(stands.status), stands.assignee_name, said)

    def _said(self, message: RemoteMessage) -> Said:
        if message.our_id or not message.agent_name:
            return Said(message.id)
        links = tuple(each.url for each in message.attachments if self._is_safe(each))
        return Said(message.id, message.agent_name, message.content, links, message.private)

    def _is_safe(self, file: RemoteFile) -> bool:
        """Whether a buyer may be sent to a file: over TLS, or to where Chatwoot itself is."""
        try:
            parts, ours = urlsplit(file.url), urlsplit(self._url)
        except ValueError:
            return False
        is_plain = not any(each.isspace() or not each.isprintable() for each in file.url)
        return is_plain and bool(parts.netloc) and (parts.scheme == "https" or parts[:2] == ours[:2])

    def called(self, headers: Mapping[str, str], body: bytes, path_secret: str, now: datetime) -> list[str]:
        """The conversation of a webhook, or none: proven by the secret in its path or, without one, by its signature.

        Older servers do not sign, and some sign with a key that they do not show (Chatwoot's issue 13809).
        """
        if not hmac.compare_digest(path_secret.encode(), self._secret.encode()):
            if path_secret or chatwoot_webhook.needs_path_secret(headers):
                raise NotProven("no signature, and not the secret in the path")
            try:
                chatwoot_webhook.verify(headers, body, self._secret, now)
            except chatwoot_webhook.BadSignature as error:
                raise NotProven(str(error)) from error
        try:
            remote_id = chatwoot_webhook.concerned(body)
        except chatwoot_webhook.Malformed as error:
            raise ValueError(str(error)) from error
        return [remote_id] if remote_id else []


def _label(text: str) -> str:
    """A label as Chatwoot has them: lower-case letters, digits, "-" and "_"."""
    return _NOT_FOR_LABELS.sub("-", text.lower()).strip("-")
