/* SPDX-License-Identifier: ISC */
/*
 * What the members of a request mean.
 */
#include "map/action.h"

#include <string.h>

#include "map/map.h"

enum action
action_of(const struct map_row *r)
{
	int a;

	for (a = 0; a < ACTIONS - 1; a++) {
		if (strcmp(r->args[1], map_requests[a]) == 0)
			break;
	}
	return (enum action)a;
}
