# SPDX-License-Identifier: GPL-3.0-or-later
"""DigitalOcean, by digitalocean.py."""
import digitalocean as inner
from adapted import Adapted
from service import Refused

WORDS = {401: ("unauthorized", "Unable to authenticate you."), 403: ("forbidden", "You are not authorized to perform this operation"), 404: ("not_found", "The resource you were accessing could not be found."),
         409: ("conflict", "The resource is busy."), 429: ("too_many_requests", "API rate limit exceeded."), 500: ("server_error", "Unexpected server-side error")}


class Server(Adapted):
    hosts = ("api.digitalocean.com",)
    base = "/v2"
    name_servers = ("ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com")
    make, page = inner.DigitalOcean, 200
    wanted = {"burst": 100000, "window": 60, "page_size": 200, "foreign_next": False, "no_duplicates": False}

    def told(self, switches):
        super().told(switches)
        self.inner.args.foreign_next = bool(self.switch["next_host"])

    def limited(self, most, window):
        self.inner.args.burst, self.inner.args.window = most, window

    def names(self):
        return list(self.inner.zones)

    def key(self, name):
        return name

    def make_foreign(self, host):
        raise KeyError("this vendor has no record that is not ours")

    def intrude(self, name, ttl, records):
        zone = self.inner.zones[name]
        zone["records"] = [r for r in zone["records"] if (r["type"], r["name"]) != ("MX", "@")]
        zone["records"] += [self.inner.numbered("@", "MX", ttl, self.inner.shown(host + ".", "MX", name), p) for p, host in records]
        self.inner.remember(name)

    def problem(self, status, text=None):
        ident, said = WORDS.get(status, ("error", "Error"))
        raise Refused(status, {"id": ident, "message": text or said}, {"retry-after": "1"} if status == 429 else {})
