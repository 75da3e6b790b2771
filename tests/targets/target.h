/* SPDX-License-Identifier: ISC */
/*
 * What is fuzzed: each target takes any bytes, and ends the program if what
 * must hold of them does not.  libFuzzer calls it (make fuzz), or replay.c,
 * with bytes that were saved.
 *
 * tool.c is one program for many targets: the last part of its name, behind
 * the last "-", says which.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* the names are libFuzzer's */
int	LLVMFuzzerInitialize(int *argc, char ***argv);
int	LLVMFuzzerTestOneInput(const uint8_t *, size_t n);

/* what must hold; the message is text of ours */
static inline void
target_must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

#endif
