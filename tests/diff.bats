#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-diff.  diff/old and diff/new are two states of one invented app, the new
# one with other minted ids; diff/operations.py does what --json says.
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pkg-unpack -q "$tests/diff/old" >old.ndjson
	pkg-unpack -q "$tests/diff/new" >new.ndjson
	unset COLUMNS NO_COLOR
}

@test "text groups what differs by its owner and names elements" {
	cat >expected <<-'EOF'
		~ dialog Book a flight
		    ~ /nodes/"Ask city"/transitions/1/then  "message2" → "message3"
		    > /nodes/"Ask city"  moved from 1 to 2
		    + /nodes/"Say sorry"  {"nodeId":"message3","type":"message","componentId":…
		  + component Say sorry
		  ~ component Ask city
		      ~ /message/0/text  "…ou want to leave{+ again+}?"
		- dialog Weather
		~ setting botDefinition.json#/interruptOptions
		    ~ /isEnabled  0 → 1
		~ file say.js
		    ~ "print(\"hello\");\n" → "print(\"bye\");\n"
		# dialog: 1 removed, 1 changed
		# component: 1 added, 1 changed
		# setting: 1 changed
		# file: 1 changed
	EOF
	try pkg-diff old.ndjson new.ndjson
	[ "$status" -eq 1 ]
	quiet
	diff expected <(printf '%s\n' "$output")
}

@test "figures have a bar for each kind" {
	cat >expected <<-'EOF'
		 dialog    | 2 -~
		 component | 2 +~
		 setting   | 1 ~
		 file      | 1 ~
		 4 kinds, 1 added(+), 1 removed(-), 4 changed(~)
	EOF
	try pkg-diff --stat old.ndjson new.ndjson
	[ "$status" -eq 1 ]
	diff expected <(printf '%s\n' "$output")
}

@test "names and signs come with tabs between them" {
	printf '%s\t%s\t%s\t%s\n' >expected \
		'~' dialog d1 'Book a flight' + component c4 'Say sorry' \
		'~' component c2 'Ask city' - dialog d2 Weather \
		'~' setting 'botDefinition.json#/interruptOptions' '' \
		'~' file say.js ''
	try pkg-diff --name-status old.ndjson new.ndjson
	[ "$status" -eq 1 ]
	diff expected <(printf '%s\n' "$output")
}

@test "a package does not differ from itself" {
	for form in --full --stat --name-status --json; do
		try pkg-diff "$form" old.ndjson old.ndjson
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		quiet
	done
}

@test "JSON has operations that make the new value of the old one" {
	python3 "$tests/diff/operations.py" "$build/bin" \
		old.ndjson new.ndjson new.ndjson old.ndjson
}

@test "JSON has operations for all that differs in invented pairs" {
	try python3 "$tests/diff/pairs.py" "$build/bin" 60 $((180 / SPARSE))
	[ "$status" -eq 0 ]
	quiet
}

@test "JSON has operations for all that differs in real packages" {
	local packages=() package zip

	for platform in kore dialogflow_cx; do
		corpus "$platform"
		packages=()
		for package in "$corpus"/*/; do
			zip=("$package"*.zip)
			[ -e "${zip[0]}" ] || zip=("$package")
			packages+=("${zip[0]}")
		done
		try python3 "$tests/diff/pairs.py" "$build/bin" \
			$((20 / SPARSE)) "${packages[@]}"
		[ "$status" -eq 0 ]
		quiet
	done
}

@test "a file that is a component is told once" {
	cp -r "$tests/fixtures/cx" cx
	rm -r "cx/tools/tide-table"
	pkg-unpack -q "$tests/fixtures/cx" >a.ndjson
	pkg-unpack -q cx >b.ndjson
	printf '%s\t%s\t%s\t%s\n' >expected - tool tide-table tide-table \
		- toolschema tide-table tide-table
	try pkg-diff --name-status a.ndjson b.ndjson
	[ "$status" -eq 1 ]
	diff expected <(printf '%s\n' "$output" | grep tide-table)
}

@test "figures are those counted in the packages' files" {
	for edition in xo10 xo11 cx; do
		try python3 "$tests/diff/counts.py" "$build/bin" $edition \
			$((30 / SPARSE))
		[ "$status" -eq 0 ]
		quiet
	done
}

@test "figures are those counted in the files of real histories" {
	local states n=0

	corpus pairs
	for history in "$corpus"/*/*/; do
		states=("$history"*/)
		[ "${#states[@]}" -ge 2 ]
		n=$((n + 1))
		[ $((n % SPARSE)) -eq 0 ] || continue
		try python3 "$tests/diff/counts.py" "$build/bin" \
			"${states[@]:0:2}"
		[ "$status" -eq 0 ]
		quiet
	done
}

@test "an unchanged copy of a real package does not differ" {
	local package n=0

	for platform in kore dialogflow_cx; do
		corpus "$platform"
		for package in "$corpus"/*/; do
			zip=("$package"*.zip)
			[ -e "${zip[0]}" ] || zip=("$package")
			n=$((n + 1))
			[ $((n % SPARSE)) -eq 0 ] || continue
			rm -rf copy
			python3 "$tests/laws/remint.py" "${zip[0]}" copy
			pkg-unpack -q "${zip[0]}" >a.ndjson
			pkg-unpack -q copy >b.ndjson
			try pkg-diff a.ndjson b.ndjson
			[ "$status" -eq 0 ]
			[ -z "$output" ]
			try pkg-diff a.ndjson a.ndjson
			[ "$status" -eq 0 ]
		done
	done
	[ "$n" -gt 0 ]
}

@test "what a terminal would obey is not printed" {
	try pkg-diff --json old.ndjson new.ndjson
	[[ $output == *'No flights\u202e.'* ]]
	try pkg-diff --color=always --full old.ndjson new.ndjson
	[[ $output != *$'\u202e'* ]]
	[[ $output == *$'\033[32m+\033[m \033[32mcomponent'* ]]
}

@test "names and texts that are made to deceive are harmless" {
	python3 "$tests/diff/hostile.py" "$tests/diff/old" a b
	pkg-unpack -q a >a.ndjson
	pkg-unpack -q b >b.ndjson
	for form in --color=never --full --stat --name-status --json; do
		try_sh "pkg-diff $form a.ndjson b.ndjson >out$form"
		[ "$status" -eq 1 ]
		quiet
	done
	python3 "$tests/diff/hostile.py" --look out*
	python3 "$tests/diff/operations.py" "$build/bin" a.ndjson b.ndjson
	[ "$(wc -l <out--name-status)" -eq 21 ]
	grep -qx $'~\tcomponent\thostile-5\t\\\\ud800b' out--name-status
}

@test "what cannot be compared is trouble, not a difference" {
	pkg-unpack -q "$tests/fixtures/cx" >cx.ndjson
	refuses 3 'pkg-diff old.ndjson cx.ndjson' 'is of platform dialogflow'
	sed '$d' old.ndjson >cut.ndjson
	refuses 6 'pkg-diff cut.ndjson new.ndjson' 'cut.ndjson'
	try pkg-diff old.ndjson
	[ "$status" -eq 2 ]
	try pkg-diff --stat --json old.ndjson new.ndjson
	[ "$status" -eq 2 ]
}
