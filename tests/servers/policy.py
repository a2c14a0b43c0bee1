#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""policy.py ADDRESS: MTA-STS policies over HTTPS at port 443 of an address, in a network namespace of the caller's own.

Each host name has its manner: what its first label behind "mta-sts." says (good, redirect, missing, html, large, broken, slow ...).
The certificates are made by the openssl command: one authority, and one certificate each for the names; of "stranger" another
authority's, of "wrong" another name's, of "expired" one that is over. Prints
    dir PATH      everything it wrote; PATH/ca.pem is the authority's certificate
    port N        443, last
"""
import argparse
import http.server
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import time

import service

POLICY = "version: STSv1\nmode: enforce\nmx: mx1.good.example\nmx: *.mail.example\nmax_age: 604800\n"
MANNERS = ("good", "two", "crlf", "redirect", "missing", "html", "bare", "large", "broken", "slow", "stranger", "wrong", "expired")


class Certificates:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="policy-")
        os.chmod(self.dir, 0o755)
        self.authority("ca")
        self.authority("other")
        self.context = {name: self.make(name) for name in MANNERS}

    def run(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=self.dir)

    def authority(self, name):
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key", "-out", name + ".pem",
                 "-days", "30", "-subj", f"/CN=authority {name}")

    def make(self, name):
        issuer = "other" if name == "stranger" else "ca"
        host = "mta-sts.elsewhere.example" if name == "wrong" else f"mta-sts.{name}.example"
        with open(f"{self.dir}/{name}.ext", "w", encoding="ascii") as f:
            f.write(f"subjectAltName=DNS:{host}\n")
        self.run("req", "-new", "-key", "other.key", "-out", name + ".csr", "-subj", "/CN=policies")
        self.run("x509", "-req", "-in", name + ".csr", "-CA", issuer + ".pem", "-CAkey", issuer + ".key", "-CAcreateserial",
                 "-days", "-1" if name == "expired" else "30", "-extfile", name + ".ext", "-out", name + ".pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.dir}/{name}.pem", f"{self.dir}/other.key")
        return context


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):       # pylint: disable=redefined-builtin
        pass

    def answer(self, status, body, headers=(("Content-Type", "text/plain; charset=utf-8"),)):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body.encode())
        except OSError:
            pass                                # the other side had enough

    def do_GET(self):                           # pylint: disable=invalid-name
        host = self.headers.get("Host", "")
        manner = host.split(".")[1] if host.startswith("mta-sts.") else ""
        if self.path != "/.well-known/mta-sts.txt" or manner not in MANNERS:
            self.answer(400, "no such host or path\n")
        elif manner == "redirect":
            self.answer(301, "", (("Location", "https://www.example/policy.txt"),))
        elif manner == "missing":
            self.answer(404, "not here\n")
        elif manner == "html":
            self.answer(200, POLICY, (("Content-Type", "text/html"),))
        elif manner == "bare":
            self.answer(200, POLICY, ())
        elif manner == "large":
            self.answer(200, POLICY + "x: " + "y" * 70000 + "\n")
        elif manner == "broken":
            self.answer(200, "version: STSv2\nmode: maybe\n")
        elif manner == "slow":
            time.sleep(30)
        else:
            self.answer(200, POLICY.replace("\n", "\r\n") if manner == "crlf" else POLICY)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that does not trust the certificate goes away: that is what it is for."""


def main():
    p = argparse.ArgumentParser()
    p.add_argument("address")
    service.add_lifetime(p)
    args = p.parse_args()
    service.leave_with_the_test(args.lifetime)
    made = Certificates()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{made.dir}/good.pem", f"{made.dir}/other.key")

    def choose(connection, name, _):
        manner = (name or "").split(".")
        connection.context = made.context.get(manner[1] if len(manner) > 1 else "", context)
    context.sni_callback = choose
    server = Server((args.address, 443), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.say("dir", made.dir)
    service.say("port", 443)
    try:
        while True:
            time.sleep(0.5)
    finally:
        shutil.rmtree(made.dir, ignore_errors=True)


if __name__ == "__main__":
    main()
