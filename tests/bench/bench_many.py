#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_many.py: what a plan file of many domains costs, at a real PowerDNS and in whole processes. Interleaved, medians; ends with status 1 where a limit is broken.

    100 and 500 domains, each read, written and read back, against one curl process that sends the same requests one after the other. The
    program changes the sets, curl changes them back. The program keeps its journal on disk, and asks a real resolver about each
    domain and its hosts (all of it in a network namespace), which curl does not. octoDNS took 4.5 s for 500 zones where curl took 2.5 s for
    these requests (1.22, same server): a third of that is 0.6 of curl's time, the limit. How much of that the server leaves is told beside
    it: the time of AT_ONCE curl processes, each with its share of the requests, which ask no resolver and keep no journal. Their writes
    meet in PowerDNS's database; those that it refuses (500) are not sent again.
    One change beside 10,000 other zones, against the same change beside one other zone.
    The most memory for 10,000 domains in one file: approved, and pushed for MANY_S seconds, then stopped.
"""
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
import netns                            # noqa: E402
from lab import PROGRAM, Lab, wait_until         # noqa: E402

ROUNDS, ROUNDS_ONE, AT_ONCE = {100: 5, 500: 3}, 15, 4
MANY, MANY_S, MEMORY_MB = 10000, 8, 64.0

OLD, NEW = ("mx1", "mx2"), ("mx1", "mx3")
UNBOUND = """server:
 directory: "{dir}"
 chroot: ""
 username: ""
 pidfile: ""
 use-syslog: no
 interface: 127.0.0.2
 access-control: 127.0.0.0/8 allow
 do-not-query-localhost: no
 do-ip6: no
 module-config: "iterator"
stub-zone:
 name: "exempel.org."
 stub-addr: 127.0.0.1
"""


def zones(count):
    """exempel.org and its delegated children, all at 127.0.0.1."""
    def a(name, address):
        return {"name": name, "type": "A", "ttl": 3600, "data": address}
    parent = [{"name": "@", "type": "NS", "ttl": 3600, "data": "ns1.exempel.org"}, a("ns1", "127.0.0.1")]
    parent += [{"name": f"d{i}", "type": "NS", "ttl": 3600, "data": "ns1.exempel.org"} for i in range(count)]
    yield {"name": "exempel.org", "records": parent}
    for i in range(count):
        yield {"name": f"d{i}.exempel.org", "records": [
            {"name": "@", "type": "NS", "ttl": 3600, "data": "ns1.exempel.org"}, a("mx1", "9.9.9.1"), a("mx2", "9.9.9.2"), a("mx3", "9.9.9.3"),
            *({"name": "@", "type": "MX", "ttl": 3600, "priority": 10 * (k + 1), "data": f"{host}.d{i}.exempel.org"} for k, host in enumerate(OLD))]}


def plan(i):
    def records(hosts):
        return {"ttl": 3600, "records": [{"preference": 10 * (k + 1), "host": f"{host}.d{i}.exempel.org"} for k, host in enumerate(hosts)]}
    return {"mxladder_plan": 1, "domain": f"d{i}.exempel.org", "zone": f"d{i}.exempel.org", "account": "lab", "provider": "powerdns", "base": records(OLD),
            "want": records(NEW), "note": "", "created": {"at": "2026-11-26T08:00:00Z", "by": "bench"}, "approvals": []}


class Rig:
    def __init__(self, lab, count, address, more=()):
        self.lab, self.count, name = lab, count, "at-" + address
        self.env = {"XDG_CONFIG_HOME": lab.path(name), "XDG_STATE_HOME": lab.path(name + "-state")}
        os.makedirs(lab.path(name + "/mxladder"), exist_ok=True)
        self.server = lab.serve("pdns.py", "--state", lab.write("state.json", {"zones": list(zones(count))}), "--listen", address, *more)
        self.key = lab.read(self.server["dir"] + "/key").strip()
        if address == "127.0.0.1":
            with open(lab.path("unbound.log"), "w", encoding="utf-8") as log:
                lab.children.append(subprocess.Popen(["unbound", "-d", "-c", lab.write("unbound.conf", UNBOUND.format(dir=lab.dir))], stdout=log, stderr=log))
        wait_until(self.resolves)
        lab.write(name + "/mxladder/config", f"[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:{self.server['port']}\n"
                  f"key_file = {self.server['dir']}/key\n[dns]\nresolver = 127.0.0.2\nanchor_file = /nowhere\n")
        self.plans = lab.write(name + ".json", {"mxladder_plans": 1, "plans": [plan(i) for i in range(count)]})
        self.must("approve", self.plans)
        self.cpu = {}       # ms of a way's own process, the last time
        self.curls = {hosts: self.curl(hosts, range(count)) for hosts in (OLD, NEW)}
        self.shares = [self.curl(OLD, range(k, count, AT_ONCE)) for k in range(min(AT_ONCE, count))]

    @staticmethod
    def resolves():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.2)
            try:
                s.sendto(bytes.fromhex("000101000001000000000000") + b"\x07exempel\x03org\x00\x00\x02\x00\x01", ("127.0.0.2", 53))
                return s.recv(512)[3] & 15 == 0
            except OSError:
                return False

    def must(self, *args):
        seen = self.lab.run(*args, env=self.env)
        if seen.status != 0:
            sys.exit(str(seen)[:3000])
        return seen

    def curl(self, hosts, numbers):
        """GET, PATCH, GET a zone, in order."""
        lines = []
        for i in numbers:
            zone = f"d{i}.exempel.org."
            content = [{"content": f"{10 * (k + 1)} {host}.{zone}", "disabled": False} for k, host in enumerate(hosts)]
            body = json.dumps({"rrsets": [{"name": zone, "type": "MX", "ttl": 3600, "changetype": "REPLACE", "records": content}]})
            for write in (False, True, False):
                lines += ["next"] * bool(lines) + [f'url = "http://127.0.0.1:{self.server["port"]}/api/v1/servers/localhost/zones/{zone}"',
                                                   f'header = "X-API-Key: {self.key}"', "silent", "show-error", "fail", 'output = "/dev/null"']
                if write:
                    lines += ['request = "PATCH"', "data = " + json.dumps(body)]
        name = f"curl-{self.server['port']}-{'-'.join(hosts)}-{numbers.start}-{numbers.step}"
        return self.lab.write(name, "\n".join(lines) + "\n")

    def by_curl(self):
        before = spent_ms()
        subprocess.run(["curl", "-K", self.curls[OLD]], check=True)
        self.cpu["curl"] = spent_ms() - before

    def by_curls(self):
        for child in [subprocess.Popen(["curl", "-K", share], stderr=subprocess.DEVNULL) for share in self.shares]:
            child.wait()

    def by_program(self):
        before = spent_ms()
        seen = self.must("push", self.plans, "--no-watch", "--json")
        self.cpu["mxladder"] = spent_ms() - before
        assert [p["state"] for p in seen.json()["pushes"]] == ["published"] * self.count, seen


def spent_ms():
    """CPU of the processes that were run and have ended."""
    spent = os.times()
    return (spent.children_user + spent.children_system) * 1000


def timed(way):
    began = time.perf_counter()
    way()
    return (time.perf_counter() - began) * 1000


def by_turns(ways, rounds):
    """{name: median ms}; the first round warms up."""
    seen = {name: [] for name in ways}
    for i in range(rounds + 1):
        for name, way in ways.items():
            ms = timed(way)
            if i:
                seen[name].append(ms)
    return {name: statistics.median(times) for name, times in seen.items()}


def row(what, value, limit, unit):
    print(f"{'ok  ' if value <= limit else 'OVER'} {what:<58} {value:9.2f} {unit:<3} limit {limit:.2f}", flush=True)
    return value > limit


def beside_others(lab):
    """One change by the program, beside one other zone and beside 10,000, and curl's change back: {others: (ms, ms)}."""
    rigs = {others: Rig(lab, 1, address, ("--others", others)) for others, address in ((1, "127.0.0.1"), (10000, "127.0.0.3"))}
    seen = {others: [] for others in rigs}
    for i in range(ROUNDS_ONE + 1):
        for others, rig in rigs.items():
            ms = timed(rig.by_program), timed(rig.by_curl)
            seen[others] += [ms] * (i > 0)
    stop_all(lab)
    return {others: tuple(statistics.median(column) for column in zip(*times)) for others, times in seen.items()}


