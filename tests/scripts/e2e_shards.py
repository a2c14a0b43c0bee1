#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shard is a process: GNU parallel hands the names to four machines over ssh, each audits its part, and the parts together are what one
run says. The machines are one sshd of the test's own, on loopback, with keys of its own, as the user who runs the test."""
import json
import os
import pwd
import shlex
import shutil
import socket
import subprocess

from lab import PROGRAM, Lab, free_port, wait_until

SHARDS, COUNT = 4, 22
ZONE = """$ORIGIN d{0}.example.
@ 3600 SOA ns hostmaster 1 3600 600 604800 300
@ 3600 NS ns
ns 3600 A 192.0.2.2
@ 3600 MX {0} mx
mx 3600 A 192.0.2.{0}
"""
SSHD = """ListenAddress 127.0.0.1
Port {port}
HostKey {dir}/host
AuthorizedKeysFile {dir}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 50
"""
SSH = """Host shard*
HostName 127.0.0.1
Port {port}
User {user}
IdentityFile {dir}/user
IdentitiesOnly yes
UserKnownHostsFile {dir}/known
StrictHostKeyChecking yes
BatchMode yes
"""
PRIVSEP = "/run/sshd"  # an sshd of root wants it; the package's service makes it


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def start_sshd(lab, port):
    user = pwd.getpwuid(os.geteuid()).pw_name
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", lab.path(name)], check=True)
    lab.write("sshd_config", SSHD.format(port=port, dir=lab.dir))
    lab.write("ssh_config", SSH.format(port=port, dir=lab.dir, user=user))
    key = lab.read("host.pub").split()
    lab.write("known", f"[127.0.0.1]:{port} {key[0]} {key[1]}\n")
    with open(lab.path("sshd.log"), "w", encoding="utf-8") as log:
        lab.children.append(subprocess.Popen([shutil.which("sshd") or "/usr/sbin/sshd", "-D", "-e", "-f", lab.path("sshd_config")],
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log))
    return wait_until(lambda: listens(port))


def lines(text):
    """What is said of each name, but when."""
    return sorted((dict(json.loads(line), at=None) for line in text.splitlines()), key=lambda line: line["domain"])


def main():
    with Lab() as lab:
        made = os.geteuid() == 0 and not os.path.isdir(PRIVSEP)
        if made:
            os.mkdir(PRIVSEP, 0o755)
        try:
            run(lab)
        finally:
            if made:
                os.rmdir(PRIVSEP)


def run(lab):
    names = [f"d{i}.example" for i in range(1, COUNT + 1)]
    zones = [word for i, name in enumerate(names) for word in ("--zone", lab.write(name, ZONE.format(i + 1)))]
    alone = lab.run("audit", *zones, text="\n".join(names))
    lab.equal((alone.status, [line["domain"] for line in lines(alone.out)]), (0, sorted(names)), "one run says all", alone)
    port = free_port()
    if not lab.ok(start_sshd(lab, port), "an sshd of the test's own listens", lab.read("sshd.log")):
        return
    shard = ["env", *(f"{name}={value}" for name, value in lab.env.items() if name != "TERM"), PROGRAM, "audit", *zones]
    done = subprocess.run(
        ["parallel", "--will-cite", "--pipe", "-N", str(-(-COUNT // SHARDS)), "--ssh", f"ssh -F {lab.path('ssh_config')}",
         "-S", ",".join(f"1/shard{i}" for i in range(SHARDS)), "--joblog", lab.path("jobs"), shlex.join(shard)],
        input="".join(name + "\n" for name in names).encode(), capture_output=True, check=False, timeout=120,
        env={**lab.env, "PARALLEL_HOME": lab.path("parallel"), "SHELL": "/bin/sh"})
    said = done.stdout.decode() + done.stderr.decode() + lab.read("sshd.log")
    jobs = [line.split("\t") for line in lab.read("jobs").splitlines()[1:]]
    lab.equal((done.returncode, done.stderr), (0, b""), "each shard ends well", said)
    lab.equal(sorted(job[1] for job in jobs), [f"shard{i}" for i in range(SHARDS)], "each machine has one part", jobs)
    lab.equal(lines(done.stdout.decode()), lines(alone.out), "the parts together are what one run says", said)


main()
