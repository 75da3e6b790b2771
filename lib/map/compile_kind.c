/* SPDX-License-Identifier: ISC */
/*
 * The rows of one kind, compiled.
 */
#include "map/compile_kind.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/suggest.h"
#include "json/pathmatch.h"
#include "map/map.h"

/* rows that make a member of the envelope, or a list of it */
static const struct {
	const char *word;
	enum record_field field;
} members[] = {
	{ "id", RECORD_ID }, { "name", RECORD_NAME }, { "type", RECORD_TYPE },
	{ "lang", RECORD_LANG }, { "status", RECORD_STATUS },
	{ "alias", RECORD_ALIAS }, { "names", RECORD_NAMES },
}, lists[] = {
	{ "owner", RECORD_OWNER }, { "needs", RECORD_NEEDS },
	{ "links", RECORD_LINKS }, { "refs", RECORD_REFS },
};

/* a source from its word: $0  $1  ^  'text'  .  a/path */
static struct map_source
source_of(const char *word)
{
	struct map_source s = { .from = FROM_PLACE,
	    .form = refform_find("whole") };
	size_t n = strlen(word);

	if (n == 2 && word[0] == '$' && word[1] >= '0' && word[1] <= '9') {
		s.from = FROM_CAPTURE;
		s.capture = (unsigned)strtoul(word + 1, NULL, 10);
	} else if (strcmp(word, "^") == 0) {
		s.from = FROM_PARENT;
	} else if (n >= 2 && word[0] == '\'' && word[n - 1] == '\'') {
		s.from = FROM_TEXT;
		s.text = xstrndup(word + 1, n - 2);
	} else {
		s.path = xstrdup(strcmp(word, ".") == 0 ? "" : word);
	}
	return s;
}

static struct map_source *
new_source(const char *word)
{
	struct map_source *s;

	s = xmalloc(sizeof(*s));
	*s = source_of(word);
	return s;
}

/* what "in" or "if" names, such as  key  or  /a/path  of the component */
static struct map_source *
new_beside(const char *word)
{
	struct map_source *s = new_source(word);

	if (s->from == FROM_PLACE && *s->path == '/') {
		s->from_top = 1;
		memmove(s->path, s->path + 1, strlen(s->path));
	}
	return s;
}

static void
free_source(struct map_source *s)
{
	free(s->text);
	free(s->path);
}

/* the words at args[i] on that "as" takes; the index after them, 0: wrong */
static size_t
read_form(struct map_source *s, const struct map_row *r, size_t i)
{
	const struct refform *f;

	if (i == r->nargs || (f = refform_find(r->args[i])) == NULL ||
	    (f->argument && i + 1 == r->nargs))
		return 0;
	s->form = f;
	if (!f->argument)
		return i + 1;
	free(s->text);
	s->text = xstrdup(r->args[i + 1]);
	return i + 2;
}

/* say what is wrong behind the "as" at args[i]; -1 */
static int
fail_form(struct diag *d, const struct map_rows *m, const struct map_row *r,
    size_t i)
{
	const char *found = i + 1 < r->nargs ? r->args[i + 1] : "none";
	struct suggestion nearest = { .word = found };
	struct buf what = {0}, meant = {0};
	const struct refform *f = refform_find(found);
	size_t j;

	if (f != NULL) {
		buf_printf(&what, "expected a word after as %s", found);
		found = "none";
	} else {
		buf_adds(&what, "expected a form after as");
		for (j = 0; (f = refform_at(j)) != NULL; j++) {
			buf_printf(&what, "%s %s", j == 0 ? ":" :
			    refform_at(j + 1) == NULL ? " or" : ",", f->word);
			suggest_try(&nearest, f->word, strlen(f->word));
		}
		suggest_put(&nearest, &meant);
	}
	rows_unknown(d, m, r, buf_str(&what), found, buf_str(&meant));
	suggest_free(&nearest);
	buf_free(&what);
	buf_free(&meant);
	return -1;
}

/* id A B|C: parts of alternatives; a list has each source as a part */
static int
read_member(struct diag *d, const struct map_rows *m, const struct map_row *r,
    struct map_kind *k, enum record_field field)
{
	struct map_member *mb = &k->members[field];
	struct map_part *p = NULL;
	size_t i, after;
	int or = 0;

