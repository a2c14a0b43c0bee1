#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands by their contract, with no server at all: answers from zone files (--zone), a provider that is a zone file."""
import json
import os
import re
import subprocess

from lab import PROGRAM, TOP, UNTOLD, Lab, mx_of

COM = """$ORIGIN exempel.com.
$TTL 3600
@ IN SOA ns1 hostmaster 2026112301 3600 600 86400 300
@ NS ns1
@ 45000 MX 10 mejlserver1 ; first
@ 45000 MX 10 mejlserver2
@ 45000 MX 20 reserv.exempel.net.
ns1 A 198.51.100.1
mejlserver1 A 192.0.2.10
mejlserver1 AAAA 2001:db8::10
mejlserver2 A 192.0.2.11
tom A 192.0.2.9
ingen TXT "x"
noll MX 0 .
alias CNAME exempel.com.
blandad 60 MX 10 mejlserver1
blandad 90 MX 20 mejlserver2
dubbel MX 10 mejlserver1
dubbel MX 20 mejlserver1
noll-fel MX 5 .
noll-fel MX 10 mejlserver1
borta MX 10 finns-inte
naken MX 10 ingen
hemma MX 10 privat
privat A 10.1.2.3
lika MX 10 mejlserver1
lika MX 20 mejlserver1b
mejlserver1b A 192.0.2.10
xn--bcher-kva MX 10 mejlserver1
xn--bcher-kva MX 20 mejlserver2
"""
NET = """$ORIGIN exempel.net.
$TTL 3600
@ IN SOA ns1.exempel.com. hostmaster 1 3600 600 86400 300
@ NS ns1.exempel.com.
reserv CNAME backup
backup A 198.51.100.7
mx3 A 198.51.100.25
mx3 AAAA 2001:db8:51::25
"""
OLD = {(10, "mejlserver1.exempel.com"), (10, "mejlserver2.exempel.com"), (20, "reserv.exempel.net")}
NEW = {(10, "mejlserver1.exempel.com"), (20, "mejlserver2.exempel.com"), (30, "mx3.exempel.net")}


class World:
    def __init__(self, lab):
        self.lab = lab
        os.makedirs(lab.path("zones"))
        self.zone = ("--zone", lab.write("zones/exempel.com.zone", COM), "--zone", lab.write("zones/exempel.net.zone", NET))

    def run(self, *args, **more):
        return self.lab.run(*args, *self.zone, **more)

    def json(self, *args):
        result = self.run(*args, "--json")
        return result, result.json() or {}


def shown(lab, w):
    result, value = w.json("show", "exempel.com")
    lab.equal(result.status, 0, "show: exit 0", result)
    lab.equal({k: value.get(k) for k in ("domain", "source", "ttl", "dnssec", "null_mx", "implicit_mx", "error")},
              {"domain": "exempel.com", "source": "zone", "ttl": 45000, "dnssec": "unchecked", "null_mx": False, "implicit_mx": False,
               "error": None}, "show --json: the contract's fields", result)
    lab.equal(mx_of(value), OLD, "show --json: the set", result)
    hosts = {h["host"]: h for rung in value["rungs"] for h in rung["hosts"]}
    lab.equal(hosts["mejlserver1.exempel.com"], {"host": "mejlserver1.exempel.com", "share": 0.5, "addresses": ["192.0.2.10", "2001:db8::10"],
              "alias_of": None, "exists": True, "address_ttl": 3600}, "show --json: a host")
    lab.equal(hosts["reserv.exempel.net"]["alias_of"], "backup.exempel.net", "show --json: the alias")
    for name, wanted in (("tom", (False, True, None)), ("ingen", (False, False, None)), ("noll", (True, False, 3600))):
        result, value = w.json("show", name + ".exempel.com")
        lab.equal((value.get("null_mx"), value.get("implicit_mx"), value.get("ttl")), wanted, f"show --json: {name}", result)
    result, value = w.json("show", "finns-ej.exempel.com")
    lab.ok(result.status == 1 and "does not exist" in (value.get("error") or {}).get("message", ""), "show: a name that does not exist, exit 1", result)
    result, value = w.json("show", "annan.se")
    lab.ok(result.status == 3 and value.get("rungs") == [] and value["error"]["code"] == "network", "show: no answer, exit 3", result)
    result, value = w.json("show", "bücher.exempel.com")
    lab.equal((result.status, value.get("domain")), (0, "xn--bcher-kva.exempel.com"), "show: a U-label is asked as an A-label", result)
    lab.ok("bücher" in w.run("show", "xn--bcher-kva.exempel.com").out, "show: an A-label is shown as a U-label")
    text = w.run("show", "exempel.com")
    lab.ok("┬" in text.out and "12h30m" in text.out and text.err == "", "show: the ladder", text)
    text = w.run("show", "exempel.com", "--ascii")
    lab.ok(text.out.isascii() and "reserv.exempel.net" in text.out, "show --ascii", text)


