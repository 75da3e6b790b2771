#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-merge.py MODE TARGET SOURCE RESULT: what a merge made of packages.
check-merge.py --same STREAM STREAM: whether two streams say the same.

A stream that was merged says the same as one that is unpacked from its
package, but for the status of tasks, and what is known of files: so all its
envelopes are those of its values.

All three are packages, folders or zips; the merge was full or incremental.
Looked at is the vendor's own JSON, not the streams:

  * every component of the source is in the result as it is in the source,
    but for the aliases, which are the target's where it has them;
  * what only the target has is there, untouched, or, in a full merge, gone;
  * no component is there twice, and no alias stands for two;
  * what the target has keeps its order;
  * no reference leads nowhere that led nowhere in neither of the two.

Prints what is wrong, and exits 1.
"""
import json
import os
import re
import sys
import zipfile

import refs

# of Kore: arrays, what identifies an element, its aliases; whether the
# target's stay in an incremental merge though the source has others
KORE = [
    ("dialogs", "refId", "_id", True),
    ("dialogComponents", "refId", "_id", None),
    ("scenes", "refId", "_id", None),
    ("forms", "refId", None, True),
    ("widgets", "refId", None, True),
    ("panels", "refId", None, True),
    ("knowledgeTasks", "refId language", None, True),
    ("patterns", "refId", None, True),
    ("contentVariables", "key", None, True),
    ("sentences", "sentence language taskName", None, True),
    ("traits", "refId language", "_id", True),
    ("koraResponses", "refId", None, False),
]
# what belongs to each copy, or says how a package was exported
OWN = {"parentId", "state", "status", "lMod", "lModBy", "createdOn",
       "createdBy", "lModifiedOn", "lastModifiedOn", "__v"}

wrong = []


def say(*words):
    wrong.append(" ".join(str(w) for w in words))


def files_of(path):
    found = {}
    if os.path.isdir(path):
        for top, _, names in os.walk(path):
            for name in names:
                full = os.path.join(top, name)
                with open(full, "rb") as f:
                    found[os.path.relpath(full, path)] = f.read()
    else:
        with zipfile.ZipFile(path) as z:
            found = {i.filename: z.read(i) for i in z.infolist()}
    return found


def plain(value, words):
    """Without what is empty or each copy's own; words become others."""
    if isinstance(value, dict):
        pairs = {words.get(k, k): plain(v, words) for k, v in value.items()
                 if k not in OWN}
        return {k: v for k, v in pairs.items() if v not in ("", None, [], {})}
    if isinstance(value, list):
        return [plain(v, words) for v in value]
    return words.get(value, value) if isinstance(value, str) else value


def key_of(e, members):
    return tuple(str(e.get(m)) for m in members.split())


def by_key(app, array, members):
    found = {}
    for e in app.get(array) or []:
        found.setdefault(key_of(e, members), []).append(e)
    return found


def words_of(source, result):
    """The source's aliases, and what they are called in the result."""
    words = {source["_id"]: result["_id"]}
    for array, members, alias, _ in KORE + [
            ("sceneComponents", "refId", "_id", None),
            ("namespaces", "name", "_id refId", None),
            ("widgetThemes", "theme", "_id", None)]:
        theirs = by_key(result, array, members)
        for key, es in by_key(source, array, members).items():
            for e, r in zip(es, theirs.get(key, [])):
                for member in (alias or "").split():
                    if isinstance(e.get(member), str):
                        words[e[member]] = r.get(member)
    return words


def check_array(mode, apps, row, words):
    array, members, alias, stays = row
    t, s, r = (by_key(a, array, members) for a in apps)
    for key, es in r.items():
        if len(es) > max(len(t.get(key, [])), len(s.get(key, []))):
            say(array, key, "is there", len(es), "times")
    for key, es in s.items():
        if key not in r:
            say(array, key, "of the source is not there")
        elif array == "patterns" and mode == "incremental":
            pass    # they are put together
        elif array == "sentences":
            pass    # of equal ones either's will do, with its _id
        elif [plain(e, words) for e in es] != [plain(e, {}) for e in r[key]]:
            if array != "knowledgeTasks":
                say(array, key, "is not as in the source")
    for key, es in t.items():
        if alias and key in s and key in r and [e[alias] for e in es] != [
                e[alias] for e in r[key]]:
            say(array, key, "has not the target's alias")
        if key in s:
            continue
        if mode == "full" and key in r:
            say(array, key, "of the target is still there")
        elif mode == "incremental" and stays and r.get(key) != es:
            say(array, key, "of the target alone is not as it was")
    aliases = [e[alias] for es in r.values() for e in es] if alias else []
    if len(aliases) != len(set(aliases)):
        say(array, "an alias stands for two")
    order = [key_of(e, members) for e in apps[0].get(array) or []]
    there = [key_of(e, members) for e in apps[2].get(array) or []]
    kept = [k for k in order if k in r]
    if [k for k in there if k in t] != kept:
        say(array, "the target's order is lost")


def dangling(app, config):
    """Hard references that lead nowhere, by the rows of refs.py."""
    found = set()
    known = {}
    for kind, (place, ids) in refs.TARGETS.items():
        known[kind] = set()
        for e in refs.dig(app, place.split("/")):
            for member in ids.split() or [""]:
                known[kind].update(refs.at(member)(e))
    for place, name, kind, which, values in refs.ROWS:
        if which == refs.SOFT or not place:
            continue
        for e in refs.dig(app, place[1:].split("/")):
            found.update((place, kind, v) for v in values(e)
                         if v not in known[kind] and
                         v not in refs.BUILTIN.get(kind, ()))
    return found


