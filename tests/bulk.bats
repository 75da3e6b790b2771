#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-bulk: hundreds of agents, each done once, whatever happens to some of
# them, to the run, or to a host.  PKG_AGENTS is how many, over hosts, too,
# where without it only a few are tried: ssh is slow.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup_file() {
	command -v parallel >/dev/null || return 0
	mkdir "$BATS_FILE_TMPDIR/in"
	cd "$BATS_FILE_TMPDIR/in" || return
	for seed in 1 2 3 4 5 6 7 8; do
		"$build/tests/generate" -d 1 -u 5 -r $seed -o agent
		zip_of $seed.zip agent botDefinition.json config.json icon.png
		rm -r agent
	done
	zip_of 9.zip "$xo11" appDefinition.json config.json icon.png \
	    LibraryFunctions.js
	small_packages
	ls ./*.zip >../sources
}

# those of the corpus that are small enough to take many of, as zips
small_packages() {
	local dir=${PKG_CORPUS:-$root/../shared/corpus}/kore package

	for package in "$dir"/*/; do
		[ "$(du -sk "$package" 2>/dev/null | cut -f 1)" -le 600 ] ||
			continue
		[ -e "$package/botDefinition.json" ] || continue
		(cd "$package" && zip -q -X "$OLDPWD/real$((n += 1)).zip" ./*.json)
		[ "$n" -lt 8 ] || break
	done
}

setup() {
	command -v parallel >/dev/null || skip 'GNU parallel is not there'
	# the rest is sh and a matter of time
	! sanitized || [ "$BATS_TEST_NUMBER" -eq 1 ] ||
		skip 'nothing of it is compiled'
	agents=${PKG_AGENTS:-$((300 / SPARSE))}
	mkdir "$BATS_TEST_TMPDIR/here" "$BATS_TEST_TMPDIR/tmp"
	cd "$BATS_TEST_TMPDIR/here" || return
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	in=$BATS_FILE_TMPDIR/in
}

# whatever happened, no half package and no lock of a dead run is left
teardown() {
	stop_hosts
	[ -z "$(find "$BATS_TEST_TMPDIR" -name '.*.part')" ]
}

# rows N: a manifest of agents a1 to aN, each with one of the sources; of the
# generated ones every second is filtered and merged into one that has all
# their languages
rows() {
	awk -v n="$1" -v in_="$in" '{ name[NR] = substr($0, 3) }
	END {
		for (i = 1; i <= n; i++) {
			source = name[i % NR + 1]
			if (source ~ /^[1-68]\.zip$/ && i % 2)
				printf "a%d\t%s/%s\t%s/7.zip\tout/a%d.zip\t\t%s\t%s\n",
				    i, in_, source, in_, i, "latest",
				    "-c tasks\tincremental"
			else
				printf "a%d\t%s/%s\t-\tout/a%d.zip\n", i, in_,
				    source, i
		}
	}' "$BATS_FILE_TMPDIR/sources"
}

# The packages of these rows are right: they hold what their sources hold, or
# are what the same tools give in a plain pipeline, once for each source.
right() {
	local pairs=() agent source target output right

	while IFS='	' read -r agent source target output _; do
		[[ $agent == a* ]] || continue
		if [ "$target" = - ]; then
			pairs+=("$source" "$output")
			continue
		fi
		right=${source##*/}.merged
		[ -e "$right" ] || {
			pkg-unpack "$target" >target
			pkg-unpack "$source" | pkg-filter-status latest |
			    pkg-select -c tasks |
			    pkg-merge incremental --into target |
			    pkg-pack -o "$right"
		}
		cmp "$right" "$output"
	done
	[ "${#pairs[@]}" -eq 0 ] || same_members "${pairs[@]}"
}

# jq over a ledger's last line of each agent, sorted by the agents
ledger() {
	jq -s -r 'map({(.agent): .}) | add | [.[]] | sort_by(.agent)[] | '"$1" \
	    "${2:-m.ledger}"
}

# tools of which some are scripts of ours, and pkg-bulk beside them, which
# takes these
shims() {
	mkdir -p bin
	for tool in unpack filter-status select merge pack bulk; do
		cp "$build/bin/pkg-$tool" bin
	done
	PATH=$PWD/bin:$PATH
}

# shim NAME: its text on standard input
shim() {
	rm -f "bin/$1"
	{
		echo '#!/bin/sh'
		cat
	} >"bin/$1"
	chmod 755 "bin/$1"
}

