#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-closure.py PACKAGE ...: what stays of an app, worked out again.

Each package is an app of Kore.ai.  Its flows with all that they depend on,
each dialog with the same, and what stays of it where tasks have this or that
status are taken by the tools and packed; and laws/closure.py works out from
the package's own files what is there then.  The two must be equal, member by
member.

Prints a line a package: how many were compared, how many components stayed
in them, and how many of these were mended.
"""
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "laws"))
import closure  # noqa: E402
import package  # noqa: E402


def packed(args, folder):
    """The files that a stream is which a tool writes; or why there is none."""
    name = os.path.join(folder, "out")
    shutil.rmtree(name, ignore_errors=True)
    with subprocess.Popen(args, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as filtering:
        packing = subprocess.run(["pkg-pack", "-q", "-o", name + "/"],
                                 stdin=filtering.stdout, check=False,
                                 capture_output=True)
        said = filtering.stderr.read() + packing.stderr
    if filtering.returncode or packing.returncode or said:
        raise Refused("exit %d: %s" % (filtering.returncode, said.decode()))
    return package.read_files(name)


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
    def __init__(self, path, folder):
        self.app = package.load(path)
        self.folder = folder
        self.graph = closure.Graph(self.app)
        self.stream = os.path.join(folder, "all.ndjson")
        with open(self.stream, "wb") as f:
            subprocess.run(["pkg-unpack", "-q", path], stdout=f, check=True)
        self.compared = self.stayed = self.changed = 0
        self.wrong = []

    def compare(self, what, args, stay, options, partial):
        try:
            files = packed(args, self.folder)
        except Refused as e:
            self.wrong.append("%s: %s" % (what, e))
            return
        docs = closure.documents(self.graph, stay, options)
        self.compared += 1
        self.stayed += len(stay)
        self.changed += sum(1 for r in stay if any(
            True for _ in closure.lost_words(self.graph, r, stay)))
        if list(sorted(files)) != sorted(self.app.files):
            self.wrong.append("%s: files %s" % (what, sorted(files)))
        for name, data in files.items():
            if name not in docs:
                if data != self.app.files.get(name):
                    self.wrong.append("%s: %s differs" % (what, name))
                continue
            ours, theirs = json.loads(data, strict=False), docs[name]
            if partial:
                theirs = self.leaving(ours, theirs)
            # that of their members takes long
            deep = len(data) < 1 << 20
            if ours != theirs or list(ours) != list(theirs) or \
                    deep and json.dumps(ours) != json.dumps(theirs):
                self.wrong += ["%s: %s" % (what, d)
                               for d in differences(ours, theirs)]

    def leaving(self, ours, theirs):
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

    def select(self, what, args, seeds):
        stay = closure.taken(self.graph, seeds)
        self.compare(what, ["pkg-select", "-q", "--deps", *args,
                            self.stream], stay,
                     {r.category for r in stay
                      if r.category.startswith("tasks/")}, True)

    def selections(self):
        flows = [r for r in self.graph.records if r.kind == "flow"]
        if flows:
            self.select("-k flow", ["-k", "flow"], flows)
        for r in self.graph.records:
            if r.kind == "dialog":
                self.select("-i dialog:%s" % r.id, ["-i", "dialog:" + r.id[
                    0].replace(",", "\\,")], [r])

    def filter(self, mode, statuses):
        """statuses: {task: status}, those that are not in it published"""
        states = os.path.join(self.folder, "states")
        kept = {"published"} if mode == "published" else {
            "published", "in-progress", "configured", "awaiting-approval",
            "upgrade-in-progress"}
        with open(states, "w", encoding="utf-8") as f:
            for r in self.tasks():
                json.dump({"id": identity(r),
                           "status": statuses.get(r, "published")}, f)
                f.write("\n")
        gone = {r for r, s in statuses.items() if s not in kept}
        self.compare("%s without %.200s" % (mode, sorted(map(str, gone))), [
            "pkg-filter-status", "-q", "--allow", "empty", "--states",
            states, mode, self.stream], closure.left(self.graph, gone), None,
            False)

    def tasks(self):
        return [r for r in self.graph.records if r.kind in closure.TASKS]

    def filters(self):
        tasks = self.tasks()
        words = ["published", "configured", "rejected",
                 "upgrade-in-progress", "suspended", "in-progress",
                 "awaiting-approval"]
        for mode in "published", "latest":
            self.filter(mode, {})
            for n in 2, 3, 5:
                self.filter(mode, {r: words[i * n % 7]
                                   for i, r in enumerate(tasks)})
        # each alone; of many, some
        for i, r in enumerate(tasks[::1 + len(tasks) // 12]):
            self.filter("published" if i % 2 else "latest",
                        {r: "configured" if i % 2 else "rejected"})


def identity(r):
    """A task's id, as the stream has it."""
    parts = r.id
    if len(parts) == 1:
        return parts[0]
    return "/".join(p.replace("%", "%25").replace("/", "%2F")
                    for p in parts)


def main():
    bad = 0
    for path in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            check = Check(path, folder)
            check.selections()
            check.filters()
            print("%s: %d compared, %d components, %d mended, %d wrong" % (
                path, check.compared, check.stayed, check.changed,
                len(check.wrong)))
            for w in check.wrong:
                print("\t" + w, file=sys.stderr)
            bad |= bool(check.wrong)
    return bad


sys.exit(main())
