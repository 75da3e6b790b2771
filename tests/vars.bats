#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-vars.  laws/variables.py gives the variables of a package random values,
# writes secured ones into other texts in many spellings, and reads the
# package's own files after each command.

# shellcheck disable=SC2154,SC2016 # set by helpers; not of the shell
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# a stream of Kore.ai with a secured value
kore() {
	pkg-unpack "$xo10" | pkg-vars apply <(printf '%s\n' "STOCK_KEY=$1") - \
		>kore.ndjson
}

# what a variable of a stream is now, of config.json
value_of() {
	grep '^{"kind":"envvariable"' "$1" |
		jq -r --arg key "$2" 'select(.id == $key) | .value.value'
}

# the lines of a stream but the first
lines_of() {
	sed 1d "$1"
}

# a stream in which Python changed the record r of each line that has a word;
# the others have what it, and jq, cannot write again
edited() {
	python3 -c '
import json, sys
for line in open(sys.argv[3], errors="surrogatepass"):
    if sys.argv[1] in line:
        r = json.loads(line)
        exec(sys.argv[2])
        line = json.dumps(r, separators=(",", ":")) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass"))' "$@"
}

# a stream that was edited, in canonical form
canonical() {
	pkg-select --edited "$1" | lines_of -
}

# a package of Dialogflow CX with secrets
cx() {
	cp -r "$tests/fixtures/cx" agent
	jq --indent 2 '.genericWebService += {username: "desk",
		password: "gull-and-tern", requestHeaders: [
		{key: "Authorization", value: "Bearer quay7side"},
		{key: "X-Desk", value: "ferry"}]}' \
		"$tests/fixtures/cx/webhooks/Fare service.json" \
		>"agent/webhooks/Fare service.json"
}

@test "list has each variable once: name, kind, secret, state, uses, place" {
	pkg-unpack "$xo10" >kore.ndjson
	grep variable kore.ndjson | jq -r 'def place: "\(.file):\(.at)";
	    if .kind == "contentvariable" then . as $v | .value.localeData |
		to_entries[] | "content.\($v.id).\(.key)\t\($v.kind)\t-\tset\t" +
		"\($v | place)/localeData/\(.key)/value"
	    elif .kind == "envvariable" then "env.\(.id)\t\(.kind)\t" +
		(if .value.isSecured then "secured" else "-" end) + "\t" +
		(if .value.value == "" then "empty" else "set" end) +
		"\t\(place)/value"
	    else empty end' >expected
	pkg-vars list kore.ndjson | cut -f 1-4,6 | diff expected -
	# records that have the word, as Python decodes it
	python3 - kore.ndjson >expected <<'EOF'
import json, re, sys
from urllib.parse import unquote
rs = [json.loads(line) for line in open(sys.argv[1])]
names = [(r, w + "." + r["id"], n) for w, kind in (
    ("content", "contentvariable"), ("env", "envvariable")) for r in rs
    if r["kind"] == kind for n in range(len(r["value"].get("localeData", "1")))]
for own, name, _ in names:
    print(sum(r is not own and bool(re.search(
        r"(?<![\w.])" + re.escape(name) + r"(?!\w)",
        unquote(json.dumps(r.get("value"))))) for r in rs))
EOF
	pkg-vars list kore.ndjson | cut -f 5 | diff expected -
	pkg-vars list --json kore.ndjson | jq -r '[.name, .kind,
		(if .secured then "secured" else "-" end), .value, .used,
		"\(.file):\(.at)"] | @tsv' |
		diff <(pkg-vars list kore.ndjson) -
	pkg-vars list --json kore.ndjson |
		jq 'select(.used != (.users | length))' | diff /dev/null -
}

@test "Dialogflow CX: addresses, headers, settings, and who refers to them" {
	cx
	pkg-vars list agent >have
	cut -f 1,3,4 have | diff - <(printf '%s\t%s\t%s\n' \
		agent.project - set \
		'webhook.Fare service.uri' - set \
		'webhook.Fare service.header.Authorization' secured set \
		'webhook.Fare service.header.X-Desk' - set \
		'webhook.Fare service.username' - set \
		'webhook.Fare service.password' secured set \
		'tool.notice board.store.UNSTRUCTURED' - set)
	grep ^webhook have | cut -f 5 | sort -u | diff - <(pkg-unpack agent |
		jq -s 'map(select([.needs, .links, .refs] | flatten |
		index("webhook:Fare service"))) | length')
}

