#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bench.py [-b BUILD] [-n RUNS] [-s SIZE] [-l LARGEST] [PART ...]

Our tools against others, on invented packages of SIZE (160M), by parts:

unpack    JSON and a zip, against parsers, jq, and what only inflates
filter    against cat, from file to file and between pipes, and jq
select    against wc and cat, and jq
merge     the same app and another copy of it, against python3
pack      against bsdtar
pipeline  README's, against the slowest of its stages alone
small     an agent of 100K: what a process costs
fleet     many agents: pkg-bulk, xargs and one python3 program
growth    only if it is named: sizes doubled from 25M to LARGEST (1600M)

Commands that are compared run in turn, each RUNS (3) times; of the times of
each the least counts.  Ratios are ours by the other's: below 1 ours is less.
CPU is that of all processes of a command, peak the memory of the largest.
What is not installed is left out.  The table at the end has all of it, and an
asterisk where a ratio is above the one that is aimed at.
"""
import getopt
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MIB = 1 << 20
ROW = "%-43s %8s %8s %7s %6s %6s"


class Cost:
    """What a command took: the least of its runs."""

    def __init__(self, title, command):
        self.title, self.command = title, command
        self.wall = self.cpu = math.inf
        self.peak = 0
        self.aims = {}  # ratios that ours is to stay below

    def run(self):
        begun = time.monotonic()
        # the peak is told by time(1): what stood here before exec counts not
        child = subprocess.Popen(["/usr/bin/time", "-o", "peak", "-f", "%M",
                                  "sh", "-c", self.command],
                                 stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
        said = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit("%s\nended with %d: %s" % (
                self.command, child.returncode,
                said.decode(errors="replace")[:1000]))
        self.wall = min(self.wall, time.monotonic() - begun)
        self.cpu = min(self.cpu, used.ru_utime + used.ru_stime)
        with open("peak") as f:
            self.peak = max(self.peak, int(f.read().split()[-1]) / 1024)


def other(title, command, wall=math.inf, cpu=math.inf, tool=None):
    """What ours is compared with; None if its tool is not installed."""
    if not shutil.which(tool or command.split()[0]):
        return None
    cost = Cost(title, command)
    cost.aims = {"wall": wall, "cpu": cpu}
    return cost


class Bench:
    def __init__(self, build, runs, size):
        self.build, self.runs, self.size = build, runs, size
        self.table = []

    def say(self, *cells):
        line = ROW % cells
        self.table.append(line.rstrip())
        print(self.table[-1], flush=True)

    def head(self, title):
        self.say("", "wall s", "CPU s", "MiB", "wall", "CPU")
        self.say("== " + title, "", "", "", "", "")

    def compare(self, title, command, *others):
        """Ours, then others; the costs of all."""
        ours = Cost(title, command)
        others = [other for other in others if other is not None]
        for _ in range(self.runs):
            for cost in [ours] + others:
                cost.run()
        self.tell(ours)
        for cost in others:
            self.tell(cost, ours)
        return ours, others

    def tell(self, cost, ours=None):
        ratios = ["", ""]
        if ours is not None:
            for i, what in enumerate(("wall", "cpu")):
                ratio = getattr(ours, what) / max(getattr(cost, what), 1e-3)
                ratios[i] = "%.2f%s" % (
                    ratio, "*" if ratio > cost.aims[what] else "")
        self.say(("  " if ours is not None else "") + cost.title,
                 "%.3f" % cost.wall, "%.3f" % cost.cpu, "%.0f" % cost.peak,
                 *ratios)


def do(command):
    subprocess.run(["sh", "-c", command], check=True)


def generate(build, directory, size, *options):
    subprocess.run([build + "/tests/generate", "-s", str(size), *options,
                    "-o", directory], check=True)


def zipped(directory, name):
    do("cd %s && bsdtar --format zip -cf ../%s *" % (directory, name))


def bytes_of(text):
    unit = {"K": 1 << 10, "M": MIB, "G": 1 << 30}.get(text[-1].upper(), 0)
    return int(text[:-1]) * unit if unit else int(text)


def app(b):
    """The package that most parts need, made once: app, app.zip, app.n"""
    if os.path.exists("app"):
        return
    generate(b.build, "app", b.size, "-m", "published")
    zipped("app", "app.zip")
    do("pkg-unpack app >app.n")
    for name in ("app/botDefinition.json", "app.zip", "app.n"):
        print("%s: %d bytes" % (name, os.path.getsize(name)))


def unpack(b):
    app(b)
    json = "app/botDefinition.json"
    with open("split.py", "w") as f:
        f.write("import json, sys\n"
                "for v in json.load(open(sys.argv[1])).values():\n"
                "    for e in v if isinstance(v, list) else [v]:\n"
                "        print(json.dumps(e, ensure_ascii=False,"
                " separators=(',', ':')))\n")
    do("cc -O2 -o bare %s/bare.c -lyajl" % HERE)
    b.compare("pkg-unpack, from JSON", "pkg-unpack app",
              other("bare yajl", "./bare <%s" % json, cpu=0.7),
              other("jq -c .dialogComponents[]",
               "jq -c '.dialogComponents[]' %s" % json),
              other("gojq -c .dialogComponents[]",
               "gojq -c '.dialogComponents[]' %s" % json),
              other("python3: json.load, one element a line",
               "python3 split.py %s" % json))
    b.compare("pkg-unpack, from a zip", "pkg-unpack app.zip",
              other("bsdtar -xO, which inflates it",
               "bsdtar -xOf app.zip botDefinition.json", cpu=2.5))


# what a user of jq would write: slurp, find the tasks that go, and what falls
LATEST = r"""
[inputs] as $all
| ($all | map(select(.kind == "dialog")) | group_by(.id)
    | map((if any(.status == "upgrade-in-progress")
        then "upgrade-in-progress" else "configured" end) as $s
        | map(select(.status != $s) | .alias[]) ) | add
    | map({key: ("dialog:" + .), value: 1}) | from_entries) as $gone
