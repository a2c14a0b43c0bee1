#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of what goes with a change, tried with a real sender: Debian's Postfix with postfix-mta-sts-resolver, Knot, unbound and an
HTTPS server. A domain in enforce mode moves to another server; each step that `mxladder diff` prints is taken as it is printed,
and a mail is sent after it and after its wait: all are delivered. In the wrong order they are not. The same of a signed domain that DANE
protects, whose new server shows another key than its TLSA record has.

Not part of the check: `./dev companions` runs it, for some minutes, because the waits are kept.
"""
import hashlib
import os
import subprocess
import time

import policies
import realmail
import signing
from lab import Lab, wait_until
from policies import PACKAGES

DOMAIN, NET, OLD, NEW = "example.com", "192.0.2", "192.0.2.101", "192.0.2.102"
SIGNED, OLD_SIGNED, NEW_SIGNED = "example.net", "192.0.2.103", "192.0.2.104"
AUTHORITY, RESOLVER, HTTPS = "127.0.0.54", "127.0.0.53", "127.0.0.80"
TTL, MAX_AGE, GRACE = 3, 50, 40          # a busy machine does the steps of a wrong order within the grace
DAEMON = f"""host: 127.0.0.1
port: 8461
cache:
  type: internal
  options:
    cache_size: 100
cache_grace: {GRACE}
default_zone:
  strict_testing: false
  timeout: 4
