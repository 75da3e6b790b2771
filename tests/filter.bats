#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-filter-status.  status/ has what is expected, written from the page:
#
#   single.tsv, pairs.tsv   the tables: one version of a task, and two
#   agent.ndjson            a small agent (edited: without a true @end), and
#   published.ndjson        what published mode leaves of it
#
# oracle/check-filter.py works out anew, in another way, what is kept and dropped.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	agent=$tests/status/agent.ndjson
}

# a stream of dialogs: lines "id status" (- for none) on standard input
dialogs() {
	echo '{"kind":"@stream","version":1,"platform":"kore"}'
	while read -r id status; do
		printf '{"kind":"dialog","id":"%s","name":"%s"' "$id" "n-$id"
		[ "$status" = - ] || printf ',"status":"%s"' "$status"
		printf ',"alias":["dg-%s"],"file":"botDefinition.json"' "$id"
		printf ',"at":"/dialogs/-","value":{"_id":"dg-%s"' "$id"
		printf ',"refId":"%s","lname":"%s"}}\n' "$id" "n-$id"
	done
	echo '{"kind":"@end","records":0,"sum":""}'
}

# the ids and statuses of the dialogs in a stream
listed() {
	jq -r 'select(.kind == "dialog") | [.id, .status // "-"] | join(" ")'
}

# the stream without its first line, in which tools differ
body() {
	sed 1d "$1"
}

# kept and dropped lines are those of the input, bytes and number
nothing_lost() {
	{ sed '1d;$d' "$2"; sed '1d;$d' "$3"; } | jq -cS 'del(.["x-why"])' |
		sort >all
	sed '1d;$d' "$1" | jq -cS . | sort | diff - all
}

@test "a task's only version meets the fate of its status in both tables" {
	grep -v '^#' "$tests/status/single.tsv" >single
	cut -f 1 single | awk '{ print "t-" $1, $1 }' | dialogs >in.ndjson
	column=2
	for mode in published latest; do
		try pkg-filter-status --edited --rejects left.ndjson $mode \
			in.ndjson
		[ "$status" -eq 0 ]
		listed <<<"$output" >kept
		awk -v c=$column '$c == "yes" { print "t-" $1, $1 }' single |
			diff - kept
		jq -r '.["x-why"] // empty' left.ndjson >why
		awk -v c=$column -v m=$mode '$c == "no" {
			print "its status is " $1 ", which " m \
			    " mode leaves out" }' single | diff - why
		column=3
	done
}

@test "of two versions of a task those stay that the tables take" {
	for mode in published latest; do
		grep "^$mode" "$tests/status/pairs.tsv" | tee pairs |
			awk '{ print $2 "+" $3, $2; print $2 "+" $3, $3 }' |
			dialogs >in.ndjson
		pkg-filter-status -q --edited --rejects left.ndjson $mode \
			in.ndjson >out.ndjson
		listed <out.ndjson >kept
		awk '$4 != "-" { for (i = 4; i <= NF; i++)
			print $2 "+" $3, $i }' pairs | diff - kept
		nothing_lost in.ndjson out.ndjson left.ndjson
		jq -r 'select(.["x-why"]) | [.id, .status] | join(" ")' \
			left.ndjson | sort >left.$mode
	done
	# what neither mode keeps was rejected, suspended, or superseded
	comm -12 left.published left.latest >never
	awk '{ split($1, pair, "+")
		other = pair[1] == $2 ? pair[2] : pair[1]
		out = "^(rejected|suspended)$"
		if ($2 !~ out && (other ~ out || other == $2))
			print }' never | diff /dev/null -
}

