"""The one error of measuring."""

from __future__ import annotations


class CannotMeasure(Exception):
    """A figure cannot be had; the message is one sentence: what is wrong and, where known, what to do."""
