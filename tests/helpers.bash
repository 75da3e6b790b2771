# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # bats sets status, output, lines
#
# What the tests of the tools share: a few verbs.  The tools come first in
# PATH, from PKG_BUILD.

bats_require_minimum_version 1.5.0
set -o pipefail

tests=${BATS_TEST_DIRNAME:?}
root=$(cd "$tests/.." && pwd)
build=${PKG_BUILD:-build}
[ "${build#/}" != "$build" ] || build=$root/$build
PATH=$build/bin:$PATH
xo10=$tests/fixtures/xo10
xo11=$tests/fixtures/xo11
export PATH tests root build xo10 xo11
export PYTHONDONTWRITEBYTECODE=1
unset SOURCE_DATE_EPOCH

# Of what is asked alike of each real package, of each place in a file or of
# hundreds of invented packages, one in so many is tried, and with another
# commit (PKG_TURN) others; fewer where the tools are slow.
export SPARSE=${PKG_SPARSE:-3}
this_turn=$((${PKG_TURN:-0} + ${BATS_TEST_NUMBER:-0}))

if [ -n "${PKG_SANITIZED-}" ]; then
	SPARSE=$((SPARSE * 3))
fi

# whether the tools have the sanitizers in them
sanitized() {
	[ -n "${PKG_SANITIZED-}" ]
}

# whether the number N is one of those that are tried
tried() {
	[ $((($1 + this_turn) % SPARSE)) -eq 0 ]
}

# Under the sanitizers, in a run of all tests, PKG_PLAIN has the same tools
# without them.  Their results are looked at by the same tests: of the others
# it is enough that they are the same, byte for byte.
twinned() {
	[ -n "${PKG_PLAIN-}" ]
}

# a file is what a command of the tools without sanitizers prints
plain_prints() {
	PATH=$PKG_PLAIN/bin:$PATH "${@:2}" | cmp - "$1"
}

# a command, of the plain tools where there are such: for the side of a
# comparison that is not in question
plainly() {
	PATH=${PKG_PLAIN:+$PKG_PLAIN/bin:}$PATH "$@"
}

# without what is installed beside it, which takes longer than most checks
python3() {
	command python3 -S "$@"
}
export -f python3

# run a command; it, its exit status and what it said show if the test fails
try() {
	# bats looks at each command of a function unless there is no -T
	set +T
	try_it "$@"
	show_try "$*"
	set -T
}

# the same for a line of shell with its arguments; any stage's failure counts
try_sh() {
	set +T
	try_it bash -o pipefail -c "$1" sh "${@:2}"
	show_try "$*"
	set -T
}

# what "run --separate-stderr" does, which takes longer than most tools
try_it() {
	local said=$BATS_TEST_TMPDIR.said flags=$-

	set +eE
	output=$("$@" 2>"$said")
	status=$?
	IFS=$'\n' read -d '' -r -a lines <<<"$output"
	read -d '' -r stderr <"$said"
	IFS=$'\n' read -d '' -r -a stderr_lines <<<"$stderr"
	set "-$flags"
}

show_try() {
	printf '$ %s\n= %d\n' "$1" "$status"
	[ "${#lines[@]}" -eq 0 ] || printf '> %.200s\n' "${lines[@]:0:4}"
	[ "${#stderr_lines[@]}" -eq 0 ] || printf '2> %s\n' "${stderr_lines[@]}"
}

# nothing was said on standard error: what fails must say why
quiet() {
	[ "$status" -lt 2 ] && [ -z "$stderr" ]
}

# what was said on standard error has these words, in this order
says() {
	set +T
	says_it "$@" || {
		set -T
		return 1
	}
	set -T
}

says_it() {
	local rest=$stderr word

	for word; do
		[[ $rest == *"$word"* ]] || {
			printf 'expected: %s\n' "$word"
			return 1
		}
		rest=${rest#*"$word"}
	done
}

# try a line of shell that must end with this exit status and one message,
# which has these words, and write nothing but an unfinished stream
refuses() {
	local expected=$1 command=$2

	shift 2
	try_sh "$command"
	[ "$status" -eq "$expected" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $output != *'"kind":"@end"'* ]]
	says "$@"
}

# two packages, zips or folders: the same members, bytes and order; or more
# such pairs, for python3 takes a while to start
same_members() {
	[ $# -ge 2 ]
	python3 "$tests/oracle/check-members.py" "$@"
}

# a stream that keeps to pkg-stream(5), all of it; more arguments say of what
good_stream() {
	python3 "$tests/oracle/check-stream.py" "$@"
}

# a zip of a folder's files, in this order, by a hand that is not ours
zip_of() {
	local zip=$PWD/$1 dir=$2

	shift 2
	rm -f "$zip"
	(cd "$dir" && TZ=UTC zip -q -X "$zip" "$@")
}

# the folder of the real packages of a platform, or skip
corpus() {
	corpus=${PKG_CORPUS:-$root/../shared/corpus}/$1
	[ -d "$corpus" ] || skip "no real packages: PKG_CORPUS names none"
}

# what takes very long is tried by one run in so many
now_and_then() {
	tried 0 || skip 'its turn comes with another commit'
}

# of an array, packages unless another is named, those that are tried: one at
# least
few() {
	local -n array=${1:-packages}
	local all=("${array[@]}") i step=$SPARSE

	[ "$step" -le ${#all[@]} ] || step=${#all[@]}
	array=()
	for ((i = this_turn % step; i < ${#all[@]}; i += step)); do
		array+=("${all[i]}")
	done
}

# real Kore packages in the array packages: zips, and folders of files
kore_packages() {
	local dir zip

	corpus kore
	packages=()
	for dir in "$corpus"/*/; do
		zip=("$dir"*.zip)
		if [ -e "${zip[0]}" ]; then
			packages+=("${zip[@]}")
		else
			packages+=("${dir%/}")
		fi
	done
	[ "${#packages[@]}" -gt 0 ]
}
