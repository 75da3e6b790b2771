#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What pkg-unpack and pkg-pack refuse: with the exit status that pkg-tools(7)
# has for it, with one message, and without leaving anything behind.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup_file() {
	# zips from their parts, each of which may be made to lie
	cat >"$BATS_FILE_TMPDIR/zips.py" <<-'PY'
	import struct, sys, zlib

	APP = b'{"refId":"a"}'

	def member(name=b"botDefinition.json", raw=APP, flags=0, method=8,
	           mode=0o100644, central=None, crc=None, dos=None, extra=b""):
	    c = zlib.compressobj(9, zlib.DEFLATED, -15)
	    data = raw if method == 0 else c.compress(raw) + c.flush()
	    return dict(name=name, central=central or name, flags=flags,
	        method=method, data=data, size=len(raw), extra=extra,
	        made=0x314 if dos is None else 20,
	        mark=mode << 16 if dos is None else dos,
	        crc=zlib.crc32(raw) if crc is None else crc)

	def build(*members, comment=b""):
	    out, directory = b"", b""
	    for m in members:
	        fields = struct.pack("<HHHHIII", m["flags"], m["method"], 0, 0x21,
	            m["crc"], len(m["data"]), m["size"])
	        directory += (b"PK\1\2" + struct.pack("<HH", m["made"], 20) +
	            fields + struct.pack("<5H2I", len(m["central"]),
	            len(m["extra"]), 0, 0, 0, m["mark"], len(out)) +
	            m["central"] + m["extra"])
	        out += (b"PK\3\4" + struct.pack("<H", 20) + fields +
	            struct.pack("<HH", len(m["name"]), len(m["extra"])) +
	            m["name"] + m["extra"] + m["data"])
	    return out + directory + b"PK\5\6" + struct.pack("<4H2IH", 0, 0,
	        len(members), len(members), len(directory), len(out),
	        len(comment)) + comment

	# a member with a second name, as Info-ZIP has it (0x7075)
	def named(name, second):
	    field = struct.pack("<BI", 1, zlib.crc32(name)) + second
	    return build(member(), member(name, b"f()",
	        extra=struct.pack("<HH", 0x7075, len(field)) + field))

	# a zip of one member behind other bytes, which its places account for
	def moved(before, zip):
	    zip, n = bytearray(zip), len(before)
	    for at in zip.index(b"PK\1\2") + 42, zip.index(b"PK\5\6") + 16:
	        struct.pack_into("<I", zip, at,
	            struct.unpack_from("<I", zip, at)[0] + n)
	    return before + bytes(zip)

	sys.stdout.buffer.write(eval(sys.argv[1]))
	PY
}

setup() {
	mkdir "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/tmp"
	cd "$BATS_TEST_TMPDIR/work" || return
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
}

# whatever happened, there is no package and no temporary file
teardown() {
	[ -z "$(ls -A "$TMPDIR")" ] && [ ! -e y.zip ] && [ ! -e y ] &&
	    [ -z "$(compgen -G '.pkg-*')" ]
}

# a zip of such parts is refused, from a file and from a pipe, with words
hostile() {
	local zip=$1

	shift
	python3 "$BATS_FILE_TMPDIR/zips.py" "$zip" >evil.zip
	refuses 3 'pkg-unpack evil.zip' 'pkg-unpack: evil.zip: ' "$@"
	says_text
	refuses 3 'cat evil.zip | pkg-unpack' 'pkg-unpack: stdin: ' "$@"
	says_text
}

# no control character reaches the terminal
says_text() {
	run ! grep -q '[[:cntrl:]]' <<<"$stderr"
}

# an edit of the XO10 fixture's stream is refused by pkg-pack
edit_refused() {
	local status=$1 edit=$2

	shift 2
	pkg-unpack "$xo10" >s.ndjson
	refuses "$status" "$edit s.ndjson | pkg-pack -o y.zip" \
	    'pkg-pack: stdin:' "$@"
	mkdir d
	touch d/keep
	refuses "$status" "$edit s.ndjson | pkg-pack -o d/" 'pkg-pack: ' "$@"
	[ "$(ls -A d)" = keep ]
	rm -r d
}

@test "control characters in names are shown, those above U+007F too" {
	refuses 4 "pkg-unpack \$'a\\302\\233b\\033c\\303\\251'" 'a\x9bb\x1bcé'
}

# each of what a terminal would obey, and letters that it may have
@test "what a terminal would obey is shown in messages, lists and plans" {
	python3 - <<-'EOF'
	import json
	name = "".join(chr(c) for c in [*range(0x7f, 0xa1), 0x61c, 0x200d,
	    *range(0x200e, 0x2010), *range(0x2027, 0x2030),
	    *range(0x2066, 0x206a), 0x10348]) + "é"
	safe = "".join(c if ord(c) in (0xa0, 0x200d, 0x2027, 0x202f, 0x10348,
	    0xe9) else "\\u%04x" % ord(c) for c in name)
	dialog = {"_id": "d1", "refId": "r1", "name": name,
	    "localeData": {"en": {"name": name}}}
	for side, more in ("t", {}), ("s", {"x": 1}):
	    with open(side + ".json", "w") as f:
	        json.dump({"localeData": {"en": {"name": "A"}}, "_id": "b",
	            "dialogs": [{**dialog, **more}], "dialogComponents": [],
	            "sentences": [], "knowledgeTasks": []}, f,
	            ensure_ascii=False)
	open("name", "w").write(name)
	open("safe", "w").write(safe)
	open("message", "w").write(safe.replace("\\u00", "\\x"))
	EOF
	for side in s t; do
		pkg-unpack -q -n botDefinition.json <"$side.json" >"$side.nd"
	done
	pkg-select --list s.nd | grep -F "$(cat safe)"
	pkg-select --list --json s.nd | grep -F "$(cat safe)" >object
	[ "$(jq -r .name object)" = "$(cat name)" ]
	pkg-select --explain r1 s.nd | grep -F "$(cat safe)"
	pkg-merge full --plan --full --into t.nd s.nd | grep -F "$(cat safe)"
	pkg-merge full --plan=json --into t.nd s.nd | sed -n 1p >plan
	grep -F "$(cat safe)" plan
	[ "$(jq -r .name plan)" = "$(cat name)" ]
	refuses 4 'pkg-select "$(cat name)"' "$(cat message)"
	refuses 2 'pkg-select --memory "$(cat name)"' "$(cat message)"
	refuses 2 'pkg-filter-status "$(cat name)"' "$(cat message)"
	refuses 2 'pkg-pack "--$(cat name)"' "$(cat message)"
	refuses 4 "pkg-unpack \$'a\\302b\\233'" 'a\xc2b\x9b:'
}

# ---- what is no package

@test "an empty file is told as one" {
	: >botDefinition.json
	refuses 3 'pkg-unpack botDefinition.json' \
	    'pkg-unpack: botDefinition.json: ' empty expected zip JSON
	refuses 3 'pkg-unpack </dev/null' 'pkg-unpack: stdin: ' empty expected
	: >x.zip
	refuses 3 'pkg-unpack x.zip' 'pkg-unpack: x.zip: ' empty expected
	python3 "$BATS_FILE_TMPDIR/zips.py" 'build()' >x.zip
	refuses 3 'pkg-unpack x.zip' 'pkg-unpack: x.zip: ' 'no files' \
	    botDefinition.json
}

@test "an empty definition is no JSON" {
	hostile 'build(member(raw=b""))' botDefinition.json
	hostile 'build(member(raw=b" \n"))' botDefinition.json 'byte 2'
	mkdir d
	: >d/appDefinition.json
	refuses 3 'pkg-unpack d' 'pkg-unpack: d: ' appDefinition.json
}

@test "a folder without a definition: what was found, what was expected" {
	mkdir d empty
	cp "$xo10/config.json" "$xo10/icon.png" d
	refuses 3 'pkg-unpack d' 'pkg-unpack: d: ' 'found config.json, icon.png' \
	    expected 'Kore.ai app (botDefinition.json or appDefinition.json)'
	refuses 3 'pkg-unpack empty' 'pkg-unpack: empty: ' 'no files' expected \
	    botDefinition.json
	refuses 3 'pkg-unpack d/config.json d/icon.png' 'found config.json' \
	    expected
}

@test "a zip of pictures: what was found, what was expected" {
	for name in {1..9}; do
		cp "$xo10/icon.png" "picture$name.png"
	done
	zip_of x.zip . picture{1..9}.png
	for command in 'pkg-unpack x.zip' 'cat x.zip | pkg-unpack'; do
		refuses 3 "$command" 'found picture1.png, picture2.png' ... \
		    expected botDefinition.json
	done
}

@test "a text and noise are neither a zip nor JSON" {
	echo 'some text' >x.txt
	refuses 3 'pkg-unpack x.txt' 'found x.txt' expected
	refuses 3 'pkg-unpack <x.txt' 'neither a zip nor JSON'
	printf '\200\1\2\n' >noise
	refuses 3 'pkg-unpack noise' 'pkg-unpack: noise: ' expected
	refuses 3 'cat noise | pkg-unpack' 'pkg-unpack: stdin: ' \
	    'neither a zip nor JSON' expected
	refuses 3 'pkg-pack -o y.zip <noise' 'bytes that are no text' \
	    'expected a stream'
}