@test "versions that the tables leave open are told, twenty of them" {
	for i in {1..30}; do
		printf '%s\n' "$i published" "$i configured"
	done | dialogs >in.ndjson
	try pkg-filter-status --edited latest in.ndjson
	[ "$status" -eq 0 ]
	[ "$(grep -c 'none is the sole one' <<<"$stderr")" -eq 20 ]
	says '10 tasks more'
	printf '%s\n' '1 configured' '1 configured' | dialogs >in.ndjson
	try pkg-filter-status --edited latest in.ndjson
	says 'dialog:1 has versions of one status'
	[ "$(listed <<<"$output" | wc -l)" -eq 2 ]
}

@test "spellings of a platform's statuses are folded" {
	printf '%s\n' 'a published' | dialogs |
		sed 's/"published"/"Published"/' >in.ndjson
	try pkg-filter-status --edited published in.ndjson
	[ "$status" -eq 0 ]
	[ "$(listed <<<"$output")" = 'a Published' ]
}

@test "what belongs to a task goes with it, what refers to it is repaired" {
	try pkg-filter-status --edited --rejects left.ndjson published "$agent"
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" | sed '1d;$d' >out
	body "$tests/status/published.ndjson" | diff - out
	jq -r 'select(.["x-why"]) | [.kind, .id, .["x-why"]] | join(" ")' \
		left.ndjson >why
	diff - why <<-'END'
	pattern i-pay what it belongs to was dropped
	component group nothing that is left needs it
	component script nothing that is left needs it
	dialog pay its status is configured, which published mode leaves out
	faq f1 it cannot be without what was dropped
	utterance u2 what it belongs to was dropped
	dialogintent en/3/pay what it belongs to was dropped
	END
}

@test "a filtered stream packs, and filters to itself" {
	pkg-filter-status --edited published "$agent" >once.ndjson
	try pkg-filter-status published once.ndjson
	[ "$status" -eq 0 ]
	body once.ndjson >once
	printf '%s\n' "$output" | body - | diff once -
	try pkg-pack -o out/ once.ndjson
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dialogs[].refId], .defaultDialogId' \
		out/botDefinition.json | tr '\n' ' ')" = '["book"] null ' ]
}

@test "nodes inside a dialog go by their own status in published mode" {
	cat >in.ndjson <<-'END'
	{"kind":"@stream","version":1,"platform":"kore"}
	{"kind":"dialog","id":"a","status":"published","needs":["component:c1","component:c2","component:c3"],"file":"botDefinition.json","at":"/dialogs/-","value":{"refId":"a","nodes":[{"nodeId":"n1","componentId":"c1","status":"published"},{"nodeId":"n2","componentId":"c2","status":"inProgress"},{"nodeId":"n3","componentId":"c3"}]}}
	{"kind":"@end","records":0,"sum":""}
	END
	try pkg-filter-status --edited published in.ndjson
	[ "$status" -eq 0 ]
	[ "$(sed -n 2p <<<"$output" | jq -c '[.needs, [.value.nodes[].nodeId]]')" \
		= '[["component:c1","component:c3"],["n1","n3"]]' ]
	pkg-filter-status --edited latest in.ndjson | sed -n 2p |
		diff <(sed -n 2p in.ndjson) -
}

@test "a node's status counts however its key is spelled, and only as a key" {
	pkg-filter-status -q --edited published <<-'END' >out
	{"kind":"@stream","version":1,"platform":"kore","by":[]}
	{"kind":"dialog","id":"a","status":"published","file":"botDefinition.json","at":"/dialogs/-","value":{"refId":"a","nodes":[{"nodeId":"n1","st\u0061tus":"inProgress"},{"nodeId":"n2"}]}}
	{"kind":"dialog","id":"b","status":"published","file":"botDefinition.json","at":"/dialogs/-","value":{"refId":"b","nodes":[{"nodeId":"n1","state":"inProgress"},{"nodeId":"n2"}]}}
	{"kind":"dialog","id":"c","status":"published","file":"botDefinition.json","at":"/dialogs/-","value":{"refId":"c","status":1,"nodes":[{"nodeId":"state","say":"no \"status\""},{"nodeId":"n2"}]}}
	{"kind":"dialog","id":"d","status":"published","file":"botDefinition.json","at":"/dialogs/-","value":{"refId":"d","nodes":[{"nodeId":"n1","substatus":"inProgress"}]}}
	{"kind":"@end","records":4,"sum":""}
	END
	diff - <(sed '1d;$d' out | jq -c '[.value.nodes[].nodeId]') <<-'END'
	["n2"]
	["n2"]
	["state","n2"]
	["n1"]
	END
}

