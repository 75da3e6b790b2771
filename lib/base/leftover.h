/* SPDX-License-Identifier: ISC */
/*
 * What is not whole yet, and must not be left behind: files and folders with
 * temporary names.  They are removed if the program ends without giving them
 * their place: by exit(3), as where memory ends, or by SIGHUP, SIGINT,
 * SIGPIPE or SIGTERM.
 */
#ifndef BASE_LEFTOVER_H
#define BASE_LEFTOVER_H

/* from now on those signals wait, until leftover_add() or leftover_none() */
void	leftover_begin(void);

/* a path was made; its text must last until leftover_forget() */
void	leftover_add(const char *path);

/* nothing was made; errno stays */
void	leftover_none(void);

/* it has its place now, or it is gone */
void	leftover_forget(const char *path);

/* remove a file, or a folder with all that is in it; 0, or -1 with errno */
int	leftover_remove(const char *path);

#endif
