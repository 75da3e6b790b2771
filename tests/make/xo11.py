#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""An invented XO11 app, or an unchanged copy of it.

usage: xo11.py FOLDER COPY [PART ...]

COPY ("a", "b") is a part of every id that the platform mints for each copy of
an app; what is no such id is the same in all.  A copy other than "a" also has
its lists in another order, where the platform sorts them by minted ids.  Only
the PARTs are in it; without any, all.
"""
import json
import os
import sys

folder, copy, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]


def mint(kind):
    return "%s-%s" % (kind, copy)


def shuffled(elements):
    return elements if copy == "a" else elements[::-1]


def dates():
    return {"createdOn": "2026-0%d-01" % (1 if copy == "a" else 2),
            "createdBy": mint("u"), "lMod": mint("day"), "__v": len(copy)}


def dialog(name, nodes):
    return {"_id": mint("dg-" + name), "refId": "d-" + name, "lname": name,
            "nodes": [dict({"nodeId": "n%d" % i}, **n)
                      for i, n in enumerate(nodes)]}


def component(name, kind="message", **more):
    return dict({"_id": mint("dc-" + name), "refId": "c-" + name,
                 "name": name, "type": kind}, **more)


def step(name, task, goes="dummy", **more):
    return dict({"_id": mint("cfst-" + name), "refId": "s-" + name,
                 "cfId": mint("cf"), "name": name, "taskDefinition": task,
                 "connections": [{"nextStep": goes}], "state": "published"},
                **dates(), **more)


def node(words, up=None):
    n = {"nodeId": mint("smn-" + words), "refId": mint("r-" + words),
         "userUtterances": [{"text": words}], "seq": 0, "state": "published",
         "botUtterances": shuffled([
             {"_id": mint("mt-" + words), "text": "Well, " + words},
             {"_id": mint("mu-" + words), "text": "Oh, " + words}])}
    if up is not None:
        n["parentId"] = mint("smn-" + up)
    return n


def field(name, **meta):
    return {"name": name, "refId": mint("fc-" + name), "metaData": meta}


PARTS = {
    "tool": {
        "dialogs": shuffled([dialog("lend", [
            {"componentId": mint("dc-ask")},
            {"componentId": mint("dc-agent"), "toolInstances": [{
                "nodeId": "t0", "toolRefId": "tool-1", "nodes": [{
                    "nodeId": "v0", "type": "service",
                    "componentId": mint("dc-look")}]}]}])]),
        "dialogComponents": shuffled([
            component("ask", "intent", dialogId=mint("dg-lend")),
            component("agent", "aiassist"), component("look", "service")]),
        "tools": [{"refId": "tool-1", "tool_name": "shelfTool",
                   "tool_actions": [{"action_type": "service",
                                     "action_id": "c-look"}]}],
    },
    "flow": {
        "experienceFlows": [{
            "callflowDefinition": dict({
                "steps": shuffled([
                    step("start", {}, mint("cfst-greet")),
                    step("greet", {"messageToUser": mint("cfm")},
                         mint("cfst-menu")),
                    step("menu", {"uxoautomation": {
                        "botId": mint("st"), "refId": "d-menu",
                        "taskRefId": "d-menu"}})]),
                "_id": mint("cf"), "refId": mint("f"), "name": "Front desk",
                "flowType": "INBOUND", "state": "configured",
                "publishedCfId": mint("cfp"), "streamId": mint("st"),
                "messages": [dict({
                    "_id": mint("cfm"), "refId": "m-greet",
                    "cfId": mint("cf"), "name": "greet",
                    "text": "Welcome"}, **dates())]}, **dates()),
            "config": {"cfId": mint("cf"), "name": "Front desk"}}],
        "dialogs": [dialog("menu", [{"componentId": mint("dc-menu")}])],
        "dialogComponents": [component("menu")],
    },
    "llm": {
        "llmConfiguration": [{
            "refId": mint("llm"), "integrations": {"shelfai": {"key": "k"}},
            "featureList": [{"name": "rephrase", "model": "k",
                             "integration": "shelfai"}]}],
    },
    "index": {
        "dialogGPTSettings": [{
            "refId": mint("dgpt"), "searchIndexId": mint("sixd"),
            "language": "en", "threshold": 7}],
    },
    "linked": {
        "botEvents": {"WELCOME": {"linkedBotStreamId": mint("st")},
                      "BYE": {"linkedBotStreamId": "app"}},
    },
    "utterance": {
        "sentences": [{"_id": mint("ut"), "sentence": "lend me a book",
                       "taskId": mint("dc-say"), "language": "en"}],
        "dialogComponents": [component("say", "intent",
                                       dialogId=mint("dg-say"))],
        "dialogs": [dialog("say", [{"componentId": mint("dc-say")}])],
    },
    "nlsetting": {
        "advancedNLSettings": shuffled([dict({
            "_id": mint("nl-" + key), "refId": mint("nr-" + key),
            "configurationKeyName": key, "language": "en", "value": key,
            "streamId": mint("st"), "state": "published"}, **dates())
            for key in ("network", "exact")]),
    },
    "smalltalk": {
        "smallTalk": [{"language": "en", "groups": [{
            "groupId": mint("smg"), "groupName": "manners",
            "nodes": shuffled([node("hello"), node("thanks"),
                               node("no matter", "thanks")])}]}],
    },
    "dates": {
        "botEvents": {"FAIL": {"msg": [dict({
            "streamId": mint("st"), "text": "Sorry"}, **dates())]}},
        "namespaces": [dict({"_id": mint("ns"), "refId": "n1",
                             "name": "default"}, **dates())],
    },
    "form": {
        "forms": [{"refId": "form-1", "name": "Card", "components": [
            field("member", visibilityDependents=[mint("fc-number")]),
            field("number", visibilityRules={"rules": [{
                "rules": [{"field": mint("fc-member"),
                           "value": "Yes"}]}]})]}],
    },
    "theme": {
        "smartAssistBot": {"refId": mint("sab"), "theme": mint("sat-light")},
        "smartAssistThemes": shuffled([
            {"refId": mint("sat-" + t), "theme": t}
            for t in ("light", "dark")]),
    },
    "mlparam": {
        "mlParams": [{"language": "en", "type": 2, "mlpGroupId": mint("mlp"),
                      "threshold": 3}],
    },
    "faq": {
        "knowledgeTasks": [{"refId": "k1", "language": "en", "name": "Desk",
                            "faqs": {"faqs": [
                                {"refId": mint("q1"), "question": "When?"},
                                {"refId": mint("q2"), "question": "Where?"},
                            ]}}],
    },
}

app = {"_id": mint("st"), "refId": "app"}
for part in wanted or PARTS:
    for member, value in PARTS[part].items():
        if isinstance(value, list):
            app.setdefault(member, []).extend(value)
        elif member in app:
            app[member].update(value)
        else:
            app[member] = value
app["exportOptions"] = {
    "tasks": ["botTask", "flows", "forms", "smallTalk", "knowledgeGraph"],
    "nlpData": ["nlpSettings", "utterances", "patterns"],
    "settings": ["botSettings", "botVariables", "genAIandLLMSettings"]}
os.makedirs(folder)
with open(folder + "/appDefinition.json", "w") as f:
    json.dump(app, f, indent=4)
