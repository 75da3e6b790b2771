#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# The stream that pkg-unpack writes is that of pkg-stream(5), and always the
# same.  oracle/check-stream.py is a second reader, made from the page alone.

# shellcheck disable=SC2002,SC2016,SC2154 # cat is the pipe; lines of shell; set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# a folder with this definition
definition() {
	rm -rf in
	mkdir in
	printf %s "$1" >in/botDefinition.json
}

# kinds and how many records there are of each, but for settings
kinds() {
	jq -r '.kind | select(test("^@|^(config)?setting$") | not)' "$1" | LC_ALL=C sort |
	    uniq -c | awk '{ print $2, $1 }'
}

# without the lone surrogate, at which jq 1.6 stops
readable() {
	sed 's/\\ud800//' "$@"
}

@test "each fixture's stream keeps to the page, and makes its files again" {
	for package in "$xo10" "$xo11"; do
		try pkg-unpack "$package"
		[ "$status" -eq 0 ]
		quiet
		printf '%s\n' "$output" >s.ndjson
		good_stream s.ndjson "$package"
	done
}

@test "each real package's stream does" {
	kore_packages
	few
	for package in "${packages[@]}"; do
		try_sh 'pkg-unpack "$1" >s.ndjson' "$package"
		[ "$status" -eq 0 ]
		quiet
		if twinned; then
			plain_prints s.ndjson pkg-unpack "$package"
		else
			good_stream s.ndjson "$package"
		fi
	done
}

@test "the worked example of pkg-stream(5) is what the tool writes" {
	page=$root/man/pkg-stream.5
	[ -f "$page" ] || skip 'no page yet'
	command -v mandoc >/dev/null || skip 'no mandoc'
	# literal text is indented by ten more than the text around it
	mandoc -T utf8 -O width=99 "$page" | col -b | expand |
	    sed -n '/^WORKED EXAMPLE/,/Read from the top/p' >example
	mkdir hello
	sed -n '/^ *print/{s/^ *//p;q;}' example >hello/greet.js
	sed -n '/^           {$/,/^           }$/p' example |
	    sed 's/^           //' >def
	head -c -1 def >hello/botDefinition.json
	jq -e . hello/botDefinition.json >json
	sed -n '/^           {"kind"/,/^$/{/^$/!p;}' example |
	    awk '/^           [{]/ && NR > 1 { print "" }
	        { sub(/^ */, ""); printf "%s", $0 } END { print "" }' >expected
	[ "$(wc -l <expected)" -eq 16 ]
	pkg-unpack hello >s.ndjson
	diff expected s.ndjson
	good_stream s.ndjson hello
}

