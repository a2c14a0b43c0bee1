#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hosted.py --state FILE [--vendor NAME]... [--dns]: strict stand-ins for hosted DNS vendors, all of them in one process.

Without --vendor, every one of vendors/. Each has a port of its own and prints `NAME PORT` (and `NAME-dns PORT` with
--dns: its name server, which answers from what is published); `port N` comes last. vendor.py says what each can be told.
--name-servers A,B: all say that these are their name servers, so that one resolver fits all.
--tls CERTIFICATE KEY --tls-port N: one listener more for all, which knows the vendor by the host that is asked for, so that
a vendor's own client can be tried at the vendor's own address.
"""
import argparse
import importlib
import json
import os
import select
import ssl
import sys
import threading
import time
import traceback

import dnswire
import service
from vendor import FAULTS, Request

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vendors")
NAMES = sorted(f[:-3] for f in os.listdir(HERE) if f.endswith(".py"))
HOLD_S = 60
HIDDEN = ("authorization", "x-api-key", "x-nsone-key", "accesskey", "x-auth-token", "x-ovh-signature", "x-amz-security-token", "cookie")


class Handler(service.Handler):
    api = argparse.Namespace(chunked=False)

    def _one(self):
        vendor = self.server.vendor_for(self.headers.get("Host", ""))
        if vendor is None:
            self.close_connection = True
        elif self.path.startswith("/__"):
            with vendor.lock:
                self._send(*self.control(vendor))
        else:
            self.exchange(vendor)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _one

    def control(self, vendor):
        body = self._body()
        if (self.command, self.path) == ("GET", "/__state"):
            return 200, {}, vendor.state()
        if (self.command, self.path) == ("GET", "/__account"):
            return 200, {}, vendor.account(Request("GET", "/", self.headers, b"", "https" if isinstance(self.connection, ssl.SSLSocket) else "http"))
        if (self.command, self.path) == ("GET", "/__log"):
            return 200, {}, vendor.log
        if (self.command, self.path) == ("PUT", "/__state"):
            vendor.load()
            return 204, {}, None
        if (self.command, self.path) == ("PUT", "/__switch"):
            try:
                told = json.loads(body)
                if (told.get("fault") or FAULTS)[0] not in FAULTS:
                    raise KeyError(told["fault"][0])
                vendor.told(told)
                return 204, {}, None
            except (KeyError, ValueError) as e:
                return 400, {}, {"message": f"no such switch: {e}"}
        return 404, {}, {"message": "no such control"}

    def exchange(self, vendor):
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        try:
            q = Request(self.command, self.path, self.headers, self._body(), scheme)
        except (ValueError, service.Refused) as e:
            self._send(400, {}, {"message": f"malformed request: {e}"})
            return
        time.sleep(vendor.switch["latency"])
        with vendor.lock:
            vendor.exchanges += 1
            vendor.intruded()
            kind, answer = vendor.fault(), (None, {}, None)
            if kind is None or kind in ("cut-after", "stall-after", "garble", "500-after"):
                answer = vendor.serve(q)
            if kind and kind[0].isdigit():
                answer = self.refusal(vendor, int(kind[:3]))
            vendor.log.append(self.entry(vendor, q, kind, answer[0]))
        if kind in ("cut-before", "cut-after", "stall", "stall-after"):
            if kind.startswith("stall"):
                select.select([self.connection], [], [], HOLD_S)
            self.close_connection = True
            return
        if kind == "garble":
            answer = answer[0], answer[1], b"{" + b"\x00garbled" * 8
        self._send(*answer)

    @staticmethod
    def refusal(vendor, status):
        try:
            return vendor.problem(status)
        except service.Refused as e:
            return e.status, e.headers, e.body

    @staticmethod
    def entry(vendor, q, kind, status):
        hide = vendor.valid_secret()
        body = q.body.decode("utf-8", "replace")
        return {"n": vendor.exchanges, "method": q.method, "target": q.target.replace(hide, "***"), "body": body.replace(hide, "***"),
                "headers": {k.lower(): "***" if k.lower() in HIDDEN else v for k, v in q.headers.items()}, "status": status, "fault": kind,
                "mx": {name: vendor.mx(zone) for name, zone in vendor.zones.items()}}


class Server(service.Server):
    def __init__(self, address, vendors, tls=None):
        super().__init__(address, Handler)
        self.vendors, self.secure = vendors, bool(tls)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request, client_address):
        """A client that goes away is nothing; an error of a stand-in is its test's end, and said."""
        if not isinstance(sys.exc_info()[1], (OSError, ValueError)):
            traceback.print_exc()

    def vendor_for(self, host):
        if not self.secure:
            return self.vendors[0]
        return next((v for v in self.vendors if host.partition(":")[0] in v.hosts), None)


def make(name, state, servers):
    kind = importlib.import_module("vendors." + name).Server
    if servers:
        kind.name_servers = tuple(servers.split(","))
    vendor = kind(state)
    vendor.label, vendor.lock = name, threading.RLock()
    return vendor


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--state", required=True)
    p.add_argument("--vendor", action="append", choices=NAMES)
    p.add_argument("--dns", action="store_true")
    p.add_argument("--name-servers")
    p.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    p.add_argument("--tls-port", type=int, default=443)
    service.add_lifetime(p)
    args = p.parse_args()
    vendors = [make(name, args.state, args.name_servers) for name in args.vendor or NAMES]
    service.end_with_the_test(args.lifetime)
    servers = [Server(("127.0.0.1", 0), [v]) for v in vendors]
    for server in servers + ([Server(("127.0.0.1", args.tls_port), vendors, args.tls)] if args.tls else []):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    for server in servers:
        service.say(server.vendors[0].label, server.server_address[1])
    for vendor in vendors if args.dns else ():
        service.say(vendor.label + "-dns", dnswire.serve_in_background(vendor.dns_records))
    service.say("port", servers[-1].server_address[1])
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
