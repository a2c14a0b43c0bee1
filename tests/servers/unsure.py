#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""unsure.py --shape digitalocean|cloudflare --state FILE [...]: a vendor that keeps its rules, but not always its word.

The rules are those of digitalocean.py or cloudflare.py.  PUT /__unsure {...} says what is wrong from then on ({} nothing):
    lag S        a list of records shows what was there S seconds ago
    replica N    the Nth list of records, and each second one behind it, is of a server that has seen no write since the reset
    lie KIND     a write is answered, and not done: html (200 with a page), 202, 204, other (a record of another type)
    odd KIND     the same answers, but the write is done
    times N      of lie and odd: only the first N writes (default: all)
    skip N       of lie, odd and late: the first N writes are as they should be
    round N      a TTL is stored as a multiple of N
    sticky       of two equal records, none can be removed: answered, and not done
    single       a record like one that is there is refused (digitalocean)
    late S       a write is done S seconds after it was asked for; whoever asked may be gone
    dead N       after N exchanges more, each connection is closed without an answer
    busy [STATUS, SECONDS]  a write is answered with that status and Retry-After, and not done
    steal [N, HOST]  right before the Nth write somebody else removes the MX record of this host
    once STATUS  the next read is answered with that status and a page
    tell KIND    what is read is not what is held: twice (each record is in the list two times), reid (no id stays), other (another set), empty
    since N      of tell: from the Nth write on
    turns "abba" the exchanges of the clients whose tokens end in -a and -b are served in this order
    gone "a"     this client has ended: its turns are left out
