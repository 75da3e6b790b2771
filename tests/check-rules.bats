#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-check: each rule with what breaks it and what does not.  The packages are
# the fixtures with one thing changed.
#
# check/lines.py seeks each finding in the package's own files with a reader of
# its own, check/dangling.py asks the readers of oracle/ for references.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -R "$tests/fixtures/cx" cx
	cp -R "$xo10" kore
	start='cx/flows/Default Start Flow'
	chmod -R u+w cx kore
}

# change a JSON file: a line of Python, of its value d
change() {
	command python3 -c 'import json, sys
with open(sys.argv[1]) as f:
    d = json.load(f, parse_float=lambda text: min(float(text), 9.5))
exec(sys.argv[2])
with open(sys.argv[1], "w") as f: json.dump(d, f, indent=4)' "$1" "$2"
}

# what a rule finds in a package: kind, id or name, message
found() {
	pkg-check -q --only "$1" --format json "$2" >made 2>said ||
		[ $? -eq 1 ]
	jq -r '[.rule, .severity, .kind, .id // .name, .message] |
	    map(. // "-") | join("|")' made
}

# nothing
sound() {
	try pkg-check --strict --only "$1" "$2"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	quiet
}

@test "dangling: a page, an intent, a component that is gone is an error" {
	sound dangling cx
	sound dangling kore
	mv cx/entityTypes .
	found dangling cx | grep -F 'intent|book.crossing' >is
	diff - is <<-'E'
	dangling|error|intent|book.crossing|needs entitytype:ferry-line, which is not there
	E
	mv entityTypes cx
	rm -r "$start/pages"
	found dangling cx >is
	grep -q '^dangling|error|flow|Default Start Flow|refers to page:' is
	try pkg-check --only dangling cx
	[ "$status" -eq 1 ]
	change kore/botDefinition.json 'gone = d["dialogs"][0]["nodes"][0][
	    "componentId"]; d["dialogComponents"] = [c for c in
	    d["dialogComponents"] if c["_id"] != gone]'
	found dangling kore >is
	grep -q '^dangling|error|dialog|.*|needs component:' is
	# a task that is led to, as an import misses it
	cp "$xo10/botDefinition.json" kore
	change kore/botDefinition.json 'gone = next(n["flowTaskId"]
    for e in d["dialogs"] for n in e["nodes"] if n.get("flowTaskId"))
d["dialogs"] = [e for e in d["dialogs"] if e["refId"] != gone]'
	found dangling kore >is
	grep -q '^dangling|error|dialog|.*|links to dialog:.*, which is not' is
}

@test "dangling-link: what a test case names and is gone is a warning" {
	found dangling-link cx >is
	diff - is <<-'E'
	dangling-link|warning|testcase|Books a crossing|refers to page:Default Start Flow/f30000c8-1f00-4c00-8a00-0000000000c8, which is not there
	dangling-link|warning|testcase|Books a crossing|refers to intent:f30000c9-1f00-4c00-8a00-0000000000c9, which is not there
	E
	rm -r cx/testCases
	sound dangling-link cx
}

@test "missing-part: a file and a start flow that must be there" {
	sound missing-part cx
	pkg-unpack cx | jq -c 'select(.file != "agent.json")' >cut.ndjson
	try pkg-check --only missing-part --edited cut.ndjson
	[ "$status" -eq 1 ]
	[ "$output" = "(package): error: the package has no file agent.json\
 [missing-part]" ]
	sed -i 's/"startFlow": ".*"/"startFlow": "Nowhere"/' cx/agent.json
	try pkg-check --only missing-part cx
	[ "$status" -eq 1 ]
	[ "$output" = "agent.json:11: error: agent Ferry desk refers to\
 flow:Nowhere, which is not there [missing-part]" ]
	# it is told once
	sound dangling,unreachable cx
}

@test "duplicate-id: the second of two with one id is told" {
	sound duplicate-id kore
	change kore/botDefinition.json 'd["dialogs"].append(d["dialogs"][0])'
	found duplicate-id kore >is
	[ "$(wc -l <is)" -eq 1 ]
	grep -q '^duplicate-id|warning|dialog|.*|has the id of another before' is
	# a name that two ids have is another rule's
	sound duplicate-name kore
}

