/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Namecheap's API (https://www.namecheap.com/support/api/): XML, and a domain's hosts are written all at once. So every other record goes
 * back exactly as it was read, and nothing is sent where one of them is of a kind that cannot be given back. A name is given in two
 * parts, before and after its first dot. Who asks too much is told so by 405, before anything is done.
 *
 * Over 200 lines: XML in, forms out, and all other hosts, which are checked, kept and written again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/shape.h"
#include "provider/xml.h"
#include "base/banned.h"

#define HOSTS "CommandResponse/DomainDNSGetHostsResult"

/* Reads the XML. A list without elements becomes an empty array, and so does a list of domains that has nothing at all. */
static json_t *load(const struct str *body)
{
	static const char *const lists[][2] = { { HOSTS, "host" }, { "CommandResponse/DomainGetListResult", "Domain" } };
	json_t *json = xml_tree(body);

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const char *name = strchr(lists[i][0], '/') + 1;
		json_t *response = json_object_get(json, "CommandResponse"), *holder = json_object_get(response, name);

		if (i == 1 && json_is_string(holder)) {
			holder = json_object();
			json_object_set_new(response, name, holder);
		}
		if (json_is_object(holder) && !json_object_get(holder, lists[i][1]))
			json_object_set_new(holder, lists[i][1], json_array());
	}
	return json;
}

static enum meaning meaning_of(const char *number)
{
	static const char *const credentials[] = { "1010101", "1010102", "1010104", "1011102", "1011103", "1011105", "1011150", "1017150",
		"1030408" };

	for (size_t i = 0; i < sizeof credentials / sizeof *credentials; i++)
		if (!strcmp(number, credentials[i]))
			return MEANING_AUTH;
	if (!strcmp(number, "2019166") || !strcmp(number, "2030166") || !strcmp(number, "2016166"))
		return MEANING_GONE;
	return !strcmp(number, "500000") ? MEANING_THROTTLED : MEANING_REFUSED;
}

static void judge(const struct reply *reply, struct verdict *verdict)
{
	struct xml *xml = verdict->meaning == MEANING_ACCEPTED ? xml_parse(reply->http->body.s, reply->http->body.len) : NULL;
	const struct xml_node *root = xml ? xml_root(xml) : NULL, *error = xml_find(root, "Errors/Error");
	const char *status = root ? xml_attribute(root, "Status") : "";

	if (reply->http->status == 405) {
		verdict->meaning = MEANING_THROTTLED;
	} else if (xml && error) {
		verdict->meaning = meaning_of(xml_attribute(error, "Number"));
		vendor_sentence(verdict, xml_text(error, ""));
	} else if (xml && strcmp(status, "OK") != 0) {
		verdict->meaning = MEANING_FAILED;
	} else if (xml_find(root, "CommandResponse/DomainDNSSetHostsResult") &&
		   strcmp(xml_attribute(xml_find(root, "CommandResponse/DomainDNSSetHostsResult"), "IsSuccess"), "true") != 0) {
		verdict->meaning = MEANING_REFUSED;
	}
	xml_free(xml);
}

static bool word(const struct provider_run *run, const char *name, struct str *out)
{
	const struct vendor_state *state = run->state;
	const struct dname *zone = run->zone.len ? &run->zone : state ? &state->ask : &run->owner;
	char text[DNAME_TEXT_MAX];
	const char *dot;

	if (strcmp(name, "sld") != 0 && strcmp(name, "tld") != 0)
		return false;
	dot = strchr(dname_text(zone, text), '.');
	if (*name == 't')
		str_add(out, dot ? dot + 1 : "");
	else
		str_add_bytes(out, text, dot ? (size_t)(dot - text) : strlen(text));
	return true;
}

static void add_pair(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s%s=", out->len ? "&" : "", name);
	http_encode(out, value);
}

/* Adds the credentials to the query or form, once: they are the same at each sending. */
static bool sign(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	const struct provider_account *account = run->account;
	const char *user = provider_setting(account, "user_name");
	struct str pairs, secret;

	(void)now;
	(void)err;
	if (http_request_has_secret(&request->http))
		return true;
	str_init(&pairs, 0);
	str_init(&secret, 0);
	add_pair(&pairs, "ApiUser", provider_setting(account, "api_user"));
	add_pair(&pairs, "ApiKey", account->key);
	add_pair(&pairs, "UserName", *user ? user : provider_setting(account, "api_user"));
	add_pair(&pairs, "ClientIp", provider_setting(account, "client_ip"));
	http_encode(&secret, account->key);
	http_request_secret(&request->http, secret.s);
	str_addf(&request->http.body, "&%s", pairs.s);
	mem_wipe(pairs.s, pairs.len);
	mem_wipe(secret.s, secret.len);
	str_release(&pairs);
	str_release(&secret);
	return true;
}

