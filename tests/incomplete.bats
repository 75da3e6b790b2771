# SPDX-License-Identifier: ISC
# shellcheck shell=bash

# Packages that lack a part, and pipelines that lose one: no exit 0 without a
# word.  What is lost is counted from the packages' files, not by the tools:
# laws/incomplete.py, laws/pipeline.py.

# shellcheck disable=SC2154 # set by helpers
setup() {
	load helpers
	cd "$BATS_TEST_TMPDIR" || return
}

# take parts away from packages, and see whether that is told
incomplete() {
	local line

	try python3 "$tests/laws/incomplete.py" -c "$build/bin" "$@"
	printf '%s\n' "${lines[@]}"
	[ "$status" -eq 0 ]
	quiet
	while IFS= read -r line; do
		echo "# $line" >&3
	done < <(grep 'removals, seed' <<<"$output")
}

@test "what is taken away from an invented package is told as missing" {
	incomplete -n $((12 / SPARSE + 1)) xo10:0.0 xo11:0.0 cx:1.0
	[[ $output == *'refused: pkg-unpack exits 3'* ]]
	[[ $output == *'  told'* ]]
}

@test "what is taken away from a real package is told as missing" {
	corpus kore
	incomplete -n 5 -p $((4 / SPARSE + 1)) -s 3 corpus
}

@test "a merge and a check that do not tell what is missing are found out" {
	# one whose plans have nothing to say, and which never fails
	mkdir bin
	ln -s "$build/bin/"* bin
	rm bin/pkg-merge bin/pkg-check
	ln -s /bin/true bin/pkg-check
	cat >bin/pkg-merge <<-'END'
	#!/bin/sh
	real=$(dirname "$0")/../real/pkg-merge
	case $* in
	*--plan=json*) echo '{"totals":{},"notes":[],"fails":[]}' ;;
	*) "$real" --allow missing "$@" ;;
	esac
	END
	chmod +x bin/pkg-merge
	mkdir real
	ln -s "$build/bin/pkg-merge" real
	try python3 "$tests/laws/incomplete.py" -c bin -n 12 xo10:0.0
	[ "$status" -eq 1 ]
	[[ $output == *'not told: taskId of utterance to component'* ]]
	[[ $output == *'not told: nodes/-/componentId of dialog to component'* ]]
	[[ $output == *'0 errors, not 1: dialog to component'* ]]
}

@test "the pipeline of the README loses no task with exit status 0" {
	try python3 "$tests/laws/pipeline.py" "$build/bin" "$xo10" "$xo11"
	[ "$status" -eq 0 ]
	quiet
	diff - <(tr '\t' '|' <<<"$output") <<-'END'
	xo10|configured:7|published|3 0|8 0|pkg-filter-status 1 pkg-select 6 pkg-merge 6 pkg-pack 6
	xo10|configured:7|latest|3 3|8 8|-
	xo11|published:4|published|2 2|3 3|-
	xo11|published:4|latest|2 2|3 3|-
	END
}

@test "the pipeline of the README loses no task of a real export so" {
	kore_packages
	few
	try python3 "$tests/laws/pipeline.py" "$build/bin" "${packages[@]}"
	[ "$status" -eq 0 ]
	quiet
	[ "$SPARSE" -eq 1 ] || return 0
	# as the README has it
	awk -F'\t' -v said="$(tr '\n' ' ' <"$root/README.md")" '
	$3 == "published" {
		n++
		passes += $6 == "-"
	}
	END {
		print "# " n " exports, " passes " published"
		exit index(said, "Of " n " public exports") == 0 ||
		    index(said, "* " passes " are published exports") == 0
	}' <<<"$output" >&3
}
