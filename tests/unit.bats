#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What the library's parts promise, asked of them directly; each program of
# tests/unit/ says on standard error what does not hold.

load helpers

setup() {
	unit=$build/tests
	cd "$BATS_TEST_TMPDIR" || return
}

# a program that checks found all as it should be
holds() {
	try "$unit/$1" "${@:2}"
	[ "$status" -eq 0 ]
	quiet
}

# so many times this text
many() {
	{ yes "$2" || [ $? -eq 141 ]; } | head -n "$1" | tr -d '\n'
}

# so many blanks, tabs or line breaks
blanks() {
	head -c "$1" /dev/zero | tr '\0' "${2:- }"
}

# the parser says of a text what a plain reader says, in pieces of any size
same_in_pieces() {
	printf '%b' "$1" >text.json
	holds scan -a text.json
}

# a text of which the parser says no word but this error, in bytes or blocks
is_refused() {
	local pieces

	for pieces in 1 4096 0; do
		try "$unit/scan" -n "$pieces" text.json
		[ "$status" -eq 1 ]
		says "$@"
	done
}

@test "a map with a mistake is not compiled in" {
	try "$build/check-maps" "$root"/lib/platform/*.map
	[ "$status" -eq 0 ]
	quiet
	sed '2,$s/^kind /kimd /' "$root/lib/platform/kore.map" >bad.map
	try "$build/check-maps" "$root/lib/platform/generic.map" bad.map
	[ "$status" -eq 3 ]
	says 'bad.map:' 'not a word that begins a row, found "kimd"'
}

@test "each text of the table is taken or refused, in pieces of any size" {
	holds scan -t -d 32 "$tests/json/cases"
	cases=$(grep -c '^[ar]' "$tests/json/cases")
	[ "$cases" -ge 570 ]
	[ "$output" = "$cases cases" ]
}

@test "the parser says of any text what python3 says, and yajl but for lapses" {
	# the table, the fixtures, real packages if there are any, spoiled ones
	corpus=${PKG_CORPUS:-$root/../shared/corpus}
	[ -d "$corpus" ] || corpus=$xo10
	try python3 "$tests/json/judges.py" -n $((20000 / SPARSE)) \
	    "$unit/verdict" "$tests/fixtures" "$corpus"
	[ "$status" -eq 0 ]
	quiet
}

@test "of several failures the first is the exit status" {
	try "$unit/diag"
	[ "$status" -eq 0 ]
	diff <(printf '%s\n' "$stderr") - <<-'EOF'
	diag: first
	diag: second
	diag: failed without a message: this is a fault of diag itself; please report it
	EOF
}

@test "places at which two values differ are told, the first few" {
	holds differ
}

@test "tokens come with their offsets and their own bytes" {
	for pieces in 0 1 2 3 7 64; do
		try_sh '"$1/scan" -n "$2" "$3.json" | diff "$3.gold" -' \
			"$unit" "$pieces" "$tests/json/tokens"
		[ "$status" -eq 0 ]
	done
	holds scan -a "$tests/json/tokens.json"
}

@test "the fixtures are read the same in pieces of any size" {
	for file in "$xo10"/*.json "$xo11"/*.json; do
		holds scan -a "$file"
	done
}

@test "long strings are read the same in pieces of any size" {
	long=$(many 70000 x)
	same_in_pieces "[\"$long\"]"
	same_in_pieces "{\"a\":\"$long\", \"b\":[ \"$long\",\"$long\" ] }"
	same_in_pieces "\"$long\""
	same_in_pieces "{\"$long\":1}"
	# a number is read from its start again for every piece
	same_in_pieces "[$(many 66000 1)]"
	same_in_pieces "[1,\"$(many 9000 '\\\\\\"\\\\u00e9')\"]"
	same_in_pieces "[\n  \"$(many 30000 '\xe2\x82\xac')\\\\\\\\\"\n]\n"
}

@test "a long string is taken wherever its escapes are cut" {
	for pad in '' x; do
		same_in_pieces "[\"$pad$(many 12000 '\\\\u00e9')\"]"
		same_in_pieces "{\"a\":\"$pad$(many 33000 '\\\\n')\"}"
		same_in_pieces "[\"$pad$(many 11000 '\\\\u00e9')\\\\u00x\"]"
	done
	# of more than a token may have, as json.dumps writes it
	for pad in '' x xx xxx xxxx xxxxx; do
		printf '["%s%s"]' "$pad" "$(many 180000 '\u00e9')" >text.json
		try_sh '"$1" -n 65536 text.json | tail -c 8' "$unit/scan"
		[ "$status" -eq 0 ]
		quiet
	done
}

@test "a string that is wrong far behind its start is refused in all pieces" {
	long=$(many 70000 x)
	same_in_pieces "[\"$long\\\\q\"]"
	same_in_pieces "[\"$long\\\\u12x4\"]"
	same_in_pieces "[\"$long\n\"]"
	same_in_pieces "[\"$long\t\"]"
	same_in_pieces "[\"$long\xff\"]"
	same_in_pieces "[\"$long"
	same_in_pieces "[\"$long\\\\\"]"
	same_in_pieces "[\"$long\" \"$long\"]"
	same_in_pieces "{\"a\" \"$long\"}"
	same_in_pieces "{\"a\":1, \"$long\"}"
}

@test "blanks without end are read the same in pieces of any size" {
	long=$(blanks 70000)
	same_in_pieces "[${long}1]"
	same_in_pieces "[\n${long}1,\n$long\"x\"$long]"
	same_in_pieces "{\"a\"$long:$(blanks 66000 '\t')1$(blanks 66000 '\r')}"
	same_in_pieces "[$(many 66000 '\n')1]"
	same_in_pieces "[1,$(blanks 65536)\"a\"]"
	same_in_pieces "$long\"abc\""
	same_in_pieces "${long}{\"a\":${long}[]}"
	same_in_pieces "$(many 66000 '\n')12"
	same_in_pieces "${long}true"
	same_in_pieces "${long}x"
	same_in_pieces "$long"
}

@test "blanks after a document are kept up to 64 KiB, and refused beyond" {
	same_in_pieces "[1]$(blanks 65536)"
	printf '[1]%s' "$(blanks 65537)" >text.json
	is_refused 'more than 64 KiB'
}

@test "nesting is refused beyond the limit, however deep it goes" {
	same_in_pieces "$(many 1024 '[')$(many 1024 ']')"
	same_in_pieces "$(many 1025 '[')$(many 1025 ']')"
	printf %s "$(many 100000 '[')" >text.json
	is_refused 'byte 1024: ' 'deeper than the limit' '--max-depth'
	printf %s "$(many 50000 '{"":')" >text.json
	is_refused 'byte 4096: ' 'deeper than the limit'
}

@test "a value laid out in a style is told to have it, and laid out the same" {
	holds styles
}

@test "a value laid out around its holes is the filled one; measured, its size" {
	holds print
}

@test "escapes, UTF-8, pointers, base64, sizes and names are what they should" {
	holds strings
}

@test "all patterns that match a path are found, and no others" {
	holds pathmatch
}

@test "a map's patterns take paths by their definition, however many stars" {
	holds file_match
	holds file_match 2
}

@test "lines are whole in whatever pieces they come, and bytes put aside too" {
	holds lines
}

@test "canonical lines are taken apart, others refused, edited ones repaired" {
	holds record
}

@test "a stream's sum is the same in any order and in any pieces" {
	holds hash
}

@test "of many texts looked for the one of which most stands there is found" {
	holds needles
}

@test "a token of each shape is found wherever it stands, and none too short" {
	holds secret
}

@test "a tape has all tokens; edits and changed lines are what they should" {
	holds tape
}

@test "what lost a reference is repaired as the map says, or by default" {
	holds repair
}

@test "new words stand in all places of the old ones, in their form" {
	holds rewrite
}

@test "what says the same has one digest, what does not has others" {
	holds fingerprint
}

@test "nothing spoiled is taken for good, and nobody dies of it" {
	holds fuzz
}

@test "an error that was printed and lost completes no output, and is told" {
	holds failed
}

@test "records of two streams pair by id, by alias, inside a pair, by a key" {
	# the second dialog and the field have other ids, but their aliases
	pkg-unpack -q --name botDefinition.json - <<-'EOF' >t.ndjson
	{"_id":"st","refId":"r","dialogs":[{"refId":"a","_id":"1"},
	{"refId":"old","_id":"2"},{"refId":"gone","_id":"3"}],
	"forms":[{"refId":"f","components":[{"name":"x","refId":"6"}]}],
	"advancedNLSettings":[{"refId":"n1","_id":"4",
	"configurationKeyName":"k","language":"en"}]}
	EOF
	pkg-unpack -q --name botDefinition.json - <<-'EOF' >s.ndjson
	{"_id":"st","refId":"r","dialogs":[{"refId":"only","_id":"8"},
	{"refId":"new","_id":"2"},{"refId":"a","_id":"9"}],
	"forms":[{"refId":"f","components":[{"name":"z","refId":"7"},
	{"name":"y","refId":"6"}]}],
	"advancedNLSettings":[{"refId":"n2","_id":"5",
	"configurationKeyName":"k","language":"en"}]}
	EOF
	try "$unit/pair" t.ndjson s.ndjson
	[ "$status" -eq 0 ]
	quiet
	diff <(printf '%s\n' "$output") <(printf '%s\n' $'app\tapp\tapp' \
		$'setting\t/refId\t/refId' $'dialog\ta\ta' \
		$'dialog\told\tnew' $'form\tf\tf' \
		$'formfield\tf/x\tf/y' $'nlsetting\tn1\tn2')
}

# texts deflated by another hand: each kind of block, and none
deflated() {
	python3 - <<-'PY'
	import random, zlib
	random.seed(5)
	words = [bytes(random.choices(b"abcdefgh ", k=random.randint(2, 9)))
	    for _ in range(300)]
	text = b"".join(random.choices(words, k=9000))
	def write(name, text, *args, strategy=0, flush=None):
	    c = zlib.compressobj(*args, zlib.DEFLATED, -15, 8, strategy)
	    out = b""
	    step = flush or len(text) or 1
	    for i in range(0, len(text), step):
	        out += c.compress(text[i:i + step])
	        out += c.flush(zlib.Z_SYNC_FLUSH) if flush else b""
	    open(name + ".raw", "wb").write(out + c.flush())
	    open(name + ".txt", "wb").write(text)
	write("dynamic", text, 9)
	write("fixed", text[:5000], 6, strategy=zlib.Z_FIXED)
	write("stored", random.randbytes(70000), 0)
	write("flushed", text, 6, flush=777)
	write("far", text[:32768] + bytes(40000) + text[:32768], 9)
	write("zeros", bytes(300000), 9)
	write("empty", b"", 6)
	PY
}

@test "what others deflate is inflated, in pieces of any size" {
	deflated
	n=0
	for raw in *.raw; do
		want="$(stat -c %s "$raw") $(python3 -c 'import sys, zlib
print("%08x" % zlib.crc32(open(sys.argv[1], "rb").read()))' "${raw%.raw}.txt")"
		cat "$raw" <(echo "other bytes") >longer
		sizes=()
		for pair in {1..31}' 65536' {1..31..6}' 1' '65536 '{1..31..6} \
		    '1000000 65536'; do
			# under the sanitizers of each file others
			! tried $((++n)) || sizes+=("$pair")
		done
		# shellcheck disable=SC2086,SC2068 # two words each
		"$unit/flate" -r ${sizes[@]} <"$raw" 2>said |
		    cmp - <(for _ in "${sizes[@]}"; do
			cat "${raw%.raw}.txt"; done)
		diff said <(for _ in "${sizes[@]}"; do echo "$want"; done)
		# where it ends it ends
		"$unit/flate" -r 1 1000 9 65536 1000000 7777 <longer 2>said |
		    cmp - <(cat "${raw%.raw}.txt" "${raw%.raw}.txt" \
			"${raw%.raw}.txt")
		diff said <(printf '%s\n' "$want" "$want" "$want")
	done
}

@test "what was cut of deflated bytes has no end, or is none" {
	deflated
	for raw in *.raw; do
		size=$(stat -c %s "$raw")
		for n in 0 1 2 3 5 9 $((size / 2)) $((size - 1)); do
			[ "$n" -lt "$size" ] || continue
			head -c "$n" "$raw" >part
			status=0
			"$unit/flate" -r 4096 4096 <part >out 2>said || status=$?
			[ "$status" -eq 6 ]
			head -c "$(stat -c %s out)" "${raw%.raw}.txt" |
			    cmp - out
		done
	done
	# a block of no kind, two lengths that differ, too many codes, bytes from
	# before the first
	for bytes in '\x07' '\x01\x05\x00\x00\x00' '\xfd\xff\xff\xff' \
	    '\x03\x02\x00\x00'; do
		try_sh 'printf %b "$2" | "$1/flate" -r 9 9' "$unit" "$bytes"
		[ "$status" -eq 3 ]
	done
}

@test "blocks deflated one by one are one stream, also for others" {
	deflated
	n=0
	for text in *.txt; do
		for how in '1 4096' '6 1000' '6 32768' '9 33000' '6 262144'; do
			n=$((n + 1))
			# shellcheck disable=SC2086 # two words
			"$unit/flate" -w $how <"$text" >$n.out 2>$n.said
			echo "$text" >$n.name
		done
	done
	python3 - $n <<-'PY'
	import sys, zlib
	for n in range(1, int(sys.argv[1]) + 1):
	    text = open(open("%d.name" % n).read().strip(), "rb").read()
	    z = zlib.decompressobj(-15)
	    assert z.decompress(open("%d.out" % n, "rb").read()) == text
	    assert z.eof and not z.unused_data
	    assert open("%d.said" % n).read() == "%d %08x\n" % (
	        len(text), zlib.crc32(text))
	PY
	# a block leans on those before it: one of 300 is half the size
	small=$("$unit/flate" -w 6 1000 <dynamic.txt 2>said | wc -c)
	head -c 1000 dynamic.txt | "$unit/flate" -w 6 1000 2>said >alone
	[ "$small" -lt $(($(stat -c %s alone) * $(stat -c %s dynamic.txt) / 1100)) ]
}

@test "a tool that takes --report, and writes none, is told of" {
	cd "$BATS_TEST_TMPDIR"
	for report in r /dev/null; do
		try "$unit/options" --report "$report"
		[ "$status" -eq 0 ]
		[ "$output" -eq 4 ]
		says "forgetful: $report: no report was written" report_end
		holds options -w --report "$report"
		[ "$output" -eq 0 ]
	done
	[ "$(jq -r .tool r)" = forgetful ]
	holds options
	[ "$output" -eq 0 ]
}

@test "what two sides made of a list or a text is in it once, in order" {
	holds arrange
}
