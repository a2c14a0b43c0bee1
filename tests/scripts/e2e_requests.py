#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests one record more costs in an account with 1,000 other zones, at every vendor's stand-in, beside the fewest that the
vendor's API allows: a login where there is one, the zone, the set, the write, the set again, and what has to be waited for or committed.
Counted exactly: more is a cost, and fewer is something that is not looked at any more."""
import concurrent.futures
import json

from e2e_providers import OLD_TTL, VENDORS, Vendor
from lab import WORLD, Lab

ZONES = 1000
NS = "its name servers are compared with the delegation"
# What is asked, the fewest, and why it is more.
REQUESTS = {
    "azure": (15, 15, ""),          # 11 pages: a zone's path needs its resource group; where that is set, one page of it is less
    "bunny": (5, 5, ""),            # 2 pages of 1000
    "cloudflare": (4, 4, ""),
    "desec": (5, 4, NS),
    "digitalocean": (5, 4, NS),
    "dnsimple": (6, 5, NS),         # /whoami: the account's number stands in every path
    "gandi": (5, 4, NS),
    "glesys": (4, 4, ""),
    "godaddy": (4, 4, ""),          # the name servers tell that the zone is there
    "google": (6, 6, ""),           # a token, and the change is asked for until it is done
    "hetzner": (5, 5, ""),          # an action that is asked for until it is done
    "infomaniak": (4, 4, ""),
    "ionos": (5, 4, NS),
    "linode": (4, 4, ""),
    "loopia": (4, 4, ""),
    "namecheap": (14, 14, ""),      # 11 pages: only the list tells where a name is cut into SLD and TLD
    "netlify": (4, 4, ""),
    "ns1": (4, 4, ""),
    "ovh": (14, 13, "all names in one list, so that many domains cost one"),    # each record by its id; the clock; /refresh
    "porkbun": (4, 4, ""),          # the name servers tell that the zone is there
    "route53": (16, 5, "/hostedzonesbyname wants a right of its own, which keys that list zones may lack; " + NS),
    "scaleway": (14, 14, ""),       # 11 pages
    "simply": (3, 3, ""),           # the set tells that the zone is there
    "vultr": (4, 4, ""),
}


UNLISTED = {"godaddy", "infomaniak", "porkbun", "simply"}  # zones are asked for by name alone


def one(lab, name, said, small):
    """(exit status, the requests of one push, the zones that are listed)"""
    vendor = Vendor(lab, name, said, small)
    made = vendor.draft("add", "30", "mx3.exempel.net")
    before = len(vendor.log())
    done = vendor.push(plan=False)
    log = [f"{e['method']} {e['target']} {e['status']}" for e in vendor.log()[before:]]
    return done.status, log, f"{made}{done}", vendor.run("zones", "lab", "--json")


def main():
    with Lab() as lab, concurrent.futures.ThreadPoolExecutor(3) as pool:
        with open(WORLD, encoding="utf-8") as f:
            world = json.load(f)
        for r in world["zones"][0]["records"]:
            if r["type"] == "MX" and r["name"] == "@":
                r["ttl"] = OLD_TTL
        small = lab.write("small.json", world)
        world["zones"] += [{"name": f"{'az'[i % 2]}{i}.example", "records": [{"name": "@", "type": "A", "ttl": 3600, "data": "192.0.2.1"}]}
                           for i in range(ZONES)]
        said = lab.serve("hosted.py", "--state", lab.write("world.json", world), "--dns", "--name-servers", "ns1.exempel.com,ns2.exempel.com")
        lab.equal(sorted(REQUESTS), sorted(VENDORS), "each vendor has its row")
        running = {name: pool.submit(one, lab, name, said, small) for name in REQUESTS}
        for name, (count, fewest, why) in REQUESTS.items():
            status, log, text, zones = running[name].result()
            lab.equal((status, len(log)), (0, count), f"{name}: {count} requests, of {fewest} at least{why and ': ' + why}", "\n".join(log) + "\n" + text)
            lab.ok((count > fewest) == bool(why), f"{name}: what is more has its reason")
            names = [zone["zone"] for zone in json.loads(zones.out)["zones"]] if zones.status == 0 else zones.status
            lab.equal(names, 8 if name in UNLISTED else sorted(zone["name"] for zone in world["zones"]), f"{name}: zones lists them all, on all pages, or says that it cannot", zones.err)
            lab.ok(not any(line.endswith(" 404") for line in log), f"{name}: nothing is asked in vain", log)


if __name__ == "__main__":
    main()
