# pkg-tools: build, check, install.  README.md tells what for.

VERSION = 0.1.0
PREFIX = /usr/local
BUILD = build

CC = cc
CFLAGS = -O3 -g
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wformat=2 $(WERROR)
SANITIZE = -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Ilib -I. \
	$(WARNINGS) $(shell pkg-config --cflags libxxhash zlib) \
	$(if $(ISAL),-DHAVE_ISAL) -pthread -MMD -MP \
	$(CFLAGS)
# where it is, zips are inflated by it; ISAL= builds without it
ISAL := $(shell pkg-config --libs libisal 2>/dev/null)
FLATE = $(shell pkg-config --libs zlib) $(ISAL) -pthread

TOOLS = pkg-unpack pkg-filter-status pkg-select pkg-merge pkg-diff pkg-check \
	pkg-rename pkg-vars pkg-pack
SCRIPTS = pkg-bulk pkg-fetch pkg-git pkg-push
BIN = $(TOOLS:%=$(BUILD)/bin/%) $(BUILD)/bin/pkg-tools \
	$(SCRIPTS:%=$(BUILD)/bin/%)
MAPS = $(sort $(wildcard lib/platform/*.map))
OBJ = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard lib/*/*.c))) \
	$(BUILD)/lib/maps_in.o $(BUILD)/lib/page_in.o
