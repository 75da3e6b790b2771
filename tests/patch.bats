#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-diff --patch and pkg-merge apply.  diff/old and diff/new are two states
# of an invented app; oracle/check-patch.py does what a patch says, too.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pkg-unpack -q "$tests/diff/old" >old.ndjson
	pkg-unpack -q "$tests/diff/new" >new.ndjson
}

# the patch of two streams, and its exit status
patch_of() {
	pkg-diff --patch "$1" "$2" >"$3" || [ $? -eq 1 ]
}

# a stream whose lines are those of standard input, the first and the last
# made as they should be
stream() {
	(echo "${head:-$(sed -n 1p old.ndjson)}"
	grep -v '^{"kind":"@\(stream\|end\)"' || :) |
		python3 "$tests/oracle/check-patch.py"
}

# all but the first line of two streams is the same
same_lines() {
	diff <(tail -n +2 "$1") <(tail -n +2 "$2")
}

@test "a patch has what changes, each with its op, and what that stands in" {
	cat >expected <<-'EOF2'
		@stream
		@file botDefinition.json replace
		@open botDefinition.json keep
		app app replace
		setting /encryptedHash replace
		setting /interruptOptions replace
		@open botDefinition.json keep
		dialog d1 replace
		dialog d2 remove
		@open botDefinition.json keep
		component c3 replace
		component c1 replace
		component c4 add
		component c2 replace
		@file greet.js replace
		@data greet.js replace
		@file say.js replace
		@data say.js replace
		@end
	EOF2
	try pkg-diff --patch old.ndjson new.ndjson
	[ "$status" -eq 1 ]
	quiet
	diff expected <(jq -r '[.kind, if .kind[:1] == "@" then .file
		else .id // .at end, .op] | map(select(.)) | join(" ")' \
		<<<"$output")
	python3 "$tests/oracle/check-patch.py" old.ndjson \
		<(echo "$output") new.ndjson
}

@test "a patch names both streams by the count and sum of their ends" {
	patch_of old.ndjson new.ndjson p
	diff <(sed -n 1p p | jq -c '.patch, .platform, .old, .new') <(
		echo 1
		echo '"kore"'
		tail -qn 1 old.ndjson new.ndjson | jq -c '{records, sum}')
	diff <(sed -n 1p p | jq -c '.by | map([.name, .options])') \
		<(echo '[["pkg-unpack",[]],["pkg-diff",["--patch"]]]')
}

@test "what is removed is named with its hash, not there whole" {
	patch_of old.ndjson new.ndjson p
	sum=$(grep '"d2"' old.ndjson | tr -d '\n' | xxhsum -q -H2 - |
		cut -d' ' -f1)
	diff <(grep '"d2"' p | jq -c 'del(.fingerprint)') <(echo '{' \
		'"kind":"dialog","id":"d2","name":"Weather",' \
		'"file":"botDefinition.json","at":"/dialogs/-",' \
		'"op":"remove","was":"'"$sum"'"}' | tr -d ' \n'; echo)
}

@test "apply makes the new stream of the old one, and the new package" {
	patch_of old.ndjson new.ndjson p
	try_sh 'pkg-merge apply --into old.ndjson p >made'
	[ "$status" -eq 0 ]
	quiet
	same_lines made new.ndjson
	pkg-pack -q -o made.zip made
	pkg-pack -q -o new.zip new.ndjson
	cmp made.zip new.zip
}

@test "apply says in by which tools a stream went through" {
	patch_of old.ndjson new.ndjson p
	diff <(pkg-merge apply --into old.ndjson p | sed -n 1p |
		jq -c '[keys_unsorted, (.by | map([.name, .options]))]') <(
		echo '[["kind","version","platform","edition","by"],' \
		'[["pkg-unpack",[]],["pkg-diff",["--patch"]],' \
		'["pkg-merge",["apply"]]]]' | tr -d ' ')
}

