/* SPDX-License-Identifier: ISC */
/*
 * Merges that would make a package of a mistake: refused unless allowed.
 */
#ifndef MERGE_GUARD_H
#define MERGE_GUARD_H

struct fates;

/* who hears of each, and its kind, see diag_warn_of(); allowed: the user has
   said so.  0 or -1 */
typedef int guard_tell(void *ctx, const char *kind, int allowed,
    const char *what);

/*
 * Look at the tasks of a merge that is decided: whether none is left, and
 * whether a full import puts another agent in the target's place.  allow is a
 * set of enum allow.  0, or -1 after a message or if it is told so.
 */
int	guard_tasks(const struct fates *, unsigned allow, guard_tell *,
	    void *ctx);

/*
 * Look for what the map requires, such as the flow that an agent starts with,
 * and a merge takes away; the same otherwise.
 */
int	guard_required(const struct fates *, guard_tell *, void *ctx);

/*
 * Tell how much of the source, and of which kinds, is not imported because
 * something else is not, and how much is, though it refers to what is not;
 * what tell says.
 */
int	guard_losses(const struct fates *, guard_tell *, void *ctx);

/*
 * Look for records of a language that the result does not list, and in a full
 * import for languages that it lists and of which no record is left; what the
 * target had so is let pass.  A language of the target that goes altogether is
 * told as if it were allowed.
 */
int	guard_languages(const struct fates *, unsigned allow, guard_tell *,
	    void *ctx);

#endif
