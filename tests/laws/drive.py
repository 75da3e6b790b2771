#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""drive.py -c BIN [-a] [-n MERGES] [-s SEED] [-t SECONDS] [PACKAGE ...]

Many merges, each looked at as laws.py does.  Of packages of one platform
and edition, of a package with itself and with its copy; full and
incremental; with random options.  A PACKAGE is what laws.py takes, or the
word corpus (the real ones, if they are there) or invented; without any,
both of these.  MERGES and SECONDS are for each of the two, and for all that
are named.  -a does not draw: each with itself, its copy and each other.

Prints each sort of breach once, with the command that shows it, and at the
end how often it was met.  Those that known.py lists are only counted; of
each of its rows whose merge does not show it any more, and whose packages
are there, it tells.  Exits 1 if there is a breach that is not known.
"""
import argparse
import collections
import itertools
import sys
import time

import draw
import known
from bench import CORPUS, Bench
from laws import Merge


class Drive:
    def __init__(self, bench, args):
        self.bench, self.args = bench, args
        self.sorts = collections.Counter()
        self.merges = self.refused = self.fell = 0

    def merge(self, *case):
        """Does one, and tells of what is new."""
        merge = Merge(self.bench, *case)
        found = merge.check()
        self.merges += 1
        self.refused += merge.refused is not None
        self.fell += bool(found)
        new = self.count(found, merge.options)
        if new:
            print("\n\t".join([merge.command()] + new), flush=True)
        return found

    def count(self, found, options):
        """Counts sorts of breaches, once a merge; returns the first of each
        that was not met before."""
        rows, sorts = set(), {}
        for breach in found:
            row = known.row_of(breach, options)
            if row:
                rows.add(row)
            else:
                sorts.setdefault(": ".join(breach[:2]), breach[2][:400])
        for row in rows:
            row.count += 1
        new = ["%s: %s" % s for s in sorts.items() if not self.sorts[s[0]]]
        self.sorts.update(sorts.keys())
        return new

    def rows(self):
        """Whether each known row's own merge still shows it."""
        for row in known.ROWS:
            mode, target, source, *options = row.merge
            if not Merge(self.bench, mode, target, source).source:
                continue
            found = self.merge(mode, target, source, options)
            if not any(row.tells_of(b, options) for b in found):
                print("known, but not met any more: %s\n\t%s" % (
                    row.pattern.pattern, row.reason), flush=True)

    def run(self, cases):
        args, start = self.args, time.monotonic()
        for case in itertools.islice(cases, args.merges):
            if args.seconds and time.monotonic() - start > args.seconds:
                break
            self.merge(*case)

    def summary(self):
        print("%d merges, seed %d: %d refused, %d with breaches" % (
            self.merges, self.args.seed, self.refused, self.fell))
        for row in known.ROWS:
            if row.count:
                print("%6d  known: %s" % (row.count, row.pattern.pattern))
        for sort, n in sorted(self.sorts.items()):
            print("%6d  %s" % (n, sort))


def packages_of(words):
    """Lists of packages, each to be merged among themselves."""
    lists = {"corpus": draw.corpus, "invented": draw.invented}
    named = [w for w in words if w not in lists]
    if named:
        yield named
    for word in [w for w in words if w in lists]:
        found = lists[word]()
        if found:
            yield found
        else:
            print("skipped: no real packages in %s" % CORPUS)


def arguments():
    ask = argparse.ArgumentParser(usage=__doc__.split("\n\n", 1)[0])
    ask.add_argument("-c", dest="tools", required=True)
    ask.add_argument("-a", dest="every", action="store_true")
    ask.add_argument("-n", dest="merges", type=int)
    ask.add_argument("-s", dest="seed", type=int, default=1)
    ask.add_argument("-t", dest="seconds", type=float)
    ask.add_argument("packages", nargs="*")
    args = ask.parse_args()
    if args.merges is None and args.seconds is None and not args.every:
        args.merges = 100
    return args


def main():
    args = arguments()
    bench = Bench(args.tools)
    drive = Drive(bench, args)
    try:
        if not args.packages:
            drive.rows()
        for packages in packages_of(args.packages or ["corpus", "invented"]):
            drive.run(draw.every(bench, packages) if args.every else
                      draw.at_random(args.seed, bench, packages))
    finally:
        bench.close()
    drive.summary()
    return 1 if drive.sorts else 0


if __name__ == "__main__":
    sys.exit(main())
