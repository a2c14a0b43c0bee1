#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a provider makes a push wait for is told on the terminal, with its time; Ctrl-C ends the wait, and a resume goes on."""
import json
import os
import pty
import re
import signal
import subprocess
import threading

from e2e_providers import OLD_TTL, Vendor
from lab import PROGRAM, WORLD, Lab, wait_until
from world import DOMAIN, NEW, OLD

TIME = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"


class OnTerminal:
    """A command whose stderr is a terminal."""

    def __init__(self, vendor, *args):
        ours, theirs = pty.openpty()
        self.said = ""
        self.child = subprocess.Popen([PROGRAM, *args], env={**vendor.lab.env, **vendor.env}, cwd=vendor.lab.dir, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=theirs, encoding="utf-8")
        os.close(theirs)
        self.reader = threading.Thread(target=self.read, args=(ours,), daemon=True)
        self.reader.start()

    def read(self, fd):
        try:
            while data := os.read(fd, 4096):
                self.said += data.decode()
        except OSError:
            pass
        os.close(fd)

    def says(self, pattern, seconds=30):
        return wait_until(lambda: re.search(pattern, self.said), seconds)

    def end(self):
        out = self.child.communicate(timeout=60)[0]
        self.reader.join(10)
        return self.child.returncode, out + self.said


def push(v):
    return OnTerminal(v, "push", v.plan, "--no-watch", "--server", f"127.0.0.1:{v.dns}")


def late_end(lab, v):
    """An action that goes on at the vendor."""
    v.reset()
    v.draft(*v.edits)
    v.switch(delay=4)
    run = push(v)
    told = run.says(r"Hetzner DNS \(account lab\) is still carrying the change out, and is asked again at " + TIME)
    lab.ok(told, "a late end: it is told what is waited for, and until when", run.said)
    run.child.send_signal(signal.SIGINT)
    status, said = run.end()
    lab.equal(status, 7, "a late end: stopped by Ctrl-C, it is unfinished", said)
    lab.equal(v.live()[1], OLD, "a late end: and not there yet", said)
    done = v.run("resume", DOMAIN, "--json", "--no-watch")
    lab.ok(done.status == 0 and v.live() == (v.ttl, NEW), "a late end: a resume goes on", f"{v.live()}\n{done}")


def limit(lab, v):
    """More than the vendor takes in a time."""
    v.reset()
    v.draft(*v.edits)
    v.switch(limit=[1, 9])
    run = push(v)
    told = run.says(r"Linode \(Akamai\) lets account lab ask no more before " + TIME)
    lab.ok(told, "a limit: it is told", run.said)
    run.child.send_signal(signal.SIGINT)
    status, said = run.end()
    lab.ok(status == 7 and "stopped on request" in said, "a limit: Ctrl-C ends the wait", (status, said))
    lab.ok(v.live()[1] == OLD and not v.writes(), "a limit: nothing was written", v.log())
    v.switch(limit=None)
    done = v.push(plan=False)
    lab.ok(done.status == 0 and v.live() == (v.ttl, NEW), "a limit: the same plan goes through afterwards", f"{v.live()}\n{done}")


def quiet(lab, v):
    """Without a terminal nothing is told of it."""
    v.reset(limit=[1, 2])
    seen = v.run("show", DOMAIN, "--account", "lab")
    lab.ok("ask no more" not in seen.err and seen.status == 0, "without a terminal: no word of a wait", seen)
    v.reset(limit=[1, 2])
    run = OnTerminal(v, "show", DOMAIN, "--account", "lab")
    status, said = run.end()
    lab.ok(status == 0 and "Linode (Akamai) lets account lab ask no more before 20" in said, "a read that waits is told on the terminal, too", said)


def main():
    with Lab() as lab:
        with open(WORLD, encoding="utf-8") as f:
            world = json.load(f)
        for r in world["zones"][0]["records"]:
            if r["type"] == "MX" and r["name"] == "@":
                r["ttl"] = OLD_TTL
        state = lab.write("world.json", world)
        said = lab.serve("hosted.py", "--state", state, "--dns", "--name-servers", "ns1.exempel.com,ns2.exempel.com",
                         "--vendor", "hetzner", "--vendor", "linode")
        late_end(lab, Vendor(lab, "hetzner", said, state))
        linode = Vendor(lab, "linode", said, state)
        limit(lab, linode)
        quiet(lab, linode)


if __name__ == "__main__":
    main()
