/* SPDX-License-Identifier: ISC */
/* kore_dialogs: components, dialogs and scenes, and their training. */
#include "kore.h"

#include <string.h>

#include "json.h"
#include "out.h"
#include "words.h"

/*
 * Components.
 */

static void
put_service(struct app *a, uint64_t c)
{
	put(a, "'endPoint':{'host':'nursery.example','port':'',"
	    "'path':'/v%d/%%7B%%7Benv.NURSERY_PATH%%7D%%7D/plants',"
	    "'protocol':'https','method':'post','connectorEnabled':false,"
	    "'piiDataEnabled':false},'authRequired':false,"
	    "'payload':{'type':'raw','value':%c},'headers':{'type':'raw',"
	    "'value':'{\\\"Content-Type\\\":\\\"application/json\\\"}'},"
	    "'serviceType':'rest','idp':'none','sampleResponse':["
	    "{'isDefault':true,'name':'sampleResponse','response':"
	    "'{\\\"statusCode\\\":200,\\\"body\\\":{\\\"plant\\\":%d}}'}],"
	    "'timeOutError':{'closeConversation':true},"
	    "'serviceAPITimeout':20", c % 3, text(a, COMPONENT, c, 0), c);
}

static void
put_action(struct app *a, uint64_t c)
{
	uint64_t d = c / SLOTS, n = d << 8 | 0xf0;

	put(a, "'nodes':[{'type':'script','nodeId':%i,'componentId':%i,"
	    "'transitions':[{'default':%i,'metadata':{'color':'#676767',"
	    "'connId':%i,'pathName':'','pathsMap':[]}}],"
	    "'positionMeta':{'left':0,'top':200},'level':'root'},",
	    ref(NODE, n), ref(COMPONENT, c - S_ACTION + S_SCRIPT),
	    ref(NODE, n + 1), ref(CONNECTION, n));
	put(a, "{'type':'service','nodeId':%i,'componentId':%i,"
	    "'transitions':[{'default':'end','metadata':{'color':'#676767',"
	    "'connId':%i,'pathName':'','pathsMap':[]}}],"
	    "'positionMeta':{'left':%f,'top':400},'level':'root'}]",
	    ref(NODE, n + 1), ref(COMPONENT, c - S_ACTION + S_SERVICE),
	    ref(CONNECTION, n + 1), n);
}

/* Values until the component has reached its size. */
static void
put_lookup(struct app *a, uint64_t big)
{
	uint64_t start = a->gone + a->used, i;

	lay(a, "'lookupValues':[");
	for (i = 0; a->gone + a->used - start < big; i++)
		put(a, "{'title':%t,'value':'plant_%d','synonyms':[%t]}",
		    text(a, VARIABLE, i << 1, 0), i,
		    text(a, VARIABLE, i << 1 | 1, a->langs - 1));
	lay(a, "]");
}

static void
put_entity(struct app *a, uint64_t c, enum type type)
{
	put(a, "'entityType':%s", S(c == a->dialogs * SLOTS ?
	    "list_of_items_lookup" : type == CHOICE ? "list_of_values" :
	    c % 5 == 0 ? "number" : "description"));
	put_message(a, "message", COMPONENT, c);
	put_message(a, "errorMessage", ENGINE, c);
	if (c == a->dialogs * SLOTS)
		put_lookup(a, a->big);
	lay(a, "'isArray':false");
	if (a->xo11)
		lay(a, "'isTransient':false,"
		    "'generativeAI':{'rephrase':{'enable':false}}");
}

static void
put_generative(struct app *a, uint64_t c)
{
	put(a, "'generativeAI':{'model':'leaf-2','prompt':%m,"
	    "'temperature':0.5,'exitScenarios':[%t]}",
	    text(a, COMPONENT, c, 0), text(a, CHANCE, c, 0));
}

/* What only components of its type have. */
static void
put_special(struct app *a, uint64_t c, enum type type)
{
	switch (type) {
	case INTENT:
		put(a, "'dialogId':%i", ref(DIALOG, c / SLOTS));
		break;
	case ENTITY: case CHOICE:
		put_entity(a, c, type);
		break;
	case MESSAGE: case CONFIRM:
		put_message(a, "message", COMPONENT, c);
		break;
	case SCRIPT:
		put(a, "'script':%c", text(a, COMPONENT, c, 0));
		break;
	case ACTION:
		put_action(a, c);
		break;
	case SERVICE:
		put_service(a, c);
		break;
	case GENERATIVE:
		put_generative(a, c);
		break;
	case TRANSFER:
		lay(a, "'containmentType':'agenttransfer'");
		break;
	case DYNAMIC:
		lay(a, "'intentPath':'{{context.currentIntent}}'");
		break;
	case FORMTYPE:
		put_message(a, "message", COMPONENT, c);
		put_message(a, "submitMessage", FORM, c);
		put(a, "'resourceId':%r,'rtmRenderType':'pop-up'",
		    ref(FORM, c / SLOTS / 6));
		break;
	case SUBINTENT: case LOGIC:
		break;
	}
}

