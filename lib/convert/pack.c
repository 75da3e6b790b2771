/* SPDX-License-Identifier: ISC */
/*
 * A stream to a package: files put together, members written as they come.
 */
#include "convert/pack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomicfile.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/counts.h"
#include "base/diag.h"
#include "base/progress.h"
#include "convert/assemble.h"
#include "convert/dangling.h"
#include "json/pointer.h"
#include "json/string.h"
#include "json/style.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/registry.h"
#include "package/dir_writer.h"
#include "package/member.h"
#include "package/ops.h"
#include "stream/record.h"
#include "stream/stream.h"
#include "value/derive.h"

/* what a member has whose time nobody knows: the first that a zip can say */
#define EPOCH_OF_ZIP 315532800	/* 1980-01-01T00:00:00Z */
#define LATEST UINT32_MAX	/* a zip has 32 bits for it: the year 2106 */

/* a value this long is not copied without need */
#define LONG_VALUE ((size_t)1 << 20)

/* a file said to be this long gets Zip64 unasked */
#define BIG ((long long)2 << 30)

struct pack {
	struct diag *diag;
	const struct pack_options *options;
	struct stream_in *in;
	struct counts *counts;
	const struct map *map;
	char *edition;		/* NULL: the stream does not say */

	/* the package */
	const struct sink_ops *sink;
	void *self;		/* NULL: not begun */
	struct zip_writer *zip;	/* the same, if it is one */
	struct dir_writer *tree;
	struct atomicfile out;
	struct member_set names;
	struct member_set groups;	/* of files that are made */
	const char *group;		/* of this one, or NULL */
	struct dangling dangling;
	int64_t epoch;		/* time of members without one */

	/* the file */
	int in_file;
	struct member member;
	struct buf name;
	const struct style *style;	/* NULL: it is not split */
	int newline, empty;
	int tail;		/* what ends it came as @data */
	uint64_t components, size, limit;
	int begun;		/* its member is */
	struct assembly assembly;
	struct buf kept;	/* a value that must outlast its line */
	struct buf text;
	struct progress progress;
};

/* an error at the line read last; -1 */
static int
fail_line(struct pack *p, enum status status, const char *pointer,
    const char *what)
{
	struct place at = stream_place(p->in);

	at.pointer = pointer;
	if (p->in_file)
		at.member = p->name.ptr;
	return diag_fail(p->diag, status, &at, "%s", what);
}

/* a string member, decoded, into a buffer */
static struct slice
decode(const struct record *r, enum record_field f, struct buf *b)
{
	struct slice s = record_text(r, f);

	b->len = 0;
	if (s.p == NULL)
		return s;
	string_decode(b, s.p, s.n);
	return (struct slice){ buf_str(b), b->len };
}

/* whether a file in the directory belongs to the package */
static int
owns(void *arg, const char *name)
{
	const struct pack *p = arg;
	const struct map_file *f;

	f = map_file(p->map, name, NULL);
	return f != NULL && !f->guess;
}

static int
open_tree(struct pack *p)
{
	if (p->map == NULL)
		return fail_line(p, STATUS_USAGE, NULL, "a directory needs the "
		    "platform's map, to know which files are the package's: "
		    "give it with --map");
	p->tree = dir_writer_open(p->diag, p->options->output,
	    p->options->force, owns, p);
	p->sink = &dir_writer_sink_ops;
	p->self = p->tree;
	return p->tree == NULL ? -1 : 0;
}

static int
open_zip(struct pack *p)
{
	struct zip_options o = p->options->zip;
	const char *name = p->options->output;

	if (strcmp(name, "-") == 0)
		p->out = (struct atomicfile){ .diag = p->diag,
		    .path = "stdout", .fd = STDOUT_FILENO, .direct = 1 };
	if (p->member.size >= BIG)
		o.zip64 = 1;
	p->zip = zip_writer_open(p->diag, p->out.path, p->out.fd, &o);
	p->sink = &zip_writer_ops;
	p->self = p->zip;
	return 0;
}