@test "packages and pipes do in the place of streams" {
	patch_of "$tests/diff/old" "$tests/diff/new" p
	diff <(tail -n +2 p) <(pkg-diff --patch - new.ndjson <old.ndjson |
		tail -n +2)
	pkg-merge apply --into "$tests/diff/old" <p >made
	same_lines made new.ndjson
	pkg-merge apply --into - p <old.ndjson | cmp - made
}

@test "the patch of a stream and itself is empty, and changes nothing" {
	try pkg-diff --patch old.ndjson old.ndjson
	[ "$status" -eq 0 ]
	quiet
	[ "${#lines[@]}" -eq 2 ]
	echo "$output" >p
	try_sh 'pkg-merge apply --into new.ndjson p >made'
	[ "$status" -eq 0 ]
	[ "$stderr" = 'pkg-merge: warning: nothing changes' ]
	same_lines made new.ndjson
}

@test "a patch applied to what it makes changes nothing, and says so" {
	patch_of old.ndjson new.ndjson p
	try_sh 'pkg-merge apply --into new.ndjson p >made'
	[ "$status" -eq 0 ]
	[ "$stderr" = 'pkg-merge: warning: nothing changes' ]
	same_lines made new.ndjson
	# so it does where that has changed otherwise since
	jq -c 'if .id == "c3" then .["x-mine"] = 1 else . end' new.ndjson |
		sed 's/,"value":\(.*\),"x-mine":1}$/,"x-mine":1,"value":\1}/' |
		stream >next
	try_sh 'pkg-merge apply --into next p >made'
	[ "$status" -eq 0 ]
	[ "$stderr" = 'pkg-merge: warning: nothing changes' ]
	same_lines made next
}

@test "an old stream that moved on gets the changes and keeps its own" {
	patch_of old.ndjson new.ndjson p
	# a new dialog, a member of one's own, another text of a file that
	# the patch does not touch, another hash
	change() {
		jq -c 'if .at == "/encryptedHash" then .value = "other"
			elif .kind == "setting" and .at == "/refId" then
			.["x-mine"] = 1 else . end,
			if .id == "d1" then .id = "d9" | .name = "Mine" |
			.alias = ["dg-9"] else empty end' | sed \
			's/,"value":\(.*\),"x-mine":1}$/,"x-mine":1,"value":\1}/'
	}
	change <old.ndjson | stream >moved
	try_sh 'pkg-merge apply --into moved p >made'
	[ "$status" -eq 0 ]
	quiet
	# of the changes of both those to the hash make no difference: its own
	diff <(jq -c 'select(.id != "d9")' made | tail -n +2 | sed '$d') \
		<(jq -c 'if .at == "/encryptedHash" then .value = "other"
		else . end' new.ndjson | tail -n +2 | sed '$d' |
		sed '/"at":"\/refId"/s/,"value"/,"x-mine":1&/')
	grep -q '"id":"d9"' made
	pkg-pack -q -o made.zip made
}

@test "what is in the way is named, and nothing is written" {
	patch_of old.ndjson new.ndjson p
	jq -c 'if .id == "c2" then .value.message = [] else . end' \
		<old.ndjson | stream >moved
	line=$(grep -n '"id":"c2"' moved | cut -d: -f1)
	was=$(grep '"id":"c2"' old.ndjson | tr -d '\n' | xxhsum -q -H2 - |
		cut -d' ' -f1)
	is=$(grep '"id":"c2"' moved | tr -d '\n' | xxhsum -q -H2 - |
		cut -d' ' -f1)
	try pkg-merge apply --into moved p
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$stderr" = "pkg-merge: moved:$line: component c2 (Ask city) is in \
the way: expected one with the sum $was, found one with the sum $is" ]
}

