#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""refs.py PACKAGE STREAM: the references of a Kore app, counted twice.

Once in the package itself, a zip or a folder, by the rows below, which say
where an app holds ids of its own parts; once in what the stream's envelopes
give as owner, needs, links and refs.  Element and record are matched by
their place alone.  Prints a line for each kind of reference that was found, where
one that a record holds several times counts once:

    place  list  target  references  resolved  dangling

Fails where the two differ: a reference that only one of them has, one that
resolves in one only, in another list than the row says, or hard where the
row is soft; and where a hard reference dangles.
"""
import json
import os
import re
import sys
import zipfile


def load(path):
    """The definition and config.json of a package, as Python values."""
    found = {}
    if os.path.isdir(path):
        for name in os.listdir(path):
            with open(os.path.join(path, name), "rb") as f:
                found[name] = f.read()
    else:
        with zipfile.ZipFile(path) as z:
            found = {i.filename: z.read(i) for i in z.infolist()}
    app = found.get("botDefinition.json") or found["appDefinition.json"]
    config = found.get("config.json", b"{}")
    return (json.loads(app.decode("utf-8-sig"), strict=False),
            json.loads(config, strict=False))


SIGNS = {"**", "*", "-", "#"}


def dig(value, path):
    """All values at a path: '*' any member, '-' any element, '#' keys."""
    if not path:
        yield value
        return
    step, rest = path[0], path[1:]
    if step == "**":
        todo = [value]
        while todo:
            v = todo.pop()
            if isinstance(v, dict):
                todo.extend(reversed(v.values()))
            elif isinstance(v, list):
                todo.extend(reversed(v))
            # most have not the member that is sought
            if not rest or rest[0] in SIGNS or \
                    isinstance(v, dict) and rest[0] in v:
                yield from dig(v, rest)
    elif step == "-":
        for v in value if isinstance(value, list) else ():
            yield from dig(v, rest)
    elif step == "*":
        for v in value.values() if isinstance(value, dict) else ():
            yield from dig(v, rest)
    elif step == "#":
        yield from value if isinstance(value, dict) else ()
    elif isinstance(value, dict) and step in value:
        yield from dig(value[step], rest)


def at(path):
    """What a function finds at a path below an element: texts, not empty."""
    steps = path.split("/") if path else []
    return lambda e: [v for v in dig(e, steps) if isinstance(v, str) and v]


def when(member, wanted, path):
    return lambda e: at(path)(e) if e.get(member) == wanted else []


def follow_ups(dialog):
    return [t["value"] for t in dig(dialog, "nodes/-/transitions/-/if"
                                    .split("/"))
            if isinstance(t, dict) and
            t.get("context") == "context.FollowupIntents" and
            isinstance(t.get("value"), str) and t["value"]]


def from_widget(widget):
    source = widget.get("source") or {}
    return at("resource")(source) if source.get("type") == "dialog" else []


# The arrays and objects whose members are records, in the definition and in
# config.json.
PLACES = [
    "/*", "/localeData/*", "/localeData/*/synonyms/*", "/botEvents/*",
] + ["/%s/-" % name for name in """
    dialogs dialogComponents patterns sentences scenes sceneComponents
    knowledgeTasks knowledgeTasks/-/faqs/faqs smallTalk forms widgets panels
    contentVariables mlParams mlParams/-/dialogIntents traits
    advancedNLSettings namespaces botSentimentEvents llmConfigsForStream
    llmConfigsForStream/-/featureList llmConfiguration
    llmConfiguration/-/featureList llmConfiguration/-/guardrailsList
    promptLibraries dialogGPTSettings translationEngines customDashboards
    channels actions alerts koraResponses idpConfigurations
    preBuiltIntegrations pii_patterns widgetThemes experienceFlows tools
    experienceFlows/-/callflowDefinition/steps
    experienceFlows/-/callflowDefinition/messages forms/-/components
    smartAssistThemes smartAssistTasks customTemplates confidenceConfigs externalNluAdapters feedbackSurveys""".split()
] + ["/llmConfigsForStream/-/integrations/*",
     "/llmConfiguration/-/integrations/*"]
CONFIG = ["/*", "/envVariables/-"]

# What a reference leads to: where the targets stand, and by which of their
# members it finds them ('#': by its key, '': by itself).
TARGETS = {
    "dialog": ("dialogs/-", "refId _id"),
    "component": ("dialogComponents/-", "refId _id"),
    "scene": ("scenes/-", "refId _id"),
    "scenecomponent": ("sceneComponents/-", "refId _id"),
    "widgettheme": ("widgetThemes/-", "_id theme"),
    "widget": ("widgets/-", "refId"),
    "form": ("forms/-", "refId _id"),
    "action": ("actions/-", "refId _id"),
    "flow": ("experienceFlows/-", "callflowDefinition/_id config/cfId"),
    "flowstep": ("experienceFlows/-/callflowDefinition/steps/-", "_id"),
    "flowmessage": ("experienceFlows/-/callflowDefinition/messages/-",
                    "_id"),
    "formfield": ("forms/-/components/-", "refId"),
    "tool": ("tools/-", "refId"),
    "integration": ("*/-/integrations/#", ""),
    "prompt": ("promptLibraries/-", "refId _id"),
    "survey": ("feedbackSurveys/-", "name"),
    "mlparam": ("mlParams/-", "mlpGroupId"),
    "smartassisttheme": ("smartAssistThemes/-", "refId"),
    "trait": ("traits/-", "traits/#"),
    "namespace": ("namespaces/-", "refId _id name"),
    "translationengine": ("translationEngines/-", "refId _id"),
    "app": ("_id", ""),
    "idp": ("idpConfigurations/-", "refId _id name idpName"),
}

STEPS = "/experienceFlows/-/callflowDefinition/steps/-"
MESSAGES = "/experienceFlows/-/callflowDefinition/messages/-"
FIELDS = "/forms/-/components/-"


def steps(path):
    """Where a flow goes on: "dummy" is the end."""
    return lambda e: [v for v in at(path)(e) if v != "dummy"]


# Hard ones resolve always; soft ones, marked "?", may lead out of the app;
# stale ones lead to parts of the app, of which some were removed.
HARD, SOFT, STALE = "hard", "soft", "stale"
# the platform's own, which an envelope may name or not
BUILTIN = {"idp": {"none"}, "flowstep": {"dummy"}}

# place of the record, list, kind of the target, which, ids
ROWS = [
    ("/dialogs/-", "needs", "component", HARD, at("nodes/-/componentId")),
    ("/dialogs/-", "needs", "component", HARD,
     at("nodes/-/nodes/-/componentId")),
    ("/dialogs/-", "links", "dialog", HARD, at("nodes/-/flowTaskId")),
    ("/dialogs/-", "links", "dialog", HARD, at("nodes/-/dialogRefId")),
    ("/dialogs/-", "needs", "scene", HARD, at("sceneRefId")),
    ("/dialogs/-", "refs", "component", HARD, follow_ups),
    ("/dialogComponents/-", "needs", "component", HARD,
     at("nodes/-/componentId")),
    ("/dialogComponents/-", "owner", "dialog", HARD,
     when("type", "intent", "dialogId")),
    ("/dialogComponents/-", "links", "dialog", HARD,
     when("type", "intent", "dialogId")),
    ("/dialogComponents/-", "links", "form", HARD,
     when("type", "form", "resourceId")),
    ("/dialogComponents/-", "refs", "trait", HARD,
     at("localeData/*/traitRules/-/-")),
    ("/dialogComponents/-", "refs", "idp", SOFT,
     lambda e: [v for v in at("idp")(e) if v not in BUILTIN["idp"]]),
    ("/scenes/-", "owner", "dialog", HARD, at("dialogRefId")),
    ("/scenes/-", "refs", "dialog", HARD, at("dialogLinks/*/dialogRefId")),
    ("/scenes/-", "needs", "scenecomponent", HARD, at("components/#")),
    ("/scenes/-", "needs", "scenecomponent", HARD, at("dialogLinks/#")),
    ("/scenes/-", "refs", "widgettheme", HARD, at("widgetThemeId")),
    ("/sceneComponents/-", "owner", "scene", HARD, at("sceneId")),
    ("/sentences/-", "owner", "component", HARD, at("taskId")),
    ("/sentences/-", "refs", "component", HARD, at("entities/-/entityId")),
    ("/patterns/-", "owner", "component", HARD, at("refId")),
    ("/mlParams/-/dialogIntents/-", "owner", "dialog", HARD, at("")),
    ("/botEvents/*", "refs", "dialog", HARD, at("task")),
    ("/botSentimentEvents/-", "refs", "dialog", HARD, at("task")),
    ("/defaultDialogId", "refs", "dialog", HARD, at("")),
    ("/twilioVoiceSettings", "refs", "dialog", HARD,
     at("callTerminationHandler")),
    ("/ivrSettings", "refs", "dialog", HARD, at("callTerminationHandler")),
    ("/localeData/*", "refs", "dialog", HARD, at("*/callTerminationHandler")),
    ("/audioCodesSettings", "refs", "dialog", HARD,
     at("callTerminationHandler")),
    ("/widgets/-", "links", "dialog", HARD, from_widget),
    ("/panels/-", "refs", "widget", HARD, at("widgets/-")),
    ("/forms/-", "refs", "dialog", HARD, at("integrations/-/resourceId")),
    ("/forms/-", "refs", "component", HARD,
     at("integrations/-/resourceMeta/componentId")),
    ("/knowledgeTasks/-/faqs/faqs/-", "links", "dialog", HARD,
     at("dialogRefId")),
    ("/knowledgeTasks/-", "refs", "trait", HARD,
     at("taxonomy/-/traitRule/-/-")),
    ("/translationEngineId", "refs", "translationengine", HARD, at("")),
    ("/pii_patterns/-", "refs", "component", STALE, at("mappedEntities/-")),
    ("/exportOptions", "refs", "dialog", SOFT, at("subTasks/dialogs/-")),
    ("/exportOptions", "refs", "action", SOFT, at("subTasks/actions/-")),
    ("/exportOptions", "refs", "form", SOFT, at("subTasks/forms/-")),
    ("/exportOptions", "refs", "flow", SOFT,
     at("subTasks/experienceFlows/-")),
    ("/vNameSpace", "refs", "namespace", SOFT, at("-")),
    ("/krVNameSpace", "refs", "namespace", SOFT, at("-")),
    ("/evVNameSpace", "refs", "namespace", SOFT, at("-")),
    ("", "refs", "namespace", SOFT, at("**/vNameSpace/-")),
    ("", "refs", "app", HARD, at("**/streamId")),
    ("", "refs", "app", HARD, at("**/sId")),
    # in flows also an app of the vendor's, and in events the app's refId
    ("", "refs", "app", SOFT, at("**/botId")),
    ("", "refs", "app", SOFT, at("**/linkedBotStreamId")),
    # parts of XO11
    ("/dialogs/-", "needs", "tool", HARD, at("nodes/-/toolInstances/-/"
                                             "toolRefId")),
    ("/dialogs/-", "needs", "component", HARD,
     at("nodes/-/toolInstances/-/nodes/-/componentId")),
    ("/dialogs/-", "refs", "form", SOFT, at("generatedFrom/resourceId")),
    ("/tools/-", "needs", "component", HARD, at("tool_actions/-/action_id")),
    ("/experienceFlows/-", "refs", "flow", HARD, at("config/cfId")),
    (STEPS, "owner", "flow", HARD, at("cfId")),
    (MESSAGES, "owner", "flow", HARD, at("cfId")),
    (STEPS, "needs", "flowmessage", HARD, at("taskDefinition/messageToUser")),
    (STEPS, "links", "dialog", HARD, at("taskDefinition/uxoautomation/refId")),
    (STEPS, "links", "dialog", HARD,
     at("taskDefinition/uxoautomation/taskRefId")),
    (STEPS, "refs", "flowstep", HARD, steps("connections/-/nextStep")),
    (STEPS, "refs", "flowstep", HARD, steps("rules/-/nextStep")),
    (STEPS, "refs", "flowstep", HARD, steps("taskDefinition/*/nextStep")),
    (STEPS, "refs", "flowmessage", SOFT,
     at("taskDefinition/onErrorConfig/cfMessageId")),
    (STEPS, "refs", "flowstep", SOFT, at("connections/-/connectionId")),
    (FIELDS, "refs", "formfield", HARD,
     at("metaData/visibilityDependents/-")),
    (FIELDS, "refs", "formfield", HARD,
     at("metaData/validationDependents/-")),
    (FIELDS, "refs", "formfield", SOFT, at("metaData/**/field")),
    (FIELDS, "refs", "formfield", SOFT, at("metaData/**/value")),
    ("/smartAssistBot", "refs", "smartassisttheme", STALE, at("theme")),
    ("/dialogComponents/-", "refs", "integration", SOFT,
     at("generativeAI/*/integrationName")),
    ("/dialogComponents/-", "refs", "prompt", SOFT,
     at("generativeAI/*/promptId")),
    ("/dialogComponents/-", "refs", "survey", SOFT,
     when("serviceNodeType", "feedback", "payload/sName")),
    ("/llmConfigsForStream/-/featureList/-", "refs", "integration", SOFT,
     at("integration")),
    ("/llmConfiguration/-/featureList/-", "refs", "integration", SOFT,
     at("integration")),
    ("/dialogGPTSettings/-", "refs", "integration", SOFT,
     at("dialogGPTLLMConfig/integration")),
    ("/advancedNLSettings/-", "refs", "mlparam", SOFT, at("mlpGroupId")),
]


def elements(value, places):
    """For each place its elements in order, without what is split off."""
    found = {}
    for place in places:
        steps = place[1:].split("/")
        found[place] = list(dig(value, steps))

    def own(e, place):
        for deeper in places:
            if not deeper.startswith(place + "/"):
                continue
            *way, name, _ = deeper[len(place) + 1:].split("/")
            for holder in dig(e, way):
                if isinstance(holder, dict) and isinstance(
                        holder.get(name), (dict, list)):
                    holder[name] = type(holder[name])()
        return e

    found = {place: [json.loads(json.dumps(e)) for e in es]
             for place, es in found.items()}
    return {place: [own(e, place) for e in es]
            for place, es in found.items()}


def originals(path):
    """(file, place): elements, settings by their own name; and targets."""
    app, config = load(path)
    out = {("app", p): e for p, e in elements(app, PLACES).items()}
    out.update({("config", p): e
                for p, e in elements(config, CONFIG).items()})
    for key, value in app.items():
        if isinstance(value, (dict, list)) and any(
                p.startswith("/%s/" % key) for p in PLACES):
            continue
        out["app", "/" + key] = [value]
    known = {}
    for kind, (place, ids) in TARGETS.items():
        known[kind] = set()
        for e in dig(app, place.split("/")):
            for member in ids.split() or [""]:
                known[kind].update(at(member)(e))
    return out, known


def place_of(pointer, known):
    """The place that a record's pointer is of."""
    mine = pointer.split("/")
    for place in known:
        theirs = place.split("/")
        if len(mine) == len(theirs) and all(
                a == b or b == "*" for a, b in zip(mine, theirs)):
            if place != "/*":
                return place
    return pointer


