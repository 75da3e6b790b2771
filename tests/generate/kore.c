/* SPDX-License-Identifier: ISC */
/* kore: the whole definition, and all of it but tasks. */
#include "kore.h"

#include "json.h"
#include "out.h"
#include "words.h"

/*
 * Settings.
 */

static void
put_identity(struct app *a)
{
	put(a, "'_id':%i,'refId':%r,'notifyUserViaEmail':true,"
	    "'purpose':'customer','hasTenant':false,'hasUserEndpoint':false,"
	    "'offKoraConfirmation':false,'skipMakeEditLinks':false,"
	    "'type':'default','variables':[],'showInMp':false,"
	    "'defaultLanguage':'en','supportedLanguages':['en'",
	    ref(APP, 0), ref(APP, 0));
	if (a->langs > 1)
		lay(a, "'de'");
	lay(a, "],'languagePreferences':{'type':'perVolley'},"
	    "'ivrSettings':null,'twilioVoiceSettings':null,"
	    "'strict_pii':false,'languageConfigurations':{"
	    "'en':{'enabled':true}");
	if (a->langs > 1)
		lay(a, "'de':{'enabled':true}");
	lay(a, "}");
	if (a->xo11)
		lay(a, "'isAgentAssist':false,'appType':'unified',"
		    "'isSmartassistMigrated':true,'isFromBT':false,"
		    "'isLinkedSmartAssist':false");
}

static void
put_channels(struct app *a)
{
	lay(a, "'channels':[{'displayName':'Shop hook','type':'ivr',"
	    "'isAsync':false,'enable':true,'enablePolling':true,"
	    "'notification':{'acl':[]}}],'pii_patterns':[");
	put(a, "{'pii_type':'custom','pii_name':'Customer card',"
	    "'pii_pattern':'[A-Z]{2}\\\\d{6}','redactWith':"
	    "{'type':'replace','value':'####'},'mappedEntities':[%i]}]",
	    ref(COMPONENT, S_ENTITY));
	lay(a, "'audioCodesSettings':null,'vNameSpace':[");
	if (!a->xo11)
		put(a, "%i", ref(NAMESPACE, 0));
	put(a, "],'krVNameSpace':[%r],'evVNameSpace':[%r],"
	    "'color':'#2e7d32','enableInputTranslation':false,"
	    "'multiLingualConfigurations':{'en':{'nluLanguage':'en',"
	    "'inputTranslation':false,'responseTranslation':false}",
	    ref(NAMESPACE, 0), ref(NAMESPACE, 0));
	if (a->langs > 1)
		lay(a, "'de':{'inputTranslation':false,'nluLanguage':'de',"
		    "'responseTranslation':false}");
	put(a, "},'isSmartAssist':false,'translationEngineId':%r,"
	    "'sBannerColor':'#2e7d32','bBannerColor':'#2e7d32',"
	    "'categoryIds':[%h],'class':[],'featured':false,"
	    "'isNLEnabled':true,'sendVcf':false,'interruptsEnabled':true,"
	    "'externalNluAdapters':[],'sessionInactiveTime':900000,"
	    "'sessionClosureProcess':1,'skipSessionMessage':false",
	    ref(ENGINE, 0), ref(CHANCE, 1));
}

/* Synonyms of words, and the concepts among them. */
static void
put_synonyms(struct app *a, uint64_t lang)
{
	uint64_t i, j;

	lay(a, "'synonyms':{");
	for (i = 0; i < synonyms(a); i++) {
		put(a, i % 3 == 2 ? "'~%s%d':[" : "'%s%d':[",
		    S(lexicon[lang][i % WORDS]), i);
		for (j = 0; j < 2 + i % 5; j++)
			put(a, "%t", text(a, SYNONYM, i << 3 | j, lang));
		lay(a, "]");
	}
	lay(a, "}");
}

