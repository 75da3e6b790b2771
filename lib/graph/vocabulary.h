/* SPDX-License-Identifier: ISC */
/*
 * The words that a platform's map knows, for those who may misspell one.
 */
#ifndef GRAPH_VOCABULARY_H
#define GRAPH_VOCABULARY_H

struct buf;
struct graph;
struct map;

/* whether there is this category, or some below it */
int	vocabulary_category(const struct map *, const char *);

/* whether there is this kind */
int	vocabulary_kind(const struct map *, const char *);

/*
 * Append what to say of a category that is not known: the nearest, or all
 * those below a prefix ("": all there are).
 */
void	vocabulary_categories(const struct map *, const char *word,
	    const char *prefix, struct buf *);

/* the same for kinds, those that a stream has (graph) too */
void	vocabulary_kinds(const struct map *, const struct graph *,
	    const char *word, struct buf *);

#endif