def check_kore(mode, packages):
    loaded = [refs.load(p) for p in packages]
    apps = [a for a, _ in loaded]
    words = words_of(apps[1], apps[2])
    for row in KORE:
        if row[0] in apps[1] or row[0] in apps[0]:
            check_array(mode, apps, row, words)
    before = dangling(*loaded[0]) | {
        (p, k, words.get(v, v)) for p, k, v in dangling(*loaded[1])}
    for place, kind, value in sorted(dangling(*loaded[2]) - before):
        say(place, "leads to", kind, value, "which is nowhere")
    t, s, r = ({v["key"]: v for v in c.get("envVariables", [])}
               for _, c in loaded)
    for key, v in s.items():
        want = v["value"]
        if not want and v.get("isSecured") and key in t:
            want = t[key]["value"]
        if r.get(key, {}).get("value") != want:
            say("variable", key, "has another value")


def uuids(data):
    return re.findall(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", data)


def members(value, wanted):
    """All (key, text) of these keys, at any depth."""
    if isinstance(value, dict):
        for k, v in value.items():
            if k in wanted and isinstance(v, str):
                yield k, v
            elif k in wanted and isinstance(v, list):
                yield from ((k, e) for e in v if isinstance(e, str))
            yield from members(v, wanted)
    elif isinstance(value, list):
        for v in value:
            yield from members(v, wanted)


def dangling_cx(files):
    """Names in flows, pages and groups that lead nowhere."""
    names, found = set(), set()
    for path, data in files.items():
        name = path.endswith(".json") and json.loads(data)
        if name and "displayName" in name:
            folder, scope = path.split("/")[0], ""
            if folder == "flows" and path.count("/") == 3:
                folder, scope = path.split("/")[2], path.split("/")[1]
            names.add((folder, scope, name["displayName"]))
    for path, data in files.items():
        if not re.match("flows/|agentTransition", path):
            continue
        flow = path.split("/")[1] if path.startswith("flows/") else ""
        for key, text in members(json.loads(data), (
                "intent", "targetFlow", "targetPage", "webhook",
                "transitionRouteGroups")):
            folder, scope = {
                "intent": ("intents", ""), "targetFlow": ("flows", ""),
                "targetPage": ("pages", flow), "webhook": ("webhooks", ""),
                "transitionRouteGroups": ("transitionRouteGroups", flow),
            }[key]
            if (folder, scope, text) not in names:
                found.add((path, key, text))
    return found


def same_cx(data):
    """A file without what is counted, and what names the agent."""
    value = json.loads(data)
    value.pop("numTrainingPhrases", None)
    return re.sub('"projects/[^"]*', '"', json.dumps(value))


def check_cx(mode, packages):
    t, s, r = (files_of(p) for p in packages)
    for lost in sorted(dangling_cx(r) - dangling_cx(t) - dangling_cx(s)):
        say(*lost, "is nowhere")
    name = re.compile(rb'^\{\n  "name": "([^"]*)"')
    words = {}
    for path, data in s.items():
        a, b = name.match(data), name.match(r.get(path, b""))
        if a and b:
            words[a.group(1)] = b.group(1)
    for path, data in s.items():
        if path not in r:
            say(path, "of the source is not there")
            continue
        if path == "agent.json" and mode == "incremental":
            continue
        if b'"phrase' in data or "/" in path and re.search(
                "trainingPhrases|/entities/", path):
            want, have = json.loads(data), json.loads(r[path])
            for key in want:
                texts = [sorted(json.dumps(e, sort_keys=True)
                                for e in v[key]) for v in (want, have)]
                if len(texts[0]) != len(texts[1]):
                    say(path, "has another number of elements")
            continue
        mine = {u: words[u] for u in uuids(data) if u in words}
        if mine:    # all at once: two may have been exchanged
            data = re.sub(b"|".join(map(re.escape, mine)),
                          lambda m, mine=mine: mine[m[0]], data)
        if path.endswith(".json") and same_cx(data) != same_cx(r[path]):
            say(path, "is not as in the source")
    names = {name.match(d).group(1) for d in s.values() if name.match(d)}
    for path, data in t.items():
        if path in s or path.startswith("flows/") or (
                name.match(data) and name.match(data).group(1) in names):
            continue    # renamed, or replaced with its flow
        if mode == "full" and path in r and "." in path:
            say(path, "of the target is still there")
        if mode == "incremental" and path not in r:
            say(path, "of the target is not there any more")
    for folder in ("intents", "flows", "webhooks", "entityTypes"):
        ids = [name.match(d).group(1) for p, d in r.items()
               if p.startswith(folder + "/") and name.match(d) and
               p.count("/") < 3]
        if len(ids) != len(set(ids)):
            say(folder, "an alias stands for two")


def said(path):
    found = []
    with open(path, encoding="utf-8", errors="surrogatepass") as f:
        for line in f:
            r = json.loads(line)
            for member in ("size", "mtime", "mode", "style", "status"):
                r.pop(member, None)
            if r["kind"] not in ("@stream", "@end"):
                found.append(json.dumps(r))
    return found


def check_same(a, b):
    a, b = said(a), said(b)
    # a directory has its files in the map's order
    if sorted(a) != sorted(b):
        say("only one has", *sorted(set(a) ^ set(b))[:2])
    if '"botDefinition.json"' in a[0] and a != b:
        say("the order is another")


def main():
    mode, *packages = sys.argv[1:]
    if mode == "--same":
        check_same(*packages)
        print("\n".join(w[:400] for w in wrong))
        return 1 if wrong else 0
    if "agent.json" in files_of(packages[0]):
        check_cx(mode, packages)
    else:
        check_kore(mode, packages)
    for w in wrong[:20]:
        print(w)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
