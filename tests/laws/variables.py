#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""variables.py BIN PACKAGE [-s SEED] [-n TURNS]: laws of pkg-vars.

In each turn the variables of a package get random values, with all that files
quote; secured ones are also written into texts of other components, plain,
escaped, percent-encoded, in base64 and in JSON in JSON.  Then

  * template, filled and applied, gives every value: read from the package's
    own files, not by the tools; in each of the three formats;
  * what template --values writes, applied, changes nothing;
  * after redact no file of the package has a secured value, in any of these
    spellings, nor has the stream;
  * restored it is packed as it was before, byte for byte, also after it was
    a package in between;
  * nothing that the tools say, nor their report, has a value.

Prints what it did; exit 1 after what is wrong.
"""
import argparse
import base64
import json
import os
import random
import re
import stat
import subprocess
import sys
import tempfile
from urllib.parse import quote

PIECES = ["a", "Z", "7", " ", "  ", "#", " # ", "=", "'", '"', "\\", "\\n",
          "\n", "\r\n", "\t", "$", "${x}", "`", "%", "%41", "+", "/", "?",
          "\u00fc", "\u6e21", "\U0001f680", "\x01", "\x7f", "{", "}", ",",
          "<&>", "\ud83d", "\udc00x", "export ", "null", "\u2028"]
WORDS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def text_of(rng, least):
    """A value: some letters that make it the only one, and anything."""
    out = "".join(rng.choice(WORDS) for _ in range(least))
    for _ in range(rng.randrange(8)):
        at = rng.randrange(len(out) + 1)
        out = out[:at] + rng.choice(PIECES) + out[at:]
    # two halves that came together are a character
    out = out.encode("utf-16", "surrogatepass").decode("utf-16",
                                                       "surrogatepass")
    return out


def coded(text):
    return text.encode("utf-8", "surrogatepass")


def inside(text, ascii_only):
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def spellings(value):
    """How a value may be spelled in a file: bytes."""
    raw = coded(value)
    out = {raw}
    for text in (value, inside(value, True), inside(value, False),
                 inside(inside(value, True), True)):
        data = coded(text)
        out |= {data, quote(data, safe="").encode(),
                quote(data, safe="!~*'()").encode(),
                re.sub(b"%..", lambda m: m.group().lower(),
                       quote(data, safe="").encode())}
        out |= {coded(inside(quote(data, safe=""), True))}
    out |= {coded(inside(s.decode("utf-8", "surrogatepass"), a))
            for s in list(out) for a in (True, False)}
    for before in range(3 if len(raw) > 4 else 0):
        data = b"\0" * before + raw
        whole = base64.b64encode(data).rstrip(b"=")
        kept = whole[(before * 8 + 5) // 6:len(data) * 8 // 6]
        out |= {kept, kept.replace(b"+", b"-").replace(b"/", b"_")}
    return {s for s in out if len(s) > 3}


def written(rng, value):
    """A value as a text of another component may have it."""
    data = coded(value)
    return rng.choice([
        lambda: "x" + value + "y",
        lambda: "call(" + json.dumps(value) + ");",
        lambda: quote(data, safe=""),
        lambda: quote(data, safe="/").lower() if value.islower() else
        quote(data, safe="/"),
        lambda: json.dumps({"k": json.dumps({"v": value})}),
        lambda: quote(json.dumps({"v": value}), safe=""),
        lambda: "Basic " + base64.b64encode(b"user:" + data).decode(),
        lambda: base64.urlsafe_b64encode(b"ab" + data + b"c").decode(),
        lambda: "".join("\\u%04x" % c if c < 0x10000 else "?"
                        for c in map(ord, value)),
    ])()


class Turn:
    def __init__(self, tools, package, tmp, rng):
        self.tools, self.tmp, self.rng = tools, tmp, rng
        self.package, self.n = package, 0
        self.secrets, self.said = [], b""

    def tool(self, name, *arguments, data=None, expect=0):
        done = subprocess.run((os.path.join(self.tools, name),) + arguments,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              input=data)
        self.said += done.stderr
        if done.returncode != expect:
            raise RuntimeError("%s %s: %d: %s" % (
                name, arguments, done.returncode,
                done.stderr.decode("utf-8", "replace")[:400]))
        return done.stdout

    def path(self, name):
        self.n += 1
        return os.path.join(self.tmp, "%d.%s" % (self.n, name))

    def file(self, name, data):
        path = self.path(name)
        with open(path, "wb") as f:
            f.write(data)
        return path

    def packed(self, stream):
        """The files that a stream is packed to."""
        path = self.path("out") + "/"
        self.tool("pkg-pack", "-q", "-o", path, "-", data=stream)
        out = {}
        for folder, _, names in os.walk(path):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    out[os.path.relpath(f.name, path)] = f.read()
        return path, out

    def names(self, stream):
        lines = self.tool("pkg-vars", "list", "--json", data=stream)
        return [json.loads(line) for line in
                lines.decode("utf-8", "surrogatepass").splitlines()
                if line]


def values_of(files):
    """The values by the package's own files: name to value."""
    out = {}

    def add(name, value):
        n, k = name, 1
        while n in out:
            k += 1
            n = "%s#%d" % (name, k)
        out[n] = value

    for path, data in files.items():
        base = os.path.basename(path)
        if not path.endswith(".json"):
            continue
        v = json.loads(data.decode("utf-8", "surrogatepass"))
        if not isinstance(v, dict):
            continue
        for e in v.get("envVariables", []):
            if "value" in e:
                add("env." + e["key"], e["value"])
        if base in ("botDefinition.json", "appDefinition.json"):
            for c in v.get("contentVariables", []):
                for lang, data in c.get("localeData", {}).items():
                    if "value" in data:
                        add("content.%s.%s" % (c["key"], lang),
                            data["value"])
        if path.startswith("webhooks/"):
            g = v.get("genericWebService", {})
            for key, word in (("uri", "uri"), ("username", "username"),
                              ("password", "password")):
                if key in g:
                    add("webhook.%s.%s" % (v["displayName"], word), g[key])
            for h in g.get("requestHeaders", []):
                add("webhook.%s.header.%s" % (v["displayName"], h["key"]),
                    h["value"])
    return out


