# SPDX-License-Identifier: GPL-3.0-or-later
"""hosted_rows.py: for each vendor the rules that its stand-in keeps: name, method, target, body, status, a word of the answer.
{zid} is the zone's id, {mx} the id of its first MX record. The first row lists the zones."""

Z = "exempel.com"
NEW, BARE = "30 mx3.exempel.net.", "mx3.exempel.net"


def desec():
    sets = f"/api/v1/domains/{Z}/rrsets/"
    mx = {"subname": "", "type": "MX", "ttl": 3600, "records": ["10 a.exempel.net."]}
    return [
        ("zones", "GET", "/api/v1/domains/", None, 200, '"minimum_ttl": 3600'),
        ("the zone of a name", "GET", "/api/v1/domains/?owns_qname=a.b." + Z, None, 200, Z),
        ("of a name that is not here", "GET", "/api/v1/domains/?owns_qname=desec.invalid", None, 200, "[]"),
        ("the set", "GET", sets + "@/MX/", None, 200, '"10 mejlserver1.exempel.com."'),
        ("no set", "GET", sets + "none/MX/", None, 404, "Not found."),
        ("no domain", "GET", "/api/v1/domains/example.org/", None, 404, "No Domain matches"),
        ("a target without a dot", "PUT", sets, [{**mx, "records": ["10 a.exempel.net"]}], 400, "dot"),
        ("one part bad: nothing is done", "PUT", sets, [mx, {**mx, "subname": "b", "ttl": 60}], 400, "[{}, {"),
        ("as it was", "GET", sets + "@/MX/", None, 200, '"ttl": 45000'),
        ("the apex in a bulk is not @", "PUT", sets, [{**mx, "subname": "@"}], 400, "Subname"),
        ("a TTL under the minimum", "PUT", sets, [{**mx, "ttl": 3599}], 400, "greater than or equal to 3600"),
        ("a TTL over a day", "PUT", sets, [{**mx, "ttl": 86401}], 400, "less than or equal to 86400"),
        ("equal but for case", "PUT", sets, [{**mx, "records": ["10 a.exempel.net.", "10 A.exempel.net."]}], 400, "Duplicate"),
        ("making what is there", "POST", sets, mx, 400, "Another RRset"),
        ("the null MX in a bulk", "PUT", sets, [{**mx, "records": ["0 ."]}], 200, '"0 ."'),
        ("a set by its path", "PUT", sets + "@/MX/", {"ttl": 3600, "records": [NEW]}, 200, NEW),
        ("an empty set", "PATCH", sets + "@/MX/", {"records": []}, 204, "null"),
        ("a set that is gone", "DELETE", sets + "@/MX/", None, 204, "null"),
        ("MX beside CNAME", "PUT", "/api/v1/domains/exempel.net/rrsets/", [{**mx, "subname": "reserv"}], 400, "CNAME"),
    ]


def hetzner():
    sets = f"/v1/zones/{Z}/rrsets"
    return [
        ("zones", "GET", "/v1/zones", None, 200, '"last_page": 1'),
        ("a zone by its name", "GET", "/v1/zones/" + Z, None, 200, '"id": {zid}'),
        ("no zone", "GET", "/v1/zones/example.org", None, 404, "not_found"),
        ("the set", "GET", sets + "/@/MX", None, 200, '"10 mejlserver1.exempel.com."'),
        ("by a filter", "GET", "/v1/zones/{zid}/rrsets?name=@&type=MX", None, 200, '"id": "@/MX"'),
        ("a page too large", "GET", "/v1/zones?per_page=51", None, 400, "invalid_input"),
        ("making what is there", "POST", sets, {"name": "@", "type": "MX", "ttl": 3600, "records": [{"value": NEW}]}, 409, "uniqueness_error"),
        ("records", "POST", sets + "/@/MX/actions/set_records", {"records": [{"value": NEW}]}, 201, '"status": "success"'),
        ("keep the TTL", "GET", sets + "/@/MX", None, 200, '"ttl": 45000'),
        ("no records", "POST", sets + "/@/MX/actions/set_records", {"records": []}, 422, "invalid_input"),
        ("equal ones", "POST", sets + "/@/MX/actions/set_records", {"records": [{"value": NEW}] * 2}, 422, "distinct"),
        ("the TTL", "POST", sets + "/@/MX/actions/change_ttl", {"ttl": 3600}, 201, '"command": "change_rrset_ttl"'),
        ("a TTL too small", "POST", sets + "/@/MX/actions/change_ttl", {"ttl": 59}, 422, '"name": "ttl"'),
        ("one more", "POST", sets + "/@/MX/actions/add_records", {"records": [{"value": "0 x.exempel.net."}]}, 201, "add_rrset_records"),
        ("one less", "POST", sets + "/@/MX/actions/remove_records", {"records": [{"value": NEW}]}, 201, "remove_rrset_records"),
        ("what is left", "GET", sets + "/@/MX", None, 200, '"records": [{"value": "0 x.exempel.net.", "comment": ""}]'),
        ("removed", "DELETE", sets + "/@/MX", None, 201, "delete_rrset"),
        ("no set", "GET", sets + "/@/MX", None, 404, "not_found"),
        ("the null MX", "POST", sets, {"name": "@", "type": "MX", "ttl": None, "records": [{"value": "0 ."}]}, 201, '"ttl": null'),
    ]


