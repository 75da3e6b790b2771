#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-rename.  laws/renames.py renames components of a package and asks the
# platforms' oracles, which read the package's own files, whether any reference
# dangles that did not, and compares bytes once it is renamed back.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pkg-unpack "$tests/fixtures/cx" >cx.ndjson
	pkg-unpack "$xo10" >kore.ndjson
}

# the lines of a stream but the first and last, without sizes of files
lines_of() {
	sed '1d;$d;s/,"size":[0-9]*//' "$1" | sort
}

# what is packed of a stream is, unpacked, the stream
says_the_same() {
	rm -rf packed
	pkg-pack -o packed/ "$1"
	pkg-unpack packed >again
	diff <(lines_of "$1") <(lines_of again)
}

@test "a flow takes its file, its folder and all references along" {
	pkg-rename -n 'flow:Default Start Flow=Reception' cx.ndjson >list
	cut -f 1,2,4,5 list | grep -v ^@file | cut -f 3,4 | sort -u |
		diff - <(printf 'Default Start Flow\tReception\n')
	grep ^@file list | cut -f 4,5 | diff - <(find "$tests/fixtures/cx/flows/Default Start Flow" \
		-type f | sed 's,.*/flows/,flows/,' | LC_ALL=C sort |
		sed 'h;s,Default Start Flow,Reception,g;H;g;s/\n/\t/' |
		awk -F'\t' 'NR == FNR { order[$4] = NR; next }
			{ print order[$1] "\t" $0 }' list - | sort -n | cut -f 2,3)
	pkg-rename 'flow:Default Start Flow=Reception' cx.ndjson >new
	says_the_same new
	! grep -r 'Default Start Flow' packed || false
	find packed | grep -c Reception/ |
		diff - <(find "$tests/fixtures/cx" | grep -c 'Default Start Flow/')
}

@test "of the words in a value only those that name it change" {
	pkg-rename -n 'page:Default Start Flow/Which line=Choose' cx.ndjson >list
	pkg-rename 'page:Default Start Flow/Which line=Choose' cx.ndjson >new
	says_the_same new
	# the page of the other flow, and routes to it, stay
	jq -r 'select(.kind == "page") | .id' new | sort |
		diff - <(printf '%s\n' 'Default Start Flow/Choose' \
		    'Default Start Flow/Überfahrt 渡し' \
		    "Pier & Deck's %2F night /Which line" | sort)
	grep -c 'page:Pier & Deck.s %2F night /Which line' cx.ndjson |
		diff - <(grep -c 'page:Pier & Deck.s %2F night /Which line' new)
	! grep 'page:Default Start Flow/Which line' new || false
	# as many words as the list has
	diff <(grep -vc ^@file list) \
	    <(diff <(jq -c 'select(.value) | [.value | .. | scalars]' \
		cx.ndjson | tr ',' '\n') <(jq -c \
		'select(.value) | [.value | .. | scalars]' new |
		tr ',' '\n') | grep -c '^>')
}

@test "words in texts, mentions and ends of paths change" {
	pkg-rename 'tool:tide-table=ebb' 'entitytype:ferry-line=line' \
		'playbook:Lost property=Found' 'webhook:Fare service=Fares' \
		'generator:Summary=Sum' 'agentgroup:Everywhere=All' \
		'intent:book.crossing=book' cx.ndjson >new
	says_the_same new
	for old in tool:tide-table entitytype:ferry-line \
	    'playbook:Lost property' 'webhook:Fare service' \
	    agentgroup:Everywhere intent:book.crossing; do
		! grep -F "\"$old\"" new || false
	done
	# shellcheck disable=SC2016 # not of the shell
	grep -F '${TOOL:ebb}' new
	grep -F '"@line"' new
}

@test "names get the platform's spelling in values and in file names" {
	pkg-rename 'flow:Default Start Flow=A/B <&> 100% $ "q" ü渡' \
		cx.ndjson >new
	says_the_same new
	[ -e 'packed/flows/A%2fB %3c%26%3e 100%25 %24 %22q%22 %c3%bc%e6%b8%a1' ]
	grep -F '"startFlow": "A/B \u003c\u0026\u003e 100% $ \"q\" ü渡"' \
		packed/agent.json
}

@test "renamed back it is the package, byte for byte" {
	fixtures=(cx xo10 xo11)
	few fixtures
	for fixture in "${fixtures[@]}"; do
		try python3 "$tests/laws/renames.py" "$build/bin" \
			"$tests/fixtures/$fixture"
		[ "$status" -eq 0 ]
	done
}

@test "real packages keep these laws" {
	corpus dialogflow_cx
	agents=(angelajt__heartbot tackaberry__test-agent-repo)
	few agents
	for agent in "${agents[@]}"; do
		[ -d "$corpus/$agent" ] || skip "no $agent"
		try python3 "$tests/laws/renames.py" "$build/bin" \
			"$corpus/$agent"
		[ "$status" -eq 0 ]
	done
}

@test "two components may exchange their names, and a list may ask for it" {
	printf '# both\n\nintent\t%s\t%s\nintent\t%s\t%s\n' \
		nicht-mehr book.crossing book.crossing nicht-mehr >names
	pkg-rename -f names cx.ndjson >new
	says_the_same new
	pkg-rename -f names new >back
	diff <(sed 1d cx.ndjson) <(sed 1d back)
	pkg-rename -f - new <names | sed 1d | diff <(sed 1d back) -
	pkg-rename intent:nicht-mehr=book.crossing \
		intent:book.crossing=nicht-mehr cx.ndjson | sed 1d |
		diff <(sed 1d new) -
}

@test "a name may have colons and equals" {
	pkg-rename 'intent:nicht-mehr=a=b: c' cx.ndjson >new
	grep -F '"id":"a=b: c"' new
	pkg-rename 'intent:a==b: c=nicht-mehr' new >back
	diff <(sed 1d cx.ndjson) <(sed 1d back)
	printf 'intent\ta=b: c\t=\\u0064\n' >names
	pkg-rename -f names new >other
	grep -F '"kind":"intent","id":"=d"' other
}

@test "a prefix is put before all names of a kind" {
	pkg-rename --prefix intent:north_ cx.ndjson >new
	says_the_same new
	jq -r 'select(.kind == "intent") | .id' cx.ndjson | sed 's/^/north_/' |
		diff - <(jq -r 'select(.kind == "intent") | .id' new)
	jq -r '.needs // [] | .[] | select(startswith("intent:"))' new |
		{ ! grep -v '^intent:north_'; }
	# but those that the platform gave
	pkg-rename --prefix entitytype:x_ cx.ndjson |
		jq -r 'select(.kind == "entitytype") | .id' |
		diff - <(printf '%s\n' x_ferry-line sys.number-berth x_trip_detail)
}

@test "what a component is called changes, not what refers to its id" {
	# jq takes no lone surrogates
	grep -a '^{"kind":"dialog"' kore.ndjson >dialogs
	id=$(jq -r .id dialogs | sed -n 1p)
	pkg-rename "dialog:$id=New name" kore.ndjson >new
	says_the_same new
	diff <(lines_of kore.ndjson) <(lines_of new) >difference || :
	diff <(grep -c '^>' difference) <(echo 1)
	grep -a "\"id\":\"$id\"" new >renamed
	jq -r .name renamed | diff - <(echo New name)
	jq -r '.value.localeData | .[] | .name' renamed | grep -x 'New name'
}

@test "a name that stands in several places changes in all of them" {
	cp -R "$xo10" kore
	chmod -R u+w kore
	command python3 -c 'import json
with open("kore/botDefinition.json") as f:
    d = json.load(f, parse_float=lambda text: min(float(text), 9.5))
for one in d["dialogs"]:
    name = one["localeData"]["en"]["name"]
    one["localeData"].update(it={"name": name}, de={"name": "Anders"})
    one["lname"] = name.lower()
with open("kore/botDefinition.json", "w") as f: json.dump(d, f, indent=4)'
	pkg-unpack kore >several.ndjson
	# jq takes no lone surrogates
	grep -a '^{"kind":"dialog"' several.ndjson >dialogs
	id=$(jq -r .id dialogs | sed -n 1p)
	old=$(jq -r .name dialogs | sed -n 1p)
	pkg-rename "dialog:$id=Other Ä Name" several.ndjson >new
	says_the_same new
	grep -a "^{\"kind\":\"dialog\",\"id\":\"$id\"" new | jq -c '[.name,
	    .value.lname, (.value.localeData | .en, .it, .de | .name)]' |
		diff - <(echo '["Other Ä Name","other Ä name","Other Ä Name","Other Ä Name","Anders"]')
	pkg-rename "dialog:$id=$old" new >back
	diff <(sed 1d several.ndjson) <(sed 1d back)
}

