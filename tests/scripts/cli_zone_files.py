#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zone files as people have them: without a $ORIGIN, exported, dumped, saved on Windows, with new types, with numbers that are none;
as a world (--zone), imported, and edited. The numbers are those of the reports that each stands for."""
import os
import time

from lab import UNTOLD, Lab, mx_of, past

HEAD = """$ORIGIN exempel.com.
$TTL 3600
@ IN SOA ns1 hostmaster 2026112501 3600 900 604800 300
@ IN NS ns1
@ IN MX 10 mx1
ns1 IN A 192.0.2.1
mx1 IN A 192.0.2.2
"""
CLOUDFLARE = """;;
;; Domain:     exempel.com.
;; Exported:   2026-11-20 14:29:38
;;
exempel.com.\t3600\tIN\tSOA\tada.ns.exempel.net. dns.exempel.net. 2051337477 10000 2400 604800 3600
exempel.com.\t86400\tIN\tNS\tada.ns.exempel.net.
exempel.com.\t1\tIN\tMX\t10 mx1.exempel.net. ; the first
"""
CLOUDFLARE_OLD = """;;
;; Domain:     exempel.com
;;
$ORIGIN .
@\t3600\tIN\tSOA\texempel.com.\troot.exempel.com.\t(
\t\t2028964450\t; serial
\t\t7200 3600 86400
\t\t3600)\t\t; minimum

