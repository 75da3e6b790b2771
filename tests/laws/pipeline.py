#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""pipeline.py BIN PACKAGE ...: the first pipeline of README, a table.

Each package, an export of Kore.ai, is unpacked, filtered (published, then
latest), selected by a request of all there is, merged into an app without a
task, and packed.  Tasks are counted in the files that go in and come out.  A
line for each, with tabs:

    package, status words (each with its number of places), mode, dialogs
    before and after, all tasks before and after, the exit statuses that are
    not 0, by their tool, or -

Exits 1, after a message, if all dialogs or all tasks are gone and no tool
says so by its exit status; if a package is written though one does; if a
tool ends with another status than 0 or 1, but those behind it; or if what
is published throughout loses a task.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

from package import read_files

TOOLS = ["pkg-unpack", "pkg-filter-status", "pkg-select", "pkg-merge",
         "pkg-pack"]
LINE = """
pkg-unpack -q "$1" | pkg-filter-status -q "$2" |
pkg-select -q --request "$3" | pkg-merge -q incremental --into "$4" |
pkg-pack -q -o "$5"
echo "${PIPESTATUS[@]}"
"""
TASKS = ("actions", "alerts", "forms", "knowledgeTasks",
         "smallTalk", "experienceFlows")
# where an export tells a status
STATES = [("mlParams", "state"), ("traits", "state"),
          ("advancedNLSettings", "state"), ("namespaces", "status"),
          ("llmConfigsForStream", "state")]
REQUEST = {"exportOptions": {
    "settings": ["botSettings", "botVariables", "ivrSettings",
                 "genAIandLLMSettings"],
    "tasks": ["botTask", "knowledgeGraph", "smallTalk", "forms", "flows"],
    "nlpData": ["nlpSettings", "utterances", "patterns",
                "standardResponses", "traits", "synonyms", "concepts"]}}


def definition(path):
    files = read_files(path)
    name = next(n for n in ("botDefinition.json", "appDefinition.json")
                if n in files)
    return name, json.loads(files[name].decode("utf-8-sig", "surrogatepass"),
                            strict=False)


def counts(app):
    """Dialogs, and all tasks.  Those of an export of NLP data are stubs
    without nodes, no tasks."""
    dialogs = [d for d in app.get("dialogs") or () if "nodes" in d]
    return len(dialogs), len(dialogs) + sum(
        len(app.get(t) or ()) for t in TASKS)


def words(app):
    return collections.Counter(
        e[member] for key, member in STATES for e in app.get(key) or ()
        if isinstance(e.get(member), str))


class Table:
    def __init__(self, tools, folder):
        self.folder, self.wrong = folder, 0
        self.env = dict(os.environ, PATH=tools + ":" + os.environ["PATH"])
        self.request = os.path.join(folder, "export.json")
        with open(self.request, "w", encoding="utf-8") as f:
            json.dump(REQUEST, f)

    def empty(self, name):
        """The stream of an app without a task."""
        stream = os.path.join(self.folder, name + ".nd")
        if not os.path.exists(stream):
            package = os.path.join(self.folder, name)
            os.mkdir(package)
            with open(os.path.join(package, name), "w",
                      encoding="utf-8") as f:
                json.dump({"_id": "st-0", "refId": "empty"}, f)
            with open(stream, "wb") as f:
                subprocess.run(["pkg-unpack", "-q", package], check=True,
                               stdout=f, env=self.env)
        return stream

    def row(self, path, mode):
        name, app = definition(path)
        out = os.path.join(self.folder, "next.zip")
        done = subprocess.run(
            ["bash", "-c", LINE, "sh", path, mode, self.request,
             self.empty(name), out], check=True, env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        ends = [(tool, int(n)) for tool, n in zip(
            TOOLS, done.stdout.split()) if int(n)]
        before, after = counts(app), (0, 0)
        if os.path.exists(out):
            after = counts(definition(out)[1])
            os.remove(out)
            if ends:
                self.say(path, mode, "a package though a tool failed")
        states = words(app)
        print("\t".join([
            os.path.basename(path.rstrip("/")),
            " ".join("%s:%d" % s for s in sorted(states.items())) or "-",
            mode, "%d %d" % (before[0], after[0]),
            "%d %d" % (before[1], after[1]),
            " ".join("%s %d" % e for e in ends) or "-"]))
        self.judge(path, mode, before, after, ends,
                   done.stderr.decode(errors="replace"))

    def judge(self, path, mode, before, after, ends, said):
        if ends and (ends[0][1] != 1 or not said):
            self.say(path, mode, "%s exits %d: %s" % (*ends[0], said))
        if not ends and any(b and not a for b, a in zip(before, after)):
            self.say(path, mode, "the tasks are gone, and no tool says so")
        if mode == "latest" and (ends or after != before):
            self.say(path, mode, "an export of one version loses tasks")
        if mode == "published" and not ends and after != before:
            self.say(path, mode, "a published export loses tasks")

    def say(self, path, mode, what):
        self.wrong += 1
        print("%s, %s: %s" % (path, mode, what), file=sys.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        table = Table(os.path.abspath(sys.argv[1]), folder)
        for path in sys.argv[2:]:
            for mode in ("published", "latest"):
                table.row(path, mode)
    return 1 if table.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
