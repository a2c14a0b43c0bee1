#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pdns_record.py OLD NEW: sends the requests of a recording to a fresh PowerDNS, in their order, and writes what it answers.

So tests/data/pdns-VERSION.json are made, each from another; a request is added to one by hand, without its response. PDNS_ROOT (pdns.py)
has a server of another release. The key that is written down is not the server's.
"""
import argparse
import http.client
import json
import sys
import tempfile

import pdns
import service

KEY, SHOWN = "test-key-not-secret", ("content-type", "www-authenticate", "x-pdns-old-serial", "x-pdns-new-serial")


def sent(rig, request):
    headers = {k: rig.key if v == KEY else v for k, v in request["headers"].items()}
    connection = http.client.HTTPConnection("127.0.0.1", rig.api, timeout=10)
    connection.request(request["method"], request["path"], request["body"], headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    assert rig.key not in body
    return {"status": answer.status, "reason": answer.reason, "headers": [list(h) for h in answer.getheaders() if h[0].lower() in SHOWN], "body": body}


def main():
    old, new = sys.argv[1:]
    with open(old, encoding="utf-8") as f:
        items = json.load(f)["items"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as nothing:
        nothing.write('{"zones": []}')
        nothing.flush()
        rig = pdns.Rig(argparse.Namespace(state=[nothing.name], second=False, dnssec=True, listen=None, listen2=None, others=0))
        service.leave_with_the_test(60)
        rig.run_servers()
        said = [{"note": i["note"], "request": i["request"], "response": sent(rig, i["request"])} for i in items]
    version = json.loads(next(s["response"]["body"] for s in said if s["note"] == "one server"))["version"]
    with open(new, "w", encoding="utf-8") as f:
        json.dump({"what": f"recorded from pdns_server {version} (Debian, gsqlite3) on loopback; the key is made up", "items": said}, f, indent=1)
        f.write("\n")
    rig.end()


if __name__ == "__main__":
    main()
