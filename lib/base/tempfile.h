/* SPDX-License-Identifier: ISC */
/*
 * Files that have no name: unlinked as soon as they are open, under $TMPDIR,
 * else /var/tmp (/tmp may be memory).
 */
#ifndef BASE_TEMPFILE_H
#define BASE_TEMPFILE_H

struct diag;

/* a descriptor to read and write, the caller's; -1 after a message */
int	tempfile_open(struct diag *);

/* print that something cannot be done with one, by errno; returns -1 */
int	tempfile_fail(struct diag *, const char *doing);

#endif
