# SPDX-License-Identifier: GPL-3.0-or-later
"""NS1: whole sets by the full name; PUT makes, POST changes, answers in parts that may be numbers or strings (numbers in the
start data, then as written); filters make a traffic policy (a foreign set has them)."""
import re
import uuid

from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {401: "Unauthorized", 403: "permission denied", 404: "record not found", 405: "method not allowed", 409: "conflict", 429: "rate limit exceeded", 500: "internal error"}
FIELDS = ("zone", "name", "domain", "type", "ttl", "answers", "filters", "meta", "regions", "link", "use_client_subnet", "tier", "id", "networks", "tags", "blocked_tags",
          "override_ttl", "local_tags", "feeds")


class Server(Vendor):
    hosts = ("api.nsone.net",)
    base = "/v1"
    credential = ("X-NSONE-Key", "")
    parameters = ("limit", "after", "records")
    name_servers = ("dns1.p08.nsone.net", "dns2.p08.nsone.net", "dns3.p08.nsone.net")

    def problem(self, status, text=None):
        raise Refused(status, {"message": text or WORDS.get(status, "error")})

    def headers(self, q):
        most, left, _ = self.left()
        return {"X-RateLimit-By": "customer", "X-RateLimit-Limit": str(most), "X-RateLimit-Period": str((self.switch["limit"] or [0, 300])[1]), "X-RateLimit-Remaining": str(left)}

    def zone_id(self):
        return f"5ab7b712c9c79d0001{self.next():06x}"

    record_id = zone_id

    def zone(self, name):
        if name not in self.zones:
            self.problem(404, "zone not found")
        return self.zones[name]

    def zone_shape(self, zone):
        return {"id": zone["id"], "zone": zone["name"], "dns_servers": list(self.name_servers), "ttl": 3600, "nx_ttl": 3600, "serial": zone["serial"], "hostmaster": "hostmaster@nsone.net", "pool": "p08", "refresh": 43200, "retry": 7200, "expiry": 1209600,
                "network_pools": ["p08"], "dnssec": False, "link": None, "primary": {"enabled": False, "secondaries": []}, "meta": {}, "networks": [0]}

    def full(self, zone, name):
        return zone["name"] if name == "@" else f"{name}.{zone['name']}"

    def answer(self, record):
        if "parts" in record:
            return record["parts"]
        return [record["priority"], record["data"]] if record["type"] == "MX" else [record["data"].strip('"')]

    def shape(self, zone, records):
        first = records[0]
        return {"domain": self.full(zone, first["name"]), "zone": zone["name"], "use_client_subnet": True, "id": first["id"], "type": first["type"], "ttl": first["ttl"], "tier": 1,
                "answers": [{"answer": self.answer(r), "id": r["id"]} for r in records], "regions": {}, "meta": {}, "link": None, "networks": [0],
                "filters": [{"filter": "up", "config": {}}, {"filter": "shuffle", "config": {}}] if any(r.get("foreign") for r in records) else []}

    @route("GET", "/zones")
    def list(self, q):
        found = [self.zone_shape(z) for z in self.zones.values()]
        size = min(int(q.query.get("limit", 1000)), self.switch["page"] or 1000)
        names = [z["zone"] for z in found]
        at = names.index(q.query["after"]) + 1 if q.query.get("after") in names else 0
        more = {"Link": f'<{self.address(q, after=names[at + size - 1])}>; rel="next"'} if at + size < len(found) else {}
        return 200, found[at:at + size], more

    @route("GET", "/zones/{}")
    def one(self, q, name):
        zone = self.zone(name)
        short = [{"domain": self.full(zone, n), "id": r[0]["id"], "link": None, "ttl": r[0]["ttl"], "tier": 1, "type": t,
                  "short_answers": [" ".join(str(p) for p in self.answer(x)) for x in r]} for n, t, r in self.sets(zone)]
        return 200, {**self.zone_shape(zone), "records": short}

    def owner(self, zone, domain):
        try:
            return self.full_name(domain, zone)
        except Bad as e:
            return self.problem(400, str(e))

    @route("GET", "/zones/{}/{}/{}")
    def get(self, q, name, domain, rtype):
        zone = self.zone(name)
        return 200, self.shape(zone, self.find(zone, self.owner(zone, domain), rtype) or self.problem(404))

    def values(self, zone, rtype, answers):
        if not isinstance(answers, list) or not answers:
            raise Bad("answers must be a list that is not empty")
        found = []
        for item in answers:
            parts = item.get("answer") if isinstance(item, dict) else None
            if isinstance(parts, str):
                parts = parts.split()
            if not isinstance(parts, list) or len(parts) != (2 if rtype == "MX" else 1):
                raise Bad("answer: wrong number of fields")
            if item.get("meta") or item.get("region") or item.get("feeds"):
                raise Bad("this server knows no answers with meta, region or feeds")
            if rtype == "MX" and not re.fullmatch(r"\d{1,5}", str(parts[0])):
                raise Bad("priority must be a number")
            found.append((*(self.value(rtype, f"{parts[0]} {parts[1]}", zone) if rtype == "MX" else self.value(rtype, parts[0], zone)), parts))
        return found

    def store(self, q, zone, name, rtype, value, old):
        try:
            if value.get("zone", zone["name"]) != zone["name"] or value.get("type", rtype) != rtype or value.get("domain", self.full(zone, name)) != self.full(zone, name):
                raise Bad("zone, domain and type must be those of the path")
            if not isinstance(value.get("filters", []), list):
                raise Bad("filters: must be an array")
            ttl = self.ttl(value.get("ttl", old[0]["ttl"] if old else 3600))
            self.no_clash(zone, name, rtype)
            values = self.values(zone, rtype, value["answers"]) if "answers" in value or not old else [(r["priority"], r["data"], self.answer(r)) for r in old]
        except Bad as e:
            self.problem(400, str(e))
        self.put_set(zone, name, rtype, ttl, [v[:2] for v in values])
        for record, value_ in zip(self.find(zone, name, rtype), values):
            record["parts"] = value_[2]
        return 200, self.shape(zone, self.find(zone, name, rtype))

    @route("PUT", "/zones/{}/{}/{}")
    def create(self, q, name, domain, rtype):
        zone, value = self.zone(name), self.json(q, known=FIELDS)
        owner = self.owner(zone, domain)
        if rtype not in TYPES:
            self.problem(400, "invalid type")
        if self.find(zone, owner, rtype):
            self.problem(400, "record already exists")
        return self.store(q, zone, owner, rtype, value, [])

    @route("POST", "/zones/{}/{}/{}")
    def update(self, q, name, domain, rtype):
        zone, value = self.zone(name), self.json(q, known=FIELDS)
        owner = self.owner(zone, domain)
        return self.store(q, zone, owner, rtype, value, self.find(zone, owner, rtype) or self.problem(404))

    @route("DELETE", "/zones/{}/{}/{}")
    def delete(self, q, name, domain, rtype):
        zone = self.zone(name)
        owner = self.owner(zone, domain)
        if not self.find(zone, owner, rtype):
            self.problem(404)
        self.put_set(zone, owner, rtype, 0, [])
        return 200, {}
