#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""seeds.py TESTS FOLDER

The inputs that fuzzing begins with, a folder a target, made of the fixtures
and the golden packages of TESTS."""

import io
import json
import os
import sys
import zipfile

STREAMS = ["filter", "select", "full", "incremental", "diff", "check", "pack",
           "list", "redact", "rename", "patch", "threeway"]
PATCHES = [["keep"], ["keep", "add"], ["replace", "keep"],
           ["keep", "keep", "remove"], ["keep", "keep", "keep", "move"]]


def files(folder):
    """All files below a folder: their names in it, and their bytes."""
    for at, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(at, name)
            with open(path, "rb") as f:
                yield os.path.relpath(path, folder), f.read()


def zipped(folder, method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in files(folder):
            z.writestr(name, data)
    return out.getvalue()


def cases(path):
    """The texts of tests/json/cases: \\xNN is a byte."""
    with open(path, "rb") as f:
        for line in f.read().split(b"\n"):
            parts = line.split(b"\t", 2)
            if len(parts) == 3:
                yield parts[2].decode("latin-1").encode("latin-1").replace(
                    b"\\x0a", b"\n")


def patch(stream, ops):
    """A patch that says of the records of a stream, in turn, what is in ops."""
    lines = [json.loads(line, strict=False) for line in stream.splitlines()]
    first = lines[0]
    end = {"records": 0, "sum": "0" * 32}
    first.update(version=1, patch=1, old=end, new=end)
    order = ["kind", "version", "patch", "platform", "edition", "by"]
    lines[0] = {k: first[k] for k in order + ["old", "new"] if k in first}
    for i, line in enumerate(lines[1:-1]):
        op = ops[i % len(ops)]
        value = line.pop("value", None)
        if op in ("remove", "move", "keep"):
            lines[i + 1] = line = {k: line[k] for k in (
                "kind", "id", "name", "file", "at", "key", "offset")
                if k in line}
        line["op"] = op
        if op in ("remove", "replace"):
            line.update(was="0" * 32, fingerprint="0" * 32)
        if op == "move":
            line["moved"] = True
        if value is not None and (op in ("add", "replace") or
                                  line["kind"] == "@open"):
            line["value"] = value
    return "".join(json.dumps(line, separators=(",", ":")) + "\n"
                   for line in lines).encode()


def seeds(tests):
    """Pairs of a target and an input."""
    packages, streams = [], []
    for at, folders, names in sorted(os.walk(os.path.join(tests, "golden"))):
        if "package" in folders:
            packages.append(os.path.join(at, "package"))
        streams += [os.path.join(at, n) for n in sorted(names)
                    if n.endswith(".ndjson")]
    fixtures = os.path.join(tests, "fixtures")
    packages += [os.path.join(fixtures, n) for n in sorted(os.listdir(
        fixtures)) if os.path.isdir(os.path.join(fixtures, n))]
    for text in cases(os.path.join(tests, "json", "cases")):
        yield "json", b"\3" + text
    for folder in packages:
        for _, data in files(folder):
            if len(data) < 4000 and data[:1] in b"{[":
                yield "json", b"\7" + data
                yield "definition", data
        yield "zip", zipped(folder, zipfile.ZIP_STORED)
        yield "zip", zipped(folder, zipfile.ZIP_DEFLATED)
    for path in streams:
        with open(path, "rb") as f:
            data = f.read()
        for line in data.split(b"\n"):
            if 0 < len(line) < 2000:
                yield "line", line
        for target in STREAMS:
            yield target, data
            if target in ("full", "incremental", "diff", "patch"):
                yield target, data + data
            ours = data.replace(b"false", b"true")
            theirs = data.replace(b'"name":"', b'"name":"My ')
            if target == "patch":
                yield target, data + theirs
            if target == "threeway":
                yield target, data + data + data
                yield target, data + ours + theirs
        for ops in PATCHES:
            yield "apply", patch(data, ops) + data
    for _, data in files(os.path.join(tests, "..", "lib", "platform")):
        yield "map", data
    yield "states", b"dg-1\tpublished\nPay\tconfigured\n"
    yield "states", b'{"dialogs":[{"_id":"dg-1","state":"published"}]}'
    yield "request", b'{"exportType":"published","exportOptions":{"tasks":' \
        b'["botTask"],"settings":["botSettings"]},"subtasks":["nodes"]}'


def main():
    tests, folder = sys.argv[1:]
    count = {}
    for target, data in seeds(tests):
        at = os.path.join(folder, target)
        os.makedirs(at, exist_ok=True)
        count[target] = count.get(target, 0) + 1
        with open(os.path.join(at, "%04d" % count[target]), "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main()
