# `make help` lists the targets. Each sets up by itself what it needs (config/setup.sh).
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
# Without compiled files every process would compile all of Django again.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
# What a process says is read at once, by logs and by tests.
export PYTHONUNBUFFERED = 1

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: demo
demo: ## Run the whole suite with demo data (PORT, S2B2C_HOME, SCALE, SANDBOX_PORT)
	@sh config/setup.sh run
	@exec $(PY) -m s2b2c.supervisor --follow-parent

.PHONY: test
test: ## Run every test, browser journeys included (ARGS="-k name" for some, ARGS="-n 0 …" without workers)
	@sh config/setup.sh test
	@exec $(PY) -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

CHECKS := lint format types templates imports migrations schema security
.PHONY: check
check: ## Lint, types, templates, import contracts, migrations, schema: no server needed
	@sh config/setup.sh check
	@$(MAKE) --no-print-directory -k -j2 -O $(addprefix check-,$(CHECKS))
	@echo "All checks passed."

.PHONY: $(addprefix check-,$(CHECKS))
check-lint:
	@$(PY) -m ruff check -q .
check-format:
	@$(PY) -m ruff format -q --check .
check-types:
	@$(PY) -m mypy
check-templates:
	@$(PY) -m djlint --quiet --lint templates
check-imports:
	@.venv/bin/lint-imports --no-cache >.lint-imports.log 2>&1 || { cat .lint-imports.log; exit 1; }
check-migrations:
	@$(PY) -W ignore manage.py makemigrations --check --dry-run -v 1
	@$(PY) -W ignore manage.py check --fail-level WARNING
check-schema:
	@sh config/schema.sh check
check-security:
	@$(PY) -m bandit -q -c pyproject.toml -r apps s2b2c

.PHONY: format
format: ## Let ruff order imports and lay out code
	@sh config/setup.sh check
	@$(PY) -m ruff check -q --fix . ; $(PY) -m ruff format -q .

.PHONY: messages
messages: ## Merge translation fragments and compile the catalogs
	@sh config/setup.sh check
	@$(PY) -m s2b2c.messages

.PHONY: schema
schema: ## Write the API's schema to config/openapi.json
	@sh config/setup.sh check
	@sh config/schema.sh write

STUDIO_PYTHON ?= .local/studio/venv/bin/python
.PHONY: pictures
pictures: ## Photograph the cars anew where they changed; hours (maintainers; ARGS="stills wangshu", STUDIO_PYTHON)
	@sh config/studio.sh "$(STUDIO_PYTHON)"
	@exec "$(STUDIO_PYTHON)" -m apps.studio $(or $(ARGS),all)

.PHONY: gallery
gallery: ## Take a picture of every page, 390 and 1280, day and night (ARGS="--base http://127.0.0.1:8000 --only cart")
	@sh config/setup.sh test
	@exec $(PY) -m tests.gallery $(ARGS)

.PHONY: pins
pins: ## Raise the pinned packages to what requirements*.in allow
	@sh config/setup.sh check
	@sh config/pins.sh
