/* SPDX-License-Identifier: ISC */
/*
 * Memory that will be looked at soon is asked for some turns before that, so
 * that a walk in another order than that of the memory need not wait for it.
 */
#ifndef BASE_FETCH_H
#define BASE_FETCH_H

/* so many turns before */
#define AHEAD 8

/* a function that only asks has no effect for gcc, which drops calls of it */
#define FETCH static inline __attribute__((always_inline)) void

#endif
