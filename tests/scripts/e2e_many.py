#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many domains in one plan file: one key, one listing, several pushes at the same time but no more than the account takes, one
conflict and one refusal that stop nothing else, a report in the file's order, progress on a terminal, and Ctrl-C."""
import json
import os
import pty
import re
import signal
import subprocess

import dig
from lab import PROGRAM, UNTOLD, Lab, past, wait_until

COUNT, AT_ONCE = 10, 4
NAME_SERVERS = ("ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com")
STALE, UNAPPROVED = 3, 6


def world():
    return {"zones": [{"name": f"d{i}.example", "records": [
        {"name": "@", "type": "MX", "ttl": 3600, "priority": 10, "data": f"mx1.d{i}.example"},
        {"name": "@", "type": "MX", "ttl": 3600, "priority": 20, "data": f"mx2.d{i}.example"},
        {"name": "mx1", "type": "A", "ttl": 3600, "data": "192.0.2.10"},
        {"name": "mx2", "type": "A", "ttl": 3600, "data": "192.0.2.11"},
        *({"name": "@", "type": "NS", "ttl": 1800, "data": ns} for ns in NAME_SERVERS)]} for i in range(COUNT)]}


def plans(lab):
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
    """By domain, from its first exchange to its last; the zone's own lookup apart."""
    seen = {}
    for at, e in enumerate(log):
        found = re.search(r"/domains/(d\d+)\.example/records", e["target"])
        if found:
            first, _ = seen.get(found[1], (at, at))
            seen[found[1]] = (first, at)
    return seen


GATES = past(*UNTOLD)


def sets_held(server):
    return [len(dig.mx(server["digitalocean-dns"], f"d{i}.example")[1]) for i in range(COUNT)]


def audited(lab):
    """The account's zones as names, in one listing; --resume leaves out what is told already."""
    done = lab.run("audit", "--account", "lab", "--ordered")
    told = [json.loads(line) for line in done.out.splitlines()]
    wanted = [(f"d{i}.example", [(p, f"mx{p // 10}.d{i}.example", [f"192.0.2.{9 + p // 10}"]) for p in (10, 20)]) for i in range(COUNT)]
    seen = [(line["domain"], [(r["preference"], r["host"], r["addresses"]) for r in line["records"]]) for line in told]
    lab.equal((done.status, seen), (0, wanted), "audit --account: each zone with its set", done)
    half = lab.write("half", "".join(line + "\n" for line in done.out.splitlines()[:7]))
    rest = lab.run("audit", "--account", "lab", "--ordered", "--resume", half)
    lab.equal([json.loads(line)["domain"] for line in rest.out.splitlines()], [f"d{i}.example" for i in range(7, COUNT)],
              "audit --account --resume: the rest", rest)


def report(lab, server, path, port, key):
    """One conflict, one that is not approved; the others are published, by one key."""
    stale = {"type": "MX", "name": "@", "data": "mx9.example.", "priority": 5, "ttl": 3600}
    lab.http(port, "POST", f"/v2/domains/d{STALE}.example/records", stale, {"Authorization": "Bearer " + key})
    before = len(lab.http(port, "GET", "/__log")[1])
    lab.http(port, "PUT", "/__switch", {"latency": 0.02})
    open(lab.path("fetched"), "w", encoding="utf-8").close()
    done = lab.run("push", path, "--json", "--no-watch", *GATES, timeout=120)
    log = lab.http(port, "GET", "/__log")[1][before:]
    value = done.json() or {}
    told = [(p["domain"], p["state"]) for p in value.get("pushes", [])]
    wanted = [(f"d{i}.example", "conflict" if i == STALE else "failed" if i == UNAPPROVED else "published") for i in range(COUNT)]
    lab.equal(told, wanted, "each is told, in the file's order", done)
    lab.equal(done.status, 6, "the exit status is that of the worst", done)
    lab.equal(done.out, json.dumps(value, indent=2, ensure_ascii=False) + "\n", "one at a time, they make the same list")
    lab.equal(sets_held(server), [3 if i == STALE else 2 if i == UNAPPROVED else 1 for i in range(COUNT)], "what is told is held")
    lists = sum("/domains?" in e["target"] for e in log)
    names = sum(bool(re.search(r"/domains/d\d+\.example$", e["target"])) for e in log)
    lab.ok(lists <= 1 and names <= 8, "few zones are asked for by name, then all are listed once", (lists, names))
    lab.equal(lab.read("fetched"), "fetched\n", "the key is fetched once")
    seen = spans(log)
    at_once = max(sum(first <= at <= last for first, last in seen.values()) for at in range(len(log)))
    lab.ok(1 < at_once <= AT_ONCE, "several are pushed at the same time, as many as the account takes", (at_once, seen))


