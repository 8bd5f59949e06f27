# Doorstep's commands. `make help` lists them; each prepares what it needs first.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Compiling Rasa's imports again for every process costs more than starting it.
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

UV_VERSION := 0.13.9
UV := .boot/bin/uv
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest -p tests.plugins.no_skips
READY := .venv/.doorstep-ready
LOCKED := uv.lock pyproject.toml .python-version $(shell find standins -name '*.py' -not -path '*/build/*') $(wildcard standins/*/pyproject.toml)

NO_PYTHON3 := No python3 with venv and pip was found. Install it (Debian: apt install python3-venv) and run make again.
NO_PYTHON310 := Doorstep runs on Python 3.10, because Rasa 3.6 does, and none was found or could be downloaded. \
	Install one (`pyenv install 3.10`, `conda create -n py310 python=3.10`, or your package manager), \
	put it on PATH as python3.10, and run make again.

.PHONY: help setup check test stories nlu train run same hand-overs browser bench bench-stock bench-nlu clean

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(READY) ## make the environment (.venv) from uv.lock

run: setup ## start Doorstep with demo orders; Ctrl-C stops it
	@exec .venv/bin/doorstep up --demo

train: setup ## train the assistant if something has changed
	@.venv/bin/doorstep train

check: setup ## style, types, data and consistency
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m yamllint --strict .
	$(PYTHON) -m rasa data validate --fail-on-warnings
	$(PYTEST) -q tests/consistency

test: train ## every test that can run here; those that cannot are named
	$(PYTEST)

stories: train ## do conversations take the right steps?
	$(PYTHON) -m rasa test core --stories tests/stories --e2e --model models --out results --fail-on-prediction-errors

nlu: setup ## are held-out phrases understood?
	$(PYTEST) tests/nlu

same: train ## 2,000 recorded turns with and without the speed-ups, compared
	DOORSTEP_RECORDED_TURNS=2000 $(PYTEST) tests/speedups/test_same_as_stock.py

hand-overs: train ## 1,000 hand-overs with every process killed once in the middle
	DOORSTEP_HAND_OVERS=1000 $(PYTEST) -s tests/faults/test_hand_overs.py

browser: train ## the widget in a real browser (needs Chromium)
	$(PYTEST) -m browser

bench: train ## speed and memory; FLAGS="--turns 200" for more
	$(PYTHON) -m bench $(FLAGS)

bench-stock: train ## the same beside stock Rasa (2.6 GB, an hour); FLAGS="--rounds 1" for less
	$(PYTHON) -m bench --against-stock $(FLAGS)

bench-nlu: setup ## what is understood; MESSAGES=file.jsonl, HINT3=train.csv,test.csv for other people's
	$(PYTHON) -m bench.understanding $(addprefix --messages ,$(MESSAGES)) $(addprefix --hint3 ,$(HINT3)) $(FLAGS)

clean: ## remove what can be made again; orders and conversations (var/) stay
	rm -rf .venv .boot models results .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

$(UV):
	@python3 -m venv .boot && .boot/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
		|| { rm -rf .boot; echo "$(NO_PYTHON3)" >&2; exit 1; }

$(READY): $(LOCKED) | $(UV)
	@$(UV) python find --no-project '>=3.10,<3.11' >/dev/null 2>&1 \
		|| $(UV) python install --quiet 3.10 >/dev/null 2>&1 \
		|| { echo '$(NO_PYTHON310)' >&2; exit 1; }
	$(UV) sync --frozen --compile-bytecode --quiet
	@touch $@
