#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Memory is bounded by the largest component, whatever the package's size.
# The tools run with a limit on their data (ulimit -d; -v would count the
# libraries) of 16 MiB, and 8 more where a component has 8: a program that
# holds the file, or a list of it, is told that memory is used up.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup_file() {
	! sanitized || return 0
	cd "$BATS_FILE_TMPDIR" || return
	# 60 MB, in which one component has 8 MB, less in the stream
	"$build/tests/generate" -s 60M -b 8M -o big
	TZ=UTC zip -q -1 -r -X big.zip big
	pkg-unpack big >big.ndjson
	export big=$BATS_FILE_TMPDIR/big
}

setup() {
	! sanitized || skip 'sanitizers need memory of their own'
	cd "$BATS_TEST_TMPDIR" || return
	mkdir tmp
	export TMPDIR=$PWD/tmp
}

teardown() {
	left=$(find "$BATS_TEST_TMPDIR/tmp" -mindepth 1 2>/dev/null)
	rm -rf "${BATS_TEST_TMPDIR:?}"/*
	[ -z "$left" ]
}

# a line of shell whose programs may have so many MiB of data
limited() {
	try_sh "ulimit -d $(($1 * 1024)); $2"
	[ "$status" -eq 0 ]
	quiet
}

# what is left on standard output is the end of a stream
ended() {
	[[ $output == '{"kind":"@end","records":'* ]]
}

# the most memory that a line of shell's first program had, for people
peak() {
	/usr/bin/time -f %M -o peak sh -c "exec $2" >/dev/null
	echo "# peak RSS of $1: $(cat peak) KiB" >&3
}

@test "a package of 60 MB is unpacked, as file, zip and pipe" {
	limited 24 'pkg-unpack "$big" | tail -n 1'
	ended
	limited 24 'cat "$big/botDefinition.json" | pkg-unpack | tail -n 1'
	ended
	limited 24 'pkg-unpack "$big.zip" | tail -n 1'
	ended
	limited 24 'cat "$big.zip" | pkg-unpack | tail -n 1'
	ended
	peak 'unpack from a folder' 'pkg-unpack "$big"'
	peak 'unpack from a zip' 'pkg-unpack "$big.zip"'
}

@test "its stream is packed, from a file and a pipe, to each output" {
	limited 24 'pkg-pack -o y.zip "$big.ndjson"'
	same_members "$big" y.zip
	limited 24 'cat "$big.ndjson" | pkg-pack -l 1 -o - | cksum'
	limited 24 'pkg-pack -o y/ "$big.ndjson"'
	cmp y/botDefinition.json "$big/botDefinition.json"
	peak 'pack to a zip' 'pkg-pack -l 1 -f -o y.zip "$big.ndjson"'
	peak 'pack to a folder' 'pkg-pack -f -o y/ "$big.ndjson"'
}

@test "an edited stream is packed, where a line counts four times" {
	limited 48 \
	    'pkg-pack --edited -l 1 -o y.zip "$big.ndjson"'
	same_members "$big" y.zip
	peak 'pack --edited' 'pkg-pack --edited -l 1 -f -o y.zip "$big.ndjson"'
}

@test "one string of 8 MB is a component like others" {
	mkdir in
	python3 - >in/botDefinition.json <<-'PY'
	import json
	text = ("aé€😀\\\"\n" + "x" * 1000) * 8200
	print(json.dumps({"refId": "r", "dialogs": [{"refId": "d", "lname": "d",
	    "nodes": [text]}], "purpose": text}, indent=4, ensure_ascii=False),
	    end="")
	PY
	limited 24 'pkg-unpack in | tail -n 1'
	ended
	limited 24 'cat in/botDefinition.json |
	    pkg-unpack -n botDefinition.json >s.ndjson'
	limited 24 'pkg-pack -o y.zip s.ndjson'
	same_members in y.zip
}

# a definition of components of 20 MB, as these rows have them: a member that
# is an array or a string, or a list of dialogs or knowledge tasks
large() {
	mkdir -p in
	python3 - "$@" >in/botDefinition.json <<-'PY'
	import json, sys
	array, text = ["x" * 1000] * 20000, "x" * 20000000
	app = {"refId": "r"}
	for row in sys.argv[1:]:
	    name, what = row.split("=")
	    app[name] = {"array": array, "string": text, "empty": [],
	        "dialogs": [{"refId": "d%d" % i, "nodes": array}
	        for i in range(2)], "tasks": [{"refId": "k%d" % i,
	        "language": "en", "taxonomy": array, "faqs": {"faqs": [
	        {"refId": "q%d" % i}]}} for i in range(2)]}[what]
	json.dump(app, sys.stdout, indent=4)
	PY
}

# such a package is unpacked in 36 MiB
large_unpacked() {
	large "$@"
	limited 36 'pkg-unpack in >s.ndjson'
	[[ $(tail -n 1 s.ndjson) == '{"kind":"@end",'* ]]
}

# and packed
large_packed() {
	large "$@"
	limited 64 'pkg-unpack in >s.ndjson'
	limited 36 'pkg-pack -l 1 -f -o y.zip s.ndjson'
	same_members in y.zip
}

@test "components of 20 MB, one after the other, are unpacked in 36 MiB" {
	large_unpacked purpose=string color=string dialogs=dialogs scenes=empty
	large_unpacked knowledgeTasks=tasks dialogs=dialogs
}

@test "and so is a plain setting of 20 MB" {
	large_unpacked purpose=array color=array
}

@test "components of 20 MB, one after the other, are packed in 36 MiB" {
	large_packed dialogs=dialogs color=string purpose=string
}

@test "and so they are where an empty list stands between them" {
	large_packed purpose=string dialogs=empty color=string
	# a parent waits for what is in it beside the next line being read
	large knowledgeTasks=tasks dialogs=dialogs
	limited 64 'pkg-unpack in >s.ndjson'
	limited 60 'pkg-pack -l 1 -f -o y.zip s.ndjson'
	same_members in y.zip
}

@test "a parent of 60 MB whose children are components waits on the disk" {
	mkdir in
	python3 - >in/botDefinition.json <<-'PY'
	import json, sys
	faq = {"refId": "", "question": "x" * 900, "answer": ["é" * 50] * 4}
	sys.stdout.write('{"refId":"r","knowledgeTasks":[{"refId":"k",'
	    '"language":"en","faqs":{"faqs":[')
	for i in range(40000):
	    faq["refId"] = "q%d" % i
	    sys.stdout.write("," * (i > 0) + json.dumps(faq, separators=(",",
	        ":"), ensure_ascii=False))
	sys.stdout.write(']},"name":"after"}],"sentences":[]}')
	PY
	limited 16 'pkg-unpack in >s.ndjson'
	[ "$(grep -c '"kind":"faq"' s.ndjson)" -eq 40000 ]
	[[ $(grep '"kind":"knowledge"' s.ndjson) == *'"name":"after"'* ]]
	limited 16 'pkg-pack -o y.zip s.ndjson'
	same_members in y.zip
}

@test "files that are not split need nothing" {
	mkdir in
	cp "$xo10/botDefinition.json" in
	head -c 50M /dev/urandom >in/icon.png
	{ yes 'some text with "quotes" and ümläuts' || [ $? -eq 141 ]; } | head -c 20M >in/script.js
	limited 16 'pkg-unpack in >s.ndjson'
	limited 16 'pkg-pack --no-limits -q -l 1 -o y.zip s.ndjson'
	same_members in y.zip
	limited 16 'pkg-unpack y.zip | tail -n 1'
	ended
}

@test "a zip whose definition comes last waits on the disk" {
	mkdir in
	cp "$xo10/botDefinition.json" in
	head -c 30M /dev/urandom >in/a.bin
	zip_of x.zip in a.bin botDefinition.json
	limited 16 'pkg-unpack x.zip | tail -n 1'
	ended
	limited 16 'cat x.zip | pkg-unpack | tail -n 1'
	ended
}

@test "the limit bites: what is too large for it is told, exit 4" {
	printf '{"refId":"%s"}' "$(head -c 50M /dev/zero | tr '\0' x)" \
	    >botDefinition.json
	try_sh "ulimit -d 24576; pkg-unpack botDefinition.json >s.ndjson"
	[ "$status" -eq 4 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	says pkg-unpack: memory
	run ! grep '@end' s.ndjson
	pkg-unpack botDefinition.json >s.ndjson
	try_sh "ulimit -d 24576; pkg-pack -o y.zip s.ndjson"
	[ "$status" -eq 4 ]
	says pkg-pack: memory
	[ ! -e y.zip ]
}
