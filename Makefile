# make rate    make a million call records, rate them, show what they come to
# make test    all tests, Rust and Python
# make serve   Telephony Config with an invented workspace, in a browser on this machine
# make nightly the countable tests of reliability, long, with their counts printed
# make wheels  what a release consists of, in out/wheels, each file tested where it is installed
# make bench   the benchmarks
# make docs    the documentation as a site, in out/site
# make lint    everything that reads the code without running it
# make clean   remove what these made
#
# All of it happens in .venv and target. A stamp in .venv says what is installed for what; the sources
# that the compiled module is built from are its prerequisites, so that a second run starts at once.

PYTHON ?= python3
MINUTES ?= 10
# Processes that share the tests; a file of tests stays in one.
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find rust -name '*.rs' -not -path '*/fuzz/*') $(wildcard rust/*/Cargo.toml) Cargo.toml Cargo.lock pyproject.toml Makefile \
	$(wildcard python/dialnexa_routing/*.pyi)
MAKERS := data/world.csv $(wildcard data/*.py)

# A conda environment beside ours would make maturin refuse.
MATURIN := env -u CONDA_PREFIX PIP_QUIET=1 VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/maturin develop --release --quiet
PIP := $(BIN)/pip --quiet --disable-pip-version-check
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python

.DELETE_ON_ERROR:

.PHONY: rate serve test nightly wheels bench docs lint clean setup

rate: setup out/records.parquet out/world.deck
	@$(BIN)/dialnexa-routing rate out/records.parquet out/rated.parquet --deck out/world.deck

serve: $(VENV)/.serve out/world.deck
	@$(BIN)/dialnexa-routing serve --deck plivo=out/world.deck

test: $(VENV)/.test
	cargo test --quiet --locked --package dialnexa-deck
	$(BIN)/python -m pytest --quiet --numprocesses $(WORKERS) --dist loadfile

# Some rows of it, or less time for each fuzz target: make nightly ROWS="D1 A4" MINUTES=1
nightly: $(VENV)/.nightly
	$(BIN)/python tests/nightly.py --minutes $(MINUTES) $(ROWS)

# With a part of the suite in place of all of it, or some of the files: make wheels QUICK=1 KINDS="stable sources"
wheels: $(VENV)/.wheels
	cargo package --quiet --locked --package dialnexa-deck $(if $(QUICK),--allow-dirty)
	$(BIN)/python tests/wheels.py $(if $(QUICK),--quick) $(KINDS)

# To compare with another commit, once this has run: .venv/bin/python benches/against.py fd8cdb0
bench: $(VENV)/.bench
	$(BIN)/python benches/match.py
	$(BIN)/python benches/rate.py
	$(BIN)/python benches/plans.py
	$(BIN)/python benches/screen.py
	$(BIN)/python benches/decide.py
	$(BIN)/python benches/explain.py
	$(BIN)/python benches/sheets.py
	$(BIN)/python benches/call_files.py --millions 0.5 --rounds 3
	$(BIN)/python benches/wheel.py

lint: $(VENV)/.lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --config-file tests/typing/plain.ini tests/typing/readme_program.py
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	cargo fmt --check
	cargo clippy --quiet --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --no-deps --package dialnexa-deck

docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir out/site

clean:
	rm -rf out target $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f python/dialnexa_routing/_deck.*.so python/dialnexa_routing/_deck.pyd

out/records.parquet: $(MAKERS) | $(VENV)/.rate
	@echo "making 1,000,000 call records (invented) from data/world.csv"
	@$(BIN)/python data/make_records.py --rows 1000000 --seed 1 --out $@

out/world.deck: data/world.csv $(VENV)/.rate
	@mkdir -p out
	@$(BIN)/dialnexa-routing compile data/world.csv --output $@

setup: $(VENV)/.rate

# Each stamp installs the package with what its targets need, and no more; cargo compiles once.
$(VENV)/.rate: $(SOURCES) | $(VENV)/.tools
	@echo "building the package into $(VENV); the first time this takes some minutes"
	@$(MATURIN) --extras cli --group data
	@touch $@

$(VENV)/.serve: $(SOURCES) | $(VENV)/.tools
	@echo "building the package into $(VENV); the first time this takes some minutes"
	@$(MATURIN) --extras cli,store,web
	@touch $@

$(VENV)/.test: $(SOURCES) | $(VENV)/.tools
	@$(MATURIN) --extras cli,excel,plot,store,web --group test
	@touch $@

$(VENV)/.nightly: $(SOURCES) | $(VENV)/.tools
	@$(MATURIN) --extras cli,excel,plot,store,web --group test,audit
	@touch $@

$(VENV)/.lint: $(SOURCES) | $(VENV)/.tools
	@$(MATURIN) --extras cli,excel,plot,store,web --group test,lint,bench
	@touch $@

$(VENV)/.docs: $(SOURCES) mkdocs.yml | $(VENV)/.tools
	@$(MATURIN) --extras cli,plot,store,web --group docs
	@touch $@

$(VENV)/.wheels: pyproject.toml | $(VENV)/.tools
	@$(PIP) install --group wheels
	@touch $@

$(VENV)/.bench: $(SOURCES) | $(VENV)/.tools
	@$(MATURIN) --extras cli,excel,plot,store,web --group test,bench
	@touch $@

$(VENV)/.tools:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or later is needed; name one, as in: make PYTHON=python3.13 rate" >&2; exit 1; }
	@command -v cargo >/dev/null \
		|| { echo "a Rust toolchain is needed; install it from https://rustup.rs" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1' 'maturin>=1.16,<2'
	@touch $@
