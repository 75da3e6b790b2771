#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Whether the lines that pkg-check gives are right.

	lines.py FOLDER [FINDINGS]

FINDINGS (standard input) is what --format json or sarif printed for the
package in FOLDER, or the zip.  Each place is sought in its file by a reader of
JSON that counts lines, and what the finding says in the value that stands
there; prints how many were looked at, and each that is wrong.
"""
import json
import re
import sys
import urllib.parse
import zipfile

TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:\s"]+)')


class Reader:
    """The line of each value of a JSON text, by its pointer, and it."""

    def __init__(self, text):
        self.text, self.at, self.lines, self.line = text, 0, {}, 1
        self.value('')
        self.whole = json.loads(text, strict=False)

    def find(self, pointer):
        value = self.whole
        for step in pointer.split('/')[1:]:
            step = step.replace('~1', '/').replace('~0', '~')
            value = value[int(step) if isinstance(value, list) else step]
        return value

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
    """(rule, file, line, place, message with the name) of each finding."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if document is None or 'runs' not in document:
        for f in map(json.loads, text.splitlines()):
            yield (f['rule'], f.get('file'), f.get('line'),
                   f.get('place', ''), ' '.join(
                       f.get(k, '') for k in ('id', 'name', 'message')))
        return
    for r in document['runs'][0]['results']:
        for l in r.get('locations', []):
            p = l['physicalLocation']
            yield (r['ruleId'],
                   urllib.parse.unquote(p['artifactLocation']['uri']),
                   p.get('region', {}).get('startLine'),
                   l.get('logicalLocations',
                         [{'fullyQualifiedName': ''}])[0]['fullyQualifiedName'],
                   r['message']['text'].replace('{{', '{').replace('}}', '}'))


def texts(value):
    if isinstance(value, (dict, list)):
        for v in value.values() if isinstance(value, dict) else value:
            yield from texts(v)
    elif isinstance(value, str):
        yield value


def says(rule, text, value, place):
    """Whether the value at a place is what a finding says of it: a secret
    never; a component has its name, or is called by its key; else the value
    is null, or in the text, without an address's query, or the last word of
    the text in the value."""
    if rule == 'secret':
        return len(value) > 0 and not any(
            len(t) > 8 and t in text for t in texts(value))
    if isinstance(value, (dict, list)):
        key = place.split('/')[-1]
        return place == '' or any(t and t in text for t in texts(value)) or \
            not key.isdigit() and key in text
    if value is None:
        return True
    value = urllib.parse.unquote(str(value))
    word = text.split(', which is ')[0].split(' ')[-1]
    return value.split('?')[0] in text or any(
        w in value for w in (word, re.split('[:/]', word)[-1]))


def main():
    read, files, seen, bad = opener(sys.argv[1]), {}, 0, 0
    source = open(sys.argv[2]) if len(sys.argv) > 2 else sys.stdin
    for rule, file, line, place, text in findings(source.read()):
        if file is None or not file.endswith('.json'):
            continue
        if file not in files:
            files[file] = Reader(read(file))
        seen += 1
        expected = files[file].lines.get(place)
        if expected != line:
            bad += 1
            print('%s%s: line %s, expected %s' % (file, place, line, expected))
        elif not says(rule, text, files[file].find(place), place):
            bad += 1
            print('%s%s: not what is said: %s' % (file, place, text))
    print('%d places, %d wrong' % (seen, bad))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