@test "template, filled and applied, gives every value, and redacted ones come back" {
	for fixture in xo10 xo11 cx; do
		try python3 "$tests/laws/variables.py" "$build/bin" \
			"$tests/fixtures/$fixture" -s 1
		[ "$status" -eq 0 ]
		! sanitized || break
	done
}

@test "real packages keep these laws" {
	! sanitized || skip 'the same is asked without sanitizers'
	corpus kore/shubh-89__Travel-Assistant
	try python3 "$tests/laws/variables.py" "$build/bin" "$corpus"
	[ "$status" -eq 0 ]
}

@test "a dotenv file is read as its page says" {
	pkg-unpack "$xo10" >kore.ndjson
	while IFS=$'\t' read -r line want; do
		printf '# first\n\n%b\n' "$line" >values
		pkg-vars apply values kore.ndjson >new
		diff <(printf '%b\n' "$want") <(value_of new SEASON)
	done <<'EOF'
SEASON=plain text # comment	plain text
  export SEASON = a#b\r	a#b
env.SEASON='single \\\\n $x "'	single \\\\n $x "
"env.SEASON" = "\\n\\t\\"\\$\\\\\\q\\u00fc\\ud83d\\ude80"  # c	\n\t"$\\\\qü🚀
SEASON="two\nlines"	two\nlines
SEASON=''\nenv.STOCK_PATH=x	Frühling
SEASON=	Frühling
EOF
	# what is not filled in stays, unless that is meant
	pkg-vars apply --empty <(echo SEASON=) kore.ndjson >new
	diff <(echo) <(value_of new SEASON)
	# also beside another of its component
	printf 'content.shopHours.en=x\ncontent.shopHours.de=\n' >values
	pkg-vars apply values kore.ndjson >new
	diff <(printf 'content.shopHours.en=x\n') \
		<(pkg-vars template --values new | diff - \
		<(pkg-vars template --values kore.ndjson) | sed -n 's/^< //p')
	# the mark of UTF-8 that some editors write is none of it
	pkg-vars apply <(printf '\xef\xbb\xbfSEASON=a\n') kore.ndjson >new
	diff <(echo a) <(value_of new SEASON)
	pkg-vars apply <(echo SEASON=) kore.ndjson | lines_of - |
		diff <(lines_of kore.ndjson) -
}

@test "TSV and JSON are told by what they begin with, or by the option" {
	pkg-unpack "$xo10" >kore.ndjson
	# also with the ends of lines of other systems
	printf '# x=1\nenv.SEASON\tfall\\n\\u00fc\r\n' >values.tsv
	printf '\n {"env.SEASON": "fall\\nü", "env.STOCK_PATH": null}' >values.json
	for file in values.tsv values.json; do
		pkg-vars apply "$file" kore.ndjson >new
		diff <(printf 'fall\nü\n') <(value_of new SEASON)
	done
	refuses 3 'pkg-vars apply --format json values.tsv kore.ndjson' \
		values.tsv: 'no JSON'
	refuses 3 'pkg-vars apply --format dotenv values.tsv kore.ndjson' \
		values.tsv:2: NAME=VALUE
	# a template says the same to both
	for format in dotenv tsv json; do
		pkg-vars template --values --format "$format" kore.ndjson >t
		pkg-vars apply t kore.ndjson | lines_of - |
			diff <(lines_of kore.ndjson) -
	done
	pkg-vars template --format json kore.ndjson |
		jq -r 'to_entries[] | "\(.key) \(.value)"' |
		diff - <(pkg-vars list kore.ndjson | cut -f 1 | sed 's/$/ null/')
}

@test "a name that is no variable's is a finding, and nothing is written" {
	pkg-unpack "$xo10" >kore.ndjson
	printf 'env.SEASON=x\nenv.STOCK_KEJ=geheim1\n' >values
	refuses 1 'pkg-vars apply values kore.ndjson' values:2: \
		'"env.STOCK_KEJ"' 'did you mean "env.STOCK_KEY"'
	[ -z "$output" ]
	[[ $stderr != *geheim1* ]]
	# of many the first are named
	try pkg-vars apply <(printf 'env.NO%s=\n' {1..40}) kore.ndjson
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 21 ]
	says '"env.NO20"' '20 more'
	# two that one short name could mean
	edited '"motto"' 'r["value"]["key"] = "x"' kore.ndjson >one.ndjson
	edited '"SEASON"' 'r["value"]["key"] = "x.en"' one.ndjson >two.ndjson
	refuses 1 'pkg-vars apply --edited <(echo x.en=1) two.ndjson' \
		several '"x.en"' 'whole name'
}