static void
put_locales(struct app *a)
{
	uint64_t l;

	lay(a, "'localeData':{");
	for (l = 0; l < a->langs; l++) {
		put(a, "%s:{'name':'Nursery %d','errorCodes':{'pollError':[]},"
		    "'description':%t,'isSmalltalkMigrated':true,"
		    "'nlMeta':{'mlUtterances':%d,'patterns':%d,'synonyms':%d},"
		    "'keywords':[]", S(languages[l]), a->seed,
		    text(a, APP, 0, l), a->dialogs * a->utterances, a->dialogs,
		    synonyms(a));
		put_synonyms(a, l);
		lay(a, "'confidenceConfigs':[{'mode':'ml','minThreshold':0.3,"
		    "'maxThreshold':80,'isActive':true,"
		    "'exactMatchThreshold':95},{'mode':'faq',"
		    "'minThreshold':60,'maxThreshold':80,'isActive':true,"
		    "'taskMatchTolerance':5,'longResponses':"
		    "{'readMore':true},'useBotSynonyms':false},"
		    "{'mode':'cs','minThreshold':60,'maxThreshold':80,"
		    "'isActive':true,'wordCoverage':60}]}");
	}
	lay(a, "}");
}

static void
put_behaviour(struct app *a)
{
	put(a, "'isDeflect':false,'clearAllAuthTokens':false,"
	    "'languagesToBeIgnored':[],'interruptOptions':"
	    "{'interruptsEnabled':true,'numTasksToHold':'1',"
	    "'type':{'option':'developer','message':''},'holdUxOptions':"
	    "{'option':'discardCurrTaskNoNotify','message':''},"
	    "'faqBehaviour':'respondAndResume',"
	    "'smallTalkBehaviour':'respondAndResume','showAmbiguous':true},"
	    "'runCustomScript':{'enable':false,'script':''},"
	    "'detectMultiIntent':false,'assignAllChildBots':true,"
	    "'recentBotLimit':5,'isCsMatchEnabled':false,"
	    "'defaultDialogId':%r,'botSentimentEvents':["
	    "{'name':'wilted_mood','setting':'onEveryMessage',"
	    "'action':'triggerDialog','task':%r,'emotionConfig':"
	    "{'messageTone':{'sadness':{'min':1,'max':3,"
	    "'label':'Sadness-Message Level'}}}}],"
	    "'enableNegativePatterns':false", ref(DIALOG, 0),
	    ref(DIALOG, other(a, EVENT, 0, 0)));
}

static void
put_nlsettings(struct app *a)
{
	static const char *const keys[] = {
		"Multiple_Intent_Models", "network"
	};
	uint64_t i, l;

	lay(a, "'advancedNLSettings':[");
	for (l = 0; l < a->langs; l++)
		for (i = 0; i < 2; i++)
			put(a, "{'_id':%i,'isCustom':false,'type':%d,"
			    "'configurationKeyName':%s,'nlpEngine':'ML',"
			    "'configurationValue':true,"
			    "'requiresTraining':false,'state':%s,"
			    "'streamId':%i,'language':%s,'refId':%r,"
			    "'lastModifiedOn':%w,'__v':0}",
			    ref(NLSETTING, l << 1 | i), i + 1, S(keys[i]),
			    S(state(a)), ref(APP, 0), S(languages[l]),
			    ref(NLSETTING, l << 1 | i), ref(NLSETTING, i));
	put(a, "],'translationEngines':[{'_id':%i,'refId':%r,'state':%s,"
	    "'name':'google','streamId':%i,'languages':['de'],"
	    "'authConfig':{'key':''},'__v':0}]", ref(ENGINE, 0),
	    ref(ENGINE, 0), S(state(a)), ref(APP, 0));
}

/*
 * Events and answers.
 */

static void
put_event(struct app *a, const char *name, bool empty, uint64_t d)
{
	put(a, "%s:{'enabled':true,'action':'triggerDialog'", S(name));
	if (empty)
		lay(a, "'task':''");
	else
		put(a, "'task':%r", ref(DIALOG, d));
	lay(a, "'linkedBotStreamId':null,'script':null,'msg':[],"
	    "'manageFirstMessage':null,'welcomeIvrOptions':null}");
}

