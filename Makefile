# pkg-tools: build, check, install.  README.md tells what for.

VERSION = 0.1.0
PREFIX = /usr/local
BUILD = build

CC = cc
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wformat=2 -Werror
PKGS = yajl libarchive libxxhash
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Ilib \
	$(WARNINGS) $(shell pkg-config --cflags $(PKGS)) -MMD -MP $(CFLAGS)
YAJL = $(shell pkg-config --libs yajl)
ARCHIVE = $(shell pkg-config --libs libarchive)
XXHASH = $(shell pkg-config --libs libxxhash)

TOOLS = pkg-unpack pkg-pack
BIN = $(TOOLS:%=$(BUILD)/bin/%)
MAPS = $(wildcard lib/platform/*.map)
OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/*.c)) $(BUILD)/lib/maps_in.o
LIB = $(BUILD)/libpkg.a
MAN = $(wildcard man/*.[157])

all: $(BIN)

# what each tool links; a filter starts faster without libarchive
$(BUILD)/bin/pkg-unpack: LIBS = $(ARCHIVE) $(YAJL) $(XXHASH)
$(BUILD)/bin/pkg-pack: LIBS = $(ARCHIVE) $(YAJL) $(XXHASH)

$(BUILD)/bin/%: $(BUILD)/cmd/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LIBS)

$(LIB): $(OBJ)
	rm -f $@
	$(AR) rcs $@ $(OBJ)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/lib/maps_in.c: $(MAPS) scripts/embed
	@mkdir -p $(@D)
	scripts/embed $(MAPS) >$@.new && mv $@.new $@

$(BUILD)/lib/maps_in.o: $(BUILD)/lib/maps_in.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<
-include $(OBJ:.o=.d) $(TOOLS:%=$(BUILD)/cmd/%.d)
