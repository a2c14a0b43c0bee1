#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_zone.py: a zone file of a million lines, as a world (`show --zone`) and under a push that changes one record.

Measured is what each process takes of the processor and of memory, interleaved, as medians. A push reads the file before the
write, at the write and behind it. The limits: 1.5 times the processor time of the world, 1.2 times its memory; and a
world of twice the lines takes at most 2.6 times as long, so that nothing in it grows faster than n log n. Ends with status 1 where a
limit is broken.
"""
import os
import statistics
import subprocess
import sys
import tempfile

LINES, ROUNDS = 1000000, 3
PROGRAM = os.environ["MXLADDER"]
HEAD = "$ORIGIN exempel.com.\n$TTL 3600\n@ IN SOA ns1 hostmaster 2026112501 3600 900 604800 300\n@ IN NS ns1\n"
MX = "@ IN MX 10 mx1\n"


def lines(count):
    for i in range(count):
        n = i * 7919 % count
        yield (f"host{n} IN A 192.0.2.{i % 250}\n", f"host{n} IN AAAA 2001:db8::{i % 9999}\n", f"h{n} IN MX 10 mx{n % 9}\n", f't{n} IN TXT "some text {n}"\n')[i % 4]


def write(path, count, last):
    """The owner's MX record stands first, or last."""
    with open(path, "w", encoding="ascii") as f:
        f.write(HEAD + ("" if last else MX))
        f.writelines(lines(count))
        f.write(MX if last else "")


class Bench:
    def __init__(self, folder):
        self.folder, self.failed = folder, 0
        self.env = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder + "/config", "XDG_STATE_HOME": folder + "/state"}
        os.makedirs(folder + "/config/mxladder")
        with open(folder + "/config/mxladder/config", "w", encoding="ascii") as f:
            f.write(f"[account f]\nprovider = zonefile\nendpoint = {folder}\n[dns]\nresolver = 127.0.0.1:1\ntimeout = 1\n")

    def run(self, *args):
        """(seconds of the processor, MB at most)"""
        child = subprocess.Popen([PROGRAM, *args], env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"mxladder {' '.join(args)}: {child.returncode}\n{said.decode()}")
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024

    def push(self, edit):
        self.run("draft", "exempel.com", edit, "-o", "plan.json")
        self.run("approve", "plan.json")
        gates = [word for gate in ("undeliverable", "unknown-host", "mta-sts", "dane", "wrong-zone") for word in ("--override", gate + "=a bench")]
        return self.run("push", "plan.json", "--no-watch", *gates)

    def row(self, what, value, limit, unit):
        self.failed += value > limit
        print(f"{'ok  ' if value <= limit else 'OVER'} {what:<48} {value:9.2f} {unit:<6} limit {limit:.2f}", flush=True)


def medians(values):
    return tuple(statistics.median(column) for column in zip(*values))


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench, zone = Bench(folder), folder + "/exempel.com.zone"
        write(folder + "/half.zone", LINES // 2, False)
        for last in (False, True):
            write(zone, LINES, last)
            worlds, pushes, halves = [], [], []
            for _ in range(ROUNDS):
                worlds.append(bench.run("show", "exempel.com", "--zone", zone))
                halves.append(bench.run("show", "exempel.com", "--zone", folder + "/half.zone"))
                pushes.append(bench.push("add 20 mx2.exempel.com"))
                pushes.append(bench.push("remove mx2.exempel.com"))
            (world_s, world_mb), (push_s, push_mb), (half_s, _) = medians(worlds), medians(pushes), medians(halves)
            where = "behind" if last else "before"
            print(f"     {LINES} lines, the MX record {where} them: world {world_s:.2f} s, {world_mb:.0f} MB; push {push_s:.2f} s, {push_mb:.0f} MB")
            bench.row(f"push against world, time, record {where}", push_s / world_s, 1.5, "x")
            bench.row(f"push against world, memory, record {where}", push_mb / world_mb, 1.2, "x")
        bench.row("world of twice the lines, time", world_s / half_s, 2.6, "x")
    sys.exit(1 if bench.failed else 0)


main()