	for (i = 0; i < r->nargs; i++) {
		if (strcmp(r->args[i], "|") == 0) {
			or = 1;
			continue;
		}
		if (strcmp(r->args[i], "as") == 0) {
			after = p == NULL ? 0 :
			    read_form(&p->sources[p->n - 1], r, i + 1);
			if (after == 0)
				return p == NULL ? rows_fail(d, m, r,
				    "expected a place before as", "none") :
				    fail_form(d, m, r, i);
			i = after - 1;
			continue;
		}
		if (!or || p == NULL) {
			mb->parts = xgrow(mb->parts, mb->n, sizeof(*mb->parts));
			p = &mb->parts[mb->n++];
			*p = (struct map_part){0};
		}
		or = 0;
		p->sources = xgrow(p->sources, p->n, sizeof(*p->sources));
		p->sources[p->n++] = source_of(r->args[i]);
		if (field == RECORD_ID &&
		    p->sources[p->n - 1].from == FROM_PARENT)
			k->scoped = 1;
	}
	return 0;
}

/* if PLACE VALUE...: up to the next word of a reference's row */
static size_t
read_condition(struct map_ref *ref, const struct map_row *r, size_t i)
{
	if (i + 1 >= r->nargs || ref->condition != NULL)
		return 0;
	ref->condition = new_beside(r->args[i++]);
	ref->values = r->args + i;
	while (i < r->nargs && strcmp(r->args[i], "lost") != 0 &&
	    strcmp(r->args[i], "by") != 0 && strcmp(r->args[i], "as") != 0)
		i++;
	ref->nvalues = (size_t)(r->args + i - ref->values);
	return i;
}

/* keep | drop record|member|element [PATH] | plain | set V | set KEY V... */
static int
read_lost(struct map_lost *lost, const struct map_row *r, size_t i)
{
	static const struct {
		const char *words[2];
		enum map_repair repair;
	} repairs[] = {
		{ { "keep", NULL }, REPAIR_KEEP },
		{ { "plain", NULL }, REPAIR_PLAIN },
		{ { "drop", "record" }, REPAIR_RECORD },
		{ { "drop", "member" }, REPAIR_MEMBER },
		{ { "drop", "element" }, REPAIR_ELEMENT },
	};
	size_t left = r->nargs - i, j, n;

	for (j = 0; j < sizeof(repairs) / sizeof(repairs[0]); j++) {
		n = repairs[j].words[1] == NULL ? 1 : 2;
		if (left < n ||
		    strcmp(r->args[i], repairs[j].words[0]) != 0 || (n > 1 &&
		    strcmp(r->args[i + 1], repairs[j].words[1]) != 0))
			continue;
		lost->repair = repairs[j].repair;
		if (lost->repair == REPAIR_ELEMENT && left == 3)
			lost->path = r->args[i + n++];
		return left == n;
	}
	if (left < 2 || strcmp(r->args[i], "set") != 0 ||
	    (left > 2 && left % 2 == 0))
		return 0;
	lost->repair = left == 2 ? REPAIR_VALUE : REPAIR_MEMBERS;
	lost->set = r->args + i + 1;
	lost->nset = left - 1;
	return 1;
}

/* the options of a reference, from args[i] on; 0: args[*at] is wrong */
static int
read_options(struct map_ref *ref, const struct map_row *r, size_t *at)
{
	size_t i;

	for (i = 2; i != 0 && i < r->nargs; ) {
		*at = i;
		if (strcmp(r->args[i], "lost") == 0)
			return read_lost(&ref->lost, r, i + 1);
		if (strcmp(r->args[i], "as") == 0) {
			i = read_form(&ref->source, r, i + 1);
		} else if (strcmp(r->args[i], "by") == 0 &&
		    i + 1 < r->nargs) {
			ref->by = r->args[i + 1];
			i += 2;
		} else if (strcmp(r->args[i], "in") == 0 &&
		    i + 1 < r->nargs && ref->scope == NULL) {
			ref->scope = new_beside(r->args[i + 1]);
			i += 2;
		} else if (strcmp(r->args[i], "through") == 0 &&
		    i + 1 < r->nargs) {
			i += 2;	/* for the closure */
		} else if (strcmp(r->args[i], "if") == 0) {
			i = read_condition(ref, r, i + 1);
		} else {
			return 0;
		}
	}
	return i != 0 || r->nargs == 2;
}

/* needs [?]KIND PLACE [as FORM] [by WHAT] [in SCOPE] [if ...] [lost ...] */
static int
read_ref(struct diag *d, const struct map_rows *m, const struct map_row *r,
    struct map_kind *k, enum record_field list)
{
	struct map_ref *ref;
	size_t at = 0;

