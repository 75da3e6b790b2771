/* SPDX-License-Identifier: ISC */
/*
 * Variables get the values that a file gives them.
 *
 * All changes are made once for nothing, before the first line is written.
 */
#include "vars/vars.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/lines.h"
#include "base/suggest.h"
#include "graph/closure.h"
#include "graph/emit.h"
#include "json/string.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/registry.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "vars/assign.h"
#include "vars/vars_priv.h"

/* so many unknown names are told with what could be meant */
#define SHOWN 20

/* a variable that is made: --add */
struct new {
	size_t assign;
	const struct map_kind *kind;
	const struct map_row *row;	/* "new" */
	uint32_t node;		/* it comes behind this record */
};

struct applying {
	struct vars *vars;
	struct assignments *from;
	struct buf of;		/* of uint32_t, by variable: which assigns */
	struct buf new;		/* of struct new, by kind in the end */
	size_t first;		/* of those behind the record at hand */
	struct buf json;
	size_t unknown;
};

#define NOBODY UINT32_MAX

static uint32_t *
assign_of(const struct applying *a, uint32_t variable)
{
	return buf_item(&a->of, variable, sizeof(uint32_t));
}

static struct new *
new_at(const struct applying *a, size_t i)
{
	return buf_item(&a->new, i, sizeof(struct new));
}

static size_t
count_new(const struct applying *a)
{
	return a->new.len / sizeof(struct new);
}

/* the place of an assignment */
static struct place
place_of(const struct applying *a, size_t i)
{
	return (struct place){ .input = a->vars->options->file,
	    .line = assign_at(a->from, i)->line, .offset = DIAG_NOWHERE };
}

/* ---- whose the values are */

/* say that there is no such variable */
static void
fail_unknown(struct applying *a, size_t i, int several)
{
	const struct table *t = &a->vars->table;
	const struct place at = place_of(a, i);
	struct suggestion nearest = {0};
	struct buf shown = {0}, meant = {0};
	struct slice name = assign_name(a->from, i), known;
	uint32_t k;

	if (a->unknown++ >= SHOWN)
		return;
	string_encode(&shown, name.p, name.n);
	nearest.word = buf_str(&shown);
	for (k = 0; k < table_count(t) && !several; k++) {
		known = table_name(t, k);
		suggest_try(&nearest, known.p, known.n);
	}
	suggest_put(&nearest, &meant);
	if (several)
		diag_fail(a->vars->diag, STATUS_FINDING, &at, "several "
		    "variables are called \"%s\" behind their first word: "
		    "give the whole name", buf_str(&shown));
	else
		diag_fail(a->vars->diag, STATUS_FINDING, &at, "no variable is "
		    "called \"%s\"%s (pkg-vars list has them; --add makes a "
		    "new one)", buf_str(&shown), buf_str(&meant));
	suggest_free(&nearest);
	buf_free(&shown);
	buf_free(&meant);
}

/* the kind of which a new variable is, by its first word; or NULL */
static const struct map_kind *
kind_of(const struct map *m, struct slice name, const struct map_row **row)
{
	const char *dot = memchr(name.p, '.', name.n);
	size_t i;

	for (i = 0; dot != NULL && dot + 1 < name.p + name.n &&
	    i < m->nkinds; i++) {
		*row = map_kind_row(m->kinds[i], "new");
		if (*row != NULL && slice_is((struct slice){ name.p,
		    (size_t)(dot - name.p) }, (*row)->args[0]))
			return m->kinds[i];
	}
	return NULL;
}

/* a name that no variable has: it is made, if that is asked and can be */
static void
take_unknown(struct applying *a, size_t i, int several)
{
	struct new n = { .assign = i, .node = NOTHING };

	n.kind = several || !a->vars->options->add ? NULL : kind_of(
	    a->vars->map, assign_name(a->from, i), &n.row);
	if (n.kind == NULL)
		fail_unknown(a, i, several);
	else if (assign_at(a->from, i)->given)
		buf_add(&a->new, &n, sizeof(n));
}

