# Two commands do everything: `make run` (the demo) and `make test` (the whole suite).
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help

.PHONY: help run test check proof bench format clean

help: ## What there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ –/'

.venv/ready: requirements.lock pyproject.toml tools/bootstrap.sh
	@PYTHON="$(PYTHON)" sh tools/bootstrap.sh
	@touch $@

run: .venv/ready ## Start the demo on http://127.0.0.1:8000
	@$(BIN)/elearn demo

test: .venv/ready ## Run the whole suite
	@$(BIN)/python tools/browser.py
	@$(BIN)/python tools/poppler.py
	@$(BIN)/python -m pytest -n 2 --dist loadscope

check: .venv/ready ## Format, lint, types, imports, catalogues, content, documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/elearn content check
	@$(BIN)/elearn i18n check
	@$(BIN)/python -m pytest -q tests/architecture

proof: .venv/ready ## Long proofs: kills, races, hostile catalogues, thousands of steps
	@$(BIN)/python tools/browser.py
	@$(BIN)/python tools/poppler.py
	@$(BIN)/python -m pytest -q -s tests/proofs --proof

bench: .venv/ready ## The project's own benchmarks, as ratios
	@$(BIN)/elearn bench

format: .venv/ready ## Put the code into the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove what was built
	rm -rf .venv instance .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
