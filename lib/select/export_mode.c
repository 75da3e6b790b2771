/* SPDX-License-Identifier: ISC */
/*
 * How a package was exported, derived from its components.
 */
#include "select/filter_priv.h"

#include <string.h>

#include "graph/kindtable.h"
#include "json/tape.h"
#include "stream/record.h"

void
export_mode_add(struct export_modes *t, const struct record *r, unsigned flags)
{
	struct slice status = record_text(r, RECORD_STATUS), kind, twin;

	if ((flags & KIND_MODE) != 0 && status.p != NULL) {
		if (status_read(t->map, status.p, status.n) == TASK_PUBLISHED)
			t->published++;
		else
			t->others++;
	}
	/* what is published shows the mode alone: values are long */
	if ((flags & KIND_TWIN) != 0 && !t->twins && t->published == 0) {
		kind = record_text(r, RECORD_KIND);
		if (t->twin == NULL)
			t->twin = kindtable_twin(t->map, kind.p, kind.n);
		twin = (struct slice){ t->twin, strlen(t->twin) };
		t->twins = tape_has_name(r->field[RECORD_VALUE], &twin, 1);
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
