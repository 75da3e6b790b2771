# SPDX-License-Identifier: ISC
"""What only an XO11 app has: flows, models, themes; of invent_kore.App."""

NAMES = ["Welcome Voice", "Welcome Chat", "Closed"]


def flows(app):
    return [flow(app, name) for name in app.lots.some(NAMES)]


def flow(app, name):
    ident = app.id("cf", name)
    steps = ["start", "split", "task", "end"] if app.lots.maybe(0.5) else [
        "start", "end"]
    found = [step(app, name, s, after) for s, after in zip(
        steps, steps[1:] + [None])]
    return {"callflowDefinition": {
        "_id": ident, "refId": app.lots.minted("flow", name), "name": name,
        "lname": name.lower(), "state": app.state, "streamId": app.stream,
        "description": app.lots.text(name), "steps": found,
        "messages": [message(app, name, s) for s in steps]},
        "config": {"cfId": ident, "name": name}, "files": {}}


def step(app, flow_name, name, after):
    to = app.id("cfst", flow_name, after) if after else "dummy"
    task = {"messageToUser": app.id("cfm", flow_name, name),
            "onErrorConfig": {"nextStep": "dummy"}}
    if name == "task":
        ref = app.task()
        task["uxoautomation"] = {"botId": app.stream, "refId": ref,
                                 "taskRefId": ref}
    if name == "split":
        task["onSuccess"] = {"nextStep": to}
    return {"_id": app.id("cfst", flow_name, name), "type": name,
            "cfId": app.id("cf", flow_name), "name": name,
            "refId": app.ref("step", flow_name, name), "state": app.state,
            "connections": [{"name": "next", "nextStep": to}] if after else
            [], "taskDefinition": task}


def message(app, flow_name, step_name):
    return {"_id": app.id("cfm", flow_name, step_name),
            "cfId": app.id("cf", flow_name), "name": step_name,
            "refId": app.ref("message", flow_name, step_name),
            "state": app.state, "messages": [
                {"type": "text", "locale": [
                    {"language": "en", "value": app.lots.text(step_name)}]}]}


def settings(app):
    """The members of the definition."""
    lots = app.lots
    themes = [(n, lots.minted("theme", n)) for n in ("light", "dark")]
    return {
        "llmConfiguration": [{
            "refId": lots.minted("llm"), "featureList": [
                {"name": n, "enable": lots.maybe(0.5),
                 "integration": "azure"} for n in lots.some(
                     ["rephrase", "agents"])],
            "integrations": {"azure": {"on": lots.maybe(0.5)}}}],
        "dialogGPTSettings": [{
            "refId": lots.minted("gpt", language),
            "searchIndexId": app.id("sixd", language),
            "dialogGPTLLMConfig": {"integration": "azure",
                                   "temperature": lots.draw.random()},
            "language": language} for language in app.languages],
        "smartAssistBot": {"refId": lots.minted("assist"),
                           "theme": lots.draw.choice(themes)[1]},
        "smartAssistThemes": [{"refId": ref, "theme": name,
                               "font": lots.text("Serif")}
                              for name, ref in themes]}
