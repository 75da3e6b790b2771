/* SPDX-License-Identifier: ISC */
/*
 * What every form of package takes from its writer.
 */
#ifndef PACKAGE_SINK_H
#define PACKAGE_SINK_H

#include <stddef.h>

struct member;

/* the operations of a form; all but abandon: 0, or -1 after a message */
struct sink_ops {
	/* begin a member, ending the one before */
	int (*begin)(void *self, const struct member *);
	/* its next n bytes */
	int (*write)(void *self, const char *, size_t n);
	/* all members came: complete it, but for its name in the world */
	int (*finish)(void *self);
	/* give everything back, finished or not */
	void (*close)(void *self);
};

#endif
