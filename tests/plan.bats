#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What pkg-merge --plan shows: the difference between the target and the
# result, with reasons.  That it is what pkg-diff tells of any two packages,
# laws.bats and fuzz.bats ask.
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pkg-unpack -q "$tests/diff/old" >t.ndjson
	pkg-unpack -q "$tests/diff/new" >s.ndjson
	unset COLUMNS NO_COLOR
}

# what pkg-diff prints of the target and the result of a merge; the figures of
# both begin with "#"
differences() {
	pkg-merge -q "$mode" --into t.ndjson s.ndjson >r.ndjson
	pkg-diff "$@" t.ndjson r.ndjson || [ $? -eq 1 ]
}

@test "a plan as text is the difference, with a reason of each component" {
	cat >expected <<-'EOF'
		~ dialog Book a flight  # the source's version (map: full replace-all)
		    ~ /nodes/"Ask city"/transitions/1/then  "message2" → "message3"
		    > /nodes/"Ask city"  moved from 1 to 2
		    + /nodes/"Say sorry"  {"nodeId":"message3","type":"message","componentId":…
		  ~ component Ask city  # the source's version (map: full replace-all)
		      ~ /message/0/text  "…ou want to leave{+ again+}?"
		  + component Say sorry  # new in the source (map: full replace-all)
		- dialog Weather  # the source has none (map: full replace-all)
		~ setting botDefinition.json#/interruptOptions
		    # the source's version (map: full replace)
		    ~ /isEnabled  0 → 1
		~ file say.js  # the source's version (map: full replace-all)
		    ~ "print(\"hello\");\n" → "print(\"bye\");\n"
		# dialog: 1 removed, 1 changed
		# component: 1 added, 1 changed
		# setting: 1 changed
		# file: 1 changed
	EOF
	try pkg-merge full --plan --into t.ndjson s.ndjson
	[ "$status" -eq 0 ]
	quiet
	diff expected <(printf '%s\n' "$output")
	for mode in full incremental; do
		diff <(differences --full) <(pkg-merge "$mode" --plan=text \
			--full --into t.ndjson s.ndjson |
			sed 's/  # .*//; /^# by hand/d')
	done
}

@test "rows for programs have actions and reasons, and the same components" {
	for mode in full incremental; do
		pkg-merge "$mode" --plan=tsv --into t.ndjson s.ndjson >plan
		differences --name-status | cut -f 2-4 |
			diff - <(grep -v '^#' plan | cut -f 2-4)
		cut -f 1,5 plan | grep -v '^#' | grep -vE $'^[a-z]+\t.+' &&
			return 1
		pkg-merge "$mode" --plan=json --into t.ndjson s.ndjson >json
		differences --json | jq -c . |
			diff - <(jq -c 'select(.op) | del(.action, .why)' json)
		diff <(jq -r 'select(.op) | [.action, .kind, .id, .name // ""] |
			join("\t")' json) <(grep -v '^#' plan | cut -f 1-4)
		diff <(jq -r 'select(.totals) | .totals | to_entries[] |
			"# \(.value) \(.key)"' json) <(grep '^# [0-9]' plan)
	done
}

@test "what is deleted inside what is replaced is shown as deleted" {
	pkg-merge -q full --into t.ndjson s.ndjson >r.ndjson
	try pkg-merge full --plan --into r.ndjson t.ndjson
	[ "$status" -eq 0 ]
	grep -qxF '    - /nodes/"Say sorry"  {"nodeId":"message3","type":"message","componentId":…' \
		<<<"$output"
	grep -qxF '  - component Say sorry  # the source has none (map: full replace-all)' \
		<<<"$output"
}

@test "a reason names the option that it comes from" {
	try pkg-merge incremental --plan=tsv --policy component=add \
		--into t.ndjson s.ndjson
	[ "$status" -eq 0 ]
	grep -qF $'Say sorry\tnew in the source (--policy component=add)' \
		<<<"$output"
	try pkg-merge incremental --plan=tsv --policy dialog=error \
		--into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	grep -q $'^error\tdialog\td1\t.*both have it, and differ (--policy dialog=error)' \
		<<<"$output"
	says 'the import would fail'
}

@test "a plan says where nothing changes, in each form" {
	for mode in full incremental; do
		for form in text tsv; do
			[ "$(pkg-merge $mode --plan=$form --exit-code \
				--into t.ndjson t.ndjson)" = \
				'# nothing changes' ]
		done
		[ "$(pkg-merge $mode --plan=json --exit-code --into t.ndjson \
			t.ndjson)" = \
			'{"totals":{},"notes":[],"by_hand":[],"fails":[]}' ]
		try pkg-merge $mode --plan=html --exit-code --into t.ndjson \
			s.ndjson
		[ "$status" -eq 1 ]
	done
}

@test "a plan is the same of a package, a pipe, and what was edited" {
	pkg-merge full --plan=json --into t.ndjson s.ndjson >plan
	[ -s plan ]
	pkg-pack -q -o t.zip t.ndjson
	pkg-merge full --plan=json --into t.zip "$tests/diff/new" | cmp plan -
	pkg-merge full --plan=json --into - s.ndjson <t.ndjson | cmp plan -
	pkg-merge full --plan=json --into - s.ndjson < <(cat t.ndjson) |
		cmp plan -
	jq -c . t.ndjson >e.ndjson
	pkg-merge full --plan=json --edited --into e.ndjson s.ndjson |
		cmp plan -
	pkg-merge full -S 1 --plan=json --into t.ndjson s.ndjson | cmp plan -
	# a stream that does not begin where its file does
	{ cat s.ndjson t.ndjson; } >both
	{ head -c "$(wc -c <s.ndjson)" >/dev/null
	pkg-merge full --plan=json --into - s.ndjson; } <both | cmp plan -
}

@test "the page of a plan has its rows and its lists, as JSON has them" {
	pkg-merge full --plan=html --into t.ndjson t.ndjson >empty.html
	jq -c 'if .kind == "dialog" then .value.nodes[0].componentId = "none"
		else . end' s.ndjson >e.ndjson
	for mode in full incremental; do
		for s in s e; do
			words=(--edited --into t.ndjson "$s.ndjson")
			pkg-merge "$mode" --plan=html "${words[@]}" >page.html ||
				[ $? -eq 1 ]
			try pkg-merge "$mode" --plan=json --html file.html \
				"${words[@]}"
			printf '%s\n' "$output" >json
			cmp page.html file.html
			python3 "$tests/diff/island.py" page.html empty.html json
		done
	done
	grep -q '"by_hand":\["' page.html
	grep -q '"import":"incremental"' page.html
}

@test "the script of a plan's page shows the import, its lists and reasons" {
	command -v node >/dev/null || skip "no node to run the page's script"
	cat >expected <<-'EOF'
		title: "incremental import of s.ndjson into t.ndjson"
		remark: fails|The import would fail (1)
		remark: |dialog d1 (Book a flight): both have it; differs: /nodes, which --policy dialog=error forbids
		row: row change|"~ dialog Book a flight  both have it, and differ (--policy dialog=error)  3"|~ /nodes/"Ask city"/transitions/1/then|> /nodes/"Ask city"  moved from /nodes/1 to /nodes/2|+ /nodes/"Say sorry"
		row: row change inner|"~ component Ask city  the source's version (map: incremental replace)  1"|~ /message/0/text
	EOF
	try pkg-merge incremental --plan=tsv --html page.html \
		--policy dialog=error --into t.ndjson s.ndjson
	[ "$status" -eq 1 ]
	try node "$tests/diff/page.js" page.html
	[ "$status" -eq 0 ]
	grep -E '^title|^remark|^row: row change.* (dialog|component) ' \
		<<<"$output" | diff expected -
}

@test "a browser shows the page of a plan" {
	local browser

	browser=$(command -v chromium || command -v chromium-browser) ||
		skip "no chromium to open the page: scripts/deps browser"
	! sanitized || skip 'the page is the same'
	pkg-merge incremental --plan=html --into t.ndjson s.ndjson >page.html
	try_sh '"$1" --headless --no-sandbox --disable-gpu --dump-dom \
		--user-data-dir="$PWD/user" --virtual-time-budget=5000 \
		"file://$PWD/page.html" >dom' "$browser"
	[ "$status" -eq 0 ]
	[ "$(python3 "$tests/diff/island.py" --rows dom)" -eq 5 ]
	grep -qF '>incremental import of s.ndjson into t.ndjson</h1>' dom
	grep -qF "<li>1 task is to be published again: its status is reset" dom
	grep -qF "  the source's version (map: incremental replace)" dom
}

@test "what is for a plan is refused without one, and a page is no input" {
	for option in --full --exit-code '--html p' --color=never; do
		refuses 2 "pkg-merge full $option --into t.ndjson s.ndjson" \
			"${option%%[ =]*} is for --plan"
	done
	cp t.ndjson keep
	plan='pkg-merge full --plan'
	refuses 2 "$plan --html t.ndjson --into t.ndjson s.ndjson" t.ndjson
	cmp keep t.ndjson
	try pkg-merge full --plan --color=always --into t.ndjson s.ndjson
	[[ $output == *$'\033[31m-\033[m '* ]]
}

@test "pkg-bulk writes a plan of each agent, and a table of all" {
	local name='a<b&/ü'

	command -v parallel >/dev/null || skip 'GNU parallel is not there'
	! sanitized || skip 'nothing of it is compiled'
	pkg-pack -q -o t.zip t.ndjson
	pkg-pack -q -o s.zip s.ndjson
	row() {
		local IFS=$'\t'
		echo "$*"
	}
	{
		row one s.zip t.zip 1.zip - - - full
		row "$name" s.zip t.zip 2.zip - - '-x -k setting' \
			"incremental --policy 'dialog=error'"
		row same t.zip t.zip 3.zip - - - incremental
		row alone s.zip - 4.zip
		row lost none.zip t.zip 5.zip - - - full
		row unread t.ndjson t.zip 6.zip - - - full
	} >m.tsv
	try pkg-bulk --plan plans m.tsv
	[ "$status" -eq 1 ]
	quiet
	diff <(printf '%s\n' "$output" | sed 's/unread: .*/unread: WHY/') - <<-EOF
		     +     ~     -  fails  by hand  agent
		     1     4     1      0        0  one
		     1     3     0      1        0  $name
		     0     0     0      0        0  same
		     -     -     -      -        -  alone: no merge: nothing is replaced
		     -     -     -      -        -  lost: not there, or cannot be read: none.zip
		     -     -     -      -        -  unread: WHY
	EOF
	[[ $output == *'unread: pkg-unpack: '* ]]
	diff plans/index.txt <(printf '%s\n' "$output")
	# nothing was done, and each plan is the one of pkg-merge
	[ "$(echo *.zip *.ledger)" = 's.zip t.zip *.ledger' ]
	(cd plans && ls) | LC_ALL=C sort | diff - <(printf '%s\n' \
		a%3Cb%26%2F%C3%BC.plan.{html,txt} index.{html,txt} \
		one.plan.{html,txt} same.plan.{html,txt})
	pkg-merge full --plan --into t.zip s.zip | diff - plans/one.plan.txt
	python3 - plans <<-'EOF'
	import html.parser, os, sys, urllib.parse
	class Table(html.parser.HTMLParser):
	    rows, bad = [], 0
	    def handle_starttag(self, tag, attrs):
	        if tag == "tr":
	            self.rows.append([])
	            self.bad += ("class", "bad") in attrs
	        if tag in ("td", "th"):
	            self.rows[-1].append("")
	        if tag == "a":
	            assert os.path.exists(os.path.join(
	                sys.argv[1], urllib.parse.unquote(dict(attrs)["href"])))
	    def handle_data(self, data):
	        if self.rows and self.rows[-1]:
	            self.rows[-1][-1] += data.rstrip("\n")
	table = Table()
	table.feed(open(sys.argv[1] + "/index.html", encoding="utf-8").read())
	assert table.rows[1] == ["one", "1", "4", "1", "0", "0", ""], table.rows
	assert table.rows[2][:6] == ["a<b&/ü", "1", "3", "0", "1", "0"]
	assert len(table.rows) == 7 and table.bad == 3, table.rows
	EOF
	# and no folder of something else
	echo >plans/index.txt
	refuses 2 'pkg-bulk --plan plans m.tsv' 'plans' 'index.html'
}
