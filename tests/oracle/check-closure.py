#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-closure.py PACKAGE ...: what stays of a package, worked out again.

Its flows with all that they depend on, each dialog, flow and playbook with
the same, and what stays of it where tasks have this or that status are taken
by the tools and packed.  laws/closure.py and, of Dialogflow CX,
laws/closure_cx.py work out from the package's own files what is there then.
The two must be equal, member by member; of Dialogflow CX what a filter mends
may only have lost parts, and nothing may lead nowhere that did not before.

Prints a line a package: how many were compared, how many components stayed
in them, and how many of these were repaired.
"""
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "laws"))
import closure  # noqa: E402
import closure_cx  # noqa: E402
import cx  # noqa: E402
import package  # noqa: E402


def packed(args, out):
    """The files that a stream is which a tool writes: out is a zip, or a
    folder with a / behind it."""
    if out[-1] == "/":
        shutil.rmtree(out, ignore_errors=True)
    elif os.path.exists(out):
        os.remove(out)
    with subprocess.Popen(args, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as filtering:
        packing = subprocess.run(["pkg-pack", "-q", "-o", out],
                                 stdin=filtering.stdout, check=False,
                                 capture_output=True)
        filtering.stdout.close()
        said = filtering.stderr.read() + packing.stderr
    if filtering.returncode or packing.returncode or said:
        raise Refused("exit %d: %s" % (filtering.returncode, said.decode()))
    return package.read_files(out)


class Refused(Exception):
    pass


def differences(ours, theirs, path=""):
    """Where two values differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in ours:
            if key not in theirs:
                yield "%s/%s: only ours" % (path, key)
        for key in theirs:
            if key not in ours:
                yield "%s/%s: only expected" % (path, key)
            else:
                yield from differences(ours[key], theirs[key],
                                       "%s/%s" % (path, key))
        if list(ours) != list(theirs) and set(ours) == set(theirs):
            yield path + ": order"
    elif isinstance(ours, list) and isinstance(theirs, list):
        mine, other = ([json.dumps(v) for v in vs] for vs in (ours, theirs))
        if len(mine) != len(other):
            for what, a, b in (("only ours", mine, other),
                               ("only expected", other, mine)):
                for v in (collections.Counter(a) -
                          collections.Counter(b)).elements():
                    yield "%s/-: %s: %.90s" % (path, what, v)
            return
        for i, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(a, b, "%s/%d" % (path, i))
    elif ours != theirs or type(ours) is not type(theirs):
        yield "%s: %.60s, expected %.60s" % (path, json.dumps(ours),
                                             json.dumps(theirs))


