#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-tools: the tools in one program, and its batch, which runs agents for
# pkg-bulk (bulk.bats has what comes of that).

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	mkdir "$BATS_TEST_TMPDIR/here" "$BATS_TEST_TMPDIR/tmp"
	cd "$BATS_TEST_TMPDIR/here" || return
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
}

# no folder of an agent is left, whatever happened
teardown() {
	[ -z "$(ls "$BATS_TEST_TMPDIR/tmp")" ]
}

# job NUMBER SOURCE OUTPUT [UNPACK [PACK]]: words have the byte before them
job() {
	printf '%s\t%s\t-\t%s\t\t%s\t-\t-\t-\t%s\t-\n' "$1" "${2#/}" \
	    "${PWD#/}/$3" "${4--}" "${5--}"
}

@test "each tool is the same in one program" {
	for tool in unpack filter-status select merge pack; do
		for name in "$tool" "pkg-$tool"; do
			try_sh 'diff <("$1" -h) <(pkg-tools "$2" -h) &&
			    diff <("$1" -V) <(pkg-tools "$2" -V)' \
			    "pkg-$tool" "$name"
			[ "$status" -eq 0 ]
		done
	done
	pkg-unpack "$xo10" >want
	pkg-tools unpack "$xo10" >got
	cmp want got
	pkg-pack -o want.zip want
	pkg-tools pack -o got.zip got
	cmp want.zip got.zip
	try pkg-tools merge full
	[ "$status" -eq 2 ]
	says 'pkg-merge: '
	for wrong in unpick '' --no; do
		try pkg-tools "$wrong"
		[ "$status" -eq 2 ]
		says 'pkg-tools: expected a tool' 'pkg-tools -h'
	done
}

@test "SHA-256 is that of sha256sum, whatever the length" {
	for n in 0 1 55 56 57 63 64 65 119 120 128 131071 131072 131073 300001; do
		head -c "$n" /dev/urandom >bytes
		"$build/tests/sha256" <bytes >got
		sha256sum <bytes | cut -d ' ' -f 1 | diff - got
	done
}

@test "batch prints a line a job, with what its stages said and made" {
	printf 'cut' >cut.zip
	{
		job 1 "$xo10" a.zip
		job 2 "$PWD/cut.zip" b.zip
		job 3 "$xo11" c.zip $'\037--max-depth\037500' $'\037-l\0379'
		job 4 "$xo10" dir/
		job 5 "$xo10" e.zip '' $'\037-l\037twelve'
	} >jobs.tsv
	PKG_BULK_HOST=here pkg-tools batch -j 2 jobs.tsv | sort >lines
	cut -d ' ' -f 1,2 lines | diff - <(cat <<-END
		1 done
		2 failed
		3 done
		4 done
		5 failed
	END
	)
	sed -n '1p;3p' lines | cut -d ' ' -f 3 |
	    diff - <(sha256sum a.zip c.zip | cut -d ' ' -f 1)
	sed 's/^[^"]*/{/; s/$/}/' lines | jq -r '[.exit.pack, .stage, .host,
	    .exit.pack == 2 or
	    .reports.pack.records == .reports.unpack.records,
	    (.why // "" | split(":")[0])] | @tsv' | diff - <(cat <<-END
		0		here	true	
		6	unpack	here	true	pkg-unpack
		0		here	true	
		0		here	true	
		2	pack	here	true	pkg-pack
	END
	)
	pkg-unpack "$xo10" | pkg-pack -o want.zip
	cmp want.zip a.zip
	pkg-unpack "$xo11" | pkg-pack -l 9 -o want9.zip
	cmp want9.zip c.zip
	same_members "$xo10" dir
}

@test "warnings are told by their kinds, also those that are not shown" {
	cp -r "$tests/fixtures/cx" app
	for n in 1 2 3; do
		ln -s none app/link$n
	done
	printf '1\t%s\t-\t%s\t\t\037-q\t%s\t-\t-\t-\t-\n' "${PWD#/}/app" \
	    "${PWD#/}/x.zip" $'\037published\037--unknown\037keep' >jobs.tsv
	pkg-tools batch jobs.tsv >line
	sed 's/^[^"]*/{/; s/$/}/' line | jq -c '[.warnings,
	    (.reports[].warnings)]' |
	    diff - <(echo '[1,{"left-out":3},{"status":1},null]')
}

