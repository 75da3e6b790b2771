/* SPDX-License-Identifier: ISC */
/*
 * How a package was exported, derived from its components.
 */
#include "select/filter_priv.h"

#include <string.h>

#include "graph/kindtable.h"
#include "stream/record.h"

void
export_mode_add(struct export_modes *t, const struct record *r, unsigned flags)
{
	struct slice status = record_text(r, RECORD_STATUS), kind, value;

	if ((flags & KIND_MODE) != 0 && status.p != NULL) {
		if (status_read(t->map, status.p, status.n) == TASK_PUBLISHED)
			t->published++;
		else
			t->others++;
	}
	if ((flags & KIND_TWIN) != 0 && !t->twins) {
		kind = record_text(r, RECORD_KIND);
		value = r->field[RECORD_VALUE];
		if (t->twin.len == 0)
			buf_printf(&t->twin, "\"%s\":", kindtable_twin(t->map,
			    kind.p, kind.n));
		t->twins = value.n > 0 && memmem(value.p, value.n, t->twin.ptr,
		    t->twin.len) != NULL;
	}
}

enum export_mode
export_mode_of(const struct export_modes *t)
{
	if (t->published > 0 && t->others > 0)
		return EXPORT_UNKNOWN;
	if (t->published > 0)
		return EXPORT_PUBLISHED;
	if (t->others == 0)
		return EXPORT_UNKNOWN;
	return t->twins ? EXPORT_DEVELOPMENT : EXPORT_NEVER;
}

const char *
export_mode_words(enum export_mode mode)
{
	static const char *const words[] = {
		[EXPORT_UNKNOWN] = "in a way that nothing in it tells",
		[EXPORT_PUBLISHED] = "as published",
		[EXPORT_NEVER] = "in development, and was never published",
		[EXPORT_DEVELOPMENT] = "in development, from an agent that "
		    "has a published version, too",
	};

	return words[mode];
}

void
export_mode_free(struct export_modes *t)
{
	buf_free(&t->twin);
}
