#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are damaged, open to others, or no files at all: each is refused with its name, and nothing behind the damage is lost unsaid."""
import os
import shutil
import subprocess

from lab import PROGRAM, Lab, Result

ZONE = """$ORIGIN example.org.
$TTL 3600
@ IN SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
@ MX 10 mx1
ns1 A 198.51.100.1
mx1 A 192.0.2.10
"""


def zero_bytes(lab, zone):
    config = lab.write("zero.conf", "[main]\nname = a\n\0\nread_only = yes\n")
    seen = lab.run("show", "example.org", *zone, "--config", config)
    lab.ok(seen.status == 4 and f"{config}, line 3: it is damaged: it holds a zero byte" in seen.err, "configuration: a zero byte is refused with its line", seen)
    bad = lab.write("zero.zone", ZONE + "\0x A 192.0.2.1\n")
    seen = lab.run("show", "example.org", "--zone", bad)
    lab.ok(seen.status in (2, 4) and f"{bad}, line 8: it is damaged: it holds a zero byte" in seen.err, "zone file: refused with its line", seen)
    plan = lab.path("plan.json")
    lab.run("draft", "example.org", "ttl", "1h", *zone, "-o", plan)
    with open(plan, "ab") as f:
        f.write(b"\0")
    seen = lab.run("diff", plan, *zone)
    lab.ok(seen.status in (2, 4) and "it holds a zero byte" in seen.err, "plan: refused", seen)
    os.makedirs(lab.path("state/mxladder/journal"), exist_ok=True)
    journal = lab.write("state/mxladder/journal/example.org.ndjson", "{}\n\0{}\n")
    seen = lab.run("history", "example.org")
    lab.ok(seen.status == 4 and "zero byte" in seen.err and journal in seen.err, "journal: refused", seen)
    os.unlink(journal)


def more_zero_bytes(lab, zone):
    """Every other file that is read: nothing behind the zero byte is lost unsaid."""
    said = "it is damaged: it holds a zero byte"
    records = lab.write("zero.txt", "10 mx1.example.org\n\0 20 mx2.example.org\n")
    seen = lab.run("draft", "example.org", "import", records, *zone)
    lab.ok(seen.status == 4 and f"{records}, line 2: {said}" in seen.err, "import: refused", seen)
    with open(records, "rb") as f:
        seen = lab.run("diff", "-", *zone, text=f.read().decode())
    lab.ok(seen.status == 4 and f"-, line 2: {said}" in seen.err, "a plan on standard input: refused", seen)
    folder = lab.path("zerozones")
    os.makedirs(folder)
    held = lab.write("zerozones/example.org.zone", ZONE)
    config = lab.write("zerozones.conf", f"[account files]\nprovider = zonefile\nendpoint = {folder}\n[domain example.org]\naccount = files\napprovals = 0\n")
    plan = lab.path("zerozones.json")
    lab.run("draft", "example.org", "ttl", "2h", *zone, "--account", "files", "--config", config, "-o", plan)
    lab.write("zerozones/example.org.zone", ZONE + "\0")
    seen = lab.run("push", plan, "--config", config, *zone, "--no-watch")
    lab.ok(seen.status == 4 and f"{held}, line 8: {said}" in seen.err, "the provider's zone file: refused", seen)
    key = lab.write("zero.key", "s3cret\0more")
    for name, value, words in (("key_file", key, f"{key}, line 1: {said}"),
                               ("key_command", "printf 's3cret\\0more'", "the key_command of account lab gave a zero byte")):
        config = lab.write("zerokey.conf", f"[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:9\n{name} = {value}\n")
        seen = lab.run("accounts", "--verify", "--config", config)
        lab.ok(seen.status in (4, 5) and words in seen.out and "s3cret" not in seen.out + seen.err, f"{name}: refused", seen)


def many_accounts(lab, _zone):
    """Twice the accounts may not take four times as long."""
    took = []
    for n in (3000, 12000):
        config = lab.write("many.conf", "".join(f"[account a{i}]\nprovider = powerdns\n[domain d{i}.test]\naccount = a{i}\n" for i in range(n)))
        began = os.times()
        seen = lab.run("accounts", "--config", config)
        took.append(os.times().children_user - began.children_user)
        lab.ok(seen.status == 0 and seen.out.splitlines() == [f"a{i}  powerdns" for i in range(n)], f"{n} accounts: all are listed", seen.err)
    lab.ok(took[1] < 10 * took[0] + 0.5, "accounts: four times as many take no ten times as long", took)


def trust(lab, zone):
    config = lab.write("open.conf", "[main]\nname = a\n")
    for mode, good in ((0o644, True), (0o600, True), (0o664, False), (0o646, False), (0o666, False)):
        os.chmod(config, mode)
        seen = lab.run("show", "example.org", *zone, "--config", config)
        lab.ok(seen.status == 0 if good else seen.status == 4 and f"{config} can be written by others" in seen.err and "chmod go-w" in seen.err,
               f"configuration of mode {mode:o}", seen)
    if os.geteuid() == 0:
        os.chmod(config, 0o644)
        os.chown(config, 12345, 12345)
        seen = lab.run("show", "example.org", *zone, "--config", config)
        lab.ok(seen.status == 4 and f"{config} belongs to another user" in seen.err, "configuration of another user", seen)
    fifo = lab.path("fifo.conf")
    os.mkfifo(fifo)
    seen = lab.run("show", "example.org", *zone, "--config", fifo)
    lab.ok(seen.status == 4 and f"{fifo} is no regular file" in seen.err, "configuration that is a pipe: not waited for", seen)
    seen = lab.run("show", "example.org", *zone, "--config", "/dev/null")
    lab.ok(seen.status == 0, "--config /dev/null: none", seen)
    bom = lab.write("bom.conf", "\ufeff[main]\nname = a\n")
    seen = lab.run("show", "example.org", *zone, "--config", bom)
    lab.ok(seen.status == 2 and f"{bom}:1: it begins with a byte order mark" in seen.err, "configuration with a byte order mark: said", seen)


