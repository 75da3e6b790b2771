/* SPDX-License-Identifier: ISC */
/*
 * Which platform a package is of, found out by reading it as far as need be.
 */
#include "convert/detect.h"

#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/foreign.h"
#include "json/scan.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/registry.h"
#include "package/package.h"

/* bytes of a member that may be asked for */
#define DETECT_HEAD 4096

/* the first bytes of a file in which a binary form shows */
#define BLOB 64

/* folders around a package that is looked for where none was found */
#define MAX_FOLDERS 8

/* so many of a file's members are named where it is something else */
#define MOST_KEYS 5

/* the keys at the top of a JSON text, each ended by a NUL */
struct top {
	struct buf keys;
	unsigned depth;
};

static int
take_token(void *arg, const struct json_token *t)
{
	struct top *top = arg;

	if (t->type == JSON_KEY && top->depth == 1) {
		buf_add(&top->keys, t->raw + 1, t->len - 2);
		buf_addc(&top->keys, '\0');
	}
	if (t->type == JSON_OBJECT || t->type == JSON_ARRAY)
		top->depth++;
	else if (t->type == JSON_END)
		top->depth--;
	return 0;
}

/* the keys in the first bytes of a text, as far as it is JSON; 0 or -1 */
static int
read_top(struct top *top, struct slice head)
{
	static const struct scan_options options = { 1024, 2 * DETECT_HEAD };
	struct scan *j;
	int rc;

	j = scan_open(&options, take_token);
	scan_reset(j, top);
	rc = scan_feed(j, head.p, head.n);	/* it may be cut short */
	scan_close(j);
	return rc;
}

static int
has_key(const struct top *top, const char *key)
{
	const char *p, *end = top->keys.ptr + top->keys.len;

	for (p = top->keys.ptr; p < end; p += strlen(p) + 1) {
		if (strcmp(p, key) == 0)
			return 1;
	}
	return 0;
}

/* whether it has all of the keys; of those with "|" between, one */
static int
has_keys(const struct top *top, char *const *keys, size_t nkeys)
{
	size_t i = 0;
	int has;

	while (i < nkeys) {
		has = has_key(top, keys[i]);
		for (i++; i + 1 < nkeys && strcmp(keys[i], "|") == 0; i += 2)
			has |= has_key(top, keys[i + 1]);
		if (!has)
			return 0;
	}
	return 1;
}

/* append the keys, as a sentence has them */
static void
list_keys(struct buf *b, char *const *keys, size_t nkeys)
{
	const char *sep = "";
	size_t i;

	for (i = 0; i < nkeys; i++) {
		if (strcmp(keys[i], "|") == 0) {
			sep = " or ";
			continue;
		}
		buf_printf(b, "%s\"%s\"", sep, keys[i]);
		sep = " and ";
	}
}

/* append the first members of a text */
static void
list_top(struct buf *b, const struct top *top)
{
	const char *p, *end = top->keys.ptr + top->keys.len;
	size_t i;

	for (i = 0, p = top->keys.ptr; p < end && i < MOST_KEYS;
	    p += strlen(p) + 1)
		buf_printf(b, "%s\"%s\"", i++ > 0 ? ", " : "", p);
	buf_adds(b, i == 0 ? "no members" : p < end ? " and more" : "");
}

/* the first file that has a known name, but not the members that go with it */
static void
note_unlike(struct detected *d, const struct map *m, const struct map_file *f,
    const char *name, const struct top *top)
{
	if (d->unlike.len > 0)
		return;
	buf_printf(&d->unlike, "found %s with ", name);
	list_top(&d->unlike, top);
	buf_printf(&d->unlike, ", which is something else; a %s has ",
	    m->title);
	list_keys(&d->unlike, f->keys, f->nkeys);
	buf_adds(&d->unlike, " among its first members");
}

/* whether a text has nothing but what JSON has for white space */
static int
is_blank(struct slice s)
{
	return foreign_blanks(s.p, s.n) == s.n;
}

