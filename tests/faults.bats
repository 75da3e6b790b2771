#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What is left when a call of the system fails: all of it and right, or
# nothing and a message.  tests/faults/run tells more, given more time.

load helpers

setup() {
	! sanitized || skip 'a sanitizer has memory of its own'
	faults=$build/tests/faults.so
	cd "$BATS_TEST_TMPDIR" || return
}

# run a tool whose Nth call of this name fails with this number of errno
failing() {
	try env LD_PRELOAD="$faults" FAULTS_CALL="$1" FAULTS_NTH="$2" \
		FAULTS_ERRNO="$3" "${@:4}"
}

# each call of this name fails in turn, in these cases of tests/faults/run
fails_whole() {
	try "$tests/faults/run" -b "$build" "$@"
	grep -v ', 0 fell$' <<<"$output"
	[ "$status" -eq 0 ]
}

@test "the library makes the call fail that it is told" {
	pkg-unpack "$xo10" >s.ndjson
	failing open 1 24 pkg-select s.ndjson
	[ "$status" -eq 4 ]
	says s.ndjson 'Too many open files'
	failing read 1 0 pkg-select s.ndjson
	[ "$status" -eq 0 ]
	diff <(echo "$output") <(pkg-select s.ndjson)
	failing malloc 1 12 pkg-select s.ndjson
	[ "$status" -eq 4 ]
	says 'pkg-select: memory'
}

@test "what cannot be read again decides nothing, and ends no stream" {
	fails_whole -c pread -e EIO filter-versus-room diff three-way
}

@test "a disk that cannot be read is not a damaged package" {
	cp "$xo11/icon.png" "$xo11/config.json" .
	# short members that stand together are read together
	head -c 300000 /dev/urandom >between
	zip -q -X x.zip icon.png between config.json
	pkg-unpack -p generic x.zip >whole
	for file in x.zip -; do
		members=
		# the directory, then the members one after the other
		for nth in {1..16}; do
			failing pread "$nth" 5 pkg-unpack -p generic \
				"$file" <x.zip
			[ "$status" -ne 0 ] || break
			[ "$status" -eq 4 ]
			[ "${#stderr_lines[@]}" -eq 1 ]
			says 'Input/output error'
			[[ $stderr == *"${file/#-/stdin}: "* ]]
			[[ $stderr != *fetch\ it\ again* ]]
			members+=$(grep -o 'icon.png: \|between: ' \
				<<<"$stderr" || true)
		done
		[ "$nth" -gt 4 ]
		diff <(echo "$output") whole
		[[ $members == *icon.png:*between:* ]]
	done
	fails_whole -c read -c pread unpack-zip unpack-zip-pipe
}

