/* SPDX-License-Identifier: ISC */
/*
 * Rules of languages: what the agent lists, and what its components are of.
 */
#include <string.h>

#include "check/check_priv.h"
#include "map/map.h"

/*
 * The languages of what a component says: strings of a member, found by its
 * bytes, for what it says is most of a package.
 */
static void
take_spoken(struct check *c, const char *member, struct slice value)
{
	const char *p = value.p, *end = value.p + value.n, *text;
	struct buf name = {0};

	buf_printf(&name, "\"%s\"", member);
	while (p != NULL && (p = memmem(p, (size_t)(end - p), name.ptr,
	    name.len)) != NULL) {
		p += name.len;
		while (p < end && strchr(" \t\r\n:", *p) != NULL)
			p++;
		if (p == end || *p != '"')
			continue;
		text = p + 1;
		p = memchr(text, '"', (size_t)(end - text));
		if (p != NULL)
			languages_add(&c->used, text, (size_t)(p - text));
	}
	buf_free(&name);
}

int
language_take(struct check *c, uint32_t node, const struct record *r)
{
	struct slice lang = record_text(r, RECORD_LANG);
	const struct map_row *row;

	if (r->kind != RECORD_COMPONENT)
		return 0;
	if (lang.p != NULL)
		languages_add(&c->used, lang.p, lang.n);
	/* the first of a language is where its finding will be */
	if (lang.p != NULL && !languages_has(&c->met, lang.p, lang.n) &&
	    check_row(c, r, WORD_UNLISTED) == NULL) {
		languages_add(&c->met, lang.p, lang.n);
		check_again(c);
	}
	if (r->field[RECORD_VALUE].p != NULL &&
	    (row = check_row(c, r, WORD_SPOKEN)) != NULL)
		take_spoken(c, row->args[0], r->field[RECORD_VALUE]);
	if ((row = check_row(c, r, WORD_LANGUAGES)) == NULL)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	languages_listed(&c->listed, row, &c->tape);
	graph_node(&c->graph, node)->flags |= CHECK_LISTS;
	return 0;
}

int
unlisted_look(struct check *c, const struct record *r)
{
	struct slice lang = record_text(r, RECORD_LANG);

	if (c->listed.n == 0 || lang.p == NULL ||
	    languages_has(&c->listed, lang.p, lang.n) ||
	    languages_has(&c->told, lang.p, lang.n) ||
	    check_row(c, r, WORD_UNLISTED) != NULL)
		return 0;
	languages_add(&c->told, lang.p, lang.n);
	finding_begin(c, RULE_LANGUAGE_UNLISTED, r, 0);
	buf_adds(&c->texts, "is of the language ");
	buf_add(&c->texts, lang.p, lang.n);
	buf_adds(&c->texts, ", which the agent does not list");
	finding_end(c);
	return 0;
}

/* a place of the list */
struct listing {
	struct check *check;
	const struct record *record;
};

static void
look_at(void *ctx, const struct tape *t, uint32_t token, struct slice lang)
{
	struct listing *l = ctx;
	struct check *c = l->check;

	(void)t;
	if (lang.n == 0 || languages_has(&c->used, lang.p, lang.n))
		return;
	languages_add(&c->used, lang.p, lang.n);	/* once each */
	finding_begin(c, RULE_LANGUAGE_UNUSED, l->record, token);
	buf_adds(&c->texts, "lists the language ");
	buf_add(&c->texts, lang.p, lang.n);
	buf_adds(&c->texts, ", and nothing is of it");
	finding_end(c);
}

int
unused_look(struct check *c, const struct record *r)
{
	struct listing l = { .check = c, .record = r };

	if ((graph_node(&c->graph, c->node)->flags & CHECK_LISTS) == 0)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	languages_visit(check_row(c, r, WORD_LANGUAGES), &c->tape, look_at, &l);
	return 0;
}