/* whether a file has the members that go with its name */
static int
is_like(struct detected *d, const struct map *m, const struct map_file *f,
    const char *name, struct slice head)
{
	struct top top = {0};
	int rc;

	/* of what is no JSON its name says enough: the reader says where */
	rc = read_top(&top, head) == -1 || is_blank(head) ||
	    has_keys(&top, f->keys, f->nkeys);
	if (!rc)
		note_unlike(d, m, f, name, &top);
	buf_free(&top.keys);
	return rc;
}

/* whether a member is one by which a map knows its packages */
static int
try_map(struct detected *d, const struct map *m, const char *name,
    size_t prefix, struct slice head)
{
	const struct map_file *f;

	f = map_file(m, name + prefix, NULL);
	if (f == NULL || !f->tells)
		return 0;
	if (f->nkeys > 0 && head.p == NULL)
		return -1;
	if (f->nkeys > 0 && !is_like(d, m, f, name, head))
		return 0;
	d->map = m;
	d->file = f;
	buf_add(&d->prefix, name, prefix);
	return 1;
}

/* the map's row "nameless" that fits, or NULL */
static const struct map_row *
nameless(const struct map *m, const struct top *top)
{
	const struct map_row *r = NULL;

	while ((r = map_next_row(m, "nameless", r)) != NULL &&
	    !has_keys(top, r->args + 1, r->nargs - 1))
		continue;
	return r;
}

/*
 * Whether the word that was found stands in JSON, which says it in a string: a
 * bracket directly before it may be a length of what is no text.
 */
static int
is_json(struct slice head, const char *found)
{
	size_t i = foreign_blanks(head.p, head.n);

	return i < head.n && (head.p[i] == '{' || head.p[i] == '[') &&
	    head.p + i + 1 != found;
}

/* the map whose binary form the first bytes of a file are, or NULL */
static const struct map *
map_of_blob(const struct registry *maps, struct slice head)
{
	const struct map *m;
	const struct map_row *r;
	const char *found;
	size_t i;

	for (i = 0; i < maps->n; i++) {
		m = maps->maps[i];
		for (r = NULL; (r = map_next_row(m, "blob", r)) != NULL; ) {
			found = memmem(head.p, head.n < BLOB ? head.n : BLOB,
			    r->args[0], strlen(r->args[0]));
			if (found != NULL && !is_json(head, found))
				return m;
		}
	}
	return NULL;
}

/*
 * Whether a member shows the platform: by its name, or also by its first
 * bytes, in which the members that the map wants must stand unless they are no
 * JSON.  If it could by them and head has none (p NULL), -1: ask again with
 * them.  1: it does.  folder: also if all of it stands in a folder, whose name
 * comes first.
 */
static int
try_member(struct detected *d, const char *name, int folder, struct slice head)
{
	const char *slash = strchr(name, '/');
	size_t i, prefix = slash != NULL ? (size_t)(slash - name) + 1 : 0;
	int got, ask = 0;

	if (head.p != NULL && map_of_blob(d->maps, head) != NULL)
		return 0;
	for (i = 0; i < d->maps->n; i++) {
		got = try_map(d, d->maps->maps[i], name, 0, head);
		if (got == 0 && folder && prefix > 0)
			got = try_map(d, d->maps->maps[i], name, prefix, head);
		if (got == 1)
			return 1;
		ask |= got == -1;
	}
	return ask ? -1 : 0;
}

/*
 * The name that a JSON text without one should have, by its first bytes, and
 * the platform by that; NULL: none.
 */
static const char *
find_name(struct detected *d, struct slice head)
{
	const struct map_row *r = NULL;
	struct top top = {0};
	size_t i;

	(void)read_top(&top, head);
	for (i = 0; i < d->maps->n && r == NULL; i++) {
		if ((r = nameless(d->maps->maps[i], &top)) == NULL)
			continue;
		d->map = d->maps->maps[i];
		d->file = map_file(d->map, r->args[0], NULL);
	}
	buf_free(&top.keys);
	return r == NULL ? NULL : r->args[0];
}

/* whether a map knows its packages by no member: it must be asked for */
static int
is_never_shown(const struct map *m)
{
	size_t i;

	for (i = 0; i < m->nfiles; i++) {
		if (m->files[i].tells)
			return 0;
	}
	return 1;
}

