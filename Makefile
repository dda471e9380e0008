# Two commands do all the set-up on a machine with Python 3.11 and make:
#   make demo   collect the sample sites and ask the archive
#   make test   linters, types and tests, as the CI runs them
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
LAKE := .venv-lake
PACKAGES := import sysconfig; print(sysconfig.get_path('purelib'))
LAKE_TESTS := tests/test_lake.py tests/test_team.py tests/test_views.py
# the slow tests wait for servers and sites most of their time, so three files at once keep two cores busy
AT_ONCE ?= -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: demo test test-fast test-lake lint format clean

demo: $(VENV)/.installed
	$(BIN)/workreports demo

test: $(VENV)/.developer lint
	$(BIN)/pytest -q $(AT_ONCE)
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then $(MAKE) test-lake; \
		else echo "the lake's tests are left out, since PostgreSQL's programs are not installed"; fi

# without the tests that start servers or crawl whole sites
test-fast: $(VENV)/.developer
	$(BIN)/pytest -q -m "not slow" $(AT_ONCE)

# the archive on a lake: needs PostgreSQL's programs, and an environment of its own, since the lake pins DuckDB 1.5.5
test-lake: $(LAKE)/.developer
	$(LAKE)/bin/python -m pytest -q -n 2 --dist loadfile $(LAKE_TESTS)

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

# only what differs lies in it; all else is found in $(VENV), which costs seconds instead of a minute
$(LAKE)/.developer: $(VENV)/.developer constraints-lake.txt
	$(BIN)/python -m venv --clear $(LAKE)
	$(LAKE)/bin/python -m pip install --quiet --no-deps --requirement constraints-lake.txt
	echo "import site; site.addsitedir('$$($(BIN)/python -c "$(PACKAGES)")')" \
		> "$$($(LAKE)/bin/python -c "$(PACKAGES)")/all-else.pth"
	touch $@

clean:
	rm -rf $(VENV) $(LAKE) .mypy_cache .ruff_cache .pytest_cache .hypothesis
