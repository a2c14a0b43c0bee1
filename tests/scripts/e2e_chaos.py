#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can go wrong between the program and a vendor, one exchange at a time.

For each vendor, each fault of the proxy and each exchange of a push: the MX set that the vendor publishes is at every
moment the old one, the new one or a union, never empty; the exit status says what is true; the journal says the same;
`resume` ends in the old set or the new one.  The same when the program is killed while the exchange hangs.
CHAOS_FAULTS and CHAOS_VENDORS (words) choose some of them.
"""
import concurrent.futures
import itertools
import json
import os
import shutil

from lab import UNTOLD, WORLD, Lab, kill_hard, past, wait_until
from world import DOMAIN, NEW, NEW_EDITS, OLD

FAULTS = ("cut-before", "cut-after", "cut-middle", "garble", "garble-http", "401", "409", "429", "500", "503", "500-after",
          "big-error", "stall", "stall-after", "kill", "kill-after")
VENDORS = ("powerdns", "cloudflare", "digitalocean")
NAME_SERVERS = {"powerdns": ("ns1.exempel.com", "ns2.exempel.com"), "cloudflare": ("amy.ns.cloudflare.com", "vin.ns.cloudflare.com"),
                "digitalocean": ("ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com")}
STATUSES = {0, 3, 5, 6, 7, 8}
LET = past(*UNTOLD, "dane")         # on a busy machine the DNS is too slow for the gates, which are not what is tried
LIFETIME = ("--lifetime", 7200)     # they end with the test; on a busy machine all cases of a vendor take longer than the usual quarter of an hour
NUMBER = itertools.count(1)  # a thread's own number may come again with the next thread


class Vendor:
    """One vendor's server with the world in it, for one worker."""

    def __init__(self, lab, name):
        self.lab, self.name, self.prefix = lab, name, f"{name}-{next(NUMBER)}"
        with open(WORLD, encoding="utf-8") as f:
            world = json.load(f)
        apex = [r for r in world["zones"][0]["records"] if not (r["type"] == "NS" and r["name"] == "@")]
        world["zones"][0]["records"] = [{"name": "@", "type": "NS", "ttl": 1800, "data": ns} for ns in NAME_SERVERS[name]] + apex
        state = lab.write(self.prefix + ".json", world)
        script = "pdns.py" if name == "powerdns" else name + ".py"
        self.server = lab.serve(script, *LIFETIME, "--state", state, *(() if name == "powerdns" else ("--dns", "--limit" if name == "cloudflare" else "--burst", 100000)))
        self.resolver = lab.serve("liar.py", *LIFETIME, "--state", state)
        self.log = lab.path(self.prefix + ".log")
        self.proxy = lab.serve("chaosproxy.py", *LIFETIME, "--upstream", f"127.0.0.1:{self.server['port']}", "--log", self.log)
        if name == "powerdns":
            with open(self.server["dir"] + "/key", encoding="ascii") as f:
                self.key = f.read().strip()
        else:
            self.key = "test-token"
        self.key_file = lab.write(self.prefix + ".key", self.key + "\n")
        self.env = {}
        for kind, port in (("proxy", self.proxy["port"]), ("direct", self.server["port"])):
            base = lab.path(f"{self.prefix}-{kind}")
            os.makedirs(base + "/mxladder")
            lab.write(f"{self.prefix}-{kind}/mxladder/config", self.config(port))
            self.env[kind] = {"XDG_CONFIG_HOME": base, "XDG_STATE_HOME": lab.path(self.prefix + "-state")}
        self.plan = lab.path(self.prefix + "-plan.json")

    def config(self, port):
        base = {"powerdns": "", "cloudflare": "/client/v4", "digitalocean": "/v2"}[self.name]
        return (f"[account lab]\nprovider = {self.name}\nendpoint = http://127.0.0.1:{port}{base}\nkey_file = {self.key_file}\nsettle = 1s\n"
                f"\n[dns]\nresolver = 127.0.0.1:{self.resolver['port']}\n")

    def run(self, way, *args):
        return self.lab.run(*args, env=self.env[way], timeout=90)

    def make_plan(self):
        made = self.run("direct", "draft", DOMAIN, *NEW_EDITS, "--account", "lab", "-o", self.plan)
        approved = self.run("direct", "approve", self.plan)
        return made.status == 0 and approved.status == 0, f"{made}{approved}"

    def reset(self, fault=None, at=1):
        if self.name == "powerdns":
            records = [{"content": f"{p} {h}.", "disabled": False} for p, h in sorted(OLD)]
            body = {"rrsets": [{"name": DOMAIN + ".", "type": "MX", "ttl": 45000, "changetype": "REPLACE", "records": records}]}
            status, _ = self.lab.http(self.server["port"], "PATCH", f"/api/v1/servers/localhost/zones/{DOMAIN}.", body, {"X-API-Key": self.key})
        else:
            status, _ = self.lab.http(self.server["port"], "PUT", "/__state")
        assert status == 204, status
        shutil.rmtree(self.env["proxy"]["XDG_STATE_HOME"], ignore_errors=True)
        open(self.log, "w", encoding="utf-8").close()
        self.lab.http(self.proxy["port"], "PUT", "/__chaos", {"fault": fault, "at": at})

    def sets(self):
        """Every MX set of the domain since the reset, the present one last."""
        if self.name == "powerdns":
            _, zone = self.lab.http(self.server["port"], "GET", f"/api/v1/servers/localhost/zones/{DOMAIN}.", headers={"X-API-Key": self.key})
            mx = [r["content"].split() for s in zone["rrsets"] if s["type"] == "MX" and s["name"] == DOMAIN + "." for r in s["records"]]
            return [[(int(p), h.rstrip(".")) for p, h in mx]]
        state = self.lab.http(self.server["port"], "GET", "/__state")[1]
        apex = ("@", DOMAIN)
        return [[(p, h) for name, _, p, h in one if name in apex] for one in state["history"][DOMAIN]]

    def exchanges(self):
        return self.lab.log_of(self.log)


