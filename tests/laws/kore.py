# SPDX-License-Identifier: ISC
"""Apps of Kore.ai, XO10 and XO11: their records and references."""
import json

from kore_tables import (NOWHERE, OF_APP, REFROWS, TOP, WORD, category_of,
                         dig, texts)
from package import Record, Reference


def without(value, paths):
    """A value whose lists and objects at these paths are empty."""
    for steps in paths:
        if not steps:
            return type(value)()
        if isinstance(value, dict) and steps[0] in value:
            inner = without(value[steps[0]], [steps[1:]])
            if inner is not value[steps[0]]:
                value = dict(value)
                value[steps[0]] = inner
    return value


class App:
    platform = "kore"

    def __init__(self, path, files, name):
        self.path, self.files, self.main = path, files, name
        self.edition = "xo10" if name[0] == "b" else "xo11"
        self.app = json.loads(files[name].decode("utf-8-sig", "surrogatepass"),
                              strict=False)
        self.config = json.loads(files.get("config.json", b"{}"),
                                 strict=False)
        self._records = {}
        self._known = None

    # ---- records

    def records(self, whole=frozenset()):
        """All of them; what is in whole is not taken out of its parent."""
        if whole not in self._records:
            self._records[whole] = list(self.take(whole))
        return self._records[whole]

    def take(self, whole):
        for config, doc, file in ((False, self.app, self.main),
                                  (True, self.config, "config.json")):
            for name, value in doc.items():
                row = TOP.get((config, name))
                if row and row.kind not in whole and isinstance(
                        value, list if row.steps[1] == "-" else dict):
                    yield from self.elements(row, value, None, file, whole)
                elif name == "_id" and not config:
                    r = Record("app", ("app",), value, file, "/_id", "app")
                    r.words = {"_id": [value],
                               "refId": [self.app.get("refId")]}
                    yield r
                else:
                    yield Record(
                        "configsetting" if config else "setting", (name,),
                        value, file, "/" + name,
                        "app" if config else category_of(name), None, name)
        for file, data in self.files.items():
            if file not in (self.main, "config.json"):
                yield Record(
                    "datatable" if file.startswith("tableDefinition_") else
                    "raw", (file,), data, file, "", "settings/botSettings")

    def elements(self, row, container, parent, file, whole):
        inner = [r for r in row.inner if r.kind not in whole]
        cut = [r.steps[len(row.steps):-1] for r in inner]
        for key, value in container.items() if isinstance(
                container, dict) else enumerate(container):
            if cut:
                own = without(value, cut)
            else:
                own = value
            kind = row.kind
            if kind == "concept" and not key.startswith("~"):
                kind = "synonym"
            r = Record(kind, row.ident(value, key, parent), own, file,
                       row.place, row.category if kind != "synonym" else
                       "nlpData/synonyms", parent, key)
            for path in WORD.get(row.kind, ()):
                r.words[path] = [key] if path == "#" else texts(
                    value, path.split("/"))
            yield r
            for i, steps in zip(inner, cut):
                for c in dig(value, steps):
                    if isinstance(c, list if i.steps[-1] == "-" else dict):
                        yield from self.elements(i, c, r, file, whole)

    # ---- references

    def references(self):
        for r in self.records():
            name = "setting:" + r.id[0] if r.kind == "setting" else r.kind
            for steps, path, kind, by, mark in REFROWS.get(name, ()):
                for word in texts(r.value, steps):
                    if word not in NOWHERE or "flowstep" != kind:
                        yield Reference(
                            r, path, kind, by, word, "?" in mark,
                            r.parent if "^" in mark else None)
            more = getattr(self, "more_" + r.kind, None)
            if more:
                yield from more(r)
            if r.kind not in ("component", "contentvariable", "locale"):
                yield from self.anywhere(r, r.value)
            elif isinstance(r.value, dict):
                yield from self.spaces(r, r.value)

    def anywhere(self, r, value):
        """The app's _id and namespaces, at any depth."""
        if isinstance(value, dict):
            for key, v in value.items():
                if key in OF_APP:
                    if isinstance(v, str) and v and not (
                            r.kind == "flowstep" and "hookEvents" in value):
                        yield Reference(r, "**/" + key, "app", "_id", v)
                elif key == "linkedBotStreamId":
                    if v:
                        yield Reference(r, "**/" + key, "app", "", v)
                elif key == "vNameSpace":
                    yield from self.spaces(r, value)
                elif key == "agentAssistEvents":
                    continue
                elif isinstance(v, (dict, list)):
                    yield from self.anywhere(r, v)
        elif isinstance(value, list):
            for v in value:
                if isinstance(v, (dict, list)):
                    yield from self.anywhere(r, v)

    @staticmethod
    def spaces(r, value):
        for v in value.get("vNameSpace") or ():
            if isinstance(v, str):
                yield Reference(r, "**/vNameSpace", "namespace", "refId", v,
                                True)

    def more_dialog(self, r):
        nodes = {n.get("nodeId") for n in r.value.get("nodes") or ()}
        for n in r.value.get("nodes") or ():
            for t in n.get("transitions") or ():
                test = t.get("if") if isinstance(t.get("if"), dict) else {}
                for path, word in (("default", t.get("default")),
                                   ("then", t.get("then")),
                                   ("if/field", test.get("field")),
                                   ("if/intent", test.get("intent"))):
                    if word not in NOWHERE and isinstance(word, str) and \
                            word not in nodes:
                        yield Reference(r, "nodes/-/transitions/-/" + path,
                                        "node", "nodeId", word)
                if test.get("context") == "context.FollowupIntents" and \
                        isinstance(test.get("value"), str):
                    yield Reference(r, "nodes/-/transitions/-/if/value",
                                    "component", "refId", test["value"])

    def more_component(self, r):
        v = r.value
        if v.get("type") == "intent" and v.get("dialogId"):
            yield Reference(r, "dialogId", "dialog", "_id", v["dialogId"])
        if v.get("type") == "form" and v.get("resourceId"):
            yield Reference(r, "resourceId", "form", "refId",
                            v["resourceId"])
        payload = v.get("payload")
        if isinstance(payload, dict) and payload.get("sName") and \
                v.get("serviceNodeType") == "feedback":
            yield Reference(r, "payload/sName", "survey", "name",
                            payload["sName"], True)

    def more_widget(self, r):
        source = r.value.get("source")
        if isinstance(source, dict) and source.get("type") == "dialog" and \
                isinstance(source.get("resource"), str):
            yield Reference(r, "source/resource", "dialog", "refId",
                            source["resource"])

    def more_knowledge(self, r):
        nodes = {t.get("nodeId") for t in r.value.get("taxonomy") or ()}
        for t in r.value.get("taxonomy") or ():
            for p in t.get("parent") or ():
                if isinstance(p, str) and p not in nodes:
                    yield Reference(r, "taxonomy/-/parent", "taxonomy",
                                    "nodeId", p)

    def more_smalltalk(self, r):
        nodes = set(texts(r.value, "groups/-/nodes/-/nodeId".split("/")))
        for p in texts(r.value, "groups/-/nodes/-/parentId".split("/")):
            if p not in nodes:
                yield Reference(r, "groups/-/nodes/-/parentId", "node",
                                "nodeId", p)

    def more_dashboard(self, r):
        own = set(texts(r.value, ["widgets", "-", "_id"]))
        for p in texts(r.value, ["properties", "-", "id"]) + texts(
                r.value, ["properties", "*", "id"]):
            if p not in own:
                yield Reference(r, "properties/-/id", "widget of it", "_id",
                                p)

    # ---- what references find

    def known(self):
        """{(kind, by, word): [records]}"""
        if self._known is None:
            found = {}
            for r in self.records():
                for by, words in r.words.items():
                    for w in words:
                        found.setdefault((r.kind, by, w), []).append(r)
            for r in self.records():
                if r.kind == "app":
                    for w in r.words["_id"] + r.words["refId"]:
                        found.setdefault(("app", "", w), []).append(r)
                if r.kind == "dialog":
                    for w in texts(r.value, ["localeData", "*", "name"]):
                        found.setdefault(("dialogname", ".", w),
                                         []).append(r)
            self._known = found
        return self._known

    def finds(self, ref):
        rs = self.known().get((ref.kind, ref.by, ref.word), [])
        if ref.inside is not None:
            rs = [r for r in rs if r.parent is ref.inside]
        if ref.path == "cfId":
            rs = [r for r in rs if r is ref.holder.parent]
        elif ref.path == "config/cfId":
            rs = [r for r in rs if r is ref.holder]
        return rs

    def dangling(self):
        return [ref for ref in self.references() if not self.finds(ref)]
