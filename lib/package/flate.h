/* SPDX-License-Identifier: ISC */
/*
 * Deflate (RFC 1951) and the CRC-32 of zips, as the libraries do them: zlib,
 * and for reading ISA-L where the build found it, which is twice as fast.
 */
#ifndef PACKAGE_FLATE_H
#define PACKAGE_FLATE_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

struct flate_reader;
struct flate_writer;

/* the CRC of bytes behind others, whose CRC is crc (of none: 0) */
uint32_t flate_crc(uint32_t crc, const void *, size_t n);

/* the CRC of two runs of bytes by those of each; the second one's length */
uint32_t flate_crc_join(uint32_t, uint32_t second, size_t n);

/* for streams to be inflated one after the other */
struct flate_reader *flate_reader_open(void);
void	flate_reader_close(struct flate_reader *);

/* the next call is the first of a stream */
void	flate_reader_begin(struct flate_reader *);

/* bytes of the stream to be read, and room for what it inflates to */
struct flate_span {
	const char *in;
	size_t nin;
	char *out;
	size_t nout;
};

/*
 * Inflate as much as there is or as has room: moves all four.  1: the stream
 * is not over; 0: it is; -1: it is none.
 */
int	flate_reader_more(struct flate_reader *, struct flate_span *);

/* bytes that were read of the stream: once it is over, its length */
uint64_t flate_reader_taken(const struct flate_reader *);

/* for blocks to be deflated at a level from 1 to 9 */
struct flate_writer *flate_writer_open(int level);
void	flate_writer_close(struct flate_writer *);

/* room that n bytes need in any case */
#define FLATE_ROOM(n) ((n) + (n) / 64 + 256)

/*
 * Deflate n bytes, before which dict bytes of the same stream stand in memory
 * (at most 32 KiB count): behind the blocks before it the result is the
 * stream, and last ends it.  How many bytes it has, of FLATE_ROOM(n); 0: it
 * failed.
 */
size_t	flate_writer_block(struct flate_writer *, const char *, size_t n,
	    size_t dict, int last, char *to);

#endif