@test "duplicate-name: two dialogs with one name, but not two components" {
	sound duplicate-name kore
	change kore/botDefinition.json 'import copy
e = copy.deepcopy(d["dialogs"][0]); e["refId"] = e["_id"] = "other"
d["dialogs"].append(e)
c = copy.deepcopy(d["dialogComponents"][0]); c["refId"] = c["_id"] = "more"
d["dialogComponents"].append(c)'
	found duplicate-name kore >is
	diff - is <<-'E'
	duplicate-name|warning|dialog|other|has the name of another before it
	E
}

@test "empty-intent: one without phrases, unless it is a fallback" {
	found empty-intent cx >is
	diff - is <<-'E'
	empty-intent|warning|intent|nicht-mehr|has no training phrases: nothing that a user says leads to it
	E
	grep -q '"isFallback": true' "cx/intents/Default Negative Intent/"*.json
	change cx/intents/nicht-mehr/nicht-mehr.json 'd["isFallback"] = True'
	sound empty-intent cx
	change cx/intents/nicht-mehr/nicht-mehr.json 'd["isFallback"] = False'
	try pkg-check --only empty-intent cx
	[ "$status" -eq 1 ]
}

@test "language-unlisted, language-unused: the list and what is there" {
	sound language-unlisted,language-unused cx
	sed -i 's/"supportedLanguageCodes": .*/"supportedLanguageCodes": [ "fr" ],/' \
		cx/agent.json
	found language-unlisted cx | sed 's/|[^|]*|[^|]*|/|/2' >is
	[ "$(wc -l <is)" -eq 1 ]
	grep -q 'is of the language de, which the agent does not list$' is
	found language-unused cx >is
	diff - is <<-'E'
	language-unused|note|agent|agent|lists the language fr, and nothing is of it
	E
	# a message in it is enough
	change "$start/Default Start Flow.json" 'd["eventHandlers"].append({
	    "event": "x", "triggerFulfillment": { "messages": [
	    { "text": { "text": [ "Bien" ] }, "languageCode": "fr" } ] } })'
	sound language-unused cx
}

@test "name-mismatch: a file, and a folder, of another name" {
	sound name-mismatch cx
	mv 'cx/webhooks/Fare service.json' cx/webhooks/Fares.json
	found name-mismatch cx >is
	diff - is <<-'E'
	name-mismatch|warning|webhook|Fare service|is called Fare service, and its file or folder Fares: rename the file
	E
}

@test "secret: tokens, keys, URLs and marked members, never their values" {
	sound secret cx
	sound secret kore
	key=AKIA$(printf 'ABCDEFGH01234567')
	pat=ghp_$(printf 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8')
	web=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0
	web+=.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U
	block='-----BEGIN RSA PRIVATE KEY-----'
	change 'cx/webhooks/Fare service.json' "
d['genericWebService']['uri'] = 'https://desk:pa55word@fares.example.com/v1'
d['a'] = 'take $key'; d['b'] = ['$web', 'x$pat', '$pat']
d['c'] = '$block'; d['d'] = 'https://desk:{password}@fares.example.com'
d['e'] = 'mailto://fares.example.com:80/a@b'; d['displayName'] = '$pat'
d['f'] = 'keys:\\n$key'; d['g'] = 'a\\\\u00e9$pat@b'; d['h'] = 'no$pat'"
	pkg-check --only secret,binding --format json cx >all || [ $? -eq 1 ]
	jq -r 'select(.rule == "secret") | .place + "|" + .message' all |
		sed 's/ in clear text.*//' >is
	diff - is <<-'E'
	/displayName|has a GitHub token
	/genericWebService/uri|has a URL with a password
	/a|has an AWS access key
	/b/0|has a JSON web token
	/b/2|has a GitHub token
	/c|has a private key
	/f|has an AWS access key
	/g|has a GitHub token
	E
	pkg-check cx >text 2>said || [ $? -eq 1 ]
	for value in "$key" "$pat" "$web" pa55word; do
		try grep -F -e "$value" all text
		[ "$status" -eq 1 ]
	done
	change kore/config.json '[v.update(value="hunter2") for v in
	    d["envVariables"] if v["key"] == "STOCK_KEY"]'
	printf '// one\nvar a = 1;\n"%s"\n' "$key" >kore/pay.js
	pkg-check --only secret kore >is 2>said || [ $? -eq 1 ]
	sed 's/:[0-9]*:/:N:/' is | diff - <(cat <<-'E'
	config.json:N: warning: envvariable STOCK_KEY has what is to be secret in clear text: take it out, and revoke it [secret]
	pay.js:N: warning: has an AWS access key in clear text: take it out, and revoke it [secret]
	E
	)
	grep -q '^pay.js:3:' is
	line=$(sed -n 's/^config.json:\([0-9]*\):.*/\1/p' is)
	sed -n "${line}p" kore/config.json | grep -q hunter2
	# what stands there instead is no secret
	echo '"https://desk:pa55word@fares.example.com"' >>kore/pay.js
	pkg-vars redact --originals was kore >redacted
	[ "$(grep -c REDACTED_ was)" -eq 3 ]
	pkg-check -q --only secret redacted >is
	[ ! -s is ]
	change kore/config.json '[v.update(value="****") for v in
	    d["envVariables"] if v["key"] == "STOCK_KEY"]'
	rm kore/pay.js
	sound secret kore
}

