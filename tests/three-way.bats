#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-merge three-way.  The base is diff/old; a side is that with an edit, and
# the result what jq makes of the base with the edits of both.
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	side base .
}

# side NAME FILTER: a package with this edit in its definition
side() {
	rm -rf "$1"
	mkdir "$1"
	cp "$tests"/diff/old/* "$1"
	jq "$2" "$tests/diff/old/botDefinition.json" >"$1/botDefinition.json"
	printf '%s' '{"name":"Travel","envVariables":[]}' >"$1/config.json"
}

three_way() {
	try pkg-merge three-way --base base --into ours "$@" theirs
	printf '%s\n' "$output" >out.ndjson
}

# the merge succeeds and gives what this filter makes of the base
gives() {
	three_way "${@:2}"
	[ "$status" -eq 0 ]
	quiet
	pkg-pack -q -f -o out/ out.ndjson
	diff <(jq . out/botDefinition.json) \
		<(jq "$1" base/botDefinition.json)
}

# the merge ends with these conflicts: lines of "kind id place"
conflicts() {
	three_way --conflicts conflicts.ndjson "${@:2}"
	[ "$status" -eq 1 ]
	[[ $output != *'"@stream"'* ]]
	diff <(jq -r '"\(.kind) \(.id) \(.place)"' conflicts.ndjson) \
		<(printf '%s\n' "$1")
}

# records of a stream, but not its first and last, in no order
records() {
	grep -v '"kind":"@' "$1" | LC_ALL=C sort
}

# merged into ours, and into theirs, the two give the records of these streams
both_give() {
	local sides

	for sides in "ours theirs $1" "theirs ours $2"; do
		set -- $sides
		try_sh "pkg-merge three-way --base base --into $1 $2 >result"
		[ "$status" -eq 0 ]
		diff <(records result) <(records "$3")
	done
}

# of each conflict this is preferred: then the records are those of a stream
chosen() {
	three_way --prefer "$1"
	[ "$status" -eq 0 ]
	diff <(records out.ndjson) <(records "$2")
}

rome='.dialogs[0].nodes[1].transitions[0].if.value = "Roma"'
oslo='.dialogs[0].nodes[1].transitions[1].if.value = "Lima"'

@test "what one side changed is taken, and inside a value by its places" {
	side ours "$rome | .interruptOptions.hold = 4"
	side theirs "$oslo | .dialogComponents[2].message[0].text = \"Bye.\""
	gives "$rome | .interruptOptions.hold = 4 | $oslo |
		.dialogComponents[2].message[0].text = \"Bye.\""
}

@test "base is ours, base is theirs, ours is theirs: the other, the one, both" {
	side ours "$rome"
	side theirs .
	gives "$rome"
	side ours .
	side theirs "$rome"
	gives "$rome"
	side ours "$rome"
	gives "$rome"
}

@test "a place that both sides changed is a conflict that names it" {
	side ours '.dialogs[0].nodes[1].transitions[0].if.value = "A"'
	side theirs '.dialogs[0].nodes[1].transitions[0].if.value = "B"'
	conflicts 'dialog d1 /nodes/"Ask city"/transitions/0/if/value'
	says 'dialog Book a flight (d1)' '/if/value: changed on both sides' \
		'ours "A", theirs "B"' '1 conflict; no stream is written'
	jq -e '.base == "Rome" and .ours == "A" and .theirs == "B" and
		.choice == null' conflicts.ndjson
	# where nothing is in the way the file is there, and empty
	side theirs "$oslo"
	three_way --conflicts conflicts.ndjson
	[ "$status" -eq 0 ]
	[ -f conflicts.ndjson ]
	[ ! -s conflicts.ndjson ]
}

@test "a preference settles all conflicts, or those of a kind" {
	side ours '.interruptOptions.hold = 4 |
		.dialogs[0].nodes[1].transitions[0].if.value = "A"'
	side theirs '.interruptOptions.hold = 5 |
		.dialogs[0].nodes[1].transitions[0].if.value = "B"'
	gives '.interruptOptions.hold = 4 |
		.dialogs[0].nodes[1].transitions[0].if.value = "A"' \
		--prefer ours
	gives '.interruptOptions.hold = 5 |
		.dialogs[0].nodes[1].transitions[0].if.value = "A"' \
		--prefer theirs,dialog=ours
	gives . --prefer base
	conflicts 'dialog d1 /nodes/"Ask city"/transitions/0/if/value' \
		--prefer setting=theirs
}

@test "a file of choices settles each conflict in its own way" {
	side ours '.interruptOptions.hold = 4 | .defaultLanguage = "de" |
		.dialogs[0].nodes[1].transitions[0].if.value = "A"'
	side theirs '.interruptOptions.hold = 5 | .defaultLanguage = "fr" |
		.dialogs[0].nodes[1].transitions[0].if.value = "B"'
	three_way --conflicts conflicts.ndjson
	[ "$status" -eq 1 ]
	[ "$(wc -l <conflicts.ndjson)" -eq 3 ]
	jq '.choice = (if .kind == "dialog" then "ours"
		elif .base == 3 then "value" else "theirs" end) |
		if .choice == "value" then .value = 9 else . end' \
		conflicts.ndjson | jq -c . >choices.ndjson
	gives '.interruptOptions.hold = 9 | .defaultLanguage = "fr" |
		.dialogs[0].nodes[1].transitions[0].if.value = "A"' \
		--resolve choices.ndjson
	# a choice is for what it was made for
	side theirs '.interruptOptions.hold = 5 | .defaultLanguage = "es" |
		.dialogs[0].nodes[1].transitions[0].if.value = "B"'
	conflicts 'setting botDefinition.json#/defaultLanguage ' --resolve choices.ndjson
	sed -i 's/"ours"}/"mine"}/' choices.ndjson
	three_way --resolve choices.ndjson
	[ "$status" -eq 3 ]
	says choices.ndjson 'expected a "choice" of ours'
	# what is no choice is told with its line
	for line in '[1]' 'x' '{"choice":"value"}'; do
		printf '\n%s\n' "$line" >choices.ndjson
		three_way --resolve choices.ndjson
		[ "$status" -eq 3 ]
		says choices.ndjson:2: expected
	done
	three_way --resolve none
	[ "$status" -eq 4 ]
	says none: 'No such file'
}

@test "what both sides added comes once, if it is the same" {
	add='.dialogComponents += [{_id: "dc-9", refId: "c9", name: "New",
		type: "message", message: [{text: "Hi."}]}]'
	side ours "$add"
	side theirs "$add"
	gives "$add"
	side theirs "$add | .dialogComponents[3].message[0].text = \"Ho.\""
	conflicts 'component c9 /message/0/text'
}

@test "what both sides added differs: each place of it is a conflict" {
	side ours '.newThing = {a: 1, b: 2}'
	side theirs '.newThing = {b: 2, c: []} | .other = "x"'
	conflicts 'setting botDefinition.json#/newThing /a'
	says 'new on both sides, this on ours alone'
	side ours '.newThing = [1, 2]'
	side theirs '.newThing = [2, 1]'
	conflicts 'setting botDefinition.json#/newThing '
	says '/newThing: added on both sides'
	gives . --prefer base
	gives '.newThing = [2, 1]' --prefer theirs
	side ours '.newThing = "a"'
	side theirs '.newThing = ""'
	conflicts 'setting botDefinition.json#/newThing '
	gives . --prefer base
	# so inside of what the base has
	side ours '.dialogs[0].zz = {a: {b: 1}}'
	side theirs '.dialogs[0].zz = {a: {c: 1}}'
	conflicts $'dialog d1 /zz/a/b\ndialog d1 /zz/a/c'
	side theirs '.dialogs[0].zz = {a: {b: 1}}'
	gives '.dialogs[0].zz = {a: {b: 1}}'
	# an element is one by its id
	new='.dialogs[0].nodes += [{nodeId: "n9", type: "message", x: 1}]'
	side ours "$new"
	side theirs "$new | .dialogs[0].nodes[-1] += {type: \"script\", y: 1}"
	conflicts 'dialog d1 /nodes/"n9"/type
dialog d1 /nodes/"n9"/y'
}

# added N TEXT: a component with ids of its own, an utterance of it, a node
added() {
	printf '%s' ".dialogComponents += [{_id: \"dc-$1\", refId: \"c$1\",
		name: \"New\", type: \"intent\", message: [{text: \"$2\"}]}] |
		.sentences = [{_id: \"s-$1\", taskId: \"dc-$1\",
		sentence: \"pay\", language: \"en\"}] | .dialogs[0].nodes +=
		[{nodeId: \"message$1\", type: \"message\",
		componentId: \"dc-$1\"}]"
}

@test "what both added under one name is the same, whatever its ids" {
	side ours "$(added 8 Hi.)"
	side theirs "$(added 9 Hi.)"
	# theirs' node is another one: it refers to ours' component
	node='{nodeId: "message9", type: "message", componentId: "dc-8"}'
	gives "$(added 8 Hi.) | .dialogs[0].nodes += [$node]"
	side theirs "$(added 9 Ho.)"
	conflicts 'component c8 /message/0/text'
	gives "$(added 8 Ho.) | .dialogs[0].nodes += [$node]" --prefer theirs
	# a name that a side has twice tells nothing
	two="$(added 8 Hi.) | .dialogComponents += [{_id: \"dc-7\",
		refId: \"c7\", name: \"New\", type: \"intent\"}]"
	side ours "$two"
	three_way
	[ "$status" -eq 0 ]
	[ "$(grep -c '"name":"New"' out.ndjson)" -eq 3 ]
}

@test "a name that each side gave to another is a conflict" {
	local name='.dialogs[1].localeData.en.name = "Trip"'
	local new='.dialogs += [.dialogs[1] + {_id: "dg-n", refId: "dn",
		localeData: {en: {name: "Trip"}}}]'

	side ours "$name"
	side theirs "$new"
	conflicts 'dialog dn '
	says 'ours and theirs have each given this name to another'
	gives "$name" --prefer ours
	gives "$new" --prefer theirs
	gives . --prefer base
	# both gave it to what the base has
	side theirs '.dialogs[0].localeData.en.name = "Trip"'
	conflicts 'dialog d1 '
	gives "$name" --prefer ours
	# several are told of in the order of theirs
	names='[range(8) as $i | .dialogs[1] + {_id: "dg-\($i)x",
		refId: "\($i)x", localeData: {en: {name: "N\($i)"}}}]'
	side base ".dialogs += ($names | map(.localeData.en.name += \"old\"))"
	side ours ".dialogs += $names"
	side theirs ".dialogs += ($names | map(.localeData.en.name += \"old\")) +
		($names | reverse | map(._id += \"n\" | .refId += \"n\"))"
	conflicts "$(printf 'dialog %sxn \n' 7 6 5 4 3 2 1 0)"
	side base .
	side ours "$name"
	# one side has it twice itself: then so has the result
	side ours .
	side theirs "$name | $new"
	gives "$name | $new"
}

@test "of one id that each side gave to another no choice is taken" {
	local intent='Default Negative Intent'

	rm -rf base ours theirs
	cp -r "$tests/fixtures/cx" theirs
	pkg-unpack -q theirs >base
	pkg-rename -q "intent:$intent=New" base >ours
	mkdir theirs/intents/New
	jq '.displayName = "New" | .name = "e0000000-0000-4000-8000-0000000000ff"' \
		"theirs/intents/$intent/$intent.json" >theirs/intents/New/New.json
	conflicts 'intent New '
	[ "$(jq -r .theirs.name conflicts.ndjson)" = \
		e0000000-0000-4000-8000-0000000000ff ]
	three_way --prefer ours
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says 'intent New: ' 'rename one of them on its side (pkg-rename)'
}

@test "an element that theirs added refers to what ours calls otherwise" {
	mint='walk(if type == "string" then sub("^(?<k>dc|dg|st)-a";
		"\(.k)-b") else . end)'
	node='{nodeId: "message9", type: "message", componentId: "dc-a2"}'
	side ours "$rome"
	side theirs ".dialogs[0].nodes += [$node] | $mint"
	gives "$rome | .dialogs[0].nodes += [$node]"
	side base "$mint"
	three_way
	[ "$status" -eq 0 ]
	pkg-pack -q -f -o out/ out.ndjson
	diff <(jq . out/botDefinition.json) <(jq "$rome |
		.dialogs[0].nodes += [$node]" "$tests/diff/old/botDefinition.json")
}

@test "what each side added comes behind its neighbours, ours first" {
	x='{_id: "dc-8", refId: "c8", name: "X", type: "message"}'
	y='{_id: "dc-9", refId: "c9", name: "Y", type: "message"}'
	side ours ".dialogComponents |= .[:1] + [$x] + .[1:]"
	side theirs ".dialogComponents |= .[:1] + [$y] + .[1:]"
	gives ".dialogComponents |= .[:1] + [$x, $y] + .[1:]"
	side theirs ".dialogComponents |= [$y] + .[1:] + .[:1]"
	gives ".dialogComponents |= [$y] + .[1:] + .[:1] + [$x]"
}

@test "nodes and transitions are merged by who they are" {
	node='{nodeId: "message9", type: "message", componentId: "dc-a3"}'
	side ours ".dialogs[0].nodes |= .[:2] + [$node] + .[2:]"
	side theirs '.dialogs[0].nodes[1].transitions |= .[1:] |
		.dialogs[0].nodes |= [.[1], .[0], .[2]]'
	gives ".dialogs[0].nodes[1].transitions |= .[1:] |
		.dialogs[0].nodes |= [.[1], $node, .[0], .[2]]"
}

@test "minted ids make no conflict, and ours stay" {
	mint='walk(if type == "string" then sub("^(?<k>dc|dg|st)-a";
		"\(.k)-b") else . end)'
	side ours "$rome"
	side theirs "$mint | $oslo"
	gives "$rome | $oslo"
	side base "$mint"
	three_way
	[ "$status" -eq 0 ]
	pkg-pack -q -f -o out/ out.ndjson
	diff <(jq . out/botDefinition.json) \
		<(jq "$rome | $oslo" "$tests/diff/old/botDefinition.json")
}

@test "what theirs added is called as ours calls it" {
	mint='walk(if type == "string" then sub("^(?<k>dc|dg|st)-a";
		"\(.k)-b") else . end)'
	side ours "$rome"
	side theirs "$mint | .dialogComponents += [{_id: \"dc-b9\",
		refId: \"c9\", name: \"New\", type: \"message\",
		dialogId: \"dg-b1\"}]"
	gives "$rome | .dialogComponents += [{_id: \"dc-b9\",
		refId: \"c9\", name: \"New\", type: \"message\",
		dialogId: \"dg-a1\"}]"
}

@test "what one side removed and the other changed is a conflict" {
	side ours 'del(.dialogs[1])'
	side theirs '.dialogs[1].nodes = [{nodeId: "a", type: "message"}]'
	conflicts 'dialog d2 '
	says 'dialog Weather (d2): removed by ours, theirs changed it'
	gives 'del(.dialogs[1])' --prefer ours
	gives '.dialogs[1].nodes = [{nodeId: "a", type: "message"}]' \
		--prefer theirs
	gives . --prefer base
	side theirs .
	gives 'del(.dialogs[1])'
	side ours 'del(.interruptOptions.hold)'
	side theirs '.interruptOptions.hold = 9'
	conflicts 'setting botDefinition.json#/interruptOptions /hold'
	side ours 'del(.dialogs[0].nodes[1].transitions[0])'
	side theirs "$rome"
	conflicts 'dialog d1 /nodes/"Ask city"/transitions/0'
	says 'removed by ours, changed by theirs'
}

@test "what one side removed and the other gave a new name is a conflict" {
	local file what id pages

	rm -rf base
	cp -r "$tests/fixtures/cx" base
	pkg-unpack -q base >base.ndjson
	for what in 'tool:notice board' 'agentgroup:Everywhere' \
		'example:Deck hand/Wet boots' \
		'page:Default Start Flow/Which line'; do
		file=$(jq -r --arg what "$what" \
			'select("\(.kind):\(.id)" == $what).file' base.ndjson)
		id=$(sed 's/[^/]*$/Other/' <<<"${what#*:}")
		rm -rf ours theirs
		cp -r base theirs
		rm "theirs/$file"
		pkg-rename -q "$what=Other" base.ndjson >ours
		conflicts "${what%%:*} $id "
		says 'removed by theirs, ours changed it'
		mv theirs gone
		mv ours theirs
		mv gone ours
		conflicts "${what%%:*} $id "
		says 'removed by ours, theirs changed it'
	done
	# a page of a flow that has a new name has none itself
	what="flow:Pier & Deck's / night "
	rm -rf ours theirs
	mv base theirs
	cp -r theirs base
	pages=$(echo base/flows/Pier*/pages)
	jq '.displayName = "New" | .name = "f3000000-0000-4000-8000-0000000000ff"' \
		"$pages/Which line.json" >"$pages/New.json"
	pkg-rename -q "$what=Other" base >ours
	pkg-rename -q "$what=Other" theirs >both
	both_give both both
}

