/* SPDX-License-Identifier: ISC */
/*
 * The @file line, which every file of a package has in a stream.
 */
#include "fileline.h"

#include <string.h>

#include "buf.h"
#include "member.h"
#include "record.h"

void
fileline_put(struct buf *b, const struct member *m, const char *type,
    const char *style, int newline, int empty)
{
	record_begin(b, "@file", 5);
	record_put_text(b, RECORD_FILE, m->name, strlen(m->name));
	record_put_text(b, RECORD_TYPE, type, strlen(type));
	if (style != NULL) {
		record_put(b, RECORD_STYLE, "\"", 1);
		buf_printf(b, "%s%s\"", style, newline ? "+newline" : "");
	}
	if (m->size >= 0)
		record_put_number(b, RECORD_SIZE, m->size);
	if (m->mtime >= 0)
		record_put_number(b, RECORD_MTIME, m->mtime);
	if (m->mode != 0)
		record_put_number(b, RECORD_MODE, m->mode);
	if (empty)
		record_put(b, RECORD_EMPTY, "true", 4);
	buf_addc(b, '}');
}
