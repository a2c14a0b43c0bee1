# SPDX-License-Identifier: GPL-3.0-or-later
"""Gandi LiveDNS: whole sets; a value without a final dot is relative to the zone, written and read (targets in the zone are
shown so until somebody writes them otherwise); a PUT without rrset_ttl makes it 10800; the count of a list in Total-Count."""
from service import Refused
from vendor import HOST_TYPES, TYPES, Bad, Vendor, route

WORDS = {400: ("HTTPBadRequest", "Bad Request", "Bad request"), 401: ("HTTPUnauthorized", "Unauthorized", "The server could not verify that you authorized to access the document you requested."),
         403: ("HTTPForbidden", "Forbidden", "Access was denied to this resource."), 404: ("HTTPNotFound", "Not Found", "The resource could not be found."),
         405: ("HTTPMethodNotAllowed", "Method Not Allowed", "The method is not allowed for this resource."),
         409: ("HTTPConflict", "Duplicate Entry", "The record already exists"), 429: ("HTTPTooManyRequests", "Too Many Requests", "Too many requests"),
         500: ("HTTPInternalServerError", "Internal Server Error", "The server has either erred or is incapable of performing the requested operation.")}


class Server(Vendor):
    hosts = ("api.gandi.net",)
    base = "/v5/livedns"
    parameters = ("page", "per_page", "sharing_id", "rrset_type")
    name_servers = ("ns-1-a.gandi.net", "ns-2-b.gandi.net", "ns-3-c.gandi.net")
    dots, least_ttl, most_ttl, per_page = "relative", 300, 2592000, 100

    def authorize(self, q):
        if q.header("Authorization") not in ("Bearer " + self.valid_secret(), "Apikey " + self.valid_secret()):
            self.problem(401)

    def problem(self, status, text=None, what=None, field=None):
        name, cause, said = WORDS.get(status, ("HTTPError", "Error", "Error"))
        errors = {"errors": [{"location": "body", "name": field, "description": text}]} if field else {}
        raise Refused(status, {"code": status, "message": said if field else text or said, "object": what or name, "cause": cause, **errors})

    def zone(self, name):
        if name not in self.zones:
            self.problem(404)
        return self.zones[name]

    def links(self, q, name):
        href = f"{q.scheme}://{q.host}{self.base}/domains/{name}"
        return {"fqdn": name, "domain_href": href, "domain_records_href": href + "/records"}

    def spelled(self, zone, record):
        inside = "." + zone["name"]
        if "text" in record or record["type"] not in HOST_TYPES or not record["data"].endswith(inside):
            return record.get("text", self.shown(record))
        return self.shown(record)[:-len(inside) - 1]

    def shape(self, q, zone, records):
        first = records[0]
        return {"rrset_type": first["type"], "rrset_ttl": first["ttl"], "rrset_name": first["name"],
                "rrset_href": f"{self.links(q, zone['name'])['domain_records_href']}/{first['name']}/{first['type']}",
                "rrset_values": [self.spelled(zone, r) for r in records]}

    def listed(self, q, items):
        items, _, _, _, total = self.paged(items, q)
        return 200, items, {"Total-Count": str(total)}

    @route("GET", "/domains")
    def domains(self, q):
        return self.listed(q, [self.links(q, name) for name in sorted(self.zones)])

    @route("GET", "/domains/{}")
    def one(self, q, name):
        self.zone(name)
        return 200, {**self.links(q, name), "automatic_snapshots": True, "domain_keys_href": self.links(q, name)["domain_href"] + "/keys"}

    @route("GET", "/domains/{}/records")
    def records(self, q, name):
        zone = self.zone(name)
        return self.listed(q, [self.shape(q, zone, r) for _, rtype, r in self.sets(zone) if q.query.get("rrset_type", rtype) == rtype])

    @route("GET", "/domains/{}/records/{}")
    def named(self, q, name, owner):
        zone = self.zone(name)
        return self.listed(q, [self.shape(q, zone, r) for n, _, r in self.sets(zone) if n == owner])

    @route("GET", "/domains/{}/records/{}/{}")
    def get(self, q, name, owner, rtype):
        zone = self.zone(name)
        found = self.find(zone, owner, rtype)
        if not found:
            self.problem(404, f"Can't find the DNS record {owner}/{rtype} in the zone", "dns-record")
        return 200, self.shape(q, zone, found)

    @route("POST", "/domains/{}/records/{}/{}")
    @route("PUT", "/domains/{}/records/{}/{}")
    def put(self, q, name, owner, rtype):
        zone, value = self.zone(name), self.json(q, known=("rrset_values", "rrset_ttl", "rrset_name", "rrset_type"))
        texts, ttl = value.get("rrset_values"), value.get("rrset_ttl", 10800)
        if rtype not in TYPES:
            self.problem(400, f'"{rtype}" is not one of the types', field="rrset_type")
        if q.method == "POST" and self.find(zone, owner, rtype):
            self.problem(409, f"Record {owner} already exists")
        if not isinstance(texts, list) or not texts:
            self.problem(400, "Shorter than minimum length 1", field="rrset_values")
        try:
            self.name(owner)
            self.ttl(ttl)
        except Bad as e:
            self.problem(400, str(e), field="rrset_ttl")
        try:
            self.no_clash(zone, owner, rtype)
            values = [self.value(rtype, t, zone) for t in texts]
        except Bad as e:
            self.problem(400, str(e), field="rrset_values")
        if len(set(values)) < len(values):
            self.problem(400, "duplicate values", field="rrset_values")
        self.put_set(zone, owner, rtype, ttl, values)
        for record, text in zip(self.find(zone, owner, rtype), texts):
            record["text"] = text if rtype in HOST_TYPES or text.startswith('"') else f'"{text}"'
        return 201, {"message": "DNS Record Created"}

    @route("DELETE", "/domains/{}/records/{}")
    def delete_name(self, q, name, owner):
        zone = self.zone(name)
        zone["records"] = [r for r in zone["records"] if r["name"] != owner]
        return 204, None

    @route("DELETE", "/domains/{}/records/{}/{}")
    def delete(self, q, name, owner, rtype):
        zone = self.zone(name)
        if not self.find(zone, owner, rtype):
            self.problem(404, f"Can't find the DNS record {owner}/{rtype} in the zone", "dns-record")
        self.put_set(zone, owner, rtype, 0, [])
        return 204, None