/* two names that are one variable's */
static void
fail_double(struct applying *a, size_t i, size_t before)
{
	const struct place at = place_of(a, i);
	struct buf shown = {0};
	struct slice name = assign_name(a->from, i);

	string_encode(&shown, name.p, name.n);
	diag_fail(a->vars->diag, STATUS_INPUT, &at, "a second value for "
	    "\"%s\": line %llu has one", buf_str(&shown),
	    (unsigned long long)assign_at(a->from, before)->line);
	buf_free(&shown);
}

/* find the variable of each name; 0 or -1 */
static int
resolve(struct applying *a)
{
	const struct table *t = &a->vars->table;
	const struct assign *s;
	uint32_t i, k, none = NOBODY;
	int several;

	for (k = 0; k < table_count(t); k++)
		buf_add(&a->of, &none, sizeof(none));
	for (i = 0; i < assign_count(a->from); i++) {
		several = 0;
		k = table_find(t, assign_name(a->from, i));
		if (k == TABLE_NONE)
			k = table_find_short(t, assign_name(a->from, i),
			    &several);
		if (k == TABLE_NONE) {
			take_unknown(a, i, several);
			continue;
		}
		if (*assign_of(a, k) != NOBODY)
			fail_double(a, i, *assign_of(a, k));
		*assign_of(a, k) = i;
		s = assign_at(a->from, i);
		if (s->given && (s->nvalue > 0 || a->vars->options->empty))
			graph_node(&a->vars->graph, table_at(t, k)->node)->
			    fate = FATE_CHANGE;
	}
	if (a->unknown > SHOWN)
		diag_fail(a->vars->diag, STATUS_FINDING, NULL, "%zu more "
		    "names are no variables'", a->unknown - SHOWN);
	return diag_failed(a->vars->diag);
}

/* ---- values */

/* whether a text may stand where a number, true or false does */
static int
fits(struct vars *w, uint32_t token, struct slice text)
{
	struct text_error e;
	struct tape t = {0};
	int type = w->tape.tokens[token].type, rc;

	rc = tape_read(&t, text.p, text.n, &e) == 0 && t.n == 1 &&
	    t.tokens[0].type == type && (type == TAPE_NUMBER ||
	    !slice_is(text, "null"));
	tape_free(&t);
	return rc;
}

/* a value gets its text: whether it was another; -1 after a message */
static int
set_value(struct applying *a, const struct table_value *v, uint32_t node)
{
	struct vars *w = a->vars;
	const struct tape_token *k = &w->tape.tokens[v->token];
	const struct place at = graph_place(w->in, node);
	uint32_t i = *assign_of(a, v->variable);
	struct slice text = assign_value(a->from, i), is, name;
	struct buf shown = {0};

	if (k->type != TAPE_STRING && !tape_empty(&w->tape, v->token)) {
		if (fits(w, v->token, text)) {
			edit_replace(&w->edits, k->start, k->end - k->start,
			    text.p, text.n);
			return 1;
		}
		name = table_name(&w->table, v->variable);
		string_encode(&shown, name.p, name.n);
		diag_fail(w->diag, STATUS_FINDING, &at, "\"%s\" is a %s, and "
		    "the new value is not", buf_str(&shown), k->type ==
		    TAPE_NUMBER ? "number" : "truth value");
		buf_free(&shown);
		return -1;
	}
	/* the same text stays as it is spelled */
	if (k->type == TAPE_STRING) {
		is = tape_text(&w->tape, v->token);
		a->json.len = 0;
		string_decode(&a->json, is.p, is.n);
		if (slice_same((struct slice){ a->json.ptr, a->json.len },
		    text))
			return 0;
	}
	a->json.len = 0;
	buf_addc(&a->json, '"');
	string_encode(&a->json, text.p, text.n);
	buf_addc(&a->json, '"');
	edit_replace(&w->edits, k->start, k->end - k->start, a->json.ptr,
	    a->json.len);
	return 1;
}

/* a record with its variables set: 1 and its line, 0: as it was, or -1 */
static int
change(struct applying *a, uint32_t node, const struct record *r,
    struct buf *line, int count)
{
	struct vars *w = a->vars;
	const struct table_value *v;
	const struct assign *s;
	long n = table_look(w, r, node), i;
	int rc = 0, set, changed = 0;

