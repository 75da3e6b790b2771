# SPDX-License-Identifier: ISC
"""The tools, and packages that were found, read and unpacked once."""
import glob
import os
import re
import shutil
import subprocess
import tempfile

import invent
from compare import View
from package import read_files
from remint import remint

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORPUS = os.environ.get("PKG_CORPUS") or os.path.join(
    os.path.dirname(ROOT), "shared", "corpus")
INVENTED = re.compile(r"(xo10|xo11|cx):(\d+)\.(\d+)")


class Trouble(Exception):
    """A tool that refuses what it must take: law, sort, details."""


class Bench:
    def __init__(self, tools):
        self.tools = os.path.abspath(tools)
        self.folder = tempfile.mkdtemp(prefix="laws.")
        self.views, self.streams, self.made = {}, {}, {}
        self.kinds = {}     # of a stream
        self.again = {}     # files

    def close(self):
        shutil.rmtree(self.folder)

    def run(self, name, *args, out=None):
        """Exit status, standard output if it goes to no file, messages."""
        with open(out or os.devnull, "wb") as f:
            done = subprocess.run(
                [os.path.join(self.tools, name), *args], check=False,
                stdout=f if out else subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stdout, done.stderr.decode(
            errors="replace").strip()

    def find(self, word):
        """The package of a word: a path, a path or pattern in the corpus,
        or what invent.py makes of EDITION:APP.STATE; None: it is not
        there."""
        m = INVENTED.fullmatch(word)
        if m:
            return self.make(word, lambda folder: invent.write(
                folder, m[1], int(m[2]), int(m[3])))
        if os.path.exists(word):
            return word
        found = sorted(glob.glob(os.path.join(CORPUS, word)))
        return found[0] if found else None

    def make(self, word, write):
        if word not in self.made:
            folder = os.path.join(self.folder, "made%d" % len(self.made))
            write(folder)
            self.made[word] = folder
        return self.made[word]

    def source(self, target, word):
        """The same of a source: same is the target, copy what remint.py
        makes of it, copy:SEED another."""
        if word == "same":
            return target
        if word.split(":")[0] == "copy":
            seed = int(word[5:] or 1)
            return self.make("%s %d" % (target, seed), lambda folder: remint(
                self.view(target).app, folder, seed))
        return self.find(word)

    def view(self, path):
        if path not in self.views:
            self.views[path] = View(path)
        return self.views[path]

    def stream(self, path):
        if path not in self.streams:
            out = os.path.join(self.folder, "%d.nd" % len(self.streams))
            status, _, said = self.run("pkg-unpack", "-q", path, out=out)
            if status:
                raise Trouble("unpack", "exits %d" % status, said)
            self.streams[path] = out
            with open(out, "rb") as f:
                self.kinds[out] = {line[9:line.index(b'"', 9)].decode()
                                   for line in f}
        return self.streams[path]

    def packed(self, path):
        """The files of a package as pkg-pack writes them again: some that a
        hand has touched are laid out anew."""
        if path not in self.again:
            out = os.path.join(self.folder, "again.zip")
            status, _, said = self.run("pkg-pack", "-q", "-f", "-o", out,
                                       self.stream(path))
            if status:
                raise Trouble("pack", "pkg-pack exits %d" % status, said)
            self.again[path] = read_files(out)
        return self.again[path]

    def kinds_of(self, path):
        """The kinds of components that the tools find in a package."""
        return {k for k in self.kinds[self.stream(path)] if k[0] != "@"}
