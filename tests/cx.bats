#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Dialogflow CX: every file comes back, every reference is told, and the
# trees that people keep in git are read and written as they are.

# shellcheck disable=SC2154 # set by helpers
load helpers

cx=$tests/fixtures/cx
export cx
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# real CX packages in the array packages: zips and folders, pairs too
cx_packages() {
	local dir

	corpus dialogflow_cx
	packages=()
	for dir in "$corpus"/*/ "$corpus"/../pairs/dialogflow_cx/*/*/; do
		if [ -e "${dir}agent.zip" ]; then
			packages+=("${dir}agent.zip")
		elif [ -e "${dir}agent.json" ]; then
			packages+=("${dir%/}")
		fi
	done
	[ "${#packages[@]}" -gt 0 ]
}

# unpack a package and pack it, as back.zip and as the directory back
there_and_back() {
	rm -rf back
	try_sh 'pkg-unpack "$1" >s.ndjson &&
	    pkg-pack -f -o back.zip s.ndjson && pkg-pack -o back/ s.ndjson' "$1"
	[ "$status" -eq 0 ]
}

# the package comes back both ways, and nothing is said
comes_back() {
	there_and_back "$1"
	quiet
	same_members "$1" back.zip "$1" back
}

# a zip as the service writes it: no folders, no times, agent.json last
service_zip() {
	python3 - "$1" "$2" <<-'PY'
	import os, sys, zipfile
	zip, folder = sys.argv[1:]
	order = """entityTypes webhooks intents flows testCases generators
	    playbooks tools generativeSettings agentTransitionRouteGroups
	    agent.json""".split()
	names = [os.path.relpath(os.path.join(d, n), folder)
	         for d, _, ns in os.walk(folder) for n in ns]
	names.sort(key=lambda n: (order.index(n.split("/")[0]),
	                          n.count("/"), n))
	with zipfile.ZipFile(zip, "w", zipfile.ZIP_DEFLATED) as z:
	    for n in names:
	        with open(os.path.join(folder, n), "rb") as f:
	            z.writestr(zipfile.ZipInfo(n), f.read(),
	                       zipfile.ZIP_DEFLATED)
	PY
}

# a program that lays JSON out, written from the measured rules of the style:
# lay.py STYLE FOLDER [END] does so with all files of a folder
write_lay() {
	cat >lay.py <<-'PY'
	import os, re, sys
	TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"\s]+')
	FILL = {"cx": "  ", "cx-stripped": "  ", "indent2": "  ",
	        "indent4": "    ", "tab": "\t"}

	def lay(text, style):
	    """The same tokens, in a style."""
	    tokens = TOKEN.findall(text)
	    if style == "compact":
	        return "".join(tokens)
	    cx, fill = style.startswith("cx"), FILL[style]
	    out, around, depth, before = [], [], 0, ""
	    for t in tokens:
	        flat = cx and around and around[-1] == "["
	        if t in "]}":
	            around.pop()
	            depth -= not flat
	            end = " " if flat else "\n" + fill * depth
	            if before not in ("[", "{") or flat:
	                out.append(end)
	            elif cx:
	                out.append(end * 2)
	        elif before in ("[", "{", ",") and around:
	            out.append((" " if flat else "\n" + fill * depth))
	        out.append(t + (" " if t == ":" else ""))
	        if t in ("[", "{"):
	            around.append(t)
	            depth += not (cx and t == "[")
	        before = t
	    text = "".join(out)
	    return re.sub(" +\n", "\n", text) if style == "cx-stripped" else text

	if __name__ == "__main__":
	    for folder, _, names in os.walk(sys.argv[2]):
	        for name in names:
	            if name.endswith(".json"):
	                path = os.path.join(folder, name)
	                with open(path, encoding="utf-8", newline="") as f:
	                    text = f.read()
	                with open(path, "w", encoding="utf-8", newline="") as f:
	                    f.write(lay(text, sys.argv[1]) + "".join(sys.argv[3:]))
	PY
}

# sort, as every locale does it
sorted() {
	LC_ALL=C sort "$@"
}

# change the first text of a file: sed's s command, which must find it
change() {
	cp "$1" changed
	sed -i "$2" "$1"
	run ! cmp -s changed "$1"
}

# the references of packages, counted in them and in their streams
references() {
	local package pairs=()

	for package; do
		pkg-unpack -q "$package" >"s${#pairs[@]}.ndjson"
		pairs+=("$package" "s${#pairs[@]}.ndjson")
	done
	try python3 "$tests/oracle/cxrefs.py" "${pairs[@]}"
}

# what pkg-unpack refuses with exit 3 and these words: file, zip, pipe
told_apart() {
	local source=$1 command

	shift
	for command in 'pkg-unpack "$1"' 'pkg-unpack <"$1"' \
	    'cat "$1" | pkg-unpack'; do
		[ -f "$source" ] || command='pkg-unpack "$1"'
		try_sh "$command" "$source"
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		says "$@"
	done
}

# git, as somebody
git_as() {
	git -C tree -c user.name=N -c user.email=n@example.com "$@"
}

# a folder tree of the fixture, written by pkg-pack into a git repository
# with files of its own, all of it committed
checkout() {
	mkdir -p tree/.github/workflows tree/exports/old tree/docs
	git init -q tree
	echo 'Our ferry desk.' >tree/README.md
	echo 'on: push' >tree/.github/workflows/ci.yml
	service_zip tree/exports/agent.zip "$cx"
	cp "$cx/agent.json" tree/exports/agent.json
	cp "$cx/webhooks/Fare service.json" tree/exports/old/
	echo '{"not": "ours"}' >tree/docs/notes.json
	pkg-unpack "$cx" | pkg-pack -o tree/
	git_as add -A
	git_as commit -q -m 'The desk'
}

