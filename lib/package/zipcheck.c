/* SPDX-License-Identifier: ISC */
/*
 * The members of a zip, its central directory held against its local headers.
 *
 * The directory is walked once for the places of the local headers.  Then, in
 * the order of these places, each local header is read beside its directory
 * entry, and must begin where the member before it ended.  Nearly always the
 * directory has that order itself; only where it has not, a list is made.
 *
 * Sections are those of PKWARE's APPNOTE.TXT, version 6.3.10.
 */
#include "package/zipcheck.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/utf8.h"
#include "package/flate.h"

/* what a read fetches at least, if the file has it */
#define BLOCK ((size_t)1 << 14)

/* signatures, and sizes without what varies */
#define LOCAL_SIG	0x04034b50u	/* 4.3.7 */
#define LOCAL_SIZE	30
#define DESCRIPTOR_SIG	0x08074b50u	/* 4.3.9 */
#define DESCRIPTOR_MAX	24
#define CENTRAL_SIG	0x02014b50u	/* 4.3.12 */
#define CENTRAL_SIZE	46
#define DIRECTORY	0x10u		/* of DOS's attributes: 4.4.15 */
#define READ_ONLY	0x01u
#define END64_SIG	0x06064b50u	/* 4.3.14 */
#define END64_SIZE	56
#define LOCATOR_SIG	0x07064b50u	/* 4.3.15 */
#define LOCATOR_SIZE	20
#define END_SIG		0x06054b50u	/* 4.3.16 */
#define END_SIZE	22

/* general purpose bits: 4.4.4 */
#define BITS_ENCRYPTED	0x2041u		/* 0, 6, 13: each way to encrypt */
#define BIT_DESCRIPTOR	0x0008u		/* 3: CRC and sizes come after */
#define BIT_UTF8	0x0800u		/* 11: so is the name */

/* extra fields */
#define EXTRA_ZIP64	0x0001u		/* 4.5.3 */
#define EXTRA_NAME	0x7075u		/* 4.6.9 */
#define EXTRA_TIMES	0x5455u		/* of Info-ZIP: flags, then times */
#define EXTRA_UNIX	0x5855u		/* the same, older */
#define NAME_BEGIN	5u		/* a version and a CRC come first */

/* the systems that made a member, as far as they matter (4.4.2) */
enum system { DOS = 0, UNIX = 3, NTFS = 10, NTFS_INFOZIP = 11, VFAT = 14 };

/* the permissions of a member that tells none */
#define MODE	0664u

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
	const unsigned char *other;	/* a field with a second, or NULL */
	size_t other_len;
	unsigned flags, method;
	unsigned date, clock;		/* as DOS has them */
	const unsigned char *mtime;	/* in four bytes, or NULL */
	unsigned system;		/* entry only: what made it */
	uint64_t attributes;		/* entry only: what that says of it */
	uint64_t crc;
	uint64_t packed, size;		/* of the data, in bytes */
	uint64_t local;			/* entry only: place of its header */
	uint64_t disk;			/* entry only: which has it */
};

struct zipcheck {
	struct diag *diag;		/* borrowed, as is input */
	const char *input;
	int fd;
	uint64_t size;

	/* what the end records say */
	uint64_t start, end;		/* of the central directory */
	uint64_t count;

	struct window dir, data;	/* at the directory; at the members */
	int shuffled;			/* the directory is not in order: */
	struct buf entries;		/* struct entry, sorted */

