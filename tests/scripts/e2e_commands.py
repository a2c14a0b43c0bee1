#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job by commands alone, against a real PowerDNS with a real secondary and their own DNS answers: show, check,
draft, diff, approve, push, verify, history, roll back; JSON and exit statuses as the contract says."""
import json
import os
import pty
import re
import signal
import socket
import termios

import dig
from lab import PROGRAM, WORLD, Lab, mx_of, wait_until
from world import CONFIG, DOMAIN, NEW_EDITS, NEW, OLD, SERVERS_DIR

INTERRUPT = "\x03"
ID = re.compile(r"^sha256:[0-9a-f]{64}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def shown(lab, pdns):
    ladder = lab.run("show", DOMAIN, "--json", "--server", f"127.0.0.1:{pdns['dns']}")
    lab.equal(ladder.status, 0, "show: exit 0", ladder)
    value = ladder.json() or {}
    lab.equal((value.get("domain"), value.get("source"), value.get("ttl"), value.get("null_mx"), value.get("implicit_mx"), value.get("error")),
              (DOMAIN, "server", 45000, False, False, None), "show --json: the contract's fields", ladder)
    lab.equal(mx_of(value) if "rungs" in value else None, OLD, "show --json: the live set", ladder)
    first = {h["host"]: h for rung in value.get("rungs", []) for h in rung["hosts"]}
    one = first.get("mejlserver1.exempel.com", {})
    lab.equal((one.get("share"), one.get("addresses"), one.get("exists"), one.get("address_ttl")),
              (0.5, ["192.0.2.10", "2001:db8::10"], True, 3600), "show --json: share and addresses", ladder)
    lab.equal(first.get("reserv.exempel.net", {}).get("alias_of"), "backup.exempel.net", "show --json: the alias is told", ladder)
    text = lab.run("show", DOMAIN, "--server", f"127.0.0.1:{pdns['dns']}")
    lab.ok(text.status == 0 and all(host in text.out for _, host in OLD) and "45000" in text.out + text.out.replace(" ", ""),
           "show: ladder and table in text", text)


def checked(lab):
    found = lab.run("check", DOMAIN, "--json")
    lab.equal(found.status, 1, "check: exit 1 for an error", found)
    value = found.json() or {}
    ids = {f["id"]: f for f in value.get("findings", [])}
    lab.ok("target-cname" in ids and ids["target-cname"]["level"] == "error" and ids["target-cname"]["host"] == "reserv.exempel.net",
           "check --json: the alias is found", found)
    lab.ok(all({"id", "level", "host", "text", "why", "reference", "introduced", "accepted", "fix"} <= set(f) for f in ids.values()) and ids,
           "check --json: every finding has the contract's fields", found)
    lab.ok(sum(value.get("counts", {}).values()) == len(value.get("findings", [])), "check --json: the counts add up", found)


def audited(lab, pdns):
    """The zones of an account are the names that are audited, each by what its server says."""
    zones = [zone["zone"] for zone in lab.run("zones", "lab", "--json").json()["zones"]]
    done = lab.run("audit", "--account", "lab", "--ordered", "--server", f"127.0.0.1:{pdns['dns']}")
    told = {line["domain"]: line for line in map(json.loads, done.out.splitlines())}
    lab.equal((done.status, list(told)), (0, zones), "audit --account: a line for each zone of a PowerDNS", done)
    records = told[DOMAIN]["records"]
    lab.equal({(r["preference"], r["host"]) for r in records}, OLD, "audit --account: with its set", told[DOMAIN])
    lab.equal((told[DOMAIN]["ttl"], records[0]["addresses"]), (45000, ["192.0.2.10", "2001:db8::10"]), "audit --account: TTL and addresses")


def drafted(lab):
    made = lab.run("draft", DOMAIN, *NEW_EDITS, "--account", "lab", "-o", lab.path("plan.json"))
    lab.equal(made.status, 0, "draft: exit 0", made)
    plan = json.loads(lab.read("plan.json"))
    lab.equal((plan.get("mxladder_plan"), plan.get("domain"), plan.get("zone"), plan.get("account"), plan.get("provider")),
              (1, DOMAIN, DOMAIN, "lab", "powerdns"), "draft: the plan names domain, zone, account, provider", plan)
    lab.equal((mx_of(plan["base"]), mx_of(plan["want"])), (OLD, NEW), "draft: base and want", plan)
    lab.equal((plan["base"]["ttl"], plan["want"]["ttl"]), (45000, 3600), "draft: the TTLs", plan)
    lab.ok(ID.match(plan.get("id") or ""), "draft: the plan's id", plan)
    lab.ok(plan.get("approvals") == [], "draft: not approved", plan)
    differs = lab.run("diff", lab.path("plan.json"))
    lab.ok(differs.status in (0, 1) and "mx3.exempel.net" in differs.out and "reserv.exempel.net" in differs.out, "diff: says what changes", differs)


def pushed(lab, pdns):
    plan = lab.path("plan.json")
    early = lab.run("push", plan, "--json")
    lab.equal(early.status, 9, "push: exit 9 before approval", early)
    lab.equal((early.json() or {}).get("error", {}).get("code") is not None, True, "push --json: an error object", early)
    approved = lab.run("approve", plan, "--note", "change 17")
    lab.equal(approved.status, 0, "approve: exit 0", approved)
    lab.ok(json.loads(lab.read("plan.json"))["approvals"][0]["note"] == "change 17", "approve: the note is in the plan", approved)
    dry = lab.run("push", plan, "--dry-run")
    lab.ok(dry.status == 0 and "PATCH" in dry.out, "push --dry-run: shows the exact request", dry)
    lab.equal(dig.mx(pdns["dns"], DOMAIN)[1], OLD, "push --dry-run: nothing written")
    done = lab.run("push", plan, "--json", "--server", f"127.0.0.1:{pdns['dns']}", "--server", f"127.0.0.1:{pdns['dns2']}")
    lab.equal(done.status, 0, "push: exit 0", done)
    value = done.json() or {}
    lab.equal((value.get("domain"), value.get("account"), value.get("provider"), value.get("state")), (DOMAIN, "lab", "powerdns", "published"),
              "push --json: what was pushed where", done)
    lab.ok(ID.match(value.get("plan") or "") and all(s["state"] in ("done", "skipped") for s in value.get("steps", [])) and value.get("steps"),
           "push --json: every step is done", done)
    servers = value.get("verified", {}).get("servers", [])
    lab.ok(len(servers) == 2 and all(s["matches"] for s in servers) and value["verified"]["provider"], "push --json: verified on both servers", done)
    lab.ok(TIME.match(value.get("safe_to_retire_old_hosts_at") or ""), "push --json: when the old hosts may go", done)
    for name in ("dns", "dns2"):
        lab.equal(dig.mx(pdns[name], DOMAIN), (3600, NEW), f"push: the name server itself says so ({name})")
    again = lab.run("push", plan, "--json")
    lab.equal((again.status, (again.json() or {}).get("state")), (0, "unchanged"), "push of the same plan again: already so, exit 0", again)


def rolled_back(lab, pdns):
    past = lab.run("history", DOMAIN)
    lab.ok(past.status == 0 and "published" in past.out, "history: knows the push", past)
    told = lab.run("history", DOMAIN, "--json")
    lab.ok(told.status == 0 and "published" in json.dumps(told.json()), "history --json", told)
    made = lab.run("rollback", DOMAIN, "-o", lab.path("back.json"))
    lab.equal(made.status, 0, "rollback: exit 0", made)
    plan = json.loads(lab.read("back.json")) if made.status == 0 else {"base": {"records": []}, "want": {"records": [], "ttl": 0}}
    lab.equal((mx_of(plan["base"]), mx_of(plan["want"]), plan["want"]["ttl"]), (NEW, OLD, 45000), "rollback: the plan is the reverse", plan)
    lab.equal(lab.run("approve", lab.path("back.json")).status, 0, "approve the revert")
    # reserv.exempel.net is an alias: the revert brings that error back, and is let through with a reason
    done = lab.run("push", lab.path("back.json"), "--override", "target-cname=it was so before", "--server", f"127.0.0.1:{pdns['dns']}")
    lab.equal(done.status, 0, "push of the revert: exit 0", done)
    lab.equal(dig.mx(pdns["dns"], DOMAIN), (45000, OLD), "the name server has the old set and TTL back")
    lab.ok(wait_until(lambda: dig.mx(pdns["dns2"], DOMAIN) == (45000, OLD), 5), "and so has the secondary")
    lab.ok(any("it was so before" in text for text in lab.state_files("journal").values()), "the journal keeps the reason")


def statuses(lab, pdns, resolver):
    """Each exit status once; 0, 6 and 9 are above, 7 is in e2e_guard.py."""
    def status(wanted, name, *args, **more):
        lab.equal((r := lab.run(*args, **more)).status, wanted, f"exit {wanted}: {name}", r)
        return r
    status(2, "an unknown command", "shwo", DOMAIN)
    status(2, "an unknown option", "show", DOMAIN, "--colour")
    status(2, "a plan that is not one", "diff", lab.write("broken.json", '{"mxladder_plan":1,'))
    status(2, "a name that is none", "show", "exempel..com")
    status(3, "a resolver that is not there", "show", DOMAIN, "--resolver", "127.0.0.1:1", "--timeout", "2")
    status(1, "findings", "check", DOMAIN)
    status(0, "findings below the bar that is asked for", "check", "nyheter." + DOMAIN, "--fail-on", "error")
    status(4, "a plan that is not there", "diff", lab.path("missing.json"))
    for code, key, name in ((2, "not the key", "a key that is more than one word"), (5, "another-canary", "a wrong key")):
        lab.configure(CONFIG.format(port=pdns["port"], key=lab.write("wrong.key", key + "\n"), resolver=resolver["port"]))
        wrong = status(code, name, "accounts", "--verify", "--json")
        lab.ok(key not in wrong.out + wrong.err, f"{name}: it is not repeated", wrong)
    lab.configure(CONFIG.format(port=pdns["port"], key=pdns["dir"] + "/key", resolver=resolver["port"]))
    status(0, "the right key", "accounts", "--verify")
    zones = status(0, "all zones of the account", "zones", "lab")
    lab.ok({DOMAIN, "avd." + DOMAIN, "anteckning.exempel.org"} <= {line.split()[0] for line in zones.out.splitlines()}, "zones: a line each", zones)
    lab.equal([line.split() for line in zones.out.splitlines() if line.startswith("slav.")], [["slav.exempel.org", "secondary"]],
              "zones: a secondary is told", zones)
    # 8: what PowerDNS refuses: a target with an underscore
    made = lab.run("draft", DOMAIN, "add", "50", "_mx.exempel.net", "--account", "lab", "-o", lab.path("refused.json"))
    lab.run("approve", lab.path("refused.json"))
    overrides = [o for i in ("target-ldh", "target-nxdomain", "target-no-address", "undeliverable", "target-cname") for o in ("--override", f"{i}=to be refused")]
    refused = lab.run("push", lab.path("refused.json"), "--json", "--no-watch", *overrides)
    lab.equal(refused.status, 8, "exit 8: the provider refuses the change", f"{made}{refused}")
    lab.ok("hostname" in refused.out + refused.err, "the provider's own words are shown", refused)
    lab.equal(dig.mx(pdns["dns"], DOMAIN)[1], OLD, "and nothing is changed")


def traps(lab, pdns):
    """What PowerDNS would let pass and should not, and what it keeps."""
    slave = lab.run("draft", "slav.exempel.org", "add", "50", "mejlserver2.exempel.com", "--account", "lab", "-o", lab.path("slave.json"))
    lab.run("approve", lab.path("slave.json"))
    pushed_slave = lab.run("push", lab.path("slave.json"), "--no-watch")
    lab.ok(slave.status == 8 or pushed_slave.status == 8, "a Slave zone is refused", f"{slave}{pushed_slave}")
    child = lab.run("draft", "avd.exempel.com", "add", "20", "mejlserver2.exempel.com", "--account", "lab", "-o", lab.path("child.json"))
    lab.equal(child.status == 0 and json.loads(lab.read("child.json"))["zone"], "avd.exempel.com", "a child zone is found by the longest suffix", child)
    name = "anteckning.exempel.org"
    made = lab.run("draft", name, "remove", "mejlserver2.exempel.com", "--account", "lab", "-o", lab.path("note.json"))
    lab.run("approve", lab.path("note.json"))
    done = lab.run("push", lab.path("note.json"), "--server", f"127.0.0.1:{pdns['dns']}")
    lab.equal(done.status, 0, "a set with a comment and a disabled record: pushed", f"{made}{done}")
    with open(pdns["dir"] + "/key", encoding="ascii") as f:
        key = f.read().strip()
    _, zone = lab.http(pdns["port"], "GET", f"/api/v1/servers/localhost/zones/{name}.", headers={"X-API-Key": key})
    kept = next(s for s in zone["rrsets"] if s["type"] == "MX")
    lab.equal([c["content"] for c in kept["comments"]], ["contract 17, ask first"], "its comment is kept", kept)
    lab.equal({(r["content"], r["disabled"]) for r in kept["records"]}, {("10 mejlserver1.exempel.com.", False), ("30 vilar.exempel.com.", True)},
              "its disabled record is kept, disabled", kept)


def answered(lab, answers, home):
    """(exit status, what the terminal showed, does it echo) of init on a terminal: each answer is typed when the question's mark is there."""
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(lab.dir)
        os.execve(PROGRAM, [PROGRAM, "init"], {**lab.env, "XDG_CONFIG_HOME": home})
    shown, asked = "", 0
    for answer in [*answers, None]:
        while answer is None or shown.count("> ") <= asked:
            try:
                more = os.read(terminal, 4096).decode()
            except OSError:
                more = ""
            if not more:
                break
            shown += more
        if isinstance(answer, signal.Signals):
            os.kill(pid, answer)
        elif answer is not None:
            os.write(terminal, answer.encode() + (b"" if answer == INTERRUPT else b"\n"))
            asked += 1
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    echo = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    os.close(terminal)
    return status, shown, echo


