# SPDX-License-Identifier: GPL-3.0-or-later
"""GleSYS: record by record, every call a POST (lists a GET, too) to /domain/VERB; data as in zone files; the envelope `response`
with a status of its own; JSON only where format=json, Accept or the request's own type asks for it."""
import base64
import json

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

WORDS = {400: "Bad Request.", 401: "Unauthorized.", 403: "Access denied.", 404: "Not Found.", 405: "Method not allowed.", 429: "Too Many Requests.", 500: "Internal server error."}


class Server(Vendor):
    hosts = ("api.glesys.com",)
    parameters = ("format",)
    name_servers = ("ns1.namesystem.se", "ns2.namesystem.se", "ns3.namesystem.se")
    said = {}
    project, dots, least_ttl = "CL12345", "relative", 60
    settings = {"project": project}

    def authorize(self, q):
        if q.header("Authorization") != "Basic " + base64.b64encode(f"{self.project}:{self.valid_secret()}".encode()).decode():
            self.problem(401)
        if q.query.get("format") != "json" and "json" not in q.header("Accept") + q.header("Content-Type"):
            raise Refused(406, b"<response><status><code>406</code><text>JSON was not asked for</text></status></response>", {"Content-Type": "application/xml"})

    def envelope(self, code, text, **more):
        return {"response": {"status": {"code": code, "timestamp": stamp(), "text": text, "transactionid": None}, **more, "debug": {"input": self.said}}}

    def problem(self, status, text=None):
        raise Refused(status, self.envelope(status, text or WORDS.get(status, "Error.")))

    def body(self, q, *known):
        """Arguments; an answer repeats them."""
        try:
            value = json.loads(q.body or b"{}")
        except ValueError:
            self.problem(400, "The body is not valid JSON.")
        if not isinstance(value, dict) or any(k not in known for k in value):
            self.problem(400, "Unknown argument.")
        self.said = {k: str(v) if isinstance(v, int) else v for k, v in value.items()}
        return value

    def zone(self, value):
        if value.get("domainname") not in self.zones:
            self.problem(404, "Domain not found.")
        return self.zones[value["domainname"]]

    def shape(self, zone, r):
        return {"recordid": r["id"], "domainname": zone["name"], "host": r["name"], "type": r["type"], "data": self.shown(r), "ttl": r["ttl"]}

    @route("GET", "/domain/list", writes=False)
    @route("POST", "/domain/list", writes=False)
    def list(self, q):
        found = [{"domainname": n, "createtime": "2016-07-27T14:57:07+02:00", "recordcount": len(z["records"]), "registrarinfo": {"state": "OK", "statedescription": "", "expire": "2030-07-27", "autorenew": "yes", "tld": "se", "invoicenumber": None}} for n, z in self.zones.items()]
        return 200, self.envelope(200, "OK", domains=found)

    @route("POST", "/domain/listrecords", writes=False)
    def records(self, q):
        zone = self.zone(self.body(q, "domainname"))
        return 200, self.envelope(200, "OK", records=[self.shape(zone, r) for r in zone["records"]])

    def checked(self, zone, value, old=None):
        shown = {"ttl": 3600, **(self.shape(zone, old) if old else {}), **value}
        try:
            if shown.get("type") not in TYPES:
                raise Bad("Invalid type.")
            name, ttl = self.name(shown.get("host")), self.ttl(shown["ttl"])
            priority, data = self.value(shown["type"], shown.get("data"), zone)
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, shown["type"])
            if any(r is not old and (r["priority"], r["data"]) == (priority, data) for r in self.find(zone, name, shown["type"])):
                raise Bad("The record already exists.")
        except Bad as e:
            self.problem(400, str(e))
        return {"name": name, "type": shown["type"], "ttl": ttl, "data": data, "priority": priority}

    @route("POST", "/domain/addrecord")
    def create(self, q):
        value = self.body(q, "domainname", "host", "type", "data", "ttl")
        zone = self.zone(value)
        record = self.add(zone, **self.checked(zone, value))
        return 200, self.envelope(200, "Record added.", record=self.shape(zone, record))

    def record(self, value):
        for zone in self.zones.values():
            for record in zone["records"]:
                if str(record["id"]) == str(value.get("recordid")):
                    return zone, record
        return self.problem(404, "Record not found.")

    @route("POST", "/domain/updaterecord")
    def update(self, q):
        value = self.body(q, "recordid", "host", "type", "data", "ttl")
        zone, record = self.record(value)
        record.update(self.checked(zone, value, record))
        return 200, self.envelope(200, "Record updated.", record=self.shape(zone, record))

    @route("POST", "/domain/deleterecord")
    def delete(self, q):
        zone, record = self.record(self.body(q, "recordid"))
        zone["records"].remove(record)
        return 200, self.envelope(200, "Record deleted.")