@test "so is what is gone, and what stands in something that is removed" {
	patch_of old.ndjson new.ndjson p
	# c2 is to be replaced, c4 to be added to a list
	grep -v '"id":"c2"' old.ndjson | stream >moved
	try pkg-merge apply --into moved p
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says "pkg-merge: p:" 'component c2 (Ask city) is in the way: expected' \
		'found none'
	grep -v '"kind":"component"\|"at":"/dialogComponents"' old.ndjson |
		stream >moved
	try pkg-merge apply --into moved p
	[ "$status" -eq 1 ]
	says 'component c4 (Say sorry) is in the way: expected what it' \
		'stands in, found none'
	# what the patch adds is there, and is another
	jq -c 'if .id == "c2" then ., (.id = "c4" | .name = "Mine") else .
		end' old.ndjson | stream >moved
	try pkg-merge apply --into moved p
	[ "$status" -eq 1 ]
	says 'component c4 (Mine) is in the way: expected none, found one'
}

@test "what is removed already, and added already, is no obstacle" {
	patch_of old.ndjson new.ndjson p
	grep -v '"id":"d2"' old.ndjson | stream >moved
	pkg-merge apply --report r --into moved p >made
	same_lines made new.ndjson
	[ "$(jq -c '[.added, .replaced, .moved, .removed, .already,
		.conflicts]' r)" = '[1,12,0,0,1,0]' ]
}

@test "twenty records that are in the way are named, and all are counted" {
	head=$(sed -n 1p old.ndjson)
	for i in {1..25}; do
		printf '{"kind":"dialog","id":"d%d",%s}\n' "$i" \
			'"file":"f.json","at":"/-","value":{"a":1}'
	done >lines
	files='{"kind":"@file","file":"f.json","type":"json","style":"tab"}
{"kind":"@open","file":"f.json","at":"","value":[]}'
	(echo "$files"; cat lines) | stream >a
	(echo "$files"; sed 's/"a":1/"a":2/' lines) | stream >b
	(echo "$files"; sed 's/"a":1/"a":3/' lines) | stream >c
	patch_of a b p
	try pkg-merge apply --into c p
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 21 ]
	[ "${stderr_lines[20]}" = \
		'pkg-merge: 25 records are in the way in all' ]
}

