#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""clients_steps.py CLIENT VENDOR ACCOUNT DNS: one client at one vendor, as a person would call it. After each step a line of JSON says
what was done and what the vendor must have now; a line on stdin lets it go on."""
import base64
import json
import os
import subprocess
import sys

from clients_acme import LEGO, lego

DOMAIN, OWNER = "exempel.com", "ny"
FIRST, SECOND = "mx3.exempel.net", "mx4.exempel.net"
APEX = {(10, "mejlserver1.exempel.com"), (10, "mejlserver2.exempel.com"), (20, "reserv.exempel.net")}


def step(did, rtype="MX", **more):
    """Says it, with the records (priority, data) that must be there now, if any, and waits."""
    print(json.dumps({"did": did, "owner": OWNER, "type": rtype, **more}), file=SAID, flush=True)
    sys.stdin.readline()


def boto3_route53(account):
    import boto3
    client = boto3.client("route53", aws_access_key_id=account["settings"]["key_id"], aws_secret_access_key=account["key"], region_name="us-east-1")
    zone = next(z for z in client.list_hosted_zones()["HostedZones"] if z["Name"] == DOMAIN + ".")
    found = client.list_resource_record_sets(HostedZoneId=zone["Id"], StartRecordName=DOMAIN + ".", StartRecordType="MX", MaxItems="1")["ResourceRecordSets"]
    assert {(int(v["Value"].split()[0]), v["Value"].split()[1].rstrip(".")) for v in found[0]["ResourceRecords"]} == APEX, found
    step("list")

    def change(*changes):
        made = client.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Comment": "a test", "Changes": [
            {"Action": action, "ResourceRecordSet": {"Name": f"{OWNER}.{DOMAIN}.", "Type": "MX", "TTL": 3600, "ResourceRecords": [{"Value": value}]}} for action, value in changes]})
        assert client.get_change(Id=made["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    change(("CREATE", f"30 {FIRST}."))
    step("add", want=[(30, FIRST)])
    change(("DELETE", f"30 {FIRST}."), ("CREATE", f"40 {SECOND}."))
    step("change", want=[(40, SECOND)])
    try:
        change(("DELETE", f"30 {FIRST}."), ("CREATE", f"50 {FIRST}."))
        raise AssertionError("a stale change was taken")
    except client.exceptions.InvalidChangeBatch as e:
        assert "do not match" in str(e), e
    step("stale", want=[(40, SECOND)])
    change(("DELETE", f"40 {SECOND}."))
    step("remove", want=[])
    try:
        boto3.client("route53", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="wrong", region_name="us-east-1").list_hosted_zones()
        raise AssertionError("a wrong secret was taken")
    except client.exceptions.ClientError as e:
        assert e.response["Error"]["Code"] == "SignatureDoesNotMatch", e
    step("refused")
    boto3.client("route53", aws_access_key_id="ASIAEXAMPLE", aws_secret_access_key=account["key"], aws_session_token="test-session", region_name="us-east-1").list_hosted_zones()
    step("token")


def azure(account):
    from azure.core.exceptions import HttpResponseError
    from azure.identity import ClientSecretCredential
    from azure.mgmt.dns import DnsManagementClient
    settings = account["settings"]
    client = DnsManagementClient(ClientSecretCredential(settings["tenant"], settings["client_id"], account["key"]), settings["subscription"])
    zone = next(z for z in client.zones.list() if z.name == DOMAIN)
    group = zone.id.split("/")[4]
    assert {(r.preference, r.exchange) for r in client.record_sets.get(group, DOMAIN, "@", "MX").mx_records} == APEX
    step("list MX")

    def put(priority, host, **more):
        return client.record_sets.create_or_update(group, DOMAIN, OWNER, "MX", {"ttl": 3600, "mx_records": [{"preference": priority, "exchange": host}]}, **more)
    old = put(30, FIRST, if_none_match="*")
    step("add MX", want=[(30, FIRST)])
    put(40, SECOND, if_match=old.etag)
    step("change MX", want=[(40, SECOND)])
    for more in ({"if_match": old.etag}, {"if_none_match": "*"}):
        try:
            put(50, FIRST, **more)
            raise AssertionError("a stale change was taken")
        except HttpResponseError as e:
            assert e.status_code == 412, e
    step("stale", want=[(40, SECOND)])
    client.record_sets.delete(group, DOMAIN, OWNER, "MX")
    step("remove MX", want=[])


# lexicon: its provider, what it is told of the account, the type it can write here, its contents and what must be there then
LEXICON = {
    "azure": ("azure", lambda a: {"auth_client_id": a["settings"]["client_id"], "auth_client_secret": a["key"], "auth_tenant_id": a["settings"]["tenant"],
                                  "auth_subscription_id": a["settings"]["subscription"], "resource_group": "dns-test"}, "TXT", None),     # its MX has no preference
    "cloudflare": ("cloudflare", lambda a: {"auth_token": a["key"]}, "TXT", None),
    "digitalocean": ("digitalocean", lambda a: {"auth_token": a["key"]}, "TXT", None),
    "dnsimple": ("dnsimple", lambda a: {"auth_token": a["key"]}, "MX", "{h}"),
    "gandi": ("gandi", lambda a: {"auth_token": a["key"], "api_protocol": "rest"}, "MX", "{p} {h}."),
    "glesys": ("glesys", lambda a: {"auth_username": a["settings"]["project"], "auth_token": a["key"]}, "MX", "{p} {h}."),
    "godaddy": ("godaddy", lambda a: {"auth_key": a["settings"]["api_key"], "auth_secret": a["key"]}, "TXT", None),
    "google": ("googleclouddns", lambda a: {"auth_service_account_info": "base64::" + base64.b64encode(a["key"].encode()).decode()}, "MX", "{p} {h}."),
    "linode": ("linode4", lambda a: {"auth_token": a["key"]}, "MX", "{h}"),
    "namecheap": ("namecheap", lambda a: {"auth_username": a["settings"]["api_user"], "auth_token": a["key"], "auth_client_ip": a["settings"]["client_ip"]}, "MX", "{p} {h}."),
    "ns1": ("nsone", lambda a: {"auth_token": a["key"]}, "TXT", None),
    "ovh": ("ovh", lambda a: {"auth_entrypoint": "ovh-eu", "auth_application_key": a["settings"]["application_key"], "auth_application_secret": a["key"],
                              "auth_consumer_key": a["settings"]["consumer_key"]}, "MX", "{p} {h}."),
    "porkbun": ("porkbun", lambda a: {"auth_key": a["settings"]["api_key"], "auth_secret": a["key"]}, "MX", "{h}"),
    "route53": ("route53", lambda a: {"auth_access_key": a["settings"]["key_id"], "auth_access_secret": a["key"]}, "MX", "{p} {h}."),
    "vultr": ("vultr", lambda a: {"auth_token": a["key"]}, "TXT", None),
}


def lexicon(vendor, account):
    from lexicon.client import Client
    from lexicon.config import ConfigResolver
    provider, options, rtype, form = LEXICON[vendor]

    def call(action, **more):
        told = {"provider_name": provider, "action": action, "domain": DOMAIN, "delegated": DOMAIN, "ttl": 3600, "type": rtype, **more, provider: options(account)}
        return Client(ConfigResolver().with_dict(told)).execute()

    def text(host, priority):
        return form.format(p=priority, h=host) if form else f"text of {host}"

    def wanted(host, priority):
        return [(priority if form else None, host if form else f"text of {host}")]
    apart = {"priority": 30} if form and "{p}" not in form else {}
    listed = call("list", type="MX")
    assert len([r for r in listed if "mejlserver" in str(r["content"]) or "reserv" in str(r["content"])]) >= 3, listed
    step("list MX")
    prefer = 10 if vendor == "linode" else 30        # it has no way to say it
    assert call("create", name=f"{OWNER}.{DOMAIN}", content=text(FIRST, prefer), **apart)
    step(f"add {rtype}", rtype, want=wanted(FIRST, prefer))
    found = [r for r in call("list", name=f"{OWNER}.{DOMAIN}")]
    assert len(found) == 1, found
    if vendor != "namecheap":       # it looks for the old record with the new content, and leaves it
        assert call("update", identifier=found[0]["id"], name=f"{OWNER}.{DOMAIN}", content=text(SECOND, prefer), **apart)
        step(f"change {rtype}", rtype, want=wanted(SECOND, prefer))
    found = [r for r in call("list", name=f"{OWNER}.{DOMAIN}")]
    assert call("delete", identifier=found[0]["id"], name=f"{OWNER}.{DOMAIN}", content=found[0]["content"])
    step(f"remove {rtype}", rtype, want=[])


# libcloud: its driver, what it is made with, and what it can do here
LIBCLOUD = {
    "digitalocean": ("digitalocean", lambda a: ((a["key"],), {}), ("change", "remove")),
    "godaddy": ("godaddy", lambda a: (("", a["settings"]["api_key"], a["key"]), {}), ("change",)),       # every priority is 1 to it
    "google": ("google", lambda a: ((json.loads(a["key"])["client_email"], json.loads(a["key"])["private_key"]), {"project": "exempel-1", "auth_type": "SA"}), ("remove",)),
    "linode": ("linode", lambda a: ((a["key"],), {"api_version": "4.0"}), ("change", "remove")),
    "ns1": ("nsone", lambda a: ((a["key"],), {}), ("remove",)),     # a change forgets the priority
    "vultr": ("vultr", lambda a: ((a["key"],), {"api_version": "2"}), ("change", "remove")),
}


def libcloud(vendor, account):
    import libcloud.security
    from libcloud.dns.providers import get_driver
    libcloud.security.CA_CERTS_PATH = os.environ["SSL_CERT_FILE"]
    name, made, can = LIBCLOUD[vendor]
    words, named = made(account)
    driver = get_driver(name)(*words, **named)
    zone = next(z for z in driver.list_zones() if z.domain.rstrip(".") == DOMAIN)
    assert sum(str(r.type) == "MX" for r in driver.list_records(zone)) >= 2
    step("list MX")
    owner = f"{OWNER}.{DOMAIN}." if vendor == "google" else OWNER

    def said(priority, host):
        if vendor == "google":
            return {"ttl": 3600, "rrdatas": [f"{priority} {host}."]}, None
        return host + ("." if vendor == "digitalocean" else ""), {"priority": priority, "ttl": 3600}

    def mine():
        return next(r for r in driver.list_records(zone) if str(r.type) == "MX" and OWNER in str(r.name).split("."))
    driver.create_record(owner, zone, "MX", *said(30, FIRST))
    step("add MX", want=[(1 if vendor == "godaddy" else 30, FIRST)])
    if "change" in can:
        driver.update_record(mine(), owner, "MX", *said(40, SECOND))
        step("change MX", want=[(1 if vendor == "godaddy" else 40, SECOND)])
    if "remove" in can:
        driver.delete_record(mine())
        step("remove MX", want=[])


# npm's: the packages, by vendor. `./dev vendors` installs them below VENDOR_NPM where npm is.
NPM = {"bunny": "bunny-sdk", "scaleway": "@scaleway/sdk-domain"}


def npm(vendor, account):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients_npm.mjs"), encoding="utf-8") as f:
        subprocess.run(["node", "--input-type=module", "-e", f.read(), "--", vendor, json.dumps(account)], cwd=os.environ["VENDOR_NPM"], check=True)


CLIENTS = {
    "boto3": {"there": "/usr/bin/python3 -c 'import boto3'", "vendors": ("route53",), "run": lambda vendor, account, dns: boto3_route53(account)},
    "lexicon": {"there": "/usr/bin/python3 -c 'import lexicon'", "vendors": tuple(LEXICON), "run": lambda vendor, account, dns: lexicon(vendor, account)},
    "libcloud": {"there": "/usr/bin/python3 -c 'import libcloud.dns'", "vendors": tuple(LIBCLOUD), "run": lambda vendor, account, dns: libcloud(vendor, account)},
    "azure": {"there": "/usr/bin/python3 -c 'import azure.identity, azure.mgmt.dns'", "vendors": ("azure",), "run": lambda vendor, account, dns: azure(account)},
    "npm": {"there": f"cd \"$VENDOR_NPM\" && cd node_modules && ls -d {' '.join(NPM.values())} && node -e 'fetch'", "vendors": tuple(NPM),
            "run": lambda vendor, account, dns: npm(vendor, account)},
    "lego": {"there": "command -v lego", "vendors": tuple(LEGO), "run": lambda vendor, account, dns: lego(vendor, account, dns, step)},
}

SAID = sys.stdout
if __name__ == "__main__":
    sys.stdout = sys.stderr         # some clients print
    CLIENTS[sys.argv[1]]["run"](sys.argv[2], json.loads(sys.argv[3]), sys.argv[4])