static void
put_labels(struct app *a, uint64_t c, enum type type)
{
	uint64_t l, d = c / SLOTS;

	lay(a, "'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:{", S(languages[l]));
		if (type == INTENT)
			put(a, "'desc':'','intent':%N", d);
		else if (type == SUBINTENT)
			put(a, "'desc':'','intent':%C", c);
		else
			put(a, "'label':%C", c);
		if (type == INTENT && d % 9 == 1)
			put(a, "'traitRules':[['trait_%d_0'],"
			    "['trait_0_1','trait_1_2']]", d % traits(a));
		if (type == CHOICE)
			put(a, "'allowedValues':{'values':[{'title':%t,"
			    "'value':'yes','synonyms':[%t,'1']},{'title':%t,"
			    "'value':'no','synonyms':[]}]}",
			    text(a, COMPONENT, c << 2, l),
			    text(a, COMPONENT, c << 2 | 1, l),
			    text(a, COMPONENT, c << 2 | 2, l));
		lay(a, "}");
	}
	lay(a, "}");
}

static void
put_component(struct app *a, uint64_t c)
{
	enum type type = component_type(a, c);

	put(a, "{'_id':%i,'refId':%r,'name':%C,'piiDataEnabled':false,"
	    "'serviceNodeType':'custom','type':%s", ref(COMPONENT, c),
	    ref(COMPONENT, c), c, S(types[type].type));
	put_special(a, c, type);
	lay(a, "'applyDefaultTemplate':false");
	put_labels(a, c, type);
	lay(a, "'entityFields':{'cityAdvanced':[]}");
	if (a->mode == TWIN)
		put(a, "'parentId':%p", ref(COMPONENT, c));
	lay(a, "'spellcorrectThreshold':0,'preConditions':[],'vNameSpace':[");
	if (c % 8 == 0)
		put(a, "%r", ref(NAMESPACE, 0));
	lay(a, "],'useTaskLevelNs':true,'isSensitive':false}");
}

/* Sorted by id. */
void
put_components(struct app *a)
{
	uint64_t i;

	lay(a, "'dialogComponents':[");
	for (i = 0; i < a->components; i++)
		put_component(a, permute(a, i, isdev(a), true));
	lay(a, "]");
}

static void
put_pattern(struct app *a, uint64_t c)
{
	enum type type = component_type(a, c);
	uint64_t l;

	if (strcmp(types[type].type, "intent") != 0 &&
	    strcmp(types[type].type, "entity") != 0)
		return;
	lay(a, "{'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:{", S(languages[l]));
		if (c % 3 != 1)
			put(a, "'patterns':[{'value':'~care *2 %s',"
			    "'original':'~care *2 %s'}]",
			    S(lexicon[l][c % WORDS]),
			    S(lexicon[l][c % WORDS]));
		lay(a, "}");
	}
	put(a, "},'refId':%r,'taskName':%C,'taskType':%s,"
	    "'nodeType':'dialog'}", ref(COMPONENT, c), c,
	    S(types[type].type));
}

void
put_patterns(struct app *a)
{
	uint64_t c;

	lay(a, "'patterns':[");
	for (c = 0; c < a->components; c++)
		put_pattern(a, c);
	lay(a, "]");
}

static void
put_sentence(struct app *a, uint64_t n, uint64_t c)
{
	uint64_t lang = n % a->langs, start;

	put(a, "{'_id':%h,'taskId':%i,'sentence':", ref(SENTENCE, n),
	    ref(COMPONENT, c));
	before(a);
	str(a, "\"");
	start = words(a, text(a, SENTENCE, n, lang), 3 + n % 7, false) + 1;
	str(a, " ");
	decimal(a, 100000 + n % 900000);
	str(a, "\"");
	put(a, "'taskName':%C,'type':'DialogIntent','entities':[", c);
	if (n % 5 == 0)
		put(a, "{'startIndex':%d,'endIndex':%d,'entityId':%i}", start,
		    start + 6, ref(COMPONENT, c / SLOTS * SLOTS + S_ENTITY));
	put(a, "],'language':%s}", S(languages[lang]));
}

