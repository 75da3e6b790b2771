#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""growth.py [-l] [SHAPE[=N]] ...: the time a tool takes grows as its input does.

A package of each shape (below; without any: of all) is made with n and with
four times as many of what it has many of, and the shape's tool run on both.
Time is the user's CPU, of the faster of up to three runs, so that other work
on the machine counts little.  What takes time in proportion takes 4 times as
long, what compares each with each 16 times: 8 times and more is a failure.
Runs of under 50 ms count as 50: n is so large that 16 times as long would be
far above.  -l: only print the names of the shapes.
"""
import json
import os
import random
import resource
import subprocess
import sys
import tempfile

BOUND = 8
SHORTEST = 0.05
TRIES = 3

# what there may be many of, in one platform
MAP = """
platform growth "Growth agent"
file data data.json json tells growth
file page pages/*/$1.json json
file leaf pages/*/*.json json
file text texts/*/*.txt text
belongs leaf page $1
missing drop

kind thing task
	in data /things/-
	id id
	name name
	alias uids/-
	names words/* as key
	category things
	owner group groups/-
	needs part parts/-
	refs part places/-/part in place
	refs part marks/-/part if on yes
	refs part main lost drop record
	refs part others/-
	links thing links/-
	local local/* list/-/mark
	count leaves leaf
	full replace-all
	incremental replace

kind leaf
	in data /things/-/leaves/-
	name name
	category things/leaves
	left absent
	full replace-all
	incremental replace-all

kind cell
	in data /things/-/cells/*/-
	id id
	category things/cells
	left absent
	full replace-all
	incremental replace-all

kind union
	in data /unions/-
	id id
	category unions
	unite
	full union
	incremental union

kind part
	in data /parts/-
	id id
	name name
	category parts
	alias uids/-
	full replace-all
	incremental replace

kind group
	in data /groups/-
	id id
	category groups
	owner realm realm
	required part
	refs part parts/- lost keep
	full replace-all
	incremental replace

kind realm
	in data /realms/-
	id id
	category groups
	full replace-all
	incremental replace

# what belongs to the realm of its group
kind follower
	in data /followers/-
	id id
	category followers
	owner group groups/- through realm
	full replace-all
	incremental replace

kind zone
	in data /zones/-
	id id
	category groups
	full replace-all
	incremental replace

# the same of the zone
kind satellite
	in data /satellites/-
	id id
	category followers
	owner group groups/- through zone
	full replace-all
	incremental replace

# what other texts name, and what is to be found in them
kind setting
	in data /settings/-
	id key
	name key
	category settings
	scripted env value
	variable env value
	full replace-all
	incremental replace

kind secret
	in data /secrets/-
	id key
	name key
	category settings
	secured secret value
	full replace-all
	incremental replace

# what is known by its name
kind word
	in data /words/-
	id name
	name name
	category words
	refs word see/-
	full replace-all
	incremental replace

kind page
	in page .
	id name
	name name
	alias uid
	same $1 name
	category pages
	full replace-all
	incremental replace

kind note
	in leaf /notes/-
	name text
	category pages/notes
	full replace-all
	incremental replace

kind line
	in page /lines/-
	name text
	category pages/lines
	full replace-all
	incremental replace
