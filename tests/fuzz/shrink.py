# SPDX-License-Identifier: ISC
"""A case that fails, made smaller while it fails in the same way."""
import copy
import json
import os
import shlex

from .laws import Case, check
from .model import View
from .pairs import lasting, settle
from .tools import text_of
from .world import World

# what a component is known by is not taken from it
HELD = {"mark", "rev", "tag", "_id", "refId", "language", "name", "key",
        "type", "id", "displayName", "taskName", "taskId", "sentence",
        "nodeId", "integrationName", "theme", "configurationKeyName", "lang",
        "value", "languageCode", "callflowDefinition", "pii_type", "cfId",
        "defaultLanguageCode", "timeZone", "startFlow", "Key", "no", "uid"}


def spots(package):
    """Each (holder, key) of a package that could go, the outer ones first."""
    found = [(package, k) for k in package]
    for _, doc in package.items():
        found += inner(doc)
    return found


def inner(value):
    found = []
    if isinstance(value, dict):
        found = [(value, k) for k in value if k not in HELD]
        for v in value.values():
            found += inner(v)
    elif isinstance(value, list):
        found = [(value, i) for i in range(len(value) - 1, -1, -1)]
        for v in value:
            found += inner(v)
    return found


def nameless(case):
    return {c.mark for p in (case.target, case.source)
            for c in View(case.platform, p).all if c.marked and not c.ident}


class Trial:
    def __init__(self, tools, key, words, limit, case):
        self.tools, self.key, self.words = tools, key, words
        self.left = limit
        self.nameless = nameless(case)

    def fails(self, case):
        self.left -= 1
        if settle(World(0), case.platform, case.target, case.source) or \
                not nameless(case) <= self.nameless:
            return False
        if case.how not in ("pair", "self") and not lasting(
                case.platform, case.target):
            return False
        for law, fault, words in check(self.tools, case):
            if (law, fault) == self.key:
                self.words = words
                return True
        return False


def shrink(tools, case, key, words, limit=700):
    trial = Trial(tools, key, words, limit, case)
    best = Case(case.platform, copy.deepcopy(case.target),
                copy.deepcopy(case.source), case.how, case.mode,
                list(case.options))
    if best.how != "pair":
        best.source = best.target
    for i in range(len(best.options) - 1, -1, -1):
        less = best.options[:i] + best.options[i + 1:]
        if trial.fails(Case(best.platform, best.target, best.source, best.how,
                            best.mode, less)):
            best.options = less
    progress = True
    while progress and trial.left > 0:
        progress = False
        for side in ("both", "target", "source"):
            if side != "both" and best.how != "pair":
                continue
            progress |= smaller(trial, best, side)
    return best, trial.words


def smaller(trial, best, side):
    progress, n = False, 0
    while trial.left > 0:
        case = Case(best.platform, copy.deepcopy(best.target),
                    copy.deepcopy(best.source), best.how, best.mode,
                    best.options)
        if best.how != "pair":
            case.source = case.target
        package = case.source if side == "source" else case.target
        found = spots(package)
        if n >= len(found):
            break
        holder, key = found[n]
        n += 1
        gone = holder[key]
        del holder[key]
        if side == "both" and best.how == "pair" and \
                not drop_twin(case.source, gone, key):
            continue
        try:
            if trial.fails(case):
                best.target, best.source = case.target, case.source
                progress, n = True, n - 1
        except (KeyError, IndexError, TypeError, AttributeError):
            pass
    return progress


def drop_twin(package, gone, key):
    """Take the same thing out of the other package."""
    mark = gone.get("mark") if isinstance(gone, dict) else None
    for holder, other in spots(package):
        value = holder[other]
        if mark and isinstance(value, dict) and value.get("mark") == mark or \
                not mark and other == key and isinstance(key, str):
            del holder[other]
            return True
    return False


def write(out, case, key, seed, words):
    name = "-".join("".join(c if c.isalnum() else "-" for c in part)
                    for part in key)[:100]
    folder = os.path.join(out, name)
    for side, package in (("target", case.target),
                          ("source", case.sources())):
        for file, doc in package.items():
            path = os.path.join(folder, side, file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text_of(file, doc))
    os.makedirs(folder, exist_ok=True)
    maps = case.platform.map or []
    tell = " ".join(maps)
    maps = tell if maps[:1] == ["--map"] else ""
    with open(os.path.join(folder, "run.sh"), "w", encoding="utf-8") as f:
        f.write("""#!/bin/sh
# seed %s: %s
# %s
cd "$(dirname "$0")" || exit 2
t=$(mktemp -d) && trap 'rm -rf "$t"' EXIT
m='%s'
pkg-unpack %s target >"$t/T" && pkg-unpack %s source >"$t/S" || exit
pkg-merge $m %s --plan --into "$t/T" "$t/S"
pkg-merge $m %s --into "$t/T" "$t/S" >"$t/R"
echo "merge: exit $?"
pkg-pack $m -o "$t/out/" "$t/R"
echo "pack: exit $?"
[ ! -d "$t/out" ] || diff -ru target "$t/out"
""" % (seed, ": ".join(key), json.dumps(words)[:1500], maps, tell,
            tell, shlex.join(case.args()), shlex.join(case.args())))
    return folder
