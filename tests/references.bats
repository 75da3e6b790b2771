#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Every reference of an app is in the stream, and finds what it leads to.
# oracle/refs.py counts them in the app itself, by rows of its own.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# the references of a package, counted in it and in its stream
references() {
	pkg-unpack -q "$1" >s.ndjson
	try python3 "$tests/oracle/refs.py" "$1" s.ndjson
}

# one reference of each sort, and what they lead to
all_sorts() {
	mkdir -p in
	cat >in/botDefinition.json <<-'EOF'
	{"_id":"st-1","refId":"a","vNameSpace":["ns-1"],
	"krVNameSpace":["n1"],"evVNameSpace":["gone"],
	"ivrSettings":{"callTerminationHandler":"d1"},
	"twilioVoiceSettings":{"callTerminationHandler":"d2"},
	"audioCodesSettings":{"callTerminationHandler":""},
	"localeData":{"en":{"korevgSettings":{"callTerminationHandler":"d2"}}},
	"translationEngineId":"te1","defaultDialogId":"d1",
	"dialogs":[{"_id":"dg-1","refId":"d1","lname":"one","sceneRefId":"s1",
	"nodes":[{"componentId":"dc-1","flowTaskId":"d2","transitions":[{"if":
	{"context":"context.FollowupIntents","op":"cnt","value":"c1"},"then":
	"x"},{"if":{"context":"context.other","value":"c2"}},{"default":"end"}]},
	{"componentId":"dc-1","dialogRefId":"d1","vNameSpace":["n1"],
	"nodes":[{"componentId":"dc-2"}],"toolInstances":[{"toolRefId":"to",
	"nodes":[{"componentId":"dc-4"}]}]}]},{"_id":"dg-2","refId":"d2",
	"nodes":[]}],
	"dialogComponents":[{"_id":"dc-1","refId":"c1","type":"intent",
	"dialogId":"dg-1","localeData":{"en":{"traitRules":[["loud","t2"],
	["loud"]]}}},{"_id":"dc-2","refId":"c2","type":"botAction","nodes":
	[{"componentId":"dc-3"}],"dialogId":null},{"_id":"dc-3","refId":"c3",
	"type":"form","resourceId":"f1","idp":"idp1","parentId":"dc-9"},
	{"_id":"dc-4","refId":"c4","type":"service","idp":"none",
	"resourceId":"other"}],
	"scenes":[{"_id":"sn-1","refId":"s1","dialogRefId":"d1","widgetThemeId":
	"wt-1","components":{"snc-1":{}},"dialogLinks":{"snc-1":
	{"dialogRefId":"d1"}},"sId":"st-1"}],
	"sceneComponents":[{"_id":"snc-1","refId":"sc1","sceneId":"sn-1",
	"streamId":"st-1"}],"widgetThemes":[{"_id":"wt-1","theme":"t"}],
	"sentences":[{"_id":"1","taskId":"dc-1","entities":[{"entityId":"dc-2"},
	{}]}],"patterns":[{"refId":"c2","taskName":"x"}],
	"mlParams":[{"language":"en","type":3,"mlpGroupId":"g","dialogIntents":
	["d1","d2"]}],
	"botEvents":{"A":{"task":"d1"},"B":{"task":""},"C":{"task":null},"D":{}},
	"botSentimentEvents":[{"name":"s","task":"d2"}],
	"widgets":[{"refId":"w1","source":{"type":"dialog","resource":"d1"}},
	{"refId":"w2","source":{"type":"json","resource":"d1"}}],
	"panels":[{"refId":"p","widgets":["w1","w2"]}],
	"forms":[{"refId":"f1","name":"f","integrations":[{"resourceId":"d1",
	"resourceMeta":{"componentId":"c3"}}]}],
	"knowledgeTasks":[{"refId":"k","language":"en","taxonomy":[{"traitRule":
	[["t2"]]}],"faqs":{"faqs":[{"refId":"q1","dialogRefId":"d2"},
	{"refId":"q2","dialogRefId":""}]}}],
	"translationEngines":[{"_id":"te-1","refId":"te1"}],
	"pii_patterns":[{"pii_type":"p","mappedEntities":["dc-2","dc-gone"]}],
	"idpConfigurations":[{"refId":"i","name":"idp1"}],
	"traits":[{"_id":"ta-1","refId":"t","language":"en","traits":{"loud":{},
	"t2":{}},"streamId":"st-1"}],
	"namespaces":[{"_id":"ns-1","refId":"n1","name":"default"}],
	"actions":[{"_id":"ac-1","refId":"ac"}],
	"experienceFlows":[{"callflowDefinition":{"_id":"cf-1","name":"Flow",
	"refId":"cf","steps":[{"_id":"cfst-1","refId":"a","cfId":"cf-1",
	"taskDefinition":{"uxoautomation":{"botId":"st-1","refId":"d1",
	"taskRefId":"d1"},"onSuccess":{"nextStep":"cfst-2"}}},{"_id":"cfst-2",
	"refId":"b","cfId":"cf-1","connections":[{"nextStep":"dummy"},
	{"nextStep":"cfst-1","connectionId":"old"}],"rules":[{"nextStep":
	"cfst-1"}],"taskDefinition":{"messageToUser":"cfm-1","onErrorConfig":
	{"cfMessageId":"cfm-old"}}}],"messages":[{"_id":"cfm-1","refId":"m",
	"cfId":"cf-1"}]},"config":{"cfId":"cf-1"}}],
	"tools":[{"refId":"to","tool_actions":[{"action_id":"c4"}]}],
	"smartAssistBot":{"theme":"th"},
	"smartAssistThemes":[{"refId":"th","theme":"light"}],
	"exportOptions":{"subTasks":{"dialogs":["dg-1","dg-old"],"forms":
	["frm-1"],"actions":["ac-1"],"experienceFlows":["cf-1"],"alerts":[]}}}
	EOF
}

