/* SPDX-License-Identifier: ISC */
/*
 * The first line of the stream that a filter writes.
 */
#include "stream/head.h"

#include <string.h>

#include "base/buf.h"
#include "json/string.h"
#include "stream/record.h"
#include "stream/record_edit.h"

void
head_put(struct buf *b, const struct record *r, const char *program,
    const char *options)
{
	struct slice by = r->field[RECORD_BY];
	struct buf list = {0};
	struct record_edit change = { .field = RECORD_BY };

	if (by.n > 2 && by.p[0] == '[') {
		buf_add(&list, by.p, by.n - 1);
		buf_addc(&list, ',');
	} else {
		buf_addc(&list, '[');
	}
	buf_printf(&list, "{\"name\":\"%s\",\"version\":\"%s\","
	    "\"options\":[%s]}]", program, VERSION, options);
	change.json = (struct slice){ list.ptr, list.len };
	reline(b, r, &change, 1);
	buf_free(&list);
}

void
head_option(struct buf *b, const char *name, const char *value)
{
	if (b->len > 0)
		buf_addc(b, ',');
	buf_addc(b, '"');
	string_encode(b, name, strlen(name));
	if (value != NULL) {
		buf_addc(b, '=');
		string_encode(b, value, strlen(value));
	}
	buf_addc(b, '"');
}
