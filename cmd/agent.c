/* SPDX-License-Identifier: ISC */
/*
 * One agent of a bulk run.
 */
#include "cmd/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>	/* uintptr_t: what is free is no longer const */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/sha256.h"
#include "cmd/worker.h"

/* before each word, and for the root at the beginning of a path in one */
#define WORDS '\037'
#define ROOTED '\036'

/* a stage ended by SIGPIPE: the one behind it ended first */
#define CODE_PIPE (128 + SIGPIPE)

/* so many lines of what the stages said are told */
#define LINES_TOLD 20

static const struct {
	const char *name, *tool;
	enum agent_field words;
} stages[STAGES] = {
	[STAGE_TARGET] = { "target", "pkg-unpack", AGENT_FIELDS },
	[STAGE_UNPACK] = { "unpack", "pkg-unpack", AGENT_UNPACK },
	[STAGE_FILTER] = { "filter-status", "pkg-filter-status",
	    AGENT_FILTER },
	[STAGE_SELECT] = { "select", "pkg-select", AGENT_SELECT },
	[STAGE_MERGE] = { "merge", "pkg-merge", AGENT_MERGE },
	[STAGE_PACK] = { "pack", "pkg-pack", AGENT_PACK },
};

/* ---------------------------------------------------------------- the place */

/* the first program of a name in PATH; yours to free, NULL: there is none */
static char *
find_program(const char *name)
{
	const char *path = getenv("PATH"), *end;
	struct buf b = {0};

	for (; path != NULL && *path != '\0'; path = end + (*end == ':')) {
		end = path + strcspn(path, ":");
		b.len = 0;
		buf_add(&b, path, (size_t)(end - path));
		buf_printf(&b, "%s%s", b.len > 0 ? "/" : "", name);
		if (access(buf_str(&b), X_OK) == 0)
			return b.ptr;
	}
	buf_free(&b);
	return NULL;
}

