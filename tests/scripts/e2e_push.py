#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be said of a push, at vendors that do not keep their word: answers that mean nothing, reads that lag, rounded
TTLs, records twice, keys that are taken away, a second machine.  The set is never empty; `failed` is said only where
nothing was and nothing will be changed; what is unfinished stays so until it is resumed, undone or abandoned."""
import concurrent.futures
import hashlib
import json
import os
import re
import signal
import subprocess
import time

from lab import PROGRAM, WORLD, Lab, mx_of, wait_until
from world import DOMAIN, NEW, NEW_EDITS, OLD

BASE = {"cloudflare": "/client/v4", "digitalocean": "/v2"}
NAME_SERVERS = {"cloudflare": ("amy.ns.cloudflare.com", "vin.ns.cloudflare.com"),
                "digitalocean": ("ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com")}
KEY = "test-token"


class World:
    """One stand-in, and as many machines (state folders) as a test wants."""

    def __init__(self, lab, shape):
        self.lab, self.shape = lab, shape
        self.first_add = 4 if shape == "digitalocean" else 3    # exchanges up to the first write: zones, (name servers,) records
        with open(WORLD, encoding="utf-8") as f:
            world = json.load(f)
        for zone in world["zones"]:
            zone["records"] = [r for r in zone["records"] if not (r["type"] == "NS" and r["name"] == "@")]
            zone["records"] += [{"name": "@", "type": "NS", "ttl": 1800, "data": ns} for ns in NAME_SERVERS[shape]]
        self.world, self.state = world, lab.path(shape + ".json")
        self.keep()
        self.server = lab.serve("unsure.py", "--shape", shape, "--state", self.state, "--dns")
        self.resolver = lab.serve("liar.py", "--state", lab.write(shape + "-dns.json", world))
        self.configure()

    def keep(self, change=None):
        """The zone of the next reset."""
        world = json.loads(json.dumps(self.world))
        if change:
            change(world["zones"][0]["records"])
        self.lab.write(os.path.basename(self.state), world)

    def configure(self, key=KEY, more="settle = 1s\n", machine=""):
        file = self.lab.write(f"{self.shape}{machine}.key", key + "\n")
        text = (f"[account lab]\nprovider = {self.shape}\nendpoint = http://127.0.0.1:{self.server['port']}{BASE[self.shape]}\n"
                f"key_file = {file}\n{more}\n[dns]\nresolver = 127.0.0.1:{self.resolver['port']}\n")
        os.makedirs(self.lab.path(f"config{machine}/mxladder"), exist_ok=True)
        self.lab.write(f"config{machine}/mxladder/config", text)

    def wrong(self, **how):
        self.lab.http(self.server["port"], "PUT", "/__unsure", how)

    def reset(self, change=None, **how):
        self.keep(change)
        self.lab.http(self.server["port"], "PUT", "/__state")
        self.lab.forget()
        self.wrong(**how)

    def rename_ns(self, prefix):
        """The zone's name servers get other names at the vendor, while a push stands part-way (one call a record)."""
        head = {"Authorization": f"Bearer {KEY}"}
        path = f"/v2/domains/{DOMAIN}/records"
        for r in self.lab.http(self.server["port"], "GET", path + "?type=NS&per_page=200", None, head)[1]["domain_records"]:
            if r["name"] == "@":
                self.lab.http(self.server["port"], "PUT", f"{path}/{r['id']}", {"type": "NS", "name": "@", "data": prefix + r["data"] + "."}, head)

    def counts(self):
        return self.lab.http(self.server["port"], "GET", "/__unsure")[1]

    def sets(self):
        """Every MX set of the domain since the reset, the present one last; as sorted lists, so that a record twice shows."""
        state = self.lab.http(self.server["port"], "GET", "/__state")[1]
        return [sorted((p, h) for name, _, p, h in one if name in ("@", DOMAIN)) for one in state["history"][DOMAIN]]

    def held(self):
        return set(self.sets()[-1])

    def plan(self, *edits, name="plan.json", env=None):
        path = self.lab.path(name)
        made = self.lab.run("draft", DOMAIN, *edits, "--account", "lab", "-o", path, env=env)
        approved = self.lab.run("approve", path, env=env)
        assert made.status == 0 and approved.status == 0, f"{made}{approved}"
        return path

    def push(self, *edits, options=()):
        return self.lab.run("push", self.plan(*edits), "--json", "--no-watch", *options)

    def resume(self, *options):
        return self.lab.run("resume", DOMAIN, "--json", "--no-watch", *options)


def state_of(result):
    return (result.json() or {}).get("state")


def never_empty(lab, w, name, seen):
    lab.ok(all(one for one in w.sets()), f"{name}: at no moment is the set empty", f"{w.sets()}\n{seen}")


def replicas(lab, w):
    """Reads come by turns from a server that has seen no write: nothing is said to be done that is not seen, nobody's record is lost, and a
    resume ends it."""
    ends = []
    for first in (1, 2):
        name = f"{w.shape}: every second list is of before, from number {first} on"
        w.reset(replica=first)
        seen = w.push(*NEW_EDITS)
        ends.append((seen.status, state_of(seen)))
        # Seen to have been added, then removed and not seen; or never seen to have been added, and then nothing is removed.
        lab.equal((OLD <= w.held(), len(w.sets()[-1]) == len(w.held())), (state_of(seen) == "unknown", True), f"{name}: nothing is removed before it is seen", seen)
        said = ((seen.json() or {}).get("error") or {}).get("message", "")
        lab.ok("or the provider does not show what it holds" in said or "but does not show it" in said, f"{name}: and that it may be the provider", said)
        never_empty(lab, w, name, seen)
        w.wrong()
        seen = w.resume()
        lab.equal((seen.status, state_of(seen), w.sets()[-1]), (0, "published", sorted(NEW)), f"{name}: resume", seen)
    lab.equal(sorted(ends), [(6, "conflict"), (7, "unknown")], f"{w.shape}: no push from such reads is published")