@test "scripts and texts name variables by their new names" {
	cp -R "$xo10" kore
	chmod -R u+w kore
	printf 'say(env.SEASON, my.env.SEASON);\nenv.SEASON+env.SEASONS\n' \
		>kore/pay.js
	pkg-unpack kore >said.ndjson
	before=$(grep -ac 'env\.STOCK_PATH' said.ndjson)
	[ "$before" -gt 0 ]
	pkg-rename envvariable:STOCK_PATH=DEPOT envvariable:SEASON=TIDE \
		said.ndjson >new
	rm -rf packed
	pkg-pack -o packed/ new
	! grep -a 'env\.STOCK_PATH' new || false
	[ "$(grep -ac 'env\.DEPOT' new)" -eq "$before" ]
	diff packed/pay.js - <<-'E'
	say(env.TIDE, my.env.SEASON);
	env.TIDE+env.SEASONS
	E
	pkg-rename -n envvariable:SEASON=TIDE said.ndjson | grep -a pay.js |
		diff - <(printf '@data\tpay.js\ttext\tSEASON\tTIDE\n%.0s' 1 2)
	pkg-rename envvariable:DEPOT=STOCK_PATH envvariable:TIDE=SEASON \
		new >back
	diff <(sed 1d said.ndjson) <(sed 1d back)
	refuses 1 'pkg-rename envvariable:STOCK_PATH=a-b said.ndjson' \
		'letters, digits and _'
}

