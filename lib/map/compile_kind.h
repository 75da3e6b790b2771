/* SPDX-License-Identifier: ISC */
/*
 * The rows of one kind, compiled.
 */
#ifndef MAP_COMPILE_KIND_H
#define MAP_COMPILE_KIND_H

#include <stddef.h>

struct buf;
struct diag;
struct map;
struct map_kind;
struct map_ref;
struct map_row;
struct map_rows;
struct map_source;

/*
 * Compile a row ("kind NAME [task]") and the n rows below it into a zeroed
 * kind.  0, or -1 after messages; free in both cases.
 */
int	compile_kind_read(struct diag *, const struct map_rows *,
	    const struct map_row *, size_t n, struct map_kind *);

/* add n rows, which hold for every kind */
int	compile_kind_add(struct diag *, const struct map_rows *,
	    const struct map_row *, size_t n, struct map_kind *);

/* put the patterns of the kind's places into the groups it stands in */
int	compile_kind_patterns(struct diag *, struct map *,
    const struct map_kind *);

/*
 * Append the path of what "in" or "if" names, beside the value of the
 * reference or elsewhere in the component.  1; 0: it is no place, or NULL.
 */
int	compile_kind_beside(struct buf *, const struct map_ref *,
	    const struct map_source *);

void	compile_kind_free(struct map_kind *);

#endif