def put_dotenv(name, value):
    """As a person would write it, here with all escapes."""
    out = ""
    for c in value:
        out += {'"': '\\"', "\\": "\\\\", "\n": "\\n", "$": "\\$"}.get(
            c, "\\u%04x" % ord(c) if 0xd800 <= ord(c) < 0xe000 else c)
    return '"%s" = "%s"  # a comment\n' % (
        name.replace("\\", "\\\\").replace('"', '\\"'), out)


def fill(values, form):
    if form == "json":
        return json.dumps(values, ensure_ascii=False if all(
            not 0xd800 <= ord(c) < 0xe000 for v in values.values()
            for c in v) else True).encode()
    if form == "tsv":
        return "".join("%s\t%s\n" % (inside(n, True), inside(v, True))
                       for n, v in values.items()).encode()
    return coded("".join(put_dotenv(n, v) for n, v in values.items()))


def leaks(t, where, files):
    for name, value in t.secrets:
        for s in spellings(value):
            for path, data in files.items():
                if s in data:
                    raise RuntimeError("%s: %s has %s, as %r" % (
                        where, path, name, s))


TEXT = re.compile(r'("(?:script|text|message|description|value|hint|name)"'
                  r'\s*:\s*"(?:[^"\\{]|\\.)(?:[^"\\]|\\.)*)"')


