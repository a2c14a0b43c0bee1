#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What simulate --as-probed foretells, and what real mail programs do: Debian's Postfix, Exim, OpenSMTPD, Sendmail, dma and Courier, as they come, each send a
message to a domain for every state that a probe reports, with a good backup behind; then the two are compared.

Not part of the check: `./dev senders` runs it, for six minutes, because servers that keep still are waited for as long as the
programs do.  SENDERS (words) chooses some.
"""
import json
import os
import subprocess
import time

import realmail
from lab import Lab, wait_until

NET, OWN, RESOLVER = "192.0.2", "198.51.100.1", "127.0.0.53"
# What stands before the backup: addresses of smtpliar.py, one a rung
LADDERS = {
    "up": [1], "self-signed": [2], "wrong-name": [3], "expired": [4], "no-starttls": [5], "starttls-454": [6], "tls-garbage": [7], "tls-closed": [8],
    "greeting-421": [9], "greeting-554": [10], "drop": [11], "mute": [12], "ehlo-421": [13], "ehlo-550": [14], "silent": [22], "refused": [250],
    "rcpt-451": [32], "mail-451": [34], "421-and-tls": [9, 7], "refused-and-drop": [250, 11], "rcpt-451-twice": [32, 40],
}
ALONE = {"alone-421": [9], "alone-tls": [8], "alone-ehlo-550": [14], "alone-refused": [250]}    # without a backup
SLACK = (6, 0.1)                                    # seconds, and of the time: a busy machine is late
WATCH = 330


def names():
    return [*LADDERS, *ALONE]


def records():
    """(owner, type, data) below example.com: a domain a ladder, a backup of its own each."""
    yield from [("@", "SOA", "ns.example.com. postmaster.example.com. 1 3600 900 604800 300"), ("@", "NS", "ns.example.com."), ("ns", "A", RESOLVER),
                ("back", "MX", "10 back1.example.com."), ("back1", "A", f"{NET}.1")]
    for i, name in enumerate(names()):
        rungs = [f"{NET}.{n}" for n in {**LADDERS, **ALONE}[name]] + ([f"{NET}.{101 + i}"] if name in LADDERS else [])
        for k, address in enumerate(rungs):
            host = f"r{k}-{name}"
            yield name, "MX", f"{10 * (k + 1)} {host}.example.com."
            yield host, "A", address


def zone(lab):
    return lab.write("zone", "$ORIGIN example.com.\n$TTL 3600\n" + "".join(f"{n} {t} {d}\n" for n, t, d in records()))


def state(lab):
    rows = [{"name": n, "type": t, "ttl": 3600, "data": d.replace("com.", "com")} for n, t, d in records()]
    return lab.write("dns.json", {"zones": [{"name": "example.com", "records": rows}]})


def addresses():
    """All of NET is here, but is no address of this machine: Courier takes those for itself. OpenSMTPD wants one beside loopback's."""
    subprocess.run(["ip", "address", "add", f"{OWN}/32", "dev", "lo"], check=True)
    subprocess.run(["ip", "route", "add", "local", f"{NET}.0/24", "dev", "lo", "src", OWN], check=True)


def addresses_of(outcome):
    return [(a["address"], a["share"]) for h in outcome["hosts"] for a in h["addresses"]]


def whole(ends):
    return next((end for end, share in ends if share > 0.999), None)


def foretold(lab, file, name):
    """{sender: (where, seconds, marks, later)} of the first attempt: an address, "deferred" or "bounced"; None: nothing is foretold. Later:
    the address in the end."""
    domain = f"{name}.example.com"
    words = ["--intrusive", domain] if "451" in name else []
    world = ["--zone", file] if file else []
    value = lab.run("simulate", domain, "--as-probed", *words, "--sender", "all", *world, "--json").json() or {}
    marks, found = [(d["what"], d["state"]) for d in value.get("down", [])], {}
    for told in value.get("senders", []):
        first, final = told["first_attempt"], told["final"]
        ends = addresses_of(first) + [(word, first[word]) for word in ("deferred", "bounced")]
        found[told["sender"]] = (whole(ends), told["delay_s"]["median"], marks, whole(addresses_of(final)))
    return found


