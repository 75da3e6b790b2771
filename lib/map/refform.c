/* SPDX-License-Identifier: ISC */
/*
 * How a value names what it refers to.
 */
#include "map/refform.h"

#include <string.h>
#include <strings.h>

/* all of it, once */
static int
next_whole(const char *with, const char *text, size_t n, size_t *at,
    struct form_word *w)
{
	(void)with;
	(void)text;
	if (*at > 0 || n == 0)
		return 0;
	*w = (struct form_word){ 0, n, 0, n };
	*at = n;
	return 1;
}

/* what stands behind the last "/" of a path that begins with a prefix */
static int
next_tail(const char *prefix, const char *text, size_t n, size_t *at,
    struct form_word *w)
{
	size_t m = strlen(prefix);
	const char *slash = NULL;

	if (!next_whole(prefix, text, n, at, w))
		return 0;
	if (n > m && memcmp(text, prefix, m) == 0)
		slash = memrchr(text, '/', n);
	w->at = slash == NULL ? 0 : (size_t)(slash + 1 - text);
	w->n = n - w->at;
	return 1;
}

/* the next @name, up to a blank or the ":" of an alias */
static int
next_mention(const char *with, const char *text, size_t n, size_t *at,
    struct form_word *w)
{
	const char *p = text + *at, *end = text + n, *name;

	(void)with;
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
next_in_text(const char *word, const char *text, size_t n, size_t *at,
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

static const struct refform forms[] = {
	{ .word = "whole", .next = next_whole, .whole = 1, .never = "" },
	{ .word = "key", .key = 1, .lost = FORM_MEMBER, .never = "" },
	{ .word = "tail", .next = next_tail, .argument = 1, .path = 1,
	    .asked = 1, .never = "/" },
	{ .word = "mention", .next = next_mention, .inside = 1,
	    .lost = FORM_AMONG, .never = " :" },
	{ .word = "text", .next = next_in_text, .argument = 1, .inside = 1,
	    .lost = FORM_PLAIN, .asked = 1, .never = "}" },
};

const struct refform *
refform_at(size_t i)
{
	return i < sizeof(forms) / sizeof(forms[0]) ? &forms[i] : NULL;
}

const struct refform *
refform_find(const char *word)
{
	const struct refform *f;
	size_t i;

	for (i = 0; (f = refform_at(i)) != NULL; i++) {
		if (strcmp(f->word, word) == 0)
			break;
	}
	return f;
}

int
refform_fits(const struct refform *f, const char *alone, struct slice word)
{
	const char *c;

	/* without the prefix it is no path, whatever it has in it */
	if (f->path && alone != NULL && (word.n < strlen(alone) ||
	    memcmp(word.p, alone, strlen(alone)) != 0))
		return 1;
	for (c = f->never; *c != '\0'; c++) {
		if (memchr(word.p, *c, word.n) != NULL)
			return 0;
	}
	return word.n > 0 || !f->inside;
}
