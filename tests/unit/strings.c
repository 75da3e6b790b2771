/* SPDX-License-Identifier: ISC */
/*
 * strings [SEED]: the small things that strings are made of: JSON's escapes,
 * UTF-8, pointers, base64, sizes, names of members.
 */
#include <stdlib.h>

#include "base/base64.h"
#include "base/size.h"
#include "base/utf8.h"
#include "check.h"
#include "json/pointer.h"
#include "json/string.h"
#include "naive.h"
#include "package/member.h"
#include "value.h"

/* append a code point as UTF-8 would have it, surrogates too */
static void
put_point(struct buf *b, unsigned c)
{
	if (c < 0x80) {
		buf_addc(b, (char)c);
		return;
	}
	if (c >= 0x10000) {
		buf_addc(b, (char)(0xf0 + c / 0x40000));
		buf_addc(b, (char)(0x80 + c / 0x1000 % 0x40));
	} else if (c >= 0x800) {
		buf_addc(b, (char)(0xe0 + c / 0x1000));
	}
	if (c >= 0x800)
		buf_addc(b, (char)(0x80 + c / 0x40 % 0x40));
	else
		buf_addc(b, (char)(0xc0 + c / 0x40));
	buf_addc(b, (char)(0x80 + c % 0x40));
}

/* the canonical spelling of a code point */
static void
put_canon(struct buf *b, unsigned c)
{
	static const char *const letters[0x20] = {
		['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n",
		['\r'] = "\\r", ['\t'] = "\\t"
	};

	if (c < 0x20 && letters[c] != NULL)
		buf_adds(b, letters[c]);
	else if (c < 0x20 || (c >= 0xd800 && c < 0xe000))
		buf_printf(b, "\\u%04x", c);
	else if (c == '"' || c == '\\')
		buf_printf(b, "\\%c", (int)c);
	else
		put_point(b, c);
}

/* a spelling, what it stands for and its canonical form */
static void
check_quote(const char *raw, size_t n, const struct buf *text,
    const struct buf *canon)
{
	struct buf b = {0};
	const char *p = edge(raw, n);

	string_decode(&b, p, n);
	CHECK_BYTES("decoded", b.ptr, b.len, text->ptr, text->len);
	b.len = 0;
	string_canon(&b, p, n);
	CHECK_BYTES("canonical", b.ptr, b.len, canon->ptr, canon->len);
	b.len = 0;
	p = edge(text->ptr, text->len);
	string_encode(&b, p, text->len);
	CHECK_BYTES("encoded", b.ptr, b.len, canon->ptr, canon->len);
	b.len = 0;
	p = edge(canon->ptr, canon->len);
	string_canon(&b, p, canon->len);
	CHECK_BYTES("canonical again", b.ptr, b.len, canon->ptr, canon->len);
	buf_free(&b);
}

/* every escape of four digits, in both cases, alone and with text around */
static void
check_escapes(void)
{
	static const char *const around[] = { "", "x", "\xc3\xa9", "\\\\" };
	struct buf raw = {0}, text = {0}, canon = {0};
	const char *s;
	unsigned c;

	for (c = 0; c < 0x10000; c++) {
		s = around[c % 4];
		raw.len = text.len = canon.len = 0;
		buf_printf(&raw, c % 3 == 0 ? "%s\\u%04X%s" : "%s\\u%04x%s",
		    s, c, s);
		buf_adds(&text, *s == '\\' ? "\\" : s);
		put_point(&text, c);
		buf_adds(&text, *s == '\\' ? "\\" : s);
		buf_adds(&canon, s);
		put_canon(&canon, c);
		buf_adds(&canon, s);
		check_quote(raw.ptr, raw.len, &text, &canon);
	}
	buf_free(&raw);
	buf_free(&text);
	buf_free(&canon);
}

/* pairs of surrogate escapes; and every character above the first plane's */
static void
check_pairs(struct dice *d)
{
	struct buf raw = {0}, text = {0}, canon = {0};
	unsigned i, c;

	for (i = 0; i < 100000; i++) {
		c = i < 2048 ? 0x10000 + i / 2 * 1025 % 0x100000 :
		    0x10000 + (unsigned)dice_roll(d, 0x100000);
		raw.len = text.len = canon.len = 0;
		buf_printf(&raw, i % 2 == 0 ? "\\u%04x\\u%04X" :
		    "\\u%04X\\u%04x", 0xd800 + (c - 0x10000) / 0x400,
		    0xdc00 + c % 0x400);
		put_point(&text, c);
		put_point(&canon, c);
		check_quote(raw.ptr, raw.len, &text, &canon);
	}
	buf_free(&raw);
	buf_free(&text);
	buf_free(&canon);
}

/* spellings and their canonical form */
static void
check_spellings(void)
{
	static const struct {
		const char *raw, *canon;
	} rows[] = {
		{ "", "" }, { "abc", "abc" }, { "\\/", "/" },
		{ "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\\\"\\\\/\\b\\f\\n\\r\\t" },
		{ "\\u0008\\u000c\\u000A\\u000d\\u0009", "\\b\\f\\n\\r\\t" },
		{ "\\u0000\\u001F\\u007f", "\\u0000\\u001f\x7f" },
		{ "\\u0022\\u005c\\u002F", "\\\"\\\\/" },
		{ "\\u003cb\\u003E", "<b>" }, { "\\\\u0041", "\\\\u0041" },
		{ "\\\\\\u0041", "\\\\A" },
		{ "\\uD83D\\uDE00", "\xf0\x9f\x98\x80" },
		{ "\\uD800", "\\ud800" },
		{ "\\uDC00\\uD800", "\\udc00\\ud800" },
		{ "\\uD800\\uD800\\uDC00", "\\ud800\xf0\x90\x80\x80" },
		{ "\\uD800\\uDC00\\uDC00", "\xf0\x90\x80\x80\\udc00" },
		{ "\\uD800x\\uDC00", "\\ud800x\\udc00" },
		{ "\\uD800\\n", "\\ud800\\n" },
		{ "\\uDBFF\\u0041", "\\udbffA" },
		{ "\\uD800\\\\uDC00", "\\ud800\\\\uDC00" },
		{ "\\ud800\\", NULL },
	};
	struct buf b = {0};
	size_t i;

	for (i = 0; rows[i].canon != NULL; i++) {
		b.len = 0;
		string_canon(&b, edge(rows[i].raw, strlen(rows[i].raw)),
		    strlen(rows[i].raw));
		CHECK_TEXT(rows[i].raw, b.ptr, b.len, rows[i].canon);
	}
	buf_free(&b);
}

/* canonical is the same for what is the same, and stays what it is */
static void
check_random_strings(struct dice *d)
{
	struct buf raw = {0}, text = {0}, canon = {0}, again = {0};
	int i;

	for (i = 0; i < 20000; i++) {
		raw.len = text.len = canon.len = again.len = 0;
		value_text(&raw, d);
		string_decode(&text, raw.ptr, raw.len);
		string_canon(&canon, raw.ptr, raw.len);
		string_decode(&again, canon.ptr, canon.len);
		CHECK_BYTES("decoded of canonical", again.ptr, again.len,
		    text.ptr, text.len);
		again.len = 0;
		string_canon(&again, canon.ptr, canon.len);
		CHECK_BYTES("canonical again", again.ptr, again.len,
		    canon.ptr, canon.len);
	}
	buf_free(&raw);
	buf_free(&text);
	buf_free(&canon);
	buf_free(&again);
}

/*
 * Whether n bytes can begin (or be) a character of len bytes: some code point
 * that is allowed has them first.
 */
static int
may_begin(const unsigned char *p, size_t n, size_t len)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned low, high;
	size_t i;

	low = len == 1 ? p[0] : p[0] & (0x7fU >> len);
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		low = low << 6 | (p[i] & 0x3f);
	}
	low <<= 6 * (len - n);
	high = low + (1U << 6 * (len - n)) - 1;
	return high >= least[len] && low <= 0x10ffff &&
	    !(low >= 0xd800 && high < 0xe000);
}

