/* SPDX-License-Identifier: ISC */
/*
 * The inside of a JSON string too long to be held: checked piece by piece.
 */
#ifndef JSON_LONGSTRING_H
#define JSON_LONGSTRING_H

#include <stddef.h>

/* where a piece stopped; a zeroed struct is outside any escape */
struct longstring {
	int escape;	/* 0; 1: after a backslash; 2..5: before hex digits */
};

/*
 * How many of n bytes are inside the string, up to its closing quote; *wrong
 * is what is wrong with the byte after those, or NULL.
 */
size_t	longstring_scan(struct longstring *, const char *, size_t n,
	    const char **wrong);

#endif
