#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Edited streams: what a tool makes of one is what it makes of the package
# that it packs to, unpacked again.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# a small app, as a stream
kore_app() {
	mkdir app
	cat >app/botDefinition.json <<-'END'
	{"_id": "st-1", "refId": "r-1", "defaultLanguage": "en",
	 "defaultDialogId": "pay",
	 "forms": [{"refId": "f1", "name": "Desk", "components": [
	  {"refId": "c1", "name": "day", "type": "date"}]}],
	 "dialogComponents": [
	  {"_id": "dc-1", "refId": "i-pay", "name": "Pay", "type": "intent",
	   "dialogId": "dg-1"},
	  {"_id": "dc-2", "refId": "say", "name": "Say", "type": "message"}],
	 "dialogs": [
	  {"_id": "dg-1", "refId": "pay", "lname": "Pay", "nodes": [
	   {"nodeId": "a", "componentId": "dc-1"},
	   {"nodeId": "b", "componentId": "dc-2"},
	   {"nodeId": "c", "dialogRefId": "book"}]},
	  {"_id": "dg-2", "refId": "book", "lname": "Book", "nodes": []}],
	 "mlParams": [{"language": "en", "type": 3, "state": "configured",
	  "dialogIntents": ["pay", "book"]}],
	 "sentences": [{"_id": "u1", "taskId": "dc-1", "sentence": "pay",
	  "language": "en", "type": "DialogIntent"}]}
	END
	pkg-unpack -q app >s.ndjson
}

# a small agent, as a stream
cx_agent() {
	mkdir -p app/flows/{Sea,Quay}/pages app/intents/go/trainingPhrases
	echo '{"displayName": "Pier", "defaultLanguageCode": "en",
	    "timeZone": "UTC", "startFlow": "Sea"}' >app/agent.json
	echo '{"name": "i1", "displayName": "go"}' >app/intents/go/go.json
	echo '{"trainingPhrases": [{"id": "p1", "parts": [{"text": "go"}],
	    "repeatCount": 1}]}' >app/intents/go/trainingPhrases/en.json
	echo '{"name": "f1", "displayName": "Sea", "transitionRoutes": [
	    {"intent": "go", "targetPage": "Ask"},
	    {"targetFlow": "Quay"}]}' >app/flows/Sea/Sea.json
	echo '{"name": "f2", "displayName": "Quay"}' >app/flows/Quay/Quay.json
	for page in Ask Tell; do
		echo "{\"name\": \"p-$page\", \"displayName\": \"$page\"}" \
			>"app/flows/Sea/pages/$page.json"
	done
	pkg-unpack -q app >s.ndjson
}

# an edit, and the same through a package: sizes in it are the package's
edit() {
	rm -rf packed
	jq -c "$1" s.ndjson >e.ndjson
	pkg-pack -q --edited -o packed/ e.ndjson
	plainly pkg-unpack -q packed >p.ndjson
}

# what two commands print is the same, but for what the first line tells
same() {
	local edited=0 packed=0

	"$@" --edited e.ndjson >a || edited=$?
	plainly "$@" p.ndjson >b || packed=$?
	[ "$edited" -eq "$packed" ]
	alike a b
}

# two streams say the same, in the same bytes or as jq reads them
alike() {
	cmp -s <(bare "$1") <(bare "$2") || diff <(records "$1") <(records "$2")
}

# a stream's records without sizes: fast, and for all eyes
bare() {
	sed '1d;$d;s/,"size":[0-9]*//' "$1"
}

records() {
	sed '1d;$d' "$1" | jq -cS 'del(.size)'
}

# the edit changed the value, and all tools see it
followed() {
	edit "$1"
	run ! alike e.ndjson p.ndjson
	same pkg-select
	same pkg-filter-status -q --unknown keep latest
	same pkg-select -q --deps -k dialog -k flow
	for into in s.ndjson e.ndjson; do
		edited=0 packed=0
		pkg-merge -q incremental --edited --into $into e.ndjson \
			>a 2>a.err || edited=$?
		plainly pkg-merge -q incremental --into "${into/e/p}" \
			p.ndjson >b 2>b.err || packed=$?
		[ "$edited" -eq "$packed" ]
		[ -s a ] || [ "$edited" -ne 0 ]
		alike a b
	done
}

