/* SPDX-License-Identifier: ISC */
/*
 * A member of a package: what is known of it, and which names are safe.
 */
#ifndef PACKAGE_MEMBER_H
#define PACKAGE_MEMBER_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

struct buf;
struct hash_sum;

/* of a package being read or written; the name is borrowed */
struct member {
	const char *name;	/* path with "/" */
	int folder;		/* it is one, and its name ends in "/" */
	int64_t size;		/* bytes; -1: unknown until its end */
	int64_t mtime;		/* seconds since the Epoch; -1: unknown */
	unsigned mode;		/* permission bits; 0: unknown */
};

/*
 * What is wrong with a member's name, or NULL: it must be UTF-8, relative,
 * without "..", empty steps, backslashes and control characters.
 */
const char *member_unsafe(const char *name);

/*
 * A set of names.  It keeps 16 bytes of each, a hash so wide that no two
 * names share one; in parts, of which one at a time grows.
 */
#define MEMBER_PARTS 64

struct member_set {
	struct member_part {
		struct hash_sum *slots;
		size_t n, mask;
	} parts[MEMBER_PARTS];
};

/* add a name; 0 if it is in the set */
int	member_set_add(struct member_set *, const char *name);

/* whether a name is in the set */
int	member_set_has(const struct member_set *, const char *name);

/* append a name with its ASCII letters small: so names are compared */
void	member_fold(struct buf *, const char *name);

/* how a name goes with the others of its package */
enum member_join { MEMBER_NEW, MEMBER_TWICE, MEMBER_FILE_AND_FOLDER };

/*
 * Add the name of a file, or of a folder, to those of its package, in which
 * case does not count (ASCII letters); a folder may come again.
 */
enum member_join member_set_join(struct member_set *, const char *name,
	    int folder);
void	member_set_free(struct member_set *);

#endif