# wrong inputs of many kinds, from a package x.zip and its stream s.ndjson
wrong_inputs() {
	mkdir plain nothing around two
	cp "$xo10/config.json" plain
	cp x.zip around/agent.zip
	cp -r "$xo10" two/dev
	cp -r "$xo10" two/prod
	cp "$xo10/icon.png" x.png
	cp "$xo10/botDefinition.json" my-bot.json
	(cd "$xo10" && bsdtar -cf "$OLDPWD/x.tar" .)
	zip -qXP word encrypted.zip my-bot.json
	pkg-diff --patch x.zip x.zip >patch.ndjson
	python3 - "$xo10/botDefinition.json" <<-'EOF'
	import base64, bz2, gzip, json, lzma, sys, zipfile
	def write(name, data):
	    with open(name, "wb") as out:
	        out.write(data.encode() if isinstance(data, str) else data)
	def zip(name, **members):
	    with zipfile.ZipFile(name, "w") as out:
	        for member, data in members.items():
	            out.writestr(member.replace("__", "/") + ".json", data)
	package = open("x.zip", "rb").read()
	stream = open("s.ndjson", "rb").read()
	bot = open(sys.argv[1], "rb").read()
	write("x.gzip", gzip.compress(package))
	write("x.bzip2", bz2.compress(package))
	write("x.xz", lzma.compress(package))
	write("x.b64", base64.encodebytes(package))
	write("x.gz64", base64.b64encode(gzip.compress(package)))
	write("x.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 40)
	write("x.rar", b"Rar!\x1a\x07\1\0" + b"\0" * 40)
	write("x.z01", b"PK\7\10" + package[:2000])
	write("x.html", "\n <!DOCTYPE html>\n<title>Log in</title>")
	write("x.xml", '<?xml version="1.0"?><Error/>')
	write("x.http", "HTTP/1.1 200 OK\r\n\r\n{}")
	write("x.lfs", "version https://git-lfs.github.com/spec/v1\n")
	write("x.git", b"<<<<<<< HEAD\n" + bot)
	write("x.utf16", bot.decode().encode("utf-16"))
	write("ps.utf16", bot.decode().encode("utf-16-le"))
	write("x.bom", b"\xef\xbb\xbf" + bot)
	with zipfile.ZipFile("outer.zip", "w") as out:
	    out.writestr("agent.zip", package)
	lex = {"metadata": {"importType": "LEX"}, "resource": {"name": "x"}}
	write("lex.json", json.dumps(lex))
	zip("lex1.zip", Bot=json.dumps(lex))
	zip("lex2.zip", My__Bot="{}", Manifest='{"metaData": {}}')
	zip("es.zip", package='{"version": "1"}', agent=json.dumps({
	    "language": "en", "defaultTimezone": "x"}))
	zip("two.zip", dev__botDefinition=bot, prod__botDefinition=bot)
	write("empty.zip", "")
	write("cut.zip", package[:len(package) // 2])
	write("text.zip", "no zip\n")
	write("noise", bytes(range(128, 256)))
	write("blank", " \n" * 9)
	write("number.json", "42\n")
	write("array.json", '[{"name": "x"}]')
	write("answer.json", '{"errors": [{"msg": "expired"}]}')
	write("plan.json", '{"totals": {}, "notes": []}\n')
	write("cut.ndjson", stream[:len(stream) // 2])
	write("dead.ndjson", stream[:stream.rindex(b'{"kind":"@end"')])
	write("tail.ndjson", stream[stream.index(b"\n") + 1:])
	write("twice.ndjson", stream + stream)
	write("crlf.ndjson", stream.replace(b"\n", b"\r\n"))
	EOF
}

# each place where a tool reads: whether it wants a package, a stream (or
# either) or a patch, and a command that gives it $in there
doors=('package pkg-unpack "$in"' 'package pkg-unpack <"$in"'
    'stream pkg-select "$in"' 'stream cat "$in" | pkg-select'
    'stream pkg-pack -o y "$in"' 'stream pkg-filter-status latest "$in"'
    'stream pkg-merge full --into s.ndjson "$in"'
    'stream pkg-merge incremental --into "$in" s.ndjson'
    'stream pkg-merge three-way --base "$in" --into x.zip s.ndjson'
    'stream pkg-merge apply --into "$in" patch.ndjson'
    'patch pkg-merge apply --into s.ndjson "$in"'
    'stream pkg-diff "$in" s.ndjson' 'stream pkg-diff s.ndjson "$in"'
    'stream pkg-check "$in"' 'stream pkg-vars list "$in"'
    'stream pkg-rename intent:a=b "$in"')

# One line a kind: what is said of it, and what to do, to all; or, behind the
# next bar, where a stream may be instead.
@test "of what is given by mistake each tool says what it is, and what to do" {
	local in what todo streams turn=0 door wants said words

	pkg-unpack "$xo10" | sed 's/\\ud800//' | pkg-pack --edited -o x.zip
	pkg-unpack x.zip >s.ndjson
	xo10=$PWD/xo10
	pkg-pack -q -o xo10/ s.ndjson
	wrong_inputs
	while IFS='|' read -r in what todo streams; do
		for door in "${doors[@]}"; do
			wants=${door%% *}
			# each kind at some of the doors, in turn
			tried $((++turn)) || continue
			# no folder comes through a pipe
			if [ -d "$in" ] && [[ $door == *'<'* || $door == *cat* ]]
			then
				continue
			fi
			words="$what*$todo"
			[ "$wants" = package ] || words=${streams:-$words}
			case $wants.$in in
			patch.patch.ndjson) continue ;;
			patch.empty.zip) words='is empty; expected a patch' ;;
			patch.tail.ndjson | patch.crlf.ndjson) ;;
			patch.*.ndjson) words='no patch*pkg-diff(1) --patch' ;;
			esac
			status=0
			said=$(export in && eval "${door#* }" 2>&1 >/dev/null) ||
			    status=$?
			case $status in 3 | 6) ;; *) false ;; esac
			[[ $said == *$words* ]] || {
				echo "$in: ${door#* }: $said"
				echo "expected: $words"
				false
			}
		done
	done <<-'EOF'
	x.gzip|found a gzip file|gzip -d
	x.bzip2|found a bzip2 file|bzip2 -d
	x.xz|found an xz file|xz -d
	x.7z|found a 7z archive|7z x
	x.rar|found a RAR archive|unrar x
	x.tar|found a tar archive|tar -x
	x.z01|found a part of a zip that was split|zip -s 0
	x.b64|found a zip in base64|base64 -d
	x.gz64|found a gzip file in base64|base64 -d
	x.html|found an HTML page|export again
	x.xml|found an XML text|export again
	x.http|found an answer with its HTTP headers|curl
	x.lfs|found a Git LFS pointer|git lfs pull
	x.git|found git's conflict markers|resolve the merge
	x.utf16|found a text in UTF-16|iconv -f UTF-16
	ps.utf16|found a text in UTF-16|iconv -f UTF-16LE
	x.bom|found a byte order mark|take it off
	x.png|found a picture|what the platform exported|found a picture*pkg-unpack(1)
	outer.zip|agent.zip: found a zip|unpack the outer zip
	around|agent.zip: found a zip|give the zip itself
	two.zip|found two packages, in the folders dev/ and prod/|unpack the zip
	two|found two packages, in the folders dev/ and prod/|the folder of one
	encrypted.zip|found an encrypted member|decrypt
	lex.json|an Amazon Lex bot is not understood|pkg-map(5)
	lex1.zip|an Amazon Lex bot is not understood|pkg-map(5)
	lex2.zip|an Amazon Lex bot is not understood|pkg-map(5)
	es.zip|Dialogflow ES|migrate the agent to Dialogflow CX
	empty.zip|is empty; expected a package|a zip, or|the input is empty; expected a stream*pkg-unpack(1)
	cut.zip|found no end record|cut short*get it again
	text.zip|a text that begins "no zip"|give what the platform|a text that begins "no zip"*give what pkg-
	noise|bytes that are no text|give what the platform|bytes that are no text*give what pkg-
	blank|nothing but white space|give what the platform|nothing but white space*give what pkg-
	number.json|a text that begins "42"|give what the platform|a text that begins "42"*give what pkg-
	array.json|a JSON array|give what the platform
	answer.json|answer of an API that failed, JSON with "errors"|export again
	plan.json|JSON with "totals", "notes"|give what the platform
	plain|found config.json|give what the platform
	nothing|found no files|give what the platform
	cut.ndjson|found a stream|pkg-pack(1)|in the middle of a line: what wrote it did not finish
	dead.ndjson|found a stream|pkg-pack(1)|without @end: what wrote it did not finish
	tail.ndjson|a stream whose beginning is cut off|pkg-pack(1)|expected @stream as the first line: is the beginning cut off
	twice.ndjson|found a stream|pkg-pack(1)|found a second stream*joined by pkg-merge(1)
	patch.ndjson|found a patch|pkg-merge(1) apply|this is a patch: pkg-merge(1) apply
	crlf.ndjson|found a stream|pkg-pack(1)|the line ends in CR LF*tr -d '\\r'
	EOF
	[ ! -e y ]
	# through a named pipe, too
	mkfifo fifo
	cat x.html >fifo &
	refuses 3 'pkg-check fifo' 'fifo: found an HTML page' 'export again'
	# what has the members of a definition has its name, or none
	refuses 3 'pkg-unpack my-bot.json' 'members of botDefinition.json' \
	    'give it that name, or on standard input'
	pkg-unpack <my-bot.json >/dev/null
}

@test "a stream is no package, nor one that was edited a definition" {
	pkg-unpack "$xo10" >s.ndjson
	for command in 'pkg-unpack s.ndjson' 'cat s.ndjson | pkg-unpack'; do
		refuses 3 "$command" 'found a stream' pkg-pack
	done
	# a stream is not called one where it was edited alone
	sed '1s/":/": /' s.ndjson >e.ndjson
	refuses 3 'pkg-select e.ndjson' 'taken with --edited'
	[[ $stderr != *definition* ]]
	cmp <(pkg-select --edited e.ndjson | sed 1d) \
	    <(pkg-select s.ndjson | sed 1d)
}

@test "a package inside what is given is pointed at" {
	mkdir -p in out/deep/er
	cp "$xo10"/* out/deep/er
	zip_of in/agent.zip "$xo10" -r .
	cp "$xo10/icon.png" in
	zip_of outer.zip in -r .
	zip_of deep.zip out -r .
	refuses 3 'pkg-unpack in' agent.zip: 'found a zip' 'give the zip itself'
	for command in 'pkg-unpack outer.zip' 'cat outer.zip | pkg-unpack'; do
		refuses 3 "$command" agent.zip: 'found a zip' \
		    'the outer zip' 'the one in it'
	done
	refuses 3 'pkg-unpack out' 'a Kore.ai app in the folder deep/er/' \
	    'give that folder'
	refuses 3 'pkg-unpack deep.zip' 'the folder deep/er/' 'unpack the zip'
	# one folder around it is taken off
	pkg-unpack -q out/deep | sed 1d | cmp - <(pkg-unpack "$xo10" | sed 1d)
}

@test "what is left out of a folder is called what it is" {
	cp -r "$xo10" in
	ln -s icon.png in/link
	mkfifo in/pipe
	try pkg-unpack in
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	says 'in/link: warning: left out: it is a symbolic link' \
	    'in/pipe: warning: left out: it is neither a file nor a directory'
}

@test "a package of another platform than the one asked for is named" {
	refuses 3 'pkg-unpack -p kore "$tests/fixtures/cx"' \
	    'found a Dialogflow CX agent (agent.json)' \
	    'expected a Kore.ai app' '-p dialogflow_cx'
	zip_of x.zip "$xo10" -r .
	for command in 'pkg-unpack -p dialogflow_cx x.zip' \
	    'pkg-unpack -p dialogflow_cx "$xo10"'; do
		refuses 3 "$command" 'found a Kore.ai app (botDefinition.json)' \
		    'expected a Dialogflow CX agent' '-p kore'
	done
}

@test "a Dialogflow ES export is told apart, with what to do" {
	mkdir -p es/intents
	echo '{"description": "", "language": "en", "shortDescription": "",
	  "defaultTimezone": "America/New_York", "webhook": {}}' >es/agent.json
	echo '{"version": "1.0.0"}' >es/package.json
	echo '{"id": "1", "name": "Hello"}' >es/intents/Hello.json
	(cd es && zip -q -r ../es.zip intents package.json agent.json)
	for command in 'pkg-unpack es.zip' 'cat es.zip | pkg-unpack' \
	    'pkg-unpack es' 'pkg-unpack es/agent.json es/package.json'; do
		refuses 3 "$command" 'pkg-unpack: ' 'Dialogflow ES' \
		    'Dialogflow CX'
	done
}

@test "real Dialogflow ES exports are told apart" {
	corpus negative
	for zip in "$corpus"/*/*.zip; do
		refuses 3 "pkg-unpack '$zip'" 'Dialogflow ES'
		refuses 3 "cat '$zip' | pkg-unpack" 'Dialogflow ES'
	done
}

# ---- what cannot be read or written