@test "a file that is not split changes as a whole" {
	head=$(sed -n 1p old.ndjson)
	file() {
		local text at=0

		echo '{"kind":"@file","file":"a.js","type":"text"}'
		for text; do
			printf '{"kind":"@data","file":"a.js","offset":%d,%s}\n' \
				"$at" '"encoding":"utf-8","value":"'"$text"'"'
			at=$((at + ${#text}))
		done
	}
	file one two three | stream >a
	file one TWO three | stream >b
	patch_of a b p
	diff <(jq -r .op p) <(printf '%s\n' null keep keep replace keep null)
	pkg-merge apply --into a p >made
	same_lines made b
	for other in 'one two THREE' 'ONE two three' 'one two three four' \
		'one two' 'oneone two three'; do
		# shellcheck disable=SC2086 # words
		file $other | stream >c
		try pkg-merge apply --into c p
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		says '@data a.js is in the way: expected'
	done
}

@test "what moves and comes twice stands where it stood in the new stream" {
	try python3 "$tests/laws/patches.py" -t 2 "$build/bin" \
		lists:$((120 / SPARSE))
	[ "$status" -eq 0 ]
}

@test "hostile names and values come through a patch as they are" {
	python3 -c '
text = r"\u0000\u001b[2J<script>alert(1)</script>\ud800 \u202e\\\" "
print("""{"kind":"@stream","version":1,"platform":"generic","by":[]}
{"kind":"@file","file":"f.json","type":"json","style":"compact"}
{"kind":"@open","file":"f.json","at":"","value":{}}""")
for i in range(3):
    name = (text + "\u202e\u200b\U0001f600%d" % i) * (1 + 40 * i)
    print("""{"kind":"setting","id":"%s","name":"%s","file":"f.json",""" \
        """"at":"/%d","x-op":"op","value":{"op":"add","a":"%s",""" \
        """"was":[",\\"op\\":\\"add\\""]}}""" % (name, name, i, text * 3))
' >lines
	head=$(sed -n 1p lines)
	tail -n +2 lines | stream >b
	sed '/"at":"\/1"/d; s/"a":/"A":/' b | stream >a
	for pair in 'a b' 'b a'; do
		# shellcheck disable=SC2086 # words
		set -- $pair
		patch_of "$1" "$2" p
		python3 "$tests/oracle/check-patch.py" "$1" p "$2"
		pkg-merge apply --into "$1" p >made
		same_lines made "$2"
	done
	# and what is in the way does nothing to a terminal
	sed 's/"A":/"other":/' a | stream >c
	try_sh 'pkg-diff --patch a b | pkg-merge apply --into c'
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says 'is in the way'
	! grep -q $'[\e\u202e]' <<<"$stderr" || false
}

@test "every other tool refuses a patch by its name" {
	patch_of old.ndjson new.ndjson p
	for line in 'pkg-pack -o x.zip p' 'pkg-select p' 'pkg-check p' \
		'pkg-filter-status latest p' 'pkg-diff old.ndjson p' \
		'pkg-diff --patch p old.ndjson' 'pkg-rename dialog:a=b <p' \
		'pkg-merge full --into old.ndjson p' \
		'pkg-merge incremental --into p old.ndjson' \
		'pkg-merge apply --into p p' 'pkg-select --edited p'; do
		refuses 3 "$line" \
			'1: this is a patch: pkg-merge(1) apply reads it'
	done
}

@test "a damaged patch, and one of something else, is refused" {
	patch_of old.ndjson new.ndjson p
	apply='pkg-merge apply --into old.ndjson'
	refuses 3 "$apply new.ndjson" 'new.ndjson:1: this is no patch'
	refuses 6 "$apply </dev/null" 'expected a patch' 'pkg-diff(1) --patch'
	refuses 3 "sed '1s/\"patch\":1/\"patch\":2/' p | $apply" \
		'expected version 1 of the patch'
	refuses 6 "sed '\$d' p | $apply" 'the stream ends without @end'
	refuses 6 "sed 3d p | $apply" 'lines were lost or added on the way (a patch'
	refuses 6 "sed 's/\"op\":\"add\"/\"op\":\"keep\"/' p | $apply" \
		'(a patch is made by pkg-diff --patch, and not edited)'
	refuses 3 "sed '1s/\"xo10\"/\"xo11\"/' p | $apply" \
		'the patch is of edition xo11, the target of xo10'
	refuses 3 "sed '1s/\"kore\"/\"avaamo\"/' p | $apply" \
		'the patch is of platform avaamo, the target of kore'
	refuses 3 'pkg-diff --patch old.ndjson "$xo11"' \
		'the new stream is of edition xo11, the old one of xo10'
	refuses 6 "sed '5s/\"value\"/\"op\":\"add\",&/' old.ndjson |
		pkg-select" 'found the member op, which only a patch has'
}

@test "a patch that was altered and given a true sum is found out" {
	patch_of old.ndjson new.ndjson p
	head=$(sed -n 1p p)
	apply='pkg-merge apply --into old.ndjson altered'
	altered() {
		sed "$1" p | stream >altered
		cmp -s p altered && return 1
		refuses "$2" "$apply" "${@:3}"
	}
	altered 's/"op":"remove"/"op":"drop"/' 3 'as op'
	altered 's/"op":"remove",/"op":"replace","value":1,/' 3 \
		'found a member' || altered '/"op":"remove"/d' 6 \
		'the result is not what it says'
	altered '/"op":"add"/s/"Say sorry"/"Sorry"/g' 6 \
		'the result is not what it says'
	altered '/"op":"add"/p' 6 'the result is not what it says'
	altered '/"id":"c2"/p' 3 'names this record twice'
	altered 's/"was":"[0-9a-f]*"/"was":"0"/' 3 'the sum of the old line'
	altered 's/,"was":"[0-9a-f]*"//' 3 'the sum of the old line'
	altered '/"op":"add"/s/"op":/"nth":-1,&/' 3 'a number as nth' ||
		altered '/"op":"add"/s/"add"/&,"nth":1/' 6 'not what it says'
}

@test "a stream out of order is told of as well as a patch that may be" {
	# a container behind what stands in it, or none; the sum is the same
	sed '/"@open".*"at":"\/dialogComponents"/{h;d};$!b;x;G' old.ndjson >late
	sed '/"@open".*"at":"\/dialogComponents"/d' old.ndjson >none
	for old in late none; do
		pkg-diff --edited --patch $old new.ndjson >p || [ $? -eq 1 ]
		refuses 6 "pkg-pack --edited -o x.zip $old" 'in their order'
		refuses 3 "pkg-merge apply --edited --into $old p" \
			'altered' 'out of order, which pkg-pack(1)'
	done
}

@test "options of imports are not for patches" {
	for option in --plan --plan=json --policy=dialog=keep --no-limits \
		--allow=missing --backup=b --drop-variables=x; do
		refuses 2 "pkg-merge apply $option --into old.ndjson x" \
			"${option%%=*} is for full or incremental"
	done
	for option in only=tasks utterances=append patterns=append; do
		refuses 2 "pkg-merge apply --$option --into old.ndjson x" \
			"--${option%%=*} is for incremental;"
	done
	refuses 2 'pkg-diff --patch --stat old.ndjson new.ndjson' \
		'expected one of --stat'
	refuses 2 'pkg-diff --patch --html x old.ndjson new.ndjson' \
		'--patch without --html'
	refuses 2 'pkg-merge apply p' 'expected --into and the target'
}

# a stream with dialogs of these names
with_dialogs() {
	jq -nc --args '{_id: "st-1", refId: "r-0", dialogs: ($ARGS.positional |
		map({_id: ("dg-" + .), refId: ("r-" + .), nodes: [],
		localeData: {en: {name: .}}})),
		botInfo: {_id: "st-1", name: "Shop"}}' "$@" |
		pkg-unpack -n botDefinition.json
}

# the names of its dialogs
dialogs_of() {
	jq -r 'select(.kind == "dialog") | .value.localeData.en.name' "$1" |
		tr -d '\n'
}

@test "what comes behind a record that is gone is put last, all in its order" {
	with_dialogs a b >old
	with_dialogs a b c d e >new
	with_dialogs a >target
	patch_of old new p
	pkg-merge apply --into target p >made
	diff <(dialogs_of made) <(printf acde)
}

@test "a move that was made is there already, and not counted as one" {
	with_dialogs a b c >old
	with_dialogs b c a >new
	patch_of old new p
	pkg-merge apply --report r --into old p >made
	same_lines made new
	diff <(jq -c '[.moved, .already]' r) <(echo '[1,0]')
	pkg-merge apply -q --report r --into new p >made
	same_lines made new
	diff <(jq -c '[.moved, .already]' r) <(echo '[0,1]')
}

@test "an edited target is taken, an edited patch is not" {
	patch_of old.ndjson new.ndjson p
	jq -c 'if .id == "d2" then .value.lname = "Rain" else . end' \
		old.ndjson >edited
	try pkg-merge apply --edited --into edited p
	[ "$status" -eq 1 ]
	says 'dialog d2 (Weather) is in the way'
	jq -c . old.ndjson >edited
	pkg-merge apply --edited --into edited p >made
	same_lines made new.ndjson
	refuses 6 'sed 3d p | pkg-merge apply --edited --into old.ndjson' \
		'lines were lost'
}

@test "little memory gives the same patch and the same result" {
	pkg-diff --patch -S 1K old.ndjson new.ndjson >p || [ $? -eq 1 ]
	patch_of old.ndjson new.ndjson q
	cmp p q
	pkg-merge apply -S 1K --into old.ndjson p >made
	same_lines made new.ndjson
}

@test "patches of invented pairs make the new stream, and fit what moved on" {
	try python3 "$tests/laws/patches.py" -t 2 "$build/bin" \
		$((24 / SPARSE + 1))
	[ "$status" -eq 0 ]
}

@test "patches of real packages make the new stream" {
	corpus pairs
	try python3 "$tests/laws/patches.py" -t 2 "$build/bin" \
		"$corpus"/*/*/*
	[ "$status" -eq 0 ]
}
