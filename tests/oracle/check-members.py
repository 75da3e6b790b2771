#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-members.py A B ...: each two packages, zips or folders, are the same.

Their members' names, bytes and, between zips, order must be the same.  A folder has no
order of its own: a zip's is then that in which the platform writes.
"""
import os
import sys
import zipfile

FIRST = ["botDefinition.json", "appDefinition.json", "config.json",
         "icon.png", "Icon.png"]


def rank(name):
    return FIRST.index(name) if name in FIRST else len(FIRST)


def read(path):
    """The members as a list of (name, bytes), and whether it has an order."""
    if os.path.isdir(path):
        members = []
        for folder, folders, files in os.walk(path):
            for name in files:
                full = os.path.join(folder, name)
                with open(full, "rb") as f:
                    members.append((os.path.relpath(full, path), f.read()))
        return sorted(members, key=lambda m: (rank(m[0]), m[0])), False
    with zipfile.ZipFile(path) as z:
        if z.testzip() is not None:
            sys.exit("%s: %s is damaged" % (path, z.testzip()))
        return [(i.filename, z.read(i)) for i in z.infolist()
                if not i.is_dir()], True


def compare(one, other):
    (a, a_order), (b, b_order) = read(one), read(other)
    names = [[name for name, _ in m] for m in (a, b)]
    if not (a_order and b_order):
        for order, found in ((a_order, names[0]), (b_order, names[1])):
            if order and sorted(found, key=rank) != found:
                sys.exit("not the platform's order: " + ", ".join(found))
        names = [sorted(n) for n in names]
    if names[0] != names[1]:
        sys.exit("members differ:\n%s: %s\n%s: %s" % (
            one, ", ".join(names[0]), other, ", ".join(names[1])))
    b = dict(b)
    for name, x in a:
        y = b[name]
        if x != y:
            at = next((i for i, (p, q) in enumerate(zip(x, y)) if p != q),
                      min(len(x), len(y)))
            sys.exit("%s: %s differs at byte %d (of %d and %d):\n%r\n%r" % (
                one, name, at, len(x), len(y), x[max(0, at - 60):at + 60],
                y[max(0, at - 60):at + 60]))


for i in range(1, len(sys.argv), 2):
    compare(sys.argv[i], sys.argv[i + 1])
