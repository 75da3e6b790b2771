/* SPDX-License-Identifier: ISC */
/*
 * What a run did, in figures.
 */
#include "cmd/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomicfile.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/lines.h"
#include "json/string.h"

/*
 * The most memory that the process had, KiB: of the kernel's figures the one
 * that does not count what stood here before exec(2).
 */
static long
peak(void)
{
	char line[128];
	struct rusage r;
	long kib = -1;
	FILE *f;

	if ((f = fopen("/proc/self/status", "re")) != NULL) {
		while (kib == -1 && fgets(line, sizeof(line), f) != NULL) {
			if (sscanf(line, "VmHWM: %ld", &kib) != 1)
				kib = -1;
		}
		fclose(f);
	}
	if (kib == -1)
		kib = getrusage(RUSAGE_SELF, &r) == 0 ? r.ru_maxrss : 0;
	return kib;
}

static void
put_text(struct buf *b, const char *name, const char *text)
{
	buf_printf(b, "\"%s\":\"", name);
	string_encode(b, text, strlen(text));
	buf_adds(b, "\",");
}

/* what each report begins with */
static const char beginning[] = "{\"tool\":";

/* whether what a file begins with is, as far as it goes, that of a report */
static int
is_report(int fd)
{
	char head[sizeof(beginning) - 1];
	long n = fd_read_at(fd, head, sizeof(head), 0);

	return n >= 0 && memcmp(head, beginning, (size_t)n) == 0;
}

int
report_check(struct diag *d, const char *path)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };
	struct stat st;
	int fd, good;

	if (path == NULL || stat(path, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_size == 0)
		return 0;
	good = (fd = open(path, O_RDONLY | O_CLOEXEC |
	    O_NONBLOCK)) != -1 && is_report(fd);
	if (fd != -1)
		close(fd);
	return good ? 0 : diag_fail(d, STATUS_USAGE, &at, "is there, and is "
	    "no report: a report is not written over it");
}

/* how many warnings there were, by their kinds, if there were any */
static void
put_warnings(struct buf *b, const struct diag *d)
{
	size_t i;

	for (i = 0; i < DIAG_KINDS && d->counted[i].kind != NULL; i++)
		buf_printf(b, "%s\"%s\":%" PRIu64, i > 0 ? "," :
		    ",\"warnings\":{", d->counted[i].kind, d->counted[i].n);
	if (i > 0)
		buf_addc(b, '}');
}

/* the report as text; yours to free */
static void
put_report(struct buf *b, const struct diag *d, const struct report *r,
    long kib)
{
	buf_addc(b, '{');
	put_text(b, "tool", d->program);
	put_text(b, "version", VERSION);
	put_text(b, "input", r->input != NULL ? r->input : "-");
	buf_printf(b, "\"status\":%d,", d->status == STATUS_DONE &&
	    r->finding ? STATUS_FINDING : d->status);
	if (!r->stream)
		buf_printf(b, "\"files\":%" PRIu64 ",", r->counts.files);
	buf_printf(b, "\"records\":%" PRIu64 ",\"bytes_in\":%" PRIu64
	    ",\"bytes_out\":%" PRIu64 ",\"peak_kib\":%ld%s%s",
	    r->counts.records, r->counts.bytes_in, r->counts.bytes_out,
	    kib, r->more != NULL ? "," : "", r->more != NULL ? r->more :
	    "");
	put_warnings(b, d);
	buf_adds(b, "}\n");
}

/* into a new file, which takes the place of what is there */
static int
replace_report(struct diag *d, const char *path, const struct buf *b)
{
	struct atomicfile file;
	struct output out = { .diag = d, .name = path };

	if (atomicfile_open(&file, d, path, 1) == 0) {
		out.fd = file.fd;
		file.unsynced = 1;
		if (output_add(&out, b->ptr, b->len) == 0 &&
		    output_flush(&out) == 0)
			(void)atomicfile_commit(&file);
	}
	atomicfile_close(&file);
	output_free(&out);
	return diag_failed(d);
}

/* into an empty file, which costs less than a new one, and has nothing to lose:
   what cannot be written whole is taken back */
static int
fill_report(struct diag *d, const char *path, const struct buf *b)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc;

	rc = fd == -1 || fd_write(fd, b->ptr, b->len) == -1 ? -1 : 0;
	if (rc == -1)
		diag_fail(d, STATUS_IO, &at, "cannot write: %s",
		    strerror(errno));
	if (rc == -1 && fd != -1 && ftruncate(fd, 0) == -1)
		diag_fail(d, STATUS_IO, &at, "a part of the report stays: %s",
		    strerror(errno));
	if (fd != -1)
		close(fd);
	return rc;
}

/* a run that failed has its report all the same: it has errors of its own */
static int
write_report(struct diag *d, const struct report *r, const char *path,
    long kib)
{
	struct diag own = *d;
	struct buf b = {0};
	struct stat st;

	if (report_check(d, path) == -1)
		return -1;
	put_report(&b, d, r, kib);
	own.status = STATUS_DONE;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
		fill_report(&own, path, &b);
	else
		replace_report(&own, path, &b);
	buf_free(&b);
	if (d->status == STATUS_DONE)
		d->status = own.status;
	return diag_failed(&own);
}

int
report_end(struct diag *d, const struct report *r, const char *path, int rc)
{
	struct buf files = {0};
	long kib = d->verbose || path != NULL ? peak() : 0;

	rc = diag_settle(d, rc);
	if (!r->stream)
		buf_printf(&files, "%" PRIu64 " file%s, ", r->counts.files,
		    diag_s(r->counts.files));
	diag_note(d, NULL, "%s%" PRIu64 " record%s, %" PRIu64 " bytes in, %"
	    PRIu64 " bytes out, %ld KiB of memory at most", buf_str(&files),
	    r->counts.records, diag_s(r->counts.records), r->counts.bytes_in,
	    r->counts.bytes_out, kib);
	buf_free(&files);
	d->reported = 1;
	if (path != NULL && write_report(d, r, path, kib) == -1)
		return -1;
	if (rc == 0 && r->finding) {
		d->status = STATUS_FINDING;
		return -1;
	}
	return rc;
}
