/* SPDX-License-Identifier: ISC */
/*
 * Deflating on several threads; the only file that knows them.
 *
 * Bytes are put into jobs, which stand in a ring: the caller's thread fills
 * one after the other and gives what came of the oldest to its taker; between
 * these two places the threads take them in the same order.  Where the ring is
 * full, or all has been filled, the caller waits for the oldest, or does it
 * itself if nobody has begun: so no thread at all is as good as many.
 *
 * A thread asks for no memory and opens nothing: it cannot fail but in what it
 * computes, and then the job says so.
 */
#include "package/deflate.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "package/flate.h"

/* bytes of a block, and of what it leans on (RFC 1951, 2) */
#define BLOCK ((size_t)1 << 18)
#define DICT ((size_t)1 << 15)

/* a job with so many bytes takes no more blocks; this many it may have */
#define ENOUGH ((size_t)1 << 16)
#define ROOM (DICT + ENOUGH + BLOCK)

/* more cores than this need not be kept busy unasked */
#define THREADS 4

/* what a thread needs, and some more */
#define STACK ((size_t)1 << 17)

/* a block of a stream; the places are those in its job */
struct piece {
	size_t at, n;		/* its bytes */
	size_t dict;		/* so many before them are the stream's */
	int first, last;
	size_t out, nout;	/* deflated */
	uint32_t crc;		/* of itself */
};

struct job {
	char *in;		/* NULL: the job never was filled */
	size_t nin;
	struct buf pieces;	/* of struct piece */
	size_t npieces;
	struct buf out;
	int done, failed;
};

struct worker {
	struct deflate *of;
	pthread_t thread;
	struct flate_writer *flate;
};

struct deflate {
	int level;
	deflate_taker *take;
	void *arg;
	struct flate_writer *flate;	/* the caller's; NULL: not needed yet */

	/* the caller's side: where it fills, and what the taker has */
	struct job *jobs;
	size_t njobs;
	struct piece *piece;	/* the one being filled, or NULL */
	int begun;		/* the stream has pieces before it */
	uint64_t size;
	uint32_t crc;
	uint64_t handed;	/* jobs that were given to the taker */

	struct worker *workers;
	size_t nslots;
	unsigned nworkers, most;	/* started; to be started */

	/* under the lock: counts of jobs from the first one on */
	pthread_mutex_t lock;
	pthread_cond_t more, done;
	uint64_t filled, started;
	unsigned idle;
	int over;
};

static unsigned
cores(void)
{
	cpu_set_t set;
	int n = 1;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
	return n > THREADS ? THREADS : (unsigned)n;
}

struct deflate *
deflate_open(int level, unsigned threads, deflate_taker *take, void *arg)
{
	struct deflate *d = xcalloc(1, sizeof(*d));

	d->level = level;
	d->take = take;
	d->arg = arg;
	if (threads == 0)
		threads = cores();
	if (threads > DEFLATE_THREADS)
		threads = DEFLATE_THREADS;
	d->most = threads > 1 ? threads : 0;
	/* one is filled, one may wait to be handed over */
	d->njobs = (size_t)d->most + 2;
	d->jobs = xcalloc(d->njobs, sizeof(*d->jobs));
	d->nslots = d->most;
	d->workers = xcalloc(d->nslots, sizeof(*d->workers));
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->more, NULL);
	pthread_cond_init(&d->done, NULL);
	return d;
}

static struct job *
job_at(struct deflate *d, uint64_t i)
{
	return &d->jobs[i % d->njobs];
}

/* deflate a piece of a job, into room that is there */
static void
do_piece(struct job *j, struct piece *p, struct flate_writer *w)
{
	const char *in = j->in + p->at;

	p->crc = flate_crc(0, in, p->n);
	if (w == NULL) {
		p->nout = p->n;
		return;
	}
	p->nout = flate_writer_block(w, in, p->n, p->dict, p->last,
	    j->out.ptr + p->out);
	j->failed |= p->nout == 0;
}

