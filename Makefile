# The whole contributor interface. Every target makes and uses .venv, so a bare
# Python 3.11+ with venv is enough; `make PYTHON=python3.12 …` picks another one.
PYTHON ?= python3
ARGS ?=
KILLS ?=
BIN := .venv/bin
# Three workers for two cores, since many tests wait for a service; `make test WORKERS=8` on a larger
# machine.
WORKERS ?= 3

.PHONY: help demo run test quick check format bench bench-reading soak soak-pages soak-kills docs lock schema clean
help:           ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: .venv/run ## three sample journals become feeds: make demo ARGS="--once --data DIR"
	@$(BIN)/kanliu demo $(ARGS)

run: .venv/run  ## the service: polls, publishes, serves
	@$(BIN)/kanliu run $(ARGS)

test: .venv/dev ## every test; says at the end what was skipped and why
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

quick: .venv/dev ## the tests that take no server, browser or process
	@$(BIN)/pytest -q -m "not slow and not browser and not postgres and not corpus and not debian" $(ARGS)

check: .venv/dev ## ruff, mypy --strict, quick tests, docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory quick docs

format: .venv/dev ## what ruff can mend by itself
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: .venv/dev ## benchmarks/RESULTS.md anew (some minutes)
	@$(BIN)/python -m benchmarks $(ARGS)

bench-reading: .venv/bench ## benchmarks/READING.md anew, on ../shared/corpus (ten minutes)
	@$(BIN)/python -m benchmarks.reading $(ARGS)

soak: soak-pages soak-kills ## both of these, one after the other

soak-pages: .venv/dev ## hostile pages through every reader: make soak-pages ARGS="--count 5000 --seed 7"
	@$(BIN)/python -m benchmarks.fuzz $(ARGS)

# Its options have a variable of their own, so that `make soak ARGS=… KILLS=…` gives each its own.
soak-kills: .venv/dev ## kill -9 a hundred times, some seven minutes: make soak-kills KILLS="--kills 20 --database postgresql"
	@$(BIN)/python -m benchmarks.kills --copies beside $(KILLS)

docs: .venv/dev ## the docs are complete and what they show runs
	@$(BIN)/pytest -q tests/test_docs.py

lock: .venv/dev ## requirements*.txt anew from pyproject.toml
	@$(BIN)/uv pip compile -q --no-header --no-emit-index-url --universal --python-version 3.11 pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --no-header --no-emit-index-url --universal --python-version 3.11 --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@$(BIN)/uv pip compile -q --no-header --no-emit-index-url --universal --python-version 3.11 --extra browser -c requirements.txt pyproject.toml -o requirements-browser.txt
	@$(BIN)/uv pip compile -q --no-header --no-emit-index-url --universal --python-version 3.11 --extra bench -c requirements.txt pyproject.toml -o requirements-bench.txt

schema: .venv/dev ## sources/schema.json anew from sources/model.py
	@$(BIN)/python -m sources.schema

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kanliu needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv

# --no-deps: the files name every package with its version, so nothing is left to be resolved.
.venv/run: .venv/bin/python requirements.txt pyproject.toml
	@echo "Setting up .venv (once; a minute or two) …"
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Adding what the tests use …"
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -r requirements-dev.txt
	@touch $@

.venv/bench: .venv/dev requirements-bench.txt
	@echo "Adding what our reading is measured beside …"
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -r requirements-bench.txt
	@touch $@
