# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What pkg-fetch and pkg-push share: the token, requests within the limits,
# and waiting.  The Makefile puts this text into both, below common.sh.  Source:
# docs.kore.ai, ai-for-service, API pages of Automation: export, export status,
# upload, import, import status, rate limits.

# the text without the token in it
hide() {
	text=$(cat)
	while :; do
		case $text in
		*"$jwt"*) text=${text%%"$jwt"*}...${text#*"$jwt"} ;;
		*) break ;;
		esac
	done
	printf '%s\n' "$text"
}

# words of the platform, fit to be shown: one line, not too long
words() {
	tr '\000\n\r' '   ' | sed 's/ *$//' | hide | cut -c 1-300 | shown line
}

# an id may stand in the path of an address: "." and ".." are none
is_id() {
	case $1 in
	[!A-Za-z0-9]* | *[!A-Za-z0-9._-]* | '') return 1 ;;
	esac
}

# read_file FILE: on standard output, or the end
read_file() {
	cat -- "$1" 2>/dev/null || fail 4 "$1: cannot be read"
}

# Take the token from its file, if there is one.
take_token() {
	[ -z "$jwt_file" ] || jwt=$(read_file "$jwt_file") || exit
	[ -n "$jwt" ] || wrong 'no token: set KORE_JWT, or give --jwt-file'
	case $jwt in
	*[!A-Za-z0-9._~+/=-]*)
		wrong 'the token holds characters that no JWT has' ;;
	esac
}

# the host's address, to which a path is added; plain http is for tests
take_host() {
	case $host in
	*://*) ;;
	*) host=https://$host ;;
	esac
	host=${host%/}
	own=
	case $host in
	*[!A-Za-z0-9.:/_@~\[\]-]* | *@*) wrong "$host: no address of a host" ;;
	http://127.0.0.1:* | http://localhost:* | http://\[::1\]:*) own=y ;;
	https://?*) ;;
	*) wrong "$host: the token is sent by https only" ;;
	esac
	[ -n "$own" ] || [ "$interval" -ge 2 ] || wrong "--interval: found" \
		"$interval; less than 2 would break the platform's limits"
	is_id "$bot" || wrong "$bot: no id of a bot"
}

now() {
	date +%s
}

# wait SECONDS WHY: but not beyond the time that there is
pause() {
	[ $(($(now) + $1)) -lt "$deadline" ] || fail 5 "$2; it would take" \
		"longer than --timeout allows ($timeout seconds)"
	[ "$1" -eq 0 ] || {
		sleep "$1" &
		attend
	}
}

# wait for what was begun last, in a way that a signal ends
attend() {
	child=$!
	wait "$child"
	rc=$?
	child=
	return "$rc"
}

# digits as sh counts with them: no leading 0, and no more than it can hold
number() {
	printf '%s\n' "$1" | sed 's/^0*\(.\)/\1/; s/^.\{10,\}$/999999999/'
}

# seconds that a 429 asks us to wait, or twice as many as the last time
retry_after() {
	after=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([^\r]*\).*/\1/p' \
		"$dir/headers" | tail -n 1)
	case $after in
	'') ;;
	*[!0-9]*)
		after=$(date -d "$after" +%s 2>/dev/null) || after=
		[ -z "$after" ] || after=$((after - $(now)))
		[ "${after:-1}" -gt 0 ] || after=1
		;;
	*) after=$(number "$after") ;;
	esac
	if [ -z "$after" ]; then
		after=$throttle
		throttle=$((throttle * 2))
	fi
}

# What the platform says of an error.  Its form differs from page to page.
complaint() {
	jq -r '[.errors[0].msg?, .errors[0].message?, .message?, .error?, .msg?]
	    | map(strings) | .[0] // empty' "$dir/answer" 2>/dev/null | words
}

refused() {
	text=$(complaint)
	case $http in
	401) why='the token was refused (401): it is wrong, or has expired' ;;
	403) why="the token's app may not do this (403): it lacks the scope" ;;
	404) why="there is no bot $bot, or not on $host (404)" ;;
	3??) why="the host sends us elsewhere ($http): give its own address" ;;
	*) why="the platform refused ($http)" ;;
	esac
	fail 4 "$1: $why${text:+: $text}"
}

