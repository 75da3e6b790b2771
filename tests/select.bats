#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-select.  select/ has bodies of requests: request.json is the vendor's
# sample as it stands in the documents, but for line breaks.
#
# oracle/check-select.py works out from the packages' own files what a selection
# must hold.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pkg-unpack "$xo10" >kore.ndjson
	pkg-unpack "$tests/fixtures/cx" >cx.ndjson
	dialog=dialog:d1000000-0000-4000-8000-00000000000
}

# the stream without its first line, in which tools differ
body() {
	sed 1d "$1"
}

# kinds and how many there are of each; jq takes no lone surrogates
kinds() {
	grep -o '^{"kind":"[a-z][^"]*"' "$1" | cut -d '"' -f 4 | sort |
		uniq -c | awk '{ print $2, $1 }'
}

# kind:id of the components of some kinds
ids() {
	{ grep -E "^\{\"kind\":\"($2)\"" "$1" || [ $? -eq 1 ]; } |
		sed 's/^{"kind":"\([^"]*\)","id":"\([^"]*\)".*/\1:\2/'
}

# the real packages of a platform, every n-th of them
some_of() {
	local dir i=0

	corpus "$1"
	packages=()
	for dir in "$corpus"/*/; do
		zip=("$dir"*.zip)
		[ -e "${zip[0]}" ] || zip=("${dir%/}")
		((i++ % $2 != 0)) || packages+=("${zip[0]}")
	done
	few
}

@test "everything selected is the input, byte for byte, from file and pipe" {
	for stream in kore.ndjson cx.ndjson; do
		try_sh 'pkg-select "$1" >a; pkg-select <"$1" >b
			cat "$1" | pkg-select - >c' "$stream"
		[ "$status" -eq 0 ]
		quiet
		for out in a b c; do
			body $out | diff - <(body "$stream")
		done
	done
	pkg-select kore.ndjson >a
	good_stream a
	# of no component at all, too
	sed -n '1p;$p' kore.ndjson | pkg-filter-status --edited latest >none
	pkg-select none >a
	body a | diff - <(body none)
}

@test "everything selected is the input, for the real packages" {
	n=0
	for platform in kore dialogflow_cx; do
		some_of $platform 3
		for package in "${packages[@]}"; do
			pkg-unpack -q "$package" >all
			pkg-select all >out
			body out | diff - <(body all)
			n=$((n + 1))
		done
	done
	[ "$n" -ge 2 ]
}

@test "every category chosen is the input as well" {
	try pkg-select -c app,settings,tasks,nlpData,AgentAI,customDashboards \
		kore.ndjson
	[ "$status" -eq 0 ]
	quiet
	printf '%s\n' "$output" | sed 1d | diff - <(body kore.ndjson)
}

@test "a dialog or flow brings exactly what it depends on, and nothing dangles" {
	try python3 "$tests/oracle/check-select.py" deps "$xo10" "$xo11" \
		"$tests/fixtures/cx"
	[ "$status" -eq 0 ]
	quiet
}

@test "the same, for dialogs and flows of real packages" {
	for platform in kore dialogflow_cx; do
		some_of $platform 5
		try python3 "$tests/oracle/check-select.py" deps "${packages[@]}"
		[ "$status" -eq 0 ]
		quiet
		[ "${#lines[@]}" -eq "${#packages[@]}" ]
	done
}

@test "what is excluded wins over every need, and is repaired everywhere" {
	try python3 "$tests/oracle/check-select.py" without "$xo10" "$xo11" \
		"$tests/fixtures/cx"
	[ "$status" -eq 0 ]
	quiet
}

@test "the same, for every kind of real packages" {
	for platform in kore dialogflow_cx; do
		some_of $platform 6
		try python3 "$tests/oracle/check-select.py" without "${packages[@]}"
		[ "$status" -eq 0 ]
		quiet
	done
}

@test "training comes with the intent's own dialog, if it is chosen" {
	try python3 "$tests/oracle/check-select.py" training "$xo10" "$xo11"
	[ "$status" -eq 0 ]
	quiet
	pkg-select -i ${dialog}2 --deps kore.ndjson >out
	kinds out | grep -E 'utterance|pattern' && false
	pkg-select -k dialog,utterance -i ${dialog}2 kore.ndjson >out
	kinds out | grep utterance | diff - <(echo utterance 1)
	kinds out | grep pattern && false
	true
}

@test "the vendor's sample request runs, and leaves out what it does not name" {
	try pkg-select --request "$tests/select/request.json" --rejects left \
		kore.ndjson
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" >out
	# forms are linked to, and so are dependent tasks; flows are not there
	kinds out | diff - <(kinds kore.ndjson)
	kore_packages
	few
	for package in "${packages[@]}"; do
		pkg-unpack -q "$package" >all
		try pkg-select --request "$tests/select/request.json" all
		[ "$status" -eq 0 ]
		quiet
		printf '%s\n' "$output" >out
		# it names no flows, which apps of XO11 have
		diff <(kinds all | grep -v '^flow') <(kinds out)
	done
}

@test "older words of a request mean the newer ones" {
	pkg-unpack "$xo11" >app.ndjson
	for words in '"AgentAssist": ["playbooks"]' '"AgentAI": ["rules"]'; do
		echo "{\"exportOptions\": {$words}}" >r
		pkg-select --request r app.ndjson >out
		grep -o '"at":"/agentAssistExport"' out
		grep -o '"tasks":\[\],.*"AgentAssist":\["rules","playbooks"\]' out
	done
	ask() {
		echo "{\"exportOptions\": {$1}, $2}" >r
		pkg-select --request r kore.ndjson | sed 1d
	}
	ask '"nlpData": ["training_data", "bot_synonyms"]' \
		'"customDashboard": true' >older
	ask '"nlpData": ["utterances", "synonyms"]' \
		'"customDashboards": true' >newer
	diff older newer
}

@test "a partial request is what the vendor would have exported" {
	try pkg-select --request "$tests/select/part.json" kore.ndjson
	[ "$status" -eq 0 ]
	quiet
	printf '%s\n' "$output" >out
	ids out dialog | diff - <(echo ${dialog}2)
	ids out 'utterance|pattern|form|event|namespace|envvariable' |
		diff - <(printf '%s\n' \
		    utterance:65f0c0de0000000000000004)
	pkg-pack -o made/ out
	# empty lists of some kinds, and no lists of others
	jq -r '[.sentences, .patterns, .namespaces, .knowledgeTasks] |
		map(length) | @csv' made/botDefinition.json |
		diff - <(echo 1,0,0,0)
	jq -e '(.botEvents == {}) and (has("forms", "panels", "channels",
		"color", "botSentimentEvents") | not)' made/botDefinition.json
	jq -c '.exportOptions | [.tasks, .nlpData, .settings,
		.subTasks.dialogs]' made/botDefinition.json | diff - <(echo \
		'[["botTask"],["utterances","traitRules"],[],' \
		'["dg-d0000000-0000-4000-8000-000000000002"]]' | tr -d ' ')
}

@test "a request for some tasks brings no part of another, nor that task" {
	grep -c '"kind":"formfield"' kore.ndjson >/dev/null
	echo '{"subTasks": {"dialogs": ["'${dialog#*:}2'"]}}' >r
	pkg-select --request r kore.ndjson >out
	ids out 'form|formfield|flow|flowmessage' | diff - /dev/null
	pkg-select -k form kore.ndjson >out
	diff <(ids kore.ndjson formfield) <(ids out formfield)
	refuses 1 'pkg-select -k formfield kore.ndjson' 'only come along'
}

@test "of a request for training alone stubs of tasks are left" {
	echo '{"exportOptions": {"nlpData": ["utterances", "patterns"]}}' >r
	pkg-select --request r kore.ndjson >out
	pkg-pack -o made/ out
	jq -c '[.dialogs[], .dialogComponents[]] | map(keys_unsorted -
		["_id", "refId", "lname", "localeData", "amendConfig", "name",
		"type", "useTaskLevelNs", "vNameSpace", "idp"]) | add' \
		made/botDefinition.json | diff - <(echo '[]')
	for kind in dialog component scene utterance pattern; do
		diff <(ids kore.ndjson $kind) <(ids out $kind)
	done
	jq -e '(.mlParams | map(has("dialogIntents")) | any | not) and
		(has("widgets") | not)' made/botDefinition.json
	# and what the stream says of it is what unpacking it says
	pkg-unpack made | grep -v '^{"kind":"@' | diff - \
		<(grep -v '^{"kind":"@' out)
}

@test "the vendor's partial exports differ in what is explained alone" {
	corpus kore
	parts=("$corpus"/darshana0406*-Export-{All,BotTasks,NLPData}-ExportBot
		"$corpus"/darshana0406*-Export-WithoutSettings-ExportBot)
	[ -d "${parts[0]}" ] || skip "the four exports are not there"
	try python3 "$tests/oracle/check-select.py" partial "${parts[@]}"
	[ "$status" -eq 0 ]
	# what only partial exports have, what nobody can compute, orders
	printf '%s\n' "$output" | grep -vE \
		'^	/(assignAllChildBots|recentBotLimit)	only theirs	1$' |
		grep -vE '^	/encryptedHash	value	1$' |
		grep -vE '^	/(exportOptions|dialogComponents/-)	order	' |
		diff - <(printf '%s-ExportBot\n' BotTasks NLPData \
		WithoutSettings)
}

@test "words that a request cannot have are told with those it can" {
	ask() {
		printf '%s' "$1" >r.json
		refuses 3 'pkg-select --request r.json kore.ndjson' r.json "${@:2}"
	}
	ask '{"exportOption": {}}' /exportOption '"exportOptions"'
	ask '{"exportOptions": {"nlpdata": []}}' /exportOptions/nlpdata nlpData
	ask '{"exportOptions": {"tasks": ["botTsk"]}}' \
		/exportOptions/tasks/0 botTsk '"botTask"'
	ask '{"exportOptions": {"settings": ["xyz"]}}' botSettings \
		genAIandLLMSettings
	ask '{"exportOptions": {"tasks": "botTask"}}' 'expected a list'
	ask '{"exportType": "newest"}' latest
	ask '{"allTasks": "yes"}' 'true or false'
	ask '{"subTasks": {"dialogs": [["x"]]}}' /subTasks/dialogs/0
	ask '[]' 'a JSON object'
	ask '{"customDashboards": true,}' 'byte 26'
	printf '{"subTasks": {"dialogs": ["x"]}}' >r.json
	refuses 1 'pkg-select --request r.json kore.ndjson' none
	refuses 2 'pkg-select --request r.json cx.ndjson' 'no request API'
}

@test "unknown kinds, categories and ids are told with the nearest" {
	refuses 2 'pkg-select -k dialgo kore.ndjson' '"dialog"'
	refuses 2 'pkg-select -x -k flwo cx.ndjson' '"flow"'
	refuses 2 'pkg-select --deps --stop-at flwo cx.ndjson' '"flow"'
	refuses 2 'pkg-select -k zzzzzz cx.ndjson' 'known are' webhook
	refuses 2 'pkg-select -c botTask kore.ndjson' '"tasks/botTask"'
	refuses 2 'pkg-select -c nlpData/uterances kore.ndjson' \
		'"nlpData/utterances"'
	refuses 1 "pkg-select -i ${dialog}9 kore.ndjson" "${dialog#*:}"
	refuses 1 'pkg-select -i "Plant Care" kore.ndjson' 'is the name' \
		"${dialog}2"
	refuses 1 'pkg-select -i flow:Defautl cx.ndjson' '"Default'
	refuses 1 'pkg-select --explain nobody cx.ndjson' nobody
}

@test "nothing is packed of a selection that nothing fits" {
	refuses 1 'pkg-select -k form -n "Plant*" kore.ndjson' 'nothing fits'
	refuses 1 'pkg-select -k utterance kore.ndjson' 'belong to'
	try_sh 'pkg-select -q -n "No such*" kore.ndjson | pkg-pack -o x.zip'
	[ "$status" -ne 0 ]
	[ ! -e x.zip ]
}

@test "a broken stream gives no selection" {
	head -n 40 kore.ndjson >short
	refuses 6 'pkg-select short' '@end'
	refuses 6 'pkg-select <short' '@end'
	sed 's/Order Plant/Order plant/' kore.ndjson >changed
	refuses 6 'pkg-select -k dialog changed' sum
	try_sh 'pkg-select --edited -k dialog changed | pkg-pack -o x.zip'
	[ "$status" -eq 0 ]
}

@test "words of one list are alternatives, lists are conditions" {
	pkg-select -n 'Plant*,Shop Help' -k dialog kore.ndjson >out
	ids out dialog | diff - <(printf '%s\n' ${dialog}2 ${dialog}3)
	pkg-select -i dg-d0000000-0000-4000-8000-000000000002 -n 'Shop*' \
		-k dialog kore.ndjson >out
	ids out dialog | diff - <(printf '%s\n' ${dialog}2 ${dialog}3)
	pkg-select -k dialog -x -n 'Plant*' -x -i ${dialog}3 kore.ndjson >out
	ids out dialog | diff - <(echo ${dialog}1)
	# one id with a comma needs no backslash, two do
	pkg-select -q -i 'Timetable, please?' cx.ndjson >out
	ids out intent | diff - <(echo 'intent:Timetable, please?')
	try pkg-select -i 'Timetable, please' cx.ndjson
	[ "$status" -eq 1 ]
	says '"Timetable"' '" please"'
	jq -r 'select(.kind == "intent").id' cx.ndjson | sed 's/,/\\,/g' |
		paste -sd , >all
	pkg-select -k intent -i "$(cat all)" cx.ndjson >out
	diff <(ids out intent) <(ids cx.ndjson intent)
}

@test "settings of a chosen category come with what is named" {
	pkg-select -c settings,tasks -i ${dialog}2 kore.ndjson >out
	ids out dialog | diff - <(echo ${dialog}2)
	n=$(grep -c '^{"kind":"setting","category":"settings/' kore.ndjson)
	[ "$n" -gt 0 ]
	grep -c '^{"kind":"setting","category":"settings/' out |
		diff - <(echo "$n")
	pkg-select -c tasks -i ${dialog}2 kore.ndjson >out
	grep '^{"kind":"setting","category":"settings/' out && false
	grep '^{"kind":"setting","category":"app"' out >/dev/null
}

@test "an edited list selects its lines" {
	try pkg-select --list kore.ndjson
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" >list
	# every component that has an id and may be chosen is in it
	follow='component|scene|scenecomponent|utterance|pattern|dialogintent'
	follow+='|formfield|flowstep|flowmessage|tool'
	cut -f 1,2 list | tr '\t' : | diff - <(grep -v '^{"kind":"@' \
		kore.ndjson | grep '^{"kind":"[^"]*","id":' | sed \
		's/^{"kind":"\([^"]*\)","id":"\(\([^"\\]\|\\.\)*\)".*/\1:\2/' |
		grep -vE "^($follow):")
	grep -E '^(dialog|form)	' list | sed 2d >some
	pkg-select -L some kore.ndjson >out
	ids out 'dialog|form' | sort | diff - <(cut -f 1,2 some |
		tr '\t' : | sort)
	printf 'Plant Care\n%s\n' ${dialog#*:}3 >words
	pkg-select -L words kore.ndjson >out
	ids out dialog | diff - <(printf '%s\n' ${dialog}2 ${dialog}3)
	printf 'dialog\tnone\t\tx\n' >bad
	refuses 1 'pkg-select -L bad kore.ndjson' dialog:none
}

