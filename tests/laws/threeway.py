#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Merges of three are what a model of them says.

usage: threeway.py [-n TRIPLES] [-s SEED] [-v] BIN PACKAGE ...

Of each package triples are drawn: both sides get edits of their own, and the
model, which knows these and nothing of the tool, says what the result is and
which edits must conflict.  An edit sets a text or a number, adds a member,
takes a record out, or puts one in; now and then both sides make the same one.
Of every fourth records are taken out that others refer to: then nothing may
dangle that did not before, and the result can be packed.
Of some both sides have one name for something new, each by ids of its own: if
it says the same it is one, and what theirs has that refers to it refers to
ours; if not, or if one side has given the name to what was there, that and
nothing else is a conflict.
With two packages of one history after each other (-p), only the laws are
tried: base = ours gives theirs, base = theirs gives ours, ours = theirs gives
ours.
"""
import argparse
import copy
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile

MAPS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..',
                    'lib', 'platform')
# rows whose places are no plain text: identities, references, what is ignored
ROWS = ('id name alias names key same type status lang owner needs links refs '
        'local ignore minted inner inner-link count sets secret languages '
        'phrase binding unite required holds version').split()
CLONES = {'utterance': 'sentence', 'phrase': None, 'synonym': None}


def patterns(platform):
    """The places of a platform's rows, by kind; '' for all kinds."""
    found = {'': []}
    kind = ''
    with open(os.path.join(MAPS, platform + '.map'), encoding='utf-8') as f:
        for line in f:
            words = line.split('#')[0].split()
            if not words:
                continue
            if words[0] == 'kind':
                kind = words[1]
                found.setdefault(kind, [])
            elif not line[0].isspace():
                kind = ''
            if words[0] in ROWS or words[0] not in ('kind', 'in', 'file'):
                found[kind] += [w.split('/') for w in words[1:]
                                if w[0] not in "'\"$"]
    return found


def rows(platform):
    """The places of a kind's id, alias and name that are members."""
    found = {}
    kind = ''
    with open(os.path.join(MAPS, platform + '.map'), encoding='utf-8') as f:
        for line in f:
            words = line.split('#')[0].split()
            if words[:1] == ['kind']:
                kind = words[1]
            elif words and words[0] in ('id', 'alias', 'name'):
                found.setdefault((kind, words[0]), []).extend(
                    w.split('/') for w in itertools.takewhile(
                        re.compile(r'[\w/]+$').match, words[1:]))
    return found


def matches(pattern, path):
    """Whether a pattern of the map is a place, or begins one."""
    if not pattern:
        return True
    if pattern[0] == '**':
        return any(matches(pattern[1:], path[i:])
                   for i in range(len(path) + 1))
    if not path:
        return False
    step = pattern[0].rstrip('?')
    if isinstance(path[0], int):
        fits = step in ('-', '*')
    else:
        fits = step in ('*', path[0])
    return fits and matches(pattern[1:], path[1:])


def leaves(value, path=()):
    """The scalars in a value, by their places."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, path + (key,))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from leaves(inner, path + (i,))
    else:
        yield path, value


def objects(value, path=()):
    """The objects in a value; into an empty one other records may go."""
    if isinstance(value, dict):
        if value:
            yield path
        for key, inner in value.items():
            yield from objects(inner, path + (key,))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from objects(inner, path + (i,))


def at(value, path):
    for step in path:
        value = value[step]
    return value


class Package:
    """The records of a stream, and where they may be edited."""

    def __init__(self, binaries, path):
        self.text = subprocess.run(
            [binaries + '/pkg-unpack', '-q', path], check=True,
            stdout=subprocess.PIPE).stdout
        lines = [json.loads(line) for line in self.text.splitlines()]
        self.head, self.records = lines[0], lines[1:-1]
        self.patterns = patterns(self.head['platform'])
        self.referred = set()
        for record in self.records:
            for name in ('owner', 'needs', 'links', 'refs'):
                self.referred.update(r.lstrip('?')
                                     for r in record.get(name, []))
        self.plain = [i for i, r in enumerate(self.records)
                      if self.is_plain(r)]
        self.loose = [i for i in self.plain if self.is_loose(i)]
        self.clones = [i for i in self.plain if self.cloned(i) is not None]
        self.rows = rows(self.head['platform'])

    @staticmethod
    def is_plain(record):
        return (record['kind'][0] != '@' and 'encoding' not in record
                and isinstance(record.get('value'), dict))

    def is_loose(self, i):
        """Whether a record can be taken out without anybody's noticing."""
        record = self.records[i]
        words = [record.get('id')] + record.get('alias', []) + \
            record.get('names', []) + [record.get('name')]
        after = self.records[i + 1:i + 2]
        return (record['at'].endswith('/-') and 'id' in record and
                not any(record['kind'] + ':' + w in self.referred
                        for w in words if w) and
                not (after and after[0].get('at', '').startswith(
                    record['at'] + '/')))

    def is_last(self, i):
        """Whether a record of an array has none in it, and a name."""
        record = self.records[i]
        return record['at'].endswith('/-') and inside(self.records, i) == 0 \
            and all(record.get(k) for k in ('id', 'name', 'alias'))

    def cloned(self, i):
        """Where a record says what tells its copy apart, or None."""
        record = self.records[i]
        if record['kind'] == 'utterance' and \
                isinstance(record['value'].get('sentence'), str):
            return ('sentence',)
        if record['kind'] == 'phrase' and record['value'].get('parts') and \
                'text' in record['value']['parts'][0]:
            return ('parts', 0, 'text')
        return None

    def may_edit(self, i, path):
        record = self.records[i]
        return not any(matches(p, list(path)) for p in
                       self.patterns[''] +
                       self.patterns.get(record['kind'], []))

    def places(self, i):
        return [(p, v) for p, v in leaves(self.records[i]['value'])
                if p and isinstance(p[-1], str) and self.may_edit(i, p)]


