#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Served means served: what a push and `verify` say of the name servers, in a network namespace with servers on port 53: a real
PowerDNS, and ones that flap, refuse, are silent, have no address, or only one that this machine cannot reach."""
import copy
import json
import re
import time

import netns
from lab import WORLD, Lab
from world import CONFIG, DOMAIN, NEW_EDITS

FIRST, SECOND, THIRD = "127.0.0.11", "127.0.0.12", "127.0.0.13"


def seconds(text):
    return time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) if text else None


class World:
    """One PowerDNS that holds the zone at FIRST; a resolver's answers, and a server at SECOND and at THIRD, are of files."""

    def __init__(self, lab):
        self.lab = lab
        with open(WORLD, encoding="utf-8") as f:
            self.zones = json.load(f)["zones"]
        self.addresses = {"ns1": [("A", FIRST)], "ns2": [("A", SECOND)]}
        self.pdns = lab.serve("pdns.py", "--state", self.write("pdns.json", self.delegated()), "--listen", FIRST)
        self.write("resolver.json", self.delegated())
        self.write("second.json", self.delegated())
        self.write("third.json", self.delegated())
        self.resolver = lab.serve("authority.py", "--listen", "127.0.0.1", "--port", "5301", "--resolver", "--state", lab.path("resolver.json"))
        lab.serve("authority.py", "--listen", SECOND, "--state", lab.path("second.json"))
        lab.serve("authority.py", "--listen", THIRD, "--state", lab.path("third.json"))
        self.new = None

    def write(self, name, zones, **more):
        return self.lab.write(name, {"zones": zones, **more})

    def delegated(self, zones=None):
        """The zones with the name servers' addresses, and an NS record for each name server."""
        zones = copy.deepcopy(zones or self.zones)
        zone = zones[0]
        zone["records"] = [r for r in zone["records"] if not (r["name"].startswith("ns") and r["type"] in ("A", "AAAA")) and r["type"] != "NS"]
        for name, addresses in self.addresses.items():
            zone["records"].append({"name": "@", "type": "NS", "ttl": 86400, "data": f"{name}.{DOMAIN}"})
            for kind, data in addresses:
                zone["records"].append({"name": name, "type": kind, "ttl": 86400, "data": data})
        return zones

    def changed(self):
        """The zones as the push leaves them."""
        zones = self.delegated()
        zone = zones[0]
        zone["records"] = [r for r in zone["records"] if not (r["type"] == "MX" and r["name"] == "@")]
        for preference, host in ((10, "mejlserver1.exempel.com"), (20, "mejlserver2.exempel.com"), (30, "mx3.exempel.net")):
            zone["records"].append({"name": "@", "type": "MX", "ttl": 3600, "priority": preference, "data": host})
        return zones

    def reset(self, watch="6s", apart="1s", **addresses):
        """PowerDNS has the old set; the delegation names these servers; the plan is approved."""
        self.addresses = {"ns1": [("A", FIRST)], **{name: value for name, value in addresses.items() if value is not None}}
        self.lab.forget()
        self.lab.configure(CONFIG.format(port=self.pdns["port"], key=self.pdns["dir"] + "/key", resolver=self.resolver["port"])
                           .replace("seen_apart = 0", f"seen_apart = {apart}\nwatch = {watch}"))
        self.write("resolver.json", self.delegated())
        with open(self.pdns["dir"] + "/key", encoding="ascii") as f:
            key = f.read().strip()
        sets = [{"name": DOMAIN + ".", "type": "MX", "ttl": 45000, "changetype": "REPLACE",
                 "records": [{"content": f"{r['priority']} {r['data']}.", "disabled": False} for r in self.zones[0]["records"]
                             if r["type"] == "MX" and r["name"] == "@"]}]
        self.lab.http(self.pdns["port"], "PATCH", f"/api/v1/servers/localhost/zones/{DOMAIN}.", {"rrsets": sets}, {"X-API-Key": key})
        plan = self.lab.path("plan.json")
        made = self.lab.run("draft", DOMAIN, *NEW_EDITS, "--account", "lab", "-o", plan)
        approved = self.lab.run("approve", plan)
        assert made.status == 0 and approved.status == 0, f"{made}{approved}"
        return plan


