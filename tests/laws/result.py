# SPDX-License-Identifier: ISC
"""What must hold of the result of a merge, of target and source.

Each law yields breaches: what sort it is, and the details."""
import collections

import kore_tables
from compare import members, said

TOTALS = {"add": "added", "replace": "replaced", "remove": "removed",
          "rename": "renamed", "repair": "repaired", "error": "errors"}


class Result:
    """Views of target, source and result; only: the categories of --only,
    or None; kinds: those that the tools know of; before: the target's files
    as pkg-pack writes them."""

    def __init__(self, target, source, result, only, kinds, before):
        self.t, self.s, self.r = target, source, result
        self.scope, self.before = only, before
        self.whole = frozenset(kore_tables.OPTIONAL - kinds)
        self.kore = target.app.platform == "kore"
        self.renamed = dict(self.renames())

    def renames(self):
        """(kind, id) of the target's that has another name in the source,
        and that one."""
        if self.kore:
            return
        uuids = {(r.kind, w): r.id for r in self.s.app.records()
                 for w in r.words.get("name", ())}
        for r in self.t.app.records():
            for w in r.words.get("name", ()):
                new = uuids.get((r.kind, w))
                if new and new != r.id and (r.kind, r.id) not in self.s.by_id:
                    yield (r.kind, r.id), new

    # ---- nothing leads nowhere that did not

    def dangle(self):
        known = self.t.dangling() | self.s.dangling()
        for ref in self.r.lost():
            names = [(name, ref.path, ref.kind, ref.word)
                     for name in self.r.names(ref.holder)]
            sort = "%s %s leads to no %s" % (
                ref.holder.kind, ref.path, ref.kind)
            if ref.soft:
                if self.stale(ref) and not any(
                        n in self.t.dangling() for n in names):
                    yield sort + " by an old word", repr(ref)
            elif not any(n in known for n in names) and \
                    not self.unnamed(ref):
                yield sort, repr(ref)
        yield from self.foreign()

    def unnamed(self, ref):
        """A Kore app whose settings were cleared has no refId, by which
        events name it; what names the app is kept as it is."""
        return self.kore and ref.kind == "app" and ref.by == "" and \
            "refId" not in self.r.app.app

    def stale(self, ref):
        """A soft one may lead nowhere; but not by the old word to what is
        there under another."""
        for side in (self.s, self.t):
            found = side.app.finds(ref)
            if ref.inside is not None:
                found = [r for r in side.app.known().get(
                    (ref.kind, ref.by, ref.word), ())
                    if r.parent.id == ref.inside.id]
            if any((r.kind, r.id) in self.r.by_id for r in found):
                return True
        return False

    def foreign(self):
        """What belongs to an app or agent, and is another's."""
        if self.kore:
            old, new = (index_ids(v.app.app) for v in (self.t, self.r))
            for language in old:
                if new.get(language, old[language]) != old[language]:
                    yield ("dialoggptsetting searchIndexId is another app's",
                           new[language])
            return
        own = self.t.app.agents or self.s.app.agents
        for path in sorted(self.r.app.agents - own):
            yield "a resource path is another agent's", path
        for path in sorted(self.r.app.others - self.t.app.others -
                           self.s.app.others):
            yield "a resource path is neither's", path

    # ---- no identity is there twice that was not

    def twice(self):
        for key, rs in self.r.by_id.items():
            most = max(len(self.t.by_id.get(key, ())),
                       len(self.s.by_id.get(key, ())), 1)
            if len(rs) > most:
                yield "%s by its identity" % key[0], "%r, %d times" % (
                    rs[0], len(rs))
        now, *before = (collections.Counter(v.words())
                        for v in (self.r, self.t, self.s))
        for key, n in now.items():
            if n > max(before[0][key], before[1][key], 1):
                yield "%s by its %s" % key[:2], "%s, %d times" % (key[2], n)
        if not self.kore:
            for name, n in collections.Counter(
                    map(str.lower, self.r.app.files)).items():
                if n > 1:
                    yield "files that differ in case alone", name

    # ---- what --only leaves out is as it was

    def only(self):
        if self.scope is None:
            return
        clean, touched = set(), set()
        for place in {**self.t.places, **self.r.places}:
            t, r = (v.places.get(place, []) for v in (self.t, self.r))
            same = [said(x) for x in t] == [said(x) for x in r]
            if self.wanted((t or r)[0]) or place[2] == "/exportOptions":
                same = False
            elif not same:
                yield from self.changes(t, r)
            (clean if same else touched).add(file_part(place))
        yield from self.bytes(clean - touched)

    def wanted(self, record):
        category = record.category
        if category == "app" and self.kore:
            category = "settings/botSettings"
        return any(category == c or category.startswith(c + "/")
                   for c in self.scope)

    def changes(self, before, after):
        left = collections.defaultdict(list)
        for r in after:
            left[r.id].append(r)
        for t in before:
            if not left[t.id]:
                if not self.repaired(t) and not self.owner_gone(t):
                    yield t.kind + " is gone", repr(t)
                continue
            r = left[t.id].pop(0)
            if counted(t) != counted(r) and not self.repaired(t) and \
                    not opened(t.value, r.value):
                yield t.kind + " is changed", repr(t)
        for rs in left.values():
            for r in rs:
                yield r.kind + " is added", repr(r)

    def repaired(self, record):
        """Whether the target's led to what is not there any more."""
        return any((found.kind, found.id) not in self.r.by_id
                   for ref in self.t.references_of(record)
                   for found in self.t.app.finds(ref))

    def owner_gone(self, record):
        owner = record.parent
        if owner is None:
            return False
        if not isinstance(owner, tuple):
            return (owner.kind, owner.id) not in self.r.by_id
        key = owner[0], (owner[1],)
        return (owner[0], self.renamed.get(key, key[1])) not in self.r.by_id

    def bytes(self, parts):
        """What says the same is written the same."""
        t, r = self.before, self.r.app.files
        for name in t:
            if name.endswith("inition.json") and self.kore:
                old, new = (members(f[name].decode("utf-8", "surrogatepass"))
                            for f in (t, r))
                for key, (value, text) in old.items():
                    if (name, key) in parts and new.get(key) != (value, text):
                        yield "bytes of a member", "%s: %s" % (name, key)
            elif (name, "") in parts and t[name] != r.get(name):
                yield "bytes of a file", name

    # ---- what the plan counts is the difference

    def plan(self, plan, last):
        """Of what is not told each old one has a new one: such pairs differ
        in nothing that counts, such as the id by which one refers to what is
        the same."""
        t, r = self.t.contents(self.whole), self.r.contents(self.whole)
        told = collections.defaultdict(collections.Counter)
        for line in plan:
            told[line["kind"]][line["action"]] += 1
        for kind in sorted({*t, *r, *told} - {"raw", "file", "more"}):
            gone = sum((t[kind] - r[kind]).values())
            come = sum((r[kind] - t[kind]).values())
            n = told[kind]
            both = n["replace"] + n["repair"] + n["rename"]
            rest = gone - both - n["remove"]
            if rest < 0 or rest != come - both - n["add"]:
                yield kind, "%d of the target and %d of the result are not " \
                    "in the other, planned: %s" % (
                        gone, come, dict(n) or "none")
        totals = {k: v for k, v in (last.get("totals") or {}).items() if v}
        lines = collections.Counter(TOTALS[p["action"]] for p in plan)
        if totals != lines:
            yield "totals", "are %s, of lines %s" % (totals, dict(lines))


def counted(record):
    """What a record says, without what counts something else."""
    if record.kind != "intent":
        return said(record)
    return {k: v for k, v in record.value.items()
            if k != "numTrainingPhrases"}


def opened(old, new):
    """Whether it is the same, with containers for what comes into them."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() <= new.keys() and all(
            opened(old[k], v) if k in old else hollow(v)
            for k, v in new.items())
    return repr(old) == repr(new)


def hollow(value):
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and all(map(hollow, value))


def file_part(place):
    """The file, and the member of it, that a place is in."""
    _, file, at = place
    return file, at[1:].split("/")[0]


def index_ids(app):
    return {e.get("language"): e.get("searchIndexId")
            for e in app.get("dialogGPTSettings") or ()}
