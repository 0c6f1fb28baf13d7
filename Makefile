# The few commands people type. Each sets up what it needs on its own; stamps keep a second run from doing it again.
# Without make: the plain commands stand in README.md.

# The first Python that is new enough; `make PYTHON=/path/to/python3.12 ...` takes another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# Everything runs from here: Python from .venv, and Node from PyPI (.venv/bin/node), never the machine's own.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
PYTHON_READY := .venv/.ready
CDK_READY    := node_modules/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test synth review bench capabilities docs check ruff mypy pyright imports format constraints create-only browser chromium clean

help:
	@echo "make demo    two Regions on this laptop: deploy, review, lose a Region, fail over, fail back"
	@echo "make test    every test"
	@echo "make synth   all reference stacks into cdk.out"
	@echo "make review  what each fault would do to those stacks"
	@echo "make bench   import, synth, growth and review, as ratios"
	@echo "make capabilities  which rows of the catalogue are proven, and the open ones"
	@echo "make docs    the tables of the documentation, from docstrings, facts, rules and fates"
	@echo "make check   what CI runs: ruff, mypy, pyright, import-linter, tests"
	@echo "make format  ruff, with its fixes"
	@echo "make clean   remove everything that these commands made"

setup: $(CDK_READY)

$(PYTHON_READY): requirements.txt constraints.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "cdk-standby needs Python 3.11 or newer, and found none: make PYTHON=/path/to/python3"; exit 1; }
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt $(ALSO)
	@touch $@

$(CDK_READY): package.json package-lock.json | $(PYTHON_READY)
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: setup
	cdk-standby demo

test: setup
	python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

synth: setup
	node_modules/.bin/cdk synth --quiet

review: synth
	cdk-standby review cdk.out

bench: setup
	python bench

capabilities: $(PYTHON_READY)
	@.venv/bin/python tools/capabilities.py

docs: setup
	python tools/option_tables.py
	python tools/fact_tables.py
	python tools/rule_table.py
	python tools/fate_tables.py

# The static checks share the processors; the tests come last and alone, so that their summary is the last line.
check: setup
	@$(MAKE) --no-print-directory --keep-going -j 2 --output-sync=target ruff mypy pyright imports
	python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

ruff: setup
	ruff check
	ruff format --check

mypy: setup
	mypy

pyright: setup
	pyright --pythonpath .venv/bin/python

imports: setup
	lint-imports

format: $(PYTHON_READY)
	ruff check --fix
	ruff format

# Takes the newest versions that pyproject.toml allows; run `make check` before you keep them.
constraints:
	rm -rf .venv/constraints && $(PYTHON) -m venv .venv/constraints
	.venv/constraints/bin/python -m pip install --quiet --disable-pip-version-check -e '.[local,dev,browser]'
	{ head -n 1 constraints.txt; .venv/constraints/bin/python -m pip freeze --exclude-editable; } > constraints.new
	mv constraints.new constraints.txt
	rm -rf .venv/constraints

# What AWS's schemas say that an update replaces, for the review, which does without cfn-lint.
create-only: setup
	python tools/create_only.py

# What the tests of the review's page need; without it they are skipped, and where CI is set they fail.
browser: chromium $(PYTHON_READY)
	@.venv/bin/python -c "import playwright" 2>/dev/null \
	    || .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[browser]'

chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	    || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium; } \
	    || echo "There is no Chromium on this machine, and apt-get cannot install it: see your system's packages."

clean:
	rm -rf .venv node_modules cdk.out dist build .cdk-standby .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
