# SPDX-License-Identifier: GPL-3.0-or-later
"""GoDaddy: whole sets of one name and type; an empty PUT is answered and ignored, DELETE is what removes; "@" as data is the
zone itself; TTL from 600; domains page by marker."""
from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {400: ("INVALID_BODY", "Request body doesn't fulfill schema, see details in `fields`"), 401: ("UNABLE_TO_AUTHENTICATE", "Unauthorized : Could not authenticate API key/secret"),
         403: ("ACCESS_DENIED", "Authenticated user is not allowed access"), 404: ("NOT_FOUND", "The resource was not found"), 405: ("METHOD_NOT_ALLOWED", "Method not allowed"),
         409: ("DUPLICATE_RECORD", "Another record with the same attributes already exists"), 422: ("INVALID_BODY", "Request body doesn't fulfill schema, see details in `fields`"),
         429: ("TOO_MANY_REQUESTS", "Too many requests received within interval"), 500: ("INTERNAL_SERVER_ERROR", "Internal server error"),
         503: ("SERVICE_UNAVAILABLE", "Service unavailable")}
FIELDS = ("data", "name", "ttl", "type", "priority", "port", "protocol", "service", "weight")


class Server(Vendor):
    hosts = ("api.godaddy.com",)
    secret = "test-secret"
    settings = {"api_key": "test-key"}
    parameters = ("limit", "marker", "statuses", "offset", "includes", "statusGroups", "modifiedDate")
    name_servers = ("ns09.domaincontrol.com", "ns10.domaincontrol.com")
    least_ttl, most_ttl, page, null_mx = 600, 604800, 1000, False

    def authorize(self, q):
        if q.header("Authorization") != "sso-key test-key:" + self.valid_secret():
            self.problem(401)

    def problem(self, status, text=None, path=None):
        code, said = WORDS.get(status, ("ERROR", "error"))
        fields = {"fields": [{"code": "INVALID_VALUE", "message": text, "path": path}]} if path else {}
        wait = {"retryAfterSec": self.sleep or 1} if status == 429 else {}
        raise Refused(status, {"code": code, "message": said if path else text or said, **fields, **wait}, {"Retry-After": str(self.sleep or 1)} if status == 429 else {})

    def zone(self, name):
        if name not in self.zones:
            self.problem(404, f"Domain {name} not found for shopper")
        return self.zones[name]

    def shape(self, zone, r):
        shown = {"data": "@" if r["type"] in ("MX", "CNAME") and r["data"] == zone["name"] else r["data"], "name": r["name"], "ttl": r["ttl"], "type": r["type"]}
        return {**shown, "priority": r["priority"]} if r["type"] == "MX" else shown

    @route("GET", "/v1/domains")
    @route("GET", "/v1/domains/")
    def domains(self, q):
        names = sorted(self.zones)
        size = min(int(q.query.get("limit", 100)), self.switch["page"] or self.page)
        left = [n for n in names if n > q.query.get("marker", "")]
        return 200, [{"domain": n, "domainId": self.zones[n]["id"], "status": "ACTIVE", "nameServers": list(self.name_servers), "createdAt": "2021-12-01T00:00:00.000Z",
                      "expires": "2030-12-01T00:00:00.000Z", "expirationProtected": False, "holdRegistrar": False, "locked": True, "privacy": True, "renewAuto": True, "renewable": True,
                      "renewDeadline": "2031-01-15T00:00:00.000Z", "transferProtected": False} for n in left[:size]]

    @route("GET", "/v1/domains/{}")
    def one(self, q, name):
        return 200, {"domain": self.zone(name)["name"], "domainId": self.zones[name]["id"], "status": "ACTIVE", "authCode": "transfer-code-that-nobody-needs"}

    @route("GET", "/v1/domains/{}/records")
    def all(self, q, name):
        zone = self.zone(name)
        return 200, [self.shape(zone, r) for r in zone["records"]]

    @route("GET", "/v1/domains/{}/records/{}")
    def of_type(self, q, name, rtype):
        zone = self.zone(name)
        return 200, [self.shape(zone, r) for r in zone["records"] if r["type"] == rtype]

    @route("GET", "/v1/domains/{}/records/{}/{}")
    def get(self, q, name, rtype, owner):
        zone = self.zone(name)
        return 200, [self.shape(zone, r) for r in self.find(zone, owner, rtype)]

    def values(self, q, zone, rtype=None, owner=None):
        """[(name, type, ttl, priority, data)] of the body."""
        found = []
        for n, item in enumerate(self.json(q, list)):
            path = f"records[{n}]"
            if not isinstance(item, dict) or any(k not in FIELDS for k in item):
                self.problem(422, "is not a record", path)
            kind = item.get("type", rtype)
            if kind not in TYPES or rtype and kind != rtype:
                self.problem(422, "is not any of enum", path + ".type")
            try:
                name = self.name(item.get("name", owner))
                if owner and name != owner:
                    raise Bad("name must be that of the path")
                ttl, data = self.number(item.get("ttl", 3600), self.least_ttl, self.most_ttl, "ttl"), item.get("data")
                priority = self.number(item.get("priority"), 0, 65535, "priority") if kind == "MX" else None
                if kind in ("MX", "CNAME", "NS"):
                    data = zone["name"] if data == "@" else self.host(data, zone, kind)
            except Bad as e:
                self.problem(422, str(e), f"{path}.{str(e).split(' ', 1)[0]}")
            found.append((name, kind, ttl, priority, data))
        if len({(f[0], f[1], f[3], f[4]) for f in found}) < len(found):
            self.problem(422, "Another record with the same attributes already exists", "records")
        return found

    def store(self, zone, found):
        for name, kind, ttl, priority, data in found:
            self.add(zone, name, kind, ttl, data, priority)
        return 200, None

    @route("PUT", "/v1/domains/{}/records/{}/{}")
    def put(self, q, name, rtype, owner):
        zone = self.zone(name)
        found = self.values(q, zone, rtype, owner)
        if found:
            self.put_set(zone, owner, rtype, 0, [])
        return self.store(zone, found)

    @route("PUT", "/v1/domains/{}/records/{}")
    def put_type(self, q, name, rtype):
        zone = self.zone(name)
        found = self.values(q, zone, rtype)
        if found:
            zone["records"] = [r for r in zone["records"] if r["type"] != rtype]
        return self.store(zone, found)

    @route("PATCH", "/v1/domains/{}/records")
    def add_some(self, q, name):
        zone = self.zone(name)
        found = self.values(q, zone)
        for owner, kind, _, priority, data in found:
            if any((r["priority"], r["data"]) == (priority, data) for r in self.find(zone, owner, kind)):
                self.problem(422, "Another record with the same attributes already exists", "records")
        return self.store(zone, found)

    @route("DELETE", "/v1/domains/{}/records/{}/{}")
    def delete(self, q, name, rtype, owner):
        zone = self.zone(name)
        if not self.find(zone, owner, rtype):
            self.problem(404, "The domain or resource record set does not exist")
        self.put_set(zone, owner, rtype, 0, [])
        return 204, None
