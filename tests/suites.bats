# SPDX-License-Identifier: ISC
# shellcheck shell=bash

# Texts that are JSON or not, given to whole tools.  Zips that are whole or not
# are in zipdir.bats.

# shellcheck disable=SC2154 # set by helpers
load helpers

@test "what is JSON or not is so in files, in values and in edited lines" {
	try python3 "$tests/suites/texts.py" -e "$SPARSE" "$build/bin" \
		"$tests/json/cases"
	printf '%s\n' "${lines[@]}"
	[ "$status" -eq 0 ]
	quiet
}
