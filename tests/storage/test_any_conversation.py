"""Whatever the order, its parcels, the policy and the conversations about it: no reply promises what is forbidden."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstep import promises
from doorstep.languages import SPOKEN
from doorstep.orders import Money, Order
from doorstep.replies.values import AnyOf, Reply, from_json, to_json
from doorstep.storage.engine import make_engine, reading
from doorstep.storage.orders import Orders
from doorstep.unasked.keeping import TASKS
from doorstep.windows import shop_date
from tests.builders import a_buyer, an_address
from tests.storage.any_shop import CODES, any_shop
from tests.storage.any_walk import Walk
from tests.telling import WORDS

STANDS = ("open", "kept", "broken")
IN_FULL = (promises.RESEND, promises.REFUND, promises.CANCEL, promises.SWAP, promises.RETURN_REFUND)
# Of replies with these names a date is what would follow if the buyer chose so.
CONDITIONAL = re.compile(r"term_goods_way_|utter_cancel_ask$|term_if_missing$")
KIND_OF_DATE = {
    "wait_until": promises.GRACE,
    "check_on": promises.NOTICE,
    "trace_by": promises.TRACE,
    "ships_on": promises.SHIP,
    "ship_by": promises.RETURN,
}


@cache
def _feelings(language: str) -> list[str]:
    """The sentences of feeling of a language that stand in no other reply."""
    names = WORDS.names("en")
    others = [text for name in names if not name.startswith("utter_feel_") for text in WORDS.variants(name, language)]
    mine = {text for name in names if name.startswith("utter_feel_") for text in WORDS.variants(name, language)}
    return sorted(text for text in mine if not any(text in other for other in (*others, *mine - {text})))


SECRETS = [a_buyer().email, a_buyer().phone, an_address().line1, an_address().postcode, "Apto 42 B"]
_worded: set[str] = set()


def _replies(value: Any) -> Iterator[Reply]:
    """A reply and all that are inside it."""
    if isinstance(value, Reply):
        yield value
        for inside in value.values.values():
            yield from _replies(inside)
    elif isinstance(value, AnyOf):
        yield from _replies(value.items)
    elif isinstance(value, (list, tuple)):
        for inside in value:
            yield from _replies(inside)


class Watch:
    """Looks at a walk after each step."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.before: set[int] = set()
        self.policies = [walk.world.policy.for_("default", "BR")] * 2

    def look(self) -> None:
        made = self.walk.rows("promises")
        self._gives_no_more_than_was_paid(made)
        self._gives_what_the_policy_allows([row for row in made if row.id not in self.before])
        self._gives_once(made)
        self._hands_out_coupons_once()
        self._tells_what_is_stored(made)
        self._has_words_without_secrets()
        self._gives_nothing_beside_a_person(made)
        self.before = {row.id for row in made}

    def _order(self, order_id: int) -> Order:
        with reading(self.walk.engine) as connection:
            order = Orders(connection).get(order_id)
        assert order is not None
        return order

    def _gives_no_more_than_was_paid(self, made: list[Any]) -> None:
        for order_id, order in zip(self.walk.order_ids, self.walk.world.orders, strict=True):
            rows = [row for row in made if row.order_id == order_id and row.state in STANDS]
            assert [row.kind for row in rows if row.kind in promises.GIVES and row.amount is None] == []
            amounts = [Decimal(row.amount) for row in rows if row.kind in promises.GIVES]
            assert sum(amounts) <= order.total, [(row.kind, row.subject, row.amount) for row in rows]

    def _gives_what_the_policy_allows(self, new: list[Any]) -> None:
        policy = self.walk.world.policy.for_("default", "BR")
        for row in new:
            order = self._order(row.order_id)
            within = policy.remedies.within_limit(order.total, order.currency)
            if row.kind in (promises.RESEND, promises.REFUND, promises.PART_REFUND):
                assert within, row
                assert policy.remedies.resend if row.kind == promises.RESEND else policy.remedies.refund, row
            if row.kind == promises.DUTY_SHARE:
                due = [
                    policy.customs.share_of(scan.amount_due, scan.amount_currency or order.currency)
                    for parcel in order.parcels
                    if str(parcel.id) == row.subject
                    for scan in parcel.scans
                    if scan.amount_due is not None and (scan.amount_currency or order.currency) == row.currency
                ]
                assert policy.customs.duties == "buyer"
                assert Decimal(row.amount) <= max(due), row
            assert row.kind != promises.DUTY or policy.customs.duties == "shop"
            assert row.kind != promises.PAPERS or policy.customs.papers
            assert row.due_at > self.walk.shop.clock.now() or row.kind == promises.SHIP, row

    def _gives_once(self, made: list[Any]) -> None:
        full = Counter((row.order_id, row.subject) for row in made if row.kind in IN_FULL and row.state in STANDS)
        assert [key for key, count in full.items() if count > 1] == []
        cases = {row.number: row.subject for row in self.walk.rows("cases")}
        tasks = Counter(
            (row.order_id, row.kind, row.note.get("subject", cases.get(row.note.get("case", ""))))
            for row in self.walk.rows("shop_tasks")
        )
        for row in made:
            if row.kind not in TASKS or row.kind == promises.TRACE or row.amount is None:
                continue
            count = sum(tasks[row.order_id, kind, row.subject] for kind in TASKS[row.kind])
            assert count == 1, (row.kind, row.subject, count, tasks)

    def _hands_out_coupons_once(self) -> None:
        given = self.walk.rows("coupons_given")
        assert len({row.code for row in given}) == len({row.order_id for row in given}) == len(given)
        assert {row.code for row in given} <= set(CODES)
        told = {part.values.get("coupon") for one in self.walk.heard for part in _replies(one.reply)} - {None}
        assert told <= {row.code for row in given}

    def _tells_what_is_stored(self, made: list[Any]) -> None:
        policy, now = self.walk.world.policy, self.walk.shop.clock.now()
        dates = {(row.kind, shop_date(row.due_at, policy)) for row in made if row.state in STANDS}
        money = {
            (Money(Decimal(row.amount), row.currency), shop_date(row.due_at, policy))
            for row in made
            if row.amount is not None
        }
        today = shop_date(now, policy)
        for one in self.walk.heard:
            for part in _replies(one.reply):
                if CONDITIONAL.match(part.name):
                    continue
                by = part.values.get("by")
                if isinstance(by, date):
                    assert by in {day for _, day in dates}, part
                    for amount in (part.values.get("amount"), part.values.get("share")):
                        assert not isinstance(amount, Money) or (amount, by) in money, part
                for name, kind in KIND_OF_DATE.items():
                    told = part.values.get(name)
                    assert not isinstance(told, date) or told < today or (kind, told) in dates, (name, part)

    def _has_words_without_secrets(self) -> None:
        for one in self.walk.heard:
            written = json.dumps(to_json(one.reply), sort_keys=True)
            if written in _worded:
                continue
            _worded.add(written)
            reply = from_json(json.loads(written))
            for language in SPOKEN:
                worded = WORDS.word(reply, language)
                shown = "\n".join([worded.text, *(choice.label for choice in worded.choices), json.dumps(worded.card)])
                assert worded.text
                assert all(choice.label for choice in worded.choices)
                assert re.findall(r"\{[a-z_]+\}", shown.replace("{by}", "")) == []
                assert [secret for secret in SECRETS if secret in shown] == []

    def _gives_nothing_beside_a_person(self, made: list[Any]) -> None:
        owners = {row.id: row for row in self.walk.rows("conversations") if row.owner in ("queue", "agent")}
        for row in made:
            with_person = owners.get(row.conversation_id)
            if with_person and row.kind in promises.GIVES and row.id not in self.before and self.walk.heard:
                assert row.made_at <= with_person.owner_since, row

    def ends(self) -> None:
        """No sentence of feeling was said twice in a conversation."""
        rows = self.walk.rows("outbox")
        for chat, language in zip(self.walk.chats, self.walk.world.languages, strict=True):
            texts = [row.text for row in rows if row.conversation_id == chat.id]
            for feeling in _feelings(language):
                assert sum(feeling in text for text in texts[-30:]) <= 1, feeling


@pytest.fixture(scope="module")
def databases(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes a fresh database for each walk, in the place of the one before."""
    file = tmp_path_factory.mktemp("walk") / "doorstep.db"

    def fresh() -> Any:
        for left in file.parent.glob("doorstep.db*"):
            left.unlink()
        shutil.copy(migrated_sqlite, file)
        return make_engine(f"sqlite:///{file}", flush=False)

    return fresh


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_no_reply_promises_what_the_policy_forbids(databases: Any, seed: int, steps: int) -> None:
    random = Random(seed)
    engine = databases()
    try:
        watch = Watch(Walk(engine, any_shop(random)))
        for _ in range(steps):
            watch.walk.step(random)
            watch.look()
        watch.ends()
    finally:
        engine.dispose()
