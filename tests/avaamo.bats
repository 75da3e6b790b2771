#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Avaamo, of which no package is public, and generic packages: made here from
# what is documented, JSON and images.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# the folder p with an agent's files
agent() {
	mkdir -p p/skills p/images p/js
	cat >p/agent.json <<-'EOF'
	{
	  "name": "Harbour",
	  "platform_version": "7.1.0",
	  "environment_variables": [
	    {
	      "name": "TIDES_URL",
	      "value": "https://tides.example.com/?a=1&b=<2>"
	    },
	    {
	      "key": "k-2",
	      "name": "SEATS",
	      "value": 4.50
	    }
	  ],
	  "live_agent_settings": {
	    "on": true
	  },
	  "web_channel": {
	    "colour": "#08f"
	  },
	  "channels": [
	    {
	      "uuid": "ch-1",
	      "name": "sms"
	    }
	  ],
	  "permissions": [],
	  "persistent_menu": {
	    "items": [
	      "Boats",
	      "Quays"
	    ]
	  },
	  "quays": [
	    {
	      "_id": "q-1"
	    }
	  ],
	  "tags": [
	    "calm"
	  ],
	  "days": {}
	}
	EOF
	cat >p/skills/skills.json <<-'EOF'
	[
	  {
	    "key": "sk-boats",
	    "uuid": "u-1",
	    "id": 11,
	    "name": "Boats",
	    "intents": [
	      {
	        "key": "in-1",
	        "utterances": [
	          "two seats",
	          "a boat\u2026"
	        ]
	      }
	    ]
	  },
	  {
	    "key": null,
	    "uuid": "u-2",
	    "display_name": "Quays"
	  }
	]
	EOF
	printf '{"intents":[{"key":"in-9","name":"bye"}],"answers":[{"id":"a"}]}' \
	    >p/intents.json
	printf 'function tide() {\r\n\treturn "é";\r\n}' >p/js/tide.js
	: >p/images/none.png
	head -c 100000 /dev/urandom >p/images/boat.png
	head -c 49152 /dev/urandom >'p/images/Quay 7 – night.jpg'
	head -c 70000 /dev/zero >p/images/zero.bin
}

# a zip of the folder p by python3, with Zip64 in each member if asked;
# "stream" writes it as a program does that cannot go back
python_zip() {
	python3 - "$@" <<-'PY'
	import io, os, sys, zipfile
	class Pipe(io.RawIOBase):
	    """A file without a way back."""
	    def __init__(self, path):
	        self.f = open(path, "wb")
	    def writable(self):
	        return True
	    def seekable(self):
	        return False
	    def write(self, data):
	        return self.f.write(bytes(data))
	    def close(self):
	        self.f.close()
	zip, words = sys.argv[1], sys.argv[2:]
	names = sorted(os.path.relpath(os.path.join(d, n), "p")
	               for d, _, ns in os.walk("p") for n in ns)
	out = Pipe(zip) if "stream" in words else open(zip, "wb")
	with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if "stored" in words
	                     else zipfile.ZIP_DEFLATED) as z:
	    for n in names:
	        with open(os.path.join("p", n), "rb") as f, z.open(n, "w",
	                force_zip64="zip64" in words) as m:
	            m.write(f.read())
	out.close()
	PY
}

# the versions that the members of a zip need, each once
versions() {
	python3 - "$1" <<-'PY'
	import sys, zipfile
	with zipfile.ZipFile(sys.argv[1]) as z:
	    assert z.testzip() is None
	    print(sorted({i.extract_version for i in z.infolist()}))
	PY
}

# whether the local header of each member has the sizes of Zip64: whatever
# version of zipfile wrote it (3.11.2 tells an older version of the format)
is_zip64() {
	python3 - "$1" <<-'PY'
	import struct, sys, zipfile
	with zipfile.ZipFile(sys.argv[1]) as z, open(sys.argv[1], "rb") as f:
	    for i in z.infolist():
	        f.seek(i.header_offset + 26)
	        name, extra = struct.unpack("<HH", f.read(4))
	        f.seek(name, 1)
	        assert extra >= 20 and f.read(2) == b"\1\0", i.filename
	PY
}