# ---- 1: answers that the API does not document ------------------------------------------------------------------------

def odd_answers(lab, w):
    for kind in ("html", "202", "204", "other"):
        name = f"{w.shape}: a write answered with {kind} and not done"
        w.reset(lie=kind)
        seen = w.push(*NEW_EDITS)
        lab.equal((seen.status, state_of(seen)), (7, "unknown"), f"{name}: unknown, exit 7", seen)
        lab.equal(w.held(), OLD, f"{name}: the old set stands", seen)
        never_empty(lab, w, name, seen)
        lab.equal(w.counts()["writes"], 1, f"{name}: nothing more is written", seen)
        w.wrong()
        seen = w.resume()
        lab.equal((seen.status, state_of(seen), w.held()), (0, "published", NEW), f"{name}: resume finishes it", seen)
    for kind in ("html", "202", "204"):
        w.reset(odd=kind)
        seen = w.push(*NEW_EDITS)
        lab.equal((seen.status, state_of(seen), w.held()), (0, "published", NEW), f"{w.shape}: writes answered with {kind} but done: published", seen)
        never_empty(lab, w, f"{w.shape}: {kind}", seen)


# ---- 2: reads that tell what is not held ------------------------------------------------------------------------------

def told_otherwise(lab, w):
    w.reset(tell="twice")
    seen = w.push(*NEW_EDITS)
    lab.equal((seen.status, state_of(seen), w.held()), (0, "published", NEW), f"{w.shape}: each record is told twice: published", seen)
    lab.ok(all(len(one) == len(set(one)) and (set(one) >= OLD or set(one) >= NEW) for one in w.sets()), f"{w.shape}: told twice: none goes that is to stay", f"{w.sets()}\n{seen}")
    for kind, since in (("reid", 0), ("other", 1), ("empty", 1)):
        name = f"{w.shape}: reads tell {kind}, from write {since} on"
        w.reset()
        path = w.plan(*NEW_EDITS)
        w.wrong(tell=kind, since=since)
        seen = w.lab.run("push", path, "--json", "--no-watch")
        if w.shape == "cloudflare" and kind == "reid":      # its batch names records by the ids of one read
            lab.ok(seen.status not in (0, 7) and w.held() == OLD or w.held() == NEW, f"{name}: all or nothing", seen)
            continue
        lab.equal((seen.status, state_of(seen)), (6, "conflict"), f"{name}: a conflict", seen)
        lab.equal((seen.json() or {}).get("unfinished"), w.held() != OLD, f"{name}: unfinished where something was written", seen)
        never_empty(lab, w, name, seen)


# ---- 3: lag, late writes --------------------------------------------------------------------------------------------

def lag(lab, w):
    w.configure(more="settle = 5s\n")
    w.reset(lag=1)
    seen = w.push(*NEW_EDITS)
    lab.equal((seen.status, state_of(seen), w.held()), (0, "published", NEW), f"{w.shape}: reads that lag by 1 s: published", seen)
    never_empty(lab, w, f"{w.shape}: lag", seen)
    w.configure()
    w.reset(lag=60)
    seen = w.push(*NEW_EDITS)
    lab.equal((seen.status, state_of(seen)), (7, "unknown"), f"{w.shape}: reads that lag longer than settle: unknown, exit 7", seen)
    lab.ok("nothing was" not in seen.out + seen.err, f"{w.shape}: lag: it does not say that nothing was changed", seen)
    w.wrong()
    seen = w.resume()
    lab.equal((seen.status, state_of(seen), w.held()), (0, "published", NEW), f"{w.shape}: lag: resume finishes it", seen)


def late(lab, w):
    w.reset(late=4, times=1)
    plan = w.plan(*NEW_EDITS)
    seen = lab.run("push", plan, "--json", "--no-watch", "--timeout", "2")
    lab.ok((seen.status, state_of(seen)) == (7, "unknown") or (seen.status, w.held()) == (0, NEW),
           f"{w.shape}: a write that is done after the client gave up: unknown", seen)
    text = lab.run("history", DOMAIN, "--json")
    lab.ok('"unfinished":true' in text.out.replace(" ", "") or seen.status == 0, f"{w.shape}: late: the history has it as unfinished", text)
    time.sleep(3)
    w.wrong()
    seen = w.resume()
    lab.equal((seen.status, w.held()), (0, NEW), f"{w.shape}: late: resume ends in the new set", seen)
    lab.equal(len(w.sets()[-1]), len(NEW), f"{w.shape}: late: no record is there twice", w.sets()[-1])


# ---- 2: what is unfinished stays so ---------------------------------------------------------------------------------

