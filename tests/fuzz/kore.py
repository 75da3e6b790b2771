# SPDX-License-Identifier: ISC
"""Invented Kore.ai apps, XO10 and XO11."""
import re

from .model import Kind, Platform, Ref as R

DEFINITION = r"(?:bot|app)Definition\.json"
MINTED = re.compile(r"(st|dg|dc|sn|snc|wt|smg|smn|bu|ut|llm|llr|cf|cfst|cfm|"
                    r"ns|anls|anr|fc|dgpt|six|tr|wg|pn|idp|kr|sa|nt|frm)-\d+x*")


def K(name, at, ident, **more):
    return Kind(name, more.pop("file", DEFINITION), at, ident, **more)


def typed(member, *values):
    return lambda c: c.value.get(member) in values


TASKS, NLP, SET = "tasks/botTask", "nlpData/nlpSettings", "settings/botSettings"
LLM = "settings/genAIandLLMSettings"
FIELD = "components/-/refId"
STEP, MESSAGE = ("/experienceFlows/-/callflowDefinition/" + w
                 for w in ("steps/-", "messages/-"))
LLMS = "/llmConfigsForStream/-", "/llmConfiguration/-"

kinds = [
    K("app", "/_id", "'app'", alias=".", category="app", full="keep",
      part="keep"),
    K("setting", "/defaultDialogId", "'default'", category="app",
      full="replace", part="replace", refs=(R(".", "dialog"),)),
    K("dialog", "/dialogs/-", "refId", alias="_id", category=TASKS, refs=(
        R("nodes/-/componentId", "component", "alias"),
        R("nodes/-/nodes/-/componentId", "component", "alias"),
        R("sceneRefId", "scene"),
        R("nodes/-/flowTaskId", "dialog"),
        R("nodes/-/toolInstances/-/toolRefId", "tool"),
        R("nodes/-/toolInstances/-/nodes/-/componentId", "component", "alias"),
        R("nodes/-/transitions/-/then", "nodes/-/nodeId", "local"),
        R("nodes/-/transitions/-/default", "nodes/-/nodeId", "local",
          built=("end",)))),
    K("component", "/dialogComponents/-", "refId", alias="_id", category=TASKS,
      refs=(
          R("dialogId", "dialog", "alias", owner=True),
          R("nodes/-/componentId", "component", "alias"),
          R("resourceId", "form", when=typed("type", "form")),
          R("idp", "idp", "name", soft=True, built=("none",)),
          R("localeData/*/traitRules/-/-", "trait", "name"))),
    K("scene", "/scenes/-", "refId", alias="_id", category=TASKS, refs=(
        R("dialogRefId", "dialog", owner=True),
        R("components/*", "scenecomponent", "alias", key=True),
        R("dialogLinks/*", "scenecomponent", "alias", key=True),
        R("dialogLinks/*/dialogRefId", "dialog"),
        R("widgetThemeId", "widgettheme", "alias"))),
    K("scenecomponent", "/sceneComponents/-", "refId", alias="_id",
      category=TASKS, refs=(R("sceneId", "scene", "alias", owner=True),)),
    K("widgettheme", "/widgetThemes/-", "theme", alias="_id", category="app",
      full="replace", part="add"),
    K("action", "/actions/-", "refId|_id", alias="_id", category=TASKS),
    K("form", "/forms/-", "refId", category="tasks/forms", refs=(
        R("integrations/-/resourceId", "dialog"),
        R("integrations/-/resourceMeta/componentId", "component"),
        R("components/-/metaData/visibilityDependents/-", FIELD, "local"),
        R("components/-/metaData/visibilityRules/**/field", FIELD, "local"))),
    K("knowledge", "/knowledgeTasks/-", "refId language",
      category="tasks/knowledgeGraph", refs=(
          R("taxonomy/-/traitRule/-/-", "trait", "name"),
          R("taxonomy/-/parent/-", "taxonomy/-/nodeId", "local"))),
    K("faq", "/knowledgeTasks/-/faqs/faqs/-", "refId", child=True,
      category="tasks/knowledgeGraph", part="replace-all",
      refs=(R("dialogRefId", "dialog"),)),
    K("smalltalk", "/smallTalk/-", "language", category="tasks/smallTalk",
      refs=(R("groups/-/nodes/-/parentId", "groups/-/nodes/-/nodeId",
              "local"),)),
    K("flow", "/experienceFlows/-", "callflowDefinition/name",
      alias="callflowDefinition/_id", category="tasks/flows", full="replace",
      refs=(R("config/cfId", "flow", "alias"),)),
    K("flowstep", STEP, "^ refId", alias="_id", category="tasks/flows",
      part="replace-all", child=True, refs=(
          R("cfId", "flow", "alias", owner=True),
          R("connections/-/nextStep", "flowstep", "alias", built=("dummy",)),
          R("taskDefinition/messageToUser", "flowmessage", "alias"),
          R("taskDefinition/uxoautomation/refId", "dialog", soft=True))),
    K("flowmessage", MESSAGE, "^ refId", alias="_id", category="tasks/flows",
      part="replace-all", child=True,
      refs=(R("cfId", "flow", "alias", owner=True),)),
    K("tool", "/tools/-", "refId", alias="_id", category=TASKS, refs=(
        R("tool_actions/-/action_id", "component"),)),
    K("utterance", "/sentences/-", "taskName language sentence", key=True,
      category="nlpData/utterances", part="union", refs=(
          R("taskId", "component", "alias", owner=True),
          R("entities/-/entityId", "component", "alias"))),
    K("pattern", "/patterns/-", "refId", category="nlpData/patterns",
      part="union", refs=(R("refId", "component", owner=True),)),
    K("locale", "/localeData/*", "$1", category="app"),
    K("concept", "/localeData/*/synonyms/*", "$2", category="nlpData/concepts",
      part="replace-all", child=True, when=lambda c: c.stars[1][:1] == "~"),
    K("synonym", "/localeData/*/synonyms/*", "$2", child=True,
      category="nlpData/synonyms", part="replace-all"),
    K("trait", "/traits/-", "refId language", alias="_id", names="traits/*key",
      category="nlpData/traits"),
    K("mlparam", "/mlParams/-", "language type", category=NLP),
    K("dialogintent", "/mlParams/-/dialogIntents/-", ".", category=NLP,
      part="union", child=True, refs=(R(".", "dialog"),)),
    K("nlsetting", "/advancedNLSettings/-",
      "configurationKeyName language mlpGroupId", alias="_id", key=True,
      category=NLP),
    K("event", "/botEvents/*", "$1", category=NLP,
      refs=(R("task", "dialog"),)),
    K("sentimentevent", "/botSentimentEvents/-", "name", category=NLP,
      refs=(R("task", "dialog"),)),
    K("standardresponse", "/koraResponses/-", "refId|Key language",
      category="nlpData/standardResponses", part="replace-all"),
    K("namespace", "/namespaces/-", "name", alias="_id", category=SET),
    K("contentvariable", "/contentVariables/-", "key",
      category="settings/botVariables"),
    K("envvariable", "/envVariables/-", "key", file=r"config\.json",
      category="settings/botVariables"),
    K("llmconfig", LLMS[0], "'llm'", alias="_id", category=LLM,
      full="replace"),
    K("llmconfiguration", LLMS[1], "'app'", alias="refId", category=LLM,
      full="replace"),
    K("llmfeature", LLMS[0] + "/featureList/-", "name", category=LLM,
      part="replace-all", child=True),
    K("llmfeature", LLMS[1] + "/featureList/-", "name", category=LLM,
      part="replace-all", child=True),
    K("guardrail", LLMS[1] + "/guardrailsList/-", "id|name", category=LLM,
      part="replace-all", child=True),
    K("integration", LLMS[0] + "/integrations/*", "$1", category=LLM,
      full="keep", part="keep", child=True),
    K("integration", LLMS[1] + "/integrations/*", "$1", category=LLM,
      full="keep", part="keep", child=True),
    K("prompt", "/promptLibraries/-", "refId", alias="_id", category=LLM,
      part="add"),
    K("dialoggptsetting", "/dialogGPTSettings/-", "language", category=LLM,
      part="replace-all"),
    K("widget", "/widgets/-", "refId", alias="_id", category=TASKS, refs=(
        R("source/resource", "dialog",
          when=lambda c: c.value.get("source", {}).get("type") == "dialog"),)),
    K("panel", "/panels/-", "refId", alias="_id", category=TASKS,
      refs=(R("widgets/-", "widget"),)),
    K("idp", "/idpConfigurations/-", "refId", alias="_id", names="idpName",
      category=SET),
    K("channel", "/channels/-", "type displayName", category=SET,
      full="channel", part="add"),
    K("piipattern", "/pii_patterns/-", "pii_type", category=SET,
      refs=(R("mappedEntities/-", "component", "alias"),)),
    K("prebuiltintegration", "/preBuiltIntegrations/-", "integrationName",
      category=SET),
    K("dashboard", "/customDashboards/-", "refId", alias="_id",
      category="customDashboards"),
]


