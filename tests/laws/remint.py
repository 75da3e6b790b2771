#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""remint.py PACKAGE FOLDER [SEED]: an unchanged copy of a package.

As another app or agent would have it that was made from this one: what the
platform mints for each copy is new, the same everywhere it stands; what it
puts in any order, or in the order of something minted, is in another.  A
merge of the copy into its original has nothing to do.

Kore.ai: all _id, ids of small talk, streamId and what else holds one of
them; users, accounts and dates; the other version's ids; hashes.  XO11 mints
some refIds, too.  refIds of tasks, namespaces and FAQs, and traitIds stay.
Dialogflow CX: the UUIDs of name members and of phrases, but the reserved
ones, and the project, location and agent in resource paths.
"""
import json
import os
import random
import re
import sys
import uuid

import cx
from package import load

DATES = {"lMod", "lModOn", "lModifiedOn", "lastModifiedOn", "createdOn",
         "updatedOn", "publishedOn"}
USERS = {"lModBy", "createdBy", "updatedBy", "requestedBy", "modifiedBy",
         "lastModifiedBy", "uId", "orgId", "accountId"}
# members whose value is minted, wherever they stand
IDS = {"_id", "groupId", "searchIndexId"}
OTHERS = {"parentId", "publishedCfId"}      # of the other version
HEX = re.compile("[0-9a-f]{24}")
MINTED = re.compile("([a-z]{1,6})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Mint:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.words = {}

    def uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def like(self, word):
        m = MINTED.match(word)
        if m:
            return m.group(1) + "-" + self.uuid() + word[m.end():]
        if HEX.fullmatch(word):
            return "%024x" % self.random.getrandbits(96)
        return self.uuid()

    def new(self, word):
        if isinstance(word, str) and word and word not in self.words:
            self.words[word] = self.like(word)


def gather(mint, value, inside=""):
    """All that is minted by its member's name."""
    if isinstance(value, dict):
        for key, v in value.items():
            # groups of nodes are the dialog's own
            if key in IDS and inside != "groups" or key == "nodeId" and \
                    isinstance(v, str) and v.startswith("smn-"):
                mint.new(v)
            elif key in OTHERS and isinstance(v, str) and MINTED.match(v):
                mint.new(v)
            elif key in USERS and isinstance(v, str):
                mint.new(v)
            elif key == "namespaceIds":
                for n in v:
                    mint.new(n)
            elif isinstance(v, (dict, list)):
                gather(mint, v, key)
    elif isinstance(value, list):
        for v in value:
            if isinstance(v, (dict, list)):
                gather(mint, v, inside)


def refids(mint, app, xo11):
    """refIds that are minted, too: in XO11 alone."""
    if not xo11:
        return
    for language in app.get("smallTalk") or ():
        for g in language.get("groups") or ():
            for n in g.get("nodes") or ():
                mint.new(n.get("refId"))
    for name in ("llmConfiguration", "dialogGPTSettings",
                 "advancedNLSettings", "smartAssistThemes"):
        for e in app.get(name) or ():
            mint.new(e.get("refId"))
    mint.new((app.get("smartAssistBot") or {}).get("refId"))
    for form in app.get("forms") or ():
        for field in form.get("components") or ():
            mint.new(field.get("refId"))
    for flow in app.get("experienceFlows") or ():
        mint.new(flow["callflowDefinition"].get("refId"))


def later(value):
    """A date of the same form, some days after."""
    if isinstance(value, str):
        return re.sub(r"^(\d{3})(\d)-(\d\d)-(\d\d)T", lambda m: "%s%d-%s-%sT"
                      % (m[1], (int(m[2]) + 1) % 10, m[3], m[4]), value)
    return value + 86400 if type(value) is int else value


def exchange(value, words):
    if isinstance(value, dict):
        return {words.get(k, k): later(v) if k in DATES else
                exchange(v, words) for k, v in value.items()}
    if isinstance(value, list):
        return [exchange(v, words) for v in value]
    return words.get(value, value) if isinstance(value, str) else value


