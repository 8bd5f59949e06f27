"""Figures of several systems over several rounds: medians, and ratios taken within a round."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

OURS, FLOOR = "Doorstep", "floor"
Figures = dict[str, float]


@dataclass
class Comparison:
    """By system and figure a value for each round, or one if it was measured once. `notes` are for the reader."""

    measured: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, system: str, figures: Figures) -> None:
        """Take the figures of one round."""
        for name, value in figures.items():
            self.measured.setdefault(system, {}).setdefault(name, []).append(value)

    def value(self, system: str, figure: str) -> float | None:
        """The median of a figure over the rounds; of answers that were wrong or missing all are counted."""
        values = self.measured.get(system, {}).get(figure)
        if not values:
            return None
        return sum(values) if figure.startswith("answers") else statistics.median(values)

    def ratio(self, system: str, figure: str) -> float | None:
        """The median over the rounds of a system's figure divided by ours in the same round."""
        theirs, ours = (self.measured.get(name, {}).get(figure, []) for name in (system, OURS))
        ratios = [one / other for one, other in zip(theirs, ours, strict=False) if other]
        return statistics.median(ratios) if ratios else None
