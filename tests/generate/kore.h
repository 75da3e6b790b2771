/* SPDX-License-Identifier: ISC */
/* kore: the definition of an app of Kore.ai, XO10 or XO11. */
#ifndef GENERATE_KORE_H
#define GENERATE_KORE_H

#include "app.h"

void put_definition(struct app *);
void put_config(struct app *);

/* Members of it: kore_dialogs.c. */
void put_patterns(struct app *);
void put_components(struct app *);
void put_sentences(struct app *);
void put_dialogs(struct app *);
void put_scenes(struct app *);

/* Members that XO11 has beyond XO10: xo11.c. */
void put_features(struct app *);
void put_tools(struct app *);
void put_flows(struct app *);
void put_assist(struct app *);

#endif