/* append a pattern of files as a message shows it: what recurs is a star */
static void
put_pattern(struct buf *b, const char *pattern)
{
	for (; *pattern != '\0'; pattern++) {
		if (*pattern != '$' || pattern[1] < '1' || pattern[1] > '9') {
			buf_addc(b, *pattern);
			continue;
		}
		buf_addc(b, '*');
		pattern++;
	}
}

/*
 * Append the names by which a map knows its packages: those with stars if no
 * other, none of a map that knows packages by no name.
 */
static void
put_names(const struct map *m, struct buf *b)
{
	const char *sep = " (";
	size_t i;
	int stars, plain = 0;

	for (stars = 0; !plain && stars <= 1; stars++) {
		for (i = 0; i < m->nfiles; i++) {
			if (!m->files[i].tells || (!stars &&
			    strchr(m->files[i].pattern, '*') != NULL))
				continue;
			buf_adds(b, sep);
			put_pattern(b, m->files[i].pattern);
			sep = " or ";
			plain = 1;
		}
	}
	if (plain)
		buf_addc(b, ')');
}

void
detect_expected(const struct registry *maps, struct buf *b)
{
	const struct map *m;
	const char *sep = "";
	size_t i;

	for (i = 0; i < maps->n; i++) {
		m = maps->maps[i];
		if (m->foreign != NULL || (is_never_shown(m) && maps->n > 1))
			continue;
		buf_printf(b, "%s%s", sep, m->title);
		put_names(m, b);
		sep = ", ";
	}
}

static int
fail_package(struct detected *d, const char *what)
{
	struct place at = { .input = package_input(d->package),
	    .offset = DIAG_NOWHERE };

	return diag_fail(d->diag, STATUS_INPUT, &at, "%s", what);
}

/* say what one of its members is, and what to do with that */
static int
fail_member(struct detected *d, const char *member, const char *found,
    const char *todo)
{
	struct place at = { .input = package_input(d->package),
	    .member = member, .offset = DIAG_NOWHERE };

	return diag_fail(d->diag, STATUS_INPUT, &at, "found %s; expected a "
	    "package: %s", found, todo);
}

/* the first byte that is no white space; a NUL: there is none */
static char
first_of(struct slice s)
{
	size_t i = foreign_blanks(s.p, s.n);

	return i < s.n ? s.p[i] : '\0';
}

/* whether a text begins as JSON that a package has: a container */
static int
begins_as_json(struct slice head)
{
	return first_of(head) == '{' || first_of(head) == '[';
}

/* append what the one file is that was found, by its first bytes */
static void
describe(struct buf *b, struct slice head)
{
	struct top top = {0};

	if (!begins_as_json(head)) {
		buf_adds(b, "neither a zip nor JSON, but ");
		foreign_describe(b, head.p, head.n);
	} else if (read_top(&top, head) == 0 && top.keys.len > 0) {
		buf_adds(b, "JSON with ");
		list_top(b, &top);
	} else {
		buf_adds(b, first_of(head) == '[' ? "a JSON array" :
		    "JSON without members");
	}
	buf_free(&top.keys);
}

/*
 * Whether it is the one file of a package under a name that is not its own
 * (found), or what an API says in place of one: -1 after a message, else 0.
 */
static int
fail_content(struct detected *d, struct buf *found, struct slice head)
{
	struct detected is = { .diag = d->diag, .maps = d->maps };
	struct buf b = {0};
	struct top top = {0};
	const char *name = find_name(&is, head);
	int rc = 0;

	(void)read_top(&top, head);
	if (name != NULL && is.map->foreign != NULL) {
		rc = fail_package(d, is.map->foreign);
	} else if (name != NULL && found->len > 0) {
		buf_printf(&b, "%s, which has the members of %s",
		    buf_str(found), name);
		rc = fail_member(d, NULL, buf_str(&b), d->held.n > 0 ?
		    "unpack the zip, and give that on standard input" :
		    "give it that name, or on standard input");
	} else if (has_key(&top, "errors") || has_key(&top, "error")) {
		buf_adds(&b, "what looks like the answer of an API that "
		    "failed, JSON with ");
		list_top(&b, &top);
		rc = fail_member(d, NULL, buf_str(&b), "look at it, and "
		    "export again");
	}
	buf_free(&top.keys);
	buf_free(&b);
	return rc;
}

