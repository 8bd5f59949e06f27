"""Where a parcel stands follows from its newest scan, the time since, and the country it goes to."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from doorstep.imports.validate import SCHEMA_FILE
from doorstep.parcels import Parcel, Stage, stage_of
from tests.builders import NOW, a_parcel, a_scan, days_ago

STATUSES: list[str] = json.loads(SCHEMA_FILE.read_text())["$defs"]["event"]["properties"]["status"]["enum"]
STAGES = {
    "sorting_centre": Stage.AT_DESTINATION,
    "arrived_destination": Stage.AT_DESTINATION,
    "out_for_delivery": Stage.AT_DESTINATION,
    "customs_held": Stage.CUSTOMS_HELD,
    "ready_for_pickup": Stage.WAITING_FOR_PICKUP,
    "delivery_failed": Stage.DELIVERY_FAILED,
    "delivered": Stage.DELIVERED,
    "returning": Stage.GOING_BACK,
    "returned": Stage.GOING_BACK,
    "cancelled": Stage.GOING_BACK,
    "lost": Stage.LOST,
    "damaged": Stage.LOST,
    "destroyed": Stage.LOST,
    "expired": Stage.STUCK,
}


def _stage(parcel: Parcel) -> Stage:
    return stage_of(parcel, NOW, 10, "BR")


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_an_import_has_its_stage(status: str) -> None:
    parcel = a_parcel(scans=(a_scan(status=status, country="BR"),))
    assert _stage(parcel) is STAGES.get(status, Stage.MOVING)


def test_a_sorting_centre_abroad_is_still_on_the_way() -> None:
    assert _stage(a_parcel(status="sorting_centre")) is Stage.MOVING


def test_a_sorting_centre_nobody_places_counts_as_arrived() -> None:
    assert _stage(a_parcel(scans=(a_scan(status="sorting_centre", country=""),))) is Stage.AT_DESTINATION


@pytest.mark.parametrize(("days", "stage"), [(9.99, Stage.MOVING), (10, Stage.STUCK), (40, Stage.STUCK)])
def test_a_parcel_is_stuck_when_nothing_was_heard_for_the_days_of_the_policy(days: float, stage: Stage) -> None:
    assert _stage(a_parcel(at=days_ago(days))) is stage


@pytest.mark.parametrize("status", ["customs_held", "ready_for_pickup", "delivery_failed", "delivered", "returning"])
def test_a_parcel_that_waits_for_somebody_does_not_get_stuck(status: str) -> None:
    assert _stage(a_parcel(status=status, at=days_ago(60))) is not Stage.STUCK


def test_a_label_alone_is_not_shipped() -> None:
    assert _stage(a_parcel(shipped_at=None, scans=())) is Stage.NOT_SHIPPED
    assert _stage(a_parcel(shipped_at=None, status="label_created")) is Stage.NOT_SHIPPED


def test_the_carriers_scan_counts_when_the_shop_forgot_to_say_that_it_sent_the_parcel() -> None:
    assert _stage(a_parcel(shipped_at=None)) is Stage.MOVING


def test_without_any_scan_only_a_tracking_number_tells_registered_mail_from_unregistered() -> None:
    assert _stage(a_parcel(scans=())) is Stage.MOVING
    assert _stage(a_parcel(scans=(), tracking_number="")) is Stage.UNREGISTERED


def test_the_newest_scan_is_the_last_one() -> None:
    scans = (a_scan(at=days_ago(5)), a_scan(at=days_ago(5) + timedelta(hours=1), status="customs"))
    assert a_parcel(scans=scans).newest == scans[1]
    assert a_parcel(scans=()).newest is None