@test "a list of objects has the members of the envelopes that are one text" {
	pkg-select --edited >s.ndjson <<-'EOF'
	{"kind":"@stream","version":1,"platform":"kore"}
	{"kind":"dialog","id":"d","name":"Say \"D\"","category":"tasks/dialogs","status":"configured","alias":["e"],"names":["f"],"owner":["bot:b"],"file":"f","at":"/dialogs/-","value":{"a":1}}
	{"kind":"form","id":"g\\","type":"t","lang":"en","x-own":"x","file":"f","at":"/forms/-","value":{}}
	{"kind":"setting","file":"f","at":"/s","value":{}}
	{"kind":"@end","records":0,"sum":""}
	EOF
	try pkg-select --list --json s.ndjson
	[ "$status" -eq 0 ]
	quiet
	diff - <(echo "$output") <<-'EOF'
	{"kind":"dialog","id":"d","name":"Say \"D\"","category":"tasks/dialogs","status":"configured"}
	{"kind":"form","id":"g\\","type":"t","lang":"en"}
	EOF
	refuses 1 'pkg-select --list --json -k utterance kore.ndjson' \
		'only come along'
}

# the envelopes of a stream, as jq takes them: values may have lone surrogates
envelopes() {
	sed 's/"value":.*/"value":0}/' "$1"
}

