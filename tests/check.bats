#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# scripts/check, which runs all these tests: what was not run is not counted
# as passed, and nothing that failed goes unseen.  It runs on a small project
# of its own.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup() {
	! sanitized || skip 'nothing of it is compiled'
	cd "$BATS_TEST_TMPDIR" || return
	mkdir scripts tests
	cp "$root/scripts/check" scripts
	printf 'tests asan:\n\t@mkdir -p $(BUILD)\n' >Makefile
	lint 'ok lint: all'
	tests_of good 'it "is good" {
		true
	}'
}

# tests_of NAME TEXT: a file of tests, in which "it" stands for what bats would
# take for one of ours
tests_of() {
	sed 's/^[[:space:]]*it "/@test "/' <<<"$2" >"tests/$1.bats"
}

# scripts/lint says these lines
lint() {
	printf '#!/bin/sh\ncat <<END\n%s\nEND\n' "$1" >scripts/lint
	chmod 755 scripts/lint
}

# run it as from a shell, for bats inside bats inherits much
check() {
	try env -i PKG_SPARSE="${PKG_SPARSE_HERE-1}" PATH="${PATH//"$BATS_LIBEXEC:"/}" HOME="$HOME" \
	    TMPDIR="$BATS_TEST_TMPDIR" scripts/check out
	printf '%s\n' "$output"
}

# what was said, without times and the order in which files ended
told() {
	sed -E 's/in [0-9]+ ?m?s/in N s/; s/took [0-9]+ s/took N s/
	    s/ +[0-9]+ s/ N s/; s/[0-9]+ files at/N files at/' <<<"$output" |
	    sed -n "$1"
}

@test "all that passed is counted, in both builds" {
	check
	[ "$status" -eq 0 ]
	quiet
	diff - <(told '1,2p; 6,$p') <<-END
		building out, and out/asan with the sanitizers
		built in N s; testing, N files at a time
		took N s
		3 passed, 0 failed
	END
	told 3,5p | sort | diff - <(cat <<-END
		asan  good N s    1 passed
		lint  all N s    1 passed
		plain good N s    1 passed
	END
	)
}

@test "skipped tests are told with number and reason, and have not passed" {
	tests_of skips 'it "a" {
			skip "no moon"
		}
		it "b" {
			skip "no moon"
		}
		it "c" {
			[ -z "${PKG_SANITIZED-}" ] || skip "no sun"
		}'
	check
	[ "$status" -eq 0 ]
	told '/^took/,$p' | diff - <(cat <<-END
		took N s
		4 skipped: no moon (asan.skips, plain.skips)
		1 skipped: no sun (asan.skips)
		4 passed, 0 failed
	END
	)
	[ "$(told '/^asan  skips/p')" = 'asan  skips N s    0 passed, 3 skipped' ]
}

@test "of the tests under the sanitizers one in so many is run, in turn" {
	tests_of some 'it "has (a|b) \"first\"" {
			true
		}
		it "is second" {
			true
		}
		it "has (a|b) \"first\" no more" {
			[ -z "${PKG_SANITIZED-}" ]
		}'
	export PKG_SPARSE_HERE=2
	check
	[ "$status" -eq 1 ]
	told '/^asan  some/,/^[apl][sl]/p; $p' | sed -n '1p; $p' | diff - <(cat <<-END
		asan  some N s    1 passed, 1 FAILED
		7 passed, 1 failed
	END
	)
	git init -q
	git -c user.name=a -c user.email=a@b commit -q --allow-empty -m a
	check
	[ "$status" -eq 0 ]
	[ "$(told '/^asan  some/p')" = 'asan  some N s    1 passed' ]
	[ "${lines[-1]}" = '7 passed, 0 failed' ]
}

@test "what failed is shown when its file ends, and named at the end" {
	tests_of bad 'it "is right" {
			[ -n "${PKG_SANITIZED-}" ] || { echo words; false; }
		}
		it "is right, too" {
			true
		}'
	lint 'not ok lint: a page'
	check
	[ "$status" -eq 1 ]
	told '/^plain bad/,/^[apl][sl]/p' | sed -n '1,2p; /^# words/p' |
	    diff - <(cat <<-END
		plain bad N s    1 passed, 1 FAILED
		not ok 1 is right in N s
		# words
	END
	)
	told '/^took/,$p' | diff - <(cat <<-END
		took N s
		failed: lint.all: lint: a page
		failed: plain.bad: is right
		5 passed, 2 failed
	END
	)
}

@test "tests that cannot be read, or end early, are failures" {
	tests_of broken 'it "is open {'
	tests_of killed 'it "ends all" {
		kill -9 $$
	}
	it "is never begun" {
		true
	}'
	check
	[ "$status" -eq 1 ]
	told '/^failed/p' | diff - <(cat <<-END
		failed: asan.broken: setup_file failed
		failed: asan.killed: it ran to its end
		failed: plain.broken: setup_file failed
		failed: plain.killed: it ran to its end
	END
	)
}

@test "a project that cannot be built is one failure" {
	printf 'tests asan:\n\t@exit 1\n' >Makefile
	check
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = '0 passed, 1 failed' ]
}

@test "nothing that brings a service is installed for the tests" {
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	chmod 755 bin/dpkg-query
	PATH=$PWD/bin:$PATH try "$root/scripts/deps" -n
	[ "$status" -eq 0 ]
	[[ $output == *' bats '* ]]
	[[ $output != *-server* ]]
}

@test "what cannot fail in a test is told by scripts/lint" {
	sed 's/^|//; s/NOT/!/' >x.bash <<-'END'
		|teardown() {
		|	[ -z "$left" ]
		|	! grep leak "$log" || return
		|	[ -e one ]
		|}
		|good() {
		|	! grep a b || false
		|	[ -e a ] || [ -e b ] &&
		|	    [ -e c ]
		|	! grep a \
		|	    b
		|	if ! grep a b; then
		|		[ -e a ] && continue
		|	fi
		|	[ -e a ] && [ -e b ]
		|	[ -e a ] && [ -e b ]
		|}
		|inside() {
		|	for i in a b; do NOT grep "$i" b; done
		|	{
		|		! grep a b
		|	}
		|	local x=$(grep a b)
		|	x=$(grep a b)
		|	if ! grep a b; then return; fi
		|}
	END
	try "$root/scripts/lint" tests "$PWD/x.bash"
	[ "$status" -eq 1 ]
	diff - <(echo "${output//"$PWD/"/}") <<-END
		x.bash:2: cannot fail in teardown: add "|| return"
		x.bash:10: cannot fail: add "|| false"
		x.bash:15: the first of these cannot fail: take two lines
		x.bash:19: cannot fail: take a line of its own, and add "|| false"
		x.bash:21: cannot fail: add "|| false"
		x.bash:23: a command in it cannot fail: set it on a line of its own
	END
}