def checked(lab, w):
    for name, ids in (("exempel.com", {"target-cname": "error", "special-address": "info"}), ("tom", {"implicit-mx": "warning"}),
                      ("ingen", {"undeliverable": "error"}), ("finns-ej", {"undeliverable": "error"}), ("noll", {"nomail-trio": "notice"}),
                      ("blandad", {"ttl-mixed": "error"}), ("dubbel", {"dup-host": "warning", "spof": "notice"}),
                      ("noll-fel", {"null-mixed": "error", "null-pref": "error"}), ("borta", {"target-nxdomain": "error"}),
                      ("naken", {"target-no-address": "error"}), ("hemma", {"special-address": "error"}),
                      ("lika", {"same-address": "warning"}), ("alias", {"owner-alias": "notice", "target-cname": "error"})):
        result, value = w.json("check", name if "." in name else name + ".exempel.com")
        found = {f["id"]: f["level"] for f in value.get("findings", [])}
        lab.ok(ids.items() <= found.items() and (ids or not found), f"check: {name}", result)
        lab.equal(result.status, int("error" in found.values()), f"check: {name}: exit status", result)
    result, value = w.json("check", "exempel.com")
    keys = {"id", "level", "host", "text", "why", "reference", "introduced", "accepted", "fix"}
    lab.ok(all(set(f) == keys for f in value["findings"]), "check --json: a finding's fields", result)
    alias = next(f for f in value["findings"] if f["id"] == "target-cname")
    lab.equal((alias["host"], alias["reference"], alias["introduced"], alias["accepted"], alias["fix"]),
              ("reserv.exempel.net", "RFC 5321 §5.1", False, None, "rename reserv.exempel.net backup.exempel.net"), "check --json: the alias")
    lab.equal(value["counts"], {"error": 1, "warning": 0, "notice": 3, "info": 1, "accepted": 0}, "check --json: the counts")
    lab.equal(w.run("check", "lika.exempel.com", "--fail-on", "warning").status, 1, "check --fail-on warning")
    lab.equal(w.run("check", "lika.exempel.com", "--fail-on", "errors").status, 2, "check --fail-on of no level: exit 2")
    file = lab.write("hoster.zone", "$ORIGIN acme-post.se.\n$TTL 3600\n@ SOA ns1 post 1 3600 900 604800 300\n@ NS ns1\nns1 A 5.9.0.1\n"
                     "@ MX 10 smtp.google.com.\n@ MX 20 mx.avdelning\navdelning NS ns.avdelning\nns.avdelning A 5.9.0.2\n@ MX 30 10.0.0.1.\n")
    result = lab.run("check", "acme-post.se", "--zone", file, "--json")
    value = result.json()
    for host in ("smtp.google.com", "mx.avdelning.acme-post.se"):
        lab.equal([f["id"] for f in value["findings"] if f["host"] == host and f["level"] != "info"], [], f"check: {host}, which nobody asked about, does not fail", result)
    lab.ok("the addresses of smtp.google.com and other hosts are not known" in
           [r["reason"] for r in value["not_checked"] if r["id"] == "target-servfail"], "check: it is not checked, and listed", result)
    lab.equal([f["id"] for f in value["findings"] if f["host"] == "10.0.0.1"], ["target-ip"], "check: an address has its one error", result)
    lab.equal([(r["id"], r["reason"]) for r in value["not_checked"] if r["id"] in ("servers", "dnssec")],
              [("servers", "no name server was asked"), ("dnssec", "zone files carry no chain of trust")], "check: servers and DNSSEC are listed", result)
    result, value = w.json("check", "annan.se")
    lab.ok(result.status == 3 and value["error"]["code"] == "network", "check: no answer is no finding", result)


def simulated(lab, w):
    result, value = w.json("simulate", "exempel.com", "--down", "mejlserver1.exempel.com")
    lab.equal(result.status, 0, "simulate: exit 0", result)
    lab.equal((value["domain"], value["down"]), ("exempel.com", [{"what": "mejlserver1.exempel.com", "state": "refused"}]), "simulate --json: what is down")
    sender = value["senders"][0]
    lab.ok({"sender", "first_attempt", "final", "connections", "delay_s", "gives_up_after_s", "exact", "trace"} <= set(sender), "simulate --json: the contract's fields", result)
    lab.equal((sender["sender"], sender["first_attempt"]["hosts"]),
              ("rfc5321", [{"host": "mejlserver2.exempel.com", "share": 1.0, "addresses": [{"address": "192.0.2.11", "share": 1.0}]}]),
              "simulate --json: first contact goes to the other one", result)
    lab.ok({"at_s", "host", "address", "result"} <= set(sender["trace"][0]), "simulate --json: the trace")
    result, value = w.json("simulate", "exempel.com", "--sender", "all")
    lab.ok({"rfc5321", "postfix", "exim"} <= {s["sender"] for s in value["senders"]}, "simulate --sender all", result)
    for status, args in ((1, ("--down", "192.0.2.0/24", "--down", "reserv.exempel.net", "--down", "2001:db8::/32", "--require", "all-delivered")),
                         (0, ("--down", "mejlserver1.exempel.com=timeout", "--require", "all-delivered")),
                         (1, ("--down", "mejlserver1.exempel.com=rcpt-5xx", "--down", "mejlserver2.exempel.com=rcpt-5xx", "--require", "no-bounce")),
                         (1, ("--down", "ns:ns1.exempel.com", "--require", "all-delivered")), (2, ("--down", "ns:ns9.exempel.com")),
                         (2, ("--down", "annan.exempel.com")), (2, ("--down", "mejlserver1.exempel.com=broken")), (2, ("--sender", "pigeon")),
                         (2, ("--family", "5")), (2, ("--require", "luck"))):
        seen = w.run("simulate", "exempel.com", *args)
        lab.equal(seen.status, status, f"simulate {' '.join(args)}: exit {status}", seen)
    result, value = w.json("simulate", "exempel.com", "--matrix", "2")
    matrix = value["matrix"]["senders"][0]
    lab.equal(len(matrix["cut_texts"]), len(matrix["cut_sets"]), "simulate --matrix: a text for each cut set", result)
    lab.ok("ns1.exempel.com is the only name server of exempel.com" in matrix["cut_texts"] and ["ns:ns1.exempel.com"] in matrix["cut_sets"],
           "simulate --matrix: the only name server stops the mail", result)
    lab.equal([f["lost"] for f in matrix["failures"] if f["down"] == ["ns:ns1.exempel.com"]], [1.0], "simulate --matrix: name servers fail, too", result)
    lab.ok("is the only name server of" in w.run("simulate", "exempel.com", "--matrix", "1").out, "simulate --matrix: in words")


