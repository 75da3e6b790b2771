/* SPDX-License-Identifier: ISC */
/* xo11: what XO11 has beyond XO10. */
#include "kore.h"

#include "json.h"
#include "out.h"
#include "words.h"

void
put_features(struct app *a)
{
	static const char *const features[] = {
		"rephrase", "ansFromDocs", "dynamicEntity", "conversation",
		"generativeai", "zeroshotNlu", "summarize", "dialogGPT"
	};
	uint64_t i;

	lay(a, "'llmConfiguration':[{'customeIntegrations':[],"
	    "'featureList':[");
	for (i = 0; i < 8; i++)
		put(a, "{'name':%s,'enable':%b,'defaultModel':'leaf-%d',"
		    "'integration':'korexo','displayName':'Feature %d'}",
		    S(features[i]), i % 2, i, i);
	lay(a, "],'guardrailsList':[");
	for (i = 0; i < 3; i++)
		put(a, "{'id':'guard_%d','name':'Guard %d','enable':%b,"
		    "'features':[{'id':%s,'featureApplyAt':{'llm_req':true,"
		    "'llm_res':false}}],'serviceMeta':{'threshold':0.75},"
		    "'applyAt':['llm_req'],'viewOrder':%d}", i, i, i % 2,
		    S(features[i]), i);
	put(a, "],'integrations':{'korexo':{'summarize':true},"
	    "'openai':{'apiKey':'','models':['leaf-1']}},'refId':%r}],"
	    "'promptLibraries':[", ref(MODEL, 0));
	for (i = 0; i < 2 + a->dialogs / 64; i++)
		put(a, "{'_id':%i,'refId':%r,'name':'prompt %d',"
		    "'featureKey':%s,'integration':'openai','configuration':"
		    "{'prompt':%m,'temperature':0.7,'max_tokens':200},"
		    "'version':1,'status':1}", ref(PROMPT, i), ref(PROMPT, i),
		    i, S(features[i % 8]), text(a, PROMPT, i, i % a->langs));
	put(a, "],'dialogGPTSettings':[{'refId':%r,'conversationTypes':"
	    "[{'type':'singleIntent','enable':true}],'searchIndexId':'',"
	    "'dialogGPTLLMConfig':{'model':'leaf-1','integration':'openai'},"
	    "'embeddingModelConfig':{'model':'root-2'},'language':'en'}],"
	    "'preBuiltIntegrations':[],'answers':[]", ref(MODEL, 1));
}

void
put_tools(struct app *a)
{
	uint64_t i;

	lay(a, "'tools':[");
	for (i = 0; i < 1 + a->dialogs / 50; i++)
		put(a, "{'_id':%i,'refId':%r,'name':'tool_%d',"
		    "'description':%t,'type':'function','parameters':"
		    "[{'name':'plant','type':'string','required':true}]}",
		    ref(TOOL, i), ref(TOOL, i), i, text(a, TOOL, i, 0));
	lay(a, "]");
}

static void
put_step(struct app *a, uint64_t flow, uint64_t n)
{
	static const char *const step[] = {
		"start", "split", "messageprompt", "uxoautomation", "endflow"
	};
	uint64_t i = flow << 3 | n;

	put(a, "{'_id':%i,'refId':%r,'cfId':%i,'name':'%s %d','type':%s,"
	    "'connections':[", ref(STEP, i), ref(STEP, i), ref(FLOW, flow),
	    S(step[n]), n, S(step[n]));
	if (n < 4)
		put(a, "{'type':'default','nextStep':%i}", ref(STEP, i + 1));
	else
		lay(a, "{'type':'default','nextStep':'dummy'}");
	lay(a, "],'rules':[");
	if (n == 1)
		put(a, "{'name':'Open','nextStep':%i,'conditions':[]}",
		    ref(STEP, i + 2));
	lay(a, "],'taskDefinition':{");
	if (n == 2)
		put(a, "'messageToUser':%i", ref(PROMPTING, flow));
	if (n == 3)
		put(a, "'uxoautomation':{'botId':%i},'onSuccess':"
		    "{'nextStep':%i}", ref(APP, 0), ref(STEP, i + 1));
	put(a, "},'state':%s,'positionMeta':{'left':%f,'top':%f}}",
	    S(state(a)), i, i + 1);
}

void
put_flows(struct app *a)
{
	uint64_t i, n;

	lay(a, "'experienceFlows':[");
	for (i = 0; i < flows(a); i++) {
		put(a, "{'callflowDefinition':{'_id':%i,'parentId':",
		    ref(FLOW, i));
		put(a, isdev(a) ? "%p" : "%q", ref(FLOW, i));
		put(a, "'refId':%r,'name':'Flow %d','lname':'flow %d',"
		    "'state':%s,'isDefault':%b,'flowType':'voice','steps':[",
		    ref(FLOW, i), i, i, S(state(a)), i == 0);
		for (n = 0; n < 5; n++)
			put_step(a, i, n);
		put(a, "],'messages':[{'_id':%i,'cfId':%i,"
		    "'name':'Greeting','refId':%r,'state':%s,"
		    "'messages':[{'locale':[", ref(PROMPTING, i),
		    ref(FLOW, i), ref(PROMPTING, i), S(state(a)));
		for (n = 0; n < a->langs; n++)
			put(a, "{'language':%s,'text':%e}", S(languages[n]),
			    text(a, PROMPTING, i, n));
		put(a, "]}]}]},'config':{'cfId':%i,'name':'Flow %d'},"
		    "'files':{}}", ref(FLOW, i), i);
	}
	lay(a, "]");
}

/* JSON in a string. */
void
put_assist(struct app *a)
{
	uint64_t i;

	lay(a, "'agentAssistExport':");
	before(a);
	str(a, "\"{\\\"agentAssistPayload\\\":{\\\"agentcoachingrules\\\":"
	    "{\\\"rules\\\":[");
	for (i = 0; i < 2 + a->dialogs / 32; i++) {
		str(a, i > 0 ? ",{\\\"name\\\":\\\"" : "{\\\"name\\\":\\\"");
		words(a, text(a, RESPONSE, i, 0), 4, false);
		str(a, "\\\",\\\"order\\\":");
		decimal(a, i);
		str(a, "}");
	}
	str(a, "],\\\"utterances\\\":[]},\\\"agentcoachingplaybooks\\\":"
	    "{\\\"playbooks\\\":[],\\\"stages\\\":[],\\\"steps\\\":[],"
	    "\\\"utterances\\\":[]}}}\"");
}
