/* SPDX-License-Identifier: ISC */
/*
 * Where a file that is new to a package goes: behind the last of its kind
 * that is in the same folder, or in one as near as there is.
 */
#ifndef MERGE_ANCHOR_H
#define MERGE_ANCHOR_H

#include <stdint.h>	/* numbers */

#include "base/keyindex.h"	/* the table inside */

struct room;
struct side;

struct anchors {
	struct keyindex folders;	/* of a kind and a folder: the files */
};

/* the files of a side; 0, or -1 after a message.  anchors_free() after */
int	anchors_open(struct anchors *, struct side *, struct room *);
void	anchors_free(struct anchors *);

/* the file that another side's follows, or NOTHING; 0 or -1 */
int	anchors_find(struct anchors *, struct side *, uint32_t file,
	    uint32_t *after);

#endif
