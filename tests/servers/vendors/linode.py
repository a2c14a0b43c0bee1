# SPDX-License-Identifier: GPL-3.0-or-later
"""Linode: record by record; a filter in the header X-Filter; TTLs are rounded to a list without a word; a null MX is an empty
target with priority 0 at the apex, only where no other MX is there, and then no other can be made; equal records can be
made twice; Retry-After stands in every answer."""
import json

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

TTLS = (0, 300, 3600, 7200, 14400, 28800, 57600, 86400, 172800, 345600, 604800, 1209600, 2419200)
WORDS = {401: "Invalid Token", 403: "Your OAuth token is not authorized to use this endpoint.", 404: "Not found", 405: "Method Not Allowed",
         429: "Too many requests", 500: "Internal Server Error"}
FIELDS = ("type", "name", "target", "priority", "weight", "port", "service", "protocol", "ttl_sec", "tag", "id", "created", "updated")


class Server(Vendor):
    hosts = ("api.linode.com",)
    base = "/v4"
    parameters = ("page", "page_size")
    name_servers = ("ns1.linode.com", "ns2.linode.com", "ns3.linode.com")
    page, per_page = 500, 100
    scopes = "domains:read_write"

    def problem(self, status, text=None, field=None):
        raise Refused(status, {"errors": [{**({"field": field} if field else {}), "reason": text or WORDS.get(status, "error")}]})

    def headers(self, q):
        most, left, reset = self.left()
        return {"X-OAuth-Scopes": self.scopes, "X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": str(left), "Retry-After": str(self.sleep or reset or 20)}

    def zone(self, ident):
        for zone in self.zones.values():
            if str(zone["id"]) == ident:
                return zone
        return self.problem(404)

    def domain(self, zone):
        return {"id": zone["id"], "domain": zone["name"], "type": zone.get("kind", "master"), "status": "active", "ttl_sec": 0, "soa_email": "hostmaster@" + zone["name"],
                "master_ips": [], "axfr_ips": [], "group": "", "tags": [], "created": stamp(form="%Y-%m-%dT%H:%M:%S"), "updated": stamp(form="%Y-%m-%dT%H:%M:%S"), "description": "", "expire_sec": 0, "retry_sec": 0, "refresh_sec": 0}

    def shape(self, record):
        mx = record["type"] == "MX"
        return {"id": record["id"], "type": record["type"], "name": "" if record["name"] == "@" else record["name"],
                "target": "" if record["data"] == "." else record["data"], "priority": record["priority"] if mx else 0, "weight": 0, "port": 0,
                "service": None, "protocol": None, "ttl_sec": record["ttl"], "tag": None, "created": stamp(form="%Y-%m-%dT%H:%M:%S"), "updated": stamp(form="%Y-%m-%dT%H:%M:%S")}

    def listed(self, q, items):
        try:
            wanted = json.loads(q.header("X-Filter") or "{}")
            items = [i for i in items if all(i.get(k) == v for k, v in wanted.items() if not k.startswith("+"))]
        except (ValueError, AttributeError):
            self.problem(400, "Cannot parse X-Filter", "X-Filter")
        items, page, _, last, total = self.paged(items, q, size="page_size", least=25)
        return 200, {"data": items, "page": page, "pages": last, "results": total}

    @route("GET", "/domains")
    def domains(self, q):
        return self.listed(q, [self.domain(z) for z in self.zones.values()])

    @route("GET", "/domains/{}")
    def one(self, q, ident):
        return 200, self.domain(self.zone(ident))

    @route("GET", "/domains/{}/records")
    def records(self, q, ident):
        return self.listed(q, [self.shape(r) for r in self.zone(ident)["records"]])

    @route("GET", "/domains/{}/records/{}")
    def record(self, q, ident, rid):
        return 200, self.shape(self.record_of(self.zone(ident), rid))

    def checked(self, zone, value, old=None):
        """The fields of a record; what stands in `old` may be left out."""
        shown = {**(self.shape(old) if old else {"name": "", "ttl_sec": 0, "priority": 10}), **value}
        rtype, target = shown.get("type"), shown.get("target")
        if rtype not in TYPES or old and rtype != old["type"]:
            self.problem(400, "Invalid type", "type")
        if shown.get("name") == "@":
            self.problem(400, "Invalid hostname", "name")
        try:
            name = self.name(shown.get("name"), ("",))
            ttl = self.number(shown["ttl_sec"], 0, 2147483647, "ttl_sec")
            priority = self.number(shown.get("priority"), 0, 255, "priority") if rtype == "MX" else None
            data = self.data(zone, rtype, target, name, priority, old)
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, rtype)
        except Bad as e:
            self.problem(400, str(e), str(e).split(" ", 1)[0] if str(e).split(" ", 1)[0] in FIELDS else "target")
        return {"name": name, "type": rtype, "ttl": min((t for t in TTLS), key=lambda t: abs(t - ttl)), "data": data, "priority": priority}

    def data(self, zone, rtype, target, name, priority, old):
        if rtype not in ("MX", "NS", "CNAME"):
            return target
        others = [r for r in zone["records"] if r["type"] == "MX" and r["name"] == name and r is not old]
        if rtype == "MX" and any(r["data"] == "." for r in others):
            raise Bad("A null MX record exists; no other MX record can be made")
        if rtype == "MX" and target == "":
            if priority != 0 or name != "@" or others:
                raise Bad("A null MX record needs priority 0, an empty name and no other MX record")
            return "."
        if target == ".":
            raise Bad("target is not a hostname")
        return self.host(target, zone, rtype)

    @route("POST", "/domains/{}/records")
    def create(self, q, ident):
        zone = self.zone(ident)
        return 200, self.shape(self.add(zone, **self.checked(zone, self.json(q, known=FIELDS))))

    @route("PUT", "/domains/{}/records/{}")
    def update(self, q, ident, rid):
        zone = self.zone(ident)
        record = self.record_of(zone, rid)
        record.update(self.checked(zone, self.json(q, known=FIELDS), record))
        return 200, self.shape(record)

    @route("DELETE", "/domains/{}/records/{}")
    def delete(self, q, ident, rid):
        zone = self.zone(ident)
        zone["records"].remove(self.record_of(zone, rid))
        return 200, {}
