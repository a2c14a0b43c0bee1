# SPDX-License-Identifier: GPL-3.0-or-later
"""netns.py: run the test program in a network namespace of its own, where port 53 of every 127.0.0.0/8 address is free,
nothing outside can be reached, and only loopback has a route."""
import os
import subprocess
import sys


def enter(ipv6=True):
    """Comes back inside the namespace; ends the program as skipped where none can be made."""
    if os.environ.get("MXLADDER_NETNS") != "1":
        os.environ["MXLADDER_NETNS"] = "1"
        for flags in ("-rn", "-n"):  # root below a chroot gets no user namespace, and needs none
            if not subprocess.run(["unshare", flags, "true"], capture_output=True, check=False).returncode:
                os.execvp("unshare", ["unshare", flags, sys.executable, "-B", *sys.argv])
        print("1..0 # SKIP no network namespace can be made here", flush=True)
        sys.exit(77)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    if not ipv6:
        with open("/proc/sys/net/ipv6/conf/all/disable_ipv6", "w", encoding="ascii") as f:
            f.write("1\n")
