/* SPDX-License-Identifier: ISC */
/*
 * What a package names outside itself: the map's rows "binding".
 */
#ifndef MERGE_BINDING_H
#define MERGE_BINDING_H

struct buf;
struct decide;

/*
 * Append to a list (byhand.h) what is to be there for what an import brings,
 * as its users say it, and no record of the target names: each once.  0, or
 * -1 after a message.
 */
int	binding_new(struct buf *list, const struct decide *);

#endif
