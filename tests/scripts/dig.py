# SPDX-License-Identifier: GPL-3.0-or-later
"""dig.py: asks a DNS server on loopback itself, so that the tests do not take the program's word for it."""
import os
import socket
import struct
import sys

from lab import SERVERS

sys.path.insert(0, SERVERS)
import dnswire  # noqa: E402  (its folder has just been named)


def text_of(labels):
    return b".".join(labels).decode("latin-1") if labels else "."


def mx(port, domain, address="127.0.0.1"):
    """(ttl, {(preference, host)}) that the server answers for the domain; (None, set()) for an empty answer."""
    question = struct.pack("!6H", os.getpid() & 0xFFFF, 0x0100, 1, 0, 0, 0) + dnswire.pack_name(domain) + struct.pack("!HH", 15, 1)
    with socket.create_connection((address, port), 5) as s:
        s.sendall(struct.pack("!H", len(question)) + question)
        stream = s.makefile("rb")
        data = stream.read(struct.unpack("!H", stream.read(2))[0])
    at, ttl, found = len(question), None, set()
    for _ in range(struct.unpack("!H", data[6:8])[0]):
        _, at = dnswire.unpack_name(data, at)
        kind, _, ttl_s, length = struct.unpack("!HHIH", data[at:at + 10])
        at += 10
        if kind == 15:
            host, _ = dnswire.unpack_name(data, at + 2)
            ttl = ttl_s
            found.add((struct.unpack("!H", data[at:at + 2])[0], text_of(host)))
        at += length
    return ttl, found
