# make demo: see it work. make test, make check: what .ci/run runs. make help: everything else.
.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PREFIX ?= /usr/local
DIST := .build/dist
BENCH := .build/bench
# lld drops what nothing refers to and packs relocations: 4 MB less file, 2 MB less memory than the default linker.
RELEASE_LINK := -Xswiftc -use-ld=lld -Xlinker --gc-sections -Xlinker --no-export-dynamic -Xlinker --icf=safe \
    -Xlinker -z -Xlinker pack-relative-relocs
WITH_ENGINE := Tests/support/with-engine
# Its containers outlive it, and it is started again when it ends.
WITH_RESTARTING_ENGINE := WITH_ENGINE_SETTINGS='{"live-restore": true}' $(WITH_ENGINE)
SOAK_SECONDS ?= 600
# Simulated histories from seed 1 on, a thousand in one process: each agent of theirs keeps a descriptor until it ends.
define simulate
ulimit -Sn "$$(ulimit -Hn)"; for first in $$(seq 1 1000 $(1)); do \
    RUNNER_AGENT_SIMULATION_SEED=$$first RUNNER_AGENT_SIMULATIONS=1000 swift test --skip-build --filter SimulationTests; \
done
endef
LINES := $(CURDIR)/.build/end-to-end-lines
# An agent, a client and often a build for each test: more at once only make them wait for each other.
SIDE_BY_SIDE := --experimental-maximum-parallelization-width 10

help: ## Say what there is
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand --tabs=18

demo: release ## Fetch, build, run and stop an example component on a real engine
	Tests/demo.sh

test: packages ## All tests, on a private Docker Engine (root)
	swift build --build-tests
	$(WITH_ENGINE) $(MAKE) --no-print-directory test-beside-engine </dev/null
	$(WITH_RESTARTING_ENGINE) swift test --skip-build --filter EngineRestartTests </dev/null

# Nothing can be downloaded here: everything is built.
test-beside-engine:
	swift test --skip-build --skip EndToEndTests --skip SimulationTests
	$(call simulate,1001)
	rm -f $(LINES)
	RUNNER_AGENT_RECORD_LINES=$(LINES) swift test --skip-build --filter EndToEndTests $(SIDE_BY_SIDE)
	Tests/support/validate-lines $(LINES)
	RUNNER_AGENT_BINARY=$(CURDIR)/.build/debug/runner-agent node --test clients/node/test/*.test.js

check: packages release ## Format, imports, protocol, scripts, types, warnings, linkage: one line for each
	Tests/check.sh $(DIST)/runner-agent $(DIST)/runner-agent.map

sanitize: packages ## All Swift tests, and the agent they drive, under the thread and the address sanitizer (root, slow)
	for sanitizer in thread address; do \
	    options="--sanitize=$$sanitizer --scratch-path .build-$$sanitizer"; \
	    reports=$(CURDIR)/.build-$$sanitizer/reports; \
	    swift build --build-tests $$options; \
	    rm -rf $$reports; mkdir -p $$reports; \
	    TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/support/tsan-suppressions log_path=$$reports/report" \
	    ASAN_OPTIONS="detect_leaks=0 log_path=$$reports/report" \
	    RUNNER_AGENT_BINARY=$(CURDIR)/.build-$$sanitizer/debug/runner-agent \
	        $(WITH_ENGINE) swift test --skip-build $$options $(SIDE_BY_SIDE) </dev/null; \
	    if [ -n "$$(ls $$reports)" ]; then cat $$reports/*; exit 1; fi; \
	done

torture: packages ## The long forms: 20 000 simulated histories, 200 kills, engine restarts, a soak of SOAK_SECONDS (600) (root)
	swift build --build-tests
	$(call simulate,19001)
	RUNNER_AGENT_TORTURE=1 $(WITH_ENGINE) swift test --skip-build --no-parallel \
	    --filter 'KillTortureTests|RecoveryTests|LogContinuityTests|EngineFaultTests' </dev/null
	RUNNER_AGENT_TORTURE=1 $(WITH_RESTARTING_ENGINE) swift test --skip-build --filter EngineRestartTests </dev/null
	SOAK_SECONDS=$(SOAK_SECONDS) $(WITH_ENGINE) swift test --skip-build --filter SoakTests </dev/null

fuzz: packages ## The fuzz targets under the address sanitizer, FUZZ_SECONDS (60) each
	Tests/Fuzz/run

bench: packages ## Requests beside a C echo server, archives beside tar and Node, the Node client beside a socket (root)
	@test -x $(DIST)/runner-agent || $(MAKE) --no-print-directory release
	mkdir -p $(BENCH)
	for tool in echo load start; do $(CC) -O2 -Wall -Wextra -o $(BENCH)/$$tool Tests/Benchmarks/$$tool.c; done
	$(CC) -O2 -Wall -Wextra -o $(BENCH)/inflate Tests/Benchmarks/inflate.c -lz
	swift build -c release --static-swift-stdlib --product archive-bench
	Tests/Benchmarks/run $(DIST)/runner-agent $(BENCH)
	Tests/Benchmarks/archives $(DIST)/runner-agent .build/release/archive-bench $(BENCH)/inflate
	$(WITH_ENGINE) Tests/Benchmarks/node-client.js $(DIST)/runner-agent

build: packages ## Debug build
	swift build

release: packages ## Stripped release binary in .build/dist
	mkdir -p $(DIST)
	swift build -c release --static-swift-stdlib --product runner-agent $(RELEASE_LINK) \
	    -Xlinker -Map=$(CURDIR)/$(DIST)/runner-agent.map
	strip -o $(DIST)/runner-agent .build/release/runner-agent

install: ## Install the release binary and its systemd units below PREFIX (/usr/local)
	@test -x $(DIST)/runner-agent || { echo "first: make release"; exit 1; }
	install -D -m 0755 $(DIST)/runner-agent $(DESTDIR)$(PREFIX)/bin/runner-agent
	for scope in system user; do \
	    install -d $(DESTDIR)$(PREFIX)/lib/systemd/$$scope; \
	    $(DIST)/runner-agent install-service --print --program $(PREFIX)/bin/runner-agent \
	        $$([ $$scope = user ] || echo --system) >$(DESTDIR)$(PREFIX)/lib/systemd/$$scope/runner-agent.service; \
	done

clean: ## Remove what was built
	rm -rf .build .build-thread .build-address

packages:
	@Tests/support/install-packages

.PHONY: help demo test test-beside-engine check sanitize torture fuzz bench build release install clean packages
