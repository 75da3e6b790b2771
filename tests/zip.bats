#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# The zips that pkg-pack writes: the same on any number of threads, and read
# by others as they were meant.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# the stream s of a folder in, whose files are as long as a block of deflate,
# nearly, and many of them short; more names are of files with one byte
stream_of_files() {
	python3 - "$@" <<-'PY'
	import os, random, sys
	random.seed(7)
	words = [bytes(random.choices(b"abcdefgh ", k=random.randint(2, 9)))
	    for _ in range(300)]
	text = b"".join(random.choices(words, k=150000))
	block = 1 << 18
	os.makedirs("in/many")
	def write(name, data):
	    with open("in/" + name, "wb") as f:
	        f.write(data)
	for n in 0, 1, 32769, block - 1, block, block + 1, 2 * block, 3 * block:
	    write("t%07d" % n, text[:n])
	write("random", random.randbytes(400000))
	write("zeros", bytes(2000000))
	for i in range(300):
	    at = random.randrange(len(text) - 6000)
	    write("many/%03d" % i, text[at:at + random.randint(0, 5000)])
	for name in sys.argv[1:]:
	    write(name, b"x")
	PY
	pkg-unpack -p generic in >s
}

# each reader finds the members of the folder in, in the order of the stream
readers_take() {
	unzip -tqq "$1"
	rm -rf out
	mkdir out
	bsdtar -xf "$1" -C out
	diff -r in out
	# from a pipe libarchive reads the local headers alone
	if [ "${2-}" != stored ]; then
		rm -rf out
		mkdir out
		bsdtar -xf - -C out < <(cat "$1")
		diff -r in out
	fi
	same_members in "$1"
	rm -rf out
	pkg-unpack -p generic "$1" | pkg-pack -q -o out/
	diff -r in out
}

@test "a zip is the same whatever the number of threads, and its readers" {
	local levels=(0 1 6 9) numbers=(2 3 8 256)

	# the sanitizers see what a thread touches, whichever level it has
	! sanitized || levels=(0 6)
	few numbers
	stream_of_files
	for level in "${levels[@]}"; do
		pkg-pack -l "$level" -j 1 -o one.zip s
		for jobs in "${numbers[@]}"; do
			pkg-pack -l "$level" -j "$jobs" -f -o many.zip s
			cmp one.zip many.zip
		done
		pkg-pack -l "$level" -o - s | cat | cmp one.zip -
		case $level in
		0) readers_take one.zip stored ;;
		*) readers_take one.zip ;;
		esac
		pkg-pack --zip64 -l "$level" -j 3 -f -o many.zip s
		unzip -tqq many.zip
		same_members in many.zip
		rm one.zip
	done
}

@test "blocks of deflate cost next to nothing" {
	stream_of_files
	pkg-pack -o x.zip s
	(cd in && zip -q -X -r ../y.zip .)
	[ "$(stat -c %s x.zip)" -lt $(($(stat -c %s y.zip) * 102 / 100)) ]
}

@test "names that are not ASCII are marked, and only these" {
	stream_of_files 'größe' '日本' 'plain'
	pkg-pack -o x.zip s
	readers_take x.zip
	python3 - <<-'PY'
	import zipfile
	for i in zipfile.ZipFile("x.zip").infolist():
	    assert (i.flag_bits == 0x808) == (not i.filename.isascii()), i
	    assert i.flag_bits in (8, 0x808), i
	PY
}

@test "times that DOS cannot say are its first or last, and told in full" {
	mkdir in
	touch in/a in/b in/c
	pkg-unpack -p generic in |
	    sed -e '/"a"/s/"size":0/&,"mtime":86400/' \
	    -e '/"b"/s/"size":0/&,"mtime":4354819200/' \
	    -e '/"c"/s/"size":0/&,"mtime":1700000001/' |
	    pkg-pack --edited -q -o x.zip
	python3 - <<-'PY'
	import struct, zipfile
	a, b, c = zipfile.ZipFile("x.zip").infolist()
	assert a.date_time == (1980, 1, 1, 0, 0, 0), a
	assert b.date_time == (2107, 12, 31, 23, 59, 58), b
	assert c.date_time == (2023, 11, 14, 22, 13, 20), c
	for i, t in (a, 86400), (b, 4354819200), (c, 1700000001):
	    assert i.extra[:9] == struct.pack("<HHBI", 0x5455, 5, 1,
	        t & 0xffffffff), i
	PY
}

@test "a zip has more members than 16 bits count" {
	! sanitized || skip 'as without sanitizers, but slow'
	python3 - <<-'PY'
	with open("s", "w") as f:
	    f.write('{"kind":"@stream","version":1,"platform":"generic"}\n')
	    for i in range(65536):
	        f.write('{"kind":"@file","file":"d/%05d","type":"binary",'
	            '"size":0,"empty":true}\n' % i)
	    f.write('{"kind":"@end"}\n')
	PY
	pkg-pack --edited -j 3 -o x.zip s
	unzip -tqq x.zip
	python3 - <<-'PY'
	import zipfile
	z = zipfile.ZipFile("x.zip")
	assert z.namelist() == ["d/%05d" % i for i in range(65536)]
	text = open("x.zip", "rb").read()
	assert text[-42:-38] == b"PK\6\7" and text[-98:-94] == b"PK\6\6"
	PY
	[ "$(bsdtar -tf x.zip | wc -l)" -eq 65536 ]
	pkg-unpack -p generic x.zip | grep -c '"@file"' >n
	[ "$(cat n)" -eq 65536 ]
}

@test "where no thread can be started the zip is the same" {
	! sanitized || skip 'a sanitizer has calls of its own'
	stream_of_files
	pkg-pack -j 3 -o x.zip s
	for nth in 1 2 3; do
		env LD_PRELOAD="$build/tests/faults.so" FAULTS_CALL=thread \
			FAULTS_NTH="$nth" FAULTS_ERRNO=11 FAULTS_ON=1 \
			FAULTS_COUNT=counts pkg-pack -j 3 -f -o y.zip s
		cmp x.zip y.zip
		grep -qx "thread $nth" counts
		rm counts
	done
}

@test "a write that fails behind a thread's back leaves nothing" {
	! sanitized || skip 'a sanitizer has calls of its own'
	stream_of_files
	for jobs in 1 2 5; do
		for nth in 1 2 5; do
			status=0
			env LD_PRELOAD="$build/tests/faults.so" \
				FAULTS_CALL=write FAULTS_NTH="$nth" \
				FAULTS_ERRNO=28 FAULTS_ON=1 \
				pkg-pack -j "$jobs" -o x.zip s 2>said ||
				status=$?
			[ "$status" -eq 4 ]
			grep -q '^pkg-pack: x.zip: .*No space left' said ||
				[ ! -s said ]	# it could not be written either
			[ ! -e x.zip ]
		done
		# nobody reads
		try_sh 'pkg-pack -j "$1" -o - s | head -c 9 >/dev/null' "$jobs"
		[ "$status" -eq 141 ]
	done
}
