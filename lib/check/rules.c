/* SPDX-License-Identifier: ISC */
/*
 * The rules that there are; pkg-check(1) has the same with an example each.
 */
#include "check/rules.h"

#include <string.h>

const struct rule check_rules[RULES] = {
	[RULE_BINDING] = { "binding", CHECK_NOTE,
	    "names something outside the package: see that it is there",
	    "A host, a model, an integration or a data store that the package "
	    "names, but does\nnot hold.  Each is told once.  The map's rows "
	    "\"binding\" say where they stand." },
	[RULE_DANGLING] = { "dangling", CHECK_ERROR,
	    "cannot work without something that is not there: bring it along, "
	    "or remove the reference",
	    "A component needs or belongs to another that the package does "
	    "not have, links to\na task that it does not have, or refers to "
	    "what an import misses (the map's rows\n\"missed\").  Soft "
	    "references, to what may be built into the platform, never\n"
	    "count." },
	[RULE_DANGLING_LINK] = { "dangling-link", CHECK_WARNING,
	    "refers to something that is not there: correct or remove the "
	    "reference",
	    "A component links to or mentions another that the package does "
	    "not have, without\nneeding it.  Soft references never count." },
	[RULE_DEAD_EVENT] = { "dead-event", CHECK_NOTE,
	    "is on, and starts nothing: name a task, or turn it off",
	    "An event that is turned on and is to start a task, but names "
	    "none.  The map's\nrows \"starts\" say where.  A task that is "
	    "named and not there dangles." },
	[RULE_DUPLICATE_ID] = { "duplicate-id", CHECK_WARNING,
	    "has the id of another of its kind: an import takes only one",
	    "Two components of a kind have one id.  The second and those "
	    "after it are told." },
	[RULE_DUPLICATE_NAME] = { "duplicate-name", CHECK_WARNING,
	    "has the name of another task of its kind: rename one",
	    "Two tasks of a kind, such as dialogs, have one name and language, "
	    "and ids that\ndiffer." },
	[RULE_EMPTY_INTENT] = { "empty-intent", CHECK_WARNING,
	    "has no training phrases: nothing that a user says leads to it",
	    "An intent without a phrase in any language, unless it is a "
	    "fallback.  The map's\nrows \"trained\" say which kinds are "
	    "intents." },
	[RULE_EMPTY_VARIABLE] = { "empty-variable", CHECK_NOTE,
	    "has no value: set one where the package goes to",
	    "A variable whose value is empty.  That of a secured one is left "
	    "out of every export\nof Kore.ai, and must be set in the app that "
	    "the package goes to." },
	[RULE_LANGUAGE_UNLISTED] = { "language-unlisted", CHECK_WARNING,
	    "is of a language that the agent does not list: list it, or "
	    "remove what is of it",
	    "The agent lists its languages, and a component is of another.  "
	    "Each language is\ntold once, at the first such component." },
	[RULE_LANGUAGE_UNUSED] = { "language-unused", CHECK_NOTE,
	    "lists a language that nothing in the package is of",
	    "The agent lists a language, no component is of it, and none says "
	    "anything in it." },
	[RULE_LAYOUT] = { "layout", CHECK_NOTE,
	    "is not laid out as the platform writes it: see who changed it",
	    "A JSON file with other blanks and line ends than those that the "
	    "platform's exports\nhave: another program or a person wrote it." },
	[RULE_LIMIT] = { "limit", CHECK_ERROR,
	    "is larger than the platform takes: make it smaller",
	    "A file with more bytes than the vendor's pages allow.  The map's "
	    "rows \"limit\" have\nthem; that of the package as a whole "
	    "pkg-pack(1) knows." },
	[RULE_MISSING_PART] = { "missing-part", CHECK_ERROR,
	    "lacks what the platform refuses a package without",
	    "A file that a package must have (the map's row \"needed\") is "
	    "not there, or what\nthe agent begins with (\"required\")." },
	[RULE_NAME_MISMATCH] = { "name-mismatch", CHECK_WARNING,
	    "is in a file of another name: references go by the name inside; "
	    "rename the file",
	    "The name of a file or folder, percent-decoded, is not the name "
	    "in it (the map's\nrows \"same\")." },
	[RULE_NOT_READY] = { "not-ready", CHECK_NOTE,
	    "has a status in which it is not published: finish it, or leave "
	    "it out",
	    "A component with a status that is not among those of the map's "
	    "row \"ready\", such as\none that is in progress." },
	[RULE_SECRET] = { "secret", CHECK_WARNING,
	    "has a secret in clear text: take it out, and revoke it",
	    "A member that the map calls secret has a value, or a text has "
	    "the shape of a\nwell-known token, of a private key, or of a URL "
	    "with a password.  The value is\nnever printed." },
	[RULE_SHARED_PHRASE] = { "shared-phrase", CHECK_NOTE,
	    "is said in two intents of one language: leave it in one",
	    "The same training phrase, letter by letter, stands in two "
	    "intents of a language.\nIt does no harm where no user can be "
	    "in reach of both." },
	[RULE_UNDEFINED_VARIABLE] = { "undefined-variable", CHECK_WARNING,
	    "uses a variable that is not defined: define it, or correct the "
	    "name",
	    "A script or a text has the name of a variable, such as env.HOST, "
	    "which the package\ndoes not define, though it defines others.  "
	    "The map's rows \"scripted\" say how they\nare called.  Each is "
	    "told once, where it is used first." },
	[RULE_UNREACHABLE] = { "unreachable", CHECK_NOTE,
	    "is never reached: nothing that is reached leads to it",
	    "A flow, page or playbook to which no references lead from what "
	    "the agent begins\nwith (the map's rows \"entry\" and "
	    "\"reached\").  A client may still name it in a\nrequest." },
	[RULE_UNUSED_VARIABLE] = { "unused-variable", CHECK_NOTE,
	    "is used by nothing in the package",
	    "A variable that no script and no text of the package has.  An "
	    "app that is linked to\nthis one may still use it." },
};

const char *
check_severity(enum check_severity s)
{
	static const char *const words[CHECK_SEVERITIES] = { "error",
	    "warning", "note" };

	return words[s];
}

enum check_rule
check_rule(const char *name, size_t n)
{
	int i;

	for (i = 0; i < RULES; i++) {
		if (strlen(check_rules[i].name) == n &&
		    memcmp(check_rules[i].name, name, n) == 0)
			break;
	}
	return (enum check_rule)i;
}
