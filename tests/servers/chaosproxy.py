#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""chaosproxy.py --upstream HOST:PORT [--fault NAME --at K [--times N]] [--run FILE]: spoils the K-th exchange.

Knows HTTP/1.1 exchanges (a request with Content-Length, its answer) and counts them from 1 over all connections; each
is passed on as it is, except those numbered K .. K+N-1:
    cut-before    the connection closes; the server never sees the request
    cut-after     the server does what was asked; the connection closes without an answer
    cut-middle    the same, but half of the answer comes before the connection closes
    stall         nothing is passed on and nothing answered until the client gives up (60 s at most)
    stall-after   the server does what was asked; no answer until the client gives up (60 s at most)
    garble        the server does what was asked; the body comes back as broken JSON of the same length
    garble-http   the server does what was asked; the answer is not HTTP
    401 409 429 500 503   the server never sees the request; that status comes back (429 with Retry-After: 1)
    500-after     the server does what was asked; 500 comes back
    big-error     the server never sees the request; a 500 with a body of 1 MB comes back
--run FILE is a second editor: right before exchange K is passed on (with or without a fault) the proxy itself sends the
requests of FILE, a JSON list of {"method","target","headers","body"}.
PUT /__chaos {"fault","at","times","run"} changes these and starts counting anew.
Log (--log): one line an exchange: {"n","method","target","fault","status"}, written when the exchange is decided on and
again when it has ended ("status").
"""
import argparse
import http.client
import http.server
import json
import select
import socket
import threading
import time

import service

STATUSES = {"401": "Unauthorized", "409": "Conflict", "429": "Too Many Requests", "500": "Internal Server Error",
            "503": "Service Unavailable"}
FAULTS = ("cut-before", "cut-after", "cut-middle", "stall", "stall-after", "late", "garble", "garble-http", "500-after",
          "big-error", *STATUSES)
HOLD_S = 60
LATE_S = 3
HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")


class Upstream:
    def __init__(self, where):
        self.host, port = where.rsplit(":", 1)
        self.port = int(port)

    def ask(self, method, target, headers, body):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.reason, answer.getheaders(), answer.read()
        finally:
            connection.close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = HOLD_S
    wbufsize = 1 << 16          # an answer leaves in one piece
    chaos = None

    def log_message(self, *_):
        pass

    def one(self):
        if self.path == "/__chaos":
            self.chaos.set(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0))))
            self.passed(204, "No Content", [], b"")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        n, fault = self.chaos.next()
        self.chaos.log.add(exchange=n, method=self.command, target=self.path, fault=fault)
        status = self.spoilt(fault, body) if fault else self.passed(*self.forward(body))
        self.chaos.log.add(exchange=n, method=self.command, target=self.path, fault=fault, status=status)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = one

    def forward(self, body):
        headers = [(k, v) for k, v in self.headers.items() if k.lower() != "connection"] + [("Connection", "close")]
        return self.chaos.upstream.ask(self.command, self.path, headers, body)

    def passed(self, status, reason, headers, body):
        self.send_response_only(status, reason)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return status

    def cut(self):
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def hold(self):
        select.select([self.connection], [], [], HOLD_S)     # readable: the client has closed (or speaks out of turn)
        self.cut()

    def spoilt(self, fault, body):
        if fault in STATUSES or fault == "big-error":
            status = 500 if fault == "big-error" else int(fault)
            text = b'{"error": "' + b"x" * (1 << 20) + b'"}' if fault == "big-error" else b'{"error": "chaos", "message": "chaos"}'
            extra = [("Retry-After", "1")] if fault == "429" else []
            return self.passed(status, STATUSES[str(status)], [("Content-Type", "application/json"), *extra], text)
        if fault == "stall":
            self.hold()
            return None
        if fault == "cut-before":
            self.cut()
            return None
        if fault == "late":
            time.sleep(LATE_S)
        answer = self.forward(body)
        if fault in ("stall-after", "late"):
            self.hold()
        elif fault == "cut-after":
            self.cut()
        elif fault == "cut-middle":
            half = answer[3][:len(answer[3]) // 2]
            self.wfile.write(b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                             % (answer[0], len(answer[3]) + 2, half))
            self.cut()
        elif fault == "garble":
            return self.passed(200, "OK", answer[2], b'{"result": [' + b"}" * max(8, len(answer[3]) - 12))
        elif fault == "garble-http":
            self.wfile.write(b"\x00\x01\x02 not HTTP \r\n\r\n")
            self.cut()
        elif fault == "500-after":
            return self.passed(500, STATUSES["500"], [("Content-Type", "application/json")], b'{"error": "chaos", "message": "chaos"}')
        return answer[0]


class Chaos:
    def __init__(self, args):
        self.args, self.upstream, self.log = args, Upstream(args.upstream), service.Log(args.log)
        self.count, self.lock = 0, threading.Lock()

    def set(self, wanted):
        """PUT /__chaos {"fault", "at", "times", "run"}: another fault, counting from 1 again."""
        with self.lock:
            self.count = 0
            self.args.fault, self.args.run = wanted.get("fault"), wanted.get("run")
            self.args.at, self.args.times = wanted.get("at", 1), wanted.get("times", 1)

    def next(self):
        with self.lock:
            self.count += 1
            n, args = self.count, self.args
            if args.run and n == args.at:
                with open(args.run, encoding="utf-8") as f:
                    for r in json.load(f):
                        body = r.get("body", "")
                        body = (body if isinstance(body, str) else json.dumps(body)).encode()
                        headers = {"Host": args.upstream, "Content-Length": str(len(body)), **r.get("headers", {})}
                        status = self.upstream.ask(r["method"], r["target"], list(headers.items()), body)[0]
                        self.log.add(exchange=n, method=r["method"], target=r["target"], fault="second editor", status=status)
            return n, args.fault if args.at <= n < args.at + args.times else None


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--upstream", required=True)
    p.add_argument("--fault", choices=FAULTS)
    p.add_argument("--at", type=int, default=1)
    p.add_argument("--times", type=int, default=1)
    p.add_argument("--run")
    p.add_argument("--log")
    service.add_lifetime(p)
    args = p.parse_args()
    handler = type("H", (Handler,), {"chaos": Chaos(args)})
    server = service.Server(("127.0.0.1", 0), handler)
    service.end_with_the_test(args.lifetime)
    service.say("port", server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
