/* SPDX-License-Identifier: ISC */
/*
 * The body of a platform's own export API as criteria: the map's rows
 * "request".
 */
#ifndef SELECT_REQUEST_H
#define SELECT_REQUEST_H

#include <stddef.h>

struct criteria;
struct diag;
struct map;

/* what a request asks for besides criteria; zeroed: nothing */
struct request {
	int deps;		/* dependent tasks */
	char **deps_of;		/* dependent tasks of these kinds, borrowed
				   of the map */
	size_t ndeps_of;
};

/*
 * Read a body and add what it asks for to the criteria.  0, or -1 after a
 * message for each word that is not known.
 */
int	request_read(struct request *, struct diag *, const struct map *,
	    const char *path, struct criteria *);
void	request_free(struct request *);

#endif
