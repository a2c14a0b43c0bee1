#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""simulate by its contract, from zone files alone: emptied and unknown sets, --require and --ignore, the table of all senders, memory."""
import os
import re
import resource
import subprocess

from lab import PROGRAM, Lab

HEAD = "$TTL 3600\n@ IN SOA ns1 hostmaster 1 3600 600 86400 300\n@ NS ns1\n@ NS ns2\nns1 A 198.51.100.1\nns2 A 198.51.100.2\n"
TWO = "$ORIGIN two.test.\n" + HEAD + "@ MX 10 a\n@ MX 20 b\na A 192.0.2.1\na AAAA 2001:db8:1::1\nb A 198.51.100.20\nb AAAA 2001:db8:2::1\n"
BARE = "$ORIGIN bare.test.\n" + HEAD + "@ MX 10 mx\nmx A 192.0.2.1\n"
OWN = "$ORIGIN own.test.\n" + HEAD + "@ A 192.0.2.9\n@ MX 10 mx\nmx A 192.0.2.1\n"
AWAY = "$ORIGIN away.test.\n" + HEAD + "@ MX 10 mx.elsewhere.example.\n"


class World:
    def __init__(self, lab):
        self.lab = lab
        self.zones = []
        for name, text in (("two", TWO), ("bare", BARE), ("own", OWN), ("away", AWAY)):
            self.zones += ["--zone", lab.write(f"{name}.zone", text)]

    def run(self, *args):
        return self.lab.run("simulate", *args, *self.zones)

    def json(self, *args):
        result = self.run(*args, "--json")
        return result, result.json() or {}

    def emptied(self, name):
        plan = self.lab.path(f"{name}.json")
        self.lab.run("draft", f"{name}.test", "remove", f"mx.{name}.test", "-o", plan, *self.zones)
        return plan


def ends(value):
    first = value["senders"][0]["first_attempt"]
    return {h["host"]: h["share"] for h in first["hosts"]}, first["deferred"], first["bounced"], first["unknown"]


def emptied(lab, w):
    result, value = w.json(w.emptied("bare"))
    lab.equal(ends(value), ({}, 0.0, 1.0, 0.0), "B7: an emptied set without an address of the domain's own is returned", result)
    lab.equal(w.run(w.emptied("bare"), "--require", "no-bounce").status, 1, "B7: and does not meet no-bounce")
    result, value = w.json(w.emptied("own"))
    lab.equal(ends(value), ({"own.test": 1.0}, 0.0, 0.0, 0.0), "B7: with an address the domain itself takes the mail", result)


def unknown(lab, w):
    for sender in ("rfc5321", "postfix", "exim", "opensmtpd", "dma"):
        result, value = w.json("away.test", "--sender", sender)
        lab.equal(ends(value), ({}, 0.0, 0.0, 1.0), f"unknown addresses are unknown, not delivered to: {sender}", result)
        lab.equal(value["senders"][0]["connections"], {"mean": None, "max": None}, f"nor is it known how often they are tried: {sender}", result)
        lab.equal(value["senders"][0]["trace"][-1]["result"], "unknown", f"the trace ends at what is unknown: {sender}", result)
    lab.equal(w.run("away.test", "--require", "all-delivered").status, 1, "what is unknown does not hold")
    result, value = w.json("away.test", "--down", "mx.elsewhere.example=refused")
    lab.equal(ends(value), ({}, 1.0, 0.0, 0.0), "a mark on the host is known, whatever its address", result)


def required(lab, w):
    def required_by(*args):
        result, value = w.json("two.test", "--matrix", "2", "--require", "all-delivered", *args)
        return result, value["require"], value["matrix"]["senders"][0]["failures"]

    for args, holds in (((), False), (("--ignore", "v4,v6"), False), (("--ignore", "own-zone", "--ignore", "own-servers"), False)):
        result, require, failures = required_by(*args)
        by = [f["required"] for f in failures]
        lab.equal((require["holds"], result.status), (holds, int(not holds)), f"--require {args}: status and JSON agree", result)
        lab.equal((by.count("fails"), by.count("left out"), len(by) + 1),
                  (require["failed"], require["left_out"], require["judged"] + require["left_out"]), f"--require {args}: the rows agree", result)
    result, require, failures = required_by()
    failing = {tuple(f["down"]) for f in failures if f["required"] == "fails"}
    lab.ok({("zone:two.test",), ("ns:ns1.two.test", "ns:ns2.two.test"), ("IPv4", "IPv6")} <= failing,
           "families, the own zone and its servers are judged", sorted(failing))
    lab.equal(require["left_out"], 0, "nothing is left out unasked")
    result, value = w.json("two.test", "--matrix", "1", "--require", "all-delivered", "--ignore", "own-zone")
    lab.equal((value["require"]["holds"], result.status), (True, 0), "without its own zone each single failure is survived", result)
    text = w.run("two.test", "--matrix", "1", "--require", "all-delivered")
    lab.ok(text.status == 1 and re.search(r"zone two\.test .* fails", text.out) and "It does not hold for 1 of them" in text.out,
           "the text says the same", text)
    text = w.run("two.test", "--matrix", "1", "--require", "all-delivered", "--ignore", "own-zone")
    lab.ok(text.status == 0 and re.search(r"zone two\.test .* left out", text.out) and "It holds." in text.out, "and what is left out", text)
    lab.equal(w.run("two.test", "--ignore", "v4").status, 2, "--ignore alone is a mistake")
    lab.equal(w.run("two.test", "--matrix", "1", "--require", "no-bounce", "--ignore", "v5").status, 2, "--ignore of nothing known is a mistake")


