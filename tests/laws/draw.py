# SPDX-License-Identifier: ISC
"""Merges, drawn at random or all of them."""
import collections
import os
import random

from bench import CORPUS

CATEGORIES = {
    "kore": """tasks tasks/botTask tasks/forms tasks/knowledgeGraph
        tasks/smallTalk tasks/flows nlpData nlpData/utterances
        nlpData/patterns nlpData/synonyms nlpData/concepts nlpData/traits
        nlpData/nlpSettings nlpData/standardResponses settings
        settings/botSettings settings/botVariables
        settings/genAIandLLMSettings customDashboards""".split(),
    "dialogflow_cx": """flows intents entityTypes webhooks testCases
        playbooks tools generators generativeSettings intents/trainingPhrases
        entityTypes/entities flows/pages""".split(),
}
ACTIONS = "replace replace-all keep add if-none clear union error".split()


def corpus():
    """Real packages, by their paths in the corpus, in order."""
    found = []
    for top in ("kore", "dialogflow_cx", "pairs"):
        for folder, inner, names in os.walk(os.path.join(CORPUS, top)):
            path = os.path.relpath(folder, CORPUS)
            found += [os.path.join(path, n) for n in names
                      if n.endswith(".zip")]
            if {"agent.json", "botDefinition.json",
                    "appDefinition.json"} & set(names):
                found.append(path)
                inner.clear()
    return sorted(found)


def invented():
    return ["%s:%d.%d" % (edition, app, state)
            for edition in ("xo10", "xo11", "cx")
            for app in range(12) for state in range(3)]


def groups(bench, packages):
    """{edition: packages}: those that can be merged."""
    found = collections.defaultdict(list)
    for word in packages:
        found[bench.view(bench.find(word)).app.edition].append(word)
    return found


def options(lots, mode, platform, kinds):
    words = []
    for _ in range(lots.choice((0, 0, 0, 1, 1, 2))):
        policy = "%s=%s" % (lots.choice(kinds), lots.choice(ACTIONS))
        if policy not in ("app=clear", "agent=clear"):  # a usage error
            words += ["--policy", policy]
    if mode == "incremental":
        if lots.random() < 0.3:
            words += ["--only", ",".join(lots.sample(
                CATEGORIES[platform], lots.choice((1, 1, 2, 3))))]
        if platform == "kore":
            for name in ("--utterances", "--patterns"):
                if lots.random() < 0.25:
                    words += [name, lots.choice(("append", "replace"))]
    return words


def one(lots, bench, groups_of):
    """Mode, target, source and options of a merge."""
    group = groups_of[lots.choice(sorted(groups_of))]
    target, mode = lots.choice(group), lots.choice(("full", "incremental"))
    what = lots.random()
    source = "same" if what < 0.1 else "copy:%d" % lots.randint(1, 3) \
        if what < 0.3 else lots.choice(group)
    path = bench.find(target)
    kinds = bench.kinds_of(path) | bench.kinds_of(bench.source(path, source))
    return mode, target, source, options(
        lots, mode, bench.view(path).app.platform, sorted(kinds))


def at_random(seed, bench, packages):
    lots, found = random.Random(seed), groups(bench, packages)
    while True:
        yield one(lots, bench, found)


def every(bench, packages):
    """Each with itself, with its copy, and with each other."""
    for group in groups(bench, packages).values():
        for target in group:
            for source in ["same", "copy"] + group:
                if source != target:
                    for mode in ("full", "incremental"):
                        yield mode, target, source, []
