/* SPDX-License-Identifier: ISC */
/* out: bytes out; see out.h. */
#include "out.h"

#include <err.h>
#include <string.h>

void
flush(struct app *a)
{
	if (a->file != NULL &&
	    fwrite(a->bytes, 1, a->used, a->file) != a->used)
		err(4, "%s", a->name);
	a->gone += a->used;
	a->used = 0;
}

char *
room(struct app *a, size_t n)
{
	char *p;

	if (a->used + n > sizeof a->bytes)
		flush(a);
	p = a->bytes + a->used;
	a->used += n;
	return p;
}

void
raw(struct app *a, const char *s, size_t n)
{
	memcpy(room(a, n), s, n);
}

void
str(struct app *a, const char *s)
{
	raw(a, s, strlen(s));
}

void
decimal(struct app *a, uint64_t value)
{
	char digits[20];
	size_t n = sizeof digits;

	do
		digits[--n] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	raw(a, digits + n, sizeof digits - n);
}

/* As encodeURIComponent() of JavaScript does it. */
void
encode(struct app *a, const char *s)
{
	char *p;

	for (; *s != '\0'; s++) {
		if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
		    (*s >= '0' && *s <= '9') ||
		    strchr("-_.!~*'()", *s) != NULL) {
			*room(a, 1) = *s;
			continue;
		}
		p = room(a, 3);
		p[0] = '%';
		p[1] = "0123456789ABCDEF"[(unsigned char)*s >> 4];
		p[2] = "0123456789ABCDEF"[*s & 15];
	}
}
