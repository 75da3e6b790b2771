/* SPDX-License-Identifier: ISC */
/*
 * Files and folders that are called after what is renamed.
 */
#include "rename/moves.h"

#include <string.h>

#include "base/hash.h"
#include "map/file_match.h"
#include "map/map.h"

/* a folder's old path and its new last step, in texts; "/" ends both */
struct moved_folder {
	size_t old, nold;
	size_t step, nstep;
	size_t start;		/* where in the path the step begins */
};

/* a file and its new last step */
struct moved_file {
	uint32_t node;
	size_t step, nstep;
};

/* append a name as a step of a path is spelled */
static void
encode(const struct map *map, struct slice name, struct buf *b)
{
	const struct map_row *row = map_row(map, "paths");
	const char *stays = row != NULL && row->nargs > 1 ? row->args[1] : "";
	unsigned char c;
	size_t i;

	if (!map->percent) {
		buf_add(b, name.p, name.n);
		return;
	}
	for (i = 0; i < name.n; i++) {
		c = (unsigned char)name.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr(stays, c) != NULL))
			buf_addc(b, (char)c);
		else
			buf_printf(b, "%%%02x", c);
	}
}

/* which star of its pattern a step is, as a whole or but for its ending */
static unsigned
star_of(const char *step, unsigned before, const char **ending)
{
	unsigned star = 0;

	if (*step == '*') {
		star = before + 1;
		step++;
	} else if (*step == '$' && step[1] >= '1' && step[1] <= '9') {
		star = (unsigned)(step[1] - '0');
		step += 2;
	}
	*ending = step;
	return star;
}

/* the n-th of the texts that map_file() gives, from 1 */
static struct slice
star_text(const struct buf *stars, unsigned n)
{
	const char *p = stars->ptr, *end = p + stars->len;

	for (; n > 1 && p < end; n--)
		p += strlen(p) + 1;
	return p < end ? (struct slice){ p, strlen(p) } : (struct slice){0};
}

/* whether components of a kind are called as this star says */
static int
is_called(const struct map_kind *k, unsigned star)
{
	size_t i;

	for (i = 0; i < k->nsame; i++) {
		if (k->same[i].from == FROM_CAPTURE &&
		    k->same[i].capture == star)
			return 1;
	}
	return 0;
}

/* note a step that is called otherwise; NULL, or why it cannot be */
static const char *
add_step(struct moves *m, uint32_t file, const char *path, const char *step,
    struct slice new, struct slice ending, int last)
{
	struct moved_folder folder = {0};
	struct moved_file f = { .node = file, .step = m->texts.len };
	struct slice made;

	encode(m->map, new, &m->texts);
	buf_add(&m->texts, ending.p, ending.n);
	f.nstep = m->texts.len - f.step;
	made = (struct slice){ m->texts.ptr + f.step, f.nstep };
	if (made.n > MOVES_STEP)
		return "the name of its file would be longer than the 255 "
		    "bytes that file systems take; choose a shorter one";
	if (slice_is(made, ".") || slice_is(made, "..") ||
	    memchr(made.p, '/', made.n) != NULL ||
	    memchr(made.p, '\0', made.n) != NULL)
		return "no file can be called so; choose another name";
	if (last) {
		hashset_put(&m->file_table, hash_bytes(&file, sizeof(file)),
		    (uint32_t)(m->files.len / sizeof(f)));
		buf_add(&m->files, &f, sizeof(f));
		return NULL;
	}
	folder.step = f.step;
	folder.nstep = f.nstep;
	folder.start = (size_t)(step - path);
	folder.nold = folder.start + strcspn(step, "/") + 1;
	folder.old = m->texts.len;
	buf_add(&m->texts, path, folder.nold);
	hashset_put(&m->folder_table, hash_bytes(path, folder.nold),
	    (uint32_t)(m->folders.len / sizeof(folder)));
	buf_add(&m->folders, &folder, sizeof(folder));
	return NULL;
}

const char *
moves_add(struct moves *m, const struct map_kind *k, uint32_t file,
    const char *path, struct slice old, struct slice new)
{
	struct buf stars = {0};
	const struct map_file *row = map_file(m->map, path, &stars);
	const char *pattern = row != NULL ? row->pattern : "";
	const char *step = path, *ending, *wrong = NULL;
	unsigned star, before = 0;
	size_t n;

	if (strstr(pattern, "**") != NULL)
		pattern = "";
	while (wrong == NULL && *pattern != '\0' && *step != '\0') {
		star = star_of(pattern, before, &ending);
		n = strcspn(pattern, "/");
		if (star > 0 && is_called(k, star) &&
		    slice_same(star_text(&stars, star), old))
			wrong = add_step(m, file, path, step, new,
			    (struct slice){ ending, (size_t)(pattern + n -
			    ending) }, pattern[n] == '\0');
		before += memchr(pattern, '*', n) != NULL;
		pattern += n + (pattern[n] != '\0');
		step += strcspn(step, "/");
		step += *step != '\0';
	}
	buf_free(&stars);
	return wrong;
}

/* the folder with this old path (its "/" too), or NULL */
static const struct moved_folder *
find_folder(const struct moves *m, const char *path, size_t n)
{
	const struct moved_folder *f;
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&m->folder_table, hash_bytes(path, n),
	    &at)) != HASHSET_NONE) {
		f = buf_item(&m->folders, i, sizeof(*f));
		if (f->nold == n &&
		    memcmp(m->texts.ptr + f->old, path, n) == 0)
			return f;
	}
	return NULL;
}

/* the file's own new name, or NULL */
static const struct moved_file *
find_own(const struct moves *m, uint32_t file)
{
	const struct moved_file *f;
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&m->file_table, hash_bytes(&file,
	    sizeof(file)), &at)) != HASHSET_NONE) {
		f = buf_item(&m->files, i, sizeof(*f));
		if (f->node == file)
			return f;
	}
	return NULL;
}

int
moves_path(const struct moves *m, uint32_t file, const char *path,
    struct buf *new)
{
	const struct moved_folder *folder;
	const struct moved_file *own = find_own(m, file);
	size_t from = new->len;
	const char *step, *end;

	for (step = path; (end = strchr(step, '/')) != NULL; step = end + 1) {
		folder = find_folder(m, path, (size_t)(end + 1 - path));
		if (folder == NULL) {
			buf_add(new, step, (size_t)(end - step));
		} else {
			buf_add(new, m->texts.ptr + folder->step,
			    folder->nstep);
		}
		buf_addc(new, '/');
	}
	if (own != NULL)
		buf_add(new, m->texts.ptr + own->step, own->nstep);
	else
		buf_adds(new, step);
	return new->len - from != strlen(path) ||
	    memcmp(new->ptr + from, path, new->len - from) != 0;
}

void
moves_free(struct moves *m)
{
	buf_free(&m->folders);
	buf_free(&m->files);
	buf_free(&m->texts);
	hashset_free(&m->folder_table);
	hashset_free(&m->file_table);
}
