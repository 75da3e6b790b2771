/* SPDX-License-Identifier: ISC */
/*
 * What a run counts, for its report.
 */
#ifndef BASE_COUNTS_H
#define BASE_COUNTS_H

#include <stdint.h>	/* sizes pass 4 GiB */

struct counts {
	uint64_t files, records;
	uint64_t bytes_in, bytes_out;
};

#endif
