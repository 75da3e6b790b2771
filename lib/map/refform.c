/* SPDX-License-Identifier: ISC */
/*
 * How a value names what it refers to: the words in it.
 */
#include "map/refform.h"

#include <string.h>
#include <strings.h>

/* what stands behind the last "/" of a path that begins with a prefix */
static void
find_tail(const char *prefix, const char *text, size_t n, struct form_word *w)
{
	size_t m = strlen(prefix);
	const char *slash = NULL;

	if (n > m && memcmp(text, prefix, m) == 0)
		slash = memrchr(text, '/', n);
	w->at = slash == NULL ? 0 : (size_t)(slash + 1 - text);
}

/* the next @name, up to a blank or the ":" of an alias */
static int
find_mention(const char *text, size_t n, size_t *at, struct form_word *w)
{
	const char *p = text + *at, *end = text + n, *name;

	while ((p = memchr(p, '@', (size_t)(end - p))) != NULL) {
		name = ++p;
		while (p < end && *p != ' ' && *p != ':')
			p += *p == '\\' && p + 1 < end ? 2 : 1;
		if (p == name || (name - 1 != text && name[-2] != ' '))
			continue;
		w->at = (size_t)(name - text);
		w->n = (size_t)(p - name);
		w->from = w->at - 1;
		*at = w->to = w->at + w->n;
		return 1;
	}
	return 0;
}

/* the next ${WORD:name}; the word's case does not count */
static int
find_text(const char *word, const char *text, size_t n, size_t *at,
    struct form_word *w)
{
	const char *p = text + *at, *end = text + n, *close;
	size_t m = strlen(word);

	while ((p = memmem(p, (size_t)(end - p), "${", 2)) != NULL) {
		w->from = (size_t)(p - text);
		p += 2;
		if ((size_t)(end - p) <= m || p[m] != ':' ||
		    strncasecmp(p, word, m) != 0)
			continue;
		p += m + 1;
		if ((close = memchr(p, '}', (size_t)(end - p))) == NULL)
			return 0;
		w->at = (size_t)(p - text);
		w->n = (size_t)(close - p);
		w->to = (size_t)(close + 1 - text);
		*at = (size_t)(close - text);
		return 1;
	}
	return 0;
}

int
refform_next(enum map_form form, const char *with, const char *text, size_t n,
    size_t *at, struct form_word *w)
{
	if (form == FORM_MENTION)
		return find_mention(text, n, at, w);
	if (form == FORM_TEXT)
		return find_text(with, text, n, at, w);
	if (*at > 0 || n == 0 || form == FORM_KEY)
		return 0;
	*w = (struct form_word){ 0, n, 0, n };
	if (form == FORM_TAIL)
		find_tail(with, text, n, w);
	w->n = n - w->at;
	*at = n;
	return 1;
}
