/* SPDX-License-Identifier: ISC */
/*
 * Whether the words of a map are words of the language, or of the map itself.
 */
#include "map/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/suggest.h"
#include "map/map.h"
#include "map/variable.h"

/* what a word may be */
enum sort { ACTION, KIND, GROUP, PACKAGE, MEMBER, MISSING, APART, LEFT, SAME,
    BY, REQUEST, UNLESS, IF, EDITION, STATUS, CATEGORY, SORTS };

#define WORDS(...) (const char *const []){ __VA_ARGS__, NULL }

static const struct sort_words {
	const char *what;
	const char *const *words;	/* of the language */
} sorts[SORTS] = {
	[ACTION] = { "expected an action", map_actions },
	[KIND] = { "expected a kind of this map", WORDS(NULL) },
	[GROUP] = { "expected the group of a file row", WORDS(NULL) },
	[PACKAGE] = { "expected the group of a file row, or package",
	    WORDS("package") },
	[MEMBER] = { "expected status or category", WORDS("status",
	    "category") },
	[MISSING] = { "expected drop or keep", WORDS("drop", "keep") },
	[APART] = { "expected compare", WORDS("compare") },
	[LEFT] = { "expected absent, stub, [] or {}", WORDS("absent", "stub",
	    "[]", "{}") },
	[UNLESS] = { "expected unless", WORDS("unless") },
	[SAME] = { "expected same", WORDS("same") },
	[BY] = { "expected id, alias or name after by", WORDS("id", "alias",
	    "name") },
	[REQUEST] = { "expected an action", map_requests },
	[IF] = { "expected if", WORDS("if") },
	[EDITION] = { "expected the edition of a file row", WORDS(NULL) },
	[STATUS] = { "expected the status of a row word", WORDS(NULL) },
	[CATEGORY] = { "expected a category of this map", WORDS(NULL) },
};

/* which words of a row are of a sort: those from one on, up to another */
static const struct check {
	const char *word;
	int indented;
	size_t from, to;
	enum sort sort;
} checks[] = {
	{ "full", 1, 0, 1, ACTION }, { "incremental", 1, 0, 1, ACTION },
	{ "raw", 0, 0, 1, GROUP }, { "raw", 0, 2, 4, ACTION },
	{ "belongs", 0, 1, 2, KIND }, { "builtin", 0, 0, 1, KIND },
	{ "required", 1, 0, SIZE_MAX, KIND }, { "count", 1, 1, 2, KIND },
	{ "trained", 1, 0, 1, KIND }, { "trained", 1, 1, 2, UNLESS },
	{ "needed", 0, 0, SIZE_MAX, GROUP }, { "limit", 0, 1, 2, PACKAGE },
	{ "word", 0, 0, 1, MEMBER }, { "missing", 0, 0, 1, MISSING },
	{ "apart", 1, 0, 1, APART }, { "left", 1, 0, 1, LEFT },
	{ "version", 0, 1, 2, SAME }, { "request", 0, 1, 2, REQUEST },
	{ "starts", 1, 1, 2, IF }, { "limit", 0, 2, 3, EDITION },
	{ "ready", 0, 0, SIZE_MAX, STATUS }, { "reset", 1, 1, 2, STATUS },
	{ "held", 0, 0, SIZE_MAX, CATEGORY },
	{ "stays", 1, 0, SIZE_MAX, CATEGORY },
};

/* rows that name a category or a status, which others may have then */
static const struct naming {
	const char *word;
	int indented;
	size_t at;
	const char *first;	/* what the first word must be, or NULL */
	enum sort sort;
} namings[] = {
	{ "category", 1, 0, NULL, CATEGORY },
	{ "raw", 0, 1, NULL, CATEGORY },
	{ "word", 0, 1, "category", CATEGORY },
	{ "word", 0, 1, "status", STATUS },
};

/* actions of request rows behind which kinds stand, or a category */
static const char *const of_kinds[] = { "id", "without", "deps", NULL };
static const char *const of_categories[] = { "category", "flag", NULL };

