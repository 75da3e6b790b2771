/* SPDX-License-Identifier: ISC */
/*
 * What variables there are, and what uses them: texts that name them, and
 * what refers to the components that they are of.
 */
#include "vars/vars.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/lines.h"
#include "json/string.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "vars/vars_priv.h"
#include "vars/view.h"

/* a record that uses a variable: the first of those of one base */
struct use {
	uint32_t variable, node;
};

struct listing {
	struct vars *vars;
	struct hashset bases;	/* the first variables of each */
	struct hashset words;	/* what bases begin with */
	struct buf first;	/* of uint32_t, by variable: that of its base */
	struct buf uses;	/* of struct use */
	struct views views;
	uint32_t node;		/* the record at hand */
};

static struct slice
base_of(const struct table *t, uint32_t i)
{
	struct slice name = table_name(t, i);

	name.n = table_at(t, i)->nbase;
	return name;
}

/* the first variable of a base, or TABLE_NONE */
static uint32_t
find_base(const struct listing *l, struct slice base)
{
	uint64_t hash = hash_bytes(base.p, base.n);
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&l->bases, hash, &at)) != HASHSET_NONE) {
		if (slice_same(base_of(&l->vars->table, i), base))
			return i;
	}
	return TABLE_NONE;
}

static void
begin(struct listing *l)
{
	const struct table *t = &l->vars->table;
	struct slice base;
	const char *dot;
	uint32_t i, first;

	for (i = 0; i < table_count(t); i++) {
		base = base_of(t, i);
		if ((first = find_base(l, base)) == TABLE_NONE) {
			first = i;
			hashset_put(&l->bases, hash_bytes(base.p, base.n), i);
		}
		buf_add(&l->first, &first, sizeof(first));
		if ((dot = memchr(base.p, '.', base.n)) != NULL)
			hashset_add(&l->words, 0, base.p,
			    (size_t)(dot - base.p));
	}
}

static void
add_use(struct listing *l, uint32_t variable, uint32_t node)
{
	struct use use = { variable, node };

	if (node != table_at(&l->vars->table, variable)->node)
		buf_add(&l->uses, &use, sizeof(use));
}

/* ---- texts that name them */

static int
is_name(char c, int dash)
{
	return (c & 0x80) != 0 || isalnum((unsigned char)c) || c == '_' ||
	    (dash && c == '-');
}

/* what stands around a dot may be a name: "env.NAME" */
static void
look_around(struct listing *l, const struct view *v, const char *dot)
{
	const char *end = v->p + v->n, *from = dot, *to;
	uint32_t i = TABLE_NONE;
	int dash;

	while (from > v->p && islower((unsigned char)from[-1]))
		from--;
	if (from == dot || (from > v->p && (is_name(from[-1], 0) ||
	    from[-1] == '.')) || !hashset_has(&l->words, 0, from,
	    (size_t)(dot - from)))
		return;
	for (dash = 1; dash >= 0 && i == TABLE_NONE; dash--) {
		for (to = dot + 1; to < end && is_name(*to, dash); to++)
			continue;
		i = find_base(l, (struct slice){ from, (size_t)(to - from) });
	}
	if (i != TABLE_NONE)
		add_use(l, i, l->node);
}

static int
look_at_view(void *ctx, const struct view *v)
{
	const char *p = v->p, *end = v->p + v->n;

	for (; (p = memchr(p, '.', (size_t)(end - p))) != NULL; p++)
		look_around(ctx, v, p);
	return 0;
}

static int
look_at_records(struct listing *l)
{
	struct vars *w = l->vars;
	struct record r;
	struct slice value;

	for (l->node = 0; l->node < w->graph.n; l->node++) {
		if (graph_read(&w->graph, w->in, l->node, &r) == -1)
			return -1;
		value = r.field[RECORD_VALUE];
		if (value.n > 0)
			view_each(&l->views, value.p, value.n, look_at_view,
			    l);
	}
	return 0;
}

/* what refers to the components that variables are of */
static void
look_at_references(struct listing *l)
{
	struct vars *w = l->vars;
	const uint32_t *first = buf_at(&l->first, 0);
	const struct edge *e;
	struct toward it;
	uint32_t i, node;

	for (i = 0; i < table_count(&w->table); i++) {
		node = table_at(&w->table, i)->node;
		if (first[i] != i)
			continue;
		it = graph_toward_once(&w->graph, node, RUN_TOOL, 1);
		while ((e = graph_next(&it)) != NULL)
			add_use(l, i, e->from);
	}
}

static int
compare_uses(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->variable != y->variable)
		return x->variable < y->variable ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

/* each use once, and how many a variable has */
static void
count_uses(struct listing *l)
{
	size_t n = l->uses.len / sizeof(struct use), i, kept = 0;
	struct use *u = buf_at(&l->uses, 0);

	if (n > 0)
		qsort(u, n, sizeof(*u), compare_uses);
	for (i = 0; i < n; i++) {
		if (kept > 0 && compare_uses(&u[kept - 1], &u[i]) == 0)
			continue;
		u[kept++] = u[i];
		table_at(&l->vars->table, u[i].variable)->uses++;
	}
	l->uses.len = kept * sizeof(*u);
}

/* ---- the list */

static const char *const states[] = {
	[VARIABLE_EMPTY] = "empty", [VARIABLE_HIDDEN] = "hidden",
	[VARIABLE_SET] = "set",
};

