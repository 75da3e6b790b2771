/* SPDX-License-Identifier: ISC */
/*
 * The status of a task, and what the two export modes take.
 */
#include "select/status.h"

#include <ctype.h>
#include <string.h>

#include "map/map.h"

static const char *const words[TASK_STATUSES] = {
	[TASK_UNKNOWN] = "unknown", [TASK_PUBLISHED] = "published",
	[TASK_IN_PROGRESS] = "in-progress", [TASK_CONFIGURED] = "configured",
	[TASK_AWAITING] = "awaiting-approval",
	[TASK_UPGRADE] = "upgrade-in-progress",
	[TASK_REJECTED] = "rejected", [TASK_SUSPENDED] = "suspended",
};

const char *
status_word(enum task_status s)
{
	return words[s];
}

/* whether two spellings differ only in case, and in what joins words */
static int
same_word(const char *word, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && word[i] != '\0'; i++) {
		if (word[i] == '-' ? strchr("- _", p[i]) == NULL :
		    word[i] != tolower((unsigned char)p[i]))
			return 0;
	}
	return i == n && word[i] == '\0';
}

enum task_status
status_read(const struct map *m, const char *p, size_t n)
{
	const char *word = m == NULL ? NULL : map_word(m, "status", p, n);
	int i;

	if (word != NULL) {
		p = word;
		n = strlen(word);
	}
	for (i = TASK_PUBLISHED; i < TASK_STATUSES; i++) {
		if (same_word(words[i], p, n))
			return (enum task_status)i;
	}
	return TASK_UNKNOWN;
}

/* the newest status that the latest mode could export; TASK_UNKNOWN: none */
static enum task_status
newest(const struct versions *v)
{
	int i;

	for (i = TASK_UPGRADE; i > TASK_UNKNOWN && v->n[i] == 0; i--)
		continue;
	return (enum task_status)i;
}

enum status_fate
status_fate(enum status_mode mode, const struct versions *v,
    enum task_status s)
{
	if (s == TASK_UNKNOWN)
		return STATUS_TAKEN;
	if (mode == MODE_PUBLISHED)
		return s == TASK_PUBLISHED ? STATUS_TAKEN : STATUS_LEFT;
	if (s == TASK_REJECTED || s == TASK_SUSPENDED)
		return STATUS_LEFT;
	return s == newest(v) ? STATUS_TAKEN : STATUS_SUPERSEDED;
}

int
status_open(enum status_mode mode, const struct versions *v)
{
	int i, kinds = 0;

	for (i = TASK_PUBLISHED; i < TASK_UPGRADE; i++)
		kinds += v->n[i] > 0;
	return mode == MODE_LATEST && v->n[TASK_UPGRADE] == 0 && kinds > 1;
}
