#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One suite for every vendor: verify, list, draft, push, roll back, conflicts, faults, lag, pages, what cannot be said to it.

The vendors are the stand-ins of hosted.py, all in one process; VENDORS says what differs from one to the next. A vendor that
the program does not know is left out, and said. PROVIDERS (words) chooses some; PROVIDER_FAULTS=all spoils every exchange of a
push in every way (minutes), without it the writing ones in some.
"""
import base64
import concurrent.futures
import json
import os
import shutil
import subprocess
import time
import urllib.parse

import dig
from lab import PROGRAM, UNTOLD, WORLD, Lab, Result, mx_of, past
from world import DOMAIN, NEW, NEW_EDITS, OLD

OLD_TTL = 14400         # one that each vendor can keep
NULL = {(0, ".")}
FAULTS = ("cut-before", "cut-after", "stall-after", "garble", "500-after", "401", "409", "429", "500", "503")
QUICK = ("cut-after", "429")
SPOILT = (*UNTOLD, "dane")    # on a busy machine the DNS is too slow for the gates, which are not what is tried
# What differs: `null` can it say the null MX (None: not known), `one` is a change one step, `swap` does the vendor itself notice another editor,
# `foreign` are there records that are not ours, `twice` how a zone can be there twice so that it is not clear which, `late` does
# something end later, `ttl` can the TTL of a record that stays be changed, `pages` does it list the zones in pages, `low` a TTL that it does not take.
VENDORS = {
    "azure": {"null": False, "one": True, "swap": True, "foreign": False, "twice": DOMAIN, "late": False, "pages": True, "low": 0},
    "bunny": {"null": True, "one": False, "swap": False, "foreign": True, "twice": None, "late": False, "pages": True, "low": 0},
    "cloudflare": {"null": True, "one": True, "swap": False, "foreign": True, "twice": DOMAIN, "late": False, "pages": True, "low": 29},
    "desec": {"null": True, "one": True, "swap": False, "foreign": False, "twice": None, "late": False, "pages": False, "low": 3599},
    "digitalocean": {"null": False, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": True, "low": 29},
    "dnsimple": {"null": True, "one": False, "swap": False, "foreign": True, "twice": None, "late": False, "pages": True, "low": 0},
    "gandi": {"null": True, "one": True, "swap": False, "foreign": False, "twice": None, "late": False, "pages": True, "low": 299},
    "glesys": {"null": False, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": False, "low": 0},
    "godaddy": {"null": None, "one": True, "swap": False, "foreign": False, "twice": None, "late": False, "pages": True, "low": 599},
    "google": {"null": True, "one": True, "swap": True, "foreign": True, "twice": [DOMAIN, "public"], "late": True, "pages": True, "low": None},
    "hetzner": {"null": True, "one": False, "swap": False, "foreign": True, "twice": None, "late": True, "pages": True, "low": 59},
    "infomaniak": {"null": True, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": False, "low": 59},
    "ionos": {"null": None, "one": True, "swap": False, "foreign": False, "twice": None, "late": False, "pages": False, "low": 59},
    "linode": {"null": None, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": True, "low": 4000},
    "loopia": {"null": False, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": False, "low": 299},
    "namecheap": {"null": False, "one": True, "swap": False, "foreign": False, "twice": None, "late": False, "pages": True, "low": 59},
    "netlify": {"ttl": False, "null": False, "one": False, "swap": False, "foreign": True, "twice": None, "late": False, "pages": True, "low": 0},
    "ns1": {"null": True, "one": True, "swap": False, "foreign": True, "twice": None, "late": False, "pages": True, "low": 0},
    "ovh": {"null": True, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": False, "low": 59},
    "porkbun": {"null": True, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": True, "low": 599},
    "route53": {"null": True, "one": True, "swap": True, "foreign": True, "twice": [DOMAIN, "public"], "late": True, "pages": True, "low": None},
    "scaleway": {"null": None, "one": True, "swap": False, "foreign": True, "twice": None, "late": False, "pages": True, "low": 0},
    "simply": {"null": False, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": False, "low": 0},
    "vultr": {"null": False, "one": False, "swap": False, "foreign": False, "twice": None, "late": False, "pages": True, "low": 0},
}
BLIND = ("linode", "loopia", "namecheap")  # of their zones' name servers they tell nothing
SLOW = ("porkbun", "vultr")      # one request a second, two a second: the short way, unless all is asked for
LOGINS = ("google", "azure")
TOLD = {"dnsimple": "accepts the key\n  it is the key of hostmaster@exempel.com\n", "linode": "accepts the key\n  its rights: domains:read_write\n"}
LIFETIME = 7200 if os.environ.get("PROVIDER_FAULTS") == "all" else 900


class Vendor:
    """One vendor and the program's own configuration and state for it."""

    def __init__(self, lab, name, said, state):
        self.lab, self.name, self.port, self.dns, self.known = lab, name, said[name], said[name + "-dns"], {"ttl": True, **VENDORS[name]}
        # Without the TTL where it must stay; the comma ends an edit.
        self.edits, self.ttl = (NEW_EDITS, 3600) if self.known["ttl"] else ((*NEW_EDITS[:-3], NEW_EDITS[-3].rstrip(",")), OLD_TTL)
        self.account = lab.http(self.port, "GET", "/__account")[1]
        self.env = {"XDG_CONFIG_HOME": lab.path(name + "-config"), "XDG_STATE_HOME": lab.path(name + "-state")}
        os.makedirs(self.env["XDG_CONFIG_HOME"] + "/mxladder")
        self.resolver, self.plan = lab.serve("liar.py", "--lifetime", LIFETIME, "--state", state)["port"], lab.path(name + ".plan")
        self.told, self.leaks, self.secrets = lab.path(name + ".told"), [], self.spellings()
        self.configure(self.account["key"])
        self.wrong = []
        self.blind = ("wrong-zone",) if name in BLIND else ()

    def configure(self, key):
        settings = "".join(f"{k} = {v}\n" for k, v in self.account["settings"].items())
        key_file = self.lab.write(self.name + ".key", key + "\n")
        self.lab.write(f"{self.name}-config/mxladder/config", f"[account lab]\nprovider = {self.name}\nendpoint = {self.account['endpoint']}\nkey_file = {key_file}\n"
                       f"settle = 2s\n{settings}\n[dns]\nresolver = 127.0.0.1:{self.resolver}\n\n[push]\nseen_apart = 0\nhook_command = tee -a {self.told}\n")

    # -- the key is nowhere -------------------------------------------------------------------------------------------

    def spellings(self):
        """The key, and its lines, as they are and as JSON, a URL and basic credentials write them."""
        key = self.account["key"]
        parts = json.loads(key)["private_key"].splitlines()[1:-1] if self.name == "google" else [key, *key.splitlines()]
        users = list(self.account["settings"].values())
        return {s for p in parts for s in (p, json.dumps(p)[1:-1], urllib.parse.quote(p, safe=""),
                                           *(base64.b64encode(f"{u}:{p}".encode()).decode() for u in users)) if len(s) >= 8}

    def look(self, where, text):
        if any(s in text for s in self.secrets):
            self.leaks.append(where)

    def look_at_processes(self, pid):
        """The program's and its children's words and environment, while they run."""
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
                pids = [pid, *f.read().split()]
        except OSError:
            return
        for one in pids:
            for name in ("cmdline", "environ"):
                try:
                    with open(f"/proc/{one}/{name}", encoding="utf-8", errors="replace") as f:
                        self.look(f"/proc/{'PID' if one == pid else 'CHILD'}/{name}", f.read())
                except OSError:
                    pass

    def run(self, *args):
        command = [PROGRAM, *map(str, args)]
        with open(self.lab.path(self.name + ".out"), "w+b") as out, open(self.lab.path(self.name + ".err"), "w+b") as err:
            child = subprocess.Popen(command, env={**self.lab.env, **self.env}, cwd=self.lab.dir, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            end = time.monotonic() + 180
            while child.poll() is None and time.monotonic() < end:
                self.look_at_processes(child.pid)
                time.sleep(0.01)
            if child.poll() is None:
                child.kill()
            status = child.wait() if time.monotonic() < end else "timeout"
            texts = []
            for f in (out, err):
                f.seek(0)
                texts.append(f.read().decode("utf-8", "replace"))
        for what, text in zip(("stdout", "stderr"), texts):
            self.look(f"{what} of {args[0]}", text)
        return Result(status, *texts, ["mxladder", *command[1:]])

    def kept(self):
        """All that was kept on disk, and what the hook command was told."""
        for path, text in self.lab.state_files(f"../../{self.name}-state/mxladder").items():
            self.look(path, text)
        if os.path.exists(self.told):
            self.look("the hook command's input", self.lab.read(self.told))

    def reset(self, **switches):
        self.kept()
        self.lab.http(self.port, "PUT", "/__state")
        shutil.rmtree(self.env["XDG_STATE_HOME"], ignore_errors=True)
        self.switch(**switches)

    def switch(self, **switches):
        if switches:
            status, said = self.lab.http(self.port, "PUT", "/__switch", switches)
            assert status == 204, said

    def draft(self, *edits):
        made = self.run("draft", DOMAIN, *edits, "--account", "lab", "-o", self.plan)
        if made.status == 0:
            made.err += self.run("approve", self.plan).err
        return made

    def push(self, *edits, overrides=(), plan=True):
        """Draft, approve, push; the last command's result."""
        made = self.draft(*edits) if plan else None
        if made and made.status != 0:
            return made
        let = past(*overrides, *self.blind)
        done = self.run("push", self.plan, "--json", "--no-watch", "--server", f"127.0.0.1:{self.dns}", *let)
        done.err += made.err if made else ""
        return done

    def live(self):
        return dig.mx(self.dns, DOMAIN)

    def log(self):
        return self.lab.http(self.port, "GET", "/__log")[1]

    def writes(self):
        return self.lab.http(self.port, "GET", "/__state")[1]["writes"]

    def sets(self):
        """Every set that the name servers of the domain have had since the start, and the others' sets."""
        state = self.lab.http(self.port, "GET", "/__state")[1]
        return [[(p, h) for name, _, p, h in one if name in ("@", DOMAIN)] for one in state["history"][DOMAIN]], state

    def say(self, good, what, seen=""):
        """Collected, and printed when the vendor is through: several run at once."""
        self.wrong.append((bool(good), f"{self.name}: {what}", seen))
        return good

    # -- the cases ----------------------------------------------------------------------------------------------------

    def accounts(self):
        self.reset()
        seen = self.run("accounts", "--verify")
        self.say(seen.status == 0 and TOLD.get(self.name, "accepts the key\n") in seen.out, "a good key is good, and told of as far as the vendor does", seen)
        self.say(not self.writes(), "verifying writes nothing", self.log())
        self.configure("another-secret-canary" if self.name != "google" else self.account["key"].replace("exempel-1.iam", "another-1.iam"))
        seen = self.run("accounts", "--verify")
        self.say(seen.status == 5, "a wrong key: exit 5", seen)
        self.configure(self.account["key"])

    def there_and_back(self):
        self.reset()
        before = self.others()
        done = self.push(*self.edits)
        self.say(done.status == 0 and self.live() == (self.ttl, NEW), "pushed, and its name server has the new set", f"{self.live()}\n{done}")
        self.say((done.json() or {}).get("state") == "published", "it says published", done)
        self.sound()
        shown = self.run("show", DOMAIN, "--account", "lab", "--json")
        self.say(mx_of(shown.json() or {"records": []}) == NEW, "read back as it was written", shown)
        made = self.run("rollback", DOMAIN, "-o", self.plan)
        self.run("approve", self.plan)
        back = self.push(plan=False, overrides=("target-cname",))
        self.say(back.status == 0 and self.live() == (OLD_TTL, OLD), "and back again", f"{self.live()}\n{made}{back}")
        self.sound()
        self.say(self.others() == before, "nothing else was changed", f"{before}\n{self.others()}")
        if self.name in SLOW:
            return
        self.reset()
        done = self.push("ttl", "1h")
        if self.known["ttl"]:
            self.say(done.status == 0 and self.live() == (3600, OLD), "a TTL alone", f"{self.live()}\n{done}")
        else:
            self.say(done.status == 8 and self.live() == (OLD_TTL, OLD) and not self.writes(), "a TTL alone is refused", f"{self.live()}\n{done}")

    def others(self):
        """All records but the MX set of the domain, without their ids."""
        zones = self.lab.http(self.port, "GET", "/__state")[1]["zones"]
        apex = ("@", DOMAIN)
        return sorted(json.dumps({k: v for k, v in r.items() if k not in ("id", "modified_on", "text")}, sort_keys=True) for z in zones.values() for r in z if not (r["type"] == "MX" and r["name"] in apex))

    def sound(self, also=()):
        """Old, new or a union at every moment: nothing foreign, nothing lost, never empty."""
        sets, _ = self.sets()
        bad = [s for s in sets if not (set(s) <= OLD | NEW and (set(s) >= OLD or set(s) >= NEW)) and set(s) not in also]
        self.say(not bad, "old, new or both at every moment", f"{bad}\nof {sets}")

    def hidden(self):
        """After all that was done, and a look at what would have shown it."""
        self.kept()
        self.say(self.secrets and not self.leaks, "the key is in no output, journal, hook, argument and environment", sorted(set(self.leaks)))
        self.say(os.path.exists(self.told) and '"event":"published"' in self.lab.read(self.told), "the hook command was told")
        self.look("a canary", f"before {min(self.secrets)} behind")
        self.say("a canary" in self.leaks, "a key would be found")

    def below(self):
        """A name below the zone's, which no record had before: its set alone is made, and the zone's own stays."""
        name = "a.b." + DOMAIN
        self.reset()
        before, own = self.others(), self.live()
        made = self.run("draft", name, "add", "10", "mejlserver2." + DOMAIN, "--account", "lab", "-o", self.plan)
        self.run("approve", self.plan)
        done = self.run("push", self.plan, "--json", "--no-watch", *past(*self.blind))
        seen = (done.status, dig.mx(self.dns, name)[1], self.live(), len(self.others()) - len(before))
        self.say(seen == (0, {(10, "mejlserver2." + DOMAIN)}, own, 1), "the first set of a name below the zone's", f"{seen}\n{made}{done}")

    def conflicts(self):
        other = [[5, "other.exempel.net"]]
        self.reset()
        made = self.draft(*self.edits)
        self.switch(intrude=[1, DOMAIN, 300, other])
        done = self.push(plan=False)
        self.say(made.status == 0 and done.status == 6 and self.live() == (300, {(5, "other.exempel.net")}) and not self.writes(),
                 "somebody else's set since the draft: exit 6, nothing written", f"{self.live()}\n{done}")
        if not self.known["swap"]:
            return
        self.reset()
        self.push(*self.edits)
        first = next((e["n"] for e in self.log() if e["method"] not in ("GET", "HEAD") and "token" not in e["target"]), 0)
        self.reset()
        self.draft(*self.edits)
        count = self.lab.http(self.port, "GET", "/__state")[1]["exchanges"]
        self.switch(intrude=[first - count, DOMAIN, 300, other])
        done = self.push(plan=False)
        self.say(done.status == 6 and self.live()[1] == {(5, "other.exempel.net")}, "another editor right before the write: exit 6, his set stays", f"{first} {count} {self.live()}\n{done}")

    def refusals(self):
        self.reset()
        done = self.push("null-mx", overrides=("undeliverable",))
        if self.known["null"]:
            self.say(done.status == 0 and self.live()[1] == NULL, "the null MX", f"{self.live()}\n{done}")
            back = self.run("rollback", DOMAIN, "-o", self.plan)
            self.run("approve", self.plan)
            done = self.push(plan=False, overrides=("target-cname",))
            self.say(done.status == 0 and self.live()[1] == OLD, "and back from it", f"{self.live()}\n{back}{done}")
        elif self.known["null"] is None:
            self.say(done.status == 0 and self.live()[1] == NULL or done.status in (1, 2, 8) and self.live()[1] == OLD, "the null MX is there, or refused", f"{self.live()}\n{done}")
        else:
            self.say(done.status in (1, 2, 8) and not self.writes() and self.live()[1] == OLD, "no null MX: refused, nothing written", done)
        if self.known["low"]:
            self.reset()
            done = self.push("ttl", str(self.known["low"]))
            self.say(done.status in (1, 2, 8) and not self.writes(), "a TTL that it does not take: refused, nothing written", done)
        if self.known["foreign"]:
            self.reset(foreign="reserv.exempel.net")
            done = self.push(*self.edits)
            self.say(done.status not in (0, 7, "timeout") and not self.writes(), "a record that is not ours: refused, nothing written", done)
        if self.known["twice"]:
            self.reset(twice=self.known["twice"])
            done = self.push(*self.edits)
            self.say(done.status not in (0, 7, "timeout") and not self.writes(), "two zones of one name: none is guessed", done)

    def manners(self):
        if self.known["pages"]:
            self.reset(page=1)
            done = self.push(*self.edits)
            self.say(done.status == 0 and self.live() == (self.ttl, NEW), "one item a page", f"{self.live()}\n{done}")
        self.reset(lag=2)
        done = self.push(*self.edits)
        self.say(done.status == 0 and self.live() == (self.ttl, NEW), "two reads after a write show the old set", f"{self.live()}\n{done}")
        if self.known["late"]:
            self.reset(delay=2)
            done = self.push(*self.edits)
            self.say(done.status == 0 and self.live() == (self.ttl, NEW), "what ends later is waited for", f"{self.live()}\n{done}")
        if self.name == "hetzner":
            self.reset(delay=2, broken=True)
            done = self.push(*self.edits)
            self.say(done.status in (7, 8) and self.live() == (OLD_TTL, OLD), "an action that ends in an error is no success", f"{self.live()}\n{done}")
            self.reset(broken=2)
            done = self.push(*self.edits)
            self.say(done.status == 7 and self.live() == (OLD_TTL, NEW), "records taken, TTL not: the push is unfinished", f"{self.live()}\n{done}")
            done = self.run("resume", DOMAIN, "--json", "--no-watch", *past(*SPOILT))
            self.say(done.status == 0 and self.live() == (self.ttl, NEW), "and resume gives it the TTL", f"{self.live()}\n{done}")
        self.reset(limit=[6, 2])
        done = self.push(*self.edits)
        if done.status == 7:
            self.switch(limit=None)
            done = self.run("resume", DOMAIN, "--json", "--no-watch")
        self.say(done.status == 0 and self.live() == (self.ttl, NEW), "over the limit: waited for, or resumed", f"{self.live()}\n{done}")
        if self.name in LOGINS:
            self.reset()
            self.push(*self.edits)
            logins = sum("/token" in e["target"] for e in self.log())
            self.say(logins <= 2, "one login for a draft, one for a push", logins)

    def spoilt(self, kind, k, count):
        """One exchange of a push is spoilt: what is said is true, and a resume ends it."""
        self.reset()
        self.draft(*self.edits)
        self.switch(fault=[kind, k])
        haste = ("--timeout", "1") if kind.startswith("stall") else ()
        # The gates are not what is tried: on a busy machine the DNS may be too slow for them.
        done = self.run("push", self.plan, "--json", "--no-watch", "--server", f"127.0.0.1:{self.dns}", *haste, *past(*SPOILT))
        _, now = self.live()
        bad = []
        if done.status == 0 and now != NEW:
            bad.append("exit 0, but the new set is not there")
        if done.status in (3, 5, 6, 8) and now != OLD:
            bad.append(f"exit {done.status} says that nothing was changed, but {sorted(now)}")
        if done.status not in (0, 3, 5, 6, 7, 8):
            bad.append(f"exit {done.status}")
        self.switch(fault=None)
        if done.status == 7:
            end = self.run("resume", DOMAIN, "--json", "--no-watch", *past(*SPOILT))
            if end.status != 0 or self.live()[1] not in (OLD, NEW):
                bad.append(f"resume: {self.live()}\n{end}")
        sets, _ = self.sets()
        bad += [f"on the way: {s}" for s in sets if not (set(s) <= OLD | NEW and (set(s) >= OLD or set(s) >= NEW))]
        return [f"{kind} at {k} of {count}: {b}\n{done}" for b in bad]

    def faults(self):
        self.reset()
        self.draft(*self.edits)
        self.switch(fault=None)
        done = self.push(plan=False)
        log, count = self.log(), self.lab.http(self.port, "GET", "/__state")[1]["exchanges"]
        if not self.say(done.status == 0 and 0 < count < len(log), "a push without faults", done):
            return
        every = os.environ.get("PROVIDER_FAULTS") == "all"
        before = len(log) - count - 1
        changed = [k for k in range(1, count + 1) if log[before + k]["mx"] != log[before + k - 1]["mx"]] or [1]
        wrong = [w for kind in (FAULTS if every else QUICK) for k in (range(1, count + 1) if every else changed[:1]) for w in self.spoilt(kind, k, count)]
        self.say(not wrong, f"spoilt exchanges of {count}: what is said is true, and a resume ends it", "\n".join(wrong))

    def cut_off(self, kind, k):
        """A push whose last call is spoilt, or whose program was killed before it."""
        self.reset()
        self.draft(*self.edits)
        self.switch(fault=["cut-before", k] if kind == "killed" else [kind, k])
        done = self.run("push", self.plan, "--json", "--no-watch", "--server", f"127.0.0.1:{self.dns}", *past(*SPOILT))
        self.switch(fault=None)
        if kind == "killed":
            path = os.path.join(self.env["XDG_STATE_HOME"], "mxladder/journal", DOMAIN + ".ndjson")
            with open(path, encoding="utf-8") as f:
                lines = f.readlines()
            with open(path, "w", encoding="utf-8") as f:
                f.writelines(lines[:next(i for i, line in enumerate(lines) if '"commit":true' in line)])
        return done

    def last_call(self):
        """Written, and cut off before the call that publishes it: that is told, and a resume makes that call alone."""
        self.reset()
        self.draft(*self.edits)
        self.switch(fault=None)
        self.push(plan=False)
        log, count = self.log(), self.lab.http(self.port, "GET", "/__state")[1]["exchanges"]
        k = next(i for i, e in enumerate(log[len(log) - count:], 1) if e["target"].endswith("/refresh"))
        for kind in ("cut-before", "503", "killed"):
            done = self.cut_off(kind, k)
            said = done.json() or {}
            told = (done.status, said.get("state"), said.get("committed"), said.get("unfinished"))
            self.say(told == (7, "partial", False, True) and self.live()[1] == OLD, f"{kind} before the last call: told, and nothing is published", f"{told} {self.live()}\n{done}")
            end = self.run("resume", DOMAIN, "--json", "--no-watch", *past(*SPOILT))
            steps = [s["step"] for s in (end.json() or {}).get("steps", ())]
            self.say(end.status == 0 and len(steps) == 1 and self.live() == (self.ttl, NEW), f"{kind} before the last call: a resume makes it, and no other", f"{self.live()}\n{end}")
        self.cut_off("killed", k)
        end = self.run("resume", DOMAIN, "--abandon", "a test")
        self.say(end.status == 0 and "whether it is published is not known" in end.out and self.live()[1] == OLD, "given up before the last call: that is told", end)

    def all(self):
        began = time.monotonic()
        short = self.name in SLOW and os.environ.get("PROVIDER_FAULTS") != "all"
        for case in (self.accounts, self.there_and_back, self.conflicts, *(() if short else (self.refusals, self.manners, self.below, self.faults)), *((self.last_call,) if self.name == "ovh" else ()), self.hidden):
            try:
                case()
            except (AssertionError, OSError, KeyError, TypeError, ValueError, IndexError) as e:
                self.say(False, f"{case.__name__} ran to its end", f"{type(e).__name__}: {e}")
            if os.environ.get("PROVIDER_TIMES"):
                print(f"# {self.name}: {case.__name__} done after {time.monotonic() - began:.1f} s", flush=True)
        return self.wrong


def known(lab, name):
    """Does the program know this provider? An unknown one's name is the error."""
    lab.configure(f"[account lab]\nprovider = {name}\n")
    return "names no known provider" not in str(lab.run("accounts"))


def main():
    names = os.environ.get("PROVIDERS", " ".join(VENDORS)).split()
    with Lab() as lab, concurrent.futures.ThreadPoolExecutor(6) as pool:
        with open(WORLD, encoding="utf-8") as f:
            world = json.load(f)
        for r in world["zones"][0]["records"]:
            if r["type"] == "MX" and r["name"] == "@":
                r["ttl"] = OLD_TTL
        state = lab.write("world.json", world)
        here = [n for n in names if os.path.exists(os.path.join(os.path.dirname(WORLD), "vendors", n + ".py")) and known(lab, n)]
        for name in names:
            if name not in here:
                print(f"# {name}: not here yet", flush=True)
        said = lab.serve("hosted.py", "--state", state, "--dns", "--lifetime", LIFETIME, "--name-servers", "ns1.exempel.com,ns2.exempel.com", *[w for n in here for w in ("--vendor", n)])
        running = [pool.submit(Vendor(lab, name, said, state).all) for name in sorted(here, key=lambda n: n not in SLOW)]
        for job in running:
            for good, what, seen in job.result():
                lab.ok(good, what, seen)


if __name__ == "__main__":
    main()
