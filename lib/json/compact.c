/* SPDX-License-Identifier: ISC */
/*
 * Small JSON texts without their white space.
 */
#include "json/compact.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "json/scan.h"

/* deeper than anybody writes */
#define DEPTH 1024

struct taking {
	struct buf *out;
	int keyed;	/* the last token was a key */
	int open;	/* nothing came yet */
};

static int
take(void *arg, const struct json_token *t)
{
	struct taking *k = arg;

	if (t->type != JSON_END && !t->first && !k->keyed && !k->open)
		buf_addc(k->out, ',');
	k->open = 0;
	buf_add(k->out, t->raw, t->len);
	k->keyed = t->type == JSON_KEY;
	if (k->keyed)
		buf_addc(k->out, ':');
	return 0;
}

int
compact(struct buf *out, const char *text, size_t n, struct text_error *e)
{
	static const struct scan_options options = { DEPTH, SIZE_MAX };
	struct taking k = { .out = out, .open = 1 };
	struct scan *json;
	int rc;

	json = scan_open(&options, take);
	scan_reset(json, &k);
	if ((rc = scan_feed(json, text, n)) == 0)
		rc = scan_finish(json);
	if (rc == -1) {
		e->what = scan_error(json)->what;
		e->at = (size_t)scan_error(json)->offset;
	}
	scan_close(json);
	return rc;
}
