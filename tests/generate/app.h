/* SPDX-License-Identifier: ISC */
/*
 * app: what an invented app is made of: how many things of each kind, and
 * their ids and texts.  All follows from the seed, a kind and an index.
 *
 * To read: app, words (texts), out (bytes), json (templates), kore (what an
 * export has), xo11 (what XO11 has beyond it), generate (options and files).
 */
#ifndef GENERATE_APP_H
#define GENERATE_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What ids are made for; with an index it names one thing of the app. */
enum kind {
	APP, USER, ORG, NAMESPACE, DIALOG, COMPONENT, STALE, SENTENCE, NODE,
	CONNECTION, SCENE, SCENENOTE, FORM, FIELD, KNOWLEDGE, TERM, FAQ,
	TALKGROUP, TALKNODE, TALKLINE, WIDGET, PANEL, TRAIT, TRAITITEM,
	NLSETTING, DASHBOARD, CHART, FLOW, STEP, PROMPTING, PROMPT, MODEL,
	ENGINE, TOOL, SYNONYM, VARIABLE, EVENT, RESPONSE, LINK, CHANCE, KINDS
};

/* Types of components and nodes; a few are one type to the platform. */
enum type {
	INTENT, SUBINTENT, ENTITY, CHOICE, MESSAGE, ACTION, SCRIPT, SERVICE,
	CONFIRM, LOGIC, TRANSFER, GENERATIVE, DYNAMIC, FORMTYPE
};

extern const struct component_type {
	const char *type, *stem, *node;
} types[];

/* Each dialog owns this many components, one in each slot. */
enum slot {
	S_INTENT, S_ENTITY, S_CHOICE, S_MESSAGE, S_ACTION, S_SCRIPT,
	S_SERVICE, S_CONFIRM, S_ANSWER, S_LOGIC, S_ODD, S_LAST, SLOTS
};

enum mode { CONFIGURED, PUBLISHED, TWIN };

struct style {
	const char *name;
	char fill;
	unsigned width;
};

enum {
	BUFFER = 1 << 20,
	DEPTH = 32,
	MAXNODES = 64,
	SHARED = 40,
	LEXICA = 5,
	WORDS = 32
};

/*
 * The app to write, and the state of the JSON text being written: bytes not
 * yet out, bytes in all, and for each open container whether it is empty.
 * Without a file the text is only measured.
 */
struct app {
	uint64_t seed, dialogs, utterances, big, size;
	uint64_t components, langs, extra;
	const char *dir;
	const struct style *style;
	enum mode mode;
	unsigned halfbits;
	bool xo11, newline;

	FILE *file;
	const char *name;
	size_t used;
	uint64_t gone;
	unsigned depth;
	bool keyed, empty[DEPTH];
	char bytes[BUFFER];
};

/* A node of a dialog; flow is the linked dialog's index plus one. */
struct node {
	enum type type;
	uint64_t component, flow;
	char id[48];
};

/* The finaliser of splitmix64. */
uint64_t mix(uint64_t);
uint64_t hash(const struct app *, enum kind, uint64_t index);
/* A thing in one word, as the templates take it. */
uint64_t ref(enum kind, uint64_t index);
/* A text in one word: its language stands in the last three bits. */
uint64_t text(const struct app *, enum kind, uint64_t index, uint64_t lang);
/*
 * A permutation of the components, so that they can be sorted by id without
 * a table.
 */
uint64_t permute(const struct app *, uint64_t x, bool dev, bool back);
void hex(char *, uint64_t value, unsigned digits);
/* 36 characters; the first twelve digits are the upper 48 bits of hi. */
void uuid(char *, uint64_t hi, uint64_t lo);
/* The length of the id of a thing in the published or the other version. */
size_t make_id(const struct app *, char *, uint64_t thing, bool dev);
/* Is its id made anew for each version of the app? */
bool isminted(uint64_t thing);

bool isdev(const struct app *);
const char *state(const struct app *);
enum type component_type(const struct app *, uint64_t component);
/* Some dialog that is not d, if there is another one. */
uint64_t other(const struct app *, enum kind why, uint64_t d, uint64_t n);
/* How many there are of each. */
uint64_t synonyms(const struct app *);
uint64_t traits(const struct app *);
uint64_t widgets(const struct app *);
uint64_t forms(const struct app *);
uint64_t flows(const struct app *);
uint64_t variables(const struct app *);
/* The nodes of a dialog, at most MAXNODES; returns their number. */
unsigned list_nodes(const struct app *, uint64_t d, struct node *);

#endif
