# SPDX-License-Identifier: ISC
"""What of an app of Kore.ai a selection or a filter leaves.

Worked out from the app's own files, as kore.py reads them: taken() and left()
say which records stay, kept_files() what the package is then, with all that
is repaired in them.  This is what the pages of the manual say, in tables; no
envelope and no map is read.
"""
import json

from kore_tables import TOP

# Of the references of kore.py, which say what: the rest are mentions only.
OWNER = {("component", "dialogId"), ("scene", "dialogRefId"),
         ("scenecomponent", "sceneId"), ("utterance", "taskId"),
         ("pattern", "refId"), ("dialogintent", "."), ("flowstep", "cfId"),
         ("flowmessage", "cfId")}
NEEDS = {("dialog", "nodes/-/componentId"),
         ("dialog", "nodes/-/nodes/-/componentId"),
         ("dialog", "nodes/-/toolInstances/-/toolRefId"),
         ("dialog", "nodes/-/toolInstances/-/nodes/-/componentId"),
         ("dialog", "sceneRefId"), ("component", "nodes/-/componentId"),
         ("scene", "components/#"), ("scene", "dialogLinks/#"),
         ("tool", "tool_actions/-/action_id"),
         ("flowstep", "taskDefinition/messageToUser")}
LINKS = {("dialog", "nodes/-/flowTaskId"), ("dialog", "nodes/-/dialogRefId"),
         ("component", "dialogId"), ("component", "resourceId"),
         ("faq", "dialogRefId"), ("widget", "source/resource"),
         ("flowstep", "taskDefinition/uxoautomation/refId"),
         ("flowstep", "taskDefinition/uxoautomation/taskRefId")}
# what becomes of a mention whose target went: a value, or one of the words
# keep, member, element (the nearest), disable, record
MEND = {("setting", "."): None, ("event", "task"): "disable",
        ("sentimentevent", "task"): "disable",
        ("setting", "callTerminationHandler"): "",
        ("locale", "ivrSettings/callTerminationHandler"): "",
        ("locale", "twilioVoiceSettings/callTerminationHandler"): "",
        ("locale", "korevgSettings/callTerminationHandler"): "",
        ("dialog", "nodes/-/componentId"): "element",
        ("dialog", "nodes/-/nodes/-/componentId"): "element",
        ("dialog", "nodes/-/toolInstances/-/toolRefId"): "element",
        ("dialog", "nodes/-/toolInstances/-/nodes/-/componentId"): "element",
        ("component", "nodes/-/componentId"): "element",
        ("tool", "tool_actions/-/action_id"): "element",
        ("dialog", "nodes/-/transitions/-/if/value"): "element",
        ("form", "integrations/-/resourceId"): "element",
        ("form", "integrations/-/resourceMeta/componentId"): "element",
        ("faq", "dialogRefId"): "record",
        ("widget", "source/resource"): "record",
        ("dialog", "generatedFrom/resourceId"): "keep",
        ("component", "payload/sName"): "keep",
        ("component", "generativeAI/*/integrationName"): "keep",
        ("survey", "dialogName"): "keep",
        ("setting", "subTasks/dialogs/-"): "keep",
        ("setting", "subTasks/experienceFlows/-"): "keep",
        ("llmfeature", "integration"): "keep",
        ("dialoggptsetting", "dialogGPTLLMConfig/integration"): "keep",
        ("setting", "theme"): "keep"}

# what comes with its owner only if it is asked for, and belongs to the
# dialog of the intent, where that has one
TRAINING = {"utterance", "pattern"}
# what goes when nothing needs it any more
ORPHAN = {"component", "tool"}
TASKS = {"dialog", "action", "alert", "form", "knowledge", "smalltalk",
         "flow"}
# what stands in every export, whatever was asked for
EVERY = {"app", "configsetting", "raw", "datatable", "locale", "concept",
         "synonym", "widgettheme", "mlparam", "nlsetting", "trait",
         "contentvariable", "idp"}
# Of a list without any element, which is there all the same, and which is
# left out; of the others nobody knows.
EMPTY = set("""dialogs dialogComponents scenes sceneComponents actions alerts
    knowledgeTasks smallTalk patterns sentences traits mlParams botEvents
    advancedNLSettings localeData koraResponses namespaces widgetThemes
    contentVariables customDashboards idpConfigurations widgets panels
    envVariables smartAssistTasks""".split())
