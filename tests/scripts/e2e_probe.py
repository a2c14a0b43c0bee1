#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes of port 25: asked for or not made at all, what each misbehaving server is told as, and that a what-if as probed is
the what-if of that state; in a network namespace of its own, where servers that misbehave stand at port 25."""
import hashlib
import os
import resource
import subprocess

import netns
from lab import Lab, wait_until
from terminal import Terminal

NET = "192.0.2"
# N of smtpliar.py -> what is told of it, and the state that a delivery meets; None: nobody knows
MANNERS = {
    2: ("ready", "up"), 3: ("ready", "up"), 5: ("ready", "no-starttls"), 6: ("ready", "starttls-4xx"), 7: ("ready", "tls-fail"), 8: ("ready", "tls-fail"),
    9: ("greeting-4xx", "greeting-4xx"), 10: ("greeting-5xx", "greeting-5xx"), 11: ("drop", "drop"), 12: ("mute", "mute"), 13: ("ehlo-4xx", "ehlo-4xx"),
    14: ("ehlo-5xx", "ehlo-5xx"), 15: ("ready", "no-starttls"), 16: ("greeting-odd", None), 17: ("ready", "up"), 19: ("ready", None), 20: ("ehlo-odd", None),
    22: ("timeout", "timeout"), 23: ("ready", None), 250: ("refused", "refused"),
}

QUICK = [n for n in range(1, 28) if n not in (12, 17, 19, 22)]


def addresses():
    netns.enter()
    os.system(" && ".join(f"ip addr add {NET}.{n}/32 dev lo" for n in [*range(1, 51), 250]))


def zone():
    """A domain a manner, with a good backup; mx.example.com is the good one."""
    lines = ["$ORIGIN example.com.", "$TTL 3600", "@ SOA ns postmaster 1 3600 900 604800 300", "@ NS ns", "ns A 192.0.2.53", "@ MX 10 mx", f"mx A {NET}.1"]
    for n in MANNERS:
        lines += [f"h{n} A {NET}.{n}", f"m{n} MX 10 h{n}", f"m{n} MX 20 mx"]
    lines += ["alone MX 10 h22", "nowhere MX 10 n1", "nowhere MX 20 mx", "n1 A 198.51.100.1", "self MX 10 s1", "self MX 20 mx", "s1 A 127.0.0.1"]
    lines += ["two MX 10 h9", "two MX 20 same", f"same A {NET}.9", "none TXT none", f"implicit A {NET}.11"]
    for host in ("k1", "k2", "k3"):
        lines += [f"many MX 10 {host}"] + [f"{host} A {NET}.{n}" for n in QUICK]
    return "\n".join(lines) + "\n"


class World:
    def __init__(self, lab):
        self.lab, self.log = lab, lab.path("said")
        self.server = lab.serve("smtpliar.py", "--net", NET, "--port", 25, "--log", self.log)
        self.zone = lab.write("zone", zone())
        lab.configure(f"[probe]\nca_file = {self.server['dir']}/ca.pem\nname = probe.example.org\nconnect_timeout = 1s\nreply_timeout = 2s\n[domain example.com]\nprobe = yes\n[domain exempel.net]\nprobe = yes\n")

    def run(self, *args):
        return self.lab.run(*args, "--zone", self.zone)

    def said(self):
        with open(self.log, encoding="utf-8") as f:
            return f.read()


def only_where_asked_for(lab, world):
    for args in (["show", "example.com"], ["check", "example.com"], ["simulate", "example.com"]):
        seen = world.run(*args, "--json")
        lab.equal((seen.json() or {}).get("probes", "none"), None, f"{args[0]}: nothing is probed, nor with probe = yes where zone files are asked", seen)
    lab.equal(world.said(), "", "nobody was spoken to")
    seen = lab.run("check", "--demo", "--probe", "--json", "exempel.com")
    lab.equal((seen.status, seen.json()["error"]["message"]), (2, "the demo probes no mail server"), "the demo is never probed", seen)


def good(lab, world):
    seen = world.run("--read-only", "show", "example.com", "--probe", "--json")
    rows = (seen.json() or {}).get("probes") or [{}]
    row, tls = rows[0], rows[0].get("tls", {})
    cert = tls.get("certificate") or {}
    lab.equal((len(rows), row.get("host"), row.get("address"), row.get("seen"), row.get("state"), row.get("code"), row.get("banner")),
              (1, "mx.example.com", f"{NET}.1", "ready", "up", 250, "mx.example.com ESMTP"), "the good one: what it is", seen)
    lab.equal((sorted(row.get("offers", [])), row.get("size"), row.get("odd")), (["8BITMIME", "PIPELINING", "SIZE", "STARTTLS"], 20480000, []),
              "the good one: what it offers within TLS", seen)
    lab.equal((tls.get("state"), tls.get("version"), cert.get("state"), cert.get("names"), cert.get("names_host")),
              ("up", "TLSv1.3", "good", ["mx.example.com"], True), "the good one: its certificate", seen)
    lab.ok(row.get("from", "").startswith(NET), "the good one: from where it was asked", seen)
    seen = world.run("show", "example.com", "--probe")
    lab.ok(" Probed from 192.0.2." in seen.out and "answers" in seen.out and "TLSv1.3" in seen.out and "valid" in seen.out, "the good one: in words", seen)
    lab.equal(world.said().splitlines()[:4], ["good EHLO probe.example.org", "good STARTTLS", "good EHLO probe.example.org", "good QUIT"],
              "the good one: what was said to it")


def as_probed(lab, world):
    for n, (told, state) in MANNERS.items():
        seen = world.run("simulate", f"m{n}.example.com", "--as-probed", "--sender", "all", "--json")
        value = seen.json() or {}
        row = next((r for r in value.get("probes") or [] if r["address"] == f"{NET}.{n}"), {})
        lab.equal((row.get("seen"), row.get("state", "none")), (told, state), f"{NET}.{n}: what is told of it", seen)
        down = [] if state == "up" else [{"what": f"{NET}.{n}", "state": state or "unknown"}]
        lab.equal(value.get("down"), down, f"{NET}.{n}: its mark", seen)
        marks = [word for mark in down for word in ("--down", f"{mark['what']}={mark['state']}")]
        marked = world.run("simulate", f"m{n}.example.com", *marks, "--sender", "all", "--json")
        lab.equal(value.get("senders"), marked.json().get("senders"), f"{NET}.{n}: the what-if is that of the mark", marked)
        if state is None:
            lab.equal({s["first_attempt"]["unknown"] for s in value["senders"]}, {1.0}, f"{NET}.{n}: nothing is foretold", seen)


def cannot_tell(lab, world):
    """What the network here does says nothing of a server."""
    for name, address, told in (("alone", f"{NET}.22", "timeout"), ("nowhere", "198.51.100.1", "unreachable")):
        seen = world.run("simulate", f"{name}.example.com", "--as-probed", "--json")
        value = seen.json() or {}
        row = next((r for r in value.get("probes") or [] if r["address"] == address), {})
        lab.equal((row.get("seen"), row.get("state", "none")), (told, None), f"{name}: it is not told as down", seen)
        lab.equal(value["senders"][0]["first_attempt"]["unknown"], 1.0, f"{name}: nothing is foretold", seen)
    seen = world.run("simulate", "self.example.com", "--as-probed", "--json")
    lab.equal([r["address"] for r in seen.json()["probes"]], [f"{NET}.1"], "an address of this machine's own is not probed", seen)
    seen = world.run("show", "many.example.com", "--probe", "--json")
    rows = seen.json()["probes"]
    lab.equal([(r["host"], r["address"]) for r in rows], [(f"{host}.example.com", f"{NET}.{n}") for host in ("k1", "k2", "k3") for n in QUICK],
              "more addresses than are probed at once: each has its row", seen)
    lab.ok(all(r["seen"] != "not-asked" for r in rows), "more addresses than are probed at once: each was asked", seen)
    seen = world.run("simulate", "two.example.com", "--as-probed", "--json")
    lab.equal(seen.json()["down"], [{"what": f"{NET}.9", "state": "greeting-4xx"}], "an address of two hosts is one server", seen)
    seen = world.run("simulate", "implicit.example.com", "--as-probed", "--json")
    lab.equal(seen.json()["down"], [{"what": f"{NET}.11", "state": "drop"}], "without MX records the domain itself is probed", seen)


def others(lab, world):
    seen = world.run("simulate", "m9.example.com", "--as-probed", "--down", f"{NET}.9=refused", "--json")
    lab.equal(seen.json()["down"], [{"what": f"{NET}.9", "state": "refused"}], "a mark that is given goes before what was met", seen)
    seen = world.run("simulate", "m9.example.com", "--as-probed")
    lab.ok("refuses for now (greeting)" in seen.out and f"{NET}.9 greeting 4xx" in seen.out, "as probed, in words", seen)
    words = {line.split(" ")[1] for line in world.said().splitlines()}
    lab.equal(words, {"EHLO", "HELO", "STARTTLS", "QUIT"}, "nothing else was ever said to a server")


def configured(lab, world):
    """probe = yes in a domain's section: check and show heed it, the what-if does not."""
    rows = [("@", "SOA", "ns1.exempel.net postmaster.exempel.net 7 3600 900 604800 300"), ("@", "NS", "ns1.exempel.net"), ("ns1", "A", "127.0.1.1"),
            ("@", "MX", "10 mx.exempel.net"), ("mx", "A", f"{NET}.1"), ("other", "MX", "10 mx.exempel.net")]
    state = lab.write("dns.json", {"zones": [{"name": "exempel.net", "records": [{"name": n, "type": t, "ttl": 3600, "data": d} for n, t, d in rows]}]})
    lab.serve("slowdns.py", "--delay", 1, "--log", lab.path("dns.log"), "--state", state, "127.0.0.53:53=resolve", "127.0.1.1:53=serve")
    for command, domain, hosts in (("show", "exempel.net", ["mx.exempel.net"]), ("check", "exempel.net", ["mx.exempel.net"]), ("simulate", "exempel.net", None),
                                   ("show", "other.exempel.net", None)):
        seen = lab.run(command, domain, "--resolver", "127.0.0.53", "--json")
        probes = (seen.json() or {}).get("probes", "none")
        lab.equal(probes and [r["host"] for r in probes], hosts, f"probe = yes: {command} {domain}", seen)


