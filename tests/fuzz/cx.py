# SPDX-License-Identifier: ISC
"""Invented agents of Dialogflow CX, as trees of files."""
import re
from urllib.parse import unquote

from .model import Kind as K, Platform, Ref as R, View, holder
from .world import dicts

MINTED = re.compile(r"[0-9a-f]{8}-0000-4000-8000-[0-9a-f]{12}x*")
PATH = re.compile(r"projects/[^/]+/locations/[^/]+/agents/[^/]+")
PAGES = ("End Session", "End Flow", "Current Page", "Start Page",
         "Previous Page")
SAFE = re.compile(rb"[A-Za-z0-9 _.-]")
NAME = "([^/]+)"


def encoded(name):
    return "".join(chr(b) if SAFE.match(bytes([b])) else "%%%02x" % b
                   for b in name.encode("utf-8"))


def mentions(text):
    return re.findall(r"(?:^|(?<=\s))@([^\s:\\]+)", text)


def tail(text):
    return [text.rsplit("/", 1)[1]] if text.startswith("projects/") else [text]


def mentioned(word):
    return lambda text: re.findall(r"(?i)\$\{%s:([^}]*)\}" % word, text)


def folder(c, at):
    return c.stars[0]


def beside(key):
    """The member of this name of the same object."""
    def found(c, at):
        value = holder(c.value, at)
        return value.get(key) if isinstance(value, dict) else None
    return found


def page(path, scope=folder, **more):
    return R(path, "page", scope=scope, built=PAGES, **more)


def entity(path):
    return R(path, "entitytype", word=mentions, built=("sys.*",))


ROUTES = (
    R("transitionRoutes/-/intent", "intent"),
    R("**/triggerFulfillment/webhook", "webhook"),
    R("transitionRoutes/-/targetFlow", "flow"),
    R("transitionRoutes/-/targetPlaybook", "playbook"),
    R("**/generators/-/generator", "generator", "alias", word=tail),
    page("transitionRoutes/-/targetPage"))
HANDLERS = (
    R("eventHandlers/-/targetFlow", "flow"),
    page("eventHandlers/-/targetPage"))
GROUPS = R("transitionRouteGroups/-", "routegroup", scope=folder)


