# SPDX-License-Identifier: ISC
"""Packages of the vendors, read for what they hold.

A package is a folder or a zip.  What is in it is listed twice: records, each
with its kind, identity, aliases, category, and value; and references, each
from a record to a kind and a word that some record of it must have.
Nothing here knows of streams or maps: kinds, identities and references are
those of the pages on the vendors' formats, in kore.py and cx.py.
"""
import os
import zipfile


class Record:
    """A component of a package.

    id        identity in its kind, of strings; the parent's comes first
    words     {member: [words]} by which references find it
    value     its JSON, without the records inside it
    place     where it stands: the file, and the list or object in it
    parent    the record that it stands in, or None
    """
    __slots__ = ("kind", "id", "words", "value", "file", "place", "category",
                 "parent", "refs", "key")

    def __init__(self, kind, ident, value, file, place, category,
                 parent=None, key=None):
        self.kind, self.id, self.value = kind, ident, value
        self.file, self.place, self.category = file, place, category
        self.parent, self.key = parent, key
        self.words, self.refs = {}, []

    def __repr__(self):
        return "%s %s" % (self.kind, "/".join(map(str, self.id)))


class Reference:
    """holder: a Record; path: the member, as in the pages; inside: the
    record in which the word is known, or None; soft: may lead nowhere"""
    __slots__ = ("holder", "path", "kind", "by", "word", "soft", "inside")

    def __init__(self, holder, path, kind, by, word, soft=False,
                 inside=None):
        self.holder, self.path, self.kind, self.by = holder, path, kind, by
        self.word, self.soft, self.inside = word, soft, inside

    def __repr__(self):
        return "%r: %s leads to %s %s" % (
            self.holder, self.path, self.kind, self.word)


def read_files(path):
    """{name: bytes}, in order, without a folder around all of them."""
    files = {}
    if os.path.isdir(path):
        for top, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                full = os.path.join(top, name)
                with open(full, "rb") as f:
                    files[os.path.relpath(full, path)] = f.read()
        return files
    with zipfile.ZipFile(path) as z:
        for i in z.infolist():
            if not i.is_dir() and "__MACOSX" not in i.filename:
                files[i.filename] = z.read(i)
    tops = {name.split("/")[0] for name in files}
    if len(tops) == 1 and all("/" in name for name in files):
        files = {n.split("/", 1)[1]: data for n, data in files.items()}
    return files


def load(path):
    """What the package is: kore.App or cx.Agent."""
    import cx
    import kore
    files = read_files(path)
    for name in ("botDefinition.json", "appDefinition.json"):
        if name in files:
            return kore.App(path, files, name)
    if "agent.json" in files:
        return cx.Agent(path, files)
    raise ValueError("%s: neither an app of Kore.ai nor an agent of "
                     "Dialogflow CX" % path)
