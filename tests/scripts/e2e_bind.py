#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zone files that a real BIND serves: dynamic ones with a journal, inline-signed ones, signed files, a reload that fails.
What BIND serves after a push, and after its next start, is asked of BIND itself."""
import os
import shutil
import socket
import struct
import subprocess

import dig
from lab import UNTOLD, Lab, free_port, kill_hard, past, program, wait_until

ZONE = """$ORIGIN {zone}.
$TTL 3600
@ IN SOA ns1 hostmaster 2026010101 3600 900 604800 300
@ IN NS ns1
@ IN MX 10 mx1 ; the first
ns1 IN A 192.0.2.1
mx1 IN A 192.0.2.2
mx2 IN A 192.0.2.3
"""
CONF = """key k {{ algorithm hmac-sha256; secret "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"; }};
options {{ directory "{dir}"; listen-on port {dns} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no; pid-file "named.pid";
 session-keyfile "session.key"; dnssec-validation no; key-directory "{dir}"; notify no; }};
controls {{ inet 127.0.0.1 port {control} allow {{ 127.0.0.1; }} keys {{ k; }}; }};
{zones}
"""
RNDC = """key k {{ algorithm hmac-sha256; secret "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"; }};
options {{ default-key k; default-server 127.0.0.1; default-port {control}; }};
"""
OLD, NEW = {"mx1"}, {"mx1", "mx2"}


class Bind:
    def __init__(self, lab, zones):
        """zones: {name: its options}; each file is NAME.zone in the folder."""
        self.lab, self.dir = lab, lab.path("named")
        self.dns, self.control = free_port(), free_port()
        os.makedirs(self.dir, exist_ok=True)
        for name in zones:
            lab.write(f"named/{name}.zone", ZONE.format(zone=name))
        text = "".join(f'zone "{name}" {{ type primary; file "{name}.zone"; {options} }};\n' for name, options in zones.items())
        lab.write("named/named.conf", CONF.format(dir=self.dir, dns=self.dns, control=self.control, zones=text))
        lab.write("named/rndc.conf", RNDC.format(control=self.control))
        self.rndc_words = f"{program('rndc')} -c {self.dir}/rndc.conf"
        self.child = None
        self.start()

    def start(self):
        with open(self.dir + "/named.log", "a", encoding="utf-8") as log:
            self.child = subprocess.Popen([program("named"), "-f", "-g", "-c", self.dir + "/named.conf"], stdout=log, stderr=log)
        self.lab.children.append(self.child)
        if not wait_until(lambda: self.rndc("status").returncode == 0, 20):
            raise RuntimeError("named did not start: " + self.lab.read("named/named.log")[-2000:])

    def restart(self):
        self.lab.stop(self.child)
        self.start()

    def rndc(self, *words):
        return subprocess.run([*self.rndc_words.split(), *words], capture_output=True, text=True, check=False)

    def served(self, zone):
        """The first labels of the MX targets that BIND serves; the error where it serves none."""
        try:
            return {host.split(".")[0] for _, host in dig.mx(self.dns, zone)[1]}
        except OSError as e:
            return str(e)

    def serves(self, zone, hosts):
        return wait_until(lambda: self.served(zone) == hosts)

    def update(self, zone, host):
        """RFC 2136: adds an address."""
        name = dig.dnswire.pack_name(host)
        message = struct.pack("!6H", 7, 0x2800, 1, 0, 1, 0) + dig.dnswire.pack_name(zone) + struct.pack("!HH", 6, 1) + \
            name + struct.pack("!HHIH4s", 1, 1, 60, 4, bytes([192, 0, 2, 9]))
        with socket.socket(type=socket.SOCK_DGRAM) as s:
            s.settimeout(5)
            s.sendto(message, ("127.0.0.1", self.dns))
            return s.recv(512)[3] & 15


class World:
    def __init__(self, lab):
        self.lab = lab
        self.bind = Bind(lab, {"dynamic-exempel.com": "allow-update { 127.0.0.1; };", "static-exempel.com": "", "made-exempel.com": "ixfr-from-differences yes;",
                               "inline-exempel.com": "dnssec-policy default; inline-signing yes;", "killed-exempel.com": "",
                               "shared-exempel.com": "allow-update { key k; };", "both-exempel.com": "dnssec-policy default; inline-signing yes; allow-update { key k; };"})

    def configure(self, *settings):
        self.lab.configure("\n".join((f"[account bind]\nprovider = zonefile\nendpoint = {self.bind.dir}", *settings,
                                      f"[dns]\nresolver = 127.0.0.1:{self.bind.dns}\ntimeout = 2\n")))

    def plan(self, zone, *edits):
        path = self.lab.path(zone + ".json")
        made = self.lab.run("draft", zone, *(edits or ("add", "20", "mx2." + zone)), "-o", path)
        approved = self.lab.run("approve", path)
        self.lab.equal((made.status, approved.status), (0, 0), f"{zone}: draft and approve", f"{made}\n{approved}")
        return path

    def push(self, plan, *more):
        return self.lab.run("push", plan, "--no-watch", *OVERRIDES, *more)

    def resume(self, zone, *more):
        return self.lab.run("resume", zone, "--no-watch", *more)

    def file(self, zone):
        return self.lab.read(f"named/{zone}.zone")


# BIND does not know every zone and address here: those gates cannot tell.
OVERRIDES = past(*UNTOLD)


def dynamic(lab, w):
    """A37: a journal stands beside the file. An edit of the file would make the zone fail at the next start."""
    zone = "dynamic-exempel.com"
    w.configure(f"reload_command = {w.bind.rndc_words} reload {{zone}}")
    before, plan = w.file(zone), w.plan(zone)
    lab.equal(w.bind.update(zone, "new." + zone), 0, "BIND takes an update")
    lab.ok(wait_until(lambda: os.path.exists(f"{w.bind.dir}/{zone}.zone.jnl")), "and keeps a journal beside the file")
    seen = lab.run("draft", zone, "add", "20", "mx2." + zone)
    lab.ok(seen.status == 8 and "dynamic-exempel.com.zone.jnl" in seen.err and f"rndc sync {zone}" in seen.err, "the journal has more than the file: what is held is not known, with the way on", seen)
    shown = lab.run("show", zone, "--json").json()
    lab.ok(shown["held"] is None and shown["source"] == "resolver", "show does not say that the set of the file is held", shown)
    for more in ((), ("--dry-run",)):
        seen = w.push(plan, *more)
        lab.ok(seen.status == 8 and "dynamic-exempel.com.zone.jnl" in seen.err and "rndc freeze dynamic-exempel.com" in seen.err,
               f"{' '.join(('push', *more))} beside a journal: refused, exit 8, with the way on", seen)
    lab.equal(w.file(zone), before, "and the file is as it was")
    w.bind.rndc("freeze", zone)
    lab.equal(w.bind.rndc("sync", "-clean", zone).returncode, 0, "the way on: freeze, sync -clean")
    w.configure(f"reload_command = {w.bind.rndc_words} thaw {{zone}}")
    seen = w.push(w.plan(zone))
    lab.equal(seen.status, 0, "then the push is published", seen)
    lab.ok(w.bind.serves(zone, NEW), "BIND serves the new set", w.bind.served(zone))
    w.bind.restart()
    lab.ok(w.bind.serves(zone, NEW), "and after its next start, too", w.bind.served(zone))
    lab.ok("new" in w.file(zone), "with the record of the update")
    w.configure(f"reload_command = {w.bind.rndc_words} reload {{zone}}")
    seen = w.push(w.plan(zone, "remove", "mx2." + zone), "--json")
    value = seen.json() or {}
    lab.ok(seen.status == 7 and value.get("state") == "partial" and value.get("committed") is False and "dynamic zone" in seen.out,
           "a dynamic zone that is not frozen: the reload fails, and is not published", seen)


def reloads(lab, w):
    """A39: the command's failure is told in its own words, nothing is published, and resume runs it again."""
    zone = "static-exempel.com"
    for command, said in ((f"{program('rndc')} -c {w.bind.dir}/no-such.conf reload {{zone}}", "no-such.conf"), ("/no/such/program {zone}", "/no/such/program"),
                          (f"{w.bind.rndc_words} reload other-exempel.com", "not found"), ("false", "said nothing")):
        w.configure(f"reload_command = {command}")
        seen = w.push(w.plan(zone)) if said == "no-such.conf" else w.resume(zone)
        lab.ok(seen.status == 7 and said in seen.err, f"reload_command {command.split()[0]} fails: exit 7, and what it said", seen)
        lab.equal(w.bind.served(zone), OLD, "BIND serves the old set")
    lab.ok("mx2" in w.file(zone), "the file has the new one")
    past = lab.run("history", zone, "--json").json()["pushes"]
    lab.ok(past[0]["state"] != "published", "history does not say published", past)
    w.configure(f"reload_command = {w.bind.rndc_words} reload {{zone}}")
    seen = w.resume(zone)
    lab.equal(seen.status, 0, "resume with a command that works: published", seen)
    lab.ok(w.bind.serves(zone, NEW), "BIND serves the new set", w.bind.served(zone))
    seen = lab.run("resume", zone)
    lab.ok(seen.status == 0, "and nothing is left to resume", seen)


