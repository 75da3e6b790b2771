# SPDX-License-Identifier: ISC
"""What a package is made of, as the one who invented it knows.

A package is a dict of documents by file name.  The rows of a platform (Kind,
Ref) say where its components stand, what they are known by and what they refer
to.  They are written down here apart from the tools' maps, which are under
test.

A component that is an object has a member "mark", the same in target and
source if it is the same thing, and a member "rev", which tells its versions
apart.
"""
import re
from urllib.parse import unquote


def steps(path):
    return [] if path == "." else path.strip("/").split("/")


def places(value, path, at=(), stars=()):
    """Each (place, stars, value) that a path of steps meets in a value."""
    if not path:
        yield at, stars, value
        return
    step, rest = path[0], path[1:]
    if step == "**":
        yield from places(value, rest, at, stars)
        for key, inner in inside(value):
            yield from places(inner, path, at + (key,), stars)
    elif step == "*":
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from places(inner, rest, at + (key,), stars + (key,))
    elif step == "-":
        if isinstance(value, list):
            for i, inner in enumerate(value):
                yield from places(inner, rest, at + (i,), stars)
    elif isinstance(value, dict) and step in value:
        yield from places(value[step], rest, at + (step,), stars)


def inside(value):
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def holder(value, place):
    """What stands around the last step of a place."""
    for step in place[:-1]:
        value = value[step]
    return value


def fill(row, more):
    for name, value in more.items():
        getattr(row, name)      # a word that no row has is a mistake
        setattr(row, name, value)


class Ref:
    """A reference: where, to which kind, by which of its words.

    by is id, alias, name, or local: then kind is the path of the words inside
    the component itself.  word makes the words of the text that stands there.
    scope gives a first part of the word of (component, place).
    """

    soft = key = owner = False
    scope = when = None
    built = ()
    word = staticmethod(lambda text: [text])

    def __init__(self, path, kind, by="id", **more):
        self.path, self.kind, self.by = path, kind, by
        self.steps = steps(path)
        fill(self, more)


class Kind:
    """A kind of component.

    at is its place in files whose name matches file.  ident are its parts:
    paths in it, $1 for a star, ^ for the component around it.  parent is the
    kind it belongs to by its file.  full, part: what an import does.  key:
    ident is no id but what tells it apart in its list.
    """

    alias = names = refs = minted = ()
    category, full, part = "", "replace-all", "replace"
    parent = when = None
    child = key = False

    def __init__(self, name, file, at, ident, **more):
        self.name, self.at = name, at
        self.file = re.compile(file + r"\Z")
        self.steps, self.ident = steps(at), ident.split()
        fill(self, {k: v.split() if k in ("alias", "names") else v
                    for k, v in more.items()})


class Platform:
    """What most platforms have in common; each is written down in its file.

    every     references of all kinds
    renames   kinds that may get another name; sets: lists without an order
    held      categories by whose choice one comes, too; orphans: kinds that
              go when nothing needs them
    """
    every = renames = orphans = ()
    map = None
    sets, held = {}, {}
    decode = staticmethod(unquote)

    def add(self, w, package, part):
        getattr(self, "add_" + part)(w, package)

    def partial(self, package):
        return False

    def gone(self, w, package, c):
        w.take(package, c)

    def rename(self, w, package, c):
        return False

    def nothing(self, *_):
        """finish: last touches; elsewhere: what another copy has otherwise;
        laws: those of its own."""

    finish = elsewhere = laws = nothing


class Component:
    def __init__(self, kind, file, at, stars, value):
        self.kind = kind
        self.file = file
        self.at = at
        self.stars = stars
        self.value = value
        self.parent = None
        self.inner = set()

    def word(self, part):
        """The first text at one of the places of a part of the identity."""
        for place in part.split("|"):
            if place.startswith("$"):
                return self.stars[int(place[1:]) - 1]
            if place.startswith("'"):
                return place.strip("'")
            for _, _, value in places(self.value, steps(place)):
                if isinstance(value, (str, int)) and value != "":
                    return str(value)
        return None

    def identify(self):
        if hasattr(self, "ident"):
            return
        if self.parent:
            self.parent.identify()
        words = [self.parent.ident if p == "^" and self.parent else
                 self.word(p) for p in self.kind.ident]
        own = [w for p, w in zip(self.kind.ident, words) if p[0] not in "$^"]
        known = any(w is not None for w in own or words)
        self.ident = tuple(words) if known else None
        self.top = self.ident
        if self.parent and self.ident and "^" not in self.kind.ident:
            self.ident = (self.parent.ident,) + self.ident
        mark = self.value.get("mark") if isinstance(self.value, dict) else None
        self.mark = mark or "%s of %s: %s" % (
            self.kind.name, self.parent.mark if self.parent else "",
            self.ident or (self.file, self.at))
        self.marked = mark is not None
        self.rev = self.value.get("rev") if self.marked else repr(self.value)

    def name(self):
        return "%s %s" % (self.kind.name, self.mark)


