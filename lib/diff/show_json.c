/* SPDX-License-Identifier: ISC */
/*
 * Differences as JSON, an object a line.
 *
 * What a terminal would obey is escaped: such characters stand in strings
 * alone, where the escape means the same.
 */
#include <inttypes.h>
#include <string.h>

#include "diff/show_priv.h"
#include "json/string.h"

static const char *const operations[] = {
	[CHANGE_ADD] = "add", [CHANGE_REMOVE] = "remove",
	[CHANGE_REPLACE] = "replace", [CHANGE_MOVE] = "move",
};

/* a member that is a string, as it is in one; absent if it is empty */
static void
put_text(struct buf *b, const char *key, struct slice text)
{
	if (text.n == 0)
		return;
	buf_printf(b, "%s\"%s\":\"", b->ptr[b->len - 1] == '{' ? "" : ",",
	    key);
	buf_add(b, text.p, text.n);
	buf_addc(b, '"');
}

static void
put_word(struct buf *b, const char *key, const char *word)
{
	if (word != NULL)
		put_text(b, key, (struct slice){ word, strlen(word) });
}

static void
put_who(struct buf *b, const char *key, const struct diff_who *who)
{
	buf_printf(b, ",\"%s\":{", key);
	put_text(b, "kind", who->kind);
	put_text(b, "id", who->id);
	put_text(b, "name", who->name);
	buf_addc(b, '}');
}

static void
put_pointer(struct buf *b, const char *key, struct slice pointer)
{
	buf_printf(b, ",\"%s\":\"", key);
	string_encode(b, pointer.p, pointer.n);
	buf_addc(b, '"');
}

static void
put_value(struct buf *b, const char *key, struct slice json)
{
	if (json.p == NULL)
		return;
	buf_printf(b, ",\"%s\":", key);
	buf_add(b, json.p, json.n);
}

static void
put_change(struct buf *b, const struct change *c, int place)
{
	buf_printf(b, "{\"op\":\"%s\"", operations[c->op]);
	if (c->op == CHANGE_MOVE)
		put_pointer(b, "from", c->from);
	put_pointer(b, "path", c->pointer);
	if (place && !slice_same(c->place, c->pointer))
		put_pointer(b, "place", c->place);
	put_value(b, "value", c->new);
	put_value(b, "old", c->old);
	if (c->ignored)
		buf_adds(b, ",\"ignored\":true");
	buf_addc(b, '}');
}

void
show_object(struct buf *b, const struct diff_item *item, int places)
{
	size_t i;

	buf_printf(b, "{\"op\":\"%s\"", show_words[item->op]);
	put_word(b, "action", item->action);
	put_text(b, "kind", item->who.kind);
	put_text(b, "id", item->who.id);
	if (item->action != NULL && show_other_id(item))
		put_text(b, "from", item->was.id);
	put_text(b, "name", item->who.name);
	if (item->op == DIFF_RENAME || show_other_id(item))
		put_who(b, "was", &item->was);
	if (!item->owns)
		put_who(b, "owner", &item->owner);
	put_word(b, "why", item->why);
	buf_adds(b, ",\"changes\":[");
	for (i = 0; i < item->nchanges; i++) {
		buf_adds(b, i > 0 ? "," : "");
		put_change(b, &item->changes[i], places);
	}
	buf_adds(b, "]}");
}

static void
put_item(struct show *s, const struct diff_item *item)
{
	s->text.len = 0;
	show_object(&s->text, item, 0);
	string_mask(&s->line, s->text.ptr, s->text.len);
	buf_addc(&s->line, '\n');
}

/* the last line of a plan */
static void
put_end(struct show *s)
{
	const struct show_plan *plan = s->look.plan;
	const char *comma = "";
	size_t i;

	if (plan == NULL)
		return;
	s->text.len = 0;
	buf_adds(&s->text, "{\"totals\":{");
	for (i = 0; i < plan->n; i++) {
		if (plan->counts[i] == 0)
			continue;
		buf_printf(&s->text, "%s\"%s\":%" PRIu64, comma,
		    plan->done[i], plan->counts[i]);
		comma = ",";
	}
	buf_addc(&s->text, '}');
	show_lists(s, &s->text);
	buf_adds(&s->text, "}\n");
	string_mask(&s->line, s->text.ptr, s->text.len);
}

const struct show_way show_json = { .item = put_item, .end = put_end,
	.inside = 1 };
