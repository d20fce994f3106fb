# 代表在行动 statistics warehouse. `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# PYTHON=/path/to/python chooses the interpreter; without it the first fit one on PATH is taken.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
DEPENDENCIES := $(VENV)/.dependencies
PROJECT := $(VENV)/.project
ROLLUPS := transforms/rollups

# Where the data lives, and where Airflow listens: from the environment, as everywhere else.
HOME_DIR := $(abspath $(or $(DAIBIAO_HOME),data))
LANDING := $(abspath $(or $(DAIBIAO_LANDING),$(HOME_DIR)/landing))
AIRFLOW_PORT ?= 8080
POOL := warehouse_writer

FIT := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))

.PHONY: help setup demo test test-slow check airflow bench lock clean

help: ## 列出所有目标 · list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PROJECT) ## 建好 .venv，装好锁定的依赖和本项目 · make .venv with the locked dependencies and the project

$(BIN)/python:
	@found=""; \
	for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
	  if "$$candidate" -c '$(FIT)' 2>/dev/null; then found="$$candidate"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "没有找到可用的 Python（需要 3.11 至 3.14）：请安装后重试，或用 make setup PYTHON=/路径/python3.11 指定。" >&2; \
	  echo "No fit Python found ($(or $(PYTHON),python3): $$("$(or $(PYTHON),python3)" --version 2>&1 | tail -n 1)); 3.11 to 3.14 is needed: install one, or name it with PYTHON=…" >&2; \
	  exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found 缺少 venv 模块：在 Debian/Ubuntu 上请先安装 python3-venv。" >&2; \
	  echo "$$found has no venv module: on Debian/Ubuntu install python3-venv first." >&2; \
	  exit 1; \
	fi; \
	rm -rf $(VENV); \
	"$$found" -m venv $(VENV)

# pip reads PIP_INDEX_URL, PIP_FIND_LINKS and the like by itself: an intranet mirror needs nothing here.
$(DEPENDENCIES): requirements.lock | $(BIN)/python
	@echo "安装锁定的依赖（首次约需几分钟） · installing the locked dependencies (some minutes the first time)"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	@touch $@

$(PROJECT): $(DEPENDENCIES) pyproject.toml
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	@touch $@

demo: $(PROJECT) ## 用样例走完全程，打印全省汇总表 · the whole road on samples/, through Airflow
	@$(BIN)/daibiao demo

# A worker takes a whole file at a time, in the order of the files: what its tests share is built once.
test: $(PROJECT) ## 并行运行全部测试（慢的除外） · all tests but the slow ones, on all cores
	@$(BIN)/python -m pytest -n logical --maxprocesses=8 --dist=loadfile --no-loadscope-reorder

test-slow: $(PROJECT) ## 只运行慢的测试（整省数据） · the slow tests only: a whole province
	@$(BIN)/python -m pytest -m slow

check: $(PROJECT) ## 合入前的唯一关口（格式、类型、分层、SQL） · the one gate: format, types, layers, SQL
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar $(ROLLUPS)

# Open to whoever sits at this machine, and to nobody else: no password, bound to 127.0.0.1.
airflow: export PATH := $(abspath $(BIN)):$(PATH)
airflow: export DAIBIAO_HOME := $(HOME_DIR)
airflow: export AIRFLOW_HOME := $(HOME_DIR)/airflow
airflow: export AIRFLOW__CORE__DAGS_FOLDER := $(CURDIR)/dags
airflow: export AIRFLOW__CORE__PLUGINS_FOLDER := $(CURDIR)/dags/plugins
airflow: export AIRFLOW__CORE__EXECUTOR := LocalExecutor
airflow: export AIRFLOW__CORE__PARALLELISM := 4
airflow: export AIRFLOW__CORE__LOAD_EXAMPLES := False
airflow: export AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION := False
airflow: export AIRFLOW__CORE__DEFAULT_TIMEZONE := Asia/Shanghai
airflow: export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS := True
airflow: export AIRFLOW__API__HOST := 127.0.0.1
airflow: export AIRFLOW__API__PORT := $(AIRFLOW_PORT)
airflow: export AIRFLOW__API__BASE_URL := http://localhost:$(AIRFLOW_PORT)
airflow: export LANG := C.UTF-8
airflow: $(PROJECT) ## 在本机启动 Airflow 网页与调度（Ctrl-C 停止） · Airflow on this machine (Ctrl-C stops it)
	@mkdir -p "$(LANDING)" "$$AIRFLOW_HOME"
	@if $(BIN)/python -c 'import socket, sys; sys.exit(socket.socket().connect_ex(("127.0.0.1", $(AIRFLOW_PORT))))'; then \
	  echo "端口 $(AIRFLOW_PORT) 已被占用：请改用 make airflow AIRFLOW_PORT=8081。" >&2; \
	  echo "Port $(AIRFLOW_PORT) is taken: try make airflow AIRFLOW_PORT=8081." >&2; \
	  exit 1; \
	fi
	@airflow db migrate > "$$AIRFLOW_HOME/migrate.log" 2>&1 || { cat "$$AIRFLOW_HOME/migrate.log" >&2; exit 1; }
	@airflow pools set $(POOL) 1 "仓库写入，一次一个" >> "$$AIRFLOW_HOME/migrate.log" 2>&1
	@echo "Airflow 网页 · pages：http://localhost:$(AIRFLOW_PORT) （无需登录 · no login）"
	@echo "把文件放进 · drop files into：$(LANDING)"
# A Ctrl-C that reaches Airflow's parts from the terminal as well as from `standalone` can leave the scheduler waiting for
# a worker for ever. In a group of their own they are told once; what has not ended after 30 seconds is killed, which
# does no harm: loads are whole transactions.
	@set -m; airflow standalone < /dev/null & pid=$$!; \
	stop() { \
	  trap "" INT TERM HUP; \
	  echo "正在停止 Airflow…… · stopping"; \
	  kill -INT $$pid; \
	  for _ in {1..30}; do kill -0 -- -$$pid 2> /dev/null || return 0; sleep 1; done; \
	  kill -KILL -- -$$pid; \
	}; \
	trap stop INT TERM HUP; \
	wait $$pid || true

bench: $(PROJECT) ## 测速（本机相对值） · speed, as ratios on this machine
	@$(BIN)/python -m benchmarks

# The lock holds hashes only: no index, no links. Where packages come from is each machine's own business.
lock: $(DEPENDENCIES) ## 重做 requirements.lock · re-make requirements.lock
	@scratch="$$(mktemp -d)"; trap 'rm -rf "$$scratch"' EXIT; \
	$(BIN)/python -m venv "$$scratch/venv"; \
	"$$scratch/venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check uv; \
	"$$scratch/venv/bin/uv" pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock

clean: ## 删除 .venv 与缓存；CONFIRM=1 时连同 ./data 一起删 · remove .venv and caches; ./data only with CONFIRM=1
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	@find . -path ./.git -prune -o -path ./data -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	@if [ "$(CONFIRM)" = 1 ]; then \
	  rm -rf data; \
	elif [ -d data ]; then \
	  echo "保留了 data/（交来的文件都在里面）；确要删除请运行 make clean CONFIRM=1。"; \
	  echo "Kept data/, which holds what was delivered; make clean CONFIRM=1 removes it too."; \
	fi