class Check:
    """A package, and what the tools make of it."""
    chosen = ()     # kinds that are selected one by one
    out = None      # where to pack

    def __init__(self, laws, app, path, folder):
        self.laws, self.app, self.folder = laws, app, folder
        self.graph = laws.Graph(app)
        self.stream = os.path.join(folder, "all.ndjson")
        with open(self.stream, "wb") as f:
            subprocess.run(["pkg-unpack", "-q", path], stdout=f, check=True)
        self.compared = self.stayed = self.changed = 0
        self.wrong = []

    def compare(self, what, args, stay, partial):
        try:
            files = packed(args, os.path.join(self.folder, self.out))
        except Refused as e:
            if self.whole(stay):
                self.wrong.append("%s: %s" % (what, e))
            return
        self.compared += 1
        self.stayed += len(stay)
        for wrong in self.differences(files, stay, partial):
            self.wrong.append("%s: %s" % (what, wrong))

    def select(self, seeds, *args):
        self.compare(" ".join(args), [
            "pkg-select", "-q", "--deps", *args, self.stream],
            self.laws.taken(self.graph, seeds), True)

    def selections(self):
        flows = [r for r in self.graph.records if r.kind == "flow"]
        if flows:
            self.select(flows, "-k", "flow")
        for r in self.graph.records:
            if r.kind in self.chosen:
                self.select([r], "-i", "%s:%s" % (
                    r.kind, identity(r).replace(",", "\\,")))

    def filter(self, mode, statuses):
        """statuses: {task: status}, those that are not in it published"""
        states = os.path.join(self.folder, "states")
        kept = {"published"} if mode == "published" else {
            "published", "in-progress", "configured", "awaiting-approval",
            "upgrade-in-progress"}
        with open(states, "w", encoding="utf-8") as f:
            for r in self.tasks():
                name = json.dumps(identity(r), ensure_ascii=False)[1:-1]
                f.write("\t".join((r.kind, name, statuses.get(
                    r, "published"), "")) + "\n")
        gone = {r for r, s in statuses.items() if s not in kept}
        self.compare("%s without %.200s" % (mode, sorted(map(str, gone))), [
            "pkg-filter-status", "-q", "--allow", "empty", "--states",
            states, mode, self.stream], self.laws.left(self.graph, gone),
            False)

    def tasks(self):
        return [r for r in self.graph.records if r.kind in self.laws.TASKS]

    def filters(self):
        tasks = self.tasks()
        words = ["published", "configured", "rejected",
                 "upgrade-in-progress", "suspended", "in-progress",
                 "awaiting-approval"]
        for mode in "published", "latest":
            self.filter(mode, {})
            for n in 2, 3:
                self.filter(mode, {r: words[i * n % 7]
                                   for i, r in enumerate(tasks)})
        # each alone; of many, some
        for i, r in enumerate(tasks[::1 + len(tasks) // 12]):
            self.filter("published" if i % 2 else "latest",
                        {r: "configured" if i % 2 else "rejected"})


class App(Check):
    chosen = ("dialog",)
    out = "out/"        # a zip takes longer

    def whole(self, _):
        return True

    def differences(self, files, stay, partial):
        """Those of packed files and what they should be."""
        docs = closure.documents(self.graph, stay, {
            r.category for r in stay if r.category.startswith("tasks/")}
            if partial else None)
        self.changed += sum(1 for r in stay if any(
            True for _ in closure.lost_words(self.graph, r, stay)))
        if list(sorted(files)) != sorted(self.app.files):
            yield "files %s" % sorted(files)
        for name, data in files.items():
            if name not in docs:
                if data != self.app.files.get(name):
                    yield name
                continue
            ours, theirs = json.loads(data, strict=False), docs[name]
            if partial:
                theirs = self.leaving(ours, theirs)
            # that of their members takes long
            deep = len(data) < 1 << 20
            if ours != theirs or list(ours) != list(theirs) or \
                    deep and json.dumps(ours) != json.dumps(theirs):
                yield from differences(ours, theirs)

    @staticmethod
    def leaving(ours, theirs):
        """Without the empty lists that a partial export has not."""
        absent = closure.ABSENT
        if "botTask" not in theirs.get("exportOptions", {}).get("tasks", ()):
            absent = absent | {"widgets", "panels"}
            for m in theirs.get("mlParams", ()):
                m.pop("dialogIntents", None)
        return {name: value for name, value in theirs.items() if
                value not in ([], {}) or name not in absent and (
                    name in closure.EMPTY or name in closure.PLAIN or
                    name in ours)}


class Agent(Check):
    chosen = ("flow", "playbook")
    out = "out.zip"     # so many files take longer

    def whole(self, stay):
        """Whether the agent has what it starts with."""
        return not any(closure_cx.lost(self.graph, r, stay)
                       for r in stay if r.kind == "agent")

    def differences(self, files, stay, partial):
        there = cx.Agent("", files)
        wanted, found = ({name: [r for r in rs if r in stay] for name, rs in
                          by_file(a.records()).items()} for a, stay in (
                              (self.app, stay), (there, there.records())))
        wanted = {name: rs for name, rs in wanted.items() if rs}
        yield from ("only ours: " + n for n in found if n not in wanted)
        yield from ("only expected: " + n for n in wanted if n not in found)
        for name in found.keys() & wanted.keys():
            ours, theirs = found[name], wanted[name]
            if len(ours) != len(theirs):
                yield "%s: %d, expected %d" % (name, len(ours), len(theirs))
                continue
            for a, b in zip(ours, theirs):
                lost = [] if partial else closure_cx.lost(
                    self.graph, b, stay)
                self.changed += bool(lost)
                if bool(lost) != (a.value != b.value) or \
                        not closure_cx.within(a.value, b.value, lost):
                    yield "%s is %.200s" % (name, a.value)
        if not partial:
            before = set(map(str, self.app.dangling()))
            yield from (d for d in map(str, there.dangling())
                        if d not in before)


def by_file(records):
    found = {}
    for r in records:
        found.setdefault(r.file, []).append(r)
    return found


def identity(r):
    """A component's id, as the stream has it."""
    if len(r.id) == 1:
        return r.id[0]
    return "/".join(p.replace("%", "%25").replace("/", "%2F") for p in r.id)


def main():
    bad = 0
    for path in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            app = package.load(path)
            check = App(closure, app, path, folder) if \
                app.platform == "kore" else Agent(
                    closure_cx, app, path, folder)
            check.selections()
            check.filters()
            print("%s: %d compared, %d components, %d repaired, %d wrong" % (
                path, check.compared, check.stayed, check.changed,
                len(check.wrong)))
            for w in check.wrong:
                print("\t" + w, file=sys.stderr)
            bad |= bool(check.wrong)
    return bad


sys.exit(main())
