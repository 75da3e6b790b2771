/* SPDX-License-Identifier: ISC */
/*
 * A JSON file of a package, split into the records that a map sees in it.
 *
 * The walker holds a level for each open container and a frame for each open
 * component.  A frame's value grows on one stack of bytes; a component inside
 * another pushes its own above it and is gone when it ends.  A component's
 * line can be written only at its end, but stands before the lines of those
 * inside it: these wait in the frame's spool (nest.h).
 */
#include "split.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "diag.h"
#include "doubles.h"
#include "envelope.h"
#include "fileline.h"
#include "json.h"
#include "map.h"
#include "member.h"
#include "nest.h"
#include "paths.h"
#include "pointer.h"
#include "quote.h"
#include "stream.h"
#include "style.h"

/* a file's style and final newline are settled after this many bytes */
#define SETTLE 4096

/* an open container */
struct level {
	const struct paths_state *state;
	size_t key, nkey;	/* of the member being read, in keys, raw */
	uint64_t index;		/* of the element being read, from 1 */
	uint64_t object;	/* the container's number */
	int array;
	int split;		/* what is in it are records */
};

/* an open component */
struct frame {
	const struct paths_state *state;	/* with its kinds */
	unsigned depth;		/* of the levels around it */
	size_t value;		/* where its value begins, in values */
	size_t capture;		/* its first capture */
	size_t text;		/* where their texts begin */
};

struct split {
	struct diag *diag;
	const char *input;
	const struct map *map;
	struct split_options options;
	struct nest nest;	/* where lines go */
	struct json *json;

	/* the file */
	const struct map_file *file;
	const struct member *member;
	const char *stars;
	size_t nstars;
	struct paths *paths;
	const struct paths_state *root;
	struct buf path;	/* its name as a JSON string */
	uint64_t size;
	int settled;
	const struct style *style;
	int newline;		/* the style ends with one */
	uint64_t components;

	/* the walk */
	struct level *levels;
	unsigned depth;
	struct frame *frames;
	size_t nframes, room;
	uint64_t objects;	/* containers so far */
	struct buf keys, values, texts, captures;
	struct buf key;		/* a key without its escapes */
	struct buf envelope, scope, pointer;
	int parts;		/* inside a long string */
	struct doubles doubles;	/* with -v: keys that stand twice */
	uint64_t ndoubles;
};

struct split *
split_open(struct diag *d, const char *input, const struct map *map,
    const struct split_options *o, struct stream_out *out)
{
	struct split *s;

	s = xcalloc(1, sizeof(*s));
	s->diag = d;
	s->input = input;
	s->map = map;
	s->options = *o;
	s->nest.diag = d;
	s->nest.out = out;
	s->levels = xcalloc(o->max_depth, sizeof(*s->levels));
	return s;
}

void
split_close(struct split *s)
{
	if (s == NULL)
		return;
	json_close(s->json);
	nest_free(&s->nest);
	doubles_free(&s->doubles);
	buf_free(&s->path);
	buf_free(&s->keys);
	buf_free(&s->values);
	buf_free(&s->texts);
	buf_free(&s->captures);
	buf_free(&s->key);
	buf_free(&s->envelope);
	buf_free(&s->scope);
	buf_free(&s->pointer);
	free(s->levels);
	free(s->frames);
	free(s);
}

/* put the place of the value being read into pointer (RFC 6901) */
static void
point(struct split *s, struct buf *b, unsigned depth)
{
	const struct level *l;

	for (l = s->levels; l < s->levels + depth; l++) {
		if (!l->array) {
			s->key.len = 0;
			quote_decode(&s->key, s->keys.ptr + l->key, l->nkey);
			pointer_push(b, s->key.ptr, s->key.len);
		} else if (l->split) {
			buf_adds(b, "/-");
		} else {
			buf_printf(b, "/%llu",
			    (unsigned long long)(l->index - 1));
		}
	}
}

