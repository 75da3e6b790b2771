/* SPDX-License-Identifier: ISC */
/*
 * What a package is of, found out by reading it as far as need be.
 */
#include "convert/recognize.h"

#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/foreign.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/registry.h"
#include "package/package.h"
#include "package/zip.h"

/* folders around a package that is looked for where none was found */
#define MAX_FOLDERS 8

static int
fail(struct recognized *r, const char *what)
{
	struct place at = { .input = package_input(r->package),
	    .offset = DIAG_NOWHERE };

	return diag_fail(r->diag, STATUS_INPUT, &at, "%s", what);
}

/* say what one of its members is, and what to do with that */
static int
fail_member(struct recognized *r, const char *member, const char *found,
    const char *todo)
{
	struct place at = { .input = package_input(r->package),
	    .member = member, .offset = DIAG_NOWHERE };

	return diag_fail(r->diag, STATUS_INPUT, &at, "found %s; expected a "
	    "package: %s", found, todo);
}

/*
 * Nothing told the platform: say what was found (its first n bytes are at
 * head), and what was expected.
 */
static int
fail_untold(struct recognized *r, const struct buf *found, const char *head,
    size_t n)
{
	const struct map *blob = detect_blob(r->maps, head, n);
	struct foreign foreign;
	struct buf b = {0};
	int rc;

	if (blob != NULL)
		return fail(r, blob->foreign);
	if (foreign_tell(&foreign, FOREIGN_PACKAGE, head, n))
		return fail_member(r, NULL, foreign.what, foreign.todo);
	if (r->told.unlike.len > 0)
		return fail(r, buf_str(&r->told.unlike));

	buf_adds(&b, "cannot tell the platform: found ");
	if (found->len > 0)
		buf_add(&b, found->ptr, found->len);
	else
		buf_adds(&b, "no files");
	buf_adds(&b, "; expected a ");
	detect_expected(r->maps, &b);
	rc = fail(r, buf_str(&b));
	buf_free(&b);
	return rc;
}

