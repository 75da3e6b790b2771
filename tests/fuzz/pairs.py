# SPDX-License-Identifier: ISC
"""Pairs of packages by seed, and the merges that are tried of each."""
import copy

from . import cx, kore, otter, plain
from .laws import Case
from .model import View
from .world import World, dicts, edit, permute, remint, shuffled

PLATFORMS = {
    "xo10": lambda: kore.Kore("xo10"),
    "xo11": lambda: kore.Kore("xo11"),
    "cx": cx.Cx,
    "otter": otter.Otter,
    "avaamo": lambda: plain.Plain("avaamo"),
    "generic": lambda: plain.Plain("generic"),
}


def pair(name, seed):
    w = World("%s %d" % (name, seed))
    platform = PLATFORMS[name]()
    base = platform.invent(w)
    target, source = copy.deepcopy(base), copy.deepcopy(base)
    edit(w, platform, target, w.upto(4))
    edit(w, platform, source, w.upto(7))
    for package in target, source:
        platform.finish(w, package)
    if w.maybe(5):
        source = remint(platform, source, "x")
    elif w.maybe(3):
        source = permute(w.r, platform, source)
    if w.maybe(2):
        source = shuffled(w.r, platform, source)
    if w.maybe(3):
        reorder(w, platform, source)
    platform.elsewhere(w, source)
    settle(w, platform, target, source)
    return w, platform, target, source


def reorder(w, platform, package):
    """Another export has the containers in another order."""
    for doc in package.values():
        for holder in dicts(doc):
            if sum(key in platform.optional for key in holder) > 1:
                w.shuffle_members(holder)


def settle(w, platform, target, source):
    """The same mark for the same identity, another for another."""
    changed = False
    for _ in range(64):
        if not settle_once(w, platform, target, source):
            return changed
        changed = True
    return changed


def settle_once(w, platform, target, source):
    a, b = View(platform, target), View(platform, source)
    by_ident = {}
    for c in a.all:
        if c.ident:
            by_ident.setdefault((c.kind.name, c.ident), []).append(c)
    for c in b.all:
        if not c.marked:
            continue
        key = (c.kind.name, c.ident)
        same = by_ident.get(key, ())
        if len(same) == 1 and b.count.get(key) == 1 and same[0].marked:
            if same[0].mark != c.mark:
                return mark(c, same[0].mark, b, w)
            continue
        if key not in by_ident:
            old = renamed(c, a, b)
            if old and old.mark != c.mark:
                return mark(c, old.mark, b, w)
        twin = a.by_mark.get(c.mark, ())
        if len(twin) == 1 and c.mark and not kept(twin[0], c, a, b):
            return mark(c, w.new("m"), b, w)
    return False


def renamed(c, a, b):
    """What the target knows by the same alias under an id that is gone."""
    for path in c.kind.alias:
        for word in a.words.get((c.kind.name, "alias", c.word(path)), ()):
            old = a.by_mark[word][0]
            if (old.kind.name, old.ident) not in b.count and \
                    one_parent(old, c):
                return old
    return None


def mark(c, word, view, w):
    for other in view.by_mark.get(word, ()):
        other.value["mark"] = w.new("m")
    c.value["mark"] = word
    return True


def one_parent(old, new):
    """What belongs to another one is another one."""
    return not old.parent or not new.parent or \
        old.parent.mark == new.parent.mark


def kept(old, new, a, b):
    """It was renamed in a way that a merge can tell: the alias is the same."""
    if old.kind is not new.kind or not one_parent(old, new):
        return False
    if old.ident == new.ident:
        return True
    if old.parent and new.parent and old.top == new.top and \
            old.parent.mark == new.parent.mark:
        return True
    if not old.kind.alias or new.ident and (
            old.kind.name, new.ident) in a.count or old.ident and (
                new.kind.name, old.ident) in b.count:
        return False
    words = [{c.word(p) for p in c.kind.alias} - {None} for c in (old, new)]
    return words[0] == words[1] != set()


def cases(name, seed, tools):
    w, platform, target, source = pair(name, seed)
    tools.use(platform.map or [])
    yield Case(platform, target, source, "pair", "full", [])
    yield Case(platform, target, source, "pair", "incremental", [])
    options = []
    if w.maybe(6) and platform.categories:
        options.append(("--only", ",".join(w.some(platform.categories, 1, 2))))
    if w.maybe(4):
        options.append(("--policy", "%s=%s" % (
            w.r.choice(platform.policies), w.r.choice([
                "replace", "replace-all", "keep", "add", "if-none", "clear",
                "union", "error"]))))
    if platform.name == "kore" and w.maybe(4):
        options.append((w.r.choice(["--utterances", "--patterns"]),
                        w.r.choice(["append", "replace"])))
    if options:
        yield Case(platform, target, source, "pair", "incremental", options)
    how = w.r.choice(["self", "copy", "copy", "mixed"])
    if any(c.kind.part == "clear" for c in View(platform, target).all):
        return
    if how != "self" and not lasting(platform, target):
        how = "self"
    yield Case(platform, target, source, how,
               w.r.choice(["full", "incremental"]), [])


def lasting(platform, package):
    """All of it is known by what a copy has as well, and once."""
    view = View(platform, package)
    for c in view.all:
        for ref, _, word, to in view.refs(c):
            if not to and platform.minted.fullmatch(word):
                return False
    return all(n == 1 for n in view.count.values()) and all(
        c.ident and not any(isinstance(i, str) and platform.minted.fullmatch(i)
                            for i in c.top) or not c.marked
        for c in view.all)
