#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# pkg-git, in real repositories of invented packages.
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export HOME=$PWD/home GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
	export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
	unset XDG_CONFIG_HOME GIT_DIR GIT_WORK_TREE
	mkdir home r
	cd r || return
	git init -q -b main
}

# the package diff/old, whose definition is compact: lines do not help
kore() {
	jq -c . "$tests/diff/old/botDefinition.json" >botDefinition.json
	printf '{"name":"Travel"}' >config.json
	git add .
	git commit -qm base
	pkg-git -q install
}

cx() {
	mkdir agent
	cp -r "$tests"/fixtures/cx/* agent
	git add .
	git commit -qm base
	pkg-git -q install
}

# edit FILE FILTER, in the form that the file has
edit() {
	jq "${@:3}" "$2" "$1" >"$BATS_TEST_TMPDIR/new"
	cat "$BATS_TEST_TMPDIR/new" >"$1"
}

# branch NAME FILE FILTER: a commit on a branch of its own, from main
branch() {
	git checkout -q -B "$1" main
	edit "$2" "$3" -c
	git commit -qam "$1"
}

rome='.dialogs[0].nodes[1].transitions[0].if.value = "Roma"'
lima='.dialogs[0].nodes[1].transitions[1].if.value = "Lima"'

# the definition is what this filter makes of the base's, and in order
is() {
	jq "$1" "$tests/diff/old/botDefinition.json" |
		diff - <(jq . botDefinition.json)
	pkg-check .
	pkg-unpack -q . | pkg-pack -q -o "$BATS_TEST_TMPDIR/packed.zip" -f
}

@test "uninstall undoes exactly what install did" {
	printf '*.txt text\nno end' >.git/info/attributes
	git config diff.mine.command true
	cp .git/info/attributes ../attributes
	cp .git/config ../config
	for _ in 1 2; do
		try pkg-git install
		[ "$status" -eq 0 ]
		says uninstall
	done
	[ "$(grep -c botDefinition .git/info/attributes)" -eq 1 ]
	[ "$(git config merge.pkg-tools.driver)" = \
		'pkg-git merge %O %A %B %P' ]
	git check-attr merge -- a/flows/b/c.json | grep -q pkg-tools
	pkg-git -q uninstall
	cmp ../attributes .git/info/attributes
	cmp ../config .git/config
	try pkg-git -q install --global
	[ "$status" -eq 0 ]
	[ -f "$HOME/.config/git/attributes" ]
	pkg-git -q uninstall --global
	[ ! -e "$HOME/.config/git/attributes" ]
	try git config --global --get-regexp pkg-tools
	[ "$status" -eq 1 ]
	cd ..
	GIT_CEILING_DIRECTORIES=$PWD try pkg-git install
	[ "$status" -eq 3 ]
	says 'no git repository'
}

@test "git diff shows what pkg-diff shows, git log what is in a package" {
	kore
	edit botDefinition.json "$rome" -c
	try git diff
	[ "$status" -eq 0 ]
	[[ $output == *'~ dialog Book a flight'* ]]
	[[ $output == *'"Rome" → "Roma"'* ]]
	git commit -qam rome
	try git log -p -1
	[[ $output == *'-            "value": "Rome"'* ]]
	[[ $output == *'+            "value": "Roma"'* ]]
	pkg-unpack -q . | pkg-pack -q -o x.zip
	echo none >y.zip
	git add x.zip y.zip
	git commit -qm zip
	edit botDefinition.json "$lima" -c
	pkg-unpack -q . | pkg-pack -q -f -o x.zip
	echo some >y.zip
	try git diff -- x.zip y.zip
	[[ $output == *'"Oslo" → "Lima"'* ]]
	[[ $output == *+some* ]]
	try git diff --no-ext-diff -- x.zip
	[[ $output == *'+            "value": "Lima"'* ]]
}

@test "git merge puts both sides of one line together" {
	kore
	branch b botDefinition.json "$lima"
	branch a botDefinition.json "$rome"
	try git merge -q b
	[ "$status" -eq 0 ]
	is "$rome | $lima"
	[ "$(wc -l <botDefinition.json)" -eq 1 ]
}

@test "a conflict is left to the user as git does, and a message says how" {
	kore
	branch b botDefinition.json "$lima |
		.dialogs[0].nodes[1].transitions[0].if.value = \"B\""
	branch a botDefinition.json "$rome"
	try git merge -q b
	[ "$status" -eq 1 ]
	says 'dialog Book a flight' 'ours "Roma", theirs "B"' \
		'botDefinition.json: has ours at 1 place' 'pkg-git resolve'
	is "$rome | $lima"
	[ "$(git ls-files -u | wc -l)" -eq 3 ]
	git status --porcelain | grep -q '^UU botDefinition.json'
	pkg-git conflicts botDefinition.json >../c
	jq -e '.ours == "Roma" and .theirs == "B"' ../c
	jq -c '.choice = "value" | .value = "C"' ../c >../choices
	try pkg-git resolve --resolve ../choices botDefinition.json
	[ "$status" -eq 0 ]
	is "$lima | .dialogs[0].nodes[1].transitions[0].if.value = \"C\""
	[ "$(git ls-files -u | wc -l)" -eq 0 ]
	git commit -qm merged
	git reset -q --hard HEAD^
	git merge -q b 2>/dev/null || true
	pkg-git -q resolve --prefer theirs botDefinition.json
	is "$lima | .dialogs[0].nodes[1].transitions[0].if.value = \"B\""
	try pkg-git resolve --prefer theirs botDefinition.json
	[ "$status" -eq 3 ]
	says 'git knows of no conflict'
}

@test "git rebase, git stash and git checkout -m merge so, too" {
	kore
	branch b botDefinition.json "$lima"
	branch a botDefinition.json "$rome"
	try git rebase -q b
	[ "$status" -eq 0 ]
	is "$rome | $lima"
	git checkout -q main
	edit botDefinition.json "$rome" -c
	git stash -q
	git checkout -q b
	try git stash pop -q
	[ "$status" -eq 0 ]
	is "$rome | $lima"
	git reset -q --hard
	git checkout -q main
	edit botDefinition.json "$rome" -c
	try git checkout -q -m b
	[ "$status" -eq 0 ]
	is "$rome | $lima"
}

@test "a file of a tree is merged as the part of its package that it is" {
	cx
	flow=$(find agent/flows -name '*.json' -path '*/flows/*/*.json' |
		grep -v pages | LC_ALL=C sort | sed -n 1p)
	git checkout -q -b b
	edit "$flow" '.description = "one"'
	edit agent/agent.json '.description = "two"'
	git commit -qam b
	git checkout -q -b a main
	edit "$flow" '.zz = 1'
	edit agent/agent.json '.zz = 2'
	git commit -qam a
	try git merge -q b
	[ "$status" -eq 0 ]
	jq -e '.description == "one" and .zz == 1' "$flow"
	jq -e '.description == "two" and .zz == 2' agent/agent.json
	try git diff main -- "$flow"
	[[ $output == *'/zz  1'* ]]
	pkg-unpack -q agent | pkg-pack -q -o ../packed.zip
}

@test "a tree is shown, rebased, checked out and in conflict as a definition" {
	local flow='agent/flows/Default Start Flow/Default Start Flow.json'
	local route='.transitionRoutes[0].triggerFulfillment'

	cx
	# compact: each side changes the file's only line
	edit "$flow" . -c
	git commit -qam compact
	branch b "$flow" "$route.tag = \"b\""
	branch a "$flow" '.description = "a"'
	try git log -p -1 --ext-diff
	[[ $output == *'~ flow Default Start Flow'*'→ "a"'* ]]
	try git rebase -q b
	[ "$status" -eq 0 ]
	jq -e "$route.tag == \"b\" and .description == \"a\"" "$flow"
	git checkout -q main
	edit "$flow" '.description = "c"' -c
	try git checkout -q -m b
	[ "$status" -eq 0 ]
	jq -e "$route.tag == \"b\" and .description == \"c\"" "$flow"
	git commit -qam c
	try git merge -q a
	[ "$status" -eq 1 ]
	says 'flow Default Start Flow' 'ours "c", theirs "a"'
	try pkg-git resolve --prefer theirs "$flow"
	[ "$status" -eq 0 ]
	jq -e "$route.tag == \"b\" and .description == \"a\"" "$flow"
	try pkg-check --only dangling agent
	[ "$status" -eq 0 ]
}

@test "a package is merged as a whole where one side renamed a flow" {
	local start='agent/flows/Default Start Flow/Default Start Flow.json' pier

	cx
	pier=$(echo agent/flows/Pier*)
	git checkout -q -b b
	pkg-unpack -q agent | pkg-rename -q "flow:Pier & Deck's / night =Pier" |
		pkg-pack -q -f -o ../renamed/
	rm -r agent
	mv ../renamed agent
	git add .
	git commit -qm rename
	git checkout -q -b a main
	edit "$start" '.description = .transitionRoutes[1].targetFlow |
		.transitionRoutes += [{targetFlow: .description, name: "r9"}]'
	mkdir -p "$pier/pages"
	jq '.displayName = "New" | .name = "p9"' "$pier/pages/Which line.json" \
		>"$pier/pages/New.json"
	git add .
	git commit -qm more
	try pkg-git resolve agent
	[ "$status" -eq 3 ]
	says 'no merge is going on'
	git merge -q --no-commit b >/dev/null 2>&1 || true
	# of its own a file knows nothing of the others
	jq -e '.transitionRoutes[-1].targetFlow != "Pier"' "$start"
	try pkg-git conflicts agent
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	echo more >>agent/agent.json
	try pkg-git resolve agent
	[ "$status" -eq 3 ]
	says 'agent/agent.json: has changes that are not in the index'
	git checkout -q agent/agent.json
	git rm -q --cached "agent/flows/Pier/Pier.json"
	try pkg-git resolve agent
	[ "$status" -eq 3 ]
	says 'agent/flows/Pier/Pier.json: is not in the index'
	git add agent/flows/Pier/Pier.json
	try pkg-git resolve agent
	[ "$status" -eq 0 ]
	git commit -qm merged
	[ -z "$(git status --porcelain)" ]
	jq -e '.transitionRoutes[-1].targetFlow == "Pier"' "$start"
	find agent/flows -path '*Pier*' -name '*.json' | LC_ALL=C sort |
		diff - <(printf 'agent/flows/Pier/%s\n' Pier.json pages/New.json \
			'pages/Which line.json' \
			'transitionRouteGroups/Small questions.json')
	try pkg-check --only dangling agent
	[ "$status" -eq 0 ]
}

@test "a package in conflict is resolved as a whole, in a rebase, too" {
	kore
	branch b botDefinition.json "$lima |
		.dialogs[0].nodes[1].transitions[0].if.value = \"B\""
	branch a botDefinition.json "$rome"
	git rebase -q b 2>/dev/null || true
	pkg-git conflicts . >../c
	jq -e '.ours == "B" and .theirs == "Roma"' ../c
	try pkg-git resolve .
	[ "$status" -eq 1 ]
	try pkg-git resolve --prefer theirs .
	[ "$status" -eq 0 ]
	is "$rome | $lima"
	[ "$(git ls-files -u | wc -l)" -eq 0 ]
	[ "$(git ls-files)" = $'botDefinition.json\nconfig.json' ]
	GIT_EDITOR=true git rebase --continue >/dev/null
	is "$rome | $lima"
}

@test "a count of phrases in a file of its own adds up" {
	cx
	intent=$(grep -rl numTrainingPhrases agent/intents |
		LC_ALL=C sort | sed -n 1p)
	n=$(jq .numTrainingPhrases "$intent")
	git checkout -q -b b
	edit "$intent" '.numTrainingPhrases += 1'
	git commit -qam b
	git checkout -q -b a main
	edit "$intent" '.numTrainingPhrases += 2'
	git commit -qam a
	try git merge -q b
	[ "$status" -eq 0 ]
	[ "$(jq .numTrainingPhrases "$intent")" -eq $((n + 3)) ]
}

@test "what is no package is merged by lines, as git does" {
	pkg-git -q install
	mkdir tools
	seq 9 >tools/x.json
	git add .
	git commit -qm base
	git checkout -q -b b
	sed -i 's/^1$/one/' tools/x.json
	git commit -qam b
	git checkout -q -b a main
	sed -i 's/^9$/nine/' tools/x.json
	git commit -qam a
	try git merge -q b
	[ "$status" -eq 0 ]
	[ "$(tr '\n' ' ' <tools/x.json)" = 'one 2 3 4 5 6 7 8 nine ' ]
	try git diff HEAD~1 -- tools/x.json
	[[ $output == *+nine* || $output == *+one* ]]
	git checkout -q b
	sed -i 's/^5$/five/' tools/x.json
	git commit -qam b2
	git checkout -q a
	sed -i 's/^5$/fuenf/' tools/x.json
	git commit -qam a2
	try git merge -q b
	[ "$status" -eq 1 ]
	grep -q '^<<<<<<< ours' tools/x.json
}
