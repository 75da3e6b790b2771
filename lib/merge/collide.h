/* SPDX-License-Identifier: ISC */
/*
 * Files of a merge's result of which a package can have only one: their names
 * are the same but for the case of letters, or one is a folder of the other.
 */
#ifndef MERGE_COLLIDE_H
#define MERGE_COLLIDE_H

struct decide;
struct file_moves;

/*
 * Ask of all files of the result; told() hears of each that collides with an
 * earlier one, in words, and ends the search with -1.  0, or -1 after a
 * message.
 */
int	collide(const struct decide *, const struct file_moves *,
	    int (*told)(void *ctx, const char *what), void *ctx);

#endif
