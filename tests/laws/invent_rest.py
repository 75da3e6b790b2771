# SPDX-License-Identifier: ISC
"""What else is in an app of Kore.ai that nobody made."""


class Rest:
    """Of invent_kore.App: the lots, words and ids are its own."""

    # ---- other tasks

    def knowledge(self):
        for language in self.languages:
            yield {"refId": self.ref("knowledge"), "name": "Facts",
                   "taxonomy": [
                       {"nodeId": "idPrefix1", "label": "Facts",
                        "parent": []},
                       {"nodeId": "idPrefix2", "label": "More",
                        "parent": ["idPrefix1"], "traitRule": []}],
                   "language": language, "vNameSpace": [self.space()],
                   "faqs": {"faqs": [self.faq(language, q) for q in
                                     self.lots.some("abc")], "synonyms": {}}}

    def faq(self, language, name):
        found = {"question": name + "?", "refId": self.ref(
            "faq", language, name), "responseType": "message",
            "answer": [{"text": self.lots.text(name)}]}
        if self.lots.maybe(0.3):
            found.update(responseType="dialog", dialogRefId=self.task())
        return found

    def smalltalk(self):
        for language in self.languages:
            yield {"language": language, "groups": [{
                "groupName": "greetings",
                "groupId": self.id("smg", language),
                "vNameSpace": [self.space()], "nodes": [
                    self.chat(language, w, i) for i, w in enumerate(
                        self.lots.some(["hi", "bye"]))]}]}

    def chat(self, language, word, seq):
        return {"userUtterances": [{"text": word}], "botUtterances": [
            {"channel": "default", "text": self.lots.text(word),
             "_id": self.id("mt", language, word)}],
            "refId": self.made("chat", language, word),
            "state": self.state, "seq": seq, "language": language,
            "nodeId": self.id("smn", language, word)}

    # ---- settings and language

    def events(self):
        found = {}
        for name in self.lots.some(["ON_CONNECT_EVENT", "END_EVENT",
                                    "TASK_FAILURE_EVENT"]):
            found[name] = {"enabled": True, "action": "triggerDialog",
                           "task": self.task(), "msg": [{
                               "text": self.lots.text(name),
                               "streamId": self.stream,
                               "lMod": "2024-03-1%dT09:41:07.512Z" %
                               self.lots.draw.randrange(9),
                               "lModBy": self.id("u", "me")}]}
        return found

    def nlsettings(self):
        for key in self.lots.some(["network", "proximity"]):
            yield {"_id": self.id("anls", key), "configurationKeyName": key,
                   "configurationValue": self.lots.text("standard"),
                   "state": self.state, "streamId": self.stream,
                   "language": "en", "refId": self.made("nlsetting", key)}

    def mlparams(self):
        for language in self.languages:
            yield {"type": 1, "dialogIntents": [], "language": language,
                   "intentData": {"stopwords": self.lots.text("a an")},
                   "state": self.state}
            if not self.xo11:
                yield {"type": 3, "dialogIntents": [
                    self.ref("dialog", t) for t in self.tasks],
                    "language": language, "state": self.state}

    def namespaces(self):
        for name in self.spaces:
            yield {"_id": self.id("ns", name), "name": name,
                   "refId": self.ref("namespace", name), "type": "system",
                   "status": self.state, "streamId": self.stream}

    def variables(self, words):
        for key in self.lots.some(words):
            secured = key == "key"
            value = "" if secured and self.lots.maybe(0.7) else \
                self.lots.text(key)
            yield {"key": key, "value": value, "variableType": "env",
                   "vNameSpace": [self.space()], "isSecured": secured}

    def contents(self):
        for key in self.lots.some(["motto", "hours", "town"]):
            yield {"group": "", "key": key, "localeData": self.local(
                lambda _: {"value": self.lots.text(key)}),
                "vNameSpace": [self.space()], "variableType": "locale"}

    def traits(self):
        for group in self.lots.some(["mood", "age"]):
            yield {"_id": self.id("ta", group), "state": self.state,
                   "groupName": group, "language": "en",
                   "refId": self.ref("trait", group),
                   "streamId": self.stream, "traits": {group + "y": {
                       "data": self.lots.some(["a", "b"]),
                       "traitId": "tri-" + self.ref("tri", group)}}}

    def locales(self):
        return self.local(lambda language: {
            "name": "Shop", "synonyms": {
                word: self.lots.some(["x", "y", "z"])
                for word in self.lots.some(["plant", "~thanks", "~hurry"])}})

    def export(self):
        tasks = ["botTask", "knowledgeGraph", "smallTalk", "forms"]
        settings = ["botSettings", "botVariables", "ivrSettings"]
        if self.xo11:
            tasks.append("flows")
            settings.append("genAIandLLMSettings")
        return {"tasks": tasks, "nlpData": [
            "nlpSettings", "utterances", "patterns", "standardResponses",
            "concepts", "synonyms", "traits", "traitRules"],
            "settings": settings, "subTasks": {
                "dialogs": [self.id("dg", t) for t in self.tasks],
                **({"experienceFlows": [self.id("cf", f["config"]["name"])
                                        for f in self.flows]}
                   if self.xo11 else {})}}
