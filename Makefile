# Everything is run from here. `make` alone says what there is.
# All paths are relative, so that a folder with spaces in its name works too.

WORKERS = auto

PIP = .venv/bin/python -m pip --disable-pip-version-check --no-input -qq install
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet

.PHONY: help demo test check format-check lint types bench slow lock clean \
	dashboard docs validate calibrate mutate venv core web dev

help:
	@echo 'make demo       compare the shipped scenarios with the baseline and print the answer'
	@echo 'make dashboard  open the dashboard in the browser, on this machine, without internet'
	@echo 'make test       run the fast tests'
	@echo 'make check      format, lint, types and the fast tests: what has to pass before a change lands'
	@echo 'make validate   simulate the shipped studies beside what they published'
	@echo 'make calibrate  fit the model to published figures again, in some half an hour'
	@echo 'make bench      measure nanoseconds per client-week'
	@echo 'make slow       run the long battery of tests (up to an hour)'
	@echo 'make lock       resolve the pinned versions again (UPGRADE=1 moves them to the newest)'
	@echo 'make clean      remove .venv and everything else that was made here'
	@echo
	@echo 'Not built yet, each says what it will do:'
	@echo '  make docs  make mutate'
	@echo
	@echo 'The first call installs what it needs into .venv; PYTHON=python3.12 chooses the Python.'

demo: core
	@.venv/bin/recoverysim compare

test: dev
	@.venv/bin/pytest -n $(WORKERS)

# One after the other, also under `make -j`: the first that fails is the one to mend.
check: dev
	@echo 'format' && .venv/bin/ruff format --check .
	@echo 'lint' && .venv/bin/ruff check .
	@echo 'types' && .venv/bin/mypy
	@echo 'tests' && .venv/bin/pytest -n $(WORKERS)

bench: core
	@.venv/bin/recoverysim bench

slow: dev
	@.venv/bin/pytest -n $(WORKERS) -m slow

dashboard: web
	@.venv/bin/recoverysim dashboard

docs:
	@echo 'Not built yet: this will make the documentation and run every example in it.'

validate: core
	@.venv/bin/recoverysim validate

# Stopped, the same command goes on. The accepted sets are the same bytes while nothing that they rest on changes.
calibrate: core
	@.venv/bin/recoverysim calibrate --out calibration
	@cp calibration/accepted.csv calibration/accepted.json recoverysim/evidence/

mutate:
	@echo 'Not built yet: this will change the rules on purpose, one at a time, and say which changes no test notices.'

clean:
	@rm -rf .venv build dist site htmlcov .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- installing ---------------------------------------------------------------------------
# Each step leaves a note in .venv of what it installed from, and of the folder it stood in;
# while the note is true there is nothing to do.

# .venv, by the first Python that will do. A .venv copied along with its folder is made again.
venv:
	@if [ -f .venv/made-in ] && [ "`cat .venv/made-in`" = "`pwd`" ] && .venv/bin/python -c '' 2>/dev/null; \
	then exit 0; fi; \
	if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; \
	else set -- python3 python3.11 python3.12 python3.13 python3.14 python; fi; \
	found=; \
	for python; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		if [ -n "$$PYTHON" ]; \
		then echo "PYTHON=$$PYTHON is not a Python 3.11 or newer." >&2; \
		else echo 'recoverysim needs Python 3.11 or newer, and none was found.' >&2; fi; \
		echo 'Install one (on Debian and Ubuntu: apt install python3 python3-venv; on a Mac: brew install python), then run make again.' >&2; \
		exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found cannot make a virtual environment: its venv module is missing." >&2; \
		echo 'Install it (on Debian and Ubuntu: apt install python3-venv), then run make again.' >&2; \
		exit 1; \
	fi; \
	rm -rf .venv && "$$found" -m venv .venv && pwd > .venv/made-in

# What recoverysim needs to run, and recoverysim itself from this folder.
core: venv
	@note="`cat requirements/core.lock pyproject.toml | cksum`"; \
	if [ "$$note" = "`cat .venv/installed-core 2>/dev/null`" ]; then exit 0; fi; \
	echo 'Installing what recoverysim needs into .venv. This happens once and takes a minute or two.' >&2; \
	$(PIP) --require-hashes -r requirements/core.lock && \
	$(PIP) --no-deps --no-build-isolation --editable . && \
	{ .venv/bin/recoverysim doctor --warm >/dev/null 2>&1 || true; } && \
	echo "$$note" > .venv/installed-core

# What the dashboard needs besides.
web: core
	@note="`cat requirements/dashboard.lock | cksum`"; \
	if [ "$$note" = "`cat .venv/installed-web 2>/dev/null`" ]; then exit 0; fi; \
	echo 'Installing what the dashboard needs into .venv. This happens once.' >&2; \
	$(PIP) --require-hashes -r requirements/dashboard.lock && \
	echo "$$note" > .venv/installed-web

# What the tests and checks need besides.
dev: core
	@note="`cat requirements/dev.lock | cksum`"; \
	if [ "$$note" = "`cat .venv/installed-dev 2>/dev/null`" ]; then exit 0; fi; \
	echo 'Installing what the tests need into .venv. This happens once.' >&2; \
	$(PIP) --require-hashes -r requirements/dev.lock && \
	echo "$$note" > .venv/installed-dev

# The locks name versions and hashes, no address: any package index that has them will do.
lock: venv
	@command -v uv >/dev/null || [ -x .venv/bin/uv ] || $(PIP) uv
	@PATH="$$PATH:.venv/bin"; upgrade="$${UPGRADE:+--upgrade}"; \
	$(COMPILE) $$upgrade -o requirements/core.lock pyproject.toml requirements/build.in && \
	$(COMPILE) $$upgrade -c requirements/core.lock -o requirements/dashboard.lock \
		--extra dashboard pyproject.toml requirements/build.in && \
	$(COMPILE) $$upgrade -c requirements/dashboard.lock -o requirements/dev.lock \
		--extra dev --extra dashboard pyproject.toml requirements/build.in
	@if grep -n -i -e '://' -e 'index-url' -e 'find-links' requirements/*.lock; \
	then echo 'The lines above name an address, which a lock here must not.' >&2; exit 1; fi