@test "a second value for one name is refused with both lines" {
	pkg-unpack "$xo10" >kore.ndjson
	printf 'SEASON=a\n\nSEASON="b\nb"\n' >v.env
	refuses 3 'pkg-vars apply v.env kore.ndjson' v.env:3: '"SEASON"' 'line 1'
	printf 'SEASON=a\nenv.SEASON=b\n' >v.env
	refuses 3 'pkg-vars apply v.env kore.ndjson' v.env:2: 'line 1'
	printf '{\n"SEASON": "a",\n\n"x": 1,\n"SEASON": "b"}' >v.json
	refuses 3 'pkg-vars apply v.json kore.ndjson' v.json:5: 'line 2'
	export GIVEN=b
	refuses 3 'pkg-vars apply --env SEASON=GIVEN v.env kore.ndjson' \
		'"SEASON"' --env 'line 1'
	refuses 3 'pkg-vars apply --env SEASON=GIVEN --env SEASON=HOME \
		/dev/null kore.ndjson' '"SEASON"' '--env gives two'
}

@test "what a file of values cannot have is refused with its line" {
	pkg-unpack "$xo10" >kore.ndjson
	printf 'STOCK_PATH=1\nSEASON=a\0b\n' >values
	refuses 3 'pkg-vars apply values kore.ndjson' values:2: NUL
	printf 'SEASON="a\\u0000"\n' >values
	refuses 3 'pkg-vars apply values kore.ndjson' values:1: NUL
	printf '\n\nSEASON=\xff\n' >values
	refuses 3 'pkg-vars apply values kore.ndjson' values:3: UTF-8
	printf '\nSEASON="a\nb\n' >values
	refuses 3 'pkg-vars apply values kore.ndjson' values:2: 'not closed'
	printf 'SEASON="a" b\n' >values
	refuses 3 'pkg-vars apply values kore.ndjson' values:1: 'end of the line'
	printf '{"SEASON": ["a"]}' >values
	refuses 3 'pkg-vars apply values kore.ndjson' values:1: 'a text'
	printf '[1]' >values
	refuses 3 'pkg-vars apply --format json values kore.ndjson' values:1: \
		'a JSON object'
	printf '#\nenv.A b\n' >values
	refuses 3 'pkg-vars apply --format tsv values kore.ndjson' values:2: \
		'a tab'
	printf 'SEASON="\\u12"\n' >values
	refuses 3 'pkg-vars apply values kore.ndjson' values:1: 'hex digits'
	for text in '=x\n' '{"": "x"}'; do
		printf "$text" >values
		refuses 3 'pkg-vars apply values kore.ndjson' values:1: 'a name'
	done
	SHOP=$'\xff' refuses 3 'pkg-vars apply --env env.SEASON=SHOP /dev/null \
		kore.ndjson' UTF-8 '"env.SEASON"'
	refuses 4 'pkg-vars apply none kore.ndjson' none: 'No such file'
}

@test "a value of 10 MB goes in, and comes out" {
	pkg-unpack "$xo10" >kore.ndjson
	{
		printf 'SEASON="'
		head -c 7500000 /dev/urandom | base64 -w 0
		echo '"'
	} >values
	pkg-vars apply values kore.ndjson >new
	pkg-vars template --values new | grep ^env.SEASON= >again
	diff <(tr -d '"' <values) <(sed 's/^env.//' again | tr -d '"')
}

@test "a value of the environment is in no command line and no message" {
	pkg-unpack "$xo10" >kore.ndjson
	SHOP='geheim "2"' pkg-vars apply -v --env env.STOCK_KEY=SHOP /dev/null \
		kore.ndjson >new 2>said
	diff <(echo 'geheim "2"') <(value_of new STOCK_KEY)
	! grep geheim said || false
	! sed -n 1p new | grep -e SHOP -e geheim || false
	# who writes the value itself there does not see it again
	refuses 2 'pkg-vars apply --env env.STOCK_KEY=geheim /dev/null kore.ndjson' \
		env.STOCK_KEY
	[[ $stderr != *geheim* ]]
	refuses 2 'pkg-vars apply --env geheim /dev/null kore.ndjson' \
		NAME=VARIABLE
	[[ $stderr != *geheim* ]]
}

