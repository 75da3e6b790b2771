#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Apps of Kore.ai XO11, as real exports have them: make/xo11.py invents one, and
# unchanged copies of it, in which all ids are minted anew.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# an app in in/, and its stream: COPY [PART ...] as NAME.ndjson
app() {
	local name=$1

	rm -rf "$name"
	python3 "$tests/make/xo11.py" "$name" "${@:2}"
	pkg-unpack -q "$name" >"$name.ndjson"
}

# the definition of a stream, packed
packed() {
	rm -rf p
	pkg-pack -q -o p/ "$1"
	cat p/appDefinition.json
}

@test "an unchanged copy of an app, part by part, changes nothing" {
	for part in tool flow llm index linked utterance nlsetting smalltalk \
	    dates form theme mlparam faq; do
		app target a "$part"
		app source b "$part"
		for mode in full incremental; do
			try pkg-merge "$mode" --plan=tsv --into target.ndjson \
				source.ndjson
			[ "$status" -eq 0 ]
			[ "$output" = '# nothing changes' ]
			quiet
			pkg-merge "$mode" --into target.ndjson source.ndjson \
				>r.ndjson
			packed r.ndjson | diff target/appDefinition.json -
		done
	done
}

@test "nor does one of the whole app" {
	app target a
	app source b
	for mode in full incremental; do
		[ "$(pkg-merge "$mode" --plan=tsv --into target.ndjson \
			source.ndjson)" = '# nothing changes' ]
		pkg-merge "$mode" --into target.ndjson source.ndjson >r.ndjson
		packed r.ndjson | diff target/appDefinition.json -
	done
}

@test "what a copy has changed comes under the target's ids" {
	app target a
	app source b
	sed -i 's/"Welcome"/"Good day"/; s/"shelfTool"/"deskTool"/
		s/"threshold": 7/"threshold": 8/; s/"model": "k"/"model": "l"/
		s/"Well, hello"/"Ah, hello"/' source/appDefinition.json
	pkg-unpack -q source >source.ndjson
	pkg-merge full --into target.ndjson source.ndjson >r.ndjson
	packed r.ndjson >result.json
	jq -c '[.. | select(. == ("Good day", "deskTool", "l", "Ah, hello",
		8))] | sort' result.json | diff - \
		<(echo '[8,"Ah, hello","Good day","deskTool","l"]')
	# one of each that an app has one of
	jq -c '[.llmConfiguration, .dialogGPTSettings | length]' result.json |
		diff - <(echo '[1,1]')
	# small talk has ids that lead nowhere but to each other
	jq -c '.smallTalk[].groups[].nodes | [.[].nodeId] as $ids |
		[.[].parentId // empty | IN($ids[])]' result.json |
		diff - <(echo '[true]')
	jq 'del(.smallTalk)' result.json >rest.json
	run ! grep -- '-b"' rest.json
}

@test "a dialog is chosen with its tools, and these with their actions" {
	app target a tool
	pkg-select -i dialog:d-lend target.ndjson >s.ndjson
	jq -r 'select(.kind == "component" or .kind == "tool").id' s.ndjson |
		sort | diff - <(printf '%s\n' c-agent c-ask c-look tool-1)
	jq -r 'select(.kind == "tool").name' s.ndjson | diff - <(echo shelfTool)
}

@test "a flow leads to the dialogs that its steps run" {
	app target a flow
	pkg-select --deps -k flow target.ndjson |
		jq -r 'select(.kind == "dialog").id' | diff - <(echo d-menu)
}

@test "flows of a published app are published, whatever their state" {
	app target a flow nlsetting
	pkg-filter-status -q published target.ndjson |
		jq -r 'select(.kind == "flow").id' | diff - <(echo 'Front desk')
}

@test "a request may name what only newer consoles know" {
	app target a tool
	cat >request.json <<-'EOF2'
	{"exportOptions": {"tasks": ["botTask"],
	"qualityAI": ["taxonomy", "connectors", "autoQA"],
	"storyBoardScenes": {"includeComments": true}}}
	EOF2
	pkg-select --request request.json target.ndjson |
		jq -r 'select(.kind == "dialog").id' | diff - <(echo d-lend)
}

@test "another bot under the name of a definition is refused as such" {
	mkdir in
	echo '{"name": "Clerk", "intents": [], "status": "READY"}' \
		>in/botDefinition.json
	refuses 3 'pkg-unpack in' 'in: found botDefinition.json' \
		'"name", "intents", "status"' 'something else' '"_id"'
	for text in '[]' 17 '"a"'; do
		echo "$text" >in/botDefinition.json
		refuses 3 'pkg-unpack in' 'in: found botDefinition.json' \
			'no members'
	done
}

@test "a flow that leads to one that neither side has makes the import fail" {
	pkg-unpack -q "$xo11" >t
	for key in callDisconnectionFlowId noAgentsFlowId outOfHoursFlowId; do
		jq -c --arg key $key '(select(.kind == "flow").value |
			.callflowDefinition)[$key] = "cf-nowhere"' t >s
		try_sh "pkg-merge incremental --edited --into t s"
		[ "$status" -eq 1 ]
		says 'flow ' ': neither side has flow:cf-nowhere' \
			'--allow missing'
		try pkg-merge incremental --edited --plan=tsv --into t s
		[ "$status" -eq 1 ]
		[[ $output == *'# would fail: flow '*flow:cf-nowhere* ]]
		# an own one is there by its alias and by its refId
		for word in _id refId; do
			jq -c --arg key $key --arg word $word '(
				select(.kind == "flow").value |
				.callflowDefinition) |=
				(.[$key] = .[$word])' t >s
			pkg-merge -q incremental --edited --into t s >r
		done
		# what the target has so is not news
		jq -c --arg key $key '(select(.kind == "flow").value |
			.callflowDefinition)[$key] = "cf-nowhere"' t >s
		pkg-merge -q incremental --edited --into s s >r
	done
}

@test "a feedback node is led to its survey, another one is not" {
	mkdir app
	echo '{"_id":"st","refId":"r","dialogComponents":[{"_id":"dc-1",
		"refId":"ask","type":"service","serviceNodeType":"feedback",
		"payload":{"sName":"stars"}},{"_id":"dc-2","refId":"send",
		"type":"service","payload":{"sName":"stars"}}],
		"feedbackSurveys":[{"_id":"fs-1","refId":"sv","name":"stars"}]
		}' >app/appDefinition.json
	pkg-unpack app >t
	jq -c 'select(.kind == "component") | [.id, .refs]' t >refs
	printf '%s\n' '["ask",["?survey:stars"]]' '["send",null]' | diff refs -
	pkg-rename survey:stars=marks t | jq -c 'select(.kind == "component" or
		.kind == "survey") | .value.payload.sName // .value.name' >names
	printf '%s\n' '"marks"' '"stars"' '"marks"' | diff names -
}
