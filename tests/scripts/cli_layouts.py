#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zone files in the layouts that servers and panels write: what a world shows of each, what a check finds, and that an edit changes only the
lines of the set and the serial."""
import os
import time

from lab import UNTOLD, Lab, mx_of, past

SOA = "@ IN SOA ns1 hostmaster 7 3600 900 604800 300\n"
HEAD = "$ORIGIN exempel.com.\n$TTL 3600\n" + SOA + "@ IN NS ns1\nns1 IN A 192.0.2.1\nmx1 IN A 192.0.2.2\n"
LOWER = ("$origin exempel.com.\n$ttl 1h\nexempel.com. 43200 in soa ns1 info 7 1800 900 604800 86400\nexempel.com. 86400 in ns ns1\n"
         "exempel.com. 7200 in mx 10 mx1\nns1 a 192.0.2.1\nmx1 in a 192.0.2.2\n")
OWNERS = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns1 hm 3 1d 1h 4w 10m\n NS ns1\n MX 10 mx\n MX 20 in\nmx A 192.0.2.2\nin A 192.0.2.3\nns1 A 192.0.2.1\n" \
         "123 MX 10 mx\napp CNAME zero\n1d IN 600 MX 10 in\ntxt TXT \"mx 10 a\"\n"
BEFORE = "$ORIGIN exempel.com.\n@ IN 7200 SOA ns1 zm (0 0 0 0 0)\n@ NS ns1\n@ MX 10 mx1\nns1 300 A 192.0.2.1\nmx1 A 192.0.2.2\nsub MX 10 mx1\n"
ODD = "u IN TXT v=spf1\\;x\nk IN TXT ( \"v=DKIM1\\; \"\n  \"p=M(x)\" ) ; first; part\no\\@dd IN A 192.0.2.8\nd\\046t IN A 192.0.2.9\n"
GENERIC = "@ 0 IN TYPE65534 \\# 5 0D12340001\n@ 0 IN TYPE65534 \\# 5 0D56780001\nx CLASS1 TYPE1 \\# 4 CB007109\n"
PARENTHESES = HEAD + "@ ( IN MX ; one\n   10 ; pref\n   mx1 ) ; done\n@ IN MX ( 20 mx2.exempel.net. )\n"
MIDWAY = HEAD + "@ 10 IN TXT \"short\"\n@ IN MX 10 mx1\n$TTL 2H\n$ORIGIN sub.exempel.com.\n@ IN MX 5 mx1.exempel.com.\n$ORIGIN exempel.com.\nb A 192.0.2.5\n"
STARS = HEAD + "@ IN MX 10 mx1\n* IN MX 10 mx1\n* IN A 192.0.2.5\nssh.git IN A 192.0.2.6\n"
ONE = {(10, "mx1.exempel.com")}
SHOWN = (  # name, text, domain, records, TTL
    ("lower case", LOWER, "exempel.com", ONE, 7200),
    ("class before TTL", "exempel.com. IN 1200 SOA ns.exempel.com. a. 1 7200 3600 1209600 3600\nexempel.com. IN 3600 MX 10 mx1.exempel.com.\n", "exempel.com", ONE, 3600),
    ("an owner that is a number", OWNERS, "123.exempel.com", {(10, "mx.exempel.com")}, 3600),
    ("an owner that looks like a TTL", OWNERS, "1d.exempel.com", {(10, "in.exempel.com")}, 600),
    ("a host that looks like a class", OWNERS, "exempel.com", {(10, "mx.exempel.com"), (20, "in.exempel.com")}, 3600),
    ("the TTL of the record before", BEFORE, "sub.exempel.com", ONE, 300),
    ("the TTL of the record before, at the apex", BEFORE, "exempel.com", ONE, 7200),
    ("the TTL of the SOA's minimum", "$ORIGIN exempel.com.\n@ IN SOA ns hm ( 1 20m 1h 1w 5m )\n NS ns\n MX 10 mx1\n", "exempel.com", ONE, 300),
    ("parentheses and comments inside", PARENTHESES, "exempel.com", ONE | {(20, "mx2.exempel.net")}, 3600),
    ("$TTL changes midway: above", MIDWAY, "exempel.com", ONE, 3600),
    ("$TTL changes midway: below", MIDWAY, "sub.exempel.com", {(5, "mx1.exempel.com")}, 7200),
    ("a wildcard's set", STARS, "games.exempel.com", ONE, 3600),
    ("an empty non-terminal under a wildcard has none", STARS, "git.exempel.com", set(), None),
    ("TTLs differ: the lowest", HEAD + "@ 7200 IN MX 10 mx1\n@ 300 IN MX 20 mx1\n", "exempel.com", ONE | {(20, "mx1.exempel.com")}, 300),
    ("an owner without its final dot", HEAD + "sub.exempel.com IN MX 10 mx1\n", "sub.exempel.com.exempel.com", ONE, 3600),
)
FOUND = (  # name, records, {(check, level)} that must be there, words of one of them
    ("a null MX beside others", "@ MX 10 mx1\n@ MX 30 .\n", {("null-mixed", "error"), ("null-pref", "error")}, ""),
    ("one record twice, differing in case", "@ MX 10 mx1\n@ MX 10 MX1\n@ MX 20 mx1\n", {("dup-record", "error")}, ""),
    ("TTLs that differ", "@ 7200 MX 10 mx1\n@ 300 MX 20 mx1\n", {("ttl-mixed", "error")}, "5m to 2h"),
    ("a final dot that was forgotten", "@ MX 10 mx1.forward.exempel.net\n", {("target-nxdomain", "error")}, "is the final dot of mx1.forward.exempel.net missing?"),
    ("an MTA-STS record without its semicolon", '@ MX 10 mx1\n_mta-sts TXT "v=STSv1 id=1"\n', {("sts-syntax", "warning")}, "must begin with"),
    ("an MTA-STS record without the host of its policy", '@ MX 10 mx1\n_mta-sts TXT "v=STSv1; id=1"\n', {("sts-fetch", "warning")}, "mta-sts.exempel.com has no address"),
    ("no MX, and an IPv6 address alone", "@ AAAA 2001:db8::25\n", {("implicit-mx", "warning")}, ""),
)
SERIALS = ("1311111111", "3", "0", "4294967295", "2011031401", "2011031499")
GATES = past(*UNTOLD, "below-dname", "wildcard")


class World:
    def __init__(self, lab):
        self.lab, self.file = lab, lab.path("edit/exempel.com.zone")
        os.makedirs(lab.path("edit"))
        lab.configure(f"[account f]\nprovider = zonefile\nendpoint = {lab.path('edit')}\n\n[dns]\nresolver = 127.0.0.1:1\n")

    def push(self, text, *edit, domain="exempel.com"):
        """The file after the edit, and what was said."""
        self.lab.write("edit/exempel.com.zone", text)
        plan = self.lab.path("plan.json")
        made = self.lab.run("draft", domain, *edit, "-o", plan)
        approved = self.lab.run("approve", plan)
        seen = self.lab.run("push", plan, "--no-watch", *GATES)
        self.lab.forget()
        return self.lab.read("edit/exempel.com.zone"), f"{made}{approved}{seen}"


def shown(lab, w):
    for name, text, domain, records, ttl in SHOWN:
        seen = lab.run("show", domain, "--zone", lab.write("a.zone", text), "--json")
        value = seen.json() or {}
        lab.equal((seen.status, mx_of(value), value.get("ttl")), (0, records, ttl), f"show: {name}", seen)
    seen = lab.run("show", "x.ssh.git.exempel.com", "--zone", lab.write("a.zone", STARS), "--json")
    lab.equal((seen.status, (seen.json() or {}).get("rungs")), (1, []), "show: a name below one that exists is no wildcard's", seen)
    seen = lab.run("show", "www.exempel.com", "--zone", lab.write("a.zone", HEAD + "www MX 0 .\nwww A 192.0.2.2\n"), "--json")
    lab.equal((seen.json() or {}).get("null_mx"), True, "show: MX 0 . is a null MX, not the origin", seen)
    seen = lab.run("show", "exempel.com", "--zone", lab.write("a.zone", HEAD + "@ MX 10 mx1 rest\n"))
    lab.ok(seen.status == 2 and "line 7" in seen.err, "show: something behind the host is refused with its line", seen)


def found(lab, w):
    for name, records, wanted, words in FOUND:
        seen = lab.run("check", "exempel.com", "--zone", lab.write("a.zone", HEAD + records), "--json")
        rows = (seen.json() or {}).get("findings", [])
        lab.ok(wanted <= {(f["id"], f["level"]) for f in rows} and any(words in f["text"] for f in rows), f"check: {name}", seen)


def edited(lab, w):
    serial, day = "SOA ns1 hostmaster 7 ", "SOA ns1 hostmaster 8 "
    text, said = w.push(LOWER, "add", "20", "mx2.exempel.net")
    lab.equal(text, LOWER.replace(" 7 1800", " 8 1800").replace("in mx 10 mx1\n", "in mx 10 mx1\nexempel.com. 7200 in mx 20 mx2.exempel.net.\n"),
              "edit: lower case stays lower case", said)
    for domain in ("123.exempel.com", "1d.exempel.com"):
        text, said = w.push(OWNERS, "add", "20", "mx2.exempel.net", domain=domain)
        rows = text.splitlines()
        lab.ok([row for row in rows if row not in OWNERS.splitlines()] != [] and [row for row in OWNERS.splitlines() if row not in rows] == ["@ SOA ns1 hm 3 1d 1h 4w 10m"],
               f"edit: the set of {domain}, no other line", f"{text}{said}")
    text, said = w.push(BEFORE, "add", "20", "mx2.exempel.net")
    shown_after = lab.run("show", "sub.exempel.com", "--zone", lab.write("a.zone", text), "--json").json() or {}
    lab.ok("(1 0 0 0 0)" in text and shown_after.get("ttl") == 300, "edit: those that follow keep their TTL, and serial 0 becomes 1", f"{text}{said}")
    for name, more in (("odd texts", ODD), ("generic types", GENERIC)):
        before = HEAD + "@ IN MX 10 mx1\n" + more
        text, said = w.push(before, "add", "20", "mx2.exempel.net")
        lab.equal(text, before.replace(serial, day).replace("@ IN MX 10 mx1\n", "@ IN MX 10 mx1\n@ IN MX 20 mx2.exempel.net.\n"), f"edit: {name} are untouched", said)
    text, said = w.push(PARENTHESES, "remove", "mx2.exempel.net")
    lab.equal(text, PARENTHESES.replace(serial, day).replace("@ IN MX ( 20 mx2.exempel.net. )\n", ""), "edit: only the record's own bytes", said)
    text, said = w.push(HEAD + "www MX 0 .\n", "remove", ".,", "add", "10", "mx1.exempel.com", domain="www.exempel.com")
    lab.equal(text, (HEAD + "www MX 10 mx1.exempel.com.\n").replace(serial, day), "edit: a null MX gives way", said)
    for number in SERIALS:
        text, said = w.push(HEAD.replace("hostmaster 7", "hostmaster " + number) + "@ IN MX 10 mx1\n", "add", "20", "mx2.exempel.net")
        new = int(text.split("hostmaster ")[1].split()[0])
        today = time.strftime("%Y%m%d01", time.gmtime())
        wanted = {int(today), int(time.strftime("%Y%m%d01"))} if number.startswith("2011") else {(int(number) + 1) % 2 ** 32 or 1}
        lab.ok(new in wanted, f"edit: serial {number} becomes {sorted(wanted)[0] if not number.startswith('2011') else 'that of today'}", f"{new}\n{said}")


def too_long(lab, w):
    """More than is read of a file: said, with the limit, by world and account."""
    for path, args in ((lab.path("long.zone"), ("--zone", lab.path("long.zone"))), (w.file, ())):
        with open(path, "w", encoding="ascii") as f:
            f.truncate((1 << 30) + 1)
        seen = lab.run("show", "exempel.com", *args)
        lab.ok(seen.status != 0 and f"{path} is longer than 1073741824 bytes" in seen.err, f"a zone file above 1 GiB: {'a world' if args else 'the account'} says so", seen)
        lab.ok("Ask its name server (--server), or change it by rfc2136." in seen.err, "and the way on", seen)
        os.unlink(path)


def main():
    with Lab() as lab:
        w = World(lab)
        shown(lab, w)
        found(lab, w)
        edited(lab, w)
        too_long(lab, w)


if __name__ == "__main__":
    main()