@test "what is not there or cannot be read is exit 4" {
	refuses 4 'pkg-unpack nothing.zip' 'pkg-unpack: nothing.zip: ' \
	    'No such file'
	refuses 4 'pkg-pack -o y.zip nothing.ndjson' \
	    'pkg-pack: nothing.ndjson: ' 'No such file'
	mkdir d
	# a file that opens, and then cannot be read, not even by root
	ln -s /proc/self/mem s.ndjson
	refuses 4 'pkg-pack -o y.zip s.ndjson' s.ndjson 'Input/output error'
}

@test "a package that opens and cannot be read is not taken for empty" {
	ln -s /proc/self/mem botDefinition.json
	refuses 4 'pkg-unpack botDefinition.json' botDefinition.json \
	    'Input/output error'
}

@test "a file without permission is exit 4" {
	[ "$(id -u)" -ne 0 ] || skip 'root may read everything'
	cp "$xo10/botDefinition.json" .
	chmod 0 botDefinition.json
	refuses 4 'pkg-unpack botDefinition.json' 'Permission denied'
}

@test "a full disk is exit 4, for a stream and for a zip" {
	refuses 4 'pkg-unpack "$xo10" >/dev/full' 'pkg-unpack: stdout: ' \
	    'No space left'
	pkg-unpack "$xo10" >s.ndjson
	refuses 4 'pkg-pack -o - s.ndjson >/dev/full' 'pkg-pack: stdout: ' \
	    'No space left'
	refuses 4 'pkg-unpack --report /dev/full "$xo10" >all' /dev/full \
	    'No space left'
	refuses 4 'pkg-unpack "$xo10" >&-' 'pkg-unpack: stdout: '
	refuses 4 'pkg-pack -o - s.ndjson >&-' 'pkg-pack: stdout: '
}

@test "a file larger than ulimit -f is exit 4, and nothing is left of it" {
	mkdir a work
	cp "$xo10"/* a
	head -c 300000 /dev/urandom | base64 >a/big.js
	pkg-unpack -a a >s.ndjson
	cd work
	export TMPDIR=.
	for command in 'pkg-pack -o o.zip ../s.ndjson' \
		'pkg-pack -o o/ ../s.ndjson' 'cat ../s.ndjson | pkg-select' \
		'pkg-select --rejects r -k dialog ../s.ndjson'; do
		refuses 4 "ulimit -f 20; $command" 'File too large'
	done
	[ -z "$(ls -A)" ]
}

@test "a folder that is not there or not writable is exit 4" {
	pkg-unpack "$xo10" >s.ndjson
	refuses 4 'pkg-pack -o no/y.zip s.ndjson' 'pkg-pack: no/y.zip: '
	refuses 4 'pkg-pack -o no/y/ s.ndjson' 'pkg-pack: no/y' 'No such file'
	refuses 4 'pkg-pack -o /proc/y.zip s.ndjson' 'pkg-pack: /proc/y.zip: '
	touch file
	refuses 4 'pkg-pack -o file/ s.ndjson' 'pkg-pack: file' \
	    'Not a directory'
	refuses 4 'pkg-pack -f -o file/ s.ndjson' 'Not a directory'
	mkdir d
	refuses 4 'pkg-pack -f -o d s.ndjson' 'pkg-pack: d: ' 'Is a directory'
}

@test "temporary files that cannot be made are exit 4" {
	# a member that tells the platform late must wait
	python3 "$BATS_FILE_TMPDIR/zips.py" \
	    'build(member(b"a", b"x" * 300000), member())' >x.zip
	refuses 4 'TMPDIR=/nowhere pkg-unpack x.zip' 'pkg-unpack: ' /nowhere
	try_sh 'pkg-unpack x.zip >/dev/null'
	[ "$status" -eq 0 ]
}

@test "what is there is not overwritten without -f" {
	pkg-unpack "$xo10" >s.ndjson
	echo mine >z.zip
	refuses 2 'pkg-pack -o z.zip s.ndjson' 'pkg-pack: z.zip: ' exists -f
	[ "$(cat z.zip)" = mine ]
	# at once, without waiting for the stream
	mkfifo never
	exec 7<>never
	refuses 2 'timeout 20 pkg-pack -o z.zip <never' exists
	exec 7<&-
	try pkg-pack --force -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	same_members "$xo10" z.zip
	mkdir d
	touch d/README.md d/icon.png
	refuses 2 'pkg-pack -o d/ s.ndjson' 'pkg-pack: d' 'icon.png' -f
	[ ! -s d/icon.png ]
	[ ! -e d/config.json ]
	touch d/old.js
	try_sh 'pkg-pack -f -v -o d/ s.ndjson'
	[ "$status" -eq 0 ]
	[ -e d/README.md ]
	[ ! -e d/old.js ]
	cmp d/icon.png "$xo10/icon.png"
	rm d/README.md
	diff -r d "$xo10"
}

@test "with -f a failure leaves the old package as it was" {
	pkg-unpack "$xo10" >s.ndjson
	echo mine >z.zip
	cp -r "$xo11" d
	refuses 6 'sed "\$d" s.ndjson | pkg-pack -f -o z.zip' 'without @end'
	[ "$(cat z.zip)" = mine ]
	refuses 6 'sed "\$d" s.ndjson | pkg-pack -f -o d/' 'without @end'
	diff -r "$xo11" d
	[ "$(ls -A)" = $'d\ns.ndjson\nz.zip' ]
}

@test "a zip from a pipe that lost a member or its end is refused" {
	zip_of whole.zip "$xo10" botDefinition.json config.json icon.png
	python3 - <<-'END'
	zip = bytearray(open("whole.zip", "rb").read())
	open("cut.zip", "wb").write(zip[:-1])
	second = zip.find(b"PK\3\4", 4)
	zip[second] = 0
	open("lost.zip", "wb").write(zip)
	END
	refuses 3 'cat lost.zip | pkg-unpack' stdin config.json \
		'expected its local header here'
	refuses 3 'cat cut.zip | pkg-unpack' stdin 'found no end record'
	cat whole.zip | pkg-unpack | tail -n 1 | grep @end
}

# ---- broken pipes

@test "a reader that has enough ends the tools quietly" {
	"$build/tests/generate" -s 4M -o big
	try_sh 'pkg-unpack big | head -n 1; echo "${PIPESTATUS[0]}"'
	quiet
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[1]}" -eq 141 ]
	pkg-unpack big >s.ndjson
	try_sh 'pkg-pack -l 0 -o - s.ndjson | head -c 9 >/dev/null
	    echo "${PIPESTATUS[0]}"'
	quiet
	[ "$output" -eq 141 ]
}

@test "and so where the parent ignores SIGPIPE" {
	"$build/tests/generate" -s 4M -o big
	pkg-unpack big >s.ndjson
	cat >enough.py <<-'PY'
	import signal, subprocess, sys
	signal.signal(signal.SIGPIPE, signal.SIG_IGN)
	p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE,
	    stderr=subprocess.PIPE, restore_signals=False)
	p.stdout.read(9)
	p.stdout.close()
	print(p.stderr.read().decode(), p.wait(), sep="")
	PY
	try python3 enough.py pkg-unpack big
	[ "$output" = -13 ]
	try python3 enough.py pkg-pack -l 0 -o - s.ndjson
	[ "$output" = -13 ]
}

@test "a bad package in a pipeline leaves nothing: one line from each" {
	head -c 3000 "$xo10/botDefinition.json" >bad.json
	for command in 'pkg-unpack -n botDefinition.json <bad.json' \
	    'pkg-unpack bad.zip' 'pkg-unpack --max-component 1K "$xo10"'; do
		try_sh "$command | pkg-pack -o y.zip"
		[ "$status" -eq 6 ]
		[ "${#stderr_lines[@]}" -eq 2 ]
		[[ $stderr == *'pkg-unpack: '* ]]
		[[ $stderr == *'pkg-pack: stdin:'* ]]
		[ ! -e y.zip ]
	done
}

# ---- streams

@test "a stream without @end is refused, wherever it was cut" {
	edit_refused 6 'sed \$d' 155: 'without @end'
	edit_refused 6 'head -n 3' 3: 'without @end'
	edit_refused 6 'head -n 1' 1: 'without @end'
	edit_refused 6 'head -c 30000' 'middle of a line'
	edit_refused 6 'head -c -1' 156: 'middle of a line'
	pkg-unpack "$xo10" | sed '$d' >s.ndjson
	refuses 6 'pkg-pack --edited -o y.zip s.ndjson' 's.ndjson:155:' \
	    'without @end'
	refuses 6 'pkg-pack -o y.zip </dev/null' 'pkg-pack: stdin:' empty
}

@test "a stream cut anywhere makes no package" {
	cat >cut.py <<-'PY'
	import os, subprocess
	text = subprocess.run(["pkg-unpack", os.environ["xo11"]],
	    capture_output=True, check=True).stdout
	step = int(os.environ["SPARSE"])
	for n in list(range(0, len(text), 397 * step)) + list(
	    range(-75, 0, step)):
	    r = subprocess.run(["pkg-pack", "-o", "y.zip"], input=text[:n],
	        capture_output=True)
	    # within its first line it is no stream yet
	    want = (3, 6) if 0 < n < text.index(b"\n") else (6,)
	    assert r.returncode in want, (n, r)
	    assert r.stderr.count(b"\n") == 1, (n, r)
	    assert b"pkg-pack: stdin:" in r.stderr, (n, r)
	    assert not os.path.exists("y.zip"), n
	PY
	try python3 cut.py
	[ "$status" -eq 0 ]
}

@test "a changed record is refused, and taken with --edited" {
	edit_refused 6 "sed 's/A small plant shop/A small plant shed/'" 156: sum \
	    --edited
	edit_refused 6 "sed '/@file/s/\"size\":69/\"size\":70/'" sum
	edit_refused 6 "sed '40s/\"file\"/\"x-mine\":1,\"file\"/'" sum
	pkg-unpack "$xo10" | sed 's/A small plant shop/A small plant shed/' \
	    >s.ndjson
	try pkg-pack --edited -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	quiet
	cp -r "$xo10" in
	sed -i 's/A small plant shop/A small plant shed/' in/botDefinition.json
	same_members in z.zip
}

@test "a removed or added record is refused, and taken with --edited" {
	edit_refused 6 'sed 100d' 155: '154 records' '153 came' --edited
	edit_refused 6 "sed '/\"kind\":\"utterance\"/d'" '154 records' '148 came'
	edit_refused 6 'sed 100p' '154 records' '155 came'
	edit_refused 6 "sed 's/\"records\":154/\"records\":0/'" '0 records' \
	    '154 came'
	pkg-unpack "$xo10" | sed '/"kind":"utterance"/d' >s.ndjson
	try pkg-pack --edited -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	try_sh 'unzip -p z.zip botDefinition.json | grep -A 1 "\"sentences\""'
	[ "$output" = $'    "sentences": [],\n    "koraResponses": [' ]
}

@test "a container without its value is refused by every tool" {
	pkg-unpack "$xo10" |
		sed '0,/"kind":"@open"/s/,"value":\(\[\]\|{}\)}$/}/' >s.ndjson
	line=$(grep -n '"@open"' s.ndjson | sed -n '1s/:.*//p')
	pkg-unpack "$xo10" >whole.ndjson
	for tool in 'pkg-filter-status latest' pkg-select \
	    'pkg-merge full --into whole.ndjson' pkg-check \
	    'pkg-diff whole.ndjson' 'pkg-pack -o z.zip'; do
		# shellcheck disable=SC2086 # words
		try $tool --edited s.ndjson
		[ "$status" -eq 6 ]
		says "s.ndjson:$line: " 'the value of an @open'
		[ ! -e z.zip ]
	done
}

