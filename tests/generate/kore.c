/* SPDX-License-Identifier: ISC */
/*
 * generate: write an invented Kore.ai export of any size and shape.
 * The same options give the same bytes, in the same memory for any size.
 */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What ids are made for; with an index it names one thing of the app. */
enum kind {
	APP, USER, ORG, NAMESPACE, DIALOG, COMPONENT, STALE, SENTENCE, NODE,
	CONNECTION, SCENE, SCENENOTE, FORM, FIELD, KNOWLEDGE, TERM, FAQ,
	TALKGROUP, TALKNODE, TALKLINE, WIDGET, PANEL, TRAIT, TRAITITEM,
	NLSETTING, DASHBOARD, CHART, FLOW, STEP, PROMPTING, PROMPT, MODEL,
	ENGINE, TOOL, SYNONYM, VARIABLE, EVENT, RESPONSE, LINK, CHANCE, KINDS
};

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

/* Types of components and nodes; a few are one type to the platform. */
enum type {
	INTENT, SUBINTENT, ENTITY, CHOICE, MESSAGE, ACTION, SCRIPT, SERVICE,
	CONFIRM, LOGIC, TRANSFER, GENERATIVE, DYNAMIC, FORMTYPE
};

static const struct {
	const char *type, *stem, *node;
} types[] = {
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

static const struct style styles[] = {
	{ "indent4", ' ', 4 },
	{ "indent2", ' ', 2 },
	{ "tab", '\t', 1 },
	{ "compact", ' ', 0 },
};

enum {
	BUFFER = 1 << 20,
	DEPTH = 32,
	MAXNODES = 64,
	SHARED = 40,
	LEXICA = 5,
	WORDS = 32,
	PROBE = 64
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

static const char *const languages[] = {
	"en", "de", "fr", "ja", "hi", "af", "ar", "az", "be", "bg", "bn",
	"bs", "ca", "ceb", "cs", "cy", "da", "el", "eo", "es", "et", "eu",
	"fa", "fi", "fil", "ga", "gl", "gu", "ha", "he", "hmn", "hr", "ht",
	"hu", "hy", "id", "ig", "is", "it", "jv", "ka", "kk", "km", "kn",
	"ko", "ku", "ky", "la", "lb", "lo", "lt", "lv", "mg", "mi", "mk",
	"ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "no", "ny", "pa",
	"pl", "ps", "pt", "ro", "ru", "sd", "si", "sk", "sl", "sm", "sn",
	"so", "sq", "sr", "st", "su", "sv", "sw", "ta", "te", "tg", "th",
	"tl", "tr", "uk", "ur", "uz", "vi", "xh", "yi", "yo", "zh", "zu",
};

static const char *const lexicon[LEXICA][WORDS] = {
	{
		"fern", "moss", "seed", "water", "light", "please", "order",
		"the", "pot", "my", "garden", "how", "when", "delivery",
		"leaf", "soil", "need", "a", "change", "cancel", "basket",
		"with", "shade", "for", "spring", "orchid", "where", "new",
		"compost", "to", "caf\303\251", "seedling"
	}, {
		"Farn", "Moos", "Saat", "Wasser", "Licht", "bitte", "die",
		"Gew\303\244chshaus", "Bestellung", "T\303\266pfe", "mein",
		"gr\303\274n", "wann", "Lieferung", "Blatt", "Erde", "ein",
		"\303\244ndern", "l\303\266schen", "Korb", "mit", "Schatten",
		"f\303\274r", "Fr\303\274hling", "gie\303\237en", "wo",
		"neu", "Kompost", "zu", "Stra\303\237e", "Orchidee", "ich"
	}, {
		"foug\303\250re", "mousse", "graine", "eau", "lumi\303\250re",
		"merci", "commande", "le", "pot", "mon", "jardin", "comment",
		"quand", "livraison", "feuille", "terre", "un", "for\303\252t",
		"changer", "annuler", "panier", "avec", "ombre", "pour",
		"printemps", "orchid\303\251e", "o\303\271", "nouveau",
		"compost", "\303\240", "serre", "b\303\242che"
	}, {
		"\343\202\267\343\203\200", "\350\213\224", "\347\250\256",
		"\346\260\264", "\345\205\211", "\345\272\255",
		"\346\263\250\346\226\207", "\350\221\211", "\345\234\237",
		"\346\230\245", "\351\211\242", "\345\244\211\346\233\264",
		"\351\205\215\351\200\201", "\350\230\255", "\346\227\245",
		"\351\233\250", "\346\234\250", "\350\212\261", "\350\215\211",
		"\346\243\256", "\345\261\261", "\345\267\235", "\347\237\263",
		"\351\242\250", "\347\251\272", "\346\230\237", "\346\234\210",
		"\345\244\217", "\347\247\213", "\345\206\254", "\346\240\271",
		"\347\253\271"
	}, {
		"\340\244\252\340\244\244\340\245\215\340\244\244\340\244\276",
		"\340\244\254\340\245\200\340\244\234",
		"\340\244\252\340\244\276\340\244\250\340\245\200",
		"\360\237\214\261", "\340\244\227\340\244\256\340\244\262\340"
		"\244\276", "\340\244\263", "vann", "\321\201\320\260\320\264",
		"\320\262\320\276\320\264\320\260", "\320\273\320\270\321\201"
		"\321\202", "\331\205\330\247\330\241", "\330\250\330\260"
		"\330\261\330\251", "\327\222\327\237", "\316\275\316\265"
		"\317\201\317\214", "\303\266rt", "\304\207ma", "\305\202an",
		"\305\237i", "\304\221\341\272\245t", "hoa", "c\303\242y",
		"taim", "muld", "vesi", "sud", "kert", "virag", "\305\276ito",
		"\306\227", "bunga", "daun", "tanah"
	}
};

/* Lines of scripts, as a person would type them. */
static const char *const statements[] = {
	"context.basket = context.basket || [];\n",
	"var plant = context.entities.Entity;\n",
	"if (plant === undefined) {\n\tplant = \"fern\";\n}\n",
	"context.total = 12.50 * context.basket.length;\n",
	"koreUtil.logger.info('basket: ' + context.total + ' \342\202\254');\n",
	"/* gie\303\237en nur morgens */\n",
	"context.headline = content.headline1 + \" & more\";\n",
	"for (var i = 0; i < context.basket.length; i++) {\n"
	"    context.basket[i].price *= 1.07;\n}\n",
	"var base = env.NURSERY_API;\r\n",
	"context.reply = { \"ok\": true, \"items\": [1, 2, 3] };\n",
	"if (context.session.opt_in == true && plant != null) {\n"
	"\tcontext.n1 = 1;\n} else {\n\tcontext.n1 = 0;\n}\n",
	"return;\n",
	"userContext.put('lastPlant', plant, 'enterpriseContext');\n",
	"// 50 % off in autumn?\n",
	"context.when = new Date(2024, 2, 17).toISOString();\n",
	"tags.addMessageLevelTag(\"topic\", \"watering\");\n",
};

/* A PNG of one green pixel. */
static const unsigned char icon[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
	0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01,
	0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00,
	0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xd0, 0xab, 0x35, 0x02,
	0x00, 0x01, 0xba, 0x00, 0xde, 0xfa, 0x77, 0x6c, 0x24, 0x00, 0x00, 0x00,
	0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

/*
 * Numbers that look random: all follow from the seed, a kind and an index.
 */

/* The finaliser of splitmix64. */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static uint64_t
hash(const struct app *a, enum kind kind, uint64_t index)
{
	return mix(mix(a->seed ^ (uint64_t)kind << 56) + index);
}

/* A thing in one word, as the templates below take it. */
static uint64_t
ref(enum kind kind, uint64_t index)
{
	return (uint64_t)kind << 48 | index;
}

/* A text in one word: its language stands in the last three bits. */
static uint64_t
text(const struct app *a, enum kind kind, uint64_t index, uint64_t lang)
{
	if (lang >= LEXICA)
		lang = 2 + lang % (LEXICA - 2);
	return (hash(a, kind, index | UINT64_C(3) << 50) & ~UINT64_C(7)) | lang;
}

static bool
isdev(const struct app *a)
{
	return a->mode != PUBLISHED;
}

/*
 * A permutation of the components (a Feistel network, walked until it hits
 * the domain), so that they can be sorted by id without a table.
 */
static uint64_t
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

static void
hex(char *p, uint64_t value, unsigned digits)
{
	for (; digits-- > 0; value >>= 4)
		p[digits] = "0123456789abcdef"[value & 15];
}

/* 36 characters; the first twelve digits are the upper 48 bits of hi. */
static void
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
static size_t
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

static enum type
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
static uint64_t
other(const struct app *a, enum kind why, uint64_t d, uint64_t n)
{
	uint64_t o;

	if (a->dialogs == 1)
		return 0;
	o = hash(a, why, d << 8 | n) % (a->dialogs - 1);
	return o < d ? o : o + 1;
}

static uint64_t
synonyms(const struct app *a)
{
	return 24 + a->dialogs / 4;
}

static uint64_t
traits(const struct app *a)
{
	return 2 + a->dialogs / 64;
}

static uint64_t
widgets(const struct app *a)
{
	return 2 + a->dialogs / 100;
}

static uint64_t
forms(const struct app *a)
{
	return (a->dialogs + 5) / 6;
}

static uint64_t
flows(const struct app *a)
{
	return a->xo11 ? 1 + a->dialogs / 32 : 0;
}

static uint64_t
variables(const struct app *a)
{
	return a->xo11 ? 2 + a->dialogs : 4 + a->dialogs / 4;
}

static const char *
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
static unsigned
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

/*
 * Bytes out.
 */

static void
flush(struct app *a)
{
	if (a->file != NULL &&
	    fwrite(a->bytes, 1, a->used, a->file) != a->used)
		err(4, "%s", a->name);
	a->gone += a->used;
	a->used = 0;
}

/* A place for n bytes, at most BUFFER. */
static char *
room(struct app *a, size_t n)
{
	char *p;

	if (a->used + n > sizeof a->bytes)
		flush(a);
	p = a->bytes + a->used;
	a->used += n;
	return p;
}

static void
raw(struct app *a, const char *s, size_t n)
{
	memcpy(room(a, n), s, n);
}

static void
str(struct app *a, const char *s)
{
	raw(a, s, strlen(s));
}

static void
decimal(struct app *a, uint64_t value)
{
	char digits[20];
	size_t n = sizeof digits;

	do
		digits[--n] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	raw(a, digits + n, sizeof digits - n);
}

/* As encodeURIComponent() of JavaScript does it. */
static void
encode(struct app *a, const char *s)
{
	char *p;

	for (; *s != '\0'; s++) {
		if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
		    (*s >= '0' && *s <= '9') ||
		    strchr("-_.!~*'()", *s) != NULL) {
			*room(a, 1) = *s;
			continue;
		}
		p = room(a, 3);
		p[0] = '%';
		p[1] = "0123456789ABCDEF"[(unsigned char)*s >> 4];
		p[2] = "0123456789ABCDEF"[*s & 15];
	}
}

/*
 * Words.
 */

/* Writes n words and gives the number of their characters. */
static uint64_t
words(struct app *a, uint64_t seed, uint64_t n, bool encoded)
{
	uint64_t i, dice = 0, chars = 0;
	const char *word;

	for (i = 0; i < n; i++) {
		if (i > 0)
			str(a, encoded ? "%20" : " ");
		dice = i % 12 == 0 ? mix(seed + i) : dice >> 5;
		word = lexicon[(seed & 7) % LEXICA][dice % WORDS];
		if (encoded)
			encode(a, word);
		else
			str(a, word);
		for (chars += i > 0; *word != '\0'; word++)
			chars += (*word & 0xc0) != 0x80;
	}
	return chars;
}

/* A text of some sentences, with what joins them. */
static void
passage(struct app *a, uint64_t seed, bool encoded)
{
	static const char *const joints[2][8] = {
		{
			". ", ", ", ".\\n", " \\\"and\\\" ", "\\r\\n", " / ",
			" \342\200\223 ", "\\t\\\\"
		}, {
			".%20", "%2C%20", ".%0A", "!%20", "%20%22and%22%20",
			"%0D%0A", "%20%7B%7Bcontext.entities.Entity%7D%7D%20",
			"%3A%20%7B%7Bcontent.headline1%7D%7D%20"
		}
	};
	uint64_t dice = mix(seed ^ 0x5eed), parts = 1 + dice % 5, i;

	for (i = 0; i < parts; i++) {
		dice = mix(dice);
		words(a, (dice & ~UINT64_C(7)) | (seed & 7),
		    4 + (dice >> 8) % 8, encoded);
		if (i + 1 < parts)
			str(a, joints[encoded][dice >> 16 & 7]);
	}
	str(a, ".");
}

static void
script(struct app *a, uint64_t seed)
{
	uint64_t dice = mix(seed ^ 0x5c), n = 2 + dice % 12, i;

	for (i = 0; i < n; i++, dice = mix(dice))
		encode(a, statements[dice >> 8 &
		    (sizeof statements / sizeof *statements - 1)]);
}

/* The name of a dialog, in words, joined, or in lower case. */
static void
dialog_name(struct app *a, uint64_t d, char style)
{
	static const char *const verbs[] = {
		"Order", "Water", "Cancel", "Find", "Return", "Rate", "Plant",
		"Move"
	}, *const nouns[] = {
		"Fern", "Moss", "Rose", "Cactus", "Ivy", "Maple", "Tulip",
		"Basil"
	};
	uint64_t dice = hash(a, DIALOG, d | UINT64_C(4) << 50);
	char name[64];
	int i, n;

	n = snprintf(name, sizeof name, "%s %s %ju", verbs[dice & 7],
	    nouns[dice >> 3 & 7], (uintmax_t)d + 1);
	for (i = 0; i < n; i++) {
		if (style == 'U' && name[i] == ' ')
			name[i] = '_';
		if (style == 'L' && name[i] >= 'A' && name[i] <= 'Z')
			name[i] += 'a' - 'A';
	}
	raw(a, name, (size_t)n);
}

static void
component_name(struct app *a, uint64_t c)
{
	enum type type = component_type(a, c);
	char name[64];

	if (type == INTENT)
		dialog_name(a, c / SLOTS, 'U');
	else {
		snprintf(name, sizeof name, "%s%04ju", types[type].stem,
		    (uintmax_t)c);
		str(a, name);
	}
}

/* A coordinate, written as Python and JavaScript write a double. */
static void
coordinate(struct app *a, uint64_t seed)
{
	uint64_t dice = mix(seed ^ 0xc0);
	char number[40];
	double value;
	int precision;

	if (dice % 4 != 0) {
		decimal(a, (dice >> 8) % 2000);
		return;
	}
	value = (double)(dice >> 11) / 9007199254740992.0 * 3000 - 1000;
	if (value > -1 && value < 1)
		value = 367.8094689532426;
	for (precision = 15; precision <= 17; precision++) {
		snprintf(number, sizeof number, "%.*g", precision, value);
		if (strtod(number, NULL) == value)
			break;
	}
	str(a, number);
}

static void
date(struct app *a, uint64_t seed)
{
	uint64_t dice = mix(seed ^ 0xda);
	char stamp[64];

	snprintf(stamp, sizeof stamp, "20%02u-%02u-%02uT%02u:%02u:%02u.%03uZ",
	    (unsigned)(22 + dice % 3), (unsigned)(1 + (dice >> 4) % 12),
	    (unsigned)(1 + (dice >> 8) % 28), (unsigned)((dice >> 16) % 24),
	    (unsigned)((dice >> 24) % 60), (unsigned)((dice >> 32) % 60),
	    (unsigned)((dice >> 40) % 1000));
	str(a, stamp);
}

/*
 * JSON out. A template is JSON with ' for the quotes; white space and commas
 * in it are only for the eye, for the layout adds its own. It may leave
 * containers open. %X takes the next of the values, in quotes unless it is
 * a number or stands inside a string:
 *
 * %s a string (use S)            %d a number          %b true or false
 * %i %p %q an id: of this version, the published one, the one in development
 * %r a refId     %h 24 digits    %x 32 digits         %w a date
 * %N %U %L a dialog's name: "A B", "A_B", "a b"       %C a component's name
 * %t a few words %m a passage    %e the same, URL-encoded
 * %c a script, URL-encoded       %f a coordinate
 */
#define S(string) (uint64_t)(uintptr_t)(string)
#define put(a, template, ...) \
	put_list(a, template, (const uint64_t[]){ __VA_ARGS__ })
#define lay(a, template) put_list(a, template, NULL)

static void
line(struct app *a)
{
	size_t n = (size_t)a->depth * a->style->width;
	char *p;

	if (a->style->width == 0)
		return;
	p = room(a, n + 1);
	*p = '\n';
	memset(p + 1, a->style->fill, n);
}

/* What stands before a key or a value. */
static void
before(struct app *a)
{
	if (a->keyed) {
		a->keyed = false;
		return;
	}
	if (a->depth == 0)
		return;
	if (!a->empty[a->depth])
		*room(a, 1) = ',';
	a->empty[a->depth] = false;
	line(a);
}

static void
enter(struct app *a, char bracket)
{
	before(a);
	*room(a, 1) = bracket;
	a->empty[++a->depth] = true;
}

static void
leave(struct app *a, char bracket)
{
	if (!a->empty[a->depth--])
		line(a);
	*room(a, 1) = bracket;
}

static void
put_digits(struct app *a, uint64_t thing, unsigned digits)
{
	uint64_t value = hash(a, thing >> 48, thing & 0xffffffffffff);
	unsigned n;

	if (kinds[thing >> 48].minted && isdev(a))
		value = mix(value);
	for (; digits > 0; digits -= n, value = mix(value)) {
		n = digits < 16 ? digits : 16;
		hex(room(a, n), value, n);
	}
}

static void
put_id(struct app *a, char which, uint64_t thing)
{
	char id[64];

	if (which == 'r') {
		thing = hash(a, thing >> 48,
		    (thing & 0xffffffffffff) | UINT64_C(2) << 50);
		uuid(id, thing, mix(thing));
		raw(a, id, 36);
	} else
		raw(a, id, make_id(a, id, thing,
		    which == 'i' ? isdev(a) : which == 'q'));
}

static void
put_field(struct app *a, char which, uint64_t value)
{
	switch (which) {
	case 's': str(a, (const char *)(uintptr_t)value); break;
	case 'd': decimal(a, value); break;
	case 'b': str(a, value ? "true" : "false"); break;
	case 'h': put_digits(a, value, 24); break;
	case 'x': put_digits(a, value, 32); break;
	case 'w': date(a, value); break;
	case 'C': component_name(a, value); break;
	case 't': words(a, value, 3 + (value >> 3) % 6, false); break;
	case 'm': passage(a, value, false); break;
	case 'e': passage(a, value, true); break;
	case 'c': script(a, value); break;
	case 'f': coordinate(a, value); break;
	case 'N': case 'U': case 'L': dialog_name(a, value, which); break;
	case 'i': case 'p': case 'q': case 'r': put_id(a, which, value); break;
	case '%': str(a, "%"); break;
	default: errx(3, "template: %%%c", which);
	}
}

/* Writes the template's string at t; gives the place of its last quote. */
static const char *
put_string(struct app *a, const char *t, const uint64_t **v)
{
	size_t n;

	before(a);
	*room(a, 1) = '"';
	for (t++; *t != '\''; t += n) {
		n = strcspn(t, "'%");
		if (n > 0)
			raw(a, t, n);
		else {
			put_field(a, t[1], t[1] == '%' ? 0 : *(*v)++);
			n = 2;
		}
	}
	*room(a, 1) = '"';
	return t;
}

static void
put_value(struct app *a, char which, uint64_t value)
{
	bool quoted = strchr("dbf", which) == NULL;

	before(a);
	if (quoted)
		*room(a, 1) = '"';
	put_field(a, which, value);
	if (quoted)
		*room(a, 1) = '"';
}

static void
put_list(struct app *a, const char *t, const uint64_t *v)
{
	size_t n;

	for (; *t != '\0'; t++) {
		switch (*t) {
		case '{': case '[': enter(a, *t); break;
		case '}': case ']': leave(a, *t); break;
		case ',': case ' ': break;
		case '\'': t = put_string(a, t, &v); break;
		case '%': put_value(a, *++t, *v++); break;
		case ':':
			str(a, a->style->width > 0 ? ": " : ":");
			a->keyed = true;
			break;
		default:
			n = strcspn(t, ",:[]{}");
			before(a);
			raw(a, t, n);
			t += n - 1;
		}
	}
}

/* A member for each language of the app, of texts of one kind. */
static void
put_langs(struct app *a, const char *template, enum kind kind, uint64_t index)
{
	uint64_t l;

	lay(a, "'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:", S(languages[l]));
		put(a, template, text(a, kind, index, l));
	}
	lay(a, "}");
}

/* A member that holds one message for all channels. */
static void
put_message(struct app *a, const char *key, enum kind kind, uint64_t index)
{
	put(a, "%s:[{'channel':'default'", S(key));
	put_langs(a, "{'text':%e,'type':'basic'}", kind, index);
	lay(a, "}]");
}

/*
 * Settings.
 */

static void
put_identity(struct app *a)
{
	put(a, "'_id':%i,'refId':%r,'notifyUserViaEmail':true,"
	    "'purpose':'customer','hasTenant':false,'hasUserEndpoint':false,"
	    "'offKoraConfirmation':false,'skipMakeEditLinks':false,"
	    "'type':'default','variables':[],'showInMp':false,"
	    "'defaultLanguage':'en','supportedLanguages':['en'",
	    ref(APP, 0), ref(APP, 0));
	if (a->langs > 1)
		lay(a, "'de'");
	lay(a, "],'languagePreferences':{'type':'perVolley'},"
	    "'ivrSettings':null,'twilioVoiceSettings':null,"
	    "'strict_pii':false,'languageConfigurations':{"
	    "'en':{'enabled':true}");
	if (a->langs > 1)
		lay(a, "'de':{'enabled':true}");
	lay(a, "}");
	if (a->xo11)
		lay(a, "'isAgentAssist':false,'appType':'unified',"
		    "'isSmartassistMigrated':true,'isFromBT':false,"
		    "'isLinkedSmartAssist':false");
}

static void
put_channels(struct app *a)
{
	lay(a, "'channels':[{'displayName':'Shop hook','type':'ivr',"
	    "'isAsync':false,'enable':true,'enablePolling':true,"
	    "'notification':{'acl':[]}}],'pii_patterns':[");
	put(a, "{'pii_type':'custom','pii_name':'Customer card',"
	    "'pii_pattern':'[A-Z]{2}\\\\d{6}','redactWith':"
	    "{'type':'replace','value':'####'},'mappedEntities':[%i]}]",
	    ref(COMPONENT, S_ENTITY));
	lay(a, "'audioCodesSettings':null,'vNameSpace':[");
	if (!a->xo11)
		put(a, "%i", ref(NAMESPACE, 0));
	put(a, "],'krVNameSpace':[%r],'evVNameSpace':[%r],"
	    "'color':'#2e7d32','enableInputTranslation':false,"
	    "'multiLingualConfigurations':{'en':{'nluLanguage':'en',"
	    "'inputTranslation':false,'responseTranslation':false}",
	    ref(NAMESPACE, 0), ref(NAMESPACE, 0));
	if (a->langs > 1)
		lay(a, "'de':{'inputTranslation':false,'nluLanguage':'de',"
		    "'responseTranslation':false}");
	put(a, "},'isSmartAssist':false,'translationEngineId':%r,"
	    "'sBannerColor':'#2e7d32','bBannerColor':'#2e7d32',"
	    "'categoryIds':[%h],'class':[],'featured':false,"
	    "'isNLEnabled':true,'sendVcf':false,'interruptsEnabled':true,"
	    "'externalNluAdapters':[],'sessionInactiveTime':900000,"
	    "'sessionClosureProcess':1,'skipSessionMessage':false",
	    ref(ENGINE, 0), ref(CHANCE, 1));
}

/* Synonyms of words, and the concepts among them. */
static void
put_synonyms(struct app *a, uint64_t lang)
{
	uint64_t i, j;

	lay(a, "'synonyms':{");
	for (i = 0; i < synonyms(a); i++) {
		put(a, i % 3 == 2 ? "'~%s%d':[" : "'%s%d':[",
		    S(lexicon[lang][i % WORDS]), i);
		for (j = 0; j < 2 + i % 5; j++)
			put(a, "%t", text(a, SYNONYM, i << 3 | j, lang));
		lay(a, "]");
	}
	lay(a, "}");
}

static void
put_locales(struct app *a)
{
	uint64_t l;

	lay(a, "'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:{'name':'Nursery %d','errorCodes':{'pollError':[]},"
		    "'description':%t,'isSmalltalkMigrated':true,"
		    "'nlMeta':{'mlUtterances':%d,'patterns':%d,'synonyms':%d},"
		    "'keywords':[]", S(languages[l]), a->seed,
		    text(a, APP, 0, l), a->dialogs * a->utterances, a->dialogs,
		    synonyms(a));
		put_synonyms(a, l);
		lay(a, "'confidenceConfigs':[{'mode':'ml','minThreshold':0.3,"
		    "'maxThreshold':80,'isActive':true,"
		    "'exactMatchThreshold':95},{'mode':'faq',"
		    "'minThreshold':60,'maxThreshold':80,'isActive':true,"
		    "'taskMatchTolerance':5,'longResponses':"
		    "{'readMore':true},'useBotSynonyms':false},"
		    "{'mode':'cs','minThreshold':60,'maxThreshold':80,"
		    "'isActive':true,'wordCoverage':60}]}");
	}
	lay(a, "}");
}