	/* the entry that comes next, in the order of the members' places */
	uint64_t given;
	uint64_t next;			/* where it is, unless shuffled */

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
at(struct zipcheck *z, uint64_t offset)
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
at_member(struct zipcheck *z, const struct header *h, uint64_t offset)
{
	at(z, offset);
	z->place.member = shown(&z->name, h);
	return &z->place;
}

/* move a window to offset; n bytes must be there */
static int
move(struct zipcheck *z, struct window *w, uint64_t offset, size_t n)
{
	long got;

	if (n < BLOCK)
		n = z->size - offset < BLOCK ? (size_t)(z->size - offset) :
		    BLOCK;
	w->start = offset;
	w->buf.len = 0;
	if ((got = fd_read_at(z->fd, buf_room(&w->buf, n), n, offset)) == -1)
		return diag_fail(z->diag, STATUS_IO, at(z, offset),
		    "cannot read: %s", strerror(errno));
	if ((size_t)got < n)
		return diag_fail(z->diag, STATUS_IO, at(z, offset),
		    "the file became shorter while it was read");
	w->buf.len = n;
	return 0;
}

/*
 * n bytes at offset, which must not reach past the file's end; they last until
 * the next call for this window.  NULL after a message.
 */
static const unsigned char *
bytes(struct zipcheck *z, struct window *w, uint64_t offset, size_t n)
{
	if ((offset < w->start || offset + n > w->start + w->buf.len) &&
	    move(z, w, offset, n) == -1)
		return NULL;
	return (const unsigned char *)w->buf.ptr + (offset - w->start);
}

/* the Zip64 values of those that are full, in the order of 4.5.3 */
static int
widen(struct zipcheck *z, struct header *h, const unsigned char *p, size_t n)
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
read_extra(struct zipcheck *z, struct header *h, const unsigned char *p,
    size_t n)
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
		if (id == EXTRA_TIMES && len >= 5 && (p[4] & 1) != 0)
			h->mtime = p + 5;
		if (id == EXTRA_UNIX && len >= 8)
			h->mtime = p + 8;
	}
	return 0;
}

/*
 * What both kinds of header hold in the same order (4.3.7, 4.3.12): p is at
 * the general purpose bits, name at what follows the fixed part.
 */
static int
read_common(struct zipcheck *z, struct header *h, const unsigned char *p,
    const unsigned char *name)
{
	h->flags = (unsigned)le(p, 2);
	h->method = (unsigned)le(p + 2, 2);
	h->clock = (unsigned)le(p + 4, 2);
	h->date = (unsigned)le(p + 6, 2);
	h->crc = le(p + 8, 4);
	h->packed = le(p + 12, 4);
	h->size = le(p + 16, 4);
	h->name = name;
	h->name_len = (size_t)le(p + 20, 2);
	return read_extra(z, h, name + h->name_len, (size_t)le(p + 22, 2));
}

/* read the directory entry at offset, which must be inside the directory */
static int
read_central(struct zipcheck *z, struct header *h, uint64_t offset)
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
	h->system = p[5];
	h->attributes = le(p + 38, 4);
	return read_common(z, h, p + 8, p + CENTRAL_SIZE);
}

/* read the local header that entry c speaks of; its fixed part has room */
static int
read_local(struct zipcheck *z, struct header *h, const struct header *c)
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

/* what this reader cannot take */
static int
check_supported(struct zipcheck *z, const struct header *c,
    const struct header *l)
{
	if (((c->flags | l->flags) & BITS_ENCRYPTED) != 0)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "found an encrypted member; expected plain ones: decrypt "
		    "the package first");
	if (c->method != ZIP_STORED && c->method != ZIP_DEFLATED)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, l->at),
		    "found compression method %u; expected 0 (stored) or 8 "
		    "(deflated): zip the files again", c->method);
	if (c->disk != 0)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, c->at),
		    "found a member on disk %" PRIu64 " of a zip of several; "
		    "expected all in one file: join the parts", c->disk);
	return 0;
}

/* whether a name means the same in every code page */
static int
is_certain(const struct header *c)
{
	size_t i;

	if ((c->flags & BIT_UTF8) != 0)
		return 1;
	for (i = 0; i < c->name_len && c->name[i] < 0x80; i++)
		continue;
	return i == c->name_len;
}

/* whether the last byte of a name is that of a directory's */
static int
ends_in_slash(const unsigned char *p, size_t n)
{
	return n > 0 && p[n - 1] == '/';
}

/*
 * The second name, in Unicode, is for one that is not (4.6.9): any other must
 * be the same twice, or it hides what some reader would find.  Then c is
 * called by it.
 */
