# SPDX-License-Identifier: ISC
"""An app of Kore.ai that nobody made; invent.py draws the lots.

Each part is a list of elements; an element leads to others by words that
are made from the same slot, such as ("dialog", "Order")."""
import json

import invent_flows
from invent_dialogs import Dialogs
from invent_rest import Rest

TASKS = ["Order", "Return", "Hours", "Refund", "Talk"]
SPACES = ["default", "staff"]
LANGUAGES = ["en", "de"]


class App(Dialogs, Rest):
    def __init__(self, lots):
        self.lots = lots
        self.xo11 = lots.edition == "xo11"
        self.tasks = lots.some(TASKS)
        self.languages = LANGUAGES if lots.maybe(0.3) else LANGUAGES[:1]
        self.spaces = SPACES[:1 + lots.maybe(0.3)]
        self.state = lots.draw.choice(["configured", "published"])
        self.components = []
        self.stream = self.id("st", "app")

    def id(self, prefix, *slot):
        return prefix + "-" + self.lots.minted(prefix, *slot)

    def ref(self, *slot):
        return self.lots.lineage(*slot)

    def made(self, *slot):
        """A refId that XO11 makes anew in each copy."""
        return (self.lots.minted if self.xo11 else self.ref)(*slot)

    def space(self):
        return self.ref("namespace", self.lots.draw.choice(self.spaces))

    def local(self, make):
        return {language: make(language) for language in self.languages}

    def task(self):
        return self.ref("dialog", self.lots.draw.choice(self.tasks))

    # ---- the whole

    def definition(self):
        # these first: they make the components
        dialogs = [self.dialog(name) for name in self.tasks]
        self.flows = invent_flows.flows(self) if self.xo11 else []
        return {
            "_id": self.stream, "refId": self.ref("app"),
            "defaultLanguage": "en", "supportedLanguages": self.languages,
            "vNameSpace": [self.id("ns", "default")],
            "krVNameSpace": [self.space()], "localeData": self.locales(),
            "color": self.lots.draw.choice(["red", "green"]),
            "defaultDialogId": self.task(),
            "advancedNLSettings": list(self.nlsettings()),
            "botEvents": self.events(), "patterns": list(self.patterns()),
            **(invent_flows.settings(self) if self.xo11 else {}),
            "dialogComponents": sorted(
                self.components, key=lambda c: c["_id"]),
            **({"tools": list(self.tools()), "experienceFlows": self.flows}
               if self.xo11 else {}),
            "dialogs": dialogs,
            "scenes": [] if self.xo11 else list(self.scenes()),
            "sceneComponents": [] if self.xo11 else list(
                self.scenecomponents()),
            "knowledgeTasks": list(self.knowledge()),
            "widgetThemes": [] if self.xo11 else [
                {"_id": self.id("wth", "theme"), "theme": "Moss"}],
            "smallTalk": list(self.smalltalk()),
            "forms": list(self.forms()),
            "sentences": list(self.sentences()), "koraResponses": [],
            "mlParams": list(self.mlparams()),
            "contentVariables": list(self.contents()),
            "namespaces": list(self.namespaces()),
            "exportOptions": self.export(),
            "environmentVersionInfo": "9.1.7",
            "traits": list(self.traits()),
            "encryptedHash": self.lots.minted(
                "hash", self.lots.draw.random()).replace("-", "")}


def files(lots):
    app = App(lots)
    definition = app.definition()
    config = {"name": "Shop", "envVariables": list(
        app.variables(["host", "key", "limit"]))}
    return {name: json.dumps(doc, indent=4, ensure_ascii=False).encode()
            for name, doc in (
                ("appDefinition.json" if app.xo11 else "botDefinition.json",
                 definition), ("config.json", config))}
