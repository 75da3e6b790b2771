/* SPDX-License-Identifier: ISC */
/*
 * Deflating on several threads: the bytes of streams in, deflated bytes out,
 * in the order in which they came, and the same for any number of threads.
 *
 * A stream is deflated in blocks, each of which leans on the 32 KiB before it;
 * short streams are taken together.  Two blocks more than there are threads are
 * in memory.
 */
#ifndef PACKAGE_DEFLATE_H
#define PACKAGE_DEFLATE_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

struct deflate;

/* the next part of a stream; its bytes last as long as the call */
struct deflate_part {
	int first, last;	/* of the stream */
	const char *bytes;	/* deflated */
	size_t n;
	uint64_t size;		/* bytes of the stream up to here ... */
	uint32_t crc;		/* ... and their CRC */
};

/* no more threads need be asked for */
#define DEFLATE_THREADS 256

/* what takes the parts, in the caller's thread: 0, or -1 after a message */
typedef int deflate_taker(void *arg, const struct deflate_part *);

/*
 * Open, for streams one after the other.  Level 0: the bytes stay as they
 * are.  Of threads 0 means as many as there are cores, at most 4; more than
 * 256 are not started, and where no more can be, fewer do the same.
 */
struct deflate *deflate_open(int level, unsigned threads, deflate_taker *,
	    void *arg);

/* the stream's next bytes; 0, or the -1 of what takes the parts */
int	deflate_write(struct deflate *, const char *, size_t n);

/* the stream is over; the next one begins */
int	deflate_end(struct deflate *);

/* all streams are over: every part is taken when this returns 0 */
int	deflate_finish(struct deflate *);
void	deflate_close(struct deflate *);

#endif
