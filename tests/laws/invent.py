#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""invent.py EDITION APP STATE FOLDER: a small package that nobody made.

EDITION is xo10, xo11 or cx.  APP and STATE are numbers.  All states of an
app have its ids; what they hold, and say, differs.  Two apps have some parts
of one origin, as copies do: equal refIds in Kore.ai, equal names in
Dialogflow CX.
"""
import os
import random
import sys
import uuid

SPACE = uuid.UUID("5a1ad000-0000-4000-8000-000000000000")


class Lots:
    """What is drawn, and what is minted, for a state of an app."""

    def __init__(self, edition, app, state):
        self.edition, self.app = edition, app
        self.draw = random.Random("%s %d %d" % (edition, app, state))

    def minted(self, *what):
        """The app's own id of something."""
        return str(uuid.uuid5(SPACE, "%d %s" % (self.app, what)))

    def lineage(self, *what):
        """An id that copies keep; what[1], with all that belongs to it, has
        another origin in some apps."""
        here = random.Random("%d %s" % (self.app, what[1:2])).random() < 0.15
        return str(uuid.uuid5(SPACE, "%s %s" % (
            self.app if here else "all", what)))

    def maybe(self, chance):
        return self.draw.random() < chance

    def some(self, words, chance=0.6):
        """Some of them, at least one; in their order, or in another."""
        words = list(words)
        found = [w for w in words if self.maybe(chance)] or [
            self.draw.choice(words)]
        if self.maybe(0.2):
            self.draw.shuffle(found)
        return found

    def text(self, what):
        return "%s %s" % (what, self.draw.choice(
            ["", "please", "now", "again \u2014 \"so\"", "<b>\n", "\u00fc"]))


def write(folder, edition, app, state):
    import invent_cx
    import invent_kore
    lots = Lots(edition, app, state)
    files = invent_cx.files(lots) if edition == "cx" else \
        invent_kore.files(lots)
    for name, data in files.items():
        full = os.path.join(folder, name)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)


if __name__ == "__main__":
    write(sys.argv[4], sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