/* the first byte of a text that cannot stand there; *open: it ends inside */
static size_t
first_bad(const unsigned char *p, size_t n, int *open)
{
	size_t i, j, len;

	for (i = 0; i < n; i += len) {
		for (len = 0; len < 8 && (p[i] << len & 0x80) != 0; len++)
			continue;
		if (len == 1 || len > 4)
			return i;
		len += len == 0;
		for (j = 1; j <= len && i + j <= n; j++)
			if (!may_begin(p + i, j, len))
				return i + j - 1;
	}
	*open = i > n;
	return n;
}

/* a text whole, and cut in two */
static void
check_utf8(const char *p, size_t n, size_t cut)
{
	struct utf8 u = {0};
	size_t want, got;
	int open = 0;

	want = first_bad((const unsigned char *)p, n, &open);
	got = utf8_check(&u, p, n);
	if (got != want || (want == n && open != (u.left > 0)))
		CHECK_NUMBER("index of the first byte not UTF-8", got, want);
	u = (struct utf8){0};
	if ((got = utf8_check(&u, p, cut)) == cut)
		got += utf8_check(&u, p + cut, n - cut);
	if (got != want || (want == n && open != (u.left > 0)))
		CHECK_NUMBER("index of it in pieces", got, want);
}

/* all texts of up to three bytes, and those of four at the borders */
static void
check_all_utf8(void)
{
	static const unsigned char leads[] = { 0xef, 0xf0, 0xf1, 0xf3, 0xf4,
	    0xf5, 0xf7, 0xf8, 0xff, 0xc2, 'a' };
	static const unsigned char others[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f,
	    0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xf0, 0xff };
	enum { N = sizeof(others), ALL = (int)sizeof(leads) * N * N * N };
	char *p = edge("....", 4);
	unsigned i;

	for (i = 0; i < 0x1000000; i++) {
		p[0] = (char)(i >> 16);
		p[1] = (char)(i >> 8);
		p[2] = (char)i;
		check_utf8(p, 3, 1 + i % 2);
	}
	for (i = 0; i < 0x10000; i++) {
		p[2] = (char)(i >> 8);
		p[3] = (char)i;
		check_utf8(p + 2, 2, 1);
		check_utf8(p + 3, 1, 0);
	}
	for (i = 0; i < ALL; i++) {
		p[0] = (char)leads[i / (N * N * N)];
		p[1] = (char)others[i / (N * N) % N];
		p[2] = (char)others[i / N % N];
		p[3] = (char)others[i % N];
		check_utf8(p, 4, 1 + i % 3);
	}
}