	k->refs = xgrow(k->refs, k->nrefs, sizeof(*k->refs));
	ref = &k->refs[k->nrefs++];
	*ref = (struct map_ref){ .list = list, .by = "id", .row = r };
	ref->soft = r->args[0][0] == '?';
	ref->kind = xstrdup(r->args[0] + ref->soft);
	ref->source = source_of(r->args[1]);
	if (read_options(ref, r, &at))
		return 0;
	if (strcmp(r->args[at], "as") == 0)
		return fail_form(d, m, r, at);
	return rows_fail(d, m, r, "expected as, by, in, if, through or lost, "
	    "each with its words", r->args[at]);
}

/* inner PLACE ID STATUS [| STATUS ...] */
static int
read_inner(struct diag *d, const struct map_rows *m, const struct map_row *r)
{
	size_t i;

	for (i = 3; i < r->nargs; i += 2) {
		if (strcmp(r->args[i], "|") != 0 || i + 1 == r->nargs)
			return rows_fail(d, m, r, "expected | and a "
			    "member", r->args[i]);
	}
	return 0;
}

/* inner-link PLACE lost ... */
static int
read_inner_link(struct diag *d, const struct map_rows *m,
    const struct map_row *r, struct map_kind *k)
{
	struct map_inner_link *l;

	k->inner_links = xgrow(k->inner_links, k->ninner_links, sizeof(*l));
	l = &k->inner_links[k->ninner_links++];
	*l = (struct map_inner_link){ .row = r };
	if (strcmp(r->args[1], "lost") != 0 || !read_lost(&l->lost, r, 2))
		return rows_fail(d, m, r, "expected lost and a repair",
		    r->args[1]);
	return 0;
}

static void
read_category(const struct map_row *r, struct map_kind *k)
{
	size_t i;

	for (i = r->nargs > 1 ? 1 : 0; i < r->nargs; i++) {
		k->categories = xgrow(k->categories, k->ncategories,
		    sizeof(*k->categories));
		k->categories[k->ncategories++] = (struct map_category){
		    i == 0 ? NULL : r->args[i], r->args[0] };
	}
}

static int
read_row(struct diag *d, const struct map_rows *m, const struct map_row *r,
    struct map_kind *k)
{
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (row_is(r, members[i].word))
			return read_member(d, m, r, k, members[i].field);
	}
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (row_is(r, lists[i].word))
			return read_ref(d, m, r, k, lists[i].field);
	}
	if (row_is(r, "inner"))
		return read_inner(d, m, r);
	if (row_is(r, "inner-link"))
		return read_inner_link(d, m, r, k);
	if (row_is(r, "category")) {
		read_category(r, k);
	} else if (row_is(r, "required")) {
		k->required = r;
	} else if (row_is(r, "called") && k->called == NULL) {
		k->called = new_source(r->args[0]);
	} else if (row_is(r, "same")) {
		k->same = xrealloc(k->same, k->nsame + 2, sizeof(*k->same));
		k->same[k->nsame++] = source_of(r->args[0]);
		k->same[k->nsame++] = source_of(r->args[1]);
	} else if (row_is(r, "when") && k->when == NULL) {
		k->when = new_source(r->args[0]);
		k->when_values = r->args + 1;
		k->nwhen = r->nargs - 1;
	}
	return 0;
}

int
compile_kind_add(struct diag *d, const struct map_rows *m,
    const struct map_row *rows, size_t n, struct map_kind *k)
{
	int rc = 0;

	for (; n > 0; n--)
		rc |= read_row(d, m, rows++, k);
	return rc;
}

int
compile_kind_read(struct diag *d, const struct map_rows *m,
    const struct map_row *r, size_t n, struct map_kind *k)
{
	k->name = xstrdup(r->args[0]);
	if (k->name[0] == '@' || strchr(k->name, ':') != NULL)
		return rows_fail(d, m, r, "a kind begins with no @ and has "
		    "no colon", k->name);
	k->rows = r + 1;
	k->nrows = n;
	if (r->nargs > 1 && strcmp(r->args[1], "task") != 0)
		return rows_fail(d, m, r, "expected task", r->args[1]);
	k->task = r->nargs > 1;
	return compile_kind_add(d, m, k->rows, n, k);
}