static void
put_events(struct app *a)
{
	lay(a, "'botEvents':{");
	put_event(a, "INTENT_UNIDENTIFIED", false, other(a, EVENT, 0, 1));
	put_event(a, "WELCOME_MESSAGE_EVENT", a->xo11, 0);
	put_event(a, "ON_CONNECT_EVENT", false, 0);
	lay(a, "'TASK_FAILURE_EVENT':{'enabled':true,'action':'showMsg',"
	    "'task':null,'script':'.','msg':[{");
	put_langs(a, "{'type':'basic','text':%e}", EVENT, 2);
	put(a, "'vNameSpace':[],'createdBy':%i,'createdOn':%w,'streamId':%i,"
	    "'channel':'default','lModBy':%i,'lMod':%w,'__v':0}],"
	    "'welcomeIvrOptions':[]}", ref(USER, 0), ref(EVENT, 0),
	    ref(APP, 0), ref(USER, 0), ref(EVENT, 1));
	lay(a, "'REPEAT_RESPONSE_EVENT':{'enabled':false,'action':''}");
	if (a->xo11)
		lay(a, "'AMBIGUOUS_INTENTS':{'id':'ambiguous','name':"
		    "'Ambiguous intents','description':'','category':'nlp',"
		    "'enabled':false},'TASK_END_EVENT':{'enabled':false,"
		    "'action':'','task':null}");
	lay(a, "},'actions':[],'alerts':[]");
}

static void
put_smalltalk(struct app *a)
{
	uint64_t g, i, l, n, groups = 2 + a->dialogs / 200;

	lay(a, "'smallTalk':[");
	for (l = 0; l < a->langs; l++) {
		put(a, "{'language':%s,'groups':[", S(languages[l]));
		for (g = 0; g < groups; g++) {
			put(a, "{'groupName':'talk %d','groupId':%i,"
			    "'vNameSpace':[%r],'nodes':[", g,
			    ref(TALKGROUP, l << 40 | g), ref(NAMESPACE, 0));
			for (i = 0; i < 1 + g % 6; i++) {
				n = l << 40 | g << 3 | i;
				put(a, "{'userUtterances':[{'text':%t},"
				    "{'text':%t}],'botUtterances':"
				    "[{'channel':'default','text':%m,"
				    "'type':'basic','_id':%i}],'state':%s,"
				    "'language':%s,'refId':%r,'seq':%d,"
				    "'nodeId':%i}", text(a, TALKNODE, n, l),
				    text(a, TALKGROUP, n, l),
				    text(a, TALKLINE, n, l), ref(TALKLINE, n),
				    S(state(a)), S(languages[l]),
				    ref(TALKNODE, n), i, ref(TALKNODE, n));
			}
			put(a, "],'count':%d}", 1 + g % 6);
		}
		lay(a, "]}");
	}
	lay(a, "],'idpConfigurations':[]");
}

static void
put_faq(struct app *a, uint64_t i, uint64_t lang)
{
	put(a, "{'question':%t,'alternateQuestions':[{'question':%t,"
	    "'terms':['Nursery|| || '],'tags':[{'name':%t}]}],"
	    "'terms':['Nursery|| || ','**Care|| || /care/tending'],"
	    "'tags':[],'refId':%r,'faqStatus':true,'label':%t",
	    text(a, FAQ, i << 2, lang), text(a, FAQ, i << 2 | 1, lang),
	    text(a, FAQ, i << 2 | 2, lang), ref(FAQ, i),
	    text(a, FAQ, i << 2, lang));
	if (i % 16 == 7)
		put(a, "'responseType':'dialog','dialogRefId':%r",
		    ref(DIALOG, i % a->dialogs));
	else
		put(a, "'responseType':'message','answer':[{'text':%m,"
		    "'type':'basic','channel':'default'}]",
		    text(a, FAQ, i << 2 | 3, lang));
	lay(a, "'alternateAnswers':[]}");
}

static void
put_taxonomy(struct app *a, uint64_t k)
{
	static const char *const terms[] = { "Nursery", "Care", "Orders" };
	uint64_t i;

	lay(a, "'taxonomy':[");
	for (i = 0; i < 3; i++) {
		lay(a, "{'parent':[");
		if (i > 0)
			put(a, "%r", ref(TERM, k << 2));
		put(a, "],'synonyms':[],'preConditions':[],'contextTags':[],"
		    "'enableContext':false,'traitRule':[],'isDummy':false,"
		    "'editLocked':false,'termStatus':true,'nodeId':%r,"
		    "'label':%s,'level':'l%d','termUsage':'default'}",
		    ref(TERM, k << 2 | i), S(terms[i]), i > 0);
	}
	lay(a, "],'metadata':{}");
}

