# SPDX-License-Identifier: ISC
"""An incremental merge of Kore packages, as one would write it in an
afternoon: both definitions whole in memory, elements of each array by their
reference id.  It rewrites no references, keeps no numbers or escapes as they
were, and checks nothing.

	merge.py PROCESSES <list of source, target, output, a name a line
"""
import json
import multiprocessing
import sys
import zipfile


def identity(element):
    if isinstance(element, dict):
        for name in ("refId", "key", "_id", "name"):
            if isinstance(element.get(name), str):
                return element[name]
    return json.dumps(element, sort_keys=True)


def merged(target, source):
    if isinstance(target, list) and isinstance(source, list):
        place = {identity(e): i for i, e in enumerate(target)}
        for element in source:
            i = place.get(identity(element))
            if i is None:
                target.append(element)
            else:
                target[i] = element
        return target
    return source


def merge(job):
    source_name, target_name, output = job
    with zipfile.ZipFile(source_name) as z:
        source = json.loads(z.read("botDefinition.json"))
    with zipfile.ZipFile(target_name) as z:
        target = json.loads(z.read("botDefinition.json"))
        others = [(n, z.read(n)) for n in z.namelist()
                  if n != "botDefinition.json"]
    for name, value in source.items():
        target[name] = merged(target.get(name), value)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("botDefinition.json", json.dumps(
            target, ensure_ascii=False, separators=(",", ":")))
        for name, data in others:
            z.writestr(name, data)


words = sys.stdin.read().split("\n")[:-1]
with multiprocessing.Pool(int(sys.argv[1])) as pool:
    pool.map(merge, zip(words[0::3], words[1::3], words[2::3]), chunksize=1)
