"""Orders to look at with `doorstep preview`: one that is late, in two copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def previewing(copied: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """The orders, by copies of the demo's."""
    return [copied("1004", "7301"), copied("1004", "7302")]
