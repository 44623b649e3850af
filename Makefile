# A newcomer needs two targets: publish and test. Each does its own set-up.

PYTHON ?= python3
# Another Python: `make tests VENV=.venv-3.13 PYTHON=python3.13`.
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# What is installed from an index is in the lock, with its digests. The pip of an older Python needs them as requirements.
LOCKED := $(PIP) install --require-hashes --constraint constraints.txt
# On a terminal, the packages that pip has found so far; what goes wrong, it says on standard error.
PROGRESS := awk -v all="$$(grep -c '==' requirements.txt)" '/^Collecting/ { printf "\r  %d of %d: %-40.40s", ++n, all, $$2; fflush() } \
	/^Installing/ { printf "\r  installing %d packages %-30s", n, ""; fflush() } /^FAILED/ { failed = 1 } END { printf "\r%60s\r", ""; exit failed }'
# Everything that the wheel is built from.
PACKAGED := pyproject.toml README.md $(shell find src schema locales man -type f -not -path '*/data/schema/*' -not -path '*/data/locales/*' -not -name '*.pyc' 2>/dev/null)

.DEFAULT_GOAL := help

# One test process per processor; a test that takes longer than the others holds up none of them.
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal
# `make test COVERAGE=yes` also measures branch coverage and fails below the floor; that takes twice as long.
COVERAGE ?= no
# `make tests TESTS=tests/unit/checks` runs these only.
TESTS ?=

# A test process reads the tests as another has compiled them, also where the environment forbids that.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help publish test test-all lint types floors tests slow faults conformance goldens bench bench-service dist lock clean

help:
	@echo 'make publish      publish the bundled topics to exports/'
	@echo 'make test         lint, types, import rules and the tests, in parallel'
	@echo 'make test-all     the same, then the slow tests'
	@echo 'make faults       kill commands, and refuse their system calls, at every point; root on Linux, with strace'
	@echo 'make conformance  third-party tools check every export; needs Node 20, Java 17 and Maven'
	@echo 'make goldens      rewrite exports/examples/ and generated documentation after an intended change'
	@echo 'make bench        measure each step on a synthetic collection, beside its floor; Linux'
	@echo 'make bench-service  measure the service beside nginx, and with 10,000 topics; Linux, with nginx and wrk'
	@echo 'make dist         build the wheel, the source distribution and the bill of materials in dist/'
	@echo 'make lock         add new dependencies to requirements.txt and constraints.txt; NEWEST=yes renews all'
	@echo 'make clean        remove the environment and caches; releases stay'

publish: $(VENV)/installed
	@echo 'Publishing the bundled topics to exports/ …'
	@$(BIN)/healthtopics publish
	@echo 'Look at:  exports/examples/ (the same artifacts by name), or'
	@echo '          $(BIN)/healthtopics serve and http://127.0.0.1:8000/'

# Two at a time: the type checker needs one processor only.
test: $(VENV)/tested
	@$(MAKE) --no-print-directory --jobs=2 lint types floors tests

test-all: test slow

lint: $(VENV)/tested
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .

types: $(VENV)/tested
	$(BIN)/mypy

floors: $(VENV)/tested
	$(BIN)/lint-imports --no-logo

# The tests run against the installed wheel: its schemas and vocabularies are part of what is tested.
tests: $(VENV)/tested
	$(PYTEST) -m 'not slow' $(TESTS) $(if $(filter yes,$(COVERAGE)),--cov)

slow: $(VENV)/tested dist
	$(PYTEST) -m slow

# All of it takes some 50 minutes on two cores. EVERY=40 tries every fortieth point.
EVERY ?= 1

faults: $(VENV)/tested
	FAULTS_EVERY=$(EVERY) $(PYTEST) tests/faults

# Weblate has a separate environment: it is under the GPL, and needs other versions.
TRANSLATORS := tests/conformance/translators
# Offline once its tools are installed: no terminology server, no package server, no context from the network.
conformance: $(VENV)/conformed
	npm ci --ignore-scripts --no-audit --no-fund --silent --prefix tests/conformance/fhir
	npm ci --ignore-scripts --no-audit --no-fund --silent --prefix tests/conformance/schemaorg
	mvn -q -B -f tests/conformance/hapi/pom.xml prepare-package
	mvn -q -B -f tests/conformance/xliff/pom.xml prepare-package
	test -x .venv-weblate/bin/python || $(PYTHON) -m venv .venv-weblate
	$(PIP) --python .venv-weblate install --require-hashes --requirement $(TRANSLATORS)/weblate.txt
	$(BIN)/python -m pytest -n auto --dist loadfile tests/conformance
	PYTHONPATH=tests $(BIN)/python tests/conformance/report.py