# N of smtpliar.py in front of and behind another -> the checks that speak, and those that cannot tell
TRIED = [
    (28, 29, ["backscatter", "open-relay"], []), (30, 29, ["greylist-leak", "open-relay"], ["backscatter"]), (28, 33, [], []),
    (31, 28, [], ["greylist-leak", "open-relay"]), (31, 29, ["open-relay"], ["backscatter", "greylist-leak", "open-relay"]),
    (32, 28, [], ["greylist-leak", "open-relay"]), (28, 250, [], ["backscatter", "open-relay"]),
]


def intrusive(lab, world):
    """Only by a flag of its own and the domain's name typed once more; what is sent is said, and no message is."""
    zone = lab.write("tried", "\n".join(["$ORIGIN tried.example.", "$TTL 3600", "@ SOA ns postmaster 1 3600 900 604800 300", "@ NS ns", "ns A 192.0.2.53"] +
                     [f"t{i} MX 10 a{i}\nt{i} MX 20 b{i}\na{i} A {NET}.{a}\nb{i} A {NET}.{b}" for i, (a, b, _, _) in enumerate(TRIED)]) + "\n")
    said = world.said()
    for typed in ("t1.tried.example", "tried.example", "", "yes"):
        seen = lab.run("check", "t0.tried.example", "--probe", f"--intrusive={typed}", "--zone", zone, "--json")
        lab.equal((seen.status, seen.json()["error"]["code"]), (2, "usage"), f"--intrusive {typed or 'with nothing'}: not the name", seen)
    seen = lab.run("simulate", "t0.tried.example", "--intrusive", "t0.tried.example", "--zone", zone, "--json")
    lab.equal((seen.status, seen.json()["error"]["message"]), (2, "--intrusive goes with --as-probed"), "--intrusive is not heard over", seen)
    lab.equal(world.said(), said, "nobody was spoken to")
    for i, (a, b, speaks, silent) in enumerate(TRIED):
        name = f"t{i}.tried.example"
        seen = lab.run("check", name, "--intrusive", name.upper() + ".", "--only", "open-relay,backscatter,greylist-leak", "--zone", zone, "--json")
        value = seen.json() or {}
        lab.equal((sorted(f["id"] for f in value.get("findings", [])), sorted({n["id"] for n in value.get("not_checked", [])} & {"open-relay", "backscatter", "greylist-leak"})),
                  (speaks, silent), f"{NET}.{a} before {NET}.{b}: what is found, and what cannot be told", seen)
    lab.ok(seen.err.startswith(f"Each mail server of {name} is told MAIL FROM:<> and RCPT TO postmaster@{name}, mxladder-probe-") and "No message is sent." in seen.err, "what is sent is said", seen)
    rows = {r["address"]: r["intrusive"] for r in value["probes"]}
    lab.equal({k: (v["answer"], v["code"]) for k, v in rows[f"{NET}.28"].items()},
              {"sender": ("accepted", 250), "postmaster": ("accepted", 250), "made_up": ("refused-5xx", 550), "stranger": ("refused-5xx", 554)}, "each answer in JSON", seen)
    lab.equal(rows[f"{NET}.250"], None, "where nothing was asked, nothing is told", seen)
    lines = [line for line in world.said()[len(said):].splitlines() if line.startswith("strict ")][:12]
    made = lines[5].split("<")[1].split("@")[0] if len(lines) > 5 else ""
    lab.equal(lines, [f"strict {word}" for word in ("EHLO probe.example.org", "MAIL FROM:<>", "RCPT TO:<postmaster@t0.tried.example>", "RSET", "MAIL FROM:<>", f"RCPT TO:<{made}@t0.tried.example>", "RSET",
                                                    "MAIL FROM:<>", f"RCPT TO:<{made}@example.org>", "RSET", "QUIT")] + lines[11:], "the whole talk")
    lab.ok("DATA" not in world.said() and "BDAT" not in world.said(), "no message was begun")
    seen = lab.run("check", "t0.tried.example", "--intrusive", "t0.tried.example", "--zone", zone)
    lab.ok(f"b0.tried.example ({NET}.29) takes an address that nobody has, and a0.tried.example" in seen.out.replace("\n      ", " ") and " Who is taken as a recipient, from an empty sender:" in seen.out, "in words", seen)
    seen = lab.run("simulate", "t5.tried.example", "--as-probed", "--intrusive", "t5.tried.example", "--zone", zone, "--json")
    lab.equal(seen.json()["down"], [{"what": f"{NET}.32", "state": "rcpt-4xx"}, {"what": f"{NET}.28", "state": "no-starttls"}],
              "a what-if begins with what was heard of recipients", seen)


