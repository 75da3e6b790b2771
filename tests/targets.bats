# SPDX-License-Identifier: ISC
# shellcheck shell=bash

# What is fuzzed (targets/): the inputs that fuzzing begins with, and those that
# something once did not hold for.  "make fuzz" looks for more of these.

# shellcheck disable=SC2154,SC2086 # set by helpers; a word or none
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "what is fuzzed holds for what it begins with and what it found" {
	python3 "$tests/targets/seeds.py" "$tests" seeds
	for name in seeds/*; do
		name=${name#seeds/}
		case $name in
		json | line) program=$build/targets/$name ;;
		*)
			program=$PWD/tool-$name
			ln -s "$build/targets/tool" "$program"
			;;
		esac
		saved=$tests/targets/saved/$name
		[ -d "$saved" ] || saved=
		find "seeds/$name" $saved -type f | sort >files
		xargs "$program" <files 2>said || {
			tail -n 20 said
			return 1
		}
		diff files said
	done
}
