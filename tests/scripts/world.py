# SPDX-License-Identifier: GPL-3.0-or-later
"""world.py: the domain that the end-to-end tests change, before and after, as pairs of preference and host."""
from lab import SERVERS as SERVERS_DIR

DOMAIN = "exempel.com"
OLD = {(10, "mejlserver1.exempel.com"), (10, "mejlserver2.exempel.com"), (20, "reserv.exempel.net")}
NEW_EDITS = ("remove", "reserv.exempel.net,", "add", "30", "mx3.exempel.net,", "prefer", "mejlserver2.exempel.com", "20,", "ttl", "1h")
NEW = {(10, "mejlserver1.exempel.com"), (20, "mejlserver2.exempel.com"), (30, "mx3.exempel.net")}
CONFIG = """[account lab]
provider = powerdns
endpoint = http://127.0.0.1:{port}
server = localhost
key_file = {key}

[dns]
resolver = 127.0.0.1:{resolver}

[push]
seen_apart = 0
"""
