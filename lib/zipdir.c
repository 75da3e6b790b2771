/* SPDX-License-Identifier: ISC */
/*
 * The central directory of a zip, held against its local headers.
 *
 * The directory is walked once for the places of the local headers.  Then, in
 * the order of these places, each local header is read beside its directory
 * entry, and must begin where the member before it ended.
 *
 * Sections are those of PKWARE's APPNOTE.TXT, version 6.3.10.
 */
#include "zipdir.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "diag.h"
#include "utf8.h"

/* what a read fetches at least, if the file has it */
#define BLOCK ((size_t)1 << 14)

/* signatures, and sizes without what varies */
#define LOCAL_SIG	0x04034b50u	/* 4.3.7 */
#define LOCAL_SIZE	30
#define DESCRIPTOR_SIG	0x08074b50u	/* 4.3.9 */
#define DESCRIPTOR_MAX	24
#define CENTRAL_SIG	0x02014b50u	/* 4.3.12 */
#define CENTRAL_SIZE	46
#define MADE_BY_UNIX	3
#define END64_SIG	0x06064b50u	/* 4.3.14 */
#define END64_SIZE	56
#define LOCATOR_SIG	0x07064b50u	/* 4.3.15 */
#define LOCATOR_SIZE	20
#define END_SIG		0x06054b50u	/* 4.3.16 */
#define END_SIZE	22
#define COMMENT_MAX	65535

/* general purpose bits: 4.4.4 */
#define BITS_ENCRYPTED	0x2041u		/* 0, 6, 13: each way to encrypt */
#define BIT_DESCRIPTOR	0x0008u		/* 3: CRC and sizes come after */

/* compression methods: 4.4.5 */
#define METHOD_STORED	0
#define METHOD_DEFLATED	8

/* extra fields */
#define EXTRA_ZIP64	0x0001u		/* 4.5.3 */
#define EXTRA_NAME	0x7075u		/* 4.6.9 */

/* the values that mean: look into the Zip64 part (4.4.1.4) */
#define FULL16		0xffffu
#define FULL32		0xffffffffu

#define DAMAGED "the package was tampered with or damaged, export it again"

/* part of the file, so that no field costs a system call */
struct window {
	uint64_t start;
	struct buf buf;
};

/* where one local header is, and the entry that says so */
struct entry {
	uint64_t local;
	uint64_t central;
};

/*
 * A directory entry or a local header, which say nearly the same.  The
 * pointers are into its window and last until that moves.
 */
struct header {
	uint64_t at;			/* its first byte in the file */
	uint64_t end;			/* past its last */
	const unsigned char *name;
	size_t name_len;
	const unsigned char *other;	/* a second name, if other_len > 0 */
	size_t other_len;
	unsigned flags, method;
	unsigned type;			/* entry only: S_IFMT bits, or 0 */
	uint64_t crc;
	uint64_t packed, size;		/* of the data, in bytes */
	uint64_t local;			/* entry only: place of its header */
	uint64_t disk;			/* entry only: which has it */
};

struct zip {
	struct diag *diag;		/* borrowed, as is input */
	const char *input;
	int fd;
	uint64_t size;

	/* what the end records say */
	uint64_t start, end;		/* of the central directory */
	uint64_t count;

	struct window dir, data;	/* at the directory; at the members */
	struct buf entries;		/* of struct entry */

	/* for messages */
	struct place place;
	struct buf name, other_name;
};

