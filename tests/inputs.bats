#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Where a stream is read, a package may be given in its place: pkg-tools(7),
# INPUTS.  What comes out is what comes out of the package's stream.

# shellcheck disable=SC2002,SC2016,SC2154 # cat is the pipe; lines of shell; set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# a package as a stream, a zip and a folder
forms_of() {
	rm -rf s.ndjson p.zip dir
	cp -r "$1" dir
	pkg-unpack dir >s.ndjson
	sed -n 's/^{"kind":"@file","file":"\([^"]*\)".*/\1/p' s.ndjson |
	    (cd dir && zip -qX@ ../p.zip)
}

# what is the same whatever a package came in: not the first line, whose source
# and "by" say it, nor the times and modes that zips have, nor the sum of these
plain() {
	sed -e '/^{"kind":"@stream"/d' -e '/^{"kind":"@end"/d' \
	    -e '/^{"kind":"@file"/s/,"mtime":[0-9]*,"mode":[0-9]*//' "$@"
}

# what a line of shell writes of $in does not depend on what that is
prints_same() {
	in=s.ndjson sh -c "$1" >gold
	[ -s gold ]
	for in in p.zip dir; do
		in=$in sh -c "$1" >now
		diff <(plain gold) <(plain now)
		[ "$(wc -l <gold)" -eq "$(wc -l <now)" ]
	done
	# as standard input: a file, and what can be read once only
	for in in s.ndjson p.zip; do
		in=- sh -c "$1" <$in >now
		diff <(plain gold) <(plain now)
		cat $in | in=- sh -c "$1" >now
		diff <(plain gold) <(plain now)
	done
	[ -e dir/appDefinition.json ] || return 0
	in=dir/appDefinition.json sh -c "$1" >now
	diff <(plain gold) <(plain now)
	in=- sh -c "$1" <dir/appDefinition.json >now
	diff <(plain gold) <(plain now)
	# of what comes through a pipe the size is not known in time
	cat dir/appDefinition.json | in=- sh -c "$1" >now
	sed -i 's/,"size":[0-9]*}$/}/' gold now
	diff <(plain gold) <(plain now)
}

# what each tool does with a stream, at each place where it takes one
@test "every tool makes of a package what it makes of its stream" {
	mkdir app
	cp "$xo11/appDefinition.json" app
	forms_of app
	# the same with other texts, and what makes one of the other
	sed 's/"Renew Loan"/"Extend Loan"/g' s.ndjson |
	    pkg-select --edited >e.ndjson
	pkg-diff --patch s.ndjson e.ndjson >patch.ndjson || [ $? -eq 1 ]
	while IFS= read -r command; do
		prints_same "$command"
	done <<-'END'
		pkg-filter-status latest --unknown keep "$in"
		pkg-select -k dialog --deps "$in"
		pkg-select --list "$in"
		pkg-merge full --into e.ndjson "$in"
		pkg-merge incremental --into "$in" e.ndjson
		pkg-merge full --plan=json --into e.ndjson "$in"
		pkg-merge three-way --base "$in" --into s.ndjson e.ndjson
		pkg-merge three-way --base s.ndjson --into e.ndjson "$in"
		pkg-merge apply --into "$in" patch.ndjson
		pkg-diff "$in" e.ndjson || [ $? -eq 1 ]
		pkg-diff --json e.ndjson "$in" || [ $? -eq 1 ]
		pkg-check "$in" || [ $? -eq 1 ]
		pkg-vars list "$in"
		pkg-rename "dialog:Renew Loan=Extend Loan" "$in"
		pkg-pack -f -o out/ "$in" && cat out/appDefinition.json
	END
}

@test "and so of a tree of many files" {
	forms_of "$tests/fixtures/cx"
	prints_same 'pkg-select --edited -k intent "$in"'
	prints_same 'pkg-select --list "$in"'
	prints_same 'pkg-merge full --into s.ndjson "$in"'
	prints_same 'pkg-merge full --plan=json --into s.ndjson "$in"'
	prints_same 'pkg-check "$in" || [ $? -eq 1 ]'
}

@test "both streams of a merge, those assumed and those of states may be" {
	forms_of "$xo10"
	prints_same 'pkg-select -k dialog --assume "$in" s.ndjson'
	pkg-filter-status latest --states s.ndjson s.ndjson >gold
	for in in p.zip dir; do
		pkg-filter-status latest --states "$in" s.ndjson |
		    diff <(plain gold) <(plain)
	done
	refuses 2 'pkg-filter-status latest -q --states - s.ndjson <s.ndjson' \
	    '--states' 'standard input'
	pkg-merge full --into p.zip dir | plain | diff <(plain s.ndjson) -
}

