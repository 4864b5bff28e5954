# Every target does its own set-up: a machine needs only Python 3.11 to 3.13, make and a C compiler.
#   make run ARGS="--lang en"      PYTHON=python3.12 make test
.PHONY: help install run test test-long test-server bench lock clean remake
.SUFFIXES:
.NOTPARALLEL:

# Many tests start the program; where nothing compiled may be left behind, each start would compile all of it anew.
export PYTHONDONTWRITEBYTECODE :=
python := .venv/bin/python
BENCH := tick
inputs := setup/install.sh pyproject.toml requirements/build.txt requirements/engine.txt requirements/run.txt
caches := .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist *.egg-info

# A .venv that was copied from elsewhere, or whose Python has changed under it, is made anew.
whole := $(shell $(python) -c 'import durable_rules_engine' 2>/dev/null && cat .venv/run.stamp 2>/dev/null)
again := $(if $(PYTHON),remake)
ifneq ($(whole),$(CURDIR))
again := remake
endif

help:
	@echo 'make run        启动 / start the program (ARGS="--lang en")'
	@echo 'make test       全部检查和测试 / every check and test'
	@echo 'make test-long  耗时的测试 / the tests that take minutes'
	@echo 'make test-server 网点服务器的测试，须由 root 在试验机上运行 / the branch server, as root on a machine to spare'
	@echo 'make bench      计时 / timings (BENCH=tick)'
	@echo 'make install    只安装 / only set up .venv'
	@echo 'make lock       重新锁定依赖 / lock the requirements again (UPGRADE=--upgrade)'
	@echo 'make clean      删除 .venv 和缓存，不动案件 / remove .venv and caches, never the cases'

remake:

install: .venv/run.stamp
	@echo '已就绪 / ready: .venv/bin/assistant'

run: .venv/run.stamp
	@.venv/bin/assistant $(ARGS)

test: .venv/dev.stamp
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports
	$(python) -m pytest -n auto --dist loadgroup

test-long: .venv/dev.stamp
	$(python) -m pytest -m "long or hypothesis" --hypothesis-profile=long

# RUNLEVEL=1 keeps Debian from starting an sshd of its own on the usual port.
test-server: .venv/dev.stamp
	@PATH="$$PATH:/usr/sbin:/sbin"; command -v sshd >/dev/null && command -v ssh >/dev/null && command -v sudo >/dev/null || \
		RUNLEVEL=1 apt-get install -y --no-install-recommends openssh-server openssh-client sudo
	$(python) -m pytest -m server tests/server

bench: .venv/dev.stamp
	$(python) -m bench.$(BENCH) $(ARGS)

.venv/run.stamp: $(inputs) $(again)
	@sh setup/install.sh run

.venv/dev.stamp: $(inputs) requirements/dev.txt $(again)
	@sh setup/install.sh dev

locked := $(python) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command 'make lock' $(UPGRADE)

# Exact versions that still fit are kept, unless UPGRADE=--upgrade asks for the newest.
lock: .venv/run.stamp
	$(python) -m pip install --quiet --require-hashes -r requirements/lock.txt
	$(locked) pyproject.toml --extra pdf -o requirements/run.txt
	$(locked) pyproject.toml --extra pdf --group dev -c requirements/run.txt -o requirements/dev.txt
	$(locked) --group build -o requirements/build.txt
	$(locked) --group engine -o requirements/engine.txt
	$(locked) --group lock -o requirements/lock.txt

clean:
	rm -rf .venv $(caches)
	find assistant rules ui tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
