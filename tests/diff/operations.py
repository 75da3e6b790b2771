#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""operations.py TOOLS OLD NEW [OLD NEW ...]: what pkg-diff --json says of two
streams, done to the old one.

The operations of each component (RFC 6902, made here by hand) must make the
new value of the old one, and what "old" says must have stood there.  What
comes and goes must be there, and not be there on the other side more often
than it is told.
"""
import collections
import json
import subprocess
import sys


class Wrong(Exception):
    pass


class Number(str):
    """As it is spelled."""


def read(text):
    return json.loads(text, parse_float=Number, parse_int=Number,
                      parse_constant=Number)


def steps(pointer):
    if pointer == "":
        return []
    if not pointer.startswith("/"):
        raise Wrong("no pointer: %r" % pointer)
    return [s.replace("~1", "/").replace("~0", "~")
            for s in pointer[1:].split("/")]


def index(array, step, more):
    if not step.isdigit() or (step != "0" and step[0] == "0"):
        raise Wrong("no number: %r" % step)
    if int(step) >= len(array) + more:
        raise Wrong("too large: %s of %d" % (step, len(array)))
    return int(step)


def at(document, way):
    for step in way:
        if isinstance(document, list):
            document = document[index(document, step, 0)]
        elif isinstance(document, dict) and step in document:
            document = document[step]
        else:
            raise Wrong("nothing at %r" % (way,))
    return document


def remove(document, way):
    inside = at(document, way[:-1])
    if isinstance(inside, list):
        return inside.pop(index(inside, way[-1], 0))
    if way[-1] not in inside:
        raise Wrong("nothing at %r" % (way,))
    return inside.pop(way[-1])


def add(document, way, value):
    inside = at(document, way[:-1])
    if isinstance(inside, list):
        inside.insert(index(inside, way[-1], 1), value)
    else:
        inside[way[-1]] = value


def same(a, b):
    """Equal, with types, and texts that are no numbers."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(
            same(v, b[k]) for k, v in a.items())
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(
            map(same, a, b))
    return type(a) is type(b) and a == b


def apply(document, operations):
    """All of them, on a copy; a document of one value stands in a list."""
    document = [read(json_of(document))]
    for o in operations:
        way = ["0"] + steps(o["path"])
        if o["op"] in ("replace", "remove") and not same(
                at(document, way), o["old"]):
            raise Wrong("old is not what is at %r" % o["path"])
        if o["op"] == "replace":
            inside = at(document, way[:-1])
            key = way[-1] if isinstance(inside, dict) else int(way[-1])
            inside[key] = o["value"]
        elif o["op"] == "remove":
            remove(document, way)
        elif o["op"] == "add":
            add(document, way, o["value"])
        elif o["op"] == "move":
            add(document, way, remove(document, ["0"] + steps(o["from"])))
        else:
            raise Wrong("operation %r" % o["op"])
    return document[0] if document else None


def json_of(value):
    """The text again, numbers as they are spelled."""
    if isinstance(value, dict):
        return "{%s}" % ",".join("%s:%s" % (json.dumps(k), json_of(v))
                                 for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ",".join(map(json_of, value))
    return value if isinstance(value, Number) else json.dumps(value)


def records(path):
    """{kind: {identity: [value]}}; without an id: all of the kind."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    files = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            r = read(line)
            if r["kind"] == "@file":
                files[r["file"]] = r
            elif r["kind"] == "@data":
                found["file"][r["file"]].append(r)
            elif r["kind"][0] != "@":
                found[r["kind"]][r.get("id")].append(r["value"])
    for name, parts in found["file"].items():
        text = [p["value"] for p in parts if p["encoding"] == "utf-8"]
        found["file"][name] = ["".join(text) if len(text) == len(parts)
                               else None]
    for name, r in files.items():
        if "style" not in r and name not in found["file"] and r.get("empty"):
            found["file"][name] = [""]
    return found


def values_of(found, who):
    """The values that it may be; taken ones are not given again."""
    kind = found[who["kind"]]
    if who["id"] in kind:
        return kind[who["id"]]
    return kind[None]


def item(o, old, new):
    """One line of the difference."""
    changes = o["changes"]
    if o["op"] == "add":
        olds = [None]
    else:
        olds = values_of(old, dict(o, **o.get("was", {})))
    news = [None] if o["op"] == "remove" else values_of(new, o)
    if o["kind"] == "file":
        return file(o, olds, news)
    wrong = None
    for i, before in enumerate(olds):
        for j, after in enumerate(news):
            try:
                made = apply(before, changes) if o["op"] not in (
                    "add", "remove") else whole(o, before, after)
            except (Wrong, KeyError, IndexError, TypeError) as e:
                wrong = wrong or e
                continue
            if same(made, after):
                if o["op"] != "add":
                    olds.pop(i)
                if o["op"] != "remove":
                    news.pop(j)
                return None
    return wrong or "the operations make another value"


def whole(o, before, after):
    c = o["changes"][0]
    if len(o["changes"]) != 1 or c["path"] != "" or c["op"] != o["op"]:
        raise Wrong("not one change of the whole")
    if o["op"] == "add":
        return c["value"]
    if not same(c["old"], before):
        raise Wrong("what goes is not what was there")
    return None


def file(o, olds, news):
    c = o["changes"][0]
    for side, key in ((olds, "old"), (news, "value")):
        if side[0] is not None and not isinstance(c[key], dict) and \
                c[key] != side[0]:
            return "%s is not the file's text" % key
    return None


def check(tools, first, second, options=()):
    old, new = records(first), records(second)
    before = {k: {i: len(v) for i, v in of.items()} for k, of in old.items()}
    run = subprocess.run([tools + "/pkg-diff", "-q", "--json", *options, first,
                          second], stdout=subprocess.PIPE, check=False)
    bad, n = [], 0
    lines = run.stdout.decode("utf-8").splitlines()
    if run.returncode != (1 if lines else 0):
        bad.append("exit %d, %d lines" % (run.returncode, len(lines)))
    for line in lines:
        o = read(line)
        n += 1
        wrong = item(o, old, new)
        if wrong:
            bad.append("%s %s: %s" % (o["kind"], o["id"], wrong))
        if o["op"] == "change" and all(c.get("ignored")
                                       for c in o["changes"]):
            bad.append("%s %s: nothing that counts" % (o["kind"], o["id"]))
    # what is not told of is on both sides, so often
    for kind in set(old) | set(new):
        if kind == "file":
            continue
        left = sum(len(v) for v in old[kind].values())
        come = sum(len(v) for v in new[kind].values())
        if left != come:
            bad.append("%s: %d and %d are left" % (kind, left, come))
    return n, bad, before


def main(tools, *paths):
    failed = 0
    for first, second in zip(paths[::2], paths[1::2]):
        n, bad, _ = check(tools, first, second)
        for b in bad[:5]:
            print("%s %s: %s" % (first, second, b))
        failed += bool(bad)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