@test "shared-phrase: the same words in two intents of one language, a note" {
	sound shared-phrase cx
	mkdir cx/intents/nicht-mehr/trainingPhrases
	cp cx/intents/book.crossing/trainingPhrases/en.json \
		cx/intents/nicht-mehr/trainingPhrases/de.json
	sound shared-phrase cx
	mv cx/intents/nicht-mehr/trainingPhrases/{de,en}.json
	found shared-phrase cx >is
	[ "$(wc -l <is)" -eq \
		"$(jq '.trainingPhrases | length' cx/intents/book.crossing/trainingPhrases/en.json)" ]
	grep -qF "is said in intent:nicht-mehr, and so is it in\
 intent:book.crossing" is
	sound shared-phrase kore
	change kore/botDefinition.json 'import copy
s = copy.deepcopy(d["sentences"][0]); s["_id"] = "other"
t = [x["taskId"] for x in d["sentences"] if x["taskId"] != s["taskId"]]
s["taskId"] = t[0]; d["sentences"].append(s)'
	found shared-phrase kore >is
	[ "$(wc -l <is)" -eq 1 ]
	grep -q '^shared-phrase|note|utterance|' is
}

@test "unreachable: a flow, and what only it leads to, is a note" {
	sound unreachable cx
	mkdir -p cx/flows/Adrift/pages
	jq -n '{ displayName: "Adrift", transitionRoutes: [
	    { targetPage: "Raft" }] }' >cx/flows/Adrift/Adrift.json
	jq -n '{ displayName: "Raft" }' >cx/flows/Adrift/pages/Raft.json
	found unreachable cx >is
	diff - is <<-'E'
	unreachable|note|flow|Adrift|is never reached: nothing that is reached leads to it
	unreachable|note|page|Adrift/Raft|is never reached: nothing that is reached leads to it
	E
	change "$start/Default Start Flow.json" 'd["transitionRoutes"].append(
	    {"condition": "true", "targetFlow": "Adrift"})'
	sound unreachable cx
}

@test "binding: hosts, models and data stores are notes, each once" {
	found binding cx >is
	diff - is <<-'E'
	binding|note|webhook|Fare service|names the webhook https://fares.example.com/v1, which is outside the package
	binding|note|tool|notice board|names the data store projects/4711004711/locations/eu/collections/default_collection/dataStores/notices_1, which is outside the package
	E
	rm -r cx/webhooks cx/tools
	sound binding cx
}

