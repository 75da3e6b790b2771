/* SPDX-License-Identifier: ISC */
/*
 * One difference between two versions of a package, ready to be shown.
 *
 * The folder, in the order to read it: this; difference.h, all differences of
 * two streams, which makes items, on who.h, who a record is, and files.h,
 * which pairs files; changes.h, those inside one value, elements.h, those of
 * an array, and raw.h, those of a text, on sequence.h and words.h; show.h,
 * which prints items in one of several forms, on columns.h; look.h, all that
 * a command line says of that.
 */
#ifndef DIFF_ITEM_H
#define DIFF_ITEM_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/slice.h"	/* texts */

/* what became of a component */
enum diff_op { DIFF_ADD, DIFF_REMOVE, DIFF_CHANGE, DIFF_RENAME, DIFF_OPS };

/* what became of a place in its value */
enum change_op { CHANGE_ADD, CHANGE_REMOVE, CHANGE_REPLACE, CHANGE_MOVE };

/*
 * A change of a value: an operation of RFC 6902.  Those of a component, made
 * one after the other to the old value, give the new one, but for the order of
 * members.
 */
struct change {
	enum change_op op;
	int ignored;		/* it makes no difference: the map says so */
	struct slice pointer;	/* RFC 6901, as it is when its turn comes */
	struct slice from;	/* CHANGE_MOVE: the pointer that it had */
	struct slice place;	/* for people: with names of elements; where it
				   is in the new value, or was */
	struct slice old, new;	/* compact JSON; p NULL: there is none */
};

/* who a component is, as in JSON strings; p NULL: not known */
struct diff_who {
	struct slice kind, id, name;
};

/* all is borrowed, and lasts until the next item */
struct diff_item {
	enum diff_op op;
	struct diff_who who;	/* the new one, or the one removed */
	struct diff_who was;	/* DIFF_RENAME, DIFF_CHANGE: the old one */
	struct diff_who owner;	/* the outermost that it belongs to; itself,
				   if it belongs to none */
	int owns;		/* it is that itself */
	int begins;		/* the item before had another owner */
	uint32_t old, new;	/* the numbers of its records, or NOTHING */
	const struct change *changes;
	size_t nchanges;
	/* of a plan; else NULL */
	const char *action;	/* what is done, a word */
	const char *why;	/* the reason, as in a JSON string; "": none */
};

#endif
