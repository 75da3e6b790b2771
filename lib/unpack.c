/* SPDX-License-Identifier: ISC */
/*
 * A package to a stream: tell its platform, then one file after the other.
 */
#include "unpack.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "buf.h"
#include "diag.h"
#include "digest.h"
#include "envelope.h"
#include "fileline.h"
#include "held.h"
#include "map.h"
#include "mapfile.h"
#include "maps.h"
#include "member.h"
#include "package.h"
#include "progress.h"
#include "quote.h"
#include "record.h"
#include "report.h"
#include "stream.h"
#include "tell.h"
#include "utf8.h"

/* bytes of a file that is not split, in one @data line */
#define SLICE ((size_t)48 << 10)

struct unpack {
	struct diag *diag;
	const struct unpack_options *options;
	struct package *package;
	struct report *report;
	struct stream_out stream;
	struct split *split;
	struct told told;
	struct held held;	/* members that came before it was told */
	struct member member;	/* the one that told it, if it was not held */
	struct buf head;	/* and the first bytes of it */
	struct member_set groups;	/* names of those that were there */
	struct progress progress;
	struct buf line, slice;
};

static int
fail(struct unpack *u, enum status status, const char *member,
    const char *what)
{
	struct place at = { .input = package_input(u->package),
	    .member = member, .offset = DIAG_NOWHERE };

	return diag_fail(u->diag, status, &at, "%s", what);
}

/*
 * Nothing told the platform: say what was found (its first n bytes are at
 * head), and what was expected.
 */