/* an error at the token being read, or (what NULL) what json.h says; -1 */
static int
fail(struct split *s, enum status status, uint64_t offset, const char *what)
{
	struct place at = { .input = s->input, .member = s->member->name,
	    .offset = offset };
	struct buf b = {0};
	unsigned d = s->depth;

	/* inside a split array an index says more than "-" */
	point(s, &b, d > 0 && s->levels[d - 1].array &&
	    s->levels[d - 1].index == 0 ? d - 1 : d);
	at.pointer = buf_str(&b);
	diag_fail(s->diag, status, &at, "%s", what);
	buf_free(&b);
	return -1;
}

/* the kinds that may stand here; NULL: none is left */
static const struct map_hit *
next_kind(const struct split *s, const struct paths_state *state, size_t *i)
{
	const struct map_hit *hit;
	const int *hits;
	size_t n;

	hits = paths_hits(state, &n);
	while (*i < n) {
		hit = &s->file->group->hits[hits[(*i)++]];
		if (hit->source == NULL)
			return hit;
	}
	return NULL;
}

/* whether a component of the frame on top may be of this kind */
static int
may_be(const struct split *s, const struct map_kind *k)
{
	const struct map_hit *hit;
	size_t i = 0;

	while ((hit = next_kind(s, s->frames[s->nframes - 1].state, &i)) !=
	    NULL) {
		if (hit->kind == k)
			return 1;
	}
	return 0;
}

/* keep the text of a source: a string without its quotes, or a bare word */
static void
capture(struct split *s, const struct map_source *source, const char *raw,
    size_t n)
{
	struct capture c = { .source = source, .at = s->texts.len };

	c.object = s->depth > 0 ? s->levels[s->depth - 1].object : 0;
	quote_canon(&s->texts, raw, n);
	c.n = s->texts.len - c.at;
	buf_add(&s->captures, &c, sizeof(c));
}

/* what stands behind the last "/" of a resource path */
static void
capture_tail(struct split *s, const struct map_source *source, const char *raw,
    size_t n)
{
	const char *slash;

	slash = memrchr(raw, '/', n);
	if (slash != NULL)
		capture(s, source, slash + 1, (size_t)(raw + n - slash) - 1);
	else
		capture(s, source, raw, n);
}

/* "@name", perhaps with ":alias" behind */
static void
capture_mention(struct split *s, const struct map_source *source,
    const char *raw, size_t n)
{
	const char *colon;

	if (raw[0] != '@')
		return;
	colon = memchr(raw, ':', n);
	capture(s, source, raw + 1, (colon != NULL ? (size_t)(colon - raw) :
	    n) - 1);
}

/* each ${WORD:name} of a text; the word's case does not count */
static void
capture_text(struct split *s, const struct map_source *source, const char *raw,
    size_t n)
{
	const char *p = raw, *end = raw + n, *close;
	size_t word = strlen(source->text);

	while ((p = memmem(p, (size_t)(end - p), "${", 2)) != NULL) {
		p += 2;
		if ((size_t)(end - p) <= word || p[word] != ':' ||
		    strncasecmp(p, source->text, word) != 0)
			continue;
		p += word + 1;
		if ((close = memchr(p, '}', (size_t)(end - p))) == NULL)
			return;
		capture(s, source, p, (size_t)(close - p));
		p = close;
	}
}

/* keep what a source wants of a scalar; null and "" say nothing */
static void
capture_scalar(struct split *s, const struct map_source *source,
    const char *raw, size_t n)
{
	if (*raw == '"') {
		raw++;
		n -= 2;
	} else if (*raw == 'n') {
		return;
	}
	if (n == 0)
		return;
	switch (source->form) {
	case FORM_WHOLE:
		capture(s, source, raw, n);
		break;
	case FORM_TAIL:
		capture_tail(s, source, raw, n);
		break;
	case FORM_MENTION:
		capture_mention(s, source, raw, n);
		break;
	case FORM_TEXT:
		capture_text(s, source, raw, n);
		break;
	case FORM_KEY:
		break;
	}
}