@test "what is no manifest is told, and what one is" {
	refuses 4 'pkg-bulk nosuch.tsv' pkg-bulk: nosuch.tsv: 'no file to read'
	[ ! -e nosuch.ledger ]
	mkdir folder
	printf 'a b c d\ne\n' >blanks
	printf '\xff' >noise
	for words in folder=folder blanks=tabs noise=UTF-8; do
		refuses 3 "pkg-bulk -n ${words%=*}" \
			"${words%=*}: expected a manifest, found" "${words#*=}" \
			'an agent, its source, target and output' 'pkg-bulk(1)'
	done
}

@test "all agents but the broken ones are done, and the ledger says why not" {
	head -c 2000 "$in/1.zip" >cut.zip
	rows $((agents - 3)) >good
	{
		echo '# agent, source, target, output, options'
		printf 'broken\tcut.zip\t-\tout/broken.zip\n'
		head -n 10 good
		printf 'aimless\t%s\tnone.zip\tout/aimless.zip\t-\t-\t-\tfull\n' \
		    "$in/2.zip"
		printf 'large\t%s\t-\tout/large.zip\t--max-component 99\n' \
		    "$in/3.zip"
		tail -n +11 good
	} >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says 'm.tsv:2: agent broken: pkg-unpack:' 'cut.zip' \
	    'm.tsv:13: agent aimless: not there' 'none.zip' \
	    'm.tsv:14: agent large: pkg-unpack:' '--max-component' \
	    "$agents agents: $((agents - 3)) done, 3 failed, see m.ledger"
	right <good
	find out -type f | wc -l | grep -qx $((agents - 3))
	[ "$(wc -l <m.ledger)" -eq "$agents" ]
	ledger 'select(.status != "done") | [.agent, .status, .stage,
	    .exit.unpack, .exit.pack] | @tsv' | diff - <(cat <<-END
		aimless	failed			
		broken	failed	unpack	3	6
		large	failed	unpack	5	6
	END
	)
	ledger 'select(.status == "done") | [(.exit | add), .reports.pack.records
	    == (.reports.merge // .reports.unpack).records] | @tsv' |
	    sort -u | diff - <(printf '0\ttrue\n')
	ledger 'select(.reports.merge) | .agent' | wc -l |
	    grep -qx "$(grep -c incremental good)"
	ledger 'select(.status == "done") | "\(.output.sha256)  \(.output.path)",
	    "\(.source.sha256)  \(.source.path)"' | sha256sum -c --quiet

	# again: only what failed
	cp m.ledger before
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says "$((agents - 3)) done, $((agents - 3)) of them before, 3 failed"
	tail -n +$((agents + 1)) m.ledger | jq -r .agent | sort |
	    diff - <(printf '%s\n' aimless broken large)
	[ -z "$(ls "$TMPDIR")" ]
}

# run pkg-bulk until some agents are done, and end it by this signal
cut_short() {
	local signal=$1 pid

	pkg-bulk m.tsv 3>&- 2>err &
	pid=$!
	for _ in $(seq 1000); do
		[ "$(cat m.ledger 2>/dev/null | wc -l)" -lt 5 ] || break
		sleep 0.01
	done
	kill -"$signal" "$pid"
	status=0
	wait "$pid" || status=$?
}

@test "a run that is ended goes on where it was, and does nothing twice" {
	rows $((agents / 5 + 15)) >m.tsv
	for signal in TERM KILL; do
		rm -rf out m.ledger
		cut_short $signal
		[ "$status" -eq $((128 + $(kill -l $signal))) ]
		try pkg-bulk m.tsv
		[ "$status" -eq 0 ]
		says "$(wc -l <m.tsv) agents: $(wc -l <m.tsv) done" 'of them before'
		right <m.tsv
		# each is in the ledger once: what was done is not done again
		jq -R -r 'fromjson? | .agent' m.ledger | sort |
		    diff - <(cut -f 1 m.tsv | sort)
	done
}

@test "a run whose engine is killed says so, and is gone on with" {
	shims
	shim pkg-select <<<'sleep 0.2; exec cat'
	for i in $(seq 9); do
		printf 'a%d\t%s\t-\tout/a%d.zip\t-\t-\tall\n' "$i" \
		    "$in/$((i % 7 + 1)).zip" "$i"
	done >m.tsv
	pkg-bulk -j 2 m.tsv 3>&- 2>err &
	pid=$!
	for _ in $(seq 1000); do
		[ "$(cat m.ledger 2>/dev/null | wc -l)" -lt 2 ] || break
		sleep 0.01
	done
	kill -9 "$(ps -o pid=,args= --ppid "$pid" |
	    awk '/pkg-tools batch/ { print $1 }')"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 1 ]
	grep -qx 'pkg-bulk: pkg-tools was ended by signal 9; run again: only the rest is done' err
	grep -q '^pkg-bulk: 9 agents: [2-8] done, [1-7] not run$' err
	try pkg-bulk -j 2 m.tsv
	[ "$status" -eq 0 ]
	says '9 agents: 9 done' 'of them before'
	right <m.tsv
	jq -r .agent m.ledger | sort | diff - <(cut -f 1 m.tsv | sort)
}

