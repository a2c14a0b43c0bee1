#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people type and paste on the command line: domains with blanks, URLs and mail addresses, edits that cannot be."""
from lab import Lab

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
         ("rename mx1.example.org 20", "\"20\" is a number, and a host belongs here"))


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
    for typed, seconds in (("1H", 3600), ("1D", 86400), ("1w", 604800), ("1W", 604800)):
        seen = lab.run("draft", "example.org", "ttl", typed, *zone)
        lab.equal((seen.status, (seen.json() or {"want": {}})["want"].get("ttl")), (0, seconds), f"draft ttl {typed}", seen)
    seen = lab.run("draft", "example.org", "ttl", "soon", *zone)
    lab.ok(seen.status == 2 and "4d or 1w" in seen.err, "draft ttl soon: the hint names weeks", seen)


with Lab() as lab:
    world = ("--zone", lab.write("example.org.zone", ZONE))
    operands(lab, world)
    edits(lab, world)
