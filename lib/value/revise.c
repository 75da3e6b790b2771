/* SPDX-License-Identifier: ISC */
/*
 * One component's value being edited.
 */
#include "value/revise_priv.h"

#include <string.h>

#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/derive.h"
#include "value/locate.h"

void
revise_init(struct revision *v, struct diag *d, const struct map *map)
{
	*v = (struct revision){ .diag = d, .spots = locate_open(map) };
}

void
revise_free(struct revision *v)
{
	locate_close(v->spots);
	tape_free(&v->tape);
	edit_free(&v->patch);
	buf_free(&v->value);
	buf_free(&v->texts);
}

int
revise_begin(struct revision *v, const struct record *r,
    const struct place *place)
{
	edit_reset(&v->patch);
	return record_read_value(&v->tape, v->diag, r, place);
}

int
revise_end(struct revision *v, const struct record *r,
    const struct place *place, const struct record_edit *more, size_t n,
    struct buf *line)
{
	struct record_edit changes[DERIVED + REVISE_MORE + 1];
	struct record made = *r;
	struct slice value = r->field[RECORD_VALUE];
	size_t count = 0;

	if (edit_none(&v->patch) && n == 0)
		return 0;
	if (!edit_none(&v->patch)) {
		v->value.len = 0;
		edit_apply(&v->patch, value.p, value.n, &v->value);
		value = (struct slice){ v->value.ptr, v->value.len };
		made.field[RECORD_VALUE] = value;
		if (record_read_value(&v->tape, v->diag, &made, place) == -1)
			return -1;
		count = derive(v->spots, &made, &v->tape, RECORD_OWNER,
		    changes, &v->texts);
		changes[count++] = (struct record_edit){ RECORD_VALUE, value };
	}
	if (n > 0)
		memcpy(changes + count, more, n * sizeof(*more));
	line->len = 0;
	record_edit(line, r, changes, count + n);
	return 1;
}
