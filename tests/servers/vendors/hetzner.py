# SPDX-License-Identifier: GPL-3.0-or-later
"""Hetzner Cloud: whole sets; records and TTL are two actions, each ends later (switch `delay`: exchanges until then; `broken`:
in an error) and its effect is seen then; a zone with a running action is locked; a zone's id or name in paths; TTL null is
the zone's own; a foreign set is one with change protection."""
import time

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

CODES = {400: "invalid_input", 401: "unauthorized", 403: "token_readonly", 404: "not_found", 405: "method_not_allowed", 409: "conflict",
         415: "unsupported_media_type", 422: "invalid_input", 423: "locked", 429: "rate_limit_exceeded", 500: "server_error",
         502: "bad_gateway", 503: "unavailable"}
TEXTS = {401: "unable to authenticate", 404: "not found", 409: "the resource was changed during the request, please retry",
         423: "the zone is locked by a running action", 429: "API rate limit exceeded", 500: "an internal server error occurred"}


def zip_sets(records, new, comments):
    """The values and the comments of the records, and of those of the new ones that are not among them."""
    old = [(r["priority"], r["data"]) for r in records]
    more = [(v, c) for v, c in zip(new, comments) if v not in old]
    return old + [v for v, _ in more], [r.get("comment", "") for r in records] + [c for _, c in more]