@test "dead-event: one that is on and is to start a task, but names none" {
	sound dead-event kore
	change kore/botDefinition.json 'd["botEvents"].update(A={
	    "enabled": True, "action": "triggerDialog", "task": ""},
	    B={"enabled": True, "action": "triggerDialog", "task": None},
	    C={"enabled": True, "action": "triggerDialog"},
	    D={"enabled": False, "action": "triggerDialog", "task": ""},
	    E={"enabled": True, "action": "showMsg", "task": ""},
	    F={"enabled": True, "action": "triggerDialog",
		"task": d["dialogs"][0]["refId"]})'
	found dead-event kore >is
	diff - is <<-'E'
	dead-event|note|event|A|is on, and is to start a task, but names none
	dead-event|note|event|B|is on, and is to start a task, but names none
	dead-event|note|event|C|is on, and is to start a task, but names none
	E
	pkg-check --only dead-event --format json kore >is
	python3 "$tests/check/lines.py" kore is
}

@test "undefined-variable: what scripts and texts use, each name once" {
	sound undefined-variable kore
	# of a sort of which there is none nothing is known
	change kore/botDefinition.json 'd["contentVariables"] = []
c = d["dialogComponents"]
c[0]["script"] = "var a = env.HOST + context.env.PORT + my_env.PORT;" + \
    " content.greeting; env.trim(); $env.PORT; env.SEASON"
c[1]["script"] = "x%3D%7B%7Benv.PATH2%7D%7D%20env.CALLED%28%29%2Eenv.PORT"
c[2]["script"] = "env.HOST\n\nenv.LINE \u00e9env.ACCENT"'
	found undefined-variable kore | cut -d '|' -f 1-3,5 >is
	diff - is <<-'E'
	undefined-variable|warning|component|uses env.HOST, which is not defined
	undefined-variable|warning|component|uses env.PATH2, which is not defined
	undefined-variable|warning|component|uses env.LINE, which is not defined
	undefined-variable|warning|component|uses env.ACCENT, which is not defined
	E
	printf 'if (a)\n\tb(env.FILE);\n' >kore/pay.js
	pkg-check --only undefined-variable kore >is 2>said || [ $? -eq 1 ]
	grep -q '^pay.js:2: warning: uses env.FILE, which' is
}

@test "unused-variable, empty-variable: notes of what is defined" {
	found unused-variable,empty-variable kore >is
	diff - is <<-'E'
	unused-variable|note|contentvariable|shopHours|is not used: nothing has content.shopHours
	unused-variable|note|contentvariable|motto|is not used: nothing has content.motto
	empty-variable|note|envvariable|STOCK_KEY|has no value: set one where the package goes to
	unused-variable|note|envvariable|STOCK_KEY|is not used: nothing has env.STOCK_KEY
	unused-variable|note|envvariable|SEASON|is not used: nothing has env.SEASON
	E
	change kore/botDefinition.json 'd["dialogComponents"][0]["script"] = \
    "a%20%3D%20content.shopHours%2Benv.STOCK_KEY%3B{{content.motto}}"'
	printf 'say(env.SEASON)' >kore/pay.js
	change kore/config.json '[v.update(value="x") for v in
	    d["envVariables"] if v["key"] == "STOCK_KEY"]'
	sound unused-variable,empty-variable kore
}

@test "limit: a file that is larger than the vendor's pages allow" {
	sound limit kore
	change kore/config.json 'd["name"] = "x" * 600000'
	found limit kore | sed 's/has 6[0-9]* bytes/has N bytes/' >is
	diff - is <<-'E'
	limit|error|@file|-|has N bytes, and the platform takes no more than 512000
	E
	[ "$(sed -n 's/.*has \([0-9]*\) bytes.*/\1/p' made)" -eq \
		"$(stat -c %s kore/config.json)" ]
}

@test "layout: a file that the platform would write in another way" {
	sound layout cx
	sound layout kore
	jq -c . cx/agent.json >x && mv x cx/agent.json
	jq --indent 2 . kore/config.json >x && mv x kore/config.json
	pkg-check -q --only layout cx >is
	pkg-check -q --only layout kore >>is
	diff - is <<-'E'
	agent.json:1: note: is not laid out as the platform writes it [layout]
	config.json:1: note: is not laid out as the platform writes it [layout]
	E
}