def table(lab, w):
    text = w.run("two.test", "--sender", "all", "--down", "a.two.test")
    lines = text.out.rstrip("\n").splitlines()
    rows = lines[lines.index(" Every sender") + 2:]
    result, value = w.json("two.test", "--sender", "all", "--down", "a.two.test")
    lab.equal(len(rows), len(value["senders"]), "--sender all ends with a row for each sender", text)
    lab.ok(all("100 %" in row for row in rows), "and it says what the JSON says", text)


def memory(lab, w):
    """From the least address space in which the program starts, upwards: what does not fit says so, whatever it was doing, and nothing else."""
    zone = lab.write("big.zone", "$ORIGIN big.test.\n" + HEAD + "".join(f"@ MX {i} h{i}\nh{i} A 192.0.2.1\n" for i in range(3000)))
    plan = lab.path("big.json")
    lab.run("draft", "big.test", "ttl", "2h", "--zone", zone, "-o", plan)

    def run(limit, *args):
        return subprocess.run([PROGRAM, *args], env=lab.env, capture_output=True, text=True, timeout=300,
                              preexec_fn=lambda: (resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
                                                  resource.setrlimit(resource.RLIMIT_CORE, (0, 0))))

    low, high = 1 << 20, 1 << 30
    if run(high, "show", "two.test", *w.zones).returncode != 0:
        return      # a sanitizer wants terabytes
    while high - low > 1 << 20:
        middle = (low + high) // 2
        low, high = (low, middle) if run(middle, "show", "two.test", *w.zones).returncode == 0 else (middle, high)
    for args in (("show", "big.test", "--json"), ("check", "big.test"), ("diff", plan, "--json"), ("simulate", "big.test", "--down", "v4")):
        seen = [run(high + (more << 19), *args, "--zone", zone) for more in (0, 2, 5, 9, 14, 20)]
        odd = [s for s in seen if s.returncode not in (0, 1)
               and (s.returncode, s.stdout, s.stderr) != (10, "", "mxladder: there is no memory left, and the program ends\n")]
        lab.ok(not odd and seen[0].returncode == 10, f"{args[0]}: running out of memory is said, and is exit 10", odd or seen)


def bounded(lab, w):
    """What JSON tells of many hosts and failures is printed as it is found: under 64 MB beyond the input, and half of that here."""
    def peak(*args):
        child = subprocess.Popen([PROGRAM, *args], env=lab.env, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_maxrss / 1024 if status == 0 else float("inf")

    if "ASAN_OPTIONS" in lab.env:
        return
    for count, args in ((300, ("--matrix", "2", "--sender", "postfix")), (4000, ("--outage", "36h", "--sender", "courier"))):
        zone = lab.write(f"many{count}.zone", "$ORIGIN many.test.\n" + HEAD
                         + "".join(f"@ MX 10 h{i}\nh{i} A 192.0.{i >> 8}.{i & 255}\nh{i} AAAA 2001:db8::{i + 1:x}\n" for i in range(count)))
        more = peak("simulate", "many.test", *args, "--json", "--zone", zone) - peak("show", "many.test", "--zone", zone)
        lab.ok(more < 32, f"{count} hosts as JSON {args[0]}: memory is bounded", f"{more:.0f} MB beyond the input")


def descriptors(lab, w):
    """No file descriptor left: said as well."""
    for limit in range(3, 12):
        seen = subprocess.run([PROGRAM, "show", "two.test", *w.zones], env=lab.env, capture_output=True, text=True, timeout=60,
                              preexec_fn=lambda n=limit: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n)))
        if seen.returncode == 0:
            break
        lab.ok(seen.returncode in (4, 10, 127) and seen.stderr, f"{limit} file descriptors: said", f"{seen.returncode} {seen.stderr}")


def main():
    with Lab() as lab:
        world = World(lab)
        for test in (emptied, unknown, required, table, memory, bounded, descriptors):
            test(lab, world)


main()