/* long texts: bytes that are none among runs of those that are */
static void
check_long_utf8(struct dice *d)
{
	static const char *const pieces[] = {
		"a", "abcdefgh", "0123456789abcdef0123456789abcdef",
		"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\n",
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
	};
	struct buf b = {0};
	size_t i, n, whole;
	char *p;

	for (i = 0; i < 50000; i++) {
		b.len = 0;
		for (n = dice_roll(d, 12); n > 0; n--)
			buf_adds(&b, pieces[dice_roll(d, 8)]);
		if (b.len > 0 && dice_roll(d, 2) == 0)
			b.ptr[dice_roll(d, b.len)] ^= (char)(1 <<
			    dice_roll(d, 8));
		n = dice_roll(d, b.len + 1);
		p = edge(b.ptr, b.len);
		check_utf8(p, b.len, n);
		if (!naive_is_utf8(b.ptr, b.len))
			continue;
		for (whole = n; !naive_is_utf8(b.ptr, whole); whole--)
			continue;
		CHECK_NUMBER("whole characters", utf8_whole(p, n), whole);
	}
	CHECK_NUMBER("whole of nothing", utf8_whole(p, 0), 0);
	buf_free(&b);
}

/* RFC 6901, section 5, and keys that need what it escapes */
static void
check_pointers(void)
{
	static const struct {
		const char *key, *pointer;
	} rows[] = {
		{ "foo", "/foo" }, { "", "/" }, { "a/b", "/a~1b" },
		{ "c%d", "/c%d" }, { "e^f", "/e^f" }, { "g|h", "/g|h" },
		{ "i\\j", "/i\\j" }, { "k\"l", "/k\"l" }, { " ", "/ " },
		{ "m~n", "/m~0n" }, { "~1", "/~01" }, { "~0", "/~00" },
		{ "~", "/~0" }, { "/", "/~1" }, { "//~~", "/~1~1~0~0" },
		{ "-", "/-" }, { "0", "/0" },
	};
	struct buf b = {0}, key = {0};
	size_t i, n;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_about = rows[i].pointer;
		b.len = key.len = 0;
		buf_adds(&b, "/base");
		pointer_push(&b, rows[i].key, strlen(rows[i].key));
		CHECK_TEXT("pushed", b.ptr + 5, b.len - 5, rows[i].pointer);
		n = pointer_parent(b.ptr, b.len);
		CHECK_NUMBER("parent", n, 5);
		pointer_key(&key, edge(b.ptr + n + 1, b.len - n - 1),
		    b.len - n - 1);
		CHECK_TEXT("key", key.ptr, key.len, rows[i].key);
		CHECK(pointer_below("/base", 5, b.ptr, b.len));
		CHECK(pointer_below("", 0, b.ptr, b.len));
		CHECK(!pointer_below(b.ptr, b.len, b.ptr, b.len));
	}
	check_about = NULL;
	CHECK_NUMBER("parent of the first", pointer_parent("/a", 2), 0);
	CHECK(!pointer_below("/a", 2, "/ab", 3));
	CHECK(!pointer_below("/a", 2, "/b/c", 4));
	CHECK(!pointer_below("/a/b", 4, "/a", 2));
	buf_free(&b);
	buf_free(&key);
}

