# SPDX-License-Identifier: GPL-3.0-or-later
"""Loopia: XML-RPC; user and password are the first two parameters (the password here has & and < in it); record by record in a
subdomain ("@" the apex), which is made with its first record; an answer is a word, of a method that gives an array an array of
that word; throttled is a fault 429; equal records can be made twice; no null MX, TTL from 300."""
import xmlrpc.client

from service import Refused
from vendor import TYPES, Bad, Vendor, route

ARRAYS = ("getDomains", "getSubdomains", "getZoneRecords")
WORDS = {401: "AUTH_ERROR", 403: "AUTH_ERROR", 400: "BAD_INDATA", 404: "UNKNOWN_ERROR", 405: "BAD_INDATA", 409: "UNKNOWN_ERROR", 423: "UNKNOWN_ERROR"}


class Server(Vendor):
    hosts = ("api.loopia.se",)
    base = "/RPCSERV"
    secret = "test&<secret>"
    settings = {"username": "test@loopiaapi"}
    name_servers = ("ns1.loopia.se", "ns2.loopia.se")
    least_ttl, null_mx = 300, False
    method = ""

    def xml(self, value, status=200):
        text = xmlrpc.client.dumps(value if isinstance(value, xmlrpc.client.Fault) else (value,), methodresponse=True, encoding="utf-8", allow_none=False)
        return status, text.encode(), {"Content-Type": "text/xml"}

    def problem(self, status, text=None):
        if status in (429, 500, 502, 503):
            said = {429: "Too many requests", 500: "Internal error"}.get(status, "Service unavailable")
            status, body, headers = self.xml(xmlrpc.client.Fault(status, said), 200 if status == 429 else status)
        else:
            word = text or WORDS[status]
            status, body, headers = self.xml([word] if self.method in ARRAYS else word)
        raise Refused(status, body, headers)

    def call(self, q):
        """(method, parameters) of the body."""
        if q.header("Content-Type").split(";")[0].strip() != "text/xml" or q.method != "POST":
            raise Refused(405, b"<html><body>Method Not Allowed</body></html>")
        try:
            given, self.method = xmlrpc.client.loads(q.body)
        except Exception:       # whatever expat and xmlrpc.client throw
            self.method = ""
            status, body, headers = self.xml(xmlrpc.client.Fault(-32700, "parse error. not well formed"))
            raise Refused(status, body, headers) from None
        return self.method, given

    def authorize(self, q):
        _, given = self.call(q)
        if given[:2] != (self.settings["username"], self.valid_secret()):
            self.problem(401)

    def writing(self, q, writes):
        return not self.call(q)[0].startswith("get")

    @route("POST", "")
    def rpc(self, q):
        method, given = self.call(q)
        answer = getattr(self, "rpc_" + method, None)
        if not answer:
            return self.xml(xmlrpc.client.Fault(620, f"Method {method} not found"))
        try:
            return self.xml(answer(*given[2:]))
        except (TypeError, Bad):
            return self.problem(400)

    def zone(self, name):
        return self.zones[name] if name in self.zones else self.problem(404)

    def rpc_getDomains(self):
        return [{"domain": n, "paid": 1, "registered": 1, "renewal_status": "NORMAL", "expiration_date": "2030-01-01", "reference_no": 1} for n in self.zones]

    def rpc_getSubdomains(self, domain):
        zone = self.zone(domain)
        return list(dict.fromkeys([r["name"] for r in zone["records"]] + zone.get("empty", [])))

    def rpc_getZoneRecords(self, domain, subdomain):
        zone = self.zone(domain)
        if subdomain not in self.rpc_getSubdomains(domain):
            self.problem(404)
        return [{"type": r["type"], "ttl": r["ttl"], "priority": r["priority"] or 0, "rdata": r.get("text", self.shown(r).rpartition(" ")[2] if r["type"] == "MX" else self.shown(r)),
                 "record_id": r["id"]} for r in zone["records"] if r["name"] == subdomain]

    def checked(self, zone, subdomain, value, old=None):
        if not isinstance(value, dict) or any(k not in ("type", "ttl", "priority", "rdata", "record_id") for k in value) or value.get("type") not in TYPES:
            raise Bad("not a record")
        name, ttl = self.name(subdomain), self.ttl(value.get("ttl"))
        priority, text = self.number(value.get("priority", 0), 0, 65535, "priority"), value.get("rdata")
        host = value["type"] in ("MX", "NS", "CNAME")
        data = self.host(text, zone, value["type"]) if host else text
        self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, value["type"])
        return {"name": name, "type": value["type"], "ttl": ttl, "data": data, "priority": priority if value["type"] == "MX" else None, "text": text}

    def rpc_addSubdomain(self, domain, subdomain):
        self.zone(domain).setdefault("empty", []).append(self.name(subdomain))
        return "OK"

    def rpc_removeSubdomain(self, domain, subdomain):
        zone = self.zone(domain)
        zone["records"] = [r for r in zone["records"] if r["name"] != subdomain]
        zone["empty"] = [n for n in zone.get("empty", []) if n != subdomain]
        return "OK"

    def rpc_addZoneRecord(self, domain, subdomain, value):
        zone = self.zone(domain)
        self.add(zone, **self.checked(zone, subdomain, value))
        return "OK"

    def record(self, zone, subdomain, ident):
        return next((r for r in zone["records"] if r["id"] == ident and r["name"] == subdomain), None) or self.problem(404)

    def rpc_updateZoneRecord(self, domain, subdomain, value):
        zone = self.zone(domain)
        record = self.record(zone, subdomain, value.get("record_id"))
        record.update(self.checked(zone, subdomain, value, record))
        return "OK"

    def rpc_removeZoneRecord(self, domain, subdomain, ident):
        zone = self.zone(domain)
        zone["records"].remove(self.record(zone, subdomain, ident))
        if not any(r["name"] == subdomain for r in zone["records"]):
            zone.setdefault("empty", []).append(subdomain)      # the subdomain stays
        return "OK"
