/* SPDX-License-Identifier: ISC */
/*
 * What a package is of, found out by reading it as far as need be.
 */
#include "recognize.h"

#include <string.h>

#include "diag.h"
#include "map.h"
#include "maps.h"
#include "package.h"

static int
fail(struct recognized *r, const char *what)
{
	struct place at = { .input = package_input(r->package),
	    .offset = DIAG_NOWHERE };

	return diag_fail(r->diag, STATUS_INPUT, &at, "%s", what);
}

/*
 * Nothing told the platform: say what was found (its first n bytes are at
 * head), and what was expected.
 */
static int
fail_untold(struct recognized *r, const struct buf *found, const char *head,
    size_t n)
{
	const struct map *blob = tell_blob(r->maps, head, n);
	struct buf b = {0};
	int rc;

	if (blob != NULL)
		return fail(r, blob->foreign);
	if (r->told.unlike.len > 0)
		return fail(r, buf_str(&r->told.unlike));
	buf_adds(&b, "cannot tell the platform: found ");
	if (found->len > 0)
		buf_add(&b, found->ptr, found->len);
	else
		buf_adds(&b, "no files");
	buf_adds(&b, "; expected a ");
	tell_expected(r->maps, &b);
	rc = fail(r, buf_str(&b));
	buf_free(&b);
	return rc;
}

/* add a name to those found, while they are few */
static void
note_found(struct buf *found, size_t i, const char *name)
{
	if (i < 5)
		buf_printf(found, "%s%s", i > 0 ? ", " : "", name);
	else if (i == 5)
		buf_adds(found, ", ...");
}

/* tell by one name that is known before the members come, or its bytes */
static int
tell_by_name(struct recognized *r, size_t i, const char *name, int folder)
{
	char head[TELL_HEAD];
	long n;
	int got;

	got = tell_member(&r->told, r->maps, name, folder, NULL, 0);
	if (got != -1)
		return got;
	if ((n = package_head(r->package, i, head, sizeof(head))) == -1)
		return -1;
	return tell_member(&r->told, r->maps, name, folder, head, (size_t)n);
}

/* none of the names told: what was found, and how it begins */
static int
fail_by_names(struct recognized *r)
{
	struct buf found = {0};
	char head[TELL_HEAD];
	const char *name;
	size_t i;
	long n = 0;
	int rc = -1;

	for (i = 0; (name = package_name(r->package, i)) != NULL; i++)
		note_found(&found, i, name);
	if (i > 0)
		n = package_head(r->package, 0, head, sizeof(head));
	if (n != -1)
		rc = fail_untold(r, &found, head, (size_t)n);
	buf_free(&found);
	return rc;
}

/* tell by the names; one in a folder tells only if no other does */
static int
tell_by_names(struct recognized *r)
{
	const char *name;
	size_t i;
	int folder, got = 0;

	for (folder = 0; got == 0 && folder <= 1; folder++) {
		for (i = 0; got == 0 &&
		    (name = package_name(r->package, i)) != NULL; i++) {
			got = tell_by_name(r, i, name, folder);
			if (got == 1)
				buf_add(&r->prefix, name, r->told.prefix);
		}
	}
	if (got == 0)
		return fail_by_names(r);
	return got == 1 ? 0 : -1;
}

/* collect a member's first bytes; 0 or -1 */
static int
read_head(struct recognized *r)
{
	const char *p;
	long n;

	for (r->head.len = 0; r->head.len < TELL_HEAD; ) {
		if ((n = package_read(r->package, &p)) <= 0)
			return (int)n;
		buf_add(&r->head, p, (size_t)n);
	}
	return 0;
}

/* tell by the members as they come; those before the telling one are held */
static int
tell_by_members(struct recognized *r)
{
	struct buf found = {0};
	struct member m;
	size_t i;
	int got, rc = 0;

	for (i = 0; (got = package_next(r->package, &m)) == 1; i++) {
		note_found(&found, i, m.name);
		if ((rc = read_head(r)) == -1)
			break;
		rc = tell_member(&r->told, r->maps, m.name, 1,
		    r->head.ptr, r->head.len < TELL_HEAD ? r->head.len :
		    TELL_HEAD);
		if (rc == 1) {
			buf_add(&r->prefix, m.name, r->told.prefix);
			r->member = m;
			break;
		}
		rc = held_add(&r->held, &m, &r->head, r->package);
		if (rc == -1)
			break;
	}
	if (rc == 0)
		rc = got == 0 ? fail_untold(r, &found, "", 0) : -1;
	buf_free(&found);
	return rc == 1 ? 0 : -1;
}

/* one JSON text without a name */
static int
tell_by_text(struct recognized *r)
{
	struct buf b = {0};
	size_t n;
	int rc;

	if (package_next(r->package, &r->member) != 1 || read_head(r) == -1)
		return -1;
	n = r->head.len < TELL_HEAD ? r->head.len : TELL_HEAD;
	if (r->name != NULL) {
		r->member.name = r->name;
		rc = tell_member(&r->told, r->maps, r->name, 0,
		    r->head.ptr, n);
	} else {
		r->member.name = tell_nameless(&r->told, r->maps,
		    r->head.ptr, n);
		rc = r->member.name != NULL;
	}
	if (rc == 1)
		return 0;
	if (n >= 3 && memcmp(r->head.ptr, "\xef\xbb\xbf", 3) == 0)
		return fail(r, "found a byte order mark; JSON text has none: "
		    "take it off");
	if (n > 0 && strchr("{[ \t\r\n\xef", r->head.ptr[0]) != NULL)
		buf_adds(&b, "JSON without a name, and without the members "
		    "that would tell (--name gives it one)");
	else
		buf_adds(&b, "neither a zip nor JSON");
	rc = fail_untold(r, &b, r->head.ptr, n);
	buf_free(&b);
	return rc;
}

/* a platform that must be asked for, and was */
static int
take_asked(struct recognized *r)
{
	r->told.map = r->maps->maps[0];
	if (!package_nameless(r->package))
		return 0;
	if (r->name == NULL)
		return fail(r, "found JSON without a name; --name gives it "
		    "the one it has in the package");
	if (package_next(r->package, &r->member) != 1)
		return -1;
	r->member.name = r->name;
	return 0;
}

int
recognize(struct recognized *r)
{
	int rc;

	if (r->maps->n == 1 && tell_never(r->maps->maps[0])) {
		rc = take_asked(r);
	} else if (package_nameless(r->package))
		rc = tell_by_text(r);
	else if (package_name(r->package, 0) != NULL)
		rc = tell_by_names(r);
	else
		rc = tell_by_members(r);
	if (rc == 0 && r->told.map->foreign != NULL)
		return fail(r, r->told.map->foreign);
	if (rc == 0)
		diag_note(r->diag, NULL, "taken for a %s, by %s",
		    r->told.map->title, r->told.file != NULL ?
		    r->told.file->pattern : "request");
	return rc;
}

void
recognized_free(struct recognized *r)
{
	held_free(&r->held);
	buf_free(&r->head);
	buf_free(&r->prefix);
	buf_free(&r->told.unlike);
}
