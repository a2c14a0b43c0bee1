#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dnsrig.py [--pdns DNSPORT] [--cache SECONDS]: a signed DNS world on loopback, answered by real servers.

Starts knotd (Debian: knot), authoritative for a root, com., org. and the zones below, signed by itself; and unbound as
the validating resolver, with the key of that root as its only trust anchor.  Prints
    dir PATH      everything it wrote; PATH/anchor holds the root's DS, for another validator
    auth N        knotd's port on 127.0.0.1
    strip N       a forwarder to unbound that takes every DNSSEC record and the DO and AD bits away, as bad routers do
    port N        unbound's port, last
and ends all of it, and removes the directory, on SIGTERM, SIGINT or at the end of --lifetime.

    saker.exempel.org     signed, chain complete                   secure
    osignerad.exempel.org not signed, delegation without DS        insecure
    trasig.exempel.org    signed, but the parent's DS is another's bogus
    gammal.exempel.org    signed, chain complete, signatures expired (where dnssec-signzone is installed)  bogus
    stum.exempel.org      signed, chain complete, and its server refuses to tell its keys                nobody can tell
    lam.exempel.org       delegated with a DS, and its server refuses to answer  nobody can tell
    exempel.com           not signed; with --pdns answered by the PowerDNS on that port instead of by knotd: insecure
Each has the MX set 10 mx1, 20 mx2 of its own name, with addresses.  The names test., invalid. and onion. are not
used: resolvers answer those by themselves.
"""
import argparse
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading

import dnswire
import pdns
import service

SIGNED = ("saker.exempel.org", "trasig.exempel.org", "stum.exempel.org", "exempel.org", "org", "com", "")
PLAIN = ("osignerad.exempel.org", "exempel.com")
EXPIRED, DUMB, LAME = "gammal.exempel.org", "stum.exempel.org", "lam.exempel.org"
DNSKEY = 48
SIGNER = shutil.which("dnssec-signzone", path="/usr/bin:/usr/sbin")
SERVED = PLAIN + SIGNED + ((EXPIRED,) if SIGNER else ())
CHILDREN = {"": ("org", "com"), "org": ("exempel.org",), "com": ("exempel.com",),
            "exempel.org": ("saker.exempel.org", "osignerad.exempel.org", "trasig.exempel.org", EXPIRED, DUMB, LAME)}
SOA = "@ 3600 SOA ns1.{zone} postmaster.{zone} 1 3600 900 604800 300\n@ 3600 NS ns1.{zone}\nns1 3600 A 127.0.0.1\n"
MAIL = "@ 3600 MX 10 mx1\n@ 3600 MX 20 mx2\nmx1 3600 A 192.0.2.31\nmx1 3600 AAAA 2001:db8::31\nmx2 3600 A 192.0.2.32\n_25._tcp.mx1 3600 TLSA 3 1 1 " + "5a" * 32 + "\n"


def ask(port, data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as up:
        up.settimeout(3)
        up.sendto(data, ("127.0.0.1", port))
        return up.recv(4096)


class Rig(service.Rig):
    def __init__(self, args):
        super().__init__(args, "dnsrig-")
        os.chmod(self.dir, 0o755)

    def write(self, name, text):
        with open(f"{self.dir}/{name}", "w", encoding="ascii") as f:
            f.write(text)

    def start(self, name, *command):
        log = open(f"{self.dir}/{name}.log", "w", encoding="utf-8")
        self.children.append(subprocess.Popen(command, stdout=log, stderr=log))

    # -- the authoritative side ---------------------------------------------------------------------------------------

    def knot_conf(self):
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        zones = ""
        for zone in SERVED:
            sign = "    dnssec-signing: on\n    dnssec-policy: lasting\n" if zone in SIGNED else ""
            zones += f'  - domain: "{zone}."\n    file: "{zone or "root"}.zone"\n{sign}'
        self.write("knot.conf", f"""server:
    rundir: "{self.dir}"
    listen: 127.0.0.1@{self.auth}
    user: {user}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: warning
database:
    storage: "{self.dir}/db"
policy:
  - id: lasting
    algorithm: ecdsap256sha256
    single-type-signing: on
    ksk-lifetime: 0
