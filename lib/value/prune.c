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

/* places of containers to be taken out, and what is on the way to them */
struct places {
	struct hashset pointers;	/* in these lists */
	struct buf at;		/* the pointer of the value looked at */
	struct buf key;
};
enum { PLACE, WAY, SEEN };

/* keep a pointer, decoded, and all that are on the way to it */
static void
add_place(struct places *l, const char *p, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++) {
		if (p[i] == '/')
			hashset_add(&l->pointers, WAY, p, i);
	}
	hashset_add(&l->pointers, PLACE, p, n);
}

/* the members of an object on the way; those may be as deep as a map says */
static void
edit_members(struct places *l, const struct tape *t, uint32_t object,
    struct edits *p)
{
	struct slice key;
	size_t before = l->at.len;
	uint32_t i;
	int found;

	for (i = tape_first(t, object); i != TAPE_NONE; i = tape_after(t, i)) {
		key = tape_key(t, i);
		l->key.len = 0;
		string_decode(&l->key, key.p, key.n);
		l->at.len = before;
		pointer_push(&l->at, l->key.ptr, l->key.len);
		found = hashset_has(&l->pointers, PLACE, l->at.ptr, l->at.len);
		if (!found && !hashset_has(&l->pointers, WAY, l->at.ptr,
		    l->at.len))
			continue;
		/* of members with one key the first is meant */
		if (!hashset_add(&l->pointers, SEEN, l->at.ptr, l->at.len))
			continue;
		if (found && tape_empty(t, i))
			edit_drop(p, t, i);
		else if (t->tokens[i].type == TAPE_OBJECT)
			edit_members(l, t, i, p);
	}
	l->at.len = before;
}

static void
edit_containers(void *ctx, const struct tape *t, struct edits *p)
{
	if (t->tokens[0].type == TAPE_OBJECT)
		edit_members(ctx, t, 0, p);
}

int
prune_containers(struct reviser *v, const struct record *r,
    const struct place *at, const struct slice *pointers, size_t n,
    struct buf *line)
{
	struct places l = {0};
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		l.at.len = 0;
		string_decode(&l.at, pointers[i].p, pointers[i].n);
		add_place(&l, l.at.ptr, l.at.len);
	}
	l.at.len = 0;
	rc = prune(v, r, at, edit_containers, &l, line);
	hashset_free(&l.pointers);
	buf_free(&l.at);
	buf_free(&l.key);
	return rc;
}
