# SPDX-License-Identifier: GPL-3.0-or-later
"""bunny.net: record by record with the verbs turned round (PUT makes, POST changes); types are numbers, MX is 4; members begin
with a capital; a foreign record is a smart one; the zone's own NS records are not shown."""
from service import Refused
from vendor import Bad, Vendor, route

KINDS = ("A", "AAAA", "CNAME", "TXT", "MX", "Redirect", "Flatten", "PullZone", "SRV", "CAA", "PTR", "Script", "NS")
WORDS = {400: ("validation_error", "The request is not valid"), 404: ("dnszone.not_found", "The requested DNS zone was not found"), 405: ("method_not_allowed", "Method not allowed"),
         409: ("conflict", "Conflict"), 429: ("too_many_requests", "Too many requests"), 500: ("internal_error", "Internal Server Error")}
FIELDS = ("Id", "Type", "Name", "Value", "Ttl", "Priority", "Weight", "Port", "Flags", "Tag", "Disabled", "Comment", "Accelerated", "AcceleratedPullZoneId", "LinkName", "MonitorStatus",
          "MonitorType", "GeolocationLatitude", "GeolocationLongitude", "SmartRoutingType", "LatencyZone", "EnviromentalVariables", "IPGeoLocationInfo", "GeolocationInfo", "AutoSslIssuance")


class Server(Vendor):
    hosts = ("api.bunny.net",)
    credential = ("AccessKey", "")
    parameters = ("page", "perPage", "search")
    name_servers = ("kiki.bunny.net", "coco.bunny.net")
    page, per_page = 1000, 1000

    def problem(self, status, text=None, field=""):
        if status in (401, 403):
            raise Refused(status, {"Message": "Authorization has been denied for this request."})
        key, said = WORDS.get(status, ("error", "error"))
        raise Refused(status, {"ErrorKey": key, "Field": field, "Message": text or said})

    def zone(self, ident):
        for zone in self.zones.values():
            if str(zone["id"]) == ident:
                return zone
        return self.problem(404, field="Id")

    def shape(self, r):
        smart = bool(r.get("foreign"))
        return {"Id": r["id"], "Type": KINDS.index(r["type"]), "Ttl": r["ttl"], "Value": r["data"], "Name": "" if r["name"] == "@" else r["name"], "Weight": 0,
                "Priority": r["priority"] or 0, "Port": 0, "Flags": 0, "Tag": "", "Accelerated": False, "AcceleratedPullZoneId": 0, "LinkName": "", "IPGeoLocationInfo": None,
                "GeolocationInfo": None, "MonitorStatus": 0, "MonitorType": 1 if smart else 0, "GeolocationLatitude": 0.0, "GeolocationLongitude": 0.0,
                "EnviromentalVariables": [], "LatencyZone": "DE" if smart else "", "SmartRoutingType": 1 if smart else 0, "Disabled": bool(r.get("disabled")), "Comment": r.get("comment")}

    def zone_shape(self, zone):
        own = [self.shape(r) for r in zone["records"] if (r["name"], r["type"]) != ("@", "NS")]
        return {"Id": zone["id"], "Domain": zone["name"], "Records": own, "DateModified": "2026-01-01T00:00:00", "DateCreated": "2026-01-01T00:00:00", "NameserversDetected": True,
                "CustomNameserversEnabled": False, "Nameserver1": self.name_servers[0], "Nameserver2": self.name_servers[1], "SoaEmail": "hostmaster@bunny.net",
                "NameserversNextCheck": "2026-01-01T00:00:00", "LoggingEnabled": False, "DnsSecEnabled": False, "CertificateKeyType": 0}

    @route("GET", "/dnszone")
    def list(self, q):
        found = [self.zone_shape(z) for z in self.zones.values() if q.query.get("search", "") in z["name"]]
        items, page, _, last, total = self.paged(found, q, size="perPage", least=5)
        return 200, {"Items": items, "CurrentPage": page, "TotalItems": total, "HasMoreItems": page < last}

    @route("GET", "/dnszone/{}")
    def one(self, q, ident):
        return 200, self.zone_shape(self.zone(ident))

    def checked(self, zone, value, old=None):
        shown = {"Ttl": 300, "Name": "", "Priority": 0, **(self.shape(old) if old else {}), **value}
        field = "Type"
        try:
            if isinstance(shown.get("Type"), bool) or not isinstance(shown.get("Type"), int) or not 0 <= shown["Type"] < len(KINDS):
                raise Bad("The record type is not valid")
            rtype, field = KINDS[shown["Type"]], "Ttl"
            ttl, field = self.ttl(shown["Ttl"]), "Name"
            name, field = self.name(shown["Name"], ("",)), "Priority"
            priority, field = self.number(shown["Priority"], 0, 65535, "Priority") if rtype == "MX" else None, "Value"
            data = self.host(shown.get("Value"), zone, rtype) if rtype in ("MX", "NS", "CNAME") else shown.get("Value")
            if isinstance(shown.get("Value"), str) and shown["Value"].endswith(".") and shown["Value"] != ".":
                raise Bad("The value is not a valid hostname")
            self.no_clash({"records": [r for r in zone["records"] if r is not old]}, name, rtype)
        except Bad as e:
            self.problem(400, str(e), field)
        return {"name": name, "type": rtype, "ttl": ttl, "data": data, "priority": priority, "disabled": bool(shown.get("Disabled"))}

    def published(self, zone):
        return [r for r in zone["records"] if not r.get("disabled")]

    @route("PUT", "/dnszone/{}/records")
    def create(self, q, ident):
        zone = self.zone(ident)
        return 201, self.shape(self.add(zone, **self.checked(zone, self.json(q, known=FIELDS))))

    def record(self, zone, ident):
        return next((r for r in zone["records"] if str(r["id"]) == ident), None) or self.problem(404, "The requested DNS record was not found", "Id")

    @route("POST", "/dnszone/{}/records/{}")
    def update(self, q, ident, rid):
        zone, value = self.zone(ident), self.json(q, known=FIELDS)
        record = self.record(zone, rid)
        record.update(self.checked(zone, value, record))
        return 204, None

    @route("DELETE", "/dnszone/{}/records/{}")
    def delete(self, q, ident, rid):
        zone = self.zone(ident)
        zone["records"].remove(self.record(zone, rid))
        return 204, None
