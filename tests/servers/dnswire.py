# SPDX-License-Identifier: GPL-3.0-or-later
"""dnswire.py: enough of RFC 1035 for the test servers: bytes <-> questions and records, and an honest authoritative answer.

Knows names (as lists of label bytes, so that any octet can be in them), A, AAAA, CNAME, MX, NS, SOA, TXT and OPT.
Knows nothing of zone cuts, wildcards or DNSSEC: where those matter, the tests run a real name server.
Records are tuples (owner text, type text, TTL, value text), values as in a zone file but with absolute names; in a name
\\DDD is an octet and "." the root.
"""
import ipaddress
import socket
import struct
import threading
import time

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "OPT": 41, "DS": 43, "RRSIG": 46, "DNSKEY": 48}
NAMES = {v: k for k, v in TYPES.items()}
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)


def labels(text):
    """Text with \\DDD escapes -> list of label bytes."""
    out, label, i = [], b"", 0
    while i < len(text):
        if text[i] == "\\" and text[i + 1:i + 4].isdigit():
            label, i = label + bytes([int(text[i + 1:i + 4])]), i + 4
        elif text[i] == ".":
            if label:
                out.append(label)
            label, i = b"", i + 1
        else:
            label, i = label + text[i].encode(), i + 1
    return out + [label] if label else out


def pack_name(text):
    return b"".join(bytes([len(x)]) + x for x in labels(text)) + b"\0"


def unpack_name(data, at):
    out, end, hops = [], None, 0
    while True:
        n = data[at]
        if n >= 0xC0:
            end, at, hops = end or at + 2, (n & 0x3F) << 8 | data[at + 1], hops + 1
            if hops > 32:
                raise ValueError("loop")
        elif n == 0:
            return out, end or at + 1
        else:
            out.append(data[at + 1:at + 1 + n].lower())
            at += n + 1


class Query:
    def __init__(self, data):
        self.id, self.flags, count = struct.unpack("!HHH", data[:6])
        if count != 1:
            raise ValueError("one question")
        self.name, at = unpack_name(data, 12)
        self.type, self.cls = struct.unpack("!HH", data[at:at + 4])
        self.question = data[12:at + 4]
        self.size, self.do, self.edns = 512, False, False
        if data[at + 4:at + 7] == b"\0\0\x29":
            self.edns, self.size = True, max(512, struct.unpack("!H", data[at + 7:at + 9])[0])
            self.do = bool(data[at + 11] & 0x80)

    def text(self):
        return b".".join(self.name).decode("latin-1")


def pack_value(rtype, value):
    if rtype == "A":
        return ipaddress.IPv4Address(value).packed
    if rtype == "AAAA":
        return ipaddress.IPv6Address(value).packed
    if rtype == "MX":
        preference, host = value.split(" ", 1)
        return struct.pack("!H", int(preference)) + pack_name(host)
    if rtype == "SOA":
        mname, rname, *numbers = value.split()
        return pack_name(mname) + pack_name(rname) + struct.pack("!5I", *map(int, numbers))
    if rtype == "TXT":
        raw = value.strip('"').encode()
        return b"".join(bytes([len(raw[i:i + 255])]) + raw[i:i + 255] for i in range(0, len(raw), 255)) or b"\0"
    return pack_name(value)


def pack_record(record, owner=None):
    name, rtype, ttl, value = record
    data = pack_value(rtype, value)
    return (pack_name(name) if owner is None else owner) + struct.pack("!HHIH", TYPES[rtype], 1, ttl, len(data)) + data


def reply(query, rcode, answers=(), authority=(), flags=0x8400, question=None):
    """flags: QR and AA by default; RD is copied from the query."""
    opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000 if query.do else 0, 0) if query.edns else b""
    return (struct.pack("!6H", query.id, flags | (query.flags & 0x0100) | rcode, 1, len(answers), len(authority), 1 if opt else 0)
            + (query.question if question is None else question)
            + b"".join(r if isinstance(r, bytes) else pack_record(r) for r in (*answers, *authority)) + opt)


def truncated(query, flags=0x8400):
    return reply(query, NOERROR, flags=flags | 0x0200)


def look_up(records, query):
    """(rcode, answers, authority) as an authoritative server gives them, aliases followed inside the same records."""
    records = list(records)
    wanted, answers = query.name, []
    for _ in range(16):
        here = [r for r in records if [x.lower() for x in labels(r[0])] == wanted]
        found = [r for r in here if TYPES[r[1]] == query.type]
        alias = [r for r in here if r[1] == "CNAME" and query.type != TYPES["CNAME"]]
        if found or not alias:
            break
        answers.append(alias[0])
        wanted = [x.lower() for x in labels(alias[0][3])]
    if found:
        return NOERROR, answers + found, []
    soa = [r for r in records if r[1] == "SOA" and wanted[len(wanted) - len(labels(r[0])):] == [x.lower() for x in labels(r[0])]]
    soa.sort(key=lambda r: -len(labels(r[0])))
    if not soa:
        return (NOERROR if answers else REFUSED), answers, []
    under = any([x.lower() for x in labels(r[0])][-len(wanted):] == wanted for r in records) if wanted else True
    return (NOERROR if here or under else NXDOMAIN), answers, soa[:1]


def honest(records, query, room, flags=0x8400):
    rcode, answers, authority = look_up(records, query)
    out = reply(query, rcode, answers, authority, flags)
    return out if len(out) <= room else truncated(query, flags)


def tcp_messages(connection):
    """The queries of one TCP connection, one after the other; at most 64 of them."""
    connection.settimeout(10)
    stream = connection.makefile("rb")
    for _ in range(64):
        head = stream.read(2)
        if len(head) < 2:
            return
        yield stream.read(struct.unpack("!H", head)[0])


def listen():
    """A UDP and a TCP socket on one free port of 127.0.0.1."""
    for _ in range(50):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
            continue
        tcp.listen(64)
        return udp, tcp
    raise OSError("no free port for both UDP and TCP")


def wait_for(port, name, address="127.0.0.1"):
    """Until the server there answers the SOA of name with NOERROR; an error after ten seconds."""
    question = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + pack_name(name) + struct.pack("!HH", 6, 1)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.3)
            try:
                s.sendto(question, (address, port))
                if s.recv(4096)[3] & 15 == NOERROR:
                    return
            except OSError:
                pass
        time.sleep(0.05)
    raise RuntimeError(f"no answer for {name} from {address} port {port}")


def serve_in_background(records):
    """Answers honestly from records() (called for every question); returns the port."""
    udp, tcp = listen()

    def on_udp():
        while True:
            data, sender = udp.recvfrom(4096)
            try:
                query = Query(data)
                udp.sendto(honest(records(), query, query.size), sender)
            except (ValueError, IndexError, struct.error):
                continue

    def on_connection(connection):
        with connection:
            try:
                for data in tcp_messages(connection):
                    out = honest(records(), Query(data), 65535)
                    connection.sendall(struct.pack("!H", len(out)) + out)
            except (OSError, ValueError, IndexError, struct.error):
                pass

    def on_tcp():
        while True:
            connection, _ = tcp.accept()
            threading.Thread(target=on_connection, args=(connection,), daemon=True).start()

    for job in (on_udp, on_tcp):
        threading.Thread(target=job, daemon=True).start()
    return udp.getsockname()[1]
