/* SPDX-License-Identifier: ISC */
/*
 * diag: of several failures the first is the exit status; what is no failure
 * is none.
 */
#include "base/diag.h"

#include "check.h"

int
main(void)
{
	struct diag d = { .program = "diag", .quiet = 1 };

	diag_warn_of(&d, "kind", NULL, "a warning");
	CHECK_NUMBER("a warning", diag_failed(&d), 0);
	CHECK_NUMBER("the end of a good run", diag_settle(&d, 0), 0);
	CHECK_NUMBER("what a failure returns", diag_fail(&d, STATUS_INPUT,
	    NULL, "first"), -1);
	(void)diag_fail(&d, STATUS_IO, NULL, "second");
	CHECK_NUMBER("the first status", d.status, STATUS_INPUT);
	CHECK_NUMBER("the end of a bad run", diag_settle(&d, -1), -1);
	CHECK_NUMBER("its status", d.status, STATUS_INPUT);
	d.status = STATUS_DONE;
	CHECK_NUMBER("a failure without a message", diag_settle(&d, -1), -1);
	CHECK_NUMBER("and its status", d.status, STATUS_IO);
	return check_done();
}
