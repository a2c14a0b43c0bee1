#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What real vendors were seen to answer, asked of the stand-ins: every recorded exchange is sent again, in its order, to a
stand-in whose zone has the recorded name and id; its answer must have the same status and the same shape (members and
types; numbers that only a vendor knows are not compared). The recordings are other projects' and lie
beside this one's tree, or where RECORDINGS says; without them there is nothing to do."""
import importlib
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ET

from lab import SERVERS, TOP, Lab

sys.path.insert(0, SERVERS)
from vendor import Request     # noqa: E402

PLACES = (os.environ.get("RECORDINGS", ""), *(os.path.join(TOP, *up, "shared", "fixtures", "providers") for up in (("..",), ("..", ".."))))
# The domain of each vendor's recordings, and where its id stands in them: the first group.
VENDORS = {
    "desec": ("desec.lexicon", None), "hetzner": ("devcoop.de", r"/v1/zones/(\d+)/"), "gandi": ("t18s.fr", None), "linode": ("lexicon-test.com", r"/domains/(\d+)/"),
    "vultr": ("lexicon-test.eu", None), "dnsimple": ("lexicontest.us", None), "ns1": ("lexicon-example.com", None), "godaddy": ("fullm3tal.online", None),
    "ionos": ("example.com", r"/zones/([0-9a-f-]{36})"), "scaleway": ("example.com", None), "glesys": ("capsulecd.com", None), "porkbun": ("example.xyz", None),
    "cloudflare": ("byemike.org", None), "digitalocean": ("foxwoodswebsites.com", None), "google": ("fullm3tal.tk", r"/managedZones/(\d+)/"), "ovh": ("pacalis.net", None), "azure": ("full4ir.tk", None), "route53": ("fullcr1stal.tk", r"/hostedzone/(\w+)/"),
}
# Members that a stand-in has no reason to show, or more of than was recorded, by vendor.
LOOSE = {"cloudflare": {"original_registrar", "original_dnshost", "modified_on", "created_on", "activated_on", "vanity_name_servers", "vanity_name_servers_ips", "tenant_unit",
                       "custom_certificate_quota", "page_rule_quota", "phishing_detected", "price", "currency", "frequency", "is_subscribed", "can_subscribe",
                       "legacy_discount", "externally_managed", "flatten_cname"},
         "digitalocean": {"pages"}, "route53": {"Comment"}, "azure": {"SOARecord", "TXTRecords", "CNAMERecord"}}


def shape(value):
    """Members and types of a JSON value; what may be null or missing in a list's items is left open."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    if isinstance(value, list):
        items = [shape(v) for v in value]
        while len(items) > 1:
            items[:2] = [both(items[0], items[1])]
        return items
    return None if value is None else "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def both(one, other):
    """The shape of two that stand in one list."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {k: both(one.get(k), other.get(k)) for k in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list) and one and other:
        return [both(one[0], other[0])]
    return one if other is None or other == [] else other if one is None or one == [] else one


def differs(real, ours, where, loose):
    """What of the real shape ours has not."""
    if real is None or ours is None or real == []:
        return []
    if isinstance(real, list) and isinstance(ours, list):
        return differs(real[0], ours[0], where + "[]", loose) if ours else []
    if isinstance(real, dict) and isinstance(ours, dict):
        gone = [f"{where}.{k} is missing" for k in real if k not in ours and k not in loose]
        return gone + [d for k in real if k in ours for d in differs(real[k], ours[k], f"{where}.{k}", loose)]
    return [] if real == ours else [f"{where} is {ours}, and was recorded as {real}"]


def tree(element):
    """XML as JSON: members by the elements' names, lists where one comes again."""
    if len(element) == 0:
        return element.text or ""
    names = [child.tag.partition("}")[2] or child.tag for child in element]
    if len(set(names)) < len(names) or names[0] + "s" == (element.tag.partition("}")[2] or element.tag):
        return [tree(child) for child in element]
    return dict(zip(names, map(tree, element)))


def parsed(text):
    if text is None or text == "" or isinstance(text, bytes) and not text:
        return None
    if isinstance(text, bytes):
        text = text.decode()
    if not isinstance(text, str):
        return text
    return tree(ET.fromstring(text)) if text.lstrip().startswith("<") else json.loads(text)


def ids(real, ours, found):
    """{recorded id: ours}, of members that are ids in both."""
    if isinstance(real, dict) and isinstance(ours, dict):
        for name in set(real) & set(ours):
            if name in ("id", "Id", "record_id", "recordid") and isinstance(real[name], (str, int)):
                found.setdefault(str(real[name]).rpartition("/")[2], str(ours[name]).rpartition("/")[2])
            else:
                ids(real[name], ours[name], found)
    elif isinstance(real, list) and isinstance(ours, list):
        names = {o["name"]: o for o in ours if isinstance(o, dict) and "name" in o and sum(r.get("name") == o["name"] for r in real) == 1}
        pairs = zip(real, ours) if len(real) == len(ours) else [(o, names[o["name"]]) for o in real if isinstance(o, dict) and o.get("name") in names]
        for one, other in pairs:
            if isinstance(one, int) and isinstance(other, int) and len(real) == 1:
                found.setdefault(str(one), str(other))
            ids(one, other, found)


