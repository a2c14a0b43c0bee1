#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cloudflare.py --state FILE [--log FILE] [--token-file FILE]: a strict stand-in for Cloudflare's DNS API v4.

Knows the vendor's rules for zones and their records: the envelope of every answer (result, success, errors with an
error_chain, messages, result_info), bearer tokens, full names without a dot, priority beside content, TTL 1 or
60..86400, identical records refused, read-only records of Email Routing, and the batch: one transaction, always in the
order deletes, patches, puts, posts, at most 200 operations; 1200 requests in five minutes and then nothing but 429 for
five more.  Where the vendor ignores what it does not know, this server refuses it.
Options for tests: --limit N, --window S and --block S change the rate limit; --page-size N lowers the largest page;
--soft-errors answers every refusal with HTTP 200 and success false, as some of the vendor's doors do.
A zone of the state file may carry "status", "type", "account", "name_servers"; a record may carry "read_only": true.
"""
import argparse
import datetime
import ipaddress
import json
import re
import time

import service
from service import Refused, absolute

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")
FIELDS = ("type", "name", "content", "priority", "ttl", "comment", "tags", "proxied", "settings", "data")
LISTS = {"zones": ("name", "status", "account.id", "order", "direction", "match"),
         "records": ("type", "name", "name.exact", "content", "content.exact", "order", "direction", "match")}
LABEL = re.compile(r"^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$")
MAX_BATCH = 200


def refuse(status, code, message, chain=None, headers=None):
    error = {"code": code, "message": message}
    if chain:
        error["error_chain"] = [{"code": chain[0], "message": chain[1]}]
    raise Refused(status, {"result": None, "success": False, "errors": [error], "messages": []}, headers)


def invalid(code, message):
    refuse(400, 1004, "DNS Validation Error", (code, message))


def no_route(path):
    raise Refused(400, {"success": False, "errors": [
        {"code": 7003, "message": f"Could not route to {path}, perhaps your object identifier is invalid?"},
        {"code": 7000, "message": "No route for that URI"}], "messages": [], "result": None})


def envelope(result, **more):
    return {"result": result, "success": True, "errors": [], "messages": [], **more}


class Cloudflare:
    chunked = True

    def __init__(self, args):
        self.args, self.token = args, service.token_of(args)
        self.count = 0
        self.load()

    # -- the state ----------------------------------------------------------------------------------------------------

    def load(self):
        self.zones, self.history = [], {}
        self.asked, self.blocked_until = [], 0.0
        for zone in service.load_zones(self.args.state):
            made = {"id": self.ident(), "name": zone["name"], "status": zone.get("status", "active"), "type": zone.get("type", "full"),
                    "account": zone.get("account", "a" * 32), "serial": 1, "records": [],
                    "name_servers": zone.get("name_servers", ["amy.ns.cloudflare.com", "vin.ns.cloudflare.com"])}
            for r in zone["records"]:
                if r["type"] in TYPES:
                    made["records"].append(self.framed(r, absolute(r["name"], zone["name"]), r["data"], r.get("read_only", False)))
            self.zones.append(made)
            self.remember(made)

    def ident(self):
        self.count += 1
        return f"{0x372e67954025e0ba6aaa6d58 + self.count:024x}{self.count:08x}"

    @staticmethod
    def now():
        return datetime.datetime.utcnow().isoformat(timespec="microseconds") + "Z"

    def framed(self, r, name, content, read_only=False):
        stamp = self.now()
        frame = {"id": self.ident(), "name": name, "type": r["type"], "content": content, "proxiable": False, "proxied": False,
                 "ttl": r["ttl"], "settings": {}, "meta": {"read_only": True, "email_routing": True} if read_only else {},
                 "comment": r.get("comment"), "tags": r.get("tags") or [], "created_on": stamp, "modified_on": stamp}
        if r["type"] in ("MX", "SRV"):
            frame["priority"] = r.get("priority")
        return frame

    def remember(self, zone):
        mx = sorted([r["name"], r["ttl"], r["priority"], r["content"]] for r in zone["records"] if r["type"] == "MX")
        seen = self.history.setdefault(zone["id"], [])
        if not seen or seen[-1] != mx:
            seen.append(mx)
            zone["serial"] += 1

    def state(self):
        return {"zones": {z["name"]: z["records"] for z in self.zones},
                "history": {z["name"]: self.history[z["id"]] for z in self.zones}}

    def dns_records(self):
        for zone in self.zones:
            yield (zone["name"], "SOA", 1800, f"amy.ns.cloudflare.com dns.cloudflare.com {zone['serial']} 10000 2400 604800 1800")
            for r in zone["records"]:
                if r["type"] in ("A", "AAAA", "CNAME", "MX", "NS", "TXT"):
                    yield (r["name"], r["type"], 300 if r["ttl"] == 1 else r["ttl"],
                           f"{r['priority']} {r['content']}" if r["type"] == "MX" else r["content"])

    # -- the door -----------------------------------------------------------------------------------------------------

    def throttle(self):
        now, args = time.time(), self.args
        self.asked = [t for t in self.asked if t > now - args.window] + [now]
        left = max(0, args.limit - len(self.asked))
        headers = {"Ratelimit": f'"default";r={left};t={int(self.asked[0] + args.window - now)}',
                   "Ratelimit-Policy": f'"default";q={args.limit};w={args.window}'}
        if len(self.asked) > args.limit and now >= self.blocked_until:
            self.blocked_until = now + args.block
        if now < self.blocked_until:
            refuse(429, 971, "Please wait and consider throttling your request speed",
                   headers={**headers, "retry-after": str(int(self.blocked_until - now) + 1)})
        return headers

    def answer(self, method, path, query, headers, body):
        try:
            extra = self.throttle()
            try:
                return 200, extra, self.route(method, path, query, headers, body)
            except Refused as e:
                e.headers = {**extra, **e.headers}
                raise
        except Refused as e:
            if self.args.soft_errors and e.status < 500:
                e.status = 200
            raise

    def admit(self, headers, verify):
        given = headers.get("Authorization")
        if headers.get("X-Auth-Email") or headers.get("X-Auth-Key"):
            refuse(400, 6003, "Invalid request headers", (6103, "Invalid format for X-Auth-Key header"))
        if given is None:
            refuse(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
        if not re.match(r"^Bearer [A-Za-z0-9_.-]+$", given):
            refuse(400, 6003, "Invalid request headers", (6111, "Invalid format for Authorization header"))
        if given != "Bearer " + self.token:
            if verify:
                refuse(401, 1000, "Invalid API Token")
            refuse(403, 9109, "Invalid access token")

    def route(self, method, path, query, headers, body):
        parts = path.split("/")[1:]
        if parts[:2] != ["client", "v4"] or "" in parts:
            no_route(path)
        parts, path = parts[2:], path[len("/client/v4"):]
        self.admit(headers, parts == ["user", "tokens", "verify"])
        if method == "GET" and parts == ["user", "tokens", "verify"]:
            return envelope({"id": "f" * 32, "status": "active"})
        if parts[:1] != ["zones"]:
            no_route(path)
        if len(parts) == 1 and method == "GET":
            return self.list_zones(query)
        zone = self.zone(parts[1], path) if len(parts) > 1 else no_route(path)
        if len(parts) == 2 and method == "GET":
            return envelope(self.shown_zone(zone))
        if parts[2:3] != ["dns_records"] or len(parts) > 4:
            no_route(path)
        if len(parts) == 3:
            if method == "GET":
                return self.list_records(zone, query)
            if method == "POST":
                return envelope(self.change(zone, [("post", self.parse(headers, body))])[0][1])
        elif parts[3] == "batch":
            if method == "POST":
                return self.batch(zone, self.parse(headers, body))
        elif method == "GET":
            return envelope(self.record(zone["records"], parts[3]))
        elif method == "DELETE":
            return envelope({"id": self.change(zone, [("delete", {"id": parts[3]})])[0][1]["id"]})
        elif method in ("PATCH", "PUT"):
            return envelope(self.change(zone, [(method.lower(), {**self.parse(headers, body), "id": parts[3]})])[0][1])
        refuse(405, 10000, "Method not allowed for this endpoint")

    # -- reading ------------------------------------------------------------------------------------------------------

    def zone(self, ident, path):
        for zone in self.zones:
            if zone["id"] == ident:
                return zone
        if re.match(r"^[0-9a-f]{32}$", ident):
            refuse(404, 1001, "Invalid zone identifier")
        no_route(path)

    @staticmethod
    def record(records, ident):
        for record in records:
            if record["id"] == ident:
                return record
        if re.match(r"^[0-9a-f]{32}$", ident):
            refuse(404, 81044, "Record does not exist.")
        refuse(404, 1002, "Invalid dns record identifier")

    @staticmethod
    def shown_zone(zone):
        return {"id": zone["id"], "name": zone["name"], "status": zone["status"], "paused": False, "type": zone["type"],
                "development_mode": 0, "name_servers": zone["name_servers"],
                "original_name_servers": None, "meta": {"step": 4}, "owner": {"id": None, "type": "user", "email": None},
                "account": {"id": zone["account"], "name": "Exempel"}, "tenant": {"id": None, "name": None},
                "permissions": ["#dns_records:edit", "#dns_records:read", "#zone:read"],
                "plan": {"id": "0" * 32, "name": "Free Website", "legacy_id": "free"}}

    def list_zones(self, query):
        zones = [z for z in self.zones if query.get("name", z["name"]) == z["name"]
                 and query.get("status", z["status"]) == z["status"]
                 and query.get("account.id", z["account"]) == z["account"]]
        return self.page([self.shown_zone(z) for z in zones], query, "zones", 20, 50)

    def list_records(self, zone, query):
        records = zone["records"]
        for key in ("type", "name", "content"):
            wanted = query.get(key, query.get(key + ".exact"))
            if wanted is not None:
                records = [r for r in records if r[key].lower() == wanted.lower()]
        return self.page(records, query, "records", 100, 5000)

    def page(self, items, query, kind, default, largest):
        for name in query:
            if name not in LISTS[kind] + ("page", "per_page"):
                refuse(400, 6003, "Invalid request parameters", (6004, f"unknown parameter {name}"))
        size, number = query.get("per_page", str(default)), query.get("page", "1")
        if not size.isdigit() or not 5 <= int(size) <= largest or not number.isdigit() or int(number) < 1:
            refuse(400, 6003, "Invalid request parameters", (6101, f"page {number}, per_page {size}"))
        size, number = min(int(size), self.args.page_size), int(number)
        part = items[(number - 1) * size:number * size]
        return envelope(part, result_info={"page": number, "per_page": size, "count": len(part), "total_count": len(items),
                                           "total_pages": -(-len(items) // size) or 1})

    # -- writing ------------------------------------------------------------------------------------------------------

    @staticmethod
    def parse(headers, body):
        if headers.get("Content-Type", "").split(";")[0].strip() != "application/json":
            refuse(400, 6003, "Invalid request headers", (6105, "Invalid Content-Type header, must be application/json"))
        try:
            fields = json.loads(body)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            refuse(400, 9207, "Request body is invalid.")
        return fields

    def batch(self, zone, body):
        operations = []
        for key in body:
            if key not in ("deletes", "patches", "puts", "posts") or not isinstance(body[key], list):
                refuse(400, 9207, f"Request body is invalid: {key}")
        for key, verb in (("deletes", "delete"), ("patches", "patch"), ("puts", "put"), ("posts", "post")):
            for fields in body.get(key, ()):
                if not isinstance(fields, dict):
                    refuse(400, 9207, f"Request body is invalid: {key}")
                operations.append((verb, fields))
        if not 0 < len(operations) <= MAX_BATCH:
            refuse(400, 81060, f"A batch holds 1 to {MAX_BATCH} operations")
        done = self.change(zone, operations)
        result = {}
        for key, verb in (("deletes", "delete"), ("patches", "patch"), ("puts", "put"), ("posts", "post")):
            result[key] = [record for v, record in done if v == verb] or None
        return envelope(result)

    def change(self, zone, operations):
        """All of it or nothing: the operations run on a copy, which becomes the zone when the last one has passed."""
        records, done = [dict(r) for r in zone["records"]], []
        for verb, fields in operations:
            ident = fields.get("id")
            old = self.record(records, str(ident)) if verb != "post" else None
            if old and old["meta"].get("read_only"):
                refuse(400, 1043, "This record is managed by Email Routing and is read-only")
            if verb == "delete":
                if set(fields) != {"id"}:
                    refuse(400, 9207, "Request body is invalid: a delete names an id and nothing else")
                records.remove(old)
                done.append((verb, old))
                continue
            given = {k: v for k, v in fields.items() if k != "id" or verb == "post"}
            new = self.checked(zone, {**old, **given} if verb == "patch" else given, given, records, ident)
            if old:
                new.update(id=old["id"], created_on=old["created_on"])
                records[records.index(old)] = new
            else:
                records.append(new)
            done.append((verb, new))
        zone["records"] = records
        self.remember(zone)
        return done

    def checked(self, zone, fields, given, records, ident):
        for name in given:
            if name not in FIELDS:
                refuse(400, 9207, f"Request body is invalid: unknown field {name}")
        rtype, name, content = fields.get("type"), fields.get("name"), fields.get("content")
        if rtype not in TYPES:
            invalid(9004, "DNS record type is invalid.")
        if not isinstance(name, str) or not name:
            invalid(9000, "DNS name is invalid.")
        name = name.lower().rstrip(".")
        if name == "@":
            name = zone["name"]
        if name != zone["name"] and not name.endswith("." + zone["name"]):
            name = f"{name}.{zone['name']}"                     # as the vendor: a foreign name is taken as relative
        if not all(LABEL.match(label) or label == "*" for label in name.split(".")):
            invalid(9000, "DNS name is invalid.")
        if not isinstance(content, str) or not content:
            invalid(9207, "Content is required.")
        if fields.get("data") is not None or fields.get("settings") not in (None, {}):
            invalid(9207, f"This server knows no data or settings for {rtype}.")
        if fields.get("proxied"):
            invalid(9003, f"Record type {rtype} cannot be proxied.")
        content = self.content(rtype, content)
        ttl, priority = fields.get("ttl", 1), fields.get("priority")
        if isinstance(ttl, bool) or not isinstance(ttl, int) or not (ttl == 1 or 60 <= ttl <= 86400):
            invalid(9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.")
        if rtype == "MX" and (isinstance(priority, bool) or not isinstance(priority, int) or not 0 <= priority <= 65535):
            invalid(9008, "Priority is required and must be between 0 and 65535.")
        for other in records:
            if other["id"] == ident or other["name"] != name:
                continue
            if other["type"] == rtype and other["content"].lower() == content.lower() and other.get("priority") == priority:
                refuse(400, 81058, "An identical record already exists.")
            if other["type"] != rtype and "CNAME" in (rtype, other["type"]):
                refuse(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
        return self.framed({"type": rtype, "ttl": ttl, "priority": priority, "comment": fields.get("comment"),
                            "tags": fields.get("tags")}, name, content)

    @staticmethod
    def content(rtype, content):
        if rtype in ("A", "AAAA"):
            try:
                return str((ipaddress.IPv4Address if rtype == "A" else ipaddress.IPv6Address)(content))
            except ValueError:
                invalid(9005 if rtype == "A" else 9006, f"Content for {rtype} record is invalid.")
        if rtype in ("MX", "CNAME", "NS"):
            if rtype == "MX" and content == ".":
                return content
            content = content[:-1] if content.endswith(".") else content
            if re.match(r"^[0-9.]+$", content) or not all(LABEL.match(label) for label in content.split(".")):
                invalid(9009, f"Content for {rtype} record is invalid.")
        return content


def main():
    p = argparse.ArgumentParser()
    service.add_options(p)
    p.add_argument("--limit", type=int, default=1200)
    p.add_argument("--window", type=int, default=300)
    p.add_argument("--block", type=int, default=300)
    p.add_argument("--page-size", type=int, default=5000)
    p.add_argument("--soft-errors", action="store_true")
    args = p.parse_args()
    service.serve(Cloudflare(args), args)


if __name__ == "__main__":
    main()