/* add one pattern of a group: where the kind stands, and the path from there */
static void
add_pattern(struct map_group *g, const struct map_kind *k,
    const struct map_source *s, const char *base, const char *path)
{
	struct buf b = {0};

	buf_adds(&b, base);
	if (*base != '\0' && *path != '\0')
		buf_addc(&b, '/');
	buf_adds(&b, path);
	pathmatch_add(g->paths, buf_str(&b), (int)g->nhits, s == NULL);
	g->hits = xgrow(g->hits, g->nhits, sizeof(*g->hits));
	g->hits[g->nhits++] = (struct map_hit){ k, s, base };
	buf_free(&b);
}

static void
add_source(struct map_group *g, const struct map_kind *k,
    const struct map_source *s, const char *base)
{
	if (s != NULL && s->from == FROM_PLACE)
		add_pattern(g, k, s, base, s->path);
}

int
compile_kind_beside(struct buf *b, const struct map_ref *ref,
    const struct map_source *s)
{
	const char *slash;

	if (s == NULL || s->from != FROM_PLACE)
		return 0;
	if (!s->from_top && ref->source.path != NULL &&
	    (slash = strrchr(ref->source.path, '/')) != NULL)
		buf_add(b, ref->source.path,
		    (size_t)(slash + 1 - ref->source.path));
	buf_adds(b, s->path);
	return 1;
}

/* conditions and scopes name a sibling, or a place in the component */
static void
add_sibling(struct map_group *g, const struct map_kind *k,
    const struct map_ref *ref, const struct map_source *s, const char *base)
{
	struct buf b = {0};

	if (compile_kind_beside(&b, ref, s))
		add_pattern(g, k, s, base, buf_str(&b));
	buf_free(&b);
}

/* the patterns of all places of a kind that stands at base */
static void
add_places(struct map_group *g, const struct map_kind *k, const char *base)
{
	const struct map_member *mb;
	size_t f, i, j;

	add_pattern(g, k, NULL, base, "");
	g->split |= *base != '\0';
	for (f = 0; f < RECORD_AT; f++) {
		mb = &k->members[f];
		for (i = 0; i < mb->n; i++)
			for (j = 0; j < mb->parts[i].n; j++)
				add_source(g, k, &mb->parts[i].sources[j],
				    base);
	}
	for (i = 0; i < k->nrefs; i++) {
		add_source(g, k, &k->refs[i].source, base);
		add_sibling(g, k, &k->refs[i], k->refs[i].scope, base);
		add_sibling(g, k, &k->refs[i], k->refs[i].condition, base);
	}
	add_source(g, k, k->when, base);
	for (i = 0; i < k->nsame; i++)
		add_source(g, k, &k->same[i], base);
}

int
compile_kind_patterns(struct diag *d, struct map *m, const struct map_kind *k)
{
	const struct map_row *r;
	struct map_group *g;
	int rc = 0;

	for (r = NULL; (r = map_kind_next_row(k, "in", r)) != NULL; ) {
		g = map_group(m, r->args[0]);
		if (g == NULL || (r->args[1][0] != '/' &&
		    strcmp(r->args[1], ".") != 0))
			rc |= rows_fail(d, &m->rows, r, "expected a file "
			    "row's group, and a pointer or .", r->args[0]);
		else
			add_places(g, k, r->args[1] + 1);
	}
	return rc;
}

static void
free_ref(struct map_ref *ref)
{
	free(ref->kind);
	free_source(&ref->source);
	if (ref->scope != NULL)
		free_source(ref->scope);
	if (ref->condition != NULL)
		free_source(ref->condition);
	free(ref->scope);
	free(ref->condition);
}

void
compile_kind_free(struct map_kind *k)
{
	size_t f, i, j;

	for (f = 0; f < RECORD_AT; f++) {
		for (i = 0; i < k->members[f].n; i++) {
			for (j = 0; j < k->members[f].parts[i].n; j++)
				free_source(
				    &k->members[f].parts[i].sources[j]);
			free(k->members[f].parts[i].sources);
		}
		free(k->members[f].parts);
	}
	for (i = 0; i < k->nrefs; i++)
		free_ref(&k->refs[i]);
	if (k->when != NULL)
		free_source(k->when);
	for (i = 0; i < k->nsame; i++)
		free_source(&k->same[i]);
	free(k->same);
	if (k->called != NULL)
		free_source(k->called);
	free(k->called);
	free(k->when);
	free(k->refs);
	free(k->inner_links);
	free(k->categories);
	free(k->name);
	free(k);
}