def stop_all(lab):
    for child in lab.children:
        lab.stop(child)
    lab.children.clear()


def many(lab, count):
    """Whether the limit is broken."""
    rig = Rig(lab, count, "127.0.0.1")
    ms = by_turns({"mxladder": rig.by_program, "curl": rig.by_curl, "curls": rig.by_curls}, ROUNDS[count])
    print(f"     {count} domains: mxladder {ms['mxladder']:.0f} ms ({rig.cpu['mxladder']:.0f} ms of CPU), "
          f"curl {ms['curl']:.0f} ms ({rig.cpu['curl']:.0f} ms of CPU), {AT_ONCE} curls at once {ms['curls']:.0f} ms "
          f"({ms['curls'] / ms['curl']:.2f} x), load {os.getloadavg()[0]:.1f}")
    stop_all(lab)
    return row(f"{count} domains of one file, against curl's {3 * count} requests", ms["mxladder"] / ms["curl"], 0.6, "x")


def memory_mb(rig, seconds, *args):
    """The most that the program took, stopped after so long."""
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen([PROGRAM, *args], env={**rig.lab.env, **rig.env}, stdout=nowhere, stderr=nowhere)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pid, _, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.05)
    else:
        child.send_signal(signal.SIGINT)
        _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return usage.ru_maxrss / 1024


def ten_thousand(lab):
    rig = Rig(lab, 1, "127.0.0.1")
    file = lab.write("many.json", {"mxladder_plans": 1, "plans": [plan(i) for i in range(MANY)]})
    most = {"approve": memory_mb(rig, 120, "approve", file), "push": memory_mb(rig, MANY_S, "push", file, "--no-watch", "--json")}
    stop_all(lab)
    return any([row(f"{MANY} domains in one file, {what}", mb, MEMORY_MB, "MB") for what, mb in most.items()])


def main():
    if not Lab.installed("curl", "pdns_server", "sqlite3", "unbound", "unshare", "ip"):
        sys.exit("bench_many.py: needs the packages curl, pdns-server, pdns-backend-sqlite3, sqlite3 and unbound")
    netns.enter(ipv6=False)
    lab, failed = Lab(), False
    try:
        beside = beside_others(lab)
        for others, (ms, curl_ms) in beside.items():
            print(f"     one change beside {others} other zones: mxladder {ms:.1f} ms, curl's three requests {curl_ms:.1f} ms")
        failed |= row("one change beside 10,000 zones, against beside one", beside[10000][0] / beside[1][0], 1.2, "x")
        for count in ROUNDS:
            failed |= many(lab, count)
        failed |= ten_thousand(lab)
    finally:
        for child in lab.children:
            lab.stop(child)
        shutil.rmtree(lab.dir, ignore_errors=True)
    sys.exit(failed)


main()
