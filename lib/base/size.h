/* SPDX-License-Identifier: ISC */
/*
 * Sizes as people write them: 512, 64K, 16M, 4G.
 */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdint.h>

/* the bytes that a text means (K, M, G, T are powers of 1024); 0: malformed */
uint64_t size_read(const char *text);

#endif
