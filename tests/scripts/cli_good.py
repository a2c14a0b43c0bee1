#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set-ups that are right, as zone text: nothing is warned of, with the hoster's zones and with the domain's own zone alone."""
import json

from lab import Lab

HEAD = "$ORIGIN {zone}.\n$TTL 3600\n@ IN SOA ns1.exempel-dns.net. hostmaster.exempel-dns.net. 7 7200 900 1209600 3600\n" \
       "@ NS ns1.exempel-dns.net.\n@ NS ns2.exempel-dns.org.\n"
SAFE = '_dmarc TXT "v=DMARC1; p=none; rua=mailto:post@{zone}"\n'
NONE = '@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n'


def mx(*records, spf=None, more=""):
    text = "".join(f"@ MX {preference} {host}.\n" for preference, host in records)
    return text + (f'@ TXT "v=spf1 {spf} ~all"\n' if spf else "") + SAFE + more


def hosts(zone, **names):
    """The hoster's zone: a host with its addresses."""
    return {zone: "".join(f"{name.replace('_', '-').replace('-dot-', '.')} {'AAAA' if ':' in a else 'A'} {a}\n"
                          for name, all_of in names.items() for a in all_of.split())}


GOOGLE = hosts("google.com", smtp="142.250.27.26 142.250.27.27 142.251.9.26 142.251.9.27 2a00:1450:4025:401::1a 2a00:1450:4025:401::1b",
               **{"aspmx_dot_l": "142.250.27.26 2a00:1450:4025:401::1a", "alt1_dot_aspmx_dot_l": "142.251.9.26 2a00:1450:4025:c03::1a",
                  "alt2_dot_aspmx_dot_l": "142.250.150.26 2a00:1450:4010:c1c::1a", "alt3_dot_aspmx_dot_l": "74.125.200.26 2404:6800:4003:c00::1a",
                  "alt4_dot_aspmx_dot_l": "142.250.157.26 2404:6800:4008:c13::1a"})
OUTLOOK = {"mail.protection.outlook.com": "exempel-se A 52.101.73.4\nexempel-se A 52.101.73.9\nexempel-se AAAA 2a01:111:f403:ca0b::1\n"}
DIGEST = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
OWN = """mx1 A 5.9.10.25
mx1 AAAA 2a01:4f8:160:2::25
mx2 A 94.130.20.25
mx2 AAAA 2a01:4f8:c0c:9::25
_25._tcp.mx1 TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
_25._tcp.mx1 TLSA 3 1 1 1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
_25._tcp.mx2 TLSA 3 1 1 2123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
_25._tcp.mx2 TLSA 3 1 1 3123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
_mta-sts TXT "v=STSv1; id=20261101"
mta-sts A 5.9.10.80
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@exempel.se"
"""
STS = """_mta-sts TXT "v=STSv1; id=20261101"
mta-sts A 5.9.10.80
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@exempel.se"
"""


def dane(host, *digits):
    return "".join(f"_25._tcp.{host} TLSA 3 1 1 {digit}{DIGEST[1:]}\n" for digit in digits)


