/* SPDX-License-Identifier: ISC */
/*
 * The first pass of a filter.
 */
#include "select/tasks.h"

#include "base/progress.h"
#include "map/map.h"
#include "select/filtered.h"
#include "select/filtering.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "value/repair.h"

/* progress is told once in so many records */
#define SHOWN 1024

static unsigned
kind_flags(struct filter *f, const struct record *r, uint32_t kind)
{
	struct slice name = record_text(r, RECORD_KIND);
	unsigned flags;

	while (f->flags.len / sizeof(flags) <= kind) {
		flags = UINT32_MAX;
		buf_add(&f->flags, &flags, sizeof(flags));
	}
	flags = ((unsigned *)(void *)f->flags.ptr)[kind];
	if (flags == UINT32_MAX) {
		flags = kindtable_ask(f->map, name.p, name.n);
		if (repair_has_inner(f->map, name.p, name.n))
			flags |= KIND_INNER;
		((unsigned *)(void *)f->flags.ptr)[kind] = flags;
	}
	return flags;
}

/* a list of aliases being looked up; 1 ends it */
struct lookup {
	struct status_list *states;
	enum task_status status;
};

static int
look_up(void *ctx, const char *p, size_t n)
{
	struct lookup *l = ctx;

	if (l->status == TASK_UNKNOWN)
		l->status = status_list_find(l->states, p, n);
	return 0;
}

/* what the list of statuses says of a task: by id, alias, then name */
static enum task_status
listed(struct filter *f, const struct record *r)
{
	struct slice id = record_text(r, RECORD_ID);
	struct slice name = record_text(r, RECORD_NAME);
	struct lookup l = { &f->states, TASK_UNKNOWN };

	if (f->states.list.len == 0)
		return TASK_UNKNOWN;
	if (id.p != NULL)
		look_up(&l, id.p, id.n);
	graph_items(r->field[RECORD_ALIAS], look_up, &l);
	if (name.p != NULL)
		look_up(&l, name.p, name.n);
	return l.status;
}

/* a task: its status, and its place among the versions of one identity */
static int
take_task(struct filter *f, const struct record *r, uint32_t i,
    unsigned flags, uint64_t at)
{
	struct node *n = graph_node(&f->graph, i);
	struct slice status = record_text(r, RECORD_STATUS);
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	f->done->tasks++;
	n->flags |= FLAG_TASK;
	if (status.p != NULL)
		n->status = (uint8_t)status_read(f->map, status.p, status.n);
	if (n->status != TASK_UNKNOWN)
		n->flags |= FLAG_OWN;
	else
		n->status = (uint8_t)listed(f, r);
	if (f->options->mode == MODE_PUBLISHED && (flags & KIND_INNER) != 0)
		n->flags |= FLAG_INNER;
	if (id.p == NULL)	/* it has no other version */
		return keyindex_add(&f->tasks, at, i);
	return keyindex_add(&f->tasks, keyindex_hash(kind.p, kind.n, id.p,
	    id.n), i);
}

int
tasks_read(struct filter *f)
{
	struct progress shown = {0};
	struct record r;
	uint64_t at;
	uint32_t i = 0;
	unsigned flags;
	int got;

	while ((got = twopass_read(f->in, &r, &at)) == 1) {
		if (i % SHOWN == 0)
			progress(&shown, f->diag, at, f->in->size, i);
		if ((i = graph_add(&f->graph, &r, at)) == NOTHING)
			return -1;
		if (r.kind != RECORD_COMPONENT)
			continue;
		flags = kind_flags(f, &r, graph_node(&f->graph, i)->kind);
		if ((flags & (KIND_TELLS | KIND_TWIN)) != 0)
			export_mode_add(&f->telling, &r, flags);
		if ((flags & KIND_TASK) != 0 && take_task(f, &r, i,
		    flags, at) == -1)
			return -1;
	}
	progress_end(&shown);
	f->done->records = f->graph.n;
	if (got == -1 || graph_end(&f->graph, at) == -1 ||
	    keyindex_sort(&f->tasks) == -1)
		return -1;
	kindtable_open(&f->kinds, f->map, &f->graph);
	return 0;
}