def draw(rng, package, n, side):
    """Edits of one side: a dict by what they change."""
    edits = {}
    for _ in range(n):
        what = rng.random()
        if what < 0.6 and package.plain:
            i = rng.choice(package.plain)
            places = package.places(i)
            if places:
                path, old = rng.choice(places)
                new = rng.randrange(10 ** 6) if isinstance(
                    old, (int, float)) and not isinstance(old, bool) \
                    else f'{old} {side} {rng.randrange(10 ** 6)}'
                edits['set', i, path] = new
        elif what < 0.75 and package.plain:
            i = rng.choice(package.plain)
            where = list(objects(package.records[i]['value']))
            path = rng.choice(where or [()]) + (f'zz{rng.randrange(50)}',)
            if where and package.may_edit(i, path):
                edits['set', i, path] = f'{side} {rng.randrange(10 ** 6)}'
        elif what < 0.85 and package.loose:
            edits['remove', rng.choice(package.loose), ()] = True
        elif package.clones:
            i = rng.choice(package.clones)
            edits['clone', i, (side, rng.randrange(10 ** 6))] = True
    # what is taken out is not changed by the same side
    gone = {i for what, i, _ in edits if what == 'remove'}
    return {k: v for k, v in edits.items()
            if k[0] == 'remove' or k[1] not in gone}


def echo(rng, package, ours, theirs):
    """Edits of the other side where this one has made one: the same, or not."""
    edits = {}
    for key, new in ours.items():
        if any(k[1] == key[1] for k in list(theirs) + list(edits)) or \
                rng.random() < 0.7:
            continue
        what, i, path = key
        if what == 'set' and rng.random() < 0.5:
            edits[key] = f'{new} too' if isinstance(new, str) else new + 1
        elif what == 'set' and i in package.loose:
            edits['remove', i, ()] = True
        else:
            edits[key] = new
    return edits


def put(package, value, path, new):
    at(value, path[:-1])[path[-1]] = new


def clone(package, i, name):
    record = copy.deepcopy(package.records[i])
    where = package.cloned(i)
    old = at(record['value'], where)
    word = f'{name[0]} {name[1]:06d} '
    put(package, record['value'], where, word + old)
    for key in ('_id', 'id'):
        if key in record['value']:
            record['value'][key] = f'{name[1]:06d}-{name[0]}-clone'
    return record


def apply(package, order):
    """The records with edits of one side after the other."""
    records = {}
    counts = {}
    for edits in order:
        for (what, i, path), new in edits.items():
            if what == 'set':
                records.setdefault(i, copy.deepcopy(package.records[i]))
                put(package, records[i]['value'], path, new)
            elif what == 'clone':
                owner = package.records[i].get('owner')
                if package.records[i]['kind'] == 'phrase' and owner:
                    counts.setdefault(owner[0], set()).add((i, path))
            elif what == 'remove':
                records[i] = None
                owner = package.records[i].get('owner')
                if package.records[i]['kind'] == 'phrase' and owner:
                    counts.setdefault(owner[0], set()).add((i, None))
    result = []
    for i, record in enumerate(package.records):
        if records.get(i, record) is not None:
            result.append(records.get(i, record))
        for edits in order:
            for what, k, path in edits:
                if what == 'clone' and k == i:
                    new = clone(package, i, path)
                    if new not in result[-3:]:
                        result.append(new)
    for word, all_of in counts.items():
        by = sum(-1 if path is None else 1 for _, path in all_of)
        for k, record in enumerate(result):
            if record['kind'] + ':' + record.get('id', '') == word and \
                    'numTrainingPhrases' in record['value']:
                record = copy.deepcopy(record)
                record['value']['numTrainingPhrases'] += by
                result[k] = record
    return result


