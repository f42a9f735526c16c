# Contact Hub on your own machine: Python 3.11 or newer, make and git are all it needs. `make help` lists the targets.
# Every step of the set-up leaves a stamp in .venv and runs again only when what it reads has changed.

SHELL := /bin/sh
PYTHON_IN := .venv/bin/python
STEP := @sh setup/step.sh
SCRIPTS := $(shell find frontend -name node_modules -prune -o -type f \( -name '*.ts' -o -name '*.mjs' -o -name '*.css' \) -print)
TRANSLATIONS := $(wildcard contact_hub/translations/*/LC_MESSAGES/*.po)
ARGS ?=
unexport PYTHONDONTWRITEBYTECODE # else each of the many processes of a hub and of the tests compiles all code anew

.PHONY: help run setup test check bench screenshots translations lock clean
.DELETE_ON_ERROR:

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 21

run: setup ## Start Contact Hub with invented contacts (ARGS="--port 8123" and such go to contact-hub run)
	@exec .venv/bin/contact-hub run --demo $(ARGS)

setup: .venv/.translations ## Make the environment in .venv, with everything in it
	@:

test: setup ## Run all tests, on SQLite and PostgreSQL (ARGS="-k mail" and such go to pytest)
	@$(PYTHON_IN) -m pytest $(ARGS)

check: setup ## Check style, types and the direction of imports
	$(PYTHON_IN) -m ruff check .
	$(PYTHON_IN) -m ruff format --check .
	$(PYTHON_IN) -m mypy
	.venv/bin/lint-imports
	sh setup/assets.sh check

bench: setup ## Measure intake, rules, the desk and live news beside their floors, for hours (ARGS="--part rules" and such)
	@$(PYTHON_IN) -c "import cel, celpy, rule_engine, zen" 2> /dev/null || \
	  $(PYTHON_IN) -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[bench]' || true
	@$(PYTHON_IN) -m bench $(ARGS)

screenshots: setup ## Take the pictures of docs/screenshots anew from a demo
	@$(PYTHON_IN) setup/screenshots.py

translations: .venv/.packages ## Bring the catalogues up to date with the texts in the code
	$(PYTHON_IN) -m babel.messages.frontend extract -F babel.cfg -k _l -k said --add-location=file --sort-output --no-wrap \
	  --project contact-hub -o .venv/messages.pot contact_hub channels
	$(PYTHON_IN) -m babel.messages.frontend update -i .venv/messages.pot -d contact_hub/translations \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap

lock: .venv/.python ## Choose versions anew after setup.cfg changed
	$(PYTHON_IN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --extra demo --extra dev setup.cfg -o requirements.lock

clean: ## Remove what the set-up made; data in var stays
	rm -rf .venv frontend/node_modules contact_hub/web/static/built .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -f contact_hub/translations/*/LC_MESSAGES/*.mo

.venv/.python: setup/python.sh setup/installers.lock
	$(STEP) "1/4 Python environment" sh setup/python.sh
	@touch $@

.venv/.packages: .venv/.python requirements.lock setup.cfg pyproject.toml setup/packages.sh
	$(STEP) "2/4 Python packages" sh setup/packages.sh
	@touch $@

.venv/.assets: frontend/package-lock.json setup/assets.sh | .venv/.packages
	$(STEP) "3/4 Packages for the desk's scripts" sh setup/assets.sh packages
	@touch $@

.venv/.scripts: .venv/.assets $(SCRIPTS)
	$(STEP) "4/4 The desk's scripts" sh setup/assets.sh build
	@touch $@

.venv/.translations: .venv/.scripts $(TRANSLATIONS)
	@test -z "$(TRANSLATIONS)" || sh setup/step.sh "    Translations" $(PYTHON_IN) -m babel.messages.frontend compile -d contact_hub/translations
	@touch $@