static int
check_unicode(struct zipcheck *z, struct header *c)
{
	struct header second = *c;

	if (c->other == NULL)
		return 0;
	if (c->other_len <= NAME_BEGIN || c->other[0] != 1 ||
	    le(c->other + 1, 4) != flate_crc(0, c->name, c->name_len))
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, c->at),
		    "its Unicode name (extra field 0x7075) is not one of this "
		    "name: " DAMAGED);
	second.name = c->other + NAME_BEGIN;
	second.name_len = c->other_len - NAME_BEGIN;
	if (is_certain(c) ? second.name_len != c->name_len ||
	    memcmp(second.name, c->name, c->name_len) != 0 :
	    ends_in_slash(second.name, second.name_len) !=
	    ends_in_slash(c->name, c->name_len)) {
		at_member(z, c, c->at);
		return diag_fail(z->diag, STATUS_INPUT, &z->place, "its "
		    "Unicode name (extra field 0x7075) is another, %s: "
		    DAMAGED, shown(&z->other_name, &second));
	}
	c->name = second.name;
	c->name_len = second.name_len;
	return 0;
}

/* the names: the bytes, and the second ones, each in both headers */
static int
check_names(struct zipcheck *z, struct header *c, const struct header *l)
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
	return check_unicode(z, c);
}

/*
 * CRC and sizes.  A writer that could not go back left them zero and put them
 * after the data (4.4.4, bit 3); some knew one or the other at once.
 */
static int
check_sizes(struct zipcheck *z, const struct header *c, const struct header *l)
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
	if (c->method == ZIP_STORED && c->packed != c->size)
		return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, c->at),
		    "found %" PRIu64 " stored bytes for a size of %" PRIu64
		    "; expected equal numbers: " DAMAGED, c->packed, c->size);
	return 0;
}

/* the type that Unix gives it, if Unix made it (4.4.2, 4.4.15); or 0 */
static unsigned
unix_type(const struct header *c)
{
	return c->system == UNIX ?
	    (unsigned)(c->attributes >> 16) & S_IFMT : 0;
}

/* whether it is said to be a directory, in a way of Unix or of DOS */
static int
marked_directory(const struct header *c)
{
	switch (c->system) {
	case UNIX:
		if (unix_type(c) == S_IFDIR)
			return 1;
		/* FALLTHROUGH */
	case DOS:
	case NTFS:
	case NTFS_INFOZIP:
	case VFAT:
		return (c->attributes & DIRECTORY) != 0;
	default:
		return 0;
	}
}

/* what no plain file has, and readers take for this or that */
static int
check_plain(struct zipcheck *z, const struct header *c)
{
	unsigned type = unix_type(c);
	int slash = ends_in_slash(c->name, c->name_len);
	const char *what = NULL;

	if (memchr(c->name, '\0', c->name_len) != NULL)
		what = "the name has a NUL";
	else if (memchr(c->name, '\\', c->name_len) != NULL)
		what = "the name has a backslash";
	else if (type == S_IFLNK)
		what = "the member is a link";
	else if (type != 0 && type != S_IFREG && type != S_IFDIR)
		what = "the member is a device, a pipe or a socket";
	else if (!slash && marked_directory(c))
		what = "the member is marked as a directory, but its name "
		    "does not end in /";
	else if (slash && c->size > 0)
		what = "the name is a directory's, but the member has data";
	if (what == NULL)
		return 0;
	return diag_fail(z->diag, STATUS_INPUT, at_member(z, c, c->at), "%s; "
	    "expected plain files only, as the platforms export them", what);
}

