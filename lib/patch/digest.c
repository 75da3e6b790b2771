/* SPDX-License-Identifier: ISC */
/*
 * What counts of a record, as a digest.
 */
#include "patch/digest.h"

#include "stream/record_edit.h"
#include "value/fingerprint.h"

void
digest_open(struct digests *d, struct diag *diag, const struct map *map)
{
	d->prints = fingerprint_open(diag, map);
}

void
digest_close(struct digests *d)
{
	fingerprint_close(d->prints);
	buf_free(&d->text);
}

/* of a file: its line without what changes with the bytes in it */
static void
digest_file(struct digests *d, const struct record *r, struct hash_sum *sum)
{
	const struct record_edit none[] = { { .field = RECORD_SIZE },
	    { .field = RECORD_MTIME }, { .field = RECORD_OP },
	    { .field = RECORD_WAS }, { .field = RECORD_FINGERPRINT },
	    { .field = RECORD_NTH }, { .field = RECORD_MOVED } };

	d->text.len = 0;
	record_edit(&d->text, r, none, sizeof(none) / sizeof(none[0]));
	hash_add(sum, d->text.ptr, d->text.len);
}

int
digest_of(struct digests *d, const struct record *r, const struct place *at,
    char text[HASH_TEXT])
{
	const struct fingerprint_ask ask = { .flags = FINGERPRINT_ALIAS |
	    FINGERPRINT_EMPTY, .place = at };
	struct hash_sum sum = {0};

	if (r->kind == RECORD_OF_FILE)
		digest_file(d, r, &sum);
	else if (r->kind != RECORD_COMPONENT)
		return 0;
	else if (fingerprint(d->prints, r, &ask, &sum) == -1)
		return -1;
	hash_text(&sum, text);
	return 1;
}
