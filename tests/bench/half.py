#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""half.py STREAM: every second task, component and utterance of a stream, a
few of them changed, as an edited stream."""
import sys

LISTS = (b'"at":"/dialog', b'"at":"/sentences/-"', b'"at":"/patterns/-"')

n = 0
write = sys.stdout.buffer.write
with open(sys.argv[1], "rb") as f:
    for line in f:
        if line[9:10] != b"@" and any(place in line for place in LISTS):
            n += 1
            if n % 2:
                continue
            if n % 20 == 0:
                i = line.index(b'"value":')
                line = line[:i] + line[i:].replace(b" the ", b" one ")
        write(line)