"""


def ids(prefix, n):
    return ["%s%d" % (prefix, i) for i in range(n)]


def items(prefix, n, **more):
    return [dict(id=i, **more) for i in ids(prefix, n)]


def data(**members):
    """The files of a package that has nothing but these arrays."""
    return {"data.json": dict(growth=1, **members)}


def thing(**members):
    return [dict(id="t", name="t", **members)]


def by_hand(records):
    """A stream of records that a kind, an id and lists of each are given of."""
    return ['{"kind":"@stream","version":1,"platform":"growth","by":[]}',
            '{"kind":"@file","file":"data.json","type":"json",'
            '"style":"compact"}',
            '{"kind":"@open","file":"data.json","at":"","value":{}}',
            '{"kind":"@open","file":"data.json","at":"/other","value":[]}'] + [
                json.dumps(dict(kind=kind, id=i, **lists, file="data.json",
                                at="/other/-", value=dict(id=i)),
                           separators=(",", ":"))
                for kind, i, lists in records]


def few_words(n, seed):
    return random.Random(seed).choices("abc", k=n)


# each gives the target, the source (None: the same; or a list: also a third),
# and the tool's arguments; of these "p" is the patch of both, "f" a file

def lost(n):
    """One record loses n references."""
    return (data(things=thing(parts=ids("p", n)), parts=items("p", n)), None,
            ["pkg-select", "-x", "-k", "part", "t"])


def lost_maybe(n):
    """The same, of a record that one of them could not be without."""
    return (data(things=thing(main="none", others=ids("p", n)),
                 parts=items("p", n)), None,
            ["pkg-select", "-x", "-k", "part", "t"])


def lost_equal(n):
    """One record loses the same reference n times: an envelope by hand."""
    return ([
        '{"kind":"@stream","version":1,"platform":"growth","by":[]}',
        '{"kind":"@file","file":"data.json","type":"json",'
        '"style":"compact"}',
        '{"kind":"@open","file":"data.json","at":"","value":{}}',
        '{"kind":"@open","file":"data.json","at":"/parts","value":[]}',
        '{"kind":"part","id":"p","file":"data.json","at":"/parts/-",'
        '"value":{"id":"p"}}',
        '{"kind":"@open","file":"data.json","at":"/things","value":[]}',
        '{"kind":"thing","id":"t","needs":[%s],"file":"data.json",'
        '"at":"/things/-","value":{"id":"t","parts":[%s]}}' %
        (",".join(['"part:p"'] * n), ",".join(['"p"'] * n))], None,
        ["pkg-select", "-x", "-k", "part", "t"])


def references(n):
    """References of one record that are scoped by a sibling."""
    return (data(things=thing(places=[dict(place="a", part=i)
                                      for i in ids("p", n)])), None,
            ["pkg-unpack", "--map", "map", "old"])


def conditions(n):
    """References of one record that depend on a sibling."""
    return (data(things=thing(marks=[dict(on="yes", part=i)
                                     for i in ids("p", n)])), None,
            ["pkg-unpack", "--map", "map", "old"])


def aliases(n):
    """Aliases of one record, all the same on both sides."""
    return (data(things=thing(uids=ids("u", n))), None,
            ["pkg-merge", "full", "--into", "t", "t"])


def names(n):
    """Names of one record, all the same on both sides."""
    return (data(things=thing(words={i: 1 for i in ids("w", n)}, a=1)),
            data(things=thing(words={i: 1 for i in ids("w", n)}, a=2)),
            ["pkg-merge", "full", "--into", "t", "s"])


def owners(n):
    """Owners of one record, all of which go."""
    return (data(things=thing(groups=ids("g", n)), groups=items("g", n),
                 parts=items("p", 1)),
            data(parts=items("p", 1), groups=[], things=[]),
            ["pkg-merge", "full", "--into", "t", "s"])


def owners_kept(n):
    """The same, but the last one stays, and the record."""
    last = dict(id="last")
    t = thing(groups=ids("g", n) + ["last"])
    return (data(things=t, groups=items("g", n) + [last], parts=items("p", 1)),
            data(things=t, groups=[last], parts=items("p", 1)),
            ["pkg-merge", "full", "--policy", "thing=keep", "--into", "t",
             "s"])


def owners_left(n):
    """The same, in a selection."""
    return (data(things=thing(groups=ids("g", n)), groups=items("g", n)),
            None, ["pkg-select", "-x", "-L", "f", "t"],
            "".join("group:g%d\n" % i for i in range(n - 1)))


def owners_through(n):
    """The same, of owners that something belongs to through the record."""
    return (by_hand([("realm", i, {}) for i in ids("r", n)] + [
        ("group", "g", dict(owner=["realm:" + i for i in ids("r", n)])),
        ("follower", "f", dict(owner=["group:g"]))]), None,
            ["pkg-select", "-x", "-L", "f", "t"],
            "".join("realm:r%d\n" % i for i in range(n - 1)))


def unmet(n):
    """References of one record that lead nowhere on either side."""
    return (data(things=thing(links=ids("x", n), a=1)),
            data(things=thing(links=ids("x", n), a=2)),
            ["pkg-merge", "full", "--into", "t", "s"])


def local_members(n):
    """Local members in one value, the other way round on the other side."""
    keys = ids("k", n)
    return (data(things=thing(local={k: 1 for k in keys})),
            data(things=thing(local={k: 2 for k in reversed(keys)})),
            ["pkg-merge", "full", "--into", "t", "s"])


def local_elements(n):
    """Local members in the elements of one array."""
    return (data(things=thing(list=[dict(mark=i) for i in range(n)])),
            data(things=thing(list=[dict(mark=i + 1) for i in range(n)])),
            ["pkg-merge", "full", "--into", "t", "s"])


def united(n):
    """Members of one value that are put together with the other side's."""
    keys = ids("k", n)
    return (data(unions=[dict({k: [1] for k in keys}, id="u")]),
            data(unions=[dict({k: [2] for k in reversed(keys)}, id="u")]),
            ["pkg-merge", "full", "--into", "t", "s"])


