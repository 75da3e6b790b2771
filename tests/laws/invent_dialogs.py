# SPDX-License-Identifier: ISC
"""Dialogs of an app of Kore.ai that nobody made, and what belongs to them."""

SHARED = ["Sorry", "Thanks"]        # messages that several dialogs have


class Dialogs:
    """Of invent_kore.App: the lots, words and ids are its own."""

    # ---- components of dialogs

    def component(self, kind, *slot, **more):
        """Its _id; it is made if it is not there yet."""
        ident = self.id("dc", kind, *slot)
        if all(c["_id"] != ident for c in self.components):
            self.components.append({
                "_id": ident, "refId": self.ref(kind, *slot),
                "name": "_".join((kind,) + slot), "type": kind,
                "localeData": self.local(lambda _: {
                    "desc": self.lots.text(kind)}),
                "vNameSpace": [self.space()], **more})
        return ident

    def node(self, number, component, kind, then, **more):
        return {"nodeId": "%s%d" % (kind, number), "type": kind,
                "componentId": component, "nodeOptions": {},
                "transitions": [{"default": then}], **more}

    def dialog(self, name):
        nodes, lots = [], self.lots
        kinds = ["intent"] + lots.some(
            ["message", "entity", "service", "form", "shared", "other",
             "agent" if self.xo11 else "botAction"], 0.4)
        for i, kind in enumerate(kinds):
            nodes.extend(getattr(self, "node_" + kind)(i, name))
        for node, after in zip(nodes, nodes[1:]):
            node["transitions"] = [{"default": after["nodeId"]}]
        return {"_id": self.id("dg", name), "refId": self.ref("dialog", name),
                "nodes": nodes, "lname": name.lower(), "isHidden": False,
                "localeData": self.local(lambda _: {
                    "name": name, "shortDesc": lots.text(name)}),
                "groups": [], "vNameSpace": [self.space()],
                **({} if self.xo11 else {"sceneRefId": self.ref(
                    "scene", name)})}

    def node_intent(self, i, name):
        yield self.node(i, self.component(
            "intent", name, dialogId=self.id("dg", name)), "intent", "end")

    def node_message(self, i, name):
        yield self.node(i, self.component(
            "message", name, message=[{"text": self.lots.text("Hello")}]),
            "message", "end")

    def node_entity(self, i, name):
        yield self.node(i, self.component(
            "entity", name, entityType="string"), "entity", "end")

    def node_service(self, i, name):
        yield self.node(i, self.component(
            "service", name, endPoint={"host": "api.example"}), "service",
            "end")

    def node_shared(self, i, _):
        yield self.node(i, self.component(
            "message", self.lots.draw.choice(SHARED)), "message", "end")

    def node_form(self, i, name):
        yield self.node(i, self.component(
            "form", name, resourceId=self.ref("form", name)), "form", "end")

    def node_other(self, i, _):
        other = self.lots.draw.choice(self.tasks)
        yield self.node(i, self.component(
            "intent", other, dialogId=self.id("dg", other)), "intent", "end",
            flowTaskId=self.ref("dialog", other))

    def node_botAction(self, i, name):
        inner = [self.node(0, self.component("script", name, script="a%3Db"),
                           "script", "end")]
        yield self.node(i, self.component("botAction", name, nodes=inner),
                        "botAction", "end", nodes=inner)

    def node_agent(self, i, name):
        service = self.component("service", name,
                                 endPoint={"host": "api.example"})
        yield self.node(i, self.component("aiassist", name), "aiassist",
                        "end", toolInstances=[{
                            "nodeId": "nd-tl-" + self.lots.minted(name),
                            "toolRefId": self.ref("tool", name),
                            "nodes": [self.node(0, service, "service",
                                                "end")]}])

    # ---- what belongs to tasks

    def has(self, kind, name):
        return any(c["_id"] == self.id("dc", kind, name)
                   for c in self.components)

    def sentences(self):
        for name in self.tasks:
            for text in self.lots.some(["I want to %s", "%s", "how to %s"]):
                entities = []
                if self.has("entity", name):
                    entities = [{"startIndex": 0, "endIndex": 1,
                                 "entityId": self.id("dc", "entity", name)}]
                yield {"_id": self.lots.minted("sentence", name, text)
                       .replace("-", "")[:24],
                       "taskId": self.id("dc", "intent", name),
                       "sentence": text % name, "type": "DialogIntent",
                       "taskName": name, "entities": entities,
                       "language": "en"}

    def patterns(self):
        for c in self.components:
            if c["type"] in ("intent", "entity"):
                words = self.lots.some(["*2 %s", "%s ~now", "no %s"], 0.3)
                yield {"localeData": {"en": {"patterns": [
                    {"value": w % c["name"], "original": w % c["name"]}
                    for w in words]} if self.lots.maybe(0.6) else {}},
                    "refId": c["refId"], "taskName": c["name"],
                    "taskType": c["type"], "nodeType": "dialog"}

    def scenes(self):
        for name in self.tasks:
            note = self.id("snc", name)
            yield {"_id": self.id("sn", name),
                   "components": {note: {"childs": []}},
                   "dialogLinks": {note: {
                       "dialogRefId": self.ref("dialog", name)}},
                   "dialogRefId": self.ref("dialog", name), "name": name,
                   "refId": self.ref("scene", name),
                   "streamId": self.stream,
                   "widgetThemeId": self.id("wth", "theme")}

    def scenecomponents(self):
        for name in self.tasks:
            yield {"_id": self.id("snc", name), "type": "note",
                   "msg": {"text": self.lots.text("note")},
                   "sceneId": self.id("sn", name), "streamId": self.stream,
                   "refId": self.ref("snc", name)}

    def forms(self):
        for name in self.tasks:
            if self.has("form", name):
                fields = self.lots.some(["street", "town"])
                yield {"name": name, "displayName": self.lots.text(name),
                       "refId": self.ref("form", name), "components": [
                           self.field(name, f, fields[-1]) for f in fields],
                       "integrations": [{
                           "type": "dialog",
                           "resourceId": self.ref("dialog", name),
                           "resourceMeta": {"componentId": self.ref(
                               "form", name)}}]}

    def field(self, form, name, other):
        return {"name": name, "type": "textField",
                "refId": self.made("field", form, name), "metaData": {
                    "displayName": self.lots.text(name),
                    "visibilityDependents": [
                        self.made("field", form, other)]}}

    def tools(self):
        for name in self.tasks:
            if self.has("aiassist", name):
                yield {"refId": self.ref("tool", name), "tool_name": name,
                       "desc": self.lots.text("tool"), "params": [],
                       "tool_actions": [{
                           "action_id": self.ref("service", name),
                           "action_type": "service"}]}
