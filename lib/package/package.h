/* SPDX-License-Identifier: ISC */
/*
 * A package being read, whatever its form: a zip, a directory, loose files,
 * or one of them on standard input.
 *
 * The folder, in the order to read it: member.h and ops.h, what every form
 * offers; this; zipcheck.h, which mistrusts a zip, zip_reader.h, zip_writer.h,
 * and below them flate.h and deflate.h; dir_reader.h and dir_writer.h;
 * pending.h.
 */
#ifndef PACKAGE_PACKAGE_H
#define PACKAGE_PACKAGE_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

struct diag;
struct member;

struct package;

struct package_options {
	int all_files;		/* also names that begin with "." */
	uint64_t max_size;	/* unpacked bytes in all; 0: the defaults */
	const char *report;	/* a file that is written later, or NULL */
};

/*
 * Open the package that the operands are (none, or "-": standard input).
 * NULL after a message.  The strings are borrowed until package_close().
 */
struct package *package_open(struct diag *, const struct package_options *,
	    char *const *operands, size_t n);
void	package_close(struct package *);

/* the operand, for messages; NULL: standard input */
const char *package_input(const struct package *);

/*
 * Whether it is one JSON text without a name: then its only member is called
 * "", and it is for the caller to name it.
 */
int	package_nameless(const struct package *);

/*
 * The names of the members, where they are known before they come (files);
 * NULL where not (zips).
 */
const char *package_name(const struct package *, size_t i);

/*
 * The first bytes of such a member, at most n: how many, -1 after a message.
 */
long	package_head(struct package *, size_t i, char *, size_t n);

/* put such members in the order of their ranks; a negative one leaves out */
void	package_arrange(struct package *, int (*rank)(void *, const char *),
	    void *arg);

/*
 * Go to the next member: 1; 0 after the last; -1 after a message.  Unsafe and
 * doubled names are refused (STATUS_INPUT).  The name lasts until the next.
 */
int	package_next(struct package *, struct member *);

/* bytes of it read so far, and in all (0: unknown), packed where it is */
uint64_t package_done(const struct package *);
uint64_t package_total(const struct package *);

/*
 * The member's next bytes, in place until the next call: how many, 0 at its
 * end, -1 after a message (STATUS_LIMIT: it unpacks to suspiciously much).
 */
long	package_read(struct package *, const char **);

#endif
