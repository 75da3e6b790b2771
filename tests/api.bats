#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-fetch and pkg-push, against a server of our own that answers as the
# vendor's pages say: each outcome has its message and exit status, nothing is
# left of what is not whole, and the token shows nowhere.

# shellcheck disable=SC2016,SC2154 # lines of shell; set by helpers
load helpers

setup_file() {
	! sanitized || return 0
	export KORE_JWT=eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.t0p-s3cr3t_$$
	# of its own, lest another run at the same time be taken for a leak; and
	# grep reads it from a file for the same reason
	echo "$KORE_JWT" >"$BATS_FILE_TMPDIR/secret"
	export server=$BATS_FILE_TMPDIR/server
	mkdir "$server"
	(cd "$xo11" && zip -q -X "$BATS_FILE_TMPDIR/package.zip" \
	    appDefinition.json config.json icon.png LibraryFunctions.js)
	"$(type -P python3)" "$tests/api/kore-server.py" "$server" \
	    "$BATS_FILE_TMPDIR/package.zip" "$KORE_JWT" 3>&- \
	    >"$server/out" 2>&1 &
	echo $! >"$BATS_FILE_TMPDIR/pid"
	for _ in $(seq 100); do
		[ ! -e "$server/port" ] || break
		sleep 0.1
	done
	port=$(cat "$server/port")
	export KORE_HOST=http://127.0.0.1:$port
}