@test "what is chosen comes or goes with all that belongs to it" {
	local name id=f3000000-0000-4000-8000-0000000000

	rm -rf base ours theirs
	cp -r "$tests/fixtures/cx" new
	pkg-unpack -q new >gone
	mkdir -p new/flows/Extra/pages
	jq -n --arg id "${id}f0" '{name: $id, displayName: "Extra"}' \
		>new/flows/Extra/Extra.json
	for name in f1 f2; do
		jq -n --arg id "$id$name" --arg name "$name" \
			'{name: $id, displayName: $name}' \
			>"new/flows/Extra/pages/$name.json"
	done
	pkg-unpack -q new >added
	rm new/flows/Extra/pages/f2.json
	pkg-unpack -q new >base
	cp gone ours
	cp added theirs
	chosen ours gone
	chosen theirs added
	chosen base added
	cp added ours
	cp gone theirs
	chosen ours added
	chosen theirs gone
	chosen base added
}

@test "the base's version of what one side renamed has its new name" {
	local phrase='{parts: [{text: "money back"}], languageCode: "en"}'

	rm -rf base ours theirs
	cp -r "$tests/fixtures/cx" old
	pkg-unpack -q old >gone
	mkdir -p old/intents/Refund/trainingPhrases
	jq -n '{name: "f3000000-0000-4000-8000-0000000000f0",
		displayName: "Refund"}' >old/intents/Refund/Refund.json
	jq -n "{trainingPhrases: [$phrase]}" \
		>old/intents/Refund/trainingPhrases/en.json
	pkg-unpack -q old >base
	pkg-rename -q intent:Refund=Other base >renamed
	cp gone ours
	cp renamed theirs
	chosen base renamed
	cp renamed ours
	cp gone theirs
	chosen base renamed
}