# what a map says of its platform's size, made small
small_limit() {
	sed 's/^limit 4G package$/limit 200K package/' \
	    "$root/lib/platform/avaamo.map" >small.map
	run ! cmp -s small.map "$root/lib/platform/avaamo.map"
}

@test "a package comes back, as a zip, through a pipe and as a directory" {
	agent
	python_zip x.zip
	try_sh 'pkg-unpack -p avaamo x.zip >s.ndjson && pkg-pack -o y.zip s.ndjson'
	[ "$status" -eq 0 ]
	quiet
	good_stream s.ndjson x.zip
	try_sh 'cat x.zip | pkg-unpack -p avaamo | pkg-pack -o - >pipe.zip'
	[ "$status" -eq 0 ]
	quiet
	try_sh 'pkg-unpack -p avaamo p | pkg-pack -o d/'
	[ "$status" -eq 0 ]
	quiet
	diff -r p d
	try_sh 'pkg-unpack -p avaamo d | tee d.ndjson | pkg-pack -o d.zip'
	[ "$status" -eq 0 ]
	good_stream d.ndjson d
	same_members x.zip y.zip x.zip pipe.zip p d.zip
	python3 "$tests/oracle/check-zip.py" y.zip
}

@test "it must be asked for, and so must a package of any kind" {
	agent
	python_zip x.zip
	for command in 'pkg-unpack p' 'pkg-unpack x.zip' 'cat x.zip | pkg-unpack' \
	    'pkg-unpack <p/agent.json'; do
		refuses 3 "$command" 'Dialogflow CX agent'
	done
	for platform in avaamo generic; do
		try pkg-unpack -v -p "$platform" p
		[ "$status" -eq 0 ]
		says 'taken for' 'by request'
		[[ ${lines[0]} == *'"platform":"'"$platform"'"'* ]]
		good_stream <(printf '%s\n' "$output") p
	done
	# nobody takes another platform's package for one unasked
	try_sh 'pkg-unpack "$xo10" | head -n 1'
	[[ $output == *'"platform":"kore"'* ]]
}

