/* SPDX-License-Identifier: ISC */
/*
 * Findings, printed: as text, as JSON lines, as SARIF 2.1.0, and as JUnit's
 * XML, which CI servers read.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/lines.h"
#include "check/check_priv.h"
#include "json/string.h"

/* what is printed */
struct printing {
	struct check *check;
	struct output out;
	struct buf line, masked;
	int any;		/* an element stands there already */
};

/* write what is in the line, as a terminal may see it, and empty it */
static int
put(struct printing *p)
{
	p->masked.len = 0;
	string_mask(&p->masked, p->line.ptr, p->line.len);
	p->line.len = 0;
	return output_add(&p->out, p->masked.ptr, p->masked.len);
}

static const char *
text_of(const struct printing *p, size_t at)
{
	return p->check->texts.ptr + at;
}

static const struct rule *
rule_of(const struct finding *f)
{
	return &check_rules[f->rule];
}

/* what the finding is about: "flow Default Start Flow"; "": the package */
static void
put_subject(struct printing *p, const struct finding *f)
{
	const char *name = text_of(p, *text_of(p, f->name) != '\0' ? f->name :
	    *text_of(p, f->id) != '\0' ? f->id : f->place);

	if (f->node == NOTHING || *text_of(p, f->kind) == '@')
		return;
	buf_printf(&p->line, "%s %s ", text_of(p, f->kind), name);
}

/* ---- text */

static void
text_finding(struct printing *p, const struct finding *f)
{
	if (*text_of(p, f->path) != '\0')
		buf_adds(&p->line, text_of(p, f->path));
	else
		buf_adds(&p->line, "(package)");
	if (f->line > 0)
		buf_printf(&p->line, ":%" PRIu64, f->line);
	buf_printf(&p->line, ": %s: ", check_severity(rule_of(f)->severity));
	put_subject(p, f);
	buf_printf(&p->line, "%s [%s]\n", text_of(p, f->message),
	    rule_of(f)->name);
}

/* ---- JSON */

static void
put_member(struct buf *b, const char *name, const char *text)
{
	if (*text != '\0')
		buf_printf(b, ",\"%s\":\"%s\"", name, text);
}

static void
json_finding(struct printing *p, const struct finding *f)
{
	buf_printf(&p->line, "{\"rule\":\"%s\",\"severity\":\"%s\"",
	    rule_of(f)->name, check_severity(rule_of(f)->severity));
	put_member(&p->line, "file", text_of(p, f->path));
	if (f->line > 0)
		buf_printf(&p->line, ",\"line\":%" PRIu64, f->line);
	put_member(&p->line, "place", text_of(p, f->place));
	put_member(&p->line, "kind", text_of(p, f->kind));
	put_member(&p->line, "id", text_of(p, f->id));
	put_member(&p->line, "name", text_of(p, f->name));
	put_member(&p->line, "message", text_of(p, f->message));
	buf_adds(&p->line, "}\n");
}

/* ---- SARIF */

static void
sarif_begin(struct printing *p)
{
	const char *text;
	struct buf *b = &p->line;
	int i;

	buf_printf(b, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0"
	    ".json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
	    "\"name\":\"pkg-check\",\"version\":\"%s\",\"rules\":[",
	    p->check->options->version);
	for (i = 0; i < RULES; i++) {
		text = check_rules[i].text;
		buf_printf(b, "%s{\"id\":\"%s\",\"shortDescription\":{"
		    "\"text\":\"%s\"},\"fullDescription\":{\"text\":\"",
		    i > 0 ? "," : "", check_rules[i].name,
		    check_rules[i].sentence);
		string_encode(b, text, strlen(text));
		buf_printf(b, "\"},\"defaultConfiguration\":{\"level\":"
		    "\"%s\"}}", check_severity(check_rules[i].severity));
	}
	buf_adds(b, "]}},\"columnKind\":\"utf16CodeUnits\",\"results\":[");
}

