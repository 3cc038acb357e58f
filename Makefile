# The front door. `make night` and `make test` are all a newcomer needs.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONUTF8 := 1

.PHONY: night test test-spark lint airflow bench lock clean

night: .venv/ready
	$(BIN)/motcua demo

test: .venv/ready
	$(BIN)/python -m pytest --ignore=tests/spark --numprocesses=auto --maxprocesses=4 --dist=loadfile

test-spark: .venv/ready
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-spark.lock
	$(BIN)/python -m pytest tests/spark

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy catalog extractors transforms expectations feedback warehouse publication simulator stack pipeline \
	  motcua dags bench

airflow: .venv/ready
	$(BIN)/motcua airflow

bench: .venv/ready
	$(BIN)/python -m bench $(ARGS)

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

lock:
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra oracle --extra sqlserver --universal --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock
	echo "pyspark>=4.3" | $(BIN)/uv pip compile - --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --quiet --output-file requirements-spark.lock
	echo "uv" | $(BIN)/uv pip compile - --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --quiet --output-file requirements-uv.lock

clean:
	rm -rf var .venv
