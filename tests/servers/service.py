# SPDX-License-Identifier: GPL-3.0-or-later
"""service.py: what the HTTP test servers share.

Knows: one HTTP/1.1 listener on loopback (keep-alive, Content-Length bodies, a bound on everything), the request log,
the line `port N` on stdout, the end on SIGTERM.  Knows no vendor.  A vendor's server gives serve() an object with
    answer(method, path, query, headers, body) -> (status, extra headers, JSON value | None)
    state()  -> JSON value, read by tests at GET /__state (no credential, not in the log)
    load()   makes the state of the state file anew; PUT /__state calls it
Optionally `chunked = True` when the vendor answers with chunked bodies.
"""
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

MAX_BODY = 1 << 20
MAX_HEADERS = 64


class Refused(Exception):
    """An answer other than success, thrown from anywhere inside a vendor's rules."""

    def __init__(self, status, body, headers=None):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


class Rig:
    """Programs that run in a directory of their own, and all end together."""

    def __init__(self, args, prefix):
        self.args, self.children, self.dir = args, [], tempfile.mkdtemp(prefix=prefix)

    def end_when_told(self):
        try:
            while all(child.poll() is None for child in self.children):
                time.sleep(0.5)
        finally:
            self.end()

    def end(self):
        for child in self.children:
            child.terminate()
        for child in self.children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
        shutil.rmtree(self.dir, ignore_errors=True)
        os._exit(0)


def add_options(parser):
    parser.add_argument("--state", required=True, help="JSON file with the zones at the start")
    parser.add_argument("--log", help="request log, one JSON object a line (credentials masked)")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dns", action="store_true", help="also answer DNS from the state; prints `dns N`")
    parser.add_argument("--token-file", help="file with the only valid token (default: the word test-token)")
    add_lifetime(parser)


def add_lifetime(parser):
    parser.add_argument("--lifetime", type=int, default=900, help="seconds after which the server ends by itself")


def token_of(args):
    if not args.token_file:
        return "test-token"
    with open(args.token_file, encoding="utf-8") as f:
        return f.read().strip()


def end_with_the_test(lifetime):
    """SIGTERM, SIGINT, or the lifetime's end: the process goes, without a trace on stderr. To be called before any thread is made. No handler,
    for python runs it between two steps: a signal that comes just before a call that waits would be seen when the call returns, or never."""
    ends = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)

    def wait():
        signal.sigwait(ends)
        os._exit(0)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    threading.Thread(target=wait, daemon=True).start()
    signal.alarm(lifetime)


def leave_with_the_test(lifetime):
    """The same for one that has others to stop: SystemExit is raised where it stands."""
    def leave(*_):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        sys.exit(0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, leave)
    signal.alarm(lifetime)


def say(what, value):
    print(what, value, flush=True)


class Log:
    """Append-only, one JSON object a line, written before the answer leaves."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a", encoding="utf-8") if path else None
        self.count = 0

    def add(self, **fields):
        with self.lock:
            self.count += 1
            if self.file:
                self.file.write(json.dumps({"n": self.count, "at": round(time.time(), 3), **fields}) + "\n")
                self.file.flush()


def _masked(headers):
    hide = ("authorization", "x-api-key", "x-auth-key")
    return {k.lower(): "***" if k.lower() in hide else v for k, v in headers.items()}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = 1 << 16          # an answer leaves in one piece
    api = log = None

    def log_message(self, *_):
        pass

    def _body(self):
        length = self.headers.get("Content-Length")
        if self.headers.get("Transfer-Encoding"):
            raise Refused(411, {"message": "Length Required"})
        if length is None:
            return b""
        if not length.isdigit() or int(length) > MAX_BODY:
            raise Refused(413, {"message": "Payload Too Large"})
        return self.rfile.read(int(length))

    def _send(self, status, headers, value):
        page = isinstance(value, bytes)      # no JSON: what stands before a vendor may say
        body = b"" if value is None else value if page else json.dumps(value, separators=(",", ":")).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        if status == 204:
            self.end_headers()
            return
        if "Content-Type" not in headers:
            self.send_header("Content-Type", "text/html" if page else "application/json")
        if self.api.chunked and body:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            half = len(body) // 2 or 1
            for part in (body[:half], body[half:]):
                if part:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _one(self):
        parts = urllib.parse.urlsplit(self.path)
        if parts.path == "/__state" and self.command == "GET":
            with self.api.lock:
                self._send(200, {}, self.api.state())
            return
        if parts.path == "/__state" and self.command == "PUT":
            self._body()
            with self.api.lock:
                self.api.load()
                self._send(204, {}, None)
            return
        body = b""
        try:
            body = self._body()
            query = urllib.parse.parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
            if any(len(v) > 1 for v in query.values()):
                raise Refused(400, {"message": "a parameter twice"})
            with self.api.lock:
                status, headers, value = self.api.answer(self.command, parts.path, {k: v[0] for k, v in query.items()},
                                                         self.headers, body)
        except ValueError as e:
            status, headers, value = 400, {}, {"message": f"malformed query: {e}"}
        except Refused as e:
            status, headers, value = e.status, e.headers, e.body
        self.log.add(method=self.command, target=self.path, headers=_masked(self.headers),
                     body=body.decode("utf-8", "replace"), status=status)
        self._send(status, headers, value)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _one


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass        # a client that goes away is not this server's trouble


def serve(api, args):
    api.lock = threading.Lock()
    api.chunked = getattr(api, "chunked", False)
    handler = type("H", (Handler,), {"api": api, "log": Log(args.log)})
    server = Server(("127.0.0.1", args.port), handler)
    end_with_the_test(args.lifetime)
    if args.dns:
        import dnswire
        say("dns", dnswire.serve_in_background(lambda: api.dns_records()))
    say("port", server.server_address[1])
    server.serve_forever()


def load_zones(path):
    """The zones of a state file: {"zones":[{"name", "records":[{"name","type","ttl","data","priority"}]}]};
    names relative to the zone, "@" for the apex, data of MX, NS and CNAME absolute without the final dot."""
    with open(path, encoding="utf-8") as f:
        zones = json.load(f)["zones"]
    for zone in zones:
        for record in zone["records"]:
            for key in ("name", "type", "ttl", "data"):
                if key not in record:
                    sys.exit(f"{path}: a record of {zone['name']} without {key}")
    return zones


def absolute(name, zone):
    return zone if name == "@" else f"{name}.{zone}"
