/* SPDX-License-Identifier: ISC */
/*
 * Files of components that are called otherwise on the other side.
 */
#include "diff/files.h"

#include "base/keyindex.h"
#include "diff/who.h"
#include "match/pair.h"
#include "match/side.h"
#include "stream/record.h"

/*
 * A hash of whose file it is and how it is called there; 0 or -1.  whose is a
 * number of the old stream, NOTHING: nobody's who is in both.
 */
static int
hash_file(struct side *s, uint32_t file, uint32_t *whose, uint64_t *hash)
{
	uint32_t owner = who_owner(s, file);
	struct slice path;
	struct record r;
	size_t n, steps = 0;

	*whose = owner == NOTHING ? NOTHING : s->is_source ?
	    side_mate(s, owner) : side_mate(s, owner) == NOTHING ? NOTHING :
	    owner;
	if (*whose == NOTHING)
		return 0;
	if (side_line(s, file, &r) == -1)
		return -1;
	path = record_text(&r, RECORD_FILE);
	for (n = path.n; n > 0; n--) {
		if (path.p[n - 1] == '/' && ++steps == 2)
			break;
	}
	*hash = keyindex_hash((const char *)whose, sizeof(*whose), path.p + n,
	    path.n - n);
	return 0;
}

/* the files of a side without a mate that belong to somebody; 0 or -1 */
static int
list_files(struct side *s, struct keyindex *files)
{
	uint32_t i, whose;
	uint64_t hash = 0;

	for (i = 0; i < s->graph.n; i++) {
		if (side_node(s, i)->type != RECORD_OF_FILE ||
		    side_mate(s, i) != NOTHING)
			continue;
		if (hash_file(s, i, &whose, &hash) == -1 ||
		    (whose != NOTHING && keyindex_add(files, hash, i) == -1))
			return -1;
	}
	return keyindex_sort(files);
}

int
files_pair(void *ctx, struct side *old, struct side *new)
{
	struct room *room = old->mates.room;
	struct keyindex a = { .room = room }, b = a;
	uint32_t i, k, file;
	int rc;

	(void)ctx;
	rc = list_files(old, &a) == -1 ? -1 : list_files(new, &b);
	for (i = 0; rc == 0 && i < b.n; i++) {
		file = keyindex_at(&b, i)->node;
		k = keyindex_find(&a, keyindex_at(&b, i)->hash);
		if (k == NOTHING || side_mate(old, keyindex_at(&a, k)->node) !=
		    NOTHING)
			continue;
		pair_join(old, keyindex_at(&a, k)->node, new, file, 0);
		rc = pair_inside(old, keyindex_at(&a, k)->node, new, file);
	}
	keyindex_free(&a);
	keyindex_free(&b);
	return rc;
}