/* an integer of n bytes, low byte first (4.4.1.1) */
static uint64_t
le(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* a place in the file, for one message */
static const struct place *
at(struct zip *z, uint64_t offset)
{
	z->place = (struct place){ .input = z->input, .offset = offset };
	return &z->place;
}

/* the length of the printable UTF-8 character that p begins with, or 0 */
static size_t
printable(const unsigned char *p, size_t n)
{
	struct utf8 u = {0};
	size_t i;

	if (*p < 0x20 || *p == 0x7f || *p == '\\')
		return 0;
	if (*p == 0xc2 && n > 1 && p[1] < 0xa0)
		return 0;	/* U+0080 to U+009F: terminals obey them */
	for (i = 0; i < n && utf8_check(&u, (const char *)p + i, 1) == 1; i++)
		if (u.left == 0)
			return i + 1;
	return 0;
}

/* a member's name in b as text that does nothing to a terminal */
static const char *
shown(struct buf *b, const struct header *h)
{
	size_t i, len;

	b->len = 0;
	for (i = 0; i < h->name_len; i += len) {
		if ((len = printable(h->name + i, h->name_len - i)) > 0) {
			buf_add(b, h->name + i, len);
			continue;
		}
		buf_printf(b, h->name[i] == '\\' ? "\\\\" : "\\x%02x",
		    h->name[i]);
		len = 1;
	}
	return buf_str(b);
}

/* a place in the file that concerns the member of h, for one message */
static const struct place *
at_member(struct zip *z, const struct header *h, uint64_t offset)
{
	at(z, offset);
	z->place.member = shown(&z->name, h);
	return &z->place;
}

/* move a window to offset; n bytes must be there */
static int
move(struct zip *z, struct window *w, uint64_t offset, size_t n)
{
	ssize_t got;

	if (n < BLOCK)
		n = z->size - offset < BLOCK ? (size_t)(z->size - offset) :
		    BLOCK;
	w->start = offset;
	w->buf.len = 0;
	buf_room(&w->buf, n);
	while (w->buf.len < n) {
		got = pread(z->fd, w->buf.ptr + w->buf.len, n - w->buf.len,
		    (off_t)(offset + w->buf.len));
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return diag_fail(z->diag, STATUS_IO, at(z, offset),
			    "cannot read: %s", strerror(errno));
		if (got == 0)
			return diag_fail(z->diag, STATUS_IO, at(z, offset),
			    "the file became shorter while it was read");
		w->buf.len += (size_t)got;
	}
	return 0;
}

/*
 * n bytes at offset, which must not reach past the file's end; they last until
 * the next call for this window.  NULL after a message.
 */
static const unsigned char *
bytes(struct zip *z, struct window *w, uint64_t offset, size_t n)
{
	if ((offset < w->start || offset + n > w->start + w->buf.len) &&
	    move(z, w, offset, n) == -1)
		return NULL;
	return (const unsigned char *)w->buf.ptr + (offset - w->start);
}

/* the Zip64 values of those that are full, in the order of 4.5.3 */
static int
widen(struct zip *z, struct header *h, const unsigned char *p, size_t n)
{
	const struct {
		uint64_t *value;
		uint64_t full;
		size_t width;
	} fields[] = {
		{ &h->size, FULL32, 8 },
		{ &h->packed, FULL32, 8 },
		{ &h->local, FULL32, 8 },
		{ &h->disk, FULL16, 4 },
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (*fields[i].value != fields[i].full)
			continue;
		if (n < fields[i].width)
			return diag_fail(z->diag, STATUS_INPUT,
			    at_member(z, h, h->at), "its Zip64 field is too "
			    "short for the values that it should hold "
			    "(APPNOTE 4.5.3): " DAMAGED);
		*fields[i].value = le(p, fields[i].width);
		p += fields[i].width;
		n -= fields[i].width;
	}
	return 0;
}

/*
 * The extra fields that change what a header says, each at most once, or
 * readers would differ.  Up to three bytes may be left over: they align.
 */
static int
read_extra(struct zip *z, struct header *h, const unsigned char *p, size_t n)
{
	int zip64 = 0, names = 0;
	unsigned id;
	size_t len;

	for (; n >= 4; p += 4 + len, n -= 4 + len) {
		id = (unsigned)le(p, 2);
		len = (size_t)le(p + 2, 2);
		if (len > n - 4)
			return diag_fail(z->diag, STATUS_INPUT,
			    at_member(z, h, h->at), "found an extra field of "
			    "%zu bytes where %zu are left: " DAMAGED, len,
			    n - 4);
		zip64 += id == EXTRA_ZIP64;
		names += id == EXTRA_NAME;
		if (zip64 > 1 || names > 1)
			return diag_fail(z->diag, STATUS_INPUT,
			    at_member(z, h, h->at), "found two extra fields "
			    "of type 0x%04x; expected one: " DAMAGED, id);
		if (id == EXTRA_ZIP64 && widen(z, h, p + 4, len) == -1)
			return -1;
		if (id == EXTRA_NAME) {
			h->other = p + 4;
			h->other_len = len;
		}
	}
	return 0;
}

/*
 * What both kinds of header hold in the same order (4.3.7, 4.3.12): p is at
 * the general purpose bits, name at what follows the fixed part.
 */
static int
read_common(struct zip *z, struct header *h, const unsigned char *p,
    const unsigned char *name)
{
	h->flags = (unsigned)le(p, 2);
	h->method = (unsigned)le(p + 2, 2);
	h->crc = le(p + 8, 4);
	h->packed = le(p + 12, 4);
	h->size = le(p + 16, 4);
	h->name = name;
	h->name_len = (size_t)le(p + 20, 2);
	return read_extra(z, h, name + h->name_len, (size_t)le(p + 22, 2));
}

/* read the directory entry at offset, which must be inside the directory */
static int
read_central(struct zip *z, struct header *h, uint64_t offset)
{
	const unsigned char *p;
	uint64_t left = z->end - offset;
	size_t len = CENTRAL_SIZE;

	*h = (struct header){ .at = offset };
	if (left >= len) {
		if ((p = bytes(z, &z->dir, offset, len)) == NULL)
			return -1;
		if (le(p, 4) != CENTRAL_SIG)
			return diag_fail(z->diag, STATUS_INPUT, at(z, offset),
			    "expected an entry of the central directory, "
			    "found other bytes: " DAMAGED);
		len += (size_t)(le(p + 28, 2) + le(p + 30, 2) +
		    le(p + 32, 2));
	}
	if (left < len)
		return diag_fail(z->diag, STATUS_INPUT, at(z, offset),
		    "found an entry of at least %zu bytes where the central "
		    "directory has %" PRIu64 " left: " DAMAGED, len, left);
	if ((p = bytes(z, &z->dir, offset, len)) == NULL)
		return -1;
	h->end = offset + len;
	h->disk = le(p + 34, 2);
	h->local = le(p + 42, 4);
	/* what Unix says of it, if Unix made it (4.4.2, 4.4.15) */
	h->type = p[5] == MADE_BY_UNIX ? (unsigned)le(p + 40, 2) & S_IFMT : 0;
	return read_common(z, h, p + 8, p + CENTRAL_SIZE);
}

/* read the local header that entry c speaks of; its fixed part has room */
static int
read_local(struct zip *z, struct header *h, const struct header *c)
{
	const unsigned char *p;
	uint64_t left = z->start - c->local;
	size_t len;

	*h = (struct header){ .at = c->local };
	if ((p = bytes(z, &z->data, c->local, LOCAL_SIZE)) == NULL)
		return -1;
	if (le(p, 4) != LOCAL_SIG)
		return diag_fail(z->diag, STATUS_INPUT,
		    at_member(z, c, c->local), "expected its local header "
		    "here, found other bytes: " DAMAGED);
	len = LOCAL_SIZE + (size_t)(le(p + 26, 2) + le(p + 28, 2));
	if (left < len)
		return diag_fail(z->diag, STATUS_INPUT,
		    at_member(z, c, c->local), "found a local header of %zu "
		    "bytes %" PRIu64 " bytes before the central directory: "
		    DAMAGED, len, left);
	if ((p = bytes(z, &z->data, c->local, len)) == NULL)
		return -1;
	h->end = c->local + len;
	return read_common(z, h, p + 6, p + LOCAL_SIZE);
}

/* what this reader, and libarchive as we use it, cannot take */
static int
check_supported(struct zip *z, const struct header *c, const struct header *l)
{
	if (((c->flags | l->flags) & BITS_ENCRYPTED) != 0)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "found an encrypted member; expected plain ones: decrypt "
		    "the package first");
	if (c->method != METHOD_STORED && c->method != METHOD_DEFLATED)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "found compression method %u; expected 0 (stored) or 8 "
		    "(deflated): zip the files again", c->method);
	if (c->disk != 0)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, c->at),
		    "found a member on disk %" PRIu64 " of a zip of several; "
		    "expected all in one file: join the parts", c->disk);
	return 0;
}

