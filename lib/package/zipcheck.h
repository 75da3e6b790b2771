/* SPDX-License-Identifier: ISC */
/*
 * The members of a zip, its central directory held against its local headers.
 *
 * A zip says everything twice, and readers differ in whom they believe.  Only
 * a zip that says the same twice, of members that stand one behind the other
 * with nothing between, means the same to each of them.
 */
#ifndef PACKAGE_ZIPCHECK_H
#define PACKAGE_ZIPCHECK_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

struct diag;
struct zipcheck;

/* how a member is compressed (APPNOTE 4.4.5) */
#define ZIP_STORED	0
#define ZIP_DEFLATED	8

/* a member, as both lists have it; the name lasts until the next call */
struct zipcheck_member {
	const char *name;	/* that of a folder ends in "/" */
	int folder;
	unsigned mode;		/* permission bits */
	int64_t mtime;		/* seconds since the Epoch */
	unsigned method;	/* ZIP_STORED or ZIP_DEFLATED */
	uint32_t crc;
	uint64_t size;		/* bytes */
	uint64_t packed;	/* bytes that the file has of it ... */
	uint64_t data;		/* ... from here on */
};

/*
 * Check the zip on fd, a regular file, from its first byte; the position is
 * left as it was, and fd stays the caller's.  Members must be plain files or
 * folders, stored or deflated, and not encrypted; their data is not looked
 * at, nor whether their names are safe.  Memory: some KiB, and 16 bytes an
 * entry where the directory has another order than the members.
 *
 * NULL after a message (STATUS_INPUT; STATUS_IO on a read error).  Offsets in
 * messages count from the start of the file; of member names, what a terminal
 * would not show as text is escaped.
 */
struct zipcheck *zipcheck_open(struct diag *, const char *input, int fd);
void	zipcheck_close(struct zipcheck *);

/* go to the next member, in the order of their places: 1, 0 after the last */
int	zipcheck_next(struct zipcheck *, struct zipcheck_member *);

/* the most bytes that its end takes: the end record, the longest comment */
#define ZIPCHECK_TAIL ((size_t)22 + 65535)

/* whether n bytes, the last of a file, end with the end record of a zip */
int	zipcheck_ends(const char *, size_t n);

#endif
