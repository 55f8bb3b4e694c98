#   make demo            install what is missing, build, train for a minute, print samples
#   make test            install what is missing, build, run the tests
#
#   make build           the command, .build/release/charlm
#   make format          format Swift and C; make lint only checks
#   make check-folders   check that the folders inside each target do not use each other in a circle
#   make bench           measure how fast this machine trains and samples
#
# On Debian and Ubuntu missing packages are installed with apt, through sudo where needed. Elsewhere the commands say
# what to install.

SWIFT ?= swift
CLANG_FORMAT ?= clang-format
CHARLM = .build/release/charlm
DEMO_MODEL = models/demo.safetensors
TESTED = --configuration release -Xswiftc -enable-testing
RUN_TESTS = $(SWIFT) test $(TESTED) --skip-build --disable-xctest
SWIFT_SOURCES = Sources Tests Snippets Package.swift
C_SOURCES = $(shell find Sources Tests/Portability -name '*.c' -o -name '*.h' -o -name '*.inc')

.PHONY: all setup setup-lint build demo test format lint check-folders bench clean

all: build

setup:
	@Scripts/setup

setup-lint:
	@CLANG_FORMAT=$(CLANG_FORMAT) Scripts/setup --lint

build: setup
	$(SWIFT) build -c release --product charlm

demo: build
	$(CHARLM) train corpora/tales.txt --budget 1m --overwrite --model $(DEMO_MODEL)
	@echo
	$(CHARLM) sample --model $(DEMO_MODEL) --seed "hello" --length 400
	@echo
	$(CHARLM) sample --model $(DEMO_MODEL) --seed "THE " --length 400

# Tests run on optimized code, which is what is used: kernels that are not take most of the time, and what a compiler does
# wrong shows. -enable-testing lets them see what is internal; check-folders reads the index. For one's own work
# 'swift build --build-tests' and 'swift test --filter' are faster to build.
#
# The kernels' tests cover every instruction set by themselves. The engine's tests also run on those that are slower than
# this CPU's best, and with our own matrix products in place of a library's.
test: setup
	$(SWIFT) build $(TESTED) --build-tests --enable-index-store
	CHARLM_KERNELS=plain CHARLM_PRODUCTS=own $(RUN_TESTS) --filter RecurrentNNTests
	CHARLM_KERNELS=avx2 $(RUN_TESTS) --filter RecurrentNNTests
	$(RUN_TESTS)

format: setup-lint
	$(SWIFT) format --in-place --recursive $(SWIFT_SOURCES)
	$(CLANG_FORMAT) -i $(C_SOURCES)

lint: setup-lint
	$(SWIFT) format lint --strict --recursive $(SWIFT_SOURCES)
	$(CLANG_FORMAT) --dry-run -Werror $(C_SOURCES)

# Reads the index that 'make test' or a debug build wrote.
check-folders: setup-lint
	Scripts/check-folders

bench: build
	$(CHARLM) bench

clean:
	$(SWIFT) package clean