"""


class World:
    def __init__(self, lab):
        self.lab, self.log, self.sent = lab, lab.path("took"), 0
        server = lab.serve("smtpliar.py", "--net", NET, "--port", 25, "--log", self.log, "--deliver", 4,
                           *(word for domain in (DOMAIN, SIGNED) for host in ("old", "new") for word in ("--name", f"{host}.{domain}")))
        self.certificates = server["dir"]
        lab.configure(f"[dns]\nresolver = {RESOLVER}\nca_file = {self.certificates}/ca.pem\n")
        self.fresh()
        self.fresh_signed()
        signing.serve(lab, AUTHORITY, RESOLVER, {DOMAIN: lab.path("zone")}, {SIGNED: lab.path("signed")})
        policies.serve(HTTPS, f"{self.certificates}/chain-wildcard.pem", f"{self.certificates}/wildcard.key", lambda _: self.policy)
        self.ca = lab.read(os.path.relpath(self.certificates + "/ca.pem", lab.dir))
        self.postfix = realmail.postfix(lab, RESOLVER, "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix\nsmtp_tls_CAfile = /etc/lab-ca.pem\n"
                                        "smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec\n", PACKAGES)
        self.postfix.write("/etc/lab-ca.pem", self.ca)
        self.postfix.write("/etc/mta-sts-daemon.yml", DAEMON)
        self.daemon()

    def daemon(self):
        """Anew, with nothing in its memory. Asked to end, it goes on answering whoever is connected, from what it remembers."""
        self.postfix.run("[ ! -s /run/sts.pid ] || kill -KILL $(cat /run/sts.pid); sleep 1")
        policies.resolve(self.postfix)

    def fresh(self):
        self.policy = f"version: STSv1\nmode: enforce\nmx: old.{DOMAIN}\nmax_age: {MAX_AGE}\n"
        self.mx, self.txt, self.serial = [(10, f"old.{DOMAIN}")], f'_mta-sts.{DOMAIN}. IN TXT "v=STSv1; id=1;"\n', int(time.time())
        self.publish(load=False)

    def publish(self, load=True):
        self.serial += 1
        self.lab.write("zone", f"$ORIGIN {DOMAIN}.\n$TTL {TTL}\n@ SOA ns postmaster {self.serial} 3600 900 604800 {TTL}\n@ NS ns\nns A {AUTHORITY}\n"
                       + "".join(f"@ MX {p} {h}.\n" for p, h in self.mx) + self.txt
                       + f"mta-sts A {HTTPS}\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@{DOMAIN}\"\nold A {OLD}\nnew A {NEW}\n")
        if load:
            self.load(DOMAIN)

    def load(self, zone):
        subprocess.run(["knotc", "-c", self.lab.path("knot.conf"), "-s", self.lab.path("knot.sock"), "zone-reload", zone], check=True, capture_output=True)

    def fresh_signed(self):
        """The old server has a record of its key, the new one that of a key which it had before."""
        self.signed_mx, self.tlsa, self.serial = f"old.{SIGNED}", [self.line("old", self.shown(f"old.{SIGNED}")), self.line("new", "00" * 32)], int(time.time())
        self.publish_signed(load=False)

    @staticmethod
    def line(host, digest):
        return f"_25._tcp.{host}.{SIGNED}. IN TLSA 3 1 1 {digest}\n"

    def shown(self, name):
        """The digest of the key that a server shows."""
        public = subprocess.run(["openssl", "pkey", "-in", f"{self.certificates}/{name}.key", "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        return hashlib.sha256(public).hexdigest()

    def publish_signed(self, load=True):
        self.serial += 1
        self.lab.write("signed", f"$ORIGIN {SIGNED}.\n$TTL {TTL}\n@ SOA ns postmaster {self.serial} 3600 900 604800 {TTL}\n@ NS ns\nns A {AUTHORITY}\n"
                                 f"@ MX 10 {self.signed_mx}.\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@{SIGNED}\"\nold A {OLD_SIGNED}\nnew A {NEW_SIGNED}\n"
                       + "".join(self.tlsa))
        if load:
            self.load(SIGNED)

    def mail(self, domain=DOMAIN):
        """Where a new message went at once: an address, or "deferred" and why."""
        self.sent += 1
        to = f"mail{self.sent}@{domain}"
        self.postfix.run(f"sendmail -f from@sender.example {to}", f"To: {to}\nSubject: {self.sent}\n\nOne line.\n")

        def line():
            said = [row for row in self.postfix.run("cat /var/log/lab.log").splitlines() if f"to=<{to}>" in row and "status=" in row]
            return said[:1]
        said = wait_until(line, 40, every=0.3)
        if not said or "status=sent" not in said[0]:
            return ("deferred", said[0].split("status=")[-1] if said else "nothing in 40 s")
        taken = [row.split()[2] for row in self.lab.read("took").splitlines() if row.startswith("took ") and row.endswith(" " + to)]
        return ("sent", taken[0] if taken else None)


def changes(lab, world):
    """The plan, and the steps that diff prints."""
    plan = lab.path("plan.json")
    made = lab.run("draft", DOMAIN, f"add 10 new.{DOMAIN}, remove old.{DOMAIN}", "-o", plan)
    seen = lab.run("diff", plan, "--json")
    steps = (seen.json() or {}).get("companions", [])
    lab.equal([s["id"] for s in steps], ["sts-policy", "sts-id", "mx", "drain-not-over", "sts-tighten", "sts-tighten-id"], "what diff prints", f"{made}\n{seen}")
    return steps


def take(world, step):
    """As it is printed: a policy is the file, a record is a line of the zone, the set is the plan's; a drain is waited for."""
    if step["id"] in ("sts-policy", "sts-tighten"):
        world.policy = step["text"]
    elif step["id"] in ("sts-id", "sts-tighten-id"):
        world.txt = step["text"]
    elif step["id"] == "mx":
        world.mx = [(10, f"new.{DOMAIN}")]
    world.publish()


def right_order(lab, world):
    lab.equal(world.mail(), ("sent", OLD), "before the change: delivered to the old server")
    changed = False
    for step in changes(lab, world):
        take(world, step)
        changed |= step["when"] == "change"
        for when in ("at once", f"after {step['wait'] or 0} s"):
            met = world.mail()
            lab.ok(met[0] == "sent" and (met[1] in ((OLD, NEW) if changed else (OLD,))), f"{step['id']}, {when}: delivered", met)
            print(f"# {step['id']:16} {when:12} {met[0]} {met[1]}", flush=True)
            if when == "at once":
                time.sleep(max(step["wait"] or 0, TTL) + 1)
    lab.equal(world.mail(), ("sent", NEW), "after the change: delivered to the new server")