@test "a ledger whose last line was cut off is gone on with" {
	rows 4 >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	for bytes in 1 20 300; do
		last=$(tail -n 1 m.ledger | jq -r .agent)
		truncate -s -$bytes m.ledger
		try pkg-bulk m.tsv
		[ "$status" -eq 0 ]
		# a line that lacks its end only is whole
		[ "$bytes" -eq 1 ] || tail -n 1 m.ledger |
		    jq -e --arg a "$last" '.agent == $a and .status == "done"'
		jq -R 'fromjson? | .agent' m.ledger | sort -u | wc -l | grep -qx 4
		right <m.tsv
	done
}

@test "what changed is told by content: source, options, tools, output" {
	rows 5 >m.tsv
	sed -i "s|$in/||" m.tsv
	cp "$in"/*.zip .
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]

	# not by time, place in the manifest, or comments
	touch ./*.zip
	{ echo '# all'; echo; tac m.tsv; } >x && mv x m.tsv
	try pkg-bulk m.tsv
	says '5 done, 5 of them before'

	source=$(sed -n '/^a1	/p' m.tsv | cut -f 2)
	cp "$in/6.zip" "$source"
	sed -i '/^a2	/s/$/\t--max-depth 500/' m.tsv
	rm out/a3.zip
	# a4: as before
	echo more >>out/a5.zip
	try pkg-bulk -n m.tsv
	[ "$status" -eq 1 ]
	sort <<<"$output" | diff - <(cat <<-END
		a1	run	another source
		a2	run	other options
		a3	run	the output is gone
		a4	done	done before
		a5	clash	out/a5.zip is there, and not as m.ledger has it; -f replaces it
	END
	)
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says 'agent a5: ' 'out/a5.zip exists already' '-f replaces it' \
	    '4 done, 1 of them before, 1 failed'
	tail -c 5 out/a5.zip | grep -qx more
	try pkg-bulk -f m.tsv
	[ "$status" -eq 0 ]
	says '5 done, 4 of them before'
	right <m.tsv

	# other tools, as told by their bytes
	shims
	echo >>bin/pkg-pack
	try pkg-bulk -n m.tsv
	cut -f 2,3 <<<"$output" | sort | uniq -c | sed 's/^ *//' |
	    diff - <(echo '5 run	other tools')
}

@test "a package that others made is not replaced without -f" {
	rows 1 >m.tsv
	mkdir out
	echo mine >out/a1.zip
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says 'out/a1.zip exists already, and not as m.ledger has it' '-f replaces'
	[ "$(cat out/a1.zip)" = mine ]
	try pkg-bulk -f m.tsv
	[ "$status" -eq 0 ]
	right <m.tsv

	# nor is it taken for a mistake if it is what would have been made, as
	# when a run was ended before it could say so
	rm m.ledger
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
}

@test "a run with another ledger is told which output is not its own" {
	printf 'a1\t%s\t-\tout.zip\n' "$in/1.zip" >m.tsv
	printf 'b1\t%s\t-\tout.zip\n' "$in/2.zip" >n.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	try pkg-bulk -n n.tsv
	[ "$status" -eq 1 ]
	[ "$output" = 'b1	clash	out.zip is there, and not as n.ledger has it; -f replaces it' ]
	try pkg-bulk n.tsv
	[ "$status" -eq 1 ]
	says 'n.tsv:1: agent b1: ' 'out.zip exists already' n.ledger \
	    'another run' '-f replaces it'
	same_members "$in/1.zip" out.zip
}

