#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What simulate foretells of senders that go by TLSA records, and what they do: Debian's Postfix and Exim, told to validate, each send a message to
a signed domain for every pair of a server's state and its TLSA records, with a good backup behind that has none, or with none, or where the
server is an alias and they stand at its end; then the two are compared.

Not part of the check: `./dev dane` runs it, in half a minute. SENDERS (words) chooses some.
"""
import hashlib
import os
import subprocess
import time

import realmail
import signing
from lab import Lab, wait_until
from lab_senders import NET, RESOLVER, addresses, foretold, happened, same

AUTHORITY, SIGNED, WATCH = "127.0.0.54", "example.com", 15
STATES = {"good": (1, "good"), "self-signed": (2, "self"), "wrong-name": (3, "wrong"), "expired": (4, "expired"), "no-starttls": (5, "good"), "starttls-454": (6, "good"),
          "tls-garbage": (7, "good"), "tls-closed": (8, "good"), "alone": (1, "good"), "alias": (1, "good")}
# TLSA records: usage, and whether the digest is that of the server's key; None: no record. SMTP has no use for usage 1 (RFC 7672 section 3.1.3)
RECORDS = {"none": None, "right": (3, True), "other": (3, False), "unusable": (1, True)}
SETTINGS = "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n"


def names():
    return [f"{state}-{records}" for state in STATES for records in RECORDS]


class World:
    def __init__(self, lab):
        self.lab, self.log = lab, lab.path("took")
        self.server = lab.serve("smtpliar.py", "--net", NET, "--port", 25, "--log", self.log, "--deliver", len(names()))
        zone = f"$ORIGIN {SIGNED}.\n$TTL 3600\n@ SOA ns postmaster 1 3600 900 604800 300\n@ NS ns\nns A {AUTHORITY}\nback MX 10 back1\nback1 A {NET}.1\n"
        for i, name in enumerate(names()):
            state, records = name.rsplit("-", 1)
            host, alias = (f"end-{name}", f"r0-{name} CNAME end-{name}\n") if state == "alias" else (f"r0-{name}", "")
            zone += f"{name} MX 10 r0-{name}\n{alias}{host} A {NET}.{STATES[state][0]}\n" + self.tlsa(host, STATES[state][1], RECORDS[records])
            zone += "" if state == "alone" else f"{name} MX 20 r1-{name}\nr1-{name} A {NET}.{101 + i}\n"
        lab.write("zone", zone)
        signing.serve(lab, AUTHORITY, RESOLVER, {}, {SIGNED: lab.path("zone")})
        lab.configure(f"[dns]\nresolver = {RESOLVER}\nanchor_file = {lab.path('anchor')}\n"
                      f"[probe]\nca_file = {self.server['dir']}/ca.pem\nname = probe.example.org\nconnect_timeout = 3s\nreply_timeout = 10s\n"
                      "[sender postfix-dane]\nbase = postfix\ndane = yes\n[sender exim-dane]\nbase = exim\ndane = yes\n")

    def tlsa(self, host, file, record):
        if not record:
            return ""
        key = subprocess.run(["openssl", "pkey", "-in", f"{self.server['dir']}/{file}.key", "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        return f"_25._tcp.{host} TLSA {record[0]} 1 1 {hashlib.sha256(key + b'x' * (not record[1])).hexdigest()}\n"


def send(machine, name, domains):
    for domain in domains:
        to, sender = f"{name}@{domain}.example.com", f"{name}.{domain}@back.example.com"
        machine.run(f"sendmail -f {sender} {to}" if name == "postfix" else f"exim4 -odb -f {sender} {to}", f"From: {sender}\nTo: {to}\nSubject: a test\n\nOne line.\n")
        yield (name, domain), time.time()


def machine(lab, name):
    if name == "postfix":
        return realmail.postfix(lab, RESOLVER, SETTINGS)
    real = realmail.exim(lab, RESOLVER)
    real.write("/etc/resolv.conf", f"nameserver {RESOLVER}\noptions trust-ad\n")
    return real


def main():
    senders = os.environ.get("SENDERS", "postfix exim").split()
    realmail.fetch(*(p for s in senders for p in realmail.SENDERS[s][1]))
    realmail.enter("SENDERS_NETNS")
    addresses()
    with Lab() as lab:
        world = World(lab)
        machines = {name: machine(lab, name) for name in senders}
        begun, told = dict(pair for name in senders for pair in send(machines[name], name, names())), {}
        for domain in names():
            said = foretold(lab, None, domain)
            told.update({(name, domain): said.get(f"{name}-dane", (None, None, [], None)) for name in senders})
        wait_until(lambda: len(happened(world.log, begun)) == len(begun), WATCH, every=2)
        seen = happened(world.log, begun)
        for key in begun:
            met = seen.get(key, ("deferred", None))
            print(f"# {key[0]:8} {key[1]:22} foretold {told[key][0] or 'nothing':12} happened {met[0]}", flush=True)
            lab.ok(told[key][0] is not None and same(told[key], met), f"{key[0]}, {key[1]}: what is foretold happens", str([told[key], met]))


if __name__ == "__main__":
    main()