/*
 * The names: the bytes, and the second name that Info-ZIP adds if they are
 * not Unicode, which libarchive prefers but takes from the local header only.
 */
static int
check_names(struct zip *z, const struct header *c, const struct header *l)
{
	if (c->name_len != l->name_len ||
	    memcmp(c->name, l->name, c->name_len) != 0) {
		at_member(z, c, l->at);
		return diag_fail(z->diag, STATUS_INPUT, &z->place,
		    "the central directory names it %s, its local header "
		    "%s: " DAMAGED, z->place.member, shown(&z->other_name, l));
	}
	if (c->other_len != l->other_len || (c->other_len > 0 &&
	    memcmp(c->other, l->other, c->other_len) != 0))
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "the central directory and its local header differ in "
		    "its Unicode name (extra field 0x7075): " DAMAGED);
	return 0;
}

/*
 * CRC and sizes.  A writer that could not go back left them zero and put them
 * after the data (4.4.4, bit 3); some knew one or the other at once.
 */
static int
check_sizes(struct zip *z, const struct header *c, const struct header *l)
{
	const struct {
		const char *what;
		uint64_t central, local;
	} values[] = {
		{ "CRC", c->crc, l->crc },
		{ "compressed size", c->packed, l->packed },
		{ "size", c->size, l->size },
	};
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (values[i].local == values[i].central ||
		    ((l->flags & BIT_DESCRIPTOR) != 0 && values[i].local == 0))
			continue;
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "the central directory gives its %s as %" PRIu64 ", its "
		    "local header as %" PRIu64 ": " DAMAGED, values[i].what,
		    values[i].central, values[i].local);
	}
	if (c->method == METHOD_STORED && c->packed != c->size)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, c->at),
		    "found %" PRIu64 " stored bytes for a size of %" PRIu64
		    "; expected equal numbers: " DAMAGED, c->packed, c->size);
	return 0;
}

