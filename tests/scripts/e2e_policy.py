#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What simulate makes of an MTA-STS policy that is fetched over HTTPS: Gmail, Exchange Online and Courier keep to it, Postfix, which asks
for none by itself, does not. In a network namespace of its own, with a resolver, an HTTPS server and an authority of the test's."""
import http.server
import ssl
import subprocess
import threading

import netns
from lab import Lab

HTTPS, RESOLVER, LATER = "127.0.0.80", "127.0.0.53", "127.0.0.54"
FIRST, SECOND, THIRD = "mx1.example.com", "mx2.other.example.com", "mx3.example.com"
AGE, GONE = 86400, None
BOTH, BACKUP, NEITHER = ("mx1.example.com", "*.other.example.com"), ("*.OTHER.example.com",), ("mx3.example.com", "*.example.com.example.com")

# domain -> id of its record (GONE: no record), mode and patterns of its policy (GONE: no policy)
POLICIES = {
    "listed": ("1", ("enforce", BOTH)), "backup": ("1", ("enforce", BACKUP)), "neither": ("1", ("enforce", NEITHER)), "testing": ("1", ("testing", NEITHER)),
    "none": ("1", ("none", ())), "missing": ("1", GONE), "gone": (GONE, ("enforce", NEITHER)), "moved": ("1", ("enforce", BOTH)),
    "named": ("1", ("enforce", ("*.example.com",))),
}
KEEP, NOT = ("gmail", "exchange-online", "courier"), ("postfix", "rfc5321")
RETURNS = "courier"             # a message to a domain whose policy lists no host
SENTENCE = "Of MTA-STS the policy that is served now is taken"


def state(lab, name, ids):
    """The zone, with these ids in place of the others."""
    rows = [("@", "SOA", "ns.example.com postmaster.example.com 1 3600 900 604800 300"), ("@", "NS", "ns.example.com"), ("ns", "A", RESOLVER),
            ("mx1", "A", "192.0.2.25"), ("mx2.other", "A", "192.0.2.5"), ("mx3", "A", "192.0.2.3")]     # of smtpliar.py: good, no TLS, wrong name
    for domain, (number, _) in POLICIES.items():
        first, second = (THIRD, FIRST) if domain == "named" else (FIRST, SECOND)
        rows += [(domain, "MX", f"10 {first}"), (domain, "MX", f"20 {second}"), (f"mta-sts.{domain}", "A", HTTPS)]
        if number is not GONE:
            rows.append((f"_mta-sts.{domain}", "TXT", f"v=STSv1; id={ids.get(domain, number)};"))
    return lab.write(name, {"zones": [{"name": "example.com", "records": [{"name": n, "type": t, "ttl": 300, "data": d} for n, t, d in rows]}]})


class Policies(http.server.BaseHTTPRequestHandler):
    served = {domain: policy for domain, (_, policy) in POLICIES.items()}

    def do_GET(self):                           # pylint: disable=invalid-name
        policy = self.served.get(self.headers.get("Host", "").split(".")[1])
        lines = [] if policy is GONE else ["version: STSv1", f"mode: {policy[0]}", *(f"mx: {p}" for p in policy[1]), f"max_age: {AGE}", ""]
        body = "\r\n".join(lines).encode()
        self.send_response(200 if policy and self.path == "/.well-known/mta-sts.txt" else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):       # pylint: disable=redefined-builtin
        pass


