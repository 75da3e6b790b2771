/* SPDX-License-Identifier: ISC */
/*
 * Differences printed.
 */
#include "diff/show.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/lines.h"
#include "base/slice.h"
#include "diff/show_priv.h"
#include "json/string.h"

const char show_signs[DIFF_OPS] = {
	[DIFF_ADD] = '+', [DIFF_REMOVE] = '-', [DIFF_CHANGE] = '~',
	[DIFF_RENAME] = '>',
};

const char *const show_words[DIFF_OPS] = {
	[DIFF_ADD] = "add", [DIFF_REMOVE] = "remove",
	[DIFF_CHANGE] = "change", [DIFF_RENAME] = "rename",
};

const char *const show_done[DIFF_OPS] = {
	[DIFF_ADD] = "added", [DIFF_REMOVE] = "removed",
	[DIFF_CHANGE] = "changed", [DIFF_RENAME] = "renamed",
};

static const struct show_way *const ways[] = {
	[SHOW_TEXT] = &show_text, [SHOW_STAT] = &show_stat,
	[SHOW_TSV] = &show_tsv, [SHOW_JSON] = &show_json,
	[SHOW_HTML] = &show_html,
};

/* as git has them: what comes is green, what goes is red */
static const char *const colours[DIFF_OPS] = {
	[DIFF_ADD] = "\033[32m", [DIFF_REMOVE] = "\033[31m",
	[DIFF_CHANGE] = "\033[33m", [DIFF_RENAME] = "\033[36m",
};

const char *
show_colour(const struct show *s, enum diff_op op)
{
	return s->look.colour ? colours[op] : "";
}

const char *
show_plain(const struct show *s)
{
	return s->look.colour ? "\033[m" : "";
}

struct show *
show_open(struct output *out, enum show_form form,
    const struct show_look *look)
{
	struct show *s = xcalloc(1, sizeof(*s));

	s->out = out;
	s->look = *look;
	s->way = ways[form];
	if (s->way->begin != NULL)
		s->way->begin(s);
	return s;
}

void
show_close(struct show *s)
{
	buf_free(&s->counts);
	hashset_free(&s->table);
	buf_free(&s->texts);
	buf_free(&s->line);
	buf_free(&s->text);
	buf_free(&s->spare);
	free(s);
}

int
show_needs_changes(enum show_form form)
{
	return ways[form]->inside;
}

/* the count of a kind, made if it is the first */
static struct show_count *
count_of(struct show *s, struct slice kind)
{
	struct show_count none = { .at = s->texts.len, .n = kind.n }, *c;
	uint64_t hash = hash_bytes(kind.p, kind.n);
	uint32_t i;
	size_t at = 0;

	while ((i = hashset_next(&s->table, hash, &at)) != HASHSET_NONE) {
		c = buf_item(&s->counts, i, sizeof(*c));
		if (slice_same(kind, (struct slice){ s->texts.ptr + c->at,
		    c->n }))
			return c;
	}
	i = (uint32_t)(s->counts.len / sizeof(*c));
	hashset_put(&s->table, hash, i);
	buf_add(&s->texts, kind.p, kind.n);
	buf_add(&s->counts, &none, sizeof(none));
	return buf_item(&s->counts, i, sizeof(*c));
}

int
show_other_id(const struct diff_item *item)
{
	return item->was.kind.p != NULL &&
	    !slice_same(item->was.id, item->who.id);
}

const char *
show_sentence(const struct show_list *l, const char *at)
{
	const char *next = at == NULL ? l->texts.p : at + strlen(at) + 1;

	return next != NULL && next < l->texts.p + l->texts.n ? next : NULL;
}

void
show_lists(const struct show *s, struct buf *b)
{
	const struct show_list *l = s->look.plan->lists;
	const char *text;
	int i;

	for (i = 0; i < SHOW_LISTS; i++, l++) {
		buf_printf(b, ",\"%s\":[", l->key);
		for (text = NULL; (text = show_sentence(l, text)) != NULL; )
			buf_printf(b, "%s\"%s\"", text > l->texts.p ? "," :
			    "", text);
		buf_addc(b, ']');
	}
}

void
show_remarks(struct show *s)
{
	const struct show_list *l = s->look.plan->lists;
	const char *text;
	int i;

	if (s->counts.len == 0)
		buf_adds(&s->line, "# nothing changes\n");
	s->text.len = 0;
	for (i = 0; i < SHOW_LISTS; i++, l++) {
		for (text = NULL; (text = show_sentence(l, text)) != NULL; )
			buf_printf(&s->text, "# %s: %s\n", l->title, text);
	}
	string_mask(&s->line, s->text.ptr, s->text.len);
	s->text.len = 0;
}

static int
print(struct show *s)
{
	size_t n = s->line.len;

	s->line.len = 0;
	return n == 0 ? 0 : output_add(s->out, s->line.ptr, n);
}

int
show_item(struct show *s, const struct diff_item *item)
{
	count_of(s, item->who.kind)->of[item->op]++;
	s->all[item->op]++;
	s->way->item(s, item);
	return print(s);
}

int
show_end(struct show *s)
{
	if (s->way->end != NULL && (s->counts.len > 0 || s->way->whole ||
	    s->look.plan != NULL))
		s->way->end(s);
	return print(s) == -1 ? -1 : output_flush(s->out);
}