/* The utterances of each intent, then those that make up the size. */
void
put_sentences(struct app *a)
{
	uint64_t c, i, n = 0;

	lay(a, "'sentences':[");
	for (c = 0; c < a->components; c++)
		if (strcmp(types[component_type(a, c)].type, "intent") == 0)
			for (i = 0; i < a->utterances; i++)
				put_sentence(a, n++, c);
	for (i = 0; i < a->extra; i++)
		put_sentence(a, n++, i % a->dialogs * SLOTS + S_INTENT);
	lay(a, "]");
}

/*
 * Dialogs.
 */

static void
put_options(struct app *a, uint64_t d, const struct node *n)
{
	lay(a, "'nodeOptions':{'customTags':{'session':[],'message':[],"
	    "'user':[]},'transitionType':'auto','isRetriesExceeded':false,"
	    "'promptOptions':'required','reuseMarkedupPhrases':false,"
	    "'interruptOptions':{'priority':'task'},"
	    "'transitionMode':'initiateCurrentTask',"
	    "'inputHandlingOptions':'useAsEntityValue','reuseOptions':'1',"
	    "'userInputCorrection':true,'noAutoCorrection':false,"
	    "'notForReuse':false,'contextTags':[]");
	if (n->type == ENTITY) {
		lay(a, "'precedence':'entityOverIntent','eventOptions':"
		    "{'defaultMaxRetry':{'retry_limit':5,'action':");
		if (d % 10 == 4)
			put(a, "'executeNode','ref':%s", S(n->id));
		else
			lay(a, "'endOfDialog'");
		lay(a, "}}");
	}
	lay(a, "},'vNameSpace':[],'preConditions':[],'useTaskLevelNs':true");
}

static void
put_condition(struct app *a, uint64_t d, const struct node *n)
{
	if (n->type == ENTITY)
		put(a, "'if':{'field':%s,'op':'eq','value':'fern'}", S(n->id));
	else if (n->type == CONFIRM)
		lay(a, "'if':{'dialogAct':'yes'}");
	else if (n->type == MESSAGE && d % 16 == 3)
		put(a, "'if':{'context':'context.FollowupIntents',"
		    "'op':'cnt','value':%r}",
		    ref(COMPONENT, other(a, LINK, d, 9) * SLOTS));
	else if (n->type == MESSAGE && d % 7 == 1)
		lay(a, "'if':{'conjoin':'or','tests':[{'context':"
		    "'context.n1','op':'eq','value':'1'},{'context':"
		    "'context.basket','op':'exists','value':''}]}");
	else
		lay(a, "'if':{'context':'context.n1','op':'neq',"
		    "'value':'0'}");
}

static void
put_transitions(struct app *a, uint64_t d, const struct node *n,
    const char *next)
{
	uint64_t connection = n->component << 4;

	lay(a, "'transitions':[");
	if (n->type != INTENT && n->type != ACTION) {
		lay(a, "{");
		put_condition(a, d, n);
		put(a, "'then':%s,'metadata':{'color':'#299d8e',"
		    "'connId':%i,'pathName':'','pathsMap':[]},"
		    "'userUtterance':%t}", S(next), ref(CONNECTION, connection),
		    text(a, NODE, connection, 0));
	}
	if (n->type == CONFIRM)
		put(a, "{'if':{'dialogAct':'no'},'then':'end','metadata':"
		    "{'color':'#676767','connId':%i,'pathName':'',"
		    "'pathsMap':[]},'userUtterance':'No'}",
		    ref(CONNECTION, connection + 1));
	else
		put(a, "{'default':%s,'metadata':{'color':'#676767',"
		    "'connId':%i,'pathName':'','pathsMap':[]}}", S(next),
		    ref(CONNECTION, connection + 2));
	lay(a, "]");
}

static void
put_node(struct app *a, uint64_t d, const struct node *n, const char *next)
{
	uint64_t inner = d << 8 | 0xf0, c = n->component;

	lay(a, "{");
	put_options(a, d, n);
	put(a, "'nodeId':%s,'type':%s,'componentId':%i", S(n->id),
	    S(types[n->type].type), ref(COMPONENT, c));
	put_transitions(a, d, n, next);
	put(a, "'positionMeta':{'left':%f,'top':%f}", c << 8 | d % 256,
	    (c << 8 | d % 256) + 1);
	if (n->type == ACTION)
		put(a, "'nodes':[{'type':'script','componentId':%i,"
		    "'level':'root','nodeId':%i,'nodeOptions':"
		    "{'transitionType':'auto'}},{'type':'service',"
		    "'componentId':%i,'level':'root','nodeId':%i,"
		    "'nodeOptions':{'transitionType':'auto'}}]",
		    ref(COMPONENT, c - S_ACTION + S_SCRIPT), ref(NODE, inner),
		    ref(COMPONENT, c - S_ACTION + S_SERVICE),
		    ref(NODE, inner + 1));
	if (n->flow > 0)
		put(a, "'flowTaskId':%r", ref(DIALOG, n->flow - 1));
	lay(a, "}");
}