def clashes(ours, theirs):
    """The edits of both sides that cannot both be: what must conflict."""
    found = set()
    for (what, i, path), new in ours.items():
        if what == 'set':
            if theirs.get((what, i, path), new) != new:
                found.add((i, path))
            if ('remove', i, ()) in theirs:
                found.add((i, None))
        if what == 'remove' and any(k[0] == 'set' and k[1] == i
                                    for k in theirs):
            found.add((i, None))
    return found


def inside(records, i):
    """How many records stand in one."""
    if records[i]['at'] == '':
        return 0
    n = 0
    while i + n + 1 < len(records) and records[i + n + 1].get(
            'at', '').startswith(records[i]['at'] + '/'):
        n += 1
    return n


def cut(rng, package, n):
    """The records without some, whoever refers to them; others are edited."""
    records = apply(package, [draw(rng, package, n, str(rng.random()))])
    for _ in range(n):
        i = rng.randrange(len(records))
        if records[i]['kind'][0] == '@':
            continue
        more = inside(records, i)
        if not records[i]['at'].endswith('/-'):
            continue
        del records[i:i + more + 1]
    return records


def dangling(records):
    """The references of records that lead nowhere."""
    words = set()
    for r in records:
        words.update(r['kind'] + ':' + w for w in [r.get('id'), r.get('name')]
                     + r.get('alias', []) + r.get('names', []) if w)
    return {ref.lstrip('?') for r in records
            for name in ('owner', 'needs', 'links', 'refs')
            for ref in r.get(name, [])} - words


def draw_cut(trial, package, rng):
    """A triple of which records were taken: nothing dangles that did not."""
    n = rng.choice((1, 2, 4))
    write(package, package.records, trial.path('base'))
    sides = set(dangling(package.records))
    for name in ('ours', 'theirs'):
        write(package, cut(rng, package, n), trial.path(name))
        run = trial.merge(files=(name, name, name))
        sides |= dangling(read(run.stdout))
    clash = trial.merge().returncode
    if clash not in (0, 1):
        return f'cut: exit {clash}', False
    for prefer in ('ours', 'theirs', 'base'):
        run = trial.merge('--prefer', prefer)
        if run.returncode != 0:
            return f'cut: --prefer {prefer}: exit {run.returncode}: ' + \
                run.stderr.decode(), clash == 1
        new = dangling(read(run.stdout)) - sides
        if new:
            return f'cut: --prefer {prefer}: dangles: {new}', clash == 1
        pack = subprocess.run(
            [trial.binaries + '/pkg-pack', '-q', '-f', '-o',
             trial.path('packed.zip')], input=run.stdout,
            stderr=subprocess.PIPE, check=False)
        if pack.returncode != 0:
            return 'cut: pkg-pack: ' + pack.stderr.decode(), clash == 1
    return None, clash == 1


class Namesake:
    """A record to be added anew, under a name that is not there yet."""

    def __init__(self, package, i, rng):
        self.package, self.record = package, package.records[i]
        kind = self.record['kind']
        self.name = self.path(kind, 'name')
        self.ids = [self.path(kind, row) for row in ('id', 'alias')]
        self.words = [at(self.record['value'], p) for p in self.ids if p]
        self.new = f'Namesake {rng.randrange(10 ** 6)}'

    def path(self, kind, row):
        """Where the record has the text of a row, in members alone."""
        for words in self.package.rows.get((kind, row), []):
            value = self.record['value']
            for step in words:
                value = value.get(step) if isinstance(value, dict) else None
            if isinstance(value, str) and value in self.said(row):
                return words
        return None

    def said(self, row):
        """The words of a row in the envelope."""
        word = self.record[row]
        return word if isinstance(word, list) else [word]

    def fits(self):
        return self.name and all(self.ids) and self.name not in self.ids

    def named(self):
        """The record itself with the name."""
        record = copy.deepcopy(self.record)
        put(self.package, record['value'], self.name, self.new)
        return record

    def added(self, side):
        """Another one of the name, and its words in place of the old."""
        record = self.named()
        words = [f'{side}-{n}-{self.new[9:]}' for n in range(len(self.ids))]
        for path, word in zip(self.ids, words):
            put(self.package, record['value'], path, word)
        return record, dict(zip(self.words, words))


