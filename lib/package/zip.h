/* SPDX-License-Identifier: ISC */
/*
 * Zips, read and written through libarchive.
 */
#ifndef PACKAGE_ZIP_H
#define PACKAGE_ZIP_H

#include <stddef.h>

struct diag;
struct sink_ops;
struct source_ops;

extern const struct source_ops zip_source_ops;
extern const struct sink_ops zip_sink_ops;

/*
 * Open the zip on fd, which stays the caller's, for zip_source_ops, after
 * zipcheck.h has found it good; input is its name.  __MACOSX/ is passed over;
 * folders come like members.  NULL after a message.
 */
struct zip_source *zip_read(struct diag *, const char *input, int fd);

struct zip_options {
	int level;		/* of deflate, 0 to 9; -1: the library's */
	int zip64;
};

/* the first four bytes of a zip with a member, and of one without */
int	zip_magic(const char *, size_t n);

/*
 * Open for zip_sink_ops, to write to fd, which stays the caller's; name is
 * for messages.  Members are deflated, their sizes follow them (APPNOTE
 * 4.3.9), uid and gid are 0.
 */
struct zip_sink *zip_write(struct diag *, const char *name, int fd,
	    const struct zip_options *);

/* packed bytes written so far */
unsigned long long zip_written(const struct zip_sink *);

#endif
