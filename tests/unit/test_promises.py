"""A promise is found by what it is about, and falls due when its date has passed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doorstep.promises import CANCEL, GRACE, REFUND, RESEND, REST, SWAP, TRACE, Promise, find, granted
from tests.builders import NOW


def test_a_promise_is_due_after_its_last_moment() -> None:
    promise = Promise(GRACE, "1", NOW)
    assert not promise.is_due(NOW)
    assert promise.is_due(NOW + timedelta(seconds=1))


def test_a_promise_is_found_by_kind_and_subject_whatever_its_state() -> None:
    kept = Promise(GRACE, "2", NOW, state="kept")
    standing = (Promise(GRACE, "1", NOW), Promise(TRACE, "2", NOW), kept)
    assert find(standing, GRACE, "2") is kept
    assert find(standing, TRACE, "1") is None


@pytest.mark.parametrize("kind", [RESEND, REFUND, CANCEL, SWAP])
@pytest.mark.parametrize(("state", "counts"), [("open", True), ("kept", True), ("broken", True), ("cancelled", False)])
def test_a_remedy_counts_as_granted_unless_it_was_cancelled(kind: str, state: str, counts: bool) -> None:
    assert (granted((Promise(kind, "1", NOW, state=state),), "1") is not None) is counts


@pytest.mark.parametrize("kind", [GRACE, TRACE])
def test_other_promises_grant_nothing(kind: str) -> None:
    assert granted((Promise(kind, "1", NOW),), "1") is None


@pytest.mark.parametrize(
    ("kind", "of", "subject", "counts"),
    [
        (REFUND, "2", "1", False),
        (REFUND, "1", "", False),
        (CANCEL, "", "1", True),
        (CANCEL, "", REST, True),
        (CANCEL, REST, "1", False),
        (SWAP, "", "1", False),
        (SWAP, "", REST, True),
        (SWAP, REST, "1", False),
    ],
)
def test_what_is_granted_for_one_part_is_not_granted_for_another(
    kind: str, of: str, subject: str, counts: bool
) -> None:
    assert (granted((Promise(kind, of, NOW),), subject) is not None) is counts