def spelled(value, words):
    """A value with other texts."""
    if isinstance(value, dict):
        return {k: spelled(v, words) for k, v in value.items()}
    if isinstance(value, list):
        return [spelled(v, words) for v in value]
    return words.get(value, value) if isinstance(value, str) else value


def draw_namesakes(trial, package, rng):
    """A triple in which both sides give one name to something."""
    may = [Namesake(package, i, rng) for i in rng.sample(
        package.plain, len(package.plain)) if package.is_last(i)]
    may = [n for n in may if n.fits()][:1]
    if not may:
        return draw_triple(trial, package, rng)
    it = may[0]
    i = package.records.index(it.record)
    ours, mine = it.added('ours')
    theirs, hers = it.added('theirs')
    sort = rng.randrange(4)
    sides = [list(package.records), list(package.records)]
    sides[1].insert(i + 1, theirs)
    if sort == 0:
        sides[0][i] = it.named()
    else:
        sides[0].insert(i + 1, ours)
    if sort == 1:
        theirs['value']['zz'] = 'other'
    users = [k for k, r in enumerate(package.records)
             if k != i and 'value' in r and
             spelled(r['value'], hers) != r['value'] and k in package.plain]
    if sort > 1 and users:
        k = rng.choice(users)
        user = copy.deepcopy(package.records[k])
        user['value'] = spelled(user['value'], hers)
        sides[1][k + (k > i)] = user
    for name, records in zip(('base', 'ours', 'theirs'),
                             [package.records] + sides):
        write(package, records, trial.path(name))
    run = trial.merge('--conflicts', trial.path('conflicts'))
    if sort < 2:
        with open(trial.path('conflicts'), encoding='utf-8') as f:
            told = [(c['kind'], c.get('place', '')) for c in map(
                json.loads, f)]
        want = [(it.record['kind'], '' if sort == 0 else '/zz')]
        if run.returncode != 1 or told != want:
            return f'namesakes: exit {run.returncode}: {told}, expected ' \
                f'{want}', True
        return None, True
    if run.returncode != 0:
        return f'namesakes: exit {run.returncode}: {run.stderr}', False
    expected = list(sides[0])
    if users:
        k += k > i
        expected[k] = dict(expected[k], value=spelled(
            package.records[k - (k > i)]['value'], mine))
    got, expected = plain(read(run.stdout)), plain(expected)
    return None if got == expected else differ(got, expected), False


def write(package, records, path):
    with open(path, 'w', encoding='utf-8') as f:
        for record in [package.head] + records + [
                {'kind': '@end', 'records': len(records), 'sum': '0' * 32}]:
            f.write(json.dumps(record,
                               separators=(',', ':')) + '\n')


def read(text):
    return [json.loads(line) for line in text.splitlines()][1:-1]


def plain(records):
    return [(r['kind'], r.get('file'), r.get('at'), r.get('value'))
            for r in records]


def bag(records):
    """Records whatever their order."""
    return sorted(json.dumps(r, sort_keys=True) for r in records)


