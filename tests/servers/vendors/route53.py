# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53: XML and signature version 4, checked from the secret; one batch of changes, all or none; DELETE repeats a set exactly
(name, type, TTL, values as read), CREATE wants none: both are how a change compares and swaps; a change is PENDING until the
`delay` has passed, and its name servers have the old set until then; throttled is HTTP 400; a foreign set has an identifier
and a weight; `twice` adds a private zone of the same name ("public": a public one). Keys: AKIDEXAMPLE with the secret, and
ASIAEXAMPLE with the same secret and the session token test-session."""
import copy
import hashlib
import hmac
import re
import time
import urllib.parse
import uuid
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from service import Refused
from vendor import TYPES, Bad, Vendor, route, stamp

NS = "https://route53.amazonaws.com/doc/2013-04-01/"
WORDS = {400: (400, "InvalidInput", "Invalid request"), 401: (403, "InvalidClientTokenId", "The security token included in the request is invalid."),
         403: (403, "AccessDenied", "User is not authorized to perform this operation"), 404: (404, "NoSuchHostedZone", "No hosted zone found"),
         405: (405, "InvalidMethod", "The specified method is not allowed"), 409: (400, "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request."),
         429: (400, "Throttling", "Rate exceeded"), 500: (500, "InternalFailure", "We encountered an internal error. Please try again."),
         503: (503, "ServiceUnavailable", "Service unavailable")}
UNMATCHED = ("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
             "Consult the service documentation for details.")
AUTH = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/, ]+)/(\d{8})/([^/]+)/route53/aws4_request, ?SignedHeaders=([^, ]+), ?Signature=([0-9a-f]{64})$")


def element(name, text):
    return f"<{name}>{escape(str(text))}</{name}>"


def canonical(q, signed, query=None):
    pairs = sorted((urllib.parse.quote(k, safe="-_.~"), urllib.parse.quote(v, safe="-_.~")) for k, v in q.query.items())
    headers = "".join(f"{n}:{' '.join(q.header(n).split())}\n" for n in signed)
    path = urllib.parse.quote(q.path, safe="/-_.~")
    return "\n".join((q.method, path, "&".join(f"{k}={v}" for k, v in pairs), headers, ";".join(signed), hashlib.sha256(q.body).hexdigest()))


def signature(secret, day, region, when, text):
    key = ("AWS4" + secret).encode()
    for part in (day, region, "route53", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    sign = "\n".join(("AWS4-HMAC-SHA256", when, f"{day}/{region}/route53/aws4_request", hashlib.sha256(text.encode()).hexdigest()))
    return hmac.new(key, sign.encode(), hashlib.sha256).hexdigest()


def order(name, rtype):
    return [label.lower() for label in reversed(name.split("."))], rtype


class Server(Vendor):
    hosts = ("route53.amazonaws.com",)
    base = "/2013-04-01"
    secret = "test-secret+/="
    settings = {"key_id": "AKIDEXAMPLE"}
    parameters = ("maxitems", "marker", "delegationsetid", "dnsname", "hostedzoneid", "name", "type", "identifier")
    name_servers = ("ns-831.awsdns-39.net", "ns-422.awsdns-52.com", "ns-1983.awsdns-55.co.uk", "ns-1283.awsdns-32.org")
    least_ttl, page = 0, 100

    def load(self):
        self.changes, self.others = {}, []
        super().load()

    def zone_id(self):
        return f"Z0401209{self.next():012d}"

    def problem(self, status, text=None, code=None):
        status, name, said = WORDS.get(status, (status, "Error", "error"))
        body = (f'<?xml version="1.0"?>\n<ErrorResponse xmlns="{NS}"><Error><Type>{"Sender" if status < 500 else "Receiver"}</Type>{element("Code", code or name)}'
                f'{element("Message", text or said)}</Error>{element("RequestId", uuid.uuid4())}</ErrorResponse>')
        raise Refused(status, body.encode(), {"Content-Type": "text/xml"})

    def xml(self, name, inside, status=200):
        return status, f'<?xml version="1.0"?>\n<{name} xmlns="{NS}">{inside}</{name}>'.encode(), {"Content-Type": "text/xml"}

    def authorize(self, q):
        found = AUTH.match(q.header("Authorization"))
        if not found:
            self.problem(403, "Missing Authentication Token", "MissingAuthenticationToken")
        key_id, day, region, signed, given = found.groups()
        when, signed = q.header("X-Amz-Date"), signed.split(";")
        if key_id not in ("AKIDEXAMPLE", "ASIAEXAMPLE") or (key_id == "ASIAEXAMPLE") != (q.header("X-Amz-Security-Token") == "test-session"):
            self.problem(401)
        if key_id == "ASIAEXAMPLE" and "x-amz-security-token" not in signed or not {"host", "x-amz-date"} <= set(signed) or signed != sorted(signed):
            self.problem(403, UNMATCHED, "SignatureDoesNotMatch")
        if not re.fullmatch(r"\d{8}T\d{6}Z", when) or when[:8] != day or region != "us-east-1":
            self.problem(403, "Credential should be scoped to a valid region.", "SignatureDoesNotMatch")
        sent = time.mktime(time.strptime(when + "GMT", "%Y%m%dT%H%M%SZ%Z")) - time.timezone
        if abs(sent - time.time() - self.switch["clock"]) > 300:
            self.problem(403, f"Signature expired: {when} is now earlier than {stamp(form='%Y%m%dT%H%M%SZ')}", "SignatureDoesNotMatch")
        if not hmac.compare_digest(given, signature(self.valid_secret(), day, region, when, canonical(q, signed))):
            self.problem(403, UNMATCHED, "SignatureDoesNotMatch")

    def make_twice(self, zone, kind):
        self.others.append({"id": self.zone_id(), "name": zone["name"], "records": [], "private": kind == "private"})

    def zone(self, ident):
        for zone in [*self.zones.values(), *self.others]:
            if zone["id"] == ident:
                return zone
        return self.problem(404, f"No hosted zone found with ID: {ident}")

    def zone_xml(self, zone):
        return (f"<HostedZone>{element('Id', '/hostedzone/' + zone['id'])}{element('Name', zone['name'] + '.')}{element('CallerReference', zone['id'])}"
                f"<Config>{element('PrivateZone', str(bool(zone.get('private'))).lower())}</Config>{element('ResourceRecordSetCount', len(self.sets(zone)) + 1)}</HostedZone>")

    def size(self, q, most):
        text = q.query.get("maxitems", str(most))
        if not text.isdigit() or not int(text):
            self.problem(400, f"Invalid max items: {text}")
        return min(int(text), self.switch["page"] or most)

    @route("GET", "/hostedzone")
    def list(self, q):
        found, size = sorted([*self.others, *self.zones.values()], key=lambda z: z["id"]), self.size(q, 100)
        at = next((n for n, z in enumerate(found) if z["id"] == q.query.get("marker")), 0)
        more = f"<IsTruncated>true</IsTruncated>{element('NextMarker', found[at + size]['id'])}" if at + size < len(found) else "<IsTruncated>false</IsTruncated>"
        marker = element("Marker", q.query["marker"]) if "marker" in q.query else ""
        return self.xml("ListHostedZonesResponse", f"<HostedZones>{''.join(self.zone_xml(z) for z in found[at:at + size])}</HostedZones>{marker}{more}{element('MaxItems', size)}")

    @route("GET", "/hostedzonecount")
    def counted(self, q):
        return self.problem(403, "User is not authorized to perform: route53:GetHostedZoneCount")

    @route("GET", "/hostedzonesbyname")
    def by_name(self, q):
        found, size = sorted([*self.others, *self.zones.values()], key=lambda z: order(z["name"], z["id"])), self.size(q, 100)
        name = q.query.get("dnsname", "").rstrip(".")
        found = [z for z in found if not name or order(z["name"], "") >= order(name, "")]
        more = f"<IsTruncated>true</IsTruncated>{element('NextDNSName', found[size]['name'] + '.')}{element('NextHostedZoneId', found[size]['id'])}" if size < len(found) else "<IsTruncated>false</IsTruncated>"
        asked = element("DNSName", name + ".") if name else ""
        return self.xml("ListHostedZonesByNameResponse", f"<HostedZones>{''.join(self.zone_xml(z) for z in found[:size])}</HostedZones>{asked}{more}{element('MaxItems', size)}")

    @route("GET", "/hostedzone/{}")
    def one(self, q, ident):
        servers = "".join(element("NameServer", s) for s in self.name_servers)
        return self.xml("GetHostedZoneResponse", f"{self.zone_xml(self.zone(ident))}<DelegationSet><NameServers>{servers}</NameServers></DelegationSet>")

    def full(self, zone, name):
        return (zone["name"] if name == "@" else f"{name}.{zone['name']}") + "."

    def text(self, record):
        return record.get("text", self.shown(record))

    def set_xml(self, zone, name, rtype, records):
        policy = "<SetIdentifier>main</SetIdentifier><Weight>10</Weight>" if any(r.get("foreign") for r in records) else ""
        values = "".join(f"<ResourceRecord>{element('Value', self.text(r))}</ResourceRecord>" for r in records)
        return (f"<ResourceRecordSet>{element('Name', self.full(zone, name).replace('*', chr(92) + '052'))}{element('Type', rtype)}{policy}{element('TTL', records[0]['ttl'])}"
                f"<ResourceRecords>{values}</ResourceRecords></ResourceRecordSet>")

    @route("GET", "/hostedzone/{}/rrset")
    def records(self, q, ident):
        zone, size = self.zone(ident), self.size(q, 300)
        if "type" in q.query and "name" not in q.query:
            self.problem(400, "Cannot specify a type without a name.")
        found = sorted(((order(self.full(zone, n), t), n, t, r) for n, t, r in self.sets(zone)), key=lambda f: f[0])
        if "name" in q.query:
            start = order(q.query["name"].replace("\\052", "*").rstrip(".") + ".", q.query.get("type", ""))
            found = [f for f in found if f[0] >= start]
        more = "<IsTruncated>false</IsTruncated>"
        if size < len(found):
            more = f"<IsTruncated>true</IsTruncated>{element('NextRecordName', self.full(zone, found[size][1]))}{element('NextRecordType', found[size][2])}"
        inside = "".join(self.set_xml(zone, n, t, r) for _, n, t, r in found[:size])
        return self.xml("ListResourceRecordSetsResponse", f"<ResourceRecordSets>{inside}</ResourceRecordSets>{more}{element('MaxItems', size)}")

    def invalid(self, text):
        self.problem(400, f"[{text}]", "InvalidChangeBatch")

    def parsed(self, zone, change):
        """(action, name, type, TTL, [(priority, data, text)]) of a Change."""
        def one(where, name):
            found = where.find(f"{{{NS}}}{name}")
            return None if found is None else found
        action, rrset = one(change, "Action"), one(change, "ResourceRecordSet")
        if action is None or rrset is None or action.text not in ("CREATE", "DELETE", "UPSERT"):
            self.problem(400, "Invalid XML ; cvc-enumeration-valid: Action", "MalformedInput")
        if one(rrset, "SetIdentifier") is not None or one(rrset, "AliasTarget") is not None:
            self.invalid("This server knows no routing policies")
        name, rtype = (one(rrset, n) for n in ("Name", "Type"))
        if name is None or rtype is None or rtype.text not in TYPES:
            self.problem(400, "Invalid XML ; Name and Type are required", "MalformedInput")
        values = [v.text or "" for v in rrset.iterfind(f"{{{NS}}}ResourceRecords/{{{NS}}}ResourceRecord/{{{NS}}}Value")]
        ttl = one(rrset, "TTL")
        if ttl is None or not (ttl.text or "").isdigit() or not values:
            self.invalid(f"Missing field 'TTL' or 'ResourceRecords' in Change with [Action={action.text}, Name={name.text}, Type={rtype.text}, SetIdentifier=null]")
        if len(set(values)) < len(values):
            self.invalid(f"Duplicate Resource Record: '{values[0]}'")
        try:
            owner = self.full_name(name.text.replace("\\052", "*").rstrip(".") + ".", zone, dot=True)
            return action.text, owner, rtype.text, self.ttl(int(ttl.text)), [(*self.value(rtype.text, v, zone), v) for v in values]
        except Bad as e:
            return self.invalid(f"Invalid Resource Record: 'FATAL problem: {e}'")

    def apply(self, zone, action, name, rtype, ttl, values):
        old, which = self.find(zone, name, rtype), f"[name='{self.full(zone, name)}', type='{rtype}']"
        if action == "CREATE" and old:
            self.invalid(f"Tried to create resource record set {which} but it already exists")
        if action == "DELETE":
            if not old:
                self.invalid(f"Tried to delete resource record set {which} but it was not found")
            if old[0]["ttl"] != ttl or {self.text(r) for r in old} != {v[2] for v in values} or any(r.get("foreign") for r in old):
                self.invalid(f"Tried to delete resource record set {which} but the values provided do not match the current values")
            self.put_set(zone, name, rtype, ttl, [])
            return
        try:
            self.no_clash(zone, name, rtype)
        except Bad:
            self.invalid(f"RRSet of type {rtype} with DNS name {self.full(zone, name)} is not permitted as it conflicts with other records with the same DNS name")
        self.put_set(zone, name, rtype, ttl, [v[:2] for v in values])
        for record, value in zip(self.find(zone, name, rtype), values):
            record["text"] = value[2]

    @route("POST", "/hostedzone/{}/rrset/")
    def change(self, q, ident):
        zone = self.zone(ident)
        try:
            root = ET.fromstring(q.body)
        except ET.ParseError as e:
            self.problem(400, f"Invalid XML ; {e}", "MalformedInput")
        if root.tag != f"{{{NS}}}ChangeResourceRecordSetsRequest":
            self.problem(400, "ChangeBatch is not valid, expected ChangeResourceRecordSetsRequest", "MalformedInput")
        changes = [self.parsed(zone, c) for c in root.iterfind(f"{{{NS}}}ChangeBatch/{{{NS}}}Changes/{{{NS}}}Change")]
        if not changes:
            self.invalid("The request must contain at least one change")
        before = copy.deepcopy(zone["records"])
        try:
            for change in changes:
                self.apply(zone, *change)
        except Refused:
            zone["records"] = before
            raise
        ident, comment = f"C00667{len(self.changes):013d}", root.findtext(f"{{{NS}}}ChangeBatch/{{{NS}}}Comment")
        self.changes[ident] = self.publish_later(zone, before), stamp(form="%Y-%m-%dT%H:%M:%S.000Z"), element("Comment", comment) if comment else ""
        return self.xml("ChangeResourceRecordSetsResponse", self.info(ident))

    def info(self, ident):
        thing, at, comment = self.changes[ident]
        return f"<ChangeInfo>{element('Id', '/change/' + ident)}{element('Status', 'INSYNC' if thing['done'] else 'PENDING')}{element('SubmittedAt', at)}{comment}</ChangeInfo>"

    @route("GET", "/change/{}")
    def changed(self, q, ident):
        if ident not in self.changes:
            self.problem(404, f"Could not find resource with ID: {ident}", "NoSuchChange")
        return self.xml("GetChangeResponse", self.info(ident))
