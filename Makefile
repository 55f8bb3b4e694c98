#   make demo            install what is missing, build, train for a minute, print samples
#   make test            install what is missing, build, run the tests
#
#   make build           the command, .build/release/charlm
#   make format          format Swift and C; make lint only checks
#   make check-folders   check that the folders inside each target do not use each other in a circle
#   make check-dependency  check that a package that depends on this one builds and passes its tests
#   make bench           measure how fast this machine trains and samples
#
#   make dist            charlm for machines without Swift, with manual pages: .build-dist/charlm-*.tar.gz
#   make deb             a Debian package of it, too
#   make install         that into PREFIX (/usr/local), below DESTDIR where it is given; make uninstall takes it out
#   make check-dist      run it on a bare Debian
#   make docs            the documentation of the libraries, .build-docs
#
# On Debian and Ubuntu missing packages are installed with apt, through sudo where needed. Elsewhere the commands say
# what to install.

SWIFT ?= swift
# One build serves the command and the tests. It is optimized, because the tests of the engine take ten times as long
# otherwise; it lets tests see what is internal, which costs nothing measurable; and it has the index that 'make
# check-folders' reads. 'make test CONFIGURATION=debug' builds and tests with the standard library's checks as well.
CONFIGURATION ?= release
OPTIONS = -Xswiftc -enable-testing --enable-index-store
BUILD = $(SWIFT) build -c $(CONFIGURATION) $(OPTIONS)
TEST = $(SWIFT) test -c $(CONFIGURATION) $(OPTIONS) --skip-build --disable-xctest
CLANG_FORMAT ?= clang-format
CHARLM = .build/release/charlm
# A link to what 'make dist' made last.
DIST = .build-dist/charlm
DEMO_MODEL = models/demo.safetensors
PREFIX ?= /usr/local
DESTDIR ?=
SWIFT_SOURCES = Sources Tests Snippets Package.swift
C_SOURCES = $(shell find Sources Tests/Portability -name '*.c' -o -name '*.h' -o -name '*.inc')

.PHONY: all setup setup-lint build demo test format lint check-folders check-dependency bench dist deb install uninstall
.PHONY: check-dist docs clean

all: build

setup:
	@Scripts/setup

setup-lint:
	@CLANG_FORMAT=$(CLANG_FORMAT) Scripts/setup --lint

build: setup
	$(SWIFT) build -c release $(OPTIONS) --product charlm

demo: build
	$(CHARLM) train corpora/tales.txt --budget 1m --overwrite --model $(DEMO_MODEL)
	@echo
	$(CHARLM) sample --model $(DEMO_MODEL) --seed "hello" --length 400
	@echo
	$(CHARLM) sample --model $(DEMO_MODEL) --seed "THE " --length 400

# The kernels' tests cover every instruction set by themselves. The engine's tests also run on those that are slower than
# this CPU's best, and with our own matrix products in place of a library's; products in bfloat16 without AMX, too.
test: setup
	$(BUILD) --build-tests
	CHARLM_KERNELS=plain CHARLM_PRODUCTS=own $(TEST) --filter RecurrentNNTests
	CHARLM_KERNELS=avx2 $(TEST) --filter RecurrentNNTests
	CHARLM_KERNELS=avx512 $(TEST) --filter BFloat16Tests
	$(TEST)

format: setup-lint
	$(SWIFT) format --parallel --in-place --recursive $(SWIFT_SOURCES)
	$(CLANG_FORMAT) -i $(C_SOURCES)

lint: setup-lint
	$(SWIFT) format lint --parallel --strict --recursive $(SWIFT_SOURCES)
	$(CLANG_FORMAT) --dry-run -Werror $(C_SOURCES)

# Reads the index that 'make test' makes.
check-folders: setup-lint
	Scripts/check-folders

# A package of a user of charlm, who has the public declarations alone; it uses what 'make test' has built.
check-dependency: setup
	! grep -n 'unsafeFlags' Package.swift
	$(BUILD) --package-path Tests/Dependency --scratch-path .build --build-tests
	$(TEST) --package-path Tests/Dependency --scratch-path .build

bench: build
	$(CHARLM) bench

dist: setup
	Scripts/make-dist

deb: setup
	Scripts/make-dist --deb

# What 'make dist' made; so that 'sudo make install' only copies.
install:
	@[ -x $(DIST)/bin/charlm ] || $(MAKE) dist
	mkdir -p "$(DESTDIR)$(PREFIX)"
	cp -R $(DIST)/. "$(DESTDIR)$(PREFIX)/"

uninstall:
	cd $(DIST) && find . -type f -exec rm -f "$(DESTDIR)$(PREFIX)/{}" \;
	rm -rf "$(DESTDIR)$(PREFIX)/share/doc/charlm"

check-dist:
	Scripts/check-dist

# Reads the modules of the newest build, such as the one that 'make test' makes.
docs:
	Scripts/make-docs

clean:
	$(SWIFT) package clean
