# SPDX-License-Identifier: ISC
"""Agents of Dialogflow CX: their records and references.

Which file is of which kind, and which members lead to what, is in
../oracle/cxrefs.py.
"""
import json
import os
import re
import sys
from urllib.parse import unquote

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "oracle"))
import cxrefs  # noqa: E402
from package import Record, Reference  # noqa: E402

AGENT = re.compile(r"projects/[^/\"\s]+/locations/[^/\"\s]+/agents/[^/\"\s]+")
OTHER = re.compile(r"projects/[^/\"\s]+/locations/[^/\"\s]+/"
                   r"(?!agents/)[^\"\s]+")
RESERVED = re.compile("00000000-0000-0000-0000-00000000000[01]")
FILES = [(re.compile(p), kind) for p, kind in cxrefs.WHOLE]
LISTS = [(re.compile(p), key, kind, owner)
         for p, key, kind, owner in cxrefs.LISTS]
FOLDER = {"agent": "app", "flow": "flows", "page": "flows/pages",
          "routegroup": "flows/transitionRouteGroups",
          "agentgroup": "agentTransitionRouteGroups", "intent": "intents",
          "phrase": "intents/trainingPhrases", "entitytype": "entityTypes",
          "entity": "entityTypes/entities", "webhook": "webhooks",
          "excludedphrase": "entityTypes/excludedPhrases",
          "generator": "generators", "prompt": "generators/phrases",
          "playbook": "playbooks", "example": "playbooks/examples",
          "tool": "tools", "toolschema": "tools", "testcase": "testCases",
          "testcasev2": "testCases/v2",
          "generativesetting": "generativeSettings"}

_docs = {}


def parsed(data):
    doc = _docs.get(data)
    if doc is None:
        doc = _docs[data] = json.loads(data)
    return doc


class Agent:
    platform = "dialogflow_cx"
    edition = "cx"

    def __init__(self, path, files):
        self.path, self.files = path, files
        self._records = self._known = None
        text = b"\n".join(data for name, data in files.items()
                          if not name.startswith("testCases/v2"))
        text = text.decode("utf-8", "surrogateescape")
        self.agents = set(AGENT.findall(text))
        self.others = set(OTHER.findall(text))

    def records(self, whole=frozenset()):
        if self._records is None:
            self._records = [r for path, data in self.files.items()
                             for r in self.of_file(path, data)]
        return self._records

    def of_file(self, path, data):
        for pattern, kind in FILES:
            m = pattern.fullmatch(path)
            if m:
                stars = [unquote(s) for s in m.groups()]
                doc = parsed(data) if path.endswith(".json") else data
                yield self.whole(path, kind, doc, stars)
                return
        for pattern, key, kind, owner in LISTS:
            m = pattern.fullmatch(path)
            if m:
                stars = [unquote(s) for s in m.groups()]
                for value in parsed(data)[key]:
                    ident = (stars[0], stars[1].lower())
                    if kind in ("entity", "excludedphrase"):
                        ident += (value.get("value", ""),)
                    elif kind == "phrase":
                        ident += ("".join(p.get("text", "") for p in
                                          value.get("parts", ())),)
                    else:
                        ident += (value.get("text", ""),)
                    yield Record(kind, ident, value, path, "/" + key,
                                 FOLDER[kind], (owner, stars[0]))
                return
        yield Record("more", (path,), data, path, "", path.split("/")[0])

    @staticmethod
    def whole(path, kind, doc, stars):
        owner = (cxrefs.OWNED[kind], stars[0]) if kind in \
            cxrefs.OWNED else None
        if kind == "agent":
            ident = ("agent",)
        elif kind in ("toolschema", "generativesetting"):
            ident = (stars[0],)
        else:
            ident = (doc.get("displayName"),)
            if owner:
                ident = (stars[0],) + ident
        r = Record(kind, ident, doc, path, "", FOLDER[kind], owner)
        if isinstance(doc, dict) and kind not in (
                "agent", "generativesetting"):
            r.words = {"displayName": [cxrefs.scoped(*ident) if len(
                ident) == 2 else ident[0]], "name": [doc.get("name")]}
        return r

    def references(self):
        for r in self.records():
            flow = r.id[0] if r.kind in ("flow", "page", "routegroup") \
                else None
            for field, _, kind, word, scope in cxrefs.FIELDS.get(
                    r.kind, lambda *_: ())(r.value, flow):
                if word in cxrefs.SPECIAL.get(kind, ()):
                    continue
                soft = (r.kind, kind) in cxrefs.SOFT or (
                    kind == "entitytype" and word.startswith("sys."))
                yield Reference(r, field, kind, scope, word, soft)

    def known(self):
        if self._known is None:
            found = {}
            for r in self.records():
                for words in r.words.values():
                    for w in words:
                        found.setdefault((r.kind, w), []).append(r)
            self._known = found
        return self._known

    def finds(self, ref):
        word = ref.word if ref.by is None else cxrefs.scoped(
            ref.by, ref.word)
        found = self.known().get((ref.kind, word), [])
        if not found and ref.kind == "tool":  # ${tool:x} of a hand
            found = [r for (kind, w), rs in self.known().items()
                     if kind == "tool" and w.lower() == word.lower()
                     for r in rs]
        return found

    def dangling(self):
        return [ref for ref in self.references() if not self.finds(ref)]
