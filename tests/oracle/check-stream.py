#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-stream.py STREAM [PACKAGE]: the stream keeps to pkg-stream(5).

A second reader, written from the page and not from the tools: each line's
members and their order, no white space, the fewest escapes, parents before
children, @open for each container, a file's slices, count and sum of @end
(XXH3-128 by xxhsum).  With a PACKAGE, a zip or a folder, the files are also
put together again, here, and must be the package's, byte for byte, in the
order of a zip.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"]+', re.S)
SCALAR = re.compile(
    rb'-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false|null')
MEMBERS = {
    "@stream": "kind version platform edition source by",
    "@file": "kind file type style owner size mtime mode empty",
    "@open": "kind file at key owner value",
    "@data": "kind file owner offset encoding value",
    "@end": "kind records sum",
    "": "kind id name type category status lang alias names owner needs "
        "links refs file at key encoding value",
}
NEEDED = {
    "@stream": "version platform by",
    "@file": "file type",
    "@open": "file at value",
    "@data": "file encoding value",
    "@end": "records sum",
    "": "file at value",
}
LISTS = "alias names owner needs links refs".split()
NUMBERS = "version size mtime mode offset records".split()
INDENT = {"compact": None, "indent2": "  ", "indent4": "    ", "tab": "\t"}
SLICE = 48 << 10


class Bad(Exception):
    pass


def expect(true, what, *args):
    if not true:
        raise Bad(what % args)


def tokens(text):
    """JSON text as tokens with their own bytes."""
    found = TOKEN.findall(text)
    expect(b"".join(found) == text, "not JSON: %r", text[:80])
    return found


def decode(raw):
    """A string token as text; lone surrogates stay."""
    return json.loads(raw.decode())


def encode(text):
    """A string in the canonical form: the fewest escapes."""
    raw = json.dumps(text, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda m: "\\u%04x" % ord(m[0]), raw)


class Box:
    """An array or object: [key token or None, node] in order."""

    def __init__(self, array):
        self.array = array
        self.members = []
        self.opened = False


def tree(found):
    """Tokens as Boxes and scalars; strict."""
    left = iter(found)

    def node(t):
        if t not in (b"[", b"{"):
            expect(t[:1] == b'"' or SCALAR.fullmatch(t), "not JSON: %r", t)
            return t
        box = Box(t == b"[")
        end = b"]" if box.array else b"}"
        t = next(left)
        while t != end:
            key = None
            if not box.array:
                key = t
                expect(key[:1] == b'"', "a key expected: %r", key)
                expect(next(left) == b":", "':' expected")
                t = next(left)
            box.members.append([key, node(t)])
            t = next(left)
            if t == b",":
                t = next(left)
                expect(t != end, "',' and no more")
            else:
                expect(t == end, "',' expected, not %r", t)
        return box

    top = node(next(left))
    expect(next(left, None) is None, "more than one value")
    return top


def lay(node, indent, depth=0):
    """A tree as text, in a style."""
    if not isinstance(node, Box):
        return node
    begin, end = (b"[", b"]") if node.array else (b"{", b"}")
    if not node.members:
        return begin + end
    gap = last = b""
    colon = b":"
    if indent is not None:
        gap = b"\n" + indent * (depth + 1)
        last = b"\n" + indent * depth
        colon = b": "
    parts = [gap + (b"" if key is None else key + colon) +
             lay(value, indent, depth + 1) for key, value in node.members]
    return begin + b",".join(parts) + last + end


def lay_cx(node, stripped, depth=0):
    """The same in a style of Dialogflow CX: an array is in one line."""
    if not isinstance(node, Box):
        return node
    values = [lay_cx(value, stripped, depth + (not node.array))
              for _, value in node.members]
    if node.array:
        return b"[ " + b", ".join(values) + (b" ]" if values else b"]")
    line = b"\n" + b"  " * depth
    if not values:
        return b"{" + (b"\n" if stripped else line) + line + b"}"
    return b"{" + b",".join(
        line + b"  " + key + b": " + value for (key, _), value in
        zip(node.members, values)) + line + b"}"


def last_of(box, step):
    """The member of a box that a step of a pointer names now."""
    expect(isinstance(box, Box), "no container at %r", step)
    expect(box.members, "the container is empty at %r", step)
    if box.array and not box.opened:
        expect(re.fullmatch("0|[1-9][0-9]*", step) and
               int(step) < len(box.members), "no element %r", step)
        return box.members[int(step)]
    if box.array:
        expect(step == "-", "an open array's step is '-', not %r", step)
        return box.members[-1]
    for member in reversed(box.members):
        if decode(member[0]) == step:
            return member
    raise Bad("no member %r yet: a child before its parent" % step)