static void
put_behaviour(struct app *a)
{
	put(a, "'isDeflect':false,'clearAllAuthTokens':false,"
	    "'languagesToBeIgnored':[],'interruptOptions':"
	    "{'interruptsEnabled':true,'numTasksToHold':'1',"
	    "'type':{'option':'developer','message':''},'holdUxOptions':"
	    "{'option':'discardCurrTaskNoNotify','message':''},"
	    "'faqBehaviour':'respondAndResume',"
	    "'smallTalkBehaviour':'respondAndResume','showAmbiguous':true},"
	    "'runCustomScript':{'enable':false,'script':''},"
	    "'detectMultiIntent':false,'assignAllChildBots':true,"
	    "'recentBotLimit':5,'isCsMatchEnabled':false,"
	    "'defaultDialogId':%r,'botSentimentEvents':["
	    "{'name':'wilted_mood','setting':'onEveryMessage',"
	    "'action':'triggerDialog','task':%r,'emotionConfig':"
	    "{'messageTone':{'sadness':{'min':1,'max':3,"
	    "'label':'Sadness-Message Level'}}}}],"
	    "'enableNegativePatterns':false", ref(DIALOG, 0),
	    ref(DIALOG, other(a, EVENT, 0, 0)));
}

static void
put_nlsettings(struct app *a)
{
	static const char *const keys[] = {
		"Multiple_Intent_Models", "network"
	};
	uint64_t i, l;

	lay(a, "'advancedNLSettings':[");
	for (l = 0; l < a->langs; l++)
		for (i = 0; i < 2; i++)
			put(a, "{'_id':%i,'isCustom':false,'type':%d,"
			    "'configurationKeyName':%s,'nlpEngine':'ML',"
			    "'configurationValue':true,"
			    "'requiresTraining':false,'state':%s,"
			    "'streamId':%i,'language':%s,'refId':%r,"
			    "'lastModifiedOn':%w,'__v':0}",
			    ref(NLSETTING, l << 1 | i), i + 1, S(keys[i]),
			    S(state(a)), ref(APP, 0), S(languages[l]),
			    ref(NLSETTING, l << 1 | i), ref(NLSETTING, i));
	put(a, "],'translationEngines':[{'_id':%i,'refId':%r,'state':%s,"
	    "'name':'google','streamId':%i,'languages':['de'],"
	    "'authConfig':{'key':''},'__v':0}]", ref(ENGINE, 0),
	    ref(ENGINE, 0), S(state(a)), ref(APP, 0));
}

