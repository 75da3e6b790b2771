/* SPDX-License-Identifier: ISC */
/*
 * SHA-256 of a file (FIPS 180-4).
 */
#include "base/sha256.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fd.h"

/* bytes of a block, and what is read at once: many of them */
#define BLOCK 64
#define ROOM ((size_t)1 << 17)

static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t
turn(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

/* the message schedule of a block */
static void
spread(uint32_t w[64], const unsigned char *p)
{
	unsigned i;

	for (i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	for (; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		    (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^
		    w[i - 15] >> 3) +
		    (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^
		    w[i - 2] >> 10);
}

static void
add_block(uint32_t sum[8], const unsigned char *p)
{
	uint32_t w[64], s[8], a, b;
	unsigned i;

	spread(w, p);
	memcpy(s, sum, sizeof(s));
	for (i = 0; i < 64; i++) {
		a = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
		    ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + w[i];
		b = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
		    ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += a;
		s[0] = a + b;
	}
	for (i = 0; i < 8; i++)
		sum[i] += s[i];
}

/* what is left of the bytes, and how many bits there were */
static void
add_end(uint32_t sum[8], const unsigned char *p, size_t n, uint64_t bytes)
{
	unsigned char end[2 * BLOCK] = {0};
	size_t size = n < BLOCK - 8 ? BLOCK : 2 * BLOCK, i;

	memcpy(end, p, n);
	end[n] = 0x80;
	for (i = 0; i < 8; i++)
		end[size - 1 - i] = (unsigned char)(bytes * 8 >> 8 * i);
	for (i = 0; i < size; i += BLOCK)
		add_block(sum, end + i);
}

int
sha256_file(int fd, char text[SHA256_TEXT])
{
	uint32_t sum[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	unsigned char *room = xmalloc(ROOM);
	uint64_t bytes = 0;
	size_t i;
	long n;

	while ((n = fd_read_all(fd, room, ROOM)) == (long)ROOM) {
		for (i = 0; i < ROOM; i += BLOCK)
			add_block(sum, room + i);
		bytes += ROOM;
	}
	for (i = 0; n != -1 && i + BLOCK <= (size_t)n; i += BLOCK)
		add_block(sum, room + i);
	if (n != -1)
		add_end(sum, room + i, (size_t)n - i, bytes + (uint64_t)n);
	free(room);
	for (i = 0; i < 8; i++)
		snprintf(text + 8 * i, SHA256_TEXT - 8 * i, "%08x", sum[i]);
	return n == -1 ? -1 : 0;
}
