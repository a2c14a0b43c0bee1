#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""digitalocean.py --state FILE [--log FILE] [--token-file FILE]: a strict stand-in for DigitalOcean's DNS API v2.

Knows the vendor's rules for domains and their records: bearer token, pages with full next links, names relative to the
zone ("@" the apex) but asked for by full name, data that must end in a dot when written and comes back without one,
"@" for a target that is the zone itself, TTL from 30, no null MX, one record a call, no batch, no etag, 5000 requests
an hour and a burst limit a minute.  Where the vendor ignores what it does not know, this server refuses it.
Options for tests: --burst N and --window S change the burst limit; --page-size N lowers the largest page; --foreign-next makes the
next links point at another host (a client must not send its token there).
"""
import argparse
import ipaddress
import json
import re
import time
import uuid

import service
from service import Refused, absolute

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT")
HOST_TYPES = ("CNAME", "MX", "NS", "SRV")
FIELDS = ("type", "name", "data", "priority", "port", "ttl", "weight", "flags", "tag")
LABEL = re.compile(r"^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$")


def refuse(status, ident, message, headers=None):
    raise Refused(status, {"id": ident, "message": message, "request_id": str(uuid.uuid4())}, headers)


def unprocessable(message):
    refuse(422, "unprocessable_entity", message)


def not_found():
    raise Refused(404, {"id": "not_found", "message": "The resource you were accessing could not be found."})


def whole_number(value, low, high, what):
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        unprocessable(f"{what} is not valid")
    return value


class DigitalOcean:
    def __init__(self, args):
        self.args, self.token = args, service.token_of(args)
        self.next_id, self.zones, self.history, self.asked = 11189874, {}, {}, []
        self.load()

    # -- the state ----------------------------------------------------------------------------------------------------

    def load(self):
        self.zones, self.history, self.asked = {}, {}, []
        for zone in service.load_zones(self.args.state):
            self.zones[zone["name"]] = {"ttl": zone.get("ttl", 1800), "serial": 1, "records": [
                self.numbered(r["name"], r["type"], r["ttl"], self.shown(r["data"], r["type"], zone["name"]), r.get("priority"))
                for r in zone["records"]]}
            self.remember(zone["name"])

    def numbered(self, name, rtype, ttl, data, priority):
        self.next_id += 1
        return {"id": self.next_id, "type": rtype, "name": name, "data": data, "priority": priority, "port": None,
                "ttl": ttl, "weight": None, "flags": None, "tag": None}

    @staticmethod
    def shown(data, rtype, zone):
        """As the vendor shows what was written: no final dot, "@" for the zone itself."""
        if rtype not in HOST_TYPES:
            return data
        data = data.rstrip(".") or "."
        return "@" if data.lower() == zone else data

    def remember(self, zone):
        mx = sorted([r["name"], r["ttl"], r["priority"], r["data"]] for r in self.zones[zone]["records"] if r["type"] == "MX")
        seen = self.history.setdefault(zone, [])
        if not seen or seen[-1] != mx:
            seen.append(mx)
            self.zones[zone]["serial"] += 1

    def state(self):
        return {"zones": {n: z["records"] for n, z in self.zones.items()}, "history": self.history}

    def dns_records(self):
        for name, zone in self.zones.items():
            yield (name, "SOA", zone["ttl"], f"ns1.digitalocean.com hostmaster.{name} {zone['serial']} 10800 3600 604800 1800")
            for r in zone["records"]:
                if r["type"] in ("A", "AAAA", "CNAME", "MX", "NS", "TXT"):
                    data = name if r["data"] == "@" and r["type"] in HOST_TYPES else r["data"]
                    yield (absolute(r["name"], name), r["type"], r["ttl"],
                           f"{r['priority']} {data}" if r["type"] == "MX" else data)

    # -- the door -----------------------------------------------------------------------------------------------------

    def throttle(self):
        now = time.time()
        self.asked = [t for t in self.asked if t > now - 3600] + [now]
        headers = {"ratelimit-limit": "5000", "ratelimit-remaining": str(max(0, 5000 - len(self.asked))),
                   "ratelimit-reset": str(int(self.asked[0] + 3600)), "x-request-id": str(uuid.uuid4())}
        burst = [t for t in self.asked if t > now - self.args.window]
        if len(burst) > self.args.burst or len(self.asked) > 5000:
            wait = {"retry-after": str(int(burst[0] + self.args.window - now) + 1)} if len(self.asked) <= 5000 else {}
            raise Refused(429, {"id": "too_many_requests", "message": "API rate limit exceeded."}, {**headers, **wait})
        return headers

    def answer(self, method, path, query, headers, body):
        if headers.get("Authorization") != "Bearer " + self.token:
            raise Refused(401, {"id": "unauthorized", "message": "Unable to authenticate you."})
        extra = self.throttle()
        try:
            status, value = self.route(method, path, query, headers, body)
        except Refused as e:
            e.headers = {**extra, **e.headers}
            raise
        return status, extra, value

    def route(self, method, path, query, headers, body):
        parts = path.split("/")[1:]
        if parts[:1] != ["v2"] or "" in parts:
            not_found()
        parts = parts[1:]
        if method == "GET" and parts == ["account"]:
            return 200, {"account": {"droplet_limit": 25, "email": "postmaster@exempel.com", "uuid": "0", "email_verified": True,
                                     "status": "active", "status_message": ""}}
        if method == "GET" and parts == ["domains"]:
            shown = [self.domain(n) for n in sorted(self.zones)]
            return 200, self.page("domains", shown, query, (), path, headers)
        if len(parts) < 2 or parts[0] != "domains" or parts[1] not in self.zones:
            not_found()
        zone = parts[1]
        if method == "GET" and len(parts) == 2:
            return 200, {"domain": self.domain(zone)}
        if parts[2:3] != ["records"] or len(parts) > 4:
            not_found()
        if len(parts) == 3:
            if method == "GET":
                return 200, self.list(zone, query, path, headers)
            if method == "POST":
                return self.create(zone, self.parse(headers, body))
        else:
            record = self.record(zone, parts[3])
            if method == "GET":
                return 200, {"domain_record": record}
            if method in ("PUT", "PATCH"):
                return self.update(zone, record, self.parse(headers, body))
            if method == "DELETE":
                self.zones[zone]["records"].remove(record)
                self.remember(zone)
                return 204, None
        refuse(405, "method_not_allowed", "Method not allowed")

    # -- reading ------------------------------------------------------------------------------------------------------

    def domain(self, name):
        return {"name": name, "ttl": self.zones[name]["ttl"], "zone_file": f"$ORIGIN {name}.\n$TTL {self.zones[name]['ttl']}\n"}

    def record(self, zone, ident):
        for record in self.zones[zone]["records"]:
            if str(record["id"]) == ident:
                return record
        not_found()

    def list(self, zone, query, path, headers):
        records = self.zones[zone]["records"]
        if "type" in query:
            if query["type"] not in TYPES:
                unprocessable("type is not valid")
            records = [r for r in records if r["type"] == query["type"]]
        if "name" in query:
            records = [r for r in records if absolute(r["name"], zone) == query["name"].lower()]
        return self.page("domain_records", records, query, ("type", "name"), path, headers)

    def page(self, key, items, query, known, path, headers):
        for name in query:
            if name not in known + ("page", "per_page"):
                refuse(400, "bad_request", f"unknown parameter {name}")
        size, number = query.get("per_page", "20"), query.get("page", "1")
        if not size.isdigit() or not 1 <= int(size) <= 200:
            unprocessable("per_page must be between 1 and 200")
        if not number.isdigit() or int(number) < 1:
            unprocessable("page must be positive")
        size, number = min(int(size), self.args.page_size), int(number)
        last = max(1, -(-len(items) // size))
        host = "elsewhere.invalid" if self.args.foreign_next else headers.get("Host", "127.0.0.1")
        kept = "".join(f"&{k}={v}" for k, v in query.items() if k != "page")

        def link(n):
            return f"http://{host}{path}?page={n}{kept}"
        pages = {}
        if number > 1:
            pages.update(first=link(1), prev=link(number - 1))
        if number < last:
            pages.update(last=link(last), next=link(number + 1))
        return {key: items[(number - 1) * size:number * size], "links": {"pages": pages} if pages else {},
                "meta": {"total": len(items)}}

    # -- writing ------------------------------------------------------------------------------------------------------

    @staticmethod
    def parse(headers, body):
        if headers.get("Content-Type", "").split(";")[0].strip() != "application/json":
            refuse(415, "unsupported_media_type", "Content-Type must be application/json")
        try:
            fields = json.loads(body)
        except ValueError:
            refuse(400, "bad_request", "Unable to parse JSON in request body.")
        if not isinstance(fields, dict):
            refuse(400, "bad_request", "Unable to parse JSON in request body.")
        for name in fields:
            if name not in FIELDS:
                unprocessable(f"unknown field {name}")
        return fields

    def checked(self, zone, fields, ident=None):
        """The record that these fields make; unprocessable() for every rule of the vendor that they break."""
        rtype, name, data = fields.get("type"), fields.get("name"), fields.get("data")
        if rtype not in TYPES or rtype == "SOA":
            unprocessable("type is not valid")
        if not isinstance(name, str) or not name:
            unprocessable("Name can't be blank")
        name = name.lower()
        if name in (zone + ".", "@"):
            name = "@"
        elif name.endswith("." + zone + "."):       # with a final dot the full name is taken
            name = name[:-len(zone) - 2]
        if name != "@" and not all(LABEL.match(label) or label == "*" for label in name.split(".")):
            unprocessable("Name is not valid")
        if name == zone or name.endswith("." + zone):
            unprocessable("Name is the full name, not the one relative to the domain")     # vendor doubles the zone
        if not isinstance(data, str) or not data:
            unprocessable("Data can't be blank")
        priority = fields.get("priority")
        if rtype in HOST_TYPES:
            if data != "@" and not data.endswith("."):
                unprocessable("Data needs to end with a dot (.)")
            if rtype == "MX" and data == ".":
                unprocessable("Data is not valid for an MX record")
            if data not in ("@", ".") and not all(LABEL.match(label) for label in data[:-1].split(".")):
                unprocessable("Data is not a valid hostname")
        if rtype == "MX":
            priority = whole_number(priority, 0, 65535, "Priority")
        elif priority is not None and rtype != "SRV":
            unprocessable("Priority is only for MX and SRV")
        if rtype in ("A", "AAAA"):
            try:
                (ipaddress.IPv4Address if rtype == "A" else ipaddress.IPv6Address)(data)
            except ValueError:
                unprocessable("IP address did not match IPv4 format (e.g. 127.0.0.1)")
        ttl = fields.get("ttl")
        ttl = self.zones[zone]["ttl"] if ttl is None else whole_number(ttl, 0, 2147483647, "ttl")
        if ttl < 30:
            unprocessable("record ttl must be greater than 30")
        for other in self.zones[zone]["records"]:
            if other["id"] != ident and other["name"] == name and other["type"] != rtype and "CNAME" in (rtype, other["type"]):
                unprocessable("CNAME records cannot share a name with other records")
        data = self.shown(data, rtype, zone)
        if self.args.no_duplicates and any((o["name"], o["type"], o["data"], o["priority"]) == (name, rtype, data, priority)
                                           for o in self.zones[zone]["records"] if o["id"] != ident):
            unprocessable("record already exists")
        return data, name, rtype, ttl, priority

    def create(self, zone, fields):
        data, name, rtype, ttl, priority = self.checked(zone, fields)
        record = self.numbered(name, rtype, ttl, data, priority)
        self.zones[zone]["records"].append(record)
        self.remember(zone)
        return 201, {"domain_record": record}

    def update(self, zone, record, fields):
        """The stored data has no final dot and is checked again: to change the TTL alone, the data must be sent anew."""
        if fields.get("type", record["type"]) != record["type"]:
            unprocessable("type cannot be changed")
        data, name, rtype, ttl, priority = self.checked(zone, {**record, **fields}, record["id"])
        record.update(data=data, name=name, type=rtype, ttl=ttl, priority=priority)
        self.remember(zone)
        return 200, {"domain_record": record}


def main():
    p = argparse.ArgumentParser()
    service.add_options(p)
    p.add_argument("--burst", type=int, default=250)
    p.add_argument("--window", type=int, default=60)
    p.add_argument("--page-size", type=int, default=200)
    p.add_argument("--no-duplicates", action="store_true", help="refuse a record like one that is there")
    p.add_argument("--foreign-next", action="store_true")
    args = p.parse_args()
    service.serve(DigitalOcean(args), args)


if __name__ == "__main__":
    main()
