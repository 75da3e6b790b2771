/* SPDX-License-Identifier: ISC */
/*
 * A stream in which components have other names.
 *
 * All changes are made once for nothing, before the first line is written: a
 * name that cannot be written in some place is found then.
 */
#include "rename/renaming.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "graph/closure.h"
#include "graph/emit.h"
#include "json/string.h"
#include "map/envelope.h"
#include "map/map.h"
#include "rename/renaming_priv.h"
#include "stream/record.h"
#include "stream/stream.h"
#include "stream/twopass.h"
#include "value/derive.h"

/* who is told of a change */
struct telling {
	struct renaming *of;
	struct output *out;	/* the list, or NULL */
	int notes;
};

/* ---- what changes */

/* the @file that a record is of, or NOTHING */
static uint32_t
file_of(const struct renaming *w, uint32_t i)
{
	while (i != NOTHING && graph_node(&w->graph, i)->type !=
	    RECORD_OF_FILE)
		i = graph_node(&w->graph, i)->parent;
	return i;
}

/* a renamed component's file and folder; 0, or -1 after a message */
static int
move_file(struct renaming *w, const struct renamed *m)
{
	const struct place at = graph_place(w->in, m->node);
	struct slice kind = renaming_text(w, m->kind), text, old, new;
	const struct map_kind *k;
	const char *wrong = NULL;
	struct buf names = {0};
	struct record r;
	size_t next = 0, nold;

	if (graph_read(&w->graph, w->in, m->node, &r) == -1)
		return -1;
	text = record_text(&r, RECORD_AT);
	if (text.n > 0 || file_of(w, m->node) == NOTHING)
		return 0;
	w->path.len = 0;
	text = record_text(&r, RECORD_FILE);
	string_decode(&w->path, text.p, text.n);
	old = renaming_text(w, m->old);
	new = renaming_text(w, m->new);
	string_decode(&names, old.p, old.n);
	nold = names.len;
	string_decode(&names, new.p, new.n);
	old = (struct slice){ names.ptr, nold };
	new = (struct slice){ names.ptr + nold, names.len - nold };
	if ((k = map_next_kind(w->map, kind, &next)) != NULL)
		wrong = moves_add(&w->moves, k, file_of(w, m->node),
		    buf_str(&w->path), old, new);
	buf_free(&names);
	new = renaming_text(w, m->new);
	return wrong == NULL ? 0 : diag_fail(w->diag, STATUS_FINDING, &at,
	    "%.*s cannot be called \"%.*s\": %s", (int)kind.n, kind.p,
	    (int)new.n, new.p, wrong);
}

/* the words by which renamed components are referred to */
static void
note_words(struct renaming *w, size_t i)
{
	const struct renamed *m = renaming_at(w, i);
	struct slice kind = renaming_text(w, m->kind);
	struct slice word;

	if (m->is.id) {
		word = renaming_text(w, m->id);
		hashset_put(&w->words, keyindex_hash(kind.p, kind.n, word.p,
		    word.n), (uint32_t)i);
	}
	if (m->is.names) {
		word = renaming_text(w, m->old);
		hashset_put(&w->words, keyindex_hash(kind.p, kind.n, word.p,
		    word.n), (uint32_t)i);
	}
}

/* relabel: whether what is called so has a new word */
static int
ask_word(void *ctx, const char *ref, size_t n, struct slice *new)
{
	const struct telling *t = ctx;
	const struct renaming *w = t->of;
	const struct renamed *m;
	const char *colon = memchr(ref, ':', n);
	struct slice kind, word;
	size_t at = 0;
	uint32_t i;

	if (colon == NULL)
		return 0;
	kind = (struct slice){ ref, (size_t)(colon - ref) };
	word = (struct slice){ colon + 1, n - kind.n - 1 };
	while ((i = hashset_next(&w->words, keyindex_hash(kind.p, kind.n,
	    word.p, word.n), &at)) != HASHSET_NONE) {
		m = renaming_at(w, i);
		if (!slice_same(kind, renaming_text(w, m->kind)) ||
		    (!(m->is.id && slice_same(word, renaming_text(w,
		    m->id))) && !(m->is.names && slice_same(word,
		    renaming_text(w, m->old)))))
			continue;
		*new = renaming_text(w, m->new);
		return 1;
	}
	return 0;
}

