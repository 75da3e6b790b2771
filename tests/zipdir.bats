#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# The check of a zip's central directory against its local headers.

bats_require_minimum_version 1.5.0

setup_file() {
	local root

	root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	case ${PKG_BUILD:-build} in
	/*) zipdir=$PKG_BUILD/tests/zipcheck ;;
	*) zipdir=$root/${PKG_BUILD:-build}/tests/zipcheck ;;
	esac
	unpack=${zipdir%/tests/zipcheck}/bin/pkg-unpack
	export zipdir unpack
	printf 'platform plain "files"\nfile all ** binary\n' \
		>"$BATS_FILE_TMPDIR/plain.map"
	cat >"$BATS_FILE_TMPDIR/zips.py" <<'PY'
# Zips from their parts, each of which may be made to lie.
import io, os, struct, sys, zlib

def extra(kind, body):
    return struct.pack("<HH", kind, len(body)) + body

def zip64(*values):
    return extra(1, struct.pack("<%dQ" % len(values), *values))

FULL = 0xffffffff
SIG = b"PK\7\10"

# local and central say where one header differs from the member; packed and
# raw are the bytes and what they inflate to; tail follows the data
def member(name=b"a.json", raw=b'{"a": 1}\n', method=0, flags=0, tail=None,
           local={}, central={}):
    packed = raw
    if method == 8:
        c = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = c.compress(raw) + c.flush()
    both = dict(name=name, flags=flags, method=method, crc=zlib.crc32(raw),
                packed=len(packed), size=len(raw), extra=b"")
    late = dict(crc=0, packed=0, size=0) if flags & 8 else {}
    if tail is None:
        tail = SIG + struct.pack("<3I", both["crc"], len(packed),
                                 len(raw)) if flags & 8 else b""
    return dict(local={**both, **late, **local}, bytes=packed + tail,
                central={**both, "comment": b"", "disk": 0, **central})

def end64(entries, size, offset, at, said=None, length=44, disk=0, disks=1,
          sig=b"PK\6\6"):
    return sig + struct.pack(
        "<QHHIIQQQQ", length, 45, 45, 0, 0, entries, entries, size, offset
    ) + b"PK\6\7" + struct.pack("<IQI", disk, at if said is None else said,
                               disks)

# order is that of the directory; big makes the Zip64 end record, from what
# the true one should hold; the rest are bytes put in, and the end's fields
def build(*members, prefix=b"", gap=b"", last=b"", between=b"", after=b"",
          order=None, big=None, comment=b"", **end):
    out, entries = bytearray(prefix), []
    for m in members:
        out += gap if entries else b""
        f, at = m["local"], len(out)
        out += b"PK\3\4" + struct.pack(
            "<HHHHHIIIHH", 20, f["flags"], f["method"], 0, 0x21, f["crc"],
            f["packed"], f["size"], len(f["name"]), len(f["extra"])
        ) + f["name"] + f["extra"] + m["bytes"]
        f = {"offset": at, **m["central"]}
        entries.append(b"PK\1\2" + struct.pack(
            "<HHHHHHIIIHHHHHII", 20, 20, f["flags"], f["method"], 0, 0x21,
            f["crc"], f["packed"], f["size"], len(f["name"]),
            len(f["extra"]), len(f["comment"]), f["disk"], 0, 0, f["offset"]
        ) + f["name"] + f["extra"] + f["comment"])
    out += last
    start = len(out)
    out += b"".join(entries[i] for i in order or range(len(entries)))
    f = dict(disk=0, dirdisk=0, here=len(entries), count=len(entries),
             size=len(out) - start, start=start, length=len(comment))
    out += between
    if big:
        out += big(f["count"], f["size"], start, len(out))
    f = {**f, **end}
    return out + b"PK\5\6" + struct.pack(
        "<HHHHIIH", f["disk"], f["dirdisk"], f["here"], f["count"], f["size"],
        f["start"], f["length"]) + comment + after

class Pipe(io.BytesIO):
    def seekable(self):
        return False
    def seek(self, *args):
        raise OSError
    def tell(self):
        raise OSError

# what Python's own writer makes of files; options go to open()
def library(files, out=None, method=8, **options):
    import zipfile  # most zips here do without: it takes a while to load
    out = out or io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in files:
            with z.open(name, "w", **options) as f:
                f.write(data)
    return out.getvalue()

# pairs of a file and an expression, each ended by a NUL; a line when one is made
def serve():
    text = b""
    while data := os.read(0, 65536):
        text += data
        while text.count(b"\0") >= 2:
            name, what, text = text.split(b"\0", 2)
            with open(name, "wb") as f:
                f.write(eval(what.decode()))
            print(flush=True)

if __name__ == "__main__":
    serve()
PY
}

# make a zip from a Python expression: by one process for all of a test
made() {
	if [ -z "${ZIPS_PID-}" ]; then
		coproc ZIPS { PYTHONWARNINGS=ignore exec python3 \
			"$BATS_FILE_TMPDIR/zips.py" 3>&-; }
	fi
	printf '%s\0' "$1" "$2" >&"${ZIPS[1]}"
	read -r -t 60 -u "${ZIPS[0]}" _
}

# the tool refuses what the check refuses, in its words, and takes the others
by_the_tool() {
	local got=0 said

	said=$("$unpack" -q --map "$BATS_FILE_TMPDIR/plain.map" "$@" \
		2>&1 >/dev/null) || got=$?
	[ "$got" -eq "$status" ] || {
		printf 'pkg-unpack exits %d: %s\n' "$got" "$said"
		return 1
	}
	[ "$got" -eq 0 ] || [ "${output#zipcheck: *: }" = "${said#*: *: }" ] || {
		printf 'pkg-unpack says %s\n' "$said"
		return 1
	}
}

# make a zip from a Python expression and check it; what is said must be text
check() {
	local zip=$BATS_TEST_TMPDIR/x.zip

	made "$zip" "$1"
	run "$zipdir" "$zip"
	printf 'of %s\nexit %d: %s\n' "$1" "$status" "$output"
	# what begins otherwise is no zip to it
	case $(head -c 4 "$zip" | od -A n -t x1) in
	*'50 4b 03 04' | *'50 4b 05 06')
		by_the_tool "$zip"
		by_the_tool < <(cat "$zip")
		;;
	esac
	if LC_ALL=C grep -q '[[:cntrl:]]' <<<"$output"; then
		return 1
	fi
}

# a zip that passes without a word but for its members
accepts() {
	check "$1"
	[ "$status" -eq 0 ]
	[[ $output != *zipcheck:* ]]
}

# a zip that has these members: name, mode, time, size, packed size
members() {
	accepts "$1"
	diff <(printf '%s\n' "${@:2}") - <<<"$output"
}

# a zip that is refused in one line with these words
refuses() {
	local word

	check "$1"
	shift
	[ "$status" -eq 3 ]
	[ "${#lines[@]}" -eq 1 ]
	for word; do
		[[ $output == *"$word"* ]] || {
			echo "expected: $word"
			return 1
		}
	done
}

@test "stored and deflated members pass" {
	accepts 'build(member(), member(b"b.json", b"[]" * 50, method=8))'
	accepts 'library([("a", b"[]"), ("b/c", b"[]" * 50)])'
	accepts 'library([("a", b"[]"), ("b/c", b"")], method=0)'
}

@test "a zip of nothing passes, with a comment or without" {
	accepts 'b"PK\5\6" + bytes(18)'
	accepts 'build(comment=b"nothing")'
}

@test "directory entries pass" {
	accepts 'build(member(b"d/", b""), member(b"d/a.json"))'
}

@test "data descriptors pass in each of their four forms" {
	for form in 'struct.pack("<3I", *v)' 'SIG + struct.pack("<3I", *v)' \
	    'struct.pack("<IQQ", *v)' 'SIG + struct.pack("<IQQ", *v)'; do
		accepts "[build(member(raw=r, flags=8, tail=$form),
		    member(b'b', r, flags=8, tail=$form)) for r in [b'[1]']
		    for v in [(zlib.crc32(r), 3, 3)]][0]"
		accepts "[build(member(raw=b'', flags=8, tail=$form))
		    for v in [(0, 0, 0)]][0]"
	done
	accepts 'library([("a", b"[]" * 9), ("b", b"{}")], Pipe())'
}

@test "values may come early although a data descriptor follows" {
	accepts 'build(member(flags=8, local={"size": 9, "packed": 9,
	    "crc": zlib.crc32(b"{\"a\": 1}\n")}))'
}

@test "Zip64 members pass, though small" {
	accepts 'library([("a", b"[]"), ("b", b"{}")], force_zip64=True)'
	accepts 'library([("a", b"[]")], Pipe(), force_zip64=True)'
	accepts 'build(member(central={"size": FULL, "packed": FULL,
	    "offset": FULL, "disk": 0xffff,
	    "extra": extra(1, struct.pack("<QQQI", 9, 9, 0, 0))}))'
	accepts 'build(member(b"a"), member(b"b", central={"offset": FULL,
	    "extra": extra(9, b"x") + zip64(40)}))'
}

@test "Zip64 end records pass, whether the end record is full or repeats" {
	accepts 'build(member(), big=end64)'
	accepts 'build(member(), big=end64, disk=0xffff, dirdisk=0xffff,
	    here=0xffff, count=0xffff, size=FULL, start=FULL)'
	accepts 'build(big=end64)'
	accepts 'build(member(), big=lambda *a: end64(*a, disks=0))'
}

@test "more members than the end record can count pass" {
	accepts 'build(*[member(b"%d" % i, b"") for i in range(65540)],
	    big=end64, here=0xffff, count=0xffff)'
	accepts 'build(*[member(b"%d" % i, b"") for i in range(65535)])'
}

@test "comments of any length pass" {
	accepts 'build(member(central={"comment": b"good"}), comment=b"hello")'
	accepts 'build(member(), comment=b"x" * 65535)'
}

@test "a directory in another order than the members passes" {
	accepts 'build(member(), member(b"b"), member(b"c"), order=[2, 0, 1])'
}

@test "headers of more than a block pass" {
	accepts 'build(*[member(b"%d" % i * 16000, b"x" * 9000, local={
	    "extra": extra(9, bytes(60000))}, central={"comment": bytes(65535),
	    "extra": extra(9, bytes(65000))}) for i in range(3)])'
}

@test "a header that the end of a block cuts passes" {
	local n

	# of 31 bytes, begun from 28 to 32 bytes before the first block's end
	for n in {16321..16325}; do
		accepts "build(member(b'a', b'x' * $n), member(b'b'))"
	done
}

@test "extra fields with up to three bytes of padding pass" {
	accepts 'build(member(local={"extra": extra(9, b"x") + bytes(3)},
	    central={"extra": b"\0"}))'
}

@test "a file of another kind is refused" {
	refuses 'b""' 'found 0 bytes' 'at least 22'
	refuses 'b"PK\5\6" + bytes(17)' 'found 21 bytes'
	refuses 'b"{}" * 99' 'no end record in the last 198 bytes'
	refuses 'bytes(99999)' 'no end record in the last 65557 bytes'
}

@test "what cannot be read is an input error of its own" {
	mkdir "$BATS_TEST_TMPDIR/d"
	touch "$BATS_TEST_TMPDIR/d/one" "$BATS_TEST_TMPDIR/d/two"
	run -4 "$zipdir" "$BATS_TEST_TMPDIR/d"
	[[ $output == *'cannot read'* ]]
}

@test "another name in the local header is refused, with both names" {
	refuses 'build(member(b"X.json", local={"name": b"Y.json"}))' \
	    'the central directory names it X.json, its local header Y.json:' \
	    'the package was tampered with or damaged'
	refuses 'build(member(b"a", local={"name": b"a.json"}))' \
	    'names it a, its local header a.json:'
}

@test "a second name in the local header only is refused" {
	refuses 'build(member(local={"extra": extra(0x7075, b"\1abcdZ")}))' \
	    'a.json: byte 0:' 'Unicode name'
	refuses 'build(member(central={"extra": extra(0x7075, b"\1abcdZ")}))' \
	    'Unicode name'
	refuses 'build(member(local={"extra": extra(0x7075, b"\1abcdY")},
	    central={"extra": extra(0x7075, b"\1abcdZ")}))' 'Unicode name'
	refuses 'build(member(local={"extra": extra(0x7075, b"\1abcdYY")},
	    central={"extra": extra(0x7075, b"\1abcdY")}))' 'Unicode name'
}

@test "a second name is checked as the first one is" {
	# name, second name, flags: what both headers have
	twice='(lambda n, u, f=0, crc=None, version=1: build(*[member(n, flags=f,
	    **{k: {"extra": extra(0x7075, struct.pack("<BI", version,
	    zlib.crc32(n) if crc is None else crc) + u)}
	    for k in ("local", "central")})]))'
	members "$twice(b'a.js', b'a.js')" 'a.js 664 315532800 9 9'
	members "$twice('\u00fc'.encode(), '\u00fc'.encode(), 0x800)" \
	    'ü 664 315532800 9 9'
	# of a name in an old code page the second is the true one
	members "$twice(b'\x81.js', '\u00fc.js'.encode())" \
	    'ü.js 664 315532800 9 9'
	refuses "$twice(b'evil.js', b'good.js', 0x800)" \
	    'evil.js: ' 'Unicode name' 'good.js'
	refuses "$twice(b'evil.js', b'good.js')" 'is another, good.js'
	refuses "$twice(b'a.js', b'gone/')" 'is another, gone/'
	refuses "$twice(b'\x81', b'x/')" 'is another, x/'
	refuses "$twice(b'\x81/', b'x')" 'is another, x'
	refuses "$twice(b'\x81', b'x\\y')" 'the name has a backslash'
	refuses "$twice(b'\x81', b'x\0y')" 'the name has a NUL'
	refuses "$twice(b'\x81', b'x', crc=7)" 'is not one of this name'
	refuses "$twice(b'\x81', b'x', version=2)" 'is not one of this name'
	refuses "$twice(b'\x81', b'')" 'is not one of this name'
}

@test "a name and a mark that disagree on what is a directory are refused" {
	local file='0 20,3 81a40000,7 10,3 0'
	local folder='0 10,10 10,11 30,14 10,3 41ed0010,3 41ed0000,3 10,3 81a40010'

	cd "$BATS_TEST_TMPDIR"
	# zips called NAME-DATA-MARK, a mark being the system in the high byte of
	# 20, and its attributes; all by one process
	python3 - "$BATS_FILE_TMPDIR" "$file,$folder" <<-'PY'
	import sys
	sys.path[:1] = sys.argv[1:2]
	from zips import build, member
	for name, data in ("a.js", ""), ("a.js", "[]"), ("a/", ""), ("a/", "[]"):
	    zip = bytearray(build(member(name.encode(), data.encode())))
	    at = zip.index(b"PK\1\2")
	    for mark in sys.argv[2].split(","):
	        system, attributes = mark.split()
	        zip[at + 5] = int(system)
	        zip[at + 38:at + 42] = int(attributes, 16).to_bytes(4, "little")
	        with open("-".join((name.strip("/"), data, mark)), "wb") as f:
	            f.write(zip)
	PY
	while read -r mark; do
		for data in '' '[]'; do
			run "$zipdir" "a.js-$data-$mark"
			[ "$status" -eq 3 ]
			[[ $output == *'a.js: byte '*'marked as a directory'* ]]
		done
		run "$zipdir" "a--$mark"
		[ "$status" -eq 0 ]
	done <<<"${folder//,/$'\n'}"
	while read -r mark; do
		run "$zipdir" "a-[]-$mark"
		[ "$status" -eq 3 ]
		[[ $output == *'a/: byte '*'a directory'*'has data'* ]]
		run "$zipdir" "a.js-[]-$mark"
		[ "$status" -eq 0 ]
	done <<<"${file//,/$'\n'}"
}

@test "a member has the mode and the time that the zip tells" {
	members 'library([("a", b"[]")]).replace(b"PK\1\2\x14\3",
	    b"PK\1\2\x14\0")' 'a 664 315532800 2 4'
	members 'library([("a", b"[]")])' 'a 600 315532800 2 4'
	members 'build(member(local={"extra": extra(0x5455, b"\1" +
	    struct.pack("<i", -5))}), member(b"b", local={"extra":
	    extra(0x5855, struct.pack("<ii", 7, 9))}), member(b"c",
	    local={"extra": extra(0x5455, b"\2" + struct.pack("<i", 4))}))' \
	    'a.json 664 -5 9 9' 'b 664 9 9 9' 'c 664 315532800 9 9'
	# whatever is read between a header and what stands behind its member
	members 'build(*(member(b"%d" % i, b"x" * 40000, flags=i % 2 * 8,
	    local={"extra": extra(0x5455, b"\1" + struct.pack("<i", i))})
	    for i in range(4)))' \
	    '0 664 0 40000 40000' '1 664 1 40000 40000' \
	    '2 664 2 40000 40000' '3 664 3 40000 40000'
}

@test "names reach the terminal as text" {
	refuses 'build(member(b"\x1b[2Jx\n\r\x7f\0y", method=99))' \
	    ': \x1b[2Jx\x0a\x0d\x7f\x00y: '
	refuses 'build(member(b"\xffa\xc3\xed\xa0\x80\xc0\x80z", method=99))' \
	    ': \xffa\xc3\xed\xa0\x80\xc0\x80z: '
	refuses 'build(member(b"\xc2\x9b2J\\x1b", method=99))' \
	    ': \xc2\x9b2J\\x1b: '
	refuses 'build(member("\u00fc\u20ac\U0001f600".encode(), method=99))' \
	    ': ü€😀: '
	refuses 'build(member(local={"name": b"\x1b]0;\x07\x7f"}))' \
	    'its local header \x1b]0;\x07\x7f:'
	refuses 'build(member(b"\x1bA"), member(b"\x9bB", central={
	    "offset": 0}))' '\x1bA' '\x9bB'
}

@test "another compression method in the local header is refused" {
	refuses 'build(member(method=8, local={"method": 0}))' \
	    'a.json: byte 0:' 'compression method as 8, its local header as 0'
}

@test "methods other than stored and deflated are refused" {
	refuses 'build(member(method=12))' 'found compression method 12' \
	    'expected 0 (stored) or 8 (deflated)'
	refuses 'build(member(method=9))' 'found compression method 9'
}

@test "encrypted members are refused, whichever header says so" {
	refuses 'build(member(), member(b"b", flags=1))' ': b: byte 45:' \
	    'encrypted'
	refuses 'build(member(local={"flags": 1}))' 'encrypted'
	refuses 'build(member(central={"flags": 1}))' 'encrypted'
	refuses 'build(member(flags=0x40))' 'encrypted'
	refuses 'build(member(flags=0x2000))' 'encrypted'
}

@test "a data descriptor that only one header announces is refused" {
	refuses 'build(member(central={"flags": 8}))' \
	    'its directory entry says that a data descriptor follows'
	refuses 'build(member(local={"flags": 8}))' \
	    'its local header says that a data descriptor follows'
}

@test "another CRC or size in the local header is refused" {
	refuses 'build(member(raw=b"", local={"crc": 7}))' \
	    'gives its CRC as 0, its local header as 7'
	refuses 'build(member(local={"packed": 8}))' \
	    'gives its compressed size as 9, its local header as 8'
	refuses 'build(member(local={"size": 10}))' \
	    'gives its size as 9, its local header as 10'
	refuses 'build(member(local={"size": 0}))' 'its size as 9' 'as 0'
	refuses 'build(member(flags=8, local={"size": 1}))' 'its size as 9'
}

@test "another Zip64 size in the local header is refused" {
	refuses 'build(member(local={"size": FULL, "packed": FULL,
	    "extra": zip64(10, 9)}))' 'gives its size as 9' 'as 10'
	refuses 'build(member(local={"size": FULL, "packed": FULL,
	    "extra": zip64(9, 1 << 32)}))' 'compressed size as 9' '4294967296'
	refuses 'build(member(central={"size": FULL, "extra": zip64(10)}))' \
	    'gives its size as 10' 'as 9'
	refuses 'build(member(local={"size": FULL}))' 'as 4294967295'
}

@test "a stored member of two sizes is refused" {
	refuses 'build(member(local={"size": 5}, central={"size": 5}))' \
	    'found 9 stored bytes for a size of 5'
}

@test "a data descriptor that says something else is refused" {
	for wrong in '1, 9, 9' 'crc, 8, 9' 'crc, 9, 8'; do
		refuses "[build(member(flags=8, tail=SIG + struct.pack('<3I',
		    $wrong))) for crc in [zlib.crc32(b'{\"a\": 1}\\n')]][0]" \
		    'a.json: byte 45: expected a data descriptor'
	done
	refuses 'build(member(flags=8, tail=b""), member(b"b"))' \
	    'a.json: byte 45: expected a data descriptor'
	refuses 'build(member(raw=b"", flags=8, tail=b"PK\7\7" + bytes(12)))' \
	    'expected a data descriptor'
	refuses 'build(member(raw=b"", flags=8, tail=bytes(11)))' \
	    'expected a data descriptor'
	refuses 'build(member(raw=b"", flags=8, tail=SIG + bytes(13)))' \
	    'found 1 bytes before the central directory'
	# which would be right if it went on into the central directory
	refuses 'build(member(raw=b"", method=8, flags=8,
	    tail=SIG + struct.pack("<IQ", 0, 2), central={"size": FULL,
	    "extra": extra(1, b"PK\1\2\x14\0\x14\0")}))' \
	    'expected a data descriptor'
}

@test "a Zip64 field that is too short or comes twice is refused" {
	refuses 'build(member(local={"size": FULL, "packed": FULL,
	    "extra": zip64(9)}))' 'a.json: byte 0: its Zip64 field is too short'
	refuses 'build(member(central={"offset": FULL, "extra": extra(1,
	    bytes(7))}))' 'a.json: byte 45: its Zip64 field is too short'
	refuses 'build(member(central={"extra": zip64() + zip64()}))' \
	    'two extra fields of type 0x0001'
	refuses 'build(member(local={"extra": extra(0x7075, b"") * 2}))' \
	    'two extra fields of type 0x7075'
}

@test "extra fields longer than their room are refused" {
	refuses 'build(member(local={"extra": b"\x09\0\5\0xxxx"}))' \
	    'a.json: byte 0: found an extra field of 5 bytes where 4 are left'
	refuses 'build(member(central={"extra": b"\x09\0\1\0"}))' \
	    'a.json: byte 45: found an extra field of 1 bytes where 0 are'
}

@test "two entries for one local header are refused, with both names" {
	refuses 'build(member(b"A"), member(b"B", central={"offset": 0}))' \
	    'A and B have the same local header' 'zip bomb'
	refuses 'build(member(b"A"), member(b"B"), member(b"A", central={
	    "offset": 0}))' 'A and A have the same local header' 'zip bomb'
}

@test "members that overlap are refused, with both names" {
	# B, with its local header, is also the data of A
	refuses 'build(member(b"A", build(member(b"B"))[:40]),
	    member(b"B", central={"offset": 31}))' \
	    'B and A overlap' 'zip bomb'
}

@test "members that reach into the central directory are refused" {
	refuses 'build(member(local={"packed": 10, "size": 10},
	    central={"packed": 10, "size": 10}))' \
	    'its 10 bytes overlap the central directory' '9 bytes later'
	refuses 'build(member(local={"packed": FULL, "size": FULL,
	    "extra": zip64(2**64 - 36, 2**64 - 36)}, central={"packed": FULL,
	    "size": FULL, "extra": zip64(2**64 - 36, 2**64 - 36)}))' \
	    'bytes overlap the central directory'
}

@test "a local header that is not where it should be is refused" {
	refuses 'build(member()).replace(b"PK\3\4", b"PK\3\5")' \
	    'a.json: byte 0: expected its local header here'
	refuses 'build(member(), member(b"b", central={"offset": 46}))' \
	    ': b: byte 45: found 1 bytes before its local header'
}

@test "a local header without room for it is refused" {
	refuses 'build(member(central={"offset": 16}))' \
	    'a.json: byte 45: its local header should be at byte 16' 'at 45'
	refuses 'build(member(central={"offset": 46}))' 'at byte 46'
	refuses 'build(member(central={"offset": FULL,
	    "extra": zip64(2**64 - 1)}))' 'at byte 18446744073709551615'
	refuses 'build(member(raw=b"")).replace(b"\6\0\0\0a.j",
	    b"\x07\0\0\0a.j")' \
	    'found a local header of 37 bytes 36 bytes before the central'
}

@test "bytes that belong to no member are refused wherever they are" {
	refuses 'build(member(), member(b"b"), gap=b"xyz")' \
	    ': b: byte 45: found 3 bytes before its local header'
	refuses 'build(member(), last=b"xyz")' \
	    'byte 45: found 3 bytes before the central directory'
	refuses 'build(last=b"xyz")' 'found 3 bytes before the central'
	refuses 'build(member(), between=b"xyz")' \
	    'found 3 bytes between the central directory and its end record'
	refuses 'build(member(), after=b"xyz")' \
	    'byte 119: found 3 bytes after the end of the zip'
	refuses 'build(member(), between=b"xyz", big=end64)' \
	    'found 3 bytes between the central directory and its end record'
}

@test "a member that the central directory conceals is refused" {
	# 43 bytes: its local header, name and data
	refuses 'build(member(), last=build(member(b"evil"))[:43])' \
	    'byte 45: found 43 bytes before the central directory'
	refuses 'build(member(), member(b"b"),
	    gap=build(member(b"evil"))[:43])' \
	    ': b: byte 45: found 43 bytes before its local header'
}

@test "bytes before a zip whose offsets do not count them are refused" {
	refuses 'b"#!/bin/sh\n" + build(member())' \
	    'byte 55: the central directory should begin at byte 45' \
	    '10 bytes were put before or into the zip' 'self-extracting'
	refuses 'b"#!/bin/sh\n" + build(member(), big=end64)' \
	    'the Zip64 end record should begin at byte 97' '10 bytes'
}

@test "bytes before a zip whose offsets count them are refused, too" {
	refuses 'build(member(), prefix=b"#!/bin/sh\n")' \
	    'byte 0: found 10 bytes before the first member' self-extracting
}

@test "bytes before a zip are refused if they could be one" {
	refuses 'build(member(), prefix=build(member(b"evil"))[:43])' \
	    'byte 0: found 43 bytes before the first member' 'look like a zip'
}

@test "a comment that holds an end record is refused" {
	refuses 'build(member(), comment=b"PK\5\6" + bytes(19))' \
	    'found 1 bytes after the end'
	refuses 'build(member(), comment=build(member(b"evil")))' \
	    'were put before or into the zip'
}

@test "a zip cut at either end is refused" {
	refuses 'build(member(), comment=b"hello")[:-1]' \
	    'found 26 bytes of an end record and its comment; expected 27'
	refuses 'build(member())[10:]' \
	    'byte 35: the central directory should begin at byte 45' \
	    'bytes were cut out'
	refuses 'build(member())[60:]' \
	    'found 37 bytes before the end record' 'directory of 52'
	refuses 'build(member())[:-1]' 'no end record'
}

@test "a count that is not the number of entries is refused" {
	refuses 'build(member(), member(b"b"), here=1, count=1)' \
	    'counts 1 members, the central directory has 2'
	refuses 'build(member(), here=2, count=2)' \
	    'counts 2 members, the central directory has 1'
	refuses 'build(*[member(b"%d" % i, b"") for i in range(65537)],
	    here=1, count=1)' 'counts 1 members' 'has 65537'
}

@test "something else in the central directory is refused" {
	refuses 'build(member(), member(b"b"), here=1, count=1).replace(
	    b"PK\1\2", b"PK\5\5")' 'byte 85: expected an entry of the central'
	refuses 'build(member(), between=b"PK\1\2" + bytes(41), size=97)' \
	    'byte 97: found an entry of at least 46 bytes' 'has 45 left'
	refuses 'build(member(), between=b"xyz", size=55)' \
	    'byte 97: found an entry of at least 46 bytes' 'has 3 left'
	refuses 'build(member()).replace(b"\6\0" + bytes(8),
	    b"\7\0" + bytes(8))' \
	    'byte 45: found an entry of at least 53 bytes' 'has 52 left'
}

@test "parts of a zip of several disks are refused" {
	refuses 'build(member(), disk=1)' 'several disks'
	refuses 'build(member(), dirdisk=1)' 'several disks'
	refuses 'build(member(), here=0)' 'several disks'
	refuses 'build(member(central={"disk": 1}))' 'a member on disk 1'
	refuses 'build(member(), big=lambda *a: end64(*a, disks=2))' \
	    'several disks'
	refuses 'build(member(), big=lambda *a: end64(*a, disk=1))' \
	    'several disks'
}

@test "end records that differ are refused" {
	refuses 'build(member(), big=end64, here=2, count=2)' \
	    'gives the members on this disk as 2, the Zip64 end record as 1'
	refuses 'build(member(), big=end64, count=2)' \
	    'gives the members as 2, the Zip64 end record as 1'
	refuses 'build(member(), big=end64, size=53)' \
	    'gives the size of the central directory as 53'
	refuses 'build(member(), big=end64, start=46)' \
	    'gives the start of the central directory as 46'
	refuses 'build(member(), big=end64, disk=1)' 'gives this disk as 1'
}

@test "a Zip64 locator without its record is refused" {
	refuses 'build(member(), big=lambda *a: end64(*a, sig=b"PK\6\5"))' \
	    'expected a Zip64 end record'
	refuses 'build(member(), big=lambda *a: end64(*a, length=45))' \
	    'expected a Zip64 end record'
	refuses 'build(member(), big=lambda *a: end64(*a, said=98))' \
	    'the Zip64 end record should begin at byte 98, but begins here'
	refuses 'end64(0, 0, 0, 0)[-20:] + build()' 'without room'
}

@test "the central directory may not be larger than the file" {
	refuses 'build(member(), size=98)' \
	    'found 97 bytes before the end record' 'directory of 98'
	refuses 'build(member(), big=end64, size=FULL).replace(
	    struct.pack("<Q", 52), b"\xff" * 8)' \
	    'directory of 18446744073709551615'
	refuses 'build(member(), start=FULL)' 'begin at byte 4294967295'
}
