#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-patch.py OLD PATCH NEW: the patch makes the new stream of the old.
check-patch.py <LINES: the lines, and behind them the @end that is true.

A second reader of patches, written from pkg-stream(5) and not from the tools.
It builds the tree of the old stream, does what the patch says, and compares
with the new one line by line.  It also looks whether the patch says nothing
that it need not say: a record that is kept has others in it or behind it, and
whether its sums are true (XXH3-128 by xxhsum).
"""
import collections
import ctypes
import json
import os
import subprocess
import sys
import tempfile

OURS = ("op", "was", "fingerprint", "nth", "moved")
MEMBERS = {
    "keep": {"op", "was", "nth"},
    "add": {"op", "nth"},
    "replace": {"op", "was", "fingerprint", "nth", "moved"},
    "remove": {"op", "was", "fingerprint", "nth"},
    "move": {"op", "was", "nth"},
}
KNOWN = {"kind", "id", "name", "file", "at", "key", "offset"}


class Wrong(Exception):
    pass


def expect(true, what, *args):
    if not true:
        raise Wrong(what % args)


class Hash(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


def library():
    """XXH3-128 of bytes, by the library of xxhsum; None: it is not there."""
    try:
        call = ctypes.CDLL("libxxhash.so.0").XXH3_128bits
    except (OSError, AttributeError):
        return None
    call.restype = Hash
    call.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    return call


XXH3 = library()


def sums(lines, known):
    """The sums of lines, by another program."""
    if XXH3:
        for line in lines:
            if line not in known:
                h = XXH3(line, len(line))
                known[line] = "%016x%016x" % (h.high, h.low)
        return known
    lines = [line for line in set(lines) if line not in known]
    with tempfile.TemporaryDirectory() as folder:
        for begin in range(0, len(lines), 1000):
            part = lines[begin:begin + 1000]
            for i, line in enumerate(part):
                with open(os.path.join(folder, str(i)), "wb") as f:
                    f.write(line)
            said = subprocess.run(
                ["xxhsum", "-q", "-H2"] + [str(i) for i in range(len(part))],
                cwd=folder, stdout=subprocess.PIPE, check=True).stdout
            for line, text in zip(part, said.decode().splitlines()):
                known[line] = text.split()[0]
    return known


class Record:
    def __init__(self, line, number):
        self.line, self.number = line, number
        # lone surrogates stay, and a key that stands twice is the value's
        self.members = json.loads(line.decode())
        self.inside = []
        self.up = None

    def __getitem__(self, name):
        return self.members.get(name)

    def is_content(self):
        return not self["kind"].startswith("@") and self["id"] is None \
            and self["at"].endswith("/-")

    def key(self):
        if self["kind"] == "@file":
            return "@file", self["file"]
        if self["kind"] == "@data":
            return "@data", self["offset"]
        return self["kind"], self["at"], self["id"]

    def plain(self):
        """The line without what only a patch has; they stand together, as
        the last but the value."""
        line = self.line
        begin = line.rindex(b',"op":"%s"' % self["op"].encode()) \
            if "value" not in self.members else None
        if begin is None:
            begin = self.before_value()
        text = json.dumps({m: self[m] for m in OURS
                           if self[m] is not None},
                          separators=(",", ":"))[1:-1].encode()
        expect(line[begin:begin + 1 + len(text)] == b"," + text,
               "line %d: %r where %r should be", self.number,
               line[begin:begin + 200], text)
        return line[:begin] + line[begin + 1 + len(text):]

    def before_value(self):
        """Where the first member of ours begins."""
        at, depth, text, name = 1, 0, False, None
        line = self.line
        begin = 0
        while at < len(line):
            c = line[at:at + 1]
            if text:
                if c == b"\\":
                    at += 1
                elif c == b'"':
                    text = False
                    if depth == 0 and line[at + 1:at + 2] == b":":
                        name = line[begin + 1:at]
                        if name == b"op":
                            return begin - 1
            elif c == b'"':
                text, begin = True, at
            elif c in b"[{":
                depth += 1
            elif c in b"]}":
                depth -= 1
            at += 1
        raise Wrong("line %d has no op" % self.number)


def below(base, at):
    return len(at) > len(base) and at.startswith(base + "/")


def read(path):
    """The first line, the records as a tree, the last line."""
    with open(path, "rb") as f:
        lines = f.read().split(b"\n")
    expect(lines.pop() == b"", "%s: the last line has no end", path)
    head, end = json.loads(lines[0].decode()), json.loads(lines[-1].decode())
    expect(head["kind"] == "@stream" and end["kind"] == "@end",
           "%s is not whole", path)
    expect(end["records"] == len(lines) - 2, "%s: another count", path)
    root = Record(b'{"kind":"@root"}', 0)
    around = [root]
    records = []
    for number, line in enumerate(lines[1:-1], 2):
        r = Record(line, number)
        records.append(r)
        if r["kind"] == "@file":
            del around[1:]
        elif r["kind"] == "@data":
            del around[2:]
        else:
            while len(around) > 2 and not below(around[-1]["at"], r["at"]):
                around.pop()
        r.up = around[-1]
        r.up.inside.append(r)
        if r["kind"] != "@data":
            around.append(r)
    return head, root, records, end


def descendants(record):
    """All that stands in a record, in order; as deep as it may be."""
    rest = record.inside[::-1]
    while rest:
        r = rest.pop()
        yield r
        rest.extend(r.inside[::-1])


class Patch:
    def __init__(self, old, patch, new):
        self.old_head, self.old, self.olds, self.old_end = read(old)
        self.head, self.patch, self.says, self.end = read(patch)
        self.new_head, self.new, self.news, self.new_end = read(new)
        self.known = {}
        self.counts = collections.Counter()

    def find(self, parent):
        """What stands in an old record, by key and number."""
        found, seen = {}, collections.Counter()
        for r in parent.inside:
            key = r.key()
            if r.is_content():
                key += (self.known[r.line],)
            found[key + (seen[key],)] = r
            seen[key] += 1
        return found

    def mate(self, q, there):
        key = q.key()
        if q.is_content():
            key += (q["was"],)
        r = there.get(key + (q["nth"] or 0,))
        expect(r is not None, "line %d: the old stream has no %s", q.number,
               key)
        return r

    def check_line(self, q, r):
        op = q["op"]
        expect(set(q.members) & set(OURS) <= MEMBERS[op],
               "line %d: members of %s", q.number, op)
        if op in ("keep", "remove", "move"):
            expect(set(q.members) <= KNOWN | set(OURS) | (
                {"value"} if q["kind"] == "@open" else set()),
                   "line %d: more than who it is", q.number)
        if r is None:
            return
        if q["was"] is not None:
            expect(self.known[r.line] == q["was"],
                   "line %d: the sum is that of another line", q.number)
        expect(q["was"] is not None or op in ("keep", "move"),
               "line %d: no sum", q.number)
        if op in ("replace", "remove"):
            expect((q["fingerprint"] is None) == (
                q["kind"] in ("@open", "@data")), "line %d: fingerprint",
                q.number)

    def whole(self, q, op):
        """A record that comes or goes, with all in it."""
        self.counts[op] += 1
        for inner in descendants(q):
            expect(inner["op"] == op, "line %d: expected %s", inner.number,
                   op)
            self.check_line(inner, None)
            self.counts[op] += 1

    def take(self, q, there, gone):
        """One record of the patch: the old one."""
        op = q["op"]
        expect(op in MEMBERS, "line %d: op %s", q.number, op)
        if op == "add":
            self.check_line(q, None)
            self.whole(q, op)
            return None
        r = self.mate(q, there)
        self.check_line(q, r)
        if op == "remove":
            self.whole(q, op)
            mine, its = list(descendants(q)), list(descendants(r))
            expect([(x.key(), x["was"]) for x in mine] == [
                (x.key(), self.known[x.line]) for x in its],
                "line %d: not all that stands in it is removed", q.number)
            gone.add(r)
        else:
            self.counts[op] += op != "keep"
        return r

    def level(self, q_up, old):
        """What stands in a record now: (old record, patch's record) pairs,
        either may be None."""
        there = self.find(old) if q_up.inside else {}
        behind, gone, with_ = collections.defaultdict(list), set(), {}
        place = None
        for q in q_up.inside:
            r = self.take(q, there, gone)
            if q["op"] == "remove":
                continue
            moves = q["op"] == "move" or q["moved"]
            if r is not None:
                with_[r] = q
            if q["op"] == "add" or moves:
                behind[place].append((r, q))
                if moves:
                    gone.add(r)
            else:
                place = r
        yield from behind[None]
        for r in old.inside:
            if r not in gone:
                yield r, with_.get(r)
            yield from behind[r]

    def lines(self):
        """The lines of what the patch makes."""
        rest = [iter([(self.old, self.patch)])]
        while rest:
            pair = next(rest[-1], None)
            if pair is None:
                rest.pop()
                continue
            old, q = pair
            if old is None:
                for r in [q] + list(descendants(q)):
                    yield r.plain()
                continue
            if old is not self.old:
                yield q.plain() if q and q["op"] == "replace" else old.line
            if q is None:
                for r in descendants(old):
                    yield r.line
            else:
                rest.append(self.level(q, old))

    def sum_all(self):
        """The sums that are needed."""
        need = [q.line for q in self.says] if len(self.says) < 3000 else []
        touched = {q["was"] for q in self.says}
        need += [r.line for r in self.olds
                 if touched and (r.is_content() or len(touched) > 1)]
        sums(need, self.known)

    def check_ends(self):
        for name, end in (("old", self.old_end), ("new", self.new_end)):
            expect(self.head[name] == {"records": end["records"],
                                       "sum": end["sum"]},
                   "the patch is not of this %s stream", name)
        head = dict(self.head)
        expect(head.pop("patch") == 1, "no patch")
        del head["old"], head["new"]
        entry = head["by"].pop()
        expect(entry["name"] == "pkg-diff" and head == self.new_head,
               "the first line is not the new stream's")
        if len(self.says) < 3000:
            total = sum(int(self.known[q.line], 16) for q in self.says)
            expect("%032x" % (total % (1 << 128)) == self.end["sum"],
                   "the patch's sum")

    def check_needed(self):
        """What is kept is there for something."""
        for up in [self.patch] + self.says:
            rest = [q for q in up.inside if q["op"] != "remove"]
            for q, after in zip(rest, rest[1:] + [None]):
                if q["op"] != "keep" or q.inside or q["kind"] == "@data":
                    continue
                expect(after is not None and (
                    after["op"] in ("add", "move") or after["moved"]),
                    "line %d is kept for nothing", q.number)

    def check(self):
        self.sum_all()
        self.check_ends()
        self.check_needed()
        made, new = list(self.lines()), [r.line for r in self.news]
        for i, (a, b) in enumerate(zip(made, new)):
            expect(a == b, "line %d: made %.300r, new %.300r", i + 2, a, b)
        expect(len(made) == len(new), "made %d lines, new are %d", len(made),
               len(new))
        return self.counts


def check(old, patch, new):
    """The number of records that change, by op; or Wrong."""
    return Patch(old, patch, new).check()


def main(*paths):
    try:
        counts = check(*paths)
    except Wrong as e:
        print("%s: %s" % (paths[1], e))
        return 1
    print(" ".join("%d %s" % (n, op) for op, n in sorted(counts.items())))
    return 0


def end():
    """A stream without its last line gets one."""
    lines = sys.stdin.buffer.read().split(b"\n")[:-1]
    known = sums(lines[1:], {})
    total = sum(int(known[line], 16) for line in lines[1:])
    lines.append(b'{"kind":"@end","records":%d,"sum":"%032x"}\n' % (
        len(lines) - 1, total % (1 << 128)))
    sys.stdout.buffer.write(b"\n".join(lines))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(end())
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
