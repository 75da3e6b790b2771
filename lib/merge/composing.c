/* SPDX-License-Identifier: ISC */
/*
 * Lines of a merge on their way.
 */
#include "merge/composing.h"

#include <string.h>

#include "base/diag.h"
#include "graph/graph.h"
#include "match/side.h"
#include "merge/decide.h"
#include "merge/rules.h"
#include "stream/record_edit.h"
#include "value/derive.h"
#include "value/fingerprint.h"
#include "value/locate.h"
#include "value/repair.h"
#include "value/rewrite.h"

/* buffers of more bytes are not kept for the next record */
#define LARGE ((size_t)1 << 20)

/* what looks into values; it grows with the largest */
static void
open_tools(struct compose *c)
{
	c->spots = c->graft.spots = locate_open(c->map);
	c->rewriter = rewrite_open(c->diag, c->map);
	c->mender = repair_open(c->diag, c->map);
	c->canon = fingerprint_open(c->diag, c->map);
}

static void
close_tools(struct compose *c)
{
	locate_close(c->spots);
	rewrite_close(c->rewriter);
	repair_close(c->mender);
	fingerprint_close(c->canon);
}

void
compose_renew(struct compose *c, const struct record *r)
{
	if (c->map == NULL || r->field[RECORD_VALUE].n < LARGE)
		return;
	close_tools(c);
	combine_free(&c->graft);
	open_tools(c);
}

int
compose_open(struct compose *c, struct diag *d, struct decide *decide,
    const struct file_moves *moves)
{
	struct room *room = decide->target->mates.room;

	*c = (struct compose){ .diag = d, .decide = decide, .moves = moves,
	    .target = decide->target, .source = decide->source,
	    .map = decide->target->sorts->map };
	rename_init(&c->of[0], room);
	rename_init(&c->of[1], room);
	if (c->map != NULL)
		open_tools(c);
	return rename_make(c->of, c->target, c->source);
}

void
compose_close(struct compose *c)
{
	rename_free(&c->of[0]);
	rename_free(&c->of[1]);
	if (c->map != NULL)
		close_tools(c);
	combine_free(&c->graft);
	buf_free(&c->path);
	buf_free(&c->old);
	buf_free(&c->line);
	buf_free(&c->spare);
	buf_free(&c->value);
	buf_free(&c->text);
}

const struct rule *
compose_rule(const struct side *s, uint32_t i)
{
	return rules_rule(s, i);
}

int
compose_accept(struct compose *c, struct record *r)
{
	struct buf line = c->line;
	struct text_error e;

	c->line = c->spare;
	c->spare = line;
	if (record_read(r, c->line.ptr, c->line.len, &e) == -1)
		return diag_fail(c->diag, STATUS_INPUT, NULL, "a record "
		    "cannot be put together: %s", e.what);
	return 0;
}

int
compose_revalue(struct compose *c, struct record *r,
    const struct record_edit *more, size_t n)
{
	struct record_edit changes[8];

	changes[0] = (struct record_edit){ RECORD_VALUE, { c->value.ptr,
	    c->value.len } };
	if (n > 0)
		memcpy(changes + 1, more, n * sizeof(*more));
	c->spare.len = 0;
	reline(&c->spare, r, changes, n + 1);
	return compose_accept(c, r);
}

int
compose_derive(struct compose *c, struct record *r)
{
	struct record_edit changes[DERIVED];
	struct text_error e;
	size_t n;

	if (c->map == NULL || r->kind != RECORD_COMPONENT ||
	    r->field[RECORD_ENCODING].p != NULL)
		return 0;
	if (tape_read(&c->graft.new, r->field[RECORD_VALUE].p,
	    r->field[RECORD_VALUE].n, &e) == -1)
		return -1;
	n = derive(c->spots, r, &c->graft.new, RECORD_ID, changes, &c->text);
	if (n == 0)
		return 0;
	c->spare.len = 0;
	reline(&c->spare, r, changes, n);
	return compose_accept(c, r);
}

void
compose_shrink(struct compose *c)
{
	struct buf *const bufs[] = { &c->old, &c->line, &c->spare, &c->value,
	    &c->text };
	size_t i;

	if (c->old.cap + c->line.cap + c->value.cap < LARGE)
		return;
	for (i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_free(bufs[i]);
	combine_free(&c->graft);
}
