/* SPDX-License-Identifier: ISC */
/*
 * The options that all tools have, behind each tool's own.
 */
#include "cmd/option_spec.h"

/* the options of all tools */
static const struct option_spec common_options[] = {
	{ "map", 0, "FILE", "read the map of the platform from FILE",
	    .flags = OPTION_READ, OPTION_TO(struct common, map) },
	{ "max-component", 0, "SIZE", "the largest component taken (64M)",
	    OPTION_TO(struct common, max_component) },
	{ "max-depth", 0, "N", "how deep JSON may nest (1024)",
	    OPTION_TO(struct common, max_depth) },
	{ "report", 0, "FILE", "write what was done to FILE, as JSON",
	    .flags = OPTION_WRITTEN, OPTION_TO(struct common, report) },
	{ "quiet", 'q', NULL, "no warnings, no progress",
	    OPTION_TO(struct common, diag.quiet) },
	{ "verbose", 'v', NULL, "tell what was done",
	    OPTION_TO(struct common, diag.verbose) },
	{ "version", 'V', NULL, "print the version",
	    .flags = OPTION_APART },
	{ "help", 'h', NULL, "print this", .flags = OPTION_APART },
	{ NULL }
};

const struct option_spec *
option_spec_row(const struct tool *t, size_t i)
{
	size_t own = 0;

	while (own < i && t->options[own].name != NULL)
		own++;
	if (t->options[own].name != NULL)
		return &t->options[own];
	i -= own;
	return i < sizeof(common_options) / sizeof(*common_options) - 1 ?
	    &common_options[i] : NULL;
}
