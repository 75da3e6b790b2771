/* SPDX-License-Identifier: ISC */
/*
 * Deflate and the CRC-32 of zips; the only file that knows zlib.
 */
#include "package/flate.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"

/* a stream of RFC 1951 without anything around it, as zips have it */
#define RAW (-MAX_WBITS)

/* as much as zlib takes unless told otherwise */
#define MEMORY 8

/*
 * The usual level, and what it does that zlib's does not: after a match of
 * GOOD bytes it looks for a longer one less hard, and among CHAIN candidates
 * at most.  JSON becomes a hundredth larger than with zlib's 8 and 128, in
 * five sixths of the time.
 */
#define USUAL 6
#define GOOD 4
#define LAZY 16
#define NICE 128
#define CHAIN 64

struct flate_writer {
	z_stream z;
	int level;
};

uint32_t
flate_crc_join(uint32_t first, uint32_t second, size_t n)
{
	return (uint32_t)crc32_combine(first, second, (z_off_t)n);
}

struct flate_writer *
flate_writer_open(int level)
{
	struct flate_writer *w = xcalloc(1, sizeof(*w));

	w->level = level;
	if (deflateInit2(&w->z, level, Z_DEFLATED, RAW, MEMORY,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		memory_fail();
	return w;
}

void
flate_writer_close(struct flate_writer *w)
{
	if (w == NULL)
		return;
	deflateEnd(&w->z);
	free(w);
}

/* ready for a block, which goes on behind dict bytes at p; 0 or -1 */
static int
begin(struct flate_writer *w, const Bytef *p, size_t dict)
{
	if (deflateReset(&w->z) != Z_OK || (w->level == USUAL &&
	    deflateTune(&w->z, GOOD, LAZY, NICE, CHAIN) != Z_OK))
		return -1;
	return dict > 0 && deflateSetDictionary(&w->z, p, (uInt)dict) != Z_OK ?
	    -1 : 0;
}

size_t
flate_writer_block(struct flate_writer *w, const char *p, size_t n,
    size_t dict, int last, char *to)
{
	const Bytef *in = (const Bytef *)p;
	int got;

	if (begin(w, in - dict, dict) == -1)
		return 0;
	w->z.next_in = (z_const Bytef *)in;
	w->z.avail_in = (uInt)n;
	w->z.next_out = (Bytef *)to;
	w->z.avail_out = (uInt)FLATE_ROOM(n);
	/* what is not the end stops where a byte does, with an empty block */
	got = deflate(&w->z, last ? Z_FINISH : Z_SYNC_FLUSH);
	return got == (last ? Z_STREAM_END : Z_OK) && w->z.avail_in == 0 &&
	    w->z.avail_out > 0 ? FLATE_ROOM(n) - w->z.avail_out : 0;
}

#ifndef HAVE_ISAL

struct flate_reader {
	z_stream z;
};

uint32_t
flate_crc(uint32_t crc, const void *p, size_t n)
{
	return (uint32_t)crc32_z(crc, p, n);
}

struct flate_reader *
flate_reader_open(void)
{
	struct flate_reader *r = xcalloc(1, sizeof(*r));

	if (inflateInit2(&r->z, RAW) != Z_OK)
		memory_fail();
	return r;
}

void
flate_reader_close(struct flate_reader *r)
{
	if (r == NULL)
		return;
	inflateEnd(&r->z);
	free(r);
}

void
flate_reader_begin(struct flate_reader *r)
{
	inflateReset(&r->z);
}

int
flate_reader_more(struct flate_reader *r, struct flate_span *s)
{
	int got;

	r->z.next_in = (z_const Bytef *)(const Bytef *)s->in;
	r->z.avail_in = (uInt)s->nin;
	r->z.next_out = (Bytef *)s->out;
	r->z.avail_out = (uInt)s->nout;
	got = inflate(&r->z, Z_NO_FLUSH);
	if (got == Z_MEM_ERROR)
		memory_fail();
	*s = (struct flate_span){ (const char *)r->z.next_in, r->z.avail_in,
	    (char *)r->z.next_out, r->z.avail_out };
	/* Z_BUF_ERROR: nothing could be done, yet nothing is wrong */
	return got == Z_STREAM_END ? 0 :
	    got == Z_OK || got == Z_BUF_ERROR ? 1 : -1;
}

uint64_t
flate_reader_taken(const struct flate_reader *r)
{
	return r->z.total_in;
}

#endif
