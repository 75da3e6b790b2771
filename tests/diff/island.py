#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""island.py PAGE EMPTY JSON: whether a page of pkg-diff --html holds what
pkg-diff --json prints, and nothing of it is markup.

EMPTY is a page of no differences: both have the same elements.  What the page
has besides are places for people, which are dropped.  A plan's last line has the page's lists.

island.py --rows DOM: how many rows there are in a document that a browser
wrote; exit 1 if it has an element that the page's script does not make.
"""
import html.parser
import json
import sys

MADE = {"tr", "th", "td", "span", "div", "section", "button", "input",
        "label", "details", "summary", "pre", "del", "ins", "option", "ul",
        "li"}


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.elements, self.data, self.inside, self.rows = [], "", False, 0
        with open(path, encoding="utf-8") as f:
            self.feed(f.read())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, attrs))
        self.inside = tag == "script" and ("id", "data") in attrs
        words = (dict(attrs).get("class") or "").split()
        self.rows += tag == "section" and "row" in words

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.data += data


def read(text):
    return json.loads(text, parse_float=str, parse_int=str)


def compare(path, empty, lines):
    page, none = Page(path), Page(empty)
    if page.elements != none.elements:
        return "the page has other elements than one of nothing"
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if "\u2028" in text or "\u2029" in text:
        return "the page has an end of a line that is none"
    if "<" in page.data:
        return "the data could be markup"
    found = read(page.data)["differences"]
    for item in found:
        for change in item["changes"]:
            change.pop("place", None)
    with open(lines, encoding="utf-8") as f:
        told = [read(line) for line in f]
    last = told.pop() if told and "totals" in told[-1] else {}
    lists = {k: read(page.data).get(k) for k in last if k != "totals"}
    return None if found == told and lists == {
        k: v for k, v in last.items() if k != "totals"} else \
        "the data is not that of --json"


def rows(path):
    page = Page(path)
    print(page.rows)
    with open(path, encoding="utf-8") as f:
        script = f.read().count("<script")
    return len({t for t, a in page.elements if t not in MADE} - {
        "html", "head", "meta", "title", "style", "body", "header", "h1",
        "table", "tbody", "select", "nav", "main", "noscript", "script"}) or \
        script < 2


if __name__ == "__main__":
    sys.exit(rows(sys.argv[2]) if sys.argv[1] == "--rows" else
             compare(*sys.argv[1:]))
