/* SPDX-License-Identifier: ISC */
/*
 * Folders that go by another path.
 */
#include "match/folders.h"

#include <string.h>

void
folders_init(struct folders *f, struct room *room)
{
	*f = (struct folders){ .old.room = room };
}

void
folders_free(struct folders *f)
{
	keyindex_free(&f->old);
	buf_free(&f->texts);
}

/* the folder around a path: its length, with the last "/" */
static size_t
folder_length(const struct buf *path)
{
	size_t n = path->len;

	while (n > 0 && path->ptr[n - 1] != '/')
		n--;
	return n;
}

/* whether a file is called as the folder around it, but for its ending */
static int
names_folder(const struct buf *path)
{
	size_t n = folder_length(path), from, len;

	if (n == 0)
		return 0;
	for (from = n - 1; from > 0 && path->ptr[from - 1] != '/'; from--)
		continue;
	len = n - 1 - from;
	return path->len > n + len && path->ptr[n + len] == '.' &&
	    memcmp(path->ptr + n, path->ptr + from, len) == 0;
}

/* append the folder around a path to the texts */
static void
put_folder(struct folders *f, const struct buf *path)
{
	buf_add(&f->texts, path->ptr, folder_length(path));
	buf_addc(&f->texts, '\0');
}

int
folders_add(struct folders *f, const struct buf *old, const struct buf *new)
{
	uint32_t at = (uint32_t)f->texts.len;

	if (!names_folder(old) || !names_folder(new))
		return 0;
	put_folder(f, old);
	put_folder(f, new);
	return keyindex_add(&f->old, keyindex_hash_ref(old->ptr,
	    folder_length(old)), at);
}

int
folders_sort(struct folders *f)
{
	return keyindex_sort(&f->old);
}

int
folders_path(const struct folders *f, struct slice path, struct buf *to)
{
	uint32_t k, first = NOTHING;
	const char *old;
	size_t n;

	for (n = 1; f->texts.len > 0 && n < path.n; n++) {
		if (path.p[n - 1] != '/')
			continue;
		k = keyindex_find(&f->old, keyindex_hash_ref(path.p, n));
		if (k != NOTHING && keyindex_at(&f->old, k)->node < first)
			first = keyindex_at(&f->old, k)->node;
	}
	if (first == NOTHING)
		return 0;
	old = f->texts.ptr + first;
	n = strlen(old);
	buf_adds(to, old + n + 1);
	buf_add(to, path.p + n, path.n - n);
	return 1;
}
