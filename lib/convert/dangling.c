/* SPDX-License-Identifier: ISC */
/*
 * References that lead nowhere.
 */
#include "convert/dangling.h"

#include <string.h>

#include "base/diag.h"
#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"

/* where a reference stood first; behind one another in texts: kind, id, it */
struct first {
	uint64_t line;
	size_t text;
	int required;
};

/* whether rows require of a kind that it refers to a target (p NULL: any) */
static int
is_required(const struct dangling *d, struct slice kind, struct slice target)
{
	const struct map_kind *k;
	size_t i;

	for (i = 0; d->map != NULL && i < d->map->nkinds; i++) {
		k = d->map->kinds[i];
		if (k->required != NULL &&
		    (kind.p == NULL || slice_is(kind, k->name)) &&
		    (target.p == NULL || map_among(k->required->args,
		    k->required->nargs, target.p, target.n)))
			return 1;
	}
	return 0;
}

/* kind:word is there */
static void
keep_word(struct dangling *d, struct slice kind, struct slice word)
{
	if (word.p == NULL)
		return;
	d->word.len = 0;
	buf_add(&d->word, kind.p, kind.n);
	buf_addc(&d->word, ':');
	buf_add(&d->word, word.p, word.n);
	hashset_add(&d->there, 0, d->word.ptr, d->word.len);
}

static void
keep_words(struct dangling *d, struct slice kind, struct slice list)
{
	struct slice item;
	size_t at = 0;

	while (list_next(list, &at, &item))
		keep_word(d, kind, item);
}

static void
put_text(struct buf *b, struct slice s)
{
	if (s.p != NULL)
		buf_add(b, s.p, s.n);
	buf_addc(b, '\0');
}

/* note a reference that leads nowhere yet, where it is met first */
static void
note_ref(struct dangling *d, const struct record *r, uint64_t line,
    struct slice ref)
{
	struct slice kind = record_text(r, RECORD_KIND), target = ref;
	const char *colon = memchr(ref.p, ':', ref.n);
	struct first first = { .line = line, .text = d->texts.len };

	if (colon != NULL) {
		target.n = (size_t)(colon - ref.p);
		first.required = is_required(d, kind, target);
	}
	if ((!d->edited && !first.required) ||
	    (ref.n > 0 && *ref.p == '?') ||
	    hashset_has(&d->there, 0, ref.p, ref.n) || !hashset_add(&d->asked,
	    (unsigned)first.required, ref.p, ref.n))
		return;
	put_text(&d->texts, kind);
	put_text(&d->texts, record_text(r, RECORD_ID));
	put_text(&d->texts, ref);
	buf_add(&d->first, &first, sizeof(first));
}

void
dangling_take(struct dangling *d, const struct record *r, uint64_t line)
{
	const struct slice any = {0};
	struct slice kind = record_text(r, RECORD_KIND), item;
	enum record_field f;
	size_t at;

	if (d->edited || is_required(d, any, kind)) {
		keep_word(d, kind, record_text(r, RECORD_ID));
		keep_words(d, kind, r->field[RECORD_ALIAS]);
		keep_words(d, kind, r->field[RECORD_NAMES]);
	}
	if (!d->edited && !is_required(d, kind, any))
		return;
	for (f = RECORD_NEEDS; f <= RECORD_REFS; f++) {
		for (at = 0; list_next(r->field[f], &at, &item); )
			note_ref(d, r, line, item);
	}
}

/* a reference that leads nowhere: its texts; NULL: no more */
static const struct first *
next_missing(const struct dangling *d, size_t *i, const char *texts[3])
{
	const struct first *f;
	size_t j;

	while (*i < d->first.len / sizeof(*f)) {
		f = buf_item(&d->first, (*i)++, sizeof(*f));
		texts[0] = d->texts.ptr + f->text;
		for (j = 1; j < 3; j++)
			texts[j] = texts[j - 1] + strlen(texts[j - 1]) + 1;
		if (!hashset_has(&d->there, 0, texts[2], strlen(texts[2])))
			return f;
	}
	return NULL;
}

const char *
dangling_required(const struct dangling *d)
{
	const struct first *f;
	const char *texts[3];
	size_t i = 0;

	while ((f = next_missing(d, &i, texts)) != NULL) {
		if (f->required)
			return texts[2];
	}
	return NULL;
}

void
dangling_warn(const struct dangling *d, struct diag *diag, const char *input)
{
	struct place at = { .input = input, .offset = DIAG_NOWHERE };
	const struct first *f;
	const char *texts[3];
	size_t i = 0;

	while ((f = next_missing(d, &i, texts)) != NULL) {
		at.line = f->line;
		diag_warn_of(diag, "missing", &at,
		    "%s%s%s leads to %s, which is not there: "
		    "if it was renamed, so must be what leads to it", texts[0],
		    *texts[1] != '\0' ? " " : "", texts[1], texts[2]);
	}
}

void
dangling_free(struct dangling *d)
{
	hashset_free(&d->there);
	hashset_free(&d->asked);
	buf_free(&d->first);
	buf_free(&d->texts);
	buf_free(&d->word);
}