	edit_reset(&w->edits);
	for (i = 0; i < n && rc == 0; i++) {
		v = table_value(&w->table, (size_t)i);
		if (v->variable == TABLE_NONE ||
		    *assign_of(a, v->variable) == NOBODY)
			continue;
		s = assign_at(a->from, *assign_of(a, v->variable));
		if (!s->given || (s->nvalue == 0 && !w->options->empty))
			continue;
		if ((set = set_value(a, v, node)) == -1)
			rc = -1;
		changed |= set == 1;
		w->done->set += count && set == 1;
	}
	if (n == -1 || rc == -1)
		return -1;
	return !changed ? 0 : vars_revise(w, r, node, line) == -1 ? -1 : 1;
}

static int
change_line(void *ctx, uint32_t node, const struct record *r,
    struct buf *line)
{
	return change(ctx, node, r, line, 1);
}

/* whether all can be done; 0 or -1 */
static int
try_all(struct applying *a)
{
	struct vars *w = a->vars;
	struct record r;
	uint32_t i;

	for (i = 0; i < w->graph.n; i++) {
		if (graph_node(&w->graph, i)->fate != FATE_CHANGE)
			continue;
		if (graph_read(&w->graph, w->in, i, &r) == -1)
			return -1;
		change(a, i, &r, &w->line, 0);
	}
	return diag_failed(w->diag);
}

/* ---- new ones */

/* whether a record is the container in which a kind's components stand */
static int
is_container(const struct vars *w, const struct record *r,
    const struct map_row *in)
{
	struct slice at = record_text(r, RECORD_AT);
	struct slice file = record_text(r, RECORD_FILE);
	const struct map_file *f;
	size_t n = strlen(in->args[1]);

	if (r->kind != RECORD_OPEN || n < 2 || at.n != n - 2 ||
	    memcmp(at.p, in->args[1], at.n) != 0)
		return 0;
	f = map_file_of(w->map, file);
	return f != NULL && strcmp(f->group->name, in->args[0]) == 0;
}

/* behind which record a new one comes; 0, or -1 after a message */
static int
find_place(struct applying *a, struct new *n)
{
	struct vars *w = a->vars;
	const struct place where = place_of(a, n->assign);
	const struct map_row *in = map_kind_row(n->kind, "in");
	struct buf shown = {0};
	struct slice name;
	struct record r;
	uint32_t i;

	for (i = 0; i < w->graph.n; i++) {
		name = graph_kind_name(&w->graph, graph_node(&w->graph,
		    i)->kind);
		if (graph_node(&w->graph, i)->type == RECORD_COMPONENT &&
		    slice_is(name, n->kind->name))
			n->node = i;
	}
	for (i = 0; n->node == NOTHING && i < w->graph.n; i++) {
		if (graph_node(&w->graph, i)->type != RECORD_OPEN)
			continue;
		if (graph_read(&w->graph, w->in, i, &r) == -1)
			return -1;
		if (is_container(w, &r, in))
			n->node = i;
	}
	if (n->node != NOTHING) {
		graph_node(&w->graph, n->node)->fate = FATE_CHANGE;
		return 0;
	}
	name = assign_name(a->from, n->assign);
	string_encode(&shown, name.p, name.n);
	diag_fail(w->diag, STATUS_FINDING, &where, "\"%s\" cannot be added: "
	    "the package has no place for it, %s of a file %s",
	    buf_str(&shown), in->args[1], in->args[0]);
	buf_free(&shown);
	return -1;
}

/* by kind, each in the order of the file */
static int
compare_new(const void *a, const void *b)
{
	const struct new *x = a, *y = b;

	if (x->row != y->row)
		return x->row->line < y->row->line ? -1 : 1;
	return x->assign < y->assign ? -1 : x->assign > y->assign;
}

/* all of a kind come to one place */
static int
find_places(struct applying *a)
{
	struct new *n, *before = NULL;
	size_t i;

	if (count_new(a) > 0)
		qsort(a->new.ptr, count_new(a), sizeof(*n), compare_new);
	for (i = 0; i < count_new(a); i++) {
		n = new_at(a, i);
		if (before != NULL && before->kind == n->kind)
			n->node = before->node;
		else if (find_place(a, n) == -1)
			return -1;
		before = n;
	}
	return 0;
}

/* a text in a new value: in the place of "$name" or "$value" */
static void
put_text(struct buf *b, struct slice s)
{
	buf_addc(b, '"');
	string_encode(b, s.p, s.n);
	buf_addc(b, '"');
}