class File:
    def __init__(self, record):
        self.record = record
        self.top = None
        self.data = b""
        self.pieces = 0
        self.short = False
        self.tail = False

    def split(self):
        return "style" in self.record

    def place(self, record, raw, node):
        """Put a component or an opened container, node, where it goes."""
        at = record["at"]
        expect(self.split(), "a component of a file without a style")
        expect(not self.tail, "a component after the file's end")
        expect(at == "" or at[0] == "/", "not a pointer: %r", at)
        steps = [s.replace("~1", "/").replace("~0", "~")
                 for s in at.split("/")[1:]]
        opens = record["kind"] == "@open"
        if opens:
            expect(isinstance(node, Box) and not node.members,
                   "@open of something else than [] or {}")
            node.opened = True
        if not steps:
            expect(self.top is None, "a second root")
            expect("key" not in raw, "the root has no key")
            self.top = node
            return
        box = self.top
        for step in steps[:-1]:
            box = last_of(box, step)[1]
        expect(isinstance(box, Box), "its parent is no container")
        step = steps[-1]
        key = None
        if box.opened and not box.array:
            key = raw.get("key", encode(step).encode())
            expect(decode(key) == step, "key and at differ")
            if "key" in raw:
                expect(key != encode(step).encode(), "key says nothing new")
        else:
            expect("key" not in raw, "a key where none goes")
        if box.opened:
            expect(not box.array or step == "-", "'-' expected: %r", at)
            box.members.append([key, node])
            return
        # inside a component: its empty containers, one after the other
        expect(opens, "a component inside a value that is not opened")
        for i, (name, child) in enumerate(box.members):
            hit = decode(name) == step if name else step == "-"
            if hit and isinstance(child, Box) and not child.opened:
                expect(not child.members, "opened, but not empty")
                expect(child.array == node.array, "opened as another type")
                box.members[i][1] = node
                return
        raise Bad("its parent has no empty container there")

    def add(self, record):
        """Append a slice."""
        value = record["value"]
        if record["encoding"] == "base64":
            data = base64.b64decode(value, validate=True)
        else:
            expect(record["encoding"] == "utf-8", "encoding")
            data = value.encode()
        if not self.split():
            expect(0 < len(data) <= SLICE, "a slice of %d bytes", len(data))
            # only the last is short, but for a character cut in two
            expect(not self.short, "a slice after a short one")
            self.short = len(data) < SLICE - 3
            expect(record["offset"] == len(self.data), "offset")
            self.data += data
            return
        expect(not self.tail, "a second tail")
        expect(not data.strip(b" \t\r\n"), "a tail that is not blank")
        self.tail = True
        self.data = data
        expect(data != (b"\n" if "+" in self.record["style"] else b""),
               "a tail that says nothing new")
        expect(record["offset"] == len(self.text()) - len(data),
               "offset of the tail")

    def text(self):
        """The file's bytes, put together."""
        if not self.split():
            return self.data
        style, _, newline = self.record["style"].partition("+")
        expect(newline in ("", "newline"), "style")
        if style in ("cx", "cx-stripped"):
            text = lay_cx(self.top, style == "cx-stripped")
        else:
            expect(style in INDENT, "style")
            text = lay(self.top, INDENT[style] and INDENT[style].encode())
        if self.tail:
            return text + self.data
        return text + (b"\n" if newline else b"")