/* XO11 keeps its questions elsewhere: none there. */
static void
put_knowledge(struct app *a)
{
	uint64_t k, l, i, count = 1 + a->dialogs / 400, faqs;

	faqs = (a->dialogs / 2 + 2 + count - 1) / count;
	if (a->xo11)
		count = 0;
	lay(a, "'knowledgeTasks':[");
	for (k = 0; k < count; k++)
		for (l = 0; l < a->langs; l++) {
			put(a, "{'refId':%r,'name':'Nursery %d',"
			    "'description':'What customers ask',"
			    "'isGraph':true", ref(KNOWLEDGE, k), k);
			put_taxonomy(a, k);
			put(a, "'language':%s,'vNameSpace':[%r],"
			    "'faqs':{'faqs':[", S(languages[l]),
			    ref(NAMESPACE, 0));
			for (i = 0; i < faqs; i++)
				put_faq(a, (k << 1 | l) << 12 | i, l);
			lay(a, "],'synonyms':{},'nodes':[{'terms':"
			    "['Nursery'],'preConditions':[],"
			    "'contextTags':[],'enableContext':false,"
			    "'termStatus':true}]}}");
		}
	lay(a, "]");
}

/*
 * The rest.
 */

static void
put_widgets(struct app *a)
{
	uint64_t i;

	lay(a, "'widgets':[");
	for (i = 0; i < widgets(a); i++) {
		put(a, "{'refId':%r,'name':'widget_%d','state':%s,"
		    "'adminTaskStatus':'active','isPublishedVersion':false,"
		    "'source':{'type':'dialog','resource':%r}",
		    ref(WIDGET, i), i, S(state(a)),
		    ref(DIALOG, other(a, WIDGET, 0, i % 200)));
		put_langs(a, "{'displayName':%t}", WIDGET, i);
		lay(a, "}");
	}
	lay(a, "],'panels':[");
	for (i = 0; i < widgets(a); i++) {
		if (i % 8 == 0)
			put(a, "{'refId':%r,'name':'panel_%d','state':%s,"
			    "'adminTaskStatus':'active',"
			    "'isPublishedVersion':false,'widgets':[",
			    ref(PANEL, i), i, S(state(a)));
		put(a, "%r", ref(WIDGET, i));
		if (i % 8 == 7 || i + 1 == widgets(a)) {
			lay(a, "]");
			put_langs(a, "{'displayName':%t}", PANEL, i);
			lay(a, "}");
		}
	}
	lay(a, "],'unexportedTasks':[]");
}

static void
put_form(struct app *a, uint64_t f)
{
	static const char *const fields[] = { "textField", "email", "date" };
	uint64_t i;

	put(a, "{'name':'form%d','displayName':'Form %d','type':'regular',"
	    "'branding':{'properties':[]},'componentPaletteView':'list',"
	    "'refId':%r,'components':[", f, f, ref(FORM, f));
	for (i = 0; i < 3; i++) {
		put(a, "{'name':'field%d','type':%s,'refId':%r,'metaData':"
		    "{'type':%s,'key':%s,'displayName':%t,'required':%b,"
		    "'isVisible':true,'validations':{'validationType':"
		    "'simple'},'validateOn':'onBlur','validationDependents':[",
		    i, S(fields[i]), ref(FIELD, f << 2 | i), S(fields[i]),
		    S(fields[i]), text(a, FIELD, f << 2 | i, 0), i % 2);
		if (i == 0)
			put(a, "%r", ref(FIELD, f << 2 | 2));
		lay(a, "]},'components':[]}");
	}
	put(a, "],'integrations':[{'type':'dialog','resourceId':%r,"
	    "'resourceMeta':{'componentId':%r}}],'formData':{'visibility':"
	    "{'serviceNode':true,'dialogExecution':true,'botKit':true},"
	    "'ttl':1800},'isSecured':false}", ref(DIALOG, f * 6),
	    ref(COMPONENT, f * 6 * SLOTS + S_LAST));
}

