/* SPDX-License-Identifier: ISC */
/*
 * A line of a stream: its envelope, taken apart without parsing the value.
 * pkg-stream(5) is the format.
 */
#ifndef STREAM_RECORD_H
#define STREAM_RECORD_H

#include <stddef.h>

#include "base/slice.h"	/* the members */

struct buf;
struct diag;
struct place;
struct tape;

/* the members of an envelope, in the order in which a component has them */
enum record_field {
	RECORD_KIND, RECORD_ID, RECORD_NAME, RECORD_TYPE, RECORD_CATEGORY,
	RECORD_STATUS, RECORD_LANG, RECORD_ALIAS, RECORD_NAMES, RECORD_OWNER,
	RECORD_NEEDS, RECORD_LINKS, RECORD_REFS, RECORD_FILE, RECORD_AT,
	RECORD_KEY,
	/* of the lines whose kind begins with @ */
	RECORD_VERSION, RECORD_PLATFORM, RECORD_EDITION, RECORD_SOURCE,
	RECORD_BY, RECORD_STYLE, RECORD_SIZE, RECORD_MTIME, RECORD_MODE,
	RECORD_EMPTY, RECORD_OFFSET, RECORD_RECORDS, RECORD_SUM,
	/* of a patch alone: of its first line, and of the others */
	RECORD_PATCH, RECORD_OLD, RECORD_NEW,
	RECORD_OP, RECORD_WAS, RECORD_FINGERPRINT, RECORD_NTH, RECORD_MOVED,
	RECORD_ENCODING, RECORD_VALUE,
	RECORD_FIELDS
};

enum record_kind {
	RECORD_COMPONENT,
	RECORD_STREAM, RECORD_OF_FILE, RECORD_OPEN, RECORD_DATA, RECORD_END
};

/* a line taken apart: slices of it, each a JSON value, strings quoted */
struct record {
	enum record_kind kind;
	int of_patch;		/* it has members of a patch alone */
	struct slice line;
	struct slice field[RECORD_FIELDS];
};

/* the name of a member, as it stands in the line */
const char *record_member(enum record_field);

/*
 * The order in which a line's envelope has its members, kind first, ended by
 * RECORD_FIELDS; members of one's own (x-...) stand before the last, value.
 */
const enum record_field *record_order(enum record_kind);

/*
 * Take apart a line in canonical form: no white space, "kind" first, "value"
 * last.  The record's slices last as long as the line.  0, or -1 and the
 * error tells.
 */
int	record_read(struct record *, const char *line, size_t n,
	    struct text_error *);

/* past the JSON value at p, by its strings and brackets alone, or NULL */
const char *record_skip_value(const char *p, const char *end);

/* the inside of a string member, still escaped; p NULL: not a string */
struct slice record_text(const struct record *, enum record_field);

/* whether a member is the string s (without escapes) */
int	record_is(const struct record *, enum record_field, const char *s);

/* a member that is a whole number; -1: it is not */
long long record_number(const struct record *, enum record_field);

/*
 * Append a member: a comma, its name, and JSON as it is, or text as a string,
 * or a whole number.
 */
void	record_put(struct buf *, enum record_field, const char *json,
	    size_t n);
void	record_put_text(struct buf *, enum record_field, const char *text,
	    size_t n);
void	record_put_number(struct buf *, enum record_field, long long);

/* begin an envelope: the brace and the kind, canonical bytes */
void	record_begin(struct buf *, const char *kind, size_t n);

/*
 * Read the value of a record: 0, or -1 after a message (STATUS_STREAM) with
 * the place of its line (NULL: none known).
 */
int	record_read_value(struct tape *, struct diag *, const struct record *,
	    const struct place *line);

#endif
