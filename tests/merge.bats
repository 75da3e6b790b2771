#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-merge.  merge/CASE has packages: target/ and source/, the result/ and
# the plan, both written by hand from the vendors' tables (App Import and
# Export), and the command.  Of real packages oracle/check-merge.py says whether a
# merge did what the tables say, from the packages' own JSON.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# all but the first line, which tells of each tool that was there
body() {
	tail -n +2 "$1"
}

# the streams of real packages, one file each, made once
streams() {
	local package packages

	corpus "$1"
	packages=("$corpus"/*/)
	few
	for package in "${packages[@]}"; do
		pkg-unpack -q "$(package "${package%/}")" \
			>"$1-$(basename "$package").ndjson"
	done
}

# a package of the corpus: its zip, or its folder
package() {
	local zip=("$1"/*.zip)

	[ -e "${zip[0]}" ] && echo "${zip[0]}" || echo "$1"
}

# merge two real packages both ways, with options, and have it checked
check_pair() {
	local mode

	pkg-unpack -q "$(package "$1")" >t.ndjson
	pkg-unpack -q "$(package "$2")" >s.ndjson
	for mode in incremental full; do
		pkg-merge -q "${@:3}" "$mode" --into t.ndjson s.ndjson \
			>r.ndjson
		rm -rf r
		pkg-pack -q -o r/ r.ndjson
		pkg-unpack -q r >unpacked.ndjson
		if twinned; then
			plain_prints r.ndjson pkg-merge -q "${@:3}" "$mode" \
				--into t.ndjson s.ndjson
			rm -rf plain
			"$PKG_PLAIN/bin/pkg-pack" -q -o plain/ r.ndjson
			diff -r plain r
			plain_prints unpacked.ndjson pkg-unpack -q r
		else
			checked "$mode" "$1" "$2"
		fi
		pkg-merge -q "$mode" --into r.ndjson s.ndjson >again.ndjson
		diff <(body r.ndjson) <(body again.ndjson)
	done
}

# what a merge made of two real packages is what the tables say
checked() {
	python3 "$tests/oracle/check-merge.py" --same r.ndjson unpacked.ndjson
	try python3 "$tests/oracle/check-merge.py" "$1" "$(package "$2")" \
		"$(package "$3")" r
	[ "$status" -eq 0 ] || {
		echo "$1: $3 into $2"
		return 1
	}
}

@test "every row of the table, in a package of its own" {
	n=0
	for case in "$tests"/merge/*/; do
		echo "in $case"
		read -ra words <"$case/command"
		pkg-unpack -q "$case/target" >t.ndjson
		pkg-unpack -q "$case/source" >s.ndjson
		try pkg-merge "${words[@]}" --plan=tsv --into t.ndjson s.ndjson
		[ "$status" -eq 0 ]
		quiet
		diff "$case/plan" <([ -z "$output" ] || echo "$output")
		pkg-merge "${words[@]}" --into t.ndjson s.ndjson >r.ndjson
		rm -rf r
		pkg-pack -o r/ r.ndjson
		diff -r "$case/result" r
		pkg-merge "${words[@]}" --into r.ndjson s.ndjson >again.ndjson
		diff <(body r.ndjson) <(body again.ndjson)
		n=$((n + 1))
	done
	[ "$n" -ge 23 ]
}

@test "a replaced task has the status configured, others theirs" {
	pkg-unpack "$tests/merge/tasks-same/target" |
		sed 's/"category":"tasks\/botTask",/&"status":"suspended",/' \
			>t.ndjson
	pkg-unpack "$tests/merge/tasks-same/source" >s.ndjson
	pkg-merge incremental --edited --into t.ndjson s.ndjson >r.ndjson
	grep -q '"kind":"dialog","id":"d-pay".*"status":"configured"' r.ndjson
	grep -q '"kind":"component","id":"c-ask".*"status":"suspended"' \
		r.ndjson
}

@test "a merge of a package with itself is the package" {
	for package in "$xo10" "$xo11" "$tests/fixtures/cx"; do
		pkg-unpack -q "$package" >"own-$(basename "$package").ndjson"
	done
	n=0
	for s in own-*.ndjson; do
		for mode in full incremental; do
			try pkg-merge -q "$mode" --into "$s" "$s"
			[ "$status" -eq 0 ]
			diff <(body "$s") <(echo "$output" | tail -n +2)
			n=$((n + 1))
		done
	done
	[ "$n" -eq 6 ]
}

@test "a merge of a real package with itself is the package" {
	streams kore
	streams dialogflow_cx
	n=0
	for s in *.ndjson; do
		for mode in full incremental; do
			pkg-merge -q "$mode" --into "$s" "$s" >r
			cmp <(body "$s") <(body r) || {
				echo "$mode $s"
				return 1
			}
			[ "$(pkg-merge -q "$mode" --plan=tsv --into "$s" "$s" |
				grep -v '^# note')" = '# nothing changes' ]
			n=$((n + 1))
		done
	done
	[ "$n" -ge $((60 / SPARSE)) ]
}

@test "merges of generated packages are what the tables say" {
	"$build/tests/generate" -d 4 -u 20 -o a
	"$build/tests/generate" -d 5 -u 30 -m published -o b
	"$build/tests/generate" -e xo11 -d 4 -u 20 -o c
	"$build/tests/generate" -e xo11 -d 6 -u 20 -r 2 -o d
	for agent in 0 1; do
		for state in 0 1; do
			python3 "$tests/laws/invent.py" cx $agent $state \
				cx$agent$state
		done
	done
	check_pair a b
	check_pair d c --allow languages
	check_pair cx00 cx01
	check_pair cx10 cx11
}

@test "an old version gets what a new one has: Kore.ai" {
	corpus kore
	c=$corpus
	a=$c/shubh-89__Travel-Assistant
	z=$a"__zip__old-2022-05-26-a7746403"
	b=$a"__old-2022-07-06-a98f6da7"
	check_pair "$b" "$a"
	check_pair "$z" "$a"
	check_pair "$z" "$b"
	a=$c/sheikahamed17__Korebot-CyberAssist
	check_pair "$a"__old-2022-09-07-39db6960 "$a"
	check_pair "$c/AiswaryaNarayanan__EducationBot" \
		"$c/AiswaryaNarayanan__EducationBot__zip" --allow unrelated
	a=$c/Thrishasathish__cassie-bot
	check_pair "$a"__old-2022-09-07-426368a5 "$a"
}

@test "an old version gets what a new one has: Dialogflow CX" {
	corpus pairs/dialogflow_cx
	n=0
	for pair in "$corpus"/*/; do
		versions=("$pair"*/)
		check_pair "${versions[0]%/}" "${versions[1]%/}"
		n=$((n + 1))
	done
	[ "$n" -eq 3 ]
}

@test "two apps that have nothing in common are both in the result" {
	corpus kore
	check_pair "$corpus/gayathri-s15__Korebot-Hotels" \
		"$corpus/mugivetri__IT-services-bot" --allow unrelated
}

# the values of a stream's records, without the hash and what it says it holds
values() {
	jq -c 'select(.kind[0:1] != "@" and .at != "/encryptedHash" and
		.at != "/exportOptions") | [.kind, .id, .at, .value]' "$1" |
		LC_ALL=C sort
}

@test "exports of parts, merged one after the other, give back the whole" {
	corpus kore
	d=$corpus/darshana0406__Bot-Pipeline__dev-nce-Export
	for part in All BotTasks NLPData WithoutSettings; do
		pkg-unpack "$d-$part-ExportBot" >"$part.ndjson"
	done
	pkg-merge incremental --into BotTasks.ndjson NLPData.ndjson >1.ndjson
	diff <(values WithoutSettings.ndjson) <(values 1.ndjson)
	pkg-merge incremental --into NLPData.ndjson BotTasks.ndjson >2.ndjson
	diff <(values WithoutSettings.ndjson) <(values 2.ndjson)
	pkg-merge incremental --into 2.ndjson All.ndjson >3.ndjson
	diff <(values All.ndjson) <(values 3.ndjson)
	for part in BotTasks NLPData WithoutSettings; do
		pkg-merge incremental --into All.ndjson "$part.ndjson" >r.ndjson
		diff <(body All.ndjson) <(body r.ndjson)
	done
	# what such an export says that it holds is all in the end
	jq -c 'select(.at == "/exportOptions").value | [(.settings | length),
		(.tasks | length), (.nlpData | length)]' 3.ndjson >have
	echo '[3,3,7]' | diff - have
}

@test "a plan counts what differs between the target and the result" {
	corpus kore
	a=$corpus/shubh-89__Travel-Assistant
	pkg-unpack -q "$(package "$a"__zip__old-2022-05-26-a7746403)" >t.ndjson
	pkg-unpack -q "$a" >s.ndjson
	for mode in incremental full; do
		pkg-merge -q "$mode" --into t.ndjson s.ndjson >r.ndjson
		pkg-merge -q "$mode" --plan=json --into t.ndjson s.ndjson \
			>p.ndjson
		python3 - t.ndjson r.ndjson p.ndjson <<-'EOF'
		import collections, json, sys
		def read(path):
		    return [json.loads(line) for line in open(path)]
		def records(path):
		    found = collections.defaultdict(list)
		    for r in read(path):
		        # what an export says that it holds is no difference
		        if r["kind"][0] != "@" and r["at"] != "/exportOptions":
		            found[r["kind"], r.get("id"), r["at"] if "id" not in r
		                  else "", r["file"] if "id" not in r else ""
		                  ].append(json.dumps(r))
		    return found
		t, r = records(sys.argv[1]), records(sys.argv[2])
		want = collections.Counter()
		for key in set(t) | set(r):
		    if key not in t:
		        want["add", key[0]] += len(r[key])
		    elif key not in r:
		        want["remove", key[0]] += len(t[key])
		    elif t[key] != r[key]:
		        want["replace", key[0]] += 1
		have = collections.Counter((p["action"], p["kind"])
		    for p in read(sys.argv[3]) if "action" in p and
		    p["kind"] != "file")
		assert want == have, (want - have, have - want)
		last = read(sys.argv[3])[-1]["totals"]
		assert sum(last.values()) == sum(have.values()), last
		# no two lines tell of one thing
		plan = [p for p in read(sys.argv[3]) if "action" in p]
		ids = collections.Counter((p["kind"], p["id"]) for p in plan)
		assert max(ids.values()) == 1, ids.most_common(1)
		EOF
		# and shows it as pkg-diff does
		diff <(pkg-diff --json t.ndjson r.ndjson) \
			<(sed -n '/^{"op"/{s/"action":"[a-z]*",//
				s/^\(.*","id":"[^"]*"\),"from":"[^"]*"/\1/
				s/,"why":"[^"]*",/,/;p;}' p.ndjson)
	done
}

@test "a stream from a pipe merges as one from a file" {
	pkg-unpack -q "$tests/merge/rules/target" >t.ndjson
	pkg-unpack -q "$tests/merge/rules/source" >s.ndjson
	pkg-merge incremental --into t.ndjson s.ndjson >r.ndjson
	[ -s r.ndjson ]
	cat s.ndjson | pkg-merge incremental --into t.ndjson | cmp r.ndjson -
	cat t.ndjson | pkg-merge incremental --into - s.ndjson |
		cmp r.ndjson -
	pkg-merge -S 1 incremental --into t.ndjson s.ndjson | cmp r.ndjson -
}

@test "an error at any line of either input leaves no end" {
	pkg-unpack -q "$tests/merge/rules/target" >t.ndjson
	pkg-unpack -q "$tests/merge/rules/source" >s.ndjson
	for side in t s; do
		size=$(stat -c %s "$side.ndjson")
		[ "$size" -gt 2000 ]
		for at in $(seq 1 $((97 * SPARSE)) $((size - 1))); do
			head -c "$at" "$side.ndjson" >cut.ndjson
			[ "$side" = t ] && files="cut.ndjson s.ndjson" ||
				files="t.ndjson cut.ndjson"
			# shellcheck disable=SC2086 # two words
			try pkg-merge incremental --into $files
			[ "$status" -ge 3 ]
			[[ $output != *'"@end"'* ]]
			[ "${#stderr_lines[@]}" -ge 1 ]
		done
	done
}

@test "what the platform would refuse is refused, with the reason" {
	pkg-unpack -q "$xo10" >xo10.ndjson
	pkg-unpack -q "$xo11" >xo11.ndjson
	pkg-unpack -q "$tests/fixtures/cx" >cx.ndjson
	refuses 1 'pkg-merge full --into xo11.ndjson xo10.ndjson' \
		'xo10' 'xo11' upgrades
	refuses 1 'pkg-merge incremental --into cx.ndjson xo10.ndjson' \
		kore dialogflow_cx
	printf '%s' '{"refId":"a","_id":"b","defaultLanguage":"en","environmentVersionInfo":"9.1.7"}' >botDefinition.json
	pkg-unpack -q botDefinition.json >old.ndjson
	sed -i 's/9.1.7/9.1.10/' botDefinition.json
	pkg-unpack -q botDefinition.json >new.ndjson
	refuses 1 'pkg-merge incremental --into old.ndjson new.ndjson' \
		9.1.10 9.1.7 newer
	pkg-merge incremental --into new.ndjson old.ndjson >r.ndjson
	try pkg-merge incremental --no-limits --into old.ndjson new.ndjson
	[ "$status" -eq 0 ]
	says warning newer
	try pkg-merge incremental --plan=tsv --into old.ndjson new.ndjson
	[ "$status" -eq 1 ]
	[[ $output == *'would fail'*newer* ]]
}

@test "a file that is larger than the platform takes is refused" {
	cp -r "$xo11" s
	head -c 512001 /dev/zero | tr '\0' ' ' >s/Large.js
	pkg-unpack -q "$xo11" >t.ndjson
	pkg-unpack -q s >s.ndjson
	refuses 1 'pkg-merge incremental --into t.ndjson s.ndjson' \
		Large.js 512001 512000
	try pkg-merge incremental --plan=tsv --into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	[[ $output == *'would fail: Large.js'* ]]
}

@test "an empty source changes nothing, and is refused in a full merge" {
	pkg-unpack -q "$xo10" >t.ndjson
	head -n 1 t.ndjson >empty.ndjson
	printf '%s\n' '{"kind":"@end","records":0,"sum":"00000000000000000000000000000000"}' >>empty.ndjson
	pkg-merge incremental --into t.ndjson empty.ndjson >r.ndjson
	diff <(body t.ndjson) <(body r.ndjson)
	refuses 1 'pkg-merge full --into t.ndjson empty.ndjson' empty
}