| ($all | map(select(.kind == "dialog" and $gone["dialog:" + .alias[0]] == null)
    | .needs[]) | map({key: ., value: 1}) | from_entries) as $needed
| $all[]
| select(if .kind == "dialog" then $gone["dialog:" + .alias[0]] == null
    elif .kind == "component" then $needed["component:" + .alias[0]]
    elif .kind == "utterance" then $needed[.owner[0]]
    else true end)
"""


def filter_status(b):
    app(b)
    tool = "pkg-filter-status -q --unknown keep published"
    b.compare("pkg-filter-status published, file to file",
              tool + " app.n >a", other("cat", "cat app.n >b", cpu=2.2))
    b.compare("the same, between pipes", "cat app.n | %s | cat" % tool,
              other("cat | cat | cat", "cat app.n | cat | cat", cpu=2.8))
    do("python3 %s/versions.py %d | pkg-filter-status --edited --mark latest "
       ">versions.n" % (HERE, b.size // 6400))
    with open("latest.jq", "w") as f:
        f.write(LATEST)
    b.compare("pkg-filter-status latest, half is dropped",
              "pkg-filter-status latest versions.n >a",
              other("cat", "cat versions.n >b"),
              other("jq, slurped", "jq -cn -f latest.jq versions.n >b"))
    b.compare("the same, -S 16M",
              "pkg-filter-status -S 16M latest versions.n >a",
              other("cat", "cat versions.n >b"))


# the dialog with this number, behind its kind's prefix
SEED = "d1a10600-0000-5000-8000-%012d"

# what a user of jq would write, a dialog at a time until nothing is new
CLOSURE = r"""
[inputs | select(.kind[0:1] != "@")] as $all
| [$all[] | . as $r | ([.id] + .alias)[] | {key: ($r.kind + ":" + .),
    value: {me: ($r.kind + ":" + $r.id),
        to: (($r.needs // []) + ($r.links // []))}}]
| from_entries as $by
| [{want: ["dialog:" + $seed], have: {}} | until(.want == []; .have as $have
    | (.want | map($by[.]) | unique_by(.me) | map(select($have[.me] | not)))
        as $new
    | .have += ($new | map({key: .me, value: 1}) | from_entries)
    | .want = ($new | map(.to[]) | unique)) | .have] [0] as $have
| $all[] | select($have[.kind + ":" + .id])
"""


def select(b):
    records = b.size // 500
    for name, n in (("web.n", records), ("little.n", records // 20)):
        do("python3 %s/web.py %d 1000 | pkg-select --edited >%s" % (
            HERE, n, name))
    print("web.n: %d bytes, %d components" % (
        os.path.getsize("web.n"), records))
    with open("closure.jq", "w") as f:
        f.write(CLOSURE)
    tool = "pkg-select -q --deps -i " + SEED % 500
    b.compare("pkg-select --deps, one seed", tool + " web.n",
              other("wc -l, then cat", "wc -l web.n; cat web.n"))
    b.compare("the same, -S 16M, from a pipe",
              "cat web.n | %s -S 16M" % tool,
              other("cat | cat", "cat web.n | cat"))
    b.compare("pkg-select -x, repaired",
              "pkg-select -q -x -i %s web.n" % (SEED % 500),
              other("cat | cat", "cat web.n | cat"))
    b.compare("pkg-select --deps, a twentieth of it",
              "pkg-select -q --deps -i %s little.n" % (SEED % 0),
              other("jq, slurped, owners left aside",
               "jq -cn --arg seed %s -f closure.jq little.n" % (SEED % 0)))


def sources(b):
    """half.n: every second dialog, some changed; copy.n: other aliases"""
    if os.path.exists("copy.n"):
        return
    generate(b.build, "copy", b.size // 2, "-m", "configured")
    do("pkg-unpack copy >copy.n")
    do("""grep -o '^{"kind":"dialog","id":"[^"]*"' app.n | cut -d '"' -f 8 |
        awk 'NR % 2' >ids
        pkg-select -q -L ids -c tasks/botTask,nlpData app.n |
        awk 'NR % 20 == 0 { sub(/%20the%20/, "%20one%20") } { print }' |
        pkg-filter-status latest -q --edited --unknown keep >half.n""")


def merge(b):
    app(b)
    sources(b)
    python = "python3 %s/byid.py " % HERE
    for name, what in (("half.n", "half of it"), ("copy.n", "another copy")):
        b.compare("pkg-merge incremental, " + what,
                  "pkg-merge -q incremental --into app.n " + name,
                  other("cat of both", "cat app.n %s | cat" % name),
                  other("python3, json.loads of each line",
                   python + "json app.n " + name),
                  other("python3, aliases rewritten, too",
                   python + "aliases app.n " + name),
                  other("python3, kind and id cut out of bytes",
                   python + "bytes app.n " + name))


def pack(b):
    app(b)
    b.compare("pkg-pack", "pkg-pack -f -o a.zip app.n",
              other("bsdtar --format zip",
               "bsdtar --format zip -cf b.zip -C app .", wall=0.65))


def pipeline(b):
    app(b)
    sources(b)
    dialogs = sum(1 for _ in open("ids"))
    stages = (("pkg-unpack", "app"),
              ("pkg-filter-status -q --unknown keep published", "app.n"),
              ("pkg-select -q -L ids --deps", "app.n"),
              ("pkg-merge -q incremental --into app.n", "selected.n"),
              ("pkg-pack -f -o a.zip", "merged.n"))
    do("pkg-select -q -L ids --deps app.n >selected.n && pkg-merge -q "
       "incremental --into app.n selected.n >merged.n")
    whole = " | ".join(tool + (" app" if tool == "pkg-unpack" else "")
                       for tool, _ in stages)
    ours, alone = b.compare(
        "README's pipeline, %d dialogs" % dialogs, whole,
        *[other(tool.split()[0] + " alone", "%s %s >c" % (tool, given))
          for tool, given in stages])
    slowest = max(alone, key=lambda cost: cost.wall)
    slowest.title = "the slowest of them"
    slowest.aims["wall"] = 1.5
    b.tell(slowest, ours)


def small(b):
    generate(b.build, "little", 100 << 10, "-m", "published", "-r", "3")
    generate(b.build, "other", 100 << 10, "-m", "published", "-r", "4")
    for name in ("little", "other"):
        zipped(name, name + ".zip")
        do("pkg-unpack %s >%s.n" % (name, name))
    for title, command in (
            ("unpack a zip", "pkg-unpack little.zip"),
            ("filter", "pkg-filter-status -q --unknown keep latest little.n"),
            ("select", "pkg-select -q -k dialog --deps little.n"),
            ("merge", "pkg-merge -q incremental --allow languages --into "
             "little.n other.n"),
            ("pack", "pkg-pack -f -o a.zip little.n")):
        again = "for i in 1 2 3 4 5 6 7 8 9 10; do %s; done"
        b.compare("ten times: %s, 100K" % title, again % command,
                  other("true", again % "/bin/true", tool="true"))


ONE = r"""
pkg-unpack "$2" >"$3.ndjson" &&
    pkg-unpack "$1" | pkg-merge incremental --allow languages \
    --into "$3.ndjson" | pkg-pack -f -o "$3"
rm "$3.ndjson"
"""


def fleet(b):
    with open("one.sh", "w") as f:
        f.write(ONE)
    for size, agents in (("100K", 200), ("2M", 20)):
        shutil.rmtree("in", ignore_errors=True)
        os.mkdir("in")
        for seed in range(8):
            generate(b.build, "in/x", size, "-r", str(seed + 1))
            zipped("in/x", "%d.zip" % seed)
            shutil.rmtree("in/x")
        jobs = [("in/%d.zip" % (i % 7), "in/%d.zip" % (i % 7 + 1),
                 "out/%d.zip" % i) for i in range(agents)]
        with open("words", "w") as f:
            f.writelines("\n".join(job) + "\n" for job in jobs)
        with open("fleet.tsv", "w") as f:
            f.writelines("a%d\t%s\t\t\t\tincremental --allow languages\n" % (
                i, "\t".join(job)) for i, job in enumerate(jobs))
        anew = "rm -rf out fleet.ledger && mkdir out && "
        cores = os.cpu_count()
        ours, _ = b.compare(
            "pkg-bulk, %d agents of %s" % (agents, size),
            anew + "pkg-bulk -q fleet.tsv",
            other("xargs -P, no ledger", anew +
                  "xargs -n 3 -P %d sh one.sh <words" % cores),
            other("python3, json.load", anew +
                  "python3 %s/merge.py %d <words" % (HERE, cores)))
        b.say("  agents a second; CPU of one, ms", "%.1f" % (
            agents / ours.wall), "%.1f" % (ours.cpu * 1000 / agents),
            "", "", "")


def slope(sizes, costs):
    """Of a straight line through the logarithms: 1 is in proportion."""
    x = [math.log(size) for size in sizes]
    y = [math.log(max(cost, 1e-3)) for cost in costs]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mx) * (c - my) for a, c in zip(x, y)) / sum(
        (a - mx) ** 2 for a in x)


def growth(build, runs, largest):
    tools = (("unpack", "pkg-unpack app >app.n"),
             ("filter", "pkg-filter-status -q latest --unknown keep app.n >a"),
             ("select", "pkg-select -q -k dialog --deps app.n >a"),
             ("merge", "pkg-merge -q incremental --into app.n app.n >a"),
             ("copy", "pkg-merge -q incremental --into app.n copy.n >a"),
             ("pack", "pkg-pack -f -o a.zip app.n"))
    sizes, records = [], []
    times = {name: [] for name, _ in tools}
    peaks = {name: [] for name, _ in tools}
    line = "%9s %9s" + " %7s %5s" * len(tools)
    print(line % (("MB", "records") + sum(((name, "MiB") for name, _ in tools),
                                          ())))
    size = 25 * 10 ** 6
    while size <= largest:
        generate(build, "app", size, "-m", "published")
        generate(build, "copy", size // 2, "-m", "configured")
        do("pkg-unpack copy >copy.n")
        for name, command in tools:
            cost = Cost(name, command)
            for _ in range(runs):
                cost.run()
            times[name].append(cost.cpu)
            peaks[name].append(cost.peak)
        sizes.append(size)
        with open("app.n", "rb") as f:
            records.append(sum(1 for _ in f))
        print(line % ((size // 10 ** 6, records[-1]) + sum(
            (("%.2f" % times[name][-1], "%.0f" % peaks[name][-1])
             for name, _ in tools), ())), flush=True)
        size *= 2
    if len(sizes) > 1:
        more = (records[-1] - records[0]) / MIB
        print(line % (("slope", "B/record") + sum(
            (("%.3f" % slope(sizes, times[name]), "%.0f" % (
                (peaks[name][-1] - peaks[name][0]) / more))
             for name, _ in tools), ())))


PARTS = {"unpack": unpack, "filter": filter_status, "select": select,
         "merge": merge, "pack": pack, "pipeline": pipeline, "small": small,
         "fleet": fleet}


def main():
    try:
        options, parts = getopt.getopt(sys.argv[1:], "b:n:s:l:")
        options = dict(options)
        build = os.path.abspath(options.get("-b", "build"))
        runs = int(options.get("-n", 3))
        size = bytes_of(options.get("-s", "160M"))
        largest = bytes_of(options.get("-l", "1600M"))
        if set(parts) - set(PARTS) - {"growth"}:
            raise ValueError("no such part")
    except (getopt.GetoptError, ValueError) as e:
        sys.exit("bench.py: %s\n%s" % (e, __doc__))
    os.environ["PATH"] = build + "/bin:" + os.environ["PATH"]
    b = Bench(build, runs, size)
    with tempfile.TemporaryDirectory(
            prefix="pkg-bench.", dir=os.environ.get("TMPDIR",
                                                    "/var/tmp")) as directory:
        os.chdir(directory)
        for part in parts or PARTS:
            if part == "growth":
                growth(build, runs, largest)
                continue
            b.head(part)
            PARTS[part](b)
        os.chdir("/")
    if len(parts or PARTS) > 1:
        print("\nAll of it:\n" + "\n".join(b.table))


main()