# lines that match move to stand before (or after) the first that match
move() {
	awk -v what="$1" -v where="$3" -v after="$([ "$2" = before ] || echo 1)" '
	NR == FNR { if ($0 ~ what) held = held $0 "\n"; next }
	$0 ~ what { next }
	!done && $0 ~ where {
		done = 1
		if (after)
			print
		printf "%s", held
		if (after)
			next
	}
	{ print }' middle middle
}

@test "records out of their file's order are refused, --edited or not" {
	local edits=(
	    'tac middle' 'sort middle'
	    # a container's @open after its first record, and after its last
	    'move "@open.*/sentences\"" after "\"kind\":\"utterance\""'
	    'move "@open.*/sentences\"" before "@open.*/koraResponses"'
	    # a record before its container, in the next, after a setting
	    'move "\"kind\":\"form\"" before "@open.*/forms\""'
	    'move "\"kind\":\"form\"" after "@open.*/customDashboards"'
	    'move "\"kind\":\"form\"" after "/paramMaps\""'
	    # a container inside a component away from it, or before it
	    'move "@open.*/faqs/faqs\"" before "@open.*/widgetThemes\""'
	    'move "@open.*/synonyms\"" before "@open.*/localeData\""'
	    # records of one file among those of another, or before its @file
	    'move "\"kind\":\"pattern\"" after "\"kind\":\"@data\""'
	    'move "\"configsetting\"" before "@file.*config.json"'
	    'move "\"kind\":\"@data\"" after "@file.*botDef"'
	    # records lost or doubled that others stand on
	    'sed "/@file.*config.json/d" middle'
	    'sed "/@file.*config.json/p" middle'
	    'sed "/@open.*\"at\":\"\"/d" middle'
	    'sed "/@open.*\"at\":\"\"/p" middle'
	    'sed "/@open.*\\/sentences\"/d" middle'
	    'sed "/@open.*dialogIntents\"/d" middle'
	)
	pkg-unpack "$xo10" >s.ndjson
	sed '1d;$d' s.ndjson >middle
	for edit in "${edits[@]}"; do
		{
			sed -n 1p s.ndjson
			eval "$edit"
			sed -n '$p' s.ndjson
		} >t.ndjson
		run ! cmp -s s.ndjson t.ndjson
		for option in '' --edited; do
			refuses 6 "pkg-pack $option -o y.zip t.ndjson" \
			    'pkg-pack: t.ndjson:'
			# it is the place that is wrong, not the sum
			[[ $stderr != *'sum of @end'* ]]
		done
	done
}

@test "slices out of order, lost or doubled are refused" {
	cp -r "$xo10" in
	head -c 150000 /dev/urandom >in/icon.png
	pkg-unpack in >s.ndjson
	second=$(grep -n '"offset":49152' s.ndjson | cut -d : -f 1)
	for edit in "${second}d" "${second}p" "${second}{h;d};$((second + 1))G" \
	    "$((second - 1))d"; do
		sed "$edit" s.ndjson >t.ndjson
		for option in '' --edited; do
			refuses 6 "pkg-pack $option -o y.zip t.ndjson" \
			    t.ndjson: icon.png slice
		done
	done
}

@test "two streams, or anything after the end, are refused with a hint" {
	pkg-unpack "$xo10" >a.ndjson
	pkg-unpack "$xo11" >b.ndjson
	for option in '' --edited; do
		refuses 6 "cat a.ndjson b.ndjson | pkg-pack $option -o y.zip" \
		    'stdin:157:' 'second stream' pkg-merge
		refuses 6 "cat a.ndjson a.ndjson | pkg-pack $option -o y.zip" \
		    'second stream'
		refuses 6 "{ sed \\\$d a.ndjson; cat b.ndjson; } |
		    pkg-pack $option -o y.zip" 'stdin:156:' 'second @stream'
		refuses 6 "{ cat a.ndjson; echo; } | pkg-pack $option -o y.zip" \
		    'stdin:157:' 'after the @end'
		refuses 6 "{ cat a.ndjson; echo x; } |
		    pkg-pack $option -o y.zip" 'stdin:157:' 'after the @end'
		refuses 6 "{ cat a.ndjson; printf x; } |
		    pkg-pack $option -o y.zip" 'stdin:157:'
	done
}

@test "what is no stream, or a newer one, is refused" {
	for text in ' {"kind":"@stream"}' '{"kind":"dialog"' '{"kind":1}'; do
		printf '%s\n' "$text" >x
		refuses 3 'pkg-pack -o y.zip x' 'pkg-pack: x:1:' --edited
	done
	edit_refused 6 'sed 1d' 1: 'expected @stream'
	edit_refused 3 "sed '1s/\"version\":1/\"version\":2/'" 1: version
}

@test "lines in another form are refused, and taken with --edited" {
	edit_refused 6 "sed '40s/,\"file\"/, \"file\"/'" 40: --edited
	edit_refused 6 "sed '40s/}\$/} /'" 40:
	edit_refused 6 "sed '40s/\"kind\":\"[a-z]*\",\\(.*\\)/\\1/;40s/^/{/'" 40:
	edit_refused 6 "sed '40s/{/{\"other\":1,/'" 40:
	edit_refused 6 "sed '40s/\"at\"/\"other\":1,\"at\"/'" 40: 'does not know'
	edit_refused 6 "sed '40s/\"at\"/\"kind\":\"x\",\"at\"/'" 40:
	edit_refused 6 "sed '40s/\"kind\":\"/&@/'" 40:
	edit_refused 6 "sed '40s/\$/\\r/'" 40:
	edit_refused 6 "sed '40s/.*/&\\n/'" 41:
	edit_refused 6 "sed '40s/.*/null/'" 40:
	pkg-unpack "$xo11" >s.ndjson
	sed 's/,"/ ,\t"/g; s/{"/{ "/' s.ndjson >t.ndjson
	refuses 3 'pkg-pack -o y.zip t.ndjson' t.ndjson:1: --edited
	try pkg-pack --edited -o z.zip t.ndjson
	[ "$status" -eq 0 ]
	# blanks in strings were changed too, so compare the JSON's keys
	try_sh 'unzip -p z.zip appDefinition.json | jq -c "keys_unsorted"'
	[ "$output" = "$(jq -c keys_unsorted "$xo11/appDefinition.json")" ]
}