@test "a reference to what the other side removed is a conflict" {
	side base '.dialogs[0].nodes |= .[:2]'
	side ours '.dialogs[0].nodes |= .[:2] | del(.dialogComponents[2])'
	side theirs .
	conflicts 'component c3 '
	says 'component Confirm (c3): removed by ours, theirs refers to it:' \
		'dialog Book a flight'
	three_way --prefer theirs
	[ "$status" -eq 0 ]
	grep -q '"id":"c3"' out.ndjson
	# without it the reference is repaired, as an import does
	three_way --prefer ours
	[ "$status" -eq 0 ]
	[ "$(jq -s '[.[] | select(.id == "c3")] | length' out.ndjson)" -eq 0 ]
	[[ $(jq -c 'select(.id == "d1").needs' out.ndjson) != *dc-a3* ]]
}

@test "a reference that dangled on the side that removed it is none" {
	side ours 'del(.dialogComponents[2])'
	side theirs "$rome"
	gives "$rome | del(.dialogComponents[2])"
}

@test "texts of several lines are merged by lines" {
	side base '.dialogComponents[1].script = "a\nb\nc\nd\n"'
	side ours '.dialogComponents[1].script = "A\nb\nc\nd\n"'
	side theirs '.dialogComponents[1].script = "a\nb\nc\nd\ne\n"'
	three_way
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.id == "c2").value.script' out.ndjson |
		tr '\n' ' ')" = 'A b c d e  ' ]
	side theirs '.dialogComponents[1].script = "x\nb\nc\nd\n"'
	conflicts 'component c2 /script'
}