/* Adds a hint to an error. Always false. */
static bool in_the_panel(struct err *err)
{
	err_hint(err, N_("Change it in the vendor's panel, then try again."));
	return false;
}

/* Refuses a zone with a host that setHosts could not give back as it was. */
static bool can_give_back(const json_t *hosts, const char *zone, struct err *err)
{
	static const char *const known[] = { "", "HostId", "Name", "Type", "Address", "MXPref", "TTL", "AssociatedAppTitle", "FriendlyName",
		"IsActive", "IsDDNSEnabled" };
	const char *member;
	json_t *value;

	for (size_t i = 0; i < json_array_size(hosts); i++) {
		const json_t *host = json_array_get(hosts, i);
		size_t n = 0;

		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			n += json_object_get(host, known[k]) != NULL;
		json_object_foreach((json_t *)(uintptr_t)host, member, value) if (!json_is_string(value)) n = 0;
		if (n != json_object_size(host) || !strcmp(vendor_text(host, "IsActive"), "false") ||
			!strcmp(vendor_text(host, "IsDDNSEnabled"), "true") || !strcmp(vendor_text(host, "Type"), "MXE"))
			return err_set(err, ERR_REFUSED, N_("%s has a record that could not be given back as it is: %s"), zone,
				       vendor_text(host, "Name")) ||
			       in_the_panel(err);
	}
	return true;
}

/* Keeps all hosts but the MX records of the name. */
static bool page(struct provider_run *run, const json_t *json, struct err *err)
{
	const json_t *result = shape_at(json, HOSTS), *found = json_object_get(result, "host");
	const char *mail = vendor_text(result, "EmailType");
	json_t *hosts = json_is_array(found) ? json_copy((json_t *)(uintptr_t)found) : json_pack("[O]", found);
	char zone[DNAME_TEXT_MAX];
	bool ok;

	dname_text(&run->zone, zone);
	if (text_equal_fold(vendor_text(result, "IsUsingOurDNS"), "false"))
		ok = err_set(err, ERR_REFUSED, N_("%s is not served by the vendor's name servers"), zone) || in_the_panel(err);
	else if (*mail && strcmp(mail, "MX") != 0 && strcmp(mail, "NONE") != 0)
		ok = err_set(err, ERR_REFUSED, N_("the mail of %s is set to a service of the vendor's own (%s), which has its MX records"),
			     zone, mail) ||
		     in_the_panel(err);
	else
		ok = can_give_back(hosts, zone, err);
	for (size_t i = json_array_size(hosts); ok && i-- > 0;) {
		const json_t *host = json_array_get(hosts, i);

		if (!strcmp(vendor_text(host, "Type"), "MX") && vendor_is_relative(vendor_text(host, "Name"), &run->owner, &run->zone))
			json_array_remove(hosts, i);
	}
	free(run->have.kept);
	run->have.kept = ok ? json_dumps(hosts, JSON_COMPACT) : NULL;
	json_decref(hosts);
	return ok;
}

/* Writes the tree as a form. */
static void dump(const json_t *json, struct http_request *http)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)json, name, value) add_pair(&http->body, name, json_string_value(value));
	http_request_header(http, "Content-Type", "application/x-www-form-urlencoded", false);
}

struct host {
	const char *name, *type, *address, *preference, *ttl;
};

static void add_host(struct str *out, unsigned k, const struct host *host)
{
	const char *const values[] = { host->name, host->type, host->address, host->preference, host->ttl };
	static const char *const names[] = { "HostName", "RecordType", "Address", "MXPref", "TTL" };
	char name[32];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(name, sizeof name, "%s%u", names[i], k);
		add_pair(out, name, values[i]);
	}
}

static unsigned add_kept(const struct provider_run *run, struct str *out)
{
	json_t *hosts = json_loads(run->have.kept, 0, NULL);
	size_t n = json_array_size(hosts);

	for (size_t i = 0; i < n; i++) {
		const json_t *host = json_array_get(hosts, i);

		add_host(out, (unsigned)i + 1,
			&(struct host){ vendor_text(host, "Name"), vendor_text(host, "Type"), vendor_text(host, "Address"),
				vendor_text(host, "MXPref"), vendor_text(host, "TTL") });
	}
	json_decref(hosts);
	return (unsigned)n;
}