def wrong_orders(lab, world):
    for name, order, waits in (("the set before its policy", ["mx"], {}),
                               ("the policy without its id", ["sts-policy", "mx"], {"sts-policy": 1}),
                               ("the wait cut short", ["sts-policy", "sts-id", "mx"], {"sts-policy": 0, "sts-id": 0})):
        world.fresh()
        world.publish()
        time.sleep(TTL + 1)
        world.daemon()
        lab.equal(world.mail(), ("sent", OLD), f"{name}: before it, delivered")
        steps = {s["id"]: s for s in changes(lab, world)}
        for part in order:
            take(world, steps[part])
            time.sleep(waits.get(part, 0))
        time.sleep(TTL + 1)
        met = world.mail()
        lab.equal(met[0], "deferred", f"{name}: not delivered", met)
        print(f"# {name}: {met[0]} {met[1][:150]}", flush=True)


def signed_changes(lab):
    plan = lab.path("signed.json")
    made = lab.run("draft", SIGNED, f"add 10 new.{SIGNED}, remove old.{SIGNED}", "-o", plan)
    seen = lab.run("diff", plan, "--probe", "--json")
    steps = (seen.json() or {}).get("companions", [])
    lab.equal([s["id"] for s in steps], ["tlsa", "mx", "drain-not-over", "tlsa-old"], "DANE: what diff prints", f"{made}\n{seen}")
    return steps


def take_signed(world, step):
    if step["id"] == "tlsa":
        world.tlsa.append(step["text"])
    elif step["id"] == "mx":
        world.signed_mx = f"new.{SIGNED}"
    elif step["id"] == "tlsa-old":
        del world.tlsa[0]
    world.publish_signed()


def signed(lab, world):
    lab.configure(f"[dns]\nresolver = {RESOLVER}\nanchor_file = {lab.path('anchor')}\n\n[probe]\nname = probe.sender.example\n")
    lab.equal(world.mail(SIGNED), ("sent", OLD_SIGNED), "DANE, before the change: delivered to the old server")
    changed = False
    for step in signed_changes(lab):
        take_signed(world, step)
        changed |= step["when"] == "change"
        for when in ("at once", "after its wait"):
            met = world.mail(SIGNED)
            lab.ok(met[0] == "sent" and met[1] in ((OLD_SIGNED, NEW_SIGNED) if changed else (OLD_SIGNED,)), f"DANE, {step['id']}, {when}: delivered", met)
            print(f"# DANE {step['id']:16} {when:14} {met[0]} {met[1]}", flush=True)
            if when == "at once":
                time.sleep(max(step["wait"] or 0, 2 * TTL) + 1)
    lab.equal(world.mail(SIGNED), ("sent", NEW_SIGNED), "DANE, after the change: delivered to the new server")
    world.fresh_signed()
    world.publish_signed()
    time.sleep(TTL + 1)
    lab.equal(world.mail(SIGNED), ("sent", OLD_SIGNED), "DANE, the set before the TLSA record: before it, delivered")
    world.signed_mx = f"new.{SIGNED}"
    world.publish_signed()
    time.sleep(TTL + 1)
    met = world.mail(SIGNED)
    lab.equal(met[0], "deferred", "DANE, the set before the TLSA record: not delivered", met)
    print(f"# DANE, the set before the TLSA record: {met[0]} {met[1][:150]}", flush=True)


def main():
    realmail.fetch(*PACKAGES)
    realmail.enter("COMPANIONS_NETNS")
    Lab.need("knotd", "knotc", "keymgr", "unbound", "openssl")
    os.system(" && ".join(f"ip addr add {NET}.{n}/32 dev lo" for n in [*range(1, 51), 101, 102, 103, 104, 250]))
    with Lab() as lab:
        world = World(lab)
        try:
            right_order(lab, world)
            wrong_orders(lab, world)
            signed(lab, world)
        finally:
            if os.environ.get("LAB_KEEP"):
                print(world.postfix.run("cat /var/log/lab.log /var/log/sts.log", check=False), flush=True)


if __name__ == "__main__":
    main()
