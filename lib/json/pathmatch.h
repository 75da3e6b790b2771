/* SPDX-License-Identifier: ISC */
/*
 * Many path patterns matched at once, a step at a time.
 *
 * A pattern is steps joined by "/": a literal key, "*" (any key), "-" (any
 * element of an array), "**" (any steps, or none).  The patterns together are
 * an automaton; the walker of a document carries a state for each open
 * container and asks for the next at each key or element.  States are made
 * when first met, so a document pays for the paths it has.
 */
#ifndef JSON_PATHMATCH_H
#define JSON_PATHMATCH_H

#include <stddef.h>

struct pathmatch;

/* what is known at a place of the document: for reading, of the states given */
struct pathmatch_state {
	int *hits;		/* of the patterns that end here, ascending */
	size_t nhits;
	int splits[2];		/* a member pattern is one step below: of an
				   object, of an array */
	int over;		/* no pattern reaches further */
};

struct pathmatch *pathmatch_open(void);
void	pathmatch_close(struct pathmatch *);

/*
 * Add a pattern, given without a leading "/"; "" is the root itself.  Its hit
 * is the caller's number.  member: the container around what it matches is to
 * be found by the states' splits.  States that were given before are gone.
 */
void	pathmatch_add(struct pathmatch *, const char *pattern, int hit,
    int member);

/*
 * Make the states that a document may need now, so that processes which are
 * forked share them; those behind so many are made when they are met.
 */
void	pathmatch_prepare(struct pathmatch *, size_t most);

/* the state at the root, and after a step from another state */
const struct pathmatch_state *pathmatch_root(struct pathmatch *);
const struct pathmatch_state *pathmatch_key(struct pathmatch *,
	    const struct pathmatch_state *, const char *key, size_t n);
const struct pathmatch_state *pathmatch_element(struct pathmatch *,
	    const struct pathmatch_state *);

#endif
