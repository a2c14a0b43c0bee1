#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""liar.py --state FILE [--log FILE] [--lie NAME]: a DNS server (UDP and TCP, one port, prints `port N`) that misbehaves.

Answers the zones of the state file honestly (as a resolver would: RA set, AA not).  A question for a name under
`LIE.lie.exempel.com`, LIE from the list below, gets that lie; --lie applies one to every question.  Where the lie is a
forgery, the honest answer follows 50 ms later, and what must be shown is the honest one: `10 mx.lie.exempel.com`.
No DNSSEC record is ever given, whatever DO says: to a validator this is a resolver that strips.

    wrong-id wrong-question wrong-port not-a-response wrong-class   a forgery (0 forged.exempel.com) first, then the truth
    silent             no answer at all                   drop2      the first two packets of each name and type are lost
    late1500           1500 ms late                       tc         truncated over UDP, whole over TCP
    tc-no-tcp          truncated, and TCP just closes     tcp-cut    the same, closing in the middle of the answer
    tcp-late3500       truncated, whole over TCP 3500 ms later
    garbage            random-looking bytes               short      five bytes      header    a header with counts, nothing more
    loop               compression loop in the answer     self-loop  a pointer to itself as owner
    overlong           counts 65535 answers, holds one    bad-rdata  an MX whose rdata is one byte
    rdata-name         an MX whose name runs out of its rdata
    servfail refused nxdomain notimp formerr nodata       that, properly
    elsewhere          only records of another owner      cname-loop a CNAME to itself
    two-hundred        200 MX records                     control    targets with ESC, CSI, OSC, BEL, NUL, DEL, C1 and LF bytes
    label63            a target with 63-byte labels       name255    a target of 255 bytes
    ttl-top            TTL 4294967295                     dots       a target whose label holds dots and backslashes
    high               a target with 8-bit labels (UTF-8 right-to-left override, broken UTF-8)