class Trial:
    def __init__(self, binaries, folder):
        self.binaries = binaries
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def merge(self, *more, files=('base', 'ours', 'theirs')):
        base, ours, theirs = map(self.path, files)
        return subprocess.run(
            [self.binaries + '/pkg-merge', 'three-way', '--edited', '-q',
             '--base', base, '--into', ours, *more, theirs],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def says_same(self, files, name):
        """Whether a merge says what a stream says, but for minted ids."""
        run = self.merge(files=files)
        return run.returncode == 0 and subprocess.run(
            [self.binaries + '/pkg-diff', '-q', '-', self.path(name)],
            input=run.stdout, stdout=subprocess.DEVNULL,
            check=False).returncode == 0


def differ(got, expected):
    for a, b in zip(got, expected):
        if a != b:
            return f'got {a}\nexpected {b}'
    return f'{len(got)} records, expected {len(expected)}'


def law(trial, files, expected):
    run = trial.merge(files=files)
    if run.returncode != 0:
        return f'{files}: exit {run.returncode}: {run.stderr.decode()}'
    got = plain(read(run.stdout))
    if got != expected:
        return f'{files}: {differ(got, expected)}'
    return None


def draw_triple(trial, package, rng):
    """One triple; what it breaks, or None; and whether it had a clash."""
    n = rng.choice((1, 2, 4, 8, 16))
    ours = draw(rng, package, n, 'ours')
    theirs = draw(rng, package, n, 'theirs')
    theirs.update(echo(rng, package, ours, theirs))
    write(package, package.records, trial.path('base'))
    write(package, apply(package, [ours]), trial.path('ours'))
    write(package, apply(package, [theirs]), trial.path('theirs'))
    clash = clashes(ours, theirs)
    said = trial.path('conflicts')
    run = trial.merge('--conflicts', said)
    if clash:
        if run.returncode != 1 or run.stdout.count(b'"@end"'):
            return f'exit {run.returncode}, expected 1', True
        with open(said, encoding='utf-8') as f:
            told = [json.loads(line) for line in f]
        if len(told) != len(clash):
            return f'{len(told)} conflicts, expected {clash}', True
        for side, order in (('ours', [theirs, ours]),
                            ('theirs', [ours, theirs])):
            wanted = apply_preferred(package, order, clash, side)
            run = trial.merge('--prefer', side)
            if run.returncode != 0:
                return f'--prefer {side}: {run.stderr.decode()}', True
            got = plain(read(run.stdout))
            if bag(got) != bag(plain(wanted)):
                return f'--prefer {side}: {differ(got, plain(wanted))}', True
        return None, True
    if run.returncode != 0:
        return f'exit {run.returncode}: {run.stderr.decode()}', False
    expected = plain(apply(package, [ours, theirs]))
    got = plain(read(run.stdout))
    if got != expected:
        return differ(got, expected), False
    run = trial.merge(files=('base', 'theirs', 'ours'))
    got = plain(read(run.stdout))
    if bag(got) != bag(expected):
        return 'the other way round: ' + differ(got, expected), False
    for files, name in ((('base', 'base', 'theirs'), 'theirs'),
                        (('base', 'ours', 'base'), 'ours'),
                        (('base', 'ours', 'ours'), 'ours')):
        broken = law(trial, files, plain(apply(
            package, [ours if name == 'ours' else theirs])))
        if broken:
            return broken, False
    return None, False


def apply_preferred(package, order, clash, side):
    """The edits of both, those that clash as a side has them, which is last."""
    kept = []
    for n, edits in enumerate(order):
        kept.append({k: v for k, v in edits.items()
                     if k[0] == 'clone' or n > 0 or not
                     {(k[1], k[2]), (k[1], None)} & clash})
    return apply(package, kept)


def pairs(trial, paths):
    """The laws of each two packages that follow each other."""
    bad = n = exact = 0
    for old, new in zip(paths, paths[1:]):
        for name, path in (('base', old), ('theirs', new)):
            with open(trial.path(name), 'wb') as f:
                subprocess.run([trial.binaries + '/pkg-unpack', '-q', path],
                               check=True, stdout=f)
        records = {name: plain(read(open(trial.path(name), 'rb').read()))
                   for name in ('base', 'theirs')}
        for files, name in ((('base', 'base', 'theirs'), 'theirs'),
                            (('base', 'theirs', 'base'), 'theirs'),
                            (('base', 'theirs', 'theirs'), 'theirs')):
            n += 1
            broken = law(trial, files, records[name])
            exact += broken is None
            if broken and not trial.says_same(files, name):
                bad += 1
                print(f'{old} {new}: {broken}')
    return n, exact, bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('-n', type=int, default=20)
    parser.add_argument('-s', type=int, default=1)
    parser.add_argument('-p', action='store_true')
    parser.add_argument('-v', action='store_true')
    parser.add_argument('-k', help='keep the triple that breaks in a folder')
    parser.add_argument('bin')
    parser.add_argument('packages', nargs='+')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.k:
            folder = args.k
            os.makedirs(folder, exist_ok=True)
        trial = Trial(args.bin, folder)
        if args.p:
            n, exact, bad = pairs(trial, args.packages)
            print(f'{n} laws, {exact} to the byte, {bad} broken')
            return bad > 0
        bad = clashed = 0
        packages = [Package(args.bin, p) for p in args.packages]
        for i in range(args.n):
            which = i % len(packages)
            rng = random.Random(f'{args.s} {i}')
            draws = rng.choices((draw_cut, draw_namesakes, draw_triple),
                                (2, 2, 4))[0]
            broken, clash = draws(trial, packages[which], rng)
            clashed += clash
            if broken:
                bad += 1
                print(f'{args.packages[which]} -s {args.s} triple {i}: '
                      f'{broken[:1500]}')
                if args.k:
                    return 1
        print(f'{args.n} triples, {clashed} with conflicts, {bad} broken')
        return bad > 0


if __name__ == '__main__':
    sys.exit(main())