# what jq makes of them, but those that cannot be chosen
objects() {
	envelopes "$2" | jq -c --arg follow "^($1)\$" '
		select(.id != null and .kind[0:1] != "@")
		| select(.kind | test($follow) | not)
		| {kind, id, name, type, category, status, lang}
		| with_entries(select(.value != null))'
}

@test "a list of objects has the components of the list, in its order" {
	for stream in kore.ndjson cx.ndjson; do
		pkg-select --list $stream | cut -f 1 | sort -u >listed
		[ -s listed ]
		follow=$(envelopes $stream | jq -r .kind | sort -u |
			{ grep -vxFf listed || false; } | paste -sd '|')
		pkg-select --list --json $stream >out
		objects "$follow" $stream | diff - <(jq -c . out)
		jq -r '[.kind, .id, .status // "", .name // "" | tojson[1:-1]]
			| join("\t")' out | diff - <(pkg-select --list $stream)
	done
	pkg-select --list --json -k dialog -x -n 'Plant*' kore.ndjson |
		jq -r '.kind + ":" + .id' >ids
	pkg-select -k dialog -x -n 'Plant*' kore.ndjson >out
	ids out dialog | diff - ids
	# and ids of objects are a list for -L
	pkg-select -L ids kore.ndjson >out
	ids out dialog | diff - ids
}

@test "of several versions a line of the list means one" {
	{
		printf '{"kind":"@stream","version":1,"platform":"kore"}\n'
		for s in published configured; do
			printf '{"kind":"dialog","id":"d","status":"%s",' $s
			printf '"file":"f","at":"/dialogs/-","value":{}}\n'
		done
		printf '{"kind":"@end","records":0,"sum":""}\n'
	} | pkg-select --edited >two
	pkg-select --list two | grep published >list
	pkg-select -L list two >out
	grep -o '"status":"[a-z]*"' out | diff - <(echo '"status":"published"')
	pkg-select -s configured two >out
	grep -o '"status":"[a-z]*"' out | diff - <(echo '"status":"configured"')
}

