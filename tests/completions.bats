#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What the shells complete, and the tables of options that it is made of.
load helpers

tools='pkg-unpack pkg-filter-status pkg-select pkg-merge pkg-diff pkg-check
pkg-rename pkg-vars pkg-pack pkg-tools pkg-bulk pkg-fetch pkg-git pkg-push'

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

make_completions() {
	# shellcheck disable=SC2086 # words
	"$root/scripts/completions" "$build/bin" made $tools
}

# what bash completes after these words, a line each
completed() {
	(
		# shellcheck disable=SC1090
		. "made/bash/$1"
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		read -r _ _ f _ < <(complete -p "$1")
		# outside of a completion compopt fails
		"$f" || :
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

# completes WORD... -- EXPECTED...
completes() {
	local typed=()

	while [ "$1" != -- ]; do
		typed+=("$1")
		shift
	done
	shift
	diff <(completed "${typed[@]}" | sort) <(printf '%s\n' "$@" | sort)
}

@test "bash completes options, long and short" {
	make_completions
	completes pkg-select --de -- --deps
	completes pkg-select --ex -- --exclude --explain
	completes pkg-merge -f --pl -- --plan --plan={text,tsv,json,html}
	completes pkg-pack -z -- ''
	completes pkg-bulk --ssh -- --sshlogin --sshloginfile
	completes pkg-push --o -- --options
	completed pkg-unpack - >all
	diff <(grep -c . all) <(echo 20)
	grep -qx -e -a all
}

@test "and the words that an option or a tool takes" {
	make_completions
	completes pkg-select --on-missing '' -- drop keep fail
	completes pkg-select --on-missing = k -- keep
	completes pkg-select --on-missing = -- drop keep fail
	completes pkg-merge --plan = j -- json
	completes pkg-merge --plan i -- incremental
	completes pkg-merge fu -- full
	completes pkg-filter-status --allow '' -- empty
	completes pkg-filter-status '' -- latest published made
}

@test "and names of files where they are files, nothing where it knows none" {
	make_completions
	: >'one two.ndjson'
	: >three.json
	completes pkg-pack -o x.zip one -- 'one two.ndjson'
	completes pkg-merge full --into one -- 'one two.ndjson'
	completes pkg-select -L th -- three.json
	completes pkg-select --from = th -- three.json
	completes pkg-fetch -r th -- three.json
	completes pkg-select --kind th -- ''
	completes pkg-pack -l th -- ''
	completes pkg-fetch th -- ''
}

@test "what is made for each shell is no error to it" {
	make_completions
	for file in made/bash/*; do
		bash -n "$file"
	done
	for shell in zsh fish; do
		command -v "$shell" >/dev/null || missing+=" $shell"
	done
	[ -z "${missing-}" ] || skip "not there:$missing"
	for file in made/zsh/*; do
		zsh -n "$file"
	done
	for file in made/fish/*; do
		fish -n "$file"
	done
}

@test "zsh and fish are told the same" {
	make_completions
	grep -qxF -e "complete -c pkg-select -l on-missing -x -a 'drop keep\
 fail' -d 'references whose target is not selected'" made/fish/pkg-select.fish
	grep -qF -e "'*--on-missing=[references whose target is not\
 selected]:drop|keep|fail:(drop keep fail)' " made/zsh/_pkg-select
	grep -qF -e "platform'\''s limits]' " made/zsh/_pkg-pack
	grep -qF -e "platform\\'s limits'" made/fish/pkg-pack.fish
	for tool in $tools; do
		options=$("$tool" -h | grep -cE '^  (-.,|   ) --')
		[ "$(grep -c -- ' -l ' "made/fish/$tool.fish")" = "$options" ]
		[ "$(grep -cE -- "^	'\*('\{-|--)" "made/zsh/_$tool")" = \
			"$options" ]
	done
}

@test "completions are installed, and removed" {
	make -s -C "$root" BUILD="$build" DESTDIR="$PWD/to" PREFIX=/usr install
	for tool in $tools; do
		echo "to/usr/share/bash-completion/completions/$tool"
		echo "to/usr/share/zsh/site-functions/_$tool"
		echo "to/usr/share/fish/vendor_completions.d/$tool.fish"
	done | sort >expected
	find to/usr/share -type f ! -path '*/man/*' -size +0 | sort |
		diff expected -
	make -s -C "$root" BUILD="$build" DESTDIR="$PWD/to" PREFIX=/usr uninstall
	diff <(find to -type f) /dev/null
}

@test "each page tells of the options that the tool has, and of no others" {
	for tool in $tools; do
		"$tool" -h | python3 "$tests/pages.py" "$root/man/$tool.1"
	done
}

@test "the text of -h fits a terminal" {
	for tool in $tools; do
		diff <("$tool" -h | grep -E '.{80}') /dev/null
	done
}

@test "@stream has the options as they were given, -a and its like by name" {
	printf '{"x":1}' >x.json
	cp "$root/lib/platform/generic.map" .
	pkg-unpack --map ./generic.map -a x.json >s
	diff <(sed -n 1p s | jq -c '.by[0].options') \
		<(echo '["--all-files","--map=generic.map"]')
	pkg-select --ed --on=keep -x -kitem s >t
	diff <(sed -n 1p t | jq -c '.by[1].options') \
		<(echo '["--edited","--on-missing=keep","-x","-k=item"]')
}