static void
put_value(struct applying *a, const struct new *n, struct buf *b)
{
	struct slice name = assign_name(a->from, n->assign);
	const char *p = n->row->args[1], *dollar;
	size_t skip = strlen(n->row->args[0]) + 1;

	name.p += skip;
	name.n -= skip;
	for (; (dollar = strchr(p, '$')) != NULL; p = dollar) {
		buf_add(b, p, (size_t)(dollar - p));
		if (strncmp(dollar, "$name", 5) == 0) {
			put_text(b, name);
			dollar += 5;
		} else if (strncmp(dollar, "$value", 6) == 0) {
			put_text(b, assign_value(a->from, n->assign));
			dollar += 6;
		} else {
			buf_addc(b, *dollar++);
		}
	}
	buf_adds(b, p);
}

/* the line of a new record, behind r; 0, or -1 after a message */
static int
make_line(struct applying *a, const struct new *n, const struct record *r,
    struct buf *line)
{
	struct vars *w = a->vars;
	const char *at = map_kind_row(n->kind, "in")->args[1];
	struct buf raw = {0};
	struct record made;
	struct text_error e;
	size_t i;
	int rc;

	record_begin(&raw, n->kind->name, strlen(n->kind->name));
	for (i = 0; i < n->kind->ncategories; i++) {
		if (n->kind->categories[i].key == NULL) {
			record_put_text(&raw, RECORD_CATEGORY,
			    n->kind->categories[i].category, strlen(
			    n->kind->categories[i].category));
			break;
		}
	}
	record_put(&raw, RECORD_FILE, r->field[RECORD_FILE].p,
	    r->field[RECORD_FILE].n);
	record_put_text(&raw, RECORD_AT, at, strlen(at));
	buf_adds(&raw, ",\"value\":");
	put_value(a, n, &raw);
	buf_addc(&raw, '}');
	edit_reset(&w->edits);
	rc = record_read(&made, raw.ptr, raw.len, &e) == -1 ?
	    diag_fail(w->diag, STATUS_INPUT, NULL, "the map's row \"new\" "
	    "makes no record: %s", e.what) :
	    vars_revise(w, &made, NOTHING, line);
	buf_free(&raw);
	return rc;
}

/* emit: the i-th new line behind a record */
static int
more_lines(void *ctx, uint32_t node, size_t i, struct buf *line)
{
	struct applying *a = ctx;
	struct vars *w = a->vars;
	struct record r;

	if (i == 0) {
		for (a->first = 0; a->first < count_new(a) &&
		    new_at(a, a->first)->node != node; a->first++)
			continue;
	}
	i += a->first;
	if (i >= count_new(a) || new_at(a, i)->node != node)
		return 0;
	if (graph_read(&w->graph, w->in, node, &r) == -1 ||
	    make_line(a, new_at(a, i), &r, line) == -1)
		return -1;
	w->done->added++;
	w->done->set++;
	return 1;
}

/* ---- the whole */

static int
run(struct applying *a)
{
	struct vars *w = a->vars;
	struct carry c = { .diag = w->diag, .in = w->in, .graph = &w->graph,
	    .change = change_line, .more = more_lines, .ctx = a };

	if (resolve(a) == -1 || find_places(a) == -1 || try_all(a) == -1 ||
	    emit(&c, &w->head) == -1)
		return -1;
	w->done->changed = c.changed;
	w->done->bytes = c.bytes;
	w->done->records += w->done->added;
	return 0;
}

int
vars_apply(struct diag *d, const struct vars_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct vars_done *done)
{
	struct vars w = { .diag = d, .options = o, .in = in, .done = done };
	struct assignments from = {0};
	struct applying a = { .vars = &w, .from = &from };
	size_t i;
	int rc = assign_read(&from, d, o->file, o->format);

	for (i = 0; i < o->nenv && rc == 0; i++)
		rc = assign_env(&from, d, &o->env[i]);
	if (rc == 0 && (rc = vars_open(&w, maps, room, NULL, NULL)) == 0)
		rc = run(&a);
	vars_close(&w);
	assign_free(&from);
	buf_free(&a.of);
	buf_free(&a.new);
	buf_free(&a.json);
	return rc;
}