@test "an envelope follows each edit of an app's values" {
	kore_app
	of='(select(.kind == "dialog" and .id == "pay").value'
	followed "$of.nodes[1].componentId) = \"dc-1\""
	followed "$of.nodes[2].dialogRefId) = \"nosuch\""
	followed "$of.refId) = \"pay2\""
	followed "$of._id) = \"dg-9\""
	followed "$of.lname) = \"Pay up\""
	followed '(select(.kind == "component" and .id == "say").value._id) =
	    "dc-7"'
	followed '(select(.kind == "component").value.type) = "script"'
	followed '(select(.kind == "utterance").value.taskId) = "dc-2"'
	followed '(select(.kind == "utterance").value.language) = "de"'
	followed '(select(.kind == "mlparam").value.state) = "Published"'
	followed '(select(.at == "/defaultDialogId").value) = "book"'
}

@test "an envelope follows each edit of an agent's values" {
	cx_agent
	of='(select(.kind == "flow" and .id == "Sea").value'
	followed "$of.transitionRoutes[0].targetPage) = \"Tell\""
	followed "$of.transitionRoutes[0].intent) = \"stay\""
	followed "$of.transitionRoutes[1].targetFlow) = \"Sea\""
	followed "$of.name) = \"f9\""
	followed '(select(.kind == "page" and .id == "Sea/Ask").value
	    .displayName) = "Beg"'
	followed '(select(.kind == "phrase").value.parts[0].text) = "leave"'
}

@test "the ids of what stands in a component follow its new id" {
	kore_app
	followed '(select(.kind == "form").value.refId) = "f/2"'
	[ "$(pkg-select --edited e.ndjson | jq -r \
		'select(.kind == "formfield").id')" = f%2F2/day ]
	try pkg-select --edited -v e.ndjson
	says 'form "f1" is "f/2" by its value'
	followed '(select(.kind == "mlparam").value.language) = "de"'
}

@test "what is not of the value stays as it was edited" {
	kore_app
	jq -c '(select(.kind == "dialog") | .status) = "published" |
	    (select(.kind == "dialog") | ."x-mine") = 1' s.ndjson >e.ndjson
	[ "$(pkg-select --edited e.ndjson | jq -c \
		'select(.kind == "dialog") | [.status, ."x-mine"]' |
		sort -u)" = '["published",1]' ]
}

@test "an edit that leads nowhere is found without a package" {
	kore_app
	edit '(select(.id == "pay").value.nodes[2].dialogRefId) = "nosuch"'
	try pkg-merge incremental --edited --plan=tsv --into s.ndjson e.ndjson
	[ "$status" -eq 1 ]
	[[ $output == *'neither side has dialog:nosuch'* ]]
}

@test "what an edit left leading nowhere is told when it is packed" {
	pkg-unpack "$tests/fixtures/cx" >s.ndjson
	try pkg-pack --edited -o a.zip s.ndjson
	nowhere=${#stderr_lines[@]}
	jq -c 'if .kind == "intent" and .name == "Timetable, please?"
		then .value.displayName = "Renamed" else . end' s.ndjson >e.ndjson
	try pkg-pack --edited -o c.zip e.ndjson
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq $((nowhere + 1)) ]
	says "e.ndjson:$(grep -n '"kind":"flow"' e.ndjson | sed -n '1s/:.*//p'): " \
		'warning: flow Default Start Flow leads to intent:Timetable, please?, which is not there'
	# with what leads to it all is well; and a stream that is as it was
	# unpacked is none of our business
	sed 's/"intent": *"Timetable, please?"/"intent":"Renamed"/' e.ndjson >f.ndjson
	try pkg-pack --edited -o d.zip f.ndjson
	[ "$status" -eq 0 ]
	[[ $stderr != *intent:Timetable* ]]
	try pkg-pack -o e.zip s.ndjson
	[ "$status" -eq 0 ]
	quiet
	kore_app
	try pkg-pack --edited -o f.zip s.ndjson
	[ "$status" -eq 0 ]
	quiet
}

# the components of a stream, without the name of those that are called by the
# first of several texts: jq -S changes which it is
components() {
	jq -cS 'select(.kind | startswith("@") | not) | del(.size, .name)' |
		LC_ALL=C sort
}