def unfinished(lab, w):
    """Cut after the first add."""
    def cut():
        w.reset()
        plan = w.plan(*NEW_EDITS)
        w.wrong(dead=w.first_add)
        seen = lab.run("push", plan, "--json", "--no-watch", "--timeout", "1")
        w.wrong()
        return seen
    seen = cut()
    plan = lab.path("plan.json")
    lab.equal(seen.status, 7, f"{w.shape}: cut after the first write: exit 7", seen)
    for name, spoil, restore in (
            ("a revoked key", lambda: w.configure(key="wrong"), w.configure),
            ("no network", lambda: w.wrong(dead=0), w.wrong)):
        spoil()
        seen = w.resume("--timeout", "1")
        lab.equal((seen.status, (seen.json() or {}).get("unfinished")), (7, True), f"{w.shape}: resume with {name}: still unfinished, exit 7", seen)
        lab.ok((seen.json() or {}).get("written", 0) >= 1 and (seen.json() or {}).get("written_at"), f"{w.shape}: {name}: what was written and when is told", seen)
        restore()
        text = lab.run("push", plan, "--no-watch")
        lab.equal(text.status, 7, f"{w.shape}: {name}: another push is refused meanwhile", text)
    seen = w.resume()
    lab.equal((seen.status, state_of(seen), w.held()), (0, "published", NEW), f"{w.shape}: and the next resume finishes it", seen)
    seen = lab.run("resume", DOMAIN)
    lab.ok(seen.status == 0 and "no push from here was interrupted" in seen.out, f"{w.shape}: then nothing is left to resume", seen)
    # Ctrl-C
    cut()
    w.configure(more="settle = 1s\n")
    w.wrong(late=0)
    asked = lab.path(f"{w.shape}-key-asked-for")
    slow = lab.write("slow.sh", f"#!/bin/sh\n: > {asked}\nsleep 30\necho test-token\n", 0o700)
    config = lab.read("config/mxladder/config")
    lab.write("config/mxladder/config", re.sub("key_file = .*", f"key_command = {slow}", config))
    child = lab.start("resume", DOMAIN, "--json", "--no-watch")
    wait_until(lambda: os.path.exists(asked), 60)
    begun = time.monotonic()
    child.send_signal(signal.SIGINT)
    out = child.communicate(timeout=20)[0].decode()
    lab.ok(child.returncode == 7 and time.monotonic() - begun < 15, f"{w.shape}: Ctrl-C while the key is fetched: ends at once, exit 7", f"{child.returncode} {out}")
    lab.write("config/mxladder/config", config)
    # dry run, abandon
    seen = w.resume("--dry-run")
    lab.ok(seen.status == 0 and state_of(seen) in ("planned", "unchanged"), f"{w.shape}: resume --dry-run shows what would be sent", seen)
    before = w.sets()
    seen = w.resume("--abandon", "decided by phone")
    value = seen.json() or {}
    lab.ok(seen.status == 0 and value.get("state") == "abandoned" and mx_of(value.get("held")) == w.held(),
           f"{w.shape}: resume --abandon closes it, with what is held", seen)
    lab.equal(w.sets(), before, f"{w.shape}: --abandon writes nothing")
    text = "".join(lab.state_files("journal").values())
    lab.ok("decided by phone" in text, f"{w.shape}: the reason is in the journal", text)
    seen = lab.run("resume", DOMAIN)
    lab.ok(seen.status == 0 and "no push from here was interrupted" in seen.out, f"{w.shape}: after --abandon nothing is left to resume", seen)
    # undo
    cut()
    seen = w.resume("--undo")
    lab.equal((seen.status, (seen.json() or {}).get("undone"), w.held()), (0, True, OLD), f"{w.shape}: --undo puts the old set back", seen)


def gateways(lab, w):
    """A gateway that gave up waiting has not said no: the write may still be done."""
    for status in (408, 502, 504, 520, 524):
        w.reset(busy=[status, 0])
        seen = w.push(*NEW_EDITS)
        lab.equal((seen.status, state_of(seen), w.held()), (7, "unknown", OLD), f"{w.shape}: a write answered with {status}: unknown, exit 7", seen)
        lab.ok("nothing was changed" not in seen.out + seen.err, f"{w.shape}: {status}: it does not say that nothing was changed", seen)


def given_up(lab, w):
    """--abandon asks nothing of the account: it may be gone, or be called otherwise."""
    w.reset(lie="html")
    seen = w.push(*NEW_EDITS)
    lab.equal(seen.status, 7, f"{w.shape}: a write that is answered with a page: exit 7", seen)
    for options, name in ((("--abandon", ""), "no reason"), (("--abandon", " \n"), "a blank reason"), (("--abandon", "x", "--undo"), "--undo as well")):
        seen = w.resume(*options)
        lab.equal(seen.status, 2, f"{w.shape}: --abandon with {name}: exit 2", seen)
    config = lab.read("config/mxladder/config")
    for name, text in (("is called otherwise", config.replace("[account lab]", "[account other]")),
                       ("is at another provider", config.replace(f"provider = {w.shape}", "provider = powerdns\nserver = localhost"))):
        lab.configure(text)
        seen = w.resume()
        lab.ok(seen.status in (2, 6), f"{w.shape}: the account {name}: the push cannot go on", seen)
        seen = w.resume("--abandon", "moved", "--dry-run")
        value = seen.json() or {}
        lab.equal((seen.status, value.get("state"), value.get("held")), (0, "abandoned", None), f"{w.shape}: the account {name}: it can be given up, and what is held is not known", seen)
    seen = w.resume("--abandon", "moved")
    lab.equal((seen.status, state_of(seen)), (0, "abandoned"), f"{w.shape}: and it is given up", seen)
    lab.configure(config)
    seen = lab.run("resume", DOMAIN)
    lab.ok(seen.status == 0 and "no push from here was interrupted" in seen.out, f"{w.shape}: then nothing is left to resume", seen)


def conflict_in_resume(lab, w):
    w.reset()
    plan = w.plan(*NEW_EDITS)
    w.wrong(dead=w.first_add)
    lab.run("push", plan, "--no-watch", "--timeout", "1")
    w.wrong()
    w.stranger(True)
    seen = w.resume()
    lab.equal((seen.status, state_of(seen), (seen.json() or {}).get("unfinished")), (6, "conflict", True),
              f"{w.shape}: a conflict met by resume: exit 6, and it stays unfinished", seen)
    text = lab.run("resume", DOMAIN, "--no-watch")
    lab.ok(text.status == 6 and "nothing was written" not in text.out, f"{w.shape}: it does not say that nothing was written", text)
    w.stranger(False)
    seen = w.resume()
    lab.equal((seen.status, w.held()), (0, NEW), f"{w.shape}: when the stranger's record is gone, resume finishes it", seen)


