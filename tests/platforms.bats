#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Another platform takes one map and no C: Quill, an invented one.  And what
# is wrong in a map is told with its file and line.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# what there is to know of Quill, in quill.map
write_map() {
	cat >quill.map <<-'EOF'
	# Quill tells stories.  One file has all of them, shelves have their own.
	platform quill "Quill library"
	paths percent

	file book  quill.json         json style tab+newline tells quill cast
	file shelf shelves/*/$1.json  json style indent2+newline tells
	file tome  shelves/*/*.json   json style tab
	file blurb shelves/*/blurb.md text
	file extra shelves/**.json    json style compact
	file odd   odds/**.json       json style compact guess
	file art   art/**             binary

	belongs tome  shelf $1
	belongs blurb shelf $1
	called extra $1
	needed book
	nameless quill.json quill cast
	limit 1K shelf
	word status published live on-air
	word status configured ready
	builtin voice narrator sys.*

	every
	    refs maker **/madeBy lost keep

	# who is elsewhere
	kind maker

	# what is at the top and nothing else
	kind setting
	    in book /*
	    name $1
	    category settings
	    category settings/sound volume pitch
	    links story . if $1 opening

	# the cast is an object, and ghosts are among it
	kind ghost
	    in book /cast/*
	    when $1 ~*
	    id $1
	    category cast/ghosts

	kind voice
	    in book /cast/*
	    id $1
	    name label | $1
	    names also/-
	    alias uid
	    lang tongue
	    category cast

	# arrays in arrays in arrays
	kind story task
	    in book /stories/-
	    id key | uid
	    name title/en | title/de
	    type 'tale' form
	    status state | stage
	    alias uid
	    category stories
	    needs voice voices/* as key by id
	    needs voice reader by name lost drop record
	    links story next
	    links story source as tail quill:/ by alias
	    refs shelf shelf lost drop member
	    refs ?story **/hint as text STORY
	    required shelf

	kind act
	    in book /stories/-/acts/-
	    id ^ no
	    category stories/acts

	kind aside
	    in book /stories/-/acts/-/lines/-
	    when sort aside whisper*
	    id ^ n
	    type 'aside'
	    category stories/acts

	kind line
	    in book /stories/-/acts/-/lines/-
	    id ^ n
	    name say
	    category stories/acts
	    needs voice by as mention
	    links story go/to if do leap jump
	    refs tome go/tome in shelf

	kind shelf
	    in shelf .
	    id label
	    name label
	    category shelves
	    same $1 label

	kind tome
	    in tome .
	    id $1 label
	    name label
	    category shelves/tomes
	    owner shelf $1
	    needs tome next in $1
	    refs tome pairs/-/tome in shelf

	kind blurb
	    in blurb .
	    id $1
	    name 'blurb'
	    category shelves
	    owner shelf $1
	EOF
}

