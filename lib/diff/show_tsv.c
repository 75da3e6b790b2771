/* SPDX-License-Identifier: ISC */
/*
 * Differences as lines of fields with tabs between them: sign, kind, id,
 * name; of what was renamed also the id and the name that it had.
 */
#include "diff/show_priv.h"
#include "json/string.h"

static void
put(struct show *s, struct slice text)
{
	buf_addc(&s->line, '\t');
	string_mask(&s->line, text.p, text.n);
}

static void
put_item(struct show *s, const struct diff_item *item)
{
	buf_addc(&s->line, show_signs[item->op]);
	put(s, item->who.kind);
	put(s, item->who.id);
	put(s, item->who.name);
	if (item->op == DIFF_RENAME) {
		put(s, item->was.id);
		put(s, item->was.name);
	}
	buf_addc(&s->line, '\n');
}

const struct show_way show_tsv = { .item = put_item };