/*
 * What libarchive does not show: it ends a name at a NUL, turns backslashes,
 * and takes what is no link for a file.
 */
static int
check_hidden(struct zip *z, const struct header *c)
{
	const char *what = NULL;

	if (memchr(c->name, '\0', c->name_len) != NULL)
		what = "the name has a NUL";
	else if (memchr(c->name, '\\', c->name_len) != NULL)
		what = "the name has a backslash";
	else if (c->type != 0 && c->type != S_IFREG && c->type != S_IFDIR &&
	    c->type != S_IFLNK)
		what = "the member is a device, a pipe or a socket";
	if (what == NULL)
		return 0;
	return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, c->at), "%s; "
	    "expected plain files only, as the platforms export them", what);
}

/* do entry and local header say the same? */
static int
check_agree(struct zip *z, const struct header *c, const struct header *l)
{
	if (check_names(z, c, l) == -1 || check_hidden(z, c) == -1)
		return -1;
	if (c->method != l->method)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "the central directory gives its compression method as "
		    "%u, its local header as %u: " DAMAGED, c->method,
		    l->method);
	if (((c->flags ^ l->flags) & BIT_DESCRIPTOR) != 0)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "its %s says that a data descriptor follows, its %s that "
		    "none does: " DAMAGED, (c->flags & BIT_DESCRIPTOR) != 0 ?
		    "directory entry" : "local header",
		    (c->flags & BIT_DESCRIPTOR) != 0 ?
		    "local header" : "directory entry");
	return check_sizes(z, c, l);
}

/* is this a data descriptor of len bytes with the values of the entry? */
static int
is_descriptor(const unsigned char *p, size_t len, const struct header *c)
{
	size_t width = len >= 20 ? 8 : 4;

	if (len % 8 == 0) {
		if (le(p, 4) != DESCRIPTOR_SIG)
			return 0;
		p += 4;
	}
	return le(p, 4) == c->crc && le(p + 4, width) == c->packed &&
	    le(p + 4 + width, width) == c->size;
}

/*
 * The data descriptor at offset: sets *len.  Its signature is optional, and
 * its sizes have four bytes or eight, which nothing tells (4.3.9).  What comes
 * next begins with PK: so no shorter form that is right fits a longer one.
 */
static int
read_descriptor(struct zip *z, const struct header *c, uint64_t offset,
    size_t *len)
{
	static const size_t lens[] = { DESCRIPTOR_MAX, 20, 16, 12 };
	const unsigned char *p;
	size_t i, room;

	room = z->start - offset < DESCRIPTOR_MAX ?
	    (size_t)(z->start - offset) : DESCRIPTOR_MAX;
	if ((p = bytes(z, &z->data, offset, room)) == NULL)
		return -1;
	for (i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		if (lens[i] <= room && is_descriptor(p, lens[i], c)) {
			*len = lens[i];
			return 0;
		}
	}
	return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, offset),
	    "expected a data descriptor with the CRC and sizes of the central "
	    "directory (%" PRIu64 ", %" PRIu64 ", %" PRIu64 "), found other "
	    "bytes: " DAMAGED, c->crc, c->packed, c->size);
}