@test "of several agents at a time each packs with one thread" {
	mkdir bin
	cat >bin/pkg-pack <<-END
		#!/bin/sh
		args=\$(printf '%s ' "\$@" | sed 's/.*json //; s/\(-f \)*-o .*//')
		echo "\$args" >>"$PWD/args"
		exec "$build/bin/pkg-pack" "\$@"
	END
	chmod 755 bin/pkg-pack
	{
		job 1 "$xo10" a.zip
		job 2 "$xo10" b.zip '' $'\037-j\0373'
	} >jobs.tsv
	PATH=$PWD/bin:$PATH pkg-tools batch -j 2 jobs.tsv >lines
	sort args | diff - <(printf '%s\n' '-j 1 ' '-j 1 -j 3 ')
	rm args
	PATH=$PWD/bin:$PATH pkg-tools batch -j 1 jobs.tsv >lines
	sort args | diff - <(printf '%s\n' '' '-j 3 ')
	cmp a.zip b.zip
	# where another program begins each there are others
	rm args
	IFS=$'\t' read -ra fields < <(sed -n 1p jobs.tsv)
	PATH=$PWD/bin:$PATH pkg-tools agent "pkg-unpack $(pkg-tools -V | cut -d ' ' -f 2)" 1 "${fields[1]:-}" - \
	    "${PWD#/}/c.zip" -f - - - - - - >line
	diff args - <<<'-j 1 '
	cmp a.zip c.zip
}

@test "a host that has another version leaves the agent to another host" {
	try env PARALLEL_SSHLOGIN=far PARALLEL_SSHHOST=far pkg-tools agent \
	    'pkg-unpack 0.0.1' 1 "${xo10#/}" - "${PWD#/}/x.zip" -f - - - - - -
	[ "$status" -eq 75 ]
	[[ $output == '1 failed - "exit":{"unpack":127},'* ]]
	[[ $output == *'"host":"far"'*'"why":"this host has not pkg-unpack 0.0.1"' ]]
	[ ! -s "${PWD#/}/x.zip" ]
}

@test "a stage that dies takes only its agent" {
	mkfifo waits.zip
	{
		job 1 "$PWD/waits.zip" a.zip
		job 2 "$xo10" b.zip
		job 3 "$xo10" c.zip
	} >jobs.tsv
	pkg-tools batch -j 2 --retries 1 jobs.tsv >lines 3>&- &
	batch=$!
	for _ in $(seq 1000); do
		[ "$(wc -l <lines)" -lt 2 ] || break
		sleep 0.02
	done
	# of those that wait the first is pkg-unpack
	kill -9 "$(ps -o pid= --ppid "$batch" | sort -n | head -n 1)"
	wait "$batch"
	sort lines | cut -d ' ' -f 1,2 |
	    diff - <(printf '1 failed\n2 done\n3 done\n')
	grep '^1 ' lines | grep -q '"unpack":137,.*"stage":"unpack"'
	cmp b.zip c.zip
	[ ! -e a.zip ]
}

@test "more agents run at a time than the limit has descriptors for" {
	for n in $(seq 24); do
		job "$n" "$xo10" "$n.zip"
	done >jobs.tsv
	(ulimit -Sn 40 && pkg-tools batch -j 24 --retries 1 jobs.tsv) >lines
	[ "$(cut -d ' ' -f 2 lines | sort | uniq -c | tr -d ' ')" = 24done ]
}

@test "what is written gets its name, if nothing has it" {
	printf '%s\n' kept >there.zip
	# another name in the place of the last field
	for name in new there; do
		job "$name" "$xo10" "$name.part.zip" |
		    sed "s|-\$|${PWD#/}/$name.zip|"
	done >jobs.tsv
	pkg-tools batch jobs.tsv | sort >lines
	cut -d ' ' -f 1,2 lines | diff - <(printf 'new named\nthere done\n')
	cut -d ' ' -f 3 lines | diff - <(sha256sum new.zip there.part.zip |
	    cut -d ' ' -f 1)
	cmp new.zip there.part.zip
	diff there.zip - <<<kept
	[ ! -e new.part.zip ]
}

