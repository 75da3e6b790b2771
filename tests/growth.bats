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
	[ -z "${PKG_SANITIZED-}" ] || skip 'the sanitizers take their own time'
	try python3 "$tests/growth/growth.py"
	[ "$status" -eq 0 ]
	quiet
	[ "${#lines[@]}" -ge 25 ]
}
