#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_validate.py PEER: 1,000 signed zones below a signed TLD and a signed root, with 200 hosts between them, at a real Knot in a
namespace: `mxladder audit --validate` beside PEER (bare_validate.c), libunbound alone with as many names in flight. Interleaved, medians.
Ends with status 1 where a limit is broken: domains a second beside the peer's, and memory.
"""
import base64
import hashlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
import netns                            # noqa: E402
from lab import PROGRAM, Lab, wait_until         # noqa: E402

COUNT, HOSTS, ROUNDS, WIDTH = 1000, 200, 5, 100
RATIO, MOST_MB = 0.9, 64
CONF = """server:
    rundir: "{dir}/run"
    listen: 127.0.0.1@5300
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    user: {user}
database:
    storage: "{dir}/db"
policy:
  - id: lasting
    algorithm: ecdsap256sha256
    single-type-signing: on
    ksk-shared: on
    ksk-lifetime: 0
template:
  - id: default
    storage: "{dir}"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: off
    dnssec-signing: on
    dnssec-policy: lasting
zone:
"""
HEAD = "$ORIGIN {}.\n$TTL 3600\n@ SOA ns.bench. admin.bench. 1 3600 900 1209600 300\n@ NS ns.bench.\n"
LEAVES = [f"z{i}.bench" for i in range(COUNT)] + ["mail.bench"]
ZONES = [*LEAVES, "bench", ""]


def ds(name, key):
    """The DS record of a zone with this key (DNSKEY data), RFC 4034."""
    wire = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"
    tag = sum(byte if at & 1 else byte << 8 for at, byte in enumerate(key))
    return f"{name}. 3600 IN DS {(tag + (tag >> 16)) & 0xffff} 13 2 {hashlib.sha256(wire + key).hexdigest()}\n"


def write_zones(lab):
    chance = random.Random(7)
    hosts = "".join(f"mh{h} 300 A 10.{h >> 8}.{h & 255}.25\n" + (f"mh{h} 300 AAAA 2001:db8:{h:x}::25\n" if h % 10 < 7 else "") for h in range(HOSTS))
    for name in LEAVES[:-1]:
        mx = "".join(f"@ MX {10 * rank + 10} mh{h}.mail.bench.\n"
                     for rank, h in enumerate(chance.sample(range(HOSTS), chance.choice((1, 1, 2, 2, 2, 3, 4, 5)))))
        lab.write(f"knot/{name}.zone", HEAD.format(name) + mx)
    lab.write("knot/mail.bench.zone", HEAD.format("mail.bench") + hosts)


def write_parents(lab, key=None):
    cut = [f"{name}. NS ns.bench.\n" + (ds(name, key) if key else "") for name in LEAVES]
    lab.write("knot/bench.zone", HEAD.format("bench") + "ns A 127.0.0.1\n" + "".join(cut))
    lab.write("knot/root.zone", HEAD.format("") + "bench. NS ns.bench.\nns.bench. A 127.0.0.1\n" + (ds("bench", key) if key else ""))


def dig(*words):
    return subprocess.run(["kdig", "@127.0.0.1", "-p", "5300", "+time=1", "+retry=0", *words], capture_output=True, text=True, check=False).stdout


def run_knot(lab):
    with open(lab.path("knot.log"), "a", encoding="utf-8") as log:
        child = subprocess.Popen([shutil.which("knotd") or "/usr/sbin/knotd", "-c", lab.path("knot/conf")], stdout=log, stderr=log)
    lab.children.append(child)
    for name in (LEAVES[0], LEAVES[-2], "mail.bench", "bench", ""):
        if not wait_until(lambda name=name: "RRSIG" in dig("+dnssec", name + ".", "SOA"), 120):
            sys.exit("bench_validate.py: knotd did not sign: " + lab.read("knot.log")[-2000:])
    return child


def start(lab):
    """Knot makes the key that all share; then the parents get the DS records of it."""
    for room in ("run", "db"):
        os.makedirs(lab.path(f"knot/{room}"))
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    zones = "".join(f'  - domain: "{name}."\n    file: "{name or "root"}.zone"\n' for name in ZONES)
    lab.write("knot/conf", CONF.format(dir=lab.path("knot"), user=user) + zones)
    write_zones(lab)
    write_parents(lab)
    first = run_knot(lab)
    flags, protocol, algorithm, *text = dig("+short", LEAVES[0] + ".", "DNSKEY").split()
    lab.children.remove(first)
    lab.stop(first)
    key = int(flags).to_bytes(2, "big") + bytes([int(protocol), int(algorithm)]) + base64.b64decode("".join(text))
    write_parents(lab, key)
    run_knot(lab)
    lab.write("anchor", ds("", key))
    lab.write("validating", f"[dns]\nresolver = 127.0.0.1:5300\nanchor_file = {lab.path('anchor')}\n", 0o600)
    return lab.write("names", "".join(f"{name}\n" for name in LEAVES[:-1]))


def timed(lab, command, names):
    """(seconds, most memory in MB) of a whole process."""
    began = time.perf_counter()
    with open(names, "rb") as given, open(lab.path("out"), "wb") as out:
        child = subprocess.Popen(command, env=lab.env, stdin=given, stdout=out)
        _, status, used = os.wait4(child.pid, 0)
    took = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"bench_validate.py: {command[0]} ended with {child.returncode}")
    return took, used.ru_maxrss / 1024


def both(lab, peer, names):
    theirs = timed(lab, [peer, "127.0.0.1@5300", lab.path("anchor"), str(WIDTH)], names)
    if lab.read("out").strip() != str(COUNT):
        sys.exit("bench_validate.py: libunbound alone proved " + lab.read("out"))
    ours = timed(lab, [PROGRAM, "audit", "--config", lab.path("validating"), "--validate", "--jobs", str(WIDTH)], names)
    if lab.read("out").count('"dnssec":"secure"') != COUNT:
        sys.exit("bench_validate.py: not every set was proved")
    return theirs[0], ours[0], ours[1]


def row(what, value, unit, limit, over):
    print(f"{'OVER' if over else 'ok  '} {what:<58} {value:9.2f} {unit:<3} limit {limit}", flush=True)
    return over


def main():
    if not Lab.installed("knotd", "kdig", "unshare", "ip"):
        sys.exit("bench_validate.py: needs the packages knot and knot-dnsutils")
    peer = os.path.abspath(sys.argv[1])
    netns.enter(ipv6=False)
    lab, over = Lab(), False
    try:
        names = start(lab)
        runs = [both(lab, peer, names) for _ in range(ROUNDS)]
        theirs, ours, most = (statistics.median(run[k] for run in runs) for k in range(3))
        print(f"     {COUNT} signed zones: mxladder {ours:.2f} s, libunbound alone {theirs:.2f} s, load {os.getloadavg()[0]:.1f}")
        over |= row("domains a second, against libunbound's alone", theirs / ours, "x", RATIO, theirs / ours < RATIO)
        over |= row("memory", most, "MB", MOST_MB, most > MOST_MB)
    finally:
        for child in lab.children:
            lab.stop(child)
        shutil.rmtree(lab.dir, ignore_errors=True)
    sys.exit(over)


main()