/* a terminal would show the bytes of a zip, and obey some */
static int
check_terminal(struct pack *p, int fd)
{
	struct place at = { .input = fd == STDOUT_FILENO ? "stdout" :
	    p->options->output, .offset = DIAG_NOWHERE };

	return !isatty(fd) ? 0 : diag_fail(p->diag, STATUS_USAGE, &at, "is a "
	    "terminal, and a zip is not text: name a file with -o, or "
	    "redirect the output");
}

/* the time of members without one, as those who build packages set it */
static int
read_epoch(struct pack *p)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	char *end;

	p->epoch = EPOCH_OF_ZIP;
	if (text == NULL || *text == '\0')
		return 0;
	p->epoch = strtoll(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == '\0' &&
	    p->epoch <= LATEST)
		return 0;
	return diag_fail(p->diag, STATUS_USAGE, NULL, "SOURCE_DATE_EPOCH: "
	    "expected seconds since 1970, from 0 to %" PRIu32 ", found \"%s\"",
	    LATEST, text);
}

/* open what is known without the stream: a mistake should show at once */
static int
open_output(struct pack *p)
{
	const char *o = p->options->output;

	p->out.fd = -1;
	if (read_epoch(p) == -1)
		return -1;
	if (strcmp(o, "-") == 0)
		return check_terminal(p, STDOUT_FILENO);
	if (o[strlen(o) - 1] == '/')
		return 0;
	return atomicfile_open(&p->out, p->diag, o, p->options->force) == -1 ?
	    -1 : check_terminal(p, p->out.fd);
}

static int
open_sink(struct pack *p)
{
	const char *o = p->options->output;

	if (p->self != NULL)
		return 0;
	return o[strlen(o) - 1] == '/' ? open_tree(p) : open_zip(p);
}

/* begin the file's member, if it has not begun */
static int
begin_member(struct pack *p)
{
	const char *unsafe;

	if (p->begun)
		return 0;
	if ((unsafe = member_unsafe(p->member.name)) != NULL)
		return fail_line(p, STATUS_INPUT, NULL, unsafe);
	if (open_sink(p) == -1)
		return -1;
	if (p->member.mtime < 0 && p->tree == NULL)
		p->member.mtime = p->epoch;
	p->begun = 1;
	if (p->group != NULL)
		member_set_add(&p->groups, p->group);
	p->counts->files++;
	return p->sink->begin(p->self, &p->member);
}

/* what a limit of the platform says of a size */
static int
check_limit(struct pack *p, uint64_t size, uint64_t limit, const char *what)
{
	struct buf b = {0};
	int rc = 0;

	if (limit == 0 || size <= limit)
		return 0;
	buf_printf(&b, "%s is larger than the %" PRIu64 " bytes that %s "
	    "takes", what, limit, p->map->title);
	if (p->options->no_limits)
		diag_warn_of(p->diag, "limit", NULL, "%s", buf_str(&b));
	else {
		buf_adds(&b, "; --no-limits packs it all the same");
		rc = fail_line(p, STATUS_LIMIT, NULL, buf_str(&b));
	}
	buf_free(&b);
	return rc;
}

/* the file's next bytes */
static int
put_bytes(void *arg, const char *bytes, size_t n)
{
	struct pack *p = arg;

	if (begin_member(p) == -1)
		return -1;
	p->size += n;
	p->counts->bytes_out += n;
	if (p->limit != 0 && p->size > p->limit) {
		if (check_limit(p, p->size, p->limit, "the file") == -1)
			return -1;
		p->limit = 0;	/* reported once */
	}
	return p->sink->write(p->self, bytes, n);
}

/* what assemble.h found wrong */
static int
fail_part(struct pack *p, const char *pointer)
{
	return fail_line(p, p->assembly.layout.too_deep ? STATUS_LIMIT :
	    STATUS_STREAM, pointer, p->assembly.wrong);
}

