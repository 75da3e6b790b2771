#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""byid.py json|aliases|bytes TARGET SOURCE: merge two streams by id.

json     each line is parsed; the source's record takes the place of the
         target's of the same kind and id, the others follow at the end
aliases  the same, and the source's aliases become the target's wherever they
         stand, as they must for references to resolve
bytes    as json, but kind and id are cut out of the line's bytes

None of them knows what an import does with a kind, checks the sum, keeps the
order of a package or looks whether anything is missing.
"""
import json
import sys


def cut(line):
    """Kind and id of a line in canonical form."""
    end = line.index(b'"', 9)
    if line[end:end + 7] != b'","id":':
        return None
    return line[9:line.index(b'"', end + 8)]


def by_bytes(target, source, write):
    new = {}
    with open(source, "rb") as f:
        for line in f:
            key = cut(line)
            if key is not None:
                new[key] = line
    with open(target, "rb") as f:
        for line in f:
            key = cut(line)
            write(line if key is None else new.pop(key, line))
    for line in new.values():
        write(line)


def by_json(target, source, write):
    loads, new = json.loads, {}
    with open(source, "rb") as f:
        for line in f:
            r = loads(line)
            if "id" in r:
                new[r["kind"], r["id"]] = line
    with open(target, "rb") as f:
        for line in f:
            r = loads(line)
            if "id" in r:
                line = new.pop((r["kind"], r["id"]), line)
            write(line)
    for line in new.values():
        write(line)


def rename(value, words):
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, dict):
        return {words.get(k, k): rename(v, words) for k, v in value.items()}
    if isinstance(value, list):
        return [rename(v, words) for v in value]
    return value


def by_aliases(target, source, write):
    loads, dumps, new, words = json.loads, json.dumps, {}, {}
    with open(source, "rb") as f:
        for line in f:
            r = loads(line)
            if "id" in r:
                new[r["kind"], r["id"]] = line
                for alias in r.get("alias", ()):
                    words[alias] = r["kind"], r["id"]
    aliases = {}
    with open(target, "rb") as f:
        for line in f:
            r = loads(line)
            if "alias" in r and "id" in r:
                aliases[r["kind"], r["id"]] = r["alias"][0]
    words = {a: aliases[k] for a, k in words.items() if k in aliases}
    words.update([(k + ":" + a, k + ":" + b) for a, b in words.items()
                  for k in ("dialog", "component", "scene",
                            "scenecomponent")])

    def put(line):
        write(dumps(rename(loads(line), words), ensure_ascii=False,
                    separators=(",", ":")).encode() + b"\n")

    with open(target, "rb") as f:
        for line in f:
            r = loads(line)
            found = new.pop((r["kind"], r["id"]), None) if "id" in r else None
            if found is None:
                write(line)
            else:
                put(found)
    for line in new.values():
        put(line)


{"json": by_json, "aliases": by_aliases, "bytes": by_bytes}[sys.argv[1]](
    sys.argv[2], sys.argv[3], sys.stdout.buffer.write)
