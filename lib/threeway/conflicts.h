/* SPDX-License-Identifier: ISC */
/*
 * What both sides changed, each in another way: who is asked, and what the
 * user has said.
 */
#ifndef THREEWAY_CONFLICTS_H
#define THREEWAY_CONFLICTS_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "base/atomicfile.h"	/* what is written */
#include "base/buf.h"	/* what was read */
#include "base/hashset.h"	/* and how it is found */
#include "base/lines.h"
#include "base/slice.h"	/* texts */
#include "diff/item.h"	/* who a component is */

struct diag;

/* what is taken; PICK_OPEN: nobody has said */
enum pick { PICK_OPEN, PICK_BASE, PICK_OURS, PICK_THEIRS, PICK_VALUE,
	PICK_BOTH };

/* texts as in JSON strings, values as JSON; p NULL: there is none */
struct conflict {
	struct diff_who who;
	struct slice place;	/* in its value; empty: the whole of it */
	const char *why;
	struct slice of[3];	/* base, ours, theirs */
};

/* what is preferred: of a kind, or (NULL) of all */
struct conflict_prefer {
	const char *kind;
	enum pick pick;
};

/* zeroed but for diag and what the user wants, which is borrowed */
struct conflicts {
	struct diag *diag;
	const char *write;	/* --conflicts: a file, or NULL */
	const char *resolve;	/* --resolve: a file, or NULL */
	const struct conflict_prefer *prefer;
	size_t nprefer;
	int quiet;		/* they were told of before */
	/* its own */
	struct atomicfile file;
	struct output out;
	struct buf read;	/* lines of the file read, a NUL behind each */
	struct buf answers;	/* of struct answer (conflicts.c) */
	struct buf said;	/* messages, a NUL behind each */
	struct hashset table;	/* their numbers, by what they answer */
	uint64_t open, settled;
};

/* the most that are told one by one */
#define CONFLICTS_TOLD 20

/* read what the user has chosen, and begin the file; 0, or -1 */
int	conflicts_open(struct conflicts *);

/*
 * What is taken, an enum pick; of PICK_VALUE *value is.  What was not told of
 * before is counted, told, and written.  -1 after a message.
 */
int	conflicts_ask(struct conflicts *, const struct conflict *,
	    struct slice *value);

/* the file is whole; 0, or -1 after a message: of open ones, too */
int	conflicts_end(struct conflicts *);
void	conflicts_close(struct conflicts *);

#endif
