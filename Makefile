# What a person types. `make run` serves the site, `make test` proves it; both set up first.

PYTHON ?= python3
PORT ?= 8000
STAFF_PORT ?= $(shell expr $(PORT) + 1)
BIN := .venv/bin
DEMO := WHICH_NUMBER_DEMO=1
PYTEST := $(BIN)/python -m pytest
# Two workers, and whoever is idle takes over what the other has not begun: the proofs are long.
BOTH := -n 2 --dist worksteal

.PHONY: run setup test firefox lint bench sbom lock mutate prove

# The public pages and the staff panel, each in a process of its own; /staff/ leads from one to the
# other; and who delivers messages. Ctrl-C ends all three.
run: setup
	$(DEMO) $(BIN)/python manage.py migrate --verbosity 0
	$(DEMO) $(BIN)/python manage.py demo
	@$(DEMO) $(BIN)/python manage.py deliver --watch & deliver=$$!; \
	$(DEMO) STAFF_PORT=$(STAFF_PORT) $(BIN)/gunicorn --config triage/config/gunicorn_staff.py triage.config.wsgi & \
	staff=$$!; trap 'kill $$deliver $$staff 2>/dev/null; wait $$deliver $$staff' EXIT INT TERM; \
	$(DEMO) PORT=$(PORT) WHICH_NUMBER_STAFF_AT=$(STAFF_PORT) \
		$(BIN)/gunicorn --config triage/config/gunicorn.py triage.config.wsgi

setup: .venv/installed var/static/staticfiles.json

# Pages name their files by a hash of what is in them.
var/static/staticfiles.json: .venv/installed $(shell find static -type f)
	$(DEMO) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	touch $@

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	touch $@

# The suite on SQLite; then, each by itself, the tests in a real browser (they wait now and then, so
# one worker more) and those that start real processes, in two machine rooms; then (where
# TEST_POSTGRES_URL names a server, as in .ci/run) what touches the database on PostgreSQL.
test: setup
	$(PYTEST) $(BOTH) --ignore=tests/browser --ignore=tests/survival
	$(PYTEST) -n 3 --dist worksteal tests/browser --ignore=tests/browser/test_firefox.py
	$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder -rP tests/survival
	@if [ -n "$(TEST_POSTGRES_URL)" ]; then \
		echo "On PostgreSQL:"; \
		DATABASE_URL="$(TEST_POSTGRES_URL)" $(PYTEST) $(BOTH) tests/outage tests/web/ops/test_health.py; \
	else echo "PostgreSQL: not run (give TEST_POSTGRES_URL; .ci/run does)"; fi

# The widget in the other engine. Needs Debian's firefox-esr; not in CI, whose time Chromium takes.
firefox: setup
	$(PYTEST) tests/browser/test_firefox.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(DEMO) $(BIN)/mypy triage outage tests
	$(DEMO) $(BIN)/python manage.py check
	$(DEMO) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.lock || echo "pip-audit, $$(date -I): the list of known faults could not be reached, or it names something"

# The laws over every pair of faults, and over every page for every preset; the calls of every page:
# longer than the tests do.
prove: setup
	PROVE=1 $(PYTEST) $(BOTH) tests/engine/test_proofs.py tests/web/pages/test_rendered_laws.py tests/test_speed.py

# What the tests would not notice, in what carries safety. Takes an hour; never in CI.
mutate: setup
	$(DEMO) $(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

bench: setup
	$(DEMO) $(BIN)/python tests/bench/run.py

# What the site is made of (CycloneDX), for whoever watches for known faults.
sbom: setup
	$(DEMO) $(BIN)/python manage.py sbom > var/sbom.json

# Needs uv. The lock names versions and hashes, never an index.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --all-extras pyproject.toml --output-file requirements.lock
