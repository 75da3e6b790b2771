/* SPDX-License-Identifier: ISC */
/*
 * The body of an API request, as a user has it in a file: one JSON object.
 */
#ifndef JSON_READFILE_H
#define JSON_READFILE_H

#include "base/buf.h"	/* the text inside */
#include "json/tape.h"	/* its tokens */

struct diag;

/* zeroed: nothing read; token 0 of the tape is the object */
struct body {
	struct buf text;
	struct tape tape;
};

/*
 * Read a body, of at most 16 MiB.  0, or -1 after a message: no JSON, or no
 * object.
 */
int	readfile_read(struct body *, struct diag *, const char *path);

/*
 * Append the text of a member that must be a string, decoded.  0, or -1
 * after a message.
 */
int	readfile_word(const struct body *, struct diag *, const char *path,
	    const char *member, struct buf *);
void	readfile_free(struct body *);

#endif