def opened(n):
    """A container that comes into a value of n members."""
    keys = ids("k", n)
    return (data(things=thing(**{k: 1 for k in reversed(keys)})),
            data(things=[dict({k: 1 for k in keys}, id="t", name="t",
                              leaves=[dict(name="l")])]),
            ["pkg-merge", "full", "--into", "t", "s"])


def cells(n):
    """Containers that come into one value."""
    return (data(things=thing(cells={})),
            data(things=thing(cells={k: [dict(id=k)]
                                     for k in ids("c", n)})),
            ["pkg-merge", "full", "--into", "t", "s"])


def holes(n):
    """Containers that are left out of one value."""
    return (data(things=thing(cells={k: [dict(id=k)]
                                     for k in ids("c", n)})), None,
            ["pkg-select", "-x", "-c", "things/cells", "t"])


def counted(n):
    """Kinds in a stream with records that count."""
    return (data(things=[dict(id=i, leaves=[dict(name="l")])
                         for i in ids("t", n)]), None,
            ["pkg-select", "-x", "-k", "leaf", "t"])


def folders(n):
    """Files that come into a folder of as many."""
    return ({"data.json": dict(growth=1),
             **{"texts/a/%s.txt" % i: "x" for i in ids("a", n)}},
            {"data.json": dict(growth=1),
             **{"texts/a/%s.txt" % i: "y" for i in ids("b", n)}},
            ["pkg-merge", "incremental", "--into", "t", "s"])


def collisions(n):
    """Files that come, and are there but for the case of letters."""
    def files(prefix):
        return {"data.json": dict(growth=1),
                **{"texts/a/%s.txt" % i: prefix for i in ids(prefix, n)}}
    return (files("a"), files("A"),
            ["pkg-merge", "incremental", "--plan", "--into", "t", "s"])


def required(n):
    """References that a package must not lack."""
    return (data(groups=[dict(id="g", parts=ids("p", n))],
                 parts=items("p", n)), None,
            ["pkg-pack", "--map", "map", "-f", "-o", "x.zip", "t"])


def belongings(n):
    """What belongs to one record, which has many owners."""
    return (data(groups=[dict(id="g", realm="r")], realms=items("r", 1),
                 things=thing(groups=["g"]), followers=[
                     dict(id=i, groups=["g"]) for i in ids("f", n)]), None,
            ["pkg-select", "-k", "group", "t"])


def one_word(n, owners):
    """Groups of one alias and of such owners, and what belongs to them."""
    return by_hand(
        [(kind, kind[0] + i, {}) for i in ids("", n)
         for kind in ("realm", "zone")] +
        [("group", "g" + i, dict(alias=["w"], owner=owners(i)))
         for i in ids("", n)] +
        [("group", "k", {}), ("satellite", "s", dict(owner=["group:w"]))] +
        [("follower", i, dict(owner=["group:w"])) for i in ids("f", n)])


def words_dropped(n):
    """Records of one word, each of which loses owners of two kinds."""
    return (one_word(n, lambda i: ["realm:r" + i, "zone:z" + i, "group:k"]),
            None, ["pkg-select", "-x", "-k", "realm,zone", "t"])


def words_taken(n):
    """The same, but they are chosen."""
    return (one_word(n, lambda i: ["realm:r0", "zone:z0"]), None,
            ["pkg-select", "-k", "group", "t"])


def same_word(n):
    """Records of one id, all of which go."""
    return (data(parts=[dict(id="p", a=i) for i in range(n)],
                 things=thing(parts=["p"])),
            data(parts=[], things=thing(parts=["p"])),
            ["pkg-merge", "full", "--into", "t", "s"])