def send(machine, name):
    """One message to each domain; the sender's own address tells bounces."""
    for domain in names():
        to, sender = f"{name}@{domain}.example.com", f"{name}.{domain}@back.example.com"
        command = {"postfix": f"sendmail -f {sender} {to}", "exim": f"exim4 -odb -f {sender} {to}", "opensmtpd": f"sendmail -f {sender} {to}",
                   "dma": f"dma -f {sender} {to}", "sendmail": f"sendmail -Am -odb -f {sender} {to}", "courier": f"sendmail -f {sender} {to}"}[name]
        machine.run(command, f"From: {sender}\nTo: {to}\nSubject: a test\n\nOne line.\n")
        yield (name, domain), time.time()


def happened(log, begun):
    """{(sender, domain): (where, seconds)} so far."""
    found = {}
    with open(log, encoding="utf-8") as f:
        for line in f:
            word, *rest = line.split()
            if word != "took":
                continue
            at, address, to = rest
            local, domain = to.split("@")
            key = tuple(local.split(".", 1)) if domain == "back.example.com" else (local, domain.split(".")[0])
            found.setdefault(key, ("bounced" if domain == "back.example.com" else address, float(at) - begun[key]))
    return found


def same(told, seen):
    if told[0] != seen[0] and not (told[0] == "deferred" and told[3] == seen[0]):    # a second attempt that was waited for
        return False
    return seen[1] is None or seen[0] == "bounced" or abs(seen[1] - (told[1] or 0)) <= max(SLACK[0], SLACK[1] * seen[1])


def main():
    senders = os.environ.get("SENDERS", " ".join(realmail.SENDERS)).split()
    realmail.fetch(*(p for s in senders for p in realmail.SENDERS[s][1]))
    realmail.enter("SENDERS_NETNS")
    addresses()
    machines = {}
    with Lab() as lab:
        log = lab.path("took")
        server = lab.serve("smtpliar.py", "--net", NET, "--port", 25, "--log", log, "--deliver", len(names()))
        lab.serve("slowdns.py", "--delay", 0, "--log", lab.path("dns.log"), "--state", state(lab), f"{RESOLVER}:53=resolve")
        lab.configure(f"[probe]\nca_file = {server['dir']}/ca.pem\nname = probe.example.org\nconnect_timeout = 3s\nreply_timeout = 10s\n")
        try:
            for name in senders:
                machines[name] = realmail.SENDERS[name][0](lab, RESOLVER)
            begun = dict(pair for name in senders for pair in send(machines[name], name))
            file, told = zone(lab), {}
            for domain in names():
                said = foretold(lab, file, domain)
                told.update({(name, domain): said.get(name, (None, None, [], None)) for name in senders})
            wait_until(lambda: len(happened(log, begun)) == len(begun), max(1, WATCH - (time.time() - min(begun.values()))), every=2)
            seen = happened(log, begun)
            print(f"# {'sender':10} {'state':18} {'foretold':>16} {'s':>5}   {'happened':>16} {'s':>6}", flush=True)
            for key in begun:
                met = seen.get(key, ("deferred", None))
                late = "" if met[1] is None else f"{met[1]:.1f}"
                print(f"# {key[0]:10} {key[1]:18} {told[key][0] or 'not foretold':>16} {told[key][1] if told[key][1] is not None else '':>5}   {met[0]:>16} {late:>6}", flush=True)
                lab.ok(told[key][0] is not None and same(told[key], met), f"{key[0]}, {key[1]}: what is foretold happens", json.dumps([told[key], met]))
        finally:
            for name, machine in machines.items():
                if os.environ.get("LAB_KEEP"):
                    print(machine.run("cat /var/log/lab.log /var/log/exim4/* 2>/dev/null; mailq", check=False), flush=True)


if __name__ == "__main__":
    main()