/* what refers to a record is looked at */
static void
mark_toward(struct renaming *w, uint32_t node)
{
	struct toward it = graph_toward_once(&w->graph, node, RUN_TOOL, 1);
	const struct edge *e;

	while ((e = graph_next(&it)) != NULL)
		graph_node(&w->graph, e->from)->fate = FATE_CHANGE;
}

/* whether ids of a record's kind begin with that of what it stands in */
static int
is_scoped(const struct renaming *w, uint32_t i)
{
	struct slice name = graph_kind_name(&w->graph,
	    graph_node(&w->graph, i)->kind);
	const struct map_kind *k;
	size_t at = 0;

	while ((k = map_next_kind(w->map, name, &at)) != NULL) {
		if (k->scoped)
			return 1;
	}
	return 0;
}

/* the path of a file, now: 1, 0 (as it was) or -1 */
static int
new_path(struct renaming *w, uint32_t file, struct buf *path)
{
	struct record r;
	struct slice text;

	if (w->moves.files.len == 0 && w->moves.folders.len == 0)
		return 0;
	if (graph_read(&w->graph, w->in, file, &r) == -1)
		return -1;
	text = record_text(&r, RECORD_FILE);
	w->decoded.len = path->len = 0;
	string_decode(&w->decoded, text.p, text.n);
	return moves_path(&w->moves, file, buf_str(&w->decoded), path);
}

/* note a path: no two files may have one, in any case; 0 or -1 */
static int
note_path(struct keyindex *paths, const struct buf *path, uint32_t file)
{
	struct buf folded = {0};
	size_t i;
	int rc;

	for (i = 0; i < path->len; i++)
		buf_addc(&folded, path->ptr[i] >= 'A' && path->ptr[i] <= 'Z' ?
		    (char)(path->ptr[i] | 0x20) : path->ptr[i]);
	rc = keyindex_add(paths, keyindex_hash("", 0, folded.ptr,
	    folded.len), file);
	buf_free(&folded);
	return rc;
}

/* a file that moves comes where another is */
static int
check_paths(struct renaming *w, struct keyindex *paths)
{
	const struct key *k;
	struct place at;
	uint32_t i, moved;

	if (keyindex_sort(paths) == -1)
		return -1;
	for (i = 1; i < paths->n; i++) {
		k = keyindex_at(paths, i);
		if (k->hash != k[-1].hash)
			continue;
		moved = k->node;
		if ((graph_node(&w->graph, moved)->flags & RENAMED_FILE) == 0)
			moved = k[-1].node;
		if ((graph_node(&w->graph, moved)->flags & RENAMED_FILE) == 0)
			continue;
		at = graph_place(w->in, moved);
		if (new_path(w, moved, &w->path) == -1)
			return -1;
		return diag_fail(w->diag, STATUS_FINDING, &at, "the file would "
		    "be %s, which another file is called, if only in other "
		    "case: choose another name", buf_str(&w->path));
	}
	return 0;
}

/* the files that move; 0, or -1 after a message */
static int
find_files(struct renaming *w)
{
	struct keyindex paths = { .room = w->taken.room };
	uint32_t i;
	int rc = 0, moved;

	if (w->moves.files.len == 0 && w->moves.folders.len == 0)
		return 0;
	for (i = 0; i < w->graph.n && rc == 0; i++) {
		if (graph_node(&w->graph, i)->type != RECORD_OF_FILE)
			continue;
		if ((moved = new_path(w, i, &w->path)) == -1 ||
		    note_path(&paths, &w->path, i) == -1)
			rc = -1;
		else if (moved) {
			graph_node(&w->graph, i)->flags |= RENAMED_FILE;
			w->done->files++;
		}
	}
	if (rc == 0)
		rc = check_paths(w, &paths);
	keyindex_free(&paths);
	return rc;
}

/* which records may change */
static void
mark_all(struct renaming *w)
{
	struct node *n, *up;
	uint32_t i;

	for (i = 0; i < w->graph.n; i++) {
		n = graph_node(&w->graph, i);
		up = n->parent == NOTHING ? NULL : graph_node(&w->graph,
		    n->parent);
		if ((n->flags & MENTIONS) != 0)
			n->fate = FATE_CHANGE;
		n->flags &= (uint16_t)~MENTIONS;
		if (up != NULL)
			n->flags |= up->flags & RENAMED_FILE;
		if (up != NULL && (up->flags & (RENAMED_ID | RENAMED_IN)) !=
		    0 && (n->type == RECORD_OPEN || is_scoped(w, i)))
			n->flags |= RENAMED_IN;
		if (n->flags == 0)
			continue;
		n->fate = FATE_CHANGE;
		if (n->type == RECORD_COMPONENT)
			mark_toward(w, i);
	}
}

