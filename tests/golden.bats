#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Golden folders: golden/PLATFORM/CASE.
#
#   package/       a package           stream.ndjson  what pkg-unpack makes of
#                                                     it, and pkg-pack takes back
#   stream.ndjson  an edited stream,   packed/        what it packs to
#                  without package/
#
# VERSION stands for that of the tools.  The streams were read by hand when
# they were made; each time oracle/check-stream.py makes the files from them in its
# own way and compares them with package/, and sums the lines with xxhsum, so
# neither the files nor the sums rest on the tools alone.  packed/ was written
# by hand.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# the stream of a case, of this version
stream() {
	version=$(pkg-unpack -V)
	sed "1s/VERSION/${version#* }/" "$1/stream.ndjson"
}

@test "packages unpack to their golden streams" {
	n=0
	for case in "$tests"/golden/*/*/package; do
		case=${case%/package}
		stream "$case" >expected
		asked=()
		# it cannot be told from its files
		[[ $case != */avaamo/* ]] || asked=(-p avaamo)
		try pkg-unpack "${asked[@]}" "$case/package"
		[ "$status" -eq 0 ]
		quiet
		printf '%s\n' "$output" | diff expected - || {
			echo "in $case"
			return 1
		}
		n=$((n + 1))
	done
	[ "$n" -ge 7 ]
}

@test "golden streams pack to their packages" {
	for case in "$tests"/golden/*/*/package; do
		case=${case%/package}
		stream "$case" >s.ndjson
		rm -rf out
		try pkg-pack -o out/ s.ndjson
		[ "$status" -eq 0 ]
		quiet
		diff -r "$case/package" out
	done
}

@test "golden streams keep to the page, by a reader that is not ours" {
	for case in "$tests"/golden/*/*/package; do
		good_stream "${case%/package}/stream.ndjson" "$case"
	done
}

@test "edited streams pack to their golden packages" {
	n=0
	for case in "$tests"/golden/*/*/packed; do
		case=${case%/packed}
		stream "$case" >s.ndjson
		rm -rf out y.zip
		refuses 6 'pkg-pack -o y.zip s.ndjson' s.ndjson: --edited
		try pkg-pack --edited -o out/ s.ndjson
		[ "$status" -eq 0 ]
		quiet
		diff -r "$case/packed" out
		try pkg-pack --edited -o y.zip s.ndjson
		same_members "$case/packed" y.zip
		n=$((n + 1))
	done
	[ "$n" -ge 3 ]
}
