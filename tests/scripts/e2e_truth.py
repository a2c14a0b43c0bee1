#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Held, served, cached: a real PowerDNS behind a caching unbound whose TTLs count down, in a network of the test's own.
After a push the resolver has the old set for hours: nothing may call it live, a conflict or a base."""
import json
import re
import shutil
import subprocess
import time

import dig
import netns
from lab import WORLD, Lab, mx_of
from terminal import Terminal
from world import DOMAIN, NEW, NEW_EDITS, OLD

TTL = 45000


class World:
    """PowerDNS on 127.0.0.1, on port 53 where `open53`, and unbound before it."""

    def __init__(self, lab, open53, account=True):
        self.lab = lab
        options = ("--listen", "127.0.0.1") if open53 else ()
        self.pdns = lab.serve("pdns.py", "--state", WORLD, *options)
        self.resolver = self.start_unbound()
        self.with_account(account)
        lab.forget()

    def start_unbound(self):
        port = 5353 if self.pdns["dns"] == 53 else 5354
        zones = "".join(f'stub-zone:\n    name: "{z}."\n    stub-addr: 127.0.0.1@{self.pdns["dns"]}\n' for z in ("exempel.com", "exempel.net"))
        conf = self.lab.write(f"unbound-{port}.conf", f"""server:
    directory: "{self.lab.dir}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    logfile: ""
    interface: 127.0.0.1@{port}
    do-not-query-localhost: no
    num-threads: 1
    module-config: "iterator"
    minimal-responses: yes
    local-zone: "." transparent
    local-data: ". 3600 IN SOA a.root. h.root. 1 3600 900 604800 300"
    local-data: ". 3600 IN NS a.root."
    local-data: "com. 3600 IN SOA a.root. h.root. 1 3600 900 604800 300"
    local-data: "com. 3600 IN NS a.root."
{zones}remote-control:
    control-enable: no
