# SPDX-License-Identifier: ISC
"""What an app of Kore.ai holds, in tables: kinds, words, references."""


def dig(value, steps, i=0):
    """All values at a path, '-' any element, '*' any member, '#' keys."""
    if i == len(steps):
        yield value
        return
    step = steps[i]
    if step == "-":
        if isinstance(value, list):
            for v in value:
                yield from dig(v, steps, i + 1)
    elif step == "*":
        if isinstance(value, dict):
            for v in value.values():
                yield from dig(v, steps, i + 1)
    elif step == "#":
        if isinstance(value, dict):
            yield from value
    elif step == ".":
        yield value
    elif isinstance(value, dict) and step in value:
        yield from dig(value[step], steps, i + 1)


def texts(value, path):
    return [v for v in dig(value, path) if isinstance(v, str) and v]


# Under each category: kind, place ('-' any element, '*' any member),
# identity.  That is members of the element; '^' what it stands in; '#' its
# key; '.' itself; '=' none but its place; with '|' the first that is there.
KINDS = """
= tasks/botTask
dialog              /dialogs/-               refId
component           /dialogComponents/-      refId
scene               /scenes/-                refId
scenecomponent      /sceneComponents/-       refId
action              /actions/-               refId|_id
alert               /alerts/-                refId|_id
widget              /widgets/-               refId
panel               /panels/-                refId
tool                /tools/-                 refId
= tasks/forms
form                /forms/-                 refId
formfield           /forms/-/components/-    ^ name
= tasks/knowledgeGraph
knowledge           /knowledgeTasks/-        refId language
faq                 /knowledgeTasks/-/faqs/faqs/-  ^ refId
= tasks/smallTalk
smalltalk           /smallTalk/-             language
= tasks/flows
flow                /experienceFlows/-       config/name
flowstep            /experienceFlows/-/callflowDefinition/steps/-  ^ refId
flowmessage         /experienceFlows/-/callflowDefinition/messages/-  ^ refId
= nlpData/utterances
utterance           /sentences/-             _id
= nlpData/patterns
pattern             /patterns/-              refId
= nlpData/traits
trait               /traits/-                refId language
= nlpData/nlpSettings
mlparam             /mlParams/-              language type
dialogintent        /mlParams/-/dialogIntents/-  ^ .
nlsetting           /advancedNLSettings/-    configurationKeyName language mlpGroupId
event               /botEvents/*             #
sentimentevent      /botSentimentEvents/-    name
= nlpData/standardResponses
standardresponse    /koraResponses/-         refId|Key|key|name language
= settings/botVariables
envvariable         config:/envVariables/-   key
contentvariable     /contentVariables/-      key
= settings/botSettings
namespace           /namespaces/-            name
idp                 /idpConfigurations/-     refId|_id|name
translationengine   /translationEngines/-    refId
channel             /channels/-              type displayName
piipattern          /pii_patterns/-          pii_type|name|refId
prebuiltintegration /preBuiltIntegrations/-  refId|_id|name|integrationName
confidenceconfig    /confidenceConfigs/-     mode
nluadapter          /externalNluAdapters/-   refId|_id|name
survey              /feedbackSurveys/-       refId|_id|name
smartassisttheme    /smartAssistThemes/-     theme
= settings/genAIandLLMSettings
llmconfig           /llmConfigsForStream/-   =
llmfeature          /llmConfigsForStream/-/featureList/-  ^ name
integration         /llmConfigsForStream/-/integrations/*  ^ #
llmconfiguration    /llmConfiguration/-      =
llmfeature          /llmConfiguration/-/featureList/-  ^ name
guardrail           /llmConfiguration/-/guardrailsList/-  ^ id|name
integration         /llmConfiguration/-/integrations/*  ^ #
prompt              /promptLibraries/-       refId
dialoggptsetting    /dialogGPTSettings/-     language
= app
locale              /localeData/*            #
widgettheme         /widgetThemes/-          theme
= nlpData/concepts
concept             /localeData/*/synonyms/*  ^ #
= customDashboards
dashboard           /customDashboards/-      refId
"""
# what is no kind of its own unless the stream has some of it
OPTIONAL = {"formfield", "flowstep", "flowmessage", "smartassisttheme"}