/* keep what the patterns met at this value want; raw NULL: a container */
static void
capture_all(struct split *s, const struct paths_state *state, const char *raw,
    size_t n)
{
	const struct level *l;
	const struct map_hit *hit;
	const int *hits;
	size_t i, nhits;

	l = s->depth > 0 ? &s->levels[s->depth - 1] : NULL;
	hits = paths_hits(state, &nhits);
	for (i = 0; i < nhits; i++) {
		hit = &s->file->group->hits[hits[i]];
		if (hit->source == NULL || !may_be(s, hit->kind))
			continue;
		if (hit->source->form == FORM_KEY && l != NULL && !l->array)
			capture(s, hit->source, s->keys.ptr + l->key, l->nkey);
		else if (raw != NULL)
			capture_scalar(s, hit->source, raw, n);
	}
}

/* the state of the value that comes now */
static const struct paths_state *
state_of(struct split *s)
{
	struct level *l;
	const char *key;
	size_t n;

	if (s->depth == 0)
		return s->root;
	l = &s->levels[s->depth - 1];
	if (l->array)
		return paths_element(s->paths, l->state);
	key = s->keys.ptr + l->key;
	n = l->nkey;
	if (memchr(key, '\\', n) != NULL) {
		s->key.len = 0;
		quote_decode(&s->key, key, n);
		key = s->key.ptr;
		n = s->key.len;
	}
	return paths_key(s->paths, l->state, key, n);
}

/*
 * Append where the value on top of the levels goes; its key too, if the
 * source spells it with other escapes than we would.
 */
static void
put_place(struct split *s, struct buf *b)
{
	const struct level *l;

	s->pointer.len = 0;
	point(s, &s->pointer, s->depth);
	record_put(b, RECORD_FILE, s->path.ptr, s->path.len);
	record_put_text(b, RECORD_AT, s->pointer.ptr, s->pointer.len);
	if (s->depth == 0 || (l = &s->levels[s->depth - 1])->array ||
	    memchr(s->keys.ptr + l->key, '\\', l->nkey) == NULL)
		return;
	s->key.len = 0;
	quote_canon(&s->key, s->keys.ptr + l->key, l->nkey);
	if (s->key.len == l->nkey &&
	    memcmp(s->key.ptr, s->keys.ptr + l->key, l->nkey) == 0)
		return;
	record_put(b, RECORD_KEY, "\"", 1);
	buf_add(b, s->keys.ptr + l->key, l->nkey);
	buf_addc(b, '"');
}

/* write an @open for the container that begins here */
static int
write_open(struct split *s, int array)
{
	struct buf *b = &s->envelope;
	struct nest_line line = { .cut = NEST_WHOLE };

	b->len = 0;
	record_begin(b, "@open", 5);
	put_place(s, b);
	record_put(b, RECORD_VALUE, array ? "[]}" : "{}}", 3);
	line.head = (struct slice){ b->ptr, b->len };
	return nest_line(&s->nest, &line);
}

/* a component begins here */
static void
begin_frame(struct split *s, const struct paths_state *state)
{
	struct frame *f;

	if (s->nframes == s->room) {
		s->room = s->room * 2 + 4;
		s->frames = xrealloc(s->frames, s->room, sizeof(*f));
	}
	f = &s->frames[s->nframes++];
	f->state = state;
	f->depth = s->depth;
	f->value = s->values.len;
	f->capture = s->captures.len;
	f->text = s->texts.len;
	nest_push(&s->nest);
}

/* the stars of a place, from the steps that led here, spelled canonically */
static void
find_stars(struct split *s, struct gathered *g, const char *place)
{
	const struct level *l = s->levels;
	const char *stars = s->stars;
	size_t i, n, at;

	for (i = 0; i < s->nstars && i < ENVELOPE_STARS; i++) {
		g->stars[i] = (struct slice){ stars, strlen(stars) };
		stars += g->stars[i].n + 1;
	}
	for (; *place != '\0' && l < s->levels + s->depth; l++) {
		n = strcspn(place, "/");
		if (n == 1 && *place == '*' && i < ENVELOPE_STARS) {
			at = s->texts.len;
			quote_canon(&s->texts, s->keys.ptr + l->key, l->nkey);
			/* an offset for now: texts may move */
			g->stars[i++] = (struct slice){ NULL,
			    s->texts.len - at };
		}
		place += n + (place[n] == '/');
	}
}

