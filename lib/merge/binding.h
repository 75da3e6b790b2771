/* SPDX-License-Identifier: ISC */
/*
 * What a package names outside itself: the map's rows "binding".
 */
#ifndef MERGE_BINDING_H
#define MERGE_BINDING_H

struct fates;
struct plan;

/*
 * List as to be done by hand what is to be there for what an import brings,
 * as its users say it, and no record of the target names: each once.  0, or
 * -1 after a message.
 */
int	binding_new(struct plan *, const struct fates *);

#endif
