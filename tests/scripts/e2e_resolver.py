#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resolvers that lie, truncate, lose, delay and send rubbish, and real validated answers: no crash, no hang, no forged
record, the truth shown, nothing unescaped."""
import concurrent.futures
import re
import time

from lab import WORLD, Lab, mx_of

TRUTH = {(10, "mx.lie.exempel.com")}
# lies after which the truth must be shown all the same
TRUE_AFTER_ALL = ("wrong-id", "wrong-question", "wrong-port", "not-a-response", "wrong-class", "drop2", "late1500", "tc", "ttl-top")
# lies that leave nothing true to show: an error, or no MX; the exit status that says so
NOTHING = {"silent": 3, "tc-no-tcp": 3, "tcp-cut": 3, "garbage": 3, "short": 3, "header": 3, "self-loop": 3,
           "overlong": 3, "bad-rdata": 3, "rdata-name": 3, "loop": 3, "servfail": 3, "refused": 3, "notimp": 3, "formerr": 3, "cname-loop": 3}
UNESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def ask(lab, port, lie, *more):
    began = time.monotonic()
    seen = lab.run("show", f"{lie}.lie.exempel.com", "--resolver", f"127.0.0.1:{port}", "--timeout", "8", *more, timeout=30)
    return seen, time.monotonic() - began


def liars(lab):
    port = lab.serve("liar.py", "--state", WORLD, "--log", lab.path("liar.log"))["port"]
    special = ("nxdomain", "nodata", "elsewhere", "two-hundred", "control", "label63", "name255", "dots", "high")
    names = (*TRUE_AFTER_ALL, *NOTHING, *special)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:      # most of it is waiting
        answers = dict(zip(names, pool.map(lambda n: ask(lab, port, n, "--json"), names)))
        texts = dict(zip(special, pool.map(lambda n: ask(lab, port, n), special)))
    for lie in names:
        seen, took = answers[lie]
        lab.ok(seen.status in (0, 1, 3) and took < 25 and seen.json() is not None, f"{lie}: it ends, in JSON, without a crash ({took:.1f} s)", seen)
        lab.ok("forged.exempel.com" not in seen.out + seen.err, f"{lie}: nothing forged is shown", seen)
    for lie in TRUE_AFTER_ALL:
        value = answers[lie][0].json() or {}
        lab.equal(mx_of(value) if "rungs" in value else None, TRUTH, f"{lie}: the truth is shown", answers[lie][0])
    for lie, status in NOTHING.items():
        lab.equal(answers[lie][0].status, status, f"{lie}: exit {status}", answers[lie][0])
    for lie in ("tc-no-tcp", "tcp-cut"):
        lab.ok("what came back is no whole answer to the question" in answers[lie][0].out, f"{lie}: the server is there, and no whole answer came", answers[lie][0])
    ttl = (answers["ttl-top"][0].json() or {}).get("ttl")
    lab.ok(ttl == 0 or isinstance(ttl, int) and ttl <= 604800, "ttl-top: a TTL with the top bit is none (RFC 2181 section 8)", answers["ttl-top"][0])
    lab.ok(len(mx_of(answers["two-hundred"][0].json() or {"records": []})) == 200, "two-hundred: all of them", answers["two-hundred"][0])
    lab.ok(len(mx_of(answers["name255"][0].json() or {"records": []})) == 1, "name255: shown", answers["name255"][0])
    lab.ok(len(mx_of(answers["label63"][0].json() or {"records": []})) == 1, "label63: shown", answers["label63"][0])
    lab.equal((answers["nodata"][0].json() or {}).get("implicit_mx"), False, "nodata, no address either: no implicit MX is claimed", answers["nodata"][0])
    for lie in special:
        text = texts[lie][0].out + texts[lie][0].err
        lab.ok(not UNESCAPED.search(text), f"{lie}: nothing reaches the terminal unescaped", ascii(text))


def real_ones(lab):
    rig = lab.serve("dnsrig.py")
    lab.configure(f"[dns]\nresolver = 127.0.0.1:{rig['port']}\nanchor_file = {rig['dir']}/anchor\n")
    for name, wanted in (("saker.exempel.org", "secure"), ("osignerad.exempel.org", "insecure"), ("trasig.exempel.org", "bogus")):
        seen = lab.run("show", name, "--json")
        value = seen.json() or {}
        lab.equal(value.get("dnssec"), wanted, f"{name}: {wanted}", seen)
        if wanted != "bogus":
            lab.equal(mx_of(value) if "rungs" in value else None, {(10, f"mx1.{name}"), (20, f"mx2.{name}")}, f"{name}: its set", seen)
    seen = lab.run("simulate", "osignerad.exempel.org", "--matrix", "1", "--json")
    cuts = (seen.json() or {"matrix": {"senders": [{"cut_sets": []}]}})["matrix"]["senders"][0]["cut_sets"]
    lab.ok(["ns:ns1.osignerad.exempel.org"] in cuts, "the matrix knows the name server of the targets' zone", seen)
    for name in ("saker.exempel.org", "osignerad.exempel.org", "trasig.exempel.org"):
        seen = lab.run("show", name, "--json", "--resolver", f"127.0.0.1:{rig['strip']}")
        value = seen.json() or {}
        lab.ok(value.get("dnssec") == "unchecked", f"{name} through a resolver that strips: unchecked, never bogus", seen)


def main():
    with Lab() as lab:
        liars(lab)
        if lab.installed("knotd", "unbound", "keymgr"):
            real_ones(lab)


if __name__ == "__main__":
    main()
