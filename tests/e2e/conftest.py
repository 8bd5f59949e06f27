"""The one running system for every test that talks to it."""

from __future__ import annotations

import pytest

from tests.e2e.shop import Shop, running_shop


@pytest.fixture(scope="session")
def shop(request: pytest.FixtureRequest) -> Shop:
    """The whole system, ready, with the demo's orders and the tests' own."""
    return running_shop(request.config)
