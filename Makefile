# `make` lists everything. Two commands are all that a newcomer needs: make demo, make test.
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo-workspace
WORKERS ?= 2
EXAMPLES ?= 20
PICTURES ?= pictures
SETUP := VENV="$(VENV)" PYTHON="$(PYTHON)" sh requirements/install.sh
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

# Compiled modules are kept, whatever the environment says: each test process would compile them anew (10 s and more).
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test lint style types tests check bench journey fuzz soak pages pictures pins clean
.DEFAULT_GOAL := help

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

demo: ## from invented files and the bundled starter to ranked lists, a report, a registry and its site, until Ctrl-C
	@$(SETUP) base
	@$(BIN)/foretrack demo --workspace "$(DEMO)"

test: style ## everything that CI checks: lint, types, import contracts, tests
	@$(MAKE) --no-print-directory -j2 types tests

lint: style types ## ruff, the stairs of .importlinter, mypy strict

style:
	@$(SETUP) dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

# mypy works on one core for a minute or two: beside the tests, not before them.
types:
	$(BIN)/mypy

tests:
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: ## what .ci/run does: installs what tests can use, runs test, Spark and demo, fails when anything is skipped
	bash .ci/run

journey: ## a call of 200 submissions and 40 reviewers, from its announcement to a removal, in Chromium: what each step takes
	@$(SETUP) dev
	FORETRACK_JOURNEY=full $(BIN)/pytest -q -s tests/site/test_call_journey.py

bench: ## counting speed beside scikit-learn on your own documents: make bench DATA=documents.parquet
	@test -n "$(DATA)" || { echo "Name a Parquet file with title, abstract and year: make bench DATA=documents.parquet" >&2; exit 2; }
	@$(SETUP) dev
	$(BIN)/python benchmarks/counting/run.py "$(DATA)"

fuzz: ## everything that the API's description allows, and what it does not, asked at length: make fuzz EXAMPLES=50
	@$(SETUP) dev
	FORETRACK_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -q -n $(WORKERS) tests/api/test_fuzzing.py

soak: ## fifty readers and one writer on `foretrack serve` for five minutes: make soak, or make soak SOAK="--seconds 30"
	@$(SETUP) dev
	$(BIN)/python benchmarks/registry/soak.py $(SOAK)

pages: ## server time of every page with a writer active: make pages DEMO=demo-workspace [PAGES="--records 100000"]
	@$(SETUP) dev
	PYTHONPATH=src $(BIN)/python benchmarks/site/pages.py --lookout "$(DEMO)" $(PAGES)

pictures: ## every page in both languages, light and dark, wide and phone, to look at: make pictures PICTURES=folder
	@$(SETUP) dev
	PYTHONPATH=src:. $(BIN)/python -m tests.site.pictures $(PICTURES) $(LOOK)

pins: ## renew requirements/*.txt from pyproject.toml (add UPGRADE=--upgrade for newer releases)
	@$(SETUP) dev
	$(COMPILE) $(UPGRADE) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) $(UPGRADE) requirements/build.in -o requirements/build.txt
	$(COMPILE) $(UPGRADE) requirements/spark.in -o requirements/spark.txt
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements/base.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra dev -c requirements/base.txt -o requirements/dev.txt

clean: ## remove what the commands made (the environment, caches, the demo's workspace)
	rm -rf "$(VENV)" .venv-spark "$(DEMO)" .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