def walk(platform, package):
    """The components of a package, those around others first."""
    found, by_file = [], {}
    for file, doc in package.items():
        here = {}
        for kind in platform.kinds:
            match = kind.file.match(file)
            if not match:
                continue
            stars = tuple(platform.decode(g) for g in match.groups())
            for at, more, value in places(doc, kind.steps):
                if at in here:
                    continue
                c = Component(kind, file, at, stars + more, value)
                if kind.when and not kind.when(c):
                    continue
                here[at] = c
        for at in sorted(here, key=lambda a: [str(s).zfill(6) for s in a]):
            c = here[at]
            for n in range(len(at) - 1, -1, -1):
                if at[:n] in here:
                    c.parent = here[at[:n]]
                    c.parent.inner.add(at)
                    break
            found.append(c)
    order = {k.name: i for i, k in enumerate(platform.kinds)}
    found.sort(key=lambda c: order[c.kind.name])
    for c in found:
        if c.parent is None and c.kind.parent:
            c.parent = by_file.get((c.kind.parent, c.stars[0]))
        if c.at == () and c.kind.at == ".":
            by_file.setdefault((c.kind.name, c.stars[0] if c.stars else None),
                               c)
        c.identify()
    return found


class View:
    """A package as its components, and what leads where."""

    def __init__(self, platform, package):
        self.platform = platform
        self.package = package
        self.all = walk(platform, package)
        self.by_mark = {}
        self.count = {}
        self.words = {}
        self.found = {}
        for c in self.all:
            self.by_mark.setdefault(c.mark, []).append(c)
            if c.ident:
                key = (c.kind.name, c.ident)
                self.count[key] = self.count.get(key, 0) + 1
            self.learn(c)

    def learn(self, c):
        k = c.kind
        if c.top:
            word = c.top[0] if len(c.top) == 1 else c.top
            if "^" in k.ident and c.parent:
                word = c.ident
            self.lead(k.name, "id", word, c)
        for by, paths in ("alias", k.alias), ("name", k.names):
            for path in paths:
                if path.endswith("/*key"):
                    found = [key for _, _, v in places(c.value, steps(
                        path[:-5])) if isinstance(v, dict) for key in v]
                else:
                    found = [c.word(path)]
                for word in found:
                    if word is not None:
                        self.lead(k.name, by, word, c)

    def lead(self, kind, by, word, c):
        to = self.words.setdefault((kind, by, word), [])
        if c.mark not in to:
            to.append(c.mark)

    def refs(self, c):
        """Each (ref, place, word, marks it leads to) of a component."""
        if c not in self.found:
            self.found[c] = list(self.look(c))
        return self.found[c]

    def look(self, c):
        for ref in c.kind.refs + tuple(self.platform.every):
            if ref.when and not ref.when(c):
                continue
            for at, _, value in places(c.value, ref.steps):
                if ref.key:
                    value = at[-1]
                if not isinstance(value, str) or value == "":
                    continue
                if any((c.at + at)[:len(i)] == i for i in c.inner):
                    continue
                for word in ref.word(value):
                    if word is None or built(ref, word):
                        continue
                    yield ref, at, word, self.leads(ref, c, at, word)

    def leads(self, ref, c, at, word):
        """The marks that a reference of a component leads to."""
        if ref.by == "local":
            return local(c, ref.kind, word)
        if ref.scope:
            word = (ref.scope(c, at), word)
        return self.words.get((ref.kind, ref.by, word), [])

    def dangling(self):
        """(mark, place) -> words that lead nowhere, as a dict of lists."""
        found = {}
        for c in self.all:
            for ref, _, word, to in self.refs(c):
                if not to and not ref.soft:
                    found.setdefault((c.mark, ref.path, ref.kind, ref.owner),
                                     []).append((c, word))
        return found


def built(ref, word):
    return any(word == b or b.endswith("*") and word.startswith(b[:-1])
               for b in ref.built)


def local(c, path, word):
    """A word of the component itself, with what stands around it there."""
    for at, _, value in places(c.value, steps(path)):
        if value == word:
            around = holder(c.value, at)
            tag = around.get("tag") if isinstance(around, dict) else None
            return ["here:%s" % tag]
    return []
