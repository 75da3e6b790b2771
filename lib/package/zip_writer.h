/* SPDX-License-Identifier: ISC */
/*
 * A zip being written.
 */
#ifndef PACKAGE_ZIP_WRITER_H
#define PACKAGE_ZIP_WRITER_H

struct diag;
struct sink_ops;
struct zip_writer;

extern const struct sink_ops zip_writer_ops;

struct zip_options {
	int level;		/* of deflate, 0 to 9; -1: 6 */
	unsigned jobs;		/* threads; 0: as deflate_open() has it */
	int zip64;
};

/*
 * Open for zip_writer_ops, to write to fd, which stays the caller's; name is
 * for messages.  Members are deflated, their sizes follow them (APPNOTE
 * 4.3.9), uid and gid are 0.
 */
struct zip_writer *zip_writer_open(struct diag *, const char *name, int fd,
	    const struct zip_options *);

/* bytes of the zip so far */
unsigned long long zip_writer_written(const struct zip_writer *);

#endif
