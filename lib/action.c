/* SPDX-License-Identifier: ISC */
/*
 * What the members of a request mean.
 */
#include "action.h"

#include <string.h>

#include "map.h"

static const char *const actions[ACTIONS] = {
	"mode", "ignore", "category", "flag", "id", "deps", "without"
};

enum action
action_of(const struct map_row *r)
{
	int a;

	for (a = 0; a < ACTIONS - 1 && strcmp(r->args[1], actions[a]) != 0;)
		a++;
	return (enum action)a;
}
