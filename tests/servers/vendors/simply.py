# SPDX-License-Identifier: GPL-3.0-or-later
"""Simply.com: record by record under /my/products/DOMAIN; what went well has a status and a message of its own, what did not an error."""
import base64

from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {400: "Bad request", 401: "Invalid account authorization", 404: "Unknown or invalid product reference", 405: "Method not allowed", 409: "Conflict", 429: "Too many requests", 500: "Internal server error"}


class Server(Vendor):
    hosts = ("api.simply.com",)
    base = "/2"
    settings = {"account": "S123456"}
    name_servers = ("ns1.simply.com", "ns2.simply.com", "ns3.simply.com")
    least_ttl, null_mx = 60, False

    def authorize(self, q):
        if q.header("Authorization") != "Basic " + base64.b64encode(f"{self.settings['account']}:{self.valid_secret()}".encode()).decode():
            self.problem(401)

    def problem(self, status, text=None):
        raise Refused(status, {"error": text or WORDS.get(status, "Error")})

    def zone(self, name):
        if name not in self.zones:
            self.problem(404)
        return self.zones[name]

    def done(self, **more):
        return 200, {"status": 200, "message": "success", **more}

    def shape(self, r):
        return {"record_id": r["id"], "name": r["name"], "ttl": r["ttl"], "data": r["data"], "type": r["type"], "priority": r["priority"] or 0}

    @route("GET", "/my/products")
    @route("GET", "/my/products/")
    def products(self, q):
        return self.done(products=[{"object": n, "autorenew": True, "cancelled": False, "product": {"id": 1, "name": "DNS Service", "date_created": 1610096126, "date_expire": 0},
                                    "domain": {"name": n, "name_idn": n, "managed": True}} for n in self.zones])

    @route("GET", "/my/products/{}/dns/records")
    @route("GET", "/my/products/{}/dns/records/")
    def records(self, q, name):
        return self.done(records=[self.shape(r) for r in self.zone(name)["records"]])

    def checked(self, zone, value, old=None):
        shown = {"ttl": 3600, "priority": 0, **(self.shape(old) if old else {}), **value}
        try:
            if shown.get("type") not in TYPES:
                raise Bad("Invalid record type")
            name, ttl = self.name(shown.get("name"), ("@", "")), self.ttl(shown["ttl"])
            priority = self.number(shown["priority"], 0, 65535, "priority")
            data = self.host(shown.get("data"), zone, shown["type"]) if shown["type"] in ("MX", "NS", "CNAME") else shown.get("data")
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, shown["type"])
            if any(r is not old and (r["priority"], r["data"]) == (priority, data) for r in self.find(zone, name, shown["type"])):
                raise Bad("Record already exists")
        except Bad as e:
            self.problem(400, str(e))
        return {"name": name, "type": shown["type"], "ttl": ttl, "data": data, "priority": priority if shown["type"] == "MX" else None}

    @route("POST", "/my/products/{}/dns/records")
    @route("POST", "/my/products/{}/dns/records/")
    def create(self, q, name):
        zone = self.zone(name)
        return self.done(record={"id": self.add(zone, **self.checked(zone, self.json(q, known=("name", "data", "type", "ttl", "priority"))))["id"]})

    def record(self, zone, ident):
        return next((r for r in zone["records"] if str(r["id"]) == ident), None) or self.problem(404, "Unknown DNS record")

    @route("PUT", "/my/products/{}/dns/records/{}")
    @route("PUT", "/my/products/{}/dns/records/{}/")
    def update(self, q, name, ident):
        zone = self.zone(name)
        record = self.record(zone, ident)
        record.update(self.checked(zone, self.json(q, known=("name", "data", "type", "ttl", "priority")), record))
        return self.done()

    @route("DELETE", "/my/products/{}/dns/records/{}")
    @route("DELETE", "/my/products/{}/dns/records/{}/")
    def delete(self, q, name, ident):
        zone = self.zone(name)
        zone["records"].remove(self.record(zone, ident))
        return self.done()
