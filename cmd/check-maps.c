/* SPDX-License-Identifier: ISC */
/*
 * Run by make on the maps that are compiled in: the tools take them for right.
 */
#include "base/diag.h"
#include "map/registry.h"

int
main(int argc, char **argv)
{
	struct diag d = { .program = "check-maps" };
	struct registry maps = {0};
	int i;

	for (i = 1; i < argc; i++) {
		if (registry_open(&d, &maps, argv[i], NULL) == 0)
			registry_close(&maps);
	}
	return d.status;
}