GET /__unsure: {"exchanges", "writes"} since the last PUT.  The log and --dns are as in the other two.
"""
import argparse
import collections
import copy
import json
import threading
import time

import service
from cloudflare import Cloudflare
from digitalocean import DigitalOcean
from service import Refused

PAGE = b"<!doctype html><title>One moment, please</title>"
CLEAN = {"lag": 0, "replica": None, "lie": None, "odd": None, "times": 1 << 30, "skip": 0, "round": 1, "sticky": False, "single": False, "late": 0, "dead": None,
         "busy": None, "steal": None, "once": None, "tell": None, "since": 0, "turns": "", "gone": ""}


class Unsure:
    """Mixed in before a vendor's own class."""

    def load(self):
        super().load()
        self.settle({})

    def settle(self, wrong):
        self.wrong = {**CLEAN, **wrong}
        self.args.no_duplicates = self.wrong["single"]
        self.past = []                                  # (when it was replaced, the zones before that)
        self.exchanges = self.writes = self.lists = 0
        self.turns, self.gone = collections.deque(self.wrong["turns"]), set(self.wrong["gone"])

    def answer(self, method, path, query, headers, body):
        if path == "/__unsure":
            return self.told(method, body)
        self.moved = getattr(self, "moved", None) or threading.Condition(self.lock)
        token = headers.get("Authorization", "")
        self.take_turn(token[-1:] if token.endswith(("-a", "-b")) else "")
        self.exchanges += 1
        if self.wrong["dead"] is not None and self.exchanges > self.wrong["dead"]:
            raise ConnectionError("dead")
        plain = {name: headers.get(name, "") for name in ("Content-Type", "Host")}
        plain["Authorization"] = token[:-2] if token.endswith(("-a", "-b")) else token
        if method == "GET":
            return self.read(method, path, query, plain, body)
        return self.write(method, path, query, plain, body)

    def told(self, method, body):
        if method == "GET":
            return 200, {}, {"exchanges": self.exchanges, "writes": self.writes}
        wrong = json.loads(body)
        if set(wrong) == {"gone"}:
            self.gone |= set(wrong["gone"])
            if hasattr(self, "moved"):
                self.moved.notify_all()
        else:
            self.settle(wrong)
        return 204, {}, None

    def take_turn(self, who):
        while who and self.turns:
            while self.turns and self.turns[0] in self.gone:
                self.turns.popleft()
            if self.turns and self.turns[0] == who:
                self.turns.popleft()
                self.moved.notify_all()
                return
            if self.turns:
                self.moved.wait(30)

    def read(self, *request):
        if self.wrong["once"]:
            status, self.wrong["once"] = self.wrong["once"], None
            raise Refused(status, PAGE)
        now, since = self.zones, time.monotonic() - self.wrong["lag"]
        self.lists += 1
        if self.wrong["replica"] is not None and self.lists >= self.wrong["replica"] and (self.lists - self.wrong["replica"]) % 2 == 0:
            since = 0
        try:
            self.zones = next((zones for at, zones in self.past if at > since), now)
            answer = super().answer(*request)
        finally:
            self.zones = now
        if self.wrong["tell"] and self.writes >= self.wrong["since"]:
            self.tell(answer[2])
        return answer

    def tell(self, value):
        """Changes the records of an answer, if it has any."""
        rows = next((v for v in value.values() if isinstance(v, list) and v and "type" in v[0] and "ttl" in v[0]), [])
        if self.wrong["tell"] == "twice":
            rows.extend([dict(row) for row in rows])
        elif self.wrong["tell"] == "empty":
            rows.clear()
        for row in rows:
            if self.wrong["tell"] == "reid":
                row["id"] = f"{self.exchanges}{row['id']}"[-32:] if isinstance(row["id"], str) else self.exchanges * 100000000 + row["id"]
            elif self.wrong["tell"] == "other" and row["type"] == "MX":
                row["data" if "data" in row else "content"], row["priority"] = "other.exempel.net", 5

    def write(self, method, path, query, headers, body):
        self.writes += 1
        n = self.writes - self.wrong["skip"]
        spoilt = 1 <= n <= self.wrong["times"]
        if self.wrong["busy"] and spoilt:
            status, wait = self.wrong["busy"]
            raise Refused(status, {"id": "too_many_requests", "message": "API rate limit exceeded."}, {"retry-after": str(wait)})
        if self.wrong["lie"] and spoilt:
            return self.odd(self.wrong["lie"])
        if self.wrong["late"] and spoilt:
            end = time.monotonic() + self.wrong["late"]
            while time.monotonic() < end:
                self.moved.wait(end - time.monotonic())
        if self.wrong["steal"] and self.wrong["steal"][0] == self.writes:
            self.steal(self.wrong["steal"][1])
        before = copy.deepcopy(self.zones)
        if self.wrong["sticky"] and self.is_double(method, path, body):
            return 204, {}, None
        answer = super().answer(method, path, query, headers, self.rounded(body))
        self.past.append((time.monotonic(), before))
        return self.odd(self.wrong["odd"]) if self.wrong["odd"] and spoilt else answer

    def steal(self, host):
        """One call a record: the record goes as if another client had removed it."""
        for name, zone in self.zones.items():
            zone["records"] = [r for r in zone["records"] if not (r["type"] == "MX" and r["data"] == host)]
            self.remember(name)

    def rounded(self, body):
        def cut(value):
            for fields in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
                cut(fields)
            if isinstance(value, dict) and isinstance(value.get("ttl"), int) and value["ttl"] > 1:
                value["ttl"] -= value["ttl"] % self.wrong["round"]
        if self.wrong["round"] == 1 or not body:
            return body
        value = json.loads(body)
        cut(value)
        return json.dumps(value).encode()

    def is_double(self, method, path, body):
        """One call a record: is it the removal of a record that another one equals?"""
        if method != "DELETE":
            return False
        records = self.zones[path.split("/")[3]]["records"]
        gone = next((r for r in records if str(r["id"]) == path.rsplit("/", 1)[1]), None)
        return any(r is not gone and gone and {**r, "id": 0, "ttl": 0} == {**gone, "id": 0, "ttl": 0} for r in records)

    def odd(self, kind):
        if kind == "html":
            return 200, {}, PAGE
        if kind == "other":
            return 201, {}, {"domain_record": {"id": 1, "type": "TXT", "name": "@", "data": "v=spf1 -all", "priority": None, "ttl": 1800},
                             "success": True, "errors": [], "messages": [], "result": {}}
        return int(kind), {}, None


class UnsureDigitalOcean(Unsure, DigitalOcean):
    pass


class UnsureCloudflare(Unsure, Cloudflare):
    chunked = False


def main():
    p = argparse.ArgumentParser()
    service.add_options(p)
    p.add_argument("--shape", choices=("digitalocean", "cloudflare"), required=True)
    args = p.parse_args()
    if args.shape == "digitalocean":
        args.burst, args.window, args.page_size, args.foreign_next = 100000, 60, 200, False
        api = UnsureDigitalOcean(args)
    else:
        args.limit, args.window, args.block, args.page_size, args.soft_errors = 100000, 300, 300, 5000, False
        api = UnsureCloudflare(args)
    service.serve(api, args)


if __name__ == "__main__":
    main()
