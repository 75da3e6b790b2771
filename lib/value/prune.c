/* SPDX-License-Identifier: ISC */
/*
 * A component with less in its value.
 */
#include "value/prune.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/refset.h"
#include "json/edit.h"
#include "json/pointer.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/locate.h"

static const enum record_field lists[] = { RECORD_OWNER, RECORD_NEEDS,
    RECORD_LINKS, RECORD_REFS };
#define LISTS (sizeof(lists) / sizeof(lists[0]))

struct trimmer {
	struct diag *diag;
	struct locator *spots;
	struct tape tape;
	struct edits patch;
	struct refset before, after;	/* references of the value */
	struct buf value, list;
};

struct trimmer *
prune_open(struct diag *d, const struct map *map)
{
	struct trimmer *t;

	t = xcalloc(1, sizeof(*t));
	t->diag = d;
	t->spots = locate_open(map);
	return t;
}

void
prune_close(struct trimmer *t)
{
	if (t == NULL)
		return;
	locate_close(t->spots);
	tape_free(&t->tape);
	edit_free(&t->patch);
	refset_free(&t->before);
	refset_free(&t->after);
	buf_free(&t->value);
	buf_free(&t->list);
	free(t);
}

/* the references of a record's value, which the tape holds, as a set */
static void
find_refs(struct trimmer *t, const struct record *r, struct refset *set)
{
	const struct spot *p;
	size_t i, n;

	refset_reset(set);
	n = locate_find(t->spots, r, &t->tape, SPOT_REF);
	for (i = 0; i < n; i++) {
		p = locate_at(t->spots, i);
		refset_add(set, p->ref->list, p->text.p, p->text.n);
	}
}

/* append a list without what stood in the value before, and does no longer */
static int
put_list(struct trimmer *t, const struct record *r, enum record_field list)
{
	struct slice item, ref;
	size_t at = 0, n = 0;
	int gone = 0;

	while (record_edit_item(r->field[list], &at, &item)) {
		ref = item;
		if (ref.n > 0 && *ref.p == '?')
			ref = (struct slice){ ref.p + 1, ref.n - 1 };
		if (refset_has(&t->before, list, ref.p, ref.n) &&
		    !refset_has(&t->after, list, ref.p, ref.n)) {
			gone = 1;
			continue;
		}
		buf_adds(&t->list, n++ > 0 ? ",\"" : "[\"");
		buf_add(&t->list, item.p, item.n);
		buf_addc(&t->list, '"');
	}
	if (n > 0)
		buf_addc(&t->list, ']');
	return gone;
}

/* the line with the new value, and what is left of the lists */
static void
put_line(struct trimmer *t, const struct record *r, struct buf *line)
{
	struct record_edit change[LISTS + 1];
	size_t from[LISTS + 1], i, n = 0;

	t->list.len = 0;
	for (i = 0; i < LISTS; i++) {
		from[n] = t->list.len;
		change[n].field = lists[i];
		if (put_list(t, r, lists[i]))
			n++;
		else
			t->list.len = from[n];
	}
	from[n] = t->list.len;
	for (i = 0; i < n; i++) {
		change[i].json = (struct slice){0};
		if (from[i] == from[i + 1])
			continue;
		change[i].json.p = t->list.ptr + from[i];
		change[i].json.n = from[i + 1] - from[i];
	}
	change[n++] = (struct record_edit){ RECORD_VALUE,
	    { t->value.ptr, t->value.len } };
	line->len = 0;
	reline(line, r, change, n);
}

int
prune(struct trimmer *t, const struct record *r, const struct place *at,
    void (*edit)(void *, const struct tape *, struct edits *), void *ctx,
    struct buf *line)
{
	struct record made = *r;
	struct slice value = r->field[RECORD_VALUE];

