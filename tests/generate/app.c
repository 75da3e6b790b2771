/* SPDX-License-Identifier: ISC */
/* app: numbers, ids and counts of an invented app; see app.h. */
#include "app.h"

#include <stdio.h>
#include <string.h>

/* A minted id is made anew for each version of the app. */
static const struct {
	const char *prefix;
	bool minted;
} kinds[KINDS] = {
	[APP] = { "st-", false },
	[USER] = { "u-", false },
	[ORG] = { "o-", false },
	[NAMESPACE] = { "ns-", true },
	[DIALOG] = { "dg-", true },
	[COMPONENT] = { "dc-", true },
	[STALE] = { "dc-", true },
	[NODE] = { "nd-", false },
	[CONNECTION] = { "dummy-", false },
	[SCENE] = { "sn-", true },
	[SCENENOTE] = { "snc-", true },
	[FORM] = { "frm-", true },
	[TALKGROUP] = { "smg-", true },
	[TALKNODE] = { "smn-", true },
	[TALKLINE] = { "mt-", true },
	[TRAIT] = { "ta-", true },
	[TRAITITEM] = { "tri-", false },
	[NLSETTING] = { "anls-", true },
	[DASHBOARD] = { "da-", false },
	[CHART] = { "wg-", false },
	[FLOW] = { "cf-", true },
	[STEP] = { "cfst-", true },
	[PROMPTING] = { "cfm-", true },
	[PROMPT] = { "pl-", true },
	[MODEL] = { "llm-", true },
	[ENGINE] = { "te-", true },
	[TOOL] = { "tl-", true },
	[SENTENCE] = { "", true },
};

const struct component_type types[] = {
	[INTENT] = { "intent", "", "int" },
	[SUBINTENT] = { "intent", "SubIntent", "int" },
	[ENTITY] = { "entity", "Entity", "ent" },
	[CHOICE] = { "entity", "Choice", "ent" },
	[MESSAGE] = { "message", "Message", "msg" },
	[ACTION] = { "botAction", "BotAction", "bac" },
	[SCRIPT] = { "script", "Script", "scr" },
	[SERVICE] = { "service", "Service", "svc" },
	[CONFIRM] = { "dialogAct", "Confirmation", "dac" },
	[LOGIC] = { "logic", "Logic", "lgc" },
	[TRANSFER] = { "agentTransfer", "AgentTransfer", "agt" },
	[GENERATIVE] = { "generativeai", "GenAI", "gai" },
	[DYNAMIC] = { "dynamicIntent", "DynamicIntent", "dyn" },
	[FORMTYPE] = { "form", "Form", "frm" },
};

/*
 * Numbers that look random: all follow from the seed, a kind and an index.
 */

/* The finaliser of splitmix64. */
uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

uint64_t
hash(const struct app *a, enum kind kind, uint64_t index)
{
	return mix(mix(a->seed ^ (uint64_t)kind << 56) + index);
}

/* A thing in one word, as the templates below take it. */
uint64_t
ref(enum kind kind, uint64_t index)
{
	return (uint64_t)kind << 48 | index;
}

/* A text in one word: its language stands in the last three bits. */
uint64_t
text(const struct app *a, enum kind kind, uint64_t index, uint64_t lang)
{
	if (lang >= LEXICA)
		lang = 2 + lang % (LEXICA - 2);
	return (hash(a, kind, index | UINT64_C(3) << 50) & ~UINT64_C(7)) | lang;
}

bool
isdev(const struct app *a)
{
	return a->mode != PUBLISHED;
}

bool
isminted(uint64_t thing)
{
	return kinds[thing >> 48].minted;
}

/*
 * A permutation of the components (a Feistel network, walked until it hits
 * the domain), so that they can be sorted by id without a table.
 */
uint64_t
permute(const struct app *a, uint64_t x, bool dev, bool back)
{
	uint64_t mask, left, right, t;
	unsigned i, round;

	mask = (UINT64_C(1) << a->halfbits) - 1;
	do {
		left = x >> a->halfbits;
		right = x & mask;
		for (i = 0; i < 4; i++) {
			round = (back ? 3 - i : i) + (dev ? 4 : 0);
			if (back) {
				t = right ^ (hash(a, CHANCE,
				    (uint64_t)round << 40 | left) & mask);
				right = left;
				left = t;
			} else {
				t = left ^ (hash(a, CHANCE,
				    (uint64_t)round << 40 | right) & mask);
				left = right;
				right = t;
			}
		}
		x = left << a->halfbits | right;
	} while (x >= a->components);
	return x;
}

void
hex(char *p, uint64_t value, unsigned digits)
{
	for (; digits-- > 0; value >>= 4)
		p[digits] = "0123456789abcdef"[value & 15];
}

/* 36 characters; the first twelve digits are the upper 48 bits of hi. */
void
uuid(char *p, uint64_t hi, uint64_t lo)
{
	hex(p, hi >> 32, 8);
	p[8] = '-';
	hex(p + 9, hi >> 16, 4);
	p[13] = '-';
	hex(p + 14, (hi & 0xfff) | 0x4000, 4);
	p[18] = '-';
	hex(p + 19, (lo >> 48 & 0x3fff) | 0x8000, 4);
	p[23] = '-';
	hex(p + 24, lo, 12);
}

