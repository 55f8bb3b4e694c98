# The two commands of the README, and what they are made of.
#
#   make demo    install what is missing, build, train for about a minute, print samples
#   make test    install what is missing, build, pass the tests
#
# Debian and Ubuntu: missing packages are installed by apt, with sudo where it is needed.
# Elsewhere: what to install is said.

SWIFT ?= swift
CHARLM = .build/release/charlm
DEMO_MODEL = models/demo.safetensors

.PHONY: all setup build demo test format lint bench clean

all: build

setup:
	@Scripts/setup

build: setup
	$(SWIFT) build -c release --product charlm

demo: build
	$(CHARLM) train corpora/english.txt --budget 1m --model $(DEMO_MODEL)
	@echo
	$(CHARLM) sample --model $(DEMO_MODEL) --seed "Hello" --length 400 --temperature 0.6
	@echo
	$(CHARLM) sample --model $(DEMO_MODEL) --seed "ORLA." --length 400 --temperature 0.6

# The kernels' tests cover every instruction set by themselves; the engine's run once more with each that is slower than
# this CPU's best, and with our own products in place of a library's.
test: setup
	$(SWIFT) build --build-tests
	CHARLM_KERNELS=plain CHARLM_PRODUCTS=own $(SWIFT) test --skip-build --disable-xctest --filter RecurrentNNTests
	CHARLM_KERNELS=avx2 $(SWIFT) test --skip-build --disable-xctest --filter RecurrentNNTests
	$(SWIFT) test --skip-build --disable-xctest

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

bench: build
	$(CHARLM) bench

clean:
	$(SWIFT) package clean