def hostile(lab, world):
    """Whatever a server or a certificate says, nothing of it reaches the terminal as it is; and it costs little."""
    zone = lab.write("hostile", "\n".join(["$ORIGIN hostile.example.", "$TTL 3600", "@ SOA ns postmaster 1 3600 900 604800 300", "@ NS ns", "ns A 192.0.2.53"] +
                     [f"@ MX 10 h{n}\nh{n} A {NET}.{n}" for n in (1, *range(41, 48), 49, 50)]) + "\n")
    for words in (["show", "hostile.example", "--probe"], ["check", "hostile.example", "--probe"], ["check", "hostile.example", "--probe", "--json"],
                  ["check", "hostile.example", "--probe", "--format", "sarif"], ["check", "hostile.example", "--probe", "--format", "junit"],
                  ["check", "hostile.example", "--intrusive", "hostile.example"], ["simulate", "hostile.example", "--as-probed", "--sender", "all"]):
        seen = lab.run(*words, "--zone", zone)
        odd = sorted({c for c in seen.out + seen.err if ord(c) < 32 and c not in "\n\t" or 127 <= ord(c) < 160})
        lab.ok(not odd and "h43.hostile.example" in seen.out, f"{' '.join(words[:1] + words[2:])}: hostile servers write nothing to the terminal", f"{odd}\n{seen}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss    # of the largest child
    lab.ok(used < 64 * 1024, "hostile servers cost no memory", f"{used} KB")


def dane(lab, world):
    """TLSA records of several kinds for the good server's certificate, made by openssl; each host has one."""
    def der(*words):
        return subprocess.run(["openssl", *words, "-outform", "DER"], check=True, capture_output=True).stdout
    pem = f"{world.server['dir']}/chain-good.pem"
    with open(lab.path("key.pem"), "wb") as f:
        f.write(subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-pubkey"], check=True, capture_output=True).stdout)
    cert, key = der("x509", "-in", pem), der("pkey", "-pubin", "-in", lab.path("key.pem"))
    records = [  # usage, selector, matching, data: does it match?
        (3, 1, 1, hashlib.sha256(key), True), (3, 0, 1, hashlib.sha256(cert), True), (3, 1, 2, hashlib.sha512(key), True),
        (3, 0, 2, hashlib.sha512(cert), True), (3, 1, 0, key, True), (3, 0, 1, hashlib.sha256(key), False), (2, 0, 1, hashlib.sha256(cert), False),
        (3, 0, 0, cert, None), (1, 1, 1, hashlib.sha256(key), None)]
    lines = ["$ORIGIN dane.example.", "$TTL 3600", "@ SOA ns postmaster 1 3600 900 604800 300", "@ NS ns", "ns A 192.0.2.53"]
    for n, (usage, selector, matching, data, _) in enumerate(records):
        text = data.hex() if isinstance(data, bytes) else data.hexdigest()
        lines += [f"@ MX {n} d{n}", f"d{n} A {NET}.1", f"_25._tcp.d{n} TLSA {usage} {selector} {matching} {text}"]
    zone = lab.write("dane", "\n".join(lines) + "\n")
    seen = lab.run("check", "dane.example", "--probe", "--json", "--zone", zone)
    value = seen.json() or {}
    lab.equal([r["tls"]["dane"] for r in value.get("probes") or []], [r[4] for r in records], "TLSA records match as openssl's digests do", seen)
    of = lambda check: [f["host"] for f in value.get("findings", []) if f["id"] == check]
    lab.equal(of("tlsa-mismatch"), [f"d{n}.dane.example" for n, r in enumerate(records) if r[4] is False], "those that do not match are findings", seen)
    lab.equal(of("cert"), [f"d{n}.dane.example" for n, r in enumerate(records) if r[4] is not True],
              "a certificate for another name is no finding where DANE vouches for it", seen)


def on_the_screen(lab, world):
    said = world.said()
    screen = Terminal(lab, 160, 30, "probe")
    screen.command("m9.example.com", "--zone", world.zone)
    lab.ok(screen.shows("h9.example.com", "mx.example.com"), "the interface: it opens", screen.screen())
    screen.keys("i")
    lab.ok(screen.shows("no mail server was probed"), "the interface: nothing is probed by itself", screen.screen())
    lab.equal(world.said(), said, "the interface: nobody was spoken to so far")
    screen.keys("V")
    lab.ok(screen.shows("greets with a refusal", "for now: 421 4.3.2 too busy"), "the interface: what a probe met is a finding", screen.screen())
    screen.keys("s", "i")
    while not screen.shows("WHAT IF", f"{NET}.9 greeting 4xx", seconds=1) and screen.shows("the probes are not all answered yet", seconds=0):
        screen.keys("i")
    lab.ok(screen.shows("WHAT IF", f"{NET}.9 greeting 4xx"), "the interface: the what-if begins with it", screen.screen())
    said = world.said()
    screen.keys("O", "m9.example.net", "Enter")
    lab.ok(screen.shows('"m9.example.net" is not the name of this domain, m9.example.com: nothing was asked'), "the interface: another name is no confirmation", screen.screen())
    lab.equal(world.said(), said, "the interface: nobody was spoken to for a name that is not the domain's")
    screen.keys("C-u")
    lab.ok(screen.shows("Type the domain's name to probe it intrusively:", "No message is sent."), "the interface: what is sent is said beforehand", screen.screen())
    screen.keys("m9.example.com", "Enter")
    named = wait_until(lambda: "good MAIL FROM:<>" in world.said()[len(said):], 10)
    lab.ok(named and "DATA" not in world.said(), "the interface: the sender is named once the domain's name was typed, and no message is begun", screen.screen() + world.said()[len(said):])
    screen.keys("q")
    lab.ok(screen.shows("shell>"), "the interface: it ends", screen.screen())
    screen.close()


def a_push(lab, world):
    """A policy that demands what a probe alone can tell: a push probes where that was asked for, and else says so."""
    held, plan = lab.path("held"), lab.path("starttls.json")
    os.mkdir(held)
    lab.write("held/example.com.zone", zone())
    policy = lab.write("policy", "[group all]\ndomains = *\nmust = no starttls\n")
    config = lab.write("push.conf", f"[main]\npolicy_file = {policy}\n[probe]\nca_file = {world.server['dir']}/ca.pem\nname = probe.example.org\n"
                       f"connect_timeout = 1s\nreply_timeout = 2s\n[account files]\nprovider = zonefile\nendpoint = {held}\n"
                       "[domain example.com]\naccount = files\napprovals = 0\n[domain m2.example.com]\naccount = files\n[domain m6.example.com]\naccount = files\n")
    told = {}
    for name in ("m2", "m6"):
        world.run("--config", config, "draft", f"{name}.example.com", "ttl", "10m", "-o", plan)
        for probe in ([], ["--probe"]):
            seen = world.run("--config", config, "push", plan, "--dry-run", "--json", *probe)
            told[name, bool(probe)] = [(g["answer"], "probe alone" in g["reason"]) for g in (seen.json() or {}).get("gates", []) if g["id"] == "policy"]
    lab.equal(told, {("m2", False): [("unknown", True)], ("m2", True): [], ("m6", False): [("unknown", True)], ("m6", True): [("no", False)]},
              "push: the policy's gate, with a probe and without")


def main():
    Lab.need("unshare", "ip", "openssl", "tmux")
    addresses()
    with Lab() as lab:
        world = World(lab)
        only_where_asked_for(lab, world)
        good(lab, world)
        as_probed(lab, world)
        cannot_tell(lab, world)
        others(lab, world)
        configured(lab, world)
        a_push(lab, world)
        intrusive(lab, world)
        hostile(lab, world)
        dane(lab, world)
        on_the_screen(lab, world)


main()
