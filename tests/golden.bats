#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Golden folders: golden/PLATFORM/CASE.
#
#   in/            a package        stream.ndjson  what pkg-unpack makes of it,
#                                                  and pkg-pack takes back
#   stream.ndjson  without in/: an edited stream   out/  what it packs to
#
# VERSION stands for that of the tools.  The streams were read by hand when
# they were made; each time check-stream.py makes the files from them in its
# own way and compares them with in/, and sums the lines with xxhsum, so
# neither the files nor the sums rest on the tools alone.  out/ was written by
# hand.

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
	for case in "$tests"/golden/*/*/in; do
		case=${case%/in}
		stream "$case" >expected
		try pkg-unpack "$case/in"
		[ "$status" -eq 0 ]
		quiet
		printf '%s\n' "$output" | diff expected - || {
			echo "in $case"
			return 1
		}
		n=$((n + 1))
	done
	[ "$n" -ge 4 ]
}

@test "golden streams pack to their packages" {
	for case in "$tests"/golden/*/*/in; do
		case=${case%/in}
		stream "$case" >s.ndjson
		rm -rf out
		try pkg-pack -o out/ s.ndjson
		[ "$status" -eq 0 ]
		quiet
		diff -r "$case/in" out
	done
}

@test "golden streams keep to the page, by a reader that is not ours" {
	for case in "$tests"/golden/*/*/in; do
		good_stream "${case%/in}/stream.ndjson" "$case"
	done
}

@test "edited streams pack to their golden packages" {
	n=0
	for case in "$tests"/golden/*/*/out; do
		case=${case%/out}
		stream "$case" >s.ndjson
		refuses 6 'pkg-pack -o y.zip s.ndjson' s.ndjson: --edited
		rm -rf out y.zip
		try pkg-pack --edited -o out/ s.ndjson
		[ "$status" -eq 0 ]
		quiet
		diff -r "$case/out" out
		try pkg-pack --edited -o y.zip s.ndjson
		same_members "$case/out" y.zip
		n=$((n + 1))
	done
	[ "$n" -ge 1 ]
}