/* do entry and local header say the same? */
static int
check_agree(struct zipcheck *z, struct header *c, const struct header *l)
{
	if (check_names(z, c, l) == -1 || check_plain(z, c) == -1)
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
read_descriptor(struct zipcheck *z, const struct header *c, uint64_t offset,
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
check_member(struct zipcheck *z, struct header *c, uint64_t *end)
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

/* bytes before the first member: another reader might begin there */
static int
fail_prefix(struct zipcheck *z, uint64_t n)
{
	const unsigned char *p;

	if ((p = bytes(z, &z->data, 0, 2)) == NULL)
		return -1;
	if (memcmp(p, "PK", 2) == 0)
		return diag_fail(z->diag, STATUS_INPUT, at(z, 0), "found %"
		    PRIu64 " bytes before the first member that look like a "
		    "zip but are not in the central directory: " DAMAGED, n);
	return diag_fail(z->diag, STATUS_INPUT, at(z, 0), "found %" PRIu64
	    " bytes before the first member; a package has none (a "
	    "self-extracting archive is not a package)", n);
}

/* two members that share bytes: that of h, and that of another entry */
static int
fail_overlap(struct zipcheck *z, const struct header *h,
    const struct entry *other)
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

/* the entry that comes next, in the order of the members: 1, 0, -1 */
static int
next_entry(struct zipcheck *z, struct header *h)
{
	const struct entry *e = (const struct entry *)(void *)z->entries.ptr;

	if (z->given == z->count)
		return 0;
	if (read_central(z, h, z->shuffled ? e[z->given].central : z->next) ==
	    -1)
		return -1;
	z->given++;
	z->next = h->end;
	return 1;
}

/* does the member of h begin at next, where the one before it ended? */
static int
check_begin(struct zipcheck *z, const struct header *h,
    const struct entry *before, uint64_t next)
{
	if (h->local == next)
		return 0;
	if (z->given == 1)
		return fail_prefix(z, h->local);
	if (h->local < next)
		return fail_overlap(z, h, before);
	return diag_fail(z->diag, STATUS_INPUT, at_member(z, h, next),
	    "found %" PRIu64 " bytes before its local header that belong to "
	    "no member of the central directory: " DAMAGED, h->local - next);
}

/* the other entry that shares its local header with the one just given */
static const struct entry *
twin(const struct zipcheck *z)
{
	const struct entry *e = (const struct entry *)(void *)z->entries.ptr;

	if (!z->shuffled || z->given == z->count)
		return NULL;
	e += z->given;
	return e[-1].local == e[0].local ? e : NULL;
}

/* the members in the order of their places */
static int
check_members(struct zipcheck *z)
{
	struct header h;
	struct entry before = {0};
	uint64_t next = 0;
	int got;

	while ((got = next_entry(z, &h)) == 1) {
		/* first, or it would be no more than a name that differs */
		if (twin(z) != NULL)
			return fail_overlap(z, &h, twin(z));
		if (check_begin(z, &h, &before, next) == -1)
			return -1;
		before = (struct entry){ h.local, h.at };
		if (check_member(z, &h, &next) == -1)
			return -1;
	}
	if (got == 0 && next != z->start)
		return diag_fail(z->diag, STATUS_INPUT, at(z, next), "found %"
		    PRIu64 " bytes before the central directory that belong "
		    "to no member: " DAMAGED, z->start - next);
	return got;
}

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->local != y->local)
		return x->local < y->local ? -1 : 1;
	return x->central < y->central ? -1 : x->central > y->central;
}

/* the entries as a list in the order of their members */
static int
sort_entries(struct zipcheck *z)
{
	struct header h = { .end = z->start };
	struct entry e;
	uint64_t n;

	z->shuffled = 1;
	for (n = 0; n < z->count; n++) {
		if (read_central(z, &h, h.end) == -1)
			return -1;
		e.local = h.local;
		e.central = h.at;
		buf_add(&z->entries, &e, sizeof(e));
	}
	qsort(z->entries.ptr, (size_t)n, sizeof(e), compare);
	return 0;
}