def sound(one):
    """Old, new or a union: not empty, nothing foreign, nothing twice, and all of the old or all of the new."""
    here = set(one)
    return len(here) == len(one) and here <= OLD | NEW and (here >= OLD or here >= NEW)


def judge(v, result, killed):
    """What is wrong after one push; an empty list when all is well."""
    wrong, sets = [], v.sets()
    wrong += [f"published on the way: {sorted(one)}" for one in sets if not sound(one)]
    now, status = set(sets[-1]), None if killed else result.status
    value = None if killed else result.json()
    if not killed:
        if status not in STATUSES:
            wrong.append(f"exit {status}")
        if status == 0 and now != NEW:
            wrong.append(f"exit 0, but live is {sorted(now)}")
        if status in (3, 5, 6, 8) and now != OLD:
            wrong.append(f"exit {status} says that nothing was changed, but live is {sorted(now)}")
        if value is None:
            wrong.append("no JSON")
        elif v.key in result.out + result.err:
            wrong.append("the key is in the output")
    if any(v.key in text for text in v.lab.state_files(f"../../{v.prefix}-state/mxladder").values()):
        wrong.append("the key is in the journal")
    if killed or status == 7:
        end = v.run("direct", "resume", DOMAIN, "--json", "--no-watch", *LET)
        sets = v.sets()
        if end.status != 0 or set(sets[-1]) not in (OLD, NEW) or not all(sound(one) for one in sets):
            wrong.append(f"resume: live is {sorted(sets[-1])}\n{end}")
        past = v.run("direct", "history", DOMAIN, "--json")
        told = json.dumps(past.json())
        if past.status != 0 or ('"interrupted"' in told or '"partial"' in told) and set(sets[-1]) == NEW and '"published"' not in told:
            wrong.append(f"after resume the history does not say how it ended\n{past}")
        once_more = v.run("direct", "resume", DOMAIN, "--no-watch", *LET)
        if once_more.status not in (0, 1):
            wrong.append(f"a second resume\n{once_more}")
    return wrong


def one_case(v, fault, k):
    killed = fault.startswith("kill")
    v.reset({"kill": "stall", "kill-after": "stall-after"}.get(fault, fault), k)
    if not killed:
        result = v.run("proxy", "push", v.plan, "--json", "--no-watch", "--timeout", "1", *LET)
        wrong = judge(v, result, False)
        return [f"{w}\n{result}" for w in wrong]
    child = v.lab.start("push", v.plan, "--json", "--no-watch", "--timeout", "30", *LET, env=v.env["proxy"])
    reached = wait_until(lambda: any(e["exchange"] == k for e in v.exchanges()) or child.poll() is not None, 20)
    if fault == "kill-after":
        before = v.sets()
        wait_until(lambda: v.sets() != before, 0.15)
    kill_hard(child)
    return judge(v, None, True) if reached else ["never reached"]


def campaign(lab, name, faults):
    """All cases of one vendor; returns {fault: [what is wrong]}, and how many exchanges a push has."""
    v = Vendor(lab, name)
    v.reset()
    good, seen = v.make_plan()
    if not good:
        return {"plan": [seen]}, 0
    v.reset()
    clean = v.run("proxy", "push", v.plan, "--json", "--no-watch", *LET)
    count = len([e for e in v.exchanges() if "status" in e])
    if clean.status != 0 or set(v.sets()[-1]) != NEW:
        return {"a push without faults": [f"live is {v.sets()[-1]}\n{clean}"]}, count
    asked = [f"{e['method']} {e['target']}" for e in v.exchanges() if "status" in e]
    # PowerDNS's answer to a zone's name holds the set as well: it is asked before the write and after it, and nothing else is.
    once = len(asked) == 3 and asked[0] == asked[2] and asked[1].startswith("PATCH ") if name == "powerdns" else asked.count(asked[0]) == 1
    if not once:
        return {"a push without faults": [f"the zone was looked for again to read back: {asked}"]}, count
    found = {fault: [f"exchange {k}: {w}" for k in range(1, count + 1) for w in one_case(v, fault, k)] for fault in faults}
    return found, count


def main():
    faults = os.environ.get("CHAOS_FAULTS", " ".join(FAULTS)).split()
    vendors = os.environ.get("CHAOS_VENDORS", " ".join(VENDORS)).split()
    if "powerdns" in vendors:
        Lab.need("pdns_server", "sqlite3")
    with Lab() as lab, concurrent.futures.ThreadPoolExecutor(2) as pool:
        # the longest first, each vendor's faults in two halves, so that two workers end together
        jobs = [(name, half) for name in reversed(vendors) for half in (faults[::2], faults[1::2]) if half]
        running = [(name, half, pool.submit(campaign, lab, name, half)) for name, half in jobs]
        for name, half, job in running:
            found, count = job.result()
            lab.ok(count >= 3, f"{name}: a push of {count} exchanges", found)
            for fault in found if count == 0 or len(found) != len(half) else half:
                lab.ok(not found[fault], f"{name}: {fault} at each of {count} exchanges", "\n".join(found[fault]))


if __name__ == "__main__":
    main()
