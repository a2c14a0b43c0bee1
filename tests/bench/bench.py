#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py PROGRAM BARE: the interface's figures against their limits, all in one run, interleaved.

Compared with BARE (a bare ncurses program with the same libraries) and, where installed, tig on 400 commits. Ends with
status 1 where a limit is broken.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from pty_screen import Screen

RUNS, KEYS, IDLE_S = 15, 60, 20


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


def keys_of(command):
    screen = Screen(command)
    screen.first_frame()
    frames = []
    for i in range(KEYS):
        frame = screen.key(b"jk"[i // 2 % 2:][:1])
        if frame[0] is not None:
            frames.append(frame)
    resident, idle = screen.resident_kb() / 1024, screen.idle(IDLE_S)
    screen.close()
    if len(frames) < KEYS // 2:
        sys.exit(f"only {len(frames)} of {KEYS} cursor keys drew anything")
    latency = sorted(seconds * 1000 for seconds, _ in frames)
    return latency[int(len(latency) * 0.95)], max(count for _, count in frames), resident, idle


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
        print("first frame, median ms: " + ", ".join(f"{name} {ms:.1f}" for name, ms in frames.items()))
        row("first frame against bare ncurses", frames["mxladder"] / frames["bare"], 1.3, "x")
        if "tig" in frames:
            row("first frame against tig on 400 commits", frames["mxladder"] / frames["tig"], 1.0, "x")
        p95, size, resident, idle = keys_of(program)
        row("cursor key to frame, p95", p95, 1.0, "ms")
        row("bytes for a cursor key at 120x40, most", size, 320, "bytes")
        row("resident", resident, 20.0, "MB")
        row(f"wake-ups in {IDLE_S} idle seconds", idle, 1, "")
    sys.exit(1 if failed else 0)


main()
