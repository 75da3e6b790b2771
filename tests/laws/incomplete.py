#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""incomplete.py -c BIN [-k] [-n REMOVALS] [-p PACKAGES] [-s SEED] [PACKAGE ...]

Packages of which a part was taken away, and whether the tools say so.  A
PACKAGE is what laws.py takes, or the word corpus or invented; without any,
both of these.  A part is one of its files or folders, or one component that
another refers to.  What is left is unpacked, merged into an empty package, full and
incremental, and packed.  Which references then lead nowhere is counted from
the package's own files, by the readers of package.py.

Each that is not soft must be told: by a tool that refuses what is left, with
an exit status and a message, or by a line of the plan, which says whose
reference it is and what is missing; of what belongs to the missing, one line
is enough.  The merge must exit as its plan does.  What the plan tells beside
that must be told of the whole package, too.

pkg-check must find each of them, once in each component that has it, and no
other: those that an import misses as errors (ERRORS).  With -k nothing else
is tried.

REMOVALS are drawn from each package, by SEED, a sort after the other, or all
are taken; and of PACKAGES, if so many are enough.  Prints each sort of
difference once, with a case of it, and the figures.  Exits 1 if there is a
difference.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import sys

import draw
from bench import CORPUS, Bench
from package import load
from takeaway import Package, write

TOLD = re.compile(r"(\S+) .*: neither side has ([^:\s]+):(.*), (?:to which "
                  r"it leads|to which it (belongs)|which it mentions)", re.S)
EMPTY = {
    "xo10": ("botDefinition.json", {"_id": "st-0", "refId": "empty"}),
    "xo11": ("appDefinition.json", {"_id": "st-0", "refId": "empty"}),
    "cx": ("agent.json", {"displayName": "Empty", "timeZone": "Etc/UTC",
                          "defaultLanguageCode": "en"}),
}


FOUND = re.compile(r"(?:belongs to|needs|links to|refers to) ([^:]+):(.*), "
                   r"which is not there", re.S)


class Trial:
    """Files of a package, put through the tools.

    refused  what a tool says that refuses them, or None
    told     {mode: Counter of (kind of holder, kind, word)}
    checked  Counter of (severity, kind of holder, kind, word)
    wrong    what must not be, whatever the files are
    """

    def __init__(self, bench, empty, files, only_check):
        self.bench, self.empty = bench, empty
        self.checked = collections.Counter()
        self.folder = os.path.join(bench.folder, "incomplete")
        self.stream, self.result, self.zip = (
            self.folder + end for end in (".nd", ".merged.nd", ".zip"))
        self.refused, self.told, self.wrong = None, {}, []
        shutil.rmtree(self.folder, ignore_errors=True)
        write(self.folder, files)
        self.run(only_check)

    def run(self, only_check):
        self.check()
        if only_check or self.tool("pkg-unpack", self.folder,
                                   out=self.stream):
            return
        for mode in ("full", "incremental"):
            self.merge(mode)

    def check(self):
        """What pkg-check finds."""
        status, text, said = self.bench.run(
            "pkg-check", "-q", "--format", "json", "--only",
            "dangling,dangling-link,missing-part", self.folder)
        if status > 1:
            self.refused = "pkg-check exits %d: %s" % (status, said)
            return
        for f in map(json.loads, text.splitlines()):
            m = FOUND.fullmatch(f["message"])
            if m:
                self.checked[f["severity"], f["kind"], m[1], m[2]] += 1
            else:
                self.refused = "pkg-check: " + f["message"]
        if (status == 1) != bool(text):
            self.wrong.append("pkg-check exits %d" % status)

    def tool(self, name, *args, out=None):
        """Its exit status; what it refuses is kept."""
        status, _, said = self.bench.run(name, "-q", *args, out=out)
        if status:
            self.refused = "%s exits %d: %s" % (name, status, said)
            if not said:
                self.wrong.append("%s exits %d without a word" % (
                    name, status))
        return status

    def merge(self, mode):
        args = [mode, "--into", self.empty, self.stream]
        planned, text, _ = self.bench.run("pkg-merge", "-q", "--plan=json",
                                          *args)
        last = json.loads(text.splitlines()[-1]) if text else {}
        self.hear(mode, last.get("fails", []) + last.get("notes", []))
        status, _, said = self.bench.run("pkg-merge", "-q", *args,
                                         out=self.result)
        if status != planned:
            self.wrong.append("merge exits %d, plan %d" % (status, planned))
        if status == 1 and last.get("fails"):
            if not said:
                self.wrong.append("merge exits 1 without a word")
            status = self.tool("pkg-merge", "--allow", "missing,languages",
                               *args, out=self.result)
        elif status:
            self.refused = "pkg-merge exits %d: %s" % (status, said)
        if status == 0:
            self.tool("pkg-pack", "-f", "-o", self.zip, self.result)

    def hear(self, mode, lines):
        self.told[mode] = collections.Counter()
        for line in lines:
            m = TOLD.fullmatch(line)
            if m:
                self.told[mode]["*" if m[4] else m[1], m[2], m[3]] += 1