@test "a dry run tells what would fail: options, packages, outputs" {
	cp "$in/9.zip" p.zip
	head -c 3000 p.zip >cut.zip
	echo hello >text.zip
	echo mine >there.zip
	row() {
		local IFS=$'\t'
		echo "$*"
	}
	{
		row good p.zip p.zip good.zip - published '-c tasks' incremental
		row mode p.zip p.zip mode.zip - - - incremntal
		row status p.zip - status.zip - publishd
		row select p.zip - select.zip - - '--on-missing maybe'
		row words p.zip - words.zip - - '-c tusks'
		row policy p.zip p.zip policy.zip - - - 'full --policy dialg=keep'
		row pack p.zip - pack.zip - - - - '-l twelve'
		row unpack p.zip - unpack.zip '--max-depth x'
		row cut cut.zip - y.zip
		row text text.zip - text-out.zip
		row target p.zip cut.zip x.zip - - - full
		row other p.zip "$tests/fixtures/cx" other.zip - - - full
		row gone p.zip none.zip z.zip - - - full
		row twin p.zip - one.zip
		row twin2 p.zip - ./one.zip
		row there p.zip - there.zip
		row few p.zip
		row many p.zip - many.zip - - - - - -
		row plan p.zip p.zip plan.zip - - - 'full --plan'
		row $'\u202e\u009b2J\\033' p.zip - marks.zip
	} >m.tsv
	ls -A >before
	try pkg-bulk -n m.tsv
	[ "$status" -eq 1 ]
	sed 's/\(wrong\tpkg-[a-z-]*: \)\([^ ]*\).*/\1\2/; s/^\(pack\twrong\).*/\1/
		s/\(missing\t[^:]*:\).*/\1/' <<<"$output" | diff - <(cat <<-END
		good	run	new
		mode	wrong	pkg-merge: expected
		status	wrong	pkg-filter-status: expected
		select	wrong	pkg-select: --on-missing:
		words	wrong	pkg-select: stdin:
		policy	wrong	pkg-merge: --policy:
		pack	wrong
		unpack	wrong	pkg-unpack: --max-depth:
		cut	wrong	pkg-unpack: $PWD/cut.zip:
		text	wrong	pkg-unpack: $PWD/text.zip:
		target	wrong	pkg-unpack: $PWD/cut.zip:
		other	wrong	pkg-merge: the
		gone	missing	not there, or cannot be read:
		twin	missing	no output is written over an input or another output:
		twin2	missing	no output is written over an input or another output:
		there	clash	there.zip is there, and not as m.ledger has it; -f replaces it
		few	wrong	expected agent, source, target and output, separated by tabs; found only 2 of them; agent, source and output must be given
		many	wrong	expected at most 9 fields, found 10
		plan	wrong	options of pkg-merge: with --plan it writes no stream
		\u202e\x9b2J\033	run	new
	END
	)
	# each by its line, in its order, and all counted
	awk -F '\t' '$2 != "run" {
		print "pkg-bulk: m.tsv:" NR ": agent " $1 ": " $3
	}
	END { print "pkg-bulk: 20 agents: 2 to run, 0 done before, 18 that " \
	    "cannot be run" }' <<<"$output" | diff - <(echo "$stderr")
	# and does nothing
	ls -A | diff <(sort before) <(sort)
	[ -z "$(ls "$TMPDIR")" ]
	sed -n 1p m.tsv >one.tsv
	try pkg-bulk -nq one.tsv
	[ "$status" -eq 0 ]
	quiet
	[ "$output" = $'good\trun\tnew' ]
	# what is a mistake of the manifest ends a run before it begins
	try pkg-bulk m.tsv
	[ "$status" -eq 3 ]
	says 'm.tsv:17: expected agent' 'm.tsv:18: expected at most 9' \
	    'm.tsv:19: options of pkg-merge: with --plan it writes no stream'
}

