#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit as a filter: a line comes before the next name is there, Ctrl-C finishes what is in hand, --resume does the rest."""
import json
import os
import signal
import subprocess
import sys

ZONE = """$ORIGIN {0}.
@ 3600 SOA ns.{0}. hostmaster.{0}. 1 3600 600 604800 300
@ 3600 NS ns
@ 3600 MX 10 mx
mx 3600 A 192.0.2.1
ns 3600 A 192.0.2.2
"""


def main():
    count = [0]

    def ok(holds, what):
        count[0] += 1
        print(f"{'ok' if holds else 'not ok'} {count[0]} - {what}", flush=True)

    here = os.path.join("/tmp" if "TMPDIR" not in os.environ else os.environ["TMPDIR"], f"mxladder-audit-{os.getpid()}")
    os.mkdir(here)
    names = [f"d{i}.example" for i in range(1, 4)]
    options = []
    for name in names:
        with open(f"{here}/{name}", "w", encoding="ascii") as f:
            f.write(ZONE.format(name))
        options += ["--zone", f"{here}/{name}"]
    environment = dict(os.environ, HOME=here, XDG_CONFIG_HOME=here, XDG_STATE_HOME=here)

    def start(*more):
        return subprocess.Popen([os.environ["MXLADDER"], "audit", *options, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=environment)

    with start() as audit:
        audit.stdin.write(b"d1.example\nd2.exa")
        audit.stdin.flush()
        first = audit.stdout.readline()
        ok(json.loads(first)["domain"] == "d1.example", "the first line comes while stdin is open")
        audit.stdin.write(b"mple\n")
        audit.stdin.flush()
        second = audit.stdout.readline()
        ok(json.loads(second)["domain"] == "d2.example", "a name in two pieces is one name")
        audit.send_signal(signal.SIGINT)
        audit.wait(timeout=20)          # stdin is open still
        rest, said = audit.stdout.read(), audit.stderr.read()
        ok(audit.returncode == 7 and rest == b"", "SIGINT ends it with status 7")
        ok(said.decode() == "mxladder: stopped on request: not every name was told\n"
           "--resume FILE, with the output so far, goes on where it stopped.\n", "and that is said, with what to do")
    with open(f"{here}/out", "wb") as f:
        f.write(first + second)
    with start("--resume", f"{here}/out") as audit:
        rest, said = audit.communicate("\n".join(names).encode())
        lines = [json.loads(line) for line in rest.splitlines()]
        ok([line["domain"] for line in lines] == ["d3.example"] and audit.returncode == 0 and said == b"", "--resume does the rest")
        ok(lines[0]["records"] == [{"preference": 10, "host": "mx.d3.example", "addresses": ["192.0.2.1"]}] and lines[0]["error"] is None,
           "with its set")
    with start() as audit:
        audit.stdout.close()
        audit.stdin.write(b"d1.example\n")
        audit.stdin.close()
        audit.wait(timeout=20)
        ok(audit.returncode in (4, -signal.SIGPIPE), "it ends where nobody reads")
    subprocess.run(["rm", "-r", here], check=True)
    print(f"1..{count[0]}")
    return 0


sys.exit(main())