def given_up(lab, url, key):
    """What ends init before its end leaves no file, no half of the configuration, and the terminal as it was; then it goes on from nothing."""
    home = lab.path("given-up")
    first = ["powerdns", "mine", url, ""]
    status, shown, echo = answered(lab, [*first, "wrong"], home)
    lab.equal((status, echo, os.listdir(home + "/mxladder")), (5, True, []), "init: a typed key that is refused leaves no file", shown)
    status, shown, echo = answered(lab, [*first, INTERRUPT], home)
    lab.equal((status, echo, os.listdir(home + "/mxladder")), (-2, True, []), "init: an interrupt at the key ends it, and the terminal echoes again", shown)
    for sent in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM):
        status, shown, echo = answered(lab, [*first, sent], home)
        lab.equal((status, echo, os.listdir(home + "/mxladder")), (-sent, True, []), f"init: {sent.name} at the key ends it, and the terminal echoes again", shown)
    status, shown, _ = answered(lab, [*first, key, "a..b"], home)
    lab.equal((status, os.listdir(home + "/mxladder")), (2, []), "init: what is no domain adds nothing", shown)
    status, shown, _ = answered(lab, [*first, key, ""], home)
    account = f"[account mine]\nprovider = powerdns\nendpoint = {url}\nkey_file = {home}/mxladder/mine.key\n"
    lab.equal((status, lab.read("given-up/mxladder/config")), (0, account), "init: no domain is an answer", shown)
    status, shown, _ = answered(lab, ["powerdns", "mine"], home)
    lab.ok(status == 2 and "there is an account mine in the configuration already" in shown, "init: a name that is taken is told before the key is asked for", shown)
    lab.write("given-up/mxladder/other.key", key)
    status, shown, _ = answered(lab, ["powerdns", "other", url, "", key], home)
    lab.equal((status, lab.read("given-up/mxladder/other.key")), (4, key), "init: a key's file that is there is left", shown)
    many = " ".join(f"d{i}.{'x' * 60}.example" for i in range(40))
    status, shown, _ = answered(lab, ["powerdns", "other", url, home + "/mxladder/other.key", f"{DOMAIN} {many} {DOMAIN.upper()}."], home)
    added = "".join(f"\n[domain {name}]\naccount = other\n" for name in (DOMAIN, *many.split()))
    warned = re.findall("Warning: (\\S+) lies in none of the zones that the provider lists for this account.", shown)
    lab.equal(warned, many.split(), "init: each typed domain in no zone of the account is warned of", shown)
    lab.equal((status, lab.read("given-up/mxladder/config").split("other.key\n", 1)[-1]), (0, added), "init: each domain of a long line once", shown)