@test "nothing is written over an input of any agent, nor twice" {
	cp "$in/1.zip" s.zip
	mkdir dir app
	cp s.zip dir
	unzip -q s.zip -d app
	echo '{"agent":"x"}' >old.ledger
	cat >m.tsv <<-END
		a	s.zip	-	./dir/s.zip
		b	dir/s.zip	-	dir/
		c	app	-	app/c.zip
		d	s.zip	-	d.zip	-	published --rejects s.zip
		e	s.zip	-	e.zip	-	published --rejects=x.nd
		f	s.zip	-	f.zip	-	published --rejects ./x.nd
		g	s.zip	-	m.tsv
		h	s.zip	-	old.ledger
	END
	sha256sum s.zip dir/s.zip app/* m.tsv >sums
	try pkg-bulk -f -l old.ledger m.tsv
	[ "$status" -eq 1 ]
	cut -d : -f 4,6- <<<"$stderr" | sed 's/^.*no output/no output/' |
	    sed '$d' | diff - <(sed 's/^/ agent /' <<-END
		a: ./dir/s.zip: it is an input of agent b, line 2
		b: dir/: in it is an input of agent b, line 2
		c: app/c.zip: it lies in an input of agent c, line 3
		d: s.zip: it is an input of agent a, line 1
		e: x.nd: it is written by agent f, line 6, too
		f: ./x.nd: it is written by agent e, line 5, too
		g: m.tsv: it is the manifest
		h: old.ledger: it is the ledger
	END
	)
	sha256sum --quiet -c sums
	# a ledger is what such a run has written, and nothing else
	printf 'a\ts.zip\t-\tout.zip\n' >m.tsv
	for other in m.tsv s.zip; do
		try pkg-bulk -n -l "$other" m.tsv
		[ "$status" -eq 3 ]
		try pkg-bulk -l "$other" m.tsv
		[ "$status" -eq 3 ]
		says "$other: expected a ledger"
	done
	cmp s.zip "$in/1.zip"
}

@test "a merge of three has its files known: those read, and those written" {
	side() {
		mkdir "$1"
		cp "$tests"/diff/old/* "$1"
		jq "$2" "$tests/diff/old/botDefinition.json" \
		    >"$1/botDefinition.json"
		echo '{"name":"Travel"}' >"$1/config.json"
	}
	node='.dialogs[0].nodes[1].transitions'
	side base .
	side ours "${node}[0].if.value = \"Roma\""
	side hers "${node}[1].if.value = \"Lima\""
	side his "${node}[0].if.value = \"Oslo\""
	row() {
		local IFS=$'\t'
		echo "$*"
	}
	{
		row both hers ours both.zip - - - \
		    'three-way --base base --conflicts both.c'
		row fight his ours fight.zip - - - \
		    'three-way --conflicts=fight.c --base=base'
	} >m.tsv
	try pkg-bulk -n m.tsv
	[ "$status" -eq 0 ]
	[ "$output" = $'both\trun\tnew\nfight\trun\tnew' ]
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says 'agent fight: pkg-merge: ' '2 agents: 1 done, 1 failed'
	pkg-merge three-way --base base --into ours hers | pkg-pack -o - |
	    cmp - both.zip
	[ "$(wc -l <fight.c)" -eq 1 ]

	# what was chosen counts, and so does what both began with
	jq -c '.choice = "theirs"' fight.c >chosen
	sed -i '/^fight/s/--conflicts=fight.c/--resolve chosen/' m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	jq -c '.choice = "ours"' fight.c >chosen
	try pkg-bulk -n m.tsv
	[ "$output" = $'both\tdone\tdone before\nfight\trun\tother options' ]
	echo '{"name":"Trip"}' >base/config.json
	try pkg-bulk -n m.tsv
	[ "$(cut -f 3 <<<"$output" | sort -u)" = 'other options' ]
	try pkg-bulk --plan plans m.tsv
	[ "$status" -eq 0 ]
	[ "$(grep -c 'no import: it is a merge of three' <<<"$output")" -eq 2 ]

	# nothing is written over, and what cannot be is refused
	row both hers ours both.zip - - - \
	    'three-way --base base --conflicts base/config.json' >over.tsv
	try pkg-bulk -f over.tsv
	[ "$status" -eq 1 ]
	says 'base/config.json: it lies in an input of agent both'
	[ "$(cat base/config.json)" = '{"name":"Trip"}' ]
	{
		row a hers ours a.zip - - - apply
		row b hers ours b.zip - - - 'full --html b.html'
	} >not.tsv
	try pkg-bulk not.tsv
	[ "$status" -eq 3 ]
	says 'not.tsv:1: options of pkg-merge: apply takes a patch' \
	    'not.tsv:2: options of pkg-merge: with --html it writes no stream'
}

@test "warnings of what is done are shown and counted, and stand in the ledger" {
	shims
	shim pkg-select <<-'END'
		printf '%s\n' 'pkg-select: stdin:3: warning: "odd" \033[1m words' >&2
		echo 'pkg-select: stdin:4: not that' >&2
		cat
	END
	shim pkg-filter-status <<-'END'
		for i in $(seq 30); do
			echo "pkg-filter-status: warning: $i" >&2
		done
		cat
	END
	{
		printf 'w\t%s\t-\tw.zip\t-\t-\tall\n' "$in/1.zip"
		printf 'x\t%s\t-\tx.zip\n' "$in/1.zip"
		printf 'y\t%s\t-\ty.zip\t-\tlatest\n' "$in/1.zip"
		printf 'z\tapp\t-\tz.zip\n'
	} >m.tsv
	cp -r "$xo11" app
	ln -s none app/link
	ln -s none app/link2
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	{
		printf '%s\n' 'm.tsv:1: agent w: pkg-select: stdin:3: warning: "odd" \033[1m words'
		printf 'm.tsv:3: agent y: pkg-filter-status: warning: %d\n' $(seq 20)
		echo 'm.tsv:3: agent y: 10 more warnings'
		for link in link link2; do
			echo "m.tsv:4: agent z: pkg-unpack: $PWD/app/$link:" \
			    'warning: left out: it is a symbolic link; a' \
			    'package has files alone'
		done
		echo '4 agents: 4 done, 3 of them with warnings (left-out 2)'
	} | sed 's/^/pkg-bulk: /' | diff - <(printf '%s\n' "$stderr")
	ledger '[.agent, .warnings] | @tsv' | sort | diff - <(cat <<-END
		w	1
		x	
		y	30
		z	2
	END
	)
	ledger 'select(.agent == "z") | .reports.unpack.warnings' | jq -c . |
	    diff - <(echo '{"left-out":2}')
	rm ./*.zip m.ledger
	try pkg-bulk -q m.tsv
	[ "$status" -eq 0 ]
	quiet
}

@test "on a terminal it says what it waits for" {
	command -v script >/dev/null || skip 'script(1) is not there'
	rows 3 >m.tsv
	on_terminal() {
		script -qec "$1" /dev/null </dev/null | tr -d '\r'
	}
	on_terminal 'pkg-bulk -n m.tsv 2>&1 >/dev/null' >said
	grep -qx 'pkg-bulk: reading the [1-9] files and 0 folders that it names' said
	grep -qx 'pkg-bulk: examining 3 of 3 agents' said
	script -qec 'pkg-bulk; echo "= $?"' /dev/null | tr -d '\r' >said
	diff said - <<-END
		pkg-bulk: expected a manifest: agents, one a line; see pkg-bulk -h
		= 2
	END
	# and says none of it where nobody reads it
	try pkg-bulk -n m.tsv
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "the stages run in order, with the words of their columns" {
	shims
	for tool in filter-status select merge; do
		shim "pkg-$tool" <<-'END'
			{ echo "${0##*/}"; printf ' <%s>' "$@"; echo; } |
			    sed "s|$TMPDIR|T|g; s|pkg-bulk[.][A-Za-z0-9]*|D|g" \
			    >"$LOG/${0##*/}"
			cat
		END
	done
	export LOG=$PWD
	cp "$in/1.zip" 'a b.zip'
	echo '{}' >'request 1.json'
	printf '%s\t' one 'a b.zip' "$in/2.zip" out/one.zip -- published \
	    "--request 'request 1.json' -n \"a\\\"b *\" \\\$HOME" \
	    "incremental --policy 'x=y z'" >m.tsv
	echo '-l 9' >>m.tsv
	sed -i 's/\t--\t/\t-\t/' m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	cat pkg-filter-status pkg-select pkg-merge | sed "s|$PWD|P|g" |
	    diff - <(cat <<-'END'
		pkg-filter-status
		 <--report> <T/D/filter-status.json> <published>
		pkg-select
		 <--report> <T/D/select.json> <--request> <P/request 1.json> <-n> <a"b *> <$HOME>
		pkg-merge
		 <--report> <T/D/merge.json> <--into> <T/D/target> <incremental> <--policy> <x=y z>
	END
	)
	same_members 'a b.zip' out/one.zip
	ledger '.exit | tojson' | diff - <(echo '{"target":0,"unpack":0,"filter-status":0,"select":0,"merge":0,"pack":0}')

	# the file that an option names is an input, too
	echo '{"exportType":"latest"}' >'request 1.json'
	try pkg-bulk -n m.tsv
	[ "$output" = "one	run	other options" ]
	rm 'request 1.json'
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says 'not there' 'request 1.json'
}