	if (record_read_value(&t->tape, t->diag, r, at) == -1)
		return -1;
	edit_reset(&t->patch);
	edit(ctx, &t->tape, &t->patch);
	if (edit_none(&t->patch))
		return 0;
	find_refs(t, r, &t->before);
	t->value.len = 0;
	edit_apply(&t->patch, value.p, value.n, &t->value);
	made.field[RECORD_VALUE] = (struct slice){ t->value.ptr,
	    t->value.len };
	if (record_read_value(&t->tape, t->diag, &made, at) == -1)
		return -1;
	find_refs(t, &made, &t->after);
	put_line(t, r, line);
	return 1;
}

/* which members stay */
struct stub {
	char *const *keys;
	size_t n;
};

static void
edit_stub(void *ctx, const struct tape *t, struct edits *p)
{
	const struct stub *s = ctx;
	struct slice key;
	uint32_t i;
	size_t j;

	if (t->tokens[0].type != TAPE_OBJECT)
		return;
	for (i = tape_first(t, 0); i != TAPE_NONE; i = tape_after(t, i)) {
		key = tape_key(t, i);
		for (j = 0; j < s->n; j++) {
			if (strlen(s->keys[j]) == key.n &&
			    memcmp(s->keys[j], key.p, key.n) == 0)
				break;
		}
		if (j == s->n)
			edit_drop(p, t, i);
	}
}

int
prune_stub(struct trimmer *t, const struct record *r, const struct place *at,
    char *const *keys, size_t n, struct buf *line)
{
	struct stub s = { keys, n };

	return prune(t, r, at, edit_stub, &s, line);
}

/* containers to be taken out, and what is on the way to them */
struct holes {
	struct refset pointers;	/* in these lists */
	struct buf at;		/* the pointer of the value looked at */
	struct buf key;
};
enum { HOLE, WAY, SEEN };

/* keep a pointer, decoded, and all that are on the way to it */
static void
add_hole(struct holes *h, const char *p, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++) {
		if (p[i] == '/')
			refset_add(&h->pointers, WAY, p, i);
	}
	refset_add(&h->pointers, HOLE, p, n);
}

/* the members of an object on the way; those may be as deep as a map says */
static void
edit_members(struct holes *h, const struct tape *t, uint32_t object,
    struct edits *p)
{
	struct slice key;
	size_t before = h->at.len;
	uint32_t i;
	int hole;

	for (i = tape_first(t, object); i != TAPE_NONE; i = tape_after(t, i)) {
		key = tape_key(t, i);
		h->key.len = 0;
		string_decode(&h->key, key.p, key.n);
		h->at.len = before;
		pointer_push(&h->at, h->key.ptr, h->key.len);
		hole = refset_has(&h->pointers, HOLE, h->at.ptr, h->at.len);
		if (!hole && !refset_has(&h->pointers, WAY, h->at.ptr,
		    h->at.len))
			continue;
		/* of members with one key the first is meant */
		if (!refset_add(&h->pointers, SEEN, h->at.ptr, h->at.len))
			continue;
		if (hole && tape_empty(t, i))
			edit_drop(p, t, i);
		else if (t->tokens[i].type == TAPE_OBJECT)
			edit_members(h, t, i, p);
	}
	h->at.len = before;
}

static void
edit_holes(void *ctx, const struct tape *t, struct edits *p)
{
	if (t->tokens[0].type == TAPE_OBJECT)
		edit_members(ctx, t, 0, p);
}

int
prune_holes(struct trimmer *t, const struct record *r, const struct place *at,
    const struct slice *pointers, size_t n, struct buf *line)
{
	struct holes h = {0};
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		h.at.len = 0;
		string_decode(&h.at, pointers[i].p, pointers[i].n);
		add_hole(&h, h.at.ptr, h.at.len);
	}
	h.at.len = 0;
	rc = prune(t, r, at, edit_holes, &h, line);
	refset_free(&h.pointers);
	buf_free(&h.at);
	buf_free(&h.key);
	return rc;
}
