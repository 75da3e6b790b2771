/* SPDX-License-Identifier: ISC */
/*
 * A line that shows how far a run is, or what it waits for, where someone is
 * looking.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>	/* sizes pass 4 GiB */

struct diag;

/* zeroed: not asked yet whether someone looks */
struct progress {
	int state;		/* 0: unknown; 1: looked at; -1: not */
	int shown;
	int64_t started, next;	/* milliseconds of a clock that only rises */
};

/*
 * So many bytes of total (0: unknown) are done, and so many records.  Costs
 * nothing unless stderr is a terminal.
 */
void	progress(struct progress *, const struct diag *, uint64_t bytes,
	    uint64_t total, uint64_t records);

/* take the line away */
void	progress_end(struct progress *);

/*
 * Unless quiet, where standard input is a terminal: say what (in words) is
 * read from it, as nothing else shows that.
 */
void	progress_wait(const struct diag *, const char *what);

#endif