def gandi():
    mx = f"/v5/livedns/domains/{Z}/records/@/MX"
    return [
        ("zones", "GET", "/v5/livedns/domains", None, 200, '"fqdn": "exempel.com"'),
        ("no zone", "GET", "/v5/livedns/domains/example.org", None, 404, '"object": "HTTPNotFound"'),
        ("relative values", "GET", mx, None, 200, '"10 mejlserver1", "10 mejlserver2", "20 reserv.exempel.net."'),
        ("no set", "GET", mx.replace("@", "none"), None, 404, "Can't find the DNS record none/MX"),
        ("a set", "PUT", mx, {"rrset_values": [NEW, "40 mejlserver2"], "rrset_ttl": 300}, 201, "DNS Record Created"),
        ("as it was written", "GET", mx, None, 200, '["30 mx3.exempel.net.", "40 mejlserver2"]'),
        ("without a TTL", "PUT", mx, {"rrset_values": [NEW]}, 201, "DNS Record Created"),
        ("it becomes 10800", "GET", mx, None, 200, '"rrset_ttl": 10800'),
        ("a TTL too small", "PUT", mx, {"rrset_values": [NEW], "rrset_ttl": 299}, 400, '"name": "rrset_ttl"'),
        ("making what is there", "POST", mx, {"rrset_values": [NEW], "rrset_ttl": 300}, 409, "Record @ already exists"),
        ("no preference", "PUT", mx, {"rrset_values": ["mx3.exempel.net."], "rrset_ttl": 300}, 400, "rrset_values"),
        ("the null MX", "PUT", mx, {"rrset_values": ["0 ."], "rrset_ttl": 300}, 201, "Created"),
        ("removed", "DELETE", mx, None, 204, "null"),
    ]


def linode():
    records = "/v4/domains/{zid}/records"
    mx = {"type": "MX", "name": "", "target": BARE, "priority": 30, "ttl_sec": 3600}
    return [
        ("zones", "GET", "/v4/domains", None, 200, '"pages": 1'),
        ("no zone", "GET", "/v4/domains/1", None, 404, '{"errors": [{"reason": "Not found"}]}'),
        ("a page too small", "GET", "/v4/domains?page_size=24", None, 400, "page_size"),
        ("a record", "POST", records, mx, 200, '"target": "mx3.exempel.net"'),
        ("the same again makes two", "POST", records, mx, 200, '"id"'),
        ("a TTL that is not in the list", "POST", records, {**mx, "ttl_sec": 4000, "name": "b"}, 200, '"ttl_sec": 3600'),
        ("the apex is not @", "POST", records, {**mx, "name": "@"}, 400, '"field": "name"'),
        ("a null MX beside others", "POST", records, {**mx, "target": "", "priority": 0}, 400, "null MX"),
        ("a priority over 255", "PUT", records + "/{mx}", {"priority": 256}, 400, '"field": "priority"'),
        ("a change", "PUT", records + "/{mx}", {"priority": 11}, 200, '"target": "mejlserver1.exempel.com"'),
        ("one less", "DELETE", records + "/{mx}", None, 200, "{}"),
        ("no record", "DELETE", records + "/1", None, 404, "Not found"),
    ]


