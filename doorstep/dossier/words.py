"""The words of a dossier's page: which reply names what, so that the page exists in every language of the replies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from doorstep import cases, disputes, evidence
from doorstep.orders import Money
from doorstep.replies.catalogue import Catalogue
from doorstep.replies.formats import format_value
from doorstep.replies.values import Country, Reply, Value

HEADINGS = {
    "dispute": "term_dossier_dispute",
    "state": "term_dossier_state",
    "opened": "term_dossier_opened",
    "closed": "term_dossier_closed",
    "answer_by": "term_dossier_answer_by",
    "open_until": "term_dossier_open_until",
    "order": "term_dossier_order",
    "marketplace": "term_dossier_marketplace",
    "placed": "term_dossier_placed",
    "paid": "term_dossier_paid",
    "total": "term_dossier_total",
    "buyer": "term_dossier_buyer",
    "address": "term_dossier_address",
    "parcels": "term_dossier_parcels",
    "packing": "term_dossier_packing",
    "messages": "term_dossier_messages",
    "photos": "term_dossier_photos",
    "steps": "term_dossier_steps",
    "proof": "term_dossier_proof",
    "proof_note": "term_dossier_proof_note",
}
SENDERS = {
    "buyer": "term_dossier_from_buyer",
    "assistant": "term_dossier_from_assistant",
    "agent": "term_dossier_from_agent",
    "notice": "term_dossier_from_notice",
}
KINDS = {
    evidence.ORDER: "term_dossier_kind_order",
    evidence.PACKING: "term_dossier_kind_packing",
    evidence.PARCEL: "term_dossier_kind_parcel",
    evidence.MESSAGE: "term_dossier_kind_message",
    evidence.PHOTO: "term_dossier_kind_photo",
    evidence.REPLY: "term_dossier_kind_reply",
    evidence.OFFER: "term_dossier_kind_offer",
    evidence.TAKEN: "term_dossier_kind_taken",
    evidence.PROMISE: "term_dossier_kind_promise",
    evidence.TASK: "term_dossier_kind_task",
    evidence.HANDOVER: "term_dossier_kind_handover",
    evidence.CASE: "term_dossier_kind_case",
}
TYPES = {
    disputes.NOT_AS_DESCRIBED: "term_dossier_type_not_as_described",
    disputes.DEFECTIVE: "term_dossier_type_defective",
    disputes.WRONG: "term_dossier_type_wrong",
    disputes.MISSING: "term_dossier_type_missing",
    disputes.NOT_RECEIVED: "term_dossier_type_not_received",
    disputes.CUSTOMS: "term_dossier_type_customs",
    disputes.RETURNED: "term_dossier_type_returned",
    disputes.LATE: "term_dossier_type_late",
    "": "term_dossier_type_none",
}
STATES = {
    cases.ASKING: "term_dossier_state_asking",
    cases.AGREED: "term_dossier_state_agreed",
    cases.PERSON: "term_dossier_state_person",
    cases.CLOSED: "term_dossier_state_closed",
}
PROMISE_STATES = {
    "kept": "term_dossier_promise_kept",
    "broken": "term_dossier_promise_broken",
    "cancelled": "term_dossier_promise_cancelled",
}
# Options of offers, kinds of promises and of the shop's tasks: what is to be done, or what the buyer said.
THINGS = {
    "another": "term_dossier_thing_another",
    "ask_carrier_for_address": "term_dossier_thing_ask_carrier_for_address",
    "cancel": "term_dossier_thing_cancel",
    "change_address": "term_dossier_thing_change_address",
    "customs_papers": "term_dossier_thing_papers",
    "damaged": "term_dossier_thing_damaged",
    "disappointed": "term_dossier_thing_disappointed",
    "discount": "term_dossier_thing_discount",
    "duty": "term_dossier_thing_duty",
    "duty_share": "term_dossier_thing_duty_share",
    "exchange": "term_dossier_thing_exchange",
    "expect_return": "term_dossier_thing_expect_return",
    "grace": "term_dossier_thing_grace",
    "item": "term_dossier_thing_item",
    "missing_parts": "term_dossier_thing_missing_parts",
    "no": "term_dossier_thing_no",
    "none": "term_dossier_thing_none",
    "not_working": "term_dossier_thing_not_working",
    "notice": "term_dossier_thing_notice",
    "paid": "term_dossier_thing_paid",
    "papers": "term_dossier_thing_papers",
    "part_named": "term_dossier_thing_part_named",
    "part_refund": "term_dossier_thing_part_refund",
    "pay_duty": "term_dossier_thing_duty",
    "pay_duty_share": "term_dossier_thing_duty_share",
    "promised": "term_dossier_thing_promised",
    "refund": "term_dossier_thing_refund",
    "refund_return": "term_dossier_thing_return_refund",
    "refuse": "term_dossier_thing_refuse",
    "resend": "term_dossier_thing_resend",
    "resend_when_back": "term_dossier_thing_resend_when_back",
    "return": "term_dossier_thing_return",
    "return_refund": "term_dossier_thing_return_refund",
    "send_exchange": "term_dossier_thing_send_exchange",
    "sent": "term_dossier_thing_sent",
    "ship": "term_dossier_thing_ship",
    "suspicious": "term_dossier_thing_suspicious",
    "swap": "term_dossier_thing_swap",
    "trace": "term_dossier_thing_trace",
    "unused": "term_dossier_thing_unused",
    "use": "term_dossier_thing_use",
    "used": "term_dossier_thing_used",
    "wait": "term_dossier_thing_wait",
    "why": "term_dossier_thing_why",
    "wrong_item": "term_dossier_thing_wrong_item",
    "yes": "term_dossier_thing_yes",
}


class Words:
    """The words of one language."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self._catalogue = catalogue
        self.language = language

    def say(self, name: str, values: Mapping[str, Value] | None = None) -> str:
        """One reply."""
        return self._catalogue.word(Reply(name, values or {}), self.language).text

    def one_of(self, names: Mapping[str, str], key: str) -> str:
        """The word that a table has for `key`; what it has none for is shown as it is called."""
        return self.say(names[key]) if key in names else key.replace("_", " ")

    def thing(self, key: str) -> str:
        """What is to be done, or what the buyer said. A swap or an item is named with its product."""
        first, _, rest = key.partition(":")
        return self.one_of(THINGS, first) + (f" ({rest})" if rest else "")

    def moment(self, at: datetime | str | None) -> str:
        """A time with the zone it is told in; "" for none."""
        if not at:
            return ""
        when = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{format_value(when, self.language)} {zone_of(when)}"

    def money(self, amount: str, currency: str = "") -> str:
        """An amount as it stands in the evidence ("24.50", "24.50 USD"); "" for none."""
        number, _, code = amount.partition(" ")
        return format_value(Money(Decimal(number), code or currency), self.language) if number else ""

    def country(self, code: str) -> str:
        """A country's name; "" for none."""
        return format_value(Country(code), self.language) if code else ""


def zone_of(at: datetime) -> str:
    """The offset of an aware time: "UTC", "UTC+08:00"."""
    offset = at.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = abs(int(offset.total_seconds())) // 60
    return f"UTC{'+' if offset > timedelta() else '−'}{minutes // 60:02}:{minutes % 60:02}"
