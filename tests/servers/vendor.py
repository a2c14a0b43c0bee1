# SPDX-License-Identifier: GPL-3.0-or-later
"""vendor.py: what the test servers of hosted DNS vendors share; vendors/*.py have one vendor each, hosted.py starts them.

A Vendor keeps its zones in one form for all,
    {zone: {"id", "name", "serial", "records": [{"id", "name", "type", "ttl", "data", "priority", ...}]}}
with names relative to the zone ("@" the apex) and data of MX, NS and CNAME absolute without the final dot ("." alone is the
null MX); how that looks outside is the vendor's. A method with @route answers one path. Where the vendor ignores what it
does not know, a server here refuses it.

Beside the vendor's API each server knows, without a credential:
    GET /__state    {"zones", "ids", "history": {zone: every MX set that was published, in order}, "exchanges", "writes"}
    PUT /__state    loads the start data again, ends all switches, counts from 0
    PUT /__switch   {...}: changes switches (SWITCHES below), counts from 0
    GET /__account  {"endpoint", "settings", "key"}: what an account of the program needs to be let in
    GET /__log      every exchange: n, method, target, headers, body, status, fault, and "mx", all MX sets after it
"""
import collections
import copy
import json
import re
import time
import urllib.parse
import uuid

import service
from service import Refused, absolute

SWITCHES = {
    "secret": None,     # the one valid secret (default: the class's own)
    "page": None,       # largest page
    "limit": None,      # [N, SECONDS]: more exchanges in this time are refused as the vendor refuses them
    "latency": 0,       # seconds before each answer
    "lag": 0,           # after a write that many reads show what was there before
    "delay": 0,         # what the vendor ends later ends after that many exchanges more
    "broken": False,    # what the vendor ends later ends in an error; a number n: the n-th alone, from now on
    "fault": None,      # [KIND, K] or [KIND, K, TIMES]: the K-th exchange is spoilt (FAULTS)
    "intrude": None,    # [K, ZONE, TTL, [[PREFERENCE, HOST], ...]]: somebody else sets the apex's MX right before exchange K
    "foreign": None,    # the MX record of this host becomes one that is not ours to change, in the vendor's own way
    "twice": None,      # this zone is there twice: NAME, or [NAME, KIND] where the vendor has kinds (private, public)
    "revoke": None,     # from this exchange on, tokens that were given before it are refused
    "clock": 0,         # seconds that the vendor's clock is before ours
    "equal": True,      # of vendors where that is not known: is a record taken that is there already, but for its TTL?
    "next_host": None,  # next pages, where they are addresses, point at this host
}
FAULTS = ("cut-before", "cut-after", "stall", "stall-after", "garble", "500-after", "401", "403", "409", "423", "429", "500", "502", "503")
HOST_TYPES = ("MX", "NS", "CNAME")
TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")
LABEL = re.compile(r"^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$")


def route(method, path, writes=None):
    """The method answers this path; {} stands for one segment, given decoded as an argument."""
    pattern = re.compile("^" + re.sub(r"\\{\\}", "([^/]+)", re.escape(path)) + "$")

    def mark(function):
        function.routes = [*getattr(function, "routes", []), (method, pattern, method != "GET" if writes is None else writes)]
        return function
    return mark


class Bad(Exception):
    """A value that the vendor does not take; the text is what is wrong with it."""


class Request:
    def __init__(self, method, target, headers, body, scheme):
        self.method, self.target, self.headers, self.body, self.scheme = method, target, headers, body, scheme
        parts = urllib.parse.urlsplit(target)
        self.path, self.query_text = parts.path, parts.query
        pairs = urllib.parse.parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        self.query = dict(pairs)
        if len(pairs) != len(self.query):
            raise ValueError("a parameter twice")
        self.host = headers.get("Host", "")

    def header(self, name):
        return self.headers.get(name, "")

    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