@test "references of the fixtures all resolve" {
	references "$xo10"
	[ "$status" -eq 0 ]
	# one soft reference leads out of the app, as in real exports
	[ "$(awk '$6 > 0' <<<"$output" | tr -s ' ')" = \
	    '/exportOptions refs ?form 1 0 1' ]
	references "$xo11"
	[ "$status" -eq 0 ]
	[ -z "$(awk '$6 > 0' <<<"$output")" ]
}

@test "references of each real package resolve where they must" {
	kore_packages
	for package in "${packages[@]}"; do
		if twinned; then
			pkg-unpack -q "$package" >s.ndjson
			plain_prints s.ndjson pkg-unpack -q "$package"
			continue
		fi
		references "$package"
		[ "$status" -eq 0 ]
		printf '%s\n' "$output" >>all
	done
	twinned || awk -v packages="${#packages[@]}" '
	{ n += $4; ok += $5 } $3 ~ /^\?/ { soft += $6 }
	END { printf "# %d packages: %d references, %d resolved, %d soft ones " \
	    "lead out\n", packages, n, ok, soft }' all >&3
}

@test "each sort of reference is in its list, soft or hard" {
	all_sorts
	references in
	[ "$status" -eq 0 ]
	diff - <(tr -s ' ' <<<"$output") <<-'EOF'
	/botEvents/* refs dialog 1 1 0
	/botSentimentEvents/- refs dialog 1 1 0
	/defaultDialogId refs dialog 1 1 0
	/dialogComponents/- links dialog 1 1 0
	/dialogComponents/- links form 1 1 0
	/dialogComponents/- needs component 1 1 0
	/dialogComponents/- owner dialog 1 1 0
	/dialogComponents/- refs ?idp 1 1 0
	/dialogComponents/- refs trait 2 2 0
	/dialogs/- links dialog 2 2 0
	/dialogs/- needs component 3 3 0
	/dialogs/- needs scene 1 1 0
	/dialogs/- needs tool 1 1 0
	/dialogs/- refs ?namespace 1 1 0
	/dialogs/- refs component 1 1 0
	/evVNameSpace refs ?namespace 1 0 1
	/experienceFlows/- refs flow 1 1 0
	/experienceFlows/-/callflowDefinition/messages/- owner flow 1 1 0
	/experienceFlows/-/callflowDefinition/steps/- links dialog 1 1 0
	/experienceFlows/-/callflowDefinition/steps/- needs flowmessage 1 1 0
	/experienceFlows/-/callflowDefinition/steps/- owner flow 2 2 0
	/experienceFlows/-/callflowDefinition/steps/- refs ?app 1 1 0
	/experienceFlows/-/callflowDefinition/steps/- refs ?flowmessage 1 0 1
	/experienceFlows/-/callflowDefinition/steps/- refs ?flowstep 1 0 1
	/experienceFlows/-/callflowDefinition/steps/- refs flowstep 2 2 0
	/exportOptions refs ?action 1 1 0
	/exportOptions refs ?dialog 2 1 1
	/exportOptions refs ?flow 1 1 0
	/exportOptions refs ?form 1 0 1
	/forms/- refs component 1 1 0
	/forms/- refs dialog 1 1 0
	/ivrSettings refs dialog 1 1 0
	/knowledgeTasks/- refs trait 1 1 0
	/knowledgeTasks/-/faqs/faqs/- links dialog 1 1 0
	/krVNameSpace refs ?namespace 1 1 0
	/localeData/* refs dialog 1 1 0
	/mlParams/-/dialogIntents/- owner dialog 2 2 0
	/panels/- refs widget 2 2 0
	/patterns/- owner component 1 1 0
	/pii_patterns/- refs component 2 1 1
	/sceneComponents/- owner scene 1 1 0
	/sceneComponents/- refs app 1 1 0
	/scenes/- needs scenecomponent 1 1 0
	/scenes/- owner dialog 1 1 0
	/scenes/- refs app 1 1 0
	/scenes/- refs dialog 1 1 0
	/scenes/- refs widgettheme 1 1 0
	/sentences/- owner component 1 1 0
	/sentences/- refs component 1 1 0
	/smartAssistBot refs smartassisttheme 1 1 0
	/tools/- needs component 1 1 0
	/traits/- refs app 1 1 0
	/translationEngineId refs translationengine 1 1 0
	/twilioVoiceSettings refs dialog 1 1 0
	/vNameSpace refs ?namespace 1 1 0
	/widgets/- links dialog 1 1 0
	EOF
}

@test "an empty or absent reference is none" {
	all_sorts
	pkg-unpack -q in >s.ndjson
	for id in B C D; do
		run ! grep '"kind":"event","id":"'$id'".*"refs"' s.ndjson
	done
	grep '"kind":"faq","id":"q2"' s.ndjson >line
	run ! grep '"links"' line
	run ! grep '"dialog:"' s.ndjson
	run ! grep '"at":"/audioCodesSettings".*refs\|refs.*/audioCodesSettings' \
	    s.ndjson
}

