PYTHON := .venv/bin/python
# The checks see neither the caller's configuration nor a database file.
SETTINGS := ALLOWED_HOSTS DEBUG DEMO EMAIL_FROM EMAIL_URL EVENT_SINK HOST INGEST_RATE \
	KAFKA_BOOTSTRAP_SERVERS KAFKA_OPTIONS KAFKA_TOPIC PORT PUBLIC_URL WEBHOOK_NETWORKS WORKERS
PLAIN := env $(SETTINGS:%=-u %) DATABASE_URL=sqlite://:memory: SECRET_KEY=check
LOCK := .venv/bin/uv pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes

.PHONY: help setup setup-dev demo run check test faults coverage bench screenshots lighthouse lock css fixture clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: setup ## everything for a look: data, server, six cameras; Ctrl-C ends it
	@exec $(PYTHON) manage.py run_demo

run: setup ## the server alone, configured by the environment
	@exec $(PYTHON) manage.py serve

check: setup-dev ## style, types, imports, migrations, style sheet; takes seconds
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	@! find . -path ./.venv -prune -o \( -name utils.py -o -name helpers.py -o -name misc.py \) \
		-print | grep . || { echo "A module is named after its one subject."; exit 1; }
	$(PLAIN) .venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(PLAIN) $(PYTHON) manage.py makemigrations --check --dry-run
	$(PLAIN) $(PYTHON) manage.py check
	$(PYTHON) scripts/build_css.py --check

test: setup-dev ## all tests on SQLite, and beside them on PostgreSQL; ARGS="-k word" chooses some
	@scripts/install_chromium.sh
	@scripts/test.sh $(ARGS)

faults: setup-dev ## kills, full disks, power cuts, hostile bodies, for long; README tells how to bound it
	@FAULTS=full $(PYTHON) -m pytest -m faults $(ARGS)

coverage: setup-dev ## branch coverage of the tests on SQLite
	@mkdir -p var
	@$(PYTHON) -m coverage run -m pytest -m "not browser and not plainpath" $(ARGS)
	@$(PYTHON) -m coverage report
	@$(PYTHON) -m coverage report --include "*/domain/*" --fail-under 100

bench: setup-dev ## all benchmarks; make bench-NAME runs one
	@exec $(PYTHON) -m bench

bench-%: setup-dev
	@exec $(PYTHON) -m bench $*

screenshots: setup-dev ## every page of a demo of its own into var/screenshots, README's into docs/images
	@scripts/install_chromium.sh
	@TEST_DATABASE=sqlite $(PYTHON) -m pytest -q tests/browser/screenshots.py

lighthouse: setup-dev ## scores of overview and live floor, served as in production; needs Node with npx
	@scripts/install_chromium.sh
	@exec $(PYTHON) scripts/lighthouse.py

lock: setup-dev ## both requirements.txt from their .in files; ARGS=--upgrade for new versions
	$(LOCK) $(ARGS) requirements.in -o requirements.txt
	$(LOCK) $(ARGS) requirements-dev.in -c requirements.txt -o requirements-dev.txt

css: setup-dev ## static/css/dashboard.css from assets/, templates/ and static/js/
	@$(PYTHON) scripts/build_css.py

fixture: setup ## fixtures/demo.json anew
	@$(PYTHON) manage.py record_demo

clean: ## removes the environment, caches and collected files; data in var/ stays
	rm -rf .venv .*_cache .hypothesis var/static var/browser-tests var/.coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@scripts/setup.sh requirements.txt

setup-dev:
	@scripts/setup.sh requirements-dev.txt