@test "a process does stages of many agents, each as if it did no other" {
	mkfifo first.zip middle.zip last.zip
	mkdir grown
	{
		printf '{"_id":"st-1","refId":"r-0","dialogs":[{"_id":"dg-1",'
		printf '"refId":"r-1","localeData":{"en":{"name":"Pay"}},"nodes":["'
		head -c 70000000 /dev/zero | tr '\0' x
		printf '"],"state":"published"}]}'
	} >grown/botDefinition.json
	{
		job first "$PWD/first.zip" none.zip
		for n in $(seq 6); do
			job "$n" "$xo10" "$n.zip" $'\037--max-depth\037500'
			job "$n.low" "$xo10" "$n.low.zip" $'\037--max-depth\0372'
			job "$n.cx" "$tests/fixtures/cx" "$n.cx.zip" - $'\037-l9'
		done
		job middle "$PWD/middle.zip" none.zip
		job grown "$PWD/grown" grown.zip $'\037--max-component\03799M' \
		    $'\037-l1\037--max-component\03799M'
		job last "$PWD/last.zip" none.zip
	} >jobs.tsv
	pkg-tools batch -j 1 jobs.tsv >lines 3>&- &
	batch=$!
	for fifo in first middle last; do
		exec 4>"$fifo.zip"
		ps -o pid= --ppid "$batch" | sort >"workers.$fifo"
		exec 4>&-
	done
	wait "$batch"
	diff workers.first workers.middle
	# those that had much memory are others now
	[ -z "$(comm -12 workers.middle workers.last)" ]
	[ "$(wc -l <workers.last)" -eq 2 ]
	cut -d ' ' -f 1,2 lines | diff - <(echo first failed
	    for n in $(seq 6); do
		echo "$n done"
		echo "$n.low failed"
		echo "$n.cx done"
	    done
	    printf '%s\n' 'middle failed' 'grown done' 'last failed')
	pkg-unpack "$xo10" | pkg-pack -o want.zip
	pkg-unpack "$tests/fixtures/cx" | pkg-pack -l9 -o want.cx.zip
	for n in $(seq 6); do
		cmp want.zip "$n.zip"
		cmp want.cx.zip "$n.cx.zip"
	done
}

@test "what takes too long is ended, and so is all by a signal" {
	mkfifo waits.zip
	{
		job 1 "$PWD/waits.zip" a.zip
		job 2 "$xo10" b.zip
	} >jobs.tsv
	pkg-tools batch -j 2 --retries 1 --timeout 2 jobs.tsv >lines 3>&-
	sort lines | cut -d ' ' -f 1,2 | diff - <(printf '1 failed\n2 done\n')
	grep -q '^1 failed - "why":"took longer than 2, see --timeout"$' lines
	rm b.zip
	: >again
	pkg-tools batch -j 2 jobs.tsv >again 3>&- &
	batch=$!
	for _ in $(seq 1000); do
		[ "$(wc -l <again)" -lt 1 ] || break
		sleep 0.02
	done
	kill -TERM "$batch"
	status=0
	wait "$batch" || status=$?
	[ "$status" -eq 143 ]
	[ "$(cut -d ' ' -f 1,2 again)" = '2 done' ]
}

@test "what is no job is told, with its line" {
	job 1 "$xo10" a.zip >jobs.tsv
	printf 'one\ttwo\n' >>jobs.tsv
	try pkg-tools batch -j 1 jobs.tsv
	[ "$status" -eq 3 ]
	says 'pkg-tools: jobs.tsv:2: expected a job: 11 fields'
	for wrong in '-j x' '-j 0x' '--timeout 5y' '--timeout -1' 'a b'; do
		# shellcheck disable=SC2086 # words
		try pkg-tools batch $wrong
		[ "$status" -eq 2 ]
	done
	try pkg-tools batch none
	[ "$status" -eq 4 ]
	try pkg-tools agent x y
	[ "$status" -eq 2 ]
}