def begun(lab, pdns):
    """From an empty home to an account and a domain, by questions alone; and by options, behind what the file holds already."""
    home, url = lab.path("new"), f"http://127.0.0.1:{pdns['port']}"
    with open(pdns["dir"] + "/key", encoding="ascii") as f:
        key = f.read().strip()
    status, shown, _ = answered(lab, ["powerdns", "mine", url, "", key, f"{DOMAIN} avd.{DOMAIN}"], home)
    lab.equal((status, key in shown), (0, False), "init on a terminal: exit 0, and the key is not shown", shown)
    lab.ok(f"  {DOMAIN}" in shown and "PowerDNS Authoritative Server accepts the key." in shown, "init: the key is tried, and the zones are shown", shown)
    config = f"[account mine]\nprovider = powerdns\nendpoint = {url}\nkey_file = {home}/mxladder/mine.key\n\n" + \
        f"[domain {DOMAIN}]\naccount = mine\n\n[domain avd.{DOMAIN}]\naccount = mine\n"
    lab.ok("Warning" not in shown, "init: no warning for names in the account's zones", shown)
    lab.equal(lab.read("new/mxladder/config"), config, "init: the file it writes is the documented one", shown)
    lab.equal((lab.read("new/mxladder/mine.key"), oct(os.stat(f"{home}/mxladder/mine.key").st_mode)), (key, "0o100600"), "init: the key lies in a file of mode 0600")
    given_up(lab, url, key)
    env = {"XDG_CONFIG_HOME": home}
    lab.equal(lab.run("accounts", "--verify", env=env).out, "mine  powerdns  the provider accepts the key\n", "init: the account works")
    lab.write("new/mxladder/config", "# kept\n" + config + "# the end")
    more = ("init", "--provider", "powerdns", "--account", "two", "--endpoint", url)
    bad = lab.run(*more, "--key-file", lab.write("bad.key", "bad"), env=env)
    lab.equal((bad.status, lab.read("new/mxladder/config")), (5, "# kept\n" + config + "# the end"), "init: a key that is refused is not written down", bad)
    os.symlink(pdns["dir"] + "/key", lab.path("linked.key"))
    done = lab.run(*more, "--key-file", "linked.key", "--set", "server=localhost", "--domain", "anteckning.exempel.org.", env=env)
    added = f"[account two]\nprovider = powerdns\nendpoint = {url}\nkey_file = {os.path.realpath(pdns['dir'])}/key\nserver = localhost\n\n[domain anteckning.exempel.org]\naccount = two\n"
    lab.equal((done.status, lab.read("new/mxladder/config")), (0, "# kept\n" + config + "# the end\n\n" + added), "init by options: behind what is there, comments and all", done)
    lab.equal(done.out, f"Added to {home}/mxladder/config:\n\n{added}", "and it is shown")


