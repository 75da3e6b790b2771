# SPDX-License-Identifier: ISC
# shellcheck shell=bash

# Merges of packages that are invented at random: what must hold of each is in
# fuzz/laws.py.  To look for more: fuzz/merge.py with another seed, and -o to
# have what fails made small and written down.

setup() {
	load helpers
}

@test "merges of invented packages keep what must hold of any merge" {
	try python3 "$tests/fuzz/merge.py" -s 1 -n $((60 / SPARSE)) -t 60 \
		--no-shrink "$build/bin"
	printf '%s\n' "${lines[@]}"
	[ "$status" -eq 0 ]
	quiet
}

@test "the map of the invented otters has every word, form and action" {
	python3 - "$root/lib/map" "$tests/fuzz/otter.map" <<-'EOF'
	import re, sys
	folder, otter = sys.argv[1:]
	def table(file, name):
	    text = open(folder + "/" + file).read()
	    return re.search(name + r"\[.*?\] = \{(.*?)\n\};", text, re.S)[1]
	words = {(word, where == "KIND") for word, where in re.findall(
	    r'\{ "([^"]+)", (TOP|KIND),', table("rows.c", "words"))}
	forms = set(re.findall(r'\.word = "(.*?)"', table("refform.c", "forms")))
	actions = set(re.findall('"(.*?)"', table("map.c", "map_actions")))
	requests = set(re.findall('"(.*?)"', table("map.c", "map_requests")))
	assert len(words) > 60 and len(forms) > 4, (words, forms)
	assert len(actions) > 7 and len(requests) > 6, (actions, requests)
	rows = [(line[0] == "\t", line.split()) for line in open(otter)
	        if line.strip() and line[0] != "#"]
	assert words - {(row[0], kind) for kind, row in rows} == {
	    ("foreign", False)}
	assert forms == {b for _, row in rows for a, b in zip(row, row[1:])
	                 if a == "as"}
	assert actions == {row[1] for _, row in rows
	                   if row[0] in ("full", "incremental")}
	assert requests == {row[2] for _, row in rows if row[0] == "request"}
	EOF
	package=$BATS_TEST_TMPDIR/package
	mkdir "$package"
	echo '{"name":"Den","level":"1"}' >"$package/den.json"
	try pkg-unpack --map "$tests/fuzz/otter.map" "$package"
	[ "$status" -eq 0 ]
	quiet
}
