"""The one error of starting up."""

from __future__ import annotations


class CannotStart(Exception):
    """Doorstep cannot start; the message is what the operator reads: what is wrong and what to do."""