def stream(path):
    """Records by file and place, and which references would find each."""
    records, known = {}, {}
    with open(path, encoding="utf-8", errors="surrogatepass") as f:
        for line in f:
            r = json.loads(line)
            if r["kind"][0] == "@":
                continue
            known.setdefault(r["kind"], set()).update(
                [r["id"]] if "id" in r else [], r.get("alias", []),
                r.get("names", []))
            file = {"config.json": "config", "botDefinition.json": "app",
                    "appDefinition.json": "app"}.get(r["file"])
            if file is None:
                continue
            place = place_of(r["at"], CONFIG if file == "config" else PLACES)
            records.setdefault((file, place), []).append(r)
    return records, known


def main():
    wanted, there = originals(sys.argv[1])
    records, here = stream(sys.argv[2])
    counts, wrong = {}, []
    for (file, place), rs in records.items():
        es = wanted.get((file, place), [])
        if file == "config" and place.count("/") == 1:
            es = [None] * len(rs)  # plain settings
        elif len(es) != len(rs):
            wrong.append("%s: %d records of %d elements" % (
                place, len(rs), len(es)))
            continue
        for e, r in zip(es, rs):
            compare(place, e, r, there, here, counts, wrong)
    for file, place in sorted(wanted.keys() - records.keys()):
        if wanted[file, place] and place != "/*":
            wrong.append("%s: no records of %d elements" % (
                place, len(wanted[file, place])))
    for row, (n, ok) in sorted(counts.items()):
        print("%-32s %-5s %-17s %5d %5d %5d" % (*row, n, ok, n - ok))
    for w in wrong[:20]:
        print(w)
    if len(wrong) > 20:
        print("... %d in all" % len(wrong))
    return 1 if wrong else 0