def required(lab, w):
    """--require with --matrix: the exit status of a test in a pipeline, printed and in JSON."""
    head = "$ORIGIN {0}.\n$TTL 3600\n@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\nns1 A 198.18.99.53\n"
    zones = ("--zone", lab.write("ensam.zone", head.format("ensam.example") + "@ MX 10 mx.annan.example.\n"),
             "--zone", lab.write("annan.zone", head.format("annan.example") + "mx A 198.18.1.1\n"))
    for status, args in ((1, ("--require", "all-delivered")), (0, ("--require", "no-bounce")), (1, ("--require", "no-bounce", "--sender", "courier"))):
        for more in ((), ("--json",)):
            seen = lab.run("simulate", "ensam.example", *zones, "--matrix", "1", *args, *more)
            lab.equal(seen.status, status, f"simulate --matrix 1 {' '.join((*args, *more))}: one server alone, exit {status}", seen)
    for status, more in ((1, ()), (0, ("--ignore", "v4,v6,own-zone,own-servers"))):
        lab.equal(w.run("simulate", "exempel.com", "--matrix", "1", "--require", "all-delivered", *more).status, status,
                  f"simulate --matrix 1 --require: two rungs {more}, exit {status}")


def lasting(lab, w):
    """An outage over time, with senders, mix and traffic of the configuration."""
    config = lab.write("senders.conf", "[sender ours]\nbase = postfix\ntitle = Our relay\nlife = 2h\n[mix shop]\nours = 1\nexchange-online = 3\n"
                                       "[traffic office]\nper_hour = " + ",".join(["0"] * 8 + ["60"] * 10 + ["0"] * 6) + "\n")
    every = [word for host in ("mejlserver1.exempel.com", "mejlserver2.exempel.com", "reserv.exempel.net") for word in ("--down", host)]
    result, value = w.json("simulate", "exempel.com", *every, "--config", config, "--sender", "all", "--mix", "shop", "--traffic", "office", "--outage", "36h")
    outage = (value or {}).get("outage") or {}
    rows = {row["sender"]: row for row in outage.get("senders", [])}
    lab.ok({"ours", "postfix", "exim", "gmail"} <= set(rows), "simulate --outage: the configured sender among the others", result)
    lab.ok(abs(rows["ours"]["first_bounce_s"] - 10 * 3600) < 60 and rows["postfix"]["first_bounce_s"] is None, "its own life time returns the first mail of the day, of eight o'clock, at ten", rows["ours"]["first_bounce_s"])
    lab.equal((rows["ours"]["confidence"], rows["postfix"]["confidence"], rows["gmail"]["confidence"]), ("configured", "measured", "assumed"), "and is as sure as the configuration")
    mix = outage["mix"]
    lab.equal(mix["weights"], {"ours": 0.25, "exchange-online": 0.75}, "the mix of the configuration")
    expected = 0.25 * rows["ours"]["bounced_late"] + 0.75 * rows["exchange-online"]["bounced_late"]
    lab.ok(abs(mix["bounced_late"] - expected) < 1e-6 and expected > 0.1, "the mix weighs its senders", (mix["bounced_late"], expected))
    lab.ok(abs(mix["messages"] - 60 * 14) < 5, "fourteen busy hours in 36 from midnight", mix["messages"])
    arrived = {round(point["at_s"] / 3600): point["arrived"] for point in mix["points"]}
    lab.ok(arrived[7] == 0 and arrived[20] == arrived[30] > 590, "nothing arrives at night", arrived)
    lab.ok(rows["exim"]["while_it_lasts"]["untried"] > 0.9 > rows["sendmail"]["while_it_lasts"]["untried"], "Exim remembers that all are down", result)
    lab.ok([e["at_s"] for e in outage["events"]] == sorted(e["at_s"] for e in outage["events"]) and any("Our relay" in e["text"] for e in outage["events"]),
           "events by time", outage["events"])
    crowd = lab.write("crowd.conf", "".join(f"[sender s{i}]\nbase = exim\ntitle = Relay {i}.\n" for i in range(40)))
    result, value = w.json("simulate", "exempel.com", *every, "--config", crowd, "--sender", "all", "--outage", "36h")
    told = " ".join(e["text"] for e in ((value or {}).get("outage") or {}).get("events", []))
    lab.equal([i for i in range(40) if told.count(f"Relay {i}.") < 3], [], "what happens when is told of every sender, however many there are", result)
    late = w.json("simulate", "exempel.com", *every, "--config", config, "--sender", "ours", "--traffic", "office", "--outage", "1h", "--starts", "07:30")[1]
    lab.ok(abs(late["outage"]["senders"][0]["messages"] - 30) < 1 and late["outage"]["mix"] is None, "--starts moves the day's curve", late["outage"]["senders"][0]["messages"])
    flood = lab.write("flood.conf", "[traffic flood]\nper_hour = " + ",".join(["36000"] * 24) + "\n")
    busy = ("simulate", "exempel.com", "--config", flood, "--down", "mejlserver1.exempel.com=timeout", "--down", "mejlserver2.exempel.com=timeout",
            "--traffic", "flood", "--outage", "1h")
    result, value = w.json(*busy, "--sender", "postfix")
    stream = value["outage"]["senders"][0]["while_it_lasts"]
    lab.ok((stream["crowded"], stream["shares_by_speed"], stream["hosts"]) == (True, False, [{"host": "reserv.exempel.net", "share": 1.0}])
           and 0 < stream["connections"]["mean"] < 0.2 and 30 < stream["delay_s"]["median"] < stream["delay_s"]["p95"] < stream["delay_s"]["max"] < 300, "simulate --outage: messages that wait for each other, with their delay", result)
    lab.equal([row["first_look_s"] for row in value["outage"]["senders"][0]["phases"]][::7], [0.0, 299.0], "and by the phases of the sender's clock")
    result, value = w.json(*busy, "--sender", "exim")
    lab.equal((value["outage"]["senders"][0]["while_it_lasts"]["crowded"], value["outage"]["senders"][0]["while_it_lasts"]["delay_s"]["median"]), (False, 0.0),
              "simulate --outage: a sender without such a limit has")
    seen = w.run(*busy, "--sender", "postfix")
    lab.ok(seen.status == 0 and "Postfix 3.7: more messages come than it delivers at the same time (at most 20), so they wait for each other" in seen.out,
           "simulate --outage: messages that wait for each other, in words", seen)
    flood = lab.write("flood.conf", "[traffic flood]\nper_hour = " + ",".join(["360000"] * 24) + "\n")
    result, value = w.json(*busy, "--sender", "postfix")
    stream = value["outage"]["senders"][0]["while_it_lasts"]
    lab.equal((stream["crowded"], stream["delay_s"], stream["connections"]), (True, {"median": None, "p95": None, "max": None}, {"mean": None}),
              "simulate --outage: of so many that few do not stand for all, no delay is told")
    seen = w.run(*busy, "--sender", "postfix")
    lab.ok(seen.status == 0 and "unknown: more messages come than Postfix 3.7 delivers at the same time" in seen.out, "nor in words", seen)
    seen = w.run("simulate", "exempel.com", "--config", flood, "--down", "reserv.exempel.net", "--traffic", "flood", "--outage", "1h", "--sender", "postfix")
    lab.ok("Postfix 3.7: it keeps connections open for mail that comes in a row, so a server that is slow to answer gets less. How fast the servers are is not known." in seen.out,
           "simulate --outage: shares that hang on speed, in words", seen)
    seen = w.run("simulate", "exempel.com", *every, "--sender", "all", "--outage", "2d")
    lab.ok(seen.status == 0 and "SecuritySpace" in seen.out and "begins to return mail" in seen.out, "simulate --outage for people: events, and where the mix is from", seen)
    for args, word in ((("--mix", "none", "--outage", "1h"), "[mix none]"), (("--traffic", "none", "--outage", "1h"), "[traffic none]"), (("--starts", "24:00"), "24:00"),
                       (("--starts", "8:30"), "8:30"), (("--outage", "long"), "long"), (("--sender", "theirs"), "theirs"), (("--starts", "08:30"), "--outage"),
                       (("--traffic", "none"), "--outage"), (("--mix", "none"), "--cutover")):
        seen = w.run("simulate", "exempel.com", *args)
        lab.ok(seen.status == 2 and word in seen.err, f"simulate {' '.join(args)}: exit 2, named", seen)
    listed = lab.run("--config", config, "list", "senders", "--json").json()["senders"]
    lab.equal([(s["title"], s["sureness"], s["fields"]["life"]) for s in listed if s["sender"] == "ours"], [("Our relay", "measured", "2h")], "list senders shows it")
    ours = [s["sources"] for s in listed if s["sender"] == "ours"][0]
    lab.equal((ours["life"], ours["connect_timeout"]["confidence"], set(ours)),
              ({"source": "configuration", "confidence": "configured"}, "measured", set(listed[0]["fields"])), "with where each value is from, and how sure it is")
    seen = lab.run("--config", lab.write("broken-sender.conf", "[sender ours]\nbase = postfix\nlives = 2h\n"), "list", "senders")
    lab.ok(seen.status == 2 and "broken-sender.conf:3" in seen.err, "a field that no sender has: file and line, exit 2", seen)


