# SPDX-License-Identifier: ISC
"""The tools as processes: packages in, streams and packages out."""
import io
import json
import os
import re
import signal
import subprocess
import zipfile


class Bad(Exception):
    """A tool ended as none should: a crash, a sanitizer's report."""


class Number(str):
    """A number by its digits, so that 1.10 is not 1.1."""

    def __repr__(self):
        return "Number(%s)" % str(self)


def loads(text):
    return json.loads(text, parse_float=Number)


LEXEME = re.compile(r'"@number ([^"]*)"')


def dumps(value, indent=4):
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return LEXEME.sub(r"\1", text)


def hung(signum, frame):
    raise Bad("a tool does not end", "")


class Tools:
    def __init__(self, bin_dir, folder):
        signal.signal(signal.SIGALRM, hung)
        self.bin = bin_dir
        self.folder = folder
        self.of_unpack = []
        self.map = []
        self.runs = 0
        self.there = {}

    def use(self, options):
        """The options that tell the platform: all tools take a map."""
        self.of_unpack = options
        self.map = options if options[:1] == ["--map"] else []

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, tool, *args, data=None, out=None):
        """Exit status, standard output, standard error."""
        self.runs += 1
        signal.alarm(60)
        command = [os.path.join(self.bin, tool), *args]
        done = subprocess.run(command, input=data, stdout=out or
                              subprocess.PIPE, stderr=subprocess.PIPE,
                              close_fds=False, check=False,
                              stdin=None if data is not None
                              else subprocess.DEVNULL)
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode < 0 or done.returncode > 6 or \
                "Sanitizer" in said or "runtime error:" in said:
            found = re.search(r"(\S+): runtime error|Sanitizer: (\S+)", said)
            raise Bad("%s ended with %d %s" % (
                tool, done.returncode, found.group(0) if found else ""), said)
        return done.returncode, done.stdout, said

    def pack(self, package, name):
        """Write an invented package as a zip."""
        with zipfile.ZipFile(self.path(name), "w") as z:
            for file, doc in package.items():
                z.writestr(zipfile.ZipInfo(file), doc if isinstance(
                    doc, bytes) else text_of(file, doc))

    def put(self, package, name):
        """Make the stream of a package, but where it is there already."""
        if self.there.get(name) is package:
            return 0, ""
        self.there.pop(name, None)
        self.pack(package, name + ".zip")
        code, said = self.unpack(name + ".zip", name)
        if not code:
            self.there[name] = package
        return code, said

    def unpack(self, name, stream):
        with open(self.path(stream), "wb") as f:
            code, _, said = self.run("pkg-unpack", *self.of_unpack, "-q",
                                     self.path(name), out=f)
        return code, said

    def merge(self, args, into, source, result):
        with open(self.path(result), "wb") as f:
            code, _, said = self.run("pkg-merge", *self.map, *args, "--into",
                                     self.path(into), self.path(source),
                                     out=f)
        return code, said

    def plan(self, args, into, source):
        code, out, said = self.run(
            "pkg-merge", *self.map, *args, "--plan=json", "--into",
            self.path(into), self.path(source))
        rows = [json.loads(x) for x in out.decode().splitlines()]
        return code, rows, said

    def read(self, stream):
        with open(self.path(stream), encoding="utf-8") as f:
            return [json.loads(x, parse_float=Number) for x in f]

    def packed(self, stream):
        """What pkg-pack makes of a stream: exit status, zip, message."""
        with open(self.path(stream), "rb") as f:
            self.runs += 1
            signal.alarm(60)
            done = subprocess.run(
                [os.path.join(self.bin, "pkg-pack"), *self.map, "-q", "-o",
                 "-"], stdin=f, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, close_fds=False, check=False)
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode < 0 or done.returncode > 6 or \
                "Sanitizer" in said or "runtime error:" in said:
            raise Bad("pkg-pack ended with %d" % done.returncode, said)
        return done.returncode, done.stdout, said


def text_of(file, doc):
    if file.endswith(".json"):
        return dumps(doc)
    return doc if isinstance(doc, str) else dumps(doc)


def opened(data):
    """The documents of a zip, in its order, and their bytes."""
    package, raw = {}, {}
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for name in z.namelist():
            raw[name] = z.read(name)
            text = raw[name].decode("utf-8")
            package[name] = loads(text) if name.endswith(".json") else text
    return package, raw
