#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A stream of tasks in two versions: versions.py TASKS

Of half of the tasks one version is published and one upgraded, of half one is
in progress and one configured; each has five components and, through the
first of them, nine utterances, which fall with it.  The @end is not true:
pkg-filter-status --edited --mark latest makes it so.
"""
import sys

PAD = "0123456789abcdefghijklmnopqrstuvwxyz text of a message "
OPEN = '{"kind":"@open","file":"botDefinition.json","at":"%s","value":%s}\n'


def uuid(n, v):
    return "%08d-0000-4000-8000-%04d%08d" % (n, v, n * 7)


def record(kind, ident, rest, place, text):
    return (
        '{"kind":"%s","id":"%s",%s,"file":"botDefinition.json",'
        '"at":"/%s/-","value":{"_id":"%s","text":"%s"}}\n'
        % (kind, ident, rest, place, ident, text)
    )


def dialog(i, v):
    needs = ",".join(
        '"component:dc-%s"' % uuid(i * 8 + c, v) for c in range(1, 6)
    )
    status = (
        ("in-progress", "configured"), ("published", "upgrade-in-progress")
    )[i % 2][v]
    rest = (
        '"name":"Task %d","category":"tasks/botTask","status":"%s",'
        '"alias":["dg-%s"],"needs":[%s]' % (i, status, uuid(i, v), needs)
    )
    return record("dialog", uuid(i, 0), rest, "dialogs", PAD * 2)


def component(i, v, c):
    rest = (
        '"name":"Component %d","type":"%s","category":"tasks/botTask",'
        '"alias":["dc-%s"]'
        % (c, "intent" if c == 1 else "message", uuid(i * 8 + c, v))
    )
    if c == 1:
        rest += ',"owner":["dialog:dg-%s"]' % uuid(i, v)
    return record(
        "component", uuid(i * 8 + c, v + 2), rest, "dialogComponents", PAD * 5
    )


def utterance(i, v, u):
    rest = (
        '"name":"an utterance %d","type":"DialogIntent","category":'
        '"nlpData/utterances","lang":"en","owner":["component:dc-%s"]'
        % (u, uuid(i * 8 + 1, v))
    )
    return record("utterance", uuid(i * 10 + u, v), rest, "sentences", PAD * 3)


def main():
    tasks = range(1, int(sys.argv[1]) + 1)
    out = sys.stdout.write
    out('{"kind":"@stream","version":1,"platform":"kore","edition":"xo10"}\n')
    out(
        '{"kind":"@file","file":"botDefinition.json","type":"json",'
        '"style":"compact"}\n'
    )
    out(OPEN % ("", "{}"))
    out(OPEN % ("/dialogs", "[]"))
    for i in tasks:
        out(dialog(i, 0) + dialog(i, 1))
    out(OPEN % ("/dialogComponents", "[]"))
    for i in tasks:
        for v in (0, 1):
            out("".join(component(i, v, c) for c in range(1, 6)))
    out(OPEN % ("/sentences", "[]"))
    for i in tasks:
        for v in (0, 1):
            out("".join(utterance(i, v, u) for u in range(1, 10)))
    out('{"kind":"@end","records":0,"sum":""}\n')


main()
