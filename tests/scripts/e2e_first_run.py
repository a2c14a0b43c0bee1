#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an empty home folder to a pushed and verified change at a real PowerDNS, and at a stand-in of a vendor with a token, with the
interface alone: the welcome, a look at a domain, the account with a key that is refused and one that is accepted, its zones, the list of
domains, the push, the requests that it took, and the account's end."""
import os
import re

import dig
from lab import WORLD, Lab, wait_until
from terminal import Terminal
from world import DOMAIN


def answer(t, text, *next_words):
    """What is typed to the question that is open, and whether the next words come."""
    t.keys("C-u")
    if text:
        t.type(text)
        t.shows(text if "secret" not in text else "****", seconds=2)
    t.keys("Enter")
    return t.shows(*next_words)


def account(lab, t, pdns):
    key = open(pdns["dir"] + "/key", encoding="ascii").read().strip()
    config = lab.env["XDG_CONFIG_HOME"] + "/mxladder"
    t.keys("A")
    lab.ok(t.shows("Who holds the zones?", "powerdns"), "A asks who holds the zones, and names the providers", t.screen())
    lab.ok(answer(t, "powerdms", "no provider is named powerdms"), "a provider that there is not is refused", t.screen())
    lab.ok(answer(t, "powerdns", "Name of the account:", "powerdns"), "the name is offered", t.screen())
    lab.ok(answer(t, "lab", "Address:", "127.0.0.1:8081"), "the usual address is offered", t.screen())
    lab.ok(answer(t, f"http://127.0.0.1:{pdns['port']}", "Where the key is:", "pdns.conf"), "what key it is stands there", t.screen())
    answer(t, "", "Key:")
    t.type("wrong-secret")
    lab.ok(t.shows("Key: ************") and "wrong" not in t.screen(), "the key is not shown", t.screen())
    t.keys("Enter")
    lab.ok(t.shows("credentials") or t.shows("refused", seconds=1), "a key that is refused is said to be", t.screen())
    lab.ok(not os.path.exists(config + "/config"), "and nothing is written", os.listdir(config))
    lab.ok(t.shows("Key:"), "the key alone is asked for again", t.screen())
    t.type(key)
    t.shows("*" * 6)
    t.keys("Enter")
    lab.ok(t.shows("Domains:", DOMAIN, "* for all"), "the right one is accepted, and the zones are listed", t.screen())
    lab.ok(answer(t, DOMAIN, "Account lab stands in"), "the account is added", t.screen())
    written = open(config + "/config", encoding="utf-8").read()
    lab.ok(re.fullmatch(rf"\[account lab\]\nprovider = powerdns\nendpoint = http://127.0.0.1:{pdns['port']}\nkey_file = \S+/lab.key\n"
                        rf"\n\[domain {DOMAIN}\]\naccount = lab\n", written), "the file says what the manual says", written)
    lab.ok(os.stat(config + "/lab.key").st_mode & 0o777 == 0o600 and key in open(config + "/lab.key", encoding="ascii").read(),
           "the key lies in a file that nobody else can read")


def change_ttl(lab, t, ttl, note, dns, seconds):
    """From the list of domains to a change that the name server has."""
    t.keys("Enter")
    wait_until(lambda: re.search(r"account lab +✔ set A", t.screen()), 10)
    t.keys("t")
    lab.ok(t.shows("TTL:") and answer(t, ttl, "DRAFT"), "the TTL is drafted", t.screen())
    t.keys("r")
    t.shows("REVIEW", "TTL")
    t.keys("A")
    t.shows("note")
    lab.ok(answer(t, note, "pproved"), "approved", t.screen())
    t.keys("P")
    t.shows("because:")
    t.type("no delegation in a laboratory")
    t.keys("Enter")
    lab.ok(wait_until(lambda: (dig.mx(dns, DOMAIN) or (0, 0))[0] == seconds, 10), "the name server has it", t.screen())
    lab.ok(t.shows("published") or t.shows("✔", seconds=1), "and is seen to have it", t.screen())


def restart(lab, t, options):
    t.keys("q")
    lab.ok(wait_until(lambda: t.pid() is None, 5), "q leaves", t.screen())
    with open(lab.env["XDG_CONFIG_HOME"] + "/mxladder/config", "a", encoding="utf-8") as file:
        file.write("\n[push]\nseen_apart = 0\n")  # who tests has no time to look twice
    t.command(*options)
    lab.ok(t.shows("DOMAINS 1", DOMAIN, "10──"), "the next start lists the domain", t.screen())