def override_kept(lab, w):
    """A push that needed --override is resumed with it; a gate that it did not name still holds, and can be named then."""
    def elsewhere(records):
        for r in records:
            if r["type"] == "NS" and r["name"] == "@":
                r["data"] = "ns." + r["data"]
    w.reset(elsewhere)
    plan = w.plan(*NEW_EDITS)
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, w.counts()["writes"]), (1, 0), f"{w.shape}: a zone that is delegated elsewhere: exit 1, nothing written", seen)
    w.wrong(dead=w.first_add)
    lab.run("push", plan, "--no-watch", "--timeout", "1", "--override", "wrong-zone=moves tonight")
    w.wrong()
    seen = w.resume()
    lab.equal((seen.status, w.held()), (0, NEW), f"{w.shape}: resume keeps what was overridden", seen)
    w.reset()
    plan = w.plan(*NEW_EDITS)
    w.wrong(dead=w.first_add)
    lab.run("push", plan, "--no-watch", "--timeout", "1")
    w.wrong()
    w.rename_ns("ns.")
    seen = w.resume()
    lab.equal((seen.status, (seen.json() or {}).get("unfinished")), (7, True), f"{w.shape}: a gate met by resume: still unfinished", seen)
    seen = w.resume("--override", "wrong-zone=moves tonight")
    lab.equal((seen.status, w.held()), (0, NEW), f"{w.shape}: resume --override goes on", seen)


# ---- 7: rounded TTLs, records twice ---------------------------------------------------------------------------------

def rounding(lab, w):
    w.reset(round=1000)
    seen = w.push(*NEW_EDITS)
    lab.equal((seen.status, state_of(seen), (seen.json() or {}).get("unfinished")), (1, "published", False), f"{w.shape}: a vendor that rounds TTLs: published, exit 1", seen)
    lab.ok("50m" in seen.out and "1h" in seen.out, f"{w.shape}: and both TTLs are named", seen)
    lab.equal(w.held(), NEW, f"{w.shape}: rounding: the new records stand", seen)
    seen = lab.run("resume", DOMAIN)
    lab.ok("no push from here was interrupted" in seen.out, f"{w.shape}: rounding leaves nothing unfinished", seen)
    seen = w.push("ttl", "2h", options=("--override", "target-cname=a test"))
    lab.equal((seen.status, state_of(seen)), (1, "published"), f"{w.shape}: and the next push is taken", seen)


def twice(lab, w):
    def double(records):
        mx = next(r for r in records if r["type"] == "MX" and r["name"] == "@")
        records.append(dict(mx))
    w.reset(double)
    seen = w.push(*NEW_EDITS)
    lab.equal((seen.status, sorted(w.sets()[-1])), (0, sorted(NEW)), f"{w.shape}: a record that is there twice is there once after a push", seen)
    w.reset(double, sticky=True)
    seen = w.push(*NEW_EDITS)
    lab.equal((seen.status, state_of(seen), w.held()), (1, "published", NEW), f"{w.shape}: one that cannot be removed: published, and said", seen)
    seen = lab.run("resume", DOMAIN)
    lab.ok("no push from here was interrupted" in seen.out, f"{w.shape}: and nothing is left unfinished", seen)


# ---- 5, 17: unchanged; the key --------------------------------------------------------------------------------------

def already_so(lab, w):
    w.reset()
    plan = w.plan(*NEW_EDITS)
    lab.run("push", plan, "--no-watch")
    before = w.counts()["writes"]
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, state_of(seen), w.counts()["writes"] - before), (0, "unchanged", 0), f"{w.shape}: pushing what is held: unchanged, exit 0, nothing written", seen)


def one_key(lab, w):
    w.reset()
    plan = w.plan(*NEW_EDITS)
    log = lab.path("key.log")
    script = lab.write("key.sh", f"#!/bin/sh\necho x >> {log}\necho test-token\n", 0o700)
    config = lab.read("config/mxladder/config")
    lab.write("config/mxladder/config", re.sub("key_file = .*", f"key_command = {script}", config))
    if os.path.exists(log):
        os.unlink(log)
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, len(open(log).readlines())), (0, 1), f"{w.shape}: key_command runs once a push", seen)
    lab.write("config/mxladder/config", config)


def key_quoted(lab, w):
    w.configure(key="wrong-key-0123456789")
    w.reset()
    plan_seen = lab.run("accounts", "--verify")
    lab.ok("wrong-key-0123456789" not in plan_seen.out + plan_seen.err, f"{w.shape}: the key is in no message", plan_seen)
    w.configure()


# ---- 14: Retry-After ------------------------------------------------------------------------------------------------

def busy(lab, w):
    w.reset()
    plan = w.plan(*NEW_EDITS)
    w.wrong(busy=[429, 300])
    begun = time.time()
    seen = lab.run("push", plan, "--json", "--no-watch")
    value = seen.json() or {}
    lab.equal((seen.status, value.get("state"), value.get("unfinished")), (7, "failed", True), f"{w.shape}: Retry-After: 300: ends at once, to be resumed", seen)
    lab.equal(w.counts()["writes"], 1, f"{w.shape}: Retry-After: one request, no more", seen)
    told = re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", (value.get("error") or {}).get("message", ""))
    at = time.mktime(time.strptime(told.group(), "%Y-%m-%dT%H:%M:%SZ")) - time.timezone if told else 0
    lab.ok(299 <= at - begun <= 310, f"{w.shape}: Retry-After: the time is told", seen)
    w.wrong()
    seen = w.resume()
    lab.equal((seen.status, w.held()), (0, NEW), f"{w.shape}: Retry-After: resume goes on", seen)
    w.reset()
    plan = w.plan(*NEW_EDITS)
    w.wrong(busy=[429, 1], times=1)
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, w.held()), (0, NEW), f"{w.shape}: Retry-After: 1: waits", seen)
    w.wrong(once=502)
    seen = lab.run("draft", DOMAIN, "ttl", "2h", "--account", "lab", "-o", lab.path("x.json"))
    lab.equal(seen.status, 0, f"{w.shape}: one 502 with a page on a read is tried again", seen)