/* The second copy of the graph in XO11: its components lead nowhere. */
static void
put_sequence(struct app *a, uint64_t d, const struct node *n)
{
	put(a, "'isCSAT':false,'sequences':[{'name':'Main','nodeId':%i,"
	    "'nodes':[{'nodeId':%s,'componentId':%i,'type':%s},"
	    "{'nodeId':%s,'componentId':%i,'type':%s}],'transitions':[]}]",
	    ref(NODE, d << 8 | 0xff), S(n[0].id), ref(STALE, d << 1),
	    S(types[n[0].type].type), S(n[1].id), ref(STALE, d << 1 | 1),
	    S(types[n[1].type].type));
}

static void
put_dialog(struct app *a, uint64_t d)
{
	struct node n[MAXNODES];
	unsigned i, count = list_nodes(a, d, n);
	uint64_t l;

	put(a, "{'_id':%i,'refId':%r,'nodes':[", ref(DIALOG, d),
	    ref(DIALOG, d));
	for (i = 0; i < count; i++)
		put_node(a, d, &n[i], i + 1 < count ? n[i + 1].id :
		    d % 3 == 0 ? "" : "end");
	put(a, "],'lname':%L,'isHidden':%b,'localeData':{", d, d % 50 == 49);
	for (l = 0; l < a->langs; l++)
		put(a, "%s:{'name':%N,'shortDesc':%t}", S(languages[l]), d,
		    text(a, DIALOG, d, l));
	lay(a, "},'groups':[");
	if (d % 20 == 1)
		put(a, "{'_id':%h,'name':'Group Name','nodes':[%s],"
		    "'subIntents':[]}", ref(CHANCE, d), S(n[2].id));
	lay(a, "],'isFollowUp':false,'interruptOptions':{'priority':'bot'},"
	    "'contextLifeTime':{'options':'close'},"
	    "'onTaskFailure':{'msg':[],'enabled':false},"
	    "'amendConfig':{'priority':'bot'}");
	if (a->xo11)
		put_sequence(a, d, n);
	else if (d % 5 != 4)
		put(a, "'sceneRefId':%r", ref(SCENE, d));
	put(a, "'vNameSpace':[%r]}", ref(NAMESPACE, 0));
}

void
put_dialogs(struct app *a)
{
	uint64_t d;

	lay(a, "'dialogs':[");
	for (d = 0; d < a->dialogs; d++)
		put_dialog(a, d);
	lay(a, "]");
}

static void
put_scene(struct app *a, uint64_t d)
{
	put(a, "{'_id':%i,'botstoreInfo':[{'type':'interactive',"
	    "'isSecured':false,'link':%x}],'components':{%i:{'childs':[],"
	    "'seqId':'Id1'}},'currentSeqId':1,'description':%t,"
	    "'dialogRefId':%r,'name':%N,'refId':%r,'sceneLinkedBy':[],"
	    "'sceneType':'dialogScene','status':'In Progress','streamId':%i,"
	    "'tags':[],'widgetThemeId':'wth-00000000000000000000001a',"
	    "'dialogLinks':{%i:{'dialogRefId':%r}},'resourceid':'scenes'}",
	    ref(SCENE, d), ref(SCENE, d), ref(SCENENOTE, d),
	    text(a, SCENE, d, 0), ref(DIALOG, d), d, ref(SCENE, d),
	    ref(APP, 0), ref(SCENENOTE, d), ref(DIALOG, d));
}

void
put_scenes(struct app *a)
{
	uint64_t d, count = a->xo11 ? 0 : a->dialogs;

	lay(a, "'scenes':[");
	for (d = 0; d < count; d++)
		if (d % 5 != 4)
			put_scene(a, d);
	lay(a, "],'sceneComponents':[");
	for (d = 0; d < count; d++)
		if (d % 5 != 4)
			put(a, "{'_id':%i,'state':0,'type':'note','msg':"
			    "{'type':'text','payload':{'text':%t}},"
			    "'sceneId':%i,'streamId':%i,'comments':[],"
			    "'refId':%r}", ref(SCENENOTE, d),
			    text(a, SCENENOTE, d, 0), ref(SCENE, d),
			    ref(APP, 0), ref(SCENENOTE, d));
	lay(a, "],'widgetThemes':[");
	if (!a->xo11)
		lay(a, "{'_id':'wth-00000000000000000000001a',"
		    "'theme':'Moss theme','widgetBgColor':'#F1F8E9',"
		    "'widgetTextColor':'#1B5E20','isdefaultWidget':true}");
	lay(a, "]");
}
