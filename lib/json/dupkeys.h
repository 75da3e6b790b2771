/* SPDX-License-Identifier: ISC */
/*
 * Keys that stand twice in an object: allowed (RFC 8259, section 4, leaves
 * them open), kept, and worth telling of.
 */
#ifndef JSON_DUPKEYS_H
#define JSON_DUPKEYS_H

#include <stddef.h>
#include <stdint.h>	/* hashes */

#include "base/buf.h"	/* the stack inside */

/* the keys of the objects that are open; a zeroed struct has none */
struct doubles {
	struct buf keys;
};

/* a key of the object with this number, the innermost that is open */
void	doubles_key(struct doubles *, uint64_t object, const char *, size_t n);

/* the object ends: how many of its keys stood there before */
size_t	doubles_end(struct doubles *, uint64_t object);
void	doubles_free(struct doubles *);

#endif
