/* SPDX-License-Identifier: ISC */
/*
 * A file that gives variables their values.
 */
#ifndef VARS_ASSIGN_H
#define VARS_ASSIGN_H

#include <stddef.h>
#include <stdint.h>	/* lines */

#include "base/buf.h"	/* the list inside */
#include "base/hashset.h"	/* and its names */
#include "base/slice.h"	/* texts */
#include "vars/vars.h"	/* formats */

struct diag;

/* one; its texts are decoded, in the list's texts */
struct assign {
	size_t name, nname, value, nvalue;
	uint64_t line;		/* of the file; 0: of the environment */
	int given;		/* 0: there is no value (JSON null) */
	uint32_t variable;	/* apply.c: whose it is */
};

/* zeroed: none */
struct assignments {
	struct buf list;	/* of struct assign */
	struct buf texts;
	struct hashset names;
};

/*
 * Add what a file ("-": standard input) says.  0, or -1 after messages: it is
 * not of its format, or a name has two values.
 */
int	assign_read(struct assignments *, struct diag *, const char *file,
	    enum vars_format);

/* add one of the environment: 0, or -1 after a message */
int	assign_env(struct assignments *, struct diag *,
	    const struct vars_env *);

static inline struct assign *
assign_at(const struct assignments *a, size_t i)
{
	return buf_item(&a->list, i, sizeof(struct assign));
}

static inline size_t
assign_count(const struct assignments *a)
{
	return a->list.len / sizeof(struct assign);
}

static inline struct slice
assign_name(const struct assignments *a, size_t i)
{
	return (struct slice){ buf_at(&a->texts, assign_at(a, i)->name),
	    assign_at(a, i)->nname };
}

static inline struct slice
assign_value(const struct assignments *a, size_t i)
{
	return (struct slice){ buf_at(&a->texts, assign_at(a, i)->value),
	    assign_at(a, i)->nvalue };
}
void	assign_free(struct assignments *);

/*
 * Append a line that gives a value (p NULL: an empty place for one), as
 * assign_read() reads it.  note: a comment, or NULL; first: no line stands
 * before it.
 */
void	assign_put(struct buf *, enum vars_format, struct slice name,
	    struct slice value, const char *note, int first);

/* append what a file ends with; any: it has a line */
void	assign_put_end(struct buf *, enum vars_format, int any);

#endif
