/* SPDX-License-Identifier: ISC */
/*
 * The main function of a target without libFuzzer: each file that is named is
 * tried once.
 */
#include <err.h>

#include "base/buf.h"
#include "target.h"

int
main(int argc, char **argv)
{
	struct buf b = {0};
	FILE *f;
	int i;

	LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++) {
		if ((f = fopen(argv[i], "rb")) == NULL)
			err(1, "%s", argv[i]);
		b.len = 0;
		while (!feof(f) && !ferror(f))
			b.len += fread(buf_room(&b, 4096), 1, 4096, f);
		fclose(f);
		fprintf(stderr, "%s\n", argv[i]);
		LLVMFuzzerTestOneInput((uint8_t *)buf_str(&b), b.len);
	}
	buf_free(&b);
	return 0;
}
