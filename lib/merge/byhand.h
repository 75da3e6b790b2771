/* SPDX-License-Identifier: ISC */
/*
 * What is to be done by hand after a merge.
 *
 * Each is a text in a list, as in a JSON string, ended by a NUL.
 */
#ifndef MERGE_BYHAND_H
#define MERGE_BYHAND_H

struct buf;
struct decide;
struct map_kind;
struct record;

/* something to be done about a record, whose id is told */
void	byhand(struct buf *list, const struct record *, const struct buf *id,
	    const char *what);

/* its secrets without a value: the platform's users must give them one */
void	byhand_secrets(struct buf *list, const struct record *,
	    const struct buf *id, const struct map_kind *);

/* the tasks that something led to, and nothing does any more; 0 or -1 */
int	byhand_unreached(struct buf *list, const struct decide *);

#endif
