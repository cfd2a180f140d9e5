# Every target does its own set-up, from a fresh Debian with git, make, python3, python3-venv, nodejs and npm.
VENV := .venv
BIN := $(VENV)/bin
UV_PIN := 0.13.9

.PHONY: setup demo test check screenshots drills bench lock browser
.DEFAULT_GOAL := setup

# Compiled ahead: the services run as users who may not write beside the source, and would compile it anew at each start.
COMPILE := $(BIN)/python -m compileall -q -j 0

setup: $(VENV)/.ready $(VENV)/.compiled
	@$(COMPILE) src

$(VENV)/.compiled: requirements/dev.txt | $(VENV)/.ready
	@$(COMPILE) -x '/(numpy|pandas|scipy|sklearn)/' $(VENV)/lib
	@touch $@

$(VENV)/.ready: requirements/dev.txt pyproject.toml package-lock.json scripts/bundle.sh $(wildcard src/sceau/core/web/scripts/* src/sceau/*/web/static/*/* src/sceau/*/web/*/static/*/*.js src/sceau/*/web/*/static/*/*.css) $(wildcard src/sceau/locale/*/LC_MESSAGES/*.po)
	@test -x $(BIN)/python || python3 -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv==$(UV_PIN)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/python scripts/translations.py compile
	@sh scripts/bundle.sh
	@sh scripts/pango.sh
	@touch $@

demo: setup
	$(BIN)/sceau demo

browser: setup
	@sh scripts/browser.sh

test: setup browser
	sh scripts/test.sh

check: setup browser
	sh scripts/check.sh

# The pictures of docs/screenshots, anew.
screenshots: setup browser
	SCREENSHOTS=1 $(BIN)/python -m pytest tests/journeys

drills: setup
	$(BIN)/sceau exposure drill

bench: setup
	$(BIN)/python benchmarks/intake.py --scale 0.1

# Resolves anew, a week behind the registries; the lock keeps hashes and no address.
lock: setup
	$(BIN)/uv lock --quiet --upgrade --exclude-newer "$$(date -u -d '7 days ago' +%F)"
	$(BIN)/uv export --quiet --no-emit-project --no-dev --no-annotate --no-header -o requirements/base.txt >/dev/null
	$(BIN)/uv export --quiet --no-emit-project --no-annotate --no-header -o requirements/dev.txt >/dev/null
	@rm -f uv.lock