ABSENT = set("""forms botSentimentEvents channels translationEngines
    preBuiltIntegrations externalNluAdapters feedbackSurveys""".split())
# settings that are lists or objects, and may be empty
PLAIN = set("""unexportedTasks paramMaps taskDgParamMaps customTemplates
    supportedLanguages""".split())


class Graph:
    """Which record of an app leads to which."""

    def __init__(self, app):
        self.app = app
        self.records = app.records()
        self.inside, self.owners, self.owned = {}, {}, {}
        self.needs, self.needed, self.links = {}, {}, {}
        self.found = {}     # holder: [(reference, what it leads to)]
        for r in self.records:
            if r.parent is not None:
                self.inside.setdefault(r.parent, []).append(r)
        for ref in app.references():
            rs = app.finds(ref)
            if not rs:
                continue
            row = (ref.holder.kind, ref.path)
            self.found.setdefault(ref.holder, []).append((ref, rs))
            for r in rs:
                if row in OWNER:
                    self.owners.setdefault(ref.holder, []).append(r)
                    self.owned.setdefault(r, []).append(ref.holder)
                if row in NEEDS:
                    self.needs.setdefault(ref.holder, []).append(r)
                    self.needed.setdefault(r, []).append(ref.holder)
                if row in LINKS:
                    self.links.setdefault(ref.holder, []).append(r)

    def dialogs_of(self, r):
        """Those whose training it is; else the parts whose it is."""
        own = self.owners.get(r, [])
        return [d for o in own for d in self.owners.get(o, [])] or own


def taken(graph, seeds, deps=True):
    """The records that stay when these are chosen by id or kind."""
    stay, todo = set(), list(seeds)

    def come(rs):
        todo.extend(r for r in rs if r not in stay)

    while todo:
        r = todo.pop()
        if r in stay:
            continue
        stay.add(r)
        up = r.parent
        while up is not None:
            stay.add(up)
            up = up.parent
        come(graph.needs.get(r, []))
        come(c for c in graph.owned.get(r, []) if c.kind not in TRAINING)
        come(graph.inside.get(r, []))
        if deps:
            come(graph.links.get(r, []))
    # after all else: what every export has brings nothing along
    for r in graph.records:
        if r.kind in EVERY or r.kind == "setting" and (
                r.category == "app" or r.id[0] in EMPTY):
            stay.add(r)
    return stay


def left(graph, gone):
    """The records that stay when these tasks go."""
    gone = set(gone)
    before = None
    held = holding(graph, set())
    while before != len(gone):
        before = len(gone)
        live = holding(graph, gone)
        for r in graph.records:
            if r not in gone and ends(graph, r, gone, live, held):
                gone.add(r)
    return {r for r in graph.records if r not in gone}


def holding(graph, gone):
    """What stands by itself, or is owned or needed by what does."""
    todo = [r for r in graph.records if r not in gone and
            r not in graph.owners and
            (r.kind not in ORPHAN or r not in graph.needed)]
    live = set(todo)
    while todo:
        r = todo.pop()
        for c in graph.owned.get(r, []) + graph.needs.get(r, []):
            if c not in live and c not in gone:
                live.add(c)
                todo.append(c)
    return live


def ends(graph, r, gone, live, held):
    if r.parent in gone or r in held and r not in live:
        return True
    if r.kind in TRAINING and r in graph.owners:
        return all(o in gone for o in graph.dialogs_of(r))
    return any(MEND.get((r.kind, ref.path)) == "record" and
               all(t in gone for t in rs)
               for ref, rs in graph.found.get(r, []))


# ---- what is repaired


def places(value, steps, word, path=()):
    """Where a word stands at a path: keys and indexes."""
    if not steps or steps == ["."]:
        if value == word:
            yield path
        return
    step, rest = steps[0], steps[1:]
    if isinstance(value, list) and step == "-":
        for i, v in enumerate(value):
            yield from places(v, rest, word, path + (i,))
    elif isinstance(value, dict) and step == "#":
        if word in value:
            yield path + (word,)
    elif isinstance(value, dict):
        for k in value if step == "*" else [step]:
            if k in value:
                yield from places(value[k], rest, word, path + (k,))