@test "the mode of the export tells the status of its tasks" {
	for mode in configured published twin; do
		"$build/tests/generate" -d 4 -u 3 -m $mode -o app
		pkg-unpack app >$mode.ndjson
	done
	try pkg-filter-status published published.ndjson
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" | body - | diff <(body published.ndjson) -
	try pkg-filter-status --allow empty published configured.ndjson
	[ "$status" -eq 0 ]
	says 'tasks are dropped' 'in development, and was never published'
	[ -z "$(listed <<<"$output")" ]
	try pkg-filter-status published twin.ndjson
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says 'nothing tells the status of' 'has a published version, too' \
		'--states'
	for mode in configured published twin; do
		try pkg-filter-status latest $mode.ndjson
		[ "$status" -eq 0 ]
		printf '%s\n' "$output" | body - | diff <(body $mode.ndjson) -
	done
}

@test "a filter that would drop every task refuses, unless that is allowed" {
	"$build/tests/generate" -d 4 -u 3 -m configured -o app
	pkg-unpack app >configured.ndjson
	refuses 1 'pkg-filter-status --rejects left.ndjson --report r.json \
		published configured.ndjson' \
		'configured.ndjson: all of the 9 tasks are dropped' \
		'in development, and was never published' \
		latest --states '--allow empty'
	[ -z "$output" ]
	[ ! -e left.ndjson ]
	[ "$(jq -c '[.tasks, .left, .dropped, .status]' r.json)" = \
		'[9,9,0,1]' ]
	printf '%s\n' 'a suspended' 'b rejected' | dialogs >in.ndjson
	for mode in published latest; do
		refuses 1 "pkg-filter-status --edited $mode in.ndjson" \
			'all of the 2 tasks are dropped' 'none has a status'
		[ -z "$output" ]
	done
	try pkg-filter-status --edited --allow empty latest in.ndjson
	[ "$status" -eq 0 ]
	[ -z "$(listed <<<"$output")" ]
	[ "$(head -n 1 <<<"$output" | jq -c '.by[-1].options')" = \
		'["--edited","--allow=empty","latest"]' ]
	says warning 'all of the 2 tasks are dropped'
	try pkg-filter-status --edited --mark published in.ndjson
	[ "$status" -eq 0 ]
	printf '%s\n' 'a -' | dialogs >in.ndjson
	refuses 1 'pkg-filter-status -q --edited --unknown drop latest \
		in.ndjson' 'nothing tells their status'
}

@test "a package that has no task passes a filter, which empties nothing" {
	dialogs </dev/null >in.ndjson
	try pkg-filter-status --edited published in.ndjson
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} == *'"@end","records":0,'* ]]
	quiet
}

@test "--allow takes the guard that the filter has, and no other word" {
	for word in missing empty,missing '' 'empty,'; do
		refuses 2 "pkg-filter-status --allow '$word' latest in.ndjson" \
			'--allow: expected empty' "found \"$word\""
	done
}

@test "tasks of unknown status are kept, dropped, or stop the filter" {
	printf '%s\n' 'a -' 'b published' 'c configured' | dialogs >in.ndjson
	for want in 'published keep a,b,' 'published drop b,' \
		'latest keep a,b,c,' 'latest drop b,c,'; do
		read -r mode unknown kept <<<"$want"
		try pkg-filter-status -q --edited --unknown $unknown $mode \
			in.ndjson
		[ "$status" -eq 0 ]
		[ "$(listed <<<"$output" | sed 's/ .*//' | tr '\n' ,)" = $kept ]
	done
	for mode in published latest; do
		try pkg-filter-status --edited --unknown fail $mode in.ndjson
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		says 'the status of 1 of 3 tasks'
	done
	try pkg-filter-status --edited published in.ndjson
	[ "$status" -eq 1 ]
	try pkg-filter-status --edited latest in.ndjson
	[ "$status" -eq 0 ]
	says warning 'the status of 1 of 3 tasks' 'it is kept'
}