@test "a stream that went through jq is taken with --edited only" {
	# nothing in this package is a number or an escape that jq respells
	mkdir in
	python3 "$tests/oracle/check-layout.py" indent2 <"$xo11/appDefinition.json" \
	    >in/appDefinition.json
	cp "$xo11/icon.png" "$xo11/LibraryFunctions.js" in
	pkg-unpack in | jq -c . >s.ndjson
	try pkg-pack --edited -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	quiet
	same_members in z.zip
	# jq -S sorts, jq writes one of the records anew; the containers in a
	# flow must stay in their order
	pkg-unpack in >a.ndjson
	jq -c -S . a.ndjson | awk '
	NR == FNR { line[NR] = $0; next }
	line[FNR] ~ /^{"kind":"flow",/ { $0 = line[FNR] }
	{ print }' a.ndjson - >s.ndjson
	[ "$(grep -c '^{"kind":"flow",' s.ndjson)" -gt 0 ]
	refuses 3 'pkg-pack -o y.zip s.ndjson' s.ndjson:1: --edited
	try pkg-pack --edited -f -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	diff <(unzip -p z.zip appDefinition.json | jq -S .) \
	    <(jq -S . in/appDefinition.json)
	pkg-unpack in |
	    jq -c 'if .kind == "prompt" then .value.name = "ü" else . end' \
	    >s.ndjson
	refuses 6 'pkg-pack -o y.zip s.ndjson' sum --edited
	try pkg-pack --edited -f -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	sed -i 's/"name": "Patient librarian"/"name": "ü"/' \
	    in/appDefinition.json
	same_members in z.zip
	# pretty-printed it is no stream any more
	pkg-unpack in | jq . >s.ndjson
	refuses 3 'pkg-pack --edited -o y.zip s.ndjson' s.ndjson:1:
}

@test "--edited parses values: what is no JSON is refused" {
	pkg-unpack "$xo11" >s.ndjson
	for value in "{'a':1}" '{"a":1,}' '[1 2]' 'nul' '01' '"\x"' '{"a"}' \
	    $'"\xff"' '[' '{}}' 'NaN' '"a'; do
		v=$value awk '/"at":"\/appType"/ { sub(/"value":.*/, "");
		    $0 = $0 "\"value\":" ENVIRON["v"] "}" } { print }' \
		    s.ndjson >t.ndjson
		try pkg-pack --edited -o y.zip t.ndjson
		[ "$status" -eq 6 ] || [ "$status" -eq 3 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		says pkg-pack: t.ndjson:13:
		[ ! -e y.zip ]
	done
}

@test "more kinds and categories than can be told apart are refused" {
	{
		echo '{"kind":"@stream","version":1,"platform":"kore"}'
		echo '{"kind":"@file","file":"a.json","style":"compact"}'
		seq 5000 | sed 's|.*|{"kind":"dialog","id":"d&","category":"c&",\
			"file":"a.json","at":"/dialogs/&","value":1}|' |
			tr -d '\t' | paste -d '' - -
		echo '{"kind":"@end","records":5001,"sum":""}'
	} >s.ndjson
	refuses 5 'pkg-merge incremental --edited --into s.ndjson s.ndjson' \
		'more than 4096 kinds'
}

@test "brackets of a value that do not match are refused by a true sum, too" {
	cat >forge.py <<-'PY'
	import json, os, subprocess, sys
	lines = subprocess.run(["pkg-unpack", os.environ["xo11"]],
	    capture_output=True, check=True).stdout.split(b"\n")[:-1]
	def hashed(line):
	    open("line", "wb").write(line)
	    return int(subprocess.run(["xxhsum", "-H2", "line"], check=True,
	        capture_output=True).stdout.split()[0], 16)
	i = next(i for i, l in enumerate(lines) if b'"at":"/appType"' in l)
	total = int(json.loads(lines[-1])["sum"], 16) - hashed(lines[i])
	lines[i] = lines[i].replace(b'"unified"', sys.argv[1].encode())
	lines[-1] = b'{"kind":"@end","records":%d,"sum":"%032x"}' % (
	    len(lines) - 2, (total + hashed(lines[i])) % (1 << 128))
	sys.stdout.buffer.write(b"\n".join(lines) + b"\n")
	PY
	python3 forge.py '"other"' >s.ndjson
	try pkg-pack -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	for value in '[' '[[]' '[}' '"a' '{"a":1' '1]' '1}'; do
		python3 forge.py "$value" >s.ndjson
		refuses 6 'pkg-pack -f -o y.zip s.ndjson' 's.ndjson:'
	done
}

@test "files of a stream with unsafe names are refused" {
	for name in ../config.json a/../config.json /tmp/config.json ./config.json \
	    a//config.json . .. a/ 'a\\\\config.json' 'a\\u0000b' 'a\\nb' \
	    'a\\u001bb' ''; do
		pkg-unpack "$xo10" | sed "s|\"config.json\"|\"$name\"|" >s.ndjson
		refuses 3 'pkg-pack --edited -o y.zip s.ndjson' \
		    'pkg-pack: s.ndjson:'
		says_text
		refuses 3 'pkg-pack --edited -o y/ s.ndjson' 'pkg-pack: '
	done
	[ ! -e ../config.json ]
	[ ! -e /tmp/config.json ]
	pkg-unpack "$xo10" | sed 's/"icon.png"/"CONFIG.json"/' >s.ndjson
	refuses 6 'pkg-pack --edited -o y.zip s.ndjson' 's.ndjson:' twice
}

@test "an edit that a file cannot be made of is refused" {
	edited() {
		local expected=$1 edit=$2

		shift 2
		pkg-unpack "$xo10" | sed "$edit" >s.ndjson
		refuses "$expected" 'pkg-pack --edited -o y.zip s.ndjson' \
		    'pkg-pack: s.ndjson:' "$@"
	}
	edited 3 '2s/indent4/indent3/' 2: style
	edited 3 '2s/"style":"indent4",//' style
	edited 3 '/icon.*base64/s/iVBOR/iV!OR/' icon.png base64
	edited 6 '/icon.*offset/s/"offset":0/"offset":7/' icon.png slice
	edited 3 '100s/"at":"[^"]*",//' 100:
	edited 6 '100s/"value":.*/"x-a":1}/' 100:
	edited 6 '100s/"at":"[^"]*"/"at":"\/nowhere\/-"/' 100: /nowhere/-
	edited 3 '/botDefinition.json/d' definition
	edited 3 '/"kind":"@[se][tn][rd]/!d'
}

@test "a place that is no JSON pointer is refused" {
	pkg-unpack "$xo10" | sed '100s/"at":"[^"]*"/"at":"nowhere"/' >s.ndjson
	try pkg-pack --edited -o z.zip s.ndjson
	[ "$status" -eq 3 ] || [ "$status" -eq 6 ]
	says pkg-pack: s.ndjson:100:
}

@test "an encoding that pkg-stream(5) does not have is refused" {
	pkg-unpack "$xo10" | sed 's/"base64"/"base32"/' >s.ndjson
	try pkg-pack --edited -o z.zip s.ndjson
	[ "$status" -eq 3 ] || [ "$status" -eq 6 ]
	says pkg-pack: s.ndjson:155: icon.png
}

# ---- JSON

@test "JSON that ends in its middle is refused, wherever it ends" {
	cat >cut.py <<-'PY'
	import os, re, subprocess
	text = open(os.environ["xo10"] + "/botDefinition.json", "rb").read()
	step = 97 * int(os.environ["SPARSE"])
	for n in range(step, len(text), step):
	    r = subprocess.run(["pkg-unpack", "-n", "botDefinition.json"],
	        input=text[:n], capture_output=True)
	    assert r.returncode == 3, (n, r.returncode)
	    assert b'"@end"' not in r.stdout, n
	    said = re.fullmatch(rb"pkg-unpack: stdin: botDefinition.json: "
	        rb"byte (\d+): (/|\(root\)).*: .*get it again.*\n", r.stderr)
	    # where it ends, or where the word begins that is cut
	    assert said and n - 4 <= int(said[1]) <= n, (n, r.stderr)
	PY
	try python3 cut.py
	[ "$status" -eq 0 ]
}

@test "a byte that no JSON has is refused, wherever it stands" {
	cat >spoil.py <<-'PY'
	import os, re, subprocess
	text = open(os.environ["xo11"] + "/appDefinition.json", "rb").read()
	step = 257 * int(os.environ["SPARSE"])
	for n in range(0, len(text), step):
	    for bad in b"\1", b"\xff", b"\f":
	        r = subprocess.run(["pkg-unpack", "-n", "appDefinition.json"],
	            input=text[:n] + bad + text[n + 1:], capture_output=True)
	        assert r.returncode == 3, (n, bad, r.returncode)
	        assert b'"@end"' not in r.stdout, n
	        said = re.fullmatch(rb"pkg-unpack: stdin: appDefinition.json: "
	            rb"byte (\d+): .*\n", r.stderr)
	        assert said and n - 1 <= int(said[1]) <= n, (n, bad, r.stderr)
	PY
	try python3 spoil.py
	[ "$status" -eq 0 ]
}

@test "what is almost JSON is refused, with its place" {
	# text, offset where there is but one, words
	while IFS='|' read -r text offset words; do
		printf '%b' "$text" >botDefinition.json
		refuses 3 'pkg-unpack botDefinition.json' \
		    "pkg-unpack: botDefinition.json: " "byte $offset" "$words"
	done <<-'EOF'
	{"a":1,}|7:|
	{"a":[1,]}|8:|/a
	{"a":[1 2]}|8:|/a
	{'a':1}|1:|
	{"a":nul}||/a
	{"a":NaN}|5:|/a
	{"a":+1}|5:|/a
	{"a":.5}|5:|/a
	{"a":1} {}|8:|after
	{"a":1}]|7:|after
	{"a":[}|6:|/a
	{"a" 1}|5:|colon
	{"b":"x\\q"}|7:|/b
	{"b":"\\u12G4"}||/b
	\xef\xbb\xbf{"a":1}|0:|byte order mark
	{"a":"\xed\xa0\x80"}|7: /a:|UTF-8
	{"a":"\xc0\x80"}|6: /a:|UTF-8
	{"a":"\xf4\x90\x80\x80"}|7: /a:|UTF-8
	{"a":"\xe2\x82"}|8: /a:|UTF-8
	{"a":"b\nc"}|7: /a:|line break
	{"a":[1,12\n34]}|11: /a/|comma
	EOF
}

@test "what follows a document is told, at its byte" {
	printf '{"a":1} // comment' >botDefinition.json
	refuses 3 'pkg-unpack botDefinition.json' 'byte 8:' after
}

@test "a control character in a string is told, at its byte" {
	printf '{"a":"bc\1d"}' >botDefinition.json
	refuses 3 'pkg-unpack botDefinition.json' 'byte 8:' /a control
}

@test "a byte order mark is told, from standard input too" {
	{ printf '\xef\xbb\xbf'; cat "$xo10/botDefinition.json"; } \
	    >botDefinition.json
	refuses 3 'pkg-unpack botDefinition.json' 'byte 0:' 'byte order mark'
	refuses 3 'pkg-unpack <botDefinition.json' 'byte order mark'
}

@test "git conflict markers are told, wherever they stand" {
	for line in 1 2 3 37 800 1559 1560; do
		for marker in '<<<<<<< HEAD' ======= '>>>>>>> 1a2b3c4 theirs'; do
			sed "${line}i$marker" "$xo10/botDefinition.json" \
			    >botDefinition.json
			at=$(head -n $((line - 1)) botDefinition.json | wc -c)
			refuses 3 'pkg-unpack botDefinition.json' \
			    'pkg-unpack: botDefinition.json: ' "byte $at:" \
			    'git conflict marker' 'expected JSON' 'resolve'
		done
	done
	zip_of x.zip . botDefinition.json
	refuses 3 'pkg-unpack x.zip' botDefinition.json 'git conflict marker'
	refuses 3 'pkg-unpack -n botDefinition.json <botDefinition.json' \
	    'git conflict marker'
}

@test "a conflict in config.json is told, and the definition is not enough" {
	cp -r "$xo10" in
	sed -i '2i<<<<<<< HEAD' in/config.json
	refuses 3 'pkg-unpack in' 'pkg-unpack: in: config.json: byte 2:' \
	    'git conflict marker'
}

# ---- limits

@test "a component over --max-component is exit 5, with its place" {
	cat >botDefinition.json <<-EOF
	{"refId":"r","dialogs":[{"refId":"small"},{"refId":"d","nodes":[1,
	"$(head -c 3000 /dev/zero | tr '\0' x)"]}]}
	EOF
	refuses 5 'pkg-unpack --max-component 2K botDefinition.json' \
	    'pkg-unpack: botDefinition.json: ' 'byte ' /dialogs/- \
	    'larger than the limit' --max-component
	# of 3,028 bytes: {"refId":"d","nodes":[1,"x..."]}
	refuses 5 'pkg-unpack -q --max-component 3027 botDefinition.json' \
	    /dialogs/-
	try pkg-unpack -q --max-component 3028 botDefinition.json
	[ "$status" -eq 0 ]
	try pkg-unpack -q --max-component=3K botDefinition.json
	[ "$status" -eq 0 ]
}

@test "a component that goes on is refused where it is too large" {
	# a string, an array, an object
	for text in '"x x' '[0 ,[],[]' '{"k":0 ,"k":{}'; do
		export begin=${text% *} more=${text#* }
		refuses 5 '{ printf "{\"refId\":\"r\",\"dialogs\":[%s" "$begin"
		    yes "$more" | tr -d "\n" | head -c 20M; } 2>/dev/null |
		    pkg-unpack --name botDefinition.json --max-component 200K' \
		    'larger than the limit'
	done
}

@test "a container that is split counts its own members only" {
	python3 - >botDefinition.json <<-'PY'
	import json
	print(json.dumps({"refId": "r", "knowledgeTasks": [{"refId": "k",
	    "language": "en", "faqs": {"faqs": [{"refId": "q%d" % i,
	    "question": "x" * 900} for i in range(50)]}}]}))
	PY
	try pkg-unpack --max-component 1K botDefinition.json
	[ "$status" -eq 0 ]
	[ "$(grep -c '"kind":"faq"' <<<"$output")" -eq 50 ]
}

@test "a long key is a limit, too" {
	long() {
		printf '{"refId":"r","%s":%s}' "$(head -c "$1" /dev/zero |
		    tr '\0' k)" "$(head -c "$2" /dev/zero | tr '\0' 1)" \
		    >botDefinition.json
	}

	long 1500000 1
	refuses 5 'pkg-unpack --max-component 500K botDefinition.json' \
	    --max-component
	refuses 5 'pkg-unpack botDefinition.json' 'longer than 1 MiB'
	long 1 1500000
	refuses 5 'pkg-unpack botDefinition.json' 'longer than 1 MiB'
	long 900000 900000
	try_sh 'pkg-unpack botDefinition.json | pkg-pack -o z.zip'
	[ "$status" -eq 0 ]
	unzip -p z.zip | cmp - botDefinition.json
}

@test "pkg-pack has the same limit for a line" {
	mkdir in
	printf '{"refId":"r","a":"%s"}' "$(head -c 20000000 /dev/zero |
	    tr '\0' x)" >in/botDefinition.json
	pkg-unpack in >s.ndjson
	refuses 5 'pkg-pack --max-component 1M -o y.zip s.ndjson' \
	    'pkg-pack: s.ndjson:5:' --max-component
	try pkg-pack --max-component 20M -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	same_members in z.zip
}

@test "JSON deeper than --max-depth is refused, with its place" {
	deep() {
		python3 -c 'import sys
n = int(sys.argv[1]) - 1
print("{\"_id\":\"s\",\"a\":" + "[" * n + "]" * n + "}", end="")' "$1" >botDefinition.json
	}
	deep 1024
	try_sh 'pkg-unpack botDefinition.json | pkg-pack -o z.zip'
	[ "$status" -eq 0 ]
	deep 1025
	refuses 5 'pkg-unpack botDefinition.json' 'byte 1038:' /a/0/0 deeper \
	    --max-depth
	try_sh 'pkg-unpack --max-depth 1025 botDefinition.json >s.ndjson'
	[ "$status" -eq 0 ]
	try pkg-pack -o y.zip s.ndjson
	[ "$status" -eq 5 ] || [ "$status" -eq 6 ]
	says pkg-pack: s.ndjson: /a
	try pkg-pack --max-depth 1025 -f -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	refuses 5 'pkg-unpack --max-depth 2 "$xo10"' 'pkg-unpack: ' \
	    botDefinition.json deeper
	deep 200000
	refuses 5 'pkg-unpack botDefinition.json' deeper
}