@test "the path that is explained is a true one" {
	try python3 "$tests/oracle/check-select.py" explain "$xo10" "$tests/fixtures/cx"
	[ "$status" -eq 0 ]
	quiet
	try pkg-select -i ${dialog}1 --explain ${dialog}2 kore.ndjson
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *'no --deps'* ]]
	[[ ${lines[1]} == *:*1*selected ]]
	try pkg-select -x -i ${dialog}2 --explain ${dialog}2 kore.ndjson
	[[ ${lines[0]} == *excluded ]]
	try pkg-select -i ${dialog}1 --explain utterance:65f0c0de0000000000000001 \
		kore.ndjson
	[[ ${lines[0]} == *'category is not chosen'* ]]
}

@test "an excluded dialog disables exactly the events that lead there" {
	pkg-select -x -i ${dialog}2 --rejects left kore.ndjson >out
	pkg-pack -o made/ out
	python3 - "$xo10" made "${dialog#*:}2" <<-'END'
		import json, sys
		was, now = (json.load(open(p + "/botDefinition.json", encoding="utf-8"))
		            for p in sys.argv[1:3])
		went, disabled = sys.argv[3], 0
		for name, event in was["botEvents"].items():
		    if event.get("task") == went:
		        event["task"], event["enabled"] = "", False
		        disabled += 1
		assert now["botEvents"] == was["botEvents"] and disabled == 1
		assert list(now["botEvents"]) == list(was["botEvents"])
		assert went in json.dumps(was) and went not in json.dumps(now)
	END
	# what stays and what is left is all there was
	{
		body out
		body left
	} | grep -v '^{"kind":"@end"' | wc -l >n
	grep -cvE '^\{"kind":"@(stream|end)"' kore.ndjson | diff n -
	body left | grep -v '@end' | grep -v '"x-why":"' && false
	grep -o '"x-why":"[^"]*"' left | sort -u |
		grep 'it is excluded' >/dev/null
}

@test "lost references may be kept, or be the end" {
	refuse=("pkg-select --on-missing fail -x -i ${dialog}3 kore.ndjson")
	try_sh "${refuse[0]}"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	printf '%s\n' "$stderr" | grep -c 'is not selected' >n
	[[ $stderr == *event:WELCOME_MESSAGE_EVENT*${dialog}3* ]]
	[[ $stderr == *c1000000-0000-4000-8000-000000000011* ]]
	try pkg-select --on-missing keep -x -i ${dialog}3 --rejects left \
		kore.ndjson
	[ "$status" -eq 0 ]
	printf '%s\n' "$stderr" | grep -c 'it stays as it is' | diff n -
	# all that stays is as it was, but what the export says of itself
	printf '%s\n' "$output" | sed '1d;$d' | grep -vFxf kore.ndjson |
		grep -o '"at":"[^"]*"' | diff - <(echo '"at":"/exportOptions"')
}

@test "links are followed if they are to be, and not to where it stops" {
	pkg-select -i ${dialog}1 kore.ndjson --report r >out
	ids out 'dialog|form' | diff - <(echo ${dialog}1)
	jq -e '.links_left_out > 0 and .lost == 0 or .repairs > 0' r
	pkg-select -i ${dialog}1 --deps kore.ndjson >out
	ids out 'dialog|form' | sort | diff - <(printf '%s\n' ${dialog}1 \
		${dialog}2 form:f1000000-0000-4000-8000-000000000001)
	pkg-select -i ${dialog}1 --deps --stop-at form kore.ndjson >out
	ids out 'dialog|form' | diff - <(printf '%s\n' ${dialog}1 ${dialog}2)
	echo '{"subTasks": {"dialogs": ["'${dialog#*:}1'"]},
		"IncludeFormDependentTasks": true}' >r
	pkg-select --request r kore.ndjson >out
	ids out dialog | diff - <(echo ${dialog}1)
}

@test "what is excluded is repaired in what is chosen, and takes its own along" {
	pkg-select -i ${dialog}1 -x -i ${dialog}2 kore.ndjson >out
	ids out dialog | diff - <(echo ${dialog}1)
	grep -c "${dialog#*:}2" kore.ndjson >/dev/null
	body out | grep "${dialog#*:}2" && false
	# the intent that led there is needed, but leads nowhere now
	ids out component | grep -x component:c1000000-0000-4000-8000-000000000008
	body out | grep '"dg-d0000000-0000-4000-8000-000000000002"' && false
	pkg-select -q -k page -x -i 'flow:Default Start Flow' cx.ndjson >out
	ids out 'page|flow' | sort | diff - <(ids cx.ndjson 'page|flow' |
		grep -v 'Default Start Flow' | sort)
}

@test "what a later target has need not come along, and is not missing" {
	page=$(ids cx.ndjson page | sed -n 1p)
	pkg-select -q -i "$page" cx.ndjson >alone
	# what it belongs to comes, but not what else does
	ids alone flow | diff - <(echo 'flow:Default Start Flow')
	ids alone page | diff - <(echo "$page")
	[ "$(ids cx.ndjson page | grep -c ':Default Start Flow/')" -gt 1 ]
	pkg-select -q -k flow,intent cx.ndjson >target
	try pkg-select --assume target --on-missing fail -i "$page" cx.ndjson
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" >out
	ids out page | diff - <(echo "$page")
	[ -z "$(ids out 'flow|intent')" ]
	# no file of what is not there
	grep -o '"@file","file":"flows/[^"]*/pages/' out | wc -l |
		diff - <(echo 1)
	head -n 3 target >short
	refuses 6 "pkg-select --assume short -i '$page' cx.ndjson" short: '@end'
	refuses 3 "pkg-select --assume kore.ndjson -i '$page' cx.ndjson" \
		kore.ndjson:1: '--assume is of platform kore' \
		'the input of dialogflow_cx'
}

@test "another language is left out, and counters follow" {
	pkg-select -l en cx.ndjson >out
	jq -r 'select(.lang) | .lang' out | sort -u | diff - <(echo en)
	jq -r 'select(.lang) | .lang' cx.ndjson | sort -u | grep -v en
	jq -n '[inputs] | (map(select(.kind == "phrase") | .owner[0]) |
		group_by(.) | map({ (.[0]): length }) | add) as $n | .[] |
		select(.kind == "intent" and .value.numTrainingPhrases) |
		.value.numTrainingPhrases == $n["intent:" + .id]' out |
		sort -u | diff - <(echo true)
	# an intent that loses nothing stays as it was
	jq -r 'select(.kind == "phrase" and .lang != "en").owner[0][7:]' \
		cx.ndjson | sort -u >changed
	{ diff <(jq -c 'select(.kind == "intent") | [.id, .value]' cx.ndjson) \
		<(jq -c 'select(.kind == "intent") | [.id, .value]' out) ||
		[ $? -eq 1 ]; } | grep '^>' | cut -d '"' -f 2 | sort | diff changed -
}

