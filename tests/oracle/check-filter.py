#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What pkg-filter-status left and what it dropped, worked out again.

check-filter.py MAP MODE MARKED OUT REJECTS

MARKED is the input with a status on each task (--mark), OUT and REJECTS what
the filter made of it.  Everything is computed anew in another way: liveness is
spread from what stands by itself, over and over, until nothing changes.
"""
import json
import sys


def kinds_of(path):
    """kind -> task, orphan, through, and references that end a record"""
    kinds, kind = {}, None
    for line in open(path, encoding="utf-8"):
        words = line.split("#")[0].split()
        if not words:
            continue
        if not line[0].isspace():
            kind = None
            if words[0] == "kind":
                kind = kinds.setdefault(
                    words[1],
                    {"task": False, "orphan": False, "through": None,
                     "ends": set(), "keeps": set()},
                )
                kind["task"] |= words[2:] == ["task"]
            continue
        if kind is None:
            continue
        if words[0] == "orphan":
            kind["orphan"] = True
        if words[0] == "owner" and "through" in words:
            kind["through"] = words[words.index("through") + 1]
        if words[0] in ("needs", "links", "refs") and "lost" in words:
            what = words[words.index("lost") + 1:]
            key = (words[0], words[1].lstrip("?"))
            if what == ["drop", "record"]:
                kind["ends"].add(key)
            if what == ["keep"]:
                kind["keeps"].add(key)
    return kinds


NONE = {"task": False, "orphan": False, "through": None, "ends": set(),
        "keeps": set()}
NEWER = ["published", "in-progress", "configured", "awaiting-approval",
         "upgrade-in-progress"]


def read(path):
    lines = open(path, encoding="utf-8").read().split("\n")
    assert lines.pop() == "", path + ": no newline at the end"
    assert json.loads(lines[0])["kind"] == "@stream", path
    assert json.loads(lines[-1])["kind"] == "@end", path
    return lines[1:-1]


def words_of(r):
    ids = [r["id"]] if "id" in r else []
    return ids + r.get("alias", []) + r.get("names", [])


class Stream:
    def __init__(self, lines, kinds):
        self.records = [json.loads(line) for line in lines]
        self.kind = [kinds.get(r["kind"], NONE) for r in self.records]
        self.find = {}
        for i, r in enumerate(self.records):
            for word in words_of(r):
                self.find.setdefault(r["kind"] + ":" + word, []).append(i)
        self.parents()

    def parents(self):
        """the record that each one stands in; files hold their records"""
        self.parent, around = [], []
        for i, r in enumerate(self.records):
            if r["kind"] == "@file":
                around = [(i, None)]
                self.parent.append(None)
                continue
            at = r.get("at")
            while len(around) > 1 and not (
                at is not None and at.startswith(around[-1][1] + "/")
            ):
                around.pop()
            self.parent.append(around[-1][0])
            if at is not None:
                around.append((i, at))

    def targets(self, i, name):
        for ref in self.records[i].get(name, []):
            yield ref, self.find.get(ref.lstrip("?"), [])

    def owners(self, i):
        return [t for _, found in self.targets(i, "owner") for t in found]

    def spread(self, gone):
        """what is held by something that stands by itself"""
        held_by = {}
        for i in range(len(self.records)):
            for _, found in self.targets(i, "needs"):
                for t in found:
                    held_by.setdefault(i, []).append(t)
            for t in self.owners(i):
                held_by.setdefault(t, []).append(i)
        todo = [
            i for i in range(len(self.records))
            if i not in gone and not self.owners(i)
            and (not self.kind[i]["orphan"] or i in self.lonely)
        ]
        live = set(todo)
        while todo:
            for t in held_by.get(todo.pop(), []):
                if t not in live and t not in gone:
                    live.add(t)
                    todo.append(t)
        return live

    def fall(self, gone):
        everything = set(range(len(self.records)))
        self.lonely = set()
        self.lonely = everything - self.spread(set())
        self.held = self.lonely
        gone = set(gone)
        while True:
            before = len(gone)
            live = self.spread(gone) | (self.loose(gone))
            gone |= everything - live
            for i in everything - gone:
                if self.ends(i, gone):
                    gone.add(i)
            if len(gone) == before:
                return gone

    def loose(self, gone):
        """what nothing held in the input either, unless it hangs on gone"""
        return {
            i for i in self.lonely if i not in gone and not (
                self.owners(i) and all(o in gone for o in self.owners(i)))
        }

    def ends(self, i, gone):
        p = self.parent[i]
        if p is not None and p in gone:
            return True
        for name in ("needs", "links", "refs"):
            for ref, found in self.targets(i, name):
                kind = ref.lstrip("?").split(":")[0]
                if found and all(t in gone for t in found) and \
                        (name, kind) in self.kind[i]["ends"]:
                    return True
        through = self.kind[i]["through"]
        for o in self.owners(i) if through else []:
            own = [t for t in self.owners(o)
                   if self.records[t]["kind"] == through]
            if own and all(t in gone for t in own):
                return True
        return False


def tasks_gone(s, mode):
    versions = {}
    for i, r in enumerate(s.records):
        if s.kind[i]["task"]:
            key = (r["kind"], r.get("id", i))
            versions.setdefault(key, []).append(i)
    gone = set()
    for group in versions.values():
        status = {i: s.records[i].get("status") for i in group}
        newest = max([NEWER.index(v) for v in status.values()
                      if v in NEWER], default=None)
        for i in group:
            if status[i] is None:
                continue
            if mode == "published":
                kept = status[i] == "published"
            else:
                kept = status[i] in NEWER and \
                    NEWER.index(status[i]) == newest
            if not kept:
                gone.add(i)
    return gone


def key(r):
    """a record without what a filter may change in it"""
    return (r["kind"], r.get("id"), r.get("file"), r.get("at"),
            r.get("offset"), tuple(r.get("alias", [])), r.get("name"))


def dangling(s, kept, kinds):
    """references that led somewhere in the input and stand there still"""
    there = set()
    for r in kept:
        for word in words_of(r):
            there.add(r["kind"] + ":" + word)
    bad = []
    for r in kept:
        for name in ("needs", "links", "refs"):
            for ref in r.get(name, []):
                plain = ref.lstrip("?")
                k = kinds.get(r["kind"], NONE)
                if plain in s.find and plain not in there and \
                        (name, plain.split(":")[0]) not in k["keeps"]:
                    bad.append("%s %s: %s %s" % (
                        r["kind"], r.get("id", r.get("at")), name, ref))
    return bad


def main():
    kinds = kinds_of(sys.argv[1])
    marked, out, rejects = (read(p) for p in sys.argv[3:6])
    s = Stream(marked, kinds)
    gone = s.fall(tasks_gone(s, sys.argv[2]))
    kept = [json.loads(line) for line in out]
    dropped = [json.loads(line) for line in rejects]
    expected = [key(r) for i, r in enumerate(s.records) if i not in gone]
    fault = 0
    for title, want, got in (
        ("kept", expected, [key(r) for r in kept]),
        ("dropped", [key(r) for i, r in enumerate(s.records) if i in gone],
         [key(r) for r in dropped]),
    ):
        if want != got:
            print("%s differ: %s" % (
                title, [k for k in want if k not in got][:3] +
                ["but"] + [k for k in got if k not in want][:3]))
            fault = 1
    if not all("x-why" in r for r in dropped):
        print("a dropped record does not say why")
        fault = 1
    for what in dangling(s, kept, kinds):
        print("dangles: " + what)
        fault = 1
    sys.exit(fault)


main()
