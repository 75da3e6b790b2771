/* SPDX-License-Identifier: ISC */
/*
 * The maps there are: those compiled in, or one that the user gives.
 */
#include "map/registry.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "json/pathmatch.h"
#include "map/check.h"
#include "map/compile.h"
#include "map/map.h"
#include "stream/record.h"

/* a map is the registry's; 0, or -1 if there is none */
static int
add(struct registry *m, struct map *map)
{
	if (map == NULL)
		return -1;
	m->maps = xgrow(m->maps, m->n, sizeof(*m->maps));
	m->maps[m->n++] = map;
	return 0;
}

/* one compiled in: it was checked when it was compiled */
static int
add_text(struct diag *d, struct registry *m, const struct map_text *t)
{
	return add(m, map_open_files(d, t->name, t->text, t->n));
}

/* the user's own */
static int
add_file(struct diag *d, struct registry *m, const char *file)
{
	struct place at = { .input = file, .offset = DIAG_NOWHERE };
	struct buf b = {0};
	int rc = fd_read_file(file, SIZE_MAX - 1, &b);

	if (rc == -1)
		diag_fail(d, STATUS_IO, &at, "cannot read the map: %s",
		    strerror(errno));
	m->text = b.ptr;
	if (rc == 0)
		rc = add(m, map_open(d, file, b.ptr, b.len));
	return rc == 0 ? map_check(d, m->maps[0]) : -1;
}

/* append the names of the platforms that have a map */
static const char *
put_names(struct buf *b, const struct registry *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		buf_printf(b, "%s%s", i > 0 ? ", " : "",
		    m->maps[i]->platform);
	return buf_str(b);
}

/* keep the map of one platform only */
static int
restrict_to(struct diag *d, struct registry *m, const char *platform)
{
	struct buf known = {0};
	size_t i, kept;

	put_names(&known, m);
	for (i = kept = 0; i < m->n; i++) {
		if (strcmp(m->maps[i]->platform, platform) == 0)
			m->maps[kept++] = m->maps[i];
		else
			map_close(m->maps[i]);
	}
	m->n = kept;
	if (kept == 0)
		diag_fail(d, STATUS_USAGE, NULL, "no map for the platform "
		    "%s; there are: %s", platform, buf_str(&known));
	buf_free(&known);
	return kept == 0 ? -1 : 0;
}

int
registry_open(struct diag *d, struct registry *m, const char *file,
    const char *platform)
{
	const struct map_text *t;
	int rc = 0;

	if (m->ready != NULL && file == NULL && platform == NULL) {
		m->maps = m->ready->maps;
		m->n = m->ready->n;
		return 0;
	}
	if (file != NULL) {
		rc = add_file(d, m, file);
	} else {
		for (t = map_texts; rc == 0 && t->name != NULL; t++)
			rc = add_text(d, m, t);
	}
	if (rc == 0 && platform != NULL)
		rc = restrict_to(d, m, platform);
	if (rc == -1)
		registry_close(m);
	return rc;
}

const struct map *
registry_find(struct diag *d, const struct registry *m, const char *platform,
    size_t n, int walks)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (strlen(m->maps[i]->platform) == n &&
		    memcmp(m->maps[i]->platform, platform, n) == 0)
			return map_complete(d, m->maps[i], walks) == 0 ?
			    m->maps[i] : NULL;
	}
	return NULL;
}

/* whether a text is the map of a platform: of those compiled in */
static int
is_of(const struct map_text *t, struct slice platform)
{
	static const char word[] = "\nplatform ";
	const char *p;

	p = memmem(t->text, t->n, word, sizeof(word) - 1);
	if (p == NULL || platform.n == 0)
		return 0;
	p += sizeof(word) - 1;
	return (size_t)(t->text + t->n - p) > platform.n &&
	    memcmp(p, platform.p, platform.n) == 0 &&
	    (p[platform.n] == ' ' || p[platform.n] == '\n');
}

/* that no map is for a platform; the names of those there are; NULL */
static const struct map *
no_map(struct diag *d, const struct registry *m, const char *file,
    struct slice platform)
{
	struct buf names = {0};

	diag_fail(d, STATUS_INPUT, NULL, "no map for the stream's platform "
	    "\"%.*s\"; %s%s has: %s", (int)platform.n, platform.n > 0 ?
	    platform.p : "", file != NULL ? "" :
	    "--map gives one; what is compiled in", file != NULL ? file : "",
	    put_names(&names, m));
	buf_free(&names);
	return NULL;
}

const struct map *
registry_of(struct diag *d, struct registry *m, const char *file,
    const struct record *first)
{
	struct slice platform = record_text(first, RECORD_PLATFORM);
	const struct map_text *t;
	const struct map *map;

	if (m->n > 0 && (map = registry_find(d, m, platform.p, platform.n,
	    0)) != NULL)
		return map;
	for (t = map_texts; file == NULL && m->ready == NULL &&
	    t->name != NULL; t++) {
		if (is_of(t, platform))
			return add_text(d, m, t) == -1 ? NULL :
			    registry_find(d, m, platform.p, platform.n, 0);
	}
	if (registry_open(d, m, file, NULL) == -1)
		return NULL;
	map = registry_find(d, m, platform.p, platform.n, 0);
	return map != NULL ? map : no_map(d, m, file, platform);
}

void
registry_close(struct registry *m)
{
	size_t i;

	if (m->ready == NULL || m->maps != m->ready->maps) {
		for (i = 0; i < m->n; i++)
			map_close(m->maps[i]);
		free(m->maps);
	}
	free(m->text);
	*m = (struct registry){0};
}

/* what its files are matched with; no map has so many states */
static void
prepare_groups(struct map *map)
{
	size_t i;

	for (i = 0; i < map->ngroups; i++)
		pathmatch_prepare(map->groups[i]->paths, 10000);
}

int
registry_prepare(struct diag *d, struct registry *m)
{
	const char *platform;
	size_t i;
	int rc;

	rc = registry_open(d, m, NULL, NULL);
	for (i = 0; rc == 0 && i < m->n; i++) {
		platform = m->maps[i]->platform;
		rc = registry_find(d, m, platform, strlen(platform), 1) ==
		    NULL ? -1 : 0;
		if (rc == 0)
			prepare_groups(m->maps[i]);
	}
	return rc;
}
