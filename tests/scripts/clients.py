#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in is believed when somebody else's client works against it: Debian's python3-boto3, lexicon, python3-libcloud, lego,
azure's own and two of npm's, unmodified, list, add, change and remove records at the vendors' own addresses.

That is a network namespace with a hosts file in which all those names are 127.0.0.1, port 443 with a certificate of a CA of
the test's own, and nothing beyond. Not part of the check: `./dev vendors` runs it. VENDOR_CLIENTS and VENDORS (words) choose
some, VENDOR_NPM says where npm's are.
"""
import importlib
import json
import os
import subprocess
import sys

from lab import SERVERS, WORLD, Lab
from clients_steps import CLIENTS
from world import DOMAIN

sys.path.insert(0, SERVERS)
HERE = os.path.dirname(os.path.abspath(__file__))


def enter():
    if os.environ.get("VENDORS_NETNS") != "1":
        os.environ["VENDORS_NETNS"] = "1"
        os.execvp("unshare", ["unshare", "-rnm", "/usr/bin/python3", "-B", *sys.argv])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def certificate(lab, hosts):
    """A CA and a certificate for all hosts; {name: path}."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=lab.dir)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=a test's own CA")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=vendors")
    lab.write("san.cnf", "subjectAltName=" + ",".join("DNS:" + h for h in hosts))
    openssl("x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "san.cnf", "-out", "tls.pem")
    return {"ca": lab.path("ca.pem"), "cert": lab.path("tls.pem"), "key": lab.path("tls.key")}


def bind(path, text, lab):
    lab.write("bound-" + os.path.basename(path), text, 0o644)
    subprocess.run(["mount", "--bind", lab.path("bound-" + os.path.basename(path)), path], check=True)


def records(lab, port, owner, rtype):
    """What the vendor has now: [(priority, data)]."""
    zones = lab.http(port, "GET", "/__state")[1]["zones"]
    found = [r for r in zones[DOMAIN] if r["type"] == rtype and r["name"] in (owner, f"{owner}.{DOMAIN}")]
    return sorted((r.get("priority"), (r.get("data") or r.get("content")).strip('"')) for r in found)


def tried(lab, client, vendor, said, files):
    """One client at one vendor: it says after each step what it did, and the server is asked what it has."""
    port = said[vendor]
    lab.http(port, "PUT", "/__state")
    account = lab.http(port, "GET", "/__account")[1]
    env = {**lab.env, "SSL_CERT_FILE": files["ca"], "REQUESTS_CA_BUNDLE": files["ca"], "AWS_CA_BUNDLE": files["ca"], "CURL_CA_BUNDLE": files["ca"],
           "HTTPLIB2_CA_CERTS": files["ca"], "NODE_EXTRA_CA_CERTS": files["ca"], "AWS_EC2_METADATA_DISABLED": "true", "PYTHONWARNINGS": "ignore", "VENDORS_DIR": lab.dir}
    child = subprocess.Popen(["/usr/bin/python3", "-B", os.path.join(HERE, "clients_steps.py"), client, vendor, json.dumps(account), str(said[vendor + "-dns"])],
                             env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=lab.dir)
    steps, wrong = [], []
    for line in child.stdout:
        step = json.loads(line)
        steps.append(step["did"])
        seen = records(lab, port, step["owner"], step["type"]) if "want" in step else None
        if "want" in step and seen != [tuple(w) for w in step["want"]]:
            wrong.append(f"{step['did']}: the vendor has {seen}, wanted {step['want']}")
        child.stdin.write("go on\n")
        child.stdin.flush()
    err = child.stderr.read()
    status = child.wait()
    if status:
        log = lab.http(port, "GET", "/__log")[1]
        wrong.append("\n".join([f"{e['method']} {e['target']} {e['body'][:200]} -> {e['status']}" for e in log[-3:]] + [err[-600:]]))
    return steps, wrong


def main():
    enter()
    chosen = os.environ.get("VENDOR_CLIENTS", " ".join(CLIENTS)).split()
    with Lab() as lab:
        lab.env["VENDOR_NPM"] = os.environ.get("VENDOR_NPM", "/nowhere")
        names = sorted(f[:-3] for f in os.listdir(os.path.join(SERVERS, "vendors")) if f.endswith(".py"))
        hosts = [h for n in names for h in importlib.import_module("vendors." + n).Server.hosts]
        files = certificate(lab, hosts)
        bind("/etc/hosts", "127.0.0.1 localhost " + " ".join(hosts) + "\n", lab)
        bind("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", lab)
        said = lab.serve("hosted.py", "--state", WORLD, "--dns", "--tls", files["cert"], files["key"])
        table = {}
        for client in chosen:
            if subprocess.run(["sh", "-c", CLIENTS[client]["there"]], capture_output=True, env=lab.env, check=False).returncode:
                print(f"# {client}: not installed", flush=True)
                continue
            for vendor in [v for v in CLIENTS[client]["vendors"] if v in os.environ.get("VENDORS", v).split()]:
                steps, wrong = tried(lab, client, vendor, said, files)
                table.setdefault(vendor, {})[client] = "+".join(steps)
                lab.ok(not wrong and steps, f"{vendor}, by {client}: {', '.join(steps)}", "\n".join(wrong))
        known = {v for client in CLIENTS.values() for v in client["vendors"]}
        for vendor in [n for n in names if n in table or n not in known]:
            print(f"# {vendor:13}" + ("; ".join(f"{c}: {s}" for c, s in table[vendor].items()) if vendor in table else "no client here knows it"), flush=True)


if __name__ == "__main__":
    main()