class Reader:
    def __init__(self):
        self.files = []
        self.kinds = {}

    def line(self, text, number):
        """One line: its form, then what it does."""
        found = tokens(text)
        top = tree(found)
        expect(isinstance(top, Box) and not top.array, "not an object")
        expect(b"".join(found) == text, "white space")
        keys = [decode(k) for k, _ in top.members]
        raw = {k: lay(v, None) for k, (_, v) in zip(keys, top.members)}
        expect(len(raw) == len(keys), "a member twice: %s", keys)
        expect(keys[0] == "kind", "kind is not first")
        record = {k: json.loads(v.decode()) for k, v in raw.items()
                  if k not in ("value", "key")}
        kind = record["kind"]
        form = kind if kind[0] == "@" else ""
        expect(form in MEMBERS, "unknown kind %s", kind)
        order = MEMBERS[form].split()
        mine = [k for k in keys if not k.startswith("x-")]
        private = [k for k in keys if k.startswith("x-")]
        expect(keys == [k for k in mine if k != "value"] + private +
               ["value"] * ("value" in keys), "x-: %s", keys)
        expect(set(mine) <= set(order), "unknown members in %s", keys)
        expect(mine == [k for k in order if k in mine], "order: %s", keys)
        for k in NEEDED[form].split():
            expect(k in keys, "without %s", k)
        if "value" in keys:
            expect(keys[-1] == "value", "value is not last")
        for k, v in raw.items():
            self.form(k, v, record)
        if form == "@data":
            record["value"] = decode(raw["value"])
            expect(encode(record["value"]).encode() == raw["value"],
                   "@data in other escapes")
        expect((number == 1) == (kind == "@stream"), "@stream")
        self.act(kind, record, raw, top.members[-1][1])
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        return kind, record

    def form(self, k, raw, record):
        """A member's type and spelling."""
        if k in ("value", "by") or k.startswith("x-"):
            return
        if k == "key":
            expect(raw[:1] == b'"', "key")
        elif k in NUMBERS:
            expect(re.fullmatch(rb"0|[1-9][0-9]*", raw), "%s: %r", k, raw)
        elif k == "empty":
            expect(raw == b"true", "empty")
        elif k in LISTS:
            values = record[k]
            expect(values and isinstance(values, list), "%s is empty", k)
            spelled = "[" + ",".join(map(encode, values)) + "]"
            expect(spelled.encode() == raw, "%s: other escapes", k)
            expect(k in ("alias", "names") or
                   all(re.match("[?]?[a-z]+:", v) for v in values),
                   "%s: not kind:id: %s", k, values)
        else:
            expect(isinstance(record[k], str) and
                   (k == "at" or record[k] != ""), "%s: text expected", k)
            expect(encode(record[k]).encode() == raw, "%s: other escapes", k)

    def act(self, kind, record, raw, value):
        """What the line, with this last member, does to the package."""
        if kind == "@file":
            self.close()
            expect(record["type"] in ("json", "text", "binary"), "type")
            self.files.append(File(record))
            return
        if kind in ("@stream", "@end"):
            self.close()
            return
        expect(self.files and
               self.files[-1].record["file"] == record["file"],
               "the record is of another file")
        file = self.files[-1]
        file.pieces += kind != "@open"
        if kind == "@data":
            file.add(record)
        elif "encoding" in record:
            file.data = decode(raw["value"]).encode()
        else:
            file.place(record, raw, value)

    def close(self):
        """The file before is over."""
        if self.files:
            f = self.files[-1]
            expect(not f.split() or f.top is not None, "a file of nothing")
            expect(("empty" in f.record) == (not f.pieces or
                   f.split() and f.pieces == f.tail), "empty")
            if "size" in f.record:
                text = f.text()
                expect(len(text) == f.record["size"], "size of %s: %d, not "
                       "%d", f.record["file"], f.record["size"], len(text))


def sums(lines):
    """The sum of the lines' XXH3-128, by xxhsum."""
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for i, line in enumerate(lines):
            names.append(os.path.join(folder, str(i)))
            with open(names[-1], "wb") as f:
                f.write(line)
        for i in range(0, len(names), 1000):
            out = subprocess.run(["xxhsum", "-H2"] + names[i:i + 1000],
                                 capture_output=True, check=True).stdout
            for one in out.decode().splitlines():
                total += int(one.split()[0], 16)
    return "%032x" % (total % (1 << 128))


def package(path):
    if os.path.isdir(path):
        return {os.path.relpath(os.path.join(d, n), path):
                open(os.path.join(d, n), "rb").read()
                for d, _, names in os.walk(path) for n in names}
    with zipfile.ZipFile(path) as z:
        return {i.filename: z.read(i) for i in z.infolist()}


def main():
    with open(sys.argv[1], "rb") as f:
        text = f.read()
    expect(text[-1:] == b"\n", "the last line has no end")
    lines = text[:-1].split(b"\n")
    reader = Reader()
    for number, line in enumerate(lines, 1):
        try:
            kind, record = reader.line(line, number)
        except (Bad, ValueError, StopIteration) as e:
            sys.exit("line %d: %s\n%s" % (number, e, line[:300]))
        expect((kind == "@end") == (number == len(lines)), "@end")
    expect(record["records"] == len(lines) - 2, "count of @end")
    mine = sums(lines[1:-1])
    expect(record["sum"] == mine, "sum of @end: %s, not %s",
           record["sum"], mine)
    if len(sys.argv) > 2:
        want = package(sys.argv[2])
        names = [f.record["file"] for f in reader.files]
        if os.path.isdir(sys.argv[2]):
            expect(sorted(names) == sorted(want), "files: %s", names)
        else:
            expect(names == list(want), "files: %s", names)
        for f in reader.files:
            name = f.record["file"]
            expect(f.text() == want[name], "%s comes out otherwise", name)


try:
    main()
except Bad as e:
    sys.exit("%s: %s" % (sys.argv[1], e))
