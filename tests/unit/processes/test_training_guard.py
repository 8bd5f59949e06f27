"""A new model replaces the one in use unless it understands clearly less."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from doorstep.processes import training, understanding
from doorstep.processes.guard import UnderstandsLess
from tests.unit.processes.small_model import EXAMPLES, a_model, a_project

WORSE = {**EXAMPLES, "greet": [*EXAMPLES["greet"], *EXAMPLES["refund"]], "refund": ["the sum that was paid"]}


class Trainer:
    """Stands for Rasa: gives the model the test has put in."""

    def __init__(self, model: Path) -> None:
        self.model = model
        self.runs = 0

    def __call__(self, root: Path, out: Path, log: Path, tell: training.Tell) -> int:
        self.runs += 1
        log.write_text("fine\n")
        shutil.copy(self.model, out / "model.tar.gz")
        return 0


class Shop:
    """A project, its models, and what training them says."""

    def __init__(self, folder: Path) -> None:
        self.root, self.models, self.told = a_project(folder), folder / "models", list[str]()
        self.good, self.worse = a_model(folder), a_model(folder, WORSE)
        self.trainer = Trainer(self.good)

    def train(self, *, force: bool = False) -> Path:
        return training.ensure_model(self.root, self.models, force=force, **self._with())

    def start(self) -> Path:
        return training.model_to_start(self.root, self.models, **self._with())

    def _with(self) -> dict[str, object]:
        return {"tell": self.told.append, "trainer": self.trainer, "scoring": understanding.score}

    def gets_worse(self, source: str = "data/nlu/en/refund.yml") -> None:
        """Change a source so that the next model understands less."""
        (self.root / source).write_text("# changed\n" + (self.root / source).read_text())
        self.trainer.model = self.worse

    def kept(self) -> list[str]:
        return sorted(path.name for path in self.models.glob("doorstep-*.tar.gz"))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_the_first_model_is_taken_and_its_report_is_kept_beside_it(shop: Shop) -> None:
    model = shop.train()
    report = model.with_name(model.name.replace(".tar.gz", ".report.json"))
    assert understanding.read(report) == understanding.score(model, shop.root)
    assert shop.told == ["Held-out phrases understood (F1, 0 to 1): en 1.00"]


def test_a_model_that_understands_less_is_not_taken_and_nothing_is_left_of_it(shop: Shop) -> None:
    in_use = shop.train()
    shop.gets_worse()
    with pytest.raises(UnderstandsLess, match=r"en, refund: 1\.00 before, 0\.00 now") as refused:
        shop.train()
    assert refused.value.in_use == in_use
    assert shop.kept() == [in_use.name]


def test_a_model_that_was_refused_is_not_trained_again(shop: Shop) -> None:
    shop.train()
    shop.gets_worse()
    complaints = []
    for _ in range(2):
        with pytest.raises(UnderstandsLess) as refused:
            shop.train()
        complaints.append(str(refused.value))
    assert (shop.trainer.runs, complaints[0]) == (2, complaints[1])


def test_force_takes_a_model_that_understands_less(shop: Shop) -> None:
    in_use = shop.train()
    shop.gets_worse()
    with pytest.raises(UnderstandsLess):
        shop.train()
    taken = shop.train(force=True)
    assert taken != in_use
    assert shop.train() == taken


def test_the_next_model_is_compared_with_the_one_that_was_taken_by_force(shop: Shop) -> None:
    shop.train()
    shop.gets_worse()
    shop.train(force=True)
    shop.gets_worse()
    assert shop.train().name in shop.kept()


def test_a_model_without_report_is_replaced_whatever_the_new_one_understands(shop: Shop) -> None:
    in_use = shop.train()
    in_use.with_name(in_use.name.replace(".tar.gz", ".report.json")).unlink()
    shop.gets_worse()
    assert shop.train() != in_use


def test_the_model_in_use_is_the_one_asked_for_last_and_not_the_one_trained_last(shop: Shop) -> None:
    source = shop.root / "data/nlu/en/refund.yml"
    before = source.read_text()
    first = shop.train()
    shop.gets_worse()
    shop.train(force=True)
    source.write_text(before)
    assert shop.train() == first
    source.write_text("# once more\n")
    with pytest.raises(UnderstandsLess) as refused:
        shop.train()
    assert refused.value.in_use == first


def test_nothing_is_trained_or_scored_where_nothing_changed(shop: Shop) -> None:
    shop.train()
    shop.told.clear()
    shop.train()
    shop.start()
    assert (shop.trainer.runs, shop.told) == (1, [])


def test_without_held_out_phrases_a_model_is_taken_and_a_line_says_so(shop: Shop) -> None:
    shop.train()
    shutil.rmtree(shop.root / "tests")
    shop.gets_worse()
    shop.told.clear()
    shop.train()
    assert shop.told == [
        "The new model is taken without a look at what it understands: there are no held-out phrases (tests/nlu)."
    ]


def test_held_out_phrases_that_cannot_be_read_do_not_stop_a_training(shop: Shop) -> None:
    (shop.root / "tests/nlu/en.yml").write_text("nlu: [")
    assert shop.train().is_file()
    assert "cannot be read as phrases" in shop.told[-1]


def test_a_start_runs_the_model_in_use_when_new_phrases_made_a_worse_one(shop: Shop) -> None:
    in_use = shop.start()
    shop.gets_worse()
    assert shop.start() == in_use
    assert "so it runs as it was before" in shop.told[-2]


def test_a_start_takes_a_worse_model_when_the_one_in_use_does_not_fit_the_rest(shop: Shop) -> None:
    in_use = shop.start()
    shop.gets_worse("domain.yml")
    assert shop.start() != in_use
    assert any("does not fit this version" in line for line in shop.told)


def test_old_reports_go_with_their_models(shop: Shop) -> None:
    for _ in range(training.KEPT + 2):
        shop.train()
        shop.gets_worse()
        shop.trainer.model = shop.good
    assert len(list(shop.models.glob("*.report.json"))) == len(shop.kept()) == training.KEPT


def test_another_process_scores_as_this_one_does(shop: Shop) -> None:
    assert understanding.score_apart(shop.good, shop.root) == understanding.score(shop.good, shop.root)
    with pytest.raises(understanding.NotScored, match="cannot be read"):
        understanding.score_apart(shop.root / "domain.yml", shop.root)
