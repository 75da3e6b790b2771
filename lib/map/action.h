/* SPDX-License-Identifier: ISC */
/*
 * What the members of a request to a platform's export API mean: the map's
 * rows "request PATH ACTION ...".
 */
#ifndef MAP_ACTION_H
#define MAP_ACTION_H

struct map_row;

enum action {
	ACTION_MODE,		/* which versions: for pkg-filter-status */
	ACTION_IGNORE,
	ACTION_CATEGORY,	/* texts: categories below the row's */
	ACTION_FLAG,		/* true: the row's category */
	ACTION_ID,		/* texts: components of the row's kind */
	ACTION_DEPS,		/* true: dependent tasks; of kinds, if any */
	ACTION_WITHOUT,		/* texts: not these of the row's kinds; true:
				   none of them */
	ACTIONS
};

/* that of a row "request" */
enum action action_of(const struct map_row *);

#endif
