#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What simulate foretells of a sender that keeps to MTA-STS, and what one does: Debian's Postfix with postfix-mta-sts-resolver sends a message to a domain
for every pair of a server's state and a policy, with a good backup behind; then the two are compared.

Not part of the check: `./dev policy` runs it, in a minute.
"""
import os
import subprocess

import policies
import realmail
import signing
from lab import Lab, wait_until
from policies import PACKAGES
from lab_dane import send
from lab_senders import NET, RESOLVER, addresses, foretold, happened, same

AUTHORITY, HTTPS, ZONE, WATCH = "127.0.0.54", "127.0.0.80", "example.com", 30
STATES = {"good": None, "self-signed": 2, "wrong-name": 3, "expired": 4, "no-starttls": 5, "starttls-454": 6, "tls-garbage": 7, "refused": 250}
# a policy's mode, and which of the two servers it lists; None: there is no record
POLICIES = {"none": None, "enforce": ("enforce", (0, 1)), "second": ("enforce", (1,)), "first": ("enforce", (0,)), "testing": ("testing", (1,)), "off": ("none", ())}
DAEMON = """host: 127.0.0.1
port: 8461
cache:
  type: internal
default_zone:
  strict_testing: false
  timeout: 4
"""


def names():
    return [f"{state}-{policy}" for state in STATES for policy in POLICIES]


class World:
    def __init__(self, lab):
        self.lab, self.log = lab, lab.path("took")
        # certificates of their own names: Postfix looks at nothing else, and takes a host that is not listed where it shows a listed name
        good = [f"r1-{name}.{ZONE}" for name in names()] + [f"r0-{name}.{ZONE}" for name in names() if STATES[name.rsplit("-", 1)[0]] is None]
        self.certificates = lab.serve("smtpliar.py", "--net", NET, "--port", 25, "--log", self.log, "--deliver", len(good),
                                      *(word for host in good for word in ("--name", host)))["dir"]
        at = {host.removesuffix("." + ZONE): f"{NET}.{101 + i}" for i, host in enumerate(good)}
        zone = f"$ORIGIN {ZONE}.\n$TTL 3600\n@ SOA ns postmaster 1 3600 900 604800 300\n@ NS ns\nns A {AUTHORITY}\nback MX 10 back1\nback1 A {NET}.25\n"
        for name in names():
            state, policy = name.rsplit("-", 1)
            zone += (f"{name} MX 10 r0-{name}\n{name} MX 20 r1-{name}\nr0-{name} A {at.get(f'r0-{name}', f'{NET}.{STATES[state]}')}\n"
                     f"r1-{name} A {at[f'r1-{name}']}\nmta-sts.{name} A {HTTPS}\n")
            zone += f"_mta-sts.{name} TXT \"v=STSv1; id=1;\"\n" if POLICIES[policy] else ""
        lab.write("zone", zone)
        signing.serve(lab, AUTHORITY, RESOLVER, {ZONE: lab.path("zone")}, {})
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "policy.key", "-out", "policy.csr", "-subj", "/CN=mta-sts")
        with open(f"{self.certificates}/policy.ext", "w", encoding="ascii") as f:
            f.write("subjectAltName=" + ",".join(f"DNS:mta-sts.{name}.{ZONE}" for name in names()))
        self.openssl("x509", "-req", "-in", "policy.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "policy.ext", "-out", "policy.pem")
        policies.serve(HTTPS, f"{self.certificates}/policy.pem", f"{self.certificates}/policy.key", self.policy)
        lab.configure(f"[dns]\nresolver = {RESOLVER}\nanchor_file = {lab.path('anchor')}\nca_file = {self.certificates}/ca.pem\n"
                      f"[probe]\nca_file = {self.certificates}/ca.pem\nname = probe.example.org\nconnect_timeout = 3s\nreply_timeout = 10s\n"
                      "[sender postfix-sts]\nbase = postfix\nmta_sts = yes\n")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=self.certificates)

    @staticmethod
    def policy(host):
        name = host.removeprefix("mta-sts.").split(".")[0]
        mode, listed = POLICIES[name.rsplit("-", 1)[1]]
        return "".join(line + "\n" for line in ["version: STSv1", f"mode: {mode}", *(f"mx: r{k}-{name}.{ZONE}" for k in listed), "max_age: 86400"])

    def postfix(self):
        real = realmail.postfix(self.lab, RESOLVER, "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix\nsmtp_tls_CAfile = /etc/lab-ca.pem\n", PACKAGES)
        real.write("/etc/lab-ca.pem", self.lab.read(os.path.relpath(self.certificates + "/ca.pem", self.lab.dir)))
        real.write("/etc/mta-sts-daemon.yml", DAEMON)
        policies.resolve(real)
        return real


def main():
    realmail.fetch(*PACKAGES)
    realmail.enter("SENDERS_NETNS")
    addresses()
    with Lab() as lab:
        world = World(lab)
        machine = world.postfix()
        begun, told = dict(send(machine, "postfix", names())), {}
        for domain in names():
            told[("postfix", domain)] = foretold(lab, None, domain).get("postfix-sts", (None, None, [], None))
        wait_until(lambda: len(happened(world.log, begun)) == len(begun), WATCH, every=2)
        seen = happened(world.log, begun)
        for key in begun:
            met = seen.get(key, ("deferred", None))
            print(f"# {key[1]:22} foretold {told[key][0] or 'nothing':12} happened {met[0]}", flush=True)
            lab.ok(told[key][0] is not None and same(told[key], met), f"{key[1]}: what is foretold happens", str([told[key], met]))
        if os.environ.get("LAB_KEEP"):
            print(machine.run("cat /var/log/lab.log /var/log/sts.log; mailq", check=False), flush=True)


if __name__ == "__main__":
    main()
