#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-ins themselves: each rule of a vendor that the client must keep, in one row; and that the proxy spoils
exactly the exchange it is told to."""
import http.client

import dig
from lab import WORLD, Lab
from world import DOMAIN, OLD

AUTH = {"Authorization": "Bearer test-token"}
RECORDS = f"/v2/domains/{DOMAIN}/records"


def mx(**more):
    return {"type": "MX", "name": "@", "data": "mx3.exempel.net.", "priority": 30, "ttl": 3600, **more}


DIGITALOCEAN = [
    # name, method, target, body, status, a word of the answer
    ("a full set", "POST", RECORDS, mx(), 201, "domain_record"),
    ("data without a dot", "POST", RECORDS, mx(data="mx3.exempel.net"), 422, "Data needs to end with a dot (.)"),
    ("the apex as data", "POST", RECORDS, mx(data="exempel.com."), 201, "'data': '@'"),
    ("null MX", "POST", RECORDS, mx(data=".", priority=0), 422, "unprocessable_entity"),
    ("TTL under the floor", "POST", RECORDS, mx(ttl=29), 422, "greater than 30"),
    ("priority too high", "POST", RECORDS, mx(priority=65536), 422, "Priority"),
    ("priority as a string", "POST", RECORDS, mx(priority="10"), 422, "Priority"),
    ("no priority", "POST", RECORDS, {k: v for k, v in mx().items() if k != "priority"}, 422, "Priority"),
    ("an unknown field", "POST", RECORDS, mx(preference=10), 422, "preference"),
    ("the full name", "POST", RECORDS, mx(name="exempel.com"), 422, "relative"),
    ("MX beside CNAME", "POST", "/v2/domains/exempel.net/records", mx(name="reserv"), 422, "CNAME"),
    ("TTL alone: the stored data has no dot", "PATCH", RECORDS + "/11189877", {"type": "MX", "ttl": 60}, 422, "end with a dot"),
    ("TTL with the data", "PATCH", RECORDS + "/11189877", {"type": "MX", "ttl": 60, "data": "mejlserver1.exempel.com."}, 200, "'ttl': 60"),
    ("an unknown record", "DELETE", RECORDS + "/1", None, 404, "not_found"),
    ("an unknown domain", "GET", "/v2/domains/example.org", None, 404, "not_found"),
    ("a page too large", "GET", RECORDS + "?per_page=201", None, 422, "per_page"),
    ("an unknown parameter", "GET", RECORDS + "?typ=MX", None, 400, "typ"),
    ("by the relative name: nothing", "GET", RECORDS + "?type=MX&name=@", None, 200, "'total': 0"),
    ("a deletion", "DELETE", RECORDS + "/11189878", None, 204, ""),
]


def cloudflare_rows(records, first):
    def post(**more):
        return {"type": "MX", "name": DOMAIN, "content": "mx3.exempel.net", "priority": 30, "ttl": 3600, **more}
    return [
        ("a record", "POST", records, post(), 200, "'success': True"),
        ("the same again", "POST", records, post(content="MX3.exempel.net."), 400, "81058"),
        ("TTL under the floor", "POST", records, post(ttl=30), 400, "9021"),
        ("TTL over the top", "POST", records, post(ttl=86401), 400, "9021"),
        ("TTL automatic", "POST", records, post(ttl=1, priority=40), 200, "'ttl': 1"),
        ("no priority", "POST", records, {k: v for k, v in post().items() if k != "priority"}, 400, "9008"),
        ("an address as target", "POST", records, post(content="192.0.2.1"), 400, "9009"),
        ("null MX", "POST", records, post(content=".", priority=0), 200, "'content': '.'"),
        ("an unknown field", "POST", records, post(preference=1), 400, "preference"),
        ("a batch with one bad part", "POST", records + "/batch", {"deletes": [{"id": first}], "posts": [post(ttl=2)]}, 400, "9021"),
        ("is undone as a whole", "GET", records + "/" + first, None, 200, first),
        ("a batch: deletes come first", "POST", records + "/batch",
         {"posts": [post(content="mejlserver1.exempel.com", priority=10, ttl=45000)], "deletes": [{"id": first}]}, 200, "'puts': None"),
        ("a record that is gone", "DELETE", records + "/" + first, None, 404, "81044"),
        ("an empty batch", "POST", records + "/batch", {}, 400, "batch"),
        ("an unknown zone", "GET", "/client/v4/zones/" + "0" * 32, None, 404, "1001"),
        ("no zone at all", "GET", "/client/v4/zones/exempel.com/dns_records", None, 400, "7003"),
        ("a page too large", "GET", "/client/v4/zones?per_page=51", None, 400, "per_page"),
    ]


def table(lab, port, vendor, rows):
    for name, method, target, body, status, word in rows:
        seen = lab.http(port, method, target, body, AUTH)
        lab.ok(seen[0] == status and word in str(seen[1]), f"{vendor}: {name}: {status}", seen)


def digitalocean(lab):
    said = lab.serve("digitalocean.py", "--state", WORLD, "--dns", "--burst", 40)
    port = said["port"]
    lab.equal(lab.http(port, "GET", "/v2/domains")[0], 401, "digitalocean: no token: 401")
    lab.equal(dig.mx(said["dns"], DOMAIN), (45000, OLD), "digitalocean: its name server says the same")
    _, page = lab.http(port, "GET", RECORDS + "?per_page=2&page=2", headers=AUTH)
    lab.ok(set(page["links"]["pages"]) == {"first", "prev", "last", "next"} and "page=3" in page["links"]["pages"]["next"]
           and f"127.0.0.1:{port}" in page["links"]["pages"]["next"], "digitalocean: full links to the pages around", page["links"])
    table(lab, port, "digitalocean", DIGITALOCEAN)
    for _ in range(40):
        last = lab.http(port, "GET", "/v2/account", headers=AUTH)
    lab.equal((last[0], last[1]["id"]), (429, "too_many_requests"), "digitalocean: the burst limit")


def cloudflare(lab):
    said = lab.serve("cloudflare.py", "--state", WORLD, "--dns", "--limit", 60, "--block", 1)
    port = said["port"]
    lab.equal(lab.http(port, "GET", "/client/v4/zones")[0], 400, "cloudflare: no token: 400")
    lab.equal(lab.http(port, "GET", "/client/v4/zones", headers={"Authorization": "Bearer wrong"})[0], 403, "cloudflare: a wrong token: 403")
    lab.equal(lab.http(port, "GET", "/client/v4/user/tokens/verify", headers=AUTH)[1]["result"]["status"], "active", "cloudflare: the token is active")
    zone = lab.http(port, "GET", f"/client/v4/zones?name={DOMAIN}", headers=AUTH)[1]["result"][0]["id"]
    records = f"/client/v4/zones/{zone}/dns_records"
    found = lab.http(port, "GET", f"{records}?type=MX&name={DOMAIN}&per_page=100", headers=AUTH)[1]["result"]
    lab.equal({(r["priority"], r["content"]) for r in found}, OLD, "cloudflare: the set")
    table(lab, port, "cloudflare", cloudflare_rows(records, found[0]["id"]))
    for _ in range(60):
        last = lab.http(port, "GET", "/client/v4/zones", headers=AUTH)
    lab.equal((last[0], last[1]["success"]), (429, False), "cloudflare: over the limit, all is refused for a while")


def proxy(lab):
    state = lab.serve("digitalocean.py", "--state", WORLD)["port"]
    port = lab.serve("chaosproxy.py", "--upstream", f"127.0.0.1:{state}")["port"]

    def total():
        return lab.http(state, "GET", RECORDS + f"?type=MX&name={DOMAIN}", headers=AUTH)[1]["meta"]["total"]
    for fault, effect in (("cut-before", 0), ("cut-after", 1), ("cut-middle", 1), ("garble", 1), ("garble-http", 1), ("401", 0), ("429", 0),
                          ("500", 0), ("500-after", 1), ("big-error", 0)):
        lab.http(state, "PUT", "/__state")
        lab.http(port, "PUT", "/__chaos", {"fault": fault, "at": 2})
        whole = lab.http(port, "GET", RECORDS, headers=AUTH)[0]
        try:
            seen = lab.http(port, "POST", RECORDS, mx(), AUTH)[0]
        except (OSError, ValueError, http.client.HTTPException) as e:
            seen = type(e).__name__
        after = lab.http(port, "GET", RECORDS, headers=AUTH)[0]
        lab.ok((whole, after) == (200, 200) and seen != 201 and total() == 3 + effect,
               f"chaosproxy: {fault} spoils the second exchange alone, {'after' if effect else 'before'} its effect", (whole, seen, after, total()))


def main():
    with Lab() as lab:
        digitalocean(lab)
        cloudflare(lab)
        proxy(lab)


if __name__ == "__main__":
    main()
