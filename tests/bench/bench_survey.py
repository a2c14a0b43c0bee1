#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_survey.py: a full survey (`show`) where each trip takes 20 ms, through a warm resolver, of a signed domain: trips in a
row, questions, time; and what a silent name server costs.  Medians of RUNS.  Real name servers in a network namespace; ends
with status 1 where a limit is broken, and says so where it cannot run."""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
import e2e_survey                                   # noqa: E402
import netns                                        # noqa: E402
from lab import Lab                                 # noqa: E402

RUNS, TRIP_S = 9, 0.02
TRIPS, QUESTIONS, SILENT_S = 4, 30, 1.0


def timed(lab, *args):
    began = time.monotonic()
    seen = lab.run("show", *args, "--json")
    if seen.status != 0:
        sys.exit(str(seen))
    return time.monotonic() - began


def signed(lab):
    """(milliseconds, trips, questions, questions asked twice) of a signed domain"""
    rig = lab.serve("dnsrig.py")
    lab.configure(f"[dns]\nresolver = {e2e_survey.RESOLVER}:53\nanchor_file = {rig['dir']}/anchor\n")
    log = lab.path("bench.log")
    front = lab.serve("slowdns.py", "--delay", TRIP_S * 1000, "--log", log, f"{e2e_survey.RESOLVER}:53=127.0.0.1:{rig['port']}",
                      f"127.0.0.1:53=127.0.0.1:{rig['auth']}")
    timed(lab, "saker.exempel.org")                  # the resolver is warm
    times, trips, counts, twice = [], [], [], 0
    for _ in range(RUNS):
        open(log, "w", encoding="utf-8").close()
        times.append(timed(lab, "saker.exempel.org") * 1000)
        lines = lab.log_of(log)
        trips.append(e2e_survey.waves(lines, TRIP_S))
        counts.append(len(lines))
        twice = max(twice, len(lines) - len({(q["server"], q["name"], q["type"], q["cd"]) for q in lines}))
    lab.stop(front["child"])
    lab.stop(rig["child"])
    return statistics.median(times), statistics.median(trips), statistics.median(counts), twice


def silent(lab):
    """seconds that a silent name server adds"""
    servers = {"ns1": ["127.0.1.1"], "ns2": ["127.0.1.2"]}
    both, one = [], []
    lab.configure("")
    for i in range(3):
        both.append(e2e_survey.look(lab, f"both{i}", servers, {"127.0.1.1": "serve", "127.0.1.2": "serve"})[1])
        one.append(e2e_survey.look(lab, f"one{i}", servers, {"127.0.1.1": "serve", "127.0.1.2": "silent"})[1])
    return statistics.median(one) - statistics.median(both)


def main():
    if not Lab.installed("knotd", "unbound", "keymgr", "unshare", "ip"):
        print("survey: not measured, needs knot, unbound and unshare")
        return 0
    netns.enter()
    with Lab() as lab:
        ms, trips, questions, twice = signed(lab)
        cost = silent(lab)
    print(f"survey of a signed domain, 20 ms a trip: {ms:.0f} ms, {trips:.0f} trips in a row (limit {TRIPS}), {questions:.0f} questions (limit "
          f"{QUESTIONS}), {twice} asked twice (limit 0)")
    print(f"show with one silent name server: {cost:.2f} s more (limit {SILENT_S:.0f})")
    return int(trips > TRIPS or questions > QUESTIONS or twice > 0 or cost > SILENT_S)


if __name__ == "__main__":
    sys.exit(main())
