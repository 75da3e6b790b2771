/* SPDX-License-Identifier: ISC */
/*
 * What every tool's main() does in the same way.
 */
#ifndef COMMON_H
#define COMMON_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

struct diag;

/* a component's value may be this long unless --max-component says more */
#define MAX_COMPONENT ((uint64_t)64 << 20)

/* how much longer a line may be than the value in it */
#define MAX_ENVELOPE ((uint64_t)16 << 20)

/* how deep JSON may nest unless --max-depth says more */
#define MAX_DEPTH 1024

/* begin: who speaks; a dead pipe ends us quietly, whoever started us */
void	common_begin(struct diag *, const char *program);

/* an option's size, or the end of the program (exit 2) with a message */
uint64_t common_size(const char *program, const char *option,
	    const char *text);

/* print the version to stdout and end the program */
void	common_version(const char *program)
	    __attribute__((noreturn));

/* print the usage: to stdout and exit 0 if asked for, else stderr and 2 */
void	common_usage(const char *text, int asked)
	    __attribute__((noreturn));

#endif
