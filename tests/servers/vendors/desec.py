# SPDX-License-Identifier: GPL-3.0-or-later
"""deSEC: whole sets, one a call or many in an array; the zone of a name by owns_qname; minimum_ttl of the domain ("minimum_ttl"
in the start data, 3600 otherwise); over 500 (switch `page`) a list wants ?cursor= and links to the next page; apex "" in
bodies and lists, "@" in paths."""
from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

WORDS = {401: "Invalid token.", 403: "You do not have permission to perform this action.", 404: "Not found.",
         500: "Server Error (500)", 415: "Unsupported media type in request."}


class Server(Vendor):
    hosts = ("desec.io",)
    base = "/api/v1"
    credential = ("Authorization", "Token ")
    parameters = ("owns_qname", "cursor", "type", "subname")
    name_servers = ("ns1.desec.io", "ns2.desec.org")
    dots, page, most_ttl, underscores = "required", 500, 86400, False

    def problem(self, status, text=None, **more):
        headers = {"Retry-After": str(self.sleep or 1)} if status == 429 else {}
        if status == 429:
            text = f"Request was throttled. Expected available in {self.sleep or 1} seconds."
        raise Refused(status, {"detail": text or WORDS.get(status, "Unknown.")}, headers)

    def refused(self, **fields):
        raise Refused(400, fields)

    def zone(self, name):
        if name not in self.zones:
            self.problem(404, "No Domain matches the given query.")
        return self.zones[name]

    def domain(self, zone):
        return {"created": stamp(), "published": stamp(), "name": zone["name"], "minimum_ttl": zone.get("minimum_ttl", 3600), "touched": stamp()}

    def shape(self, zone, records):
        sub = "" if records[0]["name"] == "@" else records[0]["name"]
        return {"created": stamp(), "domain": zone["name"], "subname": sub, "name": f"{sub}.{zone['name']}.".lstrip("."),
                "records": [self.shown(r) for r in records], "ttl": records[0]["ttl"], "type": records[0]["type"], "touched": stamp()}

    def listed(self, q, items):
        most = self.switch["page"] or self.page
        if "cursor" not in q.query:
            if len(items) > most:
                self.problem_link(q, most, len(items))
            return 200, items
        at = int(q.query["cursor"] or 0)
        links = [f'<{self.address(q, cursor="")}>; rel="first"']
        if at:
            links.append(f'<{self.address(q, cursor=max(0, at - most) or "")}>; rel="prev"')
        if at + most < len(items):
            links.append(f'<{self.address(q, cursor=at + most)}>; rel="next"')
        return 200, items[at:at + most], {"Link": ", ".join(links)}

    def problem_link(self, q, most, total):
        raise Refused(400, {"detail": f"Pagination required. You can query up to {most} items at a time ({total} total). "
                                      "Please use the `first` page link (see Link header)."},
                      {"Link": f'<{self.address(q, cursor="")}>; rel="first"'})

    @route("GET", "/domains/")
    def domains(self, q):
        name = q.query.get("owns_qname")
        found = list(self.zones.values())
        if name is not None:
            owners = [z for z in found if name == z["name"] or name.endswith("." + z["name"])]
            found = sorted(owners, key=lambda z: -len(z["name"]))[:1]
        return self.listed(q, [self.domain(z) for z in found])

    @route("GET", "/domains/{}/")
    def one(self, q, name):
        return 200, {**self.domain(self.zone(name)), "keys": []}

    @route("GET", "/domains/{}/rrsets/")
    def rrsets(self, q, name):
        zone = self.zone(name)
        found = [self.shape(zone, r) for _, _, r in self.sets(zone)]
        return self.listed(q, [s for s in found if all(s[k] == q.query[k] for k in ("type", "subname") if k in q.query)])

    @route("GET", "/domains/{}/rrsets/{}/{}/")
    def rrset(self, q, name, sub, rtype):
        zone = self.zone(name)
        found = self.find(zone, sub, rtype)
        if not found:
            self.problem(404)
        return 200, self.shape(zone, found)

    def checked(self, zone, new, old, apex=""):
        """(name, type, ttl, values) that this JSON makes; values None where the records stay."""
        sub, rtype, texts = new.get("subname"), new.get("type"), new.get("records")
        if rtype not in TYPES:
            self.refused(type=["Generally unsupported type." if rtype else "This field is required."])
        if not isinstance(sub, str) or sub != sub.lower():
            self.refused(subname=["Subname can only use (lowercase) a-z, 0-9, ., -, and _, may start with a '*.', or just be '*'."])
        try:
            sub = self.name(sub, (apex,))
        except Bad:
            self.refused(subname=["Subname can only use (lowercase) a-z, 0-9, ., -, and _, may start with a '*.', or just be '*'."])
        if texts is None and not old or new.get("ttl") is None and not old and texts != []:
            self.refused(**{k: ["This field is required."] for k in ("ttl", "records") if new.get(k) is None})
        ttl = new["ttl"] if "ttl" in new else (old[0]["ttl"] if old else 3600)
        if isinstance(ttl, bool) or not isinstance(ttl, int):
            self.refused(ttl=["A valid integer is required."])
        least = zone.get("minimum_ttl", 3600)
        if not least <= ttl <= self.most_ttl:
            self.refused(ttl=[f"Ensure this value is {'greater' if ttl < least else 'less'} than or equal to {least if ttl < least else self.most_ttl}."])
        try:
            values = None if texts is None else [self.value(rtype, t, zone) for t in texts]
            if texts:
                self.no_clash(zone, sub, rtype)
        except Bad as e:
            self.refused(non_field_errors=[f"Cannot parse record contents: {e}"])
        if values and len({(p, d.lower()) for p, d in values}) < len(values):
            self.refused(non_field_errors=["Duplicate record in set."])
        return sub, rtype, ttl, values

    def store(self, zone, sub, rtype, ttl, values):
        self.put_set(zone, sub, rtype, ttl, [(r["priority"], r["data"]) for r in self.find(zone, sub, rtype)] if values is None else values)
        return self.find(zone, sub, rtype)

    @route("POST", "/domains/{}/rrsets/")
    @route("PUT", "/domains/{}/rrsets/")
    @route("PATCH", "/domains/{}/rrsets/")
    def write(self, q, name):
        zone, value = self.zone(name), self.json(q, (dict, list))
        if isinstance(value, dict) and q.method != "POST":
            self.refused(non_field_errors=['Expected a list of items but got type "dict".'])
        made, errors = [], []
        for new in value if isinstance(value, list) else [value]:
            old = self.find(zone, new.get("subname") or "@", new.get("type"))
            try:
                if q.method == "POST" and old:
                    self.refused(non_field_errors=["Another RRset with the same subdomain and type exists for this domain."])
                made.append(self.checked(zone, new, old if q.method == "PATCH" else []))
                errors.append({})
            except Refused as e:
                errors.append(e.body)
        if any(errors):
            raise Refused(400, errors if isinstance(value, list) else errors[0])
        if len({m[:2] for m in made}) < len(made):
            self.refused(non_field_errors=["Same subname and type in position(s) 0, 1, but must be unique."])
        stored = [self.shape(zone, r) for r in (self.store(zone, *m) for m in made) if r]
        return 201 if q.method == "POST" else 200, stored if isinstance(value, list) else stored[0]

    @route("PUT", "/domains/{}/rrsets/{}/{}/")
    @route("PATCH", "/domains/{}/rrsets/{}/{}/")
    def change(self, q, name, sub, rtype):
        zone, value, old = self.zone(name), self.json(q), self.find(self.zone(name), sub, rtype)
        if not old:
            self.problem(404)
        new = {**value, "subname": sub, "type": rtype}
        stored = self.store(zone, *self.checked(zone, new, old if q.method == "PATCH" else [], "@"))
        return (200, self.shape(zone, stored)) if stored else (204, None)

    @route("DELETE", "/domains/{}/rrsets/{}/{}/")
    def delete(self, q, name, sub, rtype):
        self.put_set(self.zone(name), sub, rtype, 0, [])
        return 204, None
