# SPDX-License-Identifier: ISC
"""Chance, and what is edited by chance: pairs of packages that are related."""
import copy
import random

from .model import View, holder, places, steps

EDITS = ("modify", "modify", "remove", "remove", "add", "add", "add", "drop",
         "members", "shuffle", "rename", "move", "double", "nameless", "case",
         "empty", "type")


class World:
    """A seeded source of choices and of words that were not there before."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.n = 0
        self.log = []
        # few kinds of edits and of components, so that they meet
        self.edits = self.some(EDITS, 3, len(EDITS))
        self.few = self.r.choice([3, 6, 12, 100])

    def parts(self, platform):
        """The kinds of components that this pair is made of."""
        if not hasattr(self, "chosen"):
            self.chosen = self.some(platform.parts, 2, self.few)
        return self.chosen

    @staticmethod
    def attempt(what, *args):
        """Do it, or do not if what it goes by is not there."""
        try:
            return what(*args)
        except (KeyError, IndexError, TypeError, AttributeError):
            return False

    def new(self, word):
        self.n += 1
        return "%s-%d" % (word, self.n)

    def thing(self, **members):
        value = {"mark": self.new("m"), "rev": "b"}
        value.update(members)
        return value

    def maybe(self, tenths):
        return self.r.random() * 10 < tenths

    def upto(self, n):
        return self.r.randint(0, n)

    def some(self, things, least, most):
        things = list(things)
        most = min(most, len(things))
        return self.r.sample(things, self.r.randint(min(least, most), most))

    def grow(self, to, value):
        """Put it at any place of an array."""
        to.insert(self.upto(len(to)), value)

    @staticmethod
    def drop_none(value):
        return {k: v for k, v in value.items() if v is not None}

    def shuffle_members(self, value):
        pairs = list(value.items())
        self.r.shuffle(pairs)
        # what tells the platform comes first
        first = ("name", "level") if "level" in value else \
            ("_id", "refId") if "supportedLanguages" in value else ()
        pairs.sort(key=lambda p: p[0] not in first)
        value.clear()
        value.update(pairs)

    def word(self, package, platform, kind, member):
        """A member of any component of a kind, or None."""
        found = [c.value[member] for c in View(platform, package).all
                 if c.kind.name == kind and isinstance(c.value, dict)
                 and member in c.value]
        return self.r.choice(found) if found else None

    def again(self, value, **more):
        """A copy of a component, with other marks in it."""
        value = copy.deepcopy(value)
        for inner in dicts(value):
            if "mark" in inner:
                inner["mark"] = self.new("m")
        value.update(more)
        return value

    @staticmethod
    def take(package, c):
        """Take a component out of its package."""
        if c.at == ():
            del package[c.file]
            return
        holder = holder_of(package, c)
        if isinstance(holder, list):
            for i, value in enumerate(holder):
                if value is c.value:
                    del holder[i]
                    return
        else:
            del holder[c.at[-1]]


def dicts(value):
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from dicts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from dicts(inner)


def edit(w, platform, package, times):
    for _ in range(times):
        what = w.r.choice(w.edits)
        before = copy.deepcopy(package)
        if w.attempt(globals()["edit_" + what], w, platform,
                     package) is False:
            package.clear()
            package.update(before)
        else:
            w.log.append(what)


def pick(w, platform, package, want):
    found = [c for c in View(platform, package).all if want(c)]
    return w.r.choice(found) if found else None


def edit_modify(w, platform, package):
    c = pick(w, platform, package, lambda c: c.marked)
    if not c:
        return False
    c.value["rev"] = w.new("v")
    if w.maybe(2):
        c.value["note"] = w.r.choice([None, "", 7, "1.10", {"a": []}, [],
                                      "sees dc-3", "dc-3", "dc-4", "m-2"])
    return True


def edit_remove(w, platform, package):
    c = pick(w, platform, package, lambda c: c.at or len(package) > 2)
    if not c or not platform.may_go(c):
        return False
    platform.gone(w, package, c)
    return True


def edit_add(w, platform, package):
    platform.add(w, package, w.r.choice(w.parts(platform)))


def containers(platform, package):
    names = set(platform.optional)
    return [(d, k) for doc in package.values() for d in dicts(doc)
            for k in d if k in names and isinstance(d[k], (dict, list))]


def edit_drop(w, platform, package):
    """A container is not there any more."""
    found = containers(platform, package)
    if not found:
        return False
    around, key = w.r.choice(found)
    del around[key]
    return True


def edit_empty(w, platform, package):
    """A container is there, and empty."""
    found = containers(platform, package)
    if not found:
        return False
    around, key = w.r.choice(found)
    around[key] = type(around[key])()
    return True


def edit_type(w, platform, package):
    """A container is null, or something that is no container."""
    found = containers(platform, package)
    if not found or not w.maybe(3):
        return False
    around, key = w.r.choice(found)
    around[key] = w.r.choice([None, "", {} if isinstance(around[key], list)
                              else []])
    return True


def edit_members(w, platform, package):
    """Members stand in another order."""
    found = [d for doc in package.values() for d in dicts(doc) if len(d) > 1]
    if not found:
        return False
    with_containers = [d for d in found if any(k in platform.optional
                                               for k in d)]
    w.shuffle_members(w.r.choice(with_containers if with_containers and
                                 w.maybe(7) else found))
    return True


def edit_shuffle(w, platform, package):
    c = pick(w, platform, package,
             lambda c: c.at and isinstance(c.at[-1], int))
    if not c:
        return False
    w.r.shuffle(holder_of(package, c))
    return True


def edit_rename(w, platform, package):
    c = pick(w, platform, package, lambda c: c.kind.name in platform.renames)
    return bool(c) and platform.rename(w, package, c)


def edit_move(w, platform, package):
    c = pick(w, platform, package, lambda c: c.kind.child and c.marked)
    return bool(c) and platform.move(w, package, c)


def edit_double(w, platform, package):
    """The same identity twice."""
    c = pick(w, platform, package,
             lambda c: c.at and isinstance(c.at[-1], int) and c.marked)
    if not c or not w.maybe(5):
        return False
    holder = holder_of(package, c)
    twin = w.again(c.value)
    if w.maybe(5):
        twin["rev"] = w.new("v")
    w.grow(holder, twin)
    return True


def edit_nameless(w, platform, package):
    """A component without what identifies it, and what is inside it."""
    def has(c):
        return c.marked and c.at and not c.inner and any(p in c.value for part in
                                         c.kind.ident for p in part.split("|"))
    c = pick(w, platform, package, has)
    if not c or not w.maybe(5):
        return False
    for part in c.kind.ident:
        for place in part.split("|"):
            c.value.pop(place, None)
    c.value["mark"] = w.new("m")
    return True


def edit_case(w, platform, package):
    return platform.case(w, package)


def reworded(value, words):
    """The same with other ids, but in notes, which only look like them."""
    if isinstance(value, dict):
        return {words(k): v if k == "note" else reworded(v, words)
                for k, v in value.items()}
    if isinstance(value, list):
        return [reworded(v, words) for v in value]
    if isinstance(value, str):
        # the id of a resource ends its path
        path, slash, word = value.rpartition("/")
        return path + slash + words(word)
    return value


def remint(platform, package, tail):
    """The package with all ids that are minted anew."""
    def new(word):
        return word + tail if platform.minted.fullmatch(word) else word
    return {file: reworded(doc, new) for file, doc in package.items()}


def permute(r, platform, package):
    """The package where ids stand for other things of their sort, but where
    an equal id comes before all that a component says."""
    sorts = {}
    known = {c.value.get(key) for c in View(platform, package).all
             if c.kind.key for key in ("_id", "refId", "id")}
    known |= {word for c in View(platform, package).all
              for word in c.top or ()}

    def learn(word):
        if platform.minted.fullmatch(word) and word not in known:
            sorts.setdefault(word.split("-")[0] if "-0000-" not in word
                             else "", {})[word] = 1
        return word
    for doc in package.values():
        reworded(doc, learn)
    others = {}
    for words in sorts.values():
        mixed = list(words)
        r.shuffle(mixed)
        others.update(zip(words, mixed))
    return {file: reworded(doc, lambda word: others.get(word, word))
            for file, doc in package.items()}


def shuffled(r, platform, package):
    """The package with its components, and sets, in another order."""
    package = copy.deepcopy(package)
    lists = []
    for c in View(platform, package).all:
        if c.at and isinstance(c.at[-1], int) and c.ident:
            lists.append(holder_of(package, c))
        for place in platform.sets.get(c.kind.name, ()):
            lists += [value for _, _, value in places(c.value, steps(place))
                      if isinstance(value, list)]
    for value in {id(x): x for x in lists}.values():
        r.shuffle(value)
    return package


def holder_of(package, c):
    return holder(package[c.file], c.at)
