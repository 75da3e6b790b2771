/* SPDX-License-Identifier: ISC */
/*
 * A file of a package on its way into a stream, and its @file line.
 */
#include "convert/file_record.h"

#include <string.h>

#include "base/buf.h"
#include "map/rows.h"
#include "stream/record.h"

void
file_record_put(struct buf *b, const struct file *f, const char *type,
    const char *style, int newline, int empty)
{
	record_begin(b, "@file", 5);
	record_put(b, RECORD_FILE, f->path.p, f->path.n);
	record_put_text(b, RECORD_TYPE, type, strlen(type));
	if (style != NULL) {
		record_put(b, RECORD_STYLE, "\"", 1);
		buf_printf(b, "%s%s\"", style, newline ? "+newline" : "");
	}
	if (f->owner.p != NULL)
		record_put(b, RECORD_OWNER, f->owner.p, f->owner.n);
	if (f->member.size >= 0)
		record_put_number(b, RECORD_SIZE, f->member.size);
	if (f->member.mtime >= 0)
		record_put_number(b, RECORD_MTIME, f->member.mtime);
	if (f->member.mode != 0)
		record_put_number(b, RECORD_MODE, f->member.mode);
	if (empty)
		record_put(b, RECORD_EMPTY, "true", 4);
	buf_addc(b, '}');
}

/* the text of a star, by its word in the map: $1 is the first */
static const char *
star(const char *word, const char *stars, size_t nstars)
{
	size_t n = (size_t)(word[1] - '1');

	if (word[0] != '$' || n >= nstars)
		return "";
	for (; n > 0; n--)
		stars += strlen(stars) + 1;
	return stars;
}

void
file_record_owner(struct buf *b, const struct map_row *r, const char *stars,
    size_t nstars)
{
	const char *p;
	size_t i;

	if (r == NULL)
		return;
	buf_printf(b, "[\"%s:", r->args[1]);
	for (i = 2; i < r->nargs; i++) {
		if (i > 2)
			buf_addc(b, '/');
		for (p = star(r->args[i], stars, nstars); *p != '\0'; p++) {
			if (r->nargs > 3 && (*p == '%' || *p == '/'))
				buf_printf(b, "%%%02X", (unsigned)*p);
			else
				buf_addc(b, *p);
		}
	}
	buf_adds(b, "\"]");
}
