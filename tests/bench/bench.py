#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py PROGRAM BARE SLOW_FSYNC: the interface's figures against their limits, all in one run, interleaved.

Compared with BARE (a bare ncurses program that loads the libraries that the program loads at its start, sets the locale and draws as
much) and, where installed, tig on 400 commits. Every figure is a median: a first frame of RUNS starts by turns, a key of ROUNDS rounds
by turns, whose own figure is the 95th percentile of KEYS keys; so one hitch of a shared machine is no result. Ends with status 1 where a limit is broken.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from pty_screen import Screen

RUNS, ROUNDS, KEYS, IDLE_S = 25, 9, 40, 20
STARTING = 12  # so many keys of a round may also clear away what the start says
KEY_LIMIT_MS = 1.0
EDIT_LIMIT_MS = 1.5  # above a cursor key
HOME_LIMIT_MS = 0.5  # above a cursor key, of a processor's time
FIRST_LIMIT_MS = 100  # of a screen that simulates for the first time
PRESSES = 10
# Every key of home, and one that takes it back: those that open a screen or a question, and those that change the draft or the panes.
# Left out: V, which probes the mail servers, F5, which asks the DNS again, and those that leave.
HOME = [(key, b"\x1b") for key in (b"s", b"m", b"o", b"c", b"f", b"r", b"w", b"D", b"H", b"T", b"?", b":", b"@", b"I", b"\x14", b"a", b"e", b"t", b"p", b"M",
                                   b"i", b"O", b"P", b"A", b"B", b"U", b"X")]
HOME += [(b"\t", b"\t"), (b"+", b"_"), (b"_", b"+"), (b"n", b"N"), (b"N", b"n"), (b"g", b"G"), (b"G", b"g"), (b" ", b"C"), (b"y", b"y"), (b"\x0c", b"\x0c")]
HOME += [(key, b"u") for key in (b"J", b"K", b"=", b"#", b"d", b"0", b"x")] + [(b"u", b"\x12"), (b"\x12", b"u")]


def repository(folder):
    """400 commits, for tig to show."""
    stream = []
    for i in range(400):
        text = f"commit {i}"
        stream.append(f"commit refs/heads/main\ncommitter bench <bench> {1700000000 + i * 60} +0000\ndata {len(text)}\n{text}\n")
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input="".join(stream).encode(), check=True)


