#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""cxrefs.py PACKAGE STREAM ...: the references of CX agents, counted twice.

Once in the package's own files, a zip or a folder, by the fields below;
once in what the stream's envelopes give as owner, needs, links and refs.
File and record are matched by path and order alone.  Prints a line for each
kind of reference that was found:

    package holder field target  values found elsewhere dangling

A value is found if a component of the package has that display name (in its
flow, for pages and route groups) or, behind a resource path, that UUID;
elsewhere are those that lead out by rights: special pages, entities of the
system, tools that are built in.

Fails where package and stream differ: a reference that only one of them
has, one that resolves in one only, one in another list than the field says,
soft or hard where it should not be; a component that has no record of its
own; an owner in a folder that comes after what it owns; and where a value
dangles that is not the bare UUID of something deleted, in a test case.

Not counted: the differences of a test case's last run, which no file here
has, and what the second sort of test cases traces.
"""
import json
import os
import re
import sys
import zipfile
from urllib.parse import unquote

SPECIAL = {"page": {
    "End Session", "End Flow", "Current Page", "Start Page", "Previous Page",
    "END_FLOW_WITH_FAILURE", "END_FLOW_WITH_CANCELLATION",
    "END_FLOW_WITH_HUMAN_ESCALATION"}, "tool": {"df-code-interpreter-tool"}}
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# path of a file, kind of its component; or key of the list, kind, owner
WHOLE = [
    ("agent.json", "agent"),
    ("flows/([^/]+)/\\1.json", "flow"),
    ("flows/([^/]+)/pages/([^/]+).json", "page"),
    ("flows/([^/]+)/transitionRouteGroups/([^/]+).json", "routegroup"),
    ("agentTransitionRouteGroups/([^/]+).json", "agentgroup"),
    ("intents/([^/]+)/\\1.json", "intent"),
    ("entityTypes/([^/]+)/\\1.json", "entitytype"),
    ("webhooks/([^/]+).json", "webhook"),
    ("testCases/([^/]+).json", "testcase"),
    ("testCases/v2/([^/]+).json", "testcasev2"),
    ("playbooks/([^/]+)/\\1.json", "playbook"),
    ("playbooks/([^/]+)/examples/([^/]+).json", "example"),
    ("tools/([^/]+)/\\1.json", "tool"),
    ("tools/([^/]+)/schema.yaml", "toolschema"),
    ("generators/([^/]+)/\\1.json", "generator"),
    ("generativeSettings/([^/]+).json", "generativesetting"),
]
LISTS = [
    ("intents/([^/]+)/trainingPhrases/([^/]+).json", "trainingPhrases",
     "phrase", "intent"),
    ("entityTypes/([^/]+)/entities/([^/]+).json", "entities", "entity",
     "entitytype"),
    ("entityTypes/([^/]+)/excludedPhrases/([^/]+).json", "excludedPhrases",
     "excludedphrase", "entitytype"),
    ("generators/([^/]+)/phrases/([^/]+).json", "promptTexts", "prompt",
     "generator"),
]
# whole files that belong to the component of their folder
OWNED = {"page": "flow", "routegroup": "flow", "example": "playbook",
         "toolschema": "tool"}
# kinds of which a name is known only inside its flow
SCOPED = ("page", "routegroup")


def load(path):
    """The files of a package; without a folder around them."""
    if os.path.isdir(path):
        files = {}
        for folder, _, names in os.walk(path):
            for name in names:
                full = os.path.join(folder, name)
                with open(full, "rb") as f:
                    files[os.path.relpath(full, path)] = f.read()
        return files
    with zipfile.ZipFile(path) as z:
        files = {i.filename: z.read(i) for i in z.infolist()
                 if not i.is_dir() and "__MACOSX" not in i.filename}
    if "agent.json" not in files:
        files = {name.split("/", 1)[1]: data for name, data in files.items()}
    return files


def visit(value, path=()):
    """Each object in a value, with the keys that lead to it."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            # what the bot's author sends is the author's
            if key not in ("payload", "setParameterActions"):
                yield from visit(inner, path + (key,))
    elif isinstance(value, list):
        for inner in value:
            yield from visit(inner, path)