def on_a_terminal(lab, path):
    """Progress on stderr where that is a terminal; the report, in the file's order, on stdout."""
    mine, its = pty.openpty()
    child = subprocess.Popen([PROGRAM, "push", path, "--no-watch"], env=lab.env, cwd=lab.dir, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=its)
    os.close(its)
    said = b""
    try:
        while piece := os.read(mine, 65536):
            said += piece
    except OSError:
        pass
    out = child.communicate(timeout=60)[0].decode()
    os.close(mine)
    lines = said.decode().replace("\r", "").splitlines()
    ends = sorted(line.split()[0] for line in lines if " has ended; " in line)
    lab.equal(ends, [f"d{i}.example" for i in range(COUNT) if i != UNAPPROVED], "the end of each that was begun is shown", lines)
    counted = [int(n) for n in re.findall(rf"pushes that have ended: (\d+) of {COUNT}", "\n".join(lines))]
    lab.ok(counted == sorted(set(counted)) and counted and counted[-1] in (COUNT - 1, COUNT), "how many have ended is counted", lines)
    lab.equal(re.findall(r"^(d\d+)\.example: ", out, re.M), [f"d{i}" for i in range(COUNT)], "the report is in the file's order", out)


def stopped(lab, server, path, port):
    """Ctrl-C in the middle: nothing more is begun, what is told is held, and resume finishes what was cut short."""
    lab.forget()
    lab.http(port, "PUT", "/__state")
    lab.http(port, "PUT", "/__switch", {"latency": 0.1})
    before = len(lab.http(port, "GET", "/__log")[1])
    child = lab.start("push", path, "--json", "--no-watch", *GATES)
    wait_until(lambda: sum(e["method"] == "DELETE" for e in lab.http(port, "GET", "/__log")[1][before:]) >= 2)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    lab.http(port, "PUT", "/__switch", {"latency": 0})
    told = [(p["domain"], p["state"], p.get("unfinished", False)) for p in json.loads(out)["pushes"]]
    lab.equal([name for name, _, _ in told], [f"d{i}.example" for i in range(COUNT)], "Ctrl-C: each is told", out + err)
    lab.equal(child.returncode, 7, "Ctrl-C: interrupted", told)
    held = sets_held(server)
    fits = all(n == {"published": 1, "failed": 2}.get(state, n) for n, (_, state, _) in zip(held, told))
    lab.ok(fits and {"published", "failed"} <= {state for _, state, _ in told}, "Ctrl-C: what is told is held", (held, told))
    for name, _, unfinished in told:
        if unfinished:
            lab.run("resume", name, "--no-watch")
    rest = [lab.run("resume", name, "--json").json() for name, _, _ in told]
    lab.ok(all(seen and seen["push"] is None for seen in rest), "Ctrl-C: nothing is left open", rest)
    lab.equal(sets_held(server), [1 if state == "published" or unfinished else 2 for _, state, unfinished in told],
              "Ctrl-C: what was cut short is finished")


def main():
    with Lab() as lab:
        state = lab.write("world.json", world())
        server = lab.serve("hosted.py", "--state", state, "--vendor", "digitalocean", "--dns")
        resolver = lab.serve("liar.py", "--state", state)
        port = server["digitalocean"]
        account = lab.http(port, "GET", "/__account")[1]
        fetch = lab.write("fetch", f"#!/bin/sh\necho fetched >> {lab.path('fetched')}\necho {account['key']}\n", 0o700)
        lab.configure(f"[account lab]\nprovider = digitalocean\nendpoint = {account['endpoint']}\nsettle = 2s\n"
                      f"key_command = {fetch}\n\n[dns]\nresolver = 127.0.0.1:{resolver['port']}\n")
        audited(lab)
        path = plans(lab)
        lab.http(port, "PUT", "/__state")
        report(lab, server, path, port, account["key"])
        on_a_terminal(lab, path)
        stopped(lab, server, path, port)


if __name__ == "__main__":
    main()