# a package whose stream went through jq -S has the same components; what jq
# cannot read (a lone surrogate) is passed by.  More: options of pkg-unpack
sorts() {
	pkg-unpack -q "${@:2}" "$1" >in || return 0
	jq -cS . in >e.ndjson 2>jq.err || return 0
	sorted=$((sorted + 1))
	pkg-pack -q -f --edited -o sorted.zip e.ndjson
	pkg-unpack -q "${@:2}" sorted.zip >out
	pkg-select --edited e.ndjson >selected
	pkg-pack -q -f -o selected.zip selected
	if twinned; then
		plain_packs sorted.zip --edited e.ndjson
		plain_prints out pkg-unpack -q "${@:2}" sorted.zip
		plain_prints selected pkg-select --edited e.ndjson
		plain_packs selected.zip selected
		return
	fi
	components <out >expected
	diff <(components <in) expected || {
		echo "of $1"
		return 1
	}
	# the order is that of a package for whoever comes in between, too
	diff <(components <selected) expected
	same_members selected.zip sorted.zip
}

# a zip is what the tools without sanitizers make of a stream
plain_packs() {
	PATH=$PKG_PLAIN/bin:$PATH pkg-pack -q -f -o plain.zip "${@:2}"
	cmp "$1" plain.zip
}

@test "what went through jq -S packs to the same components, of each platform" {
	for platform in dialogflow_cx kore; do
		sorted=0
		for in in "$tests/golden/$platform"/*/*/; do
			sorts "$in"
		done
		[ "$sorted" -gt 0 ]
	done
	sorted=0
	sorts "$tests/fixtures/cx"
	for platform in avaamo generic; do
		sorts "$tests/golden/avaamo/agent/"*/ -p $platform
	done
	[ "$sorted" -eq 3 ]
	# a flow has its steps before its messages
	sorted=0
	sorts "$xo11"
	[ "$sorted" -eq 1 ]
	[ "$(jq -r 'select(.kind == "@open").at' in |
		sed -n 's,^/experienceFlows/-/callflowDefinition/,,p' |
		sed -n 1,2p | paste -sd ,)" = steps,messages ]
}

@test "real streams that went through jq -S pack to the same components" {
	corpus dialogflow_cx
	sorted=0
	packages=("$corpus"/*)
	few
	for in in "${packages[@]}"; do
		[ "$(ls "$in")" = "${in##*/}" ] || sorts "$in"
	done
	[ "$sorted" -gt 0 ]
	kore_packages
	few
	sorted=0
	for in in "${packages[@]}"; do
		sorts "$in"
	done
	[ "$sorted" -gt $((9 / SPARSE)) ]
}

@test "containers are sorted at each depth, and those in no value come last" {
	cat >e.ndjson <<-'END'
	{"kind":"@stream","version":1,"platform":"none"}
	{"kind":"@file","file":"f.json","type":"json","style":"compact"}
	{"kind":"@open","file":"f.json","at":"","value":[]}
	{"kind":"c","file":"f.json","at":"/-","value":{"a":[],"b":{"c":{}}}}
	{"kind":"@open","file":"f.json","at":"/-/b/c","value":{}}
	{"kind":"c","file":"f.json","at":"/-/b/c/x","value":{"y":[],"z":[]}}
	{"kind":"@open","file":"f.json","at":"/-/b/c/x/z","value":[]}
	{"kind":"c","file":"f.json","at":"/-/b/c/x/z/-","value":1}
	{"kind":"@open","file":"f.json","at":"/-/b/c/x/y","value":[]}
	{"kind":"c","file":"f.json","at":"/-/b/c/x/y/-","value":2}
	{"kind":"c","file":"f.json","at":"/-/b/c/w","value":[]}
	{"kind":"@open","file":"f.json","at":"/-/a","value":[]}
	{"kind":"c","file":"f.json","at":"/-/a/-","value":3}
	{"kind":"c","file":"f.json","at":"/-/a/-","value":{"n":[],"m":[]}}
	{"kind":"@open","file":"f.json","at":"/-/a/-/m","value":[]}
	{"kind":"c","file":"f.json","at":"/-/a/-/m/-","value":4}
	{"kind":"c","file":"f.json","at":"/-","value":{"d":[],"e":[]}}
	{"kind":"@open","file":"f.json","at":"/-/e","value":[]}
	{"kind":"@open","file":"f.json","at":"/-/d","value":[]}
	{"kind":"c","file":"f.json","at":"/-/d/-","value":5}
	{"kind":"@end","records":0,"sum":""}
	END
	pkg-pack -q --edited -o out.zip e.ndjson
	[ "$(unzip -p out.zip f.json)" = '[{"a":[3,{"n":[],"m":[4]}],"b":{"c":{"x":{"y":[2],"z":[1]},"w":[]}}},{"d":[5],"e":[]}]' ]
	# a message names the line where it stands
	sed 's|"/-/d","value"|"/-/n","value"|' e.ndjson >bad
	refuses 6 'pkg-pack -q --edited -o bad.zip bad' 'bad:19: f.json: /-/n' \
		'no empty container there'
	[ ! -e bad.zip ]
}