/* RFC 4648, section 10 */
static void
check_base64_vectors(void)
{
	static const char *const vectors[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }
	};
	static const char *const wrong[] = {
		"Z", "Zg", "Zg=", "Z===", "====", "=", "=Zg=", "Z=g=", "Zg=a",
		"Zg==Zg==", "Zm8=Zm8=", "Zm9v=", "Zm9v====", "Zm9v\n", "Zm9 ",
		"Zm-_", " Zm9", "Zh==", "Zm9=", "Z/==", "Zm//Zx==", "Zm9vZ",
		"\xc3\xa9""aa", "Zm9v.Zm9"
	};
	struct buf b = {0};
	size_t i, n;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		b.len = 0;
		n = strlen(vectors[i][0]);
		base64_encode(&b, edge(vectors[i][0], n), n);
		CHECK_TEXT("encoded", b.ptr, b.len, vectors[i][1]);
		b.len = 0;
		n = strlen(vectors[i][1]);
		CHECK_NUMBER(vectors[i][1], base64_decode(&b,
		    edge(vectors[i][1], n), n), 0);
		CHECK_TEXT("decoded", b.ptr, b.len, vectors[i][0]);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		n = strlen(wrong[i]);
		CHECK_NUMBER(wrong[i], base64_decode(&b, edge(wrong[i], n),
		    n), -1);
	}
	buf_free(&b);
}

/* all last groups: only bits that stand for something; all bytes; all sizes */
static void
check_base64(struct dice *d)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf b = {0}, text = {0}, bytes = {0};
	char four[4];
	unsigned i, ok;

	for (i = 0; i < 1U << 18; i++) {
		four[0] = digits[i >> 12];
		four[1] = digits[i >> 6 & 63];
		four[2] = digits[i & 63];
		four[3] = '=';
		b.len = 0;
		ok = i % 4 == 0;
		if ((base64_decode(&b, four, 4) == 0) != ok)
			CHECK_BYTES("one pad", four, 4, "", 0);
		four[2] = '=';
		ok = i >> 6 & 15;
		if (i % 64 == 0 && (base64_decode(&b, four, 4) == 0) == ok)
			CHECK_BYTES("two pads", four, 4, "", 0);
	}
	for (i = 0; i < 1024; i++) {
		memcpy(four, "Zm9v", 4);
		four[i % 4] = (char)(i / 4);
		ok = i / 4 != 0 && strchr(digits, four[i % 4]) != NULL;
		if (i % 4 != 3 || four[3] != '=')
			CHECK_NUMBER("a byte", base64_decode(&b, four, 4),
			    ok ? 0 : -1);
	}
	for (i = 0; i < 600; i++) {
		b.len = text.len = 0;
		base64_encode(&text, bytes.ptr, bytes.len);
		CHECK_NUMBER("length", text.len, (bytes.len + 2) / 3 * 4);
		CHECK_NUMBER("decode", base64_decode(&b, text.ptr, text.len),
		    0);
		CHECK_BYTES("bytes", b.ptr, b.len, bytes.ptr, bytes.len);
		buf_addc(&bytes, (char)dice_bits(d));
	}
	buf_free(&b);
	buf_free(&text);
	buf_free(&bytes);
}

