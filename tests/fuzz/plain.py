# SPDX-License-Identifier: ISC
"""Invented Avaamo agents, and packages about which nothing is known."""
import re

from .model import Kind, Platform

IDS = "key|uuid|id|_id|name|display_name"
AVAAMO = [
    # member, category, full, incremental
    ("skills", "skills", "replace-all", "replace"),
    ("intents", "skills/intents", "replace-all", "replace"),
    ("entities", "entities", "replace-all", "replace"),
    ("js_files", "javascript", "replace-all", "replace"),
    ("env_variables", "environmentVariables", "if-none", "if-none"),
    ("answers", "answers", "clear", "clear"),
    ("llamb_skills", "llamb", "replace-all", "replace"),
    ("channels", "channels", "keep", "keep"),
    ("permissions", "permissions", "keep", "keep"),
    ("personas", "notifications", "keep", "keep"),
    ("things", "", "replace-all", "replace"),
]


def rows(members):
    found = [Kind(name, r".*\.json", "/%s/-" % name, IDS, category=category,
                  full=full, part=part)
             for name, category, full, part in members]
    found.append(Kind("element", r".*\.json", "/-", IDS))
    return found


class Plain(Platform):
    minted = re.compile(r"never-minted")
    policies = ("member", "skill", "intent", "item", "element")
    files = ("agent.json", "skills/a.json", "skills/b.json", "data/list.json",
             "data/other.json")

    def __init__(self, name):
        self.name = name
        self.map = ["-p", name]
        members = AVAAMO if name == "avaamo" else [
            (m, "", "replace-all", "replace") for m, _, _, _ in AVAAMO]
        self.kinds = rows(members)
        self.members = [m for m, _, _, _ in members]
        self.optional = self.members
        self.categories = [c for _, c, _, _ in members if c]
        self.parts = ("thing", "thing", "thing", "element", "member", "text",
                      "empty")

    decode = staticmethod(str)

    @staticmethod
    def may_go(c):
        return True

    def case(self, w, package):
        return False

    def invent(self, w):
        package = {"agent.json": {"name": "Agent", "platform_version": "7"}}
        for part in w.some(w.parts(self) * 5, 1, 12):
            w.attempt(self.add, w, package, part)
        return package

    def thing(self, w):
        value = w.thing(text=w.r.choice(["a", "1.10", None]))
        value[w.r.choice(IDS.split("|"))] = w.new("id")
        w.shuffle_members(value)
        return value

    def add_thing(self, w, package):
        doc = package.setdefault(w.r.choice(self.files[:3]), {})
        w.grow(doc.setdefault(w.r.choice(self.members), []), self.thing(w))

    def add_element(self, w, package):
        w.grow(package.setdefault(w.r.choice(self.files[3:]), []),
               self.thing(w))

    def add_member(self, w, package):
        doc = package.setdefault(w.r.choice(self.files[:3]), {})
        doc[w.r.choice(["size", "web_channel", "a/b", "-", "live_agent"])] = \
            w.r.choice([1, {"a": []}, None, w.new("v"), {}])

    def add_text(self, w, package):
        package[w.r.choice(["x.js", "y.js"])] = w.new("text")

    def add_empty(self, w, package):
        package.setdefault(w.r.choice(self.files), w.r.choice([{}, []]))

    def move(self, w, package, c):
        """To another file."""
        file = w.r.choice(self.files[:3])
        if len(c.at) != 2 or file == c.file:
            return False
        w.take(package, c)
        w.grow(package.setdefault(file, {}).setdefault(c.at[0], []), c.value)
        return True
