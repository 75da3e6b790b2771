#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""judges.py [-s SEED] [-n TEXTS] [-t SECONDS] VERDICT [FILE ...]

What is JSON?  The scanner, yajl and Python's json are asked about the same
texts: those of the table beside this script, all JSON files given (in zips,
too), and random changes of these.  The scanner and Python must agree, and
yajl but for what it is known to let pass.  VERDICT is the unit program."""

import argparse
import json
import os
import random
import re
import struct
import subprocess
import sys
import time
import zipfile

DEPTH = 64          # as verdict.c has it
PIECES = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"-", b"+", b".",
          b"e", b"E", b"0", b"1", b"17", b"true", b"false", b"null", b"tru",
          b"nul", b"NaN", b"Infinity", b" ", b"\t", b"\n", b"\r\n", b"\f",
          b"\v", b"\0", b"\x1f", b"\x7f", b"/*", b"//", b"\\u", b"\\ud83d",
          b"\\udc00", b"\\u00e9", b"\\n", b"\\x", b"\\/", b'""', b"{}", b"[]",
          b'"a":', b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xff",
          b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xf4\x90\x80\x80",
          b"\xef\xbb\xbf", b"        ", b"aaaaaaaa", b"'"]
LONG = [b"x", b"\xc3\xa9", b"\\n", b"\\u00e9", b"\\\\"]
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.S)


def depth(text):
    """How deep the containers of a JSON text are."""
    most = now = 0
    for c in STRING.sub(b"", text):
        now += (c in b"[{") - (c in b"]}")
        most = max(most, now)
    return most


def no_number(word):
    raise ValueError(word)


def is_json(text):
    """What Python says; numbers are not made, and may have any length."""
    try:
        # recursion has its own limit: a text as deep as that is none of ours
        json.loads(text.decode("utf-8"), parse_constant=no_number,
                   parse_int=str, parse_float=str)
        return True
    except (ValueError, RecursionError):
        return False


def is_lax(text):
    """Whether yajl may take a text that is no JSON."""
    if b"\f" in text or b"\v" in text:
        return True         # they are white space to it
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return True         # it takes overlong forms and surrogates
    # it does not notice that a token has begun behind the document
    decoder = json.JSONDecoder(parse_int=str, parse_float=str,
                               parse_constant=no_number)
    try:
        word = text.decode("utf-8").lstrip(" \t\r\n")
        end = decoder.raw_decode(word)[1]
    except (ValueError, RecursionError):
        return False
    return re.match(r'[ \t\r\n]*(".*|-|t|tr|tru|f|fa|fal|fals|n|nu|nul'
                    r'|[-0-9.eE+]+)\Z', word[end:], re.S) is not None


def cases(path):
    """The texts of the table."""
    with open(path, "rb") as f:
        for row in f.read().split(b"\n"):
            if row[:1] in b"ar" and row.count(b"\t") >= 2:
                text = row.split(b"\t", 2)[2]
                yield re.sub(rb"\\x([0-9a-fA-F]{2})",
                             lambda m: bytes([int(m[1], 16)]), text)


def files(names):
    """The JSON files there are below some names, and in zips."""
    for name in names:
        for at, _, found in os.walk(name) if os.path.isdir(name) else [
                ("", [], [name])]:
            for path in sorted(os.path.join(at, f) for f in found):
                if path.endswith(".json"):
                    with open(path, "rb") as f:
                        yield f.read()
                elif zipfile.is_zipfile(path):
                    yield from members(path)


def members(path):
    with zipfile.ZipFile(path) as z:
        for m in z.infolist():
            if m.filename.endswith(".json"):
                try:
                    yield z.read(m)
                except (zipfile.BadZipFile, NotImplementedError, EOFError,
                        RuntimeError, ValueError, OSError):
                    pass    # made to be refused


def spaced(dice, text):
    """A text with white space where it may be, if that is outside strings."""
    marks = [m.start() for m in re.finditer(rb"[\[\]{},:]", text)]
    for at in sorted(dice.choices(marks, k=3) if marks else [], reverse=True):
        at += dice.randrange(2)
        text[at:at] = b" \t\n\r"[at % 4:at % 4 + 1] * dice.choice([1, 4, 9])


def part(dice, text):
    """A part of a text: an element or a member, or what comes of a cut."""
    if dice.randrange(2):
        found = re.findall(rb'\[[^][{}]*\]|\{[^][{}]*\}', text)
        if found:
            return bytearray(dice.choice(found))
    at = dice.randrange(len(text) - 200)
    return bytearray(dice.choice([b"", b"[", b'{"a":', b'["']) +
                     text[at:at + dice.randrange(1, 200)] +
                     dice.choice([b"", b"]", b"}", b'"]']))


def changed(dice, seeds):
    """A text, or a part of one, with some random changes."""
    text = bytearray(dice.choice(seeds))
    if len(text) > 400:
        text = part(dice, text)
    for _ in range(dice.choice([0, 1, 1, 1, 2, 3, 8])):
        at = dice.randrange(len(text) + 1)
        what = dice.randrange(7)
        if what == 0:
            del text[at:at + dice.choice([1, 1, 1, 2, 5, 40])]
        elif what == 1 and at < len(text):
            text[at] = dice.randrange(256)
        elif what == 2:
            other = dice.choice(seeds)
            cut = dice.randrange(len(other) + 1)
            text[at:at] = other[cut:cut + dice.randrange(20)]
        elif what == 3:
            text[at:at] = text[at:at + dice.randrange(30)]
        elif what == 4:
            text[at:at] = dice.choice(PIECES)
        else:
            spaced(dice, text)
    if dice.randrange(50) == 0:     # some strings that come in parts
        text = text.replace(b'"', b'"' + b"x" * 65530 + b"".join(
            dice.choices(LONG, k=dice.randrange(9))), 1)
    return bytes(text)


class Judges:
    """The unit program, asked about one text after the other."""

    def __init__(self, verdict, seed):
        self.program = subprocess.Popen([verdict, str(seed)],
                                        stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.asked = self.taken = self.lax = self.bad = 0

    def ask(self, text):
        self.program.stdin.write(struct.pack("<I", len(text)) + text)
        self.program.stdin.flush()
        said = self.program.stdout.read(1)
        if not said:
            sys.exit(f"died of {text[:1000]!r}")
        self.asked += 1
        scan, yajl, limit = (said[0] & bit != 0 for bit in (1, 2, 4))
        python = is_json(text)
        self.taken += scan
        if scan != python and not (limit and depth(text) > DEPTH):
            self.fault("Python", python, text)
        if yajl != scan and not (limit and depth(text) > DEPTH):
            if yajl and is_lax(text):
                self.lax += 1
            else:
                self.fault("yajl", yajl, text)

    def fault(self, who, says, text):
        self.bad += 1
        if self.bad <= 20:
            print(f"{who} {'takes' if says else 'refuses'} {text[:300]!r}")

    def end(self):
        self.program.stdin.close()
        if self.program.wait() != 0:
            self.bad += 1
        print(f"{self.asked} texts, {self.taken} are JSON, yajl alone takes "
              f"{self.lax} more")
        return self.bad > 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-s", type=int, default=1)
    p.add_argument("-n", type=int, default=5000)
    p.add_argument("-t", type=float, default=0)
    p.add_argument("verdict")
    p.add_argument("file", nargs="*")
    a = p.parse_args()
    judges = Judges(a.verdict, a.s)
    seeds = list(cases(os.path.join(os.path.dirname(__file__), "cases")))
    if len(seeds) < 500:
        sys.exit("the table has too few texts")
    seeds += [t for t in files(a.file) if t]
    for text in seeds:
        judges.ask(text)
    dice = random.Random(a.s)
    until = time.monotonic() + a.t
    while judges.asked < len(seeds) + a.n or (
            a.t and time.monotonic() < until):
        judges.ask(changed(dice, seeds))
    return judges.end()


if __name__ == "__main__":
    sys.exit(main())