# a stream of an app of Kore.ai with components KIND:ID
app() {
	local ref list

	echo '{"kind":"@stream","version":1,"platform":"kore"}'
	echo '{"kind":"@file","file":"botDefinition.json","type":"json","style":"indent4"}'
	echo '{"kind":"@open","file":"botDefinition.json","at":"","value":{}}'
	for ref; do
		case $ref in
		smalltalk:*) list=smallTalk ;;
		*) list=${ref%%:*}s ;;
		esac
		printf '{"kind":"%s","id":"%s","file":"botDefinition.json",' \
			"${ref%%:*}" "${ref#*:}"
		printf '"at":"/%s/-","value":{"refId":"%s"}}\n' \
			"$list" "${ref#*:}"
	done
	echo '{"kind":"@end","records":0,"sum":""}'
}

@test "a full import of another agent is refused, unless that is allowed" {
	app dialog:a dialog:b smalltalk:en >t
	app dialog:c dialog:d dialog:e smalltalk:en >s
	refuses 1 'pkg-merge full --edited --backup b --into t s' \
		'the source s (4 tasks)' 'the target t (3 tasks)' \
		'no task in common' '--allow unrelated'
	[ -z "$output" ]
	[ ! -e b ]
	try pkg-merge full --plan=tsv --edited --into t s
	[ "$status" -eq 1 ]
	[[ $output == *'# would fail: the source s'* ]]
	for allow in unrelated empty,unrelated 'missing --allow unrelated'; do
		# shellcheck disable=SC2086 # several words
		try pkg-merge full --edited --allow $allow --into t s
		[ "$status" -eq 0 ]
		says warning 'no task in common'
		[ "$(jq -r 'select(.kind == "dialog").id' <<<"$output" |
			paste -sd ,)" = c,d,e ]
	done
	try pkg-merge full --plan=tsv --edited --allow unrelated --into t s
	[ "$status" -eq 0 ]
	[[ $output == *'# note: the source s'* ]]
	# one of them is enough, and adding to an agent is no replacing
	app dialog:c dialog:b >s
	pkg-merge full --edited --into t s >r
	app dialog:c >s
	pkg-merge incremental --edited --into t s >r
}

@test "tasks that every agent has do not tell that two are one" {
	app smalltalk:en dialog:a >t
	app smalltalk:en dialog:b >s
	refuses 1 'pkg-merge full --edited --into t s' 'no task in common'
	# nor that they are two: this one is new and has nothing of its own
	app smalltalk:en >t
	try pkg-merge full --edited --into t s
	[ "$status" -eq 0 ]
	quiet
}

@test "a merge that leaves no task is refused, unless that is allowed" {
	app dialog:a dialog:b >t
	app event:x >s
	refuses 1 'pkg-merge full --edited --into t s' 'the source s has no task' \
		'the target t has 2' '--allow empty'
	[ -z "$output" ]
	refuses 1 'pkg-merge incremental --policy dialog=clear --edited \
		--into t s' 'none of the 2 tasks of the target t would be left' \
		'--allow empty'
	try pkg-merge full --edited --allow empty --into t s
	[ "$status" -eq 0 ]
	says warning 'has no task'
	# where there was none, none is missed
	for mode in full incremental; do
		try pkg-merge $mode --edited --into s s
		[ "$status" -eq 0 ]
		[[ ${lines[-1]} == *'"@end"'* ]]
		quiet
	done
}

# agent LANGUAGE...: one of Dialogflow CX that lists these, and has of each of
# those in $phrases a phrase
agent() {
	local lang at=intents/ask/trainingPhrases

	rm -rf "$name"
	mkdir -p "$name/$at" "$name/flows/Main"
	printf '{"displayName":"Main"}' >"$name/flows/Main/Main.json"
	printf '{"displayName":"ask"}' >"$name/intents/ask/ask.json"
	for lang in $phrases; do
		printf '{"trainingPhrases":[{"parts":[{"text":"%s"}]}]}' \
			"in $lang" >"$name/$at/$lang.json"
	done
	jq -n '{defaultLanguageCode: $ARGS.positional[0], timeZone: "UTC",
		supportedLanguageCodes: $ARGS.positional[1:],
		startFlow: "Main"}' --args "$@" >"$name/agent.json"
	pkg-unpack -q "$name" >"$name.ndjson"
}

@test "a merge brings no language that the agent does not have, unless allowed" {
	name=t phrases=en agent en
	name=s phrases='en de' agent de en
	merge='pkg-merge incremental --into t.ndjson s.ndjson'
	refuses 1 "$merge" 'components of de would be in an agent that has' \
		'only en: the target has en, the source de, en' \
		'--allow languages'
	[ -z "$output" ]
	try $merge --plan=tsv
	[ "$status" -eq 1 ]
	[[ $output == *'# would fail: components of de would be'* ]]
	try $merge --plan=tsv --allow languages
	[ "$status" -eq 0 ]
	[[ $output == *'# note: components of de would be'* ]]
	try $merge --allow languages
	[ "$status" -eq 0 ]
	says warning 'components of de would be'
	[ "$(jq -r 'select(.kind == "phrase").lang' <<<"$output" |
		sort | paste -sd ,)" = de,en ]
	# with its list it may come, and what the target has so is not news
	pkg-merge full --into t.ndjson s.ndjson >r.ndjson
	name=t phrases='en de' agent en
	try $merge
	[ "$status" -eq 0 ]
	quiet
	# the source lists what it has no phrase of: nothing comes
	name=s phrases=en agent en fr
	try $merge
	[ "$status" -eq 0 ]
	quiet
}

@test "a merge loses no language that the agent lists or has, unless allowed" {
	name=t phrases='en de' agent en de
	name=s phrases=en agent en de
	merge='pkg-merge full --into t.ndjson s.ndjson'
	refuses 1 "$merge" 'no component of de would be left in an agent' \
		'that has en, de: the target has en, de, the source en, de' \
		'--allow languages'
	try $merge --allow languages
	[ "$status" -eq 0 ]
	says warning 'no component of de would be left'
	# records and list: it goes as the platform would have it, and is told
	name=s phrases=en agent en
	try $merge
	[ "$status" -eq 0 ]
	says warning 'the languages of the agent lose de and become en'
	# where the target had none of it, it has lost none
	name=t phrases=en agent en de
	name=s phrases=en agent en de
	try $merge
	[ "$status" -eq 0 ]
	quiet
}

# speaks LANGUAGE...: an app that lists these, has small talk of those in $talk
# and, as apps do, concepts of others
speaks() {
	local lang

	app dialog:a | sed '$d'
	printf '{"kind":"setting","file":"botDefinition.json","at":"%s"' \
		/defaultLanguage
	printf ',"value":"%s"}\n' "$1"
	printf '{"kind":"setting","file":"botDefinition.json","at":"%s"' \
		/supportedLanguages
	printf ',"value":%s}\n' "$(jq -nc '$ARGS.positional' --args "$@")"
	for lang in $talk; do
		printf '{"kind":"smalltalk","id":"%s","lang":"%s",' "$lang" \
			"$lang"
		printf '"file":"botDefinition.json","at":"/smallTalk/-",'
		printf '"value":{"language":"%s"}}\n' "$lang"
	done
	for lang in "$1" ta hi; do
		printf '{"kind":"locale","id":"%s","lang":"%s",' "$lang" "$lang"
		printf '"file":"botDefinition.json","at":"/localeData/%s",' \
			"$lang"
		printf '"value":{"nlpVersion":%d}}\n' $#
	done
	echo '{"kind":"@end","records":0,"sum":""}'
}

@test "an app keeps its languages; those of its concepts are not asked" {
	talk='en de' speaks en de >t
	talk=en speaks en >s
	# the list would be the source's, and the target's texts stay
	merge='pkg-merge incremental --edited --into t s'
	refuses 1 "$merge" 'components of de would be in an agent that has' \
		'only en: the target has en, de, the source en ('
	talk=en speaks en >t
	talk=en speaks en | sed 's/"ta"/"te"/g; s,/ta",/te",' >s
	for mode in full incremental; do
		try pkg-merge $mode --edited --into t s
		[ "$status" -eq 0 ]
		quiet
	done
}

@test "where a map does not tell languages, none is refused" {
	name=t phrases=en agent en
	name=s phrases='en de' agent de en
	sed '/^[[:space:]]*languages /d' "$root/lib/platform/dialogflow_cx.map" \
		>mute.map
	try pkg-merge incremental --map mute.map --into t.ndjson s.ndjson
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} == *'"@end"'* ]]
	quiet
}

@test "--allow takes words that a merge has, and no others" {
	for word in emtpy '' 'empty,' missing,,empty; do
		refuses 2 "pkg-merge full --allow '$word' --into t t" \
			'--allow: expected empty, unrelated' "found \"$word\""
	done
}

@test "a task that neither side has makes the import fail" {
	cp -r "$tests/merge/tasks-new/source" s
	sed -i 's/"nodeId": "n0",/&"flowTaskId": "d-gone",/' \
		s/botDefinition.json
	pkg-unpack -q "$tests/merge/tasks-new/target" >t.ndjson
	pkg-unpack -q s >s.ndjson
	refuses 1 'pkg-merge incremental --into t.ndjson s.ndjson' \
		'neither side has dialog:d-gone'
	try pkg-merge incremental --plan=json --into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	echo "$output" | tail -n 1 | jq -e '.fails[0] | contains("d-gone")'
	try pkg-merge incremental --no-limits --into t.ndjson s.ndjson
	[ "$status" -eq 0 ]
}

tasks='dialog component pattern utterance flow flowstep flowmessage'

# a stream without the components of these kinds
without() {
	jq -c --arg kinds "$2" 'select(.kind as $k |
		$kinds | split(" ") | index($k) == null)' "$1"
}

@test "what is needed and neither side has makes the import fail, of any kind" {
	pkg-unpack -q "$tests/fixtures/cx" >cx
	jq -c 'select(.kind[0:1] == "@" or .kind == "agent")' cx >cx.t
	pkg-unpack -q "$xo11" >xo11
	without xo11 'dialog component flowstep flowmessage event' >xo11.t
	while IFS='|' read -r of kinds who what; do
		without "$of" "$kinds" >s
		try pkg-merge incremental --edited --into "$of.t" s
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		says "$who: neither side has $what, to which it leads" \
			'--allow missing'
		try pkg-merge incremental --edited --plan=tsv --into "$of.t" s
		[ "$status" -eq 1 ]
		[[ $output == *"# would fail: $who: neither side has $what"* ]]
		try pkg-merge incremental --edited --allow missing \
			--into "$of.t" s
		[ "$status" -eq 0 ]
		says warning "$who: neither side has $what"
		try pkg-merge incremental --edited --plan=tsv --allow missing \
			--into "$of.t" s
		[ "$status" -eq 0 ]
		[[ $output == *"# note: $who: neither side has $what"* ]]
	done <<-'END'
	cx|webhook|flow Default Start Flow|webhook:Fare service
	cx|intent phrase|flow Default Start Flow|intent:Default Welcome Intent
	cx|entitytype entity excludedphrase|intent book.crossing|entitytype:ferry-line
	cx|page|flow Pier & Deck's / night |page:Pier & Deck's %2F night /Which line
	cx|tool toolschema|playbook Deck hand|tool:tide-table
	cx|routegroup|flow Default Start Flow|routegroup:Default Start Flow/Small questions
	xo11|component|dialog 1d300000-0000-4000-8000-000000000001 (Renew Loan)|component:dc-1c000000-0000-4000-8000-000000000001
	xo11|dialog|component 1c100000-0000-4000-8000-000000000001 (Renew_Loan)|dialog:dg-1d200000-0000-4000-8000-000000000001
	END
}

@test "the old name of what the source renames leads nowhere" {
	local what='intent book.crossing: entitytype:ferry-line, to which it'

	what+=' leads, is ferry-route in the source'
	pkg-unpack -q "$tests/fixtures/cx" >t
	# the definition alone is renamed, not what refers to it
	jq -c 'if .kind == "entitytype" and .id == "ferry-line" then
		.id = "ferry-route" | .name = .id |
		.value.displayName = .id else . end' t >s
	try pkg-merge incremental --edited --into t s
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says "$what" '--allow missing'
	# its phrases and pages refer to it, too; what stays has the new name
	pkg-merge incremental --edited --allow missing --only entityTypes \
		--into t s >r
	jq -e -s 'any(.id == "book.crossing" and
		any(.value.parameters[]; .entityType == "@ferry-route"))' r
}

@test "what belongs to what neither side has makes the import fail, once" {
	pkg-unpack -q "$tests/fixtures/cx" >cx
	jq -c 'select(.kind[0:1] == "@" or .kind == "agent")' cx >cx.t
	pkg-unpack -q "$xo11" >xo11
	without xo11 "$tasks" >xo11.t
	while IFS='|' read -r of kinds who what; do
		without "$of" "$kinds" >s
		try pkg-merge full --edited --into "$of.t" s
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[ "$(grep -c 'to which it belongs' <<<"$stderr")" -eq 1 ]
		says "$who: neither side has $what, to which it belongs" \
			'--allow missing'
		try pkg-merge full --edited --plan=tsv --into "$of.t" s
		[ "$status" -eq 1 ]
		[[ $output == *"# would fail: $who: neither side has $what"* ]]
		try pkg-merge full --edited --allow missing --into "$of.t" s
		[ "$status" -eq 0 ]
		says warning "$who: neither side has $what"
	done <<-'END'
	cx|generator|prompt generators/Summary/phrases/de.json#/promptTexts/0 (Fasse $trip in einer Zeile zusammen.)|generator:Summary
	cx|tool|toolschema tide-table|tool:tide-table
	cx|playbook|example Deck hand/Wet boots (Wet boots)|playbook:Deck hand
	xo11|flow|flowstep Reading room/1e300000-0000-4000-8000-000000000001 (Start)|flow:cf-1e000000-0000-4000-8000-000000000001
	END
}

@test "what is only mentioned and neither side has is warned of" {
	pkg-unpack -q "$xo11" >t
	without t "$tasks event" | jq -c 'select(.at != "/defaultDialogId")' >e
	without t "$tasks" >s
	try pkg-merge incremental --edited --into e s
	[ "$status" -eq 0 ]
	diff - <(printf '%s\n' "${stderr_lines[@]}" | cut -d' ' -f3-) <<-'END'
	warning: setting appDefinition.json#/defaultDialogId: neither side has dialog:1d300000-0000-4000-8000-000000000002, which it mentions
	warning: event ON_CONNECT_EVENT: neither side has dialog:1d300000-0000-4000-8000-000000000002, which it mentions
	END
	try pkg-merge incremental --edited --plan=tsv --into e s
	[ "$status" -eq 0 ]
	[ "$(grep -c '^# note: .*, which it mentions$' <<<"$output")" -eq 2 ]
	jq -c 'if .kind == "event" then .value.task = "d\"x" else . end' s >q
	try pkg-merge incremental --edited --plan=json --into e q
	[ "$status" -eq 0 ]
	tail -n 1 <<<"$output" |
		jq -e '.notes[1] | endswith("dialog:d\"x, which it mentions")'
	# what is there, or was so before, is no news
	try pkg-merge incremental --edited --into t s
	[ "$status" -eq 0 ]
	[[ $stderr != *'which it mentions'* ]]
	try pkg-merge incremental --edited --into s s
	[ "$status" -eq 0 ]
	quiet
}