/* walk the directory: where its members are, and in which order */
static int
read_entries(struct zipcheck *z)
{
	struct header h = { .end = z->start };
	uint64_t n, last = 0;
	int shuffled = 0;

	for (n = 0; h.end < z->end; n++) {
		if (read_central(z, &h, h.end) == -1)
			return -1;
		if (h.local > z->start || z->start - h.local < LOCAL_SIZE)
			return diag_fail(z->diag, STATUS_INPUT,
			    at_member(z, &h, h.at), "its local header should "
			    "be at byte %" PRIu64 ", but the central "
			    "directory begins at %" PRIu64 ": " DAMAGED,
			    h.local, z->start);
		shuffled |= n > 0 && h.local <= last;
		last = h.local;
	}
	if (n != z->count)
		return diag_fail(z->diag, STATUS_INPUT, at(z, z->end),
		    "the end record counts %" PRIu64 " members, the central "
		    "directory has %" PRIu64 ": " DAMAGED, z->count, n);
	z->next = z->start;
	return shuffled ? sort_entries(z) : 0;
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
fail_disks(struct zipcheck *z)
{
	return diag_fail(z->diag, STATUS_INPUT, at(z, z->end), "found one part "
	    "of a zip of several disks; expected all in one file: join the "
	    "parts");
}

/* something does not begin where it is said to begin */
static int
fail_offset(struct zipcheck *z, uint64_t said, uint64_t found, const char *what)
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
read_end64(struct zipcheck *z, uint64_t v[END_FIELDS], uint64_t offset)
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
find_end(struct zipcheck *z)
{
	const unsigned char *p;
	size_t tail = ZIPCHECK_TAIL, i, len;

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
		    "one: not a zip, cut short, or followed by other bytes: "
		    "get it again", tail);
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
take_end(struct zipcheck *z, const uint64_t v[END_FIELDS])
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
read_end(struct zipcheck *z)
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

static void
rewind_entries(struct zipcheck *z)
{
	z->given = 0;
	z->next = z->start;
}

struct zipcheck *
zipcheck_open(struct diag *d, const char *input, int fd)
{
	struct zipcheck *z;
	struct stat st;

	z = xcalloc(1, sizeof(*z));
	z->diag = d;
	z->input = input;
	z->fd = fd;
	if (fstat(fd, &st) == -1) {
		diag_fail(d, STATUS_IO, at(z, DIAG_NOWHERE), "cannot read: %s",
		    strerror(errno));
	} else {
		z->size = (uint64_t)st.st_size;
		if (read_end(z) == 0 && read_entries(z) == 0 &&
		    check_members(z) == 0) {
			rewind_entries(z);
			return z;
		}
	}
	zipcheck_close(z);
	return NULL;
}

/* when a member was written: local time, which we take for UTC (4.4.6) */
static int64_t
time_of(const struct header *l)
{
	struct tm tm = {
		.tm_year = (int)(l->date >> 9) + 80,
		.tm_mon = (int)(l->date >> 5 & 15) - 1,
		.tm_mday = (int)(l->date & 31),
		.tm_hour = (int)(l->clock >> 11),
		.tm_min = (int)(l->clock >> 5 & 63),
		.tm_sec = (int)(l->clock & 31) * 2,
	};

	return l->mtime != NULL ? (int32_t)le(l->mtime, 4) : timegm(&tm);
}

static unsigned
mode_of(const struct header *c)
{
	if (c->system == UNIX && c->attributes >> 16 != 0)
		return (unsigned)(c->attributes >> 16) & 0777;
	return c->system == DOS && (c->attributes & READ_ONLY) != 0 ?
	    MODE & 0444 : MODE;
}

int
zipcheck_next(struct zipcheck *z, struct zipcheck_member *m)
{
	struct header c, l;
	uint64_t end;
	int got;

	if ((got = next_entry(z, &c)) != 1)
		return got;
	/* what was true a moment ago, if nobody wrote to the file; the local
	   header is read last: its pointers are into the window */
	if (check_member(z, &c, &end) == -1 || read_local(z, &l, &c) == -1)
		return -1;
	*m = (struct zipcheck_member){ .folder = ends_in_slash(c.name,
	    c.name_len), .mode = mode_of(&c), .mtime = time_of(&l),
	    .method = c.method, .crc = (uint32_t)c.crc, .size = c.size,
	    .packed = c.packed, .data = l.end };
	z->name.len = 0;
	buf_add(&z->name, c.name, c.name_len);
	m->name = buf_str(&z->name);
	return 1;
}

void
zipcheck_close(struct zipcheck *z)
{
	if (z == NULL)
		return;
	buf_free(&z->dir.buf);
	buf_free(&z->data.buf);
	buf_free(&z->entries);
	buf_free(&z->name);
	buf_free(&z->other_name);
	free(z);
}

int
zipcheck_ends(const char *bytes, size_t n)
{
	const unsigned char *start = (const unsigned char *)bytes;
	const unsigned char *p, *end = start + n;
	size_t i;

	for (i = END_SIZE; i <= n && i <= ZIPCHECK_TAIL; i++) {
		p = end - i;
		if (le(p, 4) == END_SIG && le(p + 20, 2) == i - END_SIZE)
			return 1;
	}
	return 0;
}