class Server(Vendor):
    hosts = ("api.hetzner.cloud",)
    base = "/v1"
    parameters = ("page", "per_page", "name", "type", "mode", "sort", "label_selector")
    name_servers = ("hydrogen.ns.hetzner.com", "oxygen.ns.hetzner.com", "helium.ns.hetzner.de")
    dots, least_ttl, page = "relative", 60, 50

    def first_id(self):
        return 53090

    def settle(self):
        super().settle()
        self.actions = {}

    def problem(self, status, text=None, code=None, field=None):
        details = {"fields": [{"name": field, "messages": [text]}]} if field else None
        raise Refused(status, {"error": {"code": code or CODES.get(status, "server_error"), "message": text or TEXTS.get(status, "error"), "details": details}})

    def headers(self, q):
        most, left, reset = self.left()
        return {"ratelimit-limit": str(most), "ratelimit-remaining": str(left), "ratelimit-reset": str(int(time.time()) + reset)}

    def zone(self, ident):
        for zone in self.zones.values():
            if ident in (zone["name"], str(zone["id"])):
                return zone
        return self.problem(404, "Zone not found")

    def zone_shape(self, zone):
        servers = [n + "." for n in self.name_servers]
        return {"id": zone["id"], "name": zone["name"], "mode": zone.get("mode", "primary"), "ttl": 86400, "labels": {}, "primary_nameservers": [],
                "created": "2025-10-28T13:34:24Z", "protection": {"delete": False}, "status": "ok", "record_count": len(zone["records"]),
                "authoritative_nameservers": {"assigned": servers, "delegated": servers, "delegation_status": "valid", "delegation_last_check": "2026-01-08T04:48:17Z"}, "registrar": "hetzner"}

    def shape(self, zone, records):
        first = records[0]
        return {"id": f"{first['name']}/{first['type']}", "name": first["name"], "type": first["type"], "ttl": first["ttl"], "labels": {},
                "protection": {"change": any(r.get("foreign") for r in records)},
                "records": [{"value": self.shown(r), "comment": r.get("comment", "")} for r in records], "zone": zone["id"]}

    def listed(self, q, key, items):
        items, page, size, last, total = self.paged(items, q)
        return 200, {key: items, "meta": {"pagination": {"page": page, "per_page": size, "previous_page": page - 1 or None,
                                                         "next_page": page + 1 if page < last else None, "last_page": last, "total_entries": total}}}

    @route("GET", "/zones")
    def list(self, q):
        return self.listed(q, "zones", [self.zone_shape(z) for z in self.zones.values() if q.query.get("name", z["name"]) == z["name"]])

    @route("GET", "/zones/{}")
    def one(self, q, ident):
        return 200, {"zone": self.zone_shape(self.zone(ident))}

    @route("GET", "/zones/{}/rrsets")
    def rrsets(self, q, ident):
        zone = self.zone(ident)
        found = [self.shape(zone, r) for _, _, r in self.sets(zone)]
        return self.listed(q, "rrsets", [s for s in found if all(s[k] == q.query[k] for k in ("name", "type") if k in q.query)])

    def rrset(self, zone, name, rtype):
        found = self.find(zone, name, rtype)
        if not found:
            self.problem(404, "RRSet not found")
        return found

    @route("GET", "/zones/{}/rrsets/{}/{}")
    def get(self, q, ident, name, rtype):
        zone = self.zone(ident)
        return 200, {"rrset": self.shape(zone, self.rrset(zone, name, rtype))}

    @route("GET", "/zones/actions/{}")
    @route("GET", "/actions/{}")
    def action(self, q, ident):
        if ident not in self.actions:
            self.problem(404, "Action not found")
        return 200, {"action": self.action_shape(*self.actions[ident])}

    def action_shape(self, ident, command, zone, thing):
        broken = thing["done"] and thing["broken"]
        return {"id": ident, "status": "running" if not thing["done"] else "error" if broken else "success", "command": command,
                "progress": 100 if thing["done"] else 50 if thing["left"] < 2 else 0, "started": stamp(), "finished": stamp() if thing["done"] else None,
                "error": {"code": "action_failed", "message": "Action failed"} if broken else None, "resources": [{"id": zone["id"], "type": "zone"}]}

    def begin(self, zone, command, effect):
        ident = 604989101982000 + len(self.actions) + 1
        self.actions[str(ident)] = (ident, command, zone, self.later(effect))
        return self.action_shape(*self.actions[str(ident)])

    def open(self, ident):
        """The zone, where it may be written."""
        zone = self.zone(ident)
        if zone.get("mode") == "secondary":
            self.problem(422, "zone is not in primary mode", "incorrect_zone_mode")
        if any(not thing["done"] and z is zone for _, _, z, thing in self.actions.values()):
            self.problem(423)
        return zone

    def values(self, zone, name, rtype, value):
        records = value.get("records")
        if not isinstance(records, list) or not records:
            self.problem(422, "must not be empty", field="records")
        try:
            self.no_clash(zone, name, rtype)
            values = [self.value(rtype, r.get("value") if isinstance(r, dict) else None, zone) for r in records]
        except Bad as e:
            self.problem(422, str(e), field="records")
        if len(set(values)) < len(values):
            self.problem(422, "records must be distinct", field="records")
        return values

    @staticmethod
    def comments(value):
        return [r.get("comment", "") for r in value["records"]]

    def store(self, zone, name, rtype, ttl, values, comments):
        self.put_set(zone, name, rtype, ttl, values)
        for record, comment in zip(self.find(zone, name, rtype), comments):
            record["comment"] = comment

    def set_ttl(self, value, default=None):
        ttl = value.get("ttl", default)
        try:
            return ttl if ttl is None else self.ttl(ttl)
        except Bad as e:
            return self.problem(422, str(e), field="ttl")

    @route("POST", "/zones/{}/rrsets")
    def create(self, q, ident):
        zone, value = self.open(ident), self.json(q, known=("name", "type", "ttl", "records", "labels"))
        name, rtype = value.get("name"), value.get("type")
        if rtype not in TYPES:
            self.problem(422, "is invalid", field="type")
        try:
            if name != self.name(name):
                self.problem(422, "must be lower case", field="name")
        except Bad as e:
            self.problem(422, str(e), field="name")
        if self.find(zone, name, rtype):
            self.problem(409, "RRSet already exists", "uniqueness_error")
        values, ttl = self.values(zone, name, rtype, value), self.set_ttl(value)
        action = self.begin(zone, "create_rrset", lambda: self.store(zone, name, rtype, ttl, values, self.comments(value)))
        shown = {"id": f"{name}/{rtype}", "name": name, "type": rtype, "ttl": ttl, "labels": {}, "protection": {"change": False},
                 "records": value["records"], "zone": zone["id"]}
        return 201, {"rrset": shown, "action": action}

    def mine(self, ident, name, rtype):
        """The zone and the set, where they may be changed."""
        zone = self.open(ident)
        found = self.rrset(zone, name, rtype)
        if any(r.get("foreign") for r in found):
            self.problem(423, "RRSet is protected", "protected")
        return zone, found

    @route("DELETE", "/zones/{}/rrsets/{}/{}")
    def delete(self, q, ident, name, rtype):
        zone, _ = self.mine(ident, name, rtype)
        return 201, {"action": self.begin(zone, "delete_rrset", lambda: self.put_set(zone, name, rtype, 0, []))}

    @route("POST", "/zones/{}/rrsets/{}/{}/actions/set_records")
    def set_records(self, q, ident, name, rtype):
        zone, found = self.mine(ident, name, rtype)
        value = self.json(q, known=("records",))
        values, ttl = self.values(zone, name, rtype, value), found[0]["ttl"]
        return 201, {"action": self.begin(zone, "set_rrset_records", lambda: self.store(zone, name, rtype, ttl, values, self.comments(value)))}

    @route("POST", "/zones/{}/rrsets/{}/{}/actions/change_ttl")
    def change_ttl(self, q, ident, name, rtype):
        zone, found = self.mine(ident, name, rtype)
        value = self.json(q, known=("ttl",))
        if "ttl" not in value:
            self.problem(422, "is required", field="ttl")
        ttl = self.set_ttl(value)
        return 201, {"action": self.begin(zone, "change_rrset_ttl", lambda: [r.update(ttl=ttl) for r in self.find(zone, name, rtype)])}

    @route("POST", "/zones/{}/rrsets/{}/{}/actions/add_records")
    def add_records(self, q, ident, name, rtype):
        zone, value = self.open(ident), self.json(q, known=("ttl", "records"))
        found, new = self.find(zone, name, rtype), self.values(zone, name, rtype, value)
        if found:
            self.mine(ident, name, rtype)
        ttl = self.set_ttl(value, found[0]["ttl"] if found else None)
        if found and ttl != found[0]["ttl"]:
            self.problem(422, "does not match the TTL of the RRSet", field="ttl")
        return 201, {"action": self.begin(zone, "add_rrset_records", lambda: self.store(zone, name, rtype, ttl, *zip_sets(found, new, self.comments(value))))}

    @route("POST", "/zones/{}/rrsets/{}/{}/actions/remove_records")
    def remove_records(self, q, ident, name, rtype):
        zone, found = self.mine(ident, name, rtype)
        gone = self.values(zone, name, rtype, self.json(q, known=("records",)))
        left = [r for r in found if (r["priority"], r["data"]) not in gone]
        ttl = found[0]["ttl"]
        return 201, {"action": self.begin(zone, "remove_rrset_records", lambda: self.store(zone, name, rtype, ttl, *zip_sets(left, [], [])))}
