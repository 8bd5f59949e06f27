"""The trained model as Rasa loads it, once for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain

from doorstep.processes.training import ensure_model


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelMetadata, DaskGraphRunner]:
    folder: Path = tmp_path_factory.mktemp("model")
    loaded: tuple[ModelMetadata, DaskGraphRunner] = load_predict_graph_runner(
        folder, ensure_model(), LocalModelStorage, DaskGraphRunner
    )
    return loaded


@pytest.fixture(scope="session")
def runner(model: tuple[ModelMetadata, DaskGraphRunner]) -> DaskGraphRunner:
    return model[1]


@pytest.fixture(scope="session")
def domain(model: tuple[ModelMetadata, DaskGraphRunner]) -> Domain:
    return model[0].domain
