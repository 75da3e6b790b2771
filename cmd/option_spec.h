/* SPDX-License-Identifier: ISC */
/*
 * The table of a tool's options: what a row of it says, what a tool is, and
 * what all tools have.
 */
#ifndef CMD_OPTION_SPEC_H
#define CMD_OPTION_SPEC_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

#include "base/bigarray.h"	/* memory */
#include "base/buf.h"	/* what is recorded */
#include "base/diag.h"	/* who speaks */
#include "map/registry.h"	/* maps */

/* a tool's own, each has another: its first member is a struct common */
struct command;

/* the type of what an option's value is put into */
enum option_type {
	OPTION_NOTHING,
	OPTION_FLAG,		/* int: it becomes 1 */
	OPTION_TEXT,		/* const char *: borrowed */
	OPTION_SIZE,		/* uint64_t: bytes, as size_read() has them */
	OPTION_NUMBER		/* unsigned: from 1; of an enum whose first is
				   the default: the word's place, from 1 */
};

/* what else is to be known of an option: bits */
enum {
	OPTION_OPTIONAL = 1,	/* its value may be left out: of words it is
				   the first then */
	OPTION_APART = 2,	/* in the synopsis among operands, or nowhere */
	OPTION_PREFIX = 4,	/* one with OPTION_PREFIXED must follow */
	OPTION_PREFIXED = 8,
	OPTION_RECORD = 16,	/* "by" in @stream has its name */
	OPTION_RECORD_VALUE = 32,	/* ... and its value */
	OPTION_BY_LETTER = 64,	/* it and messages call it by its letter */
	OPTION_READ = 128,	/* it names a file that is read */
	OPTION_WRITTEN = 256,	/* ... written beside the stream */
	OPTION_OUTPUT = 512,	/* ... that gets its name at the end */
	OPTION_STDOUT = 1024	/* ... but "-" is standard output */
};

/* a row of the table; what is not said stays zero */
struct option_spec {
	const char *name;	/* the long form; NULL: the table ends */
	int letter;		/* the short form, or 0 */
	const char *argument;	/* NULL: none; SOMETHING; or the words that it
				   may be, with | between them: checked */
	const char *help;	/* its lines in the text of -h */
	unsigned flags;
	unsigned modes;		/* bits of the tool's modes that it is for, or
				   0: for all */
	unsigned most;		/* a number is at most this; 0: 1048576 */
	enum option_type type;	/* these two: OPTION_TO() */
	size_t offset;
	/* what there is to do besides, or NULL; arg is as the user wrote it */
	void (*set)(struct command *, const struct option_spec *,
	    const char *arg);
};

/* where the value goes: a member of a struct, by its type */
#define OPTION_TO(in, member) \
	.offset = offsetof(in, member), \
	.type = _Generic(((in *)NULL)->member, int: OPTION_FLAG, \
	    const char *: OPTION_TEXT, uint64_t: OPTION_SIZE, \
	    unsigned: OPTION_NUMBER)

/* a tool */
struct tool {
	const char *name;
	const char *operands;	/* as the synopsis has them */
	const char *notes;	/* what the text of -h ends with */
	const struct option_spec *options;	/* but those of all tools */
	/*
	 * The work, when the options are set: 0, or -1 after a message.  It
	 * ends with options_end_stream() or report_end(): one that returns 0
	 * without is told of if there is a --report.
	 */
	int (*run)(struct command *, char *const *operands, size_t n);
	/*
	 * What its first operand may be, then options that give others a
	 * meaning, then NULL: their bits are 1, 2, 4 and so on.  NULL: none.
	 */
	const char *const *modes;
};

/* what all tools have */
struct common {
	const struct tool *tool;
	struct diag diag;
	const char *map;	/* --map: a file */
	const char *report;	/* --report: a file */
	uint64_t max_component;	/* --max-component: bytes of a value */
	unsigned max_depth;	/* --max-depth: containers in each other */
	const struct option_spec *prefix;	/* it stands right before */
	uint64_t given;		/* bits: the rows of the options that were */
	int finding;		/* the run's answer is "yes": exit 1 */
	struct buf by;		/* what is recorded: stream_put_option() */
	struct room room;	/* for all arrays of the run */
	struct registry maps;	/* opened by the run */
	struct buf figures;	/* members of the report, the tool's own */
};

/* the options of a tool by number, those of all tools last; NULL: no more */
const struct option_spec *option_spec_row(const struct tool *, size_t i);

#endif