class Case:
    """A package without one of its parts: what is lost, what is told."""

    def __init__(self, package, removal, whole, trial):
        self.package, self.removal = package, removal
        self.whole, self.trial = whole, trial
        self.found = [(w, w) for w in trial.wrong]
        lost = package.lost(removal)
        self.hard = collections.defaultdict(set)
        for ref in lost:
            if not ref.soft:
                self.hard[self.key(ref)].add(id(ref.holder))
        self.soft = {self.key(ref) for ref in lost if ref.soft}
        self.refs = {self.key(ref): ref for ref in lost}
        if not trial.refused:
            self.compare_check(lost)
        for mode in trial.told:
            self.compare(mode)

    def key(self, ref):
        owner = ref.path == "(folder)" or (
            ref.holder.kind, ref.path) in OWNERS
        return ("*" if owner else ref.holder.kind, ref.kind,
                self.package.word(ref))

    def compare(self, mode):
        told = self.trial.told[mode] - self.whole.told[mode]
        for key, holders in self.hard.items():
            if key[0] != "*":  # what belongs to it is told of as that
                holders = holders - self.hard.get(("*", *key[1:]), set())
            if not holders:
                continue
            ref = self.refs[key]
            if not self.imports(mode, ref.holder):
                continue
            name = "%s of %s to %s" % (ref.path, ref.holder.kind, ref.kind)
            if not told[key]:
                self.say(mode, "not told: " + name, ref)
            elif key[0] != "*" and told[key] != len(holders):
                self.say(mode, "told of %d, not of %d: %s" % (
                    told[key], len(holders), name), ref)
        for key in told:
            if key not in self.hard and key not in self.soft:
                self.say(mode, "told, but not lost: %s to %s" % key[:2],
                         key[2])

    def compare_check(self, lost):
        """Each reference is found, once in a component, of its severity."""
        hard, errors, refs = collections.defaultdict(set), set(), {}
        may = set()
        for ref in lost:
            key = ref.holder.kind, ref.kind, self.package.word(ref)
            if ref.soft:
                may.add(("warning", *key))
                continue
            hard[key].add(id(ref.holder))
            refs[key] = ref
            if ref.path == "(folder)" or (ref.holder.kind, ref.path) in ERRORS:
                errors.add((key, id(ref.holder)))
        told = self.trial.checked - self.whole.checked
        wanted = collections.Counter(
            ("error" if (key, holder) in errors else "warning", *key)
            for key in hard for holder in hard[key])
        for level, *key in sorted(wanted | told):
            key, n = tuple(key), told[(level, *key)]
            if n != wanted[(level, *key)] and (level, *key) not in may:
                self.say("check", "%d %ss, not %d: %s to %s" % (
                    n, level, wanted[(level, *key)], *key[:2]),
                    refs.get(key, key[2]))

    def imports(self, mode, holder):
        """Whether an import takes it: an incremental one no agent of
        Dialogflow CX where there is one, none a part of a group that the
        export's options say it has none of."""
        app = self.package.app
        if app.platform != "kore":
            return mode == "full" or holder.kind != "agent"
        group = holder.category.split("/")[0]
        options = app.app.get("exportOptions") or {}
        return options.get("settings" if group == "app" else group) != []

    def say(self, mode, sort, ref):
        self.found.append((sort, "%s: %s" % (mode, ref)))

    def outcome(self):
        if self.found:
            return "differences"
        if self.trial.refused:
            return "refused: " + self.trial.refused.split(":")[0]
        if self.hard:
            return "told"
        return "soft" if self.soft else "nothing refers to it"


# beside those of folders
OWNERS = {("utterance", "taskId"), ("pattern", "refId"),
          ("dialogintent", "."), ("scene", "dialogRefId"),
          ("scenecomponent", "sceneId"), ("flowstep", "cfId"),
          ("flowmessage", "cfId")}