/*
 * What XO11 has beyond XO10.
 */

static void
put_features(struct app *a)
{
	static const char *const features[] = {
		"rephrase", "ansFromDocs", "dynamicEntity", "conversation",
		"generativeai", "zeroshotNlu", "summarize", "dialogGPT"
	};
	uint64_t i;

	lay(a, "'llmConfiguration':[{'customeIntegrations':[],"
	    "'featureList':[");
	for (i = 0; i < 8; i++)
		put(a, "{'name':%s,'enable':%b,'defaultModel':'leaf-%d',"
		    "'integration':'korexo','displayName':'Feature %d'}",
		    S(features[i]), i % 2, i, i);
	lay(a, "],'guardrailsList':[");
	for (i = 0; i < 3; i++)
		put(a, "{'id':'guard_%d','name':'Guard %d','enable':%b,"
		    "'features':[{'id':%s,'featureApplyAt':{'llm_req':true,"
		    "'llm_res':false}}],'serviceMeta':{'threshold':0.75},"
		    "'applyAt':['llm_req'],'viewOrder':%d}", i, i, i % 2,
		    S(features[i]), i);
	put(a, "],'integrations':{'korexo':{'summarize':true},"
	    "'openai':{'apiKey':'','models':['leaf-1']}},'refId':%r}],"
	    "'promptLibraries':[", ref(MODEL, 0));
	for (i = 0; i < 2 + a->dialogs / 64; i++)
		put(a, "{'_id':%i,'refId':%r,'name':'prompt %d',"
		    "'featureKey':%s,'integration':'openai','configuration':"
		    "{'prompt':%m,'temperature':0.7,'max_tokens':200},"
		    "'version':1,'status':1}", ref(PROMPT, i), ref(PROMPT, i),
		    i, S(features[i % 8]), text(a, PROMPT, i, i % a->langs));
	put(a, "],'dialogGPTSettings':[{'refId':%r,'conversationTypes':"
	    "[{'type':'singleIntent','enable':true}],'searchIndexId':'',"
	    "'dialogGPTLLMConfig':{'model':'leaf-1','integration':'openai'},"
	    "'embeddingModelConfig':{'model':'root-2'},'language':'en'}],"
	    "'preBuiltIntegrations':[],'answers':[]", ref(MODEL, 1));
}

