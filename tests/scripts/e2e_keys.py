#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program on a pseudo terminal, byte by byte: keys as terminals send them, pastes, signals, stops, refusals, plain input."""
import base64
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from lab import PROGRAM, Lab, wait_until

RESET = (b"\x1b[?1006l", b"\x1b[?1000l", b"\x1b[?2004l", b"\x1b[?25h", b"\x1b[?1l\x1b>", b"\x1b[?1049l\x1b[23;0;0t")


class Screen:
    """The bytes of one run, played on a small screen: as much of a terminal as the program uses."""

    def __init__(self, rows, columns):
        self.size = rows, columns
        self.cell = [[" "] * columns for _ in range(rows)]
        self.y = self.x = 0
        self.kept, self.region = (0, 0), (0, rows - 1)
        self.rest = ""

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cell)

    def csi(self, private, numbers, final):
        rows, columns = self.size
        n = [int(v or 0) for v in numbers.split(";")] if re.fullmatch(r"[\d;]*", numbers) else [0]
        first = n[0] or 1
        if private or final in "mhltq":
            return
        if final == "r":
            self.region = first - 1, (n[1] if len(n) > 1 and n[1] else rows) - 1
            self.y = self.x = 0
        elif final in "ST":
            for _ in range(first):
                self.scroll(final == "S", *self.region)
        elif final in "LM":
            for _ in range(first):
                self.scroll(final == "M", self.y, self.region[1])
        elif final in "Hf":
            self.y, self.x = first - 1, (n[1] if len(n) > 1 and n[1] else 1) - 1
        elif final == "d":
            self.y = first - 1
        elif final == "G":
            self.x = first - 1
        elif final in "ABCD":
            self.y += {"A": -first, "B": first}.get(final, 0)
            self.x += {"D": -first, "C": first}.get(final, 0)
        elif final == "J":
            for y in range(self.y if n[0] == 0 else 0, rows):
                self.cell[y][self.x if y == self.y and n[0] == 0 else 0:] = " " * (columns - (self.x if y == self.y and n[0] == 0 else 0))
        elif final == "K":
            low, high = (self.x, columns) if n[0] == 0 else (0, self.x + 1)
            self.cell[self.y][low:high] = " " * (high - low)
        elif final == "X":
            self.cell[self.y][self.x:self.x + first] = " " * min(first, columns - self.x)
        elif final == "P":
            row = self.cell[self.y]
            row[self.x:] = row[self.x + first:] + [" "] * min(first, columns - self.x)
        elif final == "@":
            row = self.cell[self.y]
            row[self.x:] = ([" "] * first + row[self.x:])[:columns - self.x]
        elif final == "b":
            for _ in range(first):
                self.put(self.last)

    def scroll(self, up, top, bottom):
        self.cell.insert(bottom if up else top, self.cell.pop(top if up else bottom))
        self.cell[bottom if up else top] = [" "] * self.size[1]

    def escape(self, letter):
        if letter == "7":
            self.kept = self.y, self.x
        elif letter == "8":
            self.y, self.x = self.kept
        elif letter == "M" and self.y == self.region[0]:
            self.scroll(False, *self.region)
        elif letter == "M":
            self.y = max(self.y - 1, 0)

    def put(self, char):
        self.last = char
        if self.x < self.size[1] and self.y < self.size[0]:
            self.cell[self.y][self.x] = char
        self.x += 1

    def feed(self, text):
        text = self.rest + text
        self.rest = ""
        at = 0
        while at < len(text):
            found = re.compile(r"\x1b\[([?>=]?)([\d;:]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()].|\x1b([=>78M])").match(text, at)
            if found:
                if found.group(3):
                    self.csi(*found.groups()[:3])
                elif found.group(4):
                    self.escape(found.group(4))
                at = found.end()
                continue
            char = text[at]
            if char == "\x1b":
                self.rest = text[at:]
                return
            if char == "\r":
                self.x = 0
            elif char == "\n" and self.y == self.region[1]:
                self.scroll(True, *self.region)
            elif char == "\n":
                self.y = min(self.y + 1, self.size[0] - 1)
            elif char == "\b":
                self.x -= 1
            elif char >= " ":
                self.put(char)
            at += 1


