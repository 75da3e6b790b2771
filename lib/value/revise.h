/* SPDX-License-Identifier: ISC */
/*
 * Where one component's value is edited: what repair.h, rewrite.h and prune.h
 * work on, one component after the other.
 */
#ifndef VALUE_REVISE_H
#define VALUE_REVISE_H

struct diag;
struct map;
struct reviser;

/* diag and map are borrowed */
struct reviser *revise_open(struct diag *, const struct map *);
void	revise_close(struct reviser *);

#endif
