#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""patches.py [-p N] [-s SEED] [-t SECONDS] [-x] TOOLS N|lists:N|PACKAGE...:
patches of many pairs of streams, and what they make.

Of N invented pairs (fuzz/pairs.py), in both directions and each with itself;
of N pairs of short lists, in which elements come, go, move and stand more
than once; or of all pairs of the packages (-x: of different ones alone) that
are of one platform and edition.  For each pair:

    the patch makes the new stream of the old, by oracle/check-patch.py;
    so does pkg-merge apply, line by line, and of the new one it makes that;
    of one pair of N (-p, 10) pkg-pack makes the same package of both;
    of the old one, in which records were changed, added and removed that the
    patch does not touch, apply makes the new one with the same changes;
    of one in which a record was changed that the patch changes, too, it makes
    nothing, or keeps that record.

After so many seconds no pair is begun.  The last line has the figures.
"""
import argparse
import collections
import glob
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:1] = [TESTS, os.path.join(TESTS, "laws")]

from fuzz import pairs          # noqa: E402
from fuzz.tools import Tools    # noqa: E402


def load(name):
    spec = importlib.util.spec_from_file_location("oracle", os.path.join(
        TESTS, "oracle", name))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = load("check-patch.py")


class Wrong(Exception):
    pass


def expect(true, what, *args):
    if not true:
        raise Wrong(what % args if args else what)


def lines_of(path):
    """All but the first line."""
    with open(path, "rb") as f:
        return f.read().split(b"\n")[1:]


def with_sum(old, taken, come):
    """The last line of a stream some of whose lines are others."""
    end = json.loads(old.decode())
    known = oracle.sums(taken + come, {})
    total = int(end["sum"], 16) + sum(int(known[x], 16) for x in come) - \
        sum(int(known[x], 16) for x in taken)
    return b'{"kind":"@end","records":%d,"sum":"%032x"}' % (
        end["records"] - len(taken) + len(come), total % (1 << 128))


class Pairs:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.random = random.Random(args.seed)
        self.bin = os.path.abspath(args.tools)
        self.map = []
        self.counts = collections.Counter()

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, tool, *args, out=None):
        with open(out or os.devnull, "wb") as f:
            done = subprocess.run(
                [os.path.join(self.bin, tool), *self.map, *args],
                stdout=f, stderr=subprocess.PIPE, check=False)
        said = done.stderr.decode(errors="replace").strip()
        expect(done.returncode in range(7), "%s: %d %s", tool,
               done.returncode, said[:500])
        return done.returncode, said

    def apply(self, target, patch):
        out = self.path("result")
        code, said = self.run("pkg-merge", "apply", "--into", target, patch,
                              out=out)
        return code, said, lines_of(out)

    def pair(self, old, new):
        patch = self.path("patch")
        code, said = self.run("pkg-diff", "--patch", old, new, out=patch)
        same = lines_of(old) == lines_of(new)
        expect(code == (not same) and not said, "pkg-diff: %d %s", code, said)
        try:
            counts = oracle.check(old, patch, new)
        except oracle.Wrong as e:
            raise Wrong("the patch: %s" % e) from e
        self.counts.update(counts)
        self.counts["pairs"] += 1
        self.makes(old, patch, new, same)
        self.makes(new, patch, new, True)
        if not same:
            self.moved_on(old, patch, new)
            self.in_the_way(old, patch)
        if self.counts["pairs"] % self.args.pack == 0:
            self.packs(old, patch, new)

    def makes(self, target, patch, new, same):
        code, said, lines = self.apply(target, patch)
        expect(code == 0, "apply: %d %s", code, said)
        expect(("nothing changes" in said) == same, "apply said: %s", said)
        expect(lines == lines_of(new), "apply makes something else")

    def packs(self, old, patch, new):
        if all(line[:10] == b'{"kind":"@' for line in lines_of(new)[:-1]):
            return      # pkg-pack makes nothing of that
        self.apply(old, patch)
        zips = self.path("made.zip"), self.path("new.zip")
        for name, stream in zip(zips, (self.path("result"), new)):
            code, said = self.run("pkg-pack", "-f", "-q", "-o", name, stream)
            expect(code == 0, "pkg-pack: %d %s", code, said)
        with open(zips[0], "rb") as f, open(zips[1], "rb") as g:
            expect(f.read() == g.read(), "another package")
        self.counts["packed"] += 1

    def untouched(self, old, patch, new):
        """Components with an id of which the patch says nothing, but that
        others come behind; nothing stands in them."""
        _, _, news, _ = oracle.read(new)
        _, _, says, _ = oracle.read(patch)
        lines = collections.Counter(r.line for r in news)
        named = {q.key() for q in says if q["op"] != "keep"}
        return [r for r in old if r["id"] is not None and not r.inside and
                lines[r.line] == 1 and r.key() not in named and
                r.line.count(b',"value":') == 1]

    def write(self, name, old, lines, taken, come):
        with open(old, "rb") as f:
            head = f.readline()
        with open(self.path(name), "wb") as f:
            f.write(head + b"\n".join(
                lines[:-2] + [with_sum(lines[-2], taken, come), b""]))
        return self.path(name)

    def moved_on(self, old, patch, new):
        """The old stream with other changes; so must the new one be."""
        _, _, olds, _ = oracle.read(old)
        free = self.untouched(olds, patch, new)
        if not free:
            return
        chosen = self.random.sample(free, min(len(free), 6))
        edits, taken, come = {}, [], []
        for i, r in enumerate(chosen):
            other = r.line.replace(b',"value":', b',"x-moved":1,"value":')
            if i % 3 == 1 and r["at"].endswith("/-"):   # one more
                other = r.line.replace(b'"id":"', b'"id":"t-', 1)
                edits[r.line] = [r.line, other]
                come.append(other)
                continue
            taken.append(r.line)
            edits[r.line] = []
            if i % 3 != 2:
                edits[r.line] = [other]
                come.append(other)
        lines = [x for line in lines_of(old) for x in edits.get(line, [line])]
        target = self.write("moved", old, lines, taken, come)
        code, said, made = self.apply(target, patch)
        expect(code == 0, "apply to one that moved on: %d %s", code, said)
        lines = [x for line in lines_of(new) for x in edits.get(line, [line])]
        lines[-2] = with_sum(lines[-2], taken, come)
        if made != lines:
            # what was removed may be what something else came behind
            expect(sorted(made) == sorted(lines),
                   "apply to one that moved on makes something else")
            self.counts["elsewhere"] += 1
        self.counts["moved on"] += 1

    def in_the_way(self, old, patch):
        """The old stream, changed where the patch changes it."""
        _, _, olds, _ = oracle.read(old)
        _, _, says, _ = oracle.read(patch)
        there = collections.defaultdict(list)
        for r in olds:
            there[r.key() + (r["file"],)].append(r)
        touched = [q for q in says if q["op"] in ("replace", "remove") and
                   q["fingerprint"] and q["kind"] != "@file" and
                   not q.is_content() and
                   len(there[q.key() + (q["file"],)]) == 1]
        if not touched:
            return
        q = self.random.choice(touched)
        line = there[q.key() + (q["file"],)][0].line
        other = line[:line.index(b',"value":')] + b',"value":"another"}'
        lines = [other if x == line else x for x in lines_of(old)]
        if lines.count(other) != 1 or b'"encoding"' in line:
            return
        target = self.write("other", old, lines, [line], [other])
        code, said, made = self.apply(target, patch)
        if code == 0:
            expect(other in made, "what the target changed was lost: %s",
                   q.line[:200])
            self.counts["kept"] += 1
        else:
            expect(code == 1 and "is in the way" in said and
                   made == [], "apply: %d %s", code, said)
            self.counts["refused"] += 1


def invented(run, n):
    names = list(pairs.PLATFORMS)
    tools = Tools(run.bin, run.folder)
    for seed in range(n):
        name = names[(run.args.seed + seed) % len(names)]
        _, platform, old, new = pairs.pair(name, run.args.seed + seed)
        tools.use(platform.map or [])
        run.map = tools.map
        if tools.put(old, "old")[0] == tools.put(new, "new")[0] == 0:
            streams = tools.path("old"), tools.path("new")
            for pair in streams, streams[::-1], streams[:1] * 2:
                yield ("%s %d" % (name, run.args.seed + seed),) + pair


HEAD = b'{"kind":"@stream","version":1,"platform":"generic","by":[]}\n'
FILE = (b'{"kind":"@file","file":"%s","type":"json","style":"tab"}',
        b'{"kind":"@open","file":"%s","at":"","value":[]}')
ELEMENTS = (
    b'{"kind":"setting","file":"%s","at":"/-","value":"%d"}',
    b'{"kind":"setting","id":"%d","file":"%s","at":"/-","value":[]}',
    b'{"kind":"setting","id":"%d","file":"%s","at":"/-","value":{"a":[]}}')
INNER = b'{"kind":"@open","file":"%s","at":"/-/a","value":[]}', \
    b'{"kind":"setting","file":"%s","at":"/-/a/-","value":"%d"}'


def draw_lists(r):
    """Lines of files with lists; some of their elements have lists."""
    lines = []
    names = [b"f", b"g", b"h"][:r.randrange(1, 4)]
    r.shuffle(names)
    for name in names:
        lines += [line % name for line in FILE]
        for _ in range(r.randrange(7)):
            sort, n = r.randrange(3), r.randrange(5)
            lines.append(ELEMENTS[0] % (name, n) if sort == 0 else
                         ELEMENTS[sort] % (n, name))
            if sort == 2 and r.randrange(3):
                lines.append(INNER[0] % name)
                lines += [INNER[1] % (name, r.randrange(3))
                          for _ in range(r.randrange(4))]
    return lines


def lists(run, n):
    r = random.Random(run.args.seed)
    for i in range(n):
        streams = run.path("old"), run.path("new")
        for stream in streams:
            lines = draw_lists(r)
            end = with_sum(b'{"records":0,"sum":"0"}', [], lines)
            with open(stream, "wb") as f:
                f.write(HEAD + b"\n".join(lines + [end, b""]))
        yield ("lists %d of seed %d" % (i, run.args.seed),) + streams


def cases(run, what):
    if what[0].startswith("lists:"):
        return lists(run, int(what[0][6:]))
    return invented(run, int(what[0])) if what[0].isdigit() else \
        found(run, what)


def found(run, packages):
    """All pairs; a folder that has a zip alone is that."""
    sorts = collections.defaultdict(list)
    for i, package in enumerate(packages):
        stream = run.path("stream%d" % i)
        zips = glob.glob(os.path.join(glob.escape(package), "*.zip"))
        if run.run("pkg-unpack", "-q", *(zips or [package]), out=stream)[0]:
            continue
        with open(stream, "rb") as f:
            head = json.loads(f.readline().decode())
        sorts[head["platform"], head.get("edition")].append((package, stream))
    for _, streams in sorted(sorts.items(), key=str):
        for first, old in streams:
            for second, new in streams:
                if not run.args.other or old != new:
                    yield "%s %s" % (first, second), old, new


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("-p", dest="pack", type=int, default=10)
    parser.add_argument("-s", dest="seed", type=int, default=1)
    parser.add_argument("-t", dest="seconds", type=float, default=1e9)
    parser.add_argument("-x", dest="other", action="store_true")
    parser.add_argument("tools")
    parser.add_argument("what", nargs="+")
    args = parser.parse_args()
    ends = time.monotonic() + args.seconds
    failed = 0
    with tempfile.TemporaryDirectory(prefix="patches.") as folder:
        run = Pairs(args, folder)
        for name, old, new in cases(run, args.what):
            try:
                run.pair(old, new)
            except Wrong as e:
                print("%s: %s" % (name, e), flush=True)
                failed += 1
            if time.monotonic() > ends:
                break
    print(", ".join("%d %s" % (n, word) for word, n in
                    sorted(run.counts.items())))
    return failed > 0 or run.counts["pairs"] == 0


if __name__ == "__main__":
    sys.exit(main())
