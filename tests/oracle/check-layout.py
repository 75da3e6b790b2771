#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-layout.py STYLE <JSON: the same tokens, in another layout style.

A second opinion on the styles of pkg-stream(5): tokens keep their bytes, the
white space between them is that of the style.
"""
import re
import sys

TOKEN = re.compile(
    r'[ \t\r\n]*("(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:," \t\r\n]+)', re.S)
INDENT = {"compact": None, "indent2": "  ", "indent4": "    ", "tab": "\t"}


def lay(tokens, indent):
    """The tokens as JSON.stringify(value, null, indent) would set them."""
    if indent is None:
        return "".join(tokens)
    out, depth, before = [], 0, ""
    for t in tokens:
        if t in "]}":
            depth -= 1
            if before not in ("[", "{"):
                out.append("\n" + indent * depth)
        elif before in ("[", "{", ",") and before:
            out.append("\n" + indent * depth)
        out.append(t + (" " if t == ":" else ""))
        if t in ("[", "{"):
            depth += 1
        before = t
    return "".join(out)


text = sys.stdin.buffer.read().decode()
laid = lay(TOKEN.findall(text), INDENT[sys.argv[1]])
sys.stdout.buffer.write(laid.encode())