def planned(lab, w):
    plan = lab.path("plan.json")
    edits = ("remove reserv.exempel.net, add 30 mx3.exempel.net,", "prefer", "mejlserver2.exempel.com", "20,ttl", "1h")
    made = w.run("draft", "exempel.com", *edits, "-o", plan)
    value = json.loads(lab.read("plan.json")) if made.status == 0 else {"base": {"records": []}, "want": {"records": [], "ttl": 0}}
    lab.equal((made.status, mx_of(value["base"]), mx_of(value["want"]), value["want"]["ttl"]), (0, OLD, NEW, 3600), "draft: edits in one word or many", made)
    lab.ok("account" in made.err, "draft: says that no account is named", made)
    lab.equal(w.run("draft", "exempel.com", "import", plan).json()["want"], value["want"], "draft import: a plan's set")
    other = lab.write("other.zone", COM.replace("20 reserv.exempel.net.", "40 mx3.exempel.net."))
    seen = w.run("draft", "exempel.com", f"import {other}", ", ttl 2h")
    lab.ok(seen.status == 0 and (40, "mx3.exempel.net") in mx_of(seen.json()["want"]) and seen.json()["want"]["ttl"] == 7200, "draft import: a zone file's set", seen)
    for args in (("remove", "mx9.exempel.net"), ("add", "70000", "mx3.exempel.net"), ("frobnicate",), ("ttl", "soon"), ("import", "/nowhere")):
        seen = w.run("draft", "exempel.com", *args)
        lab.ok(seen.status == (4 if args[0] == "import" else 2) and seen.out == "" and seen.err, f"draft {' '.join(args)}: refused", seen)
    result, value = w.json("check", plan)
    lab.equal((result.status, value.get("subject"), {f["id"]: f["introduced"] for f in value.get("findings", [])}),
              (0, "draft", {"special-address": False, "spf": False, "two-host-senders": True, "v4-only": False}), "check PLAN: what it brings is marked", result)
    result, value = w.json("simulate", plan, "--down", "mejlserver1.exempel.com")
    lab.equal([h["host"] for h in value["senders"][0]["first_attempt"]["hosts"]], ["mejlserver2.exempel.com"], "simulate PLAN", result)
    result, value = w.json("diff", plan)
    lab.equal((result.status, value.get("live"), sorted(c["kind"] for c in value.get("changes", []))), (0, "base", ["add", "prefer", "remove", "ttl"]), "diff: live is the base", result)
    moved = lab.write("moved.zone", COM.replace("10 mejlserver2", "15 mejlserver2"))
    seen = lab.run("diff", plan, "--zone", moved, "--zone", lab.path("zones/exempel.net.zone"))
    lab.ok(seen.status == 6 and "15 mejlserver2.exempel.com" in seen.out, "diff: live has moved, exit 6 and the three-way picture", seen)
    for words in (("draft", "a..b", "ttl", "1h"), ("show", "a..b"), ("check", "a..b"), ("simulate", "a..b")):
        lab.equal(w.run(*words).status, 2, f"{' '.join(words)}: no domain, exit 2, and nothing leaks (where the sanitizers look)")
    lab.equal(w.run("diff", lab.write("bad.json", '{"mxladder_plan":1}')).status, 2, "diff of no plan: exit 2")
    lab.equal(w.run("diff", lab.write("forged.json", lab.read("plan.json").replace('"ttl": 3600', '"ttl": 3601'))).status, 2, "a plan whose id is not its digest: exit 2")


