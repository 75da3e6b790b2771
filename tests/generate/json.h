/* SPDX-License-Identifier: ISC */
/* json: JSON out, in the layout of the app, from templates. */
#ifndef GENERATE_JSON_H
#define GENERATE_JSON_H

#include "app.h"

/*
 * A template is JSON with ' for the quotes; white space and commas in it are
 * only for the eye, for the layout adds its own. It may leave containers
 * open. %X takes the next of the values, in quotes unless it is
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

void put_list(struct app *, const char *template, const uint64_t *values);

/* What stands before a key or a value. */
void before(struct app *);
/* A member for each language of the app, of texts of one kind. */
void put_langs(struct app *, const char *template, enum kind, uint64_t index);
/* A member that holds one message for all channels. */
void put_message(struct app *, const char *key, enum kind, uint64_t index);

#endif