@test "not-ready: a status that is not published with the others" {
	sound not-ready kore
	change kore/botDefinition.json 'd["traits"][0]["state"] = "inProgress"'
	found not-ready kore | cut -d '|' -f 1-3,5 >is
	diff - is <<-'E'
	not-ready|note|trait|has the status in-progress, and is not published with the others
	E
}

@test "lines are those of the files, in json and in sarif" {
	for package in cx kore "$xo11"; do
		for format in json sarif; do
			pkg-check --format $format "$package" 2>said >is ||
				[ $? -eq 1 ]
			python3 "$tests/check/lines.py" "$package" is
		done
	done
	# components that others stand in, and what follows those
	change kore/botDefinition.json 'd["dialogs"].append(d["dialogs"][0])
d["mlParams"].append(d["mlParams"][0])'
	pkg-check --format json kore >is 2>said || [ $? -eq 1 ]
	grep -q '"kind":"mlparam"' is
	python3 "$tests/check/lines.py" kore is
}

@test "of every rule the line that is told has what is found" {
	# what breaks each: the tests above tell one from the other
	change cx/agent.json 'd["startFlow"] = "Nowhere"
d["supportedLanguageCodes"] = ["fr"]
d["description"] = "ghp_" + "aB3" * 12'
	rm -r cx/entityTypes
	change cx/webhooks/*.json 'd["displayName"] = "Fare"'
	jq -n '{ displayName: "Adrift", transitionRoutes: [] }' >x
	mkdir -p cx/flows/Adrift cx/intents/{late,nicht-mehr/trainingPhrases}
	mv x cx/flows/Adrift/Adrift.json
	jq -n '{ displayName: "late" }' >cx/intents/late/late.json
	cp cx/intents/book.crossing/trainingPhrases/en.json \
		cx/intents/nicht-mehr/trainingPhrases
	change kore/botDefinition.json 'import copy
more = copy.deepcopy(d["dialogs"][0]); more["refId"] = more["_id"] = "other"
d["dialogs"] += [d["dialogs"][1], more]
d["traits"][0]["state"] = "inProgress"
d["botEvents"]["A"] = {"enabled": True, "action": "triggerDialog", "task": ""}
d["dialogComponents"][1]["script"] = "x%3Denv.NOWHERE"'
	change kore/config.json 'd["name"] = "x" * 600000'
	for package in cx kore; do
		pkg-check -q --format json $package >is 2>said || [ $? -eq 1 ]
		python3 "$tests/check/lines.py" $package is
		jq -r .rule is >>broken
		pkg-check -q --format sarif $package >is || [ $? -eq 1 ]
		python3 "$tests/check/lines.py" $package is
		python3 "$tests/check/sarif.py" is
	done
	diff <(sort -u broken) <(pkg-check --list-rules | cut -f 1)
}

@test "a file in no known layout, or an edited one, has no lines" {
	f='cx/testCases/Books a crossing.json'
	sed -i '1s/{/{  /' "$f"
	pkg-check -q --format json cx >is 2>said || [ $? -eq 1 ]
	[ "$(jq -s 'map(select(.rule == "dangling-link") | .line) | unique' \
		-c is)" = '[null]' ]
	[ "$(jq -s 'map(select(.rule == "binding") | .line) | unique' \
		-c is)" = '[5,7]' ]
	pkg-unpack "$tests/fixtures/cx" | jq -c 'if .kind == "testcase" then
	    .value = {"a": 1} + .value else . end' >e.ndjson
	pkg-check --edited --only dangling-link e.ndjson >is 2>said ||
		[ $? -eq 1 ]
	[ "$(grep -c '^testCases/Books a crossing.json: warning: ' is)" -eq 2 ]
}

@test "a stream, a pipe and the package say the same" {
	pkg-unpack cx >s.ndjson
	for format in text json sarif junit; do
		pkg-check --format $format cx >gold 2>said || [ $? -eq 1 ]
		[ -s gold ]
		cmp gold <(cat s.ndjson | pkg-check --format $format 2>said)
		cmp gold <(pkg-check --format $format s.ndjson 2>said)
	done
}

@test "sarif has what 2.1.0 asks for, and junit is XML" {
	pkg-check --format sarif cx >is 2>said || [ $? -eq 1 ]
	python3 "$tests/check/sarif.py" is
	# what would be a placeholder in a message's text
	cp -r cx braces
	change braces/agent.json 'd["startFlow"] = "No{0}where"'
	mv braces/testCases/*.json 'braces/testCases/%41: #?{ü}.json'
	pkg-check --format sarif braces >is 2>said || [ $? -eq 1 ]
	python3 "$tests/check/sarif.py" is
	jq -e '[.runs[0].results[].message.text |
	    select(contains("No{{0}}where"))] | length == 1' is
	# what XML would take for its own
	change braces/agent.json 'd["startFlow"] = "<No> & \"where\""'
	pkg-check --format junit braces >is 2>said || [ $? -eq 1 ]
	command python3 -c 'import sys, xml.etree.ElementTree as e
assert any("flow:<No> & \\\"where\\\"," in f.text
           for f in e.parse(sys.argv[1]).getroot().iter("failure"))' is
	pkg-check --format junit cx >is 2>said || [ $? -eq 1 ]
	command python3 -c 'import sys, xml.etree.ElementTree as e
s = e.parse(sys.argv[1]).getroot()
assert int(s.get("tests")) == len(s.findall("testcase")) > 10
assert int(s.get("failures")) == len(s.findall("testcase/failure")) == 2' is
}

@test "a baseline hides what was known, wherever its line is now" {
	pkg-check --format json cx >base 2>said || [ $? -eq 1 ]
	try pkg-check --strict --baseline base cx
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	change cx/agent.json 'd["startFlow"] = "Nowhere"'
	change 'cx/testCases/Books a crossing.json' 'd = {"a": [1, 2], **d}'
	try pkg-check --skip layout --baseline base cx
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *'flow:Nowhere'* ]]
	echo no >base
	refuses 3 'pkg-check --baseline base cx' base:1 'format json'
}

@test "errors and warnings are exit 1, notes with --strict alone" {
	try pkg-check --skip empty-intent,dangling-link cx
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	quiet
	try pkg-check --strict --skip empty-intent,dangling-link cx
	[ "$status" -eq 1 ]
	[ "$stderr" = 'pkg-check: 0 errors, 0 warnings, 2 notes' ]
	try pkg-check cx
	[ "$status" -eq 1 ]
	[ "$stderr" = 'pkg-check: 0 errors, 3 warnings, 2 notes' ]
	refuses 2 'pkg-check --only dangle cx' --only 'a rule of --list-rules' \
		'found "dangle"; did you mean "dangling"'
}

@test "--lint-map names the line of a word that is wrong, and the nearest" {
	otter=$tests/fuzz/otter.map
	for map in "$root"/lib/platform/*.map "$otter"; do
		try pkg-check --lint-map "$map"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		quiet
	done
	# in a row of this map, something else, and what is nearest to it
	cat >wrong <<-'E'
	owner room of|ownr room of|"owner"
	needed den|nedded den|"needed"
	needed den|needed dn|"den"
	belongs lot    zone|belongs lot    zome|"zone"
	required zone|required zon|"zone"
	builtin room|builtin roam|"room"
	rooms/-        id room|rooms/-        id rom|"room"
	without book|without boook|"book"
	full replace|full repalce|"replace"
	notes replace-all|notes replace-al|"replace-all"
	deep           deps|deep           dep|"deps"
	watch/* as key|watch/* as kye|"key"
	tags/* as key|tags/* as kee|"key"
	doors/- by alias|doors/- bye alias|
	doors/- by alias|doors/- by alis|"alias"
	leads/- lost drop|leads/- lost dropp|
	word status|word stats|"status"
	note small|note smal|"small"
	ready published|ready publishd|"published"
	reset status configured|reset status configurd|"configured"
	held dens/rhymes dens/rooms|held dens/rhymes dens/roms|"dens/rooms"
	stays settings|stays setting|"settings"
	left absent dens/rooms|left absent dens/room|"dens/rooms"
	pick/-         category dens|pick/-         category denz|
	flag dens/words|flag dens/word|"dens/words"
	starts about if|starts about off|"if"
	style compact|style compat|
	E
	while IFS='|' read -r right wrong meant; do
		at=$(grep -nFm1 -e "$right" "$otter")
		line=${at%%:*} row=${at#*:}
		echo "$line: $wrong"
		sed "${line}d" "$otter" | awk -v n="$line" \
			-v row="${row/"$right"/"$wrong"}" \
			'NR == n { print row } 1' >o.map
		try pkg-check --lint-map o.map
		echo "$stderr"
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[[ $stderr == "pkg-check: o.map:$line: "*'(pkg-map(5))' ]]
		[ -z "$meant" ] || [[ $stderr == *"did you mean "*"$meant"* ]]
	done <wrong
	# all that are wrong are told, and no stream is read
	sed 's/style compact/style compat/; s/^limit 1M/limit much/' "$otter" >o.map
	try pkg-check --lint-map o.map
	[ "$status" -eq 3 ]
	sed 's/^\(pkg-check: o.map:[0-9]*\): .*found \(.*\) (.*/\1 \2/' \
		<<<"$stderr" | diff - <(cat <<-'E'
	pkg-check: o.map:12 "compat"
	pkg-check: o.map:26 "much"
	E
	)
	refuses 2 'pkg-check --lint-map o.map cx' 'no stream is read' '"cx"'
	refuses 4 'pkg-check --lint-map none.map' 'none.map'
}