@test "a generic package comes back, whatever is in it" {
	mkdir -p in/deep/er
	printf '{"a":{"b":[]},"list":[{"id":1},{"id":2}],"n":null}\n' >in/x.json
	printf '[[1,2],{"title":"T"},"s"]' >in/deep/things.json
	printf '"only a text"' >in/deep/er/text.json
	printf 'a: b\r\n' >in/y.yaml
	printf '\377\n' >in/z.txt
	printf '\0' >in/deep/er/bin
	try_sh 'pkg-unpack -p generic in >s.ndjson && pkg-pack -o y.zip s.ndjson &&
	    pkg-pack -o d/ s.ndjson'
	[ "$status" -eq 0 ]
	quiet
	good_stream s.ndjson in
	diff -r in d
	same_members in y.zip
	diff - <(jq -r 'select(.kind[:1] != "@") | [.kind, .id, .name, .at] |
	    map(. // "") | join(" ")' s.ndjson) <<-'EOF'
	data   
	thing   /-
	thing  T /-
	thing   /-
	member  a /a
	list 1  /list/-
	list 2  /list/-
	member  n /n
	EOF
}

@test "no name of a member or a file makes a reserved kind" {
	mkdir in
	printf '{"@graph":[{"id":"a"}],"@end":[{"id":"b"}],"x:y":[{"id":"c"}]}' \
	    >in/ld.json
	printf '[{"id":"d"}]' >in/@file.json
	for platform in avaamo generic; do
		try_sh 'pkg-unpack -p "$1" in >s.ndjson &&
		    pkg-pack -f -o y.zip s.ndjson' "$platform"
		[ "$status" -eq 0 ]
		same_members in y.zip
		good_stream s.ndjson in
		diff - <(jq -r '.kind | select(startswith("@"))' s.ndjson |
		    LC_ALL=C sort | uniq -c | tr -s ' ') <<-'EOF'
		 1 @end
		 2 @file
		 5 @open
		 1 @stream
		EOF
		run ! jq -e -s 'map(.kind) | any(contains(":"))' s.ndjson
	done
}

@test "members and elements are records, of the kinds that are documented" {
	agent
	pkg-unpack -p avaamo p >s.ndjson
	diff - <(jq -r 'select(.kind[:1] != "@") |
	    [.kind, .id // "-", .name // "-", .category // "-", .at] |
	    join("|")' s.ndjson) <<-'EOF'
	member|-|name|-|/name
	member|-|platform_version|-|/platform_version
	environmentvariable|TIDES_URL|TIDES_URL|environmentVariables|/environment_variables/-
	environmentvariable|k-2|SEATS|environmentVariables|/environment_variables/-
	liveagent|-|live_agent_settings|liveAgent|/live_agent_settings
	webchannel|-|web_channel|channels|/web_channel
	channel|ch-1|sms|channels|/channels/-
	persistentmenu|-|persistent_menu|persistentMenu|/persistent_menu
	quay|q-1|-|-|/quays/-
	tag|-|-|-|/tags/-
	member|-|days|-|/days
	intent|in-9|bye|skills/intents|/intents/-
	answerskill|a|-|answers|/answers/-
	skill|sk-boats|Boats|-|/-
	skill|u-2|Quays|-|/-
	EOF
}

@test "identity is the first of key, uuid, id, _id, name and display_name" {
	mkdir in
	python3 - <<-'PY'
	import json
	names = "key uuid id _id name display_name".split()
	out = [{n: n + "-1" for n in reversed(names[i:])} for i in range(6)]
	out += [{names[i]: None, names[i + 1]: 7} for i in range(5)]
	out += [{"key": "", "uuid": {"key": "no"}, "id": True}, {}, {"other": 1}]
	json.dump({"skills": out}, open("in/a.json", "w"), indent=2)
	PY
	pkg-unpack -p avaamo in >s.ndjson
	diff - <(jq -r 'select(.kind == "skill") | .id // "none"' s.ndjson) <<-'EOF'
	key-1
	uuid-1
	id-1
	_id-1
	name-1
	display_name-1
	7
	7
	7
	7
	7
	true
	none
	none
	EOF
	good_stream s.ndjson in
}

@test "images are slices, JavaScript is text, nothing is held back" {
	agent
	pkg-unpack -p avaamo p >s.ndjson
	(cd p && find . -type f -printf '%P %s\n') | LC_ALL=C sort >sizes
	jq -r 'select(.kind == "@file") | [.file, .size] | join(" ")' s.ndjson |
	    LC_ALL=C sort | diff sizes -
	diff - <(jq -r 'select(.kind == "@file") | [.type, .file] | join(" ")' \
	    s.ndjson | LC_ALL=C sort) <<-'EOF'
	binary images/Quay 7 – night.jpg
	binary images/boat.png
	binary images/none.png
	binary images/zero.bin
	json agent.json
	json intents.json
	json skills/skills.json
	text js/tide.js
	EOF
	[ "$(jq -r 'select(.kind == "@data" and .file == "images/boat.png") |
	    .offset' s.ndjson | tr '\n' ' ')" = '0 49152 98304 ' ]
	[ "$(jq -r 'select(.kind == "@data" and (.file | contains("Quay"))) |
	    .offset' s.ndjson)" = 0 ]
	[ "$(jq -r 'select(.kind == "@data" and .file == "js/tide.js").value' \
	    s.ndjson | tail -n 1)" = '}' ]
}

@test "Zip64 is read, from a file and from a pipe, whoever wrote it" {
	agent
	python_zip plain.zip
	pkg-unpack -p avaamo plain.zip | grep -v '^{"kind":"@\(file\|end\)' >want
	for words in zip64 'zip64 stored' 'zip64 stream' stream; do
		# shellcheck disable=SC2086 # words
		python_zip x.zip $words
		case $words in
		zip64*) is_zip64 x.zip ;;
		esac
		for command in 'pkg-unpack -p avaamo x.zip' \
		    'cat x.zip | pkg-unpack -p avaamo'; do
			try_sh "$command"' >s.ndjson && pkg-pack -f -o y.zip s.ndjson'
			[ "$status" -eq 0 ]
			quiet
			grep -v '^{"kind":"@\(file\|end\)' s.ndjson | cmp - want
		done
		same_members x.zip y.zip
		[ "$(versions y.zip)" = '[20]' ]
	done
}

@test "Zip64 is written with --zip64, and unasked where a file is 2 GiB" {
	agent
	pkg-unpack -p avaamo p >s.ndjson
	pkg-pack --zip64 -o x.zip s.ndjson
	[ "$(versions x.zip)" = '[45]' ]
	unzip -tq x.zip
	bsdtar -tf x.zip
	for command in 'pkg-unpack -p avaamo x.zip' \
	    'cat x.zip | pkg-unpack -p avaamo'; do
		try_sh "$command | pkg-pack -f -o y.zip"
		[ "$status" -eq 0 ]
		quiet
		same_members p y.zip
	done
	# what is said of the first file decides, before its bytes come
	for size in 2147483647 2147483648; do
		sed "0,/\"size\":[0-9]*/s//\"size\":$size/" s.ndjson |
		    pkg-pack --edited -f -o x.zip
		same_members p x.zip
		[ "$(versions x.zip)" = "[$((size > 2147483647 ? 45 : 20))]" ]
	done
}

@test "a package over the platform's limit is refused, or told" {
	agent
	grep -qx 'limit 4G package' "$root/lib/platform/avaamo.map"
	small_limit
	pkg-unpack -p avaamo p >s.ndjson
	# 150 KB and little else: below; with one more image above
	try pkg-pack --map small.map -o y.zip s.ndjson
	[ "$status" -eq 0 ]
	quiet
	head -c 60000 /dev/urandom >p/images/more.png
	pkg-unpack -p avaamo p >s.ndjson
	refuses 5 'pkg-pack --map small.map -o z.zip s.ndjson' \
	    'larger than the 204800 bytes' Avaamo --no-limits
	[ ! -e z.zip ]
	refuses 5 'pkg-pack --map small.map -f -o y.zip s.ndjson' 204800
	unzip -tq y.zip
	run ! unzip -l y.zip images/more.png
	try pkg-pack --map small.map --no-limits -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	says warning 'larger than the 204800 bytes'
	same_members p z.zip
	# the platform's own limit is far away
	try pkg-pack -f -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	quiet
}

@test "what an export has more or other than guessed takes a copy of the map" {
	agent
	sed 's,in data /skills/-,in data /quays/-,' \
	    "$root/lib/platform/avaamo.map" >mine.map
	try_sh 'pkg-unpack --map mine.map p >s.ndjson &&
	    pkg-pack --map mine.map -o y.zip s.ndjson'
	[ "$status" -eq 0 ]
	quiet
	same_members p y.zip
	[ "$(jq -r 'select(.at == "/quays/-") | [.kind, .id, .category] |
	    join(" ")' s.ndjson)" = 'skill q-1 skills' ]
}

@test "JSON on standard input needs its name, and has it in the package" {
	agent
	for platform in avaamo generic; do
		refuses 3 "pkg-unpack -p $platform <p/agent.json" stdin: --name
		try_sh 'pkg-unpack -p "$1" -n agent.json <p/agent.json |
		    pkg-pack -f -o y.zip' "$platform"
		[ "$status" -eq 0 ]
		quiet
		mkdir -p one
		cp p/agent.json one
		same_members one y.zip
		try_sh 'pkg-unpack -p "$1" -n agent.json <p/agent.json |
		    grep -c "\"at\":\"/quays/-\""' "$platform"
		[ "$output" -eq 1 ]
	done
}

@test "written over a directory its own files go, and others stay" {
	agent
	pkg-unpack -p avaamo p >s.ndjson
	mkdir -p tree/.git
	echo ref >tree/.git/HEAD
	pkg-pack -o tree/ s.ndjson
	try_sh 'grep -v "\"file\":\"images/boat.png\"" s.ndjson |
	    pkg-pack -v --edited -f -o tree/'
	[ "$status" -eq 0 ]
	says '1 file' removed
	[ ! -e tree/images/boat.png ]
	[ -e tree/images/zero.bin ]
	[ "$(cat tree/.git/HEAD)" = ref ]
}
