# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What pkg-bulk, pkg-fetch, pkg-git and pkg-push share: messages, options, and
# what must be there.  The Makefile puts this text into each.  Its caller sets
# me, version and help, and has the functions option and operands.

# Text of lines, fit for a terminal: what would move its cursor or turn the
# direction of writing is shown as \x and two hexadecimal digits or \u and
# four; so is each byte that is no UTF-8.  With "tabs" those stay, with "line"
# all is one line.
shown() {
	LC_ALL=C awk -v how="${1-}" '
	BEGIN {
		# lines of nothing else need not be looked at one by one
		cont = "[\200-\277]"
		plain = "^([ -~]|\302[\240-\277]|[\303-\327\331-\337]" cont \
		    "|\330[\200-\233\235-\277]|\340[\240-\277]" cont \
		    "|[\341\343-\354\356\357]" cont cont "|\355[\200-\237]" \
		    cont "|\342([\202-\277]" cont "|\200[\200-\215" \
		    "\220-\247\257-\277]|\201[\200-\245\252-\277])" \
		    "|\360[\220-\277]" cont cont "|[\361-\363]" cont cont \
		    cont "|\364[\200-\217]" cont cont ")*$"
		for (i = 1; i < 256; i++)
			byte[sprintf("%c", i)] = i
	}
	# sets more, the bytes of the character at i behind its first, and
	# returns its number; none begins there: 0 and -1
	function code(i,   c, b, k) {
		c = byte[substr($0, i, 1)]
		more = (c >= 194) + (c >= 224) + (c >= 240)
		if (c > 244 || (c > 127 && more == 0))
			more = k = -1
		if (more == 1) c %= 32
		if (more == 2) c %= 16
		if (more == 3) c %= 8
		for (k++; k <= more; k++) {
			b = byte[substr($0, i + k, 1)]
			if (b < 128 || b > 191)
				break
			c = c * 64 + b % 64
		}
		if (k > more && more >= 0 && !(more == 2 && c < 2048) &&
		    !(more == 3 && c < 65536) && c <= 1114111 &&
		    !(c >= 55296 && c < 57344))
			return c
		more = 0
		return -1
	}
	function hidden(c) {
		return (c != 9 || how != "tabs") && (c < 32 ||
		    (c >= 127 && c < 160) || c == 1564 || c == 8206 ||
		    c == 8207 || (c >= 8232 && c <= 8238) ||
		    (c >= 8294 && c <= 8297))
	}
	{
		if (how == "line" && NR > 1)
			printf "\\x0a"
		n = length($0)
		good = 1
		for (i = $0 ~ plain ? n + 1 : 1; i <= n; i += more + 1) {
			c = code(i)
			if (c >= 0 && !hidden(c))
				continue
			printf "%s", substr($0, good, i - good)
			if (c < 256)
				printf "\\x%02x", c < 0 ? \
				    byte[substr($0, i, 1)] : c
			else
				printf "\\u%04x", c
			good = i + more + 1
		}
		printf("%s%s", substr($0, good), how == "line" ? "" : "\n")
	}
	END { if (how == "line") print "" }'
}

# one line on standard error
message() {
	printf '%s' "$me: $*" | shown line >&2
}

# the same unless we are to be quiet
say() {
	[ "$quiet" -gt 0 ] || message "$@"
}

# fail CODE MESSAGE
fail() {
	code=$1
	shift
	message "$@"
	exit "$code"
}

# the command line is wrong
wrong() {
	fail 2 "$*; see $me -h"
}

# What comes in goes out as it is; that it cannot is an error, as of the tools,
# but that a reader has enough (SIGPIPE).
put() {
	cat 2>/dev/null || [ $? -eq 141 ] ||
		fail 4 'standard output: cannot be written'
}

# need PROGRAM[=PACKAGE]...: those that are not there are named at once, and
# the packages of Debian that bring them
need() {
	absent='' packages=''
	for program; do
		command -v "${program%=*}" >/dev/null && continue
		absent="$absent${absent:+, }${program%=*}"
		packages="$packages ${program#*=}"
	done
	[ -z "$absent" ] || fail 4 "not there: $absent; on Debian:" \
		"apt-get install$packages"
}

