/* SPDX-License-Identifier: ISC */
/*
 * How wide text is on a terminal, and so much of it as fits.
 *
 * Text is that of JSON strings and values; what a terminal would obey is
 * shown as an escape, and counts as that.
 */
#ifndef DIFF_COLUMNS_H
#define DIFF_COLUMNS_H

#include <stddef.h>

struct buf;

/* no end of a line */
#define COLUMNS_ALL (~0U)

/* the columns of a text, up to what an unsigned holds */
unsigned columns_of(const char *, size_t n);

/* append it */
void	columns_put(struct buf *, const char *, size_t n);

/*
 * Append so much of it as fits into some columns, the last of which is "…" if
 * something is left out.  Returns the columns that it takes.
 */
unsigned columns_cut(struct buf *, const char *, size_t n, unsigned columns);

#endif