def plant(t, folder, files):
    """Write the secrets into texts of other components."""
    for path, data in files.items():
        if not path.endswith(".json") or path.startswith("webhooks/") or \
                os.path.basename(path) == "config.json":
            continue
        text = data.decode("utf-8", "surrogatepass")
        ends = [m.end() - 1 for m in TEXT.finditer(text)
                if '"name"' not in m.group(1)]
        if not ends:
            continue
        put = [(t.rng.choice(ends), written(t.rng, value))
               for _, value in t.secrets for _ in range(2)]
        put.append((t.rng.choice(ends), t.secrets[-1][1]))
        for at, value in sorted(put, reverse=True):
            text = text[:at] + " " + inside(value, any(
                0xd800 <= ord(c) < 0xe000 for c in value)) + text[at:]
        with open(os.path.join(folder, path), "wb") as f:
            f.write(coded(text))


def one(t):
    stream = t.tool("pkg-unpack", "-q", t.package)
    listed = t.names(stream)
    # template gives the same names
    for form in ("dotenv", "tsv", "json"):
        same = t.file("same", t.tool("pkg-vars", "template", "--values",
                                     "--format", form, data=stream))
        again = t.tool("pkg-vars", "apply", same, "-", data=stream)
        if again.split(b"\n")[1:] != stream.split(b"\n")[1:]:
            raise RuntimeError("its own values change it, as " + form)
    kinds = values_of(t.packed(stream)[1])
    values = {}
    for v in listed:
        if isinstance(kinds.get(v["name"]), str):
            values[v["name"]] = text_of(t.rng, 9)
            if v["secured"]:
                t.secrets.append((v["name"], values[v["name"]]))
    form = t.rng.choice(("dotenv", "tsv", "json"))
    given = t.file("values", fill(values, form))
    report = t.path("report")
    new = t.tool("pkg-vars", "-v", "apply", "--report", report, given, "-",
                 data=stream)
    folder, files = t.packed(new)
    got = values_of(files)
    for name, value in values.items():
        if got.get(name) != value:
            raise RuntimeError("%s: %r became %r (%s)" % (
                name, value, got.get(name), form))
    # one that nothing but its shape tells
    t.secrets.append(("found", "ghp_" + "".join(
        t.rng.choice(WORDS) for _ in range(36))))
    plant(t, folder, files)
    planted = t.tool("pkg-unpack", "-q", folder)
    before = t.packed(planted)[1]
    originals = t.path("originals")
    redacted = t.tool("pkg-vars", "-v", "redact", "--originals", originals,
                      "-", data=planted)
    if stat.S_IMODE(os.stat(originals).st_mode) != 0o600:
        raise RuntimeError("the originals are not mode 0600")
    path, files = t.packed(redacted)
    leaks(t, "redacted", files)
    leaks(t, "stream", {"": redacted})
    with open(report, "rb") as f:
        leaks(t, "said", {"stderr": t.said, "report": f.read(),
                          "by": new.split(b"\n", 1)[0]})
    for name, value in values.items():
        if coded(value) in t.said:
            raise RuntimeError("a message has the value of " + name)
    for data in (redacted, t.tool("pkg-unpack", "-q", path)):
        back = t.tool("pkg-vars", "restore", originals, "-", data=data)
        if t.packed(back)[1] != before:
            raise RuntimeError("restored it is another")
    return len(values), redacted.count(b"REDACTED_")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("tools")
    p.add_argument("package")
    p.add_argument("-s", "--seed", type=int, default=1)
    p.add_argument("-n", "--turns", type=int, default=1)
    o = p.parse_args()
    values = places = 0
    for turn in range(o.turns):
        rng = random.Random("%d %d" % (o.seed, turn))
        with tempfile.TemporaryDirectory() as tmp:
            t = Turn(o.tools, o.package, tmp, rng)
            try:
                n, m = one(t)
            except RuntimeError as e:
                print("seed %d, turn %d: %s" % (o.seed, turn, e))
                return 1
            values += n
            places += m
    print("%d values given, %d places redacted and restored" % (
        values, places))
    return 0


if __name__ == "__main__":
    sys.exit(main())