static void
put_dashboards(struct app *a)
{
	put(a, "'customDashboards':[{'_id':%i,'name':'Greenhouse',"
	    "'streamId':%i,'orgId':%i,'refId':%r,'widgets':[{'_id':%i,"
	    "'overlay':[],'name':'Waterings','type':'pie','sqlQuery':"
	    "{'dataSet':'Analytics','select':'metricType','filterBy':'',"
	    "'groupBy':'metricType'},'dimensions':[],'metrics':[],'row':[],"
	    "'__v':0}],'__v':0,'properties':{'0':{'ind':0,'id':%i,"
	    "'meta':100,'metaHeight':300}}}],'paramMaps':[],"
	    "'taskDgParamMaps':[]", ref(DASHBOARD, 0), ref(APP, 0),
	    ref(ORG, 0), ref(DASHBOARD, 0), ref(CHART, 0), ref(CHART, 0));
}

/* One for the app and, for its dialogs, one of all, in each language. */
static void
put_mlparams(struct app *a)
{
	uint64_t l, type, d;

	lay(a, "'mlParams':[");
	for (l = 0; l < a->langs; l++)
		for (type = 1; type <= 3; type++) {
			put(a, "{'type':%d,'dialogIntents':[", type);
			for (d = 0; type == 3 && d < a->dialogs; d++)
				put(a, "%r", ref(DIALOG, d));
			put(a, "],'isDefault':%b,'language':%s,"
			    "'intentParams':{'type':'V3','minngram':1,"
			    "'maxngram':4,'ngram':[1,1],'useSynonyms':true,"
			    "'features':'n_gram','skip_gram':{'seqLength':2,"
			    "'maxSkipDistance':1}},'nerParams':"
			    "{'type':'corenlp'},'intentData':{'stopwords':",
			    type == 3, S(languages[l]));
			before(a);
			str(a, "\"");
			words(a, text(a, MODEL, type, l), 150, false);
			str(a, "\"");
			put(a, "},'state':%s,'exactMatchThreshold':95,"
			    "'minThreshold':0.3,'maxThreshold':80,"
			    "'mlpGroupId':%h,'name':%s}", S(state(a)),
			    ref(MODEL, type), S(type == 3 ?
			    "Dialog Models Group" : ""));
		}
	lay(a, "]");
}

static void
put_variables(struct app *a)
{
	uint64_t i, l, langs = a->langs;

	if (a->xo11)
		langs = LANGUAGES;
	lay(a, "'contentVariables':[");
	for (i = 0; i < variables(a); i++) {
		put(a, "{'group':'','key':'headline%d','localeData':{", i);
		for (l = 0; l < langs; l++)
			put(a, "%s:{'audioTag':'','hint':'','value':%t}",
			    S(languages[l]), text(a, RESPONSE, i << 8 | l, l));
		put(a, "},'propagateValue':false,'scope':'prePopulated',"
		    "'vNameSpace':[%r],'variableType':'locale'}",
		    ref(NAMESPACE, 0));
	}
	put(a, "],'namespaces':[{'_id':%i,'type':'system','lModifiedOn':%w,"
	    "'createdOn':%w,'streamId':%i,'createdBy':%i,'status':%s,"
	    "'name':'default','refId':%r,'__v':0}]", ref(NAMESPACE, 0),
	    ref(NAMESPACE, 0), ref(NAMESPACE, 0), ref(APP, 0), ref(USER, 0),
	    S(state(a)), ref(NAMESPACE, 0));
}

/* An app that was ever published lists the dialogs of both versions. */
static void
put_export(struct app *a)
{
	uint64_t i;

	lay(a, "'exportOptions':{'tasks':['botTask','knowledgeGraph',"
	    "'smallTalk','forms'");
	if (a->xo11)
		lay(a, "'flows'");
	lay(a, "],'nlpData':['nlpSettings','utterances','patterns',"
	    "'standardResponses','concepts','synonyms','traits',"
	    "'traitRules'],'settings':['botSettings','botVariables',"
	    "'ivrSettings'");
	if (a->xo11)
		lay(a, "'genAIandLLMSettings'],"
		    "'AgentAssist':['rules','playbooks'");
	lay(a, "],'subTasks':{'dialogs':[");
	for (i = 0; a->mode != CONFIGURED && i < a->dialogs; i++)
		put(a, "%p", ref(DIALOG, i));
	for (i = 0; i < a->dialogs; i++)
		put(a, "%q", ref(DIALOG, i));
	lay(a, "],'alerts':[],'actions':[],'forms':[");
	for (i = 0; i < forms(a); i++)
		put(a, "%i", ref(FORM, i));
	lay(a, "]");
	if (a->xo11) {
		lay(a, "'experienceFlows':[");
		for (i = 0; i < flows(a); i++)
			put(a, "%i", ref(FLOW, i));
		lay(a, "]");
	}
	lay(a, "},'IncludeDependentTasks':true,"
	    "'IncludeFormDependentTasks':true}");
}

