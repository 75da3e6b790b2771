/* SPDX-License-Identifier: ISC */
/*
 * A package to a stream: detect its platform, then one file after the other.
 */
#include "convert/unpack.h"

#include <string.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/counts.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/progress.h"
#include "base/utf8.h"
#include "convert/detect.h"
#include "convert/file_record.h"
#include "json/string.h"
#include "map/envelope.h"
#include "map/file_match.h"
#include "map/map.h"
#include "package/member.h"
#include "package/package.h"
#include "stream/record.h"
#include "stream/stream.h"

/* bytes of a file that is not split, in one @data line */
#define SLICE ((size_t)48 << 10)

/* of so many files all is said that is wrong */
#define MAX_SPOILED 20

struct unpack {
	struct diag *diag;
	const struct unpack_options *options;
	struct package *package;
	struct counts *counts;
	struct stream_out stream;
	struct split *split;
	struct detected is;	/* what it is of */
	struct member_set groups;	/* names of those that were there */
	struct progress progress;
	unsigned spoiled;	/* files that are not what they should be */
	struct buf line, slice;
};

static int
fail_member(struct unpack *u, enum status status, const char *member,
    const char *what)
{
	struct place at = { .input = package_input(u->package),
	    .member = member, .offset = DIAG_NOWHERE };

	return diag_fail(u->diag, status, &at, "%s", what);
}

/* a name without the folder around the package */
static const char *
inner(const struct unpack *u, const char *name)
{
	const struct buf *prefix = &u->is.prefix;

	if (prefix->len == 0 || strlen(name) <= prefix->len ||
	    memcmp(name, prefix->ptr, prefix->len) != 0)
		return name;
	return name + prefix->len;
}

/* the order of files: that of the map's rows; what it does not know, last */
static int
rank(void *arg, const char *name)
{
	const struct unpack *u = arg;
	const struct map_file *f;

	f = inner(u, name) == name && u->is.prefix.len > 0 ? NULL :
	    map_file(u->is.map, inner(u, name), NULL);
	if (f != NULL && (!f->guess || u->options->all_files))
		return (int)(f - u->is.map->files);
	return u->options->all_files ? (int)u->is.map->nfiles : -1;
}

static int
write_head(struct unpack *u)
{
	const struct map_file *f = u->is.file;
	struct buf *b = &u->line;

	b->len = 0;
	record_begin(b, "@stream", 7);
	record_put_number(b, RECORD_VERSION, 1);
	record_put_text(b, RECORD_PLATFORM, u->is.map->platform,
	    strlen(u->is.map->platform));
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
		string_encode(b, p, n);
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

	text = text && utf8_valid(u->slice.ptr, n);
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
	struct pending_member *held;
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
	n = in->held != NULL ? pending_read(in->held, p) :
	    package_read(u->package, p);
	if (n > 0)
		u->counts->bytes_in += (uint64_t)n;
	progress(&u->progress, u->diag, package_done(u->package),
	    package_total(u->package), u->stream.records);
	return n;
}

/* the line of a file that is not split */
static int
write_file_line(struct unpack *u, const struct file *f, int text, int empty)
{
	struct slice part;

	u->line.len = 0;
	file_record_put(&u->line, f, text ? "text" : "binary", NULL, 0, empty);
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
	struct gathered g = { .map = u->is.map };
	struct slice part;
	const char *p;
	long got;

	u->slice.len = u->line.len = 0;
	while ((got = next_bytes(in, &p)) > 0) {
		buf_add(&u->slice, p, (size_t)got);
		if (u->slice.len > u->options->split.max_component)
			return fail_member(u, STATUS_LIMIT, f->member.name,
			    "the component is larger than the limit; "
			    "--max-component raises it");
	}
	if (got == -1 || write_file_line(u, f, 1, 0) == -1)
		return -1;
	u->line.len = 0;
	envelope_stars(&g, 0, f->stars, f->nstars);
	(void)envelope_put(&u->line, &g, k);
	record_put(&u->line, RECORD_FILE, f->path.p, f->path.n);
	record_put(&u->line, RECORD_AT, "\"\"", 2);
	put_bytes(&u->line, u->slice.ptr, u->slice.len,
	    utf8_valid(u->slice.ptr, u->slice.len));
	part = (struct slice){ u->line.ptr, u->line.len };
	return stream_line(&u->stream, &part, 1);
}