@test "a stage that fails leaves no package, and is named" {
	shims
	shim pkg-select <<-'END'
		head -n 9
		echo 'pkg-select: stdin:10: "odd" \ words' >&2
		exit 3
	END
	printf 'x\t%s\t-\tx.zip\t-\t-\tall\n' "$in/1.zip" >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says 'm.tsv:1: agent x: pkg-select: stdin:10: "odd" \ words'
	[ ! -e x.zip ]
	ledger '[.stage, .why, .exit.select, .exit.pack] | tojson' |
	    diff - <(echo '["select","pkg-select: stdin:10: \"odd\" \\ words",3,6]')

	# one that lets itself be killed, and one that is not there
	shim pkg-select <<<'kill -9 $$'
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	ledger '[.stage, .exit.select] | tojson' | diff - <(echo '["select",137]')
	printf 'x\t%s\t-\tx.zip\t-\tpublished\n' "$in/1.zip" >m.tsv
	shim pkg-filter-status <<<'exec /nowhere/pkg-nothing'
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	ledger '[.stage, .exit["filter-status"]] | tojson' |
	    diff - <(echo '["filter-status",127]')
	[ ! -e x.zip ]
}

@test "what may be better next time is tried again, what is wrong is not" {
	shims
	shim pkg-select <<-'END'
		echo x >>"$LOG/tries"
		[ "$(wc -l <"$LOG/tries")" -ge "$GOOD" ] || exit "$CODE"
		cat
	END
	export LOG=$PWD GOOD=3 CODE=4
	printf 'x\t%s\t-\tx.zip\t-\t-\tall\n' "$in/1.zip" >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	[ "$(wc -l <tries)" -eq 3 ]
	[ "$(wc -l <m.ledger)" -eq 1 ]
	rm tries x.zip
	try pkg-bulk --retries 2 m.tsv
	[ "$status" -eq 1 ]
	[ "$(wc -l <tries)" -eq 2 ]
	rm tries
	CODE=3 try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	[ "$(wc -l <tries)" -eq 1 ]
}

