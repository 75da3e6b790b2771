#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""laws.py BIN MODE TARGET SOURCE [OPTION ...]: the laws of a merge.

The tools are in the folder BIN.  MODE is full or incremental.  TARGET and
SOURCE are packages: zips or folders, patterns in the corpus, or what
invent.py makes of EDITION:APP.STATE, such as xo11:3.0.  SOURCE may be the
word same (the target itself) or copy or copy:SEED (what remint.py makes of
it).  Options are those of pkg-merge.  The laws, from the packages' own
files, which package.py reads:

  dangle  nothing leads nowhere in the result that did not in target or
          source
  twice   no identity is there twice that was not
  again   a merge with itself or with its copy, and a second one of the same
          source, changes nothing, and has an empty plan
  plan    what the plan counts is the difference between target and result;
          it is that which pkg-diff tells, and a reason of each
  pack    pkg-pack takes what pkg-merge writes
  unpack  what was packed says in each envelope what was merged
  only    what --only leaves out is as it was, byte for byte

Prints each breach: the law, its sort, the details, with tabs between them.
Exits 1 if there is one, 2 if a package is not there; a merge that is refused
breaks no law, and is told of.
"""
import json
import os
import re
import shlex
import shutil
import sys

import streams
from bench import ROOT, Bench, Trouble
from compare import View
from result import Result

# policies that change a copy's original: one brings the copy's hashes
OTHERWISE = re.compile("=clear$|^setting=replace")


class Merge:
    """One merge, looked at.

    found    [(law, sort, details)]
    refused  why pkg-merge would not do it, or None
    """

    def __init__(self, bench, mode, target, source, options=()):
        self.bench, self.mode, self.options = bench, mode, list(options)
        self.words = target, source
        self.target = bench.find(target)
        self.source = self.target and bench.source(self.target, source)
        self.folder = os.path.join(bench.folder, "merge")
        self.found, self.refused = [], None

    def command(self):
        """A line of shell that does it again, at the project's root."""
        return " ".join(map(shlex.quote, [
            "tests/laws/laws.py", os.path.relpath(self.bench.tools, ROOT),
            self.mode, *self.words, *self.options]))

    def check(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)
        try:
            self.look()
        except Trouble as trouble:
            self.found.append(trouble.args)
        return self.found

    def say(self, law, breaches):
        self.found.extend((law, *breach) for breach in breaches)

    def merge(self, into, source, out, *more):
        return self.bench.run("pkg-merge", "-q", "--allow",
                              "empty,unrelated,languages",
                              self.mode, *self.options, *more, "--into", into, source, out=out)

    def planned(self, into, source):
        """Exit status, the lines that tell of a change, the last one."""
        status, text, _ = self.merge(into, source, None, "--plan=json")
        lines = [json.loads(line, parse_float=str)
                 for line in text.splitlines()]
        return (status, [p for p in lines if "action" in p],
                lines[-1] if lines else {})

    def look(self):
        t, s = (self.bench.stream(p) for p in (self.target, self.source))
        r = os.path.join(self.folder, "r.nd")
        status, _, said = self.merge(t, s, r)
        planned, plan, last = self.planned(t, s)
        if planned != status:
            self.say("plan", [("exit status", "the merge exits %d, its plan "
                               "%d: %s" % (status, planned, said))])
        if status == 1:
            self.refused = said
            return
        if status:
            raise Trouble("pack", "pkg-merge exits %d" % status, said)
        self.say("plan", self.shown(t, r, plan))
        packed = self.pack(r)
        self.second(r, s)
        if packed:
            self.result(packed, t, s, plan, last)

    def shown(self, t, r, plan):
        """The plan and the differences, each of which has a reason."""
        status, text, said = self.bench.run("pkg-diff", "-q", "--json", t, r)
        if status != (1 if plan else 0):
            yield "pkg-diff exits %d" % status, said
        want = [json.loads(line, parse_float=str)
                for line in text.splitlines()]
        have = [{k: v for k, v in p.items()
                 if k not in ("action", "from", "why")} for p in plan]
        for old, new in zip(have, want):
            if old != new:
                yield "pkg-diff tells otherwise", "%.200s: %.200s" % (old, new)
        if len(have) != len(want):
            yield "pkg-diff tells otherwise", "%d differences, planned: %d" \
                % (len(want), len(have))
        for p in plan:
            if not p.get("why"):
                yield "no reason for " + p["action"], repr(p)[:200]

    def pack(self, r):
        """The packed result, or None."""
        packed, u = (os.path.join(self.folder, n) for n in ("r.zip", "u.nd"))
        status, _, said = self.bench.run("pkg-pack", "-q", "-o", packed, r)
        if status:
            self.say("pack", [("pkg-pack exits %d" % status, said)])
            return None
        status, _, said = self.bench.run("pkg-unpack", "-q", packed, out=u)
        if status:
            self.say("unpack", [("pkg-unpack exits %d" % status, said)])
            return None
        self.say("unpack", streams.envelopes(r, u))
        return packed

    def second(self, r, s):
        """The same source once more."""
        out = os.path.join(self.folder, "second.nd")
        status, _, said = self.merge(r, s, out)
        if status:
            self.say("again", [("second: exits %d" % status, said)])
            return
        plan = self.planned(r, s)[1]
        self.say("again", lines_of(plan, "second"))
        if not plan:
            self.say("again", streams.differ(r, out))

    def result(self, packed, t, s, plan, last):
        kinds = self.bench.kinds
        only = self.options[self.options.index("--only") + 1].split(",") \
            if "--only" in self.options else None
        target, source = (self.bench.view(p)
                          for p in (self.target, self.source))
        result = Result(target, source, View(packed), only,
                        kinds[t] | kinds[s] | {p["kind"] for p in plan},
                        self.bench.packed(self.target))
        self.say("dangle", result.dangle())
        self.say("twice", result.twice())
        self.say("only", result.only())
        self.say("plan", result.plan(plan, last))
        word = "same" if self.source == self.target else \
            self.words[1].split(":")[0]
        if word in ("same", "copy") and not any(
                map(OTHERWISE.search, self.options)):
            self.unchanged(word, plan, result)

    def unchanged(self, word, plan, result):
        self.say("again", lines_of(plan, word))
        old, new = result.before, result.r.app.files
        if not plan:
            self.say("again", [(word + ": changes a file", name)
                               for name in {**old, **new}
                               if old.get(name) != new.get(name)])


def lines_of(plan, word):
    for p in plan:
        yield ("%s: %s %s" % (word, p["action"], p["kind"]),
               "%s: %s" % (p.get("id"), p.get("why", "")[:200]))


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    bench = Bench(sys.argv[1])
    try:
        merge = Merge(bench, *sys.argv[2:5], sys.argv[5:])
        if not merge.source:
            print("laws.py: there is no package %s" % " or ".join(
                merge.words), file=sys.stderr)
            return 2
        for breach in merge.check():
            print("\t".join(breach))
        if merge.refused:
            print("refused: " + merge.refused, file=sys.stderr)
    finally:
        bench.close()
    return 1 if merge.found else 0


if __name__ == "__main__":
    sys.exit(main())
