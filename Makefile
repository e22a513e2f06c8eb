# The recipes that people, hooks and CI call. `make demo` and `make test` need nothing but Python 3.11+ and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test test-all editor lint types contracts format bench schemas clean help

help:            ## show these recipes
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

demo: $(READY)   ## run the main job on two example projects
	$(BIN)/orderkit demo

test: $(READY)   ## run the whole test suite
	$(BIN)/python -m pytest -n auto

test-all: $(READY)   ## the same with the long runs
	$(BIN)/python -m pytest -n auto -m ''

editor:          ## install the language server that the schemas are tried in; needs npm
	cd tests/editor && npm install --no-package-lock --no-audit --no-fund --silent

lint: $(READY)   ## style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## static types
	$(BIN)/mypy

contracts: $(READY)   ## the architecture's import contracts
	$(BIN)/lint-imports

format: $(READY) ## rewrite in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## measure speed as ratios in one run
	$(BIN)/python bench/run.py

schemas: $(READY)   ## write the JSON Schemas that editors use
	$(BIN)/orderkit schema --out schemas

clean:           ## remove what the recipes made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