@test "keys that are referred to by name are renamed with their references" {
	trait=$(grep '^{"kind":"trait"' kore.ndjson | jq -r '.names[0]' |
		sed -n 1p)
	pkg-rename "trait:$trait=Other trait" kore.ndjson >new
	says_the_same new
	grep '"refs":\[[^]]*"trait:Other trait"' new
	! grep -F "\"trait:$trait\"" new || false
}

@test "what cannot be is refused, and nothing is written" {
	long=$(printf 'n%.0s' {1..251})
	refuses 1 "pkg-rename 'page:Which line=X' cx.ndjson" \
		'2 have this name' 'Default Start Flow/Which line'
	refuses 1 "pkg-rename 'entitytype:ferry-line=TRIP_detail' cx.ndjson" \
		'the name is taken by "trip_detail"' case
	refuses 1 "pkg-rename intent:nicht-mehr=a intent:book.crossing=A \
		cx.ndjson" 'the name is taken'
	refuses 1 "pkg-rename 'tool:tide-table=a}b' cx.ndjson" /goal \
		'cannot be written in this place'
	refuses 1 "pkg-rename 'entitytype:ferry-line=a b' cx.ndjson" \
		'cannot be written in this place'
	refuses 1 "pkg-rename 'page:Default Start Flow/Which line=End Session' \
		cx.ndjson" 'the platform itself has'
	refuses 1 'pkg-rename entitytype:sys.number-berth=berth cx.ndjson' \
		"the name is the platform's own"
	refuses 1 "pkg-rename intent:nicht-mehr=$long cx.ndjson" '255 bytes'
	refuses 1 "pkg-rename intent:nicht-mehr=.. cx.ndjson" \
		'no file can be called so'
	refuses 1 "pkg-rename generativesetting:en=fr cx.ndjson" \
		'not a text in its value'
	refuses 1 "pkg-rename intent:nowhere=x cx.ndjson" \
		'no intent is called "nowhere": pkg-select --list --kind intent'
	refuses 1 "pkg-rename 'intent:Nicht mehr=x' cx.ndjson" \
		'is called "Nicht mehr"; did you mean "nicht-mehr"? pkg-select'
	refuses 1 "pkg-rename intnt:nowhere=x cx.ndjson" \
		'no kind "intnt"; did you mean "intent"'
	refuses 1 "pkg-rename intent:nicht-mehr=a intent:nicht-mehr=b \
		cx.ndjson" 'two new names'
	refuses 2 "pkg-rename intent:nicht-mehr cx.ndjson" KIND:OLD=NEW
	refuses 2 "pkg-rename intent:nicht-mehr= cx.ndjson" KIND:OLD=NEW
	refuses 2 "pkg-rename intent:=a cx.ndjson" 'none of them empty'
	refuses 2 "pkg-rename cx.ndjson" 'expected KIND:OLD=NEW'
	refuses 2 "pkg-rename intent:nicht-mehr=$'\\xff' cx.ndjson" UTF-8
	refuses 2 "pkg-rename --prefix intent cx.ndjson" KIND:TEXT
	refuses 2 "pkg-rename --prefix :x cx.ndjson" 'a kind'
	refuses 2 "pkg-rename --prefix intent: cx.ndjson" 'a text'
	refuses 1 "pkg-rename --prefix dialog:x cx.ndjson" 'no kind "dialog"'
	grep -v '^{"kind":"toolschema"' cx.ndjson | sed '/tools.*yaml/d' >less
	refuses 1 "pkg-rename --edited --prefix toolschema:x less" \
		'there is no toolschema'
	refuses 4 "pkg-rename -f none cx.ndjson" none: 'No such file'
	printf 'intent\ta\n' >names
	refuses 3 "pkg-rename -f names cx.ndjson" names:1 tabs
	printf 'intent\ta\t"\n' >names
	refuses 3 "pkg-rename -f names cx.ndjson" names:1 tabs
	sed '$d' cx.ndjson >short.ndjson
	refuses 6 "pkg-rename intent:nicht-mehr=a short.ndjson" short
}

