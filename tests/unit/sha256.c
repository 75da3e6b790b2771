/* SPDX-License-Identifier: ISC */
/*
 * Prints the SHA-256 of standard input, as sha256sum(1) does.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/sha256.h"

int
main(void)
{
	char text[SHA256_TEXT];

	if (sha256_file(STDIN_FILENO, text) == -1)
		return 4;
	return printf("%s\n", text) < 0 || fflush(stdout) != 0 ? 4 : 0;
}
