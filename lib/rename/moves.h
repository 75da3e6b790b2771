/* SPDX-License-Identifier: ISC */
/*
 * Files and folders that are called after what is renamed.
 *
 * A component that is a file of its own, and should say the same as a star of
 * its path (the map's "same" rows), takes that step of the path along: the
 * last one is the file's name, another is a folder with all that is in it.
 */
#ifndef RENAME_MOVES_H
#define RENAME_MOVES_H

#include <stdint.h>	/* numbers of records */

#include "base/buf.h"	/* the lists inside */
#include "base/hashset.h"	/* and tables */
#include "base/slice.h"	/* names */

struct map;
struct map_kind;

/* zeroed but for map */
struct moves {
	const struct map *map;
	struct buf folders;	/* of struct moved_folder (moves.c) */
	struct buf files;	/* of struct moved_file */
	struct buf texts;
	struct hashset folder_table, file_table;	/* their numbers */
};

/* what a file system takes as a step of a path */
#define MOVES_STEP 255

/*
 * Whether the path of a component's own file has a step that is called as it
 * is, and moves with it: then it is noted, and files below the folder move,
 * too.  file is the number of the file's record; all texts are plain, not
 * JSON.  NULL, or why the new name cannot be one of a file.
 */
const char *moves_add(struct moves *, const struct map_kind *, uint32_t file,
	    const char *path, struct slice old, struct slice new);

/* append the path that a file has now; whether it is another */
int	moves_path(const struct moves *, uint32_t file, const char *path,
	    struct buf *);
void	moves_free(struct moves *);

#endif
