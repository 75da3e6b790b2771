/* SPDX-License-Identifier: ISC */
/*
 * The variables of a stream: their names, and where their values stand.
 */
#ifndef VARS_TABLE_H
#define VARS_TABLE_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the lists inside */
#include "base/hashset.h"	/* and tables */
#include "base/slice.h"	/* names */

struct record;
struct vars;

/* no variable */
#define TABLE_NONE UINT32_MAX

/* what there is of a value */
enum variable_state {
	VARIABLE_EMPTY,		/* nothing */
	VARIABLE_HIDDEN,	/* secured: asterisks, or where it is */
	VARIABLE_SET
};

/* one; texts are decoded, in the table's texts */
struct variable {
	size_t name, nname;
	size_t nbase;		/* the name as texts of the package have it,
				   without its last words */
	size_t pointer, npointer;	/* where in the record's value */
	uint32_t node;
	uint8_t secured;
	uint8_t state;		/* enum variable_state */
	uint32_t uses;		/* records that use it: list.c */
	uint32_t repeats;	/* others that would have its name */
};

/* a value of the record at hand */
struct table_value {
	uint32_t token;
	uint32_t variable;	/* TABLE_NONE: only a secret */
	int secured;
	enum variable_state state;
};

struct table {
	struct buf list;	/* of struct variable, in order */
	struct buf texts;
	struct hashset names, shorts;	/* numbers: by name, and by what is
					   behind its first word */
	struct buf kinds;	/* of char, by number: 0 unknown, 1 none, 2 it
				   may have values */
	struct buf values;	/* of struct table_value: table_look() */
	struct buf name;
};

/* a component of the first pass: add its variables; 0, or -1 */
int	table_add(struct vars *, const struct record *, uint32_t node);

/*
 * The values of a record: on w->tape its value, in table.values where they
 * stand, in the order of the text.  How many, or -1 after a message.
 */
long	table_look(struct vars *, const struct record *, uint32_t node);

static inline struct variable *
table_at(const struct table *t, uint32_t i)
{
	return buf_item(&t->list, i, sizeof(struct variable));
}

static inline uint32_t
table_count(const struct table *t)
{
	return (uint32_t)(t->list.len / sizeof(struct variable));
}

static inline struct table_value *
table_value(const struct table *t, size_t i)
{
	return buf_item(&t->values, i, sizeof(struct table_value));
}

static inline struct slice
table_name(const struct table *t, uint32_t i)
{
	return (struct slice){ buf_at(&t->texts, table_at(t, i)->name),
	    table_at(t, i)->nname };
}

/* the one of this name, TABLE_NONE: none */
uint32_t table_find(const struct table *, struct slice name);

/*
 * The one whose name has this behind its first word; TABLE_NONE: none, or
 * (*several) several.
 */
uint32_t table_find_short(const struct table *, struct slice text,
	    int *several);
void	table_free(struct table *);

#endif
