# SPDX-License-Identifier: GPL-3.0-or-later
"""Vultr: record by record; pages by an opaque cursor, "" at the end; international targets are shown in Unicode; no null MX."""
import base64
import uuid

from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {401: "Invalid API token.", 403: "Unauthorized IP address", 404: "Invalid domain", 405: "Method not allowed", 429: "Rate limit exceeded", 500: "Internal server error",
         503: "Service unavailable"}
FIELDS = ("name", "type", "data", "ttl", "priority")


class Server(Vendor):
    hosts = ("api.vultr.com",)
    base = "/v2"
    parameters = ("per_page", "cursor")
    name_servers = ("ns1.vultr.com", "ns2.vultr.com")
    page, null_mx = 500, False

    def record_id(self):
        return str(uuid.UUID(int=0x727732b8d5bb48d2a7dc0d9200000000 + self.next()))

    def problem(self, status, text=None):
        raise Refused(status, {"error": text or WORDS.get(status, "error"), "status": status})

    def zone(self, name):
        if name not in self.zones:
            self.problem(404)
        return self.zones[name]

    def shape(self, record):
        data = record["data"]
        if "xn--" in data:
            data = data.encode("ascii").decode("idna")
        return {"id": record["id"], "type": record["type"], "name": "" if record["name"] == "@" else record["name"], "data": data,
                "priority": record["priority"] if record["type"] == "MX" else -1, "ttl": record["ttl"]}

    def listed(self, q, key, items):
        size, cursor = q.query.get("per_page", "100"), q.query.get("cursor", "")
        if not size.isdigit() or not 1 <= int(size) <= self.page:
            self.problem(400, "per_page must be between 1 and 500")
        try:
            at = int(base64.b64decode(cursor).decode().partition("__")[2]) if cursor else 0
        except ValueError:
            self.problem(400, "Invalid cursor")
        size = min(int(size), self.switch["page"] or self.page)

        def mark(n):
            return base64.b64encode(f"next__{n}".encode()).decode()
        links = {"next": mark(at + size) if at + size < len(items) else "", "prev": mark(max(0, at - size)) if at else ""}
        return 200, {key: items[at:at + size], "meta": {"total": len(items), "links": links}}

    @route("GET", "/domains")
    def domains(self, q):
        return self.listed(q, "domains", [{"domain": name, "date_created": "2021-03-27T09:40:29+00:00"} for name in self.zones])

    @route("GET", "/domains/{}")
    def one(self, q, name):
        return 200, {"domain": {"domain": self.zone(name)["name"], "date_created": "2021-03-27T09:40:29+00:00", "dns_sec": "disabled"}}

    @route("GET", "/domains/{}/records")
    def records(self, q, name):
        return self.listed(q, "records", [self.shape(r) for r in self.zone(name)["records"]])

    @route("GET", "/domains/{}/records/{}")
    def record(self, q, name, ident):
        return 200, {"record": self.shape(self.record_of(self.zone(name), ident))}

    def record_of(self, zone, ident):
        return next((r for r in zone["records"] if r["id"] == ident), None) or self.problem(404, "Invalid record")

    def checked(self, zone, value, old=None):
        shown = {"ttl": 300, **(self.shape(old) if old else {}), **value}
        try:
            if shown.get("type") not in TYPES:
                raise Bad("Invalid type")
            name, ttl = self.name(shown.get("name"), ("", "@")), self.ttl(shown["ttl"])
            priority = self.number(shown.get("priority"), 0, 65535, "priority") if shown["type"] == "MX" else None
            data = shown.get("data")
            if shown["type"] in ("MX", "NS", "CNAME"):
                data = self.host(data.encode("idna").decode() if isinstance(data, str) and not data.isascii() else data, zone, shown["type"])
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, shown["type"])
            if any(r is not old and (r["name"], r["type"], r["data"], r["priority"]) == (name, shown["type"], data, priority) for r in zone["records"]):
                raise Bad("Duplicate records are not allowed")
        except Bad as e:
            self.problem(400, str(e))
        return {"name": name, "type": shown["type"], "ttl": ttl, "data": data, "priority": priority}

    @route("POST", "/domains/{}/records")
    def create(self, q, name):
        zone = self.zone(name)
        return 201, {"record": self.shape(self.add(zone, **self.checked(zone, self.json(q, known=FIELDS))))}

    @route("PATCH", "/domains/{}/records/{}")
    def update(self, q, name, ident):
        zone = self.zone(name)
        record = self.record_of(zone, ident)
        record.update(self.checked(zone, self.json(q, known=FIELDS), record))
        return 204, None

    @route("DELETE", "/domains/{}/records/{}")
    def delete(self, q, name, ident):
        zone = self.zone(name)
        zone["records"].remove(self.record_of(zone, ident))
        return 204, None
