/* SPDX-License-Identifier: ISC */
/*
 * A file that is there whole or not at all.
 */
#ifndef BASE_ATOMICFILE_H
#define BASE_ATOMICFILE_H

struct diag;

/*
 * A file being written.  Until atomicfile_commit() it has no name, or, where
 * the file system knows no nameless files, a temporary one beside its own.
 */
struct atomicfile {
	struct diag *diag;
	const char *path;	/* borrowed */
	int fd;
	int force;		/* replace what has that name */
	int unsynced;		/* to be set before the commit: it need not
				   outlast a crash of the machine */
	int direct;		/* it is a device or a pipe: no name to give */
	char *target;		/* path, without links if it replaces */
	char *temporary;	/* its name until it is whole; NULL: none */
};

/*
 * Open.  With force a file of that name is replaced: through links, and with
 * its permissions kept.  0, or -1 after a message: STATUS_IO, STATUS_USAGE if
 * it exists and must not be replaced.
 */
int	atomicfile_open(struct atomicfile *, struct diag *, const char *path,
	    int force);

/*
 * Sync it (but see unsynced) and give it its name.  0 or -1; also if any error
 * was printed before: then it gets no name.
 */
int	atomicfile_commit(struct atomicfile *);

/* close it; without a commit nothing is left of it */
void	atomicfile_close(struct atomicfile *);

#endif