/* The kind of e-mail that a domain with these hosts has: MX wants an MX record of some name. */
static const char *email_of(const struct provider_run *run)
{
	json_t *hosts = json_loads(run->have.kept, 0, NULL);
	bool mx = run->want.n > 0;

	for (size_t i = 0; i < json_array_size(hosts); i++)
		mx |= !strcmp(vendor_text(json_array_get(hosts, i), "Type"), "MX");
	json_decref(hosts);
	return mx ? "MX" : "NONE";
}

static bool next(struct provider_run *run, unsigned k, struct request *request)
{
	struct str *body = &request->http.body;
	char at[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX], preference[16], ttl[16];
	char *head = shape_fill(run, "Command=namecheap.domains.dns.setHosts&SLD={raw:sld}&TLD={raw:tld}&EmailType=", false);
	unsigned n;

	shape_request(run, request, "POST", "");
	http_request_header(&request->http, "Content-Type", "application/x-www-form-urlencoded", false);
	str_addf(body, "%s%s", head, email_of(run));
	free(head);
	n = add_kept(run, body);
	snprintf(ttl, sizeof ttl, "%u", (unsigned int)run->want.ttl_s);
	for (size_t i = 0; i < run->want.n; i++) {
		snprintf(preference, sizeof preference, "%u", (unsigned int)run->want.mx[i].preference);
		add_host(body, ++n,
			&(struct host){
				vendor_relative(run, "@", at), "MX", dname_text_dot(&run->want.mx[i].host, host), preference, ttl });
	}
	return k == 0;
}

/* Refuses to write without the other hosts as they were read: setHosts would delete them. */
static enum step step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	if (run->goal == GOAL_WRITE && !run->have.kept) {
		err_set(err, ERR_REFUSED, N_("the MX records of %s are not known"), dname_text(&run->owner, text));
		return STEP_FAILED;
	}
	return engine_rrset(run, reply, request, err);
}

#define LIST_OF .path = "", .rows = "CommandResponse/DomainGetListResult/Domain"
#define HOSTS_OF .path = "", .body = "{\"Command\":\"namecheap.domains.dns.getHosts\",\"SLD\":\"{sld}\",\"TLD\":\"{tld}\"}"

static const struct shape shape = {
	.load = load,
	.dump = dump,
	.accept = "text/xml",
	.word = word,
	.verify = { LIST_OF, .body = "{\"Command\":\"namecheap.domains.getList\",\"PageSize\":\"10\"}" },
	.zone_list = { LIST_OF, .body = "{\"Command\":\"namecheap.domains.getList\",\"PageSize\":\"100\",\"Page\":\"{page}\"}",
		.paging = PAGE_FULL, .size = 100 },
	.zone_name = "Name",
	.read = { HOSTS_OF, .rows = HOSTS "/host" },
	.usual_servers = "dns1.registrar-servers.com dns2.registrar-servers.com pdns1.registrar-servers.com pdns2.registrar-servers.com",
	.row = { .id = "HostId",
		.type = "Type",
		.name = "Name",
		.ttl = "TTL",
		.preference = "MXPref",
		.target = "Address",
		.names = NAME_RELATIVE },
	.page = page,
	.next = next,
};

static const struct provider_setting settings[] = {
	{ "api_user", NULL, N_("the user whose API access it is") },
	{ "user_name", "", N_("the user whose domains they are; api_user where it is not given") },
	{ "client_ip", NULL, N_("this machine's public IPv4 address, which the vendor has on its list") },
	{ NULL, NULL, NULL },
};

const struct provider provider_namecheap = {
	.name = "namecheap",
	.title = "Namecheap",
	.endpoint = "https://api.namecheap.com/xml.response",
	.caps = CAP_ATOMIC_SET | CAP_SERIAL_WRITES,
	.limits = { .ttl_min_s = 60, .ttl_max_s = 60000, .preference_max = 255 },
	.settle_s = 10,
	.key_help = N_("The key is the API key; API access has to be switched on and this machine's address put on its list."),
	.settings = settings,
	.sign = sign,
	.step = step,
	.shape = &shape,
	.judge = judge,
	.pace = (const struct provider_pace[]){ { .most = 20, .within_s = 60 }, { .most = 700, .within_s = 3600 },
		{ .most = 8000, .within_s = 86400 }, { 0 } },
};
