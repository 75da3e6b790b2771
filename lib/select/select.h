/* SPDX-License-Identifier: ISC */
/*
 * A stream with the components that are asked for, and what they depend on.
 *
 * The folder, in the order to read it: criteria.h and request.h, what is
 * asked for; this and select_priv.h, the parts of a selection.
 * pkg-filter-status has status.h, filter.h and filter_priv.h.
 */
#ifndef SELECT_SELECT_H
#define SELECT_SELECT_H

#include <stddef.h>
#include <stdint.h>	/* counts */
#include "stream/input.h"	/* how streams are read */

struct criteria;
struct diag;
struct registry;
struct room;
struct twopass;

/* references whose target the input had and the output has not */
enum select_missing {
	MISSING_DEFAULT,	/* the platform's own way: map row "missing" */
	MISSING_DROP,		/* repair them as the map says */
	MISSING_KEEP, MISSING_FAIL
};

/* what is wanted; all is borrowed */
struct select_options {
	struct criteria *criteria;
	struct input_options input;	/* of the stream assumed, too */
	const char *request;	/* --request: a file, or NULL */
	int deps;
	char *const *stop;	/* --stop-at: kinds */
	size_t nstop;
	const char *assume;	/* --assume: a stream, or NULL */
	enum select_missing missing;
	const char *rejects;	/* --rejects: a file, or NULL */
	int list;		/* print what can be selected, instead ... */
	int json;		/* ... an object a line, not columns */
	const char *explain;	/* print how this id came in, instead */
	const char *by;		/* the options, for @stream */
};

/* what was done */
struct selected {
	uint64_t records, bytes;
	uint64_t chosen, along, always;	/* components taken, why */
	uint64_t stubs;
	uint64_t dropped, changed;	/* lines */
	uint64_t lost, repaired;	/* references; repairs made */
	uint64_t left_out;		/* links that are not followed */
	uint64_t nowhere;		/* that had no target in the input */
};

/*
 * Select from a stream to standard output.  The maps are opened here, those of
 * the stream's platform, and are the caller's to close, whatever is returned:
 * 0, or -1 after a message (STATUS_FINDING: nothing
 * fits, or references are lost that must not be).
 */
int	selects(struct diag *, const struct select_options *, struct twopass *,
	    struct room *, struct registry *, struct selected *);

#endif