static void
put_traits(struct app *a)
{
	uint64_t i, j;

	lay(a, "'traits':[");
	for (i = 0; i < traits(a); i++) {
		put(a, "{'_id':%i,'configuration':{'n_gram':{'minVal':1,"
		    "'maxVal':1}},'state':%s,'matchStrategy':'probability',"
		    "'scoreThreshold':0.5,'groupName':'moods %d','traits':{",
		    ref(TRAIT, i), S(state(a)), i);
		for (j = 0; j < 3; j++)
			put(a, "'trait_%d_%d':{'data':[%t,%t],'displayName':"
			    "'trait_%d_%d','traitId':%i}", i, j,
			    text(a, TRAIT, i << 4 | j << 1, 0),
			    text(a, TRAIT, i << 4 | j << 1 | 1, 0), i, j,
			    ref(TRAITITEM, i << 2 | j));
		put(a, "},'algo':'n_gram','language':'en','streamId':%i,"
		    "'refId':%r,'createdBy':%i,'createdOn':%w,'__v':0",
		    ref(APP, 0), ref(TRAIT, i), ref(USER, 0), ref(TRAIT, i));
		if (a->mode == TWIN)
			put(a, "'parentId':%p", ref(TRAIT, i));
		lay(a, "}");
	}
	lay(a, "]");
}

static void
put_responses(struct app *a)
{
	uint64_t i;

	lay(a, "'koraResponses':[");
	for (i = 0; i < 3; i++) {
		put(a, "{'Key':'StandardResponse%d','type':'bot','Responses':"
		    "[{'channel':'default'", i);
		put_langs(a, "{'text':%e}", RESPONSE, i);
		lay(a, "}]}");
	}
	lay(a, "],'customTemplates':[]");
}

static void
put_tail(struct app *a)
{
	uint64_t i;

	lay(a, "'forms':[");
	for (i = 0; i < forms(a); i++)
		put_form(a, i);
	lay(a, "]");
	put_dashboards(a);
	put_sentences(a);
	put_responses(a);
	put_mlparams(a);
	put_variables(a);
	put_export(a);
	if (a->xo11) {
		put_assist(a);
		lay(a, "'feedbackSurveys':[]");
	}
	lay(a, "'environmentVersionInfo':'9.1.7'");
	put_traits(a);
	if (a->xo11)
		put(a, "'latestEncryptedHash':'%x%x'",
		    ref(APP, 2), ref(APP, 3));
	put(a, "'encryptedHash':%x", ref(APP, 4 + a->mode));
}

void
put_definition(struct app *a)
{
	lay(a, "{");
	put_identity(a);
	put_channels(a);
	put_locales(a);
	put_behaviour(a);
	put_nlsettings(a);
	if (a->xo11)
		put_features(a);
	put_events(a);
	put_patterns(a);
	put_components(a);
	if (a->xo11) {
		put_tools(a);
		put_flows(a);
	}
	put_dialogs(a);
	put_scenes(a);
	put_knowledge(a);
	put_smalltalk(a);
	put_widgets(a);
	put_tail(a);
	lay(a, "}");
}

void
put_config(struct app *a)
{
	static const char *const keys[] = {
		"NURSERY_API", "NURSERY_PATH", "API_KEY", "SEASON"
	};
	uint64_t i;

	put(a, "{'name':'Nursery %d','envVariables':[", a->seed);
	for (i = 0; i < 4; i++) {
		put(a, "{'key':%s,'value':%s,'variableType':'env','hint':'',"
		    "'scope':'prePopulated','group':'',"
		    "'propagateValue':false,'vNameSpace':[%r]", S(keys[i]),
		    S(i == 2 ? "" : "plants"), ref(NAMESPACE, 0));
		if (i < 3)
			put(a, "'isSecured':%b", i == 2);
		lay(a, "}");
	}
	lay(a, "]}");
}
