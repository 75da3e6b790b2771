/* SPDX-License-Identifier: ISC */
/*
 * The inside of a JSON string too long to be held: checked piece by piece.
 */
#include "json/longstring.h"

#include <string.h>

/* take the byte c of an escape; whether it may stand there */
static int
escape(struct longstring *s, char c)
{
	if (s->escape == 1) {
		s->escape = c == 'u' ? 2 : 0;
		return c != '\0' && strchr("\"\\/bfnrtu", c) != NULL;
	}
	s->escape = s->escape == 5 ? 0 : s->escape + 1;
	return c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
}

size_t
longstring_scan(struct longstring *s, const char *p, size_t n,
    const char **wrong)
{
	size_t i;

	*wrong = NULL;
	for (i = 0; i < n; i++) {
		if (s->escape != 0) {
			if (!escape(s, p[i])) {
				*wrong = "found a malformed escape";
				break;
			}
		} else if (p[i] == '"') {
			break;
		} else if (p[i] == '\\') {
			s->escape = 1;
		} else if ((unsigned char)p[i] < 0x20) {
			*wrong = "found a bare control character in a string; "
			    "expected an escape";
			break;
		}
	}
	return i;
}
