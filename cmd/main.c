/* SPDX-License-Identifier: ISC */
/*
 * The program of one tool, which make names as TOOL.
 */
#include "cmd/tools.h"

int
main(int argc, char **argv)
{
	return TOOL(argc, argv);
}
