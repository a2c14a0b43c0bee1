#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pdns.py --state FILE... [--second] [--dnssec] [--listen ADDR --listen2 ADDR] [--others N]: a real PowerDNS on loopback, for one test.

Starts pdns_server (Debian: pdns-server, pdns-backend-sqlite3) with its own sqlite file and API key in a directory of its
own, creates the zones of the state files through its API, prints
    dir PATH     everything it wrote; PATH/key is the API key, PATH/pdns.log the server's log
    dns N        its DNS port (53 with --listen)
    dns2 N       with --second: a second server's, a real secondary that transfers the zones of kind Master
    port N       its API port, last: from then on all of it answers
and ends both servers, and removes the directory, on SIGTERM, SIGINT or at the end of --lifetime.
--listen puts the name servers on port 53 of loopback addresses (needs the right to bind it), so that a real resolver
finds them through a delegation.  --others puts N more zones into its database, each with SOA and NS, for a server that has many.
No system service is touched; the servers run as whoever runs this. With PDNS_ROOT they are those of the Debian below that
directory, of another release than this one, with its libraries.
State: as service.load_zones; a zone may carry "kind" (default Native, Master with --second) and "masters"; a record
"disabled": true and "comment". With --dnssec it may be "signed": true.
"""
import argparse
import glob
import http.client
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import time

import dnswire
import service

ROOT = os.environ.get("PDNS_ROOT", "")
SCHEMA = ROOT + "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"
CONFIG = """launch=gsqlite3
gsqlite3-database={dir}/{name}.sqlite
gsqlite3-pragma-synchronous=0
local-address={address}
local-port={dns}
query-local-address={address}
socket-dir={dir}/{name}
daemon=no
guardian=no
disable-syslog=yes
loglevel=4
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
consistent-backends=no
distributor-threads=1
receiver-threads=1
retrieval-threads=1
security-poll-suffix=
default-soa-edit=
xfr-cycle-interval=1
query-local-address={address}
{more}
"""
API = """api=yes
api-key={key}
webserver=yes
webserver-address=127.0.0.1
webserver-port={api}
webserver-allow-from=127.0.0.0/8
webserver-loglevel=none
default-soa-content=ns1.exempel.com postmaster.@ 0 10800 3600 604800 3600
"""


def libraries():
    return glob.glob(ROOT + "/usr/lib/*-linux-gnu")[0]


def program(path):
    """The words that run it. Below ROOT its loader finds the libraries there, without a chroot."""
    return [glob.glob(ROOT + "/lib64/ld-linux-*")[0], "--library-path", libraries(), ROOT + path] if ROOT else [path]


def free_port(address="127.0.0.1"):
    """A port free for UDP and TCP now, below those that the system gives to whoever asks (net.ipv4.ip_local_port_range); nobody else is
    asked to keep away from it, so the caller retries."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u, socket.socket(socket.AF_INET, socket.SOCK_STREAM) as t:
            try:
                u.bind((address, random.randrange(12000, 32000)))
                t.bind(u.getsockname())
            except OSError:
                continue
            return u.getsockname()[1]
    sys.exit("pdns.py: no free port")


def others(count):
    """As SQL: through the API, thousands would take minutes."""
    lines = ["begin;"]
    for i in range(1, count + 1):
        zone = f"other{i}.example.net"
        lines.append(f"insert into domains(id, name, type) values({i}, '{zone}', 'NATIVE');")
        for rtype, content in (("SOA", f"ns1.exempel.com postmaster.{zone} 1 10800 3600 604800 3600"), ("NS", "ns1.exempel.com")):
            lines.append(f"insert into records(domain_id, name, type, content, ttl, disabled, auth) values({i}, '{zone}', '{rtype}', '{content}', 3600, 0, 1);")
    return "\n".join([*lines, "commit;"])


