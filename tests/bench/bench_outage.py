#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_outage.py PEERS: our outage run between a plain C selection loop, the limit, and SimPy, what a user would otherwise write.

PEERS is the program tests/bench/bench_peers. The same outage in SimPy 2 (Debian: python3-simpy), a process for each message:
4 days without any of 5 hosts in 3 tiers, RFC 5321's schedule, but a message each minute. An event is an attempt, in both. And a
mixed case, by the time to the same answer: one of two equals refuses each recipient for now, and the sender waits 400 n^2 seconds.
Ends with status 1 where both do not tell the same of the mail, or ours is slower than 5 million events a second or than SimPy.
"""
import random
import statistics
import subprocess
import sys
import time

ROUNDS, LIMIT = 5, 5e6
OUTAGE_S, EVERY_S, LIFE_S = 4 * 86400, 60, 432000
TIERS = [["mx0", "mx1"], ["mx2", "mx3"], ["mx4"]]


def in_simpy():
    """(attempts a second, part of the mail delivered late, median delay, longest delay)"""
    from SimPy.Simulation import Process, Simulation, hold

    class Message(Process):
        def live(self):
            age = 0
            while age <= LIFE_S:
                nonlocal attempts
                attempts += 1
                if delivered(self.sim.now()):
                    delays.append(age)
                    return
                wait = 1800 if age < 3600 else 7200
                yield hold, self, wait
                age += wait

    class Arrivals(Process):
        def run(self):
            for n in range(OUTAGE_S // EVERY_S):
                message = Message(sim=self.sim)
                self.sim.activate(message, message.live())
                yield hold, self, EVERY_S

    def delivered(now):
        for tier in TIERS:
            for _ in random.sample(tier, len(tier)):
                if now >= OUTAGE_S:     # a host that is up takes it
                    return True
        return False

    attempts, delays, world = 0, [], Simulation()
    arrivals = Arrivals(sim=world)
    world.activate(arrivals, arrivals.run())
    began = time.perf_counter()
    world.simulate(until=OUTAGE_S + LIFE_S)
    took = time.perf_counter() - began
    late = [delay for delay in delays if delay > 0]
    return attempts / took, len(late) / (OUTAGE_S // EVERY_S), statistics.median(late), max(late)


def mixed_in_simpy():
    """(seconds, part of the mail delivered at once, late, delay that 95 % of that keep), as often as it takes to be sure of a percent.

    Half of what is late comes at the first retry, so a median would fall on the first or the second by chance; 94 % come by the fourth."""
    from SimPy.Simulation import Process, Simulation, hold

    class Message(Process):
        def live(self):
            n = 0
            while random.random() < 0.5:    # the one that refuses is drawn
                n += 1
                yield hold, self, 400 * (n * n - (n - 1) * (n - 1))
            delays.append(400 * n * n)

    class Arrivals(Process):
        def run(self):
            for _ in range(OUTAGE_S // EVERY_S):
                message = Message(sim=self.sim)
                self.sim.activate(message, message.live())
                yield hold, self, EVERY_S

    delays, began = [], time.perf_counter()
    while len(delays) < 10000:      # a standard error of half a percent
        world = Simulation()
        arrivals = Arrivals(sim=world)
        world.activate(arrivals, arrivals.run())
        world.simulate(until=OUTAGE_S + LIFE_S)
    took = time.perf_counter() - began
    late = [delay for delay in delays if delay > 0]
    return took, 1 - len(late) / len(delays), len(late) / len(delays), sorted(late)[int(len(late) * 0.95)]


def in_c(program):
    """({draws a second}, our outage's five figures, the four of the mixed one)"""
    lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    return (float(lines[0].split()[1]), *([float(word) for word in line.split()[1:]] for line in lines[1:]))


def tell_mixed(rounds):
    took, theirs = (statistics.median(pair[i][0] for pair in rounds) for i in (0, 1))
    (_, at_once, late, p95), (_, their_at_once, their_late, their_p95) = rounds[-1]
    print(f"     mixed outage: mxladder {took * 1000:.2f} ms, SimPy {theirs * 1000:.0f} ms; at once {at_once * 100:.1f} % and {their_at_once * 100:.1f} %, "
          f"late {late * 100:.1f} % and {their_late * 100:.1f} %, 95 % of it within {p95:.0f} s and {their_p95:.0f} s")
    agree = abs(at_once - their_at_once) < 0.02 and abs(late - their_late) < 0.02 and p95 == their_p95
    good = agree and took <= theirs
    print(f"{'ok  ' if good else 'OVER'} {'mixed outage against SimPy' if agree else 'mixed outage: they disagree':<48} {took / theirs:9.4f} x      limit 1.00", flush=True)
    return good


def main():
    try:
        import SimPy.Simulation     # noqa: F401
    except ImportError:
        sys.exit("bench_outage.py: needs the package python3-simpy, and Debian's python3")
    draws, ours, theirs, mixed = [], [], [], []
    for _ in range(ROUNDS):
        draw, outage, one = in_c(sys.argv[1])
        mixed.append((one, mixed_in_simpy()))
        draws.append(draw)
        ours.append(outage)
        theirs.append(in_simpy())
    limit, us, them = statistics.median(draws), statistics.median(o[0] for o in ours), statistics.median(t[0] for t in theirs)
    _, messages, late, median, longest = ours[-1]
    print(f"     selection alone, a plain C loop {limit / 1e6:15.1f} million messages a second")
    print(f"     outage of 4 days by SimPy       {them / 1e6:15.3f} million events a second")
    print(f"     the same by mxladder            {us / 1e6:15.1f} million events a second: {us / them:.0f} x SimPy, {us / limit:.2f} x the loop")
    _, their_late, their_median, their_longest = theirs[-1]
    print(f"     what they tell: late {late * 100:.2f} % and {their_late * 100:.2f} %, half of it within {median / 3600:.2f} h and "
          f"{their_median / 3600:.2f} h, all within {longest / 3600:.2f} h and {their_longest / 3600:.2f} h")
    agree = abs(late - their_late) < 0.01 and abs(median / their_median - 1) < 0.01 and abs(longest / their_longest - 1) < 0.01
    good = us >= LIMIT and agree
    print(f"{'ok  ' if good else 'OVER'} {'outage run' if agree else 'outage run: they disagree':<48} {us / 1e6:9.1f} M/s    limit {LIMIT / 1e6:.2f}", flush=True)
    sys.exit(not (tell_mixed(mixed) and good))


main()
