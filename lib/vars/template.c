/* SPDX-License-Identifier: ISC */
/*
 * The file that apply takes, with a line for each variable.
 */
#include "vars/vars.h"

#include "base/diag.h"
#include "base/lines.h"
#include "json/string.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "vars/assign.h"
#include "vars/vars_priv.h"

/* a value as the file has it, decoded; p NULL: it cannot be there */
static struct slice
value_of(struct vars *w, uint32_t token, struct slice name)
{
	struct slice s = tape_text(&w->tape, token);
	struct buf shown = {0};

	w->value.len = 0;
	if (w->tape.tokens[token].type == TAPE_STRING)
		string_decode(&w->value, s.p, s.n);
	else if (!tape_empty(&w->tape, token))
		buf_add(&w->value, tape_bytes(&w->tape, token).p,
		    tape_bytes(&w->tape, token).n);
	if (w->value.len > 0 && memchr(w->value.ptr, '\0', w->value.len) !=
	    NULL) {
		string_encode(&shown, name.p, name.n);
		diag_warn(w->diag, NULL, "the value of \"%s\" has a NUL, and "
		    "is left out", buf_str(&shown));
		buf_free(&shown);
		return (struct slice){0};
	}
	return (struct slice){ w->value.len > 0 ? w->value.ptr : "",
	    w->value.len };
}

/* the lines of a record's variables; 0 or -1 */
static int
put_record(struct vars *w, uint32_t node, struct output *out, int *any)
{
	enum vars_format format = w->options->format;
	const struct table_value *v;
	struct slice value, name;
	struct record r;
	long n, i;

	if (graph_read(&w->graph, w->in, node, &r) == -1 ||
	    (n = table_look(w, &r, node)) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		v = table_value(&w->table, (size_t)i);
		if (v->variable == TABLE_NONE)
			continue;
		name = table_name(&w->table, v->variable);
		value = (struct slice){0};
		if (w->options->values && !v->secured)
			value = value_of(w, v->token, name);
		w->line.len = 0;
		assign_put(&w->line, format, name, value, v->secured ?
		    "secured" : NULL, !*any);
		*any = 1;
		if (output_add(out, w->line.ptr, w->line.len) == -1)
			return -1;
	}
	return 0;
}

static int
put_all(struct vars *w, struct output *out)
{
	const struct table *t = &w->table;
	uint32_t i, node = NOTHING;
	int any = 0;

	for (i = 0; i < table_count(t); i++) {
		if (table_at(t, i)->node == node)
			continue;
		node = table_at(t, i)->node;
		if (put_record(w, node, out, &any) == -1)
			return -1;
	}
	w->line.len = 0;
	assign_put_end(&w->line, w->options->format, any);
	return output_add(out, w->line.ptr, w->line.len);
}

int
vars_template(struct diag *d, const struct vars_options *o,
    struct twopass *in, struct room *room, struct registry *maps,
    struct vars_done *done)
{
	struct vars w = { .diag = d, .options = o, .in = in, .done = done };
	struct output out;
	int rc;

	vars_out(&w, &out);
	if ((rc = vars_open(&w, maps, room, NULL, NULL)) == 0)
		rc = put_all(&w, &out);
	rc = vars_out_end(&w, &out, rc);
	vars_close(&w);
	return rc;
}