class Replay:
    def __init__(self, lab, vendor, interactions):
        self.domain, pattern = VENDORS[vendor]
        zone = {"name": self.domain, "records": [{"name": "www", "type": "A", "ttl": 3600, "data": "192.0.2.1"},
                                                {"name": "mail", "type": "MX", "ttl": 3600, "priority": 10, "data": "mx." + self.domain}]}
        named = next((m.group(1) for i in interactions for m in [re.search(pattern, i["request"]["uri"])] if m), None) if pattern else None
        if named:
            zone["id"] = int(named) if named.isdigit() else named
        self.server = importlib.import_module("vendors." + vendor).Server(lab.write(f"{vendor}-zone.json", {"zones": [zone]}))
        self.server.authorize = lambda q: None
        for old, new in (("project", r"/projects/([^/]+)"), ("number_of_account", r"/v2/(\d+)/")):
            seen = next((m.group(1) for i in interactions for m in [re.search(new, i["request"]["uri"])] if m), None)
            if hasattr(self.server, old) and seen:
                setattr(self.server, old, int(seen) if seen.isdigit() else seen)
        if vendor == "azure":
            self.server.settings = {"tenant": "TENANT_ID", "client_id": "CLIENT_ID", "subscription": "SUBSCRIPTION_ID"}
            self.server.secret = "CLIENT_SECRET"
        self.vendor, self.known, self.seen = vendor, {}, {}
        for i in interactions:
            ids(parsed(i["response"].get("body")), parsed(i["response"].get("body")), self.seen)

    def ours(self, text):
        for old, new in sorted(self.known.items(), key=lambda i: -len(i[0])):
            text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", lambda m, n=new: n, text)
        return text

    def before(self, request):
        """Is that about a record that was there before the recording began? Or a login, whose secrets are not recorded?"""
        about = request["uri"] + str(request.get("body") or "")
        return "assertion=" in about or any(i not in self.known and re.search(rf"(?<![\w-]){re.escape(i)}(?![\w-])", about) for i in self.seen if len(i) > 5)

    def exchange(self, request, response):
        """What our answer has not of the recorded one."""
        uri = re.sub(r"(?<!:)//", "/", request["uri"]) if self.vendor == "desec" else request["uri"]   # a double slash, which it advises against
        uri = uri.replace("zones?page=1&per_page=100", "zones?page=1&per_page=50")      # Cloudflare's documented limit
        address = urllib.parse.urlsplit(self.ours(uri))
        body = request.get("body") or ""
        body = self.ours(body if isinstance(body, str) else json.dumps(body))
        headers = {k: v[0] if isinstance(v, list) else v for k, v in request["headers"].items()}
        for name in list(headers):
            headers[{"content-type": "Content-Type", "x-filter": "X-Filter"}.get(name.lower(), name)] = headers[name]
        target = address.path + ("?" + address.query if address.query else "")
        status, _, value = self.server.serve(Request(request["method"], target, {"Host": address.netloc, "Authorization": "Bearer test-token", **headers}, body.encode(), address.scheme))
        real, mine = parsed(response.get("body")), parsed(value)
        ids(real, mine, self.known)
        if status != response["status"]:
            return [f"status {status}, and was recorded as {response['status']}: {mine}"]
        return differs(shape(real), shape(mine), "", LOOSE.get(self.vendor, set()))


def main():
    place = next((p for p in PLACES if p and os.path.isdir(p)), None)
    if not place:
        print("1..0 # SKIP no recordings here")
        sys.exit(77)
    with Lab() as lab:
        for vendor in VENDORS:
            folder, count, wrong = os.path.join(place, vendor), 0, {}
            for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
                if not name.startswith("lexicon-"):
                    continue
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    interactions = json.load(f)["interactions"]
                replay = Replay(lab, vendor, interactions)
                for n, i in enumerate(interactions):
                    if "unmanaged" in name or "private_zone" in name or replay.before(i["request"]):
                        continue
                    count += 1
                    for what in replay.exchange(i["request"], i["response"]):
                        wrong.setdefault(f"{i['request']['method']} {what}", f"{name} {n}: {i['request']['method']} {i['request']['uri']} {str(i['request'].get('body'))[:150]}")
            lab.ok(count and not wrong, f"{vendor}: {count} recorded exchanges", "\n".join(f"{k}\n    {v}" for k, v in wrong.items()))


if __name__ == "__main__":
    main()
