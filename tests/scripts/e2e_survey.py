#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a survey asks, how often and for how long, and what it says of name servers that do not answer as they should: in a
network namespace of its own, where name servers stand at port 53 of loopback addresses."""
import collections
import time

import netns
from lab import Lab

RESOLVER = "127.0.0.53"
PATIENCE, SOON = 20, 8      # seconds: what a question may take, and what a command must end within all the same, on any machine


# ---- a world without signatures: exempel.net, its servers where the test wants them -------------------------------------

def records(servers):
    """exempel.net with these name servers: {"ns1": [address, ...], ...}"""
    soa = "ns1.exempel.net postmaster.exempel.net 7 3600 900 604800 300"
    rows = [("@", "SOA", soa), ("@", "MX", "10 mx1.exempel.net"), ("@", "MX", "20 mx2.exempel.net"), ("mx1", "A", "192.0.2.31"),
            ("mx2", "A", "192.0.2.32")]
    for name, addresses in servers.items():
        rows.append(("@", "NS", f"{name}.exempel.net"))
        rows += [(name, "AAAA" if ":" in a else "A", a) for a in addresses]
    net = [("@", "SOA", "a.nic.net postmaster.nic.net 1 3600 900 604800 300")]
    for i, letter in enumerate("abcd"):
        net += [("@", "NS", f"{letter}.nic.net"), (f"{letter}.nic", "A", f"127.0.9.{i + 1}")]
    zone = lambda name, rows: {"name": name, "records": [{"name": n, "type": t, "ttl": 3600, "data": d} for n, t, d in rows]}
    return {"zones": [zone("exempel.net", rows), zone("net", net)]}


def look(lab, name, servers, fronts, *more, command="show", domain="exempel.net"):
    """(result of show, its seconds, the questions that were sent)"""
    fronts = {**{f"127.0.9.{i}": "serve" for i in (1, 2, 3, 4)}, **fronts}
    log = lab.path(f"{name}.log")
    state = lab.write(f"{name}.json", records(servers))
    child = lab.serve("slowdns.py", "--delay", 2, "--log", log, "--state", state, f"{RESOLVER}:53=resolve", *[f"{a}:53={w}" for a, w in fronts.items()])
    began = time.monotonic()
    seen = lab.run(command, domain, "--resolver", RESOLVER, "--timeout", PATIENCE, *more)
    took = time.monotonic() - began
    lab.stop(child["child"])
    return seen, took, lab.log_of(log)


# what stands at ns2's address -> its state in JSON, and what the text says
STATES = {
    "silent": ("silent", "no answer from ns2.exempel.net (127.0.1.2)"),
    "refuse": ("refuses", "ns2.exempel.net (127.0.1.2) refuses to answer"),
    "fail": ("lame", "ns2.exempel.net (127.0.1.2) is no authority for the zone, or fails"),
    "lame": ("lame", "ns2.exempel.net (127.0.1.2) is no authority for the zone, or fails"),
}


def states(lab):
    for what, (state, text) in STATES.items():
        servers = {"ns1": ["127.0.1.1"], "ns2": ["127.0.1.2"]}
        seen, took, _ = look(lab, f"one-{what}", servers, {"127.0.1.1": "serve", "127.0.1.2": what}, "--json")
        rows = {r["server"]: r for r in (seen.json() or {}).get("servers", [])}
        lab.equal({n: r.get("state") for n, r in rows.items()}, {"ns1.exempel.net": "answers", "ns2.exempel.net": state},
                  f"{what}: the states of both servers", seen)
        lab.equal(rows.get("ns2.exempel.net", {}).get("records", "none"), None, f"{what}: no set is made up for it", seen)
        lab.equal((rows.get("ns1.exempel.net", {}).get("serial"), rows.get("ns1.exempel.net", {}).get("agrees")), (7, True),
                  f"{what}: the other one has its serial, and agrees", seen)
        lab.ok(took < SOON, f"{what}: it ends soon after the rest ({took:.2f} s)", seen)
        seen, _, _ = look(lab, f"text-{what}", servers, {"127.0.1.1": "serve", "127.0.1.2": what})
        lab.ok("1 of 1 name server that answered agrees, of 2 in all" in seen.out and text in seen.out, f"{what}: in words", seen)


def only_silent(lab):
    """cases: the only server does not answer"""
    seen, took, _ = look(lab, "alone", {"ns1": ["127.0.1.1"]}, {"127.0.1.1": "silent"})
    lab.ok("no answer from ns1.exempel.net (127.0.1.1)" in seen.out and "agree" not in seen.out, "the only server is silent: nobody disagrees", seen)
    lab.ok("mx1.exempel.net" in seen.out and took < SOON, f"the ladder is shown soon all the same ({took:.2f} s)", seen)


def families(lab):
    seen, took, _ = look(lab, "families", {"ns1": ["127.0.1.1", "2001:db8::53"], "ns2": [], "ns3": ["2001:db8::54"]}, {"127.0.1.1": "serve"}, "--json")
    rows = {(r["server"][:3], r["address"]): r.get("state") for r in (seen.json() or {}).get("servers", [])}
    lab.equal(rows, {("ns1", "127.0.1.1"): "answers", ("ns1", "2001:db8::53"): "unreachable", ("ns2", None): "no-address",
                     ("ns3", "2001:db8::54"): "unreachable"}, "a family that this machine lacks, and a server without address, have their rows", seen)
    lab.ok(took < SOON, f"and cost no wait ({took:.2f} s)", seen)


def another_set(lab):
    seen, _, _ = look(lab, "old", {"ns1": ["127.0.1.1"], "ns2": ["127.0.1.2"]}, {"127.0.1.1": "serve", "127.0.1.2": "old"}, "--json")
    rows = {r["server"]: r for r in (seen.json() or {}).get("servers", [])}
    lab.equal({n: (r.get("state"), r.get("agrees")) for n, r in rows.items()},
              {"ns1.exempel.net": ("answers", True), "ns2.exempel.net": ("answers", False)}, "another set is not silence", seen)
    lab.equal([(r["preference"], r["host"]) for r in rows["ns2.exempel.net"].get("records") or []],
              [(11, "mx1.exempel.net"), (21, "mx2.exempel.net")], "its own records are told", seen)


# what the parent's four servers do -> is exempel.net delegated?
PARENTS = (("serve serve serve serve", True), ("empty empty empty empty", False), ("refuse fail lame serve", True), ("refuse fail lame refuse", None),
           ("silent serve serve serve", True), ("refuse refuse empty serve", False))


def delegated(lab):
    for whats, wanted in PARENTS:
        seen, took, log = look(lab, whats.replace(" ", "-"), {"ns1": ["127.0.1.1"]},
                               {"127.0.1.1": "serve", **{f"127.0.9.{i + 1}": w for i, w in enumerate(whats.split())}}, "--json")
        name = (seen.json() or {}).get("name", {})
        lab.equal((name.get("zone"), name.get("delegated")), ("exempel.net", wanted), f"the parent's servers {whats}: delegated {wanted}", seen)
        lab.ok(took < SOON, f"the parent's servers {whats}: in time ({took:.2f} s)")
        parents = [q for q in log if q["server"].startswith("127.0.9.")]
        lab.ok(len(parents) <= 4 and {(q["name"], q["type"]) for q in parents} <= {("exempel.net", 2)},
               f"the parent's servers {whats}: each asked once at most", parents)
    seen, _, log = look(lab, "registry", {"ns1": ["127.0.1.1"]}, {"127.0.1.1": "serve"}, "--json", domain="finns-ej.net")
    lab.equal([q for q in log if q["server"] != RESOLVER], [], "the servers of a registry are left alone", seen)
    lab.equal((seen.json() or {}).get("servers"), [], "and have no rows", seen)
    seen, _, log = look(lab, "below", {"ns1": ["127.0.1.1"]}, {"127.0.1.1": "serve"}, "--json", domain="a.b.exempel.net")
    lab.equal([(r["server"], r["state"]) for r in (seen.json() or {}).get("servers", [])], [("ns1.exempel.net", "answers")],
              "a name deep in a zone: the zone's servers are asked", seen)
    lab.equal((seen.json() or {}).get("name", {}).get("delegated"), True, "and its parent", seen)


def not_checked(lab):
    seen, _, _ = look(lab, "checked", {"ns1": ["127.0.1.1"], "ns2": ["127.0.1.2"]}, {"127.0.1.1": "serve", "127.0.1.2": "silent"}, "--json",
                      command="check")
    rows = [(r["id"], r["reason"]) for r in (seen.json() or {}).get("not_checked", [])]
    lab.ok(("servers", "no answer from ns2.exempel.net (127.0.1.2)") in rows, "check: the silent server is listed as not checked", seen)
    lab.ok("dnssec" in [r[0] for r in rows], "check: so is DNSSEC, which a resolver without signatures does not carry", seen)
    seen, _, _ = look(lab, "checked-all", {"ns1": ["127.0.1.1"], "ns2": ["127.0.1.2"]}, {"127.0.1.1": "serve", "127.0.1.2": "serve"}, "--json",
                      command="check")
    lab.equal([r["id"] for r in (seen.json() or {"not_checked": ["?"]})["not_checked"] if r["id"] == "servers"], [],
              "check: where all answer, no server is", seen)


# ---- a signed world of real servers, each trip slowed down ---------------------------------------------------------------

def waves(log, delay):
    """How many trips stood one after the other: groups of questions that came together."""
    times, n = sorted(line["at"] for line in log), 0
    last = -1.0
    for at in times:
        if at - last > delay / 2:
            n += 1
        last = at
    return n


def speed(lab):
    if not Lab.installed("knotd", "unbound", "keymgr"):
        return
    rig = lab.serve("dnsrig.py")
    lab.configure(f"[dns]\nresolver = {RESOLVER}:53\nanchor_file = {rig['dir']}/anchor\n")
    log = lab.path("speed.log")
    lab.serve("slowdns.py", "--delay", 300, "--log", log, f"{RESOLVER}:53=127.0.0.1:{rig['port']}", f"127.0.0.1:53=127.0.0.1:{rig['auth']}")
    for name, dnssec in (("saker.exempel.org", "secure"), ("osignerad.exempel.org", "insecure"), ("trasig.exempel.org", "bogus")):
        lab.run("show", name, "--json")     # the resolver is warm
        open(log, "w", encoding="utf-8").close()
        seen = lab.run("show", name, "--json", "--timeout", 20)     # so long that no question is asked again, however slow the machine
        lines = lab.log_of(log)
        lab.equal((seen.json() or {}).get("dnssec"), dnssec, f"{name}: {dnssec}", seen)
        asked = collections.Counter((l["server"], l["name"], l["type"], l["cd"]) for l in lines)
        limit = 4 if dnssec != "bogus" else 5
        lab.ok(waves(lines, 0.3) <= limit, f"{name}: at most {limit} trips in a row, were {waves(lines, 0.3)}", lines)
        lab.ok(len(lines) <= 30, f"{name}: at most 30 questions, were {len(lines)}", lines)
        lab.equal([q for q, n in asked.items() if n > 1], [], f"{name}: no question twice")
        reason = (seen.json() or {"dnssec_reason": "?"})["dnssec_reason"]
        lab.ok("DS" in reason if dnssec == "bogus" else reason is None, f"{name}: the reason is told where there is one", seen)
    open(log, "w", encoding="utf-8").close()
    seen = lab.run("check", "saker.exempel.org", "--json", "--timeout", 20)
    lines = lab.log_of(log)
    asked = collections.Counter((l["server"], l["name"], l["type"], l["cd"]) for l in lines)
    lab.ok(waves(lines, 0.3) <= 6, f"check, with all that its checks need: at most 6 trips in a row, were {waves(lines, 0.3)}", lines)
    lab.equal([q for q, n in asked.items() if n > 1], [], "check: no question twice")
    seen = lab.run("show", "trasig.exempel.org")
    lab.ok(seen.status == 3 and "fail DNSSEC validation (bogus): " in seen.err and "DS" in seen.err, "bogus: the reason that matters is told", seen)
    for name in ("post.test", "post.home.arpa"):
        seen = lab.run("show", name, "--json")
        value = seen.json() or {}
        lab.ok(value.get("dnssec") == "unchecked" and "RFC 6761" in (value.get("dnssec_reason") or ""),
               f"{name}: nothing is claimed that nobody proved", seen)


def main():
    netns.enter()
    with Lab() as lab:
        states(lab)
        only_silent(lab)
        families(lab)
        another_set(lab)
        delegated(lab)
        not_checked(lab)
        speed(lab)


if __name__ == "__main__":
    main()