APP = set("""refId purpose type defaultLanguage supportedLanguages
    languagePreferences interruptOptions defaultDialogId
    multiLingualConfigurations environmentVersionInfo exportOptions
    encryptedHash latestEncryptedHash unexportedTasks paramMaps
    taskDgParamMaps customTemplates isNLEnabled detectMultiIntent
    isCsMatchEnabled""".split())
VOICE = {"ivrSettings", "twilioVoiceSettings", "audioCodesSettings",
         "korevgSettings"}
NLP = {"enableNegativePatterns", "enableAutoUtteranceAddition"}

# words by which references find a record: member, place of the word
WORDS = """
dialog _id, refId        component _id, refId     scene _id, refId
scenecomponent _id       form refId               widget refId
tool refId               widgettheme _id          namespace refId, _id
translationengine refId  flow callflowDefinition/_id
flowstep _id, refId      flowmessage _id, refId   formfield refId
smartassisttheme refId   integration #            trait traits/#
survey name              knowledge refId          faq refId
utterance _id            pattern refId            trait _id
nlsetting _id, refId     namespace refId, _id     dashboard _id, refId
panel refId              llmconfig _id            dialoggptsetting refId
llmconfiguration refId   smalltalk groups/-/groupId
smalltalk groups/-/nodes/-/nodeId                 smalltalk groups/-/nodes/-/refId
"""

# kind of the holder, path, kind of the target, its word, mark.
# '?' may lead nowhere, '^' the word is known in the same parent alone
REFS = """
dialog nodes/-/componentId                        component _id
dialog nodes/-/nodes/-/componentId                component _id
dialog nodes/-/flowTaskId                         dialog refId
dialog nodes/-/dialogRefId                        dialog refId
dialog nodes/-/toolInstances/-/toolRefId          tool refId
dialog nodes/-/toolInstances/-/nodes/-/componentId component _id
dialog sceneRefId                                 scene refId
dialog generatedFrom/resourceId                   form refId ?
component nodes/-/componentId                     component _id
component localeData/*/traitRules/-/-             trait traits/#
component generativeAI/*/integrationName          integration # ?
scene dialogRefId                                 dialog refId
scene dialogLinks/*/dialogRefId                   dialog refId
scene components/#                                scenecomponent _id
scene dialogLinks/#                               scenecomponent _id
scene widgetThemeId                               widgettheme _id
scenecomponent sceneId                            scene _id
utterance taskId                                  component _id
utterance entities/-/entityId                     component _id
pattern refId                                     component refId
dialogintent .                                    dialog refId
event task                                        dialog refId
sentimentevent task                               dialog refId
panel widgets/-                                   widget refId
form integrations/-/resourceId                    dialog refId
form integrations/-/resourceMeta/componentId      component refId
formfield metaData/validationDependents/-         formfield refId ^
formfield metaData/visibilityDependents/-         formfield refId ^
formfield metaData/visibilityRules/simpleRules/rules/-/rules/-/field formfield refId ^
faq dialogRefId                                   dialog refId
knowledge taxonomy/-/traitRule/-/-                trait traits/#
piipattern mappedEntities/-                       component _id ?
tool tool_actions/-/action_id                     component refId
flow config/cfId                                  flow callflowDefinition/_id
flowstep cfId                                     flow callflowDefinition/_id
flowmessage cfId                                  flow callflowDefinition/_id
flowstep connections/-/nextStep                   flowstep _id ^
flowstep rules/-/nextStep                         flowstep _id ^
flowstep taskDefinition/onSuccess/nextStep        flowstep _id ^
flowstep taskDefinition/onFailure/nextStep        flowstep _id ^
flowstep taskDefinition/onErrorConfig/nextStep    flowstep _id ^
flowstep taskDefinition/onAgentTransfer/nextStep  flowstep _id ^
flowstep taskDefinition/onReturnAutomation/nextStep flowstep _id ^
flowstep taskDefinition/messageToUser             flowmessage _id ^
flowstep taskDefinition/onErrorConfig/cfMessageId flowmessage _id ^?
flowstep taskDefinition/uxoautomation/refId       dialog refId
flowstep taskDefinition/uxoautomation/taskRefId   dialog refId
llmfeature integration                            integration # ?
dialoggptsetting dialogGPTLLMConfig/integration   integration # ?
setting:defaultDialogId .                         dialog refId
setting:translationEngineId .                     translationengine refId
setting:ivrSettings callTerminationHandler        dialog refId
setting:twilioVoiceSettings callTerminationHandler dialog refId
setting:audioCodesSettings callTerminationHandler dialog refId
setting:korevgSettings callTerminationHandler     dialog refId
locale ivrSettings/callTerminationHandler         dialog refId
locale twilioVoiceSettings/callTerminationHandler dialog refId
locale korevgSettings/callTerminationHandler      dialog refId
setting:vNameSpace -                              namespace _id ?
setting:krVNameSpace -                            namespace refId ?
setting:evVNameSpace -                            namespace refId ?
setting:smartAssistBot theme                      smartassisttheme refId ?
setting:exportOptions subTasks/dialogs/-          dialog _id ?
setting:exportOptions subTasks/experienceFlows/-  flow callflowDefinition/_id ?
survey dialogName                                 dialogname . ?
"""
# what a step may lead to beside steps, and what a node may
NOWHERE = {"", "dummy", "end", "END", "retToFlow"}
# they hold the app's _id wherever they stand, but for the last
OF_APP = {"streamId", "sId", "botId"}