MAIN = cmd/main.c cmd/check-maps.c cmd/agent.c cmd/batch.c cmd/worker.c
CMD = $(patsubst %.c,$(BUILD)/%.o,$(filter-out cmd/pkg-% $(MAIN), \
	$(wildcard cmd/*.c)))
# all tools as one program, and what runs them for many agents
ALL_TOOLS = $(patsubst %.c,$(BUILD)/%.o,cmd/pkg-tools.c cmd/agent.c cmd/batch.c \
	cmd/worker.c)
LIB = $(BUILD)/libpkg.a
FAULTS = $(BUILD)/tests/faults.so
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c))
TARGETS = json line tool
GENERATE = $(patsubst tests/%.c,$(BUILD)/%.o,$(wildcard tests/generate/*.c))
MAN = $(wildcard man/*.[157])
COMPLETIONS = $(BUILD)/completions
# where each shell looks for the completions of what is installed
SHARE = $(DESTDIR)$(PREFIX)/share
BASH_DIR = $(SHARE)/bash-completion/completions
ZSH_DIR = $(SHARE)/zsh/site-functions
FISH_DIR = $(SHARE)/fish/vendor_completions.d

all: $(BUILD)/maps.checked $(BIN)

# what reads and writes zips links more than libc; xxHash is all in its header
$(BUILD)/bin/pkg-unpack: LIBS = $(FLATE)
$(BUILD)/bin/pkg-pack: LIBS = $(FLATE)
$(BUILD)/bin/pkg-tools: LIBS = $(FLATE)
$(UNIT): LIBS = $(FLATE)
# one compares with yajl, which no tool needs
$(BUILD)/tests/verdict: LIBS += $(shell pkg-config --libs yajl)
$(BUILD)/tests/unit/verdict.o: ALL_CFLAGS += \
	$(shell pkg-config --cflags yajl)

$(BUILD)/bin/%: $(BUILD)/cmd/%.o $(BUILD)/main/%.o $(CMD) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/main/$*.o $(CMD) $(LIB) $(LIBS)

$(BUILD)/bin/pkg-tools: $(ALL_TOOLS) $(TOOLS:%=$(BUILD)/cmd/%.o) $(CMD) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/main/%.o: cmd/main.c cmd/tools.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -DTOOL=$(subst -,_,$*) -c -o $@ $<

# what the scripts share is put into each, so that a script is one file
$(SCRIPTS:%=$(BUILD)/bin/%): $(BUILD)/bin/%: scripts/% scripts/common.sh \
		scripts/kore.sh
	@mkdir -p $(@D)
	sed -e 's/@VERSION@/$(VERSION)/' \
		-e '/^\. common\.sh$$/{r scripts/common.sh' -e 'd;}' \
		-e '/^\. kore\.sh$$/{r scripts/kore.sh' -e 'd;}' $< >$@.new
	chmod 755 $@.new && mv $@.new $@

$(COMPLETIONS): $(BIN) scripts/completions
	scripts/completions $(BUILD)/bin $@ $(TOOLS) pkg-tools $(SCRIPTS)
	@touch $@

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(CMD) $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(CMD) $(LIB) $(LIBS)

$(BUILD)/tests/generate: $(GENERATE)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(GENERATE)

# for LD_PRELOAD: it has no part of ours
$(FAULTS): tests/faults/faults.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -shared -o $@ $< -ldl

$(LIB): $(OBJ)
	rm -f $@
	$(AR) rcs $@ $(OBJ)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# build/tests/generate is the program
$(BUILD)/generate/%.o: tests/generate/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# what is compiled in is not checked again at each start of a tool
$(BUILD)/check-maps: $(BUILD)/cmd/check-maps.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/maps.checked: $(BUILD)/check-maps $(MAPS)
	$(BUILD)/check-maps $(MAPS)
	@touch $@

$(BUILD)/lib/maps_in.o: $(BUILD)/lib/maps_in.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/lib/maps_in.c: $(MAPS) scripts/embed
	@mkdir -p $(@D)
	scripts/embed $(MAPS) >$@.new && mv $@.new $@

$(BUILD)/lib/page_in.o: $(BUILD)/lib/page_in.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/lib/page_in.c: lib/diff/page.html scripts/embed
	@mkdir -p $(@D)
	scripts/embed -t show_page lib/diff/page.html >$@.new && mv $@.new $@

tests: all targets $(UNIT) $(FAULTS) $(BUILD)/tests/generate $(COMPLETIONS)

# what is fuzzed: by libFuzzer, or given files by a main function of ours
REPLAY = $(if $(FUZZER),,$(BUILD)/tests/targets/replay.o)
$(BUILD)/targets/tool: $(TOOLS:%=$(BUILD)/cmd/%.o)
$(BUILD)/targets/%: $(BUILD)/tests/targets/%.o $(REPLAY) $(CMD) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FUZZER) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(FLATE)

targets: $(TARGETS:%=$(BUILD)/targets/%)

# gcc's sanitizers are linked in: what looks for leaks has less to read
STATIC = $(if $(findstring clang,$(shell $(CC) --version)),,-static-libasan \
	-static-libubsan)

asan:
	$(MAKE) BUILD=$(BUILD)/asan CFLAGS='$(SANITIZE)' \
		LDFLAGS='$(LDFLAGS) $(STATIC)' tests

demo:
	scripts/deps demo
	@echo building
	@$(MAKE) -s all
	scripts/demo $(BUILD)/bin

lint:
	scripts/lint

check:
	BUILD=$(BUILD) scripts/deps
	scripts/check $(BUILD)

# what is JSON, and what is a zip, asked of whole tools
suites: tests
	PKG_BUILD=$(BUILD) bats tests/suites.bats tests/zipdir.bats

# every point, which takes long; "make check" tries a few of each
faults: tests
	tests/faults/run -b $(BUILD) -j $$(nproc) $$(test ! -d /dev/shm || \
		echo -d /dev/shm)

# the targets under libFuzzer, for SECONDS each; what it finds is in
# $(BUILD)/fuzz/found.  NULL + 0, which C2y allows, is none of that
SECONDS = 600
fuzz fuzz-short:
	scripts/deps fuzz
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang WARNINGS=-w \
		CFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link \
		-fno-sanitize=pointer-overflow' \
		FUZZER=-fsanitize=fuzzer targets
	tests/targets/run $(if $(findstring short,$@),-s) $(BUILD)/fuzz \
		$(SECONDS)

# what of the code the tests reach
coverage:
	BUILD=$(BUILD) scripts/deps
	scripts/coverage $(BUILD)/coverage

bench:
	scripts/deps bench
	$(MAKE) tests
	scripts/bench -b $(BUILD)

install: all $(COMPLETIONS)
	mkdir -p $(DESTDIR)$(PREFIX)/bin $(BASH_DIR) $(ZSH_DIR) $(FISH_DIR)
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(COMPLETIONS)/bash/* $(BASH_DIR)
	install -m 644 $(COMPLETIONS)/zsh/* $(ZSH_DIR)
	install -m 644 $(COMPLETIONS)/fish/* $(FISH_DIR)
	for page in $(MAN); do \
		dir=$(SHARE)/man/man$${page##*.}; \
		mkdir -p $$dir && install -m 644 $$page $$dir || exit 1; \
	done

uninstall:
	cd $(DESTDIR)$(PREFIX)/bin && rm -f $(TOOLS) pkg-tools $(SCRIPTS)
	for tool in $(TOOLS) pkg-tools $(SCRIPTS); do \
		rm -f $(BASH_DIR)/$$tool $(ZSH_DIR)/_$$tool \
			$(FISH_DIR)/$$tool.fish || exit 1; \
	done
	for page in $(notdir $(MAN)); do \
		rm -f $(SHARE)/man/man$${page##*.}/$$page; \
	done

# the same bytes whenever they are made of the same commit
dist:
	@scripts/dist $(VERSION) $(BUILD)

deb: all $(COMPLETIONS)
	@scripts/deb $(VERSION) $(BUILD)

clean:
	rm -rf $(BUILD)

.PHONY: all asan bench check clean coverage deb demo dist faults fuzz fuzz-short \
	install lint suites targets tests uninstall
.SECONDARY:
-include $(OBJ:.o=.d) $(wildcard $(BUILD)/cmd/*.d $(BUILD)/tests/*.d \
	$(BUILD)/tests/unit/*.d $(BUILD)/generate/*.d)
