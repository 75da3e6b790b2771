/* SPDX-License-Identifier: ISC */
/*
 * The walk through a JSON document, where a map's components are found.
 *
 * The walker holds a level for each open container and a frame for each open
 * component.  A frame's value grows on one stack of bytes; a component inside
 * another pushes its own above it and is gone when it ends.  A component's
 * line can be written only at its end, but stands before the lines of those
 * inside it: these wait in the frame's spool (nesting.h).
 */
#include "convert/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "convert/file_record.h"
#include "convert/nesting.h"
#include "json/dupkeys.h"
#include "json/pathmatch.h"
#include "json/pointer.h"
#include "json/string.h"
#include "map/capture.h"
#include "map/envelope.h"
#include "map/map.h"

/* an open container */
struct level {
	const struct pathmatch_state *state;
	size_t key, nkey;	/* of the member being read, in keys, raw */
	uint64_t index;		/* of the element being read, from 1 */
	uint64_t object;	/* the container's number */
	int array;
	int split;		/* what is in it are records */
	int named;		/* a key or an element has come */
	int plain;		/* the key has no escapes */
};

/* an open component */
struct frame {
	const struct pathmatch_state *state;	/* with its kinds */
	unsigned depth;		/* of the levels around it */
	size_t value;		/* where its value begins, in values */
	size_t capture;		/* its first capture */
	size_t text;		/* where their texts begin */
};

struct walk {
	struct diag *diag;
	const struct map *map;
	uint64_t max_component;
	struct nesting *nest;	/* where lines go */
	int watch;		/* for keys that stand twice */

	/* the file */
	const struct file *file;
	const struct map_group *group;	/* of its row */
	const struct pathmatch_state *root;
	uint64_t components;
	uint64_t ndoubles;
	int too_large;		/* a component was */

	/* what is open */
	struct level *levels;
	unsigned depth;
	struct frame *frames;
	size_t nframes, room;
	uint64_t objects;	/* containers so far */
	int parts;		/* inside a long string */
	struct buf keys, values;
	struct captures captures;
	struct dupkeys doubles;

	/* lines being made */
	struct buf key;		/* a key without its escapes */
	struct buf envelope, scope, pointer;
	struct buf stars;	/* of the place, each ended by a NUL */
};

struct walk *
walk_open(struct diag *d, const struct map *map, unsigned max_depth,
    uint64_t max_component, struct nesting *nest)
{
	struct walk *w;

	w = xcalloc(1, sizeof(*w));
	w->diag = d;
	w->map = map;
	w->max_component = max_component;
	w->watch = d->verbose;
	w->nest = nest;
	w->levels = xcalloc(max_depth, sizeof(*w->levels));
	return w;
}

void
walk_close(struct walk *w)
{
	if (w == NULL)
		return;
	dupkeys_free(&w->doubles);
	buf_free(&w->keys);
	buf_free(&w->values);
	captures_free(&w->captures);
	buf_free(&w->key);
	buf_free(&w->envelope);
	buf_free(&w->scope);
	buf_free(&w->pointer);
	buf_free(&w->stars);
	free(w->levels);
	free(w->frames);
	free(w);
}

void
walk_begin(struct walk *w, const struct file *file)
{
	w->file = file;
	w->group = file->row->group;
	w->root = pathmatch_root(w->group->paths);
	w->components = w->objects = w->ndoubles = 0;
	w->depth = 0;
	w->nframes = 0;
	w->parts = w->too_large = 0;
	w->keys.len = w->values.len = 0;
	w->captures.texts.len = w->captures.list.len = 0;
}

/* put the place of the value being read into pointer (RFC 6901) */
static void
point(struct walk *w, struct buf *b, unsigned depth)
{
	const struct level *l;

	for (l = w->levels; l < w->levels + depth; l++) {
		if (!l->array) {
			w->key.len = 0;
			string_decode(&w->key, buf_at(&w->keys, l->key),
			    l->nkey);
			pointer_push(b, w->key.ptr, w->key.len);
		} else if (l->split) {
			buf_adds(b, "/-");
		} else {
			buf_printf(b, "/%llu",
			    (unsigned long long)(l->index - 1));
		}
	}
}

/* the kinds that may stand here; NULL: none is left */
static const struct map_hit *
next_kind(const struct walk *w, const struct pathmatch_state *state, size_t *i)
{
	const struct map_hit *hit;

	while (*i < state->nhits) {
		hit = &w->group->hits[state->hits[(*i)++]];
		if (hit->source == NULL)
			return hit;
	}
	return NULL;
}

/* whether a component of the frame on top may be of this kind */
static int
may_be(const struct walk *w, const struct map_kind *k)
{
	const struct map_hit *hit;
	size_t i = 0;

	while ((hit = next_kind(w, w->frames[w->nframes - 1].state, &i)) !=
	    NULL) {
		if (hit->kind == k)
			return 1;
	}
	return 0;
}

