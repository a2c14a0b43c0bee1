# SPDX-License-Identifier: GPL-3.0-or-later
"""Google Cloud DNS: a login with an assertion signed by the service account's key (RS256, checked), then whole sets: one change
with exact deletions and additions, done later (`delay`): its name servers have the old set until then; a deletion that is not
what is there is 412, one of a set that is gone 404, an addition to one that is there 409; a foreign set has a routing policy;
`twice` adds a private zone of the same name, before it. GET /__account gives the service account's file as the key."""
import base64
import copy
import hashlib
import json
import subprocess
import time

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

WORDS = {400: ("badRequest", "Bad Request"), 401: ("authError", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."),
         403: ("forbidden", "Forbidden"), 404: ("notFound", "Not Found"), 405: ("httpMethodNotAllowed", "Method not allowed"), 409: ("alreadyExists", "Already exists"),
         412: ("conditionNotMet", "Precondition not met"), 429: ("rateLimitExceeded", "Quota exceeded for quota metric 'Write requests' of service 'dns.googleapis.com'"),
         500: ("backendError", "Internal error"), 503: ("backendError", "Service unavailable")}
PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")      # of a SHA-256 in PKCS 1
SCOPES = ("https://www.googleapis.com/auth/ndev.clouddns.readwrite", "https://www.googleapis.com/auth/cloud-platform")
TOKENS = ("/token", "/oauth2/v4/token", "/o/oauth2/token")       # the present one, and those of older clients
EMAIL = "dns@exempel-1.iam.gserviceaccount.com"


def from_base64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Server(Vendor):
    hosts = ("dns.googleapis.com", "oauth2.googleapis.com", "www.googleapis.com", "content.googleapis.com", "accounts.google.com")
    parameters = ("dnsName", "maxResults", "pageToken", "name", "type", "alt", "prettyPrint", "clientOperationId", "fields", "quotaUser")
    name_servers = ("ns-cloud-c1.googledomains.com", "ns-cloud-c2.googledomains.com", "ns-cloud-c3.googledomains.com", "ns-cloud-c4.googledomains.com")
    dots, least_ttl, page = "required", 0, 1000
    project = "exempel-1"
    private_key = modulus = None

    def load(self):
        self.changes, self.others = {}, []
        super().load()

    def key(self):
        if not self.private_key:
            Server.private_key = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True).stdout
            said = subprocess.run(["openssl", "rsa", "-noout", "-modulus"], input=self.private_key, capture_output=True, text=True, check=True).stdout
            Server.modulus = int(said.partition("=")[2], 16)
        return self.private_key

    def account(self, q):
        token_uri = f"{q.scheme}://{'oauth2.googleapis.com' if q.scheme == 'https' else q.host}/token"
        return {"endpoint": f"{q.scheme}://{q.host}/dns/v1", "settings": {}, "key": json.dumps({
            "type": "service_account", "project_id": self.project, "private_key_id": "key-1", "private_key": self.key(), "client_email": EMAIL, "client_id": "1",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": token_uri}, indent=2)}

    def problem(self, status, text=None):
        reason, said = WORDS.get(status, ("error", "error"))
        raise Refused(status, {"error": {"errors": [{"domain": "global", "reason": reason, "message": text or said}], "code": status, "message": text or said}})

    # -- the login ----------------------------------------------------------------------------------------------------

    def no_grant(self, text, error="invalid_grant"):
        raise Refused(400, {"error": error, "error_description": text})

    def signed(self, text, signature):
        """Is that the signature of the text by the service account's key?"""
        self.key()
        size = (self.modulus.bit_length() + 7) // 8
        given = pow(int.from_bytes(signature, "big"), 65537, self.modulus).to_bytes(size, "big")
        wanted = PREFIX + hashlib.sha256(text.encode()).digest()
        return len(signature) == size and given == b"\x00\x01" + b"\xff" * (size - len(wanted) - 3) + b"\x00" + wanted

    def authorize(self, q):
        if q.path in TOKENS:
            return
        if not self.known_token(q.header("Authorization").removeprefix("Bearer ")):
            self.problem(401)

    @route("POST", TOKENS[0], writes=False)
    @route("POST", TOKENS[1], writes=False)
    @route("POST", TOKENS[2], writes=False)
    def token(self, q):
        form = q.form()
        if q.header("Content-Type").split(";")[0] != "application/x-www-form-urlencoded" or form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            self.no_grant("Invalid grant_type: ", "unsupported_grant_type")
        try:
            head, claims, signature = form["assertion"].split(".")
            header, said = json.loads(from_base64(head)), json.loads(from_base64(claims))
            good = header.get("alg") == "RS256" and self.signed(f"{head}.{claims}", from_base64(signature))
        except (KeyError, ValueError):
            self.no_grant("Bad Request", "invalid_request")
        if said.get("iss") != EMAIL:
            self.no_grant("Invalid grant: account not found")
        if not good:
            self.no_grant("Invalid JWT Signature.")
        now = time.time() + self.switch["clock"]
        if not isinstance(said.get("iat"), int) or not isinstance(said.get("exp"), int) or said["iat"] > now + 300 or said["exp"] < now or said["exp"] - said["iat"] > 3600:
            self.no_grant("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.")
        if said.get("aud") != f"{q.scheme}://{q.host}{q.path}":
            self.no_grant("Invalid JWT: Failed audience check.")
        if not set(str(said.get("scope", "")).split()) & set(SCOPES):
            self.no_grant("Invalid OAuth scope or ID token audience provided.", "invalid_scope")
        return 200, {"access_token": self.give_token(), "expires_in": 3599, "token_type": "Bearer"}

    # -- the zones ----------------------------------------------------------------------------------------------------

    def make_twice(self, zone, kind):
        self.others.append({"id": 1, "name": zone["name"], "records": [], "serial": 1, "kind": kind})

    def own_name(self, zone):
        return zone["name"].replace(".", "-") + ("-" + zone["kind"] if "kind" in zone else "")

    def shape(self, zone):
        return {"kind": "dns#managedZone", "name": self.own_name(zone), "dnsName": zone["name"] + ".", "description": "", "id": str(zone["id"]), "visibility": zone.get("kind", "public"),
                "nameServers": [s + "." for s in self.name_servers], "creationTime": "2018-07-06T18:42:27.476Z", "dnssecConfig": {"kind": "dns#managedZoneDnsSecConfig", "state": "off", "nonExistence": "nsec3", "defaultKeySpecs": [
                    {"kind": "dns#dnsKeySpec", "keyType": "keySigning", "algorithm": "rsasha256", "keyLength": 2048}]}}

    def zone(self, project, ident):
        if project != self.project:
            self.problem(403, f"The caller does not have permission on project {project}")
        for zone in [*self.others, *self.zones.values()]:
            if ident in (self.own_name(zone), str(zone["id"])):
                return zone
        return self.problem(404, f"The 'parameters.managedZone' resource named '{ident}' does not exist.")

    def listed(self, q, kind, key, items):
        size, at = q.query.get("maxResults", "100"), q.query.get("pageToken", "0")
        if not size.isdigit() or not at.isdigit() or int(size) < 1:
            self.problem(400, "Invalid value for 'parameters.maxResults'")
        size, at = min(int(size), self.switch["page"] or self.page), int(at)
        more = {"nextPageToken": str(at + size)} if at + size < len(items) else {}
        return 200, {"kind": kind, key: items[at:at + size], **more}

    @route("GET", "/dns/v1/projects/{}")
    def quota(self, q, project):
        return self.problem(403, "The caller does not have permission: dns.projects.get")

    @route("GET", "/dns/v1/projects/{}/managedZones")
    def list(self, q, project):
        if project != self.project:
            self.problem(403, f"The caller does not have permission on project {project}")
        found = [z for z in [*self.others, *self.zones.values()] if q.query.get("dnsName", z["name"] + ".") == z["name"] + "."]
        return self.listed(q, "dns#managedZonesListResponse", "managedZones", [self.shape(z) for z in found])

    @route("GET", "/dns/v1/projects/{}/managedZones/{}")
    def one(self, q, project, ident):
        return 200, self.shape(self.zone(project, ident))

    def rrset(self, zone, name, rtype, records):
        foreign = any(r.get("foreign") for r in records)
        texts = [self.shown(r) for r in records]
        more = {"routingPolicy": {"kind": "dns#rRSetRoutingPolicy", "wrr": {"kind": "dns#rRSetRoutingPolicyWrrPolicy", "items": [{"weight": 1.0, "rrdatas": texts}]}}} if foreign else {}
        return {"kind": "dns#resourceRecordSet", "name": (zone["name"] if name == "@" else f"{name}.{zone['name']}") + ".", "type": rtype, "ttl": records[0]["ttl"],
                "rrdatas": [] if foreign else texts, "signatureRrdatas": [], **more}

    @route("GET", "/dns/v1/projects/{}/managedZones/{}/rrsets")
    def rrsets(self, q, project, ident):
        zone = self.zone(project, ident)
        if "type" in q.query and "name" not in q.query:
            self.problem(400, "The 'parameters.type' parameter requires 'parameters.name'")
        found = [self.rrset(zone, *s) for s in self.sets(zone)]
        return self.listed(q, "dns#resourceRecordSetsListResponse", "rrsets", [s for s in found if all(s[k] == q.query[k] for k in ("name", "type") if k in q.query)])

    # -- changes ------------------------------------------------------------------------------------------------------

    def parsed(self, zone, item, where):
        if not isinstance(item, dict) or item.get("type") not in TYPES or not isinstance(item.get("rrdatas"), list) or not item["rrdatas"]:
            self.problem(400, f"Invalid value for '{where}'")
        try:
            name, ttl = self.full_name(item.get("name"), zone, dot=True), self.ttl(item.get("ttl"))
            values = [self.value(item["type"], text, zone) for text in item["rrdatas"]]
        except Bad as e:
            self.problem(400, f"Invalid value for '{where}.rrdata': {e}")
        if len(set(values)) < len(values):
            self.problem(400, f"Invalid value for '{where}.rrdata': duplicates")
        return name, item["type"], ttl, values

    def apply(self, zone, value):
        for n, item in enumerate(value.get("deletions") or []):
            where = f"entity.change.deletions[{n}]"
            name, rtype, ttl, values = self.parsed(zone, item, where)
            old = self.find(zone, name, rtype)
            if not old:
                self.problem(404, f"The '{where}' resource named '{item['name']} ({rtype})' does not exist.")
            if old[0]["ttl"] != ttl or {(r["priority"], r["data"]) for r in old} != set(values) or any(r.get("foreign") for r in old):
                self.problem(412, f"Precondition not met for '{where}'")
            self.put_set(zone, name, rtype, ttl, [])
        for n, item in enumerate(value.get("additions") or []):
            where = f"entity.change.additions[{n}]"
            name, rtype, ttl, values = self.parsed(zone, item, where)
            if self.find(zone, name, rtype):
                self.problem(409, f"The resource '{where}' named '{item['name']} ({rtype})' already exists")
            try:
                self.no_clash(zone, name, rtype)
            except Bad:
                self.problem(400, f"The resource record set '{where}' is invalid because the DNS name '{item['name']}' may have either one CNAME resource record set or others, not both")
            self.put_set(zone, name, rtype, ttl, values)

    @route("POST", "/dns/v1/projects/{}/managedZones/{}/changes")
    def change(self, q, project, ident):
        zone = self.zone(project, ident)
        value = self.json(q, known=("kind", "additions", "deletions", "id", "startTime", "status", "isServing"))
        if not value.get("additions") and not value.get("deletions"):
            self.problem(400, "The 'entity.change' parameter is required but was missing.")
        before = copy.deepcopy(zone["records"])
        try:
            self.apply(zone, value)
        except Refused:
            zone["records"] = before
            raise
        ident = str(len(self.changes) + 1)
        kept = {k: [{"kind": "dns#resourceRecordSet", **i} for i in value[k]] for k in ("additions", "deletions") if value.get(k)}
        self.changes[ident] = self.publish_later(zone, before), {"kind": "dns#change", **kept, "startTime": stamp(form="%Y-%m-%dT%H:%M:%S.000Z"), "id": ident}
        return self.changed(q, project, zone["id"], ident)

    @route("GET", "/dns/v1/projects/{}/managedZones/{}/changes/{}")
    def changed(self, q, project, zone, ident):
        if ident not in self.changes:
            self.problem(404, f"The 'parameters.changeId' resource named '{ident}' does not exist.")
        thing, said = self.changes[ident]
        return 200, {**said, "status": "done" if thing["done"] else "pending"}
