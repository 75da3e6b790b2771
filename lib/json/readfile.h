/* SPDX-License-Identifier: ISC */
/*
 * JSON that people write: the body of an API request, which is one object in
 * a file, and small texts such as its options, brought into the form of a
 * stream's values.
 */
#ifndef JSON_READFILE_H
#define JSON_READFILE_H

#include "base/buf.h"	/* the text inside */
#include "json/tape.h"	/* its tokens */

struct diag;
struct text_error;

/*
 * Append a strict JSON text without its white space, tokens as they stand.
 * 0, or -1 and the error tells; its offset is one into the text.
 */
int	readfile_compact(struct buf *, const char *text, size_t n,
	    struct text_error *);

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