def killed(lab, w):
    """Killed between the file and the reload: resume reloads."""
    zone, mark = "killed-exempel.com", lab.path("reloaded")
    script = lab.write("slow.sh", f"#!/bin/sh\necho $$ >> {mark}\nsleep 30\n", 0o755)
    w.configure(f"reload_command = {script} {{zone}}")
    child = lab.start("push", w.plan(zone), "--no-watch", *OVERRIDES)
    lab.ok(wait_until(lambda: os.path.exists(mark) and lab.read("reloaded").strip()), "the reload has begun")
    kill_hard(child)
    for pid in lab.read("reloaded").split():
        try:
            os.kill(int(pid), 9)
        except ProcessLookupError:
            pass
    lab.ok("mx2" in w.file(zone) and w.bind.served(zone) == OLD, "killed: the file is new, what is served is old")
    w.configure(f"reload_command = {w.bind.rndc_words} reload {{zone}}")
    seen = w.resume(zone)
    lab.equal(seen.status, 0, "resume: published", seen)
    lab.ok(w.bind.serves(zone, NEW), "BIND serves the new set: resume has reloaded", w.bind.served(zone))


def made_journals(lab, w):
    """Journals that BIND makes itself out of edits: by ixfr-from-differences, and of the unsigned half of an inline-signed zone."""
    for zone in ("made-exempel.com", "inline-exempel.com"):
        w.configure(f"reload_command = {w.bind.rndc_words} reload {{zone}}")
        seen = w.push(w.plan(zone))
        lab.equal(seen.status, 0, f"{zone}: the first push, with no journal yet", seen)
        lab.ok(w.bind.serves(zone, NEW), f"{zone}: served", w.bind.served(zone))
        lab.ok(wait_until(lambda: os.path.exists(f"{w.bind.dir}/{zone}.zone.jnl")), f"{zone}: BIND made a journal")
        plan = w.plan(zone, "remove", "mx2." + zone)
        seen = w.push(plan)
        lab.ok(seen.status == 8 and "journal = synced" in seen.err, f"{zone}: refused beside it, with the setting named", seen)
        w.configure(f"reload_command = {w.bind.rndc_words} reload {{zone}}", "journal = synced")
        seen = w.push(plan)
        lab.equal(seen.status, 0, f"{zone}: journal = synced, pushed", seen)
        lab.ok(w.bind.serves(zone, OLD), f"{zone}: served", w.bind.served(zone))
        w.bind.restart()
        lab.ok(w.bind.serves(zone, OLD), f"{zone}: and after the next start", w.bind.served(zone))


def two_administrators(lab, w):
    """One edits the file between rndc freeze and thaw, the other sends updates, each with a state and a configuration: nobody's change is lost."""
    other = {"XDG_STATE_HOME": lab.path("state-b"), "XDG_CONFIG_HOME": lab.path("config-b")}
    os.makedirs(lab.path("config-b/mxladder"))
    lab.write("config-b/mxladder/config", f"[account rfc]\nprovider = rfc2136\nendpoint = 127.0.0.1:{w.bind.dns}\nkey_name = k\n"
              f"key_file = {lab.write('secret-b', 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0' + chr(10))}\n[dns]\nresolver = 127.0.0.1:{w.bind.dns}\ntimeout = 2\n")

    def theirs(zone, *edits):
        path = lab.path("b.json")
        made = lab.run("draft", zone, *edits, "--account", "rfc", "-o", path, env=other)
        lab.equal((made.status, lab.run("approve", path, env=other).status), (0, 0), f"{zone}: the other's draft", made)
        return path

    def push_theirs(plan):
        return lab.run("push", plan, "--no-watch", "--json", *OVERRIDES, env=other)
    for zone in ("shared-exempel.com", "both-exempel.com"):
        one, two, three = (10, "mx1." + zone), (20, "mx2." + zone), (40, "mx2." + zone)
        w.configure(f"reload_command = {w.bind.rndc_words} thaw {{zone}}")
        mine, plan = w.plan(zone), theirs(zone, "add", "40", three[1])
        lab.equal(w.bind.rndc("freeze", zone).returncode, 0, f"{zone}: frozen")
        seen = push_theirs(plan)
        lab.ok(seen.status == 8 and (seen.json() or {}).get("state") == "failed" and "while the zone is frozen" in seen.out, f"{zone}: an update while it is frozen: refused, and the freeze is named", seen)
        seen = w.push(mine, "--json")
        lab.equal((seen.status, (seen.json() or {}).get("state")), (0, "published"), f"{zone}: the file, and thaw", seen)
        lab.ok(wait_until(lambda: dig.mx(w.bind.dns, zone)[1] == {one, two}), f"{zone}: served", dig.mx(w.bind.dns, zone))
        seen = push_theirs(plan)
        lab.equal((seen.status, (seen.json() or {}).get("state"), (seen.json() or {}).get("written")), (6, "conflict", 0), f"{zone}: the other's plan is from before: conflict", seen)
        mine = w.plan(zone, "ttl", "1800")
        seen = push_theirs(theirs(zone, "add", "40", three[1]))
        lab.equal((seen.status, (seen.json() or {}).get("state")), (0, "published"), f"{zone}: the other's new plan", seen)
        seen = w.push(mine)
        lab.ok(seen.status == 8 and ".jnl" in seen.err, f"{zone}: the file is behind the journal: refused", seen)
        w.bind.rndc("freeze", zone)
        w.bind.rndc("sync", "-clean", zone)
        seen = w.push(mine, "--json")
        lab.equal((seen.status, (seen.json() or {}).get("state"), (seen.json() or {}).get("written")), (6, "conflict", 0), f"{zone}: frozen and synced, the plan is from before: conflict", seen)
        seen = w.push(w.plan(zone, "ttl", "1800"), "--json")
        lab.equal((seen.status, (seen.json() or {}).get("state")), (0, "published"), f"{zone}: a new plan, and thaw", seen)
        for when in ("now", "after the next start"):
            lab.ok(wait_until(lambda: dig.mx(w.bind.dns, zone) == (1800, {one, two, three})), f"{zone}: both have what they did, {when}", dig.mx(w.bind.dns, zone))
            if when == "now" and zone.startswith("both"):
                w.bind.restart()


def during_the_reload(lab, w):
    """Two pushes, the second while the first one's command runs: which set the first one's command loaded is not known, and it does not say published."""
    zone, begun, go = "killed-exempel.com", lab.path("begun"), lab.path("go")
    script = lab.write("wait.sh", f"#!/bin/sh\ntouch {begun}\nwhile [ ! -e {go} ]; do sleep 0.05; done\n{w.bind.rndc_words} reload $1\n", 0o755)
    w.configure(f"reload_command = {script} {{zone}}")
    first = lab.start("push", w.plan(zone, "add", "30", "mx1." + zone), "--no-watch", "--json", *OVERRIDES)
    lab.ok(wait_until(lambda: os.path.exists(begun)), "the first one's command has begun")
    other = {"XDG_STATE_HOME": lab.path("state-c"), "XDG_CONFIG_HOME": lab.path("config-c")}
    os.makedirs(lab.path("config-c/mxladder"))
    shutil.copy(lab.path("config/mxladder/config"), lab.path("config-c/mxladder/config"))
    lab.write("config-c/mxladder/config", lab.read("config-c/mxladder/config").replace(script, w.bind.rndc_words + " reload"))
    plan = lab.path("c.json")
    lab.run("draft", zone, "remove", "mx2." + zone, "-o", plan, env=other)
    lab.run("approve", plan, env=other)
    second = lab.run("push", plan, "--no-watch", "--json", *OVERRIDES, env=other)
    lab.equal((second.status, (second.json() or {}).get("state")), (0, "published"), "the second is published", second)
    lab.write("go", "")
    out, err = first.communicate(timeout=60)
    lab.ok(first.returncode == 6 and b'"state": "conflict"' in out and b'"unfinished": true' in out and b"is not as this push left it" in out,
           "the first one is a conflict, and unfinished", out + err)
    seen = w.resume(zone, "--abandon", "theirs is loaded", "--json")
    lab.equal((seen.status, (seen.json() or {}).get("state")), (0, "abandoned"), "and can be closed", seen)