def servers_of(seen):
    return {(s["server"], s["address"]): s for s in (seen.json() or {}).get("verified", {}).get("servers", [])}


def row(servers, name, address, *members):
    found = servers.get((f"{name}.{DOMAIN}", address), {})
    return tuple(found.get(member, "missing") for member in members)


def push(lab, plan, *more):
    began = time.monotonic()
    seen = lab.run("push", plan, "--json", *more)
    return seen, time.monotonic() - began


def twice_and_apart(lab, w):
    plan = w.reset(watch="20s", apart="3s", ns2=[("A", SECOND)])
    w.write("second.json", w.changed())
    seen, took = push(lab, plan)
    servers = servers_of(seen)
    lab.equal((seen.status, (seen.json() or {}).get("state")), (0, "published"), "two servers that agree: published, exit 0", seen)
    lab.equal([row(servers, n, a, "state", "matches", "seen") for n, a in (("ns1", FIRST), ("ns2", SECOND))], [("answers", True, 2)] * 2,
              "each was seen twice", seen)
    lab.ok(3 <= took < 12, f"which takes as long as they lie apart ({took:.1f} s)", seen)
    value = seen.json() or {}
    last = max(seconds(s["since"]) for s in servers.values())
    last = max(last, seconds(value["published_at"]))
    lab.equal((seconds(value["safe_to_retire_old_hosts_at"]) - last, seconds(value["stretched_until"]) - last), (45000, 45000 + 86400),
              "the date: the last server's change and the old TTL; the stretch apart", seen)


def flaps(lab, w):
    """Behind one address there may be two machines."""
    plan = w.reset(watch="6s", apart="1s", ns2=[("A", SECOND)])
    w.write("second.json", w.changed(), manner="turns", other=w.delegated())
    seen, took = push(lab, plan)
    lab.equal((seen.status, (seen.json() or {}).get("state"), (seen.json() or {}).get("safe_to_retire_old_hosts_at")), (1, "published", None),
              "a server that flaps: exit 1, no date", seen)
    lab.ok(took >= 6 and row(servers_of(seen), "ns2", SECOND, "seen")[0] < 2, "one matching answer does not count for ever", seen)
    w.write("second.json", w.changed())
    again = lab.run("verify", DOMAIN, "--json")
    lab.equal((again.status, row(servers_of(again), "ns2", SECOND, "state", "seen")), (0, ("answers", 2)), "verify: when it flaps no more, exit 0", again)
    value = again.json() or {}
    lab.ok(value.get("safe_to_retire_old_hosts_at"), "verify: and the date", again)
    lab.equal((value.get("push"), value.get("state")), ((seen.json() or {}).get("push"), "published"), "verify: takes up the watch of that push", again)
    lab.ok(any('"event": "verify"' in t or '"event":"verify"' in t for t in lab.state_files("journal").values()), "verify: the journal has it")
    twice = lab.run("verify", DOMAIN, "--json")
    lab.equal((twice.status, (twice.json() or {}).get("safe_to_retire_old_hosts_at")), (0, value.get("safe_to_retire_old_hosts_at")),
              "verify once more: what was seen before counts, and the date stands", twice)
    past = (lab.run("history", DOMAIN, "--json").json() or {}).get("pushes", [{}])[-1]
    lab.equal((past.get("record") or {}).get("safe_to_retire_old_hosts_at"), value.get("safe_to_retire_old_hosts_at"), "history has the date", past)
    w.write("second.json", w.delegated())
    after = lab.run("verify", DOMAIN, "--json", "--watch", "2s")
    lab.equal((after.status, row(servers_of(after), "ns2", SECOND, "state", "matches", "seen")), (1, ("answers", False, 0)),
              "verify --watch 2s: a server that has the old set again, exit 1", after)
    text = lab.run("verify", DOMAIN, "--watch", "1s")
    lab.ok(text.status == 1 and "has another set" in text.out and "not seen that every name server" in text.out, "verify: and says so", text)


