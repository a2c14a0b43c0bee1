#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people type and paste on the command line: domains with blanks, URLs and mail addresses, edits that cannot be."""
import json

from lab import Lab, mx_of

ZONE = """$ORIGIN example.org.
$TTL 3600
@ IN SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
@ MX 10 mx1
@ MX 20 mx2
ns1 A 198.51.100.1
mx1 A 192.0.2.10
mx2 A 192.0.2.11
"""
COMMANDS = (("show",), ("check",), ("simulate",), ("history",), ("rollback",), ("resume",), ("draft",))
MEANT = (("info@example.org", "is a mail address", "Did you mean example.org?"),
         ("http://example.org", "is a URL", "Did you mean example.org?"),
         ("example.org:25", "has a port", "Did you mean example.org?"),
         ("[IPv6:2001:db8::1]", "is an address", None),
         ("192.0.2.1", "is an address", None))
EDITS = (("add 30 20 mx3.example.org", "\"mx3.example.org\" is too much: write \"add PREF HOST\""),
         ("add 70000 mx3.example.org", "a preference is a number from 0 to 65535, not \"70000\""),
         ("add 30 http://mx3.example.org/", "\"http://mx3.example.org/\" is a URL, and a name belongs here"),
         ("add 30 info@example.org", "\"info@example.org\" is a mail address, and a name belongs here"),
         ("add 30 192.0.2.1", "\"192.0.2.1\" is an address, and an MX record names a host"),
         ("add 30 mx3", "\"mx3\" has no dot inside: it is a top-level name, or only half a name"),
         ("rename mx1.example.org 20", "\"20\" is a number, and a host belongs here"),

         ("add 10 MX1.Example.ORG.", "the draft already has mx1.example.org with preference 10"),
         ("add 30 mx3.example.org., add 30 MX3.example.ORG", "the draft already has mx3.example.org with preference 30"),
         ("add 30 \u263a.example", "\"\u263a\" is not allowed as an internationalised label"),
         ("add 30 mx3\u3002example\u3002org", "is not allowed as an internationalised label"))
# what is added to the two records, as the plan has it
TAKEN = (("add 30 MX3.Example.ORG.", {(30, "mx3.example.org")}), ("add 30 xn--74h.example", {(30, "xn--74h.example")}),
         ("add 30 XN--NXASMQ6B.example", {(30, "xn--nxasmq6b.example")}), ("add 30 fa\u00df.de", {(30, "xn--fa-hia.de")}),
         ("add 30 r\u00c4ka.se", {(30, "xn--rka-qla.se")}), ("add 30 m\u200bx.example.net", {(30, "mx.example.net")}))
OLD = {(10, "mx1.example.org"), (20, "mx2.example.org")}
# a null MX, alone and beside others: the whole set, and the errors of the plan
NULL = (("null-mx", {(0, ".")}, set()), ("add 0 .", OLD | {(0, ".")}, {"null-mixed"}), ("add 40 .", OLD | {(40, ".")}, {"null-mixed", "null-pref"}),
        ("null-mx, add 10 mx1.example.org", {(0, "."), (10, "mx1.example.org")}, {"null-mixed"}))


def operands(lab, zone):
    for command in COMMANDS:
        more = ("ttl", "1h") if command[0] == "draft" else ()
        for typed, says, hint in MEANT:
            seen = lab.run(*command, typed, *more, *zone)
            lab.ok(seen.status == 2 and seen.out == "" and f"\"{typed}\" {says}" in seen.err and (not hint or hint in seen.err),
                   f"{command[0]} {typed}: refused with what was meant", seen)
    for typed in (" example.org", "example.org ", "\u00a0example.org", "Example.ORG."):
        seen = lab.run("show", typed, *zone, "--json")
        lab.equal((seen.status, (seen.json() or {}).get("domain")), (0, "example.org"), f"show {typed!r}: trimmed", seen)
    seen = lab.run("info@example.org", "--plain", *zone)
    lab.ok(seen.status == 2 and "is a mail address" in seen.err, "the interface: refused with what was meant", seen)


def edits(lab, zone):
    for typed, says in EDITS:
        seen = lab.run("draft", "example.org", typed, *zone)
        lab.ok(seen.status == 2 and seen.out == "" and says in seen.err, f"draft {typed}: refused", seen)
    for typed, more in TAKEN:
        seen = lab.run("draft", "example.org", typed, *zone)
        lab.equal((seen.status, mx_of((seen.json() or {}).get("want"))), (0, OLD | more), f"draft {typed}: one name", seen)
    for typed, records, errors in NULL:
        plan = lab.path("null.json")
        seen = lab.run("draft", "example.org", typed, *zone, "-o", plan)
        lab.equal((seen.status, mx_of(json.loads(lab.read("null.json"))["want"])), (0, records), f"draft {typed}: as it is typed", seen)
        seen = lab.run("check", plan, *zone, "--json")
        found = {f["id"] for f in (seen.json() or {"findings": []})["findings"] if f["level"] == "error" and f["id"].startswith("null-")}
        lab.equal((bool(errors) <= seen.status, found), (True, errors), f"check of that plan: {', '.join(sorted(errors)) or 'nothing of the null MX'}", seen)
    for typed, seconds in (("1H", 3600), ("1D", 86400), ("1w", 604800), ("1W", 604800)):
        seen = lab.run("draft", "example.org", "ttl", typed, *zone)
        lab.equal((seen.status, (seen.json() or {"want": {}})["want"].get("ttl")), (0, seconds), f"draft ttl {typed}", seen)
    seen = lab.run("draft", "example.org", "ttl", "soon", *zone)
    lab.ok(seen.status == 2 and "4d or 1w" in seen.err, "draft ttl soon: the hint names weeks", seen)


with Lab() as lab:
    world = ("--zone", lab.write("example.org.zone", ZONE))
    operands(lab, world)
    edits(lab, world)