def signed_file(lab, w):
    """A35: a file as dnssec-signzone leaves it."""
    folder, zone = lab.path("signed"), "signed-exempel.com"
    os.makedirs(folder)
    lab.write("signed/plain", ZONE.format(zone=zone))

    def tool(*words):
        return subprocess.run([program(words[0]), *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
    keys = [tool("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", *flags, zone).stdout.strip() for flags in ((), ("-f", "KSK"))]
    lab.write("signed/plain", ZONE.format(zone=zone) + "".join(f"$INCLUDE {folder}/{key}.key\n" for key in keys))
    lab.equal(tool("dnssec-signzone", "-o", zone, "-f", zone + ".zone", "plain").returncode, 0, "dnssec-signzone makes a signed file")
    account = f"[account signed]\nprovider = zonefile\nendpoint = {folder}\n"
    dns = f"[dns]\nresolver = 127.0.0.1:{w.bind.dns}\ntimeout = 2\n"
    lab.configure(account + dns)
    before, plan = lab.read(f"signed/{zone}.zone"), w.plan(zone)
    seen = w.push(plan)
    lab.ok(seen.status == 8 and "is signed (line" in seen.err, "a signed file is refused, exit 8", seen)
    lab.equal(lab.read(f"signed/{zone}.zone"), before, "and stays as it was")
    script = lab.write("sign.sh", f"#!/bin/sh\ncd {folder} && {program('dnssec-signzone')} -o {zone} -f {zone}.zone -K . {zone}.zone\n", 0o755)
    lab.configure(account + f"reload_command = {script}\nreload_signs = yes\n" + dns)
    seen = w.push(plan)
    lab.equal(seen.status, 0, "reload_signs = yes: published", seen)
    done = tool("dnssec-verify", "-o", zone, zone + ".zone")
    lab.ok(done.returncode == 0 and "mx2" in lab.read(f"signed/{zone}.zone"), "dnssec-verify takes the file with the new record", done.stdout + done.stderr)


def refused_places(lab, w):
    """A31, A41, and whether what an account names is there."""
    folder = lab.path("files")
    os.makedirs(folder)
    file = lab.write("files/plain-exempel.com.zone", ZONE.format(zone="plain-exempel.com") + "dn DNAME deep\n")
    lab.configure(f"[account files]\nprovider = zonefile\nendpoint = {folder}\n[dns]\nresolver = 127.0.0.1:{w.bind.dns}\ntimeout = 2\n")
    seen = w.push(w.plan("a.dn.plain-exempel.com", "add", "10", "mx1.plain-exempel.com,", "ttl", "1h"), "--dry-run")
    lab.ok(seen.status not in (0, 7) and "DNAME" in seen.err, "below a DNAME: refused", seen)
    os.link(file, folder + "/other-name")
    seen = w.push(w.plan("plain-exempel.com"))
    lab.ok(seen.status == 0 and "other hard links" in seen.out + seen.err, "a file of two names: pushed, and said that the other keeps the old content", seen)
    lab.ok("mx2" in lab.read("files/plain-exempel.com.zone") and "MX 20 mx2" not in lab.read("files/other-name"), "and so it is")
    lab.equal(lab.run("accounts", "--verify").status, 0, "accounts --verify: a folder that is there")
    lab.configure(f"[account files]\nprovider = zonefile\nendpoint = {folder}/gone\n")
    seen = lab.run("accounts", "--verify")
    lab.ok(seen.status == 4 and "files/gone does not exist" in seen.out + seen.err and "can be used" not in seen.out, "accounts --verify: one that is not, exit 4", seen)


def main():
    Lab.need("named", "rndc", "dnssec-signzone", "dnssec-keygen", "dnssec-verify")
    with Lab() as lab:
        w = World(lab)
        dynamic(lab, w)
        reloads(lab, w)
        killed(lab, w)
        made_journals(lab, w)
        two_administrators(lab, w)
        during_the_reload(lab, w)
        signed_file(lab, w)
        refused_places(lab, w)


if __name__ == "__main__":
    main()
