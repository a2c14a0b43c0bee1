# SPDX-License-Identifier: GPL-3.0-or-later
"""Infomaniak, version 2: record by record, the preference in the target; "." or "" is the apex; `result` says how it went."""
from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {400: ("bad_request", "Bad request"), 401: ("not_authorized", "Authorization required"), 403: ("forbidden", "You are not allowed to do this"),
         404: ("object_not_found", "Object not found"), 405: ("method_not_allowed", "Method not allowed"), 409: ("conflict", "Conflict"),
         422: ("validation_failed", "Validation failed"), 429: ("too_many_requests", "Too Many Attempts."), 500: ("internal_error", "An internal error occurred")}


class Server(Vendor):
    hosts = ("api.infomaniak.com",)
    parameters = ("service_name", "customer_name", "page", "per_page", "with")
    name_servers = ("ns11.infomaniak.ch", "ns12.infomaniak.ch")
    least_ttl = 60

    def problem(self, status, text=None, field=None):
        code, said = WORDS.get(status, ("error", "error"))
        errors = {"errors": [{"code": "validation_rule", "description": text, "context": {"attribute": field}}]} if field else {}
        raise Refused(status, {"result": "error", "error": {"code": code, "description": said if field else text or said, **errors}})

    def zone(self, name):
        if name not in self.zones:
            raise Refused(404, {"result": "error", "error": {"code": "object_not_found", "description": "Object not found", "context": {"model": "Zone"}}})
        return self.zones[name]

    def shape(self, r):
        target = f"{r['priority']} {r['data']}" if r["type"] == "MX" else r["data"]
        return {"id": r["id"], "source": "." if r["name"] == "@" else r["name"], "type": r["type"], "ttl": r["ttl"], "target": target, "updated_at": 1610096126}

    def done(self, data, status=200):
        return status, {"result": "success", "data": data}

    @route("GET", "/1/product")
    def products(self, q):
        if q.query.get("service_name") != "domain":
            self.problem(422, "service_name is not valid", "service_name")
        return self.done([{"id": z["id"], "account_id": 1578, "service_id": 14, "service_name": "domain", "customer_name": n, "internal_name": None, "locked": False,
                           "tags": [], "rights": {"technical": True}} for n, z in self.zones.items() if q.query.get("customer_name", n) == n])

    @route("GET", "/2/zones/{}/exists")
    def exists(self, q, name):
        self.zone(name)
        return self.done(True)

    @route("GET", "/2/zones/{}")
    def one(self, q, name):
        return self.done({"id": self.zone(name)["id"], "fqdn": name, "dnssec": {"is_enabled": False}, "nameservers": list(self.name_servers)})

    @route("GET", "/2/zones/{}/records")
    def records(self, q, name):
        return self.done([self.shape(r) for r in self.zone(name)["records"]])

    def record(self, zone, ident):
        return next((r for r in zone["records"] if str(r["id"]) == ident), None) or self.problem(404)

    @route("GET", "/2/zones/{}/records/{}")
    def get(self, q, name, ident):
        return self.done(self.shape(self.record(self.zone(name), ident)))

    def checked(self, zone, value, old=None):
        shown = {**(self.shape(old) if old else {"source": "", "ttl": 3600}), **value}
        rtype, field = shown.get("type"), "type"
        try:
            if rtype not in TYPES or old and rtype != old["type"]:
                raise Bad("The selected type is invalid.")
            field = "ttl"
            ttl = self.ttl(shown["ttl"])
            field = "source"
            name = self.name(shown["source"], ("", ".", "@"))
            field = "target"
            priority, data = self.value(rtype, shown.get("target"), zone)
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, rtype)
            if any(r is not old and (r["priority"], r["data"]) == (priority, data) for r in self.find(zone, name, rtype)):
                raise Bad("The record already exists.")
        except Bad as e:
            self.problem(422, str(e), field)
        return {"name": name, "type": rtype, "ttl": ttl, "data": data, "priority": priority}

    @route("POST", "/2/zones/{}/records")
    def create(self, q, name):
        zone = self.zone(name)
        return self.done(self.shape(self.add(zone, **self.checked(zone, self.json(q, known=("source", "type", "ttl", "target"))))), 201)

    @route("PUT", "/2/zones/{}/records/{}")
    def update(self, q, name, ident):
        zone = self.zone(name)
        record = self.record(zone, ident)
        record.update(self.checked(zone, self.json(q, known=("ttl", "target")), record))
        return self.done(self.shape(record))

    @route("DELETE", "/2/zones/{}/records/{}")
    def delete(self, q, name, ident):
        zone = self.zone(name)
        zone["records"].remove(self.record(zone, ident))
        return self.done(True)