class Vendor:
    hosts = ()                      # the vendor's own names
    base = ""                       # the path of its API
    secret = "test-token"
    page = 100                      # largest page; `per_page` the usual one
    per_page = 25
    parameters = ()                 # of queries; others are refused
    name_servers = ("ns1.exempel.com", "ns2.exempel.com")
    dots = "free"                   # a target without a final dot: "required" (refused), "relative", "free" (absolute)
    null_mx = True
    least_ttl, most_ttl = 1, 2147483647
    underscores = True              # in targets
    fold = False                    # paths in any case
    settings = {}                   # of an account, beside endpoint and key

    def __init__(self, state):
        self.state_file = state
        self.routes = [(*r, f) for f in (getattr(self, n) for n in dir(type(self)) if not n.startswith("__")) for r in getattr(f, "routes", ())]
        if self.fold:
            self.routes = [(method, re.compile(pattern.pattern, re.I), *more) for method, pattern, *more in self.routes]
        self.load()

    # -- the state ----------------------------------------------------------------------------------------------------

    def load(self):
        self.switch, self.tokens = dict(SWITCHES), {}
        self.count, self.zones, self.history, self.log = self.first_id(), {}, {}, []
        for zone in service.load_zones(self.state_file):
            name = zone["name"]
            made = {**zone, "name": name, "id": zone.get("id") or self.zone_id(), "serial": 1, "records": []}
            self.zones[name] = made
            for r in zone["records"]:
                if not (r["type"] == "NS" and r["name"] == "@"):
                    self.add(made, **{**{k: v for k, v in r.items() if k != "id"}, "ttl": min(r["ttl"], self.most_ttl)})
            for server in self.name_servers:
                self.add(made, "@", "NS", 3600, server)
        self.settle()
        self.remember()

    def settle(self):
        self.exchanges = self.writes = self.stale = 0
        self.old, self.asked, self.pending = None, collections.deque(), []
        self.sleep = 0

    def first_id(self):
        return 910000

    def next(self):
        self.count += 1
        return self.count

    def zone_id(self):
        return self.next()

    def record_id(self):
        return self.next()

    def add(self, zone, name, type, ttl, data, priority=None, **more):
        record = {"id": self.record_id(), "name": name, "type": type, "ttl": ttl, "data": data, "priority": priority, **more}
        zone["records"].append(record)
        return record

    def find(self, zone, name, rtype):
        return [r for r in zone["records"] if r["name"] == name and r["type"] == rtype]

    def put_set(self, zone, name, rtype, ttl, values, **more):
        """The whole set anew; values are (priority, data)."""
        zone["records"] = [r for r in zone["records"] if (r["name"], r["type"]) != (name, rtype)]
        for priority, data in values:
            self.add(zone, name, rtype, ttl, data, priority, **more)

    def sets(self, zone):
        """(name, type, records) of each set, in the order of the zone."""
        found = {}
        for r in zone["records"]:
            found.setdefault((r["name"], r["type"]), []).append(r)
        return [(name, rtype, records) for (name, rtype), records in found.items()]

    def published(self, zone):
        """The records that the name servers answer from; "live" where a vendor publishes later."""
        return zone.get("live", zone["records"])

    def publish_later(self, zone, before):
        """The name servers have what was there before until the pending thing that is returned has ended."""
        after = copy.deepcopy(zone["records"])
        zone.setdefault("live", before)
        return self.later(lambda: zone.__setitem__("live", after))

    def mx(self, zone):
        return sorted([absolute(r["name"], zone["name"]), r["ttl"], r["priority"], r["data"]] for r in self.published(zone) if r["type"] == "MX")

    def remember(self):
        for name, zone in self.zones.items():
            now, seen = self.mx(zone), self.history.setdefault(name, [])
            if not seen or seen[-1] != now:
                seen.append(now)
                zone["serial"] += 1

    def state(self):
        return {"zones": {n: z["records"] for n, z in self.zones.items()}, "ids": {n: z["id"] for n, z in self.zones.items()},
                "history": self.history, "exchanges": self.exchanges, "writes": self.writes}

    def dns_records(self):
        for name, zone in self.zones.items():
            yield name, "SOA", 1800, f"{self.name_servers[0]} hostmaster.{name} {zone['serial']} 10000 2400 604800 1800"
            for r in list(self.published(zone)):
                if r["type"] in ("A", "AAAA", "CNAME", "MX", "NS", "TXT"):
                    yield (absolute(r["name"], name), r["type"], r["ttl"] or 3600,
                           f"{r['priority']} {r['data']}" if r["type"] == "MX" else r["data"])

    # -- switches -----------------------------------------------------------------------------------------------------

    def told(self, switches):
        for name, value in switches.items():
            if name not in self.switch:
                raise KeyError(name)
            self.switch[name] = value
        if switches.get("foreign"):
            self.make_foreign(switches["foreign"])
        if switches.get("twice"):
            name, kind = switches["twice"] if isinstance(switches["twice"], list) else (switches["twice"], "private")
            self.make_twice(self.zones[name], kind)
        self.settle()

    def make_foreign(self, host):
        for zone in self.zones.values():
            for record in zone["records"]:
                if record["type"] == "MX" and record["data"] == host:
                    record["foreign"] = True

    def make_twice(self, zone, kind):
        raise KeyError("this vendor has no two zones of one name")

    def valid_secret(self):
        return self.switch["secret"] or self.secret

    def intruded(self):
        if self.switch["intrude"] and self.switch["intrude"][0] == self.exchanges:
            _, name, ttl, records = self.switch["intrude"]
            self.put_set(self.zones[name], "@", "MX", ttl, [tuple(r) for r in records])
            self.remember()

    def account(self, q):
        """What an account's section says, and its key; `endpoint` is this server."""
        return {"endpoint": f"{q.scheme}://{q.host}{self.base}", "settings": self.settings, "key": self.valid_secret()}

    def fault(self):
        kind, at, times = (*(self.switch["fault"] or (None, 0)), 1)[:3]
        return kind if at <= self.exchanges < at + times else None

    # -- the door -----------------------------------------------------------------------------------------------------

    def serve(self, q):
        """(status, headers, value) of one exchange; the effect is done."""
        try:
            found = [(p.match(q.path[len(self.base):]), m, w, f) for m, p, w, f in self.routes] if q.path.startswith(self.base) else []
            found = [(m.groups(), method, writes, f) for m, method, writes, f in found if m]
            self.age()
            self.throttle(q)
            self.authorize(q)
            if not found:
                self.problem(404)
            fitting = [(groups, writes, f) for groups, method, writes, f in found if method == q.method]
            if not fitting:
                self.problem(405)
            groups, writes, answer = fitting[0]
            for name in q.query:
                if self.parameters is not None and name not in self.parameters:
                    self.problem(400, f"unknown parameter {name}")
            result = self.carry_out(q, self.writing(q, writes), answer, [urllib.parse.unquote(g) for g in groups])
            status, value, headers = (*result, {})[:3]
            return status, {**self.headers(q), **headers}, value
        except Refused as e:
            return e.status, {**self.headers(q), **e.headers}, e.body
        finally:
            self.remember()

    def writing(self, q, writes):
        """Does this request write? Where one path answers all, its body tells."""
        return writes

    def carry_out(self, q, writes, answer, groups):
        now = self.zones
        if writes:
            self.writes += 1
            if self.switch["lag"]:
                self.old, self.stale = copy.deepcopy(self.zones), self.switch["lag"]
            return answer(q, *groups)
        if self.stale:
            self.stale, self.zones = self.stale - 1, self.old
        try:
            return answer(q, *groups)
        finally:
            self.zones = now

    def authorize(self, q):
        """Refuses a wrong credential; most vendors: one header."""
        name, prefix = self.credential
        if q.header(name) != prefix + self.valid_secret():
            self.problem(401)

    credential = ("Authorization", "Bearer ")

    # Vendors with a login: tokens that were given, and the exchange of each.

    def give_token(self):
        token = f"token-{uuid.uuid4()}"
        self.tokens[token] = self.exchanges
        return token

    def known_token(self, text):
        given, end = self.tokens.get(text), self.switch["revoke"]
        return given is not None and not (end and self.exchanges >= end > given)

    def throttle(self, q):
        if not self.switch["limit"]:
            return
        most, window = self.switch["limit"]
        now = time.monotonic()
        while self.asked and self.asked[0] <= now - window:
            self.asked.popleft()
        if len(self.asked) >= most:
            self.sleep = max(1, int(self.asked[0] + window - now + 0.999))
            self.problem(429)
        self.asked.append(now)

    def left(self):
        """(limit, exchanges left in it, seconds to its end), for the vendor's headers."""
        most, window = self.switch["limit"] or (3600, 3600)
        return most, most - len(self.asked), int(self.asked[0] + window - time.monotonic()) + 1 if self.asked else 0

    def headers(self, q):
        return {}

    def problem(self, status, text=None, **more):
        """Raises Refused with the vendor's own body; of 401, 404, 405, 409, 429 and 500 without a text, too."""
        raise NotImplementedError

    # -- what ends later ----------------------------------------------------------------------------------------------

    def later(self, effect):
        """Does effect() after `delay` exchanges; at once where that is 0. Returns the pending thing."""
        broken = self.switch["broken"]
        if not isinstance(broken, bool):
            self.switch["broken"] = broken - 1
            broken = broken == 1
        thing = {"left": self.switch["delay"], "effect": effect, "done": False, "broken": broken}
        self.pending.append(thing)
        if not thing["left"]:
            self.end(thing)
        return thing

    def age(self):
        for thing in list(self.pending):
            thing["left"] -= 1
            if thing["left"] <= 0 and not thing["done"]:
                self.end(thing)

    def end(self, thing):
        thing["done"] = True
        self.pending.remove(thing)
        if not thing["broken"]:
            thing["effect"]()

    # -- values -------------------------------------------------------------------------------------------------------

    def json(self, q, kind=dict, known=None):
        if q.header("Content-Type").split(";")[0].strip().lower() != "application/json":
            self.problem(415, "Content-Type must be application/json")
        try:
            value = json.loads(q.body)
        except ValueError:
            self.problem(400, "malformed JSON")
        if not isinstance(value, kind):
            self.problem(400, "not the kind of JSON that is expected")
        for name in value if known is not None else ():
            if name not in known:
                self.problem(400, f"unknown field {name}")
        return value

    def number(self, value, low, high, what):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Bad(f"{what} must be between {low} and {high}")
        return value

    def ttl(self, value):
        return self.number(value, self.least_ttl, self.most_ttl, "ttl")

    def host(self, text, zone, rtype="MX"):
        """A target as it is kept; Bad where the vendor would not take it."""
        if not isinstance(text, str) or not text:
            raise Bad("target can't be blank")
        if text == ".":
            if rtype != "MX" or not self.null_mx:
                raise Bad("target is not a hostname")
            return text
        if not text.endswith("."):
            if self.dots == "required":
                raise Bad("target must end in a dot")
            text += f".{zone['name']}." if self.dots == "relative" else "."
        labels = text[:-1].split(".")
        if not all(LABEL.match(label) for label in labels) or (not self.underscores and "_" in text) or labels[-1].isdigit() or len(text) > 254:
            raise Bad("target is not a hostname")
        return text[:-1]

    def value(self, rtype, text, zone):
        """(priority, data) of a value in the form of zone files."""
        if not isinstance(text, str):
            raise Bad("a value must be a string")
        if rtype not in HOST_TYPES:
            return None, text
        priority, space, target = text.partition(" ") if rtype == "MX" else ("0", " ", text)
        if not space or not priority.isdigit() or not priority.isascii() or " " in target:
            raise Bad("not in the form of a record of type " + rtype)
        priority = self.number(int(priority), 0, 65535, "priority")
        return (priority if rtype == "MX" else None), self.host(target, zone, rtype)

    @staticmethod
    def shown(record):
        """The value in the form of zone files."""
        if record["type"] not in HOST_TYPES:
            return record["data"]
        target = record["data"] if record["data"] == "." else record["data"] + "."
        return f"{record['priority']} {target}" if record["type"] == "MX" else target

    def name(self, text, apex=("@",)):
        """A relative name as it is kept."""
        if text in apex:
            return "@"
        if not isinstance(text, str) or not text or not all(LABEL.match(label) or label == "*" for label in text.split(".")):
            raise Bad("name is not valid")
        return text.lower()

    def full_name(self, text, zone, dot=False):
        """A relative name of an absolute one."""
        if not isinstance(text, str) or text.endswith(".") != dot:
            raise Bad("name is not valid")
        text = text.rstrip(".").lower()
        if text == zone["name"]:
            return "@"
        if not text.endswith("." + zone["name"]):
            raise Bad("name is not in the zone")
        return self.name(text[:-len(zone["name"]) - 1])

    def no_clash(self, zone, name, rtype):
        if any(r["name"] == name and r["type"] != rtype and "CNAME" in (rtype, r["type"]) for r in zone["records"]):
            raise Bad("CNAME records cannot share a name with other records")

    def record_of(self, zone, ident):
        for record in zone["records"]:
            if str(record["id"]) == str(ident):
                return record
        return self.problem(404)

    def paged(self, items, q, number="page", size="per_page", least=1):
        """(items of this page, page, size, last page, total)."""
        most = min(self.page, self.switch["page"] or self.page)
        texts = q.query.get(number, "1"), q.query.get(size, str(self.per_page))
        if not all(t.isdigit() for t in texts) or int(texts[0]) < 1 or not least <= int(texts[1]) <= self.page:
            self.problem(400, f"{size} must be between {least} and {self.page}")
        page, count = int(texts[0]), min(int(texts[1]), most)
        last = max(1, -(-len(items) // count))
        return items[(page - 1) * count:page * count], page, count, last, len(items)

    def address(self, q, **query):
        """The address of another page of what was asked for."""
        kept = {**q.query, **{k: str(v) for k, v in query.items()}}
        return f"{q.scheme}://{self.switch['next_host'] or q.host}{q.path}?{urllib.parse.urlencode(kept)}"


def stamp(shift=0, form="%Y-%m-%dT%H:%M:%SZ"):
    return time.strftime(form, time.gmtime(time.time() + shift))
