/* SPDX-License-Identifier: ISC */
/*
 * Inflating and the CRC-32 of zips; the only file that knows ISA-L, and empty
 * where the build found none.
 */
#include "package/flate.h"

#ifdef HAVE_ISAL

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "base/buf.h"

struct flate_reader {
	struct inflate_state z;
	uint64_t taken;		/* also what it holds of a byte */
};

#ifdef __x86_64__

/*
 * ISA-L leaves the upper halves of the vector registers as its AVX code filled
 * them; SSE code behind it, as in zlib, then takes up to four times as long
 * (Intel 64 and IA-32 optimization manual, "Mixing AVX code with SSE code").
 */
__attribute__((target("avx"))) static void
clear_upper(void)
{
	_mm256_zeroupper();
}

#endif

/* leave the processor as other code expects it */
static void
leave(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx"))
		clear_upper();
#endif
}

uint32_t
flate_crc(uint32_t crc, const void *p, size_t n)
{
	crc = crc32_gzip_refl(crc, p, n);
	leave();
	return crc;
}

struct flate_reader *
flate_reader_open(void)
{
	struct flate_reader *r = xmalloc(sizeof(*r));

	isal_inflate_init(&r->z);
	r->z.crc_flag = ISAL_DEFLATE;
	r->taken = 0;
	return r;
}

void
flate_reader_close(struct flate_reader *r)
{
	free(r);
}

void
flate_reader_begin(struct flate_reader *r)
{
	isal_inflate_reset(&r->z);
	r->taken = 0;
}

int
flate_reader_more(struct flate_reader *r, struct flate_span *s)
{
	int got;

	r->z.next_in = (uint8_t *)(uintptr_t)s->in;
	r->z.avail_in = (uint32_t)s->nin;
	r->z.next_out = (uint8_t *)s->out;
	r->z.avail_out = (uint32_t)s->nout;
	got = isal_inflate(&r->z);
	leave();
	r->taken += s->nin - r->z.avail_in;
	*s = (struct flate_span){ (const char *)r->z.next_in, r->z.avail_in,
	    (char *)r->z.next_out, r->z.avail_out };
	if (got < 0)
		return -1;
	return r->z.block_state == ISAL_BLOCK_FINISH ? 0 : 1;
}

uint64_t
flate_reader_taken(const struct flate_reader *r)
{
	return r->taken - (r->z.read_in_length > 0 ?
	    (uint64_t)r->z.read_in_length / 8 : 0);
}

#endif