@test "files that are not split are merged by lines" {
	seq 1 20000 >base/greet.js
	side ours .
	side theirs .
	sed '5s/.*/five "é\\/' base/greet.js >ours/greet.js
	sed '19000d; $a end' base/greet.js >theirs/greet.js
	three_way
	[ "$status" -eq 0 ]
	pkg-pack -q -f -o out/ out.ndjson
	diff out/greet.js <(sed '5s/.*/five "é\\/; 19000d; $a end' \
		base/greet.js)
	diff <(grep '"file":"greet.js"' out.ndjson) \
		<(pkg-unpack -q out | grep '"file":"greet.js"')
	sed '5s/.*/six/' base/greet.js >theirs/greet.js
	conflicts 'file greet.js '
	three_way --prefer theirs
	[ "$status" -eq 0 ]
	pkg-pack -q -f -o out/ out.ndjson
	cmp theirs/greet.js out/greet.js
	rm ours/greet.js
	conflicts 'file greet.js '
	says 'removed by ours, theirs changed it'
}

@test "what one side renamed is called so by the other side's references" {
	cp -r "$tests/fixtures/cx" base2
	rm -rf base ours theirs
	mv base2 base
	cp -r base ours
	pkg-unpack -q base >base.ndjson
	intent=$(jq -rs '[.[] | select(.kind == "intent")][0].id' base.ndjson)
	flow=$(jq -rs '[.[] | select(.kind == "flow")][0].id' base.ndjson)
	pkg-rename "intent:$intent=Other word" base.ndjson >theirs
	rm -r ours
	jq -c --arg i "$intent" --arg f "$flow" \
		'if .kind == "flow" and .id == $f then
		.value.transitionRoutes += [{intent: $i, name: "new-route"}]
		else . end' base.ndjson >ours
	try pkg-merge three-way --edited --base base --into ours theirs
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" >out.ndjson
	[ "$(jq -r --arg f "$flow" 'select(.kind == "flow" and .id == $f)
		.value.transitionRoutes[-1].intent' out.ndjson)" = 'Other word' ]
	# the same the other way round
	try pkg-merge three-way --edited --base base --into theirs ours
	[ "$status" -eq 0 ]
	diff <(jq -S 'select(.kind | startswith("@") | not)' out.ndjson) \
		<(jq -S 'select(.kind | startswith("@") | not)' <<<"$output")
}

@test "what one side renamed and the other minted again is both" {
	local new=12345678-1234-4321-8765-1234567890ab
	local phrase='{parts: [{text: "over there"}], languageCode: "en"}'
	local what file alias

	rm -rf base ours theirs
	cp -r "$tests/fixtures/cx" base
	cp -r base more
	# what both added into it comes once
	for file in more/intents/book.crossing/trainingPhrases/*; do
		jq ".trainingPhrases += [$phrase]" "$file" >changed
		mv changed "$file"
	done
	pkg-unpack -q more >more.ndjson
	for what in intent:book.crossing entitytype:ferry-line \
		generator:Summary 'page:Default Start Flow/Which line' \
		"flow:Pier & Deck's / night " 'webhook:Fare service'; do
		alias=$(jq -r --arg what "$what" \
			'select("\(.kind):\(.id)" == $what).alias[0]' more.ndjson)
		rm -rf theirs
		cp -r more theirs
		find theirs -type f -exec sed -i "s/$alias/$new/g" {} +
		pkg-rename -q "$what=Other-thing" more >ours
		pkg-rename -q "$what=Other-thing" theirs >again
		both_give ours again
	done
}

@test "what one side put into a flow's folder goes with its new name" {
	local flow pages

	rm -rf base ours theirs
	cp -r "$tests/fixtures/cx" ours
	pkg-unpack -q ours >base
	flow=$(jq -rs '[.[] | select(.kind == "page")][-1].owner[0]' base)
	pkg-rename -q "$flow=Night pier" base >theirs
	pages=$(ls -d ours/flows/Pier*/pages)
	jq '.displayName = "New" | .name = "f3000000-0000-4000-8000-0000000000ff"' \
		"$pages/Which line.json" >"$pages/New.json"
	for sides in 'ours theirs' 'theirs ours'; do
		try_sh "pkg-merge three-way --base base --into $sides >result"
		[ "$status" -eq 0 ]
		pkg-pack -q -f -o out/ result
		ls out/flows/*/pages/New.json >paths
		diff paths <(echo 'out/flows/Night pier/pages/New.json')
		# what the stream says of each is what its package says
		pkg-unpack -q out/ | grep -v '"kind":"@' | LC_ALL=C sort |
			diff - <(grep -v '"kind":"@' result | LC_ALL=C sort)
		rm -r out
	done
}

@test "what each side renamed, a thing or what it belongs to, has both names" {
	local of what flow="Pier & Deck's / night " in="Pier & Deck's %2F night "
	local pages

	rm -rf base ours theirs
	cp -r "$tests/fixtures/cx" base
	cp -r base more
	pages=$(echo more/flows/Pier*/pages)
	jq '.displayName = "New" | .transitionRoutes = [{
		name: "f3000000-0000-4000-8000-0000000000fe",
		condition: "true", targetPage: "Which line"}] |
		.name = "f3000000-0000-4000-8000-0000000000ff"' \
		"$pages/Which line.json" >"$pages/New.json"
	while IFS='|' read -r of what; do
		pkg-rename -q "$of=Up / on" more >ours
		pkg-rename -q "$what=Down" base >theirs
		pkg-rename -q "$what=Down" more >both
		pkg-rename -q "$of=Up / on" both >again
		both_give again again
	done <<-EOF
		flow:$flow|page:$in/Which line
		flow:$flow|routegroup:$in/Small questions
		playbook:Deck hand|example:Deck hand/Wet boots
	EOF
}

