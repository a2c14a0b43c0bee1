#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same change through DigitalOcean's and Cloudflare's rules, and each vendor's traps: pages, next links to another
host, records of another service, zones of one name, refusals with HTTP 200, rate limits, null MX, TTLs out of range."""
import copy
import json

import dig
from lab import WORLD, Lab
from world import DOMAIN, NEW, NEW_EDITS, OLD

NAME_SERVERS = {"cloudflare": ("amy.ns.cloudflare.com", "vin.ns.cloudflare.com"),
                "digitalocean": ("ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com")}
BASE = {"cloudflare": "/client/v4", "digitalocean": "/v2"}


class World:
    """One vendor's server with options of its own; `change` may alter the zones first."""
    number = 0

    def __init__(self, lab, vendor, *options, change=None):
        self.lab, self.vendor = lab, vendor
        World.number += 1
        with open(WORLD, encoding="utf-8") as f:
            world = json.load(f)
        for zone in world["zones"]:
            zone["records"] = [r for r in zone["records"] if not (r["type"] == "NS" and r["name"] == "@")]
            zone["records"] += [{"name": "@", "type": "NS", "ttl": 1800, "data": ns} for ns in NAME_SERVERS[vendor]]
        resolver = lab.write(f"world{World.number}-dns.json", world)
        if change:
            world = copy.deepcopy(world)
            change(world["zones"])
        state = lab.write(f"world{World.number}.json", world)
        self.log = lab.path(f"world{World.number}.log")
        self.server = lab.serve(vendor + ".py", "--state", state, "--dns", "--log", self.log, *options)
        self.resolver = lab.serve("liar.py", "--state", resolver)
        lab.forget()
        lab.configure(f"[account lab]\nprovider = {vendor}\nendpoint = http://127.0.0.1:{self.server['port']}{BASE[vendor]}\n"
                      f"key_file = {lab.write('token', 'test-token' + chr(10))}\n\n[dns]\nresolver = 127.0.0.1:{self.resolver['port']}\n")

    def live(self):
        return dig.mx(self.server["dns"], DOMAIN)

    def writes(self):
        return [e for e in self.lab.log_of(self.log) if e["method"] != "GET"]

    def push(self, *edits, overrides=()):
        """Draft, approve, push; the last command's result, with all that was said before in its err."""
        plan = self.lab.path("plan.json")
        made = self.lab.run("draft", DOMAIN, *edits, "--account", "lab", "-o", plan)
        if made.status != 0:
            return made
        approved = self.lab.run("approve", plan)
        let = [word for i in overrides for word in ("--override", f"{i}=a test")]
        done = self.lab.run("push", plan, "--json", "--server", f"127.0.0.1:{self.server['dns']}", *let)
        done.err += approved.err
        return done


def plain(lab, vendor, *options, name=""):
    w = World(lab, vendor, *options)
    done = w.push(*NEW_EDITS)
    lab.equal(done.status, 0, f"{vendor}{name}: pushed", done)
    lab.equal(w.live(), (3600, NEW), f"{vendor}{name}: its name server has the new set", done)
    value = done.json() or {}
    lab.ok(value.get("state") == "published" and all(s["state"] in ("done", "skipped") for s in value.get("steps", [])), f"{vendor}{name}: every step is told", done)
    made = lab.run("rollback", DOMAIN, "-o", lab.path("back.json"))
    lab.run("approve", lab.path("back.json"))
    back = lab.run("push", lab.path("back.json"), "--override", "target-cname=a test", "--server", f"127.0.0.1:{w.server['dns']}")
    lab.ok(back.status == 0 and w.live() == (45000, OLD), f"{vendor}{name}: and back again", f"{w.live()}\n{made}{back}")
    return w


def refused(lab, w, what, *edits, status=8, overrides=()):
    done = w.push(*edits, overrides=overrides)
    lab.ok(done.status == status or status == 8 and done.status in (1, 2), f"{w.vendor}: {what}: refused", done)
    lab.ok(w.live() == (45000, OLD), f"{w.vendor}: {what}: and live is as before", w.live())
    return done