def without_address(lab, w):
    """A delegated server whose name has no address has a row."""
    plan = w.reset(ns2=[])
    seen, took = push(lab, plan)
    lab.equal((seen.status, row(servers_of(seen), "ns2", None, "state", "matches", "seen"), (seen.json() or {}).get("safe_to_retire_old_hosts_at")),
              (1, ("no-address", None, 0), None), "a delegated server without an address: a row, exit 1, no date", seen)
    lab.ok(took < 5, f"and no waiting for it ({took:.1f} s)", seen)
    w.addresses = {"ns1": [("A", FIRST)], "ns2": [("A", SECOND)]}
    w.write("resolver.json", w.delegated())
    w.write("second.json", w.changed())
    again = lab.run("verify", DOMAIN, "--json")
    lab.equal((again.status, row(servers_of(again), "ns2", SECOND, "state", "seen")), (0, ("answers", 2)), "verify: once it has one, exit 0", again)


def one_family(lab, w):
    """Dual-stack name servers, asked from a host without IPv6."""
    plan = w.reset(watch="30s", ns1=[("A", FIRST), ("AAAA", "2001:db8::11")], ns2=[("A", SECOND), ("AAAA", "2001:db8::12")])
    w.write("second.json", w.changed())
    seen, took = push(lab, plan)
    servers = servers_of(seen)
    lab.equal([row(servers, n, a, "state", "matches") for n, a in (("ns1", FIRST), ("ns1", "2001:db8::11"), ("ns2", SECOND), ("ns2", "2001:db8::12"))],
              [("answers", True), ("unreachable", None)] * 2, "the family that this machine lacks is not reachable from here", seen)
    lab.ok(seen.status == 0 and took < 8, f"and costs no wait ({took:.1f} s)", seen)
    plan = w.reset(watch="30s", ns2=[("AAAA", "2001:db8::12")])
    seen, took = push(lab, plan)
    lab.equal((seen.status, (seen.json() or {}).get("safe_to_retire_old_hosts_at")), (1, None),
              "a server that has no other family was not verified: exit 1, no date", seen)
    lab.ok(took < 8, f"without a wait ({took:.1f} s)", seen)
    text = lab.run("verify", DOMAIN)
    lab.ok(text.status == 1 and re.search(r"ns2\S*\s+\S*2001:db8::12\S*\s+.*from here", text.out), "in words too", text)


def refusals(lab, w):
    for manner, state in (("refused", "refuses"), ("servfail", "lame"), ("lame", "lame"), ("silent", "silent")):
        plan = w.reset(watch="4s", ns2=[("A", SECOND)])
        w.write("second.json", w.changed(), manner=manner)
        seen, _ = push(lab, plan, "--timeout", "1")
        lab.equal((seen.status, row(servers_of(seen), "ns2", SECOND, "state", "matches", "seen"), row(servers_of(seen), "ns1", FIRST, "state", "matches")),
                  (1, (state, None, 0), ("answers", True)), f"a server that is {manner}: {state}", seen)


def refused_port(lab, w):
    """A server that is down for the moment is waited for: no route is something else."""
    plan = w.reset(watch="5s", ns2=[("A", "127.0.0.99")])
    seen, took = push(lab, plan)
    lab.equal((seen.status, row(servers_of(seen), "ns2", "127.0.0.99", "state", "matches", "seen")), (1, ("unreachable", None, 0)),
              "an address where nobody listens: unreachable, exit 1", seen)
    lab.ok(took >= 5, f"and waited for until the time is up ({took:.1f} s)", seen)


def unasked(lab, w):
    """What nobody asked is not "no answer"."""
    plan = w.reset(ns2=[("A", SECOND)])
    for more in (("--dry-run",), ("--no-watch",)):
        seen = lab.run("push", plan, *more, "--server", SECOND, "--json")
        servers = servers_of(seen)
        lab.equal([(s["state"], s["matches"], s["seen"]) for s in servers.values()], [("not_asked", None, 0)], f"push {more[0]}: not asked", seen)
        w.reset(ns2=[("A", SECOND)])
        seen = lab.run("push", plan, *more, "--server", SECOND)
        lab.ok("not asked" in seen.out and "no answer" not in seen.out, f"push {more[0]}: in words too", seen)
    lab.forget()
    seen = lab.run("verify", DOMAIN, "--json")
    lab.equal(seen.status, 1, "verify where nothing was published: exit 1", seen)
    lab.equal(lab.run("verify", DOMAIN, "--watch", "soon").status, 2, "verify --watch of no duration: exit 2")