static void
do_job(struct job *j, struct flate_writer *w)
{
	size_t i;

	for (i = 0; i < j->npieces; i++)
		do_piece(j, buf_item(&j->pieces, i, sizeof(struct piece)), w);
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct deflate *d = w->of;
	struct job *j;

	pthread_mutex_lock(&d->lock);
	for (;;) {
		while (!d->over && d->started == d->filled) {
			d->idle++;
			pthread_cond_wait(&d->more, &d->lock);
			d->idle--;
		}
		if (d->over)
			break;
		j = job_at(d, d->started++);
		pthread_mutex_unlock(&d->lock);
		do_job(j, w->flate);
		pthread_mutex_lock(&d->lock);
		j->done = 1;
		pthread_cond_signal(&d->done);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

/*
 * One thread more, which no signal reaches: what must be removed is removed by
 * the caller's.  If there can be none, there are enough.
 */
static void
start(struct deflate *d)
{
	struct worker *w = &d->workers[d->nworkers];
	pthread_attr_t attr;
	sigset_t all, kept;
	int rc;

	w->of = d;
	if (d->level > 0 && w->flate == NULL)
		w->flate = flate_writer_open(d->level);
	if (pthread_attr_init(&attr) != 0) {
		d->most = d->nworkers;
		return;
	}
	pthread_attr_setstacksize(&attr, STACK);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &kept);
	rc = pthread_create(&w->thread, &attr, work, w);
	pthread_sigmask(SIG_SETMASK, &kept, NULL);
	pthread_attr_destroy(&attr);
	if (rc == 0)
		d->nworkers++;
	else
		d->most = d->nworkers;
}

/* give what came of a job to the taker */
static int
hand_over(struct deflate *d, struct job *j)
{
	struct deflate_part part;
	const struct piece *p;
	size_t i;

	if (j->failed)
		return -1;
	for (i = 0; i < j->npieces; i++) {
		p = buf_item(&j->pieces, i, sizeof(*p));
		d->size = p->first ? p->n : d->size + p->n;
		d->crc = p->first ? p->crc :
		    flate_crc_join(d->crc, p->crc, p->n);
		part = (struct deflate_part){ .first = p->first,
		    .last = p->last, .n = p->nout, .size = d->size,
		    .crc = d->crc, .bytes = d->level == 0 ?
		    j->in + p->at : j->out.ptr + p->out };
		if (d->take(d->arg, &part) == -1)
			return -1;
	}
	return 0;
}

/* wait until the oldest job is done, or do it, if nobody has begun it */
static void
await(struct deflate *d, struct job *j)
{
	pthread_mutex_lock(&d->lock);
	if (d->started == d->handed) {
		d->started++;
		pthread_mutex_unlock(&d->lock);
		if (d->level > 0 && d->flate == NULL)
			d->flate = flate_writer_open(d->level);
		do_job(j, d->flate);
		return;
	}
	while (!j->done)
		pthread_cond_wait(&d->done, &d->lock);
	pthread_mutex_unlock(&d->lock);
}

/*
 * Hand over the oldest jobs until so many are left: not those that happen to
 * be done, so that what was handed over does not depend on who is quick, not
 * even where the caller gives up.
 */
static int
drain(struct deflate *d, size_t left)
{
	struct job *j;

	while (d->filled - d->handed > left) {
		j = job_at(d, d->handed);
		await(d, j);
		d->handed++;
		if (hand_over(d, j) == -1)
			return -1;
	}
	return 0;
}

/* the job being filled; its bytes may be those of one done before */
static struct job *
current(struct deflate *d)
{
	struct job *j = job_at(d, d->filled);

	if (j->in == NULL)
		j->in = xmalloc(ROOM);
	return j;
}

/* room for what the job being filled deflates to */
static void
make_room(struct deflate *d, struct job *j)
{
	struct piece *p;
	size_t i, n = 0;

	for (i = 0; d->level > 0 && i < j->npieces; i++) {
		p = buf_item(&j->pieces, i, sizeof(*p));
		p->out = n;
		n += FLATE_ROOM(p->n);
	}
	buf_room(&j->out, n);
}

/* let the job being filled be done by whoever comes to it */
static void
submit(struct deflate *d)
{
	d->piece = NULL;
	make_room(d, current(d));
	pthread_mutex_lock(&d->lock);
	d->filled++;
	pthread_cond_signal(&d->more);
	pthread_mutex_unlock(&d->lock);
}

/* whether more jobs wait than threads do; for a single one none is begun, which
   costs more than a small package */
static int
is_behind(struct deflate *d)
{
	int behind;

	pthread_mutex_lock(&d->lock);
	behind = d->filled - d->started > (d->nworkers > 0 ? d->idle : 1);
	pthread_mutex_unlock(&d->lock);
	return behind;
}

/* go on with an empty job */
static int
next_job(struct deflate *d)
{
	struct job *j;

	submit(d);
	if (d->nworkers < d->most && is_behind(d))
		start(d);
	if (drain(d, d->njobs - 1) == -1)
		return -1;
	j = current(d);
	j->nin = j->npieces = j->pieces.len = 0;
	j->done = j->failed = 0;
	return 0;
}

/* begin a piece; one that goes on with a stream begins a job */
static int
begin(struct deflate *d)
{
	struct job *j = current(d);
	const struct piece *before = d->piece;
	struct piece p = { .first = !d->begun };
	const char *dict = NULL;

	if (before != NULL) {
		p.dict = before->n < DICT ? before->n : DICT;
		dict = j->in + before->at + before->n - p.dict;
	}
	if (j->nin >= ENOUGH || before != NULL) {
		if (next_job(d) == -1)
			return -1;
		j = current(d);
	}
	if (dict != NULL)
		memcpy(j->in, dict, p.dict);
	j->nin += p.dict;
	p.at = j->nin;
	buf_add(&j->pieces, &p, sizeof(p));
	d->piece = buf_item(&j->pieces, j->npieces++, sizeof(p));
	d->begun = 1;
	return 0;
}

int
deflate_write(struct deflate *d, const char *p, size_t n)
{
	size_t some;

	while (n > 0) {
		if ((d->piece == NULL || d->piece->n == BLOCK) &&
		    begin(d) == -1)
			return -1;
		some = BLOCK - d->piece->n < n ? BLOCK - d->piece->n : n;
		memcpy(current(d)->in + current(d)->nin, p, some);
		current(d)->nin += some;
		d->piece->n += some;
		p += some;
		n -= some;
	}
	return 0;
}

int
deflate_end(struct deflate *d)
{
	if (d->piece == NULL && begin(d) == -1)
		return -1;
	d->piece->last = 1;
	d->piece = NULL;
	d->begun = 0;
	return 0;
}

int
deflate_finish(struct deflate *d)
{
	if (current(d)->npieces > 0)
		submit(d);
	return drain(d, 0);
}

void
deflate_close(struct deflate *d)
{
	size_t i;

	if (d == NULL)
		return;
	pthread_mutex_lock(&d->lock);
	d->over = 1;
	pthread_cond_broadcast(&d->more);
	pthread_mutex_unlock(&d->lock);
	for (i = 0; i < d->nworkers; i++)
		pthread_join(d->workers[i].thread, NULL);
	for (i = 0; i < d->nslots; i++)
		flate_writer_close(d->workers[i].flate);
	for (i = 0; i < d->njobs; i++) {
		free(d->jobs[i].in);
		buf_free(&d->jobs[i].pieces);
		buf_free(&d->jobs[i].out);
	}
	flate_writer_close(d->flate);
	pthread_mutex_destroy(&d->lock);
	pthread_cond_destroy(&d->more);
	pthread_cond_destroy(&d->done);
	free(d->workers);
	free(d->jobs);
	free(d);
}