class Kore(Platform):
    name = "kore"
    decode = staticmethod(str)
    kinds = kinds
    every = (R("**/streamId", "app", "alias"), R("**/botId", "app", "alias"),
             R("**/linkedBotStreamId", "app", "alias"))
    minted = MINTED
    # containers that an export may lack, and those whose order may differ
    optional = ("featureList", "integrations", "guardrailsList", "faqs",
                "dialogIntents", "synonyms", "localeData", "knowledgeTasks",
                "llmConfiguration", "llmConfigsForStream", "smallTalk",
                "forms", "sentences", "patterns", "traits", "mlParams",
                "contentVariables", "envVariables", "promptLibraries",
                "widgets", "scenes", "preBuiltIntegrations", "channels",
                "koraResponses", "experienceFlows", "botEvents")
    categories = ("tasks", "nlpData", "settings", TASKS, "tasks/forms",
                  "tasks/knowledgeGraph", "tasks/smallTalk", "tasks/flows",
                  "nlpData/utterances", "nlpData/patterns",
                  "nlpData/synonyms", "nlpData/concepts", "nlpData/traits",
                  NLP, "nlpData/standardResponses", SET, LLM,
                  "settings/botVariables", "customDashboards")
    policies = ("dialog", "component", "faq", "knowledge", "trait", "flow",
                "utterance", "pattern", "synonym", "llmfeature", "envvariable",
                "integration", "mlparam", "form", "locale", "channel")
    renames = ("flow",)
    sets = {"smalltalk": (
        "groups", "groups/-/nodes", "groups/-/nodes/-/botUtterances")}
    held = {"app": ("settings/botSettings",),
            LLM: ("settings",)}
    orphans = ("component", "scenecomponent")

    def __init__(self, edition):
        self.edition = edition

    # ---- a package

    def invent(self, w):
        xo11 = self.edition == "xo11"
        self.definition = "appDefinition.json" if xo11 else "botDefinition.json"
        app = w.new("st")
        langs = w.some(["en", "de", "es", "ja"], 1, 3)
        d = {"_id": app, "refId": w.new("r"), "purpose": "customer",
             "defaultLanguage": langs[0], "supportedLanguages": langs,
             "localeData": {}}
        package = {self.definition: d}
        for lang in langs:
            d["localeData"][lang] = self.locale(w, lang)
        for _ in range(w.upto(2)):
            self.add_dialog(w, package)
        if not xo11:
            self.parts = [p for p in self.parts if p not in self.newer]
        for part in w.parts(self):
            for _ in range(1 + w.upto(2)):
                w.attempt(self.add, w, package, part)
        if w.maybe(3):
            d["defaultDialogId"] = w.word(package, self, "dialog", "refId")
        if w.maybe(2):
            d["vNameSpace"] = []
        if w.maybe(4):
            d["exportOptions"] = {
                "tasks": ["botTask", "knowledgeGraph", "smallTalk", "forms",
                          "flows"],
                "nlpData": ["nlpSettings", "utterances", "patterns", "traits",
                            "synonyms", "concepts", "standardResponses"],
                "settings": ["botSettings", "botVariables", "ivrSettings",
                             "genAIandLLMSettings"],
                "subTasks": {"dialogs": [x["_id"] for x in
                                         d.get("dialogs", [])]},
                "customDashboards": True}
        if w.maybe(6):
            d["encryptedHash"] = "%032x" % w.r.getrandbits(128)
        if w.maybe(2):
            w.shuffle_members(d)
        return package

    def locale(self, w, lang):
        value = w.thing(name="App " + lang)
        if w.maybe(7):
            value["synonyms"] = {
                w.r.choice(["", "~"]) + "word%d" % w.r.randrange(6):
                ["syn" + str(w.r.randrange(9))] for _ in range(w.upto(3))}
        return value

    newer = ("flow", "tool", "dialoggpt", "linked")
    parts = ("dialog", "knowledge", "knowledge2", "smalltalk", "form", "flow",
             "tool", "utterance", "pattern", "trait", "mlparam", "nlsetting",
             "event", "sentiment", "response", "namespace", "content", "env",
             "llmconfig", "llmconfiguration", "prompt", "dialoggpt", "widget",
             "idp", "channel", "pii", "prebuilt", "dashboard", "scene",
             "action", "linked", "setting", "botaction", "dialogintent", "faq",
             "feature", "integration", "guardrail", "synonym", "field",
             "step")

    def doc(self, package):
        return package.get(self.definition, {})

    def list(self, package, member):
        return self.doc(package).setdefault(member, [])

    def langs(self, w, package):
        return w.r.choice(list(self.doc(package)["localeData"]) or ["en"])

    def put(self, w, package, member, value):
        to = self.list(package, member)
        to.insert(w.r.choice([len(to), w.upto(len(to))]), value)
        return value

    # ---- tasks

    def component(self, w, package, kind, **more):
        return self.put(w, package, "dialogComponents", w.thing(
            _id=w.new("dc"), refId=w.new("r"), name=w.new("Part"), type=kind,
            localeData={"en": {}}, **more))

    def add_dialog(self, w, package):
        dialog = w.thing(_id=w.new("dg"), refId=w.new("r"), nodes=[],
                         lname=w.new("task"), localeData={})
        dialog["localeData"][self.langs(w, package)] = {"name":
                                                        dialog["lname"]}
        intent = self.component(w, package, "intent", dialogId=dialog["_id"])
        nodes = [dict(nodeId="intent0", componentId=intent["_id"],
                      transitions=[], tag=w.new("t"))]
        for i in range(w.upto(3)):
            old = w.word(package, self, "component", "_id")
            if w.maybe(6) or old is None:
                old = self.component(w, package, w.r.choice(
                    ["message", "entity", "script"]))["_id"]
            nodes.append(dict(nodeId="message%d" % (i + 1), componentId=old,
                              transitions=[{"default": "end"}],
                              tag=w.new("t")))
            nodes[i]["transitions"] = [{"default": "message%d" % (i + 1)}]
        if w.maybe(3):
            nodes[-1]["flowTaskId"] = w.word(package, self, "dialog", "refId")
        dialog["nodes"] = nodes
        if w.maybe(2):
            dialog["parentId"] = w.new("dg")
        self.put(w, package, "dialogs", w.drop_none(dialog))
        if w.maybe(2):
            self.add_scene(w, package, dialog)

    def add_botaction(self, w, package):
        inner = self.component(w, package, "service")
        outer = self.component(w, package, "botAction", nodes=[
            dict(nodeId="service0", componentId=inner["_id"])])
        dialogs = self.list(package, "dialogs")
        if dialogs:
            w.r.choice(dialogs).setdefault("nodes", []).append(dict(
                nodeId=w.new("nd"), componentId=outer["_id"], tag=w.new("t"),
                nodes=[dict(nodeId="service0", componentId=inner["_id"])]))

    def add_scene(self, w, package, dialog=None):
        dialogs = self.list(package, "dialogs")
        dialog = dialog or (w.r.choice(dialogs) if dialogs else None)
        if not dialog or "sceneRefId" in dialog:
            return
        themes = self.list(package, "widgetThemes")
        if not themes:
            themes.append(w.thing(_id=w.new("wt"), theme="plain"))
        scene = w.thing(_id=w.new("sn"), refId=w.new("r"),
                        dialogRefId=dialog["refId"],
                        widgetThemeId=themes[0].get("_id"))
        part = w.thing(_id=w.new("snc"), refId=w.new("r"),
                       sceneId=scene["_id"], type="dialog")
        scene["components"] = {part["_id"]: {"left": 1}}
        scene["dialogLinks"] = {part["_id"]: {"dialogRefId": dialog["refId"]}}
        dialog["sceneRefId"] = scene["refId"]
        self.put(w, package, "scenes", scene)
        self.put(w, package, "sceneComponents", part)

    def add_action(self, w, package):
        action = w.thing(_id=w.new("dg"), name=w.new("Action"))
        if w.maybe(7):
            action["refId"] = w.new("r")
        self.put(w, package, "actions", action)

    def add_knowledge(self, w, package, ref=None):
        langs = list(self.doc(package)["localeData"])
        ref = ref or w.new("r")
        for lang in w.some(langs, 1, len(langs)):
            value = w.thing(refId=ref, language=lang, name=w.new("Knowledge"))
            if w.maybe(4):
                value["taxonomy"] = [
                    dict(nodeId="n0", parent=[], tag=w.new("t")),
                    dict(nodeId="n1", parent=["n0"], tag=w.new("t"))]
            if w.maybe(8):
                value["faqs"] = {}
                if w.maybe(8):
                    value["faqs"]["faqs"] = [self.faq(w, package)
                                             for _ in range(w.upto(3))]
                if w.maybe(3):
                    value["faqs"]["synonyms"] = {}
            w.shuffle_members(value)
            self.put(w, package, "knowledgeTasks", value)

    def add_knowledge2(self, w, package):
        """A task in a second language, with FAQs of the same ids."""
        tasks = self.list(package, "knowledgeTasks")
        have = {(t.get("refId"), t.get("language")) for t in tasks}
        for task in tasks[:2]:
            for lang in self.doc(package)["localeData"]:
                if (task.get("refId"), lang) not in have:
                    self.put(w, package, "knowledgeTasks",
                             w.again(task, language=lang))
                    return

    def faq(self, w, package):
        value = w.thing(refId=w.new("r"), question=w.new("question"))
        if w.maybe(2):
            value["dialogRefId"] = w.word(package, self, "dialog", "refId")
        return w.drop_none(value)

    def add_faq(self, w, package):
        for task in w.some(self.list(package, "knowledgeTasks"), 0, 1):
            w.grow(task.setdefault("faqs", {}).setdefault("faqs", []),
                   self.faq(w, package))

    def add_smalltalk(self, w, package):
        talks = self.list(package, "smallTalk")
        lang = self.langs(w, package)
        if any(t.get("language") == lang for t in talks):
            return
        groups = []
        for _ in range(1 + w.upto(1)):
            nodes = []
            for i in range(1 + w.upto(3)):
                node = dict(nodeId=w.new("smn"), seq=i, tag=w.new("t"),
                            userUtterances=["hi%d" % w.r.randrange(9)],
                            botUtterances=[dict(_id=w.new("bu"), text="ho")],
                            state="configured")
                if nodes and w.maybe(6):
                    node["parentId"] = w.r.choice(nodes)["nodeId"]
                nodes.append(node)
            if w.maybe(5):
                w.r.shuffle(nodes)
            groups.append(dict(groupName=w.new("Group"), groupId=w.new("smg"),
                               nodes=nodes))
        talks.append(w.thing(language=lang, groups=groups))

    def add_form(self, w, package):
        fields = [dict(name="field%d" % i, refId=w.new("fc"), tag=w.new("t"),
                       metaData={}) for i in range(1 + w.upto(2))]
        for field in fields[1:]:
            field["metaData"]["visibilityDependents"] = [fields[0]["refId"]]
            if w.maybe(5):
                field["metaData"]["visibilityRules"] = {"rules": [
                    {"rules": [{"field": fields[0]["refId"]}]}]}
        form = w.thing(refId=w.new("r"), name=w.new("Form"), components=fields,
                       integrations=[])
        self.put(w, package, "forms", form)
        part = self.component(w, package, "form", resourceId=form["refId"])
        dialogs = self.list(package, "dialogs")
        if dialogs and w.maybe(7):
            dialog = w.r.choice(dialogs)
            dialog.setdefault("nodes", []).append(dict(
                nodeId=w.new("form"), componentId=part["_id"],
                tag=w.new("t")))
            form["integrations"].append(dict(
                resourceId=dialog["refId"],
                resourceMeta={"componentId": part["refId"]}))

    def add_field(self, w, package):
        for form in w.some(self.list(package, "forms"), 0, 1):
            w.grow(form.setdefault("components", []),
                   dict(name=w.new("field"), refId=w.new("fc"),
                        tag=w.new("t"), metaData={}))
            form["rev"] = w.new("v")

    def flow_step(self, w, cf, steps, messages):
        step = dict(_id=w.new("cfst"), refId=w.new("r"), cfId=cf,
                    name=w.new("step"), tag=w.new("t"), taskDefinition={},
                    connections=[{"nextStep": steps[0]["_id"] if steps
                                  else "dummy"}])
        if messages:
            step["taskDefinition"]["messageToUser"] = \
                w.r.choice(messages)["_id"]
        return step

    def add_flow(self, w, package):
        cf, steps, messages = w.new("cf"), [], []
        for _ in range(w.upto(2)):
            messages.append(dict(_id=w.new("cfm"), refId=w.new("r"), cfId=cf,
                                 name=w.new("message"), tag=w.new("t")))
        for _ in range(w.upto(2)):
            steps.insert(0, self.flow_step(w, cf, steps, messages))
        if steps and w.maybe(4):
            steps[0]["taskDefinition"]["uxoautomation"] = w.drop_none(dict(
                refId=w.word(package, self, "dialog", "refId"),
                botId=self.doc(package).get("_id")))
        self.put(w, package, "experienceFlows", w.thing(
            callflowDefinition=dict(_id=cf, name=w.new("Flow"), refId=w.new(
                "r"), streamId=self.doc(package).get("_id"), steps=steps,
                                    messages=messages),
            config=dict(cfId=cf), files={}))

    def add_step(self, w, package):
        for flow in w.some(self.list(package, "experienceFlows"), 0, 1):
            inner = flow["callflowDefinition"]
            w.grow(inner["steps"], self.flow_step(
                w, inner["_id"], inner["steps"], inner["messages"]))
            flow["rev"] = w.new("v")

    def add_tool(self, w, package):
        service = self.component(w, package, "service")
        tool = w.thing(refId=w.new("r"), tool_name=w.new("Tool"),
                       tool_actions=[{"action_id": service["refId"]}])
        self.put(w, package, "tools", tool)
        agent = self.component(w, package, "aiassist")
        dialogs = self.list(package, "dialogs")
        if dialogs:
            w.r.choice(dialogs).setdefault("nodes", []).append(dict(
                nodeId=w.new("agent"), componentId=agent["_id"],
                tag=w.new("t"), toolInstances=[dict(
                    nodeId=w.new("nd"), toolRefId=tool["refId"],
                    nodes=[{"componentId": service["_id"]}])]))

    def add_widget(self, w, package):
        task = w.word(package, self, "dialog", "refId")
        source = {"type": "dialog", "resource": task} if task \
            else {"type": "json", "resource": {}}
        widget = w.thing(refId=w.new("r"), name=w.new("Widget"),
                         source=source, state="configured")
        self.put(w, package, "widgets", widget)
        if w.maybe(6):
            self.put(w, package, "panels", w.thing(
                refId=w.new("r"), name=w.new("Panel"),
                widgets=[widget["refId"]]))

    # ---- natural language

    def intents(self, w, package):
        return [c for c in self.list(package, "dialogComponents")
                if c.get("type") in ("intent", "entity") and "_id" in c]

    def add_utterance(self, w, package):
        intents = self.intents(w, package)
        if not intents:
            return
        of = w.r.choice(intents)
        value = w.thing(_id=w.new("ut"), sentence=w.new("say"),
                        taskName=of["name"], taskId=of["_id"],
                        language=self.langs(w, package), type="DialogIntent",
                        entities=[])
        if w.maybe(3):
            value["entities"].append({"entityId": w.r.choice(intents)["_id"],
                                      "startIndex": 0})
        self.put(w, package, "sentences", value)

    def add_pattern(self, w, package):
        have = {p.get("refId") for p in self.list(package, "patterns")}
        for of in self.intents(w, package):
            if of["refId"] not in have:
                lang = self.langs(w, package)
                self.put(w, package, "patterns", dict(
                    localeData={lang: {"patterns": [
                        {"value": w.new("pattern"), "original": "o"}]}},
                    refId=of["refId"], taskName=of["name"],
                    taskType=of["type"]))
                return

    def add_trait(self, w, package):
        name = w.new("trait")
        lang = self.langs(w, package)
        self.put(w, package, "traits", w.thing(
            _id=w.new("tr"), refId=w.new("r"), language=lang,
            groupName=w.new("Traits"), state="configured",
            traits={name: {"data": []}}))
        intents = self.intents(w, package)
        if intents and w.maybe(5):
            w.r.choice(intents).setdefault("localeData", {}).setdefault(
                lang, {})["traitRules"] = [[name]]

    def add_mlparam(self, w, package):
        params = self.list(package, "mlParams")
        lang, kind = self.langs(w, package), w.r.choice([1, 2, 3])
        if any(p.get("language") == lang and p.get("type") == kind
               for p in params):
            return
        value = w.thing(language=lang, type=kind, state="configured")
        if kind == 3:
            value["mlpGroupId"] = w.new("group")
            value["dialogIntents"] = w.some(
                [x["refId"] for x in self.list(package, "dialogs")], 0, 3)
        self.put(w, package, "mlParams", value)

    def add_dialogintent(self, w, package):
        for param in self.list(package, "mlParams"):
            task = w.word(package, self, "dialog", "refId")
            if task and task not in param.setdefault("dialogIntents", []):
                w.grow(param["dialogIntents"], task)
                return

    def add_nlsetting(self, w, package):
        self.put(w, package, "advancedNLSettings", w.thing(
            _id=w.new("anls"), refId=w.new("anr"), state="configured",
            configurationKeyName=w.new("key"), language="en",
            streamId=self.doc(package).get("_id")))

    def add_event(self, w, package, **more):
        events = self.doc(package).setdefault("botEvents", {})
        name = w.r.choice(["ON_CONNECT_EVENT", "TASK_FAILURE_EVENT",
                           "WELCOME_MESSAGE_EVENT"])
        if name not in events:
            events[name] = w.drop_none(w.thing(
                enabled=True, action="triggerDialog",
                task=w.word(package, self, "dialog", "refId"), **more))

    def add_linked(self, w, package):
        self.add_event(w, package,
                       linkedBotStreamId=self.doc(package).get("_id"))

    def add_sentiment(self, w, package):
        self.put(w, package, "botSentimentEvents", w.drop_none(w.thing(
            name=w.new("Mood"),
            task=w.word(package, self, "dialog", "refId"))))

    def add_response(self, w, package):
        key = w.new("Answer")
        for lang in self.doc(package)["localeData"]:
            if w.maybe(7):
                self.put(w, package, "koraResponses", w.thing(
                    Key=key, language=lang, message="said in " + lang))

    def add_synonym(self, w, package):
        locales = list(self.doc(package)["localeData"].values())
        for locale in w.some(locales, 0, 1):
            if isinstance(locale, dict):
                locale.setdefault("synonyms", {})[
                    w.r.choice(["", "~"]) + w.new("term")] = [w.new("syn")]

    # ---- settings

    def add_setting(self, w, package):
        name = w.r.choice(["sessionInactiveTime", "runCustomScript", "color",
                           "ivrSettings", "answers"])
        self.doc(package)[name] = w.r.choice([
            1, "#fff", {"on": True, "rev": w.new("v")}, None, [1, 2], "1.10"])

    def add_namespace(self, w, package):
        self.put(w, package, "namespaces", w.thing(
            _id=w.new("ns"), name=w.new("space"), status="configured",
            streamId=self.doc(package).get("_id")))

    def add_content(self, w, package):
        self.put(w, package, "contentVariables", w.thing(
            key=w.new("text"), variableType="locale",
            localeData={"en": {"value": "v"}}))

    def add_env(self, w, package):
        config = package.setdefault("config.json", {"name": "app",
                                                    "envVariables": []})
        secured = w.maybe(3)
        config.setdefault("envVariables", []).append(w.thing(
            key=w.new("env"), isSecured=secured,
            value="" if secured and w.maybe(5) else w.new("val")))

    def features(self, w, keys):
        value = w.thing()
        for key in w.some(keys, 0, len(keys)):
            if key == "integrations":
                value[key] = {name: w.thing(apiKey=w.r.choice(["", "k1"]))
                              for name in w.some(["openai", "azure", "xo"],
                                                 0, 2)}
            else:
                value[key] = [w.thing(name=n, enable=w.maybe(5))
                              for n in w.some(["f1", "f2", "f3"], 0, 3)]
        return value

    def add_llmconfig(self, w, package):
        to = self.list(package, "llmConfigsForStream")
        if not to:
            value = self.features(w, ["featureList", "integrations"])
            value["_id"] = w.new("llm")
            value["state"] = "configured"
            w.shuffle_members(value)
            to.append(value)

    def add_llmconfiguration(self, w, package):
        to = self.list(package, "llmConfiguration")
        if not to:
            value = self.features(w, ["featureList", "integrations",
                                      "guardrailsList"])
            value["refId"] = w.new("llr")
            w.shuffle_members(value)
            to.append(value)

    def llms(self, package):
        return self.list(package, "llmConfiguration") + self.list(
            package, "llmConfigsForStream")

    def add_feature(self, w, package):
        for llm in w.some(self.llms(package), 0, 1):
            w.grow(llm.setdefault("featureList", []),
                   w.thing(name=w.new("feature"), enable=True))

    def add_guardrail(self, w, package):
        for llm in w.some(self.list(package, "llmConfiguration"), 0, 1):
            w.grow(llm.setdefault("guardrailsList", []),
                   w.thing(name=w.new("rail")))

    def add_integration(self, w, package):
        for llm in w.some(self.llms(package), 0, 1):
            llm.setdefault("integrations", {})[w.new("maker")] = w.thing(
                apiKey="k")

    def add_prompt(self, w, package):
        self.put(w, package, "promptLibraries", w.thing(
            refId=w.new("r"), name=w.new("Prompt"), featureKey="f1"))

    def add_dialoggpt(self, w, package):
        to = self.list(package, "dialogGPTSettings")
        lang = self.langs(w, package)
        if not any(s.get("language") == lang for s in to):
            to.append(w.thing(refId=w.new("dgpt"), language=lang,
                              searchIndexId=w.new("six")))

    def add_idp(self, w, package):
        name = w.new("sso")
        self.put(w, package, "idpConfigurations", w.thing(
            _id=w.new("idp"), refId=w.new("r"), idpName=name,
            state="configured"))
        parts = self.list(package, "dialogComponents")
        if parts:
            w.r.choice(parts)["idp"] = w.r.choice([name, "none"])

    def add_channel(self, w, package):
        self.put(w, package, "channels", w.thing(
            type=w.r.choice(["ivr", "rtm", "msteams"]),
            displayName=w.new("Channel")))

    def add_pii(self, w, package):
        self.put(w, package, "pii_patterns", w.thing(
            pii_type=w.new("pii"), mappedEntities=w.some(
                [c["_id"] for c in self.intents(w, package)], 0, 2)))

    def add_prebuilt(self, w, package):
        self.put(w, package, "preBuiltIntegrations", w.thing(
            integrationName=w.new("maker"), enabled=True))

    def add_dashboard(self, w, package):
        self.put(w, package, "customDashboards", w.thing(
            _id=w.new("kr"), refId=w.new("r"), name=w.new("Board")))

    # ---- edits that only this platform knows

    def rename(self, w, package, c):
        c.value["callflowDefinition"]["name"] = w.new("Flow")
        return True

    def partial(self, package):
        return "exportOptions" in self.doc(package)

    @staticmethod
    def may_go(c):
        return c.kind.name != "app" and c.at

    def case(self, w, package):
        """A name differs in case alone."""
        flows = self.list(package, "experienceFlows")
        variables = self.list(package, "contentVariables")
        if flows and w.maybe(5):
            holder, key = w.r.choice(flows)["callflowDefinition"], "name"
        elif variables:
            holder, key = w.r.choice(variables), "key"
        else:
            return False
        if not isinstance(holder.get(key), str):
            return False
        holder[key] = holder[key].swapcase()
        return True

    def move(self, w, package, c):
        """A child goes to another parent, a FAQ or a feature."""
        lists = {"faq": self.list(package, "knowledgeTasks"),
                 "llmfeature": self.llms(package)}.get(c.kind.name)
        if not lists or not c.parent:
            return False
        to = w.r.choice(lists)
        if to is c.parent.value:
            return False
        w.take(package, c)
        c.value["mark"] = w.new("m")
        if c.kind.name == "faq":
            w.grow(to.setdefault("faqs", {}).setdefault("faqs", []), c.value)
        else:
            w.grow(to.setdefault("featureList", []), c.value)
        return True
