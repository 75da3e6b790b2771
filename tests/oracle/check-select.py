#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-select.py WHAT PACKAGE ...: what pkg-select takes, worked out again.

From the packages' own files, with the references that refs.py (Kore) and
cxrefs.py (Dialogflow CX) find in them.  WHAT is

    deps     each dialog or flow alone, with --deps: exactly what it depends
             on is there when it is packed, and no reference dangles that did
             not before, but those that the report counts
    training each dialog alone with all of nlpData: the utterances and
             patterns that are there are those of its own intents, and of
             parts that are nobody's own
    explain  each component that a dialog or flow brings along: the path
             told is a chain of true references, from the chosen one on
    partial  the first package, with everything, selected by the options of
             each of the others, which the vendor exported in part: says what
             differs, one line each
    without  each kind excluded, references repaired: none of it is left, and
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


# the tools without sanitizers, of whose results enough is known
PLAIN = os.environ.get("PKG_PLAIN")


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


def report_of(path):
    with open(path, encoding="utf-8") as f:
        return dict(json.load(f), peak_kib=0)


def same_as_plain(r, *args, report=None):
    """Whether there are tools without sanitizers, whose results of the same
    command are looked at by a run of their own; if so, the result, what it
    packs to and its report must be theirs."""
    if PLAIN is None:
        return False
    pack = "pkg-pack", "-o", "-"
    mine = tool(*pack, data=r.stdout), report and report_of(report)
    for command, data, got in (args, None, r), (pack, r.stdout, mine[0]):
        plain = tool(os.path.join(PLAIN, "bin", command[0]), *command[1:],
                     data=data)
        for what in "returncode", "stdout", "stderr":
            if getattr(plain, what) != getattr(got, what):
                raise Wrong("without sanitizers %s has another %s" % (
                    " ".join(command), what))
    if report and report_of(report) != mine[1]:
        raise Wrong("without sanitizers %s has another report" % (args,))
    return True


class Kore:
    """A package of an app: a path that refs.py takes."""

    def __init__(self, path):
        self.app, _ = refs.load(path)
        self.elements, self.known = refs.originals(path)
        self.lost = None

    def seeds(self):
        return ["dialog:" + d["refId"] for d in self.app["dialogs"]]

    def dangling(self):
        """(place, kind of the target, id) of what leads nowhere."""
        if self.lost is not None:
            return self.lost
        out = set()
        for (_, place), es in self.elements.items():
            for row, _, kind, which, values in refs.ROWS:
                if row not in ("", place) or which == refs.SOFT:
                    continue
                out.update((place, kind, v) for e in es if e is not None
                           for v in values(e) if v not in self.known[kind])
        self.lost = {d for d in out if d[1] not in STAYS}
        return self.lost

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
        held = {"botTask"} | {"forms" for _ in out.app.get("forms", [])}
        expect("exportOptions", set(options["tasks"]),
               held & set(self.app["exportOptions"]["tasks"]))
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
        self.lost = None

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
        if self.lost is None:
            self.lost = {
                (p[0], str(p[2].get("name")), r) for p in self.parts
                for r in self.references(p) if r[1:] not in self.known and
                not (r[1] == "entitytype" and r[2].startswith("sys."))}
        return self.lost

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
        ask = ("pkg-select", "-q", "--deps", "--report", report, "-i",
               seed.replace(",", "\\,"), stream)
        r = tool(*ask)
        expect(seed + ": " + r.stderr.decode()[:200], r.returncode, 0)
        if same_as_plain(r, *ask, report=report):
            continue
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
        ask = ("pkg-select", "-q", "-x", "-k", kind, "--on-missing", "drop",
               stream)
        r = tool(*ask)
        expect("-x -k %s: %s" % (kind, r.stderr.decode()[:200]),
               r.returncode, 0)
        if same_as_plain(r, *ask):
            continue
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


def check_training(package, stream, folder):
    app = package.app
    own = {c["_id"]: c for c in app["dialogComponents"]}
    taken = 0
    for seed in package.seeds():
        r = tool("pkg-select", "-q", "-c", "tasks,nlpData", "-i", seed,
                 stream)
        expect(seed, r.returncode, 0)
        out = pack(r.stdout, type(package), folder).app
        dialog = {d["_id"] for d in out["dialogs"]}
        there = {c["_id"] for c in out["dialogComponents"]}
        refids = {c["refId"]: c for c in app["dialogComponents"]}

        def comes(component):
            if component.get("dialogId") in {d["_id"] for d in
                                             app["dialogs"]}:
                return component["dialogId"] in dialog
            return component["_id"] in there

        expect("utterances of " + seed,
               {u["_id"] for u in out["sentences"]},
               {u["_id"] for u in app["sentences"]
                if comes(own[u["taskId"]])})
        expect("patterns of " + seed, {u["refId"] for u in out.get("patterns", [])},
               {u["refId"] for u in app.get("patterns", [])
                if comes(refids[u["refId"]])})
        taken += len(out["sentences"])
    return "%d alone, %d of training" % (len(package.seeds()), taken)


