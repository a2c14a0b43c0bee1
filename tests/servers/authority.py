#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""authority.py --listen ADDR [--port N] --state FILE [--resolver]: an authoritative server whose state file is read again for every
question, so that a test can change it while it runs; prints `port N`.

State: as service.load_zones, and
    "manner": "honest" | "silent" | "servfail" | "refused" | "lame" | "turns"    of every answer; "turns": each second answer about MX
                                                                                  is that of "other"
    "other": [zones]                                                             what "turns" gives in between
With --resolver the answers are a resolver's (RA, no AA).
"""
import argparse
import json
import socket
import struct
import threading

import dnswire
import service
from dnswire import Query

RCODES = {"servfail": 2, "refused": 5}


def records_of(zones):
    records = []
    for zone in zones:
        records.append((zone["name"], "SOA", 3600, zone.get("soa", f"ns1.{zone['name']} postmaster.{zone['name']} {zone.get('serial', 1)} 3600 900 604800 300")))
        for r in zone["records"]:
            records.append((service.absolute(r["name"], zone["name"]), r["type"], r["ttl"],
                            f"{r['priority']} {r['data']}" if r["type"] == "MX" else r["data"]))
    return records


class Authority:
    def __init__(self, args):
        self.args, self.turn, self.flags = args, 0, 0x8080 if args.resolver else 0x8400

    def answer(self, data, room):
        query = Query(data)
        with open(self.args.state, encoding="utf-8") as f:
            state = json.load(f)
        manner, zones = state.get("manner", "honest"), state["zones"]
        if manner == "silent":
            return None
        if manner in RCODES:
            return dnswire.reply(query, RCODES[manner], flags=self.flags)
        if manner == "lame":
            return dnswire.honest(records_of(zones), query, room, 0x8000)
        if manner == "turns" and query.type == dnswire.TYPES["MX"]:
            self.turn += 1
            zones = zones if self.turn % 2 else state["other"]
        return dnswire.honest(records_of(zones), query, room, self.flags)

    def guarded(self, data, room):
        try:
            return self.answer(data, room)
        except (ValueError, IndexError, KeyError, struct.error, OSError):
            return None

    def over_tcp(self, connection):
        with connection:
            try:
                for data in dnswire.tcp_messages(connection):
                    out = self.guarded(data, 65535)
                    if out is None:
                        return
                    connection.sendall(struct.pack("!H", len(out)) + out)
            except OSError:
                pass

    def run(self):
        udp, tcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind((self.args.listen, self.args.port))
        tcp.bind(udp.getsockname())
        tcp.listen(64)
        service.end_with_the_test(self.args.lifetime)

        def accept():
            while True:
                connection, _ = tcp.accept()
                threading.Thread(target=self.over_tcp, args=(connection,), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        service.say("port", udp.getsockname()[1])
        while True:
            data, sender = udp.recvfrom(4096)
            out = self.guarded(data, 1232)
            if out is not None:
                udp.sendto(out, sender)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--listen", default="127.0.0.1")
    p.add_argument("--port", type=int, default=53)
    p.add_argument("--state", required=True)
    p.add_argument("--resolver", action="store_true")
    service.add_lifetime(p)
    Authority(p.parse_args()).run()


if __name__ == "__main__":
    main()
