#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""pairs.py TOOLS SECONDS N|PACKAGE...: pkg-diff --json of many pairs, each
in both directions, looked at as operations.py does.

N pairs of packages are invented (fuzz/pairs.py); or each of the packages is
compared with the one after it.  After so many seconds no pair is begun.
"""
import os
import sys
import tempfile
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:1] = [TESTS, os.path.join(TESTS, "laws"),
                os.path.join(TESTS, "diff")]

import operations               # noqa: E402
from fuzz import pairs          # noqa: E402
from fuzz.tools import Tools    # noqa: E402


def invented(tools, n):
    names = list(pairs.PLATFORMS)
    for seed in range(n):
        name = names[seed % len(names)]
        _, platform, old, new = pairs.pair(name, seed)
        tools.use(platform.map or [])
        if tools.put(old, "old")[0] == tools.put(new, "new")[0] == 0:
            yield "%s %d" % (name, seed)


def found(tools, packages):
    tools.use([])
    for old, new in zip(packages, packages[1:]):
        if all(tools.unpack(os.path.abspath(p), s)[0] == 0
               for p, s in ((old, "old"), (new, "new"))):
            yield "%s %s" % (old, new)


def main(bin_dir, seconds, *words):
    ends = time.monotonic() + float(seconds)
    count = components = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        tools = Tools(os.path.abspath(bin_dir), folder)
        streams = tools.path("old"), tools.path("new")
        for name in invented(tools, int(words[0])) if len(words) == 1 else \
                found(tools, words):
            for first, second in (streams, streams[::-1]):
                n, bad, _ = operations.check(tools.bin, first, second,
                                             tools.map)
                for b in bad[:5]:
                    print("%s: %s" % (name, b))
                failed += bool(bad)
                components += n
            count += 1
            if time.monotonic() > ends:
                break
    print("%d pairs, %d components" % (count, components))
    return failed > 0 or components == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
