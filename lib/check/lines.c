/* SPDX-License-Identifier: ISC */
/*
 * The lines of a package's files on which findings stand: each such file is
 * put together again as by pkg-pack(1), but measured only.
 */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "check/check_priv.h"
#include "convert/assemble.h"
#include "json/string.h"
#include "json/style.h"
#include "stream/twopass.h"

/* a file being measured */
struct layout {
	struct check *check;
	struct assembly assembly;
	uint64_t line;		/* of a file that is not split: so far */
	int newline;		/* the file ends with one */
	long long whole;	/* bytes of the file; -1: not known */
	size_t next, end;	/* findings of the file without a line */
	struct print_mark *marks;	/* of each of those, in that order */
	size_t nmarks;			/* so many are made */
	struct buf at, kept;
};

static int
compare_marks(const void *a, const void *b)
{
	const struct print_mark *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* ask for the lines of what was found in a component's value */
static void
ask_lines(struct layout *l, uint32_t node, struct slice value)
{
	struct print_mark *marks = l->marks + l->nmarks;
	struct finding *f;
	size_t n = 0;

	for (; l->next < l->end; l->next++) {
		if ((f = finding_at(l->check, l->next))->node != node)
			break;
		marks[n++] = (struct print_mark){ value.p + f->start,
		    &f->line };
	}
	qsort(marks, n, sizeof(*marks), compare_marks);
	l->assembly.marks = marks;
	l->assembly.nmarks = n;
	l->nmarks += n;
}

/*
 * A component or a container; 0, or -1: it cannot be laid out.  inner: the
 * next record stands inside it.
 */
static int
add_part(struct layout *l, uint32_t node, const struct record *r, int inner)
{
	struct slice at = record_text(r, RECORD_AT);
	struct slice key = record_text(r, RECORD_KEY);
	struct slice value = r->field[RECORD_VALUE];

	l->at.len = l->kept.len = 0;
	string_decode(&l->at, at.p, at.n);
	at = (struct slice){ buf_str(&l->at), l->at.len };
	if (inner) {
		buf_add(&l->kept, value.p, value.n);
		value.p = l->kept.ptr;
	}
	if (r->kind == RECORD_OPEN)
		return assemble_open(&l->assembly, at, key, *value.p == '[');
	ask_lines(l, node, value);
	return assemble_component(&l->assembly, at, key, value,
	    inner ? &l->kept : NULL);
}

static int
add_record(struct layout *l, uint32_t i)
{
	const struct graph *g = &l->check->graph;
	struct record r;
	int inner;

	l->check->node = i;
	if (graph_read(g, l->check->in, i, &r) == -1)
		return -1;
	inner = r.kind == RECORD_COMPONENT && i + 1 < g->n &&
	    graph_node(g, i + 1)->type == RECORD_OPEN &&
	    graph_node(g, i + 1)->parent == i;
	return r.field[RECORD_VALUE].p == NULL ||
	    add_part(l, i, &r, inner) == -1;
}

/*
 * A file that is not of the bytes that were laid out, as one of no known
 * layout, or one that was edited: what was found has no lines.
 */
static void
forget(const struct layout *l, size_t first)
{
	for (; first < l->end; first++)
		finding_at(l->check, first)->line = 0;
}

/* the records of a split file; 0, or -1 after a message */
static int
measure(struct layout *l, const struct style *style, uint32_t file)
{
	const struct graph *g = &l->check->graph;
	size_t first = l->next;
	uint32_t i;
	int rc = 0;

	assemble_begin(&l->assembly, style,
	    l->check->options->input.max_depth, NULL, NULL);
	l->marks = xcalloc(l->end - l->next, sizeof(*l->marks));
	/* one that cannot be laid out has no lines: that is no failure here */
	for (i = file + 1; i < g->n && rc == 0 &&
	    graph_node(g, i)->type != RECORD_OF_FILE; i++) {
		if (graph_node(g, i)->type == RECORD_DATA)
			l->whole = -1;	/* bytes behind the document */
		else
			rc = add_record(l, i);
	}
	if (rc == 0 && assemble_end(&l->assembly) == -1)
		rc = 1;
	if (rc != 0 || (l->whole >= 0 &&
	    l->assembly.layout.size + (l->newline != 0) !=
	    (uint64_t)l->whole))
		forget(l, first);
	assemble_free(&l->assembly);
	free(l->marks);
	return rc == -1 ? -1 : 0;
}

/* line ends in the inside of a string */
static uint64_t
count_escaped(const char *p, size_t n)
{
	uint64_t ends = 0;
	size_t i;

	for (i = 0; i + 1 < n; i++) {
		if (p[i] != '\\')
			continue;
		ends += p[++i] == 'n';
	}
	return ends;
}

/* the slices of a file that is not split; 0, or -1 after a message */
static int
count_slices(struct layout *l, uint32_t file)
{
	const struct graph *g = &l->check->graph;
	struct finding *f;
	struct record r;
	struct slice text;
	size_t at, to;
	uint32_t i;

	for (i = file + 1; i < g->n && l->next < l->end &&
	    graph_node(g, i)->type == RECORD_DATA; i++) {
		l->check->node = i;
		if (graph_read(g, l->check->in, i, &r) == -1)
			return -1;
		text = record_text(&r, RECORD_VALUE);
		for (at = 0; l->next < l->end; l->next++, at = to) {
			if ((f = finding_at(l->check, l->next))->node != i)
				break;
			/* they come in the order of the text */
			to = f->start < text.n ? f->start : text.n;
			l->line += count_escaped(text.p + at, to - at);
			f->line = l->line;
		}
		l->line += count_escaped(text.p + at, text.n - at);
	}
	return 0;
}

/* the style of a file in *style, NULL: it is not split; 0 or -1 */
static int
read_style(struct layout *l, uint32_t file, const struct style **style)
{
	struct check *c = l->check;
	struct record r;
	struct slice s;
	const char *plus;

	c->node = file;
	*style = NULL;
	if (graph_read(&c->graph, c->in, file, &r) == -1)
		return -1;
	s = record_text(&r, RECORD_STYLE);
	l->whole = r.field[RECORD_SIZE].p == NULL ? -1 :
	    record_number(&r, RECORD_SIZE);
	if (s.p == NULL)
		return 0;
	plus = memchr(s.p, '+', s.n);
	l->newline = plus != NULL;
	*style = style_find(s.p, plus != NULL ? (size_t)(plus - s.p) : s.n);
	return 0;
}

/* the findings of one file, from the first up to the end */
static int
find_lines(struct check *c, size_t first, size_t end)
{
	struct layout l = { .check = c, .line = 1, .next = first, .end = end };
	uint32_t file = finding_at(c, first)->file;
	const struct style *style;
	int rc;

	if (file == NOTHING)
		return 0;
	/* what was found of the file as a whole */
	while (l.next < end && finding_at(c, l.next)->node == file)
		finding_at(c, l.next++)->line = 1;
	if (l.next == end)
		return 0;
	if ((rc = read_style(&l, file, &style)) == 0)
		rc = style != NULL ? measure(&l, style, file) :
		    count_slices(&l, file);
	buf_free(&l.at);
	buf_free(&l.kept);
	return rc;
}

int
check_lines(struct check *c)
{
	size_t first, end, n = finding_count(c);
	int rc = 0;

	for (first = 0; first < n && rc == 0; first = end) {
		for (end = first + 1; end < n && finding_at(c, end)->file ==
		    finding_at(c, first)->file; end++)
			continue;
		rc = find_lines(c, first, end);
	}
	return rc;
}
