# Two commands do all the set-up on a machine with Python 3.11 and make:
#   make demo   collect the sample sites and ask the archive
#   make test   linters, types and tests, as the CI runs them
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# the slow tests wait for servers and sites most of their time, so three files at once keep two cores busy
AT_ONCE ?= -n 3 --dist loadfile

.PHONY: demo test test-fast lint format clean

demo: $(VENV)/.installed
	$(BIN)/workreports demo

test: $(VENV)/.developer lint
	$(BIN)/pytest -q $(AT_ONCE)

# without the tests that start servers or crawl whole sites
test-fast: $(VENV)/.developer
	$(BIN)/pytest -q -m "not slow" $(AT_ONCE)

lint: $(VENV)/.developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.developer
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.developer: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