def repaired(value, lost):
    """A value without the words that are lost: [(steps, word, how)]"""
    value = {"": json.loads(json.dumps(value))}
    doomed = set()
    for steps, word, how in lost:
        for path in places(value, [""] + steps, word):
            holder = value
            for step in path[:-1]:
                holder = holder[step]
            if steps[-2:] == ["if", "value"] and \
                    holder["context"] != "context.FollowupIntents":
                continue
            if how in ("element", "member"):
                n = max((i for i, step in enumerate(path)
                         if isinstance(step, int)), default=len(path) - 1)
                doomed.add(path[:n + 1] if how == "element" else path)
            elif how == "disable":
                holder.update(enabled=False, task="")
            else:
                holder[path[-1]] = how
    for path in sorted(doomed, reverse=True, key=lambda p: [
            (isinstance(s, int), s) for s in p]):
        if any(path[:n] in doomed for n in range(len(path))):
            continue
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
    return value[""]


def lost_words(graph, r, stay):
    """What of a record led to something that does not stay."""
    for ref, rs in graph.found.get(r, []):
        row = (r.kind, ref.path)
        how = MEND.get(row, "keep" if row in OWNER - LINKS else "member")
        if how != "keep" and not any(t in stay for t in rs):
            steps = ref.path.split("/")
            yield steps, ref.word, "element" if \
                steps[-1] == "-" else how


# ---- the package


def built(graph, r, stay):
    """A record with the records inside it, as they are then."""
    value = r.value
    lost = list(lost_words(graph, r, stay))
    if lost:
        value = repaired(value, lost)
    row = next((t for t in TOP.values() if t.kind == r.kind), None)
    for inner in row.inner if row else ():
        cut = inner.steps[len(row.steps):-1]
        parts = [c for c in graph.inside.get(r, []) if c.place == inner.place]
        value = with_parts(graph, value, cut, parts, stay)
    return value


def with_parts(graph, value, steps, parts, stay):
    if not isinstance(value, dict) or steps[0] not in value:
        return value
    value = dict(value)
    if len(steps) > 1:
        value[steps[0]] = with_parts(graph, value[steps[0]], steps[1:],
                                     parts, stay)
    elif parts:
        value[steps[0]] = container(graph, type(value[steps[0]])(), parts,
                                    stay)
    return value


def container(graph, empty, rs, stay):
    rs = [r for r in rs if r in stay]
    if isinstance(empty, dict):
        return {r.key: built(graph, r, stay) for r in rs}
    return [built(graph, r, stay) for r in rs]


def documents(graph, stay, options=None):
    """{file: value}; options: of exportOptions, what is held then."""
    app, out = graph.app, {}
    tops = {}
    for r in graph.records:
        if r.parent is None and r.kind not in ("raw", "datatable"):
            tops.setdefault((r.file, r.place.split("/")[1]), []).append(r)
    for config, doc, file in ((False, app.app, app.main),
                              (True, app.config, "config.json")):
        if file not in app.files:
            continue
        new = out[file] = {}
        for name, value in doc.items():
            rs = tops.get((file, name), [])
            row = TOP.get((config, name))
            if row and isinstance(value,
                                  list if row.steps[1] == "-" else dict):
                new[name] = container(graph, type(value)(), rs, stay)
            elif rs[0] in stay:
                new[name] = built(graph, rs[0], stay)
            if name == "exportOptions" and options is not None:
                new[name] = held(graph, new[name], stay, options)
    return out


def held(graph, value, stay, words):
    """exportOptions of a package that has these categories."""
    value = dict(value)
    gone = {w for r in graph.records if r.kind in TASKS and r not in stay
            for w in sum(r.words.values(), [r.value.get("_id")])}
    value["subTasks"] = {k: [w for w in ws if w not in gone] for k, ws in
                         value.get("subTasks", {}).items()}
    if not value["subTasks"]:
        del value["subTasks"]
    for group in ("tasks", "nlpData", "settings", "AgentAssist", "AgentAI",
                  "qualityAI"):
        if isinstance(value.get(group), list):
            value[group] = [w for w in value[group]
                            if group + "/" + w in words]
    return value
