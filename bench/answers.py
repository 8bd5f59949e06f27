"""Whether answers are right: exactly one to each message, and of the right kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.writers import Message

_SHOWN = 5


@dataclass
class Tally:
    """Messages answered wrongly (another text, or more than one) and not at all; the first few as examples."""

    wrong: int = 0
    missing: int = 0
    examples: list[str] = field(default_factory=list)

    def count(self, text: str, answer: Sequence[Message], right: Sequence[str]) -> None:
        """Count the answer to one message, given the texts that are right."""
        if not answer:
            self.miss(f"{text!r} was not answered")
        elif len(answer) > 1 or answer[0]["text"] not in right:
            self.mistake(f"{text!r} was answered with {[message['text'] for message in answer]}")

    def miss(self, what: str) -> None:
        """Count an answer that did not come."""
        self.missing += 1
        self.examples = [*self.examples, what][:_SHOWN]

    def mistake(self, what: str) -> None:
        """Count an answer that is wrong."""
        self.wrong += 1
        self.examples = [*self.examples, what][:_SHOWN]

    def add(self, other: Mapping[str, object]) -> None:
        """Count what another one counted, given as by `asdict`."""
        more = Tally(**other)  # type: ignore[arg-type]
        self.wrong, self.missing = self.wrong + more.wrong, self.missing + more.missing
        self.examples = [*self.examples, *more.examples][:_SHOWN]