def compare(place, e, r, there, here, counts, wrong):
    """One record's references with those of its element."""
    said = {}
    for name in ("owner", "needs", "links", "refs"):
        for text in r.get(name, []):
            kind, _, value = text.partition(":")
            said[name, kind.lstrip("?"), value] = "?" * (kind[0] == "?")
    counted = set()
    for row_place, name, kind, which, values in ROWS:
        if row_place not in ("", place) or e is None:
            continue
        for value in values(e):
            key = (name, kind, value)
            if key in counted:
                continue
            counted.add(key)
            what = "%s %s %s:%s" % (place, *key)
            mark = said.get(key)
            if mark is None:
                wrong.append("not in the stream: " + what)
                continue
            row = (place, name, mark + kind)
            n, ok = counts.get(row, (0, 0))
            hit = value in here.get(kind, ())
            counts[row] = (n + 1, ok + hit)
            if (mark == "?") != (which == SOFT):
                wrong.append("is %s: %s" % (
                    "soft" if mark else "hard", what))
            if hit != (value in there[kind]):
                wrong.append("resolves in one only: " + what)
            if which == HARD and not hit:
                wrong.append("dangling: " + what)
    for key, mark in said.items():
        if mark and key[2] in BUILTIN.get(key[1], ()):
            continue
        if key not in counted:
            wrong.append("only in the stream: %s %s %s:%s" % (place, *key))


if __name__ == "__main__":
    sys.exit(main())
