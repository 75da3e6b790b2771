/* SPDX-License-Identifier: ISC */
/*
 * The agent's own list of languages in a selection by language.
 */
#include "select/select_priv.h"

#include "base/buf.h"
#include "base/diag.h"
#include "json/edit.h"
#include "json/tape.h"
#include "map/classify.h"
#include "map/languages.h"
#include "map/map.h"
#include "select/criteria.h"
#include "stream/record.h"
#include "value/prune.h"

/* a value being looked at */
struct list {
	struct selection *s;
	const struct record *record;
	struct edits *edits;	/* NULL: it is only asked ... */
	int foreign;		/* ... whether one is not wanted */
};

void
language_list_begin(struct selection *s)
{
	/* the target of a later merge has languages of its own */
	if (((s->criteria->given | s->criteria->kept_out) & 1U << BY_LANG) !=
	    0 && s->options->assume == NULL)
		s->sorts = classify_open(s->map);
}

/* one language: it is taken out of an array, and elsewhere it stays */
static void
look(void *ctx, const struct tape *t, uint32_t token, struct slice language)
{
	struct list *l = ctx;
	const struct record *r = l->record;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, r->field[RECORD_NAME].p != NULL ?
	    RECORD_NAME : RECORD_AT);
	struct place place;

	if (!criteria_foreign(l->s->criteria, language))
		return;
	l->foreign = 1;
	if (l->edits == NULL)
		return;
	if (token != 0 && tape_key(t, token).p == NULL) {
		edit_drop(l->edits, t, token);
		return;
	}
	place = graph_place(l->s->in, l->s->node);
	diag_warn_of(l->s->diag, "languages", &place,
	    "%.*s %.*s: the language %.*s is not "
	    "selected, but stays, for it stands in no list; edit it before an "
	    "import", (int)kind.n, kind.p, (int)name.n, name.p,
	    (int)language.n, language.p);
}

static void
look_all(struct list *l, const struct tape *t)
{
	const struct map_kind *k = classify_find(l->s->sorts, l->record);
	const struct map_row *row;

	row = k == NULL ? NULL : map_kind_row(k, "languages");
	if (row != NULL)
		languages_visit(row, t, look, l);
}

int
language_list_gather(struct selection *s, uint32_t node,
    const struct record *r)
{
	struct node *n = graph_node(&s->graph, node);
	struct list l = { .s = s, .record = r };

	if (s->sorts == NULL || (kindtable_early(&s->flags, s->map,
	    record_text(r, RECORD_KIND), n->kind) & KIND_LISTS) == 0)
		return 0;
	if (record_read_value(&s->listed, s->diag, r, NULL) == -1)
		return -1;
	look_all(&l, &s->listed);
	if (l.foreign)
		n->flags |= SELECT_LISTS;
	return 0;
}

void
language_list_mark(struct selection *s)
{
	struct node *n;
	uint32_t i;

	for (i = 0; s->sorts != NULL && i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if ((n->flags & SELECT_LISTS) != 0 && n->fate == FATE_KEEP)
			n->fate = FATE_CHANGE;
	}
}

static void
edit(void *ctx, const struct tape *t, struct edits *edits)
{
	struct list *l = ctx;

	l->edits = edits;
	look_all(l, t);
}

int
language_list_change(struct selection *s, uint32_t node,
    const struct record *r, struct buf *line)
{
	const struct place at = graph_place(s->in, node);
	struct list l = { .s = s, .record = r };

	if ((graph_node(&s->graph, node)->flags & SELECT_LISTS) == 0)
		return 0;
	return prune(s->reviser, r, &at, edit, &l, line);
}
