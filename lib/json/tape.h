/* SPDX-License-Identifier: ISC */
/*
 * A JSON value as a tape: its tokens in the order of the text, each knowing
 * where it stands and what comes after it, and found by key or number.
 *
 * The text is compact, as the values of a stream are (pkg-stream(5)).  It may
 * have been made to deceive: any bytes are safe.  A tape is used again for
 * the next value, so that a record costs no allocation.
 */
#ifndef JSON_TAPE_H
#define JSON_TAPE_H

#include <stddef.h>
#include <stdint.h>	/* a token is kept small */

#include "base/hashset.h"	/* a table inside */
#include "base/slice.h"	/* slices, errors */

struct buf;

enum tape_type {
	TAPE_OBJECT,
	TAPE_ARRAY,
	TAPE_STRING,
	TAPE_NUMBER,
	TAPE_WORD	/* true, false, null */
};

/* no token, and no byte of one */
#define TAPE_NONE UINT32_MAX

/* a token; all but type and plain are offsets into text, or numbers */
struct tape_token {
	uint32_t start, end;	/* its bytes, a string with its quotes */
	uint32_t key;		/* where its key's quote is; or TAPE_NONE */
	uint32_t parent;	/* the container it stands in, or TAPE_NONE */
	uint32_t next;		/* the token after all that is in it */
	uint32_t index;		/* which of its container it is, from 0 */
	uint8_t type;		/* enum tape_type */
	uint8_t plain;		/* the key has no escapes */
};

/* the tokens of a text; token 0 is the whole.  A zeroed struct is empty. */
struct tape {
	const char *text;	/* borrowed */
	struct tape_token *tokens;
	size_t n, room;
};

/*
 * Read a compact JSON text; it is borrowed.  0, or -1 and the error tells
 * (its offset is one into the text): brackets, commas and colons that do not
 * fit, white space, what may not stand in a string, a wrong number or word, a
 * text of 4 GiB and more.  What UTF-8 there is in strings is not looked at.
 */
int	tape_read(struct tape *, const char *text, size_t n,
	    struct text_error *);
void	tape_free(struct tape *);

/* the bytes of a token; what is between a string's quotes, still escaped */
struct slice tape_bytes(const struct tape *, uint32_t);
struct slice tape_text(const struct tape *, uint32_t);

/* what is between the quotes of its key, still escaped; p NULL: none */
static inline struct slice
tape_key(const struct tape *t, uint32_t i)
{
	const struct tape_token *k = &t->tokens[i];

	if (k->key == TAPE_NONE)
		return (struct slice){0};
	return (struct slice){ t->text + k->key + 1, k->start - k->key - 3 };
}

/* the first in a container, or TAPE_NONE; what follows it there, or that */
uint32_t tape_first(const struct tape *, uint32_t);
uint32_t tape_after(const struct tape *, uint32_t);

/* the first member with a key without escapes, or TAPE_NONE */
uint32_t tape_member(const struct tape *, uint32_t object, const char *key);

/*
 * The value at names with slashes between them, of objects in the first token,
 * up to one that begins with "-"; or TAPE_NONE
 */
uint32_t tape_member_at(const struct tape *, const char *path);

/* the innermost token in which a byte of the text stands */
uint32_t tape_token_at(const struct tape *, size_t at);

/* whether it says nothing: null, "", [] or {} */
int	tape_empty(const struct tape *, uint32_t);

/* whether all escapes in what is between a string's quotes are right */
int	tape_escapes(const char *, size_t n);

/*
 * Whether a compact text has a member of one of n names, which have no escapes
 * and are not sought where the text spells them with such.
 */
int	tape_has_name(struct slice text, const struct slice *names, size_t n);

/* append where it stands in the value (RFC 6901) */
void	tape_pointer(const struct tape *, uint32_t, struct buf *);

/*
 * What stands in the containers of a tape.  The first few members of an
 * object are looked at one after the other; of more a table is made, for all
 * of the tape at once.  Zeroed but for tape (borrowed): nothing was sought.
 */
struct tapefind {
	const struct tape *tape;
	struct hashset table;	/* tokens by container and key or number */
};

/* another value is on the tape; tape_find_free() also does */
void	tape_find_reset(struct tapefind *);
void	tape_find_free(struct tapefind *);

/*
 * The first member of an object with this key, as it is spelled; TAPE_NONE:
 * it has none, or is no object, or TAPE_NONE itself.
 */
uint32_t tape_find_member(struct tapefind *, uint32_t object, struct slice key);

/* the n-th element of an array, from 0; TAPE_NONE as above */
uint32_t tape_find_element(struct tapefind *, uint32_t array, uint32_t n);

/*
 * What is at a pointer from the whole on, through objects only, its keys as
 * they are spelled; TAPE_NONE: nothing.
 */
uint32_t tape_find_pointer(struct tapefind *, struct slice pointer);

#endif
