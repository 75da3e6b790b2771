/* SPDX-License-Identifier: ISC */
/*
 * What the scanner says of a text: its tokens as naive_put() writes them,
 * those of a long string joined.
 */
#ifndef READING_H
#define READING_H

#include "naive.h"

struct reading {
	struct scan *scan;
	struct buf tokens, string;
	uint64_t from;		/* where the string began */
};

/* a scan_taker; the argument is a struct reading */
static inline int
reading_take(void *arg, const struct json_token *t)
{
	struct reading *r = arg;

	if (r->string.len == 0)
		r->from = scan_offset(r->scan);
	buf_add(&r->string, t->raw, t->len);
	if (t->type == JSON_PART)
		return 0;
	naive_put(&r->tokens, t->type, r->from, t->first, r->string.ptr,
	    r->string.len);
	r->string.len = 0;
	return 0;
}

static inline void
reading_free(struct reading *r)
{
	buf_free(&r->tokens);
	buf_free(&r->string);
}

#endif
