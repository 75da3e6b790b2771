#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""counts.py TOOLS EDITION PAIRS: what pkg-diff --stat counts, counted here.

Two states of an invented app (laws/invent.py) are read from their files by
laws/kore.py or laws/cx.py, which know no stream.  Of each kind as many
records must be gone as the bar has of "-", "~" and ">", and as many have
come as it has of "+", "~" and ">".  Instead of EDITION and PAIRS there may
be OLD and NEW, two packages with the same ids.
"""
import collections
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:1] = [os.path.join(os.path.dirname(HERE), "laws")]

from bench import Bench     # noqa: E402

# what a vendor's page says of members: who changed it last, and when; where
# it is; what is made anew with each export
OWN = {"lMod", "lModBy", "lModOn", "lModifiedOn", "lastModifiedOn",
       "lastModifiedBy", "createdOn", "createdBy", "updatedOn", "updatedBy",
       "publishedOn", "requestedBy", "modifiedOn", "modifiedBy", "orgId",
       "accountId", "uId", "__v", "parentId", "encryptedHash",
       "latestEncryptedHash", "subTasks"}
STATES = {"published", "configured", "upgradeInProgress"}
BAR = re.compile(r" (\S+) +\| +(\d+) ([-+~>]*)")


def tight(value, called):
    """Without what makes no difference; who is called otherwise now is
    called so where others speak of it."""
    if isinstance(value, dict):
        members = ((k, tight(v, {} if k == "displayName" else called))
                   for k, v in value.items() if k not in OWN and not (
                       k in ("state", "status") and str(v) in STATES))
        return {k: v for k, v in sorted(members)
                if v not in (None, "", [], {})}
    if isinstance(value, list):
        return [tight(v, called) for v in value]
    return called.get(value, value) if isinstance(value, str) else value


def renames(old, new):
    """{name: name now}, of what Dialogflow CX knows by its id, too."""
    names = {}
    for app in (old, new) if new.platform != "kore" else ():
        for r in app.records():
            if r.words.get("name") and r.words["name"][0]:
                names.setdefault((r.kind, r.words["name"][0]), []).append(
                    r.value["displayName"])
    return {n[0]: n[1] for n in names.values() if len(n) == 2 and
            n[0] != n[1]}


def contents(app, called):
    """{kind: Counter of what its records say}"""
    found = collections.defaultdict(collections.Counter)
    for r in app.records():
        if r.kind == "setting" and r.key in OWN:
            continue
        if isinstance(r.value, bytes):
            said = r.value.replace(b"\r\n", b"\n")
        else:
            value = dict(r.value, id="") if r.kind == "phrase" else r.value
            said = json.dumps(tight([value], called))
        at = tuple(called.get(s, s) for s in where(app, r))
        found[r.kind][at, said] += 1
    return found


def where(app, r):
    if app.platform == "kore":
        return (r.parent.id if r.parent else (),
                r.key if isinstance(r.key, str) else "", r.id)
    return r.id


def told(bench, old, new):
    """{kind: Counter of signs}, as the bars have them."""
    os.environ["COLUMNS"] = "99999"
    status, out, said = bench.run("pkg-diff", "-q", "--stat",
                                  bench.stream(old), bench.stream(new))
    lines = out.decode().splitlines()
    if said or status != bool(lines):
        yield "exit", collections.Counter([status, said])
    for line in lines[:-1]:
        kind, n, bar = BAR.fullmatch(line).groups()
        signs = collections.Counter(bar)
        if len(bar) != int(n):
            yield "bar", signs
        yield kind, signs


def compare(bench, old, new):
    """What is counted otherwise."""
    apps = [bench.view(p).app for p in (old, new)]
    a, b = contents(apps[0], renames(*apps)), contents(apps[1], {})
    signs = dict(told(bench, old, new))
    both = {"raw": "file", "more": "file"}
    for kind in sorted({*a, *b} | {*signs} - {"file"}):
        gone = sum((a[kind] - b[kind]).values())
        come = sum((b[kind] - a[kind]).values())
        n = signs.get(both.get(kind, kind), collections.Counter())
        if (gone, come) != (n["-"] + n["~"] + n[">"],
                            n["+"] + n["~"] + n[">"]):
            yield "%s: %d are gone and %d have come, told are %s" % (
                kind, gone, come, dict(n))


def pairs(bench, word, more):
    if word not in ("xo10", "xo11", "cx"):
        yield word, more
        return
    for i in range(int(more)):
        yield tuple(bench.find("%s:%d.%d" % (word, i // 3, i % 3 + n))
                    for n in (0, 1))


def main(tools, word, more):
    bench, bad, n = Bench(tools), 0, 0
    try:
        for old, new in pairs(bench, word, more):
            n += 1
            for line in compare(bench, old, new):
                bad += 1
                print("%s %s: %s" % (old, new, line))
    finally:
        bench.close()
    return n == 0 or bad > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