# name, what stands in the domain's zone, the hoster's zones, the hoster that show names
SETUPS = (
    ("google", mx((1, "smtp.google.com"), spf="include:_spf.google.com"), GOOGLE, "google"),
    ("google-five", mx((1, "aspmx.l.google.com"), (5, "alt1.aspmx.l.google.com"), (5, "alt2.aspmx.l.google.com"), (10, "alt3.aspmx.l.google.com"),
                       (10, "alt4.aspmx.l.google.com"), spf="include:_spf.google.com"), GOOGLE, "google"),
    ("microsoft365", mx((0, "exempel-se.mail.protection.outlook.com"), spf="include:spf.protection.outlook.com"), OUTLOOK, "microsoft365"),
    ("mx.microsoft", mx((0, "exempel-se.k-v1.mx.microsoft"), spf="include:spf.protection.outlook.com"),
     {"k-v1.mx.microsoft": "exempel-se A 52.101.73.4\nexempel-se AAAA 2a01:111:f403:ca0b::1\n"}, "microsoft365"),
    ("fastmail", mx((10, "in1-smtp.messagingengine.com"), (20, "in2-smtp.messagingengine.com"), spf="include:spf.messagingengine.com"),
     hosts("messagingengine.com", in1_smtp="103.168.172.216 103.168.172.217 103.168.172.218 103.168.172.219 103.168.172.220 103.168.172.221",
           in2_smtp="202.12.124.216 202.12.124.217"), "fastmail"),
    ("proton", mx((10, "mail.protonmail.ch"), (20, "mailsec.protonmail.ch"), spf="include:_spf.protonmail.ch"),
     hosts("protonmail.ch", mail="185.70.42.128 176.119.200.128", mailsec="185.70.42.129 185.70.42.128"), "proton"),
    ("own-dane-sts", mx((10, "mx1.exempel.se"), (20, "mx2.exempel.se"), spf="mx", more=OWN), {}, None),
    ("own-one", mx((10, "mail.exempel.se"), spf="a:mail.exempel.se", more="mail A 5.9.10.25\n"), {}, None),
    ("own-and-backup", mx((10, "mail.exempel.se"), (20, "backup.exempel-mx.net"), spf="mx", more="mail A 5.9.10.25\nmail AAAA 2a01:4f8:160:2::25\n"),
     hosts("exempel-mx.net", backup="94.130.20.25 2a01:4f8:c0c:9::25"), None),
    ("zoho", mx((10, "mx.zoho.com"), (20, "mx2.zoho.com"), (50, "mx3.zoho.com"), spf="include:zohomail.com"),
     hosts("zoho.com", mx="204.141.33.44", mx2="204.141.43.44", mx3="136.143.183.44"), "zoho"),
    ("zoho-eu", mx((10, "mx.zoho.eu"), (20, "mx2.zoho.eu"), (50, "mx3.zoho.eu"), spf="include:zohomail.eu"),
     hosts("zoho.eu", mx="185.230.212.166", mx2="185.230.214.166", mx3="185.230.212.166"), "zoho"),
    ("icloud", mx((10, "mx01.mail.icloud.com"), (10, "mx02.mail.icloud.com"), spf="include:icloud.com"),
     hosts("mail.icloud.com", mx01="17.57.154.33 17.57.155.25 17.57.156.30", mx02="17.57.154.33 17.57.155.25 17.57.156.30"), "icloud"),
    ("migadu", mx((10, "aspmx1.migadu.com"), (20, "aspmx2.migadu.com"), spf="include:spf.migadu.com"),
     hosts("migadu.com", aspmx1="51.158.104.59", aspmx2="163.172.221.45"), "migadu"),
    ("mailbox.org", mx((10, "mxext1.mailbox.org"), (10, "mxext2.mailbox.org"), (20, "mxext3.mailbox.org"), spf="include:mailbox.org"),
     hosts("mailbox.org", mxext1="80.241.60.212 2001:67c:2050:104::1:25:1", mxext2="80.241.60.215", mxext3="80.241.60.216"), "mailbox"),
    ("tuta", mx((10, "mail.tutanota.de"), spf="include:spf.tutanota.de"), hosts("tutanota.de", mail="185.205.69.211"), "tuta"),
    ("infomaniak", mx((5, "mta-gw.infomaniak.ch"), spf="include:spf.infomaniak.ch"), hosts("infomaniak.ch", mta_gw="83.166.143.57"), "infomaniak"),
    ("gandi", mx((10, "spool.mail.gandi.net"), (50, "fb.mail.gandi.net"), spf="include:_mailcust.gandi.net"),
     hosts("mail.gandi.net", spool="217.70.178.1 2001:4b98:e00::1", fb="217.70.178.215 217.70.178.216 217.70.178.217"), "gandi"),
    ("ovh", mx((1, "mx1.mail.ovh.net"), (5, "mx2.mail.ovh.net"), (100, "mx3.mail.ovh.net"), spf="include:mx.ovh.com"),
     hosts("mail.ovh.net", mx1="188.165.36.237", mx2="87.98.160.167", mx3="91.121.53.175"), "ovh"),
    ("ionos", mx((10, "mx00.ionos.de"), (10, "mx01.ionos.de"), spf="include:_spf-eu.ionos.com"),
     hosts("ionos.de", mx00="212.227.15.41", mx01="217.72.192.67"), "ionos"),
    ("yandex", mx((10, "mx.yandex.net"), spf="redirect=_spf.yandex.net").replace(" ~all", ""),
     hosts("yandex.net", mx="77.88.21.249 2a02:6b8::311"), "yandex"),
    ("rackspace", mx((10, "mx1.emailsrvr.com"), (20, "mx2.emailsrvr.com"), spf="include:emailsrvr.com"),
     hosts("emailsrvr.com", mx1="108.166.43.1 146.20.161.1", mx2="108.166.43.2 146.20.161.2"), "rackspace"),
    ("namecheap", mx((10, "mx1.privateemail.com"), (10, "mx2.privateemail.com"), spf="include:spf.privateemail.com"),
     hosts("privateemail.com", mx1="198.54.122.215", mx2="198.54.122.215"), "namecheap"),
    ("forwardemail", mx((0, "mx1.forwardemail.net"), (0, "mx2.forwardemail.net"), spf="include:spf.forwardemail.net"),
     hosts("forwardemail.net", mx1="138.197.213.185 104.248.224.170", mx2="104.248.224.170 138.197.213.185"), "forwardemail"),
    ("improvmx", mx((10, "mx1.improvmx.com"), (20, "mx2.improvmx.com"), spf="include:spf.improvmx.com"),
     hosts("improvmx.com", mx1="54.81.6.181 54.92.215.81", mx2="52.204.35.131 54.173.92.199"), "improvmx"),
    ("simplelogin", mx((10, "mx1.simplelogin.co"), (20, "mx2.simplelogin.co"), spf="include:simplelogin.co"),
     hosts("simplelogin.co", mx1="176.119.200.136", mx2="185.70.42.136"), "simplelogin"),
    ("cloudflare", mx((37, "route1.mx.cloudflare.net"), (4, "route2.mx.cloudflare.net"), (95, "route3.mx.cloudflare.net"),
                      spf="include:_spf.mx.cloudflare.net"),
     hosts("mx.cloudflare.net", route1="162.159.205.11 162.159.205.12 162.159.205.13 2606:4700:f5::b", route2="162.159.205.17 162.159.205.18",
           route3="162.159.205.23 162.159.205.24"), "cloudflare"),
    ("mimecast", mx((10, "eu-smtp-inbound-1.mimecast.com"), (10, "eu-smtp-inbound-2.mimecast.com"), spf="include:eu._netblocks.mimecast.com"),
     hosts("mimecast.com", eu_smtp_inbound_1="195.130.217.221 91.220.42.221", eu_smtp_inbound_2="195.130.217.221 91.220.42.221"), "mimecast"),
    ("ses-bounce", mx((10, "feedback-smtp.eu-west-1.amazonses.com"), spf="include:amazonses.com"),
     {"amazonses.com": "feedback-smtp.eu-west-1 A 54.240.3.4\nfeedback-smtp.eu-west-1 A 54.240.3.9\n"}, "ses-bounce"),
    ("no-mail", NONE, {}, None),
    # as they are met in 2026
    ("microsoft-dane", mx((0, "exempel-se.k-v1.mx.microsoft"), spf="include:spf.protection.outlook.com", more='@ TXT "MS=ms12345678"\n' + STS),
     {"k-v1.mx.microsoft": "exempel-se 20 A 52.101.73.4\nexempel-se 20 AAAA 2a01:111:f403:ca0b::1\n" + dane("exempel-se", "0", "1")}, "microsoft365"),
    ("google-redirect", mx((1, "smtp.google.com"), spf="redirect=_spf.exempel.se", more='_spf TXT "v=spf1 include:_spf.google.com ~all"\n' + STS)
     .replace("exempel.se ~all", "exempel.se"), {"google.com": GOOGLE["google.com"] + '_spf TXT "v=spf1 ip4:35.190.247.0/24 ~all"\n'}, "google"),
    ("proton-dane", mx((10, "mail.protonmail.ch"), (20, "mailsec.protonmail.ch"), spf="include:_spf.protonmail.ch",
                       more="protonmail._domainkey CNAME protonmail.domainkey.abc.domains.proton.ch.\n"),
     {"protonmail.ch": "mail 1200 A 185.70.42.128\nmail A 176.119.200.128\nmailsec A 185.70.42.129\nmailsec A 176.119.200.129\n"
                       '_spf TXT "v=spf1 ip4:185.70.40.0/24 ~all"\n' + dane("mail", "0", "1") + dane("mailsec", "2", "3")}, "proton"),
    ("fastmail-star", mx((10, "in1-smtp.messagingengine.com"), (20, "in2-smtp.messagingengine.com"), spf="include:spf.messagingengine.com",
                         more="* MX 10 in1-smtp.messagingengine.com.\n* MX 20 in2-smtp.messagingengine.com.\n").replace("~all", "?all"),
     hosts("messagingengine.com", in1_smtp="103.168.172.216 103.168.172.217", in2_smtp="202.12.124.216 202.12.124.217"), "fastmail"),
    ("own-star", mx((10, "mail.exempel.se"), spf="mx a", more="@ A 5.9.10.80\n* A 5.9.10.80\n* MX 10 mail.exempel.se.\nmail A 5.9.10.25\n"
                    "mail AAAA 2a01:4f8:160:2::25\n_25._tcp.mail CNAME _dane.exempel.se.\n" + STS + dane("mail", "0").replace("_25._tcp.mail", "_dane")), {}, None),
    ("proofpoint", mx((10, "mxa-00123456.gslb.pphosted.com"), (10, "mxb-00123456.gslb.pphosted.com"),
                      spf="include:%{{ir}}.%{{v}}.%{{d}}.spf.has.pphosted.com"),
     hosts("gslb.pphosted.com", mxa_00123456="205.220.165.101", mxb_00123456="205.220.177.102"), "proofpoint"),
    ("proofpoint-redirect", mx((10, "mxa-00123456.gslb.pphosted.com"), (10, "mxb-00123456.gslb.pphosted.com"),
                               spf="redirect=%{{ir}}.%{{d}}.spf.exempel.net").replace(" ~all", ""), {}, "proofpoint"),
    ("mimecast-microsoft", mx((10, "de-smtp-inbound-1.mimecast.com"), (10, "de-smtp-inbound-2.mimecast.com"),
                              spf="include:de._netblocks.mimecast.com include:spf.protection.outlook.com", more='@ TXT "MS=ms12345678"\n'),
     hosts("mimecast.com", de_smtp_inbound_1="62.140.10.21 51.163.159.21", de_smtp_inbound_2="62.140.10.21 51.163.159.21"), "mimecast"),
    ("four-equals", mx(*((10, f"mx{i}.exempel.se") for i in range(1, 5)), spf="mx", more=STS + "".join(
        f"mx{i} A 130.23{i}.10.25\nmx{i} AAAA 2001:6b0:{i}::25\n" + dane(f"mx{i}", str(i), str(i + 4)) for i in range(1, 5))), {}, None),
    # filters in front, hosters that nobody has a row for, moves under way
    ("barracuda", mx((10, "d123456a.ess.barracudanetworks.com"), (20, "d123456b.ess.barracudanetworks.com"),
                     spf="include:spf.ess.barracudanetworks.com include:spf.protection.outlook.com"),
     hosts("ess.barracudanetworks.com", d123456a="209.222.82.5 209.222.82.6", d123456b="209.222.82.5 209.222.82.7"), "barracuda"),
    ("proofpoint-essentials", mx((10, "mx1-eu1.ppe-hosted.com"), (10, "mx2-eu1.ppe-hosted.com"),
                                 spf="a:dispatch-eu.ppe-hosted.com include:spf.protection.outlook.com"),
     hosts("ppe-hosted.com", mx1_eu1="185.132.181.6 185.183.29.33", mx2_eu1="185.132.183.11 91.207.212.111", dispatch_eu="185.132.182.190"), "proofpoint"),
    ("hornetsecurity", mx(*((10 * i, f"mx0{i}.hornetsecurity.com") for i in range(1, 5)), spf="include:spf.hornetsecurity.com"),
     hosts("hornetsecurity.com", **{f"mx0{i}": f"94.100.13{i}.8 2a02:d80:{i}::8" for i in range(1, 5)}), "hornetsecurity"),
    ("cisco", mx((10, "mx1.hc1234-56.eu.iphmx.com"), (10, "mx2.hc1234-56.eu.iphmx.com"), spf="exists:%{{i}}.spf.hc1234-56.eu.iphmx.com"),
     {"eu.iphmx.com": "mx1.hc1234-56 A 207.54.68.1\nmx2.hc1234-56 A 207.54.69.1\n"}, "cisco"),
    ("hostinger", mx((5, "mx1.hostinger.com"), (10, "mx2.hostinger.com"), spf="include:_spf.mail.hostinger.com"),
     hosts("hostinger.com", mx1="172.65.182.103", mx2="172.65.182.103"), "hostinger"),
    ("own-and-hoster", mx((5, "mail.exempel.se"), (10, "mx1.privateemail.com"), (10, "mx2.privateemail.com"), spf="mx",
                          more="mail A 5.9.10.25\nmail AAAA 2a01:4f8:160:2::25\n"),
     hosts("privateemail.com", mx1="198.54.122.215", mx2="198.54.122.215"), None),
    ("cpanel", mx((0, "exempel.se"), spf="+a +mx +ip4:5.9.10.80", more="@ A 5.9.10.80\nwww CNAME exempel.se.\nmail CNAME exempel.se.\n"), {}, None),
    ("mail-in-a-box", mx((10, "box.exempel.se"), spf="mx", more="@ A 5.9.10.25\nbox A 5.9.10.25\nbox AAAA 2a01:4f8:160:2::25\n" + STS + dane("box", "0")),
     {}, None),
    ("dane-rollover", mx((10, "mx1.exempel.se"), (20, "mx2.exempel.se"), spf="mx", more="mx1 A 5.9.10.25\nmx1 AAAA 2a01:4f8:160:2::25\nmx2 A 94.130.20.25\n"
                         "mx2 AAAA 2a01:4f8:c0c:9::25\n" + STS + dane("mx1", "0", "1") + dane("mx1", "2").replace("3 1 1", "2 1 1") + dane("mx2", "3")), {}, None),
    ("v6-standby", mx((10, "mx1.exempel.se"), (20, "mx2.exempel.se"), (20, "mx6.exempel.se"), spf="mx",
                      more="mx1 A 5.9.10.25\nmx1 AAAA 2a01:4f8:160:2::25\nmx2 A 94.130.20.25\nmx6 AAAA 2a01:4f8:c0c:9::25\n"), {}, None),
    ("sts-elsewhere", mx((1, "smtp.google.com"), spf="include:_spf.google.com", more="_mta-sts CNAME exempel-se._mta-sts.exempel.org.\n"
                         "mta-sts CNAME exempel-se.mta-sts.exempel.org.\n_smtp._tls CNAME exempel-se._smtp._tls.exempel.org.\n"),
     {**GOOGLE, "exempel.org": 'exempel-se._mta-sts TXT "v=STSv1; id=2026"\nexempel-se.mta-sts A 5.9.10.80\n'
                               'exempel-se._smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@exempel.org"\n'}, "google"),
    ("strato", mx((5, "smtpin.rzone.de"), spf="redirect=smtp.rzone.de").replace(" ~all", ""),
     {"rzone.de": 'smtpin A 81.169.145.97\nsmtpin AAAA 2a01:238:20a:202:50f0::1097\nsmtp TXT "v=spf1 ip4:81.169.146.128/25 ~all"\n'}, None),
    ("parked", NONE.replace("p=reject", "p=reject; sp=reject; adkim=s; aspf=s") + '@ A 5.9.10.80\nwww CNAME exempel.se.\n* MX 0 .\n* TXT "v=spf1 -all"\n'
     '*._domainkey TXT "v=DKIM1; p="\n', {}, None),
)