class Run:
    def __init__(self, lab, *words, term="xterm-256color", size=(24, 80), shell=None, **env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            os.chdir(lab.dir)
            command = shell or [PROGRAM, *words]
            os.execvpe(command[0], command, {**lab.env, "TERM": term, **env})
        self.screen, self.bytes = Screen(*size), b""
        self.before = termios.tcgetattr(self.fd)
        self.status = None

    def read(self, quiet=0.15, limit=5.0):
        """All that is written until there is silence."""
        end, begin = time.monotonic() + limit, len(self.bytes)
        while time.monotonic() < end and select.select([self.fd], [], [], quiet)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if not data:
                break
            self.bytes += data
            self.screen.feed(data.decode("utf-8", "replace"))
        return self.bytes[begin:]

    def shows(self, *words, seconds=5):
        end = time.monotonic() + seconds
        while not all(word in self.screen.text() for word in words):
            if time.monotonic() > end:
                return False
            self.read(0.05, 0.2)
        return True

    def send(self, *reads):
        """Each in a read of its own, 60 ms after the other; then all that comes of it."""
        begin = len(self.bytes)
        for data in reads:
            os.write(self.fd, data)
            self.read(0.06, 0.5)
        self.read()
        return self.bytes[begin:]

    def row(self, word):
        return next((y for y, row in enumerate(self.screen.text().split("\n")) if word in row), -1)

    def cooked(self):
        flags = termios.tcgetattr(self.fd)
        return bool(flags[3] & termios.ECHO and flags[3] & termios.ICANON and flags[0] & termios.ICRNL)

    def ended(self, seconds=5):
        def look():
            self.read(0.02, 0.1)
            if self.status is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.status = status if pid else None
            return self.status is not None
        return wait_until(look, seconds)

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def demo(lab, *words, **how):
    run = Run(lab, "--demo", *words, **how)
    run.shows("mejlserver2.exempel.com", "? help")
    return run


def unmoved(lab, run, name, *reads):
    """The prompt stands, with what was typed in it, and nothing else has happened."""
    run.send(*reads)
    lab.ok("add 40" in run.screen.text() and "mejlserver1" in run.screen.text() and "DRAFT" not in run.screen.text(), name, run.screen.text())


def keys_in_a_prompt(lab):
    run = demo(lab)
    run.send(b":", b"add 40")
    column = run.screen.x
    for name, data in (("T4 PuTTY's Home", b"\x1b[1~"), ("T4 rxvt's Home", b"\x1b[7~"), ("Home", b"\x1bOH")):
        run.send(data)
        lab.ok(run.screen.x == column - 6 and "add 40" in run.screen.text(), name + ": at the line's begin", run.screen.text())
        run.send(b"\x1b[4~")
        lab.ok(run.screen.x == column, "and End at its end")
    run.send(b"\x1b[1;5D")
    lab.ok(run.screen.x == column - 2, "T5 Ctrl-Left: a word to the left", run.screen.text())
    run.send(b"\x1b", b"OD")
    lab.ok(run.screen.x == column - 3 and "add 40" in run.screen.text(), "T9 Esc, 60 ms, O D: arrow left", run.screen.text())
    run.send(b"\x05")
    for name, data in (("Esc of kitty", b"\x1b[27u"), ("focus", b"\x1b[I\x1b[O"), ("a cursor report", b"\x1b[12;40R"), ("DA", b"\x1b[?62;22c"),
                       ("OSC 11", b"\x1b]11;rgb:0000/0000/0000\x1b\\"), ("F9", b"\x1b[20~"), ("Menu", b"\x1b[29~"), ("Shift-F1", b"\x1b[1;2P"),
                       ("Shift-Down of rxvt", b"\x1b[b"), ("Alt-X", b"\x1bx"), ("Shift-Tab", b"\x1b[Z")):
        unmoved(lab, run, f"T6 {name} is dropped whole", data)
    run.send(b"\x1bb", b"\x1bd")
    lab.ok("add" in run.screen.text() and "add 40" not in run.screen.text() and "mejlserver1" in run.screen.text(), "T7 Alt-B, Alt-D cut a word", run.screen.text())
    run.send(b"\x19")
    lab.ok("add 40" in run.screen.text(), "Ctrl-Y brings it back", run.screen.text())
    run.send(b"\xc3")
    time.sleep(0.2)
    run.send(b"\xa5")
    lab.ok("add 40å" in run.screen.text(), "T18 å in two reads", run.screen.text())
    run.send(b"\xe5")
    lab.ok(run.shows("not UTF-8", "xe5"), "T18 a byte that is not UTF-8 is told", run.screen.text())
    run.send(b"\xe2\x80\xae")
    lab.ok("u{202e}" in run.screen.text() and "\u202e" not in run.bytes.decode("utf-8", "replace"), "T19 U+202E is not sent raw", run.screen.text())
    run.send(b"\x0c")
    lab.ok("add 40" in run.screen.text() and b"\x1b[2J" in run.bytes[-6000:], "T17 Ctrl-L draws anew", run.screen.text())
    run.send(b"\x1b")
    lab.ok("add 40" not in run.screen.text(), "Esc leaves the prompt", run.screen.text())
    run.close()


def keys_on_screens(lab):
    run = demo(lab)
    first = run.row("mejlserver1")
    lab.ok(run.screen.y == first, "the cursor is on the first row", f"{run.screen.y}")
    run.send(b"\x1bj")
    lab.ok(run.screen.y == first + 1, "T11 Esc j in one read: both act", f"{run.screen.y}")
    run.send(b"\x1bd")
    lab.ok("DRAFT" not in run.screen.text(), "Alt-D deletes no host", run.screen.text())
    run.send(b"\x1b[1;5C", b"\x1b[1;5D", b"\x1b[?62;22c", b"\x1b[20~")
    lab.ok("DRAFT" not in run.screen.text() and run.row("mejlserver1") == first, "what means nothing does nothing", run.screen.text())
    run.send(b"f")
    for key in (b"", b"j", b"j"):
        run.send(key)
        lab.ok(run.screen.text().split("\n")[run.screen.y].lstrip().startswith("▸"), "T49 findings: the cursor is on the row", f"{run.screen.y}\n{run.screen.text()}")
    run.send(b"\x1b")
    run.send(b"?", b"j", b"j")
    lab.ok("▸" in run.screen.text().split("\n")[run.screen.y], "T49 help: the cursor is on the row", f"{run.screen.y}\n{run.screen.text()}")
    run.send(b"\x1b")
    run.send(b"D", b"j")
    lab.ok("DOMAINS" in run.screen.text() and "▸" in run.screen.text().split("\n")[run.screen.y], "T49 domains: the cursor is on the row", f"{run.screen.y}\n{run.screen.text()}")
    run.send(b"\x1b", b"O")
    lab.ok("the demo probes no mail server" in run.screen.text(), "the demo is not asked for a name to probe", run.screen.text())
    run.close()
    for term in ("linux", "xterm-256color", "screen"):
        run = demo(lab, term=term)
        run.send(b"\x1b[Z", b"j")
        lab.ok(run.shows("mejlserver1") and run.screen.y == run.row("mejlserver2"), f"T1 {term}: Shift-Tab, then keys work", run.screen.text())
        run.send(b"q")
        lab.ok(run.ended() and run.cooked(), f"{term}: q leaves")
        run.close()


def escape_waits(lab):
    run = demo(lab, ESCDELAY="700")
    run.send(b":", b"add 40")
    os.write(run.fd, b"\x1b")
    run.read(0.4, 0.4)
    lab.ok("add 40" in run.screen.text(), "T10 ESCDELAY is kept: Esc waits", run.screen.text())
    lab.ok(wait_until(lambda: run.read(0.05, 0.1) is not None and "add 40" not in run.screen.text(), 2), "and is Esc then", run.screen.text())
    run.close()


def pastes(lab):
    run = demo(lab)
    run.send(b"a", b"\x1b[200~30 mx9\r\n\x1b[201~")
    lab.ok(run.shows("30 mx9"), "a paste is text", run.screen.text())
    run.send(b"\x15", b"\x1b[200~abc")
    time.sleep(0.2)
    run.send(b"\x03")
    lab.ok(wait_until(lambda: run.read(0.05, 0.1) is not None and "Add:" not in run.screen.text(), 2), "T21 no end: Ctrl-C gets out", run.screen.text())
    run.send(b"a", b"\x1b[200~xyz")
    lab.ok(run.shows("xyz", seconds=3), "T21 no end: it ends by time", run.screen.text())
    run.send(b"\x1b")
    run.send(b"q")
    lab.ok(run.ended(), "and keys are keys again", run.screen.text())
    run.close()


def signals(lab):
    for name in ("QUIT", "USR1", "USR2", "ALRM", "SYS", "TRAP", "XCPU", "VTALRM", "PROF", "IO", "PWR", "SEGV", "ABRT", "BUS", "FPE", "ILL", "RTMIN", "TERM", "HUP"):
        number = getattr(signal, "SIG" + name)
        run = demo(lab)
        os.kill(run.pid, number)
        gone = run.ended()
        tail = run.bytes[-200:]
        by_itself = os.WIFSIGNALED(run.status) and os.WTERMSIG(run.status) == number if gone and name not in ("TERM", "HUP") else gone
        lab.ok(by_itself and run.cooked() and all(part in tail for part in RESET), f"T28, T30 SIG{name}: ended, all is given back", repr(tail))
        run.close()
    run = demo(lab)
    run.send(b":", b"add 40")
    os.kill(run.pid, signal.SIGINT)
    run.read()
    lab.ok("add 40" not in run.screen.text() and "mejlserver1" in run.screen.text(), "T29 SIGINT is Ctrl-C", run.screen.text())
    run.send(b"q")
    lab.ok(run.ended() and run.cooked() and all(part in run.bytes[-200:] for part in RESET), "q: all is given back", repr(run.bytes[-200:]))
    run.close()


def stops(lab):
    run = Run(lab, shell=["sh", "-c", f"'{PROGRAM}' --demo; exec sleep 60"])
    run.shows("mejlserver2.exempel.com", "? help")
    with open(f"/proc/{run.pid}/task/{run.pid}/children", encoding="ascii") as f:
        program = int(f.read().split()[0])
    os.kill(program, signal.SIGSTOP)
    time.sleep(0.2)
    termios.tcsetattr(run.fd, termios.TCSANOW, run.before)
    os.write(run.fd, b"")
    os.kill(program, signal.SIGCONT)
    drawn = run.read()
    lab.ok(not run.cooked() and b"\x1b[?2004h" in drawn and b"\x1b[2J" in drawn and "mejlserver1".encode() in drawn,
           "T32 STOP, CONT: raw again and drawn anew", repr(drawn[:300]))
    run.send(b"j")
    lab.ok(run.screen.y == run.row("mejlserver2"), "and keys act", run.screen.text())
    run.close()


def mouse_and_copy(lab):
    run = demo(lab)
    row = run.row("mejlserver2")
    run.send(b"\x1b[<0;12;%dM\x1b[<0;12;%dm" % (row + 1, row + 1))
    lab.ok(run.screen.y == row, "a click, as SGR tells it, selects the row", f"{run.screen.y}")
    run.send(b"\x1b[M" + bytes((32, 33 + 12, 33 + row - 1)) + b"\x1b[M" + bytes((35, 33 + 12, 33 + row - 1)))
    lab.ok(run.screen.y == row - 1, "a click, as X10 tells it, too", f"{run.screen.y}")
    run.send(b"\x1b[<65;12;4M")
    lab.ok(run.screen.y == row, "the wheel goes down a row", f"{run.screen.y}")
    sent = run.send(b"y")
    found = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", sent)
    lines = base64.b64decode(found.group(1)).decode().splitlines() if found else []
    lab.ok(sorted(line.split() for line in lines) == [["exempel.com.", "45000", "IN", "MX", "10", "mejlserver1.exempel.com."],
           ["exempel.com.", "45000", "IN", "MX", "10", "mejlserver2.exempel.com."], ["exempel.com.", "45000", "IN", "MX", "20", "reserv.exempel.net."]],
           "y sends the set to the terminal's clipboard", repr(sent))
    lab.ok("not every terminal" in " ".join(run.screen.text().split()), "T23 and does not say that it was taken", run.screen.text())
    run.close()
    run = demo(lab, TMUX="/tmp/none,1,0")
    run.send(b"y")
    lab.ok("set-clipboard" in run.screen.text(), "T23 in tmux it says what tmux needs", run.screen.text())
    run.close()
    run = demo(lab, STY="1.none")
    lab.ok(b"\x1bP\x1b]52;c;" in run.send(b"y"), "T23 GNU screen is asked to hand it on")
    run.close()


def terminal_gone(lab):
    run = demo(lab)
    os.close(run.fd)
    def look():
        pid, run.status = os.waitpid(run.pid, os.WNOHANG)
        return pid != 0
    lab.ok(wait_until(look, 5), "T27 the terminal is gone: the program ends")


def frames(lab):
    if not os.access("/usr/bin/strace", os.X_OK):
        return
    trace = lab.dir + "/trace"
    run = Run(lab, shell=["strace", "-o", trace, "-e", "trace=write,openat", PROGRAM, "--demo"])
    if not run.shows("mejlserver2.exempel.com", "? help", seconds=10):
        run.close()
        return
    run.send(b"s")
    run.send(b"\x1b")
    run.send(b"D")
    run.shows("exempel.net", "1 change")
    run.send(b"q")
    run.ended()
    with open(trace, encoding="utf-8", errors="replace") as f:
        lines = f.readlines()
    kept = next((i for i, line in enumerate(lines) if "drafts/exempel.net.json" in line and "O_RDONLY" in line), 0)
    digest = next((i for i, line in enumerate(lines) if "openssl.cnf" in line), len(lines))
    writes = [i for i, line in enumerate(lines[:kept]) if line.startswith("write(1")]
    first = next((i for i in writes if "\\33[2J" in lines[i]), len(lines))
    lab.ok(4 <= len(writes) <= 7, "T51 a frame is one write", "".join(lines[i] for i in writes))
    lab.ok(first < min(kept, digest), "the drafts of other domains are read when the list is seen, not before the first frame", f"{kept} {digest} {writes}")
    run.close()


def bytes_of_cursor_keys(lab):
    """At most so many for a cursor key where one pane changes, and where the pane of what is selected does, a message that goes included."""
    for size, limit in (((24, 80), 320), ((40, 120), 1500)):
        run = demo(lab, size=size, COLORFGBG="15;0")
        counts = [len(run.send(key)) for key in (b"~", b"j", b"j", b"k", b"k", b"j", b"j")][1 if size[0] > 24 else 2:]
        lab.ok(min(counts) > 0 and max(counts) <= limit, f"a cursor key sends at most {limit} bytes at {size[1]}x{size[0]}", str(counts))
        lab.ok(b"\x1b(B" not in run.bytes[-counts[-1]:] and "▸   20" in run.screen.text(), "and what it sends is what is seen", run.screen.text())
        run.close()


def surroundings(lab):
    run = Run(lab, "--demo", term="dumb")
    lab.ok(run.ended() and os.WEXITSTATUS(run.status) == 2 and b"--plain" in run.bytes and b"\x1b" not in run.bytes, "T56 TERM=dumb is refused, with the way on", repr(run.bytes))
    run.close()
    for term in ("vt220", "ansi"):
        run = demo(lab, term=term)
        lab.ok(b"2004" not in run.bytes and b"1000h" not in run.bytes and "mejlserver1" in run.screen.text(), f"T58 {term} is sent no mode that it does not know", repr(run.bytes[:200]))
        run.close()
    for name, stdin in (("/dev/null", subprocess.DEVNULL), ("a closed pipe", subprocess.PIPE)):
        done = subprocess.run([PROGRAM, "--demo", "--plain"], stdin=stdin, input=None, capture_output=True, env=lab.env, timeout=20, check=False)
        lab.ok(done.returncode == 0 and b"mejlserver1" in done.stdout and not done.stderr, f"T55 --plain reads {name} to its end", done.stdout + done.stderr)
    with open(lab.dir + "/lines", "w", encoding="ascii") as f:
        f.write("findings\nhelp")
    with open(lab.dir + "/lines", encoding="ascii") as f:
        done = subprocess.run([PROGRAM, "--demo", "--plain"], stdin=f, capture_output=True, env=lab.env, timeout=20, check=False)
    lab.ok(done.returncode == 0 and b"1. error, target-cname\nreserv.exempel.net is an alias" in done.stdout and b"back: go back" in done.stdout and not done.stderr, "T55 and a file, with a last line that has no end", done.stdout[-300:] + done.stderr)
    run = Run(lab, "--demo", LC_ALL="sv_SE.UTF-8")
    if run.shows("mejlserver2", "? help"):
        lab.ok(run.shows("C.UTF-8") or "✔" in run.screen.text(), "T48 ASCII for want of a locale is told", run.screen.text())
    run.close()
    run = demo(lab, term="linux")
    lab.ok("✔" not in run.screen.text() and "─" in run.screen.text(), "T45 the console gets signs that it has", run.screen.text())
    run.close()


def colours(lab):
    for term in ("xterm", "xterm-256color"):
        run = demo(lab, term=term)
        lab.ok(b"\x1b[90m" not in run.bytes and b"38;5;8m" not in run.bytes and b"\x1b[30m" not in run.bytes, f"T35, T37 {term}: nothing is bright black", repr(run.bytes[:600]))
        run.close()
    plain, light, named = demo(lab), demo(lab, COLORFGBG="0;15"), demo(lab, "--theme", "light")
    lab.ok(b"38;5;24m" in light.bytes and b"38;5;24m" in named.bytes and b"38;5;24m" not in plain.bytes, "T39 COLORFGBG and --theme choose the light theme", repr(light.bytes[:400]))
    for run in (plain, light, named):
        run.close()
    done = subprocess.run([PROGRAM, "--demo", "--plain", "--theme", "none"], stdin=subprocess.DEVNULL, capture_output=True, env=lab.env, timeout=20, check=False)
    lab.ok(done.returncode == 2 and b"high-contrast" in done.stderr, "an unknown theme lists those that there are", done.stderr)


def main():
    with Lab() as lab:
        for part in (keys_in_a_prompt, keys_on_screens, escape_waits, pastes, signals, stops, mouse_and_copy, terminal_gone, frames, bytes_of_cursor_keys, surroundings, colours):
            part(lab)


if __name__ == "__main__":
    main()