def shuffle(mint, app, xo11):
    """What is in any order, or in that of minted ids."""
    def any_order(holder, name):
        if isinstance(holder.get(name), list):
            mint.random.shuffle(holder[name])
        elif isinstance(holder.get(name), dict):
            members = list(holder[name].items())
            mint.random.shuffle(members)
            holder[name] = dict(members)

    for name in ("dialogs", "dialogComponents"):
        if isinstance(app.get(name), list):
            app[name].sort(key=lambda e: e["_id"])
    place = {c["refId"]: i for i, c in enumerate(app["dialogComponents"])}
    if isinstance(app.get("patterns"), list):
        app["patterns"].sort(key=lambda p: place.get(p["refId"], 0))
    for name in ("sceneComponents", "scenes", "contentVariables",
                 "advancedNLSettings"):
        any_order(app, name)
    for language in app.get("smallTalk") or ():
        for g in language.get("groups") or ():
            g["nodes"].sort(key=lambda n: n["nodeId"])
            for n in g["nodes"]:
                any_order(n, "botUtterances")
    if not xo11:
        return
    any_order(app, "botEvents")
    any_order(app, "localeData")
    for flow in app.get("experienceFlows") or ():
        any_order(flow["callflowDefinition"], "steps")
        any_order(flow["callflowDefinition"], "messages")


def kore(package, mint):
    app, xo11 = package.app, package.edition == "xo11"
    gather(mint, app)
    refids(mint, app, xo11)
    # of vendors' apps, the same in all
    for name in ("", "none"):
        mint.words.pop(name, None)
    for name in app.get("exportOptions", {}).get("subTasks") or {}:
        for word in app["exportOptions"]["subTasks"][name] or ():
            mint.new(word)
    config = exchange(package.config, mint.words)
    for v in config.get("envVariables") or ():
        # an import copies variables as they are
        old = [o for o in package.config["envVariables"]
               if o["key"] == v["key"]]
        v["value"] = old[0]["value"]
    app = exchange(app, mint.words)
    for name in ("encryptedHash", "latestEncryptedHash"):
        if isinstance(app.get(name), str):
            app[name] = "%0*x" % (len(app[name]), mint.random.getrandbits(
                4 * len(app[name])))
    shuffle(mint, app, xo11)
    files = dict(package.files)
    for name, doc in ((package.main, app), ("config.json", config)):
        if name in files:
            files[name] = json.dumps(
                doc, indent=4, ensure_ascii=False).encode(
                    "utf-8", "surrogatepass")
    return files


def names(value):
    if isinstance(value, dict):
        for key, v in value.items():
            if key in ("name", "id") and isinstance(v, str) and \
                    cx.cxrefs.UUID.fullmatch(v):
                yield v
            else:
                yield from names(v)
    elif isinstance(value, list):
        for v in value:
            yield from names(v)


def agent(package, mint):
    for r in package.records():
        # what a test case tells of has the names of others
        found = names(r.value) if not r.kind.startswith("testcase") else [
            r.value.get("name")]
        for name in found:
            if name and not cx.RESERVED.fullmatch(name):
                mint.new(name)
    paths = {p: "projects/copy-%s/locations/europe-west1/agents/%s" % (
        mint.uuid()[:8], mint.uuid()) for p in sorted(package.agents)}
    files = {}
    for name, data in package.files.items():
        text = data.decode("utf-8", "surrogateescape")
        if paths and not name.startswith("testCases/v2"):
            text = cx.AGENT.sub(lambda m: paths[m[0]], text)
        text = cx.cxrefs.UUID.sub(
            lambda m: mint.words.get(m[0], m[0]), text)
        files[name] = text.encode("utf-8", "surrogateescape")
    return files


def remint(package, folder, seed=1):
    mint = Mint(seed)
    files = (kore if package.platform == "kore" else agent)(package, mint)
    for name, data in files.items():
        full = os.path.join(folder, name)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)


if __name__ == "__main__":
    remint(load(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))