;; NS Records (YOU MUST CHANGE THIS)
exempel.com.\t1\tIN\tNS\tREPLACE&ME$WITH^YOUR@NAMESERVER.
exempel.com.\t1\tIN\tMX\t10\tmx1.exempel.net.
"""
MX1 = {(10, "mx1.exempel.com")}


class World:
    def __init__(self, lab):
        self.lab, self.file = lab, lab.path("a.zone")
        lab.configure("[dns]\nresolver = 127.0.0.1:1\n")

    def show(self, text, domain="exempel.com", command="show"):
        self.lab.write("a.zone", text)
        return self.lab.run(command, domain, "--zone", self.file, "--json")

    def shows(self, text, name, records=frozenset(MX1), note="", domain="exempel.com"):
        seen = self.show(text, domain)
        self.lab.ok(seen.status == 0 and mx_of(seen.json()) == set(records) and note in seen.err and bool(note) == bool(seen.err), name, seen)
        return seen.json() or {}

    def refuses(self, text, said, name):
        seen = self.show(text)
        self.lab.ok(seen.status == 2 and (seen.json() or {}).get("error", {}).get("message") == f"{self.file}{said}", name, seen)


def names(lab, w):
    told = "does not say its zone's name; it is read as the zone exempel.com"
    w.shows("$TTL 3m\n@ 2d SOA ns.exempel.net. hm.exempel.net. 1 12h 2h 3w 15m\n NS ns.exempel.net.\n\n MX 10 mx1\n", "A1: no $ORIGIN: the domain of the command line, and said", note=told)
    lab.write("a.zone", "$TTL 3m\n@ SOA a. b. 1 1 1 1 1\n NS a.\n MX 10 mx1\n")
    plan = lab.path("p.json")
    made = lab.run("draft", "exempel.com", "add 20 mx2.exempel.net", "--zone", w.file, "-o", plan)
    seen = lab.run("check", plan, "--zone", w.file)
    lab.ok(made.status == 0 and told in seen.err and seen.status in (0, 1), "A1: of a plan too", f"{made}\n{seen}")
    seen = lab.run("accounts", "--zone", w.file)
    lab.ok(seen.status == 2 and "a.zone, line 2: no $ORIGIN" in seen.err and "command line" in seen.err, "A1: with no domain at all: refused, with the way on", seen)
    w.shows(HEAD.replace("$ORIGIN exempel.com.\n", "$ORIGIN .\n").replace("@ ", "exempel.com ").replace("mx1", "mx1.exempel.com").replace("ns1", "ns1.exempel.com"), "A3: $ORIGIN . and names without a dot")
    value = w.shows(CLOUDFLARE_OLD, "A43: Cloudflare's older export: the root's SOA is the domain's", {(10, "mx1.exempel.net")}, told)
    lab.equal(value.get("ttl"), 1, "A43: its TTL as it stands")
    w.shows(CLOUDFLARE, "A42: Cloudflare's export: a TTL of 1 is said to mean automatic", {(10, "mx1.exempel.net")}, "1 means automatic (300 seconds)")
    for text, name in ((CLOUDFLARE, "A42"), (CLOUDFLARE_OLD, "A43")):
        lab.write("a.zone", HEAD)
        seen = lab.run("draft", "exempel.com", "import", lab.write("import.zone", text), "--zone", w.file)
        lab.ok(seen.status == 0 and seen.json()["want"]["ttl"] == 1 and "1 means automatic" in seen.err, f"{name}: imported as it stands, and said", seen)
    seen = lab.run("draft", "exempel.com", "import", lab.write("import.zone", "exempel.com.\t300\tIN\tMX\t10 a.exempel.net.\nexempel.com.\t300\tIN\tMX\t20 b.exempel.net.\n"), "--zone", w.file)
    lab.ok(seen.status == 0 and mx_of(seen.json()["want"]) == {(10, "a.exempel.net"), (20, "b.exempel.net")} and seen.json()["want"]["ttl"] == 300,
           "A44: an answer as dig prints it, imported", seen)
    w.refuses("exempel.com. 300 IN MX 10 a.\n", " holds no zone: there is no SOA record", "A44: and it is no zone")
    lab.write("a.zone", HEAD)
    bad = lab.write("import.zone", HEAD + "@ MX 70000 mx2\n")
    seen = lab.run("draft", "exempel.com", "import", bad, "--zone", w.file)
    lab.ok(seen.status == 2 and f"{bad}, line 8: 70000 is no number from 0 to 65535" in seen.err, "import: an error has file and line", seen)


def kinds(lab, w):
    for rest in ("AMTRELAY 10 0 0 .", 'AVC "x"', 'DOA 0 1 2 "" aGk=', 'RESINFO "x"', "WALLET ETH 0x0", "DSYNC CDS NOTIFY 5300 n.exempel.net.", 'NINFO "z"',
                 "RKEY 0 255 1 AQ==", "TA 1 8 2 ABCD", "ATMA 39.246", "SINK 1 0 0 AQ==", "A6 0 2001:db8::1"):
        w.shows(HEAD + f"x {rest}\n", f"A14: {rest.split()[0]} is data")
    w.shows(HEAD + "x COMING 1 2\n", "A14: a type of the future is data, and said", note="a.zone, line 8: the record type COMING is not known here")
    w.shows(HEAD + "$GENERATE 10-20 pool-$ IN A 192.0.2.$\n", "A16: $GENERATE is followed")
    w.refuses(HEAD + "$INCLUDE other hosts\n", ", line 8: $INCLUDE is not followed here; put the records themselves into the file", "A17: $INCLUDE: a world refuses it, with the line")
    w.shows(HEAD + "exempel.com. 3600 IN SOA ns1 hostmaster 2026112501 3600 900 604800 300\n;; Query time: 2 msec\n", "A18: a transfer's closing SOA record")
    w.refuses("\ufeff" + HEAD, ", line 1: the file begins with a byte order mark", "A26: a byte order mark")
    for value, top in (("70000", 65535), ("65536", 65535), ("-1", 65535), ("+1", 65535), ("0x10", 65535), ("10.0", 65535)):
        w.refuses(HEAD + f"@ MX {value} mx2\n", f", line 8: {value} is no number from 0 to {top}", f"a preference of {value} is refused, not cut")
    w.refuses(HEAD + "s SRV 1 2 65536 mx1\n", ", line 8: 65536 is no number from 0 to 65535", "a port of 65536 too")
    w.shows(HEAD + "@ MX 65535 mx1\n", "65535 is one", {(10, "mx1.exempel.com"), (65535, "mx1.exempel.com")})


def unasked(lab, w):
    """checks 3 and 6: nobody was asked for what lies in none of the files; a DNAME is followed."""
    text = HEAD + "@ IN MX 20 mx.annan.se.\n@ MX 30 cut.sub\nsub NS ns.annan.se.\n@ MX 40 al\nal CNAME mx.annan.se.\nold DNAME exempel.com.\n@ MX 50 mx1.old\n"
    value = w.show(text, command="check").json() or {}
    found = [(f["id"], f["host"]) for f in value.get("findings", []) if f["id"].startswith("target")]
    lab.equal(sorted(found), [("target-cname", "al.exempel.com"), ("target-cname", "mx1.old.exempel.com")], "outside the files: no lookup fails; aliases (a DNAME's, too) are found", value)
    lab.ok({"target-servfail", "target-nxdomain", "target-no-address"} <= {n["id"] for n in value.get("not_checked", [])}, "and what was not asked is not checked", value)
    hosts = {h["host"]: h for rung in (w.show(text).json() or {}).get("rungs", []) for h in rung["hosts"]}
    lab.equal((hosts["mx.annan.se"]["addresses"], hosts["mx.annan.se"]["exists"]), (None, None), "unknown is null")
    lab.equal((hosts["mx1.old.exempel.com"]["alias_of"], hosts["mx1.old.exempel.com"]["addresses"]), ("mx1.exempel.com", ["192.0.2.2"]), "below a DNAME: an alias with addresses")
    seen = w.show(text, "annan.se")
    lab.ok(seen.status == 3 and "lies in none of the zone files" in seen.json()["error"]["message"], "a domain outside the files: said", seen)


def edits(lab, w):
    """A14 to A18 and A31 in a file that is edited: all else stays byte by byte."""
    kept = ("x DSYNC CDS NOTIFY 5300 n.exempel.net.\n", "x COMING 1 ( 2 ; 3\n )\n", "$GENERATE 10-20 pool-$ IN A 192.0.2.$\n", "$INCLUDE more.inc hosts\n")
    lab.write("edit/more.inc", "pc1 IN A 192.0.2.10\n")
    lab.configure(f"[account f]\nprovider = zonefile\nendpoint = {lab.path('edit')}\n\n[dns]\nresolver = 127.0.0.1:1\n")

    def push(text, *edit):
        lab.write("edit/exempel.com.zone", text)
        plan = lab.path("e.json")
        made = lab.run("draft", "exempel.com", *edit, "-o", plan)
        lab.run("approve", plan)
        return made, lab.run("push", plan, "--no-watch", *GATES)

    for line in kept:
        made, seen = push(HEAD + line, "add 20 mx2.exempel.com")
        lab.ok(seen.status == 0, f"edit beside {line.split()[0:2]}", f"{made}\n{seen}")
        lab.equal(lab.read("edit/exempel.com.zone"), HEAD.replace("2026112501", serial(lab)).replace("@ IN MX 10 mx1\n", "@ IN MX 10 mx1\n@ IN MX 20 mx2\n") + line,
                  "and nothing else is changed")
    lab.write("edit/more.inc", "exempel.com. IN MX 10 elsewhere\n")
    made, seen = push(HEAD + kept[3], "add 20 mx2.exempel.com")
    lab.ok(made.status != 0 and "more.inc, an included file" in made.err, "an included file that has MX records of the name: refused", made)
    os.unlink(lab.path("edit/more.inc"))
    made, seen = push(HEAD + kept[3], "add 20 mx2.exempel.com")
    lab.ok(made.status != 0 and "cannot be read" in made.err and "cannot be told" in made.err, "one that cannot be read: cannot tell", made)


def serial(lab):
    """The serial that the edit has made, which has the day in it."""
    return lab.read("edit/exempel.com.zone").split("hostmaster ")[1].split()[0]


def sizes(lab, w):
    """attack 9: 60,000 MX records took over a minute; A45: 400,000 records."""
    lab.configure("[dns]\nresolver = 127.0.0.1:1\n")
    text = HEAD + "".join(f"@ MX {i * 7919 % 60000} m{i % 7}\n" for i in range(60000))
    began = time.monotonic()
    w.refuses(text + "@ MX 1 ..\n", ", line 60008: an empty label: a dot too many", "60,000 MX records: read to the last line")
    lab.ok(time.monotonic() - began < 10, "and in seconds", time.monotonic() - began)
    text = HEAD + "".join(f"h{i * 7919 % 400000} A 192.0.2.{i % 250}\n" for i in range(400000))
    began = time.monotonic()
    w.shows(text, "400,000 records as a world")
    lab.ok(time.monotonic() - began < 20, "in seconds", time.monotonic() - began)


# Nobody can be asked about the zone here: those gates cannot tell.
GATES = past(*UNTOLD)


def main():
    with Lab() as lab:
        os.makedirs(lab.path("edit"))
        w = World(lab)
        names(lab, w)
        kinds(lab, w)
        unasked(lab, w)
        edits(lab, w)
        sizes(lab, w)


if __name__ == "__main__":
    main()