# One run of curl: ask AUTH URL OUTPUT; $dir/config has further lines of its
# configuration.  The token goes through a pipe, never onto a command line.
ask() {
	left=$((deadline - $(now)))
	[ "$left" -gt 0 ] || fail 5 "$doing: it takes longer than --timeout" \
		"allows ($timeout seconds)"
	case $2 in
	*[\"\\[:space:][:cntrl:]]*)
		fail 3 "$doing: the platform gave an address that is none" ;;
	esac
	: >"$dir/headers"
	{
		cat "$dir/config"
		printf 'url = "%s"\n' "$2"
		[ "$1" != auth ] || printf 'header = "auth: %s"\n' "$jwt"
	} | curl -q --config - --silent --show-error --globoff \
		--proto =http,https --connect-timeout 20 --max-time "$left" \
		--output "$3" --dump-header "$dir/headers" \
		--write-out '%{http_code} %{redirect_url}\n' \
		>"$dir/code" 2>"$dir/curl.err" &
	attend
	read -r http redirect <"$dir/code" || http=000
	return "$rc"
}

# Ask until there is an answer: call DOING METHOD PATH, and on standard input
# what else curl is to know.  The answer is in $dir/answer, what it says of the
# job in its_id, its_file, its_status and its_size.  What may have begun
# something is asked again only if it never arrived, or was put off.
call() {
	doing=$1 method=$2 tries=0 throttle=30
	cat >"$dir/config"
	printf 'request = %s\n' "$method" >>"$dir/config"
	while :; do
		: >"$dir/answer"
		tries=$((tries + 1))
		ask auth "$host$3" "$dir/answer"
		case $rc:$http in
		0:2??) break ;;
		0:429)
			retry_after
			say "$doing: the rate limit is reached (429):" \
				"waiting $after seconds"
			pause "$after" "$doing: the rate limit is reached (429)"
			continue
			;;
		28:*) fail 5 "$doing: no answer within --timeout" \
			"($timeout seconds)" ;;
		[67]:*) ;;
		0:5?? | [1-9]*) [ "$method" = GET ] || tries=99 ;;
		*) refused "$doing" ;;
		esac
		[ "$tries" -lt 5 ] || lost
		pause $((interval * tries)) "$doing: $(trouble)"
	done
	read_answer ||
		fail 3 "$doing: expected a JSON object as answer, found:" \
			"$(head -c 80 "$dir/answer" | words)"
}

# the members of the answer that are asked for, each as a line of text without
# control characters; returns 1 if it is no object
read_answer() {
	its_id='' its_file='' its_status='' its_size=''
	jq -r 'if type != "object" then error("no object") else
	    ._id, .fileId, .status, .fileSize | . // "" | tostring
	    | gsub("[\u0000\r\n]"; " ") end' "$dir/answer" \
		>"$dir/members" 2>/dev/null || return 1
	hide <"$dir/members" | cut -c 1-300 | shown >"$dir/shown"
	{
		read -r its_id
		read -r its_file
		read -r its_status
		read -r its_size
	} <"$dir/shown" || :
}

trouble() {
	if [ "$rc" -eq 0 ]; then
		printf 'the platform is not well (%s)\n' "$http"
	else
		sed 's/^curl: ([0-9]*) //; q' "$dir/curl.err" | words
	fi
}

lost() {
	fail 4 "$doing: $(trouble)"
}

# between two questions: a bit longer each time, up to half a minute
next_poll() {
	pause "$wait" "$1"
	wait=$((wait * 3 / 2))
	[ "$wait" -le 30 ] || wait=30
}

# how a job ended, in the words of the pages and of programs that use the API
ended() {
	case $(printf %s "$1" | tr '[:upper:]' '[:lower:]') in
	success | successful | completed | complete) echo good ;;
	fail* | error* | cancel* | abort* | reject* | partial*) echo bad ;;
	*) echo no ;;
	esac
}

# what both have of options; returns 1 if it is none of these
common_option() {
	case $1 in
	-H | --host) host=$2 ;;
	--interval) interval=$(whole "$1" "$2") || exit ;;
	--jwt-file) jwt_file=$2 ;;
	--timeout) timeout=$(whole "$1" "$2") || exit ;;
	esac
}

# an option's number of seconds
whole() {
	case $2 in
	*[!0-9]* | ????????*) wrong "$1: expected a number of seconds," \
		"found \"$2\"" ;;
	esac
	number "$2"
}

# The token is taken first, and into a variable that is not exported: no
# program that is run finds it in its environment.
begin() {
	unset jwt text
	jwt=${KORE_JWT-}
	unset KORE_JWT
	umask 077
	host=${KORE_HOST:-https://platform.kore.ai} interval=2 timeout=1800
	jwt_file='' quiet=0 verbose=0 child='' dir=''
	# a curl that is not waited for may yet make the file that clean removed
	trap '[ -z "$child" ] || { kill "$child"; wait "$child"; }; clean' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
}

# of the stream on standard input, whatever the times and modes of its files
stream_digest() {
	LC_ALL=C sed '/^{"kind":"@stream",/d; /^{"kind":"@end",/d
		/^{"kind":"@file",/s/,"m\(time\|ode\)":[0-9]*//g' | sha256sum | cut -c 1-64
}

# a folder of our own, whose name stands in curl's configuration
begin_work() {
	make_dir
	case $dir in
	*[\"\\]*) fail 4 "$dir: quotes in TMPDIR" ;;
	esac
	deadline=$(($(now) + timeout))
}