def short_watch(lab, w):
    plan = w.reset(watch="2m", apart="10s")
    seen, took = push(lab, plan, "--watch", "2s")
    lab.equal((seen.status, row(servers_of(seen), "ns1", FIRST, "state", "matches", "seen")), (1, ("answers", True, 1)),
              "a watch that is shorter than that: seen once, exit 1", seen)
    lab.ok(2 <= took < 6, f"push --watch 2s ({took:.1f} s)", seen)
    text = lab.run("verify", DOMAIN, "--watch", "1s")
    lab.ok(text.status == 1 and "seen once so far" in text.out, "and verify says so", text)


def serials_apart(lab, w):
    """One set, two serials: said as a notice, and no reason to doubt the set."""
    plan = w.reset(apart="0", ns2=[("A", SECOND)])
    before, after = w.delegated(), w.changed()
    before[0]["serial"] = after[0]["serial"] = 4711
    w.write("second.json", before)
    seen = lab.run("show", DOMAIN, "--json")
    told = {s["address"]: s for s in (seen.json() or {}).get("servers", [])}
    lab.equal([told.get(a, {}).get("agrees") for a in (FIRST, SECOND)], [True, True], "serials apart: show: the servers agree on the set", seen)
    lab.ok(told[SECOND]["serial"] == 4711 != told[FIRST]["serial"], "and each one's serial is told", seen)
    checked = lab.run("check", DOMAIN, "--json")
    found = [(f["level"], f["text"]) for f in (checked.json() or {}).get("findings", []) if f["id"] in ("serial-lag", "auth-disagree")]
    lab.equal(found, [("notice", f"ns1.{DOMAIN} has the zone's serial {told[FIRST]['serial']}, ns2.{DOMAIN} has 4711")], "check: a notice, with both serials", checked)
    w.write("second.json", after)
    seen, _ = push(lab, plan)
    servers = servers_of(seen)
    lab.equal((seen.status, row(servers, "ns2", SECOND, "matches", "serial"), row(servers, "ns1", FIRST, "matches")), (0, (True, 4711), (True,)),
              "push: published, whatever the serials", seen)
    again = lab.run("verify", DOMAIN)
    lab.ok(again.status == 0 and "every name server gives the set" in again.out and "serial 4711" in again.out, "verify too, and it tells the serials", again)


def first_mx(lab, w):
    """Where there was no MX record, caches hold that for the negative TTL of the zone (300 s here)."""
    w.reset(apart="0")
    name = f"ny.{DOMAIN}"
    plan = lab.path("first.json")
    made = lab.run("draft", name, "add", "10", "mejlserver1.exempel.com,", "ttl", "1h", "--account", "lab", "-o", plan)
    approved = lab.run("approve", plan)
    seen, _ = push(lab, plan)
    value = seen.json() or {}
    lab.equal(seen.status, 0, "the first MX of a name: exit 0", f"{made}{approved}{seen}")
    last = max([seconds(value.get("published_at")) or 0] + [seconds(s["since"]) for s in value.get("verified", {}).get("servers", [])])
    lab.equal((seconds(value.get("safe_to_retire_old_hosts_at")), seconds(value.get("stretched_until"))), (last + 300, last + 300 + 86400),
              "the date is of the negative TTL", seen)
    again = lab.run("verify", name, "--json")
    lab.equal((again.status, (again.json() or {}).get("safe_to_retire_old_hosts_at")), (0, value.get("safe_to_retire_old_hosts_at")),
              "verify: by the negative TTL too", again)


def main():
    Lab.need("pdns_server", "sqlite3", "unshare", "ip")
    netns.enter(ipv6=False)
    with Lab() as lab:
        w = World(lab)
        twice_and_apart(lab, w)
        flaps(lab, w)
        without_address(lab, w)
        one_family(lab, w)
        refusals(lab, w)
        refused_port(lab, w)
        unasked(lab, w)
        short_watch(lab, w)
        first_mx(lab, w)
        serials_apart(lab, w)


if __name__ == "__main__":
    main()
