"""Whether buyers who write at the same time get their own answers: each asks for an order of its own."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

from bench.answers import Tally
from bench.system import RunningSystem
from bench.wire import Refused
from bench.writers import DoorstepWriter, Message
from doorstep import demo

QUESTION = "where is my order?"
_WITH_A_PERSON = ("1014", "1019")  # a person takes these orders over at once, and the assistant is silent then


def ask_for_own_orders(system: RunningSystem, writers: int) -> Tally:
    """Let `writers` buyers prove a demo order each, then ask at once. Right is an answer that names this order only."""
    orders = [order for order in demo.listing() if order["number"] not in _WITH_A_PERSON]
    numbers = [order["number"] for order in demo.listing()]
    buyers = [(orders[index % len(orders)], DoorstepWriter(system.port)) for index in range(writers)]
    tally = Tally()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(lambda each: each[1].say(f"where is order {each[0]['number']}, {each[0]['email']}"), buyers))
        answered = list(pool.map(lambda each: _ask(each[1]), buyers))
    for (order, writer), heard in zip(buyers, answered, strict=True):
        answer = writer.recall()[-1][1]  # with what came after the first message of it
        if not heard or not answer:
            tally.miss(f"the owner of {order['number']} was not answered")
        elif _named(answer, numbers) != {order["number"]}:
            tally.mistake(f"the owner of {order['number']} heard {[message['text'] for message in answer]}")
        writer.close()
    return tally


def _ask(writer: DoorstepWriter) -> list[Message]:
    try:
        return writer.say(QUESTION)
    except Refused:
        return []


def _named(answer: list[Message], numbers: list[str]) -> set[str]:
    """The order numbers that an answer names, in its texts or on its cards."""
    shown = json.dumps([[message["text"], message["card"]] for message in answer])
    return {number for number in numbers if re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", shown)}
