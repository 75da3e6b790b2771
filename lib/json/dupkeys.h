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
struct dupkeys {
	struct buf keys;
};

/* a key of the object with this number, the innermost that is open */
void	dupkeys_key(struct dupkeys *, uint64_t object, const char *, size_t n);

/* the object ends: how many of its keys stood there before */
size_t	dupkeys_end(struct dupkeys *, uint64_t object);
void	dupkeys_free(struct dupkeys *);

#endif