def cut_over(lab, w):
    plan, at = lab.path("move.json"), "2026-11-25T22:00:00Z"
    w.run("draft", "exempel.com", "remove mejlserver1.exempel.com, remove mejlserver2.exempel.com, remove reserv.exempel.net,",
          "add 10 mx3.exempel.net, ttl 1h", "-o", plan)
    result, value = w.json("simulate", plan, "--cutover", "--at", at)
    move = value.get("cutover") or {}
    lab.equal((result.status, [move.get(k) for k in ("kind", "at", "held_s", "drained_at", "tail_until", "safe_to_retire_old_hosts_at", "mail_to_old")]),
              (0, ["drops", at, 45000, "2026-11-26T10:30:00Z", "2026-11-27T10:30:00Z", "2026-11-27T10:30:00Z", 1.0]),
              "simulate --cutover --json: when what has drained", result)
    lab.equal({h["host"]: (h["reason"], h["off_at"]) for h in move["hosts"]},
              {"mejlserver1.exempel.com": ("drained", "2026-11-27T10:30:00Z"), "mejlserver2.exempel.com": ("drained", "2026-11-27T10:30:00Z"),
               "reserv.exempel.net": ("unused", at)}, "simulate --cutover --json: each old server", result)
    lab.equal([(s["step"], s["at"], s["ttl"], s["wait_s"]) for s in move["at_once"]["steps"]],
              [("change", at, 3600, None), ("switch-off", at, None, None), ("wait", at, None, 45000),
               ("wait", "2026-11-26T10:30:00Z", None, 86400), ("switch-off", "2026-11-27T10:30:00Z", None, None)],
              "simulate --cutover --json: the steps at once", result)
    lab.ok(move["staged"]["change_at"] >= at and [s["step"] for s in move["staged"]["steps"]][::7] == ["lower-ttl", "raise-ttl"],
           "simulate --cutover --json: the steps with a lower TTL first", result)
    half = next(p for p in move["points"] if p["after_s"] == 22500)
    lab.ok(abs(half["old_answers"] - 0.9126 / 2 - 0.0874 * (1 - 22500 / 131400)) < 1e-9 and move["points"][-1]["old_answers"] == 0,
           "simulate --cutover --json: the curve", result)
    lab.ok([s["sender"] for s in move["senders"] if s["returns"]] == ["exchange-online"] and len(move["warnings"]) == 3 and
           "Exchange Online" in move["warnings"][0], "simulate --cutover --json: who would return mail", result)
    seen = w.run("simulate", plan, "--cutover", "--at", at)
    lab.ok(seen.status == 0 and all(word in seen.out for word in ("If the old servers were switched off", "2026-11-27T10:30:00Z  Switch off",
           "PAM 2023", "assum", "Lower the TTL of the present set to 5m")), "simulate --cutover: in words", seen)
    result, value = w.json("simulate", plan, "--cutover", "--sender", "postfix")
    lab.equal([s["sender"] for s in value["cutover"]["senders"]], ["postfix"], "simulate --cutover: one sender's mail", result)
    seen = lab.run("simulate", plan, "--cutover", "--at", at, "--json", "--zone", lab.path("zones/exempel.com.zone"))
    move = json.loads(seen.out)["cutover"]
    lab.equal(([move[k] for k in ("mail_to_old", "bounced_if_off", "waiting_if_off", "bounced_without_names")], move["unknown"], move["unknown_if_off"] > 0,
               {h["host"]: h["reason"] for h in move["hosts"]}["reserv.exempel.net"]), ([1.0, None, None, None], 0.0, True, "unknown"),
              "simulate --cutover --json: an address that is not known leaves its share open", seen)
    seen = lab.run("simulate", plan, "--cutover", "--at", at, "--zone", lab.path("zones/exempel.com.zone"))
    lab.ok("The addresses of reserv.exempel.net are not known" in seen.out and seen.out.count("unknown") >= 4,
           "simulate --cutover: an address that is not known, in words", seen)
    lab.equal(w.json("simulate", plan)[1].get("cutover", 0), None, "simulate --json: cutover null where it was not asked for")
    seen = w.run("simulate", "exempel.com", "--cutover")
    lab.ok(seen.status == 2 and "has no draft" in seen.err, "simulate --cutover: no draft, exit 2", seen)
    kept = {**json.loads(lab.read("move.json")), "undo": [], "redo": []}
    os.makedirs(lab.path("state/mxladder/drafts"), mode=0o700, exist_ok=True)
    file = lab.write("state/mxladder/drafts/exempel.com.json", json.dumps(kept))
    result, value = w.json("simulate", "exempel.com", "--cutover", "--at", at)
    lab.equal((result.status, (value.get("cutover") or {}).get("drained_at")), (0, "2026-11-26T10:30:00Z"), "simulate --cutover: the kept draft", result)
    os.unlink(file)
    kept["want"] = kept["base"]
    same = lab.write("same.json", json.dumps({k: v for k, v in kept.items() if k not in ("id", "undo", "redo")}))
    seen = w.run("simulate", same, "--cutover")
    lab.ok(seen.status == 1 and "changes nothing" in seen.err, "simulate --cutover: nothing changes, exit 1", seen)
    now, later = (w.json("simulate", plan, "--cutover", *more)[1]["cutover"]["at"] for more in ((), ("--at", "1h")))
    lab.ok(later > now, "simulate --cutover --at 1h: an hour from now")
    for args in (("--at", at), ("--cutover", "--at", "soon")):
        lab.equal(w.run("simulate", plan, *args).status, 2, f"simulate {' '.join(args)}: exit 2")


