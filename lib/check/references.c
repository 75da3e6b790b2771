/* SPDX-License-Identifier: ISC */
/*
 * Rules of references: to what is not there, to what must be there, and what
 * none leads to.
 */
#include <stdlib.h>
#include <string.h>

#include "check/check_priv.h"
#include "json/string.h"
#include "map/file_match.h"
#include "map/map.h"
#include "stream/list.h"
#include "value/locate.h"

/* ---- dangling, dangling-link, and missing-part of what is required */

int
references_judge(struct check *c)
{
	const struct edge *e;
	struct node *n;
	uint32_t i;

	for (i = 0; i < c->graph.n; i++) {
		n = graph_node(&c->graph, i);
		if (n->type != RECORD_COMPONENT)
			continue;
		for (e = graph_edges(&c->graph, i);
		    e < graph_edges(&c->graph, i + 1); e++) {
			if (e->key == NOTHING && !e->soft)
				n->flags |= CHECK_DANGLES;
		}
	}
	return 0;
}

/* whether a row of a kind has the kind of a reference */
static int
has_kind(const struct map_row *row, struct slice ref)
{
	const char *colon = memchr(ref.p, ':', ref.n);

	return row != NULL && colon != NULL && map_among(row->args,
	    row->nargs, ref.p, (size_t)(colon - ref.p));
}

/* whether a reference leads to a task */
static int
to_task(const struct map *m, struct slice ref)
{
	const char *colon = memchr(ref.p, ':', ref.n);

	return colon != NULL && (kindtable_ask(m, ref.p,
	    (size_t)(colon - ref.p)) & KIND_TASK) != 0;
}

/* the rule that a reference to nothing breaks: an error, as in a merge, if an
   import misses what is not there */
static enum check_rule
rule_of(const struct check *c, const struct map_kind *k,
    enum record_field list, struct slice ref)
{
	if (k != NULL && has_kind(k->required, ref))
		return RULE_MISSING_PART;
	if (list == RECORD_NEEDS || list == RECORD_OWNER ||
	    (list == RECORD_LINKS && to_task(c->map, ref)))
		return RULE_DANGLING;
	return k != NULL && has_kind(map_kind_row(k, "missed"), ref) ?
	    RULE_DANGLING : RULE_DANGLING_LINK;
}

/* the token in which a reference stands, or 0: the component as a whole */
static uint32_t
token_of(struct check *c, const struct record *r, struct slice ref)
{
	const struct spot *spot;
	size_t n, i;

	n = locate_find(c->spots, r, &c->tape, SPOT_REF);
	for (i = 0; i < n; i++) {
		spot = locate_at(c->spots, i);
		if (spot->token != TAPE_NONE && slice_same(spot->text, ref))
			return spot->token;
	}
	return 0;
}

static void
tell_dangling(struct check *c, const struct record *r, enum record_field list,
    struct slice ref)
{
	static const char *const verbs[] = { [RECORD_OWNER] = "belongs to",
	    [RECORD_NEEDS] = "needs", [RECORD_LINKS] = "links to",
	    [RECORD_REFS] = "refers to" };
	enum check_rule rule = rule_of(c, check_kind(c, r), list, ref);

	if (!check_asks(c, rule))
		return;
	finding_begin(c, rule, r, token_of(c, r, ref));
	buf_printf(&c->texts, "%s ", verbs[list]);
	buf_add(&c->texts, ref.p, ref.n);
	buf_adds(&c->texts, ", which is not there");
	finding_end(c);
}

int
references_look(struct check *c, const struct record *r)
{
	static const enum record_field lists[] = { RECORD_NEEDS, RECORD_OWNER,
	    RECORD_LINKS, RECORD_REFS };
	struct hashset told = {0};
	struct slice item;
	size_t i, at;

	if ((graph_node(&c->graph, c->node)->flags & CHECK_DANGLES) == 0)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (at = 0; list_next(r->field[lists[i]], &at, &item); ) {
			if (item.n > 0 && *item.p != '?' && memchr(item.p,
			    ':', item.n) != NULL && graph_find(&c->graph,
			    item.p, item.n) == NOTHING &&
			    hashset_add(&told, 0, item.p, item.n))
				tell_dangling(c, r, lists[i], item);
		}
	}
	hashset_free(&told);
	return 0;
}

/* ---- missing-part of files */

int
parts_take(struct check *c, uint32_t node, const struct record *r)
{
	struct slice file = record_text(r, RECORD_FILE);
	struct buf path = {0};
	const struct map_file *f;

	(void)node;
	if (r->kind != RECORD_OF_FILE || file.p == NULL)
		return 0;
	string_decode(&path, file.p, file.n);
	f = map_file(c->map, buf_str(&path), NULL);
	if (f != NULL)
		hashset_add(&c->groups, 0, f->group->name,
		    strlen(f->group->name));
	buf_free(&path);
	return 0;
}

