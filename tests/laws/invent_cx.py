# SPDX-License-Identifier: ISC
"""An agent of Dialogflow CX that nobody made; invent.py draws the lots."""
import json
import re

FLOWS = ["Order", "Ask & go", "Back"]
PAGES = ["First", "Second ", "\u00dcber/all"]
INTENTS = ["yes", "no", "book it", "Gr\u00fc\u00df"]
TYPES = ["fruit", "size"]
HOOKS = ["stock", "price: now"]


class Agent:
    def __init__(self, lots):
        self.lots = lots
        self.path = "projects/p%d/locations/global/agents/%s" % (
            lots.app, lots.minted("agent"))
        self.files, self.called = {}, {}
        for kind, words in (("intent", INTENTS), ("entityType", TYPES),
                            ("webhook", HOOKS), ("generator", ["sum"]),
                            ("flow", FLOWS), ("tool", ["search"])):
            self.called[kind] = [self.name(w) for w in lots.some(words)]

    def name(self, slot):
        """What a slot is called: some states call it otherwise."""
        return slot + "2" if self.lots.maybe(0.1) else slot

    def slot(self, name):
        return name[:-1] if name.endswith("2") else name

    def uuid(self, kind, *names):
        return self.lots.minted(kind, *map(self.slot, names))

    def write(self, name, doc):
        self.files[name] = json.dumps(doc, indent=2, ensure_ascii=False
                                      ).encode() + b"\n"

    def one(self, kind):
        return self.lots.draw.choice(self.called[kind])

    def route(self, number, pages=()):
        """A route to somewhere, with something to do."""
        draw = self.lots.draw
        found = {"name": self.lots.minted("route", draw.random())}
        what = draw.choice(["intent", "intent", "condition"])
        found[what] = self.one("intent") if what == "intent" else \
            "$n = %d" % number
        found["triggerFulfillment"] = self.fulfillment()
        if pages and draw.random() < 0.5:
            found["targetPage"] = draw.choice(list(pages) + ["End Session"])
        elif draw.random() < 0.5:
            found["targetFlow"] = self.one("flow")
        return found

    def fulfillment(self):
        found = {"messages": [{"text": {"text": [self.lots.text("Hello")]},
                               "languageCode": "en"}]}
        if self.lots.maybe(0.3):
            found.update(webhook=self.one("webhook"), tag="t")
        if self.lots.maybe(0.2):
            found["generators"] = [{"generator": "%s/generators/%s" % (
                self.path, self.uuid("generator", self.one("generator")))}]
        return found

    # ---- the files

    def agent(self):
        self.write("agent.json", {
            "displayName": "Agent %d" % self.lots.app,
            "defaultLanguageCode": "en", "supportedLanguageCodes": ["de"],
            "timeZone": self.lots.draw.choice(["Europe/Oslo", "Asia/Tokyo"]),
            "startFlow": "Default Start Flow"})

    def intents(self):
        for name in self.called["intent"]:
            folder = "intents/%s/" % file_name(name)
            languages = self.lots.some(["en", "de"])
            phrases = {lang: [self.phrase(lang, w) for w in self.lots.some(
                ["a %s", "%s", "so %s"])] for lang in languages}
            self.write(folder + file_name(name) + ".json", {
                "name": self.uuid("intent", name), "displayName": name,
                "parameters": [{"id": "what", "entityType": "@" + self.one(
                    "entityType")}], "priority": 500000,
                "numTrainingPhrases": sum(map(len, phrases.values()))})
            for lang, found in phrases.items():
                self.write("%strainingPhrases/%s.json" % (folder, lang),
                           {"trainingPhrases": found})

    def phrase(self, language, form):
        found = {"parts": [{"text": form % "thing"}], "repeatCount": 1,
                 "languageCode": language}
        if self.lots.maybe(0.5):
            found = {"id": self.lots.minted("phrase", self.lots.draw.random()),
                     **found}
        return found

    def entitytypes(self):
        for name in self.called["entityType"]:
            folder = "entityTypes/%s/" % file_name(name)
            self.write(folder + file_name(name) + ".json", {
                "name": self.uuid("entityType", name), "displayName": name,
                "kind": "KIND_MAP"})
            for lang in self.lots.some(["en", "de"]):
                self.write("%sentities/%s.json" % (folder, lang), {
                    "entities": [{"value": v, "synonyms": self.lots.some(
                        [v, "x"]), "languageCode": lang}
                        for v in self.lots.some(["apple", "pear", "fig"])]})

    def webhooks(self):
        for name in self.called["webhook"]:
            self.write("webhooks/%s.json" % file_name(name), {
                "name": self.uuid("webhook", name), "displayName": name,
                "genericWebService": {"uri": self.lots.text(
                    "https://hook.example")}, "timeout": "5s"})

    def generators(self):
        for name in self.called["generator"]:
            folder = "generators/%s/" % file_name(name)
            self.write(folder + file_name(name) + ".json", {
                "name": self.uuid("generator", name), "displayName": name})
            self.write(folder + "phrases/en.json", {"promptTexts": [
                {"text": self.lots.text("Sum up"), "languageCode": "en"}]})

    def flows(self):
        for name in ["Default Start Flow"] + self.called["flow"]:
            start = name == "Default Start Flow"
            folder = "flows/%s/" % file_name(name)
            pages = [self.name(p) for p in self.lots.some(PAGES)]
            groups = [self.name(g) for g in self.lots.some(["Small"], 0.5)]
            self.write(folder + file_name(name) + ".json", {
                "name": "00000000-0000-0000-0000-000000000000" if start else
                self.uuid("flow", name), "displayName": name,
                "transitionRoutes": [self.route(i, pages) for i in range(2)],
                "eventHandlers": [{
                    "event": "sys.no-match-default", "name": self.lots.minted(
                        "handler", self.lots.draw.random()),
                    "triggerFulfillment": self.fulfillment()}],
                "transitionRouteGroups": groups})
            for page in pages:
                self.page(folder, name, page, pages, groups)
            for group in groups:
                self.write("%stransitionRouteGroups/%s.json" % (
                    folder, file_name(group)), {
                        "name": self.uuid("group", name, group),
                        "displayName": group,
                        "transitionRoutes": [self.route(0, pages)]})

    def page(self, folder, flow, name, pages, groups):
        self.write("%spages/%s.json" % (folder, file_name(name)), {
            "name": self.uuid("page", flow, name), "displayName": name,
            "form": {"parameters": [{
                "displayName": "what", "entityType": "@" + self.one(
                    "entityType")}]},
            "entryFulfillment": self.fulfillment(),
            "transitionRoutes": [self.route(1, pages)],
            "transitionRouteGroups": groups if self.lots.maybe(0.5) else []})

    def playbooks(self):
        tool = self.one("tool")
        for name in self.called["tool"]:
            self.write("tools/%s/%s.json" % (file_name(name),
                                             file_name(name)), {
                "name": self.uuid("tool", name), "displayName": name,
                "description": self.lots.text("Searches")})
        self.write("playbooks/Host/Host.json", {
            "name": self.uuid("playbook", "Host"), "displayName": "Host",
            "goal": self.lots.text("Use ${TOOL:%s}" % tool),
            "referencedFlows": [self.one("flow")],
            "referencedTools": ["%s/tools/%s" % (
                self.path, self.uuid("tool", tool))]})
        self.write("playbooks/Host/examples/Once.json", {
            "name": self.uuid("example", "Once"), "actions": [
                {"flowInvocation": {"flow": self.one("flow")}},
                {"toolUse": {"tool": tool}}],
            "displayName": "Once", "languageCode": "en"})

    def testcases(self):
        for name in self.lots.some(["Happy", "Sad?"]):
            flow = self.one("flow")
            self.write("testCases/%s.json" % file_name(name), {
                "name": self.uuid("testcase", name), "displayName": name,
                "testCaseConversationTurns": [{
                    "userInput": {"input": {"text": {"text": "hi"}}},
                    "virtualAgentOutput": {
                        "currentFlow": {"name": flow},
                        "currentPage": {"flow": flow, "name": "Start Page"},
                        "triggeredIntent": {"name": self.one("intent")}}}],
                "testConfig": {"flow": flow}})

    def rest(self):
        if self.lots.maybe(0.5):
            self.write("agentTransitionRouteGroups/All.json", {
                "name": self.uuid("all"), "displayName": "All",
                "transitionRoutes": [self.route(0)]})
        for lang in self.lots.some(["en", "de"]):
            self.write("generativeSettings/%s.json" % lang, {
                "fallbackSettings": {"selectedPrompt": self.lots.text("be")},
                "languageCode": lang})


def file_name(name):
    return re.sub(r"[^A-Za-z0-9 _.-]", lambda m: "".join(
        "%%%02x" % b for b in m[0].encode()), name)


def files(lots):
    agent = Agent(lots)
    for part in ("agent", "intents", "entitytypes", "webhooks", "generators",
                 "flows", "testcases", "rest"):
        getattr(agent, part)()
    if lots.maybe(0.5):
        agent.playbooks()
    return agent.files
