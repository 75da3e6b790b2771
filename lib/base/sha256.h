/* SPDX-License-Identifier: ISC */
/*
 * SHA-256 of a file, by which others know its content (FIPS 180-4).
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

/* room for a sum as text: 64 hex digits and a terminator */
#define SHA256_TEXT 65

/*
 * The sum of what a descriptor has from here to its end, as sha256sum(1)
 * prints it; 0, or -1 with errno.
 */
int	sha256_file(int fd, char text[SHA256_TEXT]);

#endif
