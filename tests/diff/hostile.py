#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""hostile.py FOLDER STATE ...: states of an app, made of that in FOLDER, whose
names and texts are made to deceive.

hostile.py --look FILE ...: whether no terminal, no reader of TSV and no page
would obey what is in a file: it is UTF-8 without control characters, but for
tabs and the ends of lines, and without marks of direction; exit 1 if it is
not.
"""
import json
import os
import re
import shutil
import sys

MARKS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f"
                   "\u2028-\u202e\u2066-\u2069]")
# so often a few bytes are in the largest text: of 10 MB, unless it says less
LARGE = int(os.environ.get("LARGE", "900000"))
NAMES = ["\x1b[31mred\x07\x9b2J\x00", "</script><script>alert(1)</script>",
         "<!--<script>", "\u202eevil\u2066 \u200f", "a\tb\nc\rd", "\ud800",
         "\udfff\ud800x", "\u2028\u2029\ufeff", "\"'&amp;<b>\\",
         "\U0001f600\u05d0\u05d1"]


def made(folder, state):
    with open(os.path.join(folder, "botDefinition.json"),
              encoding="utf-8") as f:
        app = json.load(f)
    component = app["dialogComponents"][0]
    app["dialogComponents"] += [
        dict(component, _id="dc-%d" % i, refId="hostile-%d" % i,
             name=name + (state if i % 2 else ""), desc=name * 3 + state)
        for i, name in enumerate(NAMES)]
    for i, name in enumerate(NAMES):
        app["hostile" + name] = {name: state, "/~" + name: [name, state]}
    app["hostileLarge"] = {"text": "0123 <b>\x1b " * LARGE + state}
    return app


def main(folder, *states):
    for i, to in enumerate(states):
        shutil.copytree(folder, to)
        with open(os.path.join(to, "botDefinition.json"), "w",
                  encoding="ascii") as f:
            json.dump(made(folder, "abc"[i]), f)
    return 0


def look(*files):
    bad = 0
    for name in files:
        with open(name, encoding="utf-8", newline="") as f:
            found = MARKS.search(f.read())
        if found:
            print("%s has %r" % (name, found.group()))
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(look(*sys.argv[2:]) if sys.argv[1] == "--look" else
             main(*sys.argv[1:]))
