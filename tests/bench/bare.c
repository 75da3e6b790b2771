/* SPDX-License-Identifier: ISC */
/*
 * The least that a JSON parser can do: yajl over standard input, no callbacks.
 */
#include <unistd.h>
#include <yajl/yajl_parse.h>

int
main(void)
{
	static unsigned char block[65536];
	yajl_handle yajl;
	ssize_t n;

	yajl = yajl_alloc(NULL, NULL, NULL);
	while ((n = read(STDIN_FILENO, block, sizeof(block))) > 0) {
		if (yajl_parse(yajl, block, (size_t)n) != yajl_status_ok)
			return 1;
	}
	return yajl_complete_parse(yajl) != yajl_status_ok;
}
