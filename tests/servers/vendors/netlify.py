# SPDX-License-Identifier: GPL-3.0-or-later
"""Netlify: record by record, and no record can be changed: made and removed only; full names; a foreign record is one that
Netlify manages; no null MX; pages by a Link header; a zone is found by its name, too,
with _ for each dot."""
from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {400: "Bad Request", 401: "Access Denied", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 422: "Unprocessable Entity",
         429: "API rate limit exceeded", 500: "Internal Server Error"}
FIELDS = ("type", "hostname", "value", "ttl", "priority", "weight", "port", "flag", "tag")


class Server(Vendor):
    hosts = ("api.netlify.com",)
    base = "/api/v1"
    parameters = ("page", "per_page", "account_slug")
    name_servers = ("dns1.p01.nsone.net", "dns2.p01.nsone.net")
    null_mx, per_page = False, 100

    def zone_id(self):
        return f"u6b4336178f002e0a0{self.next():07x}"

    def record_id(self):
        return f"u6b4764216f272872a{self.next():07x}"

    def problem(self, status, text=None):
        raise Refused(status, {"code": status, "message": text or WORDS.get(status, "error")})

    def zone(self, ident):
        for zone in self.zones.values():
            if ident in (zone["id"], zone["name"].replace(".", "_")):
                return zone
        return self.problem(404)

    def zone_shape(self, zone):
        return {"id": zone["id"], "name": zone["name"], "errors": [], "supported_record_types": list(TYPES), "user_id": "u5", "created_at": "2018-07-13T00:00:00.000Z",
                "updated_at": "2018-07-13T00:00:00.000Z", "records": [], "dns_servers": list(self.name_servers), "account_id": "a5", "site_id": None,
                "account_slug": "exempel", "account_name": "Exempel", "domain": zone["name"], "ipv6_enabled": False, "dedicated": False}

    def shape(self, zone, r):
        return {"hostname": zone["name"] if r["name"] == "@" else f"{r['name']}.{zone['name']}", "type": r["type"], "ttl": r["ttl"], "priority": r["priority"], "weight": None,
                "port": None, "flag": None, "tag": None, "id": r["id"], "site_id": None, "dns_zone_id": zone["id"], "errors": [],
                "managed": bool(r.get("foreign")), "value": r["data"]}

    def pages(self, items, q):
        items, page, _, last, _ = self.paged(items, q)
        links = [f'<{self.address(q, page=n)}>; rel="{rel}"' for rel, n in (("next", page + 1), ("last", last)) if page < last]
        return 200, items, {"Link": ", ".join(links)} if links else {}

    @route("GET", "/dns_zones")
    def list(self, q):
        return self.pages([self.zone_shape(z) for z in self.zones.values()], q)

    @route("GET", "/dns_zones/{}")
    def one(self, q, ident):
        return 200, self.zone_shape(self.zone(ident))

    @route("GET", "/dns_zones/{}/dns_records")
    def records(self, q, ident):
        zone = self.zone(ident)
        return self.pages([self.shape(zone, r) for r in zone["records"]], q)

    def record(self, zone, ident):
        return next((r for r in zone["records"] if r["id"] == ident), None) or self.problem(404)

    @route("GET", "/dns_zones/{}/dns_records/{}")
    def get(self, q, ident, rid):
        zone = self.zone(ident)
        return 200, self.shape(zone, self.record(zone, rid))

    @route("POST", "/dns_zones/{}/dns_records")
    def create(self, q, ident):
        zone, value = self.zone(ident), self.json(q, known=FIELDS)
        rtype = value.get("type")
        try:
            if rtype not in TYPES:
                raise Bad("Type is not included in the list")
            name, ttl = self.full_name(value.get("hostname"), zone), self.ttl(value.get("ttl", 3600))
            priority = self.number(value.get("priority"), 0, 65535, "priority") if rtype == "MX" else None
            data = self.host(value.get("value"), zone, rtype) if rtype in ("MX", "NS", "CNAME") else value.get("value")
            self.no_clash(zone, name, rtype)
            if not self.switch["equal"] and any((r["priority"], r["data"]) == (priority, data) for r in self.find(zone, name, rtype)):
                raise Bad("Record already exists")
        except Bad as e:
            self.problem(422, str(e))
        return 201, self.shape(zone, self.add(zone, name, rtype, ttl, data, priority))

    @route("DELETE", "/dns_zones/{}/dns_records/{}")
    def delete(self, q, ident, rid):
        zone = self.zone(ident)
        record = self.record(zone, rid)
        if record.get("foreign"):
            self.problem(422, "Managed records cannot be deleted")
        zone["records"].remove(record)
        return 204, None