# each sort of reference of the records on standard input, by the kinds at both
# its ends, and each kind whose id stands in its value: of the first a record
# (its number among the lines), and its line with a word in place of that one
edits() {
	jq -c -n '
	    def word: split("/")[-1] | gsub("%2F"; "/");
	    def stands(w): [.. | strings | select(. == w)] != [];
	    [inputs] | to_entries | map(.key as $n | .value |
		select(.kind[0:1] != "@" and has("value")) | . as $r |
		(("needs", "links", "refs", "owner") as $list |
		    $r[$list] // [] | .[] |
		    capture("^[?]?(?<to>[a-z]+):(?<word>.*)$") |
		    [$r.kind + " " + $list + " " + .to, (.word | word)]),
		[$r.kind + " id", ($r.id // empty | word)] |
		. as [$sort, $word] | select($r.value | stands($word)) |
		{ sort: $sort, n: $n, word: $word, r: $r }) |
	    group_by(.sort)[] | .[0] | .word as $word | [.sort, .n, $word],
	    (.r | .value |= walk(if . == $word then "no-such" else . end))'
}

# verdict FOLDER COMMAND...: what a merge would say of the stream in a folder
verdict() {
	(cd "$1" && "${@:2}" --plan=tsv --into ../s.ndjson x.ndjson 2>&1 ||
		echo "exit $?") |
		sed 's/x\.ndjson:[0-9]*/x.ndjson/'
}

# verdicts REFERENCES REFUSED IDS PACKAGE OPTION...: edit each sort of
# reference and of id so that nothing has it; at least so many are tried, and
# so many edits of references are refused.  Under the sanitizers one in three
verdicts() {
	local sort edited references=0 ids=0 refused=0 tried=0
	local step=1 part=1
	local numbered='^\["[^"]+",([0-9]+),'

	[ "$SPARSE" -eq 1 ] || step=3 part=6
	mkdir -p edited packed
	pkg-unpack -q "${@:5}" "$4" >s.ndjson
	jq -c . s.ndjson >spelled
	edits <spelled >list
	while read -r sort && read -r edited; do
		[ $((tried++ % step)) -eq 0 ] || continue
		[[ $sort =~ $numbered ]]
		n=${BASH_REMATCH[1]}
		{
			head -n "$n" spelled
			printf '%s\n' "$edited"
			tail -n +$((n + 2)) spelled
		} >edited/x.ndjson
		pkg-pack -q -f --edited -o p.zip edited/x.ndjson || continue
		plainly pkg-unpack -q "${@:5}" p.zip >packed/x.ndjson
		verdict edited pkg-merge incremental --edited >a
		verdict packed plainly pkg-merge incremental >b
		diff a b || {
			echo "of $sort"
			return 1
		}
		if [[ $sort == *' id",'* ]]; then
			ids=$((ids + 1))
			continue
		fi
		references=$((references + 1))
		! grep -q '^# would fail' a || refused=$((refused + 1))
	done <list
	echo "# $references sorts of reference, $refused refused; $ids of id" >&3
	[ "$references" -ge $(($1 / part)) ]
	[ "$refused" -ge $(($2 / part)) ]
	[ "$ids" -ge $(($3 / part)) ]
}

@test "an edit of any sort of reference or id is judged as its package is" {
	verdicts 27 21 15 "$tests/fixtures/cx"
	verdicts 26 10 18 "$xo11"
	"$build/tests/generate" -d 4 -u 3 -m twin -o app
	verdicts 44 14 25 app
}

@test "so is an edit of an id of Avaamo, whose packages show no references" {
	map=$root/lib/platform/avaamo.map
	run ! grep -E '^[[:space:]]*(owner|needs|links|refs|alias) ' "$map"
	# one of each, in the first place that the map has for it
	awk '$1 == "kind" { kind = $2 }
	    $1 == "in" && $2 == "data" && $3 ~ /^\/[a-z_]+\/-$/ &&
	    !(kind in seen) { seen[kind]; print kind, substr($3, 2,
	    length($3) - 3) }' "$map" >kinds
	mkdir app
	jq -R -n '[inputs | split(" ") | { (.[1]): [{ key: ("k-" + .[0]),
	    name: ("N " + .[0]) }] }] | add' kinds >app/agent.json
	n=$(wc -l <kinds)
	[ "$n" -ge 5 ]
	verdicts 0 0 "$n" app -p avaamo
}
