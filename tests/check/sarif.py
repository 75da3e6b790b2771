#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Whether a document is SARIF 2.1.0, as far as pkg-check writes it.

	sarif.py [FILE]

OBJECTS has what the schema of 2.1.0 says of each object that is used: its
members, which of them must be there, and of what type they are; it allows no
others.  CHECKS is what the standard says beside.
"""
import json
import re
import sys

# object: {member: type}; "!" it must be there, "[]" a list
OBJECTS = {
    "log": {"$schema": "uri", "version!": "version", "runs!": "run[]"},
    "run": {"tool!": "tool", "results": "result[]", "columnKind": "columns"},
    "tool": {"driver!": "component"},
    "component": {"name!": "text", "version": "text", "rules": "rule[]"},
    "rule": {"id!": "text", "shortDescription": "message!",
             "fullDescription": "message!", "defaultConfiguration": "level!"},
    "level!": {"level": "level"},
    "result": {"ruleId": "text", "ruleIndex": "index", "level": "level",
               "message!": "message!", "locations": "location[]"},
    "message!": {"text!": "text"},
    "location": {"physicalLocation": "physical",
                 "logicalLocations": "logical[]"},
    "physical": {"artifactLocation": "artifact", "region": "region"},
    "artifact": {"uri": "uri"},
    "region": {"startLine": "line"},
    "logical": {"fullyQualifiedName": "text"},
}
TYPES = {
    "text": lambda v: isinstance(v, str),
    "uri": lambda v: isinstance(v, str) and re.fullmatch(
        r"(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|\[|\]|%[0-9A-F]{2})+", v),
    "version": lambda v: v == "2.1.0",
    "columns": lambda v: v in ("utf16CodeUnits", "unicodeCodePoints"),
    "level": lambda v: v in ("none", "note", "warning", "error"),
    "index": lambda v: type(v) is int and v >= -1,
    "line": lambda v: type(v) is int and v >= 1,
}
# in a message: braces in pairs are themselves, else they are a placeholder
BRACES = re.compile(r"(?:[^{}]|\{\{|\}\})*")


def check(value, kind, place, wrong):
    if kind.endswith("[]"):
        if not isinstance(value, list):
            wrong.append(place + ": no list")
            return
        for i, v in enumerate(value):
            check(v, kind[:-2], "%s/%d" % (place, i), wrong)
        return
    if kind in TYPES:
        if not TYPES[kind](value):
            wrong.append("%s: no %s: %r" % (place, kind, value))
        return
    if not isinstance(value, dict):
        wrong.append(place + ": no object")
        return
    for member, inner in OBJECTS[kind].items():
        name = member.rstrip("!")
        if name in value:
            check(value[name], inner, place + "/" + name, wrong)
        elif member != name:
            wrong.append("%s: no %s" % (place, name))
    known = {m.rstrip("!") for m in OBJECTS[kind]}
    wrong += ["%s/%s: not known" % (place, m) for m in value if m not in known]


def check_run(run, wrong):
    """Rules are there once, and results have theirs; a path is relative."""
    rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
    if len(set(rules)) != len(rules):
        wrong.append("two rules with one id")
    for i, r in enumerate(run["results"]):
        at = "/results/%d" % i
        if rules[r["ruleIndex"]] != r["ruleId"]:
            wrong.append(at + ": its index is another's")
        if not BRACES.fullmatch(r["message"]["text"]):
            wrong.append(at + ": a placeholder")
        for l in r.get("locations", []):
            uri = l["physicalLocation"]["artifactLocation"]["uri"]
            if uri.startswith("/") or ":" in uri.split("/")[0]:
                wrong.append(at + ": not relative: " + uri)


def main():
    source = open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin
    log, wrong = json.load(source), []
    check(log, "log", "", wrong)
    if not wrong:
        check_run(log["runs"][0], wrong)
    print("\n".join(wrong) if wrong else "%d results" % len(
        log["runs"][0]["results"]))
    return len(wrong) > 0


sys.exit(main())