def pushed(lab, w):
    """The whole loop through the provider that is a zone file."""
    file, plan, back = lab.path("zones/exempel.com.zone"), lab.path("file.json"), lab.path("back.json")
    lab.configure(f"[account fil]\nprovider = zonefile\nendpoint = {lab.path('zones')}\n\n[domain exempel.com]\naccount = fil\nprotected = yes\n"
                  "\n[dns]\nresolver = 127.0.0.1:1\n")
    made = lab.run("draft", "exempel.com", "remove", "reserv.exempel.net,", "add", "30", "mx3.exempel.net", "-o", plan, "--note", "byt reserv")
    value = json.loads(lab.read("file.json")) if made.status == 0 else {}
    lab.equal((made.status, value.get("account"), value.get("provider"), value.get("zone"), "@" in value.get("created", {}).get("by", "")),
              (0, "fil", "zonefile", "exempel.com", True), "draft: from the provider of the domain's account", made)
    seen = lab.run("push", plan, "--json", "--no-watch", "--confirm", "exempel.com")
    lab.equal((seen.status, (seen.json() or {}).get("error", {}).get("code")), (9, "approval"), "push before approval: exit 9", seen)
    lab.equal(lab.run("approve", plan, "--by", "Eva").status, 0, "approve")
    lab.equal(json.loads(lab.read("file.json"))["approvals"][0]["by"], "Eva", "approve --by")
    seen = lab.run("push", plan, "--no-watch")
    lab.ok(seen.status == 9 and "--confirm" in seen.err, "a protected domain's name must be given", seen)
    seen = lab.run("push", plan, "--no-watch", "--confirm", "exempel.com", "--read-only")
    lab.ok(seen.status != 0 and "mx3" not in lab.read("zones/exempel.com.zone"), "push --read-only writes nothing", seen)
    seen = lab.run("push", plan, "--dry-run", "--json")
    error = (seen.json() or {}).get("error") or {}
    lab.ok(seen.status == 9 and error.get("code") == "approval" and "--confirm" in seen.out, "push --dry-run foresees that, exit 9", seen)
    seen = lab.run("push", plan, "--dry-run", "--json", "--confirm", "exempel.com")
    error = (seen.json() or {}).get("error") or {}
    lab.equal((seen.status, error.get("code"), [(g["id"], g["answer"], g["override"]) for g in error.get("gates", [])]),
              (1, "blocked", [(gate, "unknown", f"{gate}=REASON") for gate in UNTOLD]),
              "push --dry-run, where the DNS cannot be asked: what nobody can tell blocks", seen)
    seen = lab.run("push", plan, "--no-watch", "--confirm", "exempel.com", "--json")
    lab.equal((seen.status, ((seen.json() or {}).get("error") or {}).get("code"), "mx3" in lab.read("zones/exempel.com.zone")), (1, "blocked", False),
              "push: ends as its dry run did, and nothing is written", seen)
    lab.forget()
    seen = w.run("push", plan, "--dry-run", "--read-only", "--confirm", "exempel.com")
    lab.equal(lab.state_files("journal"), {}, "push --dry-run --read-only: no journal either", seen)
    lab.ok(seen.status == 0 and "mx3" not in lab.read("zones/exempel.com.zone"), "push --dry-run writes nothing", seen)
    seen = w.run("push", plan, "--no-watch", "--confirm", "exempel.com", "--json")
    lab.equal((seen.status, (seen.json() or {}).get("state")), (0, "published"), "push", seen)
    text = lab.read("zones/exempel.com.zone")
    lab.ok("mx3.exempel.net" in text and "reserv" not in text and "; first" in text, "push: the zone file has the set and keeps its comments", text)
    seen = lab.run("history", "exempel.com", "--json")
    lab.equal([(p["state"], p["note"]) for p in (seen.json() or {}).get("pushes", [])], [("published", "byt reserv")], "history --json", seen)
    lab.equal(lab.run("resume", "exempel.com").status, 0, "resume: nothing to do, exit 0")
    lab.equal(lab.run("rollback", "exempel.com", "-o", back).status, 0, "rollback")
    lab.equal(lab.run("approve", back).status, 0, "approve the revert")
    seen = w.run("push", back, "--no-watch", "--confirm", "EXEMPEL.com.")
    lab.ok(seen.status == 0 and "reserv.exempel.net" in lab.read("zones/exempel.com.zone"), "push of the revert", seen)
    lab.equal(lab.run("rollback", "exempel.com", "no-such-push").status, 2, "rollback of no push: exit 2")
    lab.equal(w.run("push", plan, "--no-watch", "--confirm", "exempel.com").status, 0, "the base is back, so the plan fits again")
    seen = w.run("push", plan, "--no-watch", "--confirm", "exempel.com")
    lab.ok(seen.status == 0 and "already so" in seen.out, "and pushed again it is already so: exit 0", seen)
    lab.ok(os.path.exists(file), "the zone file stands")
    several(lab, w)