/* check the member of an entry; sets *end, past its last byte */
static int
check_member(struct zip *z, const struct header *c, uint64_t *end)
{
	struct header l;
	size_t len = 0;

	if (read_local(z, &l, c) == -1 || check_supported(z, c, &l) == -1 ||
	    check_agree(z, c, &l) == -1)
		return -1;
	if (c->packed > z->start - l.end)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l.end),
		    "its %" PRIu64 " bytes overlap the central directory, "
		    "which begins %" PRIu64 " bytes later: " DAMAGED,
		    c->packed, z->start - l.end);
	*end = l.end + c->packed;
	if ((c->flags & BIT_DESCRIPTOR) != 0 &&
	    read_descriptor(z, c, *end, &len) == -1)
		return -1;
	*end += len;
	return 0;
}

/* the bytes before the first member: another reader might begin there */
static int
check_prefix(struct zip *z, uint64_t n)
{
	const unsigned char *p;

	if ((p = bytes(z, &z->data, 0, 2)) == NULL)
		return -1;
	if (memcmp(p, "PK", 2) == 0)
		return diag_fail(z->diag, STATUS_INPUT, at(z, 0), "found %"
		    PRIu64 " bytes before the first member that look like a "
		    "zip but are not in the central directory: " DAMAGED, n);
	diag_warn(z->diag, at(z, 0), "found %" PRIu64 " bytes before the "
	    "first member, which belong to no member: ignored", n);
	return 0;
}

/* two members that share bytes: that of h, and that of another entry */
static int
fail_overlap(struct zip *z, const struct header *h, const struct entry *other)
{
	struct header o;
	int same = h->local == other->local;

	at_member(z, h, h->local);	/* now: reading o moves the window */
	if (read_central(z, &o, other->central) == -1)
		return -1;
	return diag_fail(z->diag, STATUS_INPUT, &z->place, "%s and %s %s: "
	    "possibly a zip bomb; expected each member's bytes to be its own",
	    z->place.member, shown(&z->other_name, &o), same ?
	    "have the same local header" : "overlap");
}

/* does the member of h, the i-th, begin at next, where the one before ended? */
static int
check_begin(struct zip *z, const struct header *h, size_t i, uint64_t next)
{
	const struct entry *e = (const struct entry *)(void *)z->entries.ptr;

	if (h->local == next)
		return 0;
	if (i == 0)
		return check_prefix(z, h->local);
	if (h->local < next)
		return fail_overlap(z, h, &e[i - 1]);
	return diag_fail(z->diag, STATUS_INPUT, at_member(z, h, next),
	    "found %" PRIu64 " bytes before its local header that belong to "
	    "no member of the central directory: " DAMAGED, h->local - next);
}

/* the members in the order of their places; the entries are sorted */
static int
check_members(struct zip *z)
{
	const struct entry *e = (const struct entry *)(void *)z->entries.ptr;
	struct header h;
	uint64_t next = 0;
	size_t i, n = z->entries.len / sizeof(*e);

	for (i = 0; i < n; i++) {
		if (read_central(z, &h, e[i].central) == -1)
			return -1;
		/* first, or it would be no more than a name that differs */
		if (i + 1 < n && e[i + 1].local == e[i].local)
			return fail_overlap(z, &h, &e[i + 1]);
		if (check_begin(z, &h, i, next) == -1 ||
		    check_member(z, &h, &next) == -1)
			return -1;
	}
	if (next != z->start)
		return diag_fail(z->diag, STATUS_INPUT, at(z, next), "found %"
		    PRIu64 " bytes before the central directory that belong "
		    "to no member: " DAMAGED, z->start - next);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->local != y->local)
		return x->local < y->local ? -1 : 1;
	return x->central < y->central ? -1 : x->central > y->central;
}

/* walk the directory, note where its members are */
static int
read_entries(struct zip *z)
{
	struct header h = { .end = z->start };
	struct entry e;
	uint64_t n;

	for (n = 0; h.end < z->end; n++) {
		if (read_central(z, &h, h.end) == -1)
			return -1;
		if (h.local > z->start || z->start - h.local < LOCAL_SIZE)
			return diag_fail(z->diag, STATUS_INPUT,
			    at_member(z, &h, h.at), "its local header should "
			    "be at byte %" PRIu64 ", but the central "
			    "directory begins at %" PRIu64 ": " DAMAGED,
			    h.local, z->start);
		e.local = h.local;
		e.central = h.at;
		buf_add(&z->entries, &e, sizeof(e));
	}
	if (n != z->count)
		return diag_fail(z->diag, STATUS_INPUT, at(z, z->end),
		    "the end record counts %" PRIu64 " members, the central "
		    "directory has %" PRIu64 ": " DAMAGED, z->count, n);
	if (n > 1)
		qsort(z->entries.ptr, (size_t)n, sizeof(e), compare);
	return 0;
}

