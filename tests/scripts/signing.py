# SPDX-License-Identifier: GPL-3.0-or-later
"""signing.py: a Knot that signs zones, and an unbound that validates by their keys. In a network namespace."""
import re
import subprocess


def _ds(lab, zone):
    """The DS record of the zone's key, which is made."""
    words = ["keymgr", "-c", lab.path("knot.conf"), zone]
    subprocess.run([*words, "generate", "algorithm=13", "ksk=yes", "zsk=yes"], capture_output=True, check=True)
    said = subprocess.run([*words, "ds"], capture_output=True, text=True, check=True).stdout
    return next(line.split(" DS ")[1] for line in said.splitlines() if re.search(r" DS \d+ 13 2 ", line))


def serve(lab, authority, resolver, plain, signed):
    """plain and signed: {zone: its file}. The file `anchor` of the lab has the keys that are trusted."""
    lab.write("knot.conf", f"server:\n  listen: {authority}@53\n  rundir: {lab.dir}\ndatabase:\n  storage: {lab.dir}\n"
                           f"template:\n  - id: default\n    zonefile-load: whole\n    zonefile-sync: -1\n    journal-content: none\n"
                           f"policy:\n  - id: lasting\n    algorithm: ecdsap256sha256\n    single-type-signing: on\n    ksk-lifetime: 0\nzone:\n"
              + "".join(f"  - domain: {zone}\n    file: {file}\n" for zone, file in plain.items())
              + "".join(f"  - domain: {zone}\n    file: {file}\n    dnssec-signing: on\n    dnssec-policy: lasting\n" for zone, file in signed.items()))
    lab.write("anchor", "".join(f"{zone}. 3600 IN DS {_ds(lab, zone)}\n" for zone in signed))
    lab.write("unbound.conf", f"server:\n  interface: {resolver}\n  port: 53\n  do-daemonize: no\n  chroot: \"\"\n  username: \"\"\n  directory: {lab.dir}\n  pidfile: \"\"\n"
                              f"  use-syslog: no\n  access-control: 127.0.0.0/8 allow\n  do-not-query-localhost: no\n  module-config: \"validator iterator\"\n"
                              f"  trust-anchor-file: {lab.path('anchor')}\n"
                              + "".join(f"stub-zone:\n  name: {zone}\n  stub-addr: {authority}\n" for zone in [*plain, *signed]))
    for words in (["knotd", "-c", lab.path("knot.conf")], ["unbound", "-c", lab.path("unbound.conf")]):
        with open(lab.path(words[0] + ".log"), "w", encoding="utf-8") as log:
            lab.children.append(subprocess.Popen(words, stdout=log, stderr=log))
