/* SPDX-License-Identifier: ISC */
/*
 * References of an edited stream that lead nowhere.
 */
#include "convert/dangling.h"

#include <string.h>

#include "base/diag.h"
#include "stream/list.h"
#include "stream/record.h"

/* where a reference stood first; behind one another in texts: kind, id, it */
struct first {
	uint64_t line;
	size_t text;
};

/* kind:word is there */
static void
keep(struct dangling *d, struct slice kind, struct slice word)
{
	d->word.len = 0;
	buf_add(&d->word, kind.p, kind.n);
	buf_addc(&d->word, ':');
	buf_add(&d->word, word.p, word.n);
	hashset_add(&d->there, 0, d->word.ptr, d->word.len);
}

static void
keep_items(struct dangling *d, struct slice kind, struct slice list)
{
	struct slice item;
	size_t at = 0;

	while (list_next(list, &at, &item))
		keep(d, kind, item);
}

static void
put_text(struct buf *b, struct slice s)
{
	if (s.p != NULL)
		buf_add(b, s.p, s.n);
	buf_addc(b, '\0');
}

/* a reference: what leads nowhere yet is put down, where it is met first */
static void
ask(struct dangling *d, const struct record *r, uint64_t line,
    struct slice ref)
{
	struct first first = { .line = line, .text = d->texts.len };

	if ((ref.n > 0 && *ref.p == '?') ||
	    hashset_has(&d->there, 0, ref.p, ref.n) ||
	    !hashset_add(&d->asked, 0, ref.p, ref.n))
		return;
	put_text(&d->texts, record_text(r, RECORD_KIND));
	put_text(&d->texts, record_text(r, RECORD_ID));
	put_text(&d->texts, ref);
	buf_add(&d->first, &first, sizeof(first));
}

void
dangling_take(struct dangling *d, const struct record *r, uint64_t line)
{
	static const enum record_field lists[] = { RECORD_NEEDS, RECORD_LINKS,
	    RECORD_REFS };
	struct slice kind = record_text(r, RECORD_KIND), item;
	size_t i, at;

	if (r->field[RECORD_ID].p != NULL)
		keep(d, kind, record_text(r, RECORD_ID));
	keep_items(d, kind, r->field[RECORD_ALIAS]);
	keep_items(d, kind, r->field[RECORD_NAMES]);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (at = 0; list_next(r->field[lists[i]], &at, &item); )
			ask(d, r, line, item);
	}
}

void
dangling_warn(const struct dangling *d, struct diag *diag, const char *input)
{
	struct place at = { .input = input, .offset = DIAG_NOWHERE };
	const char *kind, *id, *ref;
	struct first first;
	size_t i;

	for (i = 0; i < d->first.len; i += sizeof(first)) {
		memcpy(&first, d->first.ptr + i, sizeof(first));
		kind = d->texts.ptr + first.text;
		id = kind + strlen(kind) + 1;
		ref = id + strlen(id) + 1;
		if (hashset_has(&d->there, 0, ref, strlen(ref)))
			continue;
		at.line = first.line;
		diag_warn(diag, &at, "%s%s%s leads to %s, which is not there: "
		    "if it was renamed, so must be what leads to it", kind,
		    *id != '\0' ? " " : "", id, ref);
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