/* the pattern of a group's first file */
static const char *
pattern_of(const struct map *m, const char *group)
{
	size_t i;

	for (i = 0; i < m->nfiles; i++) {
		if (strcmp(m->files[i].group->name, group) == 0)
			return m->files[i].pattern;
	}
	return group;
}

int
parts_judge(struct check *c)
{
	const struct map_row *row = NULL;
	size_t i;

	while ((row = map_next_row(c->map, "needed", row)) != NULL) {
		for (i = 0; i < row->nargs; i++) {
			if (hashset_has(&c->groups, 0, row->args[i],
			    strlen(row->args[i])))
				continue;
			finding_package(c, RULE_MISSING_PART);
			buf_printf(&c->texts, "the package has no file %s",
			    pattern_of(c->map, row->args[i]));
			finding_end(c);
		}
	}
	return 0;
}

/* ---- unreachable */

/* a node is reached: it is to be followed */
static int
reach(struct check *c, uint32_t node)
{
	return bigarray_push(&c->work, &c->nwork, node);
}

static int
mark_reached(struct check *c, uint32_t key)
{
	return check_mark(c, key, CHECK_REACHED, CHECK_RUN_REACHED, reach);
}

/* follow what is reached, one after the other */
static int
follow(struct check *c)
{
	const struct graph *g = &c->graph;
	const struct edge *e;
	uint32_t i;

	while (c->nwork > 0) {
		i = ((uint32_t *)c->work.p)[--c->nwork];
		for (e = graph_edges(g, i); e < graph_edges(g, i + 1); e++) {
			if (e->list != RECORD_OWNER &&
			    mark_reached(c, e->key) == -1)
				return -1;
		}
	}
	return 0;
}

/* what every agent has is where it may begin: "kind:id" of a row's words */
static int
begin_everywhere(struct check *c, const struct map_kind *k)
{
	const struct map_row *row = map_kind_row(k, "everywhere");
	struct buf ref = {0};
	size_t i;
	int rc = 0;

	for (i = 0; row != NULL && i < row->nargs && rc == 0; i++) {
		ref.len = 0;
		buf_printf(&ref, "%s:%s", k->name, row->args[i]);
		rc = mark_reached(c, graph_find(&c->graph, ref.ptr, ref.len));
	}
	buf_free(&ref);
	return rc;
}

/* flags of a kind by its number */
enum { ENTRY = 1, REACHED = 2 };

static uint8_t *
find_kinds(const struct check *c)
{
	const struct graph *g = &c->graph;
	uint8_t *flags = xcalloc(graph_kinds(g) + 1, 1);
	const struct map_kind *k;
	uint32_t i;
	size_t at;

	for (i = 0; i < graph_kinds(g); i++) {
		for (at = 0; (k = map_next_kind(c->map, graph_kind_name(g, i),
		    &at)) != NULL; ) {
			if (map_kind_row(k, "entry") != NULL)
				flags[i] |= ENTRY;
			if (map_kind_row(k, "reached") != NULL)
				flags[i] |= REACHED;
		}
	}
	return flags;
}

int
unreachable_judge(struct check *c)
{
	uint8_t *flags = find_kinds(c);
	struct node *n;
	uint32_t i;
	size_t k;
	int rc = 0, entries = 0;

	for (i = 0; i < c->graph.n && rc == 0; i++) {
		n = graph_node(&c->graph, i);
		if (n->type != RECORD_COMPONENT)
			continue;
		if ((flags[n->kind] & ENTRY) != 0) {
			entries = 1;
			rc = reach(c, i);
		}
		if ((flags[n->kind] & REACHED) == 0)
			n->flags |= CHECK_REACHED;
	}
	for (k = 0; k < c->map->nkinds && rc == 0; k++) {
		if (map_kind_row(c->map->kinds[k], "reached") != NULL)
			rc = begin_everywhere(c, c->map->kinds[k]);
	}
	if (rc == 0)
		rc = follow(c);
	/* without a beginning nothing is to be said */
	for (i = 0; i < c->graph.n && !entries; i++)
		graph_node(&c->graph, i)->flags |= CHECK_REACHED;
	free(flags);
	return rc;
}

int
unreachable_look(struct check *c, const struct record *r)
{
	if (r->kind != RECORD_COMPONENT ||
	    (graph_node(&c->graph, c->node)->flags & CHECK_REACHED) != 0)
		return 0;
	finding_begin(c, RULE_UNREACHABLE, r, 0);
	buf_adds(&c->texts, "is never reached: nothing that is reached leads "
	    "to it");
	finding_end(c);
	return 0;
}