# the lists of languages of a stream; jq takes no lone surrogates
lists() {
	grep -E '"at":"/supportedLanguages"|^\{"kind":"agent"' "$1" |
		jq -c 'if .kind == "agent" then
		    .value.supportedLanguageCodes else .value end'
}

@test "a list of languages has those selected, on each platform that has one" {
	grep -l '^[[:space:]]languages ' "$root"/lib/platform/*.map |
		sed 's,.*/,,' | diff - <(printf '%s\n' dialogflow_cx.map kore.map)
	# no component of XO11 is in a language that only the list has
	pkg-unpack "$xo11" | jq -c 'select(.at == "/supportedLanguages").value =
	    ["en", "de", "fr"]' >edited
	pkg-select --edited edited >xo11.ndjson
	for stream in kore:en,de xo11:en,de,fr cx:en,de; do
		all=${stream#*:} stream=${stream%:*}.ndjson
		pkg-select -l "$all" "$stream" | body - |
			diff - <(body "$stream")
		for args in "-l en" "-l de" "-l en,de" "-x -l de"; do
			# shellcheck disable=SC2086 # words
			pkg-select -q $args "$stream" >out
			lists "$stream" | jq -c --arg args "$args" '
				map(select(. as $l | $args | if
				    startswith("-x") then contains($l) | not
				    else contains($l) end))' >expected
			lists out | diff expected -
			# packed, it is the package's
			pkg-pack -f -q -o made/ out
			pkg-unpack -q made >again
			lists again | diff expected -
			# and only what counts components changed beside it
			diff <(body "$stream" | grep -v '"lang":') \
				<(body out | grep -v '"lang":') >changed ||
				[ $? -eq 1 ]
			run ! grep -vE '^[^>]|"at":"/supportedLanguages"|"kind":"(agent|intent|component|@end)"' changed
		done
	done
	refuses 1 'pkg-select -l it xo11.ndjson' 'nothing has the language "it"'
}

@test "a list of languages stays in what a later merge puts into another's" {
	pkg-select -l en --assume kore.ndjson kore.ndjson >out
	lists out | diff - <(lists kore.ndjson)
	pkg-merge -q incremental --into kore.ndjson out >merged
	lists merged | diff - <(lists kore.ndjson)
}

@test "a default language that is not selected is told, and stays" {
	try pkg-select -l de kore.ndjson
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	line=$(grep -n '"at":"/defaultLanguage"' kore.ndjson | cut -d : -f 1)
	says "kore.ndjson:$line: warning: setting /defaultLanguage:" \
		'the language en is not selected'
	grep '"at":"/defaultLanguage"' kore.ndjson >line
	grep -qxFf line <<<"$output"
	try pkg-select -l de cx.ndjson
	says 'warning: agent ' 'the language en is not selected'
	try pkg-select -l en cx.ndjson
	quiet
}

@test "what is selected unpacks to itself, and selects itself" {
	n=0
	while read -r stream args; do
		# shellcheck disable=SC2086 # words
		pkg-select -q $args "$stream" >one
		# shellcheck disable=SC2086
		pkg-select -q $args one | sed 1d | diff - <(body one)
		pkg-pack -f -q -o made/ one
		pkg-unpack made | grep -v '^{"kind":"@' >again
		grep -v '^{"kind":"@' one | sort | diff - <(sort again)
		n=$((n + 1))
	done <<-END
		kore.ndjson -k dialog -i ${dialog}1 --deps
		kore.ndjson -k dialog -i ${dialog}2
		kore.ndjson -c nlpData
		kore.ndjson -c tasks/botTask,nlpData/utterances
		kore.ndjson -x -k component
		kore.ndjson -x -k dialog
		kore.ndjson -x -k scenecomponent,trait,idp
		cx.ndjson -k flow --deps
		cx.ndjson -l en
		cx.ndjson -x -k entitytype --on-missing drop
		cx.ndjson -x -k page,tool,generator --on-missing drop
	END
	[ "$n" -eq 11 ]
}

@test "a full disk and a file that cannot be written are told" {
	refuses 4 'pkg-select -k dialog kore.ndjson >/dev/full' stdout
	refuses 4 'pkg-select --list kore.ndjson >/dev/full' stdout
	refuses 4 'pkg-select --rejects no/such -k dialog kore.ndjson' no/such
	refuses 4 'pkg-select --rejects /dev/full -k dialog kore.ndjson' full
	refuses 4 'pkg-select -L no/such kore.ndjson' no/such
	refuses 4 'pkg-select --request no/such kore.ndjson' no/such
	refuses 4 'pkg-select --assume no/such kore.ndjson' no/such
	# what is little is put aside in memory
	TMPDIR=/no/such pkg-select <(cat kore.ndjson) | cmp - <(pkg-select \
	    kore.ndjson)
	python3 "$tests/bench/web.py" 9000 400 | pkg-select --edited >web
	[ "$(stat -c %s web)" -gt 3000000 ]
	refuses 4 'TMPDIR=/no/such pkg-select <(cat web)' temporary
	pkg-select kore.ndjson | sed -n 1p >first
	[ -s first ]
}

@test "a smaller index gives the same stream" {
	python3 "$tests/bench/web.py" 20000 400 | pkg-select --edited >web
	seed=d1a10600-0000-5000-8000-000000000500
	pkg-select --deps -i $seed web >a
	pkg-select -S 64K --deps -i $seed web >b
	diff a b
	pkg-select -S 64K --deps -i $seed <web | diff a -
	# in less data than the index has; sanitizers need more
	if ! sanitized; then
		try_sh 'ulimit -d 3000; pkg-select --deps -i "$1" web' $seed
		[ "$status" -eq 4 ]
		(
			ulimit -d 3000
			pkg-select -S 64K --deps -i $seed web
		) | diff a -
	fi
	# a thousand dialogs lead to each other, with ten parts each
	ids a 'dialog|component' | sort -u | wc -l | diff - <(echo 10000)
	pkg-select -S 64K -x -i $seed --on-missing keep web 2>/dev/null >c
	pkg-select -x -i $seed --on-missing keep web 2>/dev/null | diff c -
}

# a stream of components that all share an alias and refer to it: how many,
# and by which list
sharing() {
	printf '{"kind":"@stream","version":1,"platform":"kore"}\n'
	seq "$1" | sed 's/.*/{"kind":"dialog","id":"d&","alias":["same"],'"$(
		)"'"'"$2"'":["dialog:same"],"file":"f","at":"\/dialogs\/-",'"$(
		)"'"value":{}}/'
	printf '{"kind":"@end","records":0,"sum":""}\n'
}

