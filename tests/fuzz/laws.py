# SPDX-License-Identifier: ISC
"""What must hold of any merge.  A finding is (law, kind of fault, words)."""
import json
import random
import re
from collections import Counter

import streams
from .model import View
from .tools import Bad, opened
from .world import permute, remint, shuffled


def formerly(ident, names):
    """An identity by the names that what is in it had before it was renamed."""
    if isinstance(ident, tuple):
        return tuple(formerly(i, names) for i in ident)
    return names.get(ident, ident)


def known_by(c):
    """What tells a part of something from others: in what, and its id there,
    for that may have come under another name."""
    own = c.ident[-1] if c.parent and isinstance(c.ident, tuple) else c.ident
    return c.kind.name, own, c.parent.mark if c.parent else None


class Case:
    """One merge: how is "pair", "self" (the target into itself), "copy" (a
    copy of it with new ids) or "mixed" (one whose ids stand for other things,
    in another order)."""

    def __init__(self, platform, target, source, how, mode, options):
        self.platform = platform
        self.target = target
        self.source = source
        self.how = how
        self.mode = mode
        self.options = options
        self.said = ""

    def sources(self):
        if self.how == "self":
            return self.target
        if self.how == "copy":
            return remint(self.platform, self.target, "x")
        if self.how == "mixed":
            r = random.Random(1)
            return shuffled(r, self.platform, permute(
                r, self.platform, self.target))
        return self.source

    def option(self, name):
        return [v for o, v in self.options if o == name]

    def args(self):
        words = [self.mode]
        for option, value in self.options:
            words += [option, value]
        return words


def check(tools, case):
    try:
        return Check(tools, case).all()
    except Bad as bad:
        return [("crash", str(bad.args[0]), bad.args[1][-600:])]


