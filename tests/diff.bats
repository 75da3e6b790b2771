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
	# 1 MB of hostile text, and 11 MB without the sanitizers
	! sanitized || export LARGE=90000
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

@test "a text that is spelled otherwise is the same" {
	sed '/"say.js"/s/print/\\u0070rint/; s/"Weather"/"W\\u0065ather"/' \
		old.ndjson >spelled.ndjson
	[ "$(diff old.ndjson spelled.ndjson | grep -c '^>')" -ge 2 ]
	try pkg-diff --edited old.ndjson spelled.ndjson
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	sed -i '/"say.js"/s/rint/rant/' spelled.ndjson
	try pkg-diff --edited --name-status old.ndjson spelled.ndjson
	[ "$output" = $'~\tfile\tsay.js\t' ]
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
			$((8 / SPARSE + 1)) "${packages[@]}"
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

@test "a text that is a component differs by more than how its lines end" {
	cp -r "$tests/fixtures/cx" cx
	pkg-unpack -q cx >a.ndjson
	sed -i 's/\r$//' cx/tools/tide-table/schema.yaml
	pkg-unpack -q cx >b.ndjson
	run -1 cmp -s a.ndjson b.ndjson
	try pkg-diff a.ndjson b.ndjson
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	sed -i '1s/3.0.0/3.1.0/' cx/tools/tide-table/schema.yaml
	pkg-unpack -q cx >b.ndjson
	try pkg-diff --name-status a.ndjson b.ndjson
	[ "$status" -eq 1 ]
	diff <(printf '~\ttoolschema\ttide-table\ttide-table\n') - <<<"$output"
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
	local states packages

	corpus pairs
	packages=("$corpus"/*/*/)
	few
	for history in "${packages[@]}"; do
		states=("$history"*/)
		[ "${#states[@]}" -ge 2 ]
		try python3 "$tests/diff/counts.py" "$build/bin" \
			"${states[@]:0:2}"
		[ "$status" -eq 0 ]
		quiet
	done
}

# a copy of a package, with other minted ids, does not differ from it
is_its_copy() {
	rm -rf copy
	python3 "$tests/laws/remint.py" "$1" copy
	pkg-unpack -q "$1" >a.ndjson
	pkg-unpack -q copy >b.ndjson
	try pkg-diff a.ndjson b.ndjson
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	try pkg-diff a.ndjson a.ndjson
	[ "$status" -eq 0 ]
}

@test "an unchanged copy of an invented package does not differ" {
	"$build/tests/generate" -d 4 -u 20 -o app
	for edition in xo10 xo11 cx; do
		python3 "$tests/laws/invent.py" $edition 0 0 $edition
	done
	for package in "$xo11" app xo10 xo11 cx; do
		is_its_copy "$package"
	done
}

@test "an unchanged copy of a real package does not differ" {
	local package packages

	for platform in kore dialogflow_cx; do
		corpus "$platform"
		packages=("$corpus"/*/)
		few
		for package in "${packages[@]}"; do
			zip=("$package"*.zip)
			[ -e "${zip[0]}" ] || zip=("$package")
			is_its_copy "${zip[0]}"
		done
	done
}

@test "the newer of two flows is told by what differs and by its dates" {
	local name='Book a flight' state

	for state in old:2023-01-05 new:2023-04-01; do
		pkg-unpack -q "$tests/diff/${state%:*}" | jq -c --arg d \
			"${state#*:}" 'if .id == "d1" then
			.value.lModifiedOn = $d else . end' >"${state%:*}"
	done
	try_sh "pkg-diff --edited old new | sed -n '/ $name\$/,/^[^ ]/p'"
	[ "${lines[0]}" = "~ dialog $name" ]
	[ "${#lines[@]}" -eq 8 ]
	try_sh "pkg-diff --edited --json old new | jq -c 'select(.name ==
		\"$name\") | .changes[] |
		select(.path | test(\"/l?Mod|On\$\")) | [.path, .old, .value]'"
	diff <(printf '%s\n' "$output") \
		<(echo '["/lModifiedOn","2023-01-05","2023-04-01"]')
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

@test "they are harmless in plans, conflicts and what git shows, too" {
	local command

	LARGE=9000 python3 "$tests/diff/hostile.py" "$tests/diff/old" a b c
	for state in a b c; do
		pkg-unpack -q $state >$state.ndjson
	done
	while IFS= read -r command; do
		try_sh "{ $command; } >out 2>&1"
		[ "$status" -eq 1 ]
		[ "$(wc -c <out)" -gt 400 ]
		python3 "$tests/diff/hostile.py" --look out
	done <<-'EOF'
		pkg-merge full --plan --exit-code --into a.ndjson b.ndjson
		pkg-merge full --plan=tsv --exit-code --into a.ndjson b.ndjson
		pkg-merge full --plan=json --exit-code --into a.ndjson b.ndjson
		pkg-merge full --plan --html out --exit-code --into a b >text
		pkg-merge three-way --base a.ndjson --into b.ndjson c.ndjson
		pkg-merge three-way --base a --into b --conflicts l c || cat l; false
		pkg-diff --patch a b >p; pkg-merge apply --into c p
		pkg-git diff botDefinition.json {a,0,0,b,0,0}/botDefinition.json; false
		pkg-git textconv a/botDefinition.json; false
		pkg-git diff x.json {a,0,0,b,0,0}/botDefinition.json; false
	EOF
	sed 's/"choice":null/"choice":"theirs"/' l >chosen
	pkg-merge three-way -q --base a --into b --resolve chosen c |
		pkg-diff -q - c.ndjson
}

# The script of a page is run where node is.  Under the sanitizers a page is
# compared with that of the tools without them, whose script is run.
needs_node() {
	! twinned || skip 'the page is the same'
	command -v node >/dev/null || skip "no node to run the page's script"
}

# page.html is what the tools without sanitizers make of two streams, if there
# are such
same_page() {
	twinned || return 0
	plainly pkg-diff -q --html plain.html "$@" || [ $? -eq 1 ]
	cmp page.html plain.html
}

# two packages and the page of them: N components that differ
page_of_many() {
	local side

	for side in old new; do
		mkdir $side
		python3 -c 'import json, sys
print(json.dumps({"_id": "st-1", "refId": "r", "dialogComponents": [
    {"_id": "dc-%d" % i, "refId": "c%d" % i, "name": "name%d." % i,
     "type": "message", "text": sys.argv[2]}
    for i in range(int(sys.argv[1]))]}))' \
			"$1" $side >$side/botDefinition.json
	done
	try pkg-diff -q --html page.html old new
	[ "$status" -eq 1 ]
	same_page old new
}

@test "a page has the data of JSON, and none of it is markup" {
	python3 "$tests/diff/hostile.py" "$tests/diff/old" a b
	pkg-unpack -q a >a.ndjson
	pkg-unpack -q b >b.ndjson
	try pkg-diff --html empty.html a.ndjson a.ndjson
	[ "$status" -eq 0 ]
	for pair in "a.ndjson b.ndjson" "old.ndjson new.ndjson"; do
		try_sh "pkg-diff --html page.html $pair"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		quiet
		# shellcheck disable=SC2086 # two words
		same_page $pair
		try_sh "pkg-diff --json $pair >json"
		python3 "$tests/diff/island.py" page.html empty.html json
		python3 "$tests/diff/hostile.py" --look page.html
	done
	! grep -nE 'src=|href=|url\(|https?:|@import|fetch\(' empty.html || false
}

@test "a page stands beside figures, names or JSON" {
	pkg-diff --stat old.ndjson new.ndjson >expected || [ $? -eq 1 ]
	try pkg-diff --stat --html page.html old.ndjson new.ndjson
	[ "$status" -eq 1 ]
	diff expected <(printf '%s\n' "$output")
	grep -q '"old":"old.ndjson","new":"new.ndjson"' page.html
}

@test "a page is whole or not there, and none of the inputs" {
	cp old.ndjson keep
	refuses 2 'pkg-diff --html old.ndjson old.ndjson new.ndjson' old.ndjson
	cmp keep old.ndjson
	refuses 4 'pkg-diff --html none/page.html old.ndjson new.ndjson' \
		none/page.html
	sed '$d' old.ndjson >cut.ndjson
	refuses 6 'pkg-diff --html page.html cut.ndjson new.ndjson' cut.ndjson
	[ ! -e page.html ]
}

@test "the script of a page shows what differs, by owner and place" {
	needs_node
	cat >expected <<-'EOF'
		title: "old.ndjson → new.ndjson"
		kind: kind|added +|removed -|changed ~|renamed >
		kind: dialog||1|1|
		kind: component|1||1|
		kind: setting|||1|
		kind: file|||1|
		tree: dialog 2
		tree: setting 1
		tree: file 1
		count: 6 of 6
		rows: 6
		row: row change|"~ dialog Book a flight  3"|~ /nodes/"Ask city"/transitions/1/then|> /nodes/"Ask city"  moved from /nodes/1 to /nodes/2|+ /nodes/"Say sorry"
		row: row add inner|"+ component Say sorry"|+ 
		row: row change inner|"~ component Ask city  1"|~ /message/0/text
		row: row remove|"- dialog Weather"|- 
		row: row change|"~ setting botDefinition.json#/interruptOptions  1"|~ /isEnabled
		row: row change|"~ file say.js  1"|~ 
		words: [["message2","0","hello"],["message3"," again","1"]]
		sides: [["message2","message3"],["{\n  \"nodeId\": \"message3\",\n  \"type\": \"message\",\n  \"componentId\": \"dc-b4\",\n  \"transitions\": [\n    {\n      \"default\": \"end\"\n    }\n  ]\n}"]]
		rows when the end is seen: 6
		j j k: 0
		Enter: true false
		places: 0
		places, and more: 0
		/: true
		search interrupt: 1 of 6
		search SAY sorry: 2 of 6
		search : 6 of 6
		no sign: 0 of 6
	EOF
	pkg-diff --html page.html old.ndjson new.ndjson || [ $? -eq 1 ]
	try node "$tests/diff/page.js" page.html interrupt 'SAY sorry'
	[ "$status" -eq 0 ]
	quiet
	diff expected <(printf '%s\n' "$output")
}

@test "of 10,000 changes a page makes the rows that are seen" {
	page_of_many 10000
	needs_node
	try node "$tests/diff/page.js" page.html name1234.
	[ "$status" -eq 0 ]
	grep -qx 'count: 10000 of 10000' <<<"$output"
	grep -qx 'rows: 100' <<<"$output"
	grep -qx 'rows when the end is seen: 200' <<<"$output"
	grep -qx 'search name1234.: 1 of 10000' <<<"$output"
}

@test "of a component with many places a page makes some, and more if asked" {
	needs_node
	for side in a b; do
		mkdir $side
		jq -n --arg side $side '{ _id: "s", refId: "r", x: ([range(500)
			| {"key\(.)": $side}] | add) }' >$side/botDefinition.json
	done
	pkg-diff -q --html page.html a b || [ $? -eq 1 ]
	try node "$tests/diff/page.js" page.html
	[ "$status" -eq 0 ]
	grep -qx 'Enter: false true' <<<"$output"
	# with the one that asks
	grep -qx 'places: 301' <<<"$output"
	grep -qx 'places, and more: 500' <<<"$output"
}

@test "a page spells numbers as the packages do, and tells 1 of \"1\"" {
	needs_node
	mkdir a b
	echo '{"_id":"s","refId":"r","x":{"n":1.10,"m":[1,{"#":"2"}]}}' \
		>a/botDefinition.json
	echo '{"_id":"s","refId":"r","x":{"n":12345678901234567890,"m":"1"}}' \
		>b/botDefinition.json
	pkg-diff -q --html page.html a b || [ $? -eq 1 ]
	try node "$tests/diff/page.js" page.html
	[ "$status" -eq 0 ]
	grep -F 'sides: [["1.10","12345678901234567890"],' <<<"$output"
	grep -F ',["[\n  1,\n  {\n    \"#\": \"2\"\n  }\n]","\"1\""]]' \
		<<<"$output"
}

@test "the script of a page does not make markup of names" {
	needs_node
	python3 "$tests/diff/hostile.py" "$tests/diff/old" a b
	pkg-diff -q --html page.html a b || [ $? -eq 1 ]
	try node "$tests/diff/page.js" page.html '</script>'
	[ "$status" -eq 0 ]
	[[ $output == *'component </script><script>alert(1)</script>b'* ]]
	[[ $output == *$'\nsearch </script>: 2 of 21'* ]]
	printf '%s\n' "$output" >out
	python3 "$tests/diff/hostile.py" --look out
}

@test "a browser shows a page" {
	now_and_then
	local browser

	! twinned || skip 'the page is the same'
	browser=$(command -v chromium || command -v chromium-browser) ||
		skip "no chromium to open the page"
	page_of_many 10000
	try_sh '"$1" --headless --no-sandbox --disable-gpu --dump-dom \
		--user-data-dir="$PWD/user" --virtual-time-budget=5000 \
		"file://$PWD/page.html" >dom' "$browser"
	[ "$status" -eq 0 ]
	rows=$(python3 "$tests/diff/island.py" --rows dom)
	[ "$rows" -ge 100 ]
	[ "$rows" -le 1000 ]
	rm -r old new
	python3 "$tests/diff/hostile.py" "$tests/diff/old" old new
	pkg-diff -q --html page.html old new || [ $? -eq 1 ]
	try_sh '"$1" --headless --no-sandbox --disable-gpu --dump-dom \
		--user-data-dir="$PWD/user" --virtual-time-budget=5000 \
		"file://$PWD/page.html" >dom' "$browser"
	[ "$status" -eq 0 ]
	[ "$(python3 "$tests/diff/island.py" --rows dom)" -eq 21 ]
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

@test "what has another name and the id that it had is renamed" {
	cp -r "$tests/golden/dialogflow_cx/agent/package" new
	sed 's/"Till"/"Cashier"/' new/webhooks/Till.json >new/webhooks/Cashier.json
	rm new/webhooks/Till.json
	sed -i 's/"Till"/"Cashier"/' new/flows/Start/pages/*
	pkg-unpack -q "$tests/golden/dialogflow_cx/agent/package" >old.ndjson
	pkg-unpack -q new >new.ndjson
	try pkg-diff --name-status old.ndjson new.ndjson
	[ "$status" -eq 1 ]
	diff <(printf '>\twebhook\tCashier\tCashier\tTill\tTill\n') \
		<(printf '%s\n' "$output")
	try pkg-diff old.ndjson new.ndjson
	diff - <(printf '%s\n' "$output") <<-'EOF'
		> webhook Till → Cashier
		    ~ /displayName  "Till" → "Cashier"
		# webhook: 1 renamed
	EOF
}

@test "a name that one side has not is told, though what it names is empty" {
	mkdir a b
	trait='"_id":"tr-1","refId":"r-1","language":"en"'
	echo '{"_id":"st-1","refId":"r","traits":[{'"$trait"',
	    "traits":{"mood":{}}}]}' >a/botDefinition.json
	echo '{"_id":"st-1","refId":"r","traits":[{'"$trait"'}]}' \
		>b/botDefinition.json
	pkg-unpack -q a >a.n
	pkg-unpack -q b >b.n
	diff - <(pkg-diff a.n b.n) <<-'EOF'
	~ trait r-1/en
	    - /traits  {"mood":{}}
	# trait: 1 changed
	EOF
	diff - <(pkg-merge full --plan --into a.n b.n) <<-'EOF'
	~ trait r-1/en  # the source's version (map: full replace-all)
	    - /traits  {"mood":{}}
	# trait: 1 changed
	EOF
	# empty, and without a name of its own
	sed 's/,$/,"note":{"mood":{}}}]}/; /traits":{"mood/d' \
		a/botDefinition.json >c
	mv c a/botDefinition.json
	jq -e '.traits[0].note' a/botDefinition.json
	pkg-unpack -q a >a.n
	diff /dev/null <(pkg-diff a.n b.n)
}
