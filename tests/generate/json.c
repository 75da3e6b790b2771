/* SPDX-License-Identifier: ISC */
/* json: JSON out, from templates; see json.h. */
#include "json.h"

#include <err.h>
#include <string.h>

#include "out.h"
#include "words.h"

static void
line(struct app *a)
{
	size_t n = (size_t)a->depth * a->style->width;
	char *p;

	if (a->style->width == 0)
		return;
	p = room(a, n + 1);
	*p = '\n';
	memset(p + 1, a->style->fill, n);
}

/* What stands before a key or a value. */
void
before(struct app *a)
{
	if (a->keyed) {
		a->keyed = false;
		return;
	}
	if (a->depth == 0)
		return;
	if (!a->empty[a->depth])
		*room(a, 1) = ',';
	a->empty[a->depth] = false;
	line(a);
}

static void
enter(struct app *a, char bracket)
{
	before(a);
	*room(a, 1) = bracket;
	a->empty[++a->depth] = true;
}

static void
leave(struct app *a, char bracket)
{
	if (!a->empty[a->depth--])
		line(a);
	*room(a, 1) = bracket;
}

static void
put_digits(struct app *a, uint64_t thing, unsigned digits)
{
	uint64_t value = hash(a, thing >> 48, thing & 0xffffffffffff);
	unsigned n;

	if (isminted(thing) && isdev(a))
		value = mix(value);
	for (; digits > 0; digits -= n, value = mix(value)) {
		n = digits < 16 ? digits : 16;
		hex(room(a, n), value, n);
	}
}

static void
put_id(struct app *a, char which, uint64_t thing)
{
	char id[64];

	if (which == 'r') {
		thing = hash(a, thing >> 48,
		    (thing & 0xffffffffffff) | UINT64_C(2) << 50);
		uuid(id, thing, mix(thing));
		raw(a, id, 36);
	} else
		raw(a, id, make_id(a, id, thing,
		    which == 'i' ? isdev(a) : which == 'q'));
}

static void
put_field(struct app *a, char which, uint64_t value)
{
	switch (which) {
	case 's': str(a, (const char *)(uintptr_t)value); break;
	case 'd': decimal(a, value); break;
	case 'b': str(a, value ? "true" : "false"); break;
	case 'h': put_digits(a, value, 24); break;
	case 'x': put_digits(a, value, 32); break;
	case 'w': date(a, value); break;
	case 'C': component_name(a, value); break;
	case 't': words(a, value, 3 + (value >> 3) % 6, false); break;
	case 'm': passage(a, value, false); break;
	case 'e': passage(a, value, true); break;
	case 'c': script(a, value); break;
	case 'f': coordinate(a, value); break;
	case 'N': case 'U': case 'L': dialog_name(a, value, which); break;
	case 'i': case 'p': case 'q': case 'r': put_id(a, which, value); break;
	case '%': str(a, "%"); break;
	default: errx(3, "template: %%%c", which);
	}
}

/* Writes the template's string at t; gives the place of its last quote. */
static const char *
put_string(struct app *a, const char *t, const uint64_t **v)
{
	size_t n;

	before(a);
	*room(a, 1) = '"';
	for (t++; *t != '\''; t += n) {
		n = strcspn(t, "'%");
		if (n > 0)
			raw(a, t, n);
		else {
			put_field(a, t[1], t[1] == '%' ? 0 : *(*v)++);
			n = 2;
		}
	}
	*room(a, 1) = '"';
	return t;
}

static void
put_value(struct app *a, char which, uint64_t value)
{
	bool quoted = strchr("dbf", which) == NULL;

	before(a);
	if (quoted)
		*room(a, 1) = '"';
	put_field(a, which, value);
	if (quoted)
		*room(a, 1) = '"';
}

void
put_list(struct app *a, const char *t, const uint64_t *v)
{
	size_t n;

	for (; *t != '\0'; t++) {
		switch (*t) {
		case '{': case '[': enter(a, *t); break;
		case '}': case ']': leave(a, *t); break;
		case ',': case ' ': break;
		case '\'': t = put_string(a, t, &v); break;
		case '%': put_value(a, *++t, *v++); break;
		case ':':
			str(a, a->style->width > 0 ? ": " : ":");
			a->keyed = true;
			break;
		default:
			n = strcspn(t, ",:[]{}");
			before(a);
			raw(a, t, n);
			t += n - 1;
		}
	}
}

/* A member for each language of the app, of texts of one kind. */
void
put_langs(struct app *a, const char *template, enum kind kind, uint64_t index)
{
	uint64_t l;

	lay(a, "'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:", S(languages[l]));
		put(a, template, text(a, kind, index, l));
	}
	lay(a, "}");
}

/* A member that holds one message for all channels. */
void
put_message(struct app *a, const char *key, enum kind kind, uint64_t index)
{
	put(a, "%s:[{'channel':'default'", S(key));
	put_langs(a, "{'text':%e,'type':'basic'}", kind, index);
	lay(a, "}]");
}
