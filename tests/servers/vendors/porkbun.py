# SPDX-License-Identifier: GPL-3.0-or-later
"""Porkbun: record by record, every call a POST with both keys in its body; numbers are strings; names absolute when read and
relative when written; TTLs under 600 are raised without a word; a list of domains has 1000 a page (switch `page`)."""
from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {400: "Invalid request.", 401: "Invalid API key. (002)", 403: "API access is not enabled for this domain.", 404: "Not found.", 405: "Invalid request.",
         429: "Rate limit exceeded.", 500: "Internal error.", 503: "Service temporarily unavailable."}
FIELDS = ("apikey", "secretapikey", "name", "type", "content", "ttl", "prio", "notes")


class Server(Vendor):
    hosts = ("api.porkbun.com", "porkbun.com")
    base = "/api/json/v3"
    secret = "sk1_test-secret"
    api_key = "pk1_test-key"
    settings = {"api_key": api_key}
    name_servers = ("maceio.porkbun.com", "salvador.porkbun.com", "fortaleza.porkbun.com", "curitiba.porkbun.com")

    def first_id(self):
        return 432480874

    def authorize(self, q):
        if q.method == "POST":
            value = self.json(q)
            if (value.get("apikey"), value.get("secretapikey")) != (self.api_key, self.valid_secret()):
                self.problem(400, "Invalid API key. (002)")

    def problem(self, status, text=None):
        raise Refused(status, {"status": "ERROR", "message": text or WORDS.get(status, "Error.")})

    def zone(self, name):
        if name not in self.zones:
            self.problem(400, "Invalid domain.")
        return self.zones[name]

    def shape(self, zone, r):
        return {"id": str(r["id"]), "name": zone["name"] if r["name"] == "@" else f"{r['name']}.{zone['name']}", "type": r["type"], "content": r["data"], "ttl": str(r["ttl"]),
                "prio": str(r["priority"]) if r["type"] == "MX" else None if r["type"] == "NS" else "0", "notes": r.get("comment")}

    @route("POST", "/ping", writes=False)
    def ping(self, q):
        return 200, {"status": "SUCCESS", "yourIp": "192.0.2.1", "xForwardedFor": "192.0.2.1"}

    @route("POST", "/domain/listAll", writes=False)
    def list(self, q):
        start, size = str(self.json(q).get("start", "0")), self.switch["page"] or 1000
        if not start.isdigit():
            self.problem(400)
        return 200, {"status": "SUCCESS", "domains": [{"domain": n, "status": "ACTIVE", "tld": n.rpartition(".")[2], "createDate": "2018-08-20 17:52:51", "expireDate": "2030-08-20 17:52:51",
                                                       "securityLock": "1", "whoisPrivacy": "1", "autoRenew": 1, "notLocal": 0} for n in list(self.zones)[int(start):int(start) + size]]}

    def retrieved(self, zone, records):
        return 200, {"status": "SUCCESS", "cloudflare": "enabled", "records": [self.shape(zone, r) for r in records]}

    @route("POST", "/dns/retrieve/{}", writes=False)
    def all(self, q, name):
        zone = self.zone(name)
        return self.retrieved(zone, zone["records"])

    @route("POST", "/dns/retrieve/{}/{}", writes=False)
    def one(self, q, name, ident):
        zone = self.zone(name)
        return self.retrieved(zone, [r for r in zone["records"] if str(r["id"]) == ident])

    @route("POST", "/dns/retrieveByNameType/{}/{}", writes=False)
    @route("POST", "/dns/retrieveByNameType/{}/{}/", writes=False)
    @route("POST", "/dns/retrieveByNameType/{}/{}/{}", writes=False)
    def named(self, q, name, rtype, owner="@"):
        zone = self.zone(name)
        return self.retrieved(zone, self.find(zone, owner, rtype))

    def text(self, value, name, low, high):
        if not str(value).isdigit() or isinstance(value, bool):
            raise Bad(f"{name} is not a number.")
        return self.number(int(value), low, high, name)

    def checked(self, q, zone, old=None):
        value = self.json(q, known=FIELDS)
        try:
            rtype = value.get("type")
            if rtype not in TYPES:
                raise Bad("Invalid type.")
            name, ttl = self.name(value.get("name", ""), ("",)), max(600, self.text(value.get("ttl", "600"), "ttl", 0, 2147483647))
            priority = self.text(value.get("prio", "0"), "prio", 0, 65535) if rtype == "MX" else None
            data = self.host(value.get("content"), zone, rtype) if rtype in ("MX", "NS", "CNAME") else value.get("content")
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, rtype)
            if any(r is not old and (r["priority"], r["data"]) == (priority, data) for r in self.find(zone, name, rtype)):
                raise Bad("Create error: We were unable to create the DNS record. This record already exists.")
        except Bad as e:
            self.problem(400, str(e))
        return {"name": name, "type": rtype, "ttl": ttl, "data": data, "priority": priority}

    @route("POST", "/dns/create/{}")
    def create(self, q, name):
        zone = self.zone(name)
        return 200, {"status": "SUCCESS", "id": self.add(zone, **self.checked(q, zone))["id"]}

    def record(self, zone, ident):
        return next((r for r in zone["records"] if str(r["id"]) == ident), None) or self.problem(400, "Invalid record ID.")

    @route("POST", "/dns/edit/{}/{}")
    def update(self, q, name, ident):
        zone = self.zone(name)
        record = self.record(zone, ident)
        record.update(self.checked(q, zone, record))
        return 200, {"status": "SUCCESS"}

    @route("POST", "/dns/delete/{}/{}")
    def delete(self, q, name, ident):
        zone = self.zone(name)
        zone["records"].remove(self.record(zone, ident))
        return 200, {"status": "SUCCESS"}
