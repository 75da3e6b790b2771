/* SPDX-License-Identifier: ISC */
/* words: invented words, texts, scripts, names, dates and coordinates. */
#ifndef GENERATE_WORDS_H
#define GENERATE_WORDS_H

#include "app.h"

enum { LANGUAGES = 99 };

extern const char *const languages[LANGUAGES];
extern const char *const lexicon[LEXICA][WORDS];

/* Writes n words and gives the number of their characters. */
uint64_t words(struct app *, uint64_t seed, uint64_t n, bool encoded);
/* A text of some sentences, with what joins them. */
void passage(struct app *, uint64_t seed, bool encoded);
void script(struct app *, uint64_t seed);
/* The name of a dialog, in words, joined ('U'), or in lower case ('L'). */
void dialog_name(struct app *, uint64_t d, char style);
void component_name(struct app *, uint64_t component);
/* A coordinate, written as Python and JavaScript write a double. */
void coordinate(struct app *, uint64_t seed);
void date(struct app *, uint64_t seed);

#endif