@test "--add makes a variable, where the map says how" {
	pkg-unpack "$xo10" >kore.ndjson
	printf 'env.B="x\\"y"\nenv.A=2\n' >values
	pkg-vars apply --add values kore.ndjson >new
	rm -rf packed
	pkg-pack -o packed/ new
	jq -r '.envVariables[] | "\(.key)=\(.value)"' packed/config.json |
		diff - <(jq -r '.envVariables[] | "\(.key)=\(.value)"' \
		"$xo10/config.json" && printf 'B=x"y\nA=2\n')
	# it is as one that was unpacked
	diff <(lines_of new | sed 's/,"size":[0-9]*//;$d' | sort) <(pkg-unpack packed |
		lines_of - | sed 's/,"size":[0-9]*//;$d' | sort)
	refuses 1 'pkg-vars apply --add <(echo content.x=1) kore.ndjson' \
		'"content.x"'
	# into a list that is empty, and where there is none
	mkdir bare
	cp "$xo10/botDefinition.json" bare
	printf '{\n    "name": "x",\n    "envVariables": []\n}' >bare/config.json
	pkg-vars apply --add values bare | pkg-pack -o full/ -
	jq -r '.envVariables[].key' full/config.json | diff - <(printf 'B\nA\n')
	rm bare/config.json
	refuses 1 'pkg-vars apply --add values bare' '"env.B"' 'no place'
}

@test "a template of any characters gives the value again, but for a NUL" {
	pkg-unpack "$xo10" >kore.ndjson
	echo '{"env.SEASON": "#a$b`c\b\f\u0001\\ \"d\u001f🚀"}' >values
	pkg-vars apply values kore.ndjson >new
	for format in dotenv tsv json; do
		pkg-vars template --values --format $format new >t
		pkg-vars apply --format $format t kore.ndjson | cmp - new
	done
	sed '/"SEASON"/s/"value":"Fr[^"]*"/"value":"a\\u0000b"/' kore.ndjson >nul
	try pkg-vars template --edited --values nul
	[ "$status" -eq 0 ]
	says '"env.SEASON" has a NUL'
	[[ $output == *$'\nenv.SEASON='* && $output != *SEASON=?* ]]
}

@test "a package without variables has an empty template, and nothing to redact" {
	local form

	mkdir bare
	echo '{ "_id": "st-0", "refId": "bare" }' >bare/botDefinition.json
	pkg-unpack bare >bare.ndjson
	for form in dotenv tsv json; do
		pkg-vars template --values --format $form bare.ndjson >none.$form
		pkg-vars apply none.$form bare.ndjson | lines_of - |
			cmp - <(lines_of bare.ndjson)
	done
	diff - <(cat none.*) <<<'{}'
	[ -z "$(pkg-vars list bare.ndjson)" ]
	pkg-vars redact --originals originals bare.ndjson >redacted.ndjson
	pkg-vars restore originals redacted.ndjson | lines_of - |
		cmp - <(lines_of bare.ndjson)
}

@test "a number stays one" {
	pkg-unpack "$tests/fixtures/cx" >cx.ndjson
	pkg-vars apply <(echo agent.project=42) cx.ndjson |
		grep '^{"kind":"agent"' | jq -e '.value.projectNumber == 42'
	refuses 1 'pkg-vars apply <(echo agent.project=x42) cx.ndjson' \
		'"agent.project" is a number'
}

@test "redact takes a value out wherever it stands, and restore puts it back" {
	kore 'moss & "fern?~~?"'
	cat >plant <<'EOF'
import base64
from urllib.parse import quote
v = 'moss & "fern?~~?"'
r["value"]["hint"] = "-".join([v, quote(v), quote(v, safe="").lower(),
    json.dumps({"a": json.dumps(v)}), quote(json.dumps([v])),
    base64.b64encode(v.encode()).decode(),
    base64.urlsafe_b64encode(v.encode()).decode(),
    base64.b64encode(b"x:" + v.encode()).decode()])
r["value"][v] = 1
EOF
	edited '"SEASON"' 'exec(open("plant").read())' kore.ndjson >planted.ndjson
	pkg-vars redact --edited --originals was planted.ndjson >redacted
	[ "$(stat -c %a was)" = 600 ]
	value_of redacted STOCK_KEY | grep -x 'REDACTED_[0-9]*_'
	grep SEASON redacted | jq -r '.value | .hint, keys[]' >have
	! grep -e moss -e fern -e bW9zcyAm have || false
	grep SEASON redacted | jq -r .value.hint |
		grep -o 'REDACTED_[0-9]*_' | grep -c . | diff <(echo 8) -
	pkg-vars restore was redacted >back
	diff <(lines_of back) <(canonical planted.ndjson)
	# the file has what the page says, and one that is there stays
	jq -r '[.placeholder, .name] | @tsv' was | sort -u | cut -f 2 |
		sort -u | diff <(echo env.STOCK_KEY) -
	cp was kept
	refuses 2 'pkg-vars redact --edited --originals was planted.ndjson' \
		'was: exists already'
	cmp was kept
	chmod 644 was
	pkg-vars redact -f --edited --originals was planted.ndjson >/dev/null
	[ "$(stat -c %a was)" = 600 ]
}

