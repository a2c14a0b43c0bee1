# SPDX-License-Identifier: GPL-3.0-or-later
"""policies.py: what the labs need for MTA-STS: a server of policies over HTTPS, and Debian's postfix-mta-sts-resolver in a real Postfix's machine."""
import http.server
import socket
import ssl
import threading

from lab import wait_until

PACKAGES = ["postfix", "postfix-mta-sts-resolver", "python3-pycares", "python3-aiodns", "python3-aiosqlite", "python3-hiredis", "python3-aioredis"]
PORT = 8461


def serve(address, certificate, key, policy):
    """policy: what a name's is, as text with \\n at the ends of its lines."""
    class Policy(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = policy(self.headers["Host"]).replace("\n", "\r\n").encode()
            self.send_response(200 if self.path == "/.well-known/mta-sts.txt" else 404)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer((address, 443), Policy)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def listens():
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


def resolve(machine):
    """Starts the resolver, with /etc/mta-sts-daemon.yml and /etc/lab-ca.pem of the machine."""
    machine.run("SSL_CERT_FILE=/etc/lab-ca.pem mta-sts-daemon -c /etc/mta-sts-daemon.yml > /var/log/sts.log 2>&1 < /dev/null & echo $! > /run/sts.pid")
    if not wait_until(listens, 60, every=0.5):
        raise RuntimeError("mta-sts-daemon does not listen")
