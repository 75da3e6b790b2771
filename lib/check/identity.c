/* SPDX-License-Identifier: ISC */
/*
 * Rules of identity: two of one kind with one id, two tasks with one name.
 */
#include <string.h>

#include "check/check_priv.h"
#include "map/map.h"

/* the hash of a task's language and name */
static uint64_t
hash_name(struct check *c, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice lang = record_text(r, RECORD_LANG);
	struct slice name = record_text(r, RECORD_NAME);

	c->phrase.len = 0;
	buf_add(&c->phrase, lang.p, lang.n);
	buf_addc(&c->phrase, '\0');
	buf_add(&c->phrase, name.p, name.n);
	return keyindex_hash(kind.p, kind.n, c->phrase.ptr, c->phrase.len);
}

int
identity_take(struct check *c, uint32_t node, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	if (r->kind != RECORD_COMPONENT)
		return 0;
	/* a name that one id has twice is told by its id */
	if (id.p != NULL && (check_asks(c, RULE_DUPLICATE_ID) ||
	    check_asks(c, RULE_DUPLICATE_NAME)) && keyindex_add(&c->ids,
	    keyindex_hash(kind.p, kind.n, id.p, id.n), node) == -1)
		return -1;
	if (!check_asks(c, RULE_DUPLICATE_NAME) ||
	    record_text(r, RECORD_NAME).p == NULL ||
	    (kindtable_early(&c->tasks, c->map, kind, graph_node(&c->graph,
	    node)->kind) & KIND_TASK) == 0)
		return 0;
	return keyindex_add(&c->names, hash_name(c, r), node);
}

/* set a flag on all but the first of those with one hash; 0 or -1 */
static int
mark_doubles(struct check *c, struct keyindex *k, unsigned flag)
{
	struct node *n;
	uint32_t i;

	if (keyindex_sort(k) == -1)
		return -1;
	for (i = 1; i < k->n; i++) {
		if (keyindex_at(k, i)->hash != keyindex_at(k, i - 1)->hash)
			continue;
		n = graph_node(&c->graph, keyindex_at(k, i)->node);
		n->flags = (uint16_t)(n->flags | flag);
	}
	return 0;
}

int
identity_judge(struct check *c)
{
	return mark_doubles(c, &c->ids, CHECK_SAME_ID) == -1 ||
	    mark_doubles(c, &c->names, CHECK_SAME_NAME) == -1 ? -1 : 0;
}

int
identity_look(struct check *c, const struct record *r)
{
	unsigned flags = graph_node(&c->graph, c->node)->flags;

	if ((flags & CHECK_SAME_ID) != 0 && check_asks(c, RULE_DUPLICATE_ID)) {
		finding_begin(c, RULE_DUPLICATE_ID, r, 0);
		buf_adds(&c->texts, "has the id of another before it");
		finding_end(c);
	}
	if ((flags & (CHECK_SAME_ID | CHECK_SAME_NAME)) == CHECK_SAME_NAME) {
		finding_begin(c, RULE_DUPLICATE_NAME, r, 0);
		buf_adds(&c->texts, "has the name of another before it");
		finding_end(c);
	}
	return 0;
}