@test "an edited stream nests as deep as --max-depth says, if more than 4096" {
	deep=$(printf '%5000s' '')
	printf '{"_id":"s","a":%s}' "${deep// /[}${deep// /]}" \
		>botDefinition.json
	pkg-unpack --max-depth 5001 botDefinition.json >s.ndjson
	for tool in pkg-select 'pkg-filter-status latest' \
		'pkg-pack --max-depth 5000 -o no.zip' \
		'pkg-merge full --into s.ndjson'; do
		refuses 5 "$tool --edited s.ndjson" 's.ndjson:' deeper \
			--max-depth
	done
	try pkg-pack --edited --max-depth 5001 -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	unzip -p z.zip botDefinition.json | cmp - botDefinition.json
	refuses 5 'pkg-pack --edited --max-depth 4999 -o no.zip s.ndjson' deeper
}

@test "a zip that unpacks to suspiciously much is exit 5" {
	printf '{"refId":"r"}' >botDefinition.json
	head -c 100M /dev/zero >icon.png
	zip_of bomb.zip . botDefinition.json icon.png
	rm icon.png
	for command in 'pkg-unpack bomb.zip' 'cat bomb.zip | pkg-unpack'; do
		try_sh "$command >/dev/null"
		[ "$status" -eq 5 ]
		says pkg-unpack: icon.png --max-size
	done
	try_sh 'pkg-unpack --max-size 200M bomb.zip | tail -c 100'
	[ "$status" -eq 0 ]
	[[ $output == *'"kind":"@end"'* ]]
	zip_of x.zip "$xo10" botDefinition.json config.json
	refuses 5 'pkg-unpack --max-size 50K x.zip' botDefinition.json --max-size
	refuses 5 'pkg-unpack --max-size 52000 x.zip' config.json --max-size
}

@test "the platform's limits are refused, or told with --no-limits" {
	# Kore takes a config.json and a script of 500 KiB
	cp -r "$xo11" in
	head -c 512001 /dev/zero | tr '\0' '\n' >in/LibraryFunctions.js
	pkg-unpack in >s.ndjson
	refuses 5 'pkg-pack -o y.zip s.ndjson' 'pkg-pack: s.ndjson:' \
	    LibraryFunctions.js 512000 Kore.ai --no-limits
	try pkg-pack --no-limits -o z.zip s.ndjson
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	says pkg-pack: warning 512000
	same_members in z.zip
	head -c 512000 /dev/zero | tr '\0' '\n' >in/LibraryFunctions.js
	try_sh 'pkg-unpack in | pkg-pack -f -o z.zip'
	[ "$status" -eq 0 ]
	quiet
}

# ---- zips

@test "members with unsafe names are refused" {
	for name in ../x /etc/x a/../x ./x a//x . .. 'a/b\\x' 'a\nb' \
	    '\x1b[2J' '\x7f' '\xff' '\xc0\xaf'; do
		hostile "build(member(b'$name'), member())"
	done
	hostile 'build(member(), member(b"../x", b"x"))' ../x:
	[ ! -e ../x ]
}

@test "a NUL in a name is refused" {
	hostile 'build(member(), member(b"a\0b"))'
	hostile 'build(member(), member(b"config.json\0.txt"))'
}

@test "a name that hides behind another is refused" {
	hostile 'named(b"evil.js", b"good.js")' evil.js: good.js
	hostile 'named(b"a.js", b"x\\y.js")' a.js:
	hostile 'named(b"a.js", b"x.js\0hidden")' a.js:
	hostile 'named(b"a.js", b"gone/")' a.js: gone/
	python3 "$BATS_FILE_TMPDIR/zips.py" \
	    'named(b"\x81.js", "\u00fc.js".encode())' >old.zip
	for command in 'pkg-unpack old.zip' 'cat old.zip | pkg-unpack'; do
		try_sh "$command"
		[ "$status" -eq 0 ]
		[[ $output == *'{"kind":"@file","file":"ü.js",'* ]]
	done
}

@test "a file that is marked as a directory is refused, not left out" {
	hostile 'build(member(), member(b"a.js", b"f()", mode=0o040755))' \
	    a.js: directory
	hostile 'build(member(), member(b"a.js/", b"f()"))' a.js/: directory
	hostile 'build(member(), member(b"a.js", b"f()", dos=0x10))' a.js: \
	    directory
}

@test "a name that is that of a file and of a folder is refused" {
	hostile 'build(member(), member(b"a", b"1"), member(b"a/b", b"2"))' \
	    a/b: file folder
	hostile 'build(member(), member(b"a/B/c", b"1"), member(b"A/b", b"2"))' \
	    A/b: file folder
	hostile 'build(member(), member(b"a/", b""), member(b"a", b"2"))' \
	    a: file folder
	hostile 'build(member(), member(b"a", b"1"), member(b"a/", b""))' \
	    a/: file folder
	pkg-unpack "$xo10" |
	    sed 's,"config.json","icon.png/config.json",g' >s.ndjson
	for out in y.zip y/; do
		refuses 3 "pkg-pack --edited -o $out s.ndjson" icon.png 'a file'
	done
}

@test "a zip behind other bytes is refused, whatever it is taken for" {
	python3 "$BATS_FILE_TMPDIR/zips.py" \
	    'b"#!/bin/sh\n" + build(member())' >sfx.zip
	python3 "$BATS_FILE_TMPDIR/zips.py" \
	    'moved(b"MZ" + bytes(98), build(member(), comment=b"hello"))' >x.exe
	for zip in sfx.zip x.exe; do
		for how in '' '-p generic' '-p generic -n a'; do
			refuses 3 "pkg-unpack $how $zip" "$zip: byte" \
			    self-extracting
			refuses 3 "pkg-unpack $how <$zip" 'stdin: byte' \
			    self-extracting
		done
		refuses 2 "pkg-unpack -p generic $zip $xo10/config.json" \
		    'is a zip'
		refuses 3 "cat $zip | pkg-unpack -p generic -n a" \
		    'stdin: ' self-extracting
	done
	# inside a package it is a file like others
	mkdir in
	mv x.exe in
	try_sh 'pkg-unpack -p generic in | pkg-pack -o back/'
	[ "$status" -eq 0 ]
	quiet
	diff -r in back
}

@test "a backslash alone in a name is refused, though some readers turn it" {
	hostile 'build(member(), member(b"a\\x"))' backslash
	hostile 'build(member(), member(b"c:\\x"))' backslash
}

@test "a member whose name stands twice is refused, whatever its case" {
	hostile 'build(member(), member(b"a", b"1"), member(b"a", b"2"))' a: twice
	hostile 'build(member(), member(b"a/B", b"1"), member(b"A/b", b"2"))' \
	    A/b: twice
	hostile 'build(member(), member(b"BotDefinition.json"))' twice
}

@test "links, devices and encrypted members are refused" {
	hostile 'build(member(), member(b"l", b"/etc/passwd", method=0,
	    mode=0o120777))' l: link
	hostile 'build(member(), member(b"d", b"", mode=0o020666))' d:
	hostile 'build(member(), member(b"e", flags=1))' e: encrypted
	hostile 'build(member(flags=1))' botDefinition.json: encrypted
}

@test "named pipes and sockets are refused" {
	hostile 'build(member(), member(b"p", b"", mode=0o010666))' p:
	hostile 'build(member(), member(b"s", b"", mode=0o140666))' s:
}

@test "two lists of members that do not agree are refused" {
	hostile 'build(member(central=b"appDefinition.json"))' \
	    appDefinition.json botDefinition.json tampered
	hostile 'build(member(), member(b"x")).replace(b"PK\1\2", b"PK\1\3",
	    1)'
	hostile 'b"#!/bin/sh\n" + build(member())'
	hostile 'build(member())[:-2] + b"\3\0abc" + build(member())'
}

@test "damaged members are refused" {
	hostile 'build(member(crc=1))' botDefinition.json
	hostile 'build(member(), member(b"icon.png", b"x", crc=1))' icon.png
	hostile 'build({**member(), "data": b"\xff" * 30})' botDefinition.json \
	    inflated
	hostile 'build(member(), member(b"icon.png", b"x", crc=1, method=0))' \
	    icon.png 'CRC of 2363233923, expected 1'
	hostile 'build({**member(), "method": 99})'
}

@test "a member of another size than it says is refused, in one line" {
	hostile 'build({**member(), "size": 12})' 'at least 13, expected 12'
	hostile 'build({**member(), "size": 14})' 'size of 13, expected 14'
	hostile 'build(member(), {**member(b"a", b"b" * 300000),
	    "size": 299999})' 'a: ' 'at least 300000, expected 299999'
}

@test "deflated bytes are as many as the zip says, and end" {
	hostile 'build({**member(), "data": member()["data"] + b"abc"})' \
	    'the end of its deflated bytes at 15, expected 18'
	hostile 'build({**member(), "data": member()["data"][:-1]})' 'no end'
	hostile 'build({**member(), "data": b""})' botDefinition.json: 'no end'
	# what is deflated to nothing at all is nothing
	python3 "$BATS_FILE_TMPDIR/zips.py" \
	    'build(member(), {**member(b"empty", b""), "data": b""})' >x.zip
	try pkg-unpack x.zip
	[ "$status" -eq 0 ]
	quiet
}

@test "a zip that was cut is refused, wherever" {
	zip_of x.zip "$xo10" botDefinition.json config.json icon.png
	cat >cut.py <<-'PY'
	import os, subprocess
	text = open("x.zip", "rb").read()
	step = 97 * int(os.environ["SPARSE"])
	for n in list(range(1, len(text), step)) + [len(text) - 1]:
	    open("cut.zip", "wb").write(text[:n])
	    r = subprocess.run(["pkg-unpack", "cut.zip"], capture_output=True)
	    assert r.returncode == 3, (n, r)
	    assert b'"@end"' not in r.stdout, (n, r)
	    assert r.stderr.count(b"\n") == 1, (n, r)
	    assert r.stderr.startswith(b"pkg-unpack: cut.zip: "), (n, r)
	    r = subprocess.run(["pkg-unpack"], input=text[:n],
	        capture_output=True)
	    assert r.returncode == 3, (n, r)
	    assert b'"@end"' not in r.stdout, (n, r)
	    assert r.stderr.count(b"\n") == 1, (n, r)
	PY
	try python3 cut.py
	[ "$status" -eq 0 ]
}

