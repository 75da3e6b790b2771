/* SPDX-License-Identifier: ISC */
/*
 * One component's value being edited.
 */
#include "value/revise_priv.h"

#include <stdlib.h>

#include "stream/record_edit.h"
#include "value/derive.h"
#include "value/locate.h"

struct reviser *
revise_open(struct diag *d, const struct map *map)
{
	struct reviser *v;

	v = xcalloc(1, sizeof(*v));
	v->diag = d;
	v->map = map;
	v->spots = locate_open(map);
	return v;
}

void
revise_close(struct reviser *v)
{
	if (v == NULL)
		return;
	locate_close(v->spots);
	tape_free(&v->tape);
	edit_free(&v->patch);
	buf_free(&v->json);
	hashset_free(&v->words);
	buf_free(&v->text);
	buf_free(&v->said);
	buf_free(&v->parts);
	buf_free(&v->names);
	buf_free(&v->value);
	buf_free(&v->texts);
	free(v);
}

int
revise_begin(struct reviser *v, const struct record *r,
    const struct place *place)
{
	edit_reset(&v->patch);
	hashset_reset(&v->words);
	v->nmore = v->json.len = 0;
	return record_read_value(&v->tape, v->diag, r, place);
}

int
revise_end(struct reviser *v, const struct record *r,
    const struct place *place, struct buf *line)
{
	struct record_edit changes[DERIVED + REVISE_MORE + 1];
	struct record made = *r;
	struct slice value = r->field[RECORD_VALUE];
	size_t n = 0, i;

	if (edit_none(&v->patch) && v->nmore == 0)
		return 0;
	if (!edit_none(&v->patch)) {
		v->value.len = 0;
		edit_apply(&v->patch, value.p, value.n, &v->value);
		value = (struct slice){ v->value.ptr, v->value.len };
		made.field[RECORD_VALUE] = value;
		v->tape.text = value.p;
		if (v->patch.reshaped && record_read_value(&v->tape, v->diag,
		    &made, place) == -1)
			return -1;
		n = derive(v->spots, &made, &v->tape, RECORD_OWNER, changes,
		    &v->texts);
		changes[n++] = (struct record_edit){ RECORD_VALUE, value };
	}
	for (i = 0; i < v->nmore; i++)
		changes[n++] = (struct record_edit){ v->more[i].field,
		    { v->json.ptr + v->more[i].from,
		    v->more[i].to - v->more[i].from } };
	line->len = 0;
	record_edit(line, r, changes, n);
	return 1;
}
