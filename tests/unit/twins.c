/* SPDX-License-Identifier: ISC */
/*
 * Two exports of one app (streams, two operands): of each component that both
 * have, by kind and id, whether it is the same but for aliases.  Prints
 * "same" or "other", the kind and the id; in the order of the first.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "map/registry.h"
#include "stream/list.h"
#include "stream/stream.h"
#include "value/fingerprint.h"

/* "kind:alias" and "kind:id" of a component, or a component's digest */
struct entry {
	char *name, *id;
	struct hash_sum sum;
};

struct twin {
	struct entry *aliases, *components;
	size_t naliases, ncomponents;
};

static struct diag d = { .program = "twins" };
static struct registry maps;

static struct entry *
find(struct entry *list, size_t n, const char *name, size_t len)
{
	for (; n > 0; list++, n--) {
		if (strlen(list->name) == len &&
		    memcmp(list->name, name, len) == 0)
			return list;
	}
	return NULL;
}

static int
identity(void *ctx, const char *ref, size_t n, struct slice *text)
{
	struct twin *t = ctx;
	struct entry *e;

	if ((e = find(t->aliases, t->naliases, ref, n)) == NULL)
		return 0;
	*text = (struct slice){ e->id, strlen(e->id) };
	return 1;
}

/* "kind:word" */
static char *
name_of(const struct record *r, struct slice word)
{
	struct buf b = {0};
	struct slice kind = record_text(r, RECORD_KIND);
	char *name;

	buf_printf(&b, "%.*s:%.*s", (int)kind.n, kind.p, (int)word.n, word.p);
	name = xstrndup(b.ptr, b.len);
	buf_free(&b);
	return name;
}

static void
add(struct entry **list, size_t *n, struct entry e)
{
	*list = xrealloc(*list, *n + 1, sizeof(e));
	(*list)[(*n)++] = e;
}

/* one time through a stream: its aliases, then (canon) its digests */
static void
read_twin(struct twin *t, const char *file, int digests)
{
	struct stream_in in = { .lines = { .diag = &d, .input = file,
	    .max = 1 << 30 } };
	struct fingerprint_ask ask = { .identity = identity, .ctx = t };
	struct fingerprints *c = NULL;
	struct record r;
	struct entry e;
	struct slice item, id;
	size_t at;
	int rc;

	if ((in.lines.fd = open(file, O_RDONLY)) == -1)
		err(2, "%s", file);
	while ((rc = stream_read(&in, &r)) == 1) {
		item = record_text(&r, RECORD_PLATFORM);
		if (r.kind == RECORD_STREAM)
			c = fingerprint_open(&d, registry_find(&d, &maps,
			    item.p, item.n, 0));
		id = record_text(&r, RECORD_ID);
		if (r.kind != RECORD_COMPONENT || id.p == NULL)
			continue;
		memset(&e, 0, sizeof(e));
		for (at = 0; !digests &&
		    list_next(r.field[RECORD_ALIAS], &at, &item); ) {
			e.name = name_of(&r, item);
			e.id = xstrndup(id.p, id.n);
			add(&t->aliases, &t->naliases, e);
		}
		if (!digests)
			continue;
		e = (struct entry){ .name = name_of(&r, id) };
		if (fingerprint(c, &r, &ask, &e.sum) == -1)
			exit(2);
		add(&t->components, &t->ncomponents, e);
	}
	fingerprint_close(c);
	stream_close(&in);
	if (rc == -1)
		exit(2);
}

static void
free_list(struct entry *e, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(e[i].name);
		free(e[i].id);
	}
	free(e);
}

int
main(int argc, char **argv)
{
	struct twin t[2] = {0};
	struct entry *e, *other;
	int i;

	if (argc != 3 || registry_open(&d, &maps, NULL, NULL) == -1)
		return 2;
	for (i = 0; i < 2; i++) {
		read_twin(&t[i], argv[i + 1], 0);
		read_twin(&t[i], argv[i + 1], 1);
	}
	for (e = t[0].components; e < t[0].components + t[0].ncomponents;
	    e++) {
		other = find(t[1].components, t[1].ncomponents, e->name,
		    strlen(e->name));
		if (other != NULL)
			printf("%s %s\n", memcmp(&e->sum, &other->sum,
			    sizeof(e->sum)) == 0 ? "same" : "other", e->name);
	}
	for (i = 0; i < 2; i++) {
		free_list(t[i].aliases, t[i].naliases);
		free_list(t[i].components, t[i].ncomponents);
	}
	registry_close(&maps);
	return 0;
}