static void
check_sizes(void)
{
	static const struct {
		const char *text;
		uint64_t size;
	} rows[] = {
		{ "1", 1 }, { "512", 512 }, { "007", 7 }, { "1K", 1024 },
		{ "1k", 1024 }, { "64K", 65536 }, { "16M", 16777216 },
		{ "500m", 524288000 }, { "4G", 4294967296 },
		{ "1t", 1099511627776 }, { "16777215T", 0xffffff0000000000 },
		{ "9999999999999999999", 9999999999999999999U },
		{ "", 0 }, { "0", 0 }, { "0K", 0 }, { "K", 0 }, { "1KB", 0 },
		{ "1KK", 0 }, { "1 K", 0 }, { "1K ", 0 }, { " 1", 0 },
		{ "1 ", 0 }, { "-1", 0 }, { "+1", 0 }, { "1.5M", 0 },
		{ "0x10", 0 }, { "1e3", 0 }, { "1P", 0 }, { "1B", 0 },
		{ "16777216T", 0 }, { "18446744073709551616", 0 },
		{ "99999999999999999999", 0 }, { "1\xcb", 0 }, { "1\x0b", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_NUMBER(rows[i].text, size_read(rows[i].text),
		    rows[i].size);
}

static void
check_names(void)
{
	static const char *const safe[] = {
		"a", "a.json", "a/b/c", ".git", "..a", "a..", "a..b", "...",
		"a/...", "a/.b", "a b", " ", "~", "a:b", "C:", "-", "*", "%2e",
		"\xc3\xa9/\xf0\x9f\x98\x80", "flows/a%2Fb.json"
	};
	static const char *const unsafe[] = {
		"", "/", "/a", "//", "a//b", "a/", "a/b/", ".", "..", "./a",
		"../a", "a/.", "a/..", "a/./b", "a/../b", "a\\b", "\\", "..\\a",
		"a\nb", "a\x7f", "\x1b[2J", "a\tb", "\xff", "a\xc0\xafz",
		"\xc3", "a/\xed\xa0\x80", "\xe2\x82"
	};
	char name[] = "a b";
	struct buf b = {0};
	size_t i;

	for (i = 0; i < sizeof(safe) / sizeof(safe[0]); i++)
		CHECK_TEXT(safe[i], member_unsafe(safe[i]) == NULL ? "safe" :
		    "unsafe", member_unsafe(safe[i]) == NULL ? 4U : 6U, "safe");
	for (i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		CHECK_TEXT(unsafe[i], "safe", member_unsafe(unsafe[i]) == NULL ?
		    4U : 0U, "");
	for (i = 1; i < 0x20; i++) {
		name[1] = (char)i;
		CHECK(member_unsafe(name) != NULL);
	}
	buf_fill(&b, 'a', 65535);
	CHECK(member_unsafe(buf_str(&b)) == NULL);
	buf_addc(&b, 'a');
	CHECK(member_unsafe(buf_str(&b)) != NULL);
	buf_free(&b);
}

/* a set of names, grown */
static void
check_set(void)
{
	struct member_set s = {0};
	struct buf b = {0};
	int i;

	CHECK(!member_set_has(&s, "a"));
	for (i = 0; i < 50000; i++) {
		b.len = 0;
		buf_printf(&b, "Folder/File%d.json", i);
		CHECK(!member_set_has(&s, buf_str(&b)));
		CHECK(member_set_add(&s, b.ptr));
		CHECK(member_set_has(&s, b.ptr));
		CHECK(!member_set_add(&s, b.ptr));
	}
	CHECK(member_set_has(&s, "Folder/File0.json"));
	CHECK(member_set_has(&s, "Folder/File49999.json"));
	CHECK(!member_set_has(&s, "folder/file0.json"));
	CHECK(!member_set_has(&s, "Folder/File50000.json"));
	CHECK(member_set_add(&s, ""));
	CHECK(!member_set_add(&s, ""));
	member_set_free(&s);
	CHECK(!member_set_has(&s, "Folder/File0.json"));
	member_set_free(&s);
	buf_free(&b);
}

/* names of one package; what is wrong leaves its folders in the set */
static void
check_joined(void)
{
	enum { NEW, TWICE, BOTH };
	static const struct {
		const char *name;
		int join;
	} joins[] = {
		{ "a/b/c", NEW }, { "A/B/d", NEW }, { "a/b/C", TWICE },
		{ "a/", NEW }, { "a/b/", NEW }, { "a/b/", NEW },
		{ "a", BOTH }, { "A/b", BOTH }, { "a/b/c/d", BOTH },
		{ "q", NEW }, { "q/r/", BOTH }, { "a/b/D/e/f/g", BOTH },
		{ "x/", NEW }, { "X", BOTH }, { "y", NEW }, { "y/", BOTH },
		{ "ab", NEW }, { "a-", NEW },
		/* case is that of ASCII letters */
		{ "\xc3\x89", NEW }, { "\xc3\xa9", NEW }, { "[", NEW },
		{ "{", NEW }, { "@", NEW }, { "`", NEW },
	};
	struct member_set s = {0};
	const char *name;
	size_t i, n;

	for (i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		name = joins[i].name;
		n = strlen(name);
		CHECK_NUMBER(name, (int)member_set_join(&s, name,
		    name[n - 1] == '/'), joins[i].join);
	}
	member_set_free(&s);
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };

	check_escapes();
	check_pairs(&d);
	check_spellings();
	check_random_strings(&d);
	check_all_utf8();
	check_long_utf8(&d);
	check_pointers();
	check_base64_vectors();
	check_base64(&d);
	check_sizes();
	check_names();
	check_set();
	check_joined();
	return check_done();
}
