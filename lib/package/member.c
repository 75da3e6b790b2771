/* SPDX-License-Identifier: ISC */
/*
 * A member of a package: what is known of it, and which names are safe.
 */
#include "package/member.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"

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

static int
is_free(const struct hash_sum *h)
{
	return h->high == 0 && h->low == 0;
}

/* the hash of n bytes; never that of a free slot */
static struct hash_sum
hash(const char *p, size_t n)
{
	struct hash_sum h = {0};

	hash_add(&h, p, n);
	if (is_free(&h))
		h.low = 1;
	return h;
}

/* the slot where a hash is, or would be */
static struct hash_sum *
slot(const struct member_part *part, struct hash_sum h)
{
	struct hash_sum *s;
	uint64_t i;

	for (i = h.low; ; i++) {
		s = &part->slots[i & part->mask];
		if (is_free(s) || (s->high == h.high && s->low == h.low))
			return s;
	}
}

static void
grow(struct member_part *part)
{
	struct member_part old = *part;
	size_t i;

	part->mask = old.slots == NULL ? 7 : old.mask * 2 + 1;
	part->slots = xcalloc(part->mask + 1, sizeof(*part->slots));
	for (i = 0; old.slots != NULL && i <= old.mask; i++) {
		if (!is_free(&old.slots[i]))
			*slot(part, old.slots[i]) = old.slots[i];
	}
	free(old.slots);
}

static int
add(struct member_set *s, struct hash_sum h)
{
	struct member_part *part = &s->parts[h.high % MEMBER_PARTS];
	struct hash_sum *p;

	if (part->slots == NULL || part->n * 4 > part->mask * 3)
		grow(part);
	if (!is_free(p = slot(part, h)))
		return 0;
	*p = h;
	part->n++;
	return 1;
}

static int
has(const struct member_set *s, struct hash_sum h)
{
	const struct member_part *part = &s->parts[h.high % MEMBER_PARTS];

	return part->slots != NULL && !is_free(slot(part, h));
}

int
member_set_add(struct member_set *s, const char *name)
{
	return add(s, hash(name, strlen(name)));
}

int
member_set_has(const struct member_set *s, const char *name)
{
	return has(s, hash(name, strlen(name)));
}

/*
 * Add the folders around the first n bytes of a name, each with its "/", from
 * the inside out: around one that is known, all are.  0 if one is a file.
 */
static int
add_folders(struct member_set *s, const char *name, size_t n)
{
	const char *slash;

	while ((slash = memrchr(name, '/', n)) != NULL) {
		n = (size_t)(slash - name);
		if (!add(s, hash(name, n + 1)))
			return 1;
		if (has(s, hash(name, n)))
			return 0;
	}
	return 1;
}

void
member_fold(struct buf *b, const char *name)
{
	size_t i = b->len;

	for (buf_adds(b, name); i < b->len; i++) {
		if (b->ptr[i] >= 'A' && b->ptr[i] <= 'Z')
			b->ptr[i] |= 0x20;
	}
}

enum member_join
member_set_join(struct member_set *s, const char *name, int folder)
{
	enum member_join join = MEMBER_NEW;
	struct buf b = {0};

	member_fold(&b, name);
	if (!folder && !add(s, hash(b.ptr, b.len)))
		join = MEMBER_TWICE;
	buf_addc(&b, '/');
	if (join == MEMBER_NEW && ((!folder && has(s, hash(b.ptr, b.len))) ||
	    !add_folders(s, b.ptr, b.len - 1)))
		join = MEMBER_FILE_AND_FOLDER;
	buf_free(&b);
	return join;
}

void
member_set_free(struct member_set *s)
{
	size_t i;

	for (i = 0; i < MEMBER_PARTS; i++)
		free(s->parts[i].slots);
	*s = (struct member_set){0};
}