def write(lab, zone, text):
    path = f"{lab.dir}/{zone}.zone"
    with open(path, "w") as file:
        file.write((HEAD + text).format(zone=zone))
    return ["--zone", path]


def loud(lab, name, zones, where):
    seen = lab.run("check", "exempel.se", *zones, "--json", "--fail-on", "warning")
    value = seen.json() or {}
    found = [(f["level"], f["id"], f["text"]) for f in value.get("findings", [{"level": "none", "id": "?", "text": seen.err}])]
    lab.equal(([f for f in found if f[0] in ("error", "warning")], seen.status), ([], 0), f"{name}, {where}: nothing is warned of", seen)
    return value


with Lab() as lab:
    for name, own, hoster, title in SETUPS:
        alone = write(lab, "exempel.se", own)
        beside = [word for zone, text in hoster.items() for word in write(lab, zone, text)]
        loud(lab, name, alone + beside, "with its hoster's zones")
        if hoster:
            value = loud(lab, name, alone, "with its own zone alone")
            unseen = {row["id"] for row in value.get("not_checked", [])}
            lab.ok({"target-nxdomain", "target-no-address"} <= unseen, f"{name}: hosts that nobody asked for are not checked", json.dumps(value))
        shown = lab.run("show", "exempel.se", *alone, "--json").json() or {}
        lab.equal(shown.get("hoster", "?"), title, f"{name}: show names the hoster")
