#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Whether the lines that pkg-check gives are right.

	lines.py FOLDER [FINDINGS]

FINDINGS (standard input) is what --format json or sarif printed for the
package in FOLDER, or the zip.  Each place is sought in its file by a reader of
JSON that counts lines; prints how many were looked at, and each that is wrong.
"""
import json
import re
import sys
import urllib.parse
import zipfile

TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:\s"]+)')


class Reader:
    """The line of each value of a JSON text, by its pointer."""

    def __init__(self, text):
        self.text, self.at, self.lines, self.line = text, 0, {}, 1
        self.value('')

    def token(self):
        m = TOKEN.match(self.text, self.at)
        self.line += self.text.count('\n', self.at, m.start(1))
        self.at = m.end()
        return m.group(1)

    def value(self, pointer, first=None):
        t = first or self.token()
        self.lines[pointer] = self.line
        if t == '{':
            t = self.token()
            while t != '}':
                if t == ',':
                    t = self.token()
                key = json.loads(t).replace('~', '~0').replace('/', '~1')
                self.token()
                self.value(pointer + '/' + key)
                t = self.token()
        elif t == '[':
            t, n = self.token(), 0
            while t != ']':
                if t == ',':
                    t = self.token()
                self.value('%s/%d' % (pointer, n), t)
                t, n = self.token(), n + 1


def opener(package):
    if zipfile.is_zipfile(package):
        z = zipfile.ZipFile(package)
        return lambda name: z.read(name).decode('utf-8', 'surrogateescape')
    return lambda name: open(package + '/' + name, encoding='utf-8',
                             errors='surrogateescape', newline='').read()


def findings(text):
    """(file, line, place) of each finding."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if document is None or 'runs' not in document:
        for f in map(json.loads, text.splitlines()):
            yield f.get('file'), f.get('line'), f.get('place', '')
        return
    for r in document['runs'][0]['results']:
        for l in r.get('locations', []):
            p = l['physicalLocation']
            yield (urllib.parse.unquote(p['artifactLocation']['uri']),
                   p.get('region', {}).get('startLine'),
                   l.get('logicalLocations',
                         [{'fullyQualifiedName': ''}])[0]['fullyQualifiedName'])


def main():
    read, files, seen, bad = opener(sys.argv[1]), {}, 0, 0
    source = open(sys.argv[2]) if len(sys.argv) > 2 else sys.stdin
    for file, line, place in findings(source.read()):
        if file is None or not file.endswith('.json'):
            continue
        if file not in files:
            files[file] = Reader(read(file)).lines
        seen += 1
        if files[file].get(place) != line:
            bad += 1
            print('%s%s: line %s, expected %s' % (file, place, line,
                                                  files[file].get(place)))
    print('%d places, %d wrong' % (seen, bad))
    return bad > 0


sys.exit(main())