/* the file is over: its last bytes, or no member at all */
static int
end_file(struct pack *p)
{
	int rc = 0;

	if (!p->in_file)
		return 0;
	if (p->style != NULL && (p->components > 0 || p->empty)) {
		rc = p->tail ? 0 : assemble_end(&p->assembly);
		if (rc == -1 && p->assembly.wrong != NULL)
			return fail_part(p, NULL);
		if (rc == 0 && p->newline && !p->tail && p->assembly.begun)
			rc = put_bytes(p, "\n", 1);
	}
	if (rc == 0 && p->empty)
		rc = begin_member(p);
	p->in_file = 0;
	return rc;
}

/* the style of a split file; "+newline" says how it ends */
static int
read_style(struct pack *p, const struct record *r)
{
	struct slice s = record_text(r, RECORD_STYLE);
	const char *plus;

	p->style = NULL;
	p->newline = 0;
	if (s.p == NULL)
		return 0;
	if ((plus = memchr(s.p, '+', s.n)) != NULL) {
		p->newline = s.p + s.n - plus == 8 &&
		    memcmp(plus, "+newline", 8) == 0;
		s.n = p->newline ? (size_t)(plus - s.p) : 0;
	}
	if ((p->style = style_find(s.p, s.n)) == NULL)
		return fail_line(p, STATUS_INPUT, NULL, "expected a layout "
		    "style that pkg-stream(5) names");
	assemble_begin(&p->assembly, p->style, p->options->max_depth,
	    put_bytes, p);
	return 0;
}

/* whether the file's name can stand beside those before it */
static int
join_names(struct pack *p)
{
	switch (member_set_join(&p->names, p->member.name, 0)) {
	case MEMBER_TWICE:
		return fail_line(p, STATUS_STREAM, NULL, "the stream has this "
		    "file twice: two streams were joined, or its records are "
		    "out of order");
	case MEMBER_FILE_AND_FOLDER:
		return fail_line(p, STATUS_INPUT, NULL, "the stream has this "
		    "name as that of a file and of a folder, or a folder in it "
		    "is a file (case does not count)");
	default:
		return 0;
	}
}

static int
begin_file(struct pack *p, const struct record *r)
{
	const struct map_file *f;
	struct slice name;

	if (end_file(p) == -1)
		return -1;
	name = decode(r, RECORD_FILE, &p->name);
	if (name.p == NULL || strlen(name.p) != name.n)
		return fail_line(p, STATUS_INPUT, NULL, "expected the name of "
		    "a file");
	p->in_file = 1;
	p->member = (struct member){ .name = name.p,
	    .size = record_number(r, RECORD_SIZE),
	    .mtime = record_number(r, RECORD_MTIME) };
	if (record_number(r, RECORD_MODE) > 0)
		p->member.mode = (unsigned)record_number(r, RECORD_MODE);
	p->empty = r->field[RECORD_EMPTY].p != NULL;
	p->components = p->size = p->limit = 0;
	p->begun = p->tail = 0;
	if (join_names(p) == -1)
		return -1;
	f = p->map != NULL ? map_file(p->map, name.p, NULL) : NULL;
	p->group = NULL;
	if (f != NULL) {
		p->group = f->group->name;
		p->limit = map_limit(p->map, f->group->name, p->edition);
	}
	return read_style(p, r);
}