@test "what is not imported for want of what it belongs to is told" {
	local said='components of the source are not imported, as what '
	local lost='components are imported without what they refer to, which '

	lost+='is not in the result: 1 of event'
	said+='they belong to, or cannot be without, is not: 3 of pattern, '
	said+='3 of utterance'
	pkg-unpack -q "$xo11" >s
	without s "$tasks event" >t
	try pkg-merge incremental --edited --only nlpData --into t s
	[ "$status" -eq 0 ]
	says "warning: $said"
	says "warning: $lost"
	[ "${#stderr_lines[@]}" -eq 2 ]
	jq -e -s 'any(.id == "ON_CONNECT_EVENT" and .value.task == "")' \
		<<<"$output" >/dev/null
	try pkg-merge incremental --edited --plan=tsv --only nlpData --into t s
	[ "$status" -eq 0 ]
	[[ $output == *"# note: $said"*"# note: $lost"* ]]
	[ "$(jq -r .kind s | grep -c -e utterance -e pattern)" -eq 6 ]
	# with it, or where the target has it, all come
	try pkg-merge incremental --edited --into t s
	[ "$status" -eq 0 ]
	[[ $stderr != *'not imported'* ]]
	without s 'utterance pattern' >t
	try pkg-merge incremental --edited --only nlpData --into t s
	quiet
}

@test "what led nowhere before is not what a merge is refused for" {
	pkg-unpack -q "$tests/fixtures/cx" >cx
	without cx 'webhook intent phrase page entitytype entity' >s
	for mode in full incremental; do
		try pkg-merge $mode --edited --into s s
		[ "$status" -eq 0 ]
		[[ ${lines[-1]} == *'"@end"'* ]]
		quiet
	done
}

@test "what is not imported is not renamed, and what is leads to its name" {
	t=$tests/golden/dialogflow_cx/agent/package
	cp -r "$t" s
	mv s/flows/Start s/flows/Begin
	mv s/flows/Begin/Start.json s/flows/Begin/Begin.json
	grep -rl '"Start"' s | tr '\n' '\0' | xargs -0 sed -i 's/"Start"/"Begin"/'
	pkg-unpack -q "$t" >t.ndjson
	pkg-unpack -q s >s.ndjson
	for option in '--only webhooks' '--only intents' '--policy flow=keep' \
		'--policy flow=keep --policy page=replace' \
		'--policy flow=add'; do
		echo "$option"
		# shellcheck disable=SC2086 # several words
		pkg-merge incremental $option --into t.ndjson s.ndjson >r.ndjson
		diff <(body t.ndjson) <(body r.ndjson)
		# shellcheck disable=SC2086 # several words
		[ "$(pkg-merge incremental --plan=tsv $option --into t.ndjson \
			s.ndjson)" = '# nothing changes' ]
	done
	# something else comes, and leads to what is not imported
	sed -i 's/"displayName": "Order"/"displayName": "Order more"/
		s/a0000011-0c0c/a0000012-0c0c/' s/testCases/Order.json
	mv s/testCases/Order.json 's/testCases/Order more.json'
	for option in '--policy flow=keep' '--only testCases'; do
		# shellcheck disable=SC2086 # several words
		pkg-unpack -q s | pkg-merge incremental $option \
			--into t.ndjson - >r.ndjson
		jq -c 'select(.name == "Order more") | .refs,
			.value.testConfig.flow' r.ndjson >have
		jq -c 'select(.name == "Order") | .refs,
			.value.testConfig.flow' t.ndjson | diff - have
		grep -q Start have
	done
	pkg-merge incremental --into t.ndjson s.ndjson >r.ndjson
	[ "$(jq -r 'select(.kind == "flow").id' r.ndjson | paste -sd ,)" = \
		'Bar ,Begin' ]
}

@test "what --only leaves out is not cleared, and not changed" {
	pkg-unpack -q "$xo10" >t.ndjson
	for kind in namespace dialog event; do
		pkg-merge -q incremental --policy $kind=clear \
			--only nlpData/traits --into t.ndjson t.ndjson >r
		diff <(body t.ndjson) <(body r)
	done
	pkg-merge -q incremental --policy dialog=clear --allow empty \
		--into t.ndjson t.ndjson >r
	[ -z "$(jq -r 'select(.kind == "dialog").id' r)" ]
}

# packages of Kore.ai, t and s, from members of their definitions in Python
two_apps() {
	rm -rf t s
	python3 - "$1" "$2" <<-'EOF'
	import json, os, sys
	for side, text in zip("ts", sys.argv[1:]):
	    os.mkdir(side)
	    app = {"_id": "st", "refId": "app", "defaultLanguage": "en",
	           **eval(text)}
	    with open(side + "/botDefinition.json", "w") as f:
	        json.dump(app, f, indent=4)
	EOF
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
}

# merge t.ndjson and s.ndjson with these options; a second time changes nothing
merge_twice() {
	pkg-merge -q --allow empty,unrelated "$@" --into t.ndjson s.ndjson >r
	pkg-merge -q --allow empty,unrelated "$@" --into r s.ndjson >again
	diff <(body r) <(body again)
}

@test "what only a cleared task needed does not come, whoever has the task" {
	dialog="{'refId': 'd', '_id': 'dg-1', 'nodes': [
		{'nodeId': 'n0', 'componentId': 'dc-1'}]}"
	components="'dialogComponents': [{'refId': 'c', '_id': 'dc-1'},
		{'refId': 'free', '_id': 'dc-2'}]"
	for dialogs in "$dialog" ''; do
		two_apps "{'dialogs': [$dialogs]}" \
			"{'dialogs': [$dialog], $components}"
		for mode in full incremental; do
			merge_twice $mode --policy dialog=clear
			[ "$(jq -r 'select(.kind == "dialog" or
				.kind == "component").id' r)" = free ]
		done
	done
}

@test "if-none brings all where none of the target's can stay" {
	task() {
		printf "{'refId': '%s', 'language': 'en', 'faqs': {'faqs': [
			{'refId': '%s-%s', 'question': '%s'}]}}," \
			"$1" "$1" "$2" "$2"
	}
	two_apps "{'knowledgeTasks': [$(task a one)]}" \
		"{'knowledgeTasks': [$(task b two)]}"
	merge_twice full --policy faq=if-none
	[ "$(jq -r 'select(.kind == "faq").id' r)" = b-two ]
	# one stays: then none comes
	two_apps "{'knowledgeTasks': [$(task a one)$(task b one)]}" \
		"{'knowledgeTasks': [$(task b two)]}"
	merge_twice full --policy faq=if-none
	[ "$(jq -r 'select(.kind == "faq").id' r)" = b-one ]
}

@test "add and union bring what the target's own cannot stay for" {
	# the utterance of a task that goes, and the same one of another task
	said() {
		printf "{'dialogs': [{'refId': '%s', '_id': 'dg-%s'}],
			'dialogComponents': [{'refId': 'c%s', '_id': 'dc-%s',
			'dialogId': 'dg-%s'}], 'sentences': [{'_id': 'u',
			'taskId': 'dc-%s', 'sentence': 'hello'}]}" \
			"$1" "$1" "$1" "$1" "$1" "$1"
	}
	two_apps "$(said 1)" "$(said 2)"
	for action in add union; do
		merge_twice full --policy utterance=$action
		[ "$(jq -r 'select(.kind == "utterance").value.taskId' r)" = \
			dc-2 ]
	done
	# but nothing comes into what stays as the target has it
	both="'dialogs': [{'refId': '1', '_id': 'dg-1'}, {'refId': '2',
		'_id': 'dg-2'}], 'dialogComponents': [{'refId': 'c1', '_id':
		'dc-1', 'dialogId': 'dg-1'}, {'refId': 'c2', '_id': 'dc-2',
		'dialogId': 'dg-2'}]"
	two_apps "{$both, 'sentences': [{'_id': 'u', 'taskId': 'dc-1',
		'sentence': 'hello'}]}" "$(said 2)"
	merge_twice full --policy utterance=add
	[ "$(jq -r 'select(.kind == "utterance").value.taskId' r)" = dc-2 ]
	merge_twice full --policy utterance=add,component=add
	! grep '"kind":"utterance"' r || return 1
	# a question of which the answer was a task that goes
	two_apps "{'dialogs': [{'refId': 'd'}], 'knowledgeTasks': [{'refId': 'k',
		'language': 'en', 'faqs': {'faqs': [{'refId': 'f', 'question':
		'why', 'responseType': 'dialog', 'dialogRefId': 'd'}]}}]}" \
		"{'knowledgeTasks': [{'refId': 'k', 'language': 'en', 'faqs':
		{'faqs': [{'refId': 'f', 'question': 'why', 'answer': 'so'}]}}]}"
	merge_twice full --policy faq=union
	[ "$(jq -r 'select(.kind == "faq").value.answer' r)" = so ]
	# a test case that starts in a flow that goes
	t=$tests/golden/dialogflow_cx/agent/package
	cp -r "$t" more
	mkdir more/flows/Other
	jq '.displayName = "Other" | .name = "b0000001-0000-4000-8000-000000000001"
		' "$t/flows/Start/Start.json" >more/flows/Other/Other.json
	jq '.testConfig.flow = "Other"' "$t/testCases/Order.json" \
		>more/testCases/Order.json
	pkg-unpack -q more >t.ndjson
	pkg-unpack -q "$t" >s.ndjson
	merge_twice full --policy testcase=add
	[ "$(jq -r 'select(.kind == "testcase").value.testConfig.flow' r)" = \
		"$(jq -r .testConfig.flow "$t/testCases/Order.json")" ]
	# where it can stay, it does
	merge_twice incremental --policy testcase=add
	[ "$(jq -r 'select(.kind == "testcase").value.testConfig.flow' r)" = \
		Other ]
}

@test "in a union the target keeps its name, and gets what belongs to it" {
	agent=$tests/golden/dialogflow_cx/agent/package
	cp -r "$agent" more
	mv more/flows/Start more/flows/Begin
	mv more/flows/Begin/Start.json more/flows/Begin/Begin.json
	sed -i 's/"displayName": "Start"/"displayName": "Begin"/' \
		more/flows/Begin/Begin.json
	echo '{"name":"a0000009-0000-4000-8000-000000000009",
		"displayName":"Bye"}' >more/flows/Begin/pages/Bye.json
	pkg-unpack -q "$agent" >t.ndjson
	pkg-unpack -q more >s.ndjson
	[ "$(jq -c 'select(.kind == "flow").id' s.ndjson | grep -c Begin)" = 1 ]
	merge_twice incremental --policy flow=union
	jq -r 'select(.kind == "flow").id' r | sort >flows
	jq -r 'select(.kind == "flow").id' t.ndjson | sort | diff - flows
	[ "$(jq -r 'select(.kind == "page" and .name == "Bye") |
		.id + " " + .file' r)" = \
		'Start/Bye flows/Start/pages/Bye.json' ]
}

@test "words of what neither side keeps stay as they are" {
	space() {
		printf "{'namespaces': [{'_id': '%s', 'name': 'bank'}],
			'dialogs': [{'refId': 'd', 'name': '%s',
			'vNameSpace': ['%s']}]}" "$1" "$2" "$1"
	}
	two_apps "$(space ns-1 old)" "$(space ns-2 new)"
	for mode in full incremental; do
		merge_twice $mode --policy namespace=clear
		[ "$(jq -c 'select(.kind == "dialog").value.vNameSpace' r)" = \
			'["ns-2"]' ]
		merge_twice $mode
		[ "$(jq -c 'select(.kind == "dialog").value.vNameSpace' r)" = \
			'["ns-1"]' ]
	done
}

@test "what all else belongs to cannot be cleared" {
	pkg-unpack -q "$xo10" >t.ndjson
	refuses 2 'pkg-merge incremental --policy app=clear --into t.ndjson \
		t.ndjson' '--policy app=clear' 'no package is without it'
	pkg-unpack -q "$tests/fixtures/cx" >t.ndjson
	refuses 2 'pkg-merge full --policy intent=keep,agent=clear \
		--into t.ndjson t.ndjson' '--policy agent=clear' \
		'no package is without it'
}

@test "a merge that takes away what the agent starts with is refused" {
	pkg-unpack -q "$tests/fixtures/cx" >t.ndjson
	refuses 1 'pkg-merge incremental --policy flow=clear --into t.ndjson \
		t.ndjson' 'the agent would lack the flow that it names'
	[ -z "$output" ]
	# the other kind of start is none of this agent's
	pkg-merge -q incremental --policy playbook=clear --into t.ndjson \
		t.ndjson | pkg-pack -q -o r/
}

@test "the target as it was is kept before anything is written" {
	pkg-unpack -q "$tests/merge/tasks-same/target" >t.ndjson
	pkg-unpack -q "$tests/merge/tasks-same/source" >s.ndjson
	pkg-merge incremental --backup b.ndjson --into t.ndjson s.ndjson >r
	cmp t.ndjson b.ndjson
	refuses 2 'pkg-merge full --backup b.ndjson --into t.ndjson s.ndjson' \
		b.ndjson exists
	cat t.ndjson | pkg-merge -f full --backup b.ndjson --into - s.ndjson >r
	cmp t.ndjson b.ndjson
	try_sh 'pkg-merge -f full --backup b.ndjson --into s.ndjson t.ndjson \
		>/dev/full'
	[ "$status" -eq 4 ]
	cmp s.ndjson b.ndjson
}

@test "only the categories asked for are imported" {
	case=$tests/merge/traits
	pkg-unpack -q "$case/target" >t.ndjson
	pkg-unpack -q "$case/source" >s.ndjson
	pkg-merge incremental --only nlpData/traits --into t.ndjson s.ndjson |
		pkg-pack -o r/
	diff -r "$case/result" r
	pkg-merge incremental --only tasks,settings --into t.ndjson s.ndjson \
		>r.ndjson
	diff <(body t.ndjson) <(body r.ndjson)
	try pkg-merge full --only tasks --into t.ndjson s.ndjson
	[ "$status" -eq 2 ]
}

