/* SPDX-License-Identifier: ISC */
/* out: bytes of the text being written, by way of one buffer. */
#ifndef GENERATE_OUT_H
#define GENERATE_OUT_H

#include "app.h"

void flush(struct app *);
/* A place for n bytes, at most BUFFER. */
char *room(struct app *, size_t n);
void raw(struct app *, const char *, size_t n);
void str(struct app *, const char *);
void decimal(struct app *, uint64_t);
/* As encodeURIComponent() of JavaScript does it. */
void encode(struct app *, const char *);

#endif
