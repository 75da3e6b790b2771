/* SPDX-License-Identifier: ISC */
/*
 * A zip being read, when zipcheck.h has found it good.
 */
#ifndef PACKAGE_ZIP_READER_H
#define PACKAGE_ZIP_READER_H

struct diag;
struct source_ops;
struct zip_reader;

extern const struct source_ops zip_reader_ops;

/*
 * Open the zip on fd, a regular file that stays the caller's, for
 * zip_reader_ops; input is its name.  __MACOSX/ is passed over; folders come
 * like members.  NULL after a message.
 */
struct zip_reader *zip_reader_open(struct diag *, const char *input, int fd);

#endif