def unreached(n):
    """Tasks of one alias, to which nothing leads any more."""
    tasks = [dict(id=i, uids=["w"]) for i in ids("t", n)]
    links = ids("l", n)
    return (data(things=tasks + [dict(id=i, links=["w"]) for i in links]),
            data(things=[dict(id=i) for i in links]),
            ["pkg-merge", "incremental", "--plan", "--into", "t", "s"])


def keyless(n):
    """Children without id in a file that was renamed."""
    lines = [dict(text=i) for i in ids("l", n)]
    return ({"data.json": dict(growth=1),
             "pages/a/a.json": dict(name="a", uid="u", lines=lines)},
            {"data.json": dict(growth=1),
             "pages/b/b.json": dict(name="b", uid="u", lines=lines)},
            ["pkg-merge", "full", "--into", "t", "s"])


def moved(n):
    """Files that were renamed, each with one below its folder."""
    def pages(letter):
        files = {"data.json": dict(growth=1)}
        for i in range(n):
            name = "%s%d" % (letter, i)
            files["pages/%s/%s.json" % (name, name)] = dict(
                name=name, uid="u%d" % i)
            files["pages/%s/note.json" % name] = dict(
                notes=[dict(text="x")])
        return files
    return (pages("a"), pages("b"),
            ["pkg-merge", "full", "--into", "t", "s"])


def followed(n):
    """Records that all need one, which goes."""
    return (data(things=[dict(id=i, parts=["p"]) for i in ids("t", n)],
                 parts=items("p", 1) + [dict(id="p")]), None,
            ["pkg-select", "-x", "-i", "part:p", "t"])