@test "any byte of a zip may be wrong: it is refused or harmless" {
	zip_of x.zip "$xo11" appDefinition.json config.json
	cat >spoil.py <<-'PY'
	import os, re, subprocess
	text = open("x.zip", "rb").read()
	def unpack(**how):
	    r = subprocess.run(["pkg-unpack"] + how.pop("files", []),
	        capture_output=True, **how)
	    assert r.returncode in (0, 3, 5), (n, r)
	    if r.returncode != 0:
	        assert b'"@end"' not in r.stdout, (n, r)
	        assert r.stderr.count(b"\n") == 1, (n, r)
	        return None
	    # times and modes may change, and the sum with them
	    return re.sub(rb',"(mtime|mode)":\d+|,"sum".*', b"", r.stdout)
	n = -1
	good = unpack(files=["x.zip"])
	step = int(os.environ["SPARSE"])
	for n in list(range(0, len(text), 83 * step)) + list(
	    range(-250, 0, step)):
	    bad = bytearray(text)
	    bad[n] ^= 0x15
	    open("bad.zip", "wb").write(bad)
	    assert unpack(files=["bad.zip"]) in (None, good), n
	    assert unpack(input=bytes(bad)) in (None, good), n
	PY
	try python3 spoil.py
	[ "$status" -eq 0 ]
}

# ---- what is written, and what is read

@test "no output is an input, in either tool" {
	cp -r "$xo10" in
	pkg-unpack in >s.ndjson
	pkg-pack -o x.zip s.ndjson
	ln -s "$PWD/s.ndjson" link
	ln -s t.zip hanging
	ln x.zip hard
	cp -r . ../before
	for command in 'pkg-unpack --report x.zip x.zip' \
	    'pkg-unpack --report ./x.zip - <x.zip' \
	    'pkg-unpack --report in/icon.png in' \
	    'pkg-unpack --report in/config.json in/*.json' \
	    'pkg-pack --report s.ndjson -o t.zip s.ndjson' \
	    'pkg-pack --report s.ndjson -o t.zip <s.ndjson' \
	    'pkg-pack -f -o t.zip --report t.zip s.ndjson' \
	    'pkg-pack -f -o t.zip --report ./t.zip s.ndjson' \
	    'pkg-pack -f -o x.zip --report x.zip s.ndjson' \
	    'pkg-pack -f -o s.ndjson s.ndjson' \
	    'pkg-pack -f -o "$PWD/s.ndjson" s.ndjson' \
	    'pkg-pack -f -o s.ndjson <s.ndjson' \
	    'pkg-pack -f -o in/ --report in/icon.png s.ndjson' \
	    'pkg-pack -f -o link s.ndjson' \
	    'pkg-pack -f -o t.zip --report hanging s.ndjson' \
	    'pkg-pack -f -o hanging --report t.zip s.ndjson' \
	    'pkg-unpack --report hard x.zip' \
	    'pkg-unpack x.zip >>x.zip' \
	    'pkg-pack -o t.zip --report - s.ndjson' \
	    'pkg-unpack --report - in'; do
		refuses 2 "$command" "${command%% *}: "
		diff -r --no-dereference ../before .
	done
	: >map.map
	refuses 2 'pkg-pack -f -o map.map --map map.map s.ndjson' map.map
	rm map.map
}

@test "a report is written over a report, or over nothing" {
	: >r
	ln r same
	for _ in 1 2; do
		pkg-unpack --report r "$xo10" >s.ndjson
		[ "$(jq .status r)" -eq 0 ]
		# what was empty is the same file
		[ "$(jq .status same)" -eq 0 ]
	done
	[ ! r -ef same ]
	printf '{"tool"' >r	# one that was cut
	pkg-pack --report r -o z.zip s.ndjson
	pkg-unpack --report /dev/null "$xo10" | cmp - s.ndjson
	echo '{"tools":1}' >r
	refuses 2 'pkg-unpack --report r "$xo10"' 'r: ' 'no report'
}

@test "a zip is not written onto a terminal" {
	cat >terminal.py <<-'EOF'
	import os, pty, sys
	pid, fd = pty.fork()
	if pid == 0:
	    sys.stderr.flush()
	    os.dup2(os.open("said", os.O_WRONLY | os.O_CREAT), 2)
	    os.execvp(sys.argv[1], sys.argv[1:])
	shown = b""
	try:
	    while more := os.read(fd, 4096):
	        shown += more
	except OSError:
	    pass
	sys.stdout.buffer.write(shown)
	sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
	pkg-unpack "$xo10" >s.ndjson
	for to in - /dev/stdout /dev/tty; do
		try python3 terminal.py pkg-pack -f -o "$to" s.ndjson
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		grep -q 'is a terminal.* -o' said
	done
	pkg-pack -o z.zip s.ndjson
	pkg-pack -o - s.ndjson | cmp - z.zip
}

@test "what is written into the folder that is read is not read" {
	cp -r "$xo10" in
	pkg-unpack -p generic in >want
	pkg-unpack -p generic in >in/out.ndjson
	mv in/out.ndjson out
	diff want out
	for _ in 1 2; do
		pkg-unpack -a -p generic --report in/r in | sed 's/"--all.*"//' |
		    cmp - want
		[ -s in/r ]
	done
}

# ---- usage

@test "wrong options and operands are exit 2" {
	pkg-unpack "$xo10" >s.ndjson
	for command in 'pkg-unpack --nonsense' 'pkg-unpack -x' 'pkg-unpack -n' \
	    'pkg-unpack --max-depth' 'pkg-unpack --max-component 1X "$xo10"' \
	    'pkg-unpack --max-component=-1 "$xo10"' \
	    'pkg-unpack --max-size "" "$xo10"' 'pkg-unpack --max-depth 0x9 "$xo10"' \
	    'pkg-unpack -p nonsense "$xo10"' 'pkg-unpack "$xo10" "$xo11"' \
	    'pkg-unpack "$xo10" "$xo11/config.json"' 'pkg-pack s.ndjson' \
	    'pkg-pack -o' 'pkg-pack -o "" s.ndjson' 'pkg-pack -o y.zip -x' \
	    'pkg-pack -o y.zip -l 10 s.ndjson' 'pkg-pack -o y.zip -l x s.ndjson' \
	    'pkg-pack -o y.zip s.ndjson s.ndjson' \
	    'pkg-pack -o y.zip --edited=1 s.ndjson' \
	    'pkg-pack -o y.zip --max-component 9Q s.ndjson'; do
		try_sh "$command"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		says "${command%% *}"
	done
}

@test "what is wrong with the command line is said in one sentence" {
	while IFS='|' read -r command sentence; do
		refuses 2 "$command" "$sentence" 'see pkg-' ' -h'
		[ -z "$output" ]
	done <<-'EOF'
	pkg-unpack --nonsense|there is no option --nonsense;
	pkg-unpack --quite|there is no option --quite; did you mean "--quiet"?
	pkg-unpack -x|there is no option -x;
	pkg-bulk --nonsense|there is no option --nonsense;
	pkg-bulk --legder=x|there is no option --legder; did you mean "--ledger"?
	pkg-fetch -x|there is no option -x;
	pkg-select -qz|there is no option -z;
	pkg-merge --plan=text -zq|there is no option -z;
	pkg-select --on-missing=drop -zq|there is no option -z;
	pkg-check --only ""|--only: expected rules with commas between them
	pkg-tools batch --retries x|--bar and --retries: expected a number
	pkg-tools batch --bar -1|--bar and --retries: expected a number
	pkg-unpack -n|--name needs a value
	pkg-unpack --max-depth|--max-depth needs a value
	pkg-merge --p|--p is short for --patterns or --plan or --policy
	pkg-unpack --max|--max is short for --max-size or --max-component or
	pkg-pack --edited=yes|--edited takes no value, found "yes"
	pkg-unpack --report=|--report: expected the name of a file, found ""
	pkg-select --map ""|--map: expected the name of a file, found ""
	pkg-filter-status --states= latest|--states: expected the name of a file
	pkg-unpack --source ""|--source: expected a name in UTF-8, found ""
	pkg-pack -o y.zip -j 0|--jobs: expected a number from 1 to 256
	pkg-pack -o y.zip -j 257|--jobs: expected a number from 1 to 256, found "257"
	pkg-pack -o y.zip -l 12|--level: expected a number from 0 to 9, found "12"
	pkg-pack a b|expected one stream, found "b"
	pkg-pack a|expected -o and the name of a zip
	pkg-pack -o "" a|expected -o and the name of a zip
	pkg-filter-status|expected published, latest or --request
	pkg-merge full|expected --into
	pkg-select --memory 1Y|--memory: expected a size such as 512K, 64M or 4G
	pkg-unpack --max-depth x|--max-depth: expected a number from 1 to
	pkg-unpack --max-depth 1048577|--max-depth: expected a number from 1 to
	EOF
}

@test "standard input is one file of a run, the map or the stream" {
	pkg-unpack -q "$xo10" >t
	while IFS= read -r command; do
		refuses 2 "$command <t" 'standard input is to be read 2 times'
		[ -z "$output" ]
	done <<-'EOF'
	pkg-unpack --map -
	pkg-pack --map - -o p.zip
	pkg-select --map -
	pkg-filter-status --map - latest
	pkg-diff --map - t -
	pkg-merge full --map - --into t
	pkg-merge three-way --map - --base - --into t t
	pkg-merge three-way --resolve - --base t --into t
	EOF
	[ ! -e p.zip ]
}

@test "a list of what is selected is text" {
	pkg-unpack -q "$xo10" >t
	printf 'dialog:x\n' | iconv -t UTF-16 >list
	for option in '-L list' '-x -L list'; do
		refuses 3 "pkg-select $option t" 'list:1: there is a NUL' UTF-8
		[ -z "$output" ]
	done
}

@test "a file from standard input is called so by each tool" {
	while IFS='|' read -r command words; do
		refuses 3 "echo '{' | $command $xo10" "${command%% *}: stdin:" \
			"$words"
	done <<-'EOF'
	pkg-vars apply -|ends in the middle
	pkg-vars restore -|placeholder
	pkg-filter-status latest --states -|expected
	pkg-filter-status --request -|ends in the middle
	pkg-select --request -|ends in the middle
	pkg-rename --from -|a kind, an old and a new name
	EOF
	refuses 4 "pkg-vars apply $xo10 $xo10" "$xo10: Is a directory" \
		'a file with the values, and the stream'
}

@test "a name for standard input must be safe, too" {
	for name in ../botDefinition.json ../../x.json /botDefinition.json \
	    a//b '' 'a\b.json' $'a\xc3' .; do
		try pkg-unpack -n "$name" <"$xo10/botDefinition.json"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		says '--name: the name '
	done
}

@test "a source must be UTF-8, to its end" {
	for name in $'a\xc3' $'\x80' $'a\xffb' $'\xed\xa0\x80'; do
		try pkg-unpack --source "$name" "$xo10"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		says '--source: expected a name in UTF-8'
	done
	pkg-unpack --source 'é' "$xo10" | sed -n 1p | grep -q '"source":"é"'
}

