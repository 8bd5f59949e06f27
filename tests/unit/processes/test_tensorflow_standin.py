"""The package that stands in for TensorFlow lets Rasa be imported, says so when used, and fools nobody else."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib import metadata
from typing import Any

import pytest
from rasa.shared.exceptions import RasaException

TOLD = (
    "^DIET, TED and other TensorFlow components are not available in this installation of Doorstep; "
    r"see docs/decisions/0001-no-tensorflow\.md$"
)


@pytest.fixture
def tf() -> Any:
    return importlib.import_module("tensorflow")


def test_standin_is_what_is_installed() -> None:
    assert metadata.version("tensorflow") == "2.12.0+standin"


def test_class_of_tensorflow_can_be_a_base_but_not_be_made(tf: Any) -> None:
    class Layer(tf.keras.layers.Layer):  # type: ignore[misc]
        pass

    with pytest.raises(RasaException, match=TOLD):
        Layer()


def test_function_of_tensorflow_tells_that_it_is_missing_and_where_to_read_on(tf: Any) -> None:
    # Rasa prints errors of its own kind as one line, without a stack trace.
    with pytest.raises(RasaException, match=TOLD):
        tf.random.set_seed(1)


def test_nothing_is_an_instance_of_a_tensorflow_class(tf: Any) -> None:
    assert not isinstance(1.0, tf.Tensor)


@pytest.mark.usefixtures("tf")
@pytest.mark.parametrize("module", ["tensorflow.experimental.dlpack", "tensorflow.compat.v1", "tensorflow.lite"])
def test_part_that_rasa_does_not_import_is_missing_as_others_expect(module: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(module)


def test_keras_is_not_found_by_a_library_that_looks_for_it() -> None:
    looks = "import importlib.util as u; print(u.find_spec('keras'), u.find_spec('tensorflow_hub'))"
    done = subprocess.run([sys.executable, "-c", looks], capture_output=True, text=True, check=True)

    assert done.stdout == "None None\n"