@test "variables that are dropped stay as they are" {
	case=$tests/merge/variables
	pkg-unpack -q "$case/target" >t.ndjson
	pkg-unpack -q "$case/source" >s.ndjson
	pkg-merge incremental --drop-variables url,new --into t.ndjson \
		s.ndjson >r.ndjson
	diff <(body t.ndjson) <(body r.ndjson)
}

@test "phrases are united if asked for, in the languages of both" {
	cp -r "$tests/fixtures/cx" s
	pkg-unpack -q s >t.ndjson
	cat >"s/intents/Timetable%2c please%3f/trainingPhrases/en.json" <<-'EOF'
	{
	  "trainingPhrases": [ {
	    "parts": [ {
	      "text": "quite new"
	    } ],
	    "repeatCount": 1,
	    "languageCode": "en"
	  } ]
	}
	EOF
	pkg-unpack -q s >s.ndjson
	of='select(.kind == "phrase" and
		(.file | startswith("intents/Timetable"))).name'
	pkg-merge incremental --policy intent=union --into t.ndjson s.ndjson |
		jq -r "$of" >have
	{
		jq -r "$of" t.ndjson
		echo 'quite new'
	} | diff - have
	pkg-merge incremental --into t.ndjson s.ndjson | jq -r "$of" >have
	echo 'quite new' | diff - have
	# each of them is told apart: by its place in what it is of
	pkg-merge incremental --plan=json --into t.ndjson s.ndjson |
		jq -c 'select(.kind == "phrase") | [.action, .id]' >have
	jq -r "$of" t.ndjson | jq -cnR '
		("intents/Timetable%2c please%3f/trainingPhrases/en.json" +
			"#/trainingPhrases/") as $in | [inputs] | length as $n |
			["add", $in + "0"],
			(range($n) | ["remove", $in + "\(.)"])' | diff - have
}

@test "what the policy error forbids is named, with what differs" {
	pkg-unpack -q "$tests/fixtures/cx" >t.ndjson
	cp -r "$tests/fixtures/cx" s
	sed -i 's/"priority": 500000/"priority": 400000/' s/intents/*/*.json
	pkg-unpack -q s >s.ndjson
	try pkg-merge incremental --policy intent=error --into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	diff <(jq -r 'select(.kind == "intent") | "\(.kind) \(.id)"' t.ndjson |
		sort) <(sed 's/^pkg-merge: //; s/:.*//; s/ (.*//' <<<"$stderr" |
		sort)
	says 'both have it' differs: /priority --policy intent=error
	# without a line more for what a plan tells
	try pkg-merge incremental --policy intent=error --plan=tsv --into t.ndjson \
		s.ndjson
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ "$(grep -c ^error <<<"$output")" -eq \
		"$(jq -c 'select(.kind == "intent")' t.ndjson | wc -l)" ]
}

@test "of many conflicts and missing tasks the first are named" {
	pkg-unpack -q "$tests/merge/tasks-same/target" >t.ndjson
	python3 - t.ndjson <<-'EOF'
	import json, sys
	def stream(path, task, hidden):
	    lines = open("t.ndjson").read().splitlines()
	    with open(path, "w") as out:
	        for line in lines[:-1]:
	            r = json.loads(line)
	            print(line, file=out)
	            if r["kind"] != "@open" or r["at"] != "/dialogs":
	                continue
	            for i in range(23):
	                print(json.dumps({"kind": "dialog", "id": "x%02d" % i,
	                    "name": "n%02d" % i, "category": "tasks/botTask",
	                    "links": ["dialog:%s" % task],
	                    "file": r["file"], "at": "/dialogs/-", "value":
	                    {"refId": "x%02d" % i, "lname": "n%02d" % i,
	                     "isHidden": hidden, "nodes": [{"flowTaskId": task}]}},
	                    separators=(",", ":")), file=out)
	        print(lines[-1], file=out)
	stream("a", "d-pay", 1)
	stream("b", "d-pay", 2)
	stream("c", "d-gone", 1)
	EOF
	try pkg-merge --edited incremental --policy dialog=error --into a b
	[ "$status" -eq 1 ]
	[ "$(grep -c 'differs: /isHidden,' <<<"$stderr")" -eq 20 ]
	says 'dialog x00 (n00)' 'dialog x19 (n19)' '23 components'
	[ "${#stderr_lines[@]}" -eq 21 ]
	try pkg-merge --edited -q incremental --into t.ndjson c
	[ "$status" -eq 1 ]
	says "c:$(grep -n '"id":"x00"' c | cut -d: -f1): " \
		'dialog x00 (n00): neither side has dialog:d-gone' \
		'dialog x19 (n19): neither' '23 such'
	[ "${#stderr_lines[@]}" -eq 21 ]
}

@test "no file of a run is written over another" {
	pkg-unpack -q "$tests/merge/tasks-same/target" >t.ndjson
	pkg-unpack -q "$tests/merge/tasks-same/source" >s.ndjson
	cp "$root/lib/platform/kore.map" kore.map
	cp -r . ../before
	for f in t.ndjson s.ndjson kore.map ./t.ndjson; do
		refuses 2 "pkg-merge full --map kore.map --report $f \
			--into t.ndjson s.ndjson" "$f" 'of its own'
		for force in '' -f; do
			refuses 2 "pkg-merge $force full --map kore.map \
				--backup $f --into t.ndjson s.ndjson" \
				"$f" 'of its own'
		done
	done
	for what in report backup; do
		refuses 2 "pkg-merge full --$what - --into t.ndjson s.ndjson" \
			'standard output is for the stream'
	done
	refuses 2 'pkg-merge full --report t.ndjson --into - s.ndjson \
		<t.ndjson' t.ndjson 'standard input'
	touch b
	refuses 2 'pkg-merge -f full --report b --backup b --into t.ndjson \
		s.ndjson' b 'of its own'
	rm b
	diff -r . ../before
}

@test "a word of the command line that nobody knows is told" {
	pkg-unpack -q "$tests/merge/variables/target" >t.ndjson
	pkg-unpack -q "$tests/merge/variables/source" >s.ndjson
	refuses 2 'pkg-merge incremental --only nlpData/utterance --into \
		t.ndjson s.ndjson' 'no category "nlpData/utterance"' \
		'did you mean' nlpData/utterances
	refuses 2 'pkg-merge incremental --only nosuch --into t.ndjson \
		s.ndjson' 'no category "nosuch"' known tasks/botTask
	refuses 2 'pkg-merge incremental --policy dialogue=keep --into \
		t.ndjson s.ndjson' 'no kind "dialogue"' '"dialog"'
	pkg-unpack -q "$tests/fixtures/cx" >cx.ndjson
	refuses 2 'pkg-merge incremental --policy intents=union --into \
		cx.ndjson cx.ndjson' intents '"intent"'
	try pkg-merge incremental --drop-variables ulr,new --into t.ndjson \
		s.ndjson
	[ "$status" -eq 0 ]
	says warning '"ulr"' 'did you mean "url"'
	[ "${#stderr_lines[@]}" -eq 1 ]
	try pkg-merge incremental --plan=json --drop-variables 'u"r' \
		--into t.ndjson s.ndjson
	quiet
	echo "$output" | tail -n 1 | jq -e '.notes[0] | contains("\"u\"r\"")'
	# an older word for a category is as good as the one of today
	pkg-unpack -q "$tests/merge/utterances-append/target" >t.ndjson
	pkg-unpack -q "$tests/merge/utterances-append/source" >s.ndjson
	diff <(pkg-merge incremental --only nlpData/training_data --into \
		t.ndjson s.ndjson | body -) <(pkg-merge incremental --only \
		nlpData/utterances --into t.ndjson s.ndjson | body -)
}

@test "what is wrong with a command line is said" {
	echo >t
	refuses 2 'pkg-merge' 'full, incremental, apply or three-way'
	refuses 2 'pkg-merge t t' 'full, incremental, apply or three-way' '"t"'
	refuses 2 'pkg-merge full t' --into
	refuses 2 'pkg-merge full --into t t u' 'one source' '"u"'
	refuses 2 'pkg-merge full --into - -' 'standard input' 'not for several'
	refuses 2 'pkg-merge full --into -' 'standard input' 'not for several'
	refuses 2 'pkg-merge --plan=xml full --into t t' json '"xml"'
	refuses 2 'pkg-merge full --only tasks --into t t' --only incremental
	for what in utterances patterns; do
		refuses 2 "pkg-merge full --$what append --into t t" \
			"--$what" incremental
		refuses 2 "pkg-merge incremental --$what both --into t t" \
			"--$what" 'append or replace' '"both"'
	done
	for policy in dialog dialog= dialog=merge =keep; do
		refuses 2 "pkg-merge full --policy $policy --into t t" \
			--policy KIND= "\"$policy\""
	done
	refuses 2 'pkg-merge incremental --only a,,b --into t t' commas 'a,,b'
}

@test "of several versions of a task those of equal status are the same" {
	pkg-unpack -q "$tests/merge/tasks-same/target" >t0
	python3 - t0 <<-'EOF'
	import json, sys
	lines = open("t0").read().splitlines()
	def stream(path, versions):
	    ask = "dc-ask-1" if path == "t" else "dc-ask-9"
	    with open(path, "w") as out:
	        for line in lines:
	            line = line.replace("dc-ask-1", ask)
	            r = json.loads(line)
	            if r["kind"] != "dialog":
	                print(line, file=out)
	            if r["kind"] != "@open" or r["at"] != "/dialogs":
	                continue
	            for status, alias, text in versions:
	                print(json.dumps({"kind": "dialog", "id": "d-pay",
	                    "name": "pay", "status": status,
	                    "category": "tasks/botTask", "alias": [alias],
	                    "needs": ["component:" + ask],
	                    "file": r["file"], "at": "/dialogs/-", "value":
	                    {"_id": alias, "refId": "d-pay", "lname": "pay",
	                     "nodes": [{"nodeId": "n", "componentId": ask}],
	                     "desc": text}}, separators=(",", ":")), file=out)
	stream("t", [("configured", "dg-1", "one"), ("published", "dg-2", "two")])
	stream("s", [("published", "dg-9", "new")])
	stream("u", [("suspended", "dg-7", "x"), ("published", "dg-8", "y"),
	    ("configured", "dg-9", "z")])
	EOF
	of='select(.kind == "dialog") | [.value._id, .value.desc, .status]'
	pkg-merge -q --edited incremental --into t s | jq -c "$of" >have
	printf '%s\n' '["dg-1","one","configured"]' \
		'["dg-2","new","configured"]' | diff - have
	# the first that is left goes with the first that is left
	pkg-merge -q --edited incremental --into t u | jq -c "$of" >have
	printf '%s\n' '["dg-1","z","configured"]' '["dg-2","y","configured"]' \
		'["dg-7","x","suspended"]' | diff - have
	pkg-merge -q --edited incremental --into u t | jq -c "$of" >have
	printf '%s\n' '["dg-7","x","suspended"]' '["dg-8","two","configured"]' \
		'["dg-9","one","configured"]' | diff - have
	# what came, and has lost its status, is known again by what it says
	for f in s u; do
		pkg-merge -q --edited incremental --into t "$f" >r
		pkg-merge -q --edited incremental --into r "$f" >r2
		diff <(body r) <(body r2)
	done
	for f in t s u; do
		pkg-merge -q --edited incremental --into "$f" "$f" |
			jq -c "$of" >have
		jq -c "$of" "$f" | diff - have
	done
}

@test "components that only need each other go together" {
	# a dialog needs a, which needs b, which needs a; and the same of c, d,
	# of which another dialog, which stays, needs d
	python3 - <<-'EOF'
	import json, os
	def nodes(refs):
	    return [{"nodeId": "n%d" % i, "componentId": "dc-" + r}
	        for i, r in enumerate(refs)]
	def package(side, needs):
	    os.mkdir(side)
	    json.dump({"_id": "st", "refId": "app", "defaultLanguage": "en",
	        "dialogComponents": [{"_id": "dc-" + c, "refId": c, "name": c,
	            "type": "entity", "nodes": nodes(needs[c])}
	            for c in "abcdef" if c in needs],
	        "dialogs": [{"_id": "dg-" + d, "refId": d, "lname": d,
	            "nodes": nodes(needs[d])} for d in "xy" if d in needs]},
	        open(side + "/botDefinition.json", "w"))
	package("t", {"a": "b", "b": "a", "c": "d", "d": "c", "e": "e", "f": "",
	    "x": "abcdef", "y": "d"})
	package("s", {"f": "", "x": "f"})
	EOF
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	pkg-merge incremental --into t.ndjson s.ndjson |
		jq -r 'select(.kind == "component").id' >have
	printf '%s\n' c d f | diff - have
	pkg-merge incremental --plan=tsv --into t.ndjson s.ndjson |
		sed -n 's/^remove.component.\(.\).*	/\1 /p' >have
	printf '%s nothing needs it any more\n' a b e | diff - have
}

@test "a plan shows both ids of what goes by another one" {
	pkg-unpack -q "$tests/fixtures/cx" >t.ndjson
	cp -r "$tests/fixtures/cx" s
	mv "s/webhooks/Fare service.json" s/webhooks/Tariffs.json
	grep -rl 'Fare service' s | while read -r f; do
		sed -i 's/"Fare service"/"Tariffs"/' "$f"
	done
	pkg-unpack -q s >s.ndjson
	pkg-merge full --plan=tsv --into t.ndjson s.ndjson | grep ^rename >have
	printf '%s\t' rename webhook Tariffs Tariffs >want
	printf '%s; ' 'renamed by the source (map: full replace-all)' \
		'was Fare service' >>want
	echo 'differs: /displayName' >>want
	diff want have
	pkg-merge full --plan=json --into t.ndjson s.ndjson |
		jq -es 'map(select(.action == "rename") | [.id, .from]) ==
			[["Tariffs", "Fare service"]]'
}

@test "a plan counts the elements of lists in each other" {
	python3 - <<-'EOF'
	import json, os
	for side, n in ("t", 2), ("s", 3):
	    os.mkdir(side)
	    json.dump({"_id": "st", "refId": "app", "defaultLanguage": "en",
	        "knowledgeTasks": [{"refId": "k%d" % i, "language": "en",
	            "name": "k", "faqs": {"faqs": [
	                {"question": "%d%d" % (i, j), "answer": side}
	                for j in range(n)]}} for i in range(n)]},
	        open(side + "/botDefinition.json", "w"))
	EOF
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	pkg-merge incremental --plan=json --into t.ndjson s.ndjson |
		jq -r 'select(.kind == "faq") | "\(.action) \(.id)"' >have
	for i in 0 1 2; do
		for j in 0 1 2; do
			[ "$i" -lt 2 ] && [ "$j" -lt 2 ] && act=replace ||
				act=add
			echo "$act botDefinition.json#/knowledgeTasks/$i/faqs/faqs/$j"
		done
	done | diff - have
}