/* keep what the patterns met at this value want; raw NULL: a container */
static void
capture_all(struct walk *w, const struct pathmatch_state *state,
    const char *raw, size_t n)
{
	const struct level *l;
	const struct map_hit *hit;
	size_t i;

	l = w->depth > 0 ? &w->levels[w->depth - 1] : NULL;
	for (i = 0; i < state->nhits; i++) {
		hit = &w->group->hits[state->hits[i]];
		if (hit->source == NULL || !may_be(w, hit->kind))
			continue;
		if (hit->source->form->key && l != NULL && !l->array)
			capture_text(&w->captures, hit->source, l->object,
			    buf_at(&w->keys, l->key), l->nkey);
		else if (raw != NULL)
			capture_scalar(&w->captures, hit->source,
			    l != NULL ? l->object : 0, raw, n);
	}
}

/* the state of the value that comes now */
static inline const struct pathmatch_state *
state_of(struct walk *w)
{
	struct level *l;
	const char *key;
	size_t n;

	if (w->depth == 0)
		return w->root;
	l = &w->levels[w->depth - 1];
	if (l->array)
		return pathmatch_element(w->group->paths, l->state);
	key = buf_at(&w->keys, l->key);
	n = l->nkey;
	if (!l->plain) {
		w->key.len = 0;
		string_decode(&w->key, key, n);
		key = w->key.ptr;
		n = w->key.len;
	}
	return pathmatch_key(w->group->paths, l->state, key, n);
}

/*
 * Append where the value on top of the levels goes; its key too, if the
 * source spells it with other escapes than we would.
 */
static void
put_place(struct walk *w, struct buf *b)
{
	const struct level *l;

	w->pointer.len = 0;
	point(w, &w->pointer, w->depth);
	record_put(b, RECORD_FILE, w->file->path.p, w->file->path.n);
	record_put_text(b, RECORD_AT, w->pointer.ptr, w->pointer.len);
	if (w->depth == 0 || (l = &w->levels[w->depth - 1])->array || l->plain)
		return;
	w->key.len = 0;
	string_canon(&w->key, buf_at(&w->keys, l->key), l->nkey);
	if (w->key.len == l->nkey &&
	    memcmp(w->key.ptr, buf_at(&w->keys, l->key), l->nkey) == 0)
		return;
	record_put(b, RECORD_KEY, "\"", 1);
	buf_add(b, buf_at(&w->keys, l->key), l->nkey);
	buf_addc(b, '"');
}

/* write an @open for the container that begins here */
static int
write_open(struct walk *w, int array)
{
	struct buf *b = &w->envelope;
	struct nesting_line line = { .cut = NESTING_WHOLE };

	b->len = 0;
	record_begin(b, "@open", 5);
	put_place(w, b);
	if (w->file->owner.p != NULL)
		record_put(b, RECORD_OWNER, w->file->owner.p,
		    w->file->owner.n);
	record_put(b, RECORD_VALUE, array ? "[]}" : "{}}", 3);
	line.head = (struct slice){ b->ptr, b->len };
	return nesting_line(w->nest, &line);
}

/* a component begins here */
static void
begin_frame(struct walk *w, const struct pathmatch_state *state)
{
	w->frames = xroom(w->frames, &w->room, w->nframes,
	    sizeof(*w->frames));
	w->frames[w->nframes++] = (struct frame){ .state = state,
	    .depth = w->depth, .value = w->values.len,
	    .capture = w->captures.list.len,
	    .text = w->captures.texts.len };
	nesting_push(w->nest);
}

/* the stars of the file, then those of a place: steps that led here */
static void
find_stars(struct walk *w, struct gathered *g, const char *place)
{
	const struct level *l = w->levels;
	size_t i, n, count = 0;

	memset(g->stars, 0, sizeof(g->stars));
	i = envelope_stars(g, 0, w->file->stars, w->file->nstars);
	w->stars.len = 0;
	for (; *place != '\0' && l < w->levels + w->depth; l++) {
		n = strcspn(place, "/");
		if (n == 1 && *place == '*') {
			string_canon(&w->stars, buf_at(&w->keys, l->key),
			    l->nkey);
			buf_addc(&w->stars, '\0');
			count++;
		}
		place += n + (place[n] == '/');
	}
	envelope_stars(g, i, w->stars.ptr, count);
}

