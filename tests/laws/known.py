# SPDX-License-Identifier: ISC
"""Breaches that are known and not yet mended: delete a row when it is.

Of each: what the breach looks like, as laws.py prints it, but with ': ' for
the tabs (a regular expression, from the beginning); why it is there; the
shortest merge that shows it, as laws.py takes it, behind BIN; and, if the
row holds for merges with an option alone, what that option has in it.
"""
import re
import shlex

OWN = r"(/\S*(createdBy|createdOn|(modified|lMod|lModified|lastModified)" \
    r"(By|On)?|uId|orgId|accountId)(, |$| and more))"
KNOWN = [
    # ---- the map of Kore.ai
    ("dangle: flow(step|message) cfId leads to no flow",
     "steps and messages are no kinds, their flow's _id is the source's",
     "full xo11:1.1 xo11:0.2"),
    ("dangle: dialoggptsetting searchIndexId|twice: dialoggptsetting|"
     "again: copy: (add|remove|replace) dialoggptsetting",
     "known by its refId, which each copy has anew, not by its language",
     "full xo11:1.1 copy"),
    (r"dangle: event \*\*/linkedBotStreamId|"
     "again: copy: replace event: .*/linkedBotStreamId",
     "no reference in the map",
     "full kore/*travel-n-basic kore/*travel-11"),
    ("dangle: dialog nodes/-/toolInstances/-/nodes/-/componentId|"
     "again: copy: replace dialog: .*/toolInstances/",
     "no reference in the map", "full kore/*travel-n-basic copy"),
    ("dangle: dialog nodes/-/toolInstances/-/toolRefId",
     "no reference in the map",
     "full kore/*travel-n-basic kore/*travel-11 --policy dialog=keep"),
    ("dangle: flowstep taskDefinition/uxoautomation/(refId|taskRefId)",
     "no reference in the map", "full xo11:6.1 xo11:11.0"),
    ("dangle: tool tool_actions/-/action_id",
     "no reference in the map",
     "incremental xo11:4.1 xo11:0.2 --utterances replace"),
    ("again: copy: replace (event|namespace|nlsetting|llmconfig|trait|"
     "dashboard): .*differs: " + OWN,
     "dates and users count, but are each copy's own",
     "full xo10:0.1 copy"),
    ("again: copy: replace nlsetting: .*/refId",
     "XO11 has refId anew in each copy", "full xo11:1.1 copy"),
    ("again: copy: replace smalltalk",
     "ids and order of nodes and texts are each copy's own",
     "full xo10:0.1 copy"),
    ("again: copy: replace utterance: .*differs: /_id$",
     "_id is each copy's own", "full xo10:0.1 copy"),
    ("again: copy: replace form: .*/refId",
     "XO11 has fields' refId anew in each copy",
     "full kore/*travel-n-basic copy"),
    ("again: copy: replace flow: .*differs: /(callflowDefinition|config)/",
     "refId, steps and messages are each copy's own, and in any order",
     "full kore/*travel-n-basic copy"),
    (r"again: copy: replace setting: \w+\.json#/(exportOptions: differs: "
     r"/subTasks/|\w*[eE]ncryptedHash|smartAssist)",
     "ids of the other version, hashes and refIds are each copy's own",
     "full kore/darshana*BotTasks* copy"),
    ("twice: mlparam by its identity",
     "known by its mlpGroupId, too, which differs in each app",
     "incremental kore/gayathri* kore/sheikahamed17__Korebot-CyberAssist"),
    # ---- the engine
    ("twice: smalltalk by its groups",
     "local members of elements go by position, not by element",
     "full xo11:3.2 xo11:3.0"),
    ("dangle: utterance entities/-/entityId",
     "the target's utterance is kept for the source's of its _id, and then "
     "not mended",
     "incremental xo10:9.1 xo10:9.0"),
    ("dangle: dialog nodes/-/transitions/-/default leads to no node",
     "a node goes with its component, but what leads to it is not mended",
     "incremental xo11:8.1 xo11:0.1 --policy component=if-none",
     "--policy"),
    ("again: copy: replace (flow|page|routegroup|agentgroup): .*"
     r"differs: /\S+/name",
     "CX: names of routes and handlers are each copy's own",
     "full dialogflow_cx/fvmach* copy"),
    ("only: (flow|page|routegroup|intent|phrase|entitytype|entity|webhook|"
     "generator|prompt|tool) is (gone|added)",
     "CX: what has another name in the source is renamed all the same",
     "incremental dialogflow_cx/muellners* dialogflow_cx/lamst* "
     "--only tools"),
    ("unpack: (flow|page|routegroup|testcase) refs",
     "CX: references of the envelope are not those of the renamed or "
     "mended component",
     "incremental dialogflow_cx/SshanDSI* dialogflow_cx/lamst*"),
    ("dangle: testcase (currentPage.name|testConfig.page)",
     "CX: the test case's page goes with a flow that is renamed, and it is "
     "neither mended nor removed",
     "incremental dialogflow_cx/SKT*/agent.zip "
     "dialogflow_cx/GoogleCloud*divebooker/agent.zip"),
    (r"pack: pkg-pack exits 3: .*the stream (has no agent|lacks flow:)|"
     r"dangle: \w+ \*\*/(streamId|sId|botId) leads to no app",
     "the policy clear takes the app or agent itself away",
     "incremental cx:0.0 cx:1.0 --policy agent=clear", "=clear"),
    (r"only: \w+ is gone",
     "the policy clear clears what --only leaves out, too",
     "incremental xo10:0.0 same --policy namespace=clear "
     "--only tasks/botTask", "=clear"),
    ("again: second:",
     "what the policy clear takes away is treated otherwise the second time",
     "full xo11:3.2 xo11:11.1 --policy dialog=clear", "=clear"),
    ("again: second:",
     "the policy if-none keeps out what is there in the target, though that "
     "goes with what it belongs to",
     "full xo10:2.1 xo10:10.0 --policy faq=if-none", "=if-none"),
    ("again: second: add",
     "the same with the policies add and union",
     "full cx:1.2 cx:4.0 --policy testcase=add", "--policy"),
]


class Row:
    def __init__(self, pattern, reason, merge, option=""):
        self.pattern, self.reason = re.compile(pattern), reason
        self.merge, self.option = shlex.split(merge), option
        self.count = 0

    def tells_of(self, breach, options):
        return self.option in " ".join(options) and self.pattern.match(
            ": ".join(breach))


ROWS = [Row(*row) for row in KNOWN]


def row_of(breach, options):
    """The row that tells of a breach of a merge with these options."""
    return next((r for r in ROWS if r.tells_of(breach, options)), None)
