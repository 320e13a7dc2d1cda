PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup demo test lint bench prove lock clean

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(VENV)/.ready  ## Make .venv from the lock file, with hashes

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: setup  ## Simulate two Hi-C libraries and process them to contact maps, in demo/
	$(BIN)/hicloom fetch juicer-tools
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/demo.py demo

test: setup  ## Run the tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: setup  ## Check style, types and the workflow
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile workflows
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/snakemake --lint

lock:  ## Resolve requirements.lock anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --all-extras --group build --group test --group lint pyproject.toml --output-file requirements.lock

clean:  ## Remove what make demo made
	rm -rf demo
