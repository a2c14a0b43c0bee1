#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not happen: a second editor overwritten, two pushes of one domain at once, a write under --read-only, the
API key anywhere that it can be read.  Against a real PowerDNS behind the proxy that counts and interferes."""
import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
import time

import dig
from lab import PROGRAM, WORLD, Lab, kill_hard, mx_of, wait_until
from world import CONFIG, DOMAIN, NEW, NEW_EDITS, OLD

OTHER = {(5, "mx.annan.example")}


class World:
    def __init__(self, lab):
        self.lab = lab
        self.pdns = lab.serve("pdns.py", "--state", WORLD)
        with open(self.pdns["dir"] + "/key", encoding="ascii") as f:
            self.key = f.read().strip()
        self.log = lab.path("proxy.log")
        self.proxy = lab.serve("chaosproxy.py", "--upstream", f"127.0.0.1:{self.pdns['port']}", "--log", self.log)
        self.resolver = lab.serve("liar.py", "--state", WORLD)
        self.server = ("--server", f"127.0.0.1:{self.pdns['dns']}")
        self.configure("")

    def configure(self, more):
        self.lab.configure(CONFIG.format(port=self.proxy["port"], key=self.pdns["dir"] + "/key", resolver=self.resolver["port"]) + more)

    def body(self, records):
        return {"rrsets": [{"name": DOMAIN + ".", "type": "MX", "ttl": 45000, "changetype": "REPLACE",
                            "records": [{"content": f"{p} {h}.", "disabled": False} for p, h in sorted(records)]}]}

    def target(self):
        return f"/api/v1/servers/localhost/zones/{DOMAIN}."

    def set_live(self, records):
        self.lab.http(self.pdns["port"], "PATCH", self.target(), self.body(records), {"X-API-Key": self.key})

    def reset(self, **chaos):
        self.set_live(OLD)
        self.lab.forget()
        open(self.log, "w", encoding="utf-8").close()
        self.lab.http(self.proxy["port"], "PUT", "/__chaos", chaos)

    def live(self):
        return dig.mx(self.pdns["dns"], DOMAIN)[1]

    def writes(self):
        return [e for e in self.lab.log_of(self.log) if e["method"] != "GET" and e["fault"] != "second editor"]

    def plan(self, name):
        path = self.lab.path(name)
        made = self.lab.run("draft", DOMAIN, *NEW_EDITS, "--account", "lab", "-o", path)
        approved = self.lab.run("approve", path)
        assert made.status == 0 and approved.status == 0, f"{made}{approved}"
        return path


def second_editor(lab, w):
    w.reset()
    plan = w.plan("editor.json")
    w.set_live(OTHER)
    seen = lab.run("push", plan, "--json", *w.server)
    lab.equal(seen.status, 6, "a second editor between approval and push: exit 6", seen)
    lab.equal(w.live(), OTHER, "and nothing is written", seen)
    lab.ok(not w.writes(), "not even tried", w.writes())
    value = seen.json() or {}
    lab.ok(value.get("state") == "conflict" or value.get("error", {}).get("code") == "conflict", "push --json says conflict", seen)
    text = lab.run("push", plan, *w.server)
    lab.ok(all(word in text.out + text.err for word in ("mx.annan.example", "mejlserver1.exempel.com", "mx3.exempel.net")),
           "the three-way picture names base, live and wanted", text)
    # The same while the push runs: before each exchange up to the write itself, the other's set is already there.
    w.reset()
    lab.run("push", plan, "--json", "--no-watch")
    order = [e["method"] for e in lab.log_of(w.log) if "status" in e]
    write = order.index("PATCH") + 1 if "PATCH" in order else 0
    lab.ok(write, "the push has a write", order)
    request = lab.write("other.json", [{"method": "PATCH", "target": w.target(), "headers": {"X-API-Key": w.key, "Content-Type": "application/json"},
                                        "body": w.body(OTHER)}])
    for k in range(1, write):
        w.reset(at=k, run=request)
        seen = lab.run("push", plan, "--json", "--no-watch")
        lab.ok(seen.status == 6 and w.live() == OTHER, f"a second editor before exchange {k}: exit 6, the other's set stands", f"{w.live()}\n{seen}")
    # Right after the write, a record of the old set or all of them: no push at PowerDNS leaves these, so resume writes over neither.
    for left in (OLD - {min(OLD)}, set()):
        lab.write("other.json", [{"method": "PATCH", "target": w.target(), "headers": {"X-API-Key": w.key, "Content-Type": "application/json"},
                                  "body": w.body(left)}])
        w.reset(at=write + 1, run=request)
        seen = lab.run("push", plan, "--json", "--no-watch")
        again = lab.run("resume", DOMAIN, "--no-watch")
        lab.ok((seen.status, again.status) == (6, 6) and w.live() == left,
               f"a second editor who leaves {len(left)} of the old records: push and resume end with 6, and they stand", f"{w.live()}\n{seen}\n{again}")
    os.unlink(request)


def two_pushes(lab, w):
    w.reset()
    plan = w.plan("two.json")
    w.reset(fault="stall", at=1)
    first = lab.start("push", plan, "--json", "--no-watch", "--timeout", "20")
    wait_until(lambda: lab.log_of(w.log), 10)
    second = lab.run("push", plan, "--json", "--no-watch")
    lab.equal(second.status, 4, "a second push of the domain while one runs: exit 4", second)
    lab.ok(not w.writes(), "and nothing is written", w.writes())
    kill_hard(first)
    w.lab.http(w.proxy["port"], "PUT", "/__chaos", {})
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal(seen.status, 7, "a push after one that was killed: exit 7, resume comes first", seen)
    seen = lab.run("resume", DOMAIN, "--undo", "--no-watch")
    lab.ok(seen.status == 0 and w.live() == OLD, "resume --undo: the old set stands", seen)
    w.reset()
    after = lab.run("push", plan, "--json", *w.server)
    lab.ok(after.status == 0 and w.live() == NEW, "a lock of the dead does not hold", after)


def by_turns(lab, w):
    """Another push (here: this script) writes to the same server: ours waits before it reads, and goes on after it; so what is changed
    meanwhile is seen."""
    w.reset()
    plan = w.plan("turns.json")
    lab.run("push", plan, "--no-watch")
    name = next(name for name in os.listdir(lab.path("state/mxladder/lock")) if name.startswith("@"))
    for changed, status in ((False, 0), (True, 6)):
        w.reset()
        os.makedirs(lab.path("state/mxladder/lock"), exist_ok=True)
        with open(lab.path("state/mxladder/lock/" + name), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            push = lab.start("push", plan, "--json", "--no-watch")
            time.sleep(1)
            lab.ok(push.poll() is None and not lab.log_of(w.log), "a push waits while another writes to the server", lab.log_of(w.log))
            if changed:
                w.set_live(OTHER)
            fcntl.flock(lock, fcntl.LOCK_UN)
        lab.ok(wait_until(lambda: push.poll() is not None, 20) and push.returncode == status, f"and ends with {status} after it", push.returncode)
        lab.equal(w.live(), OTHER if changed else NEW, "what was changed meanwhile stands" if changed else "the new set stands")
        lab.equal(len([e for e in w.writes() if "status" in e]), int(not changed), "with no write" if changed else "with its one write")


def read_only(lab, w):
    w.reset()
    plan = w.plan("readonly.json")
    lab.run("push", plan, "--no-watch")
    w.reset()
    for how, options, more in (("--read-only", ("--read-only",), ""), ("read_only = yes", (), "\n[main]\nread_only = yes\n")):
        w.configure(more)
        for args in (("push", plan), ("push", plan, "--no-watch", "--json"), ("resume", DOMAIN), ("rollback", DOMAIN, "-o", lab.path("ro.json")),
                     ("accounts", "--verify"), ("show", DOMAIN), ("check", plan), ("diff", plan)):
            seen = lab.run(*args, *options, *(w.server if args[0] == "push" else ()))
            if args[0] == "push":
                lab.ok(seen.status not in (0, "timeout"), f"{how}: {' '.join(args[:1] + args[2:])} does not say that it is done", seen)
        lab.ok(not w.writes() and w.live() == OLD, f"{how}: no write left the program", w.writes())
    w.configure("")


def secrets(lab, w):
    seen_by_ps, stop = [], threading.Event()

    def watch():
        """Every command line and environment of the program's processes while it runs."""
        while not stop.is_set():
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as f:
                        words = f.read()
                    if b"mxladder" in words and w.key.encode() in words:
                        seen_by_ps.append(words)
                except OSError:
                    pass
            time.sleep(0.002)
    w.reset()
    plan = w.plan("secrets.json")
    watcher = threading.Thread(target=watch)
    watcher.start()
    text = ""
    for fault in (None, "401", "500", "garble", "cut-after"):
        w.reset(fault=fault, at=2)
        for args in (("push", plan, "--json", *w.server), ("push", plan, "--dry-run"), ("resume", DOMAIN), ("history", DOMAIN), ("accounts", "--verify")):
            seen = lab.run(*args, env={"MXLADDER_DEBUG": "1"})
            text += seen.out + seen.err
    stop.set()
    watcher.join()
    lab.ok(w.key not in text, "the key is in nothing that is printed")
    kept = {name: t for folder in ("journal", "drafts", "lock", ".") for name, t in lab.state_files(folder).items() if w.key in t}
    lab.ok(not kept, "the key is in nothing that is kept", kept)
    lab.ok(not seen_by_ps, "the key is on no command line", seen_by_ps)
    lab.ok(w.key not in lab.read("secrets.json"), "the key is not in the plan")
    # a key file that others can read is refused, and so is a key on the command line
    loose = lab.write("loose.key", w.key + "\n", 0o644)
    os.chmod(loose, 0o644)
    lab.configure(CONFIG.format(port=w.proxy["port"], key=loose, resolver=w.resolver["port"]))
    seen = lab.run("accounts", "--verify")
    lab.ok(seen.status not in (0, "timeout") and w.key not in seen.out + seen.err, "a key file that others can read is refused", seen)
    lab.configure(CONFIG.format(port=w.proxy["port"], key=loose, resolver=w.resolver["port"]).replace(f"key_file = {loose}", f"key_command = cat {loose}"))
    seen = lab.run("accounts", "--verify")
    lab.ok(seen.status == 0 and w.key not in seen.out + seen.err, "a key from a command is taken", seen)
    lab.configure(CONFIG.format(port=w.proxy["port"], key=loose, resolver=w.resolver["port"]).replace(f"key_file = {loose}", "key_env = LAB_KEY"))
    seen = lab.run("accounts", "--verify", env={"LAB_KEY": w.key})
    lab.ok(seen.status == 0 and w.key not in seen.out + seen.err, "a key from the environment is taken", seen)


def private(lab):
    """No core file, and no other process of the user's, gets what is in memory: then its files in /proc belong to root."""
    def is_private():
        try:
            with open(f"/proc/{child.pid}/status", encoding="ascii") as f:
                runs = f.readline().split()[1] == "mxladder" and "\nUid:\t65534\t" in f.read()
            return runs and os.stat(f"/proc/{child.pid}/environ").st_uid == 0
        except OSError:
            return False
    if os.getuid() != 0:
        return
    with tempfile.TemporaryDirectory() as room:
        os.chmod(room, 0o755)
        program = shutil.copy(PROGRAM, room + "/mxladder")
        child = subprocess.Popen(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", program, "audit"], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": lab.env["PATH"], "HOME": room}, cwd="/")
        lab.ok(wait_until(is_private, 10), "its memory is for nobody else of the user's, and for no core file")
        child.communicate()


def main():
    Lab.need("pdns_server", "sqlite3")
    with Lab() as lab:
        w = World(lab)
        second_editor(lab, w)
        two_pushes(lab, w)
        by_turns(lab, w)
        read_only(lab, w)
        secrets(lab, w)
        private(lab)


if __name__ == "__main__":
    main()