def reading(stream):
    """Records by kind:id, and all by which references find them."""
    records, words = {}, {}
    with open(stream, encoding="utf-8", errors="surrogatepass") as f:
        for line in f:
            r = json.loads(line)
            if r["kind"][0] == "@":
                continue
            me = r["kind"] + ":" + r.get("id", r["at"])
            records[me] = r
            words[me] = {r["kind"] + ":" + w for w in [r.get("id", "")] +
                         r.get("alias", []) + r.get("names", [])}
    return records, words


def true_step(records, words, one, other, how):
    """Whether a step of a path is one."""
    def leads(a, b, *lists):
        return any(x.lstrip("?") in words[b] for name in lists
                   for x in records[a].get(name, []))
    a, b = records[one], records[other]
    if how == "needed by it":
        return leads(one, other, "needs")
    if how == "linked from it":
        return leads(one, other, "links") or a["kind"] == "agent"
    if how == "owns it":
        return leads(one, other, "owner")
    if how == "belongs to it":
        return leads(other, one, "owner") or any(
            leads(other, m, "owner") and leads(m, one, "owner")
            for m in records)
    if how == "stands inside it":
        return b["file"] == a["file"] and b["at"].startswith(a["at"] + "/")
    if how == "has it inside":
        return b["file"] == a["file"] and a["at"].startswith(b["at"] + "/")
    return False


def check_explain(package, stream, folder):
    records, words = reading(stream)
    paths = 0
    del folder
    for seed in package.seeds()[:2]:
        ask = ["pkg-select", "-q", "--deps", "-i", seed]
        r = tool(*ask, stream)
        taken = [json.loads(x) for x in r.stdout.splitlines()]
        taken = [x["kind"] + ":" + x["id"] for x in taken if "id" in x]
        # under the sanitizers of many a few; without them each was a true one
        for one in taken[:60][::5 if PLAIN else 1]:
            r = tool(*ask, "--explain", one, stream)
            steps = [[json.loads('"%s"' % w) for w in x.split("\t")]
                     for x in r.stdout.decode().splitlines()]
            steps = [x for x in steps if x[0] == one or len(steps) > 1]
            expect("explain " + one, len(steps) > 0, True)
            if steps[0][2] not in ("chosen", "in every export"):
                raise Wrong("%s begins with %s" % (one, steps[0]))
            if steps[0][2] == "chosen":
                expect("explain " + one, steps[0][0], seed)
            for a, b in zip(steps, steps[1:]):
                if b[2] in ("chosen", "in every export"):
                    continue    # a second component of that id
                if not true_step(records, words, a[0], b[0], b[2]):
                    raise Wrong("untrue: %s, %s" % (a, b))
            paths += 1
    return "%d paths" % paths


def differences(a, b, path=""):
    """Where two values differ, which way; the order of members counts."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in a.keys() - b.keys():
            yield path + "/" + key, "only ours"
        for key in b.keys() - a.keys():
            yield path + "/" + key, "only theirs"
        for key in a.keys() & b.keys():
            yield from differences(a[key], b[key], path + "/" + key)
        if list(a) != list(b) and a.keys() == b.keys():
            yield path, "order"
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield path, "%d, not %d" % (len(a), len(b))
        for x, y in zip(a, b):
            yield from differences(x, y, path + "/-")
    elif a != b or type(a) is not type(b):
        yield path, "value"


def check_partial(whole, parts):
    """What remains between the vendor's partial exports and ours."""
    with tempfile.TemporaryDirectory() as folder:
        stream = os.path.join(folder, "all.ndjson")
        with open(stream, "wb") as f:
            f.write(tool("pkg-unpack", "-q", whole).stdout)
        for part in parts:
            app, config = refs.load(part)
            options = app["exportOptions"]
            body = {"exportType": "published", "exportOptions": {
                k: options[k] for k in ("tasks", "nlpData", "settings")}}
            for key in ("subTasks", "IncludeDependentTasks"):
                body[key] = options[key]
            request = os.path.join(folder, "request.json")
            with open(request, "w", encoding="utf-8") as f:
                json.dump(body, f)
            r = tool("pkg-select", "-q", "--request", request, stream)
            expect(part + r.stderr.decode(), r.returncode, 0)
            name = os.path.join(folder, "out.zip")
            with open(name, "wb") as f:
                f.write(tool("pkg-pack", "-o", "-", data=r.stdout).stdout)
            ours, our_config = refs.load(name)
            expect("config.json", our_config, config)
            found = {}
            for path, how in differences(ours, app):
                found[path, how] = found.get((path, how), 0) + 1
            print(os.path.basename(part).split("-Export-")[1])
            for (path, how), n in sorted(found.items()):
                print("\t%s\t%s\t%d" % (path, how, n))


def main():
    if sys.argv[1] == "partial":
        return check_partial(sys.argv[2], sys.argv[3:])
    check = {"deps": check_deps, "without": check_without,
             "training": check_training,
             "explain": check_explain}[sys.argv[1]]
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