def digitalocean(lab):
    w = plain(lab, "digitalocean")
    kinds = [e["method"] for e in w.writes()]
    lab.ok(kinds and kinds.index("DELETE") > kinds.index("POST") if "DELETE" in kinds and "POST" in kinds else True,
           "digitalocean: what is new is made before what is old goes", kinds)
    plain(lab, "digitalocean", "--page-size", 2, name=", two records a page")
    w = World(lab, "digitalocean", "--page-size", 2, "--foreign-next")
    done = w.push(*NEW_EDITS)
    lab.ok(done.status not in (0, "timeout") and not w.writes(), "digitalocean: a next link to another host is not followed, nothing is written", done)
    w = World(lab, "digitalocean")
    refused(lab, w, "null MX", "null-mx", overrides=("undeliverable",))
    refused(lab, w, "a TTL under 30", "ttl", "10")
    lab.ok(not w.writes(), "digitalocean: both were known without asking", w.writes())
    w = World(lab, "digitalocean", "--burst", 6, "--window", 2)
    done = w.push(*NEW_EDITS)
    lab.ok(done.status == 0 and w.live() == (3600, NEW) and any(e["status"] == 429 for e in lab.log_of(w.log)),
           "digitalocean: over the burst limit it waits as long as it is told", done)

    def apex(zones):
        zones[0]["records"].append({"name": "@", "type": "MX", "ttl": 45000, "priority": 40, "data": DOMAIN})
    w = World(lab, "digitalocean", change=apex)
    shown = lab.run("draft", DOMAIN, "remove", "reserv.exempel.net", "--account", "lab", "-o", lab.path("apex.json"))
    base = json.loads(lab.read("apex.json"))["base"]["records"] if shown.status == 0 else []
    lab.ok({"preference": 40, "host": DOMAIN} in base, "digitalocean: @ as data is the domain itself", f"{base}{shown}")


def cloudflare(lab):
    w = plain(lab, "cloudflare")
    batches = [e for e in w.writes() if e["target"].endswith("/batch")]
    lab.equal((len(batches), len(w.writes())), (2, 2), "cloudflare: a change is one batch, nothing else is written", w.writes())
    plain(lab, "cloudflare", "--page-size", 5, name=", five records a page")

    def routed(zones):
        for r in zones[0]["records"]:
            if r["type"] == "MX" and r["data"] == "reserv.exempel.net":
                r["read_only"] = True
    w = World(lab, "cloudflare", change=routed)
    refused(lab, w, "a record of Email Routing", *NEW_EDITS)
    lab.ok(not w.writes(), "cloudflare: it was not even tried", w.writes())

    def twice(zones):
        zones.append({**copy.deepcopy(zones[0]), "account": "b" * 32})
    w = World(lab, "cloudflare", change=twice)
    done = w.push(*NEW_EDITS)
    lab.ok(done.status not in (0, "timeout") and not w.writes(), "cloudflare: two zones of one name: none is guessed", done)
    w = World(lab, "cloudflare", "--soft-errors")
    refused(lab, w, "a TTL over a day", "ttl", "2d")
    w = World(lab, "cloudflare", "--limit", 5, "--window", 2, "--block", 2)
    done = w.push(*NEW_EDITS)
    lab.ok(done.status == 0 and w.live() == (3600, NEW) and any(e["status"] == 429 for e in lab.log_of(w.log)),
           "cloudflare: blocked, it waits as long as it is told", done)
    w = World(lab, "cloudflare")
    done = w.push("null-mx", overrides=("undeliverable",))
    lab.equal((done.status, w.live()[1]), (0, {(0, ".")}), "cloudflare: null MX is taken", done)


def main():
    with Lab() as lab:
        digitalocean(lab)
        cloudflare(lab)


if __name__ == "__main__":
    main()