def several(lab, w):
    """Several plans in one file: each is approved and pushed by itself, in the file's order, whatever became of the one before."""
    plans = []
    for name in ("dubbel", "lika", "borta"):
        made = lab.run("draft", name + ".exempel.com", "ttl 2h")
        plans.append(made.json() if made.status == 0 else str(made))
    path = lab.write("several.json", {"mxladder_plans": 1, "plans": plans})
    lab.equal(lab.run("approve", path, "--domain", "lika.exempel.com").status, 0, "approve --domain")
    lab.equal([len(p["approvals"]) for p in json.loads(lab.read("several.json"))["plans"]], [0, 1, 0], "approve --domain: that one alone")
    lab.equal(lab.run("approve", path, "--domain", "annan.se").status, 2, "approve of a domain that is not in the file: exit 2")
    lab.equal(lab.run("approve", path, "--domain", "borta.exempel.com").status, 0, "approve another")
    seen = w.run("push", path, "--json", "--no-watch")
    value = seen.json() or {}
    lab.equal((seen.status, [(p["domain"], p["state"], (p["error"] or {}).get("code")) for p in value.get("pushes", [])]),
              (9, [("dubbel.exempel.com", "failed", "approval"), ("lika.exempel.com", "published", None), ("borta.exempel.com", "published", None)]),
              "push of several: one that is not approved stops none of the others", seen)
    text = w.run("push", path, "--no-watch")
    lab.ok(text.status == 9 and text.out.count("already so") == 2 and "dubbel.exempel.com: not begun" in text.out, "and in text", text)
    signed(lab, w)


