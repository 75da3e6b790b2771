/* SPDX-License-Identifier: ISC */
/*
 * digest [SEED]: the sum of a stream's lines: of known bytes, in any order,
 * with its carry, and of bytes that come in pieces.
 */
#include "base/hash.h"

#include <stdlib.h>

#include "check.h"

#define LINES 200

static void
check_sum(const char *what, const struct hash_sum *sum, const char *want)
{
	char text[HASH_TEXT];

	hash_text(sum, text);
	CHECK_TEXT(what, text, strlen(text), want);
}

/* XXH3-128 of bytes, as xxhsum -H2 prints it */
static void
check_vectors(void)
{
	static const char *const rows[][2] = {
		{ "", "99aa06d3014798d86001c324468d497f" },
		{ "a", "a96faf705af16834e6c632b61e964e1f" },
		{ "abc", "06b05ab6733a618578af5f94892f3950" },
	};
	struct hash_sum sum;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sum = (struct hash_sum){0};
		hash_add(&sum, rows[i][0], strlen(rows[i][0]));
		check_sum(rows[i][0], &sum, rows[i][1]);
	}
	sum = (struct hash_sum){0};
	check_sum("of nothing", &sum, "00000000000000000000000000000000");
}

/* the sum of two halves that overflow, against arithmetic of 128 bits */
static void
check_carry(struct dice *d)
{
	struct hash_sum sum, one;
	unsigned __int128 want;
	char c;
	int i;

	for (i = 0; i < 1000; i++) {
		c = (char)i;
		one = (struct hash_sum){0};
		hash_add(&one, &c, 1);
		sum = (struct hash_sum){ dice_bits(d), dice_bits(d) };
		if (i % 4 == 0)
			sum = (struct hash_sum){ UINT64_MAX, UINT64_MAX };
		want = ((unsigned __int128)sum.high << 64 | sum.low) +
		    ((unsigned __int128)one.high << 64 | one.low);
		hash_add(&sum, &c, 1);
		CHECK(sum.high == (uint64_t)(want >> 64));
		CHECK(sum.low == (uint64_t)want);
	}
}

/* lines forwards, backwards, and each in pieces: one sum */
static void
check_lines(struct dice *d)
{
	struct hash_sum forth = {0}, back = {0}, pieces = {0};
	struct hash *digest = hash_open();
	struct buf line[LINES] = {0};
	size_t i, at, n;

	for (i = 0; i < LINES; i++) {
		for (n = dice_roll(d, i % 10 == 0 ? 5000 : 300); n > 0; n--)
			buf_addc(&line[i], (char)dice_bits(d));
		buf_str(&line[i]);
		hash_add(&forth, line[i].ptr, line[i].len);
		for (at = 0; at < line[i].len; at += n) {
			n = 1 + dice_roll(d, line[i].len - at);
			hash_piece(digest, line[i].ptr + at, n);
		}
		hash_add_pieces(&pieces, digest);
	}
	for (i = LINES; i-- > 0; )
		hash_add(&back, line[i].ptr, line[i].len);
	CHECK(forth.high == back.high && forth.low == back.low);
	CHECK(forth.high == pieces.high && forth.low == pieces.low);
	line[0].ptr[0] ^= 1;
	back = (struct hash_sum){0};
	for (i = 0; i < LINES; i++) {
		hash_add(&back, line[i].ptr, line[i].len);
		buf_free(&line[i]);
	}
	CHECK(forth.high != back.high || forth.low != back.low);
	hash_close(digest);
	hash_close(NULL);
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };

	check_vectors();
	check_carry(&d);
	check_lines(&d);
	return check_done();
}
