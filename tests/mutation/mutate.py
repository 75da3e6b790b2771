#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""mutate.py [-c] [-k WORD] [FOLDER]

Can the tests fail?  In a copy of the project (in FOLDER, which stays, or a
temporary one) each condition that the file mutations names is turned wrong,
one at a time, and the tests that it names are run: one of them must fail.
With -k only those whose file has the word; with -c nothing is run, but each
condition must be there.  The exit status is 1 if one was not noticed, or is
not there."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def mutations():
    """The rows: file, text, what stands there instead, the tests."""
    with open(os.path.join(HERE, "mutations")) as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, text, instead, tests = line.rstrip("\n").split("\t")
                yield name, text, instead, tests.split()


def copy(folder):
    """The project's own files, without what was built."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True,
                           stdout=subprocess.PIPE).stdout.split(b"\0")
    for name in filter(None, names):
        path = os.path.join(os.fsencode(folder), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copy(os.path.join(os.fsencode(ROOT), name), path)


def missing():
    """Tell of each row whose text its file does not have once; how many."""
    wrong = 0
    for name, text, _, _ in mutations():
        with open(os.path.join(ROOT, name)) as f:
            times = f.read().count(text)
        if times != 1:
            print("%s has %d times: %s" % (name, times, text))
            wrong += 1
    return wrong


def make(folder):
    done = subprocess.run(["make", "-s", "-j2", "CFLAGS=-O0", "tests"],
                          cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit("it does not build:\n" + done.stdout.decode())


def first_failure(folder, tests):
    """The title of a test that fails, or None; no test is run after it."""
    for name in tests:
        with tempfile.TemporaryDirectory(
                ignore_cleanup_errors=True) as tmp, subprocess.Popen(
                    ["bats", "tests/%s.bats" % name], cwd=folder,
                    env=dict(os.environ, TMPDIR=tmp), errors="replace",
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    start_new_session=True) as run:
            for line in run.stdout:
                if line.startswith("not ok"):
                    os.killpg(run.pid, signal.SIGKILL)
                    return "%s.bats: %s" % (name, line.split(" ", 3)[3][:-1])
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-c", action="store_true")
    parser.add_argument("-k", default="")
    parser.add_argument("folder", nargs="?")
    options = parser.parse_args()
    if missing():
        return 1
    if options.c:
        return 0
    folder = options.folder or tempfile.mkdtemp()
    copy(folder)
    unnoticed = tried = 0
    try:
        for name, text, instead, tests in mutations():
            if options.k not in name:
                continue
            path = os.path.join(folder, name)
            with open(path) as f:
                right = f.read()
            with open(path, "w") as f:
                f.write(right.replace(text, instead))
            make(folder)
            failed = first_failure(folder, tests)
            with open(path, "w") as f:
                f.write(right)
            tried += 1
            unnoticed += failed is None
            print("%s: %s\n\t%s" % (name, text, failed or "NOT NOTICED"),
                  flush=True)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)
    print("%d tried, %d not noticed" % (tried, unnoticed))
    return unnoticed > 0


if __name__ == "__main__":
    sys.exit(main())