@test "the fixture comes back, from a folder and from a zip" {
	comes_back "$cx"
	service_zip x.zip "$cx"
	comes_back x.zip
	python3 "$tests/oracle/check-zip.py" back.zip
	try_sh 'cat x.zip | pkg-unpack | pkg-pack -f -o back.zip'
	[ "$status" -eq 0 ]
	quiet
	same_members x.zip back.zip
	try_sh 'pkg-unpack back | pkg-pack -f -o back.zip'
	[ "$status" -eq 0 ]
	same_members "$cx" back.zip
}

@test "each real package comes back, but for one file in no style" {
	cx_packages
	few
	pairs=()
	n=0
	for package in "${packages[@]}"; do
		n=$((n + 1))
		try_sh 'pkg-unpack "$1" >s.ndjson &&
		    pkg-pack -o "$2.zip" s.ndjson &&
		    pkg-pack -o "$2/" s.ndjson' "$package" "$n"
		[ "$status" -eq 0 ]
		if [[ $package != */elandini84__* ]]; then
			quiet
			pairs+=("$package" "$n.zip" "$package" "$n")
			continue
		fi
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr =~ ': flows/'([^:]*)': byte '[0-9]+': warning: ' ]]
		edited=flows/${BASH_REMATCH[1]}
		mkdir unzipped
		(cd unzipped && unzip -q "../$n.zip")
		diff -r unzipped "$n"
		run diff -rq "$package" "$n"
		[ "$output" = "Files $package/$edited and $n/$edited differ" ]
		diff <(jq -S . "$package/$edited") <(jq -S . "$n/$edited")
		comes_back "$n"
	done
	same_members "${pairs[@]}"
	echo "# ${#packages[@]} packages" >&3
}