@test "--mark tells the status and drops nothing" {
	printf '%s\n' 'a -' 'b published' 'c -' | dialogs >in.ndjson
	printf 'a\tConfigured\n' >states.tsv
	try pkg-filter-status -q --edited --states states.tsv --mark published \
		in.ndjson
	[ "$status" -eq 0 ]
	sed 's/"name":"n-a"/&,"status":"configured"/' in.ndjson |
		sed '1d;$d' | diff - <(printf '%s\n' "$output" | sed '1d;$d')
}

@test "lists of statuses come as TSV, CSV and NDJSON, by id, alias or name" {
	printf '%s\n' 'a -' 'b -' 'c -' | dialogs >in.ndjson
	printf 'a\tpublished\ndg-b\tupgradeInProgress\nn-c\tSuspended' >list1
	printf '# ours\n\r\na,published\r\n\n"dg-b",upgrade-in-progress\nn-c,suspended\n' >list2
	printf 'what,State,refId\n"x, ""y""",Published,a\n,Upgrade in Progress,dg-b\n,suspended,n-c\n' >list3
	printf '%s\n' '{"id":"a", "status":"published"}' \
		'{"state":"upgrade-in-progress","_id":"dg-b"}' \
		'{"name":"n-\u0063","status":"suspended"}' >list4
	printf '%s\n' 'a published' 'b upgrade-in-progress' 'c suspended' >want
	for states in list1 list2 list3 list4; do
		try pkg-filter-status --edited --states $states --mark latest \
			in.ndjson
		[ "$status" -eq 0 ]
		quiet
		listed <<<"$output" | diff want -
	done
}

@test "the list that pkg-select prints is one, with statuses put in" {
	printf '%s\n' 'a -' 'b -' 'c published' | dialogs >in.ndjson
	pkg-select --edited -k dialog --list in.ndjson |
		sed '1s/\t\t/\tUPGRADE_in progress\t/' >list.tsv
	try pkg-filter-status -q --edited --states list.tsv --mark latest \
		in.ndjson
	[ "$status" -eq 0 ]
	listed <<<"$output" | diff - <(printf '%s\n' \
		'a upgrade-in-progress' 'b -' 'c published')
}

@test "a record's own status wins over the list, and unknown names are told" {
	printf '%s\n' 'a published' | dialogs >in.ndjson
	printf 'a\tsuspended\nzzz\tpublished\n' >states
	try pkg-filter-status --edited --states states published in.ndjson
	[ "$status" -eq 0 ]
	[ "$(listed <<<"$output")" = 'a published' ]
	says states: '2 entries name no task'
}

@test "a wrong list is refused with its line" {
	printf '%s\n' 'a -' | dialogs >in.ndjson
	states() {
		printf '%b' "$1" >states
		shift
		refuses 3 'pkg-filter-status --edited --states states latest \
			in.ndjson' "$@"
	}
	states 'a\tpublished\nb\tgone\n' states:2: 'expected a status' gone
	states 'a\tpublished\na\tsuspended\n' states:2: 'one status for each task'
	states 'a\n' states:1: 'expected an id or a name and a status'
	states 'a,"published\n' states:1: 'expected a closing quote'
	states '{"id":"a"}\n' states:1: 'expected members id'
	states '{"id":"a",\n' states:1: 'expected a JSON object a line'
	refuses 4 'pkg-filter-status --edited --states none latest in.ndjson' \
		none: 'No such file'
}

