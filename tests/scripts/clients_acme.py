# SPDX-License-Identifier: GPL-3.0-or-later
"""clients_acme.py: lego shows a record only to a certificate authority. This is one that believes every signature, offers one
challenge, looks at the record when lego says that it is there, and then refuses, so that lego removes it again."""
import base64
import hashlib
import http.server
import json
import os
import subprocess
import threading

DOMAIN, TOKEN = "exempel.com", "a-token-of-the-test"
# What lego is told in its environment. Debian's knows no azure, cloudflare, dnsimple, linode, ns1, porkbun and scaleway; its gandi,
# hetzner, infomaniak and simply speak older APIs; its namecheap asks for its own address elsewhere.
LEGO = {
    "desec": lambda a: {"DESEC_TOKEN": a["key"]},
    "digitalocean": lambda a: {"DO_AUTH_TOKEN": a["key"]},
    "glesys": lambda a: {"GLESYS_API_USER": a["settings"]["project"], "GLESYS_API_KEY": a["key"]},
    "godaddy": lambda a: {"GODADDY_API_KEY": a["settings"]["api_key"], "GODADDY_API_SECRET": a["key"]},
    "google": lambda a: {"GCE_PROJECT": "exempel-1", "GCE_SERVICE_ACCOUNT_FILE": "google.json"},
    "ionos": lambda a: {"IONOS_API_KEY": a["key"]},
    "loopia": lambda a: {"LOOPIA_API_USER": a["settings"]["username"], "LOOPIA_API_PASSWORD": a["key"]},
    "netlify": lambda a: {"NETLIFY_TOKEN": a["key"]},
    "ovh": lambda a: {"OVH_ENDPOINT": "ovh-eu", "OVH_APPLICATION_KEY": a["settings"]["application_key"], "OVH_APPLICATION_SECRET": a["key"],
                      "OVH_CONSUMER_KEY": a["settings"]["consumer_key"]},
    "route53": lambda a: {"AWS_ACCESS_KEY_ID": a["settings"]["key_id"], "AWS_SECRET_ACCESS_KEY": a["key"], "AWS_REGION": "us-east-1"},
    "vultr": lambda a: {"VULTR_API_KEY": a["key"]},
}
NAMES = {"google": "gcloud"}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authority(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = look = None

    def log_message(self, *_):
        pass

    def answer(self, status, value, **headers):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Replay-Nonce": "nonce", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def at(self, path):
        return f"http://{self.headers['Host']}/{path}"

    def do_GET(self):
        names = {"newNonce": "nonce", "newAccount": "account", "newOrder": "order", "revokeCert": "revoke", "keyChange": "key"}
        self.answer(200, {k: self.at(v) for k, v in names.items()} if self.path == "/directory" else {})

    do_HEAD = do_GET

    def do_POST(self):
        jws = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        head = json.loads(base64.urlsafe_b64decode(jws["protected"] + "=="))
        challenge = {"type": "dns-01", "url": self.at("challenge"), "token": TOKEN, "status": "invalid" if self.seen["looked"] else "pending"}
        if self.path == "/account":
            kept = {k: head["jwk"][k] for k in ("crv", "kty", "x", "y")}
            self.seen["print"] = base64url(hashlib.sha256(json.dumps(kept, separators=(",", ":"), sort_keys=True).encode()).digest())
            self.answer(201, {"status": "valid"}, Location=self.at("account/1"))
        elif self.path == "/order":
            self.answer(201, {"status": "pending", "identifiers": [{"type": "dns", "value": DOMAIN}], "authorizations": [self.at("authz")], "finalize": self.at("finalize")},
                        Location=self.at("order/1"))
        elif self.path == "/challenge":
            self.seen["looked"] = True
            self.look(base64url(hashlib.sha256(f"{TOKEN}.{self.seen['print']}".encode()).digest()))
            self.answer(200, challenge)
        else:
            self.answer(200, {"status": challenge["status"], "identifier": {"type": "dns", "value": DOMAIN}, "challenges": [challenge]})


def lego(vendor, account, dns, step):
    """Runs lego for a certificate that it never gets."""
    authority = type("A", (Authority,), {"seen": {"looked": False}, "look": lambda self, text: step("add TXT", "TXT", owner="_acme-challenge", want=[(None, text)])})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if vendor == "google":
        with open("google.json", "w", encoding="utf-8") as f:
            f.write(account["key"].replace(account["endpoint"].replace("/dns/v1", ""), "https://oauth2.googleapis.com"))
    done = subprocess.run(["lego", "--server", f"http://127.0.0.1:{server.server_address[1]}/directory", "--accept-tos", "--email", f"hostmaster@{DOMAIN}", "--domains", DOMAIN,
                           "--path", f"lego-{vendor}", "--dns", NAMES.get(vendor, vendor), "--dns.resolvers", f"127.0.0.1:{dns}", "--dns.disable-cp", "run"],
                          env={**os.environ, **LEGO[vendor](account)}, capture_output=True, text=True, timeout=100, check=False)
    assert authority.seen["looked"], done.stdout + done.stderr
    step("remove TXT", "TXT", owner="_acme-challenge", want=[])
