#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that are not what they seem, in a network namespace: BIND serves a zone with a wildcard, a DNAME and a delegation to Knot, which
signs; unbound resolves. What show, check and a push's gates say of them, where the account's zone file holds something else than is seen."""
import os
import subprocess

import dig
import netns
from e2e_bind import program
from lab import Lab, mx_of, wait_until

ZONE = "exempel.com"
SOA = "$TTL 300\n@ SOA ns1 hostmaster 2026010101 3600 900 604800 300\n"
FILES = {
    "root": "$ORIGIN .\n" + SOA + "@ NS ns1\nns1 A 127.0.0.1\ncom NS ns1\n",
    "com": "$ORIGIN com.\n" + SOA + "@ NS ns1.\nexempel NS ns1.exempel\nns1.exempel A 127.0.0.1\n",
    ZONE: f"$ORIGIN {ZONE}.\n" + SOA + """@ NS ns1
ns1 A 127.0.0.1
@ MX 10 mx1
mx1 A 192.0.2.1
mx2 A 192.0.2.2
*.vild MX 10 mx1
fast.vild A 192.0.2.9
*.alla MX 10 mx2
x.ensam.alla MX 10 mx1
y.tva.alla MX 10 mx1
z.tva.alla A 192.0.2.9
gammal DNAME ny
post.ny MX 10 mx2
avd NS ns.avd
ns.avd A 127.0.0.2
alias CNAME mal
*.alias-av CNAME mal
mal MX 10 mx1
noll MX 0 .
noll10 MX 10 .
MiXeD MX 10 Mx1.ExEmPeL.CoM.
b\\@d MX 10 mx1
bl\\032ank MX 10 mx1
esc MX 10 \\02731mred.exempel.com.
kort 0 MX 10 mx1
""",
    "avd." + ZONE: f"$ORIGIN avd.{ZONE}.\n" + SOA + "@ NS ns\nns A 127.0.0.2\n@ MX 10 mx\nmx A 192.0.2.3\n*.vild MX 10 mx\negen.vild MX 10 mx\n"
    + "".join(f"stor MX {p} mejlserver-nummer-{p:03}.datacentral-{p % 7}.stor.{ZONE}.\n" for p in range(120)),     # more than BIND takes
}
NAMED = """options {{ directory "{dir}"; listen-on {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no; pid-file "named.pid";
 session-keyfile "session.key"; dnssec-validation no; notify no;
 check-names primary ignore; }};
controls {{ }};
zone "." {{ type primary; file "root.zone"; }};
zone "com" {{ type primary; file "com.zone"; }};
zone "exempel.com" {{ type primary; file "held/exempel.com.zone"; }};
"""
KNOT = """server:
  rundir: "{dir}/knot"
  listen: 127.0.0.2@53
database:
  storage: "{dir}/knot"
zone:
  - domain: avd.exempel.com
    file: "{dir}/avd.exempel.com.zone"
    zonefile-sync: -1
    dnssec-signing: on
"""
UNBOUND = """server:
  directory: "{dir}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 127.0.0.3
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  do-ip6: no
  root-hints: "{dir}/hints"
  module-config: "iterator"
  local-zone: "com." nodefault
  qname-minimisation: no
remote-control:
  control-enable: no
"""


class World:
    def __init__(self, lab):
        self.lab, self.dir = lab, lab.path("zones")
        os.makedirs(self.dir + "/knot")
        os.makedirs(self.dir + "/held")
        for name, text in FILES.items():
            lab.write(f"zones/{'held/' if name == ZONE else ''}{name}.zone", text)
        lab.write("zones/named.conf", NAMED.format(dir=self.dir))
        lab.write("zones/knot.conf", KNOT.format(dir=self.dir))
        lab.write("zones/unbound.conf", UNBOUND.format(dir=self.dir))
        lab.write("zones/hints", ". 3600 NS ns1.\nns1. 3600 A 127.0.0.1\n")
        self.named = self.start("named", "-f", "-g", "-c", self.dir + "/named.conf")
        self.start("knotd", "-c", self.dir + "/knot.conf")
        self.start("unbound", "-d", "-c", self.dir + "/unbound.conf")
        for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
            name = "avd." + ZONE if address == "127.0.0.2" else ZONE
            if not wait_until(lambda a=address, n=name: self.asked(n, a), 20, 0.1):
                raise RuntimeError(f"{address} does not answer: " + lab.read("zones/log")[-3000:])
        lab.configure(f"[account fil]\nprovider = zonefile\nendpoint = {self.dir}/held\nreload_command = /bin/kill -HUP {self.named.pid}\n"
                      "[dns]\nresolver = 127.0.0.3:53\ntimeout = 2\n[push]\nseen_apart = 0\nwatch = 5s\n")

    def start(self, name, *args):
        with open(self.dir + "/log", "a", encoding="utf-8") as log:
            child = subprocess.Popen([program(name), *args], stdout=log, stderr=log)
        self.lab.children.append(child)
        return child

    @staticmethod
    def asked(name, address):
        try:
            return dig.mx(53, name, address)[1]
        except OSError:
            return None

    def shown(self, name, *more):
        seen = self.lab.run("show", name, "--json", *more)
        value = (seen.json() or {}).get("name") or {}
        return seen, tuple(value.get(k, "missing") for k in ("wildcard", "synthesised", "below_dname", "below_cut"))

    def plan(self, name, *edits):
        path = self.lab.path("plan.json")
        made = self.lab.run("draft", name, *edits, "--account", "fil", "-o", path)
        approved = self.lab.run("approve", path)
        return path, made, approved


def gates(seen):
    return [(g["id"], g["answer"]) for g in ((seen.json() or {}).get("error") or {}).get("gates", [])]


def stands(lab, w):
    """How each name stands, by the DNS and the account together."""
    for name, wanted in ((ZONE, (False, False, False, False)), ("nytt.vild." + ZONE, (True, True, False, False)),
                         ("fast.vild." + ZONE, (True, False, False, False)), ("borta." + ZONE, (False, False, False, False)),
                         ("x.ensam.alla." + ZONE, (None, False, False, False)),     # nothing else may keep ensam in being
                         ("y.tva.alla." + ZONE, (None, False, False, False)),
                         ("avd." + ZONE, (False, False, False, True))):
        seen, told = w.shown(name)
        lab.equal(told, wanted, f"{name}: wildcard, synthesised, below_dname, below_cut", seen)
    seen, told = w.shown("post.gammal." + ZONE)
    lab.equal(told[2], True, "a name below a DNAME", seen)
    for name, wanted in (("nytt.vild.avd." + ZONE, (True, True, False)), ("egen.vild.avd." + ZONE, (True, False, False)),
                         ("djup.nytt.vild.avd." + ZONE, (True, True, False))):
        seen, told = w.shown(name)
        lab.equal(told[:3], wanted, f"{name}: the signature tells", seen)
    text = lab.run("show", "nytt.vild." + ZONE)
    lab.ok("These records are a wildcard's" in text.out and "mx1." + ZONE in text.out and "There is no MX record" not in text.out,
           "show: the wildcard's records, and whose they are", text)
    text = lab.run("show", "avd." + ZONE)
    lab.ok(f"delegated away from {ZONE}: what account fil holds for it is not seen" in text.out, "show: a name below another's cut says so", text)
    text = lab.run("check", "avd." + ZONE, "--json")
    lab.ok("undelegated" in [f["id"] for f in (text.json() or {}).get("findings", [])], "check: and so does the finding", text)


def odd(lab, w):
    """Sets that are rare, and right as they are."""
    for typed, name, ttl, records in (
            ("noll", "noll", 300, {(0, ".")}), ("noll10", "noll10", 300, {(10, ".")}), ("kort", "kort", 0, {(10, "mx1." + ZONE)}),
            ("mixed", "mixed", 300, {(10, "mx1." + ZONE)}), ("MIXED", "mixed", 300, {(10, "mx1." + ZONE)}),
            ("bl\\032ank", "bl\\032ank", 300, {(10, "mx1." + ZONE)}), ("esc", "esc", 300, {(10, "\\02731mred." + ZONE)})):
        seen = lab.run("show", f"{typed}.{ZONE}", "--json")
        value = seen.json() or {"rungs": []}
        lab.equal((seen.status, value.get("domain"), value.get("ttl"), mx_of(value)), (0, f"{name}.{ZONE}", ttl, records), f"show {typed}: as it is served", seen)
    seen = lab.run("show", f"stor.avd.{ZONE}", "--json")
    lab.equal(mx_of((seen.json() or {}).get("cached")), {(p, f"mejlserver-nummer-{p:03}.datacentral-{p % 7}.stor.{ZONE}") for p in range(120)},
              "show stor.avd: a set that fills more than a datagram comes whole", seen)
    for typed, says in (("esc", "\\02731mred"), ("bl\\032ank", "bl\\032ank")):
        seen = lab.run("show", f"{typed}.{ZONE}")
        lab.ok(seen.status == 0 and says in seen.out and "\033" not in seen.out, f"show {typed}: in words, escaped", seen)
    for typed, findings in (("noll", set()), ("noll10", {"null-pref"})):
        seen = lab.run("check", f"{typed}.{ZONE}", "--json")
        lab.equal({f["id"] for f in (seen.json() or {"findings": []})["findings"] if f["level"] == "error"}, findings, f"check {typed}: its errors", seen)
    for alias in ("alias", "vadsomhelst.alias-av"):
        seen = lab.run("show", f"{alias}.{ZONE}", "--json")
        value = seen.json() or {"rungs": []}
        lab.equal((seen.status, mx_of(value)), (0, {(10, "mx1." + ZONE)}), f"show {alias}: the set of the name that it stands for", seen)
        seen = lab.run("check", f"{alias}.{ZONE}", "--json")
        found = [f for f in (seen.json() or {"findings": []})["findings"] if f["id"] == "owner-alias"]
        lab.ok(len(found) == 1 and found[0]["level"] == "notice" and "mal." + ZONE in str(found[0]), f"check {alias}: and which name that is", seen)


def first_under_a_wildcard(lab, w):
    name = "nytt.vild." + ZONE
    plan, made, approved = w.plan(name, "add", "20", "mx2." + ZONE)
    for more in (("--dry-run",), ("--no-watch",)):
        seen = lab.run("push", plan, "--json", *more)
        lab.equal((seen.status, gates(seen)), (1, [("wildcard", "no")]), f"a first MX under a wildcard: {more[0]} is blocked", f"{made}{approved}{seen}")
    dry = lab.run("push", plan, "--dry-run", "--json", "--override", "wildcard=meant")
    steps = (dry.json() or {}).get("steps", [])
    lab.ok(dry.status == 0 and [s["state"] for s in steps] == ["done", "planned", "planned"] and "kill -HUP" in str(steps[2]),
           "the dry run shows the reload command too", dry)
    text = lab.run("push", plan, "--dry-run", "--override", "wildcard=meant")
    lab.ok("would be sent: run /bin/kill -HUP" in text.out, "and in words", text)
    lab.equal(w.asked(name, "127.0.0.1"), {(10, "mx1." + ZONE)}, "a dry run reloads nothing")
    done = lab.run("push", plan, "--json", "--override", "wildcard=meant")
    value = done.json() or {}
    lab.equal((done.status, value.get("state"), w.asked(name, "127.0.0.1")), (0, "published", {(20, "mx2." + ZONE)}), "with a reason it is published", done)
    lab.equal((value.get("safe_to_retire_old_hosts_at"), (value.get("old_answers") or {}).get("hold_s", "missing")), (None, None),
              "no date: nobody told the TTL of the wildcard's answers", done)
    seen, told = w.shown(name)
    lab.equal(told, (True, False, False, False), "then its records are its own", seen)
    plan, made, approved = w.plan("fast.vild." + ZONE, "add", "20", "mx2." + ZONE)
    seen = lab.run("push", plan, "--json")
    lab.equal((seen.status, (seen.json() or {}).get("state")), (0, "published"), "a first MX where no wildcard answers: no gate", f"{made}{approved}{seen}")


def last_above_a_wildcard(lab, w):
    for name, why in (("x.ensam.alla." + ZONE, "alone"), ("y.tva.alla." + ZONE, "beside another, which nobody can see")):
        plan, made, approved = w.plan(name, "remove", "mx1." + ZONE)
        seen = lab.run("push", plan, "--no-watch", "--json")
        lab.equal((seen.status, gates(seen)), (1, [("undeliverable", "no"), ("wildcard", "unknown")]), f"the last MX of a name {why}: blocked",
                  f"{made}{approved}{seen}")


def below_others(lab, w):
    for name, word in (("nytt.avd." + ZONE, "delegat"), ("post.gammal." + ZONE, "DNAME")):
        plan, made, approved = w.plan(name, "add", "10", "mx1." + ZONE)
        seen = lab.run("push", plan, "--no-watch", "--json") if made.status == 0 else made
        lab.ok(seen.status in (1, 8) and word in f"{seen.out}{seen.err}", f"{name}: refused, and why", f"{made}{approved}{seen}")
        lab.ok("mx1" not in "".join(line for line in lab.read(f"zones/held/{ZONE}.zone").splitlines() if line.startswith(name.split(".")[0])),
               f"{name}: nothing is written")


def main():
    Lab.need("named", "knotd", "unbound", "unshare", "ip")
    netns.enter(ipv6=False)
    with Lab() as lab:
        w = World(lab)
        stands(lab, w)
        odd(lab, w)
        first_under_a_wildcard(lab, w)
        last_above_a_wildcard(lab, w)
        below_others(lab, w)


if __name__ == "__main__":
    main()
