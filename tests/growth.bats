#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What there may be many of in a package does not take more than its share of
# time; growth/growth.py makes packages of such shapes.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "the time a tool takes grows as its input does, whatever is many" {
	! sanitized || skip 'the sanitizers take their own time'
	mapfile -t shapes < <(python3 "$tests/growth/growth.py" -l)
	[ "${#shapes[@]}" -ge 60 ]
	few shapes
	try python3 "$tests/growth/growth.py" "${shapes[@]}"
	[ "$status" -eq 0 ]
	quiet
	[ "${#lines[@]}" -eq "${#shapes[@]}" ]
}
