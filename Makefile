# Each target calls the real tools; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
export PATH := $(CURDIR)/.venv/bin:$(PATH)
ROOT := $(if $(filter 0,$(shell id -u)),,sudo env "PATH=$(PATH)")

.PHONY: help setup demo test lint ansible-lint others-lint unit scenario scenarios bench benchcommit faults trials campaign

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready ## install packages and .venv; starts and enables no service

.venv/.ready: requirements.txt pyproject.toml src/napalm_frr/pyproject.toml scripts/setup
	@scripts/setup

demo: setup ## roll out district Bat Xat on the twin, find and repair a drift, clean up
	@$(ROOT) scripts/demo

test: lint unit scenarios ## prove every claim once: lint, types, unit tests, scenarios on the twin

lint: setup ## ruff, mypy, yamllint, ansible-lint
	@$(MAKE) --no-print-directory --jobs=2 --output-sync ansible-lint others-lint

ansible-lint:
	ansible-lint --offline

others-lint:
	ruff check
	ruff format --check
	mypy
	yamllint --strict .

unit: setup ## unit tests, in seconds
	$(ROOT) pytest -n auto

scenario: setup ## one molecule scenario: make scenario S=NAME
	$(ROOT) scripts/scenario $(S)

scenarios: setup ## all molecule scenarios on one shared twin
	$(ROOT) scripts/scenario --all

bench: setup ## what 185, 900 and 5,000 sites cost to load, render and check, side by side with other tools
	@python tests/bench/network_speed.py

benchcommit: setup ## what a commit costs on a twin, side by side with doing nothing and with the whole playbook
	$(ROOT) scripts/benchcommit

faults: setup ## faults in the middle of commits, on live routers: make faults N=24 SEED=1
	@$(ROOT) scripts/faults --count $(or $(N),24) --seed $(or $(SEED),1)

trials: setup ## take lines that the network lives by out of the templates, one at a time: a scenario must notice
	@$(ROOT) scripts/trials $(T)

campaign: setup ## the full figures: 100 faults, every configuration to every other, trials, 1,000 mutants of declared files
	@$(ROOT) scripts/faults --count $(or $(N),100) --seed $(or $(SEED),1)
	$(ROOT) env LAWS=all scripts/scenario laws
	$(ROOT) env CONGESTION_RUNS=5 scripts/scenario congestion
	$(ROOT) env BORDER=all scripts/scenario border
	$(ROOT) env FAILOVER_RUNS=10 scripts/scenario failover
	$(ROOT) env FAILOVER_RUNS=10 scripts/scenario core_failure
	$(ROOT) env FAILOVER_RUNS=5 scripts/scenario hub_loss
	$(ROOT) env MAINTENANCE=all MAINTENANCE_RUNS=5 scripts/scenario maintenance
	@$(ROOT) scripts/trials
	@cd tests && python -m fuzz --count $(or $(MUTANTS),1000) --seed $(or $(SEED),1)