@test "redacted again, the placeholders that are there keep their meaning" {
	kore 'first fern'
	pkg-vars redact --originals one kore.ndjson |
		pkg-vars apply <(echo 'SEASON=AKIAABCDEFGHIJKLMNOP') - >two.ndjson
	pkg-vars redact --originals two two.ndjson >redacted
	jq -r .placeholder two | diff <(echo REDACTED_2_) -
	jq -r .what two | diff <(echo 'an AWS access key') -
	pkg-vars restore two redacted | lines_of - |
		diff <(lines_of two.ndjson) -
	pkg-vars restore two redacted | pkg-vars restore one | lines_of - |
		diff - <(pkg-vars apply <(echo 'SEASON=AKIAABCDEFGHIJKLMNOP') \
		kore.ndjson | lines_of -)
}

@test "tokens, keys and passwords go, where nothing but their shape tells" {
	cat >page.js <<'EOF'
var a = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
fetch("https://desk:tide-and-ebb@example.com/x?ghp=1");
EOF
	printf '"-----BEGIN PRIVATE KEY-----\\nMIIabc\\n-----END PRIVATE KEY-----"' \
		>key.json
	kore 'moss and fern'
	cat >plant <<'EOF'
from urllib.parse import quote
r["value"]["value"] = quote(open("page.js").read(), safe="")
r["value"]["hint"] = json.load(open("key.json"))
EOF
	edited '"SEASON"' 'exec(open("plant").read())' kore.ndjson >planted.ndjson
	pkg-vars redact --edited --originals was planted.ndjson >redacted
	! grep -e ghp_ -e ebb -e MIIabc -e BEGIN redacted || false
	value_of redacted SEASON | grep -F 'https%3A%2F%2Fdesk%3AREDACTED'
	jq -r '.what // .name' was | sort -u | diff - <(printf '%s\n' \
		'a GitHub token' 'a URL with a password' 'a private key' \
		env.STOCK_KEY | sort)
	diff <(pkg-vars restore was redacted | lines_of -) \
		<(canonical planted.ndjson)
}

@test "numbers go, too" {
	cx
	jq --indent 2 '.genericWebService.password = "31415926"' \
		"agent/webhooks/Fare service.json" >x
	mv x "agent/webhooks/Fare service.json"
	jq --indent 2 '.projectNumber = 31415926' agent/agent.json >x
	mv x agent/agent.json
	echo 'token: Bearer quay7side' >>agent/tools/tide-table/schema.yaml
	pkg-unpack agent >cx.ndjson
	pkg-vars redact --originals was cx.ndjson | pkg-pack -o shown/ -
	! grep -r -e 31415926 -e quay7side shown || false
	grep -c REDACTED_ shown/tools/tide-table/schema.yaml | diff <(echo 1) -
	jq -r .projectNumber shown/agent.json | grep -x 'REDACTED_[0-9]*_'
	pkg-vars restore was shown | pkg-pack -o back/ -
	pkg-pack -o same/ cx.ndjson
	diff -r same back
	# where somebody wrote of a number's placeholder it is text, and stays
	hidden=$(jq -r .projectNumber shown/agent.json)
	jq --indent 2 --arg h "see $hidden there" '.description = $h' \
		shown/agent.json >x
	mv x shown/agent.json
	rm -r back
	pkg-vars restore was shown | pkg-pack -o back/ -
	jq -c '[.projectNumber, .description]' back/agent.json |
		diff - <(echo "[31415926,\"see $hidden there\"]")
}

