#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_update.py: 500 zones of a real Knot, each MX set read, changed by dynamic update over TCP with TSIG, and read back: one
`mxladder push` of a file against one kdig that reads all, one nsupdate that changes all (each with the old set as prerequisite), and kdig
again. nsupdate changes back what the program changed. Interleaved, medians; ends with status 1 where the limit is broken. The program
keeps its journal and asks Knot about each domain and its hosts besides, which the others do not.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
import netns                            # noqa: E402
from lab import Lab, wait_until         # noqa: E402

COUNT, ROUNDS, LIMIT = 500, 3, 1.0
SECRET = "bXhsYWRkZXIgYmVuY2ggb25seSwgbm8gc2VjcmV0ISE="
OLD, NEW = ("mx1", "mx2"), ("mx1", "mx3")
CONF = """server:
    rundir: "{dir}/run"
    listen: 127.0.0.1@53
    user: {user}
database:
    storage: "{dir}/db"
key:
  - id: bench
    algorithm: hmac-sha256
    secret: {secret}
acl:
  - id: change
    key: bench
    action: update
template:
  - id: default
    storage: "{dir}"
    zonefile-load: difference-no-serial
    journal-content: all
    acl: change
"""
ZONE = """$ORIGIN {zone}.
$TTL 3600
@ SOA ns1 admin 1 10800 3600 604800 3600
@ NS ns1
@ MX 10 mx1
@ MX 20 mx2
ns1 A 127.0.0.1
mx1 A 9.9.9.1
mx2 A 9.9.9.2
mx3 A 9.9.9.3
"""


def name(i):
    return f"d{i}.exempel.org"


def records(zone, hosts):
    return [{"preference": 10 * (k + 1), "host": f"{host}.{zone}"} for k, host in enumerate(hosts)]


def plan(zone):
    return {"mxladder_plan": 1, "domain": zone, "zone": zone, "account": "lab", "provider": "rfc2136", "base": {"ttl": 3600, "records": records(zone, OLD)},
            "want": {"ttl": 3600, "records": records(zone, NEW)}, "note": "", "created": {"at": "2026-11-26T08:00:00Z", "by": "bench"}, "approvals": []}


def update(zone):
    lines = ["server 127.0.0.1", f"zone {zone}"]
    lines += [f"prereq yxrrset {zone} MX {r['preference']} {r['host']}." for r in records(zone, NEW)]
    lines.append(f"update delete {zone} MX")
    lines += [f"update add {zone} 3600 MX {r['preference']} {r['host']}." for r in records(zone, OLD)]
    return "\n".join([*lines, "send", ""])


class Rig:
    def __init__(self, lab):
        self.lab, self.dir = lab, lab.path("knot")
        for room in ("run", "db"):
            os.makedirs(f"{self.dir}/{room}")
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        conf = CONF.format(dir=self.dir, user=user, secret=SECRET) + "zone:\n"
        parent = ["$ORIGIN exempel.org.", "$TTL 3600", "@ SOA ns1 admin 1 10800 3600 604800 3600", "@ NS ns1", "ns1 A 127.0.0.1"]
        for zone in ["exempel.org", *map(name, range(COUNT))]:
            conf += f'  - domain: "{zone}."\n    file: "{zone}.zone"\n'
            lab.write(f"knot/{zone}.zone", ZONE.format(zone=zone))
        parent += [f"d{i} NS ns1" for i in range(COUNT)]
        lab.write("knot/exempel.org.zone", "\n".join([*parent, ""]))
        with open(lab.path("knot.log"), "w", encoding="utf-8") as log:
            lab.children.append(subprocess.Popen([shutil.which("knotd") or "/usr/sbin/knotd", "-c", lab.write("knot/conf", conf)], stdout=log, stderr=log))
        if not wait_until(lambda: "mx2" in self.mx(name(COUNT - 1)), 30):
            sys.exit("bench_update.py: knotd did not start: " + lab.read("knot.log")[-2000:])
        lab.configure(f"[account lab]\nprovider = rfc2136\nendpoint = 127.0.0.1:53\nkey_name = bench\nkey_file = {lab.write('secret', SECRET + chr(10))}\n"
                      "[dns]\nresolver = 127.0.0.1\nanchor_file = /nowhere\n")
        self.plans = lab.write("plans.json", {"mxladder_plans": 1, "plans": [plan(name(i)) for i in range(COUNT)]})
        self.must("approve", self.plans)
        self.batch = lab.write("back", "".join(update(name(i)) for i in range(COUNT)))
        self.key = lab.write("key", f'key "bench" {{ algorithm hmac-sha256; secret "{SECRET}"; }};\n')
        self.asked = [word for i in range(COUNT) for word in (name(i), "MX")]

    @staticmethod
    def mx(zone):
        return subprocess.run(["kdig", "@127.0.0.1", "+tcp", "+short", "+time=1", "+retry=0", zone, "MX"], capture_output=True, text=True, check=False).stdout

    def must(self, *args):
        seen = self.lab.run(*args)
        if seen.status != 0:
            sys.exit(str(seen)[:3000])
        return seen

    def read_all(self, wanted):
        seen = subprocess.run(["kdig", "@127.0.0.1", "+tcp", "+short", *self.asked], capture_output=True, text=True, check=True).stdout
        assert seen.count(f"20 {wanted}.") == COUNT, seen[:500]

    def by_program(self):
        seen = self.must("push", self.plans, "--no-watch", "--json").json()
        assert [p["state"] for p in seen["pushes"]] == ["published"] * COUNT, json.dumps(seen)[:2000]

    def by_nsupdate(self):
        self.read_all("mx3")
        subprocess.run(["nsupdate", "-v", "-k", self.key, self.batch], check=True)
        self.read_all("mx2")


def main():
    if not Lab.installed("knotd", "kdig", "nsupdate", "unshare", "ip"):
        sys.exit("bench_update.py: needs the packages knot, knot-dnsutils and bind9-dnsutils")
    netns.enter(ipv6=False)
    lab, over = Lab(), False
    try:
        rig = Rig(lab)
        seen = {rig.by_program: [], rig.by_nsupdate: []}
        for i in range(ROUNDS + 1):
            for way, times in seen.items():
                began = time.perf_counter()
                way()
                times += [(time.perf_counter() - began) * 1000] * (i > 0)
        ours, theirs = (statistics.median(times) for times in seen.values())
        over = ours / theirs > LIMIT
        print(f"     {COUNT} zones of Knot: mxladder {ours:.0f} ms, kdig, nsupdate and kdig {theirs:.0f} ms, load {os.getloadavg()[0]:.1f}")
        print(f"{'OVER' if over else 'ok  '} {f'{COUNT} zones by dynamic update, against nsupdate':<58} {ours / theirs:9.2f} x   limit {LIMIT:.2f}", flush=True)
    finally:
        for child in lab.children:
            lab.stop(child)
        shutil.rmtree(lab.dir, ignore_errors=True)
    sys.exit(over)


main()