@test "a word that very many have is looked at once, not once for each" {
	# each with each, and that for each, would take hours
	for list in owner needs; do
		sharing 20000 $list | pkg-select --edited >many
		timeout 60 pkg-select -i d1 --deps many >out
		cmp <(body out) <(body many)
		timeout 60 pkg-select -q -x -i d7 many >left.$list
	done
	cmp <(body left.needs | grep -v '@end') \
		<(body many | grep -v '@end' | grep -vF '"id":"d7"')
	# owned by nothing but each other they fall together
	[ -z "$(body left.owner | grep -v '@end')" ]
	refuses 1 'timeout 60 pkg-select -x -k dialog many' 'all components'
}

@test "of a word that many have all records count" {
	one() {
		printf '{"kind":"%s","id":"%s",%s"file":"f",' "$@"
		printf '"at":"/x/-","value":{}}\n'
	}
	for n in 3 12 30; do
		{
			printf '{"kind":"@stream","version":1,"platform":"kore"}\n'
			for i in $(seq $n); do
				one dialog "d$i" '"alias":["same"],'
				one component "c$i" '"owner":["dialog:same"],'
				one form "f$i" '"links":["dialog:same"],'
			done
			one component own '"owner":["dialog:d2"],'
			one faq q '"links":["dialog:same"],'
			printf '{"kind":"@end","records":0,"sum":""}\n'
		} | pkg-select --edited >many
		pkg-select -i d2 many >out
		ids out 'dialog|component|form' | sort | diff - <({
			echo dialog:d2
			seq -f component:c%g $n
			echo component:own
		} | sort)
		pkg-select -i f1 --deps many >out
		ids out 'dialog|component|form' | sort | diff - <({
			echo form:f1
			seq -f dialog:d%g $n
			seq -f component:c%g $n
			echo component:own
		} | sort)
		# while one owner stays, so does what belongs to it
		pkg-select -x -i d1 many >out
		ids out component | diff - <({
			seq -f component:c%g $n
			echo component:own
		})
		# and what cannot be without it
		ids out faq | diff - <(echo faq:q)
		last=$(seq -s , -f d%g $n)
		pkg-select -x -i "$last" --on-missing keep --report r many \
			>out 2>/dev/null
		ids out 'dialog|component' | diff /dev/null -
		jq -c '[.lost, .dropped]' r | diff - \
			<(echo "[$((n + 1)),$((2 * n + 1))]")
		pkg-select -q -x -i "$last" many >out
		ids out 'dialog|component|faq' | diff /dev/null -
	done
}

@test "what goes for one reference does not stay for another that is lost" {
	cat >map <<-'EOF'
	platform small "Small agent"
	file data data.json json tells things
	missing drop
	kind thing
	  in data /things/-
	  id id
	  category things
	  needs part parts/- lost drop record
	  links thing links/-
	kind part
	  in data /parts/-
	  id id
	  category parts
	kind note
	  in data /notes/-
	  id id
	  category notes
	  owner thing of
	EOF
	mkdir in
	cat >in/data.json <<-'EOF'
	{"things":[{"id":"t1","parts":["p"],"links":["t2"]},{"id":"t2"},
	{"id":"t3"}],"parts":[{"id":"p"}],"notes":[{"id":"n","of":"t1"}]}
	EOF
	pkg-unpack --map map in >in.nd
	pkg-select --map map --deps -i thing:t1,thing:t3 -x -i part:p,thing:t2 \
		in.nd >out
	ids out 'thing|part|note' | diff - <(echo thing:t3)
}

@test "what a filter writes has its options, and no names of files" {
	pkg-select -c tasks -x -k form --deps --assume kore.ndjson \
		kore.ndjson |
		sed -n 1p | jq -c '.by[1].options' | diff - <(echo \
		'["-c=tasks","-x","-k=form","--deps","--assume"]')
}

@test "what is wrong with a command line is said" {
	wrong() {
		refuses 2 "pkg-select $1 kore.ndjson" "${@:2}"
	}
	wrong -x '-x: expected -c, -i, -k, -l, -n, -s or -L right after it'
	wrong '-x --deps -k dialog' '-x: expected -c'
	wrong '-x -x -k dialog' '-x: expected -c'
	wrong '--on-missing some' 'expected drop, keep or fail, found "some"'
	wrong 'a' 'expected one stream, found "kore.ndjson"'
	wrong '--list --explain x' 'one of --list and --explain'
	wrong '--list --rejects r' 'nothing is dropped'
	wrong --json '--json: expected --list'
	wrong '--json --explain x' '--json: expected --list'
	wrong '-S 0' 'expected a size'
	wrong '--max-depth 0' 'a number from 1 to' '"0"'
	wrong '--max-depth 1K' 'a number from 1 to' '"1K"'
	wrong '-k @open' 'has no kind "@open"'
	try pkg-select --nothing
	[ "$status" -eq 2 ]
}

@test "an empty word never means everything" {
	for option in -c -i -k -l -n -s '-x -i' '-x -c' --stop-at; do
		for word in "''" ',' ',,'; do
			refuses 2 "pkg-select $option $word kore.ndjson" \
				"${option#-x }: expected at least one"
		done
	done
	refuses 2 "pkg-select --explain '' kore.ndjson" 'expected an id'
	# one that stands beside others is passed over
	pkg-select -i ",${dialog}2," kore.ndjson >out
	ids out dialog | diff - <(echo ${dialog}2)
	: >empty
	refuses 1 'pkg-select -L empty kore.ndjson' 'nothing fits'
}

