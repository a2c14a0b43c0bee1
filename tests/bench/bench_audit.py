#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_audit.py: the MX sets of 20,000 domains with 2,000 hosts between them, and the hosts' addresses, at a real Knot in a namespace:
`mxladder audit` beside dnsperf, which asks the same questions, each domain's hosts anew, and keeps nothing. Interleaved, medians. Ends with
status 1 where a limit is broken: domains a second beside dnsperf's, domains a second and processor time by themselves, memory, and the time
from the first name to its line.
"""
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
import netns                            # noqa: E402
from lab import PROGRAM, Lab, wait_until         # noqa: E402

COUNT, HOSTS, ROUNDS = 20000, 2000, 3
FIRST_MS = 20    # two trips over loopback, on a machine that does other things besides
CONF = """server:
    rundir: "{dir}/run"
    listen: 127.0.0.1@5300
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    user: {user}
database:
    storage: "{dir}/db"
template:
  - id: default
    storage: "{dir}"
    zonefile-sync: -1
    journal-content: none
    semantic-checks: off
zone:
  - domain: bench.
    file: zone
"""


def make(lab):
    """The zone, the names, and the questions as they are without a cache."""
    chance = random.Random(7)
    zone = ["$ORIGIN bench.", "$TTL 3600", "@ SOA ns admin 1 3600 900 1209600 300", "@ NS ns", "ns A 127.0.0.1"]
    asked = []
    for h in range(HOSTS):
        zone += [f"mh{h} 300 A 10.{h >> 8}.{h & 255}.25", f"mh{h} 300 AAAA 2001:db8:{h:x}::25"][:1 + (h % 10 < 7)]
    for i in range(COUNT):
        asked.append(f"d{i}.bench MX")
        for rank, h in enumerate(chance.sample(range(HOSTS), chance.choice((1, 1, 2, 2, 2, 3, 4, 5)))):
            zone.append(f"d{i} MX {10 * rank + 10} mh{h}")
            asked += [f"mh{h}.bench A", f"mh{h}.bench AAAA"]
    lab.write("knot/zone", "\n".join([*zone, ""]))
    return lab.write("names", "".join(f"d{i}.bench\n" for i in range(COUNT))), lab.write("questions", "\n".join([*asked, ""]))


def start(lab):
    for room in ("run", "db"):
        os.makedirs(lab.path(f"knot/{room}"))
    names, questions = make(lab)
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    with open(lab.path("knot.log"), "w", encoding="utf-8") as log:
        lab.children.append(subprocess.Popen([shutil.which("knotd") or "/usr/sbin/knotd", "-c",
                                              lab.write("knot/conf", CONF.format(dir=lab.path("knot"), user=user))], stdout=log, stderr=log))
    if not wait_until(lambda: "mh" in subprocess.run(["kdig", "@127.0.0.1", "-p", "5300", "+short", "+time=1", "+retry=0", "d1.bench", "MX"],
                                                     capture_output=True, text=True, check=False).stdout, 30):
        sys.exit("bench_audit.py: knotd did not start: " + lab.read("knot.log")[-2000:])
    return names, questions


def by_dnsperf(questions):
    seen = subprocess.run(["dnsperf", "-s", "127.0.0.1", "-p", "5300", "-d", questions, "-n", "1", "-q", "60"], capture_output=True, text=True, check=True)
    return float(re.search(r"Run time \(s\):\s+([\d.]+)", seen.stdout)[1])


def audit(lab, **streams):
    return subprocess.Popen([PROGRAM, "audit", "--resolver", "127.0.0.1:5300"], env=lab.env, **streams)


def by_program(lab, names):
    """(seconds, processor seconds) of a whole process."""
    began = time.perf_counter()
    with open(names, "rb") as given, open(lab.path("out"), "wb") as out:
        child = audit(lab, stdin=given, stdout=out)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    with open(lab.path("out"), encoding="utf-8") as f:
        told = [line for line in f if '"addresses":["10.' in line and line.endswith('"error":null}\n')]
    if child.returncode or len(told) != COUNT:
        sys.exit(f"bench_audit.py: status {child.returncode}, {len(told)} sets told")
    return took, used.ru_utime + used.ru_stime


def as_filter(lab, names):
    """(milliseconds from the first name to its line, most memory in MB) of a run whose stdin stays open."""
    child = audit(lab, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with open(names, "rb") as f:
        first, *rest = f.readlines()
    time.sleep(0.5)     # it has begun, and waits
    began = time.perf_counter()
    child.stdin.write(first)
    child.stdin.flush()
    child.stdout.readline()
    took = 1000 * (time.perf_counter() - began)
    for at in range(0, len(rest), 500):
        child.stdin.write(b"".join(rest[at:at + 500]))
        child.stdin.flush()
        for _ in rest[at:at + 500]:
            child.stdout.readline()
    with open(f"/proc/{child.pid}/status", encoding="ascii") as f:
        most = int(re.search(r"VmHWM:\s+(\d+) kB", f.read())[1]) / 1024
    child.stdin.close()
    child.wait()
    return took, most


def row(what, value, unit, limit, over):
    print(f"{'OVER' if over else 'ok  '} {what:<58} {value:9.2f} {unit:<3} limit {limit}", flush=True)
    return over


def main():
    if not Lab.installed("knotd", "kdig", "dnsperf", "unshare", "ip"):
        sys.exit("bench_audit.py: needs the packages knot, knot-dnsutils and dnsperf")
    netns.enter(ipv6=False)
    lab, over = Lab(), False
    try:
        names, questions = start(lab)
        theirs, ours = [], []
        for _ in range(ROUNDS):
            theirs.append(by_dnsperf(questions))
            ours.append(by_program(lab, names))
        took, used = (statistics.median(one[k] for one in ours) for k in range(2))
        first, most = as_filter(lab, names)
        other = statistics.median(theirs)
        print(f"     {COUNT} domains: mxladder {took:.2f} s, dnsperf with the same questions {other:.2f} s, load {os.getloadavg()[0]:.1f}")
        over |= row("domains a second, against dnsperf's", other / took, "x", "1.00", took > other)
        over |= row("domains a second, with shared answers", COUNT / took, "/s", "50000", COUNT / took < 50000)
        over |= row("processor time of 10,000 domains", used / COUNT * 10000, "s", "0.15", used / COUNT * 10000 > 0.15)
        over |= row("memory", most, "MB", "64", most > 64)
        over |= row("a name in, its line out: two trips over loopback", first, "ms", FIRST_MS, first > FIRST_MS)
    finally:
        for child in lab.children:
            lab.stop(child)
        shutil.rmtree(lab.dir, ignore_errors=True)
    sys.exit(over)


main()