def vultr():
    records = f"/v2/domains/{Z}/records"
    mx = {"type": "MX", "name": "", "data": BARE, "priority": 30, "ttl": 3600}
    return [
        ("zones", "GET", "/v2/domains", None, 200, '"links": {"next": "", "prev": ""}'),
        ("a page of one", "GET", "/v2/domains?per_page=1", None, 200, '"next": "bmV4dF9fMQ=="'),
        ("the page after it", "GET", "/v2/domains?per_page=1&cursor=bmV4dF9fMQ==", None, 200, '"domain": "exempel.net"'),
        ("no zone", "GET", "/v2/domains/example.org/records", None, 404, '"error": "Invalid domain"'),
        ("a record", "POST", records, mx, 201, '"priority": 30'),
        ("the same again", "POST", records, mx, 400, "Duplicate"),
        ("a change", "PATCH", records + "/{mx}", {"priority": 11}, 204, "null"),
        ("the null MX", "POST", records, {**mx, "data": ".", "priority": 0}, 400, "hostname"),
        ("an international target", "POST", records, {**mx, "data": "bl\u00e5b\u00e4r.example"}, 201, "bl\\u00e5b\\u00e4r.example"),
        ("one less", "DELETE", records + "/{mx}", None, 204, "null"),
        ("no record", "DELETE", records + "/x", None, 404, "Invalid record"),
    ]


def dnsimple():
    records = f"/v2/731/zones/{Z}/records"
    mx = {"type": "MX", "name": "", "content": BARE, "priority": 30, "ttl": 3600}
    return [
        ("zones", "GET", "/v2/731/zones", None, 200, '"total_pages": 1'),
        ("who asks", "GET", "/v2/whoami", None, 200, '"id": 731'),
        ("another account", "GET", "/v2/732/zones", None, 404, "Account `732` not found"),
        ("a part of a name", "GET", "/v2/731/zones?name_like=exempel.c", None, 200, '"total_entries": 1'),
        ("the set", "GET", records + "?name=&type=MX", None, 200, '"total_entries": 3'),
        ("a record", "POST", records, mx, 201, '"regions": ["global"]'),
        ("the same again", "POST", records, mx, 400, "already exists"),
        ("no priority", "POST", records, {k: v for k, v in mx.items() if k != "priority"}, 400, '"priority"'),
        ("a change", "PATCH", records + "/{mx}", {"priority": 0}, 200, '"priority": 0'),
        ("the null MX", "POST", records, {**mx, "content": ".", "priority": 0}, 201, '"content": "."'),
        ("a batch", "POST", f"/v2/731/zones/{Z}/batch", {"creates": []}, 412, "plan"),
        ("everywhere", "GET", records + "/{mx}/distribution", None, 200, '"distributed": true'),
        ("one less", "DELETE", records + "/{mx}", None, 204, "null"),
        ("no record", "DELETE", records + "/1", None, 404, "Record `1` not found"),
    ]


def ns1():
    mx = f"/v1/zones/{Z}/{Z}/MX"
    new = {"zone": Z, "domain": Z, "type": "MX", "ttl": 3600, "answers": [{"answer": ["30", BARE]}], "filters": []}
    return [
        ("zones", "GET", "/v1/zones", None, 200, '"zone": "exempel.com"'),
        ("the zone has short answers", "GET", "/v1/zones/" + Z, None, 200, '"10 mejlserver1.exempel.com"'),
        ("no zone", "GET", "/v1/zones/example.org", None, 404, "zone not found"),
        ("the set", "GET", mx, None, 200, '"answer": [10, "mejlserver1.exempel.com"]'),
        ("no set", "GET", f"/v1/zones/{Z}/none.{Z}/MX", None, 404, "record not found"),
        ("making what is there", "PUT", mx, new, 400, "record already exists"),
        ("a change", "POST", mx, new, 200, '"answer": ["30", "mx3.exempel.net"]'),
        ("filters that are no list", "POST", mx, {**new, "filters": {}}, 400, "must be an array"),
        ("three parts", "POST", mx, {"answers": [{"answer": ["30", BARE, "x"]}]}, 400, "fields"),
        ("the null MX", "POST", mx, {"answers": [{"answer": [0, "."]}]}, 200, '[0, "."]'),
        ("removed", "DELETE", mx, None, 200, "{}"),
        ("changing what is gone", "POST", mx, new, 404, "record not found"),
        ("made", "PUT", mx, new, 200, '"tier": 1'),
    ]


def godaddy():
    mx = f"/v1/domains/{Z}/records/MX/@"
    new = {"data": BARE, "priority": 30, "ttl": 3600}
    return [
        ("zones", "GET", "/v1/domains", None, 200, '"status": "ACTIVE"'),
        ("the page after", "GET", "/v1/domains?limit=1&marker=exempel.com", None, 200, '[{"domain": "exempel.net"'),
        ("the set", "GET", mx, None, 200, '"data": "mejlserver1.exempel.com"'),
        ("no set", "GET", mx.replace("@", "none"), None, 200, "[]"),
        ("no zone", "GET", "/v1/domains/example.org/records/MX/@", None, 404, "not found for shopper"),
        ("an empty set", "PUT", mx, [], 200, "null"),
        ("is as it was", "GET", mx, None, 200, '"data": "mejlserver1.exempel.com"'),
        ("a TTL too small", "PUT", mx, [{**new, "ttl": 599}], 422, "records[0].ttl"),
        ("a set", "PUT", mx, [new, {**new, "data": Z}], 200, "null"),
        ("the zone itself", "GET", mx, None, 200, '"data": "@"'),
        ("one more", "PATCH", f"/v1/domains/{Z}/records", [{**new, "priority": 40, "name": "@", "type": "MX"}], 200, "null"),
        ("the null MX", "PUT", mx, [{**new, "data": "."}], 422, "INVALID_BODY"),
        ("removed", "DELETE", mx, None, 204, "null"),
    ]


def ionos():
    zone = "/dns/v1/zones/{zid}"
    new = {"name": Z, "type": "MX", "content": BARE, "ttl": 3600, "prio": 30}
    return [
        ("zones", "GET", "/dns/v1/zones", None, 200, '"type": "NATIVE"'),
        ("the set", "GET", zone + f"?recordType=MX&recordName={Z}", None, 200, '"content": "mejlserver1.exempel.com"'),
        ("no zone", "GET", "/dns/v1/zones/x", None, 404, '[{"code": "ZONE_NOT_FOUND"'),
        ("a final dot", "PATCH", zone, [{**new, "content": BARE + "."}], 400, "content"),
        ("a TTL too small", "PATCH", zone, [{**new, "ttl": 59}], 400, '"invalidFields": ["ttl"]'),
        ("one more", "POST", zone + "/records", [new], 201, '"prio": 30'),
        ("the same again", "POST", zone + "/records", [new], 400, "RECORD_ALREADY_EXISTS"),
        ("a record", "PUT", zone + "/records/{mx}", {"content": BARE, "prio": 5, "ttl": 60}, 200, '"ttl": 60'),
        ("whose name cannot change", "PUT", zone + "/records/{mx}", {"name": Z}, 400, "BAD_REQUEST"),
        ("the whole set", "PATCH", zone, [new], 200, "null"),
        ("is what it says", "GET", zone + f"?recordType=MX&recordName={Z}", None, 200, '"records": [{"name": "exempel.com"'),
        ("nothing", "PATCH", zone, [], 400, "BAD_REQUEST"),
    ]


def scaleway():
    records = f"/domain/v2beta1/dns-zones/{Z}/records"
    new = {"name": "", "type": "MX", "data": BARE + ".", "priority": 30, "ttl": 3600}
    whole = {"set": {"id_fields": {"name": "", "type": "MX"}, "records": [new]}}
    return [
        ("zones", "GET", "/domain/v2beta1/dns-zones", None, 200, '"total_count": 2'),
        ("no zone", "GET", records.replace(Z, "example.org"), None, 403, "domain not found"),
        ("the set", "GET", records + "?name=&type=MX", None, 200, '"data": "mejlserver1.exempel.com."'),
        ("one part bad: nothing is done", "PATCH", records, {"changes": [whole, {"add": {"records": [{**new, "ttl": 0}]}}]}, 400, "invalid_arguments"),
        ("as it was", "GET", records + "?name=&type=MX", None, 200, '"total_count": 3'),
        ("a set", "PATCH", records, {"changes": [whole], "return_all_records": False}, 200, '"priority": 30'),
        ("is what it says", "GET", records + "?name=&type=MX", None, 200, '"total_count": 1'),
        ("a target without a dot", "PATCH", records, {"changes": [{"add": {"records": [{**new, "data": "mx9"}]}}]}, 200, '"data": "mx9.exempel.com."'),
        ("one less", "PATCH", records, {"changes": [{"delete": {"id": "{mx}"}}]}, 200, "[]"),
        ("no record", "PATCH", records, {"changes": [{"delete": {"id": "x"}}]}, 404, "not_found"),
    ]


def netlify():
    records = "/api/v1/dns_zones/{zid}/dns_records"
    new = {"type": "MX", "hostname": Z, "value": BARE, "ttl": 3600, "priority": 30}
    return [
        ("zones", "GET", "/api/v1/dns_zones", None, 200, '"name": "exempel.com"'),
        ("no zone", "GET", "/api/v1/dns_zones/x", None, 404, '"code": 404'),
        ("the records", "GET", records, None, 200, '"managed": false, "value": "mejlserver1.exempel.com"'),
        ("one more", "POST", records, new, 201, '"priority": 30'),
        ("the same again", "POST", records, new, 201, '"priority": 30'),
        ("no change", "PUT", records + "/{mx}", new, 405, "Method Not Allowed"),
        ("the null MX", "POST", records, {**new, "value": "."}, 422, "hostname"),
        ("one less", "DELETE", records + "/{mx}", None, 204, "null"),
        ("no record", "DELETE", records + "/x", None, 404, "Not Found"),
    ]


def bunny():
    records = "/dnszone/{zid}/records"
    new = {"Type": 4, "Name": "", "Value": BARE, "Ttl": 3600, "Priority": 30}
    return [
        ("zones", "GET", "/dnszone", None, 200, '"HasMoreItems": false'),
        ("a page too small", "GET", "/dnszone?perPage=4", None, 400, "perPage"),
        ("the zone", "GET", "/dnszone/{zid}", None, 200, '"Type": 4, "Ttl": 45000, "Value": "mejlserver1.exempel.com"'),
        ("no zone", "GET", "/dnszone/1", None, 404, "dnszone.not_found"),
        ("one more", "PUT", records, new, 201, '"Priority": 30'),
        ("a change", "POST", records + "/{mx}", {"Id": "{mx}", "Priority": 11}, 204, "null"),
        ("a final dot", "PUT", records, {**new, "Value": BARE + "."}, 400, '"Field": "Value"'),
        ("the null MX", "PUT", records, {**new, "Value": ".", "Priority": 0}, 201, '"Value": "."'),
        ("one less", "DELETE", records + "/{mx}", None, 204, "null"),
    ]


def infomaniak():
    records = f"/2/zones/{Z}/records"
    new = {"type": "MX", "source": "", "target": "30 " + BARE, "ttl": 3600}
    return [
        ("zones", "GET", "/1/product?service_name=domain", None, 200, '"customer_name": "exempel.com"'),
        ("is it here", "GET", f"/2/zones/{Z}/exists", None, 200, '"data": true'),
        ("it is not", "GET", "/2/zones/example.org/exists", None, 404, "object_not_found"),
        ("the records", "GET", records, None, 200, '"target": "10 mejlserver1.exempel.com"'),
        ("one more", "POST", records, new, 201, '"source": "."'),
        ("the same again", "POST", records, new, 422, "already exists"),
        ("a change", "PUT", records + "/{mx}", {"target": "0 .", "ttl": 300}, 200, '"target": "0 ."'),
        ("one less", "DELETE", records + "/{mx}", None, 200, '"data": true'),
        ("no record", "DELETE", records + "/1", None, 404, "object_not_found"),
    ]


