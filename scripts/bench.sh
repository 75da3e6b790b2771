# SPDX-License-Identifier: ISC
# shellcheck shell=sh
#
# What the parts of scripts/bench share; each is run as
#	scripts/bench-PART BUILD
# Each command runs three times; the quickest counts.  Ratios are what to look
# at: above 1 the other took longer.  Tools that are not there are left out.

build=$(cd "${1:-build}" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d "${TMPDIR:-/var/tmp}/pkg-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
PATH=$build/bin:$PATH
export build here dir PATH

printf '%-44s %8s %8s %10s %7s %7s\n' '' wall CPU 'peak KiB' wall CPU

# measure TITLE COMMAND: sets wall, cpu, peak of the quickest of three
measure() {
	best=
	for _ in 1 2 3; do
		/usr/bin/time -f '%e %U %S %M' -o "$dir/time" \
			sh -c "$2" >/dev/null 2>"$dir/err" || {
			sed 's/^/	/' "$dir/err"
			return 1
		}
		best=$(printf '%s\n%s\n' "$best" "$(tail -n 1 "$dir/time")" |
			grep . | sort -n | head -n 1)
	done
	wall=$(echo "$best" | awk '{ print $1 }')
	cpu=$(echo "$best" | awk '{ print $2 + $3 }')
	peak=$(echo "$best" | awk '{ print $4 }')
}

# ours TITLE COMMAND: what the others are compared with
ours() {
	echo
	measure "$1" "$2"
	our_wall=$wall our_cpu=$cpu
	printf '%-44s %8s %8s %10s\n' "$1" "$wall" "$cpu" "$peak"
}

# other TOOL TITLE COMMAND
other() {
	command -v "$1" >/dev/null 2>&1 || {
		echo "  ($1 is not there)"
		return
	}
	measure "$2" "$3" || return 0
	awk -v t="$2" -v w="$wall" -v c="$cpu" -v p="$peak" -v ow="$our_wall" \
	    -v oc="$our_cpu" 'BEGIN {
		printf "  %-42s %8s %8s %10s %7.2f %7.2f\n", t, w, c, p,
		    w / ow, c / oc
	}'
}