def versions(n):
    """Records of one id on both sides, each another."""
    return (data(parts=[dict(id="p", a=i) for i in range(n)]),
            data(parts=[dict(id="p", a=i) for i in range(n // 2, 2 * n)]),
            ["pkg-merge", "full", "--into", "t", "s"])


def listed(n):
    """Elements of a list that is put together with the other side's."""
    return (data(unions=[dict(id="u", list=ids("a", n))]),
            data(unions=[dict(id="u", list=ids("b", n))]),
            ["pkg-merge", "full", "--into", "t", "s"])


def nested(n):
    """Arrays in each other, in one value."""
    text = "[" * (n // 100) + "]" * (n // 100)
    return (data(things=thing(a=json.loads(text))),
            data(things=thing(b=json.loads(text))),
            ["pkg-merge", "full", "--into", "t", "s"])


def asked(n):
    """Names that are asked for."""
    return (data(things=[dict(id=i, name=i) for i in ids("p", n)]), None,
            ["pkg-select"] + [w for i in ids("p", n) for w in ("-n", i)] +
            ["t"])


def unasked(n):
    """Names that are asked for and that nothing has."""
    return (data(things=[dict(id=i, name=i) for i in ids("p", n)]), None,
            ["pkg-select"] + [w for i in ids("q", n) for w in ("-n", i)] +
            ["t"])


def categories(n):
    """Categories of what is chosen."""
    line = ('{"kind":"part","id":"p%d","name":"p%d","category":"c/%d/x",'
            '"file":"data.json","at":"/other/-","value":{"id":"p%d"}}')
    return (['{"kind":"@stream","version":1,"platform":"growth"}',
             '{"kind":"@file","file":"data.json","type":"json",'
             '"style":"compact"}',
             '{"kind":"@open","file":"data.json","at":"","value":{}}',
             '{"kind":"@open","file":"data.json","at":"/other",'
             '"value":[]}'] + [line % (i, i, i, i) for i in range(n)], None,
            ["pkg-select", "-k", "part", "t"])


def warned(n):
    """References that are lost and told of."""
    return (data(things=thing(parts=ids("p", n)), parts=items("p", n)), None,
            ["pkg-select", "--on-missing", "keep", "-x", "-k", "part", "t"])


def patched(n, *more):
    """Parts in another order, of which a third changed, and a third is new."""
    return (data(parts=items("p", n)),
            data(parts=[dict(id=i, a=1) if k % 3 == 0 else dict(id=i)
                        for k, i in enumerate(reversed(ids("p", n)))
                        if k % 7] + items("q", n // 3)), list(more))


def patch_written(n):
    """A patch of these."""
    return patched(n, "pkg-diff", "--patch", "t", "s")


def patch_applied(n):
    """The same, applied."""
    return patched(n, "pkg-merge", "apply", "--into", "t", "p")


def equals(n, *more):
    """Records that have one name, and nothing else that tells them apart."""
    return (data(parts=[dict(id="p")] * n),
            data(parts=[dict(id="p")] * (n // 2) + [dict(id="q")] +
                 [dict(id="p")] * n), list(more))


def equals_written(n):
    return equals(n, "pkg-diff", "--patch", "t", "s")


def equals_applied(n):
    return equals(n, "pkg-merge", "apply", "--into", "t", "p")


def deep_applied(n):
    """Records that stand in records, all of which change."""
    def things(a):
        return [dict(id=i, name=i, cells={"c": [dict(id="x" + i, a=a)]})
                for i in ids("t", n)]
    return (data(things=things(1)), data(things=things(2)),
            ["pkg-merge", "apply", "--into", "t", "p"])


def three_way(*choice):
    return ["pkg-merge", "three-way", "--base", "t", "--into", "s"] + [
        *choice, "u"]


def three_pairs(n):
    """Parts in three orders, each changed on one side or added on both."""
    def side(a, step, new):
        parts = [dict(id=i, **{a: 1}) if k % 3 == step else dict(id=i)
                 for k, i in enumerate(ids("p", n))]
        return data(parts=parts + items(new, n // 3))
    return (data(parts=items("p", n)),
            [side("a", 0, "q"), side("b", 1, "r")], three_way())


def three_moved(n):
    """Both sides turned the order round, and one put others between."""
    back = items("p", n)[::-1]
    return (data(parts=items("p", n)),
            [data(parts=back),
             data(parts=[x for i, p in enumerate(back) for x in (
                 p, dict(id="q%d" % i))])], three_way())


def three_chains(n):
    """Records each of which needs the next, the last of which goes."""
    things = [dict(id="t%d" % i, links=["t%d" % (i + 1)], parts=["p"])
              for i in range(n)]
    new = [dict(t, name="x") for t in things]
    return (data(things=things, parts=items("p", 1)),
            [data(things=things, parts=[]),
             data(things=new, parts=items("p", 1))],
            three_way("--prefer", "ours"))


def three_lists(n):
    """A long list in one value, in which both sides put something."""
    mine, hers = ids("p", n), ids("p", n)
    for k in range(n - 1, 0, -9):
        mine.insert(k, "m%d" % k)
        hers.insert(k - 4, "h%d" % k)
    return (data(unions=[dict(id="u", list=ids("p", n))]),
            [data(unions=[dict(id="u", list=mine)]),
             data(unions=[dict(id="u", list=hers)])], three_way())


def three_equal(n):
    """A list of few words, in another order on each side."""
    def side(seed):
        return data(unions=[dict(id="u", a=few_words(n, seed))])
    return side(1), [side(2), side(3)], three_way("--prefer", "ours")


def three_lost(n):
    """Records that one side removed, and one of the other refers to all."""
    parts = items("p", n)
    return (data(things=thing(), parts=parts),
            [data(things=thing(links=ids("x", n)), parts=[]),
             data(things=thing(parts=ids("p", n)), parts=parts)],
            three_way())


def three_left(n):
    """The same, and they are left out."""
    return (*three_lost(n)[:2], three_way("--prefer", "ours"))


def three_conflicts(n):
    """Parts that both sides changed."""
    return (data(parts=items("p", n, a=0)),
            [data(parts=items("p", n, a=1)),
             data(parts=items("p", n, a=2))], three_way())


def variables(n):
    """Variables, each named by the one before."""
    return (data(settings=[
        dict(key=i, value="env.v%d" % (k + 1))
        for k, i in enumerate(ids("v", n))]), None,
        ["pkg-vars", "list", "t"])


def users(n):
    """Users of one variable, and texts that name none there is."""
    return (data(settings=[dict(key="v", value="x")],
                 parts=[dict(id=i, a="env.v env.no" + i)
                        for i in ids("p", n)]), None,
            ["pkg-vars", "--json", "list", "t"])


def variables_set(n):
    """Variables that get a value."""
    return (data(settings=[dict(key=i, value="a") for i in ids("v", n)]),
            None, ["pkg-vars", "apply", "f", "t"],
            "".join("%s=b\n" % i for i in ids("v", n)))


def redacted():
    return ["pkg-vars", "-f", "--originals", "o", "redact", "t"]


def secrets(n):
    """Secured values, and a text for each that has it."""
    return (data(secrets=[dict(key=i, value="k-%s-x" % i)
                          for i in ids("s", n)],
                 parts=[dict(id=i, a="say k-s%d-x" % k)
                        for k, i in enumerate(ids("p", n))]), None,
            redacted())


def periodic(n):
    """A long secured value that a text nearly has, again and again."""
    return (data(secrets=[dict(key="s", value="ab" * n + "c")],
                 parts=[dict(id="p", a="ab" * n + "d" + "ab" * n)]), None,
            redacted())


def prefixes(n):
    """Secured values that begin with each other, and a text with the like."""
    return (data(secrets=[dict(key="s%d" % i, value="abcd" + "e" * i)
                          for i in range(int(n ** 0.5))],
                 parts=[dict(id="p", a="abcde" * n)]), None, redacted())


def shapes(text):
    """What has the shape of a secret, in one text."""
    return data(parts=[dict(id="p", a=text)]), None, redacted()


def keys(n):
    """Heads of private keys."""
    return shapes("-----BEGIN RSA PRIVATE KEY-----" * n)


def tokens(n):
    """Tokens that may be longer: of one word, and each part may begin one."""
    return shapes(("eyJ" + "a" * 20 + ".") * n + ("ya29." + "b" * 30) * n)


def logins(n):
    """Passwords in URLs."""
    return shapes("".join("http://u:word%d@h/" % i for i in range(n)))


def tokens_found(n):
    return (*shapes(("ya29." + "b" * 30 + ".") * n)[:2], ["pkg-check", "t"])


def findings(n):
    """References that lead nowhere, and texts that name no variable."""
    return (data(things=[dict(id=i, parts=["no" + i, "no"])
                         for i in ids("t", n)],
                 settings=[dict(key=i, value="env.no" + i)
                           for i in ids("v", n)]), None,
            ["pkg-check", "t"])


def checked_equal(n):
    """Records of one name and id."""
    return (data(parts=[dict(id="p", name="p", a=i) for i in range(n)]),
            None, ["pkg-check", "t"])


def elements_moved(n):
    """Elements of one list, all in another order."""
    return (data(things=thing(a=[dict(id=i, b=1) for i in ids("e", n)])),
            data(things=thing(a=[dict(id="e%d" % (i * 7919 % n), b=1)
                                 for i in range(n)])),
            ["pkg-diff", "t", "s"])


def elements_equal(n):
    """Elements of few words, in another order."""
    return (data(things=thing(a=few_words(n, 1))),
            data(things=thing(a=few_words(n, 2))), ["pkg-diff", "t", "s"])


def elements_changed(n):
    """The same, and each says something else."""
    return (data(things=thing(a=[[i, 1] for i in range(n)])),
            data(things=thing(a=[[i * 7919 % n, 2] for i in range(n)])),
            ["pkg-diff", "t", "s"])


def records_moved(n):
    """Records of a stream, all in another order, and changed."""
    return (data(parts=items("p", n)), data(parts=items("p", n, a=1)[::-1]),
            ["pkg-diff", "--json", "t", "s"])


def records_numbered(n):
    """Records in another order, in each of which one without an id changed."""
    def side(a):
        return [dict(id=i, leaves=[dict(a=a)]) for i in ids("t", n)]
    return (data(things=side(1)), data(things=side(2)[::-1]),
            ["pkg-diff", "t", "s"])


def renamed(n):
    """Names that change, each in what names it."""
    return (data(words=[dict(name=i, see=["w%d" % (k + 1), "w0"])
                        for k, i in enumerate(ids("w", n))]), None,
            ["pkg-rename", "-f", "f", "t"],
            "".join("word\t%s\tx%s\n" % (i, i) for i in ids("w", n)))


def renamed_round(n):
    """Names that all change places."""
    return (data(words=[dict(name=i, see=["w0"]) for i in ids("w", n)]), None,
            ["pkg-rename", "-f", "f", "t"],
            "".join("word\tw%d\tw%d\n" % (i, (i + 1) % n)
                    for i in range(n)))


def write(folder, files):
    for path, value in files.items():
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(value if isinstance(value, str) else
                    json.dumps(value, separators=(",", ":")))


def run(args, out):
    """The user's CPU that a command takes, and its exit status."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with open(out, "wb") as f:
        status = subprocess.run(args, stdout=f,
                                stderr=subprocess.DEVNULL).returncode
    return (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before,
            status)


def prepare(shape, n):
    """A package, its streams and what else there is; the command."""
    old, new, args, *file = shape(n)
    write(".", {"map": MAP, "f": "".join(file)})
    if isinstance(old, list):
        write(".", {"edited": "\n".join(
            old + ['{"kind":"@end","records":0,"sum":""}\n'])})
        run(["pkg-select", "--edited", "--map", "map", "edited"], "t")
    else:
        write("old", old)
        run(["pkg-unpack", "--map", "map", "old"], "t")
    for name, one in zip("su", new if isinstance(new, list) else [new]):
        if one is not None:
            write("new" + name, one)
            run(["pkg-unpack", "--map", "map", "new" + name], name)
    if "p" in args:
        run(["pkg-diff", "--map", "map", "--patch", "t", "s"], "p")
    if "--map" not in args:
        args = [args[0], "--map", "map"] + args[1:]
    return args


# how many of them: compared each with each, 4 times as many take a second
MANY = {
    "lost": 8000, "lost_maybe": 300, "lost_equal": 3000, "warned": 8000,
    "followed": 8000, "belongings": 6000, "holes": 2000, "counted": 4000,
    "references": 8000, "conditions": 8000, "required": 6000,
    "aliases": 12000, "names": 12000, "owners": 6000, "unmet": 4000,
    "same_word": 6000, "versions": 2000, "keyless": 4000, "unreached": 4000,
    "folders": 1000, "collisions": 2000, "moved": 250, "owners_left": 4000,
    "owners_through": 4000, "owners_kept": 4000, "words_dropped": 3000,
    "words_taken": 3000,
    "local_members": 4000, "local_elements": 6000,
    "united": 4000, "listed": 10000, "opened": 6000, "cells": 250,
    "nested": 24000, "asked": 6000, "unasked": 1500,
    "categories": 10000,
    "patch_written": 6000, "patch_applied": 6000, "equals_written": 6000,
    "equals_applied": 6000, "deep_applied": 4000, "three_pairs": 6000,
    "three_moved": 6000, "three_chains": 4000, "three_lists": 6000,
    "three_conflicts": 6000, "three_equal": 6000, "three_lost": 4000,
    "three_left": 1500, "variables": 8000, "users": 8000,
    "variables_set": 8000, "secrets": 8000, "periodic": 60000,
    "prefixes": 20000, "keys": 4000, "tokens": 6000,
    "logins": 6000, "tokens_found": 6000, "findings": 4000, "checked_equal": 8000,
    "elements_moved": 6000, "elements_changed": 6000, "elements_equal": 20000,
    "records_moved": 6000, "records_numbered": 12000,
    "renamed": 8000, "renamed_round": 8000,
}


def measure(name, n, best):
    """Run a shape at a size; its time into best, unless it took less."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        os.chdir(folder)
        took, status = run(prepare(globals()[name], n), "/dev/null")
        os.chdir("..")
    if status not in (0, 1):
        sys.exit("%s %d: exit %d" % (name, n, status))
    best[n] = min(took, best.get(n, took))


def grows(name, n):
    """Whether a shape takes more time than it may; prints its times."""
    best = {}
    for _ in range(TRIES):
        measure(name, n, best)
        measure(name, 4 * n, best)
        if best[4 * n] < BOUND * max(best[n], SHORTEST):
            break
    much = best[4 * n] >= BOUND * max(best[n], SHORTEST)
    print("%s %d: %.3f s; %d: %.3f s%s" % (
        name, n, best[n], 4 * n, best[4 * n], ": too much" if much else ""))
    return much


def main():
    if sys.argv[1:] == ["-l"]:
        print("\n".join(MANY))
        return
    shapes = dict(MANY)
    if len(sys.argv) > 1:
        shapes = {}
        for word in sys.argv[1:]:
            name, _, n = word.partition("=")
            shapes[name] = int(n or MANY[name])
    much = [name for name, n in shapes.items() if grows(name, n)]
    if much:
        sys.exit("more than in proportion: " + ", ".join(much))


main()