# a package of it, in the folder in
library() {
	mkdir -p 'in/shelves/Sea %2f Sand' in/art/deep
	python3 - <<-'PY'
	import json
	book = {
	    "quill": 3, "volume": "1.10", "opening": "gull", "madeBy": None,
	    "cast": {
	        "anna": {"uid": "v-1", "label": "Anna", "also": ["Ann", "A."],
	                 "tongue": "de", "madeBy": "me"},
	        "~drowned": {"uid": "v-2"},
	        "": {}},
	    "stories": [
	        {"key": "gull", "uid": "s-1", "title": {"de": "Möwe"},
	         "form": "long/short", "state": "on-air", "reader": "Anna",
	         "voices": {"anna": 0, "sys.wind": {"hint": "${story:tern}"}},
	         "next": "tern", "shelf": "Sea / Sand", "acts": [
	            {"no": 1, "lines": [
	                {"n": 1, "by": "@anna:soft", "say": "Tide's <out>",
	                 "go": {"do": "leap", "to": "tern"}},
	                {"n": 2, "sort": "whispered", "by": "@anna"},
	                {"n": 3, "by": "@narrator @anna", "go": {"do": "stay",
	                 "to": "x", "tome": "Two", "shelf": "Sea / Sand"},
	                 "madeBy": "you"}]},
	            {"no": 2, "lines": []}]},
	        {"uid": "s-2", "key": "tern", "title": {}, "stage": "ready",
	         "source": "quill:/lib/7/s-1", "acts": {}},
	        {"uid": "s-3", "state": "lost", "source": "s-2"}],
	    "pitch": [], "extras": {"a": {}}}
	text = json.dumps(book, indent="\t", ensure_ascii=False)
	text = text.replace('"1.10"', "1.10")
	open("in/quill.json", "w").write(text + "\n")
	PY
	cat >'in/shelves/Sea %2f Sand/Sea %2f Sand.json' <<-'EOF'
	{
	  "label": "Sea / Sand",
	  "madeBy": "us"
	}
	EOF
	printf '{\n\t"label": "One",\n\t"next": "Two",\n\t"pairs": [\n%s\n%s' \
	    $'\t\t{\n\t\t\t"tome": "T/1",\n\t\t\t"shelf": "Else%"\n\t\t}' \
	    $'\t]\n}' >'in/shelves/Sea %2f Sand/One.json'
	printf '{\n\t"label": "Two"\n}' >'in/shelves/Sea %2f Sand/Two.json'
	printf 'Salt.\r\nSand.' >'in/shelves/Sea %2f Sand/blurb.md'
	printf '[1,2]' >in/shelves/notices.json
	head -c 60000 /dev/urandom >in/art/deep/gull.png
}

@test "a fourth platform takes one map: its packages come back" {
	write_map
	library
	zip_of x.zip in art/deep/gull.png 'shelves/Sea %2f Sand/Two.json' \
	    'shelves/Sea %2f Sand/Sea %2f Sand.json' quill.json \
	    'shelves/Sea %2f Sand/One.json' 'shelves/Sea %2f Sand/blurb.md' \
	    shelves/notices.json
	pairs=()
	for source in 'pkg-unpack --map quill.map in' \
	    'pkg-unpack --map quill.map x.zip' \
	    'cat x.zip | pkg-unpack --map quill.map'; do
		n=${#pairs[@]}
		try_sh "$source >s.ndjson && pkg-pack --map quill.map -o $n.zip \
		    s.ndjson && pkg-pack --map quill.map -o $n/ s.ndjson"
		[ "$status" -eq 0 ]
		quiet
		good_stream s.ndjson "$([ "$n" -eq 0 ] && echo in || echo x.zip)"
		diff -r in "$n"
		pairs+=(x.zip "$n.zip" in "$n")
	done
	python3 "$tests/oracle/check-zip.py" 0.zip
	same_members "${pairs[@]:4}" in 0.zip
}

@test "its envelopes have all that the map says" {
	write_map
	library
	pkg-unpack --map quill.map in >s.ndjson
	diff - <(jq -c 'select(.kind[:1] != "@") | del(.value, .file)' \
	    s.ndjson) <<-'EOF'
	{"kind":"setting","name":"quill","category":"settings","at":"/quill"}
	{"kind":"setting","name":"volume","category":"settings/sound","at":"/volume"}
	{"kind":"setting","name":"opening","category":"settings","links":["story:gull"],"at":"/opening"}
	{"kind":"setting","name":"madeBy","category":"settings","at":"/madeBy"}
	{"kind":"voice","id":"anna","name":"Anna","category":"cast","lang":"de","alias":["v-1"],"names":["Ann","A."],"refs":["maker:me"],"at":"/cast/anna"}
	{"kind":"ghost","id":"~drowned","category":"cast/ghosts","at":"/cast/~0drowned"}
	{"kind":"voice","category":"cast","at":"/cast/"}
	{"kind":"story","id":"gull","name":"Möwe","type":"tale/long%2Fshort","category":"stories","status":"published","alias":["s-1"],"needs":["voice:anna","?voice:sys.wind","voice:Anna"],"links":["story:tern"],"refs":["shelf:Sea / Sand","?story:tern"],"at":"/stories/-"}
	{"kind":"act","id":"gull/1","category":"stories/acts","at":"/stories/-/acts/-"}
	{"kind":"line","id":"1/1","name":"Tide's <out>","category":"stories/acts","needs":["voice:anna"],"links":["story:tern"],"at":"/stories/-/acts/-/lines/-"}
	{"kind":"aside","id":"1/2","type":"aside","category":"stories/acts","at":"/stories/-/acts/-/lines/-"}
	{"kind":"line","id":"1/3","category":"stories/acts","needs":["?voice:narrator","voice:anna"],"refs":["tome:Sea %2F Sand/Two","maker:you"],"at":"/stories/-/acts/-/lines/-"}
	{"kind":"act","id":"gull/2","category":"stories/acts","at":"/stories/-/acts/-"}
	{"kind":"story","id":"tern","type":"tale/","category":"stories","status":"configured","alias":["s-2"],"links":["story:s-1"],"at":"/stories/-"}
	{"kind":"story","id":"s-3","type":"tale/","category":"stories","status":"lost","alias":["s-3"],"links":["story:s-2"],"at":"/stories/-"}
	{"kind":"setting","name":"pitch","category":"settings/sound","at":"/pitch"}
	{"kind":"setting","name":"extras","category":"settings","at":"/extras"}
	{"kind":"shelf","id":"Sea / Sand","name":"Sea / Sand","category":"shelves","refs":["maker:us"],"at":""}
	{"kind":"tome","id":"Sea %2F Sand/One","name":"One","category":"shelves/tomes","owner":["shelf:Sea / Sand"],"needs":["tome:Sea %2F Sand/Two"],"refs":["tome:Else%25/T%2F1"],"at":""}
	{"kind":"tome","id":"Sea %2F Sand/Two","name":"Two","category":"shelves/tomes","owner":["shelf:Sea / Sand"],"at":""}
	{"kind":"blurb","id":"Sea / Sand","name":"blurb","category":"shelves","owner":["shelf:Sea / Sand"],"at":"","encoding":"utf-8"}
	{"kind":"notice","at":""}
	EOF
	diff - <(jq -c 'select(.kind == ("@file", "@open")) |
	    [.kind, .file, .style, .owner, .at] | map(values)' s.ndjson) <<-'EOF'
	["@file","quill.json","tab+newline"]
	["@open","quill.json",""]
	["@open","quill.json","/cast"]
	["@open","quill.json","/stories"]
	["@open","quill.json","/stories/-/acts"]
	["@open","quill.json","/stories/-/acts/-/lines"]
	["@open","quill.json","/stories/-/acts/-/lines"]
	["@file","shelves/Sea %2f Sand/Sea %2f Sand.json","indent2+newline"]
	["@file","shelves/Sea %2f Sand/One.json","tab",["shelf:Sea / Sand"]]
	["@file","shelves/Sea %2f Sand/Two.json","tab",["shelf:Sea / Sand"]]
	["@file","shelves/Sea %2f Sand/blurb.md",["shelf:Sea / Sand"]]
	["@file","shelves/notices.json","compact"]
	["@file","art/deep/gull.png"]
	EOF
}

@test "without its map it is nobody's, and a zip is packed with a warning" {
	write_map
	library
	refuses 3 'pkg-unpack in' in 'cannot tell the platform' quill.json
	refuses 2 'pkg-unpack -p quill in' 'no map for the platform quill' kore
	refuses 2 'pkg-unpack --map quill.map -p kore in' \
	    'no map for the platform kore' quill
	try_sh 'pkg-unpack --map quill.map -p quill in >s.ndjson'
	[ "$status" -eq 0 ]
	[[ $(head -n 1 s.ndjson) == *'"options":["--map=quill.map"]'* ]]
	try pkg-pack -o y.zip s.ndjson
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	says warning "no map for the stream's platform" --map
	same_members in y.zip
	try pkg-pack -o d/ s.ndjson
	[ "$status" -eq 2 ]
	says 'a directory needs' map --map
	[ ! -e d ]
	# and with it all others are nobody's
	refuses 3 'pkg-unpack --map quill.map "$xo10"' \
	    'expected a Quill library' quill.json
}

@test "the platform is told by a file's name, or by what is in it" {
	write_map
	library
	for command in 'pkg-unpack --map quill.map -v in' \
	    'pkg-unpack --map quill.map -v <in/quill.json' \
	    'pkg-unpack --map quill.map -v in/quill.json'; do
		try_sh "$command"
		[ "$status" -eq 0 ]
		says 'taken for a Quill library'
		[[ ${lines[1]} == *'"file":"quill.json"'* ]]
	done
	# by a shelf alone: told, but not all that is needed
	mv in/quill.json .
	refuses 3 'pkg-unpack --map quill.map in' in 'the package has no book'
	# a file of that name with other members tells nothing
	mkdir other
	echo '{"quill": 1, "casts": 2}' >other/quill.json
	refuses 3 'pkg-unpack --map quill.map other' other 'something else'
	refuses 3 'pkg-unpack --map quill.map <other/quill.json' stdin: --name
}

@test "what may be another's is not taken from a folder, nor removed" {
	write_map
	library
	mkdir in/odds
	echo '{}' >in/odds/x.json
	echo x >in/odds/x.txt
	try pkg-unpack -v --map quill.map in
	[ "$status" -eq 0 ]
	says 'left out' odds/x.json
	[[ $output != *'"file":"odds/'* ]]
	try pkg-unpack -a --map quill.map in
	[[ $output == *'"file":"odds/x.json","type":"json"'* ]]
	[[ $output == *'"file":"odds/x.txt","type":"binary"'* ]]
	try_sh 'pkg-unpack --map quill.map in | sed "s,\"shelf\":\"Sea / Sand\",\"shelf\":null,g" |
	    grep -v "\"file\":\"shelves/" |
	    pkg-pack -v --edited --map quill.map -f -o in/'
	[ "$status" -eq 0 ]
	says '5 files removed'
	[ ! -e in/shelves ]
	[ -e in/odds/x.json ]
	[ -e in/odds/x.txt ]
	# in a zip everything is carried
	zip_of x.zip in odds/x.json odds/x.txt quill.json
	try_sh 'pkg-unpack --map quill.map x.zip | sed "s/\"shelf:Sea/\"?shelf:Sea/" |
	    pkg-pack --edited -q -o z.zip'
	[ "$status" -eq 0 ]
	same_members x.zip z.zip
}

@test "what is needed, required and limited is so by the map" {
	write_map
	library
	pkg-unpack --map quill.map in >s.ndjson
	grep -v '"file":"quill.json"' s.ndjson >a
	refuses 3 'pkg-pack --edited --map quill.map -o y.zip a' 'has no book'
	grep -v '"file":"shelves/Sea' s.ndjson >a
	refuses 3 'pkg-pack --edited --map quill.map -o y.zip a' \
	    'lacks shelf:Sea / Sand'
	sed 's/"label":"Sea/"pad":"'"$(printf '%1100s' '' | tr ' ' x)"'",&/' \
	    s.ndjson >a
	refuses 5 'pkg-pack --edited --map quill.map -o y.zip a' \
	    'shelves/Sea %2f Sand/Sea' 1024
	[ ! -e y.zip ]
	# a map that does not ask for it is content
	sed -i '/^needed/d; /required/d; /^limit/d' quill.map
	try pkg-pack --edited --map quill.map -o y.zip a
	[ "$status" -eq 0 ]
	[ "$(printf '%s\n' "$stderr" | grep -vc 'which is not there')" -eq 0 ]
}

@test "a file's name and the name in it that disagree are told" {
	write_map
	library
	sed -i 's/"Sea /"See /' 'in/shelves/Sea %2f Sand/Sea %2f Sand.json'
	try pkg-unpack --map quill.map in
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	says warning 'Sea / Sand' 'See / Sand'
	# without the row that asks for it nothing is said
	sed -i '/same /d' quill.map
	try pkg-unpack --map quill.map in
	quiet
}

@test "each map that is compiled in loads, and is the file" {
	names=()
	for map in "$root"/lib/platform/*.map; do
		name=$(awk '$1 == "platform" { print $2 }' "$map")
		names+=("$name")
		# a folder of nothing: no map is wrong, no platform is told
		mkdir -p empty
		for option in "-p $name" "--map $map" "--map $map -p $name"; do
			# shellcheck disable=SC2086 # words
			try pkg-unpack $option empty
			[[ $stderr != *.map:* ]]
			case $name in
			avaamo | generic) [ "$status" -eq 0 ] ;;
			*_blob) [ "$status" -eq 3 ] ;;
			*)
				[ "$status" -eq 3 ]
				says 'cannot tell the platform: found no files'
				;;
			esac
		done
	done
	[ "${#names[@]}" -ge 6 ]
	try pkg-unpack -p nobody empty
	[ "$status" -eq 2 ]
	[[ $stderr == *': '"$(printf '%s, ' "${names[@]}" | sed 's/, $//')" ]]
	# the same stream with the map that is compiled in and with the file
	for case in "kore:$xo10" "kore:$xo11" "generic:$xo11" \
	    "dialogflow_cx:$tests/fixtures/cx"; do
		name=${case%%:*}
		cmp <(pkg-unpack -p "$name" "${case#*:}" | sed 1d) \
		    <(pkg-unpack --map "$root/lib/platform/$name.map" \
		    "${case#*:}" | sed 1d)
	done
}

# what is wrong in a map, at its last line: exit 3, file, line and words
map_fails() {
	local line

	printf '%b' "$1" >bad.map
	line=$(wc -l <bad.map)
	shift
	refuses 3 'pkg-unpack --map bad.map in' "bad.map:$line: " "$@" 'pkg-map(5)'
	refuses 3 'pkg-pack --map bad.map -o y.zip s.ndjson' "bad.map:$line: " "$@"
	[ ! -e y.zip ]
}

@test "what is wrong in a map is told with file and line, at either door" {
	library
	write_map
	pkg-unpack --map quill.map in >s.ndjson
	top='platform p\n\n# a remark\nfile a quill.json json tells\n'
	kind="${top}kind k\n\tin a /*\n"
	n=0
	while IFS='|' read -r rows words; do
		n=$((n + 1))
		case $rows in
		+*) rows=$kind'\t'${rows#+}'\n' ;;
		*) rows=$top$rows'\n' ;;
		esac
		map_fails "$rows" "$words"
	done <<-'EOF'
	plattform q|plattform: not a word that begins a row
	in a /*|in: not a word that begins a row
	platform|platform: expected more words, found "none"
	platform a b c|platform: expected fewer words, found "c"
	file b|file: expected more words, found "b"
	file b x.json yaml|file: expected json, text or binary, found "yaml"
	file b x.json json stile cx|file: expected style, edition, guess or tells, found "stile"
	file b x.json json style|found "style"
	file b x.json json style indent3|file: expected a layout style, found "indent3"
	file b x.json json style cx+crlf|file: expected a layout style, found "cx+crlf"
	limit many a|limit: expected a size such as 500K, found "many"
	limit 0 a|limit: expected a size such as 500K, found "0"
	paths url|paths: expected percent, found "url"
	resource */a|resource: expected a path that begins with a word, found "*/a"
	belongs b k $1|belongs: expected the group of a file row above, found "b"
	called b $1|called: expected the group of a file row above, found "b"
	kind k job|kind: expected task, found "job"
	kind|kind: expected more words
	every one|every: expected fewer words, found "one"
	+inn a /*|inn: not a word that a kind has
	+file b x json|file: not a word that a kind has
	+in b /*|in: expected a file row's group, and a pointer or ., found "b"
	+in a x|in: expected a file row's group, and a pointer or .
	+in a|in: expected more words
	+in a /* /-|in: expected fewer words, found "/-"
	+id|id: expected more words
	+id as tail x|id: expected a place before as, found "none"
	+id x as tail|id: expected a word after as tail, found "none"
	+id x as nose|id: expected a form after as: whole, key, tail, mention or text, found "nose"
	+id x as|id: expected a form after as: whole, key, tail, mention or text, found "none"
	+needs k|needs: expected more words, found "k"
	+needs k x as text|needs: expected a word after as text, found "none"
	+needs k x as nose|needs: expected a form after as: whole, key, tail, mention or text, found "nose"
	+links k x as kee|links: expected a form after as: whole, key, tail, mention or text, found "kee"; did you mean "key"?
	+refs k x if y z as|refs: expected a form after as: whole, key,
	+owner k x by|owner: expected as, by, in, if, through or lost
	+links k x in|links: expected as, by, in, if, through or lost
	+refs k x if|refs: expected as, by, in, if, through or lost
	+refs k x if y|refs: expected as, by, in, if, through or lost
	+refs k x through|refs: expected as, by, in, if, through or lost
	+refs k x y|refs: expected as, by, in, if, through or lost, each with its words, found "y"
	+when x|when: expected more words, found "x"
	+same x|same: expected more words, found "x"
	+called x y|called: expected fewer words, found "y"
	+required|required: expected more words
	+orphan b|orphan: expected fewer words, found "b"
	EOF
	[ "$n" -eq 46 ]
}

@test "a kind that is reserved and a star that is none are wrong, too" {
	library
	write_map
	pkg-unpack --map quill.map in >s.ndjson
	top='platform p\nfile a quill.json json tells\n'
	for rows in 'kind @end' 'kind a:b' 'called a x' 'called a $' \
	    'called a $0' 'called a ""' 'belongs a k x' 'belongs a k $0'; do
		map_fails "$top$rows\n" "${rows%% *}: "
	done
}

@test "a map without a platform, without lines and without a file is told" {
	library
	for text in '' '\n' '# only a remark\n' 'file a quill.json json tells\n'; do
		printf '%b' "$text" >bad.map
		refuses 3 'pkg-unpack --map bad.map in' bad.map platform
	done
	refuses 4 'pkg-unpack --map none.map in' none.map 'cannot read the map'
	refuses 4 'pkg-unpack --map . in' '.: ' 'cannot read the map'
}

@test "all rows with a wrong word are told in one run" {
	library
	printf 'platform p\nfoo\nfile a quill.json json\n\tid x\nbar x\n' \
	    >bad.map
	printf 'kind k\n\tbaz\n\tin a /*\n\tid\n' >>bad.map
	try pkg-unpack --map bad.map in
	[ "$status" -eq 3 ]
	[ "${#stderr_lines[@]}" -eq 4 ]
	says bad.map:2: foo bad.map:5: bar bad.map:7: baz bad.map:9: id
}

@test "a kind without a row is replaced, what the map has no word for is cleared" {
	cat >my.map <<-'MAP'
	platform quill "Quill agent"
	file doc doc.json json
	kind thing
	 in doc /things/-
	 id id
	MAP
	for side in t s; do
		mkdir "$side"
		printf '{"things":[{"id":"%s"}]}' "$side" >"$side/doc.json"
		pkg-unpack --map my.map "$side" >"$side.ndjson"
	done
	# what stands in both modes of the map's kind, and of another
	have() {
		sed "s/\"kind\":\"thing\"/\"kind\":\"$2\"/" t.ndjson >t2.ndjson
		sed "s/\"kind\":\"thing\"/\"kind\":\"$2\"/" s.ndjson >s2.ndjson
		pkg-merge --map my.map --edited "$1" --into t2.ndjson s2.ndjson |
			jq -r "select(.kind == \"$2\").id" | paste -sd ' '
	}
	[ "$(have full thing)" = 't s' ]
	[ "$(have incremental thing)" = 't s' ]
	[ "$(have incremental other)" = 't s' ]
	[ "$(have full other)" = s ]
}

@test "alias and names take stars and texts, and a star must be there" {
	mkdir p
	echo '{"list":[{"id":"1","name":"N","nick":"k"}]}' >p/x.json
	printf '%s\n' 'platform t' 'file list *.json json tells' \
		"kind thing" '	in list /list/-' '	id id' \
		"	alias nick 'fix'" '	names $1 name' >t.map
	pkg-unpack --map t.map -p t p >s.ndjson
	jq -c 'select(.kind == "thing") | [.alias, .names]' s.ndjson >said
	echo '[["k","fix"],["x","N"]]' | diff - said
	# an envelope that follows its value says the same
	pkg-filter-status --map t.map --edited latest --unknown keep \
		--allow empty <s.ndjson |
		jq -c 'select(.kind == "thing") | [.alias, .names]' | diff said -
	for row in 'names $2' 'owner thing id in $3' 'lang $2' 'when $2 a' \
	    'refs thing id if $2 a'; do
		sed "\$s/.*/	$row/" t.map >wrong.map
		try pkg-unpack --map wrong.map -p t p
		[ "$status" -eq 3 ]
		says 'expected a star that the files and places of the kind'
	done
	# what a value may be is no star
	sed '$s/.*/	refs thing id if id $2/' t.map >right.map
	pkg-unpack --map right.map -p t p >/dev/null
}

@test "what in and if name stands beside the value, or in the component" {
	printf '%s\n' 'platform t' 'file app app.json json tells' \
		'kind berth' '	in app /berths/-' '	id code' \
		'	full replace-all' \
		'kind ship' '	in app /ships/-' '	id code' \
		'	refs berth stop/at if sort berth lost drop member' \
		'	refs berth last/at if /sort/is berth lost drop member' \
		'	refs berth stop/rope in sort' \
		'	refs berth stop/sail in /sort/is' \
		'	full keep' >t.map
	mkdir t s
	cat >t/app.json <<-'EOF'
	{"berths":[{"code":"a"},{"code":"b"}],"ships":[
	{"code":"one","sort":{"is":"berth","sort":"x"},"last":{"at":"b"},
	"stop":{"at":"a","rope":"r","sail":"s"}},
	{"code":"two","stop":{"at":"a","sort":"berth","rope":"r","sail":"s"},
	"last":{"at":"b","sort":"berth","sort/is":"berth"},"sort":{"is":"x"}}]}
	EOF
	echo '{"berths":[],"ships":[]}' >s/app.json
	for side in t s; do
		pkg-unpack --map t.map -p t $side >$side.ndjson
	done
	jq -c 'select(.kind == "ship").refs' t.ndjson >refs
	diff refs - <<-'EOF'
	["berth:b","berth:/r","berth:berth/s"]
	["berth:a","berth:berth/r","berth:x/s"]
	EOF
	# an envelope that follows its value says the same
	pkg-filter-status --map t.map --edited latest --unknown keep \
		--allow empty <t.ndjson |
		jq -c 'select(.kind == "ship").refs' | diff refs -
	# of what is lost that goes which the map calls a reference
	pkg-merge -q full --map t.map --allow empty --into t.ndjson s.ndjson |
		jq -c 'select(.kind == "ship").value' >ships
	diff ships - <<-'EOF'
	{"code":"one","sort":{"is":"berth","sort":"x"},"last":{},"stop":{"at":"a","rope":"r","sail":"s"}}
	{"code":"two","stop":{"sort":"berth","rope":"r","sail":"s"},"last":{"at":"b","sort":"berth","sort/is":"berth"},"sort":{"is":"x"}}
	EOF
}

@test "words, quotes, remarks and blanks are read as the page says" {
	library
	cat >q.map <<-'EOF'
	  # a remark that is indented
	platform "q"	"The \"q\" #1"#2
	file	a quill.json json tells	# all of it

	"kind" k # a kind
	 in a /*
	    id "$1" # more
	    name "'two words'" | $1
	EOF
	sed -i 's/"The .*/"The q #1" #2/' q.map
	try pkg-unpack -v --map q.map in
	[ "$status" -eq 0 ]
	says 'taken for a The q #1, '
	[[ ${lines[3]} == '{"kind":"k","id":"quill","name":"two words",'* ]]
}
