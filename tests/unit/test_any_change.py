"""Whatever the order and what was given before: changing it never fails, gives too much, or shows where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings

from doorstep import answers, promises
from doorstep.settlement import Settlement, Situation
from tests.changing import after
from tests.telling import WORDS, stored
from tests.unit.test_any_settlement import situations

WRITTEN = ("Rua Chile 99, Campinas, 13010-111", "12 Elm St\nYork\nYO1 7HH", "12 rue X, 75002 Paris, France", "?", "no")
ANY = settings(max_examples=60, deadline=None)


def _answers(situation: Situation) -> Iterator[tuple[Situation, Settlement]]:
    """Each answer to a wish for a change and to all that it offers or asks, with the order it was given for."""
    for wish, about in (("cancel_order", ""), ("cancel_order", "why"), ("change_address", ""), ("confirm_receipt", "")):
        asked = replace(situation, about=about)
        settled = answers.settle(asked, wish)
        yield asked, settled
        yield from _taken(after(asked, settled), settled)
        if settled.asks:
            what, _, subject = settled.asks.split("/", 2)
            for text in WRITTEN:
                told = answers.settle_details(asked, what, subject, text)
                yield asked, told
                yield from _taken(after(asked, told), told)


def _taken(situation: Situation, settled: Settlement) -> Iterator[tuple[Situation, Settlement]]:
    for index, made in enumerate(settled.offers):
        for option in made.options if made.kind in ("cancelling", "address") else ():
            yield situation, answers.settle_option(situation, stored(settled, index), option)


@ANY
@given(situations())
def test_every_answer_has_words_and_gives_no_more_than_is_left_of_the_price(situation: Situation) -> None:
    for before, settled in _answers(situation):
        assert settled.replies
        assert [reply.name for reply in settled.replies if not WORDS.word(reply, "en").text] == []
        left = before.order.total - promises.given(before.promises)
        assert promises.given(settled.promises) <= max(left, Decimal(0))


@ANY
@given(situations())
def test_the_address_so_far_is_never_shown_in_full(situation: Situation) -> None:
    street, postcode = situation.order.ship_to.line1, situation.order.ship_to.postcode
    shown = "\n".join(WORDS.word(reply, "en").text for _, settled in _answers(situation) for reply in settled.replies)
    assert [part for part in (street, postcode) if len(part) > 3 and part in shown] == []


@ANY
@given(situations())
def test_an_order_is_changed_only_with_a_task_for_the_shop_or_a_receipt(situation: Situation) -> None:
    for _, settled in _answers(situation):
        if settled.change and not settled.change.confirmed_at:
            assert settled.tasks or settled.handover