@test "the stream of the published export tells what was upgraded" {
	"$build/tests/generate" -d 5 -u 2 -m published -o app
	pkg-unpack app >published.ndjson
	# new ids, as a platform makes them, in another export
	sed 's/"dc-/"dc-9/g; s/"dg-/"dg-9/g; s/:dc-/:dc-9/g; s/:dg-/:dg-9/g
		s/"lMod":"[^"]*"/"lMod":"later"/g' published.ndjson >ids.ndjson
	pkg-filter-status --edited --mark --unknown keep latest ids.ndjson |
		sed 's/"status":"published",*//' >dev.ndjson
	try pkg-filter-status --edited --states published.ndjson --mark latest \
		dev.ndjson
	[ "$status" -eq 0 ]
	[ "$(listed <<<"$output" | sed 's/.* //' | sort | uniq -c |
		tr -s ' ')" = ' 5 published' ]
	# a component of the second dialog changes, the third is new
	second=$(jq -r 'select(.kind == "dialog") | [.needs[] |
		select(startswith("component:"))][-1]' dev.ndjson |
		sed -n '2s/component://p')
	third=$(jq -r 'select(.kind == "dialog") | .id' dev.ndjson | sed -n 3p)
	jq -c --arg c "$second" --arg d "$third" '
		if (.alias // [])[0] == $c then .value.extra = "edited"
		elif .kind == "dialog" and .id == $d then .value.refId = "new"
		else . end' dev.ndjson >edited.ndjson
	pkg-filter-status --edited --states published.ndjson --mark latest \
		edited.ndjson | listed >statuses
	[ "$(sed -n 3p statuses)" = 'new configured' ]
	grep -q 'upgrade-in-progress' statuses
	grep -q 'published' statuses
	jq -r --arg c "component:$second" 'select(.kind == "dialog" and
		(.needs | index($c))) | .id' edited.ndjson | sort >using
	grep upgrade statuses | sed 's/ .*//' | sort | comm -13 - using |
		diff /dev/null -
}

@test "of two tasks of one id each is compared" {
	"$build/tests/generate" -d 3 -u 2 -m published -o app
	pkg-unpack app | jq -c 'if .kind == "dialog" then ., . else . end |
		del(.status)' >twice.ndjson
	try pkg-filter-status --edited --states twice.ndjson --mark latest \
		twice.ndjson
	[ "$status" -eq 0 ]
	[ "$(listed <<<"$output" | sed 's/.* //' | sort | uniq -c |
		tr -s ' ')" = ' 6 published' ]
}

@test "the mode may come from the body of an API request" {
	printf '%s\n' 'a published' 'b configured' | dialogs >in.ndjson
	printf '{\n  "exportType": "published",\n  "allTasks": true\n}' >body
	try pkg-filter-status --edited --request body in.ndjson
	[ "$status" -eq 0 ]
	[ "$(listed <<<"$output")" = 'a published' ]
	echo '{"exportType":"all"}' >body
	refuses 3 'pkg-filter-status --request body in.ndjson' body: \
		/exportType 'expected "published" or "latest"' all
	echo '{}' >body
	refuses 3 'pkg-filter-status --request body in.ndjson' body: \
		'no such member'
	echo '{"exportType":' >body
	refuses 3 'pkg-filter-status --request body in.ndjson' body:
}

@test "a pipe, a small index and --edited give the same as a file" {
	"$build/tests/generate" -d 30 -u 20 -m configured -o app
	pkg-unpack app >in.ndjson
	jq -r 'select(.kind == "dialog") | .id' in.ndjson |
		awk '{ print $0 "\t" (NR % 3 ? "published" : "configured") }' \
		>states
	set -- --states states -q --unknown drop published
	pkg-filter-status --rejects left.ndjson "$@" in.ndjson >want
	[ "$(grep -c x-why left.ndjson)" -gt 20 ]
	cat in.ndjson | pkg-filter-status "$@" >got
	cmp want got
	pkg-filter-status -S 4K "$@" in.ndjson >got
	cmp want got
	jq -c . in.ndjson | pkg-filter-status --edited "$@" - >got
	diff <(body want | jq -c .) <(body got | jq -c .)
	sanitized || (ulimit -d 12000
		pkg-filter-status -S 4K "$@" in.ndjson) | cmp want -
}

