# `make demo` and `make test` are all that a newcomer needs; both build their own .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NODE_PEERS := tests/interop/node

.PHONY: demo demo-reset test test-all check lint types imports lock format docs clean
.DEFAULT_GOAL := test

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Intaglio needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(STAMP)
	@$(BIN)/python -m demo

demo-reset: $(STAMP)
	@$(BIN)/python -m demo reset

# The counterparts that the tests compare with; where there is no npm, those tests are skipped and say so.
$(NODE_PEERS)/node_modules/.installed: $(NODE_PEERS)/package-lock.json
	@if command -v npm >/dev/null; then cd $(NODE_PEERS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.installed; \
	else echo "npm is not here: the tests against Node implementations will be skipped"; fi

peers: $(NODE_PEERS)/node_modules/.installed

check: lint types imports

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

test: $(STAMP) check peers
	$(BIN)/pytest -n auto --cov --cov-report=term -m "not exhaustive"

test-all: $(STAMP) check peers
	$(BIN)/pytest -n auto --cov --cov-report=term

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMP)
	$(BIN)/python -m intaglio.problems > docs/problems.md
	$(BIN)/python -m intaglio.server.settings_page > docs/settings.md
	$(BIN)/python -m tests.access.document > docs/access.md

lock: $(STAMP)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  --group dev pyproject.toml requirements/build.in --output-file requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