# what an import misses; pkg-check has a warning of all else
ERRORS = OWNERS | {(kind, path) for kind, paths in {
    "dialog": """nodes/-/componentId nodes/-/nodes/-/componentId sceneRefId
        nodes/-/flowTaskId nodes/-/dialogRefId nodes/-/toolInstances/-/toolRefId
        nodes/-/toolInstances/-/nodes/-/componentId""",
    "component": "nodes/-/componentId dialogId resourceId",
    "scene": "components/# dialogLinks/#",
    "faq": "dialogRefId",
    "widget": "source/resource",
    "tool": "tool_actions/-/action_id",
    "flow": """config/cfId intent webhook targetFlow targetPlaybook targetPage
        transitionRouteGroups agentTransitionRouteGroups generator entityType
        """,
    "page": """intent webhook targetFlow targetPlaybook targetPage generator
        transitionRouteGroups agentTransitionRouteGroups entityType""",
    "routegroup": """intent webhook targetFlow targetPlaybook targetPage
        generator""",
    "agentgroup": "intent webhook targetFlow targetPlaybook generator",
    "flowstep": """taskDefinition/messageToUser
        taskDefinition/uxoautomation/refId
        taskDefinition/uxoautomation/taskRefId""",
    "agent": "startFlow startPlaybook",
    "intent": "entityType",
    "playbook": """referencedPlaybooks referencedFlows referencedTools webhook
        toolUse.tool""",
}.items() for path in paths.split()}


class Drive:
    def __init__(self, bench, args):
        self.bench, self.args = bench, args
        self.outcomes = collections.Counter()
        self.sorts, self.empties = collections.Counter(), {}
        self.references = collections.Counter()

    def empty(self, edition):
        if edition not in self.empties:
            name, value = EMPTY[edition]
            folder = os.path.join(self.bench.folder, edition)
            write(folder, {name: json.dumps(value).encode()})
            self.empties[edition] = self.bench.stream(folder)
        return self.empties[edition]

    def drawn(self, word, removals):
        """A removal of each sort, then another of each, and so on."""
        lots = random.Random("%d %s" % (self.args.seed, word))
        sorts = collections.defaultdict(list)
        for r in removals:
            sorts[r.sort].append(r)
        for found in sorts.values():
            lots.shuffle(found)
        left = list(sorts.values())
        lots.shuffle(left)
        drawn = []
        while left:
            drawn += [found.pop() for found in left]
            left = [found for found in left if found]
        return drawn[:self.args.removals]

    def run(self, word):
        package = Package(load(self.bench.find(word)))
        empty = self.empty(package.app.edition)
        whole = Trial(self.bench, empty, package.app.files,
                      self.args.only_check)
        if whole.refused:
            self.count([("the whole package is refused", whole.refused)],
                       word, "")
            return
        for removal in self.drawn(word, package.removals()):
            trial = Trial(self.bench, empty, package.without(removal),
                          self.args.only_check)
            case = Case(package, removal, whole, trial)
            self.outcomes[case.outcome()] += 1
            self.references["hard"] += sum(map(len, case.hard.values()))
            self.references["soft"] += len(case.soft)
            self.count(case.found, word, removal)

    def count(self, found, word, removal):
        for sort, details in dict(found).items():
            self.sorts[sort] += 1
            if self.sorts[sort] == 1:
                print("%s without %s: %s\n\t%s" % (word, removal, sort,
                                                   details), flush=True)

    def summary(self, packages):
        print("%d packages, %d removals, seed %d: %d references lost, %d soft "
              "ones" % (packages, sum(self.outcomes.values()),
                        self.args.seed, self.references["hard"],
                        self.references["soft"]))
        for outcome, n in sorted(self.outcomes.items()):
            print("%6d  %s" % (n, outcome))
        for sort, n in sorted(self.sorts.items()):
            print("%6d  %s" % (n, sort))


def arguments():
    ask = argparse.ArgumentParser(usage=__doc__.split("\n\n", 1)[0])
    ask.add_argument("-c", dest="tools", required=True)
    ask.add_argument("-k", dest="only_check", action="store_true")
    ask.add_argument("-n", dest="removals", type=int)
    ask.add_argument("-p", dest="enough", type=int)
    ask.add_argument("-s", dest="seed", type=int, default=1)
    ask.add_argument("packages", nargs="*")
    return ask.parse_args()


def main():
    args = arguments()
    words = []
    for word in args.packages or ["corpus", "invented"]:
        found = {"corpus": draw.corpus, "invented": draw.invented}.get(
            word, lambda: [word])()
        if not found:
            print("skipped: no real packages in %s" % CORPUS)
        words += found
    if args.enough is not None and args.enough < len(words):
        words = random.Random(args.seed).sample(words, args.enough)
    bench = Bench(args.tools)
    drive = Drive(bench, args)
    try:
        for word in words:
            drive.run(word)
    finally:
        bench.close()
    drive.summary(len(words))
    return 1 if drive.sorts else 0


if __name__ == "__main__":
    sys.exit(main())