/*
 * Nothing shows the platform: say what was found, which has these first bytes,
 * and what was expected.  found: names; empty: it has none, and is one text.
 */
static int
fail_unknown(struct detected *d, struct buf *found, struct slice head)
{
	const struct map *blob = map_of_blob(d->maps, head);
	struct foreign foreign;
	struct buf b = {0};
	int rc;

	if (blob != NULL)
		return fail_package(d, blob->foreign);
	if (foreign_tell(&foreign, FOREIGN_PACKAGE, head.p, head.n))
		return fail_member(d, NULL, foreign.what, foreign.todo);
	if (d->unlike.len > 0)
		return fail_package(d, buf_str(&d->unlike));
	if (begins_as_json(head) && fail_content(d, found, head) == -1)
		return -1;

	buf_adds(&b, "cannot tell the platform: found ");
	buf_add(&b, found->ptr, found->len);
	if (head.n > 0) {
		buf_adds(&b, found->len > 0 ? ", " : "");
		describe(&b, head);
		if (found->len == 0 && begins_as_json(head))
			buf_adds(&b, ", without a name (--name gives it "
			    "one)");
	} else if (found->len == 0) {
		buf_adds(&b, "no files");
	}
	buf_adds(&b, "; expected a ");
	detect_expected(d->maps, &b);
	buf_adds(&b, ": give what the platform exported");
	rc = fail_package(d, buf_str(&b));
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
fail_asked(struct detected *d, const struct map *m, const char *name)
{
	struct buf b = {0};
	int rc;

	buf_printf(&b, "found a %s (%s); expected a ", m->title, name);
	detect_expected(d->maps, &b);
	buf_printf(&b, ": take it with -p %s, or without -p", m->platform);
	rc = fail_package(d, buf_str(&b));
	buf_free(&b);
	return rc;
}

/* a package that stands in folders of the one given */
static int
fail_deeper(struct detected *d, const struct map *m, const char *name,
    size_t depth)
{
	struct buf found = {0};
	int rc;

	buf_printf(&found, "a %s in the folder ", m->title);
	buf_add(&found, name, depth);
	rc = fail_member(d, NULL, buf_str(&found),
	    package_name(d->package, 0) != NULL ? "give that folder" :
	    "unpack the zip, and give that folder");
	buf_free(&found);
	return rc;
}

/* whether the i-th member is a zip, by its name and its first bytes */
static int
is_zip(struct detected *d, size_t i, const char *name)
{
	size_t n = strlen(name);
	const char *bytes;
	char head[4];
	long got;

	if (n < 5 || strcasecmp(name + n - 4, ".zip") != 0)
		return 0;
	if (package_name(d->package, 0) == NULL) {
		got = pending_read(&d->held.members[i], &bytes);
		return got > 0 && foreign_is_zip(bytes, (size_t)got);
	}
	got = package_head(d->package, i, head, sizeof(head));
	return got > 0 && foreign_is_zip(head, (size_t)got);
}

/*
 * Whether a member's name shows what was meant instead of what was given: a
 * zip in it, a package of another platform, or one some folders down.  1
 * after a message, else 0.
 */
static int
fail_by_name(struct detected *d, const struct registry *all, size_t i,
    const char *name)
{
	const struct map *m;
	const char *rest = name, *slash;
	int depth;

	if (is_zip(d, i, name)) {
		fail_member(d, name, "a zip", package_name(d->package, 0) !=
		    NULL ? "give the zip itself" :
		    "unpack the outer zip, and give the one in it");
		return 1;
	}
	for (depth = 0; depth < MAX_FOLDERS; depth++, rest = slash + 1) {
		m = map_of_name(all, rest);
		if (m != NULL && registry_find(d->diag, d->maps, m->platform,
		    strlen(m->platform), 0) == NULL)
			return fail_asked(d, m, name), 1;
		if (m != NULL && depth > 1)
			return fail_deeper(d, m, name,
			    (size_t)(rest - name)), 1;
		if ((slash = strchr(rest, '/')) == NULL)
			return 0;
	}
	return 0;
}

/* the name of the i-th member: of files, or of what is held back */
static const char *
name_at(const struct detected *d, size_t i)
{
	if (package_name(d->package, 0) != NULL)
		return package_name(d->package, i);
	return i < d->held.n ? d->held.members[i].member.name : NULL;
}

/* whether the names show what was meant: -1 after a message, else 0 */
static int
fail_by_meaning(struct detected *d)
{
	struct diag quiet = { .program = d->diag->program };
	struct registry all = {0};
	const char *name;
	size_t i;
	int failed = 0;

	/* a map that the user gave is the only one */
	if (d->maps->text == NULL && registry_open(&quiet, &all, NULL, NULL) ==
	    -1)
		return 0;
	for (i = 0; !failed && (name = name_at(d, i)) != NULL; i++)
		failed = fail_by_name(d, d->maps->text == NULL ? &all :
		    d->maps, i, name);
	registry_close(&all);
	return failed ? -1 : 0;
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

/* try one name that is known before the members come, or its bytes */
static int
try_name(struct detected *d, size_t i, const char *name, int folder)
{
	char head[DETECT_HEAD];
	long n;
	int got;

	got = try_member(d, name, folder, (struct slice){0});
	if (got != -1)
		return got;
	if ((n = package_head(d->package, i, head, sizeof(head))) == -1)
		return -1;
	return try_member(d, name, folder, (struct slice){ head, (size_t)n });
}

/* none of the names shows it: what was found, and how it begins */
static int
fail_by_names(struct detected *d)
{
	struct buf found = {0};
	char head[DETECT_HEAD];
	const char *name;
	size_t i;
	long n = 0;
	int rc = -1;

	if (fail_by_meaning(d) == -1)
		return -1;
	for (i = 0; (name = package_name(d->package, i)) != NULL; i++)
		note_found(&found, i, name);
	if (i == 1)
		n = package_head(d->package, 0, head, sizeof(head));
	if (n != -1)
		rc = fail_unknown(d, &found, (struct slice){ head,
		    (size_t)n });
	buf_free(&found);
	return rc;
}

/* by the names; one in a folder counts only if no other shows it */
static int
detect_by_names(struct detected *d)
{
	const char *name;
	size_t i;
	int folder, got = 0;

	for (folder = 0; got == 0 && folder <= 1; folder++) {
		for (i = 0; got == 0 &&
		    (name = package_name(d->package, i)) != NULL; i++) {
			got = try_name(d, i, name, folder);
		}
	}
	if (got == 0)
		return fail_by_names(d);
	return got == 1 ? 0 : -1;
}

/* collect a member's first bytes; 0 or -1 */
static int
read_head(struct detected *d)
{
	const char *p;
	long n;

	for (d->head.len = 0; d->head.len < DETECT_HEAD; ) {
		if ((n = package_read(d->package, &p)) <= 0)
			return (int)n;
		buf_add(&d->head, p, (size_t)n);
	}
	return 0;
}

/* what was read of a member's first bytes */
static struct slice
head_of(const struct detected *d)
{
	return (struct slice){ d->head.ptr, d->head.len < DETECT_HEAD ?
	    d->head.len : DETECT_HEAD };
}

/* the first bytes of what is held back, if that is one JSON text alone */
static struct slice
held_head(struct detected *d)
{
	struct slice head = { "", 0 };
	long n;

	if (d->held.n == 1 && (n = pending_read(&d->held.members[0],
	    &head.p)) > 0)
		head.n = (size_t)n < DETECT_HEAD ? (size_t)n : DETECT_HEAD;
	return begins_as_json(head) ? head : (struct slice){ "", 0 };
}

/* by the members as they come; those before the one that shows it are held */
static int
detect_by_members(struct detected *d)
{
	struct buf found = {0};
	struct member m;
	size_t i;
	int got, rc = 0;

	for (i = 0; (got = package_next(d->package, &m)) == 1; i++) {
		note_found(&found, i, m.name);
		if ((rc = read_head(d)) == -1)
			break;
		rc = try_member(d, m.name, 1, head_of(d));
		if (rc == 1) {
			d->member = m;
			break;
		}
		rc = pending_add(&d->held, &m, &d->head, d->package);
		if (rc == -1)
			break;
	}
	if (rc == 0 && got == 0)
		rc = fail_by_meaning(d);
	if (rc == 0)
		rc = got == 0 ? fail_unknown(d, &found, held_head(d)) : -1;
	buf_free(&found);
	return rc == 1 ? 0 : -1;
}

/* by one JSON text without a name */
static int
detect_by_text(struct detected *d)
{
	struct buf b = {0};
	int rc;

	if (package_next(d->package, &d->member) != 1 || read_head(d) == -1)
		return -1;
	if (d->name != NULL) {
		d->member.name = d->name;
		rc = try_member(d, d->name, 0, head_of(d));
	} else {
		d->member.name = find_name(d, head_of(d));
		rc = d->member.name != NULL;
	}
	if (rc == 1)
		return 0;
	rc = fail_unknown(d, &b, head_of(d));
	buf_free(&b);
	return rc;
}

/* a file without a name, where the name alone tells what to do with it */
static int
fail_nameless(struct detected *d)
{
	struct foreign foreign;
	struct slice head;

	if (package_next(d->package, &d->member) != 1 || read_head(d) == -1)
		return -1;
	head = head_of(d);
	if (foreign_tell(&foreign, FOREIGN_PACKAGE, head.p, head.n))
		return fail_member(d, NULL, foreign.what, foreign.todo);
	if (begins_as_json(head))
		return fail_package(d, "found JSON without a name; --name "
		    "gives it the one it has in the package");
	return fail_package(d, "found neither a zip nor JSON; a file of a "
	    "package needs the name that it has there: --name gives it");
}

/* a platform that must be asked for, and was */
static int
take_asked(struct detected *d)
{
	d->map = d->maps->maps[0];
	if (!package_nameless(d->package))
		return 0;
	if (d->name == NULL)
		return fail_nameless(d);
	if (package_next(d->package, &d->member) != 1)
		return -1;
	d->member.name = d->name;
	return 0;
}

int
detect_another(struct detected *d, const char *name)
{
	const char *slash = strchr(name, '/');
	const struct map_file *f;
	struct buf found = {0};
	int rc;

	if (d->prefix.len == 0 || slash == NULL ||
	    strncmp(name, buf_str(&d->prefix), d->prefix.len) == 0)
		return 0;
	f = map_file(d->map, slash + 1, NULL);
	if (f == NULL || !f->tells)
		return 0;
	buf_printf(&found, "two packages, in the folders %s and ",
	    buf_str(&d->prefix));
	buf_add(&found, name, (size_t)(slash - name) + 1);
	rc = fail_member(d, NULL, buf_str(&found), package_name(d->package,
	    0) != NULL ? "give the folder of one" :
	    "unpack the zip, and give the folder of one");
	buf_free(&found);
	return rc;
}

/* whether others of the names are of a package of their own: -1 or 0 */
static int
check_names(struct detected *d)
{
	const char *name;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && (name = package_name(d->package, i)) != NULL;
	    i++)
		rc = detect_another(d, name);
	return rc;
}

int
detect(struct detected *d)
{
	struct buf by = {0};
	int rc;

	if (d->maps->n == 1 && is_never_shown(d->maps->maps[0]))
		rc = take_asked(d);
	else if (package_nameless(d->package))
		rc = detect_by_text(d);
	else if (package_name(d->package, 0) != NULL)
		rc = detect_by_names(d);
	else
		rc = detect_by_members(d);
	if (rc == 0 && d->map->foreign != NULL)
		return fail_package(d, d->map->foreign);
	if (rc == -1 || check_names(d) == -1 || registry_find(d->diag,
	    d->maps, d->map->platform, strlen(d->map->platform), 1) == NULL)
		return -1;
	put_pattern(&by, d->file != NULL ? d->file->pattern : "request");
	diag_note(d->diag, NULL, "taken for a %s, by %s", d->map->title,
	    buf_str(&by));
	buf_free(&by);
	return 0;
}

void
detect_free(struct detected *d)
{
	pending_free(&d->held);
	buf_free(&d->head);
	buf_free(&d->prefix);
	buf_free(&d->unlike);
}
