#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_push.py: one change of an MX set at a real PowerDNS, by `mxladder push PLAN --no-watch` and by one curl process
that reads the zone, PATCHes it and reads it back. Interleaved; the program changes the set, curl changes it back.

Both speak through the same relay, which takes the time from the first connection to the end of the last answer. So what
the program does between its exchanges counts (journal and its fsync, look for the zone, question for the delegation),
and what it does before them does not (the start of the process, the DNS survey of the plan's hosts): that is in the
time of the whole process, which is printed beside. Ends with status 1 where the limit is broken.
"""
import os
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from lab import WORLD, Lab      # noqa: E402
from world import CONFIG, DOMAIN, NEW_EDITS, OLD    # noqa: E402

ROUNDS, LIMIT_MS, WHOLE_LIMIT_MS = 25, 15.0, 60.0


class Relay:
    """Copies connections to a port of loopback, and knows when the first began and the last answer ended."""

    def __init__(self, upstream):
        self.upstream, self.listener = upstream, socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.forget()
        threading.Thread(target=self.run, daemon=True).start()

    def forget(self):
        self.first, self.last, self.connections = None, None, 0

    def run(self):
        while True:
            client, _ = self.listener.accept()
            self.first = self.first or time.perf_counter()
            self.connections += 1
            threading.Thread(target=self.copy, args=(client,), daemon=True).start()

    def copy(self, client):
        server = socket.create_connection(("127.0.0.1", self.upstream))
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with selectors.DefaultSelector() as ready, client, server:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if key.fileobj is server:
                        self.last = time.perf_counter()
                    key.data.sendall(data)


class Change:
    """The two ways, on one server."""

    def __init__(self, lab):
        self.lab = lab
        self.server = lab.serve("pdns.py", "--state", WORLD)
        self.resolver = lab.serve("liar.py", "--state", WORLD)
        self.relay = Relay(self.server["port"])
        key = lab.read(self.server["dir"] + "/key").strip()
        key_file = lab.write("key", key + "\n")
        lab.configure(CONFIG.format(port=self.relay.port, key=key_file, resolver=self.resolver["port"]))
        self.plan = lab.path("plan.json")
        for command in (("draft", DOMAIN, *NEW_EDITS, "--account", "lab", "-o", self.plan), ("approve", self.plan)):
            self.must(lab.run(*command))
        records = [{"content": f"{p} {h}.", "disabled": False} for p, h in sorted(OLD)]
        body = lab.write("back.json", {"rrsets": [{"name": DOMAIN + ".", "type": "MX", "ttl": 45000, "changetype": "REPLACE",
                                                   "records": records}]})
        url = f"http://127.0.0.1:{self.relay.port}/api/v1/servers/localhost/zones/{DOMAIN}."
        header = ["-s", "-S", "-f", "-o", "/dev/null", "-H", "X-API-Key: " + key]
        self.curl = ["curl", *header, url, "--next", *header, "-X", "PATCH", "--data-binary", "@" + body, url, "--next", *header, url]

    @staticmethod
    def must(result):
        if result.status != 0:
            sys.exit(str(result))

    def timed(self, run):
        """(ms of the exchanges, ms of the whole process, connections)"""
        self.relay.forget()
        began = time.perf_counter()
        run()
        whole = time.perf_counter() - began
        return (self.relay.last - self.relay.first) * 1000, whole * 1000, self.relay.connections

    def by_program(self):
        self.must(self.lab.run("push", self.plan, "--no-watch"))

    def by_curl(self):
        subprocess.run(self.curl, check=True)


def fsync_ms(lab):
    """What the disk asks for one appended line."""
    times = []
    with open(lab.path("synced"), "ab", buffering=0) as file:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            file.write(b"x" * 300)
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main():
    if not Lab.installed("curl", "pdns_server", "sqlite3"):
        sys.exit("bench_push.py: needs the packages curl, pdns-server, pdns-backend-sqlite3 and sqlite3")
    lab, failed = Lab(), False
    try:
        change = Change(lab)
        ways = {"mxladder": change.by_program, "curl": change.by_curl}
        seen = {name: [] for name in ways}
        for i in range(ROUNDS + 1):
            for name, way in ways.items():
                timed = change.timed(way)
                if i:       # the first warms up
                    seen[name].append(timed)
        middle = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in seen.items()}
        for name, (exchanges, whole, connections) in middle.items():
            print(f"     one PowerDNS change by {name:<9} exchanges {exchanges:7.2f} ms in {connections:.0f} connections, "
                  f"whole process {whole:7.2f} ms")
        print(f"     one line appended and synced to the journal's disk {fsync_ms(lab):.2f} ms")
        above = statistics.median(a[0] - b[0] for a, b in zip(seen["mxladder"], seen["curl"]))
        whole = statistics.median(a[1] - b[1] for a, b in zip(seen["mxladder"], seen["curl"]))
        for what, ms, limit in (("PowerDNS change, above curl", above, LIMIT_MS), ("the same by whole processes", whole, WHOLE_LIMIT_MS)):
            failed |= ms > limit
            print(f"{'OVER' if ms > limit else 'ok  '} {what:<48} {ms:9.2f} ms     limit {limit:.2f}", flush=True)
    finally:
        for child in lab.children:
            lab.stop(child)
        shutil.rmtree(lab.dir, ignore_errors=True)
    sys.exit(failed)


main()
