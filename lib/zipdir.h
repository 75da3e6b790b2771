/* SPDX-License-Identifier: ISC */
/*
 * The central directory of a zip, held against its local headers.
 *
 * A zip says everything twice, and readers differ in whom they believe.  Only
 * a zip that says the same twice, of members that stand one behind the other
 * with nothing between, means the same to each of them.
 */
#ifndef ZIPDIR_H
#define ZIPDIR_H

struct diag;

/*
 * Check the zip on fd, a regular file, from its first byte; the position is
 * left as it was, and fd stays the caller's.  Members must be stored or
 * deflated, and not encrypted; their data is not looked at.  Bytes before the
 * first member pass, with a warning, if all offsets account for them and they
 * do not look like a zip.  Memory: at most 48 bytes an entry, and 2 MiB.
 *
 * Returns 0, or -1 after a message (STATUS_INPUT; STATUS_IO on a read error).
 * Offsets in messages count from the start of the file; of member names, what
 * a terminal would not show as text is escaped.
 */
int	zipdir_check(struct diag *, const char *input, int fd);

#endif
