# make run: set everything up and open the app.   make test: set up and run every test.
SHELL := /bin/bash
PYTHON := .venv/bin/python
# uv from the PATH, or its own copy in .uv: nothing outside this folder is touched.
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
export OMP_WAIT_POLICY := PASSIVE
export KICKY_HOME

.PHONY: run test lint check bench pictures clean

run: .venv/run.stamp models/pose_landmarker.task
	$(PYTHON) -m kicky samples
	$(PYTHON) -m kicky doctor
	$(PYTHON) -m streamlit run Home.py

test: .venv/dev.stamp models/pose_landmarker.task
	$(PYTHON) -m pytest $(ARGS)

lint: .venv/dev.stamp
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

check: lint test

bench: .venv/dev.stamp models/pose_landmarker.task
	$(PYTHON) -m benchmarks.speed
	$(PYTHON) -m benchmarks.accuracy
	$(PYTHON) -m benchmarks.kick
	$(PYTHON) -m benchmarks.guard
	$(PYTHON) -m benchmarks.simulated
	$(PYTHON) -m benchmarks.simulated --lens unknown
	$(PYTHON) -m benchmarks.sessions
	$(PYTHON) -m benchmarks.crossings
	$(PYTHON) -m benchmarks.labelling
	$(PYTHON) -m benchmarks.student
	$(PYTHON) -m benchmarks.learning
	$(PYTHON) -m benchmarks.evaluation
	$(PYTHON) -m benchmarks.evaluation --speed
	$(PYTHON) -m benchmarks.years
	$(PYTHON) -m benchmarks.weekly
	$(PYTHON) -m benchmarks.backup

pictures: .venv/dev.stamp models/pose_landmarker.task
	$(PYTHON) -m benchmarks.pictures

models/pose_landmarker.task: | .venv/run.stamp
	$(PYTHON) -m kicky models pull pose

.venv/run.stamp: requirements.txt | $(UV)
	test -x $(PYTHON) || $(UV) venv --quiet --seed .venv
	$(UV) pip install --quiet --python $(PYTHON) -r requirements.txt
	touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	$(UV) pip install --quiet --python $(PYTHON) -r requirements-dev.txt
	touch $@

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/pip install --quiet uv

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache
