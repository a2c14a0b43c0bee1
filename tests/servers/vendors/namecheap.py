# SPDX-License-Identifier: GPL-3.0-or-later
"""Namecheap: XML, every answer HTTP 200 with a Status of its own; setHosts rewrites ALL hosts of the domain, what it leaves out is
gone; MX records are kept only where the EmailType is MX (sent, or as it was), which wants one; a foreign domain has an e-mail service
(EmailType FWD); over ten hosts a setHosts wants POST; the caller's address is white-listed."""
import re
from xml.sax.saxutils import escape, quoteattr

from service import Refused
from vendor import Bad, Vendor, route

ERRORS = {401: (1011102, "API Key is invalid or API access has not been enabled"), 403: (1011150, "Invalid request IP: 192.0.2.9"), 404: (2019166, "Domain not found"),
          400: (2010302, "Parameter is invalid"), 405: (1010900, "Parameter Command is invalid"), 409: (3031166, "Another operation is in progress"),
          429: (500000, "Too many requests"), 500: (5050900, "Unhandled exceptions"), 502: (5050900, "Bad gateway"), 503: (5050900, "Service unavailable")}
SUFFIXES = ("com", "net", "org", "se")


class Server(Vendor):
    hosts = ("api.namecheap.com",)
    base = "/xml.response"
    secret = "test-secret"
    settings = {"api_user": "testuser", "client_ip": "192.0.2.1"}
    parameters = None
    name_servers = ("dns1.registrar-servers.com", "dns2.registrar-servers.com")
    least_ttl, most_ttl, null_mx, page = 60, 60000, False, 100
    command = ""

    def xml(self, inside, status="OK", errors="", code=200):
        text = (f'<?xml version="1.0" encoding="utf-8"?>\n<ApiResponse Status="{status}" xmlns="http://api.namecheap.com/xml.response"><Errors>{errors}</Errors><Warnings />'
                f"<RequestedCommand>{escape(self.command.lower())}</RequestedCommand><CommandResponse Type={quoteattr(self.command)}>{inside}</CommandResponse>"
                "<Server>PHX01APIEXT01</Server><GMTTimeDifference>--5:00</GMTTimeDifference><ExecutionTime>0.1</ExecutionTime></ApiResponse>")
        return code, text.encode(), {"Content-Type": "text/xml; charset=utf-8"}

    def problem(self, status, text=None, number=None):
        kind, said = ERRORS.get(status, (5050900, "Unknown"))
        status, body, headers = self.xml("", "ERROR", f'<Error Number="{number or kind}">{escape(text or said)}</Error>', status if status >= 500 else 200)
        raise Refused(status, body, headers)

    def fields(self, q):
        try:
            return {k.lower(): v for k, v in {**q.query, **(q.form() if q.method == "POST" else {})}.items()}
        except ValueError:
            return self.problem(400)

    def authorize(self, q):
        given = self.fields(q)
        self.command = given.get("command", "")
        for number, name in ((1010101, "ApiUser"), (1010102, "ApiKey"), (1010103, "UserName"), (1010104, "Command"), (1010105, "ClientIp")):
            if not given.get(name.lower()):
                self.problem(400, f"Parameter {name} is missing", number)
        if given["apikey"] != self.valid_secret() or given["apiuser"] != self.settings["api_user"]:
            self.problem(401)
        if given["clientip"] != self.settings["client_ip"]:
            self.problem(403, f"Invalid request IP: {given['clientip']}")

    def writing(self, q, writes):
        return "sethosts" in self.fields(q).get("command", "").lower()

    def load(self):
        super().load()
        for zone in self.zones.values():
            zone.setdefault("email", "MX")

    def make_foreign(self, host):
        for zone in self.zones.values():
            if any(r["data"] == host for r in zone["records"]):
                zone["email"] = "FWD"

    @route("GET", "")
    @route("POST", "")
    def api(self, q):
        given = self.fields(q)
        answer = {"namecheap.domains.getlist": self.list, "namecheap.domains.getinfo": self.info, "namecheap.domains.dns.gethosts": self.get_hosts,
                  "namecheap.domains.dns.sethosts": self.set_hosts}.get(self.command.lower())
        return answer(q, given) if answer else self.problem(405, number=1010104)

    def zone(self, given):
        name = given.get("domainname") or f"{given.get('sld')}.{given.get('tld')}"
        if "domainname" not in given and given.get("tld") not in SUFFIXES:
            self.problem(404, "TLD is not supported in API", 2030280)
        return self.zones[name] if name in self.zones else self.problem(404)

    def list(self, q, given):
        size, page = given.get("pagesize", "20"), given.get("page", "1")
        if not size.isdigit() or not 10 <= int(size) <= 100 or not page.isdigit() or int(page) < 1:
            self.problem(400, "Parameter PageSize is invalid", 2011170)
        size, page = min(int(size), self.switch["page"] or 100), int(page)
        shown = "".join(f'<Domain ID="{z["id"]}" Name={quoteattr(n)} User="testuser" Created="05/20/2020" Expires="05/20/2030" IsExpired="false" IsLocked="false" AutoRenew="true" '
                        f'WhoisGuard="ENABLED" IsPremium="false" IsOurDNS="true" />' for n, z in list(self.zones.items())[(page - 1) * size:page * size])
        return self.xml(f"<DomainGetListResult>{shown}</DomainGetListResult><Paging><TotalItems>{len(self.zones)}</TotalItems><CurrentPage>{page}</CurrentPage>"
                        f"<PageSize>{size}</PageSize></Paging>")

    def info(self, q, given):
        zone = self.zone(given)
        servers = "".join(f"<Nameserver>{s}</Nameserver>" for s in self.name_servers)
        return self.xml(f'<DomainGetInfoResult Status="Ok" ID="{zone["id"]}" DomainName={quoteattr(zone["name"])} OwnerName="testuser" IsOwner="true" IsPremium="false"><DnsDetails '
                        f'ProviderType="FREE" IsUsingOurDNS="true" HostCount="{len(zone["records"])}" EmailType="{zone["email"]}">{servers}</DnsDetails></DomainGetInfoResult>')

    def own(self, zone):
        return [r for r in zone["records"] if (r["name"], r["type"]) != ("@", "NS")]

    def get_hosts(self, q, given):
        zone = self.zone(given)
        rows = "".join(f'<host HostId="{r["id"]}" Name={quoteattr(r["name"])} Type="{r["type"]}" Address={quoteattr(r.get("text") or self.shown(r).rpartition(" ")[2] if r["type"] == "MX" else r.get("text") or self.shown(r))} '
                       f'MXPref="{r["priority"] if r["type"] == "MX" else 10}" TTL="{r["ttl"]}" AssociatedAppTitle="" FriendlyName="" IsActive="true" IsDDNSEnabled="false" />' for r in self.own(zone))
        return self.xml(f'<DomainDNSGetHostsResult Domain={quoteattr(zone["name"])} EmailType="{zone["email"]}" IsUsingOurDNS="true">{rows}</DomainDNSGetHostsResult>')

    def host_of(self, zone, given, n):
        rtype, text = given.get(f"recordtype{n}"), given.get(f"address{n}", "")
        if rtype not in ("A", "AAAA", "CNAME", "MX", "NS", "TXT", "CAA", "ALIAS", "URL", "URL301", "FRAME", "MXE"):
            raise Bad(f"RecordType{n} is invalid")
        ttl, preference = given.get(f"ttl{n}", "1800"), given.get(f"mxpref{n}", "10")
        if not ttl.isdigit() or not preference.isdigit():
            raise Bad(f"TTL{n} or MXPref{n} is invalid")
        name, host = self.name(given.get(f"hostname{n}", "").removesuffix(".")), rtype in ("MX", "NS", "CNAME")
        return {"name": name, "type": rtype, "ttl": self.ttl(int(ttl)), "data": self.host(text, zone, rtype) if host else text,
                "priority": self.number(int(preference), 0, 255, "MXPref") if rtype == "MX" else None, "text": text}

    def set_hosts(self, q, given):
        zone = self.zone(given)
        numbers = sorted(int(m.group(1)) for m in (re.fullmatch(r"hostname(\d+)", k) for k in given) if m)
        if not numbers or numbers != list(range(1, len(numbers) + 1)) or len(numbers) > 10 and q.method != "POST":
            self.problem(400, "Parameter HostName1 is missing or the request is too long", 2010324)
        email = given.get("emailtype", zone["email"])
        if email not in ("MX", "MXE", "FWD", "OX", "NONE"):
            self.problem(400, "EmailType is invalid", 2015182)
        try:
            hosts = [self.host_of(zone, given, n) for n in numbers]
            if given.get("emailtype") == "MX" and not any(h["type"] == "MX" for h in hosts):
                raise Bad("EmailType MX needs an MX record")
            for h in hosts:
                self.no_clash({"records": hosts}, h["name"], h["type"])
        except Bad as e:
            self.problem(400, str(e), 2050900)
        if len({(h["name"], h["type"], h["priority"], h["data"]) for h in hosts}) < len(hosts):
            self.problem(400, "Duplicate host records", 2050900)
        zone["email"], zone["records"] = email, [r for r in zone["records"] if (r["name"], r["type"]) == ("@", "NS")]
        for h in hosts:
            if h["type"] != "MX" or email == "MX":
                self.add(zone, **h)
        return self.xml(f'<DomainDNSSetHostsResult Domain={quoteattr(zone["name"])} EmailType="{email}" IsSuccess="true"><Warnings /></DomainDNSSetHostsResult>')
