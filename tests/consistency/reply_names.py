"""Which replies Python names: whole names, and families such as `term_status_{}` with what they are filled with.

A family is found in the code by its shape; what can stand in the gap is said here, from the same enums and lists
the code uses.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from doorstep import offers, parcels, promises
from doorstep.answers import TRACKING_WISHES
from doorstep.desk.work import WHYS
from doorstep.people import canned, grants
from doorstep.policy.rules import TEAMS
from doorstep.settings import ROOT
from tests.consistency.reading import PRODUCT, nodes, place, python_files, yaml

RASA_CALLS_IT = "utter_action"  # where Rasa puts the name of a reply
_KIND = r"(?:utter|term|choice|notice|apology)_"
NAME = re.compile(_KIND + r"[a-z0-9_]*[a-z0-9]")
FAMILY = re.compile(_KIND + r"[a-z0-9_{}]*|\{\}_[a-z_]+")
_SCAN = json.loads((ROOT / "doorstep/imports/schema.json").read_text())["$defs"]["event"]["properties"]
_WISHES = set(yaml(ROOT / "domain.yml")["slots"]["wish"]["values"])
_REMEDIES = {offers.RESEND, offers.REFUND}
_GRANTS = {promises.RESEND, promises.REFUND, promises.CANCEL, promises.SWAP}
_FEELINGS = {"asked", "waiting", "missing", "late", "sorry_again", "lost", "customs", "pickup", "returning"}
_ASKING = {"planned", "asked", "overdue"}  # the carrier, to trace a parcel or about a claim
_BACK = {status for status, stage in parcels._STAGE_OF_STATUS.items() if stage is parcels.Stage.GOING_BACK}

FILLED_WITH: dict[str, set[str]] = {
    "choice_address_{}": {offers.YES, offers.NO},
    "choice_cancelling_{}": {offers.YES, offers.NO},
    "choice_now_{}": _REMEDIES,
    "choice_rate_{}": {*WHYS, *(why for whys in WHYS.values() for why in whys)},
    "choice_signer_{}": {offers.YES, offers.NO},
    "choice_then_{}": {*_REMEDIES, offers.WAIT},
    "choice_wish_{}": _WISHES,
    "choice_unshipped_{}": {offers.WAIT, offers.CANCEL, "swap"},
    "notice_canned_{}": set(canned.NEEDS),
    "notice_rate_why_{}": set(WHYS),
    "term_business_days_{}": {"one", "many"},
    "term_canned_lacks_{}": set(canned.LACKS.values()),
    "term_canned_title_{}": set(canned.NEEDS),
    "term_chosen_{}": _REMEDIES,
    "term_claim_{}": _ASKING,
    "term_grant_{}": set(grants.KINDS),
    "term_progress_{}": _BACK,
    "term_reason_{}": set(_SCAN["reason"]["enum"]),
    "term_remedy_{}": _REMEDIES,
    "term_stage_{}": {"returned", "cancelled", *(stage.value for stage in parcels.Stage)},
    "term_status_{}": set(_SCAN["status"]["enum"]),
    "term_team_{}": set(TEAMS),
    "term_trace_{}": _ASKING,
    "utter_already_{}": _GRANTS,
    "utter_feel_{}": _FEELINGS | _WISHES - set(TRACKING_WISHES),
    "utter_granted_{}": _GRANTS,
    "utter_kept_{}": _GRANTS,
    "utter_offer_{}": {refusal.value for refusal in offers.Refusal},
    "utter_overdue_{}": _GRANTS,
    "utter_parcel_in_time_{}": {"registered", "unregistered"},
    "utter_parcel_wait_is_over_{}": _REMEDIES,
    "utter_parcel_{}": {"damaged", "lost"},
    "utter_wait_noted_{}": {*_REMEDIES, offers.WAIT},
    "{}_person": {
        "utter_parcel_damaged",
        "utter_parcel_lost",
        "utter_parcel_returning_refused",
        "utter_parcel_stuck",
        "utter_parcel_wait_is_over",
    },
}


def named_in_python() -> dict[str, str]:
    """Every whole reply name in the product's code, with the place of one use."""
    return {text: where for text, where in _texts() if NAME.fullmatch(text) and text != RASA_CALLS_IT}


def families_in_python() -> dict[str, str]:
    """Every family of reply names in the product's code, with the place of one use."""
    return {text: where for text, where in _texts() if "{}" in text and FAMILY.fullmatch(text)}


def members(family: str) -> set[str]:
    """The names a family stands for."""
    return {family.replace("{}", word) for word in FILLED_WITH[family]}


def _texts() -> Iterator[tuple[str, str]]:
    """Strings and f-strings of the code, with {} for each gap; a string ending in "_" is begun, so has one too."""
    for path in python_files(*PRODUCT):
        parts = _parts_of_others(path)
        for node in nodes(path, ast.JoinedStr, ast.Constant):
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
            elif isinstance(node.value, str) and id(node) not in parts:
                text = node.value + "{}" * node.value.endswith("_")
            else:
                continue
            yield text, f"{place(path)}:{node.lineno}"


def _parts_of_others(path: Path) -> set[int]:
    """Strings that name nothing themselves: pieces of f-strings, and beginnings that are only compared with."""
    pieces = {id(value) for node in nodes(path, ast.JoinedStr) for value in node.values}
    calls = [node for node in nodes(path, ast.Call) if isinstance(node.func, ast.Attribute)]
    return pieces | {id(argument) for call in calls if call.func.attr == "startswith" for argument in call.args}