class Rig(service.Rig):
    def __init__(self, args):
        super().__init__(args, "pdns-")
        self.key = secrets.token_hex(12)
        with open(os.open(self.dir + "/key", os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="ascii") as f:
            f.write(self.key + "\n")

    def start(self, name, address, dns, more):
        os.mkdir(f"{self.dir}/{name}")
        subprocess.run(["sqlite3", f"{self.dir}/{name}.sqlite"], stdin=open(SCHEMA, encoding="utf-8"), check=True)
        if self.args.others and more.startswith("api="):
            subprocess.run(["sqlite3", f"{self.dir}/{name}.sqlite"], input=others(self.args.others), text=True, check=True)
        with open(f"{self.dir}/{name}/pdns.conf", "w", encoding="ascii") as f:
            f.write(CONFIG.format(dir=self.dir, name=name, address=address, dns=dns, more=more))
            if ROOT:
                f.write(f"module-dir={libraries()}/pdns\n")
        log = open(f"{self.dir}/{name}.log", "w", encoding="utf-8")
        child = subprocess.Popen([*program("/usr/sbin/pdns_server"), f"--config-dir={self.dir}/{name}"], stdout=log, stderr=log)
        self.children.append(child)
        return child

    def ask(self, method, path, value=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.api, timeout=10)
        connection.request(method, "/api/v1/servers/localhost" + path, json.dumps(value) if value is not None else None,
                           {"X-API-Key": self.key, "Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {body.decode()}")
        return body

    def wait_for(self, child, host, port):
        for _ in range(200):
            if child.poll() is not None:
                return False
            try:
                socket.create_connection((host, port), 1).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def run_servers(self):
        args = self.args
        for attempt in range(5):
            self.api = free_port()
            self.dns = 53 if args.listen else free_port()
            more = API.format(key=self.key, api=self.api) + "primary=yes\nallow-axfr-ips=127.0.0.0/8\nonly-notify=\n"
            first = self.start(f"pdns{attempt or ''}", args.listen or "127.0.0.1", self.dns, more + "gsqlite3-dnssec=yes\n" * args.dnssec)
            if self.wait_for(first, "127.0.0.1", self.api) and self.wait_for(first, args.listen or "127.0.0.1", self.dns):
                break
        else:
            sys.stderr.write(open(f"{self.dir}/pdns.log", encoding="utf-8").read())
            self.end()
        if args.second:
            self.dns2 = 53 if args.listen2 else free_port()
            second = self.start("second", args.listen2 or "127.0.0.1", self.dns2,
                                "secondary=yes\nallow-notify-from=127.0.0.0/8\nallow-unsigned-notify=yes\n")
            self.wait_for(second, args.listen2 or "127.0.0.1", self.dns2)

    def create(self, zone):
        name = zone["name"] + "."
        kind = zone.get("kind", "Master" if self.args.second else "Native")
        sets = {}
        for r in zone["records"]:
            owner = service.absolute(r["name"], zone["name"]) + "."
            data = r["data"] + "." if r["type"] in ("MX", "NS", "CNAME") and r["data"] != "." else r["data"]
            one = sets.setdefault((owner, r["type"]), {"name": owner, "type": r["type"], "ttl": r["ttl"], "records": [], "comments": []})
            one["records"].append({"content": f"{r['priority']} {data}" if r["type"] == "MX" else data, "disabled": r.get("disabled", False)})
            if "comment" in r:
                one["comments"].append({"content": r["comment"], "account": "exempel"})
        body = {"name": name, "kind": kind, "soa_edit_api": "DEFAULT", "rrsets": list(sets.values()), "nameservers": []}
        if zone.get("signed"):
            body.update(dnssec=True, api_rectify=True)
        if kind == "Slave":
            body.update(masters=zone.get("masters", ["127.0.0.1"]), rrsets=[])
            del body["soa_edit_api"]
        self.ask("POST", "/zones", body)
        if kind == "Slave":         # records as a transfer would have left them: the API of 4.7 writes them into a Slave zone
            self.ask("PATCH", f"/zones/{name}", {"rrsets": [{**s, "changetype": "REPLACE"} for s in sets.values()]})
        if kind == "Master":
            self.ask("PUT", f"/zones/{name}/metadata/ALSO-NOTIFY", {"kind": "ALSO-NOTIFY", "metadata": [self.second_address()]})
            subprocess.run([*program("/usr/bin/pdnsutil"), f"--config-dir={self.dir}/second", "create-secondary-zone", zone["name"],
                            f"{self.args.listen or '127.0.0.1'}:{self.dns}"], check=True, capture_output=True)
            dnswire.wait_for(self.dns2, zone["name"], self.args.listen2 or "127.0.0.1")

    def second_address(self):
        return f"{self.args.listen2 or '127.0.0.1'}:{self.dns2}"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--state", action="append", required=True)
    p.add_argument("--second", action="store_true")
    p.add_argument("--dnssec", action="store_true")
    p.add_argument("--listen")
    p.add_argument("--others", type=int, default=0)
    p.add_argument("--listen2")
    service.add_lifetime(p)
    args = p.parse_args()
    rig = Rig(args)
    service.leave_with_the_test(args.lifetime)
    try:
        rig.run_servers()
        for path in args.state:
            for zone in service.load_zones(path):
                rig.create(zone)
    except BaseException as e:  # whatever it was: no server may stay behind
        sys.stderr.write(f"pdns.py: {e}\n")
        rig.end()
    service.say("dir", rig.dir)
    service.say("dns", rig.dns)
    if args.second:
        service.say("dns2", rig.dns2)
    service.say("port", rig.api)
    rig.end_when_told()


if __name__ == "__main__":
    main()