@test "Avaamo: all is replaced but for the vendor's list" {
	mkdir t s
	cat >t/agent.json <<-'EOF'
	{
	  "name": "old",
	  "platform_version": "9.1",
	  "skills": [ { "key": "k1", "name": "gone" }, { "key": "k2", "n": 1 } ],
	  "environment_variables": [ { "key": "url", "value": "mine" } ],
	  "answers": [ { "key": "a1" } ],
	  "live_agent_settings": { "mine": true },
	  "web_channel": { "mine": true },
	  "channels": [ { "key": "c1" } ],
	  "permissions": [ { "key": "p1" } ],
	  "notification_settings": { "mine": true },
	  "personas": [ { "key": "me" } ]
	}
	EOF
	cat >s/agent.json <<-'EOF'
	{
	  "name": "new",
	  "platform_version": "9.1",
	  "skills": [ { "key": "k2", "n": 2 }, { "key": "k3" } ],
	  "environment_variables": [ { "key": "token", "value": "theirs" } ],
	  "answers": [ { "key": "a2" } ],
	  "live_agent_settings": { "theirs": true },
	  "web_channel": { "theirs": true },
	  "channels": [ { "key": "c2" } ],
	  "permissions": [ { "key": "p2" } ],
	  "notification_settings": { "theirs": true },
	  "personas": [ { "key": "you" } ]
	}
	EOF
	jq '.name = "new" | .skills = [{"key": "k2", "n": 2}, {"key": "k3"}] |
		.answers = []' t/agent.json >expected
	pkg-unpack -q -p avaamo t >t.ndjson
	pkg-unpack -q -p avaamo s >s.ndjson
	pkg-merge full --into t.ndjson s.ndjson | pkg-pack -o r/
	jq . r/agent.json | diff expected -
	# the variables come if there are none
	jq '.environment_variables = []' t/agent.json >t/new
	mv t/new t/agent.json
	pkg-unpack -q -p avaamo t | pkg-merge full --into - s.ndjson |
		pkg-pack -f -o r/
	jq -e '.environment_variables[0].key == "token"' r/agent.json
	# any other version is refused, an older one, too
	sed -i 's/9\.1/9.0/' s/agent.json
	pkg-unpack -q -p avaamo s >s.ndjson
	refuses 1 'pkg-merge full --into t.ndjson s.ndjson' 9.0 9.1
}

@test "Dialogflow CX: what was renamed is renamed first, with its files" {
	cp -r "$tests/fixtures/cx" t
	cp -r t s
	(
		cd s
		mv "webhooks/Fare service.json" webhooks/Tariffs.json
		mv intents/book.crossing intents/book.ferry
		mv intents/book.ferry/book.crossing.json \
			intents/book.ferry/book.ferry.json
		grep -rlE 'Fare service|book\.crossing' . | while read -r f; do
			sed -i 's/"Fare service"/"Tariffs"/
				s/"book\.crossing"/"book.ferry"/' "$f"
		done
	)
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	for mode in full incremental; do
		pkg-merge "$mode" --into t.ndjson s.ndjson |
			pkg-pack -f -o r/
		diff -r s r
	done
	# also in what stays as the target has it, and in what only it has
	rm s/intents/book.ferry/trainingPhrases/de.json
	rm -r s/testCases
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	pkg-merge incremental --policy flow=keep --policy page=keep \
		--policy routegroup=keep --policy agentgroup=keep \
		--policy testcase=keep --into t.ndjson s.ndjson >r.ndjson
	pkg-pack -f -o r/ r.ndjson
	[ -z "$(grep -rE '"(Fare service|book\.crossing)"' r)" ]
	[ -e r/intents/book.ferry/trainingPhrases/de.json ]
	[ ! -e r/intents/book.crossing ]
	pkg-unpack -q r >unpacked.ndjson
	python3 "$tests/oracle/check-merge.py" --same r.ndjson unpacked.ndjson
	try pkg-merge incremental --plan=tsv --into t.ndjson s.ndjson
	[ "$(grep -c ^rename <<<"$output")" -eq 2 ]
}

@test "Dialogflow CX: paths of resources lead to the target's agent" {
	cp -r "$tests/fixtures/cx" s
	# data stores are of no agent; a version of a playbook is no component
	grep -rlE 'projects/[^/]*/locations/[^/]*/agents/' s |
		grep -v testCases/v2 | while read -r f; do
		sed -i 's,projects/[^/]*/\(locations/[^/]*/agents\),projects/elsewhere/\1,' \
			"$f"
	done
	pkg-unpack -q "$tests/fixtures/cx" >t.ndjson
	pkg-unpack -q s >s.ndjson
	[ "$(grep -c projects/elsewhere/ s.ndjson)" -ge 1 ]
	for mode in full incremental; do
		pkg-merge "$mode" --into t.ndjson s.ndjson >r.ndjson
		diff <(body t.ndjson) <(body r.ndjson)
	done
}

@test "what paths of resources begin with is the map's" {
	printf '%s\n' 'platform t' 'resource port/*/quay/*' \
		'file app app.json json tells' \
		'kind berth' '	in app /berths/-' '	id code' \
		'	full replace-all' \
		'kind ship' '	in app /ships/-' '	id code' \
		'	refs berth at as tail port/' \
		'	refs berth was as tail port/' '	full replace-all' >t.map
	mkdir t s
	ship() {
		echo '{"berths":[{"code":"a"}],"ships":[{"code":"one",
			"of":"port/9","quay":"'"$1"'","at":"'"$1"'/berths/a",
			"was":"port/9/quay/8/berths/a","x":"'"$1"'/"}]}'
	}
	ship port/1/quay/2 >t/app.json
	ship port/3/quay/4 >s/app.json
	merges --map t.map full
	# what is no reference, or of another quay, comes as it is
	jq -r '.ships[] | .of, .quay, .at, .was, .x' r/app.json >have
	diff have - <<-'EOF'
	port/9
	port/3/quay/4
	port/1/quay/2/berths/a
	port/9/quay/8/berths/a
	port/3/quay/4/
	EOF
	sed 's,port/\*/quay/\*,dock/*,' t.map >other.map
	rm -r r
	merges --map other.map full
	diff <(jq -S . s/app.json) <(jq -S . r/app.json)
}

@test "a FAQ pairs only inside the knowledge of its own language" {
	cd "$BATS_TEST_TMPDIR"
	mkdir t s
	jq -n '{_id: "st-1", refId: "r", knowledgeTasks: [
		{refId: "k", language: "en", name: "K", faqs: {faqs: [
			{refId: "f", question: "hello"}]}},
		{refId: "k", language: "id", name: "K", faqs: {faqs: [
			{refId: "f", question: "halo"}]}}]}' \
		>t/botDefinition.json
	jq 'del(.knowledgeTasks[0]) |
		.knowledgeTasks[0].faqs.faqs[0].question = "halo 2"' \
		t/botDefinition.json >s/botDefinition.json
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	pkg-merge -q incremental --into t.ndjson s.ndjson >r.ndjson
	pkg-pack -q -o r/ r.ndjson
	jq -c '[.knowledgeTasks[] | [.language, .faqs.faqs[].question]]' \
		r/botDefinition.json >have
	echo '[["en","hello"],["id","halo 2"]]' | diff - have
	pkg-merge -q full --into t.ndjson s.ndjson >r.ndjson
	pkg-pack -q -f -o r/ r.ndjson
	jq -c '[.knowledgeTasks[] | [.language, .faqs.faqs[].question]]' \
		r/botDefinition.json >have
	echo '[["id","halo 2"]]' | diff - have
}

@test "a data store's path is not taken for the agent's" {
	cd "$BATS_TEST_TMPDIR"
	for side in t s; do
		mkdir -p $side/flows/F $side/generators/G
		printf '{"displayName":"A","defaultLanguageCode":"en",%s}\n' \
			'"timeZone":"UTC"' >$side/agent.json
	done
	jq -n '"projects/1/locations/l/agents/a" as $a |
		{displayName: "F",
		store: "projects/1/locations/l/collections/c/dataStores/d",
		transitionRoutes: [{triggerFulfillment: {generators: [
			{generator: "\($a)/generators/u"}]}}]}' \
		>t/flows/F/F.json
	sed 's,projects/1/,projects/2/,; s,agents/a,agents/b,; s,/u",/w",' \
		t/flows/F/F.json >s/flows/F/F.json
	echo '{"displayName":"G","name":"u"}' >t/generators/G/G.json
	echo '{"displayName":"G","name":"w"}' >s/generators/G/G.json
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	pkg-merge -q full --into t.ndjson s.ndjson >r.ndjson
	pkg-pack -q -o r/ r.ndjson
	jq -r '.. | .generator? // empty' r/flows/F/F.json >have
	echo projects/1/locations/l/agents/a/generators/u | diff - have
}

