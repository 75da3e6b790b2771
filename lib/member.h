/* SPDX-License-Identifier: ISC */
/*
 * A member of a package: what is known of it, and which names are safe.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

/* of a package being read or written; the name is borrowed */
struct member {
	const char *name;	/* path with "/" */
	int64_t size;		/* bytes; -1: unknown until its end */
	int64_t mtime;		/* seconds since the Epoch; -1: unknown */
	unsigned mode;		/* permission bits; 0: unknown */
};

/*
 * What is wrong with a member's name, or NULL: it must be UTF-8, relative,
 * without "..", empty steps, backslashes and control characters.
 */
const char *member_unsafe(const char *name);

/* a set of names, in which case does not count (ASCII letters) */
struct member_set {
	char **slots;
	size_t n, mask;
};

/* add a name (copied); 0 if it, or one that differs by case, is in the set */
int	member_set_add(struct member_set *, const char *name);

/* whether a name is in the set, case and all */
int	member_set_has(const struct member_set *, const char *name);
void	member_set_free(struct member_set *);

#endif
