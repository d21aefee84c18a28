# Consult: set up, run and check. `make help` lists the targets.
#
# Needs Python 3.11 or later and, for `make test` on a bare Debian or Ubuntu, apt-get.
# Node is not needed: the build hook takes it from a PyPI wheel when the machine has none.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Arguments for the commands, e.g. `make demo DEMO_ARGS="--port 8080 --responses 200"`.
DEMO_ARGS ?=
BENCH_ARGS ?=
PYTEST_ARGS ?=

# `make test` runs check-NAME for each name here, then pytest and its coverage; all of them, even
# when one fails.
CHECKS := ruff format types imports $(if $(wildcard consult/translations_check.py),translations)

# What an installation is made from. The build hook compiles the style sheets, scripts and
# translations, so a change in them has to run it again, as a change of dependencies has.
INSTALL_INPUTS := $(wildcard pyproject.toml hatch_build.py package.json package-lock.json \
	static/build.mjs static/scss/*.scss static/js/*.js translations/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

# --- Debian packages ---------------------------------------------------------------------

# Shell functions for recipes: `install PACKAGE...` is apt-get without questions, as root or
# through sudo; the package lists are fetched only after a first try without them failed.
define APT
as_root() { \
	if [ "$$(id -u)" = 0 ]; then env "$$@"; \
	elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then sudo env "$$@"; \
	else echo "not root, and no sudo that asks no password" >&2; return 1; fi; \
}; \
apt_get() { as_root DEBIAN_FRONTEND=noninteractive apt-get -y -qq "$$@" </dev/null; }; \
updated=; \
install() { \
	command -v apt-get >/dev/null || { echo "no apt-get on this machine" >&2; return 1; }; \
	echo "Installing $$*"; \
	apt_get install --no-install-recommends "$$@" >/dev/null 2>&1 && return; \
	if [ -z "$$updated" ]; then apt_get update || true; updated=yes; fi; \
	apt_get install --no-install-recommends "$$@" >/dev/null; \
}
endef

# The Debian package that gives this Python its `venv`, e.g. python3.11-venv.
VENV_PACKAGE = $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')

.PHONY: system
system: ## Install what the tests need from Debian or Ubuntu, where it is missing
	@$(APT); \
	missing=; \
	need() { name=$$1; shift; install "$$@" || missing="$$missing $$name"; }; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || need python3-venv "$(VENV_PACKAGE)"; \
	command -v git >/dev/null || need git git; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| command -v google-chrome >/dev/null || need chromium chromium; \
	dpkg -s fonts-noto-core >/dev/null 2>&1 || fc-list 2>/dev/null | grep -q NotoSansArabic \
		|| need fonts-noto-core fonts-noto-core; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
		|| need postgresql postgresql; \
	command -v soffice >/dev/null || need libreoffice libreoffice-writer-nogui libreoffice-calc-nogui; \
	command -v pdftoppm >/dev/null || need poppler-utils poppler-utils; \
	if [ -n "$$missing" ]; then \
		printf '%s\n' '' \
			'****************************************************************************' \
			"  MISSING, AND COULD NOT BE INSTALLED:$$missing" \
			'  The tests that need it will be skipped, or fail when CI=true.' \
			'****************************************************************************' '' >&2; \
	fi

# --- Environment -------------------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.installed-test ## Make .venv with everything that development needs
	@:

# A half-made environment (Debian without python3-venv leaves one) is made again.
define MAKE_VENV
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Consult needs Python 3.11 or later: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }; \
if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	$(APT); \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || install "$(VENV_PACKAGE)"; \
	$(PYTHON) -m venv --clear $(VENV); \
fi
endef

$(VENV)/.installed: $(INSTALL_INPUTS)
	@$(MAKE_VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-test: $(INSTALL_INPUTS)
	@$(MAKE_VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $(VENV)/.installed $@

# --- What people run ---------------------------------------------------------------------

.PHONY: demo
demo: $(VENV)/.installed ## Set up from nothing and serve the model case at http://127.0.0.1:8000
	$(BIN)/consult demo $(DEMO_ARGS)

.PHONY: bench
bench: setup ## Run the benchmarks; a table, and build/bench.json
	@mkdir -p build
	$(BIN)/python -m benchmarks --output build/bench.json $(BENCH_ARGS)

.PHONY: format
format: setup ## Put the code into house style
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

.PHONY: translations
translations: setup ## Take new messages into translations/; docs/translations.md
	$(BIN)/python -m consult.translations_check --update

.PHONY: test
test: ## Set up from nothing and run every check
	@$(MAKE) --no-print-directory system
	@$(MAKE) --no-print-directory setup
	@failed=; \
	for check in $(CHECKS) pytest coverage; do \
		printf '\n== %s\n' "$$check"; \
		$(MAKE) --no-print-directory "check-$$check" || failed="$$failed $$check"; \
	done; \
	if [ -n "$$failed" ]; then printf '\nFAILED:%s\n' "$$failed" >&2; exit 1; fi

.PHONY: check-ruff check-format check-types check-imports check-translations check-pytest check-coverage
check-ruff:
	$(BIN)/ruff check .
check-format:
	$(BIN)/ruff format --check .
check-types:
	$(BIN)/mypy
check-imports:
	$(BIN)/lint-imports
check-translations:
	$(BIN)/python -m consult.translations_check
# One process a core, a file's tests all in one: many share what the first of them made.
check-pytest:
	$(BIN)/pytest --cov --numprocesses auto --dist loadfile $(PYTEST_ARGS)
# Of what pytest left: statistics are held to more than pages are.
check-coverage:
	@echo "Coverage of analysis/, at least 95 %:"
	$(BIN)/coverage report --include='analysis/*' --fail-under=95 --format=total

.PHONY: clean
clean: ## Remove everything that make made, .venv too; the demo's data stay
	rm -rf $(VENV) node_modules static/built build dist *.egg-info .coverage .coverage.* \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f translations/*/LC_MESSAGES/*.mo
	find analysis consult tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