@test "what has a renamed parent's id in its own is renamed with it" {
	cd "$BATS_TEST_TMPDIR"
	mkdir t s
	cat >tern.map <<-'EOF'
	platform tern "Tern agent"
	file agent agent.json json style indent2+newline tells name
	kind setting
	 in agent /*
	 full replace
	 incremental replace
	kind flow task
	 in agent /flows/-
	 id called
	 alias uid
	 full replace-all
	 incremental replace
	kind step
	 in agent /flows/-/steps/-
	 id ^ no
	 full replace-all
	 incremental replace
	EOF
	jq -n '{name: "x", flows: [{called: "Old", uid: "u1", steps: [
		{no: "1", say: "a"}, {no: "2", say: "b"}]}]}' >t/agent.json
	jq '.flows[0].called = "New" | .flows[0].steps[1].say = "c"' \
		t/agent.json >s/agent.json
	for side in t s; do
		pkg-unpack -q -p tern --map tern.map $side >$side.ndjson
	done
	for mode in full incremental; do
		pkg-merge -q --map tern.map $mode --into t.ndjson s.ndjson \
			>r.ndjson
		jq -r 'select(.kind == "flow" or .kind == "step") | .id' \
			r.ndjson | diff <(printf '%s\n' New New/1 New/2) -
		rm -rf r
		pkg-pack -q --map tern.map -o r/ r.ndjson
		diff s/agent.json r/agent.json
		# the envelopes are those of the package that was made of them
		pkg-unpack -q -p tern --map tern.map r >u.ndjson
		diff <(grep -v '^{"kind":"@' u.ndjson) \
			<(grep -v '^{"kind":"@' r.ndjson)
	done
}

@test "an app has one LLM configuration, whatever refId its copy has" {
	cd "$BATS_TEST_TMPDIR"
	mkdir t s
	jq -n '{_id: "st-1", refId: "r", llmConfiguration: [{refId: "l-1",
		featureList: [{name: "f", enable: false}],
		integrations: {openai: {apiKey: "k1"}}}]}' \
		>t/appDefinition.json
	jq '.llmConfiguration[0] |= (.refId = "l-2" |
		.featureList[0].enable = true | .integrations = {})' \
		t/appDefinition.json >s/appDefinition.json
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	# the source's features, the target's refId and keys
	jq -c '.llmConfiguration[0].featureList[0].enable = true' \
		t/appDefinition.json >expected
	for mode in full incremental; do
		pkg-merge -q $mode --into t.ndjson s.ndjson >r.ndjson
		rm -rf r
		pkg-pack -q -o r/ r.ndjson
		jq -c . r/appDefinition.json | diff expected -
	done
	# a copy that differs in nothing else is no change
	jq '.llmConfiguration[0].refId = "l-3"' t/appDefinition.json \
		>s/appDefinition.json
	pkg-unpack -q s >s.ndjson
	[ "$(pkg-merge -q full --plan=tsv --into t.ndjson s.ndjson)" = '# nothing changes' ]
}

@test "an utterance that stays names no entity that has gone" {
	python3 - <<-'EOF'
	import json, os
	for side, nodes, names in ("t", ["i", "e"], ["e"]), ("s", ["i"], []):
	    os.mkdir(side)
	    json.dump({"_id": "st", "refId": "app", "dialogs": [{
	        "_id": "dg", "refId": "d", "nodes": [
	            {"nodeId": "n" + n, "componentId": "dc-" + n}
	            for n in nodes]}],
	        "dialogComponents": [{"_id": "dc-" + n, "refId": n,
	            "type": "intent" if n == "i" else "entity",
	            "dialogId": "dg"} for n in nodes],
	        "sentences": [{"_id": "u", "taskId": "dc-i", "language": "en",
	            "sentence": "two of them", "entities": [
	                {"entityId": "dc-" + n} for n in names]}],
	        "exportOptions": {"tasks": ["botTask"],
	            "nlpData": ["utterances"]}},
	        open(side + "/botDefinition.json", "w"))
	EOF
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	pkg-merge -q incremental --into t.ndjson s.ndjson >r.ndjson
	jq -c 'select(.kind == "component" or .kind == "utterance") |
		[.id, .value.entities]' r.ndjson |
		diff - <(printf '%s\n' '["i",null]' '["u",[]]')
}

# leading APP DIALOGS EVENT [FLOW]: an app of these dialogs; what an event, and
# a step of a flow, lead to
leading() {
	python3 - "$@" <<-'EOF'
	import json, os, sys
	app, dialogs, event, *flow = sys.argv[1:]
	os.mkdir(app)
	with open(app + "/appDefinition.json", "w") as f:
	    json.dump({"_id": "st-1", "refId": "app",
	        "localeData": {"en": {"name": "A"}},
	        "dialogs": [{"_id": "dg-" + d, "refId": d, "lname": d,
	            "localeData": {"en": {"name": d}}} for d in dialogs.split()],
	        "dialogComponents": [], "sentences": [], "knowledgeTasks": [],
	        "botEvents": {"ON_CONNECT_EVENT": {"enabled": True,
	            "action": "triggerDialog", "task": event}},
	        "experienceFlows": [{"callflowDefinition": {"_id": "cf-f",
	            "refId": "f", "name": "F", "lname": "f", "messages": [],
	            "steps": [{"_id": "s-f", "refId": "step", "cfId": "cf-f",
	                "name": "run", "type": "automation",
	                "taskDefinition": {"uxoautomation": {"refId": to,
	                    "name": "x"}}}]}, "config": {}, "files": {}}
	            for to in flow]}, f)
	EOF
	pkg-unpack -q "$1" >"$1.ndjson"
}

@test "what nothing leads to any more is told of the result, not of the source" {
	leading t 'led keep' led
	# the event stays, is the same, or is of an app without that task
	leading same 'led keep' led
	leading part keep led
	pkg-select -q -x -k event same.ndjson >none.ndjson
	for source in t same part none; do
		try pkg-merge incremental --plan=tsv --into t.ndjson "$source.ndjson"
		[ "$status" -eq 0 ]
		[ "$output" = '# nothing changes' ]
	done
	leading other keep keep
	try pkg-merge incremental --plan=tsv --into t.ndjson other.ndjson
	[ "$status" -eq 0 ]
	diff <(echo "$output") <(printf '%s\t' replace event ON_CONNECT_EVENT \
			ON_CONNECT_EVENT
		printf '%s\n' "the source's version (map: incremental \
replace); differs: /task" '# 1 replaced' \
		'# by hand: dialog led: nothing leads to it any more')
	pkg-merge incremental --into t.ndjson other.ndjson >r.ndjson
	[ "$(grep -c '"links":.*"dialog:led"\|"refs":.*"dialog:led"' r.ndjson)" -eq 0 ]
}

@test "what a full import keeps is repaired where it led to what goes" {
	leading t 'gone keep' keep gone
	leading s keep keep
	try pkg-merge full --plan=tsv --into t.ndjson s.ndjson
	[ "$status" -eq 0 ]
	diff <(echo "$output") <(printf '%s\t' remove dialog gone gone
		echo 'the source has none (map: full replace-all)'
		printf '%s\t' repair flowstep F/step run
		printf '%s; ' 'what it refers to is gone'
		printf '%s\n' \
		'differs: /taskDefinition/uxoautomation/refId (gone)' \
		'# 1 repaired' '# 1 removed' \
		'# by hand: flowstep F/step: lost what it referred to')
	pkg-merge full --into t.ndjson s.ndjson >r.ndjson
	jq -c 'select(.kind == "flowstep") | [has("links"), .value.taskDefinition]' \
		r.ndjson | diff - <(echo '[false,{"uxoautomation":{"name":"x"}}]')
}

@test "a plan of no change says so, and --exit-code tells it from others" {
	pkg-unpack "$xo11" >t.ndjson
	jq -c 'if .kind == "dialog" and .name == "Renew Loan"
		then .value.more = 1 else . end' t.ndjson >s.ndjson
	for mode in full incremental; do
		for code in '' --exit-code; do
			# shellcheck disable=SC2086 # a word or none
			try pkg-merge "$mode" --plan=tsv $code --into t.ndjson t.ndjson
			[ "$status" -eq 0 ]
			[ "$output" = '# nothing changes' ]
			quiet
		done
		try pkg-merge "$mode" --plan=json --exit-code --into t.ndjson t.ndjson
		[ "$status" -eq 0 ]
		[ "$output" = '{"totals":{},"notes":[],"by_hand":[],"fails":[]}' ]
		try pkg-merge "$mode" --plan=tsv --edited --into t.ndjson s.ndjson
		[ "$status" -eq 0 ]
		want=$output
		[[ $want == *'# 1 replaced'* ]]
		[ "$mode" = full ] ||
			[[ $want == *'# by hand: 1 task is to be published again: its '* ]]
		try pkg-merge "$mode" --plan=tsv --exit-code --report r --edited \
			--into t.ndjson s.ndjson
		[ "$status" -eq 1 ]
		[ "$output" = "$want" ]
		quiet
		[ "$(jq .status r)" -eq 1 ]
	done
	refuses 2 'pkg-merge full --exit-code --into t.ndjson t.ndjson' \
		'--exit-code is for --plan'
}

@test "names that differ only in case are told, and no stream is written" {
	for side in t s; do
		mkdir -p "$side/intents"
		echo '{"displayName":"A","defaultLanguageCode":"en","timeZone":"x"}' \
			>"$side/agent.json"
	done
	mkdir t/intents/Yes s/intents/yes
	echo '{"name":"1","displayName":"Yes"}' >t/intents/Yes/Yes.json
	echo '{"name":"2","displayName":"yes"}' >s/intents/yes/yes.json
	pkg-unpack -q t >t.ndjson
	pkg-unpack -q s >s.ndjson
	both='intents/Yes/Yes.json and intents/yes/yes.json'
	try pkg-merge incremental --plan=tsv --into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	[[ $output == *"would fail: $both"* ]]
	for option in '' --no-limits; do
		try pkg-merge incremental $option --into t.ndjson s.ndjson
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		says pkg-merge "$both" case
	done
	# a full import takes the other away
	pkg-merge full --into t.ndjson s.ndjson | pkg-pack -o r.zip
	unzip -Z1 r.zip | sort | diff - \
		<(printf '%s\n' agent.json intents/yes/yes.json)
}

@test "a page of another flow is another page, whatever its UUID" {
	for side in t s; do
		[ "$side" = t ] && flow=dESK || flow=Desk
		mkdir -p "$side/flows/$flow/pages"
		echo '{"displayName":"A","defaultLanguageCode":"en","timeZone":"x"}' \
			>"$side/agent.json"
		echo "{\"name\":\"$side\",\"displayName\":\"$flow\"}" \
			>"$side/flows/$flow/$flow.json"
		echo '{"name":"00000000-0000-4000-8000-000000000005","displayName":"Shared"}' \
			>"$side/flows/$flow/pages/Shared.json"
		pkg-unpack -q "$side" >"$side.ndjson"
	done
	pkg-merge full --allow unrelated --into t.ndjson s.ndjson >r.ndjson
	jq -r 'select(.kind == "page").id' r.ndjson | diff - <(echo Desk/Shared)
}

@test "containers stand in the order of the value, and are made where it has none" {
	python3 - <<-'EOF'
	import json, os
	def llm(**parts):
	    return {"llmConfiguration": [dict(refId="l", **parts)]}
	def task(**parts):
	    return {"knowledgeTasks": [dict(refId="k", language="en", **parts)]}
	f, g = {"name": "f"}, {"name": "g", "v": 2}
	faqs = {"faqs": [{"refId": "q", "question": "?"}]}
	cases = {
	    "order": (llm(featureList=[f], integrations={"o": {}}),
	              llm(integrations={"p": {}}, x=1, featureList=[g])),
	    "each": (llm(featureList=[f]), llm(x=1, integrations={"p": {}})),
	    "both": (llm(a=1), llm(integrations={"p": {}}, x=1, featureList=[g])),
	    "none": (task(name="a"), task(name="b", faqs=faqs)),
	    "null": (task(name="a", faqs=None), task(name="b", faqs=faqs)),
	    "empty": (task(name="a", faqs={}), task(name="b", faqs=faqs)),
	}
	for case, sides in cases.items():
	    for side, app in zip("ts", sides):
	        os.makedirs("%s/%s" % (case, side))
	        json.dump(dict(_id="st", refId="app", **app),
	            open("%s/%s/appDefinition.json" % (case, side), "w"))
	EOF
	for case in order each both none null empty; do
		pkg-unpack -q $case/t >t.ndjson
		pkg-unpack -q $case/s >s.ndjson
		for mode in full incremental; do
			for policy in knowledge=keep llmconfiguration=keep \
			    prompt=keep; do
				pkg-merge -q $mode --policy $policy \
					--into t.ndjson s.ndjson >r.ndjson
				pkg-pack -q -f -o r.zip r.ndjson
				pkg-unpack -q r.zip | grep -v '^{"kind":"@' |
					diff <(grep -v '^{"kind":"@' r.ndjson) -
			done
			unzip -p r.zip appDefinition.json | jq -c \
				'[.. | .name? // .question? // empty]'
		done
	done >have
	diff - have <<-'EOF'
	["g"]
	["g"]
	[]
	["f"]
	["g"]
	["g"]
	["b","?"]
	["b","?"]
	["b","?"]
	["b","?"]
	["b","?"]
	["b","?"]
	EOF
}

# merges OPTIONS MODE: the folder s into the folder t, to the folder r, and
# again into what came of it, which has nothing to do
merges() {
	local side map=()

	[ "$1" != --map ] || map=(--map "$2")
	for side in t s; do
		pkg-unpack -q "${@:1:2}" "$side" >"$side.ndjson"
	done
	pkg-merge -q "${map[@]}" "$3" --into t.ndjson s.ndjson >r.ndjson
	pkg-pack -q "${map[@]}" -o r/ r.ndjson
	pkg-unpack -q "${@:1:2}" r >u.ndjson
	diff <(jq -c 'select(.kind[:1] != "@") | [.kind, .id, .value]' \
		r.ndjson) <(jq -c 'select(.kind[:1] != "@") |
		[.kind, .id, .value]' u.ndjson)
	try pkg-merge "${map[@]}" "$3" --plan=json --into r.ndjson s.ndjson
	[ "$status" -eq 0 ]
	jq -e '.totals == {}' <<<"$output"
}

@test "of doubles of one status those that say the same are the same" {
	mkdir t s
	echo '{"_id":"st","refId":"r","dialogs":[{"refId":"d","_id":"dg-1",
		"note":"b"}]}' >t/botDefinition.json
	echo '{"_id":"st","refId":"r","dialogs":[{"refId":"d","_id":"dg-1",
		"note":"a"},{"refId":"d","_id":"dg-1","note":"b"}]}' \
		>s/botDefinition.json
	merges -p kore incremental
	[ "$(jq -c '[.dialogs[] | ._id, .note] | sort' \
		r/botDefinition.json)" = '["a","b","dg-1","dg-1"]' ]
	pkg-merge incremental --plan=tsv --into t.ndjson s.ndjson >plan
	grep -q '^# 1 added$' plan
	! grep -q replaced plan || false
}

@test "of doubles the one replaced is found again, not one of equal status" {
	mkdir t s
	echo '{"_id":"st","refId":"r","dialogs":[{"refId":"d","_id":"dg-1",
		"note":"a","localeData":{"ja":{"name":"n"}}},
		{"refId":"d","_id":"dg-1","note":"b"}]}' >t/appDefinition.json
	echo '{"_id":"st","refId":"r","dialogs":[{"refId":"d","_id":"dg-2",
		"note":"a"}]}' >s/appDefinition.json
	# its status is reset, the other one's is none, as is the source's
	merges -p kore incremental
	diff <(jq -c '.dialogs[]' r/appDefinition.json) - <<-'EOF'
	{"refId":"d","_id":"dg-1","note":"a"}
	{"refId":"d","_id":"dg-1","note":"b"}
	EOF
}

@test "one of two with one id is not renamed while the other stays" {
	mkdir t s
	boards() {
		echo '{"_id":"st","refId":"r","customDashboards":['"$1"']}'
	}
	boards '{"_id":"b-1","refId":"r-1","name":"n","note":1},
		{"_id":"b-1","refId":"r-1","name":"n","note":2}' \
		>t/appDefinition.json
	boards '{"_id":"b-1","refId":"r-2","name":"m","note":3},
		{"_id":"b-2","refId":"r-1","name":"n","note":2}' \
		>s/appDefinition.json
	merges -p kore full
	diff <(jq -c '.customDashboards[] | [.refId, .name, .note]' \
		r/appDefinition.json) - <<-'EOF'
	["r-1","n",2]
	["r-2","m",3]
	EOF
	# two components, two ids: the one that stays keeps its own
	jq -e '.customDashboards | map(._id) | .[0] == "b-1" and
		.[1] != "b-1"' r/appDefinition.json
}

@test "what --only leaves out goes where what it stands in is cleared" {
	mkdir t s
	echo '{"_id":"st","refId":"r","localeData":{"de":{"name":"n",
		"synonyms":{"~term":["x"]}},"en":{"name":"m",
		"synonyms":{"~word":["y"]}}}}' >t/botDefinition.json
	echo '{"_id":"st","refId":"r"}' >s/botDefinition.json
	pkg-unpack -q -p kore t >t.ndjson
	pkg-unpack -q -p kore s >s.ndjson
	try pkg-merge incremental --only settings/botVariables \
		--policy locale=clear --plan=tsv --into t.ndjson s.ndjson
	diff <(echo "$output") <(echo '# nothing changes')
	pkg-merge -q incremental --only settings/botSettings \
		--policy locale=clear --plan=json --into t.ndjson s.ndjson |
		jq -c 'select(.op) | [.op, .kind, .id]' | diff - <(printf '%s\n' \
		'["remove","locale","de"]' '["remove","concept","de/~term"]' \
		'["remove","locale","en"]' '["remove","concept","en/~word"]')
	pkg-merge -q incremental --only settings/botSettings \
		--policy concept=clear --plan=tsv --into t.ndjson s.ndjson |
		diff - <(echo '# nothing changes')
}

@test "doubles say the same if one side alone has what they refer to" {
	mkdir t s
	app() {
		echo '{"_id":"st","refId":"r",'"$1"',"dialogs":['"$2"']}'
	}
	nodes='"nodes":[{"nodeId":"n","componentId":"dc-8"}]}'
	app '"dialogComponents":[{"_id":"dc-8","refId":"c","type":"intent"}]' \
		'{"refId":"d","_id":"dg-1","note":"b"}' >t/appDefinition.json
	app '"name":"x"' '{"refId":"d","_id":"dg-1","note":"a",'"$nodes"',
		{"refId":"d","_id":"dg-1","note":"b",'"$nodes" \
		>s/appDefinition.json
	merges -p kore incremental
	[ "$(jq -c '[.dialogs[].note]' r/appDefinition.json)" = '["a","b"]' ]
}

@test "what stands inside doubles that say the same stays in its own" {
	mkdir t s
	den() {
		echo '{"name":"Den","level":"1","_id":"d","rooms":['"$1"']}'
	}
	den '{"uid":"a","note":"y"},{"uid":"a","note":"x"}' >t/den.json
	den '{"uid":"a","note":"x","shelves":[{"no":"1"}]},
		{"uid":"a","note":"x","shelves":[{"no":"2"}]}' >s/den.json
	merges --map "$tests/fuzz/otter.map" incremental
	diff <(jq -S .rooms s/den.json) <(jq -S .rooms r/den.json)
}

@test "what comes into something that keeps its id has that in its own" {
	local map=(--map "$tests/fuzz/otter.map")

	mkdir t s
	den() {
		echo '{"name":"Den","level":"1","_id":"d","rooms":['"$1"']}'
	}
	den '{"_id":"r","uid":"new"}' >t/den.json
	den '{"_id":"r","uid":"old","shelves":[{"no":"1"}]}' >s/den.json
	for side in t s; do
		pkg-unpack -q "${map[@]}" "$side" >"$side.ndjson"
	done
	pkg-merge -q "${map[@]}" incremental --policy room=if-none \
		--into t.ndjson s.ndjson >r.ndjson
	[ "$(jq -r 'select(.kind == "shelf").id' r.ndjson)" = new/1 ]
	pkg-pack -q "${map[@]}" -o r/ r.ndjson
	pkg-unpack -q "${map[@]}" r >u.ndjson
	diff <(jq -c '[.kind, .id, .value]' r.ndjson | grep -v '"@') \
		<(jq -c '[.kind, .id, .value]' u.ndjson | grep -v '"@')
}

@test "Dialogflow CX: a phrase is the same one only in its own file" {
	for side in t s; do
		mkdir -p $side/intents/i/trainingPhrases
		echo '{"displayName":"a"}' >$side/agent.json
		echo '{"name":"u","displayName":"i"}' >$side/intents/i/i.json
	done
	phrase() {
		echo '{"trainingPhrases":[{"id":"'"$2"'","parts":[{"text":"'"$3"'"}],
			"languageCode":"'"$1"'"}]}'
	}
	phrase en 1 hello >t/intents/i/trainingPhrases/en.json
	phrase de 2 hallo >t/intents/i/trainingPhrases/de.json
	phrase en 2 hello >s/intents/i/trainingPhrases/en.json
	phrase de 1 hallo >s/intents/i/trainingPhrases/de.json
	merges -p dialogflow_cx full
	for lang in en de; do
		diff <(jq -S . t/intents/i/trainingPhrases/$lang.json) \
			<(jq -S . r/intents/i/trainingPhrases/$lang.json)
	done
}

@test "a number of what there is none of stays as both have it" {
	for side in t s; do
		mkdir -p $side/zones/z
		echo '{"name":"Den","level":"1","_id":"d"}' >$side/den.json
		echo '{"name":"z","key":"k","lots":0,"note":"'$side'"}' \
			>$side/zones/z/z.json
	done
	merges --map "$tests/fuzz/otter.map" incremental
	diff <(jq -S . s/zones/z/z.json) <(jq -S . r/zones/z/z.json)
}

@test "one place in a file never gets two things" {
	mkdir t s
	echo '{"name":"a","items":"","size":{},"rows":[{"id":"r"}]}' >t/a.json
	echo '{"name":"a","items":[{"id":"i"}],"size":[{"id":"s"}],"rows":null}' \
		>s/a.json
	for mode in full incremental; do
		rm -rf r
		merges -p generic $mode
		[ "$(jq -cS . r/a.json)" = "$(jq -cS .rows="$(
			[ $mode = full ] && echo null || echo '[{"id":"r"}]'
		)" s/a.json)" ]
	done
	# what both say something at is told, with nothing written
	echo '{"items":"all of them"}' >t/a.json
	pkg-unpack -q -p generic t >t.ndjson
	refuses 1 'pkg-merge incremental --into t.ndjson s.ndjson' \
		'a.json: /items: the source and the target have something else'
	[ -z "$output" ]
	try pkg-merge incremental --plan=json --into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	tail -n 1 <<<"$output" | jq -e '.fails[0] | contains("a.json: /items:")'
}

@test "what is new in a component comes into the file where the target has it" {
	for side in t s; do
		mkdir -p $side/lists
		echo '{"name":"Den","level":"1","_id":"d"}' >$side/den.json
	done
	echo '{"items":[{"_id":"i","code":"c"},{"_id":"j","code":"e",
		"subs":[{"no":"1"}]}]}' >t/lists/b.json
	echo '{"items":[{"_id":"i","code":"c","subs":[{"no":"1"}]},
		{"_id":"j","code":"e","subs":[{"no":"1"},{"no":"2"}]}]}' \
		>s/lists/a.json
	merges --map "$tests/fuzz/otter.map" incremental
	[ ! -e r/lists/a.json ]
	diff <(jq -S . r/lists/b.json) <(jq -S . s/lists/a.json)
}

@test "a file in which there is nothing is as the source has it" {
	mkdir t s
	echo '{"name":"a"}' | tee t/a.json >s/a.json
	echo '[]' >s/new.json
	echo '{"items":[]}' >s/list.json
	echo '{"items":[{"id":"i"}],"more":[{"id":"j"}]}' >t/list.json
	merges -p generic full
	diff <(jq -c . s/new.json s/list.json) \
		<(jq -c . r/new.json r/list.json)
}

@test "what stays in a renamed component has its new id in its own" {
	mkdir t s
	echo '{"name":"Den","level":"1","_id":"d","rooms":[{"_id":"x",
		"uid":"old","pets":[{"name":"cat"},{"name":"dog"}]}]}' \
		>t/den.json
	echo '{"name":"Den","level":"1","_id":"d","rooms":[{"_id":"x",
		"uid":"new/er","pets":[{"name":"dog"}]}]}' >s/den.json
	merges --map "$tests/fuzz/otter.map" full
	[ "$(jq -r 'select(.kind == "pet").id' r.ndjson | paste -sd ' ')" = \
		'new%2Fer/cat new%2Fer/dog' ]
}

@test "Dialogflow CX: what a policy keeps out renames nothing" {
	for side in t s; do
		mkdir -p $side/flows/$side
		echo '{"displayName":"a","startFlow":"'$side'"}' >$side/agent.json
		echo '{"name":"u","displayName":"'$side'"}' \
			>$side/flows/$side/$side.json
		pkg-unpack -q $side >$side.ndjson
	done
	for policy in keep add if-none; do
		pkg-merge -q incremental --policy flow=$policy --into t.ndjson \
			s.ndjson >r.ndjson
		[ "$(jq -r 'select(.kind == "flow").id' r.ndjson)" = t ]
	done
}

@test "Dialogflow CX: what comes to what keeps its name is put in its folder" {
	for side in Old New; do
		mkdir -p $side/flows/$side/pages
		echo '{"displayName":"a","startFlow":"'$side'"}' \
			>$side/agent.json
		echo '{"name":"u","displayName":"'$side'"}' \
			>$side/flows/$side/$side.json
		echo '{"name":"p","displayName":"P","note":"'$side'"}' \
			>$side/flows/$side/pages/P.json
	done
	echo '{"name":"q","displayName":"Q","transitionRoutes":[
		{"targetPage":"P","targetFlow":"New"}]}' >New/flows/New/pages/Q.json
	pkg-unpack -q Old >t.ndjson
	pkg-unpack -q New >s.ndjson
	pkg-merge -q incremental --only flows/pages \
		--into t.ndjson s.ndjson >r.ndjson
	pkg-pack -q -o r/ r.ndjson
	diff <(cd r && find . -type f | LC_ALL=C sort) - <<-'end'
		./agent.json
		./flows/Old/Old.json
		./flows/Old/pages/P.json
		./flows/Old/pages/Q.json
	end
	jq -e '.transitionRoutes[0].targetFlow == "Old"' \
		r/flows/Old/pages/Q.json
	pkg-unpack -q r >u.ndjson
	refs='select(.kind == "page") | [.id, .owner, .links, .refs]'
	diff <(jq -c "$refs" r.ndjson) <(jq -c "$refs" u.ndjson)
	[ "$(jq -r 'select(.name == "Q").id' r.ndjson)" = Old/Q ]
}

@test "a container that has no place, for the target has something else, fails" {
	mkdir t s
	echo '{"name":"Den","level":"1","_id":"d","cellar":[]}' >t/den.json
	echo '{"name":"Den","level":"1","_id":"d","cellar":{"shelves":[]}}' \
		>s/den.json
	only=(--map "$tests/fuzz/otter.map" incremental --only dens/rooms)
	pkg-unpack -q "${only[@]:0:2}" t >t.ndjson
	pkg-unpack -q "${only[@]:0:2}" s >s.ndjson
	pkg-merge "${only[@]}" --into t.ndjson s.ndjson >r.ndjson
	pkg-pack -q "${only[@]:0:2}" -o r/ r.ndjson
	diff <(jq -S . t/den.json) <(jq -S . r/den.json)
	echo '{"name":"Den","level":"1","_id":"d","cellar":{"shelves":[
		{"no":"1"}]}}' >s/den.json
	pkg-unpack -q "${only[@]:0:2}" s >s.ndjson
	try pkg-merge "${only[@]}" --into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	says '/cellar/shelves' 'has something else there'
}

@test "what comes names outside the package, and the target does not, is told" {
	printf '%s\n' 'platform t' 'file app app.json json tells' \
		'kind thing task' '	in app /list/-' '	id id' \
		'	binding "data store" store more/*/at' \
		'	full replace-all' '	incremental replace' >t.map
	mkdir t s
	cat >t/app.json <<-'EOF'
	{"list":[{"id":"a","store":"one"},{"id":"b","more":{"x":{"at":"two"}}}]}
	EOF
	cat >s/app.json <<-'EOF'
	{"list":[{"id":"a","store":"three","more":{"y":{"at":"two"}}},
	{"id":"b","store":"three"},{"id":"c","store":""},{"id":"d","store":4},
	{"id":"e","store":"four"}]}
	EOF
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	pkg-merge incremental --map t.map --plan=tsv --into t.ndjson s.ndjson >plan
	grep '^# by hand' plan | diff - <(
		echo "# by hand: thing a: data store three: the target names" \
			"no such thing; see that it is there"
		echo "# by hand: thing e: data store four: the target names" \
			"no such thing; see that it is there")
	# what stays as it is, is not news
	pkg-merge full --map t.map --plan=tsv --into s.ndjson s.ndjson >plan
	[ "$(grep -c '^# by hand' plan)" -eq 0 ]
}

