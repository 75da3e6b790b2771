/* SPDX-License-Identifier: ISC */
/*
 * What is wrong with a JSON text: the parser's complaints in our words.
 */
#include "json/fault.h"

#include <string.h>

static const struct fault faults[] = {
	{ "premature EOF", "the text ends in the middle", FAULT_HERE },
	{ "trailing garbage", "found more after the document's end",
	    FAULT_HERE },
	{ "invalid char in json text", "found a character that no "
	    "JSON token begins with", FAULT_TOKEN },
	{ "invalid string in json text", "found a word that is "
	    "neither true, false nor null", FAULT_TOKEN },
	{ "unallowed token", "found a token that cannot stand here",
	    FAULT_TOKEN },
	{ "invalid character inside string",
	    "found a bare control character in a string; expected "
	    "an escape", FAULT_STRING },
	{ "inside a string, '\\' occurs", "found a backslash that "
	    "begins no JSON escape", FAULT_STRING },
	{ "invalid (non-hex) character", "found \\u without four "
	    "hexadecimal digits", FAULT_STRING },
	{ "malformed number", "found a malformed number", FAULT_TOKEN },
	{ "probable comment", "found a comment; JSON has none", FAULT_TOKEN },
	{ "object key and value must", "expected a colon after a "
	    "key", FAULT_TOKEN },
	{ "invalid object key", "expected a string as key", FAULT_TOKEN },
	{ "after key and value", "expected a comma or } after a "
	    "member", FAULT_TOKEN },
	{ "after array element", "expected a comma or ] after an "
	    "element", FAULT_TOKEN },
	{ "", "not JSON", FAULT_HERE },
};

const struct fault *
fault_find(const char *text)
{
	const struct fault *f;

	for (f = faults; strstr(text, f->part) == NULL; f++)
		continue;	/* the last row is in every text */
	return f;
}
