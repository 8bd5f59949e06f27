"""Desks of other makers, to which a conversation can be handed over, and the two ways in which they fail."""

from __future__ import annotations


class DeskAway(Exception):
    """The desk gave no answer that can be used: the same call may succeed later.

    It may have done the work all the same. `retry_after` is how many seconds it asked to be left alone, None if it
    did not say.
    """

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class DeskRefused(Exception):
    """The desk understood and said no: the same call would be refused again.

    `status` is that of HTTP, `what` tells the shop what to mend and holds no secret, `fields` are the names of what
    it would not take.
    """

    def __init__(self, status: int, what: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.status = status
        self.what = what
        self.fields = fields
