/* SPDX-License-Identifier: ISC */
/*
 * A stream that is read twice: first every record, then lines by their place.
 *
 * A file is read where it is.  What comes through a pipe, and what --edited
 * brings back into canonical form, is put aside in an unlinked file.
 */
#ifndef STREAM_TWOPASS_H
#define STREAM_TWOPASS_H

#include <stddef.h>
#include <stdint.h>	/* offsets pass 4 GiB */

#include "base/buf.h"	/* the window inside */
#include "base/hash.h"	/* the sum */
#include "base/progress.h"	/* how far it is */
#include "stream/record.h"	/* the first line */
#include "stream/stream.h"	/* the stream inside */

struct diag;

/* how the kernel copies from the input to the output: the first that works */
enum twopass_way {
	TWOPASS_RANGE,		/* file to file, by copy_file_range(2) */
	TWOPASS_SEND,		/* by sendfile(2) */
	TWOPASS_WRITE		/* not at all: they are read and written */
};

struct twopass {
	struct stream_in in;
	int fd;			/* what is read again ... */
	int spooled;		/* ... is a copy ... */
	int little;		/* ... in memory so far ... */
	struct output copy;	/* ... that this writes */
	uint64_t size;		/* bytes of the input, where it is a file */
	uint64_t base;		/* where the stream begins in fd */
	int64_t changed[2];	/* when the file was written last: s, ns */
	struct buf head;	/* the first line, without its newline */
	struct record first;	/* ... taken apart */
	struct progress shown;
	struct hash_sum sum;	/* of the lines, after the first pass */
	enum twopass_way way;	/* of long runs, to the one output there is */
	struct buf window;	/* a part of fd, from window_at on */
	uint64_t window_at;
};

/*
 * Begin with a file (NULL: standard input), as stream_open(), and read its
 * first line; the struct stays where it is.  0, or -1 after a message;
 * twopass_close() in any case.
 */
int	twopass_open(struct twopass *, struct diag *, const char *file,
	    const struct input_options *);

/*
 * The first pass: as stream_read(), behind the first line; *at is where the
 * record's line begins, for the second, and in the end where the @end would
 * be.  Who looks at a terminal is shown how far it is.
 */
int	twopass_read(struct twopass *, struct record *, uint64_t *at);

/*
 * Whether two streams are of one platform and (editions) edition.  0, or -1
 * after a message that calls them by these names, and how many are expected
 * to be: "two".
 */
int	twopass_akin(const struct twopass *, const char *name,
	    const struct twopass *other, const char *its, int editions,
	    const char *expected);

/*
 * The second pass, after the first has returned 0: n bytes from at on, which
 * last until the next call.  NULL after a message.
 */
const char *twopass_bytes(struct twopass *, uint64_t at, size_t n);

/* the same bytes, any number of them, to out; 0 or -1 */
int	twopass_copy(struct twopass *, uint64_t at, uint64_t n,
    struct output *out);

/* whether the file is still the one that the first pass read; 0 or -1 */
int	twopass_same(struct twopass *);
void	twopass_close(struct twopass *);

#endif
