# SPDX-License-Identifier: ISC
"""Breaches that are known and not yet repaired: delete a row when it is.

Of each: what the breach looks like, as laws.py prints it, but with ': ' for
the tabs (a regular expression, from the beginning); why it is there; the
shortest merge that shows it, as laws.py takes it, behind BIN; and, if the
row holds for merges with an option alone, what that option has in it.
"""
import re
import shlex

KNOWN = []


class Row:
    def __init__(self, pattern, reason, merge, option=""):
        self.pattern, self.reason = re.compile(pattern), reason
        self.merge, self.option = shlex.split(merge), option
        self.count = 0

    def tells_of(self, breach, options):
        return self.option in " ".join(options) and self.pattern.match(
            ": ".join(breach))


ROWS = [Row(*row) for row in KNOWN]


def row_of(breach, options):
    """The row that tells of a breach of a merge with these options."""
    return next((r for r in ROWS if r.tells_of(breach, options)), None)