struct checking {
	struct diag *diag;
	const struct map *map;
	struct names {
		const char **names;	/* sorted, borrowed of the map */
		size_t n;
	} names[SORTS];		/* that the map's rows give */
	int rc;
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
is_among(const char *const *words, const char *word)
{
	for (; *words != NULL; words++) {
		if (strcmp(*words, word) == 0)
			return 1;
	}
	return 0;
}

/* the first of the sorted names that is not before a word of n bytes */
static size_t
lower(const struct names *l, const char *word, size_t n)
{
	size_t low = 0, high = l->n, at;

	while (low < high) {
		at = low + (high - low) / 2;
		if (strncmp(l->names[at], word, n) < 0)
			low = at + 1;
		else
			high = at;
	}
	return low;
}

static int
is_named(const struct names *l, const char *word)
{
	size_t at = lower(l, word, strlen(word) + 1);

	return at < l->n && strcmp(l->names[at], word) == 0;
}

/* a category, or the first steps of one */
static int
is_category(const struct names *l, const char *word)
{
	struct buf steps = {0};
	size_t at;
	int is;

	buf_printf(&steps, "%s/", word);
	at = lower(l, buf_str(&steps), steps.len);
	is = is_named(l, word) || (at < l->n &&
	    strncmp(l->names[at], steps.ptr, steps.len) == 0);
	buf_free(&steps);
	return is;
}

/* what no kind fits is called as its file's group is */
static int
is_kind(const struct checking *c, const char *word)
{
	return is_named(&c->names[KIND], word) ||
	    map_group(c->map, word) != NULL;
}

static int
is_of(const struct checking *c, enum sort sort, const char *word)
{
	if (sort == KIND)
		return is_kind(c, word);
	if (sort == CATEGORY)
		return is_category(&c->names[sort], word);
	/* without rows for them the words are those of the packages */
	if (sort == STATUS && c->names[sort].n == 0)
		return 1;
	if (sort == STATUS || sort == EDITION)
		return is_named(&c->names[sort], word);
	if (is_among(sorts[sort].words, word))
		return 1;
	return (sort == GROUP || sort == PACKAGE) &&
	    map_group(c->map, word) != NULL;
}

/* the words that could be meant */
static void
try_words(const struct checking *c, enum sort sort, struct suggestion *n)
{
	const char *const *w;
	size_t i;

	for (w = sorts[sort].words; *w != NULL; w++)
		suggest_try(n, *w, strlen(*w));
	for (i = 0; i < c->names[sort].n; i++)
		suggest_try(n, c->names[sort].names[i],
		    strlen(c->names[sort].names[i]));
	for (i = 0; (sort == GROUP || sort == PACKAGE) &&
	    i < c->map->ngroups; i++)
		suggest_try(n, c->map->groups[i]->name,
		    strlen(c->map->groups[i]->name));
}

static void
check(struct checking *c, const struct map_row *r, enum sort sort,
    const char *word)
{
	struct suggestion nearest = { .word = word };
	struct buf b = {0};

	if (is_of(c, sort, word))
		return;
	try_words(c, sort, &nearest);
	suggest_put(&nearest, &b);
	c->rc = rows_unknown(c->diag, &c->map->rows, r, sorts[sort].what,
	    word, buf_str(&b));
	suggest_free(&nearest);
	buf_free(&b);
}

/* the words of a row by their places */
static void
check_row(struct checking *c, const struct map_row *r)
{
	const struct check *k;
	size_t i;

	for (k = checks; k < checks + sizeof(checks) / sizeof(checks[0]);
	    k++) {
		if (k->indented != r->indented ||
		    strcmp(k->word, r->word) != 0)
			continue;
		for (i = k->from; i < k->to && i < r->nargs; i++)
			check(c, r, k->sort, r->args[i]);
	}
}

/* what an export's request asks for */
static void
check_request(struct checking *c, const struct map_row *r)
{
	int kinds, categories;
	size_t i;

	if (r->indented || !row_is(r, "request"))
		return;
	kinds = is_among(of_kinds, r->args[1]);
	categories = is_among(of_categories, r->args[1]);
	for (i = 2; (kinds || categories) && i < r->nargs; i++)
		check(c, r, kinds ? KIND : CATEGORY, r->args[i]);
}

/* left absent CATEGORY */
static void
check_left(struct checking *c, const struct map_row *r)
{
	if (r->indented && row_is(r, "left") && r->nargs == 2 &&
	    strcmp(r->args[0], "absent") == 0)
		check(c, r, CATEGORY, r->args[1]);
}

/* how many words an option of a reference has, or 1 for a value */
static size_t
option_words(const struct map_row *r, size_t i)
{
	static const char *const options[] = { "as", "by", "in", "through",
	    "if", NULL };
	const struct refform *f;

	if (!is_among(options, r->args[i]))
		return 1;
	if (strcmp(r->args[i], "as") != 0 || i + 1 == r->nargs)
		return 2;
	f = refform_find(r->args[i + 1]);
	return f != NULL && f->argument ? 3 : 2;
}

/* a reference: the kind it leads to, by what, and through which kind */
static void
check_ref(struct checking *c, const struct map_row *r)
{
	static const char *const words[] = { "owner", "needs", "links",
	    "refs", NULL };
	int values = 0;		/* any words, up to by, as or lost */
	size_t i;

	if (!r->indented || !is_among(words, r->word))
		return;
	check(c, r, KIND, r->args[0] + (r->args[0][0] == '?'));
	for (i = 2; i + 1 < r->nargs && strcmp(r->args[i], "lost") != 0;
	    i += option_words(r, i)) {
		if (!values && strcmp(r->args[i], "through") == 0)
			check(c, r, KIND, r->args[i + 1]);
		if (strcmp(r->args[i], "by") == 0)
			check(c, r, BY, r->args[i + 1]);
		values |= strcmp(r->args[i], "if") == 0;
	}
}

/* a variable, and what a new one is made of */
static void
check_variable(struct checking *c, const struct map_row *r)
{
	struct map_variable v;
	const char *wrong = NULL, *found;

	if (map_variable_is(r))
		wrong = map_variable_read(&v, r, &found);
	else if (r->indented && row_is(r, "new") &&
	    (strstr(found = r->args[1], "$name") == NULL ||
	    strstr(found, "$value") == NULL))
		wrong = "expected JSON with $name and $value in it";
	if (wrong != NULL)
		c->rc = rows_fail(c->diag, &c->map->rows, r, wrong, found);
}

/* the stars in a file's pattern, of which "**" is one */
static size_t
file_stars(const char *pattern)
{
	size_t n = 0;

	for (; *pattern != '\0'; pattern++)
		n += *pattern == '*' && pattern[1] != '*';
	return n;
}

/* the stars in a place: steps that are nothing else */
static size_t
place_stars(const char *place)
{
	size_t n = 0, step;

	for (; *place != '\0'; place += step + (place[step] == '/')) {
		step = strcspn(place, "/");
		n += step == 1 && *place == '*';
	}
	return n;
}

/* how many stars "in GROUP PLACE" has, at most */
static size_t
stars_of(const struct map *m, const struct map_row *in)
{
	const struct map_file *f;
	size_t most = 0, n;

	for (f = m->files; f < m->files + m->nfiles; f++) {
		if (strcmp(f->group->name, in->args[0]) != 0)
			continue;
		n = file_stars(f->pattern);
		most = n > most ? n : most;
	}
	return most + place_stars(in->args[1]);
}

/* how many words of a row of a kind may be stars: not values to compare with */
static size_t
words_before_values(const struct map_row *r)
{
	size_t i;

	if (row_is(r, "when"))
		return 1;
	for (i = 0; i < r->nargs && strcmp(r->args[i], "lost") != 0; i++) {
		if (strcmp(r->args[i], "if") == 0)
			return i + 2 < r->nargs ? i + 2 : r->nargs;
	}
	return i;
}

/* no row of a kind names a star that its files and places do not have */
static void
check_stars(struct checking *c, const struct map_kind *k)
{
	const struct map_row *r, *end = k->rows + k->nrows;
	size_t stars = 0, n, i;
	const char *word;

	for (r = k->rows; r < end; r++) {
		n = row_is(r, "in") ? stars_of(c->map, r) : 0;
		stars = n > stars ? n : stars;
	}
	for (r = k->rows; r < end; r++) {
		n = words_before_values(r);
		for (i = 0; i < n; i++) {
			word = r->args[i];
			if (word[0] == '$' && word[1] >= '1' &&
			    word[1] <= '9' && word[2] == '\0' &&
			    (size_t)(word[1] - '0') > stars)
				c->rc = rows_fail(c->diag, &c->map->rows, r,
				    "expected a star that the files and "
				    "places of the kind have", word);
		}
	}
}

static void
take_name(struct checking *c, enum sort sort, const char *name)
{
	struct names *l = &c->names[sort];

	l->names = xgrow(l->names, l->n, sizeof(*l->names));
	l->names[l->n++] = name;
}

/* what a row names */
static void
take_named(struct checking *c, const struct map_row *r)
{
	const struct naming *n;

	for (n = namings; n < namings + sizeof(namings) / sizeof(namings[0]);
	    n++) {
		if (n->indented == r->indented && row_is(r, n->word) &&
		    (n->first == NULL || strcmp(n->first, r->args[0]) == 0))
			take_name(c, n->sort, r->args[n->at]);
	}
}

/* all that the map gives a name to */
static void
take_names(struct checking *c)
{
	const struct map *m = c->map;
	size_t i;

	for (i = 0; i < m->nkinds; i++)
		take_name(c, KIND, m->kinds[i]->name);
	for (i = 0; i < m->nfiles; i++) {
		if (m->files[i].edition != NULL)
			take_name(c, EDITION, m->files[i].edition);
	}
	for (i = 0; i < m->rows.n; i++)
		take_named(c, &m->rows.rows[i]);
	for (i = 0; i < SORTS; i++) {
		if (c->names[i].n > 0)
			qsort(c->names[i].names, c->names[i].n,
			    sizeof(*c->names[i].names), by_text);
	}
}

int
map_check(struct diag *d, const struct map *m)
{
	struct checking c = { .diag = d, .map = m };
	size_t i;

	take_names(&c);
	for (i = 0; i < m->rows.n; i++) {
		check_row(&c, &m->rows.rows[i]);
		check_request(&c, &m->rows.rows[i]);
		check_left(&c, &m->rows.rows[i]);
		check_ref(&c, &m->rows.rows[i]);
		check_variable(&c, &m->rows.rows[i]);
	}
	for (i = 0; i < m->nkinds; i++)
		check_stars(&c, m->kinds[i]);
	for (i = 0; i < SORTS; i++)
		free(c.names[i].names);
	return c.rc;
}
