/* SPDX-License-Identifier: ISC */
/*
 * A member of a package: what is known of it, and which names are safe.
 */
#include "member.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "digest.h"
#include "utf8.h"

/* names longer than any file system's paths */
#define NAME_MAX_LEN 65535

const char *
member_unsafe(const char *name)
{
	struct utf8 u = {0};
	const char *p;
	size_t n = strlen(name), step;

	if (n == 0)
		return "the name is empty";
	if (n > NAME_MAX_LEN)
		return "the name is longer than 65,535 bytes";
	if (utf8_check(&u, name, n) < n || u.left > 0)
		return "the name is not UTF-8";
	if (*name == '/')
		return "the name is an absolute path";
	for (p = name; *p != '\0'; p++) {
		if (*p == '\\')
			return "the name has a backslash";
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return "the name has a control character";
	}
	for (p = name; ; p += step + 1) {
		step = strcspn(p, "/");
		if (step == 0)
			return "the name has an empty step";
		if (strncmp(p, "..", step) == 0 && step <= 2)
			return "the name has a step \".\" or \"..\"";
		if (p[step] == '\0')
			return NULL;
	}
}

static uint64_t
hash(const char *name)
{
	struct buf b = {0};
	uint64_t h;
	size_t i;

	buf_adds(&b, name);
	for (i = 0; i < b.len; i++) {
		if (b.ptr[i] >= 'A' && b.ptr[i] <= 'Z')
			b.ptr[i] |= 0x20;
	}
	h = digest_hash(b.ptr, b.len);
	buf_free(&b);
	return h;
}

/* the slot where the name is, or would be */
static char **
slot(const struct member_set *s, const char *name)
{
	uint64_t h;

	for (h = hash(name); ; h++) {
		if (s->slots[h & s->mask] == NULL ||
		    strcasecmp(s->slots[h & s->mask], name) == 0)
			return &s->slots[h & s->mask];
	}
}

static void
grow(struct member_set *s)
{
	struct member_set old = *s;
	size_t i;

	s->mask = old.slots == NULL ? 63 : old.mask * 2 + 1;
	s->slots = xcalloc(s->mask + 1, sizeof(*s->slots));
	for (i = 0; old.slots != NULL && i <= old.mask; i++) {
		if (old.slots[i] != NULL)
			*slot(s, old.slots[i]) = old.slots[i];
	}
	free(old.slots);
}

int
member_set_add(struct member_set *s, const char *name)
{
	char **p;

	if (s->slots == NULL || s->n * 2 > s->mask)
		grow(s);
	if (*(p = slot(s, name)) != NULL)
		return 0;
	*p = xstrdup(name);
	s->n++;
	return 1;
}

int
member_set_has(const struct member_set *s, const char *name)
{
	char **p;

	if (s->slots == NULL)
		return 0;
	p = slot(s, name);
	return *p != NULL && strcmp(*p, name) == 0;
}

void
member_set_free(struct member_set *s)
{
	size_t i;

	for (i = 0; s->slots != NULL && i <= s->mask; i++)
		free(s->slots[i]);
	free(s->slots);
	*s = (struct member_set){0};
}
