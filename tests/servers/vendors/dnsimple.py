# SPDX-License-Identifier: GPL-3.0-or-later
"""DNSimple: record by record under an account's number; regions other than global are routing (a foreign record has them);
a batch is for one plan only: 412; distribution tells when a record is everywhere."""
import time

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

WORDS = {400: "Validation failed", 401: "Authentication failed", 402: "Your account is not subscribed", 403: "Permission Denied. Required Scope: zones", 404: "Not found", 405: "Method not allowed",
         412: "This feature is not available on your plan", 429: "quota exceeded", 500: "Internal Server Error"}
FIELDS = ("name", "type", "content", "ttl", "priority", "regions", "integrated_zones")


class Server(Vendor):
    hosts = ("api.dnsimple.com",)
    base = "/v2"
    parameters = ("name", "name_like", "type", "page", "per_page", "sort")
    name_servers = ("ns1.dnsimple.com", "ns2.dnsimple-edge.net", "ns3.dnsimple.com")
    page, per_page = 100, 30
    number_of_account = 731

    def problem(self, status, text=None, **errors):
        raise Refused(status, {"message": WORDS.get(status) if errors else text or WORDS.get(status, "error"), **({"errors": errors} if errors else {})})

    def headers(self, q):
        most, left, reset = self.left()
        return {"X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": str(int(time.time()) + reset)}

    def zone(self, account, name):
        if account != str(self.number_of_account):
            self.problem(404, f"Account `{account}` not found")
        for zone in self.zones.values():
            if name in (zone["name"], str(zone["id"])):
                return zone
        return self.problem(404, f"Zone `{name}` not found")

    def zone_shape(self, zone):
        return {"id": zone["id"], "account_id": self.number_of_account, "name": zone["name"], "reverse": False, "secondary": False, "last_transferred_at": None,
                "active": zone.get("active", True), "created_at": stamp(), "updated_at": stamp()}

    def shape(self, zone, r):
        return {"id": r["id"], "zone_id": zone["name"], "parent_id": None, "name": "" if r["name"] == "@" else r["name"], "content": r["data"], "ttl": r["ttl"],
                "priority": r["priority"], "type": r["type"], "regions": ["SV1", "IAD"] if r.get("foreign") else ["global"],
                "system_record": r["type"] == "NS" and r["name"] == "@", "created_at": stamp(), "updated_at": stamp()}

    def listed(self, q, items):
        items, page, size, last, total = self.paged(items, q)
        return 200, {"data": items, "pagination": {"current_page": page, "per_page": size, "total_entries": total, "total_pages": last}}

    @route("GET", "/whoami")
    def whoami(self, q):
        return 200, {"data": {"user": None, "account": {"id": self.number_of_account, "email": "hostmaster@exempel.com", "plan_identifier": "teams-v2-monthly",
                                                        "created_at": stamp(), "updated_at": stamp()}}}

    @route("GET", "/accounts")
    def accounts(self, q):
        return 200, {"data": [self.whoami(q)[1]["data"]["account"]]}

    @route("GET", "/{}/domains")
    def domains(self, q, account):
        """Older than the zones, and still asked by clients."""
        status, found = self.list(q, account)
        for d in found["data"]:
            d.update(unicode_name=d["name"], state="hosted", registrant_id=None, auto_renew=False, private_whois=False, expires_on=None)
        return status, found

    @route("GET", "/{}/zones")
    def list(self, q, account):
        if account != str(self.number_of_account):
            self.problem(404, f"Account `{account}` not found")
        return self.listed(q, [self.zone_shape(z) for z in self.zones.values() if q.query.get("name_like", "") in z["name"]])

    @route("GET", "/{}/zones/{}")
    def one(self, q, account, name):
        return 200, {"data": self.zone_shape(self.zone(account, name))}

    @route("GET", "/{}/zones/{}/records")
    def records(self, q, account, name):
        zone = self.zone(account, name)
        found = [self.shape(zone, r) for r in zone["records"]]
        return self.listed(q, [r for r in found if all(r[k] == q.query[k] for k in ("name", "type") if k in q.query) and q.query.get("name_like", "") in r["name"]])

    def record(self, zone, ident):
        return next((r for r in zone["records"] if str(r["id"]) == ident), None) or self.problem(404, f"Record `{ident}` not found")

    @route("GET", "/{}/zones/{}/records/{}")
    def get(self, q, account, name, ident):
        zone = self.zone(account, name)
        return 200, {"data": self.shape(zone, self.record(zone, ident))}

    @route("GET", "/{}/zones/{}/records/{}/distribution")
    def distribution(self, q, account, name, ident):
        self.record(self.zone(account, name), ident)
        return 200, {"data": {"distributed": not self.pending}}

    def checked(self, zone, value, old=None):
        shown = {"ttl": 3600, "name": "", **(self.shape(zone, old) if old else {}), **value}
        rtype = shown.get("type")
        if rtype not in TYPES or old and rtype != old["type"]:
            self.problem(400, record_type=["unsupported"])
        try:
            field = "ttl"
            ttl = self.ttl(shown["ttl"])
            field = "name"
            name = self.name(shown["name"], ("", "@"))
            field = "priority"
            priority = self.number(shown.get("priority"), 0, 65535, "priority") if rtype == "MX" else None
            field = "content"
            data = self.host(shown.get("content"), zone, rtype) if rtype in ("MX", "NS", "CNAME") else shown.get("content")
            field = "base"
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, rtype)
            if any(r is not old and (r["name"], r["type"], r["data"], r["priority"]) == (name, rtype, data, priority) for r in zone["records"]):
                raise Bad("record already exists")
        except Bad as e:
            self.problem(400, **{field: [str(e)]})
        return {"name": name, "type": rtype, "ttl": ttl, "data": data, "priority": priority}

    @route("POST", "/{}/zones/{}/records")
    def create(self, q, account, name):
        zone = self.zone(account, name)
        return 201, {"data": self.shape(zone, self.add(zone, **self.checked(zone, self.json(q, known=FIELDS))))}

    @route("PATCH", "/{}/zones/{}/records/{}")
    def update(self, q, account, name, ident):
        zone = self.zone(account, name)
        record = self.record(zone, ident)
        if record["type"] == "NS" and record["name"] == "@":
            self.problem(400, base=["system records cannot be changed"])
        record.update(self.checked(zone, self.json(q, known=FIELDS), record))
        return 200, {"data": self.shape(zone, record)}

    @route("DELETE", "/{}/zones/{}/records/{}")
    def delete(self, q, account, name, ident):
        zone = self.zone(account, name)
        zone["records"].remove(self.record(zone, ident))
        return 204, None

    @route("POST", "/{}/zones/{}/batch")
    def batch(self, q, account, name):
        self.zone(account, name)
        return self.problem(412)
