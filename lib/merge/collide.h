/* SPDX-License-Identifier: ISC */
/*
 * What a merge's result cannot have both of.
 */
#ifndef MERGE_COLLIDE_H
#define MERGE_COLLIDE_H

struct fates;
struct file_moves;

/*
 * Documents, and members of objects, in which each side has something else,
 * when all components are decided: of two things at one place the one that
 * says nothing (null, "" or an empty container) makes way.  If both say
 * something, a sentence is added to d->overlaps.  0, or -1 after a message.
 */
int	collide_members(struct fates *);

/*
 * Files whose names are the same but for the case of letters, or of which one
 * is a folder of the other: told() hears of each that collides with an
 * earlier one, in words, and ends the search with -1.  0, or -1 after a
 * message.
 */
int	collide_files(const struct fates *, const struct file_moves *,
	    int (*told)(void *ctx, const char *what), void *ctx);

#endif
