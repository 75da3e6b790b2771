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
	static const struct json_options options = { DEPTH, SIZE_MAX };
	struct taking k = { .out = out, .open = 1 };
	struct json *json;
	int rc;

	json = json_open(&options, take);
	json_reset(json, &k);
	if ((rc = json_feed(json, text, n)) == 0)
		rc = json_finish(json);
	if (rc == -1) {
		e->what = json_error(json)->what;
		e->at = (size_t)json_error(json)->offset;
	}
	json_close(json);
	return rc;
}
