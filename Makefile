# resmon: run it, test it, draw its pictures, install it.
#
#   make run                      build and show the live dashboard (ARGS="demo quiet" for something else)
#   make test                     build and run every test
#   make snapshot                 redraw docs/*.svg: the views, and the animated image of the README
#   make install PREFIX=~/.local  release build, themes, completions and manual pages into PREFIX (default /usr/local)
#   make dist                     the same as a tarball and as a Debian package, in .build/dist
#   make docs                     build the documentation; warnings are errors
#   make format, make lint        format the sources; check the format, the imports, the language, and the mutations
#   make test-integration         real PostgreSQL, Redis and Prometheus on loopback (installs Debian's packages)
#   make test-adapters            Hummingbird, FlyingFox, tracing, configuration, and an example server (takes minutes to build)
#   make bench                    measure, beside floors, in one table (ARGS="pool" for a part)
#   make bench-peers              the scopes and pools, beside libraries of Java and Python, in one table (ARGS="--rounds 1" for a short run)
#   make bench-http               measure HTTP clients, beside a program in C (builds async-http-client, which takes minutes)
#   make bench-hummingbird        load a server with a scope per request by wrk (ARGS=60 for runs of a minute)
#   make soak                     a million seeds, full counts, real threads, hostile clients and feeds (tools/soak-attach is this part), a
#                                 minute of rates scraped by Prometheus, adapters, a
#                                 client package with each trait (tools/test-traits build), and the Debian package in a bare system
#                                 (tools/test-dist)
#   make sanitize                 the container's tests under the thread and the address sanitizer
#   make mutations                break the container in sixteen ways and see whether the tests notice

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=
SOURCES := Sources Tests Package.swift Benchmarks/Sources Benchmarks/Package.swift Benchmarks/HTTP/Sources Benchmarks/HTTP/Package.swift \
    Examples/Sources Examples/Package.swift
VIEWS := overview scopes resources pools health events findings graph

.PHONY: run build test test-integration test-adapters snapshot docs install dist format lint bench bench-peers bench-http bench-hummingbird \
    soak sanitize mutations

run: build
	@exec .build/debug/resmon $(ARGS)

build:
	@tools/setup build
	@tools/build --product resmon

# Every test is a Swift Testing test; without the other runner the summary is the last line.
test:
	@tools/setup test
	tools/build --build-tests
	@tools/run-tests

test-integration:
	@tools/setup integration
	@tools/test-integration

test-adapters:
	@tools/setup adapters
	@tools/test-adapters

snapshot: build
	@mkdir -p docs
	@set -e; for view in $(VIEWS); do \
	    .build/debug/resmon snapshot checkout --at 75s --seed 7 --size 120x36 --view $$view --format svg --force --output docs/$$view.svg; \
	    echo "docs/$$view.svg"; \
	done
	@.build/debug/resmon snapshot leak --every 500ms --for 15s --size 120x36 --format svg --force --output docs/demo.svg
	@echo docs/demo.svg

docs:
	@tools/setup docs
	@tools/build --build-tests
	@tools/documentation $(DOCS)

install:
	@tools/setup install
	swift build -c release --product resmon --static-swift-stdlib
	@tools/install .build/release/resmon "$(DESTDIR)$(PREFIX)"

dist:
	@tools/setup dist
	@tools/dist

format:
	swift format format -i -r $(SOURCES)

lint:
	swift format lint --strict -r $(SOURCES)
	tools/check-arrows
	tools/check-language
	tools/mutations --check

bench:
	@tools/setup build
	swift run --package-path Benchmarks -c release Benchmarks $(ARGS)

bench-peers:
	@tools/setup peers
	@tools/bench-peers $(ARGS)

bench-http:
	@tools/setup build
	swift run --package-path Benchmarks/HTTP -c release HTTPBenchmarks

bench-hummingbird:
	@tools/setup adapters
	@tools/bench-hummingbird $(ARGS)

soak:
	@tools/setup adapters
	@tools/setup integration
	@tools/setup dist
	tools/soak
	tools/soak-attach
	RESMON_SOAK=1 tools/test-integration
	tools/test-adapters
	tools/test-traits build
	tools/dist
	tools/test-dist

sanitize:
	@tools/setup build
	tools/sanitize

mutations:
	@tools/setup mutations
	tools/mutations