/* the map whose packages have a file of this name; NULL: none, or not one */
static const struct map *
map_of_name(const struct registry *maps, const char *name)
{
	const struct map *found = NULL;
	const struct map_file *f;
	size_t i;

	for (i = 0; i < maps->n; i++) {
		f = map_file(maps->maps[i], name, NULL);
		if (f == NULL || !f->tells || maps->maps[i]->foreign != NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = maps->maps[i];
	}
	return found;
}

/* a package that another platform's map knows, while one was asked for */
static int
fail_asked(struct recognized *r, const struct map *m, const char *name)
{
	struct buf b = {0};
	int rc;

	buf_printf(&b, "found a %s (%s); expected a ", m->title, name);
	detect_expected(r->maps, &b);
	buf_printf(&b, ": take it with -p %s, or without -p", m->platform);
	rc = fail(r, buf_str(&b));
	buf_free(&b);
	return rc;
}

/* a package that stands in folders of the one given */
static int
fail_deeper(struct recognized *r, const struct map *m, const char *name,
    size_t depth)
{
	struct buf found = {0};
	int rc;

	buf_printf(&found, "a %s in the folder ", m->title);
	buf_add(&found, name, depth);
	rc = fail_member(r, NULL, buf_str(&found),
	    package_name(r->package, 0) != NULL ? "give that folder" :
	    "unpack the zip, and give that folder");
	buf_free(&found);
	return rc;
}

/* whether the i-th member is a zip, by its name and its first bytes */
static int
is_zip(struct recognized *r, size_t i, const char *name)
{
	size_t n = strlen(name);
	const char *bytes;
	char head[4];
	long got;

	if (n < 5 || strcasecmp(name + n - 4, ".zip") != 0)
		return 0;
	if (package_name(r->package, 0) == NULL) {
		got = pending_read(&r->held.members[i], &bytes);
		return got > 0 && zip_magic(bytes, (size_t)got);
	}
	got = package_head(r->package, i, head, sizeof(head));
	return got > 0 && zip_magic(head, (size_t)got);
}

/*
 * Whether a member's name tells what was meant instead of what was given: a
 * zip in it, a package of another platform, or one some folders down.  1
 * after a message, else 0.
 */
static int
fail_by_name(struct recognized *r, const struct registry *all, size_t i,
    const char *name)
{
	const struct map *m;
	const char *rest = name, *slash;
	int depth;

	if (is_zip(r, i, name)) {
		fail_member(r, name, "a zip", package_name(r->package, 0) !=
		    NULL ? "give the zip itself" :
		    "unpack the outer zip, and give the one in it");
		return 1;
	}
	for (depth = 0; depth < MAX_FOLDERS; depth++, rest = slash + 1) {
		m = map_of_name(all, rest);
		if (m != NULL && registry_find(r->maps, m->platform,
		    strlen(m->platform)) == NULL)
			return fail_asked(r, m, name), 1;
		if (m != NULL && depth > 1)
			return fail_deeper(r, m, name,
			    (size_t)(rest - name)), 1;
		if ((slash = strchr(rest, '/')) == NULL)
			return 0;
	}
	return 0;
}

/* the name of the i-th member: of files, or of what is held back */
static const char *
name_at(const struct recognized *r, size_t i)
{
	if (package_name(r->package, 0) != NULL)
		return package_name(r->package, i);
	return i < r->held.n ? r->held.members[i].member.name : NULL;
}

/* whether the names tell what was meant: -1 after a message, else 0 */
static int
fail_by_meaning(struct recognized *r)
{
	struct diag quiet = { .program = r->diag->program };
	struct registry all = {0};
	const char *name;
	size_t i;
	int told = 0;

	/* a map that the user gave is the only one */
	if (r->maps->text == NULL && registry_open(&quiet, &all, NULL, NULL) ==
	    -1)
		return 0;
	for (i = 0; !told && (name = name_at(r, i)) != NULL; i++)
		told = fail_by_name(r, r->maps->text == NULL ? &all : r->maps,
		    i, name);
	registry_close(&all);
	return told ? -1 : 0;
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
	char head[DETECT_HEAD];
	long n;
	int got;

	got = detect_member(&r->told, r->maps, name, folder, NULL, 0);
	if (got != -1)
		return got;
	if ((n = package_head(r->package, i, head, sizeof(head))) == -1)
		return -1;
	return detect_member(&r->told, r->maps, name, folder, head, (size_t)n);
}

/* none of the names told: what was found, and how it begins */
static int
fail_by_names(struct recognized *r)
{
	struct buf found = {0};
	char head[DETECT_HEAD];
	const char *name;
	size_t i;
	long n = 0;
	int rc = -1;

	if (fail_by_meaning(r) == -1)
		return -1;
	for (i = 0; (name = package_name(r->package, i)) != NULL; i++)
		note_found(&found, i, name);
	if (i == 1)
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

	for (r->head.len = 0; r->head.len < DETECT_HEAD; ) {
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
		rc = detect_member(&r->told, r->maps, m.name, 1,
		    r->head.ptr, r->head.len < DETECT_HEAD ? r->head.len :
		    DETECT_HEAD);
		if (rc == 1) {
			buf_add(&r->prefix, m.name, r->told.prefix);
			r->member = m;
			break;
		}
		rc = pending_add(&r->held, &m, &r->head, r->package);
		if (rc == -1)
			break;
	}
	if (rc == 0 && got == 0)
		rc = fail_by_meaning(r);
	if (rc == 0)
		rc = got == 0 ? fail_untold(r, &found, "", 0) : -1;
	buf_free(&found);
	return rc == 1 ? 0 : -1;
}

/* whether a text begins as JSON that a package has: a container */
static int
begins_as_json(const struct buf *head)
{
	return head->len > 0 && memchr("{[ \t\r\n", *head->ptr, 6) != NULL;
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
	n = r->head.len < DETECT_HEAD ? r->head.len : DETECT_HEAD;
	if (r->name != NULL) {
		r->member.name = r->name;
		rc = detect_member(&r->told, r->maps, r->name, 0,
		    r->head.ptr, n);
	} else {
		r->member.name = detect_nameless(&r->told, r->maps,
		    r->head.ptr, n);
		rc = r->member.name != NULL;
	}
	if (rc == 1)
		return 0;
	buf_adds(&b, begins_as_json(&r->head) ? "JSON without a name, and "
	    "without the members that would tell (--name gives it one)" :
	    "neither a zip nor JSON");
	rc = fail_untold(r, &b, r->head.ptr, n);
	buf_free(&b);
	return rc;
}

/* a file without a name, where the name alone tells what to do with it */
static int
fail_nameless(struct recognized *r)
{
	struct foreign foreign;
	size_t n;

	if (package_next(r->package, &r->member) != 1 || read_head(r) == -1)
		return -1;
	n = r->head.len < DETECT_HEAD ? r->head.len : DETECT_HEAD;
	if (foreign_tell(&foreign, FOREIGN_PACKAGE, r->head.ptr, n))
		return fail_member(r, NULL, foreign.what, foreign.todo);
	if (begins_as_json(&r->head))
		return fail(r, "found JSON without a name; --name gives it "
		    "the one it has in the package");
	return fail(r, "found neither a zip nor JSON; a file of a package "
	    "needs the name that it has there: --name gives it");
}

/* a platform that must be asked for, and was */
static int
take_asked(struct recognized *r)
{
	r->told.map = r->maps->maps[0];
	if (!package_nameless(r->package))
		return 0;
	if (r->name == NULL)
		return fail_nameless(r);
	if (package_next(r->package, &r->member) != 1)
		return -1;
	r->member.name = r->name;
	return 0;
}

int
recognize(struct recognized *r)
{
	struct buf by = {0};
	int rc;

	if (r->maps->n == 1 && detect_never(r->maps->maps[0])) {
		rc = take_asked(r);
	} else if (package_nameless(r->package))
		rc = tell_by_text(r);
	else if (package_name(r->package, 0) != NULL)
		rc = tell_by_names(r);
	else
		rc = tell_by_members(r);
	if (rc == 0 && r->told.map->foreign != NULL)
		return fail(r, r->told.map->foreign);
	if (rc == -1)
		return -1;
	detect_pattern(&by, r->told.file != NULL ? r->told.file->pattern :
	    "request");
	diag_note(r->diag, NULL, "taken for a %s, by %s", r->told.map->title,
	    buf_str(&by));
	buf_free(&by);
	return 0;
}

void
recognized_free(struct recognized *r)
{
	pending_free(&r->held);
	buf_free(&r->head);
	buf_free(&r->prefix);
	buf_free(&r->told.unlike);
}