def signed(lab, w):
    """A domain that asks for two signed approvals gets by with nothing less."""
    if not lab.installed("ssh-keygen"):
        print("# no ssh-keygen here: signed approvals are not tried", flush=True)
        return
    signers = ""
    for name in ("eva", "nils"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", lab.path(name)], check=True, stdin=subprocess.DEVNULL)
        if name == "eva":
            signers += f"eva {lab.read('eva.pub')}"
    lab.configure(lab.read("config/mxladder/config") + f"\n[main]\nallowed_signers = {lab.write('signers', signers)}\n"
                  "\n[domain hemma.exempel.com]\naccount = fil\napprovals = 2\n")
    plan = lab.path("signed.json")
    made = lab.run("draft", "hemma.exempel.com", "ttl 2h", "-o", plan)
    lab.equal(made.status, 0, "draft for a domain with approvals = 2", made)

    def push(status, name):
        seen = w.run("push", plan, "--no-watch", "--override", "special-address=a lab")
        lab.equal(seen.status, status, name, seen)

    def approve(status, name, by, *options):
        before = lab.read("signed.json")
        seen = lab.run("approve", plan, "--by", by, *options, "--json")
        lab.equal(seen.status, status, "approve: " + name, seen)
        if status:
            lab.equal((seen.json() or {}).get("error", {}).get("code"), "approval", "and says so: " + name, seen)
            lab.equal(lab.read("signed.json"), before, "and the file stands as it was: " + name)
    approve(9, "without a signature where signed ones are asked", "eva")
    approve(9, "a key that is not there", "eva", "--key", lab.path("nowhere"))
    approve(9, "an allowed key for somebody else", "somebodyelse", "--key", lab.path("eva"))
    approve(9, "a key that nobody allowed", "nils", "--key", lab.path("nils"))
    approve(0, "an allowed key", "eva", "--key", lab.path("eva"), "--note", "change 17", "--until", "1d")
    approve(9, "the same key again", "eva", "--key", lab.path("eva"))
    push(9, "one approval of two")
    with open(lab.path("signers"), "a", encoding="utf-8") as f:
        f.write(f"nils {lab.read('nils.pub')}anna {lab.read('eva.pub')}")
    approve(9, "one key under another principal", "anna", "--key", lab.path("eva"))
    approve(0, "another allowed key", "nils", "--key", lab.path("nils"))
    good = json.loads(lab.read("signed.json"))
    lab.equal([(a["by"], a["note"], a["until"] is not None, a["key"][:7]) for a in good["approvals"]],
              [("eva", "change 17", True, "SHA256:"), ("nils", "", False, "SHA256:")], "the plan tells by, note, until and key", good)
    for member, value in (("note", "change 18"), ("at", "2026-01-01T00:00:00Z"), ("until", None)):
        forged = json.loads(json.dumps(good))
        forged["approvals"][0][member] = value
        lab.write("signed.json", forged)
        push(9, f"an approval whose {member} was changed after it was signed does not count")
    lab.write("signed.json", good)
    push(0, "two allowed signers: pushed")
    seen = lab.run("history", "hemma.exempel.com", "--json")
    lab.equal([[(a["by"], a["note"]) for a in p["approvals"]] for p in (seen.json() or {}).get("pushes", [])], [[("eva", "change 17"), ("nils", "")]],
              "history: who approved, and the notes", seen)
    lab.ok("change 17" in lab.run("history", "hemma.exempel.com").out, "history: the notes in text")


def manual_pages(lab):
    """mxladder-config(5) and mxladder-senders(7) hold every row of their tables, and the example is a whole configuration."""
    def plain(text):
        return text.replace("\\-", "-").replace("\\e", "\\").replace("\n.sp\n", "\n\n")
    page = lab.run("list", "--manual", "config").out
    settings = [s["setting"] for s in lab.run("list", "settings", "--json").json()["settings"]]
    lab.equal(re.findall(r"^\.TP\n\\fB([a-z_*]+)\\fR", page.split(".SH SETTINGS\n")[1].split("\n.SH ")[0], re.M), settings, "mxladder-config(5): every setting")
    roles = [r["role"] for r in lab.run("list", "roles", "--json").json()["roles"]]
    lab.equal(re.findall(r"^\.TP\n\\fB([a-z-]+)\\fR", page.split(".SH THEME FILE\n")[1].split("\n.SH ")[0], re.M), roles, "and every role of a theme")
    example = plain(page.split(".SH EXAMPLE\n.nf\n")[1].split(".fi\n")[0])
    conf = lab.write("example.conf", example)
    seen = lab.run("--config", conf, "list", "domains", "--json")
    lab.ok(seen.status == 0 and {"domain": "exempel.net"} in seen.json()["domains"], "its example is read", seen)
    seen = lab.run("--config", conf, "list", "senders")
    lab.ok(seen.status == 0 and re.search(r"^partner ", seen.out, re.M), "with the sender of its own", seen)
    policy, accepted = (plain(part.split(".nf\n")[1].split(".fi\n")[0]) for part in (page.split(".SH POLICY FILE\n")[1], page.split(".SH ACCEPTED FINDINGS\n")[1]))
    seen = lab.run("check", "exempel.com", "--demo", "--require", lab.write("policy", policy), "--accepted", lab.write("accepted", accepted), "--json")
    lab.ok(seen.status in (0, 1) and len(seen.json()["policy"]["demands"]) == 2, "its policy and its accepted findings are read", seen)
    page = lab.run("list", "--manual", "senders").out
    for sender in lab.run("list", "senders", "--json").json()["senders"]:
        part = page.split(f".SS {sender['sender']} \\(en ")[1].split("\n.S")[0]
        lab.equal(re.findall(r"(?:^|: )([a-z0-9_\\-]+) = (.*)$", part, re.M),
                  [(field.replace("-", "\\-"), value.replace("-", "\\-")) for field, value in sender["fields"].items()],
                  f"mxladder-senders(7): {sender['sender']} as listed")
    lab.equal(lab.run("list", "--manual", "pigeons").status, 2, "no other page")


def told(lab, w):
    for args, status, word in ((("--version",), 0, "mxladder 0"), (("--help",), 0, "simulate"), ((), 0, "simulate"), (("explain", "ttl"), 0, "TTL"),
                               (("explain",), 0, "null-mx"), (("explain", "spof"), 0, "RFC"), (("explain", "pigeons"), 2, None), (("list",), 2, None),
                               (("list", "pigeons"), 2, None), (("shwo", "exempel.com"), 2, None), (("accounts",), 0, None)):
        seen = lab.run(*args)
        lab.ok(seen.status == status and (word is None or word in seen.out), f"mxladder {' '.join(args)}: exit {status}", seen)
    for topic in ("checks", "gates", "senders", "mechanisms", "states", "providers", "presets", "actions", "roles", "settings", "commands"):
        seen = lab.run("list", topic, "--json")
        lab.ok(seen.status == 0 and (seen.json() or {}).get(topic), f"list {topic} --json", seen)
        lab.ok(lab.run("list", topic).out, f"list {topic}")
    commands = [c["command"] for c in lab.run("list", "commands", "--json").json()["commands"]]
    manual, completion = lab.run("list", "--manual").out, lab.run("list", "--completion").out
    for command in commands:
        seen = lab.run(command, "--help")
        lab.ok(seen.status == 0 and f"mxladder {command}" in seen.out and len(seen.out.splitlines()) <= 66 and max(map(len, seen.out.splitlines())) <= 80,
               f"{command} --help fits a page", seen)
        lab.ok(re.search(rf"^\.SS mxladder {command}( |$)", manual, re.M) and re.search(rf"\b{command}\b", completion), f"{command}: in the manual and in the completion")
    lab.equal([g["gate"] for g in lab.run("list", "gates", "--json").json()["gates"]],
              re.findall(r"^\\fB([a-z0-9-]+)\\fR$", manual.split(".SH GATES\n")[1].split("\n.SH ")[0], re.M),
              "gates: as listed, so in the manual")
    manual_pages(lab)
    seen = lab.run("shwo", "exempel.com", "--json")
    lab.equal(set(seen.json()["error"]), {"code", "message", "hint"}, "an error as JSON", seen)
    seen = lab.run("show", "a\x1b[31mb.exempel.com", *w.zone)
    lab.ok("\x1b" not in seen.out + seen.err, "nothing unescaped in an error", ascii(seen))
    seen = lab.run("--config", lab.write("broken.conf", "[account x]\nprovidr = y\n"), "accounts")
    lab.ok(seen.status == 2 and "broken.conf:2" in seen.err, "a wrong setting: file and line, exit 2", seen)
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([PROGRAM, "list", "checks"], env=lab.env, stdout=full, stderr=subprocess.PIPE, check=False)
    lab.equal(done.returncode, 4, "a full disk is told: exit 4")


def main():
    assert os.path.isdir(TOP)
    with Lab() as lab:
        w = World(lab)
        shown(lab, w)
        checked(lab, w)
        simulated(lab, w)
        required(lab, w)
        lasting(lab, w)
        planned(lab, w)
        cut_over(lab, w)
        pushed(lab, w)
        told(lab, w)


if __name__ == "__main__":
    main()