def table(text):
    return [line.split() for line in text.strip().splitlines()]


def words_table(text):
    out, words = {}, text.split()
    i = 0
    while i < len(words):
        kind = words[i]
        i += 1
        while True:
            word = words[i]
            i += 1
            path = word.rstrip(",")
            if path not in out.setdefault(kind, []):
                out[kind].append(path)
            if not word.endswith(","):
                break
    return out


class Row:
    def __init__(self, category, kind, place, *identity):
        self.category, self.kind = category, kind
        self.config = place.startswith("config:")
        self.place = place.split(":")[-1]
        self.steps = self.place[1:].split("/")
        self.identity = identity
        self.inner = []     # rows right inside

    def ident(self, value, key, parent):
        out = []
        for part in self.identity:
            if part == "^":
                out += parent.id if parent else ()
            elif part == "#":
                out.append(key)
            elif part == ".":
                out.append(value)
            elif part == "=":
                out.append("the only one")
            else:
                for name in part.split("|"):
                    found = [v for v in dig(value, name.split("/"))
                             if not isinstance(v, (dict, list))]
                    if found and found[0] is not None:
                        out.append(str(found[0]))
                        break
                else:
                    out.append("")
        return tuple(out)


def rows():
    """Those of KINDS."""
    for line in table(KINDS):
        if line[0] == "=":
            category = line[1]
        else:
            yield Row(category, *line)


ROWS = list(rows())
WORD = words_table(WORDS)
REFROWS = {}
for _line in table(REFS):
    REFROWS.setdefault(_line[0], []).append(
        (_line[1].split("/"), _line[1], _line[2], _line[3],
         _line[4] if len(_line) > 4 else ""))
TOP = {}
for _row in ROWS:
    if len(_row.steps) == 2:
        TOP[_row.config, _row.steps[0]] = _row
    else:
        _owner = next(r for r in ROWS if len(r.steps) < len(_row.steps) and
                      _row.steps[:len(r.steps)] == r.steps)
        _owner.inner.append(_row)


def category_of(name):
    if name in APP:
        return "app"
    if name in VOICE:
        return "settings/ivrSettings"
    if name in NLP:
        return "nlpData/nlpSettings"
    return "AgentAI" if name == "agentAssistExport" else \
        "settings/botSettings"
