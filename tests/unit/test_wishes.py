"""Several wishes of one message: their order, and which are one and the same conversation."""

from __future__ import annotations

import pytest

from doorstep.settings import ROOT
from doorstep.wishes import WISHES, in_order
from tests.consistency.reading import yaml


@pytest.mark.parametrize(
    ("stated", "handled"),
    [
        (["refund", "not_received"], ("not_received",)),
        (["return_item", "defective"], ("defective",)),
        (["refund", "cancel_order"], ("cancel_order",)),
        (["refund", "quality_complaint", "return_item"], ("quality_complaint",)),
        (["change_address", "track_order"], ("track_order", "change_address")),
        (["complaint_escalation", "not_received"], ("not_received", "complaint_escalation")),
        (["human_agent", "refund", "defective"], ("defective", "human_agent")),
        (["greet", "track_order", "thank"], ("track_order",)),
        ([], ()),
    ],
)
def test_wishes_are_handled_fact_first_and_one_flow_is_one_wish(stated: list[str], handled: tuple[str, ...]) -> None:
    assert in_order(stated) == handled


def test_every_wish_of_the_dialogue_has_its_place() -> None:
    asked_for = set(yaml(ROOT / "domain.yml")["slots"]["wish"]["values"])
    assert set(WISHES) == {*asked_for, "human_agent", "complaint_escalation"}