""")
        self.unbound = subprocess.Popen(["/usr/sbin/unbound", "-d", "-c", conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.lab.children.append(self.unbound)
        for _ in range(100):
            try:
                dig.mx(port, DOMAIN)
                return port
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("unbound did not start")

    def with_account(self, account):
        text = f"[dns]\nresolver = 127.0.0.1:{self.resolver}\n"
        if account:
            text += (f"[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:{self.pdns['port']}\nserver = localhost\n"
                     f"key_file = {self.pdns['dir']}/key\n")
        self.lab.configure(text)

    def set_held(self, records, ttl):
        """A colleague, at the provider."""
        with open(self.pdns["dir"] + "/key", encoding="ascii") as f:
            key = f.read().strip()
        self.lab.http(self.pdns["port"], "PATCH", f"/api/v1/servers/localhost/zones/{DOMAIN}.", {"rrsets": [
            {"name": DOMAIN + ".", "type": "MX", "ttl": ttl, "changetype": "REPLACE",
             "records": [{"content": f"{p} {h}.", "disabled": False} for p, h in sorted(records)]}]}, {"X-API-Key": key})

    def end(self):
        for child in (self.unbound, self.pdns["child"]):
            self.lab.stop(child)

    # -- the program --------------------------------------------------------------------------------------------------

    def show(self):
        return self.lab.run("show", DOMAIN, "--json", "--timeout", "2")

    def draft(self, *edits, name="plan.json"):
        path = self.lab.path(name)
        seen = self.lab.run("draft", DOMAIN, *edits, "-o", path, "--timeout", "2")
        return seen, json.loads(self.lab.read(name)) if seen.status == 0 else None

    def push(self, name="plan.json"):
        self.lab.run("approve", self.lab.path(name))
        return self.lab.run("push", self.lab.path(name), "--json", "--no-watch", "--server", f"127.0.0.1:{self.pdns['dns']}",
                            "--timeout", "2", timeout=120)


def base_of(plan):
    return (plan["base"]["ttl"], mx_of(plan["base"])) if plan else None


def with_account(lab, w, where):
    """Before and after a push: what is held is live, whatever the cache has."""
    seen = w.show()
    value = seen.json() or {}
    lab.equal((value.get("source"), value.get("ttl"), mx_of(value)), ("provider", TTL, OLD), f"{where}: show: live is what is held", seen)
    lab.equal((value.get("cached") or {}).get("same"), True, f"{where}: show: the cache has it too", seen)
    made, plan = w.draft(*NEW_EDITS)
    lab.equal(base_of(plan), (TTL, OLD), f"{where}: draft: begins from what is held, with its TTL", made)
    done = w.push()
    lab.equal((done.status, dig.mx(w.pdns["dns"], DOMAIN)), (0, (3600, NEW)), f"{where}: pushed", done)
    lab.equal(dig.mx(w.resolver, DOMAIN)[1], OLD, f"{where}: (the cache still has the old set)")
    time.sleep(1.1)

    seen = w.show()
    value = seen.json() or {}
    cached = value.get("cached") or {}
    lab.equal((seen.status, value.get("source"), value.get("ttl"), mx_of(value)), (0, "provider", 3600, NEW), f"{where}: after the push, show: the new set", seen)
    lab.equal(mx_of(value.get("held")), NEW, f"{where}: held is the new set", seen)
    lab.ok(cached.get("same") is False and mx_of(cached) == OLD and 0 < cached.get("ttl_left", 0) < TTL,
           f"{where}: the cache has the old one, and for how long", seen)
    states = {s["state"] for s in value.get("servers", [])}
    agrees = {s["agrees"] for s in value.get("servers", [])}
    if w.pdns["dns"] == 53:
        lab.equal((states, agrees), ({"answers"}, {True}), f"{where}: each server serves the new set", seen)
    else:
        lab.ok(states and "answers" not in states and agrees == {None}, f"{where}: no server answers, and none is said to disagree", seen)
    text = lab.run("show", DOMAIN, "--timeout", "2")
    lab.ok("mx3.exempel.net" in text.out and "The cache of" in text.out and "12h29m" in text.out, f"{where}: show says so in words", text)

    made, plan = w.draft("add", "40", "mx4.exempel.net", name="next.json")
    lab.equal(base_of(plan), (3600, NEW), f"{where}: a new draft begins from the new set", made)
    seen = lab.run("diff", lab.path("next.json"), "--json")
    lab.equal((seen.status, (seen.json() or {}).get("live")), (0, "base"), f"{where}: diff: no conflict", seen)
    seen = lab.run("check", lab.path("next.json"), "--json", "--timeout", "2")
    lab.equal((seen.json() or {}).get("live"), "base", f"{where}: check PLAN: no conflict", seen)
    seen = lab.run("diff", lab.path("plan.json"), "--json")
    lab.equal((seen.status, (seen.json() or {}).get("live")), (0, "want"), f"{where}: diff of the pushed plan: live is so already", seen)
    seen = lab.run("diff", lab.path("plan.json"), "--exit-code")
    lab.equal(seen.status, 0, f"{where}: diff --exit-code: nothing left to change", seen)
    seen = lab.run("diff", lab.path("next.json"), "--exit-code")
    lab.equal(seen.status, 1, f"{where}: diff --exit-code: something to change", seen)

    made = lab.run("rollback", DOMAIN, "-o", lab.path("back.json"))
    seen = lab.run("diff", lab.path("back.json"), "--json")
    lab.equal((made.status, seen.status, (seen.json() or {}).get("live")), (0, 0, "base"), f"{where}: a revert is no conflict either", f"{made}{seen}")


def colleague(lab, w):
    """Held really moved: that, and nothing else, is a conflict; a rebase keeps both."""
    theirs = NEW | {(50, "mx5.exempel.net")}
    w.set_held(theirs, 7200)
    seen = lab.run("diff", lab.path("next.json"), "--json")
    lab.equal((seen.status, (seen.json() or {}).get("live")), (6, "other"), "a colleague's change: diff: exit 6", seen)
    text = lab.run("diff", lab.path("next.json"))
    lab.ok("mx5.exempel.net" in text.out and "7200" in text.out, "the three-way picture has the record and the TTL", text)
    seen = lab.run("draft", DOMAIN, "--rebase", lab.path("next.json"), "-o", lab.path("rebased.json"))
    plan = json.loads(lab.read("rebased.json")) if seen.status == 0 else {"base": {"ttl": 0, "records": []}, "want": {"ttl": 0, "records": []}}
    lab.equal((base_of(plan), plan["want"]["ttl"], mx_of(plan["want"])), ((7200, theirs), 7200, theirs | {(40, "mx4.exempel.net")}),
              "draft --rebase: my record on top of theirs, and their TTL", seen)
    w.set_held((NEW - {(30, "mx3.exempel.net")}) | {(35, "mx3.exempel.net")}, 3600)
    made, _ = w.draft("prefer", "mx3.exempel.net", "45", name="clash.json")
    w.set_held(NEW, 3600)
    seen = lab.run("draft", DOMAIN, "--rebase", lab.path("clash.json"))
    lab.equal((made.status, seen.status), (0, 6), "a record that both changed: asked, not guessed", f"{made}{seen}")
    lab.ok("mx3.exempel.net" in seen.err, "and named", seen)
    for side, wanted in (("--mine", 45), ("--theirs", 30)):
        seen = lab.run("draft", DOMAIN, "--rebase", lab.path("clash.json"), side, "mx3.exempel.net")
        lab.ok(seen.status == 0 and (wanted, "mx3.exempel.net") in mx_of(json.loads(seen.out)["want"]), f"{side} decides it", seen)


def siblings(lab):
    """Names of one zone in one plan file: what this program itself writes beside a push is no stranger's work."""
    names = [f"s{i}.{DOMAIN}" for i in range(6)]
    made = [lab.run("draft", name, "add", "10", f"mejlserver1.{DOMAIN}", "--account", "lab").json() for name in names]
    path = lab.write("siblings.json", {"mxladder_plans": 1, "plans": made})
    lab.run("approve", path)
    seen = lab.run("push", path, "--no-watch", "--json")
    told = [(p["domain"], p["state"]) for p in (seen.json() or {}).get("pushes", [])]
    lab.equal((seen.status, told), (0, [(name, "published") for name in names]), "six names of one zone in a file: all are published", seen)