"""
import argparse
import socket
import struct
import threading
import time

import dnswire
import service
from dnswire import Query, honest, reply, truncated

AREA = [b"lie", b"exempel", b"com"]
RESOLVER = 0x8080               # QR, RA
FORGED = "0 forged.exempel.com"
TRUTH = "10 mx.lie.exempel.com"
RCODES = {"servfail": 2, "refused": 5, "nxdomain": 3, "notimp": 4, "formerr": 1, "nodata": 0}


def escaped(raw):
    return "".join(f"\\{b:03d}" for b in raw)


CONTROL = [b"\x1b[31mred", b"\x1b]0;title\x07", b"\x9b2J", b"a\x00b", b"line\nfeed\r", b"\x7f\x08\x08\x08", b"tab\there"]
NAME_255 = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])


def targets(lie):
    """The MX values of the lies that are well-formed messages."""
    if lie == "two-hundred":
        return [f"{10 * i} mx{i:03d}.lie.exempel.com" for i in range(1, 201)]
    if lie == "control":
        return [f"{i} {escaped(raw)}.lie.exempel.com" for i, raw in enumerate(CONTROL)]
    if lie == "label63":
        return [f"10 {'x' * 63}.{'y' * 63}.lie.exempel.com"]
    if lie == "name255":
        return [f"10 {NAME_255}"]
    if lie == "dots":
        return [f"10 {escaped(b'a.b')}.lie.exempel.com", f"20 {escaped(bytes([92]) + b'000')}.lie.exempel.com"]
    if lie == "high":
        return [f"10 {escaped(chr(0x202e).encode() + b'moc')}.lie.exempel.com", f"20 {escaped(bytes([0xc3, 0x28, 0xff]))}.lie.exempel.com"]
    return [TRUTH]


class Liar:
    def __init__(self, args):
        self.args, self.log, self.seen, self.lock = args, service.Log(args.log), {}, threading.Lock()
        self.records = []
        for zone in (z for path in args.state for z in service.load_zones(path)):
            self.records.append((zone["name"], "SOA", 3600, f"ns1.{zone['name']} postmaster.{zone['name']} 1 3600 900 604800 300"))
            for r in zone["records"]:
                self.records.append((service.absolute(r["name"], zone["name"]), r["type"], r["ttl"],
                                     f"{r['priority']} {r['data']}" if r["type"] == "MX" else r["data"]))

    def lie_for(self, query):
        if self.args.lie:
            return self.args.lie
        if len(query.name) == 4 and query.name[-3:] == AREA:
            return query.name[0].decode("latin-1")
        return None

    def truth(self, query, lie, room):
        """The honest answer: the table's, or, for a name that is itself a lie's, an MX set and one address."""
        if query.name[-3:] != AREA:
            return honest(self.records, query, room, RESOLVER)
        owner = b"\xc0\x0c"         # the question's name
        if query.type == 15 and len(query.name) == 4:
            ttl = 0xFFFFFFFF if lie == "ttl-top" else 300
            answers = [dnswire.pack_record(("", "MX", ttl, v), owner) for v in targets(lie)]
        elif query.type == 1:
            answers = [dnswire.pack_record(("", "A", 300, "192.0.2.77"), owner)]
        else:
            soa = ("lie.exempel.com", "SOA", 300, "ns1.exempel.com postmaster.exempel.com 1 3600 900 604800 300")
            return reply(query, 0, (), [soa], RESOLVER)
        out = reply(query, 0, answers, flags=RESOLVER)
        return out if len(out) <= room else truncated(query, RESOLVER)

    # -- what is not a well-formed, honest answer ---------------------------------------------------------------------

    @staticmethod
    def forgery(query, lie):
        forged = [dnswire.pack_record(("", "MX", 300, FORGED), b"\xc0\x0c")]
        out = reply(query, 0, forged, flags=RESOLVER)
        if lie == "wrong-id":
            return struct.pack("!H", query.id ^ 0x5555) + out[2:]
        if lie == "wrong-question":
            return reply(query, 0, forged, flags=RESOLVER, question=dnswire.pack_name("other.exempel.com") + struct.pack("!HH", query.type, 1))
        if lie == "wrong-class":
            return reply(query, 0, forged, flags=RESOLVER, question=query.question[:-2] + b"\0\3")
        if lie == "not-a-response":
            return out[:2] + bytes([out[2] & 0x7F]) + out[3:]
        return out                  # wrong-port: the same bytes from somewhere else

    @staticmethod
    def malformed(query, lie):
        head = struct.pack("!6H", query.id, RESOLVER, 1, 1, 0, 0) + query.question
        mx = struct.pack("!HHIH", 15, 1, 300, 4) + struct.pack("!H", 10)
        at = struct.pack("!H", 0xC000 | len(head) + 14)
        return {
            "garbage": bytes((i * 167 + 13) & 255 for i in range(300)),
            "short": head[:5],
            "header": struct.pack("!6H", query.id, RESOLVER, 1, 4, 3, 2),
            "loop": head + b"\xc0\x0c" + mx + at,
            "self-loop": head + struct.pack("!H", 0xC000 | len(head)) + mx + b"\xc0\x0c",
            "overlong": struct.pack("!6H", query.id, RESOLVER, 1, 65535, 0, 0) + query.question + b"\xc0\x0c" + mx + b"\xc0\x0c",
            "bad-rdata": head + b"\xc0\x0c" + struct.pack("!HHIH", 15, 1, 300, 1) + b"\x0a",
            "rdata-name": head + b"\xc0\x0c" + struct.pack("!HHIH", 15, 1, 300, 6) + b"\0\x0a\x3fabc",
        }.get(lie)

    def answer(self, query, lie, room):
        """The bytes of one answer; None for nothing."""
        if lie in RCODES:
            return reply(query, RCODES[lie], flags=RESOLVER)
        if lie == "elsewhere":
            return reply(query, 0, [("other.exempel.com", "MX", 300, FORGED)], flags=RESOLVER)
        if lie == "cname-loop":
            return reply(query, 0, [dnswire.pack_record(("", "CNAME", 300, query.text()), b"\xc0\x0c")], flags=RESOLVER)
        if lie in ("tc", "tc-no-tcp", "tcp-cut", "tcp-late3500") and room < 65535:
            return truncated(query, RESOLVER)
        return self.malformed(query, lie) or self.truth(query, lie, room)

    # -- the two ways in ----------------------------------------------------------------------------------------------

    def note(self, query, lie, proto):
        self.log.add(name=query.text(), type=dnswire.NAMES.get(query.type, query.type), do=query.do, proto=proto, lie=lie)

    def over_udp(self, udp, data, sender):
        query = Query(data)
        lie = self.lie_for(query)
        self.note(query, lie, "udp")
        if lie == "silent":
            return
        if lie == "drop2":
            with self.lock:
                key = (query.text(), query.type)
                self.seen[key] = self.seen.get(key, 0) + 1
                if self.seen[key] <= 2:
                    return
        if lie and lie.startswith("late"):
            time.sleep(int(lie[4:]) / 1000)
        if lie in ("wrong-id", "wrong-question", "wrong-port", "not-a-response", "wrong-class"):
            if lie == "wrong-port":
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                    other.bind(("127.0.0.1", 0))
                    other.sendto(self.forgery(query, lie), sender)
            else:
                udp.sendto(self.forgery(query, lie), sender)
            time.sleep(0.05)
        udp.sendto(self.answer(query, lie, query.size), sender)

    def over_tcp(self, connection):
        with connection:
            for data in dnswire.tcp_messages(connection):
                query = Query(data)
                lie = self.lie_for(query)
                self.note(query, lie, "tcp")
                if lie in ("tc-no-tcp", "silent"):
                    return
                if lie == "tcp-late3500":
                    time.sleep(3.5)
                out = self.answer(query, lie, 65535)
                if lie == "tcp-cut":
                    connection.sendall(struct.pack("!H", len(out)) + out[:len(out) // 2])
                    return
                connection.sendall(struct.pack("!H", len(out)) + out)

    def guarded(self, job, *given):
        try:
            job(*given)
        except (OSError, ValueError, IndexError, struct.error):
            pass                    # a malformed question gets no answer

    def run(self):
        udp, tcp = dnswire.listen()
        service.end_with_the_test(self.args.lifetime)

        def accept():
            while True:
                connection, _ = tcp.accept()
                threading.Thread(target=self.guarded, args=(self.over_tcp, connection), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        service.say("port", udp.getsockname()[1])
        while True:
            data, sender = udp.recvfrom(4096)
            threading.Thread(target=self.guarded, args=(self.over_udp, udp, data, sender), daemon=True).start()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--state", action="append", required=True)
    p.add_argument("--log")
    p.add_argument("--lie")
    service.add_lifetime(p)
    Liar(p.parse_args()).run()


if __name__ == "__main__":
    main()