/* ---- changing them */

/* a text for a list: as in a JSON string */
static void
put_text(struct buf *b, struct slice s)
{
	buf_addc(b, '\t');
	buf_add(b, s.p, s.n);
}

/* relabel: a change was made */
static void
tell(void *ctx, const struct record *r, const char *where, struct slice old,
    struct slice new)
{
	struct telling *t = ctx;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, r->field[RECORD_ID].p != NULL ?
	    RECORD_ID : r->kind == RECORD_COMPONENT ? RECORD_AT :
	    RECORD_FILE);
	struct buf b = {0}, masked = {0};

	if (t->notes && r->kind != RECORD_OPEN && r->kind != RECORD_DATA &&
	    (r->kind == RECORD_OF_FILE || strcmp(where, "file") != 0))
		diag_note(t->of->diag, NULL, "%.*s %.*s: %s: \"%.*s\" is now "
		    "\"%.*s\"", (int)kind.n, kind.p, (int)id.n, id.p, where,
		    (int)old.n, old.p, (int)new.n, new.p);
	if (t->out == NULL || (*where == 'f' && r->kind != RECORD_OF_FILE))
		return;
	buf_add(&b, kind.p, kind.n);
	put_text(&b, id);
	buf_addc(&b, '\t');
	string_encode(&b, where, strlen(where));
	put_text(&b, old);
	put_text(&b, new);
	string_mask(&masked, b.ptr, b.len);
	buf_addc(&masked, '\n');
	output_add(t->out, masked.ptr, masked.len);
	buf_free(&masked);
	buf_free(&b);
}

static int
compare_node(const void *key, const void *item)
{
	uint32_t node = *(const uint32_t *)key;
	const struct renamed *m = item;

	return node < m->node ? -1 : node > m->node;
}

static const struct renamed *
find_renamed(const struct renaming *w, uint32_t node)
{
	return bsearch(&node, w->renamed.ptr, renaming_count(w),
	    sizeof(struct renamed), compare_node);
}

/* what ids inside begin with: envelope_scope() */
static void
put_scope(struct buf *b, const struct renamed *m, struct slice id)
{
	if (m->is.parts > 1)
		buf_add(b, id.p, id.n);
	else
		envelope_part(b, id);
	buf_addc(b, '/');
}

/* the old and new scope of a record inside a renamed one */
static void
find_scope(struct renaming *w, uint32_t i, struct relabel_ask *ask,
    struct buf *b)
{
	const struct renamed *m;
	size_t n;

	do
		i = graph_node(&w->graph, i)->parent;
	while ((graph_node(&w->graph, i)->flags & RENAMED) == 0);
	m = find_renamed(w, i);
	put_scope(b, m, renaming_text(w, m->id));
	n = b->len;
	put_scope(b, m, renaming_text(w, m->new_id));
	ask->scope = (struct slice){ b->ptr, n };
	ask->new_scope = (struct slice){ b->ptr + n, b->len - n };
}

/* a record as it is now: 1, 0 (as it was) or -1 after a message */
static int
change_record(struct renaming *w, uint32_t i, const struct record *r,
    struct telling *t, struct buf *line)
{
	const struct node *n = graph_node(&w->graph, i);
	const struct place at = graph_place(w->in, i);
	struct relabel_ask ask = { .word = ask_word, .changed = tell,
	    .ctx = t, .place = &at };
	struct slice file = record_text(r, RECORD_FILE);
	const struct renamed *m;
	struct buf scopes = {0};
	int rc;

	if ((n->flags & RENAMED) != 0 && (m = find_renamed(w, i)) != NULL) {
		ask.by = m->by;
		ask.old = renaming_text(w, m->old);
		ask.new = renaming_text(w, m->new);
	}
	if ((n->flags & RENAMED_IN) != 0)
		find_scope(w, i, &ask, &scopes);
	if ((n->flags & RENAMED_FILE) != 0) {
		w->decoded.len = w->path.len = 0;
		string_decode(&w->decoded, file.p, file.n);
		moves_path(&w->moves, file_of(w, i), buf_str(&w->decoded),
		    &w->path);
		w->decoded.len = 0;
		string_encode(&w->decoded, w->path.ptr, w->path.len);
		ask.file = (struct slice){ w->decoded.ptr, w->decoded.len };
	}
	rc = relabel(w->relabeler, r, &ask, line);
	buf_free(&scopes);
	return rc;
}