@test "a count of what belongs to something is that of the result" {
	rm -rf base
	cp -r "$tests/fixtures/cx" base
	pkg-unpack -q base >base.ndjson
	add='reduce .[] as $r ([]; . + [if $r.kind == "intent" and $r.id == $i
		then $r | .value.numTrainingPhrases += 1 else $r end] +
		if $r.kind == "phrase" and ($r.owner | index("intent:" + $i)) and
		$r == first($all[] | select(.kind == "phrase" and
		(.owner | index("intent:" + $i)))) then [$r | .value.id = $w |
		.value.parts = [{text: $w}]] else [] end) | .[]'
	intent=$(jq -rs '[.[] | select(.kind == "phrase")][0].owner[0] |
		ltrimstr("intent:")' base.ndjson)
	for w in ours theirs; do
		jq -cs --arg i "$intent" --arg w "$w" ". as \$all | $add" \
			base.ndjson >$w
	done
	count='select(.kind == "intent" and .id == $i).value.numTrainingPhrases'
	try pkg-merge three-way --edited --base base --into ours theirs
	[ "$status" -eq 0 ]
	[ "$(jq --arg i "$intent" "$count" <<<"$output")" -eq \
		$(($(jq --arg i "$intent" "$count" base.ndjson) + 2)) ]
}

