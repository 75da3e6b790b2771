#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""merge.py [-n PAIRS] [-s SEED] [-p PLATFORM,...] [-o FOLDER] BIN

Invents pairs of small related packages, merges them with the tools in BIN in
several ways, and checks what must hold of every merge (fuzz/laws.py).  What
fails is made as small as it will get, and written to FOLDER.  Prints the kinds
of faults, how often each was met, and with which seed first; exits 1 if there
is any.  A single seed and platform run again what they ran before.
"""
import argparse
import collections
import os
import sys
import tempfile
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:1] = [TESTS, os.path.join(TESTS, "laws")]     # fuzz, streams.py

from fuzz import pairs, shrink      # noqa: E402
from fuzz.laws import check         # noqa: E402
from fuzz.tools import Tools        # noqa: E402


def arguments():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[2])
    p.add_argument("bin")
    p.add_argument("-n", type=int, default=200, help="how many pairs")
    p.add_argument("-s", "--seed", type=int, default=1)
    p.add_argument("-t", "--time", type=float, help="at most so many seconds")
    p.add_argument("-p", "--platforms", default=",".join(pairs.PLATFORMS))
    p.add_argument("-o", "--out", help="folder for what fails")
    p.add_argument("-k", "--kind", help="only faults with this text")
    p.add_argument("--no-shrink", action="store_true")
    return p.parse_args()


def main():
    args = arguments()
    names = args.platforms.split(",")
    begun, merges = time.monotonic(), collections.Counter()
    faults, first = collections.Counter(), {}
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        tools = Tools(os.path.abspath(args.bin), folder)
        seed = args.seed
        while seed < args.seed + args.n:
            if args.time and time.monotonic() - begun > args.time:
                break
            name = names[seed % len(names)]
            for case in pairs.cases(name, seed, tools):
                found = check(tools, case)
                merges[case.said or "no merge"] += 1
                for law, fault, words in found:
                    key = name, law, fault
                    if args.kind and args.kind not in " ".join(key):
                        continue
                    faults[key] += 1
                    if key not in first:
                        first[key] = seed
                        tell(args, tools, case, seed, key, words)
            seed += 1
    spent = time.monotonic() - begun
    print("seeds %d to %d: %s, %d processes, %.1f s" % (
        args.seed, seed - 1, ", ".join("%d %s" % (n, w) for w, n in
                                       sorted(merges.items())),
        tools.runs, spent))
    for key, n in sorted(faults.items()):
        print("%6d  %s, first with seed %d" % (n, ": ".join(key), first[key]))
    return 1 if faults else 0


def tell(args, tools, case, seed, key, words):
    """Make what fails small, and write it down."""
    if args.no_shrink or not args.out:
        print("seed %d: %s: %s" % (seed, ": ".join(key), words), flush=True)
        return
    small, words = shrink.shrink(tools, case, key[1:], words)
    folder = shrink.write(args.out, small, key, seed, words)
    print("seed %d: %s: %s\n\t%s" % (seed, ": ".join(key), words, folder),
          flush=True)


if __name__ == "__main__":
    sys.exit(main())