@test "what cannot be asked for size or place is not taken for another" {
	(cd "$xo11" && zip -q -X "$BATS_TEST_TMPDIR/x.zip" ./*)
	for file in x.zip "$xo11/appDefinition.json"; do
		failing lseek 1 5 pkg-unpack <"$file"
		[ "$status" -eq 4 ]
		says 'stdin: ' 'Input/output error'
	done
	failing lseek 2 5 pkg-unpack <"$xo11/appDefinition.json"
	[ "$status" -eq 4 ]
	says 'stdin: ' 'Input/output error'
	# the folder that the stream is written into is read without it
	mkdir in
	cp "$xo11"/config.json in
	pkg-unpack -p generic in >want
	told=0
	for nth in 1 2 3 4 5; do
		try_sh 'LD_PRELOAD="$1" FAULTS_CALL=fstat FAULTS_NTH="$2" \
		    pkg-unpack -p generic in >in/out' "$faults" "$nth"
		if [ "$status" -eq 0 ]; then
			diff in/out want
		else
			[ "$status" -eq 4 ]
			says 'Input/output error'
			told=$((told + 1))
		fi
		rm in/out
	done
	[ "$told" -gt 2 ]
}

@test "a map is read whole, whatever a signal interrupts" {
	pkg-unpack --map "$root/lib/platform/kore.map" "$xo10" >want
	for error in 4 0; do
		failing read 1 "$error" pkg-unpack \
			--map "$root/lib/platform/kore.map" "$xo10"
		[ "$status" -eq 0 ]
		diff <(echo "$output") want
	done
}

@test "what could not be written ends no stream" {
	fails_whole -c write -c copy -n 2 select-all select-x merge-big
}

@test "rejects, backups and reports are whole, or as they were" {
	fails_whole -n 1 filter-rejects filter-rejects-old select-L \
		merge-incremental merge-full filter-mark
	: >r
	failing write 2 28 pkg-unpack --report r "$xo10"
	[ "$status" -eq 4 ]
	says 'r: cannot write: No space left'
	[ -f r ]
	[ ! -s r ]
	rm r
	# what is asked for first, and refused, makes no file
	pkg-unpack "$xo10" >s.ndjson
	for option in '--report /no/x' '--states /no/states'; do
		refuses 4 "pkg-filter-status --rejects r $option latest s.ndjson" \
			'No such file'
		[ ! -e r ]
	done
}

@test "rejects replace what a link leads to, and keep its permissions" {
	pkg-unpack "$xo10" >s.ndjson
	mkdir far
	echo old >far/r
	chmod 600 far/r
	ln -s far/r r
	try pkg-filter-status --allow empty --rejects r --unknown=drop published s.ndjson
	[ "$status" -eq 0 ]
	[ -L r ]
	[[ $(tail -n 1 far/r) == '{"kind":"@end",'* ]]
	[ "$(stat -c %a far/r)" = 600 ]
	[ "$(ls -A far)" = r ]
}

@test "what is written does not depend on the seed of the hashes" {
	fails_whole -s 6 filter-unknown filter-versus select-x-file merge-full
}

@test "where memory ends there is a message, not a signal" {
	fails_whole -c malloc -n 40 unpack-folder pack-folder filter-mark \
		select-request select-L merge-incremental
}

# each of these allocations of $command fails in turn
ends_memory() {
	env LD_PRELOAD="$faults" FAULTS_COUNT=counts pkg-$command >whole
	calls=$(sed -n "s/^$1 //p" counts)
	rm counts
	[ "$calls" -gt 30 ]
	for ((nth = 1; nth <= calls; nth++)); do
		status=0
		env LD_PRELOAD="$faults" FAULTS_CALL="$1" FAULTS_ON="$2" \
			FAULTS_NTH="$nth" FAULTS_ERRNO=12 \
			pkg-$command >out 2>said || status=$?
		if [ "$status" -eq 0 ]; then
			cmp out whole
		else
			[ "$status" -eq 4 ]
			grep -q "^pkg-${command%% *}: memory:" said
		fi
	done
}

# most memory is that of the maps, of which a small one will do
@test "where memory ends in a zip, read or written, it is the same" {
	printf '%s\n' 'platform quill "Quill agent"' 'file rest ** binary' >m.map
	echo hello >a.txt
	zip -q -X x.zip a.txt
	pkg-unpack --map m.map x.zip >s.ndjson
	pkg-pack --map m.map -o - s.ndjson >y.zip
	for command in 'unpack --map m.map x.zip' \
	    'pack --map m.map -o - s.ndjson'; do
		# once, or for good beyond all that was held before
		for how in 'malloc 0' 'grow 1'; do
			ends_memory "${how% *}" "${how#* }"
		done
	done
}

@test "what is being written is removed where memory or time ends" {
	fails_whole -c malloc -n 60 pack-folder pack-folder-force
	FAULTS_PLAIN=1 fails_whole -c malloc -n 20 filter-mark pack-edited
	pkg-unpack "$xo11" >s.ndjson
	mkdir out
	mkfifo feed
	for output in out/d/ out/x.zip; do
		for signal in HUP INT TERM; do
			# bash has what runs behind it ignore SIGINT
			env --default-signal FAULTS_PLAIN=1 LD_PRELOAD="$faults" \
				timeout 60 pkg-pack -o "$output" <feed 3>&- &
			exec 7>feed
			head -n -1 s.ndjson >&7
			until [ -n "$(ls -A out)" ]; do sleep 0.1; done
			kill -s "$signal" $!	# timeout(1) hands it on
			status=0
			wait $! || status=$?
			exec 7>&-
			[ "$status" -eq $((128 + $(kill -l "$signal"))) ]
			[ -z "$(ls -A out)" ]
		done
	done
}

@test "a file that the package has no more and that stays is an error" {
	pkg-unpack "$xo10" >s.ndjson
	pkg-pack -o d/ s.ndjson
	echo '{}' >d/old.js
	failing unlink 1 1 pkg-pack -f -o d/ s.ndjson
	[ "$status" -eq 4 ]
	says d/old.js 'cannot remove' 'Operation not permitted'
	[ -z "$(find . -name '.pkg-pack*')" ]
	try pkg-pack -f -o d/ s.ndjson
	[ "$status" -eq 0 ]
	[ ! -e d/old.js ]
}

@test "what gets its name is on the disk before" {
	pkg-unpack "$xo10" >s.ndjson
	for command in 'pkg-pack -o new s.ndjson' 'pkg-pack -o new/ s.ndjson' \
	    'pkg-select -x -k utterance --rejects new s.ndjson' \
	    'pkg-merge full --into s.ndjson --backup new s.ndjson'; do
		# shellcheck disable=SC2086 # words
		failing fsync 1 5 $command
		[ "$status" -eq 4 ]
		says 'Input/output error'
		[ ! -e new ]
	done
}

@test "a new folder has the permissions that umask leaves" {
	pkg-unpack "$xo10" >s.ndjson
	(umask 077 && pkg-pack -o d/ s.ndjson && pkg-pack -o x.zip s.ndjson)
	[ "$(stat -c %a d x.zip d/icon.png | paste -sd ' ')" = '700 600 600' ]
	(umask 022 && pkg-pack -o e/ s.ndjson)
	[ "$(stat -c %a e)" = 755 ]
}

@test "a file system without O_TMPFILE and RENAME_NOREPLACE will do" {
	pkg-unpack "$xo10" >s.ndjson
	export FAULTS_PLAIN=1
	failing fsync 99 0 pkg-pack -o x.zip s.ndjson
	[ "$status" -eq 0 ]
	same_members "$xo10" x.zip
	cp x.zip before.zip
	failing fsync 99 0 pkg-pack -o x.zip s.ndjson
	[ "$status" -eq 2 ]
	cmp x.zip before.zip
	fails_whole -n 2 pack-zip pack-zip-force
	[ -z "$(find . -name '.pkg-pack*')" ]
}

@test "a link is followed, or it is an error; so is a file that stays" {
	fails_whole -c stat -c unlink pack-zip-link filter-rejects-link \
		pack-zip-plain
	fails_whole -n 4 -c unlink merge-plain
}

# one point of each call and error; make faults tries them all
@test "any call of any tool may fail: all is there and right, or nothing" {
	mapfile -t cases < <("$tests/faults/run" -l)
	[ "${#cases[@]}" -ge 30 ]
	few cases
	fails_whole -n 1 "${cases[@]}"
}

@test "inputs that cannot be told from outputs are not read" {
	pkg-unpack -q "$xo11" >s.ndjson
	for error in 5 12 75; do
		try_sh "LD_PRELOAD='$faults' FAULTS_CALL=fstat FAULTS_NTH=2 \
			FAULTS_ERRNO=$error pkg-select --rejects r <s.ndjson"
		[ "$status" -eq 4 ]
		says 'standard input'
		[ ! -e r ]
	done
	# a closed one is no file
	try_sh 'pkg-select s.ndjson <&-'
	[ "$status" -eq 0 ]
}