@test "each rule is listed, explained, in the page, broken and kept by a test" {
	pkg-check --list-rules | cut -f 1 >rules
	sort -c rules
	sed -n 's/^\.It Sy \([a-z-]*\) .*/\1/p' "$root/man/pkg-check.1" |
		diff rules -
	while read -r rule; do
		pkg-check --explain "$rule" >is
		[ "$(wc -l <is)" -ge 3 ]
		# something breaks it, and something does not
		grep -qE "(found|--only) ([a-z-]+,)*${rule}[ ,]" "$BATS_TEST_FILENAME"
		grep -qE "sound ([a-z-]+,)*${rule}[ ,]" "$BATS_TEST_FILENAME"
		grep -qF "[$rule]" "$root/man/pkg-check.1"
	done <rules
}

@test "the job of README on a pull request runs, and stops at new findings" {
	sed -n '/^## A pull request/,/^## How/p' "$root/README.md" |
		awk '/^ *run: \|$/ { block = 1; next }
		/^      - / { block = 0 }
		sub(/^ *run: /, "") || block' >steps
	[ "$(wc -l <steps)" -eq 8 ]
	mv cx agent
	rm -rf kore
	git init -q -b main
	git config user.email a@b.example
	git config user.name a
	git add agent
	git commit -qm one
	git update-ref refs/remotes/origin/main HEAD
	sed -i 's,example.com/v1,example.com/v2,' agent/webhooks/*.json
	GITHUB_BASE_REF=main bash -eo pipefail steps
	[ -s check.sarif ]
	[ -s diff.html ]
	[ -s plan.txt ]
	pkg-unpack next.zip >/dev/null
	rm -r base next.zip
	sed -i 's/"startFlow": ".*"/"startFlow": "Nowhere"/' agent/agent.json
	GITHUB_BASE_REF=main try bash -eo pipefail steps
	[ "$status" -eq 1 ]
	jq -r '.runs[0].results[] | .locations[0].physicalLocation |
	    [.artifactLocation.uri, .region.startLine] | @tsv' check.sarif >is
	diff <(sed -n 1p is) - <<<"agent/agent.json	$(grep -n Nowhere agent/agent.json |
		cut -d : -f 1)"
	[ ! -e next.zip ]
}

@test "real packages: lines are right, and references those of the oracle" {
	for platform in kore dialogflow_cx; do
		corpus $platform
		packages=("$corpus"/*/)
		few
		for dir in "${packages[@]}"; do
			package=("$dir"*.zip)
			[ -e "${package[0]}" ] || package=("${dir%/}")
			pkg-check -q --format json "${package[0]}" >is \
				2>said || [ $? -eq 1 ]
			python3 "$tests/check/lines.py" "${package[0]}" is
			python3 "$tests/check/dangling.py" "${package[0]}" is
		done
	done
}