def serve(lab):
    """Returns the file of the authority that vouches for all of them."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30")
    names = ",".join(f"DNS:mta-sts.{domain}.example.com" for domain in POLICIES)
    for words in ((*key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=a test's own CA"),
                  (*key, "-keyout", "key", "-out", "cert", "-subj", "/CN=policies", "-addext", f"subjectAltName={names}",
                   "-addext", "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key")):
        subprocess.run(["openssl", "req", "-x509", *words], check=True, capture_output=True, cwd=lab.dir)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(lab.path("cert"), lab.path("key"))
    server = http.server.ThreadingHTTPServer((HTTPS, 443), Policies)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return lab.path("ca.pem")


def simulate(lab, domain, *words, resolver=RESOLVER):
    return lab.run("simulate", f"{domain}.example.com", "--resolver", resolver, "--timeout", 20, *words)


def ends(seen):
    """{sender: where the first attempt ends}: a host, "deferred" or "unknown"; "?" where it is no one place."""
    found = {}
    for told in (seen.json() or {}).get("senders", []):
        first = told["first_attempt"]
        shares = {**{h["host"]: h["share"] for h in first["hosts"]}, **{word: first[word] for word in ("deferred", "bounced", "unknown")}}
        found[told["sender"]] = next((where for where, share in shares.items() if share > 0.999), "?")
    return found


# domain, marks -> where the mail of those that keep to policies goes, where that of the others; is a policy enforced?
CASES = (
    ("listed", (), FIRST, FIRST, True), ("backup", (), SECOND, FIRST, True), ("neither", (), "deferred", FIRST, True),
    ("testing", (), FIRST, FIRST, False), ("none", (), FIRST, FIRST, False), ("missing", (), "unknown", FIRST, None), ("gone", (), FIRST, FIRST, False),
    ("listed", (f"{FIRST}=no-starttls",), SECOND, FIRST, True), ("listed", (f"{FIRST}=cert-invalid",), SECOND, FIRST, True),
    ("backup", (SECOND,), "deferred", FIRST, True), ("backup", (f"{FIRST}=rcpt-5xx",), SECOND, "bounced", True),
    ("testing", (f"{FIRST}=no-starttls",), FIRST, FIRST, False), ("missing", (f"{FIRST}=no-starttls",), "unknown", FIRST, None),
)


def cases(lab):
    for domain, down, keeps, others, enforced in CASES:
        words = [word for mark in down for word in ("--down", mark)]
        seen = simulate(lab, domain, "--sender", "all", *words, "--json")
        met, name = ends(seen), " ".join((domain, *down))
        wanted = {s: "bounced" if (domain, s) == ("neither", RETURNS) else keeps for s in KEEP}
        lab.equal({s: met.get(s) for s in KEEP}, wanted, f"{name}: those that keep to MTA-STS", seen)
        lab.equal({s: met.get(s) for s in NOT}, {s: others for s in NOT}, f"{name}: those that do not", seen)
        policy = (seen.json() or {}).get("mta_sts") or {}
        number, served = POLICIES[domain]
        lab.equal((policy.get("enforced"), policy.get("id"), policy.get("max_age_s")),
                  (enforced, number, AGE if number and served else None), f"{name}: the policy that was taken", seen)


def told(lab):
    seen = simulate(lab, "neither", "--sender", "gmail")
    lab.ok("The MTA-STS policy does not list this host." in seen.out, "in words: the host is not listed", seen)
    lab.equal(seen.out.count(SENTENCE), 1, "and once that a sender may hold an earlier policy", seen)
    for domain, sender in (("neither", "postfix"), ("gone", "gmail")):
        seen = simulate(lab, domain, "--sender", sender)
        lab.ok(SENTENCE not in seen.out and FIRST in seen.out, f"{domain}, {sender}: nothing of a policy", seen)
    lab.equal((simulate(lab, "neither", "--json").json() or {"mta_sts": "?"})["mta_sts"], None, "of a sender that keeps to none, no policy is told")


def changed(lab):
    """Another id, and with it another policy: what is served now is taken."""
    lab.serve("slowdns.py", "--delay", 0, "--log", lab.path("later.log"), "--state", state(lab, "later.json", {"moved": "2"}), f"{LATER}:53=resolve")
    for resolver, served, number, end in ((RESOLVER, BOTH, "1", FIRST), (LATER, BOTH, "2", FIRST), (LATER, BACKUP, "2", SECOND)):
        Policies.served["moved"] = ("enforce", served)
        seen = simulate(lab, "moved", "--sender", "gmail", "--json", resolver=resolver)
        lab.equal((ends(seen).get("gmail"), ((seen.json() or {}).get("mta_sts") or {}).get("id")), (end, number),
                  f"id {number}, {len(served)} patterns: as it is served", seen)


# domain -> where mail goes as the servers are now: of those that keep to policies, and of the others
PROBED = {"listed": (FIRST, FIRST), "backup": ("deferred", FIRST), "testing": (FIRST, FIRST), "named": (FIRST, THIRD)}


def probed(lab):
    for domain, (keeps, others) in PROBED.items():
        seen = simulate(lab, domain, "--as-probed", "--sender", "all", "--json")
        met = ends(seen)
        lab.equal({s: met.get(s) for s in (*KEEP, "postfix")}, {**{s: keeps for s in KEEP}, "postfix": others}, f"{domain}, as probed", seen)
    for domain, wanted in (("listed", [(SECOND, "error")]), ("testing", [])):
        seen = lab.run("check", f"{domain}.example.com", "--resolver", RESOLVER, "--timeout", 20, "--probe", "--only", "starttls", "--json")
        lab.equal([(f["host"], f["level"]) for f in (seen.json() or {}).get("findings", [])], wanted, f"check of {domain}: a backup without STARTTLS, that MTA-STS wants or not", seen)


def main():
    netns.enter()
    subprocess.run(["ip", "route", "add", "local", "192.0.2.0/24", "dev", "lo"], check=True)
    with Lab() as lab:
        server = lab.serve("smtpliar.py", "--net", "192.0.2", "--port", 25)
        lab.serve("slowdns.py", "--delay", 0, "--log", lab.path("dns.log"), "--state", state(lab, "dns.json", {}), f"{RESOLVER}:53=resolve")
        lab.configure(f"[dns]\nca_file = {serve(lab)}\n[probe]\nca_file = {server['dir']}/ca.pem\nname = probe.example.org\n")
        cases(lab)
        told(lab)
        changed(lab)
        probed(lab)


if __name__ == "__main__":
    main()