@test "one component in files of different names keeps the target's file" {
	printf '%s\n' 'platform t' 'file app *.json json tells' \
		'kind flow task' '	in app .' '	id uid' \
		'	full replace-all' '	incremental replace' \
		'kind step' '	in app /steps/-' '	id ^ n' \
		'	full replace-all' '	incremental replace' >t.map
	mkdir t s
	echo '{"uid":"1","a":1,"steps":[{"n":"1"}]}' >t/x.json
	echo '{"uid":"1","a":2,"steps":[{"n":"1","q":2},{"n":"2"}]}' >s/y.json
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	for mode in incremental full; do
		pkg-merge "$mode" --map t.map --into t.ndjson s.ndjson |
			pkg-pack --map t.map -f -o "$mode/"
		[ "$(ls "$mode")" = x.json ]
		diff "$mode/x.json" s/y.json
	done
}

# a CX agent: the name of its entity type, and what its entities' file has
cx_agent() {
	mkdir -p "$1/flows/Default Start Flow" "$1/entityTypes/$2/entities"
	echo '{"displayName":"A","startFlow":"Default Start Flow",' \
		'"defaultLanguageCode":"de"}' >"$1/agent.json"
	echo '{"name":"f-1","displayName":"Default Start Flow"}' \
		>"$1/flows/Default Start Flow/Default Start Flow.json"
	echo "{\"name\":\"e-1\",\"displayName\":\"$2\"}" \
		>"$1/entityTypes/$2/$2.json"
	echo "$3" >"$1/entityTypes/$2/entities/de.json"
	pkg-unpack -q "$1" >"$1.ndjson"
}

@test "what --only brings into a file that keeps its name goes by that name" {
	cx_agent t berth '{}'
	cx_agent s BERTH '{"entities":[]}'
	pkg-merge incremental --only entityTypes/entities --into t.ndjson \
		s.ndjson >r.ndjson
	pkg-pack -o r/ r.ndjson
	(cd r && find . -path '*entityTypes*' -type f | sort) | diff - <(
		echo ./entityTypes/berth/berth.json
		echo ./entityTypes/berth/entities/de.json)
	# what was brought names the entity type as the target does
	! grep -q BERTH r.ndjson || false
}

@test "a renamed component stays in the file where the target has it" {
	printf '%s\n' 'platform t' 'file items *.json json tells' \
		'kind item task' '	in items /items/-' '	id code' \
		'	alias _id' '	full replace-all' \
		'	incremental replace' >t.map
	mkdir t s
	echo '{"items":[{"_id":"k","code":"five"}]}' >t/a.json
	echo '{"items":[{"_id":"k","code":"six"}]}' >s/b.json
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	for mode in incremental full; do
		pkg-merge "$mode" --allow unrelated --map t.map --into \
			t.ndjson s.ndjson | pkg-pack --map t.map -o "$mode/"
		diff "$mode/a.json" s/b.json
	done
}

@test "of two documents that a file cannot have both, an empty one makes way" {
	mkdir -p t/skills s/skills
	unpack_both() {
		for side in t s; do
			pkg-unpack -q -p avaamo $side >$side.ndjson
		done
	}
	echo '[]' >t/skills/a.json
	echo '{"intents":[{"uuid":"i-1","name":"Moor"}]}' >s/skills/a.json
	unpack_both
	for mode in full incremental; do
		pkg-merge -q $mode --into t.ndjson s.ndjson | pkg-pack -o $mode/
		diff <(jq . s/skills/a.json) <(jq . $mode/skills/a.json)
	done
	# neither is empty
	echo '["Moor"]' >t/skills/a.json
	unpack_both
	for plan in '' --plan; do
		try pkg-merge incremental $plan --into t.ndjson s.ndjson
		[ "$status" -eq 1 ]
		[[ $output$stderr == *'skills/a.json: (root): the source and'* ]]
	done
}

@test "of two things at one place that say nothing the target's stays" {
	mkdir -p t/skills s/skills
	echo '{"name":"Harbour"}' | tee t/agent.json >s/agent.json
	echo '{"permissions":null}' >t/skills/b.json
	echo '{"permissions":[]}' >s/skills/b.json
	for side in t s; do
		pkg-unpack -q -p avaamo $side >$side.ndjson
	done
	for mode in full incremental; do
		pkg-merge $mode --into t.ndjson s.ndjson >r.ndjson
		diff <(body r.ndjson) <(body t.ndjson)
		pkg-merge $mode --plan=tsv --into t.ndjson s.ndjson | diff - <(
			echo '# nothing changes')
	done
	# but a component is more than a container that is left without any
	pkg-merge -q full --into s.ndjson t.ndjson | pkg-pack -o back/
	diff <(jq -c . t/skills/b.json) <(jq -c . back/skills/b.json)
}

@test "an empty list inside leaves what the target's component has there" {
	params() {
		printf "{'mlParams': [{'language': 'en', 'type': 3 %s}]}" "$1"
	}
	for there in "''" None; do
		two_apps "$(params ", 'dialogIntents': $there")" \
			"$(params ", 'dialogIntents': []")"
		merge_twice incremental --only tasks/botTask
		diff <(body r) <(body t.ndjson)
	done
	# where it has nothing, the list comes
	two_apps "$(params '')" "$(params ", 'dialogIntents': []")"
	merge_twice incremental --only tasks/botTask
	[ "$(jq -c 'select(.kind == "mlparam").value.dialogIntents' r)" = '[]' ]
}

