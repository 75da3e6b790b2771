#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# The tarball and the package for Debian: the same bytes whenever they are
# made, whole, and gone without a trace when removed.  Neither a container nor
# this system's own packages are touched: dpkg has a folder for its root.

# shellcheck disable=SC2154 # set by helpers
load helpers

setup() {
	! sanitized || skip 'what is packed has no sanitizers'
	cd "$BATS_TEST_TMPDIR" || return
	version=$(sed -n 's/^VERSION = //p' "$root/Makefile")
	# what holds of one level of xz holds of each; this takes least time
	export DPKG_DEB_COMPRESSOR_LEVEL=1
}

# make_twice TARGET: its file, made at another time, in another zone, and by
# someone whose files others may not read, is the same
make_twice() {
	made=$(make -s -C "$root" BUILD="$build" "$1" 2>said)
	[[ $made == /* ]] || made=$root/$made
	cp "$made" first
	sleep 1
	(
		umask 077
		export TZ=Asia/Tokyo LC_ALL=C.UTF-8
		make -s -C "$root" BUILD="$build" "$1" >again 2>said
	)
	cmp first "$made"
}

# dpkg whose system is the folder system
dpkg_here() {
	dpkg --root="$PWD/system" --force-not-root --force-depends \
	    --force-bad-path --log=/dev/null "$@" >said 2>&1 || {
		cat said
		return 1
	}
}

@test "the tarball is what is committed, and the same bytes each time" {
	[ "$(git -C "$root" rev-parse --show-toplevel 2>/dev/null)" = \
		"$(realpath "$root")" ] || skip 'this is no clone'
	make_twice dist
	tar -tzf first | grep -v '/$' | sort |
	    diff - <(git -C "$root" ls-tree -r --name-only HEAD |
		sed "s|^|pkg-tools-$version/|" | sort)
	tar -xzf first
	git -C "$root" show HEAD:Makefile | cmp - "pkg-tools-$version/Makefile"
	[ -x "pkg-tools-$version/scripts/deps" ]
	# it can be built of nothing else
	make -s -n -C "pkg-tools-$version" all >plan
	grep -q 'pkg-unpack' plan
}

# sets deb to the package for Debian, that of a test before if one made it
deb() {
	deb=$BATS_FILE_TMPDIR/pkg-tools_$version.deb
	[ -e "$deb" ] || (
		cd "$root" || exit
		cp "$(make -s BUILD="$build" deb)" "$deb"
	)
}

@test "the package for Debian is the same each time" {
	command -v dpkg-deb >/dev/null || skip 'dpkg-deb is not there'
	command -v dpkg-shlibdeps >/dev/null || skip 'dpkg-dev is not there'
	make_twice deb
	dpkg-deb -f first Package Version Recommends |
	    diff - <(printf '%s\n' 'Package: pkg-tools' "Version: $version" \
		'Recommends: curl, jq, parallel')
	dpkg-deb -f first Depends | grep -q 'libc6 (>= .*zlib1g (>= '
	cp first "$BATS_FILE_TMPDIR/pkg-tools_$version.deb"
}

@test "lintian finds neither errors nor warnings in the package for Debian" {
	now_and_then
	command -v dpkg-deb >/dev/null || skip 'dpkg-deb is not there'
	command -v lintian >/dev/null || skip 'lintian is not there'
	deb
	try lintian --allow-root --fail-on error,warning "$deb"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "the package installs, works, completes, and goes without a trace" {
	command -v dpkg-deb >/dev/null || skip 'dpkg-deb is not there'
	command -v dpkg-shlibdeps >/dev/null || skip 'dpkg-dev is not there'
	deb
	mkdir -p system/var/lib/dpkg/info system/var/lib/dpkg/updates \
	    system/usr/bin
	touch system/var/lib/dpkg/status system/var/lib/dpkg/available \
	    system/usr/bin/other
	find system -path system/var -prune -o -print | sort >before
	dpkg_here -i "$deb"
	PATH=$PWD/system/usr/bin:/usr/bin:/bin
	for tool in system/usr/bin/pkg-*; do
		try "$tool" --version
		[ "$status" -eq 0 ]
		[[ $output == "${tool##*/} $version" ]]
		[ -s "system/usr/share/man/man1/${tool##*/}.1.gz" ]
	done
	(cd system && md5sum -c --quiet var/lib/dpkg/info/pkg-tools.md5sums)
	pkg-unpack "$xo11" | pkg-pack -o copy.zip
	same_members "$xo11" copy.zip
	# what complete(1) of bash does on TAB
	bash -c '. system/usr/share/bash-completion/completions/pkg-select
		COMP_WORDS=(pkg-select --on) COMP_CWORD=1
		read -r _ _ f _ < <(complete -p pkg-select)
		"$f" 2>/dev/null
		echo "${COMPREPLY[@]}"' | diff - <(echo --on-missing)
	dpkg_here -P pkg-tools
	find system -path system/var -prune -o -print | sort | diff before -
	! grep -rq pkg-tools system/var/lib/dpkg/status \
	    system/var/lib/dpkg/info || false
}
