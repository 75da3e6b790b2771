/* SPDX-License-Identifier: ISC */
/*
 * A component with another name, that refers to others by their new names, or
 * whose file goes by another path.
 *
 * Edits are made in the value; the envelope is what pkg-unpack(1) would make
 * of it then.
 */
#ifndef VALUE_RELABEL_H
#define VALUE_RELABEL_H

#include <stddef.h>

#include "base/slice.h"	/* words */

struct buf;
struct diag;
struct map;
struct place;
struct record;
struct relabeler;

/* which words of a record are asked for */
enum relabel_by {
	RELABEL_NAME,	/* what says its name, wherever it does */
	RELABEL_NAMES	/* one of its names */
};

/* what is asked; all texts are canonical, everything is borrowed */
struct relabel_ask {
	/* the record's own word, and the new one; new.p NULL: it stays */
	enum relabel_by by;
	struct slice old, new;
	struct slice file;	/* its file's new path; p NULL: it stays */
	/* what its id begins with, and shall; p NULL: it stays */
	struct slice scope, new_scope;
	/*
	 * Whether what is called "kind:word" (n bytes, no "?") has a new
	 * word: nonzero, and the word, without what it is scoped by.
	 */
	int (*word)(void *ctx, const char *ref, size_t n, struct slice *word);
	/*
	 * Told of each change: where in the value (a pointer), or the member
	 * of the envelope, and both words as they are written.  Or NULL.
	 */
	void (*changed)(void *ctx, const struct record *, const char *where,
	    struct slice old, struct slice new);
	void *ctx;
	const struct place *place;	/* of the line, for messages */
};

/* what is to be known of a record that gets another name */
struct relabel_words {
	int there;	/* the word stands in the value, and can be changed */
	int alias;	/* it is an alias, too */
	int id;		/* it is a part of the id ... */
	unsigned part;	/* ... the one of this number, of so many */
	size_t parts;
	int names;	/* it is one of the names */
};

/* diag and map are borrowed */
struct relabeler *relabel_open(struct diag *, const struct map *);
void	relabel_close(struct relabeler *);

/* look at a record's own word; 0, or -1 after a message */
int	relabel_look(struct relabeler *, const struct record *,
	    enum relabel_by, struct slice old, const struct place *,
	    struct relabel_words *);

/* whether scripts and texts name components of a kind: mention.h */
int	relabel_mentions(const struct relabeler *, struct slice kind);

/* whether a record's value mentions any component */
int	relabel_mentioning(const struct relabeler *, const struct record *);

/* append an id with another word as one of its parts */
void	relabel_id(struct buf *, struct slice id,
	    const struct relabel_words *, struct slice word);

/*
 * Change a record of any kind.  1: the new line is in the buffer (emptied
 * before), without a newline.  0: it stays as it is.  -1 after a message
 * (STATUS_FINDING: a word cannot be written where it belongs).
 */
int	relabel(struct relabeler *, const struct record *,
	    const struct relabel_ask *, struct buf *line);

#endif