@test "every array of components of an XO10 app is split" {
	pkg-unpack "$xo10" | readable >s.ndjson
	readable "$xo10/botDefinition.json" | jq -r '
	def n(k; f): "\(k) \([f] | length)";
	def words: .localeData[].synonyms | keys[];
	n("app"; ._id), n("channel"; .channels[]),
	n("component"; .dialogComponents[]),
	n("concept"; words | select(startswith("~"))),
	n("contentvariable"; .contentVariables[]),
	n("dashboard"; .customDashboards[]), n("dialog"; .dialogs[]),
	n("dialogintent"; .mlParams[].dialogIntents // [] | .[]),
	n("event"; .botEvents[]), n("faq"; .knowledgeTasks[].faqs.faqs[]),
	n("form"; .forms[]), n("formfield"; .forms[].components[]),
	n("knowledge"; .knowledgeTasks[]),
	n("locale"; .localeData[]), n("mlparam"; .mlParams[]),
	n("namespace"; .namespaces[]), n("nlsetting"; .advancedNLSettings[]),
	n("panel"; .panels[]), n("pattern"; .patterns[]),
	n("piipattern"; .pii_patterns[]), n("scene"; .scenes[]),
	n("scenecomponent"; .sceneComponents[]),
	n("sentimentevent"; .botSentimentEvents[]),
	n("smalltalk"; .smallTalk[]), n("standardresponse"; .koraResponses[]),
	n("synonym"; words | select(startswith("~") | not)),
	n("trait"; .traits[]), n("utterance"; .sentences[]),
	n("widget"; .widgets[]), n("widgettheme"; .widgetThemes[])
	' >expected
	jq -r '"envvariable \(.envVariables | length)"' "$xo10/config.json" \
	    >>expected
	diff <(LC_ALL=C sort expected) <(kinds s.ndjson)
	# and none of them is empty in the fixture
	run ! grep ' 0$' expected
}

@test "and of an XO11 app: flows, features, guardrails, prompts" {
	pkg-unpack "$xo11" >s.ndjson
	jq -r '
	def n(k; f): "\(k) \([f] | length)";
	n("flow"; .experienceFlows[]),
	n("llmconfiguration"; .llmConfiguration[]),
	n("llmfeature"; .llmConfiguration[].featureList[]),
	n("guardrail"; .llmConfiguration[].guardrailsList[]),
	n("integration"; .llmConfiguration[].integrations[]),
	n("prompt"; .promptLibraries[]), n("tool"; .tools[]),
	n("dialoggptsetting"; .dialogGPTSettings[]),
	n("contentvariable"; .contentVariables[]), n("event"; .botEvents[])
	' "$xo11/appDefinition.json" >expected
	run ! grep ' 0$' expected
	kinds s.ndjson >found
	while read -r line; do
		grep -qx "$line" found
	done <expected
	# answers is an object, with a switch: a setting, of no components
	jq -r 'select(.at != null and (.at | startswith("/answers"))) |
		.kind, .at' s.ndjson | diff <(printf 'setting\n/answers\n') -
}

@test "what is inside a component follows it, and its own list is empty" {
	pkg-unpack "$xo10" | readable >s.ndjson
	jq -r '.kind + " " + .at' s.ndjson >lines
	# a knowledge task, its list, its FAQs; the next one
	grep -A 2 '^knowledge ' lines >near
	grep -qx '@open /knowledgeTasks/-/faqs/faqs' near
	grep -qx 'faq /knowledgeTasks/-/faqs/faqs/-' near
	jq -c 'select(.kind == "knowledge") | .value.faqs.faqs' \
	    s.ndjson >lists
	[ "$(sort -u lists)" = '[]' ]
	jq -c 'select(.kind == "locale") | .value.synonyms' s.ndjson >lists
	[ "$(sort -u lists)" = '{}' ]
}

@test "containers are opened also where they are empty" {
	definition '{"refId":"r","dialogs":[],"botEvents":{},"localeData":{"en":{"synonyms":
{}}},"mlParams":[{"dialogIntents":[]},{"dialogIntents":["d"]},{"type":1}],
"llmConfiguration":[{"integrations":{},"featureList":[],"guardrailsList":[]}],
"knowledgeTasks":[{"faqs":{"faqs":[]}}]}'
	try_sh 'pkg-unpack -q in | jq -r "select(.kind == \"@open\") | .at"'
	diff - <(printf '%s\n' "$output") <<-'EOF'

	/dialogs
	/botEvents
	/localeData
	/localeData/en/synonyms
	/mlParams
	/mlParams/-/dialogIntents
	/mlParams/-/dialogIntents
	/llmConfiguration
	/llmConfiguration/-/integrations
	/llmConfiguration/-/featureList
	/llmConfiguration/-/guardrailsList
	/knowledgeTasks
	/knowledgeTasks/-/faqs/faqs
	EOF
}

@test "ids are composed of parts, in which only % and / are encoded" {
	definition '{"refId":"r","localeData":{"e/n":{"synonyms":{"50% a/b ü~\"":1}}},
"knowledgeTasks":[{"refId":"k/1","language":"en"},{"refId":"k","language":""},
{"language":"de"},{}],"contentVariables":[{"key":"a/b%"}],
"dialogs":[{"_id":"dg-1","refId":"r/%"}],
"mlParams":[{"language":"en","type":3,"mlpGroupId":"g","dialogIntents":["a/b"]}]
}'
	try_sh 'pkg-unpack -q in | jq -r "select(.kind | test(\"^@\") | not) |
	    .kind + \" \" + (.id // \"none\")"'
	diff - <(printf '%s\n' "$output") <<-'EOF'
	setting none
	locale e/n
	synonym e%2Fn/50%25 a%2Fb ü~"
	knowledge k%2F1/en
	knowledge k/
	knowledge /de
	knowledge none
	contentvariable a/b%
	dialog r/%
	mlparam en/3
	dialogintent en/3/a%2Fb
	EOF
}

