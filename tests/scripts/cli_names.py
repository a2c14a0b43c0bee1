#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""First and last records of a name: the TTL that the first one gets, a name that does not exist yet, the last MX of a domain without an
address, and what a provider would not take, each known at draft, check and approval.  No network: zone files alone."""
import json
import os

from lab import Lab

ZONE = """$ORIGIN example.org.
$TTL 7200
@ IN SOA ns1 hostmaster 2026112501 3600 900 604800 300
@ IN NS ns1
@ IN MX 10 mx1
ns1 IN A 203.0.113.1
mx1 IN A 203.0.113.2
"""


def drafted(lab, name, *args):
    seen = lab.run("draft", *args, "-o", lab.path(name))
    return seen, json.loads(lab.read(name)) if seen.status == 0 else {}


def ttl_of_the_first(lab):
    """A new name: the zone's own TTL, else an hour; seen in diff and draft."""
    seen, plan = drafted(lab, "new.json", "new.example.org", "add", "10", "mx1.example.org", "--zone", lab.path("w.zone"))
    lab.equal((seen.status, plan.get("base", {}).get("records"), plan.get("want", {}).get("ttl")), (0, [], 3600),
              "a name that does not exist yet, without an account: a plan, and an hour", seen)
    seen = lab.run("diff", lab.path("new.json"), "--zone", lab.path("w.zone"), "--json")
    lab.equal([(c["kind"], c["before"], c["after"]) for c in (seen.json() or {}).get("changes", [])],
              [("ttl", None, 3600), ("add", None, {"preference": 10, "host": "mx1.example.org"})], "diff: the TTL of the new set is a change", seen)
    lab.configure(f"[account files]\nprovider = zonefile\nendpoint = {lab.path('zones')}\n")
    seen, plan = drafted(lab, "first.json", "sub.example.org", "add", "10", "mx1.example.org")
    lab.equal((seen.status, plan.get("account"), plan.get("want", {}).get("ttl")), (0, "files", 7200), "the first record gets the zone's own $TTL", seen)
    text = lab.run("diff", lab.path("first.json"))
    lab.ok("Give the new set the TTL 2h." in text.out and "The provider holds what the plan begins from." in text.out, "and diff says so", text)
    seen, plan = drafted(lab, "said.json", "sub.example.org", "add", "10", "mx1.example.org,", "ttl", "5m")
    lab.equal(plan.get("want", {}).get("ttl"), 300, "a TTL that is said counts", seen)


def last_record(lab):
    """An emptied set: nothing left, and no address."""
    zone = lab.path("w.zone")
    seen, _ = drafted(lab, "none.json", "example.org", "remove", "mx1.example.org", "--zone", zone)
    lab.equal(seen.status, 0, "the last record may be drafted away", seen)
    seen = lab.run("check", lab.path("none.json"), "--zone", zone, "--json")
    value = seen.json() or {}
    lab.equal((seen.status, [(f["id"], f["level"], f["introduced"]) for f in value.get("findings", [])]),
              (1, [("undeliverable", "error", True)]), "check: undeliverable, an error that the plan brings", seen)
    lab.ok("undeliverable" not in {s["id"] for s in value.get("not_checked", [])}, "and not among what was not checked", seen)
    seen = lab.run("simulate", lab.path("none.json"), "--zone", zone, "--json")
    lab.equal([s["first_attempt"]["bounced"] for s in (seen.json() or {}).get("senders", [])], [1.0], "simulate: all of it bounces", seen)


def limits(lab):
    """What the vendor would not store is known without asking it."""
    lab.configure("[account cf]\nprovider = cloudflare\nkey_env = TOKEN\n")
    with open(lab.path("new.json"), encoding="utf-8") as f:
        plan = json.load(f)
    del plan["id"]
    plan.update(account="cf", provider="cloudflare", want={**plan["want"], "ttl": 10})
    path = lab.write("limits.json", plan)
    seen = lab.run("check", path, "--zone", lab.path("w.zone"), "--json")
    lab.equal((seen.status, (seen.json() or {}).get("refused")), (1, "Cloudflare takes a TTL from 30s to 1d, not 10s"), "check: a TTL that the provider refuses", seen)
    seen = lab.run("approve", path)
    lab.ok(seen.status == 8 and "takes a TTL from 30" in seen.err and not json.loads(lab.read("limits.json")).get("approvals"), "approve: refused, and not approved", seen)
    seen, _ = drafted(lab, "never.json", "new.example.org", "add", "10", "mx1.example.org,", "ttl", "10", "--zone", lab.path("w.zone"))
    lab.ok(seen.status == 8 and "takes a TTL from 30" in seen.err and not os.path.exists(lab.path("never.json")), "draft: refused, and no plan is written", seen)


def main():
    with Lab() as lab:
        os.mkdir(lab.path("zones"))
        lab.write("w.zone", ZONE)
        lab.write("zones/example.org.zone", ZONE)
        ttl_of_the_first(lab)
        last_record(lab)
        limits(lab)


if __name__ == "__main__":
    main()