static void
put_tools(struct app *a)
{
	uint64_t i;

	lay(a, "'tools':[");
	for (i = 0; i < 1 + a->dialogs / 50; i++)
		put(a, "{'_id':%i,'refId':%r,'name':'tool_%d',"
		    "'description':%t,'type':'function','parameters':"
		    "[{'name':'plant','type':'string','required':true}]}",
		    ref(TOOL, i), ref(TOOL, i), i, text(a, TOOL, i, 0));
	lay(a, "]");
}

static void
put_step(struct app *a, uint64_t flow, uint64_t n)
{
	static const char *const step[] = {
		"start", "split", "messageprompt", "uxoautomation", "endflow"
	};
	uint64_t i = flow << 3 | n;

	put(a, "{'_id':%i,'refId':%r,'cfId':%i,'name':'%s %d','type':%s,"
	    "'connections':[", ref(STEP, i), ref(STEP, i), ref(FLOW, flow),
	    S(step[n]), n, S(step[n]));
	if (n < 4)
		put(a, "{'type':'default','nextStep':%i}", ref(STEP, i + 1));
	else
		lay(a, "{'type':'default','nextStep':'dummy'}");
	lay(a, "],'rules':[");
	if (n == 1)
		put(a, "{'name':'Open','nextStep':%i,'conditions':[]}",
		    ref(STEP, i + 2));
	lay(a, "],'taskDefinition':{");
	if (n == 2)
		put(a, "'messageToUser':%i", ref(PROMPTING, flow));
	if (n == 3)
		put(a, "'uxoautomation':{'botId':%i},'onSuccess':"
		    "{'nextStep':%i}", ref(APP, 0), ref(STEP, i + 1));
	put(a, "},'state':%s,'positionMeta':{'left':%f,'top':%f}}",
	    S(state(a)), i, i + 1);
}

static void
put_flows(struct app *a)
{
	uint64_t i, n;

	lay(a, "'experienceFlows':[");
	for (i = 0; i < flows(a); i++) {
		put(a, "{'callflowDefinition':{'_id':%i,'parentId':",
		    ref(FLOW, i));
		put(a, isdev(a) ? "%p" : "%q", ref(FLOW, i));
		put(a, "'refId':%r,'name':'Flow %d','lname':'flow %d',"
		    "'state':%s,'isDefault':%b,'flowType':'voice','steps':[",
		    ref(FLOW, i), i, i, S(state(a)), i == 0);
		for (n = 0; n < 5; n++)
			put_step(a, i, n);
		put(a, "],'messages':[{'_id':%i,'cfId':%i,"
		    "'name':'Greeting','refId':%r,'state':%s,"
		    "'messages':[{'locale':[", ref(PROMPTING, i),
		    ref(FLOW, i), ref(PROMPTING, i), S(state(a)));
		for (n = 0; n < a->langs; n++)
			put(a, "{'language':%s,'text':%e}", S(languages[n]),
			    text(a, PROMPTING, i, n));
		put(a, "]}]}]},'config':{'cfId':%i,'name':'Flow %d'},"
		    "'files':{}}", ref(FLOW, i), i);
	}
	lay(a, "]");
}

/* JSON in a string. */
static void
put_assist(struct app *a)
{
	uint64_t i;

	lay(a, "'agentAssistExport':");
	before(a);
	str(a, "\"{\\\"agentAssistPayload\\\":{\\\"agentcoachingrules\\\":"
	    "{\\\"rules\\\":[");
	for (i = 0; i < 2 + a->dialogs / 32; i++) {
		str(a, i > 0 ? ",{\\\"name\\\":\\\"" : "{\\\"name\\\":\\\"");
		words(a, text(a, RESPONSE, i, 0), 4, false);
		str(a, "\\\",\\\"order\\\":");
		decimal(a, i);
		str(a, "}");
	}
	str(a, "],\\\"utterances\\\":[]},\\\"agentcoachingplaybooks\\\":"
	    "{\\\"playbooks\\\":[],\\\"stages\\\":[],\\\"steps\\\":[],"
	    "\\\"utterances\\\":[]}}}\"");
}

/*
 * Events and answers.
 */

static void
put_event(struct app *a, const char *name, bool empty, uint64_t d)
{
	put(a, "%s:{'enabled':true,'action':'triggerDialog'", S(name));
	if (empty)
		lay(a, "'task':''");
	else
		put(a, "'task':%r", ref(DIALOG, d));
	lay(a, "'linkedBotStreamId':null,'script':null,'msg':[],"
	    "'manageFirstMessage':null,'welcomeIvrOptions':null}");
}

static void
put_events(struct app *a)
{
	lay(a, "'botEvents':{");
	put_event(a, "INTENT_UNIDENTIFIED", false, other(a, EVENT, 0, 1));
	put_event(a, "WELCOME_MESSAGE_EVENT", a->xo11, 0);
	put_event(a, "ON_CONNECT_EVENT", false, 0);
	lay(a, "'TASK_FAILURE_EVENT':{'enabled':true,'action':'showMsg',"
	    "'task':null,'script':'.','msg':[{");
	put_langs(a, "{'type':'basic','text':%e}", EVENT, 2);
	put(a, "'vNameSpace':[],'createdBy':%i,'createdOn':%w,'streamId':%i,"
	    "'channel':'default','lModBy':%i,'lMod':%w,'__v':0}],"
	    "'welcomeIvrOptions':[]}", ref(USER, 0), ref(EVENT, 0),
	    ref(APP, 0), ref(USER, 0), ref(EVENT, 1));
	lay(a, "'REPEAT_RESPONSE_EVENT':{'enabled':false,'action':''}");
	if (a->xo11)
		lay(a, "'AMBIGUOUS_INTENTS':{'id':'ambiguous','name':"
		    "'Ambiguous intents','description':'','category':'nlp',"
		    "'enabled':false},'TASK_END_EVENT':{'enabled':false,"
		    "'action':'','task':null}");
	lay(a, "},'actions':[],'alerts':[]");
}

static void
put_smalltalk(struct app *a)
{
	uint64_t g, i, l, n, groups = 2 + a->dialogs / 200;

	lay(a, "'smallTalk':[");
	for (l = 0; l < a->langs; l++) {
		put(a, "{'language':%s,'groups':[", S(languages[l]));
		for (g = 0; g < groups; g++) {
			put(a, "{'groupName':'talk %d','groupId':%i,"
			    "'vNameSpace':[%r],'nodes':[", g,
			    ref(TALKGROUP, l << 40 | g), ref(NAMESPACE, 0));
			for (i = 0; i < 1 + g % 6; i++) {
				n = l << 40 | g << 3 | i;
				put(a, "{'userUtterances':[{'text':%t},"
				    "{'text':%t}],'botUtterances':"
				    "[{'channel':'default','text':%m,"
				    "'type':'basic','_id':%i}],'state':%s,"
				    "'language':%s,'refId':%r,'seq':%d,"
				    "'nodeId':%i}", text(a, TALKNODE, n, l),
				    text(a, TALKGROUP, n, l),
				    text(a, TALKLINE, n, l), ref(TALKLINE, n),
				    S(state(a)), S(languages[l]),
				    ref(TALKNODE, n), i, ref(TALKNODE, n));
			}
			put(a, "],'count':%d}", 1 + g % 6);
		}
		lay(a, "]}");
	}
	lay(a, "],'idpConfigurations':[]");
}