kinds = [
    K("agent", r"agent\.json", ".", "'agent'", category="app", full="replace",
      part="keep", refs=(R("startFlow", "flow"),)),
    K("entitytype", r"entityTypes/%s/\1\.json" % NAME, ".", "displayName",
      alias="name", category="entityTypes"),
    K("entity", r"entityTypes/%s/entities/%s\.json" % (NAME, NAME),
      "/entities/-", "$1 $2 value", category="entityTypes/entities",
      part="replace-all", parent="entitytype", child=True,
      refs=(entity("value"), entity("synonyms/-"))),
    K("excludedphrase", r"entityTypes/%s/excludedPhrases/%s\.json" % (
        NAME, NAME), "/excludedPhrases/-", "$1 $2 value", parent="entitytype",
      category="entityTypes/excludedPhrases", part="replace-all", child=True),
    K("webhook", r"webhooks/%s\.json" % NAME, ".", "displayName", alias="name",
      category="webhooks"),
    K("intent", r"intents/%s/\1\.json" % NAME, ".", "displayName",
      alias="name", category="intents",
      refs=(entity("parameters/-/entityType"),)),
    K("phrase", r"intents/%s/trainingPhrases/%s\.json" % (NAME, NAME),
      "/trainingPhrases/-", "$1 $2 parts/-/text", parent="intent", key=True,
      category="intents/trainingPhrases", part="replace-all", child=True),
    K("flow", r"flows/%s/\1\.json" % NAME, ".", "displayName", alias="name",
      category="flows", refs=ROUTES + HANDLERS + (GROUPS,)),
    K("page", r"flows/%s/pages/%s\.json" % (NAME, NAME), ".",
      "$1 displayName", alias="name", category="flows/pages", parent="flow",
      child=True, refs=ROUTES + HANDLERS + (
          GROUPS, R("entryFulfillment/webhook", "webhook"),
          R("agentTransitionRouteGroups/-", "agentgroup"),
          entity("form/parameters/-/entityType"),
          page("**/repromptEventHandlers/-/targetPage"))),
    K("routegroup", r"flows/%s/transitionRouteGroups/%s\.json" % (NAME, NAME),
      ".", "$1 displayName", alias="name", parent="flow", refs=ROUTES,
      category="flows/transitionRouteGroups", child=True),
    K("agentgroup", r"agentTransitionRouteGroups/%s\.json" % NAME, ".",
      "displayName", alias="name", category="agentTransitionRouteGroups",
      refs=ROUTES[:-1]),
    K("tool", r"tools/%s/\1\.json" % NAME, ".", "displayName", alias="name",
      category="tools"),
    K("toolschema", r"tools/%s/schema\.yaml" % NAME, ".", "$1", parent="tool",
      category="tools", child=True),
    K("generator", r"generators/%s/\1\.json" % NAME, ".", "displayName",
      alias="name", category="generators"),
    K("prompt", r"generators/%s/phrases/%s\.json" % (NAME, NAME),
      "/promptTexts/-", "$1 $2 text", parent="generator", key=True,
      category="generators/phrases", part="replace-all", child=True),
    K("playbook", r"playbooks/%s/\1\.json" % NAME, ".", "displayName",
      alias="name", category="playbooks", refs=(
          R("referencedTools/-", "tool", word=tail),
          R("referencedPlaybooks/-", "playbook", word=tail),
          R("referencedFlows/-", "flow", word=tail),
          R("goal", "tool", word=mentioned("TOOL")),
          R("goal", "flow", word=mentioned("FLOW")),
          R("**/text", "playbook", word=mentioned("PLAYBOOK")))),
    K("example", r"playbooks/%s/examples/%s\.json" % (NAME, NAME), ".",
      "$1 displayName", alias="name", parent="playbook", child=True,
      category="playbooks/examples", refs=(
          R("**/toolUse/tool", "tool", word=tail),
          R("**/flowInvocation/flow", "flow", word=tail))),
    K("testcase", r"testCases/%s\.json" % NAME, ".", "displayName",
      alias="name", category="testCases", refs=(
          R("testConfig/flow", "flow"),
          page("testConfig/page", beside("flow")),
          R("**/virtualAgentOutput/currentFlow/name", "flow"),
          R("**/virtualAgentOutput/currentPage/flow", "flow"),
          page("**/virtualAgentOutput/currentPage/name",
               beside("flow")),
          R("**/virtualAgentOutput/triggeredIntent/name", "intent"))),
    K("generativesetting", r"generativeSettings/%s\.json" % NAME, ".", "$1",
      category="generativeSettings"),
]
ORDER = ("entityTypes/", "webhooks/", "intents/", "flows/", "agentTrans",
         "tools/", "generators/", "playbooks/", "testCases/", "generative")