@test "a reference that a record has twice is listed once" {
	all_sorts
	pkg-unpack -q in >s.ndjson
	[ "$(jq -c 'select(.id == "d1") | .needs' s.ndjson)" = \
	    '["component:dc-1","component:dc-2","scene:s1","tool:to",'\
'"component:dc-4"]' ]
}

@test "they resolve by id, by alias and by name" {
	pkg-unpack "$xo10" >s.ndjson
	python3 - <<-'PY'
	import json
	kinds, ways = {}, set()
	records = [json.loads(line) for line in open("s.ndjson")]
	for r in records:
	    for way in ("id", "alias", "names"):
	        values = r.get(way, [])
	        for v in [values] if isinstance(values, str) else values:
	            kinds.setdefault((r["kind"], v), set()).add(way)
	for r in records:
	    for name in ("owner", "needs", "links", "refs"):
	        for text in r.get(name, []):
	            kind, _, v = text.partition(":")
	            for way in kinds.get((kind, v), ()):
	                ways.add((kind, way))
	assert {("dialog", "id"), ("dialog", "alias"), ("component", "id"),
	        ("component", "alias"), ("trait", "names"),
	        ("app", "alias")} <= ways, ways
	PY
}

@test "a reference that leads nowhere is told as dangling" {
	cp -r "$xo10" in
	sed -i '0,/"componentId": "dc-/s/\("componentId": "dc-\)[^"]*/\1nowhere/
	    s/"taskId": "dc-[^"]*4-8000-000000000012"/"taskId": "dc-lost"/' \
	    in/botDefinition.json
	run ! diff -q in "$xo10"
	references in
	[ "$status" -eq 1 ]
	[[ $output == *'dangling: /dialog'*' needs component:dc-nowhere'* ]]
	try_sh 'pkg-unpack in | pkg-pack -o y.zip'
	[ "$status" -eq 0 ]
	same_members in y.zip
}

@test "an id, an alias and a name that change in the app change the count" {
	for change in 's/"refId": "d1000000-0000-4000-8000-000000000001"/"refId": "new"/' \
	    's/"_id": "dg-d0000000-0000-4000-8000-000000000001"/"_id": "dg-new"/' \
	    's/"impatient": {/"placid": {/'; do
		rm -rf in
		cp -r "$xo10" in
		sed -i "$change" in/botDefinition.json
		run ! cmp -s in/botDefinition.json "$xo10/botDefinition.json"
		references in
		[ "$status" -eq 1 ]
		[[ $output == *'dangling: '* ]]
	done
}