@test "and what stands in files of text, however long" {
	kore 'moss and fern'
	pkg-pack -o bot/ kore.ndjson
	seq -f 'call("line %g");' 12000 |
		sed '4000~4000s/$/ key("moss and fern");/' >bot/page.js
	pkg-unpack bot >bot.ndjson
	[ "$(grep -c '^{"kind":"@data","file":"page.js"' bot.ndjson)" -gt 3 ]
	pkg-vars redact --originals was bot.ndjson | pkg-pack -o shown/ -
	sed 's/moss and fern/REDACTED_1_/' bot/page.js | cmp - shown/page.js
	pkg-vars restore was shown | pkg-pack -o back/ -
	diff -r bot back
	# not where a slice ends
	offset=$(grep -m 2 '^{"kind":"@data","file":"page.js"' bot.ndjson |
		sed -n '2s/.*"offset":\([0-9]*\).*/\1/p')
	printf 'moss and fern' | dd of=bot/page.js bs=1 seek=$((offset - 5)) \
		conv=notrunc status=none
	refuses 1 'pkg-vars redact bot' '"env.STOCK_KEY"' 'cuts a file'
}

@test "a value where it cannot be taken out is a finding, and nothing is written" {
	cx
	jq --indent 2 '.genericWebService.password = "Fare service"' \
		"agent/webhooks/Fare service.json" >x
	mv x "agent/webhooks/Fare service.json"
	try pkg-vars redact --originals was agent
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says '"webhook.Fare service.password"' 'name of its file'
	[ ! -e was ]
	# bytes that are no text
	cp -r "$xo10" bot
	printf 'PNG\0\xffsecret%%20moss' >bot/icon.png
	jq --indent 4 '.envVariables[1].value = "secret moss"' \
		"$xo10/config.json" >bot/config.json
	refuses 1 'pkg-vars redact bot' '"env.STOCK_KEY"' 'no text'
	cp "$xo10/icon.png" 'bot/secret moss.png'
	cp "$xo10/icon.png" bot
	try_sh 'pkg-unpack --all-files bot | pkg-vars redact'
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	says '"env.STOCK_KEY"' 'the name of a file'
	pkg-unpack bot | sed '1s/"options":\[/&"secret moss"/' >head.ndjson
	refuses 1 'pkg-vars redact --edited head.ndjson' '"env.STOCK_KEY"' \
		'first line'
	rm -r agent
	cx
	printf 'x: gull-and-tern \xff' >agent/tools/tide-table/schema.yaml
	refuses 1 'pkg-vars redact agent' '.password"' 'no text'
}

@test "a value that stands across two texts cannot be taken out" {
	for between in ',' ':'; do
		kore "'gull-one\"$between\"gull-two'"
		edited '"SEASON"' 'r["value"]["tags"] = ["gull-one", "gull-two"]
r["value"]["names"] = {"gull-one": "gull-two"}' \
			kore.ndjson >planted.ndjson
		refuses 1 'pkg-vars redact --edited --originals was \
			planted.ndjson' \
			'"env.STOCK_KEY"' 'in no text or number alone'
		[ ! -e was ]
	done
}

@test "of several variables of one name each is known by a number" {
	kore moss
	edited '"SEASON"' 'r["value"]["key"] = r["id"] = r["name"] = "STOCK_KEY"' \
		kore.ndjson >two.ndjson
	pkg-vars list --edited two.ndjson | cut -f 1,3 | grep STOCK_KEY |
		diff - <(printf '%s\n' $'env.STOCK_KEY\tsecured' \
		$'env.STOCK_KEY#2\t-')
	pkg-vars apply --edited <(echo 'STOCK_KEY#2=x') two.ndjson |
		value_of /dev/stdin STOCK_KEY | diff <(printf 'moss\nx\n') -
}

@test "a short secret goes where it is the variable's, and stays elsewhere" {
	kore abc
	pkg-vars redact --originals was kore.ndjson >redacted
	value_of redacted STOCK_KEY | grep -x 'REDACTED_1_'
	diff <(grep -v STOCK_KEY kore.ndjson | lines_of - | sed '$d') \
		<(grep -v STOCK_KEY redacted | lines_of - | sed '$d')
	pkg-vars restore was redacted | lines_of - |
		diff <(lines_of kore.ndjson) -
}

