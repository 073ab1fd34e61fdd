# The commands of this project. Everything runs in .venv, which is made from the hashed locks.

PORT ?= 8000
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
export PORT

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench lock clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

run: $(VENV)/run  ## prepare instance/ and serve it on 127.0.0.1 (PORT=8000)
	@$(BIN)/volunteer init
	@exec $(BIN)/volunteer serve

demo: $(VENV)/run  ## the same on a demo instance with 300 synthetic people
	@exec $(BIN)/volunteer demo

test: check  ## the same as make check

check: $(VENV)/dev  ## style, types, imports, tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

bench: $(VENV)/dev  ## measure against the yardstick, a few minutes
	$(BIN)/python -m benchmarks

lock:  ## resolve the dependencies anew (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: python -m pip install uv" >&2; exit 1; }
	$(LOCK) --group build pyproject.toml --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean:  ## remove what can be made again; instance/ stays
	rm -rf $(VENV) dist *.egg-info .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find volunteer_app tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The dependencies of a run; made anew when their lock has changed. A lock names everything, so
# nothing is resolved: pip would take "coverage[toml]" at a newer release than the one locked.
$(VENV)/locked: requirements.lock
	@python=$$(for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; \
	done); \
	test -n "$$python" || { echo "Python 3.11 or newer is needed; install it or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	"$$python" -m venv --clear $(VENV)
	@echo "Installing what requirements.lock lists into $(VENV) ..."
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements.lock
	@touch $@

# The program itself, run from this folder.
$(VENV)/run: pyproject.toml $(VENV)/locked
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What tests and benchmarks need besides.
$(VENV)/dev: requirements-dev.lock $(VENV)/locked | $(VENV)/run
	@echo "Installing what requirements-dev.lock lists into $(VENV) ..."
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements-dev.lock
	@$(PIP) check
	@touch $@
