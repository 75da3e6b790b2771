/* SPDX-License-Identifier: ISC */
/*
 * What is given to the tools by mistake, and what to do with it.
 */
#ifndef BASE_FOREIGN_H
#define BASE_FOREIGN_H

#include <stddef.h>

struct buf;

/* the first bytes of an input that are looked at, at most */
#define FOREIGN_HEAD 512

/* what something is, and what to do with it: words for a message */
struct foreign {
	const char *what;
	const char *todo;
};

/* what a tool expects */
enum foreign_door { FOREIGN_PACKAGE, FOREIGN_STREAM };

/*
 * Tell by its first n bytes what an input is that is not what the door
 * expects: 1, or 0 if it does not show.
 */
int	foreign_tell(struct foreign *, enum foreign_door, const char *head,
	    size_t n);

/* how many of n bytes are the white space of JSON that a text begins with */
size_t	foreign_blanks(const char *head, size_t n);

/* append what n bytes are that are neither JSON nor told by foreign_tell() */
void	foreign_describe(struct buf *, const char *head, size_t n);

/* whether these are the first bytes of a zip, of one without files, too */
int	foreign_is_zip(const char *, size_t n);

#endif
