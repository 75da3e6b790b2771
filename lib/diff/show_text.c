/* SPDX-License-Identifier: ISC */
/*
 * Differences as text for people.
 *
 * A line is put together of pieces, each of one colour, and then printed, cut
 * to the columns that there are.
 */
#include <inttypes.h>

#include "diff/columns.h"
#include "diff/show_priv.h"
#include "diff/words.h"
#include "json/string.h"

/* the least part of a line that is a value */
#define LEAST_VALUE 24

/* of words that are the same in both versions so much is shown, in bytes */
#define CONTEXT 16

/* a piece of a line: where it is in show->text; op DIFF_OPS: no colour */
struct piece {
	size_t at, n;
	enum diff_op op;
};

static void
add_piece(struct show *s, enum diff_op op, const char *p, size_t n)
{
	struct piece piece = { s->text.len, n, op };

	if (n == 0)
		return;
	buf_add(&s->text, p, n);
	buf_add(&s->spare, &piece, sizeof(piece));
}

static void
add_word(struct show *s, enum diff_op op, const char *word)
{
	add_piece(s, op, word, strlen(word));
}

/* a text as it is between the quotes of a JSON string, readable */
static void
add_inside(struct show *s, enum diff_op op, struct slice raw)
{
	struct piece piece = { .at = s->text.len, .op = op };

	string_canon(&s->text, raw.p, raw.n);
	piece.n = s->text.len - piece.at;
	if (piece.n > 0)
		buf_add(&s->spare, &piece, sizeof(piece));
}

/* a piece in its colour, so much of it as fits; without room, that it was */
static void
print_piece(struct show *s, const struct piece *p, unsigned columns)
{
	if (p->op < DIFF_OPS)
		buf_adds(&s->line, show_colour(s, p->op));
	if (columns == 0)
		buf_adds(&s->line, "…");
	else
		columns_cut(&s->line, s->text.ptr + p->at, p->n, columns);
	if (p->op < DIFF_OPS)
		buf_adds(&s->line, show_plain(s));
}

/* the columns that the pieces of a line take */
static unsigned
width_of_pieces(const struct show *s)
{
	const struct piece *p = (const void *)s->spare.ptr;
	size_t i, n = s->spare.len / sizeof(*p);
	unsigned wide = 0;

	for (i = 0; i < n && wide < COLUMNS_ALL / 2; i++)
		wide += columns_of(s->text.ptr + p[i].at, p[i].n);
	return wide;
}

/* print the pieces, in so many columns, and forget them */
static void
print_pieces(struct show *s, unsigned columns)
{
	const struct piece *p = (const void *)s->spare.ptr;
	size_t n = s->spare.len / sizeof(*p), i;
	unsigned all = width_of_pieces(s), wide;

	/* of what is cut the last column is for "…", wherever it falls */
	if (columns == COLUMNS_ALL || all <= columns)
		columns = COLUMNS_ALL;
	else
		columns -= columns > 1;
	for (i = 0; i < n; i++) {
		wide = columns == COLUMNS_ALL ? 0 :
		    columns_of(s->text.ptr + p[i].at, p[i].n);
		print_piece(s, &p[i], columns);
		if (columns == COLUMNS_ALL)
			continue;
		if (wide > columns)
			break;
		columns -= wide;
	}
	s->text.len = s->spare.len = 0;
}

/* ---- values */

/* so much of a value as can be seen: what is cut may end in an escape */
static struct slice
visible(const struct show *s, struct slice json)
{
	size_t most = (size_t)s->look.columns * 8;

	if (!s->look.full && json.n > most)
		json.n = most;
	return json;
}

static void
add_value(struct show *s, enum diff_op op, struct slice json)
{
	struct slice v = visible(s, json);

	if (v.n == 0 || *v.p != '"') {
		add_piece(s, op, v.p, v.n);
		return;
	}
	add_word(s, op, "\"");
	v.p++;
	v.n -= v.n == json.n ? 2 : 1;
	add_inside(s, op, v);
	add_word(s, op, "\"");
}

static int
is_string(struct slice json)
{
	return json.n >= 2 && *json.p == '"';
}

static struct slice
inside(struct slice json)
{
	return (struct slice){ json.p + 1, json.n - 2 };
}