def without_account(lab, w, where):
    """The servers' own answer is live; the cache is not."""
    w.with_account(False)
    seen = w.show()
    value = seen.json() or {}
    lab.equal((value.get("source"), value.get("held"), value.get("ttl"), mx_of(value)), ("server", None, 3600, NEW), f"{where}: show: live is what is served", seen)
    lab.equal((value.get("cached") or {}).get("same"), False, f"{where}: show: the cache is told apart", seen)
    made, plan = w.draft("add", "40", "mx4.exempel.net", name="served.json")
    lab.equal(base_of(plan), (3600, NEW), f"{where}: draft: begins from what is served, with its TTL", made)
    seen = lab.run("diff", lab.path("served.json"), "--json", "--timeout", "2")
    lab.equal((seen.status, (seen.json() or {}).get("live")), (0, "base"), f"{where}: diff: no conflict", seen)
    w.set_held(OLD, TTL)
    seen = lab.run("diff", lab.path("served.json"), "--json", "--timeout", "2")
    lab.equal((seen.status, (seen.json() or {}).get("live")), (6, "other"), f"{where}: the servers moved: exit 6", seen)
    w.set_held(NEW, 3600)
    t = Terminal(lab, 100, 30, "served")
    t.command(DOMAIN, "--timeout", "2")
    t.shows("SERVED", "mx3.exempel.net")
    t.keys("B")
    lab.ok(t.shows("The draft begins from what is there: nothing is to be rebased."), f"{where}: nothing to rebase", t.screen())
    t.keys("a")
    t.shows("50")
    t.keys("C-u")
    t.type("40 mx4.exempel.net")
    t.keys("Enter")
    t.shows("DRAFT, 1 change", "mx4.exempel.net")
    w.set_held(OLD, TTL)
    t.keys("v")
    lab.ok(t.shows("served is not the draft's base: B rebases"), f"{where}: the servers give another set: that is what the header says", t.screen())
    t.keys("D", "y")
    t.close()
    shutil.rmtree(lab.path("state/mxladder/drafts"), ignore_errors=True)
    w.set_held(NEW, 3600)


