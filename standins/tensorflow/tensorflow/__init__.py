"""Stands in for TensorFlow: gives Rasa the names it touches at import and refuses to do anything else.

Rasa imports TensorFlow at start-up whatever the pipeline is. Here its names are placeholders: they can be
base classes, annotations and attributes; calling one, or making an object of a class built on one, raises
the error below. Only the modules Rasa imports exist, so a library that looks for another part of
TensorFlow or for Keras itself gets the ImportError it expects.
"""

import sys
import types

MESSAGE = (
    "DIET, TED and other TensorFlow components are not available in this installation of Doorstep; "
    "see docs/decisions/0001-no-tensorflow.md"
)

_MODULES = (
    "tensorflow.keras",
    "tensorflow.keras.backend",
    "tensorflow.keras.utils",
    "tensorflow.python",
    "tensorflow.python.eager",
    "tensorflow.python.eager.wrap_function",
    "tensorflow.types",
    "tensorflow.types.experimental",
    "keras",
    "keras.utils",
    "keras.utils.control_flow_util",
    "keras.utils.tf_utils",
)


def _absent():
    """The error. It is one of Rasa's own kind, so that `rasa train` prints the message and no stack trace."""
    from rasa.shared.exceptions import InvalidConfigException

    return InvalidConfigException(MESSAGE)


class _Base:
    """What a class derived from a placeholder really derives from: it can be defined, not made."""

    def __new__(cls, *args, **kwargs):
        raise _absent()


class _Placeholder:
    """Any name of TensorFlow: has every attribute, fits in annotations, cannot be called."""

    def __init__(self, name):
        self.__name__ = self.__qualname__ = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Placeholder(f"{self.__name__}.{name}")

    def __repr__(self):
        return f"<{self.__name__}, absent>"

    def __call__(self, *args, **kwargs):
        raise _absent()

    def __mro_entries__(self, bases):
        return (_Base,)

    def __instancecheck__(self, instance):
        return False

    def __subclasscheck__(self, subclass):
        return False


class _Module(types.ModuleType):
    """A module whose every public name is a placeholder."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Placeholder(f"{self.__name__}.{name}")


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Placeholder(f"tensorflow.{name}")


def _make_modules():
    for name in _MODULES:
        module = sys.modules[name] = _Module(name, MESSAGE)
        module.__path__ = []
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)


_make_modules()
