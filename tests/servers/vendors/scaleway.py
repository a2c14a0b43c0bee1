# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaleway: one PATCH with several changes (add, set, delete, clear), all or none; data without a final dot is relative to the
zone; an unknown zone is 403; a foreign record has a geo_ip_config."""
import uuid

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

WORDS = {400: ("invalid_arguments", "invalid argument(s)"), 401: ("denied_authentication", "authentication is denied"), 403: ("permissions_denied", "insufficient permissions"),
         404: ("not_found", "resource is not found"), 405: ("method_not_allowed", "method not allowed"), 409: ("transient_state", "resource is in a transient state"),
         429: ("too_many_requests", "too many requests"), 500: ("internal_error", "internal error")}
FIELDS = ("id", "data", "name", "priority", "ttl", "type", "comment", "geo_ip_config", "http_service_config", "weighted_config", "view_config")


class Server(Vendor):
    hosts = ("api.scaleway.com",)
    base = "/domain/v2beta1"
    credential = ("X-Auth-Token", "")
    secret = "5f7a11c0-0000-4000-8000-7e570000c0de"         # its own client takes nothing but a UUID
    parameters = ("domain", "dns_zone", "dns_zones", "project_id", "organization_id", "page", "page_size", "name", "type", "id", "order_by")
    name_servers = ("ns0.dom.scw.cloud", "ns1.dom.scw.cloud")
    dots, page, per_page, null_mx = "relative", 1000, 100, False

    def zone_id(self):
        return None

    def record_id(self):
        return str(uuid.UUID(int=0xf5836d625e3a40fba618000000000000 + self.next()))

    def problem(self, status, text=None, argument=None):
        kind, said = WORDS.get(status, ("error", "error"))
        details = {"details": [{"argument_name": argument, "help_message": text, "reason": "constraint"}]} if argument else {}
        raise Refused(status, {**details, "message": said if argument else text or said, "type": kind})

    def zone(self, name):
        if name not in self.zones:
            raise Refused(403, {"message": "domain not found"})
        return self.zones[name]

    def shape(self, r):
        shown = {"id": r["id"], "data": self.shown(r).partition(" ")[2] if r["type"] == "MX" else self.shown(r), "name": "" if r["name"] == "@" else r["name"],
                 "priority": r["priority"] or 0, "ttl": r["ttl"], "type": r["type"], "comment": r.get("comment")}
        return {**shown, "geo_ip_config": {"matches": [{"countries": ["FR"], "continents": [], "data": shown["data"]}], "default": shown["data"]}} if r.get("foreign") else shown

    @route("GET", "/dns-zones")
    def list(self, q):
        found = [{"domain": n, "subdomain": "", "ns": [s + "." for s in self.name_servers], "ns_default": [], "ns_master": [], "status": "active", "message": None,
                  "updated_at": stamp(), "project_id": "00000000-0000-0000-0000-000000000001", "linked_products": []}
                 for n in self.zones if q.query.get("domain", n) == n and q.query.get("dns_zone", n) == n]
        items, _, _, _, total = self.paged(found, q, size="page_size")
        return 200, {"total_count": total, "dns_zones": items}

    @route("GET", "/dns-zones/{}/records")
    def records(self, q, name):
        shown = [self.shape(r) for r in self.zone(name)["records"]]
        items, _, _, _, total = self.paged([r for r in shown if all(r[k] == q.query[k] for k in ("name", "type", "id") if k in q.query)], q, size="page_size")
        return 200, {"total_count": total, "records": items}

    def record(self, zone, item):
        if not isinstance(item, dict) or any(k not in FIELDS for k in item):
            self.problem(400, "is not a record", "records")
        field = "type"
        try:
            if item.get("type") not in TYPES:
                raise Bad("type is not valid")
            field = "name"
            name = str(item.get("name", "")).removesuffix(zone["name"] + ".").removesuffix(".")      # absolute with a final dot
            name = self.name(name, ("",))
            field = "ttl"
            ttl = self.ttl(item.get("ttl"))
            field = "priority"
            priority = self.number(item.get("priority", 0), 0, 65535, "priority")
            field = "data"
            data = self.host(item.get("data"), zone, item["type"]) if item["type"] in ("MX", "CNAME", "NS") else item.get("data")
        except Bad as e:
            self.problem(400, str(e), field)
        return {"name": name, "type": item["type"], "ttl": ttl, "data": data, "priority": priority if item["type"] == "MX" else None, "comment": item.get("comment")}

    def chosen(self, zone, which):
        """The records that {"id"} or {"id_fields"} names."""
        if ("id" in which) == ("id_fields" in which):
            self.problem(400, "id or id_fields is required", "id")
        if "id" in which:
            return [r for r in zone["records"] if r["id"] == which["id"]] or self.problem(404, "record not found")
        fields = which["id_fields"]
        if not isinstance(fields, dict) or "type" not in fields or "name" not in fields:
            self.problem(400, "name and type are required", "id_fields")
        shown = [(r, self.shape(r)) for r in zone["records"]]
        return [r for r, s in shown if all(s[k] == fields[k] for k in ("name", "type", "data", "ttl") if fields.get(k) is not None)]

    def change(self, zone, change):
        if not isinstance(change, dict) or len(change) != 1:
            self.problem(400, "one change each", "changes")
        (kind, what), = change.items()
        if kind in ("add", "set"):
            new = [self.record(zone, i) for i in what.get("records", [])]
            gone = self.chosen(zone, {k: v for k, v in what.items() if k != "records"}) if kind == "set" else []
            zone["records"] = [r for r in zone["records"] if r not in gone]
            try:
                for r in new:
                    self.no_clash(zone, r["name"], r["type"])
                    if any((o["priority"], o["data"]) == (r["priority"], r["data"]) for o in self.find(zone, r["name"], r["type"])):
                        raise Bad("record already exists")
                    self.add(zone, **r)
            except Bad as e:
                self.problem(400, str(e), "records")
        elif kind == "delete":
            gone = self.chosen(zone, what)
            zone["records"] = [r for r in zone["records"] if r not in gone]
        elif kind == "clear":
            zone["records"] = []
        else:
            self.problem(400, "unknown change", "changes")

    @route("PATCH", "/dns-zones/{}/records")
    def patch(self, q, name):
        zone = self.zone(name)
        value = self.json(q, known=("changes", "return_all_records", "disallow_new_zone_creation", "serial"))
        if not isinstance(value.get("changes"), list) or not value["changes"]:
            self.problem(400, "is required", "changes")
        before = zone["records"]
        zone["records"] = list(before)
        try:
            for change in value["changes"]:
                self.change(zone, change)
        except Refused:
            zone["records"] = before
            raise
        shown = zone["records"] if value.get("return_all_records") else [r for r in zone["records"] if r not in before]
        return 200, {"records": [self.shape(r) for r in shown]}