@test "a secret inside another one is taken out once, with that" {
	kore 'gull-and-tern-at-quay'
	edited '"STOCK_PATH"' 'r["value"].update(value="and-tern",
		isSecured=True)' kore.ndjson |
		edited '"SEASON"' 'r["value"]["hint"] = \
		"1 gull-and-tern-at-quay 2 and-tern 3"' /dev/stdin >planted.ndjson
	pkg-vars redact --edited --originals was planted.ndjson >redacted
	grep SEASON redacted | jq -r .value.hint |
		sed 's/REDACTED_[0-9]*_/@/g' | diff - <(echo '1 @ 2 @ 3')
	pkg-vars restore was redacted >back
	diff <(lines_of back) <(canonical planted.ndjson)
}

@test "of a long secret the beginning is taken out, too, so far as it stands there" {
	word=$(printf 'moss%.0s' {1..500})	# 2,000 bytes
	kore "${word}fern"
	edited '"SEASON"' '
v = "moss" * 500 + "fern"
r["value"]["hint"] = "%s|%s|%s|%s" % (v, v[:1500] + "x", v[:1024], v[:1023])' \
		kore.ndjson >planted.ndjson
	pkg-vars redact --edited --originals was planted.ndjson >redacted
	grep SEASON redacted | jq -r .value.hint |
		sed 's/REDACTED_[0-9]*_/@/g' | diff - \
		<(echo "@|@x|@|${word:0:1023}")
	# each as long as what stood there
	jq '.original | length' was | sort -n | tr '\n' ' ' |
		diff - <(printf '1024 1500 2004 ')
	pkg-vars restore was redacted >back
	diff <(lines_of back) <(canonical planted.ndjson)
}

@test "a secured value that is hidden, or a reference, is told and stays" {
	for value in '*****' '{{env.other}}' '${other}' 'Bearer {{env.x}}'; do
		kore "'$value'"
		pkg-vars list kore.ndjson | grep STOCK_KEY | cut -f 4 |
			diff <(echo hidden) -
		pkg-vars redact kore.ndjson | lines_of - |
			diff <(lines_of kore.ndjson) -
	done
	kore "'pass{{word}}'"
	pkg-vars list kore.ndjson | grep STOCK_KEY | cut -f 4 | diff <(echo set) -
}

@test "a file of originals that is none is refused" {
	kore moss
	pkg-vars redact --originals was kore.ndjson >redacted
	for line in x '{}' '{"placeholder":"REDACTED_1_"}' \
	    '{"placeholder":"REDACTED_1_","original":"\""}' \
	    '{"placeholder":"REDACTED_1_","original":"x","whole":true}' \
	    '{"placeholder":"xREDACTED_1_","original":"x"}' "$(cat was was)"; do
		printf '%s\n' "$line" >bad
		refuses 3 'pkg-vars restore bad redacted' bad: 'placeholder'
	done
	# in any JSON form
	jq . was | jq -c '{original, whole: .whole, placeholder}' |
		jq -c 'del(.whole)' >formed
	pkg-vars restore formed redacted | lines_of - |
		diff <(lines_of kore.ndjson) -
}

@test "the command line is checked before anything is read" {
	kore moss
	refuses 2 'pkg-vars' 'expected list, apply'
	refuses 2 'pkg-vars lst kore.ndjson' lst
	refuses 2 'pkg-vars list --values kore.ndjson' values
	refuses 2 'pkg-vars apply' 'a file'
	refuses 2 'pkg-vars apply - <kore.ndjson' 'standard input'
	refuses 2 'pkg-vars redact -f kore.ndjson' --originals
	refuses 2 'pkg-vars redact --originals kore.ndjson kore.ndjson' kore.ndjson
	refuses 6 'pkg-vars list /dev/null' empty
}

@test "a map's rows of variables are checked" {
	sed 's/^platform kore /platform mine /' "$root/lib/platform/kore.map" >ok.map
	while IFS='|' read -r row want; do
		{
			cat ok.map
			printf 'kind mine\n\tin config /mine\n\t%s\n' "$row"
		} >bad.map
		try pkg-vars list --map bad.map "$xo10"
		[ "$status" -eq 3 ]
		says "${row%% *}: $want"
	done <<'EOF'
variable Env value|expected a word of letters in lower case
variable env **/value|expected a path without **
secured env list/-/value|expected by, and the member
variable env value a b|expected a word, by and a member
secured env value if x|expected a word, by and a member
variable env|expected more words
new env {"key":$name}|expected JSON with $name and $value
EOF
}