class Cx(Platform):
    name = "dialogflow_cx"
    kinds = kinds
    minted = MINTED
    optional = ("transitionRoutes", "eventHandlers", "parameters", "entities",
                "trainingPhrases", "synonyms", "transitionRouteGroups",
                "promptTexts")
    categories = ("intents", "intents/trainingPhrases", "flows", "flows/pages",
                  "entityTypes", "entityTypes/entities", "webhooks",
                  "playbooks", "tools", "testCases", "generators", "app",
                  "generators/phrases", "flows/transitionRouteGroups")
    policies = ("intent", "flow", "page", "entitytype", "entity", "phrase",
                "webhook", "routegroup", "testcase", "generator", "agent")
    renames = ("flow", "intent", "page", "entitytype", "webhook", "generator")
    parts = ("flow", "page", "page", "intent", "intent", "phrases",
             "phrase", "entitytype", "entities", "webhook", "routegroup",
             "agentgroup", "tool", "generator", "playbook", "example",
             "testcase", "settings", "route", "route", "excluded", "turn")

    def uuid(self, w):
        w.n += 1
        return "%08x-0000-4000-8000-%012x" % (w.n, w.n)

    def invent(self, w):
        prefix = "projects/p%d/locations/us/agents/a%d" % (w.upto(9), w.n)
        self.prefix = prefix
        self.langs = w.some(["en", "de", "fr"], 1, 2)
        start = w.r.choice(["Default Start Flow", "Main & more", "Start"])
        package = {"agent.json": w.thing(
            displayName="Agent", defaultLanguageCode=self.langs[0],
            timeZone="x", startFlow=start)}
        if w.maybe(3):
            package["agent.json"]["genAppBuilderSettings"] = {
                "engine": "projects/9/locations/us/collections/c/engines/e"}
        self.put_flow(w, package, start)
        if w.maybe(5):      # in all agents, and of an intent as well
            zero = "00000000-0000-0000-0000-000000000000"
            package["flows/%s/%s.json" % ((encoded(start),) * 2)][
                "name"] = zero
            self.put_intent(w, package, "Default Welcome Intent", zero)
        for part in w.some(w.parts(self) * 3, 2, 16):
            w.attempt(self.add, w, package, part)
        if w.maybe(3):
            package["agent.json"] = package.pop("agent.json")
        return package

    def file(self, package, name, doc):
        """Put a file beside those of its kind."""
        for other in package:
            if other.lower() == name.lower():
                return
        package[name] = doc
        rank = [i for i, p in enumerate(ORDER) if name.startswith(p)]
        later = [n for n in list(package)
                 if any(n.startswith(p) for p in ORDER[rank[0] + 1:])
                 ] if rank else []
        for other in later:
            package[other] = package.pop(other)

    def thing(self, w, name, **more):
        value = {"name": self.uuid(w), "displayName": name}
        value.update(w.thing(**more))
        return value

    def names(self, package, kind):
        found = [re.match(k.file, f) for k in kinds if k.name == kind
                 for f in package]
        return [tuple(unquote(g) for g in m.groups()) for m in found if m]

    def pages(self, package, flow):
        return [p for f, p in self.names(package, "page") if f == flow]

    def choose(self, w, package, kind):
        found = self.names(package, kind)
        return w.r.choice(found)[-1] if found else None

    # ---- flows

    def put_flow(self, w, package, name):
        e = encoded(name)
        self.file(package, "flows/%s/%s.json" % (e, e),
                  self.thing(w, name, transitionRoutes=[]))

    def add_flow(self, w, package):
        self.put_flow(w, package, w.new(w.r.choice(["Flow", "F/%", "Flüsse"])))

    def add_page(self, w, package):
        flow = self.choose(w, package, "flow")
        name = w.r.choice([w.new("Page"), "Shared", "Shared 2"])
        if (flow, name) in self.names(package, "page"):
            return
        value = self.thing(w, name, transitionRoutes=[])
        self.file(package, "flows/%s/pages/%s.json" % (
            encoded(flow), encoded(name)), value)
        kind = self.choose(w, package, "entitytype")
        if kind and w.maybe(4):
            value["form"] = {"parameters": [
                {"displayName": "p", "entityType": "@" + kind},
                {"displayName": "q", "entityType": "@sys.date"}]}
        hook = self.choose(w, package, "webhook")
        if hook and w.maybe(4):
            value["entryFulfillment"] = {"webhook": hook}
        for kind, key in (("routegroup", "transitionRouteGroups"),
                          ("agentgroup", "agentTransitionRouteGroups")):
            found = [n[-1] for n in self.names(package, kind)
                     if len(n) == 1 or n[0] == flow]
            if found and w.maybe(5):
                value[key] = w.some(found, 1, 2)
        self.route(w, package, value, flow)

    def routed(self, package):
        return [(f, d) for f, d in package.items()
                if f.startswith("flows/") and isinstance(d, dict)]

    def add_route(self, w, package):
        file, doc = w.r.choice(self.routed(package))
        self.route(w, package, doc, unquote(file.split("/")[1]))

    def route(self, w, package, doc, flow):
        route = {"name": w.new("rt"), "condition": "true"}
        for kind, key in (("intent", "intent"), ("flow", "targetFlow"),
                          ("playbook", "targetPlaybook")):
            name = self.choose(w, package, kind)
            if name and w.maybe(3):
                route[key] = name
        pages = self.pages(package, flow)
        if not {"targetFlow", "targetPlaybook"} & set(route):
            route["targetPage"] = w.r.choice(pages + ["End Session"])
        hook = self.choose(w, package, "webhook")
        made = self.names(package, "generator")
        if hook and w.maybe(3):
            route["triggerFulfillment"] = {"webhook": hook}
        elif made and w.maybe(6):
            g = encoded(w.r.choice(made)[0])
            uuid = package["generators/%s/%s.json" % (g, g)]["name"]
            route["triggerFulfillment"] = {"generators": [
                {"generator": "%s/generators/%s" % (self.prefix, uuid)}]}
        key = "transitionRoutes"
        if w.maybe(2) and "intent" not in route and "/pages/" not in flow:
            key = "eventHandlers"
        route.pop("targetPlaybook" if key == "eventHandlers" else "", None)
        w.grow(doc.setdefault(key, []), route)
        doc["rev"] = w.new("v")

    def add_routegroup(self, w, package):
        flow, name = self.choose(w, package, "flow"), w.new("Group")
        value = self.thing(w, name, transitionRoutes=[])
        self.file(package, "flows/%s/transitionRouteGroups/%s.json" % (
            encoded(flow), name), value)
        self.route(w, package, value, flow)
        value.pop("eventHandlers", None)

    def add_agentgroup(self, w, package):
        name = w.new("Everywhere")
        value = self.thing(w, name, transitionRoutes=[])
        intent = self.choose(w, package, "intent")
        if intent:
            value["transitionRoutes"].append({"intent": intent})
        self.file(package, "agentTransitionRouteGroups/%s.json" % name, value)

    # ---- what they need

    def add_intent(self, w, package):
        self.put_intent(w, package, w.new(w.r.choice(
            ["intent", "Yes, please?"])), self.uuid(w))

    def put_intent(self, w, package, name, uuid):
        value = self.thing(w, name)
        value["name"] = uuid
        kind = self.choose(w, package, "entitytype")
        if kind and w.maybe(4):
            value["parameters"] = [{"id": "p", "entityType": "@" + kind}]
        e = encoded(name)
        self.file(package, "intents/%s/%s.json" % (e, e), value)
        if w.maybe(7):
            self.phrases(w, package, name)

    def phrases(self, w, package, intent):
        for lang in w.some(self.langs, 1, 2):
            found = [self.phrase(w, lang) for _ in range(w.upto(3))]
            self.file(package, "intents/%s/trainingPhrases/%s.json" % (
                encoded(intent), lang), {"trainingPhrases": found})

    def phrase(self, w, lang):
        value = w.thing(parts=[{"text": w.new("say ")}], repeatCount=1,
                        languageCode=lang)
        if w.maybe(3):
            value["id"] = self.uuid(w)
        return value

    def add_phrases(self, w, package):
        intent = self.choose(w, package, "intent")
        if intent:
            self.phrases(w, package, intent)

    def add_phrase(self, w, package):
        files = [f for f in package if "/trainingPhrases/" in f]
        if files:
            file = w.r.choice(files)
            w.grow(package[file]["trainingPhrases"],
                   self.phrase(w, file[:-5].rsplit("/", 1)[1]))

    def add_entitytype(self, w, package):
        name = w.new("kind")
        self.file(package, "entityTypes/%s/%s.json" % (name, name),
                  self.thing(w, name, kind="KIND_MAP"))
        self.entities(w, package, name)

    def entities(self, w, package, name):
        for lang in w.some(self.langs, 0, 2):
            other = self.choose(w, package, "entitytype")
            found = [w.thing(value=w.r.choice([w.new("value"), "@%s:x" % other
                                               if w.maybe(3) else "common"]),
                             synonyms=["s%d" % w.upto(5)], languageCode=lang)
                     for _ in range(w.upto(3))]
            once = {v["value"]: v for v in found}
            self.file(package, "entityTypes/%s/entities/%s.json" % (
                encoded(name), lang), {"entities": list(once.values())})

    def add_entities(self, w, package):
        name = self.choose(w, package, "entitytype")
        if name:
            self.entities(w, package, name)

    def add_excluded(self, w, package):
        name = self.choose(w, package, "entitytype")
        if name:
            lang = w.r.choice(self.langs)
            self.file(package, "entityTypes/%s/excludedPhrases/%s.json" % (
                encoded(name), lang), {"excludedPhrases": [
                    w.thing(value=w.new("not"), languageCode=lang)]})

    def add_webhook(self, w, package):
        name = w.new("hook")
        self.file(package, "webhooks/%s.json" % name, self.thing(w, name))

    def add_tool(self, w, package):
        name = w.new("tool")
        self.file(package, "tools/%s/%s.json" % (name, name),
                  self.thing(w, name, toolType="CUSTOMIZED_TOOL"))
        if w.maybe(5):
            self.file(package, "tools/%s/schema.yaml" % name,
                      "openapi: 3.0\r\n# %s\n" % w.new("y"))

    def add_generator(self, w, package):
        name = w.new("Maker")
        self.file(package, "generators/%s/%s.json" % (name, name),
                  self.thing(w, name))
        for lang in w.some(self.langs, 0, 2):
            self.file(package, "generators/%s/phrases/%s.json" % (name, lang),
                      {"promptTexts": [w.thing(text=w.new("do"),
                                               languageCode=lang)]})

    def add_playbook(self, w, package):
        name = w.new("Play")
        value = self.thing(w, name, goal="Help.")
        self.file(package, "playbooks/%s/%s.json" % (name, name), value)
        tool, flow = (self.choose(w, package, k) for k in ("tool", "flow"))
        other = self.choose(w, package, "playbook")
        if tool:
            value["referencedTools"] = [tool]
            value["goal"] += " Use ${TOOL:%s}, then stop." % tool
        if flow and w.maybe(5):
            value["referencedFlows"] = [flow]
            value["goal"] += " Or ${FLOW:%s}" % flow
        if other and w.maybe(5):
            value["instruction"] = {"steps": [
                {"text": "ask ${PLAYBOOK:%s}" % other}]}
        value["rev"] = w.new("v")

    def add_example(self, w, package):
        play = self.choose(w, package, "playbook")
        if not play:
            return
        name, actions = w.new("Example"), []
        tool, flow = (self.choose(w, package, k) for k in ("tool", "flow"))
        if tool:
            actions.append({"toolUse": {"tool": tool}})
        if flow and w.maybe(5):
            actions.append({"flowInvocation": {"flow": flow}})
        self.file(package, "playbooks/%s/examples/%s.json" % (play, name),
                  self.thing(w, name, actions=actions, languageCode="en"))

    def add_testcase(self, w, package):
        name, flow = w.new("Test"), self.choose(w, package, "flow")
        pages = self.pages(package, flow)
        config = {"flow": flow}
        if w.maybe(7):
            config["page"] = w.r.choice(pages + ["Start Page"])
        value = self.thing(w, name, testConfig=config,
                           testCaseConversationTurns=[], languageCode="en")
        for _ in range(w.upto(2)):
            self.turn(w, package, value)
        self.file(package, "testCases/%s.json" % name, value)

    def turn(self, w, package, value):
        flow, intent = (self.choose(w, package, k) for k in ("flow", "intent"))
        pages = self.pages(package, flow)
        out = {"currentFlow": {"name": flow}, "currentPage": {
            "name": w.r.choice(pages + ["End Session"]), "flow": flow}}
        if intent and w.maybe(5):
            out["triggeredIntent"] = {"name": intent}
        value["testCaseConversationTurns"].append({"virtualAgentOutput": out})

    def add_turn(self, w, package):
        for name in w.some(self.names(package, "testcase"), 0, 1):
            value = package["testCases/%s.json" % name]
            self.turn(w, package, value)
            value["rev"] = w.new("v")

    def add_settings(self, w, package):
        lang = w.r.choice(self.langs)
        self.file(package, "generativeSettings/%s.json" % lang,
                  w.thing(languageCode=lang))

    # ---- edits that only this platform knows

    @staticmethod
    def may_go(c):
        return c.file != "agent.json"

    def gone(self, w, package, c):
        w.take(package, c)
        match = re.match(r"(flows|intents|entityTypes|tools|generators|"
                         r"playbooks)/([^/]+)/\2\.json\Z", c.file)
        if match and c.at == ():
            for file in [f for f in package if f.startswith(
                    "%s/%s/" % match.groups())]:
                del package[file]

    def renamed(self, package, c, new):
        """Give it and what stands in its folder another file name."""
        old = c.value["displayName"]
        a, b = encoded(old), encoded(new)
        found = {}
        for file, doc in package.items():
            if c.kind.parent is None and file.startswith(
                    c.file.split("/")[0] + "/%s/" % a):
                file = file.split("/")[0] + "/" + b + file[len(file.split(
                    "/")[0]) + 1 + len(a):]
                if file.endswith("/%s/%s.json" % (b, a)):
                    file = file[:-len(a) - 5] + b + ".json"
            elif file == c.file:
                file = file[:-len(a) - 5] + b + ".json"
            found[file] = doc
        package.clear()
        package.update(found)
        c.value["displayName"] = new

    def rename(self, w, package, c, new=None):
        new = new or w.new("Renamed " + c.kind.name)
        view, old = View(self, package), c.value["displayName"]
        for other in view.all:
            for ref, at, word, to in view.refs(other):
                if c.mark not in to or ref.by != "id" or at == ():
                    continue
                around = holder(other.value, at)
                text = around[at[-1]]
                around[at[-1]] = new if text == old else text.replace(
                    ":%s}" % old, ":%s}" % new) if "${" in text \
                    else text.replace("@" + old, "@" + new)
        self.renamed(package, c, new)
        return True

    def move(self, w, package, c):
        """A page goes to another flow."""
        flow = self.choose(w, package, "flow")
        if c.kind.name != "page" or flow == c.stars[0]:
            return False
        file = "flows/%s/pages/%s.json" % (encoded(flow), c.file.rsplit(
            "/", 1)[1][:-5])
        if file in package:
            return False
        del package[c.file]
        self.file(package, file, c.value)
        return True

    def case(self, w, package):
        found = [c for c in View(self, package).all
                 if c.kind.name in self.renames and "displayName" in c.value]
        if not found:
            return False
        c = w.r.choice(found)
        if w.maybe(5):
            c.value["name"] = self.uuid(w)
        return self.rename(w, package, c, c.value["displayName"].swapcase())

    # ---- last touches, and laws of its own

    def finish(self, w, package):
        """Intents count their phrases, most of them."""
        counts = self.counted(package)
        for intent, n in counts.items():
            value = self.intent(package, intent)
            if value is not None:
                if n and not value["mark"].endswith(("3", "7")):
                    value["numTrainingPhrases"] = n
                else:
                    value.pop("numTrainingPhrases", None)

    def elsewhere(self, w, package):
        """Another agent has another path."""
        if w.maybe(6):
            for doc in package.values():
                for inner in dicts(doc):
                    for key, value in inner.items():
                        if isinstance(value, str):
                            inner[key] = value.replace(
                                self.prefix, "projects/q/locations/eu/agents/b"
                            ).replace("projects/9/", "projects/8/")

    @staticmethod
    def intent(package, name):
        e = encoded(name)
        value = package.get("intents/%s/%s.json" % (e, e))
        return value if isinstance(value, dict) and "mark" in value else None

    @staticmethod
    def counted(package):
        counts = {}
        for file, doc in package.items():
            part = file.split("/")
            if part[0] == "intents":
                n = counts.setdefault(unquote(part[1]), 0)
                found = doc.get("trainingPhrases") if len(part) == 4 else None
                counts[unquote(part[1])] = n + len(found or ())
        return counts

    def laws(self, check):
        self.paths(check)
        self.numbers(check)

    @staticmethod
    def texts(package):
        for doc in package.values():
            for inner in dicts(doc):
                for value in inner.values():
                    if isinstance(value, str):
                        yield value

    def paths(self, check):
        had, have = ({m for t in self.texts(p) for m in PATH.findall(t)}
                     for p in (check.target.package, check.result))
        engines = [sorted(t for t in self.texts(p) if "/collections/" in t)
                   for p in (check.target.package, check.source.package,
                             check.result)]
        if had and have - had:
            check.say("2 path", "the path of another agent", have - had)
        if engines[2] and engines[2] not in engines[:2]:
            check.say("2 path", "the path of an engine was changed",
                      engines[2])

    def numbers(self, check):
        right = []
        for package in check.target.package, check.source.package:
            right.append({i for i, n in self.counted(package).items()
                          if (self.intent(package, i) or {}).get(
                              "numTrainingPhrases") == n})
        for name, n in self.counted(check.result).items():
            value = self.intent(check.result, name)
            if value is None:
                continue
            sides = [self.intent(p, name) is None or name in r
                     for p, r in zip((check.target.package,
                                      check.source.package), right)]
            if all(sides) and n and value.get("numTrainingPhrases") != n:
                check.say("5 number", "numTrainingPhrases of both is right",
                          name, n, value.get("numTrainingPhrases"))
            elif n and "numTrainingPhrases" not in value and \
                    name in right[0] | right[1]:
                check.say("5 number", "numTrainingPhrases is lost", name, n)
