# The commands of the course. All logic is in tools/; without make (Windows): py tools/run.py lab
PYTHON ?= $(shell command -v python3 || command -v python || echo python3)
RUN = $(PYTHON) tools/run.py
LAB_FLAGS ?=
TESTS ?=
LESSONS ?=
EXERCISES ?=
EX ?=
ARGS ?=

.PHONY: help lab setup test test-all test-oldest test-newest run-lessons exercises tidy check-tidy figures picture api bench lint
.PHONY: bundle release collect autograde feedback export report formgrader teach clean

help:            ## list the commands
	@$(RUN) help

lab:             ## open the course in JupyterLab (LAB_FLAGS=--no-browser, LAB_FLAGS=--port=9000)
	@$(RUN) lab $(LAB_FLAGS)

setup:           ## only create the environment .venv
	@$(RUN) setup

test:            ## every test except those of test-all
	@$(RUN) test $(TESTS)

test-all:        ## what test leaves out: browser, PyTorch, speed
	@$(RUN) test-all $(TESTS)

test-oldest test-newest:  ## the tests in another environment, with other versions
	@$(RUN) $@

run-lessons:     ## execute the notebooks in place, then tidy them (LESSONS=notebooks/01_why_memory.ipynb)
	@$(RUN) run-lessons $(LESSONS)

exercises:       ## execute the exercises' sources, make the release versions of them (EXERCISES=ex03)
	@$(RUN) exercises $(EXERCISES)

tidy:            ## normal form of the stored notebooks
	@$(RUN) tidy $(LESSONS)

check-tidy:      ## fail if a notebook is not tidy
	@$(RUN) tidy --check $(LESSONS)

figures picture api bench lint:
	@$(RUN) $@

bundle:          ## the zip file for students
	@$(RUN) teach bundle $(ARGS)

release collect autograde feedback export report:  ## an instructor's steps (EX=ex03, ARGS=…), see docs/teaching.md
	@$(RUN) teach $@ $(EX) $(ARGS)

formgrader:      ## nbgrader's pages, for grading by hand
	@$(RUN) teach formgrader $(ARGS)

teach:           ## what can be added as ARGS
	@$(RUN) teach --help

clean:           ## remove what can be made again (the environment too)
	rm -rf .venv .jupyter build dist rnnlib.egg-info .pytest_cache .ruff_cache .hypothesis
	rm -rf tests/browser/screenshots benchmarks/output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +
