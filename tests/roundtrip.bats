#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# unpack | pack gives every file of a package back, byte for byte.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# a folder with the XO10 fixture, whose definition a filter has rewritten
rewritten() {
	rm -rf in
	mkdir in
	cp "$xo10/config.json" in
	"$@" <"$xo10/botDefinition.json" >in/botDefinition.json
}

# a folder with this definition
definition() {
	rm -rf in
	mkdir in
	printf %s "$1" >in/botDefinition.json
}

# the package comes back as a zip, and nothing is said
comes_back() {
	try_sh 'pkg-unpack "$1" | pkg-pack -f -o back.zip' "$1"
	[ "$status" -eq 0 ]
	quiet
	same_members "$1" back.zip
}

# the package in folder in comes back, its definition in this layout style
comes_back_as() {
	comes_back in
	try_sh 'pkg-unpack in | sed -n 2p'
	[[ $output == *'"file":"botDefinition.json",'*'"style":"'"$1"'"'* ]]
}

# other programs take the zip; the third is python3, in same_members
readable() {
	try unzip -tq "$1"
	[ "$status" -eq 0 ]
	try bsdtar -tf "$1"
	[ "$status" -eq 0 ]
}

@test "each fixture comes back, from a folder and from a zip" {
	comes_back "$xo10"
	readable back.zip
	comes_back "$xo11"
	readable back.zip
	zip_of x.zip "$xo10" botDefinition.json config.json icon.png
	comes_back x.zip
	zip_of x.zip "$xo11" LibraryFunctions.js icon.png appDefinition.json \
	    config.json
	comes_back x.zip
}

@test "each real package comes back, and other programs take it" {
	kore_packages
	few
	pairs=()
	for package in "${packages[@]}"; do
		zip=${#pairs[@]}.zip
		try_sh 'pkg-unpack "$1" | pkg-pack -o "$2"' "$package" "$zip"
		[ "$status" -eq 0 ]
		quiet
		readable "$zip"
		pairs+=("$package" "$zip")
	done
	same_members "${pairs[@]}"
	echo "# ${#packages[@]} packages" >&3
}

@test "through a directory and back it is the same" {
	for package in "$xo10" "$xo11"; do
		rm -rf d
		try_sh 'pkg-unpack "$1" | pkg-pack -o d/' "$package"
		[ "$status" -eq 0 ]
		quiet
		diff -r "$package" d
		comes_back d
		same_members "$package" back.zip
	done
}

@test "each real package comes back through a directory" {
	kore_packages
	few
	pairs=()
	for package in "${packages[@]}"; do
		dir=${#pairs[@]}
		try_sh 'pkg-unpack "$1" | pkg-pack -o "$2/" &&
		    pkg-unpack "$2" | pkg-pack -o "$2.zip"' "$package" "$dir"
		[ "$status" -eq 0 ]
		quiet
		pairs+=("$package" "$dir" "$package" "$dir.zip")
	done
	same_members "${pairs[@]}"
}

@test "the files one by one, in any order, are the package" {
	try_sh 'pkg-unpack "$1" | pkg-pack -o whole.zip' "$xo11"
	cd "$xo11"
	for order in "appDefinition.json config.json icon.png LibraryFunctions.js" \
	    "LibraryFunctions.js icon.png config.json appDefinition.json" \
	    "icon.png appDefinition.json LibraryFunctions.js config.json"; do
		try_sh "pkg-unpack $order | pkg-pack -f -o \$1" \
		    "$BATS_TEST_TMPDIR/some.zip"
		[ "$status" -eq 0 ]
		quiet
		cmp "$BATS_TEST_TMPDIR/whole.zip" "$BATS_TEST_TMPDIR/some.zip"
	done
}

@test "a definition alone, as a file and from a pipe, is a package" {
	mkdir one
	cp "$xo11/appDefinition.json" one
	comes_back one
	try_sh 'cat one/appDefinition.json | pkg-unpack | pkg-pack -o p.zip'
	[ "$status" -eq 0 ]
	quiet
	same_members one p.zip
}

@test "each real package comes back from its files one by one" {
	kore_packages
	few
	pairs=()
	for package in "${packages[@]}"; do
		[ -d "$package" ] || continue
		zip=${#pairs[@]}.zip
		mapfile -t files < <(find "$package" -type f | sort -r)
		try_sh 'pkg-unpack "${@:2}" | pkg-pack -o "$1"' "$zip" \
		    "${files[@]}"
		[ "$status" -eq 0 ]
		quiet
		pairs+=("$package" "$zip")
	done
	same_members "${pairs[@]}"
}

@test "a zip has the form that platforms write: nothing but deflate and 20" {
	cp "$xo10"/* .
	TZ=UTC touch -d '2023-04-05 06:07:08' ./*
	chmod 640 icon.png
	zip_of x.zip . botDefinition.json config.json icon.png
	try_sh 'pkg-unpack x.zip | pkg-pack -o y.zip'
	[ "$status" -eq 0 ]
	try python3 "$tests/oracle/check-zip.py" y.zip
	[ "$status" -eq 0 ]
	[[ ${lines[2]} == 'icon.png 69 1680674828 100640' ]]
}

@test "a zip of real members has that form, too" {
	kore_packages
	few
	for package in "${packages[@]}"; do
		[ -f "$package" ] || continue
		try_sh 'pkg-unpack "$1" | pkg-pack -f -o y.zip' "$package"
		[ "$status" -eq 0 ]
		try python3 "$tests/oracle/check-zip.py" y.zip
		[ "$status" -eq 0 ]
		python3 - "$package" y.zip <<-'PY'
		import sys, zipfile
		a, b = (zipfile.ZipFile(n).infolist() for n in sys.argv[1:])
		assert [(i.filename, i.date_time, i.external_attr >> 16)
		        for i in a] == [(i.filename, i.date_time,
		        i.external_attr >> 16) for i in b]
		PY
	done
}

@test "members that tell no time have 1980, or SOURCE_DATE_EPOCH" {
	try_sh 'pkg-unpack "$xo10" | pkg-pack -o - >y.zip && exec python3 \
	    "$tests/oracle/check-zip.py" y.zip'
	[ "$status" -eq 0 ]
	[[ ${lines[2]} == 'icon.png 69 315532800 100644' ]]
	try_sh 'pkg-unpack "$xo10" | SOURCE_DATE_EPOCH=1700000000 \
	    pkg-pack -o - >y.zip && exec python3 "$tests/oracle/check-zip.py" y.zip'
	[ "$status" -eq 0 ]
	[[ ${lines[2]} == 'icon.png 69 1700000000 100644' ]]
	for time in abc 1e9 -5 ' 5' 5s 4294967296 99999999999999999999; do
		refuses 2 'pkg-unpack "$xo10" |
			SOURCE_DATE_EPOCH="'"$time"'" pkg-pack -o no.zip' \
			SOURCE_DATE_EPOCH "from 0 to 4294967295, found \"$time\""
	done
	[ ! -e no.zip ]
}

@test "every layout style comes back, with a final newline and without" {
	for style in compact indent2 indent4 tab; do
		rewritten python3 "$tests/oracle/check-layout.py" "$style"
		comes_back_as "$style"
		# of a file this long it is not known when the stream begins
		echo >>in/botDefinition.json
		comes_back_as "$style"
		definition '{"refId":"r","botEvents":{}}'
		python3 "$tests/oracle/check-layout.py" "$style" \
		    <in/botDefinition.json >laid
		cp laid in/botDefinition.json
		comes_back_as "$style"
		echo >>in/botDefinition.json
		comes_back_as "$style+newline"
	done
}

@test "whatever blanks end a file come back" {
	for tail in '\r\n' '\n\n' ' ' '\r' '\n \t\r\n\n'; do
		rewritten cat
		printf '%b' "$tail" >>in/botDefinition.json
		comes_back_as indent4
		definition '{"refId":"r"}'
		printf '%b' "$tail" >>in/botDefinition.json
		comes_back_as compact
	done
}

@test "numbers, escapes and literals keep their spelling" {
	cat >odd <<-'EOF'
	"odd": [1.10, 1e400, -0, -0.0, 1E+2, 123456789012345678901234567890,
	0.1e-7, null, true, false, "", {"": {}}, [[], [[]]], "é 😀 \b\f\r\n",
	"\u003c\/\u00E9\ud83d\ude00\ud800\uDFFF\u0000\u001f\u007f\"\\"],
	EOF
	rewritten sed '/^    "color"/r odd'
	cp in/botDefinition.json odd.json
	rewritten python3 "$tests/oracle/check-layout.py" indent4 <odd.json
	python3 "$tests/oracle/check-layout.py" indent4 <odd.json \
	    >in/botDefinition.json
	comes_back_as indent4
	python3 "$tests/oracle/check-layout.py" compact <odd.json \
	    >in/botDefinition.json
	comes_back_as compact
	try_sh 'pkg-unpack in | grep -c "\\[1.10,1e400,-0,-0.0,1E+2,1234567890"'
	[ "$output" = 1 ]
}

@test "keys keep their spelling, their order and their twins" {
	definition '{"_id":"st-1","\u005fid":"st-2","localeData":{"en":{
"synonyms":{"a\/b\u0041":["x"],"a/bA":["y"],"":["z"],"a~b":[1.10],"-":[],
"0":[1],"é":[2],"\u00e9":[3],"twin":[1],"twin":[2],"\ud800":[9],"\uD800":[8],
"~c\n":[5],"q\"\\\b\f\r\t\u0000\u001f\u007f":[5]}},"":{"synonyms":{}},
"-":{"synonyms":{"k":1}}},"botEvents":{"A\/B":{"task":"x\/y\u0041"}},
"b\u006ftEvents":{"C":{"task":"z","task":null}},"b\u006ftEvents":{},
"dialogs":[{"_id":"dg-\u0031","refId":"r\/1","lname":"\ud83d\ude00 \uD83D",
"nodes":[],"nodes":[{"\u0063omponentId":"c"}]}],"z":1,"a":2}'
	for style in compact indent2 indent4 tab; do
		python3 "$tests/oracle/check-layout.py" "$style" \
		    <in/botDefinition.json >laid.json
		mv laid.json in/botDefinition.json
		comes_back_as "$style"
	done
	pkg-unpack in >s.ndjson
	good_stream s.ndjson in
}

@test "one long string, array and number come back" {
	python3 - >long.json <<-'PY'
	import json
	print(json.dumps({"_id": "s", "dialogs": [{"refId": "r", "lname": "ü\n" * 90000,
	    "n": list(range(30000))}], "botEvents": {"e" * 70000: {"task": ""}}},
	    indent=4, ensure_ascii=False) [:-2] + ',\n    "big": ' + "9" * 70000,
	    end="\n}")
	PY
	definition "$(cat long.json)"
	comes_back_as indent4
}

@test "a file in no style is told of once, and comes back as the same JSON" {
	rewritten sed '5s/^ *//; 40,50s/^/  /'
	try_sh 'pkg-unpack in | pkg-pack -o y.zip'
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	says pkg-unpack: botDefinition.json 'byte ' warning style indent4
	# somewhere between the tokens before and after the wrong blanks
	offset=$(head -n 4 in/botDefinition.json | wc -c)
	[[ $stderr =~ byte\ ([0-9]+): ]]
	((BASH_REMATCH[1] >= offset - 2 && BASH_REMATCH[1] <= offset))
	unzip -p y.zip botDefinition.json | cmp - "$xo10/botDefinition.json"
	try_sh 'pkg-unpack -q in | pkg-pack -q -f -o y.zip'
	[ "$status" -eq 0 ]
	quiet
}

@test "lines that end in CR LF are no style: the JSON stays" {
	rewritten sed 's/$/\r/'
	try_sh 'pkg-unpack in | pkg-pack -o y.zip'
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	says botDefinition.json 'byte 1:' warning
	diff <(jq -S . in/botDefinition.json) \
	    <(unzip -p y.zip botDefinition.json | jq -S .)
}

@test "blanks before a document are no style: the JSON stays" {
	definition '
{"refId": "r",
"botEvents": { } }'
	try_sh 'pkg-unpack in | pkg-pack -o y.zip'
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	says botDefinition.json 'byte 0:' warning
	[ "$(unzip -p y.zip botDefinition.json | jq -c .)" = \
	    '{"refId":"r","botEvents":{}}' ]
}

@test "definitions of almost nothing come back" {
	for json in '{"_id":"s"}' '{"_id":"s"}
' '{"_id":"s","dialogs":[]}' '{"_id":"s","botEvents":{}}' \
	    '{"_id":null,"dialogs":{},"botEvents":[]}' \
	    '{"refId":"","dialogs":null,"mlParams":[{"dialogIntents":[]},{"dialogIntents":{}},3]}' \
	    '{"refId":7,"localeData":{"en":{"synonyms":{}},"de":7,"fr":{"synonyms":[]}}}' \
	    '{"_id":[],"localeData":{"en":{"synonyms":{},"synonyms":{"a":1}}}}' \
	    '{"_id":{},"knowledgeTasks":[{"faqs":{"faqs":[]}},{"faqs":[]},{}]}'
	do
		definition "$json"
		comes_back in
		pkg-unpack in >s.ndjson
		good_stream s.ndjson in
	done
}

@test "an empty config.json and empty files come back" {
	definition '{"refId":"r"}'
	printf '{}' >in/config.json
	: >in/script.js
	comes_back in
	: >in/icon.png
	zip_of x.zip in script.js botDefinition.json icon.png
	comes_back x.zip
	python3 "$tests/oracle/check-zip.py" back.zip
	try_sh 'pkg-unpack in | pkg-pack -o d/ && diff -r in d'
	[ "$status" -eq 0 ]
}

@test "members that the map does not know are carried from a zip" {
	cp -r "$xo11" in
	mkdir -p in/deep/er
	: >in/zero.bin
	printf 'text\r\n\0\377' >in/deep/er/x.txt
	echo '{"not": "ours"}' >in/deep/other.json
	echo hidden >in/.hidden
	zip_of x.zip in .hidden deep/er/x.txt appDefinition.json zero.bin \
	    deep/other.json config.json icon.png LibraryFunctions.js
	comes_back x.zip
	try_sh 'cat x.zip | pkg-unpack | pkg-pack -f -o back.zip'
	[ "$status" -eq 0 ]
	same_members x.zip back.zip
	python3 "$tests/oracle/check-zip.py" back.zip
	pkg-unpack x.zip >s.ndjson
	good_stream s.ndjson x.zip
}

@test "a binary of many slices comes back, from all but UTF-8" {
	definition '{"refId":"r"}'
	head -c 200001 /dev/urandom >in/icon.png
	# characters of two to four bytes, cut by each slice's end
	python3 -c 'print("aé€😀\\\"\n\t" * 20000)' >in/script.js
	comes_back in
	pkg-unpack in >s.ndjson
	good_stream s.ndjson in
	{ cat in/script.js; printf '\377'; } >in/other.js
	comes_back in
}

@test "from a folder only what the map knows is taken, -a takes all" {
	cp -r "$xo10" in
	echo me >in/README.md
	mkdir -p in/exports in/.git
	echo me >in/exports/x.txt
	echo me >in/.git/config
	try_sh 'pkg-unpack in | pkg-pack -o y.zip'
	[ "$status" -eq 0 ]
	quiet
	same_members "$xo10" y.zip
	try pkg-unpack -v in
	says 'left out' README.md
	[[ $stderr == *exports/x.txt* ]]
	try_sh 'pkg-unpack -a in | pkg-pack -f -o y.zip'
	[ "$status" -eq 0 ]
	rm -r in/.git
	try_sh 'pkg-unpack --all-files in | pkg-pack -f -o y.zip'
	[ "$status" -eq 0 ]
	same_members in y.zip
}

@test "a wrapping folder and what macOS adds are seen through" {
	mkdir -p all/App/sub all/__MACOSX/App
	cp "$xo11"/* all/App
	echo x >all/App/sub/x.txt
	echo apple >all/__MACOSX/._App
	echo apple >all/__MACOSX/App/._icon.png
	zip_of wrapped.zip all App/icon.png App/appDefinition.json App/sub/x.txt \
	    __MACOSX/._App __MACOSX/App/._icon.png App/config.json \
	    App/LibraryFunctions.js
	zip_of plain.zip all/App icon.png appDefinition.json sub/x.txt \
	    config.json LibraryFunctions.js
	for source in 'pkg-unpack wrapped.zip' 'cat wrapped.zip | pkg-unpack'; do
		try_sh "$source | pkg-pack -f -o y.zip"
		[ "$status" -eq 0 ]
		quiet
		same_members plain.zip y.zip
	done
	# as macOS writes it: entries of folders first
	(cd all && zip -q -r -X ../folders.zip App __MACOSX)
	try_sh 'pkg-unpack folders.zip | pkg-pack -o d/'
	[ "$status" -eq 0 ]
	diff -r all/App d
	try_sh 'pkg-unpack all | pkg-pack -f -o y.zip'
	[ "$status" -eq 0 ]
	same_members "$xo11" y.zip
}

@test "deflate levels and Zip64 change the zip, not its members" {
	for option in -l0 -l1 -l9 --level=6 --zip64; do
		try_sh "pkg-unpack \$xo10 | pkg-pack -f $option -o y.zip"
		[ "$status" -eq 0 ]
		same_members "$xo10" y.zip
		readable y.zip
		comes_back y.zip
	done
	[ "$(pkg-unpack "$xo10" | pkg-pack -l1 -o - | wc -c)" -gt \
	    "$(pkg-unpack "$xo10" | pkg-pack -l9 -o - | wc -c)" ]
}

@test "empty keys and empty texts pass through all tools" {
	mkdir p
	cp "$xo10/config.json" p
	printf '%s' '{"":0,"_id":"","dialogs":[{"":{"":""},"_id":"","lname":""}]}' \
		>p/botDefinition.json
	pkg-unpack p >s.ndjson
	for tool in 'pkg-filter-status latest' \
		'pkg-select -x -k dialog' \
		'pkg-merge incremental --into s.ndjson'; do
		try_sh "$tool s.ndjson >$BATS_TEST_TMPDIR/out"
		[ "$status" -eq 0 ]
	done
	try pkg-pack -o out.zip s.ndjson
	[ "$status" -eq 0 ]
	same_members p out.zip
}