def delegated(lab):
    """The name servers as the delegation has them, on port 53 of loopback addresses of this test's own, where that may be bound."""
    net = f"127.{64 + os.getpid() % 64}.{os.getpid() >> 6 & 255}"
    first, second = net + ".1", net + ".2"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind((first, 53))
    except OSError:
        print("# port 53 may not be bound here: the delegation is not followed", flush=True)
        return
    with open(WORLD, encoding="utf-8") as f:
        world = json.load(f)
    for r in world["zones"][0]["records"]:
        r["data"] = {"ns1": first, "ns2": second}.get(r["name"], r["data"])
    state = lab.write("delegated.json", world)
    pdns = lab.serve("pdns.py", "--state", state, "--second", "--listen", first, "--listen2", second)
    resolver = lab.serve("liar.py", "--state", state)
    lab.forget()
    lab.configure(CONFIG.format(port=pdns["port"], key=pdns["dir"] + "/key", resolver=resolver["port"]))
    made = lab.run("draft", DOMAIN, *NEW_EDITS, "--account", "lab", "-o", lab.path("delegated-plan.json"))
    lab.run("approve", lab.path("delegated-plan.json"))
    done = lab.run("push", lab.path("delegated-plan.json"), "--json")
    servers = (done.json() or {}).get("verified", {}).get("servers", [])
    lab.equal((done.status, {(s["server"], s["address"], s["matches"]) for s in servers}),
              (0, {("ns1." + DOMAIN, first, True), ("ns2." + DOMAIN, second, True)}), "push watches the delegated servers until all agree", f"{made}{done}")
    lab.ok(len({s["serial"] for s in servers}) == 1 and all(isinstance(s["serial"], int) for s in servers), "and tells their serials", servers)
    # a zone whose name servers are not the delegated ones is not the one that the world sees
    for r in world["zones"][0]["records"]:
        if r["type"] == "NS":
            r["data"] = "ns9.exempel.net"
    elsewhere = lab.serve("liar.py", "--state", lab.write("elsewhere.json", world))
    lab.configure(CONFIG.format(port=pdns["port"], key=pdns["dir"] + "/key", resolver=elsewhere["port"]))
    lab.run("draft", DOMAIN, "add", "40", "mejlserver3.exempel.com", "--account", "lab", "-o", lab.path("elsewhere-plan.json"))
    lab.run("approve", lab.path("elsewhere-plan.json"))
    done = lab.run("push", lab.path("elsewhere-plan.json"), "--no-watch")
    lab.ok(done.status not in (0, "timeout") and dig.mx(53, DOMAIN, first) == (3600, NEW), "another's name servers in the delegation: refused, nothing written", done)


def main():
    Lab.need("pdns_server", "sqlite3")
    with Lab() as lab:
        pdns = lab.serve("pdns.py", "--state", WORLD, "--state", SERVERS_DIR + "/traps.json", "--second")
        resolver = lab.serve("liar.py", "--state", WORLD, "--state", SERVERS_DIR + "/traps.json")
        lab.configure(CONFIG.format(port=pdns["port"], key=pdns["dir"] + "/key", resolver=resolver["port"]))
        shown(lab, pdns)
        checked(lab)
        audited(lab, pdns)
        drafted(lab)
        pushed(lab, pdns)
        rolled_back(lab, pdns)
        statuses(lab, pdns, resolver)
        traps(lab, pdns)
        begun(lab, pdns)
        delegated(lab)


if __name__ == "__main__":
    main()
