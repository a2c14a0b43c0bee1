#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many domains in one plan file: one listing, several pushes at the same time but no more than the account takes, one conflict and
one refusal that stop nothing else, and a report in the file's order."""
import json
import re

import dig
from lab import Lab

COUNT, AT_ONCE = 14, 4
NAME_SERVERS = ("ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com")
STALE, UNAPPROVED = 5, 9


def world():
    return {"zones": [{"name": f"d{i}.example", "records": [
        {"name": "@", "type": "MX", "ttl": 3600, "priority": 10, "data": f"mx1.d{i}.example"},
        {"name": "@", "type": "MX", "ttl": 3600, "priority": 20, "data": f"mx2.d{i}.example"},
        {"name": "mx1", "type": "A", "ttl": 3600, "data": "192.0.2.10"},
        {"name": "mx2", "type": "A", "ttl": 3600, "data": "192.0.2.11"},
        *({"name": "@", "type": "NS", "ttl": 1800, "data": ns} for ns in NAME_SERVERS)]} for i in range(COUNT)]}


def plans(lab, resolver):
    made = []
    for i in range(COUNT):
        done = lab.run("draft", f"d{i}.example", f"remove mx2.d{i}.example", "--account", "lab")
        made.append(done.json() if done.status == 0 else {"not made": str(done)})
    path = lab.write("many.json", {"mxladder_plans": 1, "plans": made})
    for i in range(COUNT):
        if i != UNAPPROVED:
            lab.run("approve", path, "--domain", f"d{i}.example")
    return path


def spans(log):
    """By domain, from its first exchange to its last; the zone's own look-up apart."""
    seen = {}
    for at, e in enumerate(log):
        found = re.search(r"/domains/(d\d+)\.example/records", e["target"])
        if found:
            first, _ = seen.get(found[1], (at, at))
            seen[found[1]] = (first, at)
    return seen


def main():
    with Lab() as lab:
        state = lab.write("world.json", world())
        server = lab.serve("hosted.py", "--state", state, "--vendor", "digitalocean", "--dns")
        resolver = lab.serve("liar.py", "--state", state)
        port = server["digitalocean"]
        account = lab.http(port, "GET", "/__account")[1]
        lab.configure(f"[account lab]\nprovider = digitalocean\nendpoint = {account['endpoint']}\nsettle = 2s\n"
                      f"key_file = {lab.write('key', account['key'] + chr(10))}\n\n[dns]\nresolver = 127.0.0.1:{resolver['port']}\n")
        path = plans(lab, resolver)
        lab.http(port, "PUT", "/__state")
        stale = {"type": "MX", "name": "@", "data": "mx9.example.", "priority": 5, "ttl": 3600}
        lab.http(port, "POST", f"/v2/domains/d{STALE}.example/records", stale, {"Authorization": "Bearer " + account["key"]})
        before = len(lab.http(port, "GET", "/__log")[1])
        lab.http(port, "PUT", "/__switch", {"latency": 0.02})
        done = lab.run("push", path, "--json", "--no-watch", *(w for g in ("wrong-zone", "unknown-host", "undeliverable")
                                                              for w in ("--override", g + "=a test")), timeout=120)
        log = lab.http(port, "GET", "/__log")[1][before:]
        value = done.json() or {}
        told = [(p["domain"], p["state"]) for p in value.get("pushes", [])]
        wanted = [(f"d{i}.example", "conflict" if i == STALE else "failed" if i == UNAPPROVED else "published") for i in range(COUNT)]
        lab.equal(told, wanted, "each is told, in the file's order", done)
        lab.equal(done.status, 6, "the exit status is that of the worst", done)
        live = [dig.mx(server["digitalocean-dns"], f"d{i}.example") for i in range(COUNT)]
        lab.ok(all(len(s[1]) == (3 if i == STALE else 2 if i == UNAPPROVED else 1) for i, s in enumerate(live)), "what is told is held", live)
        lists = sum("/domains?" in e["target"] for e in log)
        names = sum(bool(re.search(r"/domains/d\d+\.example$", e["target"])) for e in log)
        lab.ok(lists <= 1 and names <= 8, "few zones are asked for by name, then all are listed once", (lists, names))
        seen = spans(log)
        at_once = max(sum(first <= at <= last for first, last in seen.values()) for at in range(len(log)))
        lab.ok(1 < at_once <= AT_ONCE, "several are pushed at the same time, as many as the account takes", (at_once, seen))
        text = lab.run("push", path, "--no-watch", timeout=120)
        order = re.findall(r"^(d\d+)\.example: ", text.out, re.M)
        lab.equal(order, [f"d{i}" for i in range(COUNT)], "in text too", text)


if __name__ == "__main__":
    main()
