#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-select.py WHAT PACKAGE ...: what pkg-select takes, worked out again.

From the packages' own files, with the references that refs.py (Kore) and
cxrefs.py (Dialogflow CX) find in them.  WHAT is

    deps     each dialog or flow alone, with --deps: exactly what it depends
             on is there when it is packed, and no reference dangles that did
             not before, but those that the report counts
    without  each kind excluded, references mended: none of it is left, and
             no reference dangles that did not before, but what an agent
             starts with, without which it is not packed

Prints a line a package: how many selections, components in them.
"""
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile

import cxrefs
import refs

# what the app's other parts say of it stays, as does what is soft
STAYS = {"app", "namespace"}
# a package without these is refused
REQUIRED = {"agent", "flow", "playbook", "app"}


def tool(*args, data=None):
    return subprocess.run(args, input=data, capture_output=True, check=False)


class Wrong(Exception):
    pass


def expect(what, ours, theirs):
    if ours != theirs:
        if isinstance(ours, set):
            raise Wrong("%s: too many %s, too few %s" % (
                what, sorted(map(str, ours - theirs))[:5],
                sorted(map(str, theirs - ours))[:5]))
        raise Wrong("%s: %s, expected %s" % (what, ours, theirs))


class Kore:
    """A package of an app: a path that refs.py takes."""

    def __init__(self, path):
        self.app, _ = refs.load(path)
        self.elements, self.known = refs.originals(path)

    def seeds(self):
        return ["dialog:" + d["refId"] for d in self.app["dialogs"]]

    def dangling(self):
        """(place, kind of the target, id) of what leads nowhere."""
        out = set()
        for (_, place), es in self.elements.items():
            for row, _, kind, which, values in refs.ROWS:
                if row not in ("", place) or which == refs.SOFT:
                    continue
                out.update((place, kind, v) for e in es if e is not None
                           for v in values(e) if v not in self.known[kind])
        return {d for d in out if d[1] not in STAYS}

    def holds(self):
        """What is there of the kinds that a dialog brings along."""
        return {(kind, e.get("refId")) for kind in (
            "dialogs", "dialogComponents", "scenes", "sceneComponents",
            "forms", "sentences", "patterns", "widgets", "knowledgeTasks",
            "botEvents") for e in self.app.get(kind, []) if e}

    def closure(self, seed):
        """The same, for one dialog with all that it depends on."""
        app = self.app
        by_id = {c["_id"]: c for c in app["dialogComponents"]}
        dialog = {d[k]: d for d in app["dialogs"] for k in ("_id", "refId")}
        found, todo = set(), [("dialogs", dialog[seed.split(":", 1)[1]])]

        def add(kind, element):
            if element is not None:
                todo.append((kind, element))

        while todo:
            kind, e = todo.pop()
            if (kind, e["refId"]) in found:
                continue
            found.add((kind, e["refId"]))
            if kind == "dialogs":
                for path in ("nodes/-/componentId",
                             "nodes/-/nodes/-/componentId"):
                    for i in refs.at(path)(e):
                        add("dialogComponents", by_id.get(i))
                for path in ("nodes/-/flowTaskId", "nodes/-/dialogRefId"):
                    for i in refs.at(path)(e):
                        add("dialogs", dialog.get(i))
                for c in app["dialogComponents"]:
                    if c.get("dialogId") in (e["_id"], e["refId"]):
                        add("dialogComponents", c)
                for s in app.get("scenes", []):
                    if s["refId"] == e.get("sceneRefId") or \
                            s.get("dialogRefId") == e["refId"]:
                        add("scenes", s)
            elif kind == "dialogComponents":
                for i in refs.at("nodes/-/componentId")(e):
                    add("dialogComponents", by_id.get(i))
                add("dialogs", dialog.get(e.get("dialogId")))
                for f in app.get("forms", []):
                    if e.get("type") == "form" and \
                            f["refId"] == e.get("resourceId"):
                        add("forms", f)
            elif kind == "scenes":
                for c in app["sceneComponents"]:
                    if c["_id"] in e.get("components", {}) or \
                            c.get("sceneId") == e["_id"]:
                        add("sceneComponents", c)
        return found

    def check(self, out, seed, report):
        expect(seed, out.holds(), self.closure(seed))
        expect("lost, in " + seed, out.dangling() - self.dangling(), set())
        options = out.app["exportOptions"]
        expect("exportOptions", set(options["tasks"]) - {"forms"}, {
            "botTask"} & set(self.app["exportOptions"]["tasks"]))
        expect("exportOptions", options["nlpData"] + options["settings"], [])
        ids = {d["_id"] for d in self.app["dialogs"]} - {
            d["_id"] for d in out.app["dialogs"]}
        expect("subTasks", ids & set(options.get("subTasks", {}).get(
            "dialogs", [])), set())
        del report


class Agent:
    """A package of an agent."""

    def __init__(self, path):
        self.files = cxrefs.load(path)
        self.parts = list(cxrefs.components(self.files))
        self.known = cxrefs.known(self.parts)

    def seeds(self):
        return ["flow:" + doc["displayName"]
                for _, kind, doc, _, _ in self.parts if kind == "flow"]

    def references(self, part):
        """(list, kind, id) of each, those to what is built in left out."""
        _, kind, doc, stars, _ = part
        flow = doc["displayName"] if kind == "flow" else stars[0] if \
            kind in cxrefs.SCOPED else None
        out = set()
        for _, name, target, value, scope in cxrefs.FIELDS.get(
                kind, lambda *_: ())(doc, flow):
            if value in cxrefs.SPECIAL.get(target, ()):
                continue
            out.add((name, target, value if scope is None else
                     cxrefs.scoped(scope, value)))
        return out

    def dangling(self):
        return {(p[0], json.dumps(p[2])[:200], r) for p in self.parts
                for r in self.references(p) if r[1:] not in self.known and
                not (r[1] == "entitytype" and r[2].startswith("sys."))}

    def holds(self):
        return sorted((path, kind, json.dumps(doc, sort_keys=True))
                      for path, kind, doc, _, _ in self.parts)

    def names(self, part):
        _, kind, doc, stars, _ = part
        name = doc.get("displayName")
        if name is None or kind in ("entity", "phrase"):
            return []
        if kind in cxrefs.SCOPED + ("example",):
            name = cxrefs.scoped(stars[0], name)
        return [(kind, name), (kind, doc.get("name"))]

    def closure(self, seed):
        by_name, owned = {}, {}
        for i, p in enumerate(self.parts):
            for n in self.names(p):
                by_name.setdefault(n, []).append(i)
            if p[4]:
                owned.setdefault(p[4], []).append(i)
        todo = by_name["flow", seed.split(":", 1)[1]] + [
            i for i, p in enumerate(self.parts) if p[1] == "agent"]
        found = set()
        while todo:
            i = todo.pop()
            if i in found:
                continue
            found.add(i)
            part = self.parts[i]
            for name, kind, ident in self.references(part):
                if name in ("needs", "links") or part[1] == "agent":
                    todo += by_name.get((kind, ident), [])
            for n in self.names(part):
                todo += owned.get(n, [])
        return sorted((self.parts[i][0], self.parts[i][1], json.dumps(
            self.parts[i][2], sort_keys=True)) for i in found)

    def check(self, out, seed, report):
        expect(seed + ", names", {(p, k) for p, k, _ in out.holds()},
               {(p, k) for p, k, _ in self.closure(seed)})
        expect(seed, out.holds() == self.closure(seed), True)
        lost = {d for d in out.dangling() - self.dangling()}
        expect("lost, in " + seed, report["lost"], len(lost))


def pack(stream, cls, folder):
    """What a stream is when it is packed; None: it is refused."""
    zipped = tool("pkg-pack", "-o", "-", data=stream)
    if zipped.returncode != 0:
        return None
    name = os.path.join(folder, "packed.zip")
    with zipfile.ZipFile(io.BytesIO(zipped.stdout)) as z:
        if z.testzip() is not None:
            raise Wrong("the zip is bad")
    with open(name, "wb") as f:
        f.write(zipped.stdout)
    return cls(name)


def check_deps(package, stream, folder):
    report = os.path.join(folder, "report.json")
    taken = 0
    for seed in package.seeds():
        r = tool("pkg-select", "-q", "--deps", "--report", report, "-i",
                 seed.replace(",", "\\,"), stream)
        expect(seed + ": " + r.stderr.decode()[:200], r.returncode, 0)
        out = pack(r.stdout, type(package), folder)
        expect(seed + " is packed", out is not None, True)
        with open(report, encoding="utf-8") as f:
            package.check(out, seed, json.load(f))
        taken += len(out.holds())
    return "%d alone, %d components" % (len(package.seeds()), taken)


def resolve(lines):
    """(record, reference) of what leads nowhere, from the envelopes."""
    records = [json.loads(x) for x in lines]
    known = {r["kind"] + ":" + w for r in records for w in
             [r.get("id", "")] + r.get("alias", []) + r.get("names", [])}
    return {(r["kind"], r.get("id", r.get("at")), x) for r in records
            for name in ("needs", "links", "refs", "owner")
            for x in r.get(name, []) if x[0] != "?" and x not in known and
            x.split(":")[0] not in STAYS and r["kind"] != "agent"}


def check_without(package, stream, folder):
    with open(stream, "rb") as f:
        lines = f.read().splitlines()
    kinds = sorted({json.loads(x)["kind"] for x in lines})
    before = resolve(lines)
    packed = 0
    kinds = [k for k in kinds if k[0] != "@"]
    for kind in kinds:
        r = tool("pkg-select", "-q", "-x", "-k", kind, "--on-missing",
                 "drop", stream)
        expect("-x -k %s: %s" % (kind, r.stderr.decode()[:200]),
               r.returncode, 0)
        left = r.stdout.splitlines()
        expect("-x -k " + kind, sum(json.loads(x)["kind"] == kind
                                    for x in left), 0)
        expect("lost without " + kind, resolve(left) - before, set())
        out = pack(r.stdout, type(package), folder)
        if out is None and kind not in REQUIRED:
            raise Wrong("without %s it is not packed" % kind)
        if out is not None:
            packed += 1
            expect("lost without " + kind,
                   {d[-1] for d in out.dangling() - package.dangling()},
                   set())
    return "%d kinds, %d packed" % (len(kinds), packed)


def main():
    check = {"deps": check_deps, "without": check_without}[sys.argv[1]]
    bad = 0
    for path in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            stream = os.path.join(folder, "all.ndjson")
            with open(stream, "wb") as f:
                f.write(tool("pkg-unpack", "-q", path).stdout)
            with open(stream, encoding="utf-8") as f:
                kore = '"platform":"kore"' in f.readline()
            try:
                package = (Kore if kore else Agent)(path)
                print(path, check(package, stream, folder))
            except Wrong as e:
                print("%s: %s" % (path, e), file=sys.stderr)
                bad = 1
    return bad


sys.exit(main())