@test "of much that is no file the first are named, the others counted" {
	mkdir in
	cp "$xo11"/* in
	for i in {101..125}; do
		ln -s x "in/$i"
	done
	try pkg-unpack in
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 11 ]
	says in/101: in/110: 'in: warning: left out: 15 more that are no files'
	rm in/11[1-9] in/12?
	try pkg-unpack in
	[ "${#stderr_lines[@]}" -eq 10 ]
}

@test "of what a directory has besides the package pkg-pack says nothing" {
	pkg-unpack "$xo10" >s.ndjson
	mkdir out
	touch out/.hidden
	ln -s nowhere out/link
	for i in 1 2; do
		try pkg-pack -v -f -o out/ s.ndjson
		[ "$status" -eq 0 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		says 'records, '
	done
}

@test "of warnings of one kind twenty are shown, the others counted" {
	mkdir in
	cp -r "$tests/fixtures/cx/agent.json" "$tests/fixtures/cx/flows" in
	for i in {101..125}; do
		mkdir -p "in/intents/n$i"
		printf '{\n"name": "x%s", "displayName": "i%s"}' "$i" "$i" \
			>"in/intents/n$i/n$i.json"
	done
	try_sh 'pkg-unpack in >all'
	[ "$status" -eq 0 ]
	for kind in 'keeps to no layout style' 'the file is called'; do
		[ "$(grep -c "intents/n.*$kind" <<<"$stderr")" -eq 20 ]
	done
	[ "${stderr_lines[-1]}" = 'pkg-unpack: warning: 10 more of what was warned of are not shown; -v shows all' ]
	[ "${#stderr_lines[@]}" -eq 41 ]
	for kind in 'keeps to no layout style' 'the file is called'; do
		try_sh "pkg-unpack -v in 2>&1 >some | grep -c 'intents/n.*$kind'"
		[ "$output" -eq 25 ]
	done
	# twenty are shown without another word
	rm -r in/intents/n12[1-5]
	try_sh 'pkg-unpack in >some'
	[ "${#stderr_lines[@]}" -eq 40 ]
}

@test "a temporary folder that is not there is not called full" {
	zip_of x.zip "$xo11" icon.png config.json
	TMPDIR=/no/such refuses 4 'cat x.zip | pkg-unpack' /no/such \
	    'No such file' 'set TMPDIR to a directory that can be written to'
}

@test "a file without a name, where only names count, is told as it is" {
	while IFS='|' read -r bytes found; do
		printf "$bytes" >in.bin
		for from in '<in.bin' '< <(cat in.bin)'; do
			refuses 3 "pkg-unpack -p generic $from" \
			    "pkg-unpack: stdin: found $found"
			try_sh "pkg-unpack -p generic -n a.bin $from |
			    pkg-pack -o - | bsdtar -xOf - a.bin >out"
			[ "$status" -eq 0 ]
			cmp in.bin out
		done
	done <<-'EOF'
	hello\n|neither a zip nor JSON; a file of a package needs the name
	\0\1\n|neither a zip nor JSON; a file of a package needs the name
	{"a":1}\n|JSON without a name; --name gives it
	<!DOCTYPE html>\n|an HTML page; expected a package
	EOF
}

@test "a message shows a star where a map has the word of one again" {
	cat >m.map <<-'EOF'
	platform quill "Quill agent"
	file part parts/*/$1.json json style indent2 tells
	file rest ** binary
	kind part
	    in part .
	EOF
	mkdir in
	echo x >in/x.txt
	refuses 3 'pkg-unpack --map m.map in' \
	    'expected a Quill agent (parts/*/*.json)'
	mkdir -p in/parts/a
	echo '{}' >in/parts/a/a.json
	try pkg-unpack -v --map m.map in
	[ "$status" -eq 0 ]
	says 'taken for a Quill agent, by parts/*/*.json'
}

@test "a named pipe is read as standard input is, at either door" {
	mkfifo pipe
	pkg-unpack "$xo10" >want
	pkg-pack -o want.zip want
	cat want.zip >pipe &
	pkg-unpack pipe | cmp - <(pkg-unpack want.zip)
	cat "$xo10/botDefinition.json" >pipe &
	pkg-unpack pipe |
	    cmp - <(cat "$xo10/botDefinition.json" | pkg-unpack)
	cat want >pipe &
	pkg-pack -o - pipe | cmp - want.zip
	: >pipe &
	refuses 3 'pkg-unpack pipe' 'pkg-unpack: pipe: the input is empty'
	refuses 2 'pkg-unpack pipe "$xo10/config.json" <>pipe' 'pipe: ' \
	    'a pipe or a device'
}

# a stream that nobody reads stops what writes it, in the first of two files
@test "a file that changes while it is read is told" {
	while IFS='|' read -r from change said; do
		rm -rf in out
		mkdir in
		head -c 4000000 /dev/zero >in/a.bin
		echo x >in/b.bin
		mkfifo out
		eval "pkg-unpack -p generic $from >out 2>said 3>&- &"
		exec 5<out
		head -c 1000 <&5 >/dev/null
		eval "$change"
		cat <&5 >rest
		exec 5<&-
		status=0
		wait $! || status=$?
		[ "$status" -eq 3 ]
		run grep -c @end rest
		[ "$output" -eq 0 ]
		[ "$(wc -l <said)" -eq 1 ]
		grep "$said" said
	done <<-'EOF'
	in|echo more >>in/a.bin|in/a.bin: was written while it was read
	in|: >in/a.bin|in/a.bin: was written while it was read
	-n a <in/a.bin|echo more >>in/a.bin|stdin: was written while it was read
	-n a <in/a.bin|: >in/a.bin|stdin: was written while it was read
	in|rm in/b.bin; mkfifo in/b.bin|in/b.bin: was a file, and is none any more
	EOF
}

@test "a map that is not there or is none is told" {
	refuses 4 'pkg-unpack --map nothing.map "$xo10"' 'pkg-unpack: nothing.map'
	echo 'nonsense here' >my.map
	try pkg-unpack --map my.map "$xo10"
	[ "$status" -eq 3 ]
	says 'pkg-unpack: my.map:1:' nonsense
	[ -z "$output" ]
}

@test "more kinds than a reference can name are exit 5" {
	{
		echo '{"kind":"@stream","version":1,"platform":"kore"}'
		echo '{"kind":"@file","file":"a.json","type":"json"}'
		seq 5000 | sed 's|.*|{"kind":"k&","id":"&","category":"c&",'\
'"file":"a.json","at":"/&","value":1}|'
		echo '{"kind":"@end"}'
	} >s.ndjson
	for mode in full incremental; do
		refuses 5 "pkg-merge $mode --edited --into s.ndjson s.ndjson" \
		    'more than 2047 kinds of components'
	done
	refuses 5 'pkg-select --edited s.ndjson' 'more than 2047 kinds'
}

@test "a pattern of a map that cannot be held to is told with its line" {
	printf 'platform x\nfile a %s json\n' '**/$1.json' >my.map
	refuses 3 'pkg-unpack --map my.map "$xo10"' 'my.map:2: file: ' \
	    'a whole step' '"**/$1.json"'
}

@test "a misspelt word of a map is told with its line and the nearest one" {
	while IFS='|' read -r row found meant; do
		cat >my.map <<-'MAP'
		platform x
		file doc *.json json
		file pic *.png binary
		kind entity
		 in doc /entities/-
		 id id
		kind dialog task
		 in doc /dialogs/-
		 id id
		 needs entity uses
		MAP
		printf '%b\n' "$row" >>my.map
		refuses 3 'pkg-unpack --map my.map "$xo10"' 'my.map:11: ' \
		    "found \"$found\"" "$meant" '(pkg-map(5))'
	done <<-'EOF2'
	\tneds entity uses|neds|did you mean "needs"
	buildin entity x|buildin|did you mean "builtin"
	\tneeds entiti uses|entiti|did you mean "entity"
	\tlinks ?dialogue uses|dialogue|did you mean "dialog"
	\trefs entity uses by nam|nam|did you mean "name"
	\towner entity uses through dailog|dailog|did you mean "dialog"
	\tneeds entity uses as mentoin|mentoin|did you mean "mention"
	\tfull replace-al|replace-al|did you mean "replace-all"
	\tincremental keeep|keeep|did you mean "keep"
	\trequired entity dialogg|dialogg|did you mean "dialog"
	\tcount n entitty|entitty|did you mean "entity"
	\tapart compared|compared|did you mean "compare"
	\tleft absend|absend|did you mean "absent"
	raw pic settings keep kept|kept|did you mean "keep"
	raw pics settings keep keep|pics|did you mean "pic"
	belongs pic entty $1|entty|did you mean "entity"
	builtin entit sys.*|entit|did you mean "entity"
	needed dok|dok|did you mean "doc"
	limit 1M pakage|pakage|did you mean "package"
	word stauts published live|stauts|did you mean "status"
	missing dropp|dropp|did you mean "drop"
	version v saem|saem|did you mean "same"
	request a/b ignroe|ignroe|did you mean "ignore"
	request a/b deps entitee|entitee|did you mean "entity"
	request a/b without dialoog|dialoog|did you mean "dialog"
	EOF2
	# all of them in one run, and what is right is taken
	sed -i 's/needs entity/needs entiti/; $d' my.map
	printf 'missing dropp\n' >>my.map
	try pkg-unpack --map my.map "$xo10"
	[ "$status" -eq 3 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	sed -i 's/entiti uses/entity uses/; s/dropp/drop/' my.map
	mkdir -p in
	echo '{"dialogs":[]}' >in/a.json
	try pkg-unpack --map my.map in
	quiet
}

@test "a folder that the input is in is no place for a package" {
	pkg-unpack -q "$tests/fixtures/cx" >s.ndjson
	mkdir -p in/deep link
	cp s.ndjson in
	cp s.ndjson in/deep
	ln -s ../in/s.ndjson link
	for command in 'in/ in/s.ndjson' 'in/ <in/s.ndjson' \
	    'in/ in/deep/s.ndjson' 'in/ link/s.ndjson' './ s.ndjson' \
	    "$PWD/in/ in/s.ndjson" 'in/ --map in/no.map s.ndjson'; do
		touch in/no.map
		refuses 2 "pkg-pack -f -o $command" \
			'expected a file of its own to write to' 'is in it'
	done
	[ "$(find in | wc -l)" -eq 5 ]
	# beside it there is room
	pkg-pack -q -o in/new/ in/s.ndjson
}

@test "what is given in place of a package is told with one advice" {
	printf '\211PNG\r\n\032\n' >a.png
	refuses 3 'pkg-unpack -p generic <a.png' 'found a picture (PNG)' \
		'expected a package: give what the platform exported'
	refuses 3 'pkg-pack -o y <a.png' 'found a picture (PNG)' \
		'expected a stream: pkg-unpack(1) makes one of a package'
}

@test "lines out of their order are neither merged nor compared nor checked" {
	pkg-unpack -q "$xo10" >t
	{
		head -n 1 t
		sed '1d; $d' t | LC_ALL=C sort
		tail -n 1 t
	} >s
	for tool in 'pkg-merge full' 'pkg-merge incremental --edited' \
	    'pkg-merge full --plan'; do
		refuses 6 "$tool --into t s" 's:2: ' 'in their order'
		refuses 6 "$tool --into s t" 's:2: ' 'in their order'
	done
	refuses 6 'pkg-diff t s' 's:2: ' 'in their order'
	refuses 6 'pkg-check s' 's:2: ' 'in their order'
	# of its file, but before its container
	awk '/"kind":"@open".*"at":"\/dialogs"/ { held = $0; next }
		{ print } held { print held; held = "" }' t >s
	[ "$(diff t s | grep -c '^>')" -eq 1 ]
	refuses 6 'pkg-merge full --into t s' 's:' 'in another container'
	refuses 6 'pkg-diff t s' 's:' 'in another container'
	refuses 6 'pkg-check s' 's:' 'in another container'
}