@test "a package is packed again byte for byte, from any form" {
	for package in "$xo10" "$xo11" "$tests/fixtures/cx"; do
		forms_of "$package"
		for in in s.ndjson p.zip dir; do
			rm -rf out
			pkg-pack -o out/ "$in"
			diff -r dir out
			rm -rf out
			[ "$in" = dir ] || cat "$in" | pkg-pack -o out/
			[ "$in" = dir ] || diff -r dir out
		done
	done
}

@test "a definition alone is a package, from a file and from a pipe" {
	pkg-unpack "$xo11/appDefinition.json" | sed 1d >gold
	pkg-select "$xo11/appDefinition.json" | sed 1d | diff gold -
	# of what comes through a pipe the size is not known in time
	cat "$xo11/appDefinition.json" | pkg-select | sed '1d;$d' |
	    diff <(sed '$d;s/,"size":[0-9]*}$/}/' gold) -
	# in one line, too
	jq -c . "$xo11/appDefinition.json" >appDefinition.json
	pkg-select --list appDefinition.json |
	    diff <(pkg-select --list "$xo11/appDefinition.json") -
}

@test "an edited stream that says late what it is is one" {
	# (jq 1.6 stops at a lone surrogate)
	pkg-unpack "$xo10" | sed 's/\\ud800//' >s.ndjson
	# as jq -S orders it, behind a "by" longer than what is looked at first
	jq -cS 'if .kind == "@stream" then
	    .by[0].options = [range(900) | "--name=\(.)"] else . end' \
	    s.ndjson >e.ndjson
	[ "$(sed -n 1p e.ndjson | grep -bo '"@stream"' | cut -d: -f1)" -gt 8000 ]
	pkg-select --edited --list s.ndjson | cut -f 1,2 >gold
	[ -s gold ]
	pkg-select --edited --list e.ndjson | cut -f 1,2 | diff gold -
	cat e.ndjson | pkg-select --edited --list | cut -f 1,2 | diff gold -
}

@test "options on sizes and the map reach the package" {
	forms_of "$xo10"
	try pkg-select --max-component 200 dir
	[ "$status" -eq 5 ]
	says 'pkg-unpack: dir' max-component
	try pkg-select --max-depth 2 p.zip
	[ "$status" -eq 5 ]
	says 'pkg-unpack: p.zip' max-depth
	try pkg-select --map nothing.map p.zip
	[ "$status" -eq 4 ]
	says 'pkg-unpack: nothing.map'
}

@test "what pkg-unpack refuses is refused, with its exit status" {
	forms_of "$xo10"
	head -c 3000 p.zip >cut.zip
	mkdir empty
	cp s.ndjson pkg.zip
	echo '{"errors":[{"msg":"token expired"}]}' >answer.json
	for command in 'pkg-select cut.zip' 'pkg-select <cut.zip' \
	    'cat cut.zip | pkg-select' 'pkg-pack -o y.zip cut.zip' \
	    'pkg-merge full --into s.ndjson cut.zip' \
	    'pkg-merge full --into cut.zip s.ndjson' \
	    'pkg-filter-status latest cut.zip' 'pkg-select empty' \
	    'pkg-select answer.json' 'cat answer.json | pkg-pack -o y/'; do
		try_sh "$command"
		[ "$status" -eq 3 ]
		[ "${#stderr_lines[@]}" -eq 2 ]
		says 'pkg-unpack: ' ': expected a stream or a package; '
		[[ $output != *@end* ]]
		[ ! -e y.zip ]
		[ ! -e y ]
	done
	# and what is neither is called what it is
	gzip -c s.ndjson >s.gz
	refuses 3 'pkg-select s.gz' 'found a gzip file'
	refuses 3 'cat s.gz | pkg-select' 'found a gzip file'
	# whatever it is named
	pkg-select --list pkg.zip | diff <(pkg-select --list s.ndjson) -
}

@test "a pkg-unpack that is not there, or is killed, is exit 4" {
	forms_of "$xo10"
	mkdir bin
	cp "$(command -v pkg-select)" bin
	try env PATH= "$PWD/bin/pkg-select" p.zip
	[ "$status" -eq 4 ]
	says 'pkg-select: p.zip: found a package' 'pkg-unpack(1)' PATH
	printf '%s\n' '#!/bin/sh' "sed 5q '$PWD/s.ndjson'" 'kill -9 $$' \
	    >bin/pkg-unpack
	chmod +x bin/pkg-unpack
	try bin/pkg-select p.zip
	[ "$status" -eq 4 ]
	says 'pkg-select: p.zip: pkg-unpack(1) ended'
	[[ $output != *@end* ]]
	# one that did all its work and then said that it had not is not trusted
	printf '%s\n' '#!/bin/sh' "cat '$PWD/s.ndjson'" 'exit 3' \
	    >bin/pkg-unpack
	try bin/pkg-select p.zip
	[ "$status" -eq 3 ]
	[[ $output != *@end* ]]
}

