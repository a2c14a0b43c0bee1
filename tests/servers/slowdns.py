#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""slowdns.py --delay MS --log FILE [--state FILE] LISTEN:PORT=WHAT...: stands before DNS servers, counts what they are asked, and makes
each trip last.

WHAT is the ADDRESS:PORT of a server that gets the packets and whose answers go back MS milliseconds after the question
came, or `serve` (the state file's records, with authority), `resolve` (the same as a resolver gives them), `old` (with
authority, each MX preference raised by 1), `silent` (no answer, ever), `refuse` (REFUSED), `fail` (SERVFAIL), `lame` (an
empty answer without authority) or `empty` (one with).  UDP; a TCP connection to a server is passed on as it is, after the same delay.  Each question is a line of the log:
    {"at": seconds, "server": "LISTEN", "name": "exempel.com", "type": 15, "cd": false, "tcp": false}
Prints `port 0` when it listens.
"""
import argparse
import functools
import heapq
import json
import selectors
import socket
import struct
import threading
import time

import dnswire
import service

RCODES = {"refuse": 5, "fail": 2, "lame": 0}
FLAGS = {"serve": 0x8400, "old": 0x8400, "resolve": 0x8080}


class Front:
    """One address that is listened on."""

    def __init__(self, desk, text):
        where, self.what = text.split("=")
        address, port = where.rsplit(":", 1)
        self.desk, self.name, self.at = desk, address, (address, int(port))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(self.at)
        self.udp.setblocking(False)
        desk.selector.register(self.udp, selectors.EVENT_READ, self.question)
        if self.relays():
            address, port = self.what.rsplit(":", 1)
            self.upstream = (address, int(port))
            tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.bind(self.at)
            tcp.listen(16)
            threading.Thread(target=self.accept, args=(tcp,), daemon=True).start()

    def relays(self):
        return ":" in self.what

    def made(self, query):
        if self.what == "empty":
            return dnswire.reply(query, 0)
        if self.what in RCODES:
            return dnswire.reply(query, RCODES[self.what], flags=0x8000)
        records = self.desk.records
        if self.what == "old":
            records = [(n, t, ttl, f"{int(v.split()[0]) + 1} {v.split()[1]}" if t == "MX" else v) for n, t, ttl, v in records]
        return dnswire.honest(records, query, 65535, FLAGS[self.what])

    def question(self):
        while True:
            try:
                data, sender = self.udp.recvfrom(4096)
            except BlockingIOError:
                return
            due = time.monotonic() + self.desk.delay
            query = self.desk.note(self.name, data, False)
            if self.relays():
                up = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                up.connect(self.upstream)
                up.send(data)
                self.desk.selector.register(up, selectors.EVENT_READ, functools.partial(self.answer, up, sender, due))
            elif self.what != "silent":
                self.desk.later(due, self.udp, self.made(query), sender)

    def answer(self, up, sender, due):
        self.desk.selector.unregister(up)
        try:
            self.desk.later(due, self.udp, up.recv(65535), sender)
        except OSError:
            pass
        up.close()

    def accept(self, tcp):
        while True:
            connection, _ = tcp.accept()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with connection, socket.create_connection(self.upstream) as up:
            for data in dnswire.tcp_messages(connection):
                self.desk.note(self.name, data, True)
                up.sendall(struct.pack("!H", len(data)) + data)
                reply = next(dnswire.tcp_messages(up))
                time.sleep(self.desk.delay)
                connection.sendall(struct.pack("!H", len(reply)) + reply)


class Desk:
    def __init__(self, args):
        self.selector, self.delay, self.due, self.count = selectors.DefaultSelector(), args.delay / 1000, [], 0
        self.log, self.lock = open(args.log, "a", encoding="utf-8"), threading.Lock()
        self.records = []
        for zone in service.load_zones(args.state) if args.state else []:
            self.records += [(service.absolute(r["name"], zone["name"]), r["type"], r["ttl"], r["data"]) for r in zone["records"]]
        self.fronts = [Front(self, text) for text in args.front]

    def note(self, server, data, tcp):
        query = dnswire.Query(data)
        line = {"at": round(time.monotonic(), 4), "server": server, "name": query.text(), "type": query.type,
                "cd": bool(query.flags & 0x10), "tcp": tcp}
        with self.lock:
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()
        return query

    def later(self, due, sock, data, sender):
        self.count += 1
        heapq.heappush(self.due, (due, self.count, sock, data, sender))

    def run(self):
        while True:
            wait = max(0, self.due[0][0] - time.monotonic()) if self.due else None
            for key, _ in self.selector.select(wait):
                key.data()
            while self.due and self.due[0][0] <= time.monotonic():
                _, _, sock, data, sender = heapq.heappop(self.due)
                sock.sendto(data, sender)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--delay", type=float, default=20)
    p.add_argument("--log", required=True)
    p.add_argument("--state")
    p.add_argument("front", nargs="+")
    service.add_lifetime(p)
    args = p.parse_args()
    service.end_with_the_test(args.lifetime)
    desk = Desk(args)
    service.say("port", 0)
    desk.run()


if __name__ == "__main__":
    main()
