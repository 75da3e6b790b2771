#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""web.py COMPONENTS BYTES: a stream of so many components of so many bytes.

A tenth are dialogs, each with nine components of its own; it needs these
and one of the next dialog's, and links to two near by, within a neighbourhood of
a thousand.  Three references a component.  The values say what the envelopes
say.  The @end has no sum: to be read with --edited.
"""
import sys

n, size = int(sys.argv[1]), int(sys.argv[2])
dialogs = n // 10
out = sys.stdout.write
words = "when the ferry leaves the quay and the rain comes in from the west "


def at(i):
    """The i-th dialog, in the neighbourhood that it is of."""
    return i if i < dialogs else i - 1000 if i >= 1000 else 0


def near(i, step):
    """One near by, in the same neighbourhood."""
    base = i - i % 1000
    return at(base + (i - base + step) % 1000)


def put(line, value):
    pad = size - len(line) - len(value) - 40
    text = (words * (max(pad, 0) // len(words) + 1))[:max(pad, 0)]
    out('%s,"value":{%s,"text":"%s"}}\n' % (line, value, text))


out('{"kind":"@stream","version":1,"platform":"kore","edition":"xo10",'
    '"by":[]}\n')
f = '"file":"botDefinition.json"'
out('{"kind":"@file",%s,"type":"json","style":"indent4"}\n' % f)
out('{"kind":"@open",%s,"at":"","value":{}}\n' % f)
out('{"kind":"@open",%s,"at":"/dialogComponents","value":[]}\n' % f)
for i in range(dialogs):
    for j in range(9):
        c = i * 9 + j
        put('{"kind":"component","id":"c0ffee00-0000-5000-8000-%012d",'
            '"name":"Part %d","type":"intent","category":"tasks/botTask",'
            '"alias":["dc-c0ffee00-0000-5000-8000-%012d"],'
            '"owner":["dialog:dg-d1a10600-0000-5000-8000-%012d"],'
            '"links":["dialog:dg-d1a10600-0000-5000-8000-%012d"],%s,'
            '"at":"/dialogComponents/-"' % (c, c, c, i, i, f),
            '"_id":"dc-c0ffee00-0000-5000-8000-%012d",'
            '"refId":"c0ffee00-0000-5000-8000-%012d",'
            '"name":"Part %d","type":"intent",'
            '"dialogId":"dg-d1a10600-0000-5000-8000-%012d"' % (c, c, c, i))
out('{"kind":"@open",%s,"at":"/dialogs","value":[]}\n' % f)
for i in range(dialogs):
    parts = [i * 9 + j for j in range(9)] + [near(i, 1) * 9]
    needs = ",".join('"component:dc-c0ffee00-0000-5000-8000-%012d"' % c
                     for c in parts)
    links = ",".join('"dialog:d1a10600-0000-5000-8000-%012d"' % near(i, s)
                     for s in (2, 7))
    nodes = ['{"componentId":"dc-c0ffee00-0000-5000-8000-%012d"}' % c
             for c in parts]
    nodes += ['{"dialogRefId":"d1a10600-0000-5000-8000-%012d"}' % near(i, s)
              for s in (2, 7)]
    put('{"kind":"dialog","id":"d1a10600-0000-5000-8000-%012d",'
        '"name":"Task %d","category":"tasks/botTask",'
        '"alias":["dg-d1a10600-0000-5000-8000-%012d"],"needs":[%s],'
        '"links":[%s],%s,"at":"/dialogs/-"' % (i, i, i, needs, links, f),
        '"_id":"dg-d1a10600-0000-5000-8000-%012d",'
        '"refId":"d1a10600-0000-5000-8000-%012d","lname":"Task %d",'
        '"nodes":[%s]' % (i, i, i, ",".join(nodes)))
out('{"kind":"@end"}\n')