static void
put_faq(struct app *a, uint64_t i, uint64_t lang)
{
	put(a, "{'question':%t,'alternateQuestions':[{'question':%t,"
	    "'terms':['Nursery|| || '],'tags':[{'name':%t}]}],"
	    "'terms':['Nursery|| || ','**Care|| || /care/tending'],"
	    "'tags':[],'refId':%r,'faqStatus':true,'label':%t",
	    text(a, FAQ, i << 2, lang), text(a, FAQ, i << 2 | 1, lang),
	    text(a, FAQ, i << 2 | 2, lang), ref(FAQ, i),
	    text(a, FAQ, i << 2, lang));
	if (i % 16 == 7)
		put(a, "'responseType':'dialog','dialogRefId':%r",
		    ref(DIALOG, i % a->dialogs));
	else
		put(a, "'responseType':'message','answer':[{'text':%m,"
		    "'type':'basic','channel':'default'}]",
		    text(a, FAQ, i << 2 | 3, lang));
	lay(a, "'alternateAnswers':[]}");
}

static void
put_taxonomy(struct app *a, uint64_t k)
{
	static const char *const terms[] = { "Nursery", "Care", "Orders" };
	uint64_t i;

	lay(a, "'taxonomy':[");
	for (i = 0; i < 3; i++) {
		lay(a, "{'parent':[");
		if (i > 0)
			put(a, "%r", ref(TERM, k << 2));
		put(a, "],'synonyms':[],'preConditions':[],'contextTags':[],"
		    "'enableContext':false,'traitRule':[],'isDummy':false,"
		    "'editLocked':false,'termStatus':true,'nodeId':%r,"
		    "'label':%s,'level':'l%d','termUsage':'default'}",
		    ref(TERM, k << 2 | i), S(terms[i]), i > 0);
	}
	lay(a, "],'metadata':{}");
}

/* XO11 keeps its questions elsewhere: none there. */
static void
put_knowledge(struct app *a)
{
	uint64_t k, l, i, count = 1 + a->dialogs / 400, faqs;

	faqs = (a->dialogs / 2 + 2 + count - 1) / count;
	if (a->xo11)
		count = 0;
	lay(a, "'knowledgeTasks':[");
	for (k = 0; k < count; k++)
		for (l = 0; l < a->langs; l++) {
			put(a, "{'refId':%r,'name':'Nursery %d',"
			    "'description':'What customers ask',"
			    "'isGraph':true", ref(KNOWLEDGE, k), k);
			put_taxonomy(a, k);
			put(a, "'language':%s,'vNameSpace':[%r],"
			    "'faqs':{'faqs':[", S(languages[l]),
			    ref(NAMESPACE, 0));
			for (i = 0; i < faqs; i++)
				put_faq(a, (k << 1 | l) << 12 | i, l);
			lay(a, "],'synonyms':{},'nodes':[{'terms':"
			    "['Nursery'],'preConditions':[],"
			    "'contextTags':[],'enableContext':false,"
			    "'termStatus':true}]}}");
		}
	lay(a, "]");
}

/*
 * Components.
 */

static void
put_service(struct app *a, uint64_t c)
{
	put(a, "'endPoint':{'host':'nursery.example','port':'',"
	    "'path':'/v%d/%%7B%%7Benv.NURSERY_PATH%%7D%%7D/plants',"
	    "'protocol':'https','method':'post','connectorEnabled':false,"
	    "'piiDataEnabled':false},'authRequired':false,"
	    "'payload':{'type':'raw','value':%c},'headers':{'type':'raw',"
	    "'value':'{\\\"Content-Type\\\":\\\"application/json\\\"}'},"
	    "'serviceType':'rest','idp':'none','sampleResponse':["
	    "{'isDefault':true,'name':'sampleResponse','response':"
	    "'{\\\"statusCode\\\":200,\\\"body\\\":{\\\"plant\\\":%d}}'}],"
	    "'timeOutError':{'closeConversation':true},"
	    "'serviceAPITimeout':20", c % 3, text(a, COMPONENT, c, 0), c);
}

static void
put_action(struct app *a, uint64_t c)
{
	uint64_t d = c / SLOTS, n = d << 8 | 0xf0;

	put(a, "'nodes':[{'type':'script','nodeId':%i,'componentId':%i,"
	    "'transitions':[{'default':%i,'metadata':{'color':'#676767',"
	    "'connId':%i,'pathName':'','pathsMap':[]}}],"
	    "'positionMeta':{'left':0,'top':200},'level':'root'},",
	    ref(NODE, n), ref(COMPONENT, c - S_ACTION + S_SCRIPT),
	    ref(NODE, n + 1), ref(CONNECTION, n));
	put(a, "{'type':'service','nodeId':%i,'componentId':%i,"
	    "'transitions':[{'default':'end','metadata':{'color':'#676767',"
	    "'connId':%i,'pathName':'','pathsMap':[]}}],"
	    "'positionMeta':{'left':%f,'top':400},'level':'root'}]",
	    ref(NODE, n + 1), ref(COMPONENT, c - S_ACTION + S_SERVICE),
	    ref(CONNECTION, n + 1), n);
}

/* Values until the component has reached its size. */
static void
put_lookup(struct app *a, uint64_t big)
{
	uint64_t start = a->gone + a->used, i;

	lay(a, "'lookupValues':[");
	for (i = 0; a->gone + a->used - start < big; i++)
		put(a, "{'title':%t,'value':'plant_%d','synonyms':[%t]}",
		    text(a, VARIABLE, i << 1, 0), i,
		    text(a, VARIABLE, i << 1 | 1, a->langs - 1));
	lay(a, "]");
}

static void
put_entity(struct app *a, uint64_t c, enum type type)
{
	put(a, "'entityType':%s", S(c == a->dialogs * SLOTS ?
	    "list_of_items_lookup" : type == CHOICE ? "list_of_values" :
	    c % 5 == 0 ? "number" : "description"));
	put_message(a, "message", COMPONENT, c);
	put_message(a, "errorMessage", ENGINE, c);
	if (c == a->dialogs * SLOTS)
		put_lookup(a, a->big);
	lay(a, "'isArray':false");
	if (a->xo11)
		lay(a, "'isTransient':false,"
		    "'generativeAI':{'rephrase':{'enable':false}}");
}

static void
put_generative(struct app *a, uint64_t c)
{
	put(a, "'generativeAI':{'model':'leaf-2','prompt':%m,"
	    "'temperature':0.5,'exitScenarios':[%t]}",
	    text(a, COMPONENT, c, 0), text(a, CHANCE, c, 0));
}

/* What only components of its type have. */
static void
put_special(struct app *a, uint64_t c, enum type type)
{
	switch (type) {
	case INTENT:
		put(a, "'dialogId':%i", ref(DIALOG, c / SLOTS));
		break;
	case ENTITY: case CHOICE:
		put_entity(a, c, type);
		break;
	case MESSAGE: case CONFIRM:
		put_message(a, "message", COMPONENT, c);
		break;
	case SCRIPT:
		put(a, "'script':%c", text(a, COMPONENT, c, 0));
		break;
	case ACTION:
		put_action(a, c);
		break;
	case SERVICE:
		put_service(a, c);
		break;
	case GENERATIVE:
		put_generative(a, c);
		break;
	case TRANSFER:
		lay(a, "'containmentType':'agenttransfer'");
		break;
	case DYNAMIC:
		lay(a, "'intentPath':'{{context.currentIntent}}'");
		break;
	case FORMTYPE:
		put_message(a, "message", COMPONENT, c);
		put_message(a, "submitMessage", FORM, c);
		put(a, "'resourceId':%r,'rtmRenderType':'pop-up'",
		    ref(FORM, c / SLOTS / 6));
		break;
	case SUBINTENT: case LOGIC:
		break;
	}
}

static void
put_labels(struct app *a, uint64_t c, enum type type)
{
	uint64_t l, d = c / SLOTS;

	lay(a, "'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:{", S(languages[l]));
		if (type == INTENT)
			put(a, "'desc':'','intent':%N", d);
		else if (type == SUBINTENT)
			put(a, "'desc':'','intent':%C", c);
		else
			put(a, "'label':%C", c);
		if (type == INTENT && d % 9 == 1)
			put(a, "'traitRules':[['trait_%d_0'],"
			    "['trait_0_1','trait_1_2']]", d % traits(a));
		if (type == CHOICE)
			put(a, "'allowedValues':{'values':[{'title':%t,"
			    "'value':'yes','synonyms':[%t,'1']},{'title':%t,"
			    "'value':'no','synonyms':[]}]}",
			    text(a, COMPONENT, c << 2, l),
			    text(a, COMPONENT, c << 2 | 1, l),
			    text(a, COMPONENT, c << 2 | 2, l));
		lay(a, "}");
	}
	lay(a, "}");
}

static void
put_component(struct app *a, uint64_t c)
{
	enum type type = component_type(a, c);

	put(a, "{'_id':%i,'refId':%r,'name':%C,'piiDataEnabled':false,"
	    "'serviceNodeType':'custom','type':%s", ref(COMPONENT, c),
	    ref(COMPONENT, c), c, S(types[type].type));
	put_special(a, c, type);
	lay(a, "'applyDefaultTemplate':false");
	put_labels(a, c, type);
	lay(a, "'entityFields':{'cityAdvanced':[]}");
	if (a->mode == TWIN)
		put(a, "'parentId':%p", ref(COMPONENT, c));
	lay(a, "'spellcorrectThreshold':0,'preConditions':[],'vNameSpace':[");
	if (c % 8 == 0)
		put(a, "%r", ref(NAMESPACE, 0));
	lay(a, "],'useTaskLevelNs':true,'isSensitive':false}");
}

/* Sorted by id. */
static void
put_components(struct app *a)
{
	uint64_t i;

	lay(a, "'dialogComponents':[");
	for (i = 0; i < a->components; i++)
		put_component(a, permute(a, i, isdev(a), true));
	lay(a, "]");
}

