#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""renames.py BIN PACKAGE [-s SEED] [-n NAMES]: laws of pkg-rename.

Of each kind that references in a package lead to, components get other names,
one at a time, and

  * what is packed of the result is, unpacked, the result: value and envelope
    say the same;
  * the oracle of the platform, which reads the package's own files, counts as
    many references of each sort as before, as many found and as many dangling;
  * no reference leads to the old id or name;
  * all else is as it was: as many records, and the same ids but for those in
    which the old name stands;
  * renamed back it is packed as it was before, byte for byte.

Prints what it did of each kind; exit 1 after what is wrong.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from package import read_files

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLES = {"dialogflow_cx": "cxrefs.py", "kore": "refs.py"}
LISTS = ("owner", "needs", "links", "refs")
NAMES = ["New %s", "%s/2 & <3>", "100%% $%s \u00fc\u6e21", "%s=:\u00e9"]


def run(*command, check=True, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **options)
    if check and done.returncode != 0:
        raise RuntimeError("%s: %d: %s" % (
            command, done.returncode, done.stderr.decode()[:500]))
    return done


def records(data):
    """The lines of a stream but the first and last, without what
    files had."""
    out = []
    for line in data.decode("utf-8", "surrogatepass").split("\n")[1:-2]:
        r = json.loads(line)
        for told in ("size", "mtime", "mode"):  # of a file, as it was
            r.pop(told, None)
        out.append(r)
    return out


def references(rs):
    for r in rs:
        for name in LISTS:
            for item in r.get(name, []):
                yield item.lstrip("?")


def found_by(rs):
    """What references can have that lead to these."""
    return {"%s:%s" % (r["kind"], w) for r in rs for w in
            [r.get("id")] + r.get("alias", []) + r.get("names", [])}


class Law:
    def __init__(self, tools, package, tmp):
        self.tools, self.package, self.tmp = tools, package, tmp
        self.stream = self.tool("pkg-unpack", package).stdout
        self.before = records(self.stream)
        self.platform = json.loads(self.stream.split(b"\n", 1)[0])["platform"]
        # a file without a layout of its own gets one, see pkg-unpack(1)
        self.files = read_files(self.pack(self.stream))
        self.wrong = []
        self.counted = self.oracle(package, self.stream)

    def tool(self, name, *args, **options):
        return run(os.path.join(self.tools, name), *args, **options)

    def oracle(self, package, stream):
        path = os.path.join(self.tmp, "stream")
        with open(path, "wb") as f:
            f.write(stream)
        done = run(sys.executable, os.path.join(
            HERE, "..", "oracle", ORACLES[self.platform]), package, path,
            check=False)
        lines = [line.split() for line in done.stdout.decode().split("\n")]
        if self.platform == "dialogflow_cx":  # the package's name is first
            lines = [line[1:] for line in lines]
        return done.returncode, sorted(lines)

    def choose(self, draw, count):
        """Some components of each kind that something refers to."""
        led = set(references(self.before))
        kinds = {}
        for r in self.before:
            words = [r.get("id")] + r.get("alias", []) + r.get("names", [])
            if "name" in r and "id" in r and any(
                    "%s:%s" % (r["kind"], w) in led for w in words):
                kinds.setdefault(r["kind"], []).append(r)
        for kind in sorted(kinds):
            for r in draw.sample(kinds[kind], min(count, len(kinds[kind]))):
                yield r

    def back(self, kind, old, new):
        """A line of a file for --from."""
        inside = [json.dumps(w, ensure_ascii=False)[1:-1] for w in (old, new)]
        return "\t".join([kind] + inside) + "\n"

    def rename(self, stream, line):
        path = os.path.join(self.tmp, "names")
        with open(path, "w", encoding="utf-8", errors="surrogatepass") as f:
            f.write(line)
        return self.tool("pkg-rename", "-q", "--from", path, input=stream,
                         check=False)

    def pack(self, stream):
        folder = os.path.isdir(self.package)
        out = os.path.join(self.tmp, "out" if folder else "out.zip")
        shutil.rmtree(out, ignore_errors=True)
        self.tool("pkg-pack", "-qf", "--no-limits", "-o",
                  out + "/" * folder, input=stream)
        return out

    def say(self, what):
        self.wrong.append(what)

    def check(self, r, new):
        """One component with another name: 1, or 0 if it is refused."""
        kind, old = r["kind"], r["name"]
        what = "%s %s -> %s" % (kind, r["id"], new)
        done = self.rename(self.stream, self.back(kind, r["id"], new))
        if done.returncode != 0:
            if done.returncode != 1 or done.stdout or not done.stderr:
                self.say("%s: exit %d" % (what, done.returncode))
            return done.stderr.decode()
        after = records(done.stdout)
        out = self.pack(done.stdout)
        again = self.tool("pkg-unpack", out).stdout
        key = lambda r: json.dumps(r, sort_keys=True)
        if sorted(map(key, after)) != sorted(map(key, records(again))):
            self.say(what + ": value and envelope differ")
        if self.oracle(out, again) != self.counted:
            self.say(what + ": other references")
        if len(after) != len(self.before):
            self.say(what + ": other records")
        gone = found_by([r]) | {"%s:%s" % (kind, old)}
        if (gone - found_by(after)) & set(references(after)):
            self.say(what + ": a reference has the old id or name")
        if not any(x["kind"] == kind and x.get("name") == new
                   for x in after):
            self.say(what + ": nothing has the new name")
        at = next(i for i, x in enumerate(self.before) if x is r)
        done = self.rename(done.stdout, self.back(kind, after[at]["id"], old))
        if done.returncode != 0:
            self.say("%s: back: %s" % (what, done.stderr.decode()))
        elif read_files(self.pack(done.stdout)) != self.files:
            self.say(what + ": not the same bytes, renamed back")
        return ""


def main():
    args = argparse.ArgumentParser()
    args.add_argument("tools")
    args.add_argument("packages", nargs="+")
    args.add_argument("-s", "--seed", type=int, default=1)
    args.add_argument("-n", "--names", type=int, default=1)
    args.add_argument("-v", "--verbose", action="store_true")
    args = args.parse_args()
    draw = random.Random(args.seed)
    bad, tried, refused = 0, {}, {}
    for package in args.packages:
        with tempfile.TemporaryDirectory() as tmp:
            law = Law(args.tools, package.rstrip("/"), tmp)
            for i, r in enumerate(law.choose(draw, args.names)):
                why = law.check(r, NAMES[(i + args.seed) % len(NAMES)]
                                % r["name"])
                if why:  # some names cannot stand in some texts
                    why = law.check(r, "new_" + r["name"])
                tried[r["kind"]] = tried.get(r["kind"], 0) + 1
                if why:
                    refused[r["kind"]] = refused.get(r["kind"], 0) + 1
                    if args.verbose:
                        print(why, end="")
            for line in law.wrong:
                print("%s: %s" % (package, line))
            bad += len(law.wrong)
    for kind in sorted(tried):
        print(kind, tried[kind], refused.get(kind, 0))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
