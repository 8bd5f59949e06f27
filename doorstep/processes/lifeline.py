"""Ties a process to the one that started it, so that nothing stays behind when that one is killed."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int | None = None) -> None:
    """Have this process sent SIGTERM when its parent ends, however it ends (Linux; elsewhere nothing is done).

    `parent` is the parent's process id where the caller knows it: a parent that is gone already ends us at once.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
