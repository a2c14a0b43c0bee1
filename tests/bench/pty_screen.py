# SPDX-License-Identifier: GPL-3.0-or-later
"""pty_screen.py: a full-screen program under a pty, timed from outside.

A frame ends when the program has been silent for QUIET seconds; its time is that of its last byte. Knows no program.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

QUIET = 0.06
ANSWERS = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;22c", b"\x1b[0c": b"\x1b[?62;22c"}


class Screen:
    def __init__(self, command, rows=40, cols=120, cwd=None):
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            if cwd:
                os.chdir(cwd)
            os.execvp(command[0], command)

    def frame(self, began, quiet=QUIET, limit=10.0):
        """(seconds to the last byte, bytes) of what is written from now on; (None, 0) where nothing is."""
        last, count = None, 0
        while True:
            now = time.perf_counter()
            wait = last + quiet - now if last else began + 1.0 - now
            if wait <= 0 or now - began > limit:
                break
            if not select.select([self.fd], [], [], wait)[0]:
                continue
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if not data:
                break
            last, count = time.perf_counter(), count + len(data)
            for question, answer in ANSWERS.items():
                if question in data:
                    os.write(self.fd, answer)
        return (last - began if last else None), count

    def first_frame(self):
        return self.frame(self.began, quiet=0.15)

    def key(self, key):
        began = time.perf_counter()
        os.write(self.fd, key)
        return self.frame(began)

    def resident_kb(self):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def processor_ms(self):
        """What it has had of a processor so far: a busy machine does not change it much."""
        with open(f"/proc/{self.pid}/schedstat") as took:
            return int(took.read().split()[0]) / 1e6

    def wakeups(self):
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("voluntary_ctxt"))

    def idle(self, seconds):
        """Wake-ups in that many seconds without a key."""
        before = self.wakeups()
        time.sleep(seconds)
        return self.wakeups() - before

    def close(self):
        for step in (lambda: os.write(self.fd, b"q"), lambda: self.frame(time.perf_counter(), 0.1, 1),
                     lambda: os.kill(self.pid, signal.SIGTERM), lambda: os.close(self.fd)):
            try:
                step()
            except OSError:
                pass
        os.waitpid(self.pid, 0)
