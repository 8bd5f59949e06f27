"""Finds all wishes that one message plainly states, by reading its clauses one by one.

Sits under the intent classifier. A second wish counts when a clause states it and the whole message does not speak
against it; in a message of one clause, when that speaks for it nearly as much as for the first. A long story that says
nothing clear as a whole is taken for what one of its clauses says clearly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from doorstep.nlu.scoring import HAN, Reading

# Never a negation by itself: cut at it, "has not arrived" would say the opposite.
_JOINED_BY = (
    "and, also, but, plus, or, so, otherwise, if not, y, e, o, pero, además, ademas, también, tambien, si no, sino, "
    "mas, ou, além, também, tambem, senão, senao, et, ou, mais, aussi, sinon, und, oder, aber, auch, sonst, ausserdem, "
    "außerdem, и, а, но, или, еще, ещё, также, тоже, иначе"
)
_WORDS = "|".join(sorted(set(_JOINED_BY.split(", ")), key=len, reverse=True))
_HAN_WORDS = "另外|还有|而且|然后|顺便|不然|否则|要不|还想|再"
_BORDER = re.compile(
    rf"[.!?;:,…。！？；：，、]+|\s[-–—]\s|(?<=[{HAN}])\s+(?=[{HAN}])|\b(?:{_WORDS})\b|{_HAN_WORDS}", re.IGNORECASE
)
_SHORTEST, _SHORTEST_HAN = 6, 3  # characters; less than that states no wish
_MOST = 8  # clauses read of one message


@dataclass(frozen=True)
class Plainly:
    """From which share (0 to 1) on a second wish counts as stated. How they were chosen: decision 3.

    `clause`: in a clause, if the whole message gives it at least `hint`. `whole`: in a message of one clause.
    A clause speaks for a message whose own confidence is below `unsure` when the clause's is at least `sure`.
    """

    clause: float
    hint: float
    whole: float
    unsure: float
    sure: float


@dataclass(frozen=True)
class Understood:
    """What a message is taken for, and the wishes it states, the likeliest of the whole message first."""

    reading: Reading
    wishes: list[str]


def clauses(text: str) -> list[str]:
    """The clauses of a normalised text; none when it has only one."""
    found = [part.strip() for part in _BORDER.split(text)]
    long_enough = [part for part in found if len(part) >= (_SHORTEST_HAN if re.search(f"[{HAN}]", part) else _SHORTEST)]
    long_enough = list(dict.fromkeys(long_enough))  # a question asked twice is one
    if len(long_enough) > _MOST:  # of a long story the beginning says what it is about, and the end what is wanted
        long_enough = long_enough[: _MOST // 2] + long_enough[-_MOST // 2 :]
    return long_enough if len(long_enough) > 1 else []


def understand(text: str, read: Callable[[str], Reading], wishes: Collection[str], plainly: Plainly) -> Understood:
    """Read a normalised text and, where that can tell more, its clauses; only `wishes` count as wishes."""
    whole = read(text)
    is_unsure = whole.confidence < plainly.unsure
    wanted = is_unsure or _may_state_another(whole, wishes, plainly)
    parts = [read(clause) for clause in clauses(text)] if wanted else []
    if is_unsure:
        sure = [part for part in parts if part.intent in wishes and part.confidence >= plainly.sure]
        whole = max(sure, key=lambda part: part.confidence, default=whole)
    found = [whole.intent]
    for part in parts:
        if part.shares[part.intent] >= plainly.clause and whole.shares[part.intent] >= plainly.hint:
            found.append(part.intent)
    if not parts:
        found += [name for name, _ in whole.ranking[1:4] if whole.shares[name] >= plainly.whole]
    return Understood(whole, [name for name in dict.fromkeys(found) if name in wishes])


def _may_state_another(whole: Reading, wishes: Collection[str], plainly: Plainly) -> bool:
    """Whether reading the clauses can find a wish beside the likeliest one."""
    return any(whole.shares[name] >= plainly.hint for name in wishes if name != whole.intent and name in whole.shares)
