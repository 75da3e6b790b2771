/* SPDX-License-Identifier: ISC */
/*
 * The first pass of a selection.
 */
#include "select/gather.h"

#include <string.h>

#include "base/diag.h"
#include "base/progress.h"
#include "json/pointer.h"
#include "map/map.h"
#include "select/criteria.h"
#include "select/export_options.h"
#include "select/holes.h"
#include "select/selection.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "value/anew.h"

/* how far the reading is, is shown after so many records */
#define OFTEN 256

/* the category of what every export has (pkg-map(5), Selection) */
#define APP "app"

static unsigned
kind_flags(struct selection *s, const struct record *r, uint32_t kind)
{
	struct slice name = record_text(r, RECORD_KIND);
	unsigned flags;

	while (s->flags.len / sizeof(flags) <= kind) {
		flags = UINT32_MAX;
		buf_add(&s->flags, &flags, sizeof(flags));
	}
	flags = ((unsigned *)(void *)s->flags.ptr)[kind];
	if (flags == UINT32_MAX) {
		flags = kindtable_ask(s->map, name.p, name.n);
		((unsigned *)(void *)s->flags.ptr)[kind] = flags;
	}
	return flags;
}

/* remember the category of one that is chosen */
static void
hold(struct selection *s, struct slice category)
{
	const char *p, *end;

	if (category.p == NULL || !refset_add(&s->held, PENDING_ITSELF,
	    category.p, category.n))
		return;
	end = category.p + category.n;
	for (p = category.p; (p = pointer_step(p, end)) < end; p++)
		refset_add(&s->held, PENDING_BELOW, category.p,
		    (size_t)(p - category.p));
}

/* whether a category is chosen: by name, as a kind's, or as all are */
static int
is_wanted(const struct selection *s, unsigned bits)
{
	const unsigned lists = 1U << BY_CATEGORY | 1U << BY_KIND;

	return ((s->criteria->given & lists) != 0 ||
	    s->criteria->nnamed > 0) &&
	    (bits & (FITS_BUT_NAME | EXCLUDED)) == FITS_BUT_NAME;
}

/* what the criteria make of a component */
static unsigned
classify(struct selection *s, const struct record *r, uint32_t kind)
{
	unsigned bits = criteria_ask(s->criteria, r), flags = 0;
	struct slice category = record_text(r, RECORD_CATEGORY);

	if ((bits & EXCLUDED) != 0)
		flags |= SELECT_EXCLUDED;
	if ((bits & FITS) != 0)
		flags |= SELECT_FITS;
	if ((bits & NAMED) != 0)
		flags |= SELECT_NAMED;
	if (is_wanted(s, bits))
		flags |= SELECT_WANTED;
	if (record_is(r, RECORD_CATEGORY, APP))
		flags |= SELECT_APP;
	if ((flags & SELECT_WANTED) != 0 && r->field[RECORD_ID].p == NULL &&
	    r->field[RECORD_OWNER].p == NULL)
		flags |= SELECT_SETTING;
	if ((bits & (FITS | EXCLUDED)) == FITS && category.p != NULL &&
	    (kind_flags(s, r, kind) & KIND_FOLLOWS) == 0)
		hold(s, category);
	return flags;
}

/* whether the later target has this very component */
static int
is_there(const struct selection *s, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	return s->there.n > 0 && id.p != NULL && keyindex_find(&s->there,
	    keyindex_hash(kind.p, kind.n, id.p, id.n)) != NOTHING;
}

int
gather(struct selection *s, struct criteria *asked)
{
	struct progress shown = {0};
	struct record r;
	struct node *n;
	uint64_t at;
	uint32_t i;
	int got;

	while ((got = twopass_read(s->in, &r, &at)) == 1) {
		if ((i = graph_add(&s->graph, &r, at)) == NOTHING)
			return -1;
		if (i % OFTEN == 0)
			progress(&shown, s->diag, at, s->in->size, i);
		n = graph_node(&s->graph, i);
		if (r.kind == RECORD_OPEN)
			holes_take(s, i, &r);
		if (r.kind != RECORD_COMPONENT)
			continue;
		n->flags = (uint16_t)classify(s, &r, n->kind);
		if (is_there(s, &r))
			n->flags |= SELECT_THERE;
		if (asked != NULL && (criteria_ask(asked, &r) & FITS) != 0)
			n->flags |= SELECT_ASKED;
		if (s->holds == NOTHING && export_options_is(s->key, &r))
			s->holds = i;
	}
	progress_end(&shown);
	s->done->records = s->graph.n;
	if (got == -1 || graph_link(&s->graph, at) == -1)
		return -1;
	kindtable_open(&s->kinds, s->map, &s->graph);
	return 0;
}

int
gather_assumed(struct selection *s)
{
	struct twopass in;
	struct record r;
	struct slice kind, id;
	uint64_t at;
	int got = -1;

	if (s->options->assume == NULL)
		return 0;
	if (twopass_open(&in, s->diag, strcmp(s->options->assume, "-") == 0 ?
	    NULL : s->options->assume, s->options->edited,
	    s->options->max_line) == 0) {
		while ((got = twopass_read(&in, &r, &at)) == 1) {
			if (r.kind == RECORD_STREAM)
				derive_edited(&in.in, s->map);
			kind = record_text(&r, RECORD_KIND);
			id = record_text(&r, RECORD_ID);
			if (r.kind == RECORD_COMPONENT && id.p != NULL &&
			    keyindex_add(&s->there, keyindex_hash(kind.p,
			    kind.n, id.p, id.n), 0) == -1) {
				got = -1;
				break;
			}
		}
	}
	twopass_close(&in);
	return got == -1 ? -1 : keyindex_sort(&s->there);
}
