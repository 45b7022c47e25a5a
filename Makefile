# The commands of this project. `make run` opens the till, `make test` checks everything.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PACKAGES := vouchers till sync printing cardreader server resources process tests bench

.PHONY: run test check format soak bench lock clean
.DEFAULT_GOAL := run

run: $(VENV)/run.done
	@$(BIN)/python -m scripts.demo

test: check
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest -n 3 --dist worksteal

check: $(VENV)/test.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/test.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: $(VENV)/test.done
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest -n 4 --soak

bench: $(VENV)/test.done
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m bench

$(VENV)/run.done: requirements/run.txt pyproject.toml
	@scripts/system-packages run
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	-@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/cards.txt \
		|| echo "Smart cards are switched off: pyscard could not be built. Everything else works."
	@touch $@

$(VENV)/test.done: requirements/test.txt pyproject.toml
	@scripts/system-packages test
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# Needs uv; run it after a change of the dependencies in pyproject.toml.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml
lock:
	$(LOCK) -o requirements/run.txt
	$(LOCK) --extra cards -c requirements/run.txt -o requirements/cards.txt
	$(LOCK) --extra cards --extra dev -c requirements/run.txt -o requirements/test.txt

clean:
	rm -rf $(VENV) .data