/* where the value stands: the record's place, and that in its value */
static void
put_place(struct buf *b, const struct table *t, const struct variable *v,
    const struct record *r)
{
	struct slice at = record_text(r, RECORD_AT);

	buf_add(b, at.p, at.n);
	string_encode(b, buf_at(&t->texts, v->pointer), v->npointer);
}

static void
put_line(struct buf *b, const struct table *t, uint32_t i, uint32_t uses,
    const struct record *r)
{
	const struct variable *v = table_at(t, i);
	struct slice name = table_name(t, i), s;

	string_encode(b, name.p, name.n);
	s = record_text(r, RECORD_KIND);
	buf_addc(b, '\t');
	buf_add(b, s.p, s.n);
	buf_printf(b, "\t%s\t%s\t%" PRIu32 "\t", v->secured ? "secured" : "-",
	    states[v->state], uses);
	s = record_text(r, RECORD_FILE);
	buf_add(b, s.p, s.n);
	buf_addc(b, ':');
	put_place(b, t, v, r);
	buf_addc(b, '\n');
}

/* who uses a variable: "kind:id", a list of them; 0 or -1 */
static int
put_users(struct listing *l, uint32_t first, struct buf *b)
{
	struct vars *w = l->vars;
	const struct use *u = buf_at(&l->uses, 0), *end = u + l->uses.len /
	    sizeof(*u), key = { first, 0 };
	size_t low = 0, high = (size_t)(end - u), middle;
	struct record r;
	struct slice s;
	const char *comma = "";

	while (low < high) {
		middle = (low + high) / 2;
		if (compare_uses(&u[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (u += low; u < end && u->variable == first; u++) {
		if (graph_read(&w->graph, w->in, u->node, &r) == -1)
			return -1;
		s = record_text(&r, RECORD_KIND);
		buf_printf(b, "%s\"%.*s:", comma, (int)s.n, s.p);
		s = record_text(&r, r.field[RECORD_ID].p != NULL ? RECORD_ID :
		    r.field[RECORD_NAME].p != NULL ? RECORD_NAME :
		    RECORD_FILE);
		buf_add(b, s.p, s.n);
		buf_addc(b, '"');
		comma = ",";
	}
	return 0;
}

static void
put_member(struct buf *b, const char *key, struct slice s)
{
	buf_printf(b, ",\"%s\":\"", key);
	buf_add(b, s.p, s.n);
	buf_addc(b, '"');
}

static int
put_json(struct listing *l, struct buf *b, uint32_t i, uint32_t first,
    const struct record *r)
{
	const struct table *t = &l->vars->table;
	const struct variable *v = table_at(t, i);
	struct slice name = table_name(t, i);

	buf_adds(b, "{\"name\":\"");
	string_encode(b, name.p, name.n);
	buf_addc(b, '"');
	put_member(b, "kind", record_text(r, RECORD_KIND));
	if (r->field[RECORD_ID].p != NULL)
		put_member(b, "id", record_text(r, RECORD_ID));
	buf_printf(b, ",\"secured\":%s,\"value\":\"%s\"", v->secured ?
	    "true" : "false", states[v->state]);
	put_member(b, "file", record_text(r, RECORD_FILE));
	buf_adds(b, ",\"at\":\"");
	put_place(b, t, v, r);
	buf_printf(b, "\",\"used\":%" PRIu32 ",\"users\":[",
	    table_at(t, first)->uses);
	if (put_users(l, first, b) == -1)
		return -1;
	buf_adds(b, "]}\n");
	return 0;
}

static int
print(struct listing *l, struct output *out)
{
	struct vars *w = l->vars;
	const uint32_t *first = buf_at(&l->first, 0);
	struct record r;
	struct buf shown = {0};
	uint32_t i;
	int rc = 0;

	for (i = 0; i < table_count(&w->table) && rc == 0; i++) {
		if (graph_read(&w->graph, w->in, table_at(&w->table, i)->node,
		    &r) == -1) {
			rc = -1;
			break;
		}
		w->line.len = shown.len = 0;
		if (!w->options->json)
			put_line(&w->line, &w->table, i, table_at(&w->table,
			    first[i])->uses, &r);
		/* which reads others, so the record is not used after */
		else if ((rc = put_json(l, &w->line, i, first[i], &r)) == -1)
			break;
		string_mask(&shown, w->line.ptr, w->line.len);
		rc = output_add(out, shown.ptr, shown.len);
	}
	buf_free(&shown);
	return rc;
}

int
vars_list(struct diag *d, const struct vars_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct vars_done *done)
{
	struct vars w = { .diag = d, .options = o, .in = in, .done = done };
	struct listing l = { .vars = &w };
	struct output out;
	int rc;

	vars_out(&w, &out);
	if ((rc = vars_open(&w, maps, room, NULL, NULL)) == 0) {
		begin(&l);
		look_at_references(&l);
		if ((rc = look_at_records(&l)) == 0) {
			count_uses(&l);
			rc = print(&l, &out);
		}
	}
	rc = vars_out_end(&w, &out, rc);
	hashset_free(&l.bases);
	hashset_free(&l.words);
	buf_free(&l.first);
	buf_free(&l.uses);
	view_free(&l.views);
	vars_close(&w);
	return rc;
}
