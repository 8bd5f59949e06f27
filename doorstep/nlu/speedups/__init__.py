"""Takes out what stock Rasa spends a turn on without need; the events and replies of a conversation stay the same.

Each function in these modules stands in for one of Rasa's, and says what that one did and why nothing is lost. They
were written against Rasa 3.6.21 and refuse every other version, because they rest on how its inside works.
DOORSTEP_SPEEDUPS=off runs Rasa as it is. What each brings is measured in docs/performance.md.
"""

from __future__ import annotations

from typing import Any

import rasa
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from doorstep.nlu.speedups import actions, graph, rules, trackers

WRITTEN_FOR = "3.6.21"


class WrongRasaVersionError(RasaException):
    """The speed-ups were not written for the installed Rasa."""


def apply() -> None:
    """Put every speed-up in its place. Raises WrongRasaVersionError, and changes nothing, for another Rasa."""
    if rasa.__version__ != WRITTEN_FOR:
        raise WrongRasaVersionError(
            f"Doorstep's speed-ups were written for Rasa {WRITTEN_FOR} and this is {rasa.__version__}: install "
            f"{WRITTEN_FOR}, or set DOORSTEP_SPEEDUPS=off to run without them."
        )
    for owner, name, replacement in replacements():
        setattr(owner, name, replacement)


def replacements() -> list[tuple[Any, str, Any]]:
    """What `apply` puts where: the owner, the attribute, and what takes its place."""
    return [
        (RemoteAction, "_validate_action_result", actions.validate_action_result),
        (RemoteAction, "_action_call_format", actions.action_call_format),
        (EndpointConfig, "session", actions.kept_session),
        (Event, "resolve_by_type", staticmethod(trackers.resolve_by_type)),
        (DialogueStateTracker, "copy", trackers.copy_tracker),
        (DialogueStateTracker, "applied_events", trackers.applied_events),
        (RulePolicy, "_prediction_states", rules.latest_states),
        (RulePolicy, "_get_possible_keys", rules.possible_keys),
        (rasa.core.processor, "DaskGraphRunner", graph.SequentialGraphRunner),
        (Domain, "is_empty", graph.is_empty),
    ]