@test "names, types, languages, status and aliases are the app's" {
	pkg-unpack "$xo10" | readable >s.ndjson
	readable "$xo10/botDefinition.json" >app.json
	# kind, list in the app, and where the app has what the envelope says
	while read -r kind list id name type lang status alias; do
		jq -c ".${list}[] | [$id, $name, $type, $lang, $status, $alias]" \
		    app.json >expected
		jq -c "select(.kind == \"$kind\") |
		    [.id, .name, .type, .lang, .status, .alias[0]]" \
		    s.ndjson >found
		diff expected found
	done <<-'EOF'
	dialog dialogs .refId .localeData.en.name null null null ._id
	component dialogComponents .refId .name .type null null ._id
	utterance sentences ._id .sentence .type .language null null
	pattern patterns .refId .taskName .taskType null null null
	trait traits .refId+"/"+.language .groupName null .language .state ._id
	form forms .refId .name null null null null
	nlsetting advancedNLSettings .refId .configurationKeyName null .language .state ._id
	widget widgets .refId .name null null .state null
	namespace namespaces .name .name .type null .status ._id
	smalltalk smallTalk .language .language null .language null null
	EOF
}

@test "categories are the words of the platform's export" {
	for package in "$xo10" "$xo11"; do
		pkg-unpack "$package"
	done | readable | jq -r 'select(.category) | .kind + " " + .category' | sort -u \
	    >found
	while read -r line; do
		grep -qx "$line" found || {
			echo "not there: $line"
			return 1
		}
	done <<-'EOF'
	dialog tasks/botTask
	component tasks/botTask
	knowledge tasks/knowledgeGraph
	faq tasks/knowledgeGraph
	smalltalk tasks/smallTalk
	form tasks/forms
	flow tasks/flows
	utterance nlpData/utterances
	pattern nlpData/patterns
	synonym nlpData/synonyms
	concept nlpData/concepts
	trait nlpData/traits
	standardresponse nlpData/standardResponses
	event nlpData/nlpSettings
	contentvariable settings/botVariables
	envvariable settings/botVariables
	llmfeature settings/genAIandLLMSettings
	setting settings/botSettings
	setting settings/ivrSettings
	setting app
	dashboard customDashboards
	EOF
}

@test "strings of the envelope are decoded, with the fewest escapes" {
	definition '{"refId":"r","dialogs":[{"refId":"\u0061\/\ud83d\ude00\u007f\u00e9",'\
'"_id":"\u0022\\\b\f\n\r\t\u0000\u001F\uD800\uDC00",'\
'"lname":"\uDFFFx\ud800"}]}'
	pkg-unpack -q in | grep '"kind":"dialog"' >line
	printf '%s' '{"kind":"dialog","id":"a/😀' $'\177' 'é","name":"' \
	    '\udfffx\ud800","category":"tasks/botTask","alias":["' \
	    '\"\\\b\f\n\r\t\u0000\u001f𐀀"],"file"' >expected
	head -c "$(wc -c <expected)" line | diff expected -
	pkg-unpack -q in >s.ndjson
	good_stream s.ndjson
}

@test "the same package twice is the same stream and the same zip" {
	zip_of a.zip "$xo10" botDefinition.json config.json icon.png
	mkdir other
	cp -p a.zip 'other/b c.zip'
	touch -d 2001-02-03 'other/b c.zip'
	pkg-unpack a.zip >a.ndjson
	pkg-pack -o a2.zip a.ndjson
	for setting in TZ=Asia/Tokyo TZ=America/St_Johns LC_ALL=C LC_ALL=C.UTF-8 \
	    LC_ALL=tr_TR.UTF-8 LANG=de_DE HOME=/nowhere TMPDIR="$PWD/other"; do
		try_sh 'cd other && env "$1" pkg-unpack "b c.zip" >b.ndjson &&
		    env "$1" pkg-pack -f -o b.zip b.ndjson' "$setting"
		[ "$status" -eq 0 ]
		cmp a.ndjson other/b.ndjson
		cmp a2.zip other/b.zip
	done
	try_sh 'umask 077; pkg-unpack a.zip | (umask 0; pkg-pack -o c.zip)'
	cmp a2.zip c.zip
	good_stream a.ndjson a.zip
}

