/* SPDX-License-Identifier: ISC */
/*
 * What a map's sources take from the values and keys that they meet.
 */
#include "map/capture.h"

#include <string.h>

#include "base/hashset.h"
#include "json/string.h"
#include "map/map.h"

void
capture_text(struct captures *s, const struct map_source *source,
    uint64_t object, const char *raw, size_t n)
{
	struct capture c = { .source = source, .object = object,
	    .at = s->texts.len };

	string_canon(&s->texts, raw, n);
	c.n = s->texts.len - c.at;
	buf_add(&s->list, &c, sizeof(c));
}

/* keep what a source wants of a scalar; null and "" say nothing */
void
capture_scalar(struct captures *s, const struct map_source *source,
    uint64_t object, const char *raw, size_t n)
{
	struct form_word w;
	size_t at = 0;

	if (*raw == '"') {
		raw++;
		n -= 2;
	} else if (*raw == 'n') {
		return;
	}
	if (n == 0)
		return;
	if (source->form->next == NULL)
		return;
	if (!source->form->whole && memchr(raw, '\\', n) != NULL) {
		s->spelled.len = 0;
		string_canon(&s->spelled, raw, n);
		raw = s->spelled.ptr;
		n = s->spelled.len;
	}
	while (source->form->next(source->text, raw, n, &at, &w))
		capture_text(s, source, object, raw + w.at, w.n);
}

void
captures_free(struct captures *s)
{
	buf_free(&s->list);
	buf_free(&s->texts);
	buf_free(&s->spelled);
}

/* a hash of a source in a container */
static uint64_t
hash_beside(const struct map_source *source, uint64_t object)
{
	return object * 0x9e3779b97f4a7c15 +
	    (uintptr_t)source * 0xbf58476d1ce4e5b9;
}

const struct capture *
capture_beside(const struct hashset *table, const struct capture *list,
    const struct map_source *source, uint64_t object)
{
	uint64_t hash = hash_beside(source, object);
	uint32_t i;
	size_t at = 0;

	while ((i = hashset_next(table, hash, &at)) != HASHSET_NONE) {
		if (list[i].source == source && list[i].object == object)
			return &list[i];
	}
	return NULL;
}

void
capture_add_beside(struct hashset *table, const struct capture *list, size_t i)
{
	const struct capture *c = &list[i];

	if (capture_beside(table, list, c->source, c->object) == NULL)
		hashset_put(table, hash_beside(c->source, c->object),
		    (uint32_t)i);
}
