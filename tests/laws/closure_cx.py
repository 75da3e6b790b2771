# SPDX-License-Identifier: ISC
"""What of an agent of Dialogflow CX a selection or a filter leaves.

As closure.py for Kore.ai: from the files alone, as cx.py and
../oracle/cxrefs.py read them.  A selection leaves each file as it was, or
leaves it out: what refers to what is not there stays.  A filter removes that.
"""
import json

import cxrefs

TASKS = {"flow", "playbook"}
# mentioned by them, and gone with them
MENTIONS = {"testcase": ("testConfig.flow", "testConfig.page")}


class Graph:
    """Which record of an agent leads to which."""

    def __init__(self, agent):
        self.app = agent
        self.records = agent.records()
        self.owners, self.owned, self.leads = {}, {}, {}
        self.found = {}
        by_name = {}
        for r in self.records:
            for word in r.words.get("displayName", ()):
                by_name.setdefault((r.kind, word), []).append(r)
            if r.kind == "toolschema":
                r.parent = ("tool", r.id[0])
        for r in self.records:
            for o in by_name.get(r.parent, ()) if r.parent else ():
                self.owners.setdefault(r, []).append(o)
                self.owned.setdefault(o, []).append(r)
        listed = {}
        for r in self.records:
            flow = r.id[0] if r.kind in ("flow", "page", "routegroup") \
                else None
            for field, way, kind, word, _ in cxrefs.FIELDS.get(
                    r.kind, lambda *_: ())(r.value, flow):
                listed.setdefault(r, set()).add((field, kind, word, way))
        for ref in agent.references():
            rs = agent.finds(ref)
            if not rs:
                continue
            self.found.setdefault(ref.holder, []).append((ref, rs))
            ways = {way for field, kind, word, way in listed[ref.holder]
                    if (field, kind, word) == (ref.path, ref.kind, ref.word)}
            if ways & {"needs", "links"} or ref.holder.kind == "agent":
                self.leads.setdefault(ref.holder, []).extend(rs)


def taken(graph, seeds):
    """The records that stay when these are chosen, with --deps."""
    stay = set()
    todo = list(seeds) + [r for r in graph.records if r.kind == "agent"]
    while todo:
        r = todo.pop()
        if r not in stay:
            stay.add(r)
            todo += graph.leads.get(r, []) + graph.owned.get(r, [])
            if r not in seeds:
                continue
            # what is chosen comes with what it stands in, but not its rest
            stay.update(graph.owners.get(r, []))
    return stay


def left(graph, gone):
    """The records that stay when these tasks go."""
    gone, before = set(gone), None
    while before != len(gone):
        before = len(gone)
        for r in graph.records:
            own = graph.owners.get(r)
            if own and all(o in gone for o in own):
                gone.add(r)
            elif any(ref.path in MENTIONS.get(r.kind, ()) and
                     all(t in gone for t in rs)
                     for ref, rs in graph.found.get(r, ())):
                gone.add(r)
    return set(graph.records) - gone


def lost(graph, r, stay):
    """The words of a record that led to something that does not stay."""
    return [ref.word for ref, rs in graph.found.get(r, ())
            if not any(t in stay for t in rs)]


def within(ours, theirs, words):
    """Whether a value is another without parts that have one of the words;
    texts may have lost the mark around one."""
    def may_go(part):
        text = json.dumps(part, ensure_ascii=False)
        return any(json.dumps(w, ensure_ascii=False)[1:-1] in text
                   for w in words)

    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(k in theirs for k in ours) and all(
            within(ours[k], v, words) if k in ours else may_go({k: v})
            for k, v in theirs.items())
    if isinstance(ours, list) and isinstance(theirs, list):
        rest = list(ours)
        for v in theirs:
            if rest and within(rest[0], v, words):
                del rest[0]
            elif not may_go(v):
                return False
        return not rest
    if isinstance(ours, str) and isinstance(theirs, str) and ours != theirs:
        rest = iter(theirs)
        return "${" in theirs and may_go(theirs) and all(
            c in rest for c in ours)
    return type(ours) is type(theirs) and ours == theirs
