/* SPDX-License-Identifier: ISC */
/*
 * References that a package must not lack.
 */
#include "convert/required.h"

#include <string.h>

#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"

/* keep kind:text, as wanted or as there */
static void
keep(struct required *q, int there, const char *kind, struct slice text)
{
	if (text.p == NULL)
		return;
	q->text.len = 0;
	buf_adds(&q->text, kind);
	buf_addc(&q->text, ':');
	buf_add(&q->text, text.p, text.n);
	buf_addc(&q->text, '\0');
	if (there)
		hashset_add(&q->there, 0, q->text.ptr, q->text.len - 1);
	else
		buf_add(&q->wanted, q->text.ptr, q->text.len);
}

/* keep the items of a list (its JSON) that begin with prefix */
static void
keep_items(struct required *q, int there, struct slice list,
    const char *prefix, const char *kind)
{
	struct slice item;
	size_t at = 0, n = strlen(prefix);

	while (list_next(list, &at, &item)) {
		if (item.n >= n && memcmp(item.p, prefix, n) == 0)
			keep(q, there, kind, (struct slice){ item.p + n,
			    item.n - n });
	}
}

/* one "required" row: this kind needs that one */
static void
take(struct required *q, const struct record *r, const char *kind,
    const char *target)
{
	static const enum record_field lists[] = { RECORD_NEEDS, RECORD_LINKS,
	    RECORD_REFS };
	struct buf prefix = {0};
	size_t i;

	if (record_is(r, RECORD_KIND, kind)) {
		buf_printf(&prefix, "%s:", target);
		for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
			keep_items(q, 0, r->field[lists[i]],
			    buf_str(&prefix), target);
		buf_free(&prefix);
	}
	if (record_is(r, RECORD_KIND, target)) {
		keep(q, 1, target, record_text(r, RECORD_ID));
		keep_items(q, 1, r->field[RECORD_ALIAS], "", target);
		keep_items(q, 1, r->field[RECORD_NAMES], "", target);
	}
}

void
required_take(struct required *q, const struct record *r)
{
	const struct map_kind *k;
	const struct map_row *row;
	size_t i, j;

	for (i = 0; q->map != NULL && i < q->map->nkinds; i++) {
		k = q->map->kinds[i];
		if ((row = k->required) == NULL)
			continue;
		for (j = 0; j < row->nargs; j++)
			take(q, r, k->name, row->args[j]);
	}
}

const char *
required_missing(const struct required *q)
{
	const char *p, *end = buf_at(&q->wanted, q->wanted.len);

	for (p = q->wanted.ptr; p < end; p += strlen(p) + 1) {
		if (!hashset_has(&q->there, 0, p, strlen(p)))
			return p;
	}
	return NULL;
}

void
required_free(struct required *q)
{
	buf_free(&q->wanted);
	buf_free(&q->text);
	hashset_free(&q->there);
}
