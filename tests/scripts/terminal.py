# SPDX-License-Identifier: GPL-3.0-or-later
"""terminal.py: the program in a real terminal: one tmux server on a socket of its own, one window, a shell in it.

Knows keys in, screen out, size, paste, and the process number of the program.  A key is tmux's name for it ("Down",
"C-z", "Escape"); type() sends text as typed, paste() as a bracketed paste.
"""
import os
import shlex
import subprocess

from lab import PROGRAM, wait_until


class Terminal:
    def __init__(self, lab, columns, rows, name):
        self.lab, self.socket = lab, f"{lab.dir}/{name}.tmux"
        env = {**lab.env, "PS1": "shell> ", "ENV": "", "TERM": "xterm-256color"}
        subprocess.run(["tmux", "-S", self.socket, "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                        "sh -i"], env=env, cwd=lab.dir, check=True)
        self.tmux("set-option", "-g", "status", "off")
        self.tmux("set-option", "-g", "escape-time", "0")
        self.tmux("set-option", "-s", "exit-empty", "on")
        self.type("PS1='shell> '; clear")  # dash takes none from the environment for root
        self.keys("Enter")
        wait_until(lambda: self.screen().startswith("shell>"), 5)

    def tmux(self, *words, text=None):
        done = subprocess.run(["tmux", "-S", self.socket, *words], input=text, capture_output=True, text=True, check=False)
        return done.stdout

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def paste(self, text):
        self.tmux("load-buffer", "-", text=text)
        self.tmux("paste-buffer", "-p", "-d")

    def command(self, *args):
        self.type(" ".join(shlex.quote(str(a)) for a in (PROGRAM, *args)))
        self.keys("Enter")

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def shows(self, *words, seconds=10):
        """Whether the screen comes to hold all of these words."""
        return bool(wait_until(lambda: all(w in (s := self.screen()) for w in words) and s, seconds))

    def lacks(self, word, seconds=10):
        return wait_until(lambda: word not in self.screen(), seconds)

    def shell_pid(self):
        return int(self.tmux("display-message", "-p", "#{pane_pid}"))

    def pid(self):
        """The program's process number, or None when the shell has no child."""
        pid = self.shell_pid()
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            children = f.read().split()
        return int(children[0]) if children else None

    def stopped(self):
        pid = self.pid()
        if pid is None:
            return False
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "T"

    def kill_program(self):
        os.kill(self.pid(), 9)
        wait_until(lambda: self.pid() is None, 5)

    def close(self):
        self.tmux("kill-server")