SIZES = ((120, 40), (80, 24), (40, 12))


def header(t):
    return t.screen().split("\n")[0]


def interface(lab, w, where):
    """The same in the interface: the new set at once, and what the cache still has; new drafts, a revert and a rebase work."""
    shutil.rmtree(lab.path("state/mxladder/drafts"), ignore_errors=True)
    for size in SIZES:
        t = Terminal(lab, *size, f"held{size[0]}")
        t.command(DOMAIN, "--timeout", "2")
        lab.ok(t.shows("HELD", "cache", "mx3.exempel") and not re.search(r"^[▸ ]\s{0,6}\d* *[─┬├└].*reserv", t.screen(), re.M), f"{where}, {size[0]}x{size[1]}: the new set, HELD, and a word on the cache", t.screen())
        if size[0] >= 80:
            lab.ok(t.shows("cache still has the old set, for 12h29m" if w.pdns["dns"] == 53 else "cache has another set, for 12h29m"), f"{where}, {size[0]}x{size[1]}: what the cache has, and for how long", t.screen())
        t.close()
    t = Terminal(lab, 100, 30, "edit")
    t.command(DOMAIN, "--timeout", "2")
    t.shows("HELD", "mx3.exempel.net")
    t.keys("a")
    t.shows("50")
    t.keys("C-u")
    t.type("40 mx4.exempel.net")
    t.keys("Enter")
    lab.ok(t.shows("DRAFT, 1 change", "mx4.exempel.net") and "base: B" not in header(t), f"{where}: a new draft is no conflict", t.screen())
    w.set_held(NEW | {(50, "mx5.exempel.net")}, 7200)
    t.keys("v")
    lab.ok(t.shows("held is not the draft's base: B rebases"), f"{where}: a colleague's change is one", t.screen())
    t.keys("B")
    lab.ok(t.shows("REBASE", "mx5.exempel.net", "theirs", "mine", "TTL", "1h", "2h", "B does it"), f"{where}: what a rebase does is shown first", t.screen())
    t.keys("B")
    lab.ok(t.shows("DRAFT, 1 change", "mx4.exempel.net", "mx5.exempel.net", "TTL 2h") and "base: B" not in header(t), f"{where}: the colleague's record stays, mine too", t.screen())
    t.keys("u")
    lab.ok(t.lacks("mx4.exempel.net") and "mx5.exempel.net" in t.screen(), f"{where}: a step back takes mine alone", t.screen())
    t.close()
    w.set_held(NEW, 3600)


def cached_interface(lab, w):
    """Nothing but a cache, and then nothing at all: said at every width."""
    for size in SIZES:
        t = Terminal(lab, *size, f"cached{size[0]}")
        t.command(DOMAIN, "--timeout", "2")
        lab.ok(t.shows("CACHED", "reserv") and "HELD" not in t.screen(), f"cache alone, {size[0]}x{size[1]}: CACHED", t.screen())
        if size[0] >= 80:
            lab.ok(t.shows("TTL not known"), f"cache alone, {size[0]}x{size[1]}: its TTL is not known", t.screen())
            t.keys("B")
            lab.ok(t.shows("Whether the draft begins from what is there now is not known"), f"cache alone, {size[0]}x{size[1]}: a cache does not tell that nothing moved", t.screen())
        t.close()


