# SPDX-License-Identifier: GPL-3.0-or-later
"""IONOS hosting DNS: a PATCH of the zone replaces all records of the names and types that it gives; full names and targets
without a final dot, prio apart; an array of errors; ids are UUIDs; a disabled record is there, and not published."""
import uuid

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

WORDS = {400: ("INVALID_RECORD", "The record is invalid"), 401: ("UNAUTHORIZED", "The customer is not authorized to do this operation."), 403: ("FORBIDDEN", "Forbidden"),
         404: ("RECORD_NOT_FOUND", "Record does not exist."), 405: ("METHOD_NOT_ALLOWED", "Method not allowed"), 409: ("CONFLICT", "Conflict"),
         429: ("RATE_LIMIT_EXCEEDED", "API rate limit exceeded"), 500: ("INTERNAL_SERVER_ERROR", "Internal server error")}
FIELDS = ("name", "type", "content", "ttl", "prio", "disabled")


class Server(Vendor):
    hosts = ("api.hosting.ionos.com",)
    base = "/dns/v1"
    secret = "prefix.test-secret"
    credential = ("X-API-Key", "")
    parameters = ("recordName", "recordType", "suffix")
    name_servers = ("ns1085.ui-dns.org", "ns1109.ui-dns.com")
    least_ttl, null_mx = 60, False

    def zone_id(self):
        return str(uuid.UUID(int=0x4c9feb472a4d11ecbda4000000000000 + self.next()))

    record_id = zone_id

    def problem(self, status, text=None, code=None, fields=None):
        name, said = WORDS.get(status, ("ERROR", "error"))
        invalid = {"parameters": {"errorRecord": {}, "invalid": fields, "invalidFields": fields, "requiredFields": []}} if fields else {}
        raise Refused(status, [{"code": code or name, "message": text or said, **invalid}])

    def zone(self, ident):
        for zone in self.zones.values():
            if zone["id"] == ident:
                return zone
        return self.problem(404, "Zone does not exist.", "ZONE_NOT_FOUND")

    def published(self, zone):
        return [r for r in zone["records"] if not r.get("disabled")]

    def make_foreign(self, host):
        for zone in self.zones.values():
            for r in zone["records"]:
                if r["type"] == "MX" and r["data"] == host:
                    r["disabled"] = True

    def shape(self, zone, r):
        name = zone["name"] if r["name"] == "@" else f"{r['name']}.{zone['name']}"
        shown = {"name": name, "rootName": zone["name"], "type": r["type"], "content": r["data"], "changeDate": stamp(), "ttl": r["ttl"], "disabled": bool(r.get("disabled")), "id": r["id"]}
        return {**shown, "prio": r["priority"]} if r["type"] == "MX" else shown

    @route("GET", "/zones")
    def list(self, q):
        return 200, [{"name": z["name"], "id": z["id"], "type": z.get("kind", "NATIVE")} for z in self.zones.values()]

    @route("GET", "/zones/{}")
    def one(self, q, ident):
        zone = self.zone(ident)
        shown = [self.shape(zone, r) for r in zone["records"]]
        if "recordName" in q.query:
            shown = [r for r in shown if r["name"] == q.query["recordName"]]
        if "suffix" in q.query:
            shown = [r for r in shown if r["name"].endswith(q.query["suffix"])]
        if "recordType" in q.query:
            shown = [r for r in shown if r["type"] in q.query["recordType"].split(",")]
        return 200, {"name": zone["name"], "id": zone["id"], "type": "NATIVE", "records": shown}

    def checked(self, zone, item, old=None):
        if not isinstance(item, dict) or any(k not in FIELDS for k in item):
            self.problem(400, "Malformed request.", "BAD_REQUEST")
        shown = {"ttl": 3600, "disabled": False, **(self.shape(zone, old) if old else {}), **item}
        field = "type"
        try:
            if shown.get("type") not in TYPES:
                raise Bad("type is not valid")
            field = "name"
            name = self.full_name(shown.get("name"), zone)
            field = "ttl"
            ttl = self.ttl(shown["ttl"])
            field = "prio"
            priority = self.number(shown.get("prio"), 0, 65535, "prio") if shown["type"] == "MX" else None
            field = "content"
            data = shown.get("content")
            if shown["type"] in ("MX", "NS", "CNAME"):
                if isinstance(data, str) and data.endswith("."):
                    raise Bad("content has a final dot")
                data = self.host(data, zone, shown["type"])
        except Bad:
            self.problem(400, fields=[field])
        return {"name": name, "type": shown["type"], "ttl": ttl, "data": data, "priority": priority, "disabled": shown["disabled"]}

    def several(self, q, zone):
        items = [self.checked(zone, i) for i in self.json(q, list)]
        if not items:
            self.problem(400, "Malformed request.", "BAD_REQUEST")
        if len({(i["name"], i["type"], i["priority"], i["data"]) for i in items}) < len(items):
            self.problem(400, "Record already exists.", "RECORD_ALREADY_EXISTS")
        return items

    def clash(self, zone, items):
        try:
            for item in items:
                self.no_clash(zone, item["name"], item["type"])
        except Bad:
            self.problem(400, fields=["name"])

    @route("POST", "/zones/{}/records")
    def create(self, q, ident):
        zone = self.zone(ident)
        items = self.several(q, zone)
        self.clash(zone, items)
        if any((r["priority"], r["data"]) == (i["priority"], i["data"]) for i in items for r in self.find(zone, i["name"], i["type"])):
            self.problem(400, "Record already exists.", "RECORD_ALREADY_EXISTS")
        return 201, [self.shape(zone, self.add(zone, **i)) for i in items]

    @route("PATCH", "/zones/{}")
    def replace(self, q, ident):
        zone = self.zone(ident)
        items = self.several(q, zone)
        keys = {(i["name"], i["type"]) for i in items}
        self.clash({"records": [r for r in zone["records"] if (r["name"], r["type"]) not in keys]}, items)
        zone["records"] = [r for r in zone["records"] if (r["name"], r["type"]) not in keys]
        for item in items:
            self.add(zone, **item)
        return 200, None

    def record(self, zone, ident):
        return next((r for r in zone["records"] if r["id"] == ident), None) or self.problem(404)

    @route("GET", "/zones/{}/records/{}")
    def get(self, q, ident, rid):
        zone = self.zone(ident)
        return 200, self.shape(zone, self.record(zone, rid))

    @route("PUT", "/zones/{}/records/{}")
    def update(self, q, ident, rid):
        zone, item = self.zone(ident), self.json(q)
        record = self.record(zone, rid)
        if any(k not in ("content", "ttl", "prio", "disabled") for k in item):
            self.problem(400, "Malformed request.", "BAD_REQUEST")
        record.update(self.checked(zone, item, record))
        return 200, self.shape(zone, record)

    @route("DELETE", "/zones/{}/records/{}")
    def delete(self, q, ident, rid):
        zone = self.zone(ident)
        zone["records"].remove(self.record(zone, rid))
        return 200, None
