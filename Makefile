# `make` alone explains what there is.
.DEFAULT_GOAL := help
.PHONY: help run setup test check bench bench-check load torture soak screenshots fmt lock translations
PYTHON_HERE := .venv/bin/python

##@ A site
run: ## Start the site with its courses on this machine (MOOC_HOST, MOOC_PORT)
	@scripts/setup run
	@.venv/bin/mooc run $(ARGS)

setup: ## Only install what is missing: packages, fonts, translations
	@scripts/setup run

##@ Before a change goes in
test: ## Run the tests (ARGS="-k certificate" for some of them)
	@scripts/setup test
	@$(PYTHON_HERE) -m pytest $(ARGS)

check: ## Style, types, templates, translations, locks: all of them, then a summary
	@scripts/setup test
	@$(PYTHON_HERE) scripts/check

fmt: ## Put code into shape
	@scripts/setup test
	@$(PYTHON_HERE) -m ruff check --fix-only .
	@$(PYTHON_HERE) -m ruff format .

screenshots: ## Take a picture of every page, to look at before calling it done
	@scripts/setup test
	@$(PYTHON_HERE) scripts/screenshots $(ARGS)

##@ Measure
bench: ## How fast pages and answers are, against the targets
	@scripts/setup bench
	@$(PYTHON_HERE) tests/benchmarks/bench.py $(ARGS)

bench-check: ## How fast mooc check is for a thousand lessons
	@scripts/setup test
	@$(PYTHON_HERE) -m tests.benchmarks.check $(ARGS)

load: ## An exam room: 300 start, save, and submit at once; p50, p95, p99 and errors
	@scripts/setup test
	@$(PYTHON_HERE) -m tests.benchmarks.load $(ARGS)

SECONDS ?= 30
torture: ## Kill servers while learners answer; nothing acknowledged may be lost (SECONDS=30)
	@scripts/setup test
	@$(PYTHON_HERE) -m tests.torture.torture --seconds $(SECONDS) $(ARGS)

soak: ## Long load with servers killed on purpose
	@scripts/setup test
	@$(PYTHON_HERE) -m pytest -m soak -n 0 --timeout 3600 $(ARGS)

##@ Now and then
lock: ## Pin packages again (ARGS=--upgrade for newer ones)
	@scripts/setup test
	@$(PYTHON_HERE) scripts/lock $(ARGS)

translations: ## Collect new messages from code and templates into the catalogs
	@scripts/setup test
	@$(PYTHON_HERE) scripts/translations

help:
	@scripts/help Makefile