static void
put_pattern(struct app *a, uint64_t c)
{
	enum type type = component_type(a, c);
	uint64_t l;

	if (strcmp(types[type].type, "intent") != 0 &&
	    strcmp(types[type].type, "entity") != 0)
		return;
	lay(a, "{'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:{", S(languages[l]));
		if (c % 3 != 1)
			put(a, "'patterns':[{'value':'~care *2 %s',"
			    "'original':'~care *2 %s'}]",
			    S(lexicon[l][c % WORDS]),
			    S(lexicon[l][c % WORDS]));
		lay(a, "}");
	}
	put(a, "},'refId':%r,'taskName':%C,'taskType':%s,"
	    "'nodeType':'dialog'}", ref(COMPONENT, c), c,
	    S(types[type].type));
}

static void
put_patterns(struct app *a)
{
	uint64_t c;

	lay(a, "'patterns':[");
	for (c = 0; c < a->components; c++)
		put_pattern(a, c);
	lay(a, "]");
}

static void
put_sentence(struct app *a, uint64_t n, uint64_t c)
{
	uint64_t lang = n % a->langs, start;

	put(a, "{'_id':%h,'taskId':%i,'sentence':", ref(SENTENCE, n),
	    ref(COMPONENT, c));
	before(a);
	str(a, "\"");
	start = words(a, text(a, SENTENCE, n, lang), 3 + n % 7, false) + 1;
	str(a, " ");
	decimal(a, 100000 + n % 900000);
	str(a, "\"");
	put(a, "'taskName':%C,'type':'DialogIntent','entities':[", c);
	if (n % 5 == 0)
		put(a, "{'startIndex':%d,'endIndex':%d,'entityId':%i}", start,
		    start + 6, ref(COMPONENT, c / SLOTS * SLOTS + S_ENTITY));
	put(a, "],'language':%s}", S(languages[lang]));
}

/* The utterances of each intent, then those that make up the size. */
static void
put_sentences(struct app *a)
{
	uint64_t c, i, n = 0;

	lay(a, "'sentences':[");
	for (c = 0; c < a->components; c++)
		if (strcmp(types[component_type(a, c)].type, "intent") == 0)
			for (i = 0; i < a->utterances; i++)
				put_sentence(a, n++, c);
	for (i = 0; i < a->extra; i++)
		put_sentence(a, n++, i % a->dialogs * SLOTS + S_INTENT);
	lay(a, "]");
}

/*
 * Dialogs.
 */

static void
put_options(struct app *a, uint64_t d, const struct node *n)
{
	lay(a, "'nodeOptions':{'customTags':{'session':[],'message':[],"
	    "'user':[]},'transitionType':'auto','isRetriesExceeded':false,"
	    "'promptOptions':'required','reuseMarkedupPhrases':false,"
	    "'interruptOptions':{'priority':'task'},"
	    "'transitionMode':'initiateCurrentTask',"
	    "'inputHandlingOptions':'useAsEntityValue','reuseOptions':'1',"
	    "'userInputCorrection':true,'noAutoCorrection':false,"
	    "'notForReuse':false,'contextTags':[]");
	if (n->type == ENTITY) {
		lay(a, "'precedence':'entityOverIntent','eventOptions':"
		    "{'defaultMaxRetry':{'retry_limit':5,'action':");
		if (d % 10 == 4)
			put(a, "'executeNode','ref':%s", S(n->id));
		else
			lay(a, "'endOfDialog'");
		lay(a, "}}");
	}
	lay(a, "},'vNameSpace':[],'preConditions':[],'useTaskLevelNs':true");
}

static void
put_condition(struct app *a, uint64_t d, const struct node *n)
{
	if (n->type == ENTITY)
		put(a, "'if':{'field':%s,'op':'eq','value':'fern'}", S(n->id));
	else if (n->type == CONFIRM)
		lay(a, "'if':{'dialogAct':'yes'}");
	else if (n->type == MESSAGE && d % 16 == 3)
		put(a, "'if':{'context':'context.FollowupIntents',"
		    "'op':'cnt','value':%r}",
		    ref(COMPONENT, other(a, LINK, d, 9) * SLOTS));
	else if (n->type == MESSAGE && d % 7 == 1)
		lay(a, "'if':{'conjoin':'or','tests':[{'context':"
		    "'context.n1','op':'eq','value':'1'},{'context':"
		    "'context.basket','op':'exists','value':''}]}");
	else
		lay(a, "'if':{'context':'context.n1','op':'neq',"
		    "'value':'0'}");
}

static void
put_transitions(struct app *a, uint64_t d, const struct node *n,
    const char *next)
{
	uint64_t connection = n->component << 4;

	lay(a, "'transitions':[");
	if (n->type != INTENT && n->type != ACTION) {
		lay(a, "{");
		put_condition(a, d, n);
		put(a, "'then':%s,'metadata':{'color':'#299d8e',"
		    "'connId':%i,'pathName':'','pathsMap':[]},"
		    "'userUtterance':%t}", S(next), ref(CONNECTION, connection),
		    text(a, NODE, connection, 0));
	}
	if (n->type == CONFIRM)
		put(a, "{'if':{'dialogAct':'no'},'then':'end','metadata':"
		    "{'color':'#676767','connId':%i,'pathName':'',"
		    "'pathsMap':[]},'userUtterance':'No'}",
		    ref(CONNECTION, connection + 1));
	else
		put(a, "{'default':%s,'metadata':{'color':'#676767',"
		    "'connId':%i,'pathName':'','pathsMap':[]}}", S(next),
		    ref(CONNECTION, connection + 2));
	lay(a, "]");
}

static void
put_node(struct app *a, uint64_t d, const struct node *n, const char *next)
{
	uint64_t inner = d << 8 | 0xf0, c = n->component;

	lay(a, "{");
	put_options(a, d, n);
	put(a, "'nodeId':%s,'type':%s,'componentId':%i", S(n->id),
	    S(types[n->type].type), ref(COMPONENT, c));
	put_transitions(a, d, n, next);
	put(a, "'positionMeta':{'left':%f,'top':%f}", c << 8 | d % 256,
	    (c << 8 | d % 256) + 1);
	if (n->type == ACTION)
		put(a, "'nodes':[{'type':'script','componentId':%i,"
		    "'level':'root','nodeId':%i,'nodeOptions':"
		    "{'transitionType':'auto'}},{'type':'service',"
		    "'componentId':%i,'level':'root','nodeId':%i,"
		    "'nodeOptions':{'transitionType':'auto'}}]",
		    ref(COMPONENT, c - S_ACTION + S_SCRIPT), ref(NODE, inner),
		    ref(COMPONENT, c - S_ACTION + S_SERVICE),
		    ref(NODE, inner + 1));
	if (n->flow > 0)
		put(a, "'flowTaskId':%r", ref(DIALOG, n->flow - 1));
	lay(a, "}");
}

/* The second copy of the graph in XO11: its components lead nowhere. */
static void
put_sequence(struct app *a, uint64_t d, const struct node *n)
{
	put(a, "'isCSAT':false,'sequences':[{'name':'Main','nodeId':%i,"
	    "'nodes':[{'nodeId':%s,'componentId':%i,'type':%s},"
	    "{'nodeId':%s,'componentId':%i,'type':%s}],'transitions':[]}]",
	    ref(NODE, d << 8 | 0xff), S(n[0].id), ref(STALE, d << 1),
	    S(types[n[0].type].type), S(n[1].id), ref(STALE, d << 1 | 1),
	    S(types[n[1].type].type));
}

static void
put_dialog(struct app *a, uint64_t d)
{
	struct node n[MAXNODES];
	unsigned i, count = list_nodes(a, d, n);
	uint64_t l;

	put(a, "{'_id':%i,'refId':%r,'nodes':[", ref(DIALOG, d),
	    ref(DIALOG, d));
	for (i = 0; i < count; i++)
		put_node(a, d, &n[i], i + 1 < count ? n[i + 1].id :
		    d % 3 == 0 ? "" : "end");
	put(a, "],'lname':%L,'isHidden':%b,'localeData':{", d, d % 50 == 49);
	for (l = 0; l < a->langs; l++)
		put(a, "%s:{'name':%N,'shortDesc':%t}", S(languages[l]), d,
		    text(a, DIALOG, d, l));
	lay(a, "},'groups':[");
	if (d % 20 == 1)
		put(a, "{'_id':%h,'name':'Group Name','nodes':[%s],"
		    "'subIntents':[]}", ref(CHANCE, d), S(n[2].id));
	lay(a, "],'isFollowUp':false,'interruptOptions':{'priority':'bot'},"
	    "'contextLifeTime':{'options':'close'},"
	    "'onTaskFailure':{'msg':[],'enabled':false},"
	    "'amendConfig':{'priority':'bot'}");
	if (a->xo11)
		put_sequence(a, d, n);
	else if (d % 5 != 4)
		put(a, "'sceneRefId':%r", ref(SCENE, d));
	put(a, "'vNameSpace':[%r]}", ref(NAMESPACE, 0));
}

static void
put_dialogs(struct app *a)
{
	uint64_t d;

	lay(a, "'dialogs':[");
	for (d = 0; d < a->dialogs; d++)
		put_dialog(a, d);
	lay(a, "]");
}