class Check:
    def __init__(self, tools, case):
        self.tools = tools
        self.case = case
        self.found = []

    def say(self, law, fault, *words):
        self.found.append((law, fault, " ".join(str(w) for w in words)))

    def all(self):
        t, case = self.tools, self.case
        source = case.sources()
        for package, name in (case.target, "T"), (source, "S"):
            code, said = t.put(package, name)
            if code:
                return [("unpack", "exit %d" % code, said[:300])]
        code, self.error = t.merge(case.args(), "T", "S", "R")
        planned, rows, plan_said = t.plan(case.args(), "T", "S")
        if code == 2 and self.case.options:
            return self.found    # neither side has such a kind or category
        if code not in (0, 1):
            self.say("merge", "exit %d" % code, self.error[:400])
            return self.found
        if code != planned:
            self.say("plan", "exit %d, but merge's is %d" % (planned, code),
                     self.error[:200], plan_said[:200])
        if code:
            case.said = "refused"
            return self.found
        case.said = "merged"
        self.plan = rows
        packed, data, said = t.packed("R")
        self.target = View(case.platform, case.target)
        self.source = View(case.platform, source)
        self.views = self.target, self.source
        if packed == 3 and 3 in (t.packed("T")[0], t.packed("S")[0]):
            return self.found    # as it would with one of the two
        if packed:
            self.say("1 pack", "exit %d: %s" % (packed, sort_of(said)),
                     said[:400])
            return self.found
        try:
            self.result, self.raw = opened(data)
        except ValueError as error:
            self.say("1 pack", "the result is no JSON", error)
            return self.found
        self.envelopes(data)
        self.after = View(case.platform, self.result)
        self.nameless = {c.kind.name for v in self.views for c in v.all
                         if not c.ident}
        self.streams = [t.read(n) for n in ("T", "S", "R")]
        self.identities()
        self.references()
        self.totals()
        case.platform.laws(self)
        if case.how == "pair":
            self.left_out()
            self.children()
            self.presence()
            self.again()
        else:
            self.nothing()
        return self.found

    # ---- 1: what is packed is what was merged

    def envelopes(self, data):
        t = self.tools
        with open(t.path("R.zip"), "wb") as f:
            f.write(data)
        code, said = t.unpack("R.zip", "U")
        if code:
            self.say("1 unpack", "exit %d" % code, said[:400])
            return
        for sort, details in streams.envelopes(t.path("R"), t.path("U")):
            self.say("1 envelope", sort, details)
            return

    # ---- 2: references

    def references(self):
        if "cannot be written in this place" in self.error:
            return    # a warning says that it leads nowhere now
        before = [v.dangling() for v in self.views]
        for key, lost in self.after.dangling().items():
            worst = max(len(b.get(key, ())) for b in before) * len(
                self.after.by_mark[key[0]])
            if len(lost) > worst:
                c = lost[0][0]
                self.say("2 dangling", "%s %s to %s" % (
                    c.kind.name, key[1], key[2]), c.mark,
                    "names", [w for _, w in lost])
        if self.case.how == "pair":
            for c in self.after.all:
                self.same_targets(c)

    def same_targets(self, c):
        if not c.marked or not self.sure(c):
            return
        have = self.targets(self.after, c)
        wrong = None
        for v in self.views:
            found = v.by_mark.get(c.mark, ())
            if len(found) != 1 or found[0].rev != c.rev:
                continue
            want = self.targets(v, found[0])
            extra = [h for h in have if self.all_sure(h[1]) and not any(
                h[0] == w[0] and (h[1] & w[1] or not w[1]) for w in want)]
            here = [(ref.path, {m for m in to if self.can_lead(ref, m)})
                    for ref, _, _, to in v.refs(found[0])]
            lost = [w for w in here if w[1] and not any(
                h[0] == w[0] and w[1] & h[1] for h in have)]
            gone = any(to and not left for (_, to), (_, left) in
                       zip(want, here))
            if not extra and (not lost or gone):
                return
            wrong = (extra, lost)
        if wrong:
            extra, lost = wrong
            self.say("2 other target", "%s %s" % (
                c.kind.name, (extra or lost)[0][0]), c.mark, "leads to",
                extra, "instead of", lost)

    def can_lead(self, ref, mark):
        """Whether what is marked so may be led to in the result: by its id
        only if the version that is there has one."""
        return mark.startswith("here:") or any(
            c.ident or ref.by != "id"
            for c in self.after.by_mark.get(mark, ()))

    @staticmethod
    def targets(view, c):
        return [(ref.path, set(to))
                for ref, _, _, to in view.refs(c)]

    def sure(self, c):
        """Its identity is there, and no side has it twice, as is that around
        it: of two of the other side either may have taken its place."""
        while c is not None:
            for v in self.views:
                for same in v.by_mark.get(c.mark, ()):
                    key = same.kind.name, same.ident
                    if not same.ident or any(each.count.get(key, 0) > 1
                                             for each in self.views):
                        return False
            if not c.ident:
                return False
            c = c.parent
        return True

    def all_sure(self, marks):
        """There are some, and each is of what is sure: what has no identity
        may have taken the place of another."""
        return marks and all(
            self.sure(c) for m in marks for c in self.after.by_mark.get(m, ()))

    # ---- 3: identities

    def apart(self, cs):
        """Each belongs to something else, though that be of one name: one
        of these may have an id, and another none."""
        owners = {frozenset(mark for ref, _, _, to in self.after.refs(c)
                            if ref.owner for mark in to) for c in cs}
        return len(owners) == len(cs)

    def identities(self):
        # whose is nobody's may be anybody's
        astray = {(c.kind.name, c.ident) for v in self.views for c in v.all
                  if any(ref.owner and not to for ref, _, _, to in v.refs(c))}
        before = {row["id"]: row["from"] for row in self.plan
                  if row.get("from")}
        # what keeps its name may have what has come under another one
        there = {t.word(p): s.word(p) for s in self.source.all
                 for t in self.target.by_mark.get(s.mark, ())
                 if s.marked for p in (*s.kind.ident, *s.kind.alias)
                 if p[0] not in "$^'."}
        # whose parent one side has twice may stand in either
        unsure = {(c.kind.name, c.ident) for c in self.after.all
                  if c.parent and any(v.count.get((
                      c.parent.kind.name, c.parent.ident), 0) > 1
                      for v in self.views)}
        for (kind, ident), n in self.after.count.items():
            if (kind, ident) in astray | unsure:
                continue
            names = {ident, formerly(ident, before), formerly(ident, there)}
            has = [max(v.count.get((kind, i), 0) for i in names)
                   for v in self.views]
            # only one of doubles goes on under another name
            most = sum(has) if len(names) > 1 and min(has) > 1 else max(has)
            if n > max(most, 1) and not self.apart(
                    [c for c in self.after.all
                     if (c.kind.name, c.ident) == (kind, ident)]):
                self.say("3 twice", kind, ident, n, "times, before", most)
        for view in self.views:
            if any(len(cs) > 1 for cs in view.by_mark.values()):
                return
        for mark, cs in self.after.by_mark.items():
            if len(cs) > 1 and cs[0].marked and self.sure(cs[0]) and \
                    not self.apart(cs) and \
                    (cs[0].kind.name, cs[0].ident) not in astray:
                self.say("3 mark twice", cs[0].kind.name, mark)

    # ---- 4: nothing to do

    def nothing(self):
        rows = [r for r in self.plan if "action" in r]
        if rows:
            self.say("4 " + self.case.how, "plan: %s %s" % (
                rows[0]["action"], rows[0]["kind"]), json.dumps(rows[:3]))
        self.same("4 " + self.case.how, "T", "R")

    def same(self, law, first, second):
        """Two streams that make the same package."""
        for sort, details in streams.differ(self.tools.path(first),
                                            self.tools.path(second)):
            self.say(law, sort, details)

    def again(self):
        if any(key[3] and key not in self.after.dangling()
               for key in self.target.dangling()):
            return    # what had lost its owner has found one
        t, args = self.tools, self.case.args()
        code, said = t.merge(args, "R", "S", "R2")
        if code == 2 and "has no kind" in said:
            return    # the policy's kind is gone, and the source has none
        if code:
            self.say("4 again", "exit %d" % code, said[:300])
            return
        self.same("4 again", "R", "R2")
        _, rows, _ = t.plan(args, "R", "S")
        rows = [r for r in rows if "action" in r]
        if rows:
            self.say("4 again", "plan: %s %s" % (
                rows[0]["action"], rows[0]["kind"]), json.dumps(rows[:3]))

    # ---- 5: the plan's counts are the real difference

    def totals(self):
        before, after = (records(self.streams[i]) for i in (0, 2))
        rows = Counter()
        told, renamed = Counter(), Counter()
        for row in self.plan:
            if "action" in row:
                rows[row["action"]] += 1
                told[row["kind"], row.get("id")] += 1
                if "from" in row:
                    renamed[row["kind"]] += 1
        totals = [r for r in self.plan if "totals" in r]
        words = {"add": "added", "replace": "replaced", "remove": "removed",
                 "rename": "renamed", "repair": "repaired"}
        for action, word in words.items():
            if totals and totals[0]["totals"].get(word, 0) != rows[action]:
                self.say("5 totals", word, totals[0]["totals"], dict(rows))
        for kind in {k for k, _ in list(before) + list(after)}:
            gone = sum(len(v) for (k, _), v in before.items() if k == kind)
            come = sum(len(v) for (k, _), v in after.items() if k == kind)
            adds, removes = (sum(
                r.get("action") == a and r["kind"] == kind for r in self.plan
                if "action" in r) for a in ("add", "remove"))
            if come - gone != adds - removes:
                self.say("5 counts", kind, "before", gone, "after", come,
                         "add", adds, "remove", removes)
        self.changes(before, after, told, renamed)

    def changes(self, before, after, told, renamed):
        """What has changed is told, and what is told has changed."""
        for key in set(before) | set(after):
            kind, name = key
            if not isinstance(name, str) or renamed:
                continue
            if name.endswith("#/exportOptions"):    # what there was elsewhere
                continue
            a, b = before.get(key, []), after.get(key, [])
            changed = len(a) != len(b) or any(
                bare(x) != bare(y) for x, y in zip(a, b))
            if changed and not told[key]:
                if len(a) > 1 and sorted(map(bare, a)) == sorted(map(bare, b)):
                    continue
                self.say("5 untold", kind, name, json.dumps([a, b])[:500])
            elif told[key] == 1 and not changed and len(a) == 1:
                self.say("5 told", kind, name, [
                    r for r in self.plan if r.get("kind") == kind and
                    r.get("id") == name][:2])

    # ---- 6: what --only leaves out

    def left_out(self):
        only = self.case.option("--only")
        if not only:
            return
        wanted = only[0].split(",")
        if any(r.get("action") == "rename" for r in self.plan):
            return

        def is_out(c):
            own = c.kind.category
            if any(own == x or own.startswith(x + "/") or
                   x.startswith(own + "/") for x in wanted):
                return False
            by = self.case.platform.held.get(own, ())
            return own and not any(x == h or x.startswith(h + "/")
                                   for x in wanted for h in by)
        repaired = {c.mark for c in self.target.all if self.lost(
            self.target, c)}
        # it goes with what it stands in, where that goes
        gone = {c.mark for c in self.target.all if c.parent and
                not is_out(c.parent) and not self.after.count.get(
                    (c.parent.kind.name, c.parent.ident), 0)}
        before, after = ([(c.kind.name, c.file, c.at[:-1], c.mark,
                           bare_value(c)) for c in v.all
                          if is_out(c) and c.mark not in repaired | gone]
                         for v in (self.target, self.after))
        before, after = ([(*x[:4], full(json.loads(x[4]))) for x in v]
                         for v in (before, after))
        if before != after:
            lost, new = ([x for x in a if x not in b] for a, b in (
                (before, after), (after, before)))
            kind = (lost or new or before)[0][0]
            self.say("6 only", kind, "was", lost[:2], "is", new[:2])

    def lost(self, view, c):
        """Something that it referred to is not in the result, or not by the
        word."""
        return any(to and (not any(m in self.after.by_mark for m in to) or
                           not self.after.leads(ref, c, at, word))
                   for ref, at, word, to in view.refs(c))

    # ---- 7: children

    def children(self):
        for c in self.after.all:
            if not c.parent or not c.marked or not self.sure(c):
                continue
            parents = [v.by_mark[c.mark][0].parent for v in self.views
                       if c.mark in v.by_mark and v.by_mark[c.mark][0].parent]
            if self.sure(c.parent) and \
                    c.parent.mark not in {p.mark for p in parents} and \
                    known_by(c.parent) not in map(known_by, parents):
                self.say("7 parent", c.kind.name, c.mark, "stands in",
                         c.parent.mark, "not in",
                         sorted(p.mark for p in parents))
        if self.case.mode != "incremental" or self.policed():
            return
        for c in self.target.all:
            if not c.parent or not self.sure(c) or \
                    c.mark in self.after.by_mark:
                continue
            other = self.source.by_mark.get(c.parent.mark)
            if other and c.mark not in self.source.by_mark and \
                    c.kind.part != "keep":
                continue
            if self.excused(c):
                continue
            self.say("7 vanished", c.kind.name, c.mark, "of", c.parent.mark,
                     "source has the parent" if other else
                     "source has not the parent")

    def excused(self, c):
        """It may go, for what it names is gone, or it is needed no more, or
        it may be another's pair, for some have no identity."""
        if c.kind.name in self.nameless:
            return True
        if c.kind.name in self.case.platform.orphans or \
                c.kind.part in ("clear", "union"):
            return True
        for v in self.views:
            for same in v.by_mark.get(c.mark, ()):
                if self.lost(v, same):
                    return True
                for ref, _, _, to in v.refs(same):
                    if ref.owner and any(m in self.source.by_mark
                                         for m in to):
                        return True
        up = c.parent
        while up:
            if up.mark not in self.after.by_mark:
                return True
            up = up.parent
        return False

    def policed(self):
        return bool(self.case.option("--policy"))

    # ---- 9: what both sides have, by the action of its kind

    def presence(self):
        if self.policed() or self.case.options or self.case.platform.partial(
                self.case.sources()):
            return
        part = self.case.mode == "incremental"
        for c in self.target.all:
            action = c.kind.part if part else c.kind.full
            stays = action in ("keep", "add", "if-none", "replace")
            if c.parent or not c.marked or not stays or \
                    c.mark in self.after.by_mark:
                continue
            if self.sure(c) and not self.excused(c):
                self.say("9 lost", c.kind.name, c.mark, "of the target")
        for c in self.source.all:
            action = c.kind.part if part else c.kind.full
            if c.parent or not c.marked or not self.sure(c) or \
                    self.excused(c):
                continue
            if action in ("replace", "replace-all"):
                rev = {x.rev for x in self.after.by_mark.get(c.mark, ())}
                if c.rev not in rev:
                    self.say("9 not imported", c.kind.name, c.mark,
                             "has", rev)