def homeless(lab, zone):
    """Without HOME there is nowhere to keep a journal, and no folder is invented."""
    folder = lab.path("folder")
    os.makedirs(folder)
    lab.write("folder/example.org.zone", ZONE)
    config = lab.write("files.conf", f"[account files]\nprovider = zonefile\nendpoint = {folder}\n[domain example.org]\naccount = files\napprovals = 0\n")
    plan = lab.path("homeless.json")
    kept = {name: lab.env.pop(name) for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    lab.run("draft", "example.org", "ttl", "2h", "--config", config, "-o", plan)
    seen = lab.run("push", plan, "--config", config, *zone, "--no-watch")
    lab.env.update(kept)
    lab.ok(seen.status == 4 and "neither HOME nor XDG_STATE_HOME is set" in seen.err, "push without HOME: refused", seen)
    lab.ok(not os.path.exists("/nonexistent"), "no folder was made")


def shut(lab, zone):
    """A state folder that is not the user's to write: the push is refused before anything is sent, and what to do is said."""
    state = lab.path("another")
    lab.write("folder/example.org.zone", ZONE)
    os.chmod(lab.path("folder"), 0o777)
    os.chmod(lab.path("folder/example.org.zone"), 0o666)
    os.chmod(lab.path("homeless.json"), 0o644)
    os.chmod(lab.path("files.conf"), 0o644)
    shutil.rmtree(os.path.join(state, "mxladder"))
    os.chmod(state, 0o500)
    seen = as_another(lab, "push", lab.path("homeless.json"), "--config", lab.path("files.conf"), *zone, "--no-watch")
    os.chmod(state, 0o700)
    lab.ok(seen.status == 4 and "could not be made: Permission denied" in seen.err and "XDG_STATE_HOME" in seen.err, "push with a state folder that is shut: refused", seen)
    lab.equal(lab.read("folder/example.org.zone"), ZONE, "and nothing is changed")


def as_another(lab, *args):
    """The program as a user who is not root."""
    state = lab.path("another")
    os.makedirs(state, exist_ok=True)
    os.chmod(lab.dir, 0o711)
    program = shutil.copy(PROGRAM, lab.path("mxladder"))  # the build may be where nobody else can look
    if os.geteuid() == 0:
        os.chown(state, 12345, 12345)
    env = {**lab.env, "HOME": state, "XDG_STATE_HOME": state, "XDG_CONFIG_HOME": state}
    done = subprocess.run([program, *args], env=env, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          **({"user": 12345, "group": 12345, "extra_groups": []} if os.geteuid() == 0 else {}))
    return Result(done.returncode, done.stdout, done.stderr, ["mxladder", *args])


def held(lab, zone):
    """A zone file behind a symbolic link, of another user's: the link, the mode and the owner stay; and a folder that may not be written."""
    for name in ("held", "kept"):
        os.makedirs(lab.path(name))
    kept = lab.write("kept/db", ZONE, 0o644)
    os.symlink("../kept/db", lab.path("held/example.org.zone"))
    config = lab.write("held.conf", f"[account files]\nprovider = zonefile\nendpoint = {lab.path('held')}\n[domain example.org]\naccount = files\napprovals = 0\n", 0o644)
    os.chmod(config, 0o644)
    plan = lab.path("held.json")
    lab.run("draft", "example.org", "ttl", "2h", *zone, "--config", config, "-o", plan)
    os.chmod(plan, 0o644)
    os.chmod(zone[1], 0o644)
    os.chmod(lab.path("kept"), 0o555)
    seen = as_another(lab, "push", plan, "--config", config, *zone, "--no-watch")
    lab.ok(seen.status == 4 and f"no file could be made in {lab.path('kept')}: Permission denied" in seen.err, "a folder that may not be written: refused", seen)
    lab.equal((lab.read("kept/db"), sorted(os.listdir(lab.path("kept")))), (ZONE, ["db"]), "and nothing was changed")
    os.chmod(lab.path("kept"), 0o755)
    os.chmod(kept, 0o640)
    if os.geteuid() == 0:
        os.chown(kept, 12345, 12346)
    seen = lab.run("push", plan, "--config", config, *zone, "--no-watch")
    at = os.stat(kept)
    lab.ok(seen.status == 0 and "7200" in lab.read("kept/db") and os.path.islink(lab.path("held/example.org.zone")), "behind a link: the file itself is edited", seen)
    lab.equal((oct(at.st_mode & 0o7777), at.st_uid, at.st_gid), ("0o640", *((12345, 12346) if os.geteuid() == 0 else (os.getuid(), os.getgid()))),
              "and keeps its mode and its owner")


with Lab() as lab:
    world = ("--zone", lab.write("example.org.zone", ZONE))
    zero_bytes(lab, world)
    more_zero_bytes(lab, world)
    many_accounts(lab, world)
    trust(lab, world)
    homeless(lab, world)
    held(lab, world)
    shut(lab, world)