@test "streams that are not whole, and unknown platforms, are refused" {
	pkg-filter-status --edited published "$agent" >in.ndjson
	sed '$d' in.ndjson >cut.ndjson
	refuses 6 'pkg-filter-status published cut.ndjson' 'without @end'
	sed 's/Book a room/Book a house/' in.ndjson >changed.ndjson
	refuses 6 'pkg-filter-status published changed.ndjson' 'the sum'
	sed '1s/kore/nobody/' in.ndjson >other.ndjson
	refuses 3 'pkg-filter-status published other.ndjson' nobody kore
	refuses 4 'pkg-filter-status published none.ndjson' none.ndjson \
		'No such file'
	refuses 4 'pkg-filter-status published in.ndjson >/dev/full' stdout
	refuses 4 'pkg-filter-status --rejects /none/x published in.ndjson' \
		/none/x
}

@test "what is wrong with a command line is said" {
	wrong() {
		try_sh "pkg-filter-status $1 </dev/null"
		[ "$status" -eq 2 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		says "$2"
	}
	wrong '' 'expected published, latest or --request'
	wrong both 'expected published or latest, found "both"'
	wrong 'latest a b' 'expected one stream, found "b"'
	wrong '--unknown perhaps latest' 'keep, drop or fail, found "perhaps"'
	wrong '-S 0 latest' 'expected a size'
}

@test "no file that is read or written is written twice" {
	pkg-filter-status --edited published "$agent" >in.ndjson
	cp in.ndjson copy
	ln in.ndjson link
	printf 'book\tpublished\n' >states
	for options in '--rejects link' '--report ./in.ndjson' \
		'--states states --rejects states' '--rejects r --report r' \
		'--report -'; do
		try_sh "pkg-filter-status $options latest in.ndjson"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		cmp in.ndjson copy
	done
	[ -s states ]
	try_sh 'pkg-filter-status --rejects out latest in.ndjson >out'
	[ "$status" -eq 2 ]
	try_sh 'pkg-filter-status latest in.ndjson >>in.ndjson'
	[ "$status" -eq 2 ]
	cmp in.ndjson copy
	refuses 4 'pkg-filter-status --report /none/x latest in.ndjson' /none/x
	refuses 4 'pkg-filter-status latest <&-' stdin 'Bad file descriptor'
}

@test "an envelope that an edit spoilt is refused, and its line told" {
	for edit in '.note = "x"' '.kind = "@foo"' '.kind = ""' \
		'del(.kind)' '.kind = 7'; do
		jq -c "if .id == \"pay\" then $edit else . end" "$agent" \
			>bad.ndjson
		for tool in 'pkg-filter-status --edited latest bad.ndjson' \
			'pkg-select --edited bad.ndjson' \
			'pkg-pack --edited -o x.zip bad.ndjson'; do
			try_sh "$tool"
			[ "$status" -eq 6 ]
			[[ $output != *@end* ]]
			says bad.ndjson:20:
		done
		[ ! -e x.zip ]
	done
	sed '20s/"value":/"value":1,"value":/' "$agent" >bad.ndjson
	refuses 6 'pkg-filter-status --edited latest bad.ndjson' \
		bad.ndjson:20: 'each member once'
}

@test "a stream as --states is of the same platform, and in order" {
	printf '%s\n' 'a -' | dialogs >in.ndjson
	sed '1s/kore/avaamo/' in.ndjson >other.ndjson
	refuses 3 'pkg-filter-status --edited --states other.ndjson latest \
		in.ndjson' other.ndjson:1: 'the platform kore' avaamo
	"$build/tests/generate" -d 3 -u 2 -m twin -o app
	pkg-unpack app >dev.ndjson
	try pkg-filter-status --states dev.ndjson published dev.ndjson
	[ "$status" -eq 0 ]
	says warning 'exported in development' 'count as published'
	# what stands in a task is compared with it, so its lines must be there
	{
		head -n 1 dev.ndjson
		sed '1d; $d' dev.ndjson | LC_ALL=C sort
		tail -n 1 dev.ndjson
	} >sorted.ndjson
	refuses 6 'pkg-filter-status --states sorted.ndjson published \
		dev.ndjson' sorted.ndjson:2: 'in their order'
}

@test "--states takes a list from a pipe, and refuses a stream or a package" {
	pkg-unpack "$xo10" >in.ndjson
	pkg-pack -o in.zip in.ndjson
	printf 'a -\n' | dialogs >one.ndjson
	try_sh 'pkg-filter-status -q --edited --states <(printf "a\tpublished\n") \
		published one.ndjson'
	[ "$status" -eq 0 ]
	for file in in.ndjson in.zip; do
		refuses 2 "pkg-filter-status --states <(cat $file) published \
			in.ndjson" --states 'through a pipe' 'to a file first'
		refuses 2 "pkg-filter-status --states - published in.ndjson \
			<$file" --states 'standard input'
	done
	mkfifo pipe
	cat in.ndjson >pipe &
	refuses 2 'timeout 20 pkg-filter-status --states pipe published \
		in.ndjson' 'through a pipe'
}

@test "published versions that only the platform has are told" {
	printf '%s\n' 'a upgrade-in-progress' 'b published' \
		'b upgrade-in-progress' | dialogs >in.ndjson
	try pkg-filter-status --edited published in.ndjson
	[ "$status" -eq 0 ]
	says warning '1 upgrade in progress goes' 'does not have'
}

@test "a report counts tasks by what became of them" {
	try pkg-filter-status --edited -v --report report published "$agent"
	[ "$status" -eq 0 ]
	says '/task' 'dialog:pay was dropped' \
		'3 tasks, 1 dropped for the status' '7 records dropped'
	[ "$(jq -c '[.tool, .tasks, .kept.published, .left, .dropped, .status]' \
		report)" = '["pkg-filter-status",3,2,1,7,0]' ]
}

@test "of real packages what is published stays as it is" {
	kore_packages
	few
	checked=0
	for package in "${packages[@]}"; do
		pkg-unpack "$package" >in.ndjson
		for mode in published latest; do
			run pkg-filter-status -q $mode in.ndjson
			printf '%s\n' "$output" | body - >out
			if [ "$status" -eq 1 ]; then	# unknown
				[ $mode = published ]
			elif [ $mode = latest ] || grep '"kind":"mlparam"' \
				in.ndjson | jq -es 'length > 0 and
				all(.status == "published")' >/dev/null; then
				[ "$status" -eq 0 ]
				cmp out <(body in.ndjson)
				checked=$((checked + 1))
			else
				[ "$status" -eq 0 ]
				run ! grep -q '"kind":"dialog",' out
			fi
		done
	done
	[ "$checked" -gt $((20 / SPARSE)) ]
}

# the files of the next test are those of the tools without sanitizers
as_plain() {
	plain_prints marked.ndjson pkg-filter-status -q --states states \
		--mark $mode in.ndjson
	plain_prints out.ndjson pkg-filter-status -q --allow empty \
		--rejects plain.ndjson $mode marked.ndjson
	cmp plain.ndjson left.ndjson
}

@test "of real packages what falls with tasks is as worked out otherwise" {
	kore_packages
	few
	n=0
	for package in "${packages[@]}"; do
		n=$((n + 1))
		pkg-unpack "$package" >in.ndjson
		jq -r 'select(.kind | IN("dialog", "form", "knowledge",
			"smalltalk", "flow", "action", "alert")) | .id' \
			in.ndjson |
			awk -v n=$n 'BEGIN { split("published configured " \
			    "in-progress upgrade-in-progress rejected", s) }
			!seen[$0]++ { print $0 "\t" s[(NR * 7 + n) % 5 + 1] }' \
			>states
		for mode in published latest; do
			pkg-filter-status -q --states states --mark $mode \
				in.ndjson >marked.ndjson
			pkg-filter-status -q --allow empty \
				--rejects left.ndjson $mode \
				marked.ndjson >out.ndjson
			if twinned; then
				as_plain
			else
				python3 "$tests/oracle/check-filter.py" \
					"$root/lib/platform/kore.map" $mode \
					marked.ndjson out.ndjson left.ndjson
			fi
			pkg-filter-status -q $mode out.ndjson | body - |
				cmp - <(body out.ndjson)
		done
	done
	[ "$n" -gt $((20 / SPARSE)) ]
}