def first_frames(commands):
    times = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, (command, cwd) in commands.items():
            screen = Screen(command, cwd=cwd)
            seconds, _ = screen.first_frame()
            screen.close()
            if seconds is None:
                sys.exit(f"{name} drew nothing")
            times[name].append(seconds * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def p95(values):
    return sorted(values)[int(len(values) * 0.95)]


def round_of_keys(command, pattern=b"jjkk"):
    """[(ms, bytes)] of keys, cursor keys as a rule, in a program of its own."""
    screen = Screen(command)
    screen.first_frame()
    frames = [screen.key(pattern[i % len(pattern):][:1]) for i in range(KEYS)]
    screen.close()
    drawn = [(seconds * 1000, count) for seconds, count in frames if seconds is not None]
    if len(drawn) < KEYS // 2:
        sys.exit(f"{command[0]}: only {len(drawn)} of {KEYS} cursor keys drew anything")
    return drawn


def keys_of(commands):
    """{name: (median ms, 95th percentile, most bytes once what the start says is gone)}"""
    rounds = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            rounds[name].append(round_of_keys(command))
    return {name: (statistics.median(statistics.median(ms for ms, _ in one) for one in all_of),
                   statistics.median(p95([ms for ms, _ in one]) for one in all_of),
                   max(count for one in all_of for _, count in one[STARTING:])) for name, all_of in rounds.items()}


def most_bytes(command):
    """Of a cursor key at 80x24, whose home has no pane of what is selected."""
    screen = Screen(command, rows=24, cols=80)
    screen.first_frame()
    counts = [screen.key(b"jjkk"[i % 4:][:1])[1] for i in range(KEYS)]
    screen.close()
    return max(counts[STARTING:])


def edits_of(program, slow_fsync):
    """{what: 95th percentile above that of a cursor key, ms}: a record down and undone, a host marked; on this disk and on a slow one."""
    what = {"J, undo": b"Ju", "Space": b" "}
    above = {}
    for disk, command in (("", program), (", fsync 100 ms", ["env", "LD_PRELOAD=" + slow_fsync] + program)):
        rounds = {name: [] for name in what}
        for _ in range(ROUNDS):
            cursor = p95([ms for ms, _ in round_of_keys(command)])
            for name, pattern in what.items():
                rounds[name].append(p95([ms for ms, _ in round_of_keys(command, pattern)]) - cursor)
        above.update({name + disk: statistics.median(values) for name, values in rounds.items()})
    return above


def twelve(folder, program):
    """The program on a set of twelve dual-stack hosts in six pairs."""
    path = folder + "/tolv.example.zone"
    with open(path, "w") as zone:
        zone.write("$ORIGIN tolv.example.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n")
        for i in range(1, 13):
            zone.write(f"@ MX {(i + 1) // 2 * 10} mx{i}\nmx{i} A 198.51.{i}.1\nmx{i} AAAA 2001:db8:{i}::1\n")
    return [program, "--zone", path, "tolv.example"]


def first_of(command, key):
    """From the key to the last byte of the screen that it opens, which has to simulate first, ms: a median."""
    times = []
    for _ in range(ROUNDS):
        screen = Screen(command)
        screen.first_frame()
        seconds, _ = screen.key(key)
        screen.close()
        if seconds is None:
            sys.exit(f"{name_of(key)} drew nothing")
        times.append(seconds * 1000)
    return statistics.median(times)


def home_keys(command):
    """{key: 95th percentile of what it takes the processor, ms}, a cursor key first; the median of three rounds."""
    took = {key: [] for key, _ in [(b"j", b"k")] + HOME}
    for _ in range(3):
        for key, back in [(b"j", b"k")] + HOME:
            screen = Screen(command)
            screen.first_frame()
            for first in (b"J", b"u", key, back):  # the first time a screen may have to simulate, and what the start says goes
                screen.key(first)
            if key == b"u":
                screen.key(b"J")
            round_ms = []
            for _ in range(PRESSES):
                before = screen.processor_ms()
                screen.key(key)
                round_ms.append(screen.processor_ms() - before)
                screen.key(back)
            screen.close()
            took[key].append(p95(round_ms))
    return {key: statistics.median(rounds) for key, rounds in took.items()}


def name_of(key):
    return {b"\t": "Tab", b" ": "Space"}.get(key) or (key.decode() if key > b" " else "Ctrl-" + chr(key[0] + 64))


def at_rest(command):
    screen = Screen(command)
    screen.first_frame()
    resident, idle = screen.resident_kb() / 1024, screen.idle(IDLE_S)
    screen.close()
    return resident, idle


def main():
    program, bare = [sys.argv[1], "--demo"], [sys.argv[2]]
    failed = 0

    def row(what, value, limit, unit):
        nonlocal failed
        good = value <= limit
        failed += not good
        print(f"{'ok  ' if good else 'OVER'} {what:<48} {value:9.2f} {unit:<6} limit {limit:.2f}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XDG_STATE_HOME=folder + "/state", XDG_CONFIG_HOME=folder + "/config")
        commands = {"mxladder": (program, None), "bare": (bare, None)}
        if shutil.which("tig") and shutil.which("git"):
            repository(folder + "/repository")
            commands["tig"] = (["tig"], folder + "/repository")
        frames = first_frames(commands)
        print("     first frame, ms: " + ", ".join(f"{name} {ms:.1f}" for name, ms in frames.items()))
        row("first frame against bare ncurses", frames["mxladder"] / frames["bare"], 1.3, "x")
        if "tig" in frames:
            row("first frame against tig on 400 commits", frames["mxladder"] / frames["tig"], 1.0, "x")
        keys = keys_of({"mxladder": program, "bare": bare})
        print("     cursor key to frame, ms: " + ", ".join(f"{name} {ms:.2f}, p95 {late:.2f}" for name, (ms, late, _) in keys.items()))
        _, late, size = keys["mxladder"]
        if keys["bare"][1] > KEY_LIMIT_MS:
            print(f"     the machine is too busy to tell: bare needs more than {KEY_LIMIT_MS} ms for a key itself")
        for what, ms in edits_of(program, os.path.abspath(sys.argv[3])).items():
            row(f"{what}: p95 above a cursor key", ms, EDIT_LIMIT_MS, "ms")
        large = twelve(folder, sys.argv[1])
        row("12 hosts, m: every pair of failures told", first_of(large, b"m"), FIRST_LIMIT_MS, "ms")
        row("12 hosts, o: an outage of every sender told", first_of(large, b"o"), FIRST_LIMIT_MS, "ms")
        for what, ms in edits_of(large, os.path.abspath(sys.argv[3])).items():
            row(f"12 hosts, {what}: p95 above a cursor key", ms, EDIT_LIMIT_MS, "ms")
        home = home_keys(program)
        for key, _ in HOME:
            row(f"{name_of(key)} at home: processor, p95 above a cursor key", home[key] - home[b"j"], HOME_LIMIT_MS, "ms")
        resident, idle = at_rest(program)
        row("cursor key to frame, p95", late, KEY_LIMIT_MS, "ms")
        row("bytes for a cursor key at 120x40, most", size, 1500, "bytes")
        row("bytes for one where no pane changes, 80x24, most", most_bytes(program), 320, "bytes")
        row("resident", resident, 18.0, "MB")
        row(f"wake-ups in {IDLE_S} idle seconds", idle, 1, "")
    sys.exit(1 if failed else 0)


main()