# ---- somebody else in the middle of a push --------------------------------------------------------------------------

def stolen(lab, w):
    """The record that is to stay is removed by another hand right before ours removes the last other one."""
    def pair(records):
        records[:] = [r for r in records if not (r["type"] == "MX" and r["name"] == "@" and r["data"].startswith("reserv"))]
    w.reset(pair)
    plan = w.plan("remove", "mejlserver2.exempel.com")
    w.wrong(steal=[1, "mejlserver1.exempel.com"])
    seen = lab.run("push", plan, "--json", "--no-watch")
    value = seen.json() or {}
    lab.equal((seen.status, value.get("state"), value.get("unfinished"), w.held()), (6, "conflict", True, {(10, "mejlserver1.exempel.com")}),
              f"{w.shape}: what another removed under us is put back at once, and said", f"{w.sets()}{seen}")
    lab.equal([s["state"] for s in value.get("steps", [])], ["done", "done"], f"{w.shape}: both steps are told", seen)
    seen = w.resume()
    lab.equal((seen.status, w.held()), (0, {(10, "mejlserver1.exempel.com")}), f"{w.shape}: and resume ends it", seen)
    # a record that our adds have not made vanishes between them and the removals
    w.reset()
    plan = w.plan(*NEW_EDITS)
    w.wrong(steal=[3, "mejlserver1.exempel.com"])
    seen = lab.run("push", plan, "--json", "--no-watch")
    value = seen.json() or {}
    lab.equal((seen.status, value.get("state")), (6, "conflict"), f"{w.shape}: a record that vanishes while we add: conflict, nothing is removed", seen)
    lab.ok(not any(s["step"].startswith("remove") for s in value.get("steps", [])) and "nothing was written" not in seen.out, f"{w.shape}: and it says that it wrote", seen)


# ---- 12: journals that cannot be read -------------------------------------------------------------------------------

def damaged(lab, w):
    w.reset()
    plan = w.plan(*NEW_EDITS)
    w.wrong(dead=w.first_add)
    lab.run("push", plan, "--no-watch", "--timeout", "1")
    w.wrong()
    name = f"state/mxladder/journal/{DOMAIN}.ndjson"
    whole = lab.read(name)
    lines = whole.splitlines(True)
    spoilt = {"a zero byte in the middle": whole[:200] + "\0" + whole[200:], "zero bytes at the end": whole + "\0" * 64,
              "a cut line in the middle": lines[0] + lines[1][:30] + "\n" + "".join(lines[2:]), "no first line": "".join(lines[1:]),
              "an empty line": lines[0] + "\n" + "".join(lines[1:]), "nothing but zero bytes": "\0" * 512}
    for what, text in spoilt.items():
        lab.write(name, text)
        for command in (("resume", DOMAIN), ("push", plan, "--no-watch"), ("history", DOMAIN)):
            seen = lab.run(*command)
            lab.ok(seen.status == 4 and "no push from here was interrupted" not in seen.out + seen.err, f"a journal with {what}: {command[0]} says so, exit 4", seen)
    lab.write(name, whole[:-20])
    seen = lab.run("resume", DOMAIN, "--no-watch")
    lab.ok(seen.status == 0 and w.held() == NEW, "an unfinished last line is a crash's: resume finishes the push", seen)


# ---- 5: two machines ------------------------------------------------------------------------------------------------