/*
 * A file is not what it should be, which has been said: go on with the next,
 * to say all there is to say, unless there are too many.  No @end is written.
 */
static int
spoil(struct unpack *u)
{
	if (u->diag->status != STATUS_INPUT)
		return -1;
	if (++u->spoiled < MAX_SPOILED)
		return 0;
	return fail_member(u, STATUS_INPUT, NULL, "so many files are wrong "
	    "that the rest is not looked at");
}

/* a file that is split */
static int
split_file(struct unpack *u, const struct file *f, struct bytes *in)
{
	const char *p;
	long got;

	if ((got = next_bytes(in, &p)) == 0) {
		fail_member(u, STATUS_INPUT, f->member.name, "the file is "
		    "empty; expected JSON");
		return spoil(u);
	}
	split_begin(u->split, f);
	for (; got > 0; got = next_bytes(in, &p)) {
		if (split_feed(u->split, p, (size_t)got) == -1)
			return spoil(u);
	}
	if (got == 0 && split_end(u->split) == -1)
		return spoil(u);
	return (int)got;
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
	int rc;

	if (detect_another(&u->is, m->name) == -1)
		return -1;
	buf_adds(&name, inner(u, m->name));
	f.member.name = buf_str(&name);
	u->counts->files++;
	f.row = map_file(u->is.map, f.member.name, &names);
	f.nstars = map_file_stars(&stars, &names);
	f.stars = stars.ptr;
	buf_addc(&path, '"');
	string_encode(&path, name.ptr, name.len);
	buf_addc(&path, '"');
	f.path = (struct slice){ path.ptr, path.len };
	if (f.row != NULL)
		file_record_owner(&owner, f.row->group->owner, f.stars,
		    f.nstars);
	f.owner = (struct slice){ owner.ptr, owner.len };
	rc = unpack_by_row(u, &f, in);
	buf_free(&names);
	buf_free(&stars);
	buf_free(&name);
	buf_free(&path);
	buf_free(&owner);
	return rc;
}

/* the members that came until the platform was known, and the last of them */
static int
unpack_held(struct unpack *u)
{
	struct bytes in = { .unpack = u };
	size_t i;

	for (i = 0; i < u->is.held.n; i++) {
		in.held = &u->is.held.members[i];
		if (unpack_file(u, &in.held->member, &in) == -1)
			return -1;
	}
	in.held = NULL;
	in.head = &u->is.head;
	u->counts->bytes_in += u->is.head.len;
	return u->is.member.name == NULL ? 0 :
	    unpack_file(u, &u->is.member, &in);
}

/* what the platform cannot be without */
static int
check_needed(struct unpack *u)
{
	const struct map_row *r = NULL;
	struct buf b = {0};
	size_t i;
	int rc = 0;

	while ((r = map_next_row(u->is.map, "needed", r)) != NULL) {
		for (i = 0; i < r->nargs; i++) {
			if (member_set_has(&u->groups, r->args[i]))
				continue;
			b.len = 0;
			buf_printf(&b, "the package has no %s; expected a ",
			    r->args[i]);
			detect_expected(u->options->maps, &b);
			rc = fail_member(u, STATUS_INPUT, NULL, buf_str(&b));
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
	if (got == -1 || check_needed(u) == -1 || u->spoiled > 0)
		return -1;
	return stream_finish(&u->stream);
}

int
unpack(struct diag *d, const struct unpack_options *o, struct package *p,
    struct output *out, struct counts *counts)
{
	struct unpack u = { .diag = d, .options = o, .package = p,
	    .counts = counts, .is = { .diag = d, .package = p,
	    .maps = o->maps, .name = o->name, .held.diag = d } };
	int rc;

	u.stream.out = out;
	u.stream.pieces = hash_open();
	if ((rc = detect(&u.is)) == 0) {
		u.split = split_open(d, package_input(p), u.is.map,
		    &o->split, &u.stream);
		rc = unpack_files(&u);
	}
	progress_end(&u.progress);
	counts->records = u.stream.records;
	counts->bytes_out = out->total;
	split_close(u.split);
	detect_free(&u.is);
	member_set_free(&u.groups);
	hash_close(u.stream.pieces);
	buf_free(&u.line);
	buf_free(&u.slice);
	return rc;
}
