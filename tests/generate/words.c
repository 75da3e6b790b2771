/* SPDX-License-Identifier: ISC */
/* words: invented texts; see words.h. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"

const char *const languages[LANGUAGES] = {
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

const char *const lexicon[LEXICA][WORDS] = {
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

/* Writes n words and gives the number of their characters. */
uint64_t
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
void
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

void
script(struct app *a, uint64_t seed)
{
	uint64_t dice = mix(seed ^ 0x5c), n = 2 + dice % 12, i;

	for (i = 0; i < n; i++, dice = mix(dice))
		encode(a, statements[dice >> 8 &
		    (sizeof statements / sizeof *statements - 1)]);
}

/* The name of a dialog, in words, joined, or in lower case. */
void
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

void
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
void
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

void
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