def two_machines(lab, w):
    """One removes mejlserver1, the other mejlserver2, from a set of these two; in many orders."""
    first, second = "mejlserver1.exempel.com", "mejlserver2.exempel.com"

    def pair(records):
        records[:] = [r for r in records if not (r["type"] == "MX" and r["name"] == "@" and r["data"].rstrip(".") not in (first, second))]
    env, plan = {}, {}
    for who, host in (("a", first), ("b", second)):
        w.configure(key=f"{KEY}-{who}", machine="-" + who)
        env[who] = {"XDG_CONFIG_HOME": lab.path("config-" + who), "XDG_STATE_HOME": lab.path("state-" + who)}
    w.reset(pair)
    for who, host in (("a", first), ("b", second)):
        plan[who] = w.plan("remove", host, name=f"two-{who}.json", env=env[who])

    def run(who):
        child = subprocess.run([PROGRAM, "push", plan[who], "--json", "--no-watch"], env={**lab.env, **env[who]}, cwd=lab.dir,
                               stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        lab.http(w.server["port"], "PUT", "/__unsure", {"gone": who})
        return child.returncode, json.loads(child.stdout or b"{}")
    bad, count = [], 0
    alone = 8
    orders = {"a" * i + "b" * j + x for i in range(alone) for j in range(alone) for x in ("ab" * 20, "ba" * 20, "a" * 40, "b" * 40)}
    for order in sorted(orders)[::3]:
        w.reset(pair)
        for who in "ab":
            subprocess.run(["rm", "-rf", lab.path(f"state-{who}/mxladder/journal")], check=True)
        w.wrong(turns=order)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            ends = dict(zip("ab", pool.map(run, "ab")))
        sets, count = w.sets(), count + 1
        told = {who: end[1].get("state") for who, end in ends.items()}
        if not all(sets):
            bad.append(f"{order}: empty: {sets} {told}")
        if told["a"] == told["b"] == "published":
            bad.append(f"{order}: both published, the set is {sets[-1]}")
        for who, host in (("a", first), ("b", second)):
            if told[who] == "conflict" and "nothing was" in json.dumps(ends[who][1]) and ends[who][1].get("written"):
                bad.append(f"{order}: {who} wrote and says that nothing was written")
    lab.ok(count >= 60 and not bad, f"{w.shape}: two machines, {count} orders: never empty, never both published", "\n".join(bad[:20]))


# ---- before the first write -----------------------------------------------------------------------------------------

def before_the_write(lab, w):
    """Nothing was sent: failed, finished, and the plan can be pushed again."""
    w.reset()
    plan = w.plan(*NEW_EDITS)
    for name, spoil, status in (("a revoked key", lambda: w.configure(key="wrong"), 5), ("no network", lambda: w.wrong(dead=0), 3),
                                ("a vendor that refuses", lambda: w.wrong(busy=[422, 0]), 8)):
        spoil()
        seen = lab.run("push", plan, "--json", "--no-watch", "--timeout", "1")
        value = seen.json() or {}
        lab.equal((seen.status, value.get("state"), value.get("written"), value.get("unfinished")), (status, "failed", 0, False),
                  f"{w.shape}: push with {name}: failed, nothing was changed", seen)
        w.configure()
        w.wrong()
        text = lab.run("resume", DOMAIN)
        lab.ok("no push from here was interrupted" in text.out and w.held() == OLD, f"{w.shape}: {name}: nothing is left unfinished", text)
    seen = lab.run("push", plan, "--no-watch")
    lab.equal((seen.status, w.held()), (0, NEW), f"{w.shape}: and the same plan is pushed after that", seen)


def unknown_ttl(lab, w):
    """A plan that was made from a cache's answer: base.ttl is null, and the one that is held is the old one."""
    w.reset()
    plan = w.plan("remove", "reserv.exempel.net")
    with open(plan, encoding="utf-8") as f:
        value = json.load(f)
    value["base"]["ttl"] = None
    value["approvals"] = []
    signed = {name: value[name] for name in ("domain", "zone", "account", "provider", "base", "want")}
    value["id"] = "sha256:" + hashlib.sha256(json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    lab.write("plan.json", value)
    approved = lab.run("approve", plan)
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, state_of(seen)), (0, "published"), f"{w.shape}: a plan that does not know the old TTL is pushed", f"{approved}{seen}")
    w.reset()
    lab.run("push", plan, "--no-watch", "--timeout", "1") if w.wrong(dead=w.first_add) is None else None
    w.wrong()
    seen = w.resume("--undo")
    lab.equal((seen.status, w.held(), (seen.json() or {}).get("held", {}).get("ttl")), (0, OLD, 45000), f"{w.shape}: and taken back with the TTL that was held", seen)


# ---- a real PowerDNS ------------------------------------------------------------------------------------------------

class Powerdns:
    def __init__(self, lab):
        self.lab = lab
        self.server = lab.serve("pdns.py", "--state", WORLD)
        with open(self.server["dir"] + "/key", encoding="ascii") as f:
            self.key = f.read().strip()
        self.proxy = lab.serve("chaosproxy.py", "--upstream", f"127.0.0.1:{self.server['port']}")
        self.resolver = lab.serve("liar.py", "--state", WORLD)
        self.configure(self.proxy["port"])

    def configure(self, port, path=""):
        self.lab.write("config/mxladder/config", f"[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:{port}{path}\n"
                       f"key_file = {self.server['dir']}/key\n\n[dns]\nresolver = 127.0.0.1:{self.resolver['port']}\n")

    def target(self):
        return f"/api/v1/servers/localhost/zones/{DOMAIN}."

    def body(self, records, ttl=45000):
        """Records as (preference, host), or as (content, disabled)."""
        rows = [{"content": f"{a} {b}.", "disabled": False} if isinstance(a, int) else {"content": a, "disabled": b} for a, b in records]
        return {"rrsets": [{"name": DOMAIN + ".", "type": "MX", "ttl": ttl, "changetype": "REPLACE", "records": rows}]}

    def reset(self, records=None, **chaos):
        self.lab.http(self.server["port"], "PATCH", self.target(), self.body(sorted(records or OLD)), {"X-API-Key": self.key})
        self.lab.forget()
        self.lab.http(self.proxy["port"], "PUT", "/__chaos", chaos)

    def rows(self):
        """[(content, disabled)] of the MX set."""
        zone = self.lab.http(self.server["port"], "GET", self.target(), headers={"X-API-Key": self.key})[1]
        return sorted((r["content"], r["disabled"]) for s in zone["rrsets"] if s["type"] == "MX" and s["name"] == DOMAIN + "." for r in s["records"])

    def held(self):
        return {(int(content.split()[0]), content.split()[1].rstrip(".")) for content, off in self.rows() if not off}

    def plan(self, *edits):
        path = self.lab.path("plan.json")
        made = self.lab.run("draft", DOMAIN, *edits, "--account", "lab", "-o", path)
        approved = self.lab.run("approve", path)
        assert made.status == 0 and approved.status == 0, f"{made}{approved}"
        return path

    def push(self, path, *options):
        return self.lab.run("push", path, "--json", "--no-watch", *options)

    def editor(self, records):
        return self.lab.write("editor.json", [{"method": "PATCH", "target": self.target(), "body": self.body(sorted(records)),
                                               "headers": {"X-API-Key": self.key, "Content-Type": "application/json"}}])


def powerdns_late(lab, p):
    """The PATCH is exchange 2: zone, PATCH, zone."""
    p.reset()
    plan = p.plan(*NEW_EDITS)
    p.reset(fault="late", at=2, times=1)
    seen = lab.run("push", plan, "--json", "--no-watch", "--timeout", "1")
    time.sleep(3)
    lab.equal((seen.status, p.held()), (0, NEW), "powerdns: a PATCH that takes effect after the time-out, and is sent again: published, and stays so", seen)
    p.reset(fault="late", at=2, times=30)
    seen = lab.run("push", plan, "--json", "--no-watch", "--timeout", "1")
    value = seen.json() or {}
    lab.equal((seen.status, value.get("state"), value.get("unfinished")), (7, "unknown", True), "powerdns: a PATCH that takes effect after the time-out: unknown, exit 7", seen)
    done = wait_until(lambda: p.held() == NEW, 10)
    lab.http(p.proxy["port"], "PUT", "/__chaos", {})
    text = lab.run("resume", DOMAIN, "--no-watch") if done else seen
    lab.equal((text.status, p.held()), (0, NEW), "powerdns: and resume finds it done", text)