@test "each layout of an editor comes back, with a final newline and without" {
	write_lay
	cp -r "$cx" in
	python3 lay.py cx in $'\n'
	diff -r "$cx" in
	pairs=()
	for style in cx cx-stripped indent2 indent4 tab compact; do
		for end in '' $'\n' $'\r\n'; do
			[ "$end" != $'\r\n' ] || [ "$style" = cx-stripped ] ||
			    continue
			cp -r in "in${#pairs[@]}"
			in=in${#pairs[@]}
			python3 lay.py "$style" "$in" "$end"
			try_sh 'pkg-unpack "$1" >s.ndjson &&
			    pkg-pack -o "$1.zip" s.ndjson' "$in"
			[ "$status" -eq 0 ]
			quiet
			pairs+=("$in" "$in.zip")
			name=$style
			[ "$end" != $'\n' ] || name=$style+newline
			sed -n 2p s.ndjson | grep -F "\"style\":\"$name\""
		done
	done
	same_members "${pairs[@]}"
}

@test "any JSON in the platform's layout comes back" {
	write_lay
	mkdir -p in/generativeSettings
	cp "$cx/agent.json" in
	sed -i '/"startFlow"/d' in/agent.json
	python3 - <<-'PY'
	import random
	from lay import lay
	r = random.Random(3)
	scalars = ["0.30000001", "54.340000000000003", "-0", "1e400", "null",
	    "true", '""', '"{ [ ] }"', '"\\u003cb\\u003e \\u0026 \\/ \\""',
	    '"\\u00e9\u00e9\U0001f6a2\u00a0\u200b"', '"\\ud800"', "9" * 40,
	    '"%s"' % ("x," * 3000)]
	def value(depth):
	    kind = r.random()
	    n = r.choice((0, 0, 1, 1, 2, 3, 7))
	    if depth > 6 or kind < 0.3:
	        return r.choice(scalars)
	    if kind < 0.6:
	        return "[%s]" % ",".join(value(depth + 1) for _ in range(n))
	    return "{%s}" % ",".join('"k%d%s":%s' % (i, "é" * r.randrange(2),
	        value(depth + 1)) for i in range(n))
	for i in range(400):
	    style = r.choice(("cx", "cx-stripped"))
	    text = lay("{%s}" % ",".join('"%d":%s' % (j, value(0))
	        for j in range(r.randrange(4))), style)
	    # what tells the two apart must come early
	    if style == "cx-stripped" and "\n\n" not in text[:4000]:
	        text = lay(text, "cx")
	    with open("in/generativeSettings/%d.json" % i, "w",
	              newline="") as f:
	        f.write(text + r.choice(("", "\n", "\n", " \n")))
	PY
	comes_back in
	[ "$(grep -c '"style":"cx' s.ndjson)" -eq 401 ]
}

@test "what an editor left of a long file is told, and the JSON stays" {
	cp -r "$cx" in
	python3 - <<-'PY'
	with open("in/generativeSettings/en.json", "w") as f:
	    f.write('{\n  "a": "%s",\n  "b": {\n\n  }\n}\n' % ("x" * 5000))
	PY
	there_and_back in
	[ "${#stderr_lines[@]}" -eq 1 ]
	says generativeSettings/en.json 'byte 50' warning style cx
	printf '{\n  "a": "%s",\n  "b": {\n  \n  }\n}\n' \
	    "$(printf '%5000s' '' | tr ' ' x)" |
	    cmp - back/generativeSettings/en.json
	cp -r "$cx" in2
	sed -i 's/^  "timeZone"/    "timeZone"/' in2/agent.json
	there_and_back in2
	[ "${#stderr_lines[@]}" -eq 1 ]
	says in2: agent.json: byte warning
	diff -r "$cx" back
}

@test "its stream keeps to pkg-stream(5)" {
	write_lay
	cp -r "$cx" in
	python3 lay.py tab in $'\n'
	pkg-unpack in >s.ndjson
	good_stream s.ndjson in
}

@test "the platform is told from a zip, a folder and a pipe" {
	service_zip x.zip "$cx"
	for command in 'pkg-unpack -v x.zip' 'pkg-unpack -v "$cx"' \
	    'pkg-unpack -v <x.zip' 'cat x.zip | pkg-unpack -v'; do
		try_sh "$command"
		[ "$status" -eq 0 ]
		[[ ${lines[0]} == *'"platform":"dialogflow_cx"'* ]]
		says 'taken for a Dialogflow CX agent'
	done
}

@test "whichever file of a zip comes first tells the platform" {
	python3 - <<-'PY'
	import os, zipfile
	cx = os.environ["cx"]
	names = sorted(os.path.relpath(os.path.join(d, n), cx)
	               for d, _, ns in os.walk(cx) for n in ns)
	for i, first in enumerate(names):
	    with zipfile.ZipFile("%d.zip" % i, "w") as z:
	        for n in [first] + [n for n in names if n != first]:
	            z.write(os.path.join(cx, n), n)
	PY
	pkg-unpack "$cx" | grep -v '^{"kind":"@' | sort >want
	for zip in *.zip; do
		try_sh 'cat "$1" | pkg-unpack | grep -v "^{\"kind\":\"@" |
		    sort | cmp - want' "$zip"
		[ "$status" -eq 0 ]
		quiet
	done
}

@test "real packages are told, whole, from all forms; a pipe says the same" {
	cx_packages
	few
	for package in "${packages[@]}"; do
		rm -rf folder zip
		if [ -d "$package" ]; then
			ln -s "$package" folder
			pkg-unpack -q folder | pkg-pack -o zip
		else
			ln -s "$package" zip
			mkdir folder
			(cd folder && unzip -q "$package")
		fi
		for command in 'pkg-unpack -v folder/ >f' 'pkg-unpack -v zip >z' \
		    'pkg-unpack -v <zip >r' 'cat zip | pkg-unpack -v >p'; do
			try_sh "$command"
			[ "$status" -eq 0 ]
			[[ $stderr == *'taken for a Dialogflow CX agent, by '* ]]
		done
		# a folder has an order of its own
		grep -v '^{"kind":"@' f | sort >parts
		grep -v '^{"kind":"@' z | sort | cmp - parts
		cmp z r
		cmp z p
	done
}

@test "real Dialogflow ES exports are told apart, from all forms" {
	corpus negative
	for zip in "$corpus"/*/*.zip; do
		rm -rf d
		mkdir d
		(cd d && unzip -q "$zip")
		told_apart "$zip" 'Dialogflow ES' 'JSON package'
		told_apart d 'Dialogflow ES' 'JSON package'
		try pkg-unpack d/agent.json
		[ "$status" -eq 3 ]
		says 'Dialogflow ES' 'JSON package'
		n=$((${n:-0} + 1))
	done
	[ "$n" -gt 1 ]
}

@test "Dialogflow ES is told apart whatever stands first" {
	mkdir -p es/intents es/entities
	echo '{"description": "", "language": "en", "defaultTimezone":
	"Europe/Berlin", "googleAssistant": {}}' >es/agent.json
	echo '{"version": "1.0.0"}' >es/package.json
	echo '{"id": "1", "name": "Ahoy"}' >es/intents/Ahoy.json
	echo '[]' >es/intents/Ahoy_usersays_en.json
	echo '{"name": "line"}' >es/entities/line.json
	for first in agent.json package.json intents/Ahoy.json \
	    entities/line.json; do
		zip_of es.zip es "$first"
		(cd es && zip -q -r ../es.zip .)
		told_apart es.zip 'Dialogflow ES' 'JSON package'
	done
	told_apart es 'Dialogflow ES'
}

@test "an agent in the binary format is told, whatever its name" {
	mkdir d
	for name in agent.blob agent.zip agent.json; do
		printf '\nE\n=projects/harbour-4711/locations/global/agents/%s%s' \
		    f3000001-1f00-4c00-8a00-000000000001 'x\022\001' >"$name"
		told_apart "$name" 'binary (proto) format' 'JSON package'
		cp "$name" d
		told_apart d 'binary (proto) format' 'JSON package'
		rm "d/$name"
	done
}

@test "an agent that macOS packed again is the agent, at the root" {
	mkdir w
	cp -r "$cx" w/agent
	find w/agent -type f | while read -r file; do
		twin=w/__MACOSX/${file#w/}
		mkdir -p "${twin%/*}"
		printf '\0\005\026\007 apple' >"${twin%/*}/._${file##*/}"
	done
	(cd w && zip -q -r -fd ../finder.zip agent __MACOSX &&
	    zip -q -r ../first.zip __MACOSX agent)
	unzip -l finder.zip | grep ' agent/flows/$' >list
	pairs=()
	for source in 'pkg-unpack finder.zip' 'pkg-unpack <finder.zip' \
	    'cat finder.zip | pkg-unpack' 'pkg-unpack first.zip' \
	    'cat first.zip | pkg-unpack' 'pkg-unpack w'; do
		back=${#pairs[@]}.zip
		try_sh "$source | pkg-pack -o $back"
		[ "$status" -eq 0 ]
		quiet
		pairs+=("$cx" "$back")
	done
	pkg-unpack finder.zip | pkg-pack -o back/
	same_members "${pairs[@]}" "$cx" back
}

@test "what stands beside the folder around an agent keeps its name" {
	mkdir w
	cp -r "$cx" w/agent
	echo x >w/.DS_Store
	echo notes >w/notes-on-it.txt
	(cd w && zip -q -r ../x.zip agent .DS_Store notes-on-it.txt)
	try pkg-unpack x.zip
	# carried as they are, or refused: not under half of their names
	if [ "$status" -eq 0 ]; then
		[[ $output == *'"file":"notes-on-it.txt"'* ]]
		[[ $output == *'"file":".DS_Store"'* ]]
	else
		[ "$status" -eq 3 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
	fi
	[[ $output != *'"file":"-on-it.txt"'* ]]
}

@test "a copy of an agent in a folder of a checkout is not the agent" {
	for name in Archive zz 0; do
		rm -rf in
		cp -r "$cx" in
		cp -r "$cx" "in/$name"
		sed -i 's/Ferry desk/An old desk/' "in/$name/agent.json"
		try_sh 'pkg-unpack in | pkg-pack -f -o back.zip'
		[ "$status" -eq 0 ]
		same_members "$cx" back.zip
	done
	rm -rf in/0
	mkdir in/Backup
	cp "$cx/agent.json" in/Backup
	try_sh 'pkg-unpack in | pkg-pack -f -o back.zip'
	[ "$status" -eq 0 ]
	same_members "$cx" back.zip
}

@test "of a git checkout the package is taken, with a note of the rest" {
	checkout
	try_sh 'pkg-unpack -v tree >s.ndjson && pkg-pack -o back.zip s.ndjson'
	[ "$status" -eq 0 ]
	same_members "$cx" back.zip
	for name in .git .github README.md exports/agent.zip \
	    exports/agent.json 'exports/old/Fare service.json' \
	    docs/notes.json; do
		[[ $stderr == *"left out: "*"$name"* ]]
	done
	[ "$(grep -c 'left out: ' <<<"$stderr")" -eq 7 ]
	try_sh 'pkg-unpack tree | cmp - s.ndjson'
	[ "$status" -eq 0 ]
	quiet
	try_sh 'pkg-unpack -a tree | jq -r "select(.kind == \"@file\").file"'
	[[ $output == *README.md* ]]
	[[ $output == *exports/agent.zip* ]]
	[[ $output == *.github/workflows/ci.yml* ]]
}

@test "written over its own checkout nothing changes" {
	checkout
	try_sh 'pkg-unpack tree | pkg-pack -v -f -o tree/'
	[ "$status" -eq 0 ]
	[[ $stderr != *removed* ]]
	try git_as status --porcelain
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	try_sh 'pkg-unpack "$cx" | pkg-pack -o tree/'
	[ "$status" -eq 2 ]
	says tree holds -f
}

@test "files gone are removed and counted, what is not the package's stays" {
	checkout
	try_sh 'pkg-unpack tree | grep -v "\"file\":\"flows/Pier" |
	    grep -v "\"file\":\"intents/nicht-mehr/" |
	    pkg-pack -v --edited -f -o tree/'
	[ "$status" -eq 0 ]
	says 'tree: 4 files removed'
	git_as status --porcelain -z | tr '\0' '\n' | sorted >gone
	diff - gone <<-'EOF'
	 D flows/Pier %26 Deck%27s %2f night /Pier %26 Deck%27s %2f night .json
	 D flows/Pier %26 Deck%27s %2f night /pages/Which line.json
	 D flows/Pier %26 Deck%27s %2f night /transitionRouteGroups/Small questions.json
	 D intents/nicht-mehr/nicht-mehr.json
	EOF
	[ ! -e 'tree/flows/Pier %26 Deck%27s %2f night ' ]
	[ ! -e tree/intents/nicht-mehr ]
	[ -d tree/.git ]
}

@test "a phrase changed in a tree is one file in git and one record" {
	checkout
	file='intents/Default Welcome Intent/trainingPhrases/en.json'
	pkg-unpack tree >before
	change "tree/$file" 's/anyone at the desk/nobody at the desk/'
	try git_as diff --numstat
	[ "$output" = "$(printf '1\t1\t%s' "$file")" ]
	pkg-unpack tree >after
	# as long as it was: nothing else changes, but for the sum
	try diff before after
	[ "${#lines[@]}" -eq 8 ]
	[ "$(grep -c '^[<>] {"kind":"phrase",' <<<"$output")" -eq 2 ]
	[ "$(grep -c '^[<>] {"kind":"@end",' <<<"$output")" -eq 2 ]
	# longer: and the size of the file
	change "tree/$file" 's/nobody at the desk/who on earth is there/'
	try git_as diff --numstat
	[ "$output" = "$(printf '1\t1\t%s' "$file")" ]
	pkg-unpack tree >after
	run diff <(jq -c 'del(.size)' before) <(jq -c 'del(.size)' after)
	[ "$(grep -c '^<' <<<"$output")" -eq 2 ]
	[ "$(grep -c '^[<>] {"kind":"phrase",' <<<"$output")" -eq 2 ]
	[ "$(grep -c '^[<>] {"kind":"@end",' <<<"$output")" -eq 2 ]
	run diff before after
	[ "$(grep -c '^<' <<<"$output")" -eq 3 ]
	[ "$(grep '^[<>] {"kind":"@file",' <<<"$output" |
	    grep -c -F "\"file\":\"$file\"")" -eq 2 ]
	# packed over itself it is the same change
	pkg-pack -f -o tree/ after
	try git_as diff --numstat
	[ "$output" = "$(printf '1\t1\t%s' "$file")" ]
}

@test "in real trees, too: a phrase changed is one file and one record" {
	cx_packages
	n=0
	for package in "${packages[@]}"; do
		[ -d "$package" ] || continue
		[[ $package != */elandini84__* ]] || continue
		file=$(cd "$package" && grep -rl -m 1 '"text": ".* ' intents |
		    grep trainingPhrases | sorted | sed -n 1p) || continue
		[ -n "$file" ] || continue
		rm -rf tree
		pkg-unpack "$package" | pkg-pack -o tree/
		pkg-unpack tree >before
		sed -i '0,/"text": ".* /s/\("text": ".*\) /\1_/' "tree/$file"
		run diff -rq "$package" tree
		[ "$output" = "Files $package/$file and tree/$file differ" ]
		pkg-unpack tree >after
		run diff before after
		[ "$(grep -c '^<' <<<"$output")" -eq 2 ]
		[ "$(grep -c '^[<>] {"kind":"phrase",' <<<"$output")" -eq 2 ]
		n=$((n + 1))
		[ "$n" -lt 5 ] || break
	done
	[ "$n" -eq 5 ]
}

@test "phrases, entities, excluded phrases and prompts are records" {
	pkg-unpack "$cx" >s.ndjson
	diff - <(grep -v /drafts/ s.ndjson | jq -r .kind | sorted |
	    uniq -c | sed 's/^ *//') <<-'EOF'
	1 @end
	41 @file
	24 @open
	1 @stream
	1 agent
	1 agentgroup
	9 entity
	3 entitytype
	1 example
	2 excludedphrase
	2 flow
	2 generativesetting
	1 generator
	5 intent
	3 page
	11 phrase
	2 playbook
	2 prompt
	2 routegroup
	1 testcase
	1 testcasev2
	2 tool
	1 toolschema
	1 webhook
	EOF
	[ "$(jq -r 'select(.kind == "phrase") | .lang' s.ndjson | sorted |
	    uniq -c | tr -s ' \n' ' ')" = ' 3 de 8 en ' ]
}

@test "identity is the display name, of pages and groups with their flow" {
	pkg-unpack "$cx" >s.ndjson
	diff - <(jq -r 'select(.kind == ("page", "routegroup", "flow", "example",
	    "intent", "entity", "toolschema")) | .kind + ":" + .id' \
	    s.ndjson | sorted) <<-'EOF'
	entity:ferry-line/de/north
	entity:ferry-line/de/south
	entity:ferry-line/en/50%2F50
	entity:ferry-line/en/north
	entity:ferry-line/en/south
	entity:sys.number-berth/en/[A-F]\d{1,2}
	entity:trip_detail/en/@ferry-line:line
	entity:trip_detail/en/@sys.date:day
	entity:trip_detail/en/@sys.number-berth:berth
	example:Deck hand/Wet boots
	flow:Default Start Flow
	flow:Pier & Deck's / night 
	intent:Default Negative Intent
	intent:Default Welcome Intent
	intent:Timetable, please?
	intent:book.crossing
	intent:nicht-mehr
	page:Default Start Flow/Which line
	page:Default Start Flow/Überfahrt 渡し
	page:Pier & Deck's %2F night /Which line
	routegroup:Default Start Flow/Small questions
	routegroup:Pier & Deck's %2F night /Small questions
	toolschema:tide-table
	EOF
	# UUIDs are aliases, of all that is a file of its own
	[ -z "$(grep -v /drafts/ s.ndjson | jq -r 'select(.kind[:1] != "@" and
	    .kind != "agent" and (.value | objects).displayName != null and
	    .alias != [.value.name]).file')" ]
}

@test "a file says whose it is, and so does each of its containers" {
	pkg-unpack "$cx" >s.ndjson
	[ -z "$(jq -r 'select(.kind == "@open" and .owner == null).file' \
	    s.ndjson)" ]
	diff - <(jq -r 'select(.kind == "@file" and .owner != null) |
	    .owner[0]' s.ndjson | sorted | uniq -c | sed 's/^ *//') <<-'EOF'
	3 entitytype:ferry-line
	1 entitytype:sys.number-berth
	1 entitytype:trip_detail
	3 flow:Default Start Flow
	2 flow:Pier & Deck's / night 
	2 generator:Summary
	2 intent:Default Welcome Intent
	1 intent:Timetable, please?
	2 intent:book.crossing
	1 playbook:Deck hand
	1 tool:tide-table
	EOF
}

@test "a kind not known yet is called after its folder, and never lost" {
	cp -r "$cx" in
	mkdir -p in/testCases/v3 'in/playbooks/Deck hand/hints' \
	    'in/flows/Default Start Flow/more'
	for file in testCases/v3/a.json 'playbooks/Deck hand/hints/b.json' \
	    'flows/Default Start Flow/more/c.json'; do
		printf '{\n  "displayName": "N"\n}\n' >"in/$file"
	done
	comes_back in
	[[ $(jq -r 'select(.file | strings | contains("/drafts/")).kind' \
	    s.ndjson | tail -n 1) =~ ^drafts?$ ]]
	[[ $(jq -r 'select(.file | strings | contains("/hints/")).kind' \
	    s.ndjson | tail -n 1) =~ ^hints?$ ]]
	# in a zip, folders that nobody knows, too
	mkdir in/guardrails
	printf '{\n  "name": "n"\n}\n' >in/guardrails/No.json
	(cd in && zip -q -r ../x.zip .)
	comes_back x.zip
	[[ $(jq -r 'select(.file == "guardrails/No.json").kind' s.ndjson |
	    tail -n 1) =~ ^guardrails?$ ]]
}

@test "raw files in the folders of a package belong to it" {
	cp -r "$cx" in
	printf 'def tide():\r\n\tpass' >in/tools/tide-table/function.py
	printf '\0\377' >in/flows/sketch.png
	comes_back in
}

@test "a tool's schema comes back, whatever is in it" {
	pairs=()
	head -c 300000 /dev/urandom >long
	for text in '' ' ' 'a: b\r\nc: d' '\0\377\376' '\303' '"\\\n\t\001' \
	    '\357\273\277a: b\n\n\n' long; do
		in=${#pairs[@]}
		cp -r "$cx" "$in"
		# shellcheck disable=SC2059 # the escapes are meant
		printf "$text" >"$in/tools/tide-table/schema.yaml"
		[ "$text" != long ] || cp long "$in/tools/tide-table/schema.yaml"
		try_sh 'pkg-unpack "$1" >s.ndjson && pkg-pack -o "$1.zip" s.ndjson' \
		    "$in"
		[ "$status" -eq 0 ]
		quiet
		[ "$(grep -c '"kind":"toolschema"' s.ndjson)" -eq 1 ]
		pairs+=("$in" "$in.zip")
	done
	same_members "${pairs[@]}"
}

@test "names that begin with a dot or a blank, and odd ones, come back" {
	cp -r "$cx" in
	for name in '.NET' ' x ' '..x' '%25' '%3a' '-o' 'x.json' '...'; do
		mkdir -p "in/intents/$name/trainingPhrases"
		decoded=$name
		case $name in
		%25) decoded=% ;;
		%3a) decoded=: ;;
		esac
		printf '{\n  "name": "u",\n  "displayName": "%s"\n}\n' \
		    "$decoded" >"in/intents/$name/$name.json"
	done
	comes_back in
	for id in .NET ' x ' ..x % : -o x.json ...; do
		[ "$(jq -c --arg id "$id" 'select(.kind == "intent" and
		    .id == $id).id' s.ndjson | wc -l)" -eq 1 ]
	done
}

@test "a file name that is no encoding leaves the stream UTF-8" {
	for name in '%ff' 'a%00b' '%ed%a0%80' '%zz' '%4' '%'; do
		rm -rf in
		cp -r "$cx" in
		mkdir -p "in/intents/$name/trainingPhrases"
		printf '{\n  "displayName": "q"\n}\n' >"in/intents/$name/$name.json"
		printf '{\n  "trainingPhrases": [ {\n    "x": 1\n  } ]\n}\n' \
		    >"in/intents/$name/trainingPhrases/en.json"
		try_sh 'pkg-unpack -q in >s.ndjson'
		if [ "$status" -eq 0 ]; then
			python3 -c 'open("s.ndjson", encoding="utf-8").read()'
			[ "$(jq -r 'select(.file | strings |
			    endswith("/trainingPhrases/en.json")) |
			    .lang | strings' s.ndjson | sort -u)" = en ]
		else
			[ "$status" -eq 3 ]
		fi
	done
}

# each file of a list gets another display name, and unpack tells of each
disagree() {
	local file name n=0

	rm -rf in
	cp -r "$cx" in
	while read -r file; do
		n=$((n + 1))
		sed -i "s/^\(  \"displayName\": \"\)[^\"]*/\1Ôther $n/" "in/$file"
	done <"$1"
	try_sh 'pkg-unpack in >s.ndjson'
	[ "$status" -eq 0 ]
	n=0
	while read -r file; do
		n=$((n + 1))
		name=$(jq -r .displayName "$cx/$file")
		grep -F "in: $file: warning: " <<<"$stderr" >line || {
			echo "not told: $file"
			return 1
		}
		[ "$(wc -l <line)" -eq 1 ]
		grep -F "\"$name\"" line
		grep -F "\"Ôther $n\"" line
	done <"$1"
	[ "${#stderr_lines[@]}" -eq "$n" ]
}

@test "a file name and a display name that disagree are told, with both" {
	(cd "$cx" && grep -rl '^  "displayName"' . | sed 's,^\./,,' |
		grep -v -e '^agent.json' -e /drafts/ -e generativeSettings |
		sort) >files
	[ "$(wc -l <files)" -eq 25 ]
	# of twenty each is told
	split -l 20 files half.
	disagree half.aa
	disagree half.ab
}

@test "and so are a folder and the file in it" {
	for file in intents/book.crossing/book.json \
	    'flows/Default Start Flow/x.json' \
	    entityTypes/ferry-line/ferry_line.json \
	    tools/tide-table/Tide-table.json; do
		rm -rf in
		cp -r "$cx" in
		dir=${file%/*}
		mv "in/$dir/${dir##*/}.json" "in/$file"
		try pkg-unpack in
		[ "$status" -eq 0 ]
		says warning
		[[ $stderr == *"${dir##*/}"* ]]
		[[ $stderr == *"${file##*/}"* ]]
	done
}

@test "names that agree in another spelling are not told" {
	cp -r "$cx" in
	mv in/flows/Default\ Start\ Flow/pages/%c3%9c* \
	    'in/flows/Default Start Flow/pages/%C3%9Cberfahrt %E6%B8%A1し.json'
	sed -i 's/"displayName": "book.crossing"/"displayName": "b\\u006fok.crossing"/' \
	    in/intents/book.crossing/book.crossing.json
	comes_back in
}

@test "a name too long for a file system is told for a folder, not for a zip" {
	name=$(printf '가%.0s' {1..126})
	python3 - "$name" <<-'PY'
	import os, sys, zipfile
	cx, name = os.environ["cx"], sys.argv[1]
	path = "".join("%%%02x" % b for b in name.encode())
	assert len(path) == 1134
	with zipfile.ZipFile("x.zip", "w") as z:
	    for d, _, ns in os.walk(cx):
	        for n in ns:
	            z.write(os.path.join(d, n),
	                    os.path.relpath(os.path.join(d, n), cx))
	    z.writestr("intents/%s/%s.json" % (path, path),
	               '{\n  "displayName": "%s"\n}\n' % name)
	PY
	try_sh 'pkg-unpack x.zip >s.ndjson && pkg-pack -o y.zip s.ndjson'
	[ "$status" -eq 0 ]
	quiet
	same_members x.zip y.zip
	[ "$(jq -r 'select(.kind == "intent").id | select(length > 99)' \
	    s.ndjson)" = "$name" ]
	refuses 4 'pkg-pack -o d/ s.ndjson' intents/%ea%b0%80 \
	    'the name is longer than the file system allows' zip
	[ ! -e d ]
	checkout
	try pkg-pack -f -o tree/ s.ndjson
	[ "$status" -eq 4 ]
	try git_as status --porcelain
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run ! compgen -G '.pkg-pack*'
	run ! compgen -G 'tree/.pkg-pack*'
}

@test "an agent without agent.json is refused, at either door" {
	cp -r "$cx" in
	rm in/agent.json
	service_zip x.zip "$cx"
	zip -q -d x.zip agent.json
	refuses 3 'pkg-unpack in' 'in: ' 'the package has no agent' agent.json
	refuses 3 'pkg-unpack x.zip' x.zip 'the package has no agent' agent.json
	refuses 3 'cat x.zip | pkg-unpack' 'the package has no agent' agent.json
	pkg-unpack "$cx" | grep -v '"file":"agent.json"' >s.ndjson
	refuses 3 'pkg-pack --edited -o y.zip s.ndjson' 'has no agent'
	refuses 3 'pkg-pack --edited -o d/ s.ndjson' 'has no agent'
	[ ! -e y.zip ]
	[ ! -e d ]
}

@test "a start that leads nowhere is refused by pkg-pack, with the reason" {
	for start in '"startFlow": "Nowhere"' '"startPlaybook": "Nowhere"' \
	    '"startFlow": "default start flow"' '"startFlow": "Deck hand"'; do
		rm -rf in
		cp -r "$cx" in
		sed -i "s/\"startFlow\": \"[^\"]*\"/$start/" in/agent.json
		name=${start##*: \"}
		pkg-unpack in >s.ndjson
		refuses 3 'pkg-pack -o y.zip s.ndjson' "${name%\"}" refuses
		refuses 3 'pkg-pack -o d/ s.ndjson' "${name%\"}" refuses
		[ ! -e y.zip ]
		[ ! -e d ]
	done
	# the flow is there, but was taken out of the stream
	pkg-unpack "$cx" |
	    grep -v '"file":"flows/Default Start Flow/Default' >s.ndjson
	refuses 3 'pkg-pack --edited -o y.zip s.ndjson' 'Default Start Flow'
	# and a start that is there under its UUID, or is a playbook
	for start in '"startPlaybook": "Deck hand"' \
	    '"startFlow": "f3000060-1f00-4c00-8a00-000000000060"'; do
		sed -i "s/\"start[FP][a-z]*\": \"[^\"]*\"/$start/" in/agent.json
		comes_back in
	done
}

@test "references of the fixture resolve, but for those of deleted pages" {
	references "$cx"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 56 ]
	[ "$(awk '$NF > 0 { print $3, $NF }' <<<"$output")" = \
	    $'currentPage.name 1\ntriggeredIntent.name 1' ]
}

@test "references of each real package resolve, with the known exceptions" {
	cx_packages
	references "${packages[@]}"
	[ "$status" -eq 0 ]
	diff - <(awk '$NF > 0 { print $1, $3, $NF }' <<<"$output") <<-'EOF'
	SIR-2025__sir-project-group-12 currentPage.name 162
	SKT-FLY-AI3-passion3__Chatbot__zip triggeredIntent.name 1
	SshanDSI__DSI-DialogFlow currentPage.name 3
	03-2025-11-27-4a3eaf1fcd currentPage.name 162
	04-2025-12-09-7d09b9fb6e currentPage.name 162
	EOF
	awk '{ n += $(NF-3); ok += $(NF-2); out += $(NF-1); lost += $NF }
	END { printf "# %d references: %d resolve, %d lead out by rights, " \
	    "%d dangle\n", n, ok, out, lost }' <<<"$output" >&3
}

@test "a reference that the package has and the stream has not is seen" {
	pkg-unpack "$cx" >a
	pairs=()
	n=0
	for edit in 's/"intent:book.crossing",//' \
	    's/"page:Default Start Flow\/Which line"/"page:Which line"/' \
	    's/"?page:Default Start Flow\/End Flow"/"page:Default Start Flow\/End Flow"/' \
	    's/"tool:tide-table",//' 's/,"links":\["flow:[^]]*\]//' \
	    's/"owner":\["intent:/"owner":["intents:/' \
	    's/"refs":\["flow:Def/"links":["flow:Def/'; do
		n=$((n + 1))
		sed "$edit" a >"s$n.ndjson"
		run ! cmp -s a "s$n.ndjson"
		ln -s "$cx" "in$n"
		pairs+=("in$n" "s$n.ndjson")
	done
	try python3 "$tests/oracle/cxrefs.py" "${pairs[@]}"
	[ "$status" -eq 1 ]
	for i in $(seq "$n"); do
		grep -q "^in$i: .*\( the stream: \|hard \)" <<<"$stderr"
	done
}

@test "a reference that leads nowhere is seen as dangling, and comes back" {
	flow='flows/Default Start Flow/Default Start Flow.json'
	page='flows/Default Start Flow/pages/Which line.json'
	hand='playbooks/Deck hand/Deck hand.json'
	folders=()
	while IFS='|' read -r file edit; do
		in=in${#folders[@]}
		cp -r "$cx" "$in"
		change "$in/$file" "$edit"
		folders+=("$in")
	done <<-EOF
	$flow|s/"intent": "Timetable, please?"/"intent": "Timetable"/
	$flow|s/"targetPage": "Which line"/"targetPage": "Which_line"/
	$flow|s/"webhook": "Fare service"/"webhook": "fare service"/
	$flow|s/"Small questions"/"Large questions"/
	$flow|s,/generators/f3000070,/generators/f3000071,
	$page|s/"@ferry-line"/"@ferry-lines"/
	$page|s/"Everywhere"/"Nowhere"/
	$page|s/"targetFlow": "Pier/"targetFlow": "Peer/
	$hand|s/{TOOL:notice board}/{TOOL:board}/
	$hand|s/{FLOW:Default/{FLOW:Other/
	$hand|s/{PLAYBOOK:Lost property}/{PLAYBOOK:Lost}/
	$hand|s/"referencedFlows": . "Pier/&s/
	testCases/Books a crossing.json|s/"page": "Which line"/"page": "What line"/
	EOF
	references "${folders[@]}"
	[ "$status" -eq 1 ]
	[ "${#folders[@]}" -eq 13 ]
	for in in "${folders[@]}"; do
		grep -q "^$in: dangling: " <<<"$stderr"
	done
	comes_back in12
}

@test "what may be built in is soft, and nothing else is" {
	pkg-unpack "$cx" >s.ndjson
	diff - <(jq -r '(.needs, .links, .refs) | arrays[] |
	    select(startswith("?"))' s.ndjson | sorted -u) <<-'EOF'
	?entitytype:ferry-line
	?entitytype:sys.date
	?entitytype:sys.number-berth
	?entitytype:sys.number-integer
	?page:Current Page
	?page:Default Start Flow/Current Page
	?page:Default Start Flow/END_FLOW_WITH_CANCELLATION
	?page:Default Start Flow/End Flow
	?page:Default Start Flow/End Session
	?page:Default Start Flow/Previous Page
	?page:Default Start Flow/Start Page
	?playbook:f3000082-1f00-4c00-8a00-000000000082
	?tool:df-code-interpreter-tool
	?tool:f3000078-1f00-4c00-8a00-000000000078
	EOF
	# "@ferry-line" in an entity's text may be a text; as a type it is not
	[ "$(jq -r 'select(.kind == "entity") | .refs | arrays[]' s.ndjson |
	    grep -v -c '^?')" -eq 0 ]
	grep -q '"kind":"intent".*"needs":\["entitytype:ferry-line"' s.ndjson
}

@test "a special page and a sys. entity that the package has are found" {
	cp -r "$cx" in
	dir='in/flows/Default Start Flow/pages'
	sed 's/"displayName": "Which line"/"displayName": "End Flow"/' \
	    "$dir/Which line.json" >"$dir/End Flow.json"
	comes_back in
	grep -q '^{"kind":"page","id":"Default Start Flow/End Flow",' s.ndjson
	grep -q '^{"kind":"entitytype","id":"sys.number-berth",' s.ndjson
	references in
	[ "$status" -eq 0 ]
	# found, not elsewhere
	[ "$(awk '$2 == "flow" && $3 == "targetPage" { print $6, $7 }' \
	    <<<"$output")" = '4 0' ]
	[ "$(awk '$2 == "intent" && $3 == "entityType" { print $6, $7 }' \
	    <<<"$output")" = '2 1' ]
}

@test "a name with escapes is the same name" {
	cp -r "$cx" in
	for file in 'flows/Default Start Flow/pages/Which line.json' \
	    'playbooks/Deck hand/Deck hand.json' \
	    'flows/Default Start Flow/Default Start Flow.json'; do
		sed -i 's/Pier \\u0026 Deck/\\u0050ier \\u0026 Deck/
		    s/"Which line"/"Which\\u0020line"/' "in/$file"
	done
	references in
	[ "$status" -eq 0 ]
	comes_back in
}

@test "a program that escapes all but ASCII changes no reference" {
	cp -r "$cx" in
	mv in/entityTypes/ferry-line in/entityTypes/f%c3%a4hre
	mv in/entityTypes/f%c3%a4hre/ferry-line.json \
	    in/entityTypes/f%c3%a4hre/f%c3%a4hre.json
	find in -name '*.json' -exec sed -i 's/ferry-line/fähre/g' {} +
	references in
	[ "$status" -eq 0 ]
	python3 - <<-'PY'
	import json, os
	for d, _, names in os.walk("in"):
	    for n in names:
	        if n.endswith(".json"):
	            path = os.path.join(d, n)
	            with open(path, encoding="utf-8") as f:
	                value = json.load(f)
	            with open(path, "w") as f:
	                json.dump(value, f, indent=2)
	PY
	grep -q -F '"@f\u00e4hre"' in/intents/book.crossing/book.crossing.json
	comes_back in
	references in
	[ "$status" -eq 0 ]
}

@test "an answer's payload and a variable's value are no references" {
	cp -r "$cx" in
	change 'in/flows/Default Start Flow/pages/Which line.json' \
	    's/"title": "/"targetPage": "Gone", "intent": "gone", "title": "/
	    s/"d": "Which line"/"webhook": "gone", "targetFlow": "Gone"/'
	pkg-unpack -q in >s.ndjson
	run ! grep '[a-z]:[^"]*[gG]one' s.ndjson
	references in
	[ "$status" -eq 0 ]
}
