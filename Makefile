# resmon: run it, test it, draw its pictures, install it.
#
#   make run                      build and show the live dashboard (ARGS="demo quiet" for something else)
#   make test                     build and run every test
#   make snapshot                 redraw docs/*.svg: the views, and the animated image of the README
#   make install PREFIX=~/.local  release build, themes and completions into PREFIX (default /usr/local)
#   make docs                     build the documentation; warnings are errors
#   make format, make lint        format the sources; check the format, the imports, the language, and the mutations
#   make test-integration         real PostgreSQL, Redis and Prometheus on loopback (installs Debian's packages)
#   make bench                    measure, beside floors, in one table (ARGS="pool" for a part)
#   make bench-http               measure HTTP clients, beside a program in C (builds async-http-client, which takes minutes)
#   make soak                     a million seeds, full counts, real threads, and hostile clients (tools/soak-attach is this part)
#   make sanitize                 the container's tests under the thread and the address sanitizer
#   make mutations                break the container in twelve ways and see whether the tests notice

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=
SOURCES := Sources Tests Package.swift Benchmarks/Sources Benchmarks/Package.swift Benchmarks/HTTP/Sources Benchmarks/HTTP/Package.swift \
    Examples/Sources Examples/Package.swift
VIEWS := overview scopes resources pools health events findings graph

.PHONY: run build test test-integration snapshot docs install format lint bench bench-http soak sanitize mutations

run: build
	@exec .build/debug/resmon $(ARGS)

build:
	@tools/setup build
	@swift build --product resmon

# Every test is a Swift Testing test; without the other runner the summary is the last line.
test:
	@tools/setup test
	swift build --build-tests
	@tools/run-tests

test-integration:
	@tools/setup integration
	@tools/test-integration

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
	@swift build --build-tests
	@tools/documentation $(DOCS)

install:
	@tools/setup build
	swift build -c release --product resmon --static-swift-stdlib
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/resmon/themes"
	install -s -m 755 .build/release/resmon "$(DESTDIR)$(PREFIX)/bin/resmon"
	install -m 644 themes/*.yaml "$(DESTDIR)$(PREFIX)/share/resmon/themes/"
	install -d "$(DESTDIR)$(PREFIX)/share/bash-completion/completions" "$(DESTDIR)$(PREFIX)/share/zsh/site-functions" \
	    "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d"
	.build/release/resmon --generate-completion-script bash > "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/resmon"
	.build/release/resmon --generate-completion-script zsh > "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_resmon"
	.build/release/resmon --generate-completion-script fish > "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/resmon.fish"

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

bench-http:
	@tools/setup build
	swift run --package-path Benchmarks/HTTP -c release HTTPBenchmarks

soak:
	@tools/setup build
	tools/soak
	tools/soak-attach

sanitize:
	@tools/setup build
	tools/sanitize

mutations:
	@tools/setup mutations
	tools/mutations