/* now that texts do not move any more, point at the stars in them */
static void
settle_stars(struct split *s, struct gathered *g, size_t from)
{
	size_t i;

	for (i = 0; i < ENVELOPE_STARS; i++) {
		if (g->stars[i].p != NULL || g->stars[i].n == 0)
			continue;
		g->stars[i].p = s->texts.ptr + from;
		from += g->stars[i].n;
	}
	g->texts = s->texts.ptr;
}

/* all that was met of the component on top; returns its kind */
static const struct map_kind *
gather(struct split *s, struct gathered *g)
{
	const struct frame *f = &s->frames[s->nframes - 1];
	const struct level *l;
	const struct map_hit *hit;
	size_t i = 0, from;

	memset(g, 0, sizeof(*g));
	g->map = s->map;
	g->captures = (const void *)(s->captures.ptr + f->capture);
	g->n = (s->captures.len - f->capture) / sizeof(struct capture);
	if (s->depth > 0 && !(l = &s->levels[s->depth - 1])->array)
		g->key = (struct slice){ s->keys.ptr + l->key, l->nkey };
	while ((hit = next_kind(s, f->state, &i)) != NULL) {
		memset(g->stars, 0, sizeof(g->stars));
		from = s->texts.len;
		find_stars(s, g, hit->place);
		settle_stars(s, g, from);
		if (envelope_is(g, hit->kind))
			return hit->kind;
	}
	return NULL;
}

/* the component on top ends here: its line, then those of what is in it */
static int
end_frame(struct split *s)
{
	struct map_kind unknown = { .name = s->file->group->name };
	struct frame f = s->frames[s->nframes - 1];
	const struct map_kind *kind;
	struct gathered g;
	struct nest_line line = { .cut = NEST_WHOLE };
	struct buf *b = &s->envelope;
	int rc;

	if ((kind = gather(s, &g)) == NULL)
		kind = &unknown;
	b->len = s->scope.len = 0;
	if (nest_waiting(&s->nest))
		envelope_scope(&s->scope, &g, kind);
	line.cut = envelope_put(b, &g, kind);
	put_place(s, b);
	record_put(b, RECORD_VALUE, "", 0);
	line.scope = (struct slice){ s->scope.ptr, s->scope.len };
	line.head = (struct slice){ b->ptr, b->len };
	line.value = (struct slice){ s->values.ptr + f.value,
	    s->values.len - f.value };
	s->nframes--;
	s->components++;
	rc = nest_pop(&s->nest, &line);
	s->values.len = f.value;
	s->captures.len = f.capture;
	s->texts.len = f.text;
	return rc;
}

/* append the comma that parts a value from the one before it */
static void
add_comma(struct split *s, const struct json_token *t)
{
	if (!t->first && s->levels[s->depth - 1].array)
		buf_addc(&s->values, ',');
}

/* a value begins: move to its place; whether it is a component of its own */
static int
arrive(struct split *s, const struct json_token *t,
    const struct paths_state **state)
{
	struct level *l;
	size_t i = 0;
	int own;

	own = s->depth == 0 ? next_kind(s, s->root, &i) != NULL : 0;
	if (s->depth > 0) {
		l = &s->levels[s->depth - 1];
		l->index++;
		own = l->split;
		if (!own && s->nframes > 0)
			add_comma(s, t);
	}
	*state = state_of(s);
	return own;
}

/* push a level for a container that begins here */
static void
enter(struct split *s, const struct paths_state *state, int array, int split)
{
	s->levels[s->depth++] = (struct level){ .state = state,
	    .key = s->keys.len, .object = ++s->objects, .array = array,
	    .split = split };
}

static int
take_container(struct split *s, const struct json_token *t)
{
	const struct paths_state *state;
	int array = t->type == JSON_ARRAY, own;

	own = arrive(s, t, &state);
	if (paths_splits(state, array)) {
		if (!own && s->nframes > 0)
			buf_add(&s->values, array ? "[]" : "{}", 2);
		if (write_open(s, array) == -1)
			return -1;
		enter(s, state, array, 1);
		return 0;
	}
	if (own || s->nframes == 0)
		begin_frame(s, state);
	capture_all(s, state, NULL, 0);
	buf_addc(&s->values, *t->raw);
	enter(s, state, array, 0);
	return 0;
}