/* bytes of a file that is not split, or what follows a split one's end */
static int
take_data(struct pack *p, const struct record *r)
{
	struct slice value = record_text(r, RECORD_VALUE);
	long long offset;

	p->text.len = 0;
	if (value.p == NULL)
		return fail_line(p, STATUS_INPUT, NULL, "expected a string as "
		    "value");
	if (p->style != NULL && !p->tail && assemble_end(&p->assembly) == -1)
		return p->assembly.wrong != NULL ? fail_part(p, NULL) : -1;
	p->tail |= p->style != NULL;
	offset = record_number(r, RECORD_OFFSET);
	if (p->style == NULL && r->field[RECORD_OFFSET].p != NULL &&
	    offset != (long long)p->size)
		return fail_line(p, STATUS_STREAM, NULL, "the slice does not "
		    "follow the one before it: slices were lost or are out "
		    "of order");
	if (record_is(r, RECORD_ENCODING, "base64")) {
		if (base64_decode(&p->text, value.p, value.n) == -1)
			return fail_line(p, STATUS_INPUT, NULL, "the value is "
			    "not base64 (RFC 4648)");
	} else if (r->field[RECORD_ENCODING].p != NULL &&
	    !record_is(r, RECORD_ENCODING, "utf-8")) {
		return fail_line(p, STATUS_INPUT, NULL, "expected utf-8 or "
		    "base64 as encoding");
	} else {
		string_decode(&p->text, value.p, value.n);
	}
	return put_bytes(p, p->text.ptr, p->text.len);
}

/*
 * If containers inside this component may follow, keep its value beyond the
 * next line: a short one is copied, a long one taken with all its buffer.
 */
static void
keep_value(struct pack *p, struct slice *value)
{
	if (!p->in->edited &&
	    !lines_ahead(&p->in->lines, "{\"kind\":\"@open\""))
		return;
	if (value->n < LONG_VALUE) {
		buf_add(&p->kept, value->p, value->n);
		value->p = p->kept.ptr;
	} else {
		stream_give(p->in, &p->kept);
	}
}

/* a component or a container of a split file */
static int
take_part(struct pack *p, const struct record *r)
{
	struct slice at, value = r->field[RECORD_VALUE];
	struct slice key = record_text(r, RECORD_KEY);
	int rc;

	at = decode(r, RECORD_AT, &p->text);
	if (at.p == NULL || value.p == NULL)
		return fail_line(p, STATUS_INPUT, NULL, "expected \"at\" and "
		    "\"value\"");
	if (!pointer_valid(at.p, at.n))
		return fail_line(p, STATUS_INPUT, at.p, "expected a JSON "
		    "pointer (RFC 6901) as \"at\"");
	if (p->style == NULL)
		return fail_line(p, STATUS_INPUT, at.p, "the file's @file "
		    "gives no style: it is not split into components");
	if (p->tail)
		return fail_line(p, STATUS_STREAM, at.p, "comes after the "
		    "file's end");
	if (r->kind == RECORD_OPEN) {
		rc = assemble_open(&p->assembly, at, key, *value.p == '[');
	} else {
		p->components++;
		keep_value(p, &value);
		rc = assemble_component(&p->assembly, at, key, value,
		    p->kept.ptr != NULL ? &p->kept : NULL);
	}
	if (rc == -1 && p->assembly.wrong != NULL)
		return fail_part(p, at.p);
	return rc;
}

/* whether a record belongs to the file at hand */
static int
is_of_file(struct pack *p, const struct record *r)
{
	struct slice s = record_text(r, RECORD_FILE);
	int same;

	if (!p->in_file || s.p == NULL)
		return 0;
	p->text.len = 0;
	string_decode(&p->text, s.p, s.n);
	same = p->text.len == strlen(p->member.name) &&
	    memcmp(p->text.ptr, p->member.name, p->text.len) == 0;
	return same;
}

static int
begin_stream(struct pack *p, const struct record *r)
{
	struct slice s = record_text(r, RECORD_PLATFORM);
	struct slice e = record_text(r, RECORD_EDITION);

	p->map = s.p == NULL ? NULL : registry_find(p->diag,
	    p->options->maps, s.p, s.n, 0);
	if (p->map == NULL)
		diag_warn_of(p->diag, "map", NULL,
		    "no map for the stream's platform: "
		    "its limits are not checked (--map gives one)");
	if (p->map != NULL)
		derive_edited(p->in, p->map);
	p->dangling.map = p->map;
	p->dangling.edited = p->in->edited;
	if (e.p != NULL)
		p->edition = xstrndup(e.p, e.n);
	return 0;
}

