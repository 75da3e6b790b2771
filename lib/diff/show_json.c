/* SPDX-License-Identifier: ISC */
/*
 * Differences as JSON, an object a line.
 *
 * What a terminal would obey is escaped: such characters stand in strings
 * alone, where the escape means the same.
 */
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
	put_text(b, "kind", item->who.kind);
	put_text(b, "id", item->who.id);
	put_text(b, "name", item->who.name);
	if (item->op == DIFF_RENAME || (item->was.kind.p != NULL &&
	    !slice_same(item->was.id, item->who.id)))
		put_who(b, "was", &item->was);
	if (!item->owns)
		put_who(b, "owner", &item->owner);
	if (item->why != NULL)
		put_text(b, "why", (struct slice){ item->why,
		    strlen(item->why) });
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

const struct show_way show_json = { .item = put_item, .inside = 1 };
