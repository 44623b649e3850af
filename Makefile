# A newcomer needs two targets: publish and test. Each does its own set-up.

PYTHON ?= python3
BIN := .venv/bin
# Everything that the wheel is built from.
PACKAGED := pyproject.toml README.md constraints.txt $(shell find src schema locales man -type f -not -path '*/data/schema/*' -not -path '*/data/locales/*' -not -name '*.pyc' 2>/dev/null)

.DEFAULT_GOAL := help

# One test process per processor; a test that takes longer than the others holds up none of them.
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal
# `make test COVERAGE=yes` also measures branch coverage and fails below the floor; that takes twice as long.
COVERAGE ?= no
# `make tests TESTS=tests/unit/checks` runs these only.
TESTS ?=

# A test process reads the tests as another has compiled them, also where the environment forbids that.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help publish test test-all lint types floors tests slow faults conformance goldens bench bench-service lock clean

help:
	@echo 'make publish      publish the bundled topics to exports/'
	@echo 'make test         lint, types, import rules and the tests, in parallel'
	@echo 'make test-all     the same, then the slow tests'
	@echo 'make faults       kill commands, and refuse their system calls, at every point; root on Linux, with strace'
	@echo 'make conformance  third-party tools check every export; needs Node 20, Java 17 and Maven'
	@echo 'make goldens      rewrite exports/examples/ and generated documentation after an intended change'
	@echo 'make bench        measure each step on a synthetic collection, beside its floor; Linux'
	@echo 'make bench-service  measure the service beside nginx, and with 10,000 topics; Linux, with nginx and wrk'
	@echo 'make lock         resolve the newest dependencies into constraints.txt'
	@echo 'make clean        remove the environment and caches; releases stay'

publish: .venv/installed
	@$(BIN)/healthtopics publish
	@echo 'Look at:  exports/examples/ (the same artifacts by name), or'
	@echo '          $(BIN)/healthtopics serve and http://127.0.0.1:8000/'

# Two at a time: the type checker needs one processor only.
test: .venv/tested
	@$(MAKE) --no-print-directory --jobs=2 lint types floors tests

test-all: test slow

lint: .venv/tested
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .

types: .venv/tested
	$(BIN)/mypy

floors: .venv/tested
	$(BIN)/lint-imports --no-logo

# The tests run against the installed wheel: its schemas and vocabularies are part of what is tested.
tests: .venv/tested
	$(PYTEST) -m 'not slow' $(if $(filter yes,$(COVERAGE)),--cov) $(TESTS)

slow: .venv/tested
	$(PYTEST) -m slow

# All of it takes some 50 minutes on two cores. EVERY=40 tries every fortieth point.
EVERY ?= 1

faults: .venv/tested
	FAULTS_EVERY=$(EVERY) $(PYTEST) tests/faults

# Offline once its tools are installed: no terminology server, no package server, no context from the network.
conformance: .venv/conformed
	npm ci --ignore-scripts --no-audit --no-fund --silent --prefix tests/conformance/fhir
	npm ci --ignore-scripts --no-audit --no-fund --silent --prefix tests/conformance/schemaorg
	mvn -q -B -f tests/conformance/hapi/pom.xml prepare-package
	mvn -q -B -f tests/conformance/xliff/pom.xml prepare-package
	$(BIN)/python -m pytest -n auto --dist loadfile tests/conformance
	PYTHONPATH=tests $(BIN)/python tests/conformance/report.py

goldens: .venv/tested
	HEALTHTOPICS_REWRITE_GOLDENS=1 $(PYTEST) -n 0 tests/golden tests/docs/test_architecture.py tests/docs/test_man.py tests/unit/formats/test_table.py tests/functional/test_documentation.py

# The installed wheel is measured. TMPDIR is where the collections are made; ten times the size needs some gigabytes.
bench: .venv/benched
	$(BIN)/python benchmarks/run.py

# The service and nginx take turns; then the service with many topics. RESULTS=benchmarks/results writes what is committed.
RESULTS ?=
TOPICS ?= 10000

bench-service: .venv/installed
	$(BIN)/python benchmarks/service.py $(if $(RESULTS),--results $(RESULTS))
	$(BIN)/python benchmarks/many.py --topics $(TOPICS) $(if $(RESULTS),--results $(RESULTS))
	$(BIN)/python benchmarks/bulk.py --topics $(TOPICS) $(if $(RESULTS),--results $(RESULTS))

lock: .venv/conformed .venv/benched
	$(BIN)/python -m pip freeze --exclude healthtopics > constraints.txt

clean:
	rm -rf .venv build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis

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

.venv/conformed: .venv/tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group conformance
	@touch $@

.venv/benched: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench
	@touch $@
