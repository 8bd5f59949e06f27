"""The rules for the people who answer: when a conversation is taken back, what they may grant, and canned replies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field, root_validator

from doorstep.languages import SPOKEN
from doorstep.policy import rules
from doorstep.policy.groups import Group

# What a canned reply of the shop's own may name in braces; `doorstep.people.canned` knows what each stands for.
PLACEHOLDERS = (
    "agent", "shop", "buyer", "order_number", "items", "total", "carrier", "tracking_number", "status", "as_of",
    "expected_by", "amount", "by", "new_tracking_number", "return_number", "address", "ship_by",
)  # fmt: skip
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")

_AGENT = {"USD": 200, "EUR": 180, "GBP": 160, "CAD": 260, "AUD": 300, "BRL": 1000, "MXN": 3600, "CNY": 1400}
_LEAD = {"USD": 1000, "EUR": 900, "GBP": 800, "CAD": 1300, "AUD": 1500, "BRL": 5000, "MXN": 18000, "CNY": 7000}


def canned(value: Any) -> dict[str, dict[str, str]]:
    """Canned replies: by name, then by language."""
    name = "a name of 2 to 32 small letters, such as thanks"
    return dict(rules.mapped(rules.named, name, _by_language, 'replies such as {thanks: {en: "Thank you!"}}')(value))


def _by_language(value: Any) -> dict[str, str]:
    language = f"a language that buyers are answered in: {', '.join(SPOKEN)}"
    form = 'a text for each language, such as {en: "Thank you!"}'
    texts = dict(rules.mapped(_is_spoken, language, _text, form)(value))
    if not texts:
        raise rules.Wrong(rules.Mistake((), form))
    return texts


def _is_spoken(value: Any) -> bool:
    return value in SPOKEN


def _text(value: Any) -> str:
    text = str(rules.words(value))
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        told = f"nobody knows what {{{unknown[0]}}} stands for; those known are {known}"
        raise rules.Wrong(rules.Mistake((), told, is_told=True))
    return text


class Limits(Group):
    """The most that an agent, or a lead, may grant at once, by currency; in one that is not listed nothing."""

    agent: dict[str, Decimal] = Field(
        default={code: Decimal(most) for code, most in _AGENT.items()}, check=rules.limits
    )
    lead: dict[str, Decimal] = Field(default={code: Decimal(most) for code, most in _LEAD.items()}, check=rules.limits)

    @root_validator(skip_on_failure=True)
    def _a_lead_may_grant_as_much(cls, values: dict[str, Any]) -> dict[str, Any]:
        agent, lead = values["agent"], values["lead"]
        less = [code for code, most in agent.items() if lead.get(code, Decimal(0)) < most]
        if less:
            raise rules.Wrong(*(_less(code, agent[code]) for code in less))
        return values


def _less(code: str, most: Decimal) -> rules.Mistake:
    return rules.Mistake(("lead", code), f"at least {most:f}, which an agent may grant")


class Desk(Group):
    """The desk. A conversation goes back to the queue when its agent gave no sign for `idle_minutes`.

    That is while the buyer waits. `canned` are the shop's own canned replies: name, language, text.
    """

    idle_minutes: int = Field(default=15, check=rules.whole(1, 480, "minutes"))
    limits: Limits = Limits()
    canned: dict[str, dict[str, str]] = Field(default={}, check=canned)

    def limits_of(self, role: str) -> Mapping[str, Decimal]:
        """The most that somebody of a role ("agent" or "lead") may grant at once, by currency; nothing for another."""
        return {"agent": self.limits.agent, "lead": self.limits.lead}.get(role, {})
