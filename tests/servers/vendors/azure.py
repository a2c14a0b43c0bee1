# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure DNS: a token by client credentials (both endpoints of the login), then whole sets with an etag: If-Match and If-None-Match
are held; a PUT drops metadata that it does not repeat ("metadata" in the start data, or the switch `foreign`); paths in any
case; next pages are addresses; no null MX; `twice` adds the zone to another resource group."""
import time
import uuid

from service import Refused
from vendor import TYPES, Bad, Vendor, route

WORDS = {400: ("BadRequest", "Bad request"), 401: ("InvalidAuthenticationToken", "The access token is invalid."), 404: ("ResourceNotFound", "The resource was not found."),
         403: ("AuthorizationFailed", "The client does not have authorization to perform action 'Microsoft.Network/dnsZones/MX/write' over scope."),
         405: ("MethodNotAllowed", "The method is not allowed."), 409: ("Conflict", "Another operation is in progress."), 412: ("PreconditionFailed", "The precondition failed."),
         429: ("TooManyRequests", "Number of requests exceeded the limit."), 500: ("InternalServerError", "Encountered internal server error."), 503: ("ServiceUnavailable", "Service unavailable.")}
ZONES = "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/dnsZones"
FIELDS = {"MX": "MXRecords", "TXT": "TXTRecords", "A": "ARecords", "AAAA": "AAAARecords", "NS": "NSRecords", "CNAME": "CNAMERecord"}


class Server(Vendor):
    hosts = ("management.azure.com", "login.microsoftonline.com")
    secret = "test-secret~1"
    settings = {"tenant": "test-tenant", "client_id": "test-client", "subscription": "test-subscription"}
    group = "dns-test"
    parameters = ("api-version", "$top", "$skipToken", "$recordsetnamesuffix", "authorization_endpoint")
    name_servers = ("ns1-05.azure-dns.com", "ns2-05.azure-dns.net", "ns3-05.azure-dns.org", "ns4-05.azure-dns.info")
    null_mx, fold, page = False, True, 100

    def load(self):
        self.others, self.etags = [], {}
        super().load()

    def account(self, q):
        origin = f"{q.scheme}://{q.host}"
        return {"endpoint": origin, "settings": {**self.settings, "login_endpoint": origin}, "key": self.valid_secret()}

    def problem(self, status, text=None, flat=False):
        code, said = WORDS.get(status, ("Error", "error"))
        error = {"code": code, "message": text or said}
        raise Refused(status, error if flat else {"error": error}, {"Retry-After": str(self.sleep or 1)} if status == 429 else {})

    def headers(self, q):
        return {"x-ms-request-id": str(uuid.uuid4()), "x-ms-ratelimit-remaining-subscription-resource-requests": "499"}

    # -- the login ----------------------------------------------------------------------------------------------------

    def authorize(self, q):
        if "/oauth2/" in q.path or "/.well-known/" in q.path or "/discovery/" in q.path:
            return
        if not self.known_token(q.header("Authorization").removeprefix("Bearer ")):
            self.problem(401)
        if q.query.get("api-version", "") == "":
            raise Refused(400, {"error": {"code": "MissingApiVersionParameter", "message": "The api-version query parameter (?api-version=) is required for all requests."}})

    def no_login(self, status, error, text):
        raise Refused(status, {"error": error, "error_description": text, "error_codes": [int(text[6:text.index(":")])], "trace_id": str(uuid.uuid4())})

    @route("POST", "/{}/oauth2/token", writes=False)
    @route("POST", "/{}/oauth2/v2.0/token", writes=False)
    def token(self, q, tenant):
        form, second = q.form(), q.path.endswith("/v2.0/token")
        if tenant != self.settings["tenant"]:
            self.no_login(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")
        if form.get("grant_type") != "client_credentials":
            self.no_login(400, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.")
        if form.get("client_id") != self.settings["client_id"]:
            self.no_login(400, "unauthorized_client", "AADSTS700016: Application with identifier was not found in the directory.")
        if form.get("client_secret") != self.valid_secret():
            self.no_login(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        if not form.get("scope" if second else "resource", "").startswith("http") or second and not form["scope"].endswith("/.default"):
            self.no_login(400, "invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' is not valid.")
        life = 3599 if second else "3599"
        now = int(time.time())
        more = {} if second else {"expires_on": str(now + 3599), "not_before": str(now), "resource": form["resource"]}
        return 200, {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, **more, "access_token": self.give_token()}

    @route("GET", "/{}/v2.0/.well-known/openid-configuration")
    def discovered(self, q, tenant):
        """What Azure's own clients ask before they log in."""
        at = f"{q.scheme}://{q.host}/{tenant}/oauth2/v2.0"
        return 200, {"token_endpoint": at + "/token", "authorization_endpoint": at + "/authorize", "issuer": f"{q.scheme}://{q.host}/{tenant}/v2.0"}

    @route("GET", "/common/discovery/instance")
    def instance(self, q):
        host = q.host.partition(":")[0]
        return 200, {"tenant_discovery_endpoint": f"{q.scheme}://{q.host}/common/v2.0/.well-known/openid-configuration", "api-version": "1.1",
                     "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}]}

    # -- the zones ----------------------------------------------------------------------------------------------------

    def make_twice(self, zone, kind):
        self.others.append({"id": 1, "name": zone["name"], "records": [], "group": "other-group"})

    def make_foreign(self, host):
        for zone in self.zones.values():
            for r in zone["records"]:
                if r["type"] == "MX" and r["data"] == host:
                    r["metadata"] = {"key1": "value1"}

    def path(self, zone, *more):
        return "/".join((f"/subscriptions/{self.settings['subscription']}/resourceGroups/{zone.get('group', self.group)}/providers/Microsoft.Network/dnszones/{zone['name']}", *more))

    def zone_shape(self, zone):
        return {"id": self.path(zone), "name": zone["name"], "type": "Microsoft.Network/dnszones", "etag": str(uuid.UUID(int=zone["id"])), "location": "global", "tags": {},
                "properties": {"maxNumberOfRecordSets": 10000, "maxNumberOfRecordsPerRecordSet": None, "nameServers": [s + "." for s in self.name_servers],
                               "numberOfRecordSets": len(self.sets(zone)), "zoneType": "Public"}}

    def listed(self, q, items):
        at, most = q.query.get("$skipToken", "0"), q.query.get("$top", "100")
        if not at.isdigit() or not most.isdigit():
            self.problem(400, "The skip token is invalid.")
        size, at = min(int(most), self.switch["page"] or self.page), int(at)
        more = {"nextLink": self.address(q, **{"$skipToken": at + size})} if at + size < len(items) else {}
        return 200, {"value": items[at:at + size], **more}

    def mine(self, subscription):
        if subscription != self.settings["subscription"]:
            raise Refused(404, {"error": {"code": "SubscriptionNotFound", "message": f"The subscription '{subscription}' could not be found."}})

    @route("GET", "/subscriptions/{}/providers/Microsoft.Network/dnsZones")
    def all(self, q, subscription):
        self.mine(subscription)
        return self.listed(q, [self.zone_shape(z) for z in [*self.zones.values(), *self.others]])

    @route("GET", ZONES)
    def list(self, q, subscription, group):
        self.mine(subscription)
        if group not in (self.group, "other-group"):
            raise Refused(404, {"error": {"code": "ResourceGroupNotFound", "message": f"Resource group '{group}' could not be found."}})
        return self.listed(q, [self.zone_shape(z) for z in [*self.zones.values(), *self.others] if z.get("group", self.group) == group])

    def zone(self, subscription, group, name):
        self.mine(subscription)
        for zone in [*self.zones.values(), *self.others]:
            if (zone["name"], zone.get("group", self.group)) == (name.lower(), group):
                return zone
        return self.problem(404, f"The Resource 'Microsoft.Network/dnszones/{name}' under resource group '{group}' was not found.")

    @route("GET", ZONES + "/{}")
    def one(self, q, *where):
        return 200, self.zone_shape(self.zone(*where))

    # -- sets ---------------------------------------------------------------------------------------------------------

    def value_of(self, r):
        if r["type"] == "MX":
            return {"preference": r["priority"], "exchange": r.get("text", r["data"])}
        return {"A": {"ipv4Address": r["data"]}, "AAAA": {"ipv6Address": r["data"]}, "TXT": {"value": [r["data"].strip('"')]}, "NS": {"nsdname": r["data"] + "."},
                "CNAME": {"cname": r["data"]}}[r["type"]]

    def shape(self, zone, name, rtype, records):
        values = [self.value_of(r) for r in records]
        more = {"metadata": m for m in [next((r["metadata"] for r in records if r.get("metadata")), None)] if m}
        fqdn = (zone["name"] if name == "@" else f"{name}.{zone['name']}") + "."
        return {"id": self.path(zone, rtype, name), "name": name, "type": f"Microsoft.Network/dnszones/{rtype}", "etag": self.etag(zone, name, rtype),
                "properties": {"fqdn": fqdn, "TTL": records[0]["ttl"], **more, FIELDS[rtype]: values[0] if rtype == "CNAME" else values, "targetResource": {}, "provisioningState": "Succeeded"}}

    def etag(self, zone, name, rtype):
        """Another one whenever the set is another one."""
        now = tuple((r["id"], r["ttl"], r["priority"], r["data"]) for r in self.find(zone, name, rtype))
        kept = self.etags.get((zone["name"], name, rtype))
        if kept is None or kept[0] != now:
            kept = self.etags[(zone["name"], name, rtype)] = now, str(uuid.uuid4())
        return kept[1]

    @route("GET", ZONES + "/{}/recordsets")
    @route("GET", ZONES + "/{}/all")
    def everything(self, q, *where):
        zone = self.zone(*where)
        return self.listed(q, [self.shape(zone, *s) for s in self.sets(zone) if s[1] in FIELDS])

    @route("GET", ZONES + "/{}/{}")
    def of_type(self, q, subscription, group, name, rtype):
        zone = self.zone(subscription, group, name)
        return self.listed(q, [self.shape(zone, *s) for s in self.sets(zone) if s[1] == rtype.upper()])

    def missing(self, zone, name):
        self.problem(404, f"The resource record '{name}' does not exist in resource group '{self.group}' of subscription '{self.settings['subscription']}'.", flat=True)

    @route("GET", ZONES + "/{}/{}/{}")
    def get(self, q, subscription, group, name, rtype, owner):
        zone = self.zone(subscription, group, name)
        found = self.find(zone, owner, rtype.upper()) or self.missing(zone, owner)
        return 200, self.shape(zone, owner, rtype.upper(), found), {"ETag": self.etag(zone, owner, rtype.upper())}

    def agreed(self, q, zone, owner, rtype, old):
        now, wanted = self.etag(zone, owner, rtype) if old else None, q.header("If-Match").strip('"')
        if wanted and (now is None or wanted not in ("*", now)):
            self.problem(412, f"The condition '{wanted}' in the If-Match header was not satisfied. The current was '{now or 'does not exist'}'.", flat=True)
        if q.header("If-None-Match") and now is not None:
            self.problem(412, f"The condition '{q.header('If-None-Match')}' in the If-None-Match header was not satisfied. The current was '{now}'.", flat=True)

    def parsed(self, zone, rtype, properties):
        """[(priority, data, text)] of a set's properties."""
        given = {k.lower(): v for k, v in properties.items()}.get(FIELDS[rtype].lower())
        found = []
        for item in given if isinstance(given, list) else [given] if isinstance(given, dict) else []:
            if rtype == "MX":
                found.append((self.number(item.get("preference"), 0, 65535, "preference"), self.host(item.get("exchange"), zone), item.get("exchange")))
            else:
                text = next(iter(item.values()))
                found.append((None, text[0] if isinstance(text, list) else text.rstrip("."), None))
        if not found or len({f[:2] for f in found}) < len(found):
            raise Bad("a record set must have records, and none twice")
        return found

    @route("PUT", ZONES + "/{}/{}/{}")
    def put(self, q, subscription, group, name, rtype, owner):
        zone, value, rtype = self.zone(subscription, group, name), self.json(q), rtype.upper()
        properties = value.get("properties") if isinstance(value.get("properties"), dict) else {}
        if rtype not in TYPES or rtype not in FIELDS:
            self.problem(400, f"The record type '{rtype}' is not supported.", flat=True)
        old = self.find(zone, owner, rtype)
        self.agreed(q, zone, owner, rtype, old)
        try:
            owner, ttl = self.name(owner), self.ttl({k.upper(): v for k, v in properties.items()}.get("TTL"))
            found = self.parsed(zone, rtype, properties)
            self.no_clash(zone, owner, rtype)
        except Bad as e:
            self.problem(400, f"The record could not be created because {e}.", flat=True)
        self.put_set(zone, owner, rtype, ttl, [f[:2] for f in found], metadata=properties.get("metadata"))
        for record, kept in zip(self.find(zone, owner, rtype), found):
            record.update({"text": kept[2]} if kept[2] else {})
        return (200 if old else 201), self.shape(zone, owner, rtype, self.find(zone, owner, rtype)), {"ETag": self.etag(zone, owner, rtype)}

    @route("DELETE", ZONES + "/{}/{}/{}")
    def delete(self, q, subscription, group, name, rtype, owner):
        zone, rtype = self.zone(subscription, group, name), rtype.upper()
        old = self.find(zone, owner, rtype)
        self.agreed(q, zone, owner, rtype, old)
        self.put_set(zone, owner, rtype, 0, [])
        return (200, None) if old else (204, None)