def unknown_interface(lab):
    for size in SIZES:
        t = Terminal(lab, *size, f"unknown{size[0]}")
        t.command(DOMAIN, "--timeout", "2")
        lab.ok(t.shows("UNKNOWN", "not known") and "nothing found wrong" not in t.screen(), f"dead resolver, {size[0]}x{size[1]}: UNKNOWN, and nothing is found good", t.screen())
        t.close()


def cache_alone(lab, w, where):
    """Nothing but a resolver's cache: its TTL counts down, so the set's is not known."""
    w.with_account(False)
    seen = w.show()
    value = seen.json() or {}
    lab.equal((value.get("source"), value.get("held"), mx_of(value)), ("resolver", None, OLD), f"{where}: show: a cache, and called so", seen)
    text = lab.run("show", DOMAIN, "--timeout", "2")
    lab.ok("not known" in text.out, f"{where}: show: its TTL is not known", text)
    seen, _ = w.draft("add", "40", "mx4.exempel.net", name="cache.json")
    lab.ok(seen.status == 2 and "ttl" in seen.err, f"{where}: draft asks for a TTL instead of taking the countdown", seen)
    seen, plan = w.draft("add", "40", "mx4.exempel.net,", "ttl", "2h", name="cache.json")
    lab.equal((base_of(plan), plan and plan["want"]["ttl"]), ((None, OLD), 7200), f"{where}: with one it is a plan, its base's TTL unknown", seen)
    made = lab.run("diff", lab.path("cache.json"), "--json", "--timeout", "2")
    lab.ok(made.status != 6 and (made.json() or {}).get("live") == "base", f"{where}: diff", made)
    seen = lab.run("diff", lab.path("served.json"), "--json", "--timeout", "2")
    lab.ok(seen.status != 6 and (seen.json() or {}).get("live") == "unknown", f"{where}: another plan: a cache alone makes no conflict", seen)
    cached_interface(lab, w)


def unknown(lab, w):
    """Nobody answers: the set is not known, and nothing is found good."""
    lab.stop(w.unbound)
    w.with_account(False)
    seen = w.show()
    value = seen.json() or {}
    lab.equal((seen.status, value.get("null_mx", 0), value.get("implicit_mx", 0), value.get("cached", 0), (value.get("error") or {}).get("code")),
              (3, None, None, None, "network"), "dead resolver: show: not known, exit 3", seen)
    for command in ("check", "simulate", "draft"):
        seen = lab.run(command, DOMAIN, *(("ttl", "1h") if command == "draft" else ()), "--timeout", "2")
        lab.ok(seen.status == 3 and "could not be looked up" in seen.err and "--resolver" in seen.err, f"dead resolver: {command}: exit 3, with the way on", seen)
    unknown_interface(lab)
    w.with_account(True)
    seen = w.show()
    value = seen.json() or {}
    lab.equal((seen.status, value.get("source"), mx_of(value), value.get("cached", 0)), (3, "provider", NEW, None), "dead resolver, account: held is known all the same, and the exit status says that nobody answered", seen)


def main():
    Lab.need("unshare", "ip", "tmux", "unbound", "pdns_server", "sqlite3")
    netns.enter()
    with Lab() as lab:
        w = World(lab, open53=True)
        with_account(lab, w, "port 53 open")
        interface(lab, w, "port 53 open")
        without_account(lab, w, "no account")
        w.with_account(True)
        colleague(lab, w)
        siblings(lab)
        w.end()
        w = World(lab, open53=False)
        with_account(lab, w, "port 53 closed")
        interface(lab, w, "port 53 closed")
        cache_alone(lab, w, "no account, port 53 closed")
        unknown(lab, w)


if __name__ == "__main__":
    main()
