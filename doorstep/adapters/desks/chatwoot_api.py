"""Chatwoot's application API, as far as a conversation that is handed over needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from doorstep.adapters.desks import DeskAway, DeskRefused
from doorstep.adapters.desks import chatwoot_answers as answers
from doorstep.adapters.desks import chatwoot_shapes as shapes
from doorstep.adapters.desks.chatwoot_answers import RemoteConversation, RemoteMessage
from doorstep.adapters.desks.chatwoot_http import ChatwootHttp
from doorstep.adapters.desks.chatwoot_shapes import MARK, OUR_ID, SOURCE

Status = Literal["open", "resolved", "pending"]
Priority = Literal["urgent", "high", "medium", "low"]
Attachment = tuple[str, str, bytes]  # name, media type, content

LARGEST = 2_000_000  # bytes of an answer
_MOST_PAGES = 500
_CONTACTS_A_PAGE = 15


class Chatwoot:
    """One inbox of the kind "API" on a Chatwoot server, used with the access token of an administrator.

    With an agent's token, Chatwoot would give each conversation we open to that agent; a bot's token may not read.
    Every call may raise DeskAway and DeskRefused. Source: Chatwoot's controllers of the application API, v3 and v4.
    Raises ValueError for an address or a token that cannot be one.
    """

    def __init__(
        self,
        url: str,
        account_id: int | str,
        inbox_id: int | str,
        token: str,
        *,
        connect_seconds: float = 3.0,
        seconds: float = 10.0,
    ) -> None:
        self._http = ChatwootHttp(url, token, connect_seconds=connect_seconds, seconds=seconds, largest=LARGEST)
        self._account = int(account_id)
        self._inbox = int(inbox_id)
        self._base = f"/api/v1/accounts/{self._account}"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def check(self) -> str:
        """What is wrong with the address, the token, the account or the inbox, for the shop to mend; "" if nothing."""
        try:
            profile = answers.an_object(self._http.get("/api/v1/profile", "profile"))
            inbox = answers.an_object(self._http.get(f"{self._base}/inboxes/{self._inbox}", f"inbox {self._inbox}"))
        except DeskRefused as refused:
            return refused.what
        except DeskAway as away:
            return f"Chatwoot at {self._http.url} cannot be used: {away}"
        return answers.wrong_role(profile, self._account) or answers.wrong_inbox(inbox, self._inbox)

    def open_contact(self, identifier: str, name: str, email: str, attributes: Mapping[str, Any]) -> tuple[str, str]:
        """The ids of the buyer's contact and of that contact in our inbox; made unless `identifier` is there already.

        An e-mail address that another contact has, or that Chatwoot does not take, becomes a custom attribute: an
        address that a buyer only typed must not lead into somebody else's history.
        """
        found = self._find_contact(identifier)
        if found is not None:
            return found
        try:
            return self._make_contact(identifier, name, email, attributes)
        except DeskRefused as refused:
            if answers.concerns(refused, "identifier"):
                found = self._find_contact(identifier)
                if found is not None:
                    return found
            elif email and answers.concerns(refused, "email"):
                return self.open_contact(identifier, name, "", {**attributes, "email": email})
            raise

    def open_conversation(
        self,
        source_id: str,
        contact_id: str,
        attributes: Mapping[str, Any],
        our_id: str,
        status: Status = "pending",
    ) -> str:
        """The number of the contact's conversation that is our `our_id`; made, in `status`, unless it is there."""
        what = f"contact {contact_id}"
        listed = answers.a_list(self._http.get(f"{self._base}/contacts/{int(contact_id)}/conversations", what))
        for each in map(answers.an_object, listed):
            if (
                shapes.mapping(each.get("custom_attributes")).get(MARK) == our_id
                and each.get("inbox_id") == self._inbox
            ):
                return str(answers.number(each))
        made = self._http.post(
            f"{self._base}/conversations",
            "the new conversation",
            {
                "source_id": source_id,
                "inbox_id": self._inbox,
                "contact_id": int(contact_id),
                "status": status,
                "custom_attributes": {**attributes, MARK: our_id},
            },
        )
        return answers.made_conversation(made, our_id, self._inbox)

    def messages(self, remote_id: str, after_id: int) -> list[RemoteMessage]:
        """Every message with an id above `after_id`, in the order of ids."""
        found = [message for page in self._pages(remote_id, after_id) for message in page]
        return sorted(found, key=lambda message: message.id)

    def post(
        self,
        remote_id: str,
        content: str,
        *,
        kind: Literal["incoming", "outgoing"] = "incoming",
        private: bool = False,
        our_id: str,
        attachments: Sequence[Attachment] = (),
    ) -> int:
        """Write a message and say its id. Never safe to repeat: look with find_posted first, when it may be there."""
        path, what = f"{self._conversation(remote_id)}/messages", f"a message of conversation {remote_id}"
        shared = {"content": content, "message_type": kind, "source_id": SOURCE + our_id}
        if attachments:
            fields = {**shared, "private": str(private).lower(), f"content_attributes[{OUR_ID}]": our_id}
            files = [("attachments[]", (name, data, media_type)) for name, media_type, data in attachments]
            made = self._http.post_form(path, what, fields, files)
        else:
            made = self._http.post(path, what, {**shared, "private": private, "content_attributes": {OUR_ID: our_id}})
        return answers.number(answers.an_object(made))

    def find_posted(self, remote_id: str, our_ids: Collection[str], after_id: int = 0) -> dict[str, int]:
        """Which of our messages are there, with their ids; looks only above `after_id`."""
        wanted, found = set(our_ids), dict[str, int]()
        if not wanted:
            return found
        for page in self._pages(remote_id, after_id):
            for message in page:
                if message.our_id in wanted:
                    found[message.our_id] = min(message.id, found.get(message.our_id, message.id))
            if len(found) == len(wanted):
                break
        return found

    def status(self, remote_id: str) -> RemoteConversation:
        """How the conversation stands."""
        return answers.conversation(self._http.get(self._conversation(remote_id), f"conversation {remote_id}"))

    def set_status(self, remote_id: str, status: Status) -> None:
        """Open, resolve or lay aside the conversation; nothing happens if it stands so already."""
        self._write(remote_id, "toggle_status", {"status": status})

    def unassign(self, remote_id: str) -> None:
        """Nobody has the conversation any more. Chatwoot takes the number 0 for nobody."""
        self._write(remote_id, "assignments", {"assignee_id": 0})

    def set_priority(self, remote_id: str, priority: Priority | None) -> None:
        """How urgent the conversation is; None for no priority."""
        self._write(remote_id, "toggle_priority", {"priority": priority})

    def label(self, remote_id: str, labels: Collection[str]) -> None:
        """Add labels; those that agents gave stay. Two calls at once may lose one's labels."""
        path, what = f"{self._conversation(remote_id)}/labels", f"the labels of conversation {remote_id}"
        there = answers.texts(answers.a_list(self._http.get(path, what)))
        added = [label for label in dict.fromkeys(labels) if label not in there]
        if added:
            self._http.post(path, what, {"labels": [*there, *added]})

    def set_attributes(self, remote_id: str, attributes: Mapping[str, Any]) -> None:
        """Set custom attributes; the others stay, although old versions of Chatwoot replace them all."""
        there = self.status(remote_id).attributes
        self._write(remote_id, "custom_attributes", {"custom_attributes": {**there, **attributes}, "merge": True})

    def _conversation(self, remote_id: str) -> str:
        return f"{self._base}/conversations/{int(remote_id)}"

    def _write(self, remote_id: str, part: str, body: Mapping[str, Any]) -> None:
        self._http.post(f"{self._conversation(remote_id)}/{part}", f"the {part} of conversation {remote_id}", body)

    def _pages(self, remote_id: str, after_id: int) -> Iterator[list[RemoteMessage]]:
        """Pages of messages above `after_id`, the newest page first.

        It pages backwards: every version knows `before`, old ones ignore `after`, and the usual look, for what is
        new, needs one page.
        """
        path, what = f"{self._conversation(remote_id)}/messages", f"conversation {remote_id}"
        before = 0
        for _ in range(_MOST_PAGES):
            page = [
                answers.message(each)
                for each in answers.a_list(self._http.get(path, what, {"before": before} if before else {}))
            ]
            lowest = min((message.id for message in page), default=0)
            if before and lowest >= before:
                raise DeskAway("its pages of messages do not end")
            yield [message for message in page if message.id > after_id]
            if lowest <= after_id:
                return
            before = lowest
        raise DeskAway("its pages of messages do not end")

    def _find_contact(self, identifier: str) -> tuple[str, str] | None:
        # The search finds parts of identifiers, too, and tells 15 contacts a page.
        for page in range(1, _MOST_PAGES):
            listed = answers.a_list(
                self._http.get(f"{self._base}/contacts/search", "contacts", {"q": identifier, "page": page})
            )
            for each in map(answers.an_object, listed):
                if each.get("identifier") == identifier:
                    return str(answers.number(each)), self._source_of(each)
            if len(listed) < _CONTACTS_A_PAGE:
                break
        return None

    def _source_of(self, contact: Mapping[str, Any]) -> str:
        """The contact's id in our inbox, into which it is put if it was only in others."""
        inboxes = contact.get("contact_inboxes")
        for each in map(shapes.mapping, inboxes if isinstance(inboxes, list) else ()):
            if shapes.mapping(each.get("inbox")).get("id") == self._inbox:
                return answers.source_id(each)
        path = f"{self._base}/contacts/{answers.number(contact)}/contact_inboxes"
        return answers.source_id(
            answers.an_object(self._http.post(path, f"contact {answers.number(contact)}", {"inbox_id": self._inbox}))
        )

    def _make_contact(self, identifier: str, name: str, email: str, attributes: Mapping[str, Any]) -> tuple[str, str]:
        sent = {"inbox_id": self._inbox, "identifier": identifier, "name": name, "custom_attributes": attributes}
        answer = self._http.post(
            f"{self._base}/contacts",
            f"a contact of inbox {self._inbox}",
            {**sent, **({"email": email} if email else {})},
        )
        payload = answers.an_object(answers.an_object(answer).get("payload"))
        return str(answers.number(answers.an_object(payload.get("contact")))), answers.source_id(
            answers.an_object(payload.get("contact_inbox"))
        )