@test "the twins of a real app: six dialogs as published, one upgraded" {
	corpus kore
	set -- "$corpus"/shubh-89__Travel-Assistant
	pkg-unpack "$1" >published.ndjson
	pkg-unpack "$1"__old-2022-07-06-a98f6da7 >dev.ndjson
	try pkg-filter-status --states published.ndjson --mark latest dev.ndjson
	[ "$status" -eq 0 ]
	[ "$(listed <<<"$output" | sed 's/.* //' | sort | uniq -c |
		tr -s ' ' | tr '\n' ';')" = \
		' 6 published; 1 upgrade-in-progress;' ]
	[ "$(jq -r 'select(.kind == "smalltalk") | .status' <<<"$output" |
		sort -u)" = published ]
}

@test "flows of a real Dialogflow agent have no status, and stay" {
	corpus dialogflow_cx
	set -- "$corpus"/*/agent.zip
	pkg-unpack "$1" >in.ndjson
	try pkg-filter-status -q latest in.ndjson
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" | body - | cmp - <(body in.ndjson)
	try pkg-filter-status published in.ndjson
	[ "$status" -eq 1 ]
	says 'nothing in it tells'
}

@test "of one task or file it is said as of one" {
	printf '{"_id":"b","dialogs":[{"_id":"d","refId":"r","lname":"d","state":"configured"}]}' |
		pkg-unpack -q -n botDefinition.json >s.ndjson
	refuses 1 'pkg-filter-status published s.ndjson' \
		'status of 1 of 1 task:'
	try pkg-filter-status --unknown=drop published s.ndjson
	[ "$status" -eq 1 ]
	says 'task; it is dropped' '1 of the 1 task is dropped'
	try pkg-filter-status -v latest s.ndjson
	says 'pkg-filter-status: 1 task, 0 dropped'
	printf '%s\n' 'platform quill "Quill agent"' 'file rest ** binary' >m.map
	echo hello >a.txt
	try pkg-unpack -v --map m.map a.txt
	says 'pkg-unpack: 1 file, '
}

@test "the examples of the page do what they say" {
	"$build/tests/generate" -d 3 -u 2 -m published -o app
	(cd app && zip -qX ../dev.zip ./*)
	pkg-unpack dev.zip >dev.ndjson
	cp dev.ndjson published.ndjson
	mandoc -T utf8 "$root/man/pkg-filter-status.1" | col -bx |
		sed -n '/^EXAMPLES/,/^DIAGNOSTICS/p' >examples
	sed -n 's/^ *\$ //p; /^ *|\|^  *pkg-pack\|^  *jq\|^  *dev.ndjson/p' \
		examples | grep -c . >count
	[ "$(cat count)" -ge 5 ]
	awk '/^ *\$ /{ sub(/^ *\$ /, ""); on = 1 }
		/^ *$/{ on = 0 } on' examples >script
	sed -i 's/Check balance/'"$(jq -r 'select(.kind == "dialog") | .name' \
		dev.ndjson | sed -n 1p)"'/' script
	bash -eo pipefail script >said
	[ -s published.zip ]
}
