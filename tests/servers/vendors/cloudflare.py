# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloudflare, by cloudflare.py: a foreign record is one of Email Routing; `twice` adds the zone to another account."""
import cloudflare as inner
from adapted import Adapted
from service import Refused


class Server(Adapted):
    hosts = ("api.cloudflare.com",)
    base = "/client/v4"
    name_servers = ("amy.ns.cloudflare.com", "vin.ns.cloudflare.com")
    make, page = inner.Cloudflare, 5000
    wanted = {"limit": 100000, "window": 300, "block": 2, "page_size": 5000, "soft_errors": False}
    codes = {401: (403, 9109, "Invalid access token"), 403: (403, 9109, "Unauthorized to access requested resource"), 404: (404, 1001, "Invalid zone identifier"), 429: (429, 971, "Please wait and consider throttling your request speed"),
             409: (409, 1000, "Conflict"), 500: (500, 10000, "Internal error")}

    def load(self):
        super().load()
        for zone in self.inner.zones:
            zone["name_servers"] = list(self.name_servers)

    def limited(self, most, window):
        self.inner.args.limit, self.inner.args.window, self.inner.args.block = most, window, 2
        self.inner.blocked_until = 0.0

    def names(self):
        return [z["name"] for z in self.inner.zones]

    def zone(self, name):
        return next(z for z in self.inner.zones if z["name"] == name)

    def key(self, name):
        return self.zone(name)["id"]

    def make_foreign(self, host):
        for zone in self.inner.zones:
            for r in zone["records"]:
                if r["type"] == "MX" and r["content"] == host:
                    r["meta"] = {"read_only": True, "email_routing": True}

    def make_twice(self, zone, kind):
        self.inner.zones.append({**self.zone(zone["name"]), "id": self.inner.ident(), "account": "b" * 32})
        self.inner.remember(self.inner.zones[-1])

    def intrude(self, name, ttl, records):
        zone = self.zone(name)
        zone["records"] = [r for r in zone["records"] if (r["type"], r["name"]) != ("MX", name)]
        zone["records"] += [self.inner.framed({"type": "MX", "ttl": ttl, "priority": p}, name, host) for p, host in records]
        self.inner.remember(zone)

    def problem(self, status, text=None):
        real, code, said = self.codes.get(status, (status, 10000, "Error"))
        raise Refused(real, {"result": None, "success": False, "errors": [{"code": code, "message": text or said}], "messages": []}, {"retry-after": "1"} if status == 429 else {})
