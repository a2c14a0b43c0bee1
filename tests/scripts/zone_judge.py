#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""BIND is the judge of zone files: what named-checkzone loads, a world shows and an edit keeps; what it refuses is refused with its
line. Random files in every layout, and the same with one place spoiled. ZONE_JUDGE=FILES ZONE_SEED=N for more and others."""
import json
import os
import random
import re
import shutil
import subprocess

from lab import UNTOLD, Lab, mx_of, past

FILES, SEED = int(os.environ.get("ZONE_JUDGE", "20")), int(os.environ.get("ZONE_SEED", "7"))
CHECK = shutil.which("named-checkzone") or "/usr/sbin/named-checkzone"
ZONE = "exempel.com"
OWNERS = ("@", "a", "b.c", "123", "mx", "in", "1d", "x\\046y", "Upper")
HOSTS = ("mx1", "MX2.exempel.com.", "h.other.net.", ".", "@", "b\\.c", "10")
OTHERS = ('A 192.0.2.{n}', 'AAAA 2001:db8::{n}', 'TXT "a ; ({n}" b', 'TXT a\\;b', 'SRV 1 2 {n} mx1', 'CAA 0 issue "x"', 'NAPTR 1 2 "s" "" "" .',
          'TYPE{n}65 \\# 2 AB CD', 'DSYNC CDS NOTIFY {n} n.other.net.', 'WALLET "BTC" "x{n}"', 'LOC 51 30 12.748 N 0 7 39.612 W 0.00m', 'HINFO x "y z"',
          'SSHFP 1 1 0123456789abcdef0123456789abcdef01234567', 'TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
          'SVCB 1 . alpn=h2', 'HTTPS 0 www', 'RP a b', 'AVC "x"', 'NINFO "y"', 'URI 1 2 "http://x"', 'OPENPGPKEY AQID', 'EUI48 00-00-5e-00-53-2a',
          'DS 1 8 2 ' + 'ab' * 32, 'DS 1 8 1 ' + 'ab ' * 20, 'DS 1 8 3 ab', 'CDS 0 0 0 00', 'SSHFP 4 2 ' + 'ab' * 32, 'SSHFP 4 9 ab', 'CAA 0 issue x', 'SVCB 1 . alpn="h2,h3"',
          'TXT "a\\\nb"', 'TXT a\fb', 'HTTPS 1 . port="5{n}"', 'TYPE16 \\# 2 0161', 'NXT a A', 'LOC 1 N 2 W 3')
SPOILED = (("10", "70000"), ("10", "-1"), ("10", "65536"), ("10", "0x10"), ("10", "10.0"), ("10", '"10"'), ("MX", "MX10"), ("IN", "CH"), ("IN", "IN IN"), ("mx1", "mx..1"),
           ("mx1", "m" * 64), ("mx1", "\\256x"), ("mx1", "mx1 extra"), ("192.0.2", "192.0.2.256"), ("192.0", "192"), ("2001:db8", "2001::db8:"), ("(", "(("), (")", ""),
           ('"', ""), ("\n", " )\n"), ("SRV 1", "SRV 65536"), ("CAA 0", "CAA 256"), ("TLSA 3", "TLSA 300"), ("$TTL", "$TLT"), ("$ORIGIN", "$ORIGINS"), ("SOA", "SOAP"),
           ("3600", "4294967296"), ("3600", "3000000000"), ("1h", "1x"), ("1h", "1h30"), ("900", "-900"), ("mx1", '"mx1"'), ("\n", "\n@ SOA ns1 root 9 1 1 1 1\n"),
           ("\n", "\nlone\n"), ("\n", "\nout.other.net. 60 MX 10 a\n"), ("\n", "\na CNAME b\na CNAME c\n"), ("\\# 2", "\\# 3"), ("\n", "\n$TTL\n"),
           ("DS 1 8 2 ab", "DS 1 8 2 "), ("DS 1 8 1 ab", "DS 1 8 1 abab"), ("DS 1 8 2", "DS 1 8 4"), ("SSHFP 4 2", "SSHFP 4 1"), ("SSHFP 1 1 01", "SSHFP 1 1 "), ("IN", "CLASS01"), ("IN", "CLASS3"),
           ("IN", "CLASS1x"), ("IN", "CLASS"), ("MX ", "TYPE00015 "), ("MX ", "TYPE000015 "), ("\n", "\r"), ("\n", "\f\n"), (" ", "\v"), ("\n", "\na MD b\n"), ("\n", "\n@ MX \\# 2 000a\n"),
           ("\n", "\n$DATE 20260101000000\n"), ("\n", "\n$DATE 1\n"), ("\n", "\n@ DS 1 8 3 ab\n"), ("b.c", "\\[x1/1]"), ("MX", '"MX"'))


def word_break(rng):
    return rng.choice((" ", "\t", "  ", " \t "))


def record(rng, owner, rest, inside):
    """One record: TTL and class in any order or missing, parentheses, comments, a blank owner where it is the same as before."""
    head = rng.choice(([], ["IN"], ["1h"], ["1h", "IN"], ["IN", "1800"], ["in", "2H5m"], ["CLASS1"], ["class01", "60"], ["1", "CLASS00001"]))
    words = [owner] + head + rest.split(" ", 1)[:1]
    text = word_break(rng).join(words)
    data = rest.split(" ", 1)[1]
    if inside and rng.random() < 0.3:
        first, _, last = data.partition(" ")
        data = rng.choice(("( {} {} )", "( {} ; pref )\n\t{} )", "({}\n  {} ) ; host", "{} ( {} )")).format(first, last)
    return text + word_break(rng) + data + rng.choice(("", " ; comment ( \"", " ", "\t;")) + "\n"


def zone_file(rng):
    lines = ["; a zone\n", rng.choice(("", f"$ORIGIN {ZONE}.\n")), rng.choice(("$TTL 3600\n", "$TTL 1h ; default\n", "")),
             rng.choice(("@ 1h IN SOA ns1 root 2026010101 3600 900 604800 300\n", "@ 3600 SOA ns1 root (\n 7 ; serial\n 1h 900\n 2w 300 )\n")), "@ IN NS ns1.other.net.\n"]
    origin = ZONE
    for _ in range(rng.randrange(4, 14)):
        owner, n = rng.choice(OWNERS), rng.randrange(1, 200)
        kind = rng.random()
        if kind < 0.45:
            lines.append(record(rng, owner, f"{rng.choice(('MX', 'mx', 'TYPE15'))} {rng.choice((10, 20, 0, 65535, '007'))} {rng.choice(HOSTS)}", True))
            if rng.random() < 0.4:
                lines.append(record(rng, "", f"MX {n} {rng.choice(HOSTS)}", True))
        elif kind < 0.85:
            lines.append(record(rng, owner, rng.choice(OTHERS).format(n=n % 9 + 1), False))
        elif kind < 0.90:
            origin = rng.choice((ZONE, "sub." + ZONE))
            lines.append(f"$ORIGIN {origin}.\n")
        elif kind < 0.94:
            lines.append(f"$TTL {rng.choice(('60', '2d', '1w1s'))}\n")
        elif kind < 0.97:
            lines.append(rng.choice((f"$GENERATE 1-3 g{n}-$ A 192.0.2.$\n", f"$GENERATE 1-3/2 g{n}-${{1,2}} MX \"10 m$\"\n", f"$GENERATE 8-9 ${{0,3,x}}.g{n} CNAME m$\n")))
        else:
            lines.append(rng.choice(("\n", "  \t\n", ";;;\n", "out.other.net. A 192.0.2.1\n")))
    text = "".join(lines)
    if rng.random() < 0.2:
        text = text.replace("\n", rng.choice(("\r\n", "\r\n", "\r", "\r\r\n", "\n\r")))
    return text[:-1] if rng.random() < 0.1 else text


def spoil(rng, text):
    """One place changed; None where the chosen word does not occur."""
    old, new = rng.choice(SPOILED)
    places = [m.start() for m in re.finditer(re.escape(old), text)]
    if not places:
        return None
    at = rng.choice(places)
    return text[:at] + new + text[at + len(old):]


def judge(path):
    """(None, what BIND says) or ({owner: {(preference, host)}}, {owner: {TTL}}); names in lower case, without a final dot."""
    done = subprocess.run([CHECK, "-i", "none", "-k", "ignore", "-s", "full", "-o", "-", ZONE, path], capture_output=True, text=True, errors="replace", check=False)
    if "\nOK" not in "\n" + done.stderr + done.stdout or "not loaded due to errors" in done.stderr:
        return None, done.stderr
    sets, ttls = {}, {}
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) == 6 and words[2:4] == ["IN", "MX"]:
            owner = words[0].rstrip(".").lower()
            sets.setdefault(owner, set()).add((int(words[4]), words[5].rstrip(".").lower() or "."))
            ttls.setdefault(owner, set()).add(int(words[1]))
    if "TTL set to prior TTL" in done.stderr:   # the records of a set differ: BIND takes the first TTL, a world the lowest (RFC 2181)
        ttls = {owner: set() for owner in ttls}
    return sets, ttls


def refused_elsewhere(said):
    """What BIND refuses of the zone as a whole, or because it does not know a type yet: no line of ours."""
    return "unknown RR type" in said or "has no NS records" in said or "has 0 SOA" in said or "not at top of zone" in said


def shown(lab, name, path):
    seen = lab.run("show", name, "--zone", path, "--json")
    return seen, {(p, h.lower()) for p, h in mx_of(seen.json() or {"records": []})} if seen.status == 0 else None


def mixed(lab, name, path):
    """Do the records of the set have several TTLs? Then BIND takes one of them, and a world the lowest."""
    seen = lab.run("check", name, "--zone", path, "--json").json() or {}
    return "ttl-mixed" in [finding["id"] for finding in seen.get("findings", [])]


def compare(lab, path, text):
    """"" or what differs between the judge and the world."""
    sets, more = judge(path)
    if sets is None:
        seen = lab.run("show", ZONE, "--zone", path)
        if refused_elsewhere(more):
            return "" if "is not known here" in seen.err or seen.status != 0 or "unknown" not in more else f"{more}{seen}"
        return "" if seen.status == 2 and re.search(r"line \d+", seen.err) else f"BIND refuses:\n{more}\nworld:\n{seen}\n{text}"
    for name, records in sets.items():
        seen, ours = shown(lab, name, path)
        if ours != records:
            return f"{name}: BIND {sorted(records)}, world {ours}\n{seen}\n{text}"
        if len(more[name]) == 1 and seen.json()["ttl"] not in more[name] and not mixed(lab, name, path):
            return f"{name}: BIND's TTL {more[name]}, world {seen.json()['ttl']}\n{text}"
    return ""


def edited(lab, path, text, name, rng):
    """"" or what an edit did that it should not: other sets changed, BIND no longer loads it, other lines are not as they were."""
    before, _ = judge(path)
    lab.configure(f"[account f]\nprovider = zonefile\nfile = {path}\n\n[dns]\nresolver = 127.0.0.1:1\n")
    plan = lab.path("judge.json")
    host = f"new{rng.randrange(99)}.other.net"
    drafted = lab.run("draft", name, "null-mx," if rng.random() < 0.1 else "ttl 1234,", "add", "33", host, "-o", plan)
    if drafted.status != 0:
        return f"draft of {name}:\n{drafted}\n{text}"
    want = json.loads(lab.read("judge.json"))["want"]
    lab.run("approve", plan)
    names = [f["id"] for f in (lab.run("check", plan, "--json").json() or {}).get("findings", [])]
    seen = lab.run("push", plan, "--no-watch", *past(*sorted({*names, *UNTOLD})))
    after, more = judge(path)
    now = lab.read(os.path.relpath(path, lab.dir))
    if "$GENERATE makes MX" in seen.err or ("changed safely" in seen.err and "$GENERATE" in text):
        return ""   # its records would inherit another TTL
    if seen.status != 0 or after is None:
        return f"push of {name}: {seen}\n{more}\n{text}\n->\n{now}"
    wanted = dict(before, **{name: {(r["preference"], r["host"]) for r in want["records"]}})
    if after != wanted or more[name] not in ({want["ttl"]}, set()):
        return f"edit of {name}: {after}, not {wanted}\n{text}\n->\n{now}"
    mx_line = re.compile(r"MX|TYPE15|SOA|^\s|serial|^[\w.]+$", re.I)
    gone = [line for line in text.splitlines() if line.strip() and not mx_line.search(line) and line not in now.splitlines()]
    return f"lines that are gone: {gone}\n{text}\n->\n{now}" if gone and "$TTL" in text[:60] else ""


def main():
    Lab.need("named-checkzone")
    rng = random.Random(SEED)
    counts = {"loaded": 0, "refused": 0, "edited": 0}
    with Lab() as lab:
        bad = []
        for _ in range(FILES):
            text = zone_file(rng)
            broken = [s for s in (spoil(rng, text) for _ in range(3)) if s]
            for candidate in [text] + broken:
                path = lab.path("judge.zone")
                with open(path, "w", encoding="utf-8", newline="") as f:
                    f.write(candidate if re.search(r"^\$ORIGIN exempel\.com\.$", candidate[:60], re.M) else f"$ORIGIN {ZONE}.\n" + candidate)
                sets, _ = judge(path)
                counts["refused" if sets is None else "loaded"] += 1
                said = compare(lab, path, lab.read("judge.zone"))
                if said:
                    bad.append(said)
                elif sets and candidate is text:
                    counts["edited"] += 1
                    said = edited(lab, path, lab.read("judge.zone"), rng.choice(sorted(sets)), rng)
                    if said:
                        bad.append(said)
        print(f"# {counts}, {len(bad)} differ", flush=True)
        for said in bad[:int(os.environ.get("ZONE_SHOW", "3"))]:
            print("# " + said.replace("\n", "\n# "), flush=True)
        lab.equal(len(bad), 0, f"BIND and the program agree on {FILES} random files and their spoiled copies")
        lab.ok(counts["loaded"] >= FILES and counts["refused"] >= FILES / 3 and counts["edited"] >= FILES / 2, "enough of each kind", counts)


if __name__ == "__main__":
    main()
