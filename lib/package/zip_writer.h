/* SPDX-License-Identifier: ISC */
/*
 * A zip being written.
 */
#ifndef PACKAGE_ZIP_WRITER_H
#define PACKAGE_ZIP_WRITER_H

#include <stddef.h>

struct diag;
struct sink_ops;
struct zip_sink;

extern const struct sink_ops zip_sink_ops;

struct zip_options {
	int level;		/* of deflate, 0 to 9; -1: the library's */
	int zip64;
};

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