/* whether a character begins here: not within one, or an escape */
static int
begins(struct slice s, size_t at)
{
	size_t i;

	if (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
		return 0;
	for (i = at; i > 0 && at - i < 6; i--) {
		if (s.p[i - 1] == '\\')
			return 0;
	}
	return 1;
}

/* whether of words that both have only a part is shown */
static int
is_cut(const struct show *s, struct slice text)
{
	return !s->look.full && text.n > 3 * CONTEXT;
}

/* words that both have: the beginning (a run is before), the end (behind) */
static void
add_context(struct show *s, struct slice text, int before, int behind)
{
	size_t from, to;

	if (!is_cut(s, text)) {
		add_inside(s, DIFF_OPS, text);
		return;
	}
	for (to = CONTEXT; to > 0 && !begins(text, to); to--)
		continue;
	for (from = text.n - CONTEXT; from < text.n && !begins(text, from);
	    from++)
		continue;
	if (before)
		add_inside(s, DIFF_OPS, (struct slice){ text.p, to });
	add_word(s, DIFF_OPS, "…");
	if (behind)
		add_inside(s, DIFF_OPS, (struct slice){ text.p + from,
		    text.n - from });
}

/* leave out what both texts begin with, but for some, and what is not seen */
static size_t
narrow(const struct show *s, struct slice *a, struct slice *b)
{
	size_t n = 0, least = a->n < b->n ? a->n : b->n;

	if (s->look.full)
		return 0;
	while (n < least && a->p[n] == b->p[n])
		n++;
	n = n > 4 * CONTEXT ? n - 4 * CONTEXT : 0;
	while (n > 0 && !begins(*a, n))
		n--;
	*a = visible(s, (struct slice){ a->p + n, a->n - n });
	*b = visible(s, (struct slice){ b->p + n, b->n - n });
	return n;
}

/* two strings word by word */
static void
add_words(struct show *s, struct slice old, struct slice new)
{
	const struct words_run *run;
	struct buf runs = {0};
	size_t i, n, cut;

	add_word(s, DIFF_OPS, "\"");
	cut = narrow(s, &old, &new);
	words_compare(old, new, &runs);
	n = runs.len / sizeof(*run);
	run = (const void *)runs.ptr;
	if (cut > 0 && (run->of != WORDS_BOTH || !is_cut(s, run->text)))
		add_word(s, DIFF_OPS, "…");
	for (i = 0; i < n; i++, run++) {
		if (run->of == WORDS_BOTH) {
			add_context(s, run->text, i > 0, i + 1 < n);
			continue;
		}
		add_word(s, run->of == WORDS_OLD ? DIFF_REMOVE : DIFF_ADD,
		    run->of == WORDS_OLD ? "[-" : "{+");
		add_inside(s, run->of == WORDS_OLD ? DIFF_REMOVE : DIFF_ADD,
		    run->text);
		add_word(s, run->of == WORDS_OLD ? DIFF_REMOVE : DIFF_ADD,
		    run->of == WORDS_OLD ? "-]" : "+}");
	}
	add_word(s, DIFF_OPS, "\"");
	buf_free(&runs);
}

/* the columns of a value as it is shown, of a long one those of its start */
static unsigned
width_of(struct show *s, struct slice json)
{
	unsigned wide;

	add_value(s, DIFF_OPS, json);
	wide = width_of_pieces(s);
	s->text.len = s->spare.len = 0;
	return wide;
}

/* old and new side by side, each in its part of the columns; or by words */
static void
print_pair(struct show *s, const struct change *c, unsigned columns)
{
	unsigned a = width_of(s, c->old), b = width_of(s, c->new), half;
	int fits = columns == COLUMNS_ALL ? a + b < s->look.columns :
	    a + b + 3 <= columns;

	if (!fits && is_string(c->old) && is_string(c->new)) {
		add_words(s, inside(c->old), inside(c->new));
		print_pieces(s, columns);
		return;
	}
	half = columns == COLUMNS_ALL ? columns : (columns - 3) / 2;
	if (!fits && columns != COLUMNS_ALL && b < half)
		half = columns - 3 - b;
	add_value(s, DIFF_REMOVE, c->old);
	print_pieces(s, fits ? COLUMNS_ALL : half);
	buf_adds(&s->line, " → ");
	add_value(s, DIFF_ADD, c->new);
	if (!fits && columns != COLUMNS_ALL)
		columns -= 3 + (a < half ? a : half);
	print_pieces(s, fits ? COLUMNS_ALL : columns);
}

static const enum diff_op op_of[] = {
	[CHANGE_ADD] = DIFF_ADD, [CHANGE_REMOVE] = DIFF_REMOVE,
	[CHANGE_REPLACE] = DIFF_CHANGE, [CHANGE_MOVE] = DIFF_RENAME,
};

/* the last step of a pointer: the number that an element has, or had */
static struct slice
last_step(struct slice pointer)
{
	size_t n = pointer.n;

	while (n > 0 && pointer.p[n - 1] != '/')
		n--;
	return (struct slice){ pointer.p + n, pointer.n - n };
}

/* what is known of a place that moved, came, went or changed */
static void
print_value(struct show *s, const struct change *c, unsigned columns)
{
	struct slice from = last_step(c->from), to = last_step(c->pointer);

	switch (c->op) {
	case CHANGE_MOVE:
		buf_printf(&s->line, "moved from %.*s to %.*s", (int)from.n,
		    from.p, (int)to.n, to.p);
		break;
	case CHANGE_REPLACE:
		print_pair(s, c, columns);
		break;
	case CHANGE_ADD:
		add_value(s, DIFF_ADD, c->new);
		print_pieces(s, columns);
		break;
	default:
		add_value(s, DIFF_REMOVE, c->old);
		print_pieces(s, columns);
		break;
	}
}

/* a line for a place; without a place it is the value as a whole */
static void
print_change(struct show *s, const struct change *c, unsigned indent)
{
	enum diff_op op = op_of[c->op];
	unsigned used = indent + 2 + columns_of(c->place.p, c->place.n) +
	    (c->place.n > 0 ? 2 : 0);

	buf_fill(&s->line, ' ', indent);
	buf_printf(&s->line, "%s%c%s ", show_colour(s, op), show_signs[op],
	    show_plain(s));
	columns_put(&s->line, c->place.p, c->place.n);
	if (s->look.full) {
		buf_adds(&s->line, c->place.n > 0 ? "  " : "");
		print_value(s, c, COLUMNS_ALL);
	} else if (used + LEAST_VALUE > s->look.columns) {
		buf_addc(&s->line, '\n');
		buf_fill(&s->line, ' ', indent + 4);
		print_value(s, c, s->look.columns > indent + 4 + LEAST_VALUE ?
		    s->look.columns - indent - 4 : LEAST_VALUE);
	} else {
		buf_adds(&s->line, c->place.n > 0 ? "  " : "");
		print_value(s, c, s->look.columns - used);
	}
	buf_addc(&s->line, '\n');
}

/* ---- components */

/* what a component is called: by its name, or its id */
static struct slice
called(const struct diff_who *who)
{
	return who->name.n > 0 ? who->name : who->id;
}

/* append who it is, and if it was called otherwise, how */
static void
add_who(struct show *s, enum diff_op op, const struct diff_who *who,
    const struct diff_who *was)
{
	struct slice now = called(who), before = called(was);

	add_piece(s, op, who->kind.p, who->kind.n);
	add_word(s, op, " ");
	if (was->kind.p != NULL && !slice_same(now, before) &&
	    (who->name.n > 0) == (was->name.n > 0)) {
		add_piece(s, op, before.p, before.n);
		add_word(s, op, " → ");
	}
	add_piece(s, op, now.p, now.n);
}

/*
 * Behind who a component is the reason, or on a line of its own if it does not
 * fit there: both are printed.
 */
static void
print_reason(struct show *s, const char *why, unsigned indent,
    unsigned columns)
{
	unsigned used = width_of_pieces(s), wide = columns_of(why,
	    strlen(why));

	if (columns != COLUMNS_ALL && used + wide + 4 > columns) {
		print_pieces(s, columns);
		buf_addc(&s->line, '\n');
		buf_fill(&s->line, ' ', indent + 4);
		add_word(s, DIFF_OPS, "# ");
		columns = columns > LEAST_VALUE + 2 ? columns - 2 : columns;
	} else {
		add_word(s, DIFF_OPS, "  # ");
	}
	add_word(s, DIFF_OPS, why);
	print_pieces(s, columns);
}

/* the line of a component; op DIFF_OPS: of an owner that has not changed */
static void
print_who(struct show *s, enum diff_op op, unsigned indent,
    const struct diff_item *item, const struct diff_who *who)
{
	static const struct diff_who none;
	unsigned columns = s->look.full ? COLUMNS_ALL :
	    s->look.columns > indent + 2 + LEAST_VALUE ?
	    s->look.columns - indent - 2 : LEAST_VALUE;

	buf_fill(&s->line, ' ', indent);
	buf_printf(&s->line, "%s%c%s ", op < DIFF_OPS ? show_colour(s, op) :
	    "", op < DIFF_OPS ? show_signs[op] : ' ', op < DIFF_OPS ?
	    show_plain(s) : "");
	add_who(s, op, who, op < DIFF_OPS ? &item->was : &none);
	if (op < DIFF_OPS && item->why != NULL && *item->why != '\0')
		print_reason(s, item->why, indent, columns);
	else
		print_pieces(s, columns);
	buf_addc(&s->line, '\n');
}

static void
put_item(struct show *s, const struct diff_item *item)
{
	unsigned indent = item->owns ? 0 : 2;
	size_t i;

	if (item->begins && !item->owns)
		print_who(s, DIFF_OPS, 0, item, &item->owner);
	print_who(s, item->op, indent, item, &item->who);
	for (i = 0; i < item->nchanges; i++) {
		if (!item->changes[i].ignored && (item->changes[i].place.n >
		    0 || item->changes[i].op == CHANGE_REPLACE))
			print_change(s, &item->changes[i], indent + 4);
	}
}

/* "# dialog  1 added, 2 changed" for each kind */
static void
put_end(struct show *s)
{
	const struct show_count *c = (const void *)s->counts.ptr;
	size_t i, n = s->counts.len / sizeof(*c);
	const char *between;
	int op;

	for (i = 0; i < n; i++, c++) {
		buf_adds(&s->line, "# ");
		columns_put(&s->line, s->texts.ptr + c->at, c->n);
		between = ": ";
		for (op = 0; op < DIFF_OPS; op++) {
			if (c->of[op] == 0)
				continue;
			buf_printf(&s->line, "%s%" PRIu64 " %s", between,
			    c->of[op], show_done[op]);
			between = ", ";
		}
		buf_addc(&s->line, '\n');
	}	if (s->look.plan != NULL)
		show_remarks(s);
}

const struct show_way show_text = { .item = put_item, .end = put_end,
	.inside = 1 };