/* a value is complete: so is a component, if it is one */
static int
leave(struct split *s)
{
	if (s->nframes > 0 && s->frames[s->nframes - 1].depth == s->depth)
		return end_frame(s);
	return 0;
}

static int
take_end(struct split *s, const struct json_token *t)
{
	struct level *l = &s->levels[--s->depth];

	s->keys.len = l->key;
	if (s->diag->verbose)
		s->ndoubles += doubles_end(&s->doubles, l->object);
	if (l->split)
		return 0;
	buf_addc(&s->values, *t->raw);
	return leave(s);
}

static int
take_scalar(struct split *s, const struct json_token *t)
{
	const struct paths_state *state;
	int own;

	if (s->parts) {
		buf_add(&s->values, t->raw, t->len);
		if (t->type == JSON_PART)
			return 0;
		s->parts = 0;
		return leave(s);
	}
	own = arrive(s, t, &state);
	if (own || s->nframes == 0)
		begin_frame(s, state);
	buf_add(&s->values, t->raw, t->len);
	if (t->type == JSON_PART) {
		s->parts = 1;	/* too long for a name or a reference */
		return 0;
	}
	capture_all(s, state, t->raw, t->len);
	return leave(s);
}

static void
take_key(struct split *s, const struct json_token *t)
{
	struct level *l = &s->levels[s->depth - 1];

	s->keys.len = l->key;
	buf_add(&s->keys, t->raw + 1, t->len - 2);
	l->nkey = t->len - 2;
	if (s->diag->verbose)
		doubles_key(&s->doubles, l->object, t->raw + 1, l->nkey);
	if (l->split)
		return;
	if (!t->first)
		buf_addc(&s->values, ',');
	buf_add(&s->values, t->raw, t->len);
	buf_addc(&s->values, ':');
}

static int
take(void *arg, const struct json_token *t)
{
	struct split *s = arg;
	int rc = 0;

	switch (t->type) {
	case JSON_KEY:
		take_key(s, t);
		return 0;
	case JSON_OBJECT:
	case JSON_ARRAY:
		rc = take_container(s, t);
		break;
	case JSON_END:
		return take_end(s, t);
	case JSON_STRING:
	case JSON_PART:
	case JSON_OTHER:
		rc = take_scalar(s, t);
		break;
	}
	if (rc == 0 && s->nframes > 0 && s->values.len -
	    s->frames[s->nframes - 1].value > s->options.max_component)
		return fail(s, STATUS_LIMIT, json_offset(s->json), "the "
		    "component is larger than the limit; --max-component "
		    "raises it");
	return rc;
}

void
split_begin(struct split *s, const struct map_file *file,
    const struct member *m, const char *stars, size_t nstars)
{
	struct json_options o = { s->options.max_depth,
	    s->options.max_component };

	s->file = file;
	s->member = m;
	s->stars = stars;
	s->nstars = nstars;
	s->paths = file->group->paths;
	s->root = paths_root(s->paths);
	s->path.len = 0;
	buf_addc(&s->path, '"');
	quote_encode(&s->path, m->name, strlen(m->name));
	buf_addc(&s->path, '"');
	s->size = s->components = s->objects = s->ndoubles = 0;
	s->depth = 0;
	s->nframes = 0;
	s->parts = s->settled = 0;
	s->keys.len = s->values.len = s->texts.len = s->captures.len = 0;
	if (s->json == NULL)
		s->json = json_open(&o, take);
	json_reset(s->json, s);
	nest_reset(&s->nest);
	nest_push(&s->nest);
}

/* the file's style: the one left, the map's if several are, the nearest */
static const struct style *
choose_style(const struct split *s)
{
	unsigned styles = json_styles(s->json);

	if (styles == 0)
		return json_nearest(s->json);
	if ((styles & 1U << style_number(s->file->style)) != 0)
		return s->file->style;
	return style_at((size_t)__builtin_ctz(styles));
}

/*
 * Enough is known for the file's own line: write it, and what waited for it.
 * Only at the file's end is its last byte known; before, the map says what
 * files of this name usually have.
 */
