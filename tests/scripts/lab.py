# SPDX-License-Identifier: GPL-3.0-or-later
"""lab.py: what the end-to-end tests share.

A Lab is one test program's world: a directory with its own HOME and XDG folders, the servers that it started (stopped
by process number when it ends), the program under test, and the TAP lines.  Use as `with Lab() as lab:`; leaving the
block prints the plan.  Knows nothing of what is right: that is the tests'.
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.environ.get("top_srcdir") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVERS = os.path.join(TOP, "tests", "servers")
PROGRAM = os.environ.get("MXLADDER", os.path.join(TOP, "_build", "src", "mxladder"))
WORLD = os.path.join(SERVERS, "exempel.json")
UNTOLD = ("undeliverable", "unknown-host", "mta-sts", "wrong-zone")    # gates that cannot tell where nobody can be asked


def past(*gates, reason="a test"):
    return tuple(word for gate in gates for word in ("--override", f"{gate}={reason}"))


class Result:
    def __init__(self, status, out, err, command):
        self.status, self.out, self.err, self.command = status, out, err, command

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def __str__(self):
        return f"$ {' '.join(self.command)}\nexit {self.status}\n{self.out}{self.err}"


class Lab:
    def __init__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))       # so that __exit__ stops the servers
        self.dir = tempfile.mkdtemp(prefix="mxladder-lab-")
        self.children, self.count, self.failed, self.accounts = [], 0, 0, ""
        for name in ("home", "config/mxladder", "state"):
            os.makedirs(f"{self.dir}/{name}")
        self.env = {"PATH": os.environ["PATH"], "HOME": self.dir + "/home", "XDG_CONFIG_HOME": self.dir + "/config",
                    "XDG_STATE_HOME": self.dir + "/state", "LC_ALL": "C.UTF-8", "TZ": "UTC", "USER": "lab", "LOGNAME": "lab",
                    "TERM": "xterm-256color", "COLORFGBG": "15;0"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None and kind is not SystemExit:
            print(f"# {kind.__name__}: {error}", flush=True)
            self.ok(False, "the test itself ran to its end")
        for child in self.children:
            self.stop(child)
        if os.environ.get("LAB_KEEP"):
            print("# kept", self.dir)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)
        if kind is not SystemExit:
            print(f"1..{self.count}", flush=True)
        if kind is not None and kind is not SystemExit:
            import traceback
            traceback.print_exception(kind, error, trace)
            sys.exit(1)

    # -- TAP ----------------------------------------------------------------------------------------------------------

    def ok(self, good, name, seen=None):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good and seen is not None:
            for line in str(seen).splitlines()[:40]:
                print("# " + line, flush=True)
        return bool(good)

    def equal(self, seen, wanted, name, more=None):
        return self.ok(seen == wanted, name, f"seen   {seen!r}\nwanted {wanted!r}\n{more if more is not None else ''}")

    @staticmethod
    def installed(*programs):
        return all(shutil.which(program) or shutil.which("/usr/sbin/" + program) for program in programs)

    @staticmethod
    def need(*programs):
        """Ends the program as skipped where one of these is not installed."""
        if not Lab.installed(*programs):
            print(f"1..0 # SKIP needs {' '.join(programs)}", flush=True)
            sys.exit(77)

    # -- servers ------------------------------------------------------------------------------------------------------

    def serve(self, script, *options):
        """Starts tests/servers/SCRIPT and returns what it printed: {"port": 4711, ...}, and "child"."""
        child = subprocess.Popen(["/usr/bin/python3", "-B", os.path.join(SERVERS, script), *map(str, options)],
                                 stdout=subprocess.PIPE, text=True)
        self.children.append(child)
        said = {"child": child}
        for line in child.stdout:
            name, value = line.split()
            said[name] = int(value) if value.isdigit() else value
            if name == "port":
                return said
        raise RuntimeError(f"{script} did not start")

    def stop(self, child):
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if child.stdout:
            child.stdout.close()

    @staticmethod
    def http(port, method, target, value=None, headers=None):
        """(status, JSON or None) of one request to a server of this lab."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request(method, target, json.dumps(value) if value is not None else None,
                               {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, json.loads(body) if body else None
        finally:
            connection.close()

    @staticmethod
    def log_of(path):
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as f:
            return [json.loads(line) for line in f if line.endswith("\n")]

    # -- the program under test ---------------------------------------------------------------------------------------

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text, mode=0o600):
        with open(os.open(self.path(name), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "w", encoding="utf-8") as f:
            f.write(text if isinstance(text, str) else json.dumps(text))
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as f:
            return f.read()

    def configure(self, text):
        self.write("config/mxladder/config", text)

    def start(self, *args, env=None):
        return subprocess.Popen([PROGRAM, *map(str, args)], env={**self.env, **(env or {})}, cwd=self.dir, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *args, text=None, timeout=180, env=None):
        command = [PROGRAM, *map(str, args)]
        try:
            done = subprocess.run(command, env={**self.env, **(env or {})}, cwd=self.dir, timeout=timeout, capture_output=True,
                                  **({"input": text.encode()} if text is not None else {"stdin": subprocess.DEVNULL}))
            status, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as e:
            status, out, err = "timeout", e.stdout or b"", e.stderr or b""
        return Result(status, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), ["mxladder", *map(str, args)])

    def clock(self, seconds):
        """The environment in which the program's clock is off by so much."""
        path = self.path("clock.so")
        if not os.path.exists(path):
            text = "#include <time.h>\n#include <stdlib.h>\ntime_t time(time_t *at) { struct timespec now; time_t then; clock_gettime(CLOCK_REALTIME, &now); " \
                   "then = now.tv_sec + atol(getenv(\"CLOCK_OFF\")); if (at) *at = then; return then; }\n"
            subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", path], input=text, text=True, check=True)
        return {"LD_PRELOAD": path, "CLOCK_OFF": str(seconds)}

    def state_files(self, folder):
        """{relative path: text} of what the program keeps in $XDG_STATE_HOME/mxladder/FOLDER."""
        found, base = {}, self.path(f"state/mxladder/{folder}")
        for root, _, names in os.walk(base):
            for name in names:
                if name.startswith(".mxladder-"):  # being written, and renamed when it is whole
                    continue
                with open(os.path.join(root, name), encoding="utf-8", errors="replace") as f:
                    found[os.path.relpath(os.path.join(root, name), base)] = f.read()
        return found

    def forget(self):
        """Empties what the program keeps between runs: journals, drafts, locks."""
        shutil.rmtree(self.path("state/mxladder"), ignore_errors=True)


def mx_of(answer):
    """{(preference, host)} of a contract's {"records":[...]}, of `show`'s rungs, or of an API's record list."""
    if answer is None:
        return None
    if "rungs" in answer:
        return {(rung["preference"], host["host"]) for rung in answer["rungs"] for host in rung["hosts"]}
    return {(r["preference"], r["host"]) for r in answer["records"]}


def program(name):
    """Where a server of the system is; not every PATH has /usr/sbin."""
    return shutil.which(name) or "/usr/sbin/" + name


def free_port():
    """A port that is free for TCP and UDP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(("127.0.0.1", tcp.getsockname()[1]))
            except OSError:
                continue
            return tcp.getsockname()[1]


def wait_until(condition, seconds=10, every=0.02):
    """The condition's first true value, or its last one when the time is up."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(every)


def kill_hard(child):
    child.send_signal(signal.SIGKILL)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe:
            pipe.close()