@test "a name, language or status that nothing has is told with the nearest" {
	refuses 1 'pkg-select -l EN cx.ndjson' cx.ndjson: \
		'nothing has the language "EN"' '"en"'
	refuses 1 'pkg-select -x -l xx kore.ndjson' '"xx"' 'has en, de'
	refuses 1 'pkg-select -x -n nosuch kore.ndjson' \
		'nothing has the name "nosuch"'
	refuses 1 "pkg-select -n 'Plnt*,Shop*' kore.ndjson" 'name "Plnt*"'
	refuses 1 'pkg-select -x -s publishd kore.ndjson' \
		'nothing has the status "publishd"' configured
	refuses 1 'pkg-select -l e --list cx.ndjson' '"en"'
}

@test "the beginning of a category is told what it may be meant for" {
	pkg-unpack "$xo10" >s.ndjson
	while read -r word near; do
		refuses 2 "pkg-select -c $word s.ndjson" "\"$word\"; did you mean \"$near\""
	done <<-'EOF'
	nlpdata nlpData
	nlp nlpData
	task tasks
	set settings
	uterances nlpData/utterances
	EOF
	# and a word of the other sort is told for what it is
	refuses 2 'pkg-select -k tasks s.ndjson' \
		'no kind "tasks", but a category: -c tasks'
	refuses 2 'pkg-select -c dialog s.ndjson' \
		'no category "dialog", but a kind: -k dialog'
}

@test "a list of what cannot be chosen says what to choose" {
	pkg-unpack "$xo10" >s.ndjson
	refuses 1 'pkg-select --list -k utterance s.ndjson' \
		'the 6 components that fit only come along'
	refuses 1 'pkg-select --list -i 65f0c0de0000000000000002 s.ndjson' \
		'the one component that fits only comes along'
	refuses 1 'pkg-select --list -k dialog -c settings s.ndjson' \
		'nothing that can be selected fits'
}

@test "of what was set -v tells to what" {
	pkg-unpack "$xo11" >s.ndjson
	try_sh "pkg-select -v -x -n 'Opening Hours' s.ndjson >out"
	[ "$status" -eq 0 ]
	says 'setting /defaultDialogId: ' 'is not selected: set to null' \
		'event ON_CONNECT_EVENT: ' \
		'is not selected: set enabled to false, task to ""'
	jq -c 'select(.at == "/defaultDialogId").value,
		(select(.id == "ON_CONNECT_EVENT").value | .enabled, .task)' out |
		diff - <(printf '%s\n' null false '""')
}

@test "no file that is read or written is written twice" {
	cp kore.ndjson copy
	ln kore.ndjson link
	echo '{}' >request
	cp request words
	for options in '--rejects link' '--report ./kore.ndjson' \
		'--assume cx.ndjson --rejects cx.ndjson' \
		'-L words -L words --rejects words' \
		'--request request --report request' \
		'--rejects new --report new'; do
		refuses 2 "pkg-select $options kore.ndjson" 'a file of its own'
		cmp kore.ndjson copy
	done
	[ -s cx.ndjson ]
	[ -s words ]
	[ -s request ]
	refuses 2 'pkg-select kore.ndjson >>kore.ndjson' 'a file of its own'
	cmp kore.ndjson copy
	refuses 2 'pkg-select --rejects - kore.ndjson' 'name of a file'
	refuses 2 'pkg-select --report - kore.ndjson' 'name of a file'
}

@test "a list, a request or a target may come from standard input, but one" {
	echo ${dialog}2 >list
	echo '{"exportOptions": {"tasks": ["botTask"]}}' >request
	same() {
		diff <(pkg-select "${@/%-/$file}" kore.ndjson) \
			<(pkg-select "$@" kore.ndjson <"$file")
	}
	file=list same -L -
	file=request same --request -
	file=kore.ndjson same -k dialog --deps --assume -
	refuses 2 'pkg-select --request - <kore.ndjson' 'standard input' 2
	refuses 2 'pkg-select --assume - -L - kore.ndjson' 'standard input'
	refuses 2 'pkg-filter-status --states - latest <kore.ndjson' \
		'standard input'
}

@test "a target that was edited is taken with --edited" {
	sed 's/Order Plant/Order plant/' kore.ndjson >changed
	try_sh 'pkg-select -k dialog --assume changed kore.ndjson'
	[ "$status" -eq 6 ]
	pkg-select -k dialog --assume kore.ndjson kore.ndjson >a
	pkg-select --edited -k dialog --assume changed kore.ndjson >b
	diff <(body a) <(body b)
}

@test "messages of records tell their lines" {
	n=$(grep -n '"id":"c1000000-0000-4000-8000-000000000007"' kore.ndjson |
		cut -d : -f 1)
	try pkg-select -v -x -k form kore.ndjson
	says "kore.ndjson:$n: /resourceId: component AddressForm: form:" \
		'member dropped'
	try pkg-select -x -k form --on-missing keep kore.ndjson
	says "kore.ndjson:$n: warning: component:" 'it stays as it is'
	refuses 1 'pkg-select -x -k form --on-missing fail kore.ndjson' \
		"kore.ndjson:$n: component:" 'not selected'
	refuses 1 'pkg-select -i nobody <kore.ndjson' 'stdin: nothing has'
	# the JSON of a value is seen where it is repaired
	sed '/"id":"c1000000-0000-4000-8000-000000000007"/s/"value":{/&,/' \
		kore.ndjson >bad
	refuses 6 'pkg-select bad' 'lines ('
	sum=$(sed -n 's/.*lines (\(.*\)):.*/\1/p' <<<"$stderr")
	[ -n "$sum" ]
	sed "\$s/\"sum\":\".*\"/\"sum\":\"$sum\"/" bad >wrong
	refuses 6 'pkg-select -x -k form wrong' "wrong:$n:" 'no JSON'
}

@test "a report has what the page says, and no files of a package" {
	pkg-select -x -k form --report r kore.ndjson >/dev/null
	jq -r 'keys_unsorted | join(" ")' r | diff - <(echo tool version \
		input status records bytes_in bytes_out peak_kib chosen along \
		always stubs dropped changed lost repairs links_left_out \
		led_nowhere)
	# a form, the list in it, and its two fields
	jq -c '[.records, .dropped, .lost]' r | diff - \
		<(echo "[$(($(wc -l <kore.ndjson) - 2)),4,1]")
	try pkg-select -v kore.ndjson
	[ "$status" -eq 0 ]
	[[ $stderr != *' files,'* ]]
}