/* whether a program lies in the folder of this one */
static int
is_beside(const char *program)
{
	char own[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	struct stat here, there;
	struct buf b = {0};
	int same;

	if (n == -1)
		return 0;
	own[n] = '\0';
	if ((slash = strrchr(own, '/')) != NULL)
		*slash = '\0';
	buf_adds(&b, program);
	buf_str(&b);
	if ((slash = strrchr(b.ptr, '/')) != NULL)
		*slash = '\0';
	same = stat(own, &here) == 0 && stat(slash != NULL ? b.ptr : ".",
	    &there) == 0 && here.st_dev == there.st_dev &&
	    here.st_ino == there.st_ino;
	buf_free(&b);
	return same;
}

int
agent_place(struct diag *d, struct agent_place *p, const char *version)
{
	const char *login = getenv("PARALLEL_SSHLOGIN"), *host;
	size_t n = login == NULL ? 0 : strlen(login);
	int i;

	*p = (struct agent_place){ .root = "", .workers = workers_open() };
	if (p->workers == NULL)
		return diag_fail(d, STATUS_IO, NULL, "no process can be "
		    "made: %s", strerror(errno));
	/* on another host the files came with us: parallel(1), --workdir */
	p->remote = n > 0 && strcmp(login, ":") != 0 &&
	    (n < 2 || strcmp(login + n - 2, "/:") != 0);
	if (p->remote && version != NULL &&
	    strcmp(version, "pkg-unpack " VERSION) != 0)
		p->lacks = version;
	host = getenv(p->remote ? "PARALLEL_SSHHOST" : "PKG_BULK_HOST");
	p->host = host != NULL ? host : "";
	if (p->remote && (p->root = getcwd(NULL, 0)) == NULL)
		return diag_fail(d, STATUS_IO, NULL, "cannot tell the "
		    "folder: %s", strerror(errno));
	for (i = 0; !p->remote && i < STAGES; i++) {
		p->programs[i] = find_program(stages[i].tool);
		if (p->programs[i] != NULL && is_beside(p->programs[i])) {
			free(p->programs[i]);
			p->programs[i] = NULL;
		}
	}
	return 0;
}

void
agent_place_free(struct agent_place *p)
{
	int i;

	workers_close(p->workers);
	for (i = 0; i < STAGES; i++)
		free(p->programs[i]);
	if (p->remote)
		free((char *)(uintptr_t)p->root);
}

/* -------------------------------------------------------------- its folder */

int
agent_open(struct diag *d, struct agent *a, const struct agent_place *p)
{
	const char *tmp = getenv("TMPDIR");

	*a = (struct agent){ .place = p };
	buf_printf(&a->dir, "%s/pkg-bulk.XXXXXX",
	    tmp != NULL && *tmp != '\0' ? tmp : "/var/tmp");
	if (mkdtemp(buf_str(&a->dir)) != NULL)
		return 0;
	diag_fail(d, STATUS_IO, NULL, "%s: no temporary folder can be made: "
	    "%s", a->dir.ptr, strerror(errno));
	buf_free(&a->dir);
	return -1;
}

/* the name of one of its files; it lasts until the next */
static const char *
file_of(struct agent *a, int stage, const char *ending)
{
	size_t n = strlen(a->dir.ptr);

	/* the name stands behind the folder's */
	a->dir.len = n + 1;
	buf_room(&a->dir, n);
	buf_add(&a->dir, a->dir.ptr, n);
	buf_printf(&a->dir, "/%s%s", stages[stage].name, ending);
	return buf_str(&a->dir) + n + 1;
}

/* remove its stages' files with an ending */
static void
clear(struct agent *a, const char *ending)
{
	int i;

	for (i = 0; i < STAGES; i++)
		(void)unlink(file_of(a, i, ending));
}

void
agent_close(struct agent *a)
{
	if (a->dir.ptr != NULL) {
		clear(a, "");
		clear(a, ".err");
		clear(a, ".json");
		(void)rmdir(a->dir.ptr);
	}
	buf_free(&a->dir);
	free(a->job);
	*a = (struct agent){0};
}

/* -------------------------------------------------------------- its stages */

/* a command line being made; the words are its own */
struct words {
	char **argv;
	size_t n;
};

static void
add_word(struct words *w, const char *word, size_t n)
{
	w->argv = xrealloc(w->argv, w->n + 2, sizeof(*w->argv));
	w->argv[w->n++] = xstrndup(word, n);
	w->argv[w->n] = NULL;
}

static void
free_words(struct words *w)
{
	while (w->n > 0)
		free(w->argv[--w->n]);
	free(w->argv);
}

static void
add_text(struct words *w, const char *word)
{
	add_word(w, word, strlen(word));
}

/* the root and a path below it */
static void
add_path(struct words *w, const struct agent *a, const char *path)
{
	struct buf b = {0};

	buf_printf(&b, "%s/%s", a->place->root, path);
	add_word(w, b.ptr, b.len);
	buf_free(&b);
}

/* the words of a field, in which a path may begin with the root */
static void
add_field(struct words *w, const struct agent *a, const char *text)
{
	struct buf b = {0};

	while (*text == WORDS) {
		b.len = 0;
		for (text++; *text != '\0' && *text != WORDS; text++) {
			if (*text == ROOTED)
				buf_adds(&b, a->place->root);
			else
				buf_addc(&b, *text);
		}
		add_word(w, buf_str(&b), b.len);
	}
	buf_free(&b);
}

static void
add_stage(struct words *w, struct agent *a, int stage)
{
	add_text(w, stages[stage].tool);
	add_text(w, "--report");
	add_text(w, file_of(a, stage, ".json"));
	if (stage == STAGE_MERGE) {
		add_text(w, "--into");
		add_text(w, file_of(a, STAGE_TARGET, ""));
	}
	if (stage == STAGE_PACK && a->place->others) {
		add_text(w, "-j");
		add_text(w, "1");
	}
	if (stages[stage].words < AGENT_FIELDS)
		add_field(w, a, a->fields[stages[stage].words]);
	if (stage == STAGE_TARGET || stage == STAGE_UNPACK) {
		add_text(w, "--");
		add_path(w, a, a->fields[stage == STAGE_TARGET ?
		    AGENT_TARGET : AGENT_SOURCE]);
	}
	if (stage != STAGE_PACK)
		return;
	if (*a->fields[AGENT_FORCE] != '\0')
		add_text(w, a->fields[AGENT_FORCE]);
	add_text(w, "-o");
	add_path(w, a, a->fields[AGENT_PART]);
}

/* one of its files, empty, to be written: what another agent had is used again,
   for a file that is new costs more; its descriptor or -1 */
static int
open_file(struct agent *a, int stage, const char *ending)
{
	return open(file_of(a, stage, ending), O_WRONLY | O_CREAT | O_TRUNC |
	    O_CLOEXEC, 0600);
}

/* a worker does a stage; its ends are closed here, the other end of its pipe,
   or -1, is not */
static void
start_stage(struct agent *a, int stage, int in, int out, int other)
{
	struct task t = { .program = a->place->programs[stage], .in = in,
	    .out = out, .other = other, .err = open_file(a, stage, ".err") };
	int report = open_file(a, stage, ".json");
	struct words w = {0};
	pid_t pid = -1;

	if (report != -1)
		close(report);
	add_stage(&w, a, stage);
	t.argv = w.argv;
	if (in != -1 && out != -1 && t.err != -1)
		pid = workers_run(a->place->workers, &t);
	if (pid == -1) {
		if (t.err != -1)
			dprintf(t.err, "pkg-tools: cannot run %s: %s\n",
			    stages[stage].tool, strerror(errno));
		else	/* what another agent's said */
			(void)unlink(file_of(a, stage, ".err"));
		a->stages[stage].code = STATUS_IO;
	} else {
		a->stages[stage].pid = pid;
		a->running++;
	}
	free_words(&w);
	if (in != -1)
		close(in);
	if (out != -1)
		close(out);
	if (t.err != -1)
		close(t.err);
}

static int
open_null(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

static int
has_stage(const struct agent *a, int stage)
{
	return stage == STAGE_UNPACK || stage == STAGE_PACK ||
	    strcmp(a->fields[stages[stage].words], "-") != 0;
}

static void
start_pipeline(struct agent *a)
{
	int ends[2], in = open_null(), stage;

	a->piped = 1;
	for (stage = STAGE_UNPACK; stage < STAGE_PACK; stage++) {
		if (!has_stage(a, stage))
			continue;
		if (pipe2(ends, O_CLOEXEC) == -1)
			ends[0] = ends[1] = -1;
		start_stage(a, stage, in, ends[1], ends[0]);
		in = ends[0];
	}
	start_stage(a, STAGE_PACK, in, open_null(), -1);
}

/* the folders above what is written; what cannot be made its writer tells */
static void
make_folders(const struct agent *a)
{
	struct buf b = {0};
	char *slash;

	buf_printf(&b, "%s/%s", a->place->root, a->fields[AGENT_PART]);
	buf_str(&b);
	for (slash = b.ptr + 1; (slash = strchr(slash, '/')) != NULL;
	    *slash++ = '/') {
		*slash = '\0';
		(void)mkdir(b.ptr, 0777);
	}
	buf_free(&b);
}

/* this host cannot do it */
static void
refuse(struct agent *a)
{
	int fd = open_file(a, STAGE_UNPACK, ".err");

	a->stages[STAGE_UNPACK].code = 127;
	if (fd == -1)
		return;
	dprintf(fd, "this host has not %s\n", a->place->lacks);
	close(fd);
}

void
agent_again(struct agent *a)
{
	int i;

	for (i = 0; i < STAGES; i++) {
		a->stages[i].pid = 0;
		a->stages[i].code = -1;
	}
	a->running = 0;
	a->piped = 0;
	clock_gettime(CLOCK_MONOTONIC, &a->began);
	make_folders(a);
	if (a->place->lacks != NULL)
		refuse(a);
	else if (strcmp(a->fields[AGENT_MERGE], "-") == 0)
		start_pipeline(a);
	else
		start_stage(a, STAGE_TARGET, open_null(),
		    open_file(a, STAGE_TARGET, ""), -1);
}

int
agent_begin(struct agent *a, const char *job, size_t n)
{
	char *p;
	int i;

	free(a->job);
	p = a->job = xstrndup(job, n);
	for (i = 0; i < AGENT_FIELDS && p != NULL; i++)
		a->fields[i] = strsep(&p, "\t");
	if (i < AGENT_FIELDS)
		return -1;
	agent_again(a);
	return 0;
}

int
agent_took(struct agent *a, pid_t pid, int code)
{
	int i;

	for (i = 0; i < STAGES && a->stages[i].pid != pid; i++)
		continue;
	if (i == STAGES)
		return 0;
	a->stages[i].pid = 0;
	a->stages[i].code = code;
	a->running--;
	if (!a->piped && a->stages[i].code == 0)
		start_pipeline(a);
	return 1;
}

void
agent_kill(const struct agent *a, int signal)
{
	int i;

	for (i = 0; i < STAGES; i++) {
		if (a->stages[i].pid > 0)
			workers_kill(a->stages[i].pid, signal);
	}
}

/* ------------------------------------------------------- what came of them */

/* what the stages said */
struct said {
	struct buf lines;	/* as strings of JSON, with commas */
	size_t told;		/* how many of them */
	unsigned warnings;
	struct buf last;	/* of the culprit, as a string of JSON */
};

/* append a line as a string of JSON */
static void
put_line(struct buf *b, const char *line, size_t n)
{
	size_t i;

	buf_addc(b, '"');
	for (i = 0; i < n; i++) {
		if (line[i] == '\t') {
			buf_addc(b, ' ');
			continue;
		}
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			continue;
		if (line[i] == '"' || line[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, line[i]);
	}
	buf_addc(b, '"');
}

/* the last line that is not blank is why the culprit failed */
static void
note_last(struct buf *last, const char *line, size_t n)
{
	while (n > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		n--;
	}
	while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	if (n == 0)
		return;
	last->len = 0;
	put_line(last, line, n);
}

static void
read_said(struct agent *a, int stage, int culprit, struct said *s)
{
	FILE *f = fopen(file_of(a, stage, ".err"), "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (f != NULL && (n = getline(&line, &room, f)) > 0) {
		if (line[n - 1] == '\n')
			line[--n] = '\0';
		if (strstr(line, ": warning: ") != NULL)
			s->warnings++;
		if (stage == culprit)
			note_last(&s->last, line, (size_t)n);
		if (s->told++ >= LINES_TOLD)
			continue;
		if (s->lines.len > 0)
			buf_addc(&s->lines, ',');
		put_line(&s->lines, line, (size_t)n);
	}
	free(line);
	if (f != NULL)
		fclose(f);
}

/* the figures of a stage: the first line of its report */
static void
put_figures(struct agent *a, int stage, struct buf *b)
{
	FILE *f = fopen(file_of(a, stage, ".json"), "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (f == NULL)
		return;
	if ((n = getline(&line, &room, f)) > 1 && line[n - 1] == '\n')
		buf_printf(b, "%s\"%s\":%.*s", b->len > 0 ? "," : "",
		    stages[stage].name, (int)n - 1, line);
	free(line);
	fclose(f);
}

/*
 * The first stage that failed by its own fault: what follows it finds its
 * stream cut off, and what precedes it is ended by SIGPIPE.  -1: none.
 */
static int
find_culprit(const struct agent *a, int *code)
{
	int i, piped = 0;

	for (i = 0; i < STAGES; i++) {
		*code = a->stages[i].code;
		piped |= *code == CODE_PIPE;
		if (*code > 0 && *code != CODE_PIPE)
			return i;
	}
	*code = piped ? CODE_PIPE : 0;
	return piped ? STAGE_PACK : -1;
}

/* whether another try may do better */
static int
may_pass(int code)
{
	return code == STATUS_IO || (code >= 127 && code < 150 &&
	    code != CODE_PIPE);
}

/* the sum of what was written, or "-" */
static void
put_sum(const struct agent *a, struct buf *b)
{
	char text[SHA256_TEXT];
	struct buf path = {0};
	int fd;

	buf_printf(&path, "%s/%s", a->place->root, a->fields[AGENT_PART]);
	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC);
	if (fd != -1 && path.ptr[path.len - 1] != '/' &&
	    sha256_file(fd, text) == 0)
		buf_adds(b, text);
	else
		buf_addc(b, '-');
	if (fd != -1)
		close(fd);
	buf_free(&path);
}

/* give what was written its name, if nothing has that: 1, or it is left */
static int
name_output(const struct agent *a)
{
	struct buf from = {0}, to = {0};
	int named = 0;

	if (strcmp(a->fields[AGENT_OUTPUT], "-") != 0) {
		buf_printf(&from, "%s/%s", a->place->root,
		    a->fields[AGENT_PART]);
		buf_printf(&to, "%s/%s", a->place->root,
		    a->fields[AGENT_OUTPUT]);
		named = renameat2(AT_FDCWD, buf_str(&from), AT_FDCWD,
		    buf_str(&to), RENAME_NOREPLACE) == 0;
	}
	buf_free(&from);
	buf_free(&to);
	return named;
}

/* how an agent ended that has not failed */
static void
put_done(const struct agent *a, struct buf *b)
{
	struct buf sum = {0};

	put_sum(a, &sum);
	buf_printf(b, "%s %s", name_output(a) ? "named" : "done",
	    buf_str(&sum));
	buf_free(&sum);
}

/* the exit statuses, the time and the place */
static void
put_members(const struct agent *a, struct buf *b)
{
	struct timespec now;
	const char *sep = "";
	long ticks;
	int i;

	buf_adds(b, " \"exit\":{");
	for (i = 0; i < STAGES; i++) {
		if (a->stages[i].code == -1)
			continue;
		buf_printf(b, "%s\"%s\":%d", sep, stages[i].name,
		    a->stages[i].code);
		sep = ",";
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	ticks = (now.tv_sec - a->began.tv_sec) * 100 +
	    (now.tv_nsec - a->began.tv_nsec) / 10000000;
	buf_printf(b, "},\"seconds\":%ld.%02ld,\"host\":", ticks / 100,
	    ticks % 100);
	put_line(b, a->place->host, strlen(a->place->host));
}

/* what another host has to send back, though there is nothing */
static void
leave_empty(const struct agent *a)
{
	struct buf b = {0};
	int fd;

	buf_printf(&b, "%s/%s", a->place->root, a->fields[AGENT_PART]);
	if ((fd = open(buf_str(&b), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0666)) != -1)
		close(fd);
	buf_free(&b);
}

static void
put_failure(const struct agent *a, struct buf *b, int culprit, int code,
    struct buf *last)
{
	struct buf why = {0};

	if (last->len == 0) {
		buf_printf(&why, "%s ended with exit status %d",
		    stages[culprit].name, code);
		put_line(last, why.ptr, why.len);
	}
	buf_printf(b, ",\"stage\":\"%s\",\"why\":", stages[culprit].name);
	buf_add(b, last->ptr, last->len);
	buf_free(&why);
	if (a->place->remote)
		leave_empty(a);
}

int
agent_report(struct agent *a, struct buf *b, const char *why)
{
	struct buf figures = {0};
	struct said s = {0};
	int code, culprit = find_culprit(a, &code), i;

	if (why != NULL) {
		buf_printf(b, "%s failed - \"why\":", a->fields[AGENT_NUMBER]);
		put_line(b, why, strlen(why));
		buf_addc(b, '\n');
		return 1;
	}
	for (i = 0; i < STAGES; i++) {
		if (a->stages[i].code == -1)
			continue;
		read_said(a, i, culprit, &s);
		put_figures(a, i, &figures);
	}
	buf_printf(b, "%s ", a->fields[AGENT_NUMBER]);
	if (culprit == -1)
		put_done(a, b);
	else
		buf_adds(b, "failed -");
	put_members(a, b);
	if (figures.len > 0)
		buf_printf(b, ",\"reports\":{%s}", buf_str(&figures));
	if (s.lines.len > 0)
		buf_printf(b, ",\"warnings\":%u,\"messages\":[%s]", s.warnings,
		    buf_str(&s.lines));
	if (culprit != -1)
		put_failure(a, b, culprit, code, &s.last);
	buf_addc(b, '\n');
	buf_free(&figures);
	buf_free(&s.lines);
	buf_free(&s.last);
	return culprit != -1 && may_pass(code);
}
