# make run: set everything up and open the app.   make test: set up and run every test.   make quick: while you work.
SHELL := /bin/bash
PYTHON := .venv/bin/python
# uv from the PATH, or its own copy in .uv; what it fetches stays in .uv too. Nothing outside this folder is touched, but
# for packages of the system's own that lack, which are named first.
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
export UV_CACHE_DIR ?= $(CURDIR)/.uv/cache
export UV_PYTHON_DOWNLOADS := never
# What is installed is compiled once, not at each start of each process where Python may not keep what it compiles.
export UV_COMPILE_BYTECODE := 1
export OMP_WAIT_POLICY := PASSIVE
# As kicky/__init__.py says it; what runs the tests has numpy before.
export OPENBLAS_NUM_THREADS := 1
export KICKY_HOME
# The body's model lies with what the player keeps; the tests look for it in this folder.
POSE := $(if $(KICKY_HOME),$(KICKY_HOME)/)models/pose_landmarker.task

# What the machine itself must have is in kicky/machine.py; for these goals a browser and more too.
NEEDED_BY := $(if $(filter test check quick bench pictures,$(MAKECMDGOALS)),test,run)

.PHONY: run ready test quick lint check bench pictures club lock audit clean machine

run: ready
	$(PYTHON) -m kicky.start $(ARGS)

ready: .venv/run.stamp $(POSE)
	$(PYTHON) -m kicky doctor --mend

test: .venv/dev.stamp models/pose_landmarker.task
	@$(PYTHON) -m kicky.machine browser
	$(PYTHON) -m pytest -n auto --maxprocesses 4 $(ARGS); status=$$?; $(PYTHON) -m kicky.machine untested; exit $$status

lint: .venv/dev.stamp
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

check: lint test

# What says most in least time; CONTRIBUTING.md says what it leaves out.
quick: lint models/pose_landmarker.task
	$(PYTHON) -m pytest -n 2 @tests/quick.txt $(ARGS)

bench: .venv/dev.stamp models/pose_landmarker.task
	$(PYTHON) -m benchmarks.speed
	$(PYTHON) -m benchmarks.sending
	$(PYTHON) -m benchmarks.upload
	$(PYTHON) -m benchmarks.start
	$(PYTHON) -m benchmarks.hour
	$(PYTHON) -m benchmarks.tutorials
	KICKY_LABEL_STEPS=300 KICKY_LABEL_RESTARTS=20 $(PYTHON) -m pytest tests/browser/test_label.py
	KICKY_LABEL_EDITS=300 KICKY_LABEL_KILLS=10 $(PYTHON) -m pytest tests/browser/test_boxes.py
	KICKY_CLUSTER_CLIPS=24 $(PYTHON) -m pytest tests/test_cluster.py
	$(PYTHON) -m benchmarks.soak kills
	$(PYTHON) -m benchmarks.soak together
	$(PYTHON) -m benchmarks.soak flat
	$(PYTHON) -m benchmarks.accuracy
	$(PYTHON) -m benchmarks.elsewhere
	$(PYTHON) -m benchmarks.kick
	$(PYTHON) -m benchmarks.guard
	$(PYTHON) -m benchmarks.simulated
	$(PYTHON) -m benchmarks.simulated --lens unknown
	$(PYTHON) -m benchmarks.speeds
	$(PYTHON) -m benchmarks.speeds --alike
	$(PYTHON) -m benchmarks.ruler
	$(PYTHON) -m benchmarks.sessions
	$(PYTHON) -m benchmarks.crossings
	$(PYTHON) -m benchmarks.replay
	$(PYTHON) -m benchmarks.labelling
	$(PYTHON) -m benchmarks.finding
	$(PYTHON) -m benchmarks.student
	$(PYTHON) -m benchmarks.learning
	$(PYTHON) -m benchmarks.evaluation
	$(PYTHON) -m benchmarks.evaluation --speed
	$(PYTHON) -m benchmarks.years
	$(PYTHON) -m benchmarks.weekly
	$(PYTHON) -m benchmarks.backup

# For more than one machine: Dask and PostgreSQL's driver (docs/many-machines.md).
club: .venv/club.stamp

pictures: .venv/dev.stamp models/pose_landmarker.task
	$(PYTHON) -m benchmarks.pictures

$(sort $(POSE) models/pose_landmarker.task): | .venv/run.stamp
	KICKY_HOME=$(abspath $(@D)/..) $(PYTHON) -m kicky models pull pose

# What is installed is what the lock files name, byte for byte; requirements*.txt is what they are made from.
.venv/run.stamp: requirements-run.lock | machine $(UV)
	test -x $(PYTHON) || $(UV) venv --quiet --seed --python '>=3.11' .venv
	$(UV) pip install --quiet --require-hashes --python $(PYTHON) -r requirements-run.lock
	test ! -f pyproject.toml || $(UV) pip install --quiet --no-deps --python $(PYTHON) --editable .  # the command kicky
	touch $@

.venv/club.stamp: requirements-club.lock .venv/run.stamp
	$(UV) pip install --quiet --require-hashes --python $(PYTHON) -r requirements-club.lock
	touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(UV) pip install --quiet --require-hashes --python $(PYTHON) -r requirements-dev.lock
	touch $@

# After a change to requirements*.txt: the lock files anew, with the hashes of every file for every machine, all of the same
# versions; and how many bytes they are.
COMPILE = $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate \
	--custom-compile-command "make lock"
lock: | .venv/run.stamp $(UV)
	$(COMPILE) requirements.txt --output-file requirements.lock
	for what in run club dev; do \
		$(COMPILE) requirements-$$what.txt --constraint requirements.lock --output-file requirements-$$what.lock; \
	done
	$(PYTHON) -m benchmarks.fetched

# Known holes in what is installed, asked of PyPI's list: the one target that needs the network.
audit: .venv/dev.stamp
	$(UV) tool run --quiet pip-audit==2.10.1 --strict --disable-pip --require-hashes --progress-spinner off -r requirements.lock

.uv/bin/uv: | machine
	python3 -m venv .uv
	.uv/bin/pip install --quiet --no-cache-dir uv==0.13.9

machine:
	@command -v python3 >/dev/null || { echo "KICKY needs Python 3.11 or newer; install it (Debian, Ubuntu:" \
		"apt-get install python3), then start again." >&2; exit 1; }
	@python3 -m kicky.machine $(NEEDED_BY)

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache
