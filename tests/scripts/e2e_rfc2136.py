#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynamic updates (RFC 2136) to a real BIND and a real Knot: zones that let a key change one name's MX and nothing else,
signed ones too, a wrong key, a wrong clock's and a wrong name's answer, two editors, an answer that does not come, null MX.
What the servers serve is asked of them, and for signed zones judged by delv."""
import base64
import os
import shutil
import socket
import subprocess
import threading

import dig
from lab import UNTOLD, Lab, free_port, past, program, wait_until
from terminal import Terminal

SECRET = base64.b64encode(bytes(range(1, 33))).decode()
OTHER = base64.b64encode(bytes(range(2, 34))).decode()
KEYS = {"mx-key": "hmac-sha256", "mx-key-512": "hmac-sha512", "read-key": "hmac-sha256"}
PLAIN, SIGNED, SUB = "exempel.com", "saker.exempel.org", "post.exempel.com"
ZONE = """$ORIGIN {zone}.
$TTL 3600
@ 7200 IN SOA ns1 hostmaster 2026010101 3600 900 604800 300
@ IN NS ns1
@ IN MX 10 Mx1
ns1 IN A 127.0.0.1
mx1 IN A 192.0.2.2
mx2 IN A 192.0.2.3
alias IN CNAME mx1
"""
# The servers of the world of these tests know neither the delegation nor every address.
OVERRIDES = past(*UNTOLD)


class Server:
    """A name server on a port of its own, with the two zones."""

    def __init__(self, lab):
        self.lab, self.dir, self.port = lab, lab.path(self.name), free_port()
        os.makedirs(self.dir + "/db")
        for zone in (PLAIN, SIGNED):
            lab.write(f"{self.name}/{zone}.zone", ZONE.format(zone=zone))
        lab.write(f"{self.name}/conf", self.conf())
        with open(self.dir + "/log", "w", encoding="utf-8") as log:
            lab.children.append(subprocess.Popen(self.command(), stdout=log, stderr=log))
        if not wait_until(lambda: self.served(PLAIN)[1] and self.signed(), 20):
            raise RuntimeError(f"{self.name} did not start: " + lab.read(f"{self.name}/log")[-2000:])

    def served(self, name):
        """(TTL, {(preference, host)}) as the server has it now."""
        try:
            return dig.mx(self.port, name)
        except OSError:
            return None, set()

    def signed(self):
        """Are there signatures of the signed zone's MX set?"""
        seen = subprocess.run(["kdig", "@127.0.0.1", "-p", str(self.port), "+tcp", "+dnssec", "+noall", "+answer", SIGNED, "MX"],
                              capture_output=True, text=True, check=False)
        return "RRSIG" in seen.stdout

    def valid(self, name):
        """What delv says of the MX set, with the zone's own key as its trust anchor."""
        seen = subprocess.run(["kdig", "@127.0.0.1", "-p", str(self.port), "+tcp", "+short", SIGNED, "DNSKEY"], capture_output=True, text=True, check=True)
        anchors = "".join(f'{SIGNED}. static-key {" ".join(w[:3])} "{"".join(w[3:])}";\n' for w in map(str.split, seen.stdout.splitlines()) if w[0] == "257")
        path = self.lab.write("anchors", f"trust-anchors {{\n{anchors}}};\n")
        seen = subprocess.run(["delv", "@127.0.0.1", "-p", str(self.port), "-a", path, f"+root={SIGNED}", "+tcp", name, "MX"],
                              capture_output=True, text=True, check=False)
        return "; fully validated" in seen.stdout, seen.stdout + seen.stderr

    def configure(self, key="mx-key", secret=SECRET, port=None, more=""):
        self.lab.configure(f"[account lab]\nprovider = rfc2136\nendpoint = 127.0.0.1:{port or self.port}\nkey_name = {key}\n"
                           f"key_file = {self.lab.write('secret', secret + chr(10))}\n{more}\n"
                           f"[domain {PLAIN}]\naccount = lab\n[dns]\nresolver = 127.0.0.1:{self.port}\ntimeout = 2\n[push]\nseen_apart = 0\n")

    def plan(self, name, *edits):
        path = self.lab.path("plan.json")
        made = self.lab.run("draft", name, *edits, "--account", "lab", "-o", path)
        approved = self.lab.run("approve", path)
        self.lab.equal((made.status, approved.status), (0, 0), f"{self.name}: draft and approve for {name}", f"{made}\n{approved}")
        return path

    def push(self, plan, *more):
        return self.lab.run("push", plan, "--json", "--no-watch", *OVERRIDES, *more)


class Bind(Server):
    name = "named"
    wrong_secret = "another secret for the key mx-key"
    foreign = "no zone for exempel.net"
    denied, denied_says = 8, "refused to change the MX records of exempel.com for the key read-key (REFUSED)"

    def conf(self):
        keys = "".join(f'key {name} {{ algorithm {algorithm}; secret "{SECRET}"; }};\n' for name, algorithm in KEYS.items())
        grants = "".join(f"grant {key} name {name} MX; " for key in ("mx-key", "mx-key-512") for name in ("{zone}", SUB, "leer.{zone}"))
        return keys + f"""options {{ directory "{self.dir}"; listen-on port {self.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
 recursion no; pid-file "named.pid"; session-keyfile "session.key"; dnssec-validation no; key-directory "{self.dir}"; notify no; }};
controls {{ }};
zone "{PLAIN}" {{ type primary; file "{PLAIN}.zone"; update-policy {{ {grants.format(zone=PLAIN)} }}; }};
zone "{SIGNED}" {{ type primary; file "{SIGNED}.zone"; dnssec-policy default; inline-signing yes;
 update-policy {{ {grants.format(zone=SIGNED)} }}; }};
"""

    def command(self):
        return [program("named"), "-f", "-g", "-c", self.dir + "/conf"]


class Knot(Server):
    name = "knotd"
    wrong_secret = "another secret for the key mx-key"
    foreign = "not signed with the key, and counts for nothing (REFUSED)"  # it signs nothing about a zone that it does not have
    denied, denied_says = 5, "does not accept the key read-key with the algorithm hmac-sha256 (BADKEY)"  # what its acl says of a key that it does not name

    def conf(self):
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        keys = "".join(f"  - id: {name}\n    algorithm: {algorithm}\n    secret: {SECRET}\n" for name, algorithm in KEYS.items())
        return f"""server:
    rundir: "{self.dir}"
    listen: 127.0.0.1@{self.port}
    user: {user}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "{self.dir}/db"
key:
{keys}acl:
  - id: change
    key: [mx-key, mx-key-512]
    action: update
    update-type: [MX]
    update-owner: name
    update-owner-match: equal
    update-owner-name: ["{PLAIN}.", "{SUB}.", "leer.{PLAIN}.", "{SIGNED}.", "leer.{SIGNED}."]
policy:
  - id: lasting
    algorithm: ecdsap256sha256
    single-type-signing: on
template:
  - id: default
    storage: "{self.dir}"
    zonefile-load: difference-no-serial
    journal-content: all
    acl: change
zone:
  - domain: "{PLAIN}."
    file: "{PLAIN}.zone"
  - domain: "{SIGNED}."
    file: "{SIGNED}.zone"
    dnssec-signing: on
    dnssec-policy: lasting
"""

    def command(self):
        return [program("knotd"), "-c", self.dir + "/conf"]


class Between:
    """A relay that may lose the answer to an update, or take part in the race: `before` runs when an update comes by, or the
    message of this number, from 1. cut: with the update the way is gone, "here" or "behind" the server."""

    def __init__(self, port, before=None, answers=True, at=None, cut=None):
        self.port_to, self.before, self.answers, self.at, self.count, self.cut = port, before, answers, at, 0, cut
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                near, _ = self.socket.accept()
            except OSError:
                return
            with near, socket.create_connection(("127.0.0.1", self.port_to)) as far:
                asked = self.message(near)
                if not asked:
                    continue
                update = asked[4] >> 3 & 15 == 5
                self.count += 1
                if update and self.cut == "here":
                    self.close()
                    return
                if self.before and (update if self.at is None else self.count == self.at):
                    self.before()
                far.sendall(asked)
                answer = self.message(far)
                if update and self.cut:
                    self.close()
                    return
                if not update or self.answers:
                    near.sendall(answer)

    @staticmethod
    def message(connection):
        """One message with its length before it."""
        data = b""
        while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
            got = connection.recv(65537)
            if not got:
                return b""
            data += got
        return data

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


def change_and_back(lab, server, zone):
    """The whole way: draft, approve, push, read back, verify, rollback."""
    server.configure()
    old = server.served(zone)
    plan = server.plan(zone, "add", "20", "mx2." + zone, ",", "ttl", "1800")
    done = server.push(plan)
    new = (1800, {(10, "mx1." + zone), (20, "mx2." + zone)})
    lab.equal((done.status, (done.json() or {}).get("state")), (0, "published"), f"{server.name}: {zone}: pushed", done)
    lab.equal(server.served(zone), new, f"{server.name}: {zone}: the server has the new set, with its TTL", done)
    steps = [s["step"] for s in (done.json() or {}).get("steps", [])]
    lab.equal(steps, [f"replace the MX set of {zone}, where it is still the old one"], f"{server.name}: {zone}: in one step", done)
    seen = lab.run("show", zone, "--json")
    lab.equal((seen.json() or {}).get("source"), "provider", f"{server.name}: {zone}: what is shown is what the server holds", seen)
    again = server.push(plan)
    lab.equal((again.status, (again.json() or {}).get("state")), (0, "unchanged"), f"{server.name}: {zone}: once more: nothing to do", again)
    made = lab.run("rollback", zone, "-o", lab.path("back.json"))
    lab.run("approve", lab.path("back.json"))
    back = server.push(lab.path("back.json"))
    lab.equal((back.status, server.served(zone)), (0, old), f"{server.name}: {zone}: and back again", f"{made}{back}")


def signed_stays_valid(lab, server):
    change_and_back(lab, server, SIGNED)
    server.configure()
    done = server.push(server.plan(SIGNED, "add", "30", "mx2." + SIGNED))
    valid = wait_until(lambda: server.valid(SIGNED)[0])
    lab.ok(done.status == 0 and valid, f"{server.name}: {SIGNED}: the changed set is signed, and delv finds it valid", f"{done}{server.valid(SIGNED)[1]}")


def null_mx(lab, server):
    name = "leer." + PLAIN
    server.configure()
    first = server.push(server.plan(name, "add", "0", ".", ",", "ttl", "600"), "--override", "undeliverable=a test")
    lab.equal((first.status, server.served(name)), (0, (600, {(0, ".")})), f"{server.name}: a first set: null MX", f"{first}{server.served(name)}")
    back = server.push(server.plan(name, "remove", ".", ",", "add", "5", "mx1." + PLAIN))
    lab.equal((back.status, server.served(name)), (0, (600, {(5, "mx1." + PLAIN)})), f"{server.name}: and a host in its place", back)
    gone = server.push(server.plan(name, "remove", "mx1." + PLAIN))
    lab.equal((gone.status, server.served(name)[1]), (0, set()), f"{server.name}: and no MX at all", gone)


def wrong_credentials(lab, server):
    plan = None
    for what, key, secret, more, said in (
            ("unknown key", "no-key", SECRET, "", "does not accept the key no-key"),
            ("wrong secret", "mx-key", OTHER, "", server.wrong_secret),
            ("wrong algorithm", "mx-key", SECRET, "algorithm = hmac-sha512", "mx-key")):
        server.configure()
        plan = plan or server.plan(PLAIN, "add", "20", "mx2." + PLAIN)
        server.configure(key, secret, more=more)
        lab.forget()
        before = server.served(PLAIN)
        for command in (("accounts", "--verify"), ("push", plan, "--no-watch", *OVERRIDES)):
            seen = lab.run(*command)
            lab.ok(seen.status == 5 and said in seen.out + seen.err and server.served(PLAIN) == before,
                   f"{server.name}: {what}: {command[0]} ends with 5 and says so", seen)
            lab.ok(secret not in seen.out + seen.err, f"{server.name}: {what}: {command[0]} shows no secret", seen)
    server.configure()
    seen = lab.run("accounts", "--verify")
    lab.ok(seen.status == 0 and "accepts the key" in seen.out, f"{server.name}: accounts --verify with the right key", seen)
    server.configure("mx-key-512", more=f"algorithm = hmac-sha512\nzone = {PLAIN}")
    seen = lab.run("accounts", "--verify")
    lab.ok(seen.status == 0 and "accepts the key" in seen.out, f"{server.name}: and with hmac-sha512 and the zone named", seen)


def policy(lab, server):
    """A key that may ask and not change; a name that the policy leaves out."""
    server.configure()
    plan = server.plan(PLAIN, "add", "20", "mx2." + PLAIN)
    before = server.served(PLAIN)
    server.configure("read-key")
    lab.forget()
    done = server.push(plan)
    lab.ok(done.status == server.denied and server.denied_says in done.out + done.err,
           f"{server.name}: the policy refuses the key: exit {server.denied}, and it says so", done)
    lab.equal((server.served(PLAIN), (done.json() or {}).get("state")), (before, "failed"), f"{server.name}: nothing was changed", done)
    outside = "www." + PLAIN
    server.configure()
    done = server.push(server.plan(outside, "add", "20", "mx2." + PLAIN, ",", "ttl", "600"))
    lab.equal((done.status, server.served(outside)), (server.denied, (None, set())), f"{server.name}: a name that the policy leaves out: exit {server.denied}, and nothing there", done)


def two_editors(lab, server):
    """Another writes between our compare and our update: the server itself refuses."""
    server.configure()
    old = server.served(PLAIN)
    plan = server.plan(PLAIN, "add", "20", "mx2." + PLAIN)

    def other():
        subprocess.run([program("nsupdate"), "-y", f"hmac-sha256:mx-key:{SECRET}"], check=True, text=True, capture_output=True, input=(
            f"server 127.0.0.1 {server.port}\nzone {PLAIN}\nupdate add {PLAIN} 300 MX 77 mx2.{PLAIN}\nsend\n"))
    race = Between(server.port, before=other)
    server.configure(port=race.port)
    lab.forget()
    done = server.push(plan)
    race.close()
    lab.equal((done.status, (done.json() or {}).get("state")), (6, "conflict"), f"{server.name}: another was faster: conflict, exit 6", done)
    lab.equal([(s["state"]) for s in (done.json() or {}).get("steps", [])], ["failed"], f"{server.name}: by the server's word, after the update was sent", done)
    lab.equal(server.served(PLAIN)[1], old[1] | {(77, "mx2." + PLAIN)}, f"{server.name}: the other's write stands, ours did nothing")
    server.configure()
    stale = server.push(plan)
    lab.equal(stale.status, 6, f"{server.name}: a plan from a set that is no more: conflict before anything is sent", stale)
    lab.forget()
    tidy = server.push(server.plan(PLAIN, "remove", "mx2." + PLAIN))
    lab.equal((tidy.status, server.served(PLAIN)[1]), (0, old[1]), f"{server.name}: and the other's record taken out by a plan of its own", tidy)


def two_machines(lab, server):
    """Two administrators with a state and a configuration each. All of the other's push comes between two messages of ours:
    SOA, NS, MX, UPDATE, MX."""
    other = {"XDG_STATE_HOME": lab.path("state-b"), "XDG_CONFIG_HOME": lab.path("config-b")}
    one, two, three = ((10, "mx1." + PLAIN), (20, "mx2." + PLAIN), (30, "mx2." + PLAIN))
    server.configure()
    shutil.copytree(lab.path("config"), other["XDG_CONFIG_HOME"], dirs_exist_ok=True)
    old = server.served(PLAIN)
    plan = {"a": server.plan(PLAIN, "add", "20", two[1]), "b": lab.path("b.json"), "ttl": lab.path("ttl.json")}
    for name, edits in (("b", ("add", "30", three[1])), ("ttl", ("ttl", "900"))):
        lab.run("draft", PLAIN, *edits, "--account", "lab", "-o", plan[name], env=other)
        lab.run("approve", plan[name], env=other)
    ends = []

    def push_other(name):
        done = lab.run("push", plan[name], "--json", "--no-watch", *OVERRIDES, env=other)
        ends.append((done.status, (done.json() or {}).get("state")))
    # ours, the other's, what is there then
    won, lost = (0, "published"), (6, "conflict")
    for name, theirs, wants in (("b", (old[0], {one, three}), {1: lost, 2: lost, 3: lost, 4: lost, 5: won}), ("ttl", (900, {one}), {3: lost, 4: won, 5: won})):
        for at, wanted in wants.items():
            shutil.rmtree(other["XDG_STATE_HOME"], ignore_errors=True)
            lab.forget()
            del ends[:]
            race = Between(server.port, before=lambda name=name: push_other(name), at=at)
            server.configure(port=race.port)
            ours = server.push(plan["a"])
            race.close()
            value = ours.json() or {}
            # After our write the other's plan is from a set that is no more; a TTL alone is not compared by the server (message 4).
            others = lost if at == 5 else won
            left = (old[0], {one, two}) if wanted == won else theirs
            lab.equal(((ours.status, value.get("state")), ends, server.served(PLAIN), value.get("written"), value.get("unfinished")),
                      (wanted, [others], left, 1 if wanted == won else 0, False),
                      f"{server.name}: the other machine pushes {name} before message {at}", ours)
            text = lab.run("history", PLAIN, "--json")
            lab.equal([p.get("state") for p in (text.json() or {}).get("pushes", [])], [wanted[1]], f"{server.name}: and the journal says the same", text)
            back(lab, server, old)


def back(lab, server, old, zone=PLAIN):
    """As it was, by nobody's program."""
    lines = "".join(f"update add {zone} {old[0]} MX {p} {h}\n" for p, h in old[1])
    nsupdate(server, zone, f"update delete {zone} MX\n{lines}")


def nsupdate(server, zone, lines):
    subprocess.run([program("nsupdate"), "-y", f"hmac-sha256:mx-key:{SECRET}"], check=True, text=True, capture_output=True,
                   input=f"server 127.0.0.1 {server.port}\nzone {zone}\n{lines}send\n")


def nobody_knows(lab, server):
    """The update went out, and then the way was gone: whether it took effect is not known, nor who took it back. A resume goes by the zone's serial."""
    taken_back = "whether the push took effect and was taken back cannot be told"
    for zone in (PLAIN, SIGNED):
        old = server.served(zone)
        new = (old[0], old[1] | {(20, "mx2." + zone)})
        for cut, meanwhile, first in (("here", None, (0, "published")), ("behind", "back", (6, "conflict")), ("here", "other", (0, "published"))):
            if meanwhile != "back" and zone == SIGNED:   # its signer may raise the serial as well
                continue
            name = f"{server.name}: {zone}: an update lost {cut}, {meanwhile or 'nothing'} meanwhile"
            lab.forget()
            server.configure()
            plan = server.plan(zone, "add", "20", "mx2." + zone)
            lossy = Between(server.port, cut=cut)
            server.configure(port=lossy.port)
            done = server.push(plan)
            lossy.close()
            lab.equal((done.status, (done.json() or {}).get("state"), server.served(zone)), (7, "unknown", old if cut == "here" else new), f"{name}: unknown", done)
            if meanwhile == "back":
                back(lab, server, old, zone)
            elif meanwhile:
                nsupdate(server, zone, f"update add leer.{zone} 60 MX 5 mx1.{zone}\n")
            server.configure()
            seen = lab.run("resume", zone, "--json", "--no-watch")
            value = seen.json() or {}
            lab.equal((seen.status, value.get("state"), value.get("blind"), server.served(zone)),
                      (first[0], first[1], False, new if first[0] == 0 else old), f"{name}: resumed", seen)
            lab.equal(len(value.get("steps", ["none"])), int(cut == "here"), f"{name}: is it written again", seen)
            if meanwhile == "back":
                lab.ok(taken_back in ((value.get("error") or {}).get("message") or ""), f"{name}: and why not", seen)
                seen = lab.run("resume", zone, "--json", "--no-watch")
                lab.equal((seen.status, (seen.json() or {}).get("state"), server.served(zone)), (0, "published", new), f"{name}: after a look, it is finished", seen)
            back(lab, server, old, zone)
            if meanwhile == "other":
                nsupdate(server, zone, f"update delete leer.{zone} MX\n")


def wrong_clock(lab, server):
    """A clock that is off by days, either way: the server takes no signature, and both clocks are told."""
    server.configure()
    lab.forget()
    before, plan = server.served(PLAIN), server.plan(PLAIN, "add", "20", "mx2." + PLAIN)
    for days in (-3, 3):
        env = lab.clock(days * 86400)
        lab.run("approve", plan, env=env)    # or it is dated later than the clock, and does not count
        for command, hint in ((("push", plan, "--no-watch", "--json", *OVERRIDES), True), (("push", plan, "--dry-run", *OVERRIDES), True), (("accounts", "--verify"), False)):
            seen = lab.run(*command, env=env)
            said = seen.out + seen.err
            lab.ok(seen.status == 5 and "takes no signature of this time: its clock shows 20" in said and
                   (not hint or "Set the clock that is wrong: the two may differ by at most 5 minutes." in said),
                   f"{server.name}: a clock off by {days} days: {command[0]} {command[-1] if not hint else ''}: exit 5, both times, and what to do", seen)
        lab.equal(server.served(PLAIN), before, f"{server.name}: a clock off by {days} days: nothing is changed")
    past_pushes = (lab.run("history", PLAIN, "--json").json() or {}).get("pushes", [])
    lab.equal([(p.get("state"), p.get("written"), p.get("unfinished")) for p in past_pushes], [("failed", 0, False)] * 2, f"{server.name}: and the journal says so", past_pushes)
    done = server.push(plan)
    lab.equal((done.status, (done.json() or {}).get("state")), (0, "published"), f"{server.name}: with the right clock it goes", done)
    back(lab, server, before)
    lab.forget()


def lost_answer(lab, server):
    """The update took effect, and its answer never came: read back, and found published."""
    server.configure()
    plan = server.plan(PLAIN, "add", "20", "mx2." + PLAIN)
    lossy = Between(server.port, answers=False)
    server.configure(port=lossy.port)
    lab.forget()
    done = server.push(plan)
    lossy.close()
    lab.equal((done.status, (done.json() or {}).get("state")), (0, "published"), f"{server.name}: no answer to the update: read back, and published", done)
    lab.ok((20, "mx2." + PLAIN) in server.served(PLAIN)[1], f"{server.name}: and so it is", done)
    server.configure()
    lab.forget()
    server.push(server.plan(PLAIN, "remove", "mx2." + PLAIN))


def no_such_thing(lab, server):
    server.configure()
    for name, said in (("exempel.net", server.foreign), ("alias." + PLAIN, "is an alias")):
        plan = lab.path("none.json")
        lab.run("draft", name, "add", "10", "mx1." + PLAIN, ",", "ttl", "300", "--account", "lab", "-o", plan)
        seen = lab.run("show", name, "--account", "lab")
        lab.ok(said in seen.out + seen.err, f"{server.name}: {name}: {said}", seen)
    server.configure(port=free_port())
    seen = lab.run("accounts", "--verify")
    lab.ok(seen.status == 3 and "Connection refused" in seen.out + seen.err, f"{server.name}: nobody at the address: exit 3", seen)


def account_is_added(lab, server):
    """By the command; a Knot says nothing of a key without a zone, so the domain that is named counts."""
    lab.configure("")
    words = ("init", "--provider", "rfc2136", "--account", "lab", "--endpoint", f"127.0.0.1:{server.port}", "--set", "key_name=mx-key",
             "--key-file", lab.write("secret", SECRET))
    seen = lab.run(*words, "--domain", PLAIN)
    lab.ok(seen.status == 0 and "accepts the key" in seen.err and f"[domain {PLAIN}]" in lab.read("config/mxladder/config"),
           f"{server.name}: init with a domain tries the key, and adds both", seen)
    lab.configure("")
    lab.write("secret", OTHER)
    seen = lab.run(*words, "--domain", PLAIN)
    lab.ok(seen.status == 5 and not lab.read("config/mxladder/config"), f"{server.name}: init with a wrong key adds nothing", seen)


def account_is_added_by_hand(lab, server):
    """In the interface, which asks for the domains before the key is tried once more where the server wants one."""
    lab.configure("")
    t = Terminal(lab, 120, 30, server.name)
    t.command("--resolver", f"127.0.0.1:{server.port}")
    t.shows("No domain is known here yet.")
    t.keys("A")
    knot = server.name == "knotd"
    for question, text in (("Who holds", "rfc2136"), ("Name of the account:", ""), ("Address:", f"127.0.0.1:{server.port}"), ("key_name:", "mx-key"),
                           ("Where the key is:", lab.write("secret", SECRET)), ("says nothing of the key without a zone. Name domains" if knot else "can be used", "exempel.net" if knot else PLAIN)):
        lab.ok(t.shows(question), f"{server.name}: the interface asks: {question}", t.screen())
        t.type(text)
        t.keys("Enter")
    if knot:
        lab.ok(t.shows("counts for nothing", "Domains: exempel.net"), f"{server.name}: a domain of no zone there is asked for anew", t.screen())
        t.keys("C-u")
        t.type(PLAIN)
        t.keys("Enter")
    lab.ok(t.shows("Account rfc2136 stands in"), f"{server.name}: the account is added with its domain", t.screen())
    lab.ok(lab.read("config/mxladder/config").endswith(f"\n[domain {PLAIN}]\naccount = rfc2136\n"), f"{server.name}: and both stand in the file",
           lab.read("config/mxladder/config"))
    t.keys("@")
    t.shows("ACCOUNTS", "not tried")
    t.keys("t")
    lab.ok(t.shows("can be used"), f"{server.name}: the list of accounts tries it at that domain", t.screen())
    t.close()


def settings(lab, server):
    base = f"[account lab]\nprovider = rfc2136\nkey_file = {lab.write('secret', SECRET)}\n"
    for text, said in ((base + f"endpoint = 127.0.0.1:{server.port}\n", "lacks key_name"), (base + "key_name = mx-key\n", "names no name server"),
                       (base + "key_name = mx-key\nendpoint = ns1.exempel.com\n", "not the address of a server: ns1.exempel.com"),
                       (base + f"key_name = mx-key\nendpoint = 127.0.0.1:{server.port}\nalgorithm = sha1\n", "not an algorithm of TSIG: sha1"),
                       (base + f"key_name = mx-key\nendpoint = 127.0.0.1:{server.port}\nzone = exempel.net\n", "does not lie in the zone exempel.net")):
        lab.configure(text)
        seen = lab.run("accounts", "--verify") if "zone" not in said else lab.run("show", PLAIN, "--account", "lab")
        lab.ok(said in seen.out + seen.err, f"settings: {said}", seen)
        lab.ok("zone" in said or seen.status == 2, f"settings: {said}: exit 2", seen)


def main():
    Lab.need("named", "knotd", "nsupdate", "kdig", "delv", "tmux")
    with Lab() as lab:
        for kind in (Bind, Knot):
            server = kind(lab)
            for test in (lambda l, s: change_and_back(l, s, PLAIN), lambda l, s: change_and_back(l, s, SUB) if s.served(SUB)[1] else None,
                         signed_stays_valid, null_mx, wrong_credentials, policy, two_editors, two_machines, lost_answer, nobody_knows, wrong_clock, no_such_thing, account_is_added, account_is_added_by_hand):
                lab.forget()
                test(lab, server)
        settings(lab, server)


if __name__ == "__main__":
    main()
