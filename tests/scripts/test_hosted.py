#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-ins of vendors/: each vendor's rules that a client must keep, one row each, and what all of them share: the
credential, the history of the published sets, faults, lag, limits, an editor between."""
import base64
import http.client
import json

import dig
from hosted_rows import ROWS
from lab import WORLD, Lab
from world import DOMAIN, OLD

JSON = {"Content-Type": "application/json"}


def basic(user, word):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{word}".encode()).decode()}


def bearer(word="test-token"):
    return {"Authorization": "Bearer " + word}


# How each wants its credential, and an answer to a wrong one.
AUTH = {
    "bunny": ({"AccessKey": "test-token"}, 401), "desec": ({"Authorization": "Token test-token"}, 401), "dnsimple": (bearer(), 401), "gandi": (bearer(), 401),
    "glesys": ({**basic("CL12345", "test-token"), "Accept": "application/json"}, 401), "godaddy": ({"Authorization": "sso-key test-key:test-secret"}, 401),
    "hetzner": (bearer(), 401), "infomaniak": (bearer(), 401), "ionos": ({"X-API-Key": "prefix.test-secret"}, 401), "linode": (bearer(), 401), "netlify": (bearer(), 401),
    "ns1": ({"X-NSONE-Key": "test-token"}, 401), "porkbun": ({}, 400), "scaleway": ({"X-Auth-Token": "5f7a11c0-0000-4000-8000-7e570000c0de"}, 401), "simply": (basic("S123456", "test-token"), 401),
    "vultr": (bearer(), 401),
}


def filled(value, places):
    """The row with {zid} and {mx} as they are at this server."""
    if isinstance(value, str):
        for name, text in places.items():
            value = value.replace("{" + name + "}", str(text))
        return value
    if isinstance(value, dict):
        return {k: filled(v, places) for k, v in value.items()}
    return [filled(v, places) for v in value] if isinstance(value, list) else value


def places(lab, port):
    state = lab.http(port, "GET", "/__state")[1]
    mx = [r["id"] for r in state["zones"][DOMAIN] if r["type"] == "MX" and r["name"] == "@"]
    return {"zid": state["ids"][DOMAIN], "mx": (mx or ["none"])[0]}


def rows(lab, name, port, auth):
    for what, method, target, body, status, word in ROWS[name]:
        at = places(lab, port)
        if name == "porkbun" and isinstance(body, dict):
            body = {"apikey": "pk1_test-key", "secretapikey": "sk1_test-secret", **body}
        try:
            seen = lab.http(port, method, filled(target, at), filled(body, at), auth)
        except ValueError as e:
            seen = 0, e
        lab.ok(seen[0] == status and filled(word, at) in json.dumps(seen[1]), f"{name}: {what}: {status}", f"{method} {target} {body}\n{seen}")


def shared(lab, name, port, dns, auth, wrong):
    _, method, target, body, status, word = ROWS[name][0]
    if name == "porkbun":
        body = {"apikey": "pk1_test-key", "secretapikey": "sk1_test-secret"}
    refused = lab.http(port, method, target, {**body, "secretapikey": "x"} if name == "porkbun" else body, {k: v if k in ("Accept", "Content-Type") else v + "x" for k, v in auth.items()})
    lab.ok(refused[0] == wrong and refused[1], f"{name}: a wrong credential: {wrong}", refused)
    lab.equal(dig.mx(dns, DOMAIN), (45000, OLD), f"{name}: its name server says the start data")

    def ask():
        try:
            return lab.http(port, method, target, body, auth)[0]
        except (OSError, ValueError, http.client.HTTPException) as e:
            return type(e).__name__
    lab.http(port, "PUT", "/__switch", {"fault": ["cut-before", 2]})
    seen = ask(), ask(), ask()
    lab.ok(seen[0] == seen[2] == status and not isinstance(seen[1], int), f"{name}: the second exchange is cut", seen)
    lab.http(port, "PUT", "/__switch", {"fault": ["500", 1]})
    seen = lab.http(port, method, target, body, auth)
    lab.ok(seen[0] == 500 and seen[1], f"{name}: its own words for 500", seen)
    lab.http(port, "PUT", "/__switch", {"fault": None, "limit": [2, 60]})
    seen = ask(), ask(), ask()
    lab.ok(seen[:2] == (status, status) and seen[2] in (400, 429, 503), f"{name}: the third exchange is one too many", seen)
    lab.http(port, "PUT", "/__switch", {"limit": None, "intrude": [1, DOMAIN, 300, [[5, "other.exempel.net"]]]})
    ask()
    history = lab.http(port, "GET", "/__state")[1]["history"][DOMAIN]
    apex = [[m for m in state if m[0] == DOMAIN] for state in history]
    lab.equal((len(apex), apex[-1], dig.mx(dns, DOMAIN)), (2, [[DOMAIN, 300, 5, "other.exempel.net"]], (300, {(5, "other.exempel.net")})), f"{name}: an editor between, and the history of it")
    lab.http(port, "PUT", "/__state")
    lab.equal(dig.mx(dns, DOMAIN), (45000, OLD), f"{name}: and all as at the start")


def main():
    with Lab() as lab:
        said = lab.serve("hosted.py", "--state", WORLD, "--dns")
        for name, (auth, wrong) in AUTH.items():
            shared(lab, name, said[name], said[name + "-dns"], {**JSON, **auth}, wrong)
            rows(lab, name, said[name], {**JSON, **auth})


if __name__ == "__main__":
    main()
