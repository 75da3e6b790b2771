#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What holds for the values of all packages: tests/unit/locate.c says what.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	unit=$build/tests
	cd "$BATS_TEST_TMPDIR" || return
}

# the laws hold for a package, of which something was looked at
lawful() {
	try_sh 'pkg-unpack -q "$1" | "$2/locate"' "$1" "$unit"
	[ "$status" -eq 0 ]
	quiet
	[[ $output =~ ^[1-9][0-9]*\ references ]]
}

@test "values and envelopes agree, also when repaired, in the fixtures" {
	lawful "$xo10"
	lawful "$xo11"
	lawful "$tests/fixtures/cx"
}

@test "a list that lacks a reference of its value is noticed" {
	pkg-unpack -q "$xo10" >s.ndjson
	# one @end is as good as another under --edited only: make its sum anew
	python3 - <<-'EOF_PY' >spoiled.ndjson
	import re, subprocess, sys
	lines = open('s.ndjson', 'rb').read().splitlines()
	for i, line in enumerate(lines):
	    if line.startswith(b'{"kind":"dialog"') and b'"needs":[' in line:
	        lines[i] = re.sub(rb',"needs":\[[^]]*\]', b'', line, 1)
	        break
	total = 0
	for line in lines[1:-1]:
	    out = subprocess.run(['xxhsum', '-H2', '-'], input=line,
	        capture_output=True).stdout
	    total += int(out.split()[0], 16)
	lines[-1] = re.sub(rb'"sum":"[0-9a-f]*"',
	    b'"sum":"%032x"' % (total % 2**128), lines[-1])
	sys.stdout.buffer.write(b'\n'.join(lines) + b'\n')
	EOF_PY
	try_sh '"$1/locate" <spoiled.ndjson' "$unit"
	[ "$status" -eq 1 ]
	says 'lists, got' '"needs"'
}

@test "values and envelopes agree, in the real Kore packages" {
	kore_packages
	few
	for package in "${packages[@]}"; do
		lawful "$package"
	done
}

@test "values and envelopes agree, in the real CX packages" {
	corpus dialogflow_cx
	n=0
	packages=("$corpus"/*/ "$corpus"/*/*.zip)
	few
	for package in "${packages[@]}"; do
		pkg-unpack -q "$package" >/dev/null 2>&1 || continue
		lawful "$package"
		n=$((n + 1))
	done
	[ "$n" -ge $((15 / SPARSE)) ]
}

@test "a repair that is none is told when the map is read" {
	mkdir in
	echo '{"a":1}' >in/a.json
	n=0
	while read -r row; do
		n=$((n + 1))
		printf '%s\n' 'platform p' 'file a a.json json tells' 'kind k' \
			'	in a /*' "	$row" >bad.map
		refuses 3 'pkg-unpack --map bad.map in' 'bad.map:5: ' \
			"${row%% *}: expected"
	done <<-'EOF'
	refs k x lost
	refs k x lost nothing
	refs k x lost keep it
	refs k x lost drop
	refs k x lost drop all
	refs k x lost drop record now
	refs k x lost drop element a b
	refs k x lost set
	refs k x lost set a b c
	inner-link x lost drop
	inner-link x keep it
	inner x id a b
	inner x id a |
	EOF
	[ "$n" -eq 13 ]
	while read -r row; do
		printf '%s\n' 'platform p' 'file a a.json json tells' 'kind k' \
			'	in a /*' "	$row" >good.map
		try pkg-unpack --map good.map in
		[ "$status" -eq 0 ]
	done <<-'EOF'
	refs k x lost keep
	refs k x lost plain
	refs k x lost drop element
	refs k x lost drop element a/-
	refs k x if y z lost set ""
	refs k x lost set a b c d
	inner-link x lost set end
	inner x id a | b
	EOF
}

# formats: the published export and the one in development differ in nothing
# but one dialog's followupTaskOptions, aliases and what the map leaves aside
@test "of two exports of one app six dialogs are the same, one is not" {
	corpus kore
	app=$corpus/shubh-89__Travel-Assistant
	old=${app}__old-2022-07-06-a98f6da7
	pkg-unpack -q "$app" >new.ndjson
	pkg-unpack -q "$old" >old.ndjson
	try "$unit/twins" new.ndjson old.ndjson
	[ "$status" -eq 0 ]
	quiet
	sed 's/:.*//' <<<"$output" | grep -E 'dialog$|component$' |
		sort | uniq -c | sed 's/^ *//' >got
	printf '%s\n' '1 other dialog' '85 same component' '6 same dialog' \
		'7 same scenecomponent' >want
	diff want got
	grep -qx 'other dialog:745ebd11-12da-5e39-a9d4-2584dc944433' \
		<<<"$output"
}
