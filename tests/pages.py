# SPDX-License-Identifier: ISC
"""
Whether a manual page and the text of -h tell of the same options: the same
synopsis, and of each option the same letter, long form and argument.
    pages.py PAGE <TEXT
"""
import re
import subprocess
import sys


def words(text):
    return ' '.join(text.split())


def told_by_help(text):
    """Of each option (letter, name, argument); and the synopsis."""
    found = set()
    for line in text.splitlines():
        m = re.match(r'  (?:-(.), |    )(--[a-z0-9-]+)'
                     r'(?: (\S+)|\[=(\S+)\])?(?:  |$)', line)
        if m:
            found.add((m[1], m[2], (m[3] or m[4] or '').lower()))
    synopsis = words(text.split('\n\n')[0].replace('usage: ', ''))
    return found, synopsis.replace(' | ', '|')


def item(words):
    """The options that an item of a list names, as (letter, name, argument)."""
    letter = name = None
    argument = ''
    for word in words + [',']:
        if word == ',':
            if name:
                yield letter, name, argument
                letter, argument = None, ''
            name = None
        elif word in ('Fl', 'Ar', 'Cm', 'Ns', 'Op'):
            continue
        elif word.startswith('-'):
            name, argument = '-' + word, ''
        elif name is None and letter is None:
            letter = word
        else:
            argument += word.lstrip('=') if not argument else word


def told_by_page(page):
    """The same of the page; words of an option may have an item each."""
    arguments = {}
    for line in open(page, encoding='utf-8'):
        if line.startswith('.It Fl '):
            for letter, name, argument in item(line.split()[1:]):
                arguments.setdefault((letter, name), []).append(argument)
    plain = subprocess.run(['mandoc', '-T', 'ascii', '-O', 'width=1000',
                            page], check=True, capture_output=True,
                           text=True).stdout
    plain = re.sub('.\b', '', plain)
    synopsis = re.search(r'^SYNOPSIS\n(.*?)\n\n', plain, re.M | re.S)[1]
    return ({(*option, '|'.join(a)) for option, a in arguments.items()},
            words(synopsis).replace(' | ', '|'))


def main():
    page, text = told_by_page(sys.argv[1]), told_by_help(sys.stdin.read())
    for option in sorted(page[0] ^ text[0], key=str):
        print(option, 'stands in', 'the page' if option in page[0] else
              'the text of -h', 'only')
    if page[1] != text[1]:
        print('the page has', page[1], 'and -h', text[1])
    sys.exit(page != text)


main()
