/* SPDX-License-Identifier: ISC */
/*
 * What an export says of itself.
 */
#include "select/select_priv.h"

#include <string.h>

#include "base/buf.h"
#include "json/edit.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "stream/record.h"

const char *
export_options_key(const struct map *m)
{
	const struct map_row *row = map_row(m, "holds");

	return row == NULL ? NULL : row->args[0];
}

int
export_options_is(const char *key, const struct record *r)
{
	struct slice at = record_text(r, RECORD_AT);

	return key != NULL && at.n == strlen(key) + 1 && at.p[0] == '/' &&
	    memcmp(at.p + 1, key, at.n - 1) == 0;
}

/* whether the export still has what a word of a list stands for */
static int
is_held(const struct selection *s, const struct map_row *r,
    enum request_act act, struct slice word)
{
	struct buf full = {0};
	const char *spelled;
	int held;

	if (act == REQUEST_ID) {
		buf_printf(&full, "%s:", r->args[2]);
		string_canon(&full, word.p, word.n);
		held = !closure_lost(&s->graph, full.ptr, full.len);
	} else {
		buf_printf(&full, "%s/", r->args[2]);
		string_canon(&full, word.p, word.n);
		spelled = map_word(s->map, "category", full.ptr, full.len);
		if (spelled != NULL) {
			full.len = 0;
			buf_adds(&full, spelled);
		}
		held = selection_held(s, full.ptr, full.len);
	}
	buf_free(&full);
	return held;
}

/* the words of a list, or a flag, that a row is about */
static void
edit_row(const struct selection *s, const struct tape *t,
    struct edits *p, const struct map_row *r, uint32_t token)
{
	enum request_act act = map_request(r);
	struct slice value = tape_bytes(t, token);
	uint32_t i;

	if (act == REQUEST_CATEGORY || act == REQUEST_ID) {
		if (t->tokens[token].type != TAPE_ARRAY)
			return;
		for (i = tape_first(t, token); i != TAPE_NONE;
		    i = tape_after(t, i)) {
			if (t->tokens[i].type == TAPE_STRING &&
			    !is_held(s, r, act, tape_text(t, i)))
				edit_drop(p, t, i);
		}
		return;
	}
	if (!slice_is(value, "true"))
		return;
	if ((act == REQUEST_FLAG && !selection_held(s, r->args[2],
	    strlen(r->args[2]))) || (act == REQUEST_DEPS &&
	    s->done->left_out > 0))
		edit_replace(p, t->tokens[token].start, value.n, "false", 5);
}

void
export_options_edit(void *ctx, const struct tape *t, struct edits *p)
{
	const struct selection *s = ctx;
	const struct map_row *r = NULL;
	const char *path;
	uint32_t i;
	size_t n;

	while ((r = map_next_row(s->map, "request", r)) != NULL) {
		/* seen from the record in question: without its own key */
		path = r->args[0];
		n = strcspn(path, "/");
		if (slice_is((struct slice){ path, n }, s->key))
			path += n + (path[n] == '/');
		i = tape_member_at(t, path);
		if (i != TAPE_NONE && i != 0)
			edit_row(s, t, p, r, i);
	}
}
