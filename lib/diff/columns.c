/* SPDX-License-Identifier: ISC */
/*
 * How wide text is on a terminal.
 */
#include "diff/columns.h"

#include "base/buf.h"
#include "base/mask.h"

/* characters of two columns, and of none (Unicode 15, the usual ones) */
static const struct {
	unsigned from, to, wide;
} widths[] = {
	{ 0x300, 0x36f, 0 }, { 0x1100, 0x115f, 2 }, { 0x200b, 0x200d, 0 },
	{ 0x2e80, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 },
	{ 0xfe00, 0xfe0f, 0 }, { 0xfe30, 0xfe6f, 2 }, { 0xff00, 0xff60, 2 },
	{ 0x1f300, 0x1f64f, 2 }, { 0x1f900, 0x1f9ff, 2 },
	{ 0x20000, 0x3fffd, 2 },
};

/* the columns of the first character, and its bytes; masked: an escape */
static unsigned
first(const char *text, size_t n, size_t *length, unsigned *code, int *masked)
{
	size_t i;

	*masked = mask_at(text, n, length, code);
	if (*masked)
		return *code > 0xffff ? 7 : 6;
	for (i = 0; *code >= 0x300 && i < sizeof(widths) / sizeof(widths[0]);
	    i++) {
		if (*code >= widths[i].from && *code <= widths[i].to)
			return widths[i].wide;
	}
	return 1;
}

unsigned
columns_of(const char *text, size_t n)
{
	unsigned columns = 0, code;
	size_t i, length;
	int masked;

	for (i = 0; i < n && columns < COLUMNS_ALL / 2; i += length)
		columns += first(text + i, n - i, &length, &code, &masked);
	return columns;
}

static void
put(struct buf *b, const char *text, size_t length, unsigned code, int masked)
{
	if (masked)
		buf_printf(b, "\\u%04x", code);
	else
		buf_add(b, text, length);
}

void
columns_put(struct buf *b, const char *text, size_t n)
{
	columns_cut(b, text, n, COLUMNS_ALL);
}

unsigned
columns_cut(struct buf *b, const char *text, size_t n, unsigned columns)
{
	unsigned used = 0, before = 0, code, wide;
	size_t i, length, whole = b->len;	/* up to here "…" fits */
	int masked;

	if (columns == 0)
		return 0;
	for (i = 0; i < n; i += length) {
		wide = first(text + i, n - i, &length, &code, &masked);
		if (wide > columns - used) {
			b->len = whole;
			buf_adds(b, "…");
			return before + 1;
		}
		put(b, text + i, length, code, masked);
		if (columns != COLUMNS_ALL)
			used += wide;
		if (used < columns) {
			whole = b->len;
			before = used;
		}
	}
	return used;
}