@test "a count of what is not there has what both sides added" {
	pkg-unpack -q "$tests/fixtures/cx" | grep -v '^{"kind":"phrase"' |
		jq -c 'if .kind == "intent" then .value.numTrainingPhrases = 7
		else . end' >base.ndjson
	for more in '1 4 12' '-2 1 6' '-7 -1 0'; do
		# shellcheck disable=SC2034 # ${!side}
		read -r ours theirs sum <<<"$more"
		for side in ours theirs; do
			jq -c --argjson n "${!side}" 'if .kind == "intent" then
				.value.numTrainingPhrases += $n else . end' \
				base.ndjson >$side.ndjson
		done
		pkg-merge three-way --edited --base base.ndjson \
			--into ours.ndjson theirs.ndjson |
			jq 'select(.kind == "intent").value.numTrainingPhrases' |
			sort -u | diff - <(echo "$sum")
	done
}

@test "an empty list that one side removed is there for what the other adds" {
	trait='.traits = [{refId: "t1", language: "en", traits: {polite: {}}}]'
	side base '.traits = []'
	side ours .
	side theirs "$trait"
	gives "$trait"
	side ours "$trait"
	side theirs .
	gives "$trait"
	# what neither needs goes
	side ours '.traits = []'
	gives 'del(.traits)'
}