@test "what loses its id to a version without one is led to no more by it" {
	printf '%s\n' 'platform t' 'file app app.json json tells' \
		'kind berth' '	in app /berths/-' '	id code' \
		'	alias _id' '	full replace-all' \
		'	incremental replace' \
		'kind ship' '	in app /ships/-' '	id code' \
		'	refs berth home' '	refs berth _home by alias' \
		'	full keep' '	incremental replace' >t.map
	mkdir t s
	cat >t/app.json <<-'EOF'
	{"berths":[{"_id":"k","code":"five"}],"ships":[{"code":"one",
	"home":"five","_home":"k"}]}
	EOF
	echo '{"berths":[{"_id":"k","depth":4}],"ships":[]}' >s/app.json
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	for mode in full incremental; do
		pkg-merge $mode --map t.map --plan=tsv --into t.ndjson s.ndjson >p
		grep -c '^replace	berth' p
		pkg-merge $mode --map t.map --into t.ndjson s.ndjson |
			pkg-pack --map t.map -o $mode/
		diff <(jq -c . $mode/app.json) - <<-'EOF'
		{"berths":[{"_id":"k","depth":4}],"ships":[{"code":"one","_home":"k"}]}
		EOF
	done
}

@test "what stands in one that loses or gets its id is known without or by it" {
	printf '%s\n' 'platform t' 'file app app.json json tells' \
		'kind ship' '	in app /ships/-' '	id code' \
		'	alias _id' '	incremental replace' \
		'kind sail' '	in app /ships/-/sails/-' '	id ^ no' \
		'	incremental replace' >t.map
	mkdir with without
	cat >with/app.json <<-'EOF'
	{"ships":[{"_id":"k","code":"one","sails":[{"no":"1"},{"no":"2","is":"a"}]}]}
	EOF
	cat >without/app.json <<-'EOF'
	{"ships":[{"_id":"k","sails":[{"no":"2","is":"b"}]}]}
	EOF
	cp -R with t
	cp -R without s
	merges --map t.map incremental
	diff <(jq -c . r/app.json) - <<-'EOF'
	{"ships":[{"_id":"k","sails":[{"no":"1"},{"no":"2","is":"b"}]}]}
	EOF
	diff <(jq -r 'select(.kind == "sail").id' r.ndjson) - <<<$'1\n2'
	rm -r t s r
	cp -R without t
	cp -R with s
	merges --map t.map incremental
	diff <(jq -c . r/app.json) - <<-'EOF'
	{"ships":[{"_id":"k","code":"one","sails":[{"no":"2","is":"a"},{"no":"1"}]}]}
	EOF
	diff <(jq -r 'select(.kind == "sail").id' r.ndjson) - <<<$'one/2\none/1'
}

@test "a word by which the sides call two things leads each side to its own" {
	two_apps "{'dialogComponents': [{'refId': 'oar', '_id': 'dc-1'}]}" "{
		'dialogComponents': [{'refId': 'oar', '_id': 'dc-2'},
			{'refId': 'sail', '_id': 'dc-1'}],
		'pii_patterns': [{'pii_type': 'berth',
			'mappedEntities': ['dc-1']}]}"
	# the source's is not imported, and the target has another one
	merge_twice incremental --only settings/botSettings
	[ "$(jq -c 'select(.kind == "piipattern") |
		.refs, .value.mappedEntities' r)" = "$(printf 'null\n[]')" ]
	# it comes under another word
	merge_twice incremental
	new=$(jq -r 'select(.id == "sail").value._id' r)
	[ "$new" != dc-1 ]
	[ "$(jq -c 'select(.kind == "piipattern") |
		.refs, .value.mappedEntities' r)" = "$(
		printf '["component:%s"]\n["%s"]' "$new" "$new")" ]
}

@test "what of the target goes is not what the source calls by the same word" {
	printf '%s\n' 'platform t' 'file app app.json json tells' \
		'kind port' '	in app /ports/-' '	id code' \
		'	full replace-all' '	incremental replace' \
		'kind berth' '	in app /berths/-' '	id code' \
		'	alias _id' '	owner port port' \
		'	full replace-all' '	incremental replace' \
		'kind ship' '	in app /ships/-' '	id code' \
		'	refs berth home by alias' \
		'	full keep' '	incremental replace' >t.map
	mkdir t s
	cat >t/app.json <<-'EOF'
	{"ports":[{"code":"x"}],"berths":[{"code":"a","_id":"b-1","port":"x"}],
	"ships":[{"code":"one","home":"b-1"}]}
	EOF
	cat >s/app.json <<-'EOF'
	{"ports":[{"code":"y"}],"berths":[{"code":"b","_id":"b-1","port":"y"}],
	"ships":[]}
	EOF
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	pkg-merge full --map t.map --into t.ndjson s.ndjson >r.ndjson
	[ "$(jq -c 'select(.kind == "ship").value' r.ndjson)" = \
		'{"code":"one"}' ]
}

# a harbour's map: berths go unless they are needed, ships are in them
harbour() {
	printf '%s\n' 'platform t' 'file app app.json json tells' \
		'kind berth' '	in app /berths/-' '	id code' \
		"	full $1" "	incremental $1" \
		'kind ship' '	in app /ships/-' '	id code' \
		'	needs berth home lost drop record' \
		'	refs berth seen lost drop record' \
		'	refs berth last lost drop member' '	unite' \
		'	full keep' '	incremental replace' \
		'kind crew' '	in app /crew/-' '	id code' \
		'	owner ship ship' \
		'	full keep' '	incremental replace' >t.map
	[ "$#" -eq 1 ] || sed -i 's/^\tid code$/&\n\torphan/;t;' t.map
	mkdir -p t s
	cat >t/app.json
}

@test "what a value says cannot be takes along what belongs to it" {
	harbour replace-all <<-'EOF'
	{"berths":[{"code":"a"}],"ships":[{"code":"one","seen":"a"},
	{"code":"two","last":"a"}],"crew":[{"code":"x","ship":"one"},
	{"code":"y","ship":"two"}]}
	EOF
	echo '{"berths":[{"code":"b"}],"ships":[],"crew":[]}' >s/app.json
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	pkg-merge full --map t.map --allow unrelated --into t.ndjson s.ndjson |
		pkg-pack --map t.map -o r/
	diff <(jq -c . r/app.json) - <<-'EOF'
	{"berths":[{"code":"b"}],"ships":[{"code":"two"}],"crew":[{"code":"y","ship":"two"}]}
	EOF
}

@test "if-none brings all where the target's own values say they cannot be" {
	for side in Old New; do
		mkdir -p "$side/flows/$side" $side/testCases
		echo '{"displayName":"A","startFlow":"'$side'",
			"defaultLanguageCode":"en"}' >$side/agent.json
		echo '{"name":"'$side'","displayName":"'$side'"}' \
			>$side/flows/$side/$side.json
		echo '{"name":"'$side'","displayName":"T '$side'","testConfig":
			{"flow":"'$side'"}}' >"$side/testCases/T $side.json"
	done
	pkg-unpack -q Old >t.ndjson
	pkg-unpack -q New >s.ndjson
	merge_twice full --policy testcase=if-none
	[ "$(jq -r 'select(.kind == "testcase").id' r)" = 'T New' ]
}

@test "in a union the target's version stays if the source's cannot be" {
	harbour keep orphan <<-'EOF'
	{"berths":[{"code":"a"},{"code":"c"}],"ships":[{"code":"one","home":"a",
	"old":1},{"code":"two","old":1}]}
	EOF
	cat >s/app.json <<-'EOF'
	{"berths":[{"code":"a"},{"code":"b"}],"ships":[{"code":"one",
	"home":"b","new":1},{"code":"two","new":1}]}
	EOF
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	union=(pkg-merge incremental --map t.map --policy ship=union)
	"${union[@]}" --into t.ndjson s.ndjson >r.ndjson 2>said
	grep 'are not imported.*: 1 of ship$' said
	pkg-pack --map t.map -o r/ r.ndjson
	# with the berth that it needs, which nothing else does
	diff <(jq -cS . r/app.json) - <<-'EOF'
	{"berths":[{"code":"a"},{"code":"c"}],"ships":[{"code":"one","home":"a","old":1},{"code":"two","new":1,"old":1}]}
	EOF
	"${union[@]}" -q --into r.ndjson s.ndjson | body - | diff - <(
		body r.ndjson)
}

@test "a name that only the version not imported has leads nowhere" {
	printf '%s\n' 'platform t' 'file app app.json json tells' \
		'kind sign' '	in app /signs/-' '	id code' \
		'	names words/-' '	full keep' '	incremental keep' \
		'kind ship' '	in app /ships/-' '	id code' \
		'	refs sign flies/- by name lost drop element' \
		'	full replace' '	incremental replace' >t.map
	mkdir t s
	echo '{"signs":[{"code":"a","words":["red"]}],"ships":[]}' >t/app.json
	cat >s/app.json <<-'EOF'
	{"signs":[{"code":"a","words":["red","blue"]}],"ships":[{"code":"one",
	"flies":["red","blue"]}]}
	EOF
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	for mode in full incremental; do
		pkg-merge $mode --map t.map --into t.ndjson s.ndjson |
			pkg-pack --map t.map -o $mode/
		[ "$(jq -c .ships $mode/app.json)" = \
			'[{"code":"one","flies":["red"]}]' ]
	done
}

@test "names of which nothing else is said come, too" {
	trait() {
		printf "'traits': [{'refId': 'sky', 'language': 'en' %s}]" "$1"
	}
	two_apps "{$(trait '')}" "{$(trait ", 'traits': {'red': {}}"),
		'dialogComponents': [{'refId': 'c', '_id': 'dc-1',
		'localeData': {'en': {'traitRules': [['red']]}}}]}"
	merge_twice full
	[ "$(jq -c 'select(.kind == "trait").value.traits' r)" = \
		'{"red":{}}' ]
}

@test "what belongs to one of many namesakes is known by the one paired" {
	said() {
		printf "'sentences': [{'_id': '%s', 'sentence': 'hoist',
			'taskId': '%s', 'taskName': 'Sail', 'language': 'en',
			'type': 'DialogIntent'}], 'dialogComponents': [" "$1" \
			"$2"
	}
	task="'refId': 'c', 'name': 'Sail', 'type': 'intent'}"
	for many in 1 20; do
		rm -rf t s
		two_apps "{$(said ut-1 dc-1) {'_id': 'dc-1', $task]}" \
			"{$(said ut-2 dc-2) $(for i in $(seq $many); do
				echo "{'new': $i, '_id': 'dc-2', $task,"
			done) {'_id': 'dc-2', $task]}"
		merge_twice incremental
		[ "$(jq -c 'select(.kind == "utterance").value._id' r)" = \
			'"ut-1"' ]
	done
}

@test "a policy that is none is told all that there are, as -h has them" {
	actions='replace, replace-all, add, if-none, keep, clear, union or error'
	refuses 2 'pkg-merge full --policy flow=drop --into x y' \
		"--policy: expected KIND=$actions, found \"flow=drop\""
	help=$(pkg-merge -h | sed -n '/--policy KIND/,/--prefer/p' | sed '$d' |
		tr -s ' ,\n' '\n\n\n' | sed '1,/^KIND=ACTION$/d' | grep -vx or |
		sort)
	[ "$help" = "$(printf '%s\n' replace replace-all add if-none keep \
		clear union error | sort)" ]
}

@test "of two versions the one brought is found again by a part without an id" {
	mkdir t s
	cat >t/botDefinition.json <<-'EOF'
	{"_id":"st-1","refId":"r","dialogComponents":[{"_id":"dc-1",
	"refId":"p","name":"Part","type":"service"}],"dialogs":[
	{"_id":"dg-1","refId":"d","n":1},{"_id":"dg-1","refId":"d","n":2}]}
	EOF
	# the entity has no id, and the word that leads to another part there
	cat >s/botDefinition.json <<-'EOF'
	{"_id":"st-1","refId":"r","dialogComponents":[{"_id":"dc-9",
	"refId":"p","name":"Part","type":"service"},{"_id":"dc-1",
	"name":"Own","type":"entity"}],"dialogs":[{"_id":"dg-9","refId":"d",
	"n":1,"nodes":[{"nodeId":"m","componentId":"dc-1"}]}]}
	EOF
	pkg-unpack -q t >t.n
	pkg-unpack -q s >s.n
	pkg-merge -q incremental --into t.n s.n >once
	[ "$(jq -c 'select(.kind == "dialog").value.n' once | tr '\n' ' ')" = \
		'1 2 ' ]
	[ "$(jq -s '[.[] | select(.kind == "dialog" and .value.nodes)] |
		length' once)" -eq 1 ]
	pkg-merge -q incremental --into once s.n >twice
	diff <(grep -v '@stream' once) <(grep -v '@stream' twice)
}

@test "a version that only the source has takes the word of its pair" {
	mkdir t s
	cat >t/appDefinition.json <<-'EOF'
	{"_id":"st-1","refId":"r","dialogComponents":[{"_id":"dc-1",
	"refId":"p","name":"Part","type":"intent","dialogId":"dg-2"}],
	"dialogs":[{"_id":"dg-1","refId":"d"},{"_id":"dg-2","refId":"e"}]}
	EOF
	# both versions have the word of another dialog of the target
	cat >s/appDefinition.json <<-'EOF'
	{"_id":"st-1","refId":"r","dialogs":[{"_id":"dg-1","refId":"e","n":1},
	{"_id":"dg-1","refId":"e"}]}
	EOF
	pkg-unpack -q t >t.n
	pkg-unpack -q s >s.n
	pkg-merge -q incremental --into t.n s.n | pkg-pack -q -o r/
	jq -c '[.dialogComponents[].dialogId, (.dialogs[] | .refId, ._id)]' \
		r/appDefinition.json >have
	diff have - <<<'["dg-2","d","dg-1","e","dg-2","e","dg-2"]'
}

@test "a policy for a kind that is called after a member is for that alone" {
	mkdir t s
	echo '{"skills":[{"_id":"a"}]}' >t/a.json
	echo '{"channels":[{"name":"b"}],"skills":[{"_id":"a"}]}' >s/a.json
	pkg-unpack -q -p generic t >t.n
	pkg-unpack -q -p generic s >s.n
	pkg-merge -q incremental --policy skill=clear --into t.n s.n >once
	pkg-pack -q -o r/ once
	jq -cS . r/a.json | diff - <(echo '{"channels":[{"name":"b"}],"skills":[]}')
	pkg-merge -q incremental --policy skill=clear --into once s.n |
		grep -v @stream | diff - <(grep -v @stream once)
}
