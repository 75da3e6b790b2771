#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Whether pkg-check tells the references to nothing, and no others.

	dangling.py PACKAGE [FINDINGS]

FINDINGS (standard input) is what pkg-check --format json printed.  The
references are those that the oracle's readers find in the package's own files,
by their own rows.  A reference counts once in a component.
"""
import collections
import json
import os
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'oracle'))
import cxrefs
import refs


def of_cx(package):
    files = cxrefs.load(package)
    parts = list(cxrefs.components(files))
    there = cxrefs.known(parts)
    for path, kind, doc, stars, owner in parts:
        scope = stars[0] if kind in ('flow',) + cxrefs.SCOPED else None
        wanted = list(cxrefs.FIELDS.get(kind, lambda *_: ())(doc, scope))
        if kind == 'flow':
            wanted = list(cxrefs.of_flow(doc, doc['displayName']))
        if owner:
            wanted.append(('', 'owner', owner[0], owner[1], None))
        found = set()
        for _, listed, target, value, scope in wanted:
            name = value if scope is None else cxrefs.scoped(scope, value)
            soft = listed != 'owner' and (
                (kind, target) in cxrefs.SOFT or
                value in cxrefs.SPECIAL.get(target, ()) or
                target == 'entitytype' and value.startswith('sys.'))
            if not soft and (target, name) not in there:
                found.add(target + ':' + name)
        yield from found


def of_kore(package):
    wanted, there = refs.originals(package)
    for (_, place), elements in wanted.items():
        for e in elements:
            found = set()
            for row_place, _, kind, which, values in refs.ROWS:
                if row_place in ('', place) and which != refs.SOFT:
                    found.update(kind + ':' + v for v in values(e)
                                 if v not in there[kind])
            yield from found


def names(package):
    if os.path.isdir(package):
        return os.listdir(package)
    return zipfile.ZipFile(package).namelist()


def main():
    package = sys.argv[1]
    source = open(sys.argv[2]) if len(sys.argv) > 2 else sys.stdin
    told = collections.Counter()
    for f in map(json.loads, source):
        if f['rule'] in ('dangling', 'dangling-link') or \
                f['rule'] == 'missing-part' and 'kind' in f:
            text = f['message'].split(', which is not there')[0]
            told[text.replace('belongs to ', '').replace('links to ', '')
                 .replace('refers to ', '').replace('needs ', '')] += 1
    reader = of_cx if 'agent.json' in names(package) else of_kore
    there = collections.Counter(reader(package))
    for what, n in sorted((there - told).items()):
        print('not told: %s (%d)' % (what, n))
    for what, n in sorted((told - there).items()):
        print('told, but not so: %s (%d)' % (what, n))
    print('%d references to nothing' % sum(there.values()))
    return there != told


sys.exit(main())
