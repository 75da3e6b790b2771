/* SPDX-License-Identifier: ISC */
/*
 * The rules that there are: names, severities, and what to say of each.
 */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include <stddef.h>

/* how bad a finding is; only the first two count for the exit status */
enum check_severity {
	CHECK_ERROR, CHECK_WARNING, CHECK_NOTE, CHECK_SEVERITIES
};

/* the rules, in the order of the table */
enum check_rule {
	RULE_BINDING, RULE_DANGLING, RULE_DANGLING_LINK, RULE_DEAD_EVENT,
	RULE_DUPLICATE_ID, RULE_DUPLICATE_NAME, RULE_EMPTY_INTENT,
	RULE_EMPTY_VARIABLE, RULE_LANGUAGE_UNLISTED, RULE_LANGUAGE_UNUSED,
	RULE_LAYOUT, RULE_LIMIT, RULE_MISSING_PART, RULE_NAME_MISMATCH,
	RULE_NOT_READY, RULE_SECRET, RULE_SHARED_PHRASE,
	RULE_UNDEFINED_VARIABLE, RULE_UNREACHABLE, RULE_UNUSED_VARIABLE,
	RULES
};

struct rule {
	const char *name;
	enum check_severity severity;
	const char *sentence;	/* what is wrong, and what to do */
	const char *text;	/* more of it, lines for a terminal */
};

extern const struct rule check_rules[RULES];

/* the word of a severity */
const char *check_severity(enum check_severity);

/* the rule with a name of n bytes; RULES: there is none */
enum check_rule check_rule(const char *, size_t n);

#endif