@test "a folder's times, modes and name do not matter" {
	pkg-unpack "$xo11" >a.ndjson
	cp -r "$xo11" 'an other'
	touch -d 1999-01-01 'an other'/*
	chmod 600 'an other'/*
	pkg-unpack 'an other' >b.ndjson
	cmp a.ndjson b.ndjson
	run ! grep -E '"(mtime|mode|source)"' a.ndjson
	cd 'an other'
	pkg-unpack . | cmp ../a.ndjson
	pkg-unpack ./*.js ./*.png ./*.json | cmp ../a.ndjson
}

@test "a pipe and a file give the same stream, but for the size of JSON" {
	pkg-unpack "$xo10" | pkg-pack -o ours.zip
	zip_of others.zip "$xo10" botDefinition.json config.json icon.png
	without='s/,"size":[0-9]+//g; s/,"sum":.*//'
	for zip in ours.zip others.zip; do
		pkg-unpack "$zip" >file
		cat "$zip" | pkg-unpack >pipe
		good_stream pipe "$zip"
		cmp file pipe
		# a file on standard input is a file
		pkg-unpack <"$zip" | cmp file
		pkg-unpack - <"$zip" | cmp file
		grep -q '"mode"' file
	done
	pkg-unpack "$xo10/botDefinition.json" >file
	cat "$xo10/botDefinition.json" | pkg-unpack >pipe
	diff <(sed -E "$without" file) <(sed -E "$without" pipe)
	pkg-unpack - <"$xo10/botDefinition.json" >stdin
	diff <(sed -E "$without" file) <(sed -E "$without" stdin)
}

@test "real zips give the same stream from a pipe" {
	kore_packages
	few
	for package in "${packages[@]}"; do
		[ -f "$package" ] || continue
		pkg-unpack "$package" >file
		cat "$package" | pkg-unpack >pipe
		cmp file pipe
	done
}

@test "a pipe that gives a few bytes at a time gives the same stream" {
	pkg-unpack "$xo11" | pkg-pack -o x.zip
	cat x.zip | pkg-unpack >zip.ndjson
	cat "$xo11/appDefinition.json" | pkg-unpack >json.ndjson
	cat >drip.py <<-'PY'
	import os, sys
	text, n, at = open(sys.argv[1], "rb").read(), int(sys.argv[2]), 0
	while at < len(text):
	    os.write(1, text[at:at + n])
	    os.sched_yield()
	    at += n
	PY
	for n in 1 7 31 4097; do
		python3 drip.py x.zip "$n" | pkg-unpack | cmp zip.ndjson
		python3 drip.py "$xo11/appDefinition.json" "$n" | pkg-unpack |
		    cmp json.ndjson
		python3 drip.py zip.ndjson "$n" | pkg-pack -f -o y.zip
		same_members x.zip y.zip
	done
}

@test "@stream names options and a source only if they were given" {
	first() {
		pkg-unpack "$@" "$xo10" | sed -n 1p
	}
	[[ $(first) != *source* ]]
	[[ $(first) == *'"by":[{"name":"pkg-unpack","version":'*',"options":[]}]}' ]]
	[[ $(first --source 'prod "7"') == *'"source":"prod \"7\"","by"'* ]]
	[[ $(first -a) == *'"options":["--all-files"]'* ]]
	# of a map its name only, of files nothing
	cp "$root/lib/platform/kore.map" my.map
	[[ $(first --map "$PWD/my.map") == *'"options":["--map=my.map"]'* ]]
	[[ $(first --report "$PWD/r.json" -v 2>/dev/null) != *"$PWD"* ]]
	pkg-unpack -a --source x --map my.map "$xo10" >s.ndjson
	good_stream s.ndjson "$xo10"
}

@test "JSON on standard input is named by -n, or by what it begins with" {
	[ "$(pkg-unpack <"$xo10/botDefinition.json" | sed -n 2p |
	    jq -r .file)" = botDefinition.json ]
	[ "$(pkg-unpack <"$xo11/appDefinition.json" | sed -n 2p |
	    jq -r .file)" = appDefinition.json ]
	echo '{"color": "red", "refId": "r"}' >some.json
	refuses 3 'pkg-unpack <some.json' 'pkg-unpack: stdin: ' --name \
	    botDefinition.json appDefinition.json
	try_sh 'pkg-unpack -n botDefinition.json <some.json'
	[ "$status" -eq 0 ]
	[[ ${lines[1]} == *'"file":"botDefinition.json"'* ]]
	[[ ${lines[3]} == *'"at":"/color","value":"red"'* ]]
}

@test "a text of many bytes is cut between characters, a binary anywhere" {
	definition '{"refId":"r"}'
	python3 -c 'print("aé€😀" * 12000)' >in/script.js
	cp in/script.js in/icon.png
	pkg-unpack in >s.ndjson
	good_stream s.ndjson in
	[ "$(grep -c '"file":"script.js".*"encoding":"utf-8"' s.ndjson)" -eq 3 ]
	[ "$(grep -c '"file":"icon.png".*"encoding":"base64"' s.ndjson)" -eq 3 ]
}