/* a path as a URI reference (RFC 3986): of the inside of a JSON string */
static void
put_uri(struct buf *b, const char *path)
{
	struct buf text = {0};
	size_t i;
	unsigned char c;

	string_decode(&text, path, strlen(path));
	for (i = 0; i < text.len; i++) {
		c = (unsigned char)text.ptr[i];
		if (c > 0x20 && c < 0x7f && strchr("\"%<>\\^`{|}#?[]:", c) ==
		    NULL)
			buf_addc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
	buf_free(&text);
}

static void
sarif_location(struct printing *p, const struct finding *f)
{
	struct buf *b = &p->line;

	if (*text_of(p, f->path) == '\0')
		return;
	buf_adds(b, ",\"locations\":[{\"physicalLocation\":{"
	    "\"artifactLocation\":{\"uri\":\"");
	put_uri(b, text_of(p, f->path));
	buf_adds(b, "\"}");
	if (f->line > 0)
		buf_printf(b, ",\"region\":{\"startLine\":%" PRIu64 "}",
		    f->line);
	buf_adds(b, "}");
	if (*text_of(p, f->place) != '\0')
		buf_printf(b, ",\"logicalLocations\":[{\"fullyQualifiedName\":"
		    "\"%s\"}]", text_of(p, f->place));
	buf_adds(b, "}]");
}

/* what a message has of { and } is no placeholder (SARIF 2.1.0, 3.11.5) */
static void
double_braces(struct buf *b, size_t from)
{
	struct buf text = {0};
	size_t i;

	for (i = from; i < b->len; i++) {
		buf_addc(&text, b->ptr[i]);
		if (b->ptr[i] == '{' || b->ptr[i] == '}')
			buf_addc(&text, b->ptr[i]);
	}
	b->len = from;
	buf_add(b, text.ptr, text.len);
	buf_free(&text);
}

static void
sarif_finding(struct printing *p, const struct finding *f)
{
	struct buf *b = &p->line;
	size_t from;

	buf_printf(b, "%s{\"ruleId\":\"%s\",\"ruleIndex\":%d,\"level\":\"%s\","
	    "\"message\":{\"text\":\"", p->any ? ",\n" : "\n",
	    rule_of(f)->name, (int)f->rule,
	    check_severity(rule_of(f)->severity));
	from = b->len;
	put_subject(p, f);
	buf_adds(b, text_of(p, f->message));
	double_braces(b, from);
	buf_adds(b, "\"}");
	sarif_location(p, f);
	buf_adds(b, "}");
	p->any = 1;
}

static void
sarif_end(struct printing *p)
{
	buf_adds(&p->line, "]}]}\n");
}

/* ---- JUnit: a suite, and a case for each rule that was asked */

/* append a text for XML, what a terminal would obey as an escape before */
static void
put_xml(struct buf *b, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		switch (p[i]) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		default:
			buf_addc(b, p[i]);
		}
	}
}

/* findings of a rule as text, each a line; how many there are */
static uint64_t
put_findings(struct printing *p, int rule, struct buf *to)
{
	const struct finding *f;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < finding_count(p->check); i++) {
		f = finding_at(p->check, i);
		if ((int)f->rule != rule || f->known)
			continue;
		p->line.len = p->masked.len = 0;
		text_finding(p, f);
		string_mask(&p->masked, p->line.ptr, p->line.len);
		put_xml(to, p->masked.ptr, p->masked.len);
		n++;
	}
	p->line.len = 0;
	return n;
}

/* a case of a rule; notes are no failure; whether it failed */
static int
put_case(struct printing *p, int rule, struct buf *to)
{
	struct buf found = {0};
	uint64_t n = put_findings(p, rule, &found);
	int fails = check_rules[rule].severity != CHECK_NOTE && n > 0;

	buf_printf(to, "  <testcase classname=\"pkg-check\" name=\"%s\"",
	    check_rules[rule].name);
	if (n == 0)
		buf_adds(to, "/>\n");
	else
		buf_printf(to, ">\n    <%s%s>%s</%s>\n  </testcase>\n",
		    fails ? "failure" : "system-out", fails ? " message=\""
		    "findings\"" : "", buf_str(&found),
		    fails ? "failure" : "system-out");
	buf_free(&found);
	return fails;
}

static int
print_junit(struct printing *p)
{
	struct buf cases = {0}, head = {0};
	int i, n = 0, failed = 0, rc;

	for (i = 0; i < RULES; i++) {
		if (!check_asks(p->check, (enum check_rule)i))
			continue;
		failed += put_case(p, i, &cases);
		n++;
	}
	buf_printf(&head, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuite name=\"pkg-check\" tests=\"%d\" failures=\"%d\">\n", n,
	    failed);
	buf_adds(&cases, "</testsuite>\n");
	rc = output_add(&p->out, head.ptr, head.len) == -1 ||
	    output_add(&p->out, cases.ptr, cases.len) == -1 ? -1 : 0;
	buf_free(&head);
	buf_free(&cases);
	return rc;
}

/* ---- all */

static const struct {
	void (*begin)(struct printing *);
	void (*finding)(struct printing *, const struct finding *);
	void (*end)(struct printing *);
} formats[] = {
	[CHECK_DEFAULT] = { NULL, text_finding, NULL },
	[CHECK_TEXT] = { NULL, text_finding, NULL },
	[CHECK_JSON] = { NULL, json_finding, NULL },
	[CHECK_SARIF] = { sarif_begin, sarif_finding, sarif_end },
};

static int
print_each(struct printing *p, unsigned format)
{
	size_t i;
	int rc = 0;

	if (formats[format].begin != NULL)
		formats[format].begin(p);
	for (i = 0; i < finding_count(p->check) && rc == 0; i++) {
		if (finding_at(p->check, i)->known)
			continue;
		formats[format].finding(p, finding_at(p->check, i));
		rc = put(p);
	}
	if (rc == 0 && formats[format].end != NULL) {
		formats[format].end(p);
		rc = put(p);
	}
	return rc;
}

int
check_print(struct check *c)
{
	struct printing p = { .check = c, .out = { .diag = c->diag,
	    .name = "stdout", .fd = STDOUT_FILENO } };
	int rc;

	rc = c->options->format == CHECK_JUNIT ? print_junit(&p) :
	    print_each(&p, c->options->format);
	if (rc == 0)
		rc = output_flush(&p.out);
	c->done->bytes = p.out.total;
	output_free(&p.out);
	buf_free(&p.line);
	buf_free(&p.masked);
	return rc;
}
