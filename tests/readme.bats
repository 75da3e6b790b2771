#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Every block of commands in the README is run, and does what the text around
# it says.  A block is lines that begin with four blanks; the migration of
# hundreds of agents is run by api.bats, the job by check-rules.bats.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# block NUMBER: its lines
block() {
	awk -v n="$1" '
	/^    / { if (!inside) k++; inside = 1; if (k == n) print substr($0, 5) }
	!/^    / && !/^$/ { inside = 0 }' "$root/README.md"
}

# run the block of a number; its exit status counts as in a script
run_block() {
	block "$1" >block
	[ -s block ]
	try bash -e -o pipefail block
}

# an app in production, and the same in development with more in it
packages() {
	zip_of prod.zip "$xo11" appDefinition.json config.json icon.png \
	    LibraryFunctions.js
	pkg-unpack prod.zip | jq -c 'if .kind == "dialog" and
	    .name == "Renew Loan" then .value.isHidden = true else . end' |
	    pkg-pack --edited -o dev.zip
	echo '{"exportType":"published","exportOptions":{"tasks":["botTask"]}}' \
	    >export.json
}

@test "the README has the blocks that are run here, and no others" {
	for n in 1 2 3 4 5 6 7 8 9 10 11; do
		block $n | sed -n '/^#/d; s/^ *//; s/ .*//; p; q'
	done | diff - <(printf '%s\n' pkg-unpack pkg-merge pkg-diff pkg-diff \
	    pkg-unpack pkg-unpack make pkg-merge export -)
}

@test "the pipeline makes what the platform would import, the plan says so" {
	packages
	run_block 1
	[ "$status" -eq 0 ]
	quiet
	try pkg-diff --name-status prod.zip prod-next.zip
	[ "$status" -eq 1 ]
	cut -f 1,2,4 <<<"$output" | diff - <(printf '~\tdialog\tRenew Loan\n')
	run_block 2
	[ "$status" -eq 0 ]
	grep -q 'Renew Loan' <<<"$output"
}

@test "what is different is told, and whether it will work" {
	packages
	block 3 | while IFS= read -r line; do
		status=0
		bash -c "$line" >said || status=$?
		echo "$line" | cut -d ' ' -f 1
		echo "$status"
	done | diff - <(
		printf 'pkg-diff\n1\npkg-check\n'
		pkg-check dev.zip >/dev/null && echo 0 || echo 1
	)
}

@test "a change is kept, and done to what changed otherwise meanwhile" {
	packages
	mv prod.zip was.zip
	mv dev.zip mine.zip
	# what was changed in theirs and in mine
	both() {
		pkg-unpack was.zip | jq -c "$1" | pkg-pack --edited -f -o "$2"
	}
	theirs='if .kind == "event" then .value.enabled = false else . end'
	mine='if .kind == "dialog" and .name == "Renew Loan"
	    then .value.isHidden = true else . end'
	both "$theirs" theirs.zip
	both "$theirs | $mine" wanted.zip
	block 4 >block
	# there is a difference
	try bash -e block
	[ "$status" -eq 1 ]
	try bash -o pipefail block
	[ "$status" -eq 0 ]
	! cmp theirs.zip both.zip || false
	try pkg-diff wanted.zip both.zip
	[ "$status" -eq 0 ]
}

@test "unpacked and packed the files are the same, an edit changes its own" {
	packages
	run_block 5
	[ "$status" -eq 0 ]
	same_members dev.zip copy.zip
	run_block 6
	[ "$status" -eq 0 ]
	pkg-unpack -q quiet.zip | jq -e -s 'map(select(.kind == "event"))
	    | length > 0 and all(.value.enabled == false)'
	try pkg-diff --name-status dev.zip quiet.zip
	cut -f 2 <<<"$output" | sort -u | diff - <(echo event)
}

@test "what two people made of an app is put together" {
	packages
	mv prod.zip was.zip
	mv dev.zip mine.zip
	# hers has another name for the dialog, and changed another member
	pkg-unpack was.zip | jq -c 'if .kind == "dialog" and
	    .name == "Renew Loan" then .value.isHidden = null else . end' |
	    pkg-pack --edited -o hers.zip
	block 8 >block
	sed -n 1p block >first
	sed 1d block >rest
	try bash -e first
	[ "$status" -eq 1 ]
	jq -r '.ours, .theirs' c.ndjson | diff - <(printf 'true\nnull\n')
	try bash -e -o pipefail rest
	[ "$status" -eq 0 ]
	try pkg-diff mine.zip both.zip
	[ "$status" -eq 0 ]
}

@test "what the README has one install is there" {
	! sanitized || skip 'the scripts are the same'
	block 7 | sed 's/ *#.*//' >commands
	diff - commands <<-'END'
		make demo
		make check
		make install PREFIX=$HOME/.local
	END
	make -s -n -C "$root" BUILD="$build" check >check
	grep -q 'scripts/check' check
	HOME=$PWD make -s -C "$root" BUILD="$build" \
	    install PREFIX="$PWD/.local"
	PATH=/usr/bin:/bin try .local/bin/pkg-unpack --version
	[ "$status" -eq 0 ]
	# what make demo shows, once it has built
	make -s -n -C "$root" BUILD="$build" demo | grep -q 'scripts/demo'
	try "$root/scripts/demo" "$build/bin"
	[ "$status" -eq 0 ]
	grep -qx same <<<"$output"
	grep -qx 'exit 6' <<<"$output"
	# each command is shown, and each shows something
	[ "$(grep -c '^[$] ' <<<"$output")" -ge 12 ]
}

@test "what make check installs is no service, nor are a demo's needs more" {
	! sanitized || skip 'the scripts are the same'
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	printf '#!/bin/sh\necho "$@" >>"%s/said"\n' "$PWD" >bin/apt-get
	printf '#!/bin/sh\n"$@"\n' >bin/sudo
	chmod 755 bin/*
	for what in check demo; do
		rm -f said
		BUILD=$PWD/b PATH=$PWD/bin:$PATH "$root/scripts/deps" $what \
		    >messages
		grep -q '^install -y --no-install-recommends gcc make ' said
		# what brings a daemon is taken apart, not installed
		! grep '^install' said |
		    grep -qE '-server|daemon' || false
		grep '^install' said | tr ' ' '\n' | grep -v -e '^-' |
		    sort >"$what.packages"
	done
	comm -13 check.packages demo.packages | diff - /dev/null
	grep -qx openssh-client check.packages
	! grep -qx openssh-client demo.packages || false
}

@test "pkg-tools(1) names the tools that pkg-tools is, in its order" {
	pkg-tools -h | sed -n '1s/.*pkg-tools //p' | tr '|' '\n' |
		diff - <(sed -n '/^With$/,/^\.Nm$/s/^\.Cm //p' \
		"$root/man/pkg-tools.1" | grep -o '[a-z-]*[a-z]')
}
