/* SPDX-License-Identifier: ISC */
/*
 * What is printed in place of a stream: a list of what can be selected, and
 * how a component came in.
 */
#ifndef SELECT_LISTING_H
#define SELECT_LISTING_H

struct selection;

/* a line for each component that fits, columns or an object; 0 or -1 */
int	listing_print(struct selection *);

/*
 * The components that --explain asked for, each with the path that pulled it
 * in, from the chosen one on; or why it was left out.  0, or -1 after a
 * message (STATUS_FINDING: there is none).
 */
int	listing_explain(struct selection *);

#endif