# the tools need no package of Debian
need_tools() {
	for program; do
		command -v "$program" >/dev/null ||
			fail 4 "not there: $program; install pkg-tools, or" \
				'set PATH'
	done
}

# two names of one file that is there
same_file() {
	# shellcheck disable=SC3013 # dash has it
	[ "$1" -ef "$2" ]
}

# a folder for temporary files, which the caller removes: sets dir
make_dir() {
	dir=$(mktemp -d "${TMPDIR:-/var/tmp}/$me.XXXXXX" 2>/dev/null) ||
		fail 4 "${TMPDIR:-/var/tmp}: no temporary folder can be" \
			'made there: set TMPDIR'
}

# the long option nearest to a word, if it is near
nearest() {
	word=$1 names=$names awk '
	# letters to change, add or leave out
	function far(a, b,   i, j, d, n) {
		for (i = 0; i <= length(a); i++) {
			for (j = 0; j <= length(b); j++) {
				n = i + j
				if (i * j > 0)
					n = d[i - 1, j - 1] + \
					    (substr(a, i, 1) != substr(b, j, 1))
				if (i * j > 0 && d[i - 1, j] < n)
					n = d[i - 1, j] + 1
				if (i * j > 0 && d[i, j - 1] < n)
					n = d[i, j - 1] + 1
				d[i, j] = n
			}
		}
		return d[length(a), length(b)]
	}
	BEGIN {
		word = ENVIRON["word"]
		best = 2 + int(length(word) / 3)
		n = split(ENVIRON["names"], name, /:?,|:$/)
		for (i = 1; i <= n; i++) {
			if (name[i] == "" || far(word, name[i]) >= best)
				continue
			best = far(word, name[i])
			found = name[i]
		}
		print found
	}'
}

# what getopt(1) says of options that there are not, as the tools say it
no_option() {
	case $1 in
	"unrecognized option '--"*)
		word=${1#*--}
		word=${word%\'}
		word=${word%%=*}
		near=$(nearest "$word")
		near=${near:+"; did you mean \"--$near\"?"}
		fail 2 "there is no option --$word${near:-;} see $me -h"
		;;
	"invalid option -- '"*)
		word=${1#*"'"}
		wrong "there is no option -${word%\'}"
		;;
	esac
	wrong "$1"
}

# Options as in pkg-tools(7), by getopt(1); which there are stands in the text
# of --help, in lines that begin with "  -f, --force" or "      --bin DIR".
# Each calls option NAME [VALUE], what else there is operands ARGUMENT...
take_options() {
	# where standard output is closed, no other file is to have its number
	[ -e /proc/self/fd/1 ] || exec >/dev/full
	eval "$(printf '%s\n' "$help" | awk '
	/^  (-.,|   ) --/ {
		takes = $0 ~ /--[a-z-]+ [A-Z]/
		colon = takes ? ":" : ""
		if ($1 !~ /^--/)
			letters = letters substr($1, 2, 1) colon
		match($0, /--[a-z-]+/)
		name = substr($0, RSTART, RLENGTH)
		names = names "," substr(name, 3) colon
		if (takes)
			valued = valued name " " substr($1, 1, 2) " "
	}
	END {
		print "letters=" letters " names=" substr(names, 2)
		print "valued=\" " valued "\""
	}')"
	if words=$(LC_ALL=C getopt -n "$me" -o "$letters" -l "$names" -- \
	    "$@" 2>&1); then
		eval "set -- $words"
	else
		words=${words%%"
"*}
		no_option "${words#"$me: "}"
	fi
	while [ "$1" != -- ]; do
		case $1 in
		-h | --help)
			printf '%s\n' "$help" | put
			exit
			;;
		-V | --version)
			printf '%s\n' "$me $version" | put
			exit
			;;
		-q | --quiet) quiet=1 ;;
		-v | --verbose) verbose=1 ;;
		*)
			case $valued in
			*" $1 "*)
				[ -n "$2" ] || wrong "$1: the value is empty"
				option "$1" "$2"
				shift
				;;
			*) option "$1" ;;
			esac
			;;
		esac
		shift
	done
	shift
	operands "$@"
}