static int
settle(struct split *s, int ended)
{
	struct nest_line line = { .cut = NEST_WHOLE };
	struct buf *b = &s->scope;
	const char *tail;
	size_t n;

	s->settled = 1;
	s->style = choose_style(s);
	if (json_styles(s->json) != 0)
		json_assume(s->json, s->style);
	tail = json_tail(s->json, &n);
	s->newline = ended ? n == 1 && *tail == '\n' : s->file->newline;
	b->len = 0;
	fileline_put(b, s->member, "json", style_name(s->style), s->newline,
	    ended && s->components == 0);
	line.head = (struct slice){ b->ptr, b->len };
	return nest_through(&s->nest, &line);
}

/* git leaves these where a merge failed; they explain more than yajl can */
static int
is_conflict(const char *p, size_t n)
{
	return n >= 7 && (memcmp(p, "<<<<<<<", 7) == 0 ||
	    memcmp(p, "=======", 7) == 0 || memcmp(p, ">>>>>>>", 7) == 0);
}

/* say what json.h found wrong in the n bytes at p, the last it was fed */
static int
report(struct split *s, const char *p, size_t n)
{
	const struct json_error *e = json_error(s->json);
	uint64_t base = s->size - n;

	if (e->what == NULL)
		return -1;	/* the taker has told */
	if (e->offset >= base && is_conflict(p + (e->offset - base),
	    (size_t)(s->size - e->offset)))
		return fail(s, STATUS_INPUT, e->offset, "found a git conflict "
		    "marker, expected JSON: resolve the merge, or export "
		    "again");
	return fail(s, STATUS_INPUT, e->offset, e->what);
}

static int
feed(struct split *s, const char *p, size_t n)
{
	s->size += n;
	return json_feed(s->json, p, n) == -1 ? report(s, p, n) : 0;
}

int
split_feed(struct split *s, const char *p, size_t n)
{
	size_t first;

	if (!s->settled) {
		first = SETTLE - (size_t)s->size;
		if (first > n)
			first = n;
		if (feed(s, p, first) == -1)
			return -1;
		if (s->size == SETTLE && settle(s, 0) == -1)
			return -1;
		p += first;
		n -= first;
	}
	return n > 0 ? feed(s, p, n) : 0;
}

/* what follows the document, where it is not what the style says */
static int
write_tail(struct split *s)
{
	struct nest_line line = { .cut = NEST_WHOLE };
	struct buf *b = &s->envelope;
	const char *tail;
	size_t n;

	tail = json_tail(s->json, &n);
	if (s->newline ? n == 1 && *tail == '\n' : n == 0)
		return 0;
	b->len = 0;
	record_begin(b, "@data", 5);
	record_put(b, RECORD_FILE, s->path.ptr, s->path.len);
	record_put_number(b, RECORD_OFFSET, (long long)(s->size - n));
	record_put_text(b, RECORD_ENCODING, "utf-8", 5);
	record_put_text(b, RECORD_VALUE, tail, n);
	buf_addc(b, '}');
	line.head = (struct slice){ b->ptr, b->len };
	return nest_line(&s->nest, &line);
}

/* tell of what is not as it should be, but can be read */
static void
remark(const struct split *s)
{
	struct place at = { .input = s->input, .member = s->member->name,
	    .offset = json_unstyled(s->json) };

	if (at.offset != DIAG_NOWHERE)
		diag_warn(s->diag, &at, "the file keeps to no layout style "
		    "from here on; it will be written as %s: the same JSON, "
		    "other white space", style_name(s->style));
	at.offset = DIAG_NOWHERE;
	if (s->ndoubles > 0)
		diag_note(s->diag, &at, "%llu keys stand twice in their "
		    "object; all are kept",
		    (unsigned long long)s->ndoubles);
}

int
split_end(struct split *s)
{
	if (json_finish(s->json) == -1)
		return report(s, "", 0);
	if (!s->settled && settle(s, 1) == -1)
		return -1;
	if (write_tail(s) == -1)
		return -1;
	remark(s);
	nest_reset(&s->nest);
	return 0;
}
