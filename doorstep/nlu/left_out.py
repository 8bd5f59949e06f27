"""Keeps libraries out of the Rasa process that Rasa imports at every start and a server of Doorstep's never uses.

Rasa imports the clients of all messengers and stores it knows, and scikit-learn, before it reads which are wanted;
together they are a third of the process's memory and a fifth of its start. Messengers are the front's business, the
store is our own, and scikit-learn is needed for training alone. Rasa's own commands are not touched by this.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

LIBRARIES = frozenset(
    {
        "aiogram",  # Telegram
        "boto3",  # DynamoDB
        "botocore",
        "fbmessenger",
        "mattermostwrapper",
        "pymongo",
        "rocketchat_API",
        "sklearn",
        "slack_sdk",
        "twilio",
        "webexteamssdk",
    }
)


class LeftOutError(Exception):
    """A library was used that was left out of this process."""


class _LeftOut(LeftOutError):
    """What every name of such a library is: good as an annotation, a base class or in an `except`, never made."""

    def __new__(cls, *_args: object, **_kwargs: object) -> NoReturn:
        raise LeftOutError(
            f"{cls.__module__}.{cls.__name__} is left out of Doorstep's Rasa process, which reaches buyers through the "
            "front alone. Set DOORSTEP_SPEEDUPS=off to start with every library of Rasa's."
        )


class _Module(ModuleType):
    __path__: list[str] = []  # noqa: RUF012 - how Python knows a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (_LeftOut,), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        wanted = fullname.split(".", 1)[0] in LIBRARIES
        return ModuleSpec(fullname, self, is_package=True) if wanted else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is to be run."""


def leave_out() -> None:
    """From now on, imports of LIBRARIES in this process give names that cannot be used. Call it before Rasa's."""
    sys.meta_path.insert(0, _Finder())
