# SPDX-License-Identifier: ISC
"""A package, made ready to be compared with another."""
import collections
import json
import re

from package import load

# words that stand for one record of their kind
MINTED = {"_id", "refId", "callflowDefinition/_id", "name", "displayName",
          "groups/-/groupId", "groups/-/nodes/-/nodeId",
          "groups/-/nodes/-/refId"}
# one refId in several languages; one name of several surveys
SEVERAL = {("knowledge", "refId"), ("faq", "refId"), ("survey", "name")}
SPACE = re.compile(r"[\s,:]*")


class View:
    """The records of a package, by what they are asked for.

    by_id    {(kind, identity): [records]}
    places   {(kind, file, place): [records]}
    """

    def __init__(self, path):
        self.app = load(path)
        self.by_id = collections.defaultdict(list)
        self.places = collections.defaultdict(list)
        for r in self.app.records():
            self.by_id[r.kind, r.id].append(r)
            self.places[r.kind, r.file, r.place].append(r)
        self._lost = self._dangling = self._refs = None
        self._contents = {}

    @staticmethod
    def names(r):
        """By what a record is known in another package."""
        yield r.kind, r.id
        for word in r.words.get("name", ()):
            yield r.kind, word

    def lost(self):
        """The references that lead nowhere."""
        if self._lost is None:
            self._lost = self.app.dangling()
        return self._lost

    def dangling(self):
        """The same, as they can be found again in another package."""
        if self._dangling is None:
            self._dangling = {
                (name, ref.path, ref.kind, ref.word)
                for ref in self.lost() for name in self.names(ref.holder)}
        return self._dangling

    def references_of(self, record):
        if self._refs is None:
            self._refs = collections.defaultdict(list)
            for ref in self.app.references():
                self._refs[ref.holder].append(ref)
        return self._refs.get(record, ())

    def words(self):
        """(kind, member, word) of what must stand for one record."""
        for r in self.app.records():
            for member, words in r.words.items():
                if member in MINTED and (r.kind, member) not in SEVERAL:
                    for word in words:
                        yield r.kind, member, word
            if r.kind == "utterance":
                yield r.kind, "text", self.utterance(r)

    def utterance(self, r):
        """What an utterance is known by, beside its _id."""
        task = self.app.known().get(
            ("component", "_id", r.value.get("taskId")))
        return (task[0].id if task else r.value.get("taskId"),
                r.value.get("language"), r.value.get("sentence"))

    def contents(self, whole):
        """{kind: Counter of what each record says, and where}"""
        if whole not in self._contents:
            found = collections.defaultdict(collections.Counter)
            for r in self.app.records(whole):
                found[r.kind][self.where(r), said(r)] += 1
            self._contents[whole] = found
        return self._contents[whole]

    def where(self, r):
        if self.app.platform != "kore":
            return r.file
        key = r.key if isinstance(r.key, str) else ""
        return r.parent.id + (key,) if r.parent else (key,)


def said(r):
    """What a record says, as text; numbers as they are written."""
    return r.value if isinstance(r.value, bytes) else json.dumps(r.value)


def members(text):
    """{key: (value, its text)} of an object."""
    decode, found = json.JSONDecoder(strict=False).raw_decode, {}
    at = SPACE.match(text, text.index("{") + 1).end()
    while text[at] != "}":
        key, at = decode(text, at)
        start = SPACE.match(text, at).end()
        value, at = decode(text, start)
        found[key] = json.dumps(value), text[start:at]
        at = SPACE.match(text, at).end()
    return found
