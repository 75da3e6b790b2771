# SPDX-License-Identifier: ISC
"""What can be taken away from a package, and what then leads nowhere."""
import collections
import json
import os
import re
from urllib.parse import unquote

import cx
from package import Reference


class Removal:
    """A file or folder that is taken away, or a record out of its list or
    object.

    what  its name; that of a folder ends in a slash
    sort  the kind of record, or what sort of file or folder it is
    gone  the id()s of the records that go: it, and those inside it
    """

    def __init__(self, gone, file=None, record=None):
        self.file, self.record = file, record
        self.gone = set(map(id, gone))
        self.what = file or "%r" % record
        self.sort = record.kind if record else re.sub(
            "[^/.]*", "*", file.rpartition("/")[0]) + "/" + (
                gone[0].kind if gone else "")

    def takes(self, name):
        """Whether a file goes."""
        return name == self.file or self.file.endswith("/") and \
            name.startswith(self.file)

    def __repr__(self):
        return self.what


class Package:
    """An app or agent; rows are its references, each with all it finds."""

    def __init__(self, app):
        self.app = app
        self.rows = [(ref, app.finds(ref)) for ref in app.references()]
        if app.platform == "dialogflow_cx":
            self.rows += self.owners()
        self.at = collections.defaultdict(list)  # rows by id(what is found)
        for row in self.rows:
            for r in row[1]:
                self.at[id(r)].append(row)
        self.inside = collections.defaultdict(list)
        for r in app.records():
            if self.parent(r):
                self.inside[id(r.parent)].append(r)

    @staticmethod
    def parent(record):
        """The record around it; an owner's kind and name are none."""
        return None if isinstance(record.parent, tuple) else record.parent

    def owners(self):
        """What stands in the folder of another component belongs to it."""
        folders = collections.defaultdict(list)
        for r in self.app.records():
            if r.parent is None and r.file.count("/") == 2:
                folders[r.kind, unquote(r.file.split("/")[1])].append(r)
        for r in self.app.records():
            if r.parent:
                yield (Reference(r, "(folder)", r.parent[0], None,
                                 r.parent[1]), folders.get(r.parent, []))

    def word(self, ref):
        """As the tools have it in a reference."""
        if self.app.platform == "dialogflow_cx" and ref.by is not None:
            return cx.cxrefs.scoped(ref.by, ref.word)
        return ref.word

    def removals(self):
        """Each file, each folder of some, and each record that something
        refers to."""
        of_file = collections.defaultdict(list)
        of_folder = collections.defaultdict(list)
        for name in self.app.files:
            steps = name.split("/")[:-1]
            for n in range(1, len(steps) + 1):
                of_folder["/".join(steps[:n]) + "/"].append(name)
        for r in self.app.records():
            of_file[r.file].append(r)
        for name in self.app.files:
            yield Removal(of_file[name], file=name)
        for folder, names in of_folder.items():
            if len(names) > 1:
                yield Removal([r for name in names for r in of_file[name]],
                              file=folder)
        for r in self.app.records():
            if id(r) in self.at and r.key is not None:
                yield Removal(list(self.with_inner(r)), record=r)

    def with_inner(self, record):
        yield record
        for r in self.inside[id(record)]:
            yield from self.with_inner(r)

    def lost(self, removal):
        """The references of what is left that found only what is gone."""
        return [ref for ref, found in self.rows
                if found and id(ref.holder) not in removal.gone
                and all(id(r) in removal.gone for r in found)]

    def container(self, doc, record):
        """The list or object of a document in which a record stands."""
        steps = record.place[1:].split("/")[:-1]
        outer = self.parent(record)
        if outer:
            doc = self.container(doc, outer)[outer.key]
            steps = steps[outer.place.count("/"):]
        for step in steps:
            doc = doc[step]
        return doc

    def without(self, removal):
        """{name: bytes} of what is left."""
        files = dict(self.app.files)
        if removal.file:
            return {name: data for name, data in files.items()
                    if not removal.takes(name)}
        r = removal.record
        doc = json.loads(files[r.file].decode("utf-8-sig", "surrogatepass"),
                         strict=False)
        del self.container(doc, r)[r.key]
        files[r.file] = json.dumps(doc, indent=4).encode()
        return files


def write(folder, files):
    for name, data in files.items():
        full = os.path.join(folder, name)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)
