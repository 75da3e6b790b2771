/* SPDX-License-Identifier: ISC */
/*
 * What the commands share.
 */
#include "vars/vars.h"

#include <unistd.h>

#include "base/diag.h"
#include "base/lines.h"
#include "json/string.h"
#include "map/registry.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "stream/stream.h"
#include "stream/twopass.h"
#include "value/derive.h"
#include "value/locate.h"
#include "vars/vars_priv.h"

int
vars_open(struct vars *w, struct registry *maps, struct room *room,
    int (*look)(void *, struct vars *, const struct record *, uint32_t),
    void *ctx)
{
	struct record r;
	uint64_t at;
	uint32_t i;
	int got;

	graph_init(&w->graph, w->diag, room);
	w->data_of = NOTHING;
	if ((w->map = derive_begin(w->in, maps, w->options->input.map)) ==
	    NULL)
		return -1;
	stream_put_head(&w->head, &w->in->first, w->diag->program,
	    w->options->by);
	w->spots = locate_open(w->map);
	if (look != NULL && look(ctx, w, &w->in->first, NOTHING) == -1)
		return -1;
	while ((got = twopass_read(w->in, &r, &at)) == 1) {
		if ((i = graph_add(&w->graph, &r, at)) == NOTHING ||
		    table_add(w, &r, i) == -1 ||
		    (look != NULL && look(ctx, w, &r, i) == -1))
			return -1;
	}
	w->done->records = w->graph.n;
	w->done->variables = table_count(&w->table);
	return got == -1 ? -1 : graph_link(&w->graph, at);
}

void
vars_close(struct vars *w)
{
	locate_close(w->spots);
	graph_free(&w->graph);
	table_free(&w->table);
	tape_free(&w->tape);
	edit_free(&w->edits);
	buf_free(&w->head);
	buf_free(&w->value);
	buf_free(&w->texts);
	buf_free(&w->text);
	buf_free(&w->line);
}

int
vars_revise(struct vars *w, const struct record *r, uint32_t node,
    struct buf *line)
{
	const struct place at = graph_place(w->in, node);
	struct record_edit changes[DERIVED + 1];
	struct slice value = r->field[RECORD_VALUE];
	struct record made = *r;
	size_t n = 0, i, k = 0;

	w->value.len = 0;
	edit_apply(&w->edits, value.p, value.n, &w->value);
	value = (struct slice){ w->value.ptr, w->value.len };
	made.field[RECORD_VALUE] = value;
	if (r->kind == RECORD_COMPONENT) {
		if (record_read_value(&w->tape, w->diag, &made, &at) == -1)
			return -1;
		n = derive(w->spots, &made, &w->tape, RECORD_ID, changes,
		    &w->texts);
	}
	/* which may have been given by a filter, and no value of ours says */
	for (i = 0; i < n; i++) {
		if (changes[i].field != RECORD_STATUS)
			changes[k++] = changes[i];
	}
	n = k;
	changes[n++] = (struct record_edit){ RECORD_VALUE, value };
	line->len = 0;
	record_edit(line, r, changes, n);
	return 0;
}

/* how many bytes the text of a record is */
static long long
length_of(struct vars *w, const struct record *r)
{
	struct slice s = record_text(r, RECORD_VALUE);

	w->text.len = 0;
	string_decode(&w->text, s.p, s.n);
	return (long long)w->text.len;
}

int
vars_data(struct vars *w, const struct record *r, uint32_t node, int changed,
    struct buf *line)
{
	struct record made = *r;
	struct record_edit offset = { RECORD_OFFSET, {0} };
	struct buf number = {0}, new = {0};
	struct text_error e;
	long long shift;

	if (r->kind != RECORD_DATA || r->field[RECORD_OFFSET].p == NULL)
		return changed;
	if (graph_node(&w->graph, node)->parent != w->data_of) {
		w->data_of = graph_node(&w->graph, node)->parent;
		w->shift = 0;
	}
	shift = w->shift;
	if (changed && record_read(&made, line->ptr, line->len, &e) == -1)
		return -1;
	if (changed)
		w->shift += length_of(w, &made) - length_of(w, r);
	if (shift == 0)
		return changed;
	buf_printf(&number, "%lld", record_number(r, RECORD_OFFSET) + shift);
	offset.json = (struct slice){ number.ptr, number.len };
	record_edit(&new, &made, &offset, 1);
	line->len = 0;
	buf_add(line, new.ptr, new.len);
	buf_free(&new);
	buf_free(&number);
	return 1;
}

void
vars_out(const struct vars *w, struct output *out)
{
	*out = (struct output){ .diag = w->diag, .name = "stdout",
	    .fd = STDOUT_FILENO };
}

int
vars_out_end(struct vars *w, struct output *out, int rc)
{
	if (rc == 0 && (rc = twopass_same(w->in)) == 0)
		rc = output_flush(out);
	w->done->bytes = out->total;
	output_free(out);
	return rc;
}