/* emit: the new line of a record */
static int
change_line(void *ctx, uint32_t i, const struct record *r, struct buf *line)
{
	struct renaming *w = ctx;
	struct telling t = { .of = w, .notes = 1 };

	return change_record(w, i, r, &t, line);
}

/* change all that changes, to see whether it can be, and (out) what changes */
static int
try_all(struct renaming *w, struct output *out)
{
	struct telling t = { .of = w, .out = out };
	struct record r;
	uint32_t i;
	int rc;

	for (i = 0; i < w->graph.n; i++) {
		if (graph_node(&w->graph, i)->fate != FATE_CHANGE)
			continue;
		if (graph_read(&w->graph, w->in, i, &r) == -1 ||
		    (rc = change_record(w, i, &r, &t, &w->line)) == -1)
			return -1;
		w->done->changed += out != NULL && rc == 1;
	}
	return 0;
}

/* ---- the whole */

/* the first line, and the map that it asks for */
static int
begin(struct renaming *w, struct registry *maps)
{
	if ((w->map = derive_begin(w->in, maps, w->options->input.map)) ==
	    NULL)
		return -1;
	stream_put_head(&w->head, &w->in->first, w->diag->program,
	    w->options->by);
	w->relabeler = relabel_open(w->diag, w->map);
	w->moves.map = w->map;
	return 0;
}

static int
read_all(struct renaming *w)
{
	struct record r;
	uint64_t at;
	uint32_t i;
	int got;

	matches_begin(w);
	while ((got = twopass_read(w->in, &r, &at)) == 1) {
		if ((i = graph_add(&w->graph, &r, at)) == NOTHING ||
		    (r.kind == RECORD_COMPONENT && matches_add(w, &r, i) ==
		    -1))
			return -1;
		if (w->mentions && relabel_mentioning(w->relabeler, &r))
			graph_node(&w->graph, i)->flags |= MENTIONS;
	}
	w->done->records = w->graph.n;
	return got == -1 ? -1 : graph_link(&w->graph, at);
}

static int
decide(struct renaming *w)
{
	size_t i;

	if (matches_end(w) == -1)
		return -1;
	w->done->renamed = renaming_count(w);
	for (i = 0; i < renaming_count(w); i++) {
		note_words(w, i);
		if (move_file(w, renaming_at(w, i)) == -1)
			return -1;
	}
	if (find_files(w) == -1)
		return -1;
	mark_all(w);
	return 0;
}

/* the list of changes, in place of the stream */
static int
print_list(struct renaming *w)
{
	struct output out = { .diag = w->diag, .name = "stdout",
	    .fd = STDOUT_FILENO };
	int rc = try_all(w, &out);

	if (rc == 0 && (rc = twopass_same(w->in)) == 0)
		rc = output_flush(&out);
	w->done->bytes = out.total;
	output_free(&out);
	return rc;
}

static int
run(struct renaming *w, struct registry *maps)
{
	struct carry c = { .diag = w->diag, .in = w->in, .graph = &w->graph,
	    .change = change_line, .ctx = w };

	if (begin(w, maps) == -1 || read_all(w) == -1 || decide(w) == -1)
		return -1;
	if (w->options->list)
		return print_list(w);
	if (try_all(w, NULL) == -1 || emit(&c, &w->head) == -1)
		return -1;
	w->done->changed = c.changed;
	w->done->bytes = c.bytes;
	return 0;
}

int
renaming(struct diag *d, const struct renaming_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct renamed_counts *done)
{
	struct renaming w = { .diag = d, .options = o, .in = in,
	    .done = done };
	int rc;

	graph_init(&w.graph, d, room);
	w.taken.room = room;
	rc = run(&w, maps);
	relabel_close(w.relabeler);
	graph_free(&w.graph);
	keyindex_free(&w.taken);
	moves_free(&w.moves);
	hashset_free(&w.asked_table);
	hashset_free(&w.words);
	buf_free(&w.matches);
	buf_free(&w.renamed);
	buf_free(&w.texts);
	buf_free(&w.head);
	buf_free(&w.line);
	buf_free(&w.path);
	buf_free(&w.decoded);
	buf_free(&w.text);
	return rc;
}
