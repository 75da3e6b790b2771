/* SPDX-License-Identifier: ISC */
/*
 * The body of a platform's own export API as criteria, and what an export
 * says of itself in the same words: the map's rows "request" and "holds".
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stddef.h>

struct criteria;
struct diag;
struct map;
struct patch;
struct record;
struct tape;

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

/* the key of the record in which the export tells what it holds, or NULL */
const char *request_key(const struct map *);

/* whether a record is that of a key (NULL: none is) */
int	request_holds(const char *key, const struct record *);

/* what of the export there is still */
struct request_held {
	int (*category)(void *ctx, const char *category, size_t n);
	/* whether "kind:word" is gone (it may never have been there) */
	int (*gone)(void *ctx, const char *ref, size_t n);
	/* whether all tasks that others depend on are there */
	int (*deps)(void *ctx);
	const struct map *map;
	const char *key;	/* of "holds" */
	void *ctx;
};

/* take out of what an export tells what it does not hold any more */
void	request_edit(void *held, const struct tape *, struct patch *);

#endif
