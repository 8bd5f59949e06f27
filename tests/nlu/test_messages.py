"""Single messages that must never be misread, in the seven languages, and input that is odd or hostile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import Scorer
from doorstep.processes.understanding import REFUSED, STRANGE

Take = Callable[[str], str]
Find = Callable[[str], tuple[str, ...]]


@pytest.mark.parametrize(
    "text",
    [
        "it says delivered but i dont have it",
        "Tracking claims it was delivered. It was not.",
        "显示签收了但是我没有收到",
        "pone entregado y yo no tengo nada",
        "consta como entregue mas não recebi nada",
        "le suivi dit livré mais je n'ai rien reçu",
        "laut tracking zugestellt aber hier ist nichts angekommen",
        "написано что вручено а я ничего не получала",
    ],
)
def test_delivered_but_not_here_is_never_read_as_arrived(text: str, taken_for: Take) -> None:
    assert taken_for(text) == "not_received"


@pytest.mark.parametrize("number", ["55820193", "112-4455667-8899001", "RB123456785CN", "jo@shop.example", "#3307"])
def test_a_message_that_is_only_a_number_or_address_informs(number: str, taken_for: Take) -> None:
    assert taken_for(number) == "inform"


@pytest.mark.parametrize(
    ("card", "alone"),
    [
        (
            "咨询订单号:8153627480015926 共1件商品,合计￥59.00元,交易状态 交易成功 下单时间:2024-05-12 10:20:11 ",
            "我要退货",
        ),
        ("订单号：7093826154470 订单金额：￥126.00 下单时间：2024-06-03 18:58:26 ", "杯子碎了"),
        ("我要咨询这笔订单 订单编号3190582746610937725 ￥33 ", "转人工"),
    ],
)
def test_an_order_card_in_front_changes_nothing(card: str, alone: str, taken_for: Take) -> None:
    assert normalise(card + alone) == normalise(alone)
    assert taken_for(card + alone) == taken_for(alone) != REFUSED


def test_an_order_card_alone_names_an_order(taken_for: Take) -> None:
    assert taken_for("咨询订单号:8153627480015926 共1件商品,合计￥59.00元 下单时间:2024-05-12 10:20:11") == "inform"


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("my parcel never arrived and i want my money back", ("not_received",)),
        ("the mug came broken, i want to return it", ("defective",)),
        ("where is my order? and please change the delivery address", ("track_order", "change_address")),
        ("包裹一直没收到，给我转人工", ("not_received", "human_agent")),
        ("el paquete no ha llegado nunca. voy a poner una denuncia", ("not_received", "complaint_escalation")),
    ],
)
def test_what_a_message_states_is_found_and_one_flow_is_one_wish(
    text: str, wishes: tuple[str, ...], wishes_in: Find
) -> None:
    assert wishes_in(text) == wishes


@pytest.mark.parametrize("text", ["😡😡😡", "...", "?!?!", "~", "\u200b\u200b", "\u202e"])
def test_a_message_without_words_is_not_understood(text: str, taken_for: Take) -> None:
    assert taken_for(text) in (REFUSED, STRANGE)


@pytest.mark.parametrize("text", ["x", "я", "嗯", "1"])
def test_one_character_is_never_taken_for_a_wish(text: str, taken_for: Take) -> None:
    assert taken_for(text) in (REFUSED, STRANGE, "inform", "affirm", "deny")


@pytest.mark.parametrize(
    "text",
    [
        "где мой order? tracking не обновляется",
        "我的 package 还没到 where is it",
    ],
)
def test_mixed_languages_and_scripts_are_read_together(text: str, taken_for: Take) -> None:
    assert taken_for(text) in ("track_order", "not_received")


def test_a_wish_is_found_in_two_thousand_characters(taken_for: Take) -> None:
    story = "I bought this lamp for my mother's birthday and she was looking forward to it so much. " * 22
    assert taken_for((story + "It arrived broken, the glass is in pieces and it does not work.")[-2000:]) == "defective"


@pytest.mark.parametrize("char", ["a", "1", " ", "。", "-", "1 ", "1-", "🙂", "我"])
def test_two_thousand_times_the_same_is_read_and_refused_or_answered_but_never_fails(char: str, scorer: Scorer) -> None:
    reading = scorer.read((char * 2000)[:2000])
    assert all(0 <= confidence <= 1 for _, confidence in reading.ranking)
