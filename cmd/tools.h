/* SPDX-License-Identifier: ISC */
/*
 * The main functions of the tools: each is a program of its own (main.c), and
 * all are one (pkg-tools.c).
 */
#ifndef CMD_TOOLS_H
#define CMD_TOOLS_H

int	pkg_check(int argc, char **argv);
int	pkg_diff(int argc, char **argv);
int	pkg_filter_status(int argc, char **argv);
int	pkg_merge(int argc, char **argv);
int	pkg_pack(int argc, char **argv);
int	pkg_rename(int argc, char **argv);
int	pkg_select(int argc, char **argv);
int	pkg_unpack(int argc, char **argv);
int	pkg_vars(int argc, char **argv);

/* a tool by its name */
struct tool_main {
	const char *name;
	int (*run)(int argc, char **argv);
};

/* those that agents need, or NULL */
const struct tool_main *tools_find(const char *name);

#endif
