#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What a dialog or flow brings along, and what falls with a task, is worked
# out again from the packages' own files by laws/closure.py, which knows
# neither envelopes nor maps.  oracle/check-closure.py compares the packed results,
# member by member.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# closures of these packages, all equal; figures are told where they are real
closures() {
	try python3 "$tests/oracle/check-closure.py" "$@"
	[ "$status" -eq 0 ]
	quiet
	[ "${#lines[@]}" -eq $# ]
}

@test "parts of an invented app come along, go and are repaired as expected" {
	python3 "$tests/make/closure-app.py" app
	closures app
}

@test "the same, for apps of other sorts" {
	python3 "$tests/make/xo11.py" copy a
	for app in 0 2 3; do
		python3 "$tests/laws/invent.py" xo10 $app 0 xo10-$app
		python3 "$tests/laws/invent.py" xo11 $app 1 xo11-$app
	done
	closures copy xo10-* xo11-* "$xo10" "$xo11"
}

@test "the same, for real apps of XO11" {
	! twinned || skip 'the same is asked without sanitizers'
	corpus kore
	packages=("$corpus"/*/appDefinition.json)
	few
	closures "${packages[@]%/*}"
	printf '# %s\n' "${lines[@]##*/}" >&3
}

@test "the same, for some real apps of XO10" {
	! twinned || skip 'the same is asked without sanitizers'
	local n some=()

	kore_packages
	for ((n = 0; n < ${#packages[@]}; n += 6)); do
		[ -e "${packages[n]}/appDefinition.json" ] ||
			some+=("${packages[n]}")
	done
	closures "${some[@]}"
	printf '# %s\n' "${lines[@]##*/}" >&3
}

@test "the same, for an agent of Dialogflow CX" {
	for agent in 0 1 2 3; do
		python3 "$tests/laws/invent.py" cx $agent 0 cx-$agent
	done
	closures "$tests/fixtures/cx" cx-*
}

@test "the same, for some real agents of Dialogflow CX" {
	! twinned || skip 'the same is asked without sanitizers'
	local n=0 dir zip some=()

	corpus dialogflow_cx
	for dir in "$corpus"/*/; do
		zip=("$dir"*.zip)
		[ -e "${zip[0]}" ] || zip=("${dir%/}")
		((n++ % 4 != 1)) || some+=("${zip[0]}")
	done
	closures "${some[@]}"
	printf '# %s\n' "${lines[@]##*/}" >&3
}