@test "containers of a value that both sides changed keep its order" {
	rm -rf base ours theirs
	mkdir base ours theirs
	llm='{_id: "s", refId: "a", llmConfiguration: [{refId: "l",
		featureList: [{name: "f"}], x: 1, integrations: {o: {}}, y: 1}]}'
	in='.llmConfiguration[0]'
	jq -n "$llm" >base/appDefinition.json
	jq -n "$llm | $in.featureList += [{name: \"g\"}] | $in.x = 2" \
		>ours/appDefinition.json
	jq -n "$llm | $in.integrations.p = {} | $in.y = 2" \
		>theirs/appDefinition.json
	pkg-merge -q three-way --base base --into ours theirs |
		pkg-pack -q -o both/
	jq -n "$llm | $in.featureList += [{name: \"g\"}] | $in.x = 2 |
		$in.integrations.p = {} | $in.y = 2" |
		diff - <(jq . both/appDefinition.json)
}

@test "one of the three may come from a pipe" {
	side ours "$rome"
	side theirs "$oslo"
	three_way
	pkg-unpack -q theirs | pkg-merge three-way --base base --into ours |
		cmp - out.ndjson
	try_sh 'pkg-unpack -q base | pkg-merge three-way --base - --into ours \
		theirs'
	[ "$output" = "$(cat out.ndjson)" ]
}