def powerdns_two(lab, p):
    """Another machine, which read the same, writes right before ours, or right after."""
    p.reset()
    plan = p.plan(*NEW_EDITS)
    other = {(10, "mejlserver1.exempel.com"), (10, "mejlserver2.exempel.com")}
    p.reset(run=p.editor(other), at=2)
    seen = p.push(plan)
    value = seen.json() or {}
    lab.equal((seen.status, value.get("state"), value.get("written"), value.get("unfinished")), (6, "conflict", 1, True),
              "powerdns: a write between our read and our write is seen by the serial: conflict", seen)
    text = lab.run("resume", DOMAIN, "--no-watch")
    lab.equal((text.status, p.held()), (0, NEW), "powerdns: resume, after a look, ends it", text)
    p.reset(run=p.editor(other), at=3)
    seen = p.push(plan)
    value = seen.json() or {}
    lab.equal((seen.status, value.get("state"), value.get("written")), (6, "conflict", 1), "powerdns: a write right after ours: conflict, and that we wrote", seen)
    lab.equal(mx_of((value.get("conflict") or {}).get("live")), other, "powerdns: the conflict has what is held", seen)
    text = lab.run("resume", DOMAIN, "--no-watch")
    lab.ok("nothing was written" not in text.out or text.status == 0, "powerdns: and it never says that nothing was written", text)


def powerdns_uncounted(lab, p):
    """Zones whose serial counts no writes: what cannot be noticed is not taken for granted."""
    other = {(10, "mejlserver1.exempel.com"), (10, "mejlserver2.exempel.com")}
    for kind in ("DEFAULT", "INCREASE", "EPOCH", "OFF", ""):
        lab.http(p.server["port"], "PUT", p.target(), {"soa_edit_api": kind}, {"X-API-Key": p.key})
        counted = kind in ("DEFAULT", "INCREASE")
        p.reset()
        seen = p.push(p.plan(*NEW_EDITS))
        value = seen.json() or {}
        lab.equal((seen.status, value.get("state"), value.get("unguarded"), p.held()), (0, "published", not counted, NEW),
                  f"powerdns: soa_edit_api \"{kind}\": is another's write noticed", seen)
        p.reset()
        plan = p.plan(*NEW_EDITS)
        p.reset(run=p.editor(other), at=2)
        seen = p.push(plan)
        value = seen.json() or {}
        lab.equal((seen.status, value.get("state"), value.get("unguarded")), (6, "conflict", False) if counted else (0, "published", True),
                  f"powerdns: soa_edit_api \"{kind}\": another writes between our read and our write", seen)
        p.reset()
    lab.http(p.server["port"], "PUT", p.target(), {"soa_edit_api": "DEFAULT"}, {"X-API-Key": p.key})


def powerdns_disabled(lab, p):
    rows = [("10 mejlserver1.exempel.com.", False), ("30 mx3.exempel.net.", True)]
    p.reset(rows)
    was = p.rows()
    seen = p.push(p.plan("add", "30", "mx3.exempel.net"))
    lab.ok(seen.status == 0 and ("30 mx3.exempel.net.", False) in p.rows(), "powerdns: adding a record that is kept disabled enables it", f"{p.rows()}{seen}")
    back = lab.path("back.json")
    lab.run("rollback", DOMAIN, "-o", back)
    lab.run("approve", back)
    seen = p.push(back)
    lab.equal((seen.status, p.rows()), (0, was), "powerdns: a rollback keeps it, disabled again", seen)
    seen = lab.run("rollback", DOMAIN)
    lab.ok(seen.status == 1 and not seen.out, "powerdns: a second rollback does not apply the change again", seen)
    text = lab.run("history", DOMAIN, "--json")
    pushes = (text.json() or {}).get("pushes", [{}, {}])
    lab.equal(pushes[1].get("revert_of"), pushes[0].get("push"), "powerdns: the history says what was taken back", text)


def powerdns_spelling(lab, p):
    p.reset([("1 mail@exempel.net.", False), ("10 mejlserver1.exempel.com.", False)])
    odd = [content for content, _ in p.rows() if content.startswith("1 ")]
    seen = p.push(p.plan("add", "30", "mx3.exempel.net"), "--override", "target-nxdomain=kept")
    lab.equal(([c for c, _ in p.rows() if c.startswith("1 ")], seen.status), (odd, 0), "powerdns: what it cannot spell is kept as it is stored", seen)


def powerdns_endpoint(lab, p):
    p.reset()
    for path in ("/", "/api/v1", "/api/v1/", "/api/v1/servers/localhost"):
        p.configure(p.server["port"], path)
        seen = lab.run("accounts", "--verify")
        made = lab.run("draft", DOMAIN, "ttl", "2h", "--account", "lab", "-o", lab.path("slash.json"))
        lab.equal((seen.status, made.status), (0, 0), f"powerdns: an endpoint that ends in {path} works", f"{seen}{made}")
    p.configure(p.server["port"], "/elsewhere")
    seen = lab.run("accounts", "--verify")
    lab.ok(seen.status != 0 and "/elsewhere" in seen.out + seen.err, "powerdns: a wrong one is named", seen)
    p.configure(p.proxy["port"])


