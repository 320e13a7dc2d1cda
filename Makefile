PYTHON ?= python3
VENV := .venv
# Where it is set, each of thousands of processes would compile its modules anew.
unexport PYTHONDONTWRITEBYTECODE
BIN := $(CURDIR)/$(VENV)/bin
# A real genome for the benchmark, where there is one; else it simulates one.
FASTA ?= $(wildcard ../shared/data/yeast/genome/sacCer3.fa.gz)
# What D4 files are compared with in the benchmark, where it is there.
D4TOOLS ?= $(or $(shell command -v d4tools),$(abspath $(wildcard ../shared/tools/d4tools-head)))
# Numbers of pairs for the benchmark of contact maps (1, 5, 20 and 100 million), and a folder that keeps them.
SIZES ?=
WORK ?=

.PHONY: help setup demo test test-docker test-cluster images cwl lint bench prove lock clean

help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## Make .venv from the lock file, with hashes

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m hicloom.kernels
	touch $@

demo: setup demo/config/samples.tsv demo/R1_L1_1.fastq.gz demo/R1_L2_1.fastq.gz demo/R2_L1_1.fastq.gz  ## Simulate two Hi-C libraries and make their contact maps, in demo/
	cd demo && $(BIN)/snakemake --cores 2 --quiet rules
	$(BIN)/hicloom describe demo/results

$(VENV)/share/hicloom/juicer_tools.jar: | setup
	$(BIN)/hicloom fetch juicer-tools

$(VENV)/share/hicloom/higlass.js: | setup
	$(BIN)/hicloom fetch higlass

demo/Snakefile: | setup
	$(BIN)/hicloom init demo >/dev/null

demo/config/samples.tsv: config/demo.tsv config/demo.yaml | demo/Snakefile
	cp config/demo.yaml demo/config/config.yaml
	cp config/demo.tsv $@

demo/genome.fa.gz: | setup
	$(BIN)/hicloom simulate genome --seed 1 --output $@

demo/R1_L1_1.fastq.gz: READS := --pairs 60000 --seed 1
demo/R1_L2_1.fastq.gz: READS := --pairs 40000 --seed 2
demo/R2_L1_1.fastq.gz: READS := --pairs 100000 --seed 3
demo/%_1.fastq.gz: demo/genome.fa.gz
	$(BIN)/hicloom simulate reads $< $(READS) --output1 $@ --output2 demo/$*_2.fastq.gz

test: setup $(VENV)/share/hicloom/juicer_tools.jar $(VENV)/share/hicloom/higlass.js  ## Run the tests that need no Docker
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/docker --ignore tests/cluster --ignore tests/cloud

images: setup  ## Build the Docker images (needs Docker; without a registry also mmdebstrap)
	$(BIN)/hicloom images build

test-docker: images  ## Run the tests of the images, and of workflows in them
	$(BIN)/python -m pytest tests/docker

# Other engines for the CWL files, whose dependencies do not agree with cwltool's.
$(VENV)/share/toil/bin/toil-cwl-runner: | setup
	$(PYTHON) -m venv $(VENV)/share/toil
	$(VENV)/share/toil/bin/pip install --quiet --disable-pip-version-check "toil[cwl]==9.6.0"

$(VENV)/share/tibanna/bin/tibanna: | setup
	$(PYTHON) -m venv $(VENV)/share/tibanna
	$(VENV)/share/tibanna/bin/pip install --quiet --disable-pip-version-check tibanna==6.1.0 \
	  awscli==1.46.3 cwltool==3.1.20211103193132 ruamel.yaml==0.17.16

test-cluster: images $(VENV)/share/toil/bin/toil-cwl-runner $(VENV)/share/tibanna/bin/tibanna  ## Run it on Slurm (a cluster of containers), Tibanna's worker, Toil and S3 (needs Docker and mmdebstrap)
	$(BIN)/python -m pytest tests/cluster tests/cloud -m "not prove"

cwl: setup  ## Write cwl/hicloom-*.cwl anew from the steps' signatures
	$(BIN)/python -m hicloom.cwl cwl

lint: setup  ## Check style, types and the workflow
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile workflows

bench: setup $(VENV)/share/hicloom/juicer_tools.jar  ## Time hicloom against its peers' commands, for hours (needs bwa, samtools, bgzip, mosdepth, Java)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pypairix==0.3.9
	PATH="$(BIN):$$PATH" $(BIN)/python benchmarks/front.py --repeat 3 $(if $(FASTA),--fasta $(FASTA)) \
	  --output benchmarks/results/front.md
	$(if $(D4TOOLS),PATH="$(BIN):$$PATH" $(BIN)/python benchmarks/depth.py --repeat 3 --d4tools $(D4TOOLS) \
	  --output benchmarks/results/depth.md)
	PATH="$(BIN):$$PATH" $(BIN)/python benchmarks/matrix.py $(if $(SIZES),--sizes $(SIZES)) $(if $(WORK),--work $(WORK))
	PATH="$(BIN):$$PATH" $(BIN)/python benchmarks/matrix.py --render
	PATH="$(BIN):$$PATH" $(BIN)/python benchmarks/stages.py --render --output benchmarks/results/stages.md \
	  $(if $(WORK),--work $(WORK))

prove: images  ## Run demo and tests on clean Debian machines, and all faults on a cluster (needs Docker and mmdebstrap)
	$(PYTHON) tests/prove/prove.py --record docs/proof.md
	$(BIN)/python -m pytest tests/cluster --record docs/hpc.md

lock:  ## Resolve requirements.lock anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --all-extras --group build --group test --group lint pyproject.toml --output-file requirements.lock

clean:  ## Remove what make demo made
	rm -rf demo
