# SPDX-License-Identifier: ISC
# shellcheck shell=bash

# What must hold of every merge, asked of many by a reader of packages that is
# not the tools': laws/laws.py has the list, laws/known.py what is not repaired
# yet.  To look for more: laws/drive.py with another seed, and for longer.

setup() {
	load helpers
}

@test "merges keep the laws" {
	local line

	# so long for those of each sort: the real ones are not everywhere; those
	# that merge.bats merges under the sanitizers are enough there
	! sanitized || set -- invented
	try python3 "$tests/laws/drive.py" -c "$build/bin" -s 1 \
		-n $((60 / SPARSE)) -t 40 "$@"
	for line in "${lines[@]}"; do
		[[ $line != skipped:* && $line != "known, but"* ]] ||
			echo "# $line" >&3
	done
	printf '%s\n' "${lines[@]}"
	[ "$status" -eq 0 ]
	quiet
}
