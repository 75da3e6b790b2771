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


def record(kind, status, place, value):
    """The envelope is derived from the value: pkg-filter-status --edited."""
    return (
        '{"kind":"%s"%s,"file":"botDefinition.json",'
        '"at":"/%s/-","value":{%s}}\n' % (kind, status, place, value)
    )


def dialog(i, v):
    nodes = ",".join(
        '{"nodeId":"n%d","componentId":"dc-%s"}' % (c, uuid(i * 8 + c, v))
        for c in range(1, 6)
    )
    status = (
        ("in-progress", "configured"), ("published", "upgrade-in-progress")
    )[i % 2][v]
    return record(
        "dialog",
        ',"status":"%s"' % status,
        "dialogs",
        '"_id":"dg-%s","refId":"%s","lname":"task %d","nodes":[%s],"text":"%s"'
        % (uuid(i, v), uuid(i, 0), i, nodes, PAD * 2),
    )


def component(i, v, c):
    value = '"_id":"dc-%s","refId":"%s","name":"Component %d","type":"%s"' % (
        uuid(i * 8 + c, v),
        uuid(i * 8 + c, v + 2),
        c,
        "intent" if c == 1 else "message",
    )
    if c == 1:
        value += ',"dialogId":"dg-%s"' % uuid(i, v)
    return record(
        "component", "", "dialogComponents", '%s,"text":"%s"' % (value, PAD * 5)
    )


def utterance(i, v, u):
    return record(
        "utterance",
        "",
        "sentences",
        '"_id":"%s","taskId":"dc-%s","sentence":"an utterance %d",'
        '"type":"DialogIntent","language":"en","text":"%s"'
        % (uuid(i * 10 + u, v), uuid(i * 8 + 1, v), u, PAD * 3),
    )


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