@test "each name gets its file, or is refused; renamed back it is as before" {
	local kind old new file said n=0 i=0

	n250=$(printf 'n%.0s' {1..250}) u41=$(printf 'ü%.0s' {1..41})
	# what is renamed, to what; its file, or what is said
	cat >names <<-E
	intent|nicht-mehr|Nicht-Mehr|intents/Nicht-Mehr/Nicht-Mehr.json|
	intent|nicht-mehr|BOOK.crossing||the name is taken
	intent|nicht-mehr|100%|intents/100%25/100%25.json|
	intent|nicht-mehr|%41 %2f|intents/%2541 %252f/%2541 %252f.json|
	intent|nicht-mehr|a/b|intents/a%2fb/a%2fb.json|
	intent|nicht-mehr|/|intents/%2f/%2f.json|
	intent|nicht-mehr|\$1|intents/%241/%241.json|
	intent|nicht-mehr|\$session.x|intents/%24session.x/%24session.x.json|
	intent|nicht-mehr|über 渡し|intents/%c3%bcber %e6%b8%a1%e3%81%97/%c3%bcber %e6%b8%a1%e3%81%97.json|
	intent|nicht-mehr|a~b\\\\c*?:|intents/a%7eb%5cc%2a%3f%3a/a%7eb%5cc%2a%3f%3a.json|
	intent|nicht-mehr|.json|intents/.json/.json.json|
	intent|nicht-mehr|.||no file can be called so
	intent|nicht-mehr|..||no file can be called so
	intent|nicht-mehr|$n250|intents/$n250/$n250.json|
	intent|nicht-mehr|${n250}n||255 bytes
	intent|nicht-mehr|$u41|intents/${u41//ü/%c3%bc}/${u41//ü/%c3%bc}.json|
	intent|nicht-mehr|${u41}ü||255 bytes
	webhook|Fare service|fare%/\$ü|webhooks/fare%25%2f%24%c3%bc.json|
	flow|Pier & Deck's / night |pier/%|flows/pier%2f%25/pier%2f%25.json|
	flow|Pier & Deck's / night |projects/x||cannot be written in this place
	page|Default Start Flow/Which line|which/%2f \$|flows/Default Start Flow/pages/which%2f%252f %24.json|
	E
	while IFS='|' read -r kind old new file said; do
		! sanitized || ((i++ % 4 == 0)) || continue
		printf '%s\t%s\t%s\n' "$kind" "$old" "$new" >there
		if [ -n "$said" ]; then
			refuses 1 'pkg-rename -f there cx.ndjson' "$said"
			continue
		fi
		echo "$kind $new"
		pkg-rename -f there cx.ndjson >new
		says_the_same new
		[ -f "packed/$file" ]
		diff <(find packed -type f | wc -l) \
			<(find "$tests/fixtures/cx" -type f | wc -l)
		case $kind in
		page) printf '%s\t%s\t%s\n' "$kind" \
			"${old%/*}/$(sed 's/%/%25/g; s,/,%2F,g' <<<"$new")" \
			"${old#*/}" ;;
		*) printf '%s\t%s\t%s\n' "$kind" "$new" "$old" ;;
		esac >back
		pkg-rename -f back new | sed 1d | cmp - <(sed 1d cx.ndjson)
		n=$((n + 1))
	done <names
	sanitized || [ "$n" -eq 15 ]
	# names of Kore.ai are in no file's name
	id=$(grep -am1 '^{"kind":"dialog"' kore.ndjson |
		sed 's/.*"id":"\([^"]*\)".*/\1/')
	pkg-rename "dialog:$id=$n250$n250/%" kore.ndjson >new
	says_the_same new
}

@test "a file where another goes is refused" {
	cp -r "$tests/fixtures/cx" agent
	mkdir agent/intents/GONE
	echo '{}' >agent/intents/GONE/gone.json
	refuses 1 'pkg-rename intent:nicht-mehr=Gone agent' \
		'intents/Gone/Gone.json'
}

@test "-v tells each change, the report counts them" {
	try pkg-rename -v --report r.json intent:nicht-mehr=x cx.ndjson
	says 'is now "x"' '1 component renamed'
	jq -c '[.renamed, .moved_files]' r.json | diff - <(echo '[1,1]')
	diff <(jq .changed r.json) <(printf '%s\n' "$output" |
		diff - cx.ndjson | grep -c '^< {"kind":"[a-z@]' |
		awk '{ print $1 - 2 }')
}