@test "what does not go together is refused before anything is read" {
	try pkg-merge three-way --into ours theirs
	[ "$status" -eq 2 ]
	says 'expected --base'
	try pkg-merge three-way --base base --into ours --plan theirs
	[ "$status" -eq 2 ]
	says '--plan is for full or incremental'
	try pkg-merge full --base base --into ours theirs
	[ "$status" -eq 2 ]
	says '--base is for three-way'
	try pkg-merge three-way --base - --into - theirs
	[ "$status" -eq 2 ]
	says 'standard input for one of the streams'
	try pkg-merge three-way --prefer mine --base base --into ours theirs
	[ "$status" -eq 2 ]
	says '--prefer' 'expected ours, theirs or base'
	try pkg-merge three-way --base base --into "$tests/fixtures/cx" base
	[ "$status" -eq 3 ]
	says 'expected three of one platform'
}

@test "a model of three-way merges says the same of random ones" {
	try "$tests/laws/threeway.py" -n "$((12 / SPARSE + 1))" "$build/bin" \
		"$tests/diff/old" "$tests/fixtures/cx"
	[ "$status" -eq 0 ]
}

@test "the laws hold of real histories" {
	local history

	corpus pairs
	for history in "$corpus"/*/*/; do
		try "$tests/laws/threeway.py" -p "$build/bin" "$history"*/
		[ "$status" -eq 0 ]
	done
}