static int
take_record(struct pack *p, const struct record *r)
{
	if (r->kind == RECORD_STREAM)
		return begin_stream(p, r);
	if (r->kind == RECORD_OF_FILE)
		return begin_file(p, r);
	if (!is_of_file(p, r))
		return fail_line(p, STATUS_STREAM, NULL, "the record is of "
		    "another file than those around it: records of a file must "
		    "follow its @file, in their order");
	if (r->kind == RECORD_COMPONENT)
		dangling_take(&p->dangling, r, stream_place(p->in).line);
	if (r->kind == RECORD_DATA ||
	    (r->field[RECORD_ENCODING].p != NULL && p->style == NULL)) {
		p->components++;
		return take_data(p, r);
	}
	return take_part(p, r);
}

/* what the platform refuses to import without */
static int
check_needed(struct pack *p)
{
	const struct map_row *row = NULL;
	struct buf b = {0};
	size_t i;
	int rc = 0;

	while ((row = map_next_row(p->map, "needed", row)) != NULL) {
		for (i = 0; i < row->nargs; i++) {
			if (member_set_has(&p->groups, row->args[i]))
				continue;
			b.len = 0;
			buf_printf(&b, "the stream has no %s, without which "
			    "the platform imports nothing", row->args[i]);
			rc = fail_line(p, STATUS_INPUT, NULL, buf_str(&b));
		}
	}
	buf_free(&b);
	return rc;
}

/* what must lead somewhere */
static int
check_required(struct pack *p)
{
	struct buf b = {0};
	const char *missing;
	int rc = 0;

	if ((missing = dangling_required(&p->dangling)) != NULL) {
		buf_printf(&b, "the stream lacks %s, without which the "
		    "platform refuses the package", missing);
		rc = fail_line(p, STATUS_INPUT, NULL, buf_str(&b));
	}
	buf_free(&b);
	return rc;
}

/* all came: complete the package and put it into its place */
static int
finish(struct pack *p)
{
	if (end_file(p) == -1 || check_needed(p) == -1 ||
	    check_required(p) == -1)
		return -1;
	if (p->self == NULL)
		return fail_line(p, STATUS_INPUT, NULL, "the stream has no "
		    "files; nothing is packed");
	dangling_warn(&p->dangling, p->diag, stream_place(p->in).input);
	if (diag_failed(p->diag) == -1 || p->sink->finish(p->self) == -1)
		return -1;
	if (p->zip != NULL) {
		p->counts->bytes_out = zip_writer_written(p->zip);
		if (p->map != NULL && check_limit(p, zip_writer_written(p->zip),
		    map_limit(p->map, "package", p->edition),
		    "the package") == -1)
			return -1;
	}
	if (diag_failed(p->diag) == -1)
		return -1;
	if (p->tree != NULL)
		return dir_writer_commit(p->tree);
	return atomicfile_commit(&p->out);
}

int
pack(struct diag *d, const struct pack_options *o, struct stream_in *in,
    struct counts *counts)
{
	struct pack p = { .diag = d, .options = o, .in = in,
	    .counts = counts };
	struct record r;
	int got;

	if ((got = open_output(&p)) == 0) {
		while ((got = stream_read(in, &r)) == 1) {
			if ((got = take_record(&p, &r)) == -1)
				break;
			progress(&p.progress, d, in->lines.taken, 0,
			    in->records);
		}
	}
	if (got == 0)
		got = finish(&p);
	progress_end(&p.progress);
	counts->records = in->records;
	counts->bytes_in = in->lines.taken;
	if (p.self != NULL)
		p.sink->close(p.self);
	if (p.out.fd != STDOUT_FILENO)
		atomicfile_close(&p.out);
	assemble_free(&p.assembly);
	member_set_free(&p.names);
	member_set_free(&p.groups);
	dangling_free(&p.dangling);
	buf_free(&p.name);
	buf_free(&p.text);
	buf_free(&p.kept);
	free(p.edition);
	return got;
}
