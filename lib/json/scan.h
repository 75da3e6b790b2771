/* SPDX-License-Identifier: ISC */
/*
 * Strict JSON (RFC 8259) as tokens with their own bytes.
 *
 * Text is fed in pieces of any size; for each token the taker is called with
 * the token's bytes as they stand in the text, escapes and digits untouched.
 * Refused are also bytes that are not UTF-8, a byte order mark, and nesting
 * deeper than the limit.  Duplicate keys and lone surrogates in escapes pass.
 *
 * The folder, in the order to read it: this, on token_priv.h, which knows
 * strings and numbers; string.h and pointer.h; tape.h, a value in memory,
 * which reads it by itself, on token_priv.h, too; edit.h, which changes its
 * text, diff.h, which compares two, dupkeys.h, and readfile.h, which people
 * write; style.h and print.h, which know how files are laid out; pathmatch.h,
 * all patterns of a map at once.
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>	/* offsets pass 4 GiB */

struct scan;
struct style;
struct text_error;

enum json_type {
	JSON_OBJECT,	/* { */
	JSON_ARRAY,	/* [ */
	JSON_END,	/* } or ] */
	JSON_KEY,	/* with its quotes */
	JSON_STRING,	/* with its quotes */
	JSON_PART,	/* a piece of a long string; the rest comes later */
	JSON_OTHER,	/* a number, true, false, null */
	JSON_TYPES
};

/*
 * A token.  raw lasts until the taker returns.  A string longer than
 * JSON_LONG may come as JSON_PARTs and a last JSON_STRING, whose bytes joined
 * are the token; all others, and keys, come whole.
 */
struct json_token {
	enum json_type type;
	int first;	/* the first member or element of its container */
	int plain;	/* a whole string or key without escapes */
	const char *raw;
	size_t len;
	size_t room;	/* so many bytes can be read from raw on */
};

#define JSON_LONG 65536

/* takes a token; -1 stops the parse (the taker has said why) */
typedef int scan_taker(void *arg, const struct json_token *);

struct scan_options {
	unsigned max_depth;	/* open containers at once */
	uint64_t max_token;	/* bytes of a key */
};

/* what is wrong with the text; what is NULL where a taker said -1 */
struct scan_error {
	uint64_t offset;
	const char *what;
	int limit;	/* it is a limit of the options */
};

/*
 * A parser, to be given to scan_close(); scan_reset() comes before the first
 * text too.  The options are copied, and so are takers of one type each.
 */
struct scan *scan_open(const struct scan_options *, scan_taker *);
struct scan *scan_open_by_type(const struct scan_options *,
	    scan_taker *const takers[JSON_TYPES]);
void	scan_close(struct scan *);

/* start over, for another text, whose tokens go with this arg */
void	scan_reset(struct scan *, void *arg);

/* the next n bytes of the text; 0, or -1 and scan_error() tells */
int	scan_feed(struct scan *, const char *, size_t n);

/* the text ends here */
int	scan_finish(struct scan *);

/* all of a text at once: 0, or -1 and the error tells */
int	scan_text(struct scan *, void *arg, const char *, size_t n,
	    struct text_error *);

/* lasts until the next call for this parser */
const struct scan_error *scan_error(const struct scan *);

/* where the token being taken begins (its first byte), from 0 */
uint64_t scan_offset(const struct scan *);

/*
 * The styles that the text so far keeps to, a bit each by style_number().
 * Once at most one is left no more is tried; scan_assume() settles on one.
 */
unsigned scan_styles(const struct scan *);
void	scan_assume(struct scan *, const struct style *);

/*
 * Where the text stopped keeping to its last style, the offset of the first
 * gap that is in none; UINT64_MAX: it has not.  The nearest styles are the last
 * to fail, a bit each.
 */
uint64_t scan_unstyled(const struct scan *);
unsigned scan_nearest(const struct scan *);

/* the bytes after the document's last token; lasts until scan_reset() */
const char *scan_tail(const struct scan *, size_t *n);

#endif