def requests_and_end(lab, t, key, config):
    """What went out is listed without the key; the account is tried, and removed."""
    t.keys("I")
    lab.ok(t.shows("REQUESTS", "PUT  http://", "/domains/", "200"), "I lists what went out", t.screen())
    lab.ok(key not in t.screen() and "earer" not in t.screen(), "without the key", t.screen())
    t.keys("@")
    lab.ok(t.shows("ACCOUNTS", "DigitalOcean", "not tried", f"Domains: {DOMAIN}"), "@ lists the account", t.screen())
    t.keys("t")
    lab.ok(t.shows("can be used", "only a push tells"), "t tries it", t.screen())
    lab.ok(t.shows("more requests are taken until 20"), "what the vendor's own answers say is left of its pace", t.screen())
    t.keys("d")
    lab.ok(t.shows("Type the account's name"), "d asks for its name", t.screen())
    lab.ok(answer(t, "lab", "stands in the configuration no more", "No account is configured."), "and it is gone", t.screen())
    lab.equal(open(config + "/config", encoding="utf-8").read(), f"\n[domain {DOMAIN}]\n\n[push]\nseen_apart = 0\n", "from the file, and nothing else")
    lab.ok(os.path.exists(config + "/lab.key"), "its key stays")


def vendor(lab, resolver):
    """The same at a vendor that wants a token."""
    said = lab.serve("hosted.py", "--state", WORLD, "--vendor", "digitalocean", "--dns", "--name-servers", "ns1.exempel.com,ns2.exempel.com")
    given = lab.http(said["digitalocean"], "GET", "/__account")[1]
    dns, key = said["digitalocean-dns"], given["key"]
    options = ("--resolver", f"127.0.0.1:{resolver['port']}", "--server", f"127.0.0.1:{dns}")
    lab.env["XDG_CONFIG_HOME"], lab.env["XDG_STATE_HOME"] = lab.path("config2"), lab.path("state2")
    config = lab.env["XDG_CONFIG_HOME"] + "/mxladder"
    t = Terminal(lab, 130, 30, "vendor")
    t.command(*options)
    lab.ok(t.shows("No domain is known here yet."), "a vendor, from an empty home folder", t.screen())
    t.keys("A")
    for text, words in (("digitalocean", "Name of"), ("lab", "Address:"), (given["endpoint"], "Where the key"), ("", "Key:")):
        lab.ok(answer(t, text, words), f"asks on: {words}", t.screen())
    t.type(key)
    t.shows("*" * 6)
    t.keys("Enter")
    lab.ok(t.shows("Domains:", DOMAIN), "the token is accepted, and the zones are listed", t.screen())
    lab.ok(answer(t, DOMAIN, "Account lab stands in"), "the account is added", t.screen())
    lab.ok(os.stat(config + "/lab.key").st_mode & 0o777 == 0o600, "the token lies in a file that nobody else can read")
    restart(lab, t, options)
    change_ttl(lab, t, "2h", "at a vendor", dns, 7200)
    requests_and_end(lab, t, key, config)
    t.close()


def main():
    Lab.need("pdns_server", "sqlite3", "tmux")
    with Lab() as lab:
        pdns = lab.serve("pdns.py", "--state", WORLD)
        resolver = lab.serve("liar.py", "--state", WORLD)
        options = ("--resolver", f"127.0.0.1:{resolver['port']}", "--server", f"127.0.0.1:{pdns['dns']}")
        os.rmdir(lab.env["XDG_CONFIG_HOME"] + "/mxladder")
        t = Terminal(lab, 130, 30, "first")
        t.command(*options)
        lab.ok(t.shows("No domain is known here yet.", "add the account"), "an empty home folder: a welcome", t.screen())
        t.keys("Enter")
        lab.ok(t.shows("Domain:"), "Enter asks for a domain", t.screen())
        lab.ok(answer(t, DOMAIN, "mejlserver1.exempel.com"), "and shows its ladder", t.screen())
        account(lab, t, pdns)
        restart(lab, t, options)
        change_ttl(lab, t, "2h", "the first one", pdns["dns"], 7200)
        t.keys("Escape", "Escape", "Escape")
        lab.ok(t.shows("DOMAINS 1", "published"), "the list tells of the push", t.screen())
        t.close()
        vendor(lab, resolver)


if __name__ == "__main__":
    main()