@test "a tool that stops early leaves no pkg-unpack behind" {
	forms_of "$xo10"
	mkdir bin
	cp "$(command -v pkg-select)" bin
	printf '%s\n' '#!/bin/sh' 'echo $$ >pid' 'seq 999' \
	    'exec sleep 600' >bin/pkg-unpack
	chmod +x bin/pkg-unpack
	try timeout 20 bin/pkg-select p.zip
	[ "$status" -eq 3 ]
	try kill -0 "$(cat pid)"
	[ "$status" -ne 0 ]
}

@test "on a terminal a tool without a file says what it waits for" {
	command -v script >/dev/null || skip 'script(1) is not there'
	pkg-unpack "$xo10" >s.ndjson
	# what is said before anything is read; a terminal's reader is ended
	while IFS=: read -r tool what words; do
		script -qec "timeout 2 pkg-$tool $words 2>said >/dev/null" \
		    /dev/null </dev/null >/dev/null || true
		grep waiting said | diff - <(echo "pkg-$tool: waiting for" \
		    "$what on standard input, which is a terminal; -h shows" \
		    'the usage')
	done <<-'END'
		unpack:a zip or a definition:
		check:a stream or a package:
		merge:a stream or a package:full --into s.ndjson
	END
	script -qec 'timeout 2 pkg-check -q 2>said' /dev/null </dev/null \
	    >/dev/null || true
	if grep waiting said; then false; fi
	# how far it is, now and then; nothing of it is left at the end
	script -qec '(sed 9q s.ndjson; sleep 0.3; sed 1,9d s.ndjson) |
		pkg-pack -o - >/dev/null' /dev/null </dev/null >shown
	grep -qP '^\rpkg-pack: 0 MiB, 0 MiB/s, \d+ records\x1b\[K' shown
	[[ $(cat shown) == *$'\r\e[K' ]]
	# a file is no terminal
	pkg-check s.ndjson 2>&1 | if grep waiting; then false; fi
}

@test "on a terminal one end of the input is enough" {
	mkdir dir
	echo '{"x":"y"}' >dir/x.json
	pkg-unpack -p generic dir >s.ndjson
	# what is typed, with what; each gets one ^D, and then no more
	python3 - >now <<-'END'
	import os, pty, select, sys, termios, time
	def run(typed, command):
	    pid, fd = pty.fork()
	    if pid == 0:
	        os.execvp("sh", ["sh", "-c", command + " >out 2>&1"])
	    for line in open(typed, "rb"):
	        os.write(fd, line)
	    os.write(fd, b"\4")
	    until, open_yet = time.time() + 30, True
	    while open_yet and time.time() < until:
	        if select.select([fd], [], [], 1)[0]:
	            try:
	                open_yet = os.read(fd, 4096) != b""
	            except OSError:
	                open_yet = False
	    if open_yet:
	        os.kill(pid, 9)
	    status = os.waitpid(pid, 0)[1]
	    os.close(fd)
	    print("waits" if open_yet else status >> 8, command)
	for command in ("pkg-select", "pkg-check", "pkg-pack -o y/",
	    "pkg-merge full --into s.ndjson", "pkg-diff - s.ndjson",
	    "pkg-filter-status latest"):
	    run("s.ndjson", command)
	# a package: through pkg-unpack
	for command in "pkg-unpack", "pkg-select":
	    run("dir/x.json", command)
	END
	diff - now <<-'END'
		0 pkg-select
		0 pkg-check
		0 pkg-pack -o y/
		0 pkg-merge full --into s.ndjson
		0 pkg-diff - s.ndjson
		0 pkg-filter-status latest
		3 pkg-unpack
		3 pkg-select
	END
	grep -q '^{"x":"y"}$' y/x.json
}

@test "JSON that says a word of a binary export is no such export" {
	mkdir p
	echo '{"refId":"a","name":"see projects/","dialogs":[]}' \
		>p/botDefinition.json
	try pkg-unpack p
	[ "$status" -eq 0 ]
	try_sh 'pkg-unpack --name botDefinition.json <p/botDefinition.json'
	[ "$status" -eq 0 ]
	# a name of 123 bytes, which is a brace; and one of 34, a quote
	for n in 123 34; do
		{ printf '\n'; printf "\\$(printf %03o "$n")"
			printf 'projects/x'; head -c $((n - 10)) /dev/zero |
				tr '\0' y; } >agent.blob
		refuses 3 'pkg-unpack agent.blob' 'binary (proto)'
	done
}
