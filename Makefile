PARAMS ?= params/demo.yml
DEST ?= published
PYTHON ?= $(or $(shell command -v python3.11),python3)
CONDA := $(shell command -v mamba || command -v conda)
ACTIVE := $(filter-out base,$(value CONDA_DEFAULT_ENV))
PREFIX := $(if $(ACTIVE),$(value CONDA_PREFIX),$(CURDIR)/$(if $(CONDA),.conda,.venv))
# recipes take paths from the environment, where quotes and dollar signs in them stay as they are
LIB_PYTHON := $(PREFIX)/bin/python
PY := $$LIB_PYTHON
# publish copies the site there is; it makes one first where there is none or PARAMS was given
ASKED := $(or $(filter-out file,$(origin PARAMS)),$(if $(wildcard site/index.html),,none))
# QUARTO=1 asks for Quarto in the environment; anything else in QUARTO names a program that is there
ifeq ($(QUARTO),1)
unexport QUARTO
WITH_QUARTO := 1
endif
export PARAMS DEST CONDA PREFIX LIB_PYTHON WITH_QUARTO
export PYTHONPATH := $(CURDIR)
# threads of torch that wait for one another give the core away: beside other work encoding is 1.7 times as fast
export OMP_WAIT_POLICY ?= PASSIVE
export PATH := $(PREFIX)/bin:$(PATH)

report: env  ## everything: environment, corpora, models, notebooks, site
	@"$(PY)" -m lib report
env:  ## the environment alone, with Quarto where it can be had if QUARTO=1 (an active conda environment is used as it is)
	@$(if $(ACTIVE),,"$(PYTHON)" -m lib.base.environment)
cluster: env  ## Ray in the environment as well, for engine.kind: ray
	@"$(PY)" -m pip --disable-pip-version-check install --quiet -c constraints.txt -e ".[dev,cluster]"
check: env  ## refuse a parameter file with unknown keys, wrong types or missing data
	@"$(PY)" -m lib check-params
corpora: env  ## the embedded corpora of PARAMS
	@"$(PY)" -m lib corpus
models: corpora  ## the models that the notebooks of PARAMS need
	@"$(PY)" -m lib models
results: models  ## the notebooks alone
	@"$(PY)" -m lib run
site: env  ## the site alone, from the results there are
	@"$(PY)" -m lib site
pdf: env  ## the report as one tagged PDF to send, from the results there are (EXPOSE_PRIVATE=1: even if it shows private texts)
	@"$(PY)" -m lib pdf $(if $(EXPOSE_PRIVATE),--expose-private)
serve: env  ## the site on 127.0.0.1:8000
	@"$(PY)" -m http.server --bind 127.0.0.1 --directory site 8000
publish: $(if $(ASKED),site,env)  ## copy the site to DEST/<date>-<sha>, move DEST/latest to it (EXPOSE_PRIVATE=1: even if it shows private texts)
	@"$(PY)" -m lib publish "$$DEST" $(if $(EXPOSE_PRIVATE),--expose-private)
dataset: env  ## the curated, weighted training set in DEST, as files that others' loaders read (WEBDATASET=1: shards as well; PRIVATE=dm: a private corpus too)
	@"$(PY)" -m lib dataset $(if $(filter file,$(origin DEST)),,"$$DEST") $(if $(WEBDATASET),--webdataset) $(if $(filter command,$(firstword $(origin PRIVATE))),--private "$$PRIVATE")
captions: corpora  ## captions by every captioner of PARAMS, resumable, with a ledger (DRY_RUN=1: what it would cost)
	@"$(PY)" -m lib captions make $(if $(DRY_RUN),--dry-run)
survey: env  ## the survey page of PARAMS: one HTML file to hand out, and the key that stays
	@"$(PY)" -m lib survey make
lab: corpora  ## JupyterLab on the same environment, from a page that lists the notebooks
	@"$(PY)" -m lib lab
test: env  ## the whole test suite
	@"$(PY)" -m pytest -n auto --dist loadfile --no-loadscope-reorder
lint: env  ## ruff and mypy
	@"$(PY)" -m ruff check . && "$(PY)" -m ruff format --check . && "$(PY)" -m mypy
bench: models  ## speed and memory as ratios against named peers
	@"$(PY)" -m tests.benchmarks
rooms: env  ## draw report/rooms.svg: the rooms of lib and what each builds on
	@"$(PY)" -m lib rooms
clean:  ## remove what was made; the environment and the caches stay
	@rm -rf build results site
clean-cache: env  ## what the caches hold and which profile uses it (YES=1: remove what none uses)
	@"$(PY)" -m lib clean-cache $(if $(YES),--yes)
help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.NOTPARALLEL:
.PHONY: report env cluster check corpora models results site pdf serve publish dataset captions survey lab test lint bench rooms clean clean-cache help
