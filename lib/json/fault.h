/* SPDX-License-Identifier: ISC */
/*
 * What is wrong with a JSON text: the parser's complaints in our words.
 */
#ifndef JSON_FAULT_H
#define JSON_FAULT_H

/* where the fault is, as the parser's own place depends on how text comes */
enum fault_place {
	FAULT_HERE,	/* where the parser stopped */
	FAULT_TOKEN,	/* at the start of the token it stopped in */
	FAULT_STRING	/* inside a string: where that goes wrong */
};

struct fault {
	const char *part;	/* of yajl's text, which may change */
	const char *what;
	enum fault_place place;
};

/* the fault that a text of yajl's tells of */
const struct fault *fault_find(const char *text);

#endif