@test "an agent that takes too long is ended, and the others are done" {
	shims
	shim pkg-select <<<'sleep 60'
	rows 6 | grep -v incremental | head -n 3 >m.tsv
	printf 'x\t%s\t-\tx.zip\t-\t-\tall\n' "$in/1.zip" >>m.tsv
	try pkg-bulk --timeout 4 --retries 1 m.tsv
	[ "$status" -eq 1 ]
	says 'agent x: took longer than 4, see --timeout' '4 agents: 3 done, 1 failed'
	ledger 'select(.agent == "x") | [.status, .why] | tojson' |
	    diff - <(echo '["failed","took longer than 4, see --timeout"]')
	[ ! -e x.zip ]
}

@test "slices of a manifest make the whole, each agent once, in one ledger" {
	rows 10 >m.tsv
	for i in 1 2 3; do
		pkg-bulk -q --slice $i/3 m.tsv 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	right <m.tsv
	jq -r .agent m.ledger | sort | diff - <(cut -f 1 m.tsv | sort)
	try pkg-bulk m.tsv
	says '10 done, 10 of them before'
}

@test "a directory is made and replaced if it is ours" {
	printf 'x\t%s\t-\ttree/\n' "$in/9.zip" >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	same_members "$xo11" tree
	try pkg-bulk m.tsv
	says '1 of them before'
	cp "$in/1.zip" other.zip
	printf 'x\tother.zip\t-\ttree/\n' >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 0 ]
	same_members other.zip tree
}

@test "mistakes in a manifest are told, with their lines, before anything is done" {
	{
		printf 'agent\tsource\ttarget\toutput\n'
		printf 'a\tb\n'
		printf 'c\td\t-\te.zip\t"open\n'
		printf 'f\tg\th\ti.zip\n'
		printf 'j\tk\t-\tl.zip\t-\t-\t-\tfull\n'
		printf 'c\td\t-\tm.zip\n'
		printf 'n\to\t-\tm.zip\n'
		printf 'p\tq\t-\tr.zip\t-\t-\t-\t-\t-\t-\n'
	} >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 3 ]
	diff - <(echo "$stderr") <<-'END'
		pkg-bulk: m.tsv:2: expected agent, source, target and output, separated by tabs; found only 2 of them
		pkg-bulk: m.tsv:2: agent, source and output must be given
		pkg-bulk: m.tsv:3: options of pkg-unpack: a quote is not closed
		pkg-bulk: m.tsv:4: a target and options of pkg-merge belong together: give both, or - for both
		pkg-bulk: m.tsv:5: a target and options of pkg-merge belong together: give both, or - for both
		pkg-bulk: m.tsv:6: agent c stands in line 3 already
		pkg-bulk: m.tsv:7: output m.zip stands in line 6 already
		pkg-bulk: m.tsv:8: expected at most 9 fields, found 10
	END
	[ ! -e m.ledger ]
	cp "$in/1.zip" s.zip
	printf 'a\ts.zip\t-\t./s.zip\n' >m.tsv
	try pkg-bulk m.tsv
	[ "$status" -eq 1 ]
	says 's.zip: it is an input of agent a, line 1'
	cmp "$in/1.zip" s.zip
	for wrong in '-j x' '--slice 3/2' '--slice x' '-z' 'a b' '--timeout' \
		'--timeout 0' '--timeout 5s5' '--timeout 0m' '-j 0' '-j 0%'; do
		# shellcheck disable=SC2086 # words
		try pkg-bulk $wrong
		[ "$status" -eq 2 ]
	done
	try pkg-bulk none.tsv
	[ "$status" -eq 4 ]
}

@test "what cannot be written to standard output is exit 4, and is said" {
	printf 'a\t%s\t-\ta.zip\n' "$in/1.zip" >m.tsv
	for tool in 'pkg-bulk -n m.tsv' 'pkg-bulk -h' 'pkg-git -h' \
		'pkg-fetch -h' 'pkg-push -h' 'pkg-push -V'; do
		for to in '/dev/full' '&-'; do
			try_sh "$tool >$to"
			[ "$status" -eq 4 ]
			[ "$stderr" = "${tool%% *}: standard output: cannot be written" ]
		done
	done
}

