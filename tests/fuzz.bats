# SPDX-License-Identifier: ISC
# shellcheck shell=bash

# Merges of packages that are invented at random: what must hold of each is in
# fuzz/laws.py.  To look for more: fuzz/merge.py with another seed, and -o to
# have what fails made small and written down.

setup() {
	load helpers
}

@test "merges of invented packages keep what must hold of any merge" {
	try python3 "$tests/fuzz/merge.py" -s 1 -n $((60 / SPARSE)) -t 60 \
		--no-shrink "$build/bin"
	printf '%s\n' "${lines[@]}"
	[ "$status" -eq 0 ]
	quiet
}