def texts(value):
    """Each text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def tail(value):
    """The name, or the UUID that a resource path ends in."""
    return value.split("/")[-1] if value.startswith("projects/") else value


def mentions(value):
    """@name and @name:alias in a text."""
    return re.findall(r"(?:^| )@([^ :]+)", value)


def routes(doc, flow):
    """What the routes and handlers of a flow, page or group lead to."""
    for path, o in visit(doc):
        for key, kind, name in (("intent", "needs", "intent"),
                                ("webhook", "needs", "webhook"),
                                ("targetFlow", "links", "flow"),
                                ("targetPlaybook", "links", "playbook")):
            if isinstance(o.get(key), str) and o[key]:
                yield key, kind, name, o[key], None
        if o.get("targetPage"):
            yield "targetPage", "refs", "page", o["targetPage"], flow
        if path and path[-1] == "generators" and "generator" in o:
            yield "generator", "needs", "generator", tail(o["generator"]), None


def of_flow(doc, flow):
    yield from routes(doc, flow)
    for name in doc.get("transitionRouteGroups", []):
        yield "transitionRouteGroups", "needs", "routegroup", name, flow
    for name in doc.get("agentTransitionRouteGroups", []):
        yield "agentTransitionRouteGroups", "needs", "agentgroup", name, None
    for p in doc.get("form", {}).get("parameters", []):
        for name in mentions(p.get("entityType", "")):
            yield "entityType", "needs", "entitytype", name, None


def of_agent(doc, _):
    if doc.get("startFlow"):
        yield "startFlow", "refs", "flow", doc["startFlow"], None
    if doc.get("startPlaybook"):
        yield "startPlaybook", "refs", "playbook", doc["startPlaybook"], None


def of_intent(doc, _):
    for p in doc.get("parameters", []):
        for name in mentions(p.get("entityType", "")):
            yield "entityType", "needs", "entitytype", name, None


def of_entity(doc, _):
    for text in [doc.get("value", "")] + doc.get("synonyms", []):
        for name in mentions(text):
            yield "@mention", "refs", "entitytype", name, None


def in_text(value):
    words = {"TOOL": "tool", "FLOW": "flow", "PLAYBOOK": "playbook",
             "AGENT": "playbook"}
    for text in texts(value):
        for word, name in re.findall(r"\$\{(\w+):([^}]*)\}", text):
            yield ("${%s:}" % word.upper(), "refs", words[word.upper()], name,
                   None)


def of_playbook(doc, _):
    for key, kind, name in (("referencedPlaybooks", "links", "playbook"),
                            ("referencedFlows", "links", "flow"),
                            ("referencedTools", "needs", "tool")):
        for value in doc.get(key, []):
            yield key, kind, name, tail(value), None
    for path, o in visit(doc):
        if path and path[-1] == "toolUse" and "tool" in o:
            yield "toolUse.tool", "needs", "tool", tail(o["tool"]), None
        if isinstance(o.get("webhook"), str):
            yield "webhook", "needs", "webhook", o["webhook"], None
    yield from in_text([doc.get(k) for k in ("goal", "steps", "instruction")])


def of_example(doc, _):
    for path, o in visit(doc):
        for key, member, name in (("toolUse", "tool", "tool"),
                                  ("playbookInvocation", "playbook",
                                   "playbook"),
                                  ("flowInvocation", "flow", "flow")):
            if path and path[-1] == key and member in o:
                yield (key + "." + member, "refs", name, tail(o[member]),
                       None)
    yield from in_text([doc.get("description")] + [
        o["text"] for _, o in visit(doc) if isinstance(o.get("text"), str)])


def of_testcase(doc, _):
    config = doc.get("testConfig", {})
    if config.get("flow"):
        yield "testConfig.flow", "refs", "flow", config["flow"], None
    if config.get("page"):
        yield ("testConfig.page", "refs", "page", config["page"],
               config.get("flow", ""))
    for turn in doc.get("testCaseConversationTurns", []):
        out = turn.get("virtualAgentOutput", {})
        page = out.get("currentPage", {})
        if page.get("flow"):
            yield "currentPage.flow", "refs", "flow", page["flow"], None
        if page.get("name"):
            yield ("currentPage.name", "refs", "page", page["name"],
                   page.get("flow", ""))
        if out.get("currentFlow", {}).get("name"):
            yield ("currentFlow.name", "refs", "flow",
                   out["currentFlow"]["name"], None)
        if out.get("triggeredIntent", {}).get("name"):
            yield ("triggeredIntent.name", "refs", "intent",
                   out["triggeredIntent"]["name"], None)
    for path, o in visit(doc.get("expectedTestCaseResult", {})):
        if path and path[-1] == "toolUse" and "tool" in o:
            yield "toolUse.tool", "refs", "tool", tail(o["tool"]), None


def of_testcasev2(doc, _):
    for path, o in visit(doc.get("orderedExpectations", [])):
        if path and path[-1] == "toolUse" and "tool" in o:
            yield "toolUse.tool", "refs", "tool", tail(o["tool"]), None
        if path and path[-1] == "playbookInvocation" and "playbook" in o:
            yield ("playbookInvocation.playbook", "refs", "playbook",
                   tail(o["playbook"]), None)


FIELDS = {"agent": of_agent, "flow": of_flow, "page": of_flow,
          "routegroup": routes, "agentgroup": routes, "intent": of_intent,
          "entity": of_entity, "playbook": of_playbook,
          "example": of_example, "testcase": of_testcase,
          "testcasev2": of_testcasev2}
# soft always: an agent's group has no flow of its own, "@x" may be text
SOFT = {("agentgroup", "page"), ("entity", "entitytype"),
        ("testcasev2", "tool"), ("testcasev2", "playbook")}
# where deleted components left their bare UUID
STALE = {("testcase", "currentPage.name"), ("testcase", "testConfig.page"),
         ("testcase", "triggeredIntent.name")}


def scoped(scope, name):
    return "/".join(p.replace("%", "%25").replace("/", "%2F")
                    for p in (scope, name))


def components(files):
    """What has a record of its own: (file, kind, value, stars, owner)."""
    for path, data in files.items():
        for pattern, kind in WHOLE:
            m = re.fullmatch(pattern, path)
            if not m:
                continue
            stars = [unquote(s) for s in m.groups()]
            doc = json.loads(data) if path.endswith(".json") else {}
            owner = kind in OWNED and (OWNED[kind], stars[0])
            yield path, kind, doc, stars, owner
            break
        else:
            for pattern, key, kind, owner in LISTS:
                m = re.fullmatch(pattern, path)
                if not m:
                    continue
                stars = [unquote(s) for s in m.groups()]
                for value in json.loads(data)[key]:
                    yield path, kind, value, stars, (owner, stars[0])


def known(parts):
    """(kind, id) of each component, by its name and by its UUID."""
    found = set()
    for _, kind, doc, stars, _ in parts:
        name = doc.get("displayName")
        if kind in ("phrase", "entity", "excludedphrase", "prompt") or not \
                name:
            continue
        if kind in SCOPED + ("example",):
            name = scoped(stars[0], name)
        found.update([(kind, name), (kind, doc.get("name"))])
    return found


def stream(path):
    """Records by file, and what a reference can find."""
    records, found, order = {}, set(), []
    with open(path, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            if r["kind"][0] == "@":
                continue
            records.setdefault(r["file"], []).append(r)
            order.append(r)
            found.update((r["kind"], i) for i in
                         [r.get("id")] + r.get("alias", []) +
                         r.get("names", []))
    return records, found, order


class Check:
    def __init__(self, there, here):
        self.there, self.here = there, here
        self.counts, self.wrong = {}, []

    def say(self, *words):
        self.wrong.append(" ".join(map(str, words)))

    def reference(self, where, kind, wanted, name, said):
        """One value, in the package and in its record."""
        field, listed, target, value, _ = wanted
        soft = listed != "owner" and (
            (kind, target) in SOFT or value in SPECIAL.get(target, ()) or
            target == "entitytype" and value.startswith("sys."))
        ids = {s[2:] for s in said if s[:2] == (listed, target)}
        text = [i for i in ids if i[0] == name]
        row = self.counts.setdefault((kind, field, target), [0, 0, 0, 0])
        row[0] += 1
        hit = (target, name) in self.there
        row[1 if hit else 2 if soft else 3] += 1
        if not text:
            self.say("not in the stream:", where, field, target, name)
            return
        if text[0][1] != ("?" if soft else ""):
            self.say("soft" if text[0][1] else "hard", where, field, name)
        if hit != ((target, name) in self.here):
            self.say("resolves in one only:", where, field, target, name)
        if not hit and not soft and not (
                (kind, field) in STALE and UUID.fullmatch(value)):
            self.say("dangling:", where, field, target, name)

    def component(self, path, kind, doc, stars, owner, record):
        """One component's references with those of its record."""
        said, counted = [], set()
        for listed in ("owner", "needs", "links", "refs"):
            for text in record.get(listed, []):
                target, _, name = text.partition(":")
                said.append((listed, target.lstrip("?"), name,
                             "?" if target[0] == "?" else ""))
        wanted = list(FIELDS.get(kind, lambda *_: ())(
            doc, stars[0] if kind in ("flow",) + SCOPED else None))
        if kind == "flow":  # what is in it is in the flow of that name
            wanted = list(of_flow(doc, doc["displayName"]))
        if owner:
            wanted.append(("(folder)", "owner", owner[0], owner[1], None))
        for row in wanted:
            _, listed, target, value, scope = row
            name = value if scope is None else scoped(scope, value)
            self.reference(path, kind, row, name, said)
            counted.add((listed, target, name))
        for s in said:
            if s[:3] not in counted:
                self.say("only in the stream:", path, *s[:3])