def glesys():
    new = {"domainname": Z, "host": "@", "type": "MX", "data": NEW, "ttl": 3600}
    return [
        ("zones", "POST", "/domain/list", None, 200, '"domainname": "exempel.com"'),
        ("the records", "POST", "/domain/listrecords", {"domainname": Z}, 200, '"data": "10 mejlserver1.exempel.com."'),
        ("no zone", "POST", "/domain/listrecords", {"domainname": "example.org"}, 404, '"code": 404'),
        ("one more", "POST", "/domain/addrecord", new, 200, "Record added."),
        ("the same again", "POST", "/domain/addrecord", new, 400, "already exists"),
        ("a change", "POST", "/domain/updaterecord", {"recordid": "{mx}", "data": "11 mx3", "ttl": 60}, 200, '"data": "11 mx3.exempel.com."'),
        ("one less", "POST", "/domain/deleterecord", {"recordid": "{mx}"}, 200, "Record deleted."),
        ("no record", "POST", "/domain/deleterecord", {"recordid": "1"}, 404, "Record not found."),
    ]


def simply():
    records = f"/2/my/products/{Z}/dns/records/"
    new = {"name": "@", "type": "MX", "data": BARE, "priority": 30, "ttl": 3600}
    return [
        ("zones", "GET", "/2/my/products", None, 200, '"object": "exempel.com"'),
        ("no zone", "GET", records.replace(Z, "example.org"), None, 404, '{"error": "Unknown or invalid product reference"}'),
        ("the records", "GET", records, None, 200, '"data": "mejlserver1.exempel.com"'),
        ("one more", "POST", records, new, 200, '"record": {"id": '),
        ("the same again", "POST", records, new, 400, "already exists"),
        ("a change", "PUT", records + "{mx}", {**new, "priority": 40}, 200, '"message": "success"'),
        ("the null MX", "POST", records, {**new, "data": "."}, 400, "hostname"),
        ("one less", "DELETE", records + "{mx}", None, 200, '"status": 200'),
        ("no record", "DELETE", records + "1", None, 404, "Unknown DNS record"),
    ]


def porkbun():
    base, new = "/api/json/v3", {"name": "", "type": "MX", "content": BARE, "ttl": "600", "prio": "30"}
    return [
        ("zones", "POST", base + "/domain/listAll", {"start": "0"}, 200, '"domain": "exempel.com"'),
        ("no more", "POST", base + "/domain/listAll", {"start": "1000"}, 200, '"domains": []'),
        ("ping", "POST", base + "/ping", {}, 200, '"yourIp"'),
        ("the set", "POST", f"{base}/dns/retrieveByNameType/{Z}/MX/", {}, 200, '"content": "mejlserver1.exempel.com", "ttl": "45000", "prio": "10"'),
        ("no zone", "POST", base + "/dns/retrieve/example.org", {}, 400, "Invalid domain."),
        ("one more", "POST", f"{base}/dns/create/{Z}", new, 200, '"status": "SUCCESS", "id": '),
        ("the same again", "POST", f"{base}/dns/create/{Z}", new, 400, "ERROR"),
        ("a change", "POST", f"{base}/dns/edit/{Z}/" + "{mx}", {**new, "ttl": "300", "content": "mx4.exempel.net"}, 200, "SUCCESS"),
        ("whose TTL is raised", "POST", f"{base}/dns/retrieve/{Z}/" + "{mx}", {}, 200, '"ttl": "600"'),
        ("the null MX", "POST", f"{base}/dns/create/{Z}", {**new, "content": ".", "prio": "0"}, 200, "SUCCESS"),
        ("one less", "POST", f"{base}/dns/delete/{Z}/" + "{mx}", {}, 200, "SUCCESS"),
        ("no record", "POST", f"{base}/dns/delete/{Z}/1", {}, 400, "Invalid record ID."),
    ]


ROWS = {f.__name__: f() for f in (bunny, desec, dnsimple, gandi, glesys, godaddy, hetzner, infomaniak, ionos, linode, netlify, ns1, porkbun, scaleway, simply, vultr)}