/* The id of a thing in the published or the in-development version. */
size_t
make_id(const struct app *a, char *p, uint64_t thing, bool dev)
{
	enum kind kind = thing >> 48;
	uint64_t index = thing & ((UINT64_C(1) << 48) - 1), hi, step;
	size_t len = strlen(kinds[kind].prefix);

	memcpy(p, kinds[kind].prefix, len);
	if (!kinds[kind].minted)
		dev = false;
	hi = hash(a, kind, index | (uint64_t)dev << 50);
	if (kind == COMPONENT) {
		step = (UINT64_C(1) << 48) / a->components;
		hi = (permute(a, index, dev, false) * step + hi % step) << 16 |
		    (hi >> 48);
	}
	uuid(p + len, hi, mix(hi));
	return len + 36;
}

/*
 * What the app is made of.
 */

enum type
component_type(const struct app *a, uint64_t c)
{
	static const enum type odd[] = {
		LOGIC, GENERATIVE, TRANSFER, SUBINTENT, MESSAGE, SERVICE
	};
	static const enum type fixed[] = {
		[S_INTENT] = INTENT, [S_ENTITY] = ENTITY, [S_CHOICE] = CHOICE,
		[S_MESSAGE] = MESSAGE, [S_ACTION] = ACTION,
		[S_SCRIPT] = SCRIPT, [S_SERVICE] = SERVICE,
		[S_CONFIRM] = CONFIRM, [S_ANSWER] = MESSAGE, [S_LOGIC] = SCRIPT
	};
	uint64_t d = c / SLOTS;

	if (c == a->dialogs * SLOTS)
		return CHOICE;		/* the one of -b */
	if (c % SLOTS == S_LAST)
		return d % 6 == 0 ? FORMTYPE : MESSAGE;
	if (c % SLOTS != S_ODD)
		return fixed[c % SLOTS];
	if (a->xo11 && d % 7 == 4)
		return DYNAMIC;
	return odd[hash(a, CHANCE, d) % 6];
}

/* Some dialog that is not d, if there is another one. */
uint64_t
other(const struct app *a, enum kind why, uint64_t d, uint64_t n)
{
	uint64_t o;

	if (a->dialogs == 1)
		return 0;
	o = hash(a, why, d << 8 | n) % (a->dialogs - 1);
	return o < d ? o : o + 1;
}

uint64_t
synonyms(const struct app *a)
{
	return 24 + a->dialogs / 4;
}

uint64_t
traits(const struct app *a)
{
	return 2 + a->dialogs / 64;
}

uint64_t
widgets(const struct app *a)
{
	return 2 + a->dialogs / 100;
}

uint64_t
forms(const struct app *a)
{
	return (a->dialogs + 5) / 6;
}

uint64_t
flows(const struct app *a)
{
	return a->xo11 ? 1 + a->dialogs / 32 : 0;
}

uint64_t
variables(const struct app *a)
{
	return a->xo11 ? 2 + a->dialogs : 4 + a->dialogs / 4;
}

const char *
state(const struct app *a)
{
	return a->mode == PUBLISHED ? "published" : "configured";
}

static void
add_node(const struct app *a, struct node *n, unsigned at, uint64_t d,
    enum type type, uint64_t component)
{
	uint64_t hi = hash(a, NODE, d << 8 | at);

	n += at;
	n->type = type;
	n->component = component;
	n->flow = 0;
	if (d % 2 == 0) {
		snprintf(n->id, sizeof n->id, "%s%u", types[type].type, at);
		return;
	}
	if (at == 0)
		memcpy(n->id, "intent0", sizeof "intent0");
	else {
		memcpy(n->id, "nd-", 3);
		memcpy(n->id + 3, types[type].node, 3);
		n->id[6] = '-';
		uuid(n->id + 7, hi, mix(hi));
		n->id[43] = '\0';
	}
}

/* The nodes of a dialog; scripts and services of its action stand within. */
unsigned
list_nodes(const struct app *a, uint64_t d, struct node *n)
{
	uint64_t c = d * SLOTS, slot, i, shared = 0;
	unsigned count = 0;

	for (slot = 0; slot < SLOTS; slot++)
		if (slot != S_SCRIPT && slot != S_SERVICE)
			add_node(a, n, count++, d, component_type(a, c + slot),
			    c + slot);
	if (d == 0 && a->components > a->dialogs * SLOTS)
		add_node(a, n, count++, d, CHOICE, a->dialogs * SLOTS);
	if (a->dialogs == 1)
		return count;
	if (hash(a, LINK, d) % 10 < 6) {
		add_node(a, n, count, d, INTENT,
		    other(a, LINK, d, 0) * SLOTS + S_INTENT);
		n[count++].flow = other(a, LINK, d, 0) + 1;
	}
	if (d % 97 == 13)
		shared = SHARED;
	else if (d % 8 == 5)
		shared = 1 + d % 3;
	for (i = 0; i < shared; i++)
		add_node(a, n, count++, d, MESSAGE,
		    other(a, CHANCE, d, i) * SLOTS + S_MESSAGE);
	return count;
}