# host N: an sshd for this user on a port of its own, with a home of its own
host() {
	local port

	port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	mkdir "home$1"
	cat >"sshd$1" <<-END
		Port $port
		ListenAddress 127.0.0.1
		HostKey $PWD/host_key
		AuthorizedKeysFile $PWD/key.pub
		PidFile $PWD/sshd$1.pid
		StrictModes no
		PasswordAuthentication no
		PermitRootLogin yes
		SetEnv HOME=$PWD/home$1 PATH=$PATH TMPDIR=$TMPDIR
	END
	printf 'Host host%s\n\tPort %s\n' "$1" "$port" >>ssh_config
	"${sshd[@]}" -f "$PWD/sshd$1" -E "$PWD/sshd$1.log" 3>&-
}

# sshd of this machine, or the one that scripts/deps put into the build folder;
# for root it wants a user of its name, who is invented where there is none
find_sshd() {
	local taken=$build/sshd wrapper

	sshd=$(PATH=$PATH:/usr/sbin:$taken/usr/sbin command -v sshd) ||
		skip 'sshd is not there: scripts/deps fetches it'
	sshd=("$sshd")
	[ "$(id -u)" -eq 0 ] || return 0
	mkdir -p /run/sshd
	! getent passwd sshd >/dev/null || return 0
	wrapper=$(find "$taken" -name libnss_wrapper.so 2>/dev/null | grep .) ||
		skip 'sshd wants a user sshd, who is not there'
	cat /etc/passwd - >passwd <<<'sshd:x:22:22::/run/sshd:/usr/sbin/nologin'
	sshd=(env LD_PRELOAD="$wrapper" NSS_WRAPPER_PASSWD="$PWD/passwd"
	    NSS_WRAPPER_GROUP=/etc/group "${sshd[0]}")
}

two_hosts() {
	find_sshd
	command -v rsync >/dev/null || skip 'rsync is not there'
	ssh-keygen -q -t ed25519 -N '' -f host_key
	ssh-keygen -q -t ed25519 -N '' -f key
	host 1
	host 2
	cat >>ssh_config <<-END
		Host *
			HostName 127.0.0.1
			IdentityFile $PWD/key
			IdentitiesOnly yes
			StrictHostKeyChecking no
			UserKnownHostsFile $PWD/known
			LogLevel ERROR
	END
	export PARALLEL_SSH="ssh -F $PWD/ssh_config"
	for _ in $(seq 50); do
		! $PARALLEL_SSH host2 true 2>/dev/null || break
		sleep 0.1
	done
	$PARALLEL_SSH host1 true && $PARALLEL_SSH host2 true || {
		skip 'this user cannot log in by ssh'
	}
	PATH=$build/bin:$PATH
}

# end a host and its sessions, as if it had no power
stop_host() {
	local pid sessions

	[ -e "sshd$1.pid" ] || return 0
	pid=$(cat "sshd$1.pid")
	sessions=$(ps -o pid= --ppid "$pid") || true
	rm "sshd$1.pid"
	kill "$pid"
	for pid in $sessions; do
		kill "$pid" 2>/dev/null || true
	done
}

stop_hosts() {
	stop_host 1
	stop_host 2
}

@test "over two hosts all agents are done, some on each, and nothing is left there" {
	two_hosts
	agents=${PKG_AGENTS:-25}
	rows "$agents" >m.tsv
	cp "$in/1.zip" 'a b.zip'
	printf 'ax\ta b.zip\t-\tout/x y.zip\t--max-depth 200\n' >>m.tsv
	printf 'large\t%s\t-\tout/large.zip\t--max-component 99\n' "$in/3.zip" \
	    >>m.tsv
	try pkg-bulk -j 2 --sshlogin host1 --sshlogin host2 m.tsv
	[ "$status" -eq 1 ]
	says 'agent large: pkg-unpack:' "$((agents + 1)) done, 1 failed"
	grep -v ^large m.tsv | right
	ledger .host | sort -u | diff - <(printf 'host1\nhost2\n')
	[ "$(wc -l <m.ledger)" -eq $((agents + 2)) ]
	[ ! -e out/large.zip ]
	try find ~/.parallel/tmp home1 home2 -name '*.zip'
	[ "$status" -le 1 ]	# what is not there is nothing, too
	[ -z "$output" ]
}

@test "a host that is lost half way is done without" {
	two_hosts
	rows "${PKG_AGENTS:-25}" >m.tsv
	pkg-bulk -j 1 --sshlogin host1 --sshlogin host2 m.tsv 3>&- 2>err &
	pid=$!
	for _ in $(seq 1000); do
		! grep -qs '"host":"host2"' m.ledger || break
		sleep 0.02
	done
	stop_host 2
	status=0
	wait "$pid" || status=$?
	cat err
	[ "$status" -eq 0 ]
	right <m.tsv
	jq -r .agent m.ledger | sort | diff - <(cut -f 1 m.tsv | sort)
	ledger .host | sort -u | diff - <(printf 'host1\nhost2\n')
}
