/* SPDX-License-Identifier: ISC */
/*
 * A component with less in its value.
 */
#include "value/prune.h"

#include "json/pointer.h"
#include "json/string.h"
#include "value/revise_priv.h"

int
prune(struct reviser *v, const struct record *r, const struct place *at,
    void (*edit)(void *, const struct tape *, struct edits *), void *ctx,
    struct buf *line)
{
	if (revise_begin(v, r, at) == -1)
		return -1;
	edit(ctx, &v->tape, &v->patch);
	return revise_end(v, r, at, line);
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
		for (j = 0; j < s->n && !slice_is(key, s->keys[j]); j++)
			continue;
		if (j == s->n)
			edit_drop(p, t, i);
	}
}

int
prune_stub(struct reviser *v, const struct record *r, const struct place *at,
    char *const *keys, size_t n, struct buf *line)
{
	struct stub s = { keys, n };

	return prune(v, r, at, edit_stub, &s, line);
}

/* containers to be taken out, and what is on the way to them */
struct holes {
	struct hashset pointers;	/* in these lists */
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
			hashset_add(&h->pointers, WAY, p, i);
	}
	hashset_add(&h->pointers, HOLE, p, n);
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
		hole = hashset_has(&h->pointers, HOLE, h->at.ptr, h->at.len);
		if (!hole && !hashset_has(&h->pointers, WAY, h->at.ptr,
		    h->at.len))
			continue;
		/* of members with one key the first is meant */
		if (!hashset_add(&h->pointers, SEEN, h->at.ptr, h->at.len))
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
prune_holes(struct reviser *v, const struct record *r, const struct place *at,
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
	rc = prune(v, r, at, edit_holes, &h, line);
	hashset_free(&h.pointers);
	buf_free(&h.at);
	buf_free(&h.key);
	return rc;
}