@test "keys that stand twice are counted with -v" {
	definition '{"_id":"s","a":1,"a":2,"dialogs":[{"b":1,"b":{"c":1,"c":1}}]}'
	try pkg-unpack -v in
	[ "$status" -eq 0 ]
	says in: botDefinition.json: 3 twice
}

@test "-v tells what a package was taken for and the figures; -q nothing" {
	try pkg-unpack -v "$xo10"
	says 'pkg-unpack: ' Kore.ai botDefinition.json '3 files' '154 records'
	try_sh 'pkg-unpack -q "$xo10" | pkg-pack -q -o x.zip'
	quiet
	try_sh 'pkg-unpack x.zip | pkg-pack -v -f -o y.zip'
	says 'pkg-pack: ' '3 files' '154 records'
}

@test "--report writes the figures as JSON, on failure too" {
	pkg-unpack --report u.json "$xo10" >s.ndjson
	pkg-pack --report p.json -o x.zip s.ndjson
	figures='[.tool, .status, .files, .records, .bytes_in, .bytes_out]'
	[ "$(jq -c "$figures" u.json)" = "[\"pkg-unpack\",0,3,154,$(
	    cat "$xo10"/* | wc -c),$(wc -c <s.ndjson)]" ]
	[ "$(jq -c "$figures" p.json)" = "[\"pkg-pack\",0,3,154,$(
	    wc -c <s.ndjson),$(wc -c <x.zip)]" ]
	[ "$(wc -l <u.json)" -eq 1 ]
	try pkg-unpack --report u.json nothing.zip
	[ "$status" -eq 4 ]
	[ "$(jq -c '[.input, .status, .records]' u.json)" = \
	    '["nothing.zip",4,0]' ]
}

@test "long options may be shortened, -- ends them" {
	[ "$(pkg-unpack --sour=x -- "$xo10" | sed -n 1p | jq -r .source)" = x ]
	cp "$xo11/appDefinition.json" .
	mkdir -- -v
	cp "$xo11/appDefinition.json" ./-v
	pkg-unpack -- -v | pkg-pack --out=y.zip
	same_members ./-v y.zip
	try pkg-unpack -h
	[ "$status" -eq 0 ]
	quiet
	[[ $output == 'usage: pkg-unpack '* ]]
	try pkg-pack --help
	[ "$status" -eq 0 ]
	[[ $output == 'usage: pkg-pack [-fqv] '*'-o output [stream]'* ]]
	try pkg-pack -V
	[ "$status" -eq 0 ]
	[[ $output == 'pkg-pack '[0-9]* ]]
}

@test "a pipe at the end of a tool is widened" {
	pkg-unpack "$xo10" >s.ndjson
	python3 - <<-'END' >widths
		import fcntl, os, subprocess
		size = 1032			# F_GETPIPE_SZ
		least = 1 << 20
		stream = open("s.ndjson", "rb").read()
		for tool in (["pkg-filter-status", "latest"], ["pkg-select", "--list"]):
		    i, to = os.pipe()
		    back, o = os.pipe()
		    os.write(to, stream)
		    os.close(to)
		    subprocess.run(tool, stdin=i, stdout=o)
		    print(fcntl.fcntl(i, size) >= least,
		        fcntl.fcntl(o, size) >= least)
	END
	[ "$(sort -u widths)" = 'True True' ]
}

@test "long runs are the same in a file, a pipe and another file system" {
	"$build/tests/generate" -s 2M -o app
	pkg-unpack app >s.ndjson
	pkg-filter-status latest s.ndjson | cat >want
	[ "$(wc -c <want)" -gt 1000000 ]
	pkg-filter-status latest s.ndjson >file
	cmp want file
	echo before >more.ndjson
	pkg-filter-status latest s.ndjson >>more.ndjson
	{ echo before; cat want; } | cmp - more.ndjson
	[ -d /dev/shm ] && [ -w /dev/shm ] || skip 'no other file system'
	shm=$(mktemp -d /dev/shm/pkg-test.XXXXXX)
	pkg-filter-status latest s.ndjson >"$shm/out" && cp "$shm/out" other
	rm -r "$shm"
	cmp want other
}