/* all that was met of the component on top; returns its kind */
static const struct map_kind *
gather(struct walk *w, struct gathered *g)
{
	const struct frame *f = &w->frames[w->nframes - 1];
	const struct level *l;
	const struct map_hit *hit;
	size_t i = 0;

	memset(g, 0, sizeof(*g));
	g->map = w->map;
	g->texts = w->captures.texts.ptr;
	g->captures = (const void *)(w->captures.list.ptr + f->capture);
	g->n = (w->captures.list.len - f->capture) / sizeof(struct capture);
	if (w->depth > 0 && !(l = &w->levels[w->depth - 1])->array)
		g->key = (struct slice){ buf_at(&w->keys, l->key), l->nkey };
	while ((hit = next_kind(w, f->state, &i)) != NULL) {
		find_stars(w, g, hit->place);
		if (envelope_is(g, hit->kind))
			return hit->kind;
	}
	return NULL;
}

/*
 * A kind's name made of what a source says: its last step without an ending,
 * in lower case and the singular.  Lasts until the next call.
 */
static char *
make_name(struct walk *w, struct slice s)
{
	struct buf *b = &w->key;
	const char *p;

	if ((p = s.p != NULL ? memrchr(s.p, '/', s.n) : NULL) != NULL)
		s = (struct slice){ p + 1, (size_t)(s.p + s.n - p) - 1 };
	b->len = 0;
	for (p = s.p; p < s.p + s.n; p++) {
		if (*p == ':' || (*p == '@' && b->len == 0))
			continue;	/* they mean something in a kind */
		buf_addc(b, *p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
	}
	if (b->len > 3 && memcmp(b->ptr + b->len - 3, "ies", 3) == 0) {
		b->len -= 3;
		buf_addc(b, 'y');
	} else if (b->len > 2 && b->ptr[b->len - 1] == 's' &&
	    b->ptr[b->len - 2] != 's') {
		b->len--;
	}
	return b->len > 0 ? buf_str(b) : w->group->name;
}

/* a component that no row of the map knows: called as its group says */
static void
name_unknown(struct walk *w, struct gathered *g, struct map_kind *k)
{
	const struct map_row *r = w->group->called;

	find_stars(w, g, r != NULL ? "*/*/*" : "");
	k->name = r != NULL ? make_name(w, g->stars[r->args[1][1] - '1']) :
	    w->group->name;
}

/* a file's name and the name inside it that disagree: which is meant? */
static void
check_same(struct walk *w, const struct gathered *g, const struct map_kind *k)
{
	struct place at = { .input = w->file->input, .offset = DIAG_NOWHERE,
	    .member = w->file->member.name };
	struct slice a, b;
	size_t i;

	for (i = 0; i < k->nsame; i += 2) {
		a = envelope_say(g, &k->same[i]);
		b = envelope_say(g, &k->same[i + 1]);
		if (a.p == NULL || b.p == NULL ||
		    (a.n == b.n && memcmp(a.p, b.p, a.n) == 0))
			continue;
		diag_warn_of(w->diag, "name", &at,
		    "the file is called \"%.*s\", what is "
		    "in it \"%.*s\": references go by the latter; rename the "
		    "file", (int)a.n, a.p, (int)b.n, b.p);
		return;
	}
}

/* the component on top ends here: its line, then those of what is in it */
static int
end_frame(struct walk *w)
{
	struct map_kind named = { .name = NULL };
	struct frame f = w->frames[w->nframes - 1];
	const struct map_kind *kind;
	struct gathered g;
	struct nesting_line line = { .cut = NESTING_WHOLE };
	struct buf *b = &w->envelope;
	int rc;

	if ((kind = gather(w, &g)) == NULL) {
		name_unknown(w, &g, &named);
		kind = &named;
	} else if (kind->called != NULL) {
		named = *kind;
		named.name = make_name(w, envelope_say(&g, kind->called));
		kind = &named;
	}
	check_same(w, &g, kind);
	b->len = w->scope.len = 0;
	if (nesting_waiting(w->nest))
		envelope_scope(&w->scope, &g, kind);
	line.cut = envelope_put(b, &g, kind);
	put_place(w, b);
	record_put(b, RECORD_VALUE, "", 0);
	line.scope = (struct slice){ w->scope.ptr, w->scope.len };
	line.head = (struct slice){ b->ptr, b->len };
	line.value = (struct slice){ w->values.ptr + f.value,
	    w->values.len - f.value };
	w->nframes--;
	w->components++;
	rc = nesting_pop(w->nest, &line);
	w->values.len = f.value;
	w->captures.list.len = f.capture;
	w->captures.texts.len = f.text;
	return rc;
}

/* append the comma that parts a value from the one before it */
static void
add_comma(struct walk *w, const struct json_token *t)
{
	if (!t->first && w->levels[w->depth - 1].array)
		buf_addc(&w->values, ',');
}

/* a value begins: move to its place; whether it is a component of its own */
static inline int
arrive(struct walk *w, const struct json_token *t,
    const struct pathmatch_state **state)
{
	struct level *l;
	size_t i = 0;
	int own;

	own = w->depth == 0 ? next_kind(w, w->root, &i) != NULL : 0;
	if (w->depth > 0) {
		l = &w->levels[w->depth - 1];
		l->index++;
		l->named = 1;
		own = l->split;
		if (!own && w->nframes > 0)
			add_comma(w, t);
	}
	*state = state_of(w);
	return own;
}

/* push a level for a container that begins here */
static void
enter(struct walk *w, const struct pathmatch_state *state, int array, int split)
{
	w->levels[w->depth++] = (struct level){ .state = state,
	    .key = w->keys.len, .object = ++w->objects, .array = array,
	    .split = split };
}

static int
take_container(void *arg, const struct json_token *t)
{
	struct walk *w = arg;
	const struct pathmatch_state *state;
	int array = t->type == JSON_ARRAY, own;

	own = arrive(w, t, &state);
	if (state->splits[array] ||
	    (w->depth == 0 && !own && !array && w->group->split)) {
		if (!own && w->nframes > 0)
			buf_add(&w->values, array ? "[]" : "{}", 2);
		if (write_open(w, array) == -1)
			return -1;
		enter(w, state, array, 1);
		return 0;
	}
	if (own || w->nframes == 0)
		begin_frame(w, state);
	if (state->nhits > 0)
		capture_all(w, state, NULL, 0);
	buf_addc(&w->values, *t->raw);
	enter(w, state, array, 0);
	return 0;
}

/* the value of the component on top as it is so far; -1: it is too large */
static inline int
check_size(struct walk *w)
{
	const struct frame *f = &w->frames[w->nframes - 1];

	w->too_large = w->values.len - f->value > w->max_component;
	return w->too_large ? -1 : 0;
}

/* a value is complete: so is a component, if it is one */
static inline int
leave(struct walk *w)
{
	if (w->nframes == 0)
		return 0;
	if (check_size(w) == -1)
		return -1;
	return w->frames[w->nframes - 1].depth == w->depth ? end_frame(w) : 0;
}

static int
take_end(void *arg, const struct json_token *t)
{
	struct walk *w = arg;
	struct level *l = &w->levels[--w->depth];

	w->keys.len = l->key;
	if (w->watch)
		w->ndoubles += dupkeys_end(&w->doubles, l->object);
	if (l->split)
		return 0;
	buf_addc(&w->values, *t->raw);
	return leave(w);
}

static int
take_scalar(void *arg, const struct json_token *t)
{
	struct walk *w = arg;
	const struct pathmatch_state *state;
	int own;

	if (w->parts) {
		buf_add(&w->values, t->raw, t->len);
		if (t->type == JSON_PART)
			return check_size(w);
		w->parts = 0;
		return leave(w);
	}
	own = arrive(w, t, &state);
	if (own || w->nframes == 0)
		begin_frame(w, state);
	buf_add_short(&w->values, t->raw, t->len, t->room);
	if (t->type == JSON_PART) {
		w->parts = 1;	/* too long for a name or a reference */
		return 0;
	}
	if (state->nhits > 0)
		capture_all(w, state, t->len > JSON_LONG ? NULL : t->raw,
		    t->len);
	return leave(w);
}

static int
take_key(void *arg, const struct json_token *t)
{
	struct walk *w = arg;
	struct level *l = &w->levels[w->depth - 1];

	w->keys.len = l->key;
	buf_add_short(&w->keys, t->raw + 1, t->len - 2, t->room - 1);
	l->nkey = t->len - 2;
	l->named = 1;
	l->plain = t->plain;
	if (w->watch)
		dupkeys_key(&w->doubles, l->object, t->raw + 1, l->nkey);
	if (l->split)
		return 0;
	if (!t->first)
		buf_addc(&w->values, ',');
	buf_add_short(&w->values, t->raw, t->len, t->room);
	buf_addc(&w->values, ':');
	return 0;
}

scan_taker *const walk_takers[JSON_TYPES] = {
	[JSON_OBJECT] = take_container, [JSON_ARRAY] = take_container,
	[JSON_END] = take_end, [JSON_KEY] = take_key,
	[JSON_STRING] = take_scalar, [JSON_PART] = take_scalar,
	[JSON_OTHER] = take_scalar
};

const char *
walk_pointer(struct walk *w)
{
	unsigned depth = w->depth;

	/* behind a bracket nothing has a name yet */
	if (depth > 0 && !w->levels[depth - 1].named)
		depth--;
	w->pointer.len = 0;
	point(w, &w->pointer, depth);
	return buf_str(&w->pointer);
}

struct walked
walk_end(const struct walk *w)
{
	return (struct walked){ w->components, w->ndoubles, w->too_large };
}
