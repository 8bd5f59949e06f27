"""Running the components of a model, and asking for its domain."""

from __future__ import annotations

from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain


class SequentialGraphRunner(DaskGraphRunner):
    """Runs a model's components one after another in a fixed order. Rasa plans them anew with Dask for each message."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need and give each target's output. Raises as DaskGraphRunner does."""
        targets = targets or self._graph_schema.target_names
        results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, needs in self._order(tuple(targets)):
                results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {target: results[target][1] for target in targets}

    @lru_cache(maxsize=8)  # noqa: B019 - one runner a model, and it lives as long as the process
    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """The components the targets need, each after those it needs itself, and what it needs."""
        needs = {
            name: list(node.needs.values())
            for name, node in self._graph_schema.minimal_graph_schema(list(targets)).nodes.items()
        }
        order = TopologicalSorter({name: [need for need in of if need in needs] for name, of in needs.items()})
        return [(name, needs[name]) for name in order.static_order()]


_stock_is_empty = Domain.is_empty


def is_empty(self: Domain) -> bool:
    """Whether the domain says nothing, found out once. Rasa builds an empty domain to compare with for each message."""
    empty: bool | None = self.__dict__.get("_is_empty")
    if empty is None:
        empty = self.__dict__["_is_empty"] = _stock_is_empty(self)
    return empty
