/* SPDX-License-Identifier: ISC */
/*
 * How a package was exported, derived from its components: their own status
 * is that of what is trained and published as a whole (languages' settings,
 * traits), and in development they name their published twins.
 *
 * Source: measured on 246 Kore exports, of which none is mixed; all four
 * that are known to be published exports show it.
 */
#ifndef SELECT_EXPORT_MODE_H
#define SELECT_EXPORT_MODE_H

#include <stdint.h>	/* counts */

#include "base/buf.h"	/* the name inside */
#include "graph/kindtable.h"	/* flags of kinds */

enum export_mode {
	EXPORT_UNKNOWN,		/* nothing shows it, or both are shown */
	EXPORT_PUBLISHED,	/* all tasks are published */
	EXPORT_NEVER,		/* in development, never published */
	EXPORT_DEVELOPMENT	/* in development, of a published agent */
};

/* what was met so far; zeroed but for map */
struct export_modes {
	const struct map *map;
	uint64_t published, others;	/* components that show it */
	int twins;			/* some name a published twin ... */
	struct buf twin;		/* ... by this member of their value */
};

/* a component of a kind with these flags (kindtable.h) */
void	export_mode_add(struct export_modes *, const struct record *,
    unsigned flags);

enum export_mode export_mode_of(const struct export_modes *);

void	export_mode_free(struct export_modes *);

/* the mode in words: "it was exported ..." */
const char *export_mode_words(enum export_mode);

#endif
