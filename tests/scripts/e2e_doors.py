#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways that lead to a provider's API: TLS that a house's own authority vouches for, a UNIX socket, an HTTP proxy, IPv6, a path before
the API. What answers there and is no API. Keys with something around them."""
import gzip
import http.client
import http.server
import os
import socket
import ssl
import subprocess
import threading

from lab import WORLD, Lab

KEY = "test-token"


def relay(a, b):
    """Until one side ends."""
    def one_way(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    back = threading.Thread(target=one_way, args=(b, a), daemon=True)
    back.start()
    one_way(a, b)
    back.join()
    a.close()
    b.close()


def door(listener, port, enter=lambda connection: connection):
    """Each connection that comes in leads to the port. `enter` makes of it what is passed on, or raises OSError."""
    def each(connection):
        try:
            connection = enter(connection)
            relay(connection, socket.create_connection(("127.0.0.1", port)))
        except OSError:
            connection.close()

    def serve():
        while True:
            threading.Thread(target=each, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()


def listening(family, address):
    listener = socket.socket(family)
    listener.bind(address)
    listener.listen(16)
    return listener


def certificate(lab):
    """A server's certificate for api.test and loopback, and the authority's that vouches for it."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=lab.dir)
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=a house's own authority")
    openssl("req", *new, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=api.test")
    lab.write("san.cnf", "subjectAltName=DNS:api.test,IP:127.0.0.1")
    openssl("x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "san.cnf", "-out", "tls.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(lab.path("tls.pem"), lab.path("tls.key"))
    return context


class Manners(http.server.BaseHTTPRequestHandler):
    """Passes on what comes below /dns/api, and what is asked for without any path before it. Below another name it answers as no API does."""
    protocol_version = "HTTP/1.1"
    port, asked = 0, []

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.asked.append(self.path)
        manner, _, rest = self.path[1:].partition("/")
        json_type = {"Content-Type": "application/json"}
        if manner.partition("?")[0] in ("dns", "domains"):
            api = http.client.HTTPConnection("127.0.0.1", self.port)
            api.request("GET", self.path.removeprefix("/dns/api") if rest else "/v2" + self.path, headers={"Authorization": self.headers["Authorization"]})
            answer = api.getresponse()
            return self.say(answer.status, answer.read(), json_type)
        if manner == "html":
            return self.say(200, b"<!DOCTYPE html><title>Are you human?</title>", {"Content-Type": "text/html"})
        if manner in ("301", "302", "307", "308"):
            return self.say(int(manner), b"", {"Location": f"/dns/api/{rest}"})
        if manner == "gzip":
            return self.say(200, gzip.compress(b'{"domains": [], "account": {}, "links": {}, "meta": {"total": 0}}'), {**json_type, "Content-Encoding": "gzip"})
        return self.say(200, {"empty": b"", "null": b"null"}[manner], json_type)

    def say(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def asked(lab, endpoint, *more, key=None, env=None):
    """`accounts --verify` of one account."""
    path = lab.path("key")
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as f:
        f.write(key if key is not None else KEY.encode())
    config = "\n".join(("[account lab]", "provider = digitalocean", f"endpoint = {endpoint}", f"key_file = {path}", *more, ""))
    seen = lab.run("accounts", "--verify", "--config", lab.write("one.conf", config), env=env)
    lab.ok(KEY not in seen.out + seen.err, f"{endpoint.split(':')[0]}: the key is not shown", seen)
    return seen


def doors(lab, port):
    context = certificate(lab)
    tls = door(listening(socket.AF_INET, ("127.0.0.1", 0)), port, lambda c: context.wrap_socket(c, server_side=True))[1]
    ca = f"ca_file = {lab.path('ca.pem')}"
    seen = asked(lab, f"https://127.0.0.1:{tls}/v2", ca)
    lab.equal(seen.status, 0, "ca_file: an authority of one's own vouches for the server", seen)
    seen = asked(lab, f"https://127.0.0.1:{tls}/v2")
    lab.ok(seen.status == 3 and "certificate" in seen.out + seen.err, "without it the certificate is refused", seen)
    seen = asked(lab, f"https://localhost:{tls}/v2", ca)
    lab.ok(seen.status == 3 and "localhost" in seen.out + seen.err, "ca_file: a name that the certificate does not have is refused", seen)
    try:
        six = door(listening(socket.AF_INET6, ("::1", 0)), port)[1]
        seen = asked(lab, f"http://[::1]:{six}/v2")
        lab.equal(seen.status, 0, "an endpoint at an IPv6 address", seen)
    except OSError:
        print("# no IPv6 here")
    proxies(lab, port, tls, ca)


def proxies(lab, port, tls, ca):
    heads = []

    def connect(connection):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            got = connection.recv(1)
            if not got:
                raise OSError("gone")
            head += got
        heads.append(head.decode())
        if not head.startswith(b"CONNECT api.test:443 "):
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            raise OSError("refused")
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        return connection
    proxy = door(listening(socket.AF_INET, ("127.0.0.1", 0)), tls, connect)[1]
    env = {"https_proxy": f"http://127.0.0.1:{proxy}", "http_proxy": f"http://127.0.0.1:{proxy}"}
    seen = asked(lab, "https://api.test/v2", ca, env=env)
    lab.equal(seen.status, 0, "https through a proxy", seen)
    lab.ok(heads and all(h.startswith("CONNECT api.test:443 ") and KEY not in h for h in heads), "the proxy is asked for a connection and sees no key", heads)
    heads.clear()
    seen = asked(lab, f"http://127.0.0.1:{port}/v2", env=env)
    lab.equal((seen.status, heads), (0, []), "loopback is not asked for at the proxy", seen)
    seen = asked(lab, "https://other.test/v2", ca, env=env)
    lab.ok(seen.status == 3 and heads, "a proxy that refuses: no connection", seen)


def manners(lab, port):
    Manners.port = port
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Manners)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_address[1]}"
    seen = asked(lab, f"{at}/dns/api/v2")
    lab.ok(seen.status == 0 and all(p.startswith("/dns/api/v2/") for p in Manners.asked), "a path before the API is kept", f"{Manners.asked}{seen}")
    path = lab.path("api.sock")
    door(listening(socket.AF_UNIX, path), server.server_address[1])
    seen = asked(lab, f"unix:{path}")
    lab.equal((seen.status, Manners.asked[-1]), (0, "/domains?per_page=1"), "a UNIX socket leads to the API", seen)
    seen = asked(lab, f"unix:{lab.path('none.sock')}")
    lab.ok(seen.status == 3 and f"unix:{lab.path('none.sock')}" in seen.out + seen.err, "a UNIX socket that is not there: no connection, and it is named", seen)
    odd = "answered in a way that its API does not know"
    for manner, says in (("html", odd), ("gzip", odd), ("empty", odd), ("null", odd), *((n, f"failed with HTTP {n} at {at}") for n in ("301", "302", "307", "308"))):
        Manners.asked.clear()
        seen = asked(lab, f"{at}/{manner}/v2")
        lab.ok(seen.status == 3 and says in seen.out + seen.err, f"{manner}: refused", seen)
        lab.ok(Manners.asked and all(p.startswith(f"/{manner}/") for p in Manners.asked), f"{manner}: the key goes nowhere else", Manners.asked)
    server.shutdown()


def keys(lab, port):
    for name, key, status in (("blanks", b"  test-token\t ", 0), ("CRLF", b"test-token\r\n", 0), ("lines before and after", b"\n\ntest-token\n\n", 0),
                              ("quotes", b'"test-token"', 5), ("a byte order mark", b"\xef\xbb\xbftest-token\n", 5), ("nothing but blanks", b" \r\n", 5)):
        seen = asked(lab, f"http://127.0.0.1:{port}/v2", key=key)
        lab.equal(seen.status, status, f"a key with {name}", seen)
        lab.equal("begins with a byte order mark" in seen.out, "mark" in name, f"a key with {name}: the mark is told where there is one", seen)


def main():
    Lab.need("openssl")
    with Lab() as lab:
        lab.write("token", KEY)
        port = lab.serve("digitalocean.py", "--state", WORLD, "--token-file", lab.path("token"))["port"]
        doors(lab, port)
        manners(lab, port)
        keys(lab, port)


if __name__ == "__main__":
    main()