goldens: $(VENV)/tested
	HEALTHTOPICS_REWRITE_GOLDENS=1 $(PYTEST) -n 0 tests/golden tests/docs/test_architecture.py tests/docs/test_dependencies.py tests/docs/test_man.py tests/unit/formats/test_table.py tests/unit/checks/test_labelled_goals.py tests/functional/test_documentation.py

# The installed wheel is measured. TMPDIR is where the collections are made; ten times the size needs some gigabytes.
bench: $(VENV)/benched
	$(BIN)/python benchmarks/run.py

# The service and nginx take turns; then the service with many topics. RESULTS=benchmarks/results writes what is committed.
RESULTS ?=
TOPICS ?= 10000

bench-service: $(VENV)/installed
	$(BIN)/python benchmarks/service.py $(if $(RESULTS),--results $(RESULTS))
	$(BIN)/python benchmarks/many.py --topics $(TOPICS) $(if $(RESULTS),--results $(RESULTS))
	$(BIN)/python benchmarks/bulk.py --topics $(TOPICS) $(if $(RESULTS),--results $(RESULTS))

# Source, wheel, and the bill of materials of an environment that has the wheel and what the lock pins for it.
dist: $(VENV)/packaged
	@rm -rf dist build/materials
	@echo 'This takes some minutes. 1 of 3: building the source distribution and the wheel in dist/ …'
	$(BIN)/python -m build --no-isolation --outdir dist
	@echo '2 of 3: installing the wheel and what the lock pins for it into build/materials/ …'
	$(BIN)/python -m venv --without-pip build/materials
	$(PIP) --python build/materials install --require-hashes --requirement requirements.txt
	$(PIP) --python build/materials install --no-deps dist/*.whl
	@echo '3 of 3: writing the bill of materials …'
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible --spec-version 1.6 \
		--output-file "$$(ls dist/*.tar.gz | sed 's/.tar.gz$$/.cdx.json/')" build/materials
	@echo 'Done:' dist/*

# What is in the lock stays, NEWEST=yes takes the newest of everything. For every Python and system that is supported.
NEWEST ?= no
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(if $(filter yes,$(NEWEST)),--upgrade) pyproject.toml

lock: $(VENV)/packaged
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --no-annotate --constraint requirements.txt --group conformance --group bench --group dist --output-file constraints.txt

clean:
	rm -rf .venv .venv-* build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "healthtopics needs Python 3.11 or later; set PYTHON=…")'
	@echo 'Creating an environment in $(VENV)/ …'
	@$(PYTHON) -m venv $(VENV)
	@sed -n '/^pip==/,/[0-9a-f]$$/p' constraints.txt > $(VENV)/pip.txt
	@$(PIP) install --require-hashes --requirement $(VENV)/pip.txt
	@touch $@

$(VENV)/locked: $(VENV)/created requirements.txt
	@echo 'Installing the dependencies into $(VENV)/ (the first time, a minute or two) …'
	@if [ -t 1 ]; then { $(subst --quiet,,$(LOCKED)) --progress-bar off --requirement requirements.txt || echo FAILED; } | $(PROGRESS); \
	else $(LOCKED) --requirement requirements.txt; fi
	@touch $@

# A plain install builds the wheel and installs that, not the source tree.
$(VENV)/installed: $(VENV)/locked $(PACKAGED)
	@echo 'Building healthtopics and installing it into $(VENV)/ …'
	@$(PIP) install --no-deps --build-constraint constraints.txt .
	@touch $@

# What tests and tools need is installed again after a change of the lock, not after one of the source.
$(VENV)/tested: constraints.txt pyproject.toml | $(VENV)/installed
	@echo 'Installing what the tests need into $(VENV)/ …'
	@$(LOCKED) --group test
	@touch $@

$(VENV)/conformed: $(VENV)/tested
	@$(LOCKED) --group conformance
	@touch $@

$(VENV)/benched: constraints.txt pyproject.toml | $(VENV)/installed
	@$(LOCKED) --group bench
	@touch $@

$(VENV)/packaged: constraints.txt pyproject.toml | $(VENV)/installed
	@echo 'Installing what builds and installs distributions into $(VENV)/ …'
	@$(LOCKED) --group dist
	@touch $@