template:
  - id: default
    storage: "{self.dir}"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
{zones}""")

    def ds_of(self, zone):
        """Makes the zone's key if it has none and returns its SHA-256 DS rdata."""
        conf = ["keymgr", "-c", f"{self.dir}/knot.conf", (zone or "") + "."]
        if not subprocess.run(conf + ["list"], capture_output=True, text=True, check=False).stdout.strip():
            subprocess.run(conf + ["generate", "algorithm=13", "ksk=yes", "zsk=yes"], capture_output=True, check=True)
        out = subprocess.run(conf + ["ds"], capture_output=True, text=True, check=True).stdout
        return next(line.split(" DS ")[1] for line in out.splitlines() if re.search(r" DS \d+ 13 2 ", line))

    def zone_text(self, zone):
        dot = zone + "." if zone else "."
        text = f"$ORIGIN {dot}\n" + SOA.format(zone=dot if zone else "")
        for child in CHILDREN.get(zone, ()):
            label = child[:len(child) - len(zone)].rstrip(".")
            text += f"{label} 3600 NS ns1.{child}.\nns1.{label} 3600 A 127.0.0.1\n"
            if child == LAME:
                text += f"{label} 3600 DS 1 13 2 {'00' * 32}\n"
            if child == EXPIRED and SIGNER:
                text += open(f"{self.dir}/dsset-{EXPIRED}.", encoding="ascii").read()
            if child in SIGNED:
                ds = self.ds_of(child)
                if child.startswith("trasig"):
                    ds = ds[:-4] + ("0000" if ds[-4:] != "0000" else "1111")
                text += f"{label} 3600 DS {ds}\n"
        return text + (MAIL if zone not in ("", "org", "com") else "")

    def sign_expired(self):
        """Its zone file, with signatures that ended two years ago."""
        def run(tool, *words):
            return subprocess.run([os.path.join(os.path.dirname(SIGNER), tool), *words], cwd=self.dir, check=True, capture_output=True, text=True).stdout
        key = run("dnssec-keygen", "-a", "ECDSAP256SHA256", "-f", "KSK", EXPIRED).strip()
        self.write("plain", self.zone_text(EXPIRED) + f"$INCLUDE {key}.key\n")
        run("dnssec-signzone", "-P", "-z", "-o", EXPIRED, "-s", "20240101000000", "-e", "20241101000000", "-f", f"{EXPIRED}.zone", "plain", key)

    # -- the resolver -------------------------------------------------------------------------------------------------

    def unbound_conf(self):
        self.write("anchor", f". 3600 IN DS {self.ds_of('')}\n")
        stubs = "".join(f'stub-zone:\n    name: "{z}."\n    stub-addr: 127.0.0.1@{self.auth}\n' for z in SERVED
                        if z != DUMB and not (z == "exempel.com" and self.args.pdns))
        if self.args.pdns:
            stubs += "".join(f'stub-zone:\n    name: "{z}."\n    stub-addr: 127.0.0.1@{self.args.pdns}\n'
                             for z in ("exempel.com", "exempel.net"))
        for zone, types in ((DUMB, {DNSKEY}), (LAME, range(1 << 16))):
            stubs += f'stub-zone:\n    name: "{zone}."\n    stub-addr: 127.0.0.1@{self.refuse(types)}\n'
        seconds = self.args.cache
        cache = f"    cache-max-ttl: {seconds}\n    cache-max-negative-ttl: {seconds}\n" if seconds is not None else ""
        self.write("unbound.conf", f"""server:
    directory: "{self.dir}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    logfile: ""
    interface: 127.0.0.1@{self.port}
    do-not-query-localhost: no
    num-threads: 1
{cache}    module-config: "validator iterator"
    trust-anchor-file: "{self.dir}/anchor"
    {'domain-insecure: "exempel.net."' if self.args.pdns else ""}
    edns-buffer-size: 1232
{stubs}remote-control:
    control-enable: no
""")

    def serve(self, answer):
        """The port of a server that says answer(bytes, query)."""
        udp, tcp = dnswire.listen()
        tcp.close()

        def one(data, sender):
            try:
                udp.sendto(answer(data, dnswire.Query(data)), sender)
            except (OSError, ValueError, IndexError, struct.error):
                pass

        def run():
            while True:
                threading.Thread(target=one, args=udp.recvfrom(4096), daemon=True).start()
        threading.Thread(target=run, daemon=True).start()
        return udp.getsockname()[1]

    def refuse(self, types):
        """The port of knotd's double, who refuses questions of these types."""
        return self.serve(lambda data, query: data[:2] + bytes([data[2] | 0x80, 5]) + data[4:] if query.type in types else ask(self.auth, data))

    def strip(self):
        """Questions go on to unbound without EDNS; so no DNSSEC record comes back, and AD is cleared."""
        def answer(_, query):
            out = ask(self.port, struct.pack("!6H", query.id, query.flags & ~0x30, 1, 0, 0, 0) + query.question)
            return out[:3] + bytes([out[3] & ~0x20]) + out[4:]
        return self.serve(answer)

    def run(self):
        self.auth, self.port = pdns.free_port(), pdns.free_port()
        self.knot_conf()
        os.mkdir(self.dir + "/db")
        if SIGNER:
            self.sign_expired()
        for zone in PLAIN + SIGNED:
            self.write(f"{zone or 'root'}.zone", self.zone_text(zone))
        self.unbound_conf()
        self.start("knot", "/usr/sbin/knotd", "-c", f"{self.dir}/knot.conf")
        for zone in SERVED:
            dnswire.wait_for(self.auth, zone)
        self.start("unbound", "/usr/sbin/unbound", "-d", "-c", f"{self.dir}/unbound.conf")
        dnswire.wait_for(self.port, "saker.exempel.org")
        return self.strip()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--pdns", type=int, help="DNS port of a PowerDNS that answers exempel.com and exempel.net")
    p.add_argument("--cache", type=int, help="unbound's longest TTL, seconds")
    service.add_lifetime(p)
    args = p.parse_args()
    rig = Rig(args)
    service.leave_with_the_test(args.lifetime)
    try:
        strip = rig.run()
    except BaseException as e:  # whatever it was: no server may stay behind
        for name in ("knot", "unbound"):
            if os.path.exists(f"{rig.dir}/{name}.log"):
                sys.stderr.write(open(f"{rig.dir}/{name}.log", encoding="utf-8").read())
        sys.stderr.write(f"dnsrig.py: {e}\n")
        rig.end()
    service.say("dir", rig.dir)
    service.say("auth", rig.auth)
    service.say("strip", strip)
    service.say("port", rig.port)
    rig.end_when_told()


if __name__ == "__main__":
    main()