/* what both end records hold, in the order of the fields below */
enum { DISK, DIR_DISK, HERE, COUNT, SIZE, START, END_FIELDS };

static const struct {
	const char *what;
	size_t at, width;	/* in the end record: 4.3.16 */
	size_t at64, width64;	/* in the Zip64 end record: 4.3.14 */
} end_fields[END_FIELDS] = {
	[DISK] = { "this disk", 4, 2, 16, 4 },
	[DIR_DISK] = { "the disk of the central directory", 6, 2, 20, 4 },
	[HERE] = { "the members on this disk", 8, 2, 24, 8 },
	[COUNT] = { "the members", 10, 2, 32, 8 },
	[SIZE] = { "the size of the central directory", 12, 4, 40, 8 },
	[START] = { "the start of the central directory", 16, 4, 48, 8 },
};

static int
fail_disks(struct zip *z)
{
	return diag_fail(z->diag, STATUS_INPUT, at(z, z->end), "found one part "
	    "of a zip of several disks; expected all in one file: join the "
	    "parts");
}

/* something does not begin where it is said to begin */
static int
fail_offset(struct zip *z, uint64_t said, uint64_t found, const char *what)
{
	if (said > found)
		return diag_fail(z->diag, STATUS_INPUT, at(z, found),
		    "%s should begin at byte %" PRIu64 ", but begins here: "
		    "bytes were cut out, or " DAMAGED, what, said);
	return diag_fail(z->diag, STATUS_INPUT, at(z, found), "%s should begin "
	    "at byte %" PRIu64 ", but begins here: %" PRIu64 " bytes were put "
	    "before or into the zip; a package has none (a self-extracting "
	    "archive is not a package)", what, said, found - said);
}

/*
 * The Zip64 end record, which must stand before its locator, which stands at
 * offset (4.3.14, 4.3.15).  What v holds already, from the end record, must be
 * the same or full; readers differ in which they take.
 */
static int
read_end64(struct zip *z, uint64_t v[END_FIELDS], uint64_t offset)
{
	const unsigned char *p;
	uint64_t said, wide;
	size_t i;

	if (offset < END64_SIZE)
		return diag_fail(z->diag, STATUS_INPUT, at(z, offset),
		    "found a Zip64 locator without room for its record: "
		    DAMAGED);
	z->end = offset - END64_SIZE;
	if ((p = bytes(z, &z->dir, z->end, END64_SIZE + LOCATOR_SIZE)) == NULL)
		return -1;
	said = le(p + END64_SIZE + 8, 8);
	/* some writers count no disks */
	if (le(p + END64_SIZE + 4, 4) != 0 || le(p + END64_SIZE + 16, 4) > 1)
		return fail_disks(z);
	/* the size is without the first 12 bytes; more is for encryption */
	if (le(p, 4) != END64_SIG || le(p + 4, 8) != END64_SIZE - 12)
		return diag_fail(z->diag, STATUS_INPUT, at(z, z->end),
		    "expected a Zip64 end record of %d bytes, found other "
		    "bytes: " DAMAGED, END64_SIZE);
	if (said != z->end)
		return fail_offset(z, said, z->end, "the Zip64 end record");
	for (i = 0; i < END_FIELDS; i++) {
		wide = le(p + end_fields[i].at64, end_fields[i].width64);
		if (v[i] != wide && v[i] != (end_fields[i].width == 2 ?
		    FULL16 : FULL32))
			return diag_fail(z->diag, STATUS_INPUT, at(z, z->end),
			    "the end record gives %s as %" PRIu64 ", the "
			    "Zip64 end record as %" PRIu64 ": " DAMAGED,
			    end_fields[i].what, v[i], wide);
		v[i] = wide;
	}
	return 0;
}

/*
 * Set z->end to the place of the end record, which with its comment must end
 * the file (4.3.16).  The last signature counts: a comment that holds one is
 * refused, as readers differ in which they take.
 */
