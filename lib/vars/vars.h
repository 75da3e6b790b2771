/* SPDX-License-Identifier: ISC */
/*
 * The values of a package that differ from one environment to the next: what
 * the map's rows "variable" and "secured" name.
 *
 * The folder, in the order to read it: this; vars_priv.h and table.h, the
 * variables of a stream; list.c, what there are; assign.h, the file that gives
 * them values, template.c, which writes one, and apply.c, which does what it
 * says; view.h and needles.h, texts found however they are spelled; redact.c
 * and restore.c, and base/placeholder.h, what stands there between them.
 */
#ifndef VARS_VARS_H
#define VARS_VARS_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "stream/input.h"	/* how streams are read */

struct diag;
struct registry;
struct room;
struct twopass;

/* how a file has its values; the first: what its first bytes show */
enum vars_format { VARS_TOLD, VARS_DOTENV, VARS_TSV, VARS_JSON };

/* a variable whose value is that of one of the environment: --env */
struct vars_env {
	const char *name, *from;
};

struct vars_options {
	const char *file;	/* apply, restore: what is read; "-": standard
				   input */
	enum vars_format format;	/* of it, or of a template */
	int json;		/* list: as JSON */
	int values;		/* template: with those that are not secured */
	int empty;		/* apply: empty values, too */
	int add;		/* apply: make what there is not */
	const struct vars_env *env;
	size_t nenv;
	int force;		/* redact: replace the file of originals */
	const char *originals;	/* redact: where what was there is written */
	struct input_options input;
	const char *by;		/* the options, for @stream */
};

/* what was done */
struct vars_done {
	uint64_t records, bytes;
	uint64_t variables;	/* that there are */
	uint64_t set;		/* values given, added ones too */
	uint64_t added;
	uint64_t places;	/* redacted, restored */
	uint64_t changed;	/* records */
};

/*
 * A command: to standard output go the list, the template, or the stream with
 * other values in it.  The map is opened here, and the caller's to close,
 * whatever is returned: 0, or -1 after messages, none of which has a value,
 * and then no whole stream is written.
 */
typedef int vars_command(struct diag *, const struct vars_options *,
	    struct twopass *, struct room *, struct registry *,
	    struct vars_done *);
vars_command vars_list, vars_template, vars_apply, vars_redact, vars_restore;

#endif
