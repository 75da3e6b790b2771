# SPDX-License-Identifier: ISC
"""Two streams of components, compared."""
import json

FILE, END = b'{"kind":"@file"', b'{"kind":"@end"'
# what is of the package, not of what it holds; the status is told of the
# export as a whole
LOOSE = ("size", "mtime", "mode", "style", "status")


def lines_of(path):
    """All but the first; no file of which nothing is left."""
    with open(path, "rb") as f:
        lines = f.read().split(b"\n")
    return [line for line, after in zip(lines, lines[1:] + [b""])
            if not (line.startswith(FILE) and after.startswith((FILE, END)))
            ][1:]


def tight(line):
    record = json.loads(line)
    return {k: v for k, v in record.items() if k not in LOOSE}


def place(record):
    return record.get("kind"), record.get("at"), record.get("id")


def envelopes(merged, unpacked):
    """Where they say something else; the last line has sums."""
    a, b = lines_of(merged)[:-2], lines_of(unpacked)[:-2]
    for x, y in zip(a, b):
        if x == y:
            continue
        p, q = tight(x), tight(y)
        if place(p) != place(q):
            yield "another record", "merged %.200s, unpacked %.200s" % (
                x.decode(errors="replace"), y.decode(errors="replace"))
            return
        for member in {**p, **q}:
            if json.dumps(p.get(member)) != json.dumps(q.get(member)):
                yield "%s %s" % (p["kind"], member), \
                    "%s: merged %.200s, unpacked %.200s" % (
                        p.get("id", p.get("at")), p.get(member),
                        q.get(member))
    if len(a) != len(b):
        yield "number of lines", "merged %d, unpacked %d" % (len(a), len(b))


def differ(first, second):
    """The first line that is not the same."""
    a, b = lines_of(first), lines_of(second)
    for x, y in zip(a, b):
        if x != y:
            yield ("second: changes a record",
                   "first %.300s, second %.300s" % (
                       x.decode(errors="replace"),
                       y.decode(errors="replace")))
            return
    if len(a) != len(b):
        yield "second: changes the number of lines", "%d, then %d" % (
            len(a), len(b))