def bare(record):
    return json.dumps([record.get(k) for k in (
        "name", "type", "lang", "owner", "needs", "links", "refs", "alias")
        ] + [sorted(set(record.get("names") or [])),
             full(record.get("value"))], default=str)


def full(value):
    """A value without members that are empty, or are after that: these may
    be absent."""
    if isinstance(value, dict):
        found = {k: full(v) for k, v in value.items()}
        return {k: v for k, v in found.items() if v not in ([], {}, "", None)}
    return [full(v) for v in value] if isinstance(value, list) else value


def bare_value(c):
    """A component's own JSON, without its inner components and what is
    empty."""
    def prune(value, at):
        if at != c.at and at in c.inner:
            return None
        if isinstance(value, dict):
            found = {k: prune(v, at + (k,)) for k, v in value.items()
                     if at + (k,) not in c.inner}
            return {k: v for k, v in found.items() if v not in ([], {})}
        if isinstance(value, list):
            return [prune(v, at + (i,)) for i, v in enumerate(value)
                    if at + (i,) not in c.inner]
        return value
    return json.dumps(prune(c.value, c.at))


def records(stream):
    found = {}
    for r in stream:
        if r["kind"][0] != "@":
            name = r.get("id")
            if name is None and not r["at"].endswith("/-"):
                name = r["file"] + ("#" + r["at"] if r["at"] else "")
                key = r["kind"], name
            else:
                key = r["kind"], name if name is not None else (r["file"],
                                                                r["at"])
            found.setdefault(key, []).append(r)
    return found


def sort_of(said):
    """A message without the places and names in it."""
    words = said.strip().splitlines()
    line = words[0] if words else ""
    parts = [p for p in line.split(": ")[2:] if "/" not in p and "." not in p]
    return re.sub(r"\S+:\S+", "X", ": ".join(parts))[:60]
