#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates of a push against a real PowerDNS, in a network namespace: what loses mail blocks, also where nobody can tell; the dry run and the
push end alike; a typed reason lets through what it names."""
import copy
import json

import dig
import netns
from lab import WORLD, Lab
from world import CONFIG, DOMAIN, NEW_EDITS


class World:
    """PowerDNS holds exempel.com and more; what the DNS says is a file."""

    def __init__(self, lab):
        self.lab = lab
        with open(WORLD, encoding="utf-8") as f:
            self.zones = json.load(f)["zones"]
        self.zones[0]["records"] += [
            {"name": "adress", "type": "MX", "ttl": 3600, "priority": 5, "data": "mejlserver2.exempel.com"},
            {"name": "adress", "type": "A", "ttl": 3600, "data": "192.0.2.60"},
            {"name": "trasig", "type": "MX", "ttl": 3600, "priority": 5, "data": "borta.exempel.com"},
            {"name": "trasig", "type": "MX", "ttl": 3600, "priority": 9, "data": "mejlserver2.exempel.com"},
            {"name": "nyheter", "type": "TXT", "ttl": 3600, "data": "\"no address\""}]
        state = lab.write("held.json", {"zones": self.zones})
        self.pdns = lab.serve("pdns.py", "--state", state, "--listen", "127.0.0.1")
        self.resolver = lab.serve("authority.py", "--listen", "127.0.0.2", "--port", "5301", "--resolver", "--state", lab.path("dns.json"))
        self.seen(self.zones)
        lab.configure(CONFIG.format(port=self.pdns["port"], key=self.pdns["dir"] + "/key", resolver=0).replace(
            "resolver = 127.0.0.1:0", "resolver = 127.0.0.2:5301"))

    def seen(self, zones, **more):
        """What a resolver answers from now on."""
        self.lab.write("dns.json", {"zones": zones, **more})

    def plan(self, name, domain, *edits):
        """Made and approved while all is well."""
        self.seen(self.zones)
        path = self.lab.path(name)
        made = self.lab.run("draft", domain, *edits, "--account", "lab", "-o", path)
        approved = self.lab.run("approve", path)
        assert made.status == 0 and approved.status == 0, f"{made}{approved}"
        return path

    def held(self, domain):
        return dig.mx(self.pdns["dns"], domain)[1]


def gates_of(seen):
    error = (seen.json() or {}).get("error") or {}
    return error.get("code"), [(g["id"], g["answer"]) for g in error.get("gates", [])]


def blocks(lab, w, plan, domain, wanted, name):
    """Dry run and push end alike, and nothing is written."""
    before = w.held(domain)
    for more in (("--dry-run",), ("--no-watch",)):
        seen = lab.run("push", plan, "--json", "--timeout", "2", *more)
        lab.equal((seen.status, gates_of(seen)), (1, ("blocked", wanted)), f"{name}: {more[0]} is blocked, exit 1", seen)
        lab.equal([s["step"] for s in (seen.json() or {}).get("steps", []) if s["state"] not in ("planned",)], [], f"{name}: {more[0]} sent nothing", seen)
    lab.equal(w.held(domain), before, f"{name}: the set stands")
    lab.forget()


def emptied(lab, w):
    """every MX of a domain without an address."""
    plan = w.plan("empty.json", "nyheter." + DOMAIN, "remove", "mejlserver2.exempel.com")
    blocks(lab, w, plan, "nyheter." + DOMAIN, [("undeliverable", "no")], "no MX and no address")
    w.seen([{**z, "records": [r for r in z["records"] if r["name"] != "nyheter" or r["type"] == "MX"]} for z in w.zones])
    text = lab.run("push", plan, "--no-watch")
    lab.ok(text.status == 1 and "--override undeliverable=REASON" in text.err and "blocks: " in text.out, "in words, with the way on", text)
    lab.forget()
    wrong = lab.run("push", plan, "--no-watch", "--override", "undelivrable=typo", "--json")
    lab.equal((wrong.status, (wrong.json() or {}).get("error", {}).get("code")), (2, "usage"), "an unknown --override id is refused", wrong)
    lab.ok("undeliverable" in wrong.out and "wrong-zone" in wrong.out, "with the list", wrong)
    done = lab.run("push", plan, "--no-watch", "--json", "--override", "undeliverable=the list moved")
    lab.equal((done.status, (done.json() or {}).get("state"), w.held("nyheter." + DOMAIN)), (0, "published", set()), "a typed reason lets it through", done)
    lab.ok(any("the list moved" in t for t in lab.state_files("journal").values()), "and stays in the journal")
    plan = w.plan("keeps.json", "adress." + DOMAIN, "remove", "mejlserver2.exempel.com")
    done = lab.run("push", plan, "--no-watch", "--json")
    lab.equal((done.status, w.held("adress." + DOMAIN)), (0, set()), "a name with an address of its own needs no reason", done)


def wrong_zones(lab, w):
    """Zones that are not the delegated one, and what a dry run foresees of them."""
    plan = w.plan("zone.json", DOMAIN, *NEW_EDITS)
    elsewhere = copy.deepcopy(w.zones)
    for r in elsewhere[0]["records"]:
        if r["type"] == "NS":
            r["data"] = "ns9.exempel.net"
    w.seen(elsewhere)
    blocks(lab, w, plan, DOMAIN, [("wrong-zone", "no")], "delegated elsewhere")
    com = {"name": "com", "records": [{"name": "@", "type": "NS", "ttl": 86400, "data": "ns.com"}]}
    w.seen([com, w.zones[1]])
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, gates_of(seen)[0], ("wrong-zone", "no") in gates_of(seen)[1]), (1, "blocked", True), "a zone that nobody delegates", seen)
    lab.forget()
    w.seen(w.zones, manner="servfail")
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, gates_of(seen)[0], ("wrong-zone", "unknown") in gates_of(seen)[1]), (1, "blocked", True),
              "lookups that SERVFAIL: nobody can tell, and that blocks", seen)
    lab.forget()
    plan = w.plan("cut.json", "nytt.avd." + DOMAIN, "add", "10", "mejlserver1.exempel.com,", "ttl", "1h")
    below = copy.deepcopy(w.zones) + [{"name": "avd." + DOMAIN, "records": [{"name": "@", "type": "NS", "ttl": 86400, "data": "ns9.exempel.net"}]}]
    w.seen(below)
    seen = lab.run("push", plan, "--json", "--no-watch")
    lab.equal((seen.status, gates_of(seen)[0], ("below-cut", "no") in gates_of(seen)[1]), (1, "blocked", True),
              "a name below a cut that is delegated elsewhere", seen)
    lab.forget()


def rolled_back(lab, w):
    """a rollback to a set that had an error."""
    name = "trasig." + DOMAIN
    plan = w.plan("mend.json", name, "remove", "borta.exempel.com")
    done = lab.run("push", plan, "--no-watch")
    lab.equal(done.status, 0, "a set with an error is mended", done)
    lab.run("rollback", name, "-o", lab.path("back.json"))
    lab.run("approve", lab.path("back.json"))
    done = lab.run("push", lab.path("back.json"), "--no-watch", "--json")
    lab.equal((done.status, w.held(name)), (0, {(5, "borta.exempel.com"), (9, "mejlserver2.exempel.com")}),
              "what a rollback restores is not introduced", done)
    lab.forget()
    plan = w.plan("again.json", name, "add", "20", "borta2.exempel.com")
    blocks(lab, w, plan, name, [("target-nxdomain", "no")], "an error that the plan brings")


def foreseen(lab, w):
    """A dry run ends as the push would."""
    plan = w.plan("dry.json", DOMAIN, "ttl", "2h")
    bare = json.loads(lab.read("dry.json"))
    bare["approvals"] = []
    lab.write("bare.json", bare)
    for name, args in (("bare.json", ()), ("dry.json", ())):
        dry = lab.run("push", lab.path(name), "--dry-run", "--json", *args)
        wanted = {"bare.json": (9, "approval"), "dry.json": (0, None)}[name]
        lab.equal((dry.status, ((dry.json() or {}).get("error") or {}).get("code")), wanted, f"a dry run of {name} ends with {wanted[0]}", dry)
        lab.ok([s["state"] for s in (dry.json() or {}).get("steps", [])] == ["planned"], f"and shows the request ({name})", dry)
    lab.equal(lab.state_files("journal"), {}, "a dry run writes no journal")
    other = w.plan("other.json", DOMAIN, "ttl", "3h")
    done = lab.run("push", other, "--no-watch")
    dry = lab.run("push", plan, "--dry-run", "--json")
    lab.equal((dry.status, (dry.json() or {}).get("state")), (6, "conflict"), "a dry run over a change of somebody else's: exit 6", f"{done}{dry}")
    value = (dry.json() or {}).get("conflict") or {}
    lab.equal([(value.get(k) or {}).get("ttl") for k in ("base", "live", "want")], [45000, 10800, 7200], "the conflict has the three sets", dry)
    text = lab.run("push", plan, "--no-watch")
    lab.ok(text.status == 6 and all(t in text.out for t in ("45000", "10800", "7200")), "and its text the row of the TTL", text)


def main():
    Lab.need("pdns_server", "sqlite3", "unshare", "ip")
    netns.enter()
    with Lab() as lab:
        w = World(lab)
        emptied(lab, w)
        wrong_zones(lab, w)
        rolled_back(lab, w)
        foreseen(lab, w)


if __name__ == "__main__":
    main()
