# A newcomer needs two targets: publish and test. Each does its own set-up.

PYTHON ?= python3
BIN := .venv/bin
# Everything that the wheel is built from.
PACKAGED := pyproject.toml README.md constraints.txt $(shell find src schema locales -type f -not -path '*/data/*' -not -name '*.pyc' 2>/dev/null)

.DEFAULT_GOAL := help

.PHONY: help publish test lint types floors tests goldens lock clean

help:
	@echo 'make publish   publish the bundled topics to exports/'
	@echo 'make test      lint, types, import floors and every test'
	@echo 'make goldens   rewrite exports/examples/ after a change that is meant'
	@echo 'make lock      resolve the newest dependencies into constraints.txt'
	@echo 'make clean     remove the environment, caches and generated releases'

publish: .venv/installed
	@$(BIN)/healthtopics publish

test: .venv/tested lint types floors tests

lint: .venv/tested
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .

types: .venv/tested
	$(BIN)/mypy

floors: .venv/tested
	$(BIN)/lint-imports --no-logo

# The tests run against the installed wheel: its schemas and vocabularies are part of what is tested.
tests: .venv/tested
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

goldens: .venv/tested
	HEALTHTOPICS_REWRITE_GOLDENS=1 $(BIN)/python -m pytest -q tests/golden

lock: .venv/tested
	$(BIN)/python -m pip freeze --exclude healthtopics > constraints.txt

clean:
	rm -rf .venv build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf exports/objects exports/releases exports/current exports/.lock

.venv/created:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "healthtopics needs Python 3.11 or later; set PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@

# A plain install builds the wheel and installs that, not the source tree.
.venv/installed: .venv/created $(PACKAGED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt .
	@touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group test
	@touch $@