static void
put_scene(struct app *a, uint64_t d)
{
	put(a, "{'_id':%i,'botstoreInfo':[{'type':'interactive',"
	    "'isSecured':false,'link':%x}],'components':{%i:{'childs':[],"
	    "'seqId':'Id1'}},'currentSeqId':1,'description':%t,"
	    "'dialogRefId':%r,'name':%N,'refId':%r,'sceneLinkedBy':[],"
	    "'sceneType':'dialogScene','status':'In Progress','streamId':%i,"
	    "'tags':[],'widgetThemeId':'wth-00000000000000000000001a',"
	    "'dialogLinks':{%i:{'dialogRefId':%r}},'resourceid':'scenes'}",
	    ref(SCENE, d), ref(SCENE, d), ref(SCENENOTE, d),
	    text(a, SCENE, d, 0), ref(DIALOG, d), d, ref(SCENE, d),
	    ref(APP, 0), ref(SCENENOTE, d), ref(DIALOG, d));
}

static void
put_scenes(struct app *a)
{
	uint64_t d, count = a->xo11 ? 0 : a->dialogs;

	lay(a, "'scenes':[");
	for (d = 0; d < count; d++)
		if (d % 5 != 4)
			put_scene(a, d);
	lay(a, "],'sceneComponents':[");
	for (d = 0; d < count; d++)
		if (d % 5 != 4)
			put(a, "{'_id':%i,'state':0,'type':'note','msg':"
			    "{'type':'text','payload':{'text':%t}},"
			    "'sceneId':%i,'streamId':%i,'comments':[],"
			    "'refId':%r}", ref(SCENENOTE, d),
			    text(a, SCENENOTE, d, 0), ref(SCENE, d),
			    ref(APP, 0), ref(SCENENOTE, d));
	lay(a, "],'widgetThemes':[");
	if (!a->xo11)
		lay(a, "{'_id':'wth-00000000000000000000001a',"
		    "'theme':'Moss theme','widgetBgColor':'#F1F8E9',"
		    "'widgetTextColor':'#1B5E20','isdefaultWidget':true}");
	lay(a, "]");
}

/*
 * The rest.
 */

static void
put_widgets(struct app *a)
{
	uint64_t i;

	lay(a, "'widgets':[");
	for (i = 0; i < widgets(a); i++) {
		put(a, "{'refId':%r,'name':'widget_%d','state':%s,"
		    "'adminTaskStatus':'active','isPublishedVersion':false,"
		    "'source':{'type':'dialog','resource':%r}",
		    ref(WIDGET, i), i, S(state(a)),
		    ref(DIALOG, other(a, WIDGET, 0, i % 200)));
		put_langs(a, "{'displayName':%t}", WIDGET, i);
		lay(a, "}");
	}
	lay(a, "],'panels':[");
	for (i = 0; i < widgets(a); i++) {
		if (i % 8 == 0)
			put(a, "{'refId':%r,'name':'panel_%d','state':%s,"
			    "'adminTaskStatus':'active',"
			    "'isPublishedVersion':false,'widgets':[",
			    ref(PANEL, i), i, S(state(a)));
		put(a, "%r", ref(WIDGET, i));
		if (i % 8 == 7 || i + 1 == widgets(a)) {
			lay(a, "]");
			put_langs(a, "{'displayName':%t}", PANEL, i);
			lay(a, "}");
		}
	}
	lay(a, "],'unexportedTasks':[]");
}

static void
put_form(struct app *a, uint64_t f)
{
	static const char *const fields[] = { "textField", "email", "date" };
	uint64_t i;

	put(a, "{'name':'form%d','displayName':'Form %d','type':'regular',"
	    "'branding':{'properties':[]},'componentPaletteView':'list',"
	    "'refId':%r,'components':[", f, f, ref(FORM, f));
	for (i = 0; i < 3; i++) {
		put(a, "{'name':'field%d','type':%s,'refId':%r,'metaData':"
		    "{'type':%s,'key':%s,'displayName':%t,'required':%b,"
		    "'isVisible':true,'validations':{'validationType':"
		    "'simple'},'validateOn':'onBlur','validationDependents':[",
		    i, S(fields[i]), ref(FIELD, f << 2 | i), S(fields[i]),
		    S(fields[i]), text(a, FIELD, f << 2 | i, 0), i % 2);
		if (i == 0)
			put(a, "%r", ref(FIELD, f << 2 | 2));
		lay(a, "]},'components':[]}");
	}
	put(a, "],'integrations':[{'type':'dialog','resourceId':%r,"
	    "'resourceMeta':{'componentId':%r}}],'formData':{'visibility':"
	    "{'serviceNode':true,'dialogExecution':true,'botKit':true},"
	    "'ttl':1800},'isSecured':false}", ref(DIALOG, f * 6),
	    ref(COMPONENT, f * 6 * SLOTS + S_LAST));
}

static void
put_dashboards(struct app *a)
{
	put(a, "'customDashboards':[{'_id':%i,'name':'Greenhouse',"
	    "'streamId':%i,'orgId':%i,'refId':%r,'widgets':[{'_id':%i,"
	    "'overlay':[],'name':'Waterings','type':'pie','sqlQuery':"
	    "{'dataSet':'Analytics','select':'metricType','filterBy':'',"
	    "'groupBy':'metricType'},'dimensions':[],'metrics':[],'row':[],"
	    "'__v':0}],'__v':0,'properties':{'0':{'ind':0,'id':%i,"
	    "'meta':100,'metaHeight':300}}}],'paramMaps':[],"
	    "'taskDgParamMaps':[]", ref(DASHBOARD, 0), ref(APP, 0),
	    ref(ORG, 0), ref(DASHBOARD, 0), ref(CHART, 0), ref(CHART, 0));
}

/* One for the app and, for its dialogs, one of all, in each language. */
static void
put_mlparams(struct app *a)
{
	uint64_t l, type, d;

	lay(a, "'mlParams':[");
	for (l = 0; l < a->langs; l++)
		for (type = 1; type <= 3; type++) {
			put(a, "{'type':%d,'dialogIntents':[", type);
			for (d = 0; type == 3 && d < a->dialogs; d++)
				put(a, "%r", ref(DIALOG, d));
			put(a, "],'isDefault':%b,'language':%s,"
			    "'intentParams':{'type':'V3','minngram':1,"
			    "'maxngram':4,'ngram':[1,1],'useSynonyms':true,"
			    "'features':'n_gram','skip_gram':{'seqLength':2,"
			    "'maxSkipDistance':1}},'nerParams':"
			    "{'type':'corenlp'},'intentData':{'stopwords':",
			    type == 3, S(languages[l]));
			before(a);
			str(a, "\"");
			words(a, text(a, MODEL, type, l), 150, false);
			str(a, "\"");
			put(a, "},'state':%s,'exactMatchThreshold':95,"
			    "'minThreshold':0.3,'maxThreshold':80,"
			    "'mlpGroupId':%h,'name':%s}", S(state(a)),
			    ref(MODEL, type), S(type == 3 ?
			    "Dialog Models Group" : ""));
		}
	lay(a, "]");
}

static void
put_variables(struct app *a)
{
	uint64_t i, l, langs = a->langs;

	if (a->xo11)
		langs = sizeof languages / sizeof *languages;
	lay(a, "'contentVariables':[");
	for (i = 0; i < variables(a); i++) {
		put(a, "{'group':'','key':'headline%d','localeData':{", i);
		for (l = 0; l < langs; l++)
			put(a, "%s:{'audioTag':'','hint':'','value':%t}",
			    S(languages[l]), text(a, RESPONSE, i << 8 | l, l));
		put(a, "},'propagateValue':false,'scope':'prePopulated',"
		    "'vNameSpace':[%r],'variableType':'locale'}",
		    ref(NAMESPACE, 0));
	}
	put(a, "],'namespaces':[{'_id':%i,'type':'system','lModifiedOn':%w,"
	    "'createdOn':%w,'streamId':%i,'createdBy':%i,'status':%s,"
	    "'name':'default','refId':%r,'__v':0}]", ref(NAMESPACE, 0),
	    ref(NAMESPACE, 0), ref(NAMESPACE, 0), ref(APP, 0), ref(USER, 0),
	    S(state(a)), ref(NAMESPACE, 0));
}

/* An app that was ever published lists the dialogs of both versions. */
static void
put_export(struct app *a)
{
	uint64_t i;

	lay(a, "'exportOptions':{'tasks':['botTask','knowledgeGraph',"
	    "'smallTalk','forms'");
	if (a->xo11)
		lay(a, "'flows'");
	lay(a, "],'nlpData':['nlpSettings','utterances','patterns',"
	    "'standardResponses','concepts','synonyms','traits',"
	    "'traitRules'],'settings':['botSettings','botVariables',"
	    "'ivrSettings'");
	if (a->xo11)
		lay(a, "'genAIandLLMSettings'],"
		    "'AgentAssist':['rules','playbooks'");
	lay(a, "],'subTasks':{'dialogs':[");
	for (i = 0; a->mode != CONFIGURED && i < a->dialogs; i++)
		put(a, "%p", ref(DIALOG, i));
	for (i = 0; i < a->dialogs; i++)
		put(a, "%q", ref(DIALOG, i));
	lay(a, "],'alerts':[],'actions':[],'forms':[");
	for (i = 0; i < forms(a); i++)
		put(a, "%i", ref(FORM, i));
	lay(a, "]");
	if (a->xo11) {
		lay(a, "'experienceFlows':[");
		for (i = 0; i < flows(a); i++)
			put(a, "%i", ref(FLOW, i));
		lay(a, "]");
	}
	lay(a, "},'IncludeDependentTasks':true,"
	    "'IncludeFormDependentTasks':true}");
}