def odd_records(lab, w):
    """Records that other programs left: read where the meaning is plain, else named."""
    for name, fields, good in (("a priority as text", {"priority": "10"}, True), ("a priority of 10.0", {"priority": 10.0}, True),
                               ("a TTL as text", {"ttl": "3600"}, True), ("no priority", {"priority": None}, False)):
        def change(records, fields=fields):
            records[:] = [r for r in records if not (r["type"] == "MX" and r["name"] == "@")]
            records.append({"name": "@", "type": "MX", "ttl": 3600, "data": "mejlserver1.exempel.com", "priority": 10, **fields})
        w.reset(change)
        seen = lab.run("draft", DOMAIN, "add", "20", "mejlserver2.exempel.com", "--account", "lab", "-o", lab.path("odd.json"))
        base = json.loads(lab.read("odd.json"))["base"] if seen.status == 0 else None
        if good:
            lab.ok(base and base["records"] == [{"preference": 10, "host": "mejlserver1.exempel.com"}] and base["ttl"] == 3600,
                   f"{w.shape}: {name} is read", f"{base}{seen}")
        else:
            lab.ok(seen.status in (2, 3) and "priority" in seen.err and "record" in seen.err, f"{w.shape}: {name}: the record is named", seen)


def automatic(lab, w):
    """Cloudflare's TTL 1: kept where it is, and put back by a rollback."""
    def change(records):
        for r in records:
            if r["type"] == "MX" and r["name"] == "@":
                r["ttl"] = 1

    def ttls():
        return {ttl for name, ttl, _, _ in lab.http(w.server["port"], "GET", "/__state")[1]["history"][DOMAIN][-1] if name == DOMAIN}
    w.reset(change)
    seen = w.push("prefer", "mejlserver2.exempel.com", "20", options=("--override", "target-cname=a test"))
    lab.equal((seen.status, ttls()), (0, {1}), "cloudflare: an automatic TTL stays automatic", seen)
    seen = w.push("ttl", "1h", options=("--override", "target-cname=a test"))
    lab.equal((seen.status, ttls()), (0, {3600}), "cloudflare: a TTL of one's own is set", seen)
    lab.run("rollback", DOMAIN, "-o", lab.path("back.json"))
    lab.run("approve", lab.path("back.json"))
    seen = lab.run("push", lab.path("back.json"), "--json", "--no-watch", "--override", "target-cname=a test")
    lab.equal((seen.status, ttls()), (0, {1}), "cloudflare: a rollback makes it automatic again", seen)


def single(lab, w):
    """A vendor that takes no record like one that is there: what is kept cannot stand there twice for a moment."""
    for hosts in (["mejlserver1.exempel.com"], ["mejlserver2.exempel.com"], ["mejlserver1.exempel.com", "mejlserver2.exempel.com"]):
        w.reset(single=True)
        seen = w.push(*", remove ".join(["", *hosts]).strip(", ").split())
        name = f"{w.shape}: without {' and '.join(hosts)}, where equal records are refused"
        lab.equal((seen.status, state_of(seen), w.held()), (0, "published", {(p, h) for p, h in OLD if h not in hosts}), f"{name}: published", seen)
        lab.equal((seen.json() or {}).get("unguarded"), "mejlserver1.exempel.com" in hosts, f"{name}: and whether it could be guarded is told", seen)
        never_empty(lab, w, name, seen)
    w.reset(single=True)
    text = lab.run("push", w.plan("remove", "mejlserver1.exempel.com"), "--no-watch")
    lab.ok(text.status == 0 and "in the moment of this write cannot be told" in text.out, f"{w.shape}: in words", text)


def main():
    shapes = os.environ.get("PUSH_SHAPES", "digitalocean cloudflare").split()
    only = os.environ.get("PUSH_ONLY", "").split()
    with Lab() as lab:
        for shape in shapes:
            w = World(lab, shape)
            token = {"Authorization": "Bearer test-token"}

            def stranger(there, w=w):
                if w.shape == "digitalocean":
                    if there:
                        w.number = lab.http(w.server["port"], "POST", f"/v2/domains/{DOMAIN}/records", {"type": "MX", "name": "@", "data": "mx.annan.example.", "priority": 5, "ttl": 1800}, token)[1]["domain_record"]["id"]
                    else:
                        lab.http(w.server["port"], "DELETE", f"/v2/domains/{DOMAIN}/records/{w.number}", None, token)
                    return
                zone = lab.http(w.server["port"], "GET", f"/client/v4/zones?name={DOMAIN}", None, token)[1]["result"][0]["id"]
                if there:
                    body = {"posts": [{"type": "MX", "name": DOMAIN, "content": "mx.annan.example", "priority": 5, "ttl": 1800}]}
                    w.number = lab.http(w.server["port"], "POST", f"/client/v4/zones/{zone}/dns_records/batch", body, token)[1]["result"]["posts"][0]["id"]
                else:
                    lab.http(w.server["port"], "POST", f"/client/v4/zones/{zone}/dns_records/batch", {"deletes": [{"id": w.number}]}, token)
            w.stranger = stranger
            tests = [odd_answers, told_otherwise, lag, late, unfinished, given_up, gateways, rounding, already_so, one_key, key_quoted, busy, before_the_write, unknown_ttl, two_machines]
            tests += [odd_records]
            tests += [conflict_in_resume, override_kept, replicas, stolen, twice, single, damaged] if shape == "digitalocean" else [automatic]
            for test in tests:
                if not only or test.__name__ in only:
                    test(lab, w)
        if os.environ.get("PUSH_SHAPES") or not Lab.installed("pdns_server", "sqlite3"):
            return
        p = Powerdns(lab)
        for test in (powerdns_late, powerdns_two, powerdns_uncounted, powerdns_disabled, powerdns_spelling, powerdns_endpoint):
            if not only or test.__name__ in only:
                test(lab, p)


if __name__ == "__main__":
    main()
