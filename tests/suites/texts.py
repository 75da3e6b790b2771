#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""texts.py [-e EVERY] BIN CASES

Texts that are JSON or are not (json/cases), given to whole tools: each as a
file and as a member's value, from a file and from a pipe, and as the value of an
edited line.  CASES says what must happen to the text alone; once something
stands around it Python's json judges, strictly.  A text that is taken must come
back from pkg-pack, byte for byte unless its layout was told to be in no style;
of one that is refused there is nothing but one message.  EVERY: one text in so many."""

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

BAD, LIMIT = 3, 5
# an escape of the table
BYTE = re.compile(rb"\\x([0-9a-f]{2})")
# Python takes some that RFC 8259 does not have
CONSTANT = re.compile(r"NaN|Infinity")


def cases(path):
    """The rows of the table: whether it is taken, its name, its bytes."""
    with open(path, "rb") as f:
        for line in f.read().split(b"\n"):
            if line[:7] in (b"accept\t", b"refuse\t"):
                verdict, name, text = line.split(b"\t", 2)
                yield verdict == b"accept", name.decode(), BYTE.sub(
                    lambda m: bytes([int(m[1], 16)]), text)


def no_constant(word):
    raise ValueError(word)


def depth(text):
    """How many containers are open at once, strings left out."""
    most = now = 0
    for c in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", text, flags=re.S):
        now += (c in b"[{") - (c in b"]}")
        most = max(most, now)
    return most


def is_json(text):
    try:
        json.loads(text.decode("utf-8"), parse_constant=no_constant,
                   parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def packed_file(packed):
    """The one file of a zip."""
    with zipfile.ZipFile(io.BytesIO(packed)) as z:
        return z.read("a.json")


def tokens(text):
    """A text without the white space outside of its strings."""
    return re.sub(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+',
                  lambda m: m[1] or b"", text, flags=re.S)


class Suite:
    def __init__(self, bin):
        self.bin = bin
        self.tried = self.failed = 0

    def run(self, tool, *words, given=None):
        done = subprocess.run([os.path.join(self.bin, tool), *words],
                              input=given, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        return done.returncode, done.stdout, done.stderr

    def expect(self, what, holds, *found):
        self.tried += 1
        if not holds:
            self.failed += 1
            print("%s: " % what, *found)

    def refused(self, what, status, out, said):
        self.expect(what, status in (BAD, LIMIT) and said.count(b"\n") == 1 and
                    b'"@end"' not in out, "not refused", status, said)

    def whole(self, what, taken, text, path):
        """A package of one file."""
        with open(path, "wb") as f:
            f.write(text)
        options = ["-p", "generic", "--max-depth", "32"]
        for form, words, given in (
                ("file", [path], None),
                ("pipe", ["-n", "a.json"], text)):
            form = "%s, from a %s" % (what, form)
            status, stream, said = self.run("pkg-unpack", *options, *words,
                                            given=given)
            if not taken:
                self.refused(form, status, stream, said)
                continue
            self.expect(form, status == 0, status, said)
            status, packed, warned = self.run("pkg-pack", "-o", "-",
                                              given=stream)
            back = packed_file(packed) if status == 0 else None
            self.expect(form + ", packed", back == text or
                        b"no layout style" in said and
                        tokens(back) == tokens(text), status, warned, back)

    def value(self, what, text):
        """The value of an edited line."""
        line = b'{"kind":"a","file":"a.json","at":"/a","value":' + text + b"}"
        stream = b"\n".join([
            b'{"kind":"@stream","version":1,"platform":"generic"}',
            b'{"kind":"@file","file":"a.json","type":"json",'
            b'"style":"compact"}',
            b'{"kind":"@open","file":"a.json","at":"","value":{}}',
            line, b'{"kind":"@end","records":0,"sum":""}', b""])
        status, packed, said = self.run("pkg-pack", "--edited", "-o", "-",
                                        given=stream)
        taken = is_json(line) and b"\n" not in text and depth(text) < 1000
        if not taken:
            self.expect(what, status != 0 and packed == b"" and
                        said.count(b"\n") == 1, "not refused", status, said)
            return
        self.expect(what, status == 0, status, said)
        if status == 0:
            back = packed_file(packed)
            self.expect(what + ", packed", tokens(back) ==
                        tokens(b'{"a":' + text + b"}"), back)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-e", type=int, default=1)
    parser.add_argument("bin")
    parser.add_argument("cases")
    options = parser.parse_args()
    suite = Suite(options.bin)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.json")
        texts = list(cases(options.cases))[::options.e]
        for taken, name, text in texts:
            suite.whole(name, taken, text, path)
            inside = b'{"a":' + text + b"}"
            suite.whole(name + ", as a value", is_json(inside) and
                        depth(inside) <= 32, inside, path)
            suite.value(name + ", in an edited line", text)
    print("%d texts, %d claims, %d do not hold" % (len(texts), suite.tried,
                                                   suite.failed))
    return suite.failed > 0


if __name__ == "__main__":
    sys.exit(main())