def compare(package, path):
    """All of one package with its stream."""
    files = load(package)
    parts = list(components(files))
    records, here, order = stream(path)
    check = Check(known(parts), here)
    left = {path: list(rs) for path, rs in records.items()}
    for path, kind, doc, stars, owner in parts:
        record = left[path].pop(0) if left.get(path) else {"kind": "none"}
        if record["kind"] != kind:
            check.say(path, "is", record["kind"] + ", not", kind)
            continue
        check.component(path, kind, doc, stars, owner, record)
    patterns = [p for p, _ in WHOLE] + [row[0] for row in LISTS]
    for path, rs in left.items():
        if rs and any(re.fullmatch(p, path) for p in patterns):
            check.say(path, "has", len(rs), "records too many")
    if os.path.isdir(package):
        seen = set()
        for r in order:
            for name in r.get("owner", []):
                if name not in seen:
                    check.say(name, "comes after what it owns:", r["file"])
            seen.update(r["kind"] + ":" + i for i in
                        [r.get("id", "")] + r.get("alias", []))
    return check


def main():
    wrong = 0
    for i in range(1, len(sys.argv), 2):
        package = sys.argv[i]
        check = compare(package, sys.argv[i + 1])
        name = os.path.basename(package)
        if name == "agent.zip":
            name = os.path.basename(os.path.dirname(package))
        for (kind, field, target), n in sorted(check.counts.items()):
            print("%s %-10s %-27s %-10s %6d %6d %6d %6d" % (
                name, kind, field, target, *n))
        for line in check.wrong[:20]:
            print("%s: %s" % (name, line), file=sys.stderr)
        if len(check.wrong) > 20:
            print("%s: ... %d in all" % (name, len(check.wrong)),
                  file=sys.stderr)
        wrong += len(check.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