@test "options of a request that name no group ask for everything" {
	for r in '{}' '{"exportOptions": {}}' '{"subTasks": {"dialogs": []}}' \
		'{"exportOptions": {"subTasks": {"alerts": []}}}'; do
		echo "$r" >r
		pkg-select --request r kore.ndjson >out
		body out | diff - <(body kore.ndjson)
	done
	echo '{"exportOptions": {"nlpData": ["utterances"]}}' >r
	pkg-select --request r kore.ndjson >out
	ids out 'form|alert|knowledge' | diff /dev/null -
	echo '{"exportOptions": {"settings": [], "tasks": []}}' >r
	refuses 1 'pkg-select --request r kore.ndjson' 'nothing fits'
	# each wrong value is told once, with its own place
	echo '{"subTasks": {"dialogs": ["x", 5, 6]}}' >r
	try pkg-select --request r kore.ndjson
	[ "$status" -eq 3 ]
	printf '%s\n' "$stderr" | diff - <(printf \
		'pkg-select: r: /subTasks/dialogs/%s: expected a text\n' 1 2)
}

@test "what led to a node goes on elsewhere when the node goes" {
	mkdir in
	cat >in/botDefinition.json <<-'EOF'
	{"_id":"st","refId":"app","dialogs":[{"_id":"dg","refId":"d","nodes":[
	{"nodeId":"n0","componentId":"dc-a","transitions":[{"if":{"field":
	"n1"},"then":"n0"},{"default":"n1"}]},
	{"nodeId":"n1","componentId":"dc-b","transitions":[{"default":"n1"}]},
	{"nodeId":"n2","componentId":"dc-a","transitions":[{"default":"n0"}]}
	]}],"dialogComponents":[{"_id":"dc-a","refId":"a"},
	{"_id":"dc-b","refId":"b"}]}
	EOF
	pkg-unpack -q in >s.ndjson
	pkg-select -q -x -i component:b s.ndjson |
		jq -c 'select(.kind == "dialog").value.nodes' >have
	diff - have <<-'EOF'
	[{"nodeId":"n0","componentId":"dc-a","transitions":[{"default":"end"}]},{"nodeId":"n2","componentId":"dc-a","transitions":[{"default":"n0"}]}]
	EOF
}

@test "a request of any platform has what its map says, and nothing else" {
	map=$tests/fuzz/otter.map
	echo '{"name":"Den","level":"1","rooms":[{"uid":"r1","shelves":[{"no":"s1",
		"books":{"b1":{},"b2":{}}}]},{"uid":"r2","leads":["r1"]}]}' >den.json
	pkg-unpack -q --map "$map" den.json >den.ndjson
	while IFS='|' read -r body want; do
		echo "$body" >body
		try pkg-select --map "$map" --request body den.ndjson
		if [[ $want == room:* ]]; then
			[ "$status" -eq 0 ]
			ids <(printf '%s\n' "$output") 'room|shelf|book' |
				paste -sd ' ' | diff <(echo "$want") -
		else
			[ "$status" -eq 3 ]
			[ -z "$output" ]
			says "$want"
		fi
	done <<-'END'
	{"pick":["rooms"],"rooms":["r1"],"skip":["s1/b1"]}|room:r1 shelf:r1/s1 book:s1/b2
	{"pick":["rooms"],"rooms":["r1"],"skip":[true]}|room:r1 shelf:r1/s1
	{"pick":["rooms"],"rooms":["r1"],"skip":[false]}|room:r1 shelf:r1/s1 book:s1/b1 book:s1/b2
	{"pick":["rooms"],"rooms":["r2"],"deep":true}|room:r1 shelf:r1/s1 book:s1/b1 book:s1/b2 room:r2
	{"pick":["room"]}|/pick/0: the request API has no "room" here; did you mean "rooms"?
	{"pick":[true]}|/pick/0: expected a text, found true or false
	{"pick":[1]}|/pick/0: expected a text
	{"pick":[[1]]}|/pick/0: expected no list or object
	{"skip":"x"}|/skip: expected a list or an object
	{"deep":1}|/deep: expected true or false
	{"deap":true}|/deap: the request API has no "deap" here; did you mean "deep"?
	[1]|
	END
}

@test "references of what is chosen that are taken out are told" {
	local said='warning: 1 reference of what is selected to what is not'

	pkg-unpack -q "$xo11" >t
	try pkg-select -i event:ON_CONNECT_EVENT t
	[ "$status" -eq 0 ]
	says "$said" '--assume TARGET'
	[ "${#stderr_lines[@]}" -eq 1 ]
	jq -e -s 'any(.id == "ON_CONNECT_EVENT" and .value.task == "")' \
		<<<"$output" >/dev/null
	# where nothing of it is lost, or that is what was asked for: nothing
	for how in '--assume t' '-i dialog:1d300000-0000-4000-8000-000000000002'; do
		try_sh "pkg-select -i event:ON_CONNECT_EVENT $how t"
		[ "$status" -eq 0 ]
		quiet
	done
	try pkg-select -x -k dialog t
	[ "$status" -eq 0 ]
	[[ $stderr != *'of what is selected'* ]]
}

@test "what a merge of a selected part would remove is told, and refused" {
	local page='page:Default Start Flow/Which line'

	pkg-unpack -q "$tests/fixtures/cx" >t
	pages=$(jq -r 'select(.kind == "page" and (.id |
		startswith("Default Start Flow/"))).id' t | wc -l)
	[ "$pages" -gt 1 ]
	try pkg-select -i "$page" t
	[ "$status" -eq 0 ]
	says 'left out of what the selected ones belong to' '--assume TARGET'
	# it leads to another page, which the merge would remove
	printf '%s\n' "$output" >s
	try pkg-merge incremental --into t s
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says 'page Default Start Flow/Which line (Which line): page:' \
		', to which it leads, is removed' '--allow missing'
	try pkg-merge incremental --plan=tsv --into t s
	[ "$status" -eq 1 ]
	[[ $output == *'# would fail: page '*' leads, is removed'* ]]
	# without it nothing of the target is removed
	try pkg-select --assume t -i "$page" t
	[ "$status" -eq 0 ]
	quiet
	printf '%s\n' "$output" >s
	pkg-merge -q incremental --into t s >r
	diff <(grep -v '"@stream"' t) <(grep -v '"@stream"' r)
}
