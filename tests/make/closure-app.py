#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""closure-app.py FOLDER: an invented app whose parts hang together tightly.

Each of its dialogs leads to another in a way of its own, and parts of all
sorts have several owners, none, or only one that needs them.
"""
import json
import os
import sys


def dialog(name, *nodes, **more):
    return {"_id": "dg-" + name, "refId": "d-" + name, "lname": name,
            "nodes": [dict({"nodeId": "%s%d" % (name, i)}, **n)
                      for i, n in enumerate(nodes)], **more}


def node(component, **more):
    return dict({"componentId": "dc-" + component, "transitions": [
        {"default": "end"}]}, **more)


def component(name, kind="message", **more):
    return dict({"_id": "dc-" + name, "refId": "c-" + name, "name": name,
                 "type": kind}, **more)


def intent(name, dialog_=None):
    return component(name, "intent", **(
        {"dialogId": "dg-" + dialog_} if dialog_ else {}))


def leads(name):
    """A node that goes to another dialog."""
    return node("i-" + name, flowTaskId="d-" + name)


def agent(tool, *services):
    return node("agent", toolInstances=[{"toolRefId": tool, "nodes": [
        node(s) for s in services]}])


DIALOGS = [
    dialog("order", node("i-order"), node("ask"), leads("pay"),
           node("sub"), sceneRefId="s-order"),
    # pay and order lead to each other; nothing leads to lone
    dialog("pay", node("i-pay"), leads("order"), node("act", nodes=[
        node("script"), node("inner")])),
    dialog("lone", node("i-lone"), node("ask"), node("sub"),
           node("form"), sceneRefId="s-lone"),
    # by name of the intent in a condition, by a dialog's refId, by an intent
    dialog("more", node("i-more", transitions=[
        {"if": {"context": "context.FollowupIntents", "op": "cnt",
                "value": "c-i-lone"}, "then": "more1"},
        {"if": {"context": "context.other", "value": "c-i-lone"},
         "then": "more1"}, {"default": "end"}]),
        node("bye", dialogRefId="d-pay")),
    dialog("mixed", node("i-mixed"), node("i-lone")),
    dialog("agents", agent("t-shelf", "service", "lathe")),
    dialog("agents2", agent("t-shelf"), agent("t-desk", "desk"),
           generatedFrom={"resourceType": "form", "resourceId": "f-card"}),
    dialog("chain", node("i-chain"), leads("chain2")),
    dialog("chain2", node("i-chain2"), leads("chain3")),
    dialog("chain3", node("i-chain3"), node("survey")),
    dialog("bare"),
]
COMPONENTS = [intent("i-" + d["lname"], d["lname"])
              for d in DIALOGS if d["lname"] != "bare"] + [
    intent("i-second", "order"), intent("sub"), component("ask", "entity"),
    component("act", "botAction", nodes=[node("script"), node("service")]),
    component("script", "script"), component("service", "service"),
    component("form", "form", resourceId="f-card"),
    component("notform", "entity", resourceId="f-card"),
    component("bye", localeData={"en": {"traitRules": [["loud", "calm"]]}}),
    component("agent", "aiassist", generativeAI={"rephrase": {
        "integrationName": "llm"}}),
    component("shelf", "service"), component("desk", "service"),
    component("lathe", "service"), component("inner", "service"),
    component("unused"), component("hidden", "service"),
    component("survey", "service", serviceNodeType="feedback",
              payload={"sName": "How was it"})]


def sentence(name, *entities):
    return {"_id": "u-" + name, "sentence": name, "language": "en",
            "taskId": "dc-" + name, "entities": [
                {"entityId": "dc-" + e} for e in entities]}


def scene(name, *links):
    return {"_id": "sn-" + name, "refId": "s-" + name,
            "dialogRefId": "d-" + name, "widgetThemeId": "wt",
            "components": {"snc-" + name: {"childs": []}},
            "dialogLinks": {"snc-" + l: {"dialogRefId": "d-" + l}
                            for l in (name,) + links}}


def voice(task):
    return {"callTerminationHandler": task, "enable": True}


def step(name, task, goes="dummy"):
    return {"_id": "cfst-" + name, "refId": "r-" + name, "name": name,
            "cfId": "cf-" + name[0], "taskDefinition": task,
            "connections": [{"nextStep": goes}]}


def message(name):
    return {"_id": "cfm-" + name, "refId": "m-" + name, "name": name,
            "cfId": "cf-" + name[0]}


def flow(name, title, steps, messages):
    return {"callflowDefinition": {
        "_id": "cf-" + name, "refId": "fr-" + name, "name": title,
        "flowType": "INBOUND", "steps": steps, "messages": messages},
        "config": {"cfId": "cf-" + name, "name": title}, "files": {}}


def calls(task):
    return {"uxoautomation": {"botId": "st-1", "refId": "d-" + task,
                              "taskRefId": "d-" + task,
                              "usecaseName": task}}


FLOWS = [
    flow("a", "Welcome, all", [
        step("a1", {"messageToUser": "cfm-a1"}, "cfst-a2"),
        step("a2", calls("chain"), "cfst-a3"), step("a3", calls("lone"))],
        [message("a1"), message("a2")]),
    flow("b", "Closed/late", [step("b1", calls("chain"))], []),
    flow("c", "Empty", [], []),
]
FAQS = [{"refId": "q1", "dialogRefId": "d-lone"},
        {"refId": "q2", "dialogRefId": "d-order"}, {"refId": "q3"}]

APP = {
    "_id": "st-1", "refId": "app", "defaultDialogId": "d-order",
    "color": "green", "supportedLanguages": ["en"],
    "ivrSettings": voice("d-lone"), "twilioVoiceSettings": voice("d-pay"),
    "audioCodesSettings": voice(""), "assignAllChildBots": True,
    "localeData": {language: {
        "name": "App", "ivrSettings": voice("d-lone"),
        "twilioVoiceSettings": voice("d-order"),
        "korevgSettings": voice(""), "synonyms": {
            "~thanks": ["ta"], "plant": ["shrub"]}}
        for language in ("en", "de")},
    "advancedNLSettings": [{"_id": "nl", "refId": "nlr", "state":
                            "configured", "language": "en",
                            "configurationKeyName": "network"}],
    "botEvents": {
        "A": {"enabled": True, "task": "d-lone", "action": "triggerDialog"},
        "B": {"enabled": True, "task": "d-pay"}, "C": {"task": ""},
        "D": {"task": None}, "E": {}},
    "botSentimentEvents": [{"name": "sad", "task": "d-chain"},
                           {"name": "glad", "task": "d-lone"}],
    "patterns": [{"refId": "c-" + n} for n in (
        "i-order", "i-lone", "i-second", "sub", "ask", "notform")],
    "sentences": [sentence("i-order", "ask"), sentence("i-second"),
                  sentence("i-lone", "ask", "notform"), sentence("sub"),
                  sentence("i-chain3")],
    "dialogComponents": COMPONENTS, "dialogs": DIALOGS,
    "tools": [{"refId": "t-shelf", "tool_name": "shelf", "tool_actions": [
        {"action_id": "c-service"}, {"action_id": "c-shelf"}]},
        {"refId": "t-desk", "tool_name": "desk",
         "tool_actions": [{"action_id": "c-desk"}]},
        {"refId": "t-none", "tool_name": "none",
         "tool_actions": [{"action_id": "c-hidden"}]}],
    "experienceFlows": FLOWS,
    "scenes": [scene("order"), scene("lone", "order")],
    "sceneComponents": [{"_id": "snc-" + n, "refId": "sc-" + n,
                         "sceneId": "sn-" + n} for n in ("order", "lone")],
    "widgetThemes": [{"_id": "wt", "theme": "light"}],
    "widgets": [{"refId": "w1", "name": "w1", "source": {
        "type": "dialog", "resource": "d-lone"}},
        {"refId": "w2", "name": "w2", "source": {
            "type": "dialog", "resource": "d-order"}},
        {"refId": "w3", "name": "w3", "source": {
            "type": "json", "resource": "d-lone"}}],
    "panels": [{"refId": "p", "name": "p", "widgets": ["w1", "w2", "w3"]}],
    "forms": [{"refId": "f-card", "name": "card", "components": [
        {"name": "no", "refId": "fc-no", "metaData": {
            "visibilityDependents": ["fc-yes"]}},
        {"name": "yes", "refId": "fc-yes"}], "integrations": [
            {"resourceId": "d-lone", "resourceMeta": {
                "componentId": "c-form"}},
            {"resourceId": "d-more", "resourceMeta": {
                "componentId": "c-unused"}},
            {"resourceId": "d-order", "resourceMeta": {
                "componentId": "c-desk"}}]},
        {"refId": "f-free", "name": "free", "components": []}],
    "knowledgeTasks": [{"refId": "k", "language": language, "name": "facts",
                        "taxonomy": [], "faqs": {"faqs": [
                            dict(q, refId=q["refId"] + language)
                            for q in FAQS]}} for language in ("en", "de")],
    "smallTalk": [{"language": "en", "groups": []}],
    "actions": [{"_id": "ac", "refId": "acr", "name": "mow"}],
    "alerts": [{"_id": "al", "refId": "alr", "name": "frost"}],
    "mlParams": [{"language": "en", "type": 3, "state": "configured",
                  "dialogIntents": [d["refId"] for d in DIALOGS]},
                 {"language": "de", "type": 3, "state": "configured",
                  "dialogIntents": []}],
    "contentVariables": [{"key": "motto"}],
    "namespaces": [{"_id": "ns-1", "refId": "n1", "name": "default",
                    "status": "configured"}],
    "traits": [{"_id": "ta", "refId": "tr", "language": "en", "traits": {
        "loud": {}, "calm": {}}, "state": "configured"}],
    "koraResponses": [{"Key": "sorry"}],
    "pii_patterns": [{"pii_type": "mail",
                      "mappedEntities": ["dc-ask", "dc-form", "dc-old"]}],
    "feedbackSurveys": [{"_id": "fs", "refId": "fsr", "name": "How was it",
                         "dialogName": "lone"}],
    "customDashboards": [{"_id": "da", "refId": "dar", "name": "board"}],
    "smartAssistTasks": [], "unexportedTasks": [],
    "llmConfiguration": [{"refId": "llm", "integrations": {"llm": {}},
                          "featureList": [{"name": "x",
                                           "integration": "llm"}]}],
    "exportOptions": {
        "tasks": ["botTask", "forms", "flows", "knowledgeGraph",
                  "smallTalk"],
        "nlpData": ["nlpSettings", "utterances", "patterns", "concepts"],
        "settings": ["botSettings", "botVariables", "ivrSettings",
                     "genAIandLLMSettings"], "qualityAI": [],
        "AgentAssist": ["rules", "playbooks"], "subTasks": {
            "dialogs": [d["_id"] for d in DIALOGS] + ["dg-twin"],
            "experienceFlows": ["cf-a", "cf-b", "cf-c"], "alerts": [],
            "actions": ["ac"], "forms": ["frm-1"]},
        "IncludeDependentTasks": True},
    "encryptedHash": "0" * 32}

os.makedirs(sys.argv[1])
for file, value in (("appDefinition.json", APP), ("config.json", {
        "name": "App", "envVariables": [{"key": "host", "value": "h"}]})):
    with open(os.path.join(sys.argv[1], file), "w", encoding="utf-8") as f:
        json.dump(value, f, indent=4)
