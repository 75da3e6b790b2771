/* SPDX-License-Identifier: ISC */
/*
 * What is given to the tools by mistake, and what to do with it.
 */
#include "base/foreign.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mask.h"

/* so many bytes of a text are shown of its first line */
#define SHOWN 32

/* what it is, and what to do where a package or a stream is expected */
struct row {
	size_t at;		/* where the bytes are */
	int text;		/* behind white space, in any case */
	const char *bytes;
	size_t n;
	const char *what;
	const char *package;	/* NULL: it is taken */
	const char *stream;	/* NULL: it is taken; "": as for one */
};

#define BYTES(s) (s), sizeof(s) - 1

static const struct row rows[] = {
	{ 0, 0, BYTES("PK\3\4"), "a zip", "unpack it first",
	    NULL },
	{ 0, 0, BYTES("PK\5\6"), "a zip without files",
	    "give what the platform exported", NULL },
	{ 0, 0, BYTES("PK\7\10"), "a part of a zip that was split",
	    "put its parts together, as zip -s 0 --out does", "" },
	{ 0, 0, BYTES("{\"kind\":\"@stream\",\"version\":1,\"patch\":"),
	    "a patch", "pkg-merge(1) apply reads it", NULL },
	{ 0, 0, BYTES("{\"kind\":\"@stream\""), "a stream",
	    "pkg-pack(1) makes a package of it", NULL },
	{ 0, 0, BYTES("{\"kind\":\"@"), "a stream whose beginning is cut off",
	    "pkg-pack(1) makes a package of a whole one", NULL },
	{ 0, 0, BYTES("\x1f\x8b"), "a gzip file",
	    "unpack it first, as gzip -d does", "" },
	{ 0, 0, BYTES("BZh"), "a bzip2 file",
	    "unpack it first, as bzip2 -d does", "" },
	{ 0, 0, BYTES("\xfd" "7zXZ\0"), "an xz file",
	    "unpack it first, as xz -d does", "" },
	{ 0, 0, BYTES("\x28\xb5\x2f\xfd"), "a zstd file",
	    "unpack it first, as zstd -d does", "" },
	{ 0, 0, BYTES("7z\xbc\xaf\x27\x1c"), "a 7z archive",
	    "unpack it first, as 7z x does", "" },
	{ 0, 0, BYTES("Rar!\x1a\x07"), "a RAR archive",
	    "unpack it first, as unrar x does", "" },
	{ 257, 0, BYTES("ustar"), "a tar archive",
	    "unpack it first, as tar -x does", "" },
	{ 0, 0, BYTES("UEsDB"), "a zip in base64",
	    "decode it first, as base64 -d does", "" },
	{ 0, 0, BYTES("H4sI"), "a gzip file in base64",
	    "decode it first, as base64 -d does, then unpack it", "" },
	{ 0, 1, BYTES("<!doctype html"), "an HTML page",
	    "was it a login, or an error? look at it, and export again", "" },
	{ 0, 1, BYTES("<html"), "an HTML page",
	    "was it a login, or an error? look at it, and export again", "" },
	{ 0, 1, BYTES("<?xml"), "an XML text",
	    "was it an error? look at it, and export again", "" },
	{ 0, 0, BYTES("<<<<<<< "), "git's conflict markers",
	    "resolve the merge, or export again", "" },
	{ 0, 0, BYTES("HTTP/"), "an answer with its HTTP headers",
	    "keep its body alone, as curl without -i does", "" },
	{ 0, 0, BYTES("version https://git-lfs"), "a Git LFS pointer",
	    "git lfs pull brings the file", "" },
	{ 0, 0, BYTES("\x89PNG"), "a picture (PNG)",
	    "give what the platform exported",
	    "pkg-unpack(1) makes one of a package" },
	{ 0, 0, BYTES("%PDF-"), "a PDF document",
	    "give what the platform exported",
	    "pkg-unpack(1) makes one of a package" },
	{ 0, 0, BYTES("\x7f" "ELF"), "a program",
	    "if it unpacks itself, let it, and give its files", "" },
	{ 0, 0, BYTES("MZ\x90"), "a program",
	    "if it unpacks itself, let it, and give its files", "" },
	{ 0, 0, BYTES("\xff\xfe"), "a text in UTF-16",
	    "write it in UTF-8, as iconv -f UTF-16 -t UTF-8 does", "" },
	{ 0, 0, BYTES("\xfe\xff"), "a text in UTF-16",
	    "write it in UTF-8, as iconv -f UTF-16 -t UTF-8 does", "" },
	{ 0, 0, BYTES("{\0"), "a text in UTF-16",
	    "write it in UTF-8, as iconv -f UTF-16LE -t UTF-8 does", "" },
	{ 0, 0, BYTES("\0{"), "a text in UTF-16",
	    "write it in UTF-8, as iconv -f UTF-16BE -t UTF-8 does", "" },
	{ 0, 0, BYTES("\xef\xbb\xbf"), "a byte order mark",
	    "take it off: JSON text has none", "" }
};

size_t
foreign_blanks(const char *head, size_t n)
{
	size_t i = 0;

	while (i < n && memchr(" \t\r\n", head[i], 4) != NULL)
		i++;
	return i;
}

static int
fits(const struct row *r, const char *p, size_t n)
{
	size_t blanks = r->text ? foreign_blanks(p, n) : 0;

	p += blanks;
	n -= blanks;
	if (n < r->at + r->n)
		return 0;
	return r->text ? strncasecmp(p, r->bytes, r->n) == 0 :
	    memcmp(p + r->at, r->bytes, r->n) == 0;
}

int
foreign_tell(struct foreign *f, enum foreign_door door, const char *head,
    size_t n)
{
	const struct row *r;
	const char *todo;

	for (r = rows; r < rows + sizeof(rows) / sizeof(rows[0]); r++) {
		todo = door == FOREIGN_STREAM ? r->stream : r->package;
		if (todo == NULL || !fits(r, head, n))
			continue;
		*f = (struct foreign){ r->what,
		    *todo != '\0' ? todo : r->package };
		return 1;
	}
	return 0;
}

/*
 * How many of n bytes are the beginning of a line of text, as far as it is
 * shown; 0: they are none.
 */
static size_t
text_line(const char *p, size_t n)
{
	size_t at, len;
	unsigned code;

	for (at = 0; at < n && p[at] != '\n' && p[at] != '\r'; at += len) {
		if (mask_at(p + at, n - at, &len, &code) && p[at] != '\t')
			return at + 4 > n ? at : 0;
		if (at + len > SHOWN)
			break;
	}
	return at;
}

void
foreign_describe(struct buf *b, const char *head, size_t n)
{
	size_t len = foreign_blanks(head, n);

	head += len;
	n -= len;
	if (n == 0) {
		buf_adds(b, "nothing but white space");
		return;
	}
	if ((len = text_line(head, n)) == 0) {
		buf_adds(b, "bytes that are no text");
		return;
	}
	buf_adds(b, "a text that begins \"");
	buf_add(b, head, len);
	buf_addc(b, '"');
}

int
foreign_is_zip(const char *p, size_t n)
{
	return n >= 4 && (memcmp(p, "PK\3\4", 4) == 0 ||
	    memcmp(p, "PK\5\6", 4) == 0);
}