static int
fail_untold(struct unpack *u, const struct buf *found, const char *head,
    size_t n)
{
	const struct map *blob = tell_blob(u->options->maps, head, n);
	struct buf b = {0};
	int rc;

	if (blob != NULL)
		return fail(u, STATUS_INPUT, NULL, blob->foreign);

	buf_adds(&b, "cannot tell the platform: found ");
	if (found->len > 0)
		buf_add(&b, found->ptr, found->len);
	else
		buf_adds(&b, "no files");
	buf_adds(&b, "; expected a ");
	tell_expected(u->options->maps, &b);
	rc = fail(u, STATUS_INPUT, NULL, buf_str(&b));
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

/* tell by the names that are known before the members come */
static int
tell_by_names(struct unpack *u)
{
	struct buf found = {0};
	char head[TELL_HEAD];
	const char *name;
	size_t i;
	long n;
	int got = 0;

	for (i = 0; (name = package_name(u->package, i)) != NULL; i++) {
		note_found(&found, i, name);
		got = tell_member(&u->told, u->options->maps, name, NULL, 0);
		if (got == -1) {
			n = package_head(u->package, i, head, sizeof(head));
			got = n == -1 ? -1 : tell_member(&u->told,
			    u->options->maps, name, head, (size_t)n);
		}
		if (got != 0)
			break;
	}
	if (got == 0) {
		n = i > 0 ? package_head(u->package, 0, head, sizeof(head)) :
		    0;
		got = n == -1 ? -1 : fail_untold(u, &found, head, (size_t)n);
	}
	buf_free(&found);
	return got == 1 ? 0 : -1;
}

/* collect a member's first bytes; 0 or -1 */
static int
read_head(struct unpack *u)
{
	const char *p;
	long n;

	for (u->head.len = 0; u->head.len < TELL_HEAD; ) {
		if ((n = package_read(u->package, &p)) <= 0)
			return (int)n;
		buf_add(&u->head, p, (size_t)n);
	}
	return 0;
}

/* tell by the members as they come; those before the telling one are held */
static int
tell_by_members(struct unpack *u)
{
	struct buf found = {0};
	struct member m;
	size_t i;
	int got, rc = 0;

	for (i = 0; (got = package_next(u->package, &m)) == 1; i++) {
		note_found(&found, i, m.name);
		if ((rc = read_head(u)) == -1)
			break;
		rc = tell_member(&u->told, u->options->maps, m.name,
		    u->head.ptr, u->head.len < TELL_HEAD ? u->head.len :
		    TELL_HEAD);
		if (rc == 1) {
			u->member = m;
			break;
		}
		rc = held_add(&u->held, &m, &u->head, u->package);
		if (rc == -1)
			break;
	}
	if (rc == 0)
		rc = got == 0 ? fail_untold(u, &found, "", 0) : -1;
	buf_free(&found);
	return rc == 1 ? 0 : -1;
}

/* one JSON text without a name */
static int
tell_by_text(struct unpack *u)
{
	struct buf b = {0};
	size_t n;
	int rc;

	if (package_next(u->package, &u->member) != 1 || read_head(u) == -1)
		return -1;
	n = u->head.len < TELL_HEAD ? u->head.len : TELL_HEAD;
	if (u->options->name != NULL) {
		u->member.name = u->options->name;
		rc = tell_member(&u->told, u->options->maps, u->options->name,
		    u->head.ptr, n);
	} else {
		u->member.name = tell_nameless(&u->told, u->options->maps,
		    u->head.ptr, n);
		rc = u->member.name != NULL;
	}
	if (rc == 1)
		return 0;
	if (n > 0 && strchr("{[ \t\r\n\xef", u->head.ptr[0]) != NULL)
		buf_adds(&b, "JSON without a name, and without the members "
		    "that would tell (--name gives it one)");
	else
		buf_adds(&b, "neither a zip nor JSON");
	rc = fail_untold(u, &b, u->head.ptr, n);
	buf_free(&b);
	return rc;
}

static int
tell(struct unpack *u)
{
	int rc;

	if (u->options->maps->n == 1 && tell_never(u->options->maps->maps[0])) {
		u->told.map = u->options->maps->maps[0];
		rc = 0;
	} else if (package_nameless(u->package))
		rc = tell_by_text(u);
	else if (package_name(u->package, 0) != NULL)
		rc = tell_by_names(u);
	else
		rc = tell_by_members(u);
	if (rc == 0 && u->told.map->foreign != NULL)
		return fail(u, STATUS_INPUT, NULL, u->told.map->foreign);
	if (rc == 0)
		diag_note(u->diag, NULL, "taken for a %s, by %s",
		    u->told.map->title, u->told.file != NULL ?
		    u->told.file->pattern : "request");
	return rc;
}

/* a name without the folder around the package */
static const char *
inner(const struct unpack *u, const char *name)
{
	return strlen(name) > u->told.prefix ? name + u->told.prefix : name;
}

/* the order of files: that of the map's rows; what it does not know, last */
static int
rank(void *arg, const char *name)
{
	const struct unpack *u = arg;
	const struct map_file *f;

	f = map_file(u->told.map, inner(u, name), NULL);
	if (f != NULL && (!f->guess || u->options->all_files))
		return (int)(f - u->told.map->files);
	return u->options->all_files ? (int)u->told.map->nfiles : -1;
}

static int
write_head(struct unpack *u)
{
	const struct map_file *f = u->told.file;
	struct buf *b = &u->line;

	b->len = 0;
	record_begin(b, "@stream", 7);
	record_put_number(b, RECORD_VERSION, 1);
	record_put_text(b, RECORD_PLATFORM, u->told.map->platform,
	    strlen(u->told.map->platform));
	if (f != NULL && f->edition != NULL)
		record_put_text(b, RECORD_EDITION, f->edition,
		    strlen(f->edition));
	if (u->options->source != NULL)
		record_put_text(b, RECORD_SOURCE, u->options->source,
		    strlen(u->options->source));
	record_put(b, RECORD_BY, "[", 1);
	buf_adds(b, u->options->by);
	buf_adds(b, "]}");
	return stream_head(&u->stream, b->ptr, b->len);
}

/* append encoding and value, and end the line */
static void
put_bytes(struct buf *b, const char *p, size_t n, int text)
{
	record_put_text(b, RECORD_ENCODING, text ? "utf-8" : "base64",
	    text ? 5 : 6);
	record_put(b, RECORD_VALUE, "\"", 1);
	if (text)
		quote_encode(b, p, n);
	else
		base64_encode(b, p, n);
	buf_adds(b, "\"}");
}

/* write n bytes of a file that is not split as a line */
static int
write_data(struct unpack *u, const struct file *f, uint64_t offset, size_t n,
    int text)
{
	struct slice part;
	struct buf *b = &u->line;
	struct utf8 utf8 = {0};

	text = text && utf8_check(&utf8, u->slice.ptr, n) == n &&
	    utf8.left == 0;
	b->len = 0;
	record_begin(b, "@data", 5);
	record_put(b, RECORD_FILE, f->path.p, f->path.n);
	if (f->owner.p != NULL)
		record_put(b, RECORD_OWNER, f->owner.p, f->owner.n);
	record_put_number(b, RECORD_OFFSET, (long long)offset);
	put_bytes(b, u->slice.ptr, n, text);
	buf_shift(&u->slice, n);
	part = (struct slice){ b->ptr, b->len };
	return stream_line(&u->stream, &part, 1);
}

/* where a file's bytes come from: its head, then the package or the held */
struct bytes {
	struct unpack *unpack;
	const struct buf *head;
	struct held_member *held;
};

static long
next_bytes(struct bytes *in, const char **p)
{
	struct unpack *u = in->unpack;
	long n;

	if (in->head != NULL) {
		*p = in->head->ptr;
		n = (long)in->head->len;
		in->head = NULL;
		if (n > 0)
			return n;
	}
	n = in->held != NULL ? held_read(in->held, p) :
	    package_read(u->package, p);
	if (n > 0)
		u->report->bytes_in += (uint64_t)n;
	progress(&u->progress, u->diag, u->report->bytes_in, 0,
	    u->stream.records);
	return n;
}

/* the line of a file that is not split */
static int
write_file_line(struct unpack *u, const struct file *f, int text, int empty)
{
	struct slice part;

	u->line.len = 0;
	fileline_put(&u->line, f, text ? "text" : "binary", NULL, 0, empty);
	part = (struct slice){ u->line.ptr, u->line.len };
	return stream_line(&u->stream, &part, 1);
}

/* a file that is not split: slices of its bytes */
static int
copy_file(struct unpack *u, const struct file *f, struct bytes *in, int text)
{
	const char *p;
	uint64_t offset = 0;
	size_t n;
	long got;

	got = next_bytes(in, &p);
	u->slice.len = 0;
	if (got == -1 || write_file_line(u, f, text, got == 0) == -1)
		return -1;
	for (; got > 0; got = next_bytes(in, &p)) {
		buf_add(&u->slice, p, (size_t)got);
		while (u->slice.len > SLICE) {
			n = text ? utf8_whole(u->slice.ptr, SLICE) : SLICE;
			if (write_data(u, f, offset, n, text) == -1)
				return -1;
			offset += n;
		}
	}
	if (got == 0 && u->slice.len > 0)
		return write_data(u, f, offset, u->slice.len, text);
	return (int)got;
}

/* a file that is one component, and no JSON */
static int
whole_file(struct unpack *u, const struct file *f, const struct map_kind *k,
    struct bytes *in)
{
	struct gathered g = { .map = u->told.map };
	struct slice part;
	struct utf8 utf8 = {0};
	const char *p;
	long got;

	u->slice.len = u->line.len = 0;
	while ((got = next_bytes(in, &p)) > 0) {
		buf_add(&u->slice, p, (size_t)got);
		if (u->slice.len > u->options->split.max_component)
			return fail(u, STATUS_LIMIT, f->member.name, "the "
			    "component is larger than the limit; "
			    "--max-component raises it");
	}
	if (got == -1 || write_file_line(u, f, 1, 0) == -1)
		return -1;
	u->line.len = 0;
	envelope_stars(&g, f->stars, f->nstars);
	(void)envelope_put(&u->line, &g, k);
	record_put(&u->line, RECORD_FILE, f->path.p, f->path.n);
	record_put(&u->line, RECORD_AT, "\"\"", 2);
	put_bytes(&u->line, u->slice.ptr, u->slice.len, utf8_check(&utf8,
	    u->slice.ptr, u->slice.len) == u->slice.len && utf8.left == 0);
	part = (struct slice){ u->line.ptr, u->line.len };
	return stream_line(&u->stream, &part, 1);
}

/* a file that is split */
static int
split_file(struct unpack *u, const struct file *f, struct bytes *in)
{
	const char *p;
	long got;

	if ((got = next_bytes(in, &p)) == 0)
		return fail(u, STATUS_INPUT, f->member.name, "the file is "
		    "empty; expected JSON");
	split_begin(u->split, f);
	for (; got > 0; got = next_bytes(in, &p)) {
		if (split_feed(u->split, p, (size_t)got) == -1)
			return -1;
	}
	return got == 0 ? split_end(u->split) : -1;
}

/* the kind that a whole file of this row is, or NULL */
static const struct map_kind *
kind_of_file(const struct map_file *row)
{
	const struct map_group *g;

	if (row == NULL || row->type == MAP_JSON)
		return NULL;
	g = row->group;
	return g->nhits > 0 && *g->hits[0].place == '\0' ?
	    g->hits[0].kind : NULL;
}

static int
unpack_by_row(struct unpack *u, const struct file *f, struct bytes *in)
{
	const struct map_kind *kind;

	if (f->row != NULL)
		member_set_add(&u->groups, f->row->group->name);
	if (f->row != NULL && f->row->type == MAP_JSON)
		return split_file(u, f, in);
	if ((kind = kind_of_file(f->row)) != NULL)
		return whole_file(u, f, kind, in);
	return copy_file(u, f, in, f->row != NULL &&
	    f->row->type == MAP_TEXT);
}

static int
unpack_file(struct unpack *u, const struct member *m, struct bytes *in)
{
	struct file f = { .input = package_input(u->package), .member = *m };
	struct buf names = {0}, stars = {0}, name = {0}, path = {0};
	struct buf owner = {0};
	const char *star;
	int rc;

	buf_adds(&name, inner(u, m->name));
	f.member.name = buf_str(&name);
	u->report->files++;
	f.row = map_file(u->told.map, f.member.name, &names);
	for (star = names.ptr; star != NULL && star < names.ptr + names.len;
	    star += strlen(star) + 1, f.nstars++) {
		quote_encode(&stars, star, strlen(star));
		buf_addc(&stars, '\0');
	}
	f.stars = stars.ptr;
	buf_addc(&path, '"');
	quote_encode(&path, name.ptr, name.len);
	buf_addc(&path, '"');
	f.path = (struct slice){ path.ptr, path.len };
	if (f.row != NULL)
		fileline_owner(&owner, f.row->group->owner, f.stars, f.nstars);
	f.owner = (struct slice){ owner.ptr, owner.len };
	rc = unpack_by_row(u, &f, in);
	buf_free(&names);
	buf_free(&stars);
	buf_free(&name);
	buf_free(&path);
	buf_free(&owner);
	return rc;
}

/* the members that came before the platform was told, and the telling one */
static int
unpack_held(struct unpack *u)
{
	struct bytes in = { .unpack = u };
	size_t i;

	for (i = 0; i < u->held.n; i++) {
		in.held = &u->held.members[i];
		if (unpack_file(u, &in.held->member, &in) == -1)
			return -1;
	}
	in.held = NULL;
	in.head = &u->head;
	u->report->bytes_in += u->head.len;
	return u->member.name == NULL ? 0 : unpack_file(u, &u->member, &in);
}

/* what the platform cannot be without */
static int
check_needed(struct unpack *u)
{
	const struct map_row *r;
	struct buf b = {0};
	size_t i, j;
	int rc = 0;

	for (i = 0; i < u->told.map->rows.n; i++) {
		r = &u->told.map->rows.rows[i];
		for (j = 0; strcmp(r->word, "needed") == 0 && j < r->nargs;
		    j++) {
			if (member_set_has(&u->groups, r->args[j]))
				continue;
			b.len = 0;
			buf_printf(&b, "the package has no %s; expected a ",
			    r->args[j]);
			tell_expected(u->options->maps, &b);
			rc = fail(u, STATUS_INPUT, NULL, buf_str(&b));
		}
	}
	buf_free(&b);
	return rc;
}

static int
unpack_files(struct unpack *u)
{
	struct bytes in = { .unpack = u };
	struct member m;
	int got;

	package_arrange(u->package, rank, u);
	if (write_head(u) == -1 || unpack_held(u) == -1)
		return -1;
	while ((got = package_next(u->package, &m)) == 1) {
		if (unpack_file(u, &m, &in) == -1)
			return -1;
	}
	if (got == -1 || check_needed(u) == -1)
		return -1;
	return stream_finish(&u->stream);
}

int
unpack(struct diag *d, const struct unpack_options *o, struct package *p,
    struct output *out, struct report *report)
{
	struct unpack u = { .diag = d, .options = o, .package = p,
	    .report = report, .held.diag = d };
	int rc;

	u.stream.out = out;
	u.stream.pieces = digest_open();
	if ((rc = tell(&u)) == 0) {
		u.split = split_open(d, package_input(p), u.told.map,
		    &o->split, &u.stream);
		rc = unpack_files(&u);
	}
	progress_end(&u.progress);
	report->records = u.stream.records;
	report->bytes_out = out->total;
	split_close(u.split);
	held_free(&u.held);
	member_set_free(&u.groups);
	digest_close(u.stream.pieces);
	buf_free(&u.head);
	buf_free(&u.line);
	buf_free(&u.slice);
	return rc;
}
