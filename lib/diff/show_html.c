/* SPDX-License-Identifier: ISC */
/*
 * Differences as a page: page.html with the objects of the JSON form in it.
 *
 * What a page could take for markup is escaped in them, as what a terminal
 * would obey: such characters stand in strings alone.
 */
#include "diff/show_priv.h"
#include "json/string.h"

/* page.html (scripts/embed), and the line of it in whose place data comes */
extern const char show_page[];
static const char mark[] = "@DATA@\n";

/* append JSON that may stand in an element of a page */
static void
put_json(struct show *s, const struct buf *json)
{
	const char *p, *end, *open;

	s->spare.len = 0;
	string_mask(&s->spare, json->ptr, json->len);
	p = s->spare.ptr;
	for (end = p + s->spare.len; p < end; p = open + 1) {
		open = memchr(p, '<', (size_t)(end - p));
		if (open == NULL) {
			buf_add(&s->line, p, (size_t)(end - p));
			return;
		}
		buf_add(&s->line, p, (size_t)(open - p));
		buf_adds(&s->line, "\\u003c");
	}
}

static void
put_name(struct buf *b, const char *key, const char *name)
{
	buf_printf(b, "\"%s\":\"", key);
	string_encode(b, name, strlen(name));
	buf_adds(b, "\",");
}

static void
put_begin(struct show *s)
{
	buf_add(&s->line, show_page, (size_t)(strstr(show_page, mark) -
	    show_page));
	s->text.len = 0;
	buf_addc(&s->text, '{');
	put_name(&s->text, "old", s->look.old);
	put_name(&s->text, "new", s->look.new);
	if (s->look.plan != NULL)
		put_name(&s->text, "import", s->look.plan->import);
	buf_adds(&s->text, "\"differences\":[");
	put_json(s, &s->text);
}

/* each begins a line; what is printed already ends with no comma */
static void
put_item(struct show *s, const struct diff_item *item)
{
	uint64_t n = 0;
	int op;

	for (op = 0; op < DIFF_OPS; op++)
		n += s->all[op];
	buf_adds(&s->line, n > 1 ? ",\n" : "\n");
	s->text.len = 0;
	show_object(&s->text, item, 1);
	put_json(s, &s->text);
}

static void
put_end(struct show *s)
{
	buf_adds(&s->line, "\n]");
	if (s->look.plan != NULL) {
		s->text.len = 0;
		show_lists(s, &s->text);
		put_json(s, &s->text);
	}
	buf_adds(&s->line, "}\n");
	buf_adds(&s->line, strstr(show_page, mark) + strlen(mark));
}

const struct show_way show_html = { .begin = put_begin, .item = put_item,
	.end = put_end, .inside = 1, .whole = 1 };