static int
find_end(struct zip *z)
{
	const unsigned char *p;
	size_t tail = END_SIZE + COMMENT_MAX, i, len;

	if (z->size < END_SIZE)
		return diag_fail(z->diag, STATUS_INPUT, at(z, DIAG_NOWHERE),
		    "found %" PRIu64 " bytes; a zip has at least %d: not a "
		    "zip, or cut short", z->size, END_SIZE);
	if (z->size < tail)
		tail = (size_t)z->size;
	if ((p = bytes(z, &z->dir, z->size - tail, tail)) == NULL)
		return -1;
	for (i = tail - END_SIZE + 1; i > 0; i--)
		if (le(p + i - 1, 4) == END_SIG)
			break;
	if (i == 0)
		return diag_fail(z->diag, STATUS_INPUT, at(z, DIAG_NOWHERE),
		    "found no end record in the last %zu bytes; every zip has "
		    "one: not a zip, cut short, or followed by other bytes",
		    tail);
	i--;
	z->end = z->size - tail + i;
	len = END_SIZE + (size_t)le(p + i + 20, 2);
	if (len > tail - i)
		return diag_fail(z->diag, STATUS_INPUT, at(z, z->end),
		    "found %zu bytes of an end record and its comment; "
		    "expected %zu: cut short, export it again", tail - i, len);
	if (len < tail - i)
		return diag_fail(z->diag, STATUS_INPUT,
		    at(z, z->end + len), "found %zu bytes after the end of "
		    "the zip; expected none: " DAMAGED, tail - i - len);
	return 0;
}

/* what the end records say of the directory is v: check it and take it */
static int
take_end(struct zip *z, const uint64_t v[END_FIELDS])
{
	const unsigned char *p;

	if (v[DISK] != 0 || v[DIR_DISK] != 0 || v[HERE] != v[COUNT])
		return fail_disks(z);
	if (v[SIZE] > z->end)
		return diag_fail(z->diag, STATUS_INPUT, at(z, z->end),
		    "found %" PRIu64 " bytes before the end record; expected "
		    "a central directory of %" PRIu64 ": cut at the front, or "
		    DAMAGED, z->end, v[SIZE]);
	z->start = z->end - v[SIZE];
	z->count = v[COUNT];
	if (v[START] == z->start)
		return 0;
	if (v[START] < z->start && z->end - v[START] >= CENTRAL_SIZE) {
		if ((p = bytes(z, &z->dir, v[START], 4)) == NULL)
			return -1;
		if (le(p, 4) == CENTRAL_SIG)
			return diag_fail(z->diag, STATUS_INPUT,
			    at(z, v[START] + v[SIZE]), "found %" PRIu64
			    " bytes between the central directory and its end "
			    "record; expected none: " DAMAGED,
			    z->start - v[START]);
	}
	return fail_offset(z, v[START], z->start, "the central directory");
}

/* find the end records and, with them, the directory */
static int
read_end(struct zip *z)
{
	const unsigned char *p;
	uint64_t v[END_FIELDS], locator;
	size_t i;

	if (find_end(z) == -1 ||
	    (p = bytes(z, &z->dir, z->end, END_SIZE)) == NULL)
		return -1;
	for (i = 0; i < END_FIELDS; i++)
		v[i] = le(p + end_fields[i].at, end_fields[i].width);
	if (z->end >= LOCATOR_SIZE) {
		locator = z->end - LOCATOR_SIZE;
		if ((p = bytes(z, &z->dir, locator, 4)) == NULL)
			return -1;
		if (le(p, 4) == LOCATOR_SIG && read_end64(z, v, locator) == -1)
			return -1;
	}
	return take_end(z, v);
}

int
zipdir_check(struct diag *d, const char *input, int fd)
{
	struct zip z = { .diag = d, .input = input, .fd = fd };
	struct stat st;
	int rc = -1;

	if (fstat(fd, &st) == -1)
		return diag_fail(d, STATUS_IO, at(&z, DIAG_NOWHERE),
		    "cannot read: %s", strerror(errno));
	z.size = (uint64_t)st.st_size;
	if (read_end(&z) == 0 && read_entries(&z) == 0 &&
	    check_members(&z) == 0)
		rc = 0;
	buf_free(&z.dir.buf);
	buf_free(&z.data.buf);
	buf_free(&z.entries);
	buf_free(&z.name);
	buf_free(&z.other_name);
	return rc;
}
