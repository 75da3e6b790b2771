/* SPDX-License-Identifier: ISC */
/*
 * What a map's sources take from the values and keys that they meet.
 */
#include "capture.h"

#include <string.h>
#include <strings.h>

#include "map.h"
#include "quote.h"

void
capture_text(struct captures *s, const struct map_source *source,
    uint64_t object, const char *raw, size_t n)
{
	struct capture c = { .source = source, .object = object,
	    .at = s->texts.len };

	quote_canon(&s->texts, raw, n);
	c.n = s->texts.len - c.at;
	buf_add(&s->list, &c, sizeof(c));
}

/* what stands behind the last "/" of a path that begins as its text says */
static void
capture_tail(struct captures *s, const struct map_source *source,
    uint64_t object, const char *raw, size_t n)
{
	const char *slash = NULL;
	size_t prefix = strlen(source->text);

	if (n > prefix && memcmp(raw, source->text, prefix) == 0)
		slash = memrchr(raw, '/', n);
	if (slash != NULL)
		capture_text(s, source, object, slash + 1,
		    (size_t)(raw + n - slash) - 1);
	else
		capture_text(s, source, object, raw, n);
}

/* each @name of a text, up to a blank or the ":" of an alias */
static void
capture_mention(struct captures *s, const struct map_source *source,
    uint64_t object, const char *raw, size_t n)
{
	const char *p = raw, *end = raw + n, *name;

	while ((p = memchr(p, '@', (size_t)(end - p))) != NULL) {
		name = ++p;
		while (p < end && *p != ' ' && *p != ':')
			p += *p == '\\' && p + 1 < end ? 2 : 1;
		if (p > name && (name - 1 == raw || name[-2] == ' '))
			capture_text(s, source, object, name,
			    (size_t)(p - name));
	}
}

/* each ${WORD:name} of a text; the word's case does not count */
static void
capture_words(struct captures *s, const struct map_source *source,
    uint64_t object, const char *raw, size_t n)
{
	const char *p = raw, *end = raw + n, *close;
	size_t word = strlen(source->text);

	while ((p = memmem(p, (size_t)(end - p), "${", 2)) != NULL) {
		p += 2;
		if ((size_t)(end - p) <= word || p[word] != ':' ||
		    strncasecmp(p, source->text, word) != 0)
			continue;
		p += word + 1;
		if ((close = memchr(p, '}', (size_t)(end - p))) == NULL)
			return;
		capture_text(s, source, object, p, (size_t)(close - p));
		p = close;
	}
}

/* keep what a source wants of a scalar; null and "" say nothing */
void
capture_scalar(struct captures *s, const struct map_source *source,
    uint64_t object, const char *raw, size_t n)
{
	if (*raw == '"') {
		raw++;
		n -= 2;
	} else if (*raw == 'n') {
		return;
	}
	if (n == 0)
		return;
	if (source->form != FORM_WHOLE && memchr(raw, '\\', n) != NULL) {
		s->spelled.len = 0;
		quote_canon(&s->spelled, raw, n);
		raw = s->spelled.ptr;
		n = s->spelled.len;
	}
	switch (source->form) {
	case FORM_WHOLE:
		capture_text(s, source, object, raw, n);
		break;
	case FORM_TAIL:
		capture_tail(s, source, object, raw, n);
		break;
	case FORM_MENTION:
		capture_mention(s, source, object, raw, n);
		break;
	case FORM_TEXT:
		capture_words(s, source, object, raw, n);
		break;
	case FORM_KEY:
		break;
	}
}

void
captures_free(struct captures *s)
{
	buf_free(&s->list);
	buf_free(&s->texts);
	buf_free(&s->spelled);
}
