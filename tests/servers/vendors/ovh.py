# SPDX-License-Identifier: GPL-3.0-or-later
"""OVH: record by record, the preference in the target; each request signed (checked) with the vendor's own time (switch `clock`);
nothing is published before refresh; equal records can be made twice; the consumer key is granted /domain/zone/* and no more."""
import copy
import hashlib
import time

from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {400: ("Client::BadRequest", "Invalid request"), 403: ("Client::Forbidden", "This call has not been granted"), 404: ("Client::NotFound", "The requested object does not exist"),
         405: ("Client::MethodNotAllowed", "Method not allowed"), 409: ("Client::Conflict", "A task is already running on this zone"), 429: ("Client::TooManyRequests", "Too many requests"),
         500: ("Server::InternalServerError", "Internal server error"), 503: ("Server::ServiceUnavailable", "Service unavailable")}


class Server(Vendor):
    hosts = ("eu.api.ovh.com",)
    base = "/1.0"
    secret = "test-application-secret"
    settings = {"application_key": "test-application", "consumer_key": "test-consumer"}
    parameters = ("fieldType", "subDomain")
    name_servers = ("dns10.ovh.net", "ns10.ovh.net")
    dots, least_ttl = "relative", 0

    def first_id(self):
        return 1553644696

    def problem(self, status, text=None, code=None):
        if status == 401:
            status, text, code = 403, "This credential is not valid", "INVALID_CREDENTIAL"
        name, said = WORDS.get(status, ("Client::Error", "error"))
        about = {"errorCode": code, "httpCode": f"{status} {'Forbidden' if status == 403 else 'Bad Request'}"} if code else {"class": name}
        raise Refused(status, {**about, "message": text or said}, self.headers(None))

    def headers(self, q):
        return {"X-OVH-QUERYID": f"FR.ws-5.{self.exchanges:08x}.1.1"}

    def authorize(self, q):
        if q.path == self.base + "/auth/time":
            return
        if q.header("X-Ovh-Application") != self.settings["application_key"]:
            self.problem(403, "This application key is invalid", "INVALID_KEY")
        if q.header("X-Ovh-Consumer") != self.settings["consumer_key"]:
            self.problem(401)
        when = q.header("X-Ovh-Timestamp")
        if not when.isdigit() or abs(int(when) - time.time() - self.switch["clock"]) > 30:
            self.problem(400, "Invalid timestamp", "QUERY_TIME_OUT")
        text = "+".join((self.valid_secret(), self.settings["consumer_key"], q.method, f"{q.scheme}://{q.host}{q.target}", q.body.decode("utf-8", "replace"), when))
        if q.header("X-Ovh-Signature") != "$1$" + hashlib.sha1(text.encode()).hexdigest():
            self.problem(400, "Invalid signature", "INVALID_SIGNATURE")
        if not q.path.startswith(self.base + "/domain/zone/"):
            self.problem(403, "This call has not been granted", "NOT_GRANTED_CALL")

    def load(self):
        super().load()
        for zone in self.zones.values():
            zone["live"] = copy.deepcopy(zone["records"])

    def intruded(self):
        super().intruded()
        if self.switch["intrude"] and self.switch["intrude"][0] == self.exchanges:
            zone = self.zones[self.switch["intrude"][1]]
            zone["live"] = copy.deepcopy(zone["records"])
            self.remember()

    def zone(self, name):
        if name not in self.zones:
            self.problem(404, f"The requested object (zoneName = {name}) does not exist")
        return self.zones[name]

    def shape(self, zone, r):
        return {"id": r["id"], "zone": zone["name"], "fieldType": r["type"], "subDomain": "" if r["name"] == "@" else r["name"], "target": self.shown(r), "ttl": r["ttl"]}

    @route("GET", "/auth/time")
    def time(self, q):
        return 200, int(time.time() + self.switch["clock"])

    @route("GET", "/domain/zone/")
    def list(self, q):
        return 200, sorted(self.zones)

    @route("GET", "/domain/zone/{}")
    def one(self, q, name):
        return 200, {"name": self.zone(name)["name"], "nameServers": list(self.name_servers), "hasDnsAnycast": False, "dnssecSupported": True, "lastUpdate": "2018-06-11T13:19:53+00:00"}

    @route("GET", "/domain/zone/{}/status")
    def status(self, q, name):
        self.zone(name)
        return 200, {"warnings": None, "errors": None, "isDeployed": True}

    @route("GET", "/domain/zone/{}/record")
    def records(self, q, name):
        zone = self.zone(name)
        shown = [self.shape(zone, r) for r in zone["records"]]
        return 200, [r["id"] for r in shown if all(r[k] == q.query[k] for k in ("fieldType", "subDomain") if k in q.query)]

    def record(self, zone, ident):
        return next((r for r in zone["records"] if str(r["id"]) == ident), None) or self.problem(404, f"The requested object (id = {ident}) does not exist")

    @route("GET", "/domain/zone/{}/record/{}")
    def get(self, q, name, ident):
        zone = self.zone(name)
        return 200, self.shape(zone, self.record(zone, ident))

    def checked(self, zone, value, old=None):
        shown = {"ttl": 0, "subDomain": "", **(self.shape(zone, old) if old else {}), **value}
        if shown.get("fieldType") not in TYPES:
            self.problem(400, "Invalid parameter: fieldType")
        try:
            name, ttl = self.name(shown["subDomain"], ("",)), self.ttl(shown["ttl"])
            if 0 < ttl < 60:
                raise Bad("ttl is below 60")
            priority, data = self.value(shown["fieldType"], shown.get("target"), zone)
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, shown["fieldType"])
        except Bad as e:
            self.problem(400, f"Invalid parameter: {e}")
        return {"name": name, "type": shown["fieldType"], "ttl": ttl, "data": data, "priority": priority}

    @route("POST", "/domain/zone/{}/record")
    def create(self, q, name):
        zone = self.zone(name)
        return 200, self.shape(zone, self.add(zone, **self.checked(zone, self.json(q, known=("fieldType", "subDomain", "target", "ttl")))))

    @route("PUT", "/domain/zone/{}/record/{}")
    def update(self, q, name, ident):
        zone = self.zone(name)
        record = self.record(zone, ident)
        record.update(self.checked(zone, self.json(q, known=("subDomain", "target", "ttl")), record))
        return 200, b"null", {"Content-Type": "application/json"}

    @route("DELETE", "/domain/zone/{}/record/{}")
    def delete(self, q, name, ident):
        zone = self.zone(name)
        zone["records"].remove(self.record(zone, ident))
        return 200, b"null", {"Content-Type": "application/json"}

    @route("POST", "/domain/zone/{}/refresh")
    def refresh(self, q, name):
        zone = self.zone(name)
        zone["live"] = copy.deepcopy(zone["records"])
        return 200, b"null", {"Content-Type": "application/json"}