static void
put_traits(struct app *a)
{
	uint64_t i, j;

	lay(a, "'traits':[");
	for (i = 0; i < traits(a); i++) {
		put(a, "{'_id':%i,'configuration':{'n_gram':{'minVal':1,"
		    "'maxVal':1}},'state':%s,'matchStrategy':'probability',"
		    "'scoreThreshold':0.5,'groupName':'moods %d','traits':{",
		    ref(TRAIT, i), S(state(a)), i);
		for (j = 0; j < 3; j++)
			put(a, "'trait_%d_%d':{'data':[%t,%t],'displayName':"
			    "'trait_%d_%d','traitId':%i}", i, j,
			    text(a, TRAIT, i << 4 | j << 1, 0),
			    text(a, TRAIT, i << 4 | j << 1 | 1, 0), i, j,
			    ref(TRAITITEM, i << 2 | j));
		put(a, "},'algo':'n_gram','language':'en','streamId':%i,"
		    "'refId':%r,'createdBy':%i,'createdOn':%w,'__v':0",
		    ref(APP, 0), ref(TRAIT, i), ref(USER, 0), ref(TRAIT, i));
		if (a->mode == TWIN)
			put(a, "'parentId':%p", ref(TRAIT, i));
		lay(a, "}");
	}
	lay(a, "]");
}

static void
put_responses(struct app *a)
{
	uint64_t i;

	lay(a, "'koraResponses':[");
	for (i = 0; i < 3; i++) {
		put(a, "{'Key':'StandardResponse%d','type':'bot','Responses':"
		    "[{'channel':'default'", i);
		put_langs(a, "{'text':%e}", RESPONSE, i);
		lay(a, "}]}");
	}
	lay(a, "],'customTemplates':[]");
}

static void
put_tail(struct app *a)
{
	uint64_t i;

	lay(a, "'forms':[");
	for (i = 0; i < forms(a); i++)
		put_form(a, i);
	lay(a, "]");
	put_dashboards(a);
	put_sentences(a);
	put_responses(a);
	put_mlparams(a);
	put_variables(a);
	put_export(a);
	if (a->xo11) {
		put_assist(a);
		lay(a, "'feedbackSurveys':[]");
	}
	lay(a, "'environmentVersionInfo':'9.1.7'");
	put_traits(a);
	if (a->xo11)
		put(a, "'latestEncryptedHash':'%x%x'",
		    ref(APP, 2), ref(APP, 3));
	put(a, "'encryptedHash':%x", ref(APP, 4 + a->mode));
}

static void
put_definition(struct app *a)
{
	lay(a, "{");
	put_identity(a);
	put_channels(a);
	put_locales(a);
	put_behaviour(a);
	put_nlsettings(a);
	if (a->xo11)
		put_features(a);
	put_events(a);
	put_patterns(a);
	put_components(a);
	if (a->xo11) {
		put_tools(a);
		put_flows(a);
	}
	put_dialogs(a);
	put_scenes(a);
	put_knowledge(a);
	put_smalltalk(a);
	put_widgets(a);
	put_tail(a);
	lay(a, "}");
}

static void
put_config(struct app *a)
{
	static const char *const keys[] = {
		"NURSERY_API", "NURSERY_PATH", "API_KEY", "SEASON"
	};
	uint64_t i;

	put(a, "{'name':'Nursery %d','envVariables':[", a->seed);
	for (i = 0; i < 4; i++) {
		put(a, "{'key':%s,'value':%s,'variableType':'env','hint':'',"
		    "'scope':'prePopulated','group':'',"
		    "'propagateValue':false,'vNameSpace':[%r]", S(keys[i]),
		    S(i == 2 ? "" : "plants"), ref(NAMESPACE, 0));
		if (i < 3)
			put(a, "'isSecured':%b", i == 2);
		lay(a, "}");
	}
	lay(a, "]}");
}

/*
 * Files and sizes.
 */

/* Everything that follows from the number of dialogs. */
static void
set_dialogs(struct app *a, uint64_t dialogs, bool big)
{
	a->dialogs = dialogs;
	a->components = dialogs * SLOTS + (big ? 1 : 0);
	for (a->halfbits = 1; UINT64_C(1) << 2 * a->halfbits < a->components;)
		a->halfbits++;
}

static uint64_t
measure(struct app *a, uint64_t dialogs, uint64_t extra)
{
	set_dialogs(a, dialogs, false);
	a->extra = extra;
	a->file = NULL;
	a->gone = a->used = 0;
	put_definition(a);
	return a->gone + a->used;
}

/*
 * As many dialogs as the size holds. A small app is measured as a whole, and
 * what is left is filled with utterances; a large one follows from two probes.
 */
static uint64_t
plan(struct app *a)
{
	uint64_t target = a->size > a->big ? a->size - a->big : 0;
	uint64_t low = measure(a, PROBE, 0), dialogs, each, sentence, got;

	each = (measure(a, 8 * PROBE, 0) - low) / (7 * PROBE);
	sentence = (measure(a, PROBE, PROBE) - low) / PROBE;
	a->extra = 0;
	if (target > low + 32 * PROBE * each)
		return PROBE + (target - low) / each;
	dialogs = target / each + 1;
	while ((got = measure(a, dialogs, 0)) > target && dialogs > 1)
		dialogs -= (got - target) / each < dialogs - 1 ?
		    (got - target + each - 1) / each : dialogs - 1;
	if (a->utterances > 0 && got < target)
		a->extra = (target - got) / sentence;
	return dialogs;
}

static void
open_file(struct app *a, const char *name)
{
	a->name = name;
	a->gone = a->used = 0;
	if ((a->file = fopen(name, "wb")) == NULL)
		err(4, "%s/%s", a->dir, name);
}

static void
close_file(struct app *a, bool newline)
{
	if (newline)
		str(a, "\n");
	flush(a);
	if (fflush(a->file) == EOF || fclose(a->file) == EOF)
		err(4, "%s", a->name);
}

static void
write_package(struct app *a)
{
	if (mkdir(a->dir, 0777) == -1 && errno != EEXIST)
		err(4, "%s", a->dir);
	if (chdir(a->dir) == -1)
		err(4, "%s", a->dir);
	open_file(a, a->xo11 ? "appDefinition.json" : "botDefinition.json");
	put_definition(a);
	close_file(a, a->newline);
	open_file(a, "config.json");
	put_config(a);
	close_file(a, a->newline);
	open_file(a, "icon.png");
	raw(a, (const char *)icon, sizeof icon);
	close_file(a, false);
}

static void
write_stdout(struct app *a)
{
	a->name = "<stdout>";
	a->gone = a->used = 0;
	a->file = stdout;
	put_definition(a);
	close_file(a, a->newline);
}

static void
usage(void)
{
	fputs("usage: generate [-b size] [-d dialogs | -s size]\n"
	    "           [-e xo10 | xo11] [-m configured | published | twin]\n"
	    "           [-n] [-o directory] [-r seed] [-u utterances]\n"
	    "           [-y compact | indent2 | indent4 | tab]\n", stderr);
	exit(2);
}

/* A number of at least min, at most max; a size may end in K, M or G. */
static uint64_t
number(const char *s, bool size, uint64_t min, uint64_t max)
{
	static const char units[] = "KMG";
	const char *unit;
	uintmax_t value;
	char *end;

	errno = 0;
	value = strtoumax(s, &end, 10);
	if (errno != 0 || *s < '0' || *s > '9')
		usage();
	if (size && *end != '\0' && (unit = strchr(units, *end)) != NULL) {
		for (; unit >= units && value <= max; unit--)
			value *= 1024;
		end++;
	}
	if (*end != '\0' || value < min || value > max)
		usage();
	return value;
}

/* The place of a word among those that may stand there. */
static int
choice(const char *word, const char *const *names)
{
	int i;

	for (i = 0; names[i] != NULL; i++)
		if (strcmp(word, names[i]) == 0)
			return i;
	usage();
	return 0;
}

static const struct style *
find_style(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof styles / sizeof *styles; i++)
		if (strcmp(name, styles[i].name) == 0)
			return &styles[i];
	usage();
	return NULL;
}

/* Gives the number of dialogs asked for, 0 if none was. */
static uint64_t
options(struct app *a, int argc, char *argv[])
{
	static const char *const editions[] = { "xo10", "xo11", NULL };
	static const char *const modes[] = {
		[CONFIGURED] = "configured", [PUBLISHED] = "published",
		[TWIN] = "twin", NULL
	};
	const uint64_t most = UINT64_C(1) << 44;
	uint64_t dialogs = 0;
	int c;

	while ((c = getopt(argc, argv, "b:d:e:m:no:r:s:u:y:")) != -1)
		switch (c) {
		case 'b': a->big = number(optarg, true, 1, most); break;
		case 'd': dialogs = number(optarg, false, 1, 1 << 28); break;
		case 'e': a->xo11 = choice(optarg, editions); break;
		case 'm': a->mode = choice(optarg, modes); break;
		case 'n': a->newline = true; break;
		case 'o': a->dir = optarg; break;
		case 'r': a->seed = number(optarg, false, 0, most); break;
		case 's': a->size = number(optarg, true, 1, most); break;
		case 'u': a->utterances = number(optarg, false, 0, most); break;
		case 'y': a->style = find_style(optarg); break;
		default: usage();
		}
	if (optind < argc || (dialogs > 0 && a->size > 0))
		usage();
	return dialogs;
}

int
main(int argc, char *argv[])
{
	static struct app app = {
		.seed = 1, .utterances = 10, .style = styles
	};
	uint64_t dialogs = options(&app, argc, argv);

	app.langs = 1 + app.seed % 2;
	if (app.size > 0)
		dialogs = plan(&app);
	else if (dialogs == 0)
		dialogs = 10;
	set_dialogs(&app, dialogs, app.big > 0);
	if (app.dir != NULL)
		write_package(&app);
	else
		write_stdout(&app);
	return 0;
}