teardown_file() {
	[ ! -e "$BATS_FILE_TMPDIR/pid" ] || kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

setup() {
	# what runs here is sh; the tools have tests of their own
	! sanitized || skip 'nothing of it is compiled'
	mkdir "$BATS_TEST_TMPDIR/here"
	cd "$BATS_TEST_TMPDIR/here" || return
	package=$BATS_FILE_TMPDIR/package.zip
	mkdir tmp
	export TMPDIR=$PWD/tmp
	: >"$server/log"
}

# Whatever happened: nothing is left of it but what a test names, and nobody
# has seen the token.
teardown() {
	[ -n "${server-}" ] || return 0
	[ -z "$(ls -A tmp)" ] || return
	[[ $output$stderr != *"$KORE_JWT"* ]] || return
	! grep LEAK "$server/log" || return
	! grep -rqFf "$BATS_FILE_TMPDIR/secret" . || return
	[ ! -s "$server/out" ]
}

# fetch BOT OPTION...: into got.zip
fetch() {
	local bot=$1

	shift
	try pkg-fetch --interval 0 -o got.zip "$@" "$bot"
}

# it ended with this status, left no file, and said these words
gives_up() {
	local expected=$1

	shift
	[ "$status" -eq "$expected" ]
	[ -z "$(find . -type f)" ]
	says "$@"
}

@test "an export that was pending is fetched when it is ready" {
	fetch ok
	[ "$status" -eq 0 ]
	quiet
	cmp "$package" got.zip
	diff - "$server/log" <<-END
		POST /api/public/bot/ok/export token
		body {"exportType": "latest"}
		GET /api/public/bot/ok/export/status token
		GET /api/public/bot/ok/export/status token
		GET /api/public/bot/ok/export/status token
		GET /store/ok token
	END
}

@test "pkg-fetch feeds a pipeline" {
	try_sh 'pkg-fetch --interval 0 pipe | pkg-unpack | pkg-pack -o got.zip'
	[ "$status" -eq 0 ]
	quiet
	same_members "$package" got.zip
}

@test "a request body is sent as it is, a type as one" {
	echo '{"exportType":"published","exportOptions":{"tasks":["botTask"]}}' \
	    >request.json
	fetch body -r request.json
	[ "$status" -eq 0 ]
	fetch body2 -f -t published
	[ "$status" -eq 0 ]
	grep '^body' "$server/log" | diff - <(cat <<-END
		body {"exportType": "published", "exportOptions": {"tasks": ["botTask"]}}
		body {"exportType": "published"}
	END
	)
}

@test "a request body that is none is refused before anything is sent" {
	for text in '' '[]' '{}' '{"exportType":"all"}' '{'; do
		printf %s "$text" >request.json
		fetch x -r request.json
		rm request.json
		gives_up 3 request.json
	done
	[ ! -s "$server/log" ]
}

@test "an export that failed is a finding" {
	fetch failed
	gives_up 1 'export ber-failed: failed: no memory for ...'
}

@test "the status of another export is not taken for ours" {
	fetch stale
	[ "$status" -eq 0 ]
	cmp "$package" got.zip
	rm got.zip
	try pkg-fetch --interval 1 --timeout 2 -o got.zip another
	gives_up 5 'export ber-another' 'export ber-older' '--timeout'
}

@test "an export that stays pending ends with the time allowed" {
	try pkg-fetch --interval 1 --timeout 2 -o got.zip never
	gives_up 5 'export ber-never: still pending' '--timeout' '2 seconds'
}

@test "a token that is refused, or missing, is told" {
	good=$KORE_JWT
	KORE_JWT=eyJ.wrong.token fetch ok
	gives_up 4 'the token was refused (401)' 'Invalid token ...'
	[[ $stderr != *eyJ.wrong.token* ]]
	KORE_JWT='' fetch ok
	gives_up 2 'no token' KORE_JWT --jwt-file
	KORE_JWT=$'a"\noutput = "x' fetch ok
	gives_up 2 'no JWT'
	fetch forbidden
	gives_up 4 'lacks the scope' 'Insufficient scope'
	[ "$good" = "$KORE_JWT" ]
}

@test "a token comes from a file, too, and goes before the environment's" {
	secret=$BATS_FILE_TMPDIR/token
	echo "$KORE_JWT" >"$secret"
	KORE_JWT=other fetch file --jwt-file "$secret"
	[ "$status" -eq 0 ]
	fetch file2 --jwt-file none
	[ "$status" -eq 4 ]
	rm "$secret" got.zip
}

@test "a 429 is waited for as long as it says, in seconds or as a date" {
	fetch throttled
	[ "$status" -eq 0 ]
	says 'export: the rate limit is reached (429): waiting 1 seconds' \
	    '(429): waiting'
	cmp "$package" got.zip
}

@test "60 questions in a window, as documented, are not exceeded twice" {
	fetch patient
	[ "$status" -eq 0 ]
	says 'export status: the rate limit is reached (429)'
	[ "$(grep -c ^limit "$server/log")" -eq 1 ]
}

@test "a 429 for longer than the time allowed ends at once" {
	fetch closed --timeout 60
	gives_up 5 'rate limit is reached (429)' --timeout
	[ "$(grep -c POST "$server/log")" -eq 1 ]
}

@test "a question may be repeated when the platform is not well" {
	fetch flaky
	[ "$status" -eq 0 ]
	cmp "$package" got.zip
	rm got.zip
	fetch down
	gives_up 4 'export: the platform is not well (502)'
	[ "$(grep -c 'bot/down' "$server/log")" -eq 1 ]
}

@test "what is no answer is told, and shown without its control characters" {
	fetch html
	gives_up 3 'expected a JSON object' '<html>\x1b[2J please log in'
}

@test "words of the platform do not reach the terminal as more than words" {
	fetch escapes
	gives_up 4 'no \033[31m a\cb \x1b]0;x\x07 \x9b2J \u202e \x7f end'
	fetch $'x\e[2J'
	gives_up 2 '\x1b[2J: no id of a bot'
}

@test "a truncated download is tried again, and then given up" {
	fetch torn
	[ "$status" -eq 0 ]
	cmp "$package" got.zip
	rm got.zip
	fetch truncated
	gives_up 4 'download: transfer closed with'
	try_sh 'pkg-fetch --interval 0 truncated | wc -c'
	[ "$status" -eq 4 ]
	[ "$output" -eq 0 ]
}

@test "fewer bytes than the platform announced are a truncated download" {
	fetch short
	gives_up 3 'truncated' bytes
}

@test "a download that is no package, or a damaged one, is refused" {
	fetch nozip
	gives_up 3 download 'no whole package'
	fetch damaged
	gives_up 3 download 'no whole package'
}

@test "a slow download arrives; one that stalls ends with the time allowed" {
	fetch slow
	[ "$status" -eq 0 ]
	cmp "$package" got.zip
	rm got.zip
	fetch stalled --timeout 5
	gives_up 5 'download: not done within --timeout'
}

@test "the token goes to the platform alone, wherever a link leads" {
	fetch elsewhere
	gives_up 3 'not one of https'
	fetch relative
	[ "$status" -eq 0 ]
	rm got.zip
	grep store "$server/log" | diff - <(cat <<-END
		GET /store/elsewhere token
		GET /store/relative token
	END
	)
	fetch insecure
	gives_up 3 'not one of https'
	fetch wicked
	gives_up 3 'an address that is none'
}

@test "nothing is overwritten without -f" {
	echo mine >got.zip
	fetch keep
	[ "$status" -eq 2 ]
	says got.zip 'exists already; -f replaces it'
	[ "$(cat got.zip)" = mine ]
	[ ! -s "$server/log" ]
	fetch keep -f
	[ "$status" -eq 0 ]
	cmp "$package" got.zip
}

@test "an input is not overwritten, not even with -f" {
	cp "$BATS_FILE_TMPDIR/secret" "$BATS_FILE_TMPDIR/token"
	echo '{"exportType":"latest"}' >request.json
	ln request.json got.zip
	fetch keep -f -r request.json
	[ "$status" -eq 2 ]
	says got.zip 'is an input'
	diff - got.zip <<<'{"exportType":"latest"}'
	ln -sf "$BATS_FILE_TMPDIR/token" got.zip
	fetch keep -f --jwt-file "$BATS_FILE_TMPDIR/token"
	[ "$status" -eq 2 ]
	says got.zip 'is an input'
	cmp "$BATS_FILE_TMPDIR/token" "$BATS_FILE_TMPDIR/secret"
	try pkg-fetch --interval 0 -f -o tmp keep
	[ "$status" -eq 2 ]
	says 'tmp: expected a file'
	[ ! -s "$server/log" ]
}

@test "options are those of all tools: shortened, in any place, one sentence" {
	try pkg-fetch --int 0 --timeou=60 ok -fogot.zip --quie
	[ "$status" -eq 0 ]
	cmp "$package" got.zip
	rm got.zip
	for tool in pkg-fetch pkg-push pkg-bulk; do
		for wrong in --nosuch --t '-Z' 'a b c'; do
			# shellcheck disable=SC2086 # words
			try $tool $wrong
			[ "$status" -eq 2 ]
			[ "${#stderr_lines[@]}" -eq 1 ]
			says "$tool: " "; see $tool -h"
			[ -z "$output" ]
		done
		try $tool -hq
		[ "$status" -eq 0 ]
		quiet
		grep -q '^  -q, --quiet ' <<<"$output"
		# each letter of the page's synopsis is in the summary
		for letter in $(grep -o '^\.\(It\|Op\) Fl [a-zA-Z]\+' \
		    "$root/man/$tool.1" | cut -d ' ' -f 3 | grep -o . | sort -u); do
			grep -q "^  -$letter, --" <<<"$output"
		done
	done
}

@test "programs that are not there are named at once" {
	mkdir bin
	for program in cat sed awk rm mktemp dirname getopt; do
		ln -s "$(command -v $program)" bin
	done
	for tool in pkg-fetch pkg-push pkg-bulk; do
		cp "$build/bin/$tool" bin
	done
	PATH=$PWD/bin try pkg-fetch ok
	[ "$status" -eq 4 ]
	says 'not there: curl, jq;' 'apt-get install curl jq'
	PATH=$PWD/bin try pkg-push --full ok
	[ "$status" -eq 4 ]
	says 'not there: curl, jq;' 'apt-get install curl jq'
	echo >m.tsv
	PATH=$PWD/bin try pkg-bulk m.tsv
	[ "$status" -eq 4 ]
	says 'not there: jq, parallel' 'apt-get install jq parallel'
	rm -r m.tsv bin
}

@test "a killed pkg-fetch leaves no file" {
	pkg-fetch --interval 0 -o got.zip stalled 3>&- &
	pid=$!
	for _ in $(seq 100); do
		! grep -q /store "$server/log" || break
		sleep 0.1
	done
	kill "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 143 ]
	[ -z "$(find . -type f)" ]
}

@test "no host and no connection are told" {
	KORE_HOST=http://127.0.0.1:1 fetch ok
	gives_up 4 'export:' 'connect to 127.0.0.1 port 1'
	fetch ok -H http://example.org
	gives_up 2 https
	fetch ok -H https://user@example.org
	gives_up 2 'no address of a host'
	for bot in ../x .. . .x x/y; do
		fetch "$bot"
		gives_up 2 'no id of a bot'
	done
	try pkg-fetch -H example.org --interval 1 -o got.zip ok
	gives_up 2 'less than 2 would break'
}

# push BOT OPTION...: the fixture
push() {
	local bot=$1

	shift
	try pkg-push --interval 0 --full "$@" "$bot" "$xo11"
}

@test "a package is imported, and each task told once as it ends" {
	rm -rf "$server/uploads"
	push ok
	[ "$status" -eq 0 ]
	quiet
	printf '%s\n' "$output" | diff - <(cat <<-END
		success	importRequest	Library
		success	Bot Definition	Library
		success	Dialog	Lend
		success	Dialog	Return
		success	Dialog	Return
		success	importBot	Library
	END
	)
	cat "$server"/uploads/* | cmp - <(cat "$xo11/LibraryFunctions.js" \
	    "$xo11/appDefinition.json" "$xo11/config.json")
	grep -E '^(upload|body|POST)' "$server/log" | sed 's/id[0-9]*/id/' |
	    sed 's/id[0-9]*/id/2g' | diff - <(cat <<-END
		POST /api/public/uploadfile token
		upload LibraryFunctions.js js
		POST /api/public/uploadfile token
		upload appDefinition.json json
		POST /api/public/uploadfile token
		upload config.json json
		POST /api/public/bot/ok/import token
		body {"botDefinition": "id", "configInfo": "id", "botFunctions": ["id"]}
	END
	)
}

@test "a package comes from a pipe, as a zip" {
	try_sh 'pkg-unpack "$1" | pkg-pack -o - |
	    pkg-push --interval 0 --full piped' "$xo10"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 6 ]
	grep -c ^upload "$server/log" | grep -qx 2
}

@test "import options are sent as they are; a new app gets a zip" {
	echo '{"tasks":["botTask"],"options":{"utterances":{"append":true}}}' \
	    >options.json
	try pkg-push --interval 0 --options options.json some "$xo10"
	[ "$status" -eq 0 ]
	rm options.json
	try pkg-push --interval 0 --new 'My "new" app' "$xo10"
	[ "$status" -eq 0 ]
	grep '^body' "$server/log" | sed 's/id[0-9][0-9]*/id/g' |
	    diff - <(cat <<-'END'
		body {"botDefinition": "id", "configInfo": "id", "importOptions": {"tasks": ["botTask"], "options": {"utterances": {"append": true}}}}
		body {"uploadMode": "ZIP", "zipInfo": "id", "name": "My \"new\" app"}
	END
	)
	grep -q '^upload package.zip zip' "$server/log"
}

@test "a task that failed is a finding, though the import says success" {
	push partial
	[ "$status" -eq 1 ]
	says 'import bir-partial: success, but 1 task failed'
	grep -qxF 'failed	Dialog	Return	intent is\x1b[2J \033[1m \x9b \u202e taken ...' \
	    <<<"$output"
}

@test "an import that failed is a finding" {
	push lost
	[ "$status" -eq 1 ]
	says 'import bir-lost: failed'
	[ "${#lines[@]}" -ge 2 ]
}

@test "an import is begun again after a 429, and after nothing else" {
	push busy
	[ "$status" -eq 0 ]
	[ "$(grep -c "POST.*/busy/import" "$server/log")" -eq 2 ]
	push broken
	[ "$status" -eq 4 ]
	says 'import: the platform is not well (500)'
	[ "$(grep -c "POST.*/broken/import" "$server/log")" -eq 1 ]
	push refused
	[ "$status" -eq 4 ]
	says 'the platform refused (400): Invalid file id'
}

@test "an import that stays pending ends with the time allowed" {
	try pkg-push --interval 1 --timeout 2 --full never "$xo10"
	[ "$status" -eq 5 ]
	says 'import bir-never: still pending'
}

@test "what is no whole package is not sent" {
	head -c 3000 "$package" >cut.zip
	try pkg-push --full ok cut.zip
	rm cut.zip
	[ "$status" -eq 3 ]
	try pkg-push --full ok none
	[ "$status" -eq 4 ]
	try_sh 'pkg-unpack "$1" | head -n 5 | pkg-pack -o - |
	    pkg-push --full ok' "$xo10"
	[ "$status" -ne 0 ]
	try pkg-push --full ok "$tests/fixtures/cx"
	[ "$status" -eq 3 ]
	says 'an export of Kore.ai'
	[ ! -s "$server/log" ]
}

@test "an app that was changed since its export is not overwritten" {
	pkg-unpack "$package" | jq -c 'if .kind == "dialog" and
	    .name == "Renew Loan" then .value.isHidden = true else . end' |
	    pkg-pack -q --edited -o "$server/changed.zip"
	fetch moved -v
	[ "$status" -eq 0 ]
	cmp "$package" got.zip
	digest=${stderr##*bytes, digest }
	: >"$server/log"
	push moved --expect got.zip
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	diff - <(echo "$stderr") <<-END
		~ dialog Renew Loan
		    ~ /isHidden  false → true
		# dialog: 1 changed
		pkg-push: got.zip: the app is not as it was any more; nothing was sent: fetch it and merge again
	END
	# a stream of it is as good, and so is its digest
	pkg-unpack got.zip >got.ndjson
	push moved --expect got.ndjson
	[ "$status" -eq 1 ]
	says '~ dialog Renew Loan' 'nothing was sent'
	push moved --expect "$digest"
	[ "$status" -eq 1 ]
	says 'digest of the app: ' "$digest: the app is not as it was any more"
	! grep -q 'uploadfile\|import' "$server/log" || false
	rm got.zip got.ndjson
}

@test "an app that was only exported again is imported into, once" {
	fetch again
	digest=$(pkg-unpack got.zip | grep -v '"kind":"@\(stream\|end\)"' |
	    sed -E '/"@file"/s/,"(mtime|mode)":[0-9]+//g' | sha256sum | cut -d ' ' -f 1)
	for expect in got.zip "$digest"; do
		: >"$server/log"
		push again --expect $expect
		[ "$status" -eq 0 ]
		quiet
		[ "${#lines[@]}" -eq 6 ]
		grep -c '^POST /api/public/bot/again/export' "$server/log" |
		    grep -qx 1
		grep -c '^POST /api/public/bot/again/import' "$server/log" |
		    grep -qx 1
	done
	# it was exported again, with other times
	pkg-unpack got.zip >one
	fetch again -f
	! diff one <(pkg-unpack got.zip) || false
	rm one got.zip
	push again --expect none
	[ "$status" -eq 4 ]
	try pkg-push --expect x --new name "$xo11"
	[ "$status" -eq 2 ]
	says --expect
}

@test "the app as it was is kept before an import" {
	push ok --backup was.zip
	[ "$status" -eq 0 ]
	cmp "$package" was.zip
	[ "$(stat -c %a was.zip)" = "$(printf %o $((0666 & ~$(umask))))" ]
	sed -n 's/ token$//; /export$\|import$/p' "$server/log" |
	    diff - <(printf 'POST /api/public/bot/ok/%s\n' export import)
	# what is there is kept, unless it is asked for; no input is written over
	: >"$server/log"
	push ok --backup was.zip
	[ "$status" -eq 2 ]
	says 'was.zip: exists already; -f replaces it'
	push ok -f --backup was.zip --expect was.zip
	[ "$status" -eq 2 ]
	says 'was.zip: is an input'
	[ ! -s "$server/log" ]
	cmp "$package" was.zip
	echo old >was.zip
	push ok -f --backup was.zip
	[ "$status" -eq 0 ]
	cmp "$package" was.zip
	# no backup, no import
	: >"$server/log"
	rm was.zip
	push truncated --backup was.zip
	[ "$status" -eq 4 ]
	[ -z "$(find . -type f)" ]
	! grep -q 'uploadfile\|import' "$server/log" || false
}

@test "a dry run sends nothing, and tells what would be sent" {
	push ok -n --expect "$package" --backup was.zip
	[ "$status" -eq 0 ]
	quiet
	printf '%s\n' "$output" | diff - <(
		for file in LibraryFunctions.js appDefinition.json config.json; do
			printf 'upload\t%s\t%d\n' "$file" "$(wc -c <"$xo11/$file")"
		done
		printf 'import\tok\tall of it\n'
	)
	[ -z "$(find . -type f)" ]
	try pkg-push --dry --new Name "$xo11"
	[ "$status" -eq 0 ]
	cut -f 1,2 <<<"$output" |
	    diff - <(printf 'upload\tpackage.zip\nimport\tnew\n')
	! grep -q 'uploadfile\|import' "$server/log" || false
	pkg-unpack "$package" | grep -v '"kind":"synonym"' |
	    pkg-pack -q --edited -o other.zip
	push ok -n --expect other.zip
	[ "$status" -eq 1 ]
	says '+ synonym ' 'the app is not as it was any more'
	rm other.zip
}

@test "no program that is run for them gets the token, in no way" {
	# each says so if it has it, or if a file has it that is there while it
	# runs; pkg-fetch has it from a pipe
	mkdir bin
	for program in awk basename cat cut curl date dirname getopt grep head jq \
	    ln mktemp mv rm sed sha256sum sleep sort sync tail tr wc \
	    pkg-diff pkg-fetch pkg-pack pkg-unpack; do
		cat >"bin/$program" <<-END
			#!/bin/sh
			if $(type -P grep) -rqsFf '$BATS_FILE_TMPDIR/secret' \
			    /proc/\$\$/environ /proc/\$\$/cmdline \
			    '$PWD'; then
				echo 'LEAK to $program' >>'$server/log'
			fi
			exec $(type -P "$program") "\$@"
		END
		chmod 755 "bin/$program"
	done
	pkg-fetch --interval 0 ok >was.zip
	(
		PATH=$PWD/bin:$PATH
		# what a caller has exported by the names that scripts use
		export jwt=x text=x
		sh "$build/bin/pkg-fetch" -v --interval 0 -f -o was.zip ok 2>words
		sh "$build/bin/pkg-push" -v --interval 0 --full \
		    --expect was.zip --backup now.zip ok "$xo11" >said 2>>words
	)
	[ "$(wc -l <said)" -eq 6 ]
	[ -s words ]
	! grep -qFf "$BATS_FILE_TMPDIR/secret" said words || false
	rm -r bin said words was.zip now.zip
	! grep LEAK "$server/log" || false
}

@test "an import must be asked for in so many words" {
	try pkg-push ok "$xo10"
	[ "$status" -eq 2 ]
	says 'expected one of --full'
	try pkg-push --full --options x ok "$xo10"
	[ "$status" -eq 2 ]
	KORE_JWT=wrong push ok
	[ "$status" -eq 4 ]
	says 'the token was refused (401)'
}

@test "the migration of the README runs as it stands there" {
	command -v parallel >/dev/null || skip 'GNU parallel is not there'
	echo "$KORE_JWT" >"$BATS_FILE_TMPDIR/token"
	printf '%s\t%s\t%s\n' one dev1 prod1 two dev2 prod2 >apps.tsv
	sed -n '/^## Hundreds/,/^## A pull/s/^    //p' "$root/README.md" |
	    sed 's/pkg-[fp][eu][ts][ch]h*/& --interval 0/
		s|cat token|cat "$BATS_FILE_TMPDIR/token"|' >script
	[ "$(grep -c interval script)" -eq 3 ]
	try bash -e -o pipefail script
	rm "$BATS_FILE_TMPDIR/token"
	[ "$status" -eq 0 ]
	says '2 agents: 2 done'
	[ "$(cat log/one log/two | grep -c ^success)" -eq 12 ]
	grep -c '^POST.*/prod[12]/import token' "$server/log" | grep -qx 2
	pkg-unpack next/one.zip | tail -n 1 | grep '"@end"'
}
